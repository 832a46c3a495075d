"""What a page of the handbook holds, for whatever writes it: a terminal, or a site."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """Words as they are typed: an id, a phrase, a command."""

    text: str


@dataclass(frozen=True, slots=True)
class Marked:
    """Words of an example that are to be found."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """Another page of the handbook: its kind and its name."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Url:
    """A place outside."""

    address: str


Part = str | Code | Marked | Link | Url
Line = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """A point of a list, and the lines under it."""

    line: Line
    under: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A head, paragraphs and a list."""

    head: str
    lines: tuple[Line, ...] = ()
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A page: ``kind`` is ``rule``, ``regime``, ``measure``, ``list`` or ``error``; the title is without the name.

    ``own`` tells that it is about a user's own rules, which the site knows nothing of.
    """

    kind: str
    name: str
    title: str
    lines: tuple[Line, ...] = ()
    sections: tuple[Section, ...] = ()
    own: bool = False


def spelt(words: str) -> Line:
    """Return a line of words in which backticks stand around what is typed.

    >>> spelt("see `annotator rules lint`")
    ('see ', Code(text='annotator rules lint'))
    """
    parts = re.split(r"`([^`]+)`", words)
    return tuple(Code(part) if number % 2 else part for number, part in enumerate(parts) if part)
