"""The answer in a sentence or two, which an editor can read aloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._dates import spoken
from ..writing.wording import issuer
from .answer import COMING, ENDED, HELD, OPEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .answer import Listing, Lookup, Provision

_INSTRUMENT = "instrument"


def answer(found: Lookup, party: str = "", missing: Sequence[str] = ()) -> str:
    """Return what was found in short: what stands on the day, since when, and what does not.

    Where nothing was, ``party`` is the one under sanctions that the words name, if any, and ``missing`` what else they
    say.
    """
    day = spoken(found.as_of)
    if not found and party and missing:
        return (
            f"No rule here holds a measure on {party} for these words ({', '.join(missing)}); that does not prove that "
            f'there is none. What is known of {party} as a whole: annotator lookup "sanctions on {party}".'
        )
    if not found:
        return "Nothing known here fits these words; that does not prove that there is nothing."
    parts = [one.note.text for one in found.provisions if one.listed and one.note is not None]
    parts += _of_states([one for one in found.provisions if not one.listed or one.note is None], found.as_of)
    by_name = [one for one in found.entries if one.by_name]
    numbered = [one for one in found.entries if not one.by_name]
    if numbered:
        parts.append(f"{_entries(numbered)} with this number; {_where(numbered, day)}.")
    if by_name:
        also = "Also " if parts else ""
        parts.append(f"{also}{_entries(by_name)} with this name; {_where(by_name, day)}.")
        if 1 < len(found.groups) < len(by_name):
            parts.append(f"By what they say of themselves they make {len(found.groups)} groups.")
        parts.append("The name agrees, nothing else was checked.")
    return " ".join(parts)


def _of_states(provisions: Sequence[Provision], as_of: str) -> list[str]:
    day = spoken(as_of)
    heads = {
        (HELD, False): f"In force on {day}",
        (HELD, True): f"In force on {day} only in part, or eased",
        (ENDED, False): f"No longer in force on {day}",
        (COMING, False): f"Not yet in force on {day}",
        (OPEN, False): f"Known here as of {day}, but not from when to when it holds",
    }
    parts = []
    for (state, eased), head in heads.items():
        own = [one for one in provisions if (one.state, one.eased) == (state, eased) and not one.remark]
        if own:
            parts.append(f"{head}: {'; '.join(dict.fromkeys(_named(one, as_of) for one in own))}.")
    remarked = [one for one in provisions if one.remark]
    for remark in dict.fromkeys(one.remark for one in remarked):
        names = ", ".join(dict.fromkeys(_name(one) for one in remarked if one.remark == remark))
        parts.append(f"{names}: {remark}.")
    return parts


def _named(one: Provision, as_of: str) -> str:
    """Name a provision, with the day that its state is about."""
    name = _name(one)
    if one.state == HELD:
        return f"{name}{_since(one)}"
    if one.state == ENDED:
        end = max((end for _, end in one.spans if end and end <= as_of), default="")
        return f"{name}, ended by {spoken(end)}" if end else name
    if one.state == COMING:
        start = min((start for start, _ in one.spans if start), default="")
        return f"{name}, from {spoken(start)}" if start else name
    return name


def _since(one: Provision) -> str:
    """Say since when a provision stands as it does, and since when something of the kind, which may have been less."""
    now = one.note.from_date if one.note is not None else None
    if now and one.since and now != one.since:
        return f", in this form since {spoken(now)} (the first of the kind is of {spoken(one.since)})"
    return f", since {spoken(one.since)}" if one.since else ""


def _name(one: Provision) -> str:
    """Name a provision: an instrument by its reference, all else by whose it is."""
    if one.kind == _INSTRUMENT and one.sources:
        return one.sources[0].reference
    return ", ".join(map(issuer, one.jurisdiction.split(",")))


def _entries(entries: Sequence[Listing]) -> str:
    lists = len({one.list for one in entries})
    return f"{_count(len(entries), 'entry', 'entries')} on {_count(lists, 'list', 'lists')}"


def _where(entries: Sequence[Listing], day: str) -> str:
    now = [one for one in entries if one.state == HELD]
    if not now:
        return f"on {day} none is known to stand there"
    return f"on {day} listed by {', '.join(_issuers(now))}"


def _issuers(entries: Iterable[Listing]) -> list[str]:
    return list(dict.fromkeys(issuer(one.jurisdiction) for one in entries))


def _count(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}"
