"""What a simulation prints is what would be published, in words."""

from __future__ import annotations

from quiz.config import ROOT
from quiz.simulation.play import simulate
from quiz.simulation.report import lines


def printed(book: str, people: int) -> list[str]:
    """Every line of a simulated rule book."""
    source = (ROOT / "tests" / "rule_books" / f"{book}.yaml").read_bytes()
    played = simulate(source, {}, people, lambda *_: None)
    return [line for contest, publication in played for line in lines(contest, publication)]


def test_every_week_prints_its_figures_its_winners_and_why() -> None:
    text = printed("lang-son-2023", 20)
    assert [line.strip() for line in text if line.startswith("\n")] == [f"Tuần {n}" for n in range(1, 6)]
    figures = [line for line in text if "người, " in line]
    assert all("kết quả phải dự đoán" in line and "lượt" in line for line in figures)
    assert len([line for line in text if line.startswith("    Giải Nhất: ")]) == 5
    assert all("; hạng 1: " in line for line in text if line.startswith("    Giải Nhất: "))
    assert len([line for line in text if line.startswith("  Tham gia: ")]) == 5


def test_the_end_of_a_contest_prints_collective_awards_and_prizes_over_the_contest() -> None:
    text = printed("soc-trang-2022", 30)
    assert "\nGiải tập thể, Các cơ quan, đơn vị" in text
    text = printed("nghi-quyet-2025", 20)
    assert "\nGiải thưởng cả hội thi" in text
    assert any(line.startswith("    Giải Toàn cuộc: ") for line in text)
