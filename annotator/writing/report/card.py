"""One note on the page: what it says, and folded under it its sources, when it holds and how far it was verified."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ..._lazy import regex
from .. import wording
from . import timeline as times
from . import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...model import Annotation, Note, Source, Timeline

_IN_BRACKETS = regex(r"\[([^][]*)\]")
_GRADES = {"contradicted": "the source says otherwise", "imprecise": "true in part"}
# Evidence that names what the rules call a thing: "party.dprk in the paragraph ('North Korea')".
_EVIDENCE = regex(r"\A[a-z0-9][a-z0-9_./-]* in the (\w+) \(['\"](.*)['\"]\)\Z", re.DOTALL)
_BETWEEN_STATES = "int"
_NAMED = frozenset({"person", "entity", "body", "listing"})  # kinds of which the note itself says who lists them


class Card(NamedTuple):
    """What a card is made of; ``name`` is its number, ``c1`` that of a check."""

    name: str
    kinds: Sequence[str]
    mention: int
    annotation: Annotation
    note: Note
    timeline: Timeline | None


def label(name: str) -> str:
    """Return what a reader sees of a card's number.

    >>> label("3"), label("c1")
    ('3', 'check 1')
    """
    return f"check {name[1:]}" if name.startswith("c") else name


def named(name: str) -> str:
    """Return what a screen reader says of a card's number.

    >>> named("3"), named("c1")
    ('Note 3', 'Check 1')
    """
    return label(name).capitalize() if name.startswith("c") else f"Note {name}"


def card(one: Card, as_of: str, *, full: bool, place: str = "") -> str:
    """Return a card: a sentence in at most three lines, its line of time, and the rest folded away.

    ``place`` says on which page the mention stands, where there are pages.
    """
    note, annotation, name = one.note, one.annotation, one.name
    check = name.startswith("c")
    codes = words.jurisdictions(note)
    kind = words.line(words.kind(annotation.kind))
    spoken = named(name)
    aside = _GRADES.get(annotation.grade, "") if check else kind
    if not check and len(codes) == 1 and codes != [_BETWEEN_STATES] and annotation.kind not in _NAMED:
        aside += f' <span class="whose">{words.line(wording.issuer(codes[0]))}</span>'
    picture = times.picture(name, one.timeline, as_of) if one.timeline is not None else ""
    later = "".join(f'<p class="later"><b>Since then:</b> {words.line(change)}</p>\n' for change in note.later)
    text, cited = _linked(note)
    shown = f'<div class="time">{picture}</div>\n' if picture else ""
    beside = f", {kind}" if not check else ""
    return (
        f'<div class="card k-{words.css_name(annotation.kind)}" id="n{name}" role="note" tabindex="-1"'
        f' aria-label="{spoken}{beside}" data-j="{words.safe(" ".join(codes))}"'
        f' data-k="{" ".join(words.css_name(one) for one in one.kinds)}" data-s="{words.css_name(note.status)}">\n'
        f'<p class="head"><a class="back" href="#m{one.mention}" data-n="{name}"'
        f' aria-label="{label(name)}: back to the text at {words.named(annotation.text)}">{label(name)}</a> '
        f'<span class="kind">{aside}</span></p>\n'
        f'<p class="says{" changed" if later else ""}" dir="auto">{text}</p>\n{later}'
        f"{shown}"
        f'<details class="more"><summary><span class="away">{spoken}: </span>more</summary>\n'
        f"{_more(note, cited, full=full)}"
        f'<p class="facts">{". ".join(_facts(note, place))}.</p>\n'
        f"{times.table(one.timeline, note) if one.timeline is not None and picture else ''}"
        f"{_why(annotation, note, full=full)}</details></div>\n"
    )


def _more(note: Note, cited: set[Source], *, full: bool) -> str:
    """Return the sources that the text does not link, and in full all there is to say."""
    # In brief the note rests on what it cites.
    left = [] if cited and not full else [words.source(source) for source in note.sources if source not in cited]
    said = wording.one_line(note.full) if full else ""
    more = f'<p class="all" dir="auto">{words.safe(said)}</p>\n' if said and said != wording.one_line(note.text) else ""
    return more + _list("sources", left)


def _facts(note: Note, place: str) -> list[str]:
    sign, status = words.STATUSES.get(note.status, ("", words.line(note.status)))
    mark = (
        f'<span class="status s-{words.css_name(note.status)}"><span aria-hidden="true">{sign} </span>{status}</span>'
    )
    facts = [
        place,
        words.force(note),
        f'Verb of the source: <q class="verb">{words.line(note.verb)}</q>' if note.verb.strip() else "",
        f"{mark}, checked {words.date(note.checked)}" if note.checked else mark,
    ]
    return [fact for fact in facts if fact]


def _why(annotation: Annotation, note: Note, *, full: bool) -> str:
    """Say which words of the article called for the note; where all is to be shown, how rules found it, with names."""
    if full:
        named = f"rule {words.line(annotation.rule)}, note {words.line(note.id)}"
        evidence = [*map(words.line, annotation.why), named]
    else:
        found = [_EVIDENCE.match(wording.one_line(one)) for one in annotation.why]
        evidence = [words.safe(f"“{one[2]}” in the {one[1]}") for one in found if one]
    return f'<p class="why">Why it is here: {"; ".join(dict.fromkeys(evidence))}.</p>\n' if evidence else ""


def _linked(note: Note) -> tuple[str, set[Source]]:
    """Return a note's text with what it cites in brackets as links, and the sources that are linked there."""
    text = wording.one_line(note.text)
    if text.startswith(wording.CHECK):  # the head says so
        text = text.removeprefix(wording.CHECK).lstrip()
        text = text[:1].upper() + text[1:]
    cited: set[Source] = set()
    parts: list[str] = []
    at = 0
    for found in _IN_BRACKETS.finditer(text):
        parts.append(words.safe(text[at : found.start(1)]))
        shown = []
        for each in found[1].split("; "):
            source = next((one for one in note.sources if _cites(each, one)), None)
            link = words.link(source.url, each) if source is not None else ""
            if source is not None and link:
                cited.add(source)
            shown.append(link or words.safe(each))
        parts.append("; ".join(shown))
        at = found.end(1)
    return "".join([*parts, words.safe(text[at:])]), cited


def _cites(words_cited: str, source: Source) -> bool:
    """Tell whether words in brackets cite a source: its instrument, with this paragraph where one is given."""
    for name in filter(None, (wording.one_line(source.short), wording.one_line(source.instrument))):
        if words_cited == name or words_cited == f"{name} {wording.one_line(source.pinpoint)}":
            return True
    return False


def _list(name: str, items: Sequence[str]) -> str:
    """Return a list with a name that a screen reader says."""
    rows = "".join(f"<li>{item}</li>" for item in items)
    return f'<ul class="{name}" role="list" aria-label="{name.capitalize()}">{rows}</ul>\n' if rows else ""
