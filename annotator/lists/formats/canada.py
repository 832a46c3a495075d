"""Canada's Consolidated Autonomous Sanctions List in XML, ``data-set``.

Source of the layout: the published file. Since August 2026 its elements have names in both languages
(``Country-Pays``, ``Item-NumeroDarticle``), of which the English half is the older name; the order of the halves does
not matter. The list has no references: country, schedule and item of the
regulations are what tells an entry, and are taken for one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING

from ..._lazy import regex
from ...errors import InputError
from ..entries import ALIAS, PRIMARY, Entry
from ._entries import make_name, names_once
from ._text import clean, iso_date, unique
from ._xml import records

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from xml.etree.ElementTree import Element

    from ._entries import Snapshot

_PAGE = (
    "https://www.international.gc.ca/world-monde/international_relations-relations_internationales/sanctions/"
    "consolidated-consolide.aspx"
)
# Names that differ from the older ones in more than their language.
_NAMES = {"Alias": "Aliases", "ItemNumber": "Item", "NumeroDarticle": "Item", "GivenNames": "GivenName"}
_LANGUAGE = regex(r"^[A-Z][a-z]+\s*:\s*")


def read(snapshot: Snapshot) -> Iterator[Entry]:
    """Yield the entries of a list; fill in what it says of itself."""
    label = snapshot.source.label
    snapshot.list_id = "ca"
    entries = [_entry(element, label) for element in records(snapshot.source, ("record",))]
    doubtful = _out_of_order(entries)
    for number, entry in enumerate(entries):
        if number in doubtful:
            yield replace(entry, listed_on=None)
        else:
            snapshot.note_date(entry.listed_on)
            yield entry


def _out_of_order(entries: Sequence[Entry]) -> set[int]:
    """Return the entries (indices) whose days of listing cannot be right.

    Schedules grow at their end, so that days rise with the numbers of items; a few days of the published file are years
    off (items 541 to 545 on Russia, of March 2022, say 2023). Left out are the fewest with which the others rise.
    """
    schedules: dict[str, list[tuple[list[int], str, int]]] = {}
    for number, entry in enumerate(entries):
        schedule, _, item = entry.reference.rpartition("item ")
        digits = [int(figure) for figure in re.findall(r"[0-9]+", item)]
        if digits and entry.listed_on:
            schedules.setdefault(schedule, []).append((digits, entry.listed_on, number))
    found: set[int] = set()
    for rows in schedules.values():
        rows.sort()
        # The longest run that rises, by patience sorting: for each length the one that ends earliest.
        ends: list[int] = []
        days: list[str] = []
        before: list[int] = []
        for at, (_, day, _) in enumerate(rows):
            length = bisect_right(days, day)
            before.append(ends[length - 1] if length else -1)
            days[length : length + 1] = [day]
            ends[length : length + 1] = [at]
        found |= {number for _, _, number in rows}
        at = ends[-1] if ends else -1
        while at >= 0:
            found.discard(rows[at][2])
            at = before[at]
    return found


def _entry(element: Element, label: str) -> Entry:
    said: dict[str, str] = {}
    for child in element:
        for half in child.tag.split("-"):
            said.setdefault(_NAMES.get(half, half), child.text or "")
    country = clean(said.get("Country", "").partition(" / ")[0])
    item = clean(said.get("Item"))
    if not country or not item:
        raise InputError(f"{label}: a record without Country or Item; not Canada's list, or damaged")
    schedule = clean(said.get("Schedule"))
    reference = f"{country}, {f'Schedule {schedule}, ' if schedule else ''}item {item}"
    place = f"{label}: entry {reference}"
    given, family = clean(said.get("GivenName")), clean(said.get("LastName"))
    body, number = clean(said.get("EntityOrShip")), clean(said.get("ShipIMONumber"))
    person = not body
    parts = (("given", given), ("family", family)) if given and family else ()
    names = [make_name(body or f"{given} {family}", PRIMARY, parts=parts, place=place)]
    aliases = _aliases(clean(said.get("Aliases")), person=person)
    names.extend(make_name(alias, ALIAS, place=place) for alias in aliases)
    title = clean(said.get("TitleOrShip"))
    born = iso_date(said.get("DateOfBirthOrShipBuildDate")) if person else None
    return Entry(
        "ca",
        reference,
        "ca",
        "person" if person else "vessel" if number else "organisation",
        names_once(names),
        programmes=(country,),
        listed_on=iso_date(said.get("DateOfListing")),
        positions=unique([title]) if person else (),
        births=unique([born or ""]),
        identifiers=(("imo", number),) if number else (),
        url=_PAGE,
    )


def _aliases(text: str, *, person: bool) -> Iterator[str]:
    """Yield the names in a field of aliases.

    In names of bodies a comma may be part of the name. "Or" joins whole names or, as often, single words, so
    it parts only where both sides are whole names.

    >>> list(_aliases("Hanna Liavusik or Anna Leusik, Russian: Анна Леусик", person=True))
    ['Hanna Liavusik', 'Anna Leusik', 'Анна Леусик']
    >>> list(_aliases("Nikolay or Nikolai Maksimovich", person=True))
    ['Nikolay or Nikolai Maksimovich']
    """
    for piece in re.split("[;,]" if person else ";", text):
        name = _LANGUAGE.sub("", piece.strip())
        halves = name.split(" or ")
        yield from halves if all(" " in half.strip() for half in halves) else [name]
