"""Word documents: the text that a person sees of the body, and where each piece of it stands in the markup.

The document part is read once, event by event, with the offset of each in its bytes (as UTF-8). What comes
out is one text, a blank line between paragraphs, and for the writer a `Body`: which stretch of the text
stands in which element of which run. Deleted text, field codes, hidden text, and the second copy that old
programs get of a text box are not text; headers, footers, footnotes and comments are not the article.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from ..errors import InputError
from ..model import Dated, Document, Layout, Span
from .package import DEEPEST, LOCAL_MARK, Package, parser_for, run, walk

if TYPE_CHECKING:
    from collections.abc import Sequence

TRANSITIONAL = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_MATH = ("http://schemas.openxmlformats.org/officeDocument/2006/math", "http://purl.oclc.org/ooxml/officeDocument/math")
_CREATED = "http://purl.org/dc/terms/ created"

# What stands in a run as a character of the text.
_CHARACTERS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011"}
_OBJECT = "\ufffc"
_FORMULA = "object:oMath"
_OBJECTS = ("object:inline", _FORMULA, "object")
_PRIVATE = range(0xE000, 0xF900)
# Deleted text, field codes, the reading of a ruby, and what describes tables.
_UNSEEN = frozenset("del moveFrom instrText delText delInstrText rt rubyPr sdtEndPr tblPr tblGrid trPr tcPr".split())
_OPEN = frozenset("hyperlink ins moveTo fldSimple smartTag customXml dir bdo".split())
# Content controls of these kinds hold plain values, and Word may write them anew.
_CONTROLS = frozenset("text date dropDownList comboBox picture citation equation dataBinding bibliography".split())
_NAMES = _UNSEEN | _OPEN | _CONTROLS | frozenset(_CHARACTERS) | frozenset(
    "p pPr pStyle outlineLvl numPr numId r rPr vanish strike dstrike t sym fldChar tbl sdt sdtPr object".split()
)  # fmt: skip
_FALSE = ("0", "false", "off")
_BODY_TEXT = 9  # the outline level of what is no heading
_PARTED = re.compile(r"\n[\n\t \xa0]*\n")
_BLANK = " \t\n\r\f\v\xa0\ufeff\u200b\u3000\ufffc"
_APART = "\n\n"
_STYLES_DEEP = 40  # styles build on each other, and some in a circle
_LONGEST_ID = 11
# When a document says this, it says when the template of python-docx was made, and nothing of itself.
_TEMPLATE_DATE = "2013-12-23T23:15:00Z"


class Wrapper:
    """What a run stands in: a link, a tracked insertion, a content control, a field, a text box.

    ``start`` and ``end`` are offsets in the part. Nothing may be put inside of a ``sealed`` one. Of a field,
    ``last`` is the run that closes it.
    """

    __slots__ = ("end", "last", "paragraph", "parent", "sealed", "start")

    def __init__(self, start: int, parent: Wrapper | None, paragraph: int, *, sealed: bool) -> None:
        self.start = start
        self.end = start
        self.parent = parent
        self.paragraph = paragraph
        self.sealed = sealed
        self.last: Run | None = None


class Run:
    """A run: where it stands, where its properties do, where its first content begins and its last ends.

    ``wrapper`` is the innermost element around it and ``field`` the innermost field that it is in;
    ``paragraph`` is the number of its paragraph.
    """

    __slots__ = ("end", "field", "first", "hosted", "last", "paragraph", "properties", "start", "wrapper")

    def __init__(self, start: int, wrapper: Wrapper | None, field: Wrapper | None, paragraph: int) -> None:
        self.start = start
        self.end = start
        self.properties: tuple[int, int] | None = None
        self.first = -1
        self.last = -1
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


class Body:
    """What the reader leaves for the writer.

    ``content`` is the document part in UTF-8, ``codec`` the encoding that it is really in, ``name`` its name.
    ``pieces`` are in the order of the text. ``prefix`` means ``namespace`` throughout the part; it is empty
    where none does. ``comments`` are the ids of comments that the part refers to, ``footnotes`` those of footnotes,
    each with the place of the reference, in order.
    """

    __slots__ = ("codec", "comments", "content", "footnotes", "name", "namespace", "package", "pieces", "prefix",
                 "styles")  # fmt: skip

    def __init__(self, package: Package, name: str) -> None:
        self.package = package
        self.name = name
        self.content, self.codec = package.text(name)
        self.pieces: list[Piece] = []
        self.prefix = ""
        self.namespace = TRANSITIONAL
        self.comments: set[int] = set()
        self.footnotes: list[tuple[int, int]] = []
        self.styles = Styles(package, name)

    def index(self, at: int) -> int:
        """Return the index of the piece that an offset of the text is in, or else of the last before; -1 for none."""
        return bisect_right(self.pieces, at, key=_at) - 1


def _at(piece: Piece) -> int:
    return piece.at


class Styles:
    """What the styles of a document make of paragraphs; ``ids`` are the styles by their names in small letters."""

    __slots__ = ("_based", "_item", "_level", "_name", "ids")

    def __init__(self, package: Package, main: str) -> None:
        self.ids: dict[str, str] = {}
        self._name: dict[str, str] = {}
        self._based: dict[str, str] = {}
        self._level: dict[str, bool] = {}
        self._item: dict[str, bool] = {}
        for link in package.links(main):
            if link.kind == "styles" and package.find(link.target) is not None:
                self._read(package, link.target)
                break

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


class _Paragraph:
    __slots__ = ("chunks", "contents", "heading", "item", "links", "number", "pieces", "row", "size", "struck", "style")

    def __init__(self, number: int, *, row: bool) -> None:
        self.number = number
        self.row = row
        self.chunks: list[str] = []
        self.pieces: list[Piece] = []
        self.size = 0
        self.style = ""
        self.heading: bool | None = None
        self.item: bool | None = None
        self.contents = False
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

    __slots__ = ("base", "codes", "fields", "paragraph", "runs", "wrapper")

    def __init__(self, base: Wrapper | None = None) -> None:
        self.paragraph: _Paragraph | None = None
        self.base = base
        self.wrapper = base
        self.runs: list[Run] = []
        self.fields: list[_Field] = []
        self.codes = 0


class _Reader:
    """One pass over the document part."""

    def __init__(self, body: Body) -> None:
        self.body = body
        self.content = body.content
        self.parser = parser_for(body.package, body.name)
        self.stack: list[tuple[str, int]] = []
        self.skip = 0  # how deep the element is that hides what is in it
        self.fresh = -1  # where the last start tag stands, if nothing came since
        self.story = _Story()
        self.outer: list[_Story] = []
        self.numbers = 0
        self.element: Element | None = None
        self.owner: Run | None = None
        self.quoted = False
        self.hidden = False
        self.struck = False
        self.tables = 0
        self.chosen: list[bool] = []
        self.anchored: list[int] = []
        self.boxes: list[_Paragraph] = []
        self.done: list[_Paragraph] = []
        self.prefixes: dict[str, str | None] = {}

    def read(self) -> list[_Paragraph]:
        """Read the part and return its paragraphs in the order of the text."""
        parser = self.parser
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.characters
        parser.StartCdataSectionHandler = self.quote
        parser.EndCdataSectionHandler = self.unquote
        parser.StartNamespaceDeclHandler = self.declared
        run(parser, self.body.package, self.body.name, self.content)
        body = self.body
        body.prefix = next((name for name, uri in self.prefixes.items() if name and uri == body.namespace), "")
        return self.done

    def declared(self, prefix: str | None, uri: str | None) -> None:
        """Keep the prefixes of the root that mean the same everywhere."""
        name = prefix or ""
        if not self.stack:
            self.prefixes[name] = uri
        elif self.prefixes.get(name) != uri:
            self.prefixes[name] = None

    def quote(self) -> None:
        self.quoted = True

    def unquote(self) -> None:
        self.quoted = False

    def start(self, tag: str, values: dict[str, str]) -> None:
        """Take a start tag."""
        at = self.fresh = self.parser.CurrentByteIndex
        space, _, name = tag.rpartition(" ")
        if not self.stack:
            if name != "document" or space not in (TRANSITIONAL, STRICT):
                raise self.body.package.damaged(f"{self.body.name} is not the markup of a Word document")
            self.body.namespace = space
        if space == self.body.namespace:
            if name not in _NAMES:
                self.referred(name, values)
                name = ""
        elif space == _COMPATIBILITY:
            name = f"mc:{name}"
        elif name == "inline" or (name == "oMath" and space in _MATH):
            name = f"object:{name}"
        else:
            name = ""
        stack = self.stack
        runs = self.story.runs
        if runs and stack[-1][0] == "r" and name != "rPr" and not self.skip and runs[-1].first < 0:
            runs[-1].first = at
        stack.append((name, at))
        if len(stack) > DEEPEST:
            raise self.body.package.too_deep(self.body.name)
        if name and not self.skip:
            self.enter(name, at, values)

    def referred(self, name: str, values: dict[str, str]) -> None:
        """Take down the ids of comments and footnotes that the part refers to."""
        if name in ("commentReference", "commentRangeStart", "commentRangeEnd", "footnoteReference"):
            number = values.get(f"{self.body.namespace} id", "")
            if number.removeprefix("-").isdecimal() and len(number) <= _LONGEST_ID:
                if name == "footnoteReference":
                    self.body.footnotes.append((self.parser.CurrentByteIndex, int(number)))
                else:
                    self.body.comments.add(int(number))

    def enter(self, name: str, at: int, values: dict[str, str]) -> None:
        """Begin an element that matters."""
        story = self.story
        if name in _UNSEEN or name == _FORMULA:
            self.skip = len(self.stack)
        elif name == "t":
            self.begin_text(at)
        elif name == "r":
            self.begin_run(at)
        elif name == "p":
            self.begin_paragraph()
        elif name in _OPEN or name == "sdt":
            self.wrap(at, sealed=False)
            if name == "hyperlink" and story.paragraph is not None:
                self.anchored.append(story.paragraph.size)
        elif name.startswith("mc:"):
            self.alternative(name, at)
        elif name == "tbl":
            self.tables += 1
        elif name == "fldChar":
            if story.runs:
                self.field(values.get(f"{self.body.namespace} fldCharType", ""))
        elif name in _CHARACTERS:
            if self.stack[-2][0] != "r":
                self.stack[-1] = ("", at)  # a tab stop in the properties of a paragraph
        else:
            self.property(name, values)

    def alternative(self, name: str, at: int) -> None:
        """Of several versions of the same content take the first, which is the newest."""
        if name == "mc:AlternateContent":
            self.chosen.append(False)
            if not self.story.runs:
                self.wrap(at, sealed=True)
        elif name == "mc:Choice" and self.chosen and not self.chosen[-1]:
            self.chosen[-1] = True
        elif name in ("mc:Choice", "mc:Fallback"):
            self.skip = len(self.stack)

    def property(self, name: str, values: dict[str, str]) -> None:
        """Take notice of what describes a paragraph, a run or a control."""
        value = values.get(f"{self.body.namespace} val", "")
        above = [tag for tag, _ in self.stack[-2:-5:-1]]
        paragraph = self.story.paragraph
        if name == "vanish":
            self.hidden = self.hidden or (above[:2] == ["rPr", "r"] and value not in _FALSE)
        elif name in ("strike", "dstrike"):
            self.struck = self.struck or (above[:2] == ["rPr", "r"] and value not in _FALSE)
        elif name == "sym":
            self.symbol(values.get(f"{self.body.namespace} char", ""))
        elif name in _CONTROLS:
            wrapper = self.story.wrapper
            if above[:2] == ["sdtPr", "sdt"] and wrapper is not None and wrapper.start == self.stack[-3][1]:
                wrapper.sealed = True
        elif paragraph is None:
            return
        elif name == "pStyle" and above[:2] == ["pPr", "p"]:
            paragraph.style = value
        elif name == "outlineLvl" and above[:2] == ["pPr", "p"]:
            paragraph.heading = is_level(value)
        elif name == "numId" and above == ["numPr", "pPr", "p"]:
            paragraph.item = value != "0"

    def symbol(self, code: str) -> None:
        """Take a character of a symbol font for itself where it has a meaning of its own."""
        try:
            number = int(code, 16)
            char = chr(number) if number not in _PRIVATE and number >= 32 else _OBJECT  # controls
        except (ValueError, OverflowError):
            char = _OBJECT
        self.stack[-1] = (f"={char}", self.stack[-1][1])

    def wrap(self, at: int, *, sealed: bool) -> None:
        """Begin what runs can stand in, within a paragraph."""
        story = self.story
        if story.paragraph is not None:
            story.wrapper = Wrapper(at, story.wrapper, story.paragraph.number, sealed=sealed)

    def begin_paragraph(self) -> None:
        """Begin a paragraph; one inside of another is in a text box, and sealed in the run that holds it."""
        story = self.story
        if story.paragraph is not None:
            self.outer.append(story)
            base = self.host() if story.runs else story.wrapper
            story = self.story = _Story(base)
        self.numbers += 1
        story.paragraph = _Paragraph(self.numbers, row=self.tables > 0 and not self.outer)

    def begin_run(self, at: int) -> None:
        story = self.story
        if story.paragraph is None:
            return
        wrapper = self.host() if story.runs else story.wrapper  # a run in a run: the base of a ruby
        field = story.fields[-1].wrapper if story.fields else None
        story.runs.append(Run(at, wrapper, field, story.paragraph.number))
        self.hidden = self.struck = False

    def host(self) -> Wrapper:
        """Return the open run as what seals all in it that is not its own text."""
        owner = self.story.runs[-1]
        if owner.hosted is None:
            owner.hosted = Wrapper(owner.start, owner.wrapper, owner.paragraph, sealed=True)
        return owner.hosted

    def owned(self) -> Run:
        """Return the run for a text that is being read: a stand-in where it is no child of the run itself."""
        owner = self.story.runs[-1]
        if self.stack[-2][0] == "r":
            return owner
        return Run(owner.start, self.host(), owner.field, owner.paragraph)

    def begin_text(self, at: int) -> None:
        story = self.story
        if story.runs and story.paragraph is not None and self.element is None and not self.hidden and not story.codes:
            self.element = Element(at, story.paragraph.size)
            self.owner = self.owned()

    def characters(self, data: str) -> None:
        """Take a stretch of character data, which the parser cuts at line ends and references."""
        self.fresh = -1
        element = self.element
        if element is None or self.skip or self.stack[-1][1] != element.start:
            return
        at = self.parser.CurrentByteIndex
        whole = True
        if data == "\n":
            end = at + (2 if self.content.startswith(b"\r\n", at) else 1)
            data = " "  # as Word shows it
        elif not self.quoted and self.content.startswith(b"&", at):
            end = self.content.index(b";", at) + 1
        else:
            end = at + (len(data) if data.isascii() else len(data.encode("utf-8")))
            whole = False
        self.add(data, at, end, whole=whole)

    def add(self, data: str, at: int, end: int, *, whole: bool) -> None:
        """Add a stretch to the text of the paragraph."""
        paragraph, element, owner = self.story.paragraph, self.element, self.owner
        if paragraph is None or element is None or owner is None:
            return
        piece = Piece(paragraph.size, len(data), at, end, element, owner, whole=whole, quoted=self.quoted)
        paragraph.pieces.append(piece)
        paragraph.chunks.append(data)
        paragraph.size += len(data)
        element.high = paragraph.size

    def end(self, _tag: str) -> None:
        """Take an end tag."""
        name, at = self.stack.pop()
        if self.skip:
            if self.skip <= len(self.stack):
                self.fresh = -1
                return
            self.skip = 0
            name = name if name == _FORMULA else ""
        stack = self.stack
        direct = bool(stack) and stack[-1][0] == "r" and bool(self.story.runs)
        if name or direct:
            here = self.parser.CurrentByteIndex
            empty = self.fresh == at and self.content.startswith(b"/>", here - 2)
            stop = here if empty else self.content.index(b">", here) + 1
            if name:
                self.leave(name, at, stop, -1 if empty else here)
            if direct and name != "rPr":
                self.story.runs[-1].last = stop
        self.fresh = -1

    def leave(self, name: str, at: int, stop: int, inner: int) -> None:
        """End an element that matters, at ``stop``; its content ends at ``inner``."""
        story = self.story
        element = self.element
        if name == "t":
            if element is not None and element.start == at:
                element.end, element.inner = stop, inner
                if self.struck and story.paragraph is not None and element.low < element.high:
                    story.paragraph.struck.append((element.low, element.high))
                self.element = None
        elif name == "r":
            self.end_run(at, stop)
        elif name == "rPr":
            if story.runs and self.stack[-1][0] == "r" and story.runs[-1].properties is None:
                story.runs[-1].properties = (at, stop)
        elif name == "p":
            self.end_paragraph()
        elif name in _CHARACTERS or name[0] == "=":
            self.character(_CHARACTERS.get(name) or name[1:], at, stop)
        elif name in _OBJECTS:
            self.thing(at, stop)
        elif name == "tbl":
            self.tables -= 1
        elif name in _OPEN or name in ("sdt", "mc:AlternateContent"):
            if name == "mc:AlternateContent":
                self.chosen.pop()
            elif name == "hyperlink" and story.paragraph is not None and self.anchored:
                story.paragraph.links.append((self.anchored.pop(), story.paragraph.size))
            if story.wrapper is not None and story.wrapper.start == at and story.wrapper is not story.base:
                story.wrapper.end = stop
                story.wrapper = story.wrapper.parent

    def end_run(self, at: int, stop: int) -> None:
        runs = self.story.runs
        if runs and runs[-1].start == at:
            owner = runs.pop()
            owner.end = stop
            if owner.hosted is not None:
                owner.hosted.end = stop
            self.hidden = self.struck = False

    def end_paragraph(self) -> None:
        story = self.story
        paragraph, story.paragraph = story.paragraph, None
        if paragraph is not None and any(chunk.strip(_BLANK) for chunk in paragraph.chunks):
            (self.boxes if self.outer else self.done).append(paragraph)
        if self.outer:
            self.story = self.outer.pop()
        elif self.boxes:
            self.done += self.boxes
            self.boxes.clear()

    def character(self, char: str, at: int, stop: int) -> None:
        """Add what an element stands for."""
        story = self.story
        if story.runs and story.paragraph is not None and self.element is None and not self.hidden and not story.codes:
            self.element = Element(at, story.paragraph.size)
            self.element.end = stop
            owner = story.runs[-1]
            direct = self.stack[-1][0] == "r"
            self.owner = owner if direct else Run(owner.start, self.host(), owner.field, owner.paragraph)
            self.add(char, at, stop, whole=True)
            self.element = None

    def thing(self, at: int, stop: int) -> None:
        """Add an image, a formula or the like, in which nothing is to be put."""
        story = self.story
        if story.runs:
            if self.stack[-1][0] != "r" or story.runs[-1].hosted is None:  # a box in it has text of its own
                self.host()
                self.stack.append(("", at))
                self.character(_OBJECT, at, stop)
                self.stack.pop()
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


def looks_like(source: bytes | str) -> bool:
    """Tell whether a source is a Word document, whatever its name says; a damaged one is one too."""
    if isinstance(source, str) or not source.startswith(LOCAL_MARK):
        return False
    try:
        return Package(source).is_word()
    except InputError:
        return b"word/document" in source  # names stand in an archive as they are


def open_docx(source: bytes | str, path: str | None, encoding: str | None) -> Document:  # noqa: ARG001 - parts say theirs
    """Read a Word document (DOCX, DOCM, DOTX, DOTM). Raises `InputError` for what is none, damaged or locked."""
    if isinstance(source, str) or not source.startswith(LOCAL_MARK):
        from .decoding import what_is

        what = what_is(source.encode("utf-8", "replace") if isinstance(source, str) else source) or "text"
        raise InputError(
            f"{path or 'input'} is {what}, not a Word document (DOCX): save it as DOCX, or name it for what it is"
        )
    package = Package(source, path)
    body = Body(package, package.main())
    paragraphs = _Reader(body).read()
    text, stretches, atomic, struck = _joined(body, paragraphs)
    return Document(
        source=source,
        text=text,
        format="docx",
        encoding="",
        bom=b"",
        newline="\n",
        path=path,
        layout_of=lambda text: _layout(text, stretches, atomic, struck),
        dated_of=lambda: _date(package, text),
        inner=body,
    )


def _joined(body: Body, paragraphs: list[_Paragraph]) -> tuple[str, list[tuple[int, int, str]], list[Span], list[Span]]:
    """Put the paragraphs into one text.

    Return it, where each paragraph stands and what it is, the spans of links, and those of struck words.
    """
    texts: list[str] = []
    stretches: list[tuple[int, int, str]] = []
    atomic: list[Span] = []
    struck: list[Span] = []
    base = 0
    for paragraph in paragraphs:
        before: Element | None = None
        for piece in paragraph.pieces:
            piece.at += base
            if piece.element is not before:
                before = piece.element
                before.low += base
                before.high += base
        body.pieces += paragraph.pieces
        texts.append("".join(paragraph.chunks))
        stretches.append((base, base + paragraph.size, _kind(body.styles, paragraph)))
        atomic += [Span(base + low, base + high) for low, high in paragraph.links if low < high]
        struck += [Span(base + low, base + high) for low, high in paragraph.struck]
        base += paragraph.size + len(_APART)
    return _APART.join(texts), stretches, _apart(atomic), struck


def _kind(styles: Styles, paragraph: _Paragraph) -> str:
    kind = styles.kind(paragraph.style) if paragraph.style else ""
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


def _layout(
    text: str, stretches: Sequence[tuple[int, int, str]], atomic: Sequence[Span], struck: Sequence[Span]
) -> Layout:
    """Return the layout: each paragraph a block, or several where empty lines part it; contents are protected."""
    from .structure import ITEM, Pieces, blocks_of  # most documents need no layout
    from .text import links_in

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
            bare = words.strip(_BLANK)
            if bare:
                first = low + len(words) - len(words.lstrip(_BLANK))
                pieces.add(first, first + len(bare), ITEM if kind == "contents" else kind)
    if struck:
        protected = _together([*protected, *struck])
    return Layout(blocks_of(text, pieces), tuple(protected), tuple(atomic), len(text))


def _date(package: Package, text: str) -> Dated:
    """Return the date that the text gives; where it says nothing, the day on which the document was made."""
    from .dates import of_text, parsed

    found = of_text(text)
    if found.origin:
        return found
    values: list[str] = []
    for link in package.links():
        if link.kind == "core-properties" and package.find(link.target) is not None:
            values = _created(package, link.target)
            break
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
