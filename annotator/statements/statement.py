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
