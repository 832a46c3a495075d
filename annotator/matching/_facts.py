"""What entries of lists say that a text may say too, and what those of one name have to do with each other.

All of it is asked of the lists once, for all texts; see `Lists.worked_out`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from .._lazy import once, regex
from ..lists.names import legal
from ..lists.names.forms import IDENTIFIER, PATRONYMIC
from ..lists.names.index import MORE, PERSON, VESSEL, WEAK
from ..lists.names.places import code_cues, cues_of, lands
from ..lists.names.spelling import PARTICLES, normal, tokens
from ..lists.opened import Key, identifier
from ._words import words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ..lists.entries import Entry
    from ..lists.names.index import Found
    from ..lists.opened import Lists

    Place: TypeAlias = Sequence[tuple[int, Found]]  # what was found of one stretch of text, of which store

SHARED = 2  # names that two entries have in common where they are of one man
_MOST_ENTRIES = 24
_MOST_NAMES = 40  # of an entry, by which it is looked for on other lists
_YEAR = regex(r"\b(1[89]\d\d|20[01]\d)\b")
_ANY_YEAR = regex(r"\b(?:18|19|20)\d\d\b")
_ACRONYM_BEHIND = regex(r"\s*\([A-Z]{2,6}\)\s*$")
_BRACKETS = regex(r"[\[(]([^\[\]()]+)[\])]")
_LISTS_BEGAN, _LISTS_GREW = 1990, 2015
_LONG_AGO = 40  # years before the listing in which nobody listed did much yet
_YOUNGEST, _OF_AGE, _YEARS_OFF = 12, 18, 3
_LONG_WORD, _MOST_POSITIONS = 5, 40
_NASAB = words_of("of a father")
_STOP = words_of("of all positions")


class Sought(NamedTuple):
    """Words, and rows of words, of which any may stand in a text."""

    every: tuple[str, ...]
    single: frozenset[str]
    several: tuple[str, ...]

    @classmethod
    def of(cls, words: Iterable[str]) -> Sought:
        """Return words and rows of words, in their order, without apostrophes."""
        every = tuple(word.replace("'", " ") for word in words)
        return cls(every, frozenset(word for word in every if " " not in word), tuple(w for w in every if " " in w))


class Form(NamedTuple):
    """An entry, the kind of the form in which it has a name, and its flags."""

    key: Key
    kind: int
    flags: int

    @property
    def person(self) -> bool:
        """Whether it is the name of a person."""
        return bool(self.flags & PERSON)

    @property
    def weak(self) -> bool:
        """Whether it is a weak alias."""
        return bool(self.flags & WEAK)

    @property
    def vessel(self) -> bool:
        """Whether it is the name of a ship."""
        return bool(self.flags & VESSEL)

    @property
    def more(self) -> bool:
        """Whether the text has an initial or a patronymic more."""
        return bool(self.flags & MORE)


class Known:
    """An entry, with what is asked of its names."""

    def __init__(self, key: Key, entry: Entry) -> None:
        self.key = key
        self.entry = entry

    @once
    def names(self) -> frozenset[tuple[str, ...]]:
        """The words of its names, accents, case and signs aside."""
        return frozenset(tuple(tokens(name.text)) for name in self.entry.names)

    @once
    def own(self) -> frozenset[str]:
        """The words of its names, without what stands in brackets."""
        return frozenset(word for name in self.entry.names for word in tokens(_BRACKETS.sub(" ", name.text)))

    @once
    def words(self) -> frozenset[str]:
        """All words of its names, and each name written as one."""
        return frozenset(word for row in self.names for word in (*row, "".join(row)))

    @once
    def first(self) -> tuple[str, ...]:
        """The normal forms of the words of the name that the list has first."""
        return tuple(map(normal, tokens(self.entry.names[0].text)))

    @once
    def first_alone(self) -> str:
        """The normal form of the one word that is all of that name, empty where it has more."""
        first = [word for word in tokens(self.entry.names[0].text) if word not in PARTICLES and word != "the"]
        return normal(first[0]) if len(first) == 1 else ""

    @once
    def fathers(self) -> frozenset[str]:
        """The normal forms of the patronymics in its names."""
        return frozenset(normal(word) for row in self.names for word in row if PATRONYMIC.search(word))

    @once
    def beginnings(self) -> frozenset[str]:
        """The normal forms of the words with which its names begin."""
        return frozenset(normal(row[0]) for row in self.names if row)

    @once
    def births(self) -> frozenset[int]:
        """The years of birth that it tells."""
        return frozenset(int(year) for birth in self.entry.births for year in _YEAR.findall(birth))

    @once
    def any_births(self) -> frozenset[str]:
        """The same with years long ago."""
        return frozenset(year for birth in self.entry.births for year in _ANY_YEAR.findall(birth))

    @once
    def bodies(self) -> frozenset[tuple[str, ...]]:
        """The words of its names without the legal form, and without the acronym that a list puts behind it."""
        names = (_ACRONYM_BEHIND.sub("", name.text) for name in self.entry.names)
        return frozenset(tuple(legal.bare(tokens(name))) for name in names)

    @once
    def _facts(self) -> Facts:
        return Facts([self])

    @property
    def lands(self) -> frozenset[str]:
        """The codes of the countries that it gives, else of those that its programmes are about."""
        return self._facts.codes

    @property
    def own_lands(self) -> frozenset[str]:
        """The codes of the countries that it gives itself."""
        return frozenset() if self._facts.of_programme else self._facts.codes

    def is_of_age_of(self, other: Known) -> bool:
        """Tell whether a year of birth of one is that of the other, give or take one."""
        return any(abs(mine - theirs) <= 1 for mine in self.births for theirs in other.births)

    def shares(self, other: Known) -> int:
        """Return how many names two entries have in common."""
        return len((self.names & other.names) - {()})


@lru_cache(1 << 10)
def _of_programme(programme: str) -> tuple[dict[str, None], frozenset[str]]:
    """Return the words that speak of the countries that a programme names, and the codes of these countries."""
    parts = (programme, *re.split(r"[^A-Za-z ]+", programme))
    cues = dict.fromkeys(cue for part in parts for cue in cues_of(part))
    return cues, frozenset[str]().union(*(lands(" ".join(cues_of(part)[:1])) for part in parts))


class Facts:
    """What an entry, or the entries of several lists on one person or body, say that a text may say too."""

    __slots__ = (
        "births", "codes", "cues", "does", "listed", "nasab", "of_programme", "positions", "said",
    )  # fmt: skip

    def __init__(self, every: Sequence[Known]) -> None:
        entries = [one.entry for one in every]
        own = frozenset[str]().union(*(one.own for one in every))
        self.nasab = not own.isdisjoint(_NASAB)
        cues: dict[str, None] = {}
        codes: set[str] = set()
        ruled: set[str] = set()
        for entry in entries:
            named = [*entry.countries, *entry.nationalities]
            named += [hit for name in entry.names for hit in _BRACKETS.findall(name.text)]
            for place in named:
                cues |= dict.fromkeys(cues_of(place))
                codes |= lands(place)
            for programme in entry.programmes:
                words, ruled_by = _of_programme(programme)
                cues |= words
                ruled |= ruled_by
        if "ua" in ruled:  # what is done to Ukraine is listed under its name, and those who do it are Russians
            ruled.add("ru")
            cues |= dict.fromkeys(code_cues("ru"))
        self.codes = frozenset(codes or ruled)
        self.of_programme = not codes
        # A word of the name itself is no evidence for it.
        self.cues = Sought.of(cue for cue in cues if cue not in own)
        positions = [position for entry in entries for position in entry.positions]
        self.said = " ".join(positions).lower()
        self.does = frozenset(word for position in positions for word in tokens(position))
        words = dict.fromkeys(
            word
            for position in positions
            for word in tokens(position)
            if len(word) >= _LONG_WORD and word not in _STOP and word not in own
        )
        self.positions = Sought.of(list(words)[:_MOST_POSITIONS])
        self.births = frozenset[int]().union(*(one.births for one in every))
        self.listed = min((int(entry.listed_on[:4]) for entry in entries if entry.listed_on), default=0)

    def birth(self, born: Sequence[int], ages: Sequence[int], year: int) -> int:
        """Return 1 where a birth or age that a text says fits, -1 where it says another birth, else 0.

        ``year`` is the one from which ages are told, 0 if none.
        """
        if born:
            return 1 if any(abs(one - own) <= 1 for one in born for own in self.births) else -1
        # Of another age somebody else near the name may be, so that tells nothing.
        return int(bool(year) and any(-1 <= year - age - own <= 1 for age in ages for own in self.births))

    def is_of_another_age(self, age: int, year: int) -> bool:
        """Tell whether an age that stands right behind a name cannot be meant; a child of whom no birth is known."""
        if age < 0 or not year:
            return False
        if not self.births:
            return age < _OF_AGE
        return not any(abs(year - age - own) <= _YEARS_OFF for own in self.births)

    def too_long_ago(self, year: int, *, dead: bool) -> bool:
        """Tell whether what is told of a year, a death perhaps, was before anybody meant could do it."""
        if not year:
            return False
        if self.births and year < min(self.births) + (0 if dead else _YOUNGEST):
            return True
        if dead and year < (self.listed or _LISTS_BEGAN) - 1:
            return True
        return not self.births and year < (self.listed or _LISTS_GREW) - _LONG_AGO


def known(lists: Lists, key: Key) -> Known:
    """Return an entry of lists with what is asked of its names."""
    return lists.worked_out(("known", key), lambda: Known(key, lists.entry(key)))


def counterparts(lists: Lists, one: Known) -> tuple[Key, ...]:
    """Return the entries of other lists on the body of an entry, told by the names that they have in common.

    Of each list it is the one that shares most names with the entry, if no other does so too, and if on the entry's own
    list none shares more with it: a list may have a branch, or a body that another list has under the same entry.
    """
    return lists.worked_out(("counterparts", one.key), lambda: _counterparts(lists, one))


def _counterparts(lists: Lists, one: Known) -> tuple[Key, ...]:
    others = _sharing(lists, one)
    return tuple(key for key in others.values() if _sharing(lists, known(lists, key)).get(one.entry.list) == one.key)


def _sharing(lists: Lists, one: Known) -> dict[str, Key]:
    """Return for each other list the entry that shares most names with one, by its list."""
    return lists.worked_out(("sharing", one.key), lambda: _most_shared(lists, one))


def _most_shared(lists: Lists, one: Known) -> dict[str, Key]:
    texts = [name.text for name in one.entry.names if len(tokens(name.text)) > 1][:_MOST_NAMES]
    shared: dict[str, list[tuple[int, Key]]] = {}
    for key in lists.bearers(texts) if len(texts) >= SHARED else ():
        other = known(lists, key)
        if other.entry.list != one.entry.list and other.entry.type == one.entry.type:
            shared.setdefault(other.entry.list, []).append((one.shares(other), key))
    found: dict[str, Key] = {}
    for list_, rows in sorted(shared.items()):
        most = max(count for count, _ in rows)
        keys = [key for count, key in rows if count == most]
        if most >= SHARED and len(keys) == 1:
            found[list_] = keys[0]
    return found


class Meant:
    """The entries that a name may mean, and what they have to do with each other."""

    def __init__(self, lists: Lists, place: Place, forms: Iterable[Form]) -> None:
        """``forms`` are the entries with the form of each, the better forms first; ``place`` has more, perhaps."""
        self._lists = lists
        self._place = place
        self.forms = tuple(forms)
        self.keys = tuple(form.key for form in self.forms)
        self.kinds = frozenset(form.kind for form in self.forms)
        self.person = any(form.person for form in self.forms)
        self.number = IDENTIFIER in self.kinds
        self.ships = not self.number and all(form.vessel for form in self.forms)
        self._facts: dict[Key, Facts] = {}

    def only(self, keys: frozenset[Key]) -> Meant:
        """Return the same for some of the entries."""
        return Meant(self._lists, self._place, [form for form in self.forms if form.key in keys])

    @once
    def known(self) -> dict[Key, Known]:
        """The entries by their keys."""
        return {key: known(self._lists, key) for key in self.keys}

    @once
    def lists(self) -> int:
        """On how many lists the name is."""
        lists = self._lists
        keys = {Key(store, number) for store, one in self._place for number, _, _ in one.entries[:_MOST_ENTRIES]}
        return len({known(lists, lists.owner(key)).entry.list for key in keys})

    @once
    def same(self) -> dict[Key, tuple[Key, ...]]:
        """For each entry those on other lists that are about the same person or body, itself first.

        Those whose years of birth agree are; where no list has the name twice, those too of which a list gives none.
        """
        every = list(self.known.values())
        names = [one.entry.list for one in every]
        once_each = len(names) == len(set(names))
        return {
            one.key: (
                one.key,
                *(
                    other.key
                    for other in every
                    if other.key != one.key
                    and other.entry.list != one.entry.list
                    and other.entry.type == one.entry.type
                    and (one.any_births & other.any_births or (once_each and not (one.any_births and other.any_births)))
                ),
            )
            for one in every
        }

    def facts(self, key: Key) -> Facts:
        """Return what an entry, and those that are about the same person or body, say that a text may say too."""
        found = self._facts.get(key)
        if found is None:
            found = self._facts[key] = facts_of(self._lists, self.same[key])
        return found


def facts_of(lists: Lists, keys: tuple[Key, ...]) -> Facts:
    """Return what entries on one person or body say that a text may say too."""
    return lists.worked_out(("facts", keys), lambda: Facts([known(lists, key) for key in keys]))


def places_of(found: Iterable[tuple[int, Found]]) -> list[Place]:
    """Return together what was found of the same stretch of text, in order of place."""
    spans: dict[tuple[int, int], list[tuple[int, Found]]] = {}
    for pair in found:
        spans.setdefault((pair[1].start, pair[1].end), []).append(pair)
    for together in spans.values():
        if len(together) > 1:
            together.sort(key=lambda pair: -pair[1].bits)
    return [spans[span] for span in sorted(spans)]


def meant_at(lists: Lists, place: Place, selected: Callable[[str], bool] | None) -> Meant:
    """Return the entries that the name at a place may mean; ``selected`` keeps those that take part by their ids."""
    if selected is not None:
        return _meant_at(lists, place, selected)
    return lists.worked_out(("meant", *forms_at(place)), lambda: _meant_at(lists, place, None))


def forms_at(place: Place) -> tuple[object, ...]:
    """Return what tells apart places of which the entries that their names may mean are others."""
    return tuple((store, one.entries) for store, one in place)


def _meant_at(lists: Lists, place: Place, selected: Callable[[str], bool] | None) -> Meant:
    best: dict[Key, tuple[int, int]] = {}
    for store, one in place:
        for number, kind, flags in one.entries:
            key = lists.owner(Key(store, number))
            rank = (flags & WEAK, kind)
            if key not in best or rank < (best[key][1] & WEAK, best[key][0]):
                best[key] = (kind, flags)
    ranked = sorted(best.items(), key=lambda item: (item[1][1] & WEAK, item[1][0], item[0]))
    result: list[Form] = []
    for key, (kind, flags) in ranked:
        if selected is None or selected(identifier(known(lists, key).entry)):
            result.append(Form(key, kind, flags))
            if len(result) >= _MOST_ENTRIES:
                break
    return Meant(lists, place, result)
