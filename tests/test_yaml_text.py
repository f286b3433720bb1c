"""YAML as people write it: what is read, and which mistakes are named at which line."""

from __future__ import annotations

import unicodedata

import pytest

from quiz.yaml_text import MAX_BYTES, FaultyFile, Reading, read_yaml


def read(text: str | bytes) -> Reading:
    """The reading of a text in which `number` and `day` are no texts."""
    return read_yaml(text if isinstance(text, bytes) else text.encode(), ("number", "day"))


def faults_of(text: str | bytes) -> list[tuple[int, str]]:
    try:
        return [(fault.line, fault.message) for fault in read(text).faults]
    except FaultyFile as faulty:
        return [(fault.line, fault.message) for fault in faulty.faults]


def test_everything_is_text_and_has_its_line() -> None:
    reading = read("a: 1\nb:\n  - c: x y\n    d: >\n      dài\n      dòng\n  - {e: f, number: 07}\n")
    assert reading.data == {"a": "1", "b": [{"c": "x y", "d": "dài dòng\n"}, {"e": "f", "number": "07"}]}
    assert reading.faults == ()
    places = {("a",): 1, ("b",): 2, ("b", 0): 3, ("b", 0, "d"): 4, ("b", 1): 7, ("b", 1, "e"): 7}
    assert {place: reading.line(place) for place in places} == places


def test_the_line_of_what_is_missing_is_that_of_what_should_hold_it() -> None:
    reading = read("a: x\nb:\n  - c: d\n  - e: f\n")
    assert (reading.line(("b", 1, "missing", 0)), reading.line(("missing",))) == (4, 1)


@pytest.mark.parametrize(
    "written",
    [
        "no", "on", "Yes", "true", "12:30", "0123", "0x1F", "1_000", "1.50", "+5", "~", "null", ".5", "1.0e+3",
        "2018-13-45", "=", "<<",
    ],
)  # fmt: skip
def test_unquoted_texts_that_others_read_otherwise(written: str) -> None:
    ((line, message),) = faults_of(f"a: b\nc: {written}\n")
    assert line == 2
    assert written in message
    assert "dấu ngoặc kép" in message
    assert faults_of(f'a: b\nc: "{written}"\n') == []
    assert faults_of(f"a: b\nday: {written}\nnumber: [{written}]\n") == []


@pytest.mark.parametrize(
    "written", ["2018", "1.5", "2018-06-21", "không", "n", "y", "1e3", "61/2018/NĐ-CP", "A", "70%"]
)
def test_unquoted_texts_that_everyone_reads_alike(written: str) -> None:
    reading = read(f"a: {written}\n")
    assert (reading.data, reading.faults) == ({"a": written}, ())


def test_names_of_fields_are_texts_too() -> None:
    assert [line for line, _ in faults_of("a: b\non: c\n")] == [2]


def test_nothing_written_is_named() -> None:
    assert [(line, message[:10]) for line, message in faults_of("a:\nnumber:\nb: [x, ~]\nc: ''\n")] == [
        (1, "“a” để trố"),
        (2, "“number” đ"),
        (3, "“~” bị hiể"),
    ]


def test_a_repeated_field_keeps_the_first_and_names_its_line() -> None:
    reading = read("a: x\nb: {c: 1}\na: y\n")
    assert reading.data == {"a": "x", "b": {"c": "1"}}
    assert [str(fault) for fault in reading.faults] == ["dòng 3: “a” ghi hai lần (lần đầu ở dòng 1); hãy bỏ một"]


def test_anchors_aliases_and_merges_are_refused_each_at_its_line() -> None:
    found = faults_of("a: &x {b: c}\nd: *x\ne:\n  <<: *x\n")
    assert [(line, message.split(";")[0]) for line, message in found] == [
        (1, "không dùng dấu & đặt tên cho nội dung"),
        (2, "không dùng *x"),
        (4, "không dùng “<<”"),
    ]


def test_a_bomb_of_aliases_is_never_unfolded() -> None:
    lines = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 60))]
    reading = read("\n".join(lines))
    assert isinstance(reading.data, dict)
    assert reading.data["a59"] == [""] * 9


@pytest.mark.parametrize("tag", ["!!python/object/apply:os.system", "!!str", "!mine", "!"])
def test_tags_are_refused(tag: str) -> None:
    ((line, message),) = faults_of(f"a: b\nc: {tag} d\n")
    assert (line, tag in message) == (2, True)


def test_deep_nesting_is_refused_once_and_the_rest_is_read() -> None:
    assert faults_of(f"a: {'[' * 9}{']' * 9}\n") == []
    assert [line for line, _ in faults_of(f"a: b\nc: {'[' * 10}{']' * 10}\nd: no\n")] == [2, 3]


@pytest.mark.parametrize(
    "text", ["[" * 500_000, "- " * 500_000, "{a: " * 300_000, "? " * 500_000, "a: b\na: " + "[" * 500_000]
)
def test_an_abyss_ends_the_reading_at_once(text: str) -> None:
    with pytest.raises(FaultyFile) as caught:
        read(text)
    assert len(caught.value.faults) == 1


def test_files_that_are_too_large_are_not_read() -> None:
    assert "2 MB" in faults_of(b"a: b\n" + b"#" * MAX_BYTES)[0][1]
    assert faults_of(b"a: b\n" + b"#" * (MAX_BYTES - 5)) == []


@pytest.mark.parametrize("text", ["", "\n\n", "# chỉ có chú thích\n", "---\n"])
def test_empty_files(text: str) -> None:
    assert [message[:9] for _, message in faults_of(text)] == ["tệp trống"]


def test_a_second_document_is_named_where_it_begins() -> None:
    assert faults_of("---\na: b\n") == []
    ((line, message),) = faults_of("a: b\n---\nc: no\n")
    assert (line, "tài liệu thứ hai" in message) == (2, True)


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("a: b\n\tc: d\n", 2, "phím Tab"),
        ("a:\n  - b\n\t- c\n", 3, "phím Tab"),
        ("a: b\nc: d: e\n", 2, "dấu hai chấm"),
        ("a: b\nc\nd: e\n", 2, "thiếu dấu hai chấm"),
        ('a: b\nc: "d\ne: f\ng: h\n', 2, "chưa được đóng"),
        ("a: b\nc: [d, e\nf: g\n", 2, "chưa được đóng"),
        ("a: b\nc: {d: e\nf: g\n", 2, "chưa được đóng"),
        ("a:\n  b: c\n d: e\n", 3, "thụt lề"),
        ("a: b\nc: 'it's'\n", 2, "dấu ngoặc nằm giữa"),
        ('a: b\nc: "d" e\n', 2, "dấu ngoặc nằm giữa"),
        ('a: b\nc: "d:\\thu-muc\\x"\n', 2, "dấu \\"),
        ("a: b\nc: @d\n", 2, "dấu ngoặc kép"),
        ("a: b\nc: %d\n", 2, "dấu ngoặc kép"),
        ("- a\nb: c\n", 2, "thụt lề"),
        ("a: - b\n", 1, "dấu gạch đầu mục"),
    ],
)
def test_broken_syntax_is_named_at_its_line(text: str, line: int, says: str) -> None:
    ((found, message),) = faults_of(text)
    assert (found, says in message) == (line, True), message


def test_broken_syntax_comes_after_the_faults_found_before_it() -> None:
    assert [line for line, _ in faults_of("a: no\nb: c\u200bd\ne: 'f\n")] == [1, 2, 3]


def test_text_is_kept_in_one_form() -> None:
    taken_apart = unicodedata.normalize("NFD", "Cải cách hành chính")
    reading = read(f'a: {taken_apart}\nb: "\\u0065\\u0302"\n')
    assert (reading.data, reading.faults) == ({"a": "Cải cách hành chính", "b": "ê"}, ())
    assert read(f"{taken_apart}: x\n").data == {"Cải cách hành chính": "x"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Cải\u200b cách", "U+200B"),
        ("Cải\u0007 cách", "U+0007"),
        ("Cải\u202e cách", "U+202E"),
        ('"Cải\\u0007 cách"', "U+0007"),
        ("C\ufffdi cách", "chữ bị mất"),
        ("Cáº£i cÃ¡ch", "chữ bị vỡ"),
        ("hÃ nh", "chữ bị vỡ"),
        ("chÃ\xadnh", "chữ bị vỡ"),
        ("Ä‘Æ¡n", "chữ bị vỡ"),
        ("há»“ sÆ¡", "chữ bị vỡ"),
        ("C¶i c¸ch hµnh chÝnh", "chữ bị vỡ"),
        ("â€œMột cửaâ€\x9d", "chữ bị vỡ"),
    ],
)
def test_spoilt_letters_are_named_once(text: str, says: str) -> None:
    ((line, message),) = faults_of(f"a: b\nc: {text}\n")
    assert (line, says in message) == (2, True), message


@pytest.mark.parametrize(
    "text", ["“XÃ” và “XÃ…”", "5 m² và 3 µm", "ĐÃ – CÁ – VÕ ÂN", "«cá», «Ổ»", "Cải cách", "café, Zürich"]
)
def test_sound_letters_are_not(text: str) -> None:
    assert faults_of(f"c: {text}\n") == []


def test_other_encodings() -> None:
    found = faults_of(b"a: b\nc: C\xe1i\nd: h\xe0nh\ne: no\n")
    assert [line for line, _ in found] == [2, 4]
    assert "(và 1 dòng khác) không phải bảng mã UTF-8" in found[0][1]
    found = faults_of("a: b\nc: no\n".encode("utf-16"))
    assert [(line, "UTF-16" in message) for line, message in found] == [(1, True), (2, False)]
    assert faults_of("a: b".encode("utf-8-sig")) == []


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_as_editors_count_them(end: str) -> None:
    assert [line for line, _ in faults_of(end.join(["a: b", "", "c: d\u2028e", "f: no", ""]))] == [3, 4]


def test_a_comma_that_cuts_a_text_or_a_number() -> None:
    found = faults_of("a: {b: Tổ Thư ký, Tổ giúp việc}\nc: {number: 66,5}\n")
    assert [(line, "bị dấu phẩy" in message) for line, message in found] == [(1, True), (2, True)]


def test_places_complained_of_are_known_with_all_they_hold() -> None:
    reading = read("a: no\nb: c\nd: !x [e]\n")
    assert reading.is_faulty(("a",))
    assert reading.is_faulty(("a", 0, "deeper"))
    assert not reading.is_faulty(("b",))


def test_a_faulty_file_prints_its_faults_by_line() -> None:
    with pytest.raises(FaultyFile) as caught:
        read("a: no\nb: 'c\n")
    assert str(caught.value).split("\n")[0].startswith("dòng 1: “no”")
    assert str(caught.value).split("\n")[1].startswith("dòng 2: ")
