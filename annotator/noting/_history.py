"""What a note says over time: its versions, the rows of its table, or the entries of a listing, as dated changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .._dates import spoken
from ..model import Source
from ._templates import fill

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from ..lists.entries import Entry
    from ..rulebook import Rulebook

    Span = tuple[str | None, str | None]

_OVER = "no longer in force"
# Days on which an act came to be, where its row does not say from when it holds.
_MADE = ("adopted", "signed")


class Change(NamedTuple):
    """What changed on a day, by whom, and the sources of that version with their status and the day checked.

    ``until`` is the later of two days between which it happened, where only that is known, else empty. ``holds`` tells
    whether what is told of holds from then on, and ``begun`` whether it is known not to have held just before.
    """

    date: str
    by: str
    what: str
    sources: tuple[Source, ...]
    status: str
    checked: str
    until: str = ""
    holds: bool = True
    begun: bool = True


class History(NamedTuple):
    """The changes of a note in order, and the spans in which it holds: first day and first day after.

    ``made`` is the day on which an act came to be, empty where none is known. ``about`` is the measure that the note
    is on, as the rules call it, empty for one on something else. ``eased`` are the spans in which what stood before was
    lifted in part, or replaced by less.
    """

    changes: tuple[Change, ...]
    spans: tuple[Span, ...]
    made: str
    about: str
    eased: tuple[Span, ...] = ()


def history(book: Rulebook, identifier: str, fields: Mapping[str, str]) -> History:
    """Return the history of a note (``id``, or ``id/key`` over a table), its templates filled from ``fields``."""
    base, _, key = identifier.partition("/")
    data = book.note(base)
    if data.get("listing"):
        return _of_listing(data)
    row = book.row(data["table"], key) if key and data.get("table") else None
    return _of_versions(data, fields) if row is None else _of_rows(book, data, row, fields)


def _of_listing(data: Mapping[str, Any]) -> History:
    changes, spans = [], []
    for entry in data["entries"]:
        if not entry.get("listed", True):
            continue
        source = Source(entry.get("instrument", ""), entry.get("at", ""), entry.get("url", ""), entry.get("short", ""))
        told = ((source,) if source.url else (), entry.get("status", data.get("status", "unverified")))
        checked = data.get("checked", "")
        spans.append((entry.get("from"), entry.get("until")))
        if entry.get("from"):
            changes.append(Change(entry["from"], entry["by"], f"{data['name']}: listed", *told, checked))
        if entry.get("until"):
            what = f"{data['name']}: taken off the list"
            changes.append(Change(entry["until"], entry["by"], what, *told, checked, holds=False))
    return History(tuple(sorted(changes, key=lambda one: one.date)), tuple(spans), "", "")


def _of_versions(data: Mapping[str, Any], fields: Mapping[str, str]) -> History:
    changes: list[Change] = []
    spans: list[Span] = []
    before = ""
    for number, version in enumerate(data["versions"]):
        start, end = version["from"], version["until"]
        goes_on = bool(number) and start == before
        if start:
            what = version["change"] if goes_on and version["change"] else fill(version["text"], fields)
            changes.append(_change(start, data["jurisdiction"], what, version, fields, holds=not version["ended"]))
        if not version["ended"]:
            _put(spans, start, end)
        following = data["versions"][number + 1 :]
        if end and not (following and following[0]["from"] == end):
            changes.append(_change(end, data["jurisdiction"], _OVER, version, fields, holds=False))
        before = end
    measure = data["versions"][0].get("data", {}).get("measure", "")
    eased = tuple((one["from"], one["until"]) for one in data["versions"] if one["eased"] and not one["ended"])
    return History(tuple(changes), tuple(spans), "", measure, eased)


def _of_rows(book: Rulebook, data: Mapping[str, Any], row: dict[str, str], fields: Mapping[str, str]) -> History:
    """Return the history of a row of a table, with the rows of the same key before it."""
    rows: list[dict[str, str]] = []
    following: dict[str, str] | None = row
    while following is not None:
        rows.insert(0, following)
        following = book.row(data["table"], following["earlier"]) if following.get("earlier") else None
    version = next((one for one in data["versions"] if not one["ended"]), data["versions"][0])
    closing = next((one for one in data["versions"] if one["ended"]), None)
    changes: list[Change] = []
    spans: list[Span] = []
    made = next((day for name in _MADE if (day := rows[0].get(name))), "")
    for number, one in enumerate(rows):
        merged = {**{k: v for k, v in fields.items() if k not in one}, **{k: v for k, v in one.items() if v}}
        by = merged.get("jurisdiction", data["jurisdiction"])
        start, end = one.get("from", ""), one.get("until", "")
        after = rows[number + 1].get("from", "") if number + 1 < len(rows) else ""
        if start or (not number and made):
            what = one["change"] if number and one.get("change") else fill(version["text"], merged)
            changes.append(_change(start or made, by, what, version, merged))
        if end and end != after:
            what = fill(closing["change"], merged) if closing and closing["change"] else _OVER
            changes.append(_change(end, by, what, closing or version, merged, holds=False))
        if one.get("again"):
            changes.append(_change(one["again"], by, "in force again", version, merged))
        _put(spans, start or None, end or None)
        if one.get("again"):
            spans.append((one["again"], None))
    return History(tuple(changes), tuple(spans), made, "")


def _put(spans: list[Span], start: str | None, end: str | None) -> None:
    """Add a span, to the last one where it goes on from it."""
    if spans and spans[-1][1] and spans[-1][1] == start:
        spans[-1] = (spans[-1][0], end)
    else:
        spans.append((start, end))


def _change(
    date: str, by: str, what: str, version: Mapping[str, Any], fields: Mapping[str, str], *, holds: bool = True
) -> Change:
    sources = tuple(Source(*(fill(part, fields) for part in source)) for source in version["sources"])
    status = fields.get("status", "") if "status" in fields else version["status"]
    return Change(date, by, what, sources, status or version["status"], version["checked"], holds=holds)


def befell(entry: Entry) -> Iterator[Change]:
    """Yield when an entry of a list came, went and came back, as far as the list and its copies tell, without sources.

    Where the list does not say since when, the first copy that holds the entry does not either: ``begun`` is false.
    """
    by = entry.jurisdiction
    if entry.listed_on:
        yield Change(entry.listed_on, by, "listed", (), "", "")
    elif entry.sightings:
        first = next((date for date, held in entry.sightings if held), "")
        if first:
            what = f"on the list by the copy of {spoken(first)}; it does not say since when"
            yield Change(first, by, what, (), "", "", begun=False)
    last, gone = "", ""
    for date, held in entry.sightings:
        if held and gone and not (entry.listed_on and entry.listed_on > gone):
            yield Change(gone, by, "on the list again", (), "", "", until=date)
        if not held and last and not entry.removed_on:
            yield Change(last, by, "taken off the list", (), "", "", until=date, holds=False)
        last, gone = (date, "") if held else ("", date if last or gone else "")
    if entry.removed_on:
        yield Change(entry.removed_on, by, "taken off the list", (), "", "", holds=False)
