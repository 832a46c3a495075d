"""The compiled core: one pass over a folded text that leaves the few places where a rule could fire.

``scan.c`` is built where there is a compiler, or comes with the wheel; where it is missing, `named` says so and the
automaton library serves (``annotator.automaton``), with the same results. ``ANNOTATOR_INTERPRETED=1`` in the
environment turns it off. ``tables.py`` makes what it looks words up in.
"""

from __future__ import annotations

import os
from array import array
from struct import pack
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..folding import Folded

    _Row = tuple[int, int, int, int, int, int]  # start, end, literal, form, element, owner; see ``scan.c``

_HIGHEST = 1 << 31
_LONGEST_STEM = 16
_VERSION = 6

# A form that may stand at a hit: its number, the element that was hit, and whether it certainly stands there.
Fit = tuple[int, int, bool]
# Where a literal stands (offsets of ``Folded.plain``, the second one behind the closing blank and the next), its
# number, and the forms that may stand there.
Place = tuple[int, int, int, list[Fit]]


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

    def quiet(
        self,
        text: str,
        stems: bytes,
        without: bytes,
        scripts: bool,  # noqa: FBT001 - asked of each text
    ) -> bool | Tries:
        """Tell that no rule can fire in a text, and that none of its words begins as ``stems`` say (see `stems_of`).

        False where that is not plain at once, or where a word begins as ``without`` says. Where it hangs on patterns,
        or on what stands around such words: what is to be tried. ``scripts`` says that letters of other scripts may
        make a mention.
        """
        found: bool | tuple[bytes, bytes, bytes, int] = self._tables.quiet(
            text, stems, without, scripts, text.isascii()
        )
        if isinstance(found, bool):
            return found
        numbers = array("I")
        numbers.frombytes(found[2])
        each = iter(numbers)
        return Tries(found[0], found[1], dict.fromkeys(zip(each, each, strict=True)), bool(found[3]))

    def read(self, folded: Folded) -> Words:
        """Return the words of a text. Linear in it."""
        return Words(self._tables, folded)


class Tries(NamedTuple):
    """What it hangs on whether a text is quiet: it is if no pattern matches, and no talk is found where it may be.

    ``folded`` and ``plain`` are the text as `Folded` has it; ``places`` are the number of each rule and where its
    pattern would begin in ``plain``; ``talks`` tells whether words begin as asked.
    """

    folded: bytes
    plain: bytes
    places: Iterable[tuple[int, int]]
    talks: bool


class Words:
    """The words of one text, each looked up in the tables."""

    __slots__ = ("_folded", "_words")

    def __init__(self, tables: Any, folded: Folded) -> None:
        self._folded = folded
        self._words = tables.words(folded.folded)

    def talks(self, stems: bytes) -> bool:
        """Tell whether a word of the text begins as ``stems`` say."""
        talks: bool = self._words.talks(stems)
        return talks

    def triggers(self, *, every: bool, exactly: bool) -> list[Place]:
        """Return where forms of rules may stand, in order of the end of what was hit, the longest first.

        With ``every`` also forms of rules that need a context of which the text has no cue. ``exactly`` looks at
        capitals and at what stands between words, too.
        """
        plain = self._folded.plain if exactly else None
        found, backward = self._words.triggers(plain, self._wide(), every)
        return _places(_rows(found), stops=bool(backward))

    def _wide(self) -> bool:
        return self._words.spread() and self._folded.wide

    def cues(self) -> tuple[list[tuple[int, int, int]], list[Place]]:
        """Return (start, end, context) of the cues that stand, and the places where others may."""
        folded = self._folded
        certain: list[tuple[int, int, int]] = []
        rest: list[_Row] = []
        for row in _rows(self._words.cues(folded.plain, self._wide(), True)[0]):
            if row[5] & _HIGHEST:
                certain.append((row[0], row[1] - 2, row[5] ^ _HIGHEST))
            else:
                rest.append(row)
        return certain, _places(rest, stops=True)


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
