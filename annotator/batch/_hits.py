"""The table of hits: a row for each note of each annotation, in CSV, JSON Lines, Parquet or a workbook (.xlsx).

Its columns are those of `annotator.tabulating`, between what tells the document and what tells the run; behind them
stand the input's own that are kept. A document that failed has a row that says why, so that none is missing silently.
"""

from __future__ import annotations

import csv
import datetime
import io
import json
import math
import os
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from .._lazy import regex
from ..errors import UsageError
from ..tabulating import KINDS
from ..writing.places import sound
from ..writing.table import FORMULA
from ._extras import pyarrow, xlsxwriter
from ._writing import Container, Squeezed, ending_of, write_parquet

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ._records import Record

# Of what kind each column is, as in `KINDS`; `kept` columns come behind them.
COLUMNS = {
    "id": "text",
    "title": "text",
    "date": "day",
    **KINDS,
    "as_of": "day",
    "as_of_from": "text",
    "source": "text",
    "row": "whole",
    "error": "text",
    "code": "whole",
}
_SPACED = frozenset({"links"})  # lists whose items are parted by a blank in one cell, as addresses are
_RISKY = regex(rf"[\t\r\n']|{FORMULA}")
_NUMBER = regex(r"-?[0-9]+(\.[0-9]+)?\Z")
_DAY = regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
# What a sheet of a workbook takes.
_MOST_ROWS, _LONGEST_CELL, _MOST_LINKS, _LONGEST_LINK = 1_048_576, 32_767, 65_530, 2_079
_MOST_DIGITS = 10**15  # a spreadsheet keeps fifteen of them
_FIRST_DAY = "1900-03-01"  # before it spreadsheets disagree on which day is which
_NOT_IN_XML = regex("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_MADE = datetime.datetime(1980, 1, 1)  # noqa: DTZ001 - as in the archive itself; the same hits are the same bytes
_WIDE = {"sentence": 60, "note_text": 60, "why": 40, "title": 30, "sources": 30, "links": 30, "full": 30, "link": 30}
_SHEET = "hits"
ENDINGS = (".csv", ".jsonl", ".ndjson", ".parquet", ".pq", ".xlsx")


def names_of(keep: Sequence[str]) -> list[str]:
    """Return the columns of a table; one that is kept and has the name of another of them has ``input_`` before it.

    >>> names_of(["url", "title"])[-2:]
    ['url', 'input_title']
    """
    names = list(COLUMNS)
    for name in keep:
        own = name
        while own in names:
            own = f"input_{own}"
        names.append(own)
    return names


class Hits(Container):
    """What the containers of a table of hits have in common: its columns, and the rows of records."""

    def __init__(self, keep: Sequence[str]) -> None:
        """Take the names of the columns that are kept."""
        super().__init__(embed=False)
        self.names = names_of(keep)
        self.kept = len(keep)

    def rows(self, records: Sequence[Record]) -> Iterator[list[Any]]:
        """Yield the cells of each row: strings, numbers, lists of strings, ``None``, and whatever was kept."""
        for record in records:
            about = {
                "id": record.id,
                "title": record.title or None,
                "date": record.date,
                "as_of": record.as_of,
                "as_of_from": record.as_of_from,
                "source": record.source,
                "row": record.row,
                "error": record.error,
                "code": record.code,
            }
            kept = record.kept or (None,) * self.kept
            for hit in record.hits or (({},) if record.code else ()):
                whole = {**about, **hit}
                yield [*(_sound(whole.get(name)) for name in COLUMNS), *kept]


def _sound(value: Any) -> Any:
    if isinstance(value, str):
        return sound(value)
    return [sound(one) for one in value] if isinstance(value, list) else value


def plain(value: Any) -> Any:
    """Return what a cell of the input is in a table: text, a number, true or false, a day, a time, or nothing."""
    if value is None or isinstance(value, (bool, int, datetime.date)):
        return value
    if isinstance(value, str):
        return sound(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None if math.isnan(value) else str(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    if isinstance(value, (Decimal, datetime.time, datetime.timedelta)):
        return str(value)
    return sound(json.dumps(value, ensure_ascii=False, default=str))


def _in_one(name: str, value: Any) -> Any:
    """Return the value of a column as one cell holds it."""
    if isinstance(value, list) and name in COLUMNS:
        return (" " if name in _SPACED else "; ").join(filter(None, value))
    return plain(value)


def _as_text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    return str(value.isoformat()) if isinstance(value, datetime.date) else str(value)


class HitLines(Hits):
    """JSON Lines: an object for each hit; lists are lists."""

    name = "hits as jsonl"

    def encode(self, records: Sequence[Record]) -> bytes:
        """Return one line for each hit."""
        lines = []
        for row in self.rows(records):
            cells = [value if name in COLUMNS else _json(value) for name, value in zip(self.names, row, strict=True)]
            lines.append(json.dumps(dict(zip(self.names, cells, strict=True)), ensure_ascii=False, default=str))
        return "".join(f"{sound(line)}\n" for line in lines).encode()


def _json(value: Any) -> Any:
    if isinstance(value, (list, dict)):
        return value
    value = plain(value)
    return value.isoformat() if isinstance(value, datetime.date) else value


class HitTable(Hits):
    """CSV in UTF-8, with a header, quoted as RFC 4180 has it, and no cell that a spreadsheet would run."""

    name = "hits as csv"

    def head(self) -> bytes:
        """Return the header."""
        return self._written([[_safe(name) for name in self.names]])

    def encode(self, records: Sequence[Record]) -> bytes:
        """Return one row for each hit."""
        return self._written(
            [_safe(_as_text(_in_one(name, value))) for name, value in zip(self.names, row, strict=True)]
            for row in self.rows(records)
        )

    @staticmethod
    def _written(rows: Any) -> bytes:
        text = io.StringIO(newline="")
        csv.writer(text).writerows(rows)
        return text.getvalue().encode()


def _safe(cell: str | None) -> str | None:
    """Return a cell that no spreadsheet runs; taking an apostrophe from its front gives back what it held."""
    return f"'{cell}" if cell and _RISKY.match(cell) and not _NUMBER.match(cell) else cell


class HitColumns(Hits):
    """Parquet. Lists are lists, days are days; what was kept has the type that it has in Parquet input, else text."""

    name = "hits as parquet"

    def __init__(self, keep: Sequence[str], types: Sequence[Any] = ()) -> None:
        """Take the columns that are kept, and their Arrow types where these are known. Raises ``MissingExtraError``."""
        super().__init__(keep)
        arrow = pyarrow()
        kinds = {
            "text": arrow.string(),
            "day": arrow.string(),  # it may be a month only
            "link": arrow.string(),
            "number": arrow.float64(),
            "whole": arrow.int64(),
            "list": arrow.list_(arrow.string()),
        }
        days = {"date", "as_of", "checked"}
        found = [arrow.date32() if name in days else kinds[kind] for name, kind in COLUMNS.items()]
        self.types = [*found, *(types or [arrow.string()] * self.kept)]

    @property
    def schema(self) -> Any:
        """The Arrow schema of the table."""
        return pyarrow().schema(list(zip(self.names, self.types, strict=True)))

    def head(self) -> bytes:
        """Return the stream's schema."""
        head: bytes = self.schema.serialize().to_pybytes()
        return head

    def encode(self, records: Sequence[Record]) -> bytes:
        """Return one message of the stream."""
        arrow = pyarrow()
        rows = list(self.rows(records))
        columns = []
        for place, type_ in enumerate(self.types):
            values = [row[place] for row in rows]
            if place >= len(COLUMNS) and arrow.types.is_string(type_):
                values = [_as_text(plain(value)) for value in values]
            elif arrow.types.is_date32(type_) and place < len(COLUMNS):
                values = [datetime.date.fromisoformat(value) if value else None for value in values]
            columns.append(arrow.array(values, type_))
        body: bytes = arrow.record_batch(columns, schema=self.schema).serialize().to_pybytes()
        return body

    def finish(self, data: str, final: str) -> None:
        """Write the Parquet file."""
        arrow = pyarrow()
        aside = f"{final}.tmp"
        with arrow.OSFile(data, "rb") as file, open(aside, "wb") as out:
            write_parquet(arrow.ipc.open_stream(file), out, schema=self.schema, measured="full")
            out.flush()
            os.fsync(out.fileno())
        os.replace(aside, final)
        os.unlink(data)


def kept_types(schemas: Sequence[Any], keep: Sequence[str]) -> list[Any]:
    """Return the types of kept columns of Parquet files where all have the same one and it is plain, else text."""
    arrow = pyarrow()
    kinds = arrow.types
    tests = (kinds.is_integer, kinds.is_floating, kinds.is_boolean, kinds.is_date, kinds.is_timestamp, kinds.is_decimal)
    found = []
    for name in keep:
        types = {schema.field(name).type for schema in schemas}
        first = next(iter(types)) if len(types) == 1 else arrow.string()
        found.append(first if any(test(first) for test in tests) else arrow.string())
    return found


class HitSheet(Hits):
    """A workbook (.xlsx): days are days, numbers are numbers, links are links, and text is text and never a formula.

    Chunks are kept as lines of JSON and become the workbook at the end, a row at a time.
    """

    name = "hits as xlsx"

    def __init__(self, keep: Sequence[str]) -> None:
        """Ask for XlsxWriter. Raises ``MissingExtraError``."""
        super().__init__(keep)
        xlsxwriter()

    def encode(self, records: Sequence[Record]) -> bytes:
        """Return a line for each row: its cells, of which what JSON has no type for says its own."""
        kinds = [COLUMNS.get(name, "") for name in self.names]
        lines = []
        for row in self.rows(records):
            cells = [
                _typed(_in_one(name, value), kind) for name, kind, value in zip(self.names, kinds, row, strict=True)
            ]
            lines.append(json.dumps(cells))
        return "".join(f"{line}\n" for line in lines).encode("ascii")

    def finish(self, data: str, final: str) -> None:
        """Write the workbook."""
        aside = f"{final}.tmp"
        options = {"constant_memory": True, "tmpdir": os.path.dirname(os.path.abspath(final))}
        book = xlsxwriter().Workbook(aside, options)
        book.set_properties({"created": _MADE})
        if os.path.getsize(data) > 1 << 30:
            book.use_zip64()
        sheets = _Sheets(book, self.names)
        with open(data, "rb") as file:
            for line in file:
                sheets.add(json.loads(line))
        self.remarks += sheets.closed()
        try:
            book.close()
        except xlsxwriter().exceptions.FileCreateError as error:
            cause = error.args[0] if error.args else error
            raise cause if isinstance(cause, OSError) else OSError(str(cause)) from None
        with open(aside, "rb+") as out:
            os.fsync(out.fileno())
        os.replace(aside, final)
        os.unlink(data)


def _typed(value: Any, kind: str) -> Any:
    """Return a cell as it is kept until the workbook is written: a pair of a type and a text where JSON has none."""
    if isinstance(value, str):
        if kind == "day" and _DAY.match(value) and value >= _FIRST_DAY:
            return ["day", value]
        return ["link", value] if kind == "link" and value.startswith(("https://", "http://")) else value
    if isinstance(value, datetime.datetime):
        text = value.isoformat()
        return ["time", text] if value.tzinfo is None and text >= _FIRST_DAY else text
    if isinstance(value, datetime.date):
        return ["day", value.isoformat()] if value.isoformat() >= _FIRST_DAY else value.isoformat()
    return str(value) if isinstance(value, int) and abs(value) >= _MOST_DIGITS else value


class _Sheets:
    """The sheets of a workbook: as many as the rows need, each with the header."""

    def __init__(self, book: Any, names: Sequence[str]) -> None:
        self.book = book
        self.names = names
        self.bold = book.add_format({"bold": True})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.time = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self.count = self.row = self.links = self.cut = self.unlinked = 0
        self.sheet: Any = None
        self._begin()

    def _begin(self) -> None:
        self._end()
        self.count += 1
        self.sheet = self.book.add_worksheet(_SHEET if self.count == 1 else f"{_SHEET} {self.count}")
        self.sheet.freeze_panes(1, 0)
        for place, name in enumerate(self.names):
            self.sheet.set_column(place, place, _WIDE.get(name, 14))
        for place, name in enumerate(self.names):
            self.sheet.write_string(0, place, self._fitting(name), self.bold)
        self.row, self.links = 1, 0

    def _end(self) -> None:
        if self.sheet is not None:
            self.sheet.autofilter(0, 0, max(self.row - 1, 0), len(self.names) - 1)

    def add(self, cells: Sequence[Any]) -> None:
        """Write a row."""
        if self.row >= _MOST_ROWS:
            self._begin()
        for place, cell in enumerate(cells):
            self._write(place, cell)
        self.row += 1

    def _write(self, place: int, cell: Any) -> None:
        if cell is None or cell == "":
            return
        if isinstance(cell, bool):
            self.sheet.write_boolean(self.row, place, cell)
        elif isinstance(cell, (int, float)):
            self.sheet.write_number(self.row, place, cell)
        elif isinstance(cell, str):
            self.sheet.write_string(self.row, place, self._fitting(cell))
        elif cell[0] == "link":
            self._link(place, cell[1])
        else:
            when = datetime.datetime.fromisoformat(cell[1])
            self.sheet.write_datetime(self.row, place, when, self.day if cell[0] == "day" else self.time)

    def _link(self, place: int, address: str) -> None:
        if len(address) > _LONGEST_LINK or self.links >= _MOST_LINKS:
            self.unlinked += 1
            self.sheet.write_string(self.row, place, self._fitting(address))
            return
        self.links += 1
        self.sheet.write_url(self.row, place, address)

    def _fitting(self, text: str) -> str:
        """Return text as a cell takes it, cut where it is longer."""
        text = _NOT_IN_XML.sub("\ufffd", text)
        if len(text) * 2 <= _LONGEST_CELL or len(text.encode("utf-16-le")) // 2 <= _LONGEST_CELL:
            return text
        self.cut += 1
        units = text.encode("utf-16-le")[: (_LONGEST_CELL - 1) * 2]
        return units.decode("utf-16-le", "ignore") + "…"

    def closed(self) -> list[str]:
        """End the last sheet, and return what the reader of the workbook should know, a line each."""
        self._end()
        said = []
        whole = "CSV and Parquet hold them whole"
        if self.count > 1:
            said.append(f"more hits than the {_MOST_ROWS:,} rows of a sheet: they go on in {self.count - 1} more")
        if self.cut:
            cells = f"{self.cut:,} cell{'s' if self.cut > 1 else ''}"
            said.append(f"{cells} cut at the {_LONGEST_CELL:,} characters that a workbook takes; {whole}")
        if self.unlinked:
            said.append(f"{self.unlinked:,} addresses are text, not links: a sheet takes {_MOST_LINKS:,} links")
        return said


def hits_for(output: str, keep: Sequence[str]) -> Container:
    """Return the container of a table of hits that a name asks for. Raises ``UsageError``, ``MissingExtraError``."""
    ending, squeezed = ending_of(output)
    if ending not in ENDINGS or (squeezed and ending in {".parquet", ".pq", ".xlsx"}) or output.endswith(("/", os.sep)):
        raise UsageError(f"{output}: --rows hits makes one table; -o names a file in .csv, .xlsx, .parquet or .jsonl")
    if ending == ".xlsx":
        return HitSheet(keep)
    if ending in {".parquet", ".pq"}:
        return HitColumns(keep)
    found = HitTable(keep) if ending == ".csv" else HitLines(keep)
    return Squeezed(found, squeezed) if squeezed else found
