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
        present = {context for literal in {hit[2] for hit in self.cue_hits} for context in cues.owners(literal)}
        self.able = frozenset(
            rule for rule in rules if all(not present.isdisjoint(contexts) for contexts in gates[rule])
        )
        kept = {literal for literal in literals if not self.able.isdisjoint(table.owners(literal))}
        if len(kept) < len(literals):
            self.hits = [hit for hit in self.hits if hit[2] in kept]

    @property
    def words(self) -> set[str]:
        """All folded words of the document."""
        if self._words is None:
            self._words = set(self.folded.folded.decode("latin-1").split())
        return self._words

    def by_words(self) -> None:
        """Keep the hits beside which, or in whose document, another word of some form stands."""
        table = self.rulebook.triggers
        self.hits = [hit for hit in self.hits if self._possible(table, hit)]

    def _possible(self, table: FormTable, hit: Hit) -> bool:
        start, end, literal = hit
        index = table.index(literal)
        folded = self.folded.folded
        if index["n"] and folded[end : end + 40].decode("latin-1").split(None, 1)[:1] in _Ones(index["n"]):
            return True
        if index["p"] and folded[max(0, start - 40) : start].decode("latin-1").rsplit(None, 1)[-1:] in _Ones(
            index["p"]
        ):
            return True
        anywhere = index["s"]
        if anywhere and not self.words.isdisjoint(anywhere):
            return True
        if not index["f"]:
            return False
        return self._free(table, hit)

    def _free(self, table: FormTable, hit: Hit) -> bool:
        """Tell whether a form that needs no other word could stand: patterns are tried, the rest kept."""
        start, _, literal = hit
        for rule, anchors_only in table.free(literal):
            if self.able is not None and rule not in self.able:
                continue
            if not anchors_only:
                return True
            if self.rulebook.pattern(rule).match(self.folded.plain, start, start + PATTERN_REACH) is not None:
                return True
        return False


class _Ones:
    """Lets a list of at most one word be looked up in a table of words."""

    __slots__ = ("table",)

    def __init__(self, table: dict[str, list[int]]) -> None:
        self.table = table

    def __contains__(self, words: list[str]) -> bool:
        return bool(words) and words[0] in self.table
