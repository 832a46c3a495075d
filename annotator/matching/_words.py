"""The vocabulary of the names on lists and of talk of sanctions, from ``words.txt``."""

from __future__ import annotations

from functools import cache

from .._vocabulary import data_file, sections


@cache
def _sections() -> dict[str, list[str]]:
    return sections(data_file(__file__, "words.txt"))


def words_of(section: str) -> frozenset[str]:
    """Return the words of a section."""
    return frozenset(" ".join(_sections()[section]).split())


def phrases(section: str) -> dict[str, tuple[str, ...]]:
    """Return the phrases of a section by what its lines begin with: ``un: security council, united nations``."""
    rows = (line.partition(": ") for line in _sections()[section])
    return {name: tuple(told.split(", ")) for name, _, told in rows}


def either(section: str) -> bytes:
    """Return a pattern that finds any one of a section's lines, which are patterns themselves."""
    return b"(?:%b)" % "|".join(_sections()[section]).encode("ascii")


def lines(section: str) -> tuple[str, ...]:
    """Return the lines of a section."""
    return tuple(_sections()[section])
