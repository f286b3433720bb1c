"""The values of a participation report: exact rates, cut and never rounded up."""

from __future__ import annotations

from fractions import Fraction

from tests.exports.reports import line, report


def test_rates_are_cut_so_that_none_reads_as_reached() -> None:
    almost = line("Tuần 1", "H2", "Chi cục", 20_999, 30_000, 0)
    assert (almost.cut_rate, almost.rate, almost.verdict) == (Fraction(6999, 10_000), "69,99%", "Còn thiếu 1 người")
    assert (almost.reaches, almost.missing) == (False, 1)


def test_an_agency_of_nobody_has_no_rate_and_nothing_to_reach() -> None:
    nobody = line("Tuần 1", "H3", "Chi cục", 0, 0, 0)
    assert (nobody.cut_rate, nobody.rate, nobody.verdict) == (None, "–", "Đạt")


def test_a_report_says_of_when_it_is_and_what_it_leaves_out() -> None:
    assert report().as_of == (
        "Số liệu tính đến 9 giờ 05 phút, thứ Năm ngày 24/10/2024. Chưa gồm Tuần 3: số liệu hiện sau khi đóng."
    )
    assert report(hidden=()).as_of == "Số liệu tính đến 9 giờ 05 phút, thứ Năm ngày 24/10/2024."
