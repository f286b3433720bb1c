"""What can be wrong with prizes, participation and collective awards: names used twice, rules without effect."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from pydantic_core import PydanticCustomError

from quiz.contest.schedule_award_forms import parse_share
from quiz.contest.schedule_places import Complaint, Place, used_twice
from quiz.scoring.collective import Measure
from quiz.scoring.participation import AgencyKind
from quiz.scoring.prizes import OnePrize, Per
from quiz.vietnamese import clean, exact_percent


def prize_faults(file: Place) -> Iterator[Complaint]:
    """Prizes that bear the same name, and a limit to one prize where nobody could win two."""
    for prizes in _own_lists(file):
        for per in Per:
            names = [prize.at("name") for prize in prizes.items if (prize.at("per").text or Per.WEEK) == per]
            yield from used_twice(names, "tên giải", "hãy gộp hai dòng hoặc đặt tên khác")
    one_prize, weeks = file.at("one_prize"), file.at("weeks").items
    if one_prize.text in set(OnePrize) - {OnePrize.OFF} and weeks:
        rounds = max(_rounds_with_prizes(prizes, one_prize.text, len(weeks)) for prizes in _lists(file))
        if rounds < 2:
            told = "không ai có thể được hai giải nên “one_prize” không có tác dụng; hãy bỏ dòng này"
            yield one_prize.loc, told


def _own_lists(file: Place) -> list[Place]:
    """Every list of prizes in the file."""
    return [one.at("prizes") for one in (file, *file.at("divisions").items) if one.at("prizes").is_said]


def _lists(file: Place) -> list[Place]:
    """The prizes of each division; of the contest where there are none."""
    own = [division.at("prizes") for division in file.at("divisions").items]
    return [prizes if prizes.is_said else file.at("prizes") for prizes in own] or [file.at("prizes")]


def _rounds_with_prizes(prizes: Place, one_prize: str, weeks: int) -> int:
    per = [prize.at("per").text or Per.WEEK for prize in prizes.items]
    return weeks * (Per.WEEK in per) + (Per.CONTEST in per and one_prize == OnePrize.KEEP_BEST)


def participation_faults(file: Place) -> Iterator[Complaint]:
    """Thresholds whose sizes do not rise, kinds of one name, and compulsory groups with two measures or none."""
    participation = file.at("participation")
    yield from used_twice([participation.at("kinds", kind) for kind in AgencyKind], "tên loại", "hãy đặt tên khác")
    for kind in AgencyKind:
        yield from _tiers(participation.at("thresholds", kind))
    groups = participation.at("groups").items
    yield from used_twice([group.at("code") for group in groups], "mã nhóm", "hãy đặt mã khác")
    yield from used_twice([group.at("name") for group in groups], "tên nhóm", "hãy đặt tên khác")
    for group in groups:
        least, percent = group.at("least"), group.at("percent")
        if least.is_said and percent.is_said:
            yield percent.loc, "mỗi nhóm chỉ ghi “least” (số người) hoặc “percent” (tỷ lệ), không ghi cả hai"
        elif isinstance(group.data, dict) and least.is_silent and percent.is_silent:
            yield group.loc, "nhóm bắt buộc chưa ghi “least” (số người ít nhất) hoặc “percent” (tỷ lệ)"


def _tiers(tiers: Place) -> Iterator[Complaint]:
    *smaller, last = tiers.items or [tiers]
    limit = 0
    for tier in smaller:
        below = tier.at("below")
        if below.is_silent and isinstance(tier.data, dict):
            yield tier.loc, "chỉ mục cuối cùng mới được bỏ “below”; hãy ghi dưới bao nhiêu người"
        elif below.whole and below.whole <= limit:
            yield below.loc, f"các mục phải theo “below” tăng dần: {below.whole} không lớn hơn {limit}"
        limit = max(limit, below.whole or 0)
    if last.at("below").is_said:
        told = "mục cuối cùng phải bỏ “below” để áp dụng cho mọi cơ quan còn lại; hãy bỏ hoặc thêm một mục"
        yield last.at("below").loc, told


def barred_faults(file: Place) -> Iterator[Complaint]:
    """Groups kept out that are named twice."""
    yield from used_twice([group.at("code") for group in file.at("barred").items], "mã nhóm", "hãy đặt mã khác")


def collective_faults(file: Place) -> Iterator[Complaint]:
    """Collective awards that measure nothing, twice, or what the contest does not have; blocks that overlap."""
    collective = file.at("collective")
    if not isinstance(collective.data, dict):
        return
    prizes = [prize.at("name") for listed in _own_lists(file) for prize in listed.items]
    yield from _order_or_weights(collective)
    yield from _prize_points(collective, prizes)
    for rule, needed, words in (
        ("needs_prize", prizes, "hội thi không có giải cá nhân (“prizes”)"),
        ("needs_groups", file.at("participation", "groups").items, "“participation” không có “groups”"),
    ):
        if collective.at(rule).is_yes and not needed:
            yield collective.at(rule).loc, f"{words} nên không cơ quan nào đạt được điều kiện này; hãy bỏ"
    yield from _blocks(collective.at("blocks").items)


def _measures(collective: Place) -> list[Place]:
    return [*collective.at("order").items, *collective.at("weights").fields]


def _measure(place: Place) -> str:
    return place.name if "weights" in place.loc else place.text


def _order_or_weights(collective: Place) -> Iterator[Complaint]:
    order, weights = collective.at("order"), collective.at("weights")
    if order.is_said and weights.is_said:
        yield weights.loc, "chỉ ghi “order” (xét lần lượt) hoặc “weights” (tính điểm), không ghi cả hai; hãy bỏ một"
    elif order.is_silent and weights.is_silent:
        yield collective.loc, "chưa ghi “order” (thứ tự tiêu chí) hoặc “weights” (trọng số); hãy thêm một trong hai"
    yield from used_twice(order.items, "tiêu chí", "hãy bỏ một")
    shares = [_share(place) for place in weights.fields]
    total = sum((share for share in shares if share), Fraction())
    if shares and all(shares) and total != 1:
        yield weights.loc, f"các trọng số cộng lại {exact_percent(total)}, phải là 100%"


def _share(place: Place) -> Fraction | None:
    try:
        return parse_share(place.text)
    except PydanticCustomError:
        return None


def _prize_points(collective: Place, prizes: Sequence[Place]) -> Iterator[Complaint]:
    measures, points = _measures(collective), collective.at("prize_points")
    by_prizes = next((place for place in measures if _measure(place) == Measure.PRIZES), None)
    if by_prizes and not prizes:
        yield by_prizes.loc, "hội thi không có giải cá nhân (“prizes”) nên không thể xét tiêu chí này; hãy bỏ"
    if points.is_said and measures and not by_prizes:
        yield points.loc, "có điểm quy đổi giải nhưng không xét tiêu chí “prizes”; hãy thêm tiêu chí hoặc bỏ mục này"
    names = [prize.text for prize in prizes]
    for place in points.fields if prizes and all(names) else ():
        if clean(place.name) not in names:
            yield place.loc, f"không có giải nào tên “{place.name}”; các giải: {', '.join(dict.fromkeys(names))}"


def _blocks(blocks: Sequence[Place]) -> Iterator[Complaint]:
    yield from used_twice([block.at("name") for block in blocks], "tên khối", "hãy đặt tên khác")
    yield from used_twice(_all(blocks, "kinds"), "loại cơ quan", "mỗi loại chỉ thuộc một khối")
    yield from used_twice(_all(blocks, "agencies"), "cơ quan", "mỗi cơ quan chỉ thuộc một khối")
    rest = []
    for block in blocks:
        kinds, agencies = block.at("kinds"), block.at("agencies")
        if kinds.is_said and agencies.is_said:
            yield agencies.loc, "mỗi khối chỉ ghi “kinds” (loại cơ quan) hoặc “agencies” (mã cơ quan); hãy bỏ một"
        elif isinstance(block.data, dict) and kinds.is_silent and agencies.is_silent:
            rest.append(block)
        names = [prize.at("name") for prize in block.at("prizes").items]
        yield from used_twice(names, "tên giải", "hãy gộp hai dòng hoặc đặt tên khác")
    for block in rest[1:]:
        told = f"khối ở dòng {rest[0].line} đã gồm mọi cơ quan còn lại; hãy ghi “kinds” hoặc “agencies” cho khối này"
        yield block.loc, told


def _all(blocks: Sequence[Place], name: str) -> list[Place]:
    return [item for block in blocks for item in block.at(name).items]
