"""Plain text with notes: ``[1]`` behind the mention, and a numbered block at the end."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .._lazy import regex
from . import placing, wording
from .seal import SEAL, fingerprint, seal
from .views import view_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..model import Annotation, Document, Run

_STYLES = ("[#]", "[n#]", "[note #]", "{#}", "{n#}")
_LATER_STYLE = r"\[n-([1-9][0-9]*)-[0-9]+\]"
_ANY_STYLE = r"\[1\]|\[n1\]|\[note 1\]|\{1\}|\{n1\}|\[n-[1-9][0-9]*-1\]"
_LOOSE_HEADER = regex(rf"(?:(?:\r\n|\r|\n){{1,2}}|\A){wording.TITLE}[ \t]*(?=[\r\n])")
_INDENT = "    "
_SEAL_REACH = 1000
_SOURCES = "Sources"


def render(document: Document, annotations: Sequence[Annotation], run: Run) -> bytes:
    """Return the document's bytes with markers and a block of notes."""
    document, annotations = placing.flat(document, annotations)
    numbered = placing.number(document, annotations)
    style = style_for(view_of(document))
    newline = document.newline
    insertions = [
        (at, "".join(style.replace("#", numbered.labels[each]) for each in shown)) for at, shown in numbered.places
    ]

    def fit(words: str) -> str:
        return wording.fitted(words, document.encoding)

    full = run.detail == "full"
    block = [newline, newline, wording.TITLE, newline, fit(numbered.head(run)), newline]
    for index in numbered.in_order():
        first, below = wording.lines(numbered.notes[index], full=full)
        block += [style.replace("#", numbered.labels[index]), " ", fit(first), newline]
        for line in below:
            block += [_INDENT, fit(line), newline]
    if not full:
        block += [_SOURCES, newline]
        for source in wording.instruments(numbered.notes):
            block += [fit(source), newline]
    line = seal(document.source, run, marks=style.replace("#", "1"))
    block += [newline, line, newline]
    insertions.append((len(document.text), "".join(block)))
    return placing.splice(document, insertions)


def style_for(text: str) -> str:
    """Return the first style of marker that nothing in the text looks like.

    >>> style_for("plain"), style_for("as shown in [4]"), style_for("[1] [n1] [note 2] {3} {n4} [n-1-9]")
    ('[#]', '[n#]', '[n-2-#]')
    """
    for style in _STYLES:
        if not marker(style).search(text):
            return style
    taken = {found[1] for found in re.finditer(_LATER_STYLE, text)}
    free = 1
    while str(free) in taken:
        free += 1
    return f"[n-{free}-#]"


def marker(style: str) -> re.Pattern[str]:
    """Return the pattern of a style's markers."""
    return re.compile(re.escape(style).replace(r"\#", f"(?:{placing.CHECK})?[0-9]+"))


def _older_marker(style: str) -> re.Pattern[str]:
    """Return the pattern of a style's markers before checks had their own."""
    return re.compile(re.escape(style).replace(r"\#", "[0-9]+"))


def take_out(view: str, restore: Callable[[str], bytes]) -> bytes | None:
    """Return what was annotated, if the text ends in a block of ours and fits its seal."""
    ending = view[-_SEAL_REACH:]
    newline = _line_end(ending)
    if not newline:
        return None
    last = ending[: -len(newline)]
    last = last[max(last.rfind("\n"), last.rfind("\r")) + 1 :]
    found = re.fullmatch(SEAL, last)
    if not found or not re.fullmatch(_ANY_STYLE, found["marks"]):
        return None
    start = view.rfind(newline * 2 + wording.TITLE + newline)
    if start < 0:
        return None
    style = _style(found["marks"])
    for pattern in (marker(style), _older_marker(style)):
        original = restore(pattern.sub("", view[:start]))
        if fingerprint(original) == found["original"]:
            return original
    return None


def take_out_edited(view: str) -> str | None:
    """Return the text without the last block of ours and its markers, whatever was changed; ``None`` without one."""
    seals = [found for found in re.finditer(SEAL, view) if re.fullmatch(_ANY_STYLE, found["marks"])]
    if not seals:
        return None
    last = seals[-1]
    end = last.end()
    end += len(placing.line_end_at(view, end))
    headers = list(_LOOSE_HEADER.finditer(view, 0, last.start()))
    start = headers[-1].start() if headers else _line_begin(view, last.start())
    return marker(_style(last["marks"])).sub("", view[:start] + view[end:])


def _style(marks: str) -> str:
    return f"{marks[:-2]}#{marks[-1]}"


def _line_end(text: str) -> str:
    """Return the line end that the text closes with."""
    return "\r\n" if text.endswith("\r\n") else text[-1:] if text[-1:] in "\r\n" else ""


def _line_begin(text: str, at: int) -> int:
    return max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1


def described(view: str) -> tuple[str, str, list[tuple[str, ...]]]:
    """Return the seal of the newest block of ours, its style, and the lines of each of its notes."""
    sealed = [found for found in re.finditer(SEAL, view) if re.fullmatch(_ANY_STYLE, found["marks"])][-1]
    start = max(view.rfind(f"{end}{wording.TITLE}", 0, sealed.start()) for end in "\r\n")
    opening = re.compile(rf"{marker(_style(sealed['marks'])).pattern} ")
    entries: list[list[str]] = []
    for line in view[start : sealed.start()].splitlines():
        begun = opening.match(line)
        if begun:
            entries.append([line[begun.end() :]])
        elif entries and line.startswith(_INDENT):
            entries[-1].append(line.strip())
    return sealed[0], "", [tuple(entry) for entry in entries]
