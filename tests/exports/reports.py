"""A participation report as the tests write it: a short name, a very long one, and one that looks like a formula."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction

from quiz.exports.agency_report import OVERALL, Absentee, AgencyReport, Line
from quiz.scoring.participation import Turnout
from quiz.vietnamese import HANOI

FORMULA = '=HYPERLINK("http://evil.vn";1)'
LONG = "Trung tâm Phục vụ hành chính công và Kiểm soát thủ tục hành chính trực thuộc Văn phòng Ủy ban nhân dân"


def line(period: str, code: str, agency: str, people: int, headcount: int = 103, exempt: int = 3) -> Line:
    """One line, against a threshold of 70 %."""
    turnout = Turnout(headcount=headcount, exempt=exempt, people=people)
    above = "" if code == "H1" else "Sở Nội vụ"
    return Line(period=period, code=code, agency=agency, above=above, turnout=turnout, threshold=Fraction(7, 10))


def report(**otherwise: object) -> AgencyReport:
    """Sở Nội vụ with two agencies below it, over two weeks and the contest."""
    lines = [
        one
        for period, people in (("Tuần 1", 40), ("Tuần 2", 70), (OVERALL, 69))
        for one in (
            line(period, "H1", "Sở Nội vụ", people),
            line(period, "H2", LONG, 20_999, 30_000, 0),
            line(period, "H3", FORMULA, 0, 0, 0),
        )
    ]
    people = [
        Absentee(name="Lê Văn Tám", position="Chuyên viên", agency="Sở Nội vụ", account="Đã kích hoạt", groups=""),
        Absentee(name=FORMULA, position="{{ 7*7 }}", agency="A & <B>", account="Chưa kích hoạt", groups="+1"),
    ]
    facts = {
        "contest": "Hội thi cải cách hành chính",
        "plan": "Kế hoạch số 221/KH-UBND",
        "agency": "Sở Nội vụ",
        "above": "Ủy ban nhân dân thành phố",
        "made_at": datetime(2024, 10, 24, 2, 5, tzinfo=UTC),
        "zone": HANOI,
        "own": tuple(one for one in lines if one.code == "H1"),
        "lines": tuple(lines),
        "absent_in": "Tuần 2",
        "absentees": tuple(people),
        "hidden": ("Tuần 3",),
    }
    return AgencyReport(**{**facts, **otherwise})  # type: ignore[arg-type]
