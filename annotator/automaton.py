"""The literal automaton: all places where any of many byte strings occurs, in one pass.

A thin face over a library, so that the machines for which one has no wheel can use another:
``daachorse`` (double-array Aho-Corasick, loads in a millisecond) where it is installed, else
``ahocorasick_rs`` (built anew at each start). Both give the same hits in the same order.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

Hit = tuple[int, int, int]


def _library() -> Any:
    try:
        import daachorse  # noqa: PLC0415
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
        import ahocorasick_rs  # noqa: PLC0415

        literals = [literal.encode("latin-1") for literal in json.loads(data)]
        made = ahocorasick_rs.BytesAhoCorasick(literals)

        def find(text: bytes) -> list[Hit]:
            found = [(s, e, n) for n, s, e in made.find_matches_as_indexes(text, overlapping=True)]
            found.sort(key=lambda hit: (hit[1], hit[0]))
            return found

        return Automaton(find, state)
    raise ValueError("not an automaton")
