"""The EU's consolidated list of financial sanctions in CSV, versions 1.0 and 1.1, semicolons between columns.

A row is a name, an address, a birth date or the like of an entry, with the entry's own fields on each. Columns
are told by their names. Sources of the layouts: the headers of the published files.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from ...errors import InputError
from ..entries import ALIAS, PRIMARY, STRONG, WEAK, Entry, Name
from ._csv import find_header, first_rows, groups_of, key_of, rows_of, unwrapped
from ._entries import names_once
from ._text import clean, iso_date, unique
from .eu_xml import TYPES, birth_of, country_of, whole_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._entries import Snapshot
    from ._files import Source

MERGES = True

# Our word for each column in the two layouts, as `key_of` makes it.
_NEW = {
    "file": "filegenerationdate",
    "id": "entitylogicalid",
    "reference": "entityeureferencenumber",
    "un": "entityunitednationid",
    "listed": "entitydesignationdate",
    "removed": "entitydelistingdate",
    "type": "entitysubjecttype",
    "code": "entitysubjecttypeclassificationcode",
    "amended": "entityregulationpublicationdate",
    "law": "entityregulationnumbertitle",
    "programme": "entityregulationprogramme",
    "url": "entityregulationpublicationurl",
    "last": "namealiaslastname",
    "first": "namealiasfirstname",
    "middle": "namealiasmiddlename",
    "whole": "namealiaswholename",
    "strong": "namealiasstrong",
    "title": "namealiastitle",
    "function": "namealiasfunction",
    "born": "birthdatebirthdate",
    "year": "birthdateyear",
    "from": "birthdateyearrangefrom",
    "to": "birthdateyearrangeto",
    "citizen": "citizenshipcountrydescription",
    "country": "addresscountrydescription",
    "number": "identificationnumber",
}
_OLD = {
    "file": "datefile",
    "id": "entitylogicalid",
    "reference": "eurefnum",
    "type": "subjecttype",
    "amended": "lebapublicationdate",
    "law": "lebanumtitle",
    "programme": "programme",
    "url": "lebaurl",
    "last": "naallastname",
    "first": "naalfirstname",
    "middle": "naalmiddlename",
    "whole": "naalwholename",
    "title": "naaltitle",
    "function": "naalfunction",
    "born": "birtdate",
    "citizen": "citicountry",
    "country": "addrcountry",
    "number": "idennumber",
}
NEW = frozenset({_NEW["id"], _NEW["whole"], _NEW["type"]})
OLD = frozenset({_OLD["id"], _OLD["whole"], _OLD["type"]})


def shape_of(source: Source) -> tuple[frozenset[str], str, bool] | None:
    """Return the columns that tell a file's layout, what parts its cells, and whether each line is one cell in quotes.

    As published cells are parted by semicolons. A spreadsheet that saves the file again writes commas or tabs, or takes
    each line for one cell. ``None`` for another format.
    """
    for delimiter in ";,\t":
        rows = first_rows(source, delimiter=delimiter)
        for needed in (NEW, OLD):
            found = find_header(rows, needed)
            if found is not None:
                return needed, delimiter, rows[found][-1].endswith(",")
    text = source.head.decode(source.encoding or "cp1252", "replace")
    try:
        header = next(unwrapped([text.partition("\n")[0]]), "")
    except csv.Error:
        return None
    for needed in (NEW, OLD):
        if needed <= set(map(key_of, header.split(";"))):
            return needed, ";", True
    return None


def read(snapshot: Snapshot) -> Iterator[Entry]:
    """Yield the entries of a list; fill in what it says of itself."""
    source = snapshot.source
    snapshot.list_id = "eu"
    shape = shape_of(source)
    if shape is None:
        raise InputError(f"{source.label}: no header with the columns of this format")
    needed, delimiter, wrapped = shape
    columns = _NEW if needed is NEW else _OLD
    rows = rows_of(source, needed, delimiter=delimiter, wrapped=wrapped)
    for line, own, group in groups_of(rows, columns["id"]):
        place = f"{source.label}:{line}"
        if not own.isdecimal():
            raise InputError(f"{place}: {own[:20]!r} is no entity's number; are columns swapped?")
        fields = [{word: clean(row.get(column)) for word, column in columns.items()} for row in group]
        snapshot.date = snapshot.date or iso_date(fields[0].get("file"))
        entry = _entry(fields, own, place)
        snapshot.note_date(entry.amended_on)
        yield entry


def _entry(rows: list[dict[str, str]], own: str, place: str) -> Entry:
    first = rows[0].get
    names: list[Name | None] = []
    births, identifiers = [], [("eu-logical-id", own)]
    for row in rows:
        get = row.get
        strong = get("strong", "").lower()
        names.append(
            whole_name(
                get("whole", ""),
                get("first", ""),
                get("middle", ""),
                get("last", ""),
                get("title", ""),
                ALIAS if any(names) else PRIMARY,
                STRONG if strong == "true" else WEAK if strong == "false" else "",
                place,
            )
        )
        born = {"birthdate": get("born", ""), "year": get("year", "")}
        births.append(birth_of({**born, "yearRangeFrom": get("from", ""), "yearRangeTo": get("to", "")}))
        identifiers.extend(("document", number) for number in [get("number", "")] if number)
        identifiers.extend(("un-reference", number) for number in [get("un", "")] if number)
    type_ = TYPES.get(first("type", "").lower()) or TYPES.get(first("code", "").lower())
    if type_ is None:
        raise InputError(f"{place}: {first('type', '')[:20]!r} is no type of entry; are columns swapped?")
    amended = [date for row in rows if (date := iso_date(row.get("amended")))]
    return Entry(
        "eu",
        first("reference", "") or own,
        "eu",
        type_,
        names_once(names),
        programmes=unique([row.get("programme", "") for row in rows]),
        legal_basis=unique([row.get("law", "") for row in rows]),
        listed_on=iso_date(first("listed")),
        amended_on=max(amended, default=None),
        removed_on=iso_date(first("removed")),
        positions=unique([row.get("function", "") for row in rows]),
        births=unique(births),
        nationalities=unique([country_of({"countryDescription": row.get("citizen", "")}) for row in rows]),
        countries=unique([country_of({"countryDescription": row.get("country", "")}) for row in rows]),
        identifiers=tuple(dict.fromkeys(identifiers)),
        url=first("url", ""),
    )
