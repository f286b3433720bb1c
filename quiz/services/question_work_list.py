"""The workbench's list: the questions of a bank merged with the drafts about them, searched and filtered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

from sqlalchemy import select

from quiz.errors import N_
from quiz.models.question_work import DbQuestionDraft
from quiz.questions import wording
from quiz.questions.bank import Bank
from quiz.questions.bank_balance import BankBalance, balance
from quiz.questions.wording import Wording
from quiz.services import Transaction, banks
from quiz.services.question_work_drafts import OPEN, CurrentBank, Kind, State, of_bank, wording_of
from quiz.vietnamese import without_marks

PAGE = 50
MOST_BANKS = 4
"""How many banks are held in memory with their folded texts: the newest of each name, and those just replaced."""
MOST_UNEVEN = Fraction(1, 10)
MOST_TELLING = Fraction(35, 100)
"""Above these shares a bank gives keys away; guessing is right in a quarter."""


class Validity(StrEnum):
    """Whether a question is true law: on a day, no more on that day, or not to the end of the contest."""

    TRUE = "true"
    EXPIRED = "expired"
    EXPIRING = "expiring"

    @property
    def words(self) -> str:
        """What the filter calls it."""
        return _VALIDITIES[self]


_VALIDITIES = {
    Validity.TRUE: N_("Còn đúng vào ngày"),
    Validity.EXPIRED: N_("Đã hết hiệu lực vào ngày"),
    Validity.EXPIRING: N_("Hết hiệu lực trong thời gian hội thi"),
}
IN_BANK = "in_bank"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the list is narrowed to; '' and None narrow nothing. `state` is in_bank or that of an open draft."""

    words: str = ""
    topic: str = ""
    level: str = ""
    state: str = ""
    validity: Validity | None = None
    day: date | None = None
    several_keys: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A question as the list shows it: as its open draft says it, else as the bank does; `folded` is searched."""

    wording: Wording
    folded: str
    is_in_bank: bool
    kind: Kind | None = None
    state: State | None = None
    seen: str = ""

    @property
    def can_be_decided(self) -> bool:
        """Whether somebody has still to appraise or approve it."""
        return self.state in {State.DRAFT, State.APPRAISED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One page of the list."""

    items: tuple[Item, ...]
    total: int
    number: int
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """The figures of a bank: `coverage` counts its questions by the codes of topic and level."""

    balance: BankBalance
    coverage: Mapping[tuple[str, str], int]

    @property
    def is_key_uneven(self) -> bool:
        """Whether some letter is the key so much more often than another that guessing pays."""
        single = self.balance.questions - self.balance.several_keys
        keys = self.balance.keys.values()
        return single > 0 and Fraction(max(keys) - min(keys), single) > MOST_UNEVEN

    @property
    def does_length_tell(self) -> bool:
        """Whether the longest or the shortest option is the key so often that choosing it pays."""
        return max(self.balance.longest_share or 0, self.balance.shortest_share or 0) > MOST_TELLING


@dataclass(frozen=True, slots=True)
class _Held:
    items: tuple[Item, ...]
    quality: Quality


_held: dict[tuple[str, bool], _Held] = {}


def _let_go(digest: str) -> None:
    """What is held of keys that have been sealed."""
    _held.pop((digest, False), None)
    _read.cache_clear()


banks.when_sealed(_let_go)


def page(session: Transaction, current: CurrentBank, filters: Filters, number: int = 1) -> Listing:
    """The questions that pass the filters, in the order of the file, new ones last; pages count from 1."""
    days = [day for week in current.contest.rules.rounds for day in current.contest.rules.local_days(week)]
    wanted = without_marks(filters.words).split()
    found = [
        item
        for item in _merged(session, current)
        if all(word in item.folded for word in wanted) and _passes(item, filters, (min(days), max(days)))
    ]
    pages = max(1, -(-len(found) // PAGE))
    number = min(max(number, 1), pages)
    items = tuple(found[(number - 1) * PAGE : number * PAGE])
    return Listing(items=items, total=len(found), number=number, pages=pages)


def neighbours(session: Transaction, current: CurrentBank, question_id: str) -> tuple[str, str]:
    """The ids of the questions before and after one in the list, '' at its ends."""
    ids = ["", *(item.wording.id for item in _merged(session, current)), ""]
    place = ids.index(question_id, 1)
    return ids[place - 1], ids[place + 1]


def quality(bank: Bank) -> Quality:
    """What the figures of a bank give away."""
    return _hold(bank).quality


def _merged(session: Transaction, current: CurrentBank) -> Iterator[Item]:
    drafts = _open_drafts(session, current)
    for item in _hold(current.bank).items:
        draft = drafts.pop(item.wording.id, None)
        yield replace(draft, is_in_bank=True) if draft else item
    yield from drafts.values()


def _open_drafts(session: Transaction, current: CurrentBank) -> dict[str, Item]:
    columns = (
        *(DbQuestionDraft.id, DbQuestionDraft.version, DbQuestionDraft.question_id),
        *(DbQuestionDraft.kind, DbQuestionDraft.state, DbQuestionDraft.body),
    )
    is_open = (*of_bank(current), DbQuestionDraft.state.in_(OPEN))
    rows = session.execute(select(*columns).where(*is_open).order_by(DbQuestionDraft.question_id))
    drafts = {}
    for row in rows:
        text, folded = _read(row.body)
        drafts[row.question_id] = Item(
            wording=text,
            folded=folded,
            is_in_bank=False,
            kind=Kind(row.kind),
            state=State(row.state),
            seen=f"{row.id}.{row.version}",
        )
    return drafts


def _hold(bank: Bank) -> _Held:
    """What is reckoned once per process from the whole of a bank."""
    known = (bank.digest, bank.is_sealed)
    if known not in _held:
        if len(_held) >= MOST_BANKS:
            _held.pop(next(iter(_held)))
        texts = map(wording.of, bank.questions)
        items = tuple(Item(wording=text, folded=_folded(text), is_in_bank=True) for text in texts)
        coverage = Counter((question.topic, str(int(question.level))) for question in bank.questions)
        _held[known] = _Held(items, Quality(balance=balance(bank), coverage=coverage))
    return _held[known]


@lru_cache(maxsize=8192)
def _read(body: str) -> tuple[Wording, str]:
    text = wording_of(body)
    return text, _folded(text)


def _folded(text: Wording) -> str:
    return without_marks(" | ".join((text.id, text.text, *text.options, text.document, text.article)))


def _passes(item: Item, filters: Filters, contest: tuple[date, date]) -> bool:
    text = item.wording
    return (
        filters.topic in ("", text.topic)
        and filters.level in ("", text.level)
        and filters.state in ("", item.state or IN_BANK)
        and (not filters.several_keys or len(text.key) > 1)
        and _is_valid(text, filters, contest)
    )


def _is_valid(text: Wording, filters: Filters, contest: tuple[date, date]) -> bool:
    """By days as ISO texts, whose order is that of the days: drafts may hold texts that are no days."""
    day = filters.day.isoformat() if filters.day else ""
    match filters.validity:
        case Validity.TRUE:
            return text.valid_from <= day and (not text.valid_until or day <= text.valid_until)
        case Validity.EXPIRED:
            return bool(text.valid_until) and text.valid_until < day
        case Validity.EXPIRING:
            return contest[0].isoformat() <= text.valid_until < contest[1].isoformat()
    return True
