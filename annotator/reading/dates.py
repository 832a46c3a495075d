"""An article's own date: what its metadata or an unmistakable line of it says, and where that stands.

A date is taken only when nothing disagrees with it. Dates of crawling, printing or modification are never
looked at by the readers that call this.
"""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING, Any

from ..model import Dated

if TYPE_CHECKING:
    from collections.abc import Iterable

_HEAD = 6000  # a dateline stands near the top
_LINE_LONGEST = 120
_ISO = re.compile(r"\s*(\d{4})-(\d{2})-(\d{2})(?:[T\s]\s*\d{1,2}:\d{2}.*|Z)?\s*", re.DOTALL)
_BASIC = re.compile(r"\s*(\d{4})(\d{2})(\d{2})(?:T\d{4,6}.*)?\s*", re.DOTALL)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
            "september sept sep", "october oct", "november nov", "december dec",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d{2})"
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_TIME = (
    r"(?:,?\s+(?:at\s+)?\d{1,2}[:.]\d{2}(?::\d{2})?\s*(?:[ap]\.?m\.?)?(?:\s*\(?[A-Z]{2,5}\)?|\s*[+-]\d{2}:?\d{2})?)?"
)
_WRITTEN = tuple(
    re.compile(rf"\s*{_WEEKDAY}{order}{_TIME}\s*", re.IGNORECASE)
    for order in (rf"{_MONTH}\s+{_DAY},?\s+{_YEAR}", rf"{_DAY}(?:\s+|-){_MONTH},?(?:\s+|-){_YEAR}")
)
_SAID = re.compile(
    r"(?:published|posted|first published|date published|publication date|date|released|release date|issued)"
    r"(?:\s+on)?\s*:?\s+(?P<rest>.{6,60})",
    re.IGNORECASE,
)
# A place in capitals, a full date, a dash: "SEOUL, June 12, 2024 —", "GENEVA (12 June 2024) –".
_DATELINE = re.compile(
    r"\s*[A-Z][A-Z.'’-]{2,30}(?:[ ,][^\d\n]{0,50}?)?[,:]?\s+"
    r"\(?(?P<rest>(?:[A-Z][a-z]{2,9}|\d{1,2})[A-Za-z0-9,. ]{6,24}?)\)?\s*(?:[–—]|--|-\s)"
)
_DIGIT = re.compile(r"\d")
_BYLINE = re.compile(r"\s*(?:by|BY|By)\s+[A-Z]")
_EDGES = " \t\ufeff*_|•·-"
_EARLIEST = datetime.date(1945, 10, 24)  # before the United Nations there is nothing to note


def parsed(words: str) -> str | None:
    """Return the day that a value of metadata names, as an ISO date; ``None`` when it names none for sure.

    ISO forms with or without a time, RFC 2822 dates, and dates with the month as a word are known; ``3/4/24``
    is not, since it names two days. The day is the one written, in the time zone it was written in.

    >>> parsed("2022-11-03T23:30:00-05:00"), parsed("Thu, 03 Nov 2022 10:00:00 GMT"), parsed("3 Nov. 2022")
    ('2022-11-03', '2022-11-03', '2022-11-03')
    >>> parsed("03/11/2022") is None
    True
    """
    if len(words) > _LINE_LONGEST:
        return None
    found = _ISO.fullmatch(words) or _BASIC.fullmatch(words)
    if found:
        return _day(int(found[1]), int(found[2]), int(found[3]))
    for written in _WRITTEN:
        found = written.fullmatch(words)
        if found:
            return _day(int(found["year"]), _MONTHS[found["month"].lower()], int(found["day"]))
    return None


def _day(year: int, month: int, day: int) -> str | None:
    try:
        date = datetime.date(year, month, day)
    except ValueError:
        return None
    latest = datetime.date.today() + datetime.timedelta(days=2)  # a margin for every time zone
    return date.isoformat() if _EARLIEST <= date <= latest else None


def settled(candidates: Iterable[tuple[str | None, str]]) -> Dated:
    """Return the one date that all candidates name; none, and why, where they disagree.

    A candidate is a date (``None`` ones are left out) and where it stands.

    >>> settled([("2022-11-03", "datePublished"), (None, "<time>")])
    Dated(date='2022-11-03', origin='datePublished')
    >>> settled([("2022-11-03", "datePublished"), ("2022-11-04", "<time>")])
    Dated(date=None, origin='the article gives 2022-11-03 (datePublished) and 2022-11-04 (<time>)')
    """
    named: dict[str, str] = {}
    for date, origin in candidates:
        if date is not None:
            named.setdefault(date, origin)
    if not named:
        return Dated()
    if len(named) == 1:
        return Dated(*next(iter(named.items())))
    shown = [f"{date} ({origin})" for date, origin in list(named.items())[:3]]
    return Dated(None, f"the article gives {' and '.join(shown)}")


def of_text(text: str) -> Dated:
    r"""Return the date that a plain text gives at its top, in a line that can mean nothing else.

    That is a line that says "Published" and a date, a date beside the author's line ("By …"), or a dateline
    with a place and a year. A bare date may be the day on which the page was saved, and is left alone.

    >>> of_text("Oil cap holds\nPublished: 12 June 2024\n\nSEOUL, June 12, 2024 - Ships waited.")
    Dated(date='2024-06-12', origin='the line "Published: 12 June 2024"')
    """
    head = text[:_HEAD]
    lines = [line for line in head.splitlines() if line.strip(_EDGES)]
    candidates = []
    for index, line in enumerate(lines):
        if not _DIGIT.search(line, 0, _LINE_LONGEST):
            continue
        words = " ".join(line.strip(_EDGES).split())
        if len(words) <= _LINE_LONGEST:
            said = _SAID.fullmatch(words)
            date = parsed(said["rest"] if said else words)
            if date and (said or any(_BYLINE.match(near) for near in lines[max(index - 1, 0) : index + 2])):
                candidates.append((date, f'the line "{words}"'))
                continue
        begun = _DATELINE.match(line[:_LINE_LONGEST])
        date = parsed(begun["rest"]) if begun else None
        if date and begun:
            candidates.append((date, f'the dateline "{" ".join(begun[0].split())}"'))
    return settled(candidates)


_FRONT_KEYS = ("date", "published", "pubdate", "publishdate", "date_published", "published_at", "publish_date",
               "publication_date", "datepublished", "published_time", "published-on", "published_on")  # fmt: skip
_FRONT = re.compile(r"(?:---|\+\+\+)[ \t]*(?:\r\n?|\n)")
_LINE_REST = re.compile(r"[ \t]*(?:\r\n?|\n|\Z)")
_PAIR = re.compile(r"""["']?(?P<key>[A-Za-z_-]{1,40})["']?\s*[:=]\s*(?P<value>[^#]*?)(?:\s+#.*)?""")


def of_markdown(text: str) -> Dated:
    r"""Return the date in the front matter; where that gives none, what `of_text` finds below it.

    >>> of_markdown("---\ntitle: Cap\ndate: 2022-11-03 10:00\n---\nText.")
    Dated(date='2022-11-03', origin='front matter: date')
    """
    rest = text.removeprefix("\ufeff")
    opened = _FRONT.match(rest)
    if not opened:
        end, data = json_front(rest)
        found = settled(
            (parsed(value.strip()), f"front matter: {key}")
            for key, value in data.items()
            if key.lower() in _FRONT_KEYS and isinstance(value, str)
        )
        return found if found.origin else of_text(rest[end:])
    fence = rest[:3]
    candidates = []
    position = opened.end()
    for line in rest[position : position + (1 << 16)].splitlines(keepends=True):
        position += len(line)
        if line.rstrip() in (fence, "..."):
            break
        pair = _PAIR.fullmatch(line.rstrip())
        if pair and pair["key"].lower() in _FRONT_KEYS:
            candidates.append((parsed(pair["value"].strip().strip("\"'")), f"front matter: {pair['key']}"))
    else:
        return of_text(rest)
    found = settled(candidates)
    return found if found.origin else of_text(rest[position:])


def json_front(text: str) -> tuple[int, dict[str, Any]]:
    """Return front matter in JSON, as Hugo knows it, and where the text behind it begins; 0 where there is none."""
    if not text.startswith("{"):
        return 0, {}
    import json

    try:
        data, end = json.JSONDecoder(strict=False).raw_decode(text)
    except (ValueError, RecursionError):
        return 0, {}
    closed = _LINE_REST.match(text, end)
    return (closed.end(), data) if closed and data else (0, {})
