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
from ..core.signs import ANCHORS, Edges, edges_of, plain_signs
from ..core.tables import ANYWHERE, Forms, anchor, second_word
from ..core.tables import Element as Indexable
from ..folding import UNKNOWN_LETTER
from ._phrases import Element, Form, Gap, Slot, Word, script_texts
from ._store import Sections, pack

if TYPE_CHECKING:
    from collections.abc import Sequence

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

    ``encoded`` and ``json`` are the element as data. Of a word, ``words`` are its spellings, each once; the rarer the
    commonest of them and the fewer they are, the higher are ``scores`` (see `Indexable`); ``scripts`` tells that some
    hold letters of other scripts. ``plain`` is an element as `edges_of` takes it, ``signed`` that it has signs.
    ``span`` is how many words it stands for; a slot's is not known here.
    """

    __slots__ = ("encoded", "figure", "json", "plain", "scores", "scripts", "signed", "span", "words")

    def __init__(self, element: Element) -> None:
        self.encoded = _encode(element)
        self.words: tuple[bytes, ...] = ()
        self.figure = self.scripts = False
        self.span: int | None = element.most if isinstance(element, Gap) else None
        self.scores = (0.0, 0.0, 0.0)
        if isinstance(element, Word):
            self.span = 1
            self.figure = element.figure
            self.words = element.words if len(element.words) == 1 else tuple(dict.fromkeys(element.words))
            self.scripts = UNKNOWN_LETTER in b"".join(self.words)
            low, count = min(map(rarity, self.words)), len(self.words)
            self.scores = (low - 0.01 * count, low + _NEIGHBOUR - 0.05 * count, low - 0.05 * count)
        self.signed = isinstance(element, Word) and bool(element.sep or element.after)
        self.plain: tuple[Any, ...] = (self.encoded[0],)
        if isinstance(element, Word):
            self.plain = (0, self.words, plain_signs(element.sep), plain_signs(element.after))
        self.json = _dumps(self.encoded) if self.scripts or not self.words else _spelt(self.encoded)


def _spelt(element: list[Any]) -> str:
    """Return a word as JSON, sooner than the library does: its folded spellings are small letters and digits."""
    words = ",".join([f'"{word}"' for word in element[1]])
    cased = ",".join([f'"{word}":["{case}",{_quoted(exact)}]' for word, (case, exact) in element[2].items()])
    signs = ",".join(map(_quoted, element[3:5]))
    return f"[0,[{words}],{{{cased}}},{signs}{',1' if len(element) > 5 else ''}]"


def blob(name: str, records: Sequence[bytes]) -> dict[str, bytes]:
    """Return records as one section, with their offsets as another."""
    at = array("I", itertools.accumulate(map(len, records), initial=0))
    return {f"{name}.blob": b"".join(records), f"{name}.offsets": at.tobytes()}


_dumps = json.JSONEncoder(separators=(",", ":")).encode
_quoted = json.encoder.encode_basestring_ascii


class FormsBuilder:
    """Collects forms, as numbers of their elements; ``longest`` is the most words of a context's cue."""

    def __init__(self, longest: int = 0) -> None:
        self.longest = longest
        self.owners = array("I")
        self.roles: list[str] = []
        self.scripts: list[list[Any]] = []
        self._elements: list[_Known] = []
        self._forms = array("I")  # the elements of all forms in a row …
        self._ends = array("I", [0])  # … and where each form ends
        self._numbers: dict[Element, int] = {}
        self._by_id: dict[int, tuple[Element, int]] = {}  # the same, found sooner
        self._odd: set[int] = set()  # elements with letters of other scripts

    def add(self, owner: int, role: str, form: Form) -> None:
        """Add a form of a rule's (or context's) phrase; ``role`` tells names from phrases."""
        numbers = [self._number(element) for element in form]
        if self._odd and not self._odd.isdisjoint(numbers):
            self.scripts += [[text, owner, role] for text in script_texts(form) or ()]
            return
        if role == "c":
            self.longest = max(self.longest, len(form))
        self._forms.extend(numbers)
        self._ends.append(len(self._forms))
        self.owners.append(owner)
        self.roles.append(role)

    def _number(self, element: Element) -> int:
        same = self._by_id.get(id(element))
        if same is None:
            number = self._numbers.get(element)
            if number is None:
                number = self._numbers[element] = len(self._elements)
                known = _Known(element)
                self._elements.append(known)
                if known.scripts:
                    self._odd.add(number)
            same = self._by_id[id(element)] = (element, number)
        return same[1]

    def forms(self) -> Forms:
        """Return the forms as the tables of the compiled core are made of them."""
        elements = [
            Indexable(one.encoded, one.words, one.scores, self._span(one), one.figure) for one in self._elements
        ]
        return Forms(elements, self._forms, self._ends, self.owners, self.roles, self._edges())

    def _edges(self) -> dict[int, Edges]:
        """Return what must stand beside the words of forms that have signs, by the numbers of the forms."""
        signed = frozenset(number for number, one in enumerate(self._elements) if one.signed)
        found = {}
        for form, (start, end) in enumerate(itertools.pairwise(self._ends)):
            if self.roles[form] not in ANCHORS and not signed.isdisjoint(self._forms[start:end]):
                found[form] = edges_of([self._elements[number].plain for number in self._forms[start:end]])
        return found

    def _span(self, element: _Known) -> int:
        """Return how many words an element may span: a slot the longest cue, with "'s" behind it."""
        return self.longest + 1 if element.span is None else element.span

    def sections(self, name: str) -> dict[str, bytes]:
        """Return the sections of the compiled rulebook for these forms, that serve whether or not the core does."""
        pieces = [element.json for element in self._elements]
        ends = self._ends
        records = [
            f'[{owner},"{role}",[{",".join([pieces[n] for n in self._forms[start:end]])}]]'.encode()
            for owner, role, start, end in zip(self.owners, self.roles, ends, ends[1:], strict=False)
        ]
        return {
            f"{name}.scripts": json.dumps(self.scripts, separators=(",", ":")).encode() if self.scripts else b"",
            **blob(f"{name}.forms", records),
        }

    def interpreted(self, name: str) -> dict[str, bytes]:
        """Return the sections that the automaton, and the interpreted gate, go by."""
        found: dict[tuple[bytes, ...], list[tuple[int, int]]] = {}
        every = self.forms().elements
        forms = [[every[n] for n in self._forms[s:e]] for s, e in itertools.pairwise(self._ends)]
        for number, form in enumerate(forms):
            index, length = anchor(form)
            for words in itertools.product(*map(_looked_for, form[index : index + length])):
                found.setdefault(words, []).append((number, index))
        # In the order of the compiled core: a word by itself, with another, with digits.
        literals = sorted(
            found, key=lambda words: (words[0].removesuffix(FIGURE), words[0].endswith(FIGURE), words[1:])
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
        owners = [array("I", sorted({self.owners[n] for n, _ in found[words]})).tobytes() for words in literals]
        return {
            f"{name}.automaton": automaton.build(patterns).serialize(),
            f"{name}.values": values.tobytes(),
            # 0 for one word to which digits are joined.
            f"{name}.lengths": bytes(0 if words[0].endswith(FIGURE) else len(words) for words in literals),
            **blob(f"{name}.owners", owners),
            **blob(f"{name}.index", [_dumps(self._index(forms, words, found[words])).encode() for words in literals]),
        }

    def _index(
        self, forms: list[list[Indexable]], words: tuple[bytes, ...], found: list[tuple[int, int]]
    ) -> dict[str, dict[str, list[int]]]:
        """Return, for a literal, its forms sorted by one more word that each needs: where, word, forms.

        ``f`` forms need no other word, ``n`` need the word right behind the literal, ``p`` right before it,
        ``s`` somewhere in the sentence, at most the number under ``r`` of words away.
        """
        table: dict[str, dict[str, list[int]]] = {"f": {}, "n": {}, "p": {}, "s": {}}
        farthest = 0
        for number, index in found:
            where, needed = second_word(forms[number], index, len(words))
            if where == ANYWHERE:
                farthest = max(farthest, sum(element.span for element in forms[number]))
            for other in needed or (b"",):
                table["fnps"[where]].setdefault(other.decode("latin-1"), []).extend((number, index))
        if farthest:
            table["r"] = {"": [farthest]}
        return table


def _looked_for(element: Indexable) -> tuple[bytes, ...]:
    """Return the spellings of a word as they are looked for."""
    return tuple(word + FIGURE for word in element.words) if element.figure else element.words


def completed(sections: Sections, name: str) -> Sections:
    """Return what the interpreted core goes by for the forms of a rulebook that was compiled without it.

    Made of the forms themselves: literals have the numbers that the compiled core gave them.
    """
    builder = FormsBuilder()
    for kind in dict.fromkeys(("cues", name)):
        builder = FormsBuilder(builder.longest)
        elements: dict[str, Element] = {}
        for start, end in itertools.pairwise(sections.view(f"{kind}.forms.offsets").cast("I")):
            owner, role, encoded = json.loads(sections.slice(f"{kind}.forms.blob", start, end))
            keys = [_dumps(each) for each in encoded]
            for key, each in zip(keys, encoded, strict=True):
                if key not in elements:
                    elements[key] = _decoded(each)
            builder.add(owner, role, tuple([elements[key] for key in keys]))
    return Sections(pack(builder.interpreted(name)))


def _decoded(data: list[Any]) -> Element:
    """Return the element that `_encode` made data of, but for the order of its spellings."""
    if data[0]:
        return Gap(data[1]) if data[0] == 1 else Slot(data[1])
    words = [word.encode("latin-1") for word in (*data[1], *data[2])]
    cases = ["" for _ in data[1]] + [case for case, _ in data[2].values()]
    exact = words[: len(data[1])] + [spelt.encode("latin-1") for _, spelt in data[2].values()]
    return Word(tuple(words), tuple(cases), tuple(exact), data[3], data[4], figure=len(data) > 5)
