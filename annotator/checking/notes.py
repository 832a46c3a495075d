"""What is wrong or doubtful in one version of a note: its sentence against its data, its dates and its sources."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from .._dates import MONTHS, month_number
from .._lazy import regex
from ..rulebook._collect import uses_verb
from ..rulebook._sentences import DATA, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..rulebook._collect import Definitions, Item

MAX_WORDS = 35
MAX_FREE_WORDS = 60  # of a text that carries its references itself
_DATE = regex(rf"\b(\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}})\b")
_INSTRUMENT = regex(
    r"\b(?:resolution|Executive Order|E\.O\.|Regulation \(EU\)|Decision \(CFSP\)|SI) (?:No\.? )?(\d[\d/]*)"
    r"|\bS/RES/(\d+)"
)
_UNCERTAIN = regex(
    r"\b(?:not|never) (?:been )?(?:checked|confirmed|verified|seen|found out|read)\b|\bnumber not known\b"
    r"|\bunconfirmed\b|\bas far as (?:is )?known\b|\bit is not known\b",
    re.IGNORECASE,
)
_AUTHORITIES = {
    "un": r"\bUN\b|Security Council|\bCouncil\b",
    "eu": r"\bEU\b|European",
    "uk": r"\bUK\b|British|Britain",
    "us": r"\bUS\b|American|Treasury",
}


class Doubt(NamedTuple):
    """A finding: how grave, its code, the message, and the key of the version that it is about."""

    level: str
    code: str
    message: str
    key: str = ""


def doubts(
    item: Item, merged: dict[str, Any], own: dict[str, Any], definitions: Definitions, today: str
) -> Iterator[Doubt]:
    """Yield what is doubtful in a version of a note; ``merged`` is the whole version, ``own`` what it says itself.

    ``today`` (an ISO date) is the day against which renewals run out.
    """
    name = item.id
    made = any(key in merged for key in DATA)
    text = sentence(merged) if made else " ".join(merged.get("text", "").split())
    if not merged.get("sources"):
        yield Doubt("error", "no-source", f"note {name!r} has no source; add one with ref and at")
    for source in merged.get("sources", ()):
        if not str(source.get("at", "")).strip():
            yield Doubt(
                "error",
                "no-pinpoint",
                f"a source of {name!r} has no pinpoint; write at: whole where the whole is meant",
            )
    for key in ("jurisdiction", "status", "checked"):
        if not merged.get(key):
            level = "error" if key == "status" and made else "warning"
            yield Doubt(level, f"no-{key}", f"note {name!r} has no {key}; add it")
    norms = [key for key in DATA if key in merged]
    if len(norms) > 1:
        yield Doubt(
            "error", "norms", f"note {name!r} has {' and '.join(norms)}; one of them makes the sentence", norms[1]
        )
    if any(key in merged for key in ("forbids", "requires", "allows", "urges")) and not merged.get("bound"):
        yield Doubt("error", "bound", f"note {name!r} does not say who is bound; add bound")
    most = MAX_WORDS if made else MAX_FREE_WORDS
    words = len(text.split())
    if words > most:
        yield Doubt(
            "warning", "long", f"note {name!r} has {words} words; at most {most}", norms[0] if norms else "text"
        )
    hit = _UNCERTAIN.search(text)
    if hit:
        message = f"{hit.group()!r} stands in the sentence of {name!r}; say it in status, checked or renewed"
        yield Doubt("error", "uncertain", message, norms[0] if norms else "text")
    if "urges" in merged and merged.get("field-status", {}).get("verb", "verified") != "verified":
        yield Doubt(
            "error", "verb", f"the verb of {name!r} was not read in the text; use requires, or leave it out", "urges"
        )
    renewed = merged.get("renewed")
    # Where somebody looked after that end and found nothing newer, the age of the look (--max-age) is what counts.
    if renewed and not merged.get("until") and (merged.get("checked") or "") <= renewed["until"] < today:
        yield Doubt(
            "warning",
            "run-out",
            f"{name!r}: the last renewal known ran out on {renewed['until']}; look for another",
            "renewed",
        )
    if made:
        yield from _agreement(item, merged, text, definitions)
    else:
        yield from _free(item, merged, own, text, definitions)


def _agreement(item: Item, merged: dict[str, Any], text: str, definitions: Definitions) -> Iterator[Doubt]:
    """Compare what a sentence says with the data beside it: dates, instruments, authority."""
    references = [
        definitions["references"][s["ref"]].data
        for s in merged.get("sources", ())
        if s["ref"] in definitions["references"]
    ]
    renewed = merged.get("renewed") or {}
    if renewed.get("by") in definitions["references"]:
        references.append(definitions["references"][renewed["by"]].data)
    known = {merged.get("from"), merged.get("until"), renewed.get("until"), *merged.get("about", ())}
    known |= {reference.get("date") for reference in references}
    for day, month, year in _DATE.findall(text):
        iso = f"{year}-{month_number(month):02}-{int(day):02}"
        before = _day_before(merged.get("until"))
        if iso not in known and iso != before:
            message = f"the sentence of {item.id!r} says {day} {month} {year}, which no field of its data holds"
            message += "; correct it or add it to about"
            yield Doubt("error", "date-disagrees", message)
    cited = (
        " ".join(f"{r['instrument']} {r.get('short', '')}" for r in references)
        + " "
        + " ".join(map(str, merged.get("about", ())))
    )
    for hit in _INSTRUMENT.finditer(text):
        number = hit.group(1) or hit.group(2)
        if number not in cited:
            message = f"the sentence of {item.id!r} names {hit.group()!r}, which is none of its sources; add the source"
            yield Doubt("error", "instrument-disagrees", message)
    jurisdictions = merged.get("jurisdiction", "").split(",")
    if len(jurisdictions) == 1 and jurisdictions[0] in _AUTHORITIES:
        named = [code for code, pattern in _AUTHORITIES.items() if re.search(pattern, text)]
        if named and jurisdictions[0] not in named and "{" not in text and not merged.get("about"):
            message = f"the sentence of {item.id!r} names {', '.join(named)}, its jurisdiction is {jurisdictions[0]}"
            message += "; correct one of them"
            yield Doubt("warning", "authority-disagrees", message)


def _free(
    item: Item, merged: dict[str, Any], own: dict[str, Any], text: str, definitions: Definitions
) -> Iterator[Doubt]:
    """Look at a text that carries its references itself."""
    numbers: set[str] = set()
    for source in merged.get("sources", ()):
        numbers |= set(re.findall(r"\d+", definitions["references"][source["ref"]].data["instrument"]))
    if numbers and not numbers & set(re.findall(r"\d+", text)) and "{" not in text:
        yield Doubt("warning", "no-instrument", f"note {item.id!r} does not name its instrument", "text")
    verb = own.get("verb", "")
    if verb and "{" not in text and not uses_verb(text, verb):
        yield Doubt("warning", "verb", f"note {item.id!r} does not use its verb {verb!r}", "text")


def _day_before(day: str | None) -> str:
    if not day:
        return ""
    return (datetime.date.fromisoformat(day) - datetime.timedelta(days=1)).isoformat()
