"""JSON beside the article: the annotations with their places, notes and sources, version 1."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..model import Annotation, Document, Note, Run


def render(document: Document, annotations: Sequence[Annotation], run: Run) -> bytes:
    """Return one JSON object on one line, in ASCII, with its keys always in the same order."""
    from .places import digests  # slow to import

    source, text = digests(document)
    return json.dumps(
        {
            "version": 1,
            "document": {
                "path": document.path,
                "format": document.format,
                "sha256": source,
                "text_sha256": text,
                "as_of": run.as_of,
                "as_of_from": run.as_of_from,
            },
            **_head(annotations, run),
            "rulebook": {"digest": run.digest, "sources": list(run.sources)},
            **({"decisions": {"digest": run.decisions}} if run.decisions else {}),
            "annotations": [_annotation(each, document) for each in annotations],
        }
    ).encode("ascii")


def _head(annotations: Sequence[Annotation], run: Run) -> dict[str, Any]:
    """Say how places were chosen, and how many notes and checks there are."""
    checks = {note for each in annotations if each.kind == "claim" for note in each.notes}
    notes = {note for each in annotations if each.kind != "claim" for note in each.notes}
    policy = {"policy": run.policy} if run.policy else {}
    return {**policy, "notes": len(notes), "checks": len(checks)}


def _annotation(annotation: Annotation, document: Document) -> dict[str, Any]:
    start, end = annotation.start, annotation.end
    places, printed = document.places, {}
    if document.pages is not None:
        page, line, _ = document.pages.at(start)
        printed = {"printed": {"page": page, "line": line}}
    source = {} if places is None else {"source": {"start": places.before(start), "end": places.after(end)}}
    return {
        "start": start,
        "end": end,
        **source,
        **printed,
        "text": annotation.text,
        "rule": annotation.rule,
        "kind": annotation.kind,
        **({"grade": annotation.grade} if annotation.grade else {}),
        "fields": dict(annotation.fields),
        "why": list(annotation.why),
        "notes": [note_object(note) for note in annotation.notes],
    }


def note_object(note: Note) -> dict[str, Any]:
    """Return what is known of a note, as the JSON has it."""
    return {
        "id": note.id,
        "text": note.text,
        "verb": note.verb,
        "sources": [
            {"instrument": source.instrument, "short": source.short, "pinpoint": source.pinpoint, "url": source.url}
            for source in note.sources
        ],
        "in_force": {"from": note.from_date, "until": note.until},
        "jurisdiction": note.jurisdiction,
        "status": note.status,
        "checked": note.checked,
        "later": list(note.later),
        "full": note.full or note.text,
    }


def schema() -> dict[str, Any]:
    """Return the JSON Schema that the output follows, as shipped."""
    found: dict[str, Any] = json.loads((Path(__file__).parent / "schema" / "annotations-1.json").read_text("utf-8"))
    return found
