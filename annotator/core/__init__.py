"""The compiled core: one pass over a folded text that leaves the few places where a rule could fire.

``scan.c`` is built where there is a compiler, or comes with the wheel; where it is missing, `named` says so and the
automaton library serves (``annotator.automaton``), with the same results. ``ANNOTATOR_INTERPRETED=1`` in the
environment turns it off. ``tables.py`` makes what it looks words up in, with ``making.c``. ``sentences.c`` cuts
sentences for ``annotator.statements``, which loads it when the first one is read (`built`); ``names.c`` finds names for
``annotator.lists.names``.
"""

from __future__ import annotations

import os
from array import array
from importlib import import_module
from struct import pack
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ..folding import Folded

    _Row = tuple[int, int, int, int, int, int]  # start, end, literal, form, element, owner; see ``scan.c``

FOLDED = 0x2800  # code points below, which are those of Latin scripts and their signs, are folded by a table
_HIGHEST = 1 << 31
_WIDTH = 6  # numbers of a row; see ``scan.c``
_LONGEST_STEM = 16
_VERSIONS = {"scan": 7, "sentences": 1, "names": 1, "making": 1}

# A form that may stand at a hit: its number, the element that was hit, and whether it certainly stands there.
Fit = tuple[int, int, bool]
# Where a literal stands (offsets of ``Folded.plain``, the second one behind the closing blank and the next), its
# number, and the forms that may stand there.
Place = tuple[int, int, int, list[Fit]]
# Where a cue's literal stands: start, end and number as above, and the form that may stand there with the element that
# was hit, -1 and -1 where the cue stands for certain and is no more than the literal.
CueRow = tuple[int, int, int, int, int]


def built(name: str) -> Any:
    """Return a module of the compiled core, ``None`` where it is not built, or from another source than is here."""
    if os.environ.get("ANNOTATOR_INTERPRETED"):
        return None
    try:
        module = import_module(f"{__name__}.{name}")
    except ImportError:
        return None
    return module if getattr(module, "version", 0) == _VERSIONS[name] else None


scan = built("scan")
names: Any


def __getattr__(name: str) -> Any:
    """Return the module ``names``, or ``None``, when it is first asked for: most texts do without it."""
    if name != "names":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = globals()[name] = built(name)
    return module


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
        part: bool = False,  # noqa: FBT001, FBT002 - the same
    ) -> bool | Tries | None:
        """Tell that no rule can fire in a text, and that none of its words begins as ``stems`` say (see `stems_of`).

        False where that is not plain, or where a word begins as ``without`` says; ``None`` where there are unusual
        characters, or letters of other scripts with ``scripts``. ``part`` says that the text is part of another,
        which may have what this part has not. Where it hangs on patterns, or on what stands around such words: what is
        to be tried.
        """
        found: bool | tuple[bytes, bytes, bytes] | None = self._tables.quiet(
            text, stems, without, scripts, text.isascii(), part
        )
        if not isinstance(found, tuple):
            return found
        each = iter(memoryview(found[1]).cast("I"))
        return Tries(found[0], dict.fromkeys(zip(each, each, strict=True)), memoryview(found[2]).cast("I"))

    def read(self, folded: Folded) -> Words:
        """Return the words of a text. Linear in it."""
        return Words(self._tables, folded)


class Tries(NamedTuple):
    """What it hangs on whether a text is quiet: it is if no pattern matches, and no talk is found where it may be.

    ``plain`` is the text as `Folded` has it; ``places`` are the number of each rule and where its pattern would begin
    there; ``talks`` is where words begin as asked.
    """

    plain: bytes
    places: Iterable[tuple[int, int]]
    talks: Sequence[int]


class Words:
    """The words of one text, each looked up in the tables."""

    __slots__ = ("_folded", "_words")

    def __init__(self, tables: Any, folded: Folded) -> None:
        self._folded = folded
        self._words = tables.words(folded.folded)

    def talks(self, stems: bytes) -> Sequence[int]:
        """Return where words of the text begin as ``stems`` say: offsets of ``Folded.plain``."""
        return memoryview(self._words.talks(stems)).cast("I")

    def triggers(self, *, every: bool, exactly: bool) -> Places:
        """Return where forms of rules may stand, in order of the end of what was hit, the longest first.

        With ``every`` also forms of rules that need a context of which the text has no cue. ``exactly`` looks at
        capitals and at what stands between words, too.
        """
        plain = self._folded.plain if exactly else None
        found, backward = self._words.triggers(plain, self._wide(), every)
        return Places(found, stops=bool(backward))

    def _wide(self) -> bool:
        return self._words.spread() and self._folded.wide

    def cues(self) -> CueRows:
        """Return where cues stand, or may stand."""
        return CueRows(self._words.cues(self._folded.plain, self._wide(), True)[0])


class CueRows:
    """Where cues stand, or may stand, by their context."""

    __slots__ = ("_numbers", "_rows")

    def __init__(self, found: bytes) -> None:
        self._numbers = memoryview(found).cast("I")
        self._rows: dict[int, array[int]] = {}
        for row, owner in enumerate(self._numbers[_WIDTH - 1 :: _WIDTH]):
            if owner in self._rows:
                self._rows[owner].append(row)
            else:
                self._rows[owner] = array("I", (row,))

    def starts(self, context: int) -> list[int]:
        """Return where the rows of a context start, in no order."""
        starts = self._numbers[::_WIDTH]
        return [starts[row] for kind in (context | _HIGHEST, context) for row in self._rows.get(kind, ())]

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
    each = iter(memoryview(found).cast("I"))
    return zip(each, each, each, each, each, each, strict=True)


class Places:
    """Places with their forms, made one by one as they are looked at; without ``stops`` without forms that count only
    before a back-reference.
    """

    __slots__ = ("_found", "_stops")

    def __init__(self, found: bytes, *, stops: bool) -> None:
        self._found = found
        self._stops = stops

    def __bool__(self) -> bool:
        return next(iter(self), None) is not None

    def __iter__(self) -> Iterator[Place]:
        """Yield the places in order."""
        last: tuple[int, int, int] | None = None
        fits: list[Fit] = []
        known: dict[Fit, Fit] = {}  # the same forms come again and again
        for start, end, literal, form, anchor, owner in _rows(self._found):
            if anchor & _HIGHEST:
                if not self._stops:
                    continue
                anchor ^= _HIGHEST  # noqa: PLW2901 - the mark has been seen to
            here = (start, end, literal)
            if here != last:
                if last is not None:
                    yield (*last, fits)
                fits = []
                last = here
            fit = (form, anchor, owner >= _HIGHEST)
            fits.append(known.setdefault(fit, fit))
        if last is not None:
            yield (*last, fits)


def stems_of(lines: Iterable[str]) -> bytes:
    """Return stems as `Tables.quiet` takes them: one or two words a line, each the beginning of a word of the text."""
    records = []
    for line in lines:
        first, _, second = line.partition(" ")
        if len(first) < 2 or max(len(first), len(second)) > _LONGEST_STEM or not line.isascii() or line != line.lower():
            raise ValueError(f"{line!r}: one or two stems of two to {_LONGEST_STEM} small letters")
        records.append(pack("=16s16sII", first.encode(), second.encode(), len(first), len(second)))
    return b"".join(records)
