"""Notes on entries of sanctions lists: how they stand on a date, in the words of a note.

Where more than the name agrees, one line over all lists says under whose sanctions somebody is, since when, and by
which acts. Where only the name does, a note says no more than that.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from .._dates import spoken
from ..lists.entries import LISTS_IN_ORDER, shown_name
from ..lists.opened import STALE, identifier
from ..lists.standing import COMING, ENDED, NOW, OPEN, last_day, stands
from ..model import Note, Source
from ..rulebook import LIST_ACTS
from ._bodies import adjective, authority_named, join, more_lists

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from ..lists.entries import Entry
    from ..lists.opened import Lists
    from ..lists.standing import Standing
    from ..rulebook import Rulebook

# Of a mention, by which notes on the same entries differ.
FIELDS = ("name", "match", "listing", "several", "lead")
_SOON = 2
_NOT_LONG = 366  # days after the article in which a copy tells of its authority's list
_SHOWN = 4
_NAMED_LISTS = 2  # lists, and references on each, of a name of which nothing else agrees
_ACTS_SHOWN = 2  # of one list
# The importer's own id for what somebody else has gathered from the lists.
_GATHERED = "opensanctions"
# Lists that are more, or less, than "under sanctions" says.
_OTHER_LISTS = {"us-nonsdn": "OFAC's non-SDN list"}
_ORDER = {NOW: 0, ENDED: 1, OPEN: 2, COMING: 3}
_OFFICIAL = {
    "un": "https://main.un.org/securitycouncil/en/content/un-sc-consolidated-list",
    "us-sdn": "https://sanctionslist.ofac.treas.gov/Home/SdnList",
    "us-nonsdn": "https://sanctionslist.ofac.treas.gov/Home/ConsolidatedList",
    "uk": "https://www.gov.uk/government/publications/the-uk-sanctions-list",
    "eu": "https://data.europa.eu/data/datasets/consolidated-list-of-persons-groups-and-entities-subject-to-eu-financial-sanctions",
    "ch": "https://www.seco.admin.ch/sanctions",
    "ca": "https://www.international.gc.ca/world-monde/international_relations-relations_internationales/sanctions/consolidated-consolide.aspx",
}


class _Context(NamedTuple):
    """What a note is made with."""

    lists: Lists
    book: Rulebook
    as_of: str


def note(
    entries: Sequence[Entry],
    fields: Mapping[str, str],
    lists: Lists,
    book: Rulebook,
    as_of: str,
    jurisdictions: frozenset[str],
) -> Note | None:
    """Return one note on the entries that a name matches; ``None`` when none has anything to say on the date.

    ``fields`` are those of the mention: ``name``; ``match``, which is ``certain`` where more than the name agrees;
    ``listing``, which says that sanctions are what is spoken of there, ``said`` where the article says that the lead
    has listed the one who is named; ``several`` where a list has more than one of the name; and ``lead``, the authority
    whose law the article speaks of.
    """
    chosen = [entry for entry in entries if not jurisdictions or entry.jurisdiction in jurisdictions]
    standing = sorted((stands(entry, as_of) for entry in chosen), key=_rank)
    about, lead = bool(fields.get("listing")), fields.get("lead", "")
    if not any(_says(one, as_of, about=about, lead=lead) for one in standing):
        return None
    # Of two on one list the one who is on it by then is meant, not a namesake who came later, or may have.
    by_then = {one.entry.list for one in standing if one.state == NOW}
    standing = [one for one in standing if one.state not in {COMING, OPEN} or one.entry.list not in by_then]
    context = _Context(lists, book, as_of)
    certain = fields.get("match") == "certain"
    name = fields.get("name") or shown_name(chosen)
    told = [one for one in standing if one.state != COMING] or standing
    several = bool(fields.get("several"))
    said = fields.get("listing") == "said"
    text = _certain(name, told, context, lead, said=said) if certain else _named(name, told, context, several=several)
    now = [one for one in standing if one.state == NOW]
    dates = [one.since for one in now]
    ends = [one.gone[1] if one.gone and one.gone[0] == one.gone[1] else None for one in now]
    return Note(
        identifier(chosen[0]),
        text,
        _sources(told[:_SHOWN], context),
        min((date for date in dates if date), default=None),
        max(date for date in ends if date) if ends and all(ends) else None,
        ",".join(dict.fromkeys(one.entry.jurisdiction for one in told)),
        "verified" if certain and all(entry.list != _GATHERED for entry in chosen) else "partly",
        min((date for entry in chosen if (date := _copy(entry, lists))), default=""),
        "",
        tuple(dict.fromkeys([*_later(standing, context, lead), *(_undated(told) if certain and not lead else ())])),
        "; ".join(_fully(one, context) for one in told) + ".",
        entries=tuple(identifier(one.entry) for one in told),
    )


def _rank(one: Standing) -> tuple[int, int]:
    """Return what goes first: what stands, and the lists that bind most."""
    list_ = one.entry.list
    return _ORDER[one.state], LISTS_IN_ORDER.index(list_) if list_ in LISTS_IN_ORDER else len(LISTS_IN_ORDER)


def _says(one: Standing, as_of: str, *, about: bool, lead: str) -> bool:
    """Tell whether a standing is worth a note.

    Not that somebody was listed years later, nor by whom the article does not speak of: ``lead`` is of whom it does.
    """
    if one.state == COMING:
        soon = int((one.since or as_of)[:4]) - int(as_of[:4]) <= _SOON
        return about and soon and lead in {"", one.entry.jurisdiction}
    if one.state == OPEN:
        # Nothing says of that day; so only where an article speaks of sanctions on that very name.
        return about
    return True


# -- more than the name agrees ----------------------------------------------------------------------


def _certain(name: str, standing: Sequence[Standing], context: _Context, lead: str, *, said: bool) -> str:
    """Say in one line under whose sanctions somebody is, since when, and by which acts.

    ``lead`` is the authority that the article speaks of: it goes first. Where it is ``said`` that this one has listed
    somebody, no more is told of a list without days than which entry it is, since the article knows more.
    """
    each = sorted(_once(standing), key=lambda one: one.entry.jurisdiction != lead)
    now = [one for one in each if one.state == NOW]
    standing_by = {one.entry.jurisdiction for one in now if one.entry.list not in _OTHER_LISTS}
    first = [
        one
        for one in each
        if one.entry.jurisdiction == lead
        and one.state == OPEN
        and lead not in standing_by
        and (said or not _is_only_seen(one) or days_between(context.as_of, one.seen) <= _NOT_LONG)
    ][:1]
    lead_words = [_entry(one, context) if said else _in_words(one) for one in first]
    if not now:
        only = first or [one for one in each[:_SHOWN] if not _is_only_seen(one)]  # of the others a later line tells
        words = lead_words or [_in_words(one) for one in only] or [_seen(each[:_SHOWN])]
        return f"{name}: {'; '.join(words)}.{_acts(only or each[:_SHOWN], context)}"
    since = next((one.since for one in now if one.entry.jurisdiction == lead), None)
    shown = sorted(now[:_SHOWN], key=lambda one: (one.since != since, one.since or "9"))
    off = [one for one in each if one.state == ENDED and one.entry.jurisdiction not in standing_by]
    line = "; ".join([*lead_words, _under(shown), *_copies(shown), *map(_off, off[:1])])
    return f"{name}: {line}{more_lists(len(now) - len(shown))}.{_acts([*first, *shown], context)}"


def _is_only_seen(one: Standing) -> bool:
    """Tell whether a copy that came later is all that is known."""
    return one.state == OPEN and bool(one.seen) and one.back is None


def _off(one: Standing) -> str:
    """Say when somebody went from a list who is on others."""
    assert one.gone is not None
    last, first = one.gone
    when = f"on {_day(first)}" if last == first else f"between {_day(last)} and {_day(first)}"
    return f"taken off the {adjective(one.entry.jurisdiction)} list {when}"


def _once(standing: Sequence[Standing]) -> list[Standing]:
    """Return one standing for each list."""
    found: dict[str, Standing] = {}
    for one in standing:
        found.setdefault(one.entry.list, one)
    return list(found.values())


def _under(shown: Sequence[Standing]) -> str:
    """Say under whose sanctions somebody is: "under UK sanctions since 10 March 2022, also US and EU"."""
    parts: list[str] = []
    usual = [one for one in shown if one.entry.list not in _OTHER_LISTS]
    for since, group in groupby(usual, key=lambda one: one.since or ""):
        ones = list(group)
        names = join(list(dict.fromkeys(adjective(one.entry.jurisdiction) for one in ones)))
        when = f" since {_day(since)}" if since else ""
        if not parts:
            parts.append(f"under {names} sanctions{when}")
        else:
            also = not since or (len(parts) == 1 and not usual[0].since)
            parts.append(f"{'also ' * also}{names}{when}")
    for one in shown:
        if one.entry.list in _OTHER_LISTS:
            since = f" since {_day(one.since)}" if one.since else ""
            parts.append(f"on {_OTHER_LISTS[one.entry.list]}{since}")
    return ", ".join(parts)


def _copies(shown: Sequence[Standing]) -> list[str]:
    """Say of which copies this is, where none is newer."""
    dates = sorted({one.copy for one in shown if one.copy})
    if not dates:
        return []
    if len(dates) == 1:
        return [f"as of the copy of {_day(dates[0])}" if len(shown) == 1 else f"as of copies of {_day(dates[0])}"]
    return [f"as of copies of {_day(dates[0])} to {_day(dates[-1])}"]


def _in_words(one: Standing) -> str:
    """Say how an entry stands that is not on its list now, as far as is known."""
    whose = f"{adjective(one.entry.jurisdiction)} sanctions"
    if one.state == COMING:
        return f"not yet under {whose} on this date"
    since = f" from {_day(one.since)}" if one.since else ""
    if one.gone is not None and (one.state == ENDED or one.since or one.state == OPEN) and not one.seen:
        last, first = one.gone
        if last == first:
            return f"under {whose}{since} until {_day(first)}"
        return f"under {whose}{since}, taken off the list between {_day(last)} and {_day(first)}"
    if one.back is not None:
        return f"added to the {adjective(one.entry.jurisdiction)} list after {_day(one.back[0])}"
    if one.seen:
        return _seen([one])
    return f"on the {adjective(one.entry.jurisdiction)} list; it does not say since when"


def _entry(one: Standing, context: _Context) -> str:
    """Name an entry of which an article tells more than its list, which has no days."""
    if one.gone is not None and not one.seen:
        return _in_words(one)
    if not acts(one.entry, context.book, context.as_of):
        return f"on the {adjective(one.entry.jurisdiction)} list"  # the entry is what is cited
    return f"entry {one.entry.reference} on the {context.lists.title(one.entry.list)}"


def _seen(standing: Sequence[Standing]) -> str:
    """Say of lists that had somebody in a copy that came later by when they did: since when is not known."""
    return f"on {join([f'the {adjective(one.entry.jurisdiction)} list by {_day(one.seen)}' for one in standing])}"


def _acts(shown: Sequence[Standing], context: _Context) -> str:
    """Cite the acts, each once: " [E.O. 14024; Reg. (EU) 269/2014]"."""
    names: dict[str, None] = {}
    for one in shown:
        rows = acts(one.entry, context.book, context.as_of)[:_ACTS_SHOWN]
        # Where the act is not known, the list is what there is to cite.
        own = f"{context.lists.title(one.entry.list)} {one.entry.reference}"
        names |= dict.fromkeys([row["short"] for row in rows] or [own])
    return f" [{'; '.join(names)}]"


def acts(entry: Entry, book: Rulebook, as_of: str) -> list[dict[str, str]]:
    """Return the acts under which an entry is listed, by its programmes: rows of the pack's table.

    What was made after the date is left out.
    """
    found: dict[str, dict[str, str]] = {}
    for programme in entry.programmes:
        row = book.find_row(LIST_ACTS, f"{entry.list}/{programme}")
        if row is not None and row["from"] <= as_of and row["status"] != "unverified":
            found.setdefault(row["short"], row)
    return list(found.values())


# -- only the name agrees ---------------------------------------------------------------------------


def _named(name: str, standing: Sequence[Standing], context: _Context, *, several: bool) -> str:
    """Say that a name agrees with one on lists, and no more than that."""
    by_list: dict[str, list[Standing]] = {}
    for one in standing:
        by_list.setdefault(one.entry.list, []).append(one)
    parts = []
    for list_, ones in list(by_list.items())[:_NAMED_LISTS]:
        numbers = ", ".join(one.entry.reference for one in ones[:_NAMED_LISTS])
        parts.append(f"{context.lists.title(list_)} ({numbers}{_aside(ones)})")
    rest = len(by_list) - len(parts)
    most = max(map(len, by_list.values()))
    whose = f"one of {most} of that name" if several and most > 1 else name
    where = ", ".join(parts) + (f" and {rest} more" if rest else "")
    return f"May be {whose}, on {where}: the name agrees, nothing else was checked."


def _aside(ones: Sequence[Standing]) -> str:
    """Say behind the reference what keeps an entry from simply being on its list."""
    if any(one.state == NOW for one in ones):
        return ""
    one = ones[0]
    if one.state == COMING:
        return f"; only from {_day(one.since or '')}"
    if one.gone is not None:
        last, first = one.gone
        return f"; until {_day(first)}" if last == first else f"; taken off between {_day(last)} and {_day(first)}"
    return f"; by {_day(one.seen)}" if one.seen else ""


# -- for both ---------------------------------------------------------------------------------------


def _sources(shown: Sequence[Standing], context: _Context) -> tuple[Source, ...]:
    """Return the lists with the entries' references, and the acts."""
    lists = [
        Source(
            context.lists.title(one.entry.list), one.entry.reference, one.entry.url or _OFFICIAL.get(one.entry.list, "")
        )
        for one in shown
    ]
    laws = [
        Source(row["instrument"], "", row["url"], row["short"])
        for one in shown
        for row in acts(one.entry, context.book, context.as_of)[:_ACTS_SHOWN]
    ]
    return tuple(dict.fromkeys([*lists, *laws]))


def _fully(one: Standing, context: _Context) -> str:
    """Say all that is known of one entry."""
    entry = one.entry
    programmes = ", ".join(entry.programmes)
    laws = [row["instrument"] for row in acts(entry, context.book, context.as_of)]
    under = "; ".join(laws) or (f"its programme {programmes}" if programmes else "")
    if one.state == NOW:
        when = f"listed {_day(one.since)}" if one.since else "on the list; it does not say since when"
        if one.back is not None:
            when = f"on the list again, added between {_day(one.back[0])} and {_day(one.back[1])}"
        if one.copy:
            when += f", as of the copy of {_day(one.copy)}"
    else:
        when = _in_words(one)
        if one.back is not None and one.state == OPEN:
            when += f" and by {_day(one.back[1])}"
    return ", ".join(filter(None, (f"{context.lists.title(entry.list)} {entry.reference}: {when}", under)))


def _later(standing: Sequence[Standing], context: _Context, lead: str) -> list[str]:
    """Return what came after the date, and what copies are too old to tell.

    Where the article speaks of one authority, others that listed somebody later change nothing of what it says.
    """
    found = []
    for one in standing:
        who = authority_named(one.entry.jurisdiction)
        if one.state == COMING and lead in {"", one.entry.jurisdiction}:
            found.append(f"{_day(one.since or '')}: listed by {who}.")
        if one.later and one.gone is not None:
            last, first = one.gone
            found.append(
                f"{_day(first)}: taken off the list by {who}."
                if last == first
                else f"{who}: taken off the list between {_day(last)} and {_day(first)}."
            )
        if one.state == ENDED and one.back is not None:
            found.append(f"{who}: on the list again by {_day(one.back[1])}.")
    stale = {
        context.lists.title(one.entry.list): one.copy
        for one in standing
        if one.state == NOW and one.copy and days_between(one.copy, context.as_of) > STALE
    }
    if stale:
        shown = "; ".join(f"{title} of {_day(date)}" for title, date in sorted(stale.items()))
        found.append(f"not known, since the copies used here are old ({shown}).")
    return found


def _undated(standing: Sequence[Standing]) -> list[str]:
    """Name the lists that somebody came on by a later day, which need not have been later than the date."""
    once = _once(standing)
    found = {
        adjective(one.entry.jurisdiction): one.back[1] if one.back else one.seen
        for one in once
        if one.state == OPEN and (one.back or one.seen)
    }
    if not found or len(found) == len(once):
        return []
    several = len(found) > 1
    lists = f"{join(list(found))} list{'s' * several}, which {'do' if several else 'does'}"
    return [f"by {_day(max(found.values()))}: on the {lists} not say since when."]


def _copy(entry: Entry, lists: Lists) -> str:
    """Return the date of the newest copy that was looked at for an entry."""
    status = lists.status(entry.list)
    return status.date if status is not None else entry.last_seen or ""


def _day(date: str | None) -> str:
    return spoken(date or "")


def days_between(earlier: str, later: str) -> int:
    """Return the days between two dates; of a date that is a month or a year only, the last day counts."""
    from datetime import date

    try:
        return (date.fromisoformat(later) - date.fromisoformat(_real(last_day(earlier)))).days
    except ValueError:
        return 0


def _real(day: str) -> str:
    """Return a day that every month has."""
    return day[:-2] + min(day[-2:], "28") if day.endswith(("29", "30", "31")) else day


# -- beside the rules' own listings -----------------------------------------------------------------


def beside(
    entries: Sequence[Entry], data: Mapping[str, Any], lists: Lists, book: Rulebook, as_of: str
) -> list[dict[str, Any]]:
    """Return entries of lists as those of a listing of the rules, for authorities that it says nothing of."""
    context = _Context(lists, book, as_of)
    known = {entry["by"] for entry in data["entries"] if entry.get("listed", True)}
    found = []
    for one in _once([stands(entry, context.as_of) for entry in entries]):
        entry = one.entry
        if entry.jurisdiction in known or one.state != NOW or entry.list in _OTHER_LISTS:
            continue
        known.add(entry.jurisdiction)
        rows = acts(entry, context.book, context.as_of)
        title = context.lists.title(entry.list)
        record = {
            "by": entry.jurisdiction, "at": entry.reference, "instrument": title, "status": "partly",
            "short": rows[0]["short"] if rows else title, "url": entry.url or _OFFICIAL.get(entry.list, ""),
        }  # fmt: skip
        if one.since:
            record["from"] = one.since
        if one.gone and one.gone[0] == one.gone[1]:
            record["until"] = one.gone[1]
        found.append(record)
    return found
