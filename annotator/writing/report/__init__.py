"""A page to read: the article with its mentions marked and the notes beside them, in one HTML file.

For a person who checks an article. The page is a view (what `render` gives with the style ``fragment``), its style
sheet and its script, which a server may give by themselves. The page loads nothing, from nowhere: style and script
stand in it, and a content security policy allows these two and nothing else. Without script it shows the same and
cannot filter.
"""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

from ..._version import __version__
from .. import wording
from ..places import digests
from . import words
from .article import Numbered, article
from .card import card, label
from .density import density

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ...model import Annotation, Document, Run

_FOLDER = os.path.dirname(__file__)
_LONGEST_TITLE = 160
_CHECKS_SHOWN = 3
_STATUSES = ("verified", "partly", "unverified")

_FORMATS = {"text": "plain text", "html": "web page", "docx": "Word document", "markdown": "Markdown"}
# How the places of notes were chosen, in the words of a reader.
_PLACES = {
    "best": "each where the article speaks of the law most outright",
    "first": "each at its first mention",
    "paragraph": "each once in a paragraph",
    "every": "each at every mention",
}


def render(document: Document, annotations: Sequence[Annotation], run: Run) -> bytes:
    """Return the page, in UTF-8, or with the style ``fragment`` what its body shows, to put into a page of one's own.

    It is the same for the same article, rules and date. A fragment needs `stylesheet` and, to filter and to show notes
    beside their mentions, `script`; nothing in it is style or script, so it works under any content security policy.
    """
    noted = [one for one in annotations if one.notes]
    made = _view(document, noted, run) if run.style == "fragment" else _page(document, noted, run)
    return "".join(made).encode()


def stylesheet() -> str:
    """Return the style sheet of the view. All its rules are of what stands in ``.report``, but for the colours."""
    return _file("view.css")


def script() -> str:
    """Return the script of the view, which sets going each ``.report`` that a page has when it is loaded.

    It defines ``annotatorReport(element)``, which does the same with one that came later, and returns a function that
    stops it.
    """
    return _file("view.js")


def _page(document: Document, annotations: Sequence[Annotation], run: Run) -> Iterator[str]:
    style, code = stylesheet() + _file("page.css").lstrip("\n"), script()
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(code)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    yield (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<meta name="referrer" content="no-referrer">\n'
        f'<meta name="generator" content="sanctions-annotator {__version__}">\n'
        f"<title>Notes on {_title(document)}</title>\n<style>{style}</style>\n</head>\n<body>\n"
        '<a class="skip" href="#article">To the article</a>\n<main>\n'
    )
    yield from _view(document, annotations, run)
    yield f"</main>\n<script>{code}</script>\n</body>\n</html>\n"


def _view(document: Document, annotations: Sequence[Annotation], run: Run) -> Iterator[str]:
    """Give the view: the head with the checks, the article with its notes, and what the report was made of."""
    numbered = Numbered(annotations)
    yield '<div class="report">\n<div class="first">\n<div>\n'
    yield from _header(document, numbered, run)
    yield from _filters(numbered)
    yield "</div>\n"
    yield from _checks(annotations, numbered, run)
    yield "</div>\n"
    yield '<h2 class="away" id="article-title">The article</h2>\n'
    shown = density(document, annotations, numbered, run)
    yield f'<article id="article" class="{shown}" aria-labelledby="article-title" tabindex="-1">\n'
    yield from article(document, annotations, numbered, run)
    yield "</article>\n"
    yield from _footer(document, numbered, run)
    yield "</div>\n"


def _header(document: Document, numbered: Numbered, run: Run) -> Iterator[str]:
    notes, checks = numbered.count(checks=False), numbered.count(checks=True)
    found = [_count(notes, "note")] if notes else []
    found += [f'<a href="#checks">{_count(checks, "check")}</a>'] if checks else []
    origin = f" ({words.line(wording.origin_of(run.as_of_from))})" if run.as_of_from.strip() else ""
    yield f"<header>\n<h1>{wording.TITLE}</h1>\n"
    if not _begins_with_heading(document):
        yield f'<p class="title" dir="auto">{_title(document)}</p>\n'
    yield (
        f'<p class="sum">{", ".join(found) if found else "No mention of sanctions law was found"}. '
        f"Law as of <b>{words.date(run.as_of)}</b>{origin}.</p>\n"
    )
    if run.as_of_from.startswith("today"):
        yield '<p class="sum warning">The law is that of today. If the article is older, give its date.</p>\n'
    changed = [number for (_, note), number in numbered.numbers.items() if note.later]
    if changed:
        links = ", ".join(f'<a href="#n{one}" data-n="{one}">{label(one)}</a>' for one in changed)
        yield f'<p class="sum changes">Changed since then, see {"note" if len(changed) == 1 else "notes"} {links}</p>\n'
    yield "</header>\n"


def _checks(annotations: Sequence[Annotation], numbered: Numbered, run: Run) -> Iterator[str]:
    """Give the checks, above the notes; where there are many, the rest folded."""
    cards = [card(one, run.as_of, full=run.detail == "full") for one in numbered.cards(annotations, {}, checks=True)]
    if not cards:
        return
    yield '<section class="checks" aria-labelledby="checks">\n<h2 id="checks" tabindex="-1">Checks</h2>\n'
    yield from cards[:_CHECKS_SHOWN]
    if len(cards) > _CHECKS_SHOWN:
        more = len(cards) - _CHECKS_SHOWN
        yield f'<details class="rest"><summary>{_count(more, "more check")}</summary>\n'
        yield from cards[_CHECKS_SHOWN:]
        yield "</details>\n"
    yield "</section>\n"


def _filters(numbered: Numbered) -> Iterator[str]:
    """Give the legend, folded, which the script makes a filter of."""
    if not numbered.numbers:
        return
    kinds: dict[str, int] = {}
    owners: dict[str, int] = {}
    statuses: dict[str, int] = {}
    for (_, note), number in numbered.numbers.items():
        _tally(kinds, numbered.kinds[number])
        _tally(owners, words.jurisdictions(note))
        _tally(statuses, [note.status])
    order = sorted(kinds, key=lambda one: (one != "claim", one))
    yield '<details class="filters"><summary>Marks and filters</summary>\n'
    yield '<form class="filter" aria-label="Notes to show">\n'
    yield from _group("What", "k", [(words.css_name(one), words.line(words.kind(one)), kinds[one]) for one in order])
    yield from _group("Whose law", "j", [(one, words.line(wording.issuer(one)), owners[one]) for one in sorted(owners)])
    known = sorted(statuses, key=lambda one: (_STATUSES.index(one) if one in _STATUSES else len(_STATUSES), one))
    labels = [(words.css_name(one), words.STATUSES.get(one, ("", words.line(one)))[1], statuses[one]) for one in known]
    yield from _group("Verified", "s", labels)
    yield (
        '<p class="tools" hidden><span role="status" class="shown"></span> '
        '<button type="reset">Show all</button> '
        '<label><input type="checkbox" class="keys" checked> <span>Keys <kbd>j</kbd> and <kbd>k</kbd> go to the next '
        "and the previous mention, <kbd>Esc</kbd> goes back</span></label></p>\n</form></details>\n"
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


def _footer(document: Document, numbered: Numbered, run: Run) -> Iterator[str]:
    source, _ = digests(document)
    yield "<footer>\n"
    cited = wording.instruments((note for _, note in numbered.numbers), escape=words.line, link=_linked)
    if cited:
        rows = "".join(f"<li>{one}</li>" for one in cited)
        yield f'<details class="cited"><summary>{_count(len(cited), "source")} cited</summary>\n'
        yield f"<ul>{rows}</ul></details>\n"
    yield "<details><summary>How this report was made</summary>\n<dl>\n"
    facts = [
        ("File", f"<bdi>{words.line(document.path)}</bdi>" if document.path else ""),
        ("Article", f"{words.line(_FORMATS.get(document.format, document.format))}, {len(document.source):,} bytes"),
        ("Its fingerprint", f"<code>{source}</code> (SHA-256)"),
        ("Notes stand", words.line(_PLACES.get(run.policy, run.policy))),
        ("Edition of rules", f"<code>{words.line(run.digest)}</code>"),
        ("Made by", f"sanctions-annotator {__version__}"),
    ]
    for name, value in facts:
        if value:
            yield f"<dt>{name}</dt><dd>{value}</dd>\n"
    yield "</dl></details>\n<p>No note does not mean no error: notes are given only where the rules are sure.</p>\n"
    yield "</footer>\n"


def _linked(url: str) -> str:
    return words.link(url, url) or words.line(url)


def _begins_with_heading(document: Document) -> bool:
    """Tell whether the article shows its title itself."""
    blocks = (one for one in document.layout.blocks if one.kind != "furniture")
    first = next(blocks, None)
    return first is not None and first.kind == "heading"


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


def _tally(counts: dict[str, int], names: Sequence[str]) -> None:
    for name in names:
        counts[name] = counts.get(name, 0) + 1


def _count(number: int, name: str) -> str:
    return f"{number} {name}{'' if number == 1 else 's'}"


@cache
def _file(name: str) -> str:
    """Return a file beside this one without its indents; its line ends are those that a browser makes its digest of."""
    with open(os.path.join(_FOLDER, name), encoding="utf-8") as file:
        return "".join(["\n", *(f"{line.strip()}\n" for line in file if line.strip())])


@cache
def _hash(content: str) -> str:
    from base64 import b64encode
    from hashlib import sha256

    return f"sha256-{b64encode(sha256(content.encode()).digest()).decode()}"
