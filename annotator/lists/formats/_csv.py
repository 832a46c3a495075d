"""CSV with a header read as a stream: each row as what stands under the names of its columns; and its first rows."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from ...errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ._files import Source

# Rows before the header, such as "Last Updated,10/04/2025".
_LONGEST_FIELD = 131_072
_MOST_BEFORE = 3
_ROWS = 50


def first_rows(source: Source, most: int = _ROWS, *, delimiter: str = ",") -> list[list[str]]:
    """Return the first rows of a file that may be CSV, without the one that the look at it cuts off."""
    text = source.head.decode(source.encoding or "cp1252", "replace")
    lines = text.splitlines(keepends=True)
    if source.size > len(source.head) and len(lines) > 1:
        lines.pop()
    rows = []
    try:
        for row in csv.reader(lines[:most], delimiter=delimiter):
            rows.append(row)  # noqa: PERF402 - what was read before a fault is kept
    except csv.Error:
        return rows
    return rows[:-1] if len(rows) == most else rows


def key_of(name: str) -> str:
    """Return a column's name as it is compared: no case, no blanks or signs."""
    return "".join(character for character in name.lower() if character.isalnum())


def find_header(rows: Sequence[Sequence[str]], needed: frozenset[str]) -> int | None:
    """Return which of the first rows is a header that has the needed columns, given as `key_of` makes them."""
    for number, row in enumerate(rows[: _MOST_BEFORE + 1]):
        if needed <= set(map(key_of, row)):
            return number
    return None


def rows_of(
    source: Source,
    needed: frozenset[str],
    *,
    delimiter: str = ",",
    legacy: str = "",
    before: list[list[str]] | None = None,
    wrapped: bool = False,
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows of a file with their line numbers, by the keys of its columns.

    ``needed`` are columns that tell the header; rows before it go to ``before``. ``wrapped`` is for a file that a
    spreadsheet has taken for one of a single column. Raises ``InputError`` for what
    is no sound CSV and for rows that are shorter or longer than the header.
    """
    lines = source.lines(legacy=legacy)
    reader = csv.reader(unwrapped(lines) if wrapped else lines, delimiter=delimiter, strict=True)
    header: list[str] | None = None
    try:
        for row in reader:
            # Python's own bound is one for the whole process, and others may have raised it.
            if max(map(len, row), default=0) > _LONGEST_FIELD:
                raise InputError(
                    f"{source.label}:{reader.line_num}: not sound CSV: field larger than {_LONGEST_FIELD:,} characters"
                )
            if header is None:
                keys = list(map(key_of, row))
                if needed <= set(keys):
                    header = keys
                elif before is not None and len(before) < _MOST_BEFORE:
                    before.append(row)
                else:
                    raise InputError(f"{source.label}:{reader.line_num}: no header with the columns of this format")
                continue
            if not row or not any(row):
                continue
            if len(row) != len(header):
                raise InputError(
                    f"{source.label}:{reader.line_num}: {len(row)} columns, the header has {len(header)}; "
                    "is the file damaged or cut short?"
                )
            yield reader.line_num, dict(zip(header, row, strict=True))
    except csv.Error as error:
        raise InputError(f"{source.label}:{reader.line_num}: not sound CSV: {error}") from None


def unwrapped(lines: Iterable[str]) -> Iterator[str]:
    r"""Yield lines that a spreadsheet wrote as cells of one column as they were before.

    Commas in a line made cells of their own, and rows were filled up with empty ones.

    >>> list(unwrapped(['"a;""b, c"";d",,\n', "e;f;g,,\n"]))
    ['a;"b, c";d\n', 'e;f;g\n']
    """
    for cells in csv.reader(lines):
        while len(cells) > 1 and not cells[-1]:
            cells.pop()
        yield ",".join(cells) + "\n"


def groups_of(
    rows: Iterator[tuple[int, dict[str, str]]], column: str
) -> Iterator[tuple[int, str, list[dict[str, str]]]]:
    """Yield rows that follow each other and have the same reference, with the line of the first and the reference."""
    held: list[dict[str, str]] = []
    reference, start = "", 0
    for line, row in rows:
        own = " ".join(row[column].split())
        if held and own == reference:
            held.append(row)
            continue
        if held:
            yield start, reference, held
        held, reference, start = [row], own, line
    if held:
        yield start, reference, held
