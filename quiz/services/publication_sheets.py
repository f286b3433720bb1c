"""The figures of a publication as tables: prizes, score bands, participation, collective awards, rulings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from quiz.exports.publication_xlsx import Chart, Table
from quiz.exports.sheets import Value
from quiz.scoring.participation import Turnout
from quiz.scoring.shares import shares
from quiz.services.published import Publication, PublishedDivision, PublishedKind, PublishedOverall

Rows = list[Sequence[Value]]
COUNTED = (("Tổng số", 10), ("Miễn", 8), ("Phải tính", 10), ("Dự thi", 10), ("Tỷ lệ", 10))
OVER_ALL = tuple((f"{title} (cả hội thi)", width + 2) for title, width in COUNTED)
PRIZES = (("Phạm vi", 24), ("Giải", 20), ("Hạng", 8), ("Họ và tên", 30), ("Cơ quan, đơn vị", 46))
AMOUNT_AND_WHY = (("Tiền thưởng (đồng)", 14), ("Vì sao", 60))
BANDS = (("Bảng thi", 24), ("Điểm", 10), ("Số người", 12), ("Tỷ lệ", 12))
AGENCIES = (("Khối", 30), ("Cơ quan, đơn vị", 52), *COUNTED, *OVER_ALL)
VERDICT = (("Chỉ tiêu", 10), ("Kết quả", 12), ("Còn thiếu", 11))
KINDS = (("Khối", 40), ("Số cơ quan", 10), *COUNTED, *OVER_ALL)
PARTS = (("Người được xếp hạng", 12), ("Phần trong số người", 12), ("Lượt thi", 12), ("Phần trong số lượt", 12))
COLLECTIVE = (("Khối thi đua", 34), ("Hạng", 8), ("Cơ quan, đơn vị", 52), ("Giải", 24), ("Vì sao", 60))
RULINGS = (("Câu hỏi", 60), ("Cách xử lý", 60), ("Quyết định", 24), ("Lý do", 50))
UNDECIDED = "Chờ Ban Tổ chức quyết định"


def tables(publication: Publication, week: str) -> tuple[Table, ...]:
    """Every table that the publication holds figures for, in the order of the public page."""
    made = (
        _prizes(publication, week),
        _bands(publication, week),
        _agencies(publication, week),
        _kinds(publication, week),
        _collective(publication),
        _rulings(publication, week),
    )
    return tuple(table for table in made if table.rows or table.name == "Giải thưởng")


def _prizes(publication: Publication, week: str) -> Table:
    rows: Rows = []
    for division in publication.divisions:
        rows += _awards(division, division.name or week)
    for overall in publication.overall:
        rows += _awards(overall, f"Cả hội thi, {overall.name}" if overall.name else "Cả hội thi")
    return Table(name="Giải thưởng", title=f"Giải thưởng – {week}", columns=PRIZES + AMOUNT_AND_WHY, rows=rows)


def _awards(one: PublishedDivision | PublishedOverall, scope: str) -> Iterator[Sequence[Value]]:
    for winner in one.winners:
        yield scope, winner.prize, winner.rank, winner.name, winner.agency, winner.amount, winner.why
    for tie in one.tied:
        yield scope, ", ".join(tie.prizes), None, UNDECIDED, f"{tie.people} người bằng nhau", None, None


def _bands(publication: Publication, week: str) -> Table:
    """Each division's column of rates adds up to 100 %."""
    rows: Rows = []
    charts = []
    for division in publication.divisions:
        parts = shares([people for _, people in division.bands])
        first = len(rows)
        for (score, people), part in zip(division.bands, parts, strict=True):
            rows.append((division.name or week, score, people, part))
        if division.bands:
            title = f"Số người theo điểm{f', {division.name}' if division.name else ''}"
            place = {"first": first, "last": len(rows) - 1, "names": 1, "values": (2,)}
            charts.append(Chart(title=title, are_rates=False, **place))  # type: ignore[arg-type]
    title = f"Phổ điểm – {week} (theo người)"
    return Table(name="Phổ điểm", title=title, columns=BANDS, rows=rows, charts=tuple(charts))


def _agencies(publication: Publication, week: str) -> Table:
    rows: Rows = []
    for one in publication.agencies:
        verdict = "Đạt" if one.contest.reaches(one.limit) else "Chưa đạt"
        counts = (*_counted(one.week), *_counted(one.contest))
        rows.append((one.kind_words, one.name, *counts, one.limit, verdict, one.contest.missing(one.limit)))
    columns = AGENCIES + VERDICT
    titles = [title for title, _ in columns]
    values = (titles.index("Tỷ lệ (cả hội thi)"), titles.index("Chỉ tiêu"))
    drawn = {"first": 0, "last": len(rows) - 1, "names": 1, "values": values, "is_lying": True}
    chart = Chart(title="Tỷ lệ tham gia cả hội thi so với chỉ tiêu", **drawn)  # type: ignore[arg-type]
    return Table(
        name="Tham gia",
        title=f"Tỷ lệ tham gia – {week} và cả hội thi đến nay",
        columns=columns,
        rows=rows,
        charts=(chart,) if rows else (),
    )


def _kinds(publication: Publication, week: str) -> Table:
    """People ranked and attempts are parts of the whole week; rates of participation are of each kind by itself."""
    people = shares([kind.ranked for kind in publication.kinds])
    attempts = shares([kind.attempts for kind in publication.kinds])
    rows = [_kind(*each) for each in zip(publication.kinds, people, attempts, strict=True)]
    return Table(
        name="Theo khối", title=f"Tham gia theo khối – {week} và cả hội thi đến nay", columns=KINDS + PARTS, rows=rows
    )


def _kind(kind: PublishedKind, people: Fraction, attempts: Fraction) -> Sequence[Value]:
    counts = (*_counted(kind.week), *_counted(kind.contest))
    return (kind.words, kind.agencies, *counts, kind.ranked, people, kind.attempts, attempts)


def _counted(turnout: Turnout) -> tuple[Value, ...]:
    """The rate is cut to hundredths of a percent and never rounded up, as every page shows it."""
    rate = turnout.rate
    cut = None if rate is None else Fraction(rate * 10_000 // 1, 10_000)
    return turnout.headcount, turnout.exempt, turnout.base, turnout.people, cut


def _collective(publication: Publication) -> Table:
    rows: Rows = []
    for block in publication.collective:
        rows += [(block.name, each.rank, each.agency, each.prize or None, each.why) for each in block.places]
        rows += [(block.name, None, UNDECIDED, ", ".join(words), None) for words in block.tied]
    return Table(name="Tập thể", title="Giải tập thể", columns=COLLECTIVE, rows=rows)


def _rulings(publication: Publication, week: str) -> Table:
    rows = [(each.text, each.sentence, each.decision, each.reason) for each in publication.rulings]
    return Table(name="Câu hỏi sai sót", title=f"Câu hỏi có sai sót – {week}", columns=RULINGS, rows=rows)
