"""Plain pages and Word documents, which are read by patterns, have the text that the full reader gives them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator import core
from annotator.reading import read
from annotator.reading.html import plain

if TYPE_CHECKING:
    from annotator.model import Document

PIECES = [
    "<p>", "</p>", "<br>", "<div class='a'>", "</div>", "<b>", "</b>", '<a href="/x">', "</a>", "<!-- - -->", "<li>",
    "<table>", "<tr>", "<td>", "</td>", "</table>", "<h2>", "</h2>", "<script>if (a < b) {}</script>",
    "<!doctype html>",
    "<style>p {}</style>", "&amp;", "&nbsp;", "&#32;", "&ampx", "&notit;", "&shy;", " ", "\n", "\t ", "word", "Iran",
    "\u200b", "\xa0", "é", "<", ">", "<span hidden>", "</span>", '<svg><path d="m"/></svg>', "<pre>", "</pre>", "\0",
    "<noscript>", "</noscript>", "<sup>1</sup>", '<img alt="a > b">', "</br>", "<hr/>", "&", "&#1;",
]  # fmt: skip
WORDS = st.text(st.sampled_from("ab &<>\t\n\xa0\u200bé"), max_size=12)


def whole(document: Document) -> str:
    """Return the text that the full reader gives a document."""
    inner: Any = document.inner
    if document.format == "html":
        return str(inner.text)
    return "\n\n".join("".join(paragraph.chunks) for paragraph in inner.paragraphs)


@given(st.lists(st.sampled_from(PIECES), max_size=25))
@settings(deadline=None, max_examples=400)
def test_pages_have_the_text_of_the_full_reader(pieces: list[str]) -> None:
    document = read("".join(pieces), format="html")
    assert document.text == whole(document)


MORE_PIECES = [
    *PIECES, "<script>", "</script>", "<title>A & B</title>", "<TITLE>", "</title>", "<svg>", "</svg>", "<iframe>",
    "<iframe src='a'></iframe>", "<!-->", "<!--", "-->", "&#x41;", "&#X;", "&#65", "&lt;", "&gt", "&notin;", "&#0;",
    "&#x200b;", "&#x1d538;", "<th>", "<thead>", "<caption>", "a <br> <br>b", "<style>", "</style >",
    "<Script >1</script>", "<?xml version='1.0'?>", "<a", '="x>"', "\x7f", "\r\n", "\f", "\v", "a  b",
    "\U0001d538", "\ud800",
]  # fmt: skip


@pytest.mark.skipif(core.built("pages") is None, reason="the core is not compiled here: see annotator/core/pages.c")
@given(st.lists(st.sampled_from(MORE_PIECES) | st.text(max_size=4), max_size=25))
@settings(deadline=None, max_examples=400)
def test_the_core_reads_pages_as_python_does(pieces: list[str]) -> None:
    markup = "".join(pieces)
    text, twin = plain.plain_text(markup), plain.interpreted(markup)
    if text != twin:
        assert twin is None, "the core may read a page that the pattern leaves to the full reader"
        assert text == whole(read(markup, format="html"))


@given(
    paragraphs=st.lists(st.lists(st.tuples(WORDS, st.booleans(), st.booleans()), max_size=4), max_size=5),
    tabled=st.booleans(),
)
@settings(deadline=None, max_examples=60)
def test_word_documents_have_the_text_of_the_full_reader(
    paragraphs: list[list[tuple[str, bool, bool]]], *, tabled: bool
) -> None:
    made = docx.Document()
    for runs in paragraphs:
        paragraph = made.add_paragraph()
        for words, bold, hidden in runs:
            run = paragraph.add_run(words)
            run.bold = bold
            run.font.hidden = hidden or None
    if tabled:
        made.add_table(1, 2).cell(0, 1).text = "In a cell"
    stream = io.BytesIO()
    made.save(stream)
    document = read(stream.getvalue(), format="docx")
    assert document.text == whole(document)
