"""What a page hides or protects although it is the article: when a second reading takes it in, and how.

A wrapper that is hidden until a script runs, an article in ``noscript`` or in a ``template``, a page that is all
``pre``, an ``aria-hidden`` or a ``del`` that is never closed: where most of a page's text stands in such a place it is
what the page is for. What is hidden beside a visible article (terms, forms, menus) stays hidden.
"""

from __future__ import annotations

from ..._lazy import regex
from .article import running
from .nodes import Lenience
from .visible import Visible

_READINGS = 3
_LEAST = 400  # less text than this is no article
_LEAST_PART = 200  # what is hidden and shorter than this is a label or a message
_SHORT = 200  # so little text is seen of a page that is shown later
_SAMPLE = 20_000
_SENTENCE_END = regex(r"[a-z]{2}[.!?][\"'”’)]{0,2}\s")
_SIGN = regex(r"[{}<>=;_\\$#|]")
_LETTERS_TO_A_SENTENCE = 400
_SIGNS_MOST = 0.02


def seen_of(markup: str) -> Visible:
    """Read a page, again where what it hides is what it is for; what is hidden in there shows only then."""
    seen = Visible(markup)
    for _ in range(_READINGS):
        lenience = _lenience_for(seen)
        if lenience == seen.lenience:
            break
        seen = Visible(markup, lenience)
    return seen


def _lenience_for(seen: Visible) -> Lenience:
    """Return what a reading of the page should take in, knowing this one."""
    unseen = sum(seen.unseen.values())
    if max(unseen, *seen.barred.values()) < _LEAST:
        return seen.lenience
    prose = sum(block.prose for block in seen.blocks)
    free = frozenset(
        cause
        for cause, size in seen.barred.items()
        if size >= _LEAST and size * 2 > prose and reads_as_prose(_protected(seen))
    )
    shown: frozenset[int] = frozenset()
    if unseen > _LEAST and unseen > _times(running(seen)):
        shown = frozenset(place for place, size in seen.unseen.items() if size >= _LEAST_PART)
    return Lenience(seen.lenience.shown | shown, seen.lenience.free | free)


def _times(prose: int) -> int:
    """Return how much text must be hidden to be more than a page shows: beside an article, much more."""
    return prose * 2 if prose >= _SHORT else prose


def _protected(seen: Visible) -> str:
    """Return the beginning of what takes no notes."""
    parts: list[str] = []
    left = _SAMPLE
    for start, end in seen.protected:
        parts.append(seen.text[start : min(end, start + left)])
        left -= len(parts[-1])
        if left <= 0:
            break
    return "\n".join(parts)


def reads_as_prose(text: str) -> bool:
    """Tell sentences from code, tables and logs.

    >>> reads_as_prose("The committee met on Monday. It heard three of its members. They said little.")
    True
    >>> reads_as_prose("for (i = 0; i < 3; i++) { print(list[i]); }  // Done.")
    False
    """
    size = len(text)
    ends = len(_SENTENCE_END.findall(f"{text} "))
    return ends * _LETTERS_TO_A_SENTENCE >= size > 0 and len(_SIGN.findall(text)) <= size * _SIGNS_MOST
