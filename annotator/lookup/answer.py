"""What a lookup answers: frozen values, all from the rule pack or the lists, each with its sources."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..model import Note

# How something stands on the day: it holds, it has ended, it is yet to come, or nothing says of that day.
HELD, ENDED, COMING, OPEN = "held", "ended", "coming", "open"


@dataclass(frozen=True, slots=True)
class Cited:
    """A source as an answer cites it: instrument, pinpoint and link; how far it was verified, and the day checked.

    ``short`` is how sentences cite the instrument, empty where that is its name. ``status`` is ``verified``,
    ``partly`` or ``unverified``. For an entry of a list ``checked`` is the day of the copy that was looked at.
    """

    instrument: str
    pinpoint: str
    url: str
    short: str
    status: str
    checked: str

    @property
    def reference(self) -> str:
        """The source in short, as it stands in brackets."""
        return f"{self.short or self.instrument} {self.pinpoint}".strip()


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the line of time: what changed on a day.

    ``date`` is an ISO date, as exact as it is known; ``until`` is the later of two days between which it happened,
    where only that is known, else empty. ``by`` is the jurisdiction, ``about`` the id of the note or the entry.
    """

    date: str
    until: str
    by: str
    what: str
    about: str
    sources: tuple[Cited, ...]


@dataclass(frozen=True, slots=True)
class Provision:
    """A note of the rules that the words call for: a measure, an instrument, a body, a listed person.

    ``state`` says how it stands on the day (``held``, ``ended``, ``coming``, ``open``); ``note`` is the note of that
    day, ``None`` where there is none. ``spans`` are the times, in pairs of first day and first day after, in which it
    is known to hold; either may be ``None``. ``since`` is the day from which it holds without a break. ``listed`` is
    true of a person or body that the rules list, whose ``note`` names the authorities; ``eased``
    where of what stood before only a part holds, or less. ``remark`` says
    where the answer is about less or more than the words, such as a resolution for a paragraph that is not known.
    """

    id: str
    rule: str
    kind: str
    jurisdiction: str
    state: str
    note: Note | None
    since: str | None
    spans: tuple[tuple[str | None, str | None], ...]
    sources: tuple[Cited, ...]
    listed: bool = False
    eased: bool = False
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """An entry of a sanctions list, and how it stands on the day.

    ``id`` is as rules know it (``lists.uk:RUS0738``). ``told`` says in words how it stands. ``details`` tell namesakes
    apart: positions, births, nationalities, numbers, as the list has them. ``by_name`` is true where only the name
    agrees with the words, false where its reference or its IMO number was asked for.
    """

    id: str
    list: str
    title: str
    reference: str
    jurisdiction: str
    type: str
    name: str
    details: tuple[str, ...]
    state: str
    since: str | None
    told: str
    later: tuple[str, ...]
    sources: tuple[Cited, ...]
    by_name: bool = True


@dataclass(frozen=True, slots=True)
class Group:
    """Entries of different lists that have the name and agree in something more, which may be one person or body.

    ``ids`` are those of the entries, ``agree`` what they have in common, in words (``born 1962``, ``IMO 9161003``),
    empty of an entry that stands alone. Of one list there is one entry at most: an authority that has two means two.
    """

    ids: tuple[str, ...]
    agree: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Near:
    """A name that is near to the words, offered where nothing fits; ``ids`` are the entries or notes that have it."""

    name: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lookup:
    """The answer to words looked up as of a day.

    ``as_of`` is the ISO date, ``as_of_from`` where it came from (``given`` or ``today``). ``answer`` says it all in a
    sentence or two. ``provisions`` are the notes of the rules that the words call for, ``entries`` those of the lists,
    ``timeline`` what changed and when, in order. ``read_as`` is the sentence in which the words were read, empty where
    they were read alone; ``unread`` are words of them that the answer takes no account of. ``near`` are names offered
    where nothing fits. ``groups`` put the entries together that a name alone found. A lookup is true when something was
    found.
    """

    words: str
    as_of: str
    as_of_from: str
    answer: str
    provisions: tuple[Provision, ...] = ()
    entries: tuple[Listing, ...] = ()
    timeline: tuple[Event, ...] = ()
    read_as: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    near: tuple[Near, ...] = field(default=())
    digest: str = ""
    groups: tuple[Group, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.provisions or self.entries)

    @property
    def sources(self) -> tuple[Cited, ...]:
        """All that the answer rests on, each once, in the order in which it is cited."""
        parts: list[Provision | Listing | Event] = [*self.provisions, *self.entries, *self.timeline]
        return tuple(dict.fromkeys(source for part in parts for source in part.sources))
