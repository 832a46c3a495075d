"""``annotator update``: annotated articles in, the same with their notes made anew, and what changed in all of them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from ..errors import InputError, UsageError
from ._endings import each
from ._files import STDIN, Targets, label, read
from ._options import (
    FILE_NAME,
    HELP,
    OneOf,
    engine,
    input_format,
    screen,
    talking,
    with_settings,
    with_strict,
    with_targets,
)
from .annotate import report_unplaced, report_warnings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..config import Settings
    from ..updating import Change

_SHOWN = 100
_NAMED = 5  # articles that a line of the digest names
DIGESTS = ("text", "json")


@click.command("update", context_settings=HELP, short_help="Make the notes of an older run anew.")
@click.argument("files", nargs=-1, type=FILE_NAME)
@with_targets
@click.option("--dry-run", is_flag=True, help="Write no article; show the digest of what would change.")
@click.option(
    "--digest",
    type=OneOf("form of the digest", lambda: DIGESTS),
    help="Write to standard output which notes changed over all articles, and why.",
)
@with_strict
@input_format
@with_settings
@talking
def command(
    files: tuple[str, ...],
    settings: Settings,
    output_file: str | None,
    input_format: str | None,
    digest: str | None,
    *,
    in_place: bool,
    dry_run: bool,
    strict: bool,
) -> int:
    """Make the notes in articles anew: FILES or folders of them, or standard input when there are none or for "-".

    The notes of the older run are taken out and the article is annotated again, as of the same date unless
    --as-of gives another. What changed is said on standard error, a line for each note: new, changed or gone,
    and whether by an entry of a sanctions list that was added, changed or removed, new facts, a new rule, a new
    date or new wording. An article without notes of ours comes back as it is. For an archive, --digest puts the
    changes of all articles together; --dry-run shows that alone.
    """
    from ..updating import update

    options = settings.options(input_format)
    names = _articles(files) or (STDIN,)
    if dry_run:
        if in_place or output_file is not None:
            raise UsageError("--dry-run writes no article; leave out -o and --in-place")
        digest = digest or "text"
    targets = Targets(names, output_file, in_place=in_place, lines=dry_run)
    if digest and not dry_run and targets.together and output_file is None:
        raise UsageError("--digest goes to standard output: say with -o or --in-place where the articles go")
    annotator = engine(settings)
    changes: list[tuple[str, Change]] = []
    read_, noted = [0], [0]

    def one(name: str) -> None:
        source = read(name, screen())
        found = update(annotator, source, path=None if name == STDIN else name, options=options, detail=settings.detail)
        data = source
        read_[0] += 1
        if found is not None:
            report_warnings(name, found.result, options)
            report_unplaced(name, found.result, strict=strict)
            data = found.data
        place = targets.of(name)
        if dry_run:
            pass
        elif place is None:
            screen().write(data)
        elif place != name or data != source:
            targets.write(name, data)
        if found is None:
            say = screen().inform if digest else screen().hint
            say(f"{label(name)}: no notes of ours to update; put them in with: annotator annotate")
            return
        noted[0] += 1
        changes.extend((label(name), change) for change in found.changes)
        for change in () if digest else found.changes:
            screen().hint(f"{label(name)}: {_said(change)}")
        result = found.result
        screen().inform(f"{label(name)}: {len(found.changes)} notes differ, as of {result.as_of} ({result.as_of_from})")

    code = each(screen(), names, one)
    if digest:
        counts = {"given": len(names), "read": read_[0], "with_notes": noted[0]}
        counts |= {"changed": len({name for name, _ in changes}), "failed": len(names) - read_[0]}
        screen().write(_DIGEST[digest](counts, changes).encode("utf-8"))
    return code


def _articles(files: Sequence[str]) -> tuple[str, ...]:
    """Return the files, and in place of a folder all in it and below, by name. Raises ``InputError``."""
    found: list[str] = []
    for name in files:
        if name == STDIN or not os.path.isdir(name):
            found.append(name)
            continue
        inside: list[str] = []
        for folder, folders, here in os.walk(name):
            folders[:] = sorted(one for one in folders if not one.startswith("."))
            inside += [os.path.join(folder, one) for one in sorted(here) if not one.startswith(".")]
        if not inside:
            raise InputError(f"{name}: the folder holds no file")
        found += inside
    return tuple(dict.fromkeys(found))


def _said(change: Change) -> str:
    """Say in a line what became of a note."""
    return f"{change.what} ({change.why}): {_short(change.after or change.before)}"


def _short(words: str) -> str:
    return f"{words[:_SHOWN]}{'…' if len(words) > _SHOWN else ''}"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _as_text(counts: dict[str, int], changes: Sequence[tuple[str, Change]]) -> str:
    """Write the digest as lines: what was read, and under each reason the notes with their articles."""
    from ..updating import digest
    from ._screen import plain

    without = counts["read"] - counts["with_notes"]
    parts = [
        f"{_counted(counts['changed'], 'article')} with changes",
        f"{counts['with_notes'] - counts['changed']} as before",
    ]
    parts += [f"{without} without notes of ours"] if without else []
    parts += [f"{counts['failed']} that could not be updated"] if counts["failed"] else []
    lines = [f"{_counted(counts['given'], 'article')}: {', '.join(parts)}."]
    last = ""
    for change, articles in digest(changes):
        if change.why != last:
            lines += ["", f"{change.why[:1].upper()}{change.why[1:]}"]
            last = change.why
        names = ", ".join(articles[:_NAMED])
        more = f" and {len(articles) - _NAMED} more" if len(articles) > _NAMED else ""
        lines.append(f"  {change.what}: {plain(_short(change.after or change.before))}")
        if change.what == "changed":
            lines.append(f"    was: {plain(_short(change.before))}")
        lines.append(f"    in {_counted(len(articles), 'article')}: {plain(names)}{more}")
    return "\n".join(lines) + "\n"


def _as_json(counts: dict[str, int], changes: Sequence[tuple[str, Change]]) -> str:
    """Write the digest as one JSON object."""
    import json

    from ..updating import digest

    found = [{**change._asdict(), "articles": articles} for change, articles in digest(changes)]
    return json.dumps({"version": 1, "articles": counts, "changes": found}, ensure_ascii=True, indent=2) + "\n"


_DIGEST = {"text": _as_text, "json": _as_json}
