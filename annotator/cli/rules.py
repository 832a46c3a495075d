"""``annotator rules``: check rules, run their examples, look them up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from .. import _published
from ..errors import ExitCode, OutputError, UsageError
from ._options import FILE_NAME, HELP, OneOf, check_globs, screen, talking, with_rules
from ._screen import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..checking import Failure, Report
    from ..config import Settings
    from ._catalogue import Catalogue


def _types() -> tuple[str, ...]:
    from ._catalogue import TYPES

    return TYPES


@click.group("rules", context_settings=HELP)
@talking
def command() -> None:
    """Check rules, run their examples, look them up."""


_PATHS = click.argument("paths", nargs=-1, type=FILE_NAME)


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


@command.command("lint", short_help="Look for what is wrong or doubtful in rules.")
@_PATHS
@click.option(
    "--max-age", type=click.IntRange(min=0), metavar="DAYS", help="Report notes checked longer than DAYS ago as well."
)
@click.option("--strict", is_flag=True, help="Exit with code 1 when there are warnings.")
@with_rules
@talking
def lint(paths: tuple[str, ...], settings: Settings, max_age: int | None, *, strict: bool) -> int:
    """Look for what is wrong or doubtful in rules: the shipped ones, and those in PATHS.

    Each finding is one line, FILE:LINE:COLUMN: LEVEL: MESSAGE. Errors end with exit code 3.
    """
    from ..checking import lint as find
    from ._catalogue import short_path

    findings = find((*settings.rules, *paths), default_rules=settings.default_rules, max_age=max_age)
    errors = 0
    for one in findings:
        errors += one.level == "error"
        if one.level == "error" or not screen().quiet:
            level = screen().paint(one.level, "red" if one.level == "error" else "yellow")
            place = f"{plain(short_path(one.path))}:{one.line}:{one.column}"
            screen().say(f"{place}: {level}: {plain(one.message)} [{one.code}]")
    about = f"; about one: {_published.command(findings[0].code)}" if findings else ""
    screen().hint(f"{_number(errors, 'error')}, {_number(len(findings) - errors, 'warning')}{about}")
    if errors:
        return ExitCode.BAD_RULES
    return ExitCode.FINDINGS if findings and strict else ExitCode.OK


@command.command("test", short_help="Run the examples of rules.")
@_PATHS
@with_rules
@talking
def test(paths: tuple[str, ...], settings: Settings) -> int:
    """Run the examples of rules, regimes and contexts: those in PATHS, and then the shipped ones.

    Each failure is one line, FILE:LINE:COLUMN: RULE: MESSAGE, and ends with exit code 3. Those of your own files come
    first. A rule is covered when it has both sentences that must match and near misses.
    """
    from ..checking import test as run

    given = (*settings.rules, *paths)
    both = bool(given) and settings.default_rules
    if both:
        _warn_of_accidents(given)
    report = run(
        given,
        default_rules=settings.default_rules,
        only=settings.only,
        skip=settings.skip,
        own_done=_say_own if both else None,
    )
    if not (report.rules or report.regimes or report.contexts) and settings.only:
        raise UsageError(f"--only {' '.join(settings.only)}: no rule has such an id; see: annotator rules list")
    _say_failures(one for one in report.failures if not (both and one.own))
    share = f" ({100 * report.covered / report.rules:.0f} %)" if report.rules else ""
    screen().say(f"{_counts(report)}; {report.covered} rules covered{share}")
    return ExitCode.BAD_RULES if report.failures else ExitCode.OK


def _warn_of_accidents(given: tuple[str, ...]) -> None:
    """Warn of what stands in for something of the pack without saying so."""
    from ..rulebook import read_definitions
    from ..rulebook._collect import accidents
    from ._catalogue import short_path

    for fault in accidents(read_definitions(given)):
        screen().warn(f"{plain(short_path(fault.path))}:{fault.line}:{fault.column}: {plain(fault.message)}")


def _say_own(report: Report) -> None:
    """Say what became of the examples of the author's own files, before the pack's are run."""
    _say_failures(report.failures)
    screen().say(f"your files: {_counts(report)}")


def _say_failures(failures: Iterable[Failure]) -> None:
    from ._catalogue import short_path

    for one in failures:
        place = f"{plain(short_path(one.path))}:{one.line}:{one.column}"
        screen().say(f"{place}: {screen().paint(one.rule, 'red')}: {plain(one.message)}")


def _counts(report: Report) -> str:
    """Say how many examples there were, of what, and how many failed."""
    more = [_number(count, noun) for count, noun in ((report.regimes, "regime"), (report.contexts, "context")) if count]
    of = " and ".join(filter(None, [", ".join([_number(report.rules, "rule"), *more[:-1]]), *more[-1:]]))
    return f"{_number(report.examples, 'example')} of {of}, {len(report.failures)} failed"


def _skeletons() -> tuple[str, ...]:
    from ._skeletons import SKELETONS

    return tuple(SKELETONS)


@command.command("new", short_help="Write a rule file to begin with.")
@click.argument("kind", metavar="regime|rule|measure", type=OneOf("kind", _skeletons))
@click.option("-o", "--output-file", metavar="FILE", type=FILE_NAME, help="Write to FILE, which must not be there yet.")
@talking
def new(kind: str, output_file: str | None) -> None:
    """Write a commented rule file to begin with: a regime, a rule with notes of its own, or a measure for regimes.

    It is whole, so that rules lint and rules test can be run after each change. A file that is there already is never
    written over.
    """
    from ._skeletons import SKELETONS

    if output_file is None:
        screen().say(SKELETONS[kind].rstrip("\n"))
        return
    try:
        with open(output_file, "x", encoding="utf-8", newline="\n") as file:
            file.write(SKELETONS[kind])
    except FileExistsError:
        raise OutputError(f"{output_file}: is there already; name another file") from None
    except (OSError, ValueError) as error:
        raise OutputError(f"{output_file}: cannot be written: {getattr(error, 'strerror', None) or error}") from None
    screen().hint(f"{output_file}: written; fill it in, then: annotator rules lint {output_file}")


def _catalogue(settings: Settings) -> Catalogue:
    from ..rulebook import read_definitions  # brings in YAML
    from ._catalogue import Catalogue

    definitions = read_definitions(settings.rules, default_rules=settings.default_rules)
    definitions.raise_faults()
    return Catalogue(definitions)


@command.command("list", short_help="List the rules.")
@click.option("--type", "kind", type=OneOf("type", _types), default="rules", help="List these; rules when left out.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
@with_rules
@talking
def list_(settings: Settings, kind: str, *, as_json: bool) -> None:
    """List the rules: id, kind, jurisdictions, status, file, and what they override."""
    catalogue = _catalogue(settings)
    check_globs(settings, sorted(catalogue.definitions[kind]))
    rows = list(catalogue.rows(kind, settings.only, settings.skip))
    if as_json:
        _say_json(rows)
        return
    columns = [
        (
            row["id"],
            row["kind"],
            ",".join(row["jurisdiction"]) or "-",
            row["status"] or "-",
            plain(f"{row['file']}:{row['line']}"),
        )
        for row in rows
    ]
    widths = [max((len(column[index]) for column in columns), default=0) for index in range(4)]
    for row, column in zip(rows, columns, strict=True):
        line = "  ".join(text.ljust(width) for text, width in zip(column, (*widths, 0), strict=True))
        line += f"  {screen().paint('overrides ' + row['overrides'], 'yellow')}" if row["overrides"] else ""
        screen().say(line)
    screen().hint(
        _number(
            len(rows),
            {"vocabulary": "entry of the vocabulary", "patterns": "pattern piece"}.get(kind, kind.removesuffix("s")),
        )
    )


@command.command("show", short_help="Show all about one rule, note, regime …")
@click.argument("identifier", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
@with_rules
@talking
def show(identifier: str, settings: Settings, *, as_json: bool) -> None:
    """Show all about a rule, note, listing, regime, context, reference, table, vocabulary entry or pattern piece."""
    catalogue = _catalogue(settings)
    records = catalogue.find(identifier)
    if not records:
        close = catalogue.similar(identifier)
        hint = f"did you mean {' or '.join(close)}?" if close else "see: annotator rules list"
        raise UsageError(f"nothing has the id {identifier!r}; {hint}")
    if as_json:
        _say_json(records)
        return
    for record in records:
        _print(record)


def _say_json(data: Any) -> None:
    import json  # slow to import, and only for this

    screen().say(json.dumps(data, indent=2, default=str))


def _print(record: dict[str, Any]) -> None:
    import yaml  # rules were parsed, so it is here

    show = screen()
    show.say(f"{show.paint(record['type'] + ' ' + record['id'], 'bold')}")
    show.say(plain(f"  {record['file']}:{record['line']}:{record['column']}"))
    if record["overrides"]:
        show.say(f"  {show.paint('overrides ' + record['overrides'], 'yellow')}")
    dumped = yaml.safe_dump(record["definition"], sort_keys=False, allow_unicode=True, width=100)
    for line in dumped.splitlines():
        show.say(f"  {plain(line)}")
    for regime, notes in (record.get("answers") or {}).items():
        show.say(f"  {show.paint('in regime', 'blue')} {regime}: {', '.join(notes)}")
    for note in record.get("notes", ()):
        status = (
            f"{','.join(note['jurisdiction'])}; {note['status'] or 'no status'}, checked {note['checked'] or 'never'}"
        )
        show.say(f"  {show.paint('note', 'green')} {note['id']} ({status})")
        for text in note["texts"]:
            show.say(f"    {plain(text)}")
        _print_sources(note["sources"], "    ")
    _print_sources(record.get("sources", ()), "  ")
    for user in record["used_by"]:
        show.say(f"  {show.paint('used by', 'blue')} {user}")
    show.say("")


def _print_sources(sources: Any, indent: str) -> None:
    for source in sources:
        parts = (source["instrument"], source["pinpoint"], source["date"], source["url"])
        screen().say(f"{indent}source: {', '.join(plain(str(part)) for part in parts if part)}")


@command.command("schema")
@talking
def schema() -> None:
    """Print the JSON Schema of rule files, for editors."""
    from ..rulebook import rules_schema

    _say_json(rules_schema())
