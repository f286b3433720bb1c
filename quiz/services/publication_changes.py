"""What one publication says otherwise than the one before it, in sentences: winners, totals, agencies."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from quiz.errors import N_
from quiz.scoring.participation import Turnout
from quiz.services.published import Figures, PublishedAgency, PublishedDivision, PublishedOverall, PublishedWinner
from quiz.vietnamese import exact_percent, number

Given = Mapping[tuple[str, str], tuple[str, ...]]
"""What each person or agency is given, by the list in which it stands and by its own words."""
Numbers = Mapping[str, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The changes of one kind under their heading."""

    heading: str
    sentences: tuple[str, ...]


def changes(before: Figures, after: Figures) -> tuple[Part, ...]:
    """What has changed, part by part; nothing where all that counts is as it was."""
    parts = (
        (N_("Giải thưởng"), _regiven(_awards(before), _awards(after))),
        (N_("Giải tập thể"), _regiven(_places(before), _places(after))),
        (N_("Giải chưa phân định"), _undecided(_waiting(before), _waiting(after))),
        (N_("Câu hỏi có sai sót"), _ruled(before, after)),
        (N_("Số người, số lượt và điểm"), _moved(_totals(before, after), _totals(after, before))),
        (N_("Số liệu của các cơ quan, đơn vị"), _agencies(before, after)),
    )
    found = (Part(heading=heading, sentences=tuple(sentences)) for heading, sentences in parts)
    return tuple(part for part in found if part.sentences)


def _regiven(before: Given, after: Given) -> Iterator[str]:
    """The winners of now first, in their order, then those who win no more."""
    for key in (*after, *(key for key in before if key not in after)):
        where, who = key
        old, new = (" và ".join(given.get(key, ())) for given in (before, after))
        if old == new:
            continue
        what = f"từ {old} thành {new}" if old and new else f"nhận {new}" if new else f"không còn {old}"
        yield f"{who}{where}: {what}."


def _awards(figures: Figures) -> Given:
    given = defaultdict[tuple[str, str], tuple[str, ...]](tuple)
    for where, one in _lists(figures):
        for winner in one.winners:
            given[where, f"{winner.name} ({winner.agency})"] += (_award(winner),)
    return given


def _lists(figures: Figures) -> Iterator[tuple[str, PublishedDivision | PublishedOverall]]:
    """The lists of winners of the week and of the whole contest, each with what tells it from the others."""
    for division in figures.divisions:
        yield f", {division.name}" if division.name else "", division
    for overall in figures.overall:
        yield f", {overall.name}, giải cả hội thi" if overall.name else ", giải cả hội thi", overall


def _award(winner: PublishedWinner) -> str:
    amount = f", {number(winner.amount)} đồng" if winner.amount else ""
    return f"{winner.prize}{amount} (hạng {winner.rank})"


def _places(figures: Figures) -> Given:
    return {
        (f", {block.name}", place.agency): (f"{place.prize or 'không có giải'} (hạng {place.rank})",)
        for block in figures.collective
        for place in block.places
    }


def _undecided(before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    yield from (f"Chờ Ban Tổ chức quyết định: {words}." for words in after if words not in before)
    yield from (f"Không còn chờ quyết định: {words}." for words in before if words not in after)


def _waiting(figures: Figures) -> tuple[str, ...]:
    people = tuple(
        f"{', '.join(tie.prizes)}{where} ({number(tie.people)} người bằng nhau)"
        for where, one in _lists(figures)
        for tie in one.tied
    )
    return people + tuple(f"{', '.join(words)}, {block.name}" for block in figures.collective for words in block.tied)


def _ruled(before: Figures, after: Figures) -> Iterator[str]:
    """What has been decided since about questions found wrong."""
    for ruled in after.rulings:
        if ruled not in before.rulings:
            yield f"“{ruled.text}” {ruled.sentence} (Quyết định {ruled.decision}.)"


def _totals(figures: Figures, other: Figures) -> Numbers:
    """The totals that both publications hold: older ones know of no score bands and no kinds of agencies."""
    totals: dict[str, int | None] = {}
    banded = {one.code for one in other.divisions if one.bands}
    for one in figures.divisions:
        of = f", {one.name}" if one.name else ""
        totals |= {f"Người dự thi{of}": one.people, f"Lượt thi{of}": one.attempts}
        totals |= {f"Người đúng tất cả các câu{of}": one.all_right, f"Kết quả phải dự đoán{of}": one.target}
        if one.code in banded:
            totals |= {f"Người đạt {score} điểm{of}": people for score, people in one.bands}
    if other.kinds:
        for kind in figures.kinds:
            totals |= {f"{kind.words}, người dự thi": kind.ranked, f"{kind.words}, lượt thi": kind.attempts}
    named = _turnout(figures.total)
    return totals | {f"Tất cả các cơ quan, đơn vị, {name}": value for name, value in named.items()}


def _moved(before: Numbers, after: Numbers) -> Iterator[str]:
    for name in (*after, *(name for name in before if name not in after)):
        old, new = before.get(name, 0), after.get(name, 0)
        if old != new:
            yield f"{name}: {_between(old, new)}."


def _between(old: int | None, new: int | None) -> str:
    before, after = ("chưa có" if each is None else number(each) for each in (old, new))
    return f"từ {before} thành {after}"


def _agencies(before: Figures, after: Figures) -> Iterator[str]:
    old, new = _named(before.agencies), _named(after.agencies)
    for key, agency in new.items():
        if key not in old:
            yield f"{agency.name}: lần trước chưa có."
        elif words := "; ".join(_agency(old[key], agency)):
            yield f"{agency.name}: {words}."
    yield from (f"{agency.name}: không còn trong bảng." for key, agency in old.items() if key not in new)


def _named(agencies: Iterable[PublishedAgency]) -> dict[tuple[str, int], PublishedAgency]:
    """By name, and the several of one name by their order."""
    seen = Counter[str]()
    named: dict[tuple[str, int], PublishedAgency] = {}
    for agency in agencies:
        seen[agency.name] += 1
        named[agency.name, seen[agency.name]] = agency
    return named


def _agency(old: PublishedAgency, new: PublishedAgency) -> Iterator[str]:
    for over, turnouts in (("", (old.week, new.week)), ("cả hội thi, ", (old.contest, new.contest))):
        before, after = map(_turnout, turnouts)
        yield from (
            f"{over}{name} {_between(before[name], after[name])}" for name in before if before[name] != after[name]
        )
    if old.limit != new.limit:
        yield f"chỉ tiêu từ {exact_percent(old.limit)} thành {exact_percent(new.limit)}"
    if old.kind_words != new.kind_words:
        yield f"từ {old.kind_words} sang {new.kind_words}"


def _turnout(turnout: Turnout) -> dict[str, int]:
    return {"tổng số": turnout.headcount, "được miễn": turnout.exempt, "người dự thi": turnout.people}
