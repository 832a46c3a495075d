"""Anchoring: by which words of a phrase the automaton finds it.

Each form of each phrase is anchored at one word or two neighbouring words, the rarest that it has, and is
sorted under one more word that it needs, so that few forms are tried at a hit. Two words are looked for
with one to four separators between them (a blank, double blanks, a line break with blanks beside it, a full
stop and a blank); longer runs are squeezed before scanning, where there are any.
"""

from __future__ import annotations

import itertools
import json
import math
from array import array
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import automaton
from ..core.tables import Indexed
from ..folding import UNKNOWN_LETTER
from ._phrases import Element, Form, Gap, Slot, Word, script_texts

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_PAIRS = 48
_NEIGHBOUR = 3.0  # how much rarer a word further off must be to be looked for first
_UNKNOWN = 12.0
FIGURE = b"#"  # behind a word to which digits are joined


@cache
def _ranks() -> dict[str, int]:
    text = (Path(__file__).parent / "common-words.txt").read_text(encoding="ascii")
    words = [word for line in text.splitlines() if not line.startswith("#") for word in line.split()]
    return {word: rank for rank, word in enumerate(words)}


@cache
def rarity(word: bytes) -> float:
    """Return how rare a folded word is: 0 for the commonest, 12 for one that the list does not hold."""
    text = word.decode("latin-1")
    if len(text) == 1:
        return 0.2
    if text.isdigit():
        return 1.0 + len(text)
    rank = _ranks().get(text)
    return _UNKNOWN if rank is None else 1.2 * math.log(rank + 1)


def encode_form(form: Form) -> list[list[Any]]:
    """Return a form as JSON data: words as 0, gaps as 1, slots as 2."""
    return [_encode(element) for element in form]


def _encode(element: Element) -> list[Any]:
    if isinstance(element, Gap):
        return [1, element.most]
    if isinstance(element, Slot):
        return [2, element.context]
    words = [word.decode("latin-1") for word in element.words]
    cased: dict[str, list[str]] = {}
    if any(element.cases):
        # Of (US|Us) the second is the wider, whatever their order: a capital at the start is enough.
        spelt = list(zip(words, element.cases, element.exact, strict=True))
        spelt.sort(key=lambda each: each[1] == "c")
        words = [w for w, c in zip(words, element.cases, strict=True) if not c]
        known = frozenset(words)
        cased = {w: [c, e.decode("latin-1")] for w, c, e in spelt if c and w not in known}
    return [0, words, cased, element.sep, element.after, *([1] if element.figure else [])]


class _Known:
    """What is to be known of an element, worked out once: it comes back in many forms.

    ``encoded`` and ``json`` are the element as data. Of a word, ``words`` are its spellings as they are looked for,
    ``low`` how rare the commonest of them is and ``count`` how many there are; ``scripts`` that some hold letters of
    other scripts.
    """

    __slots__ = ("count", "element", "encoded", "figure", "json", "low", "rarest", "scripts", "word", "words")

    def __init__(self, element: Element) -> None:
        self.element = element
        self.encoded = _encode(element)
        self.json = _dumps(self.encoded)
        self.word = isinstance(element, Word)
        self.words: tuple[bytes, ...] = ()
        self.figure = self.scripts = False
        self.count, self.low, self.rarest = 0, 0.0, 0.0
        if isinstance(element, Word):
            self.figure = element.figure
            self.scripts = UNKNOWN_LETTER in b"".join(element.words)
            self.count = len(element.words)
            self.low = min(map(rarity, element.words))
            self.rarest = self.low - 0.01 * self.count
            looked_for = (word + FIGURE for word in element.words) if self.figure else element.words
            self.words = tuple(dict.fromkeys(looked_for))


def _anchor_of(form: Sequence[_Known]) -> tuple[int, int]:
    """Return the index of the first anchor word and how many there are (1 or 2)."""
    best, most = (-1, 1), -1.0
    before: _Known | None = None
    for index, element in enumerate(form):
        if not element.word:
            before = None
            continue
        # What digits are joined to is looked for alone.
        if before is not None and not before.figure and not element.figure:
            both = before.rarest + element.rarest
            if both > most and before.count * element.count <= _MOST_PAIRS:
                best, most = (index - 1, 2), both
        if element.rarest > most:
            best, most = (index, 1), element.rarest
        before = element
    return best


def _second_word(form: Sequence[_Known], anchor: int, length: int) -> tuple[str, tuple[bytes, ...]]:
    """Return which other word of a form to look for before trying it: the rarest, neighbours first."""
    best: tuple[str, tuple[bytes, ...]] = ("f", ())
    most = -1.0
    for index, element in enumerate(form):
        if anchor <= index < anchor + length or not element.word or element.figure:
            continue
        where = "n" if index == anchor + length else "p" if index == anchor - 1 else "s"
        score = element.low + (0 if where == "s" else _NEIGHBOUR) - 0.05 * element.count
        if score > most:
            best, most = (where, element.words), score
    return best


def _reach(form: Sequence[_Known], longest: int) -> int:
    """Return how many words a form may span; ``longest`` is the most words of a slot, with "'s" behind it."""
    elements = (each.element for each in form)
    return sum(1 if isinstance(e, Word) else e.most if isinstance(e, Gap) else longest + 1 for e in elements)


def blob(name: str, records: list[bytes]) -> dict[str, bytes]:
    """Return records as one section, with their offsets as another."""
    at = array("I", [0])
    total = 0
    for record in records:
        total += len(record)
        at.append(total)
    return {f"{name}.blob": b"".join(records), f"{name}.offsets": at.tobytes()}


_dumps = json.JSONEncoder(separators=(",", ":")).encode


class FormsBuilder:
    """Collects forms and the literals that lead to them; ``longest`` is the most words of a context's cue."""

    def __init__(self, longest: int = 0) -> None:
        self.longest = longest
        self.literals: dict[tuple[bytes, ...], list[tuple[int, int]]] = {}
        self.owners: list[int] = []
        self.encoded: list[tuple[int, str, list[list[Any]]]] = []
        self.records: list[bytes] = []
        self.forms: list[list[_Known]] = []
        self._elements: dict[Element, _Known] = {}
        self._by_id: dict[int, tuple[Element, _Known]] = {}  # the same, found sooner
        self.scripts: list[list[Any]] = []
        self.indexed: Indexed | None = None

    def add(self, owner: int, role: str, form: Form) -> None:
        """Add a form of a rule's (or context's) phrase; ``role`` tells names from phrases."""
        known = [self._known(element) for element in form]
        if any(element.scripts for element in known):
            self.scripts += [[text, owner, role] for text in script_texts(form) or ()]
            return
        if role == "c":
            self.longest = max(self.longest, len(form))
        number = len(self.encoded)
        self.forms.append(known)
        self.owners.append(owner)
        self.encoded.append((owner, role, [element.encoded for element in known]))
        self.records.append(f'[{owner},"{role}",[{",".join([element.json for element in known])}]]'.encode())
        index, length = _anchor_of(known)
        for words in itertools.product(*[element.words for element in known[index : index + length]]):
            self.literals.setdefault(words, []).append((number, index))

    def _known(self, element: Element) -> _Known:
        same = self._by_id.get(id(element))
        if same is None:
            found = self._elements.get(element)
            if found is None:
                found = self._elements[element] = _Known(element)
            same = self._by_id[id(element)] = (element, found)
        return same[1]

    def sections(self, name: str) -> dict[str, bytes]:
        """Return the sections of the compiled rulebook for these forms."""
        literals = sorted(self.literals)
        self.indexed = indexed = Indexed(
            literals,
            [self._index(words) for words in literals],
            self.encoded,
            [sorted({self.owners[n] for n, _ in self.literals[words]}) for words in literals],
            FIGURE,
        )
        patterns: list[bytes] = []
        values = array("I")
        for number, words in enumerate(literals):
            if words[0].endswith(FIGURE):
                patterns += [b" %b%d" % (words[0].removesuffix(FIGURE), digit) for digit in range(10)]
                values.extend([number] * 10)
                continue
            for blanks in (b" ", b"  ", b"   ", b"    ")[: 1 if len(words) == 1 else 4]:
                patterns.append(b" %b " % blanks.join(words))
                values.append(number)
        return {
            f"{name}.automaton": automaton.build(patterns).serialize(),
            f"{name}.values": values.tobytes(),
            # 0 for one word to which digits are joined.
            f"{name}.lengths": bytes(0 if words[0].endswith(FIGURE) else len(words) for words in literals),
            f"{name}.scripts": json.dumps(self.scripts, separators=(",", ":")).encode() if self.scripts else b"",
            **blob(f"{name}.owners", [array("I", owners).tobytes() for owners in indexed.owners]),
            **blob(f"{name}.forms", self.records),
            **blob(f"{name}.index", [_dumps(index).encode() for index in indexed.indexes]),
        }

    def _index(self, words: tuple[bytes, ...]) -> dict[str, dict[str, list[int]]]:
        """Return, for a literal, its forms sorted by one more word that each needs: where, word, forms.

        ``f`` forms need no other word, ``n`` need the word right behind the literal, ``p`` right before it,
        ``s`` somewhere in the sentence, at most the number under ``r`` of words away.
        """
        table: dict[str, dict[str, list[int]]] = {"f": {}, "n": {}, "p": {}, "s": {}}
        farthest = 0
        for number, index in self.literals[words]:
            where, needed = _second_word(self.forms[number], index, len(words))
            if where == "s":
                farthest = max(farthest, _reach(self.forms[number], self.longest))
            for other in needed or (b"",):
                table[where].setdefault(other.decode("latin-1"), []).extend((number, index))
        if farthest:
            table["r"] = {"": [farthest]}
        return table
