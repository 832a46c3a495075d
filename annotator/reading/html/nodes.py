"""What a page is made of as it is read: blocks of text, the elements that hold them, and what was judged of them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from ..._lazy import regex
from ..structure import HEADING
from .elements import CLASS_FIRST, CLASS_WHOLE, CLASS_WORDS, NOT_OWN, TOPICS

_PROSE = 60
_WORD_ENDS = regex("[-_:]+")
_CAMEL = regex(r"(?<=[a-z])(?=[A-Z])")
_DATE_NAME = regex(r"date|time|publi|posted|byline", re.IGNORECASE)
HOLDER, ARTICLE, MAIN, NAMED, CLASSED = range(5)  # kinds of nodes; NAMED and CLASSED are furniture
PRE_TEXT, FORMAT, ELEMENT = "pre", "format", "element"  # what protects text from notes


class Block(NamedTuple):
    """A stretch of the text without a break in it, and what the page says of it."""

    start: int
    end: int
    kind: str
    name: str  # of the heading or item
    node: int  # the innermost node that it stands in, -1 for none
    linked: int  # how much of it stands inside links

    @property
    def prose(self) -> int:
        """How much running text it is: 0 for headings, lists of links, and what is short."""
        length = self.end - self.start
        return length if length >= _PROSE and self.linked * 2 < length and self.kind != HEADING else 0


class Node:
    """An element that holds blocks: the article perhaps, a part of it, or what stands around it.

    ``kind`` is `HOLDER` where nothing is known, `ARTICLE` or `MAIN`, or furniture: `NAMED` by its name or role,
    `CLASSED` by its class or id; ``word`` is the name, role or word of a class that makes it furniture.
    ``first`` and ``last`` are the blocks that it holds, as of a slice; ``place`` is where in the markup its end tag
    stands, -1 where no notes can go there.
    """

    __slots__ = ("first", "given", "kind", "last", "name", "parent", "place", "word")

    def __init__(self, name: str, given: dict[str, str], kind: int, word: str, parent: int, first: int) -> None:
        self.name = name
        self.given = given
        self.kind = kind
        self.word = word
        self.parent = parent
        self.first = self.last = first
        self.place = -1


class Marked(NamedTuple):
    """An element that may give a date: its name and attributes, the node it stands in, and its text."""

    name: str
    given: dict[str, str]
    node: int
    start: int
    end: int


class Lenience(NamedTuple):
    """What a second reading takes as seen that a first one passed over: see `annotator.reading.html.veiled`."""

    shown: frozenset[int] = frozenset()  # where in the markup what was not seen begins
    free: frozenset[str] = frozenset()  # causes for which text takes no notes that do not count, as in `Visible.barred`


STRICT = Lenience()


class Bar(NamedTuple):
    """A stretch of the source in which no marker can stand; behind it one can, if it was closed properly."""

    start: int
    end: int
    closed: bool


class Judged(NamedTuple):
    """What was found: each block's place, the article's element, and what of the page's prose was set aside."""

    aside: list[bool]
    main: Node | None
    articles: frozenset[int]  # the first blocks of articles that stand side by side
    prose: list[int]  # the running text in each block, without that of teasers
    word: str  # the name or class that set most of it aside, empty where none did
    boxes: list[int]  # of each block where the box ends that it may head: the element that it stands at the top of
    taken_in: bool = False  # whether the last block is an article that stands in linked data only


def furniture_word(given: dict[str, str]) -> str:
    """Return the word in the class or id of an element that says that it is not the article, if there is one.

    >>> furniture_word({"class": "grid relatedPosts"}), furniture_word({"class": "has-sidebar"})
    ('related', '')
    """
    classes, name = given.get("class", ""), given.get("id", "")
    return (_word_of(classes) if classes else "") or (_word_of(name) if name else "")


@lru_cache(4096)
def may_date(names: str) -> bool:
    """Tell whether classes or the like sound as if their element held a date."""
    return _DATE_NAME.search(names) is not None


def words_of(token: str) -> list[str]:
    """Part a class or id into its words.

    >>> words_of("relatedPosts"), words_of("article__body")
    (['related', 'posts'], ['article', 'body'])
    """
    return _WORD_ENDS.split((token if token.islower() else _CAMEL.sub("-", token)).lower())


@lru_cache(4096)
def _word_of(names: str) -> str:
    for token in names.split():
        lower = token.lower()
        if lower.startswith(NOT_OWN):
            continue
        if lower in CLASS_WHOLE:
            return lower
        if lower.startswith(TOPICS):
            continue
        words = words_of(token)
        if words[0] in CLASS_WORDS or words[0] in CLASS_FIRST:
            return words[0]
        if words[-1] in CLASS_WORDS:
            return words[-1]
        if len(words) > 1 and (whole := "-".join(words)) in CLASS_WHOLE:
            return whole
    return ""
