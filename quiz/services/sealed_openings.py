"""What the sealed records of a week hide, opened for an inspector with a reason: when people sat, for which agency, who
they are. Never part of a bundle, and asking for it is an act in the log.
"""

from __future__ import annotations

from datetime import datetime

from quiz.errors import Refused
from quiz.services import Actor, Transaction, audit, bundle_decisions, contests, documents, receipts, sealing
from quiz.services.accounts import Person
from quiz.services.contests import StoredWeek
from quiz.services.documents import File, Kind, Work
from quiz.verification import records
from quiz.verification.canonical import canonical

AT_ONCE = 2000


def weeks(session: Transaction) -> tuple[StoredWeek, ...]:
    """The weeks whose final head is fixed; before that nothing is opened to anybody."""
    contest = contests.find_current(session)
    found = contests.weeks(session, contest) if contest else ()
    return tuple(week for week in found if _is_sealed(session, week))


def ask(session: Transaction, week: StoredWeek, reason: str, person: Person, actor: Actor, now: datetime) -> int:
    """Have the openings of a week made; the document's id. Raises Refused: records_unsealed, reason_missing."""
    if not _is_sealed(session, week):
        raise Refused("records_unsealed", week=week.name)
    words = audit.checked_reason(reason)
    audit.record(session, audit.Act.OPEN_RECORDS, actor, now, reason=words, week=week.week.number)
    return documents.ask(session, Kind.SEALED_OPENINGS, {"week": week.id}, person.id, now)


def make(session: Transaction, work: Work) -> File:
    """A line of JSON for each record, in the order of codes; each part hashes to what stands in the record."""
    week = contests.get_week_by_id(session, int(str(work.facts["week"])))
    secret, staff = week.record_secret, bundle_decisions.staff_codes(session, week)
    held = sorted(receipts.sittings(session, week.id).items())
    lines = []
    for done, (code, one) in enumerate(held):
        if done % AT_ONCE == 0:
            work.tell(done, len(held))
        opened = {
            "code": code,
            "staff_code": staff.get(one.person, ""),
            "person": records.pseudonym(secret, one.person),
            "sitting": records.whole(one, secret),
            "moment": records.moment(one, secret),
            "registered": records.registered(one, secret),
        }
        lines.append(canonical(opened))
    name = f"mo-niem-phong-tuan-{week.week.number}.jsonl"
    return File(name=name, mimetype="application/jsonl", content=b"\n".join([*lines, b""]))


def _is_sealed(session: Transaction, week: StoredWeek) -> bool:
    return week.commitment is not None and sealing.is_finished(session, week)
