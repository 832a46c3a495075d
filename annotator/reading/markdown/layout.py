"""The layout of Markdown: blocks by markdown-it, protected places by the scanner of `inline`."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from markdown_it import MarkdownIt

from ..._lazy import regex
from ...model import Layout
from ..dates import json_front
from ..structure import HEADING, ITEM, PLAIN, ROW, RULE, Pieces, blocks_of, spans_of
from .inline import EMBED, scan

if TYPE_CHECKING:
    from collections.abc import Container

    from markdown_it.rules_block import StateBlock
    from markdown_it.token import Token

_PART = 1 << 20
_LINE_END = regex(r"\r\n?|\n")
_FRONT = regex(r"(---|\+\+\+)[ \t]*(?:\r\n?|\n)")
_NOTE = regex(r"\[\^[^\]\[\s]+\]:")
# Blocks that site generators take for code or leave out, by their first tag; Liquid's and Hugo's.
_TEMPLATED = regex(
    r"\{%-?[ \t]*(?P<liquid>highlight|raw|comment|codeblock|mermaid|math|katex)\b[^{}%]{0,300}%\}"
    r"|\{\{(?P<sign>[<%])[ \t]*(?P<hugo>highlight|code|mermaid|math|katex)\b[^{}]{0,300}[>%]\}\}"
)
# Pandoc's tables that go by columns: a word more would move what stands behind it into another cell.
_RULED = regex(r"^[ \t]*(?:\+(?:[-=:]{2,}\+)+|-{2,}(?:[ \t]+-{2,})+)[ \t]*$", re.MULTILINE)
_BLANK_LINE = regex(r"(?:\r\n?|\n)[ \t]*(?:\r|\n|\Z)")
# Links to a place of the same text, and what of such an address and of a heading is compared.
_TO_PLACE = regex(r"""(?:\]\([ \t]*<?|\]:[ \t]*<?|\bhref[ \t]*=[ \t]*["']?)#([^\s()<>"']{1,300})""", re.IGNORECASE)
_COUNTER = regex(r"-[0-9]{1,3}\Z")  # behind the id of a heading that is there twice
_OWN_ID = regex(r"\{[^{}]{0,300}#[^{}]{0,300}\}\s*\Z")
_TARGET = regex(r"\]\([^()]{0,2000}\)")
_NO_LETTERS = regex(r"[\W_]+")
_HASHES = regex(r"#{1,6}[ \t]*")
_CELL = regex(r"(?:[^|\\]|\\.)+", re.DOTALL)
_PROBE = "annotator probe"


def layout_of(text: str) -> Layout:
    """Return the layout of a Markdown text; its notes go at the end, or before a block left open there."""
    return _Reader(text).layout()


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable("table")
    parser.block.ruler.before("reference", "footnote", _footnote, {"alt": []})
    return parser


def _footnote(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's own form
    """Recognise the definition of a footnote, with the indented paragraphs under it."""
    if state.is_code_block(start):
        return False
    begin = state.bMarks[start] + state.tShift[start]
    if not _NOTE.match(state.src[begin : min(state.eMarks[start], begin + 300)]):
        return False
    if silent:
        return True
    line = last = start + 1
    blank = False
    while line < end:
        if state.isEmpty(line):
            blank = True
        elif state.sCount[line] - state.blkIndent >= 4:  # as deep as code
            blank = False
            last = line + 1
        elif blank or _NOTE.match(state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]][:300]):
            break
        else:
            last = line + 1
        line += 1
    token = state.push("footnote", "", 0)
    token.map = [start, last]
    state.line = last
    return True


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.pieces = Pieces(marked=True)
        self.protected: list[tuple[int, int]] = []
        self.atomic: list[tuple[int, int]] = []
        self.headings = False
        self.linked: set[str] | None = None  # the places of this text that it links to
        self.last = 0  # where the last block at the top level begins
        self.reached = 0  # where the last inline text ends

    def layout(self) -> Layout:
        """Read the parts of the text, then judge the blocks."""
        text = self.text
        start = self.front()
        size = _PART
        parser = _parser()
        whole = len(text) - start <= size
        while start < len(text):
            stop = _line_start(text, start + size) if len(text) - start > size else len(text)
            done = self.part(parser, start, stop, final=stop == len(text), whole=whole)
            if done > start:
                start = done
                size = _PART
            else:
                size *= 2  # a single block is longer than the part
        self.gap(len(text))
        self.templates()
        self.columns()
        self.pieces.marked = self.headings
        tail = len(text) if self.closed(parser) else self.last
        return Layout(blocks_of(text, self.pieces), spans_of(self.protected), spans_of(self.atomic), tail)

    def is_linked(self, heading: str) -> bool:
        """Tell whether the text links to a heading by the id that is made of its words, which a marker would change."""
        if self.linked is None:
            found = {link[1] for link in _TO_PLACE.finditer(self.text)}
            found |= {_COUNTER.sub("", link) for link in found}
            self.linked = {_letters(unquote(link)) for link in found}
        if not self.linked or _OWN_ID.search(heading):
            return False
        words = _letters(_TARGET.sub("", heading))
        return bool(words) and not self.linked.isdisjoint((words, words.lstrip("0123456789")))

    def templates(self) -> None:
        """Protect what stands between two tags of a site generator that make it code."""
        text = self.text
        if "{%" not in text and "{{" not in text:
            return
        missing: set[str] = set()
        at = 0
        while opened := _TEMPLATED.search(text, at):
            name = opened["liquid"] or opened["hugo"]
            at = opened.end()
            closer = rf"\{{%-?[ \t]*end{name}[ \t]*-?%\}}" if opened["liquid"] else rf"\{{\{{[<%][ \t]*/[ \t]*{name}\b"
            closed = None if closer in missing else re.compile(closer).search(text, at)
            if closed is None:
                missing.add(closer)
            else:
                at = closed.end()
                self.protected.append((opened.start(), at))

    def columns(self) -> None:
        """Protect tables whose columns are told by their place in the line."""
        text = self.text
        if "--" not in text and "==" not in text:
            return
        at = 0
        while ruled := _RULED.search(text, at):
            low, high = ruled.span()
            if text[low:high].lstrip().startswith("-"):  # the names of the columns stand above
                low = max(_line_before(text, low), at)
            blank = _BLANK_LINE.search(text, high)
            at = blank.end() if blank else len(text)
            self.protected.append((low, blank.start() if blank else len(text)))

    def front(self) -> int:
        """Protect front matter; return where the text after it begins."""
        opened = _FRONT.match(self.text)
        if not opened:
            end, _ = json_front(self.text)
            self.last = end
            return end
        mark = re.escape(opened[1])
        other = r"|\.\.\." if opened[1] == "---" else ""
        closed = re.compile(rf"(?:\A|(?<=[\r\n]))(?:{mark}{other})[ \t]*(?:\r\n?|\n|\Z)").search(
            self.text, opened.end()
        )
        if not closed:
            return 0
        self.last = closed.end()
        return closed.end()

    def part(self, parser: MarkdownIt, start: int, stop: int, *, final: bool, whole: bool) -> int:
        """Read one part of the text; return how far it was taken in: a part may end inside a block."""
        text = self.text[start:stop]
        lines = [0, *(found.end() for found in _LINE_END.finditer(text))]
        if lines[-1] != len(text):
            lines.append(len(text))
        lines = [start + line for line in lines]
        env: dict[str, Any] = {}
        tokens: list[Token] = []
        parser.block.parse(_LINE_END.sub("\n", text).replace("\0", "\ufffd"), parser, env, tokens)
        tops = [token.map[0] for token in tokens if token.level == 0 and token.map and token.nesting >= 0]
        limit = len(lines) - 1
        if tops:
            self.last = lines[tops[-1]]
        if not final:
            limit = tops[-1] if tops else limit
            if limit == 0:
                return start
        self.blocks(tokens, lines, limit, env.get("references", {}) if whole else None)
        return lines[limit]

    def blocks(self, tokens: list[Token], lines: list[int], limit: int, references: Container[str] | None) -> None:
        """Turn the tokens up to a line into pieces and inline text."""
        items = 0
        heading: Token | None = None
        in_row = False
        for token in tokens:
            kind = token.type
            if token.level == 0 and token.map and token.map[0] >= limit:
                return
            if kind == "list_item_open":
                items += 1
            elif kind == "list_item_close":
                items -= 1
            elif kind == "heading_open":
                heading = token
                self.headings = True
            elif kind == "heading_close":
                heading = None
            elif kind == "tr_open" and token.map:
                in_row = True
                self.row(lines[token.map[0]], lines[token.map[0] + 1], references)
            elif kind == "tr_close":
                in_row = False
            elif kind == "inline" and token.map and not in_row:
                self.inline(token, lines, heading, item=items > 0, references=references)
            elif kind == "hr" and token.map and token.level == 0:
                self.pieces.add(*self.trimmed(lines[token.map[0]], lines[token.map[1]]), RULE)

    def trimmed(self, low: int, high: int) -> tuple[int, int]:
        """Leave out white space at both ends."""
        while high > low and self.text[high - 1].isspace():
            high -= 1
        while low < high and self.text[low].isspace():
            low += 1
        return low, high

    def row(self, low: int, high: int, references: Container[str] | None) -> None:
        """Add a row of a table; its cells are read one by one."""
        low, high = self.trimmed(low, high)
        self.pieces.add(low, high, ROW)
        self.protected.extend(embed.span() for embed in EMBED.finditer(self.text, low, high))
        for cell in _CELL.finditer(self.text, low, high):
            self.zone([cell.span()], references)

    def inline(
        self, token: Token, lines: list[int], heading: Token | None, *, item: bool, references: Container[str] | None
    ) -> None:
        """Add a paragraph or a heading: the source lines of the token, without what nests them."""
        first = token.map[0] if token.map else 0
        segments: list[tuple[int, int]] = []
        for offset, content in enumerate(token.content.split("\n")):
            low, high = self.trimmed(lines[first + offset], lines[first + offset + 1])
            core = len(content.strip())
            if heading is not None and heading.markup.startswith("#"):
                low = self.text.index("#", low)
                found = _HASHES.match(self.text, low, high)
                low = found.end() if found else low
                high = min(high, low + core)
            elif high - core >= low:
                low = high - core
            if low < high:
                segments.append((low, high))
                shown = self.text[low:high].replace("\0", "\ufffd")
                if shown.strip() != content.strip():
                    self.protected.append((low, high))
        if not segments:
            return
        kind = HEADING if heading is not None else ITEM if item else PLAIN
        self.pieces.add(segments[0][0], segments[-1][1], kind)
        self.zone(segments, references)
        if heading is not None and self.is_linked(token.content):
            self.protected.extend(segments)

    def zone(self, segments: list[tuple[int, int]], references: Container[str] | None) -> None:
        """Scan one stretch of inline text that may lie on several lines; what lies between is protected."""
        text = self.text
        for low, high in segments:
            self.gap(low)
            self.reached = high
        zone = "\n".join([text[low:high] for low, high in segments])
        found = scan(zone, references)
        if not found.protected and not found.atomic:
            return
        begins = [0]
        for low, high in segments:
            begins.append(begins[-1] + high - low + 1)

        def source(at: int) -> int:
            index = min(bisect_right(begins, at), len(segments)) - 1
            return segments[index][0] + at - begins[index]

        self.protected.extend((source(low), source(high - 1) + 1) for low, high in found.protected)
        self.atomic.extend((source(low), source(high - 1) + 1) for low, high in found.atomic)

    def gap(self, stop: int) -> None:
        """Protect what lies between the last inline text and the next: marks, code, HTML, definitions."""
        between = self.text[self.reached : stop]
        bare = between.lstrip()
        if bare:
            self.protected.append((stop - len(bare), stop))

    def closed(self, parser: MarkdownIt) -> bool:
        """Tell whether a paragraph put at the end is one: the last block is not code or HTML left open."""
        tokens: list[Token] = []
        tail = _LINE_END.sub("\n", self.text[self.last :])
        parser.block.parse(f"{tail}\n\n{_PROBE}\n", parser, {}, tokens)
        return (
            len(tokens) > 1
            and tokens[-1].type == "paragraph_close"
            and tokens[-1].level == 0
            and tokens[-2].content == _PROBE
        )


def _line_start(text: str, at: int) -> int:
    """Return where the first line from a place on begins."""
    found = _LINE_END.search(text, at)
    return found.end() if found else len(text)


def _letters(words: str) -> str:
    return _NO_LETTERS.sub("", words).lower()


def _line_before(text: str, at: int) -> int:
    """Return where the line before the one that begins here begins."""
    end = at - 1
    end -= text[max(end - 1, 0) : at] == "\r\n"
    return max(text.rfind("\n", 0, max(end, 0)), text.rfind("\r", 0, max(end, 0))) + 1
