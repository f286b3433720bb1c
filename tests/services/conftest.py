"""The week that tests of marking and of results look at."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests import makers
from tests.services import results_scene as scene
from tests.services.results_scene import MS


@pytest.fixture
def people(session: Session) -> dict[str, int]:
    """Nine people of two agencies by their staff codes; the last sits in week 2 only, all right and fastest of all."""
    makers.load_contest()
    made = scene.add_people()
    makers.sit(made["Z"], makers.WEEK_2, lasts=MS, number=2)
    return made


@pytest.fixture
def sat(people: dict[str, int]) -> dict[str, int]:
    """A week in which every step of the chain decides something."""
    scene.sit_every_step(people)
    return people
