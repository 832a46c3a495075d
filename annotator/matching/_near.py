"""What stands near a name, in its article and in the text right beside it, looked for when it is asked for."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from .._lazy import once, regex
from ..lists.names import legal
from ..lists.names.forms import SCRIPT
from ..lists.names.index import unparted
from ..lists.names.places import country_words, lands, last_words
from ..lists.names.spelling import PARTICLES, tokens
from ._words import Patterns, either, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..folding import Folded
    from ..lists.names.index import Found
    from ._facts import Sought
    from ._words import Begun

REACH = 400  # how far from a name words stand beside it
_SHORTEST_ACRONYM = 2
_BEFORE, _AFTER = 160, 120
_FEW = 24  # words that are looked for in an article one by one, before all its words are put together
_TELLS_NOTHING = words_of("tells nothing")
_AGE = regex(rb"\b(?:aged? (\d\d)|(\d\d)[- ]years?[- ]old)\b|, (\d\d),")
_BORN = regex(rb"\bborn\b[^.;]{0,40}?\b(1[89]\d\d|20[01]\d)\b")
_ENVOY = regex(
    rb"\b(?i:%b)s?\b[^.;:!?\n]{0,40}? (?:for|to)"
    rb"(?: (?:the|of|and|on|[A-Z][\w.'-]*)){0,8},? $" % either("envoy")
)
_SENDER = 30  # how far before an envoy's title the country stands that sent him
_SHIP = either("ship")
_SHIP_BEFORE = regex(rb"\b%b(?: named| called| the|,)? [\"']?$" % _SHIP)
_SHIP_AFTER = regex(rb"[\"']?,? (?:\(IMO|(?:an?|the) (?:[\w-]+ ){0,3}?%b\b)" % _SHIP)
_BODY = either("body")
_BODY_BEFORE = regex(
    rb"(?:\b%b(?: named| called|,)?|\bspokes(?:man|woman|person|people) (?:for|of)|\b(?:shares|stake|owner|head"
    rb"|director|CEO|chairman|founder|subsidiary|customers?) (?:in|of|at)|\b[Cc]ontracts? (?:went|was awarded) to)"
    rb" (?:the )?[\"']?$" % _BODY
)
_BODY_AFTER = regex(rb"[\"']?(?:,| is| was) an? (?:[\w'-]+ ){0,5}?%b\b" % _BODY)
_LONGEST_BEFORE = 64  # bytes that either of the two takes before a name
_STOPPED = regex(r"[A-Za-z](?:\.[A-Za-z])+\.?")
# Behind the name of a collection of laws: "50 U.S.C. 1622", where a number stands before it too.
_CITED = regex(rb"\.? (?:\W{0,3}|App\. |sec\. )\d")
_NASAB = regex(rb"\b(?:bin|ibn|ben|bint)\b", re.IGNORECASE)
_QUOTES = frozenset(b"\"'")


@cache
def patterns() -> Patterns:
    """Return what is looked for near every name."""
    word = rb"\b"
    return Patterns({
        "of lists": word, "of ships": word, "of aircraft": word, "sport": b"", "envoy": b"",
    })  # fmt: skip


def words_in(fold: bytes, low: int, high: int) -> set[str]:
    """Return the words of a folded text between two offsets of the plain one."""
    words: set[str] = set()
    at = low
    while at < high:  # in pieces, since a list of all words takes many times the text
        stop = fold.find(b" ", min(at + (1 << 20), high + 1)) + 1 or len(fold)
        words.update(fold[at + 1 : min(stop, high + 1)].decode("latin-1").split())
        at = stop - 1
    return words


def legal_form(plain: bytes, start: int, end: int) -> bool:
    """Tell whether a company's legal form stands within a name or right beside it."""
    within = tokens(plain[start:end].decode("latin-1"))
    cut = len(within) - len(legal.bare(within))
    if cut and not _TELLS_NOTHING.issuperset({*within[:cut], *within[-cut:]}):
        return True
    beside = (plain[legal.starts(plain, start) : start], plain[end : legal.ends(plain, end)])
    return any(words and words[0] not in _TELLS_NOTHING for words in (tokens(one.decode("latin-1")) for one in beside))


class Article:
    """A stretch of a text, an article perhaps, and what it says anywhere."""

    def __init__(self, folded: Folded, low: int, high: int) -> None:
        """Take offsets of ``Folded.plain``."""
        self.folded = folded
        self.low, self.high = low, high
        self._has: dict[str, bool] = {}

    @once
    def _words(self) -> set[str]:
        return words_in(self.folded.folded, self.low, self.high)

    def has(self, words: str) -> bool:
        """Tell whether a word, or words in a row, stand in it."""
        found = self._has.get(words)
        if found is None:
            if " " in words or len(self._has) < _FEW:
                found = self.folded.folded.find(f" {words} ".encode("latin-1"), self.low, self.high + 2) >= 0
            else:
                found = words in self._words
            self._has[words] = found
        return found

    def says(self, sought: Sought) -> bool:
        """Tell whether any of some words stand in it."""
        return any(map(self.has, sought.every))

    @once
    def listing(self) -> bool:
        """Whether words of sanctions or listings stand in it."""
        return patterns().stands("of lists", self.folded.plain, self.low, self.high)

    @once
    def any_land(self) -> bool:
        """Whether it speaks of any country."""
        return not self._words.isdisjoint(country_words())


class Spot:
    """A place where a name stands, with what stands near it."""

    def __init__(self, article: Article, start: int, end: int, low: int, high: int) -> None:
        """Take offsets of ``Folded.plain``: of the name, and of what is near it."""
        self.article = article
        self.plain = article.folded.plain
        self.start, self.end = start, end
        self.low, self.high = low, high
        self.near = self.plain[low:high]

    @classmethod
    def wide(cls, article: Article, start: int, end: int) -> Spot:
        """Return a place in a text that is not laid out: what is near it takes in what is near it in its sentence."""
        return cls(article, start, end, max(0, start - REACH), end + REACH)

    # -- the name -------------------------------------------------------------------------------

    @once
    def text(self) -> str:
        """The name as the text has it."""
        return self.article.folded.text_at(self.start, self.end)

    @once
    def words(self) -> list[str]:
        """Its words."""
        return tokens(self.text)

    @once
    def solid(self) -> list[str]:
        """Its words without particles."""
        return [word for word in self.words if word not in PARTICLES]

    @once
    def stopped(self) -> bool:
        """Whether it is letters with full stops, which are one word: "V.T.B."."""
        return _STOPPED.fullmatch(self.text) is not None

    def single(self, one: Found, kind: int, *, person: bool, starts: bool) -> bool:
        """Tell whether it is but one word of a name; ``starts`` is whether the capital of the first proves nothing."""
        if kind == SCRIPT and unparted(self.text):
            return False
        if one.words == 1 or len(self.solid) == 1:
            return True
        # Of two words of a person one must be a name; an acronym with full stops ("V.T.B.") is one word of a body.
        return one.names < (2 if starts else 1) if person else self.stopped

    @once
    def letters(self) -> int:
        """How many letters it has."""
        return sum(map(str.isalpha, self.text))

    @once
    def capitals(self) -> bool:
        """Whether it is more than two letters, all of them capitals."""
        return self.plain[self.start : self.end].isupper() and self.end - self.start > _SHORTEST_ACRONYM

    @once
    def legal(self) -> bool:
        """Whether a legal form stands within it or right beside it."""
        return legal_form(self.plain, self.start, self.end)

    @once
    def nasab(self) -> bool:
        """Whether it says whose son or daughter somebody is."""
        return _NASAB.search(self.plain, self.start, self.end) is not None

    # -- what is near it ------------------------------------------------------------------------

    @once
    def begun(self) -> Begun:
        """Where words that are looked for near every name may stand."""
        return patterns().begun(self.near)

    @once
    def listing(self) -> bool:
        """Whether words of sanctions or listings stand near it."""
        return self.begun.has("of lists")

    @once
    def shipping(self) -> bool:
        """Whether words of ships stand near it."""
        return self.begun.has("of ships")

    @once
    def flying(self) -> bool:
        """Whether words of aircraft stand near it."""
        return self.begun.has("of aircraft")

    @once
    def _said(self) -> list[str]:
        return self.article.folded.folded[self.low + 1 : self.high + 1].decode("latin-1").split()

    @once
    def bag(self) -> frozenset[str]:
        """The words near it; those at both ends may be cut."""
        return frozenset(self._said)

    @once
    def _row(self) -> str:
        return f" {' '.join(self._said)} "

    def has(self, words: str) -> bool:
        """Tell whether a word, or words in a row, stand near it."""
        return words in self.bag if " " not in words else f" {words} " in self._row

    def says(self, sought: Sought) -> bool:
        """Tell whether any of some words stand near it."""
        return not sought.single.isdisjoint(self.bag) or any(map(self.has, sought.several))

    def those_of(self, sought: Sought) -> Iterator[str]:
        """Yield those of some words that stand near it."""
        return filter(self.has, sought.every) if self.says(sought) else iter(())

    @once
    def any_land(self) -> bool:
        """Whether the article speaks of any country."""
        # Words at both ends may be cut.
        return not country_words().isdisjoint(self._said[1:-1]) or self.article.any_land

    @once
    def born(self) -> tuple[int, ...]:
        """The years of birth near it."""
        return tuple(map(int, _BORN.findall(self.near))) if b"born" in self.near else ()

    @once
    def ages(self) -> tuple[int, ...]:
        """The ages near it."""
        return tuple(int(next(filter(None, groups))) for groups in _AGE.findall(self.near))

    @once
    def before(self) -> bytes:
        """What stands right before it."""
        return self.plain[max(self.low, self.start - _BEFORE) : self.start]

    @once
    def after(self) -> bytes:
        """What stands right behind it."""
        return self.plain[self.end : self.end + _AFTER]

    @once
    def ship(self) -> bool:
        """Whether it is called a ship."""
        before = self.before
        found = _SHIP_BEFORE.search(before, max(0, len(before) - _LONGEST_BEFORE)) or _SHIP_AFTER.match(self.after)
        return found is not None

    @once
    def body(self) -> bool:
        """Whether it is called a company or another body."""
        before = self.before
        found = _BODY_BEFORE.search(before, max(0, len(before) - _LONGEST_BEFORE)) or _BODY_AFTER.match(self.after)
        return found is not None

    @once
    def sender(self) -> str | None:
        """What stands before an envoy "to" somewhere, in words, where such a title stands before the name."""
        before = self.before
        if not self.begun.may("envoy") or before[-1:] != b" ":
            return None
        envoy = _ENVOY.search(before)
        if envoy is None:
            return None
        sender = before[max(0, envoy.start() - _SENDER) : envoy.start()].decode("latin-1")
        return f" {' '.join(tokens(sender))} ".replace("'s ", " ")

    @once
    def cited(self) -> bool:
        """Whether it is part of a citation."""
        plain, start = self.plain, self.start
        return _CITED.match(plain, self.end) is not None and plain[max(0, start - 3) : start].rstrip()[-1:].isdigit()

    @once
    def quoted(self) -> bool:
        """Whether quotation marks stand around it."""
        plain, start, end = self.plain, self.start, self.end
        return start > 0 and end < len(plain) and plain[start - 1] in _QUOTES and plain[end] in _QUOTES

    @once
    def land(self) -> frozenset[str]:
        """The country whose name, or word for its people, stands right before it or behind "of" after it."""
        plain, start, end = self.plain, self.start, self.end
        if plain[start - 1 : start] == b" ":
            words = tokens(plain[max(0, start - 40) : start - 1].decode("latin-1"))
            if words and words[-1].removesuffix("'s") in last_words():
                for size in (3, 2, 1):
                    found = lands(" ".join(words[-size:])) if len(words) >= size else frozenset()
                    if found and _ends_in_land(words[-size:]):
                        return found
        if plain[end : end + 4] == b" of ":
            return lands(" ".join(tokens(plain[end + 4 : end + 40].decode("latin-1"))[:3]))
        return frozenset()


def _ends_in_land(words: list[str]) -> bool:
    """Tell whether the last of some words is one of a country's name, or of the word for its people."""
    return bool(lands(" ".join(words))) and lands(" ".join(words[:-1])) != lands(" ".join(words))
