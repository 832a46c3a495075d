"""Whether what a clause says is asserted, denied, wished or reported, and whether the measure stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import words as w
from .chunks import ADVERB, BREAK, COMMA, DATE, GROUP, JOIN, PREP
from .naming import Naming

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .clauses import Clause


# Acts by which a measure does not stand yet, and what is said of one that may.
_UNDONE = frozenset({"urge", "intend", "veto"})
# Acts of which it hangs that a measure is there at all, and those that bring one about.
_EXISTENCE = frozenset("be have impose decide in-force stand face put sanction freeze ban".split())
_BEGINNING = frozenset("impose decide sanction freeze ban put intend".split())
_WISHING = frozenset({"urge", "intend", "expect"})


class Assertions(Naming):
    """What one sentence asserts."""

    def _exists(self, verb: int, group: int) -> bool:
        """Tell whether a measure stands already: not in "called for sanctions", "threatened sanctions"."""
        s, t = self.s, self.t
        if group >= 0:
            c = s.chunks[group]
            if t.words[c.first] in {"the", "its", "their", "these", "those", "existing", "current"}:
                return True
            if any(t.words[n] in w.NOT_YET for n in range(c.first, c.head)):
                return False
            host = s.host(group)
            at = host.noun
            if at >= 0 and t.tags[s.chunks[at].head] == w.WISH and host.prep in {"for", "of"}:
                return False
        while verb >= 0:
            c = s.chunks[verb]
            if c.act in _UNDONE and (group < 0 or s.host(group).verb == verb):
                objects, phrases = s.complements(verb)
                direct = group in objects or any(p == "for" and o == group for p, o in phrases)
                if direct:
                    return False
            if c.form == "to":
                at = s.governor(verb)
                if at == verb:
                    break
                if (
                    at >= 0
                    and s.chunks[at].act in _UNDONE
                    and s.chunks[verb].act in {"impose", "sanction", "ban", "freeze", "widen"}
                ):
                    return False
                verb = at
                continue
            break
        return True

    def _is_presupposed(self, status: str, act: str, group: int) -> bool:
        """Tell whether a sentence takes it that a measure is there, even where it denies something else of it."""
        if status in {"hypothetical", "question", "vetoed", "false"} or (group >= 0 and self.s.chunks[group].negative):
            return False
        host = self.s.host(group) if group >= 0 else None
        if host is not None and host.prep == "as" and host.noun >= 0 and self.s.chunks[host.noun].negative:
            return False  # "no such thing as a UN embargo"
        return not (status == "denied" and act in _EXISTENCE) and not (status == "wished" and act in _BEGINNING)

    def _is_partial(self, verb: int, group: int) -> bool:
        s, t = self.s, self.t
        if w.PARTIAL in t.tags:
            return True
        if verb >= 0:
            for prep, other in s.complements(verb)[1]:
                if (
                    prep == "for"
                    and not s.chunks[other].actors
                    and other != group
                    and t.tags[s.chunks[other].first] != w.DATE
                    and t.words[s.chunks[other].head] not in {"good", "months", "years", "year", "month", "time"}
                ):
                    return True
        return False

    def _word_before(self, group: int) -> str:
        """Return the adverb right before a noun group, empty where there is none."""
        s = self.s
        return self.t.words[s.chunks[group - 1].first] if group and s.kinds[group - 1] == ADVERB else ""

    def _is_contrasted(self, group: int) -> bool:
        """Tell whether a group is denied beside another: "under EU sanctions, not under UN sanctions"."""
        at = group - 1 if group and self.s.kinds[group - 1] == PREP else group
        return self._word_before(at) == "not" and self.s.kinds[at - 2] in {COMMA, JOIN, BREAK}

    def _status(self, verb: int, group: int, involved: Iterable[int]) -> tuple[str, str]:
        """Return whether what a verb says is asserted, and by whom it is reported."""
        s, t = self.s, self.t
        status = "asserted"
        said = ""
        negative = any(s.chunks[n].negative for n in involved if n >= 0)
        negative |= group >= 0 and self._is_contrasted(group)
        negative |= verb >= 0 and any(self._word_before(n) in {"nor", "neither"} for n in s.subjects(verb))
        at = verb
        seen: set[int] = set()
        question = "?" in t.words
        while at >= 0 and at not in seen:
            seen.add(at)
            c = s.chunks[at]
            negative ^= c.negative and c.modal != "duty"
            if c.form in {"finite", "participle"} and c.first and t.words[c.first - 1] == "to":
                status = _first(status, "wished")  # a slip: "called on the Council not to lifted the embargo"
            if c.modal == "wish" or (c.modal == "would" and (at not in s.finite or s.clause(at).verb < 0)):
                status = _first(status, "hypothetical")
            elif c.modal in {"would", "future"}:
                status = _first(status, "future")
            elif c.modal == "figurative":
                status = _first(status, "figurative")
            if (
                any(t.tags[n] == w.FIGURATIVE for n in range(c.first, c.last))
                or t.tags[c.first - 1 if c.first else 0] == w.FIGURATIVE
            ):
                status = _first(status, "figurative")
            if c.act in _WISHING and (at != verb or (group >= 0 and not self._exists(verb, group))):
                status = _first(status, "wished")
            elif c.act == "veto":
                status = _first(status, "vetoed")
            elif c.act == "deny" and at != verb:
                negative = not negative
            if self._is_falsely(at):
                negative = not negative
            if c.act == "be" and at == verb and self._is_doubtful(at):
                status = _first(status, "hypothetical")
            if c.form in {"to", "ing"}:
                above = s.governor(at)
                if above >= 0 and above != at:
                    if c.form == "to" and s.chunks[above].act in {"be", "other"} and s.chunks[above].tense != "past":
                        status = _first(status, "hypothetical")
                    at = above
                    continue
                noun = s.before[at]
                if c.form == "to" and s.kinds[noun] == GROUP:
                    status = _first(status, "wished")
                break
            if c.form == "participle":
                break
            clause = s.clause(at)
            if clause.marker in {"if", "whether", "unless"}:
                status = _first(status, "hypothetical")
            elif clause.marker in {"when", "until", "before", "till"} and not self._tells_of_a_day(clause):
                status = _first(status, "background")
            if clause.noun >= 0 and clause.marker == "that":
                head = s.chunks[clause.noun].head
                tags = {t.tags[n] for n in range(s.chunks[clause.noun].first, s.chunks[clause.noun].last)}
                if w.FALSEHOOD in tags:
                    negative = not negative
                elif t.tags[head] == w.WISH:
                    status = _first(status, "wished")
                negative ^= s.chunks[clause.noun].negative
            above = clause.verb
            if above >= 0:
                governor = s.chunks[above]
                for subject in s.subjects(above):
                    negative ^= s.chunks[subject].negative or self._is_false(subject)
                if governor.act == "say" and not said:
                    said = self._by_whom(above)
                if (
                    governor.act == "decide"
                    and governor.word.startswith("decid")
                    and status in {"hypothetical", "future"}
                ):
                    status = "asserted"  # "decided that all States shall freeze": what is decided is so
                at = above
                continue
            break
        if not said:
            said = self._behind(verb, group)
        # "… is false", "which is a myth": said of the whole.
        if verb >= 0 and self._called_false(verb):
            status = "false"
        if said and status == "asserted" and self._is_disputed(verb):
            status = "disputed"
        if negative and status in {"asserted", "future"}:
            status = "denied"
        if question and status == "asserted" and not said:
            status = "question"
        return status, said

    def _is_disputed(self, verb: int) -> bool:
        """Tell whether the sentence goes on that others dispute what it reports: "…; nobody else agrees"."""
        s = self.s
        for other in s.finite:
            c = s.chunks[other]
            if other <= verb:
                continue
            nobody = c.negative or any(s.chunks[n].negative for n in s.subjects(other))
            if c.act == "deny" or (nobody and (c.act == "heed" or c.word.startswith(("agree", "accept", "recogni")))):
                return True
        return False

    def _is_doubtful(self, verb: int) -> bool:
        """Tell whether what is said to be is only likely or not: "sanctions on Belarus are unlikely"."""
        s, t = self.s, self.t
        return any(
            t.tags[n] == w.WISH for o in s.complements(verb)[0] for n in range(s.chunks[o].first, s.chunks[o].last)
        )

    def _tells_of_a_day(self, clause: Clause) -> bool:
        """Tell whether a clause says what was done on a day before it: "since May 2019, when [the US listed it]"."""
        kinds = self.s.kinds
        return clause.marker == "when" and kinds[clause.start - 1] == COMMA and kinds[clause.start - 2] == DATE

    def _is_false(self, group: int) -> bool:
        """Tell whether what a noun group says is false by its name: "an earlier version of this article"."""
        c = self.s.chunks[group]
        return any(self.t.tags[n] == w.FALSEHOOD for n in range(c.first, c.last))

    def _is_falsely(self, verb: int) -> bool:
        """Tell whether "falsely" or its like stands with a verb."""
        s, t = self.s, self.t
        c = s.chunks[verb]
        if any(t.tags[n] == w.FALSELY for n in range(c.first, c.last)):
            return True
        n = verb + 1
        return n < len(s.chunks) and t.tags[s.chunks[n].first] == w.FALSELY

    def _by_whom(self, verb: int) -> str:
        subjects = self.s.subjects(verb)
        if not subjects:
            return ""
        c = self.s.chunks[subjects[0]]
        return " ".join(self.t.words[c.first : c.last])

    def _behind(self, verb: int, group: int) -> str:
        """Return who says so behind or before a comma: "…, the minister said"."""
        s = self.s
        for other in s.finite:
            if (
                s.chunks[other].act == "say"
                and other > max(verb, group)
                and s.clause(other).verb < 0
                and s.clause(other).noun < 0
            ):
                return self._by_whom(other)
        return ""

    def _called_false(self, verb: int) -> bool:
        """Tell whether the sentence itself calls what the verb says false, or says that somebody wrongly claims it."""
        s, t = self.s, self.t
        for other in s.finite:
            if other == verb:
                continue
            c = s.chunks[other]
            if (
                c.act == "be"
                and any(
                    t.tags[n] == w.FALSEHOOD
                    for o in s.complements(other)[0]
                    for n in range(s.chunks[o].first, s.chunks[o].last)
                )
                and not c.negative
            ):
                return True
            if c.act == "say" and (self._is_falsely(other)):
                return True
            if c.act == "deny" and other > verb:
                return True
            if c.act == "urge" and c.word.startswith(("reject", "dismiss")) and other > verb:
                return True
        return False


def _first(old: str, new: str) -> str:
    return new if old in {"asserted", "future"} else old
