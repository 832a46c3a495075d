"""The United Nations Security Council Consolidated List, in XML.

Source of the layout: the list's own schema, https://www.un.org/sc/resources/sc-sanctions.xsd.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._lazy import regex
from ..entries import ALIAS, FORMER, PRIMARY, STRONG, WEAK, Entry
from ._entries import make_name, names_once
from ._text import clean, iso_date, unique
from ._xml import records, root_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from ._entries import Snapshot

ROOTS = ("CONSOLIDATED_LIST",)
TITLE = "UN Security Council Consolidated List"

_QUALITIES = {"good": STRONG, "low": WEAK}
# The fields of a name in the order in which they are spoken; which of them is the family's differs.
_NAME_FIELDS = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
# Several spellings in one field: "A; B", "A b) B".
_SPLIT = regex(r"\s*;\s*|\s+[b-z]\)\s+")
_BRACKETS = regex(r"\(([^()]*)\)")
_PAGE = "https://main.un.org/securitycouncil/en/content/un-sc-consolidated-list"


def read(snapshot: Snapshot) -> Iterator[Entry]:
    """Yield the entries of a list; fill in what it says of itself."""
    source = snapshot.source
    _, _, attributes = root_of(source)
    snapshot.list_id = "un"
    snapshot.date = iso_date(attributes.get("dateGenerated"))
    for element in records(source, ("INDIVIDUAL", "ENTITY")):
        entry = _entry(element, source.label)
        snapshot.note_date(entry.listed_on)
        yield entry


def _names_in(text: str) -> list[str]:
    """Return the names in one field. Brackets may hold several, and what they hold goes with the name before them.

    >>> _names_in("Zarya; Zarya b) Zaria")
    ['Zarya', 'Zarya', 'Zaria']
    >>> _names_in("Gavril (Gavrilo Lumensky; Havryil Lumensky)")
    ['Gavril', 'Gavrilo Lumensky', 'Havryil Lumensky']
    """
    found: list[str] = []
    for hit in _BRACKETS.finditer(text):
        if ";" in hit.group(1):
            found += _SPLIT.split(hit.group(1))
    outside = _BRACKETS.sub(lambda hit: " " if ";" in hit.group(1) else hit.group(), text)
    return [one.strip() for one in (*_SPLIT.split(outside), *found) if one.strip()]


def _entry(element: Element, label: str) -> Entry:
    reference = clean(element.findtext("REFERENCE_NUMBER"))
    place = f"{label}: entry {reference or clean(element.findtext('DATAID'))}"
    person = element.tag == "INDIVIDUAL"
    fields = [_known(element.findtext(name)) for name in _NAME_FIELDS]
    whole = " ".join(filter(None, fields))
    # A title of one word goes with the name (Dr, General); a longer one says what someone is.
    titles = _several(element, "TITLE")
    honorifics = [("title", title) for title in titles if " " not in title]
    names = [make_name(whole, PRIMARY, parts=honorifics, place=place)]
    names.extend(make_name(text, ALIAS, place=place) for text in _several(element, "NAME_ORIGINAL_SCRIPT"))
    for alias in element.findall(f"{element.tag}_ALIAS"):
        quality = clean(alias.findtext("QUALITY")).lower()
        role = FORMER if quality == "f.k.a." else ALIAS
        texts = _names_in(clean(alias.findtext("ALIAS_NAME")))
        names.extend(make_name(text, role, _QUALITIES.get(quality, ""), place=place) for text in texts)
    programme = clean(element.findtext("UN_LIST_TYPE"))
    amended = [date for date in map(iso_date, _several(element, "LAST_DAY_UPDATED")) if date]
    births = element.findall("INDIVIDUAL_DATE_OF_BIRTH")
    countries = [*_several(element, "NATIONALITY"), *_several(element, "NATIONALITY2")]
    return Entry(
        "un",
        reference,
        "un",
        "person" if person else "organisation",
        names_once(names),
        programmes=unique([programme]),
        listed_on=iso_date(element.findtext("LISTED_ON")),
        amended_on=max(amended, default=None),
        removed_on=iso_date(element.findtext("DELISTED_ON")),
        positions=unique([*_several(element, "DESIGNATION"), *(title for title in titles if " " in title)]),
        births=unique([_birth(one) for one in births]),
        nationalities=unique(countries),
        countries=unique([clean(one.findtext("COUNTRY")) for one in element.findall(f"{element.tag}_ADDRESS")]),
        identifiers=tuple(dict.fromkeys(_identifiers(element))),
        url=_PAGE,
    )


def _known(text: str | None) -> str:
    text = clean(text)
    return "" if text.lower() == "na" else text


def _several(element: Element, name: str) -> list[str]:
    """Return the texts of fields of a name, whether they stand in ``VALUE`` or not."""
    found = []
    for one in element.findall(name):
        values = [clean(value.text) for value in one.findall("VALUE")]
        found.extend(values or [clean(one.text)])
    return [text for text in found if text]


def _birth(element: Element) -> str:
    for name in ("DATE", "YEAR"):
        if date := iso_date(element.findtext(name)):
            return date
    first, last = iso_date(element.findtext("FROM_YEAR")), iso_date(element.findtext("TO_YEAR"))
    return f"{first}/{last}" if first and last else first or last or ""


def _identifiers(element: Element) -> Iterator[tuple[str, str]]:
    for document in element.findall("INDIVIDUAL_DOCUMENT"):
        kind, number = clean(document.findtext("TYPE_OF_DOCUMENT")).lower(), clean(document.findtext("NUMBER"))
        if number:
            yield ("passport" if "passport" in kind else "national-id" if "national" in kind else "document"), number
