"""Taking notes out again: the exact inverse of writing them, or as near as an edited text allows."""

from __future__ import annotations

from typing import Any

from ..errors import EditedError
from . import html, markdown, text
from .views import views

# What the modules of this room know of taking their notes out again.
_WRITERS: tuple[Any, ...] = (text, markdown, html)


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
