"""OFAC's lists in their simple XML format, ``sdnList``, in the name spaces of before and after 2024.

Source of the layout: OFAC's schema, https://ofac.treasury.gov/media/29961/download (``sdn.xsd``).
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ..entries import ALIAS, FORMER, PRIMARY, STRONG, WEAK, Entry, Name
from ._entries import make_name, names_once
from ._ofac import PAGE, basis_of, default_list, identifier_of, remark_dates, spoken
from ._text import clean, iso_date, number_of, unique
from ._xml import records

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from ._entries import Snapshot

_TYPES = {"individual": "person", "entity": "organisation", "vessel": "vessel", "aircraft": "aircraft"}
_QUALITIES = {"strong": STRONG, "weak": WEAK}


def read(snapshot: Snapshot) -> Iterator[Entry]:
    """Yield the entries of a list; fill in what it says of itself."""
    label = snapshot.source.label
    programmes: Counter[str] = Counter()
    total = 0
    for element in records(snapshot.source, ("publshInformation", "sdnEntry")):
        if element.tag == "publshInformation":
            snapshot.date = iso_date(element.findtext("Publish_Date"), month_first=True)
            snapshot.expected = number_of(element.findtext("Record_Count")) or None
            continue
        entry = _entry(element, label)
        programmes.update(entry.programmes)
        total += 1
        yield entry
    snapshot.list_id = default_list(programmes, total)


def _entry(element: Element, label: str) -> Entry:
    reference = clean(element.findtext("uid"))
    place = f"{label}: entry {reference}"
    kind = _TYPES.get(clean(element.findtext("sdnType")).lower(), "unknown")
    person = kind == "person"
    names = [_name(element, PRIMARY, "", place, person=person)]
    for aka in element.findall("akaList/aka"):
        role = FORMER if clean(aka.findtext("type")).lower().startswith("f.k.a") else ALIAS
        names.append(
            _name(aka, role, _QUALITIES.get(clean(aka.findtext("category")).lower(), ""), place, person=person)
        )
    identifiers, basis = [], []
    for one in element.findall("idList/id"):
        remark = f"{clean(one.findtext('idType'))} {clean(one.findtext('idNumber'))}"
        if found := identifier_of(remark):
            identifiers.append(found)
        elif law := basis_of(remark):
            basis.append(law)
    if call_sign := clean(element.findtext("vesselInfo/callSign")):
        identifiers.append(("call-sign", call_sign))
    births = [date for one in element.findall("dateOfBirthList/*/dateOfBirth") for date in remark_dates(one.text or "")]
    countries = [clean(one.text) for one in element.findall("addressList/address/country")]
    nationalities = [*element.findall("nationalityList/*/country"), *element.findall("citizenshipList/*/country")]
    return Entry(
        "",
        reference,
        "us",
        kind,
        names_once(names),
        programmes=unique([clean(one.text) for one in element.findall("programList/program")]),
        legal_basis=unique(basis),
        positions=unique([clean(element.findtext("title"))]),
        births=unique(births),
        nationalities=unique([clean(one.text) for one in nationalities]),
        countries=unique([*countries, clean(element.findtext("vesselInfo/vesselFlag"))]),
        identifiers=tuple(dict.fromkeys(identifiers)),
        url=PAGE.format(reference),
    )


def _name(element: Element, role: str, quality: str, place: str, *, person: bool) -> Name | None:
    given, family = clean(element.findtext("firstName")), clean(element.findtext("lastName"))
    if person and not given:  # now and then both stand in one field
        text, both = spoken(family)
        return make_name(text, role, quality, both, place=place)
    parts = (("given", given), ("family", family)) if given else ()
    return make_name(f"{given} {family}", role, quality, parts, place=place)
