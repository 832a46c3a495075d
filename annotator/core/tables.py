"""Make the tables of the compiled core from the forms of a rulebook.

One block of bytes: a magic number, the place and size of each section, and the sections, in the order of the
enumeration in ``scan.c``. Words are numbered; all else refers to them by number. Maps are open hash tables, made by
the core itself.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any, NamedTuple

from .. import folding
from . import scan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_MAGIC = 0x364E4341
_KINDS = ("f", "n", "p", "s")
_BACKWARD, _LEANING = 256, 512
_LEANS, _STOPS, _ANCHORS, _EXACT = 1, 2, 4, 8
_OPEN_LEFT, _OPEN_RIGHT, _NUMBERED = 1, 2, 4
_WORD, _GAP, _SLOT = 0, 1, 2
_CAPITAL, _SPELT = 1, 2
_MOST_GAP = 512
_DIGITS = 0xFFFFFFFF  # as the second of a pair: digits joined to the first
_FOLDED = 0x2800  # code points below, which are those of Latin scripts and their signs, are folded by a table


class Indexed(NamedTuple):
    """The forms of one kind (triggers or cues) as they are compiled.

    ``literals`` are the words of each literal, the last byte ``glue`` where digits are joined; ``indexes`` lead from
    the one more word that a form needs to numbers of forms and elements; ``forms`` are (owner, role, elements).
    """

    literals: Sequence[tuple[bytes, ...]]
    indexes: Sequence[dict[str, dict[str, list[int]]]]
    forms: Sequence[tuple[int, str, list[list[Any]]]]
    owners: Sequence[Sequence[int]]
    glue: bytes


class _Map:
    """Keys and values of a table that the core makes."""

    __slots__ = ("keys", "others", "values")

    def __init__(self) -> None:
        self.keys, self.values, self.others = array("Q"), array("I"), array("I")

    def add(self, key: int, value: int, other: int = 0) -> None:
        self.keys.append(key)
        self.values.append(value)
        self.others.append(other)

    def made(self) -> bytes:
        made: bytes = scan.map(self.keys.tobytes(), self.values.tobytes(), self.others.tobytes())
        return made


class _Builder:
    def __init__(self, contexts: int) -> None:
        self.numbers: dict[bytes, int] = {}
        self.width = max(1, -(-contexts // 64))
        self.references = array("I", [0])
        self.sets: dict[tuple[tuple[bytes, str, bytes], ...], int] = {}
        self.set_map = _Map()
        self.exact = bytearray()
        self.elements = array("I")
        self.masks = array("Q")
        self.mask_numbers: dict[frozenset[int], int] = {}
        # By its identity, since the same element comes back in many forms: how it stands in the tables, and itself.
        self.known: dict[int, tuple[tuple[int, int, int], list[Any]]] = {}

    def word(self, word: bytes) -> int:
        return self.numbers.setdefault(word, len(self.numbers))

    def mask(self, contexts: Iterable[int]) -> int:
        key = frozenset(contexts)
        found = self.mask_numbers.get(key)
        if found is None:
            found = self.mask_numbers[key] = len(self.mask_numbers)
            bits = sum(1 << context for context in key)
            self.masks.extend(bits >> (64 * part) & (1 << 64) - 1 for part in range(self.width))
        return found

    def index(self, kind: Indexed, found: _Map, forms: array[int]) -> array[int]:
        """Fill the map from literals and words beside them to forms; return what is to be known of each literal."""
        about = array("I")
        for number, table in enumerate(kind.indexes):
            bits = free = 0
            for place, name in enumerate(_KINDS):
                for word, pairs in table[name].items():
                    bits |= 1 << place
                    if place:
                        other = self.word(word.encode("latin-1"))
                        found.add((number + 1) << 34 | place << 32 | other, len(self.references))
                    else:
                        free = len(self.references)
                    self.references.append(len(pairs) // 2)
                    self.references.extend(array("I", pairs))
            if bits == 1 and all(forms[4 * form + 1] & _LEANS for form in table["f"][""][::2]):
                bits |= _LEANING
            about.extend((bits, table.get("r", {}).get("", [0])[0], free))
        return about

    def form(self, elements: list[list[Any]], slot: Callable[[str], Iterable[int]]) -> tuple[int, int]:
        """Add the elements of a form; return where they stand and how many there are."""
        first = len(self.elements) // 3
        for element in elements:
            known = self.known.get(id(element))
            if known is None:
                known = self.known[id(element)] = (self.element(element, slot), element)
            self.elements.extend(known[0])
        return first, len(elements)

    def element(self, element: list[Any], slot: Callable[[str], Iterable[int]]) -> tuple[int, int, int]:
        if element[0] == _GAP:
            return _GAP, min(element[1], _MOST_GAP), 0
        if element[0] == _SLOT:
            return _SLOT, self.mask(slot(element[1])), 0
        flags = (_OPEN_LEFT if element[3] else 0) | (_OPEN_RIGHT if element[4] else 0)
        if len(element) > 5:
            flags |= _NUMBERED
        return _WORD, self.set_of(element[1], element[2]), flags

    def set_of(self, any_case: list[str], cased: dict[str, list[str]]) -> int:
        """Return the number of a set of words, each with how it must be written."""
        words = {word.encode("latin-1"): ("", b"") for word in any_case}
        words |= {word.encode("latin-1"): (case, exact.encode("latin-1")) for word, (case, exact) in cased.items()}
        key = tuple((word, *wanted) for word, wanted in sorted(words.items()))
        found = self.sets.get(key)
        if found is None:
            found = self.sets[key] = len(self.sets)
            for word, case, exact in key:
                value, length = 0, 0
                if case == "c":
                    value = _CAPITAL
                elif case and len(exact) == len(word) < 256:
                    value, length = _SPELT + len(self.exact), len(exact)
                    self.exact += exact
                self.set_map.add((found + 1) << 32 | self.word(word), value, length)
        return found


class Marks(NamedTuple):
    """What the core is to know of rules, by their numbers.

    ``gates`` are for each rule the sets of contexts of each of which a text must hold a cue; ``stops`` those that
    count all the same where one of ``backward`` stands too; ``leans`` those that count only beside another mention;
    ``musts`` for each rule runs of letters of which a match of its pattern holds one, none where that is not known;
    ``digits`` for each within how many characters a match has a digit, 0 where that is not known.
    """

    gates: Sequence[Sequence[Sequence[int]]]
    stops: frozenset[int]
    backward: frozenset[int]
    leans: frozenset[int]
    musts: Sequence[Sequence[str]]
    digits: Sequence[int]


def build(
    triggers: Indexed, cues: Indexed, marks: Marks, *, contexts: int, slot: Callable[[str], Iterable[int]]
) -> bytes:
    """Return the tables of a rulebook; ``slot`` gives the contexts that a slot takes, of ``contexts`` in all."""
    builder = _Builder(contexts)
    kinds = (triggers, cues)
    forms = (_forms(builder, triggers, marks, slot), _forms(builder, cues, None, slot))
    maps = (_Map(), _Map())
    about = [builder.index(kind, found, made) for kind, found, made in zip(kinds, maps, forms, strict=True)]
    for number, owners in enumerate(triggers.owners):
        if not marks.backward.isdisjoint(owners):
            about[0][3 * number] |= _BACKWARD
    entries = _literals(builder, kinds)
    gate_offsets, gates = _lists([[builder.mask(each) for each in sets] for sets in marks.gates])
    owner_offsets, owner_list = _lists(cues.owners)
    must_bytes = bytearray()
    places: list[list[int]] = []
    for runs in marks.musts:
        places.append([])
        for run in runs:
            places[-1] += (len(must_bytes), len(run))
            must_bytes += run.encode()
    must_offsets, musts = _lists(places)
    blob = b"".join(builder.numbers)
    offsets, _ = _lists(builder.numbers)
    hashes = scan.hashes(blob, offsets.tobytes())
    sections = [
        scan.words(blob, offsets.tobytes()), offsets, blob,
        scan.entries(entries.keys.tobytes(), entries.values.tobytes(), entries.others.tobytes(), hashes), *about,
        *(found.made() for found in maps), builder.references, *forms, builder.elements, builder.set_map.made(),
        bytes(builder.exact), builder.masks, gate_offsets, gates, owner_offsets, owner_list,
        array("I", [len(builder.numbers), contexts, len(marks.gates)]), *folding.tables(_FOLDED),
        array("I", [place // 2 for place in must_offsets]), musts, bytes(must_bytes),
        scan.filter(entries.keys.tobytes(), hashes, True),
        *(scan.filter(found.keys.tobytes(), hashes, False) for found in maps),
        array("I", marks.digits),
    ]  # fmt: skip
    return _packed([part if isinstance(part, bytes) else part.tobytes() for part in sections])


def _forms(builder: _Builder, kind: Indexed, marks: Marks | None, slot: Callable[[str], Iterable[int]]) -> array[int]:
    """Return the records of forms: owner, marks, place and number of elements; ``marks`` are those of rules."""
    records = array("I")
    for owner, role, elements in kind.forms:
        bits = _EXACT if _is_exact(elements) else 0
        if marks is not None:
            bits |= (_STOPS if owner in marks.stops else 0) | (_LEANS if owner in marks.leans or role in "sx" else 0)
            bits |= _ANCHORS if role == "a" else 0
        records.extend((owner, bits, *builder.form(elements, slot)))
    return records


def _literals(builder: _Builder, kinds: tuple[Indexed, Indexed]) -> _Map:
    """Return the literals, of triggers and of cues, of each word and of two in a row, by keys for ``scan.entries``."""
    singles: dict[int, list[int]] = {}
    pairs: dict[tuple[int, int], list[int]] = {}
    for which, kind in enumerate(kinds):
        for number, words in enumerate(kind.literals, 1):
            first = words[0].removesuffix(kind.glue)
            if first != words[0]:
                pairs.setdefault((builder.word(first), _DIGITS), [0, 0])[which] = number
            elif len(words) == 1:
                singles.setdefault(builder.word(first), [0, 0])[which] = number
            else:
                pairs.setdefault((builder.word(first), builder.word(words[1])), [0, 0])[which] = number
    found = _Map()
    for (first_word, second), literals in pairs.items():
        found.add((first_word + 1) << 32 | second, *literals)
    for word, literals in singles.items():
        found.add(word, *literals)
    return found


def _lists(lists: Iterable[Sequence[int]]) -> tuple[array[int], array[int]]:
    """Return where each of some lists begins, and behind the last, and the lists in a row."""
    offsets, row = array("I", [0]), array("I")
    for each in lists:
        row.extend(each)
        offsets.append(len(row))
    return offsets, row


def _is_exact(elements: list[list[Any]]) -> bool:
    """Tell whether the core sees all that there is to a form: one word or two, of any signs only what parts words."""
    return len(elements) <= 2 and all(
        element[0] == _WORD
        and not element[3]
        and not element[4]
        and len(element) <= 5
        and all(case == "c" or len(exact) == len(word) < 256 for word, (case, exact) in element[2].items())
        for element in elements
    )


def _packed(sections: list[bytes]) -> bytes:
    head = array("I", [_MAGIC])
    place = (4 * (1 + 2 * len(sections)) + 7) & ~7
    for section in sections:
        head.extend((place, len(section)))
        place += (len(section) + 7) & ~7
    data = head.tobytes()
    padded = [data, *sections]
    return b"".join(part + bytes(-len(part) % 8) for part in padded)
