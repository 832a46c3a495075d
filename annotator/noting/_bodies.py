"""The text of one note as of a date: versions, table fields, and listings put into words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..model import Note, Source
from ._dates import spoken
from ._templates import fill

if TYPE_CHECKING:
    from collections.abc import Mapping

NAMES = {
    "un": "the UN", "us": "the US", "eu": "the EU", "uk": "the UK", "ca": "Canada", "au": "Australia",
    "ch": "Switzerland", "jp": "Japan", "nz": "New Zealand", "ua": "Ukraine",
}  # fmt: skip
_RANK = {"verified": 0, "partly": 1, "unverified": 2}


def _holds(item: dict[str, Any], as_of: str) -> bool:
    start, end = item.get("from"), item.get("until")
    return (not start or start <= as_of) and (not end or as_of < end)


def note(
    identifier: str, data: dict[str, Any], fields: Mapping[str, str], as_of: str, jurisdictions: frozenset[str]
) -> Note | None:
    """Return a note in its version as of a date; ``None`` when none holds then or the filter leaves it out."""
    jurisdiction = data["jurisdiction"]
    if jurisdictions and not jurisdictions & set(jurisdiction.split(",")):
        return None
    versions = data["versions"]
    number = next((n for n in range(len(versions) - 1, -1, -1) if _holds(versions[n], as_of)), -1)
    if number < 0:
        return None
    version = versions[number]
    later = []
    following = versions[number + 1 :]
    if version["until"] and not any(v["from"] == version["until"] for v in following):
        later.append(f"{spoken(version['until'])}: no longer in force.")
    for other in following:
        if other["from"] and other["from"] > as_of:
            later.append(f"{spoken(other['from'])}: {other['change'] or other['text']}")
    text = fill(version["text"], fields)
    if data["table"]:
        # A row is its own note: two resolutions in one article are two notes.
        key = fields.get("number") or fields.get("key") or next(iter(fields.values()), "")
        identifier = f"{identifier}/{key}"
    sources = tuple(Source(fill(i, fields), fill(p, fields), fill(u, fields)) for i, p, u in version["sources"])
    status = fields.get("status", version["status"]) if data["table"] else version["status"]
    return Note(
        identifier,
        text,
        sources,
        version["from"],
        version["until"],
        jurisdiction,
        status if status in _RANK else version["status"],
        version["checked"],
        version["verb"],
        tuple(later),
    )


def _entry(entry: dict[str, Any], *, ended: bool = False) -> str:
    """Put one entry of a listing into a few words."""
    inside = []
    instrument, at = entry.get("instrument", ""), entry.get("at", "")
    if instrument:
        inside.append(f"{instrument}, {at}" if at else instrument)
    elif at:
        inside.append(at)
    if entry.get("measures"):
        inside.append(entry["measures"])
    if entry.get("from"):
        inside.append(f"since {spoken(entry['from'])}" if not ended else f"from {spoken(entry['from'])}")
    else:
        inside.append("date not in our sources")
    return f"{NAMES.get(entry['by'], entry['by'].upper())} ({'; '.join(inside)})"


def _join(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def listing(identifier: str, data: dict[str, Any], as_of: str, jurisdictions: frozenset[str]) -> Note | None:
    """Return the note on a person or body: who lists it on the date, under what, and what changed since."""
    entries = [e for e in data["entries"] if not jurisdictions or e["by"] in jurisdictions]
    if not entries:
        return None
    listed = [e for e in entries if e.get("listed", True)]
    now = [e for e in listed if _holds(e, as_of)]
    ended = [e for e in listed if e.get("until") and e["until"] <= as_of]
    coming = [e for e in listed if e.get("from") and e["from"] > as_of]
    absent = [e for e in entries if not e.get("listed", True)]
    who = data["name"] + (f" ({data['about']})" if data.get("about") else "")
    parts = []
    if now:
        parts.append(f"{who}: listed by {_join([_entry(e) for e in now])}.")
    elif coming:
        names = _join([NAMES.get(e["by"], e["by"].upper()) for e in coming])
        parts.append(f"{who}: not yet listed by {names} on this date.")
    elif ended:
        parts.append(f"{who}: no longer listed on this date by the authorities known here.")
    else:
        parts.append(f"{who}: no listing found.")
    for entry in ended:
        parts.append(f"Was listed by {_entry(entry, ended=True)}, until {spoken(entry['until'])}.")
    if absent:
        names = _join([NAMES.get(e["by"], e["by"].upper()) for e in absent])
        seen = sorted(e["seen"] for e in absent if e.get("seen"))
        when = f" (list{'s' if len(absent) > 1 else ''} seen up to {spoken(seen[-1])})" if seen else ""
        parts.append(f"Not found on the list{'s' if len(absent) > 1 else ''} of {names}{when}.")
    if data.get("remark"):
        parts.append(data["remark"])
    later = [
        f"{spoken(e['until'])}: taken off the list by {NAMES.get(e['by'], e['by'].upper())}."
        for e in now
        if e.get("until")
    ]
    later += [f"{spoken(e['from'])}: listed by {_entry(e, ended=True)}." for e in coming]
    shown = now or coming or ended
    used = [*shown, *(e for e in ended if e not in shown), *absent]
    statuses = [e.get("status", data.get("status", "unverified")) for e in used]
    sources = tuple(
        dict.fromkeys(Source(e.get("instrument", ""), e.get("at", ""), e["url"]) for e in used if e.get("url"))
    )
    starts = [e["from"] for e in now if e.get("from")]
    ends = [e.get("until") for e in now]
    return Note(
        identifier,
        " ".join(parts),
        sources,
        min(starts) if starts else None,
        max(e for e in ends if e) if ends and all(ends) else None,
        ",".join(dict.fromkeys(e["by"] for e in used)),
        max(statuses, key=lambda s: _RANK.get(s, 2)) if statuses else "unverified",
        data.get("checked", ""),
        "",
        tuple(later),
    )
