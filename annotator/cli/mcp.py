"""``annotator mcp``: the tools for assistants, over standard input and output."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from ..errors import ExitCode
from ._options import HELP, engine, screen, talking, with_settings

if TYPE_CHECKING:
    from ..config import Settings


@click.command("mcp", context_settings=HELP, short_help="Serve tools for assistants (Model Context Protocol).")
@with_settings
@talking
def command(settings: Settings) -> int:
    """Serve the tools annotate, check, lookup and explain to an assistant, over standard input and output.

    A client of the Model Context Protocol starts this command and ends it; see docs/mcp.md for what it is told. The
    options are what holds where a call of a tool does not say otherwise. Nothing of a text is kept or logged, and
    nothing is sent anywhere but to the client. Needs the extra mcp: pip install "sanctions-annotator[mcp]".
    """
    # The SDK can tell spans of its work to whoever is set up to take them; nobody is to be told.
    os.environ["OTEL_SDK_DISABLED"] = "true"
    from ..mcp import serve

    if sys.stdin is not None and sys.stdin.isatty():
        screen().hint(
            "this is for a client of the Model Context Protocol to start; Ctrl-C ends it, docs/mcp.md says more"
        )
    serve(engine(settings), settings)
    return ExitCode.OK
