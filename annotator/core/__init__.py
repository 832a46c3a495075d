"""The compiled core: one pass over a folded text that leaves the few places where a rule could fire.

``scan.c`` is built where there is a compiler, or comes with the wheel; where it is missing, `named` says so and the
automaton library serves (``annotator.automaton``), with the same results. ``ANNOTATOR_INTERPRETED=1`` in the
environment turns it off. ``tables.py`` makes what it looks words up in, with ``making.c``. ``sentences.c`` cuts
sentences for ``annotator.statements``, which loads it when the first one is read (`built`); ``names.c`` finds names for
``annotator.lists.names``, and ``pages.c`` reads simple pages for ``annotator.reading.html``.
"""

from __future__ import annotations

import os
from array import array
from importlib import import_module
from itertools import pairwise
from struct import pack
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ..folding import Folded

    # Start, end, literal, form, element, owner, and where a form that stands begins and ends; see ``scan.c``.
    _Row = tuple[int, int, int, int, int, int, int, int]

FOLDED = 0x2800  # code points below, which are those of Latin scripts and their signs, are folded by a table
_HIGHEST = 1 << 31
_WIDTH, _OWNER = 8, 5  # numbers of a row, and which of them is the owner; see ``scan.c``
_LONGEST_STEM = 16
_VERSIONS = {"scan": 8, "sentences": 1, "names": 1, "making": 1, "pages": 1}

# A form that may stand at a hit: its number, the element that was hit, and where in ``Folded.plain`` it stands for
# certain, if no paragraph ends there; 0 and 0 where that is still to be seen.
Fit = tuple[int, int, int, int]
# Where a literal stands (offsets of ``Folded.plain``, the second one behind the closing blank and the next), its
# number, and the forms that may stand there.
Place = tuple[int, int, int, list[Fit]]
# Where a cue's literal stands: start, end and number as above.
CueRow = tuple[int, int, int]


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

    __slots__ = ("_found", "_rows")

    def __init__(self, found: bytes) -> None:
        self._found = found
        self._rows: dict[int, array[int]] | None = None

    def starts(self, context: int) -> list[int]:
        """Return where the rows of a context start, in no order."""
        starts = self._numbers[::_WIDTH]
        return [starts[row] for row in self._of(context)]

    def of(self, context: int) -> Iterator[CueRow]:
        """Yield the rows of a context."""
        numbers = self._numbers
        for row in self._of(context):
            start, end, literal = numbers[_WIDTH * row : _WIDTH * row + 3]
            yield start, end, literal

    @property
    def _numbers(self) -> memoryview:
        return memoryview(self._found).cast("I")

    def _of(self, context: int) -> Sequence[int]:
        if self._rows is None:
            self._rows = {}
            for row, owner in enumerate(self._numbers[_OWNER::_WIDTH]):
                self._rows.setdefault(owner & ~_HIGHEST, array("I")).append(row)
        return self._rows.get(context, ())

    def placed(
        self, starts: array[int], ends: array[int], live: bytes
    ) -> tuple[bytes, Iterable[tuple[int, int, int, int, int, int]]]:
        """Return the cues that stand in blocks marked as ``live``, three numbers each: start, end and context.

        ``starts`` and ``ends`` are those of the blocks. Then come the places where one may stand there: start, end,
        literal, form, element and block.
        """
        certain, others = scan.placed(self._found, starts, ends, live)
        each = iter(memoryview(others).cast("I"))
        return certain, zip(each, each, each, each, each, each, strict=True)


def settled(
    cues: bytes | array[int], groups: array[int], starts: array[int], ends: array[int]
) -> Iterator[tuple[int, array[int], array[int], array[int]]]:
    """Yield of each group of contexts that has any the cues that stand, the longest where they overlap, in order.

    ``cues`` are as `CueRows.placed` returns them, ``groups`` the group of each context; what is yielded are the group,
    and starts, ends and contexts. None touches a span that begins at one of ``starts`` and ends at the one of ``ends``.
    """
    parts = [array("I") for _ in range(4)]
    for part, made in zip(parts, scan.settled(cues, groups, starts, ends), strict=True):
        part.frombytes(made)
    begins, stops, contexts, offsets = parts
    for group, (low, high) in enumerate(pairwise(offsets)):
        if low < high:
            yield group, begins[low:high], stops[low:high], contexts[low:high]


def _rows(found: bytes) -> Iterator[_Row]:
    each = iter(memoryview(found).cast("I"))
    return zip(each, each, each, each, each, each, each, each, strict=True)


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
        for start, end, literal, form, anchor, owner, low, high in _rows(self._found):
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
            fit = (form, anchor, low, high) if owner >= _HIGHEST else (form, anchor, 0, 0)
            fits.append(fit)
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
