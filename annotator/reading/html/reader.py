"""HTML: whole pages as saved, fragments, broken markup; what of it is the article, and in which encoding it is."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from ..._lazy import regex
from ...errors import UsageError
from ...model import Document, Layout, SourceMap
from ..decoding import decode, newline_of, usable
from ..structure import HEADING, PREFORMATTED, Pieces, blocks_of, spans_of, warnings_of
from ..text import cut
from . import linked
from .article import judge
from .plain import plain_text
from .veiled import seen_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ...model import Block as LayoutBlock
    from ...model import Dated
    from .nodes import Block, Judged
    from .visible import Visible

_HEAD = 1 << 14
_DECLARED = regex(rb"<meta\b[^>]{0,500}?\bcharset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
_XML_DECLARED = regex(rb"\s*<\?xml\b[^>]{0,200}?\bencoding\s*=\s*[\"']([A-Za-z0-9_:.-]{2,40})")
_TAKEN_IN = (
    "the page shows no article; what is read is the one in its data for search engines (JSON-LD articleBody), where no "
    "notes can stand: use --output report"
)
# Labels that mean another encoding than they say: https://encoding.spec.whatwg.org/#names-and-labels
_MEANT = {
    **dict.fromkeys(("ascii", "us-ascii", "iso-8859-1", "iso8859-1", "latin1", "l1", "x-cp1252"), "cp1252"),
    **dict.fromkeys(("gb2312", "gbk", "gb_2312-80", "chinese", "x-gbk"), "gb18030"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis", "ms_kanji"), "cp932"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987", "korean"), "cp949"),
    "iso-8859-9": "cp1254", "latin5": "cp1254", "tis-620": "cp874", "iso-8859-11": "cp874",
}  # fmt: skip


def simple_text(markup: str) -> str | None:
    """Return the text of a page that is simple and holds no other (in its linked data); ``None`` for any other."""
    return plain_text(markup) if linked.KEY not in markup else None


def open_html(source: bytes | str, path: str | None, encoding: str | None) -> Document:
    """Return the document of a page; see `annotator.reading.read`."""
    if isinstance(source, str):
        markup, codec, errors, bom = source, "utf-8", "surrogatepass", b""
        source = source.encode(codec, errors)
    else:
        markup, codec, errors, bom = decode(source, path=path, encoding=encoding or declared(source))
    seen: Visible | None = None
    text = plain_text(markup)
    if text is None:
        seen = seen_of(markup)
        text = seen.text
    body = linked.body_of(markup) if linked.KEY in markup else None
    if body is not None and not linked.shows(text, body):
        seen = seen or seen_of(markup)
        if linked.take_in(seen, body):
            text = seen.text
    document = Document(
        source=source,
        text=text,
        format="html",
        encoding=codec,
        errors=errors,
        bom=bom,
        newline=newline_of(markup),
        path=path,
        layout_of=lambda text: _layout(text, document.inner),
        markup=markup,
        dated_of=lambda: _date(document.inner),
        later=lambda: _read(seen or seen_of(markup)),
    )
    return document


def _read(seen: Visible) -> tuple[str, SourceMap, Visible]:
    return seen.text, SourceMap(seen.at_text, seen.at_markup, seen.lengths, seen.size), seen


def _date(seen: Visible) -> Dated:
    from .dates import of_html

    return of_html(seen)


def declared(source: bytes) -> str | None:
    """Return the encoding that a page says it is in, if that can be right, by the name that Python knows it by.

    What is UTF-8 throughout, and not only ASCII, is UTF-8 whatever it says of itself.
    """
    found = _DECLARED.search(source, 0, _HEAD) or _XML_DECLARED.match(source, 0, _HEAD)
    if not found:
        return None
    label = found[1].decode("ascii").lower()
    try:
        codec = usable(_MEANT.get(label, label))
    except UsageError:
        return None
    if codec.startswith("utf"):  # a page that can be read so far is not in UTF-16, and UTF-8 is tried anyway
        return None
    try:
        source.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return None
    try:
        return codec if source.decode(codec).encode(codec) == source else None
    except UnicodeError:
        return None


def _layout(text: str, seen: Visible) -> Layout:
    """Return the layout: what is the article, and what only stands around it."""
    blocks = seen.blocks
    page = judged(text, seen)
    aside = page.aside
    pieces = Pieces(marked=any(block.kind == HEADING and not out for block, out in zip(blocks, aside, strict=True)))
    counts, begun = [], []
    for at, (block, out) in enumerate(zip(blocks, aside, strict=True)):
        before = len(pieces.starts)
        begun.append(before)
        if not out:
            if at in page.articles:
                pieces.breaks.add(before)
            if block.kind == PREFORMATTED:
                cut(text, pieces, block.start, block.end)
            else:
                pieces.add(block.start, block.end, block.kind)
        counts.append(len(pieces.starts) - before)
    for at, end in enumerate(page.boxes):
        if counts[at] == 1 and end < len(begun):
            pieces.limits[begun[at]] = begun[end]
    pieced = blocks_of(text, pieces)
    return Layout(
        _merged(blocks, aside, counts, pieced),
        spans_of([*seen.protected, *_links(text, seen)]),
        spans_of(seen.atomic),
        len(text),
        _warnings(page, counts, pieced, sum(seen.unseen.values())),
    )


def _warnings(page: Judged, counts: Sequence[int], judged: Sequence[LayoutBlock], unseen: int) -> tuple[str, ...]:
    """Say it where most of the page's running text, or of what it hides, is not read as the article."""
    rest = iter(judged)
    total, kept = sum(page.prose), 0
    for size, count in zip(page.prose, counts, strict=True):
        kinds = {found.kind for found in islice(rest, count)}
        if kinds and kinds != {"furniture"}:
            kept += size
    out = total - kept
    if page.taken_in:
        return (_TAKEN_IN,)
    if unseen > max(total, out):
        return warnings_of(kept, out + unseen, "hidden")
    return warnings_of(kept, out, page.word)


def judged(text: str, seen: Visible) -> Judged:
    """Return what the blocks of a page are, judged once."""
    if seen.judged is None:
        seen.judged = judge(text, seen)
    return seen.judged


def _links(text: str, seen: Visible) -> Iterable[tuple[int, int]]:
    """Give the web addresses that are written out in the text."""
    from ..text import links_in

    if "://" not in text and "www." not in text and "@" not in text:
        return []
    return [(span.start, span.end) for block in seen.blocks for span in links_in(text, block.start, block.end)]


def _merged(
    blocks: Sequence[Block], aside: Sequence[bool], counts: Sequence[int], judged: Sequence[LayoutBlock]
) -> tuple[LayoutBlock, ...]:
    """Put what was judged and what stands around the article in order; ``counts`` are the pieces of each block."""
    from ...model import Block as Made  # the name is taken here

    rest = iter(judged)
    made: list[LayoutBlock] = []
    article = section = 0
    for block, out, count in zip(blocks, aside, counts, strict=True):
        if out:
            made.append(Made(block.start, block.end, "furniture", article, section))
        for found in islice(rest, count):
            article, section = found.article, found.section
            made.append(found)
    return tuple(made)
