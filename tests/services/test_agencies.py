"""The agencies as a tree."""

from __future__ import annotations

from sqlalchemy.orm import Session

from quiz.services import agencies
from tests import makers


def test_an_agency_with_those_below_it_goes_all_the_way_down(session: Session) -> None:
    parents = {"SYT": "", "BV": "SYT", "K": "BV", "CT": ""}
    ids = {code: makers.add_agency(code, parent=parent) for code, parent in parents.items()}
    for named, meant in ((["SYT"], ["SYT", "BV", "K"]), (["BV", "CT"], ["BV", "K", "CT"]), ([], [])):
        found = agencies.with_those_below(session, [ids[code] for code in named])
        assert found == {ids[code] for code in meant}
