"""Names in other scripts: an automaton over the text itself, loaded only where such letters occur."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_BLANKS = {ord(char): " " for char in "\t\n\r\x0b\x0c\u00a0\u2009\u202f\u3000"}
# Scripts that do not part words by blanks, or hang particles on names.
UNPARTED = ((0x0E00, 0x0EFF), (0x1100, 0x11FF), (0x3040, 0xD7FF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF))
_CUT = 12


def lowered(text: str) -> str:
    """Return a text in lower case with white space as blanks, each code point still one."""
    result = text.lower()
    if len(result) != len(text):
        result = "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
    result = result.translate(_BLANKS)
    if any("\ud800" <= char <= "\udfff" for char in result):
        result = "".join(" " if "\ud800" <= char <= "\udfff" else char for char in result)
    return result


def pack(phrases: Sequence[str]) -> bytes:
    """Return the section of an index that finds phrases: their beginnings, and how long those go on."""
    lengths: dict[str, set[int]] = {}
    for phrase in phrases:
        lengths.setdefault(phrase[:_CUT], set()).add(len(phrase))
    starts = sorted(lengths)
    return json.dumps([starts, [sorted(lengths[start]) for start in starts]], ensure_ascii=False).encode()


class Phrases:
    """The phrases of an index in other scripts, ready to look for."""

    def __init__(self, section: bytes) -> None:
        starts, self._lengths = json.loads(section)
        self._find: Any
        try:
            import daachorse  # noqa: PLC0415
        except ImportError:
            import ahocorasick_rs  # noqa: PLC0415

            machine = ahocorasick_rs.AhoCorasick(starts)
            self._find = lambda text: [
                (start, end, number) for number, start, end in machine.find_matches_as_indexes(text, overlapping=True)
            ]
        else:
            self._find = daachorse.CharwiseDoubleArrayAhoCorasick(starts).find_overlapping

    def find(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Yield start and end, in code points of ``text``, of what may be a phrase, and the phrase."""
        low = lowered(text)
        for start, _, number in self._find(low):
            for length in self._lengths[number]:
                end = start + length
                if end <= len(low) and _bounded(low, start, end):
                    yield start, end, low[start:end]


def _bounded(text: str, start: int, end: int) -> bool:
    def parted(index: int, inner: int) -> bool:
        if not 0 <= index < len(text) or not text[index].isalnum():
            return True
        code = ord(text[inner])
        return any(low <= code <= high for low, high in UNPARTED)

    return parted(start - 1, start) and parted(end, end - 1)
