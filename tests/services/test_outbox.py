"""The outbox: what is told is told once, waits longer after each try, ends when it is too late or unwanted."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quiz.models.mail import DbLetter, DbRefusedAddress, DbUnsubscribed
from quiz.models.people import DbPerson
from quiz.services import outbox, transaction
from quiz.services.outbox import MOST_REFUSALS, MOST_TRIES, Kind, Letter, State
from quiz.smtp import Answer, Outcome
from tests import makers

NOW = makers.WEEK_1
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def letter(person_id: int, key: str = "a", **otherwise: object) -> Letter:
    fields = {
        "key": key,
        "kind": Kind.REMINDER,
        "person_id": person_id,
        "address": "A1@example.vn",
        "subject": "Nhắc dự thi",
        "text": "Lời nhắc",
        "html": "<p>Lời nhắc</p>",
        "unsubscribe_url": "https://hoithi.example.vn/thu/ngung/x",
        "expires_at": NOW + 100 * HOUR,
    }
    return Letter(**{**fields, **otherwise})  # type: ignore[arg-type]


@pytest.fixture
def person(session: Session) -> int:
    return makers.add_person("A1", makers.add_agency(), activated=False)


def write(*letters: Letter) -> int:
    with transaction() as session:
        return outbox.write(session, letters, "hoithi.example.vn", NOW)


def rows(session: Session) -> list[DbLetter]:
    session.rollback()
    session.expire_all()
    return list(session.scalars(select(DbLetter).order_by(DbLetter.id)))


def states(session: Session) -> list[str]:
    return [row.state for row in rows(session)]


def tidy(now: datetime = NOW) -> None:
    with transaction() as session:
        outbox.tidy(session, now)


def hand_over(outcome: Outcome, now: datetime = NOW, words: str = "said") -> bool:
    """Claim what is due, and settle it with this outcome; whether anything was due."""
    with transaction() as session:
        claimed = outbox.claim(session, now)
    if claimed is None:
        return False
    with transaction() as session:
        outbox.settle(session, claimed.id, Answer(outcome, words), now)
    return True


def test_the_same_is_told_once_under_one_message_id(session: Session, person: int) -> None:
    assert write(letter(person), letter(person, "b")) == 2
    before = [row.message_id for row in rows(session)]
    assert write(letter(person), letter(person, "c"), letter(person, "c")) == 1
    found = [row.message_id for row in rows(session)]
    assert found[:2] == before
    assert len(set(found)) == 3
    assert all(each.endswith("@hoithi.example.vn>") for each in found)


def test_a_subject_has_no_second_line(session: Session, person: int) -> None:
    write(letter(person, subject="Nhắc\r\nBcc: everybody@example.vn"))
    assert rows(session)[0].subject == "Nhắc Bcc: everybody@example.vn"


def test_a_long_subject_is_cut_to_what_the_outbox_can_hold(session: Session, person: int) -> None:
    """Contests without a short title are named by their whole title, which may be as long as people like."""
    write(letter(person, subject="Hội thi " * 60))
    assert rows(session)[0].subject == ("Hội thi " * 60)[:299] + "…"


def test_a_letter_that_was_taken_is_never_due_again_and_its_words_are_forgotten(session: Session, person: int) -> None:
    write(letter(person))
    assert hand_over(Outcome.TAKEN)
    [row] = rows(session)
    assert (row.state, row.sent_at, row.text, row.html) == (State.SENT, NOW, "", "")
    assert not hand_over(Outcome.TAKEN, NOW + 50 * HOUR)


def test_a_letter_waits_longer_after_each_try_and_fails_in_the_end(session: Session, person: int) -> None:
    write(letter(person))
    now, waits = NOW, []
    while states(session) == [State.WAITING]:
        assert hand_over(Outcome.LATER, now, "451 later")
        waits.append(rows(session)[0].next_try_at - now)
        now += waits[-1]
    assert states(session) == [State.FAILED]
    assert rows(session)[0].last_error == "451 later"
    tried = waits[: MOST_TRIES - 1]
    assert len(tried) == MOST_TRIES - 1
    assert all(usual * 0.75 <= wait <= usual * 1.25 for wait, usual in zip(tried, usual_waits(), strict=False))
    assert now - NOW > 12 * HOUR


def usual_waits() -> list[timedelta]:
    return [min(MINUTE * 2**place, 4 * HOUR) for place in range(MOST_TRIES)]


def test_two_letters_do_not_come_back_at_the_same_moment(session: Session, person: int) -> None:
    write(letter(person), letter(person, "b"))
    hand_over(Outcome.LATER)
    hand_over(Outcome.LATER)
    one, other = rows(session)
    assert one.next_try_at != other.next_try_at


def test_a_letter_is_claimed_by_one_only(session: Session, person: int) -> None:
    write(letter(person))
    with transaction() as mine:
        assert outbox.claim(mine, NOW)
    with transaction() as other:
        assert outbox.claim(other, NOW) is None


def test_a_letter_whose_sender_died_is_unknown_and_not_sent_again(session: Session, person: int) -> None:
    write(letter(person))
    with transaction() as mine:
        outbox.claim(mine, NOW)
    tidy(NOW + 10 * MINUTE)
    assert states(session) == [State.SENDING]
    tidy(NOW + 11 * MINUTE)
    assert states(session) == [State.UNKNOWN]
    assert not hand_over(Outcome.TAKEN, NOW + HOUR)


def test_an_answer_that_comes_late_is_still_believed(session: Session, person: int) -> None:
    write(letter(person))
    with transaction() as mine:
        claimed = outbox.claim(mine, NOW)
    assert claimed
    tidy(NOW + 11 * MINUTE)
    with transaction() as mine:
        outbox.settle(mine, claimed.id, Answer(Outcome.TAKEN), NOW + 12 * MINUTE)
    assert states(session) == [State.SENT]


def test_a_letter_that_nobody_claimed_cannot_be_settled(session: Session, person: int) -> None:
    write(letter(person))
    with pytest.raises(ValueError, match="not claimed"), transaction() as mine:
        outbox.settle(mine, rows(session)[0].id, Answer(Outcome.TAKEN), NOW)


def test_a_sender_that_is_refused_costs_no_try(session: Session, person: int) -> None:
    write(letter(person))
    hand_over(Outcome.SENDER_REFUSED)
    [row] = rows(session)
    assert (row.state, row.tries) == (State.WAITING, 0)


def test_a_server_that_is_away_lets_everything_wait_without_counting(session: Session, person: int) -> None:
    write(letter(person), letter(person, "b"))
    with transaction() as mine:
        outbox.put_off(mine, NOW)
        assert not outbox.is_due(mine, NOW + MINUTE - timedelta.resolution)
        assert outbox.is_due(mine, NOW + MINUTE)
    assert [(row.state, row.tries) for row in rows(session)] == [(State.WAITING, 0)] * 2


def test_what_comes_too_late_is_dropped_and_never_sent(session: Session, person: int) -> None:
    write(letter(person, expires_at=NOW + HOUR), letter(person, "b", expires_at=NOW + 2 * HOUR))
    tidy(NOW + HOUR - timedelta.resolution)
    assert states(session) == [State.WAITING, State.WAITING]
    tidy(NOW + HOUR)
    assert [(row.state, row.text) for row in rows(session)] == [(State.DROPPED, ""), (State.WAITING, "Lời nhắc")]
    assert not hand_over(Outcome.TAKEN, NOW + 2 * HOUR)


@pytest.mark.parametrize("kind", Kind)
def test_what_somebody_has_refused_since_is_dropped(session: Session, person: int, kind: Kind) -> None:
    write(letter(person), letter(person, "b", kind=Kind.DIGEST))
    with transaction() as writing:
        writing.add(DbUnsubscribed(person_id=person, kind=kind, since=NOW))
    tidy()
    expected = {
        Kind.REMINDER: [State.DROPPED, State.WAITING],
        Kind.DIGEST: [State.WAITING, State.DROPPED],
    }
    assert states(session) == expected.get(kind, [State.WAITING, State.WAITING])


@pytest.mark.parametrize("outcome", [Outcome.UNKNOWN, Outcome.LETTER_REFUSED])
def test_the_words_of_a_letter_that_nobody_can_send_again_are_forgotten(
    session: Session, person: int, outcome: Outcome
) -> None:
    write(letter(person))
    hand_over(outcome)
    for now, words in ((NOW + 99 * HOUR, "Lời nhắc"), (NOW + 100 * HOUR, "")):
        tidy(now)
        [row] = rows(session)
        assert (row.text, row.html, row.last_error) == (words, words and f"<p>{words}</p>", "said")


def test_who_has_left_is_not_written_to(session: Session, person: int) -> None:
    write(letter(person))
    with transaction() as writing:
        writing.get_one(DbPerson, person).left_at = NOW
    tidy()
    assert states(session) == [State.DROPPED]


def test_an_address_that_does_not_exist_gets_no_more_mail(session: Session, person: int) -> None:
    write(letter(person), letter(person, "b", address="a1@EXAMPLE.vn"), letter(person, "c", address="b@example.vn"))
    hand_over(Outcome.NO_SUCH_ADDRESS, words="550 5.1.1 no such user")
    tidy()
    assert states(session) == [State.FAILED, State.DROPPED, State.WAITING]
    row = session.scalars(select(DbRefusedAddress)).one()
    assert (row.address, row.last_error, row.blocked_at) == ("a1@example.vn", "550 5.1.1 no such user", NOW)


def test_an_address_refused_several_times_in_a_row_gets_no_more_mail(session: Session, person: int) -> None:
    write(*(letter(person, str(number)) for number in range(MOST_REFUSALS + 3)))
    hand_over(Outcome.ADDRESS_REFUSED)
    hand_over(Outcome.TAKEN)
    for _ in range(MOST_REFUSALS - 1):
        hand_over(Outcome.ADDRESS_REFUSED)
        tidy()
    assert State.DROPPED not in states(session)
    hand_over(Outcome.ADDRESS_REFUSED)
    tidy()
    assert states(session) == [State.FAILED, State.SENT, *[State.FAILED] * MOST_REFUSALS, State.DROPPED]


def test_a_letter_refused_for_its_content_says_nothing_of_the_address(session: Session, person: int) -> None:
    write(letter(person))
    hand_over(Outcome.LETTER_REFUSED)
    assert states(session) == [State.FAILED]
    assert session.scalars(select(DbRefusedAddress)).all() == []


def test_no_more_letters_leave_in_a_minute_than_allowed(session: Session, person: int) -> None:
    write(*(letter(person, str(number)) for number in range(5)))
    hand_over(Outcome.TAKEN)
    hand_over(Outcome.LATER, NOW + timedelta(seconds=30))
    with transaction() as mine:
        found = [outbox.room(mine, limit, NOW + timedelta(seconds=45)) for limit in (1, 2, 3, 60)]
        assert found == [0, 0, 1, 58]
        assert [outbox.room(mine, 3, NOW + wait) for wait in (MINUTE, 2 * MINUTE)] == [2, 3]
