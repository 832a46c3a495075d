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
