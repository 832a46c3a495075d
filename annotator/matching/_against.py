"""What the words right beside a name say against it: another calling, another country, another time, a by-line.

A list names whom it means by office and country; a footballer, a novelist or somebody who died long before is somebody
else of that name. ``lists/names/data/callings.txt`` has the callings.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from .._vocabulary import data_file, sections
from ..lists import names
from ..lists.names.places import lands
from ._words import either, phrases, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ._page import Page

_WORD = re.compile(rb"(?:[A-Z]\.){2,}|[A-Za-z][A-Za-z-]*(?:'[A-Za-z]+)?")
_BESIDE = 70  # bytes before a name in which who he is may be told
_APPOSITION = re.compile(
    rb"(?: \([^()]{1,30}\))?(?:, (?:who (?:is|was|has been) |then |now |once |himself )?| (?:is|was|as) )"
    rb"((?:an?|the|one of|his|her|their|its|former|late)\b%b{0,90}|(?<=, )[a-z][^,;:.!?\n]{0,60}(?=,)"
    rb"|(?<=, )[A-Z]%b{0,60})" % ((rb"(?:[^,;:.!?\n]|\.(?=[A-Z]\.| [A-Z]))",) * 2)
)
_STOPS = words_of("ends an apposition")
_OTHER_GROUPS = frozenset({"named", "does"})
_NO_CALLING = {of: frozenset(before) for of, before in phrases("no calling").items()}
_VERBS = words_of("verbs behind a name")
_ELSEWHERE = words_of("leads elsewhere")
_WRITTEN = re.compile(rb"\b%b $" % either("by-line"))
_MORE_NAMES = re.compile(rb"(?:[A-Z][A-Za-z.'-]*,? |and )*")
_DIED = re.compile(
    rb"\b%b\b[^.;]{0,60}?\bin (?:\w+ )?"
    rb"(1[0-9]\d\d|20[0-2]\d)\b"
    rb"|\b\d{4}\s?-\s?(1[0-9]\d\d|20[0-2]\d)\)" % either("death")
)
_LATE = re.compile(rb"(?:\b[Tt]he late (?:\w+ ){0,3}$)")
_LATE_AFTER = re.compile(rb",? the late \w+")
_PAST = re.compile(rb"\b(1[0-9]\d\d|20[0-2]\d)s?\b")
# What he does, right behind the name, and where he does it.
_DOES = re.compile(rb"(?:,? (?:who|which)|,? and (?:his|her|their) [a-z]+)? (?:also |now |once |then )?([a-z]+)\b")
_OF_PLACE = re.compile(
    rb",? (?:of|at|from) (?:the )?(?:[A-Z][\w.'-]* (?:of )?){0,3}?"
    rb"(%b)\b" % either("institution")
)
_INSTITUTIONS = {of: group for of, (group,) in phrases("calling of an institution").items()}
_WON = re.compile(rb" %b (?:the |a |an )?%b\b" % (either("win"), either("contest")))
_AGED = re.compile(rb", (?:aged )?(\d{1,2})(?:,| and )")
_CENTURY = re.compile(rb"\b(?:\d\d?(?:th|st|nd|rd)|[a-z]{4,11}h)[- ]century\b")
_SPORT = re.compile(rb"\b%b" % either("sport"))
_DIPLOMAT = re.compile(
    rb"\b%bs?,?(?: (?:of|for|to|bureau)\b[^,;.]{0,60})? $" % either("diplomat"),
    re.IGNORECASE,
)
# "The Zambian ambassador to Peru": what he is called stands before the title.
_POSTED = re.compile(rb"\b(?i:%b)s?,? (?:to|for|in|at|on)(?: (?:the|of|and|[A-Z][\w.'-]*))+ $" % either("posted"))
_OFFICE = re.compile(rb"\b(%b)\.? $" % either("office"))
_MOST_OCCURRENCES = 6
_REACH = 250  # how far from a name words of its sentence tell of it
_MOST_WORDS, _MOST_BEFORE = 14, 5


class Beside(NamedTuple):
    """What stands right beside a name.

    ``callings`` are pairs of a group and the word; ``lands`` the codes of countries whose people or whose own somebody
    is called, ``past`` the year of a death or of what is told, 0 if none, ``dead`` whether that is a death or somebody
    is called late, ``age`` an age right behind the name, -1 if none; ``thing`` what the name is only a part of,
    ``office`` a title right before it.
    """

    callings: tuple[tuple[str, str], ...]
    lands: frozenset[str]
    past: int
    dead: bool
    byline: bool
    thing: str
    age: int
    sport: bool
    diplomat: bool
    office: str


@cache
def _callings() -> dict[str, str]:
    found: dict[str, str] = {}
    for group, lines in sections(data_file(names.__file__, "data", "callings.txt")).items():
        for word in " ".join(lines).split():
            bare = word.removesuffix("*")
            found.update(dict.fromkeys([bare, bare + "s"] if bare != word else [bare], group))
    return found


def _words(text: bytes) -> list[str]:
    return [hit.group().decode("ascii") for hit in _WORD.finditer(text)]


def beside(page: Page, start: int, end: int, block: int) -> Beside:
    """Return what the words right beside a name tell of its bearer."""
    plain = page.plain
    first, last = page.sentence(block, start)
    first, last = max(first, start - _REACH), min(last, end + _REACH)
    before = plain[max(first, start - _BESIDE) : start]
    before = before[max(before.rfind(sign) for sign in (b", ", b"; ", b": ", b'" ', b"(")) + 1 :]
    after = plain[end : min(last, end + 160)]
    told = _APPOSITION.match(after)
    apposed = told.group(1) if told else b""
    posted = _POSTED.search(before)
    words = _words(before[: posted.start()] if posted else before)[-_MOST_BEFORE:]
    stop = next((at for at in range(len(words) - 1, -1, -1) if words[at].lower() in _STOPS), -1)
    words = words[stop + 1 :]
    tail: list[str] = []
    for word in _words(apposed)[:_MOST_WORDS]:
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
    aged = _AGED.match(after)
    who = " ".join([*words, ";", *tail[: min(told_of, 6)]])
    sentence = plain[first:last]
    died = _DIED.search(sentence)
    year = 0
    dead = died is not None
    if died:
        year = int(next(filter(None, died.groups())))
    else:
        years = [int(one) for one in _PAST.findall(sentence) if b"born" not in sentence]
        year = min(years, default=0)
        if _CENTURY.search(sentence):
            year = 1500
    if not dead and (_LATE.search(plain, first, start) or _LATE_AFTER.match(plain, end)):
        dead = True
    next_word = _WORD.match(plain, end + 1) if plain[end : end + 1] == b" " else None
    thing = next_word.group().decode("ascii") if next_word else ""
    return Beside(
        tuple(callings),
        lands(who),
        year,
        dead,
        _is_byline(plain[max(0, start - 90) : start]),
        thing if table.get(thing.lower()) == "named" else "",
        int(aged.group(1)) if aged else -1,
        _SPORT.search(sentence) is not None or _WON.match(after) is not None,
        posted is not None
        or _DIPLOMAT.search(before) is not None
        or (told is not None and _DIPLOMAT.search(apposed + b" ") is not None),
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
    found = _OFFICE.search(plain, max(first, start - 30), start)
    return found.group(1).decode("ascii").lower() if found else ""


def beside_all(page: Page, start: int, end: int, block: int, places: Iterable[int]) -> Beside:
    """Return what the words beside a name tell of its bearer wherever it stands; ``places`` are where it begins."""
    own = beside(page, start, end, block)
    size = end - start
    others = [
        beside(page, at, at + size, there)
        for at in islice(places, _MOST_OCCURRENCES)
        if at != start and (there := page.block_at(at)) >= 0
    ]
    if not others:
        return own
    callings = (*own.callings, *(calling for one in others for calling in one.callings))
    return own._replace(
        callings=tuple(dict.fromkeys(callings)),
        lands=own.lands.union(*(one.lands for one in others)),
        diplomat=own.diplomat or any(one.diplomat for one in others),
        office=own.office or next((one.office for one in others if one.office), ""),
        dead=own.dead or any(one.dead for one in others),
    )
