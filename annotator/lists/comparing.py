"""What changed in a list: between two files, or between two dates of a list in a store."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from ..errors import UsageError
from .entries import Entry, Name
from .formats._text import fold_name, iso_date
from .store import Store, entry_of

if TYPE_CHECKING:
    from collections.abc import Iterator

ADDED, CHANGED, REMOVED = "added", "changed", "removed"
_FIELDS = tuple(
    one.name
    for one in fields(Entry)
    if one.name not in {"list", "reference", "jurisdiction", "first_seen", "last_seen", "missing_from", "url"}
)


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: an entry ``added``, ``changed`` or ``removed``.

    ``entry`` is what the later side says of it, for one removed the earlier side. ``fields`` are what changed:
    the field's name, what was there, what is there now; of fields with several values only those that went and
    came. ``removed_on`` is the day of removal where the list gives it.
    """

    kind: str
    entry: Entry
    fields: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = ()
    removed_on: str | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two states of a list, by the names of files or the dates of snapshots, and what changed between them."""

    list: str
    before: str
    after: str
    changes: tuple[Change, ...]


def compare_files(before: str | os.PathLike[str], after: str | os.PathLike[str]) -> Comparison:
    """Compare two files of one list. Raises ``InputError`` for what is no list, ``UsageError`` for two lists."""
    from tempfile import TemporaryDirectory

    from .importing import import_files  # brings in the readers

    first, second = os.fspath(before), os.fspath(after)
    with TemporaryDirectory(prefix="annotator-", ignore_cleanup_errors=True) as folder:
        path = os.path.join(folder, "lists.db")
        # Which is the earlier one the caller says, whatever the files' own dates are.
        old = import_files([first], path, date=_EARLIER, own_date=False)
        new = import_files([second], path, date=_LATER, own_date=False, allow_fewer=True)
        shared = [one.list for one in old if one.list in {other.list for other in new}]
        if not shared:
            raise UsageError(f"{first} is of list {old[0].list!r}, {second} of {new[0].list!r}; nothing to compare")
        with Store.open(path) as store:
            changes = tuple(
                change for list_ in dict.fromkeys(shared) for change in _changes(store, list_, _EARLIER, _LATER)
            )
    return Comparison(", ".join(dict.fromkeys(shared)), first, second, changes)


_EARLIER, _LATER = "1000-01-01", "1000-01-02"


def compare_dates(store: Store, list_: str | None, before: str, after: str) -> Comparison:
    """Compare a list of a store at two dates: at each, the newest snapshot of then counts.

    ``list_`` may be left out where the store has one list. Raises ``UsageError`` for a list or a date that the
    store does not know.
    """
    known = [one.id for one in store.lists()]
    if list_ is None:
        if len(known) != 1:
            raise UsageError(f"--list: which one? the store has {', '.join(known) or 'none'}")
        list_ = known[0]
    if list_ not in known:
        raise UsageError(f"--list: no list {list_!r} in {store.path}; it has {', '.join(known) or 'none'}")
    for date in (before, after):
        if iso_date(date) != date:
            raise UsageError(f"{date!r} is no date, nor is it a file; write YYYY-MM-DD")
    with store.faults():
        rows = store.connection.execute("SELECT date FROM snapshot WHERE list = ? ORDER BY date", (list_,)).fetchall()
    dates = [row[0] for row in rows]
    found = []
    for date in (before, after):
        earlier = [one for one in dates if one <= date]
        if not earlier:
            raise UsageError(f"list {list_!r} has no snapshot of {date} or before; the oldest is of {dates[0]}")
        found.append(earlier[-1])
    return Comparison(list_, found[0], found[1], tuple(_changes(store, list_, found[0], found[1])))


def _changes(store: Store, list_: str, before: str, after: str) -> Iterator[Change]:
    state = (
        "(SELECT v.body FROM version v WHERE v.entry = e.key AND v.date <= ?"
        " ORDER BY v.date DESC, v.snapshot DESC LIMIT 1)"
    )
    newest = "SELECT format FROM snapshot WHERE list = ? AND date <= ? ORDER BY date DESC, id DESC LIMIT 1"
    with store.faults():
        formats = [store.connection.execute(newest, (list_, date)).fetchone()[0] for date in (before, after)]
        cursor = store.connection.execute(
            f"SELECT e.reference, e.jurisdiction, {state} AS old, {state} AS new FROM entry e"  # noqa: S608 - a constant
            " WHERE e.list = ? AND old IS NOT new ORDER BY e.key",
            (before, after, list_),
        )
        for reference, jurisdiction, old, new in cursor:
            sides = [entry_of(list_, reference, jurisdiction, body) if body else None for body in (old, new)]
            if change := change_of(*sides, same_format=formats[0] == formats[1]):
                yield change


def change_of(old: Entry | None, new: Entry | None, *, same_format: bool = True) -> Change | None:
    """Return how two states of an entry differ, ``None`` where they say the same.

    Formats of one list do not tell the same of an entry; between two formats a field counts only where both
    have something to say, and names and references of law by their words.
    """
    if new is None:
        assert old is not None
        return Change(REMOVED, old, removed_on=old.removed_on)
    if old is None:
        return Change(ADDED, new)
    if new.removed_on and not old.removed_on:
        return Change(REMOVED, new, removed_on=new.removed_on)
    changed = []
    for name in _FIELDS:
        was, now = getattr(old, name), getattr(new, name)
        if was == now or (not same_format and not (was and now)):
            continue
        went, came = _difference(was, now, same_format=same_format)
        if went or came:
            changed.append((name, went, came))
    return Change(CHANGED, new, tuple(changed)) if changed else None


def _difference(was: object, now: object, *, same_format: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    old, new = _texts(was), _texts(now)
    if same_format:
        return tuple(one for one in old if one not in new), tuple(one for one in new if one not in old)
    folded_old, folded_new = {fold_name(one) for one in old}, {fold_name(one) for one in new}
    went = tuple(one for one in old if fold_name(one) not in folded_new)
    return went, tuple(one for one in new if fold_name(one) not in folded_old)


def _texts(value: object) -> tuple[str, ...]:
    """Return a field's values as texts."""
    if isinstance(value, tuple):
        return tuple(map(text_of, value))
    return (text_of(value),) if value else ()


def text_of(value: object) -> str:
    """Return a value of a field as a person reads it."""
    if isinstance(value, Name):
        remarks = [one for one in (value.role if value.role != "primary" else "", value.quality) if one]
        return value.text + (f" ({', '.join(remarks)})" if remarks else "")
    if isinstance(value, tuple):
        return " ".join(map(str, value))
    return str(value)
