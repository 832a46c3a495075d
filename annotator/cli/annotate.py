"""``annotator annotate``: articles in, the same articles out with notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..errors import ExitCode, UnplacedError, UsageError
from ._endings import each
from ._files import STDIN, Targets, article, label
from ._options import (
    FILE_NAME,
    HELP,
    OUTPUT_FORMAT,
    engine,
    input_format,
    screen,
    talking,
    with_fail_on,
    with_settings,
    with_strict,
    with_style,
    with_targets,
)
from ._tally import Tally

if TYPE_CHECKING:
    from ..api import Annotator, Result
    from ..config import Options, Settings


@click.command("annotate", context_settings=HELP, short_help="Put notes into articles.")
@click.argument("files", nargs=-1, type=FILE_NAME)
@with_targets
@click.option(
    "--output", "output_format", type=OUTPUT_FORMAT, help="Write this format; the article's own when left out."
)
@with_style
@with_strict
@input_format
@with_fail_on
@with_settings
@talking
def command(
    files: tuple[str, ...],
    settings: Settings,
    output_file: str | None,
    output_format: str | None,
    style: str | None,
    input_format: str | None,
    fail_on: str | None,
    *,
    in_place: bool,
    strict: bool,
) -> int:
    """Put notes into articles: FILES, or standard input when there are none or for "-".

    The text comes back as it was, with a marker after each mention and the notes at its end; "annotator
    strip" gives back the original, byte for byte. With --output, files beside the article are written instead:
    a page to read, and data for other programs. Several articles need -o FOLDER or --in-place, or an output
    that can hold them all: a line for each (json, webannotation), or one file of all (csv, docbin, sarif).
    """
    from ..writing import OUTPUTS

    names = files or (STDIN,)
    output = OUTPUTS.get(output_format or "")
    beside = output is not None and not output.keeps
    if beside and in_place:
        raise UsageError(f"--in-place keeps articles; write {output_format} with -o or to standard output")
    suffix = output.suffix if output is not None else ""
    lines, joins = (output.lines, output.joins) if output is not None else (False, False)
    targets = Targets(names, output_file, in_place=in_place, suffix=suffix, lines=lines or joins)
    run = _Run(engine(settings), settings.options(input_format), targets, output_format, fail_on)
    run.lines_wanted, run.joined, run.style = lines, joins and targets.together, style or ""
    run.strict, run.detail = strict, settings.detail
    return run.all(names)


class _Run:
    """The articles of one run: what fails is said and does not keep the others from being done."""

    def __init__(
        self,
        annotator: Annotator,
        options: Options,
        targets: Targets,
        output_format: str | None,
        fail_on: str | None,
    ) -> None:
        self.annotator = annotator
        self.options = options
        self.targets = targets
        self.output_format = output_format
        self.tally = Tally(fail_on)
        self.lines_wanted = False
        self.joined = False
        self.style = ""
        self.detail = "brief"
        self.strict = False
        self.lines: list[bytes] = []
        self.before = b""

    def all(self, names: tuple[str, ...]) -> int:
        """Annotate all, and say in the end what was found; return the worst exit code."""
        worst = each(screen(), names, self.one)
        if self.lines:
            self.together(names[0])
        self.tally.say()
        if self.tally.found:
            self.tally.say_failed()
        return worst or (ExitCode.FINDINGS if self.tally.found else ExitCode.OK)

    def one(self, name: str) -> None:
        """Annotate one article and write it where it goes. Raises ``AnnotatorError``."""
        place = self.targets.of(name)
        path = None if name == STDIN else name
        result = self.annotator.annotate(self.source(name, keep=place == name), path=path, options=self.options)
        data = result.render_bytes(self.output_format, style=self.style, detail=self.detail)
        report_warnings(name, result, self.options)
        report_unplaced(name, result, strict=self.strict)
        if self.lines_wanted:
            data += b"\n"
        if self.joined:
            self.lines.append(data)
        elif place is None:
            screen().write(data)
        elif self.targets.together:
            self.lines.append(data)
        elif place != name or data != self.before:
            self.targets.write(name, data)
        self.tally.add(name, result, self.options, result.unplaced)
        screen().inform(_done(name, place, result))

    def source(self, name: str, *, keep: bool) -> bytes:
        """Return the bytes of an article; with ``keep`` they are held, to tell whether it changes in its place."""
        data = article(name, screen(), self.options.format)
        self.before = data if keep else b""
        return data

    def together(self, name: str) -> None:
        """Write one file of what all articles gave."""
        data = b"".join(self.lines)
        if self.joined and len(self.lines) > 1:
            from ..writing import join

            data = join(self.output_format or "", self.lines)
        if self.targets.of(name) is None:
            screen().write(data)
        else:
            self.targets.write(name, data)


def report_warnings(name: str, result: Result, options: Options) -> None:
    """Say what should be known of how the article was read, one line each."""
    for warning in result.warnings:
        screen().warn(f"{label(name)}: {warning}")
    if result.annotations and result.as_of_from.startswith("today") and options.as_of is None:
        screen().warn(
            f"{label(name)}: the article gives no date, so the law is that of today, {result.as_of}; "
            "--as-of gives another day"
        )


def report_unplaced(name: str, result: Result, *, strict: bool) -> None:
    """Say which annotations found no safe place; with ``strict`` raise ``UnplacedError``."""
    if not result.unplaced:
        return
    from ..api import unplaced_words  # few articles have any

    message = f"{label(name)}: {unplaced_words(result)}"
    if strict:
        raise UnplacedError(f"{message}; mend it, or use --output json")
    screen().warn(f"{message}; they were left out")


def _done(name: str, place: str | None, result: Result) -> str:
    document = result.document
    notes = len({note.id for one in result.annotations for note in one.notes})
    where = f" -> {place}" if place is not None else ""
    what = ", ".join(filter(None, (document.format, document.encoding)))
    return (
        f"{label(name)}{where}: {what}; {len(result.annotations)} annotations, "
        f"{notes} notes as of {result.as_of} ({result.as_of_from})"
    )
