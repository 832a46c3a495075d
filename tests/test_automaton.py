"""The literal automaton: every occurrence, in one order, whichever library is there."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator import automaton

literals = st.lists(st.text("ab ", min_size=1, max_size=4).map(str.encode), min_size=1, max_size=8, unique=True)
texts = st.text("ab c", max_size=30).map(str.encode)


def occurrences(words: list[bytes], text: bytes) -> list[tuple[int, int, int]]:
    found = [
        (at, at + len(word), number)
        for number, word in enumerate(words)
        for at in range(len(text))
        if text.startswith(word, at)
    ]
    return sorted(found, key=lambda hit: (hit[1], hit[0]))


@pytest.fixture(params=["", "ahocorasick_rs"], ids=["the usual one", "the other one"], scope="module")
def library(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    if name:
        pytest.importorskip(name)
    return name


@settings(max_examples=200)
@given(words=literals, text=texts)
def test_every_occurrence_in_order(words: list[bytes], text: bytes, library: str) -> None:
    made = automaton.build(words, library=library)
    assert made.hits(text) == occurrences(words, text)
    again = automaton.load(made.serialize())
    assert again.hits(text) == made.hits(text)


@settings(max_examples=200)
@given(
    words=st.lists(st.text("аб ю中", min_size=1, max_size=4), min_size=1, max_size=8, unique=True),
    text=st.text("аб ю中!", max_size=30),
)
def test_every_phrase(words: list[str], text: str, library: str) -> None:
    found = sorted(automaton.phrases(words, library=library)(text))
    assert found == sorted(
        (at, at + len(word), number)
        for number, word in enumerate(words)
        for at in range(len(text))
        if text.startswith(word, at)
    )
    assert sorted(automaton.load_phrases(automaton.pack_phrases(words))(text)) == found


@pytest.mark.parametrize("text", ["Ким Чен Ын", "İSTANBUL", "ẞtraße", "a\u3000b\nc", "\ud800Ю\udfff", "金正恩"])
def test_lowering_keeps_each_code_point(text: str) -> None:
    low = automaton.lowered(text)
    assert len(low) == len(text)
    assert not any("\ud800" <= char <= "\udfff" or (char.isspace() and char != " ") for char in low)
    assert automaton.lowered(low) == low


def test_no_literals_no_hits() -> None:
    made = automaton.build([])
    assert made.hits(b"any text") == []
    assert automaton.load(made.serialize()).hits(b"any text") == []


@pytest.mark.parametrize(("state", "missing"), [(b'A["ab"]', "ahocorasick_rs"), (b"Dab", "daachorse")])
def test_a_file_of_a_machine_with_the_other_library(state: bytes, missing: str, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(ValueError, match="not installed"):
        automaton.load(state)


@pytest.mark.parametrize("state", [b"", b"X", b"Xabc"])
def test_what_is_no_automaton(state: bytes) -> None:
    with pytest.raises(ValueError, match="not an automaton"):
        automaton.load(state)
