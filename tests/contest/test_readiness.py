"""What is to be done before a contest opens: what its file makes necessary, and what of it is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from quiz.contest.readiness import InPlace, hints, to_do
from quiz.contest.schedule import BarredGroup, Contest, Division, Registration
from quiz.contest.schedule_files import parse_contest
from quiz.questions.paper import PaperRules
from quiz.scoring.participation import Group, ParticipationRules
from quiz.scoring.tie_breaks import DEFAULT_CHAIN
from tests import makers

CONTEST = replace(parse_contest(makers.CONTEST.encode()), barred=())
OPEN = replace(CONTEST, registration=Registration.OPEN)
DIVIDED = replace(
    CONTEST,
    divisions=tuple(
        Division(code=code, name=name, paper=CONTEST.paper, chain=DEFAULT_CHAIN, prizes=())
        for code, name in (("can-bo", "Cán bộ"), ("nguoi-dan", "Người dân"))
    ),
)
GROUPED = replace(
    CONTEST,
    participation=ParticipationRules(
        groups=(
            Group(code="lanh-dao", name="Lãnh đạo", least=1),
            Group(code="mot-cua", name="Công chức một cửa", least=1),
        )
    ),
)
BARRED = replace(CONTEST, barred=(BarredGroup("btc", "Ban Tổ chức"), BarredGroup("bgk", "Ban Giám khảo")))
BANKS = {"": makers.bank(12)}
READY = InPlace(
    is_known=True,
    is_loaded=True,
    banks=("",),
    has_passphrase=True,
    agencies=40,
    undeclared=0,
    people=1200,
    undivided=0,
    groups=("lanh-dao", "mot-cua"),
    barred=6,
    organisers=2,
    coordinators=1,
)
EMPTY = InPlace(
    is_known=False,
    is_loaded=False,
    banks=(),
    has_passphrase=False,
    agencies=0,
    undeclared=0,
    people=0,
    undivided=0,
    groups=(),
    barred=0,
    organisers=0,
    coordinators=0,
)
LIST = "(trang Danh sách, hoặc lệnh flask roster import TỆP)."


def left(contest: Contest, in_place: InPlace) -> tuple[str, ...]:
    """What is left to do before the first week, with a bank that is large enough."""
    return to_do(contest, BANKS, in_place, makers.BEFORE)


@pytest.mark.parametrize("contest", [CONTEST, OPEN, DIVIDED, GROUPED, BARRED])
def test_nothing_is_left_where_everything_is_in_place(contest: Contest) -> None:
    assert left(contest, READY) == ()


@pytest.mark.parametrize("contest", [CONTEST, OPEN, DIVIDED, GROUPED, BARRED])
def test_an_empty_installation_lacks_all_that_the_file_makes_necessary(contest: Contest) -> None:
    assert len(left(contest, EMPTY)) == len(to_do(contest, BANKS, None, makers.BEFORE))


def test_an_unknown_installation_gets_a_list_of_everything() -> None:
    contest = replace(DIVIDED, barred=BARRED.barred, participation=GROUPED.participation)
    assert to_do(contest, BANKS, None, makers.BEFORE) == (
        "Nạp tệp thể lệ (lệnh flask contest load TỆP).",
        "Nạp bộ câu hỏi (lệnh flask bank load TỆP).",
        "Nạp danh sách cơ quan và người dự thi; cơ quan có người ngoài danh sách thì khai thêm “Tổng số CBCCVC” "
        f"{LIST}",
        f"Ghi bảng thi của từng người (Cán bộ; Người dân) ở cột “Bảng thi” {LIST}",
        f"Ghi ai thuộc nhóm bắt buộc “Lãnh đạo” ở cột “Nhóm bắt buộc” {LIST}",
        f"Ghi ai thuộc nhóm bắt buộc “Công chức một cửa” ở cột “Nhóm bắt buộc” {LIST}",
        f"Ghi người không được dự thi (Ban Tổ chức; Ban Giám khảo) ở cột “Không được dự thi” {LIST}",
        "Trao quyền Ban Tổ chức cho ít nhất hai người: quyết định sự cố và thêm giờ cần người đề xuất và người duyệt "
        "(lệnh flask account grant MÃ organiser).",
        "Trao quyền đầu mối cho một người ở mỗi cơ quan (lệnh flask account grant MÃ coordinator).",
    )


def test_open_registration_needs_agencies_with_their_totals_and_a_passphrase_but_no_list_of_people() -> None:
    told = to_do(OPEN, BANKS, None, makers.BEFORE)
    assert told[2:4] == (
        f"Nạp danh sách cơ quan, mỗi cơ quan có “Tổng số CBCCVC” {LIST}",
        "Đặt mã tham gia (lệnh flask contest passphrase).",
    )
    divided = replace(DIVIDED, registration=Registration.OPEN, barred=BARRED.barred)
    assert len(to_do(divided, BANKS, None, makers.BEFORE)) == len(told)


@pytest.mark.parametrize(
    ("contest", "in_place", "sentence"),
    [
        (
            CONTEST,
            replace(READY, is_loaded=False),
            "Tệp thể lệ này khác bản đã nạp (lệnh flask contest load TỆP).",
        ),
        (
            CONTEST,
            replace(READY, is_loaded=False, is_known=False),
            "Chưa nạp tệp thể lệ (lệnh flask contest load TỆP).",
        ),
        (CONTEST, replace(READY, banks=()), "Chưa nạp bộ câu hỏi (lệnh flask bank load TỆP)."),
        (CONTEST, replace(READY, people=0), f"Chưa nạp danh sách: 40 cơ quan, 0 người {LIST}"),
        (OPEN, replace(READY, agencies=0), f"Chưa nạp danh sách: 0 cơ quan {LIST}"),
        (
            OPEN,
            replace(READY, undeclared=3),
            f"3 cơ quan chưa có “Tổng số CBCCVC”, tỷ lệ chỉ tính trên số người đã đăng ký {LIST}",
        ),
        (OPEN, replace(READY, has_passphrase=False), "Chưa đặt mã tham gia (lệnh flask contest passphrase)."),
        (DIVIDED, replace(READY, undivided=1003), f"1.003 người chưa có bảng thi, sẽ thi ở bảng Cán bộ {LIST}"),
        (GROUPED, replace(READY, groups=("mot-cua",)), f"Nhóm bắt buộc “Lãnh đạo” chưa có ai {LIST}"),
        (
            BARRED,
            replace(READY, barred=0),
            f"Chưa ghi ai vào diện không được dự thi: Ban Tổ chức; Ban Giám khảo {LIST}",
        ),
        (
            CONTEST,
            replace(READY, organisers=1),
            "Mới có 1 người có quyền Ban Tổ chức: quyết định sự cố và thêm giờ cần người đề xuất và người duyệt "
            "(lệnh flask account grant MÃ organiser).",
        ),
        (
            CONTEST,
            replace(READY, organisers=0),
            "Chưa có ai có quyền Ban Tổ chức: quyết định sự cố và thêm giờ cần người đề xuất và người duyệt "
            "(lệnh flask account grant MÃ organiser).",
        ),
        (
            CONTEST,
            replace(READY, coordinators=0),
            "Chưa có đầu mối của cơ quan nào (lệnh flask account grant MÃ coordinator).",
        ),
    ],
)
def test_only_what_is_missing_is_named_with_what_mends_it(contest: Contest, in_place: InPlace, sentence: str) -> None:
    assert left(contest, in_place) == (sentence,)


def test_what_another_way_of_entering_needs_is_not_asked_for() -> None:
    assert left(CONTEST, replace(READY, has_passphrase=False, undeclared=40)) == ()
    assert left(OPEN, replace(READY, people=0, undivided=3, groups=(), barred=0)) == ()


def test_a_bank_that_is_not_there_is_named_once_and_a_small_one_says_what_it_lacks() -> None:
    contest = replace(CONTEST, papers={(2, ""): PaperRules(questions=5, bank="tuan-2")})
    assert to_do(contest, {"": makers.bank(3)}, replace(READY, banks=()), makers.BEFORE) == (
        "Chưa có bộ câu hỏi “tuan-2” (lệnh flask bank load TỆP --name tuan-2).",
        "Tuần 1: bộ câu hỏi còn thiếu 2 câu.",
        "Chưa nạp bộ câu hỏi (lệnh flask bank load TỆP).",
    )


def test_rounds_of_the_past_are_named_until_the_contest_is_loaded() -> None:
    begun = makers.WEEK_1
    past = "Tuần 1 đã qua giờ mở: 8 giờ 00 phút, thứ Hai ngày 07/10/2024 (sửa thời gian trong tệp thể lệ)."
    assert past not in to_do(CONTEST, BANKS, None, begun - timedelta.resolution)
    assert to_do(CONTEST, BANKS, None, begun)[0] == past
    assert past in to_do(CONTEST, BANKS, None, begun + timedelta(days=1))
    assert to_do(CONTEST, BANKS, EMPTY, begun)[0] == past
    assert to_do(CONTEST, BANKS, READY, begun) == ()
    assert len(to_do(CONTEST, BANKS, replace(READY, is_loaded=False), begun)) == 1


def test_rounds_that_share_a_bank_are_told_what_that_costs() -> None:
    assert hints(CONTEST) == (
        "Tuần 1 và Tuần 2 dùng chung bộ câu hỏi: đáp án chỉ được niêm phong trong Tuần 1, gói kết quả chỉ có sau "
        "Tuần 2. Muốn niêm phong mọi vòng thì mỗi vòng một bộ (lệnh flask bank split TỆP --into 2).",
    )


def test_rounds_with_a_bank_each_are_told_nothing() -> None:
    assert hints(replace(CONTEST, papers={(2, ""): PaperRules(questions=5, bank="tuan-2")})) == ()
