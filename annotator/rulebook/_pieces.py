r"""Pieces of patterns that have a name: written once under ``patterns:``, used as ``{name}`` in any pattern.

A piece is a regular expression, or a list of alternatives; either way it stands as one group, so that it may be
repeated or made optional. Pieces may use pieces. ``{2}``, ``{0,6}`` and ``{2,}`` stay what they are to RE2, as do
``\p{Greek}`` and ``\x{2013}``; a brace of the text is ``\{``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._lazy import regex

if TYPE_CHECKING:
    import re
    from collections.abc import Callable

MAX_DEPTH = 12
MAX_LENGTH = 40_000
_NAME = regex(r"[a-z][a-z0-9.-]*")
_PLAIN = regex(r"[^\\\[\]{]+")
_REPEAT = regex(r"\{\d+(?:,\d*)?\}")
_CODE = regex(r"\\[pPx]\{[^}]*\}")  # a class of Unicode, a code point: braces of RE2's own
_FIELD = regex(r"\(\?P<([A-Za-z_]+)([0-9]*)>")


class PieceError(ValueError):
    """A pattern uses pieces wrongly."""


def expand(
    pattern: str, lookup: Callable[[str], str | list[str]], known: dict[str, tuple[str, int]] | None = None
) -> str:
    r"""Return a pattern with its pieces put in, each as a group; fields that then stand twice are numbered.

    ``lookup`` gives the piece of a name. Raises ``PieceError``, as ``lookup`` may. ``known`` keeps pieces that were put
    in, with how deep they are nested, for other patterns of the same ``lookup``.

    >>> expand(r"{day} {month}", {"day": r"\d{1,2}", "month": ["jan", "feb"]}.__getitem__)
    '(?:\\d{1,2}) (?:jan|feb)'
    >>> expand("{a} or {a}", {"a": "(?P<pin>x)"}.__getitem__)
    '(?:(?P<pin>x)) or (?:(?P<pin2>x))'
    """
    return _numbered(_expand(pattern, lookup, (), {} if known is None else known)[0])


def used(pattern: str) -> list[str]:
    r"""Return the names of the pieces that a pattern itself uses.

    >>> used(r"{month} \d{1,2}, \{x} [{y}] \p{Greek}")
    ['month']
    """
    found: list[str] = []

    def note(name: str) -> str:
        found.append(name)
        return ""

    _put_in(pattern, note)
    return list(dict.fromkeys(found))


def rename(pattern: str, new: Callable[[str], str]) -> str:
    """Return a pattern with other names for its pieces; one that is not well formed comes back as it is.

    >>> rename("{month} {2}", "un.{}".format)
    '{un.month} {2}'
    """
    try:
        return _put_in(pattern, lambda name: f"{{{new(name)}}}")
    except PieceError:
        return pattern  # what is wrong is said where the pattern is compiled


def _expand(
    pattern: str,
    lookup: Callable[[str], str | list[str]],
    above: tuple[str, ...],
    known: dict[str, tuple[str, int]],
) -> tuple[str, int]:
    """Return a pattern with its pieces put in, and how deep they are nested."""
    deepest = 0

    def piece(name: str) -> str:
        nonlocal deepest
        found = known.get(name)
        if found is None or len(above) + found[1] > MAX_DEPTH:
            if name in above:
                raise PieceError(f"pattern piece {name!r} uses itself")
            if len(above) >= MAX_DEPTH:
                raise PieceError(f"pattern pieces nested more than {MAX_DEPTH} deep")
            text = lookup(name)
            inner, depth = _expand(text if isinstance(text, str) else "|".join(text), lookup, (*above, name), known)
            found = known[name] = (f"(?:{inner})", depth + 1)
        deepest = max(deepest, found[1])
        return found[0]

    return _put_in(pattern, piece), deepest


def _put_in(pattern: str, piece: Callable[[str], str]) -> str:
    """Return a pattern with what ``piece`` makes of each name in braces."""
    result: list[str] = []
    length = position = 0
    inside = False  # a character class
    while position < len(pattern):
        char = pattern[position]
        taken = char
        plain = _PLAIN.match(pattern, position)
        if plain:
            taken = plain.group()
        elif char == "\\":
            code = _CODE.match(pattern, position)
            taken = code.group() if code else pattern[position : position + 2]
        elif char == "[" and not inside:
            inside = True
            # A bracket that is first in a class is a member of it: []x], [^]x].
            taken = next((head for head in ("[^]", "[]", "[^") if pattern.startswith(head, position)), char)
        elif char == "]":
            inside = False
        elif char == "{" and not inside:
            repeat = _REPEAT.match(pattern, position)
            taken = repeat.group() if repeat else _braces(pattern, position)
        position += len(taken)
        named = char == "{" and not inside and not taken[1].isdigit()
        text = piece(taken[1:-1]) if named else taken
        result.append(text)
        length += len(text)
        if length > MAX_LENGTH:
            raise PieceError(f"with its pieces the pattern is longer than {MAX_LENGTH} characters; split the rule")
    return "".join(result)


def _braces(pattern: str, position: int) -> str:
    end = pattern.find("}", position)
    name = pattern[position + 1 : end] if end >= 0 else ""
    if not _NAME.fullmatch(name):
        shown = pattern[position : end + 1] if end >= 0 else pattern[position : position + 12]
        raise PieceError(f"{shown!r} names no pattern piece; for the character itself write \\{{")
    return pattern[position : end + 1]


def _numbered(pattern: str) -> str:
    """Give fields that stand more than once numbers, since RE2 takes each name once: ``year``, ``year2``."""
    names = {name + digits for name, digits in _FIELD.findall(pattern)}
    seen: set[str] = set()

    def name_of(hit: re.Match[str]) -> str:
        name = hit[1] + hit[2]
        if name in seen:
            number = 2
            while f"{hit[1]}{number}" in names:
                number += 1
            name = f"{hit[1]}{number}"
            names.add(name)
        seen.add(name)
        return f"(?P<{name}>"

    return _FIELD.sub(name_of, pattern)
