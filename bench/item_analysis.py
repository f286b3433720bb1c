"""How long item analysis of a large week takes, on made-up answers: `python -m bench.item_analysis`."""

from __future__ import annotations

import hashlib
import time

from quiz.config import ROOT
from quiz.questions.bank import Question
from quiz.questions.bank_file import parse_bank
from quiz.scoring.item_analysis import analyse
from quiz.scoring.item_responses import Response

ATTEMPTS, QUESTIONS = 30_000, 20


def attempt(number: int, questions: tuple[Question, ...]) -> tuple[Response, ...]:
    """Twenty questions from a place in the bank that depends on the number, each answered by a byte of chance."""
    chance = hashlib.shake_128(str(number).encode()).digest(QUESTIONS + 4)
    first, ability = int.from_bytes(chance[:3], "big"), chance[3]
    return tuple(
        answer(questions[(first + 13 * place) % len(questions)], byte, ability) for place, byte in enumerate(chance[4:])
    )


def answer(question: Question, byte: int, ability: int) -> Response:
    is_right = byte < 100 + ability // 2
    key = "".join(sorted(question.key))
    wrong = "".join(option.letter for option in question.options if option.letter not in question.key)
    return Response(question.id, key if is_right else wrong[byte % len(wrong)], int(is_right), 1)


def main() -> None:
    """One run, as often as a week closes."""
    questions = parse_bank((ROOT / "question_bank.yaml").read_bytes()).questions
    attempts = [attempt(number, questions) for number in range(ATTEMPTS)]
    begun = time.process_time()
    analysis = analyse(questions, attempts)
    taken = time.process_time() - begun
    print(f"{ATTEMPTS} attempts of {QUESTIONS} out of {len(analysis.questions)} questions")
    print(f"{taken:.2f} s of processor time")


if __name__ == "__main__":
    main()
