"""A page to read: the article with its mentions marked and the notes beside them, in one HTML file.

For a person who checks an article. The page loads nothing, from nowhere: style and script stand in it, and a
content security policy allows these two and nothing else. Without script it shows the same and cannot filter.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ..._version import __version__
from .. import wording
from ..places import digests
from . import words
from .article import Numbered, article

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ...model import Annotation, Document, Run

_FOLDER = os.path.dirname(__file__)
_LONGEST_TITLE = 160
_AROUND = 70
_STATUSES = ("verified", "partly", "unverified")

# How the places of notes were chosen, in the words of a reader.
_PLACES = {
    "best": "each note where the article speaks of the law most outright",
    "first": "each note at its first mention",
    "paragraph": "each note once in a paragraph",
    "every": "each note at every mention",
}


def render(document: Document, annotations: Sequence[Annotation], run: Run) -> bytes:
    """Return the page, in UTF-8. It is the same for the same article, rules and date."""
    noted = [one for one in annotations if one.notes]
    return "".join(_page(document, noted, run)).encode()


def _page(document: Document, annotations: Sequence[Annotation], run: Run) -> Iterator[str]:
    style, script = _file("page.css"), _file("page.js")
    title = _title(document)
    numbered = Numbered(annotations)
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    yield (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<meta name="referrer" content="no-referrer">\n'
        f'<meta name="generator" content="sanctions-annotator {__version__}">\n'
        f"<title>Notes on {title}</title>\n<style>{style}</style>\n</head>\n<body>\n"
        '<a class="skip" href="#article">To the article</a>\n'
    )
    yield from _header(document, annotations, numbered, run, title)
    yield "<main>\n"
    yield from _claims(document, annotations, numbered)
    yield from _changes(numbered, run)
    yield from _filters(numbered)
    yield '<h2 class="away" id="article-title">The article</h2>\n'
    yield '<article id="article" aria-labelledby="article-title" tabindex="-1">\n'
    yield from article(document, annotations, numbered)
    yield "</article>\n</main>\n"
    yield from _footer(document, run)
    yield f"<script>{script}</script>\n</body>\n</html>\n"


def _header(
    document: Document, annotations: Sequence[Annotation], numbered: Numbered, run: Run, title: str
) -> Iterator[str]:
    notes, mentions = len(numbered.numbers), len(annotations)
    claims = sum(one.kind == "claim" for one in annotations)
    found = f"{_count(notes, 'note')} at {_count(mentions, 'mention')}"
    if claims:
        found += f', <a href="#claims">{_count(claims, "claim")} to check</a>'
    origin = f" ({words.line(run.as_of_from)})" if run.as_of_from else ""
    yield f'<header>\n<p class="what">Reference notes on sanctions law</p>\n<h1 dir="auto">{title}</h1>\n'
    yield f'<p class="sum">{found if mentions else "No mention of sanctions law was found."}</p>\n'
    yield f'<p class="sum">Law as of <b>{words.date(run.as_of)}</b>{origin}</p>\n'
    if document.path and words.line(document.path) != title:
        yield f'<p class="sum">From <bdi>{words.line(document.path)}</bdi></p>\n'
    yield "</header>\n"


def _claims(document: Document, annotations: Sequence[Annotation], numbered: Numbered) -> Iterator[str]:
    claims = [(index, one) for index, one in enumerate(annotations) if one.kind == "claim"]
    if not claims:
        return
    yield '<section class="top claims" aria-labelledby="claims">\n<h2 id="claims">Claims to check</h2>\n<ol>\n'
    for index, one in claims:
        before, after = _around(document.text, one.start, one.end)
        listed = " ".join(str(number) for number in numbered.of[index])
        yield (
            f'<li data-n="{listed}"><p class="quote" dir="auto">{before}<a href="#m{index + 1}" data-n="{listed}">'
            f"{words.line(one.text)}</a>{after}</p>\n"
        )
        for note in one.notes:
            yield f'<p class="says" dir="auto">{words.line(note.text)}</p>\n'
        yield "</li>\n"
    yield "</ol>\n</section>\n"


def _changes(numbered: Numbered, run: Run) -> Iterator[str]:
    changed = [(number, note) for note, number in numbered.numbers.items() if note.later]
    if not changed:
        return
    yield '<section class="top changes" aria-labelledby="changes">\n'
    yield f'<h2 id="changes">Changed since {words.date(run.as_of)}</h2>\n<ul>\n'
    for number, note in changed:
        for change in note.later:
            yield (
                f'<li data-n="{number}"><a href="#n{number}" data-n="{number}">Note {number}</a>: '
                f'<span dir="auto">{words.line(change)}</span></li>\n'
            )
    yield "</ul>\n</section>\n".replace("</ol>", "</ul>")


def _filters(numbered: Numbered) -> Iterator[str]:
    """Give the legend, which the script makes a filter of."""
    if not numbered.numbers:
        return
    kinds: dict[str, int] = {}
    owners: dict[str, int] = {}
    statuses: dict[str, int] = {}
    for note, number in numbered.numbers.items():
        _tally(kinds, numbered.kinds[number])
        _tally(owners, words.jurisdictions(note))
        _tally(statuses, [note.status])
    order = sorted(kinds, key=lambda one: (one != "claim", one))
    yield '<form class="filter" aria-label="Notes to show">\n'
    yield from _group("Kind", "k", [(words.css_name(one), words.line(one), kinds[one]) for one in order])
    yield from _group(
        "Jurisdiction", "j", [(one, words.line(wording.issuer(one)), owners[one]) for one in sorted(owners)]
    )
    known = sorted(statuses, key=lambda one: (_STATUSES.index(one) if one in _STATUSES else len(_STATUSES), one))
    labels = [(words.css_name(one), words.STATUSES.get(one, ("", words.line(one)))[1], statuses[one]) for one in known]
    yield from _group("Verification", "s", labels)
    yield (
        '<p class="tools" hidden><span role="status" class="shown"></span> '
        '<button type="reset">Show all</button> '
        '<label><input type="checkbox" class="keys" checked> <span>Keys <kbd>j</kbd> and <kbd>k</kbd> go to the next '
        "and the previous mention, <kbd>Esc</kbd> goes back</span></label></p>\n</form>\n"
    )


def _group(name: str, letter: str, rows: Sequence[tuple[str, str, int]]) -> Iterator[str]:
    yield f"<fieldset><legend>{name}</legend>\n"
    for value, shown, count in rows:
        swatch = f'<span class="swatch k-{words.safe(value)}">{shown}</span>' if letter == "k" else shown
        yield (
            f'<label><input type="checkbox" name="{letter}" value="{words.safe(value)}" checked hidden> {swatch} '
            f'<span class="count">{count}</span></label>\n'
        )
    yield "</fieldset>\n"


def _footer(document: Document, run: Run) -> Iterator[str]:
    source, _ = digests(document)
    yield "<footer>\n<dl>\n"
    rows = [
        ("Article", f"{words.line(document.format)}, {len(document.source):,} bytes, SHA-256 <code>{source}</code>"),
        ("Places", words.line(_PLACES.get(run.policy, run.policy))),
        ("Rules", f"digest <code>{words.line(run.digest)}</code>"),
        ("Made by", f"sanctions-annotator {__version__}"),
    ]
    for name, value in filter(all, rows):
        yield f"<dt>{name}</dt><dd>{value}</dd>\n"
    yield "</dl>\n<p>No note does not mean no error: notes are given only where the rules are sure.</p>\n"
    yield "</footer>\n"


def _title(document: Document) -> str:
    """Return the first heading, else the file's name, as one line that is not too long."""
    head = next((one for one in document.layout.blocks if one.kind == "heading"), None)
    found = wording.one_line(document.text[head.start : head.end]).lstrip("# ") if head else ""
    if not found and document.path:
        found = os.path.basename(document.path)
    if document.format == "markdown":
        found = found.replace("**", "").replace("__", "").replace("`", "")
    found = found or "an article"
    return words.safe(found if len(found) <= _LONGEST_TITLE else f"{found[:_LONGEST_TITLE]}…")


def _around(text: str, start: int, end: int) -> tuple[str, str]:
    """Return some words before and after a place, within its line."""
    before = text[max(start - _AROUND, 0) : start].splitlines()[-1:] if start and text[start - 1] not in "\r\n" else []
    after = text[end : end + _AROUND].splitlines()[:1] if text[end : end + 1] not in ("\r", "\n") else []
    first = before[0] if before else ""
    last = after[0] if after else ""
    if len(first) == _AROUND and " " in first:
        first = f"… {first.split(' ', 1)[1]}"
    if len(last) == _AROUND and " " in last:
        last = f"{last.rsplit(' ', 1)[0]} …"
    return words.safe(first), words.safe(last)


def _tally(counts: dict[str, int], names: Sequence[str]) -> None:
    for name in names:
        counts[name] = counts.get(name, 0) + 1


def _count(number: int, name: str) -> str:
    return f"{number} {name}{'' if number == 1 else 's'}"


def _file(name: str) -> str:
    """Return a file beside this one; its line ends are those that a browser makes its digest of."""
    with open(os.path.join(_FOLDER, name), encoding="utf-8") as file:
        return f"\n{file.read().strip()}\n"


def _hash(content: str) -> str:
    from base64 import b64encode
    from hashlib import sha256

    return f"sha256-{b64encode(sha256(content.encode()).digest()).decode()}"
