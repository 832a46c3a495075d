"""An article's own date: what its metadata or an unmistakable line of it says, and where that stands.

A date is taken only when nothing disagrees with it. Dates of crawling, printing or modification are never
looked at by the readers that call this.
"""

from __future__ import annotations

import datetime
import re
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from .._lazy import regex
from .._vocabulary import data_file, sections
from ..model import Dated

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# Patterns that few texts need are compiled where they are first needed.
_HEAD = 6000  # a dateline stands near the top
_LINE_LONGEST = 120
_YEAR = r"(?P<{}>(?:19|20)[0-9]{{2}})"
_NAME = r"(?P<{}>[^\W\d_]{{2,12}})\.?"
_ORDINAL = r"(?:st|nd|rd|th|er|ère|º|°)?"
_OF = r"(?:[\s-]|\s?(?:de|del|of)\s){1,2}"
_NUMBER = r"(?P<{}>[0-9]{{1,2}})"
# The ways to write a day; the names of groups tell which parts they are.
_WAYS = (
    rf"{_YEAR.format('y1')}(?P<s1>[-/.])(?P<m1>[0-9]{{1,2}})(?P=s1){_NUMBER.format('d1')}(?![0-9])",
    rf"{_YEAR.format('y2')}年(?P<m2>[0-9]{{1,2}})月{_NUMBER.format('d2')}日",
    r"(?P<a3>[0-9]{1,2})(?P<s3>[-/.]) ?(?P<b3>[0-9]{1,2})(?P=s3) ?(?P<y3>(?:19|20)[0-9]{2}|[0-9]{2})(?![0-9])",
    rf"{_NUMBER.format('d4')}{_ORDINAL}\.?{_OF}{_NAME.format('n4')},?{_OF}{_YEAR.format('y4')}(?![0-9])",
    rf"{_NAME.format('n5')}\s{{1,2}}{_NUMBER.format('d5')}(?:st|nd|rd|th)?,?\s{{1,2}}{_YEAR.format('y5')}(?![0-9])",
)
_DAYS = regex(rf"(?<![0-9.,/:-])(?:{'|'.join(_WAYS)})", re.IGNORECASE)
_ISO = regex(r"\s*(\d{4})-(\d{2})-(\d{2})(?:[T\s]\s*\d{1,2}:\d{2}.*|Z)?\s*", re.DOTALL)
_BASIC = regex(r"\s*(\d{4})(\d{2})(\d{2})(?:T?\d{4,6}.*)?\s*", re.DOTALL)
_CLOCK = r"[0-9]{1,2}(?:[:.h][0-9]{2}(?:[:.][0-9]{2})?(?:\.[0-9]+)?\s*(?:[ap]\.?m\.?)?|\s*[ap]\.?m\.?)"
_ZONE = r"(?:Uhr|Z|\(?(?:[A-Z]{2,5}|(?:UTC|GMT)?\s?[+-][0-9]{1,2}:?[0-9]{0,2})\)?)(?![^\W\d_])"
_TIME = regex(rf"(?i)\s*(?:[-–—|,•·@]|at|um|à|a las|alle|kl\.?)*\s*\(?{_CLOCK}(?:\s*{_ZONE})?\)?")
# A place in capitals, a full date, a dash: "SEOUL, June 12, 2024 —", "GENEVA (12 June 2024) –".
_DATELINE = regex(
    r"\s*[A-Z][A-Z.'’-]{2,30}(?:[ ,][^\d\n]{0,50}?)?[,:]?\s+"
    r"\(?(?P<rest>(?:[A-Z][a-z]{2,9}|\d{1,2})[A-Za-z0-9,. ]{6,24}?)\)?\s*(?:\([^()\n]{2,30}\)\s*)?(?:[–—]|--|-\s)"
)
_DIGIT = regex(r"\d")
_BYLINE = regex(r"\s*(?:by|BY|By)\s+[A-Z]")
_EDGES = " \t\xa0\ufeff*_|•·-–—,:;()/"
_EARLIEST = datetime.date(1945, 10, 24)  # before the United Nations there is nothing to note
_CENTURY = 100
_REST_LONGEST = 90  # a line about a date has so many letters besides
_SENTENCE_WORDS = 4
_WORDS_BESIDE = 10
_SMALL_BESIDE = 3
_PROSE = 80
_TITLE_WORDS = 4
PUBLISHED, UPDATED, FIRST = "published", "updated", "published first"
_PARTS = regex(r"[|•·\n]|\s[-–—]\s")


class Day(NamedTuple):
    """A day that a text names: where, which, and by what word: published, updated, or none."""

    start: int
    end: int
    day: str
    label: str


@cache
def _words() -> tuple[dict[str, int], frozenset[str], dict[str, str], frozenset[str]]:
    """Read the file: months by name, names of weekdays, labels, and what links a label to a date."""
    found = sections(data_file(__file__, "dates.txt"))
    months = {name: number for number, line in enumerate(found.pop("months"), 1) for name in line.split()}
    weekdays = frozenset(" ".join(found.pop("weekdays")).split())
    linking = frozenset(found.pop("linking"))
    return months, weekdays, {label: part for part, lines in found.items() for label in lines}, linking


def days_in(text: str, *, day_first: bool | None = None) -> list[Day]:
    """Return the days that a short text names in full, in order.

    ``day_first`` says how ``3/4/2024`` is meant where that is known; left out, such dates are none. With full stops
    the day always comes first.

    >>> [found.day for found in days_in("AFP 30 avril 2015 à 07:19 (Mis à jour : 1er mai 2015)")]
    ['2015-04-30', '2015-05-01']
    >>> days_in("Posted on Feb 3, 2018")
    [Day(start=10, end=21, day='2018-02-03', label='published')]
    >>> days_in("3/4/2024"), [found.day for found in days_in("3/4/2024", day_first=True)]
    ([], ['2024-04-03'])
    """
    found = []
    last = 0
    for match in _DAYS.finditer(text):
        day = _day_of(match, day_first=day_first)
        if day is not None:
            found.append(Day(match.start(), match.end(), day, label_before(text[last : match.start()])))
            last = match.end()
    return found


def _day_of(match: re.Match[str], *, day_first: bool | None) -> str | None:
    """Return the day that a match names, if it can only be one."""
    months = _words()[0]
    way = (match.lastgroup or "")[-1]
    if way in ("1", "2"):
        return _day(int(match[f"y{way}"]), int(match[f"m{way}"]), int(match[f"d{way}"]))
    if way in ("4", "5"):
        month = months.get(match[f"n{way}"].lower())
        return _day(int(match[f"y{way}"]), month, int(match[f"d{way}"])) if month else None
    first, second, year = int(match["a3"]), int(match["b3"]), int(match["y3"])
    if match["s3"] == ".":
        day_first = True
    elif len(match["y3"]) < len("2000"):
        return None
    if year < _CENTURY:
        year += 2000
    ways = ((second, first, day_first is not False), (first, second, day_first is not True))
    days = {_day(year, month, day) for month, day, fits in ways if fits}
    days.discard(None)
    return days.pop() if len(days) == 1 else None


def label_before(words: str) -> str:
    """Return what the words before a date say of it: `PUBLISHED`, `UPDATED`, or nothing.

    >>> label_before("Jane Roe | Last updated on Monday, "), label_before("Posted by Jane Roe on"), label_before("Oil")
    ('updated', 'published', '')
    """
    _, weekdays, labels, linking = _words()
    rest = words[-_LINE_LONGEST:].lower().rstrip(_EDGES)
    last = rest.rpartition(" ")[2]
    if last.rstrip(".,") in weekdays or last.rstrip(".,").removesuffix("day") in weekdays:
        rest = rest[: len(rest) - len(last)].rstrip(_EDGES)
    last = rest.rpartition(" ")[2]
    linked = last in linking
    if linked:
        rest = rest[: len(rest) - len(last)].rstrip(_EDGES)
    parts = _PARTS.split(rest)
    part = parts[-1].split() or parts[-2].split() if len(parts) > 1 else parts[-1].split()
    tail = part[-3:]
    for size in range(len(tail), 0, -1):
        label = labels.get(" ".join(tail[-size:]).strip(_EDGES), "")
        if label == FIRST:
            label = PUBLISHED if size == len(part) else ""
        if label:
            return label
    if part and linked and labels.get(part[0]) == PUBLISHED:  # "Posted by Jane Roe on"
        return PUBLISHED
    return ""


def parsed(words: str) -> str | None:
    """Return the day that a value of metadata names, as an ISO date; ``None`` when it names none for sure.

    ISO forms with or without a time, RFC 2822 dates, dates with the month as a word and such with full stops are
    known; ``3/4/24`` is not, since it names two days. The day is the one written, in the time zone it was written in.

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
    days = days_in(words)
    if len(days) == 1 and is_bare(words, days[0]):
        return days[0].day
    return None


def is_bare(words: str, day: Day) -> bool:
    """Tell whether there is nothing in a text but a date: a weekday before it, a time behind it."""
    if words[: day.start].strip(_EDGES) and not has_weekday(words, day):
        return False
    rest = words[day.end :]
    time = _TIME.match(rest)
    if time:
        rest = rest[time.end() :]
    return not rest.strip(_EDGES + ".")


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
            day = _day_of_line(words, lines[max(index - 1, 0) : index + 3], first=not index)
            if day:
                candidates.append((day, f'the line "{words}"'))
                continue
        found = dateline(line)
        if found:
            candidates.append(found)
    return settled(candidates)


def dateline(line: str) -> tuple[str, str] | None:
    """Return the day of the dateline that a line begins with, and where it stands."""
    begun = _DATELINE.match(line[:_LINE_LONGEST])
    date = parsed(begun["rest"]) if begun else None
    return (date, f'the dateline "{" ".join(begun[0].split())}"') if date and begun else None


def _day_of_line(words: str, near: Sequence[str], *, first: bool) -> str | None:
    """Return the day that a line can only mean as that of publication.

    It says so, stands beside an author's, or alone between a headline and prose. ``near`` are the lines from the one
    before on, ``first`` says that there is none.
    """
    days = days_in(words)
    if not days:
        return None
    published = {day.day for day in days if day.label == PUBLISHED}
    if published:
        return published.pop() if len(published) == 1 and is_line_of(words, days) else None
    plain = [day for day in days if not day.label]
    if len(plain) != 1 or not is_line_of(words, days):
        return None
    bare = is_bare(words, plain[0])
    if any(_BYLINE.match(line) for line in near[: 2 if first else 3]) and (bare or _BYLINE.match(words)):
        return plain[0].day
    if first or not bare or has_weekday(words, plain[0]):
        return None  # a weekday goes with the day on which a page was saved
    under = near[0].count(" ") >= _TITLE_WORDS - 1 and not near[0].rstrip().endswith((".", ":", ","))
    return plain[0].day if under and any(len(line) >= _PROSE for line in near[2:]) else None


def has_weekday(words: str, day: Day) -> bool:
    """Tell whether there is a weekday before a date, and nothing else."""
    return words[: day.start].strip(_EDGES).rstrip(".").lower() in _words()[1]


def is_line_of(words: str, days: Sequence[Day]) -> bool:
    """Tell whether a line is about dates, authors and places: short but for its dates, and no sentence.

    >>> is_line_of("By Jane Roe | 3 May 2024 | Oil", days_in("By Jane Roe | 3 May 2024 | Oil"))
    True
    >>> is_line_of("The Council met on 3 May 2024.", days_in("The Council met on 3 May 2024."))  # a sentence
    False
    """
    rest = len(words) - sum(day.end - day.start for day in days)
    if rest > _REST_LONGEST:
        return False
    if any(day.label for day in days) or words.lower().endswith(("a.m.", "p.m.", "uhr.")):
        return True
    return not (words.endswith((".", "!", "?")) and words.count(" ") > _SENTENCE_WORDS)


def stands_alone(words: str, day: Day) -> bool:
    """Tell whether a date in a line without a label is there for itself: beside names and marks, not in a phrase.

    >>> line = "Summit in Geneva on 3 May 2024"
    >>> stands_alone(line, days_in(line)[0]), stands_alone("Jane Roe, 3 May 2024", Day(10, 20, "2024-05-03", ""))
    (False, True)
    """
    before, behind = words[: day.start].rstrip(), words[day.end :]
    time = _TIME.match(behind)
    if time:
        behind = behind[time.end() :]
    elif before.rpartition(" ")[2].lower().strip(_EDGES) in _words()[3]:
        return False
    if len(before.split()) + len(behind.split()) > _WORDS_BESIDE:
        return False
    small = [word for word in before.split() if word.islower() and word.isalpha()]
    return len(small) <= _SMALL_BESIDE


_FRONT_KEYS = ("date", "published", "pubdate", "publishdate", "date_published", "published_at", "publish_date",
               "publication_date", "datepublished", "published_time", "published-on", "published_on")  # fmt: skip
_FRONT = regex(r"(?:---|\+\+\+)[ \t]*(?:\r\n?|\n)")
_LINE_REST = regex(r"[ \t]*(?:\r\n?|\n|\Z)")
_PAIR = regex(r"""["']?(?P<key>[A-Za-z_-]{1,40})["']?\s*[:=]\s*(?P<value>[^#]*?)(?:\s+#.*)?""")


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
