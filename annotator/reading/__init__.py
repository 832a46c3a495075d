"""Reading: from the bytes of an article to a `Document` that keeps every one of them.

This layer knows nothing of rules. `read` finds the format and the encoding; how a document is built
(its blocks, its protected places) is worked out only when someone asks for ``document.layout``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .formats import FORMATS, format_of, named

if TYPE_CHECKING:
    from ..model import Document

__all__ = ["FORMATS", "format_of", "is_text", "read"]


def is_text(format: str, source: str) -> bool:
    """Tell at once that an article, given as a string, is its own text. False where that is not plain."""
    if format == "markdown":
        from .markdown.unmarked import is_unmarked

        return is_unmarked(source)
    return format == "text"


def read(
    source: bytes | str,
    *,
    format: str | None = None,
    path: str | None = None,
    encoding: str | None = None,
) -> Document:
    r"""Read an article.

    ``source`` is the article itself; nothing is opened. ``format`` is one of `FORMATS`; left out, it is told
    by the content where that leaves no doubt, else by the name in ``path``. ``encoding`` is for bytes only
    and overrides the detection, though a byte-order mark at the start still wins over it.

    Whatever comes in is kept: ``document.source`` is ``source`` (a string: its UTF-8 bytes), and for
    formats that are encoded text ``document.encode(document.markup)`` behind ``document.bom`` gives the same.

    Raises `InputError` for what is not text, or text in no encoding that can be told, and `UsageError`
    for an encoding that does not exist or cannot be used.

    >>> document = read(b"Oil caps hold.\r\n", path="note.txt")
    >>> document.format, document.encoding, document.newline
    ('text', 'utf-8', '\r\n')
    """
    return named(format or format_of(path, source), path).open(source, path, encoding)
