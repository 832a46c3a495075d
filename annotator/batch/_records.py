"""From one document to one record: what a batch says about it, the same whatever it is written into.

A record never fails to come: what goes wrong with a document becomes a record that says so.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from ..config import date_of
from ..errors import AnnotatorError, ExitCode, InputError, UnplacedError, UsageError
from ..writing import OUTPUTS
from ._codings import undone

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from ..api import Annotator, Result
    from ..config import Settings

FIELDS = (
    "id", "source", "row", "status", "as_of", "as_of_from", "annotations", "output", "encoding", "error", "code",
)  # fmt: skip

# The columns that are taken for the text where none is named, the first that there is; and the one for the id.
TEXT_COLUMNS = ("text", "body", "content", "article", "article_text", "full_text", "maintext", "raw_text")
ID_COLUMN = "id"
TITLE_COLUMNS = ("title", "headline")

# What an output holds: a record for each document, or a row for each hit.
ROWS = ("documents", "hits")

# What a null is where a text should be: an article without words, or a fault.
NULL_TEXTS = ("empty", "error")

# A document longer than this, in bytes, is an error record: what it takes to annotate one is many times its size.
LONGEST = 64 << 20


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns hold the text, the id and the date; ``None`` where there is none, or nobody has said.

    For a table of hits (``titled``) also the one of the title, and in ``keep`` those that are carried into it.
    """

    text: str | None = None
    id: str | None = None
    date: str | None = None
    title: str | None = None
    keep: tuple[str, ...] = ()
    titled: bool = False

    def among(self, names: Sequence[str], where: str) -> Columns:
        """Return the columns of a file that has these. Raises ``UsageError`` naming them all."""
        text = self.text if self.text is not None else next((name for name in TEXT_COLUMNS if name in names), None)
        wanted = [("--text-column", text), ("--id-column", self.id), ("--date-column", self.date)]
        wanted += [("--title-column", self.title), *(("--keep", name) for name in self.keep)]
        for option, name in wanted:
            if name is not None and name not in names:
                raise UsageError(f"{where}: no column {name!r} ({option}); {_listed(names)}")
        if text is None:
            raise UsageError(f"{where}: which column holds the text? name it with --text-column; {_listed(names)}")
        chosen = self.id if self.id is not None else (ID_COLUMN if ID_COLUMN in names else None)
        return replace(self, text=text, id=chosen, title=self.title_among(names))

    def title_among(self, names: Container[str]) -> str | None:
        """Return the column of the title of a document that has these, where one is wanted."""
        if self.title is not None or not self.titled:
            return self.title
        return next((name for name in TITLE_COLUMNS if name in names), None)


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:30]) + (" …" if len(names) > 30 else "")  # one line
    return f"its columns: {shown}" if names else "it has no columns"


class Item(NamedTuple):
    """One document on its way to a worker.

    ``kind`` says what ``data`` is: ``text`` (a string, or bytes still to be decoded), ``null`` (the column whose
    cell is null), ``json`` (a line of JSON Lines), ``page`` (bytes as a server sent them, with the ``codings`` of
    HTTP that it named), ``file`` (a path to be opened; ``size`` is the file's) or ``problem`` (what is wrong with the
    document, for its record). ``title`` and ``kept``, the values of the columns that are kept, are for tables of hits.
    """

    source: str
    row: int | None
    kind: str
    data: str | bytes
    id: str | None = None
    date: str | None = None
    format: str | None = None
    encoding: str | None = None
    size: int = 0
    codings: tuple[str, ...] = ()
    title: str | None = None
    kept: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """What came of one document; the fields are those of ``schema/batch-1.json``.

    ``data`` holds the output's bytes as `Result.render_bytes` gave them, ``size`` is the document's bytes and
    ``claims`` how many claims are contradicted, ``imprecise`` how many are only that, and ``unplaced`` how many
    annotations found no safe place in the document; these five are for the run itself. For a table of hits there are
    ``hits`` (rows of `Result.rows`) instead of ``data``, and the document's ``title``, ``date`` and ``kept`` columns.
    """

    id: str
    source: str
    row: int | None
    as_of: str | None = None
    as_of_from: str | None = None
    annotations: int = 0
    data: bytes | None = None
    encoding: str | None = None
    errors: str = "strict"
    error: str | None = None
    code: int = 0
    size: int = 0
    claims: int = 0
    imprecise: int = 0
    unplaced: int = 0
    hits: tuple[dict[str, Any], ...] = ()
    title: str | None = None
    date: str | None = None
    kept: tuple[Any, ...] = ()

    @property
    def status(self) -> str:
        """``ok`` or ``error``."""
        return "error" if self.code else "ok"

    @property
    def output(self) -> str | None:
        """The output as text; Base64 where it is none (``encoding`` says which)."""
        if self.data is None:
            return None
        if self.encoding == "base64":
            from base64 import b64encode  # few outputs are no text

            return b64encode(self.data).decode("ascii")
        return self.data.decode(self.encoding or "ascii", self.errors)

    def failed(self, message: str, code: int) -> Record:
        """Return the record of the same document when something went wrong with it."""
        failed = Record(self.id, self.source, self.row, error=message, code=int(code), size=self.size)
        return replace(failed, title=self.title, kept=self.kept) if self.title or self.kept else failed


@dataclass(frozen=True, slots=True)
class Work:
    """All that decides what the records of a run hold, beside the documents; travels to the workers.

    ``settings``, ``output`` and ``style`` are those of `annotate`; ``today`` is the day on which the run began, so
    that a run that is resumed on another day ends the same. ``digest`` names the rules and lists that the workers
    must have. With ``strict`` a document is an error where a note finds no safe place in it. ``null_text``, one of
    `NULL_TEXTS`, says what a null is where a text should be. ``rows`` is one of `ROWS`.
    """

    settings: Settings
    today: str
    output: str | None = None
    style: str = ""
    input_format: str | None = None
    columns: Columns = field(default_factory=Columns)
    digest: str | None = None
    strict: bool = False
    null_text: str = NULL_TEXTS[0]
    rows: str = ROWS[0]


def name_of(item: Item) -> str:
    """Return the id of a document that brings none: its file, with the row where there is one."""
    if item.id is not None:
        return item.id
    return item.source if item.row is None else f"{item.source}:{item.row}"


def text_of(value: Any) -> str | None:
    """Return an id or a date as text: strings as they are, dates in ISO form, ``None`` for nothing."""
    if value is None or isinstance(value, str):
        return value
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return str(value) if isinstance(value, int) else json.dumps(value, sort_keys=True, default=str)


def day_of(given: str | None) -> str | None:
    """Return the day of a date column's cell as ``YYYY-MM-DD``, ``None`` for an empty one.

    Takes ISO dates and times, and the date of a mail header. Raises ``InputError`` for anything else: notes as
    of a guessed day would be wrong ones.
    """
    if given is None or not given.strip():
        return None
    import datetime

    text = given.strip()
    try:
        return datetime.datetime.fromisoformat(text).date().isoformat()
    except ValueError:
        pass
    try:
        from email.utils import parsedate_to_datetime  # few dates come to this

        return parsedate_to_datetime(text).date().isoformat()
    except (ValueError, TypeError, IndexError):
        pass
    try:
        date_of(text)
    except UsageError as error:
        raise InputError(f"date: {error}") from None
    raise InputError(f"date: {text!r} is not a date; write it as YYYY-MM-DD")


def _unpacked(item: Item, work: Work) -> Item:
    """Turn a line of JSON Lines, or the path of a file, into the document itself. Raises ``InputError``."""
    if item.kind == "file":
        return item._replace(kind="text", data=_bytes_of(item.data))
    if item.kind == "problem":
        raise InputError(str(item.data))
    if item.kind == "text":
        return item
    if item.kind == "page" and isinstance(item.data, bytes):
        return item._replace(kind="text", data=undone(item.data, item.codings, LONGEST, item.encoding))
    if item.kind == "null":
        return _empty(item, f"column {item.data!r}", work)
    line = item.data.encode() if isinstance(item.data, str) else item.data
    try:
        value = json.loads(line.rstrip(b"\r\n"))  # or a fault would be told of the line's end
    except UnicodeDecodeError as error:
        raise InputError(f"not UTF-8 at byte {error.start + 1} of the line") from None
    except RecursionError:
        raise InputError("not JSON that can be read: nested too deeply") from None
    except ValueError as error:
        raise InputError(f"not JSON: {_json_fault(error)}") from None
    if not isinstance(value, dict):
        raise InputError("not a JSON object; each line is {…} with a field that holds the text")
    columns = work.columns
    column = columns.text or TEXT_COLUMNS[0]
    item = item._replace(
        id=text_of(value.get(columns.id)) if columns.id else None,
        date=text_of(value.get(columns.date)) if columns.date else None,
    )
    if columns.titled or columns.keep:
        title = columns.title_among(value)
        item = item._replace(
            title=text_of(value.get(title)) if title else None, kept=tuple(value.get(name) for name in columns.keep)
        )
    text = value.get(column)
    # NaN is no JSON, but Python writes it, and pandas has it where a text is missing.
    if column in value and (text is None or text != text):  # noqa: PLR0124 - as only NaN is
        return _empty(item, f"field {column!r}", work)
    if not isinstance(text, str):
        fault = f"field {column!r} is no text" if column in value else f"no field {column!r}{_those(value)}"
        raise _FieldError(fault, item)
    return item._replace(kind="text", data=text)


def _json_fault(error: ValueError) -> str:
    """Say in a line what is wrong with a line of JSON, and in which column."""
    if isinstance(error, json.JSONDecodeError):
        what = error.msg.rstrip(": ").removesuffix(" at")  # some of Python's own messages end so
        return f"{what} at column {error.colno}"
    if "set_int_max_str_digits" in str(error):
        return "a number of more than 4,300 digits; write it as a string"
    return str(error)


def _empty(item: Item, place: str, work: Work) -> Item:
    """Return the document that a null stands for. Raises ``InputError`` where it is to be a fault."""
    if work.null_text != NULL_TEXTS[0]:
        raise _FieldError(f"{place} is null (--null-text {work.null_text})", item)
    return item._replace(kind="text", data="")


class _FieldError(InputError):
    """A line without the text: its record still has the id that the line gives."""

    def __init__(self, message: str, item: Item) -> None:
        super().__init__(message)
        self.item = item


def _those(value: dict[str, Any]) -> str:
    names = ", ".join(list(value)[:12])
    return f"; there is {names}" if names else "; the object is empty"


def _bytes_of(path: str | bytes) -> bytes:
    try:
        with open(path, "rb") as file:
            data = file.read(LONGEST + 1)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}") from None
    if len(data) > LONGEST:
        raise InputError(too_long())
    return data


def too_long() -> str:
    """Return what the record of an overlong document says."""
    return f"longer than {LONGEST >> 20} MB; split it"


def make(annotator: Annotator, item: Item, work: Work) -> Record:
    """Annotate one document and return its record, whatever befalls."""
    blank = _blank(item)
    path = item.source if item.kind == "file" else None
    try:
        item = _unpacked(item, work)
        blank = _blank(item, _size(item.data))
        if blank.size > LONGEST:
            return blank.failed(too_long(), ExitCode.BAD_INPUT)
        result = _annotated(annotator, item, work, path)
        if work.rows == "hits":
            return _of_hits(blank, result, day_of(item.date))
        data = result.render_bytes(work.output, style=work.style, detail=work.settings.detail)
        if work.strict and result.unplaced:
            from ..api import unplaced_words  # few documents have any

            raise UnplacedError(f"{unplaced_words(result)}; mend it, or use --output json")
        return _filled(blank, result, data, work.output)
    except AnnotatorError as error:
        if isinstance(error, _FieldError):
            blank = _blank(error.item)
        return blank.failed(" ".join(str(error).split()), error.exit_code)
    except MemoryError:
        return blank.failed("not enough memory", ExitCode.INTERNAL)
    except Exception as error:  # noqa: BLE001 - the other documents are to be done whatever befell this one
        what = " ".join(f"{type(error).__name__}: {error}".split())
        return blank.failed(f"internal error: {what}; please report it", ExitCode.INTERNAL)


def killed_record(item: Item) -> Record:
    """Return the record of a document that kills whoever is at it."""
    message = "a worker process was killed while it was at this document; was there enough memory?"
    return _blank(item).failed(message, ExitCode.INTERNAL)


def _blank(item: Item, size: int = 0) -> Record:
    """Return the record of a document of which nothing has come yet."""
    made = Record(name_of(item), item.source, item.row, size=size)
    return replace(made, title=item.title, kept=item.kept) if item.title or item.kept else made


def _of_hits(blank: Record, result: Result, given: str | None) -> Record:
    """Return the record of a document for a table of hits; ``given`` is the day of its date column."""
    from ..tabulating import heading

    hits = result.rows()
    return replace(
        blank,
        as_of=result.as_of,
        as_of_from=result.as_of_from,
        annotations=len(result.annotations),
        claims=sum(one.grade == "contradicted" for one in result.annotations),
        imprecise=sum(one.grade == "imprecise" for one in result.annotations),
        hits=tuple(hits),
        title=blank.title or heading(result.document, result.annotations, result.rulebook) or None,
        date=given or (result.document.dated.date if hits else None),
    )


def make_all(annotator: Annotator, items: Iterable[Item], work: Work) -> list[Record]:
    """Return the record of each document, in order."""
    return [make(annotator, item, work) for item in items]


def _size(data: str | bytes) -> int:
    if isinstance(data, bytes) or data.isascii():
        return len(data)
    return len(data.encode("utf-8", "surrogatepass"))


def _annotated(annotator: Annotator, item: Item, work: Work, path: str | None) -> Result:
    settings = work.settings
    given = day_of(item.date) or settings.as_of
    options = replace(
        settings.options(item.format or work.input_format),
        as_of=given,
        encoding=None if isinstance(item.data, str) else item.encoding or settings.encoding,
    )
    result = annotator.annotate(item.data, path=path, id=name_of(item), options=options)
    if result.as_of_from.startswith("today") and result.as_of != work.today:  # the run began on another day
        today = annotator.annotate(item.data, path=path, id=name_of(item), options=replace(options, as_of=work.today))
        result = replace(today, as_of_from=result.as_of_from)
    return result


def _filled(blank: Record, result: Result, data: bytes, output: str | None) -> Record:
    document = result.document
    beside = OUTPUTS.get(output or "")
    encoding = beside.codec if beside is not None and not beside.keeps else document.encoding
    return Record(
        blank.id,
        blank.source,
        blank.row,
        as_of=result.as_of,
        as_of_from=result.as_of_from,
        annotations=len(result.annotations),
        data=data,
        encoding=None if embedded(output) else _encoding_of(data, encoding, document.errors),
        errors=document.errors,
        size=blank.size,
        claims=sum(one.grade == "contradicted" for one in result.annotations),
        imprecise=sum(one.grade == "imprecise" for one in result.annotations),
        unplaced=len(result.unplaced),
    )


def embedded(output: str | None) -> bool:
    """Tell whether an output is an object in one line of JSON, which a line of JSON can hold as it is."""
    found = OUTPUTS.get(output or "")
    return found is not None and found.lines


def check_style(output: str | None, style: str) -> None:
    """Raise ``UsageError`` for a style that the output does not know, or none does where it is left open."""
    found = OUTPUTS.get(output or "")
    known = found.styles if found is not None else tuple({name: "" for one in OUTPUTS.values() for name in one.styles})
    if style and style not in known:
        hint = f"use one of: {', '.join(known)}" if known else "it has one style only"
        raise UsageError(f"{output or 'no'} output knows no style {style!r}; {hint}")


def check_output(output: str | None) -> None:
    """Raise ``UsageError`` for an output that is a table itself, which the field of a record is no place for."""
    if output == "csv":
        raise UsageError("--output csv would be a table within a cell; --rows hits makes one table of all documents")


def _encoding_of(data: bytes, encoding: str, errors: str) -> str:
    """Return the encoding in which an output is text, ``base64`` where it is none."""
    try:
        if encoding and data.decode(encoding, errors).encode(encoding, errors) == data:
            return encoding
    except (UnicodeError, LookupError):
        pass
    return "base64"
