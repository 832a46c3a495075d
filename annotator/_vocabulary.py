"""Vocabularies that stand in text files: sections of lines, in the order of the file.

A section begins with its name in brackets, alone on a line; what begins with a semicolon is a remark.
"""

from __future__ import annotations

import os
from functools import cache

from ._lazy import regex

_HEADING = regex(r"\[([^][]+)\](?:\s+;.*)?")


def data_file(module: str, *names: str) -> str:
    """Return the path of a file that is named as seen from the folder of a module's file.

    Without ``pathlib``, which annotating does without, and starts sooner.
    """
    return os.path.join(os.path.dirname(module), *names)


def text_of(path: str | os.PathLike[str]) -> str:
    """Return the text of a file in UTF-8."""
    with open(path, encoding="utf-8") as file:
        return file.read()


def sections(path: str | os.PathLike[str]) -> dict[str, list[str]]:
    """Return the lines of each section of a UTF-8 file. Lines before the first section have the name ``""``."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in text_of(path).splitlines():
        heading = _HEADING.fullmatch(line)
        if heading is not None:
            name = heading[1]
        elif line and not line.startswith(";"):
            found.setdefault(name, []).append(line)
    return found


@cache
def word_sets(path: str) -> dict[str, frozenset[str]]:
    """Return the words of each section of such a file, which are parted by blanks. The file is read once."""
    return {name: frozenset(" ".join(lines).split()) for name, lines in sections(path).items()}
