"""OFAC's lists in the enhanced XML format of the Sanctions List Service, ``sanctionsData``.

Source of the layout: OFAC's schema, https://ofac.treasury.gov/media/934336/download (``ENHANCED_XML.xsd``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..entries import ALIAS, FORMER, PRIMARY, WEAK, Entry, Name
from ._entries import make_name, names_once
from ._ofac import NON_SDN, PAGE, SDN, basis_of, identifier_of, listed_quality, part_kinds, put_together, remark_dates
from ._text import clean, iso_date, unique
from ._xml import records
from .ofac_advanced import between

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from ._entries import Snapshot

_TYPES = {"individual": "person", "entity": "organisation", "vessel": "vessel", "aircraft": "aircraft"}


def read(snapshot: Snapshot) -> Iterator[Entry]:
    """Yield the entries of a list; fill in what it says of itself."""
    for element in records(snapshot.source, ("publicationInfo", "entity")):
        if element.tag == "publicationInfo":
            snapshot.date = iso_date(element.findtext("dataAsOf"))
            # A file made with a filter on programmes, or on anything but whole lists, is a part of the lists.
            snapshot.partial = any(one.tag != "sanctionsLists" for one in element.findall("filters/*"))
            chosen = {_list_of(one) for one in element.findall("filters/sanctionsLists/sanctionsList")}
            snapshot.partly = {SDN, NON_SDN} - chosen if chosen else set()
            continue
        for entry in _entries(element, snapshot.source.label):
            snapshot.note_date(entry.listed_on)
            yield entry


def _list_of(element: Element) -> str:
    return SDN if clean(element.text) == "SDN List" else NON_SDN


def _entries(element: Element, label: str) -> Iterator[Entry]:
    reference = clean(element.get("id"))
    place = f"{label}: entry {reference}"
    type_ = _TYPES.get(clean(element.findtext("generalInfo/entityType")).lower(), "unknown")
    names = [name for one in element.findall("names/name") for name in _names(one, place)]
    identifiers: list[tuple[str, str]] = []
    texts: dict[str, list[str]] = {"births": [], "nationalities": [], "countries": [], "basis": []}
    for feature in element.findall("features/feature"):
        _feature(feature, texts, identifiers)
    for document in element.findall("identityDocuments/identityDocument"):
        remark = f"{clean(document.findtext('type'))} {clean(document.findtext('documentNumber'))}"
        if found := identifier_of(remark):
            identifiers.append(found)
    dates: dict[str, list[str]] = {}
    for one in element.findall("sanctionsLists/sanctionsList"):
        days = dates.setdefault(_list_of(one), [])
        if day := iso_date(one.get("datePublished")):
            days.append(day)
    addresses = [clean(one.text) for one in element.findall("addresses/address/country")]
    for list_, days in sorted(dates.items()):
        yield Entry(
            list_,
            reference,
            "us",
            type_,
            names_once(names),
            programmes=unique([clean(one.text) for one in element.findall("sanctionsPrograms/sanctionsProgram")]),
            legal_basis=unique(
                [clean(one.text) for one in element.findall("legalAuthorities/legalAuthority")] + texts["basis"]
            ),
            listed_on=min(days, default=None),
            positions=unique([clean(element.findtext("generalInfo/title"))]),
            births=unique(texts["births"]),
            nationalities=unique(texts["nationalities"]),
            countries=unique([*addresses, *texts["countries"]]),
            identifiers=tuple(dict.fromkeys(identifiers)),
            url=PAGE.format(reference),
        )


def _names(element: Element, place: str) -> Iterator[Name | None]:
    former = clean(element.findtext("aliasType")).upper().startswith("F.K.A")
    primary = clean(element.findtext("isPrimary")) == "true"
    weak = clean(element.findtext("isLowQuality")) == "true"
    for translation in element.findall("translations/translation"):
        values = [
            (part_kinds(clean(part.findtext("type"))), clean(part.findtext("value")))
            for part in translation.findall("nameParts/namePart")
        ]
        text, parts = put_together(values)
        role = PRIMARY if primary else FORMER if former else ALIAS
        text = text or clean(translation.findtext("formattedFullName"))
        yield make_name(text, role, WEAK if weak else listed_quality(role), parts, place=place)


def _feature(feature: Element, texts: dict[str, list[str]], identifiers: list[tuple[str, str]]) -> None:
    kind, value = clean(feature.findtext("type")), clean(feature.findtext("value"))
    if kind == "Birthdate":
        first = iso_date(feature.findtext("valueDate/fromDateBegin"))
        last = iso_date(feature.findtext("valueDate/toDateEnd"))
        texts["births"].extend([between(first, last)] if first else remark_dates(value))
    elif kind in {"Nationality Country", "Citizenship Country"}:
        texts["nationalities"].append(value)
    elif kind in {"Vessel Flag", "Registration Country"}:
        texts["countries"].append(value)
    elif kind == "Vessel Call Sign":
        identifiers.append(("call-sign", value))
    elif found := identifier_of(f"{kind} {value}"):
        identifiers.append(found)
    else:
        texts["basis"].append(basis_of(f"{kind} {value}"))
