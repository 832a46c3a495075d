"""CSV for a spreadsheet: a row for each note, with its place in the article and all that is known of it."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from . import wording
from .places import Lines, sound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..model import Annotation, Document, Note, Run

COLUMNS = (
    "file",
    "line",
    "column",
    "start",
    "end",
    "text",
    "kind",
    "rule",
    "note",
    "note text",
    "jurisdiction",
    "verb",
    "holds from",
    "holds until",
    "since then",
    "status",
    "checked",
    "sources",
    "links",
    "as of",
    "as of from",
    "rulebook",
    "grade",
    "full",
    "page",
)
_MARK = "\ufeff".encode()
_END = "\r\n"
# A cell that begins so may be run as a formula; blanks do not keep a spreadsheet from it.
FORMULA = r"[\s'\"]*[=+\-@|%\uff1d\uff0b\uff0d\uff20]"
_CONTROL = "[\0-\x1f\x7f-\x9f]"


def render(document: Document, annotations: Sequence[Annotation], run: Run) -> bytes:
    """Return a header and the rows, in UTF-8 with line ends of RFC 4180; in ``excel`` style behind a mark.

    ``line`` and ``column`` count from 1 in the decoded source, or on the page where there are pages, ``start`` and
    ``end`` from 0 in the text, all in code points. ``page`` is empty where there are none. Each cell is one line; an
    apostrophe stands before what a spreadsheet might run as a formula.
    """
    out = io.StringIO(newline="")
    rows = csv.writer(out, lineterminator=_END)
    rows.writerow(COLUMNS)
    lines = Lines(document)
    origin = [run.as_of, cell(run.as_of_from), cell(run.digest)]
    file = cell(document.path or "")
    for annotation in annotations:
        start = lines.span(annotation)[0]
        line, column = lines.at(start)
        page = str(lines.page(start) or "")
        place = [file, line, column, annotation.start, annotation.end]
        mention = [cell(annotation.text), cell(annotation.kind), cell(annotation.rule)]
        for note in annotation.notes:
            said = [cell(annotation.grade), cell(note.full or note.text)]
            rows.writerow([*place, *mention, *_note(note), *origin, *said, page])
    return (_MARK if run.style == "excel" else b"") + out.getvalue().encode()


def join(outputs: Sequence[bytes]) -> bytes:
    """Return one table with one header."""
    header = len(outputs[0].split(_END.encode(), 1)[0]) + len(_END)
    return b"".join((outputs[0], *(output[header:] for output in outputs[1:])))


def _note(note: Note) -> list[str]:
    sources = "; ".join(source.cited for source in note.sources)
    links = " ".join(source.url for source in note.sources if source.url)
    cells = (note.id, note.text, note.jurisdiction, note.verb, note.from_date or "", note.until or "")
    more = (" ".join(note.later), note.status, note.checked, sources, links)
    return [cell(words) for words in (*cells, *more)]


def cell(words: str) -> str:
    r"""Return words as they can stand in a cell: on one line, printable, and never run as a formula.

    >>> cell("=HYPERLINK(1)"), cell("a\nb\0"), cell("8 - 3")
    ("'=HYPERLINK(1)", 'a b�', '8 - 3')
    """
    line = re.sub(_CONTROL, "\ufffd", sound(wording.one_line(words)))
    return f"'{line}" if re.match(FORMULA, line) else line
