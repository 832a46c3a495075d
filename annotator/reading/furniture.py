"""The vocabulary of page furniture: what a line of a saved page is when it is not the article.

The words are in ``furniture.txt``, beside this file.
"""

from __future__ import annotations

import re
from functools import cache

from .._lazy import regex
from .._vocabulary import data_file, sections

SINGLE, CREDIT, END, TOP, LINKS, REST = "single", "credit", "end", "top", "links", "rest"
MENU = "menu"

LONGEST = 400  # no line of furniture is longer than this
_LONG = 120
_SHORT = 70  # no entry of the vocabulary that has no … is longer
HEAD = 24
_KEY = 6
_EDGES = " \t\xa0\u200b\ufeff-–—*•·|»«›‹>←→[]().,!\"'_~…:"
_QUOTES = {ord("‘"): "'", ord("’"): "'", ord("“"): '"', ord("”"): '"', ord("\xa0"): " "}
_NUMBER = regex(r"[0-9]+")
_LINK = r"(?:https?://|www\.)\S+"
_CALENDAR = {
    **dict.fromkeys("monday tuesday wednesday thursday friday saturday sunday".split(), "%day"),
    **dict.fromkeys("mon tue tues wed thu thur thurs fri sat sun".split(), "%day"),
    **dict.fromkeys("january february march april may june july august september".split(), "%month"),
    **dict.fromkeys("october november december jan feb mar apr jun jul aug sep sept oct nov dec".split(), "%month"),
}
_WORD = r"[a-z]+"


def role_of(line: str) -> str | None:
    """Return what sort of furniture the line is, or ``None`` when it is none.

    >>> role_of("Leave a comment"), role_of("Tags: oil, ships"), role_of("Oil prices rose.")
    ('rest', 'single', None)
    """
    if len(line) > _SHORT and (len(line) > LONGEST or not begins(line[:HEAD])):
        return None
    whole, entries, _, _ = _vocabulary()
    plain = normal(line)
    role = whole.get(plain)
    if role is not None or not plain:
        return role
    sentence = len(plain) > _SHORT and line.rstrip("\"'”’ )").endswith((".", "!", "?"))
    long = len(plain) > _LONG
    for key in (plain[:2], plain[:1], ""):
        for start, end, found in entries.get(key, ()):
            if found != END and (sentence or (long and not start.endswith(":"))):
                continue  # it begins like furniture but runs on: prose
            if plain.startswith(start) and plain.endswith(end) and len(plain) >= len(start) + len(end):
                return found
    return None


def begins(head: str) -> bool:
    """Tell whether the beginning of a line (`HEAD` characters) is that of a line of furniture."""
    plain = head.lower().lstrip(_EDGES)
    return plain.startswith(_vocabulary()[2].get(plain[:1], ()))


def normal(line: str) -> str:
    """Bring a line into the form of the vocabulary: lower case, plain quotes, ``#`` for numbers."""
    plain = line if line.isascii() else line.translate(_QUOTES)
    plain = plain.lower().strip(_EDGES)
    if "://" in plain or "www." in plain:
        plain = re.sub(_LINK, "@link", plain)
    if _NUMBER.search(plain):
        plain = _NUMBER.sub("#", plain)
        if len(plain) < _LONG:
            plain = re.sub(_WORD, _calendar, plain)
    return " ".join(plain.split())


def in_menu(line: str) -> bool:
    """Tell whether a line names a part of a site, as menus do; alone it may be a heading.

    >>> in_menu("Arts & Culture"), in_menu("Port takes in three ships")
    (True, False)
    """
    plain = line if line.isascii() else line.translate(_QUOTES)
    return plain.lower().strip(_EDGES) in _vocabulary()[3]


def _calendar(word: re.Match[str]) -> str:
    return _CALENDAR.get(word[0], word[0])


@cache
def _vocabulary() -> tuple[
    dict[str, str], dict[str, list[tuple[str, str, str]]], dict[str, tuple[str, ...]], frozenset[str]
]:
    """Read the file: whole lines by role, (beginning, end, role) by the first two letters, all beginnings by the first
    one, words of menus.
    """
    whole: dict[str, str] = {}
    entries: dict[str, list[tuple[str, str, str]]] = {}
    found = sections(data_file(__file__, "furniture.txt"))
    menu = frozenset(found.pop(MENU))
    for role, lines in found.items():
        for line in lines:
            start, dots, end = line.partition("…")
            if dots:
                entries.setdefault(start[:2], []).append((start, end, role))
            else:
                whole[line] = role
    for each in entries.values():
        each.sort(key=lambda entry: -len(entry[0] + entry[1]))
    beginnings: dict[str, tuple[str, ...]] = {}
    for key in sorted({start[:_KEY] for each in entries.values() for start, _, _ in each if start}):
        beginnings[key[0]] = (*beginnings.get(key[0], ()), key)
    return whole, entries, beginnings, menu
