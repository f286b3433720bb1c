"""The one page at the end of a rehearsal, as text for the console and as a page to print: go or no go, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape

from quiz.rehearsal.expected import Lengths
from quiz.rehearsal.figures import Figures
from quiz.rehearsal.verdict import (
    LIMITS,
    PARTS,
    STEPS,
    Found,
    Limit,
    Part,
    Reason,
    Verdict,
    capacity_words,
    reasons,
    seconds,
    slowest,
    verdict,
)
from quiz.vietnamese import decimal, moment, number

BAR = 60
"""The width of a bar in the page, for what takes as long as it may."""

STYLE = """
@page { size: A4; margin: 14mm }
body { font: 9.5pt/1.3 "Be Vietnam Pro", "Segoe UI", Arial, sans-serif; color: #111 }
body { max-width: 182mm; margin: 8mm auto }
h1 { font-size: 15pt; margin: 0 } h2 { font-size: 11.5pt; margin: 4mm 0 1mm }
p, ul, dl { margin: 0 0 1.5mm } ul { padding-left: 5mm }
.verdict { font-size: 15pt; font-weight: 700; padding: 2.5mm 4mm; border: 1mm solid; margin: 3mm 0 }
.go { color: #0a5c2b } .careful { color: #7a4b00 } .no_go { color: #a3121f }
dl { display: grid; grid-template-columns: 34mm 1fr; gap: 0.8mm 3mm } dt { font-weight: 600 } dd { margin: 0 }
table { border-collapse: collapse; width: 100%; font-size: 8.5pt }
th, td { border-bottom: 0.2mm solid #999; padding: 0.8mm 1.5mm; text-align: right }
td { white-space: nowrap } th:first-child, td:first-child { text-align: left; white-space: normal }
.over td { color: #a3121f; font-weight: 600 } svg { vertical-align: middle } small { color: #444 }
""".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """When and on what it was played. `server` says how the pages were served, `database` what holds the rows."""

    at: datetime
    hardware: str
    server: str
    database: str
    lasts: Lengths


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: a step of one part, its figures and the limit that it is held against."""

    part: Part
    found: Figures
    limit: Limit | None

    @property
    def words(self) -> tuple[str, ...]:
        """As the table prints it."""
        found = self.found
        limit = f"{self.limit.of_hundred}% ≤ {seconds(self.limit.seconds)}" if self.limit else "–"
        failed = found.refused + found.failures + found.lost
        times = (seconds(found.p50), seconds(found.p95), seconds(found.p99))
        return (
            f"{PARTS[self.part].capitalize()}: {STEPS[found.step]}",
            number(found.count),
            *times,
            limit,
            number(found.waits),
            str(failed),
        )

    @property
    def used(self) -> float:
        """The share of the limit that is used up."""
        return self.limit.measured(self.found) / self.limit.seconds if self.limit else 0.0


HEADINGS = ("Việc", "Số lần", "50%", "95%", "99%", "Giới hạn", "Hẹn lại", "Lỗi")


def rows(found: Found) -> list[Row]:
    """Every step of every part."""
    limits = {(limit.part, limit.step): limit for limit in LIMITS}
    return [
        Row(part, figures, limits.get((part, step)))
        for part, steps in found.parts.items()
        for step, figures in steps.items()
    ]


def facts(found: Found, about: Circumstances) -> Iterator[tuple[str, str]]:
    """What stands above the table."""
    asked = found.asked
    yield "Thời điểm", moment(about.at)
    yield "Máy chủ", f"{about.hardware}; {about.server}; {about.database}"
    yield (
        "Mức dự kiến",
        f"danh sách {number(asked.people)} người, tất cả dự thi; phút cao điểm {number(round(asked.starts_a_minute))} "
        f"người (1/15) đăng nhập và bắt đầu; mỗi giây {number(round(asked.saves))} lượt lưu bài, những giây cuối "
        f"{number(round(asked.hand_ins))} lượt nộp, lúc đông người xem {number(round(asked.readers))} lượt xem trang "
        "công khai",
    )
    yield "Sức chứa", capacity_words(found)
    if nearest := slowest(found):
        limit, share = nearest
        took = seconds(share * limit.seconds)
        yield "Khâu chậm nhất", f"{STEPS[limit.step]}, {PARTS[limit.part]}: {took}, bằng {share * 100:.0f}% giới hạn"
    yield "Đối chiếu", _kept_words(found)


def _kept_words(found: Found) -> str:
    if found.missing:
        return f"thiếu {number(found.missing)} lượt đã được máy chủ xác nhận"
    return "mọi lượt lưu, lượt nộp mà máy chủ đã xác nhận đều có trong cơ sở dữ liệu"


def notes(found: Found, about: Circumstances) -> tuple[str, ...]:
    """What the figures do not say."""
    lasts = about.lasts
    return (
        f"Diễn thật {lasts.opening:.0f} giây của phút cao điểm, {lasts.closing:.0f} giây cuối, mỗi mức tìm sức chứa "
        f"{lasts.search:.0f} giây, bằng người giả lập; không diễn cả tuần thi. Danh sách dự thi tạm có đủ "
        f"{number(found.asked.people)} người.",
        "Các tỷ lệ của mức dự kiến là giả định thận trọng, không phải số đo: ai cũng dự thi, cùng dồn vào một lúc.",
        "Phần phát tải chạy ngay trên máy chủ nên chiếm một phần bộ xử lý: máy thật chịu được nhiều hơn. Đường truyền "
        "Internet không được thử.",
        f"Thời gian tính từ lúc lẽ ra phải gửi đến lúc nhận đủ trả lời. Yêu cầu rời phần phát tải chậm nhất "
        f"{seconds(found.late)} so với lịch (95%).",
    )


def text(found: Found, about: Circumstances) -> str:
    """For the console."""
    told = reasons(found)
    lines = ["PHIẾU TỔNG DIỄN TẬP", f"Kết luận: {verdict(told).words}", ""]
    lines += [f"{name}: {words}." for name, words in facts(found, about)]
    table = [HEADINGS, *(row.words for row in rows(found))]
    widths = [max(len(line[place]) for line in table) for place in range(len(HEADINGS))]
    lines.append("")
    lines += ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in table]
    if told:
        lines += ["", "Lý do và việc cần làm"]
        lines += [f"  {place}. {words} {remedy}" for place, (remedy, words) in enumerate(_grouped(told), start=1)]
    return "\n".join([*lines, "", *(f"* {note}" for note in notes(found, about))])


def _grouped(told: Iterable[Reason]) -> Iterable[tuple[str, str]]:
    """What asks for the same is said together: remedy and reasons."""
    by_remedy: dict[str, list[str]] = {}
    for reason in told:
        by_remedy.setdefault(reason.remedy, []).append(reason.words)
    return ((remedy, " ".join(words)) for remedy, words in by_remedy.items())


def page(found: Found, about: Circumstances) -> str:
    """For the printer: one page, by itself."""
    told = reasons(found)
    result = verdict(told)
    listed = "".join(f"<li>{escape(words)} <strong>{escape(remedy)}</strong></li>" for remedy, words in _grouped(told))
    given = "".join(f"<dt>{name}</dt><dd>{escape(words)}</dd>" for name, words in facts(found, about))
    return f"""<!doctype html>
<html lang="vi">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Phiếu tổng diễn tập</title>
<style>{STYLE}</style></head>
<body>
<h1>Phiếu tổng diễn tập</h1>
<p class="verdict {result.value}">Kết luận: {result.words}</p>
<dl>{given}</dl>
{_reasons(listed, result)}
<h2>Số liệu</h2>
<table><thead><tr>{"".join(f"<th>{heading}</th>" for heading in HEADINGS)}<th>So với giới hạn</th></tr></thead>
<tbody>{"".join(_line(row) for row in rows(found))}</tbody></table>
<h2>Cách đọc</h2>
<ul>{"".join(f"<li><small>{escape(note)}</small></li>" for note in notes(found, about))}</ul>
</body>
</html>
"""


def _reasons(listed: str, result: Verdict) -> str:
    heading = "Lý do và việc cần làm" if result is Verdict.NO_GO else "Điều cần lưu ý"
    return f"<h2>{heading}</h2><ul>{listed}</ul>" if listed else ""


def _line(row: Row) -> str:
    cells: Sequence[str] = [f"<td>{escape(cell)}</td>" for cell in row.words]
    kind = ' class="over"' if row.used > 1 else ""
    return f"<tr{kind}>{''.join(cells)}<td>{_bar(row)}</td></tr>"


def _bar(row: Row) -> str:
    """How much of the limit is used; the line marks the limit, and what is beyond it is cut."""
    if row.limit is None:
        return "–"
    width = min(row.used, 1.5) * BAR / 1.5
    colour = "#a3121f" if row.used > 1 else "#0a5c2b"
    at = BAR / 1.5
    return (
        f'<svg width="{BAR}" height="10" role="img" aria-label="{row.used * 100:.0f}%">'
        f'<rect width="{width:.1f}" height="10" fill="{colour}"/>'
        f'<line x1="{at:.1f}" x2="{at:.1f}" y1="0" y2="10" stroke="#111"/></svg> {decimal(row.used * 100, 0)}%'
    )
