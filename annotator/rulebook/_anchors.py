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
from typing import Any

from .. import automaton
from ..core.tables import Indexed
from ._phrases import Form, Gap, Word, script_texts

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


def _rarest(element: Word) -> float:
    return min(map(rarity, element.words)) - 0.01 * len(element.words)


def anchor_of(form: Form) -> tuple[int, int]:
    """Return the index of the first anchor word and how many there are (1 or 2)."""
    best, most = (-1, 1), -1.0
    for index, element in enumerate(form):
        if not isinstance(element, Word):
            continue
        if _rarest(element) > most:
            best, most = (index, 1), _rarest(element)
        after = form[index + 1] if index + 1 < len(form) else None
        if element.figure or (isinstance(after, Word) and after.figure):
            continue  # what digits are joined to is looked for alone
        if isinstance(after, Word) and len(element.words) * len(after.words) <= _MOST_PAIRS:
            both = _rarest(element) + _rarest(after)
            if both > most:
                best, most = (index, 2), both
    return best


def encode_form(form: Form) -> list[list[Any]]:
    """Return a form as JSON data: words as 0, gaps as 1, slots as 2."""
    encoded: list[list[Any]] = []
    for element in form:
        if isinstance(element, Word):
            # Of (US|Us) the second is the wider, whatever their order: a capital at the start is enough.
            spelt = list(zip(element.words, element.cases, element.exact, strict=True))
            spelt.sort(key=lambda each: each[1] == "c")
            exact = {w.decode("latin-1"): [c, e.decode("latin-1")] for w, c, e in spelt if c}
            any_case = [w.decode("latin-1") for w, c in zip(element.words, element.cases, strict=True) if not c]
            cased = {w: p for w, p in exact.items() if w not in any_case}
            encoded.append([0, any_case, cased, element.sep, element.after, *([1] if element.figure else [])])
        elif isinstance(element, Gap):
            encoded.append([1, element.most])
        else:
            encoded.append([2, element.context])
    return encoded


def _second_word(form: Form, anchor: int, length: int) -> tuple[str, tuple[bytes, ...]]:
    """Return which other word of a form to look for before trying it: the rarest, neighbours first."""
    best: tuple[str, tuple[bytes, ...]] = ("f", ())
    most = -1.0
    for index, element in enumerate(form):
        if anchor <= index < anchor + length or not isinstance(element, Word):
            continue
        where = {anchor + length: "n", anchor - 1: "p"}.get(index, "s")
        if element.figure:
            continue
        score = min(map(rarity, element.words)) + (0 if where == "s" else _NEIGHBOUR) - 0.05 * len(element.words)
        if score > most:
            best, most = (where, tuple(dict.fromkeys(element.words))), score
    return best


def _looked_for(element: Word) -> tuple[bytes, ...]:
    return tuple(word + FIGURE for word in element.words) if element.figure else element.words


def _reach(form: Form, longest: int) -> int:
    """Return how many words a form may span; ``longest`` is the most words of a slot, with "'s" behind it."""
    return sum(1 if isinstance(e, Word) else e.most if isinstance(e, Gap) else longest + 1 for e in form)


def blob(name: str, records: list[bytes]) -> dict[str, bytes]:
    """Return records as one section, with their offsets as another."""
    at = array("I", [0])
    total = 0
    for record in records:
        total += len(record)
        at.append(total)
    return {f"{name}.blob": b"".join(records), f"{name}.offsets": at.tobytes()}


def _json(data: Any) -> bytes:
    return json.dumps(data, separators=(",", ":")).encode()


class FormsBuilder:
    """Collects forms and the literals that lead to them; ``longest`` is the most words of a context's cue."""

    def __init__(self, longest: int = 0) -> None:
        self.longest = longest
        self.literals: dict[tuple[bytes, ...], list[tuple[int, int]]] = {}
        self.owners: list[int] = []
        self.encoded: list[tuple[int, str, list[list[Any]]]] = []
        self.forms: list[Form] = []
        self.scripts: list[list[Any]] = []
        self.indexed: Indexed | None = None

    def add(self, owner: int, role: str, form: Form) -> None:
        """Add a form of a rule's (or context's) phrase; ``role`` tells names from phrases."""
        texts = script_texts(form)
        if texts is not None:
            self.scripts += [[text, owner, role] for text in texts]
            return
        if role == "c":
            self.longest = max(self.longest, len(form))
        number = len(self.encoded)
        self.forms.append(form)
        self.owners.append(owner)
        self.encoded.append((owner, role, encode_form(form)))
        index, length = anchor_of(form)
        elements = [e for e in form[index : index + length] if isinstance(e, Word)]
        for words in itertools.product(*(dict.fromkeys(_looked_for(element)) for element in elements)):
            self.literals.setdefault(words, []).append((number, index))

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
            **blob(f"{name}.forms", [_json(form) for form in self.encoded]),
            **blob(f"{name}.index", [_json(index) for index in indexed.indexes]),
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
