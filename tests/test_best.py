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


def test_the_note_on_a_bloc_says_whose_law_it_is_not_what_is_done_about_it(shipped: Annotator) -> None:
    text = "The G7 and the EU announced a new sanctions evasion initiative on Russia."
    notes = [note.text for one in shipped.annotate(text, as_of="2022-03-24").annotations for note in one.notes]
    heads = [note.partition(". ")[0] for note in notes]
    assert heads == ["Canada, the EU, Japan, the UK and the US each act under their own law"]


def test_a_part_of_what_a_bloc_does_has_no_note_of_its_own(shipped: Annotator) -> None:
    text = "Rich Russians are subject to Western penalties that include travel restrictions and asset freezes."
    result = shipped.annotate(text, as_of="2024-06-20")
    assert len([note for one in result.annotations for note in one.notes if note.is_group]) == 1


def noted(annotator: Annotator, text: str) -> list[str]:
    return [note.id for one in annotator.annotate(text, as_of="2024-06-20").annotations for note in one.notes]


def test_a_regime_gives_way_to_the_measure_of_its_clause(shipped: Annotator) -> None:
    text = "Seoul pointed to UN sanctions that prohibit the supply of luxury goods to North Korea."
    both = noted(shipped, f"Pyongyang is under international sanctions.\n\n{text}")
    assert both == ["un.dprk.regime", "un.dprk.luxury-goods"]


def test_one_note_tells_of_an_entry_of_lists_by_all_its_names(shipped: Annotator) -> None:
    text = "The US keeps sanctions on the Islamic Revolutionary Guard Corps. The Guards (IRGC) of Iran fight on."
    listed = [name for name in noted(shipped, text) if name.startswith("lists.")]
    assert len(listed) == len(set(listed))
