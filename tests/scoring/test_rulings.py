"""Questions found wrong: what a ruling changes, and above all what it leaves as it was."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.errors import Refused
from quiz.questions.paper import Paper, PaperRules, draw
from quiz.scoring.marking import mark
from quiz.scoring.rulings import Kind, RuledQuestion, Ruling, Rulings, key_in_force, read_ruling, right_answers
from tests.makers import question

POOL = [question(f"T-{n:03d}", key) for n, key in enumerate(("A", "B", "AC", "D", "BCD", "C", "A", "AD"), start=1)]
RULES = PaperRules(questions=5, points=2)
IDS = [one.id for one in POOL]
LETTERS = st.text("ABCD", max_size=4).map(lambda text: "".join(sorted(set(text))))
ANSWER = LETTERS.filter(bool).map(frozenset)
SHEETS = st.lists(LETTERS, min_size=5, max_size=5)
PAPERS = st.integers(0, 300).map(lambda number: draw(POOL, RULES, b"seed", f"CODE{number}"))


@st.composite
def rulings(draw_from: st.DrawFn) -> Rulings:
    """Any rulings about some of the questions."""
    kinds = st.one_of(
        st.just(Ruling(Kind.VOID)),
        st.just(Ruling(Kind.KEEP)),
        ANSWER.map(lambda answer: Ruling(Kind.REKEY, (answer,))),
        st.lists(ANSWER, min_size=2, max_size=3, unique=True).map(lambda found: Ruling(Kind.ACCEPT, tuple(found))),
    )
    return draw_from(st.dictionaries(st.sampled_from(IDS), kinds, max_size=4))


def in_the_bank(paper: Paper, sheet: Sequence[str]) -> dict[str, frozenset[str]]:
    """What was chosen, by question, in the letters of the bank's file."""
    return {
        item.question.id: frozenset(item.letters["ABCD".index(letter)] for letter in chosen)
        for item, chosen in zip(paper.questions, sheet, strict=True)
    }


@given(PAPERS, SHEETS, rulings(), st.sampled_from(IDS))
def test_voiding_credits_everybody_who_was_dealt_the_question_and_touches_nobody_else(
    paper: Paper, sheet: list[str], others: Rulings, voided: str
) -> None:
    before = mark(paper, sheet, {name: ruling for name, ruling in others.items() if name != voided})
    after = mark(paper, sheet, {**others, voided: Ruling(Kind.VOID)})
    dealt = [item.question.id == voided for item in paper.questions]
    assert after.right == tuple(was or is_dealt for was, is_dealt in zip(before.right, dealt, strict=True))
    assert after.score >= before.score
    if not any(dealt):
        assert after == before


@given(PAPERS, SHEETS, st.sampled_from(POOL), ANSWER)
def test_accepting_an_answer_besides_the_key_never_lowers_a_score(
    paper: Paper, sheet: list[str], about: object, answer: frozenset[str]
) -> None:
    asked = next(one for one in POOL if one is about)
    ruling = Ruling(Kind.ACCEPT, tuple(dict.fromkeys((asked.key, answer))))
    assert mark(paper, sheet, {asked.id: ruling}).score >= mark(paper, sheet).score


@given(PAPERS, SHEETS, rulings())
def test_what_is_chosen_is_held_against_the_letters_of_the_bank(paper: Paper, sheet: list[str], found: Rulings) -> None:
    chosen, marked = in_the_bank(paper, sheet), mark(paper, sheet, found)
    for item, is_right in zip(paper.questions, marked.right, strict=True):
        ruling = found.get(item.question.id, Ruling(Kind.KEEP))
        answers = {Kind.KEEP: (item.question.key,)}.get(ruling.kind, ruling.answers)
        assert is_right == (ruling.kind is Kind.VOID or chosen[item.question.id] in answers)
    assert marked.points == mark(paper, sheet).points


def test_a_voided_question_left_empty_does_not_make_a_sheet_incomplete() -> None:
    paper = draw(POOL, RULES, b"seed", "CODE")
    first = paper.questions[0].question.id
    assert mark(paper, ["", "A", "A", "A", "A"], {first: Ruling(Kind.VOID)}).is_complete
    assert not mark(paper, ["", "", "A", "A", "A"], {first: Ruling(Kind.VOID)}).is_complete
    assert not mark(paper, ["", "A", "A", "A", "A"], {first: Ruling(Kind.REKEY, (frozenset("B"),))}).is_complete


def test_the_key_in_force_is_shown_in_the_letters_of_the_paper() -> None:
    (item,) = (one for one in draw(POOL, PaperRules(questions=8), b"s", "C").questions if one.question.id == "T-002")
    shown = dict(zip(item.letters, "ABCD", strict=True))
    assert key_in_force(item, None) == {shown["B"]}
    assert key_in_force(item, Ruling(Kind.KEEP)) == {shown["B"]}
    assert key_in_force(item, Ruling(Kind.VOID)) == frozenset()
    accepted = Ruling(Kind.ACCEPT, (frozenset("A"), frozenset("D")))
    assert right_answers(item, accepted) == (frozenset(shown["A"]), frozenset(shown["D"]))
    assert key_in_force(item, accepted) == {shown["A"], shown["D"]}


@pytest.mark.parametrize(
    ("kind", "written", "letters"),
    [
        (Kind.VOID, " ", ""),
        (Kind.KEEP, "", ""),
        (Kind.REKEY, "b", "B"),
        (Kind.ACCEPT, " c/ a ", "C/A"),
        (Kind.ACCEPT, "A/B/A", "A/B"),
    ],
)
def test_rulings_are_read_as_people_write_them(kind: Kind, written: str, letters: str) -> None:
    assert read_ruling(kind, written, question(key="A")).letters == letters


def test_several_letters_are_one_answer_where_several_can_be_chosen() -> None:
    assert read_ruling(Kind.REKEY, "c, b", question(key="AC")) == Ruling(Kind.REKEY, (frozenset("BC"),))
    assert read_ruling(Kind.ACCEPT, "AC/B D", question(key="AC")).letters == "AC/BD"


@pytest.mark.parametrize(
    ("kind", "written", "code"),
    [
        (Kind.VOID, "A", "ruling_letters_needless"),
        (Kind.KEEP, "A", "ruling_letters_needless"),
        (Kind.REKEY, "", "ruling_one_answer"),
        (Kind.REKEY, "B/C", "ruling_one_answer"),
        (Kind.REKEY, "A", "ruling_same_key"),
        (Kind.REKEY, "BC", "ruling_one_letter"),
        (Kind.REKEY, "E", "ruling_letters_wrong"),
        (Kind.ACCEPT, "B//C", "ruling_letters_wrong"),
        (Kind.ACCEPT, "B/B", "ruling_several_answers"),
    ],
)
def test_what_nobody_could_have_answered_or_meant_is_refused(kind: Kind, written: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        read_ruling(kind, written, question(key="A"))
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("kind", "answers", "sentence"),
    [
        (
            Kind.VOID,
            (),
            "Câu hỏi bị hủy: mọi người có câu này trong đề thi đều được tính điểm, kể cả người để trống.",
        ),
        (Kind.REKEY, (("Một cửa", "Một dấu"),), "Đổi đáp án, chỉ tính đúng: “Một cửa” và “Một dấu”."),
        (Kind.ACCEPT, (("5 ngày",), ("7 ngày",)), "Chấp nhận nhiều đáp án, tính đúng: “5 ngày”; hoặc “7 ngày”."),
        (Kind.KEEP, (), "Chấm theo đáp án của bộ câu hỏi."),
    ],
)
def test_each_kind_says_what_it_does(kind: Kind, answers: tuple[tuple[str, ...], ...], sentence: str) -> None:
    ruled = RuledQuestion(question="T-001", text="?", kind=kind, answers=answers, decision="1", reason="x")
    assert ruled.sentence == sentence
