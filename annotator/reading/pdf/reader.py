"""PDF in: starts the process that reads it, and makes a document of what that finds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from ...errors import InputError, MissingExtraError
from ...model import Block, Dated, Document, Layout, Pages, Span
from .paragraphs import FURNITURE, Paragraph, paragraphs

if TYPE_CHECKING:
    from collections.abc import Sequence

APART = "\n\n"
SECONDS = 120
_MEMORY = 1 << 30
_LARGEST = 1 << 28
_CODE = (
    "import sys, json; sys.path[:] = json.loads(sys.argv[1]); "
    "from annotator.reading.pdf.pdfium import main; main({}, {})"
)
_GARBLED = 0.3  # of the letters
_PRINTERS = (  # programs that print or convert: when they ran says nothing of when the article was written
    "skia/pdf", "quartz", "print to pdf", "wkhtml", "ghostscript", "distiller", "mozilla", "firefox", "cups",
    "weasyprint", "prince", "pdfium", "mupdf", "cairo", "scan", "ocr", "abbyy", "acrobat web capture", "itext",
    "chromium", "webkit",
)  # fmt: skip


def open_pdf(source: bytes | str, path: str | None, encoding: str | None) -> Document:  # noqa: ARG001 - it has none
    """Read a PDF. Raises `InputError` for what is none, damaged, locked, without text, or too much to read.

    Raises `MissingExtraError` where pypdfium2 is not installed.
    """
    name = path or "input"
    if isinstance(source, str) or not looks_like(source):
        from ..decoding import what_is

        what = what_is(source.encode("utf-8", "replace") if isinstance(source, str) else source) or "text"
        raise InputError(f"{name} is {what}, not a PDF: name it for what it is")
    found = _read(source, name)
    pages: Sequence[dict[str, Any]] = found["pages"]
    parts = paragraphs(pages)
    _check(name, pages, parts)
    places: list[tuple[int, int, int]] = []
    at = 0
    for part in parts:
        places += [(at + offset, page, line) for offset, page, line in part.lines]
        at += len(part.text) + len(APART)
    text = APART.join([part.text for part in parts])
    empty = [number for number, page in enumerate(pages, 1) if not page["lines"] and page["images"]]
    damaged = [number for number, page in enumerate(pages, 1) if page.get("damaged")]
    document = Document(
        source=source,
        text=text,
        format="pdf",
        encoding="",
        bom=b"",
        newline="\n",
        path=path,
        layout_of=lambda text: _layout(text, parts, (*_unread(empty, "hold images and no text (scanned?)"),
                                                     *_unread(damaged, "are damaged"))),
        dated_of=lambda: _date(parts, found["info"]),
        pages=Pages(places),
    )  # fmt: skip
    if empty or damaged:
        document.layout  # noqa: B018 - which says so, whether anything is found in the rest or not
    return document


def looks_like(source: bytes | str) -> bool:
    """Tell whether a source is a PDF: it begins so, perhaps behind white space."""
    return not isinstance(source, str) and source[:1024].lstrip(b"\xef\xbb\xbf \t\r\n\0").startswith(b"%PDF-")


def _read(source: bytes, name: str) -> dict[str, Any]:
    """Return what the process finds. Raises `InputError` where it finds a fault, or finds no end."""
    from importlib.util import find_spec

    if find_spec("pypdfium2") is None:
        raise MissingExtraError(
            f"{name}: to read PDF pypdfium2 is needed; install it with: pip install 'sanctions-annotator[pdf]'"
        )
    if len(source) > _LARGEST:
        raise InputError(
            f"{name} has {len(source) >> 20} MB, more than is read of a PDF ({_LARGEST >> 20} MB); split it"
        )
    places = json.dumps([os.path.abspath(each) for each in sys.path])
    memory = _MEMORY + 8 * len(source)
    command = [sys.executable, "-I", "-S", "-X", "utf8", "-c", _CODE.format(memory, SECONDS + 10), places]
    try:
        done = subprocess.run(  # noqa: S603 - this Python, with code and arguments of our own
            command, input=source, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise InputError(
            f"{name} takes more than {SECONDS} seconds to read: it is very long or built to do harm; print the pages "
            "that matter to a new PDF"
        ) from None
    except OSError as error:
        raise InputError(f"{name} cannot be read: no process could be started for it ({error.strerror})") from None
    try:
        found: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        raise InputError(f"{name} cannot be read: it is damaged, or needs more memory than a PDF may take") from None
    fault = found.get("fault")
    if fault:
        raise InputError(f"{name} {_fault(fault, found)}")
    return found


def _fault(fault: str, found: dict[str, Any]) -> str:
    if fault == "password":
        return "is protected by a password: save it without one"
    if fault == "pages":
        return f"has {found['count']} pages, more than is read of a PDF; print the pages that matter to a new one"
    if fault == "text":
        return "holds more text than is read of a PDF; print the pages that matter to a new one"
    return "is damaged and cannot be read as a PDF: open it in a PDF reader and print or save it again"


def _check(name: str, pages: Sequence[dict[str, Any]], parts: Sequence[Paragraph]) -> None:
    """Raise `InputError` for a document without text."""
    letters = sum(char.isalnum() for part in parts for char in part.text[:10_000])
    unknown = sum(part.text.count("\ufffd") for part in parts)
    count = f"{len(pages)} page{'' if len(pages) == 1 else 's'}"
    if unknown > _GARBLED * max(letters, 1) and unknown > 20:
        raise InputError(
            f"{name} does not say which letters its fonts show ({count}): run text recognition (OCR) on it, or ask for "
            "the text"
        )
    if letters:
        return
    if any(page["images"] for page in pages):
        raise InputError(
            f"{name} holds images and no text ({count}): it is scanned; run text recognition (OCR) on it first"
        )
    raise InputError(f"{name} holds no text ({count})")


def _unread(numbers: Sequence[int], what: str) -> tuple[str, ...]:
    """Return the warning that says which pages are not read."""
    if not numbers:
        return ()
    shown = ", ".join(map(str, numbers[:5])) + (f" and {len(numbers) - 5} more" if len(numbers) > 5 else "")
    if len(numbers) == 1:
        what = what.replace("hold ", "holds ").replace("are ", "is ")
    return (f"page{'' if len(numbers) == 1 else 's'} {shown} {what}; not read",)


def _layout(text: str, parts: Sequence[Paragraph], warnings: tuple[str, ...]) -> Layout:
    """Return the layout: each paragraph a block; what is said on each page is furniture."""
    from itertools import islice

    from ..structure import Pieces, blocks_of, warnings_of
    from ..text import links_in

    pieces = Pieces()
    spans: list[tuple[int, int, bool]] = []
    at = 0
    for part in parts:
        end = at + len(part.text)
        out = part.kind == FURNITURE
        if part.text:
            spans.append((at, end, out))
            if not out:
                pieces.add(at, end, part.kind)
        at = end + len(APART)
    rest = iter(blocks_of(text, pieces))
    blocks: list[Block] = []
    protected: list[Span] = []
    article = section = 0
    for start, end, out in spans:
        protected += links_in(text, start, end)
        if out:
            blocks.append(Block(start, end, FURNITURE, article, section))
            continue
        [block] = islice(rest, 1)
        article, section = block.article, block.section
        blocks.append(block)
    sizes = [(block.end - block.start, block.kind == FURNITURE) for block in blocks]
    set_aside = sum(size for size, aside in sizes if aside)
    aside = warnings_of(sum(size for size, _ in sizes) - set_aside, set_aside)
    return Layout(tuple(blocks), tuple(protected), (), len(text), (*aside, *warnings))


def _date(parts: Sequence[Paragraph], info: dict[str, str]) -> Dated:
    """Return the date that the text gives; where it says nothing, the day on which the document was made.

    That counts only where it was not changed on another day, and not for what prints or converts.
    """
    from ..dates import of_text, parsed

    found = of_text("\n\n".join(part.text for part in parts[:200] if part.kind != FURNITURE))
    if found.origin:
        return found
    made_by = f"{info['Producer']} {info['Creator']}".lower()
    created, changed = info["CreationDate"].removeprefix("D:"), info["ModDate"].removeprefix("D:")
    if any(name in made_by for name in _PRINTERS) or (changed and changed[:8] != created[:8]):
        return Dated()
    date = parsed(created[:8])
    return Dated(date, "the PDF's own information: created") if date else Dated()
