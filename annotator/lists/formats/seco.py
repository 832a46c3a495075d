"""Switzerland's consolidated list of sanctions (SECO) in XML, ``swiss-sanctions-list``.

Source of the layout: SECO's description of the XML format, with its example file. The list keeps entries that
were removed, with the date; a file of amendments holds a part of the list.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..._lazy import regex
from ..entries import ALIAS, FORMER, PRIMARY, STRONG, WEAK, Entry, Name
from ._entries import make_name, names_once
from ._text import clean, day_of, iso_date, number_of, unique
from ._xml import records, root_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from ._entries import Snapshot

_ROLES = {"primary-name": PRIMARY, "alias": ALIAS, "formerly-known-as": FORMER}
_QUALITIES = {"good": STRONG, "low": WEAK}
_KINDS = {
    "given-name": "given",
    "further-given-name": "middle",
    "father-name": "patronymic",
    "grand-father-name": "patronymic",
    "tribal-name": "family",
    "family-name": "family",
    "maiden-name": "maiden",
    "title": "title",
    "whole-name": "whole",
}
_SPOKEN_ORDER = ("given", "middle", "patronymic", "other", "maiden", "family", "whole")
_IMO = regex(r"\bIMO(?: number)?:? ?(\d{7})\b", re.IGNORECASE)
_PAGE = "https://www.seco.admin.ch/sanctions"
_LONGEST_POSITION = 200


def read(snapshot: Snapshot) -> Iterator[Entry]:
    """Yield the entries of a list; fill in what it says of itself."""
    source = snapshot.source
    _, _, attributes = root_of(source)
    snapshot.list_id = "ch"
    snapshot.date = iso_date(attributes.get("date"))
    snapshot.partial = attributes.get("list-type") not in {None, "whole-list"}
    # Places stand behind the entries that name them.
    places = {one.get("ssid", ""): clean(one.findtext("country")) for one in records(source, ("place",))}
    programmes: dict[str, str] = {}
    laws: dict[str, str] = {}
    for element in records(source, ("sanctions-program", "target")):
        if element.tag == "sanctions-program":
            for one in element.findall("sanctions-set"):
                number = one.get("ssid", "")
                programmes.setdefault(number, _english(element, "program-key"))
                laws.setdefault(number, _english(element, "program-name"))
            continue
        entry = _entry(element, programmes, laws, places, source.label)
        snapshot.note_date(entry.listed_on)
        yield entry


def _english(element: Element, name: str) -> str:
    found = element.findall(name)
    return clean(next((one.text for one in found if one.get("lang") == "eng"), found[0].text if found else ""))


def _entry(
    element: Element, programmes: dict[str, str], laws: dict[str, str], places: dict[str, str], label: str
) -> Entry:
    reference = clean(element.get("ssid"))
    place = f"{label}: entry {reference}"
    sets = [clean(one.text) for one in element.findall("sanctions-set-id")]
    # What was changed stands in the history of changes as well, whole; only the entry's own data counts.
    body = next((one for one in element if one.tag in {"individual", "entity", "object"}), element)
    type_ = {"individual": "person", "entity": "organisation"}.get(body.tag, "unknown")
    if body.tag == "object" and body.get("object-type") in {"vessel", "aircraft"}:
        type_ = body.get("object-type", type_)
    names: list[Name | None] = []
    births: list[str] = []
    nationalities: list[str] = []
    countries: list[str] = []
    identifiers: list[tuple[str, str]] = []
    for identity in body.findall("identity"):
        main = identity.get("main") == "true"
        for name in identity.findall("name"):
            names.extend(_names(name, place, main=main))
        births.extend(_birth(one) for one in identity.findall("day-month-year"))
        nationalities.extend(clean(one.text) for one in identity.findall("nationality/country"))
        countries.extend(places.get(one.get("place-id", ""), "") for one in identity.findall("address"))
        for document in identity.findall("identification-document"):
            number = clean(document.findtext("number"))
            kind = "passport" if "passport" in document.get("document-type", "") else "document"
            identifiers.extend([(kind, number)] if number else [])
    if foreign := clean(element.findtext("foreign-identifier")):
        identifiers.append(("foreign", foreign))
    for one in body.findall("other-information") if type_ == "vessel" else ():
        identifiers.extend(("imo", number) for number in _IMO.findall(clean(one.text)))
    reasons = [clean(one.text) for one in body.findall("justification")]
    listed, amended, removed = _history(element)
    return Entry(
        "ch",
        reference,
        "ch",
        type_,
        names_once(names),
        programmes=unique([programmes.get(number, "") for number in sets]),
        legal_basis=unique([laws.get(number, "") for number in sets]),
        listed_on=listed,
        amended_on=amended,
        removed_on=removed,
        positions=unique([text for text in reasons if len(text) <= _LONGEST_POSITION]),
        births=unique(births),
        nationalities=unique(nationalities),
        countries=unique(countries),
        identifiers=tuple(dict.fromkeys(identifiers)),
        url=_PAGE,
    )


def _history(element: Element) -> tuple[str | None, str | None, str | None]:
    """Return when an entry was listed first, amended last and, where it is no longer listed, removed."""
    dates: dict[str, list[str]] = {}
    for one in element.findall("modification"):
        day = iso_date(one.get("effective-date") or one.get("publication-date") or one.get("enactment-date"))
        if day:
            dates.setdefault(one.get("modification-type", ""), []).append(day)
    listed, removed = dates.get("listed", []), dates.get("de-listed", [])
    gone = max(removed, default=None)
    if gone and listed and max(listed) > gone:
        gone = None
    return min(listed, default=None), max(dates.get("amended", []), default=None), gone


def _names(name: Element, place: str, *, main: bool) -> Iterator[Name | None]:
    role = _ROLES.get(name.get("name-type", ""), ALIAS)
    role = ALIAS if role == PRIMARY and not main else role
    quality = _QUALITIES.get(name.get("quality", ""), "")
    parts = [
        (_KINDS.get(one.get("name-part-type", ""), "other"), clean(one.findtext("value")), one)
        for one in sorted(name.findall("name-part"), key=lambda one: number_of(one.get("order")))
    ]
    yield _joined([(kind, text) for kind, text, _ in parts], role, quality, place)
    other = ALIAS if role == PRIMARY else role
    scripts: dict[str, dict[int, str]] = {}
    for number, (_, _, part) in enumerate(parts):
        for variant in part.findall("spelling-variant"):
            text = clean(variant.text)
            if variant.get("script", "LATN").upper() == "LATN":
                # One part is spelt otherwise, the others stay.
                spelt = [(kind, text if one == number else value) for one, (kind, value, _) in enumerate(parts)]
                yield _joined(spelt, other, quality, place)
            else:
                scripts.setdefault(variant.get("script", ""), {}).setdefault(number, text)
    for texts in scripts.values():
        if all(number in texts or kind == "title" for number, (kind, _, _) in enumerate(parts)):
            written = [(kind, texts[number]) for number, (kind, _, _) in enumerate(parts) if number in texts]
            yield _joined(written, other, quality, place)


def _joined(parts: list[tuple[str, str]], role: str, quality: str, place: str) -> Name | None:
    spoken = sorted((part for part in parts if part[0] != "title"), key=lambda part: _SPOKEN_ORDER.index(part[0]))
    kept = [part for part in spoken if part[1]] + [part for part in parts if part[0] == "title"]
    text = " ".join(text for _, text in spoken if text)
    return make_name(text, role, quality, kept if len(kept) > 1 else (), place=place)


def _birth(element: Element) -> str:
    return day_of(element.get("year"), element.get("month"), element.get("day")) or ""
