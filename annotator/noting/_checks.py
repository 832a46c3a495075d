"""Check what a sentence claims against what the pack knows; one function for each relation.

A relation gets the rule's ``check`` data and the fields of the mention. It returns the fields of the
claim note when the claim is wrong and the fact verified, and ``None`` in every other case: a claim that is
right, or of which too little is known, gets no note.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from .._dates import month_number, spoken
from .._lazy import regex
from ._bodies import VERIFIED, authority, authority_named, holds
from ._templates import fill

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..rulebook import Rulebook

Fields = dict[str, str]
_ANNOUNCED = 31  # days in which what is announced may take effect
_NUMBER = regex(r"\d[\d,. ]*\d|\d")
_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
          "ten": 10, "twelve": 12, "eighteen": 18, "twenty": 20, "twenty-four": 24, "half a": 0.5}  # fmt: skip


def run(check: dict[str, Any], fields: Mapping[str, str], book: Rulebook, as_of: str) -> Fields | None:
    """Run a rule's check on a mention's fields as of an ISO date."""
    found: Fields | None = _RELATIONS[check["relation"]](check, fields, book, as_of)
    return found


def _noted(fields: Mapping[str, str]) -> list[str]:
    """Return the ids of the notes on the two mentions that a claim rests on."""
    return [n for key in ("first_notes", "second_notes") for n in fields.get(key, "").split("\n") if n]


def _date_of_row(check: dict[str, Any], fields: Mapping[str, str], book: Rulebook, _as_of: str) -> Fields | None:
    """Compare when an instrument is said to have been made with its row; ``how`` is ``on`` or ``after`` the date.

    The row is that of the mention's note, or of ``table`` and the field ``key``. The day stands in its column ``date``,
    else in ``adopted``, ``signed`` or ``made``, the year in ``year`` or in the day.
    """
    columns = [check["date"]] if "date" in check else ["adopted", "signed", "made"]
    number = fields.get(check.get("key", "number"), "").lstrip("0")
    rows = (
        {number: book.row(check["table"], number)}
        if "table" in check
        else {n: _row(book, n) or _as_row(book, n) for n in _noted(fields)}
    )
    for identifier, row in rows.items():
        if row is None or row.get("status") != VERIFIED:
            continue
        made = next((row[column] for column in columns if row.get(column)), "")
        right_year = row.get("year") or made[:4]
        year, month, day = (_field(fields, f"said_{part}") for part in ("year", "month", "day"))
        if not right_year or not year:
            return None
        if fields.get("how") == "after":
            # "adopted after the test in 2009": it may be later than the year, not earlier.
            if int(right_year) >= int(year):
                return None
        elif year == right_year and not (made and _differs(made, month, day)):
            return None
        said = " ".join(part for part in (day.lstrip("0"), month.capitalize(), year) if part)
        did = next((column for column in ("adopted", "signed", "made") if row.get(column)), "adopted")
        made_on = spoken(made) if made[8:] else right_year
        return {
            "key": identifier,
            "said": said if fields.get("how") != "after" else f"a date after that of {said}",
            "right": made_on if "table" in check else f"was {did} on {made_on}" if made[8:] else f"is of {made_on}",
            **(_cited(book, identifier, row) if "table" not in check else {}),
            **{k: v for k, v in row.items() if v and "table" in check},
        }
    return None


def _as_row(book: Rulebook, identifier: str) -> dict[str, str] | None:
    """Return of a note on one instrument, which no table has, when that was made: where its text says so in words."""
    versions = _versions(book, identifier)
    first = versions[0] if versions else None
    if not first or not first["from"] or f" of {spoken(first['from'])}" not in first["text"] or not first["sources"]:
        return None
    return {"made": first["from"], "status": first["status"]}


def _differs(made: str, month: str, day: str) -> bool:
    """Tell whether a month, and a day where one is given, is not that of an ISO date."""
    said = month_number(month)
    return bool(said) and (said != int(made[5:7]) or (bool(day) and int(day) != int(made[8:10] or 0)))


def _row(book: Rulebook, identifier: str) -> dict[str, str] | None:
    """Return the row of its table that a note such as ``us.order/13662`` is about."""
    base, _, key = identifier.partition("/")
    table = book.note(base).get("table", "")
    return book.row(table, key) if key and table else None


def _cited(book: Rulebook, identifier: str, row: dict[str, str]) -> Fields:
    """Return where the row's instrument stands, as the first source of its note says."""
    version = book.note(identifier.partition("/")[0])["versions"][-1]
    instrument, _, url, short = version["sources"][0]
    return _where(fill(instrument, row), "", fill(url, row), fill(short, row))


# What tells an instrument from others in how sources name it and in the keys of tables.
_INSTRUMENT = regex(r"S/RES/(\d+)|(?:Executive Orders?|E\.O\.) (\d{5})|\b(\d{3,4}/\d{1,4})\b")


def _instruments(versions: list[dict[str, Any]]) -> set[str]:
    """Return the numbers of the instruments in the sources of a note's versions."""
    texts = [text for version in versions for source in version["sources"] for text in source[:1]]
    return {next(filter(None, hit.groups())) for text in texts for hit in _INSTRUMENT.finditer(text)}


def _versions(book: Rulebook, identifier: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = book.note(identifier.split("/", 1)[0]).get("versions", [])
    return found


def _version(book: Rulebook, identifier: str, as_of: str) -> dict[str, Any] | None:
    """Return the version of a note that holds on a date, if it is verified: claims rest on nothing less."""
    version = next((v for v in reversed(_versions(book, identifier)) if holds(v, as_of)), None)
    return version if version is not None and version["status"] == VERIFIED else None


def _regime(identifier: str) -> str:
    return identifier.rsplit(".", 1)[0]


@lru_cache(maxsize=2)
def _instruments_by_regime(book: Rulebook) -> dict[str, set[str]]:
    """Return for each regime the instruments that its notes rest on."""
    found: dict[str, set[str]] = {}
    for identifier in book.note_ids:
        if identifier.count(".") > 1 and not identifier.startswith(("un.global.", "un.resolution.")):
            found.setdefault(_regime(identifier), set()).update(_instruments(_versions(book, identifier)))
    return found


def _is_elsewhere(book: Rulebook, number: str, subject: str, regime: str) -> bool:
    """Tell whether an instrument is known to be about other regimes and not about this one.

    It is where only notes of other regimes rest on it, or where none does and its ``subject`` (the Council's agenda) is
    none of those of the instruments that the regime's notes rest on.
    """
    by_regime = _instruments_by_regime(book)
    regimes = {name for name, numbers in by_regime.items() if number in numbers}
    if regimes:
        return regime not in regimes
    theme = _theme(subject)
    rows = [book.row("un.resolution.unsc", n) for n in by_regime.get(regime, ()) if n.isdigit()]
    themes = set[str]().union(*(_theme(row.get("subject", "")) for row in rows if row))
    return bool(theme and themes) and not theme & themes


def _theme(subject: str) -> set[str]:
    """Return the words of what a resolution is on: of "Yemen: asset freeze, travel ban" Yemen."""
    words = re.split(r"[^A-Za-z'-]+", subject.partition(":")[0].lower())
    return {word for word in words if word and word not in {"and", "the", "of", "in", "on", "south"}}


def _instrument_of_measure(
    check: dict[str, Any], fields: Mapping[str, str], book: Rulebook, as_of: str
) -> Fields | None:
    """Tell whether a measure is put down to an instrument of its authority that none of its notes rests on.

    Such an instrument must be known for something else: for another regime, or in ``does`` for another measure of the
    same. Where later instruments have touched a measure, not each of them stands in its note. ``also`` gives what a
    note may be put down to besides, ``general`` the instruments on whose like nothing is said.
    """
    other = next((n for n in fields.get("second_notes", "").split("\n") if "/" in n), "")
    row = _row(book, other) if other else None
    number = other.partition("/")[2] if row else fields.get("second_number") or fields.get("first_number", "")
    row = row or book.row(check.get("table", "un.resolution.unsc"), number)
    notes = [n for n in fields.get("first_notes", "").split("\n") if "/" not in n and n.count(".") > 1]
    if not number or not notes or row is None or number in map(str, check.get("general", ())):
        return None
    jurisdiction = notes[0].partition(".")[0]
    if other and book.note(other.partition("/")[0])["jurisdiction"] != jurisdiction:
        return None
    passed = {str(n) for note in notes for n in check.get("also", {}).get(note, [])}
    known = set().union(*(_instruments(_versions(book, note)) for note in notes))
    if not known or number in passed or (check.get("numbers") and number not in map(str, check["numbers"])):
        return None
    later = _came_later(book, notes[0], number, row, fields)
    if number in known and not later:
        return None
    does = {str(k): v for k, v in check.get("does", {}).items()}.get(number, "")
    one = later or check.get("numbers") or number in map(str, check.get("not", {}).get(notes[0], ()))
    one = one or (does and not notes[0].endswith(".regime")) or ("table" in check and not check.get("elsewhere"))
    if not one and not _is_elsewhere(book, number, row.get("subject", ""), _regime(notes[0])):
        return None
    version = _versions(book, notes[0])[0] if later else _version(book, notes[0], as_of)
    if version is None or not version["sources"]:
        return None
    instrument, pinpoint, url, short = version["sources"][0]
    said = _cited(book, other, row)["right_short"] if other else f"S/RES/{number} ({row['year']})"
    found = {
        "key": f"{notes[0]}-{number}",
        "said": said,
        "right": f"{short or instrument} {pinpoint}".strip(),
        **_where(instrument, pinpoint, url, short),
    }
    if does:
        return {**found, "does": does}
    if row.get("does"):
        return {**found, "acts": row["does"][0].lower() + row["does"][1:]}
    return {**found, "subject": row["subject"]} if row.get("subject") else found


def _came_later(book: Rulebook, note: str, number: str, row: Mapping[str, str], fields: Mapping[str, str]) -> bool:
    """Tell whether a measure is said to have been imposed by a resolution that came when it stood already."""
    versions = _versions(book, note)
    first = versions[0]
    # A later one may put others under a freeze, and more sanctions on a country; the regime as such is made once.
    several = note.endswith((".asset-freeze", ".travel-ban"))
    several = several or (note.endswith(".regime") and "regime" not in fields.get("first", ""))
    if fields.get("act") != "impose" or several or not first["from"] or first["status"] != VERIFIED:
        return False
    adopted = row.get("adopted") or row.get("signed", "")
    bases = {hit[1] for v in versions for hit in _INSTRUMENT.finditer(v["sources"][0][0] if v["sources"] else "")}
    return adopted > first["from"] and number not in bases


def _package_of_measure(check: dict[str, Any], fields: Mapping[str, str], book: Rulebook, _as_of: str) -> Fields | None:
    """Tell whether a measure is put down to a package before the one that brought it first, which ``first`` gives.

    Later ones may have widened it.
    """
    said = next((n for n in fields.get("second_notes", "").split("\n") if "/" in n), "")
    note = next((n for n in _noted(fields) if n in check["first"]), "")
    if not said or not note:
        return None
    base = said.partition("/")[0]
    table = book.note(base).get("table", "")
    row, first = _row(book, said), book.row(table, check["first"][note]) if table else None
    if row is None or first is None or row["adopted"] >= first["adopted"] or first["status"] != VERIFIED:
        return None
    return {
        "key": f"{note}-{row['number']}",
        "said": row["ordinal"],
        "right": first["ordinal"],
        "on": spoken(first["adopted"]),
        **_cited(book, f"{base}/{check['first'][note]}", first),
    }


def _committee_of_measure(
    _check: dict[str, Any], fields: Mapping[str, str], book: Rulebook, as_of: str
) -> Fields | None:
    """Tell whether a committee of the Security Council is said to oversee what another one does."""
    said = next((n for n in fields.get("second_notes", "").split("\n") if n.endswith(".committee")), "")
    note = next((n for n in fields.get("first_notes", "").split("\n") if n.startswith("un.") and "/" not in n), "")
    right = f"{_regime(note)}.committee" if note else ""
    if not said or not right or said == right or right not in book.note_ids:
        return None
    version = _version(book, right, as_of)
    if version is None or not version["sources"]:
        return None
    instrument, pinpoint, url, short = version["sources"][0]
    return {
        "key": f"{note}-{said}",
        "said": fields.get("second", ""),
        "fact": version["text"].rstrip("."),
        **_where(instrument, pinpoint, url, short),
    }


def _adopter(_check: dict[str, Any], fields: Mapping[str, str], book: Rulebook, _as_of: str) -> Fields | None:
    """Tell whether acts of the Council of the EU are said to have been adopted by the European Parliament."""
    identifier = next((n for n in _noted(fields) if "/" in n), "")
    row = _row(book, identifier) if identifier else None
    if row is None or row.get("status") != VERIFIED or "Council" not in row.get("acts", ""):
        return None
    if not _PARLIAMENT.search(fields.get("who", "")) or not _ADOPTS.search(fields.get("word", "")):
        return None
    return {"key": identifier, "on": spoken(row["adopted"]), **_cited(book, identifier, row)}


_PARLIAMENT = regex(r"\bEuropean Parliament\b|\bMEPs\b")
_ADOPTS = regex(r"\b(?:adopt|approv|pass|impos|agree)")


def _authority_of_listing(
    check: dict[str, Any], fields: Mapping[str, str], book: Rulebook, as_of: str
) -> Fields | None:
    """Tell whether a person or body is said to be listed by an authority that does not list it."""
    wrong = [_one_authority(fields, book, as_of, by) for by in (fields.get("by") or check.get("by", "")).split()]
    # Of several authorities each must be wrong: "the US and the EU sanctioned him" is right in part.
    return wrong[0] if wrong and all(wrong) else None


def _one_authority(fields: Mapping[str, str], book: Rulebook, as_of: str, by: str) -> Fields | None:
    """Tell whether one authority does not list somebody who is said to be listed by it."""
    for identifier in _noted(fields):
        data = book.note(identifier.split("/", 1)[0])
        if not data.get("listing"):
            continue
        entries = [e for e in data["entries"] if e["by"] == by]
        listed = [e for e in entries if e.get("listed", True)]
        absent = [e for e in entries if not e.get("listed", True)]
        unsure = any(e.get("status", data.get("status")) != VERIFIED for e in entries)
        if unsure or any(holds(e, as_of) for e in listed):
            return None
        name = authority_named(by)
        others = [e for e in data["entries"] if e.get("listed", True) and e.get("from") and holds(e, as_of)]
        lists = ", ".join(dict.fromkeys(map(authority, others)))
        base = {"key": f"{identifier}-{by}", "name": data["name"], "authority": name, "lists": lists}
        ended = [e for e in listed if e.get("until") and e["until"] <= as_of]
        coming = [e for e in listed if e.get("from") and e["from"] > as_of]
        if any(_is_soon(e["from"], as_of) for e in coming):
            return None
        if ended and not _still(fields):
            # That someone was once listed is right.
            return None
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


def _is_soon(day: str, as_of: str) -> bool:
    """Tell whether a day comes so soon that what takes effect on it may have been announced already."""
    try:
        return (date.fromisoformat(day) - date.fromisoformat(as_of)).days <= _ANNOUNCED
    except ValueError:  # a month or a year
        return day[:4] == as_of[:4]


def _delisting(_check: dict[str, Any], fields: Mapping[str, str], book: Rulebook, as_of: str) -> Fields | None:
    """Tell whether somebody is said to have been taken off the list of an authority that never had him on it."""
    by = fields.get("by", "")
    for identifier in _noted(fields):
        data = book.note(identifier.split("/", 1)[0])
        entries = data["entries"] if data.get("listing") else []
        own = [e for e in entries if e["by"] == by]
        if not own or any(e.get("listed", True) or e.get("status", data.get("status")) != VERIFIED for e in own):
            continue
        gone = next((e for e in entries if e.get("until") and e["until"] <= as_of), None)
        seen = f", seen {spoken(own[0]['seen'])}" if own[0].get("seen") else ""
        return {
            "key": f"{identifier}-{by}",
            "name": data["name"],
            "authority": authority_named(by),
            "fact": f"is not known to have been on it{seen}",
            "other": f"{authority(gone)} took {data['name']} off its list on {spoken(gone['until'])}" if gone else "",
            **_of(own[0]),
        }
    return None


def _still(fields: Mapping[str, str]) -> bool:
    """Tell whether the words say that somebody is listed, not that somebody was, or was once put on a list."""
    return fields.get("tense") == "present"


def _of(entry: dict[str, Any]) -> Fields:
    return _where(entry.get("instrument", "the list"), entry.get("at", ""), entry.get("url", ""))


def _where(instrument: str, pinpoint: str, url: str, short: str = "") -> Fields:
    """Return the fields that say where the fact stands."""
    return {
        "right_instrument": instrument,
        "right_short": short or instrument,
        "right_pinpoint": pinpoint,
        "right_url": url,
    }


def _ended(check: dict[str, Any], fields: Mapping[str, str], book: Rulebook, as_of: str) -> Fields | None:
    """Tell whether what is spoken of as standing has ended or not begun, or with ``standing`` the other way round.

    ``among`` lists the notes that a claim may be about; without it any may. Before the day ``begins`` nothing is
    said to have begun only later, since older sanctions on the same country may have stood.
    """
    among = check.get("among")
    noted = [check["note"]] if "note" in check else _noted(fields)
    identifier = next((n for n in noted if "/" not in n and (among is None or n in among)), "")
    if not identifier:
        return None if check.get("standing") else _ended_row(fields, book, as_of)
    versions = _versions(book, identifier)
    version = _version(book, identifier, as_of)
    begins = versions[0] if versions else None
    finding = "this has ended"
    early = bool(begins and begins["from"] and check.get("begins", as_of) <= as_of < begins["from"])
    if not check.get("standing") and begins and early:
        version = begins if begins["status"] == VERIFIED else None
        finding = f"began only on {spoken(begins['from'])}"
    elif version is not None and bool(version.get("ended")) == bool(check.get("standing")):
        return None
    if version is None or not version["sources"]:
        return None
    instrument, pinpoint, url, _ = version["sources"][0]
    since = spoken(version["from"]) if version["from"] else ""
    if check.get("standing"):
        if any((v.get("ended") or v.get("eased")) and (v["from"] or "") <= as_of for v in versions):
            return None  # it did end once, or became another
        if any(n.startswith(f"{_regime(identifier)}-") for n in book.note_ids):
            return None  # there was an older one, which did end: that on Libya of 1992
        since = spoken(versions[0]["from"]) if versions[0]["from"] else ""
    elif not early:
        # The day from which it no longer is: what ended on 31 August is not in force since 1 September.
        finding = f"has not been in force since {spoken(version['from'])}" if version["from"] else "has ended"
    return {
        "key": identifier, "finding": finding, "since": since, "fact": version["text"],
        **_where(instrument, pinpoint, url),
    }  # fmt: skip


def _begun(check: dict[str, Any], fields: Mapping[str, str], book: Rulebook, _as_of: str) -> Fields | None:
    """Tell whether a measure is said to have been imposed in a year before there was any such measure.

    Of years before ``begins`` nothing is said: older measures on the same country may have stood.
    """
    year = _field(fields, "said_year")
    for identifier in _noted(fields):
        versions = _versions(book, identifier) if "/" not in identifier else []
        first = versions[0] if versions else None
        if first is None or not first["from"] or first["status"] != VERIFIED or not first["sources"]:
            return None
        if not year or year < str(check["begins"]) or year >= first["from"][:4]:
            return None
        instrument, pinpoint, url, short = first["sources"][0]
        said = " ".join(filter(None, (_field(fields, "said_month").capitalize(), year)))
        return {
            "key": identifier,
            "said": said,
            "since": spoken(first["from"]),
            **_where(instrument, pinpoint, url, short),
        }
    return None


def _terminated(check: dict[str, Any], fields: Mapping[str, str], book: Rulebook, as_of: str) -> Fields | None:
    """Tell whether a resolution is spoken of as in force when it was not: ``from`` a day ``until`` one."""
    number = fields.get("first_number", "").lstrip("0")
    version = _version(book, check["note"], as_of)
    if number not in map(str, check["numbers"]) or version is None or not check["from"] <= as_of < check["until"]:
        return None
    instrument, pinpoint, url, short = version["sources"][0]
    return {
        "key": number,
        "first": f"resolution {number}",
        "finding": f"was terminated on {spoken(check['from'])}",
        **_where(instrument, pinpoint, url, short),
    }


def _ended_row(fields: Mapping[str, str], book: Rulebook, as_of: str) -> Fields | None:
    """Tell whether an instrument of a table is spoken of as in force whose time was over."""
    for identifier in _noted(fields):
        row = _row(book, identifier) if "/" in identifier else None
        until = row.get("until", "") if row else ""
        if row is None or not until or until > as_of or row.get("status") != VERIFIED or row.get("again"):
            continue
        found = f"ended on {spoken(until)}" if until[8:] else f"ended in {until}"
        return {"key": identifier, "finding": found, "since": "", "fact": "", **_cited(book, identifier, row)}
    return None


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


def _field(fields: Mapping[str, str], name: str) -> str:
    """Return a field that may stand at several places of a pattern: ``amount``, ``amount2`` and so on."""
    return next((value for key, value in fields.items() if key.startswith(name) and value), "")


def _quantity(check: dict[str, Any], fields: Mapping[str, str], book: Rulebook, as_of: str) -> Fields | None:
    """Tell whether an amount is not the one that the measure sets.

    ``values`` are all that it ever was, or by the day from which each holds: of these what is said in the present must
    be one of the date's, and nothing is said of days before the first. The measure is that of ``note``, which must be
    verified on the date. A field ``years`` counts in twelves.
    """
    amount = _field(fields, "amount")
    said = _amount(amount)
    if said is not None and _field(fields, "years"):
        said *= 12
    if said is None or _version(book, check["note"], as_of) is None:
        return None
    values = check["values"]
    if isinstance(values, dict):
        days = sorted(str(day) for day in values)
        begun = [day for day in days if day <= as_of]
        if not begun:
            return None
        current = begun[-1:] if fields.get("tense") == "present" else begun
        values = [value for day, those in values.items() if str(day) in current for value in those]
    if any(said == float(value) for value in values):
        return None
    return {"key": amount, "said": f"{amount} {_field(fields, 'unit')}".strip()}


def _deadline(check: dict[str, Any], fields: Mapping[str, str], book: Rulebook, as_of: str) -> Fields | None:
    """Tell whether a deadline that the text gives is not the day of the measure, as far as the text gives one."""
    year, month, day = (_field(fields, f"said_{part}") for part in ("year", "month", "day"))
    said_month = month_number(month)
    right = check["day"]
    wrong = bool(year) and (
        year != right[:4]
        or (bool(said_month) and said_month != int(right[5:7]))
        or (bool(day) and bool(said_month) and int(day) != int(right[8:10]))
    )
    if not wrong or _version(book, check["note"], as_of) is None:
        return None
    said = " ".join(part for part in (day.lstrip("0"), month.capitalize(), year) if part)
    return {"key": said, "said": said}


_SOFT = ("calls upon", "urges", "encourages", "requests", "invites")


def _strength(check: dict[str, Any], fields: Mapping[str, str], book: Rulebook, _as_of: str) -> Fields | None:
    """Tell whether a resolution is said to bind where its paragraph only calls upon States.

    The paragraphs are those that the text names, else those that the notes on the measure rest on.
    """
    number = fields.get("second_number") or fields.get("first_number", "")
    if not number:
        return None
    named = [
        pin
        for key, value in fields.items()
        if key.startswith(("first_pin", "second_pin"))
        for pin in value.split(", ")
        if pin
    ]
    # Where the text names no paragraph, it says what the notes on the measure rest on.
    keys = named or [
        _plain_pin(source[1])
        for identifier in _noted(fields)
        if identifier.startswith("un.") and "/" not in identifier
        for version in _versions(book, identifier)
        for source in version["sources"]
        if re.match(rf"S/RES/{number}\b", source[0])
    ]
    if check.get("named") and not named:
        return None
    rows = [book.row(check["table"], f"{number}/{pin}") for pin in keys]
    if not rows or not all(
        row and row.get("status") == VERIFIED and row["verb"].startswith(_SOFT) and "decides" not in row["verb"]
        for row in rows
    ):
        return None
    row = next(row for row in rows if row)
    return {
        "key": f"{number}-{keys[0]}",
        "said": fields.get("word", ""),
        "verb": row["verb"],
        "does": row["does"],
        **_where(f"S/RES/{number} ({row['year']})", f"para. {row['para']}", row["url"]),
    }


def _plain_pin(pinpoint: str) -> str:
    """Return the first paragraph of a pinpoint: "paras 11-12" is 11, "para. 8(a)(iii)" is 8(a)(iii)."""
    hit = re.search(r"\d+(?:\([a-z]+\))*", pinpoint)
    return hit.group() if hit else ""


def _keeper(check: dict[str, Any], fields: Mapping[str, str], book: Rulebook, as_of: str) -> Fields | None:
    """Tell whether a list, a body or a law is said to be of an authority, or of a department, that it is not of.

    ``departments`` gives that of a note, by its name among `_DEPARTMENTS`.
    """
    identifier = next(iter(_noted(fields)), "")
    data = book.note(identifier.partition("/")[0]) if identifier else {}
    keeper = data.get("jurisdiction", "")
    said = fields.get("by", "").split()
    version = _version(book, identifier, as_of) if identifier else None
    if not said or not keeper or version is None or not version["sources"]:
        return None
    right, named = authority_named(keeper), " and ".join(map(authority_named, said))
    if keeper in said:
        department = check.get("departments", {}).get(identifier, "")
        told = [name for name, words in _DEPARTMENTS.items() if words.search(fields.get("who", ""))]
        if not department or len(told) != 1 or told[0] == department:
            return None
        right, named = (f"the {one}" for one in (department, told[0]))
    instrument, pinpoint, url, short = version["sources"][0]
    return {"key": identifier, "said": named, "right": right, **_where(instrument, pinpoint, url, short)}


# How texts call the departments that keep lists, and those that are taken for them.
_DEPARTMENTS = {
    "Treasury": regex(r"\bTreasury\b"),
    "Commerce Department": regex(r"\bCommerce\b"),
    "State Department": regex(r"\bState Department\b|\bDepartment of State\b|\bSecretary of State\b"),
    "Foreign Office": regex(r"\bForeign Office\b|\bFCDO\b"),
    "Home Office": regex(r"\bHome Office\b"),
    "Justice Department": regex(r"\bJustice Department\b|\bDepartment of Justice\b"),
    "Pentagon": regex(r"\bPentagon\b|\b[Dd]efen[cs]e [Dd]epartment\b"),
}


_RELATIONS: dict[str, Any] = {
    "date-of-row": _date_of_row,
    "keeper": _keeper,
    "instrument-of-measure": _instrument_of_measure,
    "package-of-measure": _package_of_measure,
    "committee-of-measure": _committee_of_measure,
    "adopter": _adopter,
    "authority-of-listing": _authority_of_listing,
    "delisting": _delisting,
    "ended": _ended,
    "begun": _begun,
    "terminated": _terminated,
    "quantity": _quantity,
    "deadline": _deadline,
    "strength": _strength,
}
