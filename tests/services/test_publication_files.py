"""Pictures of publications: each is drawn once, by the scheduler, from what was published."""

from __future__ import annotations

from sqlalchemy.orm import Session

from quiz.models.publication_files import DbPublicationFile
from quiz.services import contests, installations, publication_files, publication_history, transaction
from tests import makers
from tests.services.results_scene import (
    CLOSED_2,
    add_organiser,
    add_people,
    bar,
    mark,
    publish,
    refused,
    sit_every_step,
)


def draw(session: Session, address: str = "") -> int:
    session.rollback()
    return publication_files.draw_missing(address, lambda: CLOSED_2)


def test_each_publication_is_drawn_once_and_keeps_its_picture(session: Session) -> None:
    makers.load_contest()
    people, organiser = add_people(), add_organiser()
    sit_every_step(people)
    mark()
    publish(session, organiser)
    contest = contests.get_current(session)
    assert refused(lambda: publication_files.picture(session, contest, 1, 1)) == "picture_not_drawn"
    assert refused(lambda: publication_files.picture(session, contest, 1, 2)) == "publication_missing"
    assert not publication_history.issues(session, contest, 1)[0].pictured
    assert draw(session) == 1
    first = publication_files.picture(session, contest, 1, 1)
    assert first[0].startswith(b"\x89PNG")
    assert draw(session) == 0
    bar(people["A"], session)
    publish(session, organiser, reason="Đính chính")
    assert draw(session) == 1
    assert publication_files.picture(session, contest, 1, 1) == first
    assert publication_files.picture(session, contest, 1, 2) != first
    assert session.query(DbPublicationFile).count() == 2
    assert [(each.number, each.pictured) for each in publication_history.issues(session, contest)] == [
        (2, True),
        (1, True),
    ]


def test_it_says_what_was_published_and_prizes_that_wait(session: Session) -> None:
    text = makers.CONTEST.replace("{name: Giải Nhì, count: 2}", "{name: Giải Nhì, count: 1}")
    makers.load_contest(text + "ranking: [score]\n")
    people, organiser = add_people(), add_organiser()
    sit_every_step(people)
    mark()
    publication = publish(session, organiser)
    facts = publication_files.gather(
        session, publication_history.issues(session, makers.week(session).contest)[0].id, "a.vn"
    )
    assert (facts.heading, facts.number, facts.address, facts.note) == ("Kết quả tuần 1", 1, "a.vn", "")
    assert [(award.prize, award.name) for award in facts.groups[0].awards][-1] == (
        ", ".join(publication.divisions[0].tied[-1].prizes),
        "Chờ Ban Tổ chức quyết định",
    )


def test_a_demo_says_so_on_its_pictures(session: Session) -> None:
    with transaction() as writing:
        installations.claim_for_demo(writing, makers.BEFORE)
    makers.load_contest()
    people, organiser = add_people(), add_organiser()
    sit_every_step(people)
    mark()
    publish(session, organiser)
    issue = publication_history.issues(session, makers.week(session).contest)[0]
    assert publication_files.gather(session, issue.id, "").note == publication_files.DEMO
