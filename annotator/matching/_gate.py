"""Drop, before a document is laid out, the automaton's hits from which no mention can come.

Each test here is cheap and errs on the side of keeping: contexts are taken as the automaton finds them,
words as they stand in the folded text whatever parts them. So what is dropped could never have been
accepted, and most documents end here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..automaton import Hit
    from ..folding import Folded
    from ..rulebook import Form, Rulebook

PATTERN_REACH = 600
_PIECE = 1 << 20
_WORD = 10  # characters of a word, in the mean, with what parts it from the next, and some more
_NONE: list[int] = []
_LEAD = 200  # an anchor's own words may stand before the one that was hit
_BESIDE = 48  # characters looked at beside a hit for each word; words of rules are shorter


class Gate:
    """What the cheap tests found: the hits left, the rules that may fire, and the hits of cues."""

    __slots__ = ("_able", "_fold", "_present", "_words", "able", "cue_hits", "folded", "hits", "rulebook")

    def __init__(self, rulebook: Rulebook, folded: Folded, hits: list[Hit]) -> None:
        self.rulebook = rulebook
        self.folded = folded
        self._fold = folded.folded
        self.cue_hits: list[Hit] | None = None
        self._present: frozenset[int] | None = None
        self._able: dict[int, bool] = {}
        self._words: set[str] | None = None
        self.able: frozenset[int] | None = None
        self.hits: list[Hit] = hits if any(self._opens(hit) for hit in hits) else []
        if self.hits and self._contexts() is not None:
            owners = {rule for literal in {hit[2] for hit in hits} for rule in rulebook.triggers.owners(literal)}
            # An instrument that is ruled out stops a back-reference all the same.
            stops = () if owners.isdisjoint(rulebook.head["backward"]) else rulebook.head["stops"]
            self.able = frozenset([rule for rule in owners if self._has_contexts(rule)]).union(
                owners.intersection(stops)
            )

    def _opens(self, hit: Hit) -> bool:
        """Tell whether a mention may come of a hit that needs no other mention beside it."""
        start, end, literal = hit
        fold = self._fold
        table = self.rulebook.triggers
        needed = self.rulebook.needed(literal)
        if needed is not None:
            text = fold[max(0, start - _LEAD) : start + PATTERN_REACH]
            if not any(run in text for run in needed):
                return False
        index = table.index(literal)
        found = index["f"].get("", _NONE)
        if index["p"]:
            words = fold[start - _BESIDE if start > _BESIDE else 0 : start].rsplit(None, 1)
            if words:
                found = found + index["p"].get(words[-1].decode("latin-1"), _NONE)
            elif start > _BESIDE:  # what stands behind so many separators is not looked at
                return True
        if index["n"]:
            words = fold[end : end + _BESIDE].split(None, 1)
            if words:
                found = found + index["n"].get(words[0].decode("latin-1"), _NONE)
            elif end + _BESIDE < len(fold):
                return True
        if index["s"]:
            anywhere = index["s"]
            for word in self._words_near(start, end, index["r"][""][0]).intersection(anywhere):
                found = found + anywhere[word]
        for number, anchor in zip(found[::2], found[1::2], strict=True):
            form = table.form(number)
            if not self.rulebook.leans(form.owner, form.role) and self._may_stand(form, anchor, start):
                return True
        return False

    def _words_near(self, start: int, end: int, reach: int) -> set[str]:
        """Return the folded words around a hit, as far as a form under its literal may reach, or all there are."""
        fold = self._fold
        low, high = start - _WORD * reach, end + _WORD * reach
        left = fold[max(0, low) : start].decode("latin-1").split()
        right = fold[end:high].decode("latin-1").split()
        if (low <= 0 or len(left) > reach) and (high >= len(fold) or len(right) > reach):
            return {*left, *right}
        if self._words is None:
            self._words = set()
            at = 0
            while at < len(fold):  # in pieces, since a list of all words takes many times the text
                stop = fold.find(b" ", at + _PIECE) + 1 or len(fold)
                self._words.update(fold[at:stop].decode("latin-1").split())
                at = stop
        return self._words

    def _may_stand(self, form: Form, anchor: int, start: int) -> bool:
        """Tell whether a form could stand where its element ``anchor`` was hit."""
        if not form.single:
            begin = self._begin(form, anchor, start)
            if begin == -1:
                return False
            if form.role == "a" and begin >= 0 and not self._matches(form.owner, begin):
                return False
        elif form.role == "a" and not self._matches(form.owner, start):
            return False
        return self._has_contexts(form.owner) and self._has_slots(form)

    def _begin(self, form: Form, anchor: int, start: int) -> int:
        """Return where the words around the anchor begin; -1 if they do not stand there, -2 if that is not plain."""
        fold = self._fold
        first, behind = form.stretch(anchor)
        count = behind - anchor
        reach = start + 1 + _BESIDE * count
        words = fold[start + 1 : reach].split(None, count)
        if len(words) < count:
            return -1 if reach >= len(fold) else -2
        at = start
        for word, element in zip(words, form.elements[anchor:behind], strict=False):
            wanted = element[1].get(word, False)
            if wanted is False or (wanted is not None and at == start and self._other_case(start, word, wanted)):
                return -1
            at = -1
        count = anchor - first
        if not count:
            return start
        low = start - _BESIDE * count
        words = fold[max(0, low) : start].rsplit(None, count)
        if len(words) < count:
            return -1 if low <= 0 else -2
        words = words[-count:]
        for word, element in zip(words, form.elements[first:anchor], strict=True):
            if word not in element[1]:
                return -1
        text = b" ".join(words)
        begin = start - len(text) - 1
        return begin if fold[begin + 1 : start] == text else -2

    def _other_case(self, start: int, word: bytes, wanted: tuple[str, bytes]) -> bool:
        """Tell whether a word is certainly not written with the capitals that it needs."""
        text = self.folded.text_at(start, start + len(word))
        return text.isascii() and (not text[:1].isupper() if wanted[0] == "c" else text != wanted[1].decode("latin-1"))

    def _matches(self, rule: int, start: int) -> bool:
        return matches(self.rulebook, self.folded, rule, start)

    # -- contexts -------------------------------------------------------------------------------

    def _contexts(self) -> frozenset[int] | None:
        """Return the contexts of which cues may stand in the text; ``None`` if any may."""
        if self.cue_hits is None:
            cues = self.rulebook.cues
            if self.folded.letters and cues.scripts:
                return None
            self.cue_hits = cues.hits(self.folded)
            literals = {hit[2] for hit in self.cue_hits}
            self._present = frozenset([context for literal in literals for context in cues.owners(literal)])
        return self._present

    def _has_contexts(self, rule: int) -> bool:
        """Tell whether the document holds cues of the contexts that a rule needs."""
        found = self._able.get(rule)
        if found is None:
            sets = self.rulebook.gates[rule]
            present = self._contexts() if sets else None
            found = self._able[rule] = present is None or all(not present.isdisjoint(each) for each in sets)
        return found

    def _has_slots(self, form: Form) -> bool:
        """Tell whether the document holds a cue for each slot of a form."""
        slots = [self.rulebook.contexts_of(element[1]) for element in form.elements if element[0] == 2]
        present = self._contexts() if slots else None
        return present is None or all(not present.isdisjoint(each) for each in slots)


def matches(rulebook: Rulebook, folded: Folded, rule: int, start: int, *, begun: bool = False) -> bool:
    """Try a rule's pattern at an offset of ``plain``, if what it must hold is there.

    With ``begun`` also where it finds what it says must not follow.
    """
    if rulebook.lacks(rule, folded.folded, start, PATTERN_REACH):
        return False
    pattern = rulebook.pattern(rule)
    limit = start + PATTERN_REACH
    return (
        pattern.begins(folded.plain, start, limit) if begun else pattern.match(folded.plain, start, limit) is not None
    )
