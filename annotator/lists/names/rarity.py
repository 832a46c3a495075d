"""How much a name tells: the information in its words, in bits, by how common each is as a name.

Two sources are held together, and the commoner use counts: the table of frequencies that is shipped (see
``data/README.md``), and how often each word stands in the names of the lists themselves, where "Muhammad"
or "Aleksandr" are common though English news seldom says them.
"""

from __future__ import annotations

import math
import sys
import zlib
from array import array
from bisect import bisect_left
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

from ..._vocabulary import data_file, sections, text_of
from .spelling import PARTICLES, classmates, normal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SLOTS = 1 << 20
_MOST_KNOWN = 1 << 16
_UNKNOWN = 16.0
_KNOWN_BITS = 13
_LEAST_TOTAL = 1 << 16
_BITS_OF_A_PROPER_NAME = 13.0
_WEIGHT_OF_COMMON_WORD = 0.35
MOST_BITS = 99


class Frequency(NamedTuple):
    """What the table has of a word: its bits as a name, whether it is an ordinary one, whether people bear it."""

    bits: int
    common: bool
    borne: bool


@cache
def _lines() -> list[str]:
    """Return the lines of the shipped table, which are in the order of their words."""
    return text_of(data_file(__file__, "data", "frequencies.txt")).splitlines()


def _read(line: str) -> tuple[str, Frequency]:
    word, bits, *marks = line.split()
    return word, Frequency(int(bits), "c" in marks, "n" in marks)


@lru_cache(maxsize=_MOST_KNOWN)
def frequency(word: str) -> Frequency | None:
    """Return what the shipped table has of a word, ``None`` for one that it does not have."""
    lines, begun = _lines(), f"{word} "
    at = bisect_left(lines, begun)
    found = _read(lines[at]) if at < len(lines) and lines[at].startswith(begun) else None
    return found[1] if found is not None and found[0] == word else None


@cache
def _as_spelt() -> dict[str, int]:
    """Return the least bits of the words of the shipped table that one normal form stands for; ordinary words aside."""
    found: dict[str, int] = {}
    for word, (bits, common, borne) in map(_read, _lines()):
        if borne or not common:
            key = normal(word)
            found[key] = min(bits, found.get(key, bits))
    return found


@cache
def ordinary() -> frozenset[str]:
    """Return the normal forms of all ordinary words."""
    return frozenset(normal(word) for word, known in map(_read, _lines()) if known.common)


@cache
def other_things() -> frozenset[str]:
    """Return words, and phrases, that are the whole name of some body on a list and something else far more often."""
    found = sections(data_file(__file__, "data", "other-things.txt"))
    return frozenset(found["phrases"]).union(*(line.split() for line in found["words"]))


def borne(word: str) -> bool:
    """Tell whether a word is a common given or family name."""
    known = frequency(word)
    return known is not None and known.borne


def widely_known(word: str) -> bool:
    """Tell whether news that has nothing to do with lists often has a word: "Gulf", "Siberia"."""
    known = frequency(word)
    return known is not None and (known.common or known.bits <= _KNOWN_BITS)


class Rarity:
    """Counts the words of the lists' names, then tells what a form is worth. Takes the same memory for any list."""

    def __init__(self) -> None:
        # Words that share a slot count as one: then a rare word may pass for a commoner one.
        self._counts = array("I", bytes(4 * _SLOTS))
        self._total = 0
        self._known: dict[str, tuple[float, bool, bool]] = {}

    def packed(self) -> bytes:
        """Return the counts, for `of`."""
        data = self._counts if sys.byteorder == "little" else array("I", self._counts)
        if sys.byteorder != "little":
            data.byteswap()
        return self._total.to_bytes(8, "little") + zlib.compress(data.tobytes(), 1)

    @classmethod
    def of(cls, packed: bytes) -> Rarity:
        """Return counts that were `packed` before. Raises ``ValueError`` for anything else."""
        made = cls()
        try:
            counts = array("I", zlib.decompress(packed[8:]))
        except zlib.error as error:
            raise ValueError("damaged") from error
        if sys.byteorder != "little":
            counts.byteswap()
        if len(counts) != _SLOTS:
            raise ValueError("damaged")
        made._counts, made._total = counts, int.from_bytes(packed[:8], "little")
        return made

    def count(self, words: Mapping[str, int]) -> None:
        """Take in words with how often each stands in names."""
        for word, number in words.items():
            self._counts[crc32(normal(word).encode()) % _SLOTS] += number
            self._total += number

    def word(self, word: str) -> tuple[float, bool, bool]:
        """Return a word's bits, whether it is an ordinary word, and one that no person is called by."""
        found = self._known.get(word)
        if found is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            found = self._known[word] = self._word(word)
        return found

    def _word(self, word: str) -> tuple[float, bool, bool]:
        own, same = frequency(word), normal(word)
        spelt = _as_spelt().get(same)
        bits = min((float(one) for one in (own and own.bits, spelt) if one is not None), default=_UNKNOWN)
        common = own is not None and own.common
        borne = (own is not None and own.borne) or bool(classmates(word))
        if own and not common and not borne:
            # News that often speaks of one body does not make its name ambiguous.
            bits = max(bits, _BITS_OF_A_PROPER_NAME)
        number = self._counts[crc32(same.encode()) % _SLOTS]
        # In a short list a word that stands there twice is not thereby common.
        listed = math.log2(max(self._total, _LEAST_TOTAL) / (number + 1))
        if word.isdigit():
            return min(3.0 * len(word), 14.0), True, True
        short = 4.0 * len(word)  # what has few letters is easily something else
        return max(1.0, min(bits, listed, short)), common, common and not borne

    def form(self, words: Sequence[str], *, person: bool) -> tuple[int, int]:
        """Return the bits of a form, and the number of its words that are no ordinary ones."""
        known = self._known
        total, names = 0.0, 0
        for word in words:
            if person and word in PARTICLES and len(words) > 1:
                continue
            bits, common, nobody = known.get(word) or self.word(word)
            # Ordinary words of a body's name come together: "bank of commerce" tells less than its words do.
            total += bits if person or not common else bits * _WEIGHT_OF_COMMON_WORD
            names += not (nobody if person else common)
        return min(MOST_BITS, round(total)), names
