"""Go or no go, and the sentences that say why."""

from __future__ import annotations

from dataclasses import replace

import pytest

from quiz.rehearsal.expected import expected
from quiz.rehearsal.figures import Figures, Step
from quiz.rehearsal.verdict import (
    LIMITS,
    Found,
    Part,
    Verdict,
    capacity_words,
    exceeded,
    headroom,
    reasons,
    slowest,
    verdict,
)

QUICK = Figures(step=Step.SAVE, count=100, p50=0.01, p95=0.03, p99=0.05, refused=0, failures=0, lost=0)
ALL_QUICK = {part: {limit.step: QUICK for limit in LIMITS if limit.part is part} for part in Part}
GOOD = Found(
    asked=expected(3_000),
    parts=ALL_QUICK,
    capacity=400.0,
    is_searched_out=False,
    missing=0,
    late=0.002,
    is_sqlite=True,
    roster=3_000,
)


def with_step(part: Part, step: Step, **changed: float) -> Found:
    steps = GOOD.parts[part] | {step: replace(QUICK, **changed)}
    return replace(GOOD, parts=GOOD.parts | {part: steps})


def test_all_within_the_limits_with_room_is_a_go() -> None:
    assert reasons(GOOD) == ()
    assert verdict(()) is Verdict.GO
    assert headroom(GOOD) == 2.0


@pytest.mark.parametrize("limit", LIMITS)
def test_each_limit_is_a_no_go_beyond_and_not_at_it(limit: object) -> None:
    name = f"p{limit.of_hundred}"  # type: ignore[attr-defined]
    part, step, most = limit.part, limit.step, limit.seconds  # type: ignore[attr-defined]
    assert not list(exceeded(with_step(part, step, **{name: most}).parts))
    found = with_step(part, step, **{name: most + 0.01})
    assert [one for one, _ in exceeded(found.parts)] == [limit]
    assert verdict(reasons(replace(found, is_behind_proxy=True))) is Verdict.NO_GO
    assert verdict(reasons(found)) is (Verdict.CAREFUL if part is Part.READERS else Verdict.NO_GO)


def test_a_slow_step_is_told_with_its_figure_its_limit_and_what_to_do() -> None:
    (reason,) = reasons(with_step(Part.OPENING, Step.SAVE, p95=0.412))
    assert reason.words == "Phút mở tuần thi, lưu bài chậm: 95% số lần mất đến 412 ms, giới hạn là 300 ms."
    assert reason.remedy.startswith("Thêm lõi hoặc thêm máy web;")


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (replace(GOOD, missing=3), "3 lượt lưu hoặc nộp đã được máy chủ xác nhận nhưng không có trong cơ sở dữ liệu."),
        (with_step(Part.CLOSING, Step.HAND_IN, lost=1), "1 yêu cầu thử nhiều lần vẫn không được trả lời."),
        (with_step(Part.CALM, Step.SAVE, failures=2), "Máy chủ báo lỗi hoặc ngắt kết nối 2 lần."),
        (with_step(Part.OPENING, Step.START, refused=4), "Phần mềm từ chối 4 yêu cầu lẽ ra phải nhận."),
    ],
)
def test_what_is_missing_lost_broken_or_refused_is_a_no_go(found: Found, words: str) -> None:
    told = reasons(found)
    assert [one.words for one in told] == [words]
    assert verdict(told) is Verdict.NO_GO


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (replace(GOOD, capacity=250.0), "Sức chứa chỉ gấp 1,2 lần phút cao điểm, nên có từ 1,5 lần."),
        (
            with_step(Part.OPENING, Step.SIGN_IN, waits=7),
            "7 lần đăng nhập được hẹn thử lại sau ít giây vì quá nhiều người đăng nhập cùng lúc.",
        ),
        (replace(GOOD, roster=31_000), "Mới diễn với 3.000 người; danh sách dự thi có 31.000 người."),
        (replace(GOOD, asked=expected(12_000), capacity=4e3), "Đang dùng SQLite cho hơn 10.000 người."),
        (
            replace(GOOD, late=0.25),
            "Phần phát tải gửi yêu cầu chậm hơn lịch 250 ms: máy không kịp vừa phục vụ vừa phát tải.",
        ),
    ],
)
def test_what_asks_for_care(found: Found, words: str) -> None:
    told = reasons(found)
    assert [one.words for one in told] == [words]
    assert verdict(told) is Verdict.CAREFUL


def test_the_gravest_reason_comes_first_and_decides() -> None:
    told = reasons(replace(with_step(Part.CALM, Step.SAVE, p95=0.5), late=0.25))
    assert [one.weight for one in told] == [Verdict.NO_GO, Verdict.CAREFUL]
    assert verdict(told) is Verdict.NO_GO


def test_the_capacity_is_told_with_the_roster_that_it_is_enough_for() -> None:
    assert capacity_words(GOOD) == (
        "400 người đăng nhập và bắt đầu trong một phút, đủ cho danh sách 6.000 người; gấp 2,0 lần mức dự kiến"
    )
    assert capacity_words(replace(GOOD, is_searched_out=True)).startswith("ít nhất 400 người")
    assert capacity_words(replace(GOOD, capacity=None)).startswith("chưa đo được")


def test_the_slowest_step_is_the_one_that_uses_most_of_its_limit() -> None:
    found = slowest(with_step(Part.CLOSING, Step.HAND_IN, p99=1.9))
    assert found
    assert (found[0].part, found[0].step) == (Part.CLOSING, Step.HAND_IN)
    assert found[1] == pytest.approx(0.95)
