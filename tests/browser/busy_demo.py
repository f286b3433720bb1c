"""The demo with one of everything in it: decisions, a roster on its way, moves, documents, an attempt being sat."""

from __future__ import annotations

import io
import re
import sqlite3
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from docx import Document
from flask import Flask
from sqlalchemy import select

from quiz import clock
from quiz.app import create_app
from quiz.config import Config
from quiz.contest import appeal_rules
from quiz.demo import load
from quiz.demo.__main__ import DATABASE
from quiz.exports.letters import Letter
from quiz.models.people import DbAgency, DbPerson
from quiz.permissions import Role
from quiz.services import (
    Actor,
    accounts,
    appeal_answers,
    appeals,
    attempts,
    certificates,
    contests,
    documents,
    item_report,
    letters,
    outbox,
    passwords,
    publishing,
    question_imports,
    reading,
    review_signals,
    roster_imports,
    ruling_preview,
    transaction,
)
from quiz.services.appeal_answers import Wording
from quiz.services.document_makers import MAKERS
from quiz.smtp import Answer, Outcome
from quiz.vietnamese import HANOI
from tests.conftest import SECRET
from tests.mailbox import Mailbox
from tests.services import question_scene
from tests.web.client import PageClient

CODES = {account.role: account.staff_code for account in reversed(load.sign_ins())}
DECISIONS = "/ban-to-chuc/quyet-dinh"
PAPER = {"number": "12/QĐ-BTC", "reason": "Mất điện toàn trụ sở từ 8 giờ đến 8 giờ 30"}
WORKBENCH = "/ban-to-chuc/cau-hoi"
ROSTER = "/ban-to-chuc/danh-sach"
CLOSED_WEEK = f"/ban-to-chuc/tuan-{load.OPEN_WEEK - 1}"


@dataclass(frozen=True, kw_only=True)
class BusyDemo:
    """The application, an agency, somebody of it, who else decides, where the winner of the closed week is reviewed
    and where one of its questions is found wrong; and the addresses to which no page leads."""

    app: Flask
    agency_id: int
    person_id: int
    second_organiser: str
    winner: str
    question: str
    elsewhere: tuple[str, ...]


def furnish(demo: Path, folder: Path) -> BusyDemo:
    """A copy of the demo in another folder, furnished through its own pages."""
    with sqlite3.connect(demo / DATABASE) as source, sqlite3.connect(folder / DATABASE) as copy:
        source.backup(copy)
    app = create_app(
        Config(
            database_url=f"sqlite:///{folder / DATABASE}",
            secret_key=SECRET,
            https=False,
            testing=True,
            mail=Mailbox(25).settings(),
        )
    )
    people = _people(app)
    organiser, coordinator, participant = (
        PageClient(app).sign_in(CODES[role], load.PASSWORD)
        for role in (Role.ORGANISER, Role.COORDINATOR, Role.PARTICIPANT)
    )
    _decide(organiser, PageClient(app).sign_in(people.second_organiser, load.PASSWORD), people.staff_code)
    winner = _review(app, organiser)
    question = _rule(app, organiser)
    _change_template(organiser)
    _keep_roster(app, organiser)
    _bring_questions(app, organiser)
    _write_questions(app)
    _keep_people(coordinator, people)
    _remind(app, coordinator, people.agency_id)
    _ask_for_documents(app, participant, coordinator, people.agency_id)
    _ask_for_letters(app, organiser)
    _appeal(app, people)
    own_data = "/tai-khoan/du-lieu"
    participant.post(f"{own_data}/yeu-cau", {"kind": "correct", "text": "Sửa họ và tên."}, form=own_data)
    participant.post(f"/thi/tuan-{load.OPEN_WEEK}", form="/thi")
    config: Config = app.config["QUIZ"]
    assert config.mail
    refusing = letters.site(config).unsubscribe_url(people.ids[0], outbox.Kind.REMINDER)
    with app.app_context(), transaction() as session:
        contest = contests.get_current(session)
        code = certificates.code_of(config.certificate_key, contest.id, people.participant_id)
    person = f"/ban-to-chuc/nguoi/{people.ids[1]}"
    elsewhere = (
        refusing.removeprefix(config.mail.base_url),
        f"/xac-nhan/{certificates.grouped(code)}",
        f"/ban-to-chuc/nguoi?tim={people.staff_code}",
        f"{person}/gop?staff_code={people.staff_code}",
        f"{CLOSED_WEEK}/van-ban",
        *(f"{WORKBENCH}{page}?bo={load.FIRST_BANK}" for page in ("", "/xuat", "/dua-vao-bo")),
        _sealed_question(app),
        "/ban-to-chuc/khieu-nai/2",
    )
    return BusyDemo(
        app=app,
        agency_id=people.agency_id,
        person_id=people.ids[0],
        second_organiser=people.second_organiser,
        winner=winner,
        question=question,
        elsewhere=elsewhere,
    )


@dataclass(frozen=True, kw_only=True)
class People:
    """Whom the furnishing is about: some of the coordinator's people, and those who act."""

    agency_id: int
    other_agency_id: int
    ids: tuple[int, ...]
    staff_code: str
    participant_id: int
    second_organiser: str


def _people(app: Flask) -> People:
    now = clock.now()
    with app.app_context(), transaction(Actor(None)) as session:
        agencies = {code: session.scalars(select(DbAgency.id).filter_by(code=code)).one() for code in ("SYT", "SCT")}
        colleagues = session.execute(
            select(DbPerson.id, DbPerson.staff_code)
            .where(DbPerson.agency_id == agencies["SYT"], DbPerson.staff_code != CODES[Role.COORDINATOR])
            .order_by(DbPerson.id)
            .limit(4)
        ).all()
        home = select(DbPerson.agency_id).filter_by(staff_code=CODES[Role.ORGANISER]).scalar_subquery()
        second = session.scalars(
            select(DbPerson.staff_code)
            .where(DbPerson.agency_id == home, DbPerson.staff_code != CODES[Role.ORGANISER])
            .order_by(DbPerson.id)
            .limit(1)
        ).one()
        candidate = accounts.find_candidate(session, second, "", now)
        accounts.set_password(session, candidate, passwords.hashed(load.PASSWORD))
        accounts.grant(session, second, Role.ORGANISER, Actor(None), now)
        participant = session.scalars(select(DbPerson.id).filter_by(staff_code=CODES[Role.PARTICIPANT])).one()
    return People(
        agency_id=agencies["SYT"],
        other_agency_id=agencies["SCT"],
        ids=tuple(row.id for row in colleagues),
        staff_code=str(colleagues[0].staff_code),
        participant_id=participant,
        second_organiser=second,
    )


def _decide(organiser: PageClient, second: PageClient, staff_code: str) -> None:
    """Extra time waiting, in force and about to be revoked; an incident waiting and one approved."""
    for minutes in ("5", "10"):
        allowance = organiser.post(f"{DECISIONS}/them-gio", PAPER | {"staff_code": staff_code, "minutes": minutes})
    second.post(f"{allowance}/duyet", {"seen": _seen(second.get(allowance)), "checked": "y"})
    yesterday = clock.now().astimezone(HANOI).date() - timedelta(days=1)
    for hour in (14, 9):
        times = {"began_at": f"{yesterday}T{hour:02d}:00", "ended_at": f"{yesterday}T{hour:02d}:30"}
        typed = PAPER | times | {"week": str(load.OPEN_WEEK), "whom": "all"}
        made = organiser.post(f"{DECISIONS}/su-co?cach=tra-thoi-gian", typed)
    second.post(f"{made}/duyet", {"seen": _seen(second.get(made)), "checked": "y"})


def _appeal(app: Flask, people: People) -> None:
    """An appeal that is answered and one that waits, sent on the day of the publication however long ago that was."""
    sender = Actor(people.participant_id, is_staff=False)
    wording = Wording(
        outcome=appeal_rules.Outcome.EXPLAINED, public_text="Đề nghị xem lại câu hỏi.", answer="Đã xem lại: đúng."
    )
    with app.app_context():
        with transaction(sender) as session:
            contest = contests.get_current(session)
            week = contests.get_week(session, contest, load.OPEN_WEEK - 1)
            published_at = publishing.get_latest(session, contest, week.week.number).published_at
            own = attempts.of_person(session, people.participant_id)
            code = next(one.code for one in own if one.week_id == week.id)
            for number in (1, 2):
                made = appeals.send(session, people.participant_id, code, number, "Câu này chưa rõ.", published_at)
            organiser = Actor(session.scalars(select(DbPerson.id).filter_by(staff_code=CODES[Role.ORGANISER])).one())
        with transaction(organiser) as session:
            appeal_answers.answer(session, contest, [made], wording, None, organiser, clock.now())


def _rule(app: Flask, organiser: PageClient) -> str:
    """A question to be voided, with what that would change; another whose preview is not computed yet; where a third is
    found wrong."""
    listing = f"{CLOSED_WEEK}/cau-hoi-sai"
    *two, third = re.findall(rf'href="({listing}/[^"]+)"', organiser.get(listing))[:3]
    for address in two:
        with app.app_context():
            ruling_preview.compute_waiting(clock.now)
        organiser.post(address, PAPER | {"kind": "void"}, form=address)
    return str(third)


def _review(app: Flask, organiser: PageClient) -> str:
    """The second of the closed week is struck; what is unusual and what the questions did is worked out. Where the
    first is reviewed."""
    with app.app_context():
        review_signals.work_out_due()
        item_report.analyse_due(clock.now)
    listing = f"{CLOSED_WEEK}/ra-soat"
    first, struck = re.findall(rf'href="({listing}/\d+)"', organiser.get(listing))[:2]
    terms = {"reason": "Thi hộ", "evidence": "Biên bản số 3", "scope": "week"}
    preview = organiser.post(f"{struck}/loai", terms, status=200)
    organiser.post(f"{struck}/loai/xac-nhan", terms | {"seen": _seen(preview), "checked": "y"})
    return str(first)


def _change_template(organiser: PageClient) -> None:
    """The office's own announcement in place of the original."""
    edited = io.BytesIO()
    Document(str(Letter.ANNOUNCEMENT.original)).save(edited)
    data = {"file": (io.BytesIO(edited.getvalue()), "mau-cua-so.docx")}
    organiser.post(f"/ban-to-chuc/mau-van-ban/{Letter.ANNOUNCEMENT.value}", data)


def _ask_for_letters(app: Flask, organiser: PageClient) -> None:
    """The announcement of the closed week is made."""
    organiser.post(
        f"{CLOSED_WEEK}/van-ban", {"issue": "1", "letters": Letter.ANNOUNCEMENT.value, "office": "Sở Nội vụ"}
    )
    with app.app_context():
        documents.make_waiting(MAKERS, clock.now)


def _keep_roster(app: Flask, organiser: PageClient) -> None:
    """One file with faults, one waiting to be confirmed."""
    titles = "Mã cán bộ;Họ và tên;Mã cơ quan"
    for text in (f"{titles}\nX1;;SNV\nX2;Lê Văn Tám;KHONG-CO\n", f"{titles}\nX1;Lê Văn Tám;SNV\n"):
        organiser.post(ROSTER, {"file": (io.BytesIO(text.encode()), "danh-sach.csv")}, form=ROSTER)
    with app.app_context():
        roster_imports.read_waiting(clock.now())


def _bring_questions(app: Flask, organiser: PageClient) -> None:
    """A file of questions that waits for somebody to choose among them."""
    questions = "Ai nhận hồ sơ? {=Bộ phận Một cửa ~Thanh tra ~Kho bạc ~Trường học}\n\nĐúng hay sai? {T}\n"
    data = {"bank": load.FIRST_BANK, "file": (io.BytesIO(questions.encode()), "cau-hoi.gift")}
    organiser.post(f"{WORKBENCH}/nhap", data)
    with app.app_context():
        question_imports.read_waiting(clock.now())


def _write_questions(app: Flask) -> None:
    """A question changed and approved, and one whose change is still a draft, in the bank that is not sealed."""
    with app.app_context():
        author, *others = reading().scalars(select(DbPerson.id).order_by(DbPerson.id).limit(3))
        first, second = (question.id for question in question_scene.current(load.FIRST_BANK).bank.questions[:2])
        for question_id in (first, second):
            changed = {"bank": load.FIRST_BANK, "explanation": "Theo văn bản đã nêu."}
            question_scene.edit(Actor(author), question_id, clock.now(), **changed)
        question_scene.approve(question_scene.Three(*map(Actor, (author, *others))), first, load.FIRST_BANK)


def _sealed_question(app: Flask) -> str:
    """Where a question of the open week stands, without its key."""
    with app.app_context():
        return f"{WORKBENCH}/cau/{question_scene.current().bank.questions[0].id}"


def _keep_people(coordinator: PageClient, people: People) -> None:
    """Somebody exempted, one who moves away, one whose leaving is known; a total declared."""
    agency, later = f"/co-quan/{people.agency_id}", clock.now().astimezone(HANOI).date() + timedelta(days=60)
    exempted, moving, leaving = (f"{agency}/nguoi/{each}" for each in people.ids[1:])
    typed = {"mien-reason": "Nghỉ thai sản", "mien-first": str(later)}
    coordinator.post(f"{exempted}/mien", typed, form=exempted)
    typed = {"receiver": people.other_agency_id, "first": str(later), "reason": "Quyết định số 5"}
    coordinator.post(f"{moving}/chuyen", {f"chuyen-{name}": value for name, value in typed.items()}, form=moving)
    typed = {"first": str(later), "reason": "Nghỉ hưu theo chế độ"}
    coordinator.post(f"{leaving}/thoi", {f"thoi-{name}": value for name, value in typed.items()}, form=leaving)
    headcount = f"{agency}/tong-so"
    coordinator.post(f"{headcount}/khai", {"headcount": "400", "why": "Theo biên chế được giao"}, form=headcount)


def _remind(app: Flask, coordinator: PageClient, agency_id: int) -> None:
    """The agency is reminded; of the letters one is in doubt, one address does not exist, the others wait."""
    page = f"/co-quan/{agency_id}/nhac-du-thi"
    coordinator.post(f"{page}/gui", {"text": "Kính mời ông/bà dự thi."}, form=page)
    with app.app_context():
        for outcome in (Outcome.UNKNOWN, Outcome.NO_SUCH_ADDRESS):
            with transaction() as session:
                claimed = outbox.claim(session, clock.now())
                assert claimed
                outbox.settle(session, claimed.id, Answer(outcome, "550 5.1.1 no such user"), clock.now())


def _ask_for_documents(app: Flask, participant: PageClient, coordinator: PageClient, agency_id: int) -> None:
    """A certificate and a report that are made, a report that is waiting."""
    participant.post("/thi/giay-chung-nhan", form="/thi/giay-chung-nhan")
    coordinator.post("/co-quan/bao-cao", {"agency": agency_id, "form": "xlsx"}, form="/co-quan/bao-cao")
    with app.app_context():
        documents.make_waiting(MAKERS, clock.now)
    coordinator.post("/co-quan/bao-cao", {"agency": agency_id, "form": "docx"}, form="/co-quan/bao-cao")


def _seen(page: str) -> str:
    """The digest of the preview that the page shows."""
    found = re.search(r'name="seen"[^>]*value="([^"]*)"', page)
    assert found
    return found[1]
