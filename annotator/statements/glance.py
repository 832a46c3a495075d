"""What a sentence cannot say, told from its words without reading it: most sentences say nothing of a measure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from . import words as w
from .naming import MEASURING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from .lexicon import Lexicon

    Row = list[Any]  # of an entry: the words behind the first, tag, value, case and form

# Acts that a sentence may come to without a word of the lexicon: by the words of grammar, or by a duty.
_OF_GRAMMAR = frozenset({"", "be", "have", "other", "bind", "ban"})
_LONGEST = 1200  # bytes of a sentence that is read as one for certain: parts of others may begin within a word
_LETTERS = re.compile("[a-z\xff]+")
# Runs of letters as the tokenizer cuts them, in small letters; all else is blank.
_WORDS = bytes(
    code + 32 if 65 <= code <= 90 else code if 97 <= code <= 122 or code == 255 else 32 for code in range(256)
)
_BEHIND_NUMBER = re.compile(rb"\d(?:st|nd|rd|th)[A-Za-z\xff]")  # a word begins within the run of letters


def glance(lexicon: Lexicon) -> Glance:
    """Return what words sentences must hold, by a lexicon."""
    found: Glance | None = lexicon.glance
    if found is None:
        found = lexicon.glance = Glance(lexicon)
    return found


class Glance:
    """What words a sentence must hold to say certain things, by one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._rows = lexicon.rows
        self._acts: dict[tuple[str, ...], frozenset[bytes] | None] = {}
        self._measures = self._needed(lambda row: row[1] == w.NAMES[w.MEASURE] or row[2] in MEASURING)

    def measures(self, plain: bytes, start: int, end: int) -> bool:
        """Tell whether a sentence may make a statement: it has a measure, or a verb that is one."""
        return _holds(plain, start, end, self._measures)

    def acts(self, plain: bytes, start: int, end: int, acts: Iterable[str]) -> bool:
        """Tell whether a statement of a sentence may have one of some acts."""
        key = tuple(acts)
        if key not in self._acts:
            among = frozenset(key)
            self._acts[key] = self._needed(lambda row: row[2] in among) if among.isdisjoint(_OF_GRAMMAR) else None
        return _holds(plain, start, end, self._acts[key])

    def _needed(self, wanted: Callable[[Row], bool]) -> frozenset[bytes] | None:
        """Return words of which each entry that is wanted has one, ``None`` where some have no letters."""
        entries = [
            {run.encode("latin-1") for word in (first, *row[0]) for run in _LETTERS.findall(word)[:1]}
            for first, rows in self._rows.items()
            for row in rows
            if wanted(row)
        ]
        found: set[bytes] = set()
        for runs in sorted(entries, key=lambda runs: (len(runs), sorted(runs))):
            if not runs:
                return None
            if found.isdisjoint(runs):
                found.add(max(runs, key=lambda run: (len(run), run)))
        return frozenset(found)


def _holds(plain: bytes, start: int, end: int, words: frozenset[bytes] | None) -> bool:
    """Tell whether a stretch of text may hold one of some words as a token."""
    if words is None or end - start > _LONGEST:
        return True
    text = plain[start:end]
    return not words.isdisjoint(text.translate(_WORDS).split()) or _BEHIND_NUMBER.search(text) is not None
