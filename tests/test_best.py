"""The policy `best`: which mention is marked with which notes."""

from __future__ import annotations

from typing import Any

import pytest
from rulemaking import cases

from annotator import Annotator

BEST = cases("best")


@pytest.fixture(scope="module")
def shipped() -> Annotator:
    """Return an annotator with the shipped rules and no lists."""
    return Annotator(lists=("none",))


@pytest.mark.parametrize("case", BEST, ids=[case["about"] for case in BEST])
def test_what_is_marked(shipped: Annotator, case: dict[str, Any]) -> None:
    result = shipped.annotate(case["text"], as_of=case["as_of"])
    marks = [{"words": one.text, "notes": [note.id for note in one.notes]} for one in result.annotations]
    assert marks == case["marks"]


def test_every_marks_what_best_leaves_out(shipped: Annotator) -> None:
    case = next(case for case in BEST if case["about"] == "each note once")
    every = shipped.annotate(case["text"], as_of=case["as_of"], notes="every")
    assert [note.id for one in every.annotations for note in one.notes] == ["un.dprk.coal", "un.dprk.coal"]


def test_who_is_named_in_two_articles_of_a_file_has_one_note() -> None:
    """Also where one of them names him in full, so that lists say more of him there."""
    prose = "<p>The bank in the old town, where the trams turn round, has lent money to many people since then.</p>" * 3
    articles = (
        "The US put sanctions on Russia. Mr Putin was listed by the US Treasury too.",
        "The EU put sanctions on Russia. It has also listed the president, Vladimir Putin, it said.",
    )
    page = "".join(f"<article><h2>Sanctions bite again</h2><p>{said}</p>{prose}</article>" for said in articles)
    result = Annotator().annotate(f"<html><body>{page}</body></html>", as_of="2026-11-01", format="html")
    assert len({block.article for block in result.document.layout.blocks}) > 1
    notes = [note for one in result.annotations for note in one.notes if note.id == "people.putin"]
    assert notes
    assert len(set(notes)) == 1
