"""Pictures of every page for docs/pages.md, where `--pictures` asks for them: two sizes, two themes."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from quiz.permissions import Role
from tests.browser.busy_demo import CODES, furnish
from tests.browser.conftest import SIZES, Visitor, serving
from tests.browser.walking import IN_SEVERAL_STATES, WHO, pages

AUDIENCES = {
    None: "Everybody",
    Role.PARTICIPANT: "Participants",
    Role.COORDINATOR: "Coordinators",
    Role.ORGANISER: "Organisers",
    Role.INSPECTOR: "Inspectors",
    Role.ADMIN: "Administrators",
}
MARK = "<!-- gallery: written by tests/browser/test_pictures.py -->\n"
MOST_KB = 32
"""On average, so that the gallery may grow by pages and not by weight."""
QUALITY = 50
SHOWN_IN_SEVERAL_STATES = IN_SEVERAL_STATES - {"roster_care.person"}


@dataclass(frozen=True)
class Pictured:
    """One page, by the name its pictures share, its heading and its address."""

    name: str
    heading: str
    path: str

    @property
    def row(self) -> str:
        """A row of the gallery."""
        cells = [
            f'<img src="pictures/{self.name}-{size}-{theme}.webp" width="{width}" '
            f'alt="{self.heading}, {words}, {theme} theme">'
            for size, width, words in (("phone", 120, "on a phone"), ("desk", 240, "on a desk"))
            for theme in ("light", "dark")
        ]
        return f"| {self.heading}<br>`{self.path}` | {' | '.join(cells)} |\n"


def test_pictures_of_every_page(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, browser: Browser
) -> None:
    folder: Path | None = request.config.getoption("--pictures")
    if folder is None:
        pytest.skip("pictures are taken where --pictures says where to keep them")
    request.getfixturevalue("site")
    busy = furnish(request.getfixturevalue("demo_folder"), tmp_path_factory.mktemp("pictured"))
    (folder / "pictures").mkdir(parents=True, exist_ok=True)
    for old in (folder / "pictures").glob("*.webp"):
        old.unlink()
    taken: dict[Role | None, list[Pictured]] = {}
    known: set[tuple[str, str]] = set()
    with serving(busy.app) as address:
        for role in WHO:
            visitor = Visitor(browser, address)
            visitor.page.emulate_media(reduced_motion="reduce")
            if role:
                visitor.sign_in(CODES[role])
            taken[role] = []
            for shown in pages(visitor, busy, role):
                heading = visitor.page.locator("h1").inner_text()
                kind = (shown.endpoint, heading if shown.endpoint in SHOWN_IN_SEVERAL_STATES else "")
                if kind not in known:
                    name = f"{role or 'everybody'}-{len(taken[role]) + 1:02d}"
                    taken[role].append(Pictured(name, heading, shown.path))
                    _take(visitor.page, folder / "pictures" / name)
                known.add(kind)
            visitor.context.close()
    _write_gallery(folder / "pages.md", taken)
    made = list((folder / "pictures").glob("*.webp"))
    assert sum(file.stat().st_size for file in made) < MOST_KB * 1024 * len(made)


def _take(page: Page, file: Path) -> None:
    """What one sees without scrolling, in both sizes and themes."""
    before = page.viewport_size
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            picture = Image.open(io.BytesIO(page.screenshot()))
            picture.save(file.with_name(f"{file.name}-{size}-{theme}.webp"), quality=QUALITY, method=6)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(before)


def _write_gallery(file: Path, taken: dict[Role | None, list[Pictured]]) -> None:
    """Write one table for each audience after the mark; what stands before it is written by hand."""
    text = file.read_text(encoding="utf-8").partition(MARK)[0] + MARK
    for role, pictured in taken.items():
        text += f"\n## {AUDIENCES[role]}\n\n| page | phone | phone, dark | desk | desk, dark |\n|---|---|---|---|---|\n"
        text += "".join(each.row for each in pictured)
    file.write_text(text, encoding="utf-8")
