"""Plays every round of a contest through the real services in a scratch database, from opening to publication."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from quiz import chance
from quiz.app import create_app
from quiz.config import Config
from quiz.contest.schedule import Contest, Registration, Week
from quiz.contest.schedule_files import parse_contest
from quiz.demo.people import share
from quiz.errors import Refused
from quiz.key_file import KeyFile
from quiz.models import Base, db
from quiz.models.people import DbAgency, DbMembership, DbPerson, DbPersonGroup, DbRegistration, DbRoleGrant
from quiz.permissions import Role
from quiz.questions.paper import Paper
from quiz.services import (
    SYSTEM,
    Actor,
    Transaction,
    attempts,
    commitment_making,
    contest_files,
    contests,
    marking,
    publishing,
    transaction,
)
from quiz.services.contests import StoredWeek
from quiz.services.key_sealing import Sealer
from quiz.services.published import Publication
from quiz.simulation.cast import Player, Sitting, agencies, bank_text, players, sittings
from quiz.vietnamese import name_key, sort_key

CONSOLE = Actor(None)
BATCH = 500
PREPARED = timedelta(days=10)
MARKED_AFTER = timedelta(hours=1)

Progress = Callable[[str, int, int], None]


def simulate(
    source: bytes, banks: Mapping[str, bytes], people: int, progress: Progress
) -> Iterator[tuple[Contest, Publication]]:
    """The publication of each week, as made-up people would bring it about; banks that are not given are made up.

    Raises FaultyFile for a faulty contest file or bank, Refused where a week could not open with the banks given.
    """
    contest = parse_contest(source)
    with _scratch_database() as sealer:
        organiser, ids = prepare(contest, source, banks, people)
        cast = tuple(players(contest, people))
        for week in contest.rounds:
            sit(contest, week, cast, ids, sealer, partial(progress, f"{contest.name_of(week)}: làm bài"))
            _mark(contest, week, organiser, sealer, partial(progress, f"{contest.name_of(week)}: chấm bài"))
            if not week.is_practice:
                yield contest, _publish(contest, week, organiser)


@contextmanager
def _scratch_database() -> Iterator[Sealer]:
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'simulation.sqlite3'}"
        app = create_app(Config(database_url=url, secret_key=chance.seed().hex(), https=False))
        with app.app_context():
            Base.metadata.create_all(db.engine)
            try:
                yield KeyFile(Path(folder) / "seal-key")
            finally:
                db.session.remove()
                db.engine.dispose()


def prepare(contest: Contest, source: bytes, banks: Mapping[str, bytes], people: int) -> tuple[Actor, dict[int, int]]:
    """Everything that must be there before the first round opens; the organiser, and the rows of the players."""
    now = min(week.opens_at for week in contest.rounds) - PREPARED
    with transaction(CONSOLE) as session:
        contest_files.load_contest(session, source, CONSOLE, now, chance.seed)
        problems: tuple[str, ...] = ()
        for name in contest.banks:
            bank = banks.get(name) or bank_text(contest, name).encode()
            problems = contest_files.load_bank(session, bank, CONSOLE, now, name)
    if problems:
        raise Refused("simulation_stuck", problems="; ".join(problem.rstrip(".") for problem in problems))
    with transaction() as session:
        offices = _add_agencies(session, contest, people)
        ids = {
            player.number: _add_player(session, contest, player, offices, now) for player in players(contest, people)
        }
        organiser = _add_person(session, "BTC", "Ban Tổ chức giả lập", next(iter(offices.values())), "", now)
        session.add(DbRoleGrant(person_id=organiser, role=Role.ORGANISER))
    return Actor(organiser), ids


def _add_agencies(session: Transaction, contest: Contest, people: int) -> dict[str, int]:
    ids: dict[str, int] = {}
    for agency in agencies(contest, people):
        row = DbAgency(
            code=agency.code,
            name=agency.name,
            sort_key=sort_key(agency.name),
            kind=agency.kind,
            parent_id=ids.get(agency.parent),
        )
        session.add(row)
        session.flush()
        ids[agency.code] = row.id
    return ids


def _add_player(
    session: Transaction, contest: Contest, player: Player, offices: Mapping[str, int], now: datetime
) -> int:
    listed_at = now + PREPARED - timedelta(days=1) - player.registered_before
    code = f"GL{player.number:06d}"
    agency = offices[player.agency]
    person = _add_person(session, code, player.name, agency, player.division, listed_at)
    session.add(DbMembership(person_id=person, agency_id=agency, since=listed_at))
    session.add_all(DbPersonGroup(person_id=person, group_code=group) for group in player.groups)
    if contest.registration is Registration.OPEN:
        stored = contests.get_current(session).id
        session.add(
            DbRegistration(
                person_id=person,
                contest_id=stored,
                phone=f"09{player.number:08d}",
                id_hash=code,
                id_last_four=f"{player.number % 10_000:04d}",
                registered_at=listed_at,
            )
        )
    return person


def _add_person(session: Transaction, code: str, name: str, agency: int, division: str, listed_at: datetime) -> int:
    row = DbPerson(
        staff_code=code, name=name, name_key=name_key(name), agency_id=agency, division=division, listed_at=listed_at
    )
    session.add(row)
    session.flush()
    return row.id


def sit(
    contest: Contest,
    week: Week,
    cast: tuple[Player, ...],
    ids: Mapping[int, int],
    sealer: Sealer,
    progress: Callable[[int, int], None],
) -> None:
    """Everybody's attempts of one round, which opens as it was promised."""
    planned = sittings(contest, week, cast)
    with transaction() as session:
        if not week.is_practice:
            promised_at = week.opens_at - timedelta(hours=contest.commitment_hours)
            commitment_making.make(session, _stored(session, week), sealer, chance.seed, SYSTEM, promised_at)
        contests.freeze_due_weeks(session, week.opens_at)
    for first in range(0, len(planned), BATCH):
        with transaction() as session:
            stored = _stored(session, week)
            for sitting in planned[first : first + BATCH]:
                _play(session, contest, stored, sitting, ids[sitting.player.number])
        progress(min(first + BATCH, len(planned)), len(planned))


def _mark(contest: Contest, week: Week, organiser: Actor, sealer: Sealer, progress: Callable[[int, int], None]) -> None:
    with transaction(organiser) as session:
        marking.mark_week(session, _stored(session, week), _after(contest, week), organiser, progress)
    with transaction() as session:
        commitment_making.open_secrets(session, sealer, _after(contest, week))


def _publish(contest: Contest, week: Week, organiser: Actor) -> Publication:
    with transaction(organiser) as session:
        stored = _stored(session, week)
        now = _after(contest, week)
        seen = publishing.draft(session, stored, now).digest
        return publishing.publish(session, stored, seen, "", organiser, now)


def _after(contest: Contest, week: Week) -> datetime:
    return week.closes_at + contest.attempts.grace + MARKED_AFTER


def _play(session: Transaction, contest: Contest, week: StoredWeek, sitting: Sitting, person: int) -> None:
    """One attempt from start to hand-in, or to its deadline; whoever may not start does not."""
    try:
        code = attempts.start(session, person, week, sitting.starts_at, sitting.code)
    except Refused:
        return
    if code != sitting.code:
        return
    attempt = attempts.get(session, code, person)
    answers = _answers(attempts.paper_with_keys(session, attempt, week), sitting)
    prediction = sitting.prediction if contest.prediction and not week.week.is_practice else None
    ends_at = sitting.starts_at + sitting.lasts
    if ends_at < attempt.deadline_at:
        attempts.hand_in(session, code, person, 1, answers, ends_at, prediction)
    else:
        attempts.save(session, code, person, 1, answers, sitting.starts_at, prediction)
        attempts.close_overdue(session, attempt.accept_until + timedelta(milliseconds=1))


def _answers(paper: Paper, sitting: Sitting) -> list[str]:
    def answer(number: int, key: frozenset[str]) -> str:
        is_right = share("right", sitting.code, str(number)) < sitting.player.skill
        return "".join(sorted(key)) if is_right else next(letter for letter in "ABCD" if letter not in key)

    return [answer(item.number, item.key_shown) for item in paper.questions]


def _stored(session: Transaction, week: Week) -> StoredWeek:
    return contests.get_week(session, contests.get_current(session), week.number)
