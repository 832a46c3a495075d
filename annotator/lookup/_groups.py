"""Entries of one name put together by what else they have in common: births, numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..lists.names.spelling import tokens
from .answer import Group

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..lists.entries import Entry
    from ._listings import Told

_YEAR = 4
# Numbers that two persons or bodies do not share.
_NUMBERS = {
    "imo": "IMO",
    "passport": "passport",
    "national-id": "national number",
    "registration": "registration number",
}
_SHOWN = 3


def of(words: str, entries: Sequence[Told]) -> tuple[Group, ...]:
    """Return the groups of the entries that a name found; those whose name is most like the words come first.

    Two entries go together where they share a number, or a day of birth, or a year of it where one has no more. Two of
    one list never do.
    """
    told = [one for one in entries if one.listing.by_name]
    groups: list[list[Told]] = []
    for one in told:
        home = next((group for group in groups if _fits(one, group)), None)
        if home is None:
            groups.append([one])
        else:
            home.append(one)
    groups.sort(key=lambda group: min(_far(words, one.entry) for one in group))
    return tuple(Group(tuple(one.listing.id for one in group), _agreement(group)) for group in groups)


def _fits(one: Told, group: Sequence[Told]) -> bool:
    """Tell whether an entry goes with a group: it agrees with one of it and speaks against none."""
    return (
        all(one.entry.list != other.entry.list and one.entry.type == other.entry.type for other in group)
        and any(_common(one.entry, other.entry) for other in group)
        and not any(_against(one.entry, other.entry) for other in group)
    )


def _common(one: Entry, other: Entry) -> list[str]:
    """Return in words what two entries have in common."""
    numbers = set(one.identifiers) & set(other.identifiers)
    found = [
        f"{_NUMBERS[kind]} {value}" for kind, value in one.identifiers if (kind, value) in numbers and kind in _NUMBERS
    ]
    return found + [f"born {mine}" for mine in one.births for yours in other.births if _same_birth(mine, yours)]


def _same_birth(one: str, other: str) -> bool:
    """Tell whether two births are the same: to the day, or as far as the less exact of them goes."""
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= _YEAR and shorter[:_YEAR].isdecimal() and longer.startswith(shorter)


def _against(one: Entry, other: Entry) -> bool:
    """Tell whether the births of two entries cannot be those of one."""
    return bool(one.births and other.births) and not any(_same_birth(a, b) for a in one.births for b in other.births)


def _agreement(group: Sequence[Told]) -> tuple[str, ...]:
    found = [each for n, one in enumerate(group) for other in group[:n] for each in _common(other.entry, one.entry)]
    return tuple(dict.fromkeys(found))[:_SHOWN]


def _far(words: str, entry: Entry) -> int:
    """Return by how many words the nearest name of an entry differs from those looked up."""
    wanted = set(tokens(words))
    return min((len(wanted ^ set(tokens(name.text))) for name in entry.names), default=len(wanted))
