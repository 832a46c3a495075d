"""The EU's consolidated list of financial sanctions in XML, version 1.1, ``export``.

Source of the layout: the Commission's schema of the Financial Sanctions Files, ``fsf`` 1.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...errors import InputError
from ..entries import ALIAS, PRIMARY, STRONG, WEAK, Entry, Name
from ._entries import make_name, names_once
from ._text import clean, iso_date, unique
from ._xml import records, root_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from xml.etree.ElementTree import Element

    from ._entries import Snapshot

TYPES = {"person": "person", "p": "person", "enterprise": "organisation", "e": "organisation"}
_SPACE = "fsd/export"
_UNKNOWN = {"unknown", "00"}


def read(snapshot: Snapshot) -> Iterator[Entry]:
    """Yield the entries of a list; fill in what it says of itself."""
    source = snapshot.source
    _, space, attributes = root_of(source)
    if _SPACE not in space:
        raise InputError(f"{source.label}: XML, but of no known list: its name space is {space[:80]!r}")
    snapshot.list_id = "eu"
    snapshot.date = iso_date(attributes.get("generationDate"))
    for element in records(source, ("sanctionEntity",)):
        entry = _entry(element, source.label)
        snapshot.note_date(entry.amended_on)
        yield entry


def _entry(element: Element, label: str) -> Entry:
    own, reference = clean(element.get("logicalId")), clean(element.get("euReferenceNumber"))
    place = f"{label}: entry {reference or own}"
    aliases = element.findall("nameAlias")
    names = [_name(alias.attrib, PRIMARY if not number else ALIAS, place) for number, alias in enumerate(aliases)]
    regulations = element.findall("regulation")
    subject = element.find("subjectType")
    identifiers = [("eu-logical-id", own)] if own else []
    if united_nations := clean(element.get("unitedNationId")):
        identifiers.append(("un-reference", united_nations))
    for one in element.findall("identification"):
        kind, number = clean(one.get("identificationTypeCode")), clean(one.get("number") or one.get("latinNumber"))
        if number:
            identifiers.append((_KINDS.get(kind, "document"), number))
    amended = [date for one in regulations if (date := iso_date(one.get("publicationDate")))]
    code = subject.get("code", "") if subject is not None else ""
    return Entry(
        "eu",
        reference or own,
        "eu",
        TYPES.get(code.lower(), "unknown"),
        names_once(names),
        programmes=unique([clean(one.get("programme")) for one in regulations]),
        legal_basis=unique([clean(one.get("numberTitle")) for one in regulations]),
        listed_on=iso_date(element.get("designationDate")),
        amended_on=max(amended, default=None),
        removed_on=iso_date(element.get("delistingDate")),
        positions=unique([clean(alias.get("function")) for alias in aliases]),
        births=unique([birth_of(one.attrib) for one in element.findall("birthdate")]),
        nationalities=unique([country_of(one.attrib) for one in element.findall("citizenship")]),
        countries=unique([country_of(one.attrib) for one in element.findall("address")]),
        identifiers=tuple(dict.fromkeys(identifiers)),
        url=clean(regulations[0].findtext("publicationUrl")) if regulations else "",
    )


_KINDS = {"passport": "passport", "id": "national-id", "ssn": "national-id", "regnumber": "registration", "imo": "imo"}


def _name(alias: Mapping[str, str], role: str, place: str) -> Name | None:
    strong = alias.get("strong", "")
    quality = STRONG if strong == "true" else WEAK if strong == "false" else ""
    return whole_name(
        alias.get("wholeName", ""),
        alias.get("firstName", ""),
        alias.get("middleName", ""),
        alias.get("lastName", ""),
        alias.get("title", ""),
        role,
        quality,
        place,
    )


def whole_name(  # noqa: PLR0917 - the fields of a name
    whole: str, first: str, middle: str, last: str, title: str, role: str, quality: str, place: str
) -> Name | None:
    """Return a name; its whole form where there is one, else made of its parts."""
    parts = [("given", first), ("middle", middle), ("family", last)]
    several = [part for part in parts if clean(part[1])]
    text = clean(whole) or " ".join(clean(part) for _, part in several)
    kept = several if len(several) > 1 else []
    return make_name(text, role, quality, [*kept, ("title", title)], place=place)


def birth_of(attributes: Mapping[str, str]) -> str:
    """Return a date of birth as exact as it is given."""
    if date := iso_date(attributes.get("birthdate")):
        return date
    if date := iso_date(attributes.get("year")):
        return date
    first, last = iso_date(attributes.get("yearRangeFrom")), iso_date(attributes.get("yearRangeTo"))
    return f"{first}/{last}" if first and last else first or last or ""


def country_of(attributes: Mapping[str, str]) -> str:
    """Return the name of a country, empty where it is not known."""
    name = clean(attributes.get("countryDescription"))
    return "" if name.lower() in _UNKNOWN else name
