"""Make the tables of the compiled core from the forms of a rulebook.

One block of bytes: a magic number, the place and size of each section, and the sections, in the order of the
enumeration in ``scan.c``. Words are numbered; all else refers to them by number. Maps are open hash tables, made by
the core itself.
"""

from __future__ import annotations

import itertools
import math
import struct
from array import array
from typing import TYPE_CHECKING, Any, NamedTuple

from .. import folding
from . import FOLDED, built, scan
from .signs import ANCHORS, Edge, Edges, plain_signs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

_MAGIC = 0x374E4341
FREE, NEXT, BEFORE, ANYWHERE = range(4)  # where the one more word of a form stands: see `second_word`
_INDEX = "QIQIIII"  # how wide the numbers of the parts of an index are
_MOST_PAIRS = 48  # of words; more have no anchor of two
_BACKWARD, _LEANING = 256, 512
_LEANS, _STOPS, _ANCHORS, _WHOLE = 1, 2, 4, 8
_OPEN_LEFT, _OPEN_RIGHT, _NUMBERED = 1, 2, 4
_GLUED, _ALONE = 1, 2
_LOOSE, _DOTTED, _FIGURE, _IN_BRACKETS = 1, 2, 4, 8
_FORM_WIDTH = 5  # numbers of the record of a form
_BEHIND = 8  # by how much the marks of what stands behind a word are shifted
_WORD, _GAP, _SLOT = 0, 1, 2
_CAPITAL, _SPELT = 1, 2
_MOST_GAP = 512
_DIGITS = 0xFFFFFFFF  # as the second of a pair: digits joined to the first

making = built("making")
_NO_EDGE = Edge(b"", loose=False, dotted=False, figure=b"")


class Element(NamedTuple):
    """An element of forms: ``data`` as a rulebook has it, a word's spellings, each once, none of a gap or slot.

    ``scores`` are how good an anchor a word is, how good a second word beside the anchor, and further off; ``span`` is
    of how many words it may be, ``figure`` that digits are joined to it.
    """

    data: list[Any]
    words: tuple[bytes, ...]
    scores: tuple[float, float, float]
    span: int
    figure: bool


class Forms(NamedTuple):
    """The forms of one kind, triggers or cues: ``row`` has the elements of all by number, ``ends`` where each ends.

    ``edges`` are those of forms of words with signs that must be seen to, by number.
    """

    elements: Sequence[Element]
    row: array[int]
    ends: array[int]
    owners: array[int]
    roles: Sequence[str]
    edges: Mapping[int, Edges]


class Index(NamedTuple):
    """By which words forms are found: literals of one or two words, and under each one more word that a form needs.

    A literal is the number of its first word and, in the lower half, 0, one more than the number of its second, or
    ``_DIGITS``. ``about`` has of each the places of further words, as bits, and how far off they are. ``keys`` are
    literal (from 1), place and word; each of ``values`` is where in ``references`` stand how many forms there are, and
    of each its number and the element that is hit. ``offsets`` are where each literal's ``owners`` begin, and the end.
    """

    literals: array[int]
    about: array[int]
    keys: array[int]
    values: array[int]
    references: array[int]
    offsets: array[int]
    owners: array[int]


class _Map:
    """Keys and values of a table that the core makes."""

    __slots__ = ("keys", "others", "values")

    def __init__(self, keys: array[int] | None = None, values: array[int] | None = None) -> None:
        self.keys = array("Q") if keys is None else keys
        self.values = array("I") if values is None else values
        self.others = array("I", bytes(4 * len(self.values)))

    def add(self, key: int, value: int, other: int = 0) -> None:
        self.keys.append(key)
        self.values.append(value)
        self.others.append(other)

    def made(self) -> bytes:
        made: bytes = scan.map(self.keys.tobytes(), self.values.tobytes(), self.others.tobytes())
        return made


class _Builder:
    def __init__(self, contexts: int, words: Iterable[bytes]) -> None:
        self.numbers = {word: number for number, word in enumerate(sorted(set(words)))}
        self.width = max(1, -(-contexts // 64))
        self.sets: dict[tuple[tuple[bytes, str, bytes], ...], int] = {}
        self.set_map = _Map()
        self.exact = bytearray()
        self.signs = array("I")
        self.sign_bytes = bytearray()
        self.masks = array("Q")
        self.mask_numbers: dict[frozenset[int], int] = {}

    def mask(self, contexts: Iterable[int]) -> int:
        key = frozenset(contexts)
        found = self.mask_numbers.get(key)
        if found is None:
            found = self.mask_numbers[key] = len(self.mask_numbers)
            bits = sum(1 << context for context in key)
            self.masks.extend(bits >> (64 * part) & (1 << 64) - 1 for part in range(self.width))
        return found

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
                self.set_map.add((found + 1) << 32 | self.numbers[word], value, length)
        return found

    def signs_of(self, elements: Sequence[list[Any]], edges: Edges) -> int:
        """Keep the signs of the words of a form; return from where on they are kept, from 1: 0 if they cannot be."""
        records = array("I")
        row = bytearray()
        for number, (_, _, _, separator, after, *_) in enumerate(elements):
            before, behind = (one or _NO_EDGE for one in edges.get(number, (None, None)))
            signs = [plain_signs(separator).strip(), plain_signs(after).strip(), before.sign, behind.sign]
            # What the plain view does not tell apart, and what is longer than anybody writes, is left to the matcher.
            if not (separator + after).isascii() or any(len(sign) > 255 for sign in signs):
                return 0
            between = (_GLUED if separator.startswith(" ") else 0) | (_ALONE if after.startswith(" ") else 0)
            loose = behind.loose or behind.sign == b"%"  # many part it from the figure
            beside = _beside(before, loose=before.loose) | _beside(behind, loose=loose) << _BEHIND
            records.frombytes(bytes(map(len, signs)))
            records.extend((len(self.sign_bytes) + len(row), between, beside))
            row += b"".join(signs)
        first = len(self.signs) // 4 + 1
        self.signs += records
        self.sign_bytes += row
        return first


def _beside(edge: Edge, *, loose: bool) -> int:
    return (
        (_LOOSE if loose else 0)
        | (_DOTTED if edge.dotted else 0)
        | (_FIGURE if edge.figure else 0)
        | (_IN_BRACKETS if b"$" in edge.figure else 0)
    )


class Marks(NamedTuple):
    """What the core is to know of rules, by their numbers.

    ``gates`` are for each rule the sets of contexts of each of which a text must hold a cue; ``stops`` those that
    count all the same where one of ``backward`` stands too; ``leans`` those that count only beside another mention;
    ``musts`` for each rule runs of letters of which a match of its pattern holds one, none where that is not known;
    ``digits`` for each within how many characters a match has a digit, 0 where that is not known; ``beginnings`` for
    each the two characters with which one begins, as `rulebook.patterns` has them.
    """

    gates: Sequence[Sequence[Sequence[int]]]
    stops: frozenset[int]
    backward: frozenset[int]
    leans: frozenset[int]
    musts: Sequence[Sequence[str]]
    digits: Sequence[int]
    beginnings: Sequence[Sequence[str]]


def build(
    triggers: Forms, cues: Forms, marks: Marks, *, contexts: int, slot: Callable[[str], Iterable[int]]
) -> tuple[bytes, bytes, bytes]:
    """Return the tables of a rulebook, and of how many words each literal of triggers and of cues is (0: with digits).

    ``slot`` gives the contexts that a slot takes, of ``contexts`` in all.
    """
    kinds = (triggers, cues)
    builder = _Builder(contexts, (word for kind in kinds for element in kind.elements for word in element.words))
    elements = [_elements(builder, kind, slot) for kind in kinds]
    forms = (_forms(builder, triggers, marks, 0), _forms(builder, cues, None, len(triggers.row)))
    found = [indexed(kind, builder.numbers) for kind in kinds]
    bases = (0, len(found[0].references))
    about, maps = zip(*map(_found_by, found, forms, bases), strict=True)
    for number, (start, end) in enumerate(itertools.pairwise(found[0].offsets)):
        if not marks.backward.isdisjoint(found[0].owners[start:end]):
            about[0][3 * number] |= _BACKWARD
    entries = _literals(found)
    gate_offsets, gates = _lists([[builder.mask(each) for each in sets] for sets in marks.gates])
    must_bytes = bytearray()
    places: list[list[int]] = []
    for runs in marks.musts:
        places.append([])
        for run in runs:
            places[-1] += (len(must_bytes), len(run))
            must_bytes += run.encode()
    must_offsets, musts = _lists(places)
    beginning_offsets, beginnings = _lists(
        [[int.from_bytes(two.encode(), "little") for two in each] for each in marks.beginnings]
    )
    blob = b"".join(builder.numbers)
    offsets = array("I", itertools.accumulate(map(len, builder.numbers), initial=0))
    hashes = scan.hashes(blob, offsets.tobytes())
    sections = [
        scan.words(blob, offsets.tobytes()), offsets, blob,
        scan.entries(entries.keys.tobytes(), entries.values.tobytes(), entries.others.tobytes(), hashes), *about,
        *(each.made() for each in maps), found[0].references + found[1].references, *forms, b"".join(elements),
        builder.set_map.made(), bytes(builder.exact), builder.masks, gate_offsets, gates, found[1].offsets,
        found[1].owners, array("I", [len(builder.numbers), contexts, len(marks.gates)]), *folding.tables(FOLDED),
        array("I", [place // 2 for place in must_offsets]), musts, bytes(must_bytes),
        scan.filter(entries.keys.tobytes(), hashes, True),
        *(scan.filter(each.keys.tobytes(), hashes, False) for each in maps),
        array("I", marks.digits), builder.signs, bytes(builder.sign_bytes),
        beginning_offsets, beginnings,
    ]  # fmt: skip
    tables = _packed([part if isinstance(part, bytes) else part.tobytes() for part in sections])
    return tables, bytes(map(_length, found[0].literals)), bytes(map(_length, found[1].literals))


def _length(literal: int) -> int:
    second = literal & _DIGITS
    return 0 if second == _DIGITS else 2 if second else 1


def _elements(builder: _Builder, kind: Forms, slot: Callable[[str], Iterable[int]]) -> bytes:
    """Return the elements of all forms in a row, three numbers each."""
    records = [array("I", builder.element(element.data, slot)).tobytes() for element in kind.elements]
    return b"".join([records[number] for number in kind.row])


def _forms(builder: _Builder, kind: Forms, marks: Marks | None, base: int) -> array[int]:
    """Return the records of forms: owner, marks, place and number of elements, signs; ``marks`` are those of rules."""
    exact = [_is_exact(element.data) for element in kind.elements]
    signed = [bool(element.words) and bool(element.data[3] or element.data[4]) for element in kind.elements]
    records = array("I")
    for form, (owner, role, (start, end)) in enumerate(
        zip(kind.owners, kind.roles, itertools.pairwise(kind.ends), strict=True)
    ):
        numbers = kind.row[start:end]
        whole, signs = all(exact[number] for number in numbers), 0
        # Of the one word that a pattern is tried at no signs are looked at: the pattern sees them.
        if whole and (end - start > 1 or role not in ANCHORS) and any(signed[number] for number in numbers):
            signs = builder.signs_of([kind.elements[number].data for number in numbers], kind.edges.get(form, {}))
            whole = signs > 0
        bits = _WHOLE if whole else 0
        if marks is not None:
            bits |= (_STOPS if owner in marks.stops else 0) | (_LEANS if owner in marks.leans or role in "sx" else 0)
            bits |= _ANCHORS if role == "a" else 0
        records.extend((owner, bits, base + start, end - start, signs))
    return records


def indexed(kind: Forms, numbers: Mapping[bytes, int]) -> Index:
    """Sort forms by the words that they are found by, which are looked up in ``numbers``."""
    if making is None:
        return indexed_plainly(kind, numbers)
    records: list[bytes] = []
    words = array("I")
    for element in kind.elements:
        flags = (1 if element.words else 0) | (2 if element.figure else 0)
        records.append(struct.pack("=3d4I", *element.scores, flags, element.span, len(words), len(element.words)))
        words.extend([numbers[word] for word in element.words])
    parts = making.indexed(b"".join(records), words, kind.row, kind.ends, kind.owners)
    found = [array(code) for code in _INDEX]
    for each, part in zip(found, parts, strict=True):
        each.frombytes(part)
    return Index(*found)


def indexed_plainly(kind: Forms, numbers: Mapping[bytes, int]) -> Index:
    """Return what `indexed` does where its compiled counterpart is missing."""
    rows: list[tuple[int, int, int, int, int]] = []  # literal, place, word, form, element
    for form, (start, end) in enumerate(itertools.pairwise(kind.ends)):
        elements = [kind.elements[number] for number in kind.row[start:end]]
        at, length = anchor(elements)
        place, second = second_word(elements, at, length)
        others = [numbers[word] for word in second] or [0]
        for first in elements[at].words:
            tail = [0] if length == 1 else [numbers[word] + 1 for word in elements[at + 1].words]
            for low in [_DIGITS] if elements[at].figure else tail:
                rows += [(numbers[first] << 32 | low, place, other, form, at) for other in others]
    rows.sort()
    found = Index(*(array(code) for code in _INDEX))
    found.references.append(0)
    found.offsets.append(0)
    for literal, group in itertools.groupby(rows, lambda row: row[0]):
        found.literals.append(literal)
        number, kinds, reach = len(found.literals), 0, 0
        owners: set[int] = set()
        for (place, word), same in itertools.groupby(group, lambda row: row[1:3]):
            pairs = [pair for row in same for pair in row[3:]]
            kinds |= 1 << place
            owners.update(kind.owners[form] for form in pairs[::2])
            if place == ANYWHERE:
                spans = (kind.row[kind.ends[form] : kind.ends[form + 1]] for form in pairs[::2])
                reach = max(reach, *(sum(kind.elements[element].span for element in span) for span in spans))
            found.keys.append(number << 34 | place << 32 | word)
            found.values.append(len(found.references))
            found.references.extend((len(pairs) // 2, *pairs))
        found.about.extend((kinds, reach))
        found.owners.extend(sorted(owners))
        found.offsets.append(len(found.owners))
    return found


def anchor(form: Sequence[Element]) -> tuple[int, int]:
    """Return where a form is hit, at its rarest word or two neighbouring words, and of how many words that is."""
    best, most = (0, 0), -math.inf
    before: Element | None = None
    for index, element in enumerate(form):
        if not element.words:
            before = None
            continue
        # What digits are joined to is looked for alone.
        if before is not None and not before.figure and not element.figure:
            both = before.scores[0] + element.scores[0]
            if both > most and len(before.words) * len(element.words) <= _MOST_PAIRS:
                best, most = (index - 1, 2), both
        if element.scores[0] > most:
            best, most = (index, 1), element.scores[0]
        before = element
    return best


def second_word(form: Sequence[Element], at: int, length: int) -> tuple[int, tuple[bytes, ...]]:
    """Return where one more word of a form must stand, and its spellings: the rarest, neighbours first.

    None where the form is no more than its anchor, or of words so common that looking for them tells nothing.
    """
    best: tuple[int, tuple[bytes, ...]] = (FREE, ())
    most = -1.0
    for index, element in enumerate(form):
        if at <= index < at + length or not element.words or element.figure:
            continue
        place = NEXT if index == at + length else BEFORE if index == at - 1 else ANYWHERE
        score = element.scores[2 if place == ANYWHERE else 1]
        if score > most:
            best, most = (place, element.words), score
    return best


def _found_by(index: Index, forms: array[int], base: int) -> tuple[array[int], _Map]:
    """Return what is to be known of each literal, and the map from literals and words beside them to forms.

    Of a literal are known the places of further words and what else `scan.c` asks as bits, how far off they are, and
    where its forms that need no more stand; ``base`` is where the references of this index begin.
    """
    free = array("I", bytes(4 * len(index.literals)))
    found = _Map()
    for key, value in zip(index.keys, index.values, strict=True):
        if key >> 32 & 3:
            found.add(key, base + value)
        else:
            free[(key >> 34) - 1] = value
    about = array("I")
    for number, place in enumerate(free):
        bits, reach = index.about[2 * number : 2 * number + 2]
        if bits == 1 << FREE:
            last = place + 1 + 2 * index.references[place]
            if all(forms[_FORM_WIDTH * form + 1] & _LEANS for form in index.references[place + 1 : last : 2]):
                bits |= _LEANING
        about.extend((bits, reach, base + place if bits & 1 << FREE else 0))
    return about, found


def _literals(kinds: Sequence[Index]) -> _Map:
    """Return the literals, of triggers and of cues, of each word and of two in a row, by keys for ``scan.entries``."""
    entries: dict[int, list[int]] = {}
    for which, kind in enumerate(kinds):
        for number, literal in enumerate(kind.literals, 1):
            first, second = literal >> 32, literal & _DIGITS
            key = first if not second else (first + 1) << 32 | (second if second == _DIGITS else second - 1)
            entries.setdefault(key, [0, 0])[which] = number
    found = _Map()
    for key, literals in entries.items():
        found.add(key, *literals)
    return found


def _lists(lists: Iterable[Sequence[int]]) -> tuple[array[int], array[int]]:
    """Return where each of some lists begins, and behind the last, and the lists in a row."""
    offsets, row = array("I", [0]), array("I")
    for each in lists:
        row.extend(each)
        offsets.append(len(row))
    return offsets, row


def _is_exact(element: list[Any]) -> bool:
    """Tell whether the core sees all that there is to an element, but for its signs: a word without digits."""
    return (
        element[0] == _WORD
        and len(element) <= 5
        and all(case == "c" or len(exact) == len(word) < 256 for word, (case, exact) in element[2].items())
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
