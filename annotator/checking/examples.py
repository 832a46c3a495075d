"""Rules that prove themselves: ``test`` runs their examples, and those of regimes and contexts."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from .. import noting, rulebook
from .._lazy import regex
from ..folding import Folded
from ..matching import match
from ..matching._cues import lay_out
from ..model import Block, Document, Layout
from ..rulebook._collect import qualify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from ..model import Mention
    from ..rulebook import Rulebook
    from ..rulebook._collect import Definitions, Item

_MARK = regex(r"\[\[(.*?)\]\](?!\])", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Failure:
    """An example that did not come out as it says; ``rule`` is whose it is, also of a regime or a context."""

    path: str
    line: int
    column: int
    rule: str
    message: str
    own: bool = False


@dataclass(slots=True)
class Report:
    """What ``test`` found: ``covered`` counts the rules with both matching examples and near misses.

    ``regimes`` and ``contexts`` count those that have examples. Failures of the author's own files, not of the pack,
    come first.
    """

    failures: list[Failure] = field(default_factory=list)
    examples: int = 0
    rules: int = 0
    covered: int = 0
    regimes: int = 0
    contexts: int = 0


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
    yield from (fault := list(_marks(text, spans, near=near)))
    if fault:
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
        yield from _notes(book, item, document, mine, data, text, data.get("as_of", as_of))


def _marks(text: str, spans: Sequence[tuple[int, int]], *, near: bool) -> Iterator[str]:
    """Yield what is wrong with the marks of an example."""
    if near and spans:
        yield f"a near miss has nothing to mark: {_show(text)}"
    if not near and not spans:
        yield f"mark the mention with [[ and ]]: {_show(text)}"


def _notes(
    book: Rulebook, item: Item, document: Document, mine: Sequence[Mention], data: dict[str, Any], text: str, as_of: str
) -> Iterator[str]:
    """Yield how the notes that mentions get differ from those that the example wants."""
    chosen = _chosen(book, document, mine, as_of)
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


def _run_regime(book: Rulebook, item: Item, example: Any, *, near: bool, as_of: str) -> Iterator[str]:
    """Run one example of a regime: it answers the mentions that are marked, and no others; yield what is wrong."""
    data = {"text": example} if isinstance(example, str) else example
    text, spans = _marked(data["text"])
    yield from (fault := list(_marks(text, spans, near=near)))
    if fault:
        return
    day = data.get("as_of", as_of)
    document = document_of(text)
    mentions = match(document, book, everything=True, as_of=day)
    mine = [
        m for m in mentions if not m.ruled_out and set(m.note_ids).intersection(item.data["answers"].get(m.rule, ()))
    ]
    found = [(m.start, m.end) for m in mine]
    for start, end in spans:
        if (start, end) not in found:
            asked = (_why_not(mentions, rule, start, end) for rule in item.data["answers"])
            yield f"does not answer {_show(text[start:end])}{next(filter(None, asked), '')} in {_show(text)}"
    for mention in mine:
        if (mention.start, mention.end) not in spans:
            verb = "answers" if near else "also answers"
            yield f"{verb} {_show(text[mention.start : mention.end])} ({mention.rule}) in {_show(text)}"
    if "notes" in data and mine:
        yield from _notes(book, item, document, mine, data, text, day)


def _run_context(book: Rulebook, item: Item, example: Any, *, near: bool, **_: str) -> Iterator[str]:
    """Run one example of a context: its cues are what is marked, and nothing else; yield what is wrong."""
    data = {"text": example} if isinstance(example, str) else example
    text, spans = _marked(data["text"])
    yield from (fault := list(_marks(text, spans, near=near)))
    if fault:
        return
    if "notes" in data:
        yield f"a context has no notes; take notes out of the example {_show(text)}"
        return
    page = lay_out(document_of(text), book, Folded(text))
    number = page.context_names.index(item.id)
    found = [
        (page.to_text(cue.start), page.end_in_text(cue.end))
        for cue in page.cues(book.peers_of(item.id))
        if cue.context == number
    ]
    for start, end in spans:
        if (start, end) not in found:
            others = [text[a:b] for a, b in found if a < end and start < b]
            instead = f"; found {_show(others[0])} instead" if others else ""
            yield f"no cue is {_show(text[start:end])}{instead} in {_show(text)}"
    for start, end in found:
        if (start, end) not in spans:
            yield f"a cue is {'' if near else 'also '}{_show(text[start:end])} in {_show(text)}"


# How the examples of each kind are run; rules last, since there are most of them.
_RUN = {"contexts": _run_context, "regimes": _run_regime, "rules": _run_example}


def test(
    paths: Iterable[str | Path] = (),
    *,
    default_rules: bool = True,
    only: Sequence[str] = (),
    skip: Sequence[str] = (),
    today: str | None = None,
    own_done: Callable[[Report], None] | None = None,
) -> Report:
    """Run the examples of all rules, regimes and contexts against the whole rulebook, the author's own first.

    ``only`` and ``skip`` are globs of their ids. ``today`` stands for the as-of date of examples that
    give none. ``own_done`` is called with what was found in files that are not the pack's, before the pack's are run.
    Raises ``RuleErrors`` when the files do not load.
    """
    paths = list(paths)
    definitions = rulebook.read_definitions(paths, default_rules=default_rules)
    book = rulebook.load(paths, default_rules=default_rules)
    as_of = today or datetime.date.today().isoformat()
    own = _run(book, definitions, only, skip, as_of, shipped=False)
    if own_done is not None:
        own_done(own)
    pack = _run(book, definitions, only, skip, as_of, shipped=True)
    return Report(
        [*own.failures, *pack.failures],
        own.examples + pack.examples,
        own.rules + pack.rules,
        own.covered + pack.covered,
        own.regimes + pack.regimes,
        own.contexts + pack.contexts,
    )


def _run(
    book: Rulebook, definitions: Definitions, only: Sequence[str], skip: Sequence[str], as_of: str, *, shipped: bool
) -> Report:
    """Run the examples of the pack's files, or of all others."""
    report = Report()
    for kind, run in _RUN.items():
        for identifier, item in sorted(definitions[kind].items()):
            examples = item.data.get("examples", {})
            if item.file.shipped != shipped or not _selected(identifier, only, skip):
                continue
            if kind == "rules":
                report.rules += 1
                report.covered += bool(examples.get("match")) and bool(examples.get("near"))
            else:
                report.regimes += bool(examples) and kind == "regimes"
                report.contexts += bool(examples) and kind == "contexts"
            for which in ("match", "near"):
                for index, example in enumerate(examples.get(which, ())):
                    report.examples += 1
                    for message in run(book, item, example, near=which == "near", as_of=as_of):
                        place = item.place("examples", which, index)
                        report.failures.append(Failure(*place, identifier, message, own=not shipped))
    report.failures.sort(key=lambda f: (f.path, f.line, f.column))
    return report
