"""The participation report as a Word file, filled into a template that the office may edit in Word.

What the template can name is what `context` gives; its code runs in a sandbox, and names stay text.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from quiz.exports.agency_report import Absentee, AgencyReport, Line
from quiz.exports.printable import printable
from quiz.vietnamese import exact_percent, number

TEMPLATE = Path(__file__).parent / "templates" / "bao-cao-tham-gia.docx"

Rows = list[dict[str, str]]


def document(report: AgencyReport, template: Path = TEMPLATE) -> bytes:
    """The report as .docx."""
    from docxtpl import DocxTemplate
    from jinja2 import StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    made = DocxTemplate(template)
    made.render(context(report), SandboxedEnvironment(autoescape=True, undefined=StrictUndefined))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def context(report: AgencyReport) -> dict[str, object]:
    """The words and rows by the names under which the template asks for them."""
    overall = report.own[-1]
    others = [line for line in report.lines if line.period == overall.period][1:]
    return {
        "co_quan": printable(report.agency),
        "co_quan_in_hoa": printable(report.agency).upper(),
        "cap_tren_in_hoa": printable(report.above).upper(),
        "hoi_thi": printable(report.contest),
        "ke_hoach": printable(report.plan),
        "nam": f"{report.made_at.astimezone(report.zone):%Y}",
        "so_lieu_den": report.as_of,
        "da_du_thi": number(overall.turnout.people),
        "phai_tinh": number(overall.turnout.base),
        "ty_le": overall.rate,
        "chi_tieu": exact_percent(overall.threshold),
        "ket_qua": overall.verdict,
        "cac_tuan": _lines(report.own),
        "cac_don_vi": _lines(others),
        "tuan_chua_du_thi": printable(report.absent_in),
        "so_chua_du_thi": number(len(report.absentees)),
        "chua_du_thi": _absentees(report.absentees),
    }


def _lines(lines: Sequence[Line]) -> Rows:
    return [
        {
            "stt": str(place),
            "ky": printable(line.period),
            "ten": printable(line.agency),
            "tong_so": number(line.turnout.headcount),
            "mien": number(line.turnout.exempt),
            "phai_tinh": number(line.turnout.base),
            "da_du_thi": number(line.turnout.people),
            "ty_le": line.rate,
            "chi_tieu": exact_percent(line.threshold),
            "ket_qua": line.verdict,
        }
        for place, line in enumerate(lines, 1)
    ]


def _absentees(people: Sequence[Absentee]) -> Rows:
    return [
        {
            "stt": str(place),
            "ho_ten": printable(person.name),
            "chuc_vu": printable(person.position),
            "don_vi": printable(person.agency),
            "nhom": printable(person.groups),
        }
        for place, person in enumerate(people, 1)
    ]
