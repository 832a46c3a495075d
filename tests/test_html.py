"""HTML: what is read, where it stands, what notes do to a page, and that they come off again."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pages import bare, shown
from rulemaking import annotator, cases

from annotator import strip
from annotator.model import Annotation, Document, Note, Source
from annotator.reading import read
from annotator.reading.tags import Tokens
from annotator.writing import is_annotated, render

if TYPE_CHECKING:
    from pathlib import Path

SEALED: dict[str, Any] = {"as_of": "2024-06-20", "as_of_from": "given", "digest": "0123456789abcdef" * 4}
MANY = settings(max_examples=200, deadline=None)


def note(number: int = 1, text: str = "") -> Note:
    """Return a note that would break a page that does not escape it."""
    return Note(
        id=f"test.note-{number}",
        text=text or f'Note {number}: the Council’s </section> <script>alert(1)</script> & "so" --> ]]>',
        sources=(Source(f"S/RES/{number} <b>", "para. 8", f'https://example.org/{number}?a=1&b="c"'),
                 Source("Bad", "whole", "javascript:alert(1)")),
        from_date="2006-10-14", until=None, jurisdiction="un", status="partly", checked="2026-11-15",
    )  # fmt: skip


def annotations(document: Document, places: list[tuple[int, int, int]]) -> list[Annotation]:
    """Return annotations at places that are bent to the length of the text."""
    made = []
    for low, high, number in places:
        start, end = sorted((low % (len(document.text) + 1), high % (len(document.text) + 1)))
        kind = "claim" if number % 2 else "term"
        made.append(Annotation(start, end, document.text[start:end], "test.rule", kind, {}, (), (note(number),)))
    return made


words = st.sampled_from(
    ["Coal", " and ", "oil", "\n", "  ", "ban", "café", "“x”", "a < b", "AT&T", "3 > 2", "漢", "\r\n", "\t"]
)
references = st.sampled_from(
    ["&amp;", "&nbsp;", "&#8217;", "&#x2019", "&copy", "&notit;", "&not", "&#0;", "&#128;", "&#x110000;", "&bogus;", "&", "&#",
     "&#x", "&shy;", "&NotEqualTilde;", "&lt;b&gt;", "&ampx"]
)  # fmt: skip
TAGS = (
    "p div span b i a em strong ul ol li h1 h2 article section aside nav main header footer blockquote br hr img wbr pre"
    " code button label font sub u small dl dt dd form center address figure details summary x-y nobr"
).split()
attributes = st.sampled_from(
    ["", " id=x", " class='a b'", ' title="<p>"', " hidden", " a=b/c", " =x", ' x="', " /", " a='>'", "\n\tq = 'r'"]
)
odd = st.sampled_from(
    ["<!-- c -->", "<!-->", "<!--->", "<!-- x --!>", "<!doctype html>", "<?php x ?>", "</>", "</ p>", "<![CDATA[x]]>", "<", "<1",
     "</", "<script>a<b</script>", "<script><!--<script></script>--></script>", "<style>p{}</style>", "<textarea><p></textarea>",
     "<title>t</title>", "<svg><circle/><title><p>x</title></svg>", "<svg><p>", "<math><mi>x</mi></math>",
     "<select><option>o</select>", "<noscript><p>n</noscript>", "<iframe>f</iframe>", "<xmp><b></xmp>", "</body>", "</html>", "<body>",
     "<html lang=fr>", "<head>", "</br>", "<image>", "<svg><![CDATA[<p>]]></svg>", "<!--", "<a <b>", "<object>o</object>"]
)  # fmt: skip
tables = st.sampled_from(
    ["<table>", "<tr>", "<td>", "</td>", "</tr>", "</table>", "<th>", "<tbody>", "<caption>", "</caption>"]
)


@st.composite
def tags(draw: st.DrawFn) -> str:
    """Return a start or end tag."""
    name = draw(st.sampled_from(TAGS))
    if draw(st.booleans()):
        return f"</{name}>"
    return f"<{draw(st.sampled_from([name, name.upper()]))}{draw(attributes)}>"


soup = st.lists(st.one_of(words, words, words, references, tags(), tags(), tags(), odd), max_size=25).map("".join)
soup_with_tables = st.lists(st.one_of(words, words, tags(), tables), max_size=25).map("".join)
places = st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 4000), st.integers(1, 5)), min_size=1, max_size=5)


def text_by_the_map(document: Document) -> None:
    """Hold the map: each letter stands where it says, or for a piece of markup as a whole."""
    where = document.places
    assert where is not None
    last = 0
    for at, char in enumerate(document.text):
        low, high = where.before(at), where.after(at + 1)
        assert last <= low <= high <= len(document.markup)
        last = low
        piece = document.markup[low:high]
        assert not piece or piece[0] in ("&", "<") or piece == char or not piece.strip(), (piece, char)


# -- reading --------------------------------------------------------------------------------------------


@MANY
@given(soup)
@example("<p>a<b>b<p>c</b>d")
@example("<a>x<a>y</a>z")
@example("<button><p>a</button>b")
@example("<svg><foreignObject><p>x</p></foreignObject></svg>y")
def test_the_text_is_what_another_parser_shows(markup: str) -> None:
    """The letters read are those of the tree that html5lib builds."""
    document = read(markup, format="html")
    assert document.source == markup.encode("utf-8", "surrogatepass")
    assert bare(document.text) == shown(markup)
    text_by_the_map(document)


@MANY
@given(soup_with_tables)
def test_tables_show_the_same_letters(markup: str) -> None:
    """With tables, whose stray text a browser moves, the letters are the same, in whatever order."""
    document = read(markup, format="html")
    assert Counter(bare(document.text)) == Counter(shown(markup))
    text_by_the_map(document)


@MANY
@given(st.text(max_size=80))
def test_tokens_tile_the_source(markup: str) -> None:
    """Tokens follow each other without a gap, from the first letter to the last."""
    at = 0
    for _, start, end, *_ in Tokens(markup):
        assert start == at
        assert end > start
        at = end
    assert at == len(markup)


@pytest.mark.parametrize("case", cases("html"), ids=lambda case: case["name"])
def test_mentions(case: dict[str, Any], tmp_path: Path) -> None:
    """Mentions are found across what a person does not see, and nowhere else; the marker stands where it should."""
    made = annotator(tmp_path, {"goods": ["luxury goods"], "resolution": ["Resolution 2397"], "coal": ["coal"]})
    result = made.annotate(case["html"], format="html", as_of="2024-06-20", notes="every")
    assert [one.text for one in result.annotations] == case["found"]
    out = result.render()
    assert strip(out) == case["html"]
    if case.get("written"):
        plain = out[: out.index("<!-- Notes by")] + out[out.index("<!-- End of notes html sr -->") :]
        for piece in case.get("written", ()):
            assert piece in plain.replace(MARK, "*").replace(MARK2, "*").replace(MARK3, "*"), plain
    assert [one.text for one in result.unplaced] == case.get("unplaced", [])
    assert shown(out, ours=True) == shown(case["html"])


def _mark(reference: int) -> str:
    return f'<sup class="sr-note"><a id="sr-ref-1-{reference}" href="#sr-note-1" role="doc-noteref" aria-label="Note 1">[1]</a></sup>'


MARK, MARK2, MARK3 = _mark(1), _mark(2), _mark(3)


# -- writing --------------------------------------------------------------------------------------------


def hold(document: Document, chosen: list[Annotation], style: str = "") -> None:
    """Hold a page to the laws of writing."""
    unplaced: list[Annotation] = []
    out = render(document, chosen, format="html", style=style, unplaced=unplaced, **SEALED)
    text = out[len(document.bom) :].decode(document.encoding, document.errors)
    assert document.bom + document.encode(text) == out
    rest = iter(text)
    assert all(char in rest for char in document.markup)  # in order, nothing lost
    assert strip(out) == document.source
    assert (out == document.source) == (len(unplaced) == len(chosen))
    assert is_annotated(out) == (out != document.source)
    if out != document.source:
        assert strip(out, edited=True) == document.source
    assert render(document, chosen, format="html", style=style, **SEALED) == out
    assert shown(text, ours=True) == shown(document.markup)


@MANY
@given(soup, places)
@example("<plaintext>x", [(0, 1, 1)])
@example("<a href=x>open", [(2, 3, 1)])
@example("<table><a><tr><td>x</table>y", [(0, 1, 1)])
def test_pages_come_back(markup: str, where: list[tuple[int, int, int]]) -> None:
    """Whatever the page, notes only go in, come off again, and change nothing else that is seen."""
    document = read(markup, format="html")
    hold(document, annotations(document, where))


@MANY
@given(soup_with_tables, places)
def test_tables_come_back(markup: str, where: list[tuple[int, int, int]]) -> None:
    """Notes in and around tables leave the text in its place."""
    document = read(markup, format="html")
    hold(document, annotations(document, where), "styled")
