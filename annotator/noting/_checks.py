"""Check what a sentence claims against what the pack knows; one function for each relation.

A relation gets the rule's ``check`` data and the fields of the mention. It returns the fields of the
claim note when the claim is wrong and the fact verified, and ``None`` in every other case: a claim that is
right, or of which too little is known, gets no note.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ._bodies import authority, authority_named, holds
from ._dates import month_number, spoken

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..rulebook import Rulebook

Fields = dict[str, str]
_NUMBER = re.compile(r"\d[\d,. ]*\d|\d")
_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
          "ten": 10, "twelve": 12, "eighteen": 18, "twenty": 20, "twenty-four": 24, "half a": 0.5}  # fmt: skip


def run(check: dict[str, Any], fields: Mapping[str, str], book: Rulebook, as_of: str) -> Fields | None:
    """Run a rule's check on a mention's fields as of an ISO date."""
    found: Fields | None = _RELATIONS[check["relation"]](check, fields, book, as_of)
    return found


def _noted(fields: Mapping[str, str]) -> list[str]:
    """Return the ids of the notes on the two mentions that a claim rests on."""
    return f"{fields.get('first_notes', '')} {fields.get('second_notes', '')}".split()


def _date_of_row(check: dict[str, Any], fields: Mapping[str, str], book: Rulebook, _as_of: str) -> Fields | None:
    """Compare the year, month and day that the text gives with the row of the instrument's table."""
    number = fields.get(check.get("key", "number"), "")
    row = book.row(check["table"], number.lstrip("0"))
    if row is None or row.get("status", "verified") != "verified" or not row.get("year"):
        return None
    # A field may stand at several places of a pattern, as said_year, said_year2 …
    year, month, day = (
        next((value for name, value in fields.items() if name.startswith(f"said_{part}")), "")
        for part in ("year", "month", "day")
    )
    adopted = row.get("adopted", "")
    wrong = bool(year) and year != row["year"]
    if adopted and not wrong:
        said_month = month_number(month)
        wrong = bool(said_month) and said_month != int(adopted[5:7])
        wrong = wrong or (bool(day) and bool(said_month) and int(day) != int(adopted[8:10]))
    if not wrong:
        return None
    said = " ".join(part for part in (day.lstrip("0"), month.capitalize(), year) if part)
    right = spoken(adopted) if adopted else row["year"]
    return {"key": number, "said": said, "right": right, **{k: v for k, v in row.items() if v}}


def _known_numbers(book: Rulebook, notes: list[str]) -> set[str]:
    """Return the resolution numbers in the sources of any version of the notes."""
    numbers = set()
    for identifier in notes:
        for version in book.note(identifier.split("/", 1)[0]).get("versions", ()):
            for instrument, _, _ in version["sources"]:
                hit = re.match(r"S/RES/(\d+)", instrument)
                if hit:
                    numbers.add(hit.group(1))
    return numbers


def _version(book: Rulebook, identifier: str, as_of: str) -> dict[str, Any] | None:
    versions: list[dict[str, Any]] = book.note(identifier.split("/", 1)[0]).get("versions", [])
    return next((v for v in reversed(versions) if holds(v, as_of)), None)


def _instrument_of_measure(
    check: dict[str, Any], fields: Mapping[str, str], book: Rulebook, as_of: str
) -> Fields | None:
    """Tell whether a measure is put down to a resolution that none of its notes rests on."""
    number = fields.get("second_number") or fields.get("first_number", "")
    noted = _noted(fields)
    notes = [n for n in noted if n.startswith("un.") and "/" not in n]
    if not number or not notes:
        return None
    known = _known_numbers(book, notes) | {str(n) for n in check.get("also", {}).get(notes[0], [])}
    if not known or number in known:
        return None
    version = _version(book, notes[0], as_of)
    row = book.row(check["table"], number)
    if version is None or version["status"] != "verified" or not version["sources"] or row is None:
        return None
    instrument, pinpoint, url = version["sources"][0]
    found = {
        "key": f"{notes[0]}-{number}",
        "said": f"S/RES/{number} ({row['year']})",
        "right": f"{instrument} {pinpoint}".strip(),
        **_where(instrument, pinpoint, url),
    }
    does = row.get("subject", "")
    return {**found, "does": does} if does else found


def _authority_of_listing(
    check: dict[str, Any], fields: Mapping[str, str], book: Rulebook, as_of: str
) -> Fields | None:
    """Tell whether a person or body is said to be listed by an authority that does not list it."""
    by = check["by"]
    for identifier in _noted(fields):
        data = book.note(identifier.split("/", 1)[0])
        if not data.get("listing"):
            continue
        entries = [e for e in data["entries"] if e["by"] == by]
        listed = [e for e in entries if e.get("listed", True)]
        absent = [e for e in entries if not e.get("listed", True) and e.get("status", data.get("status")) == "verified"]
        if any(holds(e, as_of) for e in listed):
            return None
        name = authority_named(by)
        others = [e for e in data["entries"] if e.get("listed", True) and e.get("from") and holds(e, as_of)]
        lists = ", ".join(dict.fromkeys(map(authority, others)))
        base = {"key": f"{identifier}-{by}", "name": data["name"], "authority": name, "lists": lists}
        ended = [e for e in listed if e.get("until") and e["until"] <= as_of]
        coming = [e for e in listed if e.get("from") and e["from"] > as_of]
        if ended:
            return {
                **base,
                "fact": f"was taken off the list of {name} on {spoken(ended[-1]['until'])}",
                **_of(ended[-1]),
            }
        if coming:
            return {**base, "fact": f"was listed by {name} only on {spoken(coming[0]['from'])}", **_of(coming[0])}
        if absent:
            seen = f", seen {spoken(absent[0]['seen'])}" if absent[0].get("seen") else ""
            return {**base, "fact": f"is not on the list of {name}{seen}", **_of(absent[0])}
    return None


def _of(entry: dict[str, Any]) -> Fields:
    return _where(entry.get("instrument", "the list"), entry.get("at", ""), entry.get("url", ""))


def _where(instrument: str, pinpoint: str, url: str) -> Fields:
    """Return the fields that say where the fact stands."""
    return {"right_instrument": instrument, "right_pinpoint": pinpoint, "right_url": url}


def _ended(check: dict[str, Any], fields: Mapping[str, str], book: Rulebook, as_of: str) -> Fields | None:
    """Tell whether what is spoken of as standing has ended, or (``standing: true``) the other way round."""
    noted = _noted(fields)
    identifier = check.get("note") or next((n for n in noted if n.startswith("un.")), "")
    if not identifier:
        return None
    version = _version(book, identifier, as_of)
    if (
        version is None
        or version["status"] == "unverified"
        or bool(version.get("ended")) == bool(check.get("standing"))
    ):
        return None
    instrument, pinpoint, url = version["sources"][0]
    return {
        "key": identifier,
        "since": spoken(version["from"]) if version["from"] else "",
        "fact": version["text"],
        **_where(instrument, pinpoint, url),
    }


def _amount(text: str) -> float | None:
    """Read an amount: "500,000", "2 million", "four million"."""
    low = text.lower().strip()
    factor = 1_000_000 if "million" in low else 1_000 if "thousand" in low else 1
    hit = _NUMBER.search(low)
    if hit:
        digits = hit.group().replace(",", "").replace(" ", "")
        try:
            return float(digits) * factor
        except ValueError:
            return None
    word = next((w for w in sorted(_WORDS, key=len, reverse=True) if low.startswith(w)), None)
    return _WORDS[word] * factor if word else None


def _quantity(check: dict[str, Any], fields: Mapping[str, str], _book: Rulebook, _as_of: str) -> Fields | None:
    """Tell whether an amount was never the one that the measure sets (``values`` are all that it ever was)."""
    said = _amount(fields.get("amount", ""))
    if said is None or any(said == float(value) for value in check["values"]):
        return None
    return {"key": fields["amount"], "said": fields["amount"]}


def _strength(check: dict[str, Any], fields: Mapping[str, str], book: Rulebook, _as_of: str) -> Fields | None:
    """Tell whether a resolution is said to bind where its paragraph on the measure only calls upon States."""
    number = fields.get("first_number") or fields.get("second_number", "")
    notes = _noted(fields)
    softer = tuple(check.get("soft", ("calls upon", "urges", "encourages", "requests", "invites")))
    for identifier in notes:
        if not identifier.startswith("un.") or "/" in identifier:
            continue
        mine = [
            (version, source)
            for version in book.note(identifier).get("versions", ())
            for source in version["sources"]
            if re.match(rf"S/RES/{number}\b", source[0])
        ]
        if not mine or not number:
            continue
        rows = [(source, book.row(check["table"], f"{number}/{_plain_pin(source[1])}")) for _, source in mine]
        verbs = [(source, row["verb"]) for source, row in rows if row and row.get("status") == "verified"]
        if verbs and all(verb.startswith(softer) for _, verb in verbs):
            (instrument, pinpoint, url), verb = verbs[0]
            return {
                "key": f"{identifier}-{number}",
                "said": fields.get("between", ""),
                "verb": verb,
                **_where(instrument, pinpoint, url),
            }
    return None


def _plain_pin(pinpoint: str) -> str:
    """Return the first paragraph of a pinpoint: "paras 11-12" is 11, "para. 8(a)(iii)" is 8(a)(iii)."""
    hit = re.search(r"\d+(?:\([a-z]+\))*", pinpoint)
    return hit.group() if hit else ""


_RELATIONS: dict[str, Any] = {
    "date-of-row": _date_of_row,
    "instrument-of-measure": _instrument_of_measure,
    "authority-of-listing": _authority_of_listing,
    "ended": _ended,
    "quantity": _quantity,
    "strength": _strength,
}
