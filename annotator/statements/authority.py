"""Whose measure it is: the author, as far as the sentence says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import words as w
from .chunks import COMMA, GROUP, JOIN, PREP, QUOTE, VERBS
from .naming import AUTHORING, MEASURING, Naming
from .statement import Role

if TYPE_CHECKING:
    from .clauses import Host


class Authorship(Naming):
    """The authors of measures in one sentence."""

    def _author(self, verb: int, phrases: list[tuple[str, int]], group: int = -1) -> tuple[Role, str]:
        """Return the author of what a verb does: its subject, or who stands behind "by" where it is passive."""
        s, t = self.s, self.t
        c = s.chunks[verb]
        if c.voice == "passive":
            for prep, other in phrases:
                if prep == "by":
                    actor = self.acts_for(other)
                    if actor:
                        return Role(self._together(other), "by"), ""
                    own = self._modifiers(other)[0] if s.chunks[other].measures and other != group else Role()
                    if own.actors:
                        return Role(own.actors, "by"), ""  # "barred by British sanctions"
            for prep, other in phrases:
                if prep == "in" and c.act == "freeze" and self.acts_for(other) and self.makes(self.acts_for(other)):
                    return Role((self.acts_for(other),), "in"), ""
            return self._by_instrument(phrases)
        subjects = s.subjects(verb)
        if t.words[c.head].startswith("includ"):
            # "Support for Ukraine, which will include sanctions": what is given to somebody includes them, not he.
            within = s.clause(verb).noun
            subjects = tuple(n for n in subjects if n != within or s.kinds[s.before[n]] != PREP)
        actors = [a for a in map(self.acts_for, subjects) if a]
        if c.act in {"have", "intend"}:
            # Who has sanctions, or wants them eased, may be under them.
            actors = [a for a in actors if self.makes(a)]
        if actors and not any(map(self.makes, actors)):
            # "Under UN sanctions Indonesia seized the freighter": it carries out another's law.
            found = self._by_instrument([p for p in (*phrases, *self._fronted(verb)) if p[0] == "under"])
            if found[0].actors:
                return found
        if actors:
            return Role(tuple(dict.fromkeys(actors)), "subject"), ""
        found = self._speaker(verb, subjects)
        if found[0].actors:
            return found
        for subject in subjects:
            refers = self._reference(subject)
            if refers:
                return Role(), refers
            if s.chunks[subject].measures and subject != group:
                # "US sanctions bar services", "sanctions that prohibit": the author of the measure that acts.
                return self._authority(subject, s.host(subject))
        found = self._by_instrument([*phrases, *self._fronted(verb)])
        if found[0].actors:
            return found
        return Role((), "another" if subjects else ""), ""

    def _speaker(self, verb: int, subjects: tuple[int, ...]) -> tuple[Role, str]:
        """Return the author who says so himself: "Kallas said ministers agreed", "OFAC said it had frozen"."""
        s = self.s
        clause = s.clause(verb)
        governor = clause.verb
        if governor < 0 or s.chunks[governor].act not in {"say", "impose", "decide"}:
            behind = self._says_behind(verb)
            return (
                (Role((behind,), "who says so"), "")
                if behind and (not subjects or self._reference(subjects[0]) or s.chunks[subjects[0]].measures)
                else (Role(), "")
            )
        own = [
            self.t.tags[s.chunks[n].head] in {w.OFFICE, w.ORGAN, w.MEASURE}
            or bool(self._reference(n))
            or (s.chunks[governor].act == "decide" and self.t.words[s.chunks[n].head] in w.BOUND)
            for n in subjects
        ]
        if subjects and not all(own):
            return Role(), ""
        for subject in s.subjects(governor):
            actor = self.acts_for(subject)
            if actor and self.makes(actor) and self._is_official(subject):
                return Role((actor,), "who says so"), ""
        return Role(), ""

    def _says_behind(self, verb: int) -> str:
        """Return the author who is said to say so behind a comma: "…, the Foreign Office said"."""
        s = self.s
        for other in s.finite:
            clause = s.clause(other)
            if (
                s.chunks[other].act == "say"
                and other > verb
                and clause.verb < 0
                and clause.noun < 0
                and s.kinds[clause.start - 1] in {COMMA, QUOTE}
            ):
                for subject in clause.subject:
                    actor = self.acts_for(subject)
                    if actor and self.makes(actor) and self._is_official(subject):
                        return actor
        return ""

    def _authority(self, group: int, host: Host) -> tuple[Role, str]:
        """Return the author of the measure that a noun group names."""
        s, t, c = self.s, self.t, self.s.chunks[group]
        own = self._modifiers(group)[0]
        if not own.actors and c.measures and s.kinds[s.before[group]] == JOIN:
            own = self._owner_before(s.before[s.before[group]])
        if not own.actors and c.measures and s.kinds[group - 1] == GROUP:
            own = self._owner_before(group - 1)  # "the EU's separate Mali list": an unknown word parts them
        if own.actors:
            return own, ""
        if c.measures and group > 1 and s.chunks[group - 1].word == "whose":
            at = s.before[group - 1]
            noun = s.before[at] if s.kinds[at] == COMMA else at
            actor = self.acts_for(noun) if s.kinds[noun] == GROUP else ""
            return Role((actor,) if actor else (), "whose" if actor else "another"), ""  # "Europe, whose ban"
        for n in range(c.first, c.head):
            if t.words[n] in {"bloc", "union"} and t.tags[n + 1] == w.POSSESSIVE:
                return Role(), t.words[n]
        phrases = s.phrases(group)
        for prep, other in phrases:
            if prep == "by" and self.acts_for(other):
                return Role(self._together(other), "by"), ""
        for prep, other in phrases[:2]:
            actor = self.acts_for(other)
            if (
                prep in {"of", "from"}
                and actor
                and self.makes(actor)
                and (prep == "of" or (prep, other) == phrases[0])
                and not s.chunks[other].things
            ):
                return Role(self._together(other), prep), ""
        found = self._by_instrument([p for p in phrases if p[0] in {"under", "in", "by", "of", "pursuant"}])
        if found[0].actors:
            return found
        relative = self._relative(group)
        if relative[0].actors:
            return relative
        for n in range(group + 1, min(group + 8, len(s.chunks))):
            if s.kinds[n] == VERBS and s.chunks[n].form == "participle" and s.described(n) == group:
                _objects, more = s.complements(n)
                for prep, other in more:
                    if prep == "by" and self.acts_for(other):
                        return Role(self._together(other), "by"), ""
                found = self._by_instrument(more)
                if found[0].actors:
                    return found
        listing = bool(c.measures) and t.values[c.measures[-1]] == "listing"
        if (
            (c.measures or c.instruments)
            and not listing
            and t.tags[c.first] == w.DETERMINER
            and t.forms[c.first] == "own"
        ):
            found = self._owner(group)
            if found[0].actors or found[1]:
                return found
        found = self._hosted(group)
        if found[0].actors or found[1]:
            return found
        definite = t.words[c.first] in {"the", "these", "those", "this", "that", "such"}
        return Role(), "the measures" if definite and c.measures else ""

    def _owner_before(self, group: int) -> Role:
        """Return whose both are of what "and" joins: "[the UN's ISIL] and Al-Qaida sanctions list"."""
        if self.s.kinds[group] != GROUP or self.s.chunks[group].measures:
            return Role()
        owners = [
            self.t.values[n]
            for n in self.s.chunks[group].actors
            if self.t.tags[n + 1] == w.POSSESSIVE and self.makes(self.t.values[n])
        ]
        return Role((owners[0],), "modifier") if owners else Role()

    def _relative(self, group: int) -> tuple[Role, str]:
        """Return the author that a clause behind the measure names: "sanctions, which the EU adopted"."""
        s = self.s
        for verb in s.relatives(group):
            c, clause = s.chunks[verb], s.clause(verb)
            if clause.noun in clause.subject:
                # "the ban that came with the EU's 12th package"
                found = self._by_instrument([p for p in s.complements(verb)[1] if self.is_basis(*p)])
                if found[0].actors:
                    return found
            if c.voice == "passive":
                if group in clause.subject or clause.noun in clause.subject:
                    for prep, other in s.complements(verb)[1]:
                        if prep == "by" and self.acts_for(other):
                            return Role(self._together(other), "relative clause"), ""
                continue
            if c.act in {"sanction", "delist"}:
                continue  # "a freeze on the group, which the US had sanctioned": so is somebody, no measure
            if c.act in AUTHORING and clause.subject and clause.noun not in clause.subject:
                actors = [a for a in map(self.acts_for, clause.subject) if a and (c.act != "have" or self.makes(a))]
                if actors:
                    return Role(tuple(actors), "relative clause"), ""
        return Role(), ""

    def _owner(self, group: int) -> tuple[Role, str]:
        """Return whose "its sanctions" are: the subject's of the clause, where it is an actor."""
        s = self.s
        if self.t.words[s.chunks[group].first] in {"our", "my"}:
            return Role(), "we"
        host = s.host(group)
        verbs = [host.verb] if host.verb >= 0 else []
        verbs += [v for v in reversed(s.finite) if v < group and v not in verbs]
        for verb in verbs[:3]:
            for subject in s.subjects(verb):
                if subject >= group and not s.is_fronted(verb):
                    continue
                actor = self.acts_for(subject) or (self._modifiers(subject)[0].actors or ("",))[0]
                if actor:
                    return Role((actor,), "its"), ""
                if s.chunks[subject].actors and not s.chunks[subject].measures:
                    return Role((self.t.values[s.chunks[subject].actors[0]],), "its"), ""
                refers = self._reference(subject)
                if refers:
                    return Role(), refers
        return Role(), "its"

    def _hosted(self, group: int) -> tuple[Role, str]:
        """Return the author that the clause around a measure names."""
        s, t = self.s, self.t
        host = s.host(group)
        verb = host.verb
        steps = 0
        noun = host.noun
        # "a package of sanctions", "part of sanctions", "a breach of sanctions": what the noun before hangs on.
        while host.role == "phrase" and noun >= 0 and steps < 4:
            if host.prep in {"of", "under", "in", "for", "to"} or s.chunks[noun].measures:
                actor = self._modifiers(noun)[0]
                if actor.actors:
                    return actor, ""
                if (
                    host.prep == "of"
                    and t.tags[s.chunks[noun].first] == w.DETERMINER
                    and t.forms[s.chunks[noun].first] == "own"
                ):
                    return self._owner(noun)
            above = s.host(noun)
            if host.prep not in {"of", "from", "with"} and above.role in {"subject", ""}:
                break
            if host.prep == "of":
                for prep, other in s.phrases(noun):
                    if prep == "by" and self.acts_for(other):
                        return Role(self._together(other), "by"), ""
            if above.role == "phrase":
                host, noun, steps = above, above.noun, steps + 1
                verb = above.verb
                continue
            if host.prep == "of":
                host = above
                verb = above.verb
            break
        if verb < 0:
            return Role(), ""
        c = s.chunks[verb]
        _objects, phrases = s.complements(verb)
        if host.role == "subject":
            if c.voice == "passive" and c.act not in {"say", "urge"}:
                for prep, other in phrases:
                    if prep == "by" and self.acts_for(other):
                        return Role(self._together(other), "by"), ""
                found = self._by_instrument(phrases)
                if found[0].actors:
                    return found
            elif c.act == "rest":
                for _, other in phrases:
                    if s.chunks[other].instruments:
                        return Role((self._instrument(other),), "instrument"), ""
                    if self.acts_for(other):
                        return Role((self.acts_for(other),), "instrument"), ""
            elif c.act in {"be", "stand", "enforce"}:
                found = self._by_instrument([p for p in phrases if p[0] in {"under", "in"}])
                if found[0].actors:
                    return found
            return self._speaker(verb, (group,)) if c.act in AUTHORING else (Role(), "")
        if host.role in {"object", "phrase"}:
            if host.role == "phrase" and host.prep in {
                "despite",
                "without",
                "amid",
                "because",
                "after",
                "before",
                "following",
                "against",
                "since",
            }:
                return Role(), ""
            authoring = AUTHORING | {"enforce"} if s.chunks[group].measures else MEASURING
            if (
                c.act in authoring
                and c.voice != "passive"
                and not (host.role == "phrase" and host.prep in {"by", "from"} and c.act not in {"lift", "delist"})
            ):
                if host.role == "phrase" and host.prep == "on" and c.act not in {"decide", "put", "answer"}:
                    return Role(), ""
                return self._author(verb, [p for p in phrases if p[1] != group], group)
            if c.act in AUTHORING and c.voice == "passive" and host.role == "phrase":
                for prep, other in phrases:
                    if prep == "by" and other != group and self.acts_for(other):
                        return Role(self._together(other), "by"), ""
            if c.act == "fine" or (c.act == "violate" and c.form == "ing"):
                enforcer = verb if c.act == "fine" else s.governor(verb)
                if (
                    enforcer >= 0
                    and s.chunks[enforcer].act in {"fine", "sanction", "say"}
                    and s.chunks[enforcer].voice != "passive"
                ):
                    actors = [
                        a
                        for a in map(self.acts_for, s.subjects(enforcer))
                        if a and self._is_official(s.subjects(enforcer)[0])
                    ]
                    if actors:
                        return Role(tuple(actors), "who enforces"), ""
            if c.act in {"violate", "heed", "other"} and c.modal == "duty":
                for subject in s.subjects(verb):
                    group_ = s.chunks[subject]
                    if group_.actors and not self.acts_for(subject) and self.makes(t.values[group_.actors[0]]):
                        return Role((t.values[group_.actors[0]],), "who is bound"), ""
        return Role(), ""
