"""An answer as text for a terminal: the answer, what held on the day, the line of time, the sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._dates import spoken
from ..writing.wording import address, issuer, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .answer import Cited, Event, Listing, Lookup, Near, Provision

MOST_ENTRIES = 12
MOST_EVENTS = 60
_LONGEST = 70  # of a position that is shown
_HEADS = frozenset({"Line of time", "Sources", "Near names"})


def lines(found: Lookup) -> list[str]:
    """Return the lines of an answer, without line ends; heads stand in lines of their own."""
    made = [one_line(found.answer), f"Law as of {spoken(found.as_of)} ({found.as_of_from})."]
    made += [f"Read as: {sentence}" for sentence in found.read_as]
    if found.unread:
        made.append(f"Not taken into account: {', '.join(found.unread)}.")
    if found:
        made += ["", f"What held on {spoken(found.as_of)}", *_held(found)]
    if found.timeline:
        made += ["", "Line of time", *_times(found)]
    if found.sources:
        made += ["", "Sources", *dict.fromkeys(map(source, found.sources))]
    if found.near:
        made += ["", "Near names", *map(_near, found.near)]
    return made


def is_head(line: str) -> bool:
    """Tell whether a line is a head over others."""
    return line in _HEADS or (line.startswith("What held on ") and not line.endswith("."))


def source(one: Cited) -> str:
    """Return a source in a line: instrument, pinpoint, link, how far it was verified, and the day checked."""
    named = f"{one.short}: {one.instrument}" if one.short and one.short != one.instrument else one.instrument
    where = ", ".join(filter(None, (one_line(named), one_line(one.pinpoint), address(one.url))))
    return f"  {where} ({one.status}, checked {one.checked})"


def _held(found: Lookup) -> Iterator[str]:
    told = [one for one in found.provisions if one.note is not None]
    for one in told:
        yield from _provision(one)
    grouped = {name for group in found.groups for name in group.ids}
    entries = {one.id: one for one in found.entries}
    blocks: list[tuple[tuple[str, ...], list[Listing]]] = [
        ((), [one]) for one in found.entries if one.id not in grouped
    ]
    blocks += [(group.agree, [entries[name] for name in group.ids]) for group in found.groups]
    shown = 0
    for agree, listings in blocks:
        if shown and shown + len(listings) > MOST_ENTRIES:
            break
        shown += len(listings)
        yield from _together(listings, agree)
    if shown < len(found.entries):
        yield f"- and {len(found.entries) - shown} more entries; --output json has them all"
    if not told and not found.entries:
        yield "- nothing of this"


def _provision(one: Provision) -> Iterator[str]:
    assert one.note is not None
    yield f"- {one_line(one.note.text)}"
    if one.remark:
        yield f"  ({one.remark})"
    for change in one.note.later:
        yield f"  Since then: {one_line(change)}"


def _together(listings: Sequence[Listing], agree: Sequence[str]) -> Iterator[str]:
    """Yield an entry, or those that go together: under the name and details of the first that has any."""
    first = next((one for one in listings if one.details), listings[0])
    details = f" ({'; '.join(_shortened(each) for each in first.details)})" if first.details else ""
    yield f"- {one_line(first.name)}{details}"
    if len(listings) > 1:
        yield f"  {len(listings)} entries that agree in the name and: {'; '.join(map(one_line, agree))}"
    for one in listings:
        yield f"  {one.title} {one.reference}: {one_line(one.told)}"
        for change in one.later:
            yield f"  Since then: {one_line(change)}"


def _shortened(words: str) -> str:
    words = one_line(words)
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST].rstrip()}…"


def _times(found: Lookup) -> Iterator[str]:
    """Yield the line of time, with the day asked for in its place."""
    shown = found.timeline[-MOST_EVENTS:]
    if len(shown) < len(found.timeline):
        yield f"  {len(found.timeline) - len(shown)} earlier changes; --output json has them all"
    rows = [(one.date, _event(one)) for one in shown]
    at = next((n for n, (date, _) in enumerate(rows) if date > found.as_of), len(rows))
    rows.insert(at, (found.as_of, f"> {found.as_of}  the day asked for"))
    yield from (row for _, row in rows)


def _event(one: Event) -> str:
    when = f"{one.date} to {one.until}" if one.until else one.date
    cited = "; ".join(dict.fromkeys(source.reference for source in one.sources))
    # What a version says ends in its own references already.
    return f"  {when:<10}  {issuer(one.by)}: {one_line(one.what)}{f' [{cited}]' if cited else ''}"


def _near(one: Near) -> str:
    ids = f" ({', '.join(one.ids)})" if one.ids else ""
    return f"  {one_line(one.name)}{ids}"
