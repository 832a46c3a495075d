"""What the words right beside a name say against it: another calling, another country, another time, a by-line.

A list names whom it means by office and country; a footballer, a novelist or somebody who died long before is somebody
else of that name. ``lists/names/data/callings.txt`` has the callings.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from .._lazy import regex
from .._vocabulary import data_file, sections
from ..lists import names
from ..lists.names.places import lands
from ._words import either, phrases, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ._page import Page

_WORD = regex(r"(?:[A-Z]\.){2,}|[A-Za-z][A-Za-z-]*(?:'[A-Za-z]+)?")
_FIRST_WORD = regex(_WORD.pattern.encode())
_DIGITS, _BLANK = b"0123456789", ord(" ")
_BESIDE, _BEHIND = 70, 160  # bytes before and behind a name in which who he is may be told
_APPOSITION = regex(
    rb"(?: \([^()]{1,30}\))?(?:, (?:who (?:is|was|has been) |then |now |once |himself )?| (?:is|was|as) )"
    rb"((?:an?|the|one of|his|her|their|its|former|late)\b%b{0,90}|(?<=, )[a-z][^,;:.!?\n]{0,60}(?=,)"
    rb"|(?<=, )[A-Z]%b{0,60})" % ((rb"(?:[^,;:.!?\n]|\.(?=[A-Z]\.| [A-Z]))",) * 2)
)
_STOPS = words_of("ends an apposition")
_OTHER_GROUPS = frozenset({"named", "does"})
_NO_CALLING = {of: frozenset(before) for of, before in phrases("no calling").items()}
_VERBS = words_of("verbs behind a name")
_ELSEWHERE = words_of("leads elsewhere")
_WRITTEN = regex(rb"\b%b $" % either("by-line"))
_MORE_NAMES = regex(rb"(?:[A-Z][A-Za-z.'-]*,? |and )*")
_DIED = regex(
    rb"\b%b\b[^.;]{0,60}?\bin (?:\w+ )?"
    rb"(1[0-9]\d\d|20[0-2]\d)\b"
    rb"|\b\d{4}\s?-\s?(1[0-9]\d\d|20[0-2]\d)\)" % either("death")
)
_LATE = regex(rb"(?:\b[Tt]he late (?:\w+ ){0,3}$)")
_LATE_AFTER = regex(rb",? the late \w+")
_PAST = regex(rb"\b(1[0-9]\d\d|20[0-2]\d)s?\b")
# What he does, right behind the name, and where he does it.
_DOES = regex(rb"(?:,? (?:who|which)|,? and (?:his|her|their) [a-z]+)? (?:also |now |once |then )?([a-z]+)\b")
_OF_PLACE = regex(
    rb",? (?:of|at|from) (?:the )?(?:[A-Z][\w.'-]* (?:of )?){0,3}?"
    rb"(%b)\b" % either("institution")
)
_INSTITUTIONS = {of: group for of, (group,) in phrases("calling of an institution").items()}
_WON = regex(rb" %b (?:the |a |an )?%b\b" % (either("win"), either("contest")))
_AGED = regex(rb", (?:aged )?(\d{1,2})(?:,| and )")
_CENTURY = regex(rb"\b(?:\d\d?(?:th|st|nd|rd)|[a-z]{4,11}h)[- ]century\b")
_SPORT = regex(rb"\b%b" % either("sport"))
_DIPLOMAT = regex(
    rb"\b%bs?,?(?: (?:of|for|to|bureau)\b[^,;.]{0,60})? $" % either("diplomat"),
    re.IGNORECASE,
)
# "The Zambian ambassador to Peru": what he is called stands before the title.
_POSTED = regex(rb"\b(?i:%b)s?,? (?:to|for|in|at|on)(?: (?:the|of|and|[A-Z][\w.'-]*))+ $" % either("posted"))
_OFFICE = regex(rb"\b(%b)\.? $" % either("office"))
_MOST_OCCURRENCES = 6
_REACH = 250  # how far from a name words of its sentence tell of it
_MOST_WORDS, _MOST_BEFORE = 14, 5


class Beside(NamedTuple):
    """What stands right beside a name, or where it stands elsewhere.

    ``callings`` are pairs of a group and the word; ``lands`` the codes of countries whose people or whose own somebody
    is called, ``dead`` whether a death is told or somebody is called late, ``office`` a title right before the name.
    """

    callings: tuple[tuple[str, str], ...]
    lands: frozenset[str]
    dead: bool
    diplomat: bool
    office: str


class Here(NamedTuple):
    """What the sentence in which a name stands tells of its bearer there.

    ``past`` is the year of a death or of what is told, 0 if none; ``age`` an age right behind the name, -1 if none;
    ``thing`` what the name is only a part of.
    """

    past: int
    byline: bool
    thing: str
    age: int
    sport: bool


@cache
def _callings() -> dict[str, str]:
    found: dict[str, str] = {}
    for group, lines in sections(data_file(names.__file__, "data", "callings.txt")).items():
        for word in " ".join(lines).split():
            bare = word.removesuffix("*")
            found.update(dict.fromkeys([bare, bare + "s"] if bare != word else [bare], group))
    return found


def _words(text: bytes) -> list[str]:
    words: list[str] = _WORD.findall(text.decode("latin-1"))
    return words


def _reach(page: Page, start: int, end: int, block: int) -> tuple[int, int]:
    """Return where words of the sentence of a name begin and end that tell of its bearer."""
    first, last = page.sentence(block, start)
    return max(first, start - _REACH), min(last, end + _REACH)


def here(page: Page, start: int, end: int, block: int, *, sport: bool) -> Here:
    """Return what a sentence tells of the bearer of a name; ``sport`` is whether it may have words of sport."""
    plain = page.plain
    first, last = _reach(page, start, end, block)
    sentence = plain[first:last]
    aged = _AGED.match(plain, end, last)
    next_word = _FIRST_WORD.match(plain, end + 1) if plain[end : end + 1] == b" " else None
    thing = next_word.group().decode("ascii") if next_word else ""
    return Here(
        _past(sentence)[0],
        _is_byline(plain[max(0, start - 90) : start]),
        thing if _callings().get(thing.lower()) == "named" else "",
        int(aged.group(1)) if aged else -1,
        (sport and _SPORT.search(sentence) is not None) or _WON.match(plain, end, min(last, end + _BEHIND)) is not None,
    )


def _past(sentence: bytes) -> tuple[int, bool]:
    """Return the year of which a sentence tells, 0 if it tells of none, and whether that is a year of death."""
    if len(sentence.translate(None, _DIGITS)) > len(sentence) - 4:
        year = 0
    else:
        died = _DIED.search(sentence)
        if died:
            return int(next(filter(None, died.groups()))), True
        year = min(map(int, _PAST.findall(sentence)), default=0) if b"born" not in sentence else 0
    return (1500 if b"century" in sentence and _CENTURY.search(sentence) else year), False


def _beside(page: Page, start: int, end: int, block: int) -> Beside:
    """Return what the words right beside a name tell of its bearer."""
    plain = page.plain
    first, last = _reach(page, start, end, block)
    before = plain[max(first, start - _BESIDE) : start]
    before = before[max(before.rfind(sign) for sign in (b", ", b"; ", b": ", b'" ', b"(")) + 1 :]
    after = plain[end : min(last, end + _BEHIND)]
    titled = before[-1:] == b" "
    told = _APPOSITION.match(after)
    apposed = told.group(1) if told else b""
    posted = _POSTED.search(before) if titled else None
    words = _words(before[: posted.start()] if posted else before)[-_MOST_BEFORE:]
    stop = next((at for at in range(len(words) - 1, -1, -1) if words[at].lower() in _STOPS), -1)
    words = words[stop + 1 :]
    tail: list[str] = []
    for word in _words(apposed)[:_MOST_WORDS] if apposed else ():
        if word in _VERBS and len(tail) > 1:
            break
        tail.append(word)
    table = _callings()
    told_words = [word.lower() for word in (*words, *tail)]
    callings = [
        (table[word], word)
        for at, word in enumerate(told_words)
        if table.get(word, "named") not in _OTHER_GROUPS and told_words[at - 1] not in _NO_CALLING.get(word, ())
    ]
    # "the U.S. envoy for Zambia" is no Zambian.
    told_of = next((at for at, word in enumerate(tail) if word in _ELSEWHERE), len(tail))
    done, place = _DOES.match(after), _OF_PLACE.match(after)
    if done is not None and table.get(verb := done.group(1).decode("ascii")) == "does":
        callings.append(("does", verb))
    if place is not None:
        where = place.group(1).decode("ascii")
        callings.append((_INSTITUTIONS.get(where, "learning"), where.lower()))
    who = [*words, ";", *tail[: min(told_of, 6)]]
    return Beside(
        tuple(callings),
        lands(" ".join(who)) if len(who) > 1 else frozenset(),
        _past(plain[first:last])[1]
        or (plain.find(b"he late ", first, start) >= 0 and _LATE.search(plain, first, start) is not None)
        or _LATE_AFTER.match(plain, end) is not None,
        posted is not None
        or (titled and _DIPLOMAT.search(before) is not None)
        or (bool(apposed) and _DIPLOMAT.search(apposed + b" ") is not None),
        _office(plain, first, start),
    )


def _is_byline(before: bytes) -> bool:
    """Tell whether what stands before a name says that its bearer wrote the article, or a part in it."""
    at = max(before.rfind(b"by "), before.rfind(b"By "), before.rfind(b"BY "))
    if at < 0:
        return False
    names = before[at + 3 :]
    if _MORE_NAMES.fullmatch(names) is None:
        return False
    if before[at : at + 1] == b"B":
        return at == 0 or before[:at].rstrip(b" ")[-1:] in {b"", b"\n", b".", b"|", b"("}
    return _WRITTEN.search(before[:at]) is not None


def _office(plain: bytes, first: int, start: int) -> str:
    low = max(first, start - 30)
    found = _OFFICE.search(plain, low, start) if start > low and plain[start - 1] == _BLANK else None
    return found.group(1).decode("ascii").lower() if found else ""


def beside(page: Page, start: int, end: int, block: int, places: Iterable[int]) -> Beside:
    """Return what the words beside a name tell of its bearer wherever it stands; ``places`` are where it begins."""
    own = _beside(page, start, end, block)
    size = end - start
    others = [
        _beside(page, at, at + size, there)
        for at in islice(places, _MOST_OCCURRENCES)
        if at != start and (there := page.block_at(at)) >= 0
    ]
    if not others:
        return own
    every = (own, *others)
    return Beside(
        tuple(dict.fromkeys(calling for one in every for calling in one.callings)),
        own.lands.union(*(one.lands for one in others)),
        any(one.dead for one in every),
        any(one.diplomat for one in every),
        next((one.office for one in every if one.office), ""),
    )
