"""Markdown's text as it is read: without the marks inside a paragraph that a mention may run across.

Marks of emphasis, tags of inline formatting, the marks around the text of a link, comments and the signs of a
quotation before its next line are left out; entities and escaped letters stand for themselves. All else (code,
other links, the marks of blocks) stays in the text and is dealt with by the layout. What a mark is, is told by its
neighbours alone, so that nothing has to be parsed before it is known that there is a mention. A wrong guess costs
no byte: the map leads back all the same.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from html.entities import html5
from typing import TYPE_CHECKING

from ..._lazy import regex
from ...model import Layout, SourceMap, Span

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator

    from ...model import Block

_TARGET = r"\]\([^()\s<>`]{0,2000}(?:\([^()\s<>`]{0,200}\)[^()\s<>`]{0,200})?(?:[ \t]{1,8}\"[^\"\n]{0,300}\")?\)"
_INLINE = "abbr|b|big|cite|dfn|em|font|i|ins|mark|small|span|strong|u|wbr"
_MARK = regex(
    r"\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|(?P<entity>&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)"
    rf"|(?P<tag></?(?:{_INLINE})(?:\s[^<>\n`]{{0,300}})?>|<!--(?!sr)[^<>\n`]{{0,300}}-->)"
    rf"|(?P<link>(?<![!\\\[\]])\[(?=(?P<label>[^\[\]^`<\\][^\[\]`<\\]{{0,300}}){_TARGET}))"
    rf"|(?P<target>{_TARGET})"
    r"|(?P<wrap>(?<=\S)(?:\r\n|\n|\r)[ \t]{0,3}(?:>[ \t]{0,3}){1,16}"
    r"(?=[^\s>#+\-0-9`~|*_=\[<!:]|[*_]{1,3}\w|[0-9]{3}))"
    r"|(?P<open>(?<![\w*_~\\`])(?:[*_]{1,3}|~~)(?=[\"“‘'(\[]?\w))"
    r"|(?P<close>(?<=[\w\"”’').,!?;:%])(?:[*_]{1,3}|~~)(?![\w*_~`]))"
)
_SIGN = regex(r"[\\&<*_~\[\]\r\n]")  # one of these begins every mark
_SIGNS = "\\&<*_~[>"  # without one of these there is no mark: a line's end is one before a quotation's sign only
_QUOTED = regex(r"[ \t]{0,3}>[ \t>]*[^\s>]")
_LONGEST_LINE = 4000
_UNSEEN = "\xad\u200b\u2060\ufeff"


def is_unmarked(source: str) -> bool:
    """Tell at once that there is no mark in a source. False where that is not plain."""
    return not any(sign in source for sign in _SIGNS)


def unmark(source: str) -> tuple[str, SourceMap, Unmarked] | None:
    r"""Return the text, the way back, and the way of a layout of the source to the text; ``None`` where all is text.

    >>> unmark("Resolution **2397**: luxury&nbsp;goods")[0]
    'Resolution 2397: luxury\xa0goods'
    """
    if is_unmarked(source):
        return None
    runs = Unmarked()
    parts: list[str] = []
    size = at = 0
    closes = -1  # where the text of a link ends
    for mark in _marks(source):
        low, high = mark.span()
        if mark.lastgroup == "target" and low != closes:
            continue
        if mark["link"]:
            closes = mark.end("label")
        words = _shown(mark, source)
        if words is None:
            continue
        if at < low:
            runs.add(size, at, low - at)
            parts.append(source[at:low])
            size += low - at
        if words:
            runs.add(size, low, high - low)
            runs.whole.add(low)
            parts.append(words)
            size += len(words)
        at = high
    if not at:
        return None
    if at < len(source):
        runs.add(size, at, len(source) - at)
        parts.append(source[at:])
        size += len(source) - at
    runs.size = size
    return "".join(parts), SourceMap(runs.text, runs.starts, runs.lengths, size), runs


def _marks(source: str) -> Iterator[re.Match[str]]:
    """Give what may be marks, in order; to look for their first letter is faster than to try them everywhere."""
    search, match = _SIGN.search, _MARK.match
    sign = search(source)
    while sign:
        mark = match(source, sign.start())
        if mark:
            yield mark
        sign = search(source, mark.end() if mark else sign.end())


def _shown(mark: re.Match[str], source: str) -> str | None:
    """Return what a mark stands for, ``None`` where it is none."""
    kind = mark.lastgroup
    if kind == "escaped":
        return mark[kind]
    if kind == "entity":
        word = mark[kind][1:]
        if word[0] != "#":
            letters = html5.get(word)
        else:
            code = int(word[2:-1], 16) if word[1] in "xX" else int(word[1:-1])
            letters = chr(code) if 0 < code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else "\ufffd"
        return None if letters is None else "" if letters in _UNSEEN else letters
    if kind == "wrap":
        at = mark.start()
        floor = max(at - _LONGEST_LINE, 0)
        end = max(source.rfind("\n", floor, at), source.rfind("\r", floor, at))
        return "\n" if (end >= 0 or not floor) and _QUOTED.match(source, end + 1, at) else None
    return ""


class Unmarked:
    """The way from places in the source to places in the text."""

    __slots__ = ("lengths", "size", "starts", "text", "whole")

    def __init__(self) -> None:
        self.text = array("q")
        self.starts = array("q")
        self.lengths = array("q")
        self.whole: set[int] = set()  # where references, escapes and wraps begin in the source
        self.size = 0

    def add(self, text: int, start: int, length: int) -> None:
        """Add a run: where it begins in the text and in the source, and its length in the source."""
        self.text.append(text)
        self.starts.append(start)
        self.lengths.append(length)

    def place(self, at: int) -> int:
        """Return where in the text a place of the source is; within what is left out, where the text goes on."""
        index = bisect_right(self.starts, at) - 1
        if index < 0:
            return 0
        inside = at - self.starts[index]
        stop = self.text[index + 1] if index + 1 < len(self.text) else self.size
        if inside and (inside >= self.lengths[index] or self.starts[index] in self.whole):
            return stop
        return self.text[index] + inside

    def layout(self, source: Layout) -> Layout:
        """Return a layout of the source as one of the text."""
        blocks: list[Block] = []
        for block in source.blocks:
            start, end = self.place(block.start), self.place(block.end)
            if start < end:
                blocks.append(type(block)(start, end, block.kind, block.article, block.section))
        protected = (span for span in source.protected if not self._entity(span))
        return Layout(tuple(blocks), self._spans(protected), self._spans(source.atomic), self.place(source.tail))

    def _entity(self, span: Span) -> bool:
        """Tell whether a protected span is one reference, which the text shows as what it stands for."""
        if span.start not in self.whole:
            return False
        index = bisect_right(self.starts, span.start) - 1
        return self.lengths[index] == span.end - span.start

    def _spans(self, spans: Iterable[Span]) -> tuple[Span, ...]:
        made: list[Span] = []
        for span in spans:
            start, end = self.place(span.start), self.place(span.end)
            if made:
                start = max(start, made[-1].end)
            if start < end:
                made.append(Span(start, end))
        return tuple(made)
