"""The UK Sanctions List in CSV, and OFSI's consolidated list (ConList) in its old and its newer layout.

Each row is one name of an entry with all the rest. Columns are told by their names, so their order and
further ones do not matter. Sources of the layouts: the headers of the published files.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...errors import InputError
from ..entries import ALIAS, Entry, Name
from ._csv import find_header, first_rows, groups_of, rows_of
from ._entries import make_name, names_once
from ._text import clean, iso_date, unique
from ._uk import PAGE, TYPES, births_of, name_of, quality_of, references_in, role_of, several

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._entries import Snapshot

MERGES = True


@dataclass(frozen=True, slots=True)
class _Layout:
    """The columns of a layout that differ from the others'; keys as `key_of` makes them."""

    needed: frozenset[str]
    reference: str
    group: str
    type: str
    role: str
    quality: str
    script: str
    regime: str
    listed: tuple[str, ...]
    births: str
    nationality: str
    country: str


UKSL = _Layout(
    frozenset({"uniqueid", "name6", "nametype", "regimename", "designationtype", "datedesignated"}),
    "uniqueid",
    "ofsigroupid",
    "designationtype",
    "nametype",
    "aliasstrength",
    "namenonlatinscript",
    "regimename",
    ("datedesignated",),
    "dob",
    "nationalityies",
    "addresscountry",
)
CONLIST = _Layout(
    frozenset({"groupid", "name6", "aliastype", "regime", "grouptype", "listedon"}),
    "groupid",
    "groupid",
    "grouptype",
    "aliastype",
    "aliasquality",
    "namenonlatinscript",
    "regime",
    ("uksanctionslistdatedesignated", "listedon"),
    "dob",
    "nationality",
    "country",
)
LAYOUTS = (UKSL, CONLIST)


def read(snapshot: Snapshot) -> Iterator[Entry]:
    """Yield the entries of a list; fill in what it says of itself."""
    source = snapshot.source
    snapshot.list_id = "uk"
    first = first_rows(source)
    layout = UKSL if find_header(first, UKSL.needed) is not None else CONLIST
    before: list[list[str]] = []
    rows = rows_of(source, layout.needed, legacy="cp1252", before=before)
    for line, reference, group in groups_of(rows, layout.reference):
        if snapshot.date is None:
            snapshot.date = _file_date(before)
        place = f"{source.label}:{line}"
        # A reference is letters with a number, OFSI's a number alone; names have none.
        if not any(map(str.isdecimal, reference)) or (layout is CONLIST and not reference.isdecimal()):
            raise InputError(f"{place}: {reference[:20]!r} is no reference of an entry; are columns swapped?")
        entry = _entry(layout, reference, group, place)
        snapshot.note_date(entry.amended_on)
        yield entry


def _file_date(before: list[list[str]]) -> str | None:
    for row in before:
        for cell in row:
            if date := iso_date(cell.rpartition(":")[2]):
                return date
    return None


def _entry(layout: _Layout, reference: str, rows: list[dict[str, str]], place: str) -> Entry:
    names: list[Name | None] = []
    texts: dict[str, list[str]] = {"positions": [], "births": [], "nationalities": [], "countries": []}
    identifiers: list[tuple[str, str]] = []
    for row in rows:
        get = row.get
        role, quality = role_of(row[layout.role]), quality_of(get(layout.quality, ""))
        numbered = [get(f"name{number}", "") for number in (1, 2, 3, 4, 5, 6)]
        names.append(name_of(numbered, clean(get("title", "")), role, quality, place))
        names.append(make_name(get(layout.script, ""), ALIAS, place=place))
        texts["births"].extend(births_of(get(layout.births, "")))
        texts["nationalities"].extend(several(get(layout.nationality, "")))
        texts["positions"].extend(several(get("position", "")))
        texts["countries"].append(clean(get(layout.country, "")))
        for kind, column in (
            ("passport", "passportnumber"),
            ("imo", "imonumber"),
            ("un-reference", "unreferencenumber"),
        ):
            identifiers.extend((kind, number) for number in several(get(column, "")) if number)
        for column in ("nationalidentifiernumber", "nationalidentificationnumber", "ninumber"):
            identifiers.extend(("national-id", number) for number in several(get(column, "")) if number)
        identifiers.extend(
            ("registration", number) for number in several(get("businessregistrationnumbers", "")) if number
        )
    first = rows[0]
    listed_as, found = references_in(first.get("otherinformation", ""))
    identifiers.extend(found)
    group = clean(first.get(layout.group, ""))
    if layout is CONLIST:
        # Since 2021 OFSI names the reference on the UK Sanctions List; before, its own number was all there was.
        reference = listed_as or reference
    if group:
        identifiers.append(("ofsi", group))
    type_ = TYPES.get(clean(first[layout.type]).lower())
    if type_ is None:
        raise InputError(f"{place}: {first[layout.type][:20]!r} is no type of entry; are columns swapped?")
    amended = [date for date in (iso_date(row.get("lastupdated", "")) for row in rows) if date]
    return Entry(
        "uk",
        reference,
        "uk",
        type_,
        names_once(names),
        programmes=unique([clean(row[layout.regime]) for row in rows]),
        listed_on=next((date for name in layout.listed if (date := iso_date(first.get(name, "")))), None),
        amended_on=max(amended, default=None),
        positions=unique(texts["positions"]),
        births=unique(texts["births"]),
        nationalities=unique(texts["nationalities"]),
        countries=unique(texts["countries"]),
        identifiers=tuple(dict.fromkeys(identifiers)),
        url=PAGE,
    )
