"""One note for a collective author: a head, and a few words for each member that has such a measure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .._dates import spoken
from ..model import Note
from ._bodies import RANK, authority_named

if TYPE_CHECKING:
    from collections.abc import Sequence

# What leads to the measures in the words of a mention: "subject to Western penalties".
_LEADING = re.compile(r"\A(?:(?:subject|under|despite|facing|amid|over|to|from|by|of|with|the) )+", re.IGNORECASE)


# What is done about them: "sanctions evasion", "a breach of Western sanctions".
_ABOUT = re.compile(
    r"\A(?:an? |the )?(?:evasion|circumvention|breach|breaches|violations?|lifting|easing) of (?:the )?"
    r"| (?:evasion|busting|violations?|violators?|relief|enforcement|lists?)\Z",
    re.IGNORECASE,
)


def together(bloc: str, words: str, notes: Sequence[Note]) -> list[Note]:
    """Return one note for those of several authorities; where only one has such a measure, its own.

    ``words`` are those of the mention. Of several notes of one authority the first stands for it.
    """
    members: dict[str, Note] = {}
    for note in notes:
        members.setdefault(note.jurisdiction, note)
    if len(members) < 2:
        return list(notes)
    names = [authority_named(each) for each in members]
    measures = _ABOUT.sub("", _LEADING.sub("", " ".join(words.split())))
    head = f"{measures}: those of {', '.join(names[:-1])} and {names[-1]}."
    head = head[:1].upper() + head[1:]
    parts = [_member(name, note) for name, note in zip(names, members.values(), strict=True)]
    return [
        Note(
            id=f"{bloc}/{'+'.join(note.id for note in members.values())}",
            text=" ".join([head, *parts]),
            sources=tuple(dict.fromkeys(source for note in members.values() for source in note.sources)),
            from_date=None,
            until=None,
            jurisdiction=",".join(members),
            status=max((note.status for note in members.values()), key=RANK.__getitem__),
            checked=min(note.checked for note in members.values()),
            later=tuple(
                f"{name}: {line}" for name, note in zip(names, members.values(), strict=True) for line in note.later
            ),
            full=" ".join(note.text for note in members.values()),
        )
    ]


def _member(name: str, note: Note) -> str:
    """Say since when an authority has the measure, by which act at first, and where it stands now."""
    said = name.removeprefix("the ") + (f" since {spoken(note.since)}" if note.since else "")
    acts: dict[str, str] = {}
    for source in (note.began, *note.sources[:1]):
        if source is not None:
            named = source.short or source.instrument
            acts[named] = f"{named} {source.pinpoint}".strip()
    return f"{said} [{'; '.join(acts.values())}]." if acts else f"{said}."
