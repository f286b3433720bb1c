"""Moodle XML as Moodle 4 exports it and as people write it, and the bank there and back."""

from __future__ import annotations

import pytest
from hypothesis import given

from quiz.questions.bank import Question
from quiz.questions.formats.moodle_xml import read_moodle_xml, write_moodle_xml
from tests.questions.formats.samples import as_bank, keys, questions, real_bank, refusal, refused, said

EXPORT = """\
<?xml version="1.0" encoding="UTF-8"?>
<quiz>
<!-- question: 0  -->
  <question type="category">
    <category>
      <text>$course$/top/Mặc định cho CCHC/Một cửa</text>
    </category>
    <info format="html"><text></text></info>
    <idnumber></idnumber>
  </question>
<!-- question: 1021  -->
  <question type="multichoice">
    <name>
      <text>Câu 1</text>
    </name>
    <questiontext format="html">
      <text><![CDATA[<p dir="ltr" style="text-align: left;">Thời hạn là <b>bao nhiêu</b>&nbsp;ngày?<br></p>]]></text>
    </questiontext>
    <generalfeedback format="html">
      <text><![CDATA[<p>Theo quy định.</p><p>Căn cứ: Nghị định số 61/2018/NĐ-CP</p><p>Điều khoản: Điều 5</p>]]></text>
    </generalfeedback>
    <defaultgrade>1.0000000</defaultgrade>
    <penalty>0.3333333</penalty>
    <hidden>0</hidden>
    <idnumber>MC-001</idnumber>
    <single>true</single>
    <shuffleanswers>true</shuffleanswers>
    <answernumbering>abc</answernumbering>
    <showstandardinstruction>0</showstandardinstruction>
    <correctfeedback format="html"><text>Your answer is correct.</text></correctfeedback>
    <partiallycorrectfeedback format="html"><text>Your answer is partially correct.</text></partiallycorrectfeedback>
    <incorrectfeedback format="html"><text>Your answer is incorrect.</text></incorrectfeedback>
    <shownumcorrect/>
    <answer fraction="0" format="html"><text><![CDATA[<p>3 ngày</p>]]></text>
      <feedback format="html"><text><![CDATA[<p>Ngắn quá</p>]]></text></feedback></answer>
    <answer fraction="100" format="html"><text>&lt;p&gt;5 ngày &amp;lt; 1 tuần&lt;/p&gt;</text>
      <feedback format="html"><text></text></feedback></answer>
    <answer fraction="0" format="plain_text"><text>a < b</text></answer>
    <answer fraction="-33.33333" format="moodle_auto_format"><text>7
ngày</text></answer>
    <tags><tag><text>mức độ:2</text></tag><tag><text>ôn tập</text></tag></tags>
  </question>
  <question type="multichoice">
    <name><text>Thời hạn nào...</text></name>
    <questiontext format="markdown"><text>**Thời hạn nào** đúng?</text></questiontext>
    <generalfeedback><text></text></generalfeedback>
    <hidden>1</hidden>
    <single>false</single>
    <correctfeedback format="html"><text><![CDATA[<p>Giỏi lắm!</p>]]></text></correctfeedback>
    <answer fraction="50"><text>a</text></answer>
    <answer fraction="50"><text><p>b</p></text></answer>
    <answer fraction="0"><text>c</text></answer>
    <answer fraction="0"><text>d</text></answer>
    <hint format="html"><text>Xem Điều 5</text></hint>
  </question>
</quiz>
""".replace("a < b", "a &lt; b")


def quiz(*inner: str) -> bytes:
    return "<quiz>{}</quiz>".format("\n".join(inner)).encode()


def multichoice(inner: str, fractions: str = "100 0 0 0") -> str:
    answers = (f'<answer fraction="{each}"><text>p{n}</text></answer>' for n, each in enumerate(fractions.split()))
    return f'<question type="multichoice"><questiontext>{inner}</questiontext>{"".join(answers)}</question>'


def test_an_export_of_moodle_4_is_read() -> None:
    imported = read_moodle_xml(EXPORT.encode())
    assert said(imported) == [
        "Thời hạn là bao nhiêu ngày? | 3 ngày | *5 ngày < 1 tuần | a < b | 7\nngày",
        "Thời hạn nào đúng? | *a | *b | c | d",
    ]
    assert refused(imported) == []
    first, second = imported.questions
    assert (first.identifier, first.topic_name, first.level) == ("MC-001", "Một cửa", 2)
    assert first.explanation == "Theo quy định.\n“3 ngày”: Ngắn quá"
    assert (first.document, first.article) == ("Nghị định số 61/2018/NĐ-CP", "Điều 5")
    assert [each.code for each in first.left_out] == ["penalties", "tags"]
    assert (second.identifier, keys(second)) == ("", {"A", "B"})
    assert [each.code for each in second.left_out] == ["common_feedback", "hints", "hidden"]


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("truefalse", "true_false"),
        ("shortanswer", "short_answer"),
        ("numerical", "numerical"),
        ("matching", "matching"),
        ("essay", "essay"),
        ("description", "description"),
        ("cloze", "other_type"),
        ("ddwtos", "other_type"),
        ("calculatedmulti", "other_type"),
    ],
)
def test_other_types_are_named_with_line_and_name(kind: str, code: str) -> None:
    imported = read_moodle_xml(quiz("", f'<question type="{kind}"><name><text>Câu 9</text></name></question>'))
    assert [(str(no.where), no.why.code) for no in imported.refused] == [("dòng 2 (câu “Câu 9”)", code)]


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (multichoice('<text>x</text><file name="a.png" encoding="base64">AAAA</file>'), "media"),
        (multichoice('<text><![CDATA[<img src="@@PLUGINFILE@@/a.png">]]></text>'), "media"),
        (multichoice("<text>x</text></questiontext><image>so-do.png</image><questiontext>"), "media"),
        (multichoice("<text>x</text></questiontext><image_base64>AAAA</image_base64><questiontext>"), "media"),
        (multichoice("<text>$$x^2$$</text>"), "formula"),
        (multichoice("<text></text>"), "no_text"),
        (multichoice(""), "no_text"),
        (multichoice("<text>x</text>", "100 0 0"), "options"),
        (multichoice("<text>x</text>", "100 50 0 0"), "weights"),
        (multichoice("<text>x</text>", "100 x 0 0"), "weights"),
        (multichoice("<text>x</text>", "0 0 0 0"), "no_key"),
        ('<question type="multichoice"/>', "no_text"),
    ],
)
def test_questions_that_cannot_be_taken_are_named(source: str, code: str) -> None:
    imported = read_moodle_xml(quiz(source))
    assert [(str(no.where), no.why.code) for no in imported.refused] == [("dòng 1", code)]


def test_a_quiz_without_questions_is_refused() -> None:
    assert refusal(lambda: read_moodle_xml(b"<quiz/>")) == "no_questions"


def test_the_real_bank_comes_back_whole() -> None:
    bank = real_bank()
    imported = read_moodle_xml(write_moodle_xml(bank.questions, bank.topics).encode())
    assert tuple(map(as_bank, imported.questions)) == bank.questions
    assert {question.topic: question.topic_name for question in imported.questions} == dict(bank.topics)
    assert refused(imported) == []


@given(questions())
def test_any_question_comes_back_whole(question: Question) -> None:
    imported = read_moodle_xml(write_moodle_xml([question], {"mot-cua": "Một cửa / liên thông"}).encode())
    assert refused(imported) == []
    assert as_bank(imported.questions[0]) == question
    assert imported.questions[0].topic_name == "Một cửa / liên thông"


def test_all_or_nothing_is_what_the_bank_asks() -> None:
    source = multichoice("<text>Hỏi?</text>", "100 0 100 0").replace("multichoice", "multichoiceset")
    assert keys(read_moodle_xml(quiz(source)).questions[0]) == {"A", "C"}
