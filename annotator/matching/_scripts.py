"""Phrases in scripts other than Latin: an automaton over the text itself, used only where such letters occur.

Folding makes every such letter one unknown byte, so these phrases are looked for as they are written:
lower-cased, with any white space a blank. Where a script parts words by blanks the phrase must stand
between word bounds; Chinese, Japanese, Korean and Thai do not, or hang particles on names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_BLANKS = {ord(c): " " for c in "\t\n\r\x0b\x0c\u00a0\u2009\u202f\u3000"}
# Thai and Lao; Hangul Jamo; Kana and CJK up to Hangul syllables; compatibility ideographs; astral ideographs.
_UNPARTED = ((0x0E00, 0x0EFF), (0x1100, 0x11FF), (0x3040, 0xD7FF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF))


class ScriptHit(NamedTuple):
    """A phrase found: code points of the text, its owner and role."""

    start: int
    end: int
    owner: int
    role: str


def lowered(text: str) -> str:
    """Return ``text`` in lower case with white space as blanks, each code point still one."""
    result = text.lower()
    if len(result) != len(text):
        result = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return result.translate(_BLANKS)


def _bounded(text: str, start: int, end: int) -> bool:
    def parted(index: int, inner: int) -> bool:
        if not 0 <= index < len(text) or not text[index].isalnum():
            return True
        code = ord(text[inner])
        return any(low <= code <= high for low, high in _UNPARTED)

    return parted(start - 1, start) and parted(end, end - 1)


def _finder(phrases: list[str]) -> Callable[[str], list[tuple[int, int, int]]]:
    """Return what finds (start, end, number) of every phrase in a text, with the library that there is."""
    try:
        import daachorse  # noqa: PLC0415
    except ImportError:
        import ahocorasick_rs  # noqa: PLC0415

        made = ahocorasick_rs.AhoCorasick(phrases)
        return lambda text: [(s, e, n) for n, s, e in made.find_matches_as_indexes(text, overlapping=True)]
    find: Callable[[str], list[tuple[int, int, int]]] = daachorse.CharwiseDoubleArrayAhoCorasick(
        phrases
    ).find_overlapping
    return find


class Scripts:
    """The phrases of other scripts, ready to look for. Entries are (phrase, owner, role)."""

    def __init__(self, entries: Sequence[Sequence[Any]]) -> None:
        owners: dict[str, list[tuple[int, str]]] = {}
        for phrase, owner, role in entries:
            owners.setdefault(lowered(phrase), []).append((owner, role))
        self._phrases = sorted(owners)
        self._owners = [owners[phrase] for phrase in self._phrases]
        self._find = _finder(self._phrases)

    def find(self, text: str) -> list[ScriptHit]:
        """Return every phrase in ``text``, in order."""
        low = lowered(text)
        # The library takes no lone surrogates; they are no letters of any phrase.
        if any("\ud800" <= c <= "\udfff" for c in low):
            low = "".join(" " if "\ud800" <= c <= "\udfff" else c for c in low)
        hits = [
            ScriptHit(start, end, owner, role)
            for start, end, number in self._find(low)
            if _bounded(low, start, end)
            for owner, role in self._owners[number]
        ]
        hits.sort()
        return hits
