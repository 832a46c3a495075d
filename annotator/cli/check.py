"""``annotator check``: what is to be said of articles, a line for each finding, as linters do."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from .. import _published
from ..errors import ExitCode
from ._changes import WHOLE, Stretches, changes, touched
from ._endings import each
from ._files import STDIN, article, label
from ._options import FILE_NAME, HELP, OneOf, engine, fails_on, input_format, screen, talking, with_settings
from ._screen import plain
from ._tally import Tally
from .annotate import report_warnings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..api import Annotator, Result
    from ..config import Options, Settings
    from ..writing.findings import Finding


def _formats() -> Sequence[str]:
    from ..writing.findings import FORMATS

    return FORMATS


@click.command("check", context_settings=HELP, short_help="Say what is wrong in articles, a line each.")
@click.argument("files", nargs=-1, type=FILE_NAME)
@click.option(
    "--output-format",
    type=OneOf("output format", _formats),
    default="concise",
    help="Print a line each (concise), the words in question too (full), or data for programs; concise when left out.",
)
@fails_on("claims", " (claims when left out), or never (none)")
@click.option("--since", metavar="REV", help="Keep findings on lines that changed since this revision, as git tells.")
@click.option(
    "--diff",
    metavar="FILE",
    type=FILE_NAME,
    help='Keep findings on lines that this unified diff changes; "-" reads it.',
)
@input_format
@with_settings
@talking
def command(
    files: tuple[str, ...],
    settings: Settings,
    output_format: str,
    fail_on: str,
    since: str | None,
    diff: str | None,
    input_format: str | None,
) -> int:
    """Say what is to be said of articles: FILES, or standard input when there are none or for "-".

    Each finding is one line, PATH:LINE:COLUMN: check or note [RULE] WHAT, and the exit code is 1 where an
    article has something wrong (--fail-on). Nothing is written to the articles. See docs/check.md.
    """
    names = tuple(dict.fromkeys(files or (STDIN,)))
    changed = changes(names, since, diff, screen())
    run = _Run(engine(settings), settings.options(input_format), changed, output_format, fail_on)
    run.detail = settings.detail
    return run.all(names)


class _Run:
    """The articles of one run, and what is found in them."""

    def __init__(
        self,
        annotator: Annotator,
        options: Options,
        changed: dict[str, Stretches] | None,
        output_format: str,
        fail_on: str,
    ) -> None:
        self.annotator = annotator
        self.options = options
        self.changed = changed
        self.output_format = output_format
        self.tally = Tally(fail_on, each=True)
        self.detail = "brief"
        self.findings: list[Finding] = []
        self.logs: list[bytes] = []
        self.rules: dict[str, None] = {}  # those that found something
        self.wrong: dict[str, None] = {}  # of them, those of checks

    def all(self, names: tuple[str, ...]) -> int:
        """Look at all, print what was found in order of files and places, and return the worst exit code."""
        # In the order in which findings are printed, so that SARIF has it too.
        worst = each(screen(), sorted(names), self.one)
        self.print()
        self.tally.say()
        if self.tally.found:
            self.tally.say_failed()
        rule = next(iter((*self.wrong, *self.rules)), "")
        if rule:
            screen().hint(f"about a rule: {_published.command(rule)}")
        return worst or (ExitCode.FINDINGS if self.tally.found else ExitCode.OK)

    def one(self, name: str) -> None:
        """Look at one article. Raises ``AnnotatorError``."""
        source = article(name, screen(), self.options.format)
        result = self.annotator.annotate(source, path=None if name == STDIN else name, options=self.options)
        if result.annotations and result.document.source != source:
            result = _in_file(name, result, source)
        if self.changed is not None and result.annotations:
            result = _on(result, self.changed[name])
        report_warnings(name, result, self.options)
        self.tally.add(name, result, self.options)
        for one in result.annotations:
            (self.wrong if one.grade else self.rules)[one.rule] = None
        if self.output_format == "sarif":
            self.logs.append(result.render_bytes("sarif"))
        elif result.annotations:
            from ..writing.findings import findings

            self.findings += findings(result.document, result.annotations, name, result.as_of, result.as_of_from)
        screen().inform(f"{label(name)}: {len(result.annotations)} mentions")

    def print(self) -> None:
        """Write what was found to standard output."""
        from ..writing import findings, join

        if self.output_format == "sarif":
            screen().write(join("sarif", self.logs))
            return
        self.findings.sort(key=lambda one: one.key)
        if self.output_format == "json":
            screen().say(findings.as_json(self.findings))
        for one in self.findings:
            if self.output_format == "concise":
                screen().say(findings.concise(one, plain, screen().paint))
            elif self.output_format == "full":
                screen().say(findings.full(one, plain, screen().paint, detail=self.detail))
            elif self.output_format == "github":
                screen().say(findings.github(one, plain))


def _in_file(name: str, result: Result, source: bytes) -> Result:
    """Return a result with its places in the file, which holds notes already; warn where they cannot be told."""
    from ..writing.noted import noted

    document = noted(result.document, source)
    if document is not None:
        document.layout  # noqa: B018 - it was worked out, and so was the date
        return replace(result, document=document)
    screen().warn(f"{label(name)}: has notes already; lines and columns are those of the article without them")
    return result


def _on(result: Result, stretches: Stretches) -> Result:
    """Return a result with the annotations alone that stand on changed lines."""
    from ..writing import READ_ONLY

    # Lines of what is only read are not those of the file.
    if stretches == WHOLE or (stretches and result.document.format in READ_ONLY):
        return result
    from ..writing.places import Lines

    lines = Lines(result.document)
    spans = [(one, lines.span(one)) for one in result.annotations]
    kept = (one for one, (start, end) in spans if touched(stretches, lines.fed(start), lines.fed(end)))
    return replace(result, annotations=tuple(kept))
