"""The compiled core: one pass over a folded text that leaves the few places where a rule could fire.

``scan.c`` is built where there is a compiler, or comes with the wheel; where it is missing, `named` says so and the
automaton library serves (``annotator.automaton``), with the same results. ``ANNOTATOR_INTERPRETED=1`` in the
environment turns it off. ``tables.py`` makes what it looks words up in.
"""

from __future__ import annotations

import os
from array import array
from struct import pack
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..folding import Folded

    _Row = tuple[int, int, int, int, int, int]  # start, end, literal, form, element, owner; see ``scan.c``

_HIGHEST = 1 << 31
_WIDTH = 6  # numbers of a row; see ``scan.c``
_LONGEST_STEM = 16
_VERSION = 5

# A form that may stand at a hit: its number, the element that was hit, and whether it certainly stands there.
Fit = tuple[int, int, bool]
# Where a literal stands (offsets of ``Folded.plain``, the second one behind the closing blank and the next), its
# number, and the forms that may stand there.
Place = tuple[int, int, int, list[Fit]]
# Where a cue's literal stands: start, end and number as above, and the form that may stand there with the element that
# was hit, -1 and -1 where the cue stands for certain and is no more than the literal.
CueRow = tuple[int, int, int, int, int]


def _built() -> Any:
    if os.environ.get("ANNOTATOR_INTERPRETED"):
        return None
    try:
        from . import scan
    except ImportError:
        return None
    return scan if getattr(scan, "version", 0) == _VERSION else None  # one that was built from an older source


scan = _built()


def named() -> str:
    """Return ``compiled`` or ``interpreted``: which core serves here."""
    return "interpreted" if scan is None else "compiled"


class Tables:
    """The tables of a rulebook, opened. Immutable; threads may share them."""

    __slots__ = ("_tables",)

    def __init__(self, data: bytes | memoryview) -> None:
        """Open tables that ``tables.build`` made. Raises ``ValueError`` when they are damaged."""
        self._tables = scan.Tables(data)

    def quiet(self, text: str, stems: bytes, *, scripts: bool) -> bool:
        """Tell that no rule can fire in a text, and that none of its words begins as ``stems`` say (see `stems_of`).

        False where that is not plain at once. ``scripts`` says that letters of other scripts may make a mention.
        """
        quiet: bool = self._tables.quiet(text, stems, scripts)
        return quiet

    def read(self, folded: Folded) -> Words:
        """Return the words of a text. Linear in it."""
        return Words(self._tables, folded)


class Words:
    """The words of one text, each with its number in the tables."""

    __slots__ = ("_folded", "_tables", "_words")

    def __init__(self, tables: Any, folded: Folded) -> None:
        self._tables = tables
        self._folded = folded
        self._words: bytes = tables.words(folded.folded)

    def talks(self, stems: bytes) -> bool:
        """Tell whether a word of the text begins as ``stems`` say."""
        talks: bool = self._tables.talks(self._folded.folded, self._words, stems)
        return talks

    def any_triggers(self, *, every: bool) -> bool:
        """Tell whether `triggers` returns anything, ``exactly`` not asked for."""
        found, backward = self._tables.triggers(self._folded.folded, self._words, None, self._folded.wide, every)
        return any(backward or row[4] < _HIGHEST for row in _rows(found))

    def triggers(self, *, every: bool, exactly: bool) -> list[Place]:
        """Return where forms of rules may stand, in order of the end of what was hit, the longest first.

        With ``every`` also forms of rules that need a context of which the text has no cue. ``exactly`` looks at
        capitals and at what stands between words, too.
        """
        plain = self._folded.plain if exactly else None
        found, backward = self._tables.triggers(self._folded.folded, self._words, plain, self._folded.wide, every)
        return _places(_rows(found), stops=bool(backward))

    def cues(self) -> CueRows:
        """Return where cues stand, or may stand."""
        folded = self._folded
        return CueRows(self._tables.cues(folded.folded, self._words, folded.plain, folded.wide, True)[0])


class CueRows:
    """Where cues stand, or may stand, by their context."""

    __slots__ = ("_numbers", "_rows")

    def __init__(self, found: bytes) -> None:
        self._numbers = array("I")
        self._numbers.frombytes(found)
        self._rows: dict[int, list[int]] = {}
        for row, owner in enumerate(self._numbers[_WIDTH - 1 :: _WIDTH]):
            if owner in self._rows:
                self._rows[owner].append(row)
            else:
                self._rows[owner] = [row]

    @property
    def contexts(self) -> set[int]:
        """The contexts that have any."""
        return {owner & ~_HIGHEST for owner in self._rows}

    def of(self, context: int) -> Iterator[CueRow]:
        """Yield the rows of a context."""
        numbers = self._numbers
        for row in self._rows.get(context | _HIGHEST, ()):
            start, end, literal = numbers[_WIDTH * row : _WIDTH * row + 3]
            yield start, end, literal, -1, -1
        for row in self._rows.get(context, ()):
            start, end, literal, form, anchor = numbers[_WIDTH * row : _WIDTH * row + 5]
            yield start, end, literal, form, anchor & ~_HIGHEST


def _rows(found: bytes) -> Iterator[_Row]:
    numbers = array("I")
    numbers.frombytes(found)
    each = iter(numbers)
    return zip(each, each, each, each, each, each, strict=True)


def _places(rows: Iterable[_Row], *, stops: bool) -> list[Place]:
    """Return places with their forms; without ``stops`` without forms that count only before a back-reference."""
    result: list[Place] = []
    last: tuple[int, int, int] | None = None
    fits: list[Fit] = []
    known: dict[Fit, Fit] = {}  # the same forms come again and again
    for start, end, literal, form, anchor, owner in rows:
        if anchor & _HIGHEST:
            if not stops:
                continue
            anchor ^= _HIGHEST  # noqa: PLW2901 - the mark has been seen to
        here = (start, end, literal)
        if here != last:
            fits = []
            result.append((start, end, literal, fits))
            last = here
        fit = (form, anchor, owner >= _HIGHEST)
        fits.append(known.setdefault(fit, fit))
    return result


def stems_of(lines: Iterable[str]) -> bytes:
    """Return stems as `Tables.quiet` takes them: one or two words a line, each the beginning of a word of the text."""
    records = []
    for line in lines:
        first, _, second = line.partition(" ")
        if len(first) < 2 or max(len(first), len(second)) > _LONGEST_STEM or not line.isascii() or line != line.lower():
            raise ValueError(f"{line!r}: one or two stems of two to {_LONGEST_STEM} small letters")
        records.append(pack("=16s16sII", first.encode(), second.encode(), len(first), len(second)))
    return b"".join(records)
