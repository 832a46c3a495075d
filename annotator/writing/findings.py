"""Findings, one for each note at each mention, as linters print them: for people, programs and GitHub."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .. import _published
from . import wording
from .places import Lines
from .sidecar import note_object

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..model import Annotation, Document, Note

    # What fits words from outside to where they go; and what colours words, which are then fit.
    Escape = Callable[[str], str]
    Paint = Callable[[str, str], str]

FORMATS = ("concise", "full", "json", "github", "sarif")
_WIDEST = 100  # of a line of the article that is shown
_BEFORE = 40  # of it, before the mention
_COMMANDS = {"contradicted": "error", "imprecise": "warning"}
_COLOURS = {"contradicted": "red", "imprecise": "yellow"}


@dataclass(frozen=True, slots=True)
class Finding:
    """A note at a mention: where it stands in the file, lines and columns from 1, and of when the law is.

    ``end_column`` is the one behind the mention; ``shown`` is the first line that the mention stands in. ``page`` and
    ``end_page`` count from 1, and lines then on their page; they are 0 where an article has no pages.
    """

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    annotation: Annotation
    note: Note
    as_of: str
    as_of_from: str
    shown: str
    page: int = 0
    end_page: int = 0

    @property
    def level(self) -> str:
        """``check`` where the article may have it wrong, else ``note``."""
        return "check" if self.annotation.kind == "claim" else "note"

    @property
    def what(self) -> str:
        """What the note says, on one line; the level says that it is a check."""
        said = wording.one_line(self.note.text)
        return said.removeprefix(wording.CHECK).lstrip() if self.level == "check" else said

    @property
    def key(self) -> tuple[str, int, int, int, str, int, int, int, str, str]:
        """What findings are sorted by: their place, and there checks before notes."""
        start = (self.page, self.line, self.column)
        end = (self.end_page, self.end_line, self.end_column)
        return (self.path, *start, self.level, *end, self.annotation.rule, self.note.id)

    @property
    def place(self) -> str:
        """The line, and before it the page where there are pages: ``14``, ``3/14``."""
        return f"{self.page}/{self.line}" if self.page else str(self.line)


def findings(
    document: Document, annotations: Sequence[Annotation], path: str, as_of: str, as_of_from: str
) -> list[Finding]:
    """Return the findings of one article, in the order of its annotations."""
    lines = Lines(document)
    found = []
    for annotation in annotations:
        start, end = lines.span(annotation)
        line, column = lines.at(start)
        last, behind = lines.behind(start, end)
        shown = lines.text(start) if annotation.notes else ""
        place = (path, line, column, last, behind, annotation)
        pages = (lines.page(start), lines.page(max(end - 1, start)))
        found += [Finding(*place, note, as_of, as_of_from, shown, *pages) for note in annotation.notes]
    return found


def concise(finding: Finding, escape: Escape, paint: Paint) -> str:
    """Return the line ``path:line:column: level [rule] what``; with pages it is ``path:page/line:column: …``."""
    colour = _COLOURS.get(finding.annotation.grade, "blue")
    place = f"{paint(finding.path, 'bold')}:{finding.place}:{finding.column}:"
    return f"{place} {paint(finding.level, colour)} [{escape(finding.annotation.rule)}] {escape(finding.what)}"


def full(finding: Finding, escape: Escape, paint: Paint, *, detail: str = "brief") -> str:
    """Return the line of `concise`, the line of the article with a mark under the mention, and what else is known.

    That is, in brief, what has changed since and the sources; with ``detail`` ``full`` all that there is.
    """
    number = finding.place
    margin = " " * len(number)
    before, words, after = _cut(finding)
    before, words, after = (escape(part.replace("\t", " ")) for part in (before, words, after))
    mark = " " * _width(before) + "^" * max(_width(words), 1)
    lines = [
        concise(finding, escape, paint),
        f"{margin} |",
        f"{number} | {before}{words}{after}".rstrip(),
        f"{margin} | {paint(mark, _COLOURS.get(finding.annotation.grade, 'blue'))}",
    ]
    whole = detail == "full"
    _, below = wording.lines(finding.note, full=whole)
    sources = [] if whole else wording.instruments([finding.note])
    if sources:
        below.append(wording.sources_line(sources))
    below.append(f"About the rule: {_published.command(finding.annotation.rule)}")
    lines += [f"{margin} = {escape(line)}" for line in below]
    return "\n".join(lines) + "\n"


def _cut(finding: Finding) -> tuple[str, str, str]:
    """Return what stands in the line before the mention, the mention in it, and what is behind; long lines are cut."""
    line, start = finding.shown, finding.column - 1
    here = (finding.end_page, finding.end_line) == (finding.page, finding.line)
    end = finding.end_column - 1 if here else len(line)
    first, last = 0, len(line)
    if len(line) > _WIDEST:
        first = max(min(start - _BEFORE, len(line) - _WIDEST), 0)
        last = min(first + _WIDEST, len(line))
        end = min(end, last)
    before, after = "…" if first else "", "…" if last < len(line) else ""
    return before + line[first:start], line[start:end], line[end:last] + after


def _width(words: str) -> int:
    """Return how many columns of a terminal the words take."""
    if words.isascii():
        return len(words)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in words)


def github(finding: Finding, escape: Escape) -> str:
    """Return a command that a workflow of GitHub shows at the line: an error, a warning, or a notice for notes.

    GitHub takes an end only on the same line, and no pages: what stands on one says where.
    """
    if finding.page:
        named = {"file": finding.path, "title": f"{finding.level} [{finding.annotation.rule}]"}
        shown = ",".join(f"{key}={_property(value)}" for key, value in named.items() if value != "-")
        what = f"page {finding.page}, line {finding.line}: {finding.what}"
        return f"::{_COMMANDS.get(finding.annotation.grade, 'notice')} {shown}::{_data(escape(what))}"
    fields = {} if finding.path == "-" else {"file": finding.path}
    fields |= {"line": str(finding.line), "col": str(finding.column)}
    if finding.end_line == finding.line:
        fields |= {"endLine": str(finding.line), "endColumn": str(finding.end_column)}
    fields["title"] = f"{finding.level} [{finding.annotation.rule}]"
    shown = ",".join(f"{key}={_property(value)}" for key, value in fields.items())
    return f"::{_COMMANDS.get(finding.annotation.grade, 'notice')} {shown}::{_data(escape(finding.what))}"


def _data(words: str) -> str:
    return words.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(words: str) -> str:
    return _data(words).replace(":", "%3A").replace(",", "%2C")


def as_json(found: Sequence[Finding]) -> str:
    """Return a JSON list, in ASCII, an object for each finding on a line of its own, with its keys always in order."""
    return "[" + ",".join(f"\n{json.dumps(_object(one))}" for one in found) + ("\n]" if found else "]")


def _object(finding: Finding) -> dict[str, object]:
    annotation = finding.annotation
    return {
        "path": finding.path,
        "line": finding.line,
        "column": finding.column,
        "end_line": finding.end_line,
        "end_column": finding.end_column,
        "level": finding.level,
        "grade": annotation.grade,
        "rule": annotation.rule,
        "kind": annotation.kind,
        "text": annotation.text,
        "message": finding.what,
        "as_of": finding.as_of,
        "as_of_from": finding.as_of_from,
        "note": note_object(finding.note),
        "page": finding.page or None,
        "end_page": finding.end_page or None,
    }
