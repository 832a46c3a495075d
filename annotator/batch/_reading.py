"""Where the documents of a batch come from: folders, JSON Lines, CSV, Parquet, web archives.

Every reader streams: it gives one item after another and holds no more than one document. What is wrong with
one document becomes an item of its own, so that items and records always go one to one.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import os
import sys
import zlib
from dataclasses import replace
from typing import IO, TYPE_CHECKING, Any

from ..errors import InputError, UsageError
from ..reading import format_of
from ..reading.decoding import marked, unmarked
from ._codings import codings_of
from ._extras import missing, pyarrow, zstd
from ._records import ID_COLUMN, LONGEST, TEXT_COLUMNS, Columns, Item, text_of, too_long
from ._writing import INDEX

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

_LOOKED_AT = 100
_PLAIN = (".txt", ".text", "")
_KINDS = {
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl", ".csv": "csv", ".tsv": "csv", ".parquet": "parquet",
    ".pq": "parquet", ".warc": "warc", ".wet": "warc",
}  # fmt: skip
_DELIMITERS = (",", ";", "\t", "|")
_TEXT_TYPES = {"text/html": "html", "application/xhtml+xml": "html", "text/plain": "text", "text/markdown": "markdown"}


class Source:
    """One file of documents, or one article.

    ``name`` is what records call it, ``path`` where it is, ``kind`` how it is read, ``place`` where its article
    goes in a folder. ``read`` is how many of its bytes have been read so far.
    """

    __slots__ = ("columns", "kind", "modified", "name", "path", "place", "read", "size")

    def __init__(self, path: str, kind: str, place: str) -> None:
        """Look at a file. Raises ``InputError`` when it is not there."""
        self.path = path
        self.name = path.replace(os.sep, "/")
        self.kind = kind
        self.place = place
        self.columns = Columns()
        self.read = 0
        try:
            status = os.stat(path)
        except OSError as error:
            gone = (
                f"is a link to {os.path.realpath(path)}, which is not there" if os.path.islink(path) else "no such file"
            )
            what = gone if isinstance(error, FileNotFoundError) else f"cannot be read: {error.strerror or error}"
            raise InputError(f"{path}: {what}") from None
        self.size = status.st_size
        self.modified = status.st_mtime_ns


class Reader:
    """All sources of a run, in order."""

    def __init__(
        self, inputs: Sequence[str], columns: Columns, *, encoding: str | None = None, output: str | None = None
    ) -> None:
        """Find out what the inputs are and which columns they have, without reading more than their heads.

        ``output`` is where the run writes; it is never read. Raises ``InputError`` and ``UsageError``.
        """
        self.encoding = encoding
        self.skipped = self.links = 0
        self._finished = 0
        self._current: Source | None = None
        self.sources: list[Source] = []
        own = set() if output is None else {os.path.realpath(path) for path in (output, f"{output}.partial")}
        for path in inputs:
            if os.path.isdir(path):
                self._walk(path, own)
            else:
                self.sources.append(Source(path, kind_of(path) or "file", os.path.basename(path)))
        if not self.sources:
            raise InputError(f"{inputs[0]}: nothing to read; its files are of no format that is known")
        first = columns
        for source in self.sources:
            source.columns = _columns_of(source, first, encoding)
            if first.text is None and source.columns.text is not None and source.kind in {"jsonl", "csv", "parquet"}:
                first = replace(columns, text=source.columns.text)
        self.columns = replace(columns, text=first.text, id=columns.id or ID_COLUMN)
        self.size = sum(source.size for source in self.sources)

    def _walk(self, top: str, own: set[str]) -> None:
        """Find the files of a folder; ``own`` is where the run writes. What a link leads to outside is not read."""
        found: list[tuple[tuple[str, ...], str]] = []
        within = os.path.join(os.path.realpath(top), "")
        for folder, folders, names in os.walk(top):
            folders[:] = [name for name in folders if self._enters(os.path.join(folder, name), name, within, own)]
            relative = os.path.relpath(folder, top)
            parts = () if relative == os.curdir else tuple(relative.split(os.sep))
            for name in names:
                path = os.path.join(folder, name)
                if name.startswith(".") or name == INDEX:
                    continue
                real = os.path.realpath(path)
                if real in own or not os.path.isfile(path):
                    self.links += os.path.islink(path) and real not in own  # it leads nowhere, or to no file
                    continue
                if not real.startswith(within):
                    self.links += 1
                    continue
                if kind_of(name) in {None, "json"}:
                    self.skipped += 1
                else:
                    found.append(((*parts, name), path))
        for parts, path in sorted(found):
            self.sources.append(Source(path, kind_of(path) or "file", "/".join(parts)))

    def _enters(self, path: str, name: str, within: str, own: set[str]) -> bool:
        """Tell whether a folder in a folder is looked into; links to folders are not, wherever they lead."""
        if name.startswith(".") or name.endswith(".partial"):
            return False
        real = os.path.realpath(path)
        inside = os.path.join(real, "").startswith(within)
        if real in own or os.path.islink(path) or not inside:  # the latter may be Windows' own kind of links
            self.links += not inside and real not in own
            return False
        return True

    @property
    def state(self) -> list[list[Any]]:
        """What tells whether the inputs are still the same: the name, size and time of each."""
        return [[source.name, source.size, source.modified] for source in self.sources]

    @property
    def consumed(self) -> int:
        """How many bytes have been read."""
        return self._finished + (self._current.read if self._current is not None else 0)

    def types(self, names: Sequence[str]) -> list[Any]:
        """Return the Arrow types of columns where every input is Parquet, else none."""
        if any(source.kind != "parquet" for source in self.sources):
            return []
        from ._hits import kept_types

        schemas = []
        for source in self.sources:
            with parquet_file(source.path) as file:
                schemas.append(file.schema_arrow)
        return kept_types(schemas, names)

    def items(self) -> Iterator[Item]:
        """Yield every document. Raises ``InputError`` where a file can no longer be read at all."""
        for source in self.sources:
            self._current = source
            try:
                yield from _READERS[source.kind](source, self.encoding)
            except OSError as error:
                raise InputError(f"{source.path}: cannot be read: {error.strerror or error}") from None
            self._finished += source.size
            self._current = None


def kind_of(path: str) -> str | None:
    """Return how a file is read by its name; ``None`` for one that is of no known format.

    >>> kind_of("a.jsonl.gz"), kind_of("CC-MAIN-1.warc.wet.gz"), kind_of("story.md"), kind_of("photo.jpg")
    ('jsonl', 'warc', 'file', None)
    """
    stem, ending = os.path.splitext(os.path.basename(path).lower())
    if ending in {".gz", ".zst"}:
        ending = os.path.splitext(stem)[1]
        return _KINDS.get(ending) if ending not in {".parquet", ".pq"} else None
    if ending in _KINDS:
        return _KINDS[ending]
    return "file" if ending in _PLAIN or format_of(path) != format_of(None) else None


# -- bytes -----------------------------------------------------------------------------------------


def _damage() -> tuple[type[Exception], ...]:
    """Return what a decompressor raises for data that is damaged or cut short."""
    from gzip import BadGzipFile

    faults: tuple[type[Exception], ...] = (EOFError, BadGzipFile, zlib.error)
    module = sys.modules.get("compression.zstd") or sys.modules.get("backports.zstd")
    return (*faults, module.ZstdError) if module is not None else faults


class _Counted(io.RawIOBase):
    """A file that tells its source how much of it has been read."""

    def __init__(self, source: Source) -> None:
        super().__init__()
        self._file = open(source.path, "rb", buffering=0)  # noqa: SIM115 - closed below
        self._source = source

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        count = self._file.readinto(buffer)
        self._source.read += count
        return count

    def close(self) -> None:
        self._file.close()
        super().close()


class _Inflated(io.RawIOBase):
    """A compressed file's content, up to where it is sound; ``damage`` says what is wrong behind that."""

    def __init__(self, stream: Any) -> None:
        super().__init__()
        self._stream = stream
        self.damage: Exception | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self.damage is not None:
            return 0
        try:
            data = self._stream.read1(len(buffer))
        except _damage() as error:
            self.damage = error
            return 0
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()


class _File(io.BufferedReader):
    """A file of documents, decompressed."""

    @property
    def damage(self) -> Exception | None:
        """What is wrong with the file where reading it has ended."""
        return getattr(self.raw, "damage", None)


def _opened(source: Source) -> _File:
    """Open a file, decompressed. Raises ``OSError``, ``MissingExtraError``."""
    raw = _Counted(source)
    name = source.path.lower()
    if name.endswith(".gz"):
        import gzip

        return _File(_Inflated(gzip.GzipFile(fileobj=raw, mode="rb")), 1 << 18)
    if name.endswith(".zst"):
        return _File(_Inflated(zstd().ZstdFile(raw)), 1 << 18)
    return _File(raw, 1 << 18)


class _Recoded(io.RawIOBase):
    """The text of a file in UTF-16 or UTF-32, as UTF-8: so one line end looks like another to whoever reads it."""

    def __init__(self, file: _File, encoding: str) -> None:
        super().__init__()
        self._file = file
        self._decoder = codecs.getincrementaldecoder(encoding)("surrogatepass")
        self._rest = b""
        self._fault: Exception | None = None
        self._ended = False

    @property
    def damage(self) -> Exception | None:
        return self._fault or self._file.damage

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest and not self._ended:
            data = self._file.read1(1 << 16)
            self._ended = not data
            try:
                self._rest = self._decoder.decode(data, final=self._ended).encode("utf-8", "surrogatepass")
            except UnicodeDecodeError as error:
                self._fault, self._ended = error, True
        part = self._rest[: len(buffer)]
        buffer[: len(part)] = part
        self._rest = self._rest[len(part) :]
        return len(part)

    def close(self) -> None:
        self._file.close()
        super().close()


_LOOK = 4096


def _opened_text(source: Source, encoding: str | None = None) -> tuple[_File, str | None]:
    """Open a file of text; return it and its encoding: the one asked for unless the file itself says another.

    Files with a byte-order mark, and those in UTF-16 or UTF-32, come as UTF-8 without one; ``None`` stands for that
    too. Raises as `_opened`.
    """
    with _opened(source) as file:
        head = file.read(_LOOK)
    source.read = 0
    mark = marked(head)
    skip, found = (len(mark[0]), mark[1]) if mark is not None else (0, unmarked(head) or encoding)
    try:
        name = codecs.lookup(found).name if found is not None else "utf-8"
    except LookupError:
        raise UsageError(f"--encoding: unknown encoding {encoding!r}") from None
    file = _opened(source)
    file.read(skip)
    if name.startswith(("utf-16", "utf-32")):
        file = _File(_Recoded(file, name), 1 << 18)
    elif not name.startswith("utf-8"):
        return file, found
    return file, None


def _fault(error: Exception, source: Source) -> str:
    """Say in a line what is wrong with a damaged file."""
    if isinstance(error, UnicodeDecodeError):
        where = f"not {error.encoding} ({error.reason})"
        return f"{where}; what came before this place was read"
    if isinstance(error, EOFError):
        return "the file is cut short; what came before this place was read"
    kind = "gzip" if source.path.lower().endswith(".gz") else "Zstandard"
    return f"damaged {kind} data ({error}); what came before this place was read"


# -- articles --------------------------------------------------------------------------------------


def _article(source: Source, _encoding: str | None) -> Iterator[Item]:
    yield Item(source.name, None, "file", source.path, size=source.size)


# -- JSON Lines ------------------------------------------------------------------------------------


def _bounded(file: IO[bytes]) -> Iterator[bytes | None]:
    """Yield lines; ``None`` for one that is longer than any document may be, which is never held."""
    while line := file.readline(LONGEST + 1):
        if len(line) <= LONGEST:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = file.readline(1 << 20)
        yield None


def _lines(source: Source, _encoding: str | None) -> Iterator[Item]:
    number = 0
    with _opened_text(source)[0] as file:
        for line in _bounded(file):
            if file.damage is not None and not (line or b"").endswith(b"\n"):
                break
            number += 1
            if line is None:
                yield Item(source.name, number, "problem", f"a line {too_long()}")
                continue
            if not line.isspace():
                yield Item(source.name, number, "json", line)
        if file.damage is not None:
            yield Item(source.name, number + 1, "problem", _fault(file.damage, source))


def _line_columns(source: Source, columns: Columns, _encoding: str | None) -> Columns:
    names: dict[str, None] = {}
    with _opened_text(source)[0] as file:
        for number, line in enumerate(_bounded(file)):
            if number == 0 and line is not None and line.lstrip(b" \t").startswith(b"["):
                raise InputError(f"{source.path}:1: is a JSON array; write its elements as lines")
            if number == _LOOKED_AT:
                break
            try:
                value = json.loads(line or b"")
            except (ValueError, RecursionError):
                continue
            if isinstance(value, dict):
                names.update(dict.fromkeys(value))
        if file.damage is not None and not names:
            raise InputError(f"{source.path}: {_fault(file.damage, source)}")
    source.read = 0
    if names:
        return columns.among(list(names), source.path)
    return replace(columns, text=columns.text or TEXT_COLUMNS[0], id=columns.id or ID_COLUMN)


# -- CSV -------------------------------------------------------------------------------------------


def _text_lines(file: _File, encoding: str | None) -> Iterator[str]:
    """Yield lines with their ends; what the encoding cannot decode stays as lone surrogates."""
    try:
        text = io.TextIOWrapper(file, encoding or "utf-8", errors="surrogateescape", newline="")
    except LookupError:  # such as rot13, which is none of text
        raise UsageError(f"--encoding: unknown encoding {encoding!r}") from None
    while line := text.readline(LONGEST + 1):
        if len(line) > LONGEST:
            raise csv.Error(too_long())
        if file.damage is not None and not line.endswith(("\n", "\r")):
            break
        yield line
    text.detach()  # or it would close the file


def _delimiter(head: list[str], columns: Columns, path: str) -> str:
    """Return the delimiter under which the header names the columns that are wanted."""
    if os.path.splitext(path.lower().removesuffix(".gz").removesuffix(".zst"))[1] == ".tsv":
        return "\t"
    wanted = (columns.text,) if columns.text else TEXT_COLUMNS
    for delimiter in _DELIMITERS:
        names = next(csv.reader(head, delimiter=delimiter), [])
        if any(name in names for name in wanted):
            return delimiter
    return _DELIMITERS[0]


def _csv_columns(source: Source, columns: Columns, encoding: str | None) -> Columns:
    names, _ = _header(source, columns, encoding)
    source.read = 0
    return columns.among(names, source.path)


def _header(source: Source, columns: Columns, encoding: str | None) -> tuple[list[str], str]:
    head: list[str] = []
    file, encoding = _opened_text(source, encoding)
    with file:
        try:
            for line in _text_lines(file, encoding):
                head.append(line)
                if sum(one.count('"') for one in head) % 2 == 0 or len(head) == _LOOKED_AT:
                    break
        except csv.Error as error:
            raise InputError(f"{source.path}:1: not CSV: {error}") from None
        if file.damage is not None and not head:
            raise InputError(f"{source.path}: {_fault(file.damage, source)}")
    if not head:
        raise InputError(f"{source.path}: is empty; a CSV file begins with a line of column names")
    delimiter = _delimiter(head, columns, source.path)
    try:
        names = next(csv.reader(head, delimiter=delimiter), [])
    except csv.Error as error:
        raise InputError(f"{source.path}:1: not CSV: {error}") from None
    return names, delimiter


def _csv_rows(source: Source, encoding: str | None) -> Iterator[Item]:
    columns = source.columns
    names, delimiter = _header(source, columns, encoding)
    source.read = 0
    # One setting for the whole process; ours is as large as any that a caller may have needed.
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST))
    text = names.index(columns.text or "")
    identifier = names.index(columns.id) if columns.id is not None else -1
    date = names.index(columns.date) if columns.date is not None else -1
    title = names.index(columns.title) if columns.title is not None else -1
    keep = [names.index(name) for name in columns.keep]
    row = 0
    file, encoding = _opened_text(source, encoding)
    with file:
        rows = csv.reader(_text_lines(file, encoding), delimiter=delimiter)
        try:
            next(rows, None)
            for cells in rows:
                if not cells:
                    continue
                row += 1
                if len(cells) != len(names):
                    fault = f"row of {len(cells)} cells under {len(names)} columns; line {rows.line_num}"
                    yield Item(source.name, row, "problem", fault)
                    continue
                yield Item(
                    source.name,
                    row,
                    "text",
                    _cell(cells[text], encoding),
                    id=cells[identifier] if identifier >= 0 and cells[identifier] else None,
                    date=cells[date] if date >= 0 else None,
                    title=cells[title] if title >= 0 else None,
                    kept=tuple(cells[place] for place in keep),
                )
        except csv.Error as error:
            # Behind a field that was never closed no row can be told from another.
            fault = f"not CSV behind line {rows.line_num}: {error}; the rest of the file was not read"
            yield Item(source.name, row + 1, "problem", fault)
        else:
            if file.damage is not None:
                yield Item(source.name, row + 1, "problem", _fault(file.damage, source))


def _cell(text: str, encoding: str | None) -> str | bytes:
    """Return a cell's text; its bytes where they are not in the file's encoding."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode(encoding or "utf-8", "surrogateescape")
    return text


# -- Parquet ---------------------------------------------------------------------------------------


def parquet_file(path: str) -> Any:
    """Open a Parquet file. Raises ``InputError``, ``MissingExtraError``."""
    arrow = pyarrow()
    from pyarrow import parquet

    try:
        return parquet.ParquetFile(path, pre_buffer=False)
    except FileNotFoundError:
        raise InputError(f"{path}: no such file") from None
    except (arrow.ArrowException, OSError) as error:
        raise InputError(f"{path}: not a Parquet file, or one cut short: {' '.join(str(error).split())}") from None


def _parquet_columns(source: Source, columns: Columns, _encoding: str | None) -> Columns:
    with parquet_file(source.path) as file:
        return columns.among(list(file.schema_arrow.names), source.path)


def _parquet_rows(source: Source, _encoding: str | None) -> Iterator[Item]:
    columns = source.columns
    with parquet_file(source.path) as file:
        total = file.metadata.num_rows
        row = 1
        for group in range(file.num_row_groups):
            for items in group_items(file, group, columns, source.name, row):
                yield from items
                source.read = source.size * (items[-1].row or row) // max(total, 1) if items else source.read
            row += file.metadata.row_group(group).num_rows


def group_items(file: Any, group: int, columns: Columns, name: str, first: int) -> Iterator[list[Item]]:
    """Yield the documents of one row group of a Parquet file, some at a time; ``first`` is its first row."""
    arrow = pyarrow()
    every = (columns.text, columns.id, columns.date, columns.title, *columns.keep)
    wanted = [column for column in dict.fromkeys(every) if column is not None]
    row = first
    try:
        for batch in file.iter_batches(batch_size=256, row_groups=[group], columns=wanted):
            yield list(batch_items(batch, columns, name, row))
            row += batch.num_rows
    except (arrow.ArrowException, OSError) as error:
        fault = f"damaged Parquet data ({' '.join(str(error).split())}); the rest of its row group was not read"
        yield [Item(name, row, "problem", fault)]


def batch_items(batch: Any, columns: Columns, name: str, first: int | None) -> Iterator[Item]:
    """Yield the documents of an Arrow record batch; ``first`` is the number of its first row, if rows count."""
    texts = _values(batch.column(columns.text))
    nothing = [None] * batch.num_rows

    def of(column: str | None) -> list[Any]:
        return nothing if column is None else _values(batch.column(column))

    identifiers, dates, titles = of(columns.id), of(columns.date), of(columns.title)
    kept: Iterable[tuple[Any, ...]] = [()] * batch.num_rows
    if columns.keep:
        kept = zip(*map(of, columns.keep), strict=True)
    every = zip(texts, identifiers, dates, titles, kept, strict=True)
    for number, (text, identifier, date, title, own) in enumerate(every, first or 0):
        row = number if first is not None else None
        known = None if identifier is None else text_of(_decoded(identifier))
        item = Item(name, row, "text", b"", known, text_of(_decoded(date)), title=text_of(_decoded(title)), kept=own)
        if isinstance(text, (str, bytes)):
            yield item._replace(data=text)
        elif text is None or text != text:  # noqa: PLR0124 - as only NaN is, which some have for a null
            yield item._replace(kind="null", data=columns.text or "")
        else:
            yield item._replace(kind="problem", data=f"column {columns.text!r} is no text", date=None)


def _values(column: Any) -> list[Any]:
    try:
        found: list[Any] = column.to_pylist()
    except UnicodeDecodeError:  # a column of text may hold any bytes: nobody has checked
        found = column.cast(pyarrow().binary(), safe=False).to_pylist()
    return found


def _decoded(value: Any) -> Any:
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else value


# -- web archives ----------------------------------------------------------------------------------


def _archive_columns(source: Source, columns: Columns, _encoding: str | None) -> Columns:
    _warcio()
    if columns.text is not None:
        raise UsageError(f"{source.path}: a web archive has no columns; leave out --text-column")
    return replace(columns, id=columns.id or "WARC-Record-ID")


def _warcio() -> Any:
    try:
        from warcio import archiveiterator
    except ImportError:
        raise missing("web archives", "warcio") from None
    return archiveiterator


def _archive(source: Source, _encoding: str | None) -> Iterator[Item]:
    """Yield the pages of a web archive: text conversions, and what servers answered with text."""
    module = _warcio()
    number = 0
    fault = ""
    with _opened(source) as file:
        try:
            for record in module.ArchiveIterator(file):
                number += 1
                item = _page(record, source, number)
                _drain(record)
                if item is not None:
                    yield item
            if file.damage is not None:
                fault = _fault(file.damage, source)
        except OSError:
            raise
        except EOFError as error:
            fault = _fault(file.damage or error, source)
        except Exception as error:  # noqa: BLE001 - the library has no one name for what it finds wrong
            what = " ".join(f"{error or type(error).__name__}".split())
            fault = f"not a WARC record ({what[:200]}); what came before this place was read"
    if fault:
        yield Item(source.name, max(number, 1), "problem", fault)


def _drain(record: Any) -> None:
    """Read a record to its end. Raises ``EOFError`` when the file ends before it."""
    stream = record.raw_stream
    while stream.read(1 << 20):
        pass
    if record.rec_headers.get_header("Content-Length") is None or getattr(stream, "limit", 0) > 0:
        raise EOFError


def _page(record: Any, source: Source, number: int) -> Item | None:
    headers = record.rec_headers
    if record.rec_type not in {"conversion", "response", "resource"}:
        return None
    about = record.http_headers if record.http_headers is not None else headers
    if record.http_headers is not None and not str(record.http_headers.get_statuscode()).startswith("2"):
        return None
    media, _, rest = (about.get_header("Content-Type") or "").partition(";")
    form = _TEXT_TYPES.get(media.strip().lower())
    if form is None:
        return None
    columns = source.columns
    identifier = headers.get_header(columns.id) if columns.id else None
    date = headers.get_header(columns.date) if columns.date else None
    data = record.raw_stream.read(LONGEST + 1)
    item = Item(source.name, number, "page", data, id=identifier, date=date, format=form, encoding=_charset(rest))
    if columns.title or columns.keep:
        kept = tuple(headers.get_header(name) for name in columns.keep)
        item = item._replace(title=headers.get_header(columns.title) if columns.title else None, kept=kept)
    if len(data) > LONGEST:
        return item._replace(kind="problem", data=f"a page {too_long()}")
    return item._replace(codings=codings_of(about.headers)) if about is not headers else item


def _charset(parameters: str) -> str | None:
    import codecs

    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            try:
                return codecs.lookup(value.strip(" \"'")).name
            except (LookupError, ValueError):
                return None
    return None


_READERS: dict[str, Callable[[Source, str | None], Iterable[Item]]] = {
    "file": _article, "jsonl": _lines, "csv": _csv_rows, "parquet": _parquet_rows, "warc": _archive,
}  # fmt: skip
_COLUMNS: dict[str, Callable[[Source, Columns, str | None], Columns]] = {
    "jsonl": _line_columns, "csv": _csv_columns, "parquet": _parquet_columns, "warc": _archive_columns,
}  # fmt: skip


def _columns_of(source: Source, columns: Columns, encoding: str | None) -> Columns:
    find = _COLUMNS.get(source.kind)
    if find is None and (columns.keep or columns.title):
        option = "--keep" if columns.keep else "--title-column"
        raise UsageError(f"{source.path}: is an article and has no columns; leave out {option}")
    try:
        return columns if find is None else find(source, columns, encoding)
    except OSError as error:
        raise InputError(f"{source.path}: cannot be read: {error.strerror or error}") from None
