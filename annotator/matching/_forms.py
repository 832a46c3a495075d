"""Run a phrase form at an anchor hit: check the words around it, gaps and slots included.

The work at one hit is bounded by the form (its gaps have a fixed reach, failed places are not tried
twice), so a document costs time in proportion to its hits whatever the text.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..rulebook import Form, FormTable
    from ._page import Cue, Page

_WORD, _GAP, _SLOT = 0, 1, 2
Found = tuple[int, int, tuple[int, ...]]


def _spelled(plain: bytes, start: int, end: int, wanted: tuple[str, bytes]) -> bool:
    case, exact = wanted
    return plain[start : start + 1].isupper() if case == "c" else plain[start:end] == exact


def parts(raw: bytes, sep: bytes, after: bytes) -> bool:
    """Tell whether what stands between two words may stand between two of a phrase.

    ``sep`` is punctuation that must stand there, ``after`` what may follow the first word.
    """
    between = raw.strip(b' "')
    if sep:
        return between == sep or (after != b"" and between.replace(b" ", b"") == after + sep)
    if between == b"-" and raw[:1] == raw[-1:] == b" ":
        return False  # a dash between parts of the sentence, not a hyphen
    return between in {b"", b"-"} or (after != b"" and between == after)


class Place:
    """Where the automaton hit a word: what all forms that are tried there share."""

    __slots__ = ("block", "index", "offset", "page", "plain", "sentence", "tokens")

    def __init__(self, page: Page, block: int, offset: int) -> None:
        self.page = page
        self.plain = page.plain
        self.block = block
        self.offset = offset
        self.tokens = page.tokens(block)
        self.sentence = page.reach(block, offset)
        # A hit inside a longer word (a letter of another script beside it) has no token of its own.
        index = bisect_left(self.tokens.starts, offset)
        self.index = index if index < len(self.tokens.starts) and self.tokens.starts[index] == offset else -1

    def near(self, step: int) -> str:
        """Return the folded word ``step`` words on, empty beyond the block."""
        index = self.index + step
        if self.index < 0 or not 0 <= index < len(self.tokens.starts):
            return ""
        return self.page.fold[self.tokens.starts[index] + 1 : self.tokens.ends[index] + 1].decode("latin-1")

    def words(self) -> set[str]:
        """Return the folded words of the sentence."""
        return self.page.sentence_words(*self.sentence)


class _Run:
    """One attempt: the state that both directions share."""

    __slots__ = ("elements", "failed", "page", "plain", "sentence", "tokens")

    def __init__(self, place: Place, form: Form) -> None:
        self.page = place.page
        self.plain = place.plain
        self.elements = form.elements
        self.tokens = place.tokens
        self.sentence = place.sentence
        self.failed: set[tuple[int, int]] = set()

    def word(self, index: int, element: tuple[Any, ...]) -> bool:
        start, end = self.tokens.starts[index], self.tokens.ends[index]
        words = element[1]
        key = self.page.fold[start + 1 : end + 1]
        if key not in words:
            return False
        wanted = words[key]
        return wanted is None or _spelled(self.plain, start, end, wanted)

    def joint(self, left: int, element: int) -> bool:
        """Check what stands between word ``left`` and the next, which begins ``element``."""
        before, here = self.elements[element - 1], self.elements[element]
        if before[0] == _GAP or here[0] == _GAP:
            return True
        raw = self.plain[self.tokens.ends[left] : self.tokens.starts[left + 1]]
        return parts(raw, here[2] if here[0] == _WORD else b"", before[3] if before[0] == _WORD else b"")

    def inside(self, index: int) -> bool:
        return 0 <= index < len(self.tokens.starts) and self.sentence[0] <= self.tokens.starts[index] < self.sentence[1]

    def ahead(self, element: int, index: int) -> tuple[int, tuple[int, ...]] | None:
        """Place ``element`` and all after it from word ``index`` on; return the word after the last."""
        if element == len(self.elements):
            return index, ()
        if (element, index) in self.failed:
            return None
        result = self._ahead(element, index)
        if result is None:
            self.failed.add((element, index))
        return result

    def _ahead(self, element: int, index: int) -> tuple[int, tuple[int, ...]] | None:
        here = self.elements[element]
        kind = here[0]
        if kind == _GAP:
            for skipped in range(here[1] + 1):
                if not self.inside(index + skipped):
                    return None
                result = self.ahead(element + 1, index + skipped)
                if result is not None:
                    return result
            return None
        if not self.inside(index) or not self.joint(index - 1, element):
            return None
        if kind == _WORD:
            return self.ahead(element + 1, index + 1) if self.word(index, here) else None
        page = self.page
        for cue in page.cue_starts.get(self.tokens.starts[index], ()) if page.cues else ():
            if not _fits(page, cue, here[1]):
                continue
            after = bisect_left(self.tokens.starts, cue.end)
            for step in (1, 0) if self._possessive(after) else (0,):
                result = self.ahead(element + 1, after + step)
                if result is not None:
                    return result[0], (cue.context, *result[1])
        return None

    def _possessive(self, index: int) -> bool:
        tokens = self.tokens
        return (
            0 < index < len(tokens.starts)
            and self.page.fold[tokens.starts[index] + 1 : tokens.ends[index] + 1] == b"s"
            and self.plain[tokens.ends[index - 1] : tokens.starts[index]] == b"'"
        )

    def behind(self, element: int, index: int) -> tuple[int, tuple[int, ...]] | None:
        """Place ``element`` and all before it up to word ``index``; return the first word."""
        if element < 0:
            return index + 1, ()
        if (~element, index) in self.failed:
            return None
        result = self._behind(element, index)
        if result is None:
            self.failed.add((~element, index))
        return result

    def _behind(self, element: int, index: int) -> tuple[int, tuple[int, ...]] | None:
        here = self.elements[element]
        kind = here[0]
        if kind == _GAP:
            for skipped in range(here[1] + 1):
                if not self.inside(index - skipped):
                    return None
                result = self.behind(element - 1, index - skipped)
                if result is not None:
                    return result
            return None
        if not self.inside(index):
            return None
        if kind == _WORD:
            if not self.joint(index, element + 1) or not self.word(index, here):
                return None
            return self.behind(element - 1, index - 1)
        page = self.page
        for step in (1, 0) if self._possessive(index) else (0,):
            last = index - step
            if last < 0 or (step == 0 and not self.joint(last, element + 1)):
                continue
            for cue in page.cue_ends.get(self.tokens.ends[last], ()) if page.cues else ():
                if not _fits(page, cue, here[1]):
                    continue
                first = bisect_left(self.tokens.starts, cue.start)
                result = self.behind(element - 1, first - 1)
                if result is not None:
                    return result[0], (*result[1], cue.context)
        return None


def _fits(page: Page, cue: Cue, wanted: str) -> bool:
    if wanted.startswith("*"):
        return page.context_groups[cue.context] == wanted[1:] and page.names_party(cue)
    return page.context_names[cue.context] == wanted


def run(place: Place, form: Form, anchor: int) -> Found | None:
    """Run ``form`` where its element ``anchor`` was hit; return (start, end, slot contexts)."""
    tokens, index = place.tokens, place.index
    if index < 0:
        return None
    attempt = _Run(place, form)
    if not attempt.word(index, form.elements[anchor]):
        return None
    right = attempt.ahead(anchor + 1, index + 1)
    if right is None:
        return None
    left = attempt.behind(anchor - 1, index - 1)
    if left is None:
        return None
    return tokens.starts[left[0]], tokens.ends[right[0] - 1], (*left[1], *right[1])


def fits_exactly(page: Page, start: int, end: int, form: Form) -> bool:
    """Tell whether a form that is no more than the literal's one or two words fits between two offsets."""
    if form.single:
        return True
    plain, fold = page.plain, page.fold
    elements = form.elements
    first = elements[0][1]
    if len(elements) == 1:
        wanted = first[fold[start + 1 : end + 1]]
        return wanted is None or _spelled(plain, start, end, wanted)
    stop = fold.index(b" ", start + 1) - 1
    begin = fold.rindex(b" ", start, end + 1)
    wanted = first[fold[start + 1 : stop + 1]]
    if wanted is not None and not _spelled(plain, start, stop, wanted):
        return False
    wanted = elements[1][1][fold[begin + 1 : end + 1]]
    if wanted is not None and not _spelled(plain, begin, end, wanted):
        return False
    return parts(plain[stop:begin], elements[1][2], elements[0][3])


def forms_at(place: Place, table: FormTable, literal: int) -> list[tuple[Form, int]]:
    """Return the forms worth trying at a place."""
    return table.candidates(literal, place.near(-1), place.near(table.length(literal)), place.words)
