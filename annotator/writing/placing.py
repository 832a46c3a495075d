"""Where markers go, which number each note has, and the splicing of both into the text."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from . import wording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ..model import Annotation, Document, Note, Run, Span

_MARKS_IN_A_ROW = 32
CHECK = "check "  # stands in a marker before the number of a check


class Numbered:
    """The notes of an output with their labels, and which of them stand at each place, in order of places.

    ``notes`` are in the order in which the text shows them; ``labels`` are what markers show of each: its number, or
    ``check 1`` of what is checked, which is counted apart. Places hold indices into both.
    """

    __slots__ = ("labels", "notes", "places")

    def __init__(self, notes: list[Note], labels: list[str], places: list[tuple[int, list[int]]]) -> None:
        self.notes = notes
        self.labels = labels
        self.places = places

    def is_check(self, index: int) -> bool:
        """Tell whether a note is a check of what the article claims."""
        return self.labels[index].startswith(CHECK)

    def in_order(self) -> list[int]:
        """Return the indices as they are listed: checks over the notes."""
        return sorted(range(len(self.notes)), key=lambda index: not self.is_check(index))

    def head(self, run: Run) -> str:
        """Return the line over the list."""
        checks = sum(map(self.is_check, range(len(self.notes))))
        return wording.head(len(self.notes) - checks, checks, run)


def number(
    document: Document, annotations: Iterable[Annotation], settle: Callable[[int], int] | None = None
) -> Numbered:
    """Give each note a label, in the order in which the text shows them, and one label everywhere.

    ``settle`` may move a place further to the right, for what a format needs.
    """
    layout = document.layout
    text = document.text
    spots: list[tuple[int, int, Annotation]] = []
    for order, annotation in enumerate(annotations):
        if annotation.notes:
            at = min(max(annotation.end, 0), len(text))
            while True:
                moved = _whole(text, _behind(layout.atomic, _behind(layout.protected, at)))
                if settle is not None:
                    moved = settle(moved)
                if moved == at:
                    break
                at = moved
            spots.append((at, order, annotation))
    spots.sort(key=lambda spot: spot[:2])
    indices: dict[tuple[bool, Note], int] = {}
    places: list[tuple[int, list[int]]] = []
    for at, _, annotation in spots:
        if not places or places[-1][0] != at:
            places.append((at, []))
        shown = places[-1][1]
        for note in annotation.notes:
            found = indices.setdefault((annotation.kind == "claim", note), len(indices))
            if found not in shown:
                shown.append(found)
    counts = {True: 0, False: 0}
    labels = []
    for check, _ in indices:
        counts[check] += 1
        labels.append(f"{CHECK}{counts[check]}" if check else str(counts[check]))
    return Numbered([note for _, note in indices], labels, places)


def flat(document: Document, annotations: Sequence[Annotation]) -> tuple[Document, Sequence[Annotation]]:
    """Return a document whose text is its markup, and the annotations with places in that.

    That is for formats which mark nothing but the text itself; their reader leaves such a document in ``inner``.
    """
    places = document.places
    if places is None:
        return document, annotations
    from dataclasses import replace  # slow to import

    source: Document = document.inner
    return source, [replace(each, start=places.before(each.start), end=places.after(each.end)) for each in annotations]


def splice(document: Document, insertions: Sequence[tuple[int, str]]) -> bytes:
    """Return the document's bytes with each piece put in at its offset in the markup; offsets are in order.

    Each slice is encoded by itself, so that no second copy of a long text is made.
    """
    text = document.markup
    parts = [document.bom]
    last = 0
    for at, piece in insertions:
        parts.append(document.encode(text[last:at]))
        parts.append(document.encode(piece))
        last = at
    parts.append(document.encode(text[last:]))
    return b"".join(parts)


def _behind(spans: Sequence[Span], at: int) -> int:
    """Return the end of the span that the place is inside of, else the place."""
    if spans:
        index = bisect_left(spans, at, key=_start) - 1
        if index >= 0 and at < spans[index].end:
            return spans[index].end
    return at


def _start(span: Span) -> int:
    return span.start


def _whole(text: str, at: int) -> int:
    """Do not part a letter from its accents, nor the two characters of one line end."""
    if at >= len(text) or (text[at] < "\u0300" and text[at] != "\n"):
        return at
    if text[at] == "\n":
        return at + (at > 0 and text[at - 1] == "\r")
    from unicodedata import category  # only for text that goes beyond Latin letters

    stop = min(len(text), at + _MARKS_IN_A_ROW)
    while at < stop and (text[at] in "\u200d\ufe0e\ufe0f" or category(text[at])[0] == "M"):
        at += 1
    return at


def line_end_at(text: str, at: int) -> str:
    """Return the line end that stands at a place, empty where none does."""
    return "\r\n" if text.startswith("\r\n", at) else text[at : at + 1] if text[at : at + 1] in ("\r", "\n") else ""


def line_end_before(text: str, at: int) -> str:
    """Return the line end that ends at a place, empty where none does."""
    return "\r\n" if text.endswith("\r\n", 0, at) else text[at - 1 : at] if at and text[at - 1] in "\r\n" else ""
