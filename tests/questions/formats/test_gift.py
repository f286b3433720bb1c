"""GIFT as its own documentation and Moodle's export write it, and the bank there and back."""

from __future__ import annotations

import pytest
from hypothesis import given

from quiz.questions.bank import Question
from quiz.questions.formats.gift import looks_like_gift, read_gift, write_gift
from tests.questions.formats.samples import as_bank, keys, questions, real_bank, refusal, refused, said

DOCUMENTED = r"""//  EXAMPLE QUESTIONS for the GIFT import filter

// ===Multiple Choice===
Japanese characters originally came from what country? {
    ~India
    =China
    ~Korea
    ~Egypt}

Grant is {~buried =entombed ~living ~asleep} in Grant's tomb.

// ===Question Name===
::Kanji Origins::Japanese characters originally
came from what country? {=China ~India ~Korea ~Egypt}

// ===Multiple Answers===
What two people are entombed in Grant's tomb? {
    ~%-50%No one
    ~%50%Grant
    ~%50%Grant's wife
    ~%-50%Grant's father }

// ===Special Characters===
Which answer equals 5? {
     ~ \= 2 + 2
     = \= 2 + 3
     ~ \= 2 + 4
     ~ \{5\: \~5\} \\ \#5 }
"""

MOODLE_EXPORT = r"""// question: 0  name: Switch category to $course$/top/Mặc định/Một cửa
$CATEGORY: $course$/top/Mặc định/Một cửa // liên thông


// question: 51  name: Câu 1
// [id:MC-001] [tag:mức độ:2] [tag:dễ \] nhớ]
::Câu 1::[html]<p>Thời hạn\: <b>bao nhiêu</b> ngày?</p>{
	=<p>3 ngày</p>#<p>Đúng</p>
	~<p>5&nbsp;ngày</p>#<p>Quá dài</p>
	~<p>x<sup>2</sup> ngày</p>
	~[plain]a < b
	####<p>Theo Điều 5.</p>\n<p>Căn cứ\: Nghị định 61</p>
}

"""

OTHER_TYPES = """
Grant is buried in Grant's tomb.{FALSE#No.}

Two plus two equals {=four =4}.

When was Ulysses S. Grant born? {#1822:1}

Match. {
    =Canada -> Ottawa
    =Italy -> Rome
    }

::Luận:: Viết một đoạn. {}

Chỉ là lời giới thiệu.

Ba phương án {=1 ~2 ~3}

Nửa điểm {~%50%a ~b ~c ~d}

Hai đáp án {=a =b ~c ~d}

Quá {=a ~b ~c ~d} nhiều {=a ~b ~c ~d}

Không mở =a ~b}

Hình {=<img src\\="x.png"> ~b ~c ~d}

Lạ {x =a ~b ~c ~d}

Sai hết {~a ~b ~c ~d}
"""


def test_documented_examples_are_read() -> None:
    imported = read_gift(DOCUMENTED)
    assert said(imported) == [
        "Japanese characters originally came from what country? | India | *China | Korea | Egypt",
        "Grant is _____ in Grant's tomb. | buried | *entombed | living | asleep",
        "Japanese characters originally came from what country? | *China | India | Korea | Egypt",
        "What two people are entombed in Grant's tomb? | No one | *Grant | *Grant's wife | Grant's father",
        r"Which answer equals 5? | = 2 + 2 | *= 2 + 3 | = 2 + 4 | {5: ~5} \ #5",
    ]
    assert [question.identifier for question in imported.questions] == ["", "", "Kanji Origins", "", ""]
    assert refused(imported) == []


def test_export_of_moodle_is_read_with_its_category_id_tags_and_feedback() -> None:
    (question,) = read_gift(MOODLE_EXPORT).questions
    assert question.identifier == "MC-001"
    assert question.topic_name == "Một cửa / liên thông"
    assert question.text == "Thời hạn: bao nhiêu ngày?"
    assert [option.text for option in question.options] == ["3 ngày", "5 ngày", "x² ngày", "a < b"]
    assert keys(question) == {"A"}
    assert question.explanation == "Theo Điều 5.\n“3 ngày”: Đúng\n“5 ngày”: Quá dài"
    assert question.document == "Nghị định 61"
    assert [str(each) for each in question.left_out] == ["không nhận thẻ: dễ ] nhớ"]


def test_every_question_that_cannot_be_taken_is_named_with_its_reason() -> None:
    imported = read_gift(OTHER_TYPES)
    assert said(imported) == []
    assert [(no.where.facts["line"], no.why.code) for no in imported.refused] == [
        (2, "true_false"),
        (4, "short_answer"),
        (6, "numerical"),
        (8, "matching"),
        (13, "essay"),
        (15, "description"),
        (17, "options"),
        (19, "weights"),
        (21, "weights"),
        (23, "several_answers"),
        (25, "braces"),
        (27, "media"),
        (29, "answer_sign"),
        (31, "no_key"),
    ]
    assert str(imported.refused[4].where) == "dòng 13 (câu “Luận”)"


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ("Một {\n=a\n\n~b\n~c\n\n~d\n}\n\nHai {=a ~b ~c ~d}", ["Một", "Hai"]),
        ("::1::Một {=a ~b ~c ~d}\n::2::Hai {=a ~b ~c ~d}", ["Một", "Hai"]),
        ("$CATEGORY: X\nMột {=a ~b ~c ~d}\n$CATEGORY: Y\nHai {=a ~b ~c ~d}", ["Một", "Hai"]),
        ("[markdown]**Một** và `hai` {=a ~b ~c ~d}", ["Một và hai"]),
        ("[plain]<b>Một</b> &amp; {=a ~b ~c ~d}", ["<b>Một</b> &amp;"]),
        ("[moodle]<b>Một</b> &amp; {=a ~b ~c ~d}", ["Một &"]),
        ("Một\\nhai {=%100%a ~b ~c ~%-33.3%d}", ["Một\nhai"]),
        ("Ba {~%33.333%a ~%33.333%b ~%33.333%c ~d}", ["Ba"]),
    ],
)
def test_what_people_write_by_hand_is_read(source: str, texts: list[str]) -> None:
    assert [question.text for question in read_gift(source).questions] == texts
    assert refused(read_gift(source)) == []


def test_a_brace_left_open_spoils_one_question_only() -> None:
    imported = read_gift("Một {=a ~b\n\nHai {=a ~b ~c ~d}")
    assert [(str(no.where), no.why.code) for no in imported.refused] == [("dòng 1", "braces")]
    assert said(imported) == ["Hai | *a | b | c | d"]


def test_nothing_to_read_is_said() -> None:
    assert refusal(lambda: read_gift("// chỉ có chú thích\n\n$CATEGORY: x\n")) == "no_questions"


def test_gift_is_known_by_its_signs() -> None:
    assert looks_like_gift("Hỏi {=a ~b}")
    assert looks_like_gift("::tên:: Hỏi")
    assert not looks_like_gift("Hỏi\nA. a\nANSWER: A")


def test_the_real_bank_comes_back_whole() -> None:
    bank = real_bank()
    imported = read_gift(write_gift(bank.questions, bank.topics))
    assert tuple(map(as_bank, imported.questions)) == bank.questions
    assert {question.topic: question.topic_name for question in imported.questions} == dict(bank.topics)
    assert refused(imported) == []


@given(questions())
def test_any_question_comes_back_whole(question: Question) -> None:
    imported = read_gift(write_gift([question], {"mot-cua": "Một cửa"}))
    assert refused(imported) == []
    assert as_bank(imported.questions[0]) == question


def test_points_taken_away_are_named_as_left_out() -> None:
    (question,) = read_gift("Hỏi? {~%50%a ~%-50%b ~%50%c ~%-50%d}").questions
    assert keys(question) == {"A", "C"}
    assert [each.code for each in question.left_out] == ["penalties"]
