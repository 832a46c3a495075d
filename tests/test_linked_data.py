"""Saved pages that show their article only by a script, and hold it as JSON-LD."""

from __future__ import annotations

import json

import pytest

from annotator import Annotator, strip
from annotator.reading import read

FIRST = "Diplomats said the ban on sending luxury goods to North Korea was adopted under Resolution 2397."
REST = "Nobody at the mission would say more than that, and the committee has yet to meet on the matter. " * 6
BODY = f"{FIRST}\n\n{REST}"


def page(body: str, shown: str = "<div id=app></div>", **more: object) -> str:
    data = {"@context": "https://schema.org", "@type": "NewsArticle", "datePublished": "2024-06-20", **more}
    script = json.dumps({**data, "articleBody": body}).replace("</", "<\\/")
    return (
        f'<!doctype html><html><head><title>x</title><script type="application/ld+json">{script}</script></head>'
        f"<body><nav><a href=/>Home</a></nav><h1>On the ban</h1>{shown}</body></html>"
    )


def test_the_article_is_read_from_where_it_stands() -> None:
    markup = page(BODY)
    result = Annotator(lists=False).annotate(markup, path="a.html")
    document = result.document
    assert document.text == f"Home\n\nOn the ban\n\n{BODY.strip()} "
    assert {one.kind for one in result.annotations} >= {"claim"}
    assert result.as_of == "2024-06-20"
    assert document.places is not None
    for one in result.annotations:
        assert document.markup[document.places.before(one.start) : document.places.after(one.end)] == one.text
    assert any("JSON-LD articleBody" in line for line in result.warnings)


def test_no_note_goes_into_the_data_and_none_is_lost_unsaid() -> None:
    markup = page(BODY)
    result = Annotator(lists=False).annotate(markup, path="a.html")
    assert result.render() == markup
    assert len(result.unplaced) == len(result.annotations) > 0
    assert strip(markup) == markup


@pytest.mark.parametrize(
    ("raw", "seen"),
    [
        ("a \\u201cban\\u201d on trade", "a “ban” on trade"),
        ("a \\ud83d\\ude00 face", "a 😀 face"),
        ("<p>one</p><p>two &amp; <b>three<\\/b></p>", "one\n\ntwo & three"),
        ("tab\\tand\\r\\nline", "tab and\nline"),
        ('a \\\\ and a \\/ and a \\"', 'a \\ and a / and a "'),
        ("a \\ud83d alone", "a \ud83d alone"),
    ],
)  # fmt: skip
def test_escapes_and_markup_in_the_data_are_taken_apart(raw: str, seen: str) -> None:
    markup = page(BODY).replace(FIRST, f"{raw} {FIRST}")
    assert seen in read(markup).text
    assert FIRST in read(markup).text


@pytest.mark.parametrize(
    "markup",
    [
        page(BODY, f"<article><p>{FIRST}</p><p>{REST}</p></article>"),  # shown as well
        page("Too short to be an article."),
        page(BODY, "".join(f"<p>{word} {REST}</p>" for word in ("One", "Two", "Three"))),  # another article is shown
        page(BODY).replace('type="application/ld+json"', ""),  # no data, but a script
        page(BODY).replace("articleBody", "description"),
    ],
)
def test_where_an_article_is_shown_the_data_are_left_alone(markup: str) -> None:
    document = read(markup)
    assert document.text.count(FIRST) == (f"<p>{FIRST}" in markup)
    assert document.warnings == ()


def test_hostile_data_are_read_in_linear_time_and_never_break_the_page() -> None:
    for script in (
        '{"articleBody": "' * 20_000,
        '{"articleBody": "' + "\\" * 400_001,
        '{"articleBody": "' + "<a" * 200_000 + '"}',
    ):
        markup = f'<html><script type="application/ld+json">{script}</script><p>The UN bans luxury goods.</p></html>'
        assert "The UN bans luxury goods." in read(markup).text
