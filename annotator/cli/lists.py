"""``annotator lists``: import official sanctions lists, see what changed, look entries up."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from ..errors import AnnotatorError, ExitCode, UsageError
from ._options import DAY, FILE_NAME, HELP, screen, talking

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..lists.comparing import Change
    from ..lists.entries import Entry
    from ..lists.names.index import Layered, NameIndex
    from ..lists.store import ListStatus, Store

STORE = "lists.db"
_STALE_DAYS = 30
_MOST_SHOWN = 20

_LISTS = click.option(
    "--lists",
    "path",
    metavar="STORE",
    type=FILE_NAME,
    help=f"The store of lists; the first of the configuration when left out, else {STORE}.",
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group("lists", context_settings=HELP)
@talking
def command() -> None:
    """Import official sanctions lists, see what changed in them, look entries up."""


def _number(count: int, noun: str) -> str:
    plural = "entries" if noun == "entry" else noun + "s"
    return f"{count:,} {noun if count == 1 else plural}"


@command.command("import", short_help="Put lists into a store.")
@click.argument("files", nargs=-1, required=True, type=FILE_NAME)
@click.option(
    "--into", "path", metavar="STORE", type=FILE_NAME, required=True, help="The store; made where there is none."
)
@click.option("--date", type=DAY, help="The date of files that do not say theirs.")
@click.option(
    "--list", "list_id", metavar="ID", help="Take files for this list: un, us-sdn, us-nonsdn, us-csl, uk, eu, ch, ca."
)
@click.option("--allow-fewer", is_flag=True, help="Take a file even if a great part of its list is not in it.")
@_JSON
@talking
def import_(
    files: tuple[str, ...], path: str, date: str | None, list_id: str | None, *, allow_fewer: bool, as_json: bool
) -> int:
    """Put lists into a store: FILES as they were published, plain, gzip or zip.

    Formats are told from what is in the files. Each list is imported whole or not at all, and the others are
    still done. A later file of a list records what was added, changed and removed; files may come in any order.
    """
    from ..lists.importing import import_files
    from ._endings import report

    worst = 0

    def failed(name: str, error: Exception) -> None:
        nonlocal worst
        worst = max(worst, report(screen(), error, about=name))

    def reading(name: str, entries: int) -> None:
        screen().progress(f"{os.path.basename(name)}: {_number(entries, 'entry')} read")

    reports = import_files(
        files, path, date=date, list_id=list_id, allow_fewer=allow_fewer, failed=failed, progress=reading
    )
    screen().progress("")
    said: set[str] = set()
    for one in reports:
        for warning in one.warnings:
            if warning not in said:
                screen().warn(warning)
            said.add(warning)
        if as_json:
            continue
        what = f"{one.list} of {one.date}: {_number(one.entries, 'entry')}"
        if one.state == "known":
            screen().say(f"{what}, known already")
        else:
            screen().say(f"{what}, {one.added:,} added, {one.changed:,} changed, {one.removed:,} removed")
    if as_json:
        _say_json([_plain(one) for one in reports])
    if reports:  # known ones too: the run that brought them may have been killed before it came to the index
        _index(path)
    return worst


def _index(path: str) -> None:
    """Make the index of names now, so that the first article does not wait for it."""
    from ..lists.opened import Lists

    screen().progress("making the index of names")
    try:
        Lists([path])
    except AnnotatorError as error:
        screen().warn(f"the index of names is not made: {error}")
    finally:
        screen().progress("")


@command.command("diff", short_help="Say what changed between two files or dates.")
@click.argument("before", metavar="A", type=FILE_NAME)
@click.argument("after", metavar="B", type=FILE_NAME)
@_LISTS
@click.option("--list", "list_id", metavar="ID", help="The list, where A and B are dates and the store has several.")
@_JSON
@talking
def diff(before: str, after: str, path: str | None, list_id: str | None, *, as_json: bool) -> None:
    """Say what changed between A and B: two files of a list, or two dates of a list in a store.

    Each line begins with + for an entry that was added, - for one removed, ~ for one changed. Of a date the
    newest snapshot of then counts.
    """
    from ..lists.comparing import compare_dates, compare_files

    if os.path.exists(before) or os.path.exists(after):
        found = compare_files(before, after)
    else:
        with _open(path) as store:
            found = compare_dates(store, list_id, before, after)
    if as_json:
        _say_json(
            {
                "list": found.list,
                "before": found.before,
                "after": found.after,
                "changes": [_change(one) for one in found.changes],
            }
        )
        return
    counts = dict.fromkeys(("added", "changed", "removed"), 0)
    for one in found.changes:
        counts[one.kind] += 1
        _say_change(one)
    screen().hint(
        f"{found.list}, {found.before} to {found.after}: " + ", ".join(f"{n:,} {kind}" for kind, n in counts.items())
    )


def _change(one: Change) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "removed_on": one.removed_on,
        "fields": [{"field": name, "went": went, "came": came} for name, went, came in one.fields],
        "entry": _plain(one.entry),
    }


def _say_change(one: Change) -> None:
    sign, style = {"added": ("+", "green"), "removed": ("-", "red"), "changed": ("~", "yellow")}[one.kind]
    line = f"{screen().paint(sign, style)} {_line(one.entry)}"
    if one.removed_on:
        line += f", removed on {one.removed_on}"
    screen().say(line)
    for name, went, came in one.fields:
        values = [f"- {text}" for text in went] + [f"+ {text}" for text in came]
        screen().say(_safe(f"    {name.replace('_', ' ')}: {'; '.join(values)}"))


def _line(entry: Entry) -> str:
    name = entry.names[0].text if entry.names else "?"
    return _safe(f"{entry.list} {entry.reference}  {name} ({', '.join((entry.type, *entry.programmes))})")


def _safe(text: str) -> str:
    from ._screen import plain

    return plain(text)


@command.command("show", short_help="Show entries by reference or name.")
@click.argument("query", metavar="NAME")
@_LISTS
@click.option("--as-of", type=DAY, help="Say how each entry stood on this day.")
@_JSON
@talking
def show(query: str, path: str | None, as_of: str | None, *, as_json: bool) -> None:
    """Show entries by their reference or by a NAME, and what befell them on each list.

    A name is read as in an article: in other spellings and orders of its words too. Where no entry has it, those are
    shown that have its words among others, and else names are offered that are much like it.
    """
    from ..lists.looking import look_up

    with _open(path) as store:
        found, near = look_up(store, _index_of(store), query)
        if not found:
            offered = f"; much like it: {'; '.join(near)}" if near else ""
            raise UsageError(_safe(f"no entry with the reference or name {query!r} in {store.path}{offered}"))
        if as_json:
            _say_json([{**_plain(entry), "key": key, "history": store.history(key)} for key, entry in found])
            return
        for number, (key, entry) in enumerate(found[:_MOST_SHOWN]):
            if number:
                screen().say("")
            _say_entry(entry, store.history(key), as_of)
        if len(found) > _MOST_SHOWN:
            screen().hint(f"and {len(found) - _MOST_SHOWN} more or above; name more words")


def _index_of(store: Store) -> NameIndex | Layered | None:
    """Return the index of a store's names, ``None`` where it cannot be made."""
    from ..lists.opened import open_index

    try:
        return open_index(store.path, store.digest(), store)
    except OSError:
        return None


def _stood(entry: Entry, history: list[tuple[str, str]], as_of: str) -> str:
    """Return how an entry stood on a day, as far as its list's dates and copies tell."""
    start, end = entry.listed_on, entry.removed_on
    if start and as_of[: len(start)] < start:
        return f"on {as_of}: not yet listed"
    if end and as_of >= end:
        return f"on {as_of}: removed"
    copies = [(date, what) for date, what in history if date <= as_of]
    if copies:
        what = copies[-1][1]
        return (
            f"on {as_of}: {'not in the copy of' if what == 'removed' else 'listed, as of the copy of'} {copies[-1][0]}"
        )
    if start:
        return f"on {as_of}: listed since {start}"
    return f"on {as_of}: not known; on the list by {entry.first_seen}, since when is not in the file"


def _say_entry(entry: Entry, history: list[tuple[str, str]], as_of: str | None) -> None:
    from ..lists.comparing import text_of

    screen().say(screen().paint(_line(entry), "bold"))
    if entry.missing_from and not entry.removed_on:
        when = f"removed between {entry.last_seen} and {entry.missing_from}"
    else:
        when = f"removed on {entry.removed_on}" if entry.removed_on else ""
    rows: list[tuple[str, Iterable[str]]] = [
        ("also", map(text_of, entry.names[1:])),
        ("", [_stood(entry, history, as_of) if as_of else ""]),
        ("listed on", [entry.listed_on or ""]),
        ("amended on", [entry.amended_on or ""]),
        ("", [when]),
        ("law", entry.legal_basis),
        ("position", entry.positions),
        ("born", entry.births),
        ("nationality", entry.nationalities),
        ("country", entry.countries),
        ("number", map(text_of, entry.identifiers)),
        ("history", [f"{what} {date}" for date, what in history]),
        ("see", [entry.url]),
    ]
    for title, values in rows:
        if kept := [value for value in values if value]:
            screen().say(_safe(f"  {title}: {'; '.join(kept)}" if title else f"  {kept[0]}"))


@command.command("status", short_help="Say how old the lists are.")
@_LISTS
@click.option("--as-of", type=DAY, help="Tell ages as of this day; today when left out.")
@click.option(
    "--max-age",
    type=click.IntRange(min=0),
    metavar="DAYS",
    default=_STALE_DAYS,
    help=f"Call lists older than DAYS stale; {_STALE_DAYS} when left out.",
)
@click.option("--strict", is_flag=True, help="Exit with code 1 when a list is stale.")
@_JSON
@talking
def status(path: str | None, as_of: str | None, max_age: int, *, strict: bool, as_json: bool) -> int:
    """Say of each list of a store its date, its size and its age."""
    from ..lists.store import age_in_days

    with _open(path) as store:
        lists = store.lists()
    if as_of is None:
        from datetime import UTC, datetime

        as_of = datetime.now(UTC).date().isoformat()
    rows = [(one, age_in_days(one.date, as_of)) for one in lists]
    stale = [one for one, age in rows if age > max_age]
    if as_json:
        _say_json([{**_plain(one), "age_in_days": age, "stale": age > max_age} for one, age in rows])
    else:
        for one, age in rows:
            screen().say(_status_line(one, age, stale=age > max_age))
        screen().hint(f"{_number(len(rows), 'list')}, {len(stale)} older than {max_age} days")
    return ExitCode.FINDINGS if stale and strict else ExitCode.OK


def _status_line(one: ListStatus, age: int, *, stale: bool) -> str:
    origin = {"file": "", "option": "as given", "name": "from its name", "listings": "of its newest listing"}
    remark = origin.get(one.date_from, "when the file was changed")
    parts = [
        f"{one.id:<13} {one.date + (f' ({remark})' if remark else '')}",
        _number(age, "day") + " old" if age >= 0 else "of a later day",
        _number(one.entries, "entry") + (" of a part of the list" if one.partial else ""),
        f"{one.removed:,} removed" if one.removed else "",
        _number(one.snapshots, "snapshot"),
        ", ".join(one.files),
    ]
    line = _safe("  ".join(part for part in parts if part))
    return f"{line}  {screen().paint('stale', 'yellow')}" if stale else line


def _open(path: str | None) -> Store:
    from ..lists.store import Store  # brings in SQLite

    return Store.open(path or _usual_store())


def _usual_store() -> str:
    """Return the store to use where none is named: that of the configuration, else one in the working folder."""
    from .. import config

    found = config.find()
    configured = config.load(found).get("lists", ()) if found else ()
    return str(configured[0]) if configured else STORE


def _plain(value: Any) -> Any:
    """Return a frozen value as what JSON can hold."""
    from dataclasses import asdict

    return asdict(value)


def _say_json(data: Any) -> None:
    import json
    import re

    from ._screen import STEERING

    text = json.dumps(data, ensure_ascii=False, indent=2)
    screen().write((re.sub(STEERING, lambda hit: json.dumps(hit.group())[1:-1], text) + "\n").encode())
