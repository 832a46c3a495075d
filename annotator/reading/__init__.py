"""Reading: from the bytes of an article to a `Document` that keeps every one of them.

This layer knows nothing of rules. `read` finds the format and the encoding; how a document is built
(its blocks, its protected places) is worked out only when someone asks for ``document.layout``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .formats import FORMATS, format_of, named

if TYPE_CHECKING:
    from ..model import Document

__all__ = ["FORMATS", "format_of", "read", "text_of"]


def text_of(format: str, source: str) -> str | None:
    """Return the text of an article, given as a string, where it can be told without reading more; else ``None``."""
    if format == "html":
        from .html.reader import simple_text

        return simple_text(source)
    if format == "markdown":
        from .markdown.unmarked import is_unmarked

        return source if is_unmarked(source) else None
    return source if format == "text" else None


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
