"""The shipped rule pack: clean, proven by its own examples, and silent on ordinary text."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from annotator import Annotator, checking, rulebook
from annotator.rulebook._compile import merged_version
from annotator.rulebook._sentences import sentence

if TYPE_CHECKING:
    from pathlib import Path


def test_lint_is_clean() -> None:
    assert checking.lint(today="2026-11-21", max_age=365) == []


def test_every_rule_proves_itself() -> None:
    report = checking.test(today="2026-11-21")
    assert report.failures == []
    assert report.covered == report.rules > 150


def test_every_note_is_short_cited_and_dated() -> None:
    definitions = rulebook.read_definitions()
    for note in definitions["notes"].values():
        for version in note.data.get("versions", [note.data]):
            merged = merged_version(note.data, version)
            assert merged["sources"], note.id
            assert merged["status"] in {"verified", "partly", "unverified"}, note.id
            assert re.fullmatch(r"\d{4}-\d\d-\d\d", merged["checked"]), note.id
            assert merged["jurisdiction"], note.id
            text = merged["text"] if "text" in merged else sentence(merged)
            assert len(text.split()) <= 60, note.id


@pytest.mark.parametrize("as_of", ["2010-01-01", "2016-06-01", "2022-11-01", "2024-02-21", "2026-11-21"])
def test_every_listing_is_short_on_any_date(as_of: str) -> None:
    from annotator.noting import Notes

    book = rulebook.load()
    notes = Notes(book, as_of)
    for identifier in rulebook.read_definitions()["listings"]:
        note = notes.get(identifier, {})
        if note is None:  # years before anyone listed it
            assert as_of < "2023", identifier
            continue
        assert len(note.text.split()) <= 60, note.text


def test_resolution_table_is_whole() -> None:
    book = rulebook.load()
    table = next(name for name in rulebook.read_definitions()["tables"] if "unsc" in name)
    for number in range(1, 2820):
        row = book.row(table, str(number))
        assert row is not None, number
        assert row["year"].isdigit()
        assert not row["adopted"] or row["adopted"][:4] == row["year"], number
    assert book.row(table, "2820") is None
    assert book.row(table, "1718")["adopted"] == "2006-10-14"  # type: ignore[index]
    assert book.row(table, "2397")["adopted"] == "2017-12-22"  # type: ignore[index]


ORDINARY = [
    "The new collection is all about luxury: luxury goods, furs and gold sell well in Milan this season.",
    "The league imposed sanctions on two clubs, and the court sanctioned the lawyer for contempt.",
    "Kim Kardashian wore a dress by a young designer. Kim said she loved it.",
    "Resolution 2397 was passed by the House in March after a long debate.",
    "Her New Year's resolution was to run 1718 kilometres. The screen has a resolution of 1080 lines.",
    "General Assembly resolution 2625 (XXV) was adopted in 1970, and resolution 377 (V) in 1950.",
    "The city council froze the assets of the bankrupt museum and put an embargo on the story.",
    "The school lifted its travel ban on class trips. Textile workers went on strike over coal prices.",
    "A tea set and a dagger were among the gifts that the king received.",
]


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_text_stays_bare(text: str) -> None:
    result = Annotator().annotate(text, as_of="2024-06-20")
    assert [a.text for a in result.annotations] == []
    assert str(result) == text


def test_ordinary_news_stays_nearly_bare(outside: Path) -> None:
    """Wikinews of 2019 and 2020: a note only where the text speaks of what the pack knows."""
    annotator = Annotator()
    words = 0
    found: list[tuple[str, str]] = []
    with (outside / "news" / "wikinews-2019-2020.jsonl").open(encoding="utf-8") as file:
        for line in file:
            text = json.loads(line)["text"]
            words += len(text.split())
            found += [(a.rule, a.text) for a in annotator.annotate(text, as_of="2020-06-01").annotations]
    assert len(found) <= words / 10_000, found


@pytest.mark.parametrize("name", ["wikinews-2019-2020", "us-government-ordinary", "us-government-2021-2022"])
def test_no_claim_is_called_wrong_in_the_news(outside: Path, name: str) -> None:
    """Nobody in these texts gets a date, an instrument or a list wrong; a claim note there would be ours."""
    annotator = Annotator()
    found: list[tuple[str, str]] = []
    with (outside / "news" / f"{name}.jsonl").open(encoding="utf-8") as file:
        for line in list(file)[:150]:
            result = annotator.annotate(json.loads(line)["text"], as_of="2022-08-01", notes="every")
            found += [(a.rule, a.text) for a in result.annotations if a.kind == "claim"]
    assert found == []


CLAIMS = [
    ("The UN Security Council passed Resolution 2397 in November 2017.", "22 December 2017"),
    ("UN Security Council resolution 1718 (2007) bans luxury goods for North Korea.", "14 October 2006"),
    ("Kim Jong Un, who is under UN sanctions, arrived from North Korea.", "not on the list of the UN"),
    ("Putin aide Yuri Ushakov, who is under EU sanctions over the war, smiled in Moscow.", "not on the list of the EU"),
    ("The UN Panel of Experts monitors the sanctions on North Korea.", "not been in force since 1 May 2024"),
    ("Textiles from North Korea are banned under Security Council resolution 2094.", "S/RES/2375 (2017) para. 16"),
    ("The UN sets a cap of 900,000 barrels of refined petroleum a year for North Korea.", "500,000"),
    ("UN Security Council resolution 1874 requires states to inspect cargo to and from North Korea.", "calls upon"),
    ("Oleg Tinkov, who is under UK sanctions over the war in Ukraine, spoke of Putin.", "20 July 2023"),
    ("In May the Council lifted the UN sanctions on North Korea.", "was not lifted"),
]


@pytest.mark.parametrize(("text", "correction"), CLAIMS)
def test_wrong_claims_are_called_wrong(text: str, correction: str) -> None:
    result = Annotator().annotate(text, as_of="2024-06-20", notes="every")
    claims = [note.text for a in result.annotations if a.kind == "claim" for note in a.notes]
    assert any(correction in claim for claim in claims), (claims, [a.rule for a in result.annotations])


RIGHT = [
    "The UN Security Council passed Resolution 2397 in December 2017.",
    "UN Security Council resolution 1718 (2006) bans luxury goods for North Korea.",
    "US-sanctioned North Korean leader Kim Jong Un arrived.",
    "The UN Panel of Experts monitored the sanctions on North Korea.",
    "Textiles from North Korea are banned under Security Council resolution 2375.",
    "The UN sets a cap of 500,000 barrels of refined petroleum a year for North Korea.",
    "UN Security Council resolution 2270 requires states to inspect cargo to and from North Korea.",
    "Pyongyang asked the Council to lift the UN sanctions on North Korea.",
]


@pytest.mark.parametrize("text", RIGHT)
def test_right_claims_get_no_claim_note(text: str) -> None:
    result = Annotator().annotate(text, as_of="2024-06-20", notes="every")
    assert [a.rule for a in result.annotations if a.kind == "claim"] == []


def test_quoted_claims_are_marked_as_quoted() -> None:
    text = 'He said of North Korea: "UN Security Council resolution 1718 (2007) is old."'
    result = Annotator().annotate(text, as_of="2024-06-20")
    assert any("in quoted speech" in n.text for a in result.annotations if a.kind == "claim" for n in a.notes)
