"""What can be told of the conditions of a rule from the words around a place, before the document is laid out."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from itertools import accumulate
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ..core import CueRow
    from ..folding import Folded
    from ..rulebook import Form, Rulebook

_WORD = 40  # characters looked at for each word; words of rules are shorter
_EMPTY_LINE = "\n\n"
_NEAR = frozenset({"sentence", "paragraph"})


def word_beside(condition: dict[str, Any], fold: bytes, low: int, high: int, start: int, end: int) -> str:
    """Return the first of a condition's words that stands before or behind a place, empty if none does.

    ``fold`` is ``Folded.folded``, the rest are offsets of ``Folded.plain``: ``low`` and ``high`` are as far as is
    looked, ``start`` and ``end`` those of the place.
    """
    within: int = condition["within"]
    longest: int = condition["longest"]
    reach = _WORD * (within + longest)
    most = within + longest - 1
    before = "before" in condition
    if before:
        near = fold[max(low, start - reach) + 1 : start + 1].rsplit(None, most)[-most:]
        last = len(near)
    else:
        near = fold[end + 1 : min(high, end + reach) + 1].split(None, most)[:most]
        last = min(within, len(near))
    begun = _by_beginning(condition)
    best = -1
    for at in range(last):
        for place, words in begun.get(near[at], ()):
            # Of more words than one the nearest must stand within reach.
            count = len(words)
            if near[at : at + count] != words or (before and at + count + within <= len(near)):
                continue
            if not 0 <= best < place:
                best = place
    return "" if best < 0 else str(condition["before" if before else "after"][best])


def _by_beginning(condition: dict[str, Any]) -> dict[bytes, list[tuple[int, list[bytes]]]]:
    """Return a condition's words, each with its place in their list, by the first of them; kept with it."""
    found: dict[bytes, list[tuple[int, list[bytes]]]] | None = condition.get("by beginning")
    if found is None:
        found = {}
        for place, text in enumerate(condition["before" if "before" in condition else "after"]):
            words = text.encode("latin-1", "replace").split(b" ")
            found.setdefault(words[0], []).append((place, words))
        condition["by beginning"] = found
    return found


class Sieve:
    """Tells of phrases that stand in a text whether their rules certainly do not hold there."""

    __slots__ = ("_cues", "_cues_of", "_folded", "_paragraph", "_parted", "_rulebook", "_text")

    def __init__(
        self, rulebook: Rulebook, folded: Folded, parted: str | None, cues_of: Callable[[int], Iterable[CueRow]]
    ) -> None:
        """Take a folded text; ``parted`` is the text itself where no paragraph of it goes over an empty line."""
        self._rulebook = rulebook
        self._folded = folded
        self._text = "" if parted is None else parted
        # Cues in other scripts are found in another way.
        self._parted = parted is not None and not (folded.letters and rulebook.cues.scripts)
        self._cues_of = cues_of
        # By context, where its cues start, and of each where the first ends of those that start there or later.
        self._cues: dict[int, tuple[array[int], array[int]]] = {}
        # Where the paragraph that was looked at last begins and ends in the text; none so far.
        self._paragraph = (0, -1)

    def refuses(self, form: Form, start: int, end: int, *, whole: bool) -> bool:
        """Tell whether the rule of a form of which words stand between two offsets needs what certainly is not there.

        ``whole`` tells that these are all words of the form.
        """
        rule = self._rulebook.rule(form.owner)
        if form.role not in "pn" or "named" in rule:
            return False  # more may belong to the mention than the form
        whole = whole and not form.edges
        return any(self._fails(condition, start, end, whole=whole) for condition in rule.get("needs", ()))

    def _fails(self, condition: dict[str, Any], start: int, end: int, *, whole: bool) -> bool:
        if "any" in condition:
            return all(self._fails(one, start, end, whole=whole) for one in condition["any"])
        if "statement" in condition or "nearest" in condition or "topic" in condition:
            return False
        if "context" not in condition:
            fold = self._folded.folded
            return whole and "signed" not in condition and not word_beside(condition, fold, 0, len(fold), start, end)
        within = condition["within"]
        if not self._parted or not (isinstance(within, int) or within in _NEAR):
            return False
        cues = [found for context in condition["context"] if (found := self._cues_in_order(context))[0]]
        if not cues:
            return True
        first, last = self._paragraph_of(start, end)
        for starts, ends in cues:
            index = bisect_left(starts, first)
            if index < len(starts) and ends[index] <= last:
                return False
        return True

    def _cues_in_order(self, context: int) -> tuple[array[int], array[int]]:
        found = self._cues.get(context)
        if found is None:
            rows = sorted((row[0], row[1] - 2) for row in self._cues_of(context))
            ends = list(accumulate((end for _, end in reversed(rows)), min))
            found = self._cues[context] = array("I", (start for start, _ in rows)), array("I", reversed(ends))
        return found

    def _paragraph_of(self, start: int, end: int) -> tuple[int, int]:
        """Return where the paragraph begins and ends that holds a place, with the empty lines around it."""
        folded, text = self._folded, self._text
        begin, stop = folded.to_text(start), folded.end_in_text(end)
        low, high = self._paragraph
        if not (low + len(_EMPTY_LINE) <= begin and stop <= high):
            low, high = text.rfind(_EMPTY_LINE, 0, begin), text.find(_EMPTY_LINE, stop)
            high = len(text) if high < 0 else high
            self._paragraph = low, high
        return folded.from_text(max(0, low)), folded.from_text(high)
