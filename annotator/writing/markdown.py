"""Markdown with notes: footnotes, words in brackets behind the mentions, or links to a section at the end."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .._lazy import regex
from ..errors import OutputError
from . import placing, wording
from .seal import SEAL, fingerprint, seal
from .views import view_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..model import Annotation, Document, Note, Run

_INDENT = "    "
_LABEL = "sr"
_LATER_LABEL = regex(r"sr([1-9][0-9]*)n")
_MOST_DIGITS = 40
_SPECIAL = regex(r"([\\`*_{}\[\]<>#|~&$^=])")
_LIST_LIKE = regex(r"^([0-9]{1,9})([.)])|^([-+:])")
_HEADER = regex(rf"<!-- {SEAL} -->")
_MARKS = regex(r"\[\^(sr(?:[1-9][0-9]{0,40}n)?)1\](?: (inline|notes))?")
_DELIMITERS = "*_~"


def render(document: Document, annotations: Sequence[Annotation], run: Run) -> bytes:
    """Return the document's bytes with notes; it stays the same Markdown otherwise.

    ``footnotes`` are what GitHub, Pandoc and others know; ``inline`` and ``notes`` need CommonMark alone.
    """
    document, annotations = placing.flat(document, annotations)
    text = document.text
    numbered = placing.number(document, annotations, lambda at: _settle(text, at))
    label = _label_for(view_of(document))
    newline = document.newline
    style = run.style if run.style in ("inline", "notes") else ""
    wrap = _instruction if "<!--" in text else _comment
    apart = wrap(label)
    insertions: list[tuple[int, str]] = []
    full = run.detail == "full"
    for at, shown in numbered.places:
        if style == "inline":
            words = "; ".join(_inline(numbered.notes[each], document.encoding, full=full) for each in shown)
            insertions.append((at, f"{apart} \\[{words}\\]{wrap(f'/{label}')}"))
            continue
        if style == "notes":
            mark = "".join(
                f"[\\[{numbered.labels[each]}\\]](#{label}-note-{_anchor(numbered.labels[each])})" for each in shown
            )
        else:
            mark = "".join(f"[^{label}{_footnote(numbered.labels[each])}]" for each in shown)
        # A bracket before or after would make the marker part of a link, were nothing in between.
        before = apart if text[max(at - 1, 0) : at] == "]" else ""
        after = apart if text[at : at + 1] in ("(", "[", ":") else ""
        insertions.append((at, before + mark + after))
    sealed = seal(document.source, run, marks=f"[^{label}1] {style}".rstrip())

    def fit(words: str) -> str:
        return wording.fitted(words, document.encoding)

    block = [newline, newline, f"<!-- {sealed} -->", newline]
    if style == "notes":
        block += [newline, f"## {wording.TITLE}", newline]
    if style != "inline":
        block += [newline, fit(f"*{escaped(numbered.head(run))}*"), newline]
    for index in numbered.in_order() if style != "inline" else ():
        first, below = wording.lines(numbered.notes[index], full=full, escape=escaped, link=_autolink)
        name = numbered.labels[index]
        # A list that begins anew with the notes is another list to all readers of Markdown.
        opening = f'- <a id="{label}-note-{_anchor(name)}"></a>\\[{name}\\] ' if style else ""
        opening = opening or f"[^{label}{_footnote(name)}]: "
        indent = "  " if style else _INDENT
        block += [newline, opening, fit(first), newline]
        for line in below:
            block += [newline, indent, fit(line), newline]
    if not full:
        sources = "; ".join(wording.instruments(numbered.notes, escape=escaped, link=_autolink))
        block += [newline, fit(f"*Sources:* {sources}"), newline] if sources else []
    block += [newline, _ending(label), newline]
    tail = document.layout.tail
    place = next((index for index, (at, _) in enumerate(insertions) if at > tail), len(insertions))
    insertions.insert(place, (tail, "".join(block)))
    return placing.splice(document, insertions)


def _anchor(label: str) -> str:
    return label.replace(placing.CHECK, "c")


def _footnote(label: str) -> str:
    return label.replace(placing.CHECK, "-check")


def _inline(note: Note, encoding: str, *, full: bool) -> str:
    """Write a note as words on one line."""
    first, below = wording.lines(note, full=full, escape=escaped, link=_autolink)
    return wording.fitted(" ".join((first, *below)), encoding)


def escaped(words: str) -> str:
    r"""Write words so that Markdown shows them as they are.

    >>> escaped("1. the *first* [list] <b>")
    '1\\. the \\*first\\* \\[list\\] \\<b\\>'
    """
    return _LIST_LIKE.sub(
        lambda found: f"{found[1]}\\{found[2]}" if found[1] else f"\\{found[3]}", _SPECIAL.sub(r"\\\1", words)
    )


def _autolink(url: str) -> str:
    """Write an address between angle brackets, with nothing in it that would end it."""
    for char, code in ((" ", "%20"), ("<", "%3C"), (">", "%3E"), ("`", "%60"), ("\\", "%5C")):
        url = url.replace(char, code)
    return f"<{url}>" if re.match(r"[A-Za-z][A-Za-z0-9+.-]{1,31}:", url) else escaped(url)


def _comment(label: str) -> str:
    """Return what keeps a marker apart from a bracket without being seen."""
    return f"<!--{label}-->"


def _instruction(label: str) -> str:
    """Return the same for a text with comments, of which one left open would be closed by the other."""
    return f"<?{label}?>"


def _ending(label: str) -> str:
    return f"<!-- End of notes [^{label}1] -->"


def _label_for(view: str) -> str:
    """Return a label that nothing in the text has, and that is later than all like it in the text."""
    if not any(f"{opening}{_LABEL}" in view for opening in ("[^", "<!--", "<?")):
        return _LABEL
    highest = 1
    for found in _LATER_LABEL.finditer(view):
        if len(found[1]) > _MOST_DIGITS:
            message = "the text holds a footnote label that leaves no room for later ones; use text output"
            raise OutputError(message)
        highest = max(highest, int(found[1]))
    return f"{_LABEL}{highest + 1}n"


def _settle(text: str, at: int) -> int:
    """Move a marker past a run of emphasis marks, where standing before it would change what is emphasised."""
    size = len(text)
    while 0 < at < size and text[at] in _DELIMITERS and text[at - 1].isalnum():
        mark = text[at]
        while at < size and text[at] == mark:
            at += 1
        while at < size and text[at].isalnum():  # inside a word: go to its end
            at += 1
    return at


def _without_markers(text: str, label: str, style: str) -> str:
    if style == "inline":
        for wrap in (_comment, _instruction):
            opening, closing = re.escape(wrap(label)), re.escape(wrap(f"/{label}"))
            text = re.sub(rf"{opening} [^\r\n]*?{closing}", "", text)
        return text
    comment, instruction = _comment(label), _instruction(label)
    number = f"(?:{placing.CHECK})?[0-9]+"
    marker = rf"\[\\\[{number}\\\]\]\(#{label}-note-c?[0-9]+\)" if style else rf"\[\^{label}(?:-check)?[0-9]+\]"
    if comment in text or instruction in text:
        apart = f"(?:{re.escape(comment)}|{re.escape(instruction)})?"
        marker = f"{apart}{marker}{apart}"
    return re.sub(marker, "", text)


def take_out(view: str, restore: Callable[[str], bytes]) -> bytes | None:
    """Return what was annotated, if the text holds a block of ours and fits its seal."""
    header, label, style = _last_header(view)
    if header is None:
        return None
    newline = placing.line_end_at(view, header.end())
    ending = _ending(label)
    last = view.find(ending, header.end())
    if not newline or last < 0 or not view.endswith(newline * 2, 0, header.start()):
        return None
    rest = last + len(ending)
    if not view.startswith(newline, rest):
        return None
    kept = view[: header.start() - 2 * len(newline)] + view[rest + len(newline) :]
    original = restore(_without_markers(kept, label, style))
    return original if fingerprint(original) == header["original"] else None


def take_out_edited(view: str) -> str | None:
    """Return the text without the newest block of ours and its markers, whatever was changed."""
    header, label, style = _last_header(view)
    if header is None:
        return None
    start = header.start()
    for _ in range(2):
        start -= len(placing.line_end_before(view, start))
    ending = _ending(label)
    last = view.find(ending, header.end())
    end = last + len(ending) if last >= 0 else _past_definitions(view, header.end(), label)
    end += len(placing.line_end_at(view, end))
    return _without_markers(view[:start] + view[end:], label, style)


def _last_header(view: str) -> tuple[re.Match[str] | None, str, str]:
    """Return the newest header of ours, which is the one with the highest label, that label, and the style."""
    newest: re.Match[str] | None = None
    best = style = ""
    for found in _HEADER.finditer(view):
        label = _MARKS.fullmatch(found["marks"])
        if label and (newest is None or (len(label[1]), label[1]) >= (len(best), best)):
            newest, best, style = found, label[1], label[2] or ""
    return newest, best, style


def _past_definitions(view: str, at: int, label: str) -> int:
    """Return where our definitions end when the line that closed them is gone."""
    definition = re.compile(rf"[ \t]*(?:[\r\n]+(?:\[\^{label}(?:-check)?[0-9]+\]:|    )[^\r\n]*)*")
    found = definition.match(view, at)
    return found.end() if found else at


def described(view: str) -> tuple[str, str, list[tuple[str, ...]]]:
    """Return the seal of the newest block of ours, its style, and the lines of each of its notes."""
    header, label, style = _last_header(view)
    assert header is not None
    if style == "inline":
        wraps = "|".join(
            rf"{re.escape(wrap(label))} \\\[(.*?)\\\]{re.escape(wrap(f'/{label}'))}"
            for wrap in (_comment, _instruction)
        )
        found = [hit[1] or hit[2] for hit in re.finditer(wraps, view)]
        return header[0], style, [(words,) for words in dict.fromkeys(found)]
    opening = re.compile(
        rf'(?:[0-9]+\.|-) <a id="{label}-note-c?[0-9]+"></a>(?:\\\[[^\]\\]*\\\] )?'
        if style
        else rf"\[\^{label}(?:-check)?[0-9]+\]: "
    )
    entries: list[list[str]] = []
    for line in view[header.end() : view.find(_ending(label), header.end())].splitlines():
        begun = opening.match(line)
        if begun:
            entries.append([line[begun.end() :]])
        elif entries and line.startswith("  "):
            entries[-1].append(line.strip())
    return header[0], style, [tuple(entry) for entry in entries]
