"""Question banks in memory. Papers need no keys, so what they are drawn from is held without; what holds keys is held
only as long as they may be read, and let go by the first page about a round whose bank has been sealed meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from sqlalchemy import select

from quiz.errors import Refused
from quiz.models.contests import DbBank
from quiz.questions import sealed_bank
from quiz.questions.bank import Bank, Question
from quiz.questions.bank_file import parse_bank
from quiz.questions.paper import Deck, PaperRules
from quiz.services import Transaction

Days = tuple[date, date]

_without_keys: dict[str, Bank] = {}
_pools: dict[tuple[str, Days], tuple[Question, ...]] = {}
_decks: dict[tuple[str, Days, PaperRules], Deck] = {}
_with_keys: dict[str, Bank] = {}
_callbacks: list[Callable[[str], object]] = []


def when_sealed(callback: Callable[[str], object]) -> None:
    """Called with the digest of a bank that has been sealed, for modules that hold in memory what comes of its keys."""
    _callbacks.append(callback)


def for_papers(session: Transaction, digest: str) -> Bank:
    """The bank without its keys, read from the database once per process."""
    if digest not in _without_keys:
        row = session.get_one(DbBank, digest)
        _without_keys[digest] = (
            sealed_bank.load(row.printed, digest) if row.source is None else parse_bank(row.source).without_keys()
        )
    return _without_keys[digest]


def pool(session: Transaction, digest: str, days: Days) -> tuple[Question, ...]:
    """The questions, without keys, that may be asked on these days."""
    if (digest, days) not in _pools:
        _pools[digest, days] = for_papers(session, digest).pool(*days)
    return _pools[digest, days]


def deck(session: Transaction, digest: str, days: Days, rules: PaperRules) -> Deck:
    """The same made ready for drawing papers of some rules."""
    if (digest, days, rules) not in _decks:
        _decks[digest, days, rules] = Deck(pool(session, digest, days), rules)
    return _decks[digest, days, rules]


def readable(session: Transaction, digest: str) -> Bank:
    """The bank with its keys, or without while they are sealed: then whoever asks a question for them is refused."""
    return for_papers(session, digest) if is_sealed(session, digest) else with_keys(session, digest)


def with_keys(session: Transaction, digest: str) -> Bank:
    """The bank with its keys, for who knows that they may be read; raises Refused(keys_sealed)."""
    if digest not in _with_keys:
        _with_keys[digest] = parse_bank(source(session, digest))
    return _with_keys[digest]


def source(session: Transaction, digest: str) -> bytes:
    """The file of the bank; raises Refused(keys_sealed)."""
    found = session.scalar(select(DbBank.source).where(DbBank.digest == digest))
    if found is None:
        raise Refused("keys_sealed")
    return found


def is_sealed(session: Transaction, digest: str) -> bool:
    """Whether the keys may not be read; what is held of them is let go then."""
    found = session.execute(select(DbBank.source.is_(None)).where(DbBank.digest == digest)).scalar_one()
    if found:
        let_go(digest)
    return bool(found)


def let_go(digest: str) -> None:
    """Hold nothing in memory any more that tells the keys of a bank: it has been sealed."""
    if _with_keys.pop(digest, None):
        for callback in _callbacks:
            callback(digest)
