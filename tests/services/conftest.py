"""The week that tests of marking and of results look at."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests.services import results_scene as scene


@pytest.fixture
def people(session: Session) -> dict[str, int]:
    """Nine people of two agencies by their staff codes; the last sits in week 2 only, all right and fastest of all."""
    return scene.lay_out()


@pytest.fixture
def sat(session: Session) -> dict[str, int]:
    """The same people after a week in which every step of the chain decides something."""
    return scene.lay_out_sat()
