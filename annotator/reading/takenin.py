"""The text of another file that a Word document takes in where it stands (``w:altChunk``): pages and plain text."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, NamedTuple

from ..errors import AnnotatorError

if TYPE_CHECKING:
    from ..model import Document

_PAGE, _WORDS, _MAIL = "page", "words", "mail"
_TYPES = {
    "text/html": _PAGE,
    "application/xhtml+xml": _PAGE,
    "text/plain": _WORDS,
    "message/rfc822": _MAIL,
    "multipart/related": _MAIL,
    "application/x-mimearchive": _MAIL,
}
_ENDINGS = {
    ".html": _PAGE, ".htm": _PAGE, ".xhtml": _PAGE, ".xht": _PAGE, ".txt": _WORDS, ".text": _WORDS, ".mht": _MAIL,
    ".mhtml": _MAIL,
}  # fmt: skip


class Taken(NamedTuple):
    """A paragraph of such a file: its text, what it is, and the stretches of it that take no notes."""

    text: str
    kind: str
    protected: tuple[tuple[int, int], ...]


def paragraphs_of(name: str, content_type: str, content: bytes) -> list[Taken] | None:
    """Return the paragraphs of a file by its type, else by its name; ``None`` for a sort that is not read."""
    sort = _TYPES.get(content_type.partition(";")[0].strip()) or _ENDINGS.get(posixpath.splitext(name)[1].lower())
    encoding = None
    try:
        if sort == _MAIL:
            sort, content, encoding = _page_of(content)
        document = _opened(sort, content, encoding)
    except AnnotatorError:
        return None
    return paragraphs(document) if document is not None else None


def paragraphs(document: Document) -> list[Taken]:
    """Return the paragraphs of a document that are of the article."""
    found: list[Taken] = []
    for block in document.layout.blocks:
        if block.kind != "furniture":
            spans = [
                (max(span.start - block.start, 0), min(span.end, block.end) - block.start)
                for span in document.layout.protected
                if span.start < block.end and span.end > block.start
            ]
            words = document.text[block.start : block.end]
            kind = "" if block.kind == "paragraph" else block.kind
            found.append(Taken(words.encode("utf-8", "replace").decode(), kind, tuple(spans)))
    return found


def _opened(sort: str | None, content: bytes, encoding: str | None) -> Document | None:
    if sort == _PAGE:
        from .html.reader import open_html

        return open_html(content, None, encoding)
    if sort == _WORDS:
        from ..model import Document
        from .decoding import decode, newline_of
        from .text import layout_of

        words, codec, errors, bom = decode(content, encoding=encoding)
        return Document(
            source=content, text=words, format="text", encoding=codec, errors=errors, bom=bom,
            newline=newline_of(words), path=None, layout_of=layout_of,
        )  # fmt: skip
    return None


def _page_of(content: bytes) -> tuple[str | None, bytes, str | None]:
    """Return the page in a web archive, or the text where it holds none, with the encoding that it says it is in."""
    from email import message_from_bytes  # slow to import and seldom needed

    message = message_from_bytes(content)
    for wanted in ("text/html", "application/xhtml+xml", "text/plain"):
        for part in message.walk():
            if part.get_content_type() == wanted:
                body = part.get_payload(decode=True)
                if isinstance(body, bytes):
                    return _TYPES[wanted], body, part.get_content_charset()
    return None, b"", None
