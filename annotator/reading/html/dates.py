"""The date of an article in an HTML page: what its metadata, marks, lines and address say, weighed together.

Each place that gives a date is a witness with a weight: metadata of publication and a line that says "Published" most,
a marked time, the address of the page, a bare date under the headline less, generic metadata least. Dates that mean
the same day are one party; the heaviest party gives the date, unless another is nearly as heavy: then there is none.

Two values with a time of day are compared as instants, so that the same moment written in UTC and in local time
does not disagree with itself; then the day counts that the page's own time zone gives: the one written with an offset,
or else the one that a person reads on the page. Values without a time are compared as days, and agree with a moment
in UTC that falls on that day in any place where it could have been written. Dates of modification, crawling and
printing, of comments and of other articles are never looked at.
"""

from __future__ import annotations

import datetime
import json
import re
from bisect import bisect_right
from html import unescape
from typing import TYPE_CHECKING, Any

from ..._lazy import regex
from ...model import Dated
from ..dates import (
    PUBLISHED,
    UPDATED,
    dateline,
    days_in,
    has_weekday,
    is_bare,
    is_line_of,
    label_before,
    parsed,
    stands_alone,
)
from ..structure import HEADING
from .article import is_named
from .nodes import CLASSED, NAMED, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .nodes import Block, Marked
    from .visible import Visible

# Names of metadata that mean the day of publication, and such that may also mean that of a change.
_METAS = frozenset(
    "article:published_time og:article:published_time article.published og:published_time datepublished"
    " itemprop:datepublished dc.date.issued dcterms.issued dc.issued dc:date.issued dcterms.available"
    " parsely-pub-date sailthru.date citation_publication_date citation_date citation_online_date pubdate publishdate"
    " publish-date publish_date published published_time publication_date publication-date publicationdate"
    " date_published date-published article_date_original article:published article.published_time ptime"
    " cxenseparse:recs:publishtime cxenseparse:publishtime bt:pubdate article_publication_date publish_time"
    " govuk:first-published-at pdate rnews:datepublished originalpublicationdate release_date displaydate"
    " vr:published_time vf:pub_date dateissued published-date publisheddate".split()
)
_GENERIC = frozenset(
    "date article.date dc.date dc:date dcterms.date dc.created dc.date.created dcterms.created article.created"
    " created creation_date creation-date date_created".split()
)
_ARTICLES = regex(r"(?:\A|[/#:])(?:[A-Za-z]*Article|BlogPosting|Report|LiveBlogPosting|SocialMediaPosting)\Z")
_CHANGED = regex("updat|modif|chang|edit|revis|event|expir|valid|birth|start|end-?date", re.IGNORECASE)
_LONGEST_DATA = 1 << 20
_MOST_NODES = 5000
_MOMENT = regex(
    r"(?i)\s*(\d{4})-(\d{2})-(\d{2})[T\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?\s*"
)
_EPOCH = regex(r"\s*(1\d{9})(?:\d{3})?\s*")
_WIDEST = datetime.timedelta(hours=14)  # no place on earth is further from UTC
_SAME = datetime.timedelta(minutes=15)
_LOOSE = regex(r"\"datePublished\"\s*:\s*\"([^\"\\]{6,60})\"")
_LOOSE_TYPE = regex(r"\"@type\"\s*:\s*\[?\s*\"([A-Za-z:/.#]{4,60})\"")
# What makes JSON sloppy, and strings, which it must not be looked for in.
_SLOPPY = regex(
    r"(\"(?:[^\"\\]|\\.)*+\")|/\*(?:<!\[CDATA\[|\]\]>)\*/|<!--|-->|(?<![:\"])//[^\n]*|,(?=\s*[}\]])|[\x00-\x1f]"
)
_ARCHIVE = regex(r"https?://web\.archive\.org/web/\d{4,14}[a-z_]*/")
_IN_ADDRESS = regex(
    r"(?i)(?:[/_.-])((?:19|20)\d\d)(?:([/_-])(\d{1,2}|[a-z]{3})\2(\d{1,2})|(\d\d)(\d\d))(?=[/_.-]|\d{4}|\Z)"
)
_DATA_NAME = regex(r"data-[a-z-]*(?:date|time|publish)[a-z-]*\Z")

# How much each witness counts.
_META, _SAID, _MARKED, _ADDRESS, _TIME, _LINE, _LOW, _LAST = 3.0, 3.0, 2.5, 2.0, 1.5, 1.5, 1.0, 0.8
_TIMES = 2.0  # the heaviest party has so many times the weight of the next
_AHEAD, _BACK = 24, 6  # so many blocks behind and before the headline are looked at
_PROSE_AHEAD = 700
_UNDER = 3  # right under the headline a mark of publication counts whatever it stands in
_LONGEST_LINE = 160
_ALIKE = 0.5
_MARK_LONGEST = 200
_LONGEST_LABEL = 30
_LONGEST_TITLE = 300
_MOST_VALUES = 100
_FURNITURE_WITH_DATES = frozenset("header banner social share sharing masthead toolbar topbar widget tags".split())


class _Value:
    """One date that the page gives, and how much that counts."""

    __slots__ = ("day", "kind", "moment", "origin", "seen", "weight", "zoned")

    def __init__(self, words: str, origin: str, weight: float, *, day: str | None = None, seen: bool = False) -> None:
        self.origin = origin
        self.kind = origin.removeprefix("the ").split()[0]
        self.weight = weight
        self.seen = seen  # a person reads it, in the page's own time zone
        self.day = day or parsed(words.strip())
        self.moment: datetime.datetime | None = None
        self.zoned = False  # written with an offset from UTC, which tells the page's own zone
        if day is not None:
            return
        found = _MOMENT.fullmatch(words)
        epoch = _EPOCH.fullmatch(words) if self.day is None else None
        if epoch:
            self.moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=int(epoch[1]))  # noqa: DTZ001 - in UTC by construction
            self.day = parsed(self.moment.date().isoformat())
        if self.day is not None and found and found[7]:
            zone = found[7].upper()
            shift = datetime.timedelta()
            if zone[0] in "+-":
                digits = zone[1:].replace(":", "")
                shift = datetime.timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
                shift = -shift if zone[0] == "-" else shift
                self.zoned = bool(shift)
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
    """Return the date that a page gives; none, and why, where its own dates disagree."""
    page = _Page(seen)
    values = [*_metadata(seen, page.address, page.terms), *page.marks(), *page.lines(), *_addresses(seen)]
    return _settled([value for value in values if value.day is not None][:_MOST_VALUES])


def _settled(values: Sequence[_Value]) -> Dated:
    """Weigh the witnesses: those of one kind count once in a party."""
    if not values:
        return Dated()
    parties: list[list[_Value]] = []
    for value in sorted(values, key=lambda value: -value.weight):
        party = next((party for party in parties if all(value.agrees(other) for other in party)), None)
        if party is None:
            parties.append([value])
        else:
            party.append(value)
    weights = [sum({value.kind: value.weight for value in reversed(party)}.values()) for party in parties]
    order = sorted(range(len(parties)), key=lambda at: -weights[at])
    first = parties[order[0]]
    best = _best(first)
    shown = next((value for at in order[1:] for value in parties[at] if value.seen), None)
    if shown is not None and any(value.seen for value in first):
        shown = None
    if shown is not None or (len(order) > 1 and weights[order[0]] < weights[order[1]] * _TIMES):
        other = shown or parties[order[1]][0]
        return Dated(None, f"the page gives {best.day} ({best.origin}) and {other.day} ({other.origin})")
    return Dated(best.day, best.origin)


def _best(party: Sequence[_Value]) -> _Value:
    """Return the value whose day is that of the page's own time zone; metadata say best where it was found."""
    local = next((value for value in party if value.zoned), None)
    local = local or next((value for value in party if value.seen), None)
    local = local or next((value for value in party if value.moment is None), None) or party[0]
    return next((value for value in party if value.day == local.day), local)


# -- metadata -----------------------------------------------------------------------------------------------


def _metadata(seen: Visible, address: str, headline: set[str]) -> Iterator[_Value]:
    for given in seen.metas:
        for key in ("property", "name", "itemprop", "http-equiv"):
            name = given.get(key, "").strip().lower()
            weight = _META if name in _METAS or name.endswith(":datepublished") else _LOW if name in _GENERIC else 0
            if weight:
                words = given.get("content") or given.get("datetime") or ""
                yield _Value(unescape(words), f"meta {given[key].strip()}"[:60], weight)
                break
    found: list[tuple[bool, bool, str]] = []
    for start, end in seen.data:
        if end - start <= _LONGEST_DATA:
            found.extend(_linked_data(seen.markup[start:end], address, headline))
    articles = [one for one in found if one[0]]
    own = [one for one in articles if one[1]]
    for is_article, _, words in own or articles or found:
        yield _Value(unescape(words), "JSON-LD datePublished", _META if is_article else _MARKED)


def _loaded(words: str) -> Any:
    """Read JSON as sites write it: with comments around and in it, line ends in strings, a comma too many."""
    words = words.strip().removeprefix("//<![CDATA[").removesuffix("//]]>").strip().rstrip(";")
    try:
        return json.loads(words, strict=False)
    except (ValueError, RecursionError):
        pass
    try:
        return json.loads(_SLOPPY.sub(lambda found: found[1] or " ", words), strict=False)
    except (ValueError, RecursionError):
        return None


def _linked_data(words: str, address: str, headline: set[str]) -> Iterator[tuple[bool, bool, str]]:
    """Give ``datePublished`` of every article or page in a piece of JSON-LD, however nested.

    With each goes whether it is an article's, and whether that is the one of this page.
    """
    data = _loaded(words)
    if data is None:  # beyond repair: the date counts if there is only one
        days = set(_LOOSE.findall(words))
        if len(days) == 1:
            yield (
                any(_ARTICLES.search(kind) for kind in _LOOSE_TYPE.findall(words)),
                False,
                days.pop(),
            )
        return
    queue = [data]
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
                yield is_article, is_article and _is_own(node, address, headline), value
            if is_article:  # what hangs on an article (its comments, what it cites) has dates of its own
                continue
            queue.extend(node[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in node)


def _is_own(node: dict[str, Any], address: str, headline: set[str]) -> bool:
    """Tell whether an article in the data is that of the page: by its address or its headline."""
    entity = node.get("mainEntityOfPage")
    if isinstance(entity, dict):
        entity = entity.get("@id") or entity.get("url")
    for url in (entity, node.get("url"), node.get("@id")):
        if isinstance(url, str) and address and _bare_address(url) == _bare_address(address):
            return True
    title = node.get("headline") or node.get("name")
    return isinstance(title, str) and _alike(_terms(unescape(title[:_LONGEST_TITLE])), headline) >= _ALIKE


def _bare_address(url: str) -> str:
    return re.sub(r"\Ahttps?://(?:www\.)?|[#?].*|/\Z", "", url.strip().lower())


def _addresses(seen: Visible) -> Iterator[_Value]:
    """Give the day that stands in the address of the page."""
    metas = [given.get("content", "") for given in seen.metas if given.get("property", "").lower() == "og:url"]
    for url in (*seen.addresses, *metas):
        days = set()
        for found in _IN_ADDRESS.finditer(_ARCHIVE.sub("", unescape(url).strip(), count=1).partition("?")[0]):
            month, day = (found[3], found[4]) if found[2] else (found[5], found[6])
            words = f"{day} {month} {found[1]}" if month.isalpha() else f"{found[1]}-{int(month):02}-{int(day):02}"
            days.add(parsed(words))
        days.discard(None)
        if len(days) == 1:
            yield _Value("", "the address of the page", _ADDRESS, day=days.pop())
            return


# -- what is seen ---------------------------------------------------------------------------------------------


def _terms(words: str) -> set[str]:
    return {word for word in re.findall(r"\w+", words[:_LONGEST_TITLE].lower()) if len(word) > 2}


def _alike(first: set[str], second: set[str]) -> float:
    """Return the share of the smaller set's words that both have."""
    least = min(len(first), len(second))
    return len(first & second) / least if least else 0.0


class _Page:
    """A page with its headline found, and what stands around that."""

    def __init__(self, seen: Visible) -> None:
        self.seen = seen
        self.blocks = seen.blocks
        given = [each.get("content", "") for each in seen.metas if each.get("property", "").lower() == "og:title"]
        self.headline = unescape(given[0]) if given else seen.title
        self.terms = _terms(self.headline)
        self.address = next(iter(seen.addresses), "")
        self.starts = [block.start for block in self.blocks]
        self.title = self.find_title()
        self.around = self.holders(self.blocks[self.title].node) if self.title >= 0 else set()
        self.own, self.own_marks = self.owned()
        language = seen.language.lower()
        # The day comes first everywhere but in the United States; English pages say which English too seldom.
        self.day_first = None if not language or (language.startswith("en") and language != "en-gb") else True

    def text(self, block: Block) -> str:
        return self.seen.text[block.start : block.end]

    def holders(self, node: int) -> set[int]:
        """Return an element and all that it stands in."""
        found = set()
        while node >= 0:
            found.add(node)
            node = self.seen.nodes[node].parent
        return found

    def owned(self) -> tuple[list[bool], list[bool]]:
        """Say of each element whether it is not part of furniture that the headline does not stand in too.

        The second answer is for marks of publication: they may stand in the footer of the post of the headline.
        """
        own: list[bool] = []
        marks: list[bool] = []
        for at, node in enumerate(self.seen.nodes):
            parent = node.parent
            mine, marked = (own[parent], marks[parent]) if parent >= 0 else (True, True)
            if at in self.around:
                mine = marked = True
            elif node.kind in (NAMED, CLASSED) and node.word not in _FURNITURE_WITH_DATES:
                mine = False
                of_post = parent in self.around and is_named(self.seen.nodes[parent])
                marked = marked and node.word == "footer" and of_post
            own.append(mine)
            marks.append(marked)
        own.append(True)  # for -1, what stands in none
        marks.append(True)
        return own, marks

    def find_title(self) -> int:
        """Return the block with the headline: the heading most like the page's title, else the last before prose."""
        best, found = 0.0, -1
        for at, block in enumerate(self.blocks):
            if block.kind != HEADING:
                continue
            words = _terms(self.seen.text[block.start : min(block.end, block.start + _LONGEST_TITLE)])
            score = (_alike(words, self.terms) if len(words) > 1 else 0) + (block.name == "h1") / 2
            if score > best:
                best, found = score, at
        if found < 0:
            prose = next((at for at, block in enumerate(self.blocks) if block.prose), 0)
            found = max((at for at in range(prose) if self.blocks[at].kind == HEADING), default=-1)
        return found

    def marks(self) -> Iterator[_Value]:
        """Give the times and elements that are marked as dates."""
        values: list[tuple[int, _Value]] = []
        changed: list[_Value] = []
        for mark in self.seen.marked:
            sign = f"{mark.given.get('itemprop', '')} {mark.given.get('class', '')} {mark.given.get('id', '')}"
            published = "pubdate" in mark.given or _says_published(sign)
            at = bisect_right(self.starts, mark.start) - 1
            under = published and self.title <= at <= self.title + _UNDER
            if mark.end - mark.start > _MARK_LONGEST or not (
                under or (self.own_marks if published else self.own)[mark.node]
            ):
                continue
            words = self.seen.text[mark.start : mark.end]
            labels = {day.label for day in days_in(words)}
            weight = _MARKED if published or PUBLISHED in labels else _TIME
            value = self.marked(mark, words, weight)
            if value is None or value.day is None:
                continue
            if _CHANGED.search(sign) and not published:
                if mark.name in ("abbr", "span", "time") and "updated" in sign.lower().split() and not words.strip():
                    changed.append(value)
                continue
            if labels == {UPDATED}:
                continue
            if weight == _MARKED or self.is_near(at):
                values.append((abs(at - self.title), value))
        strong = [one for one in values if one[1].weight == _MARKED]
        for _, value in _nearest(strong or values):
            yield value
        if not values and len({value.day for value in changed}) == 1:
            changed[0].weight = _LAST
            yield changed[0]

    def marked(self, mark: Marked, words: str, weight: float) -> _Value | None:
        """Return the date of a marked element: of its attributes, else of its text."""
        origin = "<time> of publication" if weight == _MARKED else "<time>"
        if mark.name != "time":
            sign = mark.given.get("itemprop") or mark.given.get("class") or mark.given.get("id") or ""
            origin = f'the mark "{" ".join(sign.split())[:50]}"'
        for name, given in mark.given.items():
            if name in ("datetime", "content", "title") or _DATA_NAME.match(name):
                value = _Value(unescape(given), origin, weight)
                if value.day is not None:
                    return value
        days = days_in(words, day_first=self.day_first)
        if len(days) == 1 and is_line_of(" ".join(words.split()), days):
            return _Value("", origin, weight, day=days[0].day, seen=True)
        return None

    def is_near(self, at: int) -> bool:
        """Tell whether a block stands around the headline, before much of the article."""
        first, last = self.span()
        return first <= at < last

    def span(self) -> tuple[int, int]:
        """Return the blocks around the headline; without one those around the first prose."""
        title = self.title
        if title < 0:
            title = next((at for at, block in enumerate(self.blocks) if block.prose), 0) - 1
        prose, last = 0, title + 1
        while last < min(len(self.blocks), title + 1 + _AHEAD) and prose < _PROSE_AHEAD:
            prose += self.blocks[last].prose
            last += 1
        first = max(title, 0)
        while first > max(title - _BACK, 0) and not self.blocks[first - 1].prose:
            first -= 1
        return first, last

    def lines(self) -> Iterator[_Value]:
        """Give the dates that a person reads: lines that say "Published", bare dates at the headline, datelines."""
        first, last = self.span()
        said: dict[str, _Value] = {}
        plain: list[tuple[int, _Value]] = []
        for at, block in enumerate(self.blocks):
            near = first <= at < last
            size = block.end - block.start
            if block.linked * 2 > size or not self.own[block.node]:  # a link may lead to another article
                continue
            words = " ".join(self.text(block).split()) if size <= _LONGEST_LINE else ""
            if words and any(map(str.isdigit, words)):
                for value in self.days_of(words, at, near=near):
                    if value.weight == _SAID or not near:
                        said.setdefault(value.day or "", value)
                    else:
                        plain.append((at, value))
            if near and block.prose:
                found = dateline(self.seen.text[block.start : block.start + _LONGEST_LINE])
                if found:
                    yield _Value("", found[1], _LINE, day=found[0])
        if len(said) == 1:
            yield from said.values()
        behind = [one for one in plain if one[0] >= self.title]
        for _, value in (behind or plain[-1:])[:1]:  # the one nearest behind the headline, else before it
            yield value

    def days_of(self, words: str, at: int, *, near: bool) -> Iterator[_Value]:
        """Give the days in one line."""
        days = days_in(words, day_first=self.day_first)
        if not days or not is_line_of(words, days):
            return
        before = self.text(self.blocks[at - 1]).strip() if at else ""
        for day in days:
            label = day.label
            if not label and not words[: day.start].strip() and len(before) <= _LONGEST_LABEL:
                label = label_before(before)
            origin = f'the line "{words}"'
            if label == PUBLISHED:
                yield _Value("", origin, _SAID if near else _LINE, day=day.day, seen=near)
            elif near and not label and stands_alone(words, day):
                if at < self.title and has_weekday(words, day) and is_bare(words, day):
                    continue  # the day on which the page was saved
                yield _Value("", origin, _LINE, day=day.day, seen=True)


def _nearest(values: Sequence[tuple[int, _Value]]) -> Sequence[tuple[int, _Value]]:
    """Return all values where they agree, else those nearest to the headline."""
    if len({value.day for _, value in values}) < 2:
        return values
    least = min(distance for distance, _ in values)
    return [one for one in values if one[0] == least]


def _says_published(sign: str) -> bool:
    """Tell whether names of classes say that an element holds the day of publication."""
    for token in sign.split():
        words = words_of(token)
        if any(word.startswith(("publish", "pubdate", "posted", "datepublished")) or word == "pub" for word in words):
            return not _CHANGED.search(token)
    return False
