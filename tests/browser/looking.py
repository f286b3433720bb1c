"""Everything that can be wrong with a page as it stands, looked for once where it is the same on many pages."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.conftest import axe

UNFOLD = """() => {
  for (const each of document.querySelectorAll("main details")) each.open = true
  const seen = new Map()
  for (const each of document.querySelectorAll("main :is(tr, li)")) {
    const words = / (?!class|role|type|scope)([-\\w]+)="[^"]+"|>[^<]*[^<\\s][^<]*/g
    const shape = each.outerHTML.replace(words, (_all, name) => name ? ` ${name}` : ">…")
    const before = seen.get(each.parentElement) || seen.set(each.parentElement, new Map()).get(each.parentElement)
    before.set(shape, (before.get(shape) || 0) + 1)
    each.toggleAttribute("data-alike", before.get(shape) > 3)
  }
}"""
ALIKE = "[data-alike]"
"""Rows of one table or list that are built as three before them: axe, whose time grows with them, leaves them out."""
NEW_COLOURS = """known => {
  const grounds = new Map([[null, ""]]), seen = new Set(known), found = new Set()
  const ground = each => {
    if (!grounds.has(each)) {
      const { backgroundColor, backgroundImage, clipPath, filter, opacity, position } = getComputedStyle(each)
      const own = [backgroundColor, backgroundImage, clipPath, filter, opacity, position].join(" ")
      const plain = own === "rgba(0, 0, 0, 0) none none none 1 static"
      grounds.set(each, (plain ? "" : `${own} / `) + ground(each.parentElement))
    }
    return grounds.get(each)
  }
  for (const each of document.querySelectorAll("body, body *")) {
    const words = each.matches("input, select, textarea") ? each.value :
      [...each.childNodes].filter(one => one.nodeType === Node.TEXT_NODE).map(one => one.data).join("")
    const shows = words.trim() && each.checkVisibility({ visibilityProperty: true }) && !each.closest("[data-alike]")
    const { color, fontSize, fontWeight, textShadow } = getComputedStyle(each)
    const off = !!each.closest(":disabled, [aria-disabled=true]") || !!each.closest("label")?.control?.disabled
    const look = [color, fontSize, fontWeight, textShadow, off, ground(each)].join(" ")
    const isNew = !!shows && !seen.has(look)
    each.toggleAttribute("data-new-colours", isNew)
    if (isNew) found.add(look)
  }
  return [...found]
}"""
"""Marks the texts whose colours, size and all that lies behind them have not been looked at; gives what they look like.
Contrast, which follows from these alone, takes axe longer than everything else."""
ENLARGED = {"at 320 px": (320, 640), "at 200 %": (640, 400)}
STICKS_OUT = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll("body *")].filter(each => each.getBoundingClientRect().right > innerWidth + 1)
    .slice(0, 3).map(each => each.outerHTML.slice(0, 200))"""
_looked_at: set[str] = set()


def look(page: Page) -> list[str]:
    """Everything wrong with the page as it stands, in both themes, narrow and enlarged, all that folds unfolded."""
    page.emulate_media(reduced_motion="reduce", color_scheme="light")
    page.evaluate(UNFOLD)
    faults = axe(page, without="color-contrast", exclude=ALIKE) + _contrast(page)
    page.emulate_media(color_scheme="dark")
    faults += [f"dark: {fault}" for fault in _contrast(page)]
    page.emulate_media(color_scheme="light")
    before = page.viewport_size
    for words, (width, height) in ENLARGED.items():
        page.set_viewport_size({"width": width, "height": height})
        faults += [f"{words}: {what} sticks out" for what in page.evaluate(STICKS_OUT)]
    page.set_viewport_size(before)
    return faults


def _contrast(page: Page) -> list[str]:
    """What is too faint among the colours that no page had before."""
    new = page.evaluate(NEW_COLOURS, list(_looked_at))
    _looked_at.update(new)
    return axe(page, "color-contrast", include="[data-new-colours]") if new else []
