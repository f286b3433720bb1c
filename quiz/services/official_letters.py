"""Official documents of a publication: asked for with what the office fills in, made in the background.

What was filled in is offered again the next time, but for the numbers and the day, which are new each time.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime

from quiz.errors import Refused
from quiz.exports.letters import Letter, LetterFields
from quiz.exports.printable import file_name
from quiz.models.office_templates import DbLetterFields
from quiz.services import (
    Actor,
    Transaction,
    audit,
    contests,
    documents,
    heads,
    letter_press,
    machine,
    office_templates,
    publication_history,
    publishing,
    struck,
)
from quiz.services.accounts import Person
from quiz.services.contests import StoredContest, StoredWeek
from quiz.services.documents import File, Kind, Work
from quiz.services.letter_facts import LetterFacts
from quiz.services.letter_values import values

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ZIP = "application/zip"
EARLIEST = (1980, 1, 1, 0, 0, 0)


def remembered(session: Transaction, contest: StoredContest) -> LetterFields:
    """What was filled in last; before the first time what the contest file says."""
    row = session.get(DbLetterFields, contest.id)
    if row is not None:
        return LetterFields(**json.loads(row.facts))
    rules = contest.rules
    grounds = [f"Căn cứ {rules.plan}" if rules.plan else "", f"Căn cứ Thể lệ {rules.title}"]
    return LetterFields(
        office=rules.organiser,
        grounds="\n".join(filter(None, grounds)),
        receivers="Các thành viên Ban Tổ chức hội thi\nCác cơ quan, đơn vị có người dự thi",
    )


def ask(
    session: Transaction,
    week: StoredWeek,
    number: int,
    letters: Sequence[Letter],
    fields: LetterFields,
    person: Person,
    actor: Actor,
    now: datetime,
) -> int:
    """Have documents of publication `number` made; the document's id.

    Raises Refused: publication_missing, letters_none_chosen.
    """
    if not letters:
        raise Refused("letters_none_chosen")
    publication_history.get(session, week.contest, week.week.number, number)
    _remember(session, week.contest, fields)
    facts = {
        "week": week.id,
        "number": number,
        "letters": {letter: office_templates.in_use(session, letter) for letter in letters},
        "fields": _stored(fields),
    }
    names = ", ".join(letters)
    audit.record(session, audit.Act.ASK_LETTERS, actor, now, week=week.week.number, number=number, documents=names)
    return documents.ask(session, Kind.OFFICIAL_LETTERS, facts, person.id, now)


def make(session: Transaction, work: Work) -> File:
    """One document, or all of them as one file, by the templates that were in use when they were asked for."""
    week = contests.get_week_by_id(session, int(str(work.facts["week"])))
    number, fields = int(str(work.facts["number"])), _read(work.facts["fields"])
    chosen: Mapping[str, int] = work.facts["letters"]  # type: ignore[assignment]
    facts = gather(session, week, number)
    made: list[File] = []
    for done, (name, edition) in enumerate(chosen.items()):
        work.tell(done, len(chosen))
        letter = Letter(name)
        template = office_templates.content(session, letter, edition)
        (content,) = letter_press.press(template, [values(letter, facts, fields)])
        stem = f"{letter.words} {week.name.lower()} (lần {number})"
        made.append(File(name=file_name(stem, "docx"), mimetype=DOCX, content=content))
    if len(made) == 1:
        return made[0]
    return File(name=file_name(f"Văn bản {week.name.lower()} (lần {number})", "zip"), mimetype=ZIP, content=_zip(made))


def gather(session: Transaction, week: StoredWeek, number: int) -> LetterFacts:
    """Everything that the documents of a publication say; raises Refused(publication_missing)."""
    rules = week.contest.rules
    publication = publication_history.get(session, week.contest, week.week.number, number)
    earlier = [one for one in contests.weeks(session, week.contest) if one.week.number < week.week.number]
    return LetterFacts(
        title=rules.title,
        plan=rules.plan,
        zone=rules.zone,
        week_name=week.name,
        opens_at=week.week.opens_at,
        closes_at=week.week.closes_at,
        basis=rules.participation.basis,
        publication=publication,
        before=publishing.find_latest(session, week.contest, earlier[-1].week.number) if earlier else None,
        before_name=earlier[-1].name if earlier else "",
        round_word=rules.round_word,
        struck=struck.count_at(session, week, publication.published_at),
        head=next((head.head for _, head in heads.final(session, [week])), ""),
        machine=machine.events(session, week.week.opens_at, week.week.closes_at),
    )


def _remember(session: Transaction, contest: StoredContest, fields: LetterFields) -> None:
    words = json.dumps(_stored(replace(fields, signed_on=None, numbers={})), ensure_ascii=False)
    row = session.get(DbLetterFields, contest.id)
    if row is None:
        session.add(DbLetterFields(contest_id=contest.id, facts=words))
    else:
        row.facts = words


def _stored(fields: LetterFields) -> dict[str, object]:
    return asdict(fields) | {"signed_on": fields.signed_on.isoformat() if fields.signed_on else None}


def _read(stored: object) -> LetterFields:
    facts: dict[str, object] = dict(stored)  # type: ignore[call-overload]
    signed_on = date.fromisoformat(str(facts["signed_on"])) if facts["signed_on"] else None
    return LetterFields(**facts | {"signed_on": signed_on})  # type: ignore[arg-type]


def _zip(files: Sequence[File]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for each in files:
            packed.writestr(zipfile.ZipInfo(each.name, EARLIEST), each.content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
