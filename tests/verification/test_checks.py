"""An honest bundle holds, whatever the rules; nothing in it can be changed without a sentence that says what."""

from __future__ import annotations

import pytest

from quiz.verification.checks import verify
from tests.verification.rounds import a_round


@pytest.mark.parametrize("seed", range(100))
def test_an_honest_round_holds(seed: int) -> None:
    found = verify(a_round(seed).files)
    assert [(check.name, check.faults) for check in found if not check.holds] == []
