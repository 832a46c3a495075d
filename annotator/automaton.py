"""The literal automaton: all places where any of many byte strings, or of many phrases, occurs, in one pass.

A thin face over a library, so that the machines for which one has no wheel can use another:
``daachorse`` (double-array Aho-Corasick, loads in a millisecond) where it is installed, else
``ahocorasick_rs`` (built anew at each start). Both give the same hits in the same order.

Byte strings are looked for in folded text. Folding makes every letter of a script other than Latin one unknown
byte, so phrases in such scripts are looked for in the text itself, as `lowered` makes it, by code points. Where a
script parts words by blanks the phrase must stand between word bounds (`bounded`); Chinese, Japanese, Korean and
Thai do not, or hang particles on names.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ._lazy import regex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Hit = tuple[int, int, int]

# White space, and lone surrogates, which the automaton could not take.
_BLANKS = regex("[\t\n\r\x0b\x0c\u00a0\u2009\u202f\u3000\ud800-\udfff]")
_PIECE = 1 << 18  # code points that are searched for phrases at once
_MARGIN = 1 << 12  # more than any phrase has, and any escape sequence
# Scripts that do not part words by blanks, or hang particles on names: Thai and Lao; Hangul Jamo; Kana and CJK up to
# Hangul syllables; compatibility ideographs; astral ideographs.
UNPARTED = ((0x0E00, 0x0EFF), (0x1100, 0x11FF), (0x3040, 0xD7FF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF))


def _library() -> Any:
    try:
        import daachorse
    except ImportError:
        return None
    return daachorse


def named() -> str:
    """Return which library serves: what it serialises, the other cannot load."""
    return "ahocorasick_rs" if _library() is None else "daachorse"


class Automaton:
    """An immutable set of byte strings to look for, all at once."""

    __slots__ = ("_find", "_state")

    def __init__(self, find: Any, state: bytes) -> None:
        self._find = find
        self._state = state

    def hits(self, text: bytes) -> list[Hit]:
        """Return (start, end, number of the literal) for every occurrence, overlapping ones too.

        Ordered by end, then longest first. Linear in the text and the number of hits.
        """
        return [] if self._find is None else self._find(text)

    def serialize(self) -> bytes:
        """Return bytes that ``load`` takes, on a machine with the same library."""
        return self._state


def build(literals: Sequence[bytes], *, library: str = "") -> Automaton:
    """Build an automaton; literal ``i`` is reported as number ``i``. Literals must differ, none empty.

    ``library`` may name the fallback (``ahocorasick_rs``), for tests.
    """
    if not literals:
        return Automaton(None, b"E")
    daachorse = None if library == "ahocorasick_rs" else _library()
    if daachorse is not None:
        made = daachorse.DoubleArrayAhoCorasick(list(literals))
        return Automaton(made.find_overlapping, b"D" + bytes(made.serialize()))
    state = b"A" + json.dumps([literal.decode("latin-1") for literal in literals]).encode()
    return load(state)


def load(state: bytes, *, keep: bool = True) -> Automaton:
    """Load what ``serialize`` gave. Raises ``ValueError`` if it does not fit this machine's library.

    Without ``keep`` the automaton cannot be serialised again, and the bytes may be let go.
    """
    kind, data = state[:1], state[1:]
    if kind == b"E":
        return Automaton(None, state)
    if kind == b"D":
        daachorse = _library()
        if daachorse is None:
            raise ValueError("made with a library that is not installed")
        made = daachorse.DoubleArrayAhoCorasick.deserialize(data)
        return Automaton(made.find_overlapping, state if keep else b"")
    if kind == b"A":
        try:
            import ahocorasick_rs
        except ImportError:
            raise ValueError("made with a library that is not installed") from None

        literals = [literal.encode("latin-1") for literal in json.loads(data)]
        made = ahocorasick_rs.BytesAhoCorasick(literals)

        def find(text: bytes) -> list[Hit]:
            found = [(s, e, n) for n, s, e in made.find_matches_as_indexes(text, overlapping=True)]
            found.sort(key=lambda hit: (hit[1], hit[0]))
            return found

        return Automaton(find, state)
    raise ValueError("not an automaton")


# -- phrases in other scripts -----------------------------------------------------------------------


def phrases(words: Sequence[str], *, library: str = "") -> Callable[[str], list[Hit]]:
    """Return what finds (start, end, number of the phrase) of every phrase in a text that is `lowered`.

    Phrases must differ, none empty; overlapping hits come too. ``library`` is as for `build`.
    """
    daachorse = None if library == "ahocorasick_rs" else _library()
    if daachorse is not None:
        find: Callable[[str], list[Hit]] = daachorse.CharwiseDoubleArrayAhoCorasick(list(words)).find_overlapping
        return find
    import ahocorasick_rs

    made = ahocorasick_rs.AhoCorasick(list(words))
    return lambda text: [(s, e, n) for n, s, e in made.find_matches_as_indexes(text, overlapping=True)]


def pack_phrases(words: Sequence[str]) -> bytes:
    """Return phrases as bytes that `load_phrases` takes, on a machine with the same library."""
    daachorse = _library()
    if daachorse is None:
        return json.dumps(list(words), ensure_ascii=False).encode()
    return bytes(daachorse.CharwiseDoubleArrayAhoCorasick(list(words)).serialize())


def load_phrases(state: bytes) -> Callable[[str], list[Hit]]:
    """Return what `phrases` returned for those that were packed."""
    daachorse = _library()
    if daachorse is None:
        return phrases(json.loads(state))
    find: Callable[[str], list[Hit]] = daachorse.CharwiseDoubleArrayAhoCorasick.deserialize(state).find_overlapping
    return find


def lowered(text: str) -> str:
    """Return a text in lower case with white space as blanks, each code point still one."""
    result = text.lower()
    if len(result) != len(text):
        result = "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
    return _BLANKS.sub(" ", result)


def pieces(size: int) -> Iterator[tuple[int, int, int, int]]:
    """Cut a long text, of which looking for phrases takes several copies: yield stretches that overlap.

    Of each where it begins and ends in the text, and from where up to where what begins there counts. Phrases are
    shorter than the stretches overlap.
    """
    for first in range(0, size, _PIECE):
        last = min(first + _PIECE, size)
        yield max(0, first - _MARGIN), min(last + _MARGIN, size), first, last


def bounded(text: str, start: int, end: int) -> bool:
    """Tell whether a phrase stands between word bounds, or in a script that has none."""

    def parted(index: int, inner: int) -> bool:
        if not 0 <= index < len(text) or not text[index].isalnum():
            return True
        code = ord(text[inner])
        return any(low <= code <= high for low, high in UNPARTED)

    return parted(start - 1, start) and parted(end, end - 1)
