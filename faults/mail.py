"""The mail server takes the call and says nothing: nobody who sits notices, and the clock's jobs go on."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import select

from faults.running import Asked, Outcome, Stage, wait_for_ack
from faults.scene import ORGANISER, Scene, application
from faults.serving import scheduling
from quiz import clock
from quiz.models.people import DbPerson
from quiz.services import heartbeats, outbox, reading, transaction
from quiz.services.heartbeats import Part
from quiz.services.outbox import Kind, Letter
from tests.mailbox import silent_server

AT_ONCE, PATIENCE = 8, 60.0
LATE = 8.0
"""The scheduler of these runs is at work every second, and gives a mail server up after ten."""
HOST = "hoithi.example.vn"


def silence(stage: Stage, asked: Asked) -> Outcome:
    """The mail server hangs, a second for each round, while eight people sit and the scheduler has a letter to send."""
    _write_letter(stage.scene)
    with silent_server() as box:
        mail = {
            "QUIZ_SMTP_URL": f"smtp://127.0.0.1:{box.port}",
            "QUIZ_MAIL_FROM": f"hoithi@{HOST}",
            "QUIZ_BASE_URL": f"https://{HOST}",
        }
        with scheduling(stage.scene, asked.folder, mail), stage.crowd(AT_ONCE, asked.seed) as crowd:
            box.wait_for_a_call()
            wait_for_ack(crowd, PATIENCE)
            before, ends, wrong = crowd.told.kept, time.monotonic() + asked.rounds, list[str]()
            while time.monotonic() < ends and not wrong:
                wrong += _at_rest(stage.scene)
            kept = crowd.told.kept - before
    if not kept:
        wrong.append("nothing is acknowledged while the mail server hangs")
    return Outcome(figures={"mail silent s": asked.rounds, "acknowledged meanwhile": kept}, wrong=wrong)


def _write_letter(scene: Scene) -> None:
    now = clock.now()
    with application(scene):
        person = reading().scalars(select(DbPerson.id).where(DbPerson.staff_code == ORGANISER)).one()
        reading().rollback()
        letter = Letter(
            key="faults",
            kind=Kind.DIGEST,
            person_id=person,
            address=f"organiser@{HOST}",
            subject="Thư thử",
            text="",
            html="",
            unsubscribe_url=f"https://{HOST}/thu/ngung/x",
            expires_at=now + timedelta(days=1),
        )
        with transaction() as session:
            outbox.write(session, [letter], HOST, now)


def _at_rest(scene: Scene) -> Iterator[str]:
    """Wait for the next tick of what the clock decides; it comes long before the scheduler gives the mail server up."""
    begun, ends = clock.now(), time.monotonic() + LATE
    while time.monotonic() < ends:
        with application(scene):
            if heartbeats.last(reading()).get(Part.CLOCK, begun) > begun:
                return
        time.sleep(0.2)
    yield f"nothing that the clock decides was done for {LATE:.0f} s"
