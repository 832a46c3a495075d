"""Standoff annotation of brat: an ``.ann`` file, whose ``.txt`` is the ``plain`` output."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .._lazy import regex
from . import wording
from .places import sound

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..model import Annotation, Document, Run

# Where brat, which reads lines as Python does, would end a line, and what parts its columns.
_BREAKS = regex("[\n\r\t\v\f\x1c-\x1e\x85\u2028\u2029]+")


def render(document: Document, annotations: Sequence[Annotation], run: Run) -> bytes:  # noqa: ARG001 - as all outputs
    """Return a text-bound annotation for each mention, and a note of the annotator's for each note on it.

    Offsets are code points of the text. A mention that runs across a line end becomes a discontinuous
    annotation. Where the text has a lone surrogate there is U+FFFD.
    """
    lines: list[str] = []
    numbered = 0
    for number, annotation in enumerate(annotations, 1):
        pieces = list(_pieces(document.text, annotation.start, annotation.end))
        if not pieces:
            continue
        spans = ";".join(f"{start} {end}" for start, end in pieces)
        words = " ".join(document.text[start:end] for start, end in pieces)
        lines.append(f"T{number}\t{_type(annotation.kind)} {spans}\t{words}\n")
        for note in annotation.notes:
            numbered += 1
            first, below = wording.lines(note)
            lines.append(f"#{numbered}\tAnnotatorNotes T{number}\t{' | '.join((first, *below))}\n")
    return sound("".join(lines)).encode()


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    for found in _BREAKS.finditer(text, start, end):
        if found.start() > at:
            yield at, found.start()
        at = found.end()
    if end > at:
        yield at, end


def _type(kind: str) -> str:
    """Return a kind as a name that brat takes for a type."""
    name = re.sub(r"[^A-Za-z0-9_-]", "_", kind)
    return name if name[:1].isalpha() else f"kind_{name}"
