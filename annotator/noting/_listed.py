"""Notes on entries of sanctions lists: how they stand on a date, in the words of a note.

A note never says that somebody is sanctioned because a name is the same: unless more than the name agrees it
says that the name matches.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..lists.opened import identifier
from ..model import Note, Source
from ._bodies import authority_named
from ._dates import spoken

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..lists.entries import Entry
    from ..lists.opened import Lists

STALE = 90
_SOON = 2
MAX_WORDS = 60
_SHOWN = 4
# The importer's own id for what somebody else has gathered from the lists.
_GATHERED = "opensanctions"
_OFFICIAL = {
    "un": "https://main.un.org/securitycouncil/en/content/un-sc-consolidated-list",
    "us-sdn": "https://sanctionslist.ofac.treas.gov/Home/SdnList",
    "us-nonsdn": "https://sanctionslist.ofac.treas.gov/Home/ConsolidatedList",
    "uk": "https://www.gov.uk/government/publications/the-uk-sanctions-list",
    "eu": "https://data.europa.eu/data/datasets/consolidated-list-of-persons-groups-and-entities-subject-to-eu-financial-sanctions",
    "ch": "https://www.seco.admin.ch/seco/en/home/Aussenwirtschaftspolitik_Wirtschaftliche_Zusammenarbeit/Wirtschaftsbeziehungen/exportkontrollen-und-sanktionen/sanktionen-embargos.html",
    "ca": "https://www.international.gc.ca/world-monde/international_relations-relations_internationales/sanctions/consolidated-consolide.aspx",
}


class _Standing(NamedTuple):
    """How one entry stands on a date.

    ``state`` is ``now``, ``ended``, ``coming`` or ``open`` (on the list later or earlier, but nothing says of
    that day). ``words`` say it, ``later`` what happened since.
    """

    entry: Entry
    state: str
    words: str
    later: tuple[str, ...]
    until: str | None


def _stands(entry: Entry, as_of: str) -> _Standing:
    """Tell how an entry stands on a date; what the lists leave open stays open."""
    start, end = entry.listed_on, entry.removed_on
    since = f"listed {spoken(start)}" if start else "listed on a date not given"
    gone = ""
    if end:
        gone = f"removed {spoken(end)}"
    elif entry.missing_from:
        gone = f"removed between {spoken(entry.last_seen or '')} and {spoken(entry.missing_from)}"
    if start and start[: len(as_of)] > as_of[: len(start)]:
        words = "not yet listed on this date"
        return _Standing(entry, "coming", words, (f"{spoken(start)}: listed.", *([f"{gone}."] if gone else [])), None)
    if end and end <= as_of:
        return _Standing(entry, "ended", f"{since}, {gone}", (), end)
    if not end and entry.missing_from and as_of >= entry.missing_from:
        return _Standing(entry, "ended", f"{since}, {gone}", (), entry.missing_from)
    later = (f"{gone[0].upper()}{gone[1:]}.",) if gone else ()
    if not start and entry.first_seen and as_of < entry.first_seen:
        words = f"on the list in the copy of {spoken(entry.first_seen)}, since a date not given"
        return _Standing(entry, "open", words, later, None)
    return _Standing(entry, "now", since, later, end)


def note(
    entries: Sequence[Entry], fields: Mapping[str, str], lists: Lists, as_of: str, jurisdictions: frozenset[str]
) -> Note | None:
    """Return one note on the entries that a name matches; ``None`` when none has anything to say on the date.

    ``fields`` are those of the mention: ``name``, and ``match``, which is ``certain`` where more than the name
    agrees.
    """
    chosen = [entry for entry in entries if not jurisdictions or entry.jurisdiction in jurisdictions]
    if not chosen:
        return None
    standing = [_stands(entry, as_of) for entry in chosen]
    if all(one.state == "coming" and _far(as_of, one.entry.listed_on or "") for one in standing):
        # That someone was listed years later says nothing about the article.
        return None
    order = {"now": 0, "ended": 1, "open": 2, "coming": 3}
    standing.sort(key=lambda one: order[one.state])
    dates = [_copy(entry, lists) for entry in chosen]
    later = [
        f"{authority_named(one.entry.jurisdiction)}: {change}".replace(": r", ": R", 1)
        for one in standing
        for change in one.later
    ]
    stale = _stale(chosen, lists, as_of)
    if stale:
        later.append(stale)
    certain = fields.get("match") == "certain"
    text = _text(fields.get("name") or chosen[0].names[0].text, standing, lists, certain=certain)
    sources = tuple(
        dict.fromkeys(
            Source(lists.title(entry.list), entry.reference, entry.url or _OFFICIAL.get(entry.list, ""))
            for entry in (one.entry for one in standing[:_SHOWN])
        )
    )
    now = [one.entry.listed_on for one in standing if one.state == "now"]
    until = [one.until for one in standing if one.state == "now"]
    return Note(
        identifier(chosen[0]),
        text,
        sources,
        min((date for date in now if date), default=None),
        max(date for date in until if date) if until and all(until) else None,
        ",".join(dict.fromkeys(entry.jurisdiction for entry in chosen)),
        "verified" if certain and all(entry.list != _GATHERED for entry in chosen) else "partly",
        min((date for date in dates if date), default=""),
        "",
        tuple(dict.fromkeys(later)),
    )


def _text(name: str, standing: Sequence[_Standing], lists: Lists, *, certain: bool) -> str:
    """Put a match into words, with fewer entries where it would be too long."""
    by_list: dict[str, int] = {}
    for one in standing:
        by_list[one.entry.list] = by_list.get(one.entry.list, 0) + 1
    tied = max(by_list.values()) > 1
    for most in range(min(_SHOWN, len(standing)), 0, -1):
        parts = [f"{lists.title(one.entry.list)} ({one.entry.reference}; {one.words})" for one in standing[:most]]
        rest = len(standing) - most
        if rest:
            parts.append(f"{rest} more {'entry' if rest == 1 else 'entries'}")
        if certain:
            head = f"{name}: {'; '.join(parts)}."
        elif tied:
            head = (
                f"Name matches {len(standing)} entries, which may be different persons or bodies: {'; '.join(parts)}."
            )
        else:
            head = f"Name matches that of {name}: {'; '.join(parts)}. Whether the same is meant was not checked."
        if len(head.split()) <= MAX_WORDS:
            return head
    return head


def _copy(entry: Entry, lists: Lists) -> str:
    """Return the date of the newest copy that was looked at for an entry."""
    status = lists.status(entry.list)
    return status.date if status is not None else entry.last_seen or ""


def _stale(entries: Sequence[Entry], lists: Lists, as_of: str) -> str:
    """Say which copies of lists are much older than the date."""
    old = {
        lists.title(entry.list): date
        for entry in entries
        if not entry.removed_on and not entry.missing_from
        for date in [_copy(entry, lists)]
        if date and _days(date, as_of) > STALE
    }
    if not old:
        return ""
    shown = "; ".join(f"{title} of {spoken(date)}" for title, date in sorted(old.items()))
    return f"not known, since the copies used here are old ({shown})."


def _days(earlier: str, later: str) -> int:
    """Return the days between two dates; of a date that is a month or a year only, the last day counts."""
    from datetime import date

    try:
        return (date.fromisoformat(later) - date.fromisoformat((earlier + "-12-28"[len(earlier) - 4 :])[:10])).days
    except ValueError:
        return 0


def _far(as_of: str, date: str) -> bool:
    return len(date) >= 4 and int(date[:4]) - int(as_of[:4]) > _SOON  # a year
