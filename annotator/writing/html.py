"""HTML with notes: links behind the mentions, and a section of endnotes that they lead to and back from.

Roles are those of DPUB-ARIA 1.1 (doc-noteref, doc-endnotes, doc-backlink). Nothing that goes in needs a script or
an inline style, so it works under any content security policy; ``styled`` adds one style element.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from html import escape, unescape
from typing import TYPE_CHECKING

from .._lazy import regex
from ..errors import OutputError
from . import placing, wording
from .seal import SEAL, fingerprint, seal
from .views import view_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ..model import Annotation, Document, Run

_CLASS = "sr-note"
_LABEL = regex(r"(?<![A-Za-z0-9])sr([0-9]*)(?![A-Za-z0-9])")
_MOST_DIGITS = 40
_MARKS = regex(r"html (sr(?:[1-9][0-9]{0,39})?)( styled)?")
_HEADER = regex(rf"<!-- {SEAL} -->")
# What closes around a mention and can be left behind: the marker need not be bold because the mention is.
_CLOSERS = regex(r"(?:</(?:abbr|b|big|cite|dfn|em|font|i|mark|q|small|span|strong|u)[\t\n\f\r ]*>)+", re.IGNORECASE)
# Parts of a link behind which a line may end: no style is needed for that, and none may be allowed.
_PARTS = regex(r"(?:https?://)?(?:.{1,23}[/&=?#_.-]|.{1,24})", re.IGNORECASE | re.DOTALL)
_CONTROLS = dict.fromkeys([*range(32), 127], " ")
_CSS = (
    ".sr-note a{text-decoration:none}.sr-note-claim a{font-weight:bold}"
    ".sr-note-list{border-top:1px solid;margin-top:2em;padding-top:.5em;font-size:.875em}"
    ".sr-note-list{overflow-wrap:anywhere}"
    ".sr-note-list p{margin:.25em 0}.sr-note-list :target,.sr-note :target{outline:2px solid}"
)


def render(document: Document, annotations: Sequence[Annotation], run: Run) -> bytes:
    """Return the page's bytes with notes; what has no safe place goes into ``run.unplaced``."""
    seen = document.inner
    where = _block_place(document)
    bars = _bars(seen.bars)
    kept = []
    for annotation in annotations:
        if not annotation.notes:
            continue
        spots = placing.number(document, [annotation]).places
        if where is None or not document.text or _place(document, bars, spots[0][0]) is None:
            run.unplaced.append(annotation)
        else:
            kept.append(annotation)
    if where is None or not kept:
        return document.source
    numbered = placing.number(document, kept)
    label = _label_for(view_of(document))
    foreign = bool(seen.language) and not seen.language.lower().startswith("en")
    references: dict[int, int] = {}
    marks: dict[int, list[str]] = {}
    for at, shown in numbered.places:
        links = []
        for each in shown:
            references[each] = references.get(each, 0) + 1
            name = numbered.labels[each]
            anchor = _anchor(name)
            links.append(
                f'<a id="{label}-ref-{anchor}-{references[each]}" href="#{label}-note-{anchor}" role="doc-noteref"'
                f' aria-label="{_spoken(name)}">[{name}]</a>'
            )
        place = _place(document, bars, at)
        assert place is not None
        kind = f"{_CLASS} {_CLASS}-claim" if any(map(numbered.is_check, shown)) else _CLASS
        language = ' lang="en"' if foreign else ""
        marks.setdefault(place, []).append(f'<sup class="{kind}"{language}>{", ".join(links)}</sup>')
    insertions = sorted((place, "".join(pieces)) for place, pieces in marks.items())
    block = fitted("".join(_block(document, run, numbered, references, label)), document.encoding)
    index = bisect_left(insertions, (where + 1,))
    insertions.insert(index, (where, block))
    return placing.splice(document, insertions)


def _anchor(label: str) -> str:
    return label.replace(placing.CHECK, "c")


def _spoken(label: str) -> str:
    """Return what a screen reader says of a label."""
    return label.capitalize() if label.startswith(placing.CHECK) else f"Note {label}"


def _block(
    document: Document, run: Run, numbered: placing.Numbered, references: dict[int, int], label: str
) -> Iterable[str]:
    newline = document.newline
    styled = " styled" if run.style == "styled" else ""
    sealed = seal(document.source, run, marks=f"html {label}{styled}")
    yield f"{newline}<!-- {sealed} -->{newline}"
    if styled:
        yield f"<style>{_CSS}</style>{newline}"
    yield (
        f'<section id="{label}-list" class="{_CLASS}-list" role="doc-endnotes" aria-label="{wording.TITLE}" lang="en"'
        f' dir="ltr">{newline}<h2 class="{_CLASS}-title">{wording.TITLE}</h2>{newline}'
        f"<p>{escaped(numbered.head(run))}</p>{newline}"
    )
    full = run.detail == "full"
    order = numbered.in_order()
    checks = [index for index in order if numbered.is_check(index)]
    for tag, listed in (("ul", checks), ("ol", order[len(checks) :])):
        if not listed:
            continue
        yield f"<{tag}>{newline}"
        for index in listed:
            name = numbered.labels[index]
            anchor = _anchor(name)
            first, below = wording.lines(numbered.notes[index], full=full, escape=escaped, link=linked)
            kind = f'<strong class="{_CLASS}-kind">{_spoken(name)}</strong> ' if tag == "ul" else ""
            yield f'<li id="{label}-note-{anchor}" class="{_CLASS}-item"><p>{kind}{first}</p>{newline}'
            for line in below:
                yield f"<p>{line}</p>{newline}"
            count = references.get(index, 0)
            back = " ".join(
                f'<a href="#{label}-ref-{anchor}-{each}" role="doc-backlink" class="{_CLASS}-back"'
                f' aria-label="Back to mention{f" {each}" if count > 1 else ""} of {_spoken(name).lower()}">\u21a9</a>'
                for each in range(1, count + 1)
            )
            yield f"<p>{back}</p></li>{newline}"
        yield f"</{tag}>{newline}"
    sources = [] if full else wording.instruments(numbered.notes, escape=escaped, link=linked)
    if sources:
        yield f"<p>Sources</p>{newline}<ul>{newline}"
        for source in sources:
            yield f"<li>{source}</li>{newline}"
        yield f"</ul>{newline}"
    yield f"</section>{newline}{_ending(label)}{newline}"


def escaped(words: str) -> str:
    """Write words so that a page shows them as they are, wherever they stand.

    >>> escaped('<b> & "c"')
    '&lt;b&gt; &amp; &quot;c&quot;'
    """
    return escape(words.translate(_CONTROLS))


def linked(url: str) -> str:
    """Write a web address as a link; any other address only as words.

    A line may end behind each of its parts, for narrow screens.

    >>> linked("javascript:alert(1)"), linked("https://un.org/?a&b")
    ('javascript:alert(1)', '<a href="https://un.org/?a&amp;b" rel="external nofollow">https://un.org/?a&amp;<wbr>b</a>')
    """
    words = escaped(url)
    if not re.match(r"https?://[^\s/]", url, re.IGNORECASE):
        return words
    parts = [escaped(part) for part in _PARTS.findall(url)]
    return f'<a href="{words.replace(" ", "%20")}" rel="external nofollow">{"<wbr>".join(parts)}</a>'


def fitted(words: str, encoding: str) -> str:
    """Write as references what the encoding does not hold.

    >>> fitted("§ 3 — Кипр", "iso8859-1")
    '§ 3 &#8212; &#1050;&#1080;&#1087;&#1088;'
    """
    try:
        words.encode(encoding)
    except UnicodeEncodeError:
        return "".join([_fitted(char, encoding) for char in words])
    return words


def _fitted(char: str, encoding: str) -> str:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return "&#65533;" if "\ud800" <= char <= "\udfff" else f"&#{ord(char)};"
    return char


# -- places ---------------------------------------------------------------------------------------------


def _bars(bars: Iterable[tuple[int, int, bool]]) -> list[tuple[int, int, bool]]:
    """Put the stretches without markers in order and join those that overlap."""
    joined: list[tuple[int, int, bool]] = []
    for start, end, closed in sorted(bars):
        if joined and start < joined[-1][1]:
            last = joined[-1]
            joined[-1] = (last[0], max(end, last[1]), last[2] and closed)
        else:
            joined.append((start, end, closed))
    return joined


def _place(document: Document, bars: Sequence[tuple[int, int, bool]], at: int) -> int | None:
    """Return where in the markup a marker goes for a place in the text, ``None`` where none is safe."""
    assert document.places is not None
    place = document.places.after(at)
    while True:
        closers = _CLOSERS.match(document.markup, place)
        if closers:
            place = closers.end()
        index = bisect_left(bars, (place,)) - 1
        if index < 0 or place > bars[index][1]:
            return place
        _, end, closed = bars[index]
        if not closed:
            return None
        if place == end:
            return place
        place = end


def _block_place(document: Document) -> int | None:
    """Return where in the markup the block of notes goes: the end of the article, else of the page."""
    from ..reading.html.nodes import HOLDER
    from ..reading.html.reader import judged

    seen = document.inner
    main = judged(document.text, seen).main
    if main is not None and main.kind != HOLDER and main.place >= 0:
        return int(main.place)
    if seen.body_end >= 0:
        return int(seen.body_end)
    return int(seen.place) or None


# -- taking out -----------------------------------------------------------------------------------------


def _label_for(view: str) -> str:
    """Return a label that no id in the text has, and that is later than all like it."""
    if "sr" not in view:
        return "sr"
    highest = 0
    for found in _LABEL.finditer(view):
        if len(found[1]) >= _MOST_DIGITS:
            raise OutputError("the page holds an id that leaves no room for later ones; use json output")
        highest = max(highest, int(found[1] or 1))
    return f"sr{highest + 1}" if highest else "sr"


def _ending(label: str) -> str:
    return f"<!-- End of notes html {label} -->"


def _without_markers(text: str, label: str) -> str:
    link = (
        rf'<a id="{label}-ref-c?[0-9]+-[0-9]+" href="#{label}-note-c?[0-9]+" role="doc-noteref"'
        rf' aria-label="(?:Note|Check) [0-9]+(?:, on a claim)?">\[(?:{placing.CHECK})?[0-9]+\]</a>'
    )
    return re.sub(rf'<sup class="{_CLASS}(?: {_CLASS}-claim)?"(?: lang="en")?>{link}(?:, {link})*</sup>', "", text)


def last_header(view: str) -> tuple[re.Match[str] | None, str]:
    """Return the newest header of ours, which is the one with the highest label, and that label."""
    newest: re.Match[str] | None = None
    best = ""
    for found in _HEADER.finditer(view):
        label = _MARKS.fullmatch(found["marks"])
        if label and (newest is None or (len(label[1]), label[1]) >= (len(best), best)):
            newest, best = found, label[1]
    return newest, best


def take_out(view: str, restore: Callable[[str], bytes]) -> bytes | None:
    """Return what was annotated, if the page holds a block of ours and fits its seal."""
    header, label = last_header(view)
    if header is None:
        return None
    newline = placing.line_end_at(view, header.end())
    ending = _ending(label)
    last = view.find(ending, header.end())
    if not newline or last < 0 or not view.endswith(newline, 0, header.start()):
        return None
    rest = last + len(ending)
    if not view.startswith(newline, rest):
        return None
    before, after = view[: header.start() - len(newline)], view[rest + len(newline) :]
    original = restore(_without_markers(before, label) + _without_markers(after, label))
    return original if fingerprint(original) == header["original"] else None


def take_out_edited(view: str) -> str | None:
    """Return the page without the newest block of ours and its markers, whatever was changed."""
    header, label = last_header(view)
    if header is None:
        return None
    start = header.start() - len(placing.line_end_before(view, header.start()))
    ending = _ending(label)
    last = view.find(ending, header.end())
    if last >= 0:
        end = last + len(ending)
    else:
        closed = re.compile(r"</section\s*>", re.IGNORECASE).search(view, header.end())
        end = closed.end() if closed else header.end()
    end += len(placing.line_end_at(view, end))
    rest = view[:start] + view[end:]
    link = rf"<a\b[^<>]*#{label}-note-c?[0-9]+[^<>]*>[^<>]*</a>"
    return re.sub(rf"<sup\b[^<>]*{_CLASS}[^<>]*>\s*{link}(?:[,\s]*{link})*\s*</sup>", "", rest, flags=re.IGNORECASE)


def described(view: str) -> tuple[str, str, list[tuple[str, ...]]]:
    """Return the seal of the newest block of ours, its style, and the lines of each of its notes."""
    header, label = last_header(view)
    assert header is not None
    block = view[header.end() : view.find(_ending(label), header.end())]
    entries = []
    for item in re.finditer(rf'<li id="{label}-note-c?[0-9]+"[^<>]*>(.*?)</li>', block, re.DOTALL):
        lines = (unescape(re.sub("<[^<>]*>", "", line)) for line in re.findall("<p>(.*?)</p>", item[1]))
        entries.append(tuple(line for line in lines if line.strip("\u21a9 ")))
    marks = _MARKS.fullmatch(header["marks"])
    return header[0], (marks[2] or "").strip() if marks else "", entries
