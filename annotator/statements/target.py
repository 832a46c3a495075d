"""On whom or what a measure is, as far as the sentence says it."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from . import words as w
from .chunks import COMMA, GROUP, PREP, STOP, VERBS
from .naming import BEARING, ON, TO, Naming
from .statement import Role

if TYPE_CHECKING:
    from collections.abc import Collection

    from .clauses import Host


_PERSONS = frozenset("he him she her they them".split())


class Targets(Naming):
    """The targets of measures in one sentence."""

    def _of(self, group: int) -> list[str]:
        """Return the actors that a noun group or its own phrases name: "officials from Iran", "assets of Libya"."""
        c = self.s.chunks[group]
        if c.actors:
            return self.actors_in(group)
        found: list[str] = []
        for prep, other in self.s.phrases(group)[:3]:
            if prep in {"of", "from", "in"} and self.s.chunks[other].actors:
                found += [a for a in self.actors_in(other) if prep != "in" or not self.makes(a)]
                break
        own = self.t.tags[c.first] == w.DETERMINER and self.t.forms[c.first] == "own" and c.last > c.first + 1
        if not found and own:
            # "had their assets frozen": those of the subject.
            for subject in self.s.subjects(self.s.host(group).verb) if self.s.host(group).verb >= 0 else ():
                if subject < group:
                    found += self.actors_in(subject)
        if not found:
            at = self.s.behind[group]
            if (
                self.s.kinds[at] == COMMA
                and self.s.kinds[at + 1] == GROUP
                and self.s.kinds[self.s.behind[at + 1]] in {COMMA, PREP, STOP, VERBS}
            ):
                # "Kim Yong Chol, a North Korean general, …"
                other = at + 1
                c = self.s.chunks[other]
                if self.t.tags[c.first] == w.DETERMINER and c.actors and (c.things or c.names):
                    found = self.actors_in(other)
        return found

    def _target(self, group: int, host: Host) -> tuple[Role, tuple[str, ...], bool]:
        """Return whom the measure of a noun group is on, what stands beside it, and whether it is named otherwise."""
        s, t, c = self.s, self.t, self.s.chunks[group]
        themes: list[str] = []
        phrases = s.phrases(group)
        named = False
        for n, (prep, other) in enumerate(phrases):
            cause = self._is_cause(other)
            if prep in ON and cause:
                themes += self._of(other)
                continue  # "over the war on Ukraine"
            if prep not in ON:
                if prep in {"over", "for", "after", "following"}:
                    themes += self._of(other)
                continue
            actors: list[str] = []
            for again, more in phrases[n:]:
                if again == prep and not (more != other and phrases[n][0] != again):
                    actors += self._of(more)
            themes += self._did(other)
            if actors:
                return Role(tuple(dict.fromkeys(actors)), prep), tuple(themes), False
            named = True
            break
        modifier = self._modifiers(group)[1]
        if modifier.actors:
            return modifier, tuple(themes), False
        if not named and self._is_listing(group):
            return self._listed_one(group), tuple(themes), False
        if not named and host.role == "phrase" and host.prep in BEARING:
            borne = self._bearer(group, host.prep)
            if borne.actors:
                return borne, tuple(themes), False  # "Eritrea is under an embargo for its support of Al-Shabaab"
        if not named:
            for prep, other in phrases:
                if s.chunks[other].instruments:
                    continue
                if prep in TO and (c.measures or prep in {"to", "for", "from"}):
                    actors = self._of(other)
                    makers = set(self._modifiers(group)[0].actors)
                    actors = [a for a in actors if a not in makers]
                    if prep == "over" and not any(t.values[n] == "no-fly" for n in c.measures):
                        continue  # what they are for, not on whom
                    if (
                        actors
                        and prep in {"for", "to", "over", "in", "at"}
                        and not (
                            prep in {"in", "at"} and t.tags[s.chunks[other].head] == w.ACTOR and self.makes(actors[0])
                        )
                    ):
                        return Role(tuple(actors), prep), tuple(themes), False
                    if actors and prep in {"with", "from"} and not self.makes(actors[0]):
                        return Role(tuple(actors), prep), tuple(themes), False
                if prep == "of":
                    actors = [a for a in self._of(other) if not self.makes(a)]
                    if actors:
                        return Role(tuple(actors), prep), tuple(themes), False
        found = Role() if named else self._relative_target(group)
        if not found.actors:
            found = self._hosted_target(group)
        if found.actors:
            return found, tuple(themes), False
        others = [a for a in self.actors_in(group) if not self.makes(a)]
        if not c.measures and others and t.tags[c.head] not in {w.BODY, w.ORGAN, w.OFFICE}:
            return Role(tuple(others), "named"), tuple(themes), False
        return Role(), tuple(themes), named or found.how == "named"

    def _is_listing(self, group: int) -> bool:
        """Tell whether a group is "his listing", of which the owner is the target, not the author."""
        c, t = self.s.chunks[group], self.t
        own = t.tags[c.first] == w.DETERMINER and t.forms[c.first] == "own"
        return own and bool(c.measures) and t.values[c.measures[-1]] == "listing"

    def _listed_one(self, group: int) -> Role:
        """Return whose listing it is: that of the subject of the clause, before or behind it."""
        host = self.s.host(group)
        verb = host.verb if host.verb >= 0 else next(iter(self.s.finite), -1)
        return self._subject_target(verb, "its") if verb >= 0 else Role()

    def _is_cause(self, group: int) -> bool:
        """Tell whether a noun group describes what a measure is for: "sanctions over the war [on Ukraine]"."""
        s = self.s
        noun = s.before[s.before[group]]
        return (
            s.kinds[noun] == GROUP
            and not s.chunks[noun].measures
            and s.kinds[s.before[noun]] == PREP
            and s.chunks[s.before[noun]].word in {"over", "for", "after", "following", "because", "amid", "since"}
        )

    def _did(self, group: int) -> list[str]:
        """Return the actors in what a target did: "a bank [that served] North Korea", "for buying Iranian oil"."""
        s = self.s
        found: list[str] = []
        for verb in s.finite:
            clause = s.clause(verb)
            if clause.noun == group and verb > group:
                objects, phrases = s.complements(verb)
                for other in (*objects, *(o for _, o in phrases)):
                    found += self._of(other)
        at = s.behind[group]
        if s.kinds[at] == VERBS and s.chunks[at].form in {"ing", "participle"}:
            objects, phrases = s.complements(at)
            for other in (*objects, *(o for _, o in phrases)):
                found += self._of(other)
        return found

    def _by_deeds(
        self, groups: Collection[int], themes: Collection[str], target: Role, *, named: bool
    ) -> tuple[Role, bool]:
        """Return the country of what unnamed targets did: "is designating 15 firms [that shipped Iranian oil]".

        With it whether the target is named otherwise.
        """
        countries = {a for a in themes if not self.makes(a)}
        if len(countries) != 1 or any(self.s.chunks[n].names for n in groups):
            return target, named
        return Role(tuple(countries), "what they did"), False

    def _relative_target(self, group: int) -> Role:
        """Return the target that a clause behind the measure names: "sanctions that the EU has imposed on Iran"."""
        s = self.s
        if not s.chunks[group].measures:
            return Role()
        for verb in s.relatives(group):
            objects, phrases = s.complements(verb)
            for prep, other in phrases:
                if prep in ON and not self._is_cause(other):
                    actors = self._of(other)
                    if actors:
                        return Role(tuple(actors), prep)
            start = s.clause(verb).start
            if s.kinds[start - 1] == PREP and s.chunks[start - 1].word == "under" and s.chunks[verb].act == "put":
                actors = [a for other in objects for a in self._of(other)]
                if actors:
                    return Role(tuple(dict.fromkeys(actors)), "object")
        return Role()

    def _hosted_target(self, group: int) -> Role:
        """Return the target that the clause around a measure names."""
        s, t = self.s, self.t
        host = s.host(group)
        verb = host.verb
        steps = 0
        while host.role == "phrase" and steps < 3:
            noun = host.noun
            if host.prep in BEARING or (host.prep == "to" and noun >= 0 and t.words[s.chunks[noun].head] == "subject"):
                return self._bearer(group, host.prep)
            if host.prep == "of" and noun >= 0:
                for prep, other in s.phrases(noun):
                    if prep in {*ON, "to", "for"} and other > group:
                        actors = self._of(other)
                        if actors:
                            return Role(tuple(actors), prep)
                role = self._modifiers(noun)[1] if s.chunks[noun].measures else Role()
                if role.actors:
                    return role
                host = s.host(noun)
                verb = host.verb
                steps += 1
                continue
            break
        if verb >= 0 and self.is_borne(host):
            before = s.before[verb]
            return Role(tuple(self._of(before)), "bearer") if s.kinds[before] == GROUP else Role()
        if verb < 0:
            return Role()
        c = s.chunks[verb]
        objects, phrases = s.complements(verb)
        if host.role == "subject":
            if c.act == "face":
                return Role()
            for prep, other in phrases:
                if prep in ON and c.act != "rest":
                    actors = self._of(other)
                    if actors:
                        return Role(tuple(actors), prep)
            if c.act in {"put", "be-about", "ban", "sanction", "freeze"} and c.voice != "passive":
                for other in objects:
                    actors = self._of(other)
                    if actors:
                        return Role(tuple(actors), "object")
                for prep, other in phrases:
                    if prep in {"to", "for", "from"}:
                        actors = self._of(other)
                        if actors:
                            return Role(tuple(actors), prep)
            return Role()
        if c.act == "face" and host.role == "object":
            return self._subject_target(verb, "faces")
        if (
            c.act in {"put", "lift", "sanction", "delist", "freeze", "ban", "fine", "other", "answer", "urge"}
            and host.role == "phrase"
            and host.prep in {"on", "to", "from", "with", "under", "in", "as", "into", "off"}
        ):
            if c.voice == "passive":
                return self._subject_target(verb, "object")
            role, _, named = self._objects(
                verb, [o for o in objects if o != group], [p for p in phrases if p[1] != group]
            )
            if role.actors:
                return role
            return Role((), "named" if named else "")
        if (
            host.role == "phrase"
            and host.prep == "by"
            and c.voice == "passive"
            and c.act in {"other", "put", "hinder", "be-about"}
        ):
            return self._subject_target(verb, "object")  # "the industry was crippled by sanctions"
        if c.act == "be" and host.role == "phrase" and host.prep in {"on", "under"}:
            return self._subject_target(verb, "bearer")
        for prep, other in phrases:
            if prep in ON and other != group and host.role == "object" and other > group and not self._is_cause(other):
                actors = self._of(other)
                if actors:
                    return Role(tuple(actors), prep)
        if host.role == "object" and c.act == "violate":
            return Role()
        return Role()

    def _subject_target(self, verb: int, how: str) -> Role:
        actors: list[str] = []
        for subject in self.s.subjects(verb):
            actors += self._of(subject)
        return Role(tuple(dict.fromkeys(actors)), how if actors else "named" if self.s.subjects(verb) else "")

    def _antecedent(self, verb: int, group: int, author: Role) -> Role | None:
        """Return whom a pronoun stands for that is the target: the subject of the clause around or before it."""
        s = self.s
        if s.chunks[group].pronoun not in _PERSONS:
            return None
        for other in sorted(s.finite, reverse=True):
            if other == verb:
                continue
            for subject in s.subjects(other):
                if subject >= group:
                    continue
                actors = tuple(a for a in self._of(subject) if a not in author.actors)
                if actors:
                    return Role(actors, "pronoun")
        return None

    def _bearer(self, group: int, prep: str) -> Role:
        """Return who is under a measure: "Russia is under", "a Russian under", "Moscow, itself under US sanctions"."""
        s = self.s
        host = s.host(group)
        noun = host.noun
        if prep == "to":
            noun = s.host(noun).noun if noun >= 0 else -1
        if noun >= 0 and (s.chunks[noun].actors or s.chunks[noun].names or s.chunks[noun].things):
            actors = self._of(noun)
            placed = s.host(noun)
            if not actors and placed.role == "object" and s.chunks[placed.verb].act == "put":
                # "placed 78 Belarusians and eight entities under measures"
                actors = [a for other in s.complements(placed.verb)[0] for a in self._of(other)]
            return Role(tuple(actors), "bearer") if actors else Role((), "named")
        if (
            noun >= 0
            and s.chunks[noun].pronoun in {"itself", "himself", "herself", "themselves"}
            and s.kinds[s.before[noun]] == COMMA
        ):
            before = s.before[s.before[noun]]
            if s.kinds[before] == GROUP:
                return Role(tuple(self._of(before)), "bearer")
        verb = host.verb
        if verb >= 0 and s.chunks[verb].act in {"be", "stand", "put", "face", "other", "have", "keep"} and verb < group:
            return self._subject_target(verb, "bearer")
        return Role()

    def _objects(
        self, verb: int, objects: list[int], phrases: list[tuple[str, int]]
    ) -> tuple[Role, tuple[str, ...], bool]:
        """Return whom a verb that is a measure strikes: its object, or its subject where it is passive."""
        s, t = self.s, self.t
        themes: list[str] = []
        groups = list(s.subjects(verb)) if s.chunks[verb].voice == "passive" else objects
        actors: list[str] = []
        named = False
        for group in groups:
            found = self._of(group)
            actors += found
            named = named or bool(s.chunks[group].names or s.chunks[group].things)
            themes += self._did(group)
        goods = any(s.chunks[g].goods or t.tags[s.chunks[g].head] == w.NOUN for g in groups)
        for prep, other in phrases:
            if prep in {"over", "after", "following"} or (prep == "for" and not goods):
                themes += self._of(other)
            elif prep == "of" and not actors:
                found = self._of(other)
                named = named or bool(s.chunks[other].names or s.chunks[other].things)
                actors += found
                themes += self._did(other)
            elif prep in {"to", "from", "for", "in", "by"} and not actors and goods:
                actors += [a for a in self._of(other) if prep not in {"in", "by"} or not self.makes(a)]
        end = s.end(verb)
        for n in range(verb + 1, end):
            if (
                s.kinds[n] == VERBS
                and s.chunks[n].form == "ing"
                and s.kinds[n - 1] == PREP
                and s.chunks[n - 1].word in {"for", "after", "over"}
            ):
                more, others = s.complements(n)
                for other in (*more, *(o for _, o in others)):
                    themes += self._of(other)
        return (
            Role(tuple(dict.fromkeys(actors)), "object" if actors else ""),
            tuple(dict.fromkeys(themes)),
            named and not actors,
        )

    def _places(self, actors: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
        t = self.t
        if not actors:
            return ()
        return tuple(
            (t.starts[n], t.ends[n]) for n, tag in enumerate(t.tags) if tag == w.ACTOR and t.values[n] in actors
        )

    def _spots(self, verb: int, group: int, target: Role) -> list[int]:
        """Return the noun groups that are the target of a statement, whether an actor is known of them or not."""
        s = self.s
        found: list[int] = []
        if group >= 0 and s.chunks[group].measures:
            found += [other for prep, other in s.phrases(group) if prep in ON]
            host = s.host(group)
            if not found and host.role == "phrase" and host.noun >= 0 and host.prep in BEARING:
                found.append(host.noun)
            faced = host.role == "object" and verb >= 0 and s.chunks[verb].act == "face"
            if (
                not found
                and verb >= 0
                and (faced or host.role == "phrase" or target.how in {"bearer", "faces", "object"})
            ):
                passive = s.chunks[verb].voice == "passive" or s.chunks[verb].act in {"be", "stand", "face"}
                found += s.subjects(verb) if passive else [o for o in s.complements(verb)[0] if o != group]
        elif verb >= 0:
            found += s.subjects(verb) if s.chunks[verb].voice == "passive" else s.complements(verb)[0]
            clause = s.clause(verb)
            if not found and clause.noun >= 0 and clause.noun not in clause.subject:
                found.append(clause.noun)  # "a banker whom the US has blacklisted"
            found += [o for prep, o in s.complements(verb)[1] if prep == "of"]
        name = verb - 2  # "the president's guest last month, [Ahmed al-Sharaa], is on the list"
        if (
            verb > 2
            and s.kinds[verb - 1] == s.kinds[verb - 3] == COMMA
            and s.kinds[name] == GROUP
            and (s.chunks[name].names or self.t.forms[s.chunks[name].head] == "leader")
            and not set(found).isdisjoint(s.subjects(verb))
            and not any(map(self._is_somebody, range(max(found) + 1, name)))
        ):
            found.append(name)
        return found

    def _is_somebody(self, group: int) -> bool:
        """Tell whether a chunk is a noun group with a word for persons or bodies: the name behind it may be theirs."""
        c = self.s.chunks[group]
        return c.kind == GROUP and any(self.t.tags[n] in {w.THING, w.OFFICE} for n in range(c.first, c.last))

    def _is_itself(self, target: Role, spots: Collection[tuple[int, int]]) -> bool:
        """Tell whether a target is an actor as such: "on Russia", not "on Russian banks".

        ``spots`` are where it stands; where they are known, nothing else is asked that the sentence says of the actor.
        """
        t, s = self.t, self.s
        for start, _ in target.places:
            if spots and not any(low <= start < high for low, high in spots):
                continue
            n = bisect_left(t.starts, start)
            c = s.chunks[s.places[n]]
            if c.kind == GROUP and (
                (c.head == n and t.forms[n] in {"name", "seat"})
                or (c.actors and c.actors[-1] == n and t.words[c.head] in w.WHOLES)
            ):
                return True
        return False
