"""The forms by which a text may say a name of an entry: order, parts left out, initials, legal forms.

A form is a row of words with a kind. `table_key` makes of the words what the index is asked for.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from ..._lazy import regex
from ...folding import plain_phrase
from .legal import bare, stages
from .spelling import FAITHS, HONORIFICS, PARTICLES, SERVANTS, Row, normal, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..entries import Entry, Name

# Kinds of forms: as spoken; family name first; a part left out; an initial; a body without its legal form;
# a body without what it is or where; an identifier; another script.
SPOKEN, SWAPPED, SHORT, INITIAL, BARE, CORE, IDENTIFIER, SCRIPT = range(8)
KINDS = ("spoken", "family name first", "a part left out", "initial", "without legal form", "shortened",
         "identifier", "as written in another script")  # fmt: skip

MOST_WORDS = 12
_GROWING = SERVANTS | FAITHS  # words that may be one with another
_MOST_FORMS = 40
_LONGEST_NAME = 400  # code points; a longer "name" is no name
_PARENTHESES = regex(r"\(([^()]*)\)|\"([^\"]*)\"|“([^”]*)”|\[([^\[\]]*)\]")
_BRACKETS = regex(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_QUOTED = regex(r"[\"“„«]([^\"“”„«»]+)[\"”“»]")
PATRONYMIC = regex(
    r"(?:ovich|evich|ievich|yevich|ovych|evych|ovna|evna|ivna|yivna|ichna|avich|avna|auna|ogly|oglu|kyzy|uly)$"
)
_GENERIC = frozenset(
    "bank group company corporation holding holdings enterprise enterprises trading industries international bancorp"
    " shipping lines airlines airways aviation petrochemical oil gas energy general marine maritime industrial chemical"
    " engineering construction investment investments insurance".split()
)
_SMALL = frozenset("of the and for in".split())
_AFTER_NAMED = frozenset({"after", "for", "honor", "honour", "the", "memory", "name"})
_LEAST_OF_A_BRANCH, _MOST_OF_A_NAME = 2, 4
_PLACES = frozenset(
    "russia russian iran syria syrian cuba belarus korea venezuela yemen iraq lebanon libya sudan china crimea"
    " federation republic islamic democratic people s peoples".split()
)
_FAMILY_FIRST = frozenset({"kp", "kr", "cn", "tw", "hk", "mm", "vn"})
_EAST = frozenset(
    "kim ri pak choe jo jon han kang o u yun jang im ryu so sin kwon hwang an song hong chang jong paek rim no"
    " wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he gao lin luo".split()
)


_LINKS = frozenset("al el ul ur ud ad ush uz".split())


class Form(NamedTuple):
    """The words of a form, particles among them, and its kind."""

    words: tuple[str, ...]
    kind: int


def table_key(words: Sequence[str], *, person: bool) -> str:
    """Return the key under which a row of words is found: their normal forms, a person's particles left out."""
    if not any(len(word) == 1 for word in words) and not (person and _GROWING.intersection(words)):
        kept = [normal(word) for word in words if word not in PARTICLES] if person else []
        return " ".join(kept or map(normal, words))
    row = Row(person=person)
    for word in words:
        row.add(word)
    if not row.words:  # nothing but particles
        row = Row(person=False)
        for word in words:
            row.add(word)
    return " ".join(row.words)


def _unhonoured(words: list[str]) -> list[str]:
    kept = list(words)
    while len(kept) > 2 and kept[0] in HONORIFICS:  # a name of two words keeps both
        del kept[0]
    while len(kept) > 2 and kept[-1] in HONORIFICS:
        del kept[-1]
    return kept


def _split(name: Name) -> tuple[list[str], list[str], list[str]]:
    """Return a person's given words, middle words and family words, as far as they can be told apart."""
    given: list[str] = []
    middle: list[str] = []
    family: list[str] = []
    for kind, words in name.parts:
        into = {"given": given, "middle": middle, "patronymic": middle, "family": family}.get(kind)
        if into is not None:
            into += tokens(words)
    if family and given:
        while len(given) > 1 and given[0] in HONORIFICS:
            del given[0]
        return given, middle, family
    if "," in name.text:
        family_part, _, given_part = name.text.partition(",")
        if tokens(family_part) and tokens(given_part):
            return _unhonoured(tokens(given_part)), [], tokens(family_part)
    spoken = _unhonoured(tokens(name.text))
    if len(spoken) >= 2 and spoken[0] in _EAST and len(spoken) <= 3:
        return spoken[1:], [], spoken[:1]
    at = len(spoken) - 1
    while at > 1 and spoken[at - 1] in PARTICLES:
        at -= 1
    return spoken[:at], [], spoken[at:]


def _person(name: Name) -> Iterator[Form]:
    whole = _unhonoured(tokens(_PARENTHESES.sub(" ", name.text).replace(",", " ")))
    given, middle, family = _split(name)
    if not given or not family:
        yield Form(tuple(whole), SPOKEN)
        return
    patronymics = [word for word in given if PATRONYMIC.search(word)]
    if patronymics and len(given) > len(patronymics):
        middle = [*patronymics, *middle]
        given = [word for word in given if word not in patronymics]
    yield Form((*given, *middle, *family), SPOKEN)
    if "," not in name.text:
        yield Form(tuple(whole), SPOKEN)
    yield Form((*family, *given, *middle), SWAPPED)
    if middle:
        yield Form((*given, *family), SPOKEN)
        yield Form((*family, *given), SWAPPED)
        yield Form((*given, middle[0][0], *family), SPOKEN)
    if len(given) == 2 and all(len(word) > 1 and word.isalpha() for word in given):
        joined = "".join(given)
        if family[0] in _EAST or "-" in name.text:
            yield Form((*family, joined), SPOKEN)
            yield Form((joined, *family), SPOKEN)
        yield Form((given[0], given[1][0], *family), SPOKEN)
    yield from _compounds(given, middle, family)
    yield from _shortened(given, family, parted=bool(name.parts) or "," in name.text)
    if len(given[0]) > 1:
        yield Form((given[0][0], *family), INITIAL)
        if middle:
            yield Form((given[0][0], middle[0][0], *family), INITIAL)


def _compounds(given: list[str], middle: list[str], family: list[str]) -> Iterator[Form]:
    """Yield forms in which a name of two words with a particle between them is one word: "Shams ur-Rahman"."""
    row = [*given, *middle, *family]
    for at in range(len(row) - 2):
        if row[at + 1] in _LINKS and len(row[at]) > 1:
            yield Form((*row[:at], "".join(row[at : at + 3]), *row[at + 3 :]), SPOKEN)


def _shortened(given: list[str], family: list[str], *, parted: bool) -> Iterator[Form]:
    """Yield forms without second given or family names."""
    solid = [word for word in family if word not in PARTICLES]
    surnames = [tuple(family)]
    if len(solid) > 1:
        # The first of two surnames goes with the particles before it.
        surnames.append(tuple(family[: family.index(solid[0]) + 1]))
    firsts: list[tuple[str, ...]] = [tuple(given)]
    if len(given) > 1 and family[0] not in _EAST:
        starts = 2 if given[0] in {"abd", "abdul", "abdel", "abu", "umm"} else 1
        firsts.append(tuple(given[:starts]))
        firsts += [(word,) for word in given[starts:] if len(word) > 2 and word not in PARTICLES]
    if not parted and len(given) > 1 and len(solid) == 1 and family[0] not in _EAST:
        yield Form(tuple(given), SHORT)  # the last of two surnames left out
    for first, last in product(firsts, surnames):
        if (first, last) != (firsts[0], surnames[0]):
            yield Form((*first, *last), SHORT)


def _named_after(words: list[str]) -> Iterator[Form]:
    """Yield what people call "Test Centre named after V. P. Zarin": the Zarin Test Centre."""
    for start, size in (("named", 2), ("in", 3)):
        for at in range(2, len(words) - size):
            if words[at] == start and words[at + size - 1] in {"after", "of", "for"} and words[at + 1] in _AFTER_NAMED:
                whose = words[at + size :]
                yield Form(tuple(words[:at]), CORE)
                if len(whose) <= _MOST_OF_A_NAME:
                    yield Form((whose[-1], *words[:at]), BARE)
                    yield Form((*whose, *words[:at]), BARE)


def _two_in_one(words: list[str]) -> Iterator[Form]:
    """Yield two bodies that a list has in one field: "Bank Zarya and Bank Zarya International"."""
    for at in range(2, len(words) - 1):
        if words[at] == "and" and words[at + 1] == words[0] and words[0] not in _SMALL:
            yield Form(tuple(words[:at]), SPOKEN)
            yield Form(tuple(words[at + 1 :]), SPOKEN)


def _body(text: str) -> Iterator[Form]:
    words = tokens(text)
    while len(words) > 1 and words[0] == "the":
        del words[0]
    if not words:
        return
    yield Form(tuple(words), SPOKEN)
    for stage in stages(words):
        yield Form(tuple(stage), BARE)
    solid = bare(words)
    if len(solid) > _LEAST_OF_A_BRANCH and solid[-1] == "branch":
        yield Form(tuple(solid[:-1]), SPOKEN)
    yield from _named_after(solid)
    yield from _two_in_one(solid)
    core = list(solid)
    if core[-1] in _PLACES and len(core) > 1:
        while len(core) > 1 and core[-1] in _PLACES | _SMALL:
            core.pop()
    while core[-1] in _GENERIC and len(core) > 1:
        core.pop()
    if core != solid and core[-1] not in _SMALL and not all(word in _GENERIC | _SMALL | _PLACES for word in core):
        yield Form(tuple(core), CORE)


def _bodies(name: Name) -> Iterator[Form]:
    yield from _body(name.text)
    outside = _BRACKETS.sub(" ", name.text)
    if outside != name.text:
        yield from _body(outside)
    for hit in _QUOTED.finditer(name.text):
        # In quotation marks stands the name, before them what sort of body it is.
        inside = tokens(hit.group(1))
        if inside and len(bare(tokens(name.text[: hit.start()]))) <= 1:
            yield Form(tuple(inside), BARE)


@lru_cache(1 << 10)
def is_latin(text: str) -> bool:
    """Tell whether a text has letters of the Latin script, and no others."""
    plain = text.encode() if text.isascii() else plain_phrase(text)
    return b"\xff" not in plain and any(65 <= byte <= 122 for byte in plain)  # A to z


def forms(entry: Entry, name: Name) -> list[Form]:
    """Return the forms of one name in Latin script, each once; none of a name in another."""
    if len(name.text) > _LONGEST_NAME or not is_latin(name.text):
        return []
    made = _person(name) if entry.type == "person" else _bodies(name)
    found: dict[tuple[str, ...], int] = {}
    for form in made:
        words = tuple(word for word in form.words if word)[:MOST_WORDS]
        if not words or sum(map(len, words)) < 2:  # one letter is no name
            continue
        found[words] = min(form.kind, found.get(words, form.kind))
        if len(found) >= _MOST_FORMS:
            break
    return [Form(words, kind) for words, kind in found.items()]


def script_form(name: Name) -> str:
    """Return a name in another script as it is looked for: lower case, single blanks; empty if there is none."""
    if len(name.text) > _LONGEST_NAME or is_latin(name.text):
        return ""
    text = " ".join(_PARENTHESES.sub(" ", name.text).lower().split())
    return text if sum(char.isalpha() for char in text) > 1 else ""
