"""The bank file: what is read, and that every fault of a faulty file is named once, at its line."""

from __future__ import annotations

import hashlib
import re
from datetime import date
from pathlib import Path

import pytest

from quiz.questions.bank import Bank, Level
from quiz.questions.bank_file import parse_bank
from quiz.yaml_text import FaultyFile

GOOD = """\
title: Bộ câu hỏi thử
topics:
  mot-cua: Cơ chế một cửa
questions:
  - id: MC-001
    topic: mot-cua
    level: 2
    text: Thời hạn trả kết quả là bao nhiêu ngày?
    options:
      A: 3 ngày
      B: 5 ngày
      C: 7 ngày
      D: 10 ngày
    key: A
    explanation: Văn bản quy định như vậy.
    document: Nghị định số 61/2018/NĐ-CP
    valid_from: 2018-06-21
"""

FAULTY = Path(__file__).with_name("faulty_bank.yaml")

# The kinds that the marks of faulty_bank.yaml name → what the sentence of such a fault must say.
SAYS = {
    "about others": r"dựa vào phương án khác",
    "alias": r"không dùng \*chung",
    "all right": r"cả bốn phương án đều là đáp án đúng",
    "anchor": r"không dùng dấu &",
    "broken letters": r"chữ bị vỡ",
    "cut by a comma": r"“bốn” bị dấu phẩy",
    "date shape": r"mẫu năm-tháng-ngày",
    "dates turned round": r"\(20/06/2018\) trước ngày bắt đầu",
    "empty": r"\) để trống",
    "equal options": r"phương án C trùng phương án A",
    "hidden character": r"ký tự ẩn \(mã U\+200B\)",
    "id shape": r"không đúng mẫu: “sai-6”",
    "key twice": r"đáp án A ghi hai lần",
    "left bare": r"“document” để trống",
    "letters": r"đúng bốn phương án A, B, C, D; đang có: A, B, C",
    "level": r"phải là “1”, “2” hoặc “3”",
    "lost letter": r"chữ bị mất",
    "merge": r"không dùng “<<”",
    "missing": r"câu ID-001: thiếu “explanation”",
    "misspelt field": r"“explanaton” không phải tên trường của mẫu; có lẽ là “explanation”",
    "no fields": r"phải gồm các dòng “tên: nội dung”, không phải một đoạn chữ",
    "no key": r"đáp án đúng để trống",
    "no list": r"phải là danh sách",
    "no option": r"đáp án “E” không phải phương án",
    "no such day": r"ngày không có thật: 2018-02-30",
    "no text": r"phải là một đoạn chữ, không phải một danh sách",
    "not said": r"phải ghi rõ “\(Chọn tất cả phương án đúng\)”",
    "repeated id": r"mã DUNG-001 đã dùng ở dòng 11",
    "said in vain": r"chỉ có một đáp án đúng",
    "same text": r"nội dung trùng câu DUNG-001 ở dòng 14",
    "same words": r"gần như trùng câu DUNG-001 ở dòng 14",
    "tag": r"không dùng thẻ kiểu “!!python/name:os.system”",
    "too deep": r"quá 10 cấp",
    "too long": r"dài \d+ ký tự, tối đa (600|300)",
    "unknown field": r"“publisher” không phải tên trường",
    "unknown topic": r"chủ đề “hai-cua” chưa có",
    "unquoted": r"bị hiểu thành .* hãy đặt trong dấu ngoặc kép",
    "written twice": r"ghi hai lần \(lần đầu ở dòng \d+\)",
}


def planted() -> list[tuple[int, str]]:
    lines = enumerate(FAULTY.read_text().split("\n"), start=1)
    return [
        (number, kind.strip()) for number, line in lines if "#! " in line for kind in line.split("#! ")[1].split(",")
    ]


def faults_of(text: str) -> list[str]:
    """The faults of a bank, [] where it is sound."""
    try:
        parse_bank(text.encode())
    except FaultyFile as faulty:
        return [str(fault) for fault in faulty.faults]
    return []


def changed(*changes: tuple[str, str]) -> str:
    text = GOOD
    for old, new in changes:
        assert text.count(old) == 1
        text = text.replace(old, new)
    return text


def with_second(*changes: tuple[str, str]) -> str:
    """The good bank and a copy of its question, numbered MC-002 and changed."""
    copy = GOOD[GOOD.index("  - id") :].replace("MC-001", "MC-002")
    for old, new in changes:
        assert old in copy
        copy = copy.replace(old, new)
    return GOOD + copy


def test_reads_every_field() -> None:
    source = changed(
        ("là bao nhiêu ngày?", "là bao nhiêu ngày?  (Chọn tất cả  phương án đúng)"),
        ("key: A", "key: [C, A]\n    article: Điều 11 khoản 2\n    valid_until: 2025-06-30\n    facts: [F060, F061]"),
    ).encode()
    bank = parse_bank(source)
    (question,) = bank.questions
    assert (bank.title, dict(bank.topics)) == ("Bộ câu hỏi thử", {"mot-cua": "Cơ chế một cửa"})
    assert bank.digest == hashlib.sha256(source).hexdigest()
    assert question.text == "Thời hạn trả kết quả là bao nhiêu ngày? (Chọn tất cả phương án đúng)"
    assert [(option.letter, option.text) for option in question.options] == [
        ("A", "3 ngày"), ("B", "5 ngày"), ("C", "7 ngày"), ("D", "10 ngày"),
    ]  # fmt: skip
    assert (question.key, question.level) == (frozenset("AC"), Level.UNDERSTAND)
    assert question.source == "Điều 11 khoản 2, Nghị định số 61/2018/NĐ-CP"
    assert (question.valid_from, question.valid_until) == (date(2018, 6, 21), date(2025, 6, 30))
    assert question.facts == ("F060", "F061")


def test_optional_fields_may_be_left_out() -> None:
    (question,) = parse_bank(GOOD.encode()).questions
    assert (question.key, question.article, question.valid_until, question.facts) == (frozenset("A"), "", None, ())


def test_topics_without_questions_are_no_fault() -> None:
    assert faults_of(changed(("questions:", "  sipas: Sự hài lòng\nquestions:"))) == []


def test_every_planted_fault_is_named_once_and_nothing_else() -> None:
    read: Bank | None = None
    with pytest.raises(FaultyFile) as caught:
        read = parse_bank(FAULTY.read_bytes())
    found = [
        (fault.line, next((kind for kind in SAYS if re.search(SAYS[kind], fault.message)), fault.message))
        for fault in caught.value.faults
    ]
    assert sorted(found) == sorted(planted())
    assert len(found) >= 45
    assert {kind for _, kind in found} == set(SAYS)
    assert list(caught.value.faults) == sorted(caught.value.faults)
    assert read is None


def test_the_questions_own_faults_name_it() -> None:
    assert faults_of(changed(("level: 2", "level: 5"))) == [
        "dòng 7: câu MC-001: “level” (mức độ) phải là “1”, “2” hoặc “3”"
    ]
    assert "phải là “1”, “2” hoặc “3”" in faults_of(changed(("level: 2", "level: 03")))[0]
    assert "câu thứ 1: thiếu “id”" in faults_of(changed(("id: MC-001\n    topic", "topic")))[0]


def test_two_faults_in_one_question_are_both_named() -> None:
    found = faults_of(
        changed(("level: 2", "level: 5"), ("D: 10 ngày", "D: 3 ngày"), ("explanation:", "# explanation:"))
    )
    assert [line.split(":")[0] for line in found] == ["dòng 5", "dòng 7", "dòng 13"]


def test_broken_syntax_ends_the_reading_but_not_the_faults_before_it() -> None:
    found = faults_of(
        changed(("title: Bộ câu hỏi thử", "title: no"), ("explanation: Văn bản", "explanation: Văn bản: nêu"))
    )
    assert [line.split(":")[0] for line in found] == ["dòng 1", "dòng 15"]
    assert "phần còn lại của tệp chưa đọc được" in found[1]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "tệp trống"),
        ("một đoạn chữ", "nội dung tệp phải gồm các dòng"),
        ("- một\n- hai", "nội dung tệp phải gồm các dòng"),
        ("title: a\ntopics: {a: b}\nquestions: []", "“questions” (các câu hỏi) chưa có mục nào"),
        ("title: a\ntopics: {a: b}\nquestions:", "“questions” để trống"),
        ("title: a\ntopics: {}\nquestions: [x]", "“topics” (các chủ đề) chưa có mục nào"),
    ],
)
def test_files_without_questions(text: str, says: str) -> None:
    assert says in faults_of(text)[0]


@pytest.mark.parametrize(
    "change",
    [
        ("    explanation: Văn bản quy định như vậy.\n", ""),
        ("explanation:", "giai_thich:"),
        ("key: A", "key: {A: đúng}"),
        ("key: A", "key: [A, {B: đúng}]"),
        ("key: A", 'key: "A, C"'),
        ("key: A", "key: a"),
        ("key: A", "key: [A, ~]"),
        ("id: MC-001", "id: MC-0\ufffd01"),
        ("title: Bộ câu hỏi thử", "title: 12:30"),
        ("      A: 3 ngày", "      a: 3 ngày"),
        ("      D: 10 ngày\n", ""),
        ("      D: 10 ngày", "      D:"),
        ("valid_from: 2018-06-21", "valid_from: 0218-06-21"),
        ("valid_from: 2018-06-21", "valid_from: 20180621"),
        ("valid_from: 2018-06-21", "valid_from: 2018-06-21 00:00"),
        ("level: 2", "level: 2.0"),
        ("topics:\n  mot-cua: Cơ chế một cửa\n", ""),
        ("topics:\n  mot-cua: Cơ chế một cửa", "topics: [mot-cua]"),
        ("text: Thời hạn trả kết quả là bao nhiêu ngày?", 'text: ""'),
    ],
)
def test_one_mistake_gives_one_fault(change: tuple[str, str]) -> None:
    assert len(faults_of(changed(change))) == 1


@pytest.mark.parametrize(
    "option",
    [
        "Tất cả các phương án trên", "Cả ba phương án trên đều đúng.", "Cả A và B", "A và C", "Cả A, B và C đều đúng",
        "Phương án B và C", "Chỉ A đúng", "Không có phương án nào", "Không có đáp án nào đúng", "Tất cả đều sai",
        "Cả hai cơ quan trên", "Các phương án còn lại đều sai", "Cả 3 ý trên", "Đáp án khác", "“Cả A và B”",
        "Không có cơ quan nào nêu trên",
    ],
)  # fmt: skip
def test_options_about_other_options_are_refused(option: str) -> None:
    assert "sai nghĩa khi đảo thứ tự" in faults_of(changed(("D: 10 ngày", f"D: {option}")))[0]


@pytest.mark.parametrize(
    "option",
    [
        "Tất cả các trường hợp", "Dự án nhóm A và B", "Cả nước", "Cả hai bên", "Các phương án đơn giản hóa thủ tục",
        "Toàn bộ nội dung trên Cổng dịch vụ công quốc gia", "Không có cơ quan nào cấp trên", "Từ 3 ngày trở lên",
        "Tất cả cơ quan hành chính cấp trên", "Đúng hạn", "Không quy định", "Đúng", "Hai", "Không thu phí",
        "Không phải nộp các giấy tờ nêu trên", "Một trong các cơ quan tư pháp",
    ],
)  # fmt: skip
def test_options_that_stand_alone_are_not(option: str) -> None:
    assert faults_of(changed(("D: 10 ngày", f"D: {option}"))) == []


@pytest.mark.parametrize(
    "text",
    [
        "thời hạn trả kết quả là bao nhiêu ngày",
        "Thời hạn trả kết quả là bao nhiêu ngày ?",
        "Theo quy định, thời hạn trả kết quả là mấy ngày?",
        "Ông/bà hãy cho biết thời hạn trả kết quả là bao nhiêu ngày?",
        "Bao nhiêu ngày là thời hạn trả kết quả?",
        "Thơi hạn trả kêt quả là bao nhiêu ngày?",
    ],
)
def test_questions_in_other_words_are_found(text: str) -> None:
    (found,) = faults_of(with_second(("Thời hạn trả kết quả là bao nhiêu ngày?", text)))
    assert "câu MC-002" in found
    assert "trùng câu MC-001 ở dòng 8" in found


@pytest.mark.parametrize(
    "text",
    [
        "Thời hạn trả kết quả là bao nhiêu ngày làm việc?",
        "Thời hạn trả kết quả cấp huyện là bao nhiêu ngày?",
        "Thời hạn trả kết quả không phải là bao nhiêu ngày?",
        "Thời hạn trả kết quả năm 2025 là bao nhiêu ngày?",
        "Thời hạn trả kết quả theo Nghị định số 118/2025/NĐ-CP là bao nhiêu ngày?",
        "Thời hạn nhận kết quả là bao nhiêu ngày?",
    ],
)
def test_questions_that_ask_something_else_are_not(text: str) -> None:
    assert faults_of(with_second(("Thời hạn trả kết quả là bao nhiêu ngày?", text))) == []


def test_the_same_words_with_another_key_ask_something_else() -> None:
    other = with_second(
        ("Thời hạn trả kết quả là bao nhiêu", "Theo quy định, thời hạn trả kết quả là mấy"), ("key: A", "key: B")
    )
    assert faults_of(other) == []


def test_a_question_pasted_twice_is_one_fault() -> None:
    assert faults_of(with_second(("MC-002", "MC-001"))) == [
        "dòng 18: câu MC-001: mã MC-001 đã dùng ở dòng 5; hãy đặt mã khác"
    ]


def test_the_same_text_with_another_key_is_refused() -> None:
    assert len(faults_of(with_second(("key: A", "key: B")))) == 1


def test_two_thousand_questions_are_read() -> None:
    question = GOOD[GOOD.index("  - id") :]
    many = "".join(
        question.replace("MC-001", f"MC-{number:04d}").replace("kết quả là", f"kết quả số {number} của việc này là")
        for number in range(2000)
    )
    bank = parse_bank((GOOD + many).encode())
    assert len(bank.questions) == 2001
