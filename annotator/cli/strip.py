"""``annotator strip``: annotated articles in, the originals out."""

from __future__ import annotations

import click

from ._endings import each
from ._files import STDIN, Targets, label, read
from ._options import FILE_NAME, HELP, screen, talking, with_targets


@click.command("strip", context_settings=HELP, short_help="Take the notes out of articles again.")
@click.argument("files", nargs=-1, type=FILE_NAME)
@with_targets
@click.option(
    "--edited", is_flag=True, help="Take notes out of a text that was changed since, as far as they are found."
)
@talking
def command(files: tuple[str, ...], output_file: str | None, *, in_place: bool, edited: bool) -> int:
    """Take the notes out of articles again: FILES, or standard input when there are none or for "-".

    The original comes back, byte for byte. A text without notes of ours comes back as it is.
    """
    from ..api import strip

    names = files or (STDIN,)
    targets = Targets(names, output_file, in_place=in_place)

    def one(name: str) -> None:
        source = read(name, screen())
        data: bytes = strip(source, edited=edited)
        place = targets.of(name)
        if place is None:
            screen().write(data)
        elif place != name or data != source:
            targets.write(name, data)
        screen().inform(f"{label(name)}: {'notes taken out' if data != source else 'no notes of ours'}")

    return each(screen(), names, one)
