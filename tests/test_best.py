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


def test_the_note_on_a_bloc_names_its_sanctions_not_what_is_done_about_them(shipped: Annotator) -> None:
    text = "The G7 and the EU announced a new sanctions evasion initiative on Russia."
    notes = [note.text for one in shipped.annotate(text, as_of="2022-03-24").annotations for note in one.notes]
    assert [note.partition(":")[0] for note in notes] == ["Sanctions"]
