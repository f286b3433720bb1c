"""Publications: what was seen is what is published, once and for all, and nothing more personal than a name."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quiz.errors import Refused
from quiz.models.audit import DbAuditEntry
from quiz.models.contests import DbBarred
from quiz.models.people import DbAgency
from quiz.models.results import DbPublication
from quiz.permissions import Role
from quiz.services import Actor, attempts, contest_files, contests, marking, publishing, results, transaction
from quiz.services.publishing import Publication
from quiz.verification.commitments import seed_hash
from tests import makers
from tests.kept import kept

MS = timedelta(milliseconds=1)
MINUTE = timedelta(minutes=1)
DAY = makers.WEEK_1 + timedelta(hours=2)
CLOSED = makers.WEEK_1_ENDS + MINUTE


@pytest.fixture
@kept
def organiser(session: Session) -> Actor:
    """Who publishes: a week of seven people, five with everything right in the same seconds; week 2 has begun."""
    makers.load_contest()
    city, central = makers.add_agency("H1", headcount=10), makers.add_agency("H2", kind="central")
    people = [
        makers.add_person(f"MA-CAN-BO-{place}", city if place < 4 else central, f"Lê Thị {place}", activated=False)
        for place in range(7)
    ]
    organiser = makers.add_person("BTC-1", city, roles=[Role.ORGANISER], activated=False)
    for place, person in enumerate(people):
        makers.sit(person, DAY + place * MINUTE, 3 * MINUTE, right=5 if place < 5 else 6 - place)
    absent = makers.add_person("MA-CAN-BO-7", city, "Lê Thị 7", activated=False)
    makers.sit(absent, makers.WEEK_2, number=2)
    return Actor(organiser)


@pytest.fixture
def marked(organiser: Actor) -> Actor:
    """The organiser of a week that is marked."""
    with transaction(makers.CONSOLE) as session:
        marking.mark_week(session, makers.week(session), CLOSED, makers.CONSOLE)
    return organiser


def seen(session: Session) -> str:
    """The digest of the ranking as the organiser sees it now."""
    session.rollback()
    return publishing.draft(session, makers.week(session), CLOSED).digest


def publish(actor: Actor, digest: str, reason: str = "", now: datetime = CLOSED) -> Publication:
    """Publish week 1 as the page does."""
    with transaction(actor) as session:
        return publishing.publish(session, makers.week(session), digest, reason, actor, now)


def refused(act: Callable[[], object]) -> str:
    """The code of the refusal of an act that must be refused."""
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.code


def strike(session: Session, place: int) -> None:
    """Bar the person who stands at this place."""
    ranked = results.provisional(session, makers.week(session)).divisions[0].top[place - 1]
    contest = makers.week(session).contest.id
    with transaction() as writing:
        writing.add(DbBarred(contest_id=contest, person_id=ranked.standing.result.person, group_code="ban-to-chuc"))


def test_publishing_needs_the_week_closed_and_marked(session: Session, organiser: Actor) -> None:
    for now in (DAY, makers.WEEK_1_ENDS, makers.WEEK_1_ENDS + timedelta(seconds=5)):
        assert refused(lambda now=now: publish(organiser, "", now=now)) == "not_closed"
    assert refused(lambda: publish(organiser, "")) == "not_marked"
    assert session.scalars(select(DbPublication)).all() == []


def test_what_was_seen_changes_with_the_barred_list_and_with_nothing_else(session: Session, marked: Actor) -> None:
    digests = [seen(session), seen(session)]
    makers.add_person("X", makers.add_agency("H9"), activated=False)
    digests.append(seen(session))
    assert len(set(digests)) == 1
    for place in (7, 1):  # the last one wins nothing, but the list that was checked is another
        strike(session, place)
        digests.append(seen(session))
    assert len(set(digests)) == 3


def test_publishing_needs_the_ranking_that_was_seen(session: Session, marked: Actor) -> None:
    old = seen(session)
    strike(session, 1)
    assert refused(lambda: publish(marked, old)) == "ranking_changed"
    assert refused(lambda: publish(marked, "")) == "ranking_changed"
    assert publish(marked, seen(session)).winners[0].name == "Lê Thị 1"


def test_the_number_rises_and_a_correction_needs_a_reason(session: Session, marked: Actor) -> None:
    contest = contests.get_current(session)
    assert publishing.find_latest(session, contest, 1) is None
    first = publish(marked, seen(session))
    for reason in ("", "  \n "):
        assert refused(lambda reason=reason: publish(marked, seen(session), reason)) == "reason_missing"
    assert refused(lambda: publish(marked, seen(session), "x" * 1001)) == "reason_long"
    strike(session, 2)
    second = publish(marked, seen(session), "  Người xếp hạng 2 thuộc Tổ ra đề. ", CLOSED + MINUTE)
    assert [(p.number, p.reason) for p in (first, second)] == [(1, ""), (2, "Người xếp hạng 2 thuộc Tổ ra đề.")]
    session.rollback()
    assert publishing.find_latest(session, contest, 1) == second
    assert publishing.find_latest(session, contest, 2) is None
    assert publishing.latest_of_each_week(session, contest) == (second,)
    kept = session.scalars(select(DbPublication).order_by(DbPublication.number)).all()
    assert [[w["name"] for w in json.loads(row.body)["divisions"][0]["winners"]][:2] for row in kept] == [
        ["Lê Thị 0", "Lê Thị 1"],
        ["Lê Thị 0", "Lê Thị 2"],
    ]


def test_a_publication_leaves_its_trace_with_the_digest_of_what_was_published(session: Session, marked: Actor) -> None:
    made = publish(marked, seen(session))
    session.rollback()
    row = session.scalars(select(DbPublication)).one()
    assert row.digest == made.digest == hashlib.sha256(row.body.encode()).hexdigest()
    entry = session.scalars(select(DbAuditEntry).order_by(DbAuditEntry.id.desc()).limit(1)).one()
    assert (entry.act, entry.actor_id, entry.at) == ("publish_results", marked.id, CLOSED)
    assert json.loads(entry.facts) == {"week": 1, "number": 1, "digest": row.digest}


def test_a_publication_can_be_neither_changed_nor_deleted(session: Session, marked: Actor) -> None:
    publish(marked, seen(session))
    with pytest.raises(ValueError, match="immutable"), transaction() as writing:
        writing.scalars(select(DbPublication)).one().reason = "khác"
    with pytest.raises(ValueError, match="immutable"), transaction() as writing:
        writing.delete(writing.scalars(select(DbPublication)).one())
    session.rollback()
    assert [row.reason for row in session.scalars(select(DbPublication))] == [""]


def test_the_public_body_holds_what_is_public_and_nothing_else(session: Session, marked: Actor) -> None:
    publish(marked, seen(session))
    text = session.scalars(select(DbPublication.body)).one()
    body = json.loads(text)
    assert set(body) == {
        "week",
        "number",
        "published_at",
        "reason",
        "lot_seed",
        "divisions",
        "overall",
        "collective",
        "agencies",
        "total",
        "kinds",
        "rulings",
        "lot",
    }
    (division,) = body["divisions"]
    figures = {"code", "name", "people", "attempts", "all_right", "questions", "target", "winners", "tied"}
    figures |= {"full", "bands"}
    assert set(division) == figures
    told = frozenset({"prize", "amount", "rank", "name", "agency", "why"})
    assert {frozenset(winner) for winner in division["winners"]} == {told}
    assert {frozenset(agency) for agency in body["agencies"]} == {
        frozenset(
            {
                "name",
                "kind",
                "kind_words",
                "headcount",
                "exempt",
                "people",
                "contest_headcount",
                "contest_exempt",
                "contest_people",
                "threshold",
            }
        )
    }
    del body["published_at"]
    rest = json.dumps(body, ensure_ascii=False)
    private = ["MA-CAN-BO", "@example.vn", "Chuyên viên", *(makers.code(number) for number in range(100))]
    assert [word for word in private if word in rest] == []
    assert re.findall(r"\d:\d\d|\d giờ|07/10|2024-", rest) == []


def test_agencies_are_published_under_the_words_of_the_contest_then(session: Session, marked: Actor) -> None:
    named = makers.CONTEST.replace("thresholds:", "kinds: {city: 'Cơ quan, đơn vị thuộc tỉnh'}\n  thresholds:")
    with transaction(makers.CONSOLE) as writing:
        contest_files.load_contest(writing, named.encode(), makers.CONSOLE, CLOSED, lambda: b"seed")
    before = publish(marked, seen(session))
    assert [agency.kind_words for agency in before.agencies] == [
        "Cơ quan, đơn vị thuộc tỉnh",
        "Cơ quan Trung ương trên địa bàn",
    ]
    makers.load_contest()
    session.rollback()
    kept = publishing.find_latest(session, contests.get_current(session), 1)
    assert kept == before


def test_the_winners_are_published_with_prize_rank_and_reason(session: Session, marked: Actor) -> None:
    made = publish(marked, seen(session))
    assert [(w.prize, w.rank, w.name, w.agency) for w in made.winners] == [
        ("Giải Nhất", 1, "Lê Thị 0", "Cơ quan H1"),
        ("Giải Nhì", 2, "Lê Thị 1", "Cơ quan H1"),
        ("Giải Nhì", 3, "Lê Thị 2", "Cơ quan H1"),
        ("Giải Ba", 4, "Lê Thị 3", "Cơ quan H1"),
        ("Giải Ba", 5, "Lê Thị 4", "Cơ quan H2"),
        ("Giải Ba", 6, "Lê Thị 5", "Cơ quan H2"),
    ]
    same = "cùng 5/5 câu đúng và cùng 3 phút 00 giây, nộp bài sớm hơn hạng"
    assert [w.why for w in made.winners] == [
        *(f"{same} {rank}" for rank in (2, 3, 4, 5)),
        "đúng 5/5 câu, nhiều hơn hạng 6 (1/5 câu)",
        "đúng 1/5 câu, nhiều hơn hạng 7 (0/5 câu)",
    ]


def test_the_figures_add_up(session: Session, marked: Actor) -> None:
    made = publish(marked, seen(session))
    bands = results.score_bands(session, makers.week(session), "")
    assert bands == {5: 5, 1: 1, 0: 1}
    assert (made.people, made.attempts, made.all_right, made.divisions[0].questions) == (7, 7, 5, 5)
    assert [(a.name, a.headcount, a.exempt, a.people, a.contest_people) for a in made.agencies] == [
        ("Cơ quan H1", 10, 0, 4, 4),
        ("Cơ quan H2", 3, 0, 3, 3),
    ]
    assert (made.total.headcount, made.total.people) == (13, made.people)
    assert [str(agency.limit) for agency in made.agencies] == ["7/10", "1/2"]
    assert seed_hash("lot", bytes.fromhex(made.lot_seed)) == makers.week(session).lot_commitment


def test_a_week_published_late_counts_the_contest_up_to_that_week(session: Session, marked: Actor) -> None:
    made = publish(marked, seen(session), now=makers.WEEK_2_ENDS)
    assert [(a.people, a.contest_people) for a in made.agencies] == [(4, 4), (3, 3)]


def test_a_publication_keeps_its_figures_when_the_agencies_change(session: Session, marked: Actor) -> None:
    made = publish(marked, seen(session))
    with transaction() as writing:
        writing.scalars(select(DbAgency).where(DbAgency.code == "H1")).one().name = "Tên mới"
        writing.scalars(select(DbAgency).where(DbAgency.code == "H2")).one().headcount = 500
    makers.add_agency("H3", "A Cơ quan mới")
    session.rollback()
    assert publishing.find_latest(session, contests.get_current(session), 1) == made


DIVIDED = """
attempts: {per_week: 2, counts: best}
divisions:
  - {code: can-bo, name: Cán bộ, paper: {points: 2}}
  - code: nguoi-dan
    name: Người dân
    paper: {questions: 3, minutes: 5, bank: dan}
    ranking: [score, fewer_attempts]
    prizes: [{name: Giải Vàng, count: 1, amount: 1000000}]
"""


def test_two_divisions_each_by_its_own_papers_chain_and_prizes(session: Session) -> None:
    makers.load_contest(makers.CONTEST + DIVIDED)
    with transaction(makers.CONSOLE) as writing:
        contest_files.load_bank(writing, makers.bank_text(9, key="B").encode(), makers.CONSOLE, makers.BEFORE, "dan")
    agency = makers.add_agency()
    organiser = Actor(makers.add_person("BTC-1", agency, roles=[Role.ORGANISER], activated=False))
    people = {
        code: makers.add_person(code, agency, f"Lê Thị {code}", activated=False, division=division)
        for code, division in (("A", "can-bo"), ("B", "can-bo"), ("C", "nguoi-dan"), ("D", "nguoi-dan"))
    }
    for place, (code, right) in enumerate((("A", 4), ("B", 5), ("C", 3), ("D", 1), ("D", 3))):
        sit_with_saves(people[code], DAY + place * 20 * MINUTE, right, makers.code(place))
    with transaction(makers.CONSOLE) as writing:
        marking.mark_week(writing, makers.week(writing), CLOSED, makers.CONSOLE)
    made = publish(organiser, seen(session))
    assert [
        (one.name, one.questions, one.people, one.attempts, one.all_right, [(w.prize, w.name) for w in one.winners])
        for one in made.divisions
    ] == [
        ("Cán bộ", 5, 2, 2, 1, [("Giải Nhất", "Lê Thị B"), ("Giải Nhì", "Lê Thị A")]),
        ("Người dân", 3, 2, 3, 2, [("Giải Vàng", "Lê Thị C")]),
    ]
    assert [won.why for won in made.winners] == [
        "đạt 10/10 điểm, nhiều hơn hạng 2 (8/10 điểm)",
        "không có ai xếp sau",
        "cùng 3/3 câu đúng, có 1 lượt thi, ít hơn hạng 2 (2 lượt)",
    ]
    assert (made.people, made.attempts, made.all_right) == (4, 5, 3)
    assert [(w.prize, w.amount) for w in made.divisions[1].winners] == [("Giải Vàng", 1_000_000)]


def sit_with_saves(person: int, begins: datetime, right: int, code: str) -> None:
    """An attempt as the page takes it: started, saved after each question, handed in as saved."""
    with transaction() as writing:
        week = makers.week(writing)
        makers.start(writing, person, week, begins, code)
        questions = attempts.paper_with_keys(writing, attempts.get(writing, code, person), week).questions
        sheet = [""] * len(questions)
        for seq, item in enumerate(questions, start=1):
            chosen = item.key_shown if seq <= right else set("ABCD") - item.key_shown
            sheet[seq - 1] = "".join(sorted(chosen))
            attempts.save(writing, code, person, seq, sheet, begins + seq * timedelta(seconds=10))
        attempts.hand_in(writing, code, person, len(questions) + 1, None, begins + MINUTE)
