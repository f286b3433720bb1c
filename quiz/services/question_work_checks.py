"""What keeps a wording out of a bank: faults of its own, and questions of the bank that say the same already."""

from __future__ import annotations

from collections.abc import Mapping

from quiz.questions import wording
from quiz.questions.bank import LETTERS, Bank
from quiz.questions.bank_faults import said_by
from quiz.questions.wording import Wording, WordingFault
from quiz.services import banks
from quiz.services.question_work_drafts import CurrentBank

MOST_BANKS = 4

_said: dict[tuple[str, bool], Mapping[object, str]] = {}
banks.when_sealed(lambda digest: _said.pop((digest, False), None))


def faults_in(text: Wording, current: CurrentBank) -> tuple[WordingFault, ...]:
    """Everything that a bank would complain of, each at its field; drafts that repeat each other show on applying."""
    found = wording.faults(text, current.bank.topics, ())
    other = _repeated(text, current.bank)
    if not other:
        return found
    return (*found, WordingFault("text", f"Nội dung trùng hoặc gần như trùng câu {other}; hãy viết rõ khác nhau"))


def _repeated(text: Wording, bank: Bank) -> str:
    """The id of another question with the same words, or with the same sense and keys; '' where there is none."""
    if not text.text:
        return ""
    said = _hold(bank)
    others = (said.get(saying, "") for saying in _sayings(text))
    return next((other for other in others if other not in ("", text.id)), "")


def _hold(bank: Bank) -> Mapping[object, str]:
    """What the questions of a bank say, with their ids, reckoned once per process; without keys while it is sealed."""
    known = (bank.digest, bank.is_sealed)
    if known not in _said:
        if len(_said) >= MOST_BANKS:
            _said.pop(next(iter(_said)))
        texts = map(wording.of, bank.questions)
        _said[known] = {saying: text.id for text in texts for saying in _sayings(text)}
    return _said[known]


def _sayings(text: Wording) -> tuple[object, ...]:
    words, sense = said_by(text.text, (text.options[LETTERS.index(letter)] for letter in text.key))
    return (words, sense) if any(sense[1]) else (words,)
