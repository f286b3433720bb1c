"""What a correction corrects, as everybody reads it."""

from __future__ import annotations

from dataclasses import replace

from quiz.scoring.participation import Turnout
from quiz.scoring.rulings import Kind, RuledQuestion
from quiz.services.publication_changes import changes
from quiz.services.published import (
    Figures,
    PublishedAgency,
    PublishedBlock,
    PublishedDivision,
    PublishedKind,
    PublishedOverall,
    PublishedPlace,
    PublishedTie,
    PublishedWinner,
)

HERE = "Sở Nội vụ"


def winner(name: str, prize: str, rank: int, agency: str = HERE, **more: int) -> PublishedWinner:
    return PublishedWinner(prize=prize, rank=rank, name=name, agency=agency, why="", **more)


def division(*winners: PublishedWinner, **otherwise: object) -> PublishedDivision:
    usual = {"code": "", "name": "", "people": 1200, "attempts": 1500, "all_right": 3, "questions": 20, "target": None}
    usual |= {"winners": winners, "tied": (), "full": 20, "bands": ((20, 3), (19, 1197))}
    return PublishedDivision(**usual | otherwise)  # type: ignore[arg-type]


def agency(name: str = HERE, **otherwise: object) -> PublishedAgency:
    usual = {"kind": "city", "kind_words": "Cơ quan thành phố", "threshold": "7/10"}
    usual |= {"headcount": 10, "exempt": 1, "people": 4}
    usual |= {"contest_headcount": 10, "contest_exempt": 1, "contest_people": 5}
    return PublishedAgency(name=name, **usual | otherwise)  # type: ignore[arg-type]


def figures(**otherwise: object) -> Figures:
    usual: dict[str, object] = {"lot_seed": "00", "divisions": (division(),), "overall": (), "collective": ()}
    usual |= {"agencies": (agency(),), "total": Turnout(headcount=10, exempt=1, people=4)}
    return Figures(**usual | otherwise)  # type: ignore[arg-type]


def said(before: Figures, after: Figures) -> list[tuple[str, tuple[str, ...]]]:
    return [(part.heading, part.sentences) for part in changes(before, after)]


def test_nothing_has_changed() -> None:
    assert said(figures(), figures()) == []


def test_winners_who_move_come_and_go() -> None:
    before = division(
        winner("A", "Giải Nhất", 1, amount=2_000_000), winner("B", "Giải Nhì", 2), winner("C", "Giải Ba", 3)
    )
    after = division(
        winner("B", "Giải Nhất", 1, amount=2_000_000), winner("C", "Giải Ba", 3), winner("D", "Giải Ba", 4)
    )
    assert said(figures(divisions=(before,)), figures(divisions=(after,))) == [
        (
            "Giải thưởng",
            (
                "B (Sở Nội vụ): từ Giải Nhì (hạng 2) thành Giải Nhất, 2.000.000 đồng (hạng 1).",
                "D (Sở Nội vụ): nhận Giải Ba (hạng 4).",
                "A (Sở Nội vụ): không còn Giải Nhất, 2.000.000 đồng (hạng 1).",
            ),
        )
    ]


def test_divisions_and_the_whole_contest_are_told_apart_and_so_are_prizes_that_wait() -> None:
    tie = PublishedTie(prizes=("Giải Nhì", "Giải Ba"), people=3)
    overall = PublishedOverall(code="dan", name="Người dân", winners=(winner("A", "Giải cả năm", 1),), tied=())
    before = figures(divisions=(division(name="Cán bộ", tied=(tie,)),))
    after = figures(divisions=(division(winner("A", "Giải Nhì", 2), name="Cán bộ"),), overall=(overall,))
    assert [sentences for _, sentences in said(before, after)][:2] == [
        (
            "A (Sở Nội vụ), Cán bộ: nhận Giải Nhì (hạng 2).",
            "A (Sở Nội vụ), Người dân, giải cả hội thi: nhận Giải cả năm (hạng 1).",
        ),
        ("Không còn chờ quyết định: Giải Nhì, Giải Ba, Cán bộ (3 người bằng nhau).",),
    ]


def test_agencies_change_places_in_their_block() -> None:
    def block(*places: tuple[int, str, str], tied: tuple[tuple[str, ...], ...] = ()) -> Figures:
        ranked = tuple(PublishedPlace(rank=rank, agency=name, why="", prize=prize) for rank, name, prize in places)
        return figures(collective=(PublishedBlock(name="Khối sở", places=ranked, struck=0, tied=tied),))

    before, after = block((1, "A", "Nhất"), (2, "B", "")), block((1, "B", "Nhất"), (2, "A", ""), tied=(("Nhì",),))
    assert said(before, after) == [
        (
            "Giải tập thể",
            (
                "B, Khối sở: từ không có giải (hạng 2) thành Nhất (hạng 1).",
                "A, Khối sở: từ Nhất (hạng 1) thành không có giải (hạng 2).",
            ),
        ),
        ("Giải chưa phân định", ("Chờ Ban Tổ chức quyết định: Nhì, Khối sở.",)),
    ]


def test_what_has_been_decided_about_questions() -> None:
    voided = RuledQuestion(question="T-1", text="Câu một?", kind=Kind.VOID, answers=(), decision="12/QĐ", reason="Sai.")
    rekeyed = replace(voided, question="T-2", text="Câu hai?", kind=Kind.REKEY, answers=(("Hai ngày",),))
    assert said(figures(rulings=(voided,)), figures(rulings=(voided, rekeyed))) == [
        ("Câu hỏi có sai sót", ("“Câu hai?” Đổi đáp án, chỉ tính đúng: “Hai ngày”. (Quyết định 12/QĐ.)",))
    ]


def test_totals_and_score_bands() -> None:
    kind = PublishedKind(
        kind="city",
        words="Cơ quan thành phố",
        agencies=1,
        week=Turnout(headcount=10, exempt=1, people=4),
        contest=Turnout(headcount=10, exempt=1, people=4),
        ranked=1200,
        attempts=1500,
    )
    changed = division(people=1199, target=1199, bands=((19, 1199),))
    after = figures(divisions=(changed,), kinds=(replace(kind, ranked=1199),))
    assert said(figures(kinds=(kind,)), after) == [
        (
            "Số người, số lượt và điểm",
            (
                "Người dự thi: từ 1.200 thành 1.199.",
                "Kết quả phải dự đoán: từ chưa có thành 1.199.",
                "Người đạt 19 điểm: từ 1.197 thành 1.199.",
                "Cơ quan thành phố, người dự thi: từ 1.200 thành 1.199.",
                "Người đạt 20 điểm: từ 3 thành 0.",
            ),
        )
    ]


def test_what_an_older_version_did_not_store_is_no_change() -> None:
    assert said(figures(divisions=(division(bands=(), full=0),)), figures()) == []


def test_agencies_whose_figures_have_changed_also_where_two_have_one_name() -> None:
    before = figures(agencies=(agency(), agency("Văn phòng"), agency("Văn phòng"), agency("Cũ")))
    moved = agency("Văn phòng", people=5, contest_people=6, threshold="1/2")
    after = figures(agencies=(agency(), agency("Văn phòng"), moved, agency("Mới")))
    assert said(before, after) == [
        (
            "Số liệu của các cơ quan, đơn vị",
            (
                "Văn phòng: người dự thi từ 4 thành 5; cả hội thi, người dự thi từ 5 thành 6; "
                "chỉ tiêu từ 70% thành 50%.",
                "Mới: lần trước chưa có.",
                "Cũ: không còn trong bảng.",
            ),
        )
    ]
