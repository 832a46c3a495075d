"""Taking notes out again: the exact inverse of writing them, or as near as an edited text allows."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..errors import EditedError
from . import html, markdown, text
from .seal import unsealed
from .views import views

# What the modules of this layer know of taking their notes out again.
_WRITERS: tuple[Any, ...] = (text, markdown, html)


class Layer(NamedTuple):
    """The newest notes of ours in a source, and what their seal says.

    ``format`` and ``style`` are those of the output; ``digest`` and ``decisions`` are the beginnings of
    those of the rulebook and the decisions. ``notes`` are
    the lines of each note, as the article shows them.
    """

    original: bytes
    format: str
    style: str
    as_of: str
    as_of_from: str
    digest: str
    decisions: str
    notes: list[tuple[str, ...]]


def layer_of(source: bytes) -> Layer | None:
    """Return the newest notes in a source, ``None`` where it has none that `strip` would take out exactly."""
    if source.startswith(b"PK"):
        from . import docx  # brings in the parser

        bare = docx.exact(source)
        if bare is None:
            return None
        line, style, notes = docx.described(source)
        return Layer(bare, "docx", style, *unsealed(line), notes)
    for view, restore in views(source):
        for writer in _WRITERS:
            original: bytes | None = writer.take_out(view, restore)
            if original is not None:
                line, style, notes = writer.described(view)
                name = writer.__name__.rpartition(".")[2]
                shown = [tuple(_readable(each) for each in note) for note in notes]
                return Layer(original, name, style, *unsealed(line), shown)
    return None


def _readable(line: str) -> str:
    """Bring back letters that a view byte by byte has taken apart."""
    try:
        return line.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return line


def original_of(source: bytes) -> bytes | None:
    """Return the bytes that were annotated, if the source is exactly what annotating them made."""
    for view, restore in views(source):
        for writer in _WRITERS:
            original: bytes | None = writer.take_out(view, restore)
            if original is not None:
                return original
    return None


def strip(source: bytes, *, edited: bool = False) -> bytes:
    """Return the source without its notes; see `annotator.writing.strip`."""
    original = original_of(source)
    if original is not None:
        return original
    for view, restore in views(source):
        for writer in _WRITERS:
            rest = writer.take_out_edited(view)
            if rest is None:
                continue
            if edited:
                return restore(rest)
            message = (
                "the notes of an earlier run are still in this text, but it was changed since; "
                "annotate the original, or take them out first with: annotator strip --edited"
            )
            raise EditedError(message)
    return source
