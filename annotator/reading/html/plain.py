"""The text of a page without anything hidden, protected or preserved: what most articles need of it.

A pattern cuts the page into tags and text, and each tag is replaced by what it does to the text: ends a block, begins
a line, or nothing. That is many times as fast as to follow the open elements, and holds as long as none of them hides
or keeps what is in it; pages that have any of these are left to the full reader (``annotator.reading.html.visible``).
Where the compiled core serves it goes through the page by itself (``core/pages.c``), and asks here what a tag does.
"""

from __future__ import annotations

import re
from functools import cache
from html.entities import html5
from typing import TYPE_CHECKING, Any

from ... import core
from ..._lazy import regex
from .elements import BLOCKS, CELLS, FLAGS, FOREIGN, FORMAT_PROTECTED, OUT, PRE, PROTECTED, TABLE_STRUCTURE
from .tags import TAG, attributes
from .visible import LONGEST_NAME, UNSEEN_LETTERS, UNSEEN_MOST, Visible, number

if TYPE_CHECKING:
    from collections.abc import Callable

_BLOCK, _LINE, _TABLE, _CELL = "\1\2\3\4"
_SIGNS = "\0\1\2\3\4"
_GIVEN = r"""(?:[ \t\n\r]++[A-Za-z_:][\w:.-]*+(?:="[^"<>]*+")?+)*+[ \t\n\r]*+"""
_SHAPES = "path|g|circle|rect|use|polygon|polyline|line|ellipse"
_CUTS = regex(
    r"(<!--(?!-?>)(?:[^-]++|-(?!-!?>))*+--!?>"
    rf"|<script{_GIVEN}>(?:[^<]++|<(?!!--|/?script))*+</script>"
    rf"|<style{_GIVEN}>(?:[^<]++|<(?!/style))*+</style>"
    rf"|<title{_GIVEN}>(?:[^<]++|<(?!/title))*+</title>"
    rf"|<noscript{_GIVEN}>(?:[^<]++|<(?!/noscript))*+</noscript>"
    rf"|<iframe{_GIVEN}>(?:[^<]++|<(?!/iframe))*+</iframe>"
    rf"|<svg{_GIVEN}>(?:[ \t\n\r]*+</?(?:{_SHAPES}){_GIVEN}/?>)*+[ \t\n\r]*+</svg>"
    r"|<[^<>]*+>)",
    re.IGNORECASE,
)
_RAW = regex(r"<(script|style|title|noscript|iframe|svg)[^<>]*>(.*)</\1>", re.IGNORECASE | re.DOTALL)
_RAW_NAMES = frozenset("script style title textarea xmp iframe noembed noframes noscript plaintext dialog sup".split())
_CLOSED = [
    (f"<{name}".encode(), f"</{name}".encode()) for name in ("script", "style", "title", "noscript", "iframe", "svg")
]
_REFERENCE = regex("&(?:#[0-9]++;?|#[xX][0-9a-fA-F]++;?|[A-Za-z][A-Za-z0-9]*+;?)")
_SPACE = " \t\n\f\r"
_UNSEEN = [letter for letter in UNSEEN_LETTERS if letter not in _SIGNS]
_MOST_KEPT, _LONGEST_KEPT = 4096, 300
_STRAY = regex(f"{_TABLE}[^{_TABLE}{_CELL}]*[^{_TABLE}{_CELL}{_BLOCK}{_LINE} ]")


class _OtherError(Exception):
    """Says that a page is for the full reader."""


class _Kept(dict[str, str]):
    """What a function tells of texts; what it told of the last short ones is kept."""

    def __init__(self, tell: Callable[[str], str]) -> None:
        self._tell = tell

    def __missing__(self, text: str) -> str:
        told = self._tell(text)
        if len(text) <= _LONGEST_KEPT:
            if len(self) >= _MOST_KEPT:
                self.clear()
            self[text] = told
        return told


def plain_text(markup: str) -> str | None:
    """Return the text of a page; ``None`` where only the full reader can tell it."""
    compiled = _compiled()
    if compiled is None or not (markup.isascii() or all(letter not in markup for letter in _UNSEEN)):
        return interpreted(markup)
    try:
        text: str | None = compiled.text(markup, _TAGS, _REFERENCES, _special)
    except _OtherError:
        return None
    except UnicodeEncodeError:  # half a character, which is none in UTF-8
        return interpreted(markup)
    return text


@cache
def _compiled() -> Any:
    return core.built("pages")


def _special(markup: str, at: int) -> tuple[int, str]:
    """Return where what begins at an offset ends that may be more than a tag, and what it does to the text."""
    found = _CUTS.match(markup, at)
    return (at, "") if found is None else (found.end(), _TAGS[found[0]])


def interpreted(markup: str) -> str | None:
    """Return what `plain_text` does, without the compiled core."""
    if any(sign in markup for sign in _SIGNS) or _is_open(markup):
        return None
    parts = _CUTS.split(markup)
    try:
        parts[1::2] = map(_TAGS.__getitem__, parts[1::2])
        if "&" in markup:
            if any("<" in part for part in parts):
                return None
            parts = [
                _REFERENCE.sub(lambda found: _REFERENCES[found[0]], part) if "&" in part else part for part in parts
            ]
            text = "".join(parts)
        else:
            text = "".join(parts)
            if "<" in text:
                return None
    except _OtherError:
        return None
    if not text.isascii():
        for letter in _UNSEEN:
            if letter in text:
                text = text.replace(letter, "")
    return _spaced(text)


def _is_open(markup: str) -> bool:
    """Tell whether a comment, or what is not text, is begun behind the last that is closed: it would be looked for anew
    from each beginning.
    """
    if markup.rfind("<!--") > max(markup.rfind("-->"), markup.rfind("--!>")):
        return True
    small = markup.encode("utf-8", "surrogatepass").lower()  # faster; what has another length has a place all the same
    return any(opening in small and small.rfind(opening) > small.rfind(closing) for opening, closing in _CLOSED)


def _spaced(text: str) -> str | None:
    """Let white space and the ends of blocks be what the reader makes of them."""
    for space in "\t\n\f\r":
        if space in text:
            text = text.replace(space, " ")
    while "  " in text:
        text = text.replace("  ", " ")
    if _TABLE in text:
        if _STRAY.search(text):
            return None
        text = text.replace(_TABLE, _BLOCK)
    text = text.replace(_CELL, _BLOCK)
    if _LINE not in text:
        return "\n\n".join([block for part in text.split(_BLOCK) if (block := part.strip(" "))])
    text = text.replace(f" {_BLOCK}", _BLOCK).replace(f"{_BLOCK} ", _BLOCK)
    text = text.replace(f" {_LINE}", _LINE).replace(f"{_LINE} ", _LINE)
    text = re.sub(f"[{_BLOCK}{_LINE}]{{2,}}", _BLOCK, text)
    return text.strip(f" {_BLOCK}{_LINE}").replace(_BLOCK, "\n\n").replace(_LINE, "\n")


def _done(tag: str) -> str:
    """Return what a tag or the like does to the text. Raises `_OtherError`."""
    if tag.startswith("<!--"):
        if tag.startswith(("<!-->", "<!--->")) or not tag.endswith(("-->", "--!>")):
            raise _OtherError  # closed at once, or left open
        return ""
    raw = _RAW.fullmatch(tag)
    if raw:
        start = TAG.match(tag)
        if start is None or start.end() != raw.start(2) or Visible.hiding(_given(start)):
            raise _OtherError
        if raw[1].lower() == "noscript" and len(raw[2]) >= UNSEEN_MOST:
            raise _OtherError
        return ""
    if tag.startswith(("<!", "<?")):
        if tag[:9].lower() == "<!doctype" or tag.startswith("<?xml "):
            return ""
        raise _OtherError
    found = TAG.fullmatch(tag)
    if found is None:
        raise _OtherError
    name = found[2].lower()
    if name in _RAW_NAMES or name in FORMAT_PROTECTED or FLAGS.get(name, 0) & (OUT | FOREIGN | PRE | PROTECTED):
        raise _OtherError
    if not found[1] and Visible.hiding(_given(found)):
        raise _OtherError
    if name in TABLE_STRUCTURE or name in CELLS:
        inside = name in CELLS and not found[1]
        return f"{_BLOCK}{_CELL if inside or (name == 'table' and found[1]) else _TABLE}{_BLOCK}"
    return _BLOCK if name in BLOCKS else _LINE if name == "br" else ""


def _given(found: re.Match[str]) -> dict[str, str]:
    return attributes(found.string, found.start(3), found.end(4)) if found.end(4) > found.start(3) else {}


def _letters(reference: str) -> str:
    """Return what a character reference stands for."""
    word = reference[1:]
    rest = ""
    if word[0] == "#":
        letters = number(word)
    elif word in html5:
        letters = html5[word]
    else:
        size = next((size for size in range(min(len(word), LONGEST_NAME), 1, -1) if word[:size] in html5), 0)
        if not size:
            return reference
        letters, rest = html5[word[:size]], word[size:]
    if letters in UNSEEN_LETTERS:
        return rest
    if letters in _SPACE:
        return f" {rest}"
    if letters[0] in _SIGNS:
        raise _OtherError
    return letters + rest


_TAGS, _REFERENCES = _Kept(_done), _Kept(_letters)
