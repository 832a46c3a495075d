"""Word documents: the text that a person sees of the body, and where each piece of it stands in the markup.

The document part is read once, tag by tag, with the offset of each in its bytes (as UTF-8). What comes
out is one text, a blank line between paragraphs, and for the writer a `Body`: which stretch of the text
stands in which element of which run. Deleted text, field codes, hidden text, and the second copy that old
programs get of a text box are not text; headers, footers, footnotes and comments are not the article.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, NamedTuple

from .._lazy import regex
from ..errors import InputError
from ..model import Dated, Document, Layout, Span
from .package import DEEPEST, LOCAL_MARK, TYPES_PART, Package, check, parser_for, run, walk
from .takenin import Taken, paragraphs, paragraphs_of
from .wordtext import APART, BLANK, STRICT, TRANSITIONAL, plain_text
from .xmltags import CHARACTERS, PARAGRAPH, RUN, TAG, TEXT, Spaces, attributes, pattern, unescaped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .links import Link

_COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_LATER = (
    "http://schemas.microsoft.com/office/word/2010/wordml",
    "http://schemas.microsoft.com/office/word/2012/wordml",
)
_MATH = ("http://schemas.openxmlformats.org/officeDocument/2006/math", "http://purl.oclc.org/ooxml/officeDocument/math")
_RELATIONS = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
# Namespaces that Word knows begin so, and the prefixes of those that it offers a choice of.
_KNOWN = (
    "http://schemas.openxmlformats.org/", "http://schemas.microsoft.com/office/", "http://purl.oclc.org/ooxml/",
    "urn:schemas-microsoft-com:",
)  # fmt: skip
_KNOWN_PREFIX = regex(r"(?:w1[4-9]\w*|wp[sgci]?(?:1[4-9])?|v|o|oel|cx[0-9]*|aink|am3d|a14|c1[4-9]|sl|ma|m|pic)\Z")
_CREATED = "http://purl.org/dc/terms/ created"

# What stands in a run as a character of the text.
_CHARACTERS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011"}
_OBJECT = "\ufffc"
_FORMULA = "object:oMath"
_OBJECTS = ("object:inline", _FORMULA, "object")
_PRIVATE = range(0xE000, 0xF900)
# Deleted text, field codes, the reading of a ruby, and what describes tables.
_IGNORED = "mc:ignored"
_UNSEEN = frozenset("del moveFrom instrText delText delInstrText rt rubyPr sdtEndPr tblPr tblGrid trPr tcPr".split())
_OPEN = frozenset("hyperlink ins moveTo fldSimple smartTag customXml dir bdo".split())
# Content controls of these kinds hold plain values, and Word may write them anew.
_CONTROLS = frozenset(
    "text date dropDownList comboBox checkbox picture citation equation dataBinding bibliography".split()
)
_TABLE = frozenset("tbl tr tc".split())
_TAKEN_IN = {"altChunk": "aFChunk", "subDoc": "subDocument"}
_REFERRED = frozenset("commentReference commentRangeStart commentRangeEnd footnoteReference".split())
_NAMES = _UNSEEN | _OPEN | _CONTROLS | _TABLE | frozenset(_CHARACTERS) | frozenset(_TAKEN_IN) | _REFERRED | frozenset(
    "body p pPr pStyle outlineLvl numPr numId r rPr vanish strike dstrike t sym fldChar sdt sdtPr docPartObj"
    " sectPr object".split()
)  # fmt: skip
_FALSE = ("0", "false", "off")
_BODY_TEXT = 9  # the outline level of what is no heading
_PARTED = regex(r"\n[\n\t \xa0]*\n")
_STYLES_DEEP = 40  # styles build on each other, and some in a circle
_USUAL = b"w:"  # the prefix that nearly all programs write
_NEAR = 1000  # how many paragraphs back one is looked for that takes a mark
_CHUNKS_DEEP = 3  # documents that take in documents
_LONGEST_ID = 11
_WORDS = regex(rb"&[^;&]*;|\r\n?|\n|[^&\r\n]+")
_QUOTED_WORDS = regex(rb"\r\n?|\n|[^\r\n]+")
_BREAKS = regex(rb"[&\r\n]")
_TAGS_OF = regex(rb"<([^\s/>]+)([^<>]*)>")
# When a document says this, it says when the template of python-docx was made, and nothing of itself.
_TEMPLATE_DATE = "2013-12-23T23:15:00Z"


class Wrapper:
    """What a run stands in: a link, a tracked insertion, a content control, a field, a text box.

    ``start`` and ``end`` are offsets in the part. Nothing may be put inside of a ``sealed`` one. Of a field,
    ``last`` is the run that closes it. One that holds whole paragraphs has no ``paragraph`` (0); ``path`` says in
    which tables, rows and cells it stands.
    """

    __slots__ = ("end", "last", "paragraph", "parent", "path", "sealed", "start", "untouched")

    def __init__(
        self, start: int, parent: Wrapper | None, paragraph: int, *, sealed: bool, path: tuple[int, ...] = ()
    ) -> None:
        self.start = start
        self.end = start
        self.parent = parent
        self.paragraph = paragraph
        self.path = path
        self.sealed = sealed
        self.untouched = False  # a control of which no paragraph has begun yet
        self.last: Run | None = None


class Run:
    """A run: where it stands, and where its properties do.

    ``wrapper`` is the innermost element around it and ``field`` the innermost field that it is in;
    ``paragraph`` is the number of its paragraph.
    """

    __slots__ = ("end", "field", "hosted", "paragraph", "properties", "start", "wrapper")

    def __init__(self, start: int, wrapper: Wrapper | None, field: Wrapper | None, paragraph: int) -> None:
        self.start = start
        self.end = start
        self.properties: tuple[int, int] | None = None
        self.wrapper = wrapper
        self.field = field
        self.paragraph = paragraph
        self.hosted: Wrapper | None = None


class Element:
    """A child of a run that is text: ``w:t``, or one that stands for a character, such as a tab.

    ``start`` and ``end`` are where it stands in the part, ``inner`` where the content of a ``w:t`` ends;
    ``low`` and ``high`` are its stretch of the text.
    """

    __slots__ = ("end", "high", "inner", "low", "start")

    def __init__(self, start: int, low: int) -> None:
        self.start = start
        self.end = start
        self.inner = -1
        self.low = low
        self.high = low


class Piece:
    """A stretch of text that stands in one place: letter by letter, unless ``whole``.

    ``at`` is its offset in the text, ``length`` how long it is there; ``start`` and ``end`` are offsets in the
    part. ``quoted`` is true in a CDATA section.
    """

    __slots__ = ("at", "element", "end", "length", "quoted", "run", "start", "whole")

    def __init__(
        self, at: int, length: int, start: int, end: int, element: Element, owner: Run, *, whole: bool, quoted: bool
    ) -> None:
        self.at = at
        self.length = length
        self.start = start
        self.end = end
        self.element = element
        self.run = owner
        self.whole = whole
        self.quoted = quoted


class Host:
    """A paragraph of the main text that the mark of a note may be put into when it cannot stand at its mention.

    ``start`` and ``end`` are where its content begins and ends in the part; both are where the end of the tag
    begins where it is an ``empty`` element. Nothing may be put at its end where ``end`` is -1. ``path`` says in
    which tables, rows and cells it stands, by where these begin.
    """

    __slots__ = ("empty", "end", "path", "start")

    def __init__(self, start: int, path: tuple[int, ...], *, empty: bool) -> None:
        self.start = start
        self.end = -1
        self.path = path
        self.empty = empty


class Body:
    """What the reader leaves for the writer.

    ``content`` is the document part in UTF-8, ``codec`` the encoding that it is really in, ``name`` its name.
    ``pieces`` are in the order of the text, ``hosts`` in that of the part. ``prefix`` means ``namespace`` throughout
    the part; it is empty where none does. ``deferred`` are the numbers of paragraphs in which no mark of a note may
    stand. ``final`` is where a paragraph more may be put, -1 where that cannot be told. ``comments`` are the ids of
    comments that the part refers to, ``footnotes`` those of footnotes, each with the place of the reference, in order.
    ``unread`` are files that the document takes in and that are not read; ``depth`` is how many documents take it in.
    """

    __slots__ = (
        "_pieces", "_styles", "codec", "comments", "content", "deferred", "depth", "final", "footnotes", "hosts",
        "name", "namespace", "package", "paragraphs", "prefix", "unread",
    )  # fmt: skip

    def __init__(self, package: Package, name: str, depth: int = 0) -> None:
        self.package = package
        self.name = name
        self.depth = depth
        self.content, self.codec = package.text(name)
        self.paragraphs: Sequence[_Paragraph] = ()
        self._pieces: list[Piece] | None = None
        self.hosts: list[Host] = []
        self.deferred: set[int] = set()
        self.final = -1
        self.comments: set[int] = set()
        self.footnotes: list[tuple[int, int]] = []
        self.unread: list[str] = []
        self.prefix = ""
        self.namespace = TRANSITIONAL
        self._styles: Styles | None = None

    @property
    def styles(self) -> Styles:
        """The document's styles, read when first asked for: they may be a hundred times as long as the text."""
        if self._styles is None:
            self._styles = Styles(self.package, self.name)
        return self._styles

    @property
    def pieces(self) -> list[Piece]:
        """The pieces of the text in their order, made when first asked for: most documents get no note."""
        if self._pieces is None:
            self._pieces = []
            base = 0
            for paragraph in self.paragraphs:
                _place(paragraph, base, self._pieces)
                base += paragraph.size + len(APART)
        return self._pieces

    def index(self, at: int) -> int:
        """Return the index of the piece that an offset of the text is in, or else of the last before; -1 for none."""
        return bisect_right(self.pieces, at, key=_at) - 1

    def neighbour(self, start: int, end: int, path: tuple[int, ...], *, same_row: bool) -> Host | None:
        """Return the paragraph that is nearest to a stretch of the part: behind it, else before it.

        With ``same_row`` one before it goes first where that alone is in the same row of a table.
        """
        index = bisect_left(self.hosts, end, key=_start_of)
        behind = self.hosts[index] if index < len(self.hosts) else None
        near = reversed(self.hosts[max(index - _NEAR, 0) : index])
        before = next((host for host in near if 0 <= host.end <= start), None)
        if before is None:
            return behind
        if behind is None or not same_row:
            return behind or before
        depth = len(path) - (len(path) + 1) % 3  # of the innermost row: tables, rows and cells take turns
        shared = _shared(before.path, path)
        return before if shared >= depth > 0 and shared > _shared(behind.path, path) else behind


def _at(piece: Piece) -> int:
    return piece.at


def _start_of(host: Host) -> int:
    return host.start


def _shared(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    """Return how many tables, rows and cells two places have in common."""
    count = 0
    for here, there in zip(one, other, strict=False):
        if here != there:
            break
        count += 1
    return count


class Styles:
    """What the styles of a document make of paragraphs; ``ids`` are the styles by their names in small letters."""

    __slots__ = ("_based", "_item", "_level", "_name", "ids")

    def __init__(self, package: Package, main: str) -> None:
        self.ids: dict[str, str] = {}
        self._name: dict[str, str] = {}
        self._based: dict[str, str] = {}
        self._level: dict[str, bool] = {}
        self._item: dict[str, bool] = {}
        part = package.linked(main, "styles")
        if part and package.find(part) is not None:
            self._read(package, part)

    def _read(self, package: Package, part: str) -> None:
        current = ""

        def start(tag: str, values: dict[str, str]) -> None:
            nonlocal current
            space, _, name = tag.rpartition(" ")
            if space not in (TRANSITIONAL, STRICT):
                return
            value = values.get(f"{space} val", "")
            if name == "style":
                current = values.get(f"{space} styleId", "")
            elif name == "name" and current:
                self._name[current] = value.lower()
                self.ids.setdefault(value.lower(), current)
            elif name == "basedOn":
                self._based[current] = value
            elif name == "outlineLvl":
                self._level[current] = is_level(value)
            elif name == "numId":
                self._item[current] = value != "0"

        walk(package, part, start)

    def kind(self, style: str) -> str:
        """Return ``heading``, ``item``, ``contents`` (a line of a table of contents) or nothing for a style's id."""
        item: bool | None = None
        for _ in range(_STYLES_DEEP):
            name = self._name.get(style, style.lower())
            if name.startswith(("toc ", "table of figures", "index ")):
                return "contents"
            level = self._level.get(style)
            if level or (level is None and re.fullmatch(r"(?:sub)?title|heading ?[1-9]", name)):
                return "heading"
            if item is None and (style in self._item or name.startswith("list ")):
                item = self._item.get(style, True)
            if level is not None or style not in self._based:
                break
            style = self._based[style]
        return "item" if item else ""


def is_level(value: str) -> bool:
    """Tell whether the value of an outline level makes a heading."""
    return value.isdecimal() and int(value[:3]) < _BODY_TEXT


class _Whole(NamedTuple):
    """A run of one text as it was found: where it begins in the paragraph, and what it stands in."""

    at: int
    found: re.Match[bytes]
    wrapper: Wrapper | None
    field: Wrapper | None


class _Paragraph:
    __slots__ = ("chunks", "heading", "item", "kind", "links", "looks", "number", "pieces", "row", "size", "struck",
                 "style")  # fmt: skip

    def __init__(self, number: int, *, row: bool) -> None:
        self.number = number
        self.row = row
        self.chunks: list[str] = []
        self.pieces: list[Piece | _Whole] = []
        self.size = 0
        self.looks: tuple[int, int] | None = None  # where its properties stand, where nobody has read them
        self.kind: str | None = None  # where another file says what it is
        self.style = ""
        self.heading: bool | None = None
        self.item: bool | None = None
        self.links: list[tuple[int, int]] = []
        self.struck: list[tuple[int, int]] = []


class _Field:
    """A complex field that is open: its code comes first, then its result."""

    __slots__ = ("begin", "code", "wrapper")

    def __init__(self, wrapper: Wrapper) -> None:
        self.code = True
        self.begin = 0
        self.wrapper = wrapper


class _Story:
    """Where the reader is in the main text, or in a text box that is anchored in it."""

    __slots__ = ("base", "codes", "fields", "host", "paragraph", "runs", "wrapper")

    def __init__(self, base: Wrapper | None = None) -> None:
        self.paragraph: _Paragraph | None = None
        self.host: Host | None = None
        self.base = base
        self.wrapper = base
        self.runs: list[Run] = []
        self.fields: list[_Field] = []
        self.codes = 0


class _Scope(NamedTuple):
    """What held before an element declared something: its depth, the names of elements, what is ignored."""

    depth: int
    names: dict[bytes, str]
    ignored: frozenset[str]
    processed: frozenset[tuple[str, str]]


class _Reader:
    """One pass over the document part."""

    def __init__(self, body: Body) -> None:
        self.body = body
        self.content = body.content
        self.spaces = Spaces()
        self.names: dict[bytes, str] = {}  # what the names of elements mean here
        self.ignored: frozenset[str] = frozenset()
        self.processed: frozenset[tuple[str, str]] = frozenset()
        self.scopes: list[_Scope] = []
        self.stack: list[tuple[str, int, bytes]] = []
        self.skip = 0  # how deep the element is that hides what is in it
        self.prefix = b""
        self.begun = False
        self.story = _Story()
        self.outer: list[_Story] = []
        self.numbers = 0
        self.element: Element | None = None
        self.owner: Run | None = None
        self.last = 0  # where the last tag ends, where a text is open
        self.hidden = False
        self.struck = False
        self.path: list[int] = []  # where the tables, rows and cells begin that are open
        self.tables = 0
        self.chosen: list[bool] = []
        self.anchored: list[int] = []
        self.taken = ""  # the id of what is taken in
        self.section = -1
        self.mixed = False  # whether the first paragraph of a control has held a control
        self.boxes: list[_Paragraph] = []
        self.done: list[_Paragraph] = []

    def read(self) -> list[_Paragraph]:
        """Read the part and return its paragraphs in the order of the text."""
        try:
            self.tags()
            self.settle()
        except (ValueError, OverflowError):  # letters, prefixes and references that are none
            raise self.malformed() from None
        return self.done

    def settle(self) -> None:
        """Choose the prefix for what is put in: the root's own where it holds throughout, else any that does."""
        body, steady = self.body, self.spaces.steady
        fitting = [prefix.decode() for prefix, space in steady.items() if prefix and space == body.namespace]
        own = self.prefix[:-1].decode()
        body.prefix = own if own in fitting else next(iter(fitting), "")

    def malformed(self) -> InputError:
        """Return the error for a part that is not well-formed: the one of the parser, which knows what is wrong."""
        body = self.body
        try:
            check(body.package, body.name, self.content)
        except InputError as error:
            return error
        return body.package.damaged(f"{body.name} is not well-formed XML")

    def tags(self) -> None:
        """Go through the tags."""
        at = self.root()
        for found in pattern(self.prefix if self.steady() else None).finditer(self.content, at):
            which = found.lastindex
            if self.element is not None:
                self.between(found)
            if which == RUN:
                if not self.skip:
                    self.whole_run(found)
            elif which == TAG:
                if found[8]:
                    self.end(found[9], *found.span())
                else:
                    self.start(found[9], found[10], *found.span(), empty=found[11] == b"/")
            elif which == TEXT:
                if not self.skip:
                    self.whole_text(*found.span(), *found.span(TEXT))
            elif which in PARAGRAPH:
                self.start(self.prefix + b"p", found[4], *found.span(), empty=bool(found[5]), looks=found.span(6))
            else:
                self.other(found)
        if self.stack:
            raise self.malformed()

    def root(self) -> int:
        """Find the root, and return where it begins."""
        body = self.body
        for found in pattern(_USUAL).finditer(self.content):
            if found.lastindex == TAG and not found[8]:
                self.spaces.declare(found[10], 1)
                space, name = self.spaces.split(found[9])
                self.spaces.close(1)
                if name != "document" or space not in (TRANSITIONAL, STRICT):
                    raise body.package.damaged(f"{body.name} is not the markup of a Word document")
                body.namespace = space
                self.prefix = found[9][: found[9].rfind(b":") + 1]
                return found.start()
            self.other(found)
        raise self.malformed()

    def steady(self) -> bool:
        """Tell whether the root's prefix means the same throughout."""
        name = b"xmlns" + (b":" + re.escape(self.prefix[:-1]) if self.prefix else b"")
        declared = re.finditer(name + rb"""\s*=\s*("[^"]*"|'[^']*')""", self.content)
        return len({found[1][1:-1] for found in declared}) == 1

    def between(self, found: re.Match[bytes]) -> None:
        """Take the characters before a tag, where a text is open that holds more than characters."""
        if self.element is not None and self.stack[-1][1] == self.element.start and self.last < found.start():
            self.words(self.last, found.start())
        self.last = found.end()

    def other(self, found: re.Match[bytes]) -> None:
        """Take what is no tag: a section of plain characters, or something that nobody sees."""
        if found.lastindex == CHARACTERS:
            if self.element is not None and not self.skip and self.stack[-1][1] == self.element.start:
                self.words(*found.span(CHARACTERS), quoted=True)
        elif found[0] == b"<":
            raise self.malformed()

    def start(
        self, name: bytes, rest: bytes, at: int, stop: int, *, empty: bool, looks: tuple[int, int] = (-1, -1)
    ) -> None:
        """Take a start tag; ``looks`` is where the properties of a paragraph stand that were found with it."""
        stack = self.stack
        depth = len(stack) + 1
        if depth == 1:
            if self.begun:
                raise self.malformed()
            self.begun = True
        if depth > DEEPEST:
            raise self.body.package.too_deep(self.body.name)
        if b"xmlns" in rest or b":Ignorable" in rest:
            self.declared(rest, depth)
        kind = self.names.get(name)
        if kind is None:
            kind = self.names[name] = self.named(name)
        if kind in _REFERRED:
            self.referred(kind, at, rest)
        if kind and not self.skip:
            kind = self.enter(kind, at, stop, rest, looks)
        if not empty:
            stack.append((kind, at, name))
            return
        if self.skip == depth:
            self.skip = 0
            kind = kind if kind == _FORMULA else ""
        if kind and not self.skip:
            self.leave(kind, at, stop, -1)
        if self.scopes and self.scopes[-1].depth == depth:
            self.undeclared()

    def end(self, name: bytes, here: int, stop: int) -> None:
        """Take an end tag."""
        stack = self.stack
        if not stack or stack[-1][2] != name:
            raise self.malformed()
        kind, at, _ = stack.pop()
        depth = len(stack) + 1
        if self.skip == depth:
            self.skip = 0
            kind = kind if kind == _FORMULA else ""
        if kind and not self.skip:
            self.leave(kind, at, stop, here)
        if self.scopes and self.scopes[-1].depth == depth:
            self.undeclared()

    # -- names ------------------------------------------------------------------------------------------

    def declared(self, rest: bytes, depth: int) -> None:
        """Take what a tag declares: prefixes, and which of them may be ignored."""
        changed = self.spaces.declare(rest, depth)
        ignored, processed = self.ignored, self.processed
        if b":Ignorable" in rest:
            meant = self.spaces.meant
            for prefix in self.spaces.value(rest, b"Ignorable", _COMPATIBILITY).split():
                space = meant.get(prefix.encode(), "")
                if space and not space.startswith(_KNOWN):
                    ignored |= {space}
            for each in self.spaces.value(rest, b"ProcessContent", _COMPATIBILITY).split():
                prefix, _, local = each.rpartition(":")
                processed |= {(meant.get(prefix.encode(), ""), local)}
        if changed or ignored is not self.ignored or processed is not self.processed:
            self.scopes.append(_Scope(depth, self.names, self.ignored, self.processed))
            self.names, self.ignored, self.processed = {}, ignored, processed

    def undeclared(self) -> None:
        """Forget what an element declared."""
        depth, self.names, self.ignored, self.processed = self.scopes.pop()
        self.spaces.close(depth)

    def named(self, name: bytes) -> str:
        """Return what an element's name means to the reader, empty for nothing. Raises `ValueError`."""
        space, local = self.spaces.split(name)
        if space == self.body.namespace:
            return local if local in _NAMES else ""
        if space == _COMPATIBILITY:
            return f"mc:{local}"
        if local == "inline" or (local == "oMath" and space in _MATH):
            return f"object:{local}"
        if space in _LATER and local in _CONTROLS:
            return local
        if space in self.ignored and not self.processed & {(space, local), (space, "*")}:
            return _IGNORED
        return ""

    def referred(self, kind: str, at: int, rest: bytes) -> None:
        """Take down the id of a comment or footnote that the part refers to."""
        number = self.value(rest, b"id")
        if number.removeprefix("-").isdecimal() and len(number) <= _LONGEST_ID:
            if kind == "footnoteReference":
                self.body.footnotes.append((at, int(number)))
            else:
                self.body.comments.add(int(number))

    def value(self, rest: bytes, name: bytes = b"val") -> str:
        """Return the value of an attribute of Word's own."""
        return self.spaces.value(rest, name, self.body.namespace)

    # -- elements ---------------------------------------------------------------------------------------

    def enter(self, kind: str, at: int, stop: int, rest: bytes, looks: tuple[int, int]) -> str:
        """Begin an element that matters; return what it is to be left as."""
        story = self.story
        parent = self.stack[-1][0] if self.stack else ""
        if kind in _UNSEEN or kind in (_FORMULA, _IGNORED):
            self.skip = len(self.stack) + 1
        elif kind == "t":
            self.begin_text(at, direct=parent == "r")
            self.last = stop
        elif kind == "r":
            self.begin_run(at)
        elif kind == "p":
            self.begin_paragraph(stop, looks)
        elif kind in _OPEN or kind == "sdt":
            self.wrap(at, sealed=False, holds=kind == "sdt")
            if kind == "hyperlink" and story.paragraph is not None:
                self.anchored.append(story.paragraph.size)
        elif kind.startswith("mc:"):
            self.alternative(kind, at, rest)
        elif kind == "fldChar":
            if story.runs:
                self.field(self.value(rest, b"fldCharType"))
        else:
            return self.enter_other(kind, at, rest, parent)
        return kind

    def enter_other(self, kind: str, at: int, rest: bytes, parent: str) -> str:
        """Begin an element that is no text and holds none in a paragraph; return what it is to be left as."""
        if kind in _CHARACTERS:
            return kind if parent == "r" else ""  # or a tab stop in the properties of a paragraph
        if kind in _TABLE:
            self.path.append(at)
            self.tables += kind == "tbl"
        elif kind == "sym":
            return self.symbol(self.value(rest, b"char"))
        elif kind in _TAKEN_IN:
            self.taken = next(filter(None, (self.spaces.value(rest, b"id", space) for space in _RELATIONS)), "")
        elif kind == "sectPr":
            self.section = at if parent == "body" else self.section
        elif kind not in ("body", "object"):
            self.property(kind, rest)
        return kind

    def alternative(self, kind: str, at: int, rest: bytes) -> None:
        """Of several versions of the same content take the first that Word knows how to show, else the last resort."""
        if kind == "mc:AlternateContent":
            self.chosen.append(False)
            if not self.story.runs:
                self.wrap(at, sealed=True, holds=True)
        elif kind in ("mc:Choice", "mc:Fallback"):
            if self.chosen and not self.chosen[-1] and (kind == "mc:Fallback" or self.known(rest)):
                self.chosen[-1] = True
            else:
                self.skip = len(self.stack) + 1

    def known(self, rest: bytes) -> bool:
        """Tell whether Word knows all that a version of some content requires."""
        wanted = next((value for name, value in attributes(rest) if name == b"Requires"), "")
        for prefix in wanted.split():
            space = self.spaces.meant.get(prefix.encode())
            if not (space.startswith(_KNOWN) if space is not None else _KNOWN_PREFIX.match(prefix)):
                return False
        return True

    def property(self, kind: str, rest: bytes) -> None:
        """Take notice of what describes a paragraph, a run or a control."""
        above = [entry[0] for entry in self.stack[-1:-4:-1]]
        paragraph, wrapper = self.story.paragraph, self.story.wrapper
        if kind == "vanish":
            self.hidden = self.hidden or (above[:2] == ["rPr", "r"] and self.value(rest) not in _FALSE)
        elif kind in ("strike", "dstrike"):
            self.struck = self.struck or (above[:2] == ["rPr", "r"] and self.value(rest) not in _FALSE)
        elif kind in _CONTROLS or kind == "docPartObj":
            if above[:2] == ["sdtPr", "sdt"] and wrapper is not None and wrapper.start == self.stack[-2][1]:
                wrapper.sealed = wrapper.sealed or kind in _CONTROLS
                wrapper.untouched = wrapper.untouched and kind in _CONTROLS
        elif paragraph is None:
            return
        elif kind == "pStyle" and above[:2] == ["pPr", "p"]:
            paragraph.style = self.value(rest)
        elif kind == "outlineLvl" and above[:2] == ["pPr", "p"]:
            paragraph.heading = is_level(self.value(rest))
        elif kind == "numId" and above == ["numPr", "pPr", "p"]:
            paragraph.item = self.value(rest) != "0"

    @staticmethod
    def symbol(code: str) -> str:
        """Take a character of a symbol font for itself where it has a meaning of its own."""
        try:
            number = int(code, 16)
            char = chr(number) if number not in _PRIVATE and number >= 32 else _OBJECT  # controls
        except (ValueError, OverflowError):
            char = _OBJECT
        return f"={char}"

    def wrap(self, at: int, *, sealed: bool, holds: bool = False) -> None:
        """Begin what runs can stand in within a paragraph, or what ``holds`` whole paragraphs outside of any."""
        story = self.story
        if story.paragraph is not None:
            story.wrapper = Wrapper(at, story.wrapper, story.paragraph.number, sealed=sealed)
            self.mixed = self.mixed or (holds and story.paragraph.number in self.body.deferred)
        elif holds:
            story.wrapper = Wrapper(at, story.wrapper, 0, sealed=sealed, path=tuple(self.path))
            story.wrapper.untouched = not sealed and (not self.stack or self.stack[-1][0] != "tbl")

    def unwrap(self, kind: str, at: int, stop: int) -> None:
        """End what runs or paragraphs can stand in."""
        story = self.story
        if kind == "mc:AlternateContent":
            self.chosen.pop()
        elif kind == "hyperlink" and story.paragraph is not None and self.anchored:
            story.paragraph.links.append((self.anchored.pop(), story.paragraph.size))
        if story.wrapper is not None and story.wrapper.start == at and story.wrapper is not story.base:
            story.wrapper.end = stop
            story.wrapper = story.wrapper.parent

    def begin_paragraph(self, inside: int, looks: tuple[int, int]) -> None:
        """Begin a paragraph; one inside of another is in a text box, and sealed in the run that holds it."""
        story = self.story
        if story.paragraph is not None:
            self.outer.append(story)
            base = self.host() if story.runs else story.wrapper
            story = self.story = _Story(base)
        self.numbers += 1
        story.paragraph = _Paragraph(self.numbers, row=self.tables > 0 and not self.outer)
        if looks[0] >= 0:
            story.paragraph.looks = looks
        if not self.outer:
            self.begin_host(inside)

    def begin_host(self, inside: int) -> None:
        """Take down where marks may go in a paragraph of the main text, and whether its own may stand in it.

        LibreOffice gathers the words of the first paragraph of a control that holds whole paragraphs, and loses
        those that it has when it comes upon the mark of a note. Where such a paragraph holds a control itself, some
        words are still with it in the first paragraph of the next one.
        """
        story = self.story
        sealed = deferred = False
        wrapper = story.wrapper
        while wrapper is not None:
            sealed = sealed or wrapper.sealed
            deferred = deferred or wrapper.untouched
            wrapper.untouched = False
            wrapper = wrapper.parent
        if deferred:
            self.body.deferred.add(self.numbers)
        if not sealed and not story.fields and not (deferred and self.mixed):
            empty = self.content.startswith(b"/>", inside - 2)
            story.host = Host(inside - 2 * empty, tuple(self.path), empty=empty)
            self.body.hosts.append(story.host)

    def begin_run(self, at: int) -> None:
        story = self.story
        if story.paragraph is None:
            return
        wrapper = self.host() if story.runs else story.wrapper  # a run in a run: the base of a ruby
        field = story.fields[-1].wrapper if story.fields else None
        story.runs.append(Run(at, wrapper, field, story.paragraph.number))
        self.hidden = self.struck = False

    def whole_run(self, found: re.Match[bytes]) -> None:
        """Take a run of one text and properties that hold nothing deep; the writer makes a run of it when it asks."""
        story = self.story
        paragraph = story.paragraph
        if paragraph is None or story.codes or self.element is not None:
            return
        looks = found[1]
        struck = False
        if looks and (b"vanish" in looks or b"trike" in looks):
            hidden, struck = self.look(looks)
            if hidden:
                return
        data = found[RUN]
        words = data.decode() if not _BREAKS.search(data) else _seen(data)
        size = paragraph.size
        if not words:
            return
        paragraph.chunks.append(words)
        paragraph.size = size + len(words)
        wrapper = self.host() if story.runs else story.wrapper
        field = story.fields[-1].wrapper if story.fields else None
        paragraph.pieces.append(_Whole(size, found, wrapper, field))
        if struck:
            paragraph.struck.append((size, paragraph.size))

    def look(self, properties: bytes) -> tuple[bool, bool]:
        """Return what the properties of a run say: whether it is hidden, and whether it is struck out."""
        hidden = struck = False
        for found in _TAGS_OF.finditer(properties):
            kind = found[1].removeprefix(self.prefix)
            if kind in (b"vanish", b"strike", b"dstrike") and self.value(found[2]) not in _FALSE:
                hidden, struck = hidden or kind == b"vanish", struck or kind != b"vanish"
        return hidden, struck

    def host(self) -> Wrapper:
        """Return the open run as what seals all in it that is not its own text."""
        owner = self.story.runs[-1]
        if owner.hosted is None:
            owner.hosted = Wrapper(owner.start, owner.wrapper, owner.paragraph, sealed=True)
        return owner.hosted

    def owned(self, *, direct: bool) -> Run:
        """Return the run for a text that is being read: a stand-in where it is no child of the run itself."""
        owner = self.story.runs[-1]
        return owner if direct else Run(owner.start, self.host(), owner.field, owner.paragraph)

    def begin_text(self, at: int, *, direct: bool) -> bool:
        """Begin a text; return whether it is seen, and no part of another."""
        story = self.story
        if self.element is not None or not story.runs or story.paragraph is None or self.hidden or story.codes:
            return False
        self.element = Element(at, story.paragraph.size)
        self.owner = self.owned(direct=direct)
        return True

    def whole_text(self, at: int, stop: int, low: int, high: int) -> None:
        """Take a text with nothing in it but characters."""
        if self.begin_text(at, direct=bool(self.stack) and self.stack[-1][0] == "r"):
            self.words(low, high)
            self.end_text(at, stop, high)

    def words(self, low: int, high: int, *, quoted: bool = False) -> None:
        """Take characters of a text."""
        for words, at, end, whole in _stretches(self.content, low, high, quoted=quoted):
            self.add(words, at, end, whole=whole, quoted=quoted)

    def add(self, data: str, at: int, end: int, *, whole: bool, quoted: bool = False) -> None:
        """Add a stretch to the text of the paragraph."""
        paragraph, element, owner = self.story.paragraph, self.element, self.owner
        if paragraph is None or element is None or owner is None:
            return
        piece = Piece(paragraph.size, len(data), at, end, element, owner, whole=whole, quoted=quoted)
        paragraph.pieces.append(piece)
        paragraph.chunks.append(data)
        paragraph.size += len(data)
        element.high = paragraph.size

    def leave(self, kind: str, at: int, stop: int, inner: int) -> None:
        """End an element that matters, at ``stop``; its content ends at ``inner``."""
        story = self.story
        if kind == "t":
            self.end_text(at, stop, inner)
        elif kind == "r":
            self.end_run(at, stop)
        elif kind == "rPr":
            if story.runs and self.stack[-1][0] == "r" and story.runs[-1].properties is None:
                story.runs[-1].properties = (at, stop)
        elif kind == "pPr":
            if story.host is not None and self.stack[-1][0] == "p":
                story.host.start = stop
        elif kind == "p":
            self.end_paragraph(stop if inner < 0 else inner)
        elif kind in _CHARACTERS or kind[0] == "=":
            self.character(_CHARACTERS.get(kind) or kind[1:], at, stop, direct=self.stack[-1][0] == "r")
        elif kind in _OBJECTS:
            self.thing(at, stop)
        elif kind in _OPEN or kind in ("sdt", "mc:AlternateContent"):
            self.unwrap(kind, at, stop)
        elif kind in _TABLE:
            self.path.pop()
            self.tables -= kind == "tbl"
        elif kind in _TAKEN_IN:
            self.take_in(kind, at, stop)
        elif kind == "body":
            self.body.final = self.section if self.section >= 0 else inner

    def end_text(self, at: int, stop: int, inner: int) -> None:
        element = self.element
        if element is not None and element.start == at:
            element.end, element.inner = stop, inner
            if self.struck and self.story.paragraph is not None and element.low < element.high:
                self.story.paragraph.struck.append((element.low, element.high))
            self.element = None

    def end_run(self, at: int, stop: int) -> None:
        runs = self.story.runs
        if runs and runs[-1].start == at:
            owner = runs.pop()
            owner.end = stop
            if owner.hosted is not None:
                owner.hosted.end = stop
            self.hidden = self.struck = False

    def end_paragraph(self, inner: int) -> None:
        story = self.story
        paragraph, story.paragraph = story.paragraph, None
        if story.host is not None:
            if not story.fields and paragraph is not None and paragraph.number not in self.body.deferred:
                story.host.end = story.host.start if story.host.empty else inner
            story.host = None
        if paragraph is not None and any(chunk.strip(BLANK) for chunk in paragraph.chunks):
            (self.boxes if self.outer else self.done).append(paragraph)
        if self.outer:
            self.story = self.outer.pop()
        elif self.boxes:
            self.done += self.boxes
            self.boxes.clear()

    def character(self, char: str, at: int, stop: int, *, direct: bool) -> None:
        """Add what an element stands for."""
        if self.begin_text(at, direct=direct):
            self.add(char, at, stop, whole=True)
            self.end_text(at, stop, -1)

    def thing(self, at: int, stop: int) -> None:
        """Add an image, a formula or the like, in which nothing is to be put."""
        story = self.story
        if story.runs:
            if self.stack[-1][0] != "r" or story.runs[-1].hosted is None:  # a box in it has text of its own
                self.host()
                self.character(_OBJECT, at, stop, direct=False)
        elif story.paragraph is not None:
            apart = Wrapper(at, story.wrapper, story.paragraph.number, sealed=True)
            apart.end = stop
            self.owner = Run(at, apart, None, story.paragraph.number)
            self.element = Element(at, story.paragraph.size)
            self.add(_OBJECT, at, stop, whole=True)
            self.element = None

    def field(self, what: str) -> None:
        """Take the mark that begins a field, parts its code from its result, or ends it."""
        story = self.story
        owner, paragraph = story.runs[-1], story.paragraph
        if paragraph is None:
            return
        if what == "begin":
            outer = story.fields[-1].wrapper if story.fields else None
            story.fields.append(_Field(Wrapper(owner.start, outer, paragraph.number, sealed=False)))
            story.codes += 1
        elif what == "separate" and story.fields and story.fields[-1].code:
            story.fields[-1].code = False
            story.fields[-1].begin = paragraph.size
            story.codes -= 1
        elif what == "end" and story.fields:
            closed = story.fields.pop()
            story.codes -= closed.code
            closed.wrapper.last = owner
            if closed.wrapper.paragraph == paragraph.number and not closed.code:
                paragraph.links.append((closed.begin, paragraph.size))

    def take_in(self, kind: str, at: int, stop: int) -> None:
        """Add the text of another file that the document takes in where it stands, or say that it is not read."""
        story = self.story
        body = self.body
        link = next((each for each in body.package.links(body.name) if each.id == self.taken), None)
        found = taken_in(body, link) if kind == "altChunk" and story.paragraph is None else None
        if found is None:
            what = link.target if link is not None and link.target else "another file"
            body.unread.append(what)
            return
        for block in found:
            self.numbers += 1
            paragraph = story.paragraph = _Paragraph(self.numbers, row=False)
            apart = Wrapper(at, story.wrapper, 0, sealed=True, path=tuple(self.path))
            apart.end = stop
            paragraph.kind = block.kind
            paragraph.struck = list(block.protected)
            self.owner = Run(at, apart, None, self.numbers)
            self.element = Element(at, 0)
            self.element.end = stop
            self.add(block.text, at, stop, whole=True)
            self.element = story.paragraph = None
            self.done.append(paragraph)


def looks_like(source: bytes | str) -> bool:
    """Tell whether a source is a Word document, whatever its name says; a damaged one is one too."""
    if isinstance(source, str) or not source.startswith(LOCAL_MARK):
        return False
    try:
        return Package(source).is_word()
    except InputError:
        return TYPES_PART.encode() in source  # names stand in an archive as they are


def open_docx(source: bytes | str, path: str | None, encoding: str | None) -> Document:  # noqa: ARG001 - parts say theirs
    """Read a Word document (DOCX, DOCM, DOTX, DOTM). Raises `InputError` for what is none, damaged or locked."""
    if isinstance(source, str) or not source.startswith(LOCAL_MARK):
        from .decoding import what_is

        what = what_is(source.encode("utf-8", "replace") if isinstance(source, str) else source) or "text"
        raise InputError(
            f"{path or 'input'} is {what}, not a Word document (DOCX): save it as DOCX, or name it for what it is"
        )
    document = opened(Package(source, path))
    body: Body = document.inner
    check(body.package, body.name, body.content)  # whoever reads only is told at once of all that is damaged
    body.styles  # noqa: B018 - as above
    return document


def opened(package: Package, depth: int = 0) -> Document:
    """Return the document in a package; parts that it does not need yet are not looked at.

    Raises `InputError`, also later when they are.
    """
    name = package.main()
    body: Body | None = None
    text = plain_text(package.text(name)[0])
    if text is None:
        body = _read(package, name, depth)
        text = _joined(body.paragraphs)
    document = Document(
        source=package.source,
        text=text,
        format="docx",
        encoding="",
        bom=b"",
        newline="\n",
        path=package.path,
        layout_of=lambda text: _layout(text, document.inner),
        dated_of=lambda: _date(package, document.text),
        inner=body,
        later=None if body is not None else lambda: _whole(package, name, depth),
    )
    if body is not None and body.unread:
        document.layout  # noqa: B018 - which says so, whether anything is found in the rest or not
    return document


def _whole(package: Package, name: str, depth: int) -> tuple[str, None, Body]:
    body = _read(package, name, depth)
    return _joined(body.paragraphs), None, body


def _read(package: Package, name: str, depth: int) -> Body:
    """Return all that the writer needs of the document part."""
    body = Body(package, name, depth)
    body.paragraphs = _Reader(body).read()
    return body


def text_of(body: Body, content: bytes) -> str:
    """Return the text that the document of a body would have with another document part (in UTF-8)."""
    other = Body(body.package, body.name, body.depth)
    other.content = content
    return _joined(_Reader(other).read())


def taken_in(body: Body, link: Link | None) -> list[Taken] | None:
    """Return the paragraphs of a file that a document takes in; ``None`` where it is not there, or of no known sort."""
    package = body.package
    if link is None or link.kind != _TAKEN_IN["altChunk"] or package.find(link.target) is None:
        return None
    try:
        content = package.read(link.target)
        if content.startswith(LOCAL_MARK):
            return paragraphs(opened(Package(content), body.depth + 1)) if body.depth < _CHUNKS_DEEP else None
    except InputError:
        return None
    return paragraphs_of(link.target, package.type_of(link.target), content)


def _joined(paragraphs: Sequence[_Paragraph]) -> str:
    """Return the text of paragraphs."""
    return APART.join(["".join(paragraph.chunks) for paragraph in paragraphs])


def _place(paragraph: _Paragraph, base: int, pieces: list[Piece]) -> None:
    """Add the pieces of a paragraph that begins at an offset of the text."""
    before: Element | None = None
    for piece in paragraph.pieces:
        if isinstance(piece, _Whole):
            pieces += _made(piece, base, paragraph.number)
            continue
        piece.at += base
        if piece.element is not before:
            before = piece.element
            before.low += base
            before.high += base
        pieces.append(piece)


def _made(whole: _Whole, base: int, number: int) -> list[Piece]:
    """Return the pieces of a run of one text."""
    found = whole.found
    owner = Run(found.start(), whole.wrapper, whole.field, number)
    owner.end = found.end()
    low, high = found.span(RUN)
    at = base + whole.at
    element = Element(found.end(2), at)
    element.inner = high
    element.end = found.string.index(b">", high) + 1
    if found.start(1) >= 0:
        content = found.string
        owner.properties = content.rindex(b"<", 0, found.start(1)), content.index(b">", found.end(1)) + 1
    pieces = []
    for words, start, end, verbatim in _stretches(found.string, low, high, quoted=False):
        pieces.append(Piece(at, len(words), start, end, element, owner, whole=verbatim, quoted=False))
        at += len(words)
    element.high = at
    return pieces


def _seen(data: bytes) -> str:
    """Return characters of a text as they are seen. Raises `ValueError` for a reference that stands for nothing."""
    return "".join([words for words, *_ in _stretches(data, 0, len(data), quoted=False)])


def _stretches(content: bytes, low: int, high: int, *, quoted: bool) -> Iterator[tuple[str, int, int, bool]]:
    """Cut characters of a text into what stands letter by letter, and what stands for something as a whole.

    Each is given with where it begins and ends. Line ends are seen as blanks, and references as what they stand for.
    Raises `ValueError` for a reference that stands for nothing.
    """
    if not _BREAKS.search(content, low, high):
        if low < high:
            yield content[low:high].decode(), low, high, False
        return
    last = low
    for found in (_QUOTED_WORDS if quoted else _WORDS).finditer(content, low, high):
        at, last = found.span()
        shown = found[0].decode()
        if shown[0] in "\r\n":
            yield " ", at, last, True  # as Word shows it
        elif shown[0] == "&" and not quoted:
            yield unescaped(shown).replace("\n", " "), at, last, True
        else:
            yield shown, at, last, False
    if last != high:
        raise ValueError(content[last:high])


def _looked(body: Body, paragraph: _Paragraph) -> None:
    """Read the properties of a paragraph: its style, whether it is a heading, whether an item of a list."""
    if paragraph.looks is None:
        return
    low, high = paragraph.looks
    paragraph.looks = None
    listed = False
    for found in _TAGS_OF.finditer(body.content, low, high):
        prefix, _, name = found[1].rpartition(b":")
        value = next((value for key, value in attributes(found[2]) if key == prefix + b":val"), "")
        if name == b"numPr":
            listed = not listed
        elif name == b"pStyle":
            paragraph.style = value
        elif name == b"outlineLvl":
            paragraph.heading = is_level(value)
        elif name == b"numId" and listed:
            paragraph.item = value != "0"


def _kind(body: Body, paragraph: _Paragraph) -> str:
    if paragraph.kind is not None:
        return paragraph.kind
    _looked(body, paragraph)
    kind = body.styles.kind(paragraph.style) if paragraph.style else ""
    if paragraph.heading or (paragraph.heading is None and kind == "heading"):
        return "heading"
    if kind == "contents":
        return kind
    if paragraph.row:
        return "row"
    return "item" if paragraph.item or (paragraph.item is None and kind == "item") else ""


def _apart(spans: list[Span]) -> list[Span]:
    """Put spans in order, and leave out those inside of others."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda each: (each.start, -each.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


def _together(spans: list[Span]) -> list[Span]:
    """Put spans in order and join those that overlap or meet."""
    joined: list[Span] = []
    for span in sorted(spans, key=lambda each: (each.start, each.end)):
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return joined


def _layout(text: str, body: Body) -> Layout:
    """Return the layout: each paragraph a block, or several where empty lines part it; contents are protected."""
    from .structure import ITEM, Pieces, blocks_of  # most documents need no layout
    from .text import links_in

    stretches: list[tuple[int, int, str]] = []
    atomic: list[Span] = []
    struck: list[Span] = []
    base = 0
    for paragraph in body.paragraphs:
        stretches.append((base, base + paragraph.size, _kind(body, paragraph)))
        atomic += [Span(base + low, base + high) for low, high in paragraph.links if low < high]
        struck += [Span(base + low, base + high) for low, high in paragraph.struck]
        base += paragraph.size + len(APART)
    pieces = Pieces(marked=any(kind == "heading" for _, _, kind in stretches))
    protected: list[Span] = []
    for start, end, kind in stretches:
        if kind == "contents":
            protected.append(Span(start, end))
        else:
            protected += links_in(text, start, end)
        cuts = [found.span() for found in _PARTED.finditer(text, start, end)]
        for low, high in zip([start, *(stop for _, stop in cuts)], [*(begin for begin, _ in cuts), end], strict=True):
            words = text[low:high]
            bare = words.strip(BLANK)
            if bare:
                first = low + len(words) - len(words.lstrip(BLANK))
                pieces.add(first, first + len(bare), ITEM if kind == "contents" else kind)
    if struck:
        protected = _together([*protected, *struck])
    return Layout(blocks_of(text, pieces), tuple(protected), tuple(_apart(atomic)), len(text), _unread(body.unread))


def _unread(names: Sequence[str]) -> tuple[str, ...]:
    """Return the warning that says what a document takes in that is not read."""
    if not names:
        return ()
    shown = ", ".join(name if name.isprintable() else ascii(name) for name in dict.fromkeys(names[:3]))
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return (f"takes in {shown}{more}, which is not read; open it in Word and save it again to have it in the text",)


def _date(package: Package, text: str) -> Dated:
    """Return the date that the text gives; where it says nothing, the day on which the document was made."""
    from .dates import of_text, parsed

    found = of_text(text)
    if found.origin:
        return found
    values: list[str] = []
    part = package.linked("", "core-properties")
    if part and package.find(part) is not None:
        values = _created(package, part)
    date = parsed(values[0]) if len(values) == 1 and values[0] != _TEMPLATE_DATE else None
    return Dated(date, "the document's properties: created") if date else Dated()


def _created(package: Package, part: str) -> list[str]:
    """Return what the properties of a document say about when it was made."""
    content, _ = package.text(part)
    parser = parser_for(package, part)
    values: list[str] = []
    depth = inside = 0

    def start(tag: str, _: dict[str, str]) -> None:
        nonlocal depth, inside
        depth += 1
        if depth > DEEPEST:
            raise package.too_deep(part)
        if tag == _CREATED:
            inside = depth
            values.append("")

    def end(_: str) -> None:
        nonlocal depth, inside
        inside = 0 if inside == depth else inside
        depth -= 1

    def characters(data: str) -> None:
        if inside:
            values[-1] += data

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, characters
    run(parser, package, part, content)
    return [value.strip() for value in values]
