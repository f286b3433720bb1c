"""The audit log as it is read: in order, page by page, and by what an inspector looks for."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from quiz.services import Actor, audit, audit_log, transaction
from quiz.services.audit import Act
from quiz.services.audit_log import Search
from tests import makers

NOW = makers.BEFORE
CONSOLE = Actor(None, console="console:root")


def found(session: Session, **wanted: object) -> list[int]:
    """The numbers of what a search finds, newest first."""
    entries, total = audit_log.page(session, Search(**wanted))  # type: ignore[arg-type]
    assert total == len(entries)
    return [entry.number for entry in entries]


def test_pages_run_from_the_newest_to_the_oldest(session: Session) -> None:
    with transaction(CONSOLE) as writing:
        for number in range(7):
            at = NOW - number * timedelta(days=1)  # the order is that of writing, whatever the clock said
            audit.record(writing, Act.DROP_ROSTER, CONSOLE, at, file=str(number))
    pages = [audit_log.page(session, Search(), number=number, size=3) for number in (1, 2, 3, 4)]
    assert [["".join(map(str, entry.facts.values())) for entry in entries] for entries, _ in pages] == [
        ["6", "5", "4"],
        ["3", "2", "1"],
        ["0"],
        [],
    ]
    assert {total for _, total in pages} == {7}


def test_a_search_takes_each_condition_and_all_of_them(session: Session) -> None:
    hoa = Actor(makers.add_person("TC-Đ1", makers.add_agency(), "Lê Thị Hoà"))
    with transaction(hoa) as writing:
        for number, week in enumerate((1, 11, 111), 1):
            facts = {"week": week, "person": "CB_1", "scope": "100%"}
            audit.record(writing, Act.STRIKE_RESULT, hoa, NOW + timedelta(hours=number), reason="Thi HỘ", **facts)
        audit.record(writing, Act.DROP_ROSTER, CONSOLE, NOW, reason="console:root", file="Đợt 1.xlsx")
    assert found(session) == [4, 3, 2, 1]
    assert found(session, who="hoa") == found(session, who="Tc-đ1") == [3, 2, 1]
    assert found(session, who="tc") == found(session, who="%") == []
    assert found(session, who="console") == found(session, who="CONSOLE:root") == [4]
    assert found(session, act=Act.DROP_ROSTER) == [4]
    assert found(session, since=NOW + timedelta(hours=2)) == [3, 2]
    assert found(session, until=NOW + timedelta(hours=2)) == [4, 1]
    assert found(session, words="ho thi") == found(session, words="cb_1") == found(session, words="100%") == [3, 2, 1]
    assert found(session, words="cbx1") == found(session, words="hộ đợt") == []
    assert found(session, words="đợt") == found(session, words="DOT xlsx") == [4]
    assert [found(session, week=week) for week in (1, 11, 111, 2)] == [[1], [2], [3], []]
    assert found(session, who="hoa", week=11, words="thi hộ", act=Act.STRIKE_RESULT) == [2]


def test_a_command_says_which_account_of_the_server_gave_it(session: Session) -> None:
    with transaction(CONSOLE) as writing:
        audit.record(writing, Act.DROP_ROSTER, CONSOLE, NOW, file="x")
        audit.record(writing, Act.DROP_ROSTER, Actor(None), NOW, file="x")
    (of_system, of_console), _ = audit_log.page(session, Search())
    assert [(each.actor, each.who, each.console) for each in (of_system, of_console)] == [
        ("", "", ""),
        ("", "console:root", "root"),
    ]
