"""What records are written into: JSON Lines, CSV, Parquet, or a folder of articles; told by the output's name.

Each container takes the records of one chunk and gives bytes that can be put behind those of the chunk before;
``finish`` makes of all of them what the user asked for. The bytes depend on the records alone.
"""

from __future__ import annotations

import base64
import csv
import io
import json
import os
import shutil
import zlib
from typing import TYPE_CHECKING, Any

from ..errors import ExitCode, UsageError
from ._extras import pyarrow, zstd
from ._records import FIELDS, Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# A cell that begins with one of these may run as a formula where a spreadsheet opens the file. The apostrophe
# is among them so that taking one away from the front of a cell always gives back what the cell held.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'")
# A row group of Parquet ends with the row that reaches one of these.
_GROUP_ROWS, _GROUP_BYTES = 5_000, 32 << 20
INDEX = "annotator-records.jsonl"


class Container:
    """The form of an output: how the records of a chunk become bytes, and these a file."""

    name = ""

    def __init__(self, *, embed: bool) -> None:
        """Take whether the output is a JSON object, which JSON Lines hold as it is."""
        self.embed = embed
        self.remarks: list[str] = []  # what the user should know of the output when it is made, a line each

    def head(self) -> bytes:
        """Return the bytes in front of the first chunk."""
        return b""

    def encode(self, records: Sequence[Record]) -> bytes:
        """Return the bytes of one chunk."""
        raise NotImplementedError

    def finish(self, data: str, final: str) -> None:
        """Make the output, ``final``, of the file that holds the bytes of all chunks; that file is used up."""
        os.replace(data, final)


class Lines(Container):
    """JSON Lines."""

    name = "jsonl"

    def encode(self, records: Sequence[Record]) -> bytes:
        """Return one line for each record."""
        return b"".join(line(record, embed=self.embed) for record in records)


def line(record: Record, *, embed: bool, output: bool = True) -> bytes:
    """Return a record as a line of JSON; ``embed`` puts a JSON output in as an object."""
    values = _values(record, output=output and not embed)
    if embed and output and record.data is not None:
        before = json.dumps({name: values[name] for name in FIELDS[:7]}, ensure_ascii=False)
        after = json.dumps({name: values[name] for name in FIELDS[8:]}, ensure_ascii=False)
        return _utf8(f'{before[:-1]}, "output": ') + record.data.strip() + _utf8(f", {after[1:]}\n")
    return _utf8(json.dumps(values, ensure_ascii=False) + "\n")


def _utf8(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        # What stands for undecodable bytes is no UTF-8 either, but JSON has a way to write it.
        return b"".join((f"\\u{ord(char):04x}" if "\ud800" <= char <= "\udfff" else char).encode() for char in text)


def _values(record: Record, *, output: bool) -> dict[str, Any]:
    return {
        "id": record.id,
        "source": record.source,
        "row": record.row,
        "status": record.status,
        "as_of": record.as_of,
        "as_of_from": record.as_of_from,
        "annotations": record.annotations,
        "output": record.output if output else None,
        "encoding": record.encoding,
        "error": record.error,
        "code": record.code,
    }


def cells(record: Record, what: str) -> dict[str, Any]:
    """Return a record's fields for a container of Unicode text; an error record where they are none.

    A document with bytes in no encoding keeps them as lone surrogates, which JSON can write and others cannot.
    """
    values = _values(record, output=True)
    try:
        for value in values.values():
            if isinstance(value, str) and not value.isascii():
                value.encode()
    except UnicodeEncodeError:
        message = f"holds bytes or half characters that {what} cannot; write JSON Lines or a folder"
        failed = record.failed(message, ExitCode.CANNOT_WRITE)
        values = {
            name: value.encode("utf-8", "backslashreplace").decode() if isinstance(value, str) else value
            for name, value in _values(failed, output=False).items()
        }
    return values


class Table(Container):
    """CSV in UTF-8, with a header, quoted as RFC 4180 has it, and no cell that a spreadsheet would run."""

    name = "csv"

    def head(self) -> bytes:
        """Return the header."""
        return self._rows([FIELDS])

    def encode(self, records: Sequence[Record]) -> bytes:
        """Return one row for each record."""
        return self._rows([_safe(value) for value in cells(one, "CSV").values()] for one in records)

    @staticmethod
    def _rows(rows: Any) -> bytes:
        text = io.StringIO(newline="")
        csv.writer(text).writerows(rows)
        return text.getvalue().encode()


def _safe(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


class Squeezed(Container):
    """Another container, compressed chunk by chunk: the parts of a gzip or Zstandard file may follow each other."""

    def __init__(self, inner: Container, kind: str) -> None:
        """Take the container and ``gz`` or ``zst``."""
        super().__init__(embed=inner.embed)
        self.inner = inner
        self.kind = kind
        self.name = f"{inner.name}.{kind}"
        if kind == "zst":
            zstd()

    def head(self) -> bytes:
        """Return the bytes in front of the first chunk."""
        return self._pressed(self.inner.head())

    def encode(self, records: Sequence[Record]) -> bytes:
        """Return the compressed bytes of one chunk."""
        return self._pressed(self.inner.encode(records))

    def _pressed(self, data: bytes) -> bytes:
        if not data:
            return b""
        if self.kind == "zst":
            pressed: bytes = zstd().compress(data)
            return pressed
        squeeze = zlib.compressobj(6, zlib.DEFLATED, 31)
        return squeeze.compress(data) + squeeze.flush()

    def finish(self, data: str, final: str) -> None:
        """Make the output; one without a document is still a file of its kind."""
        if os.path.getsize(data) == 0:
            with open(data, "wb") as file:
                file.write(zstd().compress(b"") if self.kind == "zst" else zlib.compress(b"", 6, 31))
        super().finish(data, final)


def arrow_schema() -> Any:
    """Return the Arrow schema of records."""
    arrow = pyarrow()
    numbers = {"row": arrow.int64(), "annotations": arrow.int64(), "code": arrow.int64()}
    optional = {"row", "as_of", "as_of_from", "output", "encoding", "error"}
    return arrow.schema(
        [arrow.field(name, numbers.get(name, arrow.string()), nullable=name in optional) for name in FIELDS]
    )


def arrow_batch(records: Sequence[Record]) -> Any:
    """Return records as one Arrow record batch."""
    schema = arrow_schema()
    rows = [cells(record, "Arrow") for record in records]
    columns = [pyarrow().array([row[field.name] for row in rows], field.type) for field in schema]
    return pyarrow().record_batch(columns, schema=schema)


class Columns(Container):
    """Parquet. Chunks are kept as an Arrow stream, which can be appended to, and become Parquet at the end."""

    name = "parquet"

    def __init__(self, *, embed: bool) -> None:
        """Ask for pyarrow. Raises ``MissingExtraError``."""
        super().__init__(embed=embed)
        pyarrow()

    def head(self) -> bytes:
        """Return the stream's schema."""
        head: bytes = arrow_schema().serialize().to_pybytes()
        return head

    def encode(self, records: Sequence[Record]) -> bytes:
        """Return one message of the stream."""
        body: bytes = arrow_batch(records).serialize().to_pybytes()
        return body

    def finish(self, data: str, final: str) -> None:
        """Write the Parquet file."""
        arrow = pyarrow()
        aside = f"{final}.tmp"
        with arrow.OSFile(data, "rb") as file, open(aside, "wb") as out:
            write_parquet(arrow.ipc.open_stream(file), out)
            out.flush()
            os.fsync(out.fileno())
        os.replace(aside, final)
        os.unlink(data)


def write_parquet(batches: Any, out: Any, *, schema: Any = None, measured: str = "output") -> None:
    """Write record batches to a Parquet file; how they were cut does not show in it.

    ``schema`` is theirs, that of records when left out; the column ``measured`` tells how large a row is.
    """
    arrow = pyarrow()
    from pyarrow import parquet

    schema = schema or arrow_schema()
    with parquet.ParquetWriter(out, schema, compression="zstd") as writer:
        for group in _groups(batches, measured):
            writer.write_table(arrow.Table.from_batches(group, schema).combine_chunks())


def _groups(batches: Any, measured: str) -> Iterator[list[Any]]:
    """Yield record batches in groups for row groups; where one ends, its rows alone decide."""
    from pyarrow import compute

    group: list[Any] = []
    rows = size = 0
    for batch in batches:
        start = 0
        for number, length in enumerate(compute.binary_length(batch.column(measured)).to_pylist()):
            rows += 1
            size += length or 0
            if rows >= _GROUP_ROWS or size >= _GROUP_BYTES:
                yield [*group, batch.slice(start, number + 1 - start)]
                group, rows, size, start = [], 0, 0, number + 1
        if start < batch.num_rows:
            group.append(batch.slice(start))
    if group:
        yield group


class Tree(Container):
    """A folder of articles under their own names, and the records in a file beside them.

    ``suffix`` is put after each name, as ``annotate`` does.
    """

    name = "folder"

    def __init__(self, *, embed: bool, suffix: str = "") -> None:
        """Take what is put after names."""
        super().__init__(embed=embed)
        self.suffix = suffix

    def encode(self, records: Sequence[Record]) -> bytes:
        """Return two lines for each record: itself without its output, and the output."""
        return b"".join(
            line(record, embed=False, output=False) + base64.b64encode(record.data or b"") + b"\n" for record in records
        )

    def finish(self, data: str, final: str) -> None:
        """Lay out the articles in a folder."""
        raise NotImplementedError  # needs the names; see `lay_out`

    def lay_out(self, data: str, final: str, places: Iterator[str]) -> None:
        """Write each article that did not fail to its place in the folder ``final``."""
        aside = f"{final}.tmp"
        shutil.rmtree(aside, ignore_errors=True)
        os.makedirs(aside)
        with open(data, "rb") as file, open(os.path.join(aside, INDEX), "wb") as index:
            for place in places:
                record, content = file.readline(), file.readline()
                index.write(record)
                if json.loads(record)["status"] == "ok":
                    path = os.path.join(aside, *place.split("/")) + self.suffix
                    os.makedirs(os.path.dirname(path), exist_ok=True)
                    with open(path, "wb") as out:
                        out.write(base64.b64decode(content))
            index.flush()
            os.fsync(index.fileno())
        os.replace(aside, final)
        os.unlink(data)


_ENDINGS: dict[str, type[Container]] = {
    ".jsonl": Lines, ".ndjson": Lines, ".csv": Table, ".parquet": Columns, ".pq": Columns,
}  # fmt: skip


def ending_of(output: str) -> tuple[str, str]:
    """Return the ending of an output's name that tells its form, and how it is compressed: ``gz``, ``zst`` or not.

    >>> ending_of("notes.JSONL.gz"), ending_of("notes.csv")
    (('.jsonl', 'gz'), ('.csv', ''))
    """
    stem, ending = os.path.splitext(output.lower())
    if ending in {".gz", ".zst"}:
        return os.path.splitext(stem)[1], ending[1:]
    return ending, ""


def container_for(output: str, *, embed: bool, suffix: str) -> Container:
    """Return the container that the name of an output asks for. Raises ``UsageError``, ``MissingExtraError``."""
    ending, squeezed = ending_of(output)
    if ending == ".xlsx":
        raise UsageError(f"{output}: a workbook holds a table of hits; add --rows hits")
    if ending in _ENDINGS and not output.endswith(("/", os.sep)):
        found = _ENDINGS[ending](embed=embed)
        if squeezed and ending in {".parquet", ".pq"}:
            raise UsageError(f"{output}: Parquet is compressed already; leave out .{squeezed}")
        return Squeezed(found, squeezed) if squeezed else found
    if ending and not output.endswith(("/", os.sep)) and not os.path.isdir(output):
        known = ", ".join(sorted(_ENDINGS))
        raise UsageError(f"{output}: -o names a folder, or a file in {known} (the first three may end in .gz or .zst)")
    return Tree(embed=embed, suffix=suffix)
