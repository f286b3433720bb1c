"""What results make due: from the closing to the publication, and again when what was published no longer stands."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from quiz.contest.due import Urgency
from quiz.services import Actor, heartbeats, publishing, today_results, today_waiting, transaction
from quiz.services.publishing import find_latest
from tests import makers
from tests.services import results_scene as scene
from tests.services.desk_scene import add_staff, due
from tests.services.results_scene import CLOSED, CLOSED_2, MINUTE


def test_results_are_due_from_closing_to_publication_and_again_when_they_change(
    session: Session, sat: dict[str, int]
) -> None:
    organiser = add_staff()

    def now_due(now: datetime) -> list[tuple[str, str, str]]:
        found = due(session, today_results.after_closing, organiser, now)
        return [(str(one.urgency), one.words, str(one.given)) for one in found]

    page = "{'number': 1}"
    unmarked = "%(round)s đã đóng lúc %(closes)s mà chưa được chấm: bộ lập lịch có thể không chạy."
    to_check = "%(round)s: xếp hạng tạm thời chờ kiểm tra và công bố."
    differs = "%(round)s: kết quả đã công bố lần %(number)s khác số liệu hiện tại, cần xem lại và đính chính."
    assert now_due(makers.WEEK_1_ENDS) == []
    assert now_due(CLOSED) == []
    assert now_due(CLOSED + MINUTE) == [("now", unmarked, page)]
    with transaction() as writing:
        heartbeats.beat(writing, heartbeats.Part.MARKING, CLOSED)
    being_marked = "%(round)s đang được chấm, bắt đầu lúc %(since)s."
    assert now_due(CLOSED + MINUTE) == [("information", being_marked, page)]
    assert due(session, today_waiting.scheduler, organiser, CLOSED + 5 * MINUTE) == []
    scene.mark(CLOSED)
    assert now_due(CLOSED + MINUTE) == [("today", to_check, page)]
    scene.publish(session, Actor(organiser), now=CLOSED + MINUTE)
    assert now_due(CLOSED + MINUTE) == []
    scene.bar(sat["A"], session)
    assert now_due(CLOSED + MINUTE) == [("today", differs, page)]
    scene.publish(session, Actor(organiser), now=CLOSED + 2 * MINUTE, reason="Người đạt giải thuộc Ban Tổ chức")
    assert now_due(CLOSED + 2 * MINUTE) == []
    latest = find_latest(session, makers.week(session).contest, 1)
    assert latest
    assert latest.number == 2


def test_prizes_between_equals_are_due_until_published_and_known_after(session: Session) -> None:
    makers.load_contest(makers.CONTEST + "ranking: [score]\n")
    for code in scene.add_people("AB").values():
        makers.sit(code, makers.WEEK_1)
    organiser = add_staff()
    scene.mark(CLOSED)
    tied = "%(round)s: %(count)s giải chưa phân định được vì bằng nhau ở mọi tiêu chí."

    def ties() -> list[tuple[Urgency, object]]:
        found = due(session, today_results.after_closing, organiser, CLOSED + MINUTE)
        return [(one.urgency, one.facts["count"]) for one in found if one.words == tied]

    (before,) = ties()
    assert before[0] is Urgency.TODAY
    scene.publish(session, Actor(organiser), now=CLOSED + MINUTE)
    assert ties() == [(Urgency.INFORMATION, before[1])]


COLLECTIVE = """
collective:
  order: [entries]
  blocks:
    - {name: Khối A, prizes: [{name: Giải tập thể, count: 1}, {name: Giải khuyến khích, count: 1}]}
"""


def test_what_is_compared_is_what_a_draft_would_publish(session: Session) -> None:
    overall = makers.CONTEST.replace("{name: Giải Ba, count: 3}", "{name: Giải Ba, count: 3, per: contest}")
    makers.load_contest(overall + COLLECTIVE)
    scene.sit_every_step(scene.add_people())
    scene.mark_both()
    for number, parts in ((1, 1), (2, 3)):
        draft = publishing.draft(session, makers.week(session, number), CLOSED_2)
        found = tuple(today_results.given(draft.ranking, draft.collective))
        assert found == tuple(draft.figures.given())
        assert len(found) == parts
