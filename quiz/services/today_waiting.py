"""What waits at the desk besides the weeks: signatures, uploaded rosters, moves, letters, documents, the scheduler."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import ColumnElement, Row, func, select

from quiz.contest.due import Due, Urgency, until
from quiz.errors import N_
from quiz.models.contests import DbWeek
from quiz.models.decisions import DbAllowance, DbIncident, DbLotValue, DecisionOfTwo
from quiz.models.documents import DbDocument
from quiz.models.mail import DbLetter
from quiz.models.people import DbRosterImport, DbRosterMove
from quiz.models.rulings import DbRuling
from quiz.permissions import Permission
from quiz.services import Transaction, documents, heartbeats, outbox, roster_imports
from quiz.services.heartbeats import Part
from quiz.services.roster_moves_due import is_open
from quiz.services.today_desk import Desk

NOTHING: Mapping[str, int] = {}


def signatures(
    session: Transaction,
    desk: Desk,
    table: type[DecisionOfTwo],
    mine: ColumnElement[bool],
    *,
    words: tuple[str, str],
    page: str,
    listing: str,
    permission: Permission,
    listed: Mapping[str, int] = NOTHING,
) -> Iterator[Due]:
    """Decisions that wait for a second person: first those that the viewer may sign, then those of others to sign.

    `mine` says which rows of the table belong to this contest. `words` are the two sentences, with `numbers` for the
    numbers of the decisions; `page` shows one of them by `decision_id`, `listing` all, with `listed` in its address.
    """
    waiting = session.execute(
        select(table.id, table.decision_number, table.proposed_by)
        .where(mine, table.approved_at.is_(None), table.withdrawn_at.is_(None))
        .order_by(table.id)
    ).all()
    may_sign = permission in desk.viewer.permissions
    own = [row for row in waiting if may_sign and row.proposed_by != desk.viewer.id]
    others = [row for row in waiting if row not in own]
    for found, sentence, urgency in ((own, words[0], Urgency.TODAY), (others, words[1], Urgency.INFORMATION)):
        if found:
            where, given = (page, {"decision_id": found[0].id}) if len(found) == 1 else (listing, listed)
            yield Due(words=sentence, facts=_counted(found), urgency=urgency, page=where, given=given)


def _counted(rows: Sequence[Row[int, str, int]]) -> dict[str, object]:
    """How many decisions there are, and the numbers of the first."""
    numbers = ", ".join(row.decision_number for row in rows[:3])
    return {"count": len(rows), "numbers": f"{numbers}…" if len(rows) > 3 else numbers}


def incidents(session: Transaction, desk: Desk) -> Iterator[Due]:
    """Decisions about incidents that nobody has approved yet."""
    weeks = select(DbWeek.id).where(DbWeek.contest_id == desk.contest.id)
    return signatures(
        session,
        desk,
        DbIncident,
        DbIncident.week_id.in_(weeks),
        words=(
            N_("%(count)s quyết định về sự cố chờ ông/bà duyệt (số %(numbers)s)."),
            N_("%(count)s quyết định về sự cố chờ người thứ hai duyệt (số %(numbers)s)."),
        ),
        page="decisions.incident",
        listing="decisions.listing",
        permission=Permission.DECIDE_INCIDENTS,
    )


def allowances(session: Transaction, desk: Desk) -> Iterator[Due]:
    """Extra time that nobody has approved yet."""
    return signatures(
        session,
        desk,
        DbAllowance,
        DbAllowance.contest_id == desk.contest.id,
        words=(
            N_("%(count)s quyết định thêm giờ chờ ông/bà duyệt (số %(numbers)s)."),
            N_("%(count)s quyết định thêm giờ chờ người thứ hai duyệt (số %(numbers)s)."),
        ),
        page="decisions.allowance",
        listing="decisions.listing",
        permission=Permission.DECIDE_INCIDENTS,
    )


def lots(session: Transaction, desk: Desk) -> Iterator[Due]:
    """Public values to draw lots by that nobody has approved yet."""
    for week in desk.over:
        yield from signatures(
            session,
            desk,
            DbLotValue,
            DbLotValue.week_id == week.id,
            words=(
                N_("%(count)s giá trị bốc thăm chờ ông/bà duyệt (số %(numbers)s)."),
                N_("%(count)s giá trị bốc thăm chờ người thứ hai duyệt (số %(numbers)s)."),
            ),
            page="lots.one",
            listing="lots.listing",
            listed={"number": week.week.number},
            permission=Permission.DECIDE_RESULTS,
        )


def rulings(session: Transaction, desk: Desk) -> Iterator[Due]:
    """Decisions about questions found wrong that nobody has approved yet, week by week."""
    for week in desk.over:
        yield from signatures(
            session,
            desk,
            DbRuling,
            DbRuling.week_id == week.id,
            words=(
                N_("%(count)s quyết định về câu hỏi sai chờ ông/bà duyệt (số %(numbers)s)."),
                N_("%(count)s quyết định về câu hỏi sai chờ người thứ hai duyệt (số %(numbers)s)."),
            ),
            page="rulings.one",
            listing="rulings.listing",
            permission=Permission.DECIDE_RESULTS,
            listed={"number": week.week.number},
        )


def rosters(session: Transaction, _desk: Desk) -> Iterator[Due]:
    """Uploaded rosters that were read and wait for somebody to confirm them."""
    ready = select(DbRosterImport.id, DbRosterImport.filename).where(DbRosterImport.state == roster_imports.State.READY)
    for row in session.execute(ready.order_by(DbRosterImport.id)):
        yield Due(
            words=N_("Tệp danh sách “%(file)s” đã kiểm tra xong, chờ xác nhận."),
            facts={"file": row.filename},
            urgency=Urgency.TODAY,
            page="roster.one",
            given={"import_id": row.id},
        )


def moves(session: Transaction, desk: Desk) -> Iterator[Due]:
    """Moves of people that the receiving agency has not accepted, by the day from which they should count."""
    open_moves = (is_open(), DbRosterMove.accepted_at.is_(None), DbRosterMove.to_agency_id.is_not(None))
    count, first = session.execute(select(func.count(), func.min(DbRosterMove.moves_at)).where(*open_moves)).one()
    if count:
        yield Due(
            words=N_("%(count)s đề nghị chuyển cơ quan chờ nơi nhận đồng ý; ngày chuyển sớm nhất: %(first)s."),
            facts={"count": count, "first": first},
            urgency=Urgency.TODAY if until(first, desk.now) is Urgency.NOW else until(first, desk.now),
            at=first,
            page="agencies.listing",
        )


def letters(session: Transaction, _desk: Desk) -> Iterator[Due]:
    """Letters that failed, or of which nobody knows whether they were sent."""
    if count := session.scalar(select(func.count()).where(DbLetter.state.in_(outbox.DOUBTFUL))):
        yield Due(
            words=N_("%(count)s thư không gửi được hoặc không rõ đã gửi hay chưa."),
            facts={"count": count},
            urgency=Urgency.SOON,
            page="mail.care",
        )


def failed_documents(session: Transaction, desk: Desk) -> Iterator[Due]:
    """Documents that the viewer asked for and that could not be made."""
    failed = (DbDocument.asked_by == desk.viewer.id, DbDocument.state == documents.State.FAILED)
    if count := session.scalar(select(func.count()).where(*failed)):
        yield Due(
            words=N_("%(count)s tài liệu ông/bà yêu cầu chưa lập được."),
            facts={"count": count},
            urgency=Urgency.SOON,
            page="documents.own",
        )


def scheduler(session: Transaction, desk: Desk) -> Iterator[Due]:
    """The scheduler has not been at work for a while, or never; marking a large week is work."""
    beats = heartbeats.last(session)
    at = beats.get(Part.CLOCK)
    if heartbeats.is_silent(at, desk.now) and not heartbeats.marking_since(beats, desk.now):
        since = N_(
            "Bộ lập lịch không hoạt động từ %(since)s: tuần thi không được chấm, thư và tài liệu không được gửi."
        )
        never = N_("Bộ lập lịch chưa chạy lần nào: tuần thi không được chấm, thư và tài liệu không được gửi.")
        yield Due(
            words=since if at else never,
            facts={"since": at} if at else {},
            urgency=Urgency.NOW,
            page="monitor.page",
        )
