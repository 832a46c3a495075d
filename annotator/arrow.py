"""Record batches of articles in, record batches of records out: one plain function for any engine that has Arrow.

`annotate_batches` is what ``annotator batch`` does with Parquet, without its files and processes: the same
records, field for field. Spark takes it as it is in ``mapInArrow``, Dask's part of it is in `distributed`.
Needs pyarrow (the extra ``batch``), which is imported when it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .api import Annotator
from .batch._reading import batch_items
from .batch._records import NULL_TEXTS, Columns, Work, check_output, check_style, make_all
from .batch._writing import arrow_batch, arrow_schema
from .config import Settings, date_of
from .errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyarrow

__all__ = ["SPARK_SCHEMA", "annotate_batches", "schema"]

# The schema of records as Spark writes it.
SPARK_SCHEMA = (
    "id string, source string, row bigint, status string, as_of string, as_of_from string, "
    "annotations bigint, output string, encoding string, error string, code bigint"
)

# Annotators by what they were made of: engines call the function once for each part of their data.
_made: dict[str, Annotator] = {}


def schema() -> pyarrow.Schema:
    """Return the Arrow schema of records. Raises ``MissingExtraError``."""
    return arrow_schema()


def annotate_batches(
    batches: Iterable[pyarrow.RecordBatch],
    *,
    text_column: str | None = None,
    id_column: str | None = None,
    date_column: str | None = None,
    output: str | None = None,
    style: str = "",
    as_of: str | None = None,
    notes: str = "best",
    jurisdictions: Iterable[str] = (),
    detail: str = "brief",
    voice: str | None = None,
    format: str | None = None,
    encoding: str | None = None,
    null_text: str = NULL_TEXTS[0],
    source: str = "",
    first_row: int | None = None,
    today: str | None = None,
    annotator: Annotator | None = None,
    **rules: Any,
) -> Iterator[pyarrow.RecordBatch]:
    """Annotate the articles in Arrow record batches; one batch of records comes back for each.

    The columns are named as for ``annotator batch``, and found as it finds them where they are not. ``output``
    is one of `annotator.writing.FORMATS`, the article's own when left out, and ``style`` one of its styles.
    ``source`` and ``first_row`` (the number of the first row, if rows are to be numbered) go into the records.
    ``null_text`` says what a null is where a text should be: an article that is ``empty``, or an ``error``.
    ``today`` is the day that stands for today where no date is given. ``annotator`` does the work; else one is
    made of the other keywords (``rules``, ``only`` … of `Annotator`), once in a process.

    Nothing is read before the result is asked for. Raises ``UsageError`` for a wrong option or a column that is
    not there, ``RuleErrors``, ``MissingExtraError``; what is wrong with one article is in its record.
    """
    settings = settings_of(as_of, notes, jurisdictions, encoding=encoding, detail=detail, voice=voice)
    check_names(output, style, format, null_text)
    engine = annotator or _engine(rules)
    work = Work(settings, today or _day(), output, style, format, null_text=null_text)
    return _records(batches, engine, work, Columns(text_column, id_column, date_column), (source, first_row))


def _records(
    batches: Iterable[pyarrow.RecordBatch],
    engine: Annotator,
    work: Work,
    columns: Columns,
    place: tuple[str, int | None],
) -> Iterator[pyarrow.RecordBatch]:
    source, row = place
    chosen: Columns | None = None
    for batch in batches:
        if chosen is None:
            chosen = columns.among(batch.schema.names, source or "the record batches")
        yield arrow_batch(make_all(engine, batch_items(batch, chosen, source, row), work))
        row = None if row is None else row + batch.num_rows


def _engine(rules: dict[str, Any]) -> Annotator:
    key = repr(sorted(rules.items()))
    found = _made.get(key)
    if found is None:
        found = _made[key] = Annotator(**rules)
    return found


def settings_of(
    as_of: str | None,
    notes: str,
    jurisdictions: Iterable[str],
    *,
    encoding: str | None = None,
    detail: str = "brief",
    voice: str | None = None,
) -> Settings:
    """Return the settings that keywords stand for. Raises ``UsageError``."""
    from .noting import POLICIES
    from .writing import DETAILS

    for what, name, known in (("notes", notes, POLICIES), ("detail", detail, DETAILS)):
        if name not in known:
            raise UsageError(f"{what} is one of {', '.join(known)}, not {name!r}")
    names = jurisdictions.split(",") if isinstance(jurisdictions, str) else jurisdictions
    day = None if as_of is None else date_of(as_of)
    return Settings(as_of=day, notes=notes, jurisdiction=tuple(names), encoding=encoding, detail=detail, voice=voice)


def check_names(output: str | None, style: str, format: str | None, null_text: str) -> None:
    """Raise ``UsageError`` where a format, a style or a choice is not known."""
    from . import reading, writing

    for what, name, known in (
        ("output", output, writing.FORMATS),
        ("format", format, reading.FORMATS),
        ("null_text", null_text, NULL_TEXTS),
    ):
        if name is not None and name not in known:
            raise UsageError(f"{what} is one of {', '.join(known)}, not {name!r}")
    check_output(output)
    check_style(output, style)


def _day() -> str:
    import datetime

    return datetime.date.today().isoformat()
