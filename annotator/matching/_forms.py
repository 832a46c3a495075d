"""Run a phrase form at an anchor hit: check the words around it, gaps and slots included.

The work at one hit is bounded by the form (its gaps have a fixed reach, failed places are not tried
twice), so a document costs time in proportion to its hits whatever the text.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..core.signs import Edge
    from ..rulebook import Form, FormTable
    from ._hits import Place as Hit
    from ._page import Page

_WORD, _GAP, _SLOT = 0, 1, 2
_BESIDE = 64  # bytes before a word in which two others are looked for
_BLANKS = 4  # between a word and a sign that stands alone
Found = tuple[int, int, tuple[int, ...]]


def _spelled(plain: bytes, start: int, end: int, wanted: tuple[str, bytes]) -> bool:
    case, exact = wanted
    return plain[start : start + 1].isupper() if case == "c" else plain[start:end] == exact


def parts(raw: bytes, sep: bytes, after: bytes) -> bool:
    """Tell whether what stands between two words may stand between two of a phrase.

    ``after`` are the signs behind the first word, ``sep`` those before the second; a blank in front tells that
    ``sep`` is glued to the second alone, or that ``after`` stands alone. The full stop of an abbreviation may be
    left out.
    """
    between = raw.strip(b' "')
    if not sep and not after:
        # A dash between parts of the sentence is no hyphen.
        return not between or (between == b"-" and not raw[:1] == raw[-1:] == b" ")
    glued = sep.startswith(b" ")
    sep = sep.strip()
    wanted = after.strip() + sep
    got = between.replace(b" ", b"")
    if wanted not in {got, got.removesuffix(b"-")} and (after != b"." or sep not in {got, got.removesuffix(b"-")}):
        return False
    return (not glued or between.endswith(sep)) and (after[:1] in {b"", b" ", b"."} or between.startswith(after))


def _before(plain: bytes, start: int, edge: Edge) -> int:
    """Return where a phrase begins whose first word starts at ``start``, with the sign before it; -1 if it does not."""
    if edge.sign:
        low = max(0, start - _BLANKS) if edge.loose else start
        end = low + len(plain[low:start].rstrip(b" "))
        if not plain.endswith(edge.sign, 0, end):
            return -1
        start = end - len(edge.sign)
        # The sign is part of a word that stands before it: ASP.NET, US$5.
        return -1 if plain[start - 1 : start].isalnum() else start
    beside, farther = plain[max(0, start - 1) : start], plain[max(0, start - 2) : max(0, start - 1)]
    if edge.dotted and beside == b"." and farther.isalnum():
        return -1
    if edge.figure and beside and beside in edge.figure:
        # The second half of 0.5 or 16-2270, an amount, the end of a telephone number.
        part = farther.isdigit() if beside == b" " else farther.isalnum()
        return -1 if part or beside in b"$~" else start
    return start


def _behind(plain: bytes, end: int, edge: Edge) -> int:
    """Return where a phrase ends whose last word ends at ``end``, with the sign behind it; -1 if it does not."""
    if edge.sign:
        start = end
        if edge.loose or edge.sign == b"%":  # which many part from the figure
            start += len(plain[end : end + _BLANKS]) - len(plain[end : end + _BLANKS].lstrip(b" "))
        if not plain.startswith(edge.sign, start):
            return -1
        end = start + len(edge.sign)
        return -1 if plain[end : end + 1].isalnum() else end
    if edge.dotted and plain[end : end + 1] == b"." and plain[end + 1 : end + 2].isalnum():
        return -1
    if edge.figure and plain[end : end + 1] in {b".", b","} and plain[end + 1 : end + 2].isdigit():
        return -1
    return end


class Place:
    """Where the automaton hit a word: what all forms that are tried there share."""

    __slots__ = ("_sentence", "block", "index", "offset", "page", "plain", "tokens")

    def __init__(self, page: Page, block: int, offset: int) -> None:
        self.page = page
        self.plain = page.plain
        self.block = block
        self.offset = offset
        self.tokens = page.tokens(block)
        self._sentence: tuple[int, int] | None = None
        # A hit inside a longer word (a letter of another script beside it) has no token of its own.
        index = bisect_left(self.tokens.starts, offset)
        self.index = index if index < len(self.tokens.starts) and self.tokens.starts[index] == offset else -1

    @property
    def sentence(self) -> tuple[int, int]:
        """Start and end of the sentence, with what it may run on from or into."""
        if self._sentence is None:
            self._sentence = self.page.reach(self.block, self.offset)
        return self._sentence

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

    __slots__ = ("edges", "elements", "failed", "page", "plain", "sentence", "tokens")

    def __init__(self, place: Place, form: Form) -> None:
        self.page = place.page
        self.plain = place.plain
        self.elements = form.elements
        self.edges = form.edges
        self.tokens = place.tokens
        self.sentence = place.sentence
        self.failed: set[tuple[int, int]] = set()

    def word(self, index: int, element: int) -> bool:
        start, end = self.tokens.starts[index], self.tokens.ends[index]
        words = self.elements[element][1]
        key = self.page.fold[start + 1 : end + 1]
        if key not in words:
            return False
        wanted = words[key]
        if wanted is not None and not _spelled(self.plain, start, end, wanted):
            return False
        return element not in self.edges or widened(self.plain, start, end, self.edges[element]) is not None

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
            return self.ahead(element + 1, index + 1) if self.word(index, element) else None
        for cue in self.page.cues_at(here[1], self.tokens.starts[index]):
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
            if not self.joint(index, element + 1) or not self.word(index, element):
                return None
            return self.behind(element - 1, index - 1)
        for step in (1, 0) if self._possessive(index) else (0,):
            last = index - step
            if last < 0 or (step == 0 and not self.joint(last, element + 1)):
                continue
            for cue in self.page.cues_at(here[1], self.tokens.ends[last], end=True):
                first = bisect_left(self.tokens.starts, cue.start)
                result = self.behind(element - 1, first - 1)
                if result is not None:
                    return result[0], (*result[1], cue.context)
        return None


def _may_stand(place: Place, form: Form, anchor: int) -> bool:
    """Tell whether the words or cues beside the anchor may be those of a form: nearly all forms fail there."""
    starts, ends = place.tokens
    elements, page, index = form.elements, place.page, place.index
    if anchor + 1 < len(elements):
        kind, wanted = elements[anchor + 1][:2]
        after = index + 1
        if after >= len(starts):
            return False
        if kind == _WORD and page.fold[starts[after] + 1 : ends[after] + 1] not in wanted:
            return False
        if kind == _SLOT and not page.cues_at(wanted, starts[after]):
            return False
    if anchor:
        kind, wanted = elements[anchor - 1][:2]
        if not index:
            return False
        if kind == _WORD:
            return page.fold[starts[index - 1] + 1 : ends[index - 1] + 1] in wanted
        if kind == _SLOT:
            # An "'s" may stand between.
            return bool(
                page.cues_at(wanted, ends[index - 1], end=True)
                or (index > 1 and page.cues_at(wanted, ends[index - 2], end=True))
            )
    return True


def run(place: Place, form: Form, anchor: int) -> Found | None:
    """Run ``form`` where its element ``anchor`` was hit; return (start, end, slot contexts)."""
    tokens, index = place.tokens, place.index
    if index < 0 or not _may_stand(place, form, anchor):
        return None
    attempt = _Run(place, form)
    if not attempt.word(index, anchor):
        return None
    right = attempt.ahead(anchor + 1, index + 1)
    if right is None:
        return None
    left = attempt.behind(anchor - 1, index - 1)
    if left is None:
        return None
    start, end = tokens.starts[left[0]], tokens.ends[right[0] - 1]
    if form.odd and not _has_odd(place.page, form, start, end):
        return None
    return start, end, (*left[1], *right[1])


def widened(plain: bytes, start: int, end: int, edge: tuple[Edge | None, Edge | None]) -> tuple[int, int] | None:
    """Return words with the signs that must stand before and behind them, ``None`` where they do not."""
    before, behind = edge
    low = start if before is None else _before(plain, start, before)
    high = end if behind is None else _behind(plain, end, behind)
    return None if low < 0 or high < 0 else (low, high)


def with_signs(page: Page, form: Form, start: int, end: int) -> tuple[int, int]:
    """Return the span of a form that was found with the signs at its edges."""
    if form.edges:
        before = form.edges.get(0, (None, None))[0]
        behind = form.edges.get(len(form.elements) - 1, (None, None))[1]
        return widened(page.plain, start, end, (before, behind)) or (start, end)
    return start, end


def _has_odd(page: Page, form: Form, start: int, end: int) -> bool:
    """Tell whether the signs beyond ASCII that a form has stand in the text, in their order."""
    start, end = with_signs(page, form, start, end)
    text = page.folded.text_at(start, end)
    at = 0
    for sign in form.odd:
        at = text.find(sign, at) + 1
        if not at:
            return False
    return True


def fits_exactly(page: Page, start: int, end: int, form: Form) -> bool:
    """Tell whether a form that is no more than the literal's one or two words fits between two offsets."""
    if form.single:
        return True
    plain, fold = page.plain, page.fold
    elements = form.elements
    first = elements[0][1]
    if len(elements) == 1:
        wanted = first[fold[start + 1 : end + 1]]
        fits = wanted is None or _spelled(plain, start, end, wanted)
        return fits and (not form.edges or _has_edges(page, form, start, end, start, end))
    stop = fold.index(b" ", start + 1) - 1
    begin = fold.rindex(b" ", start, end + 1)
    wanted = first[fold[start + 1 : stop + 1]]
    if wanted is not None and not _spelled(plain, start, stop, wanted):
        return False
    wanted = elements[1][1][fold[begin + 1 : end + 1]]
    if wanted is not None and not _spelled(plain, begin, end, wanted):
        return False
    if not parts(plain[stop:begin], elements[1][2], elements[0][3]):
        return False
    return (not form.edges and not form.odd) or _has_edges(page, form, start, stop, begin, end)


def _has_edges(page: Page, form: Form, start: int, stop: int, begin: int, end: int) -> bool:
    """Tell whether the signs of a form of one or two words, ``start`` to ``stop`` and ``begin`` to ``end``, stand."""
    for index, (low, high) in enumerate(((start, stop), (begin, end))[: len(form.elements)]):
        if index in form.edges and widened(page.plain, low, high, form.edges[index]) is None:
            return False
    return not form.odd or _has_odd(page, form, start, end)


def place_at(page: Page, block: int, offset: int) -> Place:
    """Return the place where a word was hit; the last one is kept, since several forms are tried there."""
    last: Place | None = page.place
    if last is None or last.offset != offset or last.block != block:
        page.place = last = Place(page, block, offset)
    return last


class Trial(NamedTuple):
    """A form to be tried where a literal was hit.

    ``anchor`` is its element that was hit, -1 where the form is no more than the literal; ``found`` is what `stands`
    returns if no paragraph ends there, where that is known. ``start`` and ``end`` are those of the literal, offsets in
    ``plain``.
    """

    form: Form
    anchor: int
    found: Found | None
    start: int
    end: int
    block: int


def trials(page: Page, table: FormTable, hit: Hit, block: int) -> Iterator[Trial]:
    """Yield the forms worth trying where a literal was hit, those first that are no more than the literal."""
    start, end, literal, fits = hit
    if fits is None:
        whole, others = table.exact(literal)
        known: list[tuple[Form, int, Found | None]] = [(form, -1, None) for form in whole]
        if others:
            place = place_at(page, block, start)
            near = table.candidates(literal, place.near(-1), place.near(table.length(literal)), place.words)
            known += [(form, anchor, None) for form, anchor in near if form not in whole]
    else:
        length = table.length(literal)
        known = []
        for number, anchor, low, high in fits if len(fits) == 1 else sorted(set(fits)):
            form = table.form(number)
            known.append((form, -1 if len(form.elements) == length else anchor, (low, high, ()) if high else None))
        if len(known) > 1:
            known.sort(key=lambda one: one[1] >= 0)
    for form, anchor, span in known:
        yield Trial(form, anchor, span, start, end - 2, block)


def stands(page: Page, trial: Trial) -> Found | None:
    """Return start, end and slot contexts of a form that stands where it is tried."""
    found, block = trial.found, trial.block
    if trial.anchor < 0:
        if found is None and fits_exactly(page, trial.start, trial.end, trial.form):
            found = trial.start, trial.end, ()
        return found
    if found is not None and page.block_starts[block] <= found[0] and found[1] <= page.block_ends[block]:
        return found
    if not _may_follow(page, trial):
        return None
    return run(place_at(page, block, trial.start), trial.form, trial.anchor)


def _may_follow(page: Page, trial: Trial) -> bool:
    """Tell whether a cue ends a word or two before the anchor, where a slot stands there: without the block's words."""
    kind, wanted = trial.form.elements[trial.anchor - 1][:2]
    place = page.place
    if not trial.anchor or kind != _SLOT or (place is not None and place.offset == trial.start):
        return True  # of a place that was looked at `run` knows the words already
    low = max(0, trial.start - _BESIDE)
    words = page.fold[low : trial.start + 1].rstrip()
    before = words[: words.rfind(b" ") + 1].rstrip()
    if not before:  # where the text begins, or behind a word or a row of blanks that is longer
        return True
    ends = low + len(words) - 1, low + len(before) - 1
    return any(page.cues_at(wanted, end, end=True) for end in ends)
