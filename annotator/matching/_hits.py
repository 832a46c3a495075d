"""The first pass over a text: where a rule could fire, and where cues of contexts may stand.

The compiled core does it where it is built (``annotator.core``); else the automaton finds literals, and `Gate` looks
around them. What the first leaves is less, and never lacks what the matcher would take.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from ._gate import Gate, matches
from ._nearby import Sieve

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from ..automaton import Hit
    from ..core import CueRow, CueRows, Fit, Places, Words
    from ..folding import Folded
    from ..rulebook import Form, Rulebook
    from ..statements.roles import Reader

    # Start and end of a hit, its literal, and the forms that may stand there where they are known already.
    Place = tuple[int, int, int, list[Fit] | None]

_BLANK = ord(" ")
_LONG = 1 << 20  # bytes of a text whose words are cut anew where they are asked for again, to save memory


class Hits:
    """What the first pass found: ``places`` where forms of rules may stand, none if no mention can come of them.

    With ``everything`` nothing is left out for want of a context, or of another mention to lean on. ``able`` are the
    rules that may fire, ``None`` where the places tell it. ``parted`` is the text where no paragraph of it goes over
    an empty line. ``seen`` tells of places that only what stands around them rules out, and ``readers`` are those of
    the sentences that were read for it, by their start and end.
    """

    __slots__ = (
        "_cue_hits",
        "_folded",
        "_literals",
        "_rows",
        "_rulebook",
        "_starts",
        "_words",
        "able",
        "places",
        "readers",
        "seen",
    )

    def __init__(
        self, rulebook: Rulebook, folded: Folded, *, everything: bool = False, parted: str | None = None
    ) -> None:
        self._rulebook = rulebook
        self._folded = folded
        self._rows: CueRows | None = None
        self._literals: dict[int, list[CueRow]] | None = None
        self._cue_hits: list[Hit] | None = None
        self._starts: dict[int, array[int]] = {}
        self.able: frozenset[int] | None = None
        self.seen = False
        self.readers: dict[tuple[int, int], Reader] = {}
        self._words: Words | None = None
        self.places: Collection[Place] | Places = ()
        words = self._cut()
        if words is None:
            hits = rulebook.triggers.hits(folded)
            if hits and not everything:
                gate = Gate(rulebook, folded, hits)
                hits, self.able = gate.hits, gate.able
                self._cue_hits = gate.cue_hits
            self.places = [(*hit, None) for hit in hits]
            return
        every = everything or (folded.letters and bool(rulebook.cues.scripts))
        if words.triggers(every=every, exactly=False):
            places = words.triggers(every=every, exactly=True)
            if everything or self._opens(places, parted):
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

    def _opens(self, places: Places, parted: str | None) -> bool:
        """Tell whether a mention may come of a place that needs no other mention beside it."""
        rulebook, table = self._rulebook, self._rulebook.triggers
        sieve = Sieve(rulebook, self._folded, parted, self.cue_starts)
        self.readers = sieve.readers
        for start, end, literal, forms in places:
            for number, anchor, *_ in forms:
                form = table.form(number)
                if rulebook.leans(form.owner, form.role):
                    continue
                if form.role == "a":
                    if self._matches(form, anchor, start):
                        return True
                elif not sieve.refuses(form, start, end - 2, whole=len(form.elements) == table.length(literal)):
                    return True
                else:
                    self.seen = True
        # A pattern may match where a paragraph ends, and not with what stands behind it.
        return self.seen and any(
            form.role == "a" and self._matches(form, anchor, start, begun=True)
            for start, _, _, forms in places
            for form, anchor in ((table.form(number), anchor) for number, anchor, *_ in forms)
            if not rulebook.leans(form.owner, form.role)
        )

    def talks(self, stems: bytes) -> Sequence[int] | None:
        """Return where words of the text begin as ``stems`` say; ``None`` where the automaton serves."""
        words = self._cut()
        return None if words is None else words.talks(stems)

    def _matches(self, form: Form, anchor: int, start: int, *, begun: bool = False) -> bool:
        """Tell whether a rule's pattern finds something where an anchor's element was hit, as far as that is plain.

        With ``begun`` also where it finds what it says must not follow.
        """
        if any(element[0] != 0 for element in form.elements[:anchor]):
            return True
        fold = self._folded.folded
        for _ in range(anchor):
            while fold[start] == _BLANK:
                start -= 1
            start = fold.rindex(b" ", 0, start)
        return matches(self._rulebook, self._folded, form.owner, start, begun=begun)

    def cue_rows(self) -> CueRows | None:
        """Return where cues of all contexts stand or may stand; ``None`` where the automaton serves."""
        if self._rows is None:
            words = self._cut()
            self._rows = None if words is None else words.cues()
        return self._rows

    def cues_of(self, context: int) -> Iterable[CueRow]:
        """Return where cues of a context stand or may stand, and where the automaton serves where their literals do."""
        rows = self.cue_rows()
        if rows is not None:
            return rows.of(context)
        if self._literals is None:
            self._literals = self._by_context()
        return self._literals.get(context, ())

    def cue_starts(self, context: int) -> Sequence[int] | None:
        """Return in order where words of cues of a context start: each cue holds one, and may begin before it.

        ``None`` where letters of other scripts may make a cue, which is found in another way.
        """
        if self._folded.letters and self._rulebook.cues.scripts:
            return None
        found = self._starts.get(context)
        if found is None:
            known = self._rows
            starts = [row[0] for row in self.cues_of(context)] if known is None else known.starts(context)
            starts.sort()
            found = self._starts[context] = array("I", starts)
        return found

    def _by_context(self) -> dict[int, list[CueRow]]:
        table = self._rulebook.cues
        found: dict[int, list[CueRow]] = {}
        for start, end, literal in table.hits(self._folded) if self._cue_hits is None else self._cue_hits:
            for context in table.owners(literal):
                found.setdefault(context, []).append((start, end, literal))
        return found
