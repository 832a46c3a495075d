"""The first pass over a text: where a rule could fire, and where cues of contexts may stand.

The compiled core does it where it is built (``annotator.core``); else the automaton finds literals, and `Gate` looks
around them. What the first leaves is less, and never lacks what the matcher would take.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._gate import Gate, matches

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from ..core import Fit, Places, Words
    from ..folding import Folded
    from ..rulebook import Form, Rulebook

    # Start and end of a hit, its literal, and the forms that may stand there where they are known already.
    Place = tuple[int, int, int, list[Fit] | None]


_BLANK = ord(" ")
_LONG = 1 << 20  # bytes of a text whose words are cut anew where they are asked for again, to save memory


class Hits:
    """What the first pass found: ``places`` where forms of rules may stand, none if no mention can come of them.

    With ``everything`` nothing is left out for want of a context, or of another mention to lean on. ``able`` are the
    rules that may fire, ``None`` where the places tell it.
    """

    __slots__ = ("_cues", "_folded", "_rulebook", "_words", "able", "places")

    def __init__(self, rulebook: Rulebook, folded: Folded, *, everything: bool = False) -> None:
        self._rulebook = rulebook
        self._folded = folded
        self._cues: list[Place] | None = None  # where the gate has looked for them already
        self.able: frozenset[int] | None = None
        self._words: Words | None = None
        self.places: Collection[Place] | Places = ()
        words = self._cut()
        if words is None:
            hits = rulebook.triggers.hits(folded)
            if hits and not everything:
                gate = Gate(rulebook, folded, hits)
                hits, self.able = gate.hits, gate.able
                self._cues = None if gate.cue_hits is None else [(*hit, None) for hit in gate.cue_hits]
            self.places = [(*hit, None) for hit in hits]
            return
        every = everything or (folded.letters and bool(rulebook.cues.scripts))
        if words.triggers(every=every, exactly=False):
            places = words.triggers(every=every, exactly=True)
            if everything or self._opens(places):
                self.places = places

    def _cut(self) -> Words | None:
        """Return the words of the text, ``None`` where the automaton serves; those of a long text are not kept."""
        core = self._rulebook.core
        if core is None or self._words is not None:
            return self._words
        words = core.read(self._folded)
        if len(self._folded.folded) <= _LONG:
            self._words = words
        return words

    def _opens(self, places: Places) -> bool:
        """Tell whether a mention may come of a place that needs no other mention beside it."""
        rulebook, table = self._rulebook, self._rulebook.triggers
        for start, _, _, forms in places:
            for number, anchor, _ in forms:
                form = table.form(number)
                if rulebook.leans(form.owner, form.role):
                    continue
                if form.role != "a" or self._matches(form, anchor, start):
                    return True
        return False

    def talks(self, stems: bytes) -> bool | None:
        """Tell whether a word of the text begins as ``stems`` say; ``None`` where the automaton serves."""
        words = self._cut()
        return None if words is None else words.talks(stems)

    def _matches(self, form: Form, anchor: int, start: int) -> bool:
        """Tell whether a rule's pattern finds something where an anchor's element was hit, as far as that is plain."""
        if any(element[0] != 0 for element in form.elements[:anchor]):
            return True
        fold = self._folded.folded
        for _ in range(anchor):
            while fold[start] == _BLANK:
                start -= 1
            start = fold.rindex(b" ", 0, start)
        return matches(self._rulebook, self._folded, form.owner, start)

    def cues(self) -> tuple[Iterable[tuple[int, int, int]], Iterable[Place]]:
        """Return (start, end, context) of the cues that stand, and where others may; to be gone through once."""
        if self._cues is not None:
            return (), self._cues
        words = self._cut()
        if words is None:
            return (), ((*hit, None) for hit in self._rulebook.cues.hits(self._folded))
        return words.cues()
