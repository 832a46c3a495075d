"""Legal forms in names of bodies: what of a name they are, and what of a text beside a name.

A form is told by its letters alone, so that "S.A. de C.V.", "SA DE CV" and ", S.A de CV." are one. The forms come from
``data/legal-forms.txt``.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from ..._lazy import regex
from ..._vocabulary import data_file, sections
from .spelling import tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

_WORD = regex(rb"[A-Za-z0-9]+(?:'[A-Za-z0-9]+)*")
_BEHIND = regex(rb"\.?,?\s{0,3}\(?|[.,-]|\s?&\s?|\)\s?")
_BEFORE = regex(rb"[ \t.\-]{0,3}[\"']?")
_LETTERS = bytes(ord(chr(byte).lower()) if byte < 128 and chr(byte).isalnum() else 32 for byte in range(256))
_LONGEST = 64  # longer than the letters of any form
_STOP = regex(rb"\.\s+")
_STARTS_NEXT = regex(rb" [\"']?[A-Z][a-z]")
_MOST_WORDS, _REACH = 8, 90
_MOST_PLACES = 4  # words of a town behind a form
_LEAST_IN_SMALL = 3  # letters of a form that a text may write without capitals
_WORDS = frozenset({"company", "corporation", "establishment", "co"})  # behind a comma, no forms
_JOINS = frozenset("of the and for in on at a an y e de von van la".split())


@cache
def _table() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    lines = sections(data_file(__file__, "data", "legal-forms.txt"))
    found = {place: {"".join(tokens(form)) for form in forms} for place, forms in lines.items()}
    both, placed = frozenset(found["both"]), frozenset(found["behind, with a place"])
    return both, both | placed | frozenset(found["behind"]), placed


def forms() -> frozenset[str]:
    """Return the letters of all forms: ``ltd``, ``sadecv``."""
    return _table()[1]


@cache
def _beginnings() -> frozenset[str]:
    return frozenset(form[:size] for form in forms() for size in range(1, len(form) + 1))


@cache
def _endings() -> frozenset[str]:
    return frozenset(form[-size:] for form in _table()[0] for size in range(1, len(form) + 1))


@lru_cache(1 << 14)
def _bare(row: tuple[str, ...]) -> tuple[str, ...]:
    before, behind, placed = _table()
    kept = row
    if "".join(row) in behind:
        return row
    while len(kept) > 1:
        for size in range(min(_MOST_WORDS, len(kept) - 1), 0, -1):
            if "".join(kept[-size:]) in behind and kept[-size - 1] not in _JOINS:
                kept = kept[:-size]
                break
            if "".join(kept[:size]) in before and kept[size] not in _JOINS:
                kept = kept[size:]
                break
        else:
            break
    for at in range(1, len(kept) - 1):
        for size in (1, 3):
            if 0 < len(kept) - at - size <= _MOST_PLACES and "".join(kept[at : at + size]) in placed:
                return kept[:at]
    return kept


def stages(row: Sequence[str]) -> list[list[str]]:
    """Return the words of a name without one legal form at either end, and without any; nothing where it has none.

    >>> stages(["zarya", "co", "ltd"])
    [['zarya', 'co'], ['zarya']]
    """
    before, behind, _ = _table()
    words = list(row)
    found: list[list[str]] = []
    for size in range(1, min(_MOST_WORDS, len(words) - 1) + 1):
        if "".join(words[-size:]) in behind and words[-size - 1] not in _JOINS:
            found.append(words[:-size])
        if "".join(words[:size]) in before and words[size] not in _JOINS:
            found.append(words[size:])
    least = bare(words)
    return [one for one in [*found, least] if one != words and (one is least or one != least)]


def bare(row: Sequence[str]) -> list[str]:
    """Return the words of a name without the legal forms at its ends; one word is left at least.

    >>> bare(["zarya", "s", "a", "de", "c", "v"]), bare(["limited", "liability", "company", "bank", "zarya"])
    (['zarya'], ['bank', 'zarya'])
    """
    return list(_bare(tuple(row)))


def ends(plain: bytes, end: int) -> int:
    """Return where the legal forms end that stand behind a name in a text (", S.A. de C.V."), else ``end``."""
    while True:
        letters, last, at = "", end, end
        for count, hit in enumerate(_WORD.finditer(plain, end, end + _REACH)):
            if count >= _MOST_WORDS or hit.start() == end or not _BEHIND.fullmatch(plain, at, hit.start()):
                break
            if plain.count(b"\n", at, hit.start()) > 1:
                break  # a paragraph further on
            if at == end and hit.group()[1:].islower() and _STOP.fullmatch(plain, at, hit.start()):
                break  # "Bank Zarya. As ships left"
            letters += hit.group().decode("ascii").lower()
            if letters not in _beginnings():
                break  # whatever follows
            at = hit.end()
            if letters not in forms() or (letters in _WORDS and b"," in plain[end:at]):
                continue
            if b"," in plain[end:at] and letters in _table()[0] and _STARTS_NEXT.match(plain, at):
                continue  # ", OOO Zarya" is another company
            if _is_written(plain[end:at], letters):
                last = at
        if last == end:
            return end
        end = last


def starts(plain: bytes, start: int) -> int:
    """Return where the legal form starts that stands before a name in a text, else ``start``."""
    low = max(0, start - _REACH)
    # What parts them is looked at below.
    last = plain[max(low, start - _LONGEST) : start].translate(_LETTERS).split()[-1:]
    if not last or last[0].decode("ascii") not in _endings():
        return start
    letters, first, at = "", start, start
    for hit in reversed([*_WORD.finditer(plain, low, start)][-_MOST_WORDS:]):
        if hit.start() == low > 0 or hit.end() == start or not _BEFORE.fullmatch(plain, hit.end(), at):
            break
        letters = hit.group().decode("ascii").lower() + letters
        at = hit.start()
        if letters in _table()[0] and plain[at : at + 1].isupper():
            first = at
    return first


def _is_written(stretch: bytes, letters: str) -> bool:
    """Tell whether a text writes letters as it writes a form: "as" is a word, "AS" and "a.s." may be forms."""
    words = stretch.lstrip(b" .,(-&\r\n\t")
    if words[:1].isupper() or (words[:1].isdigit() is False and words[1:2].isupper()):
        return True
    return len(letters) >= _LEAST_IN_SMALL and b"." in words
