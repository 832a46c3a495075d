"""OpenSanctions: ``targets.simple.csv``, and entities as JSON lines in the FollowTheMoney model.

Their collections hold more than sanctions (politicians, wanted people); only what is sanctioned is taken.
Sources of the layouts: https://www.opensanctions.org/docs/bulk/csv/ and https://www.opensanctions.org/docs/bulk/json/.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ..._lazy import regex
from ...errors import InputError
from ..entries import ALIAS, FORMER, PRIMARY, WEAK, Entry
from ._csv import rows_of
from ._entries import make_name, names_once
from ._text import clean, iso_date, unique

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._entries import Snapshot

NEEDED = frozenset({"id", "schema", "name", "aliases", "birthdate", "countries", "identifiers", "sanctions"})
_TYPES = {
    "Person": "person",
    "Organization": "organisation",
    "Company": "organisation",
    "LegalEntity": "organisation",
    "PublicBody": "organisation",
    "Vessel": "vessel",
    "Airplane": "aircraft",
    "CryptoWallet": "crypto",
}
# Datasets of one list each, by name and by title, and who keeps the list.
_JURISDICTIONS = (
    ("un", ("un_sc_sanctions", "UN Security Council")),
    ("us", ("us_ofac", "US OFAC")),
    ("uk", ("gb_fcdo_sanctions", "gb_hmt", "UK FCDO", "UK HMT")),
    ("eu", ("eu_fsf", "eu_journal", "eu_sanctions_map", "EU ")),
    ("ch", ("ch_seco", "Swiss SECO")),
    ("ca", ("ca_dfatd", "Canadian ")),
)
_PAGE = "https://www.opensanctions.org/entities/{}/"
_IMO = regex(r"IMO ?(\d{7})$")
_LONGEST = 16 << 20


def read(snapshot: Snapshot) -> Iterator[Entry]:
    """Yield the entries of a file; fill in what it says of itself."""
    snapshot.list_id = "opensanctions"
    left_out = 0
    newest = ""
    entries = _from_json(snapshot) if snapshot.source.head.lstrip().startswith(b"{") else _from_csv(snapshot)
    for seen, entry in entries:
        newest = max(newest, seen or "")
        if entry is None:
            left_out += 1
        else:
            yield entry
    snapshot.date = newest or None
    if left_out:
        snapshot.warnings.append(f"{snapshot.source.label}: {left_out} records that are not sanctioned left out")


def _from_csv(snapshot: Snapshot) -> Iterator[tuple[str | None, Entry | None]]:
    for line, row in rows_of(snapshot.source, NEEDED):
        place = f"{snapshot.source.label}:{line}"
        seen = iso_date(row.get("lastseen"))
        type_ = _TYPES.get(clean(row["schema"]), "unknown")
        programmes = _list(row.get("programids", "")) or _list(row["sanctions"])
        if not programmes:
            yield seen, None
            continue
        names = [make_name(row["name"], PRIMARY, place=place)]
        names.extend(make_name(alias, ALIAS, place=place) for alias in row["aliases"].split(";"))
        reference = clean(row["id"])
        yield (
            seen,
            Entry(
                "",
                reference,
                _jurisdiction(_list(row.get("dataset", ""))),
                type_,
                names_once(names),
                programmes=unique(programmes),
                amended_on=iso_date(row.get("lastchange")),
                births=unique([iso_date(date) or "" for date in _list(row["birthdate"])]),
                countries=unique(_list(row["countries"])),
                identifiers=tuple(dict.fromkeys(map(_identifier, _list(row["identifiers"])))),
                url=_PAGE.format(reference),
            ),
        )


def _list(text: str) -> list[str]:
    return [cleaned for one in text.split(";") if (cleaned := clean(one))]


def _identifier(text: str) -> tuple[str, str]:
    found = _IMO.match(text)
    return ("imo", found[1]) if found else ("id", text)


def _jurisdiction(datasets: list[str]) -> str:
    """Return who keeps the lists that a record is from: one of ours, or ``other`` for several or none of them."""
    found = {
        jurisdiction for dataset in datasets for jurisdiction, starts in _JURISDICTIONS if dataset.startswith(starts)
    }
    return found.pop() if len(found) == 1 else "other"


def _records(snapshot: Snapshot) -> Iterator[tuple[str, dict[str, Any]]]:
    label = snapshot.source.label
    for line, text in enumerate(snapshot.source.lines(), 1):
        if not text.strip():
            continue
        try:
            record = json.loads(text)
        except (ValueError, RecursionError) as error:
            what = getattr(error, "msg", "too deep")
            column = getattr(error, "colno", 1)
            raise InputError(f"{label}:{line}:{column}: not sound JSON: {what}") from None
        if not isinstance(record, dict) or not isinstance(record.get("properties"), dict):
            raise InputError(f"{label}:{line}: no entity of the FollowTheMoney model")
        yield f"{label}:{line}", record


def _from_json(snapshot: Snapshot) -> Iterator[tuple[str | None, Entry | None]]:
    # Sanctions are records of their own that name their target, before or behind it.
    sanctions: dict[str, list[dict[str, Any]]] = {}
    for _, record in _records(snapshot):
        if record.get("schema") == "Sanction":
            for target in _texts(record["properties"], "entity"):
                sanctions.setdefault(target, []).append(record["properties"])
    for place, record in _records(snapshot):
        properties = record["properties"]
        schema = str(record.get("schema", ""))
        if schema not in _TYPES:
            continue
        reference = clean(str(record.get("id", "")))
        nested = [one.get("properties", {}) for one in properties.get("sanctions", ()) if isinstance(one, dict)]
        own = [*sanctions.get(reference, ()), *nested]
        seen = iso_date(str(record.get("last_seen") or ""))
        if not own and "sanction" not in _texts(properties, "topics"):
            yield seen, None
            continue
        yield seen, _entity(reference, schema, record, own, place)


def _texts(properties: dict[str, Any], *names: str) -> list[str]:
    found: list[str] = []
    for name in names:
        values = properties.get(name, ())
        found.extend(clean(one) for one in (values if isinstance(values, list) else [values]) if isinstance(one, str))
    return [text for text in found if text]


_IDENTIFIERS = {
    "imoNumber": "imo",
    "mmsi": "mmsi",
    "callSign": "call-sign",
    "passportNumber": "passport",
    "idNumber": "national-id",
    "registrationNumber": "registration",
    "taxNumber": "tax-id",
    "swiftBic": "bic",
}


def _entity(reference: str, schema: str, record: dict[str, Any], sanctions: list[dict[str, Any]], place: str) -> Entry:
    properties = record["properties"]
    names = [make_name(str(record.get("caption", "")), PRIMARY, place=place)]
    for name, role, quality in (
        ("name", ALIAS, ""),
        ("alias", ALIAS, ""),
        ("weakAlias", ALIAS, WEAK),
        ("previousName", FORMER, ""),
    ):
        names.extend(make_name(text, role, quality, place=place) for text in _texts(properties, name))
    identifiers = [
        (kind, text.removeprefix("IMO")) for name, kind in _IDENTIFIERS.items() for text in _texts(properties, name)
    ]
    if schema == "CryptoWallet":
        currency = next(iter(_texts(properties, "currency")), "")
        identifiers += [(f"crypto:{currency}", text) for text in _texts(properties, "publicKey")]
        names.extend(make_name(text, ALIAS, place=place) for text in _texts(properties, "publicKey"))
    starts = [date for one in sanctions for text in _texts(one, "listingDate", "startDate") if (date := iso_date(text))]
    ends = [[date for text in _texts(one, "endDate") if (date := iso_date(text))] for one in sanctions]
    return Entry(
        "",
        reference,
        _jurisdiction([text for text in record.get("datasets", ()) if isinstance(text, str)]),
        _TYPES[schema],
        names_once(names),
        programmes=unique([text for one in sanctions for text in _texts(one, "programId", "program")]),
        legal_basis=unique([text for one in sanctions for text in _texts(one, "provisions")]),
        listed_on=min(starts, default=None),
        amended_on=iso_date(str(record.get("last_change") or "")),
        # Removed only where every sanction has ended.
        removed_on=max(map(max, ends)) if ends and all(ends) else None,
        positions=unique(_texts(properties, "position")),
        births=unique([iso_date(text) or "" for text in _texts(properties, "birthDate")]),
        nationalities=unique(_texts(properties, "nationality", "citizenship")),
        countries=unique(_texts(properties, "country", "jurisdiction", "flag")),
        identifiers=tuple(dict.fromkeys(identifiers)),
        url=_PAGE.format(reference),
    )
