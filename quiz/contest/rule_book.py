"""The rule book (thể lệ) in words: what a contest file decides, printed by the rules that decide it.

Where divisions or rounds differ, a sentence is printed once and says for whom it holds.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from quiz.contest.commitment_rules import commitment_sentences
from quiz.contest.key_rules import key_sentences
from quiz.contest.schedule import Contest, Division, Registration, Week, together
from quiz.contest.schedule_hours_words import open_in_words
from quiz.contest.time_back import ALLOWANCE_SENTENCE, INCIDENT_SENTENCE, TWO_PEOPLE_SENTENCE
from quiz.scoring.chains import chain_sentences
from quiz.scoring.prizes import STRUCK_SENTENCE, OnePrize, Per
from quiz.scoring.rulings import RULING_PUBLIC_SENTENCE, RULING_SENTENCE

Key = TypeVar("Key", bound=Hashable)

LOT_SENTENCE = (
    "Giá trị bốc thăm được nhập trước người chứng kiến và do hai thành viên Ban Tổ chức cùng ký; lá thăm của mỗi người "
    "là HMAC-SHA256 của mã biên nhận với khóa là giá trị ấy, lá nhỏ hơn xếp trên. Khi chưa có giá trị, giải mà những "
    "người bằng nhau cùng đạt còn chờ bốc thăm."
)
"""How lots are drawn where the rules name a public event."""


class Heading(StrEnum):
    """Under what the rules stand, in this order."""

    TIMES = "Thời gian"
    PEOPLE = "Đăng ký và đối tượng"
    DIVISIONS = "Bảng thi"
    PAPERS = "Đề thi"
    KEYS = "Niêm phong đáp án"
    COMMITMENT = "Cam kết và kiểm chứng"
    ATTEMPTS = "Lượt thi"
    TIME_BACK = "Thêm thời gian và sự cố"
    RULINGS = "Câu hỏi có sai sót"
    PREDICTION = "Câu dự đoán"
    RANKING = "Cách xếp hạng"
    PRIZES = "Giải thưởng"
    PARTICIPATION = "Tỷ lệ tham gia"
    COLLECTIVE = "Giải tập thể"
    BARRED = "Người không được dự thi"
    APPEALS = "Phản ánh, khiếu nại"


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one heading: numbered steps, if any, then sentences. `of` names divisions, '' meaning all."""

    heading: Heading
    sentences: tuple[str, ...]
    steps: tuple[str, ...] = ()
    of: str = ""


def rule_book(contest: Contest, topics: Mapping[str, str]) -> tuple[Section, ...]:
    """Every rule of the contest under its heading; the topics by their names in the banks."""
    attempts, prediction, collective = contest.attempts, contest.prediction, contest.collective
    participation = contest.participation
    sections = (
        Section(Heading.TIMES, tuple(_times(contest))),
        Section(Heading.PEOPLE, _people(contest)),
        Section(Heading.DIVISIONS, _divisions(contest)),
        Section(Heading.PAPERS, _papers(contest, topics)),
        Section(Heading.KEYS, key_sentences(contest.keys_opened_by)),
        Section(Heading.COMMITMENT, commitment_sentences(contest.commitment_hours)),
        Section(Heading.ATTEMPTS, (attempts.sentence, attempts.deadline_sentence)),
        Section(Heading.TIME_BACK, (ALLOWANCE_SENTENCE, INCIDENT_SENTENCE, TWO_PEOPLE_SENTENCE)),
        Section(Heading.RULINGS, (RULING_SENTENCE, RULING_PUBLIC_SENTENCE)),
        Section(Heading.PREDICTION, prediction.sentences if prediction else ()),
        *_rankings(contest),
        Section(Heading.PRIZES, tuple(_prizes(contest))),
        Section(Heading.PARTICIPATION, participation.sentences),
        Section(Heading.COLLECTIVE, collective.sentences(participation.kinds) if collective else ()),
        Section(Heading.BARRED, tuple(f"{group.name}." for group in contest.barred)),
        Section(Heading.APPEALS, contest.appeals.sentences if contest.appeals else ()),
    )
    return tuple(_in_own_words(section, contest) for section in sections if section.sentences)


def _in_own_words(section: Section, contest: Contest) -> Section:
    if section.heading is Heading.BARRED:
        return section
    steps, sentences = (tuple(map(contest.in_own_words, each)) for each in (section.steps, section.sentences))
    return replace(section, steps=steps, sentences=sentences)


# When and who


def _times(contest: Contest) -> Iterator[str]:
    for week in contest.rounds:
        yield f"{contest.name_of(week)}: {open_in_words(week, contest.zone)}."
    if any(len(week.open_spans) > 1 for week in contest.rounds):
        yield (
            "Ngoài những giờ ấy hệ thống tạm nghỉ: không bắt đầu được lượt thi mới; bài đang làm kết thúc khi bắt đầu "
            "tạm nghỉ."
        )
    if contest.practice:
        yield "Thi thử không giới hạn số lượt và không tính vào xếp hạng, giải thưởng, tỷ lệ tham gia."


def _people(contest: Contest) -> tuple[str, ...]:
    if contest.registration is Registration.ROSTER:
        return (
            "Người dự thi là cán bộ, công chức, viên chức có tên trong danh sách theo cơ quan, đơn vị do Ban Tổ chức "
            "nạp vào hệ thống.",
        )
    return (
        "Người dự thi tự đăng ký trên trang của hội thi bằng mã tham gia trong văn bản hướng dẫn của Ban Tổ chức; đăng "
        "ký được đến khi tuần cuối cùng đóng.",
        "Khi đăng ký cần khai họ tên, cơ quan, đơn vị, số điện thoại và số căn cước, có thể khai thêm thư điện tử; mỗi "
        "số điện thoại, mỗi số căn cước và mỗi địa chỉ thư điện tử chỉ đăng ký được một lần. Thông tin đã đăng ký "
        "không sửa được.",
        "Người đăng ký được tính vào tỷ lệ tham gia của cơ quan đã khai từ tuần đang mở. Mẫu số là tổng số người mà cơ "
        "quan đã khai báo, hoặc số người đã đăng ký nếu lớn hơn.",
    )


def _divisions(contest: Contest) -> tuple[str, ...]:
    names = [division.name for division in contest.divisions]
    if not names:
        return ()
    return (
        f"Người dự thi được xếp hạng và xét giải riêng theo {len(names):02d} bảng: {'; '.join(names)}.",
        f"Người chưa được ghi vào bảng nào thi ở bảng {names[0]}.",
    )


# Papers, ranking, prizes


def _papers(contest: Contest, topics: Mapping[str, str]) -> tuple[str, ...]:
    papers = {
        (week.number, division.code): contest.paper_of(week, division.code).sentences(topics)
        for week in contest.rounds
        for division in contest.all_divisions
    }
    return _merged(papers, lambda cells: _cells_in_words(contest, cells))


def _cells_in_words(contest: Contest, cells: Collection[tuple[int, str]]) -> str:
    """These rounds of these divisions: 'Cán bộ, Tuần 1, Tuần 2; Người dân, Tuần 1', without what is all of its kind."""
    divisions_by_rounds: dict[tuple[Week, ...], list[str]] = {}
    for division in contest.all_divisions:
        rounds = tuple(week for week in contest.rounds if (week.number, division.code) in cells)
        if rounds:
            divisions_by_rounds.setdefault(rounds, []).append(division.name)
    parts = []
    for rounds, names in divisions_by_rounds.items():
        who = [together(names)] if len(names) < len(contest.all_divisions) else []
        when = [contest.name_of(week) for week in rounds] if rounds != contest.rounds else []
        parts.append(", ".join(who + when))
    return "; ".join(parts)


def _rankings(contest: Contest) -> Iterator[Section]:
    divisions_by_chain: dict[tuple[str, ...], list[Division]] = {}
    for division in contest.all_divisions:
        divisions_by_chain.setdefault(chain_sentences(division.chain), []).append(division)
    for sentences, divisions in divisions_by_chain.items():
        chain = divisions[0].chain
        equals = "mọi tiêu chí trước bốc thăm" if chain[-1].is_lot else "mọi tiêu chí"
        rank = f"Người bằng nhau ở {equals} cùng hạng; hạng tiếp theo cách quãng (1, 2, 2, 4)."
        of = together(division.name for division in divisions) if len(divisions_by_chain) > 1 else ""
        drawn = (LOT_SENTENCE,) if chain[-1].is_lot and contest.lot_event else ()
        yield Section(Heading.RANKING, (rank, *drawn), sentences, of)


def _prizes(contest: Contest) -> Iterator[str]:
    divisions = {division.code: division for division in contest.all_divisions}
    given = {code: tuple(prize.sentence for prize in division.prizes) for code, division in divisions.items()}
    prizes = [prize for division in divisions.values() for prize in division.prizes]
    if not prizes:
        return
    yield from _merged(given, lambda codes: together(divisions[code].name for code in codes))
    if contest.divisions:
        yield "Giải được trao riêng cho từng bảng."
    if any(prize.per is Per.CONTEST for prize in prizes):
        yield (
            "Giải của cả hội thi xét theo cách xếp hạng trên, trừ câu dự đoán: cộng điểm, thời gian làm bài và số lượt "
            "thi của các tuần; thời điểm nộp bài là của lần nộp sau cùng."
        )
        if contest.lot_event:
            yield (
                "Bốc thăm cho giải của cả hội thi theo giá trị của tuần cuối cùng, mỗi người bằng mã biên nhận đứng "
                "đầu theo bảng chữ cái trong các lượt được tính của mình."
            )
    yield contest.prize_needs.sentence
    if len(contest.weeks) > 1 or contest.one_prize is not OnePrize.OFF:
        yield contest.one_prize.sentence
    yield STRUCK_SENTENCE
    if not all(division.chain[-1].is_lot for division in divisions.values()):
        yield "Nếu không đủ giải như nhau cho những người bằng nhau thì Ban Tổ chức quyết định các giải ấy."


def _merged(sentences: Mapping[Key, Sequence[str]], label: Callable[[Collection[Key]], str]) -> tuple[str, ...]:
    """Every sentence once, in the order in which they stand, after the label of those keys for which alone it holds."""
    holds_for: dict[str, list[Key]] = {}
    place: dict[str, int] = {}
    for key, said in sentences.items():
        for number, sentence in enumerate(said):
            holds_for.setdefault(sentence, []).append(key)
            place[sentence] = max(number, place.get(sentence, 0))
    labels = {
        sentence: f"{label(keys)} – " if len(keys) < len(sentences) else "" for sentence, keys in holds_for.items()
    }
    return tuple(labels[sentence] + sentence for sentence in sorted(holds_for, key=place.__getitem__))
