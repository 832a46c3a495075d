"""``annotator completion``: the script that lets a shell complete the command."""

from __future__ import annotations

import click

from ..errors import UsageError
from ._options import HELP, OneOf, screen, talking

SHELLS = ("bash", "zsh", "fish")


@click.command("completion", context_settings=HELP, short_help="Print the script for a shell's completion.")
@click.argument("shell", type=OneOf("shell", lambda: SHELLS), metavar="|".join(SHELLS))
@talking
def command(shell: str) -> None:
    """Print the script that completes commands and options in a shell.

    bash: eval "$(annotator completion bash)" in ~/.bashrc; zsh: the same in ~/.zshrc; fish: annotator
    completion fish > ~/.config/fish/completions/annotator.fish
    """
    from click.shell_completion import get_completion_class  # slow to import

    from ._app import app  # which imports us

    maker = get_completion_class(shell)
    if maker is None:  # click knows all of SHELLS
        raise UsageError(f"no completion for {shell}")
    screen().say(maker(app, {}, "annotator", "_ANNOTATOR_COMPLETE").source())
