"""Entries of lists as part of an answer: how each stands on the day, and what befell it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..lists.entries import LISTS_IN_ORDER, shown_name
from ..lists.opened import identifier
from ..lists.standing import stands
from ..noting import befell
from ._provisions import cited
from .answer import COMING, ENDED, HELD, OPEN, Cited, Event, Listing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..lists.entries import Entry
    from ._engine import Engine

_STATES = {"now": HELD, "ended": ENDED, "coming": COMING, "open": OPEN}
_CERTAIN = {"match": "certain", "listing": "yes"}
_BY_NAME = {"listing": "yes"}
_MOST_TOLD = 2  # positions, births … of an entry that are shown
_ORDER = {HELD: 0, ENDED: 1, OPEN: 2, COMING: 3}


class Told(NamedTuple):
    """An entry, and what an answer tells of it."""

    entry: Entry
    listing: Listing


def told(entry: Entry, engine: Engine, *, by_name: bool) -> Told | None:
    """Return what there is to tell of an entry; ``None`` where it is left out of the run."""
    lists, asked = engine.lists, engine.notes.jurisdictions
    name = identifier(entry)
    if lists is None or not engine.selected(name) or (asked and entry.jurisdiction not in asked):
        return None
    standing = stands(entry, engine.notes.as_of)
    note = engine.notes.listed((name,), _BY_NAME if by_name else _CERTAIN)
    status = lists.status(entry.list)
    copy = status.date if status is not None else ""
    title = lists.title(entry.list)
    if note is not None:
        sources = cited(note.sources, note.status, note.checked)
        words, later = note.full.removesuffix("."), note.later
    else:
        sources = (Cited(title, entry.reference, entry.url, "", "partly" if by_name else "verified", copy),)
        words, later = f"{title} {entry.reference}: not yet listed", ()
    return Told(
        entry,
        Listing(
            name,
            entry.list,
            title,
            entry.reference,
            entry.jurisdiction,
            entry.type,
            shown_name([entry]),
            _details(entry),
            _STATES[standing.state],
            standing.since,
            words.removeprefix(f"{title} {entry.reference}: "),
            later,
            sources,
            by_name,
        ),
    )


def _details(entry: Entry) -> tuple[str, ...]:
    """Return what tells namesakes apart."""
    rows = [
        *entry.positions[:_MOST_TOLD],
        *(f"born {one}" for one in entry.births[:_MOST_TOLD]),
        *(entry.nationalities or entry.countries)[:_MOST_TOLD],
        *(f"IMO {value}" for kind, value in entry.identifiers if kind == "imo"),
    ]
    return tuple(dict.fromkeys(rows))


def rank(one: Told) -> tuple[int, int, str]:
    """Return what goes first: what stands on the day, and the lists that bind most."""
    list_ = one.entry.list
    place = LISTS_IN_ORDER.index(list_) if list_ in LISTS_IN_ORDER else len(LISTS_IN_ORDER)
    return _ORDER[one.listing.state], place, one.listing.reference


def ids(entries: Iterable[Entry]) -> tuple[str, ...]:
    """Return the ids of entries."""
    return tuple(map(identifier, entries))


def events(entries: Iterable[Told]) -> list[Event]:
    """Return what befell entries: when they were listed, went and came back, as far as lists and their copies tell."""
    found = []
    for one in entries:
        own = one.listing.sources[:1]
        whose = f"{one.listing.name} ({one.listing.title} {one.listing.reference})"
        for change in befell(one.entry):
            what = f"{whose}: {change.what}"
            found.append(Event(change.date, change.until, change.by, what, one.listing.id, own))
    return found
