"""The ``annotator`` command."""

from __future__ import annotations

import sys

import click

from ..errors import AnnotatorError


@click.group()
def cli() -> None:
    """Put reference notes on sanctions law into news articles."""


def _read(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    with open(file, "rb") as handle:
        return handle.read()


@cli.command()
@click.argument("file", default="-")
@click.option("--as-of")
@click.option("--notes", default="first")
@click.option("--output")
def annotate(file: str, as_of: str | None, notes: str, output: str | None) -> None:
    """Annotate one article."""
    from ..api import Annotator  # noqa: PLC0415

    result = Annotator().annotate(_read(file), as_of=as_of, notes=notes, path=None if file == "-" else file)
    sys.stdout.buffer.write(result.render_bytes(output))


@cli.command()
@click.argument("file", default="-")
def explain(file: str) -> None:
    """Say of every hit which rule made it, and of every near miss what ruled it out."""
    from ..api import Annotator  # noqa: PLC0415

    annotator = Annotator()
    document = annotator.read(_read(file), path=None if file == "-" else file)
    for mention in annotator.mentions(document, everything=True):
        text = " ".join(document.text[mention.start : mention.end].split())
        click.echo(f"{mention.start}-{mention.end} {text!r} {mention.rule}")
        click.echo(f"    {'ruled out: ' + mention.ruled_out if mention.ruled_out else 'accepted'}")
        for line in mention.why:
            click.echo(f"    {line}")
        if mention.note_ids:
            click.echo(f"    notes: {', '.join(mention.note_ids)}")


@cli.group()
def rules() -> None:
    """Check rules."""


@rules.command()
@click.argument("paths", nargs=-1)
def lint(paths: tuple[str, ...]) -> None:
    """Check rule files."""
    from .. import checking  # noqa: PLC0415

    findings = checking.lint(paths)
    for one in findings:
        click.echo(f"{one.path}:{one.line}:{one.column}: {one.level}: {one.message}")
    sys.exit(3 if any(one.level == "error" for one in findings) else 0)


@rules.command()
@click.argument("paths", nargs=-1)
@click.option("--only", multiple=True)
@click.option("--skip", multiple=True)
def test(paths: tuple[str, ...], only: tuple[str, ...], skip: tuple[str, ...]) -> None:
    """Run the examples of the rules."""
    from .. import checking  # noqa: PLC0415

    report = checking.test(paths, only=only, skip=skip)
    for one in report.failures:
        click.echo(f"{one.path}:{one.line}:{one.column}: {one.rule}: {one.message}")
    click.echo(f"{report.examples} examples, {len(report.failures)} failed, {report.covered}/{report.rules} rules covered")
    sys.exit(3 if report.failures else 0)


def main() -> None:
    """Run the command."""
    try:
        cli()
    except AnnotatorError as error:
        click.echo(f"annotator: {error}", err=True)
        sys.exit(error.exit_code)
