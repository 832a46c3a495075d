"""Where the names of an article stand in it elsewhere, in time that grows with the article alone.

A few names are looked for one by one. Where that has gone through the article many times, as in the text of a
sanctions list itself, all that is asked for is looked for together, in one pass, and of each name so much is kept as is
ever looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

from .._lazy import regex
from ..automaton import build

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

MOST = 30  # places of a name that are looked at
_ALONE = 1 << 20  # bytes gone through for single names before all are looked for together, and times the article
_TIMES = 32
_PIECE = 1 << 18  # bytes in which all are looked for at once: each hit takes some hundred bytes
_JOINTS = (b" ", b"-")
_ONE_MORE = regex(rb"(?:[ -][A-Z][a-z]+|-[a-z]+)\b")
_IN_WORD = regex(rb"\w")
_JOINED = regex(rb"[ -](?:al|bin|de|van|von)\Z")
_LONGEST_JOINED = 4
_SMALL_LETTERS = b"abcdefghijklmnopqrstuvwxyz"
_FIRST_WIDTH = 32

_Row = TypeVar("_Row", tuple[int, int], tuple[int, int, int])


class Sought(NamedTuple):
    """Names of an article that are looked for, and single words with which names of two words or more may end."""

    names: Iterable[bytes]
    words: Iterable[bytes]


class _Places:
    """Where one name stands, as far as is ever asked: none overlaps another of its kind."""

    __slots__ = ("free", "is_name", "is_word", "longer", "starts", "with_more")

    def __init__(self) -> None:
        self.is_name = self.is_word = False
        self.starts: list[int] = []
        self.longer: list[tuple[int, int]] = []
        self.with_more: list[tuple[int, int, int]] = []
        self.free = 0  # where the last of ``starts`` ends


class Repeats:
    """The places of names in a stretch of a text, an article perhaps."""

    def __init__(self, plain: bytes, low: int, high: int, sought: Callable[[], Sought]) -> None:
        """``low`` and ``high`` are offsets in ``plain``; ``sought`` is asked for all that may be, if it comes to that.

        What it does not tell is looked for alone.
        """
        self._plain = plain
        self._low, self._high = low, high
        self._sought = sought
        self._left = max(_ALONE, _TIMES * (high - low))
        self._places: dict[bytes, _Places] | None = None

    def of(self, name: bytes) -> Iterator[int]:
        """Yield where a name begins, inside a word too; of very many places the first `MOST`."""
        known = self._known(name)
        if known is not None and known.is_name:
            yield from known.starts
            return
        at = self._plain.find(name, self._low, self._high)
        while at >= 0:
            yield at
            at = self._plain.find(name, at + len(name), self._high)

    def longer(self, name: bytes) -> list[tuple[int, int]]:
        """Return where a name stands with another behind it that goes with it: start, and end of both, `MOST` at most.

        "Kim Jong" of "Kim Jong Un" and of "Kim Jong-il".
        """
        known = self._known(name)
        if known is not None and known.is_name:
            return known.longer
        return _first(self._goes_on(at, at + len(name)) for at in self._all_of(name))

    def ending(self, word: bytes) -> list[tuple[int, int, int]]:
        """Return where a word ends a name that has another before it, `MOST` at most.

        That is start of the other, its end, and end of both: "Petr Aven", "Ali al-Sadr".
        """
        known = self._known(word)
        if known is not None and known.is_word:
            return known.with_more
        return _first(self._ends(at, at + len(word)) for at in self._all_of(word))

    def _known(self, name: bytes) -> _Places | None:
        """Return what is known of a name once all are looked for, ``None`` where it is to be looked for alone."""
        if self._places is None:
            self._left -= self._high - self._low
            if self._left >= 0:
                return None
            self._places = self._look()
        return self._places.get(name)

    def _all_of(self, name: bytes) -> Iterator[int]:
        at = self._plain.find(name, self._low, self._high)
        while at >= 0:
            yield at
            at = self._plain.find(name, at + 1, self._high)

    def _look(self) -> dict[bytes, _Places]:
        """Look for all names and words together."""
        places: dict[bytes, _Places] = {}
        sought = self._sought()
        for name in filter(None, sought.names):
            places.setdefault(name, _Places()).is_name = True
        for word in filter(None, sought.words):
            places.setdefault(word, _Places()).is_word = True
        rows = list(places.values())
        for start, end, number in find_all(list(places), self._plain, self._low, self._high):
            row = rows[number]
            if row.is_name:
                if start >= row.free and len(row.starts) < MOST:
                    row.starts.append(start)
                    row.free = end
                if len(row.longer) < MOST and (longer := self._goes_on(start, end)) is not None:
                    _add(row.longer, longer)
            if row.is_word and len(row.with_more) < MOST and (more := self._ends(start, end)) is not None:
                _add(row.with_more, more)
        return places

    def _goes_on(self, start: int, end: int) -> tuple[int, int] | None:
        """Return a name with what follows it and goes with it, if anything does."""
        plain = self._plain
        if plain[end : end + 1] not in _JOINTS:
            return None
        hit = _ONE_MORE.match(plain, end, self._high)
        if hit is None or (start and _IN_WORD.match(plain, start - 1)):
            return None
        return start, hit.end()

    def _ends(self, start: int, end: int) -> tuple[int, int, int] | None:
        """Return the name before a word, with or without a particle between them, if there is one."""
        plain = self._plain
        if plain[start - 1 : start] not in _JOINTS or (end < self._high and _IN_WORD.match(plain, end)):
            return None
        stop = start - 1
        begins = self._capitalised(stop)
        if begins < 0:
            joined = _JOINED.search(plain, max(self._low, stop - _LONGEST_JOINED), stop)
            if joined is None:
                return None
            stop = joined.start()
            begins = self._capitalised(stop)
        return (begins, stop, end) if begins >= 0 else None

    def _capitalised(self, stop: int) -> int:
        """Return where the word ends that is a capital and small letters and ends at ``stop``, -1 if none does."""
        plain = self._plain
        width = _FIRST_WIDTH
        while True:
            first = max(self._low, stop - width)
            at = first + len(plain[first:stop].rstrip(_SMALL_LETTERS)) - 1
            if at >= first or first == self._low:
                break
            width *= 2
        if at < first or at + 1 == stop or not plain[at : at + 1].isupper():
            return -1
        return -1 if at and _IN_WORD.match(plain, at - 1) else at


def find_all(names: list[bytes], plain: bytes, low: int, high: int) -> Iterator[tuple[int, int, int]]:
    """Yield where names stand in a stretch of a text, inside words too: start, end, number of the name.

    They come in order of where they begin for each name, those that overlap too. Names must differ, none empty.
    """
    find = build(names).hits
    margin = max(map(len, names), default=1) - 1
    for first in range(low, high, _PIECE):
        last = min(first + _PIECE, high)
        for start, end, number in find(plain[first : min(last + margin, high)]):
            if first + start < last:
                yield first + start, first + end, number


def _add(rows: list[_Row], found: _Row) -> None:
    """Put what was found behind what was found before, unless the two overlap."""
    if not rows or rows[-1][-1] <= found[0]:
        rows.append(found)


def _first(found: Iterable[_Row | None]) -> list[_Row]:
    """Return the first `MOST` of what was found that do not overlap."""
    rows: list[_Row] = []
    for one in found:
        if one is not None:
            _add(rows, one)
            if len(rows) >= MOST:
                break
    return rows
