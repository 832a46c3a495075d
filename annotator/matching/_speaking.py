"""Which articles of a document speak of sanctions, export bans or listings: there names on lists are noted by default.

Whatever a rule on a measure has found tells it. Else sentences with words of sanctions are read, and one that says
who has a measure, or on whom it is, tells it: a club's sanctions against a player are nobody's foreign policy.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from ..core import stems_of
from ._words import either, lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..core import Tries
    from ..folding import Folded
    from ..model import Mention
    from ..statements.statement import Statement
    from ._hits import Hits
    from ._statements import Statements

_KINDS = frozenset({"measure", "regime", "claim", "term", "event", "committee"})
_OUTRIGHT = re.compile(rb"\b%b\b" % either("outright"), re.IGNORECASE)
_WORDS = re.compile(rb"\b%b\b" % either("of sanctions"), re.IGNORECASE)
# How far before a word that begins so, and behind it, the words of talk may reach that it is one of.
_BEFORE, _BEHIND = 80, 400
_MOST_SENTENCES = 40  # of an article that are read; one that speaks of sanctions says so in fewer
_ACTS = frozenset({"sanction", "freeze", "delist"})
_MEASURES = frozenset("sanctions listing asset-freeze travel-ban arms-embargo embargo ban list".split())


@cache
def stems() -> bytes:
    """Return how words begin of which one stands in any talk of sanctions, for the compiled core."""
    return stems_of(lines("stems of talk"))


@cache
def _beginnings() -> tuple[bytes, ...]:
    return tuple(dict.fromkeys(b" " + line.partition(" ")[0].encode() for line in lines("stems of talk")))


def may_speak(folded: Folded, hits: Hits, mentions: Sequence[Mention]) -> bool:
    """Tell whether any article of a document may speak of sanctions: what is cheap to find out."""
    if _places(mentions):
        return True
    return hits.talks(stems()) is not False and is_talk(folded)


def is_talk(folded: Folded | Tries) -> bool:
    """Tell whether words of sanctions stand in a text."""
    return any(True for words in (_WORDS, _OUTRIGHT) for _ in _found(words, folded))


def _found(words: re.Pattern[bytes], folded: Folded | Tries) -> Iterator[re.Match[bytes]]:
    """Yield where words of talk stand, in order: looked for only around what they begin with."""
    low = high = -1
    for place in _beginnings_in(folded):
        if high >= 0 and place - _BEFORE > high:
            yield from words.finditer(folded.plain, low, high)
            high = -1
        if high < 0:
            low = max(0, place - _BEFORE)
        high = place + _BEHIND
    if high >= 0:
        yield from words.finditer(folded.plain, low, high)


def _beginnings_in(folded: Folded | Tries) -> list[int]:
    """Return where words begin as those of talk do."""
    places: list[int] = []
    for beginning in _beginnings():
        at = folded.folded.find(beginning)
        while at >= 0:
            places.append(at)
            at = folded.folded.find(beginning, at + 1)
    return sorted(places)


def _places(mentions: Sequence[Mention]) -> list[int]:
    return [one.start for one in mentions if one.kind in _KINDS and not one.ruled_out]


def speaking_articles(statements: Statements, mentions: Sequence[Mention]) -> frozenset[int]:
    """Return the numbers of the articles that speak of sanctions; ``mentions`` are those of the rules."""
    page, lexicon = statements.page, statements.lexicon
    blocks = map(page.block_at, map(page.folded.from_text, _places(mentions)))
    found = {page.blocks[block].article for block in blocks if block >= 0}
    every = {block.article for block in page.blocks}
    for hit in _found(_OUTRIGHT, page.folded):
        if len(found) == len(every):
            break
        block = page.block_at(hit.start())
        if page.live(block):
            found.add(page.blocks[block].article)
    if not lexicon.actors:  # rules of somebody's own, which cannot read who does what
        places = [hit.start() for hit in _found(_WORDS, page.folded)]
        live = (block for block in map(page.block_at, places) if page.live(block))
        return frozenset(found | {page.blocks[block].article for block in live})
    if len(found) == len(every):
        return frozenset(found)
    read: dict[int, int] = {}
    for hit in _found(_WORDS, page.folded):
        if len(found) == len(every):
            break
        block = page.block_at(hit.start())
        article = page.blocks[block].article if page.live(block) else -1
        if article < 0 or article in found or read.get(article, 0) >= _MOST_SENTENCES:
            continue
        read[article] = read.get(article, 0) + 1
        reader = statements.reader(block, hit.start())
        if reader is not None and any(map(_is_of_sanctions, reader.all())):
            found.add(article)
    return frozenset(found)


def _is_of_sanctions(statement: Statement) -> bool:
    """Tell whether a statement is on a measure of foreign policy: a State or organisation has it, or it is on one."""
    measure = statement.measure.rpartition(".")[2]
    if statement.act not in _ACTS and measure not in _MEASURES:
        return False
    return bool(statement.authority.actors or statement.target.actors or statement.instrument[0] >= 0)
