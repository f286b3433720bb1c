"""One sitting: start, save, hand in. A save or hand-in is one plain statement by primary key; no paper is drawn."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from quiz.contest.attempt_rules import check_may_start, check_prediction, check_sheet, deadline
from quiz.errors import Refused
from quiz.models.attempts import DbAttempt
from quiz.models.contests import DbWeek
from quiz.questions.paper import Paper
from quiz.services import Transaction, contests, insert_or_leave
from quiz.services.attempt_statements import (
    ATTEMPTS,
    CLOSE_OVERDUE,
    END,
    GET,
    OF_PERSON,
    SAVE,
    SAVE_AND_END,
)
from quiz.services.attempt_values import Attempt as Attempt
from quiz.services.attempt_values import attempt_of
from quiz.services.contests import StoredWeek
from quiz.services.entrants import StartFacts, start_facts
from quiz.vietnamese import closing, moment

HIGHEST_SEQ = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """The acknowledgement of a save: what is stored now, and the deadline by which the page sets its clock."""

    seq: int
    deadline_at: datetime


def start(
    session: Transaction, person_id: int, week: StoredWeek, now: datetime, code: str, *, is_room_left: bool = True
) -> str:
    """Start an attempt, or go on with the one in progress; its code.

    A double click or a second tab gets the same attempt: the row is unique by week, person and number.
    Raises Refused as `check_may_start` does, or no_room, no_bank, no_commitment.
    """
    rules = week.contest.rules
    facts = start_facts(session, person_id, week, now)
    if facts.in_progress:
        return facts.in_progress
    check_may_start(facts.entrant, rules, week.week, now)
    if not is_room_left:
        raise Refused("no_room")
    week = _frozen(session, week, now)
    begun = beginning(session, person_id, contests.held(session, week), facts, now)
    connection = session.connection()
    started = connection.execute(insert_or_leave(connection, DbAttempt), begun | {"code": code})
    if started.rowcount == 1:
        return code
    in_progress = start_facts(session, person_id, week, now).in_progress
    if in_progress is None:
        raise Refused("already_sat", week=week.name)
    return in_progress


def beginning(
    session: Transaction, person_id: int, week: StoredWeek, facts: StartFacts, now: datetime
) -> dict[str, object]:
    """The row, but for its code, of an attempt that starts now; raises Refused: no_bank, no_commitment."""
    rules = week.contest.rules
    contests.pool(session, week, facts.division)
    if week.commitment is None and not week.week.is_practice:
        raise Refused("no_commitment", week=week.name)
    asked = rules.paper_of(week.week, facts.division)
    ends = deadline(now, asked.time_allowed + facts.extra_time, week.week)
    return {
        "week_id": week.id,
        "person_id": person_id,
        "number": facts.last_number + 1,
        "questions": asked.questions,
        "started_at": now,
        "deadline_at": ends,
        "accept_until": ends + rules.attempts.grace,
        "seq": 0,
        "answers": "",
        "division": facts.division,
        "entry_id": person_id,
        "agency": facts.agency,
        "registered_at": facts.registered_at,
        "seen": " ".join(sorted(_seen_by(session, person_id, week.contest.id))) if asked.avoid_seen else "",
        "returned_ms": 0,
    }


def _frozen(session: Transaction, week: StoredWeek, now: datetime) -> StoredWeek:
    if week.frozen_at is not None:
        return week
    contests.freeze_due_weeks(session, now)
    session.expire_all()
    return contests.get_week_by_id(session, week.id)


def get(session: Transaction, code: str, person_id: int) -> Attempt:
    """The person's own attempt; raises Refused(attempt_missing) for anybody else's."""
    row = session.connection().execute(GET, {"the_code": code, "person": person_id}).first()
    if row is None:
        raise Refused("attempt_missing")
    return attempt_of(row)


def of_person(session: Transaction, person_id: int) -> tuple[Attempt, ...]:
    """Everything that a person has sat, oldest first, as it stands outside any transaction."""
    return tuple(attempt_of(row) for row in OF_PERSON.read_all(session, {"person": person_id}))


def save(
    session: Transaction,
    code: str,
    person_id: int,
    seq: int,
    answers: Sequence[str],
    now: datetime,
    prediction: int | None = None,
) -> Saved:
    """Store the whole sheet if its sequence number is higher than the stored one, the attempt open and in time.

    The same sheet sent again is acknowledged again. Raises Refused: bad_sheet, bad_prediction, attempt_missing,
    attempt_annulled, already_handed_in, too_late, older_sheet.
    """
    sheet = check_sheet(answers, len(answers))
    facts = sheet_facts(code, person_id, seq, sheet, prediction, now)
    stored = session.connection().execute(SAVE, facts).first()
    if stored:
        return Saved(seq=seq, deadline_at=stored.deadline_at)
    attempt = get(session, code, person_id)
    check_sheet(answers, attempt.questions)
    _check_open(attempt, now)
    if (attempt.seq, attempt.answers, attempt.prediction) != (seq, sheet, prediction):
        raise Refused("older_sheet")
    return Saved(seq=attempt.seq, deadline_at=attempt.deadline_at)


def hand_in(
    session: Transaction,
    code: str,
    person_id: int,
    seq: int,
    answers: Sequence[str] | None,
    now: datetime,
    prediction: int | None = None,
) -> Attempt:
    """End the attempt with this sheet, or with what was saved where `answers` is None. Handing in twice is once.

    After the deadline the attempt ends at its deadline with what was saved. Raises Refused: bad_sheet,
    bad_prediction, attempt_missing, older_sheet.
    """
    connection = session.connection()
    sheet = None if answers is None else check_sheet(answers, len(answers))
    if sheet is not None:
        facts = sheet_facts(code, person_id, seq, sheet, prediction, now)
        ended = connection.execute(SAVE_AND_END, facts).first()
        if ended:
            return attempt_of(ended)
    attempt = get(session, code, person_id)
    if attempt.handed_in_at is not None or attempt.is_annulled:
        return attempt
    if now > attempt.accept_until:
        close_overdue(session, now)
        return get(session, code, person_id)
    if sheet is not None and (check_sheet(sheet, attempt.questions), prediction) != (
        attempt.answers,
        attempt.prediction,
    ):
        raise Refused("older_sheet")
    connection.execute(END, {"the_code": code, "person": person_id, "now": now})
    return get(session, code, person_id)


def close_overdue(session: Transaction, now: datetime) -> int:
    """Write down that attempts ended at their own deadline with what was saved; how many. Twice is once."""
    return session.connection().execute(CLOSE_OVERDUE, {"now": now}).rowcount


def paper(session: Transaction, attempt: Attempt, week: StoredWeek) -> Paper:
    """The paper of an attempt, without keys, drawn again from the week's frozen bank and seed and what was seen."""
    return contests.deck(session, week, attempt.division).draw(week.draw_seed, attempt.code, attempt.seen)


def paper_with_keys(session: Transaction, attempt: Attempt, week: StoredWeek) -> Paper:
    """The same paper with its keys; raises Refused(keys_sealed)."""
    return contests.deck_with_keys(session, week, attempt.division).draw(week.draw_seed, attempt.code, attempt.seen)


def _seen_by(session: Transaction, person_id: int, contest_id: int) -> set[str]:
    """The ids of every question on the person's papers of this contest, whatever became of those attempts."""
    of_contest = select(DbWeek.id).where(DbWeek.contest_id == contest_id)
    rows = session.execute(
        select(ATTEMPTS).where(ATTEMPTS.c.person_id == person_id, ATTEMPTS.c.week_id.in_(of_contest))
    )
    earlier = [attempt_of(row) for row in rows.all()]
    weeks = {week_id: contests.get_week_by_id(session, week_id) for week_id in {one.week_id for one in earlier}}
    papers = (paper(session, one, weeks[one.week_id]) for one in earlier)
    return {item.question.id for drawn in papers for item in drawn.questions}


def check_answers_visible(week: StoredWeek, now: datetime) -> None:
    """Keys and explanations are shown only after the week has closed; raises Refused(answers_hidden)."""
    rules = week.contest.rules
    if not rules.is_over(week.week, now):
        raise Refused("answers_hidden", week=week.name, closes=closing(week.week.closes_at, rules.zone))


def _check_open(attempt: Attempt, now: datetime) -> None:
    if attempt.is_annulled:
        raise Refused("attempt_annulled")
    if attempt.handed_in_at is not None:
        raise Refused("already_handed_in", handed_in=moment(attempt.handed_in_at))
    if now > attempt.accept_until:
        raise Refused("too_late", deadline=moment(attempt.deadline_at))


def sheet_facts(
    code: str, person_id: int, seq: int, sheet: tuple[str, ...], prediction: int | None, now: datetime
) -> dict[str, object]:
    """A sheet as the statements take it; raises Refused: bad_sheet, bad_prediction."""
    if not 0 <= seq <= HIGHEST_SEQ:
        raise Refused("bad_sheet", where="seq")
    return {
        "the_code": code,
        "person": person_id,
        "sheet_seq": seq,
        "sheet": json.dumps(sheet),
        "count": len(sheet),
        "predicted": check_prediction(prediction),
        "now": now,
    }
