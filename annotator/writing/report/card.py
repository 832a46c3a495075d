"""One note on the page: what it says, whose it is, its sources, when it holds and how far it was verified."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import wording
from . import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...model import Annotation, Note


def card(number: int, kinds: Sequence[str], mention: int, annotation: Annotation, note: Note, place: str = "") -> str:
    """Return the card of a note; ``mention`` is the number of the mention that it stands at, ``place`` its page."""
    codes = words.jurisdictions(note)
    names = ", ".join(words.line(wording.issuer(code)) for code in codes)
    kind = words.line(annotation.kind)
    sign, status = words.STATUSES.get(note.status, ("", words.line(note.status)))
    mark = (
        f'<span class="status s-{words.css_name(note.status)}"><span aria-hidden="true">{sign} </span>{status}</span>'
    )
    facts = [
        place,
        words.force(note),
        f'Verb of the source: <q class="verb">{words.line(note.verb)}</q>' if note.verb.strip() else "",
        f"{mark}, checked {words.date(note.checked)}",
    ]
    later = "".join(f'<p class="later"><b>Since then:</b> {words.line(change)}</p>\n' for change in note.later)
    return (
        f'<div class="card k-{words.css_name(annotation.kind)}" id="n{number}" role="note" tabindex="-1"'
        f' aria-label="Note {number}, {kind}" data-j="{words.safe(" ".join(codes))}"'
        f' data-k="{" ".join(words.css_name(one) for one in kinds)}" data-s="{words.css_name(note.status)}">\n'
        f'<p class="head"><a class="back" href="#m{mention}" data-n="{number}"'
        f' aria-label="{number}: back to the text at {words.named(annotation.text)}">{number}</a> '
        f'<span class="kind">{kind}</span> <span class="whose">{names}</span></p>\n'
        f'<p class="says" dir="auto">{words.line(note.text)}</p>\n{later}'
        f"{_list('sources', [words.source(one) for one in note.sources])}"
        f'<p class="facts">{". ".join(fact for fact in facts if fact)}.</p>\n'
        f'<details class="why"><summary>Why it is here</summary><p>Rule {words.line(annotation.rule)}, '
        f"note {words.line(note.id)}.</p>{_list('evidence', [words.line(one) for one in annotation.why])}</details>"
        "</div>\n"
    )


def _list(name: str, items: Sequence[str]) -> str:
    """Return a list with a name that a screen reader says."""
    rows = "".join(f"<li>{item}</li>" for item in items)
    return f'<ul class="{name}" role="list" aria-label="{name.capitalize()}">{rows}</ul>\n' if rows else ""
