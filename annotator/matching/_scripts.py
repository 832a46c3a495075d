"""Phrases of rules in scripts other than Latin: looked for in the text itself, only where such letters occur."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from ..automaton import bounded, lowered, phrases
from ..folding import without_unseen

if TYPE_CHECKING:
    from collections.abc import Sequence

_ASCII = bytes(range(128))


class ScriptHit(NamedTuple):
    """A phrase found: code points of the text, its owner and role."""

    start: int
    end: int
    owner: int
    role: str


class Scripts:
    """The phrases of other scripts, ready to look for. Entries are (phrase, owner, role)."""

    def __init__(self, entries: Sequence[Sequence[Any]]) -> None:
        owners: dict[str, list[tuple[int, str]]] = {}
        for phrase, owner, role in entries:
            owners.setdefault(lowered(without_unseen(phrase)[0]), []).append((owner, role))
        self._phrases = sorted(owners)
        self._owners = [owners[phrase] for phrase in self._phrases]
        self._find = phrases(self._phrases)
        self._letters = [_letters_of(phrase) for phrase in self._phrases]

    def may_find(self, text: str) -> bool:
        """Tell, by its letters alone, whether a phrase may stand in a text."""
        letters = _letters_of(text)
        return any(map(letters.issuperset, self._letters))

    def find(self, text: str) -> list[ScriptHit]:
        """Return every phrase in ``text``, in order."""
        low = lowered(text)
        hits = [
            ScriptHit(start, end, owner, role)
            for start, end, number in self._find(low)
            if bounded(low, start, end)
            for owner, role in self._owners[number]
        ]
        hits.sort()
        return hits


@lru_cache(maxsize=8)
def scripts_of(entries: bytes) -> Scripts:
    """Return the phrases of a form table's ``scripts``; those of the last few are kept."""
    return Scripts(json.loads(entries))


def _letters_of(text: str) -> frozenset[str]:
    """Return the characters of a text beyond ASCII, in lower case; one that has two such forms in one of them."""
    beyond = set(text.encode("utf-8", "surrogatepass").translate(None, _ASCII).decode("utf-8", "surrogatepass"))
    return frozenset(low for char in beyond for low in char.lower().replace("\u03c2", "\u03c3"))
