"""The formats that can be read: one entry each, and how a file's name tells them apart.

A new format is one function that makes a `Document` and one line in ``_TABLE``; one that is only read has one in
`annotator.writing.READ_ONLY` too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import InputError
from ..model import Document
from .decoding import decode, newline_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..model import Dated, Layout

    Opener = Callable[[bytes | str, str | None, str | None], Document]


class Format:
    """A format: its name, the endings of its files' names, how its bytes begin, and the function that opens it."""

    __slots__ = ("looks", "name", "open", "suffixes")

    def __init__(
        self,
        name: str,
        suffixes: tuple[str, ...],
        opener: Opener,
        looks: Callable[[bytes | str], bool] | None = None,
    ) -> None:
        """Make a format.

        ``opener`` takes the source, its path and the encoding asked for; ``looks`` tells whether a source
        cannot be anything else, whatever its name says.
        """
        self.name = name
        self.looks = looks
        self.suffixes = suffixes
        self.open = opener


def format_of(path: str | None, source: bytes | str = b"") -> str:
    """Return the name of a source's format: by its content where that leaves no doubt, else by its name.

    Without either it is ``text``.

    >>> format_of("story.MD"), format_of("story.txt"), format_of(None)
    ('markdown', 'text', 'text')
    """
    name = (path or "").lower()
    if name.endswith(_WORD):
        return "docx"  # which says what else it is, and does not write another format under this name
    for known in _LOOKED_AT_AS_TEXT if isinstance(source, str) else _LOOKED_AT:
        if known.looks is not None and known.looks(source):
            return known.name
    if name:
        for known in _TABLE:
            if name.endswith(known.suffixes):
                return known.name
    return "mail" if _looks_mail(source) else "text"


def named(name: str, path: str | None = None) -> Format:
    """Return the format of this name, or raise `InputError` naming those that there are."""
    for known in _TABLE:
        if known.name == name:
            return known
    message = f"{path or 'input'}: unknown format {name!r}; use one of: {', '.join(FORMATS)}"
    raise InputError(message)


def _text_layout(text: str) -> Layout:
    from .text import layout_of  # most documents need no layout

    return layout_of(text)


def _markdown_layout(text: str) -> Layout:
    from .markdown.layout import layout_of  # brings in markdown-it

    return layout_of(text)


def _text_date(text: str) -> Dated:
    from .dates import of_text

    return of_text(text)


def _markdown_date(text: str) -> Dated:
    from .dates import of_markdown

    return of_markdown(text)


def _opener(name: str, layout_of: Callable[[str], Layout], date_of: Callable[[str], Dated]) -> Opener:
    """Return the function that opens a format whose source is simply encoded text."""

    def open_text(source: bytes | str, path: str | None, encoding: str | None) -> Document:
        if isinstance(source, str):
            text, codec, errors, bom = source, "utf-8", "surrogatepass", b""
        else:
            text, codec, errors, bom = decode(source, path=path, encoding=encoding)
        return Document(
            source=None if isinstance(source, str) or len(source) > _LONG else source,
            text=text,
            format=name,
            encoding=codec,
            errors=errors,
            bom=bom,
            newline=newline_of(text),
            path=path,
            layout_of=layout_of,
            dated_of=lambda: date_of(text),
            parted=name == "text",
        )

    return open_text


def _looks_docx(source: bytes | str) -> bool:
    if isinstance(source, str) or not source.startswith(b"PK\3\4"):
        return False
    from .docx import looks_like

    return looks_like(source)


def _open_docx(source: bytes | str, path: str | None, encoding: str | None) -> Document:
    from .docx import open_docx  # brings in the parser

    return open_docx(source, path, encoding)


def _looks_pdf(source: bytes | str) -> bool:
    if isinstance(source, str) or b"%PDF-" not in source[:1024]:
        return False
    from .pdf.reader import looks_like

    return looks_like(source)


def _open_pdf(source: bytes | str, path: str | None, encoding: str | None) -> Document:
    from .pdf.reader import open_pdf

    return open_pdf(source, path, encoding)


def _looks_odt(source: bytes | str) -> bool:
    if isinstance(source, str) or not source.startswith(b"PK\3\4"):
        return False
    from .odt import looks_like

    return looks_like(source)


def _open_odt(source: bytes | str, path: str | None, encoding: str | None) -> Document:
    from .odt import open_odt

    return open_odt(source, path, encoding)


def _looks_mail(source: bytes | str) -> bool:
    """Tell whether a source whose name says nothing is a mail."""
    if isinstance(source, str) and source.find("From: ", 0, _MAIL_HEAD) < 0:
        return False
    head = source[:_MAIL_HEAD]
    if (b"\nFrom: " not in b"\n" + head) if isinstance(head, bytes) else ("\nFrom: " not in "\n" + head):
        return False
    from .mail import looks_like

    return looks_like(source)


def _open_mail(source: bytes | str, path: str | None, encoding: str | None) -> Document:
    from .mail import open_mail

    return open_mail(source, path, encoding)


def _open_markdown(source: bytes | str, path: str | None, encoding: str | None) -> Document:
    """Open Markdown: its text is the source without the marks that a mention may run across."""
    from .markdown.unmarked import unmark

    document = _open_plain_markdown(source, path, encoding)
    found = unmark(document.markup)
    if found is None:
        return document
    text, places, way = found
    return Document(
        source=document.source,
        text=text,
        format=document.format,
        encoding=document.encoding,
        errors=document.errors,
        bom=document.bom,
        newline=document.newline,
        path=path,
        layout_of=lambda _: way.layout(document.layout),
        markup=document.markup,
        places=places,
        dated_of=lambda: document.dated,
        inner=document,
    )


def _open_html(source: bytes | str, path: str | None, encoding: str | None) -> Document:
    from .html.reader import open_html

    return open_html(source, path, encoding)


_LONG = 1 << 20  # bytes of a text that are not kept beside it, but made again of it, when they are asked for
_PAGE_HEAD = 1 << 14
_MAIL_HEAD = 1 << 13
_BEFORE_PAGE = frozenset("<\ufeff\xef \t\n\f\r")  # what a page may begin with
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def _is_html(source: bytes | str) -> bool:
    """Tell whether a source begins as a page does, behind white space, comments and an XML declaration."""
    if isinstance(source, bytes):
        if not source[:256].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\n\f\r").startswith((b"<", b"\0<")):
            return False
        codec = next((name for bom, name in _BOMS if source.startswith(bom)), "latin-1")
        source = source[:_PAGE_HEAD].decode(codec, "replace")
    elif source[:1] not in _BEFORE_PAGE:
        return False
    rest = source[:_PAGE_HEAD].lstrip("\ufeff\xef\xbb\xbf \t\n\f\r")
    while rest.startswith(("<!--", "<?xml")):
        closer = "-->" if rest.startswith("<!--") else "?>"
        _, found, rest = rest.partition(closer)
        if not found:
            return False
        rest = rest.lstrip()
    start = rest[:40].lower()
    return (start.startswith("<html") and start[5:6] in (" ", "\t", "\n", "\r", "\f", ">", "/")) or (
        start.startswith("<!doctype") and start[9:].lstrip().startswith("html")
    )


_WORD = (".docx", ".docm", ".dotx", ".dotm")
_open_plain_markdown = _opener("markdown", _markdown_layout, _markdown_date)

_TABLE = (
    Format("text", (".txt", ".text"), _opener("text", _text_layout, _text_date)),
    Format("markdown", (".md", ".markdown", ".mdown", ".mkd"), _open_markdown),
    Format("html", (".html", ".htm", ".xhtml", ".xht"), _open_html, _is_html),
    Format("docx", _WORD, _open_docx, _looks_docx),
    Format("odt", (".odt", ".ott"), _open_odt, _looks_odt),
    Format("pdf", (".pdf",), _open_pdf, _looks_pdf),
    Format("mail", (".eml",), _open_mail),
)
FORMATS: tuple[str, ...] = tuple(known.name for known in _TABLE)
_LOOKED_AT = tuple(known for known in _TABLE if known.looks is not None)
_LOOKED_AT_AS_TEXT = tuple(known for known in _LOOKED_AT if known.looks is _is_html)  # the others are packages of bytes
