"""The Consolidated Screening List of the United States in CSV: what Commerce, State and the Treasury list, in one file.

A row is an entry; several values of a field are parted by semicolons. Source of the layout: the header of the published
file. ``source`` names the list that the entry is on, which is kept among its programmes.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from ..._lazy import regex
from ...errors import InputError
from ..entries import ALIAS, PRIMARY, Entry
from ._csv import rows_of
from ._entries import make_name, names_once
from ._text import clean, iso_date, unique

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..entries import Name
    from ._entries import Snapshot

NEEDED = frozenset({"source", "entitynumber", "type", "programs", "name", "altnames", "sourcelisturl"})
_TYPES = {"individual": "person", "entity": "organisation", "vessel": "vessel", "aircraft": "aircraft"}
# "Entity List (EL) - Bureau of Industry and Security"
_SHORT = regex(r"\(([A-Z]{2,6})\)")
_COUNTRY = regex(r"(?:^|, )([A-Z]{2})$")
_IMO = regex(r"\bIMO\D{0,3}(\d{7})\b")


def read(snapshot: Snapshot) -> Iterator[Entry]:
    """Yield the entries of a file; fill in what it says of itself."""
    snapshot.list_id = "us-csl"
    for line, row in rows_of(snapshot.source, NEEDED):
        entry = _entry(row, f"{snapshot.source.label}:{line}")
        snapshot.note_date(entry.listed_on)
        yield entry


def _entry(row: dict[str, str], place: str) -> Entry:
    source, name = clean(row["source"]), clean(row["name"])
    short = _SHORT.search(source)
    if not source or not name:
        raise InputError(f"{place}: a row without source or name; are columns swapped?")
    code = short.group(1) if short else source
    # Commerce and State number nothing: the same name again on the same list is the same entry.
    number = clean(row["entitynumber"]) or sha256(name.encode()).hexdigest()[:10]
    person = _TYPES.get(clean(row["type"]).lower()) == "person"
    texts = [(name, PRIMARY), *((one, ALIAS) for one in several(row["altnames"]))]
    names = [_name(text, role, person=person, place=place) for text, role in texts]
    addresses = several(row.get("addresses", ""))
    found = [hit.group(1) for address in addresses if (hit := _COUNTRY.search(address))]
    type_ = _TYPES.get(clean(row["type"]).lower(), "organisation")
    imo = _IMO.search(row.get("ids", "")) if type_ == "vessel" else None
    return Entry(
        "us-csl",
        f"{code}-{number}",
        "us",
        type_,
        names_once(names),
        programmes=unique([code, *several(row["programs"])]),
        legal_basis=unique([clean(row.get("federalregisternotice", ""))]),
        listed_on=iso_date(row.get("startdate")),
        removed_on=iso_date(row.get("enddate")),
        positions=unique([clean(row.get("title", ""))]) if person else (),
        births=unique([date for one in several(row.get("datesofbirth", "")) if (date := iso_date(one))]),
        nationalities=unique([*several(row.get("nationalities", "")), *several(row.get("citizenships", ""))]),
        countries=unique(found),
        identifiers=(("imo", imo.group(1)),) if imo else (),
        url=clean(row["sourcelisturl"]),
    )


def several(text: str) -> list[str]:
    """Return the values of a field.

    >>> several("ZARYA CO.; Zarya Trading; ")
    ['ZARYA CO.', 'Zarya Trading']
    """
    return [kept for one in text.split(";") if (kept := clean(one))]


def _name(text: str, role: str, *, person: bool, place: str) -> Name | None:
    """Return a name; a person's has the family name first, with a comma."""
    family, comma, given = (part.strip() for part in text.partition(","))
    if not person or not comma or not given:
        return make_name(text, role, place=place)
    return make_name(f"{given} {family}", role, parts=(("given", given), ("family", family)), place=place)
