"""The draw of a paper: which questions one attempt gets, in which order, and how their options are shuffled.

Chance comes from HMAC-SHA256 over a stored seed, never from a random generator, so that the same draw can be repeated
in any language (`docs/verification.md`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, partial
from itertools import permutations
from typing import NamedTuple

from quiz.questions.bank import LETTERS, Level, Option, Question
from quiz.questions.numbers import Chance


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """So many questions of one topic, of one level, or of both; None means any. `points` None: as the paper has it."""

    count: int
    topic: str | None = None
    level: Level | None = None
    points: int | None = None

    def takes(self, question: Question) -> bool:
        """Whether the question counts towards this quota."""
        return self.topic in (None, question.topic) and self.level in (None, question.level)

    def words(self, topics: Mapping[str, str]) -> str:
        """So many questions of what, the topics by their names in the bank: '3 câu về Cơ chế một cửa mức vận dụng'."""
        topic = f" về {topics.get(self.topic, self.topic)}" if self.topic else ""
        level = f" mức {self.level.words}" if self.level else ""
        return f"{self.count} câu{topic}{level}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperRules:
    """What one paper looks like; the quotas come first, the rest is drawn from everything left in the pool."""

    questions: int = 20
    time_allowed: timedelta = timedelta(minutes=20)
    quotas: tuple[Quota, ...] = ()
    shuffle_questions: bool = True
    shuffle_options: bool = True
    points: int = 1
    bank: str = ""
    topics: frozenset[str] = frozenset()
    several_keys: bool = True
    needs_all_answers: bool = False
    avoid_seen: bool = False

    def __post_init__(self) -> None:
        asked = sum(quota.count for quota in self.quotas)
        if asked > self.questions:
            raise ValueError(f"quotas for {asked} questions on a paper of {self.questions}")

    @property
    def all_quotas(self) -> tuple[Quota, ...]:
        """The written quotas and, last, one for the questions drawn from everything left."""
        return (*self.quotas, Quota(count=self.questions - sum(quota.count for quota in self.quotas)))

    @property
    def full(self) -> int:
        """The points of a paper without a mistake: the same for every paper drawn by these rules."""
        return sum(quota.count * self.points_of(quota) for quota in self.all_quotas)

    def points_of(self, quota: Quota) -> int:
        """What a question drawn for this quota is worth."""
        return self.points if quota.points is None else quota.points

    def admits(self, question: Question) -> bool:
        """Whether the question may stand on such a paper at all."""
        return (not self.topics or question.topic in self.topics) and (
            self.several_keys or not question.has_several_keys
        )

    @property
    def sentence(self) -> str:
        """The rule in short, for pages that lead to the paper."""
        minutes = int(self.time_allowed.total_seconds()) // 60
        order = " Thứ tự câu hỏi khác nhau giữa các đề." if self.shuffle_questions else ""
        options = " Thứ tự phương án khác nhau giữa các đề." if self.shuffle_options else ""
        return (
            f"Mỗi đề thi gồm {self.questions} câu hỏi trắc nghiệm, làm trong {minutes} phút, rút ngẫu nhiên từ bộ câu "
            f"hỏi của tuần.{order}{options}"
        )

    def sentences(self, topics: Mapping[str, str]) -> tuple[str, ...]:
        """The whole rule as it stands on the rules page, the topics by their names in the bank."""
        named = sorted(topics.get(topic, topic) for topic in self.topics)
        special = (
            (self.bank, f"Câu hỏi lấy từ bộ câu hỏi “{self.bank}”."),
            (named, f"Đề chỉ có câu hỏi về: {'; '.join(named)}."),
            (self.quotas, f"Cơ cấu đề: {self._structure(topics)}."),
            (True, self._points_sentence),
            (self.several_keys, "Câu có nhiều phương án đúng chỉ được điểm khi chọn đúng và đủ các phương án ấy."),
            (not self.several_keys, "Mỗi câu chỉ có một phương án đúng."),
            (self.needs_all_answers, "Bài còn câu chưa trả lời là bài không hợp lệ: không xếp hạng, không xét giải."),
            (self.avoid_seen, "Người thi nhiều lượt chỉ gặp lại câu đã có ở đề trước của mình khi đã hết câu khác."),
        )
        return (self.sentence, *(sentence for holds, sentence in special if holds))

    @property
    def _has_equal_points(self) -> bool:
        return len({self.points_of(quota) for quota in self.all_quotas if quota.count}) == 1

    @property
    def _points_sentence(self) -> str:
        each = f"Mỗi câu đúng được {self.full // self.questions} điểm; " if self._has_equal_points else ""
        return f"{each}câu sai hoặc bỏ trống được 0 điểm; đúng tất cả được {self.full} điểm.".capitalize()

    def _structure(self, topics: Mapping[str, str]) -> str:
        *written, rest = self.all_quotas
        parts = [(quota.words(topics), self.points_of(quota)) for quota in written]
        if rest.count:
            parts.append((f"{rest.count} câu thuộc bất kỳ chủ đề, mức độ nào", self.points_of(rest)))
        worth = "" if self._has_equal_points else " ({points} điểm mỗi câu)"
        return "; ".join(words + worth.format(points=points) for words, points in parts)


class PaperQuestion(NamedTuple):
    """One question as printed on one paper; `letters[i]` is the bank's letter of the option shown in place i.

    A tuple, since marking a week makes a million.
    """

    number: int
    question: Question
    letters: tuple[str, ...]
    points: int = 1

    @property
    def options(self) -> tuple[Option, ...]:
        """The options in the order shown, under the letters shown."""
        texts = {option.letter: option.text for option in self.question.options}
        return tuple(Option(LETTERS[place], texts[letter]) for place, letter in enumerate(self.letters))

    @property
    def key_shown(self) -> frozenset[str]:
        """The right letters as shown on this paper."""
        return _key_shown(self.question.key, self.letters)


@dataclass(frozen=True, slots=True)
class Paper:
    """The questions of one attempt, in order."""

    questions: tuple[PaperQuestion, ...]

    @property
    def full(self) -> int:
        """The points of a sheet without a mistake."""
        return sum(item.points for item in self.questions)


_printed = partial(tuple.__new__, PaperQuestion)
"""A question as printed, from the tuple of its fields: without names and defaults, at half the time."""


class _Card(NamedTuple):
    """A question as it is dealt: its place in the pool, and every order in which its options may be shown."""

    question: Question
    place: int
    orders: tuple[tuple[str, ...], ...]


class _Pile:
    """The cards that fit one quota, in the order of their ids."""

    def __init__(self, cards: Sequence[_Card], quota: Quota, points: int) -> None:
        self.count, self.points = quota.count, points
        self._cards = [card for card in cards if quota.takes(card.question)]
        self._places = {card.place: place for place, card in enumerate(self._cards)}

    def without(self, taken: Sequence[_Card]) -> list[_Card]:
        """Those that are not taken: what is taken is looked up, for it is little beside what is left."""
        left = self._cards.copy()
        for place in sorted((self._places[card.place] for card in taken if card.place in self._places), reverse=True):
            del left[place]
        return left


class Deck:
    """The questions of a pool that papers of some rules are drawn from, made ready once for many draws."""

    def __init__(self, pool: Sequence[Question], rules: PaperRules) -> None:
        self.rules = rules
        cards = [_Card(question, place, _orders_of(question, rules)) for place, question in enumerate(pool)]
        admitted = sorted((card for card in cards if rules.admits(card.question)), key=lambda card: card.question.id)
        self._piles = [_Pile(admitted, quota, rules.points_of(quota)) for quota in rules.all_quotas]

    def draw(self, seed: bytes, code: str, seen: frozenset[str] = frozenset()) -> Paper:
        """The paper of the attempt `code`: the same pool, rules, seed, code and `seen` always give the same paper.

        Quota after quota takes its questions from those that fit and are not taken yet, in the order of their ids;
        those in `seen` only where there are no others. Then the options of each are shuffled, and last the questions.
        Raises ValueError where the pool cannot fill the paper; `missing_from` says so beforehand.
        """
        chance = Chance(seed, code)
        cards, points = self._chosen(chance, seen)
        asked = list(zip(cards, chance.one_of_each([card.orders for card in cards]), points, strict=True))
        if self.rules.shuffle_questions:
            asked = chance.choose(asked, len(asked))
        else:
            asked.sort(key=lambda item: item[0].place)
        items = [_printed((place, card.question, order, worth)) for place, (card, order, worth) in enumerate(asked, 1)]
        return Paper(tuple(items))

    def _chosen(self, chance: Chance, seen: frozenset[str]) -> tuple[list[_Card], list[int]]:
        """The cards in the order in which they are drawn, and the points of each."""
        cards: list[_Card] = []
        points: list[int] = []
        for pile in self._piles:
            left = pile.without(cards)
            fresh = [each for each in left if each.question.id not in seen] if seen else left
            chosen = chance.choose(fresh, min(pile.count, len(fresh)))
            if len(chosen) < pile.count:
                again = [each for each in left if each.question.id in seen]
                if len(fresh) + len(again) < pile.count:
                    raise ValueError(f"the pool has {len(left)} questions for a quota of {pile.count}")
                chosen += chance.choose(again, pile.count - len(chosen))
            cards += chosen
            points += [pile.points] * pile.count
        return cards, points


def draw(
    pool: Sequence[Question], rules: PaperRules, seed: bytes, code: str, seen: frozenset[str] = frozenset()
) -> Paper:
    """One paper, as `Deck.draw` has it."""
    return Deck(pool, rules).draw(seed, code, seen)


def missing_from(pool: Sequence[Question], rules: PaperRules) -> tuple[Quota, ...]:
    """The quotas that some draw could fail to fill, each with the number of questions still missing.

    Reckons with the worst case, in which every earlier quota takes the questions that a later one needs.
    """
    missing = []
    for place, quota in enumerate(rules.all_quotas):
        fitting = [question for question in pool if rules.admits(question) and quota.takes(question)]
        lost = sum(min(q.count, sum(map(q.takes, fitting))) for q in rules.all_quotas[:place])
        short = quota.count - max(0, len(fitting) - lost)
        if short > 0:
            missing.append(Quota(count=short, topic=quota.topic, level=quota.level))
    return tuple(missing)


@cache
def _key_shown(key: frozenset[str], letters: tuple[str, ...]) -> frozenset[str]:
    return frozenset(LETTERS[place] for place, letter in enumerate(letters) if letter in key)


@cache
def _orders(letters: str) -> tuple[tuple[str, ...], ...]:
    """Every order of the letters, as a dictionary would list them."""
    return tuple(permutations(letters))


def _orders_of(question: Question, rules: PaperRules) -> tuple[tuple[str, ...], ...]:
    """Every order in which the options may be shown: one where they are not shuffled."""
    letters = "".join(option.letter for option in question.options)
    return _orders(letters) if rules.shuffle_options else (tuple(letters),)
