"""``annotator explain``: every hit and near miss in an article, and why it got the notes that it has."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Any

import click

from .. import _published
from ..errors import UsageError
from ._files import STDIN, article, label
from ._options import FILE_NAME, HELP, engine, input_format, screen, talking, with_settings
from ._screen import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..api import Annotator
    from ..config import Settings
    from ..decisions import Decisions, Ruling
    from ..model import Document, Mention, Note

_MOST_TEXT = 80
_MOST_REGIMES = 4


@click.command("explain", context_settings=HELP, short_help="Say why an article gets the notes that it gets.")
@click.argument("file", default=STDIN, type=FILE_NAME)
@click.option(
    "--at",
    "place",
    metavar="OFFSET",
    help="Explain only what stands at this place: a code point counted from 0, or LINE:COLUMN counted from 1.",
)
@click.option("--all", "everything", is_flag=True, help="Explain every hit, also of rules that were ruled out.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, with every hit.")
@input_format
@with_settings
@talking
def command(
    file: str, settings: Settings, place: str | None, input_format: str | None, *, everything: bool, as_json: bool
) -> None:
    """Say of the hits in FILE (or standard input) which rule made them and why.

    Hits come in the order of the text: where they stand, the rule, the evidence, which notes they get on the day asked
    for, and why they do not get others. Where all that stands at a place was ruled out, one hit says why; --all shows
    the others too, and so do --at and --json. An article that has notes already is looked at as it was without them.
    """
    from ..api import day_of

    annotator = engine(settings)
    path = None if file == STDIN else file
    document = annotator.read(
        article(file, screen(), input_format), format=input_format, path=path, encoding=settings.encoding
    )
    lines = _Lines(document)
    offset = None if place is None else lines.offset(place)
    day, day_from = day_of(settings.as_of, document)
    ruling = annotator.ruling(document)
    found = annotator.mentions(document, everything=True, as_of=day, ranks=True, voice=settings.voice, ruling=ruling)
    hits = _Explainer(annotator, settings, document, day).explain(found)
    if offset is not None:
        hits = [hit for hit in hits if hit["start"] <= offset < max(hit["end"], hit["start"] + 1)]
    if as_json:
        import json  # slow to import, and only for this

        head = {"path": path, "format": document.format, "as_of": day, "as_of_from": day_from}
        shown = {"version": 1, "document": head, "rulebook": {"digest": annotator.rulebook.digest}, "hits": hits}
        if annotator.decisions is not None:
            shown["decisions"] = _decisions(annotator.decisions, ruling)
        screen().say(json.dumps(shown))
        return
    shown_hits = hits if everything or offset is not None else _telling(hits)
    for hit in shown_hits:
        _print(hit, lines)
        if not hit["accepted"] and hit["regimes"] and not _is_given(hit, hits):
            _print_regimes(hit)
        screen().say("")
    given = sum(hit["accepted"] for hit in hits)
    where = f" at {place}" if place is not None else ""
    screen().say(
        f"{plain(label(file))}{where}: {len(hits)} hits, {given} accepted, as of {day} ({day_from}), "
        f"rules {annotator.rulebook.digest}"
    )
    if annotator.decisions is not None:
        _print_decisions(annotator.decisions, ruling, everything=everything)
    if len(shown_hits) < len(hits):
        screen().hint(f"{len(hits) - len(shown_hits)} hits that were ruled out are not shown; see them with --all")
    about = next((hit["rule"] for hit in shown_hits if hit["accepted"]), "")
    if about:
        screen().hint(f"about a rule: {_published.command(about)}")
    if not hits:
        screen().hint("no rule looks for the words there" if where else "no rule looks for any words of this text")


def _decisions(decisions: Decisions, ruling: Ruling | None) -> dict[str, Any]:
    """Return which of the decisions have taken effect in the article, and which have not."""
    used = ruling.used if ruling is not None else ()
    every = [{"place": one.place, "about": one.about, "says": one.said, "used": one in used} for one in decisions.all]
    return {"digest": decisions.digest, "path": decisions.path, "decisions": every}


def _print_decisions(decisions: Decisions, ruling: Ruling | None, *, everything: bool) -> None:
    """Say which decisions have taken effect, and with ``everything`` which have met nothing in the article."""
    show = screen()
    used = ruling.used if ruling is not None else ()
    show.say(f"decisions {decisions.digest[:16]}: {len(used)} of {len(decisions)} took effect here")
    for one in decisions.all:
        if one in used or everything:
            what = "took effect" if one in used else "met nothing here"
            show.say(f"    {plain(one.place)}: {what}: {plain(one.about)}: {plain(one.said)}")


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

    def of(self, offset: int) -> str:
        """Return ``LINE:COLUMN``, and ``PAGE/LINE:COLUMN`` where there are pages."""
        if self.document.pages is not None:
            page, line, column = self.document.pages.at(offset)
            return f"{page}/{line}:{column}"
        place = self.document.places.before(offset) if self.document.places is not None else offset
        line = bisect_right(self.starts, place)
        return f"{line}:{place - self.starts[line - 1] + 1}"

    def printed(self, place: str) -> int:
        """Return the offset of ``PAGE/LINE:COLUMN``. Raises ``UsageError``."""
        page, _, rest = place.partition("/")
        line, _, column = rest.partition(":")
        pages = self.document.pages
        if pages is None or not all(part.isdecimal() for part in (page, line, column)):
            raise UsageError(f"--at: {place!r} is no place; write PAGE/LINE:COLUMN such as 2/3:15")
        start = pages.find(int(page), int(line))
        if start is None or not int(column):
            raise UsageError(f"--at: there is no {place}; pages and lines are counted from 1")
        return start + int(column) - 1

    def offset(self, place: str) -> int:
        """Return the offset that ``--at`` means. Raises ``UsageError``."""
        if self.document.pages is not None and "/" in place:
            return self.printed(place)
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
        self._parties: frozenset[int] | None = None
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
                "asked": self.asks(mention),
                "regimes": self.unanswered(mention) if mention.ruled_out else [],
            }
            for mention in mentions
        ]

    def asks(self, mention: Mention) -> bool:
        """Tell whether the notes of a mention's rule are those of the regimes, and its own conditions were met."""
        if mention.rule.startswith(self.noting.LISTED):
            return False
        by_regime: bool = self.book.rule_named(mention.rule)["notes"] == "by-regime"
        return by_regime and not mention.ruled_out.startswith(("needs ", "forbidden", "overlaps", "decision of "))

    def unanswered(self, mention: Mention) -> list[dict[str, Any]]:
        """Return why no regime on a party of the article answered a mention: each regime with its reason."""
        if not self.asks(mention):
            return []
        labels = self.book.contexts[4]
        found = []
        for context, regime, default, jurisdictions, _, tied in self.book.answers(mention.rule)[0]:
            if context not in self.parties:
                continue
            if any(reason.startswith("by ") for reason in mention.why):
                why = f"another authority's, or on another party; the text says {self.author(mention)}"
            elif "un" not in jurisdictions:
                why = "the text names no authority here, and theirs must be named"
            elif default is False:
                why = "the text names no authority here, and default: true is missing"
            elif default is not True and not any(
                (not start or start <= self.day) and (not end or self.day < end) for start, end in default
            ):
                why = f"the text names no authority here, and default does not hold on {self.day}"
            elif tied:
                why = f"answers only where {labels[context]} is tied to the words (tied)"
            else:
                why = mention.ruled_out
            found.append({"id": regime, "party": labels[context], "why": why})
        return found

    def author(self, mention: Mention) -> str:
        """Return by whom the text says that a mention is, in the words of the evidence."""
        return next(reason for reason in mention.why if reason.startswith("by "))

    @property
    def parties(self) -> frozenset[int]:
        """The contexts of the parties that the article names."""
        if self._parties is None:
            from ..folding import Folded
            from ..matching._cues import lay_out

            page = lay_out(self.document, self.book, Folded(self.document.text))
            self._parties = frozenset(cue.context for cue in page.group("party"))
        return self._parties

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
    text = plain(" ".join(hit["text"].split()))
    if len(text) > _MOST_TEXT:
        text = f"{text[:_MOST_TEXT]}…"
    verdict = show.paint("accepted", "green") if hit["accepted"] else show.paint("ruled out", "yellow")
    show.say(f"{lines.of(hit['start'])} [{hit['start']}-{hit['end']}] {show.paint(text, 'bold')}")
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


def _print_regimes(hit: dict[str, Any]) -> None:
    """Say which regimes know the measure, and why those on a party of the article did not answer."""
    show = screen()
    by_reason: dict[str, list[str]] = {}
    for regime in hit["regimes"]:
        by_reason.setdefault(regime["why"], []).append(regime["id"])
    for why, ids in by_reason.items():
        more = f" and {len(ids) - _MOST_REGIMES} more" if len(ids) > _MOST_REGIMES else ""
        names = f"{', '.join(ids[:_MOST_REGIMES])}{more}"
        show.say(f"    {show.paint('no answer', 'blue')} of {names}: {plain(why)}")


def _overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return bool(one["start"] < other["end"] and other["start"] < one["end"])


def _is_given(hit: dict[str, Any], hits: Sequence[dict[str, Any]]) -> bool:
    """Tell whether something else was accepted where a hit stands."""
    return any(other["accepted"] and _overlap(hit, other) for other in hits)


def _telling(hits: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the accepted hits, and of each place where all was ruled out the one that tells most about it.

    That is the one that asked the regimes, else the one that came furthest. Hits come in order of place.
    """
    kept: list[dict[str, Any]] = []
    place: list[dict[str, Any]] = []
    end = -1

    def close() -> None:
        accepted = [hit for hit in place if hit["accepted"]]
        kept.extend(accepted or [max(place, key=lambda hit: (hit["asked"], len(hit["why"])))])
        place.clear()

    for hit in hits:
        if place and hit["start"] >= end:
            close()
            end = -1
        place.append(hit)
        end = max(end, hit["end"])
    if place:
        close()
    return kept


def records(
    annotator: Annotator, settings: Settings, document: Document, day: str, *, everything: bool = False
) -> list[dict[str, Any]]:
    """Return the hits in a document as plain data: those that tell most about each place, or every one."""
    found = annotator.mentions(document, everything=True, as_of=day, ranks=True, voice=settings.voice)
    hits = _Explainer(annotator, settings, document, day).explain(found)
    return hits if everything else _telling(hits)
