"""What a simulated week would publish, in lines of text."""

from __future__ import annotations

from collections.abc import Iterator

from quiz.contest.schedule import Contest
from quiz.services.published import Publication, PublishedBlock, PublishedTie, PublishedWinner
from quiz.vietnamese import number, percent

NOTHING = "–"


def lines(contest: Contest, publication: Publication) -> Iterator[str]:
    """One publication: figures and winners by division, participation, and what the last week brings besides."""
    week = contest.week(publication.week)
    assert week is not None
    yield f"\n{contest.name_of(week)}"
    for division in publication.divisions:
        named = f"{division.name}: " if division.name else ""
        target = f"; kết quả phải dự đoán {number(division.target)}" if division.target is not None else ""
        yield (
            f"  {named}{number(division.people)} người, {number(division.attempts)} lượt, "
            f"{number(division.all_right)} người đúng cả {division.questions} câu{target}"
        )
        yield from _prizes(division.winners, division.tied)
    reached = sum(agency.contest.reaches(agency.limit) for agency in publication.agencies)
    total = publication.total
    rate = percent(total.rate) if total.rate is not None else NOTHING
    yield f"  Tham gia: {number(total.people)}/{number(total.base)} người ({rate})"
    yield f"  Đạt chỉ tiêu cả hội thi đến nay: {reached}/{len(publication.agencies)} cơ quan, đơn vị"
    for overall in publication.overall:
        yield "\nGiải thưởng cả hội thi" + (f": {overall.name}" if overall.name else "")
        yield from _prizes(overall.winners, overall.tied)
    for block in publication.collective:
        yield from _block(block)


def _prizes(winners: tuple[PublishedWinner, ...], tied: tuple[PublishedTie, ...]) -> Iterator[str]:
    for winner in winners:
        yield f"    {winner.prize}: {winner.name} ({winner.agency}); hạng {winner.rank}: {winner.why}"
    for tie in tied:
        yield f"    {', '.join(tie.prizes)}: {tie.people} người bằng nhau mọi tiêu chí, chờ Ban Tổ chức quyết định"
    if not winners and not tied:
        yield "    Không có ai đủ điều kiện nhận giải"


def _block(block: PublishedBlock) -> Iterator[str]:
    yield f"\nGiải tập thể, {block.name}"
    for place in block.places[:10]:
        yield f"    {place.prize or NOTHING}: hạng {place.rank}, {place.agency}; {place.why}"
    if block.struck:
        yield f"    {block.struck} cơ quan, đơn vị không đủ điều kiện xét giải"
    for prizes in block.tied:
        yield f"    {', '.join(prizes)}: các cơ quan, đơn vị bằng nhau, chờ Ban Tổ chức quyết định"
