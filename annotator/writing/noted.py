"""An article as it lies in a file that holds notes already: where its text stands among them."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from ..model import Document, SourceMap

if TYPE_CHECKING:
    from collections.abc import Sequence

_ALIKE = 32  # code points by which the text is found again behind a note
_STEP = 4096


class _Through(SourceMap):
    """Leads from a text to its markup, and from there into the file with notes."""

    __slots__ = ("_into", "_places", "_stretches")

    def __init__(self, places: SourceMap | None, stretches: Sequence[tuple[int, int]]) -> None:
        """Take where stretches of the markup begin, in it and in the file, in order."""
        self._places = places
        self._stretches = [start for start, _ in stretches]
        self._into = [into for _, into in stretches]

    def before(self, at: int) -> int:
        """Return where the code point at a place of the text begins in the file."""
        return self._there(at if self._places is None else self._places.before(at))

    def after(self, at: int) -> int:
        """Return where the code point before a place of the text ends in the file."""
        place = at if self._places is None else self._places.after(at)
        return self._there(place - 1) + 1 if place else self._there(0)

    def _there(self, place: int) -> int:
        index = max(bisect_right(self._stretches, place) - 1, 0)
        return self._into[index] + place - self._stretches[index]


def noted(document: Document, source: bytes) -> Document | None:
    """Return the document with its places in a file that is the article with notes of ours put in.

    ``None`` where that cannot be told: where the format is no encoded text, or more than notes was put in.
    """
    if not document.encoding or not source.startswith(document.bom):
        return None
    try:
        markup = source[len(document.bom) :].decode(document.encoding, document.errors)
    except UnicodeError:
        return None
    stretches = _stretches(document.markup, markup)
    if stretches is None:
        return None
    return Document(
        source=source,
        text=document.text,
        format=document.format,
        encoding=document.encoding,
        bom=document.bom,
        newline=document.newline,
        path=document.path,
        layout_of=lambda _: document.layout,
        errors=document.errors,
        markup=markup,
        places=_Through(document.places, stretches),
        dated_of=lambda: document.dated,
    )


def _stretches(bare: str, full: str) -> list[tuple[int, int]] | None:
    """Return where each stretch of a text begins, in it and in a longer one that has pieces put in.

    >>> _stretches("widgets and nuts.", "widgets[1] and nuts[2].")
    [(0, 0), (7, 10), (16, 22)]
    """
    found: list[tuple[int, int]] = []
    at = there = 0
    while at < len(bare):
        found.append((at, there))
        same = _same(bare, at, full, there)
        at, there = at + same, there + same
        if at == len(bare):
            break
        alike, next_ = _ALIKE, -1
        while alike and next_ < 0:  # two notes may stand closer together
            next_ = full.find(bare[at : at + alike], there)
            alike //= 2
        if next_ < 0:
            return None
        there = next_
    return found


def _same(one: str, at: int, other: str, there: int) -> int:
    """Return how many code points of two texts are the same from two places on."""
    begun = at
    while at < len(one) and one[at : at + _STEP] == other[there : there + _STEP]:
        at, there = at + _STEP, there + _STEP
    while at < len(one) and there < len(other) and one[at] == other[there]:
        at, there = at + 1, there + 1
    return min(at, len(one)) - begun
