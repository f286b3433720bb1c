"""The sixteen ways to cheat of `docs/verification.md` §15: who notices which, and which only people can.

An insider may rewrite any file of the bundle and its table of contents; nobody can rewrite what others hold.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from quiz.verification.bundle import NOTHING_OUTSIDE, Outside
from quiz.verification.canonical import canonical
from quiz.verification.checks import verify
from quiz.verification.commitments import sha256
from quiz.verification.records import Sitting
from tests.verification.rounds import CLOSES, Made, Sittings, a_round

Files = dict[str, bytes]


def is_plain(made: Made) -> bool:
    """Two attempts at most, several prizes, lots by a seed, no decisions but about questions."""
    results, decided = document(made.files, "ket-qua.json"), document(made.files, "quyet-dinh.json")
    first = results["divisions"][0]
    return (
        made.rules.per_week == 2
        and made.rules.lot_event is None
        and len({won["prize"] for won in first["winners"]}) > 1
        and not any(decided[kind] for kind in decided if kind != "rulings")
    )


def document(files: Files, name: str) -> Any:
    return json.loads(files[name])


def rewritten(files: Files, name: str, change: Callable[[Any], object]) -> Files:
    """The bundle with one document changed, and a table of contents that fits."""
    held = document(files, name)
    change(held)
    return listed(files | {name: canonical(held)})


def listed(files: Files) -> Files:
    names = sorted(files.keys() - {"muc-luc.json"})
    return files | {"muc-luc.json": canonical([{"name": name, "sha256": sha256(files[name])} for name in names])}


def without_rulings(files: Files) -> Files:
    return rewritten(files, "quyet-dinh.json", lambda held: held["rulings"].clear())


def failed(files: Files, outside: Outside = NOTHING_OUTSIDE) -> set[str]:
    return {check.name for check in verify(files, outside) if not check.holds}


SEED = 307
"""The first plain round; `test_the_round_is_plain` says when the rounds have changed and another must be looked for."""
HONEST = a_round(SEED)
FINAL = document(HONEST.files, "niem-phong.json")["final"]
FIRST = document(HONEST.files, "ket-qua.json")["divisions"][0]
WINNER = FIRST["winners"][0]["code"]
BEST = sorted(HONEST.sittings.values(), key=lambda one: one.code)


def winners_record(records: list[Any]) -> Any:
    return next(record for record in records if record["code"] == WINNER)


def swap(held: Any) -> None:
    won = held["divisions"][0]["winners"]
    won[0]["code"], won[-1]["code"] = won[-1]["code"], won[0]["code"]


def forget_winner(held: Any) -> None:
    division = held["divisions"][0]
    division["standings"] = [each for each in division["standings"] if each["code"] != WINNER]
    division["winners"] = [each for each in division["winners"] if each["code"] != WINNER]


BY_ANYONE: dict[str, tuple[str, Callable[[Any], object], set[str]]] = {
    "an answer is edited": ("bai-thi.json", lambda r: winners_record(r)["answers"].__setitem__(0, ""), {"records"}),
    "a time is shortened": ("bai-thi.json", lambda r: winners_record(r).update(time_ms=1), {"records"}),
    "a record is dropped": ("bai-thi.json", lambda r: r.remove(winners_record(r)), {"records"}),
    "a record is inserted": (
        "bai-thi.json",
        lambda r: r.insert(0, winners_record(r) | {"code": "2" * 16, "person": "0" * 32}),
        {"records"},
    ),
    "a key is changed": (
        "bo-cau-hoi.json",
        lambda b: b[0]["questions"][0].update(key="B" if b[0]["questions"][0]["key"] == "A" else "A"),
        {"questions"},
    ),
    "winners are swapped": ("ket-qua.json", swap, {"prizes"}),
    "prizes are changed": ("the-le.json", lambda r: r["divisions"][0]["prizes"][0].update(count=5), {"rules"}),
    "papers are drawn again": ("mo.json", lambda m: m.update(draw_seed="00" * 32), {"seeds"}),
    "easier questions are put in": (
        "bo-cau-hoi.json",
        lambda b: b[0]["questions"][0].update(text="Câu dễ hơn?"),
        {"questions"},
    ),
    "somebody is left out in silence": ("ket-qua.json", forget_winner, {"ranking"}),
}


def test_the_round_is_plain() -> None:
    assert is_plain(HONEST)


@pytest.mark.parametrize("tamper", BY_ANYONE)
def test_anyone_with_the_bundle_notices(tamper: str) -> None:
    name, change, noticed_by = BY_ANYONE[tamper]
    assert failed(HONEST.files) == set()
    assert noticed_by <= failed(rewritten(HONEST.files, name, change))


def altered(change: Callable[[Sittings], Sitting]) -> Files:
    """Everything made anew, every hash with it, from one attempt that the insider has put in place."""

    def put(sittings: Sittings) -> Sittings:
        one = change(sittings)
        return sittings | {one.code: one}

    return a_round(SEED, before_sealing=put).files


def test_anyone_notices_a_question_voided_without_a_decision() -> None:
    ruled = next(made.files for made in map(a_round, range(2000)) if "ranking" in failed(without_rulings(made.files)))
    assert failed(ruled) == set()


def test_anyone_notices_a_sitting_longer_than_allowed() -> None:
    def late(sittings: Sittings) -> Sitting:
        return replace(BEST[0], at_ms=BEST[0].started_ms + 3_600_000)

    assert "attempts" in failed(altered(late))


def test_anyone_notices_an_attempt_too_many() -> None:
    def third(sittings: Sittings) -> Sitting:
        twice = next(one for one in BEST if one.number == 2)
        return replace(twice, code="2" * 16, number=3)

    assert "attempts" in failed(altered(third))


def test_whoever_edits_and_makes_every_hash_anew_is_noticed_by_what_others_hold() -> None:
    def faster(sittings: Sittings) -> Sitting:
        return replace(BEST[0], at_ms=BEST[0].started_ms + 1)

    forged = altered(faster)
    assert failed(forged) == set()
    assert failed(forged, Outside(final=FINAL)) == {"chain"}
    assert failed(HONEST.files, Outside(final=FINAL)) == set()


def test_only_people_notice_a_ghost_put_in_before_its_batch_was_sealed() -> None:
    """The person is told of every attempt, and the coordinator's list names who has sat."""

    def ghost(sittings: Sittings) -> Sitting:
        one = BEST[0]
        return replace(one, code="2" * 16, person=999, number=1, seen=frozenset(), answers=[""] * one.questions)

    forged = altered(ghost)
    final = document(forged, "niem-phong.json")["final"]
    assert failed(forged, Outside(final=final)) == set()


def test_only_people_notice_a_public_value_that_is_not_the_public_one() -> None:
    """The rules name the event before it happens; what came of it is in the newspapers, not in the bundle."""
    seed = next(
        seed
        for seed in range(2000)
        if document(a_round(seed).files, "mo.json")["lot_value"] == "12345"
        and all(
            standing["decided_by"] != "lot"
            for division in document(a_round(seed).files, "ket-qua.json")["divisions"]
            for standing in division["standings"]
        )
    )
    forged = rewritten(a_round(seed).files, "mo.json", lambda m: m.update(lot_value="54321"))
    assert failed(forged) == set()


def test_a_committed_lot_cannot_be_drawn_again() -> None:
    assert "seeds" in failed(rewritten(HONEST.files, "mo.json", lambda m: m.update(lot_seed="11" * 32)))


def test_what_was_promised_cannot_be_promised_anew() -> None:
    promised = sha256(HONEST.files["cam-ket.json"])
    forged = rewritten(
        HONEST.files,
        "cam-ket.json",
        lambda c: c.update(made_at=(CLOSES + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%S.000Z")),
    )
    assert failed(forged) == {"chain"}
    assert failed(forged, Outside(commitment=promised)) == {"commitment", "chain"}
