"""From the lines of pages to paragraphs: what goes on in the next line, column or page, and what is said on each page.

Lines that stand on several pages at the same edge, and numbers of pages, are furniture: they stand between
paragraphs, never within one. A word that a hyphen parts at the end of a line is put together again, and keeps the
hyphen where it is one of its own.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

from ..._lazy import regex
from ..._vocabulary import data_file, word_sets
from ..structure import HEADING, ITEM, PLAIN, is_sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FURNITURE = "furniture"
_HYPHENS = data_file(__file__, "hyphens.txt")
_EDGE_LINES = 5
_LARGER = 1.12
_SMALLER = 0.93
_LEADING = 1.3
_STEPS = 20  # lines of a paragraph by which its leading is told
_FURTHEST = 1.7  # of a line's height
_WIDER = 1.5  # a word may be so much wider than its number of letters tells
_INDENT = 0.7  # of a line's height
_HEADING_LONGEST = 200
_FEW_PAGES = 6
_NUMBER = regex(
    r"(?i)[-–—\[(|/ ]*(?:(?:page|p\.|pg\.?|seite|página)\s*)?(?:[0-9]{1,4}|[ivxlc]{1,7})"
    r"(?:\s*(?:/|of|von|de)\s*[0-9]{1,4})?[-–—\])|/ ]*"
)
# What browsers print at the edges of pages: the address of the page, the time of printing.
_PRINTED = regex(
    r"(?:https?|file)://\S+(?:\s+[0-9]{1,3}(?:/[0-9]{1,3})?)?"
    r"|(?:[0-9]{1,4}[./-]){2}[0-9]{2,4},?\s+[0-9]{1,2}:[0-9]{2}(?:\s?[AP]M)?(?:\s.*)?"
)
_ITEM = regex(r"(?:[•◦▪‣●○■□*·–-]|\(?[0-9]{1,3}[.)]|\([a-z]{1,4}\)|[a-z][.)])\s+\S")
# A word has 40 letters at most, so that a run of letters takes no more time than its length.
_LAST_WORD = regex(r"(?<![^\W\d_])([^\W\d_]{1,40})[-‐\xad]\Z")
_PARTED = regex(r"\w[-‐]\Z")
_FIRST_WORD = regex(r"[^\W\d_]+")
_SYLLABLE = regex(r"(?:kk|tt|pp|ss|jj|ch|[kgntdrmpbsjh])?[yw]?(?:ae|eo|eu|oe|oo|ui|[aeoui])(?:ng|[knlmptrk])?")
_CO = regex(r"(?:author|found|spons|chair|own|exist|conspir|defend)")


class Row(NamedTuple):
    """A line as `annotator.reading.pdf.order.Line` has it, how far it is turned, whether it stands aside, its page."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    block: int
    font: str
    broken: bool
    turn: int
    aside: bool
    page: int

    @property
    def height(self) -> float:
        """The height of the line, never nothing."""
        return max(self.top - self.bottom, 0.1)


class Paragraph(NamedTuple):
    """A paragraph: its kind, its text, and where each of its lines begins in it: offset, page, line."""

    kind: str
    text: str
    lines: tuple[tuple[int, int, int], ...]


def paragraphs(pages: Sequence[dict[str, Any]]) -> list[Paragraph]:
    """Return the paragraphs of a document, in order."""
    rows = [[Row._make([*line, number]) for line in page["lines"]] for number, page in enumerate(pages, 1)]
    out = _furniture(rows)
    numbers = {id(row): at for page in rows for at, row in enumerate((one for one in page if id(one) not in out), 1)}
    return _Joiner(rows, out, numbers).all()


# -- furniture ----------------------------------------------------------------------------------------------


def _furniture(pages: Sequence[Sequence[Row]]) -> set[int]:
    """Return which lines are no part of the text: by their ``id``."""
    out = {id(row) for page in pages for row in page if row.aside}
    for upper in (True, False):
        edges = [_edge(page, out, upper=upper) for page in pages]
        seen: Counter[str] = Counter()
        heights: dict[str, list[float]] = {}
        for edge in edges:
            seen.update({_key(row) for row in edge})
            for row in edge:
                heights.setdefault(_key(row), []).append(row.height)
        need = 2 if len(pages) < _FEW_PAGES else 3
        for edge in edges:
            for at, row in enumerate(edge):
                key = _key(row)
                repeated = seen[key] >= need and row.height <= _LARGER * median(heights[key])
                alone = at == 0 and (_NUMBER.fullmatch(row.text) or _PRINTED.fullmatch(row.text)) and _apart(edge)
                if not repeated and not alone:
                    break
                out.add(id(row))
    return out


def _edge(page: Sequence[Row], out: set[int], *, upper: bool) -> list[Row]:
    """Return the outermost lines of a page, from its edge inwards."""
    main = Counter(row.turn for row in page).most_common(1)
    rows = [row for row in page if id(row) not in out and row.turn == main[0][0]]
    rows.sort(key=lambda row: (-row.top, row.left) if upper else (row.bottom, row.left))
    return rows[:_EDGE_LINES]


def _key(row: Row) -> str:
    return " ".join(re.sub(r"[0-9]+|\b[ivxlc]+\b", "#", row.text.casefold()).split())


def _apart(edge: Sequence[Row]) -> bool:
    """Tell whether the outermost line of a page stands apart from the rest, or with others of its kind."""
    if len(edge) < 2:
        return True
    one, other = edge[0], edge[1]
    gap = max(one.bottom - other.top, other.bottom - one.top)
    return gap > 0.6 * min(one.height, other.height) or _PRINTED.fullmatch(one.text) is not None


# -- paragraphs ---------------------------------------------------------------------------------------------


def _size(row: Row) -> float:
    return max(round(row.height * 2) / 2, 0.5)


class _Joiner:
    """Goes through the lines in order and puts paragraphs together."""

    def __init__(self, pages: Sequence[Sequence[Row]], out: set[int], numbers: dict[int, int]) -> None:
        self.pages = pages
        self.out = out
        self.numbers = numbers
        rows = [row for page in pages for row in page if id(row) not in out]
        weights: Counter[float] = Counter()
        fonts: Counter[str] = Counter()
        for row in rows:
            weights[_size(row)] += len(row.text)
            fonts[row.font] += len(row.text)
        self.body = weights.most_common(1)[0][0] if weights else 1.0
        self.font = fonts.most_common(1)[0][0] if fonts else ""
        self.words = _Words(rows)
        self.rights: dict[tuple[float, ...], float] = {}
        self.lefts: dict[tuple[int, int], float] = {}
        for row in rows:
            key = (row.page, row.block)
            self.lefts[key] = min(self.lefts.get(key, row.left), row.left)
            for column in self.columns(row):
                self.rights[column] = max(self.rights.get(column, row.right), row.right)
        self.open: list[Row] = []
        self.later: list[Paragraph] = []
        self.found: list[Paragraph] = []

    def columns(self, row: Row) -> tuple[tuple[float, ...], ...]:
        """Return the names of the columns of a page that a line may be of: by where it begins, and its size."""
        at = round(row.left / (3 * self.body))
        return tuple((row.page, row.turn, _size(row), each) for each in (at - 1, at, at + 1))

    def all(self) -> list[Paragraph]:
        """Return all paragraphs."""
        for page in self.pages:
            furniture = [row for row in page if id(row) in self.out]
            rows = [row for row in page if id(row) not in self.out]
            for row in furniture:
                self.aside(FURNITURE, [row])
            for group in self.groups(rows):
                self.add(group)
        self.finish()
        return self.found

    def groups(self, rows: Sequence[Row]) -> Iterator[list[Row]]:
        """Cut the lines of a page into parts of paragraphs."""
        group: list[Row] = []
        for at, row in enumerate(rows):
            if group and self.begins(group, row, rows[at + 1] if at + 1 < len(rows) else None):
                yield group
                group = []
            group.append(row)
        if group:
            yield group

    def begins(self, group: Sequence[Row], row: Row, following: Row | None) -> bool:
        """Tell whether a line begins another paragraph than the lines before it on the page."""
        last = group[-1]
        if row.block != last.block or row.turn != last.turn:
            return True
        if last.broken or _PARTED.search(last.text):
            return False
        ratio = row.height / last.height
        if not _SMALLER < ratio < 1 / _SMALLER:
            return True
        if last.top - row.top > self.furthest(group, row, following):
            return True
        if _ITEM.match(row.text):
            return not self.is_full(last, row) or is_sentence(last.text) or last.text.endswith((";", ":", "and", "or"))
        left = self.lefts[row.page, row.block]
        if row.left - left > _INDENT * row.height and (last.left - left <= _INDENT * row.height or len(group) == 1):
            # Indented as a first line is; the lines of an item hang, and those of a title may be in the middle.
            hangs = _ITEM.match(group[0].text) is not None and not is_sentence(last.text)
            centred = abs(row.left + row.right - last.left - last.right) < row.height
            if not hangs and not centred:
                return True
        if group[0].font and row.font and row.font != group[0].font and all(one.font == group[0].font for one in group):
            return not self.is_full(last, row) or self.font in (row.font, last.font)
        if self.is_full(last, row):
            return False
        centred = abs(row.left + row.right - last.left - last.right) < 0.5 * row.height and last.left - row.left != 0
        larger = row.height > _LARGER * self.body
        return not centred and not (larger and not is_sentence(last.text)) and not row.text[:1].islower()

    def furthest(self, group: Sequence[Row], row: Row, following: Row | None) -> float:
        """Return how far under the last line of a paragraph its next may stand."""
        steps = [one.top - other.top for one, other in pairwise(group[-_STEPS:])]
        if not steps and following is not None and following.block == row.block:
            steps = [row.top - following.top]
        return _LEADING * max(median(steps), 0.9 * row.height) if steps else _FURTHEST * row.height

    def is_full(self, last: Row, row: Row) -> bool:
        """Tell whether the first word of a line would not have fitted on the line before, by its number of letters."""
        right = self.rights.get(self.columns(last)[1], last.right)
        word = row.text.partition(" ")[0]
        width = (row.right - row.left) * len(word) / max(len(row.text), 1)
        wider = 1.0 if is_sentence(last.text) else _WIDER
        return last.right + wider * width + 0.25 * row.height > right

    def add(self, group: list[Row]) -> None:
        """Take the next part of a paragraph: it goes on with what is open, stands aside of it, or begins anew."""
        if not self.open:
            self.open = [*group]
            return
        last, first = self.open[-1], group[0]
        parted = first.page != last.page or first.block != last.block
        alike = _SMALLER < first.height / last.height < 1 / _SMALLER
        if parted and alike and self.goes_on(last, first):
            self.open += group
        elif parted and first.height < _SMALLER * last.height and self.unfinished(last) and len(self.open) > 1:
            self.aside(self.kind(group), group)  # a footnote or caption between two parts of a paragraph
        else:
            self.finish()
            self.open = [*group]

    def unfinished(self, last: Row) -> bool:
        return not is_sentence(last.text) and last.height <= _LARGER * self.body

    def goes_on(self, last: Row, first: Row) -> bool:
        """Tell whether a paragraph goes on in another column or on another page."""
        if last.broken or _PARTED.search(last.text):
            return True
        if is_sentence(last.text) and not last.text.endswith((",", ";")):
            return False
        if _ITEM.match(first.text) or last.height > _LARGER * self.body:
            return False
        return first.text[:1].islower() or (self.is_full(last, first) and first.font == last.font)

    def aside(self, kind: str, rows: Sequence[Row]) -> None:
        """Put something between this paragraph and the next."""
        (self.later if self.open else self.found).append(self.made(kind, rows))

    def finish(self) -> None:
        """End the paragraph that is open."""
        if self.open:
            self.found.append(self.made(self.kind(self.open), self.open))
        self.found += self.later
        self.open, self.later = [], []

    def kind(self, rows: Sequence[Row]) -> str:
        """Say what a paragraph is by its letters."""
        size = sum(len(row.text) for row in rows)
        if _ITEM.match(rows[0].text):
            return ITEM
        if size > _HEADING_LONGEST:
            return PLAIN
        if all(row.height > _LARGER * self.body for row in rows):
            return HEADING
        bold = all(row.font and row.font != self.font and "bold" in row.font.lower() for row in rows)
        return HEADING if bold and not is_sentence(rows[-1].text) else PLAIN

    def made(self, kind: str, rows: Sequence[Row]) -> Paragraph:
        """Put lines together."""
        parts: list[str] = []
        places: list[tuple[int, int, int]] = []
        size = 0
        before: Row | None = None
        for row in rows:
            words = " ".join(row.text.split())
            if before is not None:
                tail, glue = self.words.between(parts[-1], words, broken=before.broken)
                size += len(tail) + len(glue) - len(parts[-1])
                parts[-1] = tail + glue
            places.append((size, row.page, self.numbers.get(id(row), 0)))
            parts.append(words)
            size += len(words)
            before = row
        if before is not None and before.broken:
            parts[-1] += "-"
        return Paragraph(kind, "".join(parts), tuple(places))


# -- hyphens ------------------------------------------------------------------------------------------------


def _is_name(before: str, one: str, other: str) -> bool:
    """Tell whether a hyphen may stand in a Korean given name: behind another name, between two of its syllables.

    >>> _is_name("Kim ", "Jong", "un"), _is_name("the new ", "sanc", "tions")
    (True, False)
    """
    last = before.split()[-1:]
    syllables = _SYLLABLE.fullmatch(one.lower()) and _SYLLABLE.fullmatch(other)
    return one.istitle() and bool(last) and last[0].isalpha() and last[0].istitle() and syllables is not None


class _Words:
    """The words of a document, by which it is told what a hyphen at the end of a line is."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.words: set[str] = set()
        self.compounds: set[str] = set()
        for row in rows:
            low = row.text.casefold()
            # What stands at the ends of a line may be a part of a word.
            inside = low.partition(" ")[2].rpartition(" ")[0]
            self.words.update(re.findall(r"[^\W\d_]{3,}", inside))
            if "-" in low or "‐" in low:
                self.compounds.update(re.findall(r"(?<![^\W\d_])[^\W\d_]{1,40}[-‐][^\W\d_]+", low.replace("‐", "-")))

    def between(self, last: str, following: str, *, broken: bool) -> tuple[str, str]:
        """Return the end of a line as it goes on, and what stands between it and the next: a blank or nothing.

        ``broken`` tells that a hyphen at its end was taken off.
        """
        if broken:
            last += "-"
        if last.endswith("\xad"):
            return last[:-1], ""
        if not last.endswith(("-", "‐")) or not last[-2:-1].isalnum():
            return last, " "
        found = _LAST_WORD.search(last)
        behind = _FIRST_WORD.match(following)
        if found is None or behind is None or not following[0].islower() or found[1][1:] != found[1][1:].lower():
            return last, ""  # a number, a name or an acronym keeps its hyphen
        before = last[: found.start()]
        whole = before.endswith(("-", "‐")) or _is_name(before, found[1], behind[0])
        kept = self.keeps(found[1].casefold(), behind[0], whole=whole)
        return (last if kept else last[:-1]), ""

    def keeps(self, one: str, other: str, *, whole: bool) -> bool:
        """Tell whether a hyphen is the word's own; ``whole`` says that the words before speak for it."""
        known = word_sets(_HYPHENS)
        if one + other in self.words:
            return False
        if whole:
            return True
        if f"{one}-{other}" in self.compounds or one in known["first"]:
            return True
        if other in known["second"] and len(one) > 3 and one not in known["prefixes"]:
            return True
        if other == "end":
            return one in {"high", "low", "front", "back", "year", "rear"}
        if one == "co":
            return _CO.match(other) is not None
        return len(one) > 3 and len(other) > 3 and one in self.words and other in self.words
