"""What a statement says beside who does what to whom: whether it is asserted, whether the measure stands, by what law.

Worked out when somebody asks, since of most statements only author and target are looked at.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from . import words as w
from .assertion import Assertions
from .instruments import Instruments
from .naming import BEARING
from .target import Targets

if TYPE_CHECKING:
    from .clauses import Host, Sentence
    from .lexicon import Lexicon
    from .statement import Role


class Manner(Targets, Assertions, Instruments):
    """The manner of one statement; see `statement.Statement`.

    ``place`` are its verb group, its noun group and its first token, ``act`` is what it says is done, ``target`` whom
    it is on, ``involved`` the noun groups in which "no" makes it a denial; ``host`` is what the noun group belongs to,
    as the sentence has it when left out.
    """

    def __init__(
        self,
        sentence: Sentence,
        lexicon: Lexicon,
        place: tuple[int, int, int],
        act: str,
        target: Role,
        involved: tuple[int, ...],
        host: Host | None = None,
    ) -> None:
        super().__init__(sentence, lexicon)
        self.host = host
        self.verb, self.group, self.token = place
        self.act = act
        self.target = target
        self.involved = involved

    @cached_property
    def asserted(self) -> tuple[str, str]:
        """Whether it is asserted, and by whom it is reported."""
        return self._status(self.verb, self.group, self.involved)

    @cached_property
    def existing(self) -> bool:
        """Whether the measure stands already."""
        return self._exists(self.verb, self.group)

    @cached_property
    def presupposed(self) -> bool:
        """Whether the sentence takes it that the measure is there."""
        return self._is_presupposed(self.asserted[0], self.act, self.group)

    @cached_property
    def partial(self) -> bool:
        """Whether only a part is meant."""
        return self._is_partial(self.verb, self.group)

    @cached_property
    def role(self) -> str:
        """What the measure is in its clause."""
        s, verb, group = self.s, self.verb, self.group
        if group < 0 or (s.chunks[group].goods and not s.chunks[group].measures):
            return "verb" if verb >= 0 else ""
        if self.target.how in {"bearer", "faces"}:
            return "bearer"
        head = s.chunks[group].head
        if self.token < head and self.t.tags[head] in {w.NOUN, w.VERB} and self.t.words[head] not in w.REGIMES:
            return ""  # "the sanctions debate", "the Panel of Experts archive": said of something else
        host = self.host or s.host(group)
        if self.is_borne(host):
            return "bearer"
        if (
            host.prep in BEARING | {"on", "to"}
            and host.role == "phrase"
            and verb >= 0
            and s.chunks[verb].act in {"be", "stand"}
        ):
            return "bearer"
        return host.role

    @cached_property
    def itself(self) -> bool:
        """Whether the target is the actor as such."""
        return self._is_itself(self.target, self.spots)

    @cached_property
    def spots(self) -> tuple[tuple[int, int], ...]:
        """The noun groups that are the target, as offsets."""
        return tuple(self.span(n) for n in self._spots(self.verb, self.group, self.target))

    @cached_property
    def instrument(self) -> tuple[int, int]:
        """Where the instrument stands that the measure is put down to, (-1, -1) where none is."""
        return self._instrument_of(self.verb, self.group)
