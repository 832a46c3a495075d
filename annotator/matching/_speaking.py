"""Which articles of a document speak of sanctions, export bans or listings: there names on lists are noted by default.

Whatever a rule on a measure has found tells it. Else sentences with words of sanctions are read, and one that says
who has a measure, or on whom it is, tells it: a club's sanctions against a player are nobody's foreign policy.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from .._lazy import regex
from ..core import stems_of
from ._words import either, lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..folding import Folded
    from ..model import Mention
    from ..statements.statement import Statement
    from ._hits import Hits
    from ._statements import Statements

_KINDS = frozenset({"measure", "regime", "claim", "term", "event", "committee"})
_OUTRIGHT = regex(rb"\b%b\b" % either("outright"), re.IGNORECASE)
_WORDS = regex(rb"\b%b\b" % either("of sanctions"), re.IGNORECASE)
# How many words before one that begins so, and how far behind it, the words of talk may reach that it is one of.
_BEFORE, _BEHIND = 2, 400
_WORD = regex(rb"[0-9A-Za-z\xff]+")
_BEHIND_WORD = regex(rb"[^ ]* +")
_REACH = 80  # characters in which so many words stand
_MOST_SENTENCES = 40  # of an article that are read; one that speaks of sanctions says so in fewer
_ACTS = frozenset({"sanction", "freeze", "delist"})
_MEASURES = frozenset("sanctions listing asset-freeze travel-ban arms-embargo embargo ban list".split())


@cache
def stems() -> bytes:
    """Return how words begin of which one stands in any talk of sanctions, for the compiled core."""
    return stems_of(lines("stems of talk"))


def words_of_talk(folded: Folded, hits: Hits) -> Sequence[int]:
    """Return where words stand, in order, of which one belongs to all talk of sanctions: offsets of ``plain``."""
    places = hits.talks(stems())
    return beginning_so(folded.folded) if places is None else places


def beginning_so(fold: bytes) -> list[int]:
    """Return where the words of a folded text begin as those of talk do."""
    places: set[int] = set()
    for line in lines("stems of talk"):
        first, _, second = line.encode().partition(b" ")
        at = fold.find(b" " + first)
        while at >= 0:
            behind = _BEHIND_WORD.match(fold, at + 1)
            if not second or (behind is not None and fold.startswith(second, behind.end())):
                places.add(at)
            at = fold.find(b" " + first, at + 1)
    return sorted(places)


def may_speak(folded: Folded, talks: Sequence[int], mentions: Sequence[Mention]) -> bool:
    """Tell whether any article of a document may speak of sanctions: what is cheap to find out."""
    return bool(_places(mentions)) or (bool(talks) and is_talk(folded.plain, talks))


def is_talk(plain: bytes, talks: Sequence[int]) -> bool:
    """Tell whether talk of sanctions stands in a text; ``talks`` is where words of it may."""
    return any(True for words in (_WORDS, _OUTRIGHT) for _ in _found(words, plain, talks))


def _found(words: re.Pattern[bytes], plain: bytes, talks: Sequence[int]) -> Iterator[re.Match[bytes]]:
    """Yield where words of talk stand, in order: each begins at one of ``talks``, or a word or two before."""
    done = 0
    for place in talks:
        before = [word.start() for word in _WORD.finditer(plain, max(0, place - _REACH), place)][-_BEFORE:]
        for start in (*before, place):
            hit = words.match(plain, start, place + _BEHIND) if start >= done else None
            if hit is not None:
                done = hit.end()
                yield hit


def _places(mentions: Sequence[Mention]) -> list[int]:
    return [one.start for one in mentions if one.kind in _KINDS and not one.ruled_out]


def speaking_articles(statements: Statements, talks: Sequence[int], mentions: Sequence[Mention]) -> frozenset[int]:
    """Return the numbers of the articles that speak of sanctions; ``mentions`` are those of the rules."""
    page, lexicon = statements.page, statements.lexicon
    plain = page.folded.plain
    blocks = map(page.block_at, map(page.folded.from_text, _places(mentions)))
    found = {page.blocks[block].article for block in blocks if block >= 0}
    every = {block.article for block in page.blocks}
    for hit in _found(_OUTRIGHT, plain, talks):
        if len(found) == len(every):
            break
        block = page.block_at(hit.start())
        if page.live(block):
            found.add(page.blocks[block].article)
    if not lexicon.actors:  # rules of somebody's own, which cannot read who does what
        places = [hit.start() for hit in _found(_WORDS, plain, talks)]
        live = (block for block in map(page.block_at, places) if page.live(block))
        return frozenset(found | {page.blocks[block].article for block in live})
    if len(found) == len(every):
        return frozenset(found)
    read: dict[int, int] = {}
    for hit in _found(_WORDS, plain, talks):
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
