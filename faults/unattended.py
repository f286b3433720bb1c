"""No scheduler at all: a week opens and closes by the time alone, to the second; nothing is lost until one comes."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import repeat
from random import Random

from faults.ledger import Ledger
from faults.people import START, Participant, Told
from faults.running import Asked, Outcome, database, outcome
from faults.scene import GRACE, MINUTE, lay_out
from faults.serving import serving
from faults.shifting import EVERYBODY, Shifted
from quiz import clock

CLOSERS = 24
BESIDE = 0.05
BEFORE, AFTER = timedelta(seconds=1), timedelta(seconds=1)

Try = tuple[datetime, datetime, bool]
"""When it was sent, when the answer came, whether it was granted; by the server's clock."""


def unattended(asked: Asked) -> Outcome:
    """No scheduler runs; somebody tries to start as the week opens, others to start and to save as it closes."""
    minute = clock.now().replace(second=0, microsecond=0)
    opens, closes = minute + 20 * MINUTE, minute + 50 * MINUTE
    told = Told()
    with database(asked) as base, Ledger(asked.folder / "acks") as ledger:
        scene = lay_out(base.url, asked.folder, CLOSERS + 2, opens, closes)
        watch = Shifted(asked.folder / "clock", EVERYBODY)
        with serving(scene, asked.folder, watch.environment) as server:
            people = [
                Participant(number, server.port, ledger, told, Random(f"{asked.seed}-{number}"))
                for number in range(CLOSERS + 2)
            ]
            for one in people:
                one.sign_in()
            first, saver, *closers = people
            watch.show(opens - BEFORE)
            opening = list(_starts(watch, repeat(first), opens + AFTER))
            watch.show(closes - BEFORE)
            code = saver.start()
            closing = list(_starts(watch, closers, closes + AFTER))
            watch.show(closes + GRACE - BEFORE)
            saves = list(_saves(watch, saver, code, closes + GRACE + AFTER))
            watch.shift(timedelta(0))
        found = outcome(scene, ledger, told, tries=len(opening) + len(closing) + len(saves))
    begun = min((came for _, came, granted in opening if granted), default=closes)
    ended = max((sent for sent, _, granted in closing if granted), default=opens)
    figures = {
        "first start s after opening": round((begun - opens).total_seconds(), 2),
        "last start s before closing": round((closes - ended).total_seconds(), 2),
    }
    wrong = [
        *_wrong("started before opening", "refused after opening", opening, opens),
        *_wrong("refused before closing", "started after closing", closing, closes, ends=True),
        *_wrong("not saved within the grace", "saved after the grace", saves, closes + GRACE, ends=True),
    ]
    return Outcome(figures=figures | found.figures, wrong=[*wrong, *found.wrong])


def _starts(watch: Shifted, people: Iterable[Participant], until: datetime) -> Iterator[Try]:
    """One after the other tries to start, until it is over."""
    for one in people:
        if watch.now > until:
            return
        sent = watch.now
        answer = one.post(START)
        yield sent, watch.now, answer.status == 302
        time.sleep(BESIDE)


def _saves(watch: Shifted, one: Participant, code: str, until: datetime) -> Iterator[Try]:
    """Somebody saves again and again, until it is long over."""
    seq = 0
    while watch.now <= until:
        sent, seq = watch.now, seq + 1
        granted = one.saves(code, seq)
        yield sent, watch.now, granted
        time.sleep(BESIDE)


def _wrong(before: str, after: str, tries: Sequence[Try], moment: datetime, *, ends: bool = False) -> Iterator[str]:
    """What was answered otherwise than the moment says; what was under way just then may be answered either way."""
    for sent, came, granted in tries:
        if came < moment and granted is not ends:
            yield f"{before}: {came}"
        if sent > moment and granted is ends:
            yield f"{after}: {sent}"
