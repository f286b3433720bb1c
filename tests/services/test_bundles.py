"""The bundle of a publication: a stranger recomputes the week from it, whatever the rules; nobody is named in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from quiz.exports.bundle_zip import packed
from quiz.permissions import Role
from quiz.services import Actor, bundles, contests, lots, marking, publishing, reading, transaction
from quiz.services.published import Publication
from quiz.simulation.play import simulate
from quiz.verification.assembling import assemble
from quiz.verification.checks import verify
from tests import makers

RULE_BOOKS = Path(__file__).parent.parent / "rule_books"
BOOKS = ("hue-2025", "lang-son-2023", "bo-tu-phap-2021", "vcnet-2020")
"""One attempt and many, a prediction, divisions, a lot."""


def played(book: str) -> Iterator[tuple[str, dict[str, bytes]]]:
    """What each week would publish: which round its bundle waits for, and its files."""
    source = (RULE_BOOKS / f"{book}.yaml").read_bytes()
    for _, publication in simulate(source, {}, 60, lambda *_: None):
        session = reading()
        week = contests.get_week(session, contests.get_current(session), publication.week)
        assert bundles.is_as_published(session, week, publication)
        later = bundles.waits_for(session, week, publication.published_at + timedelta(hours=1))
        yield later.name if later else "", assemble(bundles.gather(session, week, publication))
        session.rollback()


@pytest.mark.parametrize("book", BOOKS)
def test_every_week_of_a_real_rule_book_can_be_recomputed(book: str) -> None:
    waits = []
    for later, files in played(book):
        waits.append(later)
        assert [(check.name, check.faults) for check in verify(files) if not check.holds] == []
        assert packed(files) == packed(files)
        held = b"".join(content for name, content in files.items() if name.endswith(".json")).decode()
        for secret in ("GL0000", "started_ms", '"agency"', "handed_in", "person_id"):
            assert secret not in held, secret
    assert waits[-1] == ""


def faults(files: dict[str, bytes]) -> list[object]:
    """What a stranger finds wrong."""
    return [(check.name, check.faults) for check in verify(files) if not check.holds]


def bundle_of(publication: Publication) -> dict[str, bytes]:
    """The files of what has just been published."""
    session = reading()
    session.rollback()
    week = makers.week(session, publication.week)
    assert bundles.is_as_published(session, week, publication)
    return assemble(bundles.gather(session, week, publication))


def draw(publication: Publication, value: str) -> Publication:
    """Two people sign the value, the week is ranked anew and published again."""
    office = makers.add_agency("BTC-2")
    one, other = (Actor(makers.add_person(f"BTC-{n}", office, roles=[Role.ORGANISER], activated=False)) for n in "12")
    now = publication.published_at + timedelta(days=1)
    with transaction(one) as session:
        week = makers.week(session, publication.week)
        made = lots.propose(session, week, value, "9/BB-BTC", "Bốc thăm theo thể lệ", one, now)
    with transaction(other) as session:
        seen = lots.get(session, contests.get_current(session), made).digest
        lots.approve(session, made, seen, other, now)
    with transaction(other) as session:
        marking.mark_week(session, makers.week(session, publication.week), now, other)
    with transaction(other) as session:
        week = makers.week(session, publication.week)
        seen = publishing.draft(session, week, now).digest
        return publishing.publish(session, week, seen, "Bốc thăm các giải còn chờ", other, now)


def test_ties_parted_by_a_public_value_can_be_recomputed_before_and_after_the_draw() -> None:
    source = (RULE_BOOKS / "dak-lak-2023.yaml").read_text("utf-8")
    source = source.replace("[score, time_taken, fewer_attempts, earlier_registration, lot]", "[score, lot]")
    source += "lot: {event: Giải đặc biệt xổ số kiến thiết ngày đầu tiên sau khi tuần thi đóng}\n"
    _, first = next(played := simulate(source.encode(), {}, 60, lambda *_: None))
    assert any(tie.lot_event for division in first.divisions for tie in division.tied)
    waiting = bundle_of(first)
    assert faults(waiting) == []
    assert json.loads(waiting["mo.json"])["lot_value"] is None
    second = draw(first, "Giải  đặc biệt: 90817")
    assert not any(division.tied for division in second.divisions)
    drawn = bundle_of(second)
    assert faults(drawn) == []
    assert json.loads(drawn["mo.json"])["lot_value"] == "Giải đặc biệt: 90817"
    places = [one for division in json.loads(drawn["ket-qua.json"])["divisions"] for one in division["standings"]]
    assert {one["decided_by"] for one in places} >= {"score", "lot"}
    played.close()
