"""Facts put right stay right: what a note must say on a day, and what it must not."""

from __future__ import annotations

from typing import Any

import pytest
from rulemaking import cases

from annotator import rulebook
from annotator.noting import Notes
from annotator.rulebook import Rulebook

FACTS = cases("facts")


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return rulebook.load()


@pytest.mark.parametrize("fact", FACTS, ids=[f"{one['id']}-{one['note']}-{one['as_of']}" for one in FACTS])
def test_what_was_put_right_stays_right(fact: dict[str, Any], book: Rulebook) -> None:
    found = Notes(book, str(fact["as_of"])).get(fact["note"], {})
    if fact.get("absent"):
        assert found is None
        return
    assert found is not None
    whole = " ".join([found.text, *(f"{s.instrument} {s.pinpoint}" for s in found.sources)]).lower()
    for words in fact.get("says", ()):
        assert words.lower() in whole, found.text
    for words in fact.get("never", ()):
        assert words.lower() not in whole, found.text
