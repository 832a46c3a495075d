"""The process that reads a PDF with PDFium: bytes on standard input, lines of text with their places as JSON out.

It runs apart from the program that asks, which can end it: a PDF may be built so that reading it takes all time or
memory that there is. Nothing in a PDF is run and nothing is loaded from elsewhere: scripts, forms, attachments and
links stay unread.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
import time
from contextlib import suppress
from math import pi
from threading import Thread
from typing import TYPE_CHECKING, Any

from .order import Piece, ordered

if TYPE_CHECKING:
    from collections.abc import Iterator

PASSWORD, DAMAGED, TOO_MANY, TOO_LONG = "password", "damaged", "pages", "text"
MOST_PAGES = 10_000
MOST_CHARACTERS = 10_000_000
_MOST_ON_PAGE = 1_000_000
_MOST_OBJECTS = 200
_PASSWORD_ERROR = 4
_IMAGE = 3
_WIDE_GAP = 1.0  # of a line's height: what may part two columns, or a number from its paragraph
_SHIFT = 0.6
_OVERLAP, _NO_GAP, _SPACE = 0.3, 0.04, 0.13
_LONG = 6
_BLANK = " \t\xa0\u3000"
_PRIVATE = range(0xE000, 0xF900)
_ENDS = "\r\n\ufffe"
_BREAK = "\ufffe"  # what PDFium makes of a hyphen at the end of a line
_INFO = ("CreationDate", "ModDate", "Producer", "Creator")
_QUARTER = pi / 2


def main(memory: int, seconds: int) -> None:
    """Read a PDF from standard input, with so much memory (bytes) and time at most, and write what there is in it."""
    _limit(memory, seconds)
    Thread(target=_watch, args=(os.getppid(), time.monotonic() + seconds), daemon=True).start()
    source = sys.stdin.buffer.read()
    try:
        found = read(source)
    except MemoryError:
        found = {"fault": TOO_LONG}
    sys.stdout.buffer.write(json.dumps(found).encode("ascii"))


def _watch(parent: int, until: float) -> None:
    """End the process once the one that began it is gone, or its time is over, on every system."""
    while os.getppid() == parent and time.monotonic() < until:
        time.sleep(0.5)
    os._exit(1)


def _limit(memory: int, seconds: int) -> None:
    """Let the process have no more memory and time than that, where the system can see to it."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for limit, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),  # though nobody is left to end it
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(OSError, ValueError):  # a system without it, or a lower limit that holds already
            resource.setrlimit(limit, (most, most))


def read(source: bytes) -> dict[str, Any]:
    """Return the pages of a PDF: of each the lines in reading order, and how many images; or what is the fault."""
    import pypdfium2.raw as pdfium

    pdfium.FPDF_InitLibrary()
    document = pdfium.FPDF_LoadMemDocument64(source, len(source), None)
    if not document:
        return {"fault": PASSWORD if pdfium.FPDF_GetLastError() == _PASSWORD_ERROR else DAMAGED}
    count = pdfium.FPDF_GetPageCount(document)
    if count > MOST_PAGES:
        return {"fault": TOO_MANY, "count": count}
    reader = _Reader(pdfium)
    pages = []
    left = MOST_CHARACTERS
    for number in range(count):
        page = pdfium.FPDF_LoadPage(document, number)
        if not page:
            pages.append({"lines": [], "images": 0, "damaged": True})
            continue
        try:
            found, size = reader.page(page, min(left, _MOST_ON_PAGE))
        finally:
            pdfium.FPDF_ClosePage(page)
        left -= size
        if size > _MOST_ON_PAGE or left < 0:
            return {"fault": TOO_LONG}
        pages.append(found)
    return {"pages": pages, "info": {key: _info(pdfium, document, key) for key in _INFO}}


def _info(pdfium: Any, document: Any, key: str) -> str:
    """Return what the document's information says under a name."""
    size = pdfium.FPDF_GetMetaText(document, key.encode(), None, 0)
    if not 2 < size < 2000:
        return ""
    buffer = ctypes.create_string_buffer(size)
    pdfium.FPDF_GetMetaText(document, key.encode(), buffer, size)
    return buffer.raw[: size - 2].decode("utf-16-le", "replace")


class _Reader:
    """Reads one page after the other."""

    def __init__(self, pdfium: Any) -> None:
        self.pdfium = pdfium
        self.box = pdfium.FS_RECTF()
        self.flags = ctypes.c_int()
        self.odd = False
        self.known: set[str] = set()  # words that have no gap within
        self.name = ctypes.create_string_buffer(200)

    def page(self, page: Any, most: int) -> tuple[dict[str, Any], int]:
        """Return what is on a page, and how many characters that is; nothing of one that has more than ``most``."""
        pdfium = self.pdfium
        shown = pdfium.FS_RECTF()
        pdfium.FPDF_GetPageBoundingBox(page, shown)
        text = pdfium.FPDFText_LoadPage(page)
        if not text:
            return {"lines": [], "images": self.images(page)}, 0
        try:
            count = pdfium.FPDFText_CountChars(text)
            if count > most:
                return {}, count
            edges = (shown.left, shown.bottom, shown.right, shown.top)
            groups: dict[int, list[Piece]] = {}
            found = self.characters(text, count)
            pieces = self.pieces(text, found, edges)
            if self.odd:
                # Blanks stand where there are none to be seen, so others may be missing: gaps alone tell words.
                pieces = self.pieces(text, found, edges, by_gaps=True)
            drawn: set[tuple[str, int, int]] = set()
            for turn, piece in pieces:
                place = (piece.text, round(piece.left), round(piece.bottom))
                if place not in drawn:  # what is drawn over itself, to look bold, is read once
                    drawn.add(place)
                    groups.setdefault(turn, []).append(piece)
        finally:
            pdfium.FPDFText_ClosePage(text)
        lines = []
        sizes = {turn: sum(len(piece.text) for piece in pieces) for turn, pieces in groups.items()}
        for turn in sorted(groups, key=lambda each: (-sizes[each], each)):
            # A few words at right angles to all others are a stamp, a mark of the printer or the label of an axis.
            aside = sizes[turn] * 10 < sum(sizes.values())
            lines += [[*line, turn, aside] for line in ordered(groups[turn])]
        return {"lines": lines, "images": 0 if lines else self.images(page)}, count

    def images(self, page: Any) -> int:
        """Return how many images are on a page, of the first objects there."""
        pdfium = self.pdfium
        count = min(max(pdfium.FPDFPage_CountObjects(page), 0), _MOST_OBJECTS)
        kinds = (pdfium.FPDFPageObj_GetType(pdfium.FPDFPage_GetObject(page, index)) for index in range(count))
        return sum(kind in (_IMAGE, pdfium.FPDF_PAGEOBJ_FORM) for kind in kinds)

    def characters(self, text: Any, count: int) -> str:
        """Return the characters of a page, one for each index that PDFium knows."""
        pdfium = self.pdfium
        buffer = ctypes.create_string_buffer(2 * count + 2)
        size = pdfium.FPDFText_GetText(text, 0, count, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)))
        found = buffer.raw[: 2 * max(size - 1, 0)].decode("utf-16-le", "surrogatepass")
        if len(found) == count:
            return found
        codes = (pdfium.FPDFText_GetUnicode(text, index) for index in range(count))
        return "".join(chr(code) if 0 < code < 0x110000 else "\ufffd" for code in codes)

    def pieces(
        self, text: Any, found: str, edges: tuple[float, ...], *, by_gaps: bool = False
    ) -> list[tuple[int, Piece]]:
        """Return the pieces of text in the order of the page's content: words in a line with no wide gap between them.

        Each is given with how far it is turned, in quarters.
        """
        self.odd = False
        pieces: list[tuple[int, Piece]] = []
        at = 0
        while at < len(found):
            end = at
            while end < len(found) and (found[end] not in _ENDS or not self.ends(text, found, end)):
                end += 1
            broken = end < len(found) and found[end] == _BREAK
            turn = round(self.pdfium.FPDFText_GetCharAngle(text, at) / _QUARTER) % 4 if end > at else 0
            piece: Piece | None = None
            for first, last in self.words(text, found, at, end, turn) if by_gaps else _words(found, at, end):
                box = self.place(text, first, last, turn)
                if box is None or not _within(self.box, edges):
                    continue
                word = _clean(found[first:last].translate(_BLANKS) if by_gaps else found[first:last])
                if not word:
                    continue
                if not by_gaps and last - first >= _LONG and word not in self.known:
                    self.odd = self.odd or len(list(self.words(text, found, first, last, turn))) > 1
                    self.known.add(word)
                font = self.font(text, first)
                if piece is not None and piece.takes(word, box, _WIDE_GAP, _SHIFT):
                    gap = (box[0] - piece.right) / piece.height
                    self.odd = self.odd or -_OVERLAP < gap < _NO_GAP
                    piece.add(word, box, font)
                    continue
                follows = piece is not None
                piece = Piece(word, *box, len(pieces), font)
                piece.follows = follows
                pieces.append((turn, piece))
            if piece is not None:
                piece.broken = broken
            at = end + 1
        return pieces

    def words(self, text: Any, found: str, at: int, end: int, turn: int) -> Iterator[tuple[int, int]]:
        """Give the words of a line by the gaps between their letters, whatever blanks there are."""
        first = last = -1
        right, height, blank = 0.0, 0.0, False
        for index in range(at, end):
            if found[index] in _BLANK:
                blank = True
                continue
            box = self.place(text, index, index + 1, turn)
            if box is None:
                continue
            height = max(height, box[3] - box[1], 0.1)  # that of a dash is next to nothing
            if first >= 0 and not -1 < (box[0] - right) / height < (_NO_GAP if blank else _SPACE):
                yield first, last
                first = -1
            if first < 0:
                first = index
            last, right, blank = index + 1, box[2], False
        if first >= 0:
            yield first, last

    def ends(self, text: Any, found: str, at: int) -> bool:
        """Tell whether a line ends here, and not a ligature of TeX stands that has the code of a line end."""
        return found[at] != "\r" or self.pdfium.FPDFText_IsGenerated(text, at) == 1

    def place(self, text: Any, first: int, last: int, turn: int) -> tuple[float, float, float, float] | None:
        """Return where a word stands, as one sees it who turns the page so that its letters are upright."""
        box, get = self.box, self.pdfium.FPDFText_GetLooseCharBox
        if not get(text, last - 1, box):
            return None
        end = box.left, box.bottom, box.right, box.top
        if not get(text, first, box):
            return None
        left, bottom, right, top = box.left, box.bottom, box.right, box.top
        if not all(-1e6 < each < 1e6 for each in (*end, left, bottom, right, top)):
            return None
        left, bottom, right, top = min(left, end[0]), min(bottom, end[1]), max(right, end[2]), max(top, end[3])
        if turn == 1:
            return -top, left, -bottom, right
        if turn == 2:
            return -right, -top, -left, -bottom
        if turn == 3:
            return bottom, -right, top, -left
        return left, bottom, right, top

    def font(self, text: Any, at: int) -> str:
        """Return the name of the font that a character is in."""
        size = self.pdfium.FPDFText_GetFontInfo(text, at, self.name, len(self.name), self.flags)
        return self.name.raw[: size - 1].decode("latin-1") if 0 < size <= len(self.name) else ""


def _words(found: str, at: int, end: int) -> Iterator[tuple[int, int]]:
    first = at
    for index in range(at, end + 1):
        if index == end or found[index] in _BLANK:
            if index > first:
                yield first, index
            first = index + 1


def _within(box: Any, edges: tuple[float, ...]) -> bool:
    """Tell whether a character is on the part of the page that is shown."""
    left, bottom, right, top = edges
    if right <= left or top <= bottom:
        return True
    across, up = (box.left + box.right) / 2, (box.bottom + box.top) / 2
    return bool(left - 1 <= across <= right + 1 and bottom - 1 <= up <= top + 1)


# The codes of two encodings of TeX's fonts, where those say nothing of what they show: T1 and OT1.
_TEX = {
    **dict(zip(range(0x10, 0x17), "“”„«»–—", strict=True)),
    **dict(zip(range(0x1B, 0x20), ("ff", "fi", "fl", "ffi", "ffl"), strict=True)),
    **dict(zip(range(0x0B, 0x10), ("ff", "fi", "fl", "ffi", "ffl"), strict=True)),
}
_BLANKS = dict.fromkeys(map(ord, _BLANK))
_LIGATURES = {
    ord("ﬀ"): "ff", ord("ﬁ"): "fi", ord("ﬂ"): "fl", ord("ﬃ"): "ffi", ord("ﬄ"): "ffl", ord("ﬅ"): "st", ord("ﬆ"): "st",
    0xFEFF: None, 0x200B: None, 0xFFFE: None, 0xFFFF: None, **dict.fromkeys(range(32)), **_TEX,
    **dict.fromkeys(range(0x7F, 0xA0)),
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
    **dict.fromkeys(_PRIVATE, "\ufffd"),
    0xF0B7: "•", 0xF0A7: "•", 0xF0D8: "•", 0xF02D: "–",
}  # fmt: skip


def _clean(word: str) -> str:
    """Return a word without what nobody sees, its ligatures taken apart."""
    return word if word.isascii() and word.isprintable() else word.translate(_LIGATURES)
