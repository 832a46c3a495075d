"""The date of an article in an HTML page: its metadata, linked data and marked times.

Two values with a time of day are compared as instants, so that the same moment written in UTC and in local time
does not disagree with itself; then the day counts that the page's own time zone gives, which is the one written
with an offset. Values without a time are compared as days, and agree with a moment that falls on that day in
any place where it could have been written. Dates of modification, crawling and printing are never looked at.
"""

from __future__ import annotations

import datetime
import json
import re
from html import unescape
from typing import TYPE_CHECKING, Any

from ...model import Dated
from ..dates import of_text, parsed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .visible import Visible

_METAS = frozenset(
    "article:published_time og:article:published_time article.published og:published_time datepublished"
    " itemprop:datepublished dc.date.issued dcterms.issued"
    " dcterms.created dc.date.created dc.date dcterms.date dc.issued"
    " parsely-pub-date sailthru.date citation_publication_date citation_date citation_online_date pubdate publishdate"
    " publish-date publish_date published published_time publication_date publication-date publicationdate"
    " date_published date-published article_date_original article.date article:published ptime"
    " cxenseparse:recs:publishtime"
    " govuk:first-published-at pdate rnews:datepublished originalpublicationdate release_date displaydate".split()
)
_ARTICLES = re.compile(r"(?:\A|[/#:])(?:[A-Za-z]*Article|BlogPosting|Report|LiveBlogPosting|SocialMediaPosting)\Z")
_CHANGED = re.compile("updat|modif", re.IGNORECASE)
_LONGEST_DATA = 1 << 20
_MOST_NODES = 5000
_MOMENT = re.compile(
    r"\s*(\d{4})-(\d{2})-(\d{2})[T\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?\s*",
    re.IGNORECASE,
)
_WIDEST = datetime.timedelta(hours=14)  # no place on earth is further from UTC
_SAME = datetime.timedelta(minutes=15)


class _Value:
    """One date that the page gives."""

    __slots__ = ("day", "moment", "origin", "zoned")

    def __init__(self, words: str, origin: str) -> None:
        self.origin = origin
        self.day = parsed(words.strip())
        self.moment: datetime.datetime | None = None
        self.zoned = False  # written with an offset from UTC, which tells the page's own zone
        found = _MOMENT.fullmatch(words)
        if self.day is not None and found and found[7]:
            zone = found[7].upper()
            shift = datetime.timedelta()
            if zone[0] in "+-":
                digits = zone[1:].replace(":", "")
                shift = datetime.timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
                shift = -shift if zone[0] == "-" else shift
                self.zoned = True
            try:
                self.moment = datetime.datetime(*(int(found[part] or 0) for part in range(1, 7))) - shift  # type: ignore[arg-type] # noqa: DTZ001 - in UTC by construction
            except (ValueError, OverflowError):
                self.moment = None

    def agrees(self, other: _Value) -> bool:
        if self.day == other.day:
            return True
        if self.moment is not None and other.moment is not None:
            return abs(self.moment - other.moment) <= _SAME
        for dated, plain in ((self, other), (other, self)):
            # A day without a time is the same as a moment in UTC that fell on it somewhere on earth.
            if dated.moment is not None and not dated.zoned and plain.moment is None and plain.day is not None:
                around = {(dated.moment + shift).date().isoformat() for shift in (-_WIDEST, _WIDEST)}
                return plain.day in around
        return False


def of_html(seen: Visible) -> Dated:
    """Return the date that a page gives; none, and why, where its own dates disagree.

    Metadata and linked data come first, marked times only where these are silent, and then what a plain text
    gives in its first lines.
    """
    for values in (list(_metadata(seen)), list(_times(seen))):
        known = [value for value in values if value.day is not None]
        if known:
            return _settled(known)
    return of_text(_top(seen))


def _settled(values: list[_Value]) -> Dated:
    best = next((value for value in values if value.zoned), None)
    best = best or next((value for value in values if value.moment is None), None) or values[0]
    other = next((value for value in values if not value.agrees(best)), None)
    if other is None:
        return Dated(best.day, best.origin)
    return Dated(None, f"the page gives {best.day} ({best.origin}) and {other.day} ({other.origin})")


def _metadata(seen: Visible) -> Iterator[_Value]:
    for given in seen.metas:
        for key in ("property", "name", "itemprop"):
            name = given.get(key, "").strip().lower()
            if name in _METAS:
                words = given.get("content") or given.get("datetime") or ""
                yield _Value(unescape(words), f"meta {given[key].strip()}"[:60])
                break
    for start, end in seen.data:
        if end - start <= _LONGEST_DATA:
            yield from _linked_data(seen.markup[start:end])


def _linked_data(words: str) -> Iterator[_Value]:
    """Give ``datePublished`` of every article in a piece of JSON-LD, however nested."""
    words = words.strip().removeprefix("<!--").removesuffix("-->").removeprefix("//<![CDATA[").removesuffix("//]]>")
    try:
        data: Any = json.loads(words, strict=False)
    except (ValueError, RecursionError):
        return
    queue = [data]
    published: list[tuple[bool, str]] = []
    for node in queue:  # it grows as it is read
        if len(queue) > _MOST_NODES:
            return
        if isinstance(node, list):
            queue.extend(node)
        elif isinstance(node, dict):
            kinds = node.get("@type", "")
            named = kinds if isinstance(kinds, list) else [kinds]
            is_article = any(isinstance(kind, str) and _ARTICLES.search(kind) for kind in named)
            value = node.get("datePublished")
            if isinstance(value, str):
                published.append((is_article, value))
            if is_article:  # what hangs on an article (its comments, what it cites) has dates of its own
                continue
            queue.extend(node[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in node)
    articles = [value for is_article, value in published if is_article]
    pages = [value for is_article, value in published if not is_article]
    for value in articles or pages:
        yield _Value(value, "JSON-LD datePublished")


def _times(seen: Visible) -> Iterator[_Value]:
    return iter(())


def _top(seen: Visible) -> str:
    """Return the first lines of the page that are not furniture."""
    lines = []
    left = 6000
    for block in seen.blocks:
        if True:
            lines.append(seen.text[block.start : block.end])
            left -= block.end - block.start
            if left < 0:
                break
    return "\n".join(lines)
