"""Drop, before a document is laid out, the automaton's hits from which no mention can come.

Each test here is cheap and errs on the side of keeping: contexts are taken as the automaton finds them,
words as they stand anywhere in the document. So what is dropped could never have been accepted, and most
documents end here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..automaton import Hit
    from ..folding import Folded
    from ..rulebook import FormTable, Rulebook


PATTERN_REACH = 600
_LONGEST = 200  # longer than any word of a phrase with the blanks before it
_WIDE = 20
_PIECE = 1 << 20


class Gate:
    """What the cheap tests found: the hits left, the rules that may fire, and the hits of cues."""

    __slots__ = ("_words", "able", "cue_hits", "folded", "hits", "rulebook")

    def __init__(self, rulebook: Rulebook, folded: Folded, hits: list[Hit]) -> None:
        self.rulebook = rulebook
        self.folded = folded
        self.hits = hits
        self.able: frozenset[int] | None = None
        self.cue_hits: list[Hit] | None = None
        self._words: set[str] | None = None
        self.by_neighbours()
        if self.hits:
            self.by_context()
        if self.hits:
            self.by_words()

    def by_context(self) -> None:
        """Keep the hits of rules of whose contexts the document holds cues."""
        rulebook = self.rulebook
        table, gates = rulebook.triggers, rulebook.gates
        literals = {hit[2] for hit in self.hits}
        rules = {rule for literal in literals for rule in table.owners(literal)}
        if not any(gates[rule] for rule in rules):
            return
        cues = rulebook.cues
        if self.folded.letters and cues.scripts:
            return
        self.cue_hits = cues.hits(self.folded)
        # An instrument that is ruled out stops a back-reference all the same.
        head = rulebook.head
        stops: frozenset[int] = frozenset() if rules.isdisjoint(head["backward"]) else frozenset(head["stops"])
        present = {context for literal in {hit[2] for hit in self.cue_hits} for context in cues.owners(literal)}
        self.able = frozenset(
            rule for rule in rules if rule in stops or all(not present.isdisjoint(contexts) for contexts in gates[rule])
        )
        kept = {literal for literal in literals if not self.able.isdisjoint(table.owners(literal))}
        if len(kept) < len(literals):
            self.hits = [hit for hit in self.hits if hit[2] in kept]

    @property
    def words(self) -> set[str]:
        """All folded words of the document."""
        if self._words is None:
            self._words = set()
            folded = self.folded.folded
            start = 0
            while start < len(folded):  # in pieces, since a list of all words takes many times the text
                end = folded.find(b" ", start + _PIECE) + 1 or len(folded)
                self._words.update(folded[start:end].decode("latin-1").split())
                start = end
        return self._words

    def by_neighbours(self) -> None:
        """Keep the hits beside which a word of some form stands, or that need none there but a fitting pattern."""
        table = self.rulebook.triggers
        folded = self.folded.folded
        kept = []
        for hit in self.hits:
            index = table.index(hit[2])
            if index["s"] or _beside(folded, hit, index) or (index["f"] and self._free(table, hit)):
                kept.append(hit)
        self.hits = kept

    def by_words(self) -> None:
        """Keep the hits of forms all of whose other words stand in the document, and of patterns that fit."""
        table = self.rulebook.triggers
        self.hits = [hit for hit in self.hits if self._possible(table, hit)]

    def _possible(self, table: FormTable, hit: Hit) -> bool:
        index = table.index(hit[2])
        if _beside(self.folded.folded, hit, index):
            return True
        anywhere = index["s"]
        if anywhere and not self.words.isdisjoint(anywhere):
            return True
        return bool(index["f"]) and self._free(table, hit)

    def _free(self, table: FormTable, hit: Hit) -> bool:
        """Tell whether a form that needs no other word could stand: patterns are tried, the rest kept."""
        start, _, literal = hit
        for rule, anchors_only in table.free(literal):
            if self.able is not None and rule not in self.able:
                continue
            if not anchors_only:
                return True
            if self.rulebook.lacks(rule, self.folded.folded, start, PATTERN_REACH):
                continue
            if self.rulebook.pattern(rule).match(self.folded.plain, start, start + PATTERN_REACH) is not None:
                return True
        return False


def _beside(folded: bytes, hit: Hit, index: dict[str, dict[str, list[int]]]) -> bool:
    """Tell whether right beside a hit a word stands that some form needs there; a wide gap is taken for a yes."""
    start, end, _ = hit
    if index["n"]:
        after = folded[end : end + _LONGEST]
        if after[:_WIDE].isspace() or _first(after) in index["n"]:
            return True
    if index["p"]:
        before = folded[max(0, start - _LONGEST) : start]
        if before[-_WIDE:].isspace() or _last(before) in index["p"]:
            return True
    return False


def _first(text: bytes) -> str:
    words = text.split(None, 1)
    return words[0].decode("latin-1") if words else ""


def _last(text: bytes) -> str:
    words = text.rsplit(None, 1)
    return words[-1].decode("latin-1") if words else ""
