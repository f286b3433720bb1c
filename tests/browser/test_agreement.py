"""Two verifiers that share no code say the same of random rounds, and of the same rounds after a random tamper."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from quiz.verification.checks import verify
from tests.browser.test_verifier_page import PAGE, told, zipped
from tests.verification.random_tampers import Files, tampered
from tests.verification.rounds import a_round

NOT_CHECKED = ("annot be checked", "not in canonical form", "is not a valid Kind")
"""What the first verifier says of a check that a malformed document stops; the page goes on, or reads nothing more."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", range(metafunc.config.getoption("--rounds")))


@pytest.fixture(scope="module")
def verifier(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    page.goto(PAGE.as_uri())
    yield page
    page.close()


def differences(page: Page, files: Files) -> list[object]:
    """The checks of which one verifier says another thing than the other."""
    first = {check.name: check for check in verify(files)}
    second = told(page, zipped(files))
    if second["status"] == 2:
        return [second["reason"]] if all(check.holds for check in first.values()) else []
    return [
        (check["name"], check["faults"][:2], first[check["name"]].faults[:2])
        for check in second["checks"]
        if check["ok"] != first[check["name"]].holds
        and not any(words in fault.en for words in NOT_CHECKED for fault in first[check["name"]].faults)
    ]


def test_both_verifiers_agree(verifier: Page, seed: int) -> None:
    honest = a_round(seed).files
    assert told(verifier, zipped(honest))["status"] == 0
    assert differences(verifier, honest) == []
    assert differences(verifier, tampered(honest, seed)) == []
