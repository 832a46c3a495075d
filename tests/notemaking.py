"""Annotations for tests of writing: at any places, with notes that the test makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotator.model import Annotation

if TYPE_CHECKING:
    from collections.abc import Callable

    from annotator.model import Document, Note

SEALED = {"as_of": "2024-06-20", "as_of_from": "given", "digest": "0123456789abcdef" * 4}


def bent(document: Document, places: list[tuple[int, int, int]], note: Callable[[int], Note]) -> list[Annotation]:
    """Return annotations at places that are bent to the length of the text."""
    made = []
    for low, high, number in places:
        start, end = sorted((low % (len(document.text) + 1), high % (len(document.text) + 1)))
        made.append(Annotation(start, end, document.text[start:end], "test.rule", "term", {}, (), (note(number),)))
    return made
