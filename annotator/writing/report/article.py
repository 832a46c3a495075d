"""The article on the page: its blocks in order, mentions marked, and the notes that belong to each block."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from . import words
from .card import Card, card, label, named

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ...model import Annotation, Block, Document, Note, Run, Timeline

_MOST_OVER = 8  # of mentions that overlap, as many share a mark
_GAP = "gap"


class Numbered:
    """The notes of a page with their numbers, the kinds of their mentions, and the numbers at each mention.

    Checks of claims are counted apart: ``c1`` is the first of them.
    """

    def __init__(self, annotations: Sequence[Annotation]) -> None:
        """Count from 1, in the order in which mentions end, as markers in a text do."""
        self.numbers: dict[tuple[bool, Note], str] = {}
        self.kinds: dict[str, list[str]] = {}
        self.of: list[list[str]] = [[] for _ in annotations]
        self.first: dict[str, int] = {}
        counts = {True: 0, False: 0}
        for index in sorted(range(len(annotations)), key=lambda one: (annotations[one].end, one)):
            annotation = annotations[index]
            check = annotation.kind == "claim"
            for note in annotation.notes:
                number = self.numbers.get((check, note))
                if number is None:
                    counts[check] += 1
                    number = self.numbers[check, note] = f"{'c' if check else ''}{counts[check]}"
                    self.first[number] = index
                kinds = self.kinds.setdefault(number, [])
                if annotation.kind not in kinds:
                    kinds.append(annotation.kind)
                if number not in self.of[index]:
                    self.of[index].append(number)

    def count(self, *, checks: bool) -> int:
        """Return how many notes there are, or how many checks."""
        return sum(check == checks for check, _ in self.numbers)

    def cards(
        self, annotations: Sequence[Annotation], timelines: Mapping[Note, Timeline], *, checks: bool
    ) -> Iterator[Card]:
        """Give what the cards of notes, or of checks, are made of, in order."""
        for (check, note), number in self.numbers.items():
            if check == checks:
                index = self.first[number]
                line = None if check else timelines.get(note)
                yield Card(number, self.kinds[number], index + 1, annotations[index], note, line)


class _Piece(NamedTuple):
    """A stretch of the text that is shown as one: a block, or what stands between blocks."""

    start: int
    end: int
    kind: str


def _pieces(document: Document) -> Iterator[_Piece]:
    text = document.text
    at = 0
    for block in _within(document.layout.blocks, len(text)):
        start = _lead(text, at, block.start)
        yield from _gap(text, at, start)
        yield _Piece(start, block.end, block.kind)
        at = block.end
    yield from _gap(text, at, len(text))


def _gap(text: str, start: int, end: int) -> Iterator[_Piece]:
    """Give what stands between two blocks, without blank lines around it."""
    while start < end and text[end - 1].isspace():
        end -= 1
    while start < end and text[start] in "\r\n":
        start += 1
    if start < end:
        yield _Piece(start, end, _GAP)


def _lead(text: str, at: int, start: int) -> int:
    """Return where the line of a block begins that has some marks before it: a heading's, a list's, a quotation's."""
    line = max(text.rfind(end, at, start) for end in "\n\r") + 1
    return start if (line == 0 and at) or text[max(line, at) : start].isspace() else max(line, at)


def _soft(document: Document) -> list[tuple[int, int]]:
    """Return what is markup rather than words: what is protected, and what stands before blocks; in order."""
    text = document.text
    spans = [(one.start, one.end) for one in document.layout.protected]
    at = 0
    for block in _within(document.layout.blocks, len(text)):
        start = _lead(text, at, block.start)
        if start < block.start:
            spans.append((start, block.start))
        at = block.end
    return sorted(spans)


def _within(blocks: Sequence[Block], size: int) -> Iterator[Block]:
    last = 0
    for block in blocks:
        if last <= block.start < block.end <= size:
            yield block
            last = block.end


def article(document: Document, annotations: Sequence[Annotation], numbered: Numbered, run: Run) -> Iterator[str]:
    """Give the parts of the article's element, in order."""
    marks = _Marks(document, annotations, numbered, run)
    # Where the text is the source, items bring their own bullets and numbers.
    texts = _TEXT if document.format in {"text", "markdown"} else {**_TEXT, "item": _DOTTED}
    opened = ""
    folded: list[str] = []
    for piece in _pieces(document):
        shown, cards = marks.of(piece)
        aside = piece.kind == "furniture" and "<mark" not in shown
        wanted = "furniture" if aside else "list" if piece.kind == "item" else ""
        if wanted != opened:
            yield from _folded(folded)
            folded.clear()
            yield _CLOSE[opened]
            yield _OPEN[wanted]
            opened = wanted
        if wanted == "furniture":
            folded.append(shown)
            continue
        yield from _row("li" if wanted == "list" else "div", texts.get(piece.kind, _TEXT["paragraph"]), shown, cards)
    yield from _folded(folded)
    yield _CLOSE[opened]
    size = len(document.text)
    shown, cards = marks.of(_Piece(size, size, _GAP))
    if cards:  # of mentions that reach beyond the last words
        yield from _row("div", _TEXT[_GAP], shown, cards)


def _folded(lines: Sequence[str]) -> Iterator[str]:
    """Give what is not part of the article, folded away."""
    if lines:
        count = f"{len(lines)} line{'' if len(lines) == 1 else 's'}"
        yield f'<details class="furniture"><summary>Not part of the article ({count})</summary>\n'
        for shown in lines:
            yield f'<p class="text" dir="auto">{shown}</p>\n'
        yield "</details>\n"


def _row(tag: str, text: str, shown: str, cards: Sequence[str]) -> Iterator[str]:
    yield f'<{tag} class="row">'
    yield text.format(shown)
    if cards:
        yield '\n<div class="notes">\n'
        yield from cards
        yield "</div>"
    yield f"</{tag}>\n"


_OPEN = {"": "", "list": '<ul class="items">\n', "furniture": ""}
_CLOSE = {"": "", "list": "</ul>\n", "furniture": ""}
_TEXT = {
    "paragraph": '<p class="text" dir="auto">{}</p>',
    "heading": '<h3 class="text" dir="auto">{}</h3>',
    "item": '<div class="text" dir="auto">{}</div>',
    _GAP: '<div class="text gap" dir="auto">{}</div>',
}
_DOTTED = '<div class="text dot" dir="auto">{}</div>'


class _Marks:
    """Marks the mentions in one piece after the other."""

    def __init__(self, document: Document, annotations: Sequence[Annotation], numbered: Numbered, run: Run) -> None:
        self._text = document.text
        self._annotations = annotations
        self._numbered = numbered
        self._run = run
        self._cards: dict[int, list[Card]] = {}
        for one in numbered.cards(annotations, run.timelines, checks=False):
            self._cards.setdefault(one.mention - 1, []).append(one)
        self._starts = sorted(range(len(annotations)), key=lambda one: (annotations[one].start, one))
        self._ends = sorted(range(len(annotations)), key=lambda one: (annotations[one].end, one))
        self._begun = 0
        self._ended = 0
        self._open: dict[int, None] = {}
        self._soft = _soft(document)
        self._passed = 0
        self._pages = document.pages

    def of(self, piece: _Piece) -> tuple[str, list[str]]:
        """Return a piece with its marks and numbers, and the cards of the notes first called for in it."""
        out: list[str] = []
        cards: list[str] = []
        at = piece.start
        while True:
            start, end = self._next_start(), self._next_end()
            stop = min(start, end, piece.end)
            if stop > at:
                out.append(self._marked(at, stop))
                at = stop
            if end <= start and end <= piece.end:
                self._close(out, cards)
            elif start < piece.end:
                self._open[self._starts[self._begun]] = None
                self._begun += 1
            else:
                return "".join(out), cards

    def _next_start(self) -> int:
        if self._begun == len(self._starts):
            return len(self._text) + 1
        return self._annotations[self._starts[self._begun]].start

    def _next_end(self) -> int:
        if self._ended == len(self._ends) or not self._open:
            return len(self._text) + 1
        return self._annotations[self._ends[self._ended]].end

    def _close(self, out: list[str], cards: list[str]) -> None:
        index = self._ends[self._ended]
        self._ended += 1
        self._open.pop(index, None)
        annotation = self._annotations[index]
        numbers = self._numbered.of[index]
        if not numbers:
            return
        name = words.named(annotation.text)
        refs = "".join(
            f'<a class="ref" href="#n{one}" data-n="{one}" role="doc-noteref"'
            f' aria-label="{named(one)} on {name}">{label(one)}</a>'
            for one in numbers
        )
        out.append(f'<span class="refs" id="m{index + 1}">{refs}</span>')
        full = self._run.detail == "full"
        cards += (
            card(one, self._run.as_of, full=full, place=self._place(one.annotation))
            for one in self._cards.get(index, ())
        )

    def _place(self, annotation: Annotation) -> str:
        """Say in words on which page and line a mention begins, where there are pages."""
        if self._pages is None:
            return ""
        page, line, _ = self._pages.at(annotation.start)
        return f"Page {page}, line {line}"

    def _marked(self, start: int, end: int) -> str:
        shown = "".join(self._parts(start, end))
        if not self._open:
            return shown
        over = list(islice(self._open, _MOST_OVER))
        kinds = dict.fromkeys(words.css_name(self._annotations[one].kind) for one in over)
        main = "claim" if "claim" in kinds else next(reversed(kinds))
        numbers = dict.fromkeys(number for one in over for number in self._numbered.of[one])
        listed = " ".join(str(number) for number in islice(numbers, _MOST_OVER))
        deep = " over" if len(over) > 1 else ""
        return f'<mark class="k-{main}{deep}" data-n="{listed}">{shown}</mark>'

    def _parts(self, start: int, end: int) -> Iterator[str]:
        """Give a stretch of text, with what is markup set apart."""
        at = start
        while at < end:
            while self._passed < len(self._soft) and self._soft[self._passed][1] <= at:
                self._passed += 1
            first, last = self._soft[self._passed] if self._passed < len(self._soft) else (end, end)
            if first > at:
                yield words.safe(self._text[at : min(first, end)])
            if first < end:
                yield f'<span class="soft">{words.safe(self._text[max(first, at) : min(last, end)])}</span>'
            at = min(last, end)
