"""Go or no go: what a rehearsal found, held against the limits, with the reasons in words and what to do about each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from quiz.rehearsal.expected import Expected, roster_for
from quiz.rehearsal.figures import Figures, Step
from quiz.vietnamese import decimal, number

ENOUGH_HEADROOM = 1.5
MOST_ON_SQLITE = 10_000
LATE = 0.1
"""Seconds by which a request may leave the load generator too late (95 of 100) before it is the limit itself."""


class Part(StrEnum):
    """The parts of a rehearsal, in order."""

    CALM = "calm"
    OPENING = "opening"
    READERS = "readers"
    CLOSING = "closing"


class Verdict(StrEnum):
    """The three answers."""

    GO = "go"
    CAREFUL = "careful"
    NO_GO = "no_go"

    @property
    def words(self) -> str:
        """As the sheet says it."""
        return {Verdict.GO: "ĐẠT", Verdict.CAREFUL: "ĐẠT, CÒN ĐIỀU PHẢI LƯU Ý", Verdict.NO_GO: "CHƯA ĐẠT"}[self]


@dataclass(frozen=True, slots=True)
class Limit:
    """How long a step may take in one part: so many of a hundred within so many seconds."""

    part: Part
    step: Step
    of_hundred: int
    seconds: float

    def measured(self, found: Figures) -> float:
        """What the limit is held against."""
        return {95: found.p95, 99: found.p99}[self.of_hundred]


LIMITS = (
    Limit(Part.CALM, Step.SAVE, 95, 0.3),
    Limit(Part.OPENING, Step.SIGN_IN, 95, 2.0),
    Limit(Part.OPENING, Step.START, 95, 1.0),
    Limit(Part.OPENING, Step.PAPER, 95, 1.0),
    Limit(Part.OPENING, Step.SAVE, 95, 0.3),
    Limit(Part.READERS, Step.SAVE, 95, 0.3),
    Limit(Part.READERS, Step.READ, 95, 1.0),
    Limit(Part.CLOSING, Step.HAND_IN, 99, 2.0),
    Limit(Part.CLOSING, Step.SAVE, 95, 0.3),
)

PARTS = {
    Part.CALM: "lúc thường",
    Part.OPENING: "phút mở tuần thi",
    Part.READERS: "lúc đông người xem",
    Part.CLOSING: "những giây cuối",
}
STEPS = {
    Step.READ: "xem trang công khai",
    Step.SIGN_IN: "đăng nhập",
    Step.START: "bắt đầu làm bài",
    Step.PAPER: "mở đề",
    Step.SAVE: "lưu bài",
    Step.HAND_IN: "nộp bài",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a rehearsal found. `capacity` is the most starts a minute within the limits, None where it was not sought.

    `is_searched_out` says that even the hardest attempt stayed within them; `missing` counts what was acknowledged and
    is not in the database; `roster` is how many people the real roster holds, 0 where nobody knows. A server that ran
    before the rehearsal counts as being behind its proxy, one that was started for it never is.
    """

    asked: Expected
    parts: Mapping[Part, Mapping[Step, Figures]]
    capacity: float | None
    is_searched_out: bool
    missing: int
    late: float
    is_sqlite: bool
    roster: int = 0
    is_behind_proxy: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks against going, or for care, and what to do about it."""

    weight: Verdict
    words: str
    remedy: str


def exceeded(parts: Mapping[Part, Mapping[Step, Figures]]) -> Iterator[tuple[Limit, float]]:
    """Every limit that does not hold, with what was measured."""
    for limit in LIMITS:
        found = parts.get(limit.part, {}).get(limit.step)
        if found and limit.measured(found) > limit.seconds:
            yield limit, limit.measured(found)


def headroom(found: Found) -> float | None:
    """How many times what is expected the server takes; None where that was not sought."""
    return None if found.capacity is None else found.capacity / found.asked.starts_a_minute


def slowest(found: Found) -> tuple[Limit, float] | None:
    """The step that comes nearest to its limit or lies furthest beyond it, as a share of the limit."""
    shares = [
        (limit, limit.measured(steps[limit.step]) / limit.seconds)
        for limit in LIMITS
        if limit.step in (steps := found.parts.get(limit.part, {}))
    ]
    return max(shares, key=lambda pair: pair[1], default=None)


def verdict(reasons: tuple[Reason, ...]) -> Verdict:
    """The gravest of the reasons decides."""
    weights = {reason.weight for reason in reasons}
    return next((each for each in (Verdict.NO_GO, Verdict.CAREFUL) if each in weights), Verdict.GO)


def reasons(found: Found) -> tuple[Reason, ...]:
    """Everything that speaks against, the gravest first."""
    told = [*_broken(found), *(_slow(found, limit, took) for limit, took in exceeded(found.parts)), *_cautions(found)]
    return tuple(sorted(told, key=lambda reason: reason.weight is not Verdict.NO_GO))


def _broken(found: Found) -> Iterator[Reason]:
    if found.missing:
        yield Reason(
            Verdict.NO_GO,
            f"{number(found.missing)} lượt lưu hoặc nộp đã được máy chủ xác nhận nhưng không có trong cơ sở dữ liệu.",
            "Không mở tuần thi. Kiểm tra cấu hình ghi đĩa của cơ sở dữ liệu (synchronous_commit, ổ đĩa) rồi diễn lại.",
        )
    every = [figures for steps in found.parts.values() for figures in steps.values()]
    if lost := sum(figures.lost for figures in every):
        yield Reason(
            Verdict.NO_GO,
            f"{number(lost)} yêu cầu thử nhiều lần vẫn không được trả lời.",
            "Xem nhật ký máy chủ web trong thời gian diễn tập; tăng số tiến trình, số kết nối cơ sở dữ liệu.",
        )
    if failures := sum(figures.failures for figures in every):
        yield Reason(
            Verdict.NO_GO,
            f"Máy chủ báo lỗi hoặc ngắt kết nối {number(failures)} lần.",
            "Tìm mã lỗi trong nhật ký máy chủ web, xử lý nguyên nhân rồi diễn lại.",
        )
    if refused := sum(figures.refused for figures in every):
        yield Reason(
            Verdict.NO_GO,
            f"Phần mềm từ chối {number(refused)} yêu cầu lẽ ra phải nhận.",
            "Xem lý do từ chối trong nhật ký máy chủ web; thường do giới hạn tần suất đặt quá chặt ở nginx.",
        )


REMEDIES = {
    Step.SIGN_IN: "Nhắc mọi người đăng nhập từ trước giờ mở; chia giờ mở theo khối cơ quan; thêm lõi, thêm máy web.",
    Step.START: "Thêm lõi hoặc thêm máy web; chia giờ mở theo khối cơ quan.",
    Step.PAPER: "Thêm lõi hoặc thêm máy web; chia giờ mở theo khối cơ quan.",
    Step.SAVE: "Thêm lõi hoặc thêm máy web; dùng PostgreSQL trên ổ SSD; không chạy việc khác trên máy trong giờ thi.",
    Step.HAND_IN: "Nhắc mọi người nộp bài sớm; thêm lõi hoặc thêm máy web; dùng PostgreSQL trên ổ SSD.",
    Step.READ: "Bật bộ đệm của nginx cho trang công khai (mẫu trong thư mục deploy).",
}


BY_PROXY = (
    "Máy chủ tạm chạy không qua nginx. Bật bộ đệm của nginx cho trang công khai (mẫu trong thư mục deploy) thì phần "
    "này không còn đáng kể; muốn đo thì diễn với --url."
)


def _slow(found: Found, limit: Limit, took: float) -> Reason:
    """Too many readers are no reason against a server that will have nginx before it, which keeps their pages."""
    is_spared = limit.part is Part.READERS and not found.is_behind_proxy
    return Reason(
        Verdict.CAREFUL if is_spared else Verdict.NO_GO,
        f"{PARTS[limit.part].capitalize()}, {STEPS[limit.step]} chậm: {limit.of_hundred}% số lần mất đến "
        f"{seconds(took)}, giới hạn là {seconds(limit.seconds)}.",
        BY_PROXY if is_spared else REMEDIES[limit.step],
    )


def _cautions(found: Found) -> Iterator[Reason]:
    room = headroom(found)
    if room is not None and 1 <= room < ENOUGH_HEADROOM and not found.is_searched_out:
        yield Reason(
            Verdict.CAREFUL,
            f"Sức chứa chỉ gấp {decimal(room, 1)} lần phút cao điểm, nên có từ {decimal(ENOUGH_HEADROOM, 1)} lần.",
            "Chia giờ mở theo khối cơ quan hoặc thêm lõi; không chạy việc khác trên máy trong giờ thi.",
        )
    if waits := sum(figures.waits for steps in found.parts.values() for figures in steps.values()):
        yield Reason(
            Verdict.CAREFUL,
            f"{number(waits)} lần đăng nhập được hẹn thử lại sau ít giây vì quá nhiều người đăng nhập cùng lúc.",
            REMEDIES[Step.SIGN_IN],
        )
    if found.roster > found.asked.people:
        yield Reason(
            Verdict.CAREFUL,
            f"Mới diễn với {number(found.asked.people)} người; danh sách dự thi có {number(found.roster)} người.",
            f"Diễn lại với --people {found.roster}.",
        )
    if found.is_sqlite and found.asked.people > MOST_ON_SQLITE:
        yield Reason(
            Verdict.CAREFUL,
            f"Đang dùng SQLite cho hơn {number(MOST_ON_SQLITE)} người.",
            "Chuyển sang PostgreSQL (Hướng dẫn vận hành, mục 1) rồi diễn lại.",
        )
    if found.late > LATE:
        yield Reason(
            Verdict.CAREFUL,
            f"Phần phát tải gửi yêu cầu chậm hơn lịch {seconds(found.late)}: máy không kịp vừa phục vụ vừa phát tải.",
            "Số liệu xấu hơn thực tế. Muốn đo đúng, diễn từ một máy khác hoặc trên máy có nhiều lõi hơn.",
        )


def capacity_words(found: Found) -> str:
    """The capacity as the sheet says it."""
    room = headroom(found)
    if found.capacity is None or room is None:
        return "chưa đo được: ngay mức thấp nhất đã vượt giới hạn"
    least = "ít nhất " if found.is_searched_out else ""
    return (
        f"{least}{number(int(found.capacity))} người đăng nhập và bắt đầu trong một phút, đủ cho danh sách "
        f"{least}{number(roster_for(found.capacity))} người; gấp {decimal(room, 1)} lần mức dự kiến"
    )


def seconds(value: float) -> str:
    """A time as the sheet writes it: '35 ms', '1,25 giây', '2 giây'."""
    return f"{value * 1000:.0f} ms" if value < 0.9995 else f"{decimal(value).removesuffix(',00')} giây"
