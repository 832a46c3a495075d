"""Lines of time of notes: the dated changes of `history`, and the times in which something held, by whose law.

Nothing that was not verified goes into one, and nothing later than the day on which it was checked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..lists.opened import PREFIX
from ..model import Held, Source, Step, Timeline
from ._history import befell, history

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ..lists.entries import Entry
    from ..lists.opened import Lists
    from ..model import Annotation, Note
    from ..rulebook import Rulebook
    from ._history import Change

_FEWEST = 2  # dates of which there is a line to draw
_THINGS = frozenset({"entity", "body", "committee", "measure"})  # kinds of mentions of what begins and ends
_WITHOUT = frozenset({"claim", "instrument"})  # an act is not a thing that holds; measures that it makes are
_UNVERIFIED = "unverified"
_MEMBERS = "+"  # between the notes of a bloc's members


def of_annotations(annotations: Sequence[Annotation], book: Rulebook, lists: Lists | None) -> dict[Note, Timeline]:
    """Return the line of time of each note that has one; checks of claims and notes on acts have none."""
    found: dict[Note, Timeline] = {}
    seen: set[Note] = set()
    for annotation in annotations:
        if annotation.kind in _WITHOUT:
            continue
        for note in annotation.notes:
            if note in seen:
                continue
            seen.add(note)
            line = _line(_changes(note, annotation, book, lists), set(note.jurisdiction.split(",")))
            if line is not None:
                found[note] = line
    return found


def _changes(note: Note, annotation: Annotation, book: Rulebook, lists: Lists | None) -> Iterator[list[Change]]:
    """Yield the changes of each thing that a note tells of: a listing by one authority, a measure, a body."""
    fields = annotation.fields
    if note.id.startswith(PREFIX):
        # Where nothing but a name agrees, nobody is told of.
        if lists is not None and fields.get("match") == "certain":
            for name in note.entries:
                if (entry := lists.named(name)) is not None:
                    yield _of_entry(entry, lists)
        return
    names = note.id.partition("/")[2].split(_MEMBERS) if note.is_group else [note.id]
    known: set[str] = set()
    for name in names:
        try:
            data = book.note(name.partition("/")[0])
        except KeyError:
            continue  # of an annotation that somebody else made
        told = history(book, name, fields)
        if not (data.get("listing") or told.about or annotation.kind in _THINGS):
            continue  # what is told of has no beginning and no end in law, as the scope of sanctions
        title = f"{data['name']}: " if data.get("listing") else ""
        by_whom: dict[str, list[Change]] = {}
        for change in told.changes:
            by_whom.setdefault(change.by, []).append(change._replace(what=change.what.removeprefix(title)))
        yield from by_whom.values()
        known |= by_whom.keys()
    if lists is None or note.is_group:
        return
    for name in fields.get("also", "").split("|"):
        beside = lists.named(name) if name else None
        if beside is not None and beside.jurisdiction not in known:
            yield _of_entry(beside, lists)


def _of_entry(entry: Entry, lists: Lists) -> list[Change]:
    status = lists.status(entry.list)
    checked = (status.date if status is not None else "") or entry.last_seen or ""
    source = Source(lists.title(entry.list), entry.reference, entry.url)
    return [one._replace(sources=(source,), status="verified", checked=checked) for one in befell(entry)]


def _line(things: Iterable[list[Change]], jurisdictions: set[str]) -> Timeline | None:
    steps: dict[Step, None] = {}
    spans: list[Held] = []
    for changes in things:
        kept, checked = _verified(changes, jurisdictions)
        steps |= dict.fromkeys(Step(one.date, one.until, one.by, one.what, one.sources) for one in kept)
        spans += _spans(kept, checked)
    if len({step.date for step in steps}) < _FEWEST:
        return None
    order = sorted(steps, key=lambda one: (one.date, one.by))
    return Timeline(tuple(order), tuple(sorted(dict.fromkeys(spans), key=lambda one: (one.start, one.by, one.end))))


def _verified(changes: Sequence[Change], jurisdictions: set[str]) -> tuple[list[Change], str]:
    """Return the changes up to the first that is not verified, and the day to which they were checked.

    What follows on a change that is not known well enough may tell of something else: it is left out too.
    """
    kept: list[Change] = []
    checked = ""
    for one in changes:
        if one.status == _UNVERIFIED:
            return kept, kept[-1].date if kept else ""
        if not one.begun or (one.checked and one.date > one.checked) or not jurisdictions & set(one.by.split(",")):
            continue
        kept.append(one)
        checked = max(checked, one.checked)
    return kept, checked


def _spans(changes: Sequence[Change], checked: str) -> Iterator[Held]:
    """Yield the times in which something held, of changes in order."""
    start: str | None = None
    for number, one in enumerate(changes):
        if one.holds:
            start = one.date if start is None else start
        elif start is not None or not number:
            yield Held(one.by, start or "", one.date, ended=True)
            start = None
    if start is not None:
        yield Held(changes[-1].by, start, max(checked, changes[-1].date), ended=False)
