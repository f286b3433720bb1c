"""HTML as question writers' editors leave it → plain text: paragraphs and list items on lines of their own.

Linear in the length of the text, whatever stands in it.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator, Mapping

from quiz.questions.formats.imported import Unusable

_BLOCKS = frozenset(
    "p div li ul ol dl dt dd tr table tbody thead tfoot caption h1 h2 h3 h4 h5 h6 blockquote pre hr br section article "
    "header footer main aside nav address figure figcaption fieldset legend center".split()
)
_INLINE = frozenset(
    "a b i u s em strong span sub sup font small big code tt kbd samp var cite q abbr acronym ins del strike label "
    "mark dfn time wbr nobr bdo bdi ruby rt rp td th col colgroup html body head meta link title style script".split()
)
_MEDIA = frozenset("img audio video object embed iframe svg canvas picture map applet input select textarea".split())
_UNREAD = frozenset("script style head title".split())
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)((?:\s|/)[^<>]*)?>|<[!?][^<>]*>")
_LINK = re.compile(r"""href\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))
_RAISED = str.maketrans("0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ")
_LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")


def tidy(text: str) -> str:
    """Text in NFC without invisible characters, each line without doubled spaces, no blank lines."""
    lines = (" ".join(line.split()) for line in unicodedata.normalize("NFC", text.translate(_UNSEEN)).split("\n"))
    return "\n".join(filter(None, lines))


def from_html(source: str) -> str:
    """The text of a piece of HTML; raises Unusable for pictures, sound, files and formulas."""
    if source.count("$$") > 1 or ("\\(" in source and "\\)" in source) or ("\\[" in source and "\\]" in source):
        raise Unusable("formula")
    lines = Lines()
    place = 0
    for start, end, tag in _tags(source):
        lines.words(html.unescape(source[place:start]))
        place = end
        if tag and not lines.tag(tag[2].lower(), is_end=bool(tag[1]), attributes=_attributes(tag)):
            lines.words(html.unescape(tag[0]))
    lines.words(html.unescape(source[place:]))
    return lines.text()


def from_markdown(source: str) -> str:
    """The text without the marks of emphasis."""
    if "![" in source:
        raise Unusable("media")
    return from_html(re.sub(r"\*\*|__|`", "", source))


def shifted(text: str, *, is_raised: bool) -> str:
    """Text above or below the line: in the small letters that Unicode has, else after ^ or _."""
    small = text.translate(_RAISED if is_raised else _LOWERED)
    has_all = not set(text) & set(small)
    return small if has_all else f"{'^' if is_raised else '_'}({text})"


def _attributes(tag: re.Match[str]) -> Mapping[str, str]:
    found = _LINK.search(tag[3] or "") if tag[2].lower() == "a" else None
    return {"href": html.unescape(found[1])} if found else {}


def _tags(source: str) -> Iterator[tuple[int, int, re.Match[str] | None]]:
    """Start and end of every tag, and of every comment with None."""
    place = 0
    while found := _TAG.search(source, place):
        comment = source.find("<!--", place, found.end())
        if comment >= 0:
            end = source.find("-->", comment)
            if end < 0:
                return
            place = end + 3
            yield comment, place, None
        else:
            place = found.end()
            yield found.start(), place, found if found[2] else None


class Lines:
    """Makes lines of text from tags and words in their order."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._lists: list[int | None] = []  # the number of the last item, None in a list of dots
        self._shifted: list[int] = []  # where text above or below the line begins
        self._link: tuple[int, str] | None = None
        self._unread = 0

    def words(self, text: str) -> None:
        """Words between tags, in which a line break is a space."""
        if not self._unread:
            self._parts.append(text.replace("\n", " "))

    def tag(self, name: str, *, is_end: bool, attributes: Mapping[str, str]) -> bool:
        """Mind a tag; False where it is none of HTML and hence a part of the text."""
        name, is_foreign = name.rpartition(":")[2], ":" in name
        if name in _MEDIA or name in ("imagedata", "shape") or "@@PLUGINFILE@@" in attributes.get("href", ""):
            raise Unusable("media")
        if name in ("math", "omath"):
            raise Unusable("formula")
        if name not in _BLOCKS and name not in _INLINE:
            return is_foreign
        if name in _UNREAD:
            self._unread = max(0, self._unread + (-1 if is_end else 1))
        elif name in _BLOCKS:
            self._parts.append("\n")
            self._list(name, is_end=is_end)
        else:
            self._within_line(name, is_end=is_end, attributes=attributes)
        return True

    def text(self) -> str:
        """All lines, tidy."""
        return "\n".join(line.removesuffix(" |") for line in tidy("".join(self._parts)).split("\n"))

    def _list(self, name: str, *, is_end: bool) -> None:
        if name in ("ul", "ol") and is_end:
            del self._lists[-1:]
        elif name in ("ul", "ol"):
            self._lists.append(0 if name == "ol" else None)
        elif name == "li" and not is_end:
            last = self._lists[-1] if self._lists else None
            self._parts.append("- " if last is None else f"{last + 1}. ")
            if last is not None:
                self._lists[-1] = last + 1

    def _within_line(self, name: str, *, is_end: bool, attributes: Mapping[str, str]) -> None:
        if name in ("td", "th") and is_end:
            self._parts.append(" | ")
        elif name == "q":
            self._parts.append("”" if is_end else "“")
        elif name == "a":
            self._close_link() if is_end else self._open_link(attributes.get("href", ""))
        elif name in ("sub", "sup") and not is_end:
            self._shifted.append(len(self._parts))
        elif name in ("sub", "sup") and self._shifted:
            start = self._shifted.pop()
            self._parts[start:] = [shifted("".join(self._parts[start:]).strip(), is_raised=name == "sup")]

    def _open_link(self, address: str) -> None:
        self._link = (len(self._parts), address) if address.startswith(("http:", "https:")) else None

    def _close_link(self) -> None:
        if self._link:
            start, address = self._link
            shown = "".join(self._parts[start:]).strip()
            self._parts.append("" if shown == address else f" ({address})")
            self._link = None
