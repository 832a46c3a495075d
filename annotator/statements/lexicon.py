"""The vocabulary of a rulebook as sentences are read by it: word by word, the longest entry first.

Compiled from the sections ``actors`` and ``lexicon`` of rule files (``rulebook/_lexicon.py``).
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from . import words as w


class Entry(NamedTuple):
    """One entry under its first word.

    ``rest`` are the words behind the first, ``tag`` what it is (``words``), ``value`` the actor, act or measure,
    ``case`` 1 where it must begin with a capital and 2 where it must be written in capitals; ``form`` says which form
    of a verb (letters of ``bsdng``: base, third person, past, participle, -ing) or how an actor is named.
    """

    rest: tuple[str, ...]
    tag: int
    value: str
    case: int
    form: str


class Actor(NamedTuple):
    """A State, bloc or organisation. ``members`` are (actor, from, until), ``parties`` contexts of regimes on it."""

    id: str
    label: str
    jurisdiction: str
    member_of: str
    part_of: str
    stands_for: str
    members: tuple[tuple[str, str, str], ...]
    parties: tuple[int, ...]


_TAGS = {name: number for number, name in enumerate(w.NAMES)}
_MOST_KEPT = 1 << 16
_NOTHING: list[Entry] = []


def entries_of(rows: list[list[Any]]) -> list[Entry]:
    """Return the entries of a word from its rows in the compiled rulebook."""
    return [Entry(tuple(rest), _TAGS[tag], value, case, form) for rest, tag, value, case, form in rows]


class Lexicon:
    """Words of a rulebook: entries by first word, and the actors.

    ``grammar`` keeps what the tokenizer found other words to be, by their letters and whether they open a sentence;
    ``compiled`` is what reads sentences by these words in the compiled core (``cutting``), ``measures`` the words
    without which none need be read (``prefilter``). ``rows`` are the entries as they were compiled.
    """

    __slots__ = ("_entries", "actors", "compiled", "grammar", "measures", "rows")

    def __init__(self, data: bytes) -> None:
        raw: dict[str, Any] = json.loads(data) if data else {"words": {}, "actors": {}}
        self.rows: dict[str, list[list[Any]]] = raw["words"]
        self._entries: dict[str, list[Entry]] = {}
        self.compiled: Any = False  # not made yet
        self.measures: frozenset[bytes] | None = None
        self.grammar: dict[tuple[str, bool], tuple[int, str, str]] = {}
        self.actors: dict[str, Actor] = {
            key: Actor(key, row[0], row[1], row[2], row[3], row[4], tuple(map(tuple, row[5])), tuple(row[6]))
            for key, row in raw["actors"].items()
        }

    def entries(self, word: str) -> list[Entry]:
        """Return the entries that begin with a lower-case word, those of most words first."""
        found = self._entries.get(word)
        if found is None:
            rows = self.rows.get(word)
            if rows is None:
                return _NOTHING
            found = self._entries[word] = entries_of(rows)
        return found

    def adjectives(self, actor: str) -> list[str]:
        """Return the adjectives of an actor, with capitals: ``["North Korean"]``."""
        found = [
            (" ".join((first, *row[0])), row[3])
            for first, rows in self.rows.items()
            for row in rows
            if (row[1], row[2], row[4]) == ("actor", actor, "adjective")
        ]
        return sorted(words.upper() if case > 1 else words.title() for words, case in found)

    def keep(self, key: tuple[str, bool], kind: tuple[int, str, str]) -> tuple[int, str, str]:
        """Remember what a word is, and return it; as many words are remembered as any language uses."""
        if len(self.grammar) >= _MOST_KEPT:
            self.grammar.clear()
        self.grammar[key] = kind
        return kind
