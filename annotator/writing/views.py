"""The views of a source in which notes can be looked for without knowing its encoding.

Notes are made of ASCII, and in every encoding that documents may have ASCII stands as itself, if need be
two or four bytes wide. So there are three views: byte by byte, UTF-16 and UTF-32.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .seal import OPENING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ..model import Document

_WIDE = ("utf-16", "utf-32")
_CODECS = (
    (4, ("utf-32-le", b"\xff\xfe\0\0"), ("utf-32-be", b"\0\0\xfe\xff")),
    (2, ("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff")),
)
_MULTIBYTE_SAFE = ("utf-8", "iso8859-1", "cp1252")


def view_of(document: Document) -> str:
    """Return the document as `views` would show it, where that differs from its text in what is ASCII."""
    if document.encoding.startswith(_WIDE) or document.encoding in _MULTIBYTE_SAFE:
        return document.markup
    return document.source.decode("latin-1")


def views(source: bytes) -> Iterator[tuple[str, Callable[[str], bytes]]]:
    """Give each view that holds the opening of a seal, with the way back to bytes."""
    if OPENING.encode() in source:
        yield source.decode("latin-1"), _narrow
    for width, little, big in _CODECS:
        if _needle(width) in source:
            for codec, mark in (little, big):
                view = _wide(source, codec, mark)
                if view is not None:
                    yield view


def holds_opening(source: bytes) -> bool:
    """Tell whether any view can hold notes: a search for a few words, and no more."""
    return OPENING.encode() in source or (b"\0" in source and (_needle(2) in source or _needle(4) in source))


def _needle(width: int) -> bytes:
    """Return the opening in characters of so many bytes, without the zeros at its ends: alike in both orders."""
    return (b"\0" * (width - 1)).join(bytes([char]) for char in OPENING.encode())


def _narrow(text: str) -> bytes:
    return text.encode("latin-1")


def _wide(source: bytes, codec: str, mark: bytes) -> tuple[str, Callable[[str], bytes]] | None:
    bom = mark if source.startswith(mark) else b""
    try:
        text = source[len(bom) :].decode(codec, "surrogatepass")
    except UnicodeDecodeError:
        return None
    if OPENING not in text:
        return None
    return text, lambda restored: bom + restored.encode(codec, "surrogatepass")
