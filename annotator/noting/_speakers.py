"""Whom an article names only as the one who says something: a spokesman who is quoted, an agency that reports it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from .._vocabulary import sections

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..model import Mention, Note
    from ._best import Wanted

_BESIDE = 3  # the rank of a name in a sentence on measures
_BEFORE, _BEHIND = 90, 60
_WORDS = r"(?:[\w'’.-]+ ){0,8}\(?"  # "said Kremlin spokesman …", "according to the Korean Central News Agency (…"


def without_speakers(wanted: Sequence[Wanted], text: str, is_listing: Callable[[Note], bool]) -> list[Wanted]:
    """Return what is left when listings go of those whom the article names only as who says something.

    No reader asks whether somebody is listed who is merely quoted. Who is spoken of as well, or named in a sentence on
    measures, keeps the note, at the place that is not of the speaker. ``is_listing`` tells a note on a listing.
    """
    spoken_of: set[str] = set()
    speaking: list[int] = []
    for n, one in enumerate(wanted):
        if not all(map(is_listing, one.notes)):
            continue
        names = {note.id for note in one.notes}
        if one.mention.rank < _BESIDE and not one.fields.get("listing") and _only_says(one.mention, text):
            speaking.append(n)
        else:
            spoken_of |= names
    if not speaking:
        return list(wanted)
    gone = {n for n in speaking if not any(note.id in spoken_of for note in wanted[n].notes)}
    return [one for n, one in enumerate(wanted) if n not in gone]


def _only_says(mention: Mention, text: str) -> bool:
    """Tell whether one is named there as who says something, or as whom it was told to for the press."""
    says, said, source, told, press = _patterns()
    behind = text[mention.end : mention.end + _BEHIND]
    before = text[max(0, mention.start - _BEFORE) : mention.start]
    if says.match(behind) or source.search(before) or (said.search(before) and _ends(behind)):
        return True
    if mention.kind == "person":
        return False
    return bool(press.match(behind) or told.search(before))


def _ends(behind: str) -> bool:
    return not behind or behind[0] in '.,;:\n”"’)'


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    words = sections(Path(__file__).with_name("words.txt"))
    either = {name: f"(?:{'|'.join(lines)})" for name, lines in words.items()}
    return (
        re.compile(rf"\)?,?\s+{either['says']}"),
        re.compile(rf"\b{either['said']}\s+{_WORDS}\Z"),
        re.compile(rf"\b{either['according to']}\s+{_WORDS}\Z", re.IGNORECASE),
        re.compile(rf"\b{either['told']}\s+{_WORDS}\Z"),
        re.compile(rf"\)?\s+{either['of the press']}\b"),
    )
