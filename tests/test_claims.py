"""Claims: what an article gets wrong is said, what it gets right is not, and only on verified facts."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest
from rulemaking import annotator, cases, note

from annotator import Annotator

if TYPE_CHECKING:
    from pathlib import Path

DAY = "2024-06-20"
TABLE = [
    pytest.param(case, id=f"{kind}-{number}")
    for kind, found in cases("claims").items()
    for number, case in enumerate(found)
]


def claims(made: Annotator, text: str, **options: Any) -> list[str]:
    """Return the texts of the claim notes on a text."""
    result = made.annotate(text, **{"as_of": DAY, "notes": "every", **options})
    return [n.text for one in result.annotations if one.kind == "claim" for n in one.notes]


@pytest.fixture(scope="module")
def pack() -> Annotator:
    return Annotator()


@pytest.mark.parametrize("case", TABLE)
def test_what_newspapers_write(case: dict[str, Any], pack: Annotator) -> None:
    found = claims(pack, case["text"], as_of=str(case.get("as_of", DAY)))
    if "wrong" not in case or "missed" in case:
        assert found == []
    else:
        assert any(case["wrong"] in text for text in found), found


def test_each_kind_is_tried_both_ways() -> None:
    for kind, found in cases("claims").items():
        assert len(found) >= 25, kind
        assert sum("wrong" in case for case in found) >= 10, kind
        assert sum("wrong" not in case for case in found) >= 10, kind


# -- only verified facts -----------------------------------------------------------------------------------

ROWS = "number,year,adopted,subject,url,status\n1718,2006,2006-10-14,,https://example.org/1718,{status}\n"
PARAGRAPHS = (
    "key,number,year,para,verb,does,status,url\n"
    "1718/7,1718,2006,7,calls upon,States to look,{status},https://example.org/1718\n"
)
REFERENCES = {
    "right": {"instrument": "{right_instrument}", "url": "{right_url}", "date": None},
    "res": {"instrument": "S/RES/1718 (2006)", "url": "https://example.org/1718", "date": "2006-10-14"},
    "list": {"instrument": "The List", "url": "https://example.org/list", "date": None},
}
WRONG = {
    "date-of-row": "resolution 1718 of 2007",
    "instrument-of-measure": "arms under resolution 2000",
    "authority-of-listing": "sanctioned Oleg Example",
    "ended": "watchers watch",
    "quantity": "cap of 7 barrels",
    "deadline": "leave by 2018",
    "strength": "resolution 1718 paragraph 7 requires",
}


def relations(folder: Path, status: str) -> Annotator:
    """Return an annotator with one rule for each relation, whose facts have a status."""
    (folder / "data").mkdir()
    rows = ROWS.format(status=status) + "2000,2012,2012-01-01,,https://example.org/2000,verified\n"
    (folder / "data" / "rows.csv").write_text(rows, encoding="utf-8")
    (folder / "data" / "paras.csv").write_text(PARAGRAPHS.format(status=status), encoding="utf-8")
    fact = note("S/RES/1718 (2006) para. 1 decides.", status=status, sources=[{"ref": "res", "at": "para. 1"}])
    over = {
        "versions": [
            {"text": "S/RES/1718 (2006) watches.", "until": "2020-01-01"},
            {"text": "S/RES/1718 (2006) watched.", "from": "2020-01-01", "ended": True, "status": status},
        ],
        "sources": [{"ref": "res", "at": "para. 1"}],
    }
    claim = note("Wrong.", sources=[{"ref": "right", "at": "{right_pinpoint}"}])
    plain = {"text": "Wrong.", "sources": [{"ref": "res", "at": "para. 1"}]}
    table = {"key": "number", "source": "ours", "licence": "free", "checked": "2026-01-01"}

    def one(relation: str, **more: Any) -> dict[str, Any]:
        return {"kind": "claim", "notes": [f"claim-{relation}"], **more}

    def words(*phrases: str) -> dict[str, Any]:
        return {"kind": "claim", "phrases": list(phrases), "notes": "none"}

    rules = {
        "by-date": one(
            "plain",
            pattern=r"resolution (?P<number>\d+) of (?P<said_year>\d{4})",
            anchors=["resolution"],
            check={"relation": "date-of-row", "table": "t.rows"},
        ),
        "measure": {"kind": "measure", "phrases": ["arms"], "notes": ["un.t.arms"]},
        "cited": {
            "kind": "instrument",
            "pattern": r"resolution (?P<number>\d+)(?: paragraph (?P<pin>\d+))?",
            "anchors": ["resolution"],
            "table": "t.rows",
            "notes": ["un.t.other"],
        },
        "by-instrument": one(
            "right",
            pair={"first": ["t.measure"], "second": ["t.cited"], "between": ["under"]},
            check={"relation": "instrument-of-measure", "table": "t.rows"},
        ),
        "sanctioned": words("sanctioned"),
        "person": {"kind": "person", "names": ["Oleg Example"], "notes": ["oleg"]},
        "by-list": one(
            "right",
            pair={"first": ["t.sanctioned"], "second": ["t.person"]},
            check={"relation": "authority-of-listing", "by": "un"},
        ),
        "by-time": one("right", phrases=["watchers watch"], check={"relation": "ended", "note": "un.t.panel"}),
        "by-amount": one(
            "plain",
            pattern=r"cap of (?P<amount>\d+) barrels",
            anchors=["cap"],
            check={"relation": "quantity", "note": "un.t.arms", "values": [5]},
        ),
        "by-day": one(
            "plain",
            pattern=r"leave by (?P<said_year>\d{4})",
            anchors=["leave"],
            check={"relation": "deadline", "note": "un.t.arms", "day": "2019-12-22"},
        ),
        "binding": words("requires"),
        "by-strength": one(
            "right",
            pair={"first": ["t.cited"], "second": ["t.binding"]},
            check={"relation": "strength", "table": "t.paras"},
        ),
    }
    listing = {
        "name": "Oleg Example",
        "type": "person",
        "entries": [{"by": "un", "ref": "list", "listed": False, "seen": "2024-01-01", "status": status}],
    }
    return annotator(
        folder,
        copy.deepcopy(rules),
        notes={
            "un.t.arms": fact,
            "un.t.other": note(),
            "un.t.panel": over,
            "claim-right": claim,
            "claim-plain": plain,
        },
        listings={"oleg": listing},
        references=REFERENCES,
        tables={"rows": {"file": "data/rows.csv", **table}, "paras": {"file": "data/paras.csv", **table, "key": "key"}},
    )


@pytest.mark.parametrize("relation", WRONG)
def test_a_verified_fact_is_held_against_the_text(relation: str, tmp_path: Path) -> None:
    assert claims(relations(tmp_path, "verified"), f"The {WRONG[relation]} it.") == ["Wrong."]


@pytest.mark.parametrize("relation", WRONG)
@pytest.mark.parametrize("status", ["partly", "unverified"])
def test_no_other_fact_is(relation: str, status: str, tmp_path: Path) -> None:
    assert claims(relations(tmp_path, status), f"The {WRONG[relation]} it.") == []


# -- of whom something is said ------------------------------------------------------------------------------

SAID = [
    ("Oleg Tinkov is under EU sanctions.", True),
    ("Oleg Tinkov, a Russian banker, is under EU sanctions.", True),
    ("Oleg Tinkov, who is under EU sanctions, left.", True),
    ("Oleg Tinkov, already on the EU blacklist, left.", False),  # an apposition is not read
    ("They met Oleg Tinkov, who is under EU sanctions.", True),
    ("Bankers said Oleg Tinkov is under EU sanctions.", True),
    ("In London, Oleg Tinkov is under EU sanctions.", True),
    ("A friend of Oleg Tinkov is under EU sanctions.", False),
    ("A friend of the banker, Oleg Tinkov, is under EU sanctions.", False),
    ("Oleg Tinkov's friend is under EU sanctions.", False),
    ("Oleg Tinkov met a man who is under EU sanctions.", False),
    ("Oleg Tinkov is not under EU sanctions.", False),
    ("Oleg Tinkov, a Russian, says a friend is under EU sanctions.", False),
    ("Because of Oleg Tinkov, a man is under EU sanctions.", False),
    ("Those near Oleg Tinkov are under EU sanctions.", False),
]


@pytest.mark.parametrize(("text", "said"), SAID)
def test_of_whom_it_is_said(text: str, pack: Annotator, *, said: bool) -> None:
    found = claims(pack, f"The war in Ukraine led to sanctions on Russia. {text}")
    assert bool(found) is said, found


PRONOUNS = [
    ("Oleg Tinkov lives in London. He is subject to UK sanctions.", True),
    ("Oleg Tinkov lives in London.\n\nHe is subject to UK sanctions.", True),
    ("Oleg Tinkov lives in London. He is angry. He is subject to UK sanctions.", True),
    ("Oleg Tinkov lives in London. He sails but, like others in Russia, is subject to UK sanctions.", True),
    ("Oleg Tinkov lives in London. She is subject to UK sanctions.", False),
    ("Oleg Tinkov met Ivan Petrov. He is subject to UK sanctions.", False),
    ("Oleg Tinkov met Petrov. He is subject to UK sanctions.", False),
    ("Ivan Petrov met Oleg Tinkov. He is subject to UK sanctions.", False),
    ("Oleg Tinkov met Vladimir Putin. He is subject to UK sanctions.", False),
    ("The brother of Oleg Tinkov lives in London. He is subject to UK sanctions.", False),
    ("Oleg Tinkov lives in London. His brother is subject to UK sanctions.", False),
    ("Oleg Tinkov lives in London. The man next door is a banker. He is subject to UK sanctions.", False),
    ("Oleg Tinkov lives in London. He has a friend who is subject to UK sanctions.", False),
    ("Oleg Tinkov lives in London.\n\n## Elsewhere\n\nHe is subject to UK sanctions.", False),
]


@pytest.mark.parametrize(("text", "meant"), PRONOUNS)
def test_whom_a_pronoun_means(text: str, pack: Annotator, *, meant: bool) -> None:
    source = f"The war in Ukraine led to sanctions on Russia.\n\n{text}"
    result = pack.annotate(source, as_of="2022-11-01", notes="every", format="markdown")
    found = [a.text for a in result.annotations if a.rule == "person.pronoun-listed"]
    assert bool(found) is meant, found
    for one in result.annotations:
        if one.rule == "person.pronoun-listed":
            assert [n.id for n in one.notes] == ["people.tinkov"]


def test_a_long_sentence_of_names_takes_no_longer_than_its_length(pack: Annotator) -> None:
    """Nothing is said of anybody here, and the run comes to its end."""
    text = "On Russia: " + "Oleg Tinkov, Sergei Lavrov, is under EU sanctions and " * 4000
    assert pack.annotate(text, as_of=DAY, notes="every").annotations
