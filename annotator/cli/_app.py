"""The command as a whole: its subcommands, each found and imported when it is called."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from .._version import __version__
from ._endings import run
from ._options import HELP, talking

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS = (
    "annotate", "check", "batch", "update", "strip", "explain", "lookup", "serve", "mcp", "rules", "lists",
    "help", "completion",
)  # fmt: skip


class App(click.Group):
    """The group of subcommands; ``main`` runs it and turns every ending into an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the subcommands in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a subcommand and return it."""
        if cmd_name not in COMMANDS:
            return None
        found: click.Command = import_module(f".{cmd_name}", __package__).command
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the subcommand called for; help where its name is wrong."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            if os.path.exists(name):
                ctx.fail(f"{name} is a file, not a command; did you mean: annotator annotate {name}")
            from difflib import get_close_matches

            close = get_close_matches(name, COMMANDS, 1)
            hint = f"did you mean {close[0]}?" if close else f"one of {', '.join(COMMANDS)}"
            ctx.fail(f"no command {name!r}; {hint}")
        return super().resolve_command(ctx, args)

    def main(  # type: ignore[override]
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,  # the name is the same however it was started
        complete_var: str | None = None,
        standalone_mode: bool = True,  # noqa: FBT001, FBT002 - click's own signature
        **extra: Any,
    ) -> int:
        """Run a command line and exit with its code; return it where ``standalone_mode`` is off."""
        arguments = list(sys.argv[1:] if args is None else args)
        self._main_shell_completion(extra, "annotator", complete_var)
        code = int(run(self, arguments))
        if standalone_mode:
            sys.exit(code)
        return code


def _say_version(ctx: click.Context, _: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's own signature
    if not value:
        return
    click.echo(f"annotator {__version__}")
    if ctx.obj.verbose:
        from .. import automaton, core

        click.echo(f"core: {core.named()}")
        if core.scan is None:
            click.echo(f"automaton: {automaton.named()}")
        click.echo(f"Python {sys.version.split()[0]} on {sys.platform}")
    ctx.exit()


@click.group(
    cls=App,
    context_settings=HELP,
    epilog="An article on standard input needs no file name. About an exit code or a rule: annotator help NAME.",
)
@talking
@click.option(
    "-V", "--version", is_flag=True, expose_value=False, callback=_say_version, help="Show the version and exit."
)
def app() -> None:
    """Put correct, cited reference notes on sanctions law into news articles."""
