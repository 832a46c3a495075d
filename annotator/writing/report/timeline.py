"""A line of time as a small picture, and the table behind it: who listed whom since when, what changed and when."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, NamedTuple

from ..._dates import spoken
from .. import wording
from . import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...model import Held, Note, Step, Timeline

# All sizes are units of the picture, which is as wide as a card.
_WIDE = 320.0
_ROW = 13
_TOP = 13  # room for the day of the law
_FOOT = 13  # room for the years
_LETTER = 6.2
_LONGEST_LABEL = 12
_BETWEEN_STATES = "treaty"  # what the jurisdiction of law between States is called where there is little room
_EDGE = 5.0
_YEAR_ROOM = 34.0
_STEPS = (1, 2, 5, 10, 20, 50, 100)


class _Scale(NamedTuple):
    """Where days stand in a picture: whole years from the first to the last day shown."""

    left: float
    first: int
    last: int

    def at(self, day: datetime.date) -> float:
        start = datetime.date(self.first, 1, 1).toordinal()
        size = datetime.date(self.last, 12, 31).toordinal() - start
        return round(self.left + (day.toordinal() - start) / size * (_WIDE - _EDGE - self.left), 1)


def height(timeline: Timeline) -> int:
    """Return how high the picture of a line of time is, in units of which it is 320 wide."""
    return _TOP + _ROW * len(_owners(timeline)) + _FOOT


def picture(name: str, timeline: Timeline, as_of: str) -> str:
    """Return the picture of a line of time, empty where it has not two days; ``name`` is part of its ids."""
    days = sorted({day for step in timeline.steps if (day := _day(step.date)) is not None})
    today = _day(as_of)
    if len(days) < 2 or today is None:
        return ""
    edges = [day for span in timeline.spans for date in (span.start, span.end) if (day := _day(date)) is not None]
    owners = _owners(timeline)
    labels = [_label(owner) for owner in owners]
    shown = [*days, *edges, today]
    scale = _Scale(round(_LETTER * max(map(len, labels)) + 8, 1), min(shown).year, max(shown).year)
    high = height(timeline)
    return (
        f'<svg class="line" role="img" aria-labelledby="t-{name} d-{name}" viewBox="0 0 {_WIDE:g} {high}">'
        f'<title id="t-{name}">Line of time</title><desc id="d-{name}">{_described(timeline, as_of)}</desc>'
        f"{_axis(scale, high)}{''.join(_rows(timeline, scale, today, labels))}"
        f"{_marked(scale.at(today), high, as_of)}</svg>"
    )


def table(timeline: Timeline, note: Note) -> str:
    """Return the dates of a line of time as a table; nothing is cited twice in it, nor the note's words said again."""
    whose = len({step.by for step in timeline.steps}) > 1
    head = "<th scope=col>Day</th>" + ("<th scope=col>Whose</th>" if whose else "") + "<th scope=col>What</th>"
    rows = []
    seen: set[str] = set()
    for step in timeline.steps:
        cited = [f"{one.short or one.instrument} {one.pinpoint}".strip() for one in step.sources]
        new = [one for one in dict.fromkeys(cited) if one not in seen]
        seen.update(new)
        what = wording.one_line(step.what)
        if what and wording.one_line(note.text).startswith(what):
            what = "as this note says"
        shown = words.safe(what) + (f" [{words.safe(wording.one_line('; '.join(new)))}]" if new else "")
        by = f"<td>{_names(step.by)}</td>" if whose else ""
        rows.append(f"<tr><td>{_when(step)}</td>{by}<td>{shown}</td></tr>")
    return f'<table class="dates"><caption>Dates</caption><tr>{head}</tr>{"".join(rows)}</table>\n'


def _when(step: Step) -> str:
    if step.until:
        return words.line(f"between {spoken(step.date)} and {spoken(step.until)}")
    return words.line(spoken(step.date))


def _owners(timeline: Timeline) -> list[str]:
    """Return whose law has a row, in the order in which it began."""
    return list(dict.fromkeys([*(one.by for one in timeline.spans), *(one.by for one in timeline.steps)]))


def _names(owner: str) -> str:
    return words.line(", ".join(wording.issuer(one.strip()) for one in owner.split(",")))


def _label(owner: str) -> str:
    """Return what a row is called: the name of whose law it is, or where that is long its code."""
    name = ", ".join(wording.issuer(one.strip()) for one in owner.split(","))
    short = _BETWEEN_STATES if owner == "int" else wording.one_line(owner.upper())[:_LONGEST_LABEL]
    return name if len(name) <= _LONGEST_LABEL else short


def _day(date: str) -> datetime.date | None:
    """Return the day of a date, of a month or a year the first; ``None`` for what is none."""
    try:
        return datetime.date.fromisoformat(f"{date}-01-01"[:10])
    except ValueError:
        return None


def _axis(scale: _Scale, high: int) -> str:
    room = (_WIDE - _EDGE - scale.left) / (scale.last - scale.first + 1)
    step = next((one for one in _STEPS if room * one >= _YEAR_ROOM), 1000)
    years = [year for year in range(scale.first, scale.last + 1) if year % step == 0]
    ticks, shown = [], []
    for year in years:
        at = scale.at(datetime.date(year, 1, 1))
        ticks.append(f"M{at:g} {_TOP}V{high - _FOOT + 2}")
        if at + _YEAR_ROOM * 0.8 <= _WIDE:
            shown.append(f'<text x="{at:g}" y="{high - 2}">{year}</text>')
    return f'<path class="years" d="{"".join(ticks)}"/>{"".join(shown)}'


def _rows(timeline: Timeline, scale: _Scale, today: datetime.date, labels: list[str]) -> Iterator[str]:
    """Yield the rows: whose law, when it held (after the day of the law in another line), and the days of changes."""
    bars: dict[str, list[str]] = {"held": [], "later": [], "ends": [], "steps": [], "steps later": []}
    for number, (owner, label) in enumerate(zip(_owners(timeline), labels, strict=True)):
        middle = _TOP + _ROW * number + _ROW / 2
        yield f'<text class="by" x="0" y="{middle + 3.5:g}">{words.safe(label)}</text>'
        for span in timeline.spans:
            if span.by == owner:
                _bar(bars, span, scale, today, middle)
        for step in timeline.steps:
            day = _day(step.date)
            if step.by == owner and day is not None:
                kind = "steps" if day <= today else "steps later"
                bars[kind].append(f"M{scale.at(day):g} {middle:g}h.01")
    for kind, parts in bars.items():
        if parts:
            yield f'<path class="{kind}" d="{"".join(parts)}"/>'


def _bar(bars: dict[str, list[str]], span: Held, scale: _Scale, today: datetime.date, middle: float) -> None:
    start, end = _day(span.start) or datetime.date(scale.first, 1, 1), _day(span.end)
    if end is None or end < start:
        return
    if start < today:
        bars["held"].append(f"M{scale.at(start):g} {middle:g}H{scale.at(min(end, today)):g}")
    if end > today:
        bars["later"].append(f"M{scale.at(max(start, today)):g} {middle:g}H{scale.at(end):g}")
    if span.ended:
        bars["ends"].append(f"M{scale.at(end):g} {middle - 4:g}v8")


def _marked(at: float, high: int, as_of: str) -> str:
    """Return the mark of the day of which the law is."""
    said = words.safe(spoken(as_of))
    wide = _LETTER * len(spoken(as_of))
    before = at + wide > _WIDE
    where = max(at - 4, wide) if before else at + 4
    anchor = ' text-anchor="end"' if before else ""
    line = f'<path class="day" d="M{at:g} 2V{high - _FOOT + 2}"/>'
    return f'{line}<text class="day" x="{where:g}" y="9"{anchor}>{said}</text>'


def _described(timeline: Timeline, as_of: str) -> str:
    """Say in words what the picture shows."""
    said: dict[str, list[str]] = {}
    for span in timeline.spans:
        since = spoken(span.start) if span.start else "a day that is not known"
        until = f"over on {spoken(span.end)}" if span.ended else f"checked to {spoken(span.end)}"
        said.setdefault(f"from {since}, {until}", []).append(_names(span.by))
    parts = [f"{', '.join(dict.fromkeys(names))}: {when}." for when, names in said.items()]
    begun = {(span.by, span.start) for span in timeline.spans} | {(span.by, span.end) for span in timeline.spans}
    days = [spoken(step.date) for step in timeline.steps if (step.by, step.date) not in begun]
    if days:
        parts.append(f"Changes: {'; '.join(dict.fromkeys(days))}.")
    parts.append(f"The upright line is {spoken(as_of)}.")
    return words.safe(wording.one_line(" ".join(parts)))
