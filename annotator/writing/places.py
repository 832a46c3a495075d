"""What several files beside an article say of it: digests, addresses, lines and columns, text without surrogates."""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..model import Annotation, Document

_LINE_END = r"\r\n|\r|\n"
_SURROGATE = r"[\ud800-\udfff]"
_MIME = {
    "text": "text/plain",
    "markdown": "text/markdown",
    "html": "text/html",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "mail": "message/rfc822",
    "odt": "application/vnd.oasis.opendocument.text",
}


def digests(document: Document) -> tuple[str, str]:
    """Return the SHA-256 of the article's bytes and of its text in UTF-8, in hexadecimal.

    A lone surrogate in the text counts as the three bytes that UTF-8 would have for it.
    """
    from hashlib import sha256  # slow to import

    source = sha256(document.source).hexdigest()
    text = document.text.encode("utf-8", "surrogatepass")
    return source, source if text == document.source else sha256(text).hexdigest()


def address(document: Document) -> str:
    """Return an address of the article: its path as given, percent-encoded, or a name made of its content.

    The name follows RFC 6920.

    >>> from annotator.reading import read
    >>> address(read(b"x", path="./my notes/a:b.txt")), address(read(b"x"))
    ('my%20notes/a%3Ab.txt', 'ni:///sha-256;LXEWQrcmsEQBYnyp-6wy9chTD7GQPMTbAiWHF5IaSIE')
    """
    from urllib.parse import quote

    if document.path is None:
        return name_of(document)
    path = document.path
    if re.match(r"[A-Za-z]:[\\/]", path):  # a drive of Windows
        return f"file:///{path[:2]}{quote(path[2:].replace(chr(92), '/'), safe='/', errors='replace')}"
    if path.startswith("/"):
        return f"file://{quote(path, safe='/', errors='replace')}"
    return quote(os.path.normpath(path).replace(os.sep, "/"), safe="/", errors="replace")


def name_of(document: Document) -> str:
    """Return a name made of the article's content, after RFC 6920."""
    from base64 import urlsafe_b64encode
    from hashlib import sha256

    return f"ni:///sha-256;{urlsafe_b64encode(sha256(document.source).digest()).decode().rstrip('=')}"


def media_type(document: Document) -> str:
    """Return the media type of the article; empty where it is not known."""
    return _MIME.get(document.format, "")


def sound(words: str) -> str:
    r"""Return the words with U+FFFD for each lone surrogate, so that they can be written as UTF-8.

    >>> sound("a\ud800b")
    'a�b'
    """
    try:
        words.encode()
    except UnicodeEncodeError:
        return re.sub(_SURROGATE, "\ufffd", words)
    return words


class Lines:
    """Lines and columns of places in a document's decoded source, both counted from 1, in code points.

    A line ends at CR LF, CR or LF. For formats that are no encoded text (DOCX, ODT, mail) lines are those of the text,
    and for those that have pages (PDF) the printed ones, each counted on its page.
    """

    __slots__ = ("_markup", "_pages", "_places", "_starts")

    def __init__(self, document: Document) -> None:
        """Find the line ends, once."""
        self._places = document.places
        self._pages = document.pages
        self._markup = document.markup
        self._starts = [0, *(found.end() for found in re.finditer(_LINE_END, document.markup))]

    def span(self, annotation: Annotation) -> tuple[int, int]:
        """Return where an annotation stands in the source: offsets in code points, the second behind its end."""
        if self._places is None:
            return annotation.start, annotation.end
        return self._places.before(annotation.start), self._places.after(annotation.end)

    def at(self, place: int) -> tuple[int, int]:
        """Return the line and column of an offset in the source."""
        if self._pages is not None:
            return self._pages.at(place)[1:]
        line = bisect_right(self._starts, place)
        return line, place - self._starts[line - 1] + 1

    def page(self, place: int) -> int:
        """Return the page of an offset in the source, 0 where there are no pages."""
        return self._pages.at(place)[0] if self._pages is not None else 0

    def behind(self, start: int, end: int) -> tuple[int, int]:
        """Return the line and column of the end of a stretch, which may be that of its line."""
        if self._pages is None or end <= start:
            return self.at(end)
        _, line, column = self._pages.at(end - 1)
        return line, column + 1

    def text(self, place: int) -> str:
        """Return the line of the source that an offset is in, without its end."""
        if self._pages is not None:
            start, stop = self._pages.line(place)
            return self._markup[start:stop].rstrip()
        line = bisect_right(self._starts, place)
        end = self._starts[line] if line < len(self._starts) else len(self._markup)
        return self._markup[self._starts[line - 1] : end].rstrip("\r\n")

    def fed(self, place: int) -> int:
        """Return the line of an offset as git counts lines: they end at a line feed and nowhere else."""
        return self._markup.count("\n", 0, place) + 1
