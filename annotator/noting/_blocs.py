"""One note for a collective author: whose law it is, and what each member that has such a measure does."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from .._dates import spoken
from .._lazy import regex
from .._vocabulary import data_file, sections
from ..model import Note
from ._bodies import RANK, authority_named, is_named, join

if TYPE_CHECKING:
    from collections.abc import Sequence

_LEAST_WORDS, _MOST_WORDS = 9, 20  # of what one authority of several does
# A sentence, where another follows: a full stop behind a word, before one with a capital.
_SENTENCE = regex(r"(?:(?<=[a-z)])|(?<=[A-Z]{2}))\.(?= [A-Z\[])|\.(?= \[)|\.?\Z")


def together(bloc: str, notes: Sequence[Note]) -> list[Note]:
    """Return one note for those of several authorities; where only one has such a measure, its own.

    Of several notes of one authority the first stands for it.
    """
    members: dict[str, Note] = {}
    for note in notes:
        members.setdefault(note.jurisdiction, note)
    if len(members) < 2:
        return list(notes)
    names = [authority_named(each) for each in members]
    head = f"{join(names)} each act under their own law."
    parts = [_member(by, note) for by, note in members.items()]
    began = (note.began for note in members.values() if note.began is not None)
    return [
        Note(
            id=f"{bloc}/{'+'.join(note.id for note in members.values())}",
            text=" ".join([head[:1].upper() + head[1:], *parts]),
            sources=tuple(dict.fromkeys([*(source for note in members.values() for source in note.sources), *began])),
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


def _member(by: str, note: Note) -> str:
    """Say what an authority does: the fact, the act by which it began, since when, and where it stands now."""
    end = _SENTENCE.search(note.text)
    fact = _shortened(note.text[: end.start()] if end else note.text)
    if not is_named(by, fact):
        fact = f"{authority_named(by).removeprefix('the ')}: {fact}"
    began = note.began or next(iter(note.sources), None)
    acts: dict[str, str] = {}
    for source in (began, *note.sources[:1]):
        if source is not None:
            named = source.short or source.instrument
            acts.setdefault(named, f"{named} {source.pinpoint}".strip() + _since(note, first=source is began))
    return f"{fact} [{'; '.join(acts.values())}]." if acts else f"{fact}."


def _shortened(fact: str) -> str:
    """Return a fact without what it tells last, where it is longer than a part of a note on several may be."""
    if len(fact.split()) <= _MOST_WORDS or ". " in fact:
        return fact
    verb = _verb()
    # What is cut off had the "and" of a row: "freezes …, bars …, and limits …".
    last_of_row = re.compile(rf", (?={verb}[^,;]*\Z)")
    further = re.finditer(rf";|,? and (?:also )?{verb}", fact)
    parts = [last_of_row.sub(" and ", fact[: found.start()]) for found in further]
    return next((part for part in reversed(parts) if _LEAST_WORDS <= len(part.split()) <= _MOST_WORDS), fact)


@cache
def _verb() -> str:
    """Return a pattern of the verbs by which the pack's notes tell what an authority does."""
    return rf"(?:{'|'.join(sections(data_file(__file__, 'words.txt'))['what an authority does'])})\b"


def _since(note: Note, *, first: bool) -> str:
    return f", since {spoken(note.since)}" if first and note.since else ""
