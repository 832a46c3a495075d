"""HTML: whole pages as saved, fragments, broken markup; what of it is the article, and in which encoding it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...errors import UsageError
from ...model import Document, Layout, SourceMap
from ..decoding import decode, newline_of, usable
from ..structure import HEADING, ITEM, ROW, Pieces, blocks_of, spans_of
from .visible import Visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ...model import Block as LayoutBlock
    from ...model import Dated
    from .visible import Block, Host

_HEAD = 1 << 14
_DECLARED = re.compile(rb"<meta\b[^>]{0,500}?\bcharset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
_XML_DECLARED = re.compile(rb"\s*<\?xml\b[^>]{0,200}?\bencoding\s*=\s*[\"']([A-Za-z0-9_:.-]{2,40})")
# Labels that mean another encoding than they say: https://encoding.spec.whatwg.org/#names-and-labels
_MEANT = {
    **dict.fromkeys(("ascii", "us-ascii", "iso-8859-1", "iso8859-1", "latin1", "l1", "x-cp1252"), "cp1252"),
    **dict.fromkeys(("gb2312", "gbk", "gb_2312-80", "chinese", "x-gbk"), "gb18030"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis", "ms_kanji"), "cp932"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987", "korean"), "cp949"),
    "iso-8859-9": "cp1254", "latin5": "cp1254", "tis-620": "cp874", "iso-8859-11": "cp874",
}  # fmt: skip
_MAIN_SHARE = 0.5
_LINKED_SHARE = 0.9
_LINKS_IN_A_ROW = 3
_TITLE_WORDS = 4
_HEADLINES = ("h1",)


def open_html(source: bytes | str, path: str | None, encoding: str | None) -> Document:
    """Return the document of a page; see `annotator.reading.read`."""
    if isinstance(source, str):
        markup, codec, errors, bom = source, "utf-8", "surrogatepass", b""
        source = source.encode(codec, errors)
    else:
        markup, codec, errors, bom = decode(source, path=path, encoding=encoding or declared(source))
    seen = Visible(markup)
    return Document(
        source=source,
        text=seen.text,
        format="html",
        encoding=codec,
        errors=errors,
        bom=bom,
        newline=newline_of(markup),
        path=path,
        layout_of=lambda text: _layout(text, seen),
        markup=markup,
        places=SourceMap(seen.at_text, seen.at_markup, seen.lengths, seen.size),
        dated_of=lambda: _date(seen),
        inner=seen,
    )


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
    aside = _around(text, seen)
    pieces = Pieces(marked=any(block.kind == HEADING and not out for block, out in zip(blocks, aside, strict=True)))
    begins = {host.start for host in _articles(seen)}
    live = [block for block, out in zip(blocks, aside, strict=True) if not out]
    for block in live:
        if begins and any(start in begins for start in range(max(block.start - 2, 0), block.start + 1)):
            pieces.breaks.add(len(pieces.starts))
        pieces.add(block.start, block.end, block.kind)
    judged = blocks_of(text, pieces)
    return Layout(
        _merged(blocks, aside, judged),
        spans_of([*seen.protected, *_links(text, seen)]),
        spans_of(seen.atomic),
        len(text),
    )


def _links(text: str, seen: Visible) -> Iterable[tuple[int, int]]:
    """Give the web addresses that are written out in the text."""
    from ..text import links_in

    if "://" not in text and "www." not in text and "@" not in text:
        return []
    return [(span.start, span.end) for block in seen.blocks for span in links_in(text, block.start, block.end)]


def _articles(seen: Visible) -> list[Host]:
    """Return the articles of a page that holds several side by side."""
    found = sorted((host for host in seen.hosts if host.name == "article" and host.prose), key=lambda host: host.start)
    outer: list[Host] = []
    for host in found:
        if not outer or host.start >= outer[-1].end:
            outer.append(host)
    return outer if len(outer) > 1 else []


def main_of(seen: Visible) -> Host | None:
    """Return the element that holds the article: the fullest article, else the main element, if it holds most."""
    for names in (("article",), None):
        hosts = [host for host in seen.hosts if names is None or host.name in names]
        if hosts:
            best = max(hosts, key=lambda host: (host.prose, host.start - host.end))
            if best.prose and best.prose >= seen.prose * _MAIN_SHARE:
                return best
    return None


def _around(text: str, seen: Visible) -> list[bool]:
    """Say of each block whether it stands around the article."""
    roots: list[bool] = []
    for parent, prose in seen.roots:
        roots.append(prose <= seen.prose * _MAIN_SHARE or not seen.prose or (parent >= 0 and roots[parent]))
    if not seen.prose:  # a few short lines: nothing tells what is more than the rest
        roots = [True] * len(roots)
    main = main_of(seen)
    aside: list[bool] = []
    for block in seen.blocks:
        title = block.name in _HEADLINES and text.count(" ", block.start, block.end) >= _TITLE_WORDS - 1
        out = block.furniture
        if not out and not title:  # a headline may stand in a banner
            out = block.root >= 0 and roots[block.root]
            outside = main is not None and not main.start <= block.start < max(main.end, main.start + 1)
            out = out or block.header or outside
        aside.append(out)
    _link_lists(seen.blocks, aside)
    return aside


def _link_lists(blocks: Sequence[Block], aside: list[bool]) -> None:
    """Put aside what is nothing but links, several in a row."""
    run: list[int] = []
    for index in range(len(blocks) + 1):
        if index < len(blocks):
            block = blocks[index]
            if block.linked >= (block.end - block.start) * _LINKED_SHARE:
                run.append(index)
                continue
        items = sum(blocks[at].kind in (ITEM, ROW) for at in run)
        if len(run) >= _LINKS_IN_A_ROW or items > 1:
            for at in run:
                if blocks[at].name not in _HEADLINES:
                    aside[at] = True
        run.clear()


def _merged(blocks: Sequence[Block], aside: Sequence[bool], judged: Sequence[LayoutBlock]) -> tuple[LayoutBlock, ...]:
    """Put what was judged and what stands around the article in order."""
    from ...model import Block as Made  # the name is taken here

    rest = iter(judged)
    made: list[LayoutBlock] = []
    article = section = 0
    for block, out in zip(blocks, aside, strict=True):
        if out:
            made.append(Made(block.start, block.end, "furniture", article, section))
        else:
            found = next(rest)
            article, section = found.article, found.section
            made.append(found)
    return tuple(made)
