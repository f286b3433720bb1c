"""What collective awards ask of agencies: blocks, exact measures, thresholds that strike out, and the rule in words."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from quiz.scoring.collective import AgencyFigures, Block, Collective, Measure
from quiz.scoring.participation import AgencyKind, Group, GroupTurnout, Turnout
from quiz.scoring.prizes import Per, Prize

COUNTER = Group(code="mot-cua", name="Công chức một cửa", share=Fraction(1))
LEADERS = Group(code="lanh-dao", name="Lãnh đạo cơ quan", least=1)
BEST = (Prize("Giải Nhất", 1, 5_000_000, Per.CONTEST), Prize("Giải Nhì", 2, None, Per.CONTEST))
KINDS = {AgencyKind.CITY: "Cơ quan, đơn vị thuộc tỉnh", AgencyKind.CENTRAL: "Cơ quan Trung ương trên địa bàn"}
CITY = Block(name="Khối sở ngành", kinds=frozenset({AgencyKind.CITY}), prizes=BEST)
NAMED = Block(name="Khối thi đua", agencies=frozenset({"STC", "SNV"}), prizes=BEST)
ALL = Block(name="Toàn thành phố", prizes=BEST)

AGENCY = AgencyFigures(
    code="SNV",
    name="Sở Nội vụ",
    kind=AgencyKind.CITY,
    turnout=Turnout(headcount=200, exempt=0, people=90),
    groups=(
        GroupTurnout(group=LEADERS, members=2, took_part=1),
        GroupTurnout(group=COUNTER, members=1200, took_part=1100),
    ),
    score=1842,
    full=2000,
    prizes={"Giải Nhất": 1, "Giải Nhì": 2},
    attempts=345,
)


@pytest.mark.parametrize(
    ("blocks", "code", "kind", "expected"),
    [
        ((CITY, NAMED, ALL), "SNV", AgencyKind.CITY, NAMED),
        ((CITY, NAMED, ALL), "SYT", AgencyKind.CITY, CITY),
        ((ALL, CITY), "SYT", AgencyKind.CITY, CITY),
        ((CITY, NAMED, ALL), "THUE", AgencyKind.CENTRAL, ALL),
        ((CITY, NAMED), "THUE", AgencyKind.CENTRAL, None),
        ((NAMED,), "SYT", AgencyKind.CITY, None),
        ((CITY, replace(CITY, name="Khối khác")), "SYT", AgencyKind.CITY, CITY),
        ((replace(NAMED, kinds=frozenset({AgencyKind.CENTRAL})),), "SYT", AgencyKind.CITY, None),
    ],
)
def test_an_agency_is_in_the_block_that_names_it_or_in_that_of_its_kind(
    blocks: tuple[Block, ...], code: str, kind: AgencyKind, expected: Block | None
) -> None:
    assert Collective(blocks=blocks).block_of(replace(AGENCY, code=code, kind=kind)) == expected


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        (Measure.PARTICIPATION, Fraction(90, 200)),
        (Measure.AVERAGE_SCORE, Fraction(1842, 2000)),
        (Measure.PRIZES, Fraction(10)),
        (Measure.ENTRIES, Fraction(345)),
    ],
)
def test_measures_are_exact(measure: Measure, expected: Fraction) -> None:
    assert Collective(blocks=(), prize_points={"Giải Nhất": 10}).value(measure, AGENCY) == expected


def test_prizes_without_points_are_worth_one_each() -> None:
    assert Collective(blocks=()).value(Measure.PRIZES, AGENCY) == 3
    assert Collective(blocks=(), prize_points={"Giải Nhì": 8, "Giải Ba": 6}).value(Measure.PRIZES, AGENCY) == 16


def test_without_attempts_or_people_every_measure_is_nothing() -> None:
    nobody = AgencyFigures(code="A", name="A", kind=AgencyKind.CITY, turnout=Turnout(headcount=0, exempt=0, people=0))
    assert {Collective(blocks=()).value(measure, nobody) for measure in Measure} == {Fraction(0)}


@pytest.mark.parametrize(
    ("rules", "agency", "why"),
    [
        (Collective(blocks=()), AGENCY, ()),
        (Collective(blocks=(), least_participation=Fraction(45, 100)), AGENCY, ()),
        (
            Collective(blocks=(), least_participation=Fraction(1, 2)),
            AGENCY,
            ("tỷ lệ tham gia 45,00% dưới 50%",),
        ),
        (
            Collective(blocks=(), needs_groups=True),
            AGENCY,
            ("nhóm bắt buộc “Công chức một cửa” mới có 1.100/1.200 người dự thi, còn thiếu 100 người",),
        ),
        (Collective(blocks=(), needs_prize=True), AGENCY, ()),
        (Collective(blocks=(), needs_prize=True), replace(AGENCY, prizes={}), ("không có giải cá nhân",)),
        (Collective(blocks=(), needs_prize=True), replace(AGENCY, prizes={"Giải Ba": 0}), ("không có giải cá nhân",)),
        (
            Collective(blocks=()),
            replace(AGENCY, turnout=Turnout(headcount=200, exempt=0, people=0)),
            ("không có người nào dự thi",),
        ),
        (
            Collective(blocks=(), least_participation=Fraction(499, 1000), needs_groups=True, needs_prize=True),
            replace(AGENCY, prizes={}, groups=(GroupTurnout(group=LEADERS, members=2, took_part=0),)),
            (
                "tỷ lệ tham gia 45,00% dưới 49,9%",
                "nhóm bắt buộc “Lãnh đạo cơ quan” mới có 0/2 người dự thi, còn thiếu 1 người",
                "không có giải cá nhân",
            ),
        ),
    ],
)
def test_agencies_are_struck_out_for_every_reason_there_is(
    rules: Collective, agency: AgencyFigures, why: tuple[str, ...]
) -> None:
    assert rules.why_struck(agency) == why


EQUALS = (
    "Cơ quan, đơn vị bằng nhau mọi tiêu chí thì đồng hạng; nếu không đủ giải như nhau cho các cơ quan, đơn vị đồng "
    "hạng, Ban Tổ chức quyết định."
)


def test_an_order_of_measures_prints_itself() -> None:
    rules = Collective(
        blocks=(CITY, replace(NAMED, kinds=frozenset({AgencyKind.CENTRAL})), ALL),
        order=tuple(Measure),
        prize_points={"Giải Nhất": 10, "Giải Nhì": 8},
        least_participation=Fraction(1, 2),
        needs_groups=True,
        needs_prize=True,
    )
    prizes = "01 Giải Nhất, mỗi giải 5.000.000 đồng; 02 Giải Nhì."
    assert rules.sentences(KINDS) == (
        f"Khối sở ngành (Cơ quan, đơn vị thuộc tỉnh): {prizes}",
        f"Khối thi đua (Cơ quan Trung ương trên địa bàn; mã SNV, STC): {prizes}",
        f"Toàn thành phố: {prizes}",
        "Trong mỗi khối, cơ quan, đơn vị xếp hạng từ cao xuống thấp theo tỷ lệ tham gia; nếu bằng nhau thì theo điểm "
        "trung bình; nếu bằng nhau thì theo điểm giải cá nhân; nếu bằng nhau thì theo số lượt dự thi.",
        "Tỷ lệ tham gia: số người dự thi chia cho tổng số người của cơ quan, đơn vị, trừ người được miễn.",
        "Điểm trung bình: tổng số điểm đạt được chia cho tổng số điểm tối đa của các bài thi được tính trong tất cả "
        "các tuần.",
        "Điểm giải cá nhân: Giải Nhất 10 điểm, Giải Nhì 8 điểm.",
        "Số lượt dự thi: tổng số lượt thi trong tất cả các tuần, không phải số người.",
        "Không xét cơ quan, đơn vị không có người nào dự thi.",
        "Không xét cơ quan, đơn vị có tỷ lệ tham gia dưới 50%.",
        "Không xét cơ quan, đơn vị chưa đủ người thuộc các nhóm bắt buộc dự thi.",
        "Không xét cơ quan, đơn vị không có giải cá nhân.",
        EQUALS,
    )


def test_a_weighted_sum_prints_itself() -> None:
    rules = Collective(
        blocks=(ALL,),
        weights={
            Measure.PARTICIPATION: Fraction(60, 100),
            Measure.AVERAGE_SCORE: Fraction(375, 1000),
            Measure.PRIZES: Fraction(1),
            Measure.ENTRIES: Fraction(25, 1000),
        },
    )
    assert rules.sentences(KINDS)[1:] == (
        "Trong mỗi khối, cơ quan, đơn vị xếp hạng từ cao xuống thấp theo tổng điểm gồm 60% tỷ lệ tham gia cộng 37,5% "
        "điểm trung bình cộng 100% điểm giải cá nhân cộng 2,5% số lượt dự thi.",
        "Tỷ lệ tham gia: số người dự thi chia cho tổng số người của cơ quan, đơn vị, trừ người được miễn, quy theo "
        "thang 100.",
        "Điểm trung bình: tổng số điểm đạt được chia cho tổng số điểm tối đa của các bài thi được tính trong tất cả "
        "các tuần, quy theo thang 100.",
        "Điểm giải cá nhân: mỗi giải 1 điểm.",
        "Số lượt dự thi: tổng số lượt thi trong tất cả các tuần, không phải số người, quy theo thang 100 so với cơ "
        "quan, đơn vị được xét có nhiều lượt nhất trong khối.",
        "Không xét cơ quan, đơn vị không có người nào dự thi.",
        EQUALS,
    )
