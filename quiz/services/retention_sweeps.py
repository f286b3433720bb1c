"""Every kind of row that is deleted, or loses its text, when its time has run out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import ColumnElement, delete, false, func, or_, select, update

from quiz.errors import N_
from quiz.models import Base
from quiz.models.appeals import DbAppeal
from quiz.models.contests import DbContest, DbWeek
from quiz.models.decisions import DbAllowance
from quiz.models.documents import DbDocument
from quiz.models.mail import DbLetter
from quiz.models.people import DbExemption, DbRosterImport
from quiz.models.personal_data import DbDataRequest
from quiz.models.reviews import DbSignals, DbStrike
from quiz.personal_data import periods
from quiz.personal_data.holdings import FOR_THE_CONTEST, REMOVED
from quiz.services import Transaction, contests, documents, erasure_checks, outbox
from quiz.services.contests import StoredContest

NO_SIGNALS = '{"rates": {}, "people": {}}'
"""An empty finding, so that nobody works them out anew."""


class Foreseen(Protocol):
    """One kind of data with the rule by which it goes."""

    @property
    def words(self) -> str:
        """What goes."""

    @property
    def kept(self) -> str:
        """After which time, with places for figures."""

    def due(self, session: Transaction, now: datetime) -> int:
        """How many rows have run out."""

    def next_at(self, session: Transaction) -> datetime | None:
        """When the oldest row runs out or has run out; None where there is none."""


class Sweep(Foreseen, Protocol):
    """What goes all at once."""

    def run(self, session: Transaction, now: datetime) -> int:
        """Let them go; how many there were."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Old:
    """Rows that are finished, deleted so long after a moment of their own."""

    words: str
    kept: str
    table: type[Base]
    since: Any
    period: timedelta
    over: ColumnElement[bool]

    def due(self, session: Transaction, now: datetime) -> int:
        counted = select(func.count()).select_from(self.table)
        return session.scalar(counted.where(self.over, self.since <= now - self.period)) or 0

    def next_at(self, session: Transaction) -> datetime | None:
        oldest: datetime | None = session.scalar(select(func.min(self.since)).where(self.over))
        return oldest + self.period if oldest else None

    def run(self, session: Transaction, now: datetime) -> int:
        gone = delete(self.table).where(self.over, self.since <= now - self.period)
        return _count(session, gone.execution_options(synchronize_session=False))


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """Texts that only a contest needed, replaced when its time has run out; `mine` says which rows are a contest's."""

    words: str
    kept: str = FOR_THE_CONTEST
    table: type[Base]
    columns: tuple[str, ...]
    mine: Callable[[StoredContest, datetime], ColumnElement[bool]]
    left: str = REMOVED

    def due(self, session: Transaction, now: datetime) -> int:
        found = self._of(session, erasure_checks.over(session, now))
        return session.scalar(select(func.count()).select_from(self.table).where(found)) or 0

    def next_at(self, session: Transaction) -> datetime | None:
        all_ = (contests.get_by_id(session, id_) for id_ in session.scalars(select(DbContest.id)).all())
        ends = [
            erasure_checks.kept_until(session, contest)
            for contest in all_
            if session.scalar(select(func.count()).select_from(self.table).where(self._of(session, [contest])))
        ]
        return min(ends, default=None)

    def run(self, session: Transaction, now: datetime) -> int:
        over = erasure_checks.over(session, now)
        if not over:
            return 0
        found = self._of(session, over)
        texts = dict.fromkeys(self.columns, self.left)
        return _count(
            session, update(self.table).where(found).values(texts).execution_options(synchronize_session=False)
        )

    def _of(self, session: Transaction, of: Sequence[StoredContest]) -> ColumnElement[bool]:
        """The rows of these contests that still hold a text."""
        mine = or_(false(), *(self.mine(one, erasure_checks.ended_at(session, one)) for one in of))
        held = [getattr(self.table, name).not_in(("", self.left)) for name in self.columns]
        return mine & or_(*held)


def _in_weeks(table: Any) -> Callable[[StoredContest, datetime], ColumnElement[bool]]:
    def mine(contest: StoredContest, _ended: datetime) -> ColumnElement[bool]:
        return table.week_id.in_(select(DbWeek.id).where(DbWeek.contest_id == contest.id))  # type: ignore[no-any-return]

    return mine


def _count(session: Transaction, statement: Any) -> int:
    return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]


SWEEPS: tuple[Sweep, ...] = (
    Old(
        words=N_("Bản so sánh của tệp danh sách đã tải lên"),
        kept=N_("%(rosters)s ngày sau khi nạp hoặc bỏ"),
        table=DbRosterImport,
        since=DbRosterImport.finished_at,
        period=periods.ROSTER_FILES,
        over=DbRosterImport.finished_at.is_not(None),
    ),
    Old(
        words=N_("Ai được gửi thư gì"),
        kept=N_("%(letters)s ngày sau khi viết thư"),
        table=DbLetter,
        since=DbLetter.written_at,
        period=periods.LETTERS,
        over=DbLetter.state.not_in((outbox.State.WAITING, outbox.State.SENDING)),
    ),
    Old(
        words=N_("Ai đã yêu cầu lập tài liệu gì"),
        kept=N_("%(documents)s ngày sau khi yêu cầu"),
        table=DbDocument,
        since=DbDocument.asked_at,
        period=periods.DOCUMENTS,
        over=DbDocument.state == documents.State.FORGOTTEN,
    ),
    Old(
        words=N_("Yêu cầu về dữ liệu cá nhân đã trả lời"),
        kept=N_("%(requests)s tháng sau khi trả lời"),
        table=DbDataRequest,
        since=DbDataRequest.answered_at,
        period=periods.REQUESTS,
        over=DbDataRequest.answered_at.is_not(None),
    ),
    Texts(
        words=N_("Nội dung phản ánh, khiếu nại"),
        table=DbAppeal,
        columns=("text",),
        mine=_in_weeks(DbAppeal),
    ),
    Texts(
        words=N_("Lý do và bằng chứng loại khỏi xét giải"),
        table=DbStrike,
        columns=("reason", "evidence", "undo_reason"),
        mine=_in_weeks(DbStrike),
    ),
    Texts(
        words=N_("Dấu hiệu bất thường của lượt thi"),
        table=DbSignals,
        columns=("body",),
        mine=_in_weeks(DbSignals),
        left=NO_SIGNALS,
    ),
    Texts(
        words=N_("Lý do thêm giờ làm bài"),
        table=DbAllowance,
        columns=("reason",),
        mine=lambda contest, _ended: DbAllowance.contest_id == contest.id,
    ),
    Texts(
        words=N_("Lý do miễn dự thi đã hết hạn"),
        table=DbExemption,
        columns=("reason",),
        mine=lambda _contest, ended: DbExemption.until <= ended,
    ),
)
