"""The UK Sanctions List in XML, ``Designations``.

Source of the layout: the published file; the format has no public schema.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..entries import ALIAS, Entry, Name
from ._entries import make_name, names_once
from ._text import clean, iso_date, unique
from ._uk import PAGE, TYPES, births_of, name_of, quality_of, role_of
from ._xml import records

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from ._entries import Snapshot

_IDENTIFIERS = {
    "PassportNumber": "passport",
    "NationalIdentifierNumber": "national-id",
    "IMONumber": "imo",
    "BusinessRegistrationNumber": "registration",
}


def read(snapshot: Snapshot) -> Iterator[Entry]:
    """Yield the entries of a list; fill in what it says of itself."""
    snapshot.list_id = "uk"
    for element in records(snapshot.source, ("DateGenerated", "Designation")):
        if element.tag == "DateGenerated":
            snapshot.date = iso_date(element.text)
            continue
        entry = _entry(element, snapshot.source.label)
        snapshot.note_date(entry.amended_on)
        yield entry


def _texts(element: Element, name: str) -> list[str]:
    return [clean(one.text) for one in element.iter(name)]


def _entry(element: Element, label: str) -> Entry:
    reference = clean(element.findtext("UniqueID"))
    place = f"{label}: entry {reference}"
    titles = " ".join(_texts(element, "Title"))
    names: list[Name | None] = []
    for name in element.findall("Names/Name"):
        numbered = [name.findtext(f"Name{number}") or "" for number in (1, 2, 3, 4, 5, 6)]
        role, quality = role_of(name.findtext("NameType") or ""), quality_of(name.findtext("AliasStrength") or "")
        names.append(name_of(numbered, titles, role, quality, place))
    names.extend(make_name(text, ALIAS, place=place) for text in _texts(element, "NameNonLatinScript"))
    identifiers = [(kind, number) for tag, kind in _IDENTIFIERS.items() for number in _texts(element, tag) if number]
    for kind, tag in (("un-reference", "UNReferenceNumber"), ("ofsi", "OFSIGroupID")):
        if number := clean(element.findtext(tag)):
            identifiers.append((kind, number))
    return Entry(
        "uk",
        reference,
        "uk",
        TYPES.get(clean(element.findtext("IndividualEntityShip")).lower(), "unknown"),
        names_once(names),
        programmes=unique([clean(element.findtext("RegimeName"))]),
        listed_on=iso_date(element.findtext("DateDesignated")),
        amended_on=iso_date(element.findtext("LastUpdated")),
        positions=unique(_texts(element, "Position")),
        births=unique([date for text in _texts(element, "DOB") for date in births_of(text)]),
        nationalities=unique(_texts(element, "Nationality")),
        countries=unique(_texts(element, "AddressCountry")),
        identifiers=tuple(dict.fromkeys(identifiers)),
        url=PAGE,
    )
