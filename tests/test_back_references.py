"""Back-references against the rule pack: what they mean, where they are silent, and that they say why."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from rulemaking import CASES

from annotator import Annotator

TABLE = yaml.safe_load((CASES / "back-references.yaml").read_text(encoding="utf-8"))
_ALL = [(name, case) for name, cases in TABLE.items() for case in cases]
INSTRUMENTS = ("un.resolution.", "eu.act.", "us.eo.", "us.act.", "us.caatsa", "uk.si.", "ca.act.")


@pytest.fixture(scope="module")
def annotator() -> Annotator:
    return Annotator()


def found(annotator: Annotator, text: str) -> list[list[str]]:
    """Return the words and the last part of the note's id of each instrument found."""
    result = annotator.annotate(text, as_of="2024-06-01", notes="every")
    return [
        [a.text, "/".join(a.notes[0].id.split("/")[1:]) or a.notes[0].id]
        for a in result.annotations
        if a.notes[0].id.startswith(INSTRUMENTS)
    ]


@pytest.mark.parametrize(("name", "case"), _ALL, ids=[f"{name}: {case['text'][:60]}" for name, case in _ALL])
def test_case(annotator: Annotator, name: str, case: dict[str, Any]) -> None:
    assert found(annotator, case["text"]) == [[words, str(note)] for words, note in case["finds"]], name


@pytest.mark.parametrize(
    ("text", "rule", "says"),
    [
        (
            "Resolution 1718 (2006), then resolution 55/2. That resolution ended it.",
            "that-resolution",
            "not recognised",
        ),
        ("That resolution was never put to the vote.", "that-resolution", "nothing of that kind"),
        ("Resolutions 1718 (2006) and 1874 (2009) stand. The resolution binds.", "the-resolution", "several"),
        ("Resolutions 1718 (2006), 1874 (2009) and 2087 (2013) stand. The latter binds.", "latter", "not two"),
        ("Resolution 1718 (2006) stands." + " And so on it went." * 40 + " That resolution.", "that-resolution", "far"),
    ],
)
def test_silence_says_why(annotator: Annotator, text: str, rule: str, says: str) -> None:
    mentions = annotator.mentions(annotator.read(text), everything=True)
    assert says in " ".join(m.ruled_out for m in mentions if m.rule == f"back.{rule}")
