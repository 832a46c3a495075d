"""What a laid out text says around a name on a list: its sentence, its neighbours, other places of the same name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._lazy import once, regex
from ._against import beside, here
from ._near import REACH, Article, Spot
from ._neighbours import WORD, longer_name, spelt_out

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..folding import Folded
    from ..lists.opened import Key
    from ._against import Beside, Here
    from ._repeats import Repeats
    from ._statements import Statements

# What an authority does to whom it lists.
LISTING_ACTS = frozenset({"sanction", "freeze", "ban", "put", "impose", "list"})
_TITLE = regex(rb"(?: (?:of|for|the|and|[A-Z][\w'-]*))* ")  # between an office and who holds it


class Named(Article):
    """An article in which names on lists are looked for."""

    def __init__(self, folded: Folded, low: int, high: int, repeats: Repeats) -> None:
        """``low`` and ``high`` are offsets of ``Folded.plain``; ``repeats`` tells where names stand between them."""
        super().__init__(folded, low, high)
        self.repeats = repeats
        self.named: set[Key] = set()  # the entries that it names in full


class Around(Spot):
    """A place where a name stands in a text that is laid out."""

    def __init__(
        self, statements: Statements, article: Named, start: int, end: int, block: int, *, person: bool
    ) -> None:
        """``start`` and ``end`` are offsets of ``Folded.plain``; ``person`` is whether it may be the name of one."""
        low, high = statements.page.reach(block, start)
        super().__init__(article, start, end, max(low, start - REACH), min(max(high, end), end + REACH))
        self._statements = statements
        self._page = statements.page
        self._block = block
        self._person = person
        self._repeats = article.repeats
        self.named = article.named

    @once
    def part(self) -> tuple[float, str]:
        """What it counts against the name that its neighbours make it part of a longer one, and how."""
        return longer_name(self._page, self.start, self.end, self._block, person=self._person)

    @once
    def _shouted(self) -> bool:
        return self.near.isupper()

    @once
    def acronym(self) -> bool:
        """Whether it is written as an acronym."""
        return self.capitals and not self._shouted

    @once
    def sentence_start(self) -> bool:
        """Whether its capital proves nothing, since it begins a sentence, or all is written in capitals."""
        if self.acronym:
            return False
        first = self._page.sentence(self._block, self.start)[0]
        return self._shouted or WORD.search(self.plain, first, self.start) is None

    @once
    def spelt_out(self) -> bool:
        """Whether it is an acronym that the article spells out."""
        return self.acronym and spelt_out(self.plain, self.start, self.end, self._elsewhere())

    @once
    def body_of_law(self) -> bool:
        """Whether a legal form makes it the name of a body."""
        return not self._person and self.legal

    @once
    def beside(self) -> Beside:
        """What is told of its bearer right beside it, wherever it stands."""
        return beside(self._page, self.start, self.end, self._block, self._elsewhere())

    @once
    def here(self) -> Here:
        """What is told of its bearer here."""
        return here(self._page, self.start, self.end, self._block, sport=self.begun.may("sport"))

    def _elsewhere(self) -> Iterator[int]:
        return self._repeats.of(self.plain[self.start : self.end])

    @once
    def listed_by(self) -> frozenset[str]:
        """The authorities of which the sentence says that they list the one who is named there."""
        if not self.listing or not self._page.rulebook.lexicon.actors:
            return frozenset()
        reader = self._statements.reader(self._block, self.start)
        found: set[str] = set()
        for said in reader.all() if reader is not None else ():
            if said.status != "asserted" or not said.existing or said.act not in LISTING_ACTS:
                continue
            if any(map(self._is_named, said.spots)):
                found.update(said.authority.actors)
        return frozenset(found)

    def _is_named(self, spot: tuple[int, int]) -> bool:
        """Tell whether the name is that of a noun group, or stands at its end: "Minister of Ships of Cuba Lumensky"."""
        low, high = spot
        if low < self.end and self.start < high:
            return True
        return _TITLE.fullmatch(self.plain, high, max(high, self.start)) is not None
