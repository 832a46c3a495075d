"""Statements: who does what to whom, as far as a sentence says it, and whether it is asserted.

Each role says how it was found (``subject``, ``by``, ``modifier`` …). What the words leave open stays empty: nothing is
taken from beyond the sentence here.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from . import words as w
from .authority import Authorship
from .chunks import DATE, GROUP, PREP, VERBS
from .clauses import Host
from .instruments import Dating, Instruments
from .limits import Limits
from .manner import Manner
from .naming import MEASURING, ON, TO
from .statement import Role, Statement
from .target import Targets

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from .clauses import Sentence
    from .lexicon import Lexicon


# What a stretch of text makes a statement with, the first that it holds.
_SAYING = (w.MEASURE, w.BODY, w.GOODS, w.VERB, w.THING, w.OFFICE)
_MOST_STEPS = 4  # from goods or persons to the measure that they are under
_BEGINNING = frozenset({"impose", "put", "ban", "freeze"})  # by which a measure begins
_ESTABLISHING = _BEGINNING | {"decide"}
_TAKING = frozenset({"put", "ban", "freeze"})  # acts whose object may be the measure itself


class Reader(Authorship, Targets, Instruments, Limits):
    """The statements of one sentence."""

    def __init__(self, sentence: Sentence, lexicon: Lexicon) -> None:
        super().__init__(sentence, lexicon)
        self._by_token: dict[int, Statement] = {}
        self._by_verb: dict[int, Statement] = {}
        self._all: list[Statement] | None = None

    def at(self, start: int, end: int) -> Statement | None:
        """Return the statement that a stretch of text makes or stands in, ``None`` where no word of it is read."""
        place = self._place(start, end)
        if place is None:
            return None
        at, token = place
        return self.of_group(at, token) if token >= 0 else self.of_verb(at)

    def may_act(self, start: int, end: int, acts: Collection[str]) -> bool:
        """Tell whether the statement at a stretch of text may say one of some acts, without whose measure it is of."""
        place = self._place(start, end)
        if place is None:
            return False
        at, token = place
        c = self.s.chunks[at]
        if token >= 0:
            return not c.measures or self._act(self.s.host(at).verb) in acts
        return c.act in _TAKING or self._act(at) in acts

    def _place(self, start: int, end: int) -> tuple[int, int] | None:
        """Return of which noun group and token, or of which verb group (-1), a stretch of text makes a statement."""
        t = self.t
        inside = range(bisect_right(t.ends, start), bisect_left(t.starts, end))
        if not inside:
            return None
        tags = t.tags[inside.start : inside.stop]
        for wanted in _SAYING:
            if wanted not in tags:
                continue
            for n in reversed(inside) if wanted == w.GOODS else inside:
                if t.tags[n] != wanted:
                    continue
                at = self.chunk_of(n)
                if wanted == w.VERB:
                    if t.values[n] in MEASURING | {"put"} and self.s.kinds[at] == VERBS:
                        return at, -1
                elif self.s.kinds[at] == GROUP:
                    return at, n
        first = self.chunk_of(inside[0])
        if self.s.kinds[first] == GROUP and t.forms[self.s.chunks[first].head] == "organ":
            return first, self.s.chunks[first].head  # "the UN Panel of Experts on North Korea"
        at = self.chunk_of(inside[-1])
        if self.s.kinds[at] == GROUP:
            return at, inside[-1]
        return (at, -1) if self.s.kinds[at] == VERBS else None

    def may_name_author(self) -> bool:
        """Tell whether anybody stands in the sentence who may be the author of a measure, or "its" does."""
        return any(c.actors for c in self.s.chunks) or "its" in self.t.words

    def all(self) -> list[Statement]:
        """Return the statements of all measures, and of verbs that are measures, in order."""
        if self._all is None:
            self._all = self._read_all()
        return self._all

    def _read_all(self) -> list[Statement]:
        found: list[Statement] = []
        for n, c in enumerate(self.s.chunks):
            if c.measures:
                found.append(self.of_group(n, c.measures[-1]))
            elif c.act in MEASURING and not any(self.s.chunks[o].measures for o in self.s.complements(n)[0]):
                found.append(self.of_verb(n))
        return found

    def is_subject(self, start: int, end: int) -> bool:
        """Tell whether the words at ``start`` to ``end`` are the subject of a finite verb, and not of another's."""
        t, s = self.t, self.s
        inside = range(bisect_right(t.ends, start), bisect_left(t.starts, end))
        if not inside:
            return False
        group = self.chunk_of(inside[-1])
        return s.kinds[group] == GROUP and s.is_subject(group) and t.ends[s.chunks[group].last - 1] <= end

    def binding(self) -> list[Statement]:
        """Return the statements of verbs by which an instrument binds: "requires", "must", "bans"."""
        return [
            self.of_verb(n)
            for n, c in enumerate(self.s.chunks)
            if c.kind == VERBS and (c.act in {"bind", "ban"} or c.modal == "duty")
        ]

    def of_group(self, group: int, token: int) -> Statement:
        """Return the statement that a noun group makes at one of its tokens: of a measure, or of what is under one."""
        found = self._by_token.get(token)
        if found is None:
            found = self._by_token[token] = self._of_group(group, token)
        return found

    def relative(self, statement: Statement) -> list[Statement]:
        """Return what clauses behind a measure say of it: "the embargo [which the Council imposed in 2011]"."""
        s, group = self.s, self._measure_of(statement.group)
        if group < 0:
            return []
        found = []
        c = s.chunks[group]
        token = c.measures[-1] if c.measures else c.head
        for verb in s.relatives(group):
            if verb == statement.verb:
                continue
            clause = s.clause(verb)
            role = "subject" if clause.noun in clause.subject else "object"
            found.append(
                self._statement(
                    verb,
                    group,
                    (token, token + 1),
                    statement.measure,
                    (statement.authority, statement.refers),
                    (statement.target, statement.themes, statement.named),
                    [group, *(n for n in clause.subject if n != clause.noun)],
                    host=Host(role, verb, -1, ""),
                )
            )
        return found

    def _measure_of(self, group: int) -> int:
        """Return the noun group of the measure that goods or persons are under; the group itself for what makes law."""
        steps = 0
        c = self.s.chunks[group] if group >= 0 else None
        if c is not None and (c.instruments or self.t.forms[c.head] == "organ"):
            return group
        while group >= 0 and not self.s.chunks[group].measures and steps < _MOST_STEPS:
            group, steps = self.s.host(group).noun, steps + 1
        return group if group >= 0 and self.s.chunks[group].measures else -1

    def began(self, statement: Statement) -> Dating | None:
        """Return when a measure is said to have been imposed, ``None`` where nothing is said of that.

        By the statement's own verb, by a clause behind the measure, or by a participle: "sanctions [imposed in 1992]".
        """
        s, group = self.s, self._measure_of(statement.group)
        if group < 0:
            return None
        described = [
            n
            for n in range(group + 1, min(group + 8, len(s.chunks)))
            if s.kinds[n] == VERBS and s.chunks[n].form == "participle" and s.described(n) == group
        ]
        for verb in (*described, *s.relatives(group), statement.verb):
            c = s.chunks[verb] if verb >= 0 else None
            if c is not None and c.act in _BEGINNING and not c.negative and not c.modal:
                found = self._date_of(verb, group)
                if found is not None:
                    return found
        return self._standing_since(group)

    def act_by(self, statement: Statement, offset: int) -> str:
        """Return how a measure came about by what stands at an offset, empty where no participle says so.

        "The embargo, [decided] by the Council in Resolution 1970, has been violated": imposed.
        """
        s, group = self.s, self._measure_of(statement.group)
        if group < 0 or not self.t.starts[0] <= offset < self.t.ends[-1]:
            return ""
        at = s.places[bisect_right(self.t.starts, offset) - 1]
        for n in range(group + 1, min(group + 8, len(s.chunks))):
            c = s.chunks[n]
            if c.kind == VERBS and c.form == "participle" and s.described(n) == group and c.act in _ESTABLISHING:
                return "impose" if any(other == at for _, other in s.complements(n)[1]) else ""
        return ""

    def _standing_since(self, group: int) -> Dating | None:
        """Return since when a measure is said to stand, right behind it: "the embargo, in force [since 2011]"."""
        s, t = self.s, self.t
        last = max([group, *(n for _, n in s.phrases(group))])
        for n in range(last + 1, min(last + 7, len(s.chunks))):
            c = s.chunks[n]
            if t.tags[c.first] == w.PREDICATE and t.values[c.first] == "in-force":
                if s.kinds[n + 1] == PREP and s.chunks[n + 1].word == "since" and s.kinds[n + 2] == DATE:
                    return self._dating(n + 2, "on", self.span(group)[0], self.span(n)[1])
                return None
            if c.kind == GROUP or (c.kind == VERBS and c.act not in {"be", "stand"}):
                return None
        return None

    def of_verb(self, verb: int) -> Statement:
        """Return the statement of a verb that is a measure itself: "sanctioned", "froze", "banned"."""
        found = self._by_verb.get(verb)
        if found is None:
            found = self._by_verb[verb] = self._of_verb(verb)
        return found

    def _of_verb(self, verb: int) -> Statement:
        s, c = self.s, self.s.chunks[verb]
        objects, phrases = s.complements(verb)
        clause = s.clause(verb) if c.form == "finite" else None
        relative = clause is not None and clause.marker in {"which", "that", "who", "whom"} and c.voice != "passive"
        if not objects and clause is not None and relative and clause.noun >= 0 and clause.noun not in clause.subject:
            objects = [clause.noun]  # "a militia that the US has sanctioned"
        measures = [o for o in objects if s.chunks[o].measures]
        if measures and c.act in _TAKING:
            return self.of_group(measures[0], s.chunks[measures[0]].measures[-1])
        authority = self._author(verb, phrases)
        target, themes, named = self._objects(verb, objects, phrases)
        if not target.actors and not named:
            struck = s.subjects(verb) if c.voice == "passive" else objects
            target = next(filter(None, (self._antecedent(verb, n, authority[0]) for n in struck)), target)
        if not target.actors and c.act == "sanction" and authority[0].actors:
            target, named = self._by_deeds(objects or list(s.subjects(verb)), themes, target, named=named)
        return self._statement(
            verb,
            -1,
            (c.first, c.last),
            c.act,
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
        measure = t.values[c.measures[-1]] if c.measures else ""
        others = list(s.subjects(verb)) if verb >= 0 else []
        if host.prep == "as" and host.noun >= 0:
            others.append(host.noun)  # "no such thing as a UN embargo"
        return self._statement(verb, group, (token, token + 1), measure, authority, target, [group, *others])

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
                if prep in {*ON, *TO, "of"} and self.s.chunks[other].actors:
                    actors, how = self.actors_in(other), prep
                    break
        return base._replace(target=Role(tuple(actors), how), group=group) if actors else base

    def _statement(
        self,
        verb: int,
        group: int,
        tokens: tuple[int, int],
        measure: str,
        authority: tuple[Role, str],
        target: tuple[Role, tuple[str, ...], bool],
        involved: Iterable[int],
        *,
        host: Host | None = None,
    ) -> Statement:
        s, t = self.s, self.t
        role, refers = authority
        act = self._act(verb)
        on = Role(target[0].actors, target[0].how, self._places(target[0].actors))
        return Statement(
            t.starts[tokens[0]],
            t.ends[tokens[1] - 1],
            act,
            measure,
            role,
            on,
            target[1],
            target[2],
            refers,
            s.chunks[verb].tense if verb >= 0 else "",
            verb,
            group,
            Manner(s, self.lexicon, (verb, group, tokens[0]), act, on, tuple(involved), host),
        )

    def _act(self, verb: int) -> str:
        """Return what a verb says is done, or is so; empty where there is none."""
        s, t = self.s, self.t
        if verb < 0:
            return ""
        act = s.chunks[verb].act
        if act in {"be", "stand", "keep", "other"}:
            after = range(verb + 1, min(verb + 4, len(s.chunks)))
            return (
                next((t.values[s.chunks[n].first] for n in after if t.tags[s.chunks[n].first] == w.PREDICATE), "")
                or act
            )
        if act in {"put", "take"} and any(
            prep in {"from", "off"} and s.chunks[other].measures for prep, other in s.complements(verb)[1]
        ):
            return "delist"  # "struck him from the list", "took it off the list"
        return self._duty(verb) or act

    def _duty(self, verb: int) -> str:
        """Return what a verb comes to with its modal or its second verb: "had to leave" binds, "may not sell" bans."""
        c = self.s.chunks[verb]
        if c.act == "have" and self.s.kinds[verb + 1] == VERBS and self.s.chunks[verb + 1].form == "to":
            return "bind"
        if c.act == "decide" and c.word.startswith("continu") and self.s.kinds[verb + 1] == VERBS:
            return self.s.chunks[verb + 1].act
        if c.act in {"other", "supply", "work", "heed"} and (c.modal == "duty" or (c.modal == "can" and c.negative)):
            return "ban" if c.negative else "bind"
        return ""

    def subject_span(self, statement: Statement) -> tuple[int, int]:
        """Return the stretch of the subject of a statement's verb with its phrases, an empty one where it has none."""
        subjects = self.s.subjects(statement.verb) if statement.verb >= 0 else ()
        if not subjects:
            return 0, 0
        last = max(subjects)
        last = max([last, *(n for _, n in self.s.phrases(last) if n < statement.verb)])
        return self.span(min(subjects))[0], self.span(last)[1]

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
