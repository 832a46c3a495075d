"""Amounts in a sentence: whether one is said to be a limit, not merely how much there was."""

from __future__ import annotations

from . import words as w
from .chunks import ADVERB, GROUP, JOIN, PREP, VERBS
from .naming import Naming

_CAPPING = ("cap", "limit", "restrict", "curb", "reduc", "cut")
# As verbs these are of the vocabulary; here they are nouns.
_LIMITS = frozenset({"limit", "limits", "maximum"})


class Limits(Naming):
    """What one sentence says of amounts."""

    def limits(self, start: int, end: int) -> bool:
        """Tell whether the amount at ``start`` to ``end`` is said to be a limit: "capped at", "may import up to"."""
        s, t = self.s, self.t
        inside = [n for n in range(len(t)) if t.starts[n] < end and t.ends[n] > start]
        if not inside:
            return False
        at = self.chunk_of(inside[0]) - 1
        prep = ""
        while at >= 0 and s.kinds[at] in {PREP, ADVERB, GROUP, JOIN}:
            c = s.chunks[at]
            if s.kinds[at] == PREP:
                prep = c.word
            elif s.kinds[at] == GROUP:
                if prep in {"of", "at"} and self._is_cap(at):
                    return not c.negative
                prep = ""
            at -= 1
        if at < 0 or s.kinds[at] != VERBS:
            return False
        c = s.chunks[at]
        if c.act == "ban" and c.word.startswith(_CAPPING):
            return not c.negative
        if c.act == "be":
            return any(self._is_cap(n) for n in s.subjects(at)) and not c.negative
        before = s.chunks[at - 2] if at > 1 and s.kinds[at - 1] == GROUP else s.chunks[at - 1] if at else c
        if before.kind == VERBS and before.act == "permit":
            return not before.negative
        if c.act == "permit" or c.word == "exceed":
            return c.act == "permit" or c.negative
        return (c.modal == "can" or "may" in t.words[c.first : c.last]) and not c.negative

    def _is_cap(self, group: int) -> bool:
        """Tell whether a noun group, or what it describes, is a limit: "the cap on refined oil"."""
        c, t = self.s.chunks[group], self.t
        return t.words[c.head] in _LIMITS or any(
            t.tags[n] == w.MEASURE and t.values[n] == "cap" for n in range(c.first, c.last)
        )
