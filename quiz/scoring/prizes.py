"""From standings to winners: the prizes of a round, in order, and what one person may win over several rounds."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from typing import TypeVar

from quiz.scoring.ranking import Standing
from quiz.scoring.tie_breaks import Result
from quiz.vietnamese import number

Contender = TypeVar("Contender")

STRUCK_SENTENCE = (
    "Trước khi trao giải, Ban Tổ chức rà soát bảng xếp hạng: kết quả vi phạm thể lệ không được xét giải, giải trao cho "
    "người xếp kế tiếp. Người ấy được báo ở trang của mình và có quyền khiếu nại."
)


class Per(StrEnum):
    """How often a prize is given."""

    WEEK = "week"
    CONTEST = "contest"

    @property
    def words(self) -> str:
        return {"week": "Mỗi tuần", "contest": "Cả hội thi"}[self]


class OnePrize(StrEnum):
    """Whether one person may win in several weeks."""

    OFF = "off"
    KEEP_BEST = "keep_best"
    BAR_LATER_WEEKS = "bar_later_weeks"

    @property
    def sentence(self) -> str:
        """The rule as it stands on the public rules page."""
        return {
            "off": "Một người có thể được giải ở nhiều tuần.",
            "keep_best": "Mỗi người chỉ nhận một giải trong cả hội thi: người được nhiều giải thì nhận giải cao nhất, "
            "các giải ngang nhau thì nhận giải của tuần trước; giải không nhận trao cho người xếp kế tiếp.",
            "bar_later_weeks": "Người đã được giải của một tuần không được xét giải của các tuần sau.",
        }[self]


class Needs(StrEnum):
    """What an attempt must have reached to win anything."""

    ONE_RIGHT = "one_right"
    ALL_RIGHT = "all_right"

    @property
    def sentence(self) -> str:
        """The rule as it stands on the public rules page."""
        least = {"one_right": "ít nhất một câu hỏi", "all_right": "tất cả các câu hỏi"}[self]
        return f"Chỉ xét giải cho người trả lời đúng {least}."

    def met_by(self, result: Result) -> bool:
        """Whether the result is good enough for a prize."""
        return result.is_all_right if self is Needs.ALL_RIGHT else result.score > 0


@dataclass(frozen=True, slots=True)
class Prize:
    """One kind of prize: its name, how many are given each time, and the amount in VND where the rules state one."""

    name: str
    count: int
    amount: int | None = None
    per: Per = Per.WEEK

    @property
    def words(self) -> str:
        """How many there are and what each is worth."""
        money = f", mỗi giải {number(self.amount)} đồng" if self.amount is not None else ""
        return f"{self.count:02d} {self.name}{money}"

    @property
    def sentence(self) -> str:
        """The prize as it stands on the public rules page."""
        return f"{self.per.words}: {self.words}."


@dataclass(frozen=True, slots=True)
class Award:
    """One prize won; `runner_up` is the next person in line, with whom the place can be compared."""

    prize: Prize
    standing: Standing
    runner_up: Standing | None


@dataclass(frozen=True, slots=True)
class Undecided:
    """Prizes, each as often as it would be given, that equals cannot be told apart for: people must decide."""

    prizes: tuple[Prize, ...]
    standings: tuple[Standing, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """The prizes, with how many of each."""
        return counted_words(self.prizes)


@dataclass(frozen=True, slots=True)
class Awards:
    """What one round gives."""

    awards: tuple[Award, ...] = ()
    undecided: tuple[Undecided, ...] = ()

    @property
    def winners(self) -> frozenset[int]:
        """Who has won a prize; nobody whose prize is undecided."""
        return frozenset(won.standing.result.person for won in self.awards)


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What one round's prizes depend on: standings of a week or the whole contest, and who is passed over (`struck`).

    `standings` follow each other without gaps and need to hold only the first places, as long as they hold more people
    who are good enough for a prize than there are prizes and people struck, and no tie is cut.
    """

    standings: Sequence[Standing]
    prizes: Sequence[Prize]
    struck: Collection[int] = ()


def counted_words(prizes: Iterable[Prize]) -> tuple[str, ...]:
    """Prizes listed as often as each is given, with how many of each there are: '02 Giải Nhì', '01 Giải Ba'."""
    return tuple(f"{count:02d} {name}" for name, count in Counter(prize.name for prize in prizes).items())


def award_rounds(rounds: Sequence[Round], one_prize: OnePrize, needs: Needs = Needs.ONE_RIGHT) -> tuple[Awards, ...]:
    """The prizes of each round, in order of time, each person at most one in it, given how much one person may win.

    Where weeks bar later ones, pass the weeks only; prizes that are undecided bar nobody.
    """
    each = declines(rounds, one_prize, needs)
    return tuple(award(one, needs, declined) for one, declined in zip(rounds, each, strict=True))


def declines(
    rounds: Sequence[Round], one_prize: OnePrize, needs: Needs = Needs.ONE_RIGHT
) -> tuple[Mapping[int, int], ...]:
    """For each round, who takes no prize in it for what they win elsewhere, and from which place in its list on."""
    match one_prize:
        case OnePrize.OFF:
            return ({},) * len(rounds)
        case OnePrize.KEEP_BEST:
            return _keep_best(rounds, needs)
        case OnePrize.BAR_LATER_WEEKS:
            return _bar_later(rounds, needs)


def award(one: Round, needs: Needs, declined: Mapping[int, int]) -> Awards:
    """The prizes of one round.

    `declined` says from which place in the list of prizes on somebody takes nothing more in this round.
    """

    def takes(standing: Standing, rung: int) -> bool:
        return rung < declined.get(standing.result.person, len(one.prizes))

    def next_in_line(winner: Standing, prize: Prize) -> Standing | None:
        after, rung = line[line.index(winner) + 1 :], one.prizes.index(prize)
        return next((standing for standing in after if takes(standing, rung)), None)

    enough = sum(prize.count for prize in one.prizes) + len(declined)
    ties = _entitled(one, needs, enough)
    line = [standing for tie in ties for standing in tie]
    given, undecided = share_out(ties, one.prizes, takes)
    return Awards(
        tuple(Award(prize, standing, next_in_line(standing, prize)) for prize, standing in given),
        tuple(Undecided(due, equals) for due, equals in undecided),
    )


def share_out(
    ties: Iterable[Sequence[Contender]],
    prizes: Iterable[Prize],
    takes: Callable[[Contender, int], bool] = lambda _who, _rung: True,
) -> tuple[list[tuple[Prize, Contender]], list[tuple[tuple[Prize, ...], tuple[Contender, ...]]]]:
    """The prizes in order to equals after equals: what is won, and what equals cannot be told apart for.

    Equals win where there is the same kind of prize for each of them; otherwise what they reach is undecided. Whoever
    does not take the prize now due, by its place in the list, is passed over.
    """
    left = [(rung, prize) for rung, prize in enumerate(prizes) for _ in range(prize.count)]
    given: list[tuple[Prize, Contender]] = []
    undecided = []
    for tie in ties:
        willing = [one for one in tie if left and takes(one, left[0][0])]
        reached, left = left[: len(willing)], left[len(willing) :]
        due = tuple(prize for _, prize in reached)
        if len(due) == len(willing) and len(set(due)) <= 1:
            given += zip(due, willing, strict=True)
        else:
            undecided.append((due, tuple(willing)))
    return given, undecided


def _entitled(one: Round, needs: Needs, enough: int) -> list[list[Standing]]:
    """Those who may win, equals together, until there are more than enough."""
    ties: list[list[Standing]] = []
    people = 0
    for tie in _ties(one.standings):
        if people > enough:
            break
        ties.append([each for each in tie if each.result.person not in one.struck and needs.met_by(each.result)])
        people += len(ties[-1])
    return ties


def _ties(standings: Iterable[Standing]) -> Iterator[list[Standing]]:
    """The standings in runs of those that no step of the chain parts."""
    tie: list[Standing] = []
    for standing in standings:
        tie.append(standing)
        if standing.decided_by:
            yield tie
            tie = []
    yield tie


def _bar_later(rounds: Sequence[Round], needs: Needs) -> tuple[Mapping[int, int], ...]:
    winners: dict[int, int] = {}
    each = []
    for one in rounds:
        each.append(dict(winners))
        winners |= dict.fromkeys(award(one, needs, winners).winners, 0)
    return tuple(each)


def _keep_best(rounds: Sequence[Round], needs: Needs) -> tuple[Mapping[int, int], ...]:
    """Whoever holds several prizes keeps the best and declines each other and what is below it in that round.

    Repeated until nobody holds two. It ends: each turn somebody declines from higher up in a list than before. Nobody
    loses by declining: as others decline, one only moves up.
    """
    declined: list[dict[int, int]] = [{} for _ in rounds]
    while True:
        each = tuple(award(one, needs, by_person) for one, by_person in zip(rounds, declined, strict=True))
        lesser = _lesser_prizes(rounds, each)
        if not lesser:
            return tuple(declined)
        for person, held in lesser:
            declined[held.round][person] = held.rung


@dataclass(frozen=True, slots=True)
class _Held:
    """A prize within somebody's reach: in which round, and how far down its list."""

    round: int
    rung: int
    amount: int | None

    def beats(self, other: _Held) -> bool:
        """By the amount where both state one, otherwise by the place in the list."""
        if self.amount is not None and other.amount is not None:
            return self.amount > other.amount
        return self.rung < other.rung


def _lesser_prizes(rounds: Sequence[Round], each: Sequence[Awards]) -> list[tuple[int, _Held]]:
    """Who holds which prize besides a better or equal one; an undecided one counts as the best that it may become."""
    won, hoped = defaultdict(list), defaultdict(list)
    for place, (one, awards) in enumerate(zip(rounds, each, strict=True)):
        for given in awards.awards:
            won[given.standing.result.person].append(_held(place, one, given.prize))
        for tie in awards.undecided:
            for standing in tie.standings:
                hoped[standing.result.person].append(_held(place, one, tie.prizes[0]))
    lesser = []
    for person, held in won.items():
        best = reduce(lambda kept, other: other if other.beats(kept) else kept, held)
        lesser += [(person, other) for other in held if other is not best]
        lesser += [(person, other) for other in hoped[person] if not other.beats(best)]
    return lesser


def _held(place: int, one: Round, prize: Prize) -> _Held:
    return _Held(place, one.prizes.index(prize), prize.amount)
