"""``annotator lookup``: what the rules and the lists know of a name, a measure or a citation, as of a day."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from ..errors import ExitCode
from ._options import HELP, OneOf, engine, screen, talking, with_lookup
from ._screen import plain

if TYPE_CHECKING:
    from ..config import Settings

OUTPUTS = ("text", "json")


@click.command("lookup", context_settings=HELP, short_help="Look up a name, a measure or a citation.")
@click.argument("words", nargs=-1, required=True, metavar="WORDS...")
@click.option(
    "--output", default="text", type=OneOf("output", lambda: OUTPUTS), help="Print text to read, or one JSON object."
)
@with_lookup
@talking
def command(words: tuple[str, ...], settings: Settings, output: str) -> int:
    """Look up WORDS: a name, a measure, a citation, a programme's tag or a ship's IMO number.

    The answer comes first, then what held on the day, when it changed, and the sources. Where nothing fits, names are
    offered that are near. Ends with exit code 1 when nothing is found.
    """
    # When names are noted in articles is no matter here: a name is asked for.
    annotator = engine(replace(settings, names="always"))
    found = annotator.lookup(" ".join(words), as_of=settings.as_of, jurisdictions=settings.jurisdiction)
    if output == "json":
        import json  # slow to import, and only for this

        from ..lookup.record import record

        screen().say(json.dumps(record(found), indent=2))
    else:
        from ..lookup.text import is_head, lines
        from ..writing.wording import fitted

        encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
        for line in lines(found):
            shown = plain(fitted(line, encoding))
            screen().say(screen().paint(shown, "bold") if is_head(line) else shown)
    return ExitCode.OK if found else ExitCode.FINDINGS
