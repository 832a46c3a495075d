"""The text of an article that a page shows only by a script, and holds in its linked data (JSON-LD ``articleBody``)."""

from __future__ import annotations

import re
from array import array
from html import unescape
from typing import TYPE_CHECKING, NamedTuple

from ..._lazy import regex
from ..structure import PREFORMATTED
from .article import judge, running
from .nodes import Bar, Block, Judged

if TYPE_CHECKING:
    from collections.abc import Callable

    from .visible import Visible

KEY = '"articleBody"'
_LEAST = 400  # less text than this is no article
_LONGEST = 1 << 22
_TIMES = 3  # so many times the running text that a page shows
_PROBE = 40
_BODY = regex(r'"articleBody"\s*+:\s*+"((?:[^"\\]++|\\.)*+)"', re.DOTALL)
_MOST = 64  # of such values on a page
_PIECE = regex(r"\\u[0-9a-fA-F]{4}|\\.|[^\\]", re.DOTALL)
_ESCAPES = {"b": " ", "f": " ", "n": "\n", "r": "\r", "t": " "}
_MARKUP = regex(r"<(/?[A-Za-z][A-Za-z0-9]*)[^<>]*>|&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_BREAKS = frozenset("p br div li ul ol h1 h2 h3 h4 h5 h6 blockquote tr table section article figure".split())
_BLANKS = regex(r"[ \t\xa0]*+[\r\n]\s*+|[ \t]{2,}+")
_LINE_ENDS = regex(r"\r\n?|\n")


class Body(NamedTuple):
    """The text of an article in linked data, and for each of its letters where that begins and ends in the markup."""

    text: str
    starts: array[int]
    ends: array[int]

    @property
    def stretch(self) -> tuple[int, int]:
        """Where it stands in the markup."""
        return self.starts[0], self.ends[-1]


def body_of(markup: str) -> Body | None:
    """Return the longest text of an article that a page's linked data hold, ``None`` where there is no long one."""
    if KEY not in markup:
        return None
    best = (0, 0)
    for count, found in enumerate(_BODY.finditer(markup)):
        if count == _MOST:
            break
        if found.end(1) - found.start(1) > best[1] - best[0]:
            best = found.span(1)
    if not _LEAST <= best[1] - best[0] <= _LONGEST:
        return None
    body = _read(markup, *best)
    return body if len(body.text) >= _LEAST else None


def shows(text: str, body: Body) -> bool:
    """Tell whether a page's text has the article too: two of three places in it are looked for."""
    flat = _flat(text)
    words = _flat(body.text)
    spots = [len(words) * part // 4 for part in (1, 2, 3)]
    return sum(words[spot : spot + _PROBE] in flat for spot in spots) > 1


def take_in(seen: Visible, body: Body) -> bool:
    """Add the article to what is seen of a page, where it shows hardly any text else; tell whether that was done.

    It stands behind all else as a block of its own, in which no marker can stand.
    """
    start, end = body.stretch
    if not any(low <= start and end <= high for low, high in seen.data):
        return False
    if running(seen) * _TIMES > len(body.text):
        return False
    page = seen.judged or judge(seen.text, seen)
    if seen.text:
        _run(seen, 2, start, 0)
        seen.text += "\n\n"
    begun = len(seen.text)
    at = 0
    while at < len(body.text):
        stop = at
        place = body.starts[at]
        while stop < len(body.text) and (body.starts[stop], body.ends[stop]) == (place, place + 1):
            stop, place = stop + 1, place + 1
        if stop == at:  # one that is written in some other way
            stop = at + 1
        _run(seen, stop - at, body.starts[at], body.ends[stop - 1] - body.starts[at])
        at = stop
    seen.text += body.text
    seen.blocks.append(Block(begun, len(seen.text), PREFORMATTED, "", -1, 0))
    seen.bars.append(Bar(start - 1, end + 1, closed=False))
    seen.judged = Judged(
        [*page.aside, False],
        page.main,
        page.articles,
        [*page.prose, len(body.text)],
        page.word,
        [*page.boxes, len(seen.blocks)],
        taken_in=True,
    )
    return True


def _run(seen: Visible, size: int, place: int, length: int) -> None:
    """Add a run to the way from the text to the markup."""
    seen.at_text.append(seen.size)
    seen.at_markup.append(place)
    seen.lengths.append(length)
    seen.size += size


def _flat(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _read(markup: str, low: int, high: int) -> Body:
    """Return the text that a string of JSON holds: its escapes, and what markup there is in it, taken apart."""
    letters: list[str] = []
    starts, ends = array("q"), array("q")
    for found in _PIECE.finditer(markup, low, high):
        piece = found[0]
        if piece[0] == "\\":
            piece = chr(int(f"0x{piece[2:]}", 0)) if piece[1] == "u" else _ESCAPES.get(piece[1], piece[1])
        if letters and "\udc00" <= piece <= "\udfff" and "\ud800" <= letters[-1] <= "\udbff":
            letters[-1] = (letters[-1] + piece).encode("utf-16-le", "surrogatepass").decode("utf-16-le")
            ends[-1] = found.end()
            continue
        letters.append(piece)
        starts.append(found.start())
        ends.append(found.end())
    return _blanks(_markup(Body("".join(letters), starts, ends)))


def _markup(body: Body) -> Body:
    """Take tags out of a text and references for what they stand for."""
    if "<" not in body.text and "&" not in body.text:
        return body
    return _replaced(body, _MARKUP, _seen)


def _seen(found: re.Match[str]) -> str:
    if found[1] is not None:
        return "\n\n" if found[1].lstrip("/").lower() in _BREAKS else ""
    return unescape(found[0])


def _blanks(body: Body) -> Body:
    """Let white space be one blank, one line end, or two where a line is empty."""
    return _replaced(body, _BLANKS, lambda found: "\n" * min(len(_LINE_ENDS.findall(found[0])), 2) or " ")


def _replaced(body: Body, pattern: re.Pattern[str], made: Callable[[re.Match[str]], str]) -> Body:
    parts: list[str] = []
    starts, ends = array("q"), array("q")
    last = 0
    for found in pattern.finditer(body.text):
        at, stop = found.span()
        new = made(found)
        parts += (body.text[last:at], new)
        starts += body.starts[last:at]
        ends += body.ends[last:at]
        for index in range(len(new)):  # the first letter stands for all of it, the others for nothing
            starts.append(body.starts[at] if not index else body.ends[stop - 1])
            ends.append(body.ends[stop - 1])
        last = stop
    parts.append(body.text[last:])
    starts += body.starts[last:]
    ends += body.ends[last:]
    return Body("".join(parts), starts, ends)
