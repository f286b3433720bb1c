"""Marks and the figures that Moodle's own tests expect of them, as facts.

Source: Moodle (moodle.org), GNU GPL v3 or later, mod/quiz/report/statistics/tests: `fixtures/mdl_question_states.csv`
with `statistics_test.php` (2008, Jamie Pratt), `fixtures/results00.csv`, `fixtures/steps00.csv` and
`fixtures/qstats00.csv` with `stats_from_steps_walkthrough_test.php` (2013, The Open University). Moodle's authors
worked the expected figures in spreadsheets, apart from its code.
"""

from __future__ import annotations

from collections.abc import Sequence

from quiz.scoring.item_responses import Counts, Response, count

# mdl_question_states.csv: 22 attempts, slots 8 to 20, in tenths of a point. Slots 1 to 4 gave nobody anything, slots 5
# to 7 are worth nothing.
LONG = """
    55  3  9 10  3 10  0  0 10 10  0  0 10
    10  9  9  3  3 10  0  0 10  0 10  0 10
    25 10  9  3 10  0  0 10 10 10 10 10 10
    40  3  9 10  3  0  0  0  0 10  0  0 10
    30  9  3  9 10  0 10  0  0 10 10 10  0
    45  9 10 10  9  0 10 10 10  0  0  0  0
    30  3  3  3  3 10  0 10 10 10 10 10 10
    60  9  9 10  3  0 10 10 10 10  0  0 10
     5  9 10  9  3  0 10 10  0 10 10  0 10
    55  9 10  9  3 10 10  0  0 10  0  0  0
    25  9 10 10  9  0 10  0  0 10  0  0 10
    40  9  3  9 10  0 10 10 10 10 10  0 10
    40  9  3  3 10 10 10 10  0  0 10 10  0
    30 10 10  3 10  0 10  0 10 10 10 10  0
    10 10  9  3  3 10  0 10  0  0  0  0  0
    10  3  3  3  9  0  0  0 10  0  0  0 10
    15 10  3  9 10 10 10  0 10 10  0  0  0
    40  9 10  9 10  0 10 10 10  0 10  0  0
    20  9  9  3  9  0 10  0  0  0  0  0  0
    10 10  3  3  3  0 10 10  0 10  0  0  0
    60  9 10 10  9  0  0  0 10  0  0 10 10
    70  9  3  3  3 10  0 10 10 10 10  0  0
"""
LONG_POINTS = (10, 10, 10, 10, 0, 0, 0, 80, *(10,) * 12)
LONG_EXPECTED: dict[str, tuple[float | None, ...]] = {
    "facility": (
        *(0, 0, 0, 0, None, None, None, 41.19318182, 81.36363636, 71.36363636, 65.45454545, 65.90909091, 36.36363636),
        *(59.09090909, 50, 59.09090909, 63.63636364, 45.45454545, 27.27272727, 50),
    ),
    "sd in thousandths of a point": (
        *(0, 0, 0, 0, None, None, None, 1912.733589, 251.2738111, 322.6312277, 333.4199022, 337.5811591, 492.3659639),
        *(503.2362797, 511.7663157, 503.2362797, 492.3659639, 509.6471914, 455.8423058, 511.7663157),
    ),
    "effective weight": (
        *(0, 0, 0, 0, 0, 0, 0, 26.58464457, 3.368456046, 3.253955259, 7.584083694, 3.79658376, 3.183278505),
        *(4.532356904, 7.78856243, 10.08351572, 8.381139345, 8.727645713, 7.946277111, 4.769500946),
    ),
    "discrimination": (
        *(None,) * 7,
        *(25.88327077, 1.170256965, -4.207816809, 28.16930644, -2.513606859, -12.99017581, -8.900638238, 8.670004606),
        *(29.63337745, 15.18945843, 16.21079629, 15.52451404, -8.396734802),
    ),
    "efficiency": (
        *(None,) * 7,
        *(27.23492723, 1.382386552, -4.691171307, 31.12404354, -2.877487579, -17.5074184, -10.27568922, 10.86956522),
        *(34.58997279, 17.4790556, 20.14359793, 22.06477733, -10),
    ),
}

# results00.csv: 25 attempts of 7 slots worth 1 each; every mark but one third is a whole number of tenths.
THIRD, ONE = 3_333_333, 10_000_000
SHORT = """
    1 1 1 1 1 0 1    1 1 1 1 .5 1 0    1 1 1 1 .5 0 1    0 0 1 1 1 0 0      1 0 1 0 0 1 .5
    1 1 1 1 .5 0 .5  0 1 1 1 .5 1 .5   1 1 1 0 .5 1 .5   1 0 1 1 1 1 1      0 1 1 0 .5 1 .5
    .8 0 1 1 .5 1 .5 1 1 1 0 .5 1 1    1 0 1 1 .5 1 .5   1 0 1 1 1 0 .5     0 0 1 1 0 1 1
    1 0 1 0 .5 1 1   .8 0 1 1 .5 0 1   1 0 1 1 0 1 .5    1 0 1 1 .5 0 .5    0 1 1 0 .5 1 0
    1 1 t 1 .5 0 .5  1 1 1 0 .5 0 .5   1 1 1 1 0 1 .5    0 0 1 0 .5 1 1     0 0 1 1 1 1 1
"""
# steps00.csv: in which attempts (from 0) the random slot 1 held the question "numerical", slot 2 its variants 1 and 8.
NUMERICAL = (0, 2, 4, 5, 6, 7, 9, 12, 14, 18, 23, 24)
VARIANTS = {1: (0, 1, 5, 8, 13, 23), 8: (11, 12, 18, 20, 24)}
# qstats00.csv: slot by slot, effective weight, discrimination index and discriminative efficiency, facility, sd
SHORT_EXPECTED = (
    (21.2922742344, -7.0650767526, -9.4550536967, 0.704, 0.4513682901),
    (18.8979800309, -28.8982125772, -36.7834118938, 0.48, 0.5099019514),
    (4.443012573, -9.1230674268, -21.6545012165, 0.973333332, 0.13333334),
    (18.9347251357, -22.6306444113, -31.4411395613, 0.68, 0.4760952286),
    (11.1450138688, -17.6997047674, -21.1794802584, 0.52, 0.3055050463),
    (9.8081339177, -45.3785178421, -56.9365974439, 0.64, 0.4898979486),
    (15.4788602394, -5.6543166602, -6.5043742058, 0.62, 0.331662479),
)


def attempts_of(rows: Sequence[Sequence[int]], points: Sequence[int]) -> list[tuple[Response, ...]]:
    """Attempts of the same slots, named by their numbers from 1."""
    return [
        tuple(
            Response(str(slot), "", mark, worth)
            for slot, (mark, worth) in enumerate(zip(row, points, strict=True), start=1)
        )
        for row in rows
    ]


def long_quiz() -> list[tuple[Response, ...]]:
    rows = [(0,) * 7 + tuple(map(int, line.split())) for line in LONG.strip().splitlines()]
    return attempts_of(rows, LONG_POINTS)


def short_quiz() -> list[tuple[Response, ...]]:
    marks = [THIRD if word == "t" else round(float(word) * ONE) for word in SHORT.split()]
    return attempts_of([marks[first : first + 7] for first in range(0, len(marks), 7)], (ONE,) * 7)


def with_random_slot() -> Counts:
    """The short quiz as it was: slot 1 held another question for some."""
    return count(
        (attempt[0]._replace(question="numerical" if number in NUMERICAL else "shortanswer"), *attempt[1:])
        for number, attempt in enumerate(short_quiz())
    )


def with_variant(variant: int) -> Counts:
    """Only the attempts in which slot 2 stood in this variant."""
    attempts = short_quiz()
    return count(attempts[number] for number in VARIANTS[variant])
