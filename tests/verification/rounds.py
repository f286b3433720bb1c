"""Random rounds: a rule book, people, attempts and decisions from a seed, and the bundle of what came of them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from quiz.questions.bank import Level, Option, Question
from quiz.questions.paper import Deck, PaperRules, Quota, missing_from
from quiz.scoring.chains import RESOLUTIONS, STEP_NAMES, chain_of
from quiz.scoring.counted import Counts, counted
from quiz.scoring.marking import mark
from quiz.scoring.prediction import EqualDistance, Prediction, Scope, Target, Whose, tally, target
from quiz.scoring.prizes import Needs, OnePrize, Prize, Round, award
from quiz.scoring.ranking import rank
from quiz.scoring.rulings import NO_RULINGS
from quiz.scoring.tie_breaks import Result, RoundFacts
from quiz.verification import chain, questions, records, rules
from quiz.verification.assembling import Published, assemble
from quiz.verification.chain import AuditHead
from quiz.verification.commitments import Promised, commitment, sha256
from quiz.verification.records import Sitting
from quiz.verification.results import Ranked
from quiz.verification.rules import DivisionRules, WeekRules
from quiz.verification.weeks import NOBODY, decisions_of

GIVEN_UP = 10**9
"""What is added to somebody's number for an entry of the roster that was given up."""
OPENS = datetime(2026, 10, 5, 1, 0, tzinfo=UTC)
CLOSES = OPENS + timedelta(days=5)
TOPICS = ("mot-cua", "sipas", "so-hoa")
VERIFIERS = {"kiem_chung.py": b"# the first\n", "kiem-chung.html": b"<!doctype html>\n"}
Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Made:
    """A random round: its files, and what the organiser knows besides."""

    files: dict[str, bytes]
    rules: WeekRules
    secret: bytes
    sittings: dict[str, Sitting]


Sittings = dict[str, Sitting]


def as_it_was(sittings: Sittings) -> Sittings:
    """Nothing is altered before it is sealed."""
    return sittings


def a_round(
    seed: int,
    people: int = 24,
    verifiers: dict[str, bytes] = VERIFIERS,
    before_sealing: Callable[[Sittings], Sittings] = as_it_was,
) -> Made:
    """The round of that seed; the same seed gives the same round."""
    dice = random.Random(seed)
    banks = {name: _bank(dice, name) for name in dice.choice([("",), ("", "chung")])}
    return played(dice, banks, _rules(dice, banks), people, verifiers, before_sealing)


def played(
    dice: random.Random,
    banks: Mapping[str, tuple[Question, ...]],
    week: WeekRules,
    people: int,
    verifiers: dict[str, bytes] = VERIFIERS,
    before_sealing: Callable[[Sittings], Sittings] = as_it_was,
) -> Made:
    """A round of these rules."""
    secret, draw_seed, lot_seed = dice.randbytes(32), dice.randbytes(32), dice.randbytes(32)
    documents = {name: [questions.written(one, name, secret) for one in held] for name, held in banks.items()}
    promised = commitment(
        Promised(
            rules=week,
            contest_file=b"contest: x\n",
            banks=documents,
            draw_seed=draw_seed,
            lot_seed=lot_seed,
            agencies=[("CQ1", "city", people), ("CQ2", "central", 7)],
            verifiers=verifiers,
            audit=AuditHead(count=3, head="00" * 32),
        ),
        1,
        OPENS - timedelta(days=1),
    )
    decks = {one.code: Deck(banks[one.bank], one.paper) for one in week.divisions}
    sittings = {one.code: one for person in range(people) for one in _sat(dice, week, decks, draw_seed, person, secret)}
    given_up = {person + GIVEN_UP: person for person in dice.sample(range(people), dice.choice((0, 0, min(2, people))))}
    sittings = {code: _by_entry(one, given_up) for code, one in before_sealing(sittings).items()}
    held = [records.record(sittings[code], secret) for code in sorted(sittings)]
    decisions = _decisions(dice, week, banks, held)
    decisions["joined"] = [
        {"given_up": records.pseudonym(secret, entry), "kept": records.pseudonym(secret, person)}
        for entry, person in sorted(given_up.items())
    ]
    lot_value = dice.choice(["12345", "Giải đặc biệt: 90 817"]) if week.lot_event else None
    lot = lot_value.encode() if lot_value is not None else lot_seed
    batches, final = _batches(dice, sha256(promised), map(records.seal_of, held))
    files = assemble(
        Published(
            rules=week,
            commitment=promised,
            banks=documents,
            records=held,
            batches=batches,
            final=final,
            decisions=decisions,
            draw_seed=draw_seed,
            lot_seed=None if week.lot_event else lot_seed,
            lot_value=lot_value,
            ranked=_ranked(week, decks, draw_seed, lot, sittings, decisions, secret, given_up),
            moments=lambda code: records.moment(sittings[code], secret),
            registered=lambda code: records.registered(sittings[code], secret),
            publication=1,
            published_at=CLOSES + timedelta(days=1),
            verifiers=verifiers,
            readme="Kết quả thử nghiệm\n".encode(),
        )
    )
    return Made(files=files, rules=week, secret=secret, sittings=sittings)


def _by_entry(one: Sitting, given_up: dict[int, int]) -> Sitting:
    """The sitting under the entry of the roster by which the person sat."""
    entries = {person: entry for entry, person in given_up.items()}
    return replace(one, person=entries.get(one.person, one.person))


def _bank(dice: random.Random, name: str) -> tuple[Question, ...]:
    ids = [f"{name or 'c'}-{number:02d}" for number in range(dice.randint(8, 20))]
    dice.shuffle(ids)
    return tuple(
        Question(
            id=id_,
            topic=dice.choice(TOPICS),
            level=dice.choice(list(Level)),
            text=f"Câu {id_} “là gì”?\n\u0001",
            options=tuple(Option(letter, f"{letter} của {id_}") for letter in "ABCD"[: dice.choice((2, 3, 4, 4, 4))]),
            key=frozenset(dice.choice(("A", "B", "B", "A", "AB"))),
            explanation="",
            document="",
            article="",
            valid_from=OPENS.date(),
            valid_until=None,
            facts=(),
        )
        for id_ in ids
    )


def _rules(dice: random.Random, banks: dict[str, tuple[Question, ...]]) -> WeekRules:
    prediction = dice.choice([None, _prediction(dice)])
    several = dice.random() < 0.5
    codes = ("can-bo", "nguoi-dan") if dice.random() < 0.4 else ("",)
    return WeekRules(
        contest="thu-nghiem",
        title="Hội thi thử nghiệm",
        week=dice.randint(1, 4),
        zone="Asia/Ho_Chi_Minh",
        opens_at=OPENS,
        closes_at=CLOSES,
        grace=timedelta(seconds=5),
        counts=dice.choice([Counts.LAST, Counts.BEST, Counts.BEST_EARLIEST]) if several else Counts.ONLY,
        per_week=dice.choice([2, 3, None]) if several else 1,
        prediction=prediction,
        one_prize=dice.choice(list(OnePrize)),
        needs=dice.choice(list(Needs)),
        lot_event=dice.choice([None, "Kết quả xổ số kiến thiết ngày 12/10/2026"]),
        divisions=tuple(_division(dice, code, banks, prediction) for code in codes),
    )


def _prediction(dice: random.Random) -> Prediction:
    return Prediction(
        text="",
        target=dice.choice(list(Target)),
        scope=dice.choice(list(Scope)),
        equal_distance=dice.choice(list(EqualDistance)),
        whose=dice.choice(list(Whose)),
    )


def _division(
    dice: random.Random, code: str, banks: dict[str, tuple[Question, ...]], prediction: Prediction | None
) -> DivisionRules:
    bank = dice.choice(sorted(banks))
    paper = _paper(dice, bank)
    while missing_from(banks[bank], paper):
        paper = _paper(dice, bank)
    steps = [name for name in STEP_NAMES if name != "lot" and (name != "prediction" or prediction)]
    chosen = ["score", *dice.sample([name for name in steps if name != "score"], dice.randint(0, 3))]
    if dice.random() < 0.5:
        chosen.append("lot")
    named = [(name, dice.choice(RESOLUTIONS[name]).value if name in RESOLUTIONS else None) for name in chosen]
    prizes = [Prize("Giải Nhất", 1, 3_000_000), Prize("Giải Nhì", dice.randint(1, 2)), Prize("Giải Ba", 3, 500_000)]
    return DivisionRules(
        code=code,
        name=code.upper(),
        bank=bank,
        paper=paper,
        chain=chain_of(named, prediction),
        prizes=tuple(prizes[: dice.randint(0, 3)]),
    )


def _paper(dice: random.Random, bank: str) -> PaperRules:
    quotas = tuple(
        Quota(
            count=1,
            topic=dice.choice((None, *TOPICS)),
            level=dice.choice((None, *Level)),
            points=dice.choice((None, 2, 5)),
        )
        for _ in range(dice.randint(0, 2))
    )
    return PaperRules(
        questions=dice.randint(2, 5),
        time_allowed=timedelta(minutes=dice.choice((5, 20))),
        quotas=quotas,
        shuffle_questions=dice.random() < 0.7,
        shuffle_options=dice.random() < 0.7,
        points=dice.choice((1, 1, 3)),
        bank=bank,
        topics=frozenset(dice.sample(TOPICS, 2)) if dice.random() < 0.3 else frozenset(),
        several_keys=dice.random() < 0.7,
        needs_all_answers=dice.random() < 0.3,
        avoid_seen=dice.random() < 0.4,
    )


def _sat(
    dice: random.Random, week: WeekRules, decks: dict[str, Deck], draw_seed: bytes, person: int, secret: bytes
) -> Iterable[Sitting]:
    division = dice.choice(week.divisions)
    registered, seen = dice.choice((10**12, 10**12 + person)), frozenset[str]()
    at = OPENS.timestamp() * 1000 + dice.choice((0, 1000, 60_000, 7_200_000))
    for number in range(1, dice.randint(1, week.per_week or 4) + 1):
        code = "".join(dice.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", k=16))
        paper = decks[division.code].draw(draw_seed, code, seen)
        started = int(at) + dice.choice((0, 1, 1000))
        took = dice.choice((60_000, 60_000, 60_400, 61_000, 150_123))
        at = started + took
        yield Sitting(
            code=code,
            person=person,
            division=division.code,
            number=number,
            questions=len(paper.questions),
            seen=seen if division.paper.avoid_seen else frozenset(),
            answers=[_answer(dice, sorted(item.key_shown), len(item.letters)) for item in paper.questions],
            prediction=dice.choice((None, 5, 20, 24, 28)) if week.prediction else None,
            started_ms=started,
            at_ms=int(at),
            ended_by=dice.choice(("person", "person", "deadline")),
            registered_ms=registered,
            agency="CQ1",
        )
        if division.paper.avoid_seen:
            seen |= {item.question.id for item in paper.questions}


def _answer(dice: random.Random, key: list[str], shown: int) -> str:
    if dice.random() < 0.85:
        return "".join(key)
    return dice.choice(("", *"ABCD"[:shown], "AB"))


def _decisions(
    dice: random.Random, week: WeekRules, banks: Mapping[str, tuple[Question, ...]], held: list[Json]
) -> Json:
    asked = [(name, one) for name, bank in banks.items() for one in bank]
    ruled = dice.sample(asked, dice.randint(0, 3))
    kinds = [("void", []), ("rekey", ["B"]), ("accept", ["A", "B"])]
    people = sorted({record["person"] for record in held})
    return {
        "rulings": [
            {"bank": name, "question": one.id, "kind": kind, "answers": answers, "decision": "15/QĐ-SNV"}
            for name, one in ruled
            for kind, answers in [dice.choice(kinds)]
        ],
        "set_aside": _about(dice, held, {}),
        "given_back": _about(dice, held, {"ms": 30_500}),
        "allowances": _about(dice, held, {"ms": 600_000}),
        "joined": [],
        "passed_over": [
            {"division": division.code, "person": person, "from": dice.choice((0, 0, 1)), "why": "struck"}
            for division in week.divisions
            for person in dice.sample(people, dice.randint(0, 2))
        ],
    }


def _about(dice: random.Random, held: list[Json], more: Json) -> list[Json]:
    chosen = dice.sample(held, dice.choice((0, 0, 1, 2)))
    return [{"code": one["code"], "decision": "7/QĐ-SNV", **more} for one in chosen]


def _batches(dice: random.Random, commitment_digest: str, seals: Iterable[str]) -> tuple[list[Json], str]:
    left = list(seals)
    dice.shuffle(left)
    head, batches = chain.first_head(commitment_digest), []
    while left:
        many = dice.randint(0, 6)
        taken, left = left[:many], left[many:]
        number = len(batches) + 1
        at = rules.moment(OPENS + timedelta(minutes=number))
        batch = chain.batch(number, at, AuditHead(count=3 + number, head="11" * 32), dice.randbytes(32).hex(), taken)
        head = chain.next_head(head, batch)
        batches.append(batch | {"head": head})
    return batches, head


def _ranked(
    week: WeekRules,
    decks: dict[str, Deck],
    draw_seed: bytes,
    lot: bytes,
    sittings: dict[str, Sitting],
    document: Json,
    secret: bytes,
    given_up: dict[int, int],
) -> list[Ranked]:
    """The truth, with every moment as it was, and every person one."""
    decided = decisions_of(document)
    of_each: dict[str, list[Result]] = {one.code: [] for one in week.divisions}
    for one in sittings.values():
        if one.code in decided.set_aside:
            continue
        division = week.division(one.division)
        paper = decks[division.code].draw(draw_seed, one.code, frozenset(one.seen))
        given = mark(paper, one.answers, decided.rulings.get(division.bank, NO_RULINGS))
        of_each[division.code].append(
            Result(
                code=one.code,
                person=given_up.get(one.person, one.person),
                score=given.score,
                full=paper.full,
                questions=one.questions,
                time_ms=max(0, one.at_ms - one.started_ms - decided.given_back.get(one.code, 0)),
                handed_in_ms=one.at_ms,
                registered_ms=one.registered_ms,
                prediction=one.prediction,
                is_valid=given.is_complete or not division.paper.needs_all_answers,
            )
        )
    whose = week.prediction.whose if week.prediction else Whose.COUNTED
    chosen = {one.code: counted(of_each[one.code], week.counts, one.chain, whose) for one in week.divisions}
    tallies = {code: tally(results, chosen[code]) for code, results in of_each.items()}
    everyone = sum(tallies.values(), NOBODY)
    ranked = []
    for division in week.divisions:
        goal = target(week.prediction, tallies[division.code], everyone) if week.prediction else None
        standings = rank(chosen[division.code], division.chain, RoundFacts(lot_seed=lot, target=goal))
        passed = decided.passed_over.get(division.code, {})
        by_person = {
            given_up.get(one.person, one.person): passed.get(records.pseudonym(secret, one.person))
            for one in sittings.values()
        }
        declined = {person: rung for person, rung in by_person.items() if rung is not None}
        awards = award(Round(standings=standings, prizes=division.prizes), week.needs, declined)
        ranked.append(
            Ranked(
                code=division.code,
                chain=division.chain,
                standings=standings,
                tally=tallies[division.code],
                target=goal,
                awards=awards,
            )
        )
    return ranked
