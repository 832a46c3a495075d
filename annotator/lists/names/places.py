"""Countries as lists name them, and the words by which a text speaks of them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from .spelling import normal, tokens


@cache
def _table() -> tuple[dict[str, tuple[str, ...]], frozenset[str]]:
    cues: dict[str, tuple[str, ...]] = {}
    names: set[str] = set()
    for line in (Path(__file__).parent / "data" / "countries.txt").read_text(encoding="ascii").splitlines():
        if line.startswith("#"):
            continue
        code, _, rest = line.partition(": ")
        own, people, *hints = rest.split(" | ")
        spelt = [*own.split(", "), *people.split(", ")]
        words = tuple(dict.fromkeys(" ".join(tokens(name)) for name in [*spelt, *", ".join(hints).split(", ")] if name))
        cues[code] = words
        for name in own.split(", "):
            cues[_key(name)] = cues[code]
        names.update(" ".join(map(normal, tokens(name))) for name in spelt)
    return cues, frozenset(names)


def _key(name: str) -> str:
    # "Korea, North", "Iran (Islamic Republic of)": lists turn names round.
    return " ".join(sorted(set(tokens(name)) - {"the", "of", "and"}))


def cues_of(country: str) -> tuple[str, ...]:
    """Return the folded words that speak of a country (a name or a two-letter code), none for an unknown one.

    >>> "pyongyang" in cues_of("Korea, North")
    True
    """
    table = _table()[0]
    return table.get(country.strip().lower()) or table.get(_key(country)) or ()


def countries() -> frozenset[str]:
    """Return the normal forms of all countries' names and of the words for them."""
    return _table()[1]
