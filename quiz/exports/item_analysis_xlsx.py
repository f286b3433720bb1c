"""The item analysis of a week as a workbook: each question, its options, each place, the papers and the whole."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from fractions import Fraction
from typing import TYPE_CHECKING

from quiz.exports.sheets import HEAD, NO_GUESSES, Value, add_sheet, formats_of
from quiz.scoring.item_analysis import Analysis, QuestionAnalysis
from quiz.scoring.item_doubts import Remark
from quiz.vietnamese import moment, number

if TYPE_CHECKING:
    from xlsxwriter import Workbook

QUESTIONS = (
    ("Mã câu", 12),
    ("Câu hỏi", 60),
    ("Lượt thi", 10),
    ("Độ dễ", 10),
    ("Độ lệch chuẩn", 10),
    ("Đoán mò", 10),
    ("Độ phân biệt", 11),
    ("Hiệu quả phân biệt", 11),
    ("Trọng số dự kiến", 11),
    ("Trọng số thực tế", 11),
    ("Nhận xét", 70),
)
OPTIONS = (
    ("Mã câu", 12),
    ("Phương án", 12),
    ("Nội dung", 60),
    ("Đáp án", 9),
    ("Số lượt chọn", 10),
    ("Nhóm điểm cao", 10),
    ("Nhóm điểm thấp", 10),
)
PLACES = (
    ("Vị trí", 9),
    ("Lượt thi", 10),
    ("Độ dễ", 10),
    ("Độ phân biệt", 11),
    ("Trọng số dự kiến", 11),
    ("Trọng số thực tế", 11),
    ("Nhận xét", 70),
)
WHOLE = (("Chỉ số", 48), ("Giá trị", 14))
PAPERS = (("Kết quả kỳ vọng", 16), ("Số đề", 10))
BLANK = "Bỏ trống"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemSheet:
    """What the workbook is made from; `made_at` in UTC, written in `zone`."""

    title: str
    contest: str
    made_at: datetime
    zone: tzinfo
    analysis: Analysis

    @property
    def as_of(self) -> str:
        """What stands below the title of each sheet."""
        attempts = number(self.analysis.scores.attempts)
        return f"{self.contest}. {attempts} lượt thi được xếp hạng; phân tích lúc {moment(self.made_at, self.zone)}"


def workbook(report: ItemSheet) -> bytes:
    """The analysis as .xlsx."""
    import xlsxwriter

    out, found = io.BytesIO(), report.analysis
    with xlsxwriter.Workbook(out, NO_GUESSES) as book:
        book.set_properties({"title": report.title, "created": report.made_at.replace(tzinfo=None)})
        formats = formats_of(book)
        sheet = add_sheet(
            book, formats, "Câu hỏi", report.title, report.as_of, QUESTIONS, list(map(_question, found.questions))
        )
        if found.questions:
            sheet.insert_chart(HEAD + len(found.questions) + 2, 1, _chart(book, len(found.questions)))
        options = [row for one in found.questions for row in _options(one)]
        add_sheet(book, formats, "Phương án", f"{report.title}, từng phương án", report.as_of, OPTIONS, options)
        if found.places:
            places = [
                (
                    place.number,
                    place.figures.dealt,
                    *map(_share, (place.figures.facility, place.figures.discrimination)),
                    *map(_share, (place.weights.intended, place.weights.effective)),
                    _remarks(place.remarks),
                )
                for place in found.places
            ]
            add_sheet(book, formats, "Vị trí", f"{report.title}, từng vị trí", report.as_of, PLACES, places)
        add_sheet(book, formats, "Cả bài thi", f"{report.title}, cả bài thi", report.as_of, WHOLE, _whole(found))
        if found.papers:
            papers = [(Fraction(percent, 100), count) for percent, count in found.papers.percents]
            note = " ".join(found.papers.sentences)
            add_sheet(book, formats, "Độ khó của đề", f"{report.title}, độ khó của đề", note, PAPERS, papers)
    return out.getvalue()


def _question(one: QuestionAnalysis) -> tuple[Value, ...]:
    figures, weights = one.figures, one.weights
    shares = (figures.facility, figures.sd, one.random_guess, figures.discrimination, figures.efficiency)
    weighed = (weights.intended, weights.effective) if weights else (None, None)
    return (
        one.question.id,
        one.question.text,
        figures.dealt,
        *map(_share, (*shares, *weighed)),
        _remarks(one.remarks),
    )


def _options(one: QuestionAnalysis) -> Iterator[tuple[Value, ...]]:
    texts = {option.letter: option.text for option in one.question.options}
    for option in one.options.options:
        chosen = option.chosen
        key = "Đúng" if option.is_key else ""
        yield one.question.id, option.letter, texts[option.letter], key, chosen.all, chosen.upper, chosen.lower
    blank = one.options.blank
    yield one.question.id, "–", BLANK, "", blank.all, blank.upper, blank.lower


def _whole(found: Analysis) -> list[tuple[Value, ...]]:
    scores = found.scores
    return [
        ("Số lượt thi", scores.attempts),
        ("Điểm trung bình", scores.mean),
        ("Điểm trung vị", scores.median),
        ("Độ lệch chuẩn", scores.sd),
        ("Hệ số bất đối xứng", scores.skewness),
        ("Hệ số nhọn", scores.kurtosis),
        ("Hệ số nhất quán nội tại (alpha của Cronbach)", _share(scores.consistency)),
        ("Tỷ lệ sai số", _share(scores.error_ratio)),
        ("Sai số chuẩn của điểm", scores.standard_error),
    ]


def _share(value: float | None) -> Fraction | None:
    return None if value is None else Fraction(value)


def _remarks(remarks: tuple[Remark, ...]) -> str:
    return " ".join(remark.sentence for remark in remarks)


def _chart(book: Workbook, rows: int) -> object:
    """Each question by how easy it was and how far it told people apart."""
    first, last = HEAD + 1, HEAD + rows
    titles = [words for words, _ in QUESTIONS]
    facility, discrimination = titles.index("Độ dễ"), titles.index("Độ phân biệt")
    dots = book.add_chart({"type": "scatter"})
    marker = {"type": "circle", "size": 6, "fill": {"color": "#9D1C20"}, "border": {"color": "#FFFFFF"}}
    values = {
        "categories": ["Câu hỏi", first, facility, last, facility],
        "values": ["Câu hỏi", first, discrimination, last, discrimination],
    }
    dots.add_series({"name": "Câu hỏi", "marker": marker, **values})
    dots.set_title({"name": "Độ dễ và độ phân biệt của từng câu", "name_font": {"size": 13}})
    dots.set_x_axis({"name": "Độ dễ", "min": 0, "max": 1, "num_format": "0%"})
    dots.set_y_axis({"name": "Độ phân biệt", "num_format": "0%", "label_position": "low"})
    dots.set_legend({"none": True})
    dots.set_size({"width": 760, "height": 420})
    return dots
