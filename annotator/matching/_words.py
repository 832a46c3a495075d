"""The vocabulary of the names on lists and of talk of sanctions, from ``words.txt``."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from .. import automaton
from .._lazy import regex
from .._vocabulary import data_file, sections

if TYPE_CHECKING:
    from collections.abc import Mapping

_PIECE, _LARGEST_PIECE = 1 << 12, 1 << 18  # bytes that are gone through at once


@cache
def _sections() -> dict[str, list[str]]:
    return sections(data_file(__file__, "words.txt"))


def words_of(section: str) -> frozenset[str]:
    """Return the words of a section."""
    return frozenset(" ".join(_sections()[section]).split())


def phrases(section: str) -> dict[str, tuple[str, ...]]:
    """Return the phrases of a section by what its lines begin with: ``un: security council, united nations``."""
    rows = (line.partition(": ") for line in _sections()[section])
    return {name: tuple(told.split(", ")) for name, _, told in rows}


def either(section: str) -> bytes:
    """Return a pattern that finds any one of a section's lines, which are patterns themselves."""
    return b"(?:%b)" % "|".join(_sections()[section]).encode("ascii")


def lines(section: str) -> tuple[str, ...]:
    """Return the lines of a section."""
    return tuple(_sections()[section])


# Right before the name of somebody who is not spoken of, but a child or a friend: "the son of".
KIN_OF = regex(rb"\b%b of (?:[A-Za-z]+ )?$" % either("kin"), re.IGNORECASE)


class Begun:
    """Where patterns of some sections could begin in a text."""

    __slots__ = ("_hits", "_mask", "_patterns", "_text")

    def __init__(self, text: bytes, hits: list[tuple[int, int, int]], patterns: Patterns) -> None:
        self._text, self._hits, self._patterns = text, hits, patterns
        self._mask = 0
        for _, _, stem in hits:
            self._mask |= patterns.masks[stem]

    def may(self, section: str) -> bool:
        """Tell whether a pattern of a section could begin there."""
        return bool(self._mask & self._patterns.bits[section])

    def has(self, section: str) -> bool:
        """Tell whether a pattern of a section stands there."""
        bit = self._patterns.bits[section]
        if not self._mask & bit:
            return False
        match, masks = self._patterns.of[section].match, self._patterns.masks
        return any(masks[stem] & bit and match(self._text, at) is not None for at, _, stem in self._hits)


class Patterns:
    """Patterns of several sections, looked for in one pass by the letters with which their lines begin."""

    def __init__(self, endings: Mapping[str, bytes]) -> None:
        """Take the sections, with what is asked of what stands behind each of their lines."""
        self.bits = {section: 1 << number for number, section in enumerate(endings)}
        self.of = {section: regex(rb"\b%b%b" % (either(section), end)) for section, end in endings.items()}
        stems: dict[bytes, int] = {}
        for section, bit in self.bits.items():
            for line in lines(section):
                stem = beginning(line)
                stems[stem] = stems.get(stem, 0) | bit
        self.masks = list(stems.values())
        self._longest = max(map(len, stems))
        self._find = automaton.build(list(stems)).hits

    def begun(self, text: bytes) -> Begun:
        """Return where a text may have any of them."""
        return Begun(text, self._find(text.lower()), self)

    def stands(self, section: str, plain: bytes, low: int, high: int) -> bool:
        """Tell whether a pattern of a section stands between two offsets of a text."""
        bit, match = self.bits[section], self.of[section].match
        at, size = low, _PIECE
        while at < high:
            for start, _, stem in self._find(plain[at : min(at + size + self._longest, high)].lower()):
                if self.masks[stem] & bit and match(plain, at + start, high) is not None:
                    return True
            at, size = at + size, min(2 * size, _LARGEST_PIECE)
        return False


def beginning(line: str) -> bytes:
    r"""Return the letters in lower case with which all that a pattern finds begins; two at least.

    >>> beginning("[Ss]anction(?:s|ed|ing)?"), beginning("vessels?"), beginning(r"E\.O\.")
    (b'sanction', b'vessel', b'e.o.')
    """
    letters: list[str] = []
    for either_case, escaped, one in re.findall(r"\[([A-Z])[a-z]\]|\\(\W)|(.)", line):
        if one in {"?", "*", "{"}:
            letters.pop()
            break
        if one in {"(", "[", "\\"}:
            break
        letters.append(either_case or escaped or one)
    if len(letters) < 2:
        raise ValueError(f"begins with less than two letters: {line}")
    return "".join(letters).lower().encode("ascii")
