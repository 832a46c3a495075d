"""The signs of phrases: what must stand beside the words of a form where it begins and ends, and at its gaps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

ANCHORS = frozenset("at")  # roles of anchors: the pattern that is tried there sees the signs itself
_WORD, _GAP = 0, 1


class Edge(NamedTuple):
    """What must stand right beside a word at the edge of a phrase, or of a gap in it.

    ``sign`` as the plain view has it, behind blanks where it is ``loose``; ``dotted`` for a word of an
    abbreviation with full stops, which may not be part of a longer one; ``figure`` for a number with a sign, which
    may not be the second half of one with a point or comma, nor, before a bracket, of a code or an amount.
    """

    sign: bytes
    loose: bool
    dotted: bool
    figure: bytes


Edges = dict[int, tuple[Edge | None, Edge | None]]  # by element, what must stand before and behind it


def plain_signs(signs: str) -> bytes:
    """Return signs as the plain view of a text has them."""
    return signs.encode("ascii") if signs.isascii() else "".join(s if s.isascii() else "~" for s in signs).encode()


def edges_of(elements: Sequence[tuple[Any, ...]]) -> Edges:
    """Return what must stand before and behind the words at a form's edges and beside its gaps.

    Words are (0, spellings, signs before, signs behind), gaps (1, …), slots (2, …).
    """
    found: Edges = {}
    for index, element in enumerate(elements):
        if element[0] != _WORD:
            continue
        left = elements[index - 1] if index else None
        right = elements[index + 1] if index + 1 < len(elements) else None
        letter = all(len(word) == 1 and word.isalpha() for word in element[1])
        figure = all(word.isdigit() for word in element[1])
        sep, after = element[2], element[3]
        onward = after or (right[2] if right is not None and right[0] == _WORD else b"")
        before = behind = None
        if left is None or left[0] == _GAP:
            dotted = letter and onward.startswith(b".")
            if sep or dotted or (figure and onward):
                parts = (b".,-/:$~ " if onward.strip().startswith(b"(") else b".,") if figure else b""
                before = Edge(sep.strip(), bool(sep) and not sep.startswith(b" "), dotted, parts)
        if right is None or right[0] == _GAP:
            dotted = letter and (sep == b"." or after == b".")
            if after or dotted or (figure and sep):
                behind = Edge(after.strip(), after.startswith(b" "), dotted, b".," if figure else b"")
        if before is not None or behind is not None:
            found[index] = (before, behind)
    return found
