"""OFAC's lists in the Advanced Sanctions List Standard, ``Sanctions``: data in tables that point at each other.

Source of the layout: OFAC's schema, https://ofac.treasury.gov/media/29966/download (``sdn_advanced.xsd``).
A party's lists and documents stand elsewhere in the file, the lists behind it, so the file is read twice: first
for what is small, then for the parties.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..entries import ALIAS, FORMER, PRIMARY, WEAK, Entry, Name
from ._entries import make_name, names_once
from ._ofac import NON_SDN, PAGE, SDN, basis_of, identifier_of, listed_quality, part_kinds, put_together
from ._text import clean, day_of, unique
from ._xml import records

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from ._entries import Snapshot

_TYPES = {"individual": "person", "entity": "organisation"}
# Tables of values that are referred to by number.
_TABLES = {"AliasType", "AreaCode", "Country", "DetailReference", "FeatureType", "IDRegDocType", "LegalBasis", "List"}
_TABLES |= {"NamePartType", "PartySubType", "PartyType", "SanctionsType"}
_SMALL = {"DateOfIssue", "ReferenceValueSets", "Location", "IDRegDocument", "SanctionsEntry"}


@dataclass(slots=True)
class _Listing:
    """What the entries of one party on one list say."""

    dates: list[str] = field(default_factory=list)
    programmes: list[str] = field(default_factory=list)
    basis: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Tables:
    """What parties point at: values by table and number, and what stands apart from the parties."""

    values: dict[tuple[str, str], str] = field(default_factory=dict)
    party_types: dict[str, str] = field(default_factory=dict)
    countries: dict[str, list[str]] = field(default_factory=dict)
    documents: dict[str, list[str]] = field(default_factory=dict)
    listings: dict[str, dict[str, _Listing]] = field(default_factory=dict)


def read(snapshot: Snapshot) -> Iterator[Entry]:
    """Yield the entries of a list; fill in what it says of itself."""
    label = snapshot.source.label
    tables = _Tables()
    for element in records(snapshot.source, _SMALL):
        _small(element, tables, snapshot)
    lists = Counter(list_ for listings in tables.listings.values() for list_ in listings)
    snapshot.list_id = max(sorted(lists), key=lambda list_: lists[list_], default=SDN)
    # A file is one list. Of those on another list as well it says so, which is not all of that list.
    snapshot.partly = set(lists) - {snapshot.list_id}
    unlisted: list[Entry] = []
    missing = listed = 0
    for element in records(snapshot.source, ("DistinctParty",)):
        for profile in element.findall("Profile"):
            party, listings = clean(element.get("FixedRef")), tables.listings.get(clean(profile.get("ID")), {})
            if not listings:
                missing += 1
                if not listed:
                    unlisted.extend(_entries(profile, party, {"": _Listing()}, tables, label))
                continue
            listed += 1
            unlisted.clear()
            for entry in _entries(profile, party, listings, tables, label):
                snapshot.note_date(entry.listed_on)
                yield entry
    if missing and listed:
        snapshot.warnings.append(f"{label}: {missing} parties that are on no list in it left out")
    elif missing:
        # An excerpt whose parties and listings are not of the same entries.
        snapshot.partial = True
        snapshot.warnings.append(f"{label}: does not say of any party how it is listed; read as a part of the list")
        yield from unlisted


def _small(element: Element, tables: _Tables, snapshot: Snapshot) -> None:
    values = tables.values
    if element.tag == "DateOfIssue":
        snapshot.date = _day(element)
    elif element.tag == "ReferenceValueSets":
        for one in element.iter():
            if one.tag in _TABLES:
                # The areas of a country are told by name only in an attribute.
                text = one.get("Description") if one.tag == "AreaCode" else one.text
                values[one.tag, one.get("ID", "")] = clean(text)
                if one.tag == "PartySubType":
                    tables.party_types[one.get("ID", "")] = one.get("PartyTypeID", "")
    elif element.tag == "Location":
        countries = [
            values.get(("Country", one.get("CountryID", "")), "") for one in element.findall("LocationCountry")
        ]
        countries += [
            values.get(("AreaCode", one.get("AreaCodeID", "")), "") for one in element.findall("LocationAreaCode")
        ]
        tables.countries[element.get("ID", "")] = [one for one in countries if one != "undetermined"]
    elif element.tag == "IDRegDocument":
        kind = values.get(("IDRegDocType", element.get("IDRegDocTypeID", "")), "")
        number = clean(element.findtext("IDRegistrationNo"))
        tables.documents.setdefault(element.get("IdentityID", ""), []).append(f"{kind} {number}")
    else:
        _listing(element, tables)


def _listing(element: Element, tables: _Tables) -> None:
    values = tables.values
    sdn = values.get(("List", element.get("ListID", ""))) == "SDN List"
    listings = tables.listings.setdefault(element.get("ProfileID", ""), {})
    listing = listings.setdefault(SDN if sdn else NON_SDN, _Listing())
    for event in element.findall("EntryEvent"):
        date = event.find("Date")
        if date is not None and (day := _day(date)):
            listing.dates.append(day)
        basis = values.get(("LegalBasis", event.get("LegalBasisID", "")), "")
        listing.basis.append("" if basis == "Unknown" else basis)
    for measure in element.findall("SanctionsMeasure"):
        kind = values.get(("SanctionsType", measure.get("SanctionsTypeID", "")))
        if kind == "Program":
            listing.programmes.append(clean(measure.findtext("Comment")))


def _day(element: Element) -> str | None:
    """Return the date that an element with year, month and day gives."""
    return day_of(*(element.findtext(name) for name in ("Year", "Month", "Day")))


def _entries(
    profile: Element, party: str, listings: dict[str, _Listing], tables: _Tables, label: str
) -> Iterator[Entry]:
    reference = party or clean(profile.get("ID"))
    place = f"{label}: entry {reference}"
    sub_type = profile.get("PartySubTypeID", "")
    kind = tables.values.get(("PartySubType", sub_type), "").lower()
    party_type = tables.values.get(("PartyType", tables.party_types.get(sub_type, "")), "").lower()
    type_ = kind if kind in {"vessel", "aircraft"} else _TYPES.get(party_type, "unknown")
    names: list[Name | None] = []
    identifiers: list[tuple[str, str]] = []
    for identity in profile.findall("Identity"):
        names.extend(_names(identity, tables, place))
        documents = tables.documents.get(identity.get("ID", ""), ())
        identifiers.extend(found for document in documents if (found := identifier_of(document)))
    texts: dict[str, list[str]] = {"births": [], "nationalities": [], "positions": [], "countries": [], "basis": []}
    for feature in profile.findall("Feature"):
        _feature(feature, tables, texts, identifiers)
    for list_, listing in sorted(listings.items()):
        yield Entry(
            list_,
            reference,
            "us",
            type_,
            names_once(names),
            programmes=unique(listing.programmes),
            legal_basis=unique([*listing.basis, *texts["basis"]]),
            listed_on=min(listing.dates, default=None),
            positions=unique(texts["positions"]),
            births=unique(texts["births"]),
            nationalities=unique(texts["nationalities"]),
            countries=unique(texts["countries"]),
            identifiers=tuple(dict.fromkeys(identifiers)),
            url=PAGE.format(reference),
        )


def _names(identity: Element, tables: _Tables, place: str) -> Iterator[Name | None]:
    groups = {
        group.get("ID", ""): tables.values.get(("NamePartType", group.get("NamePartTypeID", "")), "")
        for group in identity.iter("NamePartGroup")
    }
    for alias in identity.findall("Alias"):
        kind = tables.values.get(("AliasType", alias.get("AliasTypeID", "")), "")
        former = kind.upper().startswith("F.K.A")
        primary = alias.get("Primary") == "true"
        weak = alias.get("LowQuality") == "true"
        for documented in alias.findall("DocumentedName"):
            values = [
                (part_kinds(groups.get(one.get("NamePartGroupID", ""), "")), clean(one.text))
                for one in documented.iter("NamePartValue")
            ]
            text, parts = put_together(values)
            role = PRIMARY if primary else FORMER if former else ALIAS
            yield make_name(text, role, WEAK if weak else listed_quality(role), parts, place=place)


def _feature(
    feature: Element, tables: _Tables, texts: dict[str, list[str]], identifiers: list[tuple[str, str]]
) -> None:
    kind = tables.values.get(("FeatureType", feature.get("FeatureTypeID", "")), "")
    for version in feature.findall("FeatureVersion"):
        details = [
            clean(one.text) or tables.values.get(("DetailReference", one.get("DetailReferenceID", "")), "")
            for one in version.findall("VersionDetail")
        ]
        places = [tables.countries.get(one.get("LocationID", ""), []) for one in version.findall("VersionLocation")]
        where = [country for countries in places for country in countries]
        if kind == "Birthdate":
            texts["births"].extend(_period(one) for one in version.findall("DatePeriod"))
        elif kind in {"Nationality Country", "Citizenship Country"}:
            texts["nationalities"].extend([*where, *details])
        elif kind in {"Location", "Vessel Flag", "Registration Country"}:
            texts["countries"].extend([*where, *details])
        elif kind == "Title":
            texts["positions"].extend(details)
        elif kind == "Vessel Call Sign":
            identifiers.extend(("call-sign", detail) for detail in details if detail)
        else:
            remarks = [f"{kind} {detail}" for detail in details if detail]
            identifiers.extend(found for remark in remarks if (found := identifier_of(remark)))
            texts["basis"].extend(basis_of(remark) for remark in remarks if not identifier_of(remark))


def _period(period: Element) -> str:
    """Return a date as exact as a period is long: a whole year as the year, else its ends."""
    first, last = period.find("Start/From"), period.find("End/To")
    if first is None or last is None:
        return ""
    return between(_day(first), _day(last))


def between(first: str | None, last: str | None) -> str:
    """Return the ISO date of a period from one day to another.

    >>> between("1962-01-01", "1962-12-31"), between("1962-03-01", "1962-03-31"), between("1957-01-01", "1960-12-31")
    ('1962', '1962-03', '1957/1960')
    """
    if not first or not last or first == last:
        return first or last or ""
    if first.endswith("-01-01") and last.endswith("-12-31"):
        return first[:4] if first[:4] == last[:4] else f"{first[:4]}/{last[:4]}"
    month_end = {"28", "29", "30", "31"}
    if first[:7] == last[:7] and first.endswith("-01") and last[-2:] in month_end:
        return first[:7]
    return f"{first}/{last}"
