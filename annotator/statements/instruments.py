"""Instruments in a sentence: which one a measure is put down to, and when one is said to have been made."""

from __future__ import annotations

from bisect import bisect_left
from typing import NamedTuple

from . import words as w
from .chunks import ADVERB, COMMA, DATE, GROUP, PREP, VERBS
from .naming import MEASURING, Naming

_NONE = (-1, -1)
_BASED = frozenset("under in by through via pursuant to on from of since subject with".split())
# Nouns and verbs by which what is done goes against an instrument: that it forbids it is said too.
_AGAINST = frozenset("violation breach defiance contravention violations breaches".split())
_ACTING = MEASURING | {"impose", "bind", "put", "decide"}
_MAKING = frozenset({"impose", "decide"})
_DATING = frozenset({"date", "dates", "dated"})
_MADE = _DATING | {"make", "made"}
_ON = frozenset({"in", "on"})
_TEXTS = frozenset(
    "act decree instrument law legislation measure order package regulation resolution statute text".split()
)
# What a body, an instrument or a list is, where it is said whose it is.
_KINDS = _TEXTS | frozenset(
    "agency arm blacklist body branch committee department group list office organ panel team unit".split()
)
_AFTER = frozenset({"after", "following"})


class Dating(NamedTuple):
    """Words that say when an instrument was made: ``start`` and ``end`` of the date, ``how`` (``on`` or ``after``).

    ``first`` and ``last`` bound the words that say so, the verb included.
    """

    start: int
    end: int
    how: str
    first: int
    last: int


class Instruments(Naming):
    """What one sentence says of instruments."""

    def _instrument_of(self, verb: int, group: int) -> tuple[int, int]:
        """Return where the instrument stands that a measure is put down to, (-1, -1) where none is."""
        s = self.s
        if not any(c.instruments for c in s.chunks):
            return _NONE
        phrases = list(s.phrases(group)) if group >= 0 else []
        for n in range(group + 1, min(group + 8, len(s.chunks))) if group >= 0 else ():
            if s.kinds[n] == VERBS and s.chunks[n].form == "participle" and s.described(n) == group:
                phrases += s.complements(n)[1]
        at, seen = verb, set[int]()
        while at >= 0 and at not in seen:
            seen.add(at)
            c = s.chunks[at]
            objects, more = s.complements(at)
            if c.act == "have" and s.kinds[at + 1] == VERBS and s.chunks[at + 1].form == "to":
                more = [*more, *s.complements(at + 1)[1]]
            phrases += [p for p in more if p[0] != "of" or self.is_basis(*p)]
            if c.act in _ACTING and c.voice != "passive":
                phrases += [("by", n) for n in s.subjects(at)]
            if c.act == "violate" and c.voice != "passive" and at == verb:
                phrases += [("under", n) for n in objects]
            phrases += self._fronted(at)
            phrases += [
                ("by", other)  # "banned imports by signing Executive Order 14066"
                for n in range(at + 2, s.end(at))
                if s.kinds[n] == VERBS and s.chunks[n].form == "ing" and s.chunks[n].act in _MAKING
                if s.kinds[n - 1] == PREP and s.chunks[n - 1].word in {"by", "through"}
                for other in s.complements(n)[0]
            ]
            at = s.governor(at) if c.form in {"to", "ing"} else -1
        for prep, other in phrases:
            if s.chunks[other].instruments and (prep in _BASED or self.is_basis(prep, other)):
                return self.span(other)
            head = s.chunks[other].head
            if prep in _BASED and (self.t.tags[head] == w.PART or self.t.words[head] in _AGAINST):
                behind = next((o for p, o in s.phrases(other) if p == "of" and s.chunks[o].instruments), -1)
                if behind >= 0:
                    return self.span(behind)
        return _NONE

    def dating(self, start: int, end: int) -> Dating | None:
        """Return when the instrument at ``start`` to ``end`` is said to have been made, ``None`` where nothing is.

        The sentence says so with a verb of which the instrument is the object, or the passive subject, and a date
        that belongs to the verb: "adopted on 22 December 2017", "In 2022 Biden signed". A date of what it came after
        ("adopted after the test in 2009") says that it is no older.
        """
        s, t = self.s, self.t
        group, last = self._group_up_to(start, end)
        if group < 0 or len(s.chunks[group].instruments) > 1:
            return None
        named = s.chunks[group].instruments
        behind = (named[0] if named else last) + 1
        if behind < s.chunks[group].last and t.tags[behind] == w.POSSESSIVE:
            return None  # "resolution 2397's forerunner"
        groups = (group, self._in_other_words(group, _TEXTS))
        for verb, c in enumerate(s.chunks):
            if c.kind != VERBS or not (c.act in _MAKING or t.words[c.head] in _MADE) or c.negative or c.modal:
                continue
            meant = next((n for n in groups if self._makes_instrument(verb, n)), -1)
            found = self._date_of(verb, meant) if meant >= 0 else None
            if found is not None:
                return found
        return None

    def _group_up_to(self, start: int, end: int) -> tuple[int, int]:
        """Return the noun group, -1 for none, that holds the last token of a stretch, and that token."""
        last = bisect_left(self.t.starts, end) - 1
        group = self.chunk_of(last) if last >= 0 and self.t.ends[last] > start else -1
        return (group, last) if group >= 0 and self.s.kinds[group] == GROUP else (-1, last)

    def _in_other_words(self, group: int, nouns: frozenset[str]) -> int:
        """Return the noun group by which something is called again behind a comma: "CAATSA, [the law] that …"."""
        s, t = self.s, self.t
        if s.kinds[group + 1] == COMMA and s.kinds[group + 2] == GROUP:
            c = s.chunks[group + 2]
            if t.tags[c.first] == w.DETERMINER and t.words[c.head] in nouns:
                return group + 2
        return -1

    def called(self, start: int, end: int) -> tuple[tuple[str, ...], int]:
        """Return whose a body, an instrument or a list is said to be in other words behind a comma, and where they end.

        "OFSI, [an arm of the US Treasury]", "the Magnitsky Act, [a law passed by the EU]"; nobody where it is not said.
        """
        s, t = self.s, self.t
        group, _ = self._group_up_to(start, end)
        if group < 0 or t.ends[s.chunks[group].last - 1] > end:
            return (), -1
        other = self._in_other_words(group, _KINDS)
        if other < 0:
            return (), -1
        owners = [t.values[n] for n in s.chunks[other].actors if self.makes(t.values[n])]
        if owners:
            return (owners[0],), self.span(other)[1]  # "the UN body"
        at = other + 1
        if s.kinds[at] == VERBS and s.chunks[at].form == "participle" and s.kinds[at + 1] == PREP:
            at += 1
            if s.chunks[at].word != "by":
                return (), -1
        elif s.kinds[at] != PREP or s.chunks[at].word != "of":
            return (), -1
        actor = self.acts_for(at + 1) if s.kinds[at + 1] == GROUP else ""
        return ((actor,), self.span(at + 1)[1]) if actor and self.makes(actor) else ((), -1)

    def _makes_instrument(self, verb: int, group: int) -> bool:
        s = self.s
        if group < 0:
            return False
        c = s.chunks[verb]
        if c.form == "participle":
            return s.described(verb) == group
        if c.form not in {"finite", "past"}:
            return False
        clause = s.clause(verb)
        if c.voice == "passive" or self.t.words[c.head] in _DATING:
            return group in s.subjects(verb) or (clause.noun == group and not clause.subject)
        return group in s.complements(verb)[0][:1] or (
            clause.noun == group and bool(clause.subject) and group not in clause.subject
        )

    def _date_of(self, verb: int, group: int) -> Dating | None:
        s, t = self.s, self.t
        low = min(self.span(verb)[0], self.span(group)[0])
        high = max(self.span(verb)[1], self.span(group)[1])
        n, how = verb + 1, "on"
        while n < len(s.chunks):
            kind = s.kinds[n]
            word = s.chunks[n].word
            if kind in {ADVERB, COMMA} or (kind == GROUP and (n in {group, verb + 1} or s.kinds[n - 1] == PREP)):
                n += 1
            elif kind == PREP and s.kinds[n + 1] == DATE and (word in _ON or t.words[s.chunks[verb].head] in _DATING):
                return self._dating(n + 1, how, low, high)
            elif kind == PREP and word in _AFTER:
                how = "after"
                n += 1
            elif kind == PREP and (word == "by" or how == "after"):
                n += 1
            elif kind == PREP and self._is_place_of_meeting(n + 1):
                n += 2
            elif (
                kind == PREP
                and word in {"against", "on", "over"}
                and s.kinds[n + 1] == GROUP
                and s.chunks[n + 1].actors
            ):
                n += 2  # "signed the order against North Korea in March"
            else:
                break
        subject = min(s.subjects(verb), default=verb)
        clause = s.clause(verb)
        if how == "on" and clause.marker == "when" and s.kinds[clause.start - 1] == COMMA:
            at = clause.start - 2  # "since October 2006, when the Council adopted Resolution 1718"
            while at > 0 and s.kinds[at - 1] == DATE:
                at -= 1
            if at >= 0 and s.kinds[at] == DATE and s.kinds[at - 1] == PREP:
                return self._dating(at, how, self.span(at)[0], high)
        if how == "on" and s.kinds[subject - 1] in {DATE, COMMA}:
            at = subject - 1
            while at > 0 and s.kinds[at] in {DATE, COMMA}:
                at -= 1
            if (
                s.kinds[at] == PREP
                and s.chunks[at].word in _ON
                and s.kinds[at + 1] == DATE
                and (at == 0 or t.tags[s.chunks[at - 1].first] in {w.COMMA, w.QUOTE, w.AND, w.ADVERB})
            ):
                return self._dating(at + 1, how, self.span(at)[0], high)
        return None

    def _is_place_of_meeting(self, n: int) -> bool:
        return self.s.kinds[n] == GROUP and self.t.words[self.s.chunks[n].head] in {"york", "geneva", "vote", "meeting"}

    def _dating(self, first: int, how: str, low: int, high: int) -> Dating | None:
        """Return a date with its later pieces ("April 10, 2020"), ``None`` where two dates are given."""
        s = self.s
        last = first
        while s.kinds[last + 1] == DATE or (s.kinds[last + 1] == COMMA and s.kinds[last + 2] == DATE):
            last += 1 if s.kinds[last + 1] == DATE else 2
        if s.kinds[last + 1] not in {PREP, VERBS} and s.kinds[last + 2] == DATE:
            return None
        start, end = self.span(first)[0], self.span(last)[1]
        return Dating(start, end, how, min(low, start), max(high, end))
