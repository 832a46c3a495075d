"""Phrases of rules in scripts other than Latin: looked for in the text itself, only where such letters occur."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ..automaton import bounded, lowered, phrases
from ..folding import without_unseen

if TYPE_CHECKING:
    from collections.abc import Sequence


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
