"""How the chunks of a sentence hang together: who is the subject of a verb, what a noun group belongs to.

Not a full parse: each question is answered from the chunks around it, by the order of words of English news prose, and
what is not plain stays open (``-1``, an empty list). Answers are remembered, and each looks at one sentence only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from . import words as w
from .chunks import ADVERB, BREAK, COMMA, DATE, GROUP, JOIN, PASSING, PREP, QUOTE, REL, STOP, SUB, VERBS

if TYPE_CHECKING:
    from .chunks import Cut
    from .tokens import Tokens

_ENDS = frozenset({STOP, BREAK, SUB, REL})


class Host(NamedTuple):
    """What a noun group belongs to: ``verb`` (a verb group), ``noun`` (a noun group before its preposition), how.

    ``role`` is ``subject``, ``object``, ``phrase`` (with ``prep``), ``apposition`` or empty; -1 where there is none.
    """

    role: str
    verb: int
    noun: int
    prep: str


_NO_HOST = Host("", -1, -1, "")
_RELATIVE, _NO_VERB = -1, -2


class Clause(NamedTuple):
    """A finite verb's clause: where it begins, what opens it, and what it depends on.

    ``marker`` is ``that``, ``if``, ``when``, a relative word, ``and`` or empty; ``verb`` and ``noun`` are the verb or
    noun group that governs it (of what is said, of a relative clause), -1 where it is a main clause.
    """

    start: int
    marker: str
    verb: int
    noun: int
    subject: tuple[int, ...]


class Sentence:
    """One sentence, read as far as chunks; the questions are methods. Offsets are those of the tokens' page.

    ``kinds``, ``before``, ``behind``, ``places`` and ``finite`` are those of `chunks.Cut`.
    """

    def __init__(self, t: Tokens, cut: Cut) -> None:
        self.t = t
        self.chunks, self.kinds, self.before, self.behind, self.places, self.finite = cut
        self._made: dict[int, Clause] | None = None
        self._hosts: dict[int, Host] = {}
        self._ends: dict[int, int] = {}
        self._complements: dict[int, tuple[list[int], list[tuple[str, int]]]] = {}
        self._phrases: dict[int, list[tuple[str, int]]] = {}
        self._subjects: dict[int, int] | None = None
        self._starts: dict[int, int] | None = None

    @property
    def _clauses(self) -> dict[int, Clause]:
        """The clauses of finite verbs, made when they are first asked for."""
        if self._made is None:
            self._made = {}
            before = -1
            for verb in self.finite:
                self._made[verb] = self._clause(verb, before)
                before = verb
        return self._made

    # -- clauses --------------------------------------------------------------------------------------

    def clause(self, verb: int) -> Clause:
        """Return the clause of a finite verb group; that of the verb that governs it for any other."""
        found = self._clauses.get(verb)
        if found is not None:
            return found
        at = self.governor(verb)
        return self._clauses[at] if at in self._clauses else Clause(0, "", -1, -1, ())

    def _clause(self, verb: int, before: int) -> Clause:
        """Work out the clause of a finite verb; ``before`` is the finite verb before it."""
        at = self.before[verb]
        kind = self.kinds[at]
        if kind == REL:
            noun = self._antecedent(at)
            return Clause(at, self.chunks[at].word, -1, noun, (noun,) if noun >= 0 else ())
        if kind == SUB:
            return Clause(at, self._marker(at), *self._governed(at), ())
        if kind == JOIN or (kind == COMMA and self._is_list(at, before)):
            if before >= 0:
                other = self._clauses[before]
                return other._replace(start=at, marker="and" if not other.marker else other.marker)
            return Clause(at, "and", -1, -1, ())
        if kind == COMMA:
            return self._behind_comma(at, verb, before)
        if kind == VERBS:
            # "efforts to lift sanctions failed", "sanctions imposed remain": the noun before the verb between
            noun = self._noun_before(at)
            if noun >= 0:
                return self._with_subject(noun, verb, before)
            return Clause(at, "", -1, -1, ())
        if kind == GROUP:
            return self._with_subject(at, verb, before)
        return Clause(at + 1, "", -1, -1, ())

    def _noun_before(self, n: int) -> int:
        """Return the noun group that a verb group at ``n`` which is not finite describes, -1 if there is none."""
        while n >= 0 and self.kinds[n] in {VERBS, GROUP, PREP, DATE, ADVERB}:
            if self.kinds[n] == VERBS and self.chunks[n].form == "finite":
                return -1
            if self.kinds[n] == GROUP and self.kinds[n + 1] == VERBS and self.kinds[self.before[n]] != PREP:
                return n
            n -= 1
        return -1

    def _is_list(self, at: int, before: int) -> bool:
        """Tell whether a comma parts verbs of one subject: "lifted A, kept B and dropped C"."""
        if before < 0:
            return False
        verb = at + 1
        end = self.behind[verb]
        while end < len(self.chunks) and self.kinds[end] not in {STOP, BREAK, SUB, REL, QUOTE}:
            if self.kinds[end] == JOIN and self.kinds[self.behind[end]] == VERBS:
                return self._opening(at) < 0
            if self.kinds[end] == VERBS and self.chunks[end].form == "finite":
                return False
            end += 1
        return False

    def _opening(self, closing: int) -> int:
        """Return the comma that opens what a comma closes behind a subject, -1 if there is none."""
        n = closing - 1
        while n > 0:
            kind = self.kinds[n]
            if kind in {STOP, BREAK}:
                return -1
            if kind == COMMA and self.kinds[self.before[n]] == GROUP:
                inside = self.chunks[n + 1]
                first = self.before[n]
                # The noun before it has no verb yet: it stands at the head of a clause.
                if self._heads_clause(first, n) and (
                    inside.kind in {REL, PREP, SUB, ADVERB, DATE}
                    or inside.kind == GROUP
                    or (inside.kind == VERBS and inside.form in {"participle", "ing", "past"})
                ):
                    return n
            n -= 1
        return -1

    def _heads_clause(self, group: int, limit: int) -> bool:
        """Tell whether a noun group may be the subject of a verb behind ``limit``: no verb governs it already."""
        n = group
        while n >= 0:
            before = self.before[n]
            kind = self.kinds[before]
            if kind == PREP:
                noun = self.before[before]
                if self.kinds[noun] == GROUP:
                    n = noun
                    continue
                return False
            if kind == VERBS and self.chunks[before].form in {"participle", "ing"}:
                noun = self._noun_before(before)
                if noun < 0:
                    return False
                n = noun
                continue
            if kind == JOIN and self.kinds[self.before[before]] == GROUP:
                n = self.before[before]
                continue
            if kind == VERBS:
                return self.chunks[before].act == "say"
            return True
        return True

    def _behind_comma(self, at: int, verb: int, before: int) -> Clause:
        """Return the clause of a verb right behind a comma: its subject stands before what the commas set in."""
        opening = self._opening(at)
        if opening >= 0:
            group = self.before[opening]
            inner = [f for f in self.finite if opening < f < at]
            outer = next((f for f in reversed(self.finite) if f < opening), -1)
            found = self._with_subject(group, verb, outer)
            if inner and found.marker == "" and found.verb < 0 and outer >= 0 and found.start > outer:
                return found
            return found
        if before >= 0:
            other = self._clauses[before]
            return other._replace(start=at)
        # "After the vote, said …": a subject behind the verb is not looked for.
        return Clause(at + 1, "", -1, -1, ())

    def _with_subject(self, last: int, verb: int, before: int) -> Clause:
        """Return the clause whose subject ends with the noun group ``last``."""
        first = last
        subject = [last]
        while True:
            at = self.before[first]
            kind = self.kinds[at]
            if kind == PREP and self.kinds[self.before[at]] == GROUP and self.before[at] > before:
                first = self.before[at]
                subject[-1] = first
                continue
            if (
                kind == PREP
                and self.kinds[self.before[at]] == VERBS
                and self.chunks[self.before[at]].form in {"participle", "ing", "to"}
                and self.before[at] > before
            ):
                noun = self._noun_before(self.before[at])
                if noun > before:
                    first = noun
                    subject[-1] = noun
                    continue
            if kind == VERBS and self.chunks[at].form in {"participle", "ing", "to"} and at > before:
                noun = self._noun_before(at)
                if noun > before:
                    first = noun
                    subject[-1] = noun
                    continue
            other = self.before[at]
            if kind == JOIN and self.kinds[other] == COMMA and self.chunks[first].actors:
                # "the US, Canada, and the EU"
                other = self.before[other] if self.chunks[self.before[other]].actors else other
            if (
                kind in {JOIN, COMMA}
                and self.kinds[other] == GROUP
                and self.chunks[at].word != "but"
                and (len(subject) > 1 or kind == JOIN)
                and self._coordinates(other, first, before)
            ):
                host = self.before[other]
                inside = self.kinds[host] == PREP and self.kinds[self.before[host]] == GROUP
                if inside and self.chunks[other].actors and self.chunks[first].actors:
                    subject = [other]  # "an embargo on Libya and Iran": all stand in the phrase
                else:
                    subject.append(other)
                first = other
                continue
            if kind == COMMA and self.kinds[self.before[at]] == GROUP and len(subject) == 1:
                # "Oleg Tinkov, a Russian banker": the apposition is behind, the name before a comma.
                pass
            break
        at = self.before[first]
        kind = self.kinds[at]
        subjects = tuple(reversed(subject))
        if kind == SUB:
            return Clause(at, self._marker(at), *self._governed(at), subjects)
        if kind == REL:
            return Clause(at, self.chunks[at].word, -1, self._antecedent(at), subjects)
        if kind == PREP and len(subjects) == 1 and self.kinds[self.before[at]] != GROUP:
            # "With sanctions biting Russia …", or a phrase that opens the sentence: no subject is known.
            return Clause(at, "", -1, -1, () if at == 0 else subjects)
        if (
            at == before
            and before >= 0
            and self._clauses[before].noun >= 0
            and self.chunks[before].act not in {"say", "deny", "urge", "expect", "intend"}
        ):
            # "sanctions that prohibit supplies were adopted": what stands between is the other verb's object.
            noun = self._clauses[before].noun
            while self.kinds[self.before[noun]] == PREP and self.kinds[self.before[self.before[noun]]] == GROUP:
                noun = self.before[self.before[noun]]  # "the ban on firms that sell oil was lifted"
            return Clause(verb, "", -1, -1, (noun,))
        if at == before and before >= 0:
            # "said sanctions would stay"; "the EU said" has its subject elsewhere.
            act = self.chunks[before].act
            return Clause(
                first,
                "that" if act in {"say", "deny", "urge", "decide", "bind", "intend", "expect", "judge"} else "",
                before,
                -1,
                subjects,
            )
        if kind == GROUP:
            governed = self.before[at]
            if before >= 0 and self.kinds[governed] == VERBS and self.chunks[governed].act in {"say", "bind"}:
                return Clause(first, "that", governed, -1, subjects)
            if self.chunks[at].measures or self.chunks[at].goods or self.t.tags[self.chunks[at].head] == w.NOUN:
                return Clause(first, "which", -1, at, subjects)  # "the sanctions the EU imposed"
            return Clause(first, "", -1, -1, subjects)
        if kind == JOIN and before >= 0:
            previous = self._clauses[before]
            if previous.marker in {"that", "if", "when"} or previous.verb >= 0:
                return Clause(first, previous.marker, previous.verb, previous.noun, subjects)
            return Clause(first, "", -1, -1, subjects)
        if kind == COMMA and before >= 0:
            previous = self._clauses[before]
            if self.chunks[verb].act == "say":
                return Clause(first, "", -1, -1, subjects)
            if previous.marker in {"when", "if", "although"} or previous.verb < 0:
                return Clause(first, "", -1, -1, subjects)
        return Clause(first, "", -1, -1, subjects)

    def _coordinates(self, left: int, right: int, before: int) -> bool:
        """Tell whether two noun groups joined by "and" are one subject, not an object and the next clause's subject."""
        if before >= left:
            return False
        if before >= 0:
            host = self.before[left]
            if self.kinds[host] == VERBS and self.chunks[host].act != "say":
                return False
            if self.kinds[host] == PREP:
                return False
        a, b = self.chunks[left], self.chunks[right]
        return (
            bool(a.actors) == bool(b.actors) or bool(a.measures) == bool(b.measures) or bool(a.names) == bool(b.names)
        )

    def _marker(self, at: int) -> str:
        c = self.chunks[at]
        if c.word == "that":
            return "that"
        value = self.t.values[c.first]
        return value or c.word

    def _governed(self, at: int) -> tuple[int, int]:
        """Return what governs the clause that a subordinator at ``at`` opens: (verb, noun), -1 for none."""
        if self.chunks[at].word not in {"that", "whether", "if", "how", "why"}:
            return -1, -1
        n = self.before[at]
        if self.kinds[n] == SUB:  # "so that"
            return -1, -1
        if self.kinds[n] == VERBS:
            return n, -1
        if self.kinds[n] == GROUP:
            tag = self.t.tags[self.chunks[n].head]
            if tag in {w.FALSEHOOD, w.WISH, w.NOUN, w.ADJECTIVE} or self.t.words[self.chunks[n].head].endswith("s"):
                before = self.before[n]
                verb = before if self.kinds[before] == VERBS else -1
                return verb, n
            before = self.before[n]
            if self.kinds[before] == VERBS:
                return before, -1
            return -1, n
        if self.kinds[n] in {COMMA, JOIN}:
            verb = next(
                (
                    f
                    for f in reversed([i for i, c in enumerate(self.chunks[:at]) if c.kind == VERBS])
                    if self.chunks[f].act in {"say", "deny", "urge", "expect", "judge"}
                ),
                -1,
            )
            return verb, -1
        return -1, -1

    def _antecedent(self, at: int) -> int:
        """Return the noun group that a relative word at ``at`` stands for: the nearest before it."""
        n = self.before[at]
        if self.kinds[n] == COMMA:
            n = self.before[n]
        if self.kinds[n] == PREP:  # "under which"
            n = self.before[n]
        return n if self.kinds[n] == GROUP else -1

    # -- verbs ----------------------------------------------------------------------------------------

    def governor(self, verb: int) -> int:
        """Return the verb group that one which is not finite depends on, -1 if it is a noun's or nobody's."""
        c = self.chunks[verb]
        if c.kind != VERBS or c.form == "finite":
            return verb
        n = self.before[verb]
        if c.form == "participle":
            if self.kinds[n] == VERBS:
                return self.governor(n)
            return -1
        while n >= 0:
            k = self.kinds[n]
            if k == VERBS:
                return self.governor(n) if self.chunks[n].form != "finite" else n
            if k in _ENDS:
                return -1
            n -= 1
        return -1

    def subjects(self, verb: int) -> tuple[int, ...]:
        """Return the noun groups that are the subject of a verb group, those joined by "and" together."""
        c = self.chunks[verb]
        if c.form == "finite":
            clause = self._clauses[verb]
            if not clause.subject and clause.marker == "that":
                return self._cleft(verb)
            if clause.noun >= 0 and clause.subject == (clause.noun,):
                return (*self._joined_antecedents(verb, clause.noun), clause.noun)
            return clause.subject
        if c.form == "participle":
            noun = self.described(verb)
            return (noun,) if noun >= 0 else ()
        n = self.before[verb]
        if (
            c.form == "ing"
            and n == verb - 1
            and self.kinds[n] == GROUP
            and (self.chunks[n].measures or self.chunks[n].instruments)
        ):
            return (n,)  # "sanctions banning exports"
        if self.kinds[n] == JOIN:
            other = n - 1
            while other >= 0 and self.kinds[other] != VERBS and self.kinds[other] not in _ENDS:
                other -= 1
            if self.kinds[other] == VERBS:
                return self.subjects(other)
        if c.form == "ing" and self.kinds[n] == PREP and self.chunks[n].word in {"for", "from", "of"}:
            # "thanked the EU for lifting", "sanctioned a refinery for buying": the object acts.
            group = self.before[n]
            head = self.before[group]
            while (
                self.kinds[group] == GROUP
                and self.kinds[head] in {JOIN, PREP}
                and self.kinds[self.before[head]] == GROUP
            ):
                group = self.before[head]
                head = self.before[group]
            if self.kinds[group] == GROUP and self.kinds[head] == VERBS and not self.chunks[group].measures:
                return (group,)
        if c.form == "ing" and self.kinds[n] == SUB:
            verb_ = next((f for f in reversed(self.finite) if f < n), next((f for f in self.finite if f > verb), -1))
            return self._clauses[verb_].subject if verb_ in self._clauses else ()
        if c.form == "to" and self.kinds[n] == GROUP:
            head = self.before[n]
            # "asked the EU to lift", "requires States to inspect": the object acts.
            if (
                self.kinds[head] == VERBS
                and self.chunks[head].act in {"urge", "bind", "decide", "other", "say", "supply", "intend", "expect"}
                and not self.chunks[n].measures
            ):
                return (n,)
            if self.kinds[head] == PREP and self.chunks[head].word in {"by", "for", "on"} and self.chunks[n].actors:
                return (n,)
        governor = self.governor(verb)
        if governor < 0 and self.is_fronted(verb):
            governor = next((f for f in self.finite if f > verb), -1)
        return self._clauses[governor].subject if governor in self._clauses else ()

    def is_fronted(self, verb: int) -> bool:
        """Tell whether a verb opens the sentence behind a preposition: "[By adding] it to its list, the EU …"."""
        before = self.before[verb]
        return self.chunks[verb].form == "ing" and self.kinds[before] == PREP and self.before[before] < 0

    def _cleft(self, verb: int) -> tuple[int, ...]:
        """Return the subject of "It was Ottawa, not Brussels, that barred": what is said to be."""
        n = next((f for f in reversed(self.finite) if f < verb), -1)
        if n < 0 or self.chunks[n].act != "be" or self.kinds[n + 1] != GROUP:
            return ()
        before = self.before[n]
        return (n + 1,) if self.kinds[before] == GROUP and self.chunks[before].pronoun == "it" else ()

    def _joined_antecedents(self, verb: int, noun: int) -> tuple[int, ...]:
        """Return the noun groups that a plural verb behind "which" takes: "the EU and Canada, which have"."""
        at = self.before[noun]
        plural = {"have", "are", "were"} & set(self.t.words[self.chunks[verb].first : self.chunks[verb].last])
        if (
            plural
            and self.kinds[at] == JOIN
            and self.kinds[self.before[at]] == GROUP
            and self.chunks[self.before[at]].actors
        ):
            return (self.before[at],)
        return ()

    def described(self, verb: int) -> int:
        """Return the noun group that a participle describes: "sanctions imposed by", "the ban, imposed in 2006"."""
        n = self.before[verb]
        if self.kinds[n] == COMMA:
            n = self.before[n]
        while (
            self.kinds[n] == GROUP
            and self.kinds[self.before[n]] == PREP
            and self.kinds[self.before[self.before[n]]] == GROUP
        ):
            noun = self.before[self.before[n]]
            if self.chunks[n].measures:
                break
            n = noun
        if n < 0 and self.kinds[self.before[verb]] != COMMA:
            # "Sanctioned by Brussels in July, the dealer moved": the subject of what follows.
            after = next((f for f in self.finite if f > verb), -1)
            subject = self._clauses[after].subject if after in self._clauses else ()
            if subject and any(self.kinds[m] == COMMA for m in range(verb + 1, subject[0])):
                return subject[0]
        return n if self.kinds[n] == GROUP else -1

    def end(self, verb: int) -> int:
        """Return the chunk at which what a verb group governs ends: the next clause, or a stop."""
        found = self._ends.get(verb)
        if found is None:
            found = self._ends[verb] = self._end(verb)
        return found

    def _end(self, verb: int) -> int:
        if self._starts is None:
            self._starts = {clause.start: other for other, clause in self._clauses.items()}  # of several the last
        starts, kinds, behind = self._starts, self.kinds, self.behind
        for n in range(verb + 1, len(self.chunks)):
            kind = kinds[n]
            if kind in _ENDS or starts.get(n, -1) > verb:
                return n
            if kind == JOIN and (
                starts.get(n + 1, -1) > verb or (kinds[behind[n]] == VERBS and self.chunks[behind[n]].form == "finite")
            ):
                return n
            if kind == COMMA and starts.get(n + 1, -1) > verb:
                return n
        return max(verb + 1, len(self.chunks))

    def complements(self, verb: int) -> tuple[list[int], list[tuple[str, int]]]:
        """Return the objects of a verb group and the (preposition, noun group) pairs that follow it in its clause.

        The lists are remembered, not the caller's to change; those of `phrases` too.
        """
        found = self._complements.get(verb)
        if found is None:
            found = self._complements[verb] = self._found_behind(verb)
        return found

    def _found_behind(self, verb: int) -> tuple[list[int], list[tuple[str, int]]]:
        objects: list[int] = []
        phrases: list[tuple[str, int]] = []
        prep = ""
        last = ""
        for n in range(verb + 1, self.end(verb)):
            c = self.chunks[n]
            if c.kind == PREP:
                prep = c.word
            elif c.kind == GROUP:
                if prep or (
                    last
                    and self.kinds[self.before[n]] in {JOIN, COMMA}
                    and (phrases and phrases[-1][1] > (objects[-1] if objects else -1))
                ):
                    last = prep or last
                    phrases.append((last, n))
                else:
                    objects.append(n)
                prep = ""
            elif c.kind == VERBS:
                if c.form == "participle":
                    continue
                break
        return objects, phrases

    # -- noun groups ----------------------------------------------------------------------------------

    def host(self, group: int) -> Host:
        """Return what a noun group belongs to."""
        found = self._hosts.get(group)
        if found is None:
            self._hosts[group] = _NO_HOST  # a circle ends here
            found = self._hosts[group] = self._host(group)
        return found

    def _host(self, group: int) -> Host:
        subject = self._subject_of(group)
        if subject >= 0:
            return Host("subject", subject, -1, "")
        at = self.before[group]
        kind = self.kinds[at]
        if kind == PREP:
            before = self.before[at]
            if self.kinds[before] == PREP:  # "as of", "because of"
                before = self.before[before]
            if self.kinds[before] == JOIN and self.kinds[before - 1] in {GROUP, PREP}:
                return self.host(self.before[before])._replace(prep=self.chunks[at].word)
            noun = before if self.kinds[before] == GROUP else -1
            return Host("phrase", self._verb_of(at), noun, self.chunks[at].word)
        if kind == VERBS:
            c = self.chunks[at]
            if c.form == "participle" and c.act in {"say", "other"}:
                return Host("phrase", at, self.described(at), "")
            return Host("object", at, -1, "")
        if kind in {JOIN, COMMA}:
            return self._joined(group, at)
        if kind == GROUP:
            before = self.before[at]
            if self.kinds[before] == VERBS:
                return Host("object", before, -1, "")
        if at < 0:
            verb = next((v for v in self.finite if v > group), -1)
            return Host("", verb, -1, "")
        return _NO_HOST

    def _joined(self, group: int, at: int) -> Host:
        """Return the host of a noun group behind "and" or a comma: that of the group of its kind before it."""
        mine = self.chunks[group]
        n = self.before[at]
        nearest = -1
        if mine.measures and self.kinds[at] == JOIN and self.kinds[n] == GROUP and self._owns(n):
            return self.host(n)  # "on [the UN's ISIL] and Al-Qaida sanctions list"
        while n >= 0 and self.kinds[n] in {GROUP, PREP, COMMA, JOIN, ADVERB, DATE}:
            if self.kinds[n] == GROUP:
                other = self.chunks[n]
                if nearest < 0:
                    nearest = n
                if (
                    bool(other.measures) == bool(mine.measures)
                    and bool(other.goods or other.measures) == bool(mine.goods or mine.measures)
                    and (
                        bool(mine.measures)
                        or bool(other.actors or other.names or other.things)
                        == bool(mine.actors or mine.names or mine.things)
                    )
                ):
                    return self.host(n)
            n -= 1
        if self.kinds[n] == VERBS and mine.measures:
            return Host("object", n, -1, "")
        return self.host(nearest) if nearest >= 0 else _NO_HOST

    def _owns(self, group: int) -> bool:
        """Tell whether a noun group behind a preposition says whose it is, and names no measure."""
        c = self.chunks[group]
        owned = any(self.t.tags[n] == w.POSSESSIVE for n in range(c.first, c.last))
        return owned and not c.measures and self.kinds[self.before[group]] == PREP

    def _verb_of(self, n: int) -> int:
        """Return the verb group to whose clause the chunk ``n`` belongs: the nearest before it, else the next."""
        at = n - 1
        while at >= 0:
            kind = self.kinds[at]
            if kind == VERBS:
                return at
            if kind in _ENDS:
                break
            at -= 1
        return next((v for v in self.finite if v > n), -1)

    def phrases(self, group: int) -> list[tuple[str, int]]:
        """Return the (preposition, noun group) pairs that describe a noun group: behind it, and behind participles.

        "sanctions [on] Russian banks [in] Cyprus imposed [by] the EU": each phrase with where it stands.
        """
        known = self._phrases.get(group)
        if known is None:
            known = self._phrases[group] = self._found_at(group)
        return known

    def _found_at(self, group: int) -> list[tuple[str, int]]:
        found: list[tuple[str, int]] = []
        n = self.behind[group]
        prep = ""
        while n < len(self.chunks):
            c = self.chunks[n]
            if c.kind == PREP:
                prep = c.word
            elif c.kind == GROUP and prep:
                found.append((prep, n))
                last, prep = prep, ""
            elif (
                c.kind == GROUP
                and found
                and self.kinds[self.before[n]] in {JOIN, COMMA}
                and not c.measures
                and not self.is_subject(n)
            ):
                found.append((last, n))
            elif (
                c.kind in {JOIN, COMMA} and found and self.kinds[self.behind[n]] in {GROUP, PREP} and self._goes_on(n)
            ) or (c.kind == VERBS and c.form == "participle"):
                pass
            elif (
                c.kind == VERBS
                and c.form == "ing"
                and c.act in {"be-about", "sanction", "ban", "put"}
                and self.kinds[self.behind[n]] == GROUP
            ):
                prep = "on"  # "sanctions targeting banks"
            elif c.kind in PASSING:
                pass
            else:
                break
            n += 1
        return found

    def relatives(self, group: int) -> list[int]:
        """Return the finite verbs of clauses that a relative word opens behind a noun group, or behind its phrases.

        "the ban on coal [that the Council imposed]", "the embargo, [which has been in force since 2011]".
        """
        ends = {group, *(n for _, n in self.phrases(group))}
        rate = max(ends) + 1  # "a cap of 60 dollars [a barrel] that the EU set"
        if self.kinds[rate] == GROUP and self.t.words[self.chunks[rate].first] == "a":
            ends.add(rate)
        found = []
        for verb in self.finite:
            clause = self.clause(verb)
            if verb > group and clause.noun in ends and not (clause.marker == "that" and clause.verb >= 0):
                found.append(verb)
        return found

    def _goes_on(self, n: int) -> bool:
        """Tell whether a list of noun groups goes on behind a comma or "and": more of the same, then no verb."""
        following = self.behind[n]
        if self.kinds[following] == PREP:
            return self.kinds[n] == JOIN
        c = self.chunks[following]
        before = self.chunks[self.before[n]]
        if c.measures or self.is_subject(following):
            return False
        same = (
            bool(c.actors) == bool(before.actors)
            or bool(c.things) == bool(before.things)
            or (bool(c.names) and bool(before.names))
        )
        return same and (self.kinds[n] == JOIN or self.kinds[self.behind[following]] in {JOIN, COMMA})

    def is_subject(self, group: int) -> bool:
        """Tell whether a noun group is the subject of a finite verb."""
        return self._subject_of(group) != _NO_VERB

    def _subject_of(self, group: int) -> int:
        """Return the first finite verb of which a noun group is the subject itself.

        `_RELATIVE` where a relative word stands for it as one, `_NO_VERB` where it is the subject of none.
        """
        if self._subjects is None:
            self._subjects = {}
            for verb, clause in self._clauses.items():
                for subject in clause.subject:
                    if self._subjects.get(subject, -1) < 0:
                        self._subjects[subject] = verb if clause.noun != subject else _RELATIVE
        return self._subjects.get(group, _NO_VERB)
