"""The text that a reader sees, in UTF-8: what the offsets of files beside an article count in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .places import sound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..model import Annotation, Document, Run


def render(document: Document, annotations: Sequence[Annotation], run: Run) -> bytes:  # noqa: ARG001 - as all outputs
    """Return the text as it is, line ends included, but U+FFFD for each lone surrogate, so that offsets hold."""
    return sound(document.text).encode()
