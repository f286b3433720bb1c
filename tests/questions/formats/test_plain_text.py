"""HTML of question editors as plain text, in time that grows with its length only."""

from __future__ import annotations

import unicodedata
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.questions.formats.imported import Unusable
from quiz.questions.formats.plain_text import from_html, from_markdown, tidy


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>Một</p><p>hai</p>", "Một\nhai"),
        ("Một<br>hai<br/>ba", "Một\nhai\nba"),
        ("<p>Một\n  hai&nbsp;ba &amp; &lt;bốn&gt; &#7845; &hellip;</p>", "Một hai ba & <bốn> ấ …"),
        ('<p dir="ltr" style="text-align: left;">Một<br></p>', "Một"),
        ("<ul><li>một</li><li>hai</li></ul>", "- một\n- hai"),
        ("<ol><li>một</li><li>hai<ul><li>x</li></ul></li><li>ba</li></ol>", "1. một\n2. hai\n- x\n3. ba"),
        ("<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>", "a | b\n1 | 2"),
        ("H<sub>2</sub>O, m<sup>2</sup>, 10<sup>-3</sup>", "H₂O, m², 10⁻³"),
        ("1<sup>st</sup>, x<sub>max</sub>, <sup></sup>", "1^(st), x_(max),"),
        ("<q>Một</q> <em>hai</em>", "“Một” hai"),
        ('<a href="https://vi.vn/x">Xem</a> <a href="#a">đây</a> <a href="http://a.vn">http://a.vn</a>',
         "Xem (https://vi.vn/x) đây http://a.vn"),
        ("a < b và c > d, x<5", "a < b và c > d, x<5"),
        ("Thẻ <khong-co> là gì? </sub></li></ul>", "Thẻ <khong-co> là gì?"),
        ("Một<!-- <b> ẩn > -->hai<!--[if gte mso 9]><xml><w:x/></xml><![endif]--><?xml x?>", "Mộthai"),
        ("Một <!-- không khép <b>hai", "Một <!-- không khép <b>hai"),
        ("<style>p {}</style><script>alert(1)</script>Một<o:p></o:p>", "Một"),
        ("Mo\u0302\u0323t\u200b ha\u00adi\ufeff", "Một hai"),
        ("<li>lẻ</li>", "- lẻ"),
    ],
)  # fmt: skip
def test_html_is_read_as_people_see_it(source: str, text: str) -> None:
    assert from_html(source) == text


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ('<img src="x.png" alt="x">', "media"),
        ("<IMG SRC=x>", "media"),
        ("<audio controls></audio>", "media"),
        ('<a href="@@PLUGINFILE@@/x.pdf">tệp</a>', "media"),
        ("<v:imagedata src='x'/>", "media"),
        ("<math><mi>x</mi></math>", "formula"),
        ("<m:oMath>x</m:oMath>", "formula"),
        ("Tính $$x^2$$", "formula"),
        (r"Tính \(x^2\)", "formula"),
        (r"Tính \[x^2\]", "formula"),
    ],
)
def test_what_text_cannot_hold_is_said(source: str, code: str) -> None:
    with pytest.raises(Unusable) as no:
        from_html(source)
    assert no.value.why.code == code


def test_markdown_loses_its_emphasis() -> None:
    assert from_markdown("**Một** __hai__ `ba`") == "Một hai ba"
    with pytest.raises(Unusable):
        from_markdown("![hình](x.png)")


@given(st.text(alphabet="abc <>&;/!-'\"=\n", max_size=60))
def test_letters_are_never_lost_with_what_is_no_tag(source: str) -> None:
    text = from_html(source.replace("<", "&lt;").replace("&quot", ""))
    assert "".join(text.split()) == "".join(unicodedata.normalize("NFC", source.replace("&quot", "")).split())


@pytest.mark.parametrize(
    "piece", ["<", "<a ", "<!--", "<!-- >", "<a '", "</", "<sup>", "<li>", "<ul>", "&", "&#", "<a href=", "<x-"]
)
def test_hostile_html_takes_no_time(piece: str) -> None:
    started = perf_counter()
    from_html(piece * (400_000 // len(piece)))
    assert perf_counter() - started < 3


def test_lines_are_tidied() -> None:
    assert tidy("  một\t hai \n\n ba ") == "một hai\nba"
