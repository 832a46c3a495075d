"""Statements: who does what to whom, as far as a sentence says it, and whether it is asserted.

Each role says how it was found (``subject``, ``by``, ``modifier`` …). What the words leave open stays empty: nothing is
taken from beyond the sentence here (``carrying`` does that, where it is certain).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from . import words as w
from .chunks import COMMA, GROUP, JOIN, PREP, QUOTE, REL, STOP, SUB, VERBS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .clauses import Sentence
    from .lexicon import Lexicon

# Acts whose subject is the author of the measure that they act on.
AUTHORING = frozenset(
    {
        "impose",
        "keep",
        "widen",
        "lift",
        "sanction",
        "freeze",
        "ban",
        "delist",
        "put",
        "answer",
        "have",
        "decide",
        "intend",
    }
)
# Acts by which a measure does not stand yet, and what is said of one that may.
_UNDONE = frozenset({"urge", "intend", "veto"})
# Acts of which it hangs that a measure is there at all, and those that bring one about.
_EXISTENCE = frozenset({"be", "have", "impose", "decide", "in-force", "stand", "face", "put", "sanction", "freeze", "ban"})
_BEGINNING = frozenset({"impose", "decide", "sanction", "freeze", "ban", "put", "intend"})
_WISHING = frozenset({"urge", "intend", "expect"})
# Acts that are measures themselves, without a noun that names one.
MEASURING = frozenset({"sanction", "freeze", "ban", "delist"})
_ACTING = frozenset({"name", "seat", "organ", "office", "leader"})
# What stands behind an actor and a hyphen and says what the actor did.
COMPOUND = frozenset("sanctioned imposed listed designated blacklisted embargoed mandated backed".split())
_BEARING = frozenset({"under", "facing"})
_ON = ("on", "against", "upon", "targeting", "towards", "toward")
_TO = ("for", "to", "over", "in", "at", "with", "from")
_WRAPPING = frozenset({w.NOUN, w.WISH, w.PARTIAL, w.MEASURE, w.PART, w.INSTRUMENT})


class Role(NamedTuple):
    """Actors (ids) in a role, how they were found, and of targets where the sentence names them (offsets)."""

    actors: tuple[str, ...] = ()
    how: str = ""
    places: tuple[tuple[int, int], ...] = ()


class Statement(NamedTuple):
    """What a stretch of a sentence says.

    ``start`` and ``end`` are offsets of its trigger. ``authority`` and ``target`` are actors; ``themes`` are actors
    that stand beside the target (what it is over, what the target did). ``named`` tells of a target that the words name
    and no actor is known of (a person, "six oligarchs"). ``refers`` is the word that stands for an author or a measure
    named before ("it", "the bloc", "the measures"). ``status`` is ``asserted``, ``denied``, ``wished``,
    ``hypothetical``, ``question``, ``vetoed``, ``false`` or ``figurative``; ``said`` tells by whom it is reported.
    ``existing`` is false for measures that do not stand yet ("called for sanctions"), ``presupposed`` where the
    sentence neither says nor takes it for granted that the measure is there ("Russia is not under sanctions"). ``partial`` tells that only a part
    is meant. ``role`` is what the measure is in its clause (``subject``, ``object``, ``phrase``, ``verb``, or ``bearer``
    where its target is said to be under it), ``itself`` whether the target is the actor and not somebody of it.
    ``spots`` are the noun groups that are the target, ``instrument`` the one that names an instrument (offsets).
    """

    start: int
    end: int
    act: str
    measure: str
    authority: Role
    target: Role
    themes: tuple[str, ...]
    named: bool
    refers: str
    status: str
    said: str
    tense: str
    existing: bool
    presupposed: bool
    partial: bool
    role: str
    itself: bool
    spots: tuple[tuple[int, int], ...]
    instrument: tuple[int, int]
    verb: int
    group: int


class Reader:
    """The statements of one sentence."""

    def __init__(self, sentence: Sentence, lexicon: Lexicon) -> None:
        self.s = sentence
        self.t = sentence.t
        self.lexicon = lexicon
        self._by_group: dict[int, Statement] = {}
        self._by_verb: dict[int, Statement] = {}

    # -- from places to statements --------------------------------------------------------------------

    def at(self, start: int, end: int) -> Statement | None:
        """Return the statement that a stretch of text makes or stands in, ``None`` where no word of it is read."""
        t = self.t
        inside = [n for n in range(len(t)) if t.starts[n] < end and t.ends[n] > start]
        if not inside:
            return None
        for wanted in (w.MEASURE, w.BODY, w.GOODS, w.VERB, w.THING, w.OFFICE):
            for n in reversed(inside) if wanted == w.GOODS else inside:
                if t.tags[n] != wanted:
                    continue
                at = self.chunk_of(n)
                if wanted == w.VERB:
                    if t.values[n] in MEASURING | {"put"} and self.s.chunks[at].kind == VERBS:
                        return self.of_verb(at)
                elif self.s.chunks[at].kind == GROUP:
                    return self.of_group(at, n)
        at = self.chunk_of(inside[-1])
        if self.s.chunks[at].kind == GROUP:
            return self.of_group(at, inside[-1])
        if self.s.chunks[at].kind == VERBS:
            return self.of_verb(at)
        return None

    def chunk_of(self, token: int) -> int:
        """Return the chunk that holds a token."""
        for n, c in enumerate(self.s.chunks):
            if c.first <= token < c.last:
                return n
        return len(self.s.chunks) - 1

    def all(self) -> list[Statement]:
        """Return the statements of all measures, and of verbs that are measures, in order."""
        found: list[Statement] = []
        for n, c in enumerate(self.s.chunks):
            if c.kind == GROUP and c.measures:
                found.append(self.of_group(n, c.measures[-1]))
            elif (
                c.kind == VERBS
                and c.act in MEASURING
                and not any(self.s.chunks[o].measures for o in self.s.complements(n)[0])
            ):
                found.append(self.of_verb(n))
        return found

    # -- actors ---------------------------------------------------------------------------------------

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
        if c.actors:
            last = c.actors[-1]
            rest = [n for n in range(last + 1, c.last) if t.tags[n] not in {w.NAME, w.POSSESSIVE, w.HYPHEN, w.NUMBER}]
            if not rest and not (last + 1 < c.last and t.tags[last + 1] == w.POSSESSIVE):
                if t.forms[last] in _ACTING or t.forms[last] == "people":
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

    def makes(self, actor: str) -> bool:
        """Tell whether an actor is one whose own sanctions the news speaks of without saying so."""
        data = self.lexicon.actors.get(actor)
        return data is not None and (data.jurisdiction in _MAKERS or bool(data.members) or bool(data.stands_for))

    # -- statements -----------------------------------------------------------------------------------

    def of_group(self, group: int, token: int) -> Statement:
        """Return the statement that a noun group makes: of a measure, or of goods or persons under one."""
        found = self._by_group.get(group)
        if found is None:
            found = self._by_group[group] = self._of_group(group, token)
        return found

    def of_verb(self, verb: int) -> Statement:
        """Return the statement of a verb that is a measure itself: "sanctioned", "froze", "banned"."""
        found = self._by_verb.get(verb)
        if found is None:
            found = self._by_verb[verb] = self._of_verb(verb)
        return found

    def _of_verb(self, verb: int) -> Statement:
        s, c = self.s, self.s.chunks[verb]
        objects, phrases = s.complements(verb)
        measures = [o for o in objects if s.chunks[o].measures]
        if measures and c.act in {"put", "ban", "freeze"}:
            return self.of_group(measures[0], s.chunks[measures[0]].measures[-1])
        authority = self._author(verb, phrases)
        target, themes, named = self._objects(verb, objects, phrases)
        return self._statement(
            verb,
            -1,
            (c.first, c.last),
            (c.act, c.act),
            authority,
            (target, themes, named),
            [*objects, *s.subjects(verb)],
        )

    def _of_group(self, group: int, token: int) -> Statement:
        s, t, c = self.s, self.t, self.s.chunks[group]
        host = s.host(group)
        is_measure = bool(c.measures)
        if not is_measure:
            # Goods and persons: what the verb or the noun that they hang on says of them.
            if (host.role == "object" and self._strikes(host.verb)) or (
                host.role == "subject" and (s.chunks[host.verb].voice == "passive" and self._strikes(host.verb))
            ):
                base = self.of_verb(host.verb)
                return base._replace(group=group)
            higher = s.governor(host.verb) if host.verb >= 0 and s.chunks[host.verb].form in {"to", "ing"} else -1
            if host.role in {"object", "phrase"} and higher >= 0 and s.chunks[higher].act in MEASURING | {"bind"}:
                # "forbids dealers to sell luxury cars", "bars firms from selling arms".
                base = self.of_verb(higher)
                return self._with_goods(base._replace(target=Role(), themes=()), group)
            noun = host.noun
            steps = 0
            while noun >= 0 and steps < 4:
                if s.chunks[noun].measures:
                    base = self.of_group(noun, s.chunks[noun].measures[-1])
                    return self._with_goods(base, group)
                above = s.host(noun)
                if (above.role == "object" and s.chunks[above.verb].act in MEASURING) or (
                    above.role == "subject"
                    and s.chunks[above.verb].act in MEASURING
                    and s.chunks[above.verb].voice == "passive"
                ):
                    return self.of_verb(above.verb)._replace(group=group)
                noun, steps = above.noun, steps + 1
        authority = self._authority(group, host)
        target = self._target(group, host)
        verb = host.verb
        act = s.chunks[verb].act if verb >= 0 else ""
        measure = t.values[c.measures[-1]] if c.measures else ""
        others = list(s.subjects(verb)) if verb >= 0 else []
        return self._statement(verb, group, (token, token + 1), (act, measure), authority, target, [group, *others])

    def _strikes(self, verb: int) -> bool:
        """Tell whether a verb puts its object under a measure: "froze", "put on the list", "removed from the list"."""
        s, c = self.s, self.s.chunks[verb]
        if c.act in {"put", "lift"}:
            return any(s.chunks[other].measures or s.chunks[other].instruments for _, other in s.complements(verb)[1])
        return c.act in MEASURING

    def _with_goods(self, base: Statement, group: int) -> Statement:
        """Return a measure's statement for the goods that it is on: their origin or destination is its target."""
        if base.target.actors:
            return base
        actors = [a for a in self.actors_in(group) if a not in base.authority.actors]
        how = "goods"
        if not actors:
            for prep, other in self.s.phrases(group):
                if prep in {*_ON, *_TO, "of"} and self.s.chunks[other].actors:
                    actors, how = self.actors_in(other), prep
                    break
        return base._replace(target=Role(tuple(actors), how), group=group) if actors else base

    def _statement(
        self,
        verb: int,
        group: int,
        tokens: tuple[int, int],
        what: tuple[str, str],
        authority: tuple[Role, str],
        target: tuple[Role, tuple[str, ...], bool],
        involved: Iterable[int],
    ) -> Statement:
        s, t = self.s, self.t
        status, said = self._status(verb, group, involved)
        role, refers = authority
        if verb >= 0 and s.chunks[verb].act in {"be", "stand", "keep", "other"}:
            after = range(verb + 1, min(verb + 4, len(s.chunks)))
            value = next((t.values[s.chunks[n].first] for n in after if t.tags[s.chunks[n].first] == w.PREDICATE), "")
            what = (value or what[0], what[1])
        on = target[0]._replace(places=self._places(target[0].actors))
        tense = s.chunks[verb].tense if verb >= 0 else ""
        return Statement(
            t.starts[tokens[0]],
            t.ends[tokens[1] - 1],
            *what,
            role,
            on,
            target[1],
            target[2],
            refers,
            status,
            said,
            tense,
            self._exists(verb, group),
            self._is_presupposed(status, what[0], group),
            self._is_partial(verb, group),
            self._role(verb, group, on),
            self._is_itself(on),
            tuple(self.span(n) for n in self._spots(verb, group, on)),
            self._instrument_of(verb, group),
            verb,
            group,
        )

    def clause_span(self, statement: Statement) -> tuple[int, int]:
        """Return the stretch of a statement's verb with what is said to be ("in force") and whom it is said of."""
        t, s = self.t, self.s
        start, end = self.span(statement.verb)
        for n in range(statement.verb + 1, min(statement.verb + 4, len(s.chunks))):
            if t.tags[s.chunks[n].first] == w.PREDICATE:
                end = self.span(n)[1]
        if statement.role in {"bearer", "verb"}:
            start = min([start, *(a for a, _ in statement.spots)])
        return start, max([end, *(b for _, b in statement.spots)])

    def _is_presupposed(self, status: str, act: str, group: int) -> bool:
        """Tell whether a sentence takes it that a measure is there, even where it denies something else of it."""
        if status in {"hypothetical", "question", "vetoed", "false"} or group >= 0 and self.s.chunks[group].negative:
            return False
        return not (status == "denied" and act in _EXISTENCE) and not (status == "wished" and act in _BEGINNING)

    def span(self, group: int) -> tuple[int, int]:
        """Return the offsets of a chunk."""
        c = self.s.chunks[group]
        return self.t.starts[c.first], self.t.ends[c.last - 1]

    def _role(self, verb: int, group: int, target: Role) -> str:
        if group < 0 or self.s.chunks[group].goods and not self.s.chunks[group].measures:
            return "verb" if verb >= 0 else ""
        if target.how in {"bearer", "faces"}:
            return "bearer"
        host = self.s.host(group)
        if host.prep in _BEARING | {"on", "to"} and host.role == "phrase" and verb >= 0 and self.s.chunks[verb].act in {"be", "stand"}:
            return "bearer"
        return host.role

    def _is_itself(self, target: Role) -> bool:
        """Tell whether a target is an actor as such: "on Russia", not "on Russian banks"."""
        t = self.t
        heads = {c.head for c in self.s.chunks if c.kind == GROUP}
        return any(
            n in heads and t.forms[n] in {"name", "seat"} and (t.starts[n], t.ends[n]) in target.places
            for n in range(len(t))
        )

    def _spots(self, verb: int, group: int, target: Role) -> list[int]:
        """Return the noun groups that are the target of a statement, whether an actor is known of them or not."""
        s = self.s
        found: list[int] = []
        if group >= 0 and s.chunks[group].measures:
            found += [other for prep, other in s.phrases(group) if prep in _ON]
            host = s.host(group)
            if not found and host.role == "phrase" and host.noun >= 0 and host.prep in _BEARING:
                found.append(host.noun)
            if not found and verb >= 0 and (host.role == "phrase" or target.how in {"bearer", "faces", "object"}):
                passive = s.chunks[verb].voice == "passive" or s.chunks[verb].act in {"be", "stand", "face"}
                found += s.subjects(verb) if passive else [o for o in s.complements(verb)[0] if o != group]
        elif verb >= 0:
            found += s.subjects(verb) if s.chunks[verb].voice == "passive" else s.complements(verb)[0]
            found += [o for prep, o in s.complements(verb)[1] if prep == "of"]
        return found

    def _instrument_of(self, verb: int, group: int) -> tuple[int, int]:
        """Return where the instrument stands that a measure is put down to, (-1, -1) where none is."""
        s = self.s
        phrases = list(s.phrases(group)) if group >= 0 else []
        if verb >= 0:
            phrases += s.complements(verb)[1]
            phrases += [("subject", n) for n in s.subjects(verb) if s.chunks[verb].act in MEASURING | {"impose", "bind"}]
            phrases += self._fronted(verb)
        for n in range(group + 1, min(group + 8, len(s.chunks))) if group >= 0 else ():
            if s.kind(n) == VERBS and s.chunks[n].form == "participle" and s.described(n) == group:
                phrases += s.complements(n)[1]
        for prep, other in phrases:
            if s.chunks[other].instruments and prep in {
                "under", "in", "by", "through", "via", "pursuant", "to", "on", "from", "of", "subject",
            }:  # fmt: skip
                return self.span(other)
        return (-1, -1)

    def _places(self, actors: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
        t = self.t
        return tuple((t.starts[n], t.ends[n]) for n in range(len(t)) if t.tags[n] == w.ACTOR and t.values[n] in actors)

    # -- authority ------------------------------------------------------------------------------------

    def _author(self, verb: int, phrases: list[tuple[str, int]], group: int = -1) -> tuple[Role, str]:
        """Return the author of what a verb does: its subject, or who stands behind "by" where it is passive."""
        s = self.s
        c = s.chunks[verb]
        if c.voice == "passive":
            for prep, other in phrases:
                if prep == "by":
                    actor = self.acts_for(other)
                    if actor:
                        return Role(self._together(other), "by"), ""
            for prep, other in phrases:
                if prep == "in" and c.act == "freeze" and self.acts_for(other) and self.makes(self.acts_for(other)):
                    return Role((self.acts_for(other),), "in"), ""
            return self._by_instrument(phrases)
        subjects = s.subjects(verb)
        actors = [a for a in map(self.acts_for, subjects) if a]
        if c.act == "have":
            # Who has sanctions may be under them.
            actors = [a for a in actors if self.makes(a)]
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

    def _fronted(self, verb: int) -> list[tuple[str, int]]:
        """Return the phrases that stand before the subject of a verb: "[Under Resolution 2397], States must …"."""
        s = self.s
        found = []
        subjects = s.subjects(verb)
        low = s.clause(verb).start
        first = min(subjects) if subjects else verb
        for n in range(first - 1, -1, -1):
            if s.kind(n) in {VERBS, SUB, REL}:
                break
            if s.kind(n) == GROUP and s.kind(s.back(n)) == PREP and n < max(low, first):
                found.append((s.chunks[s.back(n)].word, n))
        return found

    def _together(self, group: int) -> tuple[str, ...]:
        """Return the actors of a noun group and of those joined to it behind: "by the US, Britain and Canada"."""
        s = self.s
        found = [self.acts_for(group)]
        at = s.on(group)
        while s.kind(at) in {COMMA, JOIN} and s.kind(s.on(at)) == GROUP and not s.is_subject(s.on(at)):
            actor = self.acts_for(s.on(at))
            if not actor:
                break
            found.append(actor)
            at = s.on(s.on(at))
        return tuple(dict.fromkeys(a for a in found if a))

    def _by_instrument(self, phrases: list[tuple[str, int]]) -> tuple[Role, str]:
        """Return the author whose instrument a phrase names: "under Resolution 2397", "in Executive Order 14024"."""
        t = self.t
        for prep, other in phrases:
            c = self.s.chunks[other]
            if (
                prep in {"under", "in", "by", "through", "via", "pursuant", "to", "on", "from", "of", "with"}
                and c.instruments
            ):
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
            self.t.tags[s.chunks[n].head] in {w.OFFICE, w.ORGAN, w.MEASURE} or bool(self._reference(n))
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
                and s.kind(clause.start - 1) in {COMMA, QUOTE}
            ):
                for subject in clause.subject:
                    actor = self.acts_for(subject)
                    if actor and self.makes(actor) and self._is_official(subject):
                        return actor
        return ""

    def _is_official(self, group: int) -> bool:
        """Tell whether a noun group is somebody who speaks for a government: an organ, office, leader or capital."""
        c, t = self.s.chunks[group], self.t
        return t.tags[c.head] in {w.OFFICE, w.ORGAN} or any(t.forms[n] in _ACTING for n in c.actors)

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

    def _authority(self, group: int, host: object) -> tuple[Role, str]:
        """Return the author of the measure that a noun group names."""
        s, t, c = self.s, self.t, self.s.chunks[group]
        own = self._modifiers(group)[0]
        if own.actors:
            return own, ""
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
            if s.kind(n) == VERBS and s.chunks[n].form == "participle" and s.described(n) == group:
                _objects, more = s.complements(n)
                for prep, other in more:
                    if prep == "by" and self.acts_for(other):
                        return Role(self._together(other), "by"), ""
                found = self._by_instrument(more)
                if found[0].actors:
                    return found
        if c.measures and t.tags[c.first] == w.DETERMINER and t.forms[c.first] == "own":
            found = self._owner(group)
            if found[0].actors or found[1]:
                return found
        found = self._hosted(group)
        if found[0].actors or found[1]:
            return found
        definite = t.words[c.first] in {"the", "these", "those", "this", "that", "such"}
        return Role(), "the measures" if definite and c.measures else ""

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
        last = (c.measures or c.instruments)[-1]
        before = [n for n in c.actors if n < last]
        author = target = Role()
        on = any(prep in _ON for prep, _ in s.phrases(group)[:2])
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
        at = s.back(group)
        while s.kind(at) in {JOIN, COMMA} and s.kind(s.back(at)) == GROUP:
            other = s.back(at)
            c = s.chunks[other]
            bare = all(t.tags[n] in {w.ACTOR, w.DETERMINER, w.POSSESSIVE, w.HYPHEN} for n in range(c.first, c.last))
            if (
                not bare
                or not c.actors
                or self.makes(t.values[c.actors[-1]]) != makers
                or (s.kind(at) == COMMA and not found and s.kind(s.on(at)) != GROUP)
            ):
                break
            if s.kind(at) == COMMA and not found:
                break
            if s.kind(s.back(other)) == PREP and s.chunks[s.back(other)].word in {"on", "against"}:
                break
            found.append(t.values[c.actors[-1]])
            at = s.back(other)
        return list(reversed(found))

    def _relative(self, group: int) -> tuple[Role, str]:
        """Return the author that a clause behind the measure names: "sanctions, which the EU adopted"."""
        s = self.s
        ends = {group, *(n for _, n in s.phrases(group))}
        for verb in s.finite:
            clause = s.clause(verb)
            if verb < group or clause.noun not in ends or (clause.marker == "that" and clause.verb >= 0):
                continue
            c = s.chunks[verb]
            if c.voice == "passive":
                if group in clause.subject or clause.noun in clause.subject:
                    for prep, other in s.complements(verb)[1]:
                        if prep == "by" and self.acts_for(other):
                            return Role(self._together(other), "relative clause"), ""
                continue
            if c.act in AUTHORING and clause.subject and clause.noun not in clause.subject:
                actors = [a for a in map(self.acts_for, clause.subject) if a and (c.act != "have" or self.makes(a))]
                if actors:
                    return Role(tuple(actors), "relative clause"), ""
        return Role(), ""

    def _owner(self, group: int) -> tuple[Role, str]:
        """Return whose "its sanctions" are: the subject's of the clause, where it is an actor."""
        s = self.s
        host = s.host(group)
        verbs = [host.verb] if host.verb >= 0 else []
        verbs += [v for v in reversed(s.finite) if v < group and v not in verbs]
        for verb in verbs[:3]:
            for subject in s.subjects(verb):
                if subject >= group:
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

    # -- target ---------------------------------------------------------------------------------------

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
        if not found and self.t.tags[c.first] == w.DETERMINER and self.t.forms[c.first] == "own":
            # "had their assets frozen": those of the subject.
            for subject in self.s.subjects(self.s.host(group).verb) if self.s.host(group).verb >= 0 else ():
                if subject < group:
                    found += self.actors_in(subject)
        if not found:
            at = self.s.on(group)
            if (
                self.s.kind(at) == COMMA
                and self.s.kind(at + 1) == GROUP
                and self.s.kind(self.s.on(at + 1)) in {COMMA, PREP, STOP, VERBS}
            ):
                # "Kim Yong Chol, a North Korean general, …"
                other = at + 1
                c = self.s.chunks[other]
                if self.t.tags[c.first] == w.DETERMINER and c.actors and (c.things or c.names):
                    found = self.actors_in(other)
        return found

    def _target(self, group: int, host: object) -> tuple[Role, tuple[str, ...], bool]:
        """Return whom the measure of a noun group is on, what stands beside it, and whether it is named otherwise."""
        s, t, c = self.s, self.t, self.s.chunks[group]
        themes: list[str] = []
        phrases = s.phrases(group)
        named = False
        for n, (prep, other) in enumerate(phrases):
            cause = self._is_cause(other)
            if prep in _ON and cause:
                themes += self._of(other)
                continue  # "over the war on Ukraine"
            if prep not in _ON:
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
        if not named:
            for prep, other in phrases:
                if s.chunks[other].instruments:
                    continue
                if prep in _TO and (c.measures or prep in {"to", "for", "from"}):
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
        found = self._hosted_target(group)
        if found.actors:
            return found, tuple(themes), False
        others = [a for a in self.actors_in(group) if not self.makes(a)]
        if not c.measures and others and t.tags[c.head] not in {w.BODY, w.ORGAN, w.OFFICE}:
            return Role(tuple(others), "named"), tuple(themes), False
        return Role(), tuple(themes), named or found.how == "named"

    def _is_cause(self, group: int) -> bool:
        """Tell whether a noun group describes what a measure is for: "sanctions over the war [on Ukraine]"."""
        s = self.s
        noun = s.back(s.back(group))
        return (
            s.kind(noun) == GROUP
            and not s.chunks[noun].measures
            and s.kind(s.back(noun)) == PREP
            and s.chunks[s.back(noun)].word in {"over", "for", "after", "following", "because", "amid", "since"}
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
        at = s.on(group)
        if s.kind(at) == VERBS and s.chunks[at].form in {"ing", "participle"}:
            objects, phrases = s.complements(at)
            for other in (*objects, *(o for _, o in phrases)):
                found += self._of(other)
        return found

    def _hosted_target(self, group: int) -> Role:
        """Return the target that the clause around a measure names."""
        s, t = self.s, self.t
        host = s.host(group)
        verb = host.verb
        steps = 0
        while host.role == "phrase" and steps < 3:
            noun = host.noun
            if host.prep in _BEARING or (host.prep == "to" and noun >= 0 and t.words[s.chunks[noun].head] == "subject"):
                return self._bearer(group, host.prep)
            if host.prep == "of" and noun >= 0:
                for prep, other in s.phrases(noun):
                    if prep in {*_ON, "to", "for"} and other > group:
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
        if verb < 0:
            return Role()
        c = s.chunks[verb]
        objects, phrases = s.complements(verb)
        if host.role == "subject":
            if c.act == "face":
                return Role()
            for prep, other in phrases:
                if prep in _ON and c.act != "rest":
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
            and host.prep in {"on", "to", "from", "with", "under", "in", "as", "into"}
        ):
            if c.voice == "passive":
                return self._subject_target(verb, "object")
            role, _, named = self._objects(
                verb, [o for o in objects if o != group], [p for p in phrases if p[1] != group]
            )
            if role.actors:
                return role
            return Role((), "named" if named else "")
        if c.act == "be" and host.role == "phrase" and host.prep in {"on", "under"}:
            return self._subject_target(verb, "bearer")
        for prep, other in phrases:
            if prep in _ON and other != group and host.role == "object" and other > group and not self._is_cause(other):
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

    def _bearer(self, group: int, prep: str) -> Role:
        """Return who is under a measure: "Russia is under", "a Russian under", "Moscow, itself under US sanctions"."""
        s = self.s
        host = s.host(group)
        noun = host.noun
        if prep == "to":
            noun = s.host(noun).noun if noun >= 0 else -1
        if noun >= 0 and (s.chunks[noun].actors or s.chunks[noun].names or s.chunks[noun].things):
            actors = self._of(noun)
            return Role(tuple(actors), "bearer") if actors else Role((), "named")
        if (
            noun >= 0
            and s.chunks[noun].pronoun in {"itself", "himself", "herself", "themselves"}
            and s.kind(s.back(noun)) == COMMA
        ):
            before = s.back(s.back(noun))
            if s.kind(before) == GROUP:
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
                s.chunks[n].kind == VERBS
                and s.chunks[n].form == "ing"
                and s.kind(n - 1) == PREP
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

    # -- what is asserted -----------------------------------------------------------------------------

    def _exists(self, verb: int, group: int) -> bool:
        """Tell whether a measure stands already: not in "called for sanctions", "threatened sanctions"."""
        s, t = self.s, self.t
        if group >= 0:
            c = s.chunks[group]
            if t.words[c.first] in {"the", "its", "their", "these", "those", "existing", "current"}:
                return True
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

    def _is_partial(self, verb: int, group: int) -> bool:
        s, t = self.s, self.t
        if any(tag == w.PARTIAL for tag in t.tags):
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

    def _status(self, verb: int, group: int, involved: Iterable[int]) -> tuple[str, str]:
        """Return whether what a verb says is asserted, and by whom it is reported."""
        s, t = self.s, self.t
        status = "asserted"
        said = ""
        negative = any(s.chunks[n].negative for n in involved if n >= 0)
        at = verb
        seen: set[int] = set()
        question = any(word == "?" for word in t.words)
        while at >= 0 and at not in seen:
            seen.add(at)
            c = s.chunks[at]
            negative ^= c.negative
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
                noun = s.back(at)
                if c.form == "to" and s.kind(noun) == GROUP:
                    status = _first(status, "wished")
                break
            if c.form == "participle":
                break
            clause = s.clause(at)
            if clause.marker in {"if", "whether", "unless"}:
                status = _first(status, "hypothetical")
            elif clause.marker in {"when", "until", "before", "till"}:
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
                    negative ^= s.chunks[subject].negative
                if governor.act == "say" and not said:
                    said = self._by_whom(above)
                at = above
                continue
            break
        if not said:
            said = self._behind(verb, group)
        # "… is false", "which is a myth": said of the whole.
        if verb >= 0 and self._called_false(verb):
            status = "false"
        if negative and status in {"asserted", "future"}:
            status = "denied"
        if question and status == "asserted" and not said:
            status = "question"
        return status, said

    def _is_doubtful(self, verb: int) -> bool:
        """Tell whether what is said to be is only likely or not: "sanctions on Belarus are unlikely"."""
        s, t = self.s, self.t
        return any(
            t.tags[n] == w.WISH for o in s.complements(verb)[0] for n in range(s.chunks[o].first, s.chunks[o].last)
        )

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


_MAKERS = frozenset("un us eu uk ca ch jp au nz no ua kr tw sg il".split())
