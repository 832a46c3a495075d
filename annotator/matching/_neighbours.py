"""Words right beside a name on a list that make it part of a longer name, or a short form of one."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from .._lazy import regex
from ..lists.names import legal
from ..lists.names.places import lands
from ..lists.names.rarity import frequency
from ..lists.names.spelling import HONORIFICS, PARTICLES
from ._names import TITLES
from ._words import either, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ._page import Page

WORD = regex(rb"[A-Za-z0-9]+(?:'[A-Za-z0-9]+)*")
MOST_TRIES = 30
SMALL = words_of("small words in names")
_LAST_WORD = regex(rb"([A-Za-z]+(?:'[A-Za-z]+)*)[ -]$")
_TICKER = regex(rb"\.%b\b(?!\.[A-Z])" % either("exchange"))
_STOPPED_TEXT = regex(rb"\.[A-Za-z]$")
_JOINTS = frozenset((b" ", b"-"))
_OF_NAMES = words_of("of names")
_AFTER = HONORIFICS | {"jr", "sr", "ii", "iii", "in", "on", "of", "and"}
_BOUND = words_of("bound to a name")
_BESIDE_BODIES = words_of("beside a body")
_BEFORE = words_of("beside a person")


def latin(text: bytes) -> str:
    """Return bytes of a folded text as text."""
    return text.decode("latin-1")


def ordinary(word: str) -> bool:
    """Tell whether a word is an ordinary one."""
    found = frequency(word)
    return found is not None and found.common


def no_given_name(word: str) -> bool:
    """Tell whether a word before a family name is a title, a place or any other that is no name of a person."""
    if word.encode() in TITLES or word in HONORIFICS or word in _BEFORE or word in PARTICLES or word in SMALL:
        return True
    return ordinary(word) or _place(word)


def _place(word: str) -> bool:
    return bool(lands(word)) or word in {"s", "the"}


def longer_name(page: Page, start: int, end: int, block: int, *, person: bool) -> tuple[float, str]:
    """Return what it counts against a name that capitalised neighbours make it part of a longer one, and how."""
    after, goes_on = _goes_on(page.plain, end if person else legal.ends(page.plain, end), person=person)
    before, stands = _stands_behind(page, start, block, person=person)
    return after + before, "; ".join(filter(None, (goes_on, stands)))


def _goes_on(plain: bytes, end: int, *, person: bool) -> tuple[float, str]:
    """Return what it counts against a name that it seems to go on, and how."""
    joint = plain[end : end + 1]
    if joint == b".":
        if _TICKER.match(plain, end) and not _STOPPED_TEXT.search(plain, max(0, end - 3), end):
            return 14.0, "a stock's sign"
        return 0.0, ""
    hit = WORD.match(plain, end + 1) if joint in _JOINTS else None
    if hit is None:
        return 0.0, ""
    word = latin(hit.group()).removesuffix("'s")
    low = word.lower()
    if low in PARTICLES and word[0].islower() and person:
        further = WORD.match(plain, hit.end() + 1) if plain[hit.end() : hit.end() + 1] in _JOINTS else None
        if further is not None and further.group()[:1].isupper() and low in _OF_NAMES:
            return 14.0, f"goes on with {word} {latin(further.group())}"
    if joint == b"-" and word.isdigit():
        return 8.0, f"goes on with -{word}"
    if word[0].isupper() and (low in PARTICLES or (low not in _AFTER and not (person and ordinary(low)))):
        return (14.0 if person else 8.0), f"goes on with {word}"
    follows = plain[hit.end() : hit.end() + 2]
    if low == "of" and not person and follows[:1] == b" " and follows[1:].isupper():
        return 5.0, "goes on with of"
    if joint == b"-" and low in _BOUND:
        return 0.0, ""
    if joint == b"-" and word[0].islower():
        # "Kim Jong-il", but "Kim-led".
        return (25.0 if person and not ordinary(low) else 6.0), f"goes on with -{word}"
    return 0.0, ""


def _stands_behind(page: Page, start: int, block: int, *, person: bool) -> tuple[float, str]:
    """Return what it counts against a name that a capitalised word stands before it, and which."""
    plain = page.plain
    if start < 1 or plain[start - 1 : start] not in _JOINTS:
        return 0.0, ""
    before = latin(page.fold[max(0, start - 40) + 1 : start].rpartition(b" ")[2])
    at = start - 1 - len(before)
    if person and before in _OF_NAMES and plain[at : at + 1].islower() and plain[at - 1 : at] in _JOINTS:
        name = _LAST_WORD.search(plain, max(0, at - 40), at)
        if name is not None and name.group(1)[:1].isupper() and name.group(1).lower() not in TITLES:
            return 16.0, f"stands behind {before}"
    if not before or before == "s" or before.isdigit() or not plain[at : at + 1].isupper():
        return 0.0, ""
    starts = at == page.sentence(block, start)[0]
    if before.encode("latin-1") in TITLES or before in HONORIFICS or before in _BEFORE or _place(before):
        return 0.0, ""
    if person and not ordinary(before) and not (starts and before in SMALL):
        return 10.0, f"stands behind {before.capitalize()}"
    if not person and not starts and before not in _BESIDE_BODIES:
        return 12.0, f"stands behind {before.capitalize()}"
    return 0.0, ""


def in_a_row(plain: bytes, start: int) -> bool:
    """Tell whether a family name with a comma behind it is the end of a name: "Usama bin Ladin, Osama"."""
    before = _LAST_WORD.search(plain, max(0, start - 40), start)
    if before is None:
        return False
    word = before.group(1)
    return (word[:1].isupper() and word.lower() not in TITLES) or latin(word).lower() in PARTICLES


def capitals(plain: bytes, start: int, end: int) -> bool:
    """Tell whether every word of a name that has to be is written with a capital."""
    for hit in WORD.finditer(plain, start, end):
        word = latin(hit.group())
        low = word.lower()
        if word[0].islower() and low not in PARTICLES and low not in SMALL and low not in legal.forms():
            # The second half of a name with a hyphen may be small: "Yong-chol", "Al-qaida".
            if plain[hit.start() - 1 : hit.start()] == b"-" and hit.start() > start:
                continue
            return False
    return True


def spelt_out(plain: bytes, start: int, end: int, places: Iterable[int]) -> bool:
    """Tell whether an acronym is spelt out: "Zarya Star Office (ZSO)", "the Zarya Star Office, or ZSO".

    ``places`` are where it begins in its article.
    """
    low = latin(plain[start:end]).lower()
    for at in islice(places, MOST_TRIES):
        if plain[at - 1 : at] == b"(" or plain[max(0, at - 5) : at] == b", or ":
            words = [latin(hit.group()) for hit in WORD.finditer(plain, max(0, at - 120), at)]
            initials = "".join(word[0].lower() for word in words if word[0].isupper())
            every = "".join(word[0].lower() for word in words)
            if initials.endswith(low) or every.endswith(low) or _hidden(low, initials[-len(low) - 2 :]):
                return True
    return False


def _hidden(letters: str, initials: str) -> bool:
    """Tell whether letters stand among initials in their order: "HTS" of "Hay'at Tahrir Al-Sham"."""
    left = iter(initials)
    return len(letters) > 2 and all(letter in left for letter in letters)
