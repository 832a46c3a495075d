"""What a program or a notebook shows of a result: a row for each note of each annotation, and a piece of HTML."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .model import Annotation, Note

_MOST_SHOWN = 20_000  # code points of an article that a notebook shows
_SURROGATES = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
_MARK = "background:#fff3b0;color:#111"
_CHECK = "background:#ffd0c8;color:#111"
_SECURE = ("https://", "http://")


def rows(annotations: Sequence[Annotation]) -> list[dict[str, Any]]:
    """Return a dictionary for each note of each annotation, in order of place.

    ``start`` and ``end`` are code points of the document's text; ``note`` is the note's id and ``sentence`` what it
    says; ``sources`` are citations with their pinpoints and ``links`` their addresses, of one length and order;
    ``from`` and ``until`` are ISO dates or ``None``.
    """
    return [
        {
            "start": one.start,
            "end": one.end,
            "text": one.text,
            "rule": one.rule,
            "kind": one.kind,
            "grade": one.grade,
            "note": note.id,
            "sentence": note.text,
            "sources": [source.cited for source in note.sources],
            "links": [source.url for source in note.sources],
            "jurisdiction": note.jurisdiction,
            "status": note.status,
            "checked": note.checked,
            "from": note.from_date,
            "until": note.until,
        }
        for one in annotations
        for note in one.notes
    ]


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
