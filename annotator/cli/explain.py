"""``annotator explain``: every hit and near miss in an article, and why it got the notes that it has."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Any

import click

from ..errors import UsageError
from ._files import STDIN, label, read
from ._options import FILE_NAME, HELP, engine, input_format, screen, talking, with_settings
from ._screen import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..api import Annotator
    from ..config import Settings
    from ..model import Document, Mention, Note

_MOST_TEXT = 80


@click.command("explain", context_settings=HELP, short_help="Say why an article gets the notes that it gets.")
@click.argument("file", default=STDIN, type=FILE_NAME)
@click.option(
    "--at",
    "place",
    metavar="OFFSET",
    help="Explain only what stands at this place: a code point counted from 0, or LINE:COLUMN counted from 1.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@input_format
@with_settings
@talking
def command(file: str, settings: Settings, place: str | None, input_format: str | None, *, as_json: bool) -> None:
    """Say of every hit in FILE (or standard input) which rule made it and why.

    Hits come in the order of the text, near misses among them: where they stand, the rule, what ruled
    them out, the evidence, which notes they get on the day asked for, and why they do not get others.
    An article that has notes already is looked at as it was without them.
    """
    from ..api import day_of

    annotator = engine(settings)
    path = None if file == STDIN else file
    document = annotator.read(read(file, screen()), format=input_format, path=path, encoding=settings.encoding)
    lines = _Lines(document)
    offset = None if place is None else lines.offset(place)
    day, day_from = day_of(settings.as_of, document)
    found = annotator.mentions(document, everything=True, as_of=day, ranks=True, voice=settings.voice)
    hits = _Explainer(annotator, settings, document, day).explain(found)
    if offset is not None:
        hits = [hit for hit in hits if hit["start"] <= offset < max(hit["end"], hit["start"] + 1)]
    if as_json:
        import json  # slow to import, and only for this

        head = {"path": path, "format": document.format, "as_of": day, "as_of_from": day_from}
        shown = {"version": 1, "document": head, "rulebook": {"digest": annotator.rulebook.digest}, "hits": hits}
        screen().say(json.dumps(shown))
        return
    for hit in hits:
        _print(hit, lines)
    given = sum(hit["accepted"] for hit in hits)
    where = f" at {place}" if place is not None else ""
    screen().say(
        f"{plain(label(file))}{where}: {len(hits)} hits, {given} accepted, as of {day} ({day_from}), "
        f"rules {annotator.rulebook.digest}"
    )
    if not hits:
        screen().hint("no rule looks for the words there" if where else "no rule looks for any words of this text")


class _Lines:
    """Lines and columns in the source, from 1, of offsets in the text."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = document.markup
        self.starts = [0]
        position = 0
        for line in self.text.splitlines(keepends=True):
            position += len(line)
            # Only what editors end lines at, not every separator that Unicode knows.
            if line.endswith(("\n", "\r")):
                self.starts.append(position)

    def of(self, offset: int) -> tuple[int, int]:
        place = self.document.places.before(offset) if self.document.places is not None else offset
        line = bisect_right(self.starts, place)
        return line, place - self.starts[line - 1] + 1

    def offset(self, place: str) -> int:
        """Return the offset that ``--at`` means. Raises ``UsageError``."""
        parts = place.split(":")
        if len(parts) > 2 or not all(part.isdecimal() for part in parts):  # LINE:COLUMN
            raise UsageError(f"--at: {place!r} is no place; write an offset such as 120, or LINE:COLUMN such as 3:15")
        if len(parts) == 1:
            offset = int(place)
        else:
            line, column = map(int, parts)
            if not 1 <= line <= len(self.starts) or column < 1:
                raise UsageError(f"--at: there is no {place}; the article has {len(self.starts)} lines, counted from 1")
            offset = self.starts[line - 1] + column - 1
            if self.document.places is not None:
                places = range(len(self.document.text) + 1)
                return bisect_right(places, offset, key=self.document.places.before) - 1
        if offset >= len(self.document.text):
            size = len(self.document.text)
            raise UsageError(f"--at: {place} is behind the end; the article has {size} characters")
        return offset


class _Explainer:
    """Puts mentions into words (as plain data), with what became of each of their notes."""

    def __init__(self, annotator: Annotator, settings: Settings, document: Document, day: str) -> None:
        from .. import noting

        self.settings = settings
        self.document = document
        self.book = annotator.rulebook
        self.day = day
        self.noting = noting
        self.notes = noting.Notes(self.book, self.day, settings.jurisdiction, annotator.lists)
        self.unfiltered = noting.Notes(self.book, self.day, (), annotator.lists)

    def explain(self, mentions: Sequence[Mention]) -> list[dict[str, Any]]:
        """Return a record for each mention, in order."""
        accepted = [mention for mention in mentions if not mention.ruled_out]
        annotations = self.noting.note(self.document, accepted, self.notes, policy=self.settings.notes)
        given = {(one.start, one.end, one.rule): {i for note in one.notes for i in _ids(note)} for one in annotations}
        return [
            {
                "start": mention.start,
                "end": mention.end,
                "text": self.document.text[mention.start : mention.end],
                "rule": mention.rule,
                "kind": mention.kind,
                "fields": dict(mention.fields),
                "accepted": not mention.ruled_out,
                "ruled_out": mention.ruled_out or None,
                "why": list(mention.why),
                "statement": mention.reads or None,
                "rank": mention.rank if mention.rank >= 0 else None,
                "rank_from": mention.rank_from or None,
                "notes": self.fates(mention, given.get((mention.start, mention.end, mention.rule), set())),
            }
            for mention in mentions
        ]

    def fates(self, mention: Mention, given: set[str]) -> list[dict[str, Any]]:
        """Return what became of each note that a mention calls for."""
        result = []
        for identifier in mention.note_ids:
            note = self.notes.get(identifier, mention.fields)
            if note is None:
                why = self.left_out(identifier, mention)
            elif mention.ruled_out:
                why = "the hit is ruled out"
            elif mention.kind == "claim" and self.notes.claim(mention) is None:
                why = "the article has it right, or nothing certain says that it is wrong"
            elif note.id in given:
                why = ""
            elif given and identifier.startswith(self.noting.LISTED):
                why = f"told in the note of {mention.rule}"
            else:
                policy = self.settings.notes
                where = {
                    "best": "at a better place or with its statement",
                    "first": "earlier in the text",
                    "paragraph": "earlier in the paragraph",
                }
                why = f"given {where.get(policy, 'with this mention')} already (--notes {policy})"
            result.append({"id": identifier, "given": not why, "left_out": why or None, **_body(note)})
        return result

    def left_out(self, identifier: str, mention: Mention) -> str:
        """Return why a note is not to be had at all: its dates, or the jurisdictions asked for."""
        if self.settings.jurisdiction:
            other = self.unfiltered.get(identifier, mention.fields)
            if other is not None:
                return f"of {other.jurisdiction}, which --jurisdiction leaves out"
        if identifier.startswith(self.noting.LISTED):
            return f"nothing to say on {self.day}: listed years later"
        data = self.book.note(identifier)
        versions = data.get("versions") or data.get("entries") or ()
        spans = "; ".join(_span(version.get("from"), version.get("until")) for version in versions)
        return f"no version is in force on {self.day}" + (f" ({spans})" if spans else "")


def _ids(note: Note) -> tuple[str, ...]:
    """Return the ids of what a note says: one for several authorities says what each of theirs does."""
    return (note.id, *note.id.partition("/")[2].split("+")) if note.is_group else (note.id,)


def _span(start: str | None, until: str | None) -> str:
    return " ".join(filter(None, (f"from {start}" if start else "", f"until {until}" if until else ""))) or "undated"


def _body(note: Note | None) -> dict[str, Any]:
    if note is None:
        return {"text": None, "in_force": None, "jurisdiction": None, "status": None}
    return {
        "text": note.text,
        "in_force": {"from": note.from_date, "until": note.until},
        "jurisdiction": note.jurisdiction,
        "status": note.status,
    }


def _print(hit: dict[str, Any], lines: _Lines) -> None:
    show = screen()
    line, column = lines.of(hit["start"])
    text = plain(" ".join(hit["text"].split()))
    if len(text) > _MOST_TEXT:
        text = f"{text[:_MOST_TEXT]}…"
    verdict = show.paint("accepted", "green") if hit["accepted"] else show.paint("ruled out", "yellow")
    show.say(f"{line}:{column} [{hit['start']}-{hit['end']}] {show.paint(text, 'bold')}")
    show.say(
        f"    {verdict}: {hit['rule']} ({hit['kind']})" + (f": {plain(hit['ruled_out'])}" if hit["ruled_out"] else "")
    )
    for name, value in hit["fields"].items():
        show.say(f"    field {name} = {plain(value)}")
    for reason in hit["why"]:
        show.say(f"    because {plain(reason)}")
    if hit["statement"]:
        show.say(f"    says {plain(hit['statement'])}")
    if hit["rank"] is not None:
        show.say(f"    rank {hit['rank']}: {plain(hit['rank_from'] or 'nothing speaks for it')}")
    if not hit["accepted"] and hit["notes"]:
        show.say(f"    would call for {', '.join(note['id'] for note in hit['notes'])}")
        hit = {**hit, "notes": ()}
    for note in hit["notes"]:
        if note["left_out"]:
            show.say(f"    no note {note['id']}: {note['left_out']}")
        else:
            dates = _span(note["in_force"]["from"], note["in_force"]["until"])
            show.say(
                f"    {show.paint('note', 'green')} {note['id']}: {dates}; {note['jurisdiction']}, {note['status']}"
            )
    show.say("")
