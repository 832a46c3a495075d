"""What a program or a notebook shows of a result: a row for each note of each annotation, and a piece of HTML."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from .noting import ALSO

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .lists.opened import Lists
    from .model import Annotation, Document, Note
    from .rulebook import Rulebook

_MOST_SHOWN = 20_000  # code points of an article that a notebook shows
_SURROGATES = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
_MARK = "background:#fff3b0;color:#111"
_CHECK = "background:#ffd0c8;color:#111"
_SECURE = ("https://", "http://")

# What a row holds, in this order: the one source of the columns of every table of hits. ``text`` is a string, ``list``
# several of them, ``day`` an ISO date (which may be a month or a year only), ``link`` an address.
KINDS = {
    "sentence": "text",
    "text": "text",
    "kind": "text",
    "grade": "text",
    "rule": "text",
    "entries": "list",
    "lists": "list",
    "references": "list",
    "programmes": "list",
    "note": "text",
    "note_text": "text",
    "score": "number",
    "why": "list",
    "link": "link",
    "start": "whole",
    "end": "whole",
    "jurisdiction": "text",
    "status": "text",
    "checked": "day",
    "from": "day",
    "until": "day",
    "sources": "list",
    "links": "list",
    "full": "text",
}


def rows(
    document: Document, annotations: Sequence[Annotation], book: Rulebook, lists: Lists | None = None
) -> list[dict[str, Any]]:
    """Return a dictionary for each note of each annotation, in order of place: a hit, as tables have it.

    The keys are those of `KINDS`. ``start`` and ``end`` are code points of the document's text, ``text`` is what
    stands there, ``sentence`` the one around it, on one line. ``note`` is the note's id, ``note_text`` what it says
    in brief and ``full`` all of it. ``entries`` are the ids of the entries of lists that the note tells of, ``lists``,
    ``references`` and ``programmes`` what these are on and under, each once. ``sources`` are citations with their
    pinpoints and ``links`` their addresses, of one length and order; ``link`` is the first there is. ``score`` is that
    of a name on a list, between 0 and 1, else ``None``. ``from`` and ``until`` are ISO dates or ``None``.
    """
    if not annotations:
        return []
    from .matching.surroundings import Surroundings

    around = Surroundings(document, book)
    found: list[dict[str, Any]] = []
    for one in annotations:
        low, high = around.sentence(one.start, one.end)
        place = {
            "start": one.start,
            "end": one.end,
            "text": one.text,
            "sentence": " ".join(document.text[low:high].split()),
            "rule": one.rule,
            "kind": one.kind,
            "grade": one.grade,
        }
        score = one.fields.get("score")
        ground = {"score": float(score) if score else None, "why": list(one.why)}
        found += [{**place, **_told(note), **_entries(one, note, lists), **ground} for note in one.notes]
    return [{name: row[name] for name in KINDS} for row in found]


def heading(document: Document, annotations: Sequence[Annotation], book: Rulebook) -> str:
    """Return the first heading of the article in which the first annotation stands, empty where there is none."""
    if not annotations:
        return ""
    from .matching.surroundings import Surroundings

    return Surroundings(document, book).heading(annotations[0].start)


def _told(note: Note) -> dict[str, Any]:
    return {
        "note": note.id,
        "note_text": note.text,
        "full": note.full or note.text,
        "sources": [source.cited for source in note.sources],
        "links": [source.url for source in note.sources],
        "link": next((source.url for source in note.sources if source.url), None),
        "jurisdiction": note.jurisdiction,
        "status": note.status,
        "checked": note.checked or None,
        "from": note.from_date,
        "until": note.until,
    }


def _entries(one: Annotation, note: Note, lists: Lists | None) -> dict[str, list[str]]:
    """Return the entries of lists that a note tells of: those that a name fits, or that fill up a rule's listing."""
    ids = [*note.entries, *filter(None, one.fields.get(ALSO, "").split("|") if note is one.notes[0] else ())]
    entries = [entry for name in ids if lists is not None and (entry := lists.named(name)) is not None]
    return {
        "entries": list(dict.fromkeys(ids)),
        "lists": _once(lists.title(entry.list) for entry in entries) if lists is not None else [],
        "references": _once(entry.reference for entry in entries),
        "programmes": _once(programme for entry in entries for programme in entry.programmes),
    }


def _once(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))


def html(text: str, annotations: Sequence[Annotation], as_of: str) -> str:
    """Return a text with its mentions marked and numbered, and the notes under it, as HTML that stands by itself.

    Nothing in it runs or is loaded, and all that is not ours is escaped. Of a very long text only the beginning is
    shown, and the notes whose mentions stand in it.
    """
    shown = [one for one in annotations if one.end <= _MOST_SHOWN]
    numbers: dict[Note, int] = {}
    marks: dict[int, list[int]] = {}
    for one in shown:
        for note in one.notes:
            marks.setdefault(one.end, []).append(numbers.setdefault(note, len(numbers) + 1))
    pieces: list[str] = []
    position = 0
    for start, end, check in _stretches(shown):
        pieces += (_escaped(text[position:start]), f'<mark style="{_CHECK if check else _MARK}">')
        position = start
        for stop in sorted(place for place in marks if start < place <= end):
            said = ",".join(map(str, dict.fromkeys(marks[stop])))
            pieces.append(f"{_escaped(text[position:stop])}<sup>{said}</sup>")
            position = stop
        pieces.append(f"{_escaped(text[position:end])}</mark>")
        position = end
    rest = "" if len(text) <= _MOST_SHOWN else "…"
    pieces.append(_escaped(text[position : max(position, _MOST_SHOWN)]) + rest)
    notes = "".join(f"<li>{_note(note)}</li>" for note in numbers)
    count = f"{len(annotations)} annotation{'' if len(annotations) == 1 else 's'}"
    hidden = len(annotations) - len(shown)
    more = f"; {hidden} behind what is shown" if hidden else ""
    return (
        f'<div><div style="white-space:pre-wrap">{"".join(pieces)}</div><ol>{notes}</ol>'
        f"<small>{count}, as of {_escaped(as_of)}{more}</small></div>"
    )


def _stretches(annotations: Sequence[Annotation]) -> list[tuple[int, int, bool]]:
    """Return the stretches of text that annotations cover, joined where they overlap, and whether one is a check."""
    found: list[tuple[int, int, bool]] = []
    for one in sorted(annotations, key=lambda each: (each.start, each.end)):
        check = one.kind == "claim"
        if found and one.start < found[-1][1]:
            start, end, before = found[-1]
            found[-1] = (start, max(end, one.end), before or check)
        else:
            found.append((one.start, one.end, check))
    return found


def _note(note: Note) -> str:
    sources = "; ".join(
        f'<a href="{_escaped(source.url)}" rel="noreferrer">{_escaped(source.cited)}</a>'
        if source.url.startswith(_SECURE)
        else _escaped(source.cited)
        for source in note.sources
    )
    return f"{_escaped(note.text)} <small>{sources}</small>"


def _escaped(text: str) -> str:
    return escape(text.translate(_SURROGATES), quote=True)
