"""What tests of appeals start from: people who have sat week 1, marked and published, and what somebody wrote."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from quiz.contest.appeal_rules import Outcome
from quiz.services import Actor, appeal_answers, appeals, contests, reading, transaction
from quiz.services.appeal_answers import Wording
from quiz.services.contests import StoredContest
from quiz.services.letters import Site
from tests import makers
from tests.kept import kept
from tests.services import results_scene as scene

PUBLISHED = makers.WEEK_1_ENDS + timedelta(hours=2)  # Friday 19:00
SITE = Site(base_url="https://hoithi.example.vn", host="hoithi.example.vn", secret_key="s" * 32)
QUESTIONS = 5
WORDING = Wording(
    outcome=Outcome.REJECTED,
    public_text="Cho rằng câu hỏi có hai đáp án đúng.",
    answer="Chỉ phương án A đúng.\nCăn cứ: Văn bản thử nghiệm.",
)


@kept
def lay_out(contest: str = makers.CONTEST) -> tuple[dict[str, int], dict[str, str], Actor]:
    """Four people who have sat week 1, all with the same questions, their codes of attempts, and an organiser."""
    makers.load_contest(contest, makers.bank_text(QUESTIONS))
    people = scene.add_people("ABCD")
    codes = {name: makers.sit(one, scene.DAY, right=3) for name, one in people.items()}
    return people, codes, scene.add_organiser()


@kept
def lay_out_published() -> tuple[dict[str, int], dict[str, str], Actor]:
    """The same once week 1 is published."""
    people, codes, actor = lay_out()
    publish(reading(), actor)
    return people, codes, actor


def publish(session: Session, actor: Actor) -> None:
    """Mark and publish week 1."""
    scene.mark()
    scene.publish(session, actor, now=PUBLISHED)


def send(person: int, code: str, number: int | None = 1, text: str = "Câu này sai.", now: object = PUBLISHED) -> int:
    """One appeal; its id."""
    with transaction(Actor(person, is_staff=False)) as writing:
        return appeals.send(writing, person, code, number, text, now)  # type: ignore[arg-type]


def same_question(session: Session, codes: dict[str, str], people: dict[str, int], first: str, other: str) -> int:
    """The number on another paper of question 1 of the first paper."""

    def asked(who: str, number: int) -> str:
        return appeals.topic(session, people[who], codes[who], number, PUBLISHED).question_id

    return next(number for number in range(1, QUESTIONS + 1) if asked(other, number) == asked(first, 1))


def contest_of(session: Session) -> StoredContest:
    """The contest as it is loaded."""
    return contests.get_current(session)


def answer(
    ids: list[int], actor: Actor, wording: Wording = WORDING, now: object = PUBLISHED, site: Site | None = None
) -> int:
    """Answer these; the number in the register."""
    with transaction(actor) as writing:
        contest = contests.get_current(writing)
        return appeal_answers.answer(writing, contest, ids, wording, site, actor, now)  # type: ignore[arg-type]


def correct(
    number: int,
    seen: int,
    actor: Actor,
    wording: Wording = WORDING,
    reason: str = "Ghi nhầm.",
    site: Site | None = None,
) -> int:
    """Another version of an entry."""
    now = PUBLISHED + timedelta(hours=1)
    with transaction(actor) as writing:
        contest = contests.get_current(writing)
        return appeal_answers.correct(writing, contest, number, seen, wording, reason, site, actor, now)
