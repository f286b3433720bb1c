"""What somebody sees who goes through a page with the Tab key alone."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from playwright.sync_api import Page

LINE = 24
LOOK = """() => {
  const at = document.activeElement
  if (at === document.body) return null
  const box = at.getBoundingClientRect()
  const shows = each => {
    const style = getComputedStyle(each)
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none"
  }
  const top = Math.max(box.top, 0), height = Math.min(box.bottom, innerHeight) - top
  const isSeen = ([across, down]) => {
    const found = document.elementFromPoint(box.left + box.width * across, top + height * down)
    return found !== null && (at.contains(found) || found.closest("label")?.control === at)
  }
  return {
    words: at.outerHTML.slice(0, 120),
    place: [...document.querySelectorAll("*")].indexOf(at),
    top: Math.round(box.top + scrollY),
    is_marked: shows(at) || (at.closest("label") !== null && shows(at.closest("label"))),
    is_seen: [[0.5, 0.5], [0.1, 0.2], [0.9, 0.2], [0.1, 0.8], [0.9, 0.8]].some(isSeen),
  }
}"""


@dataclass(frozen=True)
class Stop:
    """One place where the focus rests: where it stands in the document and on the screen, and how it can be seen."""

    words: str
    place: int
    top: int
    is_marked: bool
    is_seen: bool


def tab_through(page: Page, most: int = 60) -> list[Stop]:
    """Press Tab from the top of the page until its end, or so many times; the page follows without gliding."""
    page.emulate_media(reduced_motion="reduce")
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    stops: list[Stop] = []
    while len(stops) < most:
        page.keyboard.press("Tab")
        found = page.evaluate(LOOK)
        if found is None or (stops and found["place"] == stops[0].place):
            break
        stops.append(Stop(**found))
    return stops


def tab_faults(page: Page, least: int = 6) -> list[str]:
    """Where the focus does not go down the page as one reads, is not marked, or lies under something else."""
    stops = tab_through(page)
    faults = [f"not marked: {stop.words}" for stop in stops if not stop.is_marked]
    faults += [f"not seen: {stop.words}" for stop in stops if not stop.is_seen]
    for stop, after in pairwise(stops):
        if after.place < stop.place or after.top < stop.top - LINE:
            faults.append(f"goes up: {after.words}")
    return faults if len(stops) >= least else [*faults, f"only {len(stops)} stops"]
