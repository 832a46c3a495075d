"""Rules that prove themselves: ``test`` runs the examples of every rule, matching ones and near misses."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from .. import noting, rulebook
from ..matching import match
from ..model import Block, Document, Layout
from ..rulebook._collect import qualify

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from ..model import Mention
    from ..rulebook import Rulebook
    from ..rulebook._collect import Item

_MARK = re.compile(r"\[\[(.*?)\]\](?!\])", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Failure:
    """An example that did not come out as it says."""

    path: str
    line: int
    column: int
    rule: str
    message: str


@dataclass(slots=True)
class Report:
    """What ``test`` found: ``covered`` counts the rules with both matching examples and near misses."""

    failures: list[Failure] = field(default_factory=list)
    examples: int = 0
    rules: int = 0
    covered: int = 0


def document_of(text: str) -> Document:
    """Make a document of an example: blank lines part paragraphs, a line that starts with ``# `` is a heading."""
    blocks: list[Block] = []
    section = 0
    position = 0
    for part in text.split("\n\n"):
        start = text.index(part, position)
        position = start + len(part)
        heading = part.startswith("# ")
        section += heading
        if part.strip():
            skip = 2 if heading else 0
            blocks.append(Block(start + skip, start + len(part), "heading" if heading else "paragraph", 0, section))
    layout = Layout(tuple(blocks), tail=len(text))
    return Document(
        source=text.encode("utf-8", "surrogatepass"),
        text=text,
        format="text",
        encoding="utf-8",
        bom=b"",
        newline="\n",
        path=None,
        layout_of=lambda _: layout,
    )


def _marked(example: str) -> tuple[str, list[tuple[int, int]]]:
    """Take the ``[[…]]`` marks out of an example; return the text and the spans that they marked."""
    pieces: list[str] = []
    spans: list[tuple[int, int]] = []
    length = position = 0
    for hit in _MARK.finditer(example):
        before = example[position : hit.start()]
        pieces += (before, hit.group(1))
        length += len(before)
        spans.append((length, length + len(hit.group(1))))
        length += len(hit.group(1))
        position = hit.end()
    pieces.append(example[position:])
    return "".join(pieces), spans


def _show(text: str) -> str:
    return repr(text if len(text) <= 80 else text[:77] + "...")


def _why_not(mentions: Sequence[Mention], rule: str, start: int, end: int) -> str:
    for mention in mentions:
        if mention.rule == rule and mention.start < end and start < mention.end and mention.ruled_out:
            return f" ({mention.ruled_out})"
    return ""


def _outdone(mention: Mention, taken: set[tuple[int, int]]) -> bool:
    return mention.ruled_out.startswith("overlaps") and (mention.start, mention.end) in taken


def _run_example(book: Rulebook, item: Item, example: Any, *, near: bool, as_of: str) -> Iterator[str]:
    """Run one example; yield what is wrong with it."""
    data = {"text": example} if isinstance(example, str) else example
    text, spans = _marked(data["text"])
    if near and spans:
        yield f"a near miss has nothing to mark: {_show(text)}"
        return
    if not near and not spans:
        yield f"mark the mention with [[ and ]]: {_show(text)}"
        return
    document = document_of(text)
    mentions = match(document, book, everything=True)
    taken = {(m.start, m.end) for m in mentions if not m.ruled_out and m.note_ids}
    # Another rule may go before this one at the very same place; the rule has matched all the same.
    mine = [m for m in mentions if m.rule == item.id and (not m.ruled_out or (not near and _outdone(m, taken)))]
    found = [(m.start, m.end) for m in mine]
    for start, end in spans:
        if (start, end) not in found:
            others = [text[a:b] for a, b in found if a < end and start < b]
            instead = f"; found {_show(others[0])} instead" if others else ""
            reason = _why_not(mentions, item.id, start, end)
            yield f"does not match {_show(text[start:end])}{instead}{reason} in {_show(text)}"
    for mention in mine:
        if not mention.ruled_out and (mention.start, mention.end) not in spans:
            verb = "matches" if near else "also matches"
            yield f"{verb} {_show(text[mention.start : mention.end])} in {_show(text)}"
    if "notes" in data and mine:
        chosen = _chosen(book, document, mine, data.get("as_of", as_of))
        wanted = {qualify(note, item.file.data["namespace"]) for note in data["notes"]}
        if chosen != wanted:
            names = [", ".join(sorted(ids)) for ids in (chosen, wanted)]
            yield f"chooses {names[0] or 'no note'}, not {names[1] or 'none'} in {_show(text)}"


def _chosen(book: Rulebook, document: Document, mentions: Sequence[Mention], as_of: str) -> set[str]:
    """Return the ids of the notes that mentions get on a date."""
    annotations = noting.note(document, mentions, noting.Notes(book, as_of), policy="every")
    return {note.id.split("/", 1)[0] for annotation in annotations for note in annotation.notes}


def _selected(identifier: str, only: Sequence[str], skip: Sequence[str]) -> bool:
    if only and not any(fnmatchcase(identifier, glob) for glob in only):
        return False
    return not any(fnmatchcase(identifier, glob) for glob in skip)


def test(
    paths: Iterable[str | Path] = (),
    *,
    default_rules: bool = True,
    only: Sequence[str] = (),
    skip: Sequence[str] = (),
    today: str | None = None,
) -> Report:
    """Run every rule's examples against the whole rulebook.

    ``only`` and ``skip`` are globs of rule ids. ``today`` stands for the as-of date of examples that
    give none. Raises ``RuleErrors`` when the files do not load.
    """
    paths = list(paths)
    definitions = rulebook.read_definitions(paths, default_rules=default_rules)
    book = rulebook.load(paths, default_rules=default_rules)
    as_of = today or datetime.date.today().isoformat()
    report = Report()
    for identifier in sorted(definitions["rules"]):
        if not _selected(identifier, only, skip):
            continue
        item = definitions["rules"][identifier]
        examples = item.data.get("examples", {})
        report.rules += 1
        report.covered += bool(examples.get("match")) and bool(examples.get("near"))
        for kind in ("match", "near"):
            for index, example in enumerate(examples.get(kind, ())):
                report.examples += 1
                for message in _run_example(book, item, example, near=kind == "near", as_of=as_of):
                    name, line, column = item.place("examples", kind, index)
                    report.failures.append(Failure(name, line, column, identifier, message))
    report.failures.sort(key=lambda f: (f.path, f.line, f.column))
    return report
