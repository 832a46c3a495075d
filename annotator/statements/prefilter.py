"""What a sentence cannot say, told from its words without reading it: most sentences say nothing of a measure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._lazy import regex
from . import words as w
from .naming import MEASURING

if TYPE_CHECKING:
    from .lexicon import Lexicon

_LONGEST = 1200  # bytes of a sentence that is read as one for certain: parts of others may begin within a word
_LETTERS = regex("[a-z\xff]+")
# Runs of letters as the tokenizer cuts them, in small letters; all else is blank.
_WORDS = bytes(
    code + 32 if 65 <= code <= 90 else code if 97 <= code <= 122 or code == 255 else 32 for code in range(256)
)


def may_state(plain: bytes, start: int, end: int, lexicon: Lexicon) -> bool:
    """Tell whether a sentence of a folded text may make a statement: it has words for a measure, or for making one."""
    if lexicon.measures is None:
        lexicon.measures = _measures(lexicon)
    if end - start > _LONGEST:
        return True
    return not lexicon.measures.isdisjoint(plain[start:end].translate(_WORDS).split())


def _measures(lexicon: Lexicon) -> frozenset[bytes]:
    """Return words of which each entry of a measure, or of a verb that is one, has one."""
    entries = [
        {run.encode("latin-1") for word in (first, *row[0]) for run in _LETTERS.findall(word)[:1]}
        for first, rows in lexicon.rows.items()
        for row in rows
        if row[1] == w.NAMES[w.MEASURE] or row[2] in MEASURING
    ]
    found: set[bytes] = set()
    for runs in sorted(entries, key=lambda runs: (len(runs), sorted(runs))):
        if found.isdisjoint(runs):
            found.add(max(runs, key=lambda run: (len(run), run)))
    return frozenset(found)
