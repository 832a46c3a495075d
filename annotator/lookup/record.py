"""An answer as data: the JSON object that ``annotator lookup --output json`` prints, version 1."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .answer import Lookup, Provision

VERSION = 1
_SCHEMA = "lookup-1.json"


def record(found: Lookup) -> dict[str, Any]:
    """Return the object for an answer; its schema is in ``writing/schema/lookup-1.json``."""
    return {
        "version": VERSION,
        "words": found.words,
        "found": bool(found),
        "as_of": found.as_of,
        "as_of_from": found.as_of_from,
        "answer": found.answer,
        "read_as": list(found.read_as),
        "unread": list(found.unread),
        "provisions": [_provision(one) for one in found.provisions],
        "entries": [asdict(one) for one in found.entries],
        "groups": [asdict(one) for one in found.groups],
        "timeline": [asdict(one) for one in found.timeline],
        "sources": [asdict(one) for one in found.sources],
        "near": [asdict(one) for one in found.near],
        "rulebook": {"digest": found.digest},
    }


def _provision(one: Provision) -> dict[str, Any]:
    note = one.note
    return {
        "id": one.id,
        "rule": one.rule,
        "kind": one.kind,
        "jurisdiction": one.jurisdiction.split(","),
        "state": one.state,
        "since": one.since,
        "spans": [{"from": start, "until": end} for start, end in one.spans],
        "listed": one.listed,
        "eased": one.eased,
        "remark": one.remark,
        "text": note.text if note is not None else None,
        "full": note.full if note is not None else None,
        "verb": note.verb if note is not None else None,
        "status": note.status if note is not None else None,
        "checked": note.checked if note is not None else None,
        "later": list(note.later) if note is not None else [],
        "sources": [asdict(source) for source in one.sources],
    }


def schema() -> dict[str, Any]:
    """Return the JSON Schema of the object."""
    path = Path(__file__).parent.parent / "writing" / "schema" / _SCHEMA
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found
