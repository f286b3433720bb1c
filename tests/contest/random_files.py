"""Valid contest files made up by chance, the same for the same seed.

What they draw on is in TOPICS, AGENCIES and GROUPS; `bank_text` can fill every paper they ask for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

import yaml

TOPICS = ("mot-cua", "sipas", "dich-vu-cong")
AGENCIES = ("SNV", "STC", "AD", "HB", "KB", "CT")
GROUPS = ("lanh-dao", "mot-cua")
BANKS = ("can-bo", "nguoi-dan", "tuan-le")
MOST_QUESTIONS, LONGEST_MINUTES = 10, 45

Section = dict[str, Any]


def valid_contest(seed: int) -> str:
    """A contest file without a fault, with every section now and then."""
    return _written(_Maker(Random(f"valid {seed}")).contest(), Random(f"written {seed}"))


def bank_text() -> str:
    """A bank that fills every paper of these files; two of the 16 questions of each topic and level have two keys."""
    parts = ["title: Bộ câu hỏi thử", "topics:", *(f"  {topic}: Chủ đề {topic}" for topic in TOPICS), "questions:"]
    cells = [(topic, level, number) for topic in TOPICS for level in (1, 2, 3) for number in range(16)]
    for number, (topic, level, place) in enumerate(cells, start=1):
        word = hashlib.sha256(f"câu {number}".encode()).hexdigest()
        several = place >= 14
        note = " (Chọn tất cả phương án đúng)" if several else ""
        parts += [
            f"  - id: R-{number:03d}",
            f"    topic: {topic}",
            f"    level: {level}",
            f'    text: "Nội dung {word[:12]} {word[12:24]} là gì?{note}"',
            "    options:",
            *(f"      {letter}: Phương án {word[at : at + 9]} thứ {letter}" for at, letter in enumerate("ABCD")),
            f"    key: {'[A, C]' if several else 'ABCD'[place % 4]}",
            f"    explanation: Giải thích của câu {number}",
            "    document: Văn bản thử nghiệm",
            "    valid_from: 2020-01-01",
        ]
    return "\n".join(parts) + "\n"


class _NoAliases(yaml.SafeDumper):
    def ignore_aliases(self, _: object) -> bool:
        return True


def _written(data: Section, chance: Random) -> str:
    flow, width = chance.choice((None, None, False, True)), chance.choice((80, 9999))
    return yaml.dump(data, Dumper=_NoAliases, allow_unicode=True, sort_keys=False, default_flow_style=flow, width=width)


class _Maker:
    """Makes up one contest; what one section decides and another must heed is kept between them."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.divisions = chance.choice(((), (), ("can-bo", "nguoi-dan"), ("khoi-1", "khoi-2", "khoi-3")))
        self.quota_topics = self.some(TOPICS)
        self.has_contest_prizes = chance.random() < 0.3
        self.most = 1

    def some(self, items: Sequence[Any], least: int = 1) -> list[Any]:
        """At least so many of the items, in any order."""
        return self.chance.sample(items, self.chance.randint(least, len(items)))

    def perhaps(self, section: Section, share: float = 0.5) -> Section:
        """Each field with this chance."""
        return {name: value for name, value in section.items() if self.chance.random() < share}

    def contest(self) -> Section:
        weeks = self.weeks()
        attempts = self.attempts(all(week["opens"][:10] == week["closes"][:10] for week in weeks))
        rankings = [self.ranking() for _ in range(1 + len(self.divisions))]
        prizes = self.prizes()
        divisions = [self.division(code, place, rankings) for place, code in enumerate(self.divisions, start=1)]
        chains = [one.get("ranking", rankings[0]) for one in divisions] or [rankings[0]]
        is_predicted = any("prediction" in chain for chain in chains)
        if not is_predicted:
            rankings[0] = [step for step in rankings[0] if step != "prediction"]
        groups = self.groups()
        lists = [one.get("prizes", prizes) for one in divisions] or [prizes]
        one_prize = self.one_prize(len(weeks), lists)
        names = list(dict.fromkeys(prize["name"] for each in (prizes, *lists) for prize in each))
        return {
            "contest": f"hoi-thi-{self.chance.randint(1, 99)}",
            "title": f"Hội thi số {self.chance.randint(1, 99)}: tìm hiểu “cải cách hành chính”",
            "organiser": "Sở Nội vụ",
            "plan": f"Kế hoạch số {self.chance.randint(1, 300)}/KH-UBND",
            **self.perhaps(
                {
                    "timezone": self.chance.choice(("Asia/Ho_Chi_Minh", "UTC", "Asia/Tokyo", "Europe/Berlin")),
                    "round_word": self.chance.choice(("Tuần", "Đợt", "Kỳ", "Vòng", "Tháng")),
                    "registration": self.chance.choice(("roster", "open")),
                    "hotline": "0225 3821 000",
                    "short_title": "Hội thi",
                    "hours": self.hours([week for week in weeks if "hours" not in week]),
                },
                0.4,
            ),
            "weeks": weeks,
            **self.perhaps({"practice": self.practice(), "paper": self.paper()}),
            **attempts,
            **({"ranking": rankings[0]} if rankings[0] != ["score", "time_taken", "hand_in_moment", "lot"] else {}),
            **({"prediction": self.prediction()} if is_predicted else {}),
            **({"divisions": divisions} if divisions else {}),
            **({"prizes": prizes} if prizes else {}),
            **one_prize,
            **self.perhaps({"prize_needs": self.chance.choice(("one_right", "all_right"))}, 0.3),
            **self.perhaps({"participation": self.participation(groups)}, 1 if groups else 0.5),
            **self.perhaps({"barred": [{"code": "ban-to-chuc", "name": "Thành viên Ban Tổ chức"}]}),
            **self.perhaps({"collective": self.collective(bool(groups), names)}, 0.4),
            **self.perhaps({"appeals": self.appeals(weeks)}, 0.4),
        }

    def weeks(self) -> list[Section]:
        monday, weeks = date(2024, 10, 7), []
        for number in range(1, self.chance.randint(1, 4) + 1):
            days = self.chance.choice((0, 4, 4, 6))
            opens, closes = self.chance.choice((("08:00", "17:00"), ("00:00", "24:00"), ("07:30:15", "16:59:59")))
            last = monday + timedelta(days=days)
            papers = {code: self.paper() for code in self.divisions if self.chance.random() < 0.5}
            week = {"number": number, "opens": f"{monday} {opens}", "closes": f"{last} {closes}"}
            extra = {"paper": self.paper(), "hours": self.hours([week]), **({"papers": papers} if papers else {})}
            weeks.append({**week, **self.perhaps(extra, 0.2)})
            monday += timedelta(days=7 * self.chance.choice((1, 1, 2)))
        return weeks

    def practice(self) -> Section:
        opens = self.chance.choice(("2024-09-30 08:00", "2024-10-01 00:00"))
        return {"opens": opens, "closes": "2024-10-04 17:00", **self.perhaps({"paper": self.paper()})}

    def hours(self, weeks: Sequence[Section]) -> Section:
        """Open on Mondays, Tuesdays and Fridays at least, for four hours at least; some Tuesdays of the weeks off."""
        tuesdays = [
            str(date.fromisoformat(week["opens"][:10]) + timedelta(days=1))
            for week in weeks
            if week["opens"][:10] != week["closes"][:10]
        ]
        hours = {
            "from": self.chance.choice(("07:30", "8:00", "00:00")),
            "until": self.chance.choice(("12:00", "17:30", "24:00")),
            "days": ["mon", "tue", "fri", *self.some(("wed", "thu", "sat", "sun"), 0)],
            "except": self.some(tuesdays, 0),
        }
        if self.chance.random() < 0.4:
            hours = {"spans": self.spans(), **{name: hours[name] for name in ("days", "except")}}
        return self.perhaps(hours, 0.7) or {"from": "07:00"}

    def spans(self) -> list[Section]:
        """Mornings, and perhaps afternoons and evenings of some days."""
        return [
            {"until": "12:00"},
            *self.chance.choice(([], [{"from": "13:00", "until": "17:30"}])),
            *self.chance.choice(([], [{"from": "19:00", "days": self.some(("mon", "wed", "sun"))}])),
        ]

    def paper(self) -> Section:
        """Questions and quotas always together, and no topic left out that any quota asks for."""
        size, quotas = self.chance.randint(1, MOST_QUESTIONS), []
        left = size
        while left and self.chance.random() < 0.6:
            count = self.chance.randint(1, left)
            kind = self.chance.choice(({"topic"}, {"level"}, {"topic", "level"}))
            quota = {"topic": self.chance.choice(self.quota_topics), "level": self.chance.randint(1, 3)}
            points = self.perhaps({"points": self.chance.randint(1, 5)}, 0.3)
            quotas.append({**{name: quota[name] for name in quota if name in kind}, "count": count, **points})
            left -= count
        topics = [*self.quota_topics, *(topic for topic in TOPICS if topic not in self.quota_topics)]
        return {
            **({"questions": size, "quotas": quotas} if self.chance.random() < 0.7 else {}),
            **self.perhaps(
                {
                    "minutes": self.chance.randint(1, LONGEST_MINUTES),
                    "shuffle_questions": self.chance.choice((True, False)),
                    "shuffle_options": self.chance.choice((True, False)),
                    "points": self.chance.randint(1, 10),
                    "bank": self.chance.choice(BANKS),
                    "topics": topics[: self.chance.randint(len(self.quota_topics), len(topics))],
                    "several_keys": self.chance.choice((True, False)),
                    "needs_all_answers": self.chance.choice((True, False)),
                    "avoid_seen": self.chance.choice((True, False)),
                },
                0.3,
            ),
        }

    def attempts(self, is_one_day: bool) -> Section:
        day, week, contest = sorted(self.chance.randint(1, 5) for _ in range(3))
        limits = self.chance.choice(
            ({}, {"per_week": 1}, {"per_week": week}, {"per_week": "none"}, {"per_day": day}, {"per_contest": contest})
        )
        if self.chance.random() < 0.2:
            limits = {"per_week": week, "per_day": day, "per_contest": contest}
        grace = self.perhaps({"grace_seconds": self.chance.randint(0, 60)})
        if not limits and not grace:
            return {}
        days = 1 if is_one_day else 99
        per_week = limits.get("per_week", 99 if limits else 1)
        each = [limits.get("per_day", 99) * days, limits.get("per_contest", 99), 99 if per_week == "none" else per_week]
        self.most = min(each)
        counts = {"counts": self.chance.choice(("last", "best", "best_then_earliest"))}
        return {"attempts": {**limits, **(counts if self.most > 1 else self.perhaps({"counts": "only"})), **grace}}

    def ranking(self) -> list[Any]:
        first = self.chance.choice(("score", "score", "all_right", "full_marks"))
        fine = self.chance.choice(("minute", "second", "tenth", "millisecond"))
        coarse = self.chance.choice(("minute", "second", "millisecond"))
        others = [
            self.chance.choice(("time_taken", {"time_taken": fine})),
            self.chance.choice(("hand_in_moment", {"hand_in_moment": coarse})),
            "prediction",
            "earlier_registration",
            *(["fewer_attempts"] if self.most > 1 else []),
            *(["full_marks"] if self.most > 1 and first != "full_marks" else []),
            *(["score"] if first != "score" else []),
        ]
        return [first, *self.some(others, 0), *self.chance.choice(([], ["lot"]))]

    def prediction(self) -> Section:
        return {
            "text": "Có bao nhiêu người dự thi?",
            "target": self.chance.choice(("people", "people_all_right", "attempts")),
            **self.perhaps(
                {
                    "of": self.chance.choice(("division", "all") if self.divisions else ("all",)),
                    "equal_distance": self.chance.choice(("same", "below_first", "above_first")),
                    "whose": self.chance.choice(("counted", "first", "last")),
                }
            ),
        }

    def division(self, code: str, place: int, rankings: list[list[Any]]) -> Section:
        extra = self.perhaps({"paper": self.paper(), "ranking": rankings[place], "prizes": self.prizes()}, 0.4)
        return {"code": code, "name": f"Bảng {code}", **extra}

    def prizes(self) -> list[Section]:
        names = self.some(("Giải Nhất", "Giải Nhì", "Giải Ba", "Giải Khuyến khích"), 0)
        extra = {"amount": 500000, "per": "week"}
        prizes = [{"name": name, "count": self.chance.randint(1, 3), **self.perhaps(extra)} for name in names]
        if self.has_contest_prizes:
            prizes.append({"name": "Giải chung cuộc", "count": self.chance.randint(1, 2), "per": "contest"})
        return prizes

    def one_prize(self, weeks: int, lists: list[list[Section]]) -> Section:
        def rounds(prizes: list[Section], *, contest: bool) -> int:
            per = {prize.get("per", "week") for prize in prizes}
            return weeks * ("week" in per) + (contest and "contest" in per)

        may = ["off"]
        may += ["keep_best"] * any(rounds(prizes, contest=True) > 1 for prizes in lists)
        may += ["bar_later_weeks"] * any(rounds(prizes, contest=False) > 1 for prizes in lists)
        return self.perhaps({"one_prize": self.chance.choice(may)})

    def groups(self) -> list[Section]:
        measures: list[Section] = [{"least": self.chance.randint(1, 3)}, {"percent": self.chance.choice((1, 50, 100))}]
        groups = [{"code": code, "name": f"Nhóm {code}", **self.chance.choice(measures)} for code in GROUPS]
        return self.chance.choice(([], groups[:1], groups))

    def participation(self, groups: list[Section]) -> Section:
        tiers = [{"below": 3, "percent": 100}, {"below": 50, "percent": 66.5}, {"percent": 20}]
        thresholds = {kind: self.chance.choice((70, 33.3, 0, 100, tiers, tiers[1:])) for kind in ("city", "central")}
        return {
            **self.perhaps(
                {
                    "basis": self.chance.choice(("week", "contest")),
                    "children": self.chance.choice(("sum", "apart")),
                    "thresholds": self.perhaps(thresholds),
                    "kinds": self.perhaps({"city": "Cơ quan, đơn vị thuộc tỉnh", "central": "Cơ quan ngành dọc"}),
                }
            ),
            **({"groups": groups} if groups else {}),
        }

    def appeals(self, weeks: Sequence[Section]) -> Section | str:
        last_day = date.fromisoformat(weeks[-1]["closes"][:10]) + timedelta(days=self.chance.randint(0, 30))
        fields = {"days_after": self.chance.randint(1, 60), "last_day": str(last_day), "answer_within": 7}
        return self.perhaps(fields) or "off"

    def collective(self, has_groups: bool, names: Sequence[str]) -> Section:
        measures = self.some(["participation", "average_score", "entries", *(["prizes"] if names else [])])
        shares = {1: (100,), 2: (60, 40), 3: (50, 30, 20), 4: (40, 30, 20, 10)}[len(measures)]
        ranked = self.chance.choice(({"order": measures}, {"weights": dict(zip(measures, shares, strict=True))}))
        prizes = [{"name": "Giải tập thể", "count": 2, "amount": 5000000}]
        rest = {"name": "Khối còn lại", "prizes": prizes}
        blocks = [
            {"name": "Khối thành phố", "kinds": ["city"], "prizes": prizes},
            {"name": "Khối có tên", "agencies": self.some(AGENCIES), "prizes": prizes},
        ]
        return {
            **ranked,
            **({"prize_points": {name: self.chance.randint(1, 10) for name in names}} if "prizes" in measures else {}),
            **self.perhaps(
                {
                    "least_participation": self.chance.choice((0, 30, 50.5)),
                    **({"needs_groups": True} if has_groups else {}),
                    **({"needs_prize": True} if names else {}),
                }
            ),
            "blocks": self.chance.choice(([rest], blocks, [*blocks, rest], blocks[:1])),
        }
