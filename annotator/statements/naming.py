"""Who a noun group names or stands for, and what stands before the measure in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import words as w
from .chunks import COMMA, GROUP, JOIN, PREP, REL, SUB, VERBS
from .statement import Role

if TYPE_CHECKING:
    from .clauses import Host, Sentence
    from .lexicon import Lexicon


# Behind a hyphen these say whom something is about: "Burma-related".
_BOUND_TO = frozenset({"focused", "linked", "related", "specific"})
# Acts whose subject is the author of the measure that they act on.
AUTHORING = frozenset(
    "take impose keep widen ease lift sanction freeze ban delist put answer have decide intend".split()
)
# Acts that are measures themselves, without a noun that names one.
MEASURING = frozenset({"sanction", "freeze", "ban", "delist"})
ACTING = frozenset({"name", "seat", "organ", "office", "leader"})
BEARING = frozenset({"under", "facing"})
ON = ("on", "against", "upon", "targeting", "towards", "toward")
TO = ("for", "to", "over", "in", "at", "with", "from")
# What stands behind an actor and a hyphen and says what the actor did.
COMPOUND = frozenset("sanctioned imposed listed designated blacklisted embargoed mandated backed".split())
_ITSELF = frozenset({"itself", "themselves", "himself", "herself"})
_HE_OR_SHE = frozenset({"he", "she"})
_MAKERS = frozenset("un us eu uk ca ch jp au nz no ua kr tw sg il".split())


class Naming:
    """Noun groups of one sentence as names of actors."""

    def __init__(self, sentence: Sentence, lexicon: Lexicon) -> None:
        self.s = sentence
        self.t = sentence.t
        self.lexicon = lexicon

    def actors_in(self, group: int) -> list[str]:
        """Return the actors that the words of a noun group name, in order."""
        return list(dict.fromkeys(self.t.values[n] for n in self.s.chunks[group].actors))

    def acts_for(self, group: int) -> str:
        """Return the actor that a noun group stands for as somebody who acts or speaks, empty if none.

        "Washington", "the Swiss Federal Council", "British officials", "Treasury Secretary Janet Yellen",
        "lawmakers in Brussels", "Executive Order 14024".
        """
        c, t = self.s.chunks[group], self.t
        if t.tags[c.head] == w.INSTRUMENT:
            return t.values[c.head]
        if c.pronoun in _ITSELF and group and self.s.kinds[group - 1] == GROUP:
            return self.acts_for(group - 1)  # "Belgrade itself"
        if c.pronoun in _HE_OR_SHE:
            return self._leader_before(group)
        if c.actors:
            last = c.actors[-1]
            rest = [n for n in range(last + 1, c.last) if t.tags[n] not in {w.NAME, w.POSSESSIVE, w.HYPHEN, w.NUMBER}]
            if not rest and not (last + 1 < c.last and t.tags[last + 1] == w.POSSESSIVE):
                if t.forms[last] in ACTING or t.forms[last] == "people":
                    return t.values[last]
                return t.values[last] if last < c.head else ""
            if (
                rest
                and all(
                    t.tags[n] in {w.OFFICE, w.ORGAN, w.ADJECTIVE} or (t.tags[n] == w.NOUN and n != c.head) for n in rest
                )
                and (t.tags[c.head] in {w.OFFICE, w.ORGAN, w.NAME})
            ):
                # The country before the organ; of "Russian UN ambassador" the first.
                return t.values[c.actors[0]]
            return ""
        if t.tags[c.head] in {w.OFFICE, w.ORGAN, w.BODY}:
            for prep, other in self.s.phrases(group)[:2]:
                if prep in {"of", "in", "from", "at"} and self.s.chunks[other].actors:
                    return t.values[self.s.chunks[other].actors[0]]
        return ""

    def _leader_before(self, group: int) -> str:
        """Return the actor for whom the person acts who is the nearest subject before "he" or "she"."""
        t = self.t
        for verb in reversed(self.s.finite):
            for subject in self.s.subjects(verb) if verb < group else ():
                c = self.s.chunks[subject]
                if subject < group and (c.names or c.actors) and not c.pronoun:
                    leads = any(t.forms[n] == "leader" for n in c.actors) or t.tags[c.head] == w.OFFICE
                    return self.acts_for(subject) if leads else ""
        return ""

    def makes(self, actor: str) -> bool:
        """Tell whether an actor is one whose own sanctions the news speaks of without saying so."""
        data = self.lexicon.actors.get(actor)
        return data is not None and (data.jurisdiction in _MAKERS or bool(data.members) or bool(data.stands_for))

    def span(self, group: int) -> tuple[int, int]:
        """Return the offsets of a chunk."""
        c = self.s.chunks[group]
        return self.t.starts[c.first], self.t.ends[c.last - 1]

    def chunk_of(self, token: int) -> int:
        """Return the chunk that holds a token."""
        return self.s.places[token]

    def _is_official(self, group: int) -> bool:
        """Tell whether a noun group is somebody who speaks for a government: an organ, office, leader or capital."""
        c, t = self.s.chunks[group], self.t
        return t.tags[c.head] in {w.OFFICE, w.ORGAN} or any(t.forms[n] in ACTING for n in c.actors)

    def _reference(self, group: int) -> str:
        """Return the word by which a noun group refers back: "it", "they", "the bloc", "the government"."""
        c, t = self.s.chunks[group], self.t
        if c.pronoun in {"it", "they", "we"}:
            return c.pronoun
        word = t.words[c.head]
        if (
            t.words[c.first] in {"the", "this", "that"}
            and not c.actors
            and (word in {"bloc", "union", "kingdom"} or t.tags[c.head] == w.ORGAN)
        ):
            return word
        return ""

    def _modifiers(self, group: int) -> tuple[Role, Role]:
        """Return author and target that stand before the measure in its noun group: "the EU's Russia sanctions"."""
        s, t, c = self.s, self.t, self.s.chunks[group]
        for n in c.actors:
            # "US-sanctioned Iranian tankers": who sanctioned them, and what they are.
            if n + 2 < c.last and t.tags[n + 1] == w.HYPHEN and t.words[n + 2] in COMPOUND:
                on_whom = tuple(t.values[m] for m in c.actors if m > n + 2)
                return Role((t.values[n],), "compound"), Role(on_whom, "compound" if on_whom else "")
        if not c.measures and not c.instruments:
            return Role(), Role()
        for n in range(c.first, c.last - 2) if c.measures else ():
            if t.tags[n] == w.ACTOR and t.tags[n + 1] == w.HYPHEN and t.words[n + 2] in _BOUND_TO:
                owners = tuple(dict.fromkeys(t.values[m] for m in c.actors if m < n and self.makes(t.values[m])))
                own = Role(owners, "modifier" if owners else "")
                return own, Role((t.values[n],), "compound")  # "Burma-related designations"
        last = (c.measures or c.instruments)[-1]
        before = [n for n in c.actors if n < last]
        author = target = Role()
        on = any(prep in ON for prep, _ in s.phrases(group)[:2])
        makers = [n for n in before if self.makes(t.values[n])]
        others = [n for n in before if n not in makers]
        if makers:
            author = Role(tuple(dict.fromkeys(t.values[n] for n in makers)), "modifier")
            if len(makers) > 1 and not self._listed(makers):
                # "Brussels' US sanctions list": of two that own each other the first is the author.
                author = Role((t.values[makers[0]],), "modifier")
            if others:
                target = Role((t.values[others[-1]],), "modifier")
        elif others:
            first = others[0]
            if on or len(others) > 1:
                author = Role((t.values[first],), "modifier")
                if len(others) > 1:
                    target = Role((t.values[others[-1]],), "modifier")
            else:
                target = Role((t.values[first],), "modifier")
        elif c.instruments and c.measures and c.instruments[-1] < last:
            author = Role((t.values[c.instruments[-1]],), "instrument")
        if target.actors and target.how == "modifier":
            target = Role(tuple(dict.fromkeys((*self._joined_before(group, makers=False), *target.actors))), target.how)
        if author.actors and author.actors[0] in {a for a in author.actors if self.makes(a)}:
            author = Role(tuple(dict.fromkeys((*self._joined_before(group), *author.actors))), author.how)
        return author, target

    def _listed(self, tokens: list[int]) -> bool:
        return all(
            self.t.tags[n + 1] in {w.HYPHEN, w.MEASURE, w.AND, w.COMMA} or self.t.words[n + 1] == "/"
            for n in tokens[:-1]
        )

    def _joined_before(self, group: int, *, makers: bool = True) -> list[str]:
        """Return authors, or targets, joined before one: "American, European and [UN sanctions]"."""
        s, t = self.s, self.t
        found: list[str] = []
        at = s.before[group]
        while s.kinds[at] in {JOIN, COMMA} and s.kinds[s.before[at]] == GROUP:
            other = s.before[at]
            c = s.chunks[other]
            bare = all(t.tags[n] in {w.ACTOR, w.DETERMINER, w.POSSESSIVE, w.HYPHEN} for n in range(c.first, c.last))
            if (
                not bare
                or not c.actors
                or self.makes(t.values[c.actors[-1]]) != makers
                or (s.kinds[at] == COMMA and not found and s.kinds[s.behind[at]] != GROUP)
            ):
                break
            if s.kinds[at] == COMMA and not found:
                break
            if s.kinds[s.before[other]] == PREP and s.chunks[s.before[other]].word in {"on", "against"}:
                break
            found.append(t.values[c.actors[-1]])
            at = s.before[other]
        return list(reversed(found))

    def is_basis(self, prep: str, group: int) -> bool:
        """Tell whether what came with a noun group came by it: "in", "under", "with", "as part of the 12th package"."""
        s = self.s
        if prep == "of":
            part = s.before[s.before[group]]
            return s.kinds[part] == GROUP and self.t.words[s.chunks[part].head] == "part"
        if prep == "as":
            return self.t.tags[s.chunks[group].first - 1] == w.PARTIAL  # "part of" in one
        return prep in {"in", "under", "with"}

    def is_borne(self, host: Host) -> bool:
        """Tell whether somebody is said to be "subject to" what belongs there."""
        return (
            host.role == "phrase"
            and host.prep == "to"
            and host.verb >= 0
            and self.s.chunks[host.verb].word == "subject"
        )

    def _fronted(self, verb: int) -> list[tuple[str, int]]:
        """Return the phrases that stand before the subject of a verb: "[Under Resolution 2397], States must …"."""
        s = self.s
        found: list[tuple[str, int]] = []
        subjects = s.subjects(verb)
        low = s.clause(verb).start
        first = min(subjects) if subjects else verb
        for n in range(first - 1, -1, -1):
            if s.kinds[n] == VERBS and s.chunks[n].form == "participle" and s.kinds[n - 1] == COMMA:
                found.clear()  # what stood behind it was its own: "In Resolution 2140, passed [by the Council], …"
                continue
            if s.kinds[n] in {VERBS, SUB, REL}:
                break
            if s.kinds[n] == GROUP and s.kinds[s.before[n]] == PREP and n < max(low, first):
                found.append((s.chunks[s.before[n]].word, n))
        return found

    def _together(self, group: int) -> tuple[str, ...]:
        """Return the actors of a noun group and of those joined to it behind: "by the US, Britain and Canada"."""
        s = self.s
        found = [self.acts_for(group)]
        at = s.behind[group]
        while s.kinds[at] in {COMMA, JOIN} and s.kinds[s.behind[at]] == GROUP and not s.is_subject(s.behind[at]):
            actor = self.acts_for(s.behind[at])
            if not actor:
                break
            found.append(actor)
            at = s.behind[s.behind[at]]
        return tuple(dict.fromkeys(a for a in found if a))

    def _by_instrument(self, phrases: list[tuple[str, int]]) -> tuple[Role, str]:
        """Return the author whose instrument a phrase names: "under Resolution 2397", "in Executive Order 14024"."""
        t = self.t
        for prep, other in phrases:
            c = self.s.chunks[other]
            if (
                prep in {"under", "in", "by", "through", "via", "pursuant", "to", "on", "from", "of", "with"}
                or self.is_basis(prep, other)
            ) and c.instruments:
                actor = self._instrument(other)
                if actor:
                    return Role((actor,), "instrument"), ""
            if prep == "under" and c.actors and not c.things and self.makes(t.values[c.actors[0]]):
                return Role((t.values[c.actors[0]],), "instrument"), ""
        return Role(), ""

    def _instrument(self, group: int) -> str:
        """Return whose instrument a noun group names: of the author before it, else by its kind."""
        c, t = self.s.chunks[group], self.t
        token = c.instruments[-1]
        owners = [t.values[n] for n in c.actors if n < token]
        return owners[0] if owners and self.makes(owners[0]) else t.values[token]
