"""People struck from a ranking: what it would change, doing it, and undoing it. The row of a strike is never deleted.

Whoever is struck keeps the attempt, the score and having taken part, and is passed over for prizes alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from sqlalchemy import or_, select

from quiz.errors import Refused
from quiz.models.contests import DbWeek
from quiz.models.people import DbPerson
from quiz.models.results import DbStanding
from quiz.models.reviews import DbStrike
from quiz.scoring.prizes import Awards
from quiz.services import Actor, Transaction, audit, awarding, contests, results
from quiz.services.contests import StoredWeek
from quiz.services.decisions import digest_of
from quiz.services.struck import Struck, in_words, struck_people
from quiz.vietnamese import clean, number

MOST_EVIDENCE = 4000
WHOLE_CONTEST, ONE_WEEK = "cả hội thi", "tuần này"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Why somebody is struck, on what evidence, and whether from the whole contest."""

    reason: str
    evidence: str
    whole_contest: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One prize and who holds it before and after; '' for nobody."""

    prize: str
    before: str
    after: str

    @property
    def is_changed(self) -> bool:
        """Whether somebody else holds it."""
        return self.before != self.after


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """The prizes of one week, or with the name '' those of the whole contest, in one division."""

    name: str
    division: str
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Every prize of the week in view, and of each other round in which one would change hands."""

    rounds: tuple[Round, ...]
    digest: str

    @property
    def is_changed(self) -> bool:
        """Whether any prize would change hands."""
        return any(slot.is_changed for one in self.rounds for slot in one.slots)


@dataclass(frozen=True, slots=True, kw_only=True)
class Strike:
    """A strike as staff read it; `undone_at` None while it holds."""

    id: int
    person_id: int
    name: str
    week_name: str
    whole_contest: bool
    reason: str
    evidence: str
    struck_by: str
    struck_at: datetime
    undone_by: str
    undone_at: datetime | None
    undo_reason: str


def preview(session: Transaction, week: StoredWeek, person_id: int, *, whole_contest: bool) -> Preview:
    """Who would win instead. Raises Refused: practice_not_ranked, not_marked, not_ranked, already_struck."""
    _check_may_strike(session, week, person_id)
    now = struck_people(session, week.contest)
    then = now.with_one(person_id, None if whole_contest else week.week.number, in_words(""))
    return _compared(session, week, now, then, ("strike", week.id, person_id, whole_contest))


def strike(
    session: Transaction, week: StoredWeek, person_id: int, terms: Terms, seen: str, actor: Actor, now: datetime
) -> int:
    """Strike somebody, having `seen` the digest of the preview; the strike's id.

    Raises Refused as the preview does, and: reason_missing, reason_long, evidence_missing, evidence_long,
    strike_changed.
    """
    session.get_one(DbWeek, week.id, with_for_update=True, populate_existing=True)
    week = contests.get_week_by_id(session, week.id)
    found = preview(session, week, person_id, whole_contest=terms.whole_contest)
    reason, evidence = check_terms(terms)
    if found.digest != seen:
        raise Refused("strike_changed")
    row = DbStrike(
        week_id=week.id,
        person_id=person_id,
        whole_contest=terms.whole_contest,
        reason=reason,
        evidence=evidence,
        struck_by=actor.id,
        struck_at=now,
    )
    session.add(row)
    session.flush()
    _record(session, audit.Act.STRIKE_RESULT, row, reason, actor, now)
    return row.id


def check_terms(terms: Terms) -> tuple[str, str]:
    """Reason and evidence without what nobody sees.

    Raises Refused: reason_missing, reason_long, evidence_missing, evidence_long.
    """
    reason, evidence = audit.checked_reason(terms.reason), "\n".join(map(clean, terms.evidence.splitlines())).strip()
    if not evidence:
        raise Refused("evidence_missing")
    if len(evidence) > MOST_EVIDENCE:
        raise Refused("evidence_long", maximum=MOST_EVIDENCE)
    return reason, evidence


def undo_preview(session: Transaction, strike_id: int) -> Preview:
    """Who would win if a strike were undone; raises Refused: strike_missing, strike_undone."""
    row = _standing(session, strike_id)
    week = contests.get_week_by_id(session, row.week_id)
    now, then = struck_people(session, week.contest), struck_people(session, week.contest, besides=row.id)
    return _compared(session, week, now, then, ("undo", row.id))


def undo(session: Transaction, strike_id: int, reason: str, seen: str, actor: Actor, now: datetime) -> None:
    """Let somebody win again, having `seen` the digest of the preview: an act of its own, with its own reason.

    Raises Refused: strike_missing, strike_undone, reason_missing, reason_long, strike_changed.
    """
    row = _standing(session, strike_id, locked=True)
    words = audit.checked_reason(reason)
    if undo_preview(session, strike_id).digest != seen:
        raise Refused("strike_changed")
    row.undone_by, row.undone_at, row.undo_reason = actor.id, now, words
    _record(session, audit.Act.UNDO_STRIKE, row, words, actor, now)


def of_week(session: Transaction, week: StoredWeek) -> tuple[Strike, ...]:
    """Every strike that touches a week, whether it holds or was undone, in the order of the acts."""
    rows = session.execute(
        select(DbStrike, DbWeek.number)
        .join(DbWeek, DbWeek.id == DbStrike.week_id)
        .where(DbWeek.contest_id == week.contest.id)
        .where(or_(DbStrike.week_id == week.id, DbStrike.whole_contest))
        .order_by(DbStrike.id)
    ).all()
    ids = {id_ for row, _ in rows for id_ in (row.person_id, row.struck_by, row.undone_by) if id_ is not None}
    people = session.execute(select(DbPerson.id, DbPerson.name).where(DbPerson.id.in_(ids)))
    names = {person.id: person.name for person in people}
    rules = week.contest.rules
    week_names = {one.number: rules.name_of(one) for one in rules.weeks}
    return tuple(
        Strike(
            id=row.id,
            person_id=row.person_id,
            name=names[row.person_id],
            week_name=week_names[week_number],
            whole_contest=row.whole_contest,
            reason=row.reason,
            evidence=row.evidence,
            struck_by=names[row.struck_by],
            struck_at=row.struck_at,
            undone_by=names.get(row.undone_by or 0, ""),
            undone_at=row.undone_at,
            undo_reason=row.undo_reason,
        )
        for row, week_number in rows
    )


def _check_may_strike(session: Transaction, week: StoredWeek, person_id: int) -> None:
    if week.week.is_practice:
        raise Refused("practice_not_ranked", week=week.name)
    if week.marked_at is None:
        raise Refused("not_marked", week=week.name)
    name = session.scalar(
        select(DbPerson.name)
        .join(DbStanding, DbStanding.person_id == DbPerson.id)
        .where(DbStanding.week_id == week.id, DbPerson.id == person_id)
    )
    if name is None:
        raise Refused("not_ranked", week=week.name)
    if any(one.person_id == person_id and one.undone_at is None for one in of_week(session, week)):
        raise Refused("already_struck", name=name)


def _standing(session: Transaction, strike_id: int, *, locked: bool = False) -> DbStrike:
    row = session.get(DbStrike, strike_id, with_for_update=locked or None, populate_existing=locked)
    if row is None:
        raise Refused("strike_missing")
    if row.undone_at is not None:
        raise Refused("strike_undone")
    return row


def _record(session: Transaction, act: audit.Act, row: DbStrike, reason: str, actor: Actor, now: datetime) -> None:
    audit.record(
        session,
        act,
        actor,
        now,
        reason=reason,
        week=session.get_one(DbWeek, row.week_id).number,
        person=session.get_one(DbPerson, row.person_id).staff_code,
        scope=WHOLE_CONTEST if row.whole_contest else ONE_WEEK,
    )


# What would change


Holders = Mapping[str, Sequence[int | str]]
"""By prize, in order: the winners by person, and in words where the rules cannot decide."""


def _compared(session: Transaction, week: StoredWeek, now: Struck, then: Struck, of: tuple[object, ...]) -> Preview:
    found = list(_rounds(session, week, now, then))
    people = {one for *_, before, after in found for held in (*before.values(), *after.values()) for one in held}
    names = results.people_by_id(session, week, {one for one in people if isinstance(one, int)})

    def words(holder: int | str | None) -> str:
        return f"{names[holder]['name']} ({names[holder]['agency']})" if isinstance(holder, int) else holder or ""

    rounds = [
        Round(
            name=name,
            division=division,
            slots=tuple(
                Slot(prize=prize, before=words(one), after=words(other))
                for prize in before | after
                for one, other in zip_longest(before.get(prize, ()), after.get(prize, ()))
            ),
        )
        for name, division, before, after in found
        if name == week.name or before != after
    ]
    digest = digest_of(of, [(name, division, before, after) for name, division, before, after in found])
    return Preview(rounds=tuple(rounds), digest=digest)


def _rounds(
    session: Transaction, week: StoredWeek, now: Struck, then: Struck
) -> Iterator[tuple[str, str, dict[str, list[int | str]], dict[str, list[int | str]]]]:
    """Every marked round of each division with who holds its prizes before and after; '' is the whole contest."""
    rules = week.contest.rules
    names = {one.number: rules.name_of(one) for one in rules.weeks}
    for division in rules.all_divisions:
        before, after = (awarding.lines(session, week.contest, division, each) for each in (now, then))
        for week_number, line in before.weeks.items():
            yield names[week_number], division.name, _holders(line.awards), _holders(after.weeks[week_number].awards)
        if before.overall and after.overall:
            yield "", division.name, _holders(before.overall.awards), _holders(after.overall.awards)


def _holders(awards: Awards) -> dict[str, list[int | str]]:
    held: dict[str, list[int | str]] = {}
    for won in awards.awards:
        held.setdefault(won.prize.name, []).append(won.standing.result.person)
    for tied in awards.undecided:
        for prize in tied.prizes:
            held.setdefault(prize.name, []).append(f"chưa phân định giữa {number(len(tied.standings))} người")
    return held
