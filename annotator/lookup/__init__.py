"""Looking something up: a name, a measure, a citation, a programme's tag or a ship's number, as of a day.

The rules and the lists that annotate articles answer: they read the words (`_reading`), and what they find is told
with its sources, how it stands on the day, and what changed when (`_telling`). Nothing is said that is not in them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..errors import UsageError
from ..folding import fold_key
from ..lists.entries import LISTS_IN_ORDER
from ..rulebook import LIST_ACTS
from . import _groups, _listings, _provisions, _reading, _wording
from ._engine import Engine
from .answer import Cited, Event, Group, Listing, Lookup, Near, Provision

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..lists.entries import Entry
    from ..model import Mention
    from ..rulebook import Rulebook
    from ._reading import Reading

__all__ = ["Cited", "Engine", "Event", "Group", "Listing", "Lookup", "Near", "Provision", "look_up"]

MOST_LETTERS = 400
_LISTED = "lists."
_IMO = "imo"
_IMO_DIGITS = 7
_MOST_NEAR = 8


def look_up(words: str, engine: Engine, as_of: str, as_of_from: str) -> Lookup:
    """Return the answer to some words as of an ISO date. Raises ``UsageError`` for no words, or too many."""
    # Halves of characters stand in no name, and no list could be asked for them.
    words = " ".join(words.encode("utf-8", "replace").decode().split())
    if not any(char.isalnum() for char in words):
        raise UsageError("nothing to look up; write a name, a measure, a citation, a programme's tag or an IMO number")
    if len(words) > MOST_LETTERS:
        raise UsageError(f"{len(words)} characters are no words to look up; write at most {MOST_LETTERS}")
    provisions, readings = _by_rules(words, engine)
    entries = _by_lists(words, engine, readings, found=bool(provisions))
    unread: tuple[str, ...] = ()
    if provisions and not entries:
        unread = _unread(words, engine.rulebook, readings)
    if not provisions and not entries:
        provisions, readings, unread = _by_goods(words, engine)
    tagged = not provisions and not entries
    if tagged:
        provisions, readings = _by_tag(words, engine)
    events = [
        *_provisions.events(provisions, engine.rulebook, _fields(readings)),
        *_listings.events(entries),
    ]
    found = Lookup(
        words,
        as_of,
        as_of_from,
        "",
        tuple(provisions),
        tuple(one.listing for one in entries),
        tuple(sorted(dict.fromkeys(events), key=lambda one: (one.date, one.by))),
        tuple(dict.fromkeys(one.sentence for one in readings if one.sentence)),
        unread,
        () if provisions or entries else _near(words, engine),
        engine.rulebook.digest,
        _groups.of(words, entries),
    )
    party = "" if found else _reading.party_in(words, engine.rulebook)
    missing = _reading.unread(words, engine.rulebook, ()) if party else []
    return replace(found, answer=_wording.answer(found, party, missing))


def _gives(engine: Engine) -> Callable[[Mention, str], bool]:
    """Return what tells whether a mention leads to a note of a jurisdiction (of any, where that is empty)."""

    def gives(mention: Mention, jurisdiction: str) -> bool:
        for identifier in mention.note_ids:
            if identifier.startswith(_LISTED):
                return not jurisdiction
            note = engine.notes.get(identifier, mention.fields)
            base = identifier.partition("/")[0]
            whose = note.jurisdiction if note is not None else engine.rulebook.note(base).get("jurisdiction", "")
            if not jurisdiction or jurisdiction in whose.split(","):
                return True
        return False

    return gives


def _by_rules(words: str, engine: Engine) -> tuple[list[Provision], list[Reading]]:
    gives = _gives(engine)
    reading = _reading.alone(words, lambda text: engine.read(text, True), gives)
    provisions = _provisions.of(reading.mentions, engine)
    if provisions:
        return provisions, [reading]
    ended = _reading.alone(words, engine.undated, gives)
    provisions = _provisions.of(ended.mentions, engine)
    if provisions:
        return provisions, [ended]
    name = _reading.named(words, lambda text: engine.read(text, False), lambda one, _: _is_listing(one, engine))
    return _provisions.of(name.mentions, engine), [reading, name] if name.mentions else [reading]


def _is_listing(mention: Mention, engine: Engine) -> bool:
    """Tell whether a mention calls for a person or body that the rules list."""
    return any(engine.rulebook.note(one.partition("/")[0]).get("listing") for one in mention.note_ids)


def _by_carriers(words: str, engine: Engine) -> tuple[list[Provision], list[Reading]]:
    gives = _gives(engine)

    def measure(mention: Mention, jurisdiction: str) -> bool:
        # A surname that a sentence makes likely is no answer to another man's full name.
        return not _is_listing(mention, engine) and gives(mention, jurisdiction)

    readings = _reading.carried(words, engine.rulebook, lambda text: engine.read(text, False), engine.undated, measure)
    provisions = _provisions.of([mention for one in readings for mention in one.mentions], engine)
    return provisions, readings


def _by_goods(words: str, engine: Engine) -> tuple[list[Provision], list[Reading], tuple[str, ...]]:
    """Return what the rules find by carriers, in the words or in others that mean the same, and words not used.

    "Gold from Russia" is asked for as Russian gold too; of several goods each is asked for by itself.
    """
    provisions: list[Provision] = []
    readings: list[Reading] = []
    unread: list[str] = []
    for item, form in _reading.parted(words):
        more, read, rest = _by_goods(form, engine)
        provisions += [one for one in more if one not in provisions]
        readings += read
        unread += rest if more else [item]
    if provisions:
        return provisions, readings, tuple(unread)
    for form in (words, *_reading.turned(words, engine.rulebook)):
        provisions, readings = _by_carriers(form, engine)
        if provisions:
            return provisions, readings, _unread(form, engine.rulebook, readings)
    return [], [], ()


def _by_tag(words: str, engine: Engine) -> tuple[list[Provision], list[Reading]]:
    """Return the acts that a programme of a list stands for, as the rules know them, where the words are its tag."""
    if not words.isupper() or " " in words:
        return [], []
    wanted = fold_key(words)
    readings = []
    for list_ in LISTS_IN_ORDER:
        row = engine.rulebook.find_row(LIST_ACTS, f"{list_}/{wanted}")
        if row is None:
            continue
        for cited in (row["short"], row["instrument"]):
            read = _reading.carried(
                cited, engine.rulebook, lambda text: engine.read(text, False), engine.undated, _gives(engine)
            )
            plain = _reading.alone(cited, lambda text: engine.read(text, False), _gives(engine))
            known = [one for one in (plain._replace(sentence=cited), *read) if one.mentions]
            if known:
                readings.append(known[0])
                break
    return _provisions.of([mention for one in readings for mention in one.mentions], engine), readings


def _by_lists(words: str, engine: Engine, readings: Sequence[Reading], *, found: bool) -> list[_listings.Told]:
    """Return the entries of lists that the words mean: by name as rules found it, by all spellings, by number."""
    lists = engine.lists
    if lists is None:
        return []
    told: dict[str, _listings.Told] = {}

    def put(entries: Sequence[Entry | None], *, by_name: bool) -> None:
        for entry in entries:
            if entry is not None and (one := _listings.told(entry, engine, by_name=by_name)) is not None:
                told.setdefault(one.listing.id, one)

    if not found:
        put(lists.numbered(_number(words)), by_name=False)
    if not told:
        for mention in (mention for one in readings for mention in one.mentions):
            ids = [*mention.note_ids, *mention.fields.get("also", "").split("|")]
            put([lists.named(one) for one in ids if one.startswith(_LISTED)], by_name=True)
        if not found or _are_names(readings):
            put(lists.asked(words), by_name=True)
    return sorted(told.values(), key=_listings.rank)


def _are_names(readings: Sequence[Reading]) -> bool:
    """Tell whether all that was read are names of persons and bodies, who may be on lists as well."""
    return all(mention.kind in {"person", "entity", "body", "listing"} for one in readings for mention in one.mentions)


def _number(words: str) -> str:
    """Return a ship's number without what people write before it."""
    digits = words.lower().removeprefix(_IMO).lstrip(" :.#-")
    return digits if len(digits) == _IMO_DIGITS and digits.isdecimal() and digits.isascii() else words


def _fields(readings: Sequence[Reading]) -> dict[str, dict[str, str]]:
    """Return the fields of the mentions by the notes that they call for."""
    return {
        identifier: dict(mention.fields)
        for one in readings
        for mention in one.mentions
        for identifier in mention.note_ids
    }


def _unread(words: str, book: Rulebook, readings: Sequence[Reading]) -> tuple[str, ...]:
    spans = [span for one in readings for span in one.spans(len(words))]
    notes = [name for one in readings for mention in one.mentions for name in mention.note_ids]
    notes = [name for name in notes if not name.startswith(_LISTED)]
    return (*_reading.unread(words, book, spans), *_reading.other_parties(words, book, notes))


def _near(words: str, engine: Engine) -> tuple[Near, ...]:
    """Return what may be meant: acts that have the paragraph named, and names near to the words."""
    acts = [Near(name, ()) for name in _reading.acts_with(words, engine.rulebook)]
    found = [Near(name, ids) for name, ids in _provisions.near(words, engine)]
    if engine.lists is not None:
        found += [
            Near(name, tuple(one for one in _listings.ids(entries) if engine.selected(one)))
            for name, entries in engine.lists.near(words)
        ]
    return (*acts[:_MOST_NEAR], *[one for one in found if one.ids][:_MOST_NEAR])
