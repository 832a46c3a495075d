"""Instruments of the US, the EU, the UK and Canada: forms, tables, line breaks, bad input."""

from __future__ import annotations

import csv
import textwrap
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from annotator import Annotator, rulebook

HERE = Path(__file__).parent
CASES = yaml.safe_load((HERE / "cases" / "instruments.yaml").read_text(encoding="utf-8"))
DATA = HERE.parent / "rules" / "data"
AS_OF = "2026-11-15"
OURS = (
    *("us.eo.", "us.cfr.", "us.act.", "us.tag.", "us.caatsa", "us.nkspea"),
    *("eu.act.", "uk.si.", "uk.act.", "uk.otsi", "ca."),
)


@pytest.fixture(scope="module")
def annotator() -> Annotator:
    return Annotator()


def found(annotator: Annotator, text: str) -> list[list[str]]:
    result = annotator.annotate(text, as_of=AS_OF, notes="every")
    pairs = [[a.text, a.notes[0].id] for a in result.annotations]
    return [[words, note] for words, note in pairs if note.startswith(OURS) and not note.endswith(".regime")]


def rows_of(file: str) -> list[dict[str, str]]:
    with open(DATA / file, encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:40])
def test_forms(annotator: Annotator, case: dict[str, Any]) -> None:
    assert found(annotator, case["text"]) == case["finds"]


WRAPPED = (
    "The president wrote to the leaders of both houses that the measures stand, and cited Executive Order 13224 of "
    "2001 as their basis, together with section 1(a)(ii) of E.O. 14068 and with what the European Union had set in "
    "Council Regulation (EU) No 269/2014, in Article 3m of Regulation (EU) No 833/2014 and in 31 CFR part 587; the "
    "Syria (Sanctions) (EU Exit) Regulations 2019 and the International Emergency Economic Powers Act were named, "
    "and Executive Orders 13660, 13661 and 13662."
)


@pytest.mark.parametrize("width", range(50, 110, 7))
def test_line_breaks_make_no_difference(annotator: Annotator, width: int) -> None:
    wrapped = textwrap.fill(WRAPPED, width, break_on_hyphens=False)
    plain = [note for _, note in found(annotator, WRAPPED)]
    assert len(plain) == 10
    assert [note for _, note in found(annotator, wrapped)] == plain
    assert [note for _, note in found(annotator, WRAPPED.replace(" ", "\u00a0"))] == plain


@pytest.mark.parametrize(
    ("table", "key", "file"),
    [
        ("us.orders", "number", "us-executive-orders.csv"),
        ("us.order-sections", "pinpoint", "us-order-sections.csv"),
        ("us.directives", "key", "us-directives.csv"),
        ("us.licences", "key", "us-general-licences.csv"),
        ("us.caatsa-sections", "pinpoint", "us-caatsa-sections.csv"),
        ("us.programmes", "key", "us-programmes.csv"),
        ("us.cfr", "cite", "us-cfr.csv"),
        ("us.acts", "name", "us-acts.csv"),
        ("us.tags", "tag", "us-programme-tags.csv"),
        ("eu.acts", "number", "eu-acts.csv"),
        ("eu.articles", "pinpoint", "eu-articles.csv"),
        ("uk.si", "number", "uk-instruments.csv"),
        ("uk.regulations", "pinpoint", "uk-regulations.csv"),
        ("uk.acts", "name", "uk-acts.csv"),
        ("ca.acts", "name", "ca-acts.csv"),
        ("ca.regulations", "number", "ca-regulations.csv"),
    ],
)
def test_every_row_makes_a_short_cited_note(table: str, key: str, file: str) -> None:
    from annotator.noting import Notes

    book = rulebook.load()
    notes = Notes(book, AS_OF)
    makers = [i for i, item in rulebook.read_definitions()["notes"].items() if item.data.get("table") == table]
    assert makers
    for row in rows_of(file):
        if row.get("until") and row["until"] <= AS_OF:
            continue
        note = notes.get(f"{makers[0]}/{row[key]}", {})
        assert note is not None, row
        assert len(note.text.split()) <= 60, note.text
        assert "{" not in note.text
        assert "[]" not in note.text
        assert note.status == row["status"]
        assert all(source.url.startswith("https://") and "{" not in source.url for source in note.sources)
        assert all(source.instrument and "{" not in source.pinpoint for source in note.sources)


def test_every_row_is_found(annotator: Annotator) -> None:
    for row in rows_of("us-executive-orders.csv"):
        assert found(annotator, f"See E.O. {row['number']}.")[0][1] == f"us.eo.numbered/{row['number']}"
    for row in rows_of("us-acts.csv"):
        # Some names need it said that entry or sanctions are spoken of.
        text = f"On sanctions, see the {row['name']} today."
        assert found(annotator, text) == [[row["name"], f"us.act.named/{row['name']}"]]
    for row in rows_of("us-cfr.csv"):
        assert found(annotator, f"See {row['citation']}.")[0][1] == f"us.cfr.numbered/{row['cite']}", row
    for row in rows_of("eu-acts.csv"):
        assert found(annotator, f"See {row['citation']}.") == [[row["citation"], f"eu.act.numbered/{row['number']}"]]
    for row in rows_of("ca-regulations.csv"):
        for words in (f"SOR/{row['number']}", f"the {row['title']}"):
            assert found(annotator, f"See {words}.")[0][1] == f"ca.sor.numbered/{row['number']}", row
    for row in rows_of("uk-instruments.csv"):
        result = annotator.annotate(f"It rests on the {row['title']}.", as_of=AS_OF)
        notes = [a.notes[0].id for a in result.annotations]
        assert notes in ([f"uk.si.numbered/{row['number']}"], ["uk.russia.regime"], ["uk.dprk.regime"]), row


# A sentence in which a name of each table stands as an article would use it, and the note that it calls for.
NAMED = {
    "us-executive-orders.csv": ("names", "He signed an executive order titled {}.", "us.eo.numbered", "number"),
    "us-cfr.csv": (
        "names",
        "The Commerce Department's export controls include the {} as well.",
        "us.cfr.numbered",
        "cite",
    ),
    "uk-instruments.csv": ("names", "In Britain OFSI applies the {} and other sanctions.", "uk.si.numbered", "number"),
    "eu-acts.csv": ("names", "The EU keeps its {} in force.", "eu.act.numbered", "number"),
    "state-acts.csv": (
        "names",
        "Sanctions of Switzerland, Japan, Australia and New Zealand rest on the {}.",
        "programme.state-act",
        "key",
    ),
    "us-programmes.csv": ("names", "The US sanctions and the {} stand.", "us.programme.named", "key"),
    "programmes.csv": ("names", "The sanctions and the {} stand.", "programme.programme", "key"),
}


@pytest.mark.parametrize("file", NAMED)
def test_every_name_is_found(annotator: Annotator, file: str) -> None:
    column, sentence, note, key = NAMED[file]
    for row in rows_of(file):
        for name in filter(None, map(str.strip, row[column].split(";"))):
            result = annotator.annotate(sentence.format(name), as_of=AS_OF, notes="every")
            notes = {n.id for a in result.annotations for n in a.notes if name in a.text or a.text in name}
            assert f"{note}/{row[key]}" in notes, (name, notes)


def test_names_that_need_their_state(annotator: Annotator) -> None:
    states = {"au": "Australia", "eu": "the EU"}
    for row in rows_of("programmes.csv"):
        for name in filter(None, map(str.strip, row["names_home"].split(";"))):
            home = annotator.annotate(
                f"The sanctions of {states[row['jurisdiction']]} include the {name}.", as_of=AS_OF
            )
            assert f"programme.programme/{row['key']}" in {n.id for a in home.annotations for n in a.notes}, name
            away = annotator.annotate(f"Brazil froze funds under the {name.replace('EU', 'big')}.", as_of=AS_OF)
            assert not any(n.id.startswith("programme.") for a in away.annotations for n in a.notes), name


def test_a_note_over_rows_of_several_states_has_the_jurisdiction_of_its_row(annotator: Annotator) -> None:
    text = "The sanctions rest on Australia's Autonomous Sanctions Act 2011 and the Swiss Embargo Act."
    result = annotator.annotate(text, as_of=AS_OF)
    assert [note.jurisdiction for a in result.annotations for note in a.notes] == ["au", "ch"]
    [only] = annotator.annotate(text, as_of=AS_OF, jurisdictions=["ch"]).annotations
    assert only.text == "Swiss Embargo Act"


def test_every_tag_is_found_in_brackets(annotator: Annotator) -> None:
    for row in rows_of("us-programme-tags.csv"):
        text = f"IVANOV, Ivan (individual), DOB 1961 [{row['tag']}] is on OFAC's list."
        notes = {n.id for a in annotator.annotate(text, as_of=AS_OF).annotations for n in a.notes}
        assert f"us.tag.any/{row['tag']}" in notes, row


@pytest.mark.parametrize(
    "text",
    [
        "Executive Orders " + ", ".join(["13660"] * 20000),
        "section " + "1(a), " * 20000,
        "Article 3" + " and 3" * 20000 + " of Regulation (EU) No 833/2014",
        "E.O. " * 30000,
        "section 1" + "(a)" * 40000 + " of E.O. 14024",
        "regulation " * 20000 + "(" * 10000,
    ],
)
def test_bad_input_takes_time_in_proportion(annotator: Annotator, text: str) -> None:
    start = time.perf_counter()
    annotator.annotate(text, as_of=AS_OF)
    assert time.perf_counter() - start < 20
