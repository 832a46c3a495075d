"""``annotator update``: annotated articles in, the same with their notes made anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ._endings import each
from ._files import STDIN, Targets, label, read
from ._options import FILE_NAME, HELP, engine, input_format, screen, talking, with_settings, with_strict, with_targets
from .annotate import report_unplaced, report_warnings

if TYPE_CHECKING:
    from ..config import Settings
    from ..updating import Change

_SHOWN = 100


@click.command("update", context_settings=HELP, short_help="Make the notes of an older run anew.")
@click.argument("files", nargs=-1, type=FILE_NAME)
@with_targets
@with_strict
@input_format
@with_settings
@talking
def command(
    files: tuple[str, ...],
    settings: Settings,
    output_file: str | None,
    input_format: str | None,
    *,
    in_place: bool,
    strict: bool,
) -> int:
    """Make the notes in articles anew: FILES, or standard input when there are none or for "-".

    The notes of the older run are taken out and the article is annotated again, as of the same date unless
    --as-of gives another. What changed is said on standard error, a line for each note: new, changed or gone,
    and whether by new facts, a new date, a new rule or new wording. An article without notes of ours comes
    back as it is.
    """
    from ..updating import update

    options = settings.options(input_format)
    names = files or (STDIN,)
    targets = Targets(names, output_file, in_place=in_place)
    annotator = engine(settings)

    def one(name: str) -> None:
        source = read(name, screen())
        found = update(annotator, source, path=None if name == STDIN else name, options=options, detail=settings.detail)
        data = source
        if found is not None:
            report_warnings(name, found.result, options)
            report_unplaced(name, found.result, strict=strict)
            data = found.data
        place = targets.of(name)
        if place is None:
            screen().write(data)
        elif place != name or data != source:
            targets.write(name, data)
        if found is None:
            screen().hint(f"{label(name)}: no notes of ours to update; put them in with: annotator annotate")
            return
        for change in found.changes:
            screen().hint(f"{label(name)}: {_said(change)}")
        result = found.result
        screen().inform(f"{label(name)}: {len(found.changes)} notes differ, as of {result.as_of} ({result.as_of_from})")

    return each(screen(), names, one)


def _said(change: Change) -> str:
    """Say in a line what became of a note."""
    words = change.after or change.before
    return f"{change.what} ({change.why}): {words[:_SHOWN]}{'…' if len(words) > _SHOWN else ''}"
