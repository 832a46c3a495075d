"""Cues of contexts as numbers: twelve bytes each, and a `Cue` only where somebody looks at one.

A text has some twenty cues a KB, and a long one would need more memory for them as objects than for all else.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from operator import sub
from typing import TYPE_CHECKING, NamedTuple, overload

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_LONG = 128  # code points; the few cues that are longer (words far apart) are found by themselves


class Cue(NamedTuple):
    """A context cue found in the text: offsets in ``plain``, and the number of the context."""

    start: int
    end: int
    context: int


class Cues(Sequence[Cue]):
    """Cues in order of their starts, none that begins before the one in front of it."""

    __slots__ = ("_contexts", "_ends", "_of_context", "_wide", "starts")

    def __init__(self, starts: array[int], ends: array[int], contexts: array[int]) -> None:
        self.starts, self._ends, self._contexts = starts, ends, contexts
        self._wide: dict[int, list[Cue]] | None = None
        self._of_context: dict[int, tuple[array[int], array[int]]] | None = None

    @classmethod
    def of(cls, cues: Iterable[tuple[int, int, int]]) -> Cues:
        """Return the cues of which start, end and context are given."""
        starts, ends, contexts = array("I"), array("I"), array("I")
        for start, end, context in cues:
            starts.append(start)
            ends.append(end)
            contexts.append(context)
        return cls(starts, ends, contexts)

    @classmethod
    def merged(cls, every: Iterable[Cues]) -> Cues:
        """Return the cues of several lists in order of their starts, of those that start together in that of lists."""
        starts, ends, contexts = array("I"), array("I"), array("I")
        for each in every:
            starts += each.starts
            ends += each._ends  # noqa: SLF001 - of its own kind
            contexts += each._contexts  # noqa: SLF001
        order = array("I", sorted(range(len(starts)), key=starts.__getitem__))
        one, two, three = (array("I", map(row.__getitem__, order)) for row in (starts, ends, contexts))
        return cls(one, two, three)

    def __len__(self) -> int:
        return len(self.starts)

    def at(self, index: int) -> Cue:
        """Return one cue by its place in the order."""
        return Cue(self.starts[index], self._ends[index], self._contexts[index])

    @overload
    def __getitem__(self, index: int) -> Cue: ...
    @overload
    def __getitem__(self, index: slice) -> list[Cue]: ...
    def __getitem__(self, index: int | slice) -> Cue | list[Cue]:
        """Return one cue, or a list of some."""
        if isinstance(index, slice):
            return list(map(Cue, self.starts[index], self._ends[index], self._contexts[index]))
        return self.at(index)

    def __iter__(self) -> Iterator[Cue]:
        """Yield the cues in order."""
        return map(Cue, self.starts, self._ends, self._contexts)

    def starting(self, offset: int) -> list[Cue]:
        """Return the cues that start at an offset."""
        low = bisect_left(self.starts, offset)
        if low == len(self.starts) or self.starts[low] != offset:
            return []
        return self[low : bisect_right(self.starts, offset, low)]

    def ending(self, offset: int) -> list[Cue]:
        """Return the cues that end at an offset, in their order."""
        low = bisect_left(self.starts, offset - _LONG)
        near = range(low, bisect_left(self.starts, offset, low))
        found = [self.at(n) for n in near if self._ends[n] == offset]
        if self._wide is None:
            self._wide = {}
            if max(map(sub, self._ends, self.starts), default=0) > _LONG:
                for cue in self:
                    if cue.end - cue.start > _LONG:
                        self._wide.setdefault(cue.end, []).append(cue)
        return [*self._wide[offset], *found] if offset in self._wide else found

    def of_contexts(self, contexts: frozenset[int]) -> Cues:
        """Return the cues of some contexts: these themselves where they have no others."""
        return self if contexts.issuperset(self._contexts) else Cues.of(cue for cue in self if cue.context in contexts)

    def of_context(self, context: int) -> tuple[Sequence[int], Sequence[int]]:
        """Return where the cues of a context start and end."""
        if self._of_context is None:
            self._of_context = {}
            for start, end, number in zip(self.starts, self._ends, self._contexts, strict=True):
                pair = self._of_context.get(number)
                if pair is None:
                    pair = self._of_context[number] = (array("I"), array("I"))
                pair[0].append(start)
                pair[1].append(end)
        return self._of_context.get(context, ((), ()))
