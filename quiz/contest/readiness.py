"""What is to be done before a contest opens: what its file makes necessary, less what is in place already."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from quiz.contest.schedule import (
    Contest,
    Registration,
    Week,
    bank_name,
    load_command,
    problems_before_opening,
)
from quiz.questions.bank import Bank
from quiz.scoring.participation import Group
from quiz.vietnamese import moment, number

LEAST_ORGANISERS = 2
"""Decisions about incidents and extra time are proposed by one organiser and approved by another."""

ROSTER = "trang Danh sách, hoặc lệnh flask roster import TỆP"
GRANT = "lệnh flask account grant MÃ"


@dataclass(frozen=True, slots=True, kw_only=True)
class InPlace:
    """What an installation holds for a contest; people are those on the roster now.

    `is_known`: a contest of this name is loaded; `is_loaded`: from this very file. `banks` are the names of those
    loaded, `groups` the codes of the compulsory groups with somebody in them, `undivided` are people in no division of
    the file, `undeclared` agencies without a declared total.
    """

    is_known: bool
    is_loaded: bool
    banks: Collection[str]
    has_passphrase: bool
    agencies: int
    undeclared: int
    people: int
    undivided: int
    groups: Collection[str]
    barred: int
    organisers: int
    coordinators: int


@dataclass(frozen=True, slots=True)
class Demand:
    """One thing to do, how it is done, and what of it is missing by what is in place: '' where it is done."""

    task: str
    how: str
    missing: Callable[[InPlace], str]


def to_do(
    contest: Contest, banks: Mapping[str, Bank | None], in_place: InPlace | None, now: datetime
) -> tuple[str, ...]:
    """What is left to do, each as a sentence for the organiser; empty when ready.

    `banks` holds the banks there are, loaded or not, by the names that the file gives them. Where nobody knows what is
    in place, everything that the file makes necessary.
    """
    said = ((demand.missing(in_place) if in_place else demand.task, demand.how) for demand in _demands(contest, banks))
    is_new = in_place is None or not in_place.is_known
    return (
        *(_past(contest, now) if is_new else ()),
        *problems_before_opening(contest, banks),
        *(f"{words} ({how})." for words, how in said if words),
    )


def hints(contest: Contest) -> tuple[str, ...]:
    """What may be so, but has a price that nobody expects: rounds that draw from one bank."""
    return tuple(_shared(contest, bank) for bank in contest.banks if len(sharing(contest, bank)) > 1)


def sharing(contest: Contest, bank: str) -> tuple[Week, ...]:
    """The rounds that draw from a bank."""
    divisions = contest.all_divisions
    return tuple(week for week in contest.rounds if any(contest.paper_of(week, d.code).bank == bank for d in divisions))


def _shared(contest: Contest, bank: str) -> str:
    names = [contest.name_of(week) for week in sharing(contest, bank)]
    return (
        f"{', '.join(names[:-1])} và {names[-1]} dùng chung {bank_name(bank)}: đáp án chỉ được niêm phong trong "
        f"{names[0]}, gói kết quả chỉ có sau {names[-1]}. Muốn niêm phong mọi vòng thì mỗi vòng một bộ "
        f"(lệnh flask bank split TỆP --into {len(names)})."
    )


def _past(contest: Contest, now: datetime) -> Iterator[str]:
    """Rounds that would be under way or over as soon as the file is loaded."""
    for week in contest.rounds:
        if week.opens_at <= now:
            opens = moment(week.opens_at, contest.zone)
            yield f"{contest.name_of(week)} đã qua giờ mở: {opens} (sửa thời gian trong tệp thể lệ)."


def _demands(contest: Contest, banks: Mapping[str, Bank | None]) -> Iterator[Demand]:
    yield Demand("Nạp tệp thể lệ", "lệnh flask contest load TỆP", _not_loaded)
    for name in contest.banks:
        if banks.get(name):
            yield _loading(name)
    yield from _entering() if contest.registration is Registration.OPEN else _listing(contest)
    yield Demand(
        "Trao quyền Ban Tổ chức cho ít nhất hai người: quyết định sự cố và thêm giờ cần người đề xuất và người duyệt",
        f"{GRANT} organiser",
        _too_few_organisers,
    )
    yield Demand(
        "Trao quyền đầu mối cho một người ở mỗi cơ quan",
        f"{GRANT} coordinator",
        lambda have: "" if have.coordinators else "Chưa có đầu mối của cơ quan nào",
    )


def _loading(bank: str) -> Demand:
    words = bank_name(bank)
    return Demand(f"Nạp {words}", load_command(bank), lambda have: "" if bank in have.banks else f"Chưa nạp {words}")


def _entering() -> Iterator[Demand]:
    """Where people enter by themselves: the agencies they choose from, and the word that lets them in."""
    yield Demand("Nạp danh sách cơ quan, mỗi cơ quan có “Tổng số CBCCVC”", ROSTER, _no_totals)
    yield Demand(
        "Đặt mã tham gia",
        "lệnh flask contest passphrase",
        lambda have: "" if have.has_passphrase else "Chưa đặt mã tham gia",
    )


def _listing(contest: Contest) -> Iterator[Demand]:
    """Where the organiser lists people: the list, and the columns that this rule book needs."""
    yield Demand(
        "Nạp danh sách cơ quan và người dự thi; cơ quan có người ngoài danh sách thì khai thêm “Tổng số CBCCVC”",
        ROSTER,
        lambda have: "" if have.people else f"Chưa nạp danh sách: {number(have.agencies)} cơ quan, 0 người",
    )
    if contest.divisions:
        names = "; ".join(division.name for division in contest.divisions)
        yield _column(
            f"Ghi bảng thi của từng người ({names}) ở cột “Bảng thi”",
            lambda have: (
                f"{number(have.undivided)} người chưa có bảng thi, sẽ thi ở bảng {contest.divisions[0].name}"
                if have.undivided
                else ""
            ),
        )
    yield from map(_compulsory, contest.participation.groups)
    if contest.barred:
        names = "; ".join(group.name for group in contest.barred)
        yield _column(
            f"Ghi người không được dự thi ({names}) ở cột “Không được dự thi”",
            lambda have: "" if have.barred else f"Chưa ghi ai vào diện không được dự thi: {names}",
        )


def _compulsory(group: Group) -> Demand:
    return _column(
        f"Ghi ai thuộc nhóm bắt buộc “{group.name}” ở cột “Nhóm bắt buộc”",
        lambda have: "" if group.code in have.groups else f"Nhóm bắt buộc “{group.name}” chưa có ai",
    )


def _column(task: str, missing: Callable[[InPlace], str]) -> Demand:
    """Something to write into the list of people; all of it as long as there are none."""
    return Demand(task, ROSTER, lambda have: missing(have) if have.people else task)


def _not_loaded(have: InPlace) -> str:
    if have.is_loaded:
        return ""
    return "Tệp thể lệ này khác bản đã nạp" if have.is_known else "Chưa nạp tệp thể lệ"


def _no_totals(have: InPlace) -> str:
    if not have.agencies:
        return "Chưa nạp danh sách: 0 cơ quan"
    if not have.undeclared:
        return ""
    return f"{number(have.undeclared)} cơ quan chưa có “Tổng số CBCCVC”, tỷ lệ chỉ tính trên số người đã đăng ký"


def _too_few_organisers(have: InPlace) -> str:
    if have.organisers >= LEAST_ORGANISERS:
        return ""
    so_far = f"Mới có {have.organisers} người" if have.organisers else "Chưa có ai"
    return f"{so_far} có quyền Ban Tổ chức: quyết định sự cố và thêm giờ cần người đề xuất và người duyệt"
