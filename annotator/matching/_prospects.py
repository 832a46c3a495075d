"""What rules out a name on lists before anything near it is weighed: bounds of the evidence, from cheap searches.

Most names found in news are a ship's or a company's that is an ordinary word, or a common name of people. What
`_evidence.weigh` could give them at most is told without layout, sentences and other names. A bound is never lower
than what is weighed, so what is ruled out here would be there too; what is not is weighed.
"""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from ..lists.names import legal
from ..lists.names.forms import BARE, CORE, IDENTIFIER, INITIAL, SCRIPT, SHORT, SPOKEN
from ..lists.names.index import MORE, PERSON, VESSEL, WEAK, unparted
from ..lists.names.spelling import PARTICLES, tokens
from ..lists.opened import Key, identifier
from . import _evidence
from ._evidence import (
    Facts,
    births_in,
    calls_a_ship,
    may_speak_of_lists,
    may_speak_of_ships,
    score,
    speaks_of_lists,
    speaks_of_ships,
)
from ._words import words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ..folding import Folded
    from ..lists.names.index import Found
    from ..lists.opened import Lists
    from ._evidence import Sought

    Place: TypeAlias = Sequence[tuple[int, Found]]  # what was found of one stretch of text, of which store
    Meant: TypeAlias = list[tuple[Key, int, int]]  # entries: key, kind of the form, its flags

REACH = 400  # how far from a name words stand beside it
_MOST_ENTRIES = 24
_MOST_PLACES = 60  # of which it is told before a text is laid out
_TINY = 1e-9
_BEFORE, _AFTER = 160, 120
_SHORTEST_ACRONYM = 2
_TELLS_NOTHING = words_of("tells nothing")


def places_of(found: Iterable[tuple[int, Found]]) -> list[Place]:
    """Return together what was found of the same stretch of text, in order of place."""
    spans: dict[tuple[int, int], list[tuple[int, Found]]] = {}
    for pair in found:
        spans.setdefault((pair[1].start, pair[1].end), []).append(pair)
    return [sorted(spans[span], key=lambda pair: -pair[1].bits) for span in sorted(spans)]


def entries_of(lists: Lists, place: Place, selected: Callable[[str], bool] | None) -> Meant:
    """Return the entries of the forms at a place that take part, each once, the better forms first."""
    best: dict[Key, tuple[int, int]] = {}
    for store, one in place:
        for number, kind, flags in one.entries:
            key = lists.owner(Key(store, number))
            rank = (flags & WEAK, kind)
            if key not in best or rank < (best[key][1] & WEAK, best[key][0]):
                best[key] = (kind, flags)
    ranked = sorted(best.items(), key=lambda item: (item[1][1] & WEAK, item[1][0], item[0]))
    result = []
    for key, (kind, flags) in ranked:
        if selected is None or selected(identifier(lists.entry(key))):
            result.append((key, kind, flags))
            if len(result) >= _MOST_ENTRIES:
                break
    return result


def count_of(lists: Lists, place: Place) -> int:
    """Return how many lists have the name that stands at a place."""
    keys = [Key(store, number) for store, one in place for number, _, _ in one.entries[:_MOST_ENTRIES]]
    return len({lists.entry(key).list for key in keys})


def facts_of(lists: Lists, keys: tuple[Key, ...]) -> Facts:
    """Return what entries on one person or body say that a text may say too, worked out once for all texts."""
    return lists.worked_out(("facts", keys), lambda: Facts([lists.entry(key) for key in keys]))


def legal_form(plain: bytes, start: int, end: int) -> bool:
    """Tell whether a company's legal form stands within a name or right beside it."""
    within = tokens(plain[start:end].decode("latin-1"))
    cut = len(within) - len(legal.bare(within))
    if cut and not _TELLS_NOTHING.issuperset({*within[:cut], *within[-cut:]}):
        return True
    beside = (plain[legal.starts(plain, start) : start], plain[end : legal.ends(plain, end)])
    return any(words and words[0] not in _TELLS_NOTHING for words in (tokens(one.decode("latin-1")) for one in beside))


def words_in(fold: bytes, low: int, high: int) -> set[str]:
    """Return the words of a folded text between two offsets of the plain one."""
    words: set[str] = set()
    at = low
    while at < high:  # in pieces, since a list of all words takes many times the text
        stop = fold.find(b" ", min(at + (1 << 20), high + 1)) + 1 or len(fold)
        words.update(fold[at + 1 : min(stop, high + 1)].decode("latin-1").split())
        at = stop - 1
    return words


def none_is_meant(
    lists: Lists,
    found: Iterable[tuple[int, Found]],
    folded: Folded,
    threshold: float,
    selected: Callable[[str], bool] | None,
) -> bool:
    """Tell that none of the names found in a text can be meant; false where it takes more to tell."""
    places = places_of(found)
    if len(places) > _MOST_PLACES:
        return False
    here = Prospects(lists, folded, 0, len(folded.plain), threshold)
    for place in places:
        meant = entries_of(lists, place, selected)
        if meant and here.of(Spot(here, place[0][1].start, place[0][1].end), place, meant):
            return False
    return True


class Spot:
    """What stands near a place, looked for when it is asked for."""

    def __init__(self, here: Prospects, start: int, end: int) -> None:
        self.here = here
        self.plain = here.folded.plain
        self.start, self.end = start, end
        self.low, self.high = max(0, start - REACH), end + REACH
        self.inside = here.low <= self.low and self.high <= here.high
        self.text = here.folded.text_at(start, end)
        self.solid = [word for word in tokens(self.text) if word not in PARTICLES]

    def has(self, sought: Sought) -> bool:
        """Tell whether any word of some, or all of some words, may stand near the place."""
        if self.inside and not self.here.says(sought) and self.cut.isdisjoint(sought.every):
            return False
        return sought.among(self.words)

    @cached_property
    def words(self) -> frozenset[str]:
        """The words near the place; the first and the last may be cut."""
        return frozenset(self.here.folded.folded[self.low + 1 : self.high + 1].decode("latin-1").split())

    @cached_property
    def cut(self) -> frozenset[str]:
        """The words at both ends of what is near, which may be parts of words."""
        fold = self.here.folded.folded
        first = fold[self.low + 1 : self.low + 60].split(None, 1)[:1]
        last = fold[max(self.low + 1, self.high - 59) : self.high + 1].rsplit(None, 1)[-1:]
        return frozenset(word.decode("latin-1") for word in first + last)

    @cached_property
    def listing(self) -> bool:
        """Whether words of listings may stand near it."""
        if self.here.without_lists:
            return False
        near = self.plain[self.low : self.high]
        return speaks_of_lists(near, 0, len(near))

    @cached_property
    def shipping(self) -> bool:
        """Whether words of ships may stand near it."""
        if self.here.without_ships:
            return False
        near = self.plain[self.low : self.high]
        return speaks_of_ships(near, 0, len(near))

    @cached_property
    def ship(self) -> bool:
        """Whether it may be called a ship."""
        before = self.plain[max(0, self.start - _BEFORE) : self.start]
        return calls_a_ship(before, self.plain[self.end : self.end + _AFTER])

    @cached_property
    def births(self) -> bool:
        """Whether a year of birth or an age may stand near it."""
        return any(births_in(self.plain[self.low : self.high]))

    @cached_property
    def legal(self) -> bool:
        """Whether a legal form stands within it or beside it."""
        return legal_form(self.plain, self.start, self.end)


class Alike(NamedTuple):
    """On how many lists a name is, and for each entry that it may mean those that are about the same one."""

    lists: int
    same: dict[Key, tuple[Key, ...]]


def alike(lists: Lists, place: Place, meant: Meant) -> Alike:
    """Return what the entries that a place may mean have to do with each other, worked out once for all texts."""
    keys = tuple(key for key, _, _ in meant)
    told = ("alike", keys, *((store, one.entries) for store, one in place))
    return lists.worked_out(told, lambda: Alike(count_of(lists, place), same_of(lists, keys)))


class _Bound:
    """Evidence that there could be at most: bits, and how much of it is more than the name."""

    __slots__ = ("bits", "strong", "support")

    def __init__(self, bits: float) -> None:
        self.bits = bits
        self.support = self.strong = 0

    def add(self, there: bool, bits: float, support: int, strong: int = 0) -> None:  # noqa: FBT001
        if there:
            self.bits += bits
            self.support += support
            self.strong += strong

    def with_(self, *, born: bool, posted: bool, legal_form: bool) -> _Bound:
        """Return the same with more evidence: a birth or age, a position, a legal form."""
        more = _Bound(self.bits)
        more.support, more.strong = self.support, self.strong
        more.add(born, 8, 2, 2)
        more.add(posted, 6, 1, 1)
        more.add(legal_form, 5, 1)
        return more


class Prospects:
    """What a stretch of a text, an article perhaps, could say for the names in it at most."""

    def __init__(self, lists: Lists, folded: Folded, low: int, high: int, threshold: float) -> None:
        """``low`` and ``high`` are offsets of ``Folded.plain``; ``threshold`` is the least score of a name."""
        self.lists = lists
        self.folded = folded
        self.low, self.high = low, high
        self.threshold = threshold - _TINY

    @cached_property
    def without_lists(self) -> bool:
        """Whether the text has nothing that words of sanctions or listings are made of."""
        return not may_speak_of_lists(self.folded.plain, 0, len(self.folded.plain))

    @cached_property
    def without_ships(self) -> bool:
        """Whether the text has nothing that words of ships are made of."""
        return not may_speak_of_ships(self.folded.plain, 0, len(self.folded.plain))

    @cached_property
    def listing(self) -> bool:
        """Whether the stretch has words of sanctions or listings."""
        return not self.without_lists and speaks_of_lists(self.folded.plain, self.low, self.high)

    @cached_property
    def words(self) -> set[str]:
        """The folded words of the stretch."""
        return words_in(self.folded.folded, self.low, self.high)

    def says(self, sought: Sought) -> bool:
        """Tell whether any word of some, or all of some words, may stand in it."""
        return sought.among(self.words)

    def of(self, spot: Spot, place: Place, meant: Meant) -> bool:
        """Tell whether any of some entries could be meant at a place whose words no other place names in full."""
        ships = all(flags & VESSEL and kind != IDENTIFIER for _, kind, flags in meant)
        if ships and not (spot.shipping or spot.ship):  # told without opening the entries
            return False
        if spot.listing:  # where sanctions are spoken of little is ruled out
            return True
        lists, same = alike(self.lists, place, meant)
        one = place[0][1]
        return any(
            self._could(spot, facts_of(self.lists, same[key]), one, kind, flags, lists) for key, kind, flags in meant
        )

    def _could(self, spot: Spot, facts: Facts, one: Found, kind: int, flags: int, lists: int) -> bool:
        """Tell whether an entry could be meant; see `_evidence.weigh` and its `_lacks`."""
        if kind == IDENTIFIER:
            return True
        person, weak, vessel = bool(flags & PERSON), bool(flags & WEAK), bool(flags & VESSEL)
        ship = vessel and spot.ship
        if vessel and not (ship or spot.shipping):
            return False
        single = one.words == 1 or len(spot.solid) == 1
        single = single or (one.names < 1 if person else _evidence.STOPPED.fullmatch(spot.text) is not None)
        if kind == SCRIPT and unparted(spot.text):
            single = False
        first = single and not person and kind == SPOKEN and lists > 1
        near = spot.has(facts.cues_sought)
        far = near or self.says(facts.cues_sought)
        bits = one.bits - _evidence.DISCOUNT.get(kind, 0.0) - _evidence.NEED[person] + min(4, 2 * (lists - 1))
        bits -= (6 if weak else 0) + (2 if single else 0) + (3 if flags & MORE else 0)
        if single and not person and spot.end - spot.start > _SHORTEST_ACRONYM:
            bits += 4 if spot.plain[spot.start : spot.end].isupper() else 0
        bound = _Bound(bits)
        bound.add(first, 4, 1)
        bound.add(near, 5, 2)
        bound.add(far and not near, 3, 1)
        bound.add(bool(facts.cues) and not far, -1, 0)
        bound.add(self.listing, 4, 1)
        bound.add(vessel, 10, 2)
        bound.add(not person and not vessel, 6, 1)  # called a company, or an aircraft
        lacks = partial(
            self._lacks, spot, facts, one, kind,
            person=person, single=single, weak=weak, near=near, far=far, ship=ship, first=first,
        )  # fmt: skip
        born, legal_ = bool(facts.births), not person
        if lacks(bound.with_(born=born, posted=bool(facts.positions), legal_form=legal_), legal=legal_):
            return False
        # What takes more to tell counted as if it were there, and is looked for now.
        born = born and spot.births
        legal_ = legal_ and spot.legal
        posted = spot.has(facts.positions_sought)
        return not lacks(bound.with_(born=born, posted=posted, legal_form=legal_), legal=legal_)

    def _lacks(
        self,
        spot: Spot,
        facts: Facts,
        one: Found,
        kind: int,
        bound: _Bound,
        *,
        person: bool,
        single: bool,
        weak: bool,
        near: bool,
        far: bool,
        ship: bool,
        first: bool,
        legal: bool,
    ) -> bool:
        """Tell whether the score is too low for an entry to be meant, or something lacking whatever it is."""
        if score(bound.bits) < self.threshold:
            return True
        support, strong = bound.support, bound.strong
        if (weak or single or kind == INITIAL) and support < (3 if person else 2 if weak else 1):
            return True
        if person:
            return (
                (single and not strong)
                or (kind == SHORT and not support)
                or (one.bits < _evidence.COMMON and not strong and support < _evidence.BOTH)
                or (one.bits < _evidence.DISTINCT and not support)
            )
        told = near or legal
        if single and not told and not ship:
            if kind == BARE or sum(map(str.isalpha, spot.text)) <= _evidence.SHORT_ACRONYM:
                return True
            if facts.cues and not far and support < 1 and not first:
                return True
        if kind == CORE and not legal:
            return True
        return not one.names and kind != SCRIPT and not told


def same_of(lists: Lists, keys: tuple[Key, ...]) -> dict[Key, tuple[Key, ...]]:
    """Return for each entry of a name those on other lists that are about the same person or body, itself first.

    Those whose years of birth agree are; where no list has the name twice, those too of which a list gives none.
    """
    entries = {key: lists.entry(key) for key in keys}
    years = {key: _evidence.years_of(entry) for key, entry in entries.items()}
    names = [entry.list for entry in entries.values()]
    once = len(names) == len(set(names))
    return {
        key: (
            key,
            *(
                other
                for other in keys
                if other != key
                and entries[other].list != entries[key].list
                and entries[other].type == entries[key].type
                and (years[key] & years[other] or (once and not (years[key] and years[other])))
            ),
        )
        for key in keys
    }
