"""Settle what a word is where the lexicon leaves it open: "bans" the verb or the noun, "banned" in "banned goods".

Each decision looks at the neighbours only, from left to right, as in Brill's tagger (Brill 1992, "A simple rule-based
part of speech tagger"); what stays open is a noun, since a statement missed is better than one invented.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import words as w

if TYPE_CHECKING:
    from .tokens import Tokens

# What a noun group may hold.
NOMINAL = frozenset({w.NOUN, w.NAME, w.ADJECTIVE, w.DETERMINER, w.NUMBER, w.ACTOR, w.MEASURE, w.BODY, w.INSTRUMENT,
                     w.THING, w.GOODS, w.OFFICE, w.ORGAN, w.POSSESSIVE, w.HYPHEN, w.FALSEHOOD, w.WISH, w.DATE,
                     w.PART})  # fmt: skip
HEADS = NOMINAL - {w.DETERMINER, w.NUMBER, w.ADJECTIVE, w.POSSESSIVE, w.HYPHEN}
AUXILIARIES = frozenset({w.BE, w.HAVE, w.DO, w.MODAL})
_OPEN = frozenset({w.VERB, w.NUMBER, w.ADJECTIVE, w.NOUN, w.SUBORDINATOR, w.PREPOSITION})
_DESCRIBED = HEADS | {w.ADJECTIVE, w.HYPHEN}
_ADVERBS = frozenset({w.ADVERB})
_SOFTENING = frozenset({w.ADVERB, w.CEASED, w.NOT, w.FALSELY, w.FIGURATIVE})
_STARTS_GROUP = frozenset({w.DETERMINER, w.NUMBER, w.NAME, w.ACTOR, w.PRONOUN})
# What stands beside a word, as each question asks for it.
_BEFORE_BASE = frozenset({w.MODAL, w.DO})
_BEFORE_NOUNS = frozenset({w.DETERMINER, w.POSSESSIVE, w.NUMBER, w.ADJECTIVE, w.HYPHEN, w.PREPOSITION, w.NOT})
_HELPING = frozenset({w.BE, w.HAVE})
_BEFORE_VERBS = frozenset({w.PRONOUN, w.RELATIVE})
_BEFORE_SENTENCES = frozenset({w.STOP, w.QUOTE, w.OPEN, w.BREAK})
_COUNTED_OR_MEANT = frozenset({w.DETERMINER, w.NUMBER})
_JOINING = frozenset({w.COMMA, w.AND})
_OBJECTS = frozenset(
    {w.DETERMINER, w.NUMBER, w.NAME, w.ACTOR, w.PRONOUN, w.MEASURE, w.GOODS, w.THING, w.ADJECTIVE, w.INSTRUMENT, w.NOUN}
)
_IN_A_ROW = frozenset({w.NOUN, w.MEASURE, w.THING, w.GOODS, w.OFFICE})
_NO_OBJECT = frozenset({w.TO, w.PREPOSITION, w.STOP, w.COMMA, w.ADVERB, w.SUBORDINATOR})
_LEADS_ON = frozenset({w.TO, w.SUBORDINATOR})
_SECOND_OBJECTS = frozenset({w.DETERMINER, w.NUMBER, w.NAME, w.ACTOR, w.MEASURE, w.GOODS, w.THING})
_PARTS = frozenset({w.STOP, w.BREAK, w.SUBORDINATOR})
_BASE_BEHIND = frozenset({w.TO, w.MODAL})
_GROUP_STARTS = (NOMINAL - {w.POSSESSIVE, w.HYPHEN}) | {w.PRONOUN}
_NO_SUBJECT = AUXILIARIES | {w.VERB, w.STOP, w.BREAK, w.SUBORDINATOR, w.QUOTE}
_PREPOSITIONS = frozenset({w.PREPOSITION, w.TO})
_ENDS_CLAUSE = frozenset({w.STOP, w.BREAK, w.SUBORDINATOR, w.RELATIVE, w.AND, w.COMMA, w.QUOTE})
_BEHIND_INFINITIVES = frozenset({w.DETERMINER, w.ACTOR, w.NAME, w.PRONOUN, w.GOODS, w.MEASURE, w.NUMBER})
_BEFORE_GERUNDS = frozenset({w.DETERMINER, w.POSSESSIVE, w.ADJECTIVE})
_BEHIND_GERUNDS = AUXILIARIES | {w.PREPOSITION, w.STOP, w.COMMA, w.TO}
_DESCRIBED_NOUNS = frozenset(
    {w.NOUN, w.ACTOR, w.MEASURE, w.THING, w.GOODS, w.ADJECTIVE, w.OFFICE, w.ORGAN, w.INSTRUMENT, w.NAME, w.BODY}
)
_BEFORE_ATTRIBUTES = frozenset({w.DETERMINER, w.POSSESSIVE, w.NUMBER, w.ADJECTIVE})
_BEFORE_PARTICIPLES = frozenset({w.PREPOSITION, w.NOT})
_THINGS = frozenset({w.MEASURE, w.THING, w.GOODS, w.NOUN})
_BEFORE_PLAIN_NOUNS = frozenset({w.DETERMINER, w.POSSESSIVE, w.ADJECTIVE, w.HYPHEN})
_BEFORE_COUNTED = frozenset({w.PREPOSITION, w.NUMBER})
_BEFORE_LAST_NOUNS = NOMINAL | {w.STOP, w.COMMA, w.AND}
_ENDS_PART = frozenset({w.STOP, w.BREAK, w.SUBORDINATOR, w.RELATIVE, w.QUOTE, w.COMMA})
_QUALITIES = HEADS | {w.ADJECTIVE}
_POINTED_AT = frozenset({w.NOUN, w.MEASURE, w.INSTRUMENT, w.BODY, w.THING})
_DOUBTS = frozenset({w.FALSEHOOD, w.WISH})
_BEFORE_THAT = NOMINAL | {w.ADVERB, w.NOT}

# Words that the grammar asks for.
TAKES_TO = frozenset(
    "subject due access according response addition contrary thanks owing exposed related linked opposition exception"
    " exceptions an close closer return returned route led object objected respond responded key used opposed threat"
    " end".split()
)
CALLED = frozenset({"for", "on", "upon"})
PLURAL = frozenset({"people", "police", "both", "these", "those"})
POINTING = frozenset("this that these those all both many some".split())
STANDING = POINTING | {"which", "who", "few"}
BEHIND_PARTICIPLE = frozenset({"by", "under", "against", "as"})
CLEFT = frozenset({"it", "not"})


def settle(t: Tokens) -> None:
    """Decide each open word of a sentence in place."""
    tags, others = t.tags, t.others
    for n, tag in enumerate(tags):
        other = others[n]
        if other is not None:
            if _is_verb(t, n):
                tags[n], t.values[n], t.forms[n] = w.VERB, other.value, other.form
            others[n] = None
        elif tag not in _OPEN:
            continue
        elif tag == w.VERB:
            _settle_verb(t, n)
        elif tag == w.NUMBER:
            if _tag(t, n + 1) == w.VERB and _tag(t, n - 1) in AUXILIARIES:
                tags[n] = w.ADVERB  # "were first banned"
        elif tag == w.ADJECTIVE:
            if _tag(t, n + 1) not in _DESCRIBED and _tag(t, n - 1) not in AUXILIARIES:
                tags[n] = w.NOUN  # "the former republic faces"
        elif tag == w.NOUN:
            if _tag(t, n - 1) == w.TO and _is_unknown_verb(t, n):
                tags[n], t.values[n], t.forms[n] = w.VERB, "other", "b"
        elif tag == w.SUBORDINATOR:
            if t.forms[n] in w.EITHER and not _clause_follows(t, n + 1):
                tags[n], t.values[n] = w.PREPOSITION, t.forms[n]
            elif t.words[n] == "that":
                _settle_that(t, n)
        elif t.words[n] == "because" and t.words[n + 1 : n + 2] != ["of"]:
            tags[n], t.values[n] = w.SUBORDINATOR, ""


def _settle_verb(t: Tokens, n: int) -> None:
    """Decide whether what may be a verb is one."""
    if _is_attribute(t, n):
        t.tags[n] = w.NOUN if t.forms[n] == "g" and _tag(t, n + 1) not in HEADS else w.ADJECTIVE
    elif t.forms[n] == "b" and _tag(t, _before(t, n, _SOFTENING)) == w.BE:
        t.tags[n] = w.ADJECTIVE  # "is subject to", "is no longer subject to", "is back in force"
    elif t.words[n : n + 2] == ["subject", "to"] and t.values[_before(t, n, _SOFTENING)] == "stand":
        t.tags[n] = w.ADJECTIVE  # "remain subject to"
    elif t.forms[n] in {"b", "s"} and not _may_stand_as_verb(t, n):
        t.tags[n] = w.NOUN


def _tag(t: Tokens, n: int) -> int:
    return t.tags[n] if 0 <= n < len(t.tags) else w.STOP


def _before(t: Tokens, n: int, aside: frozenset[int] = _ADVERBS) -> int:
    """Return the index of the word before ``n``, adverbs or what else is named left aside, -1 at the start."""
    n -= 1
    while n >= 0 and t.tags[n] in aside:
        n -= 1
    return n


def _is_verb(t: Tokens, n: int) -> bool:
    """Decide whether a word that may be a noun or a verb is a verb here."""
    verb = t.others[n]
    assert verb is not None
    form = verb.form
    left = _before(t, n)
    before = _tag(t, left)
    after = _tag(t, n + 1)
    # -- what stands before --
    if before == w.TO:
        return "b" in form and not _takes_to(t, left)
    if before in _BEFORE_BASE:
        return "b" in form
    if before == w.NOT and t.words[left] != "no":
        return "b" in form or "g" in form or "n" in form
    if before in _BEFORE_NOUNS:
        return "g" in form and before == w.PREPOSITION and _opens_group(t, n + 1)
    if before in _HELPING:
        return ("n" in form or "g" in form) and not (form == "bdn" and after in HEADS)
    if before in _BEFORE_VERBS:
        return t.words[left] != "whose"
    if before == w.VERB:
        return False
    if left < 0 or before in _BEFORE_SENTENCES:
        # At the head of a sentence a noun, unless it is a command or a headline's "-ing".
        return form == "g" and _opens_group(t, n + 1)
    if before == w.AND and t.words[n] == "calls" and n + 1 < len(t) and t.words[n + 1] in CALLED:
        return True  # "bans arms exports and calls for inspections"
    if before == w.COMMA and form == "g" and after in _COUNTED_OR_MEANT:
        return True  # "Ottawa used its new law, blacklisting 30 Russians"
    if before in _JOINING:
        return _goes_on(t, n, left, form)
    if before == w.SUBORDINATOR:
        return t.words[left] == "that" and after in _STARTS_GROUP and "s" in form
    # -- behind a noun --
    if (before == w.ACTOR and t.forms[left] == "adjective") or _finite_before(t, n):
        return False
    if after in AUXILIARIES or (after == w.VERB and _is_finite(t, n + 1)):
        return False
    following = t.others[n + 1] if n + 1 < len(t) else None
    if following is not None and before in HEADS:
        # "US sanctions bar services": the plural is the noun, the base form behind it the verb.
        if (
            t.words[n].endswith("s")
            and "b" in following.form
            and _opens_group(t, n + 2)
            and not t.words[n + 1].endswith("s")
        ):
            return False
        # "The EU plans sanctions on Russia": the second is the noun.
        if "s" in form or "d" in form:
            return not _finite_later(t, n + 1)
    if after in _OBJECTS or (after == w.VERB and _is_attribute(t, n + 1)):
        agrees = "s" in form or "d" in form or (form.startswith("b") and (_is_plural(t, left) or _plural_subject(t, n)))
        # "the UN arms embargo", "the sanctions list": nouns in a row are one name.
        if after in _IN_A_ROW and "s" not in form and "d" not in form:
            return agrees and _is_plural(t, left) and not _finite_later(t, n + 1) and not t.words[n].endswith("s")
        return agrees and not _finite_later(t, n + 1)
    if after in _NO_OBJECT:
        if t.tags[n] == w.MEASURE:
            return False
        if "d" in form and "b" not in form:
            return True
        return "s" in form and not _is_plural(t, left) and after in _LEADS_ON and not _finite_later(t, n + 1)
    return False


def _goes_on(t: Tokens, n: int, left: int, form: str) -> bool:
    """Decide behind a comma or "and": a second verb of the same subject ("bans arms and freezes assets") or a noun."""
    after = _tag(t, n + 1)
    if after not in _SECOND_OBJECTS:
        return False
    # The verb before must have the same form.
    at = left - 1
    while at >= 0 and t.tags[at] not in _PARTS:
        if t.tags[at] == w.VERB:
            shared = set(form) & set(t.forms[at])
            return bool(shared - {"b"}) or ("b" in shared and t.tags[at - 1] in _BASE_BEHIND)
        at -= 1
    return False


def _takes_to(t: Tokens, n: int) -> bool:
    """Tell whether "to" is a preposition: "subject to sanctions", "access to funds", "sanctions to Iran"."""
    before = t.words[n - 1] if n else ""
    return before in TAKES_TO


def _opens_group(t: Tokens, n: int) -> bool:
    """Tell whether a noun group begins at ``n``."""
    return _tag(t, n) in _GROUP_STARTS


def _is_plural(t: Tokens, n: int) -> bool:
    """Tell whether a noun looks plural."""
    if n < 0:
        return False
    if t.tags[n] == w.ACTOR:
        return t.forms[n] == "people" or (" " in t.words[n] and t.words[n].endswith("s"))
    return (t.words[n].endswith("s") and not t.words[n].endswith("ss")) or t.words[n] in PLURAL


def _plural_subject(t: Tokens, n: int) -> bool:
    """Tell whether a plural noun that governs what stands before ``n``, or one joined by "and", may be the subject."""
    at = n - 1
    while at >= 0:
        tag = t.tags[at]
        if tag in _NO_SUBJECT:
            return False
        if tag == w.AND:
            return t.tags[at - 1] in HEADS or t.tags[at - 1] == w.COMMA
        if tag in _PREPOSITIONS:
            before = _before(t, at)
            return before >= 0 and t.tags[before] in HEADS and (_is_plural(t, before) or _plural_subject(t, before))
        at -= 1
    return False


def _finite_before(t: Tokens, n: int) -> bool:
    """Tell whether a finite verb stands earlier in the clause, so that another would be one too many."""
    at = n - 1
    while at >= 0:
        tag = t.tags[at]
        if tag in _ENDS_CLAUSE:
            return False
        if tag in AUXILIARIES:
            return True
        if tag == w.VERB and t.forms[at] != "g" and t.values[at] != "say" and _tag(t, at - 1) != w.TO:
            return not _is_plural(t, n - 1) or t.tags[n] != w.MEASURE
        at -= 1
    return False


def _is_unknown_verb(t: Tokens, n: int) -> bool:
    """Tell whether a word that nobody knows is the verb of an infinitive: "to divert ships"."""
    after = _tag(t, n + 1)
    return not t.words[n].endswith("s") and t.words[n - 2 : n - 1] != ["subject"] and after in _BEHIND_INFINITIVES


def _is_finite(t: Tokens, n: int) -> bool:
    """Tell whether a verb is certainly finite where it stands: third person, or past before an object."""
    return t.tags[n] == w.VERB and ("s" in t.forms[n] or ("d" in t.forms[n] and not _is_attribute(t, n)))


def _finite_later(t: Tokens, n: int) -> bool:
    """Tell whether a finite verb stands later in the clause, so that another before it would be one too many."""
    n += 1
    while n < len(t):
        tag = t.tags[n]
        if tag in _ENDS_CLAUSE:
            return False
        if tag in AUXILIARIES or (tag == w.VERB and ("s" in t.forms[n] or t.forms[n] == "d")):
            return True
        if tag == w.VERB and "d" in t.forms[n] and _opens_group(t, n + 1) and not _is_attribute(t, n):
            return True
        n += 1
    return False


def _is_attribute(t: Tokens, n: int) -> bool:
    """Tell whether a participle stands before the noun that it describes: "banned goods", "the imposed limits"."""
    form = t.forms[n]
    if "n" not in form and form != "g":
        return False
    before, after = _tag(t, n - 1), _tag(t, n + 1)
    if before == w.HYPHEN:
        return True
    if form == "g" and before in _BEFORE_GERUNDS and after in _BEHIND_GERUNDS:
        return True
    if after not in _DESCRIBED_NOUNS and not (after == w.VERB and "n" in t.forms[n + 1] and _tag(t, n + 2) in HEADS):
        # "the banned", "its listed": a noun group that goes no further.
        return before == w.POSSESSIVE and form == "g"
    if before in _BEFORE_ATTRIBUTES:
        return not (before == w.DETERMINER and t.words[n - 1] in POINTING and after in _STARTS_GROUP)
    if before in _BEFORE_PARTICIPLES or (before == w.TO and "b" not in form):
        if form == "g":
            return t.words[n - 1] in DESCRIBING
        return after != w.NAME and not (after == w.ACTOR and t.forms[n + 1] not in {"people", "adjective"})
    if before == w.ACTOR and t.forms[n - 1] == "adjective":
        return after in HEADS
    if before == w.VERB and form != "g":
        return after in _THINGS and "n" in form and not t.words[n - 1].endswith(("ing",))
    return False


# Prepositions behind which "-ing" describes what follows ("under sweeping sanctions") instead of doing something.
DESCRIBING = frozenset("under amid against despite on with".split())


def _may_stand_as_verb(t: Tokens, n: int) -> bool:
    """Tell whether a word of the lexicon's verbs can be one here; behind articles and the like it is a noun."""
    before, after = _tag(t, n - 1), _tag(t, n + 1)
    if before in _BEFORE_PLAIN_NOUNS or (before == w.ACTOR and t.forms[n - 1] == "adjective"):
        return before == w.DETERMINER and t.words[n - 1] in STANDING and after != w.PREPOSITION
    if before in _BEFORE_COUNTED and not (before == w.NUMBER and "b" in t.forms[n] and _opens_group(t, n + 1)):
        return False
    if before == w.TO and "b" not in t.forms[n]:
        return False
    if t.forms[n] == "b" and before in HEADS and not _is_plural(t, n - 1) and not _plural_subject(t, n):
        return False  # a base form agrees with plurals only: "the direct product rule"
    if after in AUXILIARIES and before in _BEFORE_LAST_NOUNS:
        return False
    return not (
        before == w.VERB
        and t.forms[n] in {"b", "s"}
        and t.forms[n - 1] in {"d", "s", "dn"}
        and t.values[n - 1] not in {"other", "say"}
    )


def _clause_follows(t: Tokens, n: int) -> bool:
    """Tell whether a noun group and then a finite verb follow, before a comma or stop."""
    seen = False
    while n < len(t):
        tag = t.tags[n]
        if tag in _ENDS_PART:
            return False
        if tag in AUXILIARIES:
            return seen
        if tag == w.VERB:
            if ("s" in t.forms[n] or "d" in t.forms[n]) and not (seen and _participle_only(t, n)):
                return seen and not _is_attribute(t, n)
            if t.forms[n] == "g" and not seen:
                return False
        other = t.others[n]
        if other is not None and seen and _is_verb(t, n):
            return True
        if tag in NOMINAL or tag == w.PRONOUN:
            seen = True
        n += 1
    return False


def _participle_only(t: Tokens, n: int) -> bool:
    """Tell whether a past form is a participle by what follows it: "sanctions imposed by", "a man known as"."""
    return _tag(t, n + 1) == w.PREPOSITION and t.words[n + 1] in BEHIND_PARTICIPLE and "n" in t.forms[n]


def _settle_that(t: Tokens, n: int) -> None:
    """Decide on "that": an article ("that resolution"), a relative ("sanctions that hit"), or a conjunction."""
    before, after = _tag(t, n - 1), _tag(t, n + 1)
    if before in _QUALITIES and _is_cleft(t, n):
        return
    if before == w.PREPOSITION or (before == w.VERB and after in _POINTED_AT and not _clause_follows(t, n + 1)):
        t.tags[n], t.values[n] = w.DETERMINER, "that"
    elif before in HEADS and before not in _DOUBTS and t.words[n - 1] not in SAYINGS:
        # Behind a noun a relative, except behind nouns of saying: "the claim that sanctions hurt".
        t.tags[n], t.values[n] = w.RELATIVE, "that"


def _is_cleft(t: Tokens, n: int) -> bool:
    """Tell whether "that" opens what "it is not true", "it is a myth" says."""
    at = n - 1
    while at >= 0 and t.tags[at] in _BEFORE_THAT:
        at -= 1
    return at > 0 and t.tags[at] == w.BE and t.words[at - 1] in CLEFT


SAYINGS = frozenset(
    "claim claims report reports belief fact news view statement allegation allegations suggestion idea announcement"
    " evidence concern concerns warning warnings assertion argument conclusion sign signs doubt doubts rumour rumor"
    " reporters".split()
)
