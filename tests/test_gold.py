"""Two articles against what a sanctions editor wants noted in them, and what must stay bare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from annotator import Annotator

if TYPE_CHECKING:
    from pathlib import Path

# The editor's labels, and the notes of the pack that say what each asks for (any one will do).
NOTES = {
    "UN.DPRK.REGIME": {"un.dprk.regime"},
    "UN.DPRK.LUXURY": {"un.dprk.luxury-goods", "un.dprk.luxury-vehicles"},
    # Luxury vehicles are named among luxury goods.
    "UN.DPRK.VEHICLES": {"un.dprk.vehicles", "un.dprk.luxury-vehicles", "un.dprk.luxury-goods"},
    "UN.DPRK.ARMS.IN": {"un.dprk.arms-supply"},
    "UN.DPRK.ARMS.OUT": {"un.dprk.arms-export"},
    "UN.DPRK.MILTRAIN": {"un.dprk.military-training"},
    "UN.DPRK.TREATY": {"un.dprk.treaty"},
    "UN.DPRK.WMDTECH": {"un.dprk.wmd-technology"},
    "SCOPE.RU-NOT-UN": {"scope.russia-not-un"},
    "SCOPE.US-UN": {"us.russia.regime", "un.dprk.regime"},  # the sanctions of two, not said to be one
    "FIX.2397": {"un.dprk.luxury-source", "un.resolution.by-number/2397"},
    "RU.GENERAL": {"us.russia.regime", "eu.russia.regime", "uk.russia.regime", "eu.russia.travel-ban"},
    "RU.UKREG": {"uk.russia.regime"},
    "RU.ASSETFREEZE": {"eu.russia.asset-freeze", "uk.russia.asset-freeze", "us.russia.blocking", "uk.russia.transport"},
    "P.PUTIN": {"people.putin"},
    "P.KIMJONGUN": {"people.kim-jong-un"},
    "P.KIMYOJONG": {"people.kim-yo-jong"},
    "P.PESKOV": {"people.peskov"},
    "P.TINKOV": {"people.tinkov", "uk.russia.regime"},  # "is subject to UK sanctions": the law, he is noted at his name
    "P.USHAKOV": {"people.ushakov"},
    "P.MANTUROV": {"people.manturov"},
    "P.BELOUSOV": {"people.belousov"},
    "P.LAVROV": {"people.lavrov"},
    "E.TINKOFF": {"people.tinkoff-bank"},
    "E.AURUS": {"people.aurus"},
    "E.KCNA": {"people.kcna"},
}
MOST_NEEDLESS = 1 / 1000  # annotations outside the editor's list, for each word


@pytest.fixture(scope="module")
def gold(outside: Path) -> dict[str, list[dict[str, Any]]]:
    data = yaml.safe_load((outside / "facts" / "articles-gold.yaml").read_text(encoding="utf-8"))
    articles: dict[str, list[dict[str, Any]]] = {}
    for mention in data["mentions"]:
        articles.setdefault(mention["article"], []).append(mention)
    return articles


@pytest.fixture(scope="module")
def annotated(outside: Path, gold: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    annotator = Annotator()
    return {
        name: annotator.annotate((outside / "articles" / name).read_bytes(), as_of="2024-06-20", notes="every")
        for name in gold
    }


def _over(result: Any, mention: dict[str, Any]) -> set[str]:
    return {
        note.id
        for annotation in result.annotations
        if annotation.start < mention["end"] and mention["start"] < annotation.end
        for note in annotation.notes
    }


def test_required_mentions_are_noted(gold: dict[str, list[dict[str, Any]]], annotated: dict[str, Any]) -> None:
    wanted = [
        (name, m, label) for name, ms in gold.items() for m in ms if m["kind"] == "required" for label in m["notes"]
    ]
    missed = [(m["quote"], label) for name, m, label in wanted if not NOTES[label] & _over(annotated[name], m)]
    assert 1 - len(missed) / len(wanted) >= 0.95, missed


def test_what_must_stay_bare_stays_bare(gold: dict[str, list[dict[str, Any]]], annotated: dict[str, Any]) -> None:
    noted = [
        (m["quote"], over)
        for name, ms in gold.items()
        for m in ms
        if m["kind"] == "must_not" and (over := _over(annotated[name], m))
    ]
    assert noted == []


def test_little_else_is_noted(gold: dict[str, list[dict[str, Any]]], annotated: dict[str, Any]) -> None:
    """Repeats of a person or thing that the editor marked once are no needless notes."""
    extra = []
    words = 0
    for name, mentions in gold.items():
        result = annotated[name]
        words += len(result.document.text.split())
        known: set[str] = set()
        for mention in mentions:
            for label in mention["notes"]:
                known |= NOTES[label]
        extra += [a.text for a in result.annotations if not known & {note.id for note in a.notes}]
    assert len(extra) <= max(1, words * MOST_NEEDLESS), extra


def test_no_notes_in_credits_and_navigation(outside: Path, annotated: dict[str, Any]) -> None:
    data = yaml.safe_load((outside / "facts" / "articles-gold.yaml").read_text(encoding="utf-8"))
    for zone in data["no_note_zones"]:
        text = annotated[zone["seed"]].document.text
        numbers = [int(part) for part in str(zone["lines"]).replace("-", ",").split(",")]
        if "-" in str(zone["lines"]):
            numbers = list(range(numbers[0], numbers[-1] + 1))
        lines = text.split("\n")
        for number in numbers:
            start = sum(len(line) + 1 for line in lines[: number - 1])
            end = start + len(lines[number - 1])
            inside = [a.text for a in annotated[zone["seed"]].annotations if start <= a.start < end]
            assert inside == [], number


@pytest.mark.parametrize("policy", ["best", "first", "paragraph", "every"])
@pytest.mark.parametrize("form", ["text", "markdown"])
def test_the_five_articles_come_back_byte_for_byte(outside: Path, policy: str, form: str) -> None:
    from annotator import strip

    annotator = Annotator()
    files = sorted((outside / "articles").glob("*.txt"))
    assert len(files) == 5
    for file in files:
        source = file.read_bytes()
        result = annotator.annotate(source, as_of="2024-06-20", notes=policy, format=form)
        noted = result.render_bytes()
        assert result.annotations
        assert noted != source
        assert strip(noted) == source
        again = annotator.annotate(noted, as_of="2024-06-20", notes=policy, format=form)
        assert again.render_bytes() == noted


def test_tinkov_was_listed_in_2022_and_is_not_now(outside: Path) -> None:
    source = (outside / "articles" / "000_401b19c6c0873d7f.txt").read_bytes()
    annotator = Annotator()

    def note(as_of: str) -> Any:
        result = annotator.annotate(source, as_of=as_of)
        return next(n for a in result.annotations for n in a.notes if n.id == "people.tinkov")

    then = note("2022-11-01")
    assert then.text == "Oleg Yurievich Tinkov: under UK sanctions since 24 March 2022. [SI 2019/855]"
    assert "listed by the UK since 24 March 2022" in then.full
    assert any("20 July 2023" in line for line in then.later)
    now = note("2024-06-20")
    assert "under UK sanctions from 24 March 2022 until 20 July 2023" in now.text
    assert "not listed on this date" in now.full


def test_the_car_maker_was_not_listed_on_the_day_of_the_gift(outside: Path) -> None:
    source = (outside / "articles" / "000_401b19c6c0873d7f.txt").read_bytes()
    result = Annotator().annotate(source, as_of="2024-02-21", notes="every")
    note = next(n for a in result.annotations for n in a.notes if n.id == "people.aurus")
    assert "not yet under US sanctions" in note.text
    assert "not yet listed" in note.full
    assert any("23 February 2024" in line for line in note.later)
