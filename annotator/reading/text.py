"""The layout of plain text: paragraphs, headings, list items, furniture; links are protected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._lazy import regex
from ..model import Layout, Span
from .structure import ITEM, LINE, PLAIN, PROSE, RULE, Pieces, blocks_of, is_byline, is_sentence, warnings_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_CHUNK = 1 << 22
_BLANK = "\ufeff\u200b"
_WHITE = _BLANK + " \t\n\r\f\v\xa0\u3000\u2028\u2029\x85\x1c\x1d\x1e\x1f"
_WIDEST = 160  # text wrapped by a machine has no longer lines
_NARROWEST = 40
_SAMPLE = 1 << 14
_HEAD = 1 << 10
_LINES = 6
_WRAPPED = 110
_LINE = 120
# Patterns are compiled where they are first needed: most texts need none, and compiling takes time.
_ITEM = regex(r"(?:[-*•‣▪●○◦·–]|\(?[0-9]{1,2}[.)]|\([a-z]\)|[a-z]\))\s+\S")
_BULLET = regex(r"[*•‣▪●○◦·]\s+\S|-\s+\S")
_RULE = regex(r"([*=_~#•·—–-])(?:\s*\1){2,}")
_DASHED = regex(r"[-–—]\s.*\s[-–—]")
_SCHEME = regex(r"(?i:https?|ftp)\Z")
_ADDRESS = regex(r"[^\s<>\"“”‘’«»\x00-\x1f\x7f]+")  # no control characters: a terminal's link ends at one
_MAIL_LEFT = regex(r"[\w.+-]{1,64}\Z")
_MAIL_RIGHT = regex(r"[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
# A copyright line that ran into the next story, or the story into it, when the page was saved.
_GLUED = regex(
    r"(?i:(?:(?:pictures?|images?|photos?) (?:courtesy|credit)[^.\n]{0,80}|images are )subject to copyright|"
    r"all rights reserved\.?(?=(?-i:[A-Z“\"]))|previous post ?next post(?=(?-i:[A-Z“\"])))"
)


def layout_of(text: str) -> Layout:
    """Return the layout of a plain text; its notes go at the end."""
    pieces = Pieces()
    _cut(text, pieces)
    blocks = blocks_of(text, pieces)
    out = sum([block.end - block.start for block in blocks if block.kind == "furniture"])
    warnings: tuple[str, ...] = ()
    if out * 2 > len(text):  # few texts have that much
        sizes = [(block.end - block.start, block.kind == "furniture") for block in blocks]
        prose = [(size, aside) for size, aside in sizes if size >= PROSE]
        out = sum(size for size, aside in prose if aside)
        warnings = warnings_of(sum(size for size, _ in prose) - out, out)
    return Layout(blocks, tuple(links_in(text)), (), len(text), warnings)


def cut(text: str, pieces: Pieces, start: int, end: int) -> None:
    """Add the paragraphs, headings and items of a stretch of text that is laid out by its lines."""
    part = Pieces()
    _cut(text[start:end], part)
    for low, high, kind in zip(part.starts, part.ends, part.kinds, strict=True):
        pieces.add(low + start, high + start, kind)


def links_in(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Return the web and e-mail addresses in a stretch of text, without the punctuation after them.

    >>> links_in("see https://un.org/a_(b).")
    [Span(start=4, end=24)]
    """
    stop = len(text) if end is None else end
    found: list[Span] = []
    done = start
    at = text.find("://", start, stop)
    while at >= 0:
        scheme = _SCHEME.search(text, max(done, at - 5), at)
        close = _trimmed(text, at + 3, _run(text, at + 3, stop)) if scheme else at
        if scheme and close > at + 3:
            found.append(Span(scheme.start(), close))
            done = close
        at = text.find("://", max(at + 3, close), stop)
    others = _bare(text, start, stop) + _mails(text, start, stop)
    return _merged(found, others) if others else found


def _run(text: str, at: int, stop: int) -> int:
    found = _ADDRESS.match(text, at, stop)
    return found.end() if found else at


def _bare(text: str, start: int, stop: int) -> list[Span]:
    """Find addresses without a scheme."""
    found: list[Span] = []
    at = text.find("www.", start, stop)
    while at >= 0:
        close = _trimmed(text, at, _run(text, at, stop))
        if close > at + 4 and not (at > start and text[at - 1].isalnum()):
            found.append(Span(at, close))
        at = text.find("www.", max(close, at + 4), stop)
    return found


def _trimmed(text: str, start: int, end: int) -> int:
    """Leave out punctuation at the end of an address, and a bracket that was not opened inside it."""
    opened = text.count("(", start, end)
    closed = text.count(")", start, end)
    while end > start:
        char = text[end - 1]
        if char == ")":
            if closed <= opened:
                break
            closed -= 1
        elif char not in ".,;:!?'*_~]}…\\":
            break
        end -= 1
    return end


def _mails(text: str, start: int, stop: int) -> list[Span]:
    found: list[Span] = []
    low = start
    at = text.find("@", start, stop)
    while at >= 0:
        left = _MAIL_LEFT.search(text[max(low, at - 64) : at])
        right = _MAIL_RIGHT.match(text, at + 1, stop)
        if left and right:
            low = right.end()
            found.append(Span(at - len(left[0]), low))
        at = text.find("@", max(at + 1, low), stop)
    return found


def _merged(links: list[Span], mails: list[Span]) -> list[Span]:
    """Put both lists in order; an address inside a link is part of it."""
    merged: list[Span] = []
    for span in sorted([*links, *mails], key=lambda each: (each.start, -each.end)):
        if merged and span.start < merged[-1].end:
            if span.end > merged[-1].end:
                merged[-1] = Span(merged[-1].start, span.end)
            continue
        merged.append(span)
    return merged


def _is_wrapped(text: str) -> bool:
    """Tell from its beginning whether the text was wrapped by a machine: many lines, none of them long."""
    if any(len(line) > _WRAPPED for line in text[:_HEAD].splitlines()[:-1]):  # which tells it of most
        return False
    lines = text[:_SAMPLE].splitlines()
    if len(text) > _SAMPLE:
        del lines[-1:]
    return len(lines) >= _LINES and len(max(lines, key=len)) <= _WRAPPED


def _lines(text: str) -> Iterable[str]:
    """Give each line with its end; long texts are taken in parts, to save memory."""
    return text.splitlines(keepends=True) if len(text) <= _CHUNK else _lines_of_parts(text)


def _lines_of_parts(text: str) -> Iterator[str]:
    at = 0
    while at < len(text):
        stop = text.find("\n", at + _CHUNK) + 1 or len(text)
        yield from text[at:stop].splitlines(keepends=True)
        at = stop


def _cut(text: str, pieces: Pieces) -> None:
    """Cut the text at blank lines, at page breaks, and at line ends that are not only wrapping."""
    group: list[tuple[int, int]] = []  # the lines since the last blank one, without the white space around them
    glued = "opyright" in text or "eserved" in text or "ext Post" in text
    wrapped = _is_wrapped(text)
    parted = False
    at = 0
    for line in _lines(text):
        bare = line.strip()
        if bare and (bare[0] in _BLANK or bare[-1] in _BLANK):
            bare = line.strip(_WHITE)
        if group and (parted or not bare):
            _split(text, group, pieces, wrapped=wrapped)
            group.clear()
        if bare:
            if parted:
                pieces.breaks.add(len(pieces.starts))
                parted = False
            start = at + line.index(bare[0])
            end = start + len(bare)
            if glued and ("opyright" in bare or "eserved" in bare or "ext Post" in bare):
                if group:
                    _split(text, group, pieces, wrapped=wrapped)
                    group.clear()
                for low, high in _unglued(text, start, end):
                    pieces.add(low, high, _kind(text, low, high))
            else:
                group.append((start, end))
        if line[-1] != "\n" and line[-1] in "\f\x1c\x1d":
            parted = True
        at += len(line)
    if group:
        _split(text, group, pieces, wrapped=wrapped)


def _unglued(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Part a line where a copyright line and a story run into each other."""
    for glue in _GLUED.finditer(text, start, end):
        if glue.start() > start:
            yield start, _back(text, start, glue.start())
        yield glue.span()
        start = glue.end()
        while start < end and text[start] in " \t\xa0":
            start += 1
    if start < end:
        yield start, end


def _back(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1].isspace():
        end -= 1
    return end


def _kind(text: str, start: int, end: int) -> str:
    """Say what the first characters of a line make it."""
    first = text[start]
    if first.isalpha() and text[start + 1 : start + 2] != ")":
        return PLAIN
    if first in "*=_~#•·—–-" and _RULE.fullmatch(text, start, min(end, start + 200)):
        return RULE
    if _ITEM.match(text, start, end) and not (first in "-–" and _DASHED.fullmatch(text, start, end)):
        return ITEM
    return PLAIN


def _split(text: str, group: list[tuple[int, int]], pieces: Pieces, *, wrapped: bool) -> None:
    """Add the lines of a group, joined where a line break is only the end of a line."""
    start, end = group[0]
    kind = _kind(text, start, end)
    if len(group) > 1:
        soft = _soft(text, group, wrapped=wrapped)
        for at in range(1, len(group)):
            low, high = group[at]
            own = _kind(text, low, high)
            if own == RULE and at == 1 and kind == PLAIN and text[low] in "=-~":
                own = LINE
            if (
                kind in (RULE, LINE)
                or own in (RULE, LINE)
                or _BULLET.match(text, low, high)
                or (text.startswith(("By ", "BY "), low) and high - low <= _LINE and is_byline(text[low:high]))
                or not soft(at)
            ):
                pieces.add(start, end, kind)
                start, kind = low, own
            end = high
    pieces.add(start, end, kind)


def _soft(text: str, group: list[tuple[int, int]], *, wrapped: bool) -> Callable[[int], bool]:
    """Return the test whether the break before a line of the group was made by wrapping."""
    width = max(end - start for start, end in group)

    def fills(at: int) -> bool:
        """Tell whether the first word of the line would not have fitted on the line before."""
        low, high = group[at]
        blank = text.find(" ", low, min(high, low + width + 1))
        word = (blank if blank >= 0 else high) - low
        start, end = group[at - 1]
        return end - start + 1 + word > width

    def goes_on(at: int) -> bool:
        start, end = group[at - 1]
        return text[group[at][0]].islower() and not is_sentence(text[max(start, end - 9) : end])

    if width > _WIDEST:
        return goes_on
    filled = sum(map(fills, range(1, len(group))))
    lower = sum(text[start].islower() for start, _ in group[1:])
    if wrapped:
        prose = width >= _NARROWEST and filled * 2 > len(group) - 1
    else:
        prose = width >= _NARROWEST and filled > 1 and filled * 3 > (len(group) - 1) * 2 and lower > 0
    if prose:
        return lambda at: fills(at) or goes_on(at)
    return goes_on
