"""``annotator help``: what the handbook says of a rule, a regime, a measure or an error."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from ..errors import UsageError
from ._options import HELP, screen, talking, with_rules
from ._screen import plain

if TYPE_CHECKING:
    from ..config import Settings
    from ..handbook.page import Page


@click.command("help", context_settings=HELP, short_help="Tell about a rule, a regime, a measure or an error.")
@click.argument("names", nargs=-1, metavar="[NAME]")
@with_rules
@talking
def command(names: tuple[str, ...], settings: Settings) -> None:
    """Tell about NAME: a rule, a regime, a measure, a list, an exit code, an exception, a finding of rules lint.

    What notes say stands there with the sources, how far it was verified, and when. Of a command it shows the help, as
    COMMAND --help does; without a NAME that of annotator.
    """
    if _show_command(names):
        return
    pages = _pages(" ".join(names), settings)
    from ..handbook.writing import heads, text
    from ..writing.wording import fitted

    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    for number, page in enumerate(pages):
        if number:
            screen().say("")
        bold = heads(page)
        for line in text(page):
            shown = plain(fitted(line, encoding))
            screen().say(screen().paint(shown, "bold") if line in bold else shown)


def _show_command(names: tuple[str, ...]) -> bool:
    """Show the help of a command, where the names are one; tell whether they are."""
    context = click.get_current_context().find_root()
    found: click.Command | None = context.command
    for name in names:
        if not isinstance(found, click.Group) or name not in found.list_commands(context):
            return False
        found = found.get_command(context, name)
        if found is None:
            return False
        context = click.Context(found, info_name=name, parent=context, **found.context_settings)
    if found is not None:
        click.echo(found.get_help(context))
    return True


def _pages(name: str, settings: Settings) -> list[Page]:
    """Return the pages of a name; on an error without reading rules, which may be what is wrong."""
    from ..handbook import errors

    error = errors.find(name)
    if error is not None:
        return [error]
    from ..handbook import Handbook
    from ..rulebook import read_definitions  # brings in YAML

    definitions = read_definitions(settings.rules, default_rules=settings.default_rules)
    definitions.raise_faults()
    book = Handbook(definitions)
    pages = book.find(name)
    if not pages:
        close = book.similar(name)
        hint = f"did you mean {' or '.join(close)}?" if close else "see: annotator rules list"
        raise UsageError(f"no rule, regime, measure or error is called {name!r}; {hint}")
    return pages
