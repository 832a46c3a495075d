"""The text of one note as of a date: versions, table fields, and listings put into words."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from .._dates import spoken
from .._vocabulary import data_file, sections
from ..model import Note, Source
from ._templates import fill

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Entry = dict[str, Any]
_NAMES = {"int": "a group of States",
    "un": "the UN", "us": "the US", "eu": "the EU", "uk": "the UK", "ca": "Canada", "au": "Australia",
    "ch": "Switzerland", "jp": "Japan", "nz": "New Zealand", "ua": "Ukraine",
}  # fmt: skip
_COUNTED = {1: "one", 2: "two", 3: "three", 4: "four"}
# Instruments in the brackets behind a sentence, and as many of the first one's kind; the note has all its sources.
_CITED, _CITED_OF_A_KIND = 2, 3
VERIFIED = "verified"
RANK = {VERIFIED: 0, "partly": 1, "unverified": 2}


def holds(item: dict[str, Any], as_of: str) -> bool:
    """Tell whether something with ``from`` and ``until`` holds on a date; ``until`` is the first day after."""
    start, end = item.get("from"), item.get("until")
    return (not start or start <= as_of) and (not end or as_of < end)


def note(
    identifier: str, data: dict[str, Any], fields: Mapping[str, str], as_of: str, jurisdictions: frozenset[str]
) -> Note | None:
    """Return a note in its version as of a date; ``None`` when none holds then or the filter leaves it out."""
    jurisdiction = data["jurisdiction"]
    if data["table"]:
        jurisdiction = fields.get("jurisdiction", jurisdiction)
    if jurisdictions and not jurisdictions & set(jurisdiction.split(",")):
        return None
    row_from, row_until = (fields.get("from"), fields.get("until")) if data["table"] else (None, None)
    if data["table"] and fields.get("again"):
        # What had ended applies again since that day; before it nobody knew.
        if fields["again"] <= as_of:
            row_from, row_until = fields["again"], None
        else:
            fields = {name: value for name, value in fields.items() if name != "again"}
    over = bool(row_until) and str(row_until) <= as_of
    versions, closing = _of_row(data, over=over)
    number = next((n for n in range(len(versions) - 1, -1, -1) if holds(versions[n], as_of)), -1)
    if number < 0:
        return None
    version = versions[number]
    if data["table"] and not holds({"from": row_from, "until": None if over and closing else row_until}, as_of):
        return None
    later = []
    following = versions[number + 1 :]
    if version["until"] and not any(v["from"] == version["until"] for v in following):
        later.append(f"{spoken(version['until'])}: no longer in force.")
    coming = [other for other in following if other["from"] and other["from"] > as_of]
    changes = [f"{spoken(other['from'])}: {other['change'] or other['text']}" for other in coming]
    later += changes
    if row_until and closing and not over and closing["change"]:
        later.append(f"{spoken(row_until)}: {_without_day(fill(closing['change'], fields), spoken(row_until))}")
    text = fill(version["text"], fields)
    if data.get("fields") and not data["table"] and fields.get("key"):
        # A claim about one thing is another note than the same claim about another.
        identifier = f"{identifier}/{fields['key']}"
    sources = tuple(Source(*(fill(part, fields) for part in source)) for source in version["sources"])
    if version["cites"]:
        text = f"{text} [{references(version['sources'], fields)}]"
    status = fields.get("status", version["status"]) if data["table"] else version["status"]
    first = _first(versions, number)
    return Note(
        identifier,
        text,
        sources,
        version["from"] or row_from,
        version["until"] or row_until,
        jurisdiction,
        status if status in RANK else version["status"],
        version["checked"],
        version["verb"],
        tuple(later),
        version["full"],
        # A first day that is not certain is not told.
        None if first["fields"].get("from", VERIFIED) != VERIFIED else first["from"] or row_from,
        began=next((Source(*(fill(part, fields) for part in source)) for source in first["sources"]), None),
        changed=_that_count(coming, changes) if later == changes else None,
    )


def _without_day(change: str, day: str) -> str:
    """Return what a change says without the day at its end, with which its line begins: "revoked by E.O. 14312"."""
    bare = change.removesuffix(f" {day}")
    return change if bare == change else re.sub(rf",? (?:{'|'.join(_before_a_day())}),?$", "", bare)


@cache
def _before_a_day() -> tuple[str, ...]:
    return tuple(sections(data_file(__file__, "words.txt"))["before a day"])


def _that_count(coming: Sequence[Mapping[str, Any]], changes: Sequence[str]) -> str | None:
    """Return of what changes what the answer of today hangs on, in one line; ``None`` where the last of all says it.

    A renewal changes nothing where something else did, and what came behind an end does not tell of it.
    """
    told = [n for n, version in enumerate(coming) if not version["renewal"]]
    if not told:
        return None
    last = told[-1]
    ends = [n for n in told[:-1] if coming[n]["ended"] or (coming[n]["eased"] and not coming[last]["eased"])]
    if ends:
        return f"{changes[ends[-1]].rstrip('.')}; {changes[last]}"
    return changes[last]


def _first(versions: list[dict[str, Any]], number: int) -> dict[str, Any]:
    """Return the first of the versions that have followed each other without a break, up to one of them."""
    while number and not versions[number]["ended"]:
        before = versions[number - 1]
        if before["ended"] or before["until"] != versions[number]["from"]:
            break
        number -= 1
    return versions[number]


def _of_row(data: dict[str, Any], *, over: bool) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
    """Return the versions that a note may be given in, and the one for rows whose time is over, if it has one."""
    versions = data["versions"]
    closing = next((v for v in versions if v["ended"]), None) if data["table"] else None
    if closing is None:
        return versions, None
    return ([closing] if over else [v for v in versions if not v["ended"]]), closing


def references(sources: list[list[str]], fields: Mapping[str, str]) -> str:
    """Return the first sources of a note in short, as they stand in brackets behind its sentence."""
    shown: dict[str, list[str]] = {}
    for instrument, pinpoint, _, short in sources:
        name = fill(short or instrument, fields)
        if name not in shown and len(shown) >= _CITED:
            alike = _kind(name) == _kind(next(iter(shown)))
            if not alike or len(shown) >= _CITED_OF_A_KIND:
                break
        shown.setdefault(name, [])
        where = fill(pinpoint, fields)
        if where and where not in shown[name]:
            shown[name].append(where)
    return "; ".join(f"{name} {', '.join(where)}".strip() for name, where in shown.items())


def _kind(name: str) -> str:
    """Return what the short name of an instrument begins with: "E.O.", "S"."""
    return name.split(" ", maxsplit=1)[0].partition("/")[0]


def authority(entry: Entry) -> str:
    """Name who made an entry of a listing."""
    return authority_named(entry["by"])


def adjective(by: str) -> str:
    """Return the adjective of a jurisdiction's code: "Swiss"."""
    return _ADJECTIVES.get(by, by.upper())


def authority_named(by: str) -> str:
    """Name the authority of a jurisdiction's code."""
    return _NAMES.get(by, by.upper())


def is_named(by: str, text: str) -> bool:
    """Tell whether a text names the authority of a jurisdiction's code, or speaks of it by its adjective."""
    names = (authority_named(by).removeprefix("the "), adjective(by), *_ALSO.get(by, ()))
    return any(re.search(rf"\b{re.escape(name)}\b", text) for name in names)


def _entry(entry: Entry, detail: int, *, over: bool = False) -> str:
    """Put one entry of a listing into a few words; ``detail`` 2 gives the pinpoint, 1 only the instrument."""
    name = authority(entry)
    instrument, at = entry.get("short", entry.get("instrument", "")), entry.get("at", "")
    where = f"{instrument}, {at}" if detail > 1 and at and instrument else instrument or at
    words = [name]
    if entry.get("from"):
        words.append(f"{'from' if over else 'since'} {spoken(entry['from'])}")
    if where:
        words.append(f"({where})")
    if over:
        words.append(f"until {spoken(entry['until'])}")
    return " ".join(words)


def _absence(entry: Entry, *, dated: bool) -> str:
    """Name the list that an entry is not on, with the day of the copy that was looked at."""
    name = authority(entry)
    return f"{name} ({spoken(entry['seen'])})" if dated and entry.get("seen") else name


def join(parts: list[str]) -> str:
    """Put names in a row: "the US, the EU and the UK"."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


class _Standing(NamedTuple):
    """The entries of a listing by how they stand on a date.

    An entry without a first date (``undated``) is on the list now, or was before it ended; nothing says that
    it was on the as-of date.
    ``absent`` are lists that do not hold the name.
    """

    now: list[Entry]
    ended: list[Entry]
    coming: list[Entry]
    undated: list[Entry]
    absent: list[Entry]


def _standing(entries: list[Entry], as_of: str) -> _Standing:
    found = [e for e in entries if e.get("listed", True)]
    listed = [e for e in found if e.get("from")]
    return _Standing(
        now=[e for e in listed if holds(e, as_of)],
        ended=[e for e in found if e.get("until") and e["until"] <= as_of],
        coming=[e for e in listed if e["from"] > as_of],
        undated=[e for e in found if not e.get("from") and holds(e, as_of)],
        absent=[e for e in entries if not e.get("listed", True)],
    )


def _listing_text(data: dict[str, Any], standing: _Standing, detail: int) -> str:
    """Put a listing into words; ``detail`` 2 says all, 1 leaves out pinpoints, 0 whatever can be left out."""
    now, ended, coming, undated, absent = standing
    who = data["name"] + (f" ({data['about']})" if data.get("about") and detail else "")
    if now:
        parts = [f"{who}: listed by {join([_entry(e, detail) for e in now])}."]
    elif coming:
        parts = [f"{who}: not yet listed by {join([authority(e) for e in coming])} on this date."]
    elif ended:
        parts = [f"{who}: not listed on this date by any authority known here."]
    else:
        parts = [f"{who}: no listing {'with a known date ' if undated else ''}found."]
    if undated:
        parts.append(f"Also on the list of {join([authority(e) for e in undated])}, since a date not known here.")
    parts += [f"Was listed by {_entry(entry, detail, over=True)}." for entry in ended]
    if absent:
        names = join([_absence(e, dated=detail > 0) for e in absent]).replace(" and ", " or ")
        parts.append(f"Not found on the list{'s' if len(absent) > 1 else ''} of {names}.")
    if data.get("remark") and detail:
        parts.append(data["remark"])
    return " ".join(parts)


_LISTS_SHOWN = 4
_ADJECTIVES = {
    "un": "UN", "us": "US", "eu": "EU", "uk": "UK", "ca": "Canadian", "au": "Australian", "ch": "Swiss",
    "jp": "Japanese", "nz": "New Zealand", "ua": "Ukrainian",
}  # fmt: skip
# Further words by which a sentence names an authority.
_ALSO = {
    "us": ("American", "United States", "OFAC"), "eu": ("European",), "uk": ("British", "Britain"),
    "un": ("Security Council",),
}  # fmt: skip


def _brief_listing(data: dict[str, Any], standing: _Standing) -> str:
    """Put a listing into a line: under whose sanctions since when, by which acts; at most four lists."""
    now, ended, coming, undated, absent = standing
    shown = sorted(now, key=lambda e: str(e["from"]))[:_LISTS_SHOWN]
    shown += undated[: _LISTS_SHOWN - len(shown)]
    if not shown and ended:
        parts = [f"{_by([e])} {_span(e)}" for e in ended[:_LISTS_SHOWN]]
        return f"{data['name']}: {', '.join(parts)}. [{_acts(ended[:_LISTS_SHOWN])}]"
    if not shown and coming:
        return f"{data['name']}: not yet {_by(coming)} on this date."
    if not shown:
        names = join([authority(e) for e in absent]).replace(" and ", " or ")
        return f"{data['name']}: not on the list{'s' if len(absent) > 1 else ''} of {names}."
    days: dict[str, list[Entry]] = {}
    for entry in shown:
        days.setdefault(str(entry.get("from", "")), []).append(entry)
    parts = []
    for n, (day, entries) in enumerate(days.items()):
        # An authority that did more later: "US asset freeze since 22 October 2025"; what is not said is only cited.
        by_then = {one["by"] for earlier in [*days.values()][:n] for one in earlier}
        told = [e for e in entries if e["by"] not in by_then or (e.get("measures") and day)]
        if not told:
            continue
        more = f" {told[0]['measures']}" if len(told) == 1 and told[0]["by"] in by_then else ""
        since = f" since {spoken(day)}" if day else ""
        parts.append(f"{'also ' if n and not day else ''}{_by(told, bare=bool(n))}{more}{since}")
    rest = len(now) + len(undated) - len(shown)
    return f"{data['name']}: {', '.join(parts)}{more_lists(rest)}. [{_acts(shown)}]"


def more_lists(number: int) -> str:
    """Return how many lists besides those that a line names have somebody, as its end, or nothing."""
    return f", and on {_COUNTED.get(number, number)} other list{'s' if number > 1 else ''}" if number else ""


def _by(entries: list[Entry], *, bare: bool = False) -> str:
    """Say under whose sanctions: "under US and EU sanctions", or behind another such "Canadian"."""
    names = join(list(dict.fromkeys(adjective(e["by"]) for e in entries)))
    return names if bare else f"under {names} sanctions"


def _span(entry: Entry) -> str:
    since = f"from {spoken(entry['from'])} " if entry.get("from") else ""
    return f"{since}until {spoken(entry['until'])}"


def _acts(entries: list[Entry]) -> str:
    """Name the acts that list somebody, each once."""
    acts = (e.get("short") or e.get("instrument", "") for e in entries)
    return "; ".join(dict.fromkeys(act for act in acts if act))


_SOON = 2


def _years_between(earlier: str, later: str) -> float:
    """Return the years between two ISO dates, near enough."""
    return int(later[:4]) - int(earlier[:4]) + (int(later[5:7]) - int(earlier[5:7])) / 12


def listing(identifier: str, data: dict[str, Any], as_of: str, jurisdictions: frozenset[str]) -> Note | None:
    """Return the note on a person or body: who lists it on the date, under what, and what changed since."""
    entries = [e for e in data["entries"] if not jurisdictions or e["by"] in jurisdictions]
    if not entries:
        return None
    standing = _standing(entries, as_of)
    now, ended, coming, undated, absent = standing
    far_off = coming and all(_years_between(as_of, e["from"]) > _SOON for e in coming)
    if far_off and not now and not ended and not undated:
        # That someone was listed years later says nothing about the article.
        return None
    later = [f"{spoken(e['until'])}: taken off the list by {authority(e)}." for e in (*now, *undated) if e.get("until")]
    days: dict[str, list[Entry]] = {}
    gone = {e["by"] for e in entries if e.get("listed", True) and e.get("from", "9") <= as_of}
    for entry in sorted(coming, key=lambda e: str(e["from"])):
        days.setdefault(entry["from"], []).append(entry)
    if days:
        later.append(
            "; ".join(
                f"{spoken(day)}: listed {'again by' if gone >= {e['by'] for e in each} else 'by'} "
                + join([authority(e) for e in each])
                for day, each in days.items()
            )
        )
    shown = now or undated or coming or ended
    used = [*shown, *(e for e in (*ended, *undated) if e not in shown), *absent]
    statuses = [e.get("status", data.get("status", "unverified")) for e in used]
    sources = tuple(
        dict.fromkeys(
            Source(e.get("instrument", ""), e.get("at", ""), e["url"], e.get("short", "")) for e in used if e.get("url")
        )
    )
    starts = [e["from"] for e in now]
    ends = [e.get("until") for e in now]
    return Note(
        identifier,
        _brief_listing(data, standing),
        sources,
        min(starts) if starts else None,
        max(e for e in ends if e) if ends and all(ends) else None,
        ",".join(dict.fromkeys(e["by"] for e in used)),
        max(statuses, key=lambda s: RANK.get(s, 2)) if statuses else "unverified",
        data.get("checked", ""),
        "",
        tuple(later),
        _listing_text(data, standing, 2),
        absent=not (now or ended or undated),
    )
