"""Questions found wrong after a week has closed: what a ruling makes count as right, whatever the bank's file says.

A ruling is about one question of one bank. It changes which answers to that question are right and nothing else:
papers, points and times stay as they were, and every other question is marked as before. Its letters are those of the
bank's file; each paper shuffles the options, so they are looked up on the paper as it was drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from quiz.errors import N_, Refused
from quiz.questions.bank import LETTERS, Question
from quiz.questions.paper import PaperQuestion

RULING_SENTENCE = (
    "Câu hỏi bị phát hiện có sai sót thì Ban Tổ chức hủy câu ấy (mọi người có câu ấy trong đề thi đều được tính điểm, "
    "kể cả người để trống), đổi đáp án, hoặc chấp nhận nhiều đáp án. Quyết định phải có số và lý do, do một người đề "
    "nghị và một người khác duyệt; bài của mọi người trong tuần thi được chấm lại theo quyết định."
)
RULING_PUBLIC_SENTENCE = (
    "Mỗi lần công bố kết quả nêu rõ những câu hỏi đã xử lý; nếu kết quả đã công bố thì công bố đính chính, ghi lý do."
)

Answers = tuple[frozenset[str], ...]
"""Sets of letters, each of which is right when exactly its options are chosen."""


class Kind(StrEnum):
    """What is done about a question found wrong."""

    VOID = "void"
    REKEY = "rekey"
    ACCEPT = "accept"
    KEEP = "keep"

    @property
    def words(self) -> str:
        """What the pages call it."""
        return _KINDS[self][0]

    @property
    def about(self) -> str:
        """What it does, for those who choose."""
        return _KINDS[self][1]


_KINDS = {
    Kind.VOID: (N_("Hủy câu hỏi"), N_("Mọi người có câu này trong đề thi đều được tính điểm, kể cả người để trống.")),
    Kind.REKEY: (N_("Đổi đáp án"), N_("Chỉ đáp án mới là đúng; đáp án cũ không còn được tính.")),
    Kind.ACCEPT: (
        N_("Chấp nhận nhiều đáp án"),
        N_("Chọn một trong những đáp án nêu ra đều đúng; đáp án cũ chỉ đúng nếu cũng được nêu."),
    ),
    Kind.KEEP: (
        N_("Giữ đáp án của bộ câu hỏi"),
        N_("Bỏ cách xử lý đã duyệt trước đó; câu hỏi lại được chấm theo bộ câu hỏi."),
    ),
}


@dataclass(frozen=True, slots=True)
class Ruling:
    """What was decided about one question; `answers` are those that count as right where it is not voided."""

    kind: Kind
    answers: Answers = ()

    @property
    def letters(self) -> str:
        """The answers as they are written: 'A', 'AC', 'A/BC'."""
        return "/".join("".join(sorted(answer)) for answer in self.answers)


Rulings = Mapping[str, Ruling]
"""What is in force about the questions of one bank, by their ids."""

NO_RULINGS: Rulings = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class RuledQuestion:
    """A ruling as the public reads it: the answers are texts of options, for letters differ from paper to paper."""

    question: str
    text: str
    kind: Kind
    answers: tuple[tuple[str, ...], ...]
    decision: str
    reason: str

    @property
    def sentence(self) -> str:
        """What was decided."""
        given = "; hoặc ".join(" và ".join(f"“{text}”" for text in answer) for answer in self.answers)
        return {
            Kind.VOID: "Câu hỏi bị hủy: mọi người có câu này trong đề thi đều được tính điểm, kể cả người để trống.",
            Kind.REKEY: f"Đổi đáp án, chỉ tính đúng: {given}.",
            Kind.ACCEPT: f"Chấp nhận nhiều đáp án, tính đúng: {given}.",
            Kind.KEEP: "Chấm theo đáp án của bộ câu hỏi.",
        }[self.kind]


def is_right(item: PaperQuestion, chosen: str, ruling: Ruling) -> bool:
    """Whether the letters chosen, as shown on the paper, count as right; anything does once the question is voided."""
    return is_voided(ruling) or frozenset(chosen) in right_answers(item, ruling)


def is_voided(ruling: Ruling | None) -> bool:
    """Whether everybody who was dealt the question is credited with it."""
    return ruling is not None and ruling.kind is Kind.VOID


def right_answers(item: PaperQuestion, ruling: Ruling | None) -> Answers:
    """The answers that are right, in the letters shown on the paper; none of a voided question."""
    if ruling is None or ruling.kind is Kind.KEEP:
        return (item.key_shown,)
    shown = dict(zip(item.letters, LETTERS, strict=False))
    return tuple(frozenset(shown[letter] for letter in answer) for answer in ruling.answers)


def key_in_force(item: PaperQuestion, ruling: Ruling | None) -> frozenset[str]:
    """Every letter, as shown, that is part of a right answer."""
    return frozenset[str]().union(*right_answers(item, ruling))


def read_ruling(kind: Kind, written: str, question: Question) -> Ruling:
    """The ruling as somebody wrote it, the answers parted by '/'.

    Where participants could choose one option only, each answer is one letter. Raises Refused: ruling_letters_needless,
    ruling_letters_wrong, ruling_one_letter, ruling_one_answer, ruling_several_answers, ruling_same_key.
    """
    answers = _read_answers(written, question)
    if kind in (Kind.VOID, Kind.KEEP):
        if answers:
            raise Refused("ruling_letters_needless")
    elif kind is Kind.REKEY:
        if len(answers) != 1:
            raise Refused("ruling_one_answer")
        if answers[0] == question.key:
            raise Refused("ruling_same_key")
    elif len(answers) < 2:
        raise Refused("ruling_several_answers")
    return Ruling(kind, answers)


def _read_answers(written: str, question: Question) -> Answers:
    letters = "".join(option.letter for option in question.options)
    if not written.strip():
        return ()
    answers = []
    for part in written.upper().split("/"):
        answer = "".join(part.replace(",", " ").split())
        if not answer or not set(answer) <= set(letters):
            raise Refused("ruling_letters_wrong", letters=", ".join(letters))
        if len(set(answer)) > 1 and not question.has_several_keys:
            raise Refused("ruling_one_letter")
        answers.append(frozenset(answer))
    return tuple(dict.fromkeys(answers))
