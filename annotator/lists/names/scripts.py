"""Names in other scripts: an automaton over the text itself, loaded only where such letters occur."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...automaton import bounded, load_phrases, lowered, pack_phrases, pieces
from ...folding import without_unseen

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_CUT = 12
_LONGEST = 64


def pack(phrases: Sequence[str]) -> bytes:
    """Return the section of an index that finds phrases: their beginnings, and how long those go on.

    A phrase of more than 64 code points is left out.
    """
    lengths: dict[str, int] = {}
    for phrase in phrases:
        if len(phrase) <= _LONGEST:
            start = phrase[:_CUT]
            lengths[start] = lengths.get(start, 0) | 1 << (len(phrase) - 1)
    starts = sorted(lengths)
    if not starts:
        return b""
    masks = b"".join(lengths[start].to_bytes(8, "little") for start in starts)
    return len(starts).to_bytes(8, "little") + masks + pack_phrases(starts)


class Phrases:
    """The phrases of an index in other scripts, ready to look for."""

    def __init__(self, section: bytes) -> None:
        count = int.from_bytes(section[:8], "little")
        self._masks = section[8 : 8 + 8 * count]
        self._find = load_phrases(section[8 + 8 * count :])

    def _lengths(self, number: int) -> Iterator[int]:
        mask = int.from_bytes(self._masks[8 * number : 8 * number + 8], "little")
        while mask:
            yield (mask & -mask).bit_length()
            mask &= mask - 1

    def find(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Yield start and end, in code points of ``text``, of what may be a phrase, and the phrase."""
        for low, high, first, last in pieces(len(text)):
            for start, end, phrase in self._in_piece(text[low:high]):
                if first <= low + start < last:
                    yield low + start, low + end, phrase

    def _in_piece(self, text: str) -> Iterator[tuple[int, int, str]]:
        seen, shift = without_unseen(text, joiners=True)
        low = lowered(seen)
        for start, _, number in self._find(low):
            for length in self._lengths(number):
                end = start + length
                if end <= len(low) and bounded(low, start, end):
                    if shift is None:
                        yield start, end, low[start:end]
                    else:
                        yield shift.back(start), shift.end(end), low[start:end]
