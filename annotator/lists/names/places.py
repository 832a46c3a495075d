"""Countries as lists name them, and the words by which a text speaks of them."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import NamedTuple

from ..._lazy import regex
from ..._vocabulary import data_file, text_of
from .spelling import normal, tokens

_MOST_WORDS = 5
_US = regex(r"\bUS\b")  # in capitals no "us"


class _Table(NamedTuple):
    """Words for countries.

    ``cues`` are the words for a country by its names and codes, ``people`` the codes by a name or by the word for the
    people, ``first`` and ``last`` the words with which these begin and end, ``words`` all cues of one word.
    """

    cues: dict[str, tuple[str, ...]]
    people: dict[str, frozenset[str]]
    first: frozenset[str]
    last: frozenset[str]
    words: frozenset[str]


@cache
def _table() -> _Table:
    cues: dict[str, tuple[str, ...]] = {}
    people: dict[str, set[str]] = {}
    for line in text_of(data_file(__file__, "data", "countries.txt")).splitlines():
        if line.startswith("#"):
            continue
        codes, _, rest = line.partition(": ")
        code, *others = codes.split()
        own, called, *hints = rest.split(" | ")
        spelt = [*own.split(", "), *called.split(", ")]
        words = tuple(dict.fromkeys(" ".join(tokens(name)) for name in [*spelt, *", ".join(hints).split(", ")] if name))
        for one in (code, *others):
            cues[one] = words
        for name in own.split(", "):
            cues[_key(name)] = words
        for name in spelt:
            people.setdefault(" ".join(tokens(name)), set()).add(code)
    return _Table(
        cues,
        {name: frozenset(codes) for name, codes in people.items()},
        frozenset(name.partition(" ")[0] for name in people),
        frozenset(name.rpartition(" ")[2] for name in people),
        frozenset(word for words in cues.values() for word in words if " " not in word),
    )


def _key(name: str) -> str:
    # "Korea, North", "Iran (Islamic Republic of)": lists turn names round.
    return " ".join(sorted(set(tokens(name)) - {"the", "of", "and"}))


@lru_cache(1 << 12)
def cues_of(country: str) -> tuple[str, ...]:
    """Return the folded words that speak of a country (a name or a code), none for an unknown one.

    >>> "pyongyang" in cues_of("Korea, North")
    True
    """
    table = _table().cues
    return table.get(country.strip().lower()) or table.get(_key(country)) or ()


@cache
def countries() -> frozenset[str]:
    """Return the normal forms of all countries' names and of the words for them."""
    return frozenset(" ".join(map(normal, name.split(" "))) for name in _table().people)


def country_words() -> frozenset[str]:
    """Return the single words that speak of any country."""
    return _table().words


def last_words() -> frozenset[str]:
    """Return the words with which the names of countries end, and the words for their people."""
    return _table().last


@lru_cache(1 << 12)
def lands(text: str) -> frozenset[str]:
    """Return the codes of the countries that a few words name, or of whose people they speak.

    >>> sorted(lands("a South Korean cook in France"))
    ['fr', 'kr']
    """
    table = _table()
    people, first = table.people, table.first
    words = tokens(_US.sub("U.S.", text))
    found: set[str] = set()
    at = 0
    while at < len(words):
        if words[at] not in first and words[at].removesuffix("'s") not in first:
            at += 1
            continue
        for size in range(min(_MOST_WORDS, len(words) - at), 0, -1):
            codes = people.get(" ".join(words[at : at + size]).removesuffix("'s"))
            if codes:
                found |= codes
                at += size - 1
                break
        at += 1
    return frozenset(found)


def code_cues(code: str) -> tuple[str, ...]:
    """Return the words for the country of a two-letter code."""
    return _table().cues.get(code, ())
