"""Names in other scripts: an automaton over the text itself, loaded only where such letters occur."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# White space, and lone surrogates, which the automaton could not take.
_BLANKS = re.compile("[\t\n\r\x0b\x0c\u00a0\u2009\u202f\u3000\ud800-\udfff]")
# Scripts that do not part words by blanks, or hang particles on names.
UNPARTED = ((0x0E00, 0x0EFF), (0x1100, 0x11FF), (0x3040, 0xD7FF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF))
_CUT = 12
_LONGEST = 64


def lowered(text: str) -> str:
    """Return a text in lower case with white space as blanks, each code point still one."""
    result = text.lower()
    if len(result) != len(text):
        result = "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
    return _BLANKS.sub(" ", result)


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
    try:
        import daachorse  # noqa: PLC0415 - as in ``automaton``
    except ImportError:
        machine = json.dumps(starts, ensure_ascii=False).encode()
    else:
        machine = bytes(daachorse.CharwiseDoubleArrayAhoCorasick(starts).serialize())
    return len(starts).to_bytes(8, "little") + masks + machine


class Phrases:
    """The phrases of an index in other scripts, ready to look for."""

    def __init__(self, section: bytes) -> None:
        count = int.from_bytes(section[:8], "little")
        self._masks = section[8 : 8 + 8 * count]
        machine = section[8 + 8 * count :]
        self._find: Any
        try:
            import daachorse  # noqa: PLC0415
        except ImportError:
            import ahocorasick_rs  # noqa: PLC0415

            made = ahocorasick_rs.AhoCorasick(json.loads(machine))
            self._find = lambda text: [
                (start, end, number) for number, start, end in made.find_matches_as_indexes(text, overlapping=True)
            ]
        else:
            self._find = daachorse.CharwiseDoubleArrayAhoCorasick.deserialize(machine).find_overlapping

    def _lengths(self, number: int) -> Iterator[int]:
        mask = int.from_bytes(self._masks[8 * number : 8 * number + 8], "little")
        while mask:
            yield (mask & -mask).bit_length()
            mask &= mask - 1

    def find(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Yield start and end, in code points of ``text``, of what may be a phrase, and the phrase."""
        low = lowered(text)
        for start, _, number in self._find(low):
            for length in self._lengths(number):
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
