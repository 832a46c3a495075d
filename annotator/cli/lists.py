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
    help=f"The store of lists; those of the configuration when left out, else {STORE}, and the lists that ship.",
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

    labels: dict[str, None] = {}

    def reading(name: str, entries: int) -> None:
        labels[name] = None
        place = f"{len(labels)} of {len(files)}: " if 1 < len(files) >= len(labels) else ""
        screen().progress(f"{place}{os.path.basename(name)}: {_number(entries, 'entry')} read")

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

    def made(entries: int) -> None:
        screen().progress(f"making the index of names: {_number(entries, 'entry')}")

    screen().progress("making the index of names")
    try:
        Lists([path], progress=made)
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
    from ..lists.opened import seen_so

    shown: list[tuple[int, Entry, list[tuple[str, str]]]] = []
    offered: dict[str, None] = {}
    paths: list[str] = []
    for store in _to_search(path):
        with store:
            paths.append(store.path)
            found, near = look_up(store, _index_of(store), query)
            offered |= dict.fromkeys(near)
            for key, entry in found:
                shown.append((key, seen_so(entry, store.sightings(key)), store.history(key)))
    if not shown:
        like = f"; much like it: {'; '.join(offered)}" if offered else ""
        raise UsageError(_safe(f"no entry with the reference or name {query!r} in {' or '.join(paths)}{like}"))
    if as_json:
        _say_json([{**_plain(entry), "key": key, "history": history} for key, entry, history in shown])
        return
    for number, (_, entry, history) in enumerate(shown[:_MOST_SHOWN]):
        if number:
            screen().say("")
        _say_entry(entry, history, as_of)
    if len(shown) > _MOST_SHOWN:
        screen().hint(f"and {len(shown) - _MOST_SHOWN} more or above; name more words")


def _to_search(path: str | None) -> Iterable[Store]:
    """Yield the store that is named, else those that a run uses, the copy that ships among them."""
    from ..lists.shipped import manifest, searchable

    if path is not None:
        yield _open(path)
        return
    stores, shipped = _used()
    for one in stores:
        yield _open(one)
    if shipped:
        yield searchable(manifest(), screen().hint)
    elif not stores:
        yield _open(None)


def _index_of(store: Store) -> NameIndex | Layered | None:
    """Return the index of a store's names, ``None`` where it cannot be made."""
    from ..lists.opened import open_index

    if not os.path.exists(store.path):  # in memory
        return None
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
    return f"on {as_of}: not known; on the list by {entry.first_seen}, which does not say since when"


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


@command.command("sources", short_help="Say where each list is published.")
@_JSON
@talking
def sources(*, as_json: bool) -> None:
    """Say of each list where it is published, in which format, and how to bring in a newer copy.

    Nothing is fetched: the commands are yours to run.
    """
    from ..lists.sources import SOURCES

    if as_json:
        _say_json([{**one._asdict(), "command": one.command} for one in SOURCES])
        return
    for number, one in enumerate(SOURCES):
        if number:
            screen().say("")
        screen().say(screen().paint(f"{one.id}  {one.title}", "bold"))
        rows = (
            ("page", one.page),
            ("file", one.file),
            ("format", one.format),
            ("note", one.remark),
            ("get", one.command),
        )
        for title, text in rows:
            if text:
                screen().say(f"  {title}: {text}")


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
    """Say of each list its date, its size and its age: in a store, and in the copy that ships with the program.

    A list is stale when its newest copy is.
    """
    from ..lists.store import age_in_days

    if as_of in {None, "today"}:
        from datetime import UTC, datetime

        as_of = datetime.now(UTC).date().isoformat()
    assert as_of is not None
    lists = _every_list(path)
    newest: dict[str, str] = {}
    for _, one in lists:
        newest[one.id] = max(one.date, newest.get(one.id, ""))
    rows = [
        (where, one, age, one.date == newest[one.id] and age > max_age)
        for where, one in lists
        for age in [age_in_days(one.date, as_of)]
    ]
    stale = sum(old for *_, old in rows)
    if as_json:
        _say_json([{**_plain(one), "store": where, "age_in_days": age, "stale": old} for where, one, age, old in rows])
    else:
        said: str | None = ""
        named = any(where is None for where, *_ in rows)
        for where, one, age, old in rows:
            if named and where != said:
                screen().say(screen().paint(_safe(where or "shipped with the program"), "bold"))
            said = where
            screen().say(_status_line(one, age, stale=old))
        screen().hint(f"{_number(len(rows), 'list')}, {stale} older than {max_age} days")
        if stale:
            screen().hint("newer copies: annotator lists sources")
    return ExitCode.FINDINGS if stale and strict else ExitCode.OK


def _every_list(path: str | None) -> list[tuple[str | None, ListStatus]]:
    """Return the lists of the store that is named, or of those that a run uses, and of the copy that ships.

    With each goes the store it is in, ``None`` for the copy that ships.
    """
    from ..lists.shipped import statuses

    stores, shipped = _used()
    if path is not None:
        stores = [path]
    every: list[tuple[str | None, ListStatus]] = []
    for one in stores:
        with _open(one) as store:
            every += [(one, status) for status in store.lists()]
    if shipped:
        every += [(None, status) for status in statuses()]
    if not every and not stores:
        raise UsageError(
            f"no store of lists, and those that ship are turned off; name one with --lists, or make {STORE}"
        )
    return every


def _used() -> tuple[list[str], bool]:
    """Return the stores that a run uses, or one in the working folder, and whether the copy that ships counts too."""
    from .. import config
    from ..api import stores_of

    found = config.find()
    stores, shipped = stores_of(config.load(found).get("lists", ()) if found else ())
    if not stores and os.path.exists(STORE):
        return [STORE], shipped
    return [str(one) for one in stores], shipped


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
