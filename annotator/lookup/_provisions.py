"""Notes of the rules as provisions of an answer: how each stands on the day, and what changed when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..lists.formats._text import fold_name
from ..lists.looking import near as near_names
from ..lists.names.spelling import tokens
from ..noting import history
from .answer import COMING, ENDED, HELD, OPEN, Cited, Event, Provision

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..model import Mention, Note, Source
    from ..noting import History
    from ..rulebook import Rulebook
    from ._engine import Engine

_LISTED = "lists."
_WHOLE = "sanctions"  # what the notes on a whole regime are on, as the rules call it
_MEASURE, _REGIME = "measure", "regime"  # kinds of rules
_NOTES = 4  # the place of the notes in how a regime answers a rule


def of(mentions: Iterable[Mention], engine: Engine) -> list[Provision]:
    """Return the provisions that mentions call for, each once, in their order."""
    found: dict[str, Provision] = {}
    for mention in mentions:
        for identifier in mention.note_ids:
            if identifier.startswith(_LISTED):
                continue
            one = _provision(identifier, mention, engine)
            if one is not None:
                found.setdefault(one.id, one)
    return list(found.values())


def _provision(identifier: str, mention: Mention, engine: Engine) -> Provision | None:
    note = engine.notes.get(identifier, mention.fields)
    data = engine.rulebook.note(identifier.partition("/")[0])
    whose = note.jurisdiction if note is not None else data.get("jurisdiction", "") or _listed_by(data)
    asked = engine.notes.jurisdictions
    if asked and not asked & set(whose.split(",")):
        return None
    told = history(engine.rulebook, note.id if note is not None else identifier, mention.fields)
    state = _state(told, note, engine.notes.as_of)
    note = None if state == COMING else note
    sources = cited(note.sources, note.status, note.checked) if note is not None else ()
    return Provision(
        note.id if note is not None else identifier,
        mention.rule,
        mention.kind,
        whose,
        state,
        note,
        note.since if note is not None and state == HELD else None,
        told.spans,
        sources or tuple(dict.fromkeys(s for c in told.changes for s in cited(c.sources, c.status, c.checked))),
        bool(data.get("listing")),
        state == HELD and _in(told.eased, engine.notes.as_of),
        _remark(mention, note.id if note is not None else identifier, told, engine.rulebook),
    )


def _listed_by(data: Mapping[str, Sequence[Mapping[str, str]]]) -> str:
    return ",".join(dict.fromkeys(entry["by"] for entry in data.get("entries", ())))


def _state(told: History, note: Note | None, as_of: str) -> str:
    """Return how what is told stands on a day."""
    if told.made and told.made > as_of:
        return COMING
    dated = [span for span in told.spans if any(span)]
    if not dated:
        return OPEN
    if _in(dated, as_of):
        return HELD if note is not None else OPEN
    if all(start and start > as_of for start, _ in dated):
        return COMING
    return ENDED


def _in(spans: Iterable[tuple[str | None, str | None]], as_of: str) -> bool:
    return any((not start or start <= as_of) and (not end or as_of < end) for start, end in spans)


def _remark(mention: Mention, identifier: str, told: History, book: Rulebook) -> str:
    pin = mention.fields.get("pin", "")
    pinpoints = book.rule_named(mention.rule).get("pinpoints")
    if pin and pinpoints and identifier.partition("/")[0] != pinpoints:
        return f"of {pin} by itself nothing is known here; this is the instrument as a whole"
    if mention.kind == _MEASURE and (told.about == _WHOLE or identifier in _of_regimes(book)):
        return "of this measure by itself nothing is known here; these are the sanctions as a whole"
    return ""


def _of_regimes(book: Rulebook) -> set[str]:
    """Return the notes with which regimes answer words that name no measure, such as "sanctions"."""
    return {
        identifier
        for rule, answers in book.head["answers"].items()
        if book.rule_named(rule)["kind"] == _REGIME
        for answer in answers
        for identifier in answer[_NOTES]
    }


def cited(sources: Iterable[Source], status: str, checked: str) -> tuple[Cited, ...]:
    """Return sources with how far they were verified, and the day checked."""
    return tuple(Cited(one.instrument, one.pinpoint, one.url, one.short, status, checked) for one in sources)


def events(provisions: Iterable[Provision], book: Rulebook, fields: Mapping[str, Mapping[str, str]]) -> list[Event]:
    """Return what changed of provisions, and when; ``fields`` are those of the mentions, by the ids of notes."""
    return [
        Event(one.date, "", one.by, one.what, provision.id, cited(one.sources, one.status, one.checked))
        for provision in provisions
        for one in history(book, provision.id, fields.get(provision.id, {})).changes
    ]


def near(words: str, engine: Engine) -> list[tuple[str, tuple[str, ...]]]:
    """Return the names of persons and bodies that the rules list, where they are near to the words."""
    book = engine.rulebook
    names: dict[str, list[str]] = {}
    for identifier in book.note_ids:
        data = book.note(identifier)
        if data.get("listing") and engine.selected(identifier):
            names.setdefault(fold_name(data["name"]), []).append(identifier)
    close = near_names(names, tokens(words))
    return [(book.note(names[name][0])["name"], tuple(names[name])) for name in close]
