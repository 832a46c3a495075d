"""What a statement holds: acts, roles and whether it is asserted."""

from __future__ import annotations

from typing import NamedTuple, Protocol


class Role(NamedTuple):
    """Actors (ids) in a role, how they were found, and of targets where the sentence names them (offsets)."""

    actors: tuple[str, ...] = ()
    how: str = ""
    places: tuple[tuple[int, int], ...] = ()


class Manner(Protocol):
    """What is worked out of a statement when somebody asks (``manner.Manner``)."""

    @property
    def asserted(self) -> tuple[str, str]:
        """Whether it is asserted, and by whom it is reported."""

    @property
    def existing(self) -> bool:
        """Whether the measure stands already."""

    @property
    def presupposed(self) -> bool:
        """Whether the sentence takes it that the measure is there."""

    @property
    def partial(self) -> bool:
        """Whether only a part is meant."""

    @property
    def role(self) -> str:
        """What the measure is in its clause."""

    @property
    def itself(self) -> bool:
        """Whether the target is the actor as such."""

    @property
    def spots(self) -> tuple[tuple[int, int], ...]:
        """The noun groups that are the target, as offsets."""

    @property
    def instrument(self) -> tuple[int, int]:
        """Where the instrument stands that the measure is put down to, (-1, -1) where none is."""


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
    tense: str
    verb: int
    group: int
    manner: Manner

    @property
    def status(self) -> str:
        """Whether it is asserted."""
        return self.manner.asserted[0]

    @property
    def said(self) -> str:
        """By whom it is reported, empty where by nobody."""
        return self.manner.asserted[1]

    @property
    def existing(self) -> bool:
        """Whether the measure stands already."""
        return self.manner.existing

    @property
    def presupposed(self) -> bool:
        """Whether the sentence takes it that the measure is there."""
        return self.manner.presupposed

    @property
    def partial(self) -> bool:
        """Whether only a part is meant."""
        return self.manner.partial

    @property
    def role(self) -> str:
        """What the measure is in its clause."""
        return self.manner.role

    @property
    def itself(self) -> bool:
        """Whether the target is the actor as such."""
        return self.manner.itself

    @property
    def spots(self) -> tuple[tuple[int, int], ...]:
        """The noun groups that are the target, as offsets."""
        return self.manner.spots

    @property
    def instrument(self) -> tuple[int, int]:
        """Where the instrument stands that the measure is put down to, (-1, -1) where none is."""
        return self.manner.instrument

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
