"""Noun groups, verb groups and the small words between them: a sentence's chunks (Abney 1991, "Parsing by chunks")."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from . import words as w
from .tagging import AUXILIARIES, HEADS, NOMINAL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .tokens import Tokens

GROUP, VERBS, PREP, JOIN, SUB, REL, COMMA, BREAK, QUOTE, ADVERB, DATE, OPEN, CLOSE, STOP = range(14)
# How an actor stands in a noun group for itself, not as a mere quality.
_ACTING = frozenset({"name", "seat", "organ", "office", "leader"})


class Chunk:
    """One chunk: tokens ``first`` to ``last`` (exclusive) of a sentence.

    Of a noun group: ``head`` is its last nominal token, ``negative`` whether "no" or "none" stands in it, ``actors``,
    ``measures``, ``goods``, ``things``, ``names`` and ``instruments`` are tokens by what they are. Of a verb group:
    ``act`` (an id of the lexicon, ``be`` or ``have``), ``form`` (``finite``, ``to``, ``ing``,
    ``participle``, ``past`` where a
    past form may be either), ``tense``, ``modal``, ``voice``, ``negative``; ``head`` is its main verb.
    """

    __slots__ = (
        "act", "actors", "first", "form", "goods", "head", "instruments", "kind", "last", "measures", "modal", "names",
        "negative", "pronoun", "tense", "things", "voice", "word",
    )  # fmt: skip

    def __init__(self, kind: int, first: int, last: int, word: str = "") -> None:
        self.kind = kind
        self.first = first
        self.last = last
        self.word = word
        self.head = last - 1
        self.negative = False
        self.act = self.form = self.tense = self.modal = self.voice = self.pronoun = ""
        self.actors: Sequence[int] = ()
        self.measures: Sequence[int] = ()
        self.goods: Sequence[int] = ()
        self.things: Sequence[int] = ()
        self.names: Sequence[int] = ()
        self.instruments: Sequence[int] = ()


class Cut(NamedTuple):
    """The chunks of a sentence, in order, and how they stand; together they cover it.

    ``kinds`` is what each is, ``before`` and ``behind`` which one stands before and behind it, adverbs, dates and
    brackets left aside; all three go on beyond either end (there is a stop), by numbers above the last and below 0.
    ``places`` is of each token the chunk that holds it, ``finite`` are the verb groups that are finite.
    """

    chunks: list[Chunk]
    kinds: list[int]
    before: list[int]
    behind: list[int]
    places: list[int]
    finite: list[int]


_PADDING = 8  # how far the lists of neighbours go on beyond either end
PASSING = frozenset({ADVERB, DATE})


def cut(t: Tokens) -> Cut:
    """Return the chunks of a sentence with their neighbours."""
    chunks = chunk(t)
    count = len(chunks)
    kinds = [c.kind for c in chunks]
    kinds += [STOP] * (2 * _PADDING)
    # First those beyond either end, the last of which are those below 0.
    before = [*range(-1, count + _PADDING - 1), *range(-_PADDING - 1, -1)]
    behind = [*range(1, count + _PADDING + 1), *range(1 - _PADDING, 1)]
    opened, closed = -1, count
    for n in range(1, count + 1):
        kind = kinds[n - 1]
        if kind in PASSING or (kind == PREP and kinds[n] == DATE):
            before[n] = before[n - 1]
        elif kind == OPEN:
            opened = n - 1
        elif kind == CLOSE:
            before[n] = before[opened] if opened >= 0 else -2
    for n in range(count - 2, -2, -1):
        kind = kinds[n + 1]
        if kind in PASSING:
            behind[n] = behind[n + 1]
        elif kind == PREP and kinds[n + 2] == DATE:
            behind[n] = behind[n + 2]
        elif kind == CLOSE:
            closed = n + 1
        elif kind == OPEN:
            behind[n] = behind[closed]
    found = Cut(chunks, kinds, before, behind, [n for n, c in enumerate(chunks) for _ in range(c.first, c.last)], [])
    for n, c in enumerate(chunks):
        if c.kind == VERBS:
            if c.form == "past":
                if _is_participle(t, found, n):
                    c.form, c.voice, c.tense = "participle", "passive", ""
                else:
                    c.form = "finite"
            if c.form == "finite":
                found.finite.append(n)
    return found


def _is_participle(t: Tokens, s: Cut, n: int) -> bool:
    """Decide of a past form whether it is a participle, not the verb of its clause."""
    before, after = s.kinds[s.before[n]], s.kinds[s.behind[n]]
    act = s.chunks[n].act
    if before == VERBS:
        return after != GROUP
    if before == COMMA:
        # ", imposed in 2006, …", ", adopted last June, …": a participle where nothing follows that it could govern.
        dated = after == GROUP and t.tags[s.chunks[s.behind[n]].head] == w.DATE
        if after == GROUP and not dated:
            return False
        if act in TRANSITIVE:
            return True
        return (dated or after == PREP) and _verb_later(s, n)
    if before in (SUB, PREP) and after != GROUP:
        return True
    if before not in (GROUP, DATE):
        return before in (STOP, QUOTE, BREAK) and after in (PREP, COMMA)
    if after == GROUP or _is_acting_clause(t, s, s.before[n]):
        return False
    if before == GROUP and s.kinds[s.before[s.before[n]]] == REL and not _verb_later(s, n):
        return False  # "the ban that the Council imposed with Resolution 2371"
    if after == PREP and s.chunks[s.behind[n]].word == "by" and act != "expire":
        return s.kinds[s.behind[s.behind[n]]] == GROUP
    if act in TRANSITIVE and after in (PREP, STOP, COMMA, VERBS, JOIN, CLOSE):
        return not (after == VERBS and s.chunks[s.behind[n]].form == "to")
    return after in (PREP, VERBS) and _verb_later(s, n)


def _is_acting_clause(t: Tokens, s: Cut, group: int) -> bool:
    """Tell whether the group before a past form is its subject: "which Brussels adopted", "what the EU did"."""
    c = s.chunks[group]
    acts = bool(c.actors) and not c.measures and c.actors[-1] == c.head and t.forms[c.head] != "people"
    return acts and s.kinds[s.before[group]] in (REL, GROUP)


def _verb_later(s: Cut, n: int) -> bool:
    """Tell whether a verb follows in the clause that has no subject of its own but what stands before ``n``."""
    groups = prep = False
    for c in s.chunks[n + 1 :]:
        if c.kind in (STOP, BREAK, SUB, REL, JOIN, QUOTE):
            return False
        if c.kind == PREP:
            prep = True
        elif c.kind == GROUP:
            groups = not prep
            prep = False
        elif c.kind == COMMA:
            groups = False
        elif c.kind == VERBS and c.form in ("finite", "past"):
            return not groups
    return False


# Verbs that take an object: alone behind a noun they are participles, others finite.
TRANSITIVE = frozenset("impose sanction freeze ban put keep widen enforce violate supply bind fine delist veto".split())
# With what a verb group may begin.
_BEGINS_VERBS = AUXILIARIES | {w.TO, w.ADVERB, w.CEASED, w.NOT, w.FALSELY, w.FIGURATIVE, w.PARTIAL, w.VERB}
# What stands beside a token, as each question asks for it.
_BEGINS_GROUP = NOMINAL - {w.POSSESSIVE, w.HYPHEN, w.DATE}
_COUNTED = HEADS - {w.DATE, w.ACTOR, w.NAME}
_BEHIND_HYPHENS = NOMINAL | {w.VERB}
_JOINS = frozenset({w.POSSESSIVE, w.HYPHEN})
_NAMED = frozenset({w.ACTOR, w.NAME})
_LED = frozenset({w.OFFICE, w.THING, w.ORGAN, w.ACTOR, w.NAME})
_ENDED = frozenset({w.MEASURE, w.GOODS, w.THING, w.NOUN, w.INSTRUMENT})
_PARTIES = _ACTING | {"people"}
_COMPOUNDED = frozenset({w.VERB, w.ADJECTIVE, w.NOUN, w.THING})
_BETWEEN = frozenset({w.ADVERB, w.NOT})
_HELPING = frozenset({w.BE, w.HAVE})
_BEFORE_VERBS = frozenset({w.ADVERB, w.CEASED, w.NOT, w.FALSELY, w.FIGURATIVE, w.PARTIAL})
_PASSED = frozenset({w.ADVERB, w.CEASED, w.NOT, w.FALSELY, w.FIGURATIVE})
_VERBAL = AUXILIARIES | {w.VERB}
_ADVERBS = frozenset({w.ADVERB, w.FALSELY})
_HELPING_ALL = frozenset({w.BE, w.HAVE, w.DO})

# Words that the grammar asks for.
FEW = frozenset({"no", "few", "little"})
PREFIXES = frozenset({"pro", "anti", "non"})
DONE = frozenset("sanctioned imposed listed designated led mandated blacklisted approved wide based".split())
LONE = frozenset({"being", "having", "been", "be"})
# The tokens of a noun group that are kept by what they are, and as what.
_TOLD = {
    w.ACTOR: w.ACTOR, w.MEASURE: w.MEASURE, w.GOODS: w.GOODS, w.THING: w.THING, w.BODY: w.THING, w.OFFICE: w.THING,
    w.ORGAN: w.THING, w.INSTRUMENT: w.INSTRUMENT, w.NAME: w.NAME,
}  # fmt: skip
_SIMPLE = {
    w.PREPOSITION: PREP, w.AND: JOIN, w.SUBORDINATOR: SUB, w.RELATIVE: REL, w.COMMA: COMMA, w.BREAK: BREAK,
    w.QUOTE: QUOTE, w.OPEN: OPEN, w.CLOSE: CLOSE, w.STOP: STOP, w.TO: PREP,
}  # fmt: skip


def chunk(t: Tokens) -> list[Chunk]:
    """Return the chunks of a sentence in order; together they cover it."""
    result: list[Chunk] = []
    n = 0
    count = len(t)
    while n < count:
        tag = t.tags[n]
        verbs = _verbs(t, n) if tag in _BEGINS_VERBS else None
        if verbs is not None:
            result.append(verbs)
        elif (
            tag == w.NUMBER
            and t.words[n][0].isdigit()
            and n + 1 < len(t)
            and t.tags[n + 1] == w.DATE
            and not t.words[n + 1][0].isdigit()
        ):
            last = n + 2
            if last < len(t) and t.tags[last] == w.DATE:
                last += 1
            result.append(Chunk(DATE, n, last, t.words[n]))
        elif (tag == w.NOT and t.words[n] == "no") or tag in _BEGINS_GROUP:
            result.append(_group(t, n))
        elif tag == w.PRONOUN:
            group = Chunk(GROUP, n, n + 1, t.words[n])
            group.pronoun = t.words[n]
            group.negative = t.forms[n] == "not"
            result.append(group)
        elif tag == w.DATE:
            last = n + 1
            while last < len(t) and (
                t.tags[last] == w.DATE or (t.tags[last] == w.NUMBER and t.words[last][0].isdigit())
            ):
                last += 1
            if last < len(t) and t.tags[last] in _COUNTED and t.words[n][0].isdigit() and last == n + 1:
                result.append(_group(t, n))
            else:
                result.append(Chunk(DATE, n, last, t.words[n]))
        elif tag in _SIMPLE:
            result.append(Chunk(_SIMPLE[tag], n, n + 1, t.words[n]))
        elif tag == w.VERB:  # a participle or -ing form that leads nowhere
            found = Chunk(VERBS, n, n + 1, t.words[n])
            found.act, found.form = t.values[n], "ing" if t.forms[n] == "g" else "past"
            result.append(found)
        else:
            result.append(Chunk(ADVERB, n, n + 1, t.words[n]))
        n = result[-1].last
    return result


def _group(t: Tokens, n: int) -> Chunk:
    """Return the noun group that begins at token ``n``."""
    group = Chunk(GROUP, n, n)
    of_kind: dict[int, list[int]] = {}
    if t.words[n] in FEW:
        group.negative = True
        n += 1
    headed = False
    while n < len(t):
        tag = t.tags[n]
        if tag not in NOMINAL and not (
            tag == w.ADVERB and n + 1 < len(t) and t.tags[n + 1] == w.ADJECTIVE and t.words[n].endswith("ly")
        ):
            break
        if headed and _breaks(t, group, n):
            break
        if tag == w.HYPHEN and not (n + 1 < len(t) and t.tags[n + 1] in _BEHIND_HYPHENS):
            break
        if tag == w.HYPHEN and n + 1 < len(t) and t.tags[n + 1] == w.VERB:
            n += 1  # "UN-sanctioned": a quality
        elif tag in _TOLD and not (tag == w.ACTOR and _is_compound(t, n)):
            of_kind.setdefault(_TOLD[tag], []).append(n)
        if tag in HEADS:
            headed = True
            group.head = n
        n += 1
    if of_kind:
        group.actors, group.measures = of_kind.get(w.ACTOR, ()), of_kind.get(w.MEASURE, ())
        group.goods, group.things = of_kind.get(w.GOODS, ()), of_kind.get(w.THING, ())
        group.instruments, group.names = of_kind.get(w.INSTRUMENT, ()), of_kind.get(w.NAME, ())
    group.last = max(n, group.first + 1)
    if not headed:
        group.head = group.last - 1
    group.word = t.words[group.head]
    return group


def _breaks(t: Tokens, group: Chunk, n: int) -> bool:
    """Tell whether a new noun group begins at ``n`` right behind another."""
    tag = t.tags[n]
    before = t.tags[n - 1]
    if before in _JOINS:
        return False
    if tag == w.DETERMINER:
        return t.tags[group.first] != w.DETERMINER or n > group.first + 1 or before in HEADS
    if tag == w.NUMBER and before in HEADS:
        return not (n + 1 < len(t) and t.tags[n + 1] in HEADS and before in _NAMED)
    if tag == w.ACTOR:
        if t.forms[n] == "leader" and before in _LED:
            return False
        return before in _ENDED and t.forms[n] in _PARTIES
    if tag == w.DATE:
        return True
    if tag == w.ADJECTIVE and before in HEADS:
        return n + 1 >= len(t) or t.tags[n + 1] not in HEADS
    return tag == w.NAME and before == w.MEASURE


def _is_compound(t: Tokens, n: int) -> bool:
    """Tell whether a country is a quality only: "pro-Russian", "Iran-backed", "Russian-made", "Kyiv-born"."""
    if n > 1 and t.tags[n - 1] == w.HYPHEN and t.words[n - 2] in PREFIXES:
        return True
    return n + 2 < len(t) and t.tags[n + 1] == w.HYPHEN and t.tags[n + 2] in _COMPOUNDED and t.words[n + 2] not in DONE


def _verbs(t: Tokens, n: int) -> Chunk | None:
    """Return the verb group that begins at token ``n``, ``None`` if none does."""
    first = n
    infinitive = False
    if t.tags[n] == w.TO:
        at = n + 1
        while at < len(t) and t.tags[at] in _BETWEEN:
            at += 1
        if at >= len(t) or not (t.tags[at] in _HELPING or (t.tags[at] == w.VERB and "b" in t.forms[at])):
            return None
        infinitive = True
        n += 1
    elif t.tags[n] in _BEFORE_VERBS:
        at = n
        while at < len(t) and t.tags[at] in _PASSED:
            if t.words[at] == "no":
                return None
            at += 1
        if at >= len(t) or t.tags[at] not in _VERBAL:
            return None
    elif t.tags[n] not in _VERBAL:
        return None
    chunk_ = Chunk(VERBS, first, n)
    main = -1
    be = have = False
    while n < len(t):
        tag = t.tags[n]
        if main >= 0:
            # "cut off", "called on": particles stay outside; so does all that follows.
            break
        if tag in _ADVERBS:
            if not _verb_ahead(t, n):
                break
        elif tag == w.CEASED:
            chunk_.negative = not chunk_.negative
        elif tag == w.FIGURATIVE:
            chunk_.modal = chunk_.modal or "figurative"
        elif tag == w.NOT:
            if t.words[n] == "no":
                break
            chunk_.negative = not chunk_.negative
        elif tag == w.MODAL:
            kind = t.forms[n]
            if kind.endswith("-not"):
                chunk_.negative = not chunk_.negative
                kind = kind[:-4]
            chunk_.modal, chunk_.tense = kind, chunk_.tense or "present"
        elif tag in _HELPING_ALL:
            kind = t.forms[n]
            if kind.endswith("-not"):
                chunk_.negative = not chunk_.negative
                kind = kind[:-4]
            if tag == w.BE:
                be = True
            elif tag == w.HAVE:
                have = True
                if kind == "present" and _verb_ahead(t, n):
                    kind = "perfect"
            chunk_.tense = chunk_.tense or kind
        elif tag == w.VERB:
            if (be or have or chunk_.modal or infinitive) and t.forms[n] in {"s", "d"}:
                break
            if be and not (set(t.forms[n]) & set("ng")):
                break
            main = n
        else:
            break
        n += 1
    if n == first + (1 if infinitive else 0) or (
        main < 0 and not be and not have and not chunk_.modal and not _has_do(t, first, n)
    ):
        return None
    chunk_.last = n
    chunk_.head = main if main >= 0 else n - 1
    _finish(t, chunk_, main, be=be, have=have, infinitive=infinitive)
    return chunk_


def _has_do(t: Tokens, first: int, last: int) -> bool:
    return any(t.tags[n] == w.DO for n in range(first, last))


def _verb_ahead(t: Tokens, n: int) -> bool:
    """Tell whether a verb goes on behind an adverb or auxiliary within the group."""
    n += 1
    while n < len(t) and t.tags[n] in _BEFORE_VERBS:
        if t.words[n] == "no":
            return False
        n += 1
    return n < len(t) and (t.tags[n] == w.VERB or t.tags[n] in AUXILIARIES)


def _finish(t: Tokens, c: Chunk, main: int, *, be: bool, have: bool, infinitive: bool) -> None:
    """Settle act, form, tense and voice of a verb group."""
    form = t.forms[main] if main >= 0 else ""
    c.act = t.values[main] if main >= 0 else "be" if be else "have" if have else "other"
    c.word = t.words[c.head]
    if c.negative and c.modal == "wish" and "may" in t.words[c.first : c.last]:
        c.modal = "duty"  # "may not sell" forbids it
    helped = be or have or bool(c.modal and c.modal != "figurative") or _has_do(t, c.first, c.last)
    if be and "n" in form:
        c.voice = "passive"
    elif main >= 0:
        c.voice = "active"
    if infinitive:
        c.form = "to"
    elif helped:
        starts = t.tags[c.first]
        lone = t.words[c.first] in LONE
        c.form = "ing" if lone and starts in _HELPING else "finite"
    elif form == "g":
        c.form = "ing"
    elif form == "n":
        c.form, c.voice = "participle", "passive"
    elif "d" in form and "n" in form:
        c.form = "past"
    else:
        c.form = "finite"
    if not c.tense and main >= 0:
        c.tense = "past" if "d" in form and "b" not in form else "present"
