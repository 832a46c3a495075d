"""What a person sees of an HTML page: the text, block by block, and where each letter stands in the source.

One pass over the tokens, with a stack of open elements that follows the tree construction of the WHATWG
standard (section 13.2.6) as far as it decides what is seen and where a block ends. Nothing recurses, and every
question to the stack is answered in constant time, so that deep nesting costs no more than flat text.
"""

from __future__ import annotations

import re
from array import array
from functools import cache
from html import unescape
from html.entities import html5
from typing import NamedTuple

from ..._lazy import regex
from ..structure import HEADING, ITEM, PLAIN, PREFORMATTED, ROW
from .elements import (
    BAR,
    BLOCKS,
    BREAKOUT,
    BUTTON,
    CELLS,
    CLOSE_P,
    CONTAINERS,
    CONTEXT,
    COUNTED,
    DATED,
    FLAGS,
    FOREIGN,
    FORMAT_PROTECTED,
    FORMAT_SCOPES,
    FORMATTING,
    FURNITURE,
    HEADER,
    HEADINGS,
    HOST,
    HOSTS,
    IMPLIED_ENDS,
    INSIDE,
    INTEGRATION,
    JUDGED,
    KIND,
    LIST,
    NODE,
    NOTE_ROLES,
    OUT,
    PRE,
    PROTECTED,
    ROLES_FURNITURE,
    SCOPE,
    SCOPED_ENDS,
    SPECIAL,
    STACKED,
    STOP,
    TABLE,
    TABLE_PARTS,
    TABLE_STRUCTURE,
    UNFIT,
    UNSEEN,
    VEILS,
    VOID,
)
from .nodes import (
    ARTICLE,
    CLASSED,
    ELEMENT,
    FORMAT,
    HOLDER,
    MAIN,
    NAMED,
    PRE_TEXT,
    STRICT,
    Bar,
    Block,
    Judged,
    Lenience,
    Marked,
    Node,
    furniture_word,
    may_date,
)
from .tags import END, OTHER, RAW, START, TEXT, UNCLOSED, Tokens, attributes

_HIDING = regex(
    r"(?:\A|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)\s*(?:!\s*important\s*)?(?:;|\Z)", re.IGNORECASE
)

_SPACE = " \t\n\f\r"
_LINE_SPACE = str.maketrans("\t\n\f\r", "    ")
UNSEEN_LETTERS = "\0\xad\u200b\u2060\ufeff"
_PARTS = regex(rf"[{_SPACE}]{{2,}}|&(?:#[0-9]++;?|#[xX][0-9a-fA-F]++;?|[A-Za-z][A-Za-z0-9]*+;?)|[{UNSEEN_LETTERS}]")
_PRE_PARTS = regex(rf"&(?:#[0-9]++;?|#[xX][0-9a-fA-F]++;?|[A-Za-z][A-Za-z0-9]*+;?)|[{UNSEEN_LETTERS}]")
LONGEST_NAME = max(map(len, html5))
_NOTE_MARK = regex(
    r"<sup[^<>]{0,300}>\s*(?:<a\b[^<>]{0,600}>\s*)?[\[(]?(?P<sign>[0-9]{1,3}|[a-z]|[*†‡§¶]{1,3})[\])]?\s*</",
    re.IGNORECASE,
)
_UNSEEN_LEAST = 40  # a stretch of hidden text that is shorter is not counted: labels, messages
UNSEEN_MOST = 300  # a shorter noscript element is not looked into: a picture, a request to switch scripts on
_TITLE_LONGEST = 500
_SAVED = regex(r"<!--\s*saved from url=(?:\(\d+\))?(\S+)")
_ANY_TAG = regex(r"<[^<>]*>")
_MOST = 64  # characters in a row of numbers that can still be one


class _Select(NamedTuple):
    """What was open before a select element: how many scopes of formatting, which elements in the last, the link."""

    scopes: int
    counts: dict[str, int]
    anchor: tuple[int, int] | None


class Visible:
    """What is seen of a page. All offsets are of the text, unless they say that they are of the markup."""

    def __init__(self, markup: str, lenience: Lenience = STRICT) -> None:
        """Read the page."""
        self.markup = markup
        self.lenience = lenience
        self.parts: list[str] = []
        self.size = 0
        self.at_text = array("q")
        self.at_markup = array("q")
        self.lengths = array("q")
        self.verbatim = False
        self.protected: list[tuple[int, int]] = []
        self.atomic: list[tuple[int, int]] = []
        self.links: dict[int, int] = {}  # where in the markup a link stands, by where its text begins
        self.blocks: list[Block] = []
        self.bars: list[Bar] = []
        self.nodes: list[Node] = []
        self.unseen: dict[int, int] = {}  # how much text stands in what is hidden, by where that begins
        self.barred = {PRE_TEXT: 0, FORMAT: 0, ELEMENT: 0}  # how much text is protected, by what protects it
        self.language = self.title = ""
        self.place = 0  # the last place of the markup where a block of notes can stand
        self.body_end = -1
        self.metas: list[dict[str, str]] = []
        self.data: list[tuple[int, int]] = []  # linked data, in the markup
        self.marked: list[Marked] = []
        self.addresses: list[str] = []  # of the page, as it says itself
        self.judged: Judged | None = None  # which blocks are the article, once that is asked for

        self._names: list[str] = []
        self._flags: list[int] = []
        self._infos: list[tuple[int, int] | _Select | None] = []
        self._counts = dict.fromkeys(COUNTED, 0)
        self._stacks: dict[int, list[int]] = {flag: [] for flag in STACKED}
        self._strict = False  # whether the page has a doctype; without one a table can stand in a paragraph
        self._open: dict[str, list[int]] = {}
        self._fit_here = False  # whether a block of notes can stand before the end tag at hand
        self._html: list[int] = []  # the open elements that are neither SVG nor MathML
        self._kinds: list[tuple[str, str]] = []
        self._formats: list[dict[str, list[int]]] = [{}]
        self._format_protected = 0
        self._format_out = 0
        self._anchors: list[tuple[int, int] | None] = [None]  # the open link of each scope: markup, text
        self._leads = False  # whether the last link opened leads anywhere: a name for a place may be left open
        self._node = self._veil = -1  # the innermost node, and where the outermost hidden element begins
        self._dated: list[int] = []  # elements that may give a date and are open, in `marked`

        self._begun = -1  # where the block begins in the text, -1 before its first letter
        self._gap = 0  # line ends owed before the next letter
        self._blank: tuple[int, int] | None = None
        self._linked = 0
        self._now = (PLAIN, "", -1)
        self._run()
        self.text = "".join(self.parts)
        self.parts.clear()

    # -- text -----------------------------------------------------------------------------------

    def _emit(self, words: str, at: int, length: int) -> None:
        """Add letters that stand at a place of the markup, over a length of it."""
        if self._begun < 0:
            self._begin(at)
        elif self._blank is not None:
            where, size = self._blank
            self._add(" ", where, size)
        self._blank = None
        self._add(words, at, length)

    def _begin(self, at: int) -> None:
        if self.size:
            self._add("\n" * min(self._gap or 2, 2), at, 0)
        self._gap = 0
        self._begun = self.size
        self._linked = 0
        kind, name = self._kinds[-1] if self._kinds else (PLAIN, "")
        if self._counts[PRE] and PRE_TEXT in self.lenience.free:
            kind = PREFORMATTED
        self._now = (kind, name, self._node)

    def _add(self, words: str, at: int, length: int) -> None:
        size = len(words)
        verbatim = size == length
        if not (verbatim and self.verbatim and self.at_markup[-1] + self.lengths[-1] == at):
            self.at_text.append(self.size)
            self.at_markup.append(at)
            self.lengths.append(length)
        else:
            self.lengths[-1] += length
        self.verbatim = verbatim
        start = self.size
        self.size += size
        self.parts.append(words)
        if length:
            if self._counts[PROTECTED] or self._format_protected or self._structure():
                self.barred[PRE_TEXT if self._counts[PRE] else FORMAT if self._format_protected else ELEMENT] += size
                if self.protected and self.protected[-1][1] == start:
                    self.protected[-1] = (self.protected[-1][0], self.size)
                else:
                    self.protected.append((start, self.size))
            if self._leads and self._anchors[-1] is not None:
                self._linked += size

    def _flow(self, start: int, end: int) -> None:
        """Take in text in which white space is of no account."""
        markup = self.markup
        at = start
        if markup.find("&", start, end) < 0 and end - start < 3 and not markup[start:end].strip(_SPACE):
            if self._begun >= 0 and self._blank is None:
                self._blank = (start, end - start)
            return
        for part in _PARTS.finditer(markup, start, end):
            low = part.start()
            if at < low:
                self._plain(at, low)
            at = part.end()
            first = markup[low]
            if first in _SPACE:
                if self._begun >= 0 and self._blank is None:
                    self._blank = (low, at - low)
            elif first == "&":
                at = self._reference(low, at)
        if at < end:
            self._plain(at, end)

    def _plain(self, start: int, end: int) -> None:
        """Take in text without references, and with no two characters of white space in a row."""
        markup = self.markup
        if markup[start] in _SPACE:
            if self._begun >= 0 and self._blank is None:
                self._blank = (start, 1)
            start += 1
        closing = end > start and markup[end - 1] in _SPACE
        if closing:
            end -= 1
        if start < end:
            words = markup[start:end]
            if not words.isprintable():
                words = words.translate(_LINE_SPACE)
            self._emit(words, start, end - start)
        if closing and self._begun >= 0 and self._blank is None:
            self._blank = (end, 1)

    def _preserved(self, start: int, end: int) -> None:
        """Take in text in which white space counts."""
        markup = self.markup
        at = start
        for part in _PRE_PARTS.finditer(markup, start, end):
            if at < part.start():
                self._emit(markup[at : part.start()], at, part.start() - at)
            at = part.end()
            if markup[part.start()] == "&":
                at = self._reference(part.start(), at)
        if at < end:
            self._emit(markup[at:end], at, end - at)

    def _reference(self, start: int, end: int) -> int:
        """Take in a character reference; return where it ends, which may be before the end of its pattern."""
        word = self.markup[start + 1 : end]
        if word[0] == "#":
            letters = number(word)
        elif word in html5:
            letters = html5[word]
        else:
            for size in range(min(len(word), LONGEST_NAME), 1, -1):
                if word[:size] in html5:
                    letters = html5[word[:size]]
                    end = start + 1 + size
                    break
            else:
                self._emit(self.markup[start:end], start, end - start)
                return end
        if letters in UNSEEN_LETTERS:
            return end
        if letters in _SPACE and not self._counts[PRE]:
            if self._begun >= 0 and self._blank is None:
                self._blank = (start, end - start)
            return end
        self._emit(letters, start, end - start)
        return end

    def _flush(self, gap: int = 2) -> None:
        """End the block."""
        self._blank = None
        if self._begun < 0:
            if gap > 1 or self._gap:
                self._gap = 2
            return
        start = self._begun
        self._begun = -1
        self._gap = gap
        kind, name, node = self._now
        if kind == ROW and self.size - start >= 100:  # a page laid out by tables
            kind = PLAIN
        self.blocks.append(Block(start, self.size, kind, name, node, self._linked))

    # -- the stack --------------------------------------------------------------------------------

    def _push(self, name: str, flags: int, info: tuple[int, int] | _Select | None = None) -> None:
        index = len(self._names)
        self._names.append(name)
        self._flags.append(flags)
        self._infos.append(info)
        self._open.setdefault(name, []).append(index)
        if not flags & FOREIGN:
            self._html.append(index)
        for flag in _bits(flags) if flags else ():
            self._counts[flag] += 1
            if flag in self._stacks:
                self._stacks[flag].append(index)

    def _pop_to(self, index: int, at: int, closer: str = "") -> None:
        """Close all elements from an index on; ``at`` is where in the markup, ``closer`` the end tag's name."""
        while len(self._names) > index:
            name = self._names.pop()
            flags = self._flags.pop()
            info = self._infos.pop()
            self._open[name].pop()
            if not flags & FOREIGN:
                self._html.pop()
            if not flags:
                continue
            for flag in _bits(flags):
                self._counts[flag] -= 1
                if flag in self._stacks:
                    self._stacks[flag].pop()
            if flags & KIND:
                self._kinds.pop()
            if flags & NODE:
                node = self.nodes[self._node]
                node.last = len(self.blocks) + (self._begun >= 0)
                if self._fit_here and closer == name and len(self._names) == index:
                    node.place = at
                self._node = node.parent
            if flags & DATED:
                which = self._dated.pop()
                self.marked[which] = self.marked[which]._replace(end=self.size)
            if flags & OUT and not self._counts[OUT]:
                self._veil = -1
            if name in FORMAT_SCOPES and not flags & FOREIGN:
                self._end_scope(at)
            if flags & BAR:
                assert info is not None
                assert not isinstance(info, _Select)
                proper = closer == name and len(self._names) == index
                self._bar(info[0], info[1], at, closed=proper)

    def _bar(self, start: int, text: int, end: int, *, closed: bool) -> None:
        """Remember a link or button; ``end`` is where its end tag begins, or whatever closed it."""
        if closed:
            end = self.markup.find(">", end) + 1
            closed = not (self._counts[OUT] or self._structure())
        self.bars.append(Bar(start, end, closed))
        if text < self.size:
            self.atomic.append((text, self.size))
            self.links[text] = start

    def _end_scope(self, at: int) -> None:
        formats = self._formats.pop() if len(self._formats) > 1 else {}
        for all_flags in formats.values():
            for flags in all_flags:
                self._format_protected -= bool(flags & PROTECTED)
                self._format_out -= bool(flags & OUT)
        anchor = self._anchors.pop() if len(self._anchors) > 1 else None
        if anchor is not None:
            self._bar(*anchor, at, closed=False)

    def _index(self, name: str, *scopes: int) -> int:
        """Return where an element of this name is open in scope, -1 if none is."""
        found = self._open.get(name)
        if not found:
            return -1
        index = found[-1]
        for scope in scopes:
            stack = self._stacks[scope]
            if stack and stack[-1] > index:
                return -1
        return index

    def _foreign(self) -> bool:
        return bool(self._flags) and bool(self._flags[-1] & FOREIGN) and self._names[-1] not in INTEGRATION

    def _structure(self) -> bool:
        """Tell whether the place is inside a table and in none of its cells."""
        context = self._stacks[CONTEXT]
        return bool(context) and self._names[context[-1]] in TABLE_STRUCTURE

    def _fit(self) -> bool:
        """Tell whether a block of notes can stand here."""
        counts = self._counts
        return not (
            counts[UNFIT] or counts[OUT] or counts[FURNITURE] or self._format_out or self._anchors[-1] is not None
        )

    # -- tokens -----------------------------------------------------------------------------------

    def _run(self) -> None:
        markup = self.markup
        tokens = Tokens(markup, self.lenience.shown)
        size = len(markup)
        end = 0
        kind = TEXT
        start = 0
        linked_data = False
        for kind, start, end, name, low, high in tokens:
            if kind == TEXT:
                if self._counts[OUT] or self._format_out:
                    self._hidden(start, end)
                elif self._counts[PRE]:
                    self._preserved(start, end)
                else:
                    self._flow(start, end)
            elif kind == START:
                given = attributes(markup, low, high) if high > low else {}
                linked_data = name == "script" and "ld+json" in given.get("type", "").lower()
                self._start(name, start, given, closed=markup[end - 2] == "/")
                tokens.foreign = bool(self._flags) and bool(self._flags[-1] & FOREIGN)
            elif kind == END:
                self._end(name, start, end)
                tokens.foreign = bool(self._flags) and bool(self._flags[-1] & FOREIGN)
            elif kind == RAW:
                self._raw(name, start, end, linked_data=linked_data)
            elif kind == OTHER and not self._strict:
                self._other(start)
        if kind == UNCLOSED or (kind == RAW and end == size):
            if self._fit():
                self.place = start if kind == UNCLOSED and not self._raw_before(start) else self.place
        elif kind == TEXT and markup.endswith("</"):
            self.bars.append(Bar(size - 2, size + 1, closed=False))  # whatever follows would become part of it
        elif self._fit():
            self.place = size
        self._pop_to(0, size)
        while len(self._formats) > 1:
            self._end_scope(size)
        if self._anchors[0] is not None:
            self._bar(*self._anchors[0], size, closed=False)
        self._flush()

    def _hidden(self, start: int, end: int) -> None:
        """Count text that is not seen, where a script may show it."""
        if self._veil >= 0 and end - start >= _UNSEEN_LEAST:
            self.unseen[self._veil] = self.unseen.get(self._veil, 0) + len(self.markup[start:end].strip())

    def _other(self, start: int) -> None:
        """Take notice of a doctype, and of the comment that browsers write before a page that they save."""
        self._strict = self.markup[start : start + 9].lower() == "<!doctype"
        saved = _SAVED.match(self.markup, start)
        if saved:
            self.addresses.append(saved[1])

    def _raw(self, name: str, start: int, end: int, *, linked_data: bool) -> None:
        """Take in the content of a raw element: linked data, or text of two old elements that is shown."""
        if name == "script" and linked_data:
            self.data.append((start, end))
        elif name == "title":
            if not self.title and not self._counts[FOREIGN]:
                self.title = unescape(self.markup[start : min(end, start + _TITLE_LONGEST)])
        elif name == "noscript":
            if end - start >= UNSEEN_MOST and not self._counts[OUT]:
                self.unseen[start] = sum(
                    len(words) for words in _ANY_TAG.split(self.markup[start:end]) if len(words) >= _UNSEEN_LEAST
                )
        elif name in ("plaintext", "xmp"):
            self._flush()
            if not (self._counts[OUT] or self._format_out):
                self._counts[PROTECTED] += 1
                self._emit(self.markup[start:end], start, end - start)
                self._counts[PROTECTED] -= 1
                closed = self.markup.find(">", end) + 1 if name == "xmp" else 0
                self.bars.append(Bar(start - 1, closed or len(self.markup), closed > 0))
            self._flush()

    def _raw_before(self, start: int) -> bool:
        """Tell whether what is left open at the end is the content of a raw element, whose tag was taken in."""
        return self.markup[start - 1 : start] == ">" and not self.markup.startswith("<", start)

    def _start(self, name: str, start: int, given: dict[str, str], *, closed: bool) -> None:
        fit = name in BLOCKS and self._fit()
        if self._foreign():
            if name not in BREAKOUT and not (name == "font" and given.keys() & {"color", "face", "size"}):
                if not closed:
                    flags = FOREIGN | (SPECIAL | SCOPE if name in INTEGRATION else 0)
                    self._push(name, flags)
                return
            index = len(self._names)
            while index and self._flags[index - 1] & FOREIGN and self._names[index - 1] not in INTEGRATION:
                index -= 1
            self._pop_to(index, start)
        if name in ("select", "input") and self._index("select", SCOPE) >= 0:  # ends the select that it stands in
            self._pop_to(self._open["select"][-1], start)
            if name == "select":
                return
        if name in BLOCKS:
            self._flush()
            if self.size and name not in INSIDE and fit:
                self.place = start
        if name in TABLE_PARTS and not self._stacks[TABLE]:
            return
        if name in VOID:
            self._void(name, given)
            return
        if name in ("html", "body", "head"):
            self.language = self.language or given.get("lang", "") or given.get("xml:lang", "")
            return
        if name in FORMATTING:
            self._format(name, start, given)
            return
        self._imply(name, start)
        self._element(name, start, given)

    def _void(self, name: str, given: dict[str, str]) -> None:
        if name == "br":
            self._flush(1)
        elif name == "meta":
            if "content" in given and not self._counts[OUT]:
                self.metas.append(given)
        elif name == "link":
            if "canonical" in given.get("rel", "").lower() and "href" in given:
                self.addresses.append(given["href"])
        elif name == "hr" or not given:
            return
        elif "itemprop" in given and not self._counts[OUT]:
            self.metas.append(given)

    def _imply(self, name: str, at: int) -> None:
        """Close what a start tag closes."""
        if name == "table" and self._structure():
            self._close("table", at, TABLE)
        if name in CLOSE_P and (name != "table" or self._strict):
            index = self._index("p", SCOPE, BUTTON)
            if index >= 0:
                self._pop_to(index, at)
        if name in HEADINGS:
            if self._names and self._names[-1] in HEADINGS:
                self._pop_to(len(self._names) - 1, at)
        elif name == "li":
            self._close("li", at, STOP)
        elif name in ("dd", "dt"):
            self._close("dd", at, STOP)
            self._close("dt", at, STOP)
        elif name == "button":
            self._close("button", at, SCOPE)
        elif name in ("option", "optgroup"):
            ended = frozenset({"option"})
            if self._index("select", SCOPE) >= 0:
                ended = IMPLIED_ENDS - {"optgroup"} if name == "option" else IMPLIED_ENDS
            while self._names and self._names[-1] in ended:
                self._pop_to(len(self._names) - 1, at)
        elif name in TABLE_PARTS:
            self._imply_part(name, at)

    def _imply_part(self, name: str, at: int) -> None:
        """Close what the start tag of a part of a table closes."""
        closed = ["caption", "td", "th"]
        if name not in ("td", "th"):
            closed.append("tr")
        if name not in ("td", "th", "tr"):
            closed += ("tbody", "thead", "tfoot", "colgroup")
        for each in closed:
            self._close(each, at, TABLE)
        if self._structure():  # what a browser moves out of the table ends here
            self._pop_to(self._stacks[CONTEXT][-1] + 1, at)

    def _close(self, name: str, at: int, *scopes: int, closer: str = "") -> None:
        index = self._index(name, *scopes)
        if index >= 0:
            self._pop_to(index, at, closer)

    def _format(self, name: str, start: int, given: dict[str, str]) -> None:
        if name == "a":
            anchor = self._anchors[-1]
            if anchor is not None:
                self._bar(*anchor, start, closed=False)
                self._unformat("a")
            self._anchors[-1] = (start, self.size + (self._blank is not None))
            self._leads = "href" in given
        elif name == "nobr" and not self._kept(name):  # ends one that is open
            self._unformat(name)
        flags = (PROTECTED if name in FORMAT_PROTECTED else 0) | self.hiding(given)
        if FORMAT in self.lenience.free:
            flags &= ~PROTECTED
        self._formats[-1].setdefault(name, []).append(flags)
        self._format_protected += bool(flags & PROTECTED)
        self._format_out += bool(flags & OUT)

    def _unformat(self, name: str) -> None:
        found = self._formats[-1].get(name)
        if found:
            flags = found.pop()
            self._format_protected -= bool(flags & PROTECTED)
            self._format_out -= bool(flags & OUT)

    @staticmethod
    def hiding(given: dict[str, str]) -> int:
        """Say what attributes do to what an element shows."""
        if not given:
            return 0
        if "hidden" in given and given["hidden"].lower() != "until-found":
            return OUT
        style = given.get("style")
        if style and _HIDING.search(style):
            return OUT
        classes = given.get("class")
        if classes and not UNSEEN.isdisjoint(classes.lower().split()):
            return OUT
        if given.get("role", "").lower() in NOTE_ROLES:
            return OUT
        return PROTECTED if given.get("aria-hidden", "").lower() == "true" else 0

    def _element(self, name: str, start: int, given: dict[str, str]) -> None:
        """Open an element that is neither void nor formatting."""
        hidden = self.hiding(given)
        flags = hidden | FLAGS.get(name, 0)
        info: tuple[int, int] | _Select | None = None
        if name == "select":
            counts = {each: len(held) for each, held in self._formats[-1].items()}
            info = _Select(len(self._formats), counts, self._anchors[-1])
        if flags & BAR:
            info = (start, self.size + (self._blank is not None))
        if (name == "dialog" and "open" not in given) or (
            name == "sup" and _is_note_mark(self.markup, start, given, self.parts)
        ):
            flags |= OUT
        if self.lenience is not STRICT:
            if start in self.lenience.shown:
                flags &= ~OUT
            if (PRE_TEXT if flags & PRE else ELEMENT) in self.lenience.free:
                flags &= ~PROTECTED
        if flags & OUT and not self._counts[OUT]:
            if hidden & OUT or name in VEILS:
                self._veil = start
        elif (given and not self._counts[OUT]) or name == "time":
            flags |= self._date(name, given)
        kind = _kind(name, self._kinds)
        if kind is not None:
            self._kinds.append((kind, name))
            flags |= KIND
        if given or name in CONTAINERS or flags & (FURNITURE | HEADER) or "-" in name:
            flags |= self._hold(name, given, flags)
        if name in FORMAT_SCOPES:
            self._formats.append({})
            self._anchors.append(None)
        self._push(name, flags, info)

    def _date(self, name: str, given: dict[str, str]) -> int:
        """Remember an element that may give a date: by its name, or by what its attributes say."""
        if name != "time":
            classes, label, item = given.get("class"), given.get("id"), given.get("itemprop")
            if item and "datepublished" in item.lower():
                self.metas.append(given)
            elif not ((classes and may_date(classes)) or (label and may_date(label)) or (item and may_date(item))):
                return 0
        self._dated.append(len(self.marked))
        self.marked.append(Marked(name, given, self._node, self.size, -1))
        return DATED

    def _hold(self, name: str, given: dict[str, str], flags: int) -> int:
        """Open a node where an element may be the article, a part of it, or furniture; return its flags."""
        kind, word, more = HOLDER, "", 0
        role = given.get("role", "").lower() if given else ""
        if role in ROLES_FURNITURE:
            kind, word, more = NAMED, role, FURNITURE
        elif flags & BAR:
            return 0
        elif flags & FURNITURE or (flags & HEADER and not self._counts[HOST]):
            kind, word = NAMED, name
        elif name in HOSTS or role in ("main", "article"):
            word = furniture_word(given) if self._counts[HOST] else ""
            kind = NAMED if word else ARTICLE if "article" in (name, role) else MAIN
            more = FURNITURE if word else HOST
        elif given and name in JUDGED and (word := furniture_word(given)):
            kind = CLASSED
        elif name not in CONTAINERS and "-" not in name:
            return 0
        self.nodes.append(Node(name, given, kind, word, self._node, len(self.blocks)))
        self._node = len(self.nodes) - 1
        return more | NODE

    def _end(self, name: str, start: int, end: int) -> None:
        if self._flags and self._flags[-1] & FOREIGN and not self._end_foreign(name, start):
            return
        block = name in BLOCKS
        if block:
            self._flush()
        self._fit_here = (block or "-" in name) and self._fit()  # a node may end here
        if name in ("body", "html"):
            if name == "body" and self._fit():
                self.body_end = start
            return
        if name == "br":
            self._flush(1)
        elif name in FORMATTING:
            if self._kept(name):
                return
            if name == "a" and self._anchors[-1] is not None:
                self._bar(*self._anchors[-1], start, closed=True)
                self._anchors[-1] = None
            self._unformat(name)
        else:
            index = self._opened(name)
            if index >= 0:
                self._pop_to(index, start, name)
        if block and self._fit():
            self.place = end

    def _kept(self, name: str) -> bool:
        """Tell whether an end tag leaves a formatting element open, which began before the select that it stands in."""
        index = self._index("select", SCOPE)
        if index < 0:
            return False
        around = self._infos[index]
        if not isinstance(around, _Select) or around.scopes != len(self._formats):
            return False
        if name == "a":
            return self._anchors[-1] == around.anchor
        return len(self._formats[-1].get(name, ())) <= around.counts.get(name, 0)

    def _opened(self, name: str) -> int:
        """Return the index of the element that an end tag closes, -1 where it closes none."""
        if name in HEADINGS:
            return max(self._index(each, SCOPE) for each in HEADINGS)
        if name == "li":
            return self._index(name, SCOPE, LIST)
        if name == "p":
            return self._index(name, SCOPE, BUTTON)
        found = self._open.get(name)
        if not found:
            return -1
        if name == "template":
            return found[-1]
        if name in TABLE_STRUCTURE or name in CELLS:
            tables = self._stacks[TABLE]
            return found[-1] if not tables or found[-1] >= tables[-1] else -1
        if name in SCOPED_ENDS:
            # The element itself may be what ends the scope.
            scopes = self._stacks[SCOPE]
            return found[-1] if not scopes or scopes[-1] <= found[-1] else -1
        special = self._stacks[SPECIAL]
        return found[-1] if not special or found[-1] >= special[-1] else -1

    def _end_foreign(self, name: str, at: int) -> bool:
        """Close an element of SVG or MathML; return whether the tag is to be read as one of HTML."""
        if name in ("p", "br"):
            index = len(self._names)
            while index and self._flags[index - 1] & FOREIGN and self._names[index - 1] not in INTEGRATION:
                index -= 1
            self._pop_to(index, at)
            return True
        found = self._open.get(name)
        if found and found[-1] > (self._html[-1] if self._html else -1):
            self._pop_to(found[-1], at)
            return False
        return True


@cache
def _bits(flags: int) -> tuple[int, ...]:
    return tuple(flag for flag in COUNTED if flags & flag)


def _kind(name: str, kinds: list[tuple[str, str]]) -> str | None:
    """Return the kind of block that an element begins, ``None`` where it says nothing."""
    if name in HEADINGS:
        return HEADING
    if name in ("li", "dd", "dt"):
        return ITEM
    if name in CELLS:
        return ROW
    if name in ("article", "blockquote", "section", "figcaption") or (name == "p" and kinds and kinds[-1][0] == ROW):
        return PLAIN
    return None


def _is_note_mark(markup: str, at: int, given: dict[str, str], parts: list[str]) -> bool:
    """Tell whether a raised figure is the mark of a note, not part of the text: goods¹, but not 10² nor 1st."""
    if given and (
        given.get("class", "").lower().startswith(("reference", "footnote", "sr-note"))
        or "noteref" in given.get("role", "")
    ):
        return True
    found = _NOTE_MARK.match(markup, at)
    if not found:
        return False
    before = parts[-1][-3:] if parts else ""
    if len(before) == 3 and before.isdigit() and not found["sign"].isalpha():  # 2397¹ is no power
        return True
    return "<a" in found[0].lower() or (len(before) == 3 and before.isalpha()) or before[-1:] in '.,;:!?”")'


def number(word: str) -> str:
    """Return the character of a numeric reference, as browsers read it."""
    digits = word[1:].rstrip(";")
    if len(digits) > _MOST:
        return "\ufffd"
    code = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
    if 0x80 <= code <= 0x9F:  # taken for cp1252
        return bytes([code]).decode("cp1252", "replace") if code not in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else chr(code)
    if code == 0 or code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        return "\ufffd"
    return chr(code)
