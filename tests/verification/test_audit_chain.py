"""Whoever touches a log is told at which entry, and in which way."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from quiz.verification.audit_chain import (
    ERASING,
    GENESIS,
    Chained,
    Fault,
    Head,
    check,
    facts_hash,
    link,
    moment,
)

Log = list[Chained]


def chained(previous: str, number: int, act: str = "grant_role", facts: str = "{}", **kept: object) -> Chained:
    """An entry that follows another."""
    said = {"salt": f"s{number}", "who": "TC01", "facts": facts, "reason": f"lý do {number}"}
    at, hashed = f"2026-11-21T12:00:{number:02}.000000Z", facts_hash(**said)
    its_link = link(previous, number, at, 7, act, hashed)
    entry = Chained(number=number, at=at, actor=7, act=act, facts_hash=hashed, link=its_link, erased=False, **said)
    return replace(entry, **kept)


def a_log(count: int = 9) -> Log:
    """A whole log of so many entries."""
    log: Log = []
    for number in range(1, count + 1):
        log.append(chained(log[-1].link if log else GENESIS, number, facts=json.dumps({"week": number})))
    return log


def rebuilt(log: Log, start: int) -> Log:
    """The same with every hash computed anew from an entry on, numbers included: what a skilled hand would do."""
    done = log[: start - 1]
    for number, entry in enumerate(log[start - 1 :], start):
        hashed = facts_hash(entry.salt, entry.who, entry.facts, entry.reason)
        its_link = link(done[-1].link if done else GENESIS, number, entry.at, entry.actor, entry.act, hashed)
        done.append(replace(entry, number=number, facts_hash=hashed, link=its_link))
    return done


def numbered(log: Log) -> Log:
    """The same, numbered by place, hashes untouched."""
    return [replace(entry, number=number) for number, entry in enumerate(log, 1)]


def edited(number: int, **changed: object) -> Callable[[Log], Log]:
    return lambda log: [replace(entry, **changed) if entry.number == number else entry for entry in log]


def swapped(log: Log) -> Log:
    return [*log[:2], log[5], *log[3:5], log[2], *log[6:]]


STRANGER = chained("0" * 64, 4)


def test_a_whole_log_is_whole_and_so_is_an_empty_one() -> None:
    log = a_log()
    verdict = check(iter(log), [Head(0, GENESIS), Head(4, log[3].link), Head(9, log[8].link)])
    assert (verdict.count, verdict.link, verdict.fault) == (9, log[-1].link, None)
    assert (check([]).count, check([]).link) == (0, GENESIS)


def test_the_hashes_are_known_answers() -> None:
    """Whoever reads the protocol computes these."""
    hashed = facts_hash("00", "TC01", '{"role": "admin"}', "Theo quyết định")
    assert hashed == "e2e04d447d4051b77ca4073fb3857fbec01e69293c96104f6b69d6b119ca9303"
    assert (
        link(GENESIS, 1, "2026-11-21T12:11:40.000000Z", None, "grant_role", hashed)
        == "33a42117201e313f74c0864321996e0065f27049c7da1511f35627cd71e4d490"
    )


def test_a_moment_has_one_form() -> None:
    hanoi = timezone(timedelta(hours=7))
    assert moment(datetime(2026, 11, 21, 19, 11, 40, tzinfo=hanoi)) == "2026-11-21T12:11:40.000000Z"
    assert moment(datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC)) == "2026-01-02T03:04:05.000006Z"


@pytest.mark.parametrize(
    ("touched", "fault", "number"),
    [
        (edited(3, facts='{"week": 4}'), Fault.CHANGED_FACTS, 3),
        (edited(3, reason=""), Fault.CHANGED_FACTS, 3),
        (edited(3, who="TC02"), Fault.CHANGED_FACTS, 3),
        (edited(3, salt="x"), Fault.CHANGED_FACTS, 3),
        (edited(3, actor=8), Fault.CHANGED, 3),
        (edited(3, actor=None), Fault.CHANGED, 3),
        (edited(3, at="2026-11-21T12:00:03.000001Z"), Fault.CHANGED, 3),
        (edited(3, act="end_exemption"), Fault.CHANGED, 3),
        (edited(3, link="0" * 64), Fault.CHANGED, 3),
        (edited(9, actor=8), Fault.CHANGED, 9),
        (edited(3, erased=True, facts='{"week": "đã xóa"}'), Fault.ERASED_UNSAID, 3),
        (lambda log: log[:3] + log[4:], Fault.MISSING, 4),
        (lambda log: log[:3] + log[6:], Fault.MISSING, 4),
        (lambda log: log[1:], Fault.MISSING, 1),
        (lambda log: numbered(log[:3] + log[4:]), Fault.MISSING, 4),
        (lambda log: numbered(log[:3] + log[6:]), Fault.MISSING, 4),
        (lambda log: numbered(swapped(log)), Fault.REORDERED, 3),
        (swapped, Fault.REORDERED, 3),
        (lambda log: log[::-1], Fault.REORDERED, 1),
        (lambda log: numbered([*log[:3], STRANGER, *log[3:]]), Fault.INSERTED, 4),
        (lambda log: [*log[:3], log[2], *log[3:]], Fault.INSERTED, 4),
        (lambda log: [*log, replace(STRANGER, number=10)], Fault.INSERTED, 10),
        (lambda log: log[:6], Fault.CUT, 7),
        (lambda _: [], Fault.CUT, 1),
        (lambda log: rebuilt(edited(3, facts="{}")(log), 3), Fault.REWRITTEN, 5),
        (lambda log: rebuilt(log[:3] + log[4:], 4), Fault.REWRITTEN, 5),
    ],
)
def test_what_was_touched_is_named(touched: Callable[[Log], Log], fault: Fault, number: int) -> None:
    log = a_log()
    heads = [Head(5, log[4].link), Head(9, log[8].link)]
    verdict = check(touched(log), heads)
    assert (verdict.fault, verdict.number) == (fault, number)


def test_only_a_head_from_outside_tells_a_log_that_was_written_anew_or_cut() -> None:
    log = a_log()
    anew = rebuilt(edited(3, reason="Lý do khác")(log), 3)
    assert check(anew, [Head(9, anew[-1].link)]).fault is None
    assert check(log[:6], [Head(6, log[5].link)]).fault is None


def erased(log: Log, number: int, facts: str, salt: str) -> Log:
    """The log after an act that erased something of one entry."""
    done = edited(number, erased=True, facts=facts, salt=salt)(log)
    left = done[number - 1]
    says = {"entries": {str(number): facts_hash(left.salt, left.who, left.facts, left.reason)}}
    return [*done, chained(done[-1].link, len(done) + 1, act=ERASING, facts=json.dumps(says))]


def test_erasing_keeps_the_chain_and_says_so() -> None:
    log = a_log()
    twice = erased(erased(erased(log, 3, '{"week": "đã xóa"}', "x"), 5, "{}", "y"), 3, "{}", "z")
    verdict = check(twice, [Head(9, log[8].link)])
    assert (verdict.fault, verdict.count, verdict.erased) == (None, 12, {11: 1, 12: 1})


@pytest.mark.parametrize(
    ("touched", "fault"),
    [
        (edited(3, facts='{"week": "không xóa"}'), Fault.CHANGED_FACTS),
        (edited(3, reason="khác"), Fault.CHANGED_FACTS),
        (lambda log: [*log[:2], a_log()[2], *log[3:]], Fault.NOT_ERASED),
    ],
)
def test_what_erasing_left_cannot_be_touched_either(touched: Callable[[Log], Log], fault: Fault) -> None:
    verdict = check(touched(erased(a_log(), 3, '{"week": "đã xóa"}', "x")))
    assert (verdict.fault, verdict.number) == (fault, 3)
