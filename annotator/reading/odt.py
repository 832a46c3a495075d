"""OpenDocument texts (ODT, OTT): the text that a person sees of the body, read without trusting the package.

Deleted text, notes, comments, hidden sections, and what only stands in styles (headers, footers) are not the article.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .._lazy import regex
from ..errors import InputError
from ..model import Dated, Document, Layout, Span
from .package import DEEPEST, LOCAL_MARK, Package, parser_for, run, walk

if TYPE_CHECKING:
    from collections.abc import Sequence

_PARTS = ("office", "style", "text", "table", "drawing", "meta")
_SPACES = {f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0": name for name in _PARTS}
_TYPES = (b"application/vnd.oasis.opendocument.text", b"application/vnd.oasis.opendocument.text-template")
_CONTENT, _META, _MANIFEST, _MIMETYPE = "content.xml", "meta.xml", "META-INF/manifest.xml", "mimetype"
_APART = "\n\n"
_MOST_BLANKS = 100  # that one element may stand for
_LONGEST_TEXT = 1 << 26
_LONGEST_DATE = 40
_PARAGRAPHS = frozenset(("text p", "text h"))
_UNSEEN = frozenset(
    (
        "text tracked-changes", "text note", "text bibliography-mark", "text ruby-text", "text hidden-paragraph",
        "office annotation", "office annotation-end", "office forms", "office scripts", "office event-listeners",
        "text index-title-template", "text table-of-content-source", "drawing desc", "office binary-data",
        "table shapes", "text sequence-decls", "text variable-decls", "text user-field-decls",
        "text hidden-text", "text script",
    )
)  # fmt: skip
_CONTENTS = frozenset(
    f"text {name}"
    for name in "table-of-content illustration-index table-index object-index user-index alphabetical-index".split()
)
_BLANKS = regex(r"[ \t\r\n]+")
_HEADINGS = frozenset(("title", "subtitle"))
_PLAIN, _HEADING, _ITEM, _ROW, _INDEX = "", "heading", "item", "row", "contents"
_STYLES_DEEP = 40


class _Paragraph(NamedTuple):
    kind: str
    text: str
    links: tuple[tuple[int, int], ...]


def looks_like(source: bytes | str) -> bool:
    """Tell whether a source is an OpenDocument text, whatever its name says: the package begins with its type."""
    if isinstance(source, str) or not source.startswith(LOCAL_MARK):
        return False
    head = source[30:200]
    return head.startswith(_MIMETYPE.encode()) and any(
        head[len(_MIMETYPE) :].startswith(kind + end) for kind in _TYPES for end in (b"PK", b"")
    )


def open_odt(source: bytes | str, path: str | None, encoding: str | None) -> Document:  # noqa: ARG001 - parts say theirs
    """Read an OpenDocument text. Raises `InputError` for what is none, damaged, locked, or built to do harm."""
    if isinstance(source, str) or not source.startswith(LOCAL_MARK):
        from .decoding import what_is

        what = what_is(source.encode("utf-8", "replace") if isinstance(source, str) else source) or "text"
        raise InputError(f"{path or 'input'} is {what}, not an OpenDocument text (ODT): name it for what it is")
    package = Package(source, path)
    if not looks_like(source) and not (package.find(_MIMETYPE) and package.read(_MIMETYPE).strip() in _TYPES):
        raise package.fault(f"is {package.kind()}, not an OpenDocument text (ODT): save it as ODT or DOCX")
    _check_open(package)
    paragraphs = _Reader(package).read()
    text = _APART.join([each.text for each in paragraphs])
    return Document(
        source=source,
        text=text,
        format="odt",
        encoding="",
        bom=b"",
        newline="\n",
        path=path,
        layout_of=lambda text: _layout(text, paragraphs),
        dated_of=lambda: _date(package, text),
    )


def _check_open(package: Package) -> None:
    """Raise `InputError` for a package whose content is encrypted."""
    if package.find(_MANIFEST) is None:
        return
    locked = False

    def start(tag: str, _: dict[str, str]) -> None:
        nonlocal locked
        locked = locked or tag.endswith((" encryption-data", " EncryptedData"))

    walk(package, _MANIFEST, start)
    if locked:
        raise package.fault("is protected by a password: save it without one")


class _Open:
    """A paragraph that is open."""

    __slots__ = ("blank", "chunks", "depth", "kind", "links", "size")

    def __init__(self, kind: str, depth: int) -> None:
        self.kind = kind
        self.depth = depth
        self.chunks: list[str] = []
        self.size = 0
        self.blank = True  # white space here shows as nothing
        self.links: list[tuple[int, int]] = []


class _Reader:
    """One pass over the content."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.depth = 0
        self.body = 0  # how deep the text is
        self.skip = 0  # how deep the element is that hides what is in it
        self.index = 0
        self.items: list[int] = []
        self.rows: list[int] = []
        self.fresh = False  # the item that is open has no paragraph yet
        self.open: list[_Open] = []
        self.links: list[tuple[int, int]] = []
        self.found: list[_Paragraph] = []
        self.behind: list[_Paragraph] = []
        self.names: dict[str, str] = {}
        self.parents: dict[str, str] = {}
        self.hidden: set[str] = set()
        self.style = ""
        self.size = 0

    def read(self) -> list[_Paragraph]:
        """Return the paragraphs."""
        content, _ = self.package.text(_CONTENT)
        parser = parser_for(self.package, _CONTENT)
        parser.StartElementHandler, parser.EndElementHandler = self.start, self.end
        parser.CharacterDataHandler = self.characters
        run(parser, self.package, _CONTENT, content)
        return [each for each in self.found if each.text]

    def start(self, tag: str, values: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.package.too_deep(_CONTENT)
        name = _named(tag)
        if not name or self.skip:
            return
        given = {_named(key): value for key, value in values.items()}
        if not self.body:
            if name == "office text":
                self.body = self.depth
            elif name == "style style":
                self.styled(given)
            return
        if name in _UNSEEN or given.get("text display") == "none" or (name == "text section" and _is_true(given)):
            self.skip = self.depth
        elif name in _PARAGRAPHS:
            self.open.append(_Open(self.kind(name, given), self.depth))
        elif name == "text list-item":
            self.items.append(self.depth)
            self.fresh = True
        elif name == "table table-row":
            self.rows.append(self.depth)
        elif name in _CONTENTS and not self.index:
            self.index = self.depth
        elif self.open:
            self.inside(name, given)

    def inside(self, name: str, given: dict[str, str]) -> None:
        """Take an element that stands in a paragraph."""
        if name == "text s":
            count = given.get("text c", "1")
            self.put(" " * min(int(count) if count.isdecimal() and len(count) < 9 else 1, _MOST_BLANKS))
        elif name == "text tab":
            self.put("\t")
        elif name == "text line-break":
            self.put("\n")
        elif name == "text a":
            self.links.append((self.depth, self.open[-1].size))

    def end(self, _tag: str) -> None:
        depth = self.depth
        self.depth -= 1
        if self.skip:
            if self.skip == depth:
                self.skip = 0
            return
        if self.body == depth:
            self.body = 0
        if self.index == depth:
            self.index = 0
        if self.items and self.items[-1] == depth:
            self.items.pop()
        if self.rows and self.rows[-1] == depth:
            self.rows.pop()
        if self.open and self.links and self.links[-1][0] == depth:
            low = self.links.pop()[1]
            if low < self.open[-1].size:
                self.open[-1].links.append((low, self.open[-1].size))
        if self.open and self.open[-1].depth == depth:
            self.close()

    def close(self) -> None:
        """End the paragraph that is open; those of a text box in it come behind it."""
        done = self.open.pop()
        words = "".join(done.chunks)
        text = words.rstrip(" \t\n")
        lead = len(text) - len(text.lstrip(" \t\n"))
        links = tuple((max(low - lead, 0), high - lead) for low, high in done.links if lead < high <= len(text))
        made = _Paragraph(done.kind, text[lead:], links)
        if self.open:
            self.behind.append(made)
        else:
            self.found += [made, *self.behind]
            self.behind = []

    def characters(self, data: str) -> None:
        if not self.open or self.skip:
            return
        words = _BLANKS.sub(" ", data)
        if self.open[-1].blank:
            words = words.removeprefix(" ")
        if words:
            self.put(words)

    def put(self, words: str) -> None:
        """Add words to the paragraph."""
        if not words:
            return
        current = self.open[-1]
        current.chunks.append(words)
        current.size += len(words)
        current.blank = words[-1] == " "
        self.size += len(words)
        if self.size > _LONGEST_TEXT:
            raise self.package.fault("holds more text than any article: it is built to do harm")

    def kind(self, name: str, given: dict[str, str]) -> str:
        """Say what a paragraph is."""
        if self.index:
            return _INDEX
        if name == "text h" or self.is_title(given.get("text style-name", "")):
            return _HEADING
        if self.rows:
            return _ROW
        if self.items and self.fresh:
            self.fresh = False
            return _ITEM
        return _PLAIN

    def styled(self, given: dict[str, str]) -> None:
        """Take down what a style builds on."""
        self.parents[given.get("style name", "")] = given.get("style parent-style-name", "")

    def is_title(self, style: str) -> bool:
        for _ in range(_STYLES_DEEP):
            if style.lower() in _HEADINGS:
                return True
            style = self.parents.get(style, "")
            if not style:
                break
        return False


def _named(tag: str) -> str:
    """Return an element's name with a short one for its namespace; empty for what is of no interest."""
    space, _, name = tag.rpartition(" ")
    short = _SPACES.get(space)
    return f"{short} {name}" if short else ""


def _is_true(given: dict[str, str]) -> bool:
    return given.get("text is-hidden") == "true"


def _layout(text: str, paragraphs: Sequence[_Paragraph]) -> Layout:
    """Return the layout: each paragraph a block; tables of contents are protected."""
    from .structure import ITEM, Pieces, blocks_of
    from .text import links_in

    pieces = Pieces(marked=any(each.kind == _HEADING for each in paragraphs))
    protected: list[Span] = []
    atomic: list[Span] = []
    at = 0
    for each in paragraphs:
        end = at + len(each.text)
        pieces.add(at, end, ITEM if each.kind == _INDEX else each.kind)
        protected += [Span(at, end)] if each.kind == _INDEX else links_in(text, at, end)
        atomic += [Span(at + low, at + high) for low, high in each.links]
        at = end + len(_APART)
    return Layout(blocks_of(text, pieces), tuple(protected), tuple(atomic), len(text))


def _date(package: Package, text: str) -> Dated:
    """Return the date that the text gives; where it says nothing, the day on which the document was made."""
    from .dates import of_text, parsed

    found = of_text(text)
    if found.origin or package.find(_META) is None:
        return found
    content, _ = package.text(_META)
    parser = parser_for(package, _META)
    values: list[str] = []
    inside = False

    def start(tag: str, _: dict[str, str]) -> None:
        nonlocal inside
        inside = _named(tag) == "meta creation-date"
        if inside:
            values.append("")

    def end(_: str) -> None:
        nonlocal inside
        inside = False

    def characters(data: str) -> None:
        if inside and len(values[-1]) < _LONGEST_DATE:
            values[-1] += data

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, characters
    try:
        run(parser, package, _META, content)
    except InputError:
        return found
    date = parsed(values[0].strip()[:_LONGEST_DATE]) if len(values) == 1 else None
    return Dated(date, "the document's properties: created") if date else found
