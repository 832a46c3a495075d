"""Vocabularies that stand in text files: sections of lines, in the order of the file.

A section begins with its name in brackets, alone on a line; what begins with a semicolon is a remark.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_HEADING = re.compile(r"\[([^][]+)\](?:\s+;.*)?")


def sections(path: Path) -> dict[str, list[str]]:
    """Return the lines of each section of a UTF-8 file. Lines before the first section have the name ``""``."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        heading = _HEADING.fullmatch(line)
        if heading is not None:
            name = heading[1]
        elif line and not line.startswith(";"):
            found.setdefault(name, []).append(line)
    return found


@cache
def word_sets(path: Path) -> dict[str, frozenset[str]]:
    """Return the words of each section of such a file, which are parted by blanks. The file is read once."""
    return {name: frozenset(" ".join(lines).split()) for name, lines in sections(path).items()}
