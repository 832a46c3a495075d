"""The article's own date: what is taken for it, what is not, and what the output says of it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from annotator import Annotator
from annotator.model import SourceMap
from annotator.reading import read

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "dates.yaml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_dates(case):
    source = case.get("markdown") or case["text"].replace("{filler}", "word " * 2000)
    dated = read(source, format="markdown" if "markdown" in case else "text").dated
    assert dated.date == (case["date"] and str(case["date"]))
    assert case.get("origin", "") in dated.origin


def test_the_date_chooses_the_notes_and_is_named():
    story = "Published: 12 June 2024\n\nThe UN bans luxury goods for North Korea."
    result = Annotator().annotate(story)
    assert (result.as_of, result.as_of_from) == ("2024-06-12", 'the line "Published: 12 June 2024"')
    assert "as of 2024-06-12" in str(result)


def test_a_given_date_goes_before_the_articles():
    result = Annotator().annotate("Published: 12 June 2024\n\nThe UN bans luxury goods.", as_of="2020-01-01")
    assert (result.as_of, result.as_of_from) == ("2020-01-01", "given")


def test_dates_that_disagree_are_said():
    result = Annotator().annotate("Published: 12 June 2024\nBy Jane Roe\n13 June 2024\nThe UN bans luxury goods.")
    assert result.as_of_from.startswith("today; the article gives 2024-06-12")


@given(st.text(max_size=300))
def test_any_text_is_looked_through(text):
    read(text).dated
    read("---\n" + text, format="markdown").dated


@given(st.lists(st.tuples(st.integers(0, 3), st.text(max_size=4), st.text(max_size=4)), max_size=12))
def test_places_lead_to_the_markup(pieces):
    """Each run is verbatim (0, 1), a piece that stands for another (2), or something not shown (3)."""
    text = markup = ""
    starts: tuple[list[int], list[int], list[int]] = ([], [], [])
    spans = []
    for kind, seen, hidden in pieces:
        shown = "" if kind == 3 else seen
        written = shown if kind < 2 else hidden
        if shown:
            for values, value in zip(starts, (len(text), len(markup), len(written)), strict=True):
                values.append(value)
            spans.append((len(text), len(markup), shown, written))
        text += shown
        markup += written
    places = SourceMap(*starts, len(text))
    for begin, at, shown, written in spans:
        assert places.before(begin) == at
        assert places.after(begin + len(shown)) == at + len(written)
        if len(shown) == len(written):
            for inside in range(1, len(shown)):
                assert places.before(begin + inside) == places.after(begin + inside) == at + inside
