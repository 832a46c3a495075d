"""Looking entries up by a name as somebody writes it: in all spellings of articles, and names that are near."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .entries import shown_name
from .names.forms import table_key
from .names.spelling import normal, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .entries import Entry
    from .names.index import Layered, NameIndex
    from .store import Store

_MOST_NEAR = 8
_LEAST_LIKE = 0.74
_MOST_LOOKED_AT = 4000


class Looked(NamedTuple):
    """Entries of a name, with their keys; and where there are none, names that are much like it."""

    entries: list[tuple[int, Entry]]
    near: list[str]


def look_up(store: Store, index: NameIndex | Layered | None, text: str) -> Looked:
    """Return the entries of a reference or a name.

    The name is looked for in the same words, then in all spellings and orders in which an article may say it, then
    among other words. Where none has it, names are offered that differ in little.
    """
    found = store.find(text)
    words = tokens(text)
    if words and index is not None and not _is_exact(found, text, words):
        keys = spelt(index, text)
        if keys:
            known = set(keys)
            return Looked([(key, store.entry(key)) for key in keys] + [one for one in found if one[0] not in known], [])
    return Looked(found, [] if found else near(store.names(), words))


def spelt(index: NameIndex | Layered, text: str) -> list[int]:
    """Return the keys of the entries that a name means, in all spellings and orders in which an article may say it."""
    words = tokens(text)
    keys: dict[int, None] = {}
    for person in (True, False) if words else ():
        row = index.lookup(table_key(words, person=person).encode())
        keys |= dict.fromkeys(key for key, *_ in row[2]) if row else {}
    return list(keys)


def near_in(store: Store, text: str) -> list[tuple[str, list[Entry]]]:
    """Return names of a store that are near to some words, as the entries write them, each with its entries."""
    found: dict[str, list[Entry]] = {}
    words = tokens(text)
    among = store.find(text, most=_MOST_NEAR)
    for folded in [" ".join(words)] if among else near(store.names(), words):
        for _, entry in among or store.find(folded, most=_MOST_NEAR):
            found.setdefault(shown_name([entry], folded), []).append(entry)
    return list(found.items())[:_MOST_NEAR]


def _is_exact(found: list[tuple[int, Entry]], text: str, words: list[str]) -> bool:
    """Tell whether entries were found by their reference, or under just these words."""
    wanted = sorted(words)
    return any(
        entry.reference.lower() == text.strip().lower()
        or any(sorted(tokens(name.text)) == wanted for name in entry.names)
        for _, entry in found
    )


def near(names: Iterable[str], words: list[str]) -> list[str]:
    """Return the names, as folded in a store, that are most like some words.

    >>> near(["gavril lumensky", "oleg petrov"], ["gavrilo", "lumenskiy"])
    ['gavril lumensky']
    """
    from difflib import SequenceMatcher

    wanted = sorted(map(normal, words))
    if not wanted:
        return []
    joined = " ".join(wanted)
    starts = {word[:3] for word in wanted}
    matcher = SequenceMatcher(b=joined, autojunk=False)
    scored: list[tuple[float, str]] = []
    for name in names:
        row = sorted(map(normal, name.split()))
        if abs(len(row) - len(wanted)) > 1 or starts.isdisjoint(word[:3] for word in row):
            continue
        matcher.set_seq1(" ".join(row))
        if matcher.real_quick_ratio() < _LEAST_LIKE or matcher.quick_ratio() < _LEAST_LIKE:
            continue
        score = matcher.ratio()
        if score >= _LEAST_LIKE:
            scored.append((-score, name))
            if len(scored) > _MOST_LOOKED_AT:
                break
    return [name for _, name in sorted(scored)[:_MOST_NEAR]]
