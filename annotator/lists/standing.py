"""How an entry of a list stands on a date, from what the list publishes and from the copies that hold it.

A date of listing or removal that is published tells it. Else only copies do: between two that both hold an entry it
was on the list; after the newest it is so as of that copy; between one that holds it and one that does not it was
removed at some time; and before the first nothing is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from .entries import Entry

NOW, ENDED, COMING, OPEN = "now", "ended", "coming", "open"


class Standing(NamedTuple):
    """How an entry stands on a date.

    ``state`` is ``now``, ``ended``, ``coming`` or ``open`` (nothing says of that day). ``since`` is the published day
    from which it has stood without a break, else ``None``. ``gone`` are the dates between which it went: the last copy
    that holds it and the first that does not, or twice the published day; ``back`` are those between which it came
    back. ``copy`` is the date of the newest copy, where nothing later tells; ``seen`` the first copy after the date
    that holds it, where nothing tells of the date itself.
    """

    entry: Entry
    state: str
    since: str | None = None
    gone: tuple[str, str] | None = None
    back: tuple[str, str] | None = None
    copy: str = ""
    seen: str = ""

    @property
    def later(self) -> bool:
        """Whether it went after the date."""
        return self.state == NOW and self.gone is not None


def last_day(date: str) -> str:
    """Return the last day that a date may mean, for comparing: a copy of a month is of its end at the latest."""
    return f"{date}-12-31"[: len("YYYY-MM-DD")] if len(date) == 4 else f"{date}-31" if len(date) == 7 else date


def stands(entry: Entry, as_of: str) -> Standing:
    """Return how an entry stands on an ISO date."""
    sightings = entry.sightings or _from_ends(entry)
    before = [one for one in sightings if last_day(one[0]) <= as_of]
    after = [one for one in sightings if last_day(one[0]) > as_of]
    since, removed = entry.listed_on, entry.removed_on
    started = bool(since) and last_day(since or "") <= as_of
    held_before = any(held for _, held in before)
    if removed and last_day(removed) <= as_of and not any(held and last_day(d) > removed for d, held in before):
        return Standing(entry, ENDED, since, (removed, removed))
    if since and not started and not held_before and not _within(since, as_of):
        return Standing(entry, COMING, since)
    gone = _gone(sightings, as_of, removed)
    if not before:
        return _before_first(entry, since if started else None, after, gone)
    copy, held = before[-1]
    if held:
        return _from_copy(entry, since if started else None, before, after, gone)
    if since and started and since > last_day(copy):
        return Standing(entry, NOW, since, gone, copy="" if after else copy)
    back = next(((copy, date) for date, there in after if there), None)
    if held_before:
        last = max(date for date, there in before if there)
        first = min(date for date, there in before if not there and date > last)
        return Standing(entry, ENDED, since, (last, first), back)
    if back is not None:
        return Standing(entry, OPEN, back=back)
    return Standing(entry, OPEN, seen=copy)


def _within(since: str, as_of: str) -> bool:
    """Tell whether a month or year of listing holds the date: then nobody knows on which side it is."""
    return len(since) < len(as_of) and as_of.startswith(since)


def _from_ends(entry: Entry) -> tuple[tuple[str, bool], ...]:
    """Return sightings where only the first and the last are known."""
    found = {date: True for date in (entry.first_seen, entry.last_seen) if date}
    return tuple(sorted({**found, **({entry.missing_from: False} if entry.missing_from else {})}.items()))


def _gone(sightings: tuple[tuple[str, bool], ...], as_of: str, removed: str | None) -> tuple[str, str] | None:
    """Return between which dates an entry went after a date."""
    if removed:
        return (removed, removed) if last_day(removed) > as_of else None
    last = ""
    for date, held in sightings:
        if not held and last and last_day(date) > as_of:
            return last, date
        last = date if held else ""
    return None


def _before_first(
    entry: Entry, since: str | None, after: list[tuple[str, bool]], gone: tuple[str, str] | None
) -> Standing:
    if not after:
        return Standing(entry, NOW if since else OPEN, since, gone)
    date, held = after[0]
    if since and held:
        return Standing(entry, NOW, since, gone)
    if held:
        return Standing(entry, OPEN, None, gone, seen=date)
    # The first copy does not hold what was listed before: it went, and came back.
    return Standing(entry, OPEN, None, gone, back=next(((date, d) for d, there in after if there), None))


def _from_copy(
    entry: Entry,
    since: str | None,
    before: list[tuple[str, bool]],
    after: list[tuple[str, bool]],
    gone: tuple[str, str] | None,
) -> Standing:
    """Return how an entry stands that the newest copy up to the date holds."""
    breaks = [date for date, held in before if not held]
    back = None
    if breaks and since and since <= last_day(breaks[-1]):
        # A day of listing from before a break is not the day since which it stands.
        back = (breaks[-1], min(date for date, held in before if held and date > breaks[-1]))
        since = None
    if not after:
        return Standing(entry, NOW, since, gone, back, copy=before[-1][0])
    if not after[0][1] and not entry.removed_on:
        return Standing(entry, OPEN, since, (before[-1][0], after[0][0]), back)
    return Standing(entry, NOW, since, gone, back)
