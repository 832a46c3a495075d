"""What a statement holds: acts, roles and whether it is asserted."""

from __future__ import annotations

from typing import NamedTuple


class Role(NamedTuple):
    """Actors (ids) in a role, how they were found, and of targets where the sentence names them (offsets)."""

    actors: tuple[str, ...] = ()
    how: str = ""
    places: tuple[tuple[int, int], ...] = ()


class Statement(NamedTuple):
    """What a stretch of a sentence says.

    ``start`` and ``end`` are offsets of its trigger. ``authority`` and ``target`` are actors; ``themes`` are actors
    that stand beside the target (what it is over, what the target did). ``named`` tells of a target that the words name
    and no actor is known of (a person, "six oligarchs"). ``refers`` is the word that stands for an author or a measure
    named before ("it", "the bloc", "the measures"). ``status`` is ``asserted``, ``denied``, ``wished``,
    ``hypothetical``, ``question``, ``disputed``, ``vetoed``, ``false`` or ``figurative``; ``said`` tells by whom it is
    reported. ``existing`` is false for measures that do not stand yet ("called for sanctions"), ``presupposed`` where
    the sentence neither says nor takes it for granted that the measure is there ("Russia is not under sanctions").
    ``partial`` tells that only a part is meant. ``role`` is what the measure is in its clause (``subject``, ``object``,
    ``phrase``, ``verb``, or ``bearer`` where its target is said to be under it), ``itself`` whether the target is the
    actor and not somebody of it. ``spots`` are the noun groups that are the target, ``instrument`` the one that names
    an instrument (offsets).
    """

    start: int
    end: int
    act: str
    measure: str
    authority: Role
    target: Role
    themes: tuple[str, ...]
    named: bool
    refers: str
    status: str
    said: str
    tense: str
    existing: bool
    presupposed: bool
    partial: bool
    role: str
    itself: bool
    spots: tuple[tuple[int, int], ...]
    instrument: tuple[int, int]
    verb: int
    group: int

    def in_words(self) -> str:
        """Return what is read in one line: who does what to whom, and whether it is asserted."""
        who = f"{', '.join(self.authority.actors)} ({self.authority.how})" if self.authority.actors else ""
        whom = f"{', '.join(self.target.actors)} ({self.target.how})" if self.target.actors else ""
        parts = (
            f"by {who}" if who else "by nobody named",
            " ".join(dict.fromkeys(filter(None, (self.act, self.measure)))) or "no measure",
            f"on {whom}" if whom else "on somebody named" if self.named else "on nobody named",
            self.status + (", in part" if self.partial else "") + ("" if self.existing else ", not in force yet"),
        )
        return "; ".join(parts)
