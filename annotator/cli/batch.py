"""``annotator batch``: many documents in, a record of each out, by several processes, resumable."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self

import click

from ..errors import ExitCode, UsageError
from ._options import (
    FILE_NAME,
    HELP,
    OUTPUT_FORMAT,
    OneOf,
    engine,
    input_format,
    screen,
    talking,
    with_fail_on,
    with_settings,
    with_style,
)
from ._stopping import Stopping

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..batch import Plan, Summary
    from ..config import Settings

_EVERY = 10.0  # seconds between two lines of a log
_TOLD = 10


def _null_texts() -> Sequence[str]:
    from ..batch import NULL_TEXTS

    return NULL_TEXTS


def _rows() -> Sequence[str]:
    from ..batch import ROWS

    return ROWS


def _named(values: Sequence[str]) -> tuple[str, ...]:
    """Return the names in lists parted by commas; one with a comma stands in quotes, as in CSV."""
    import csv

    return tuple(name.strip() for cells in csv.reader(values, skipinitialspace=True) for name in cells if name.strip())


@click.command("batch", context_settings=HELP, short_help="Put notes into many documents.")
@click.argument("inputs", nargs=-1, required=True, type=FILE_NAME)
@click.option(
    "-o",
    "--output-file",
    required=True,
    metavar="OUTPUT",
    type=FILE_NAME,
    help="Write to this folder, or to this file: .jsonl or .csv (also .gz, .zst), .parquet; hits also to .xlsx.",
)
@click.option(
    "--rows",
    type=OneOf("choice", _rows),
    help="Write a record for each document, or a table with a row for each hit; documents when left out.",
)
@click.option(
    "--keep",
    multiple=True,
    metavar="COLUMN,…",
    help="Carry these columns of the input into the table of hits; repeatable.",
)
@click.option(
    "--output", "output_format", type=OUTPUT_FORMAT, help="Write this format; the document's own when left out."
)
@with_style
@input_format
@click.option("--text-column", metavar="NAME", help="Take the text from this column; text, body, content … else.")
@click.option("--id-column", metavar="NAME", help="Take the documents' ids from this column; id when left out.")
@click.option(
    "--date-column",
    metavar="NAME",
    help="Choose each document's notes as of the date in this column, where it has one.",
)
@click.option(
    "--title-column",
    metavar="NAME",
    help="Take the titles for the table of hits from this column; title or headline else, or the first heading.",
)
@click.option(
    "--workers",
    type=click.IntRange(min=0),
    metavar="N",
    help="Work with N processes, with none but this for 0; as many as there are processors when left out.",
)
@click.option(
    "--chunk",
    type=click.IntRange(min=1),
    metavar="N",
    help="Hand documents to the workers N at a time at most; 500 when left out.",
)
@click.option(
    "--null-text",
    type=OneOf("choice", _null_texts),
    help="Take a null where a text should be for an empty article, or for an error; empty when left out.",
)
@click.option("--scheduler", metavar="ADDRESS", help="Have the Dask cluster at ADDRESS do it: Parquet in, Parquet out.")
@click.option("--resume", is_flag=True, help="Go on with a run that was stopped; begin if there is none.")
@click.option("--overwrite", is_flag=True, help="Replace an output that is there, and begin anew.")
@click.option(
    "--strict", is_flag=True, help="Take a document for an error where a note has no safe place in it; else warn."
)
@with_fail_on
@with_settings
@talking
def command(  # noqa: PLR0917 - one for each option
    inputs: tuple[str, ...],
    settings: Settings,
    output_file: str,
    output_format: str | None,
    style: str | None,
    input_format: str | None,
    text_column: str | None,
    id_column: str | None,
    date_column: str | None,
    title_column: str | None,
    rows: str | None,
    keep: tuple[str, ...],
    workers: int | None,
    chunk: int | None,
    null_text: str | None,
    scheduler: str | None,
    fail_on: str | None,
    *,
    resume: bool,
    overwrite: bool,
    strict: bool,
) -> int:
    """Put notes into many documents: folders of articles, JSON Lines, CSV, Parquet and web archives (WARC, WET).

    Every document gives one record, in order; one that fails gives a record that says why. With --rows hits there
    is one table of all that was found. A run that is stopped, even killed, goes on with --resume and ends with the same
    bytes. See docs/batch.md.
    """
    from ..batch import CHUNK, NULL_TEXTS, ROWS, Columns, Plan, check_rows, digest_of, run

    plan = Plan(
        inputs,
        output_file,
        settings,
        output_format=output_format,
        style=style or "",
        input_format=input_format,
        columns=Columns(text_column, id_column, date_column, title_column, _named(keep), titled=rows == "hits"),
        workers=workers,
        chunk=chunk or CHUNK,
        resume=resume,
        overwrite=overwrite,
        strict=strict,
        null_text=null_text or NULL_TEXTS[0],
        rows=rows or ROWS[0],
    )
    if any(name == "-" for name in inputs):
        raise UsageError("batch reads files, since it may have to read them again; save standard input to one")
    check_rows(plan)
    if scheduler is not None and plan.rows != ROWS[0]:
        raise UsageError(
            "--rows hits: a cluster writes records; leave out --scheduler, or make the table of its output"
        )
    made = engine(settings)
    with _interruptible() as stopping, _Progress() as progress:
        if scheduler is None:

            def show(summary: Summary) -> None:
                stopping.check()
                progress.show(summary)

            summary = run(plan, digest_of(made), show, made)
        else:
            if workers is not None or chunk is not None:
                raise UsageError("--scheduler: the cluster has its own workers; leave out --workers and --chunk")
            if strict:
                raise UsageError("--strict: a cluster does not look for it; leave it out, or run batch without one")
            if fail_on in {"claims", "imprecise"}:
                raise UsageError(f"--fail-on {fail_on}: a cluster counts annotations of all kinds; use --fail-on any")
            from ..distributed import run as run_there

            summary = run_there(scheduler, plan, made)
    return _told(summary, plan, progress.seconds, fail_on)


@contextmanager
def _interruptible() -> Iterator[Stopping]:
    """Take a request to end, and say what that means for a batch."""
    with Stopping() as stopping:
        try:
            yield stopping
        except KeyboardInterrupt:
            screen().hint("stopped; what is done is kept, --resume goes on from there")
            raise


def _told(summary: Summary, plan: Plan, seconds: float, fail_on: str | None) -> int:
    """Say how the run went, and return its exit code."""
    say = screen()
    if summary.complete_before:
        say.hint(f"{plan.output} is complete; nothing to resume")
        return ExitCode.OK
    for fault in summary.faults[:_TOLD]:
        say.error(fault)
    if summary.failed > min(_TOLD, len(summary.faults)):
        say.error(f"and {summary.failed - min(_TOLD, len(summary.faults)):,} more; see the records of status error")
    if summary.unplaced:
        left = f"{summary.unplaced:,} annotation{'s' if summary.unplaced > 1 else ''}"
        say.warn(f"{left} left out, having no safe place in broken markup; --strict makes such documents errors")
    for remark in summary.remarks:
        say.warn(f"{plan.output}: {remark}")
    if summary.skipped:
        say.hint(f"{summary.skipped:,} files left out: their names tell no format that can be read")
    if summary.links:
        links = "1 symbolic link" if summary.links == 1 else f"{summary.links:,} symbolic links"
        say.hint(f"{links} left out, leading out of the folder or to no file")
    say.hint(_state(summary, seconds))
    if summary.worst:
        return summary.worst
    wrong = {"any": summary.annotations, "claims": summary.claims, "imprecise": summary.claims + summary.imprecise}
    found = wrong.get(fail_on or "", 0)
    if found:
        say.hint(f"{found} annotation{'s' if found > 1 else ''} found (--fail-on {fail_on})")
        return ExitCode.FINDINGS
    return ExitCode.OK


def _state(summary: Summary, seconds: float) -> str:
    """Say how much was done, and how fast."""
    rate = (summary.size - summary.size_before) / 1e6 / max(seconds, 1e-6)
    before = f" ({summary.before:,} before)" if summary.before else ""
    return (
        f"{summary.documents:,} documents{before}, {summary.failed:,} failed, {summary.annotations:,} annotations; "
        f"{summary.size / 1e6:,.1f} MB in {_clock(seconds)}, {rate:.1f} MB/s"
    )


def _clock(seconds: float) -> str:
    whole = int(seconds)
    if whole < 60:  # seconds in a minute
        return f"{seconds:.1f} s"
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


class _Progress:
    """How far a run is: a bar on a terminal, a line now and then elsewhere, nothing where it is to be quiet."""

    def __init__(self) -> None:
        self.started = time.monotonic()
        self.said = self.started
        self.bar: Any = None
        self.shown = 0
        self.first: int | None = None

    def __enter__(self) -> Self:
        """Begin to count the time."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the bar."""
        if self.bar is not None:
            self.bar.__exit__(None, None, None)

    @property
    def seconds(self) -> float:
        """How long the run has taken so far."""
        return time.monotonic() - self.started

    def show(self, summary: Summary) -> None:
        """Show how far the run is."""
        if screen().quiet or sys.stderr is None:
            return
        if sys.stderr.isatty():
            self._draw(summary)
        elif time.monotonic() - self.said >= _EVERY:
            self.said = time.monotonic()
            screen().hint(
                f"{self._part(summary):.0%} read, {self._left(summary)} left; {_state(summary, self.seconds)}"
            )

    def _part(self, summary: Summary) -> float:
        return summary.position / summary.total if summary.total else 1.0

    def _left(self, summary: Summary) -> str:
        if self.first is None:
            self.first = summary.position if summary.before else 0
        done = summary.position - self.first
        rest = summary.total - summary.position
        return _clock(self.seconds * rest / done) if done > 0 else "?"

    def _draw(self, summary: Summary) -> None:
        if self.bar is None:
            self.bar = click.progressbar(
                length=max(summary.total, 1),
                file=sys.stderr,
                show_percent=True,
                show_eta=True,
                item_show_func=lambda one: None if one is None else _rate(one, self.seconds),
            )
            self.bar.__enter__()
        self.bar.update(max(summary.position - self.shown, 0), summary)
        self.shown = max(summary.position, self.shown)


def _rate(summary: Summary, seconds: float) -> str:
    done = summary.documents - summary.before
    size = summary.size - summary.size_before
    return f"{summary.documents:,} documents, {done / seconds:,.0f}/s, {size / 1e6 / seconds:.1f} MB/s"
