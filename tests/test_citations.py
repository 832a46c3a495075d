"""Security Council citations: forms and pinpoints as lawyers write them, and what is someone else's."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from annotator import noting
from annotator.matching import match
from annotator.reading import read
from annotator.rulebook import load

if TYPE_CHECKING:
    from annotator.model import Mention
    from annotator.rulebook import Rulebook

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "citations-un.yaml").read_text(encoding="utf-8"))
_ALL = [(name, case) for name, cases in CASES.items() for case in cases]


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load()


def _found(book: Rulebook, text: str) -> list[Mention]:
    wanted = ("un.resolution.", "un.statement.", "un.document.")
    return [
        m
        for m in match(read(text, format="text"), book)
        if m.rule.startswith(wanted) and m.fields.get("url", m.fields.get("key"))
    ]


def _shown(mention: Mention) -> str:
    if "key" in mention.fields:
        return mention.fields["key"]
    pin = mention.fields.get("pin")
    if "pin_annex" in mention.fields:
        pin = f"{mention.fields['annex'].lower()} {mention.fields['pin_annex']}"
    return f"{mention.fields['number']} {mention.fields['year']}" + (f"; {pin}" if pin else "")


@pytest.mark.parametrize(("name", "case"), _ALL, ids=[f"{name}: {case['text'][:50]}" for name, case in _ALL])
def test_case(book: Rulebook, name: str, case: dict[str, Any]) -> None:
    assert [_shown(m) for m in _found(book, case["text"])] == [str(cite) for cite in case["finds"]], name


def _notes(book: Rulebook, text: str, as_of: str) -> list[str]:
    document = read(text, format="text")
    annotations = noting.note(document, match(document, book), noting.Notes(book, as_of))
    return [note.id for annotation in annotations for note in annotation.notes]


def test_the_mention_spans_instrument_and_pinpoint(book: Rulebook) -> None:
    text = "It rests on paragraph 8 (a) (iii) of resolution 1718 (2006), they said."
    [mention] = _found(book, text)
    assert text[mention.start : mention.end] == "paragraph 8 (a) (iii) of resolution 1718 (2006)"


def test_a_paragraph_says_what_it_does(book: Rulebook) -> None:
    text = "It rests on paragraph 8 (a) (iii) of resolution 1718 (2006)."
    assert _notes(book, text, "2020-01-01") == ["un.resolution.paragraph/1718/8(a)(iii)"]


def test_a_paragraph_of_an_annex_says_what_it_does(book: Rulebook) -> None:
    text = "It rests on paragraph 4 of Annex B to resolution 2231 (2015)."
    assert _notes(book, text, "2020-01-01") == ["un.resolution.paragraph/2231/annex b/4"]
    assert _notes(book, text, "2024-01-01") == ["un.resolution.by-number/2231/annex b"]
    [mention] = _found(book, text)
    assert text[mention.start : mention.end] == "paragraph 4 of Annex B to resolution 2231 (2015)"


def test_an_unknown_paragraph_leaves_the_resolution(book: Rulebook) -> None:
    assert _notes(book, "See paragraph 3 of resolution 1718 (2006).", "2020-01-01") == ["un.resolution.by-number/1718"]


@pytest.mark.parametrize(
    ("as_of", "note"),
    [("2017-10-01", "un.resolution.paragraph/2375/14"), ("2019-01-01", "un.resolution.by-number/2375")],
)
def test_a_paragraph_that_no_longer_holds_leaves_the_resolution(book: Rulebook, as_of: str, note: str) -> None:
    assert _notes(book, "See paragraph 14 of resolution 2375 (2017).", as_of) == [note]


def test_a_block_of_paragraphs_is_told_once(book: Rulebook) -> None:
    notes = _notes(book, "See paragraphs 33-36 of resolution 2270 (2016).", "2020-01-01")
    assert notes == ["un.resolution.paragraph/2270/33-36"]


def test_the_table_of_paragraphs_is_sound(book: Rulebook) -> None:
    for key in book.keys_below("un.resolution.paragraphs", ""):
        row = book.row("un.resolution.paragraphs", key)
        assert row is not None
        main = book.row("un.resolution.unsc", row["number"])
        assert main is not None
        assert main["year"] == row["year"], key
        assert row["url"] == main["url"], key
        assert date.fromisoformat(row["from"]) >= date.fromisoformat(main["adopted"]), key
        assert not row["until"] or row["until"] > row["from"], key
        text = f"S/RES/{row['number']} ({row['year']}) para. {row['para']} {row['verb']} {row['does']}."
        assert len(text.split()) <= 60, key
        assert row["status"] in {"verified", "partly"}, key


@pytest.mark.parametrize(
    "text",
    [
        "resolution 1718, 1719, 1720, " * 2000,
        "Security Council resolutions " + ", ".join(str(1000 + n % 1800) for n in range(8000)),
        "UN resolution " + "(" * 20000 + "1718" + ")" * 20000,
        "paragraph 8 " + "(a) " * 20000 + "of resolution 1718 (2006)",
        "paragraphs 8 and " * 6000 + "of resolution 1718 (2006)",
        "Security Council resolution 99999, resolution 0, resolution 1718 (99999). " * 800,
        "resolutions 1325 (2000) on women, " * 2000,
    ],
    ids=["list", "one list", "brackets", "parts", "paragraphs", "absurd", "subjects"],
)
def test_bad_input_takes_no_long_time(book: Rulebook, text: str) -> None:
    _found(book, "Security Council resolution 1718.")
    start = time.process_time()  # what else the machine does is not counted
    _found(book, text)
    assert time.process_time() - start < 8


@pytest.mark.parametrize(
    "text",
    [
        "Security Council resolution 99999.",
        "Security Council resolution 0.",
        "UNSCR 2397 (99999).",
        "S/RES/2397 (1066)",
    ],
)
def test_what_does_not_exist_has_no_note(book: Rulebook, text: str) -> None:
    assert _notes(book, text, "2020-01-01") == []
