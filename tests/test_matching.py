"""Matching: conditions at their borders, which regime a measure is spoken of, names, overlaps, patterns, tokens."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from rulemaking import DAY, annotator, cases, definitions, found, marked, noted, reasons, spans, write

from annotator import Annotator, MissingExtraError, RuleErrors, strip

CONDITIONS = [(case, text) for case in cases("conditions") for text in case["texts"]]
PLACES = {
    "north": {"cues": ["north korea", "pyongyang"]},
    "fashion": {"cues": ["fashion", "catwalk"]},
    "council": {"group": "body", "cues": ["security council"]},
    "house": {"group": "body", "cues": ["house of representatives"]},
}


@pytest.mark.parametrize(("case", "text"), CONDITIONS, ids=[f"{c['about']}-{t[:30]}" for c, t in CONDITIONS])
def test_condition(case: dict[str, Any], text: str, tmp_path: Path) -> None:
    plain, wanted = marked(text)
    conditions = {key: case[key] for key in ("needs", "forbids") if key in case}
    made = annotator(
        tmp_path, {"r": {"phrases": ["luxury goods"], **conditions}}, contexts={**PLACES, **case.get("contexts", {})}
    )
    assert spans(made, plain) == [(start, end) for start, end, _ in wanted]
    # What is ruled out says why, and an accepted mention says on what it rests.
    why = reasons(made, plain, "r")
    assert len(why) == 1
    assert bool(why[0]) is not bool(wanted)
    if "needs" in case and wanted:
        assert made.annotate(plain, as_of=DAY).annotations[0].why


# -- regimes --------------------------------------------------------------------------------------

REGIMES = """\
annotator: 1
covers: tests
namespace: t
defaults: {jurisdiction: un, status: verified, checked: 2026-01-01}
references: {ref: {instrument: S/RES/1, url: 'https://example.org', date: 1946-01-25}}
contexts:
  libya: {group: party, cues: [libya, libyan]}
  south: {group: party, cues: [south libya]}
  iran: {group: party, cues: ["iran[ian]"]}
  somalia: {group: party, cues: [somalia]}
  russia: {group: party, cues: ["russia[n]"]}
  belarus: {group: party, cues: [belarus]}
  north: {group: party, cues: [North]}
  bahrain: {group: party, attached: true, cues: [bahrain]}
  un: {group: authority, jurisdiction: un, cues: [UN]}
  us: {group: authority, jurisdiction: us, cues: [US]}
  eu: {group: authority, jurisdiction: eu, cues: [EU]}
  uk: {group: authority, jurisdiction: uk, cues: [UK]}
rules:
  embargo: {kind: measure, phrases: [arms embargo], notes: by-regime}
  cars: {kind: measure, phrases: ["cars to {target}"], notes: by-regime}
  lux: {kind: measure, phrases: [luxury goods], notes: by-regime}
  sanctions: {kind: measure, phrases: [sanctions], notes: by-regime}
regimes:
  r.libya: {context: libya, default: true, answers: {embargo: [libya], cars: [libya-cars], lux: [libya-lux]}}
  r.south: {context: south, default: true, answers: {embargo: [south]}}
  r.iran: {context: iran, default: true, answers: {embargo: [iran], cars: [iran-cars]}}
  r.somalia: {context: somalia, default: true, answers: {embargo: [somalia]}}
  r.north: {context: north, default: true, tied: [lux], answers: {lux: [north-lux]}}
  eu.russia: {context: russia, default: true, jurisdiction: eu, answers: {sanctions: [eu-russia]}}
  us.russia: {context: russia, default: true, jurisdiction: us, answers: {sanctions: [us-russia]}}
  uk.russia: {context: russia, jurisdiction: uk, answers: {sanctions: [uk-russia]}}
  eu.belarus: {context: belarus, default: true, jurisdiction: eu, answers: {sanctions: [belarus]}}
"""


def regimes_file(text: str) -> dict[str, Any]:
    """Return the rules for regimes, with a note for each answer and full ids for their own names."""
    data: dict[str, Any] = yaml.safe_load(
        text.replace("2026-01-01", "'2026-01-01'").replace("1946-01-25", "'1946-01-25'")
    )
    made = definitions({}, **{key: data[key] for key in ("contexts", "regimes")})
    for regime in made["regimes"].values():
        regime["answers"] = {f"t.{rule}": notes for rule, notes in regime["answers"].items()}
        regime["tied"] = [f"t.{rule}" for rule in regime.pop("tied", [])]
    return {**made, "rules": data["rules"]}


@pytest.fixture(scope="module")
def regimes(tmp_path_factory: pytest.TempPathFactory) -> Annotator:
    path = write(tmp_path_factory.mktemp("regimes"), regimes_file(REGIMES))
    return Annotator(rules=path, default_rules=False, cache=False)


@pytest.mark.parametrize("case", cases("regimes"), ids=lambda case: case["about"])
def test_regime(case: dict[str, str], regimes: Annotator) -> None:
    text, wanted = marked(case["text"])
    assert noted(regimes, text) == wanted
    mentions = [m for m in regimes.mentions(regimes.read(text), everything=True) if m.ruled_out]
    assert [case["why"] in m.ruled_out for m in mentions] == ([True] if case.get("why") else [])
    for one in regimes.annotate(text, as_of=DAY).annotations:
        assert any(reason.startswith("party: ") for reason in one.why)


# -- names ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Annotator:
    kim = {"names": ["Kim (Jong|Jung) (Un|un)"], "phrases": ["the dear leader"], "short": ["Kim", "Jong Un"]}
    rules = {
        "kim": {"kind": "person", **kim, "not": ["Kim Jong Il", "Kim Jong Un Sok"], "notes": ["kim"]},
        "sister": {"kind": "person", "names": ["Kim Yo Jong"], "short": ["Kim", "Yo Jong"], "notes": ["sister"]},
        "belousov": {
            "kind": "person",
            "names": ["Andrei Belousov"],
            "short": ["Belousov"],
            "needs": [{"context": "office", "within": "sentence"}],
            "notes": ["belousov"],
        },
    }
    return annotator(tmp_path_factory.mktemp("people"), rules, contexts={"office": {"cues": ["minister"]}})


@pytest.mark.parametrize("case", cases("names"), ids=lambda case: case["about"])
def test_name(case: dict[str, str], people: Annotator) -> None:
    text, wanted = marked(case["text"])
    assert noted(people, text) == wanted
    why = [m.ruled_out for m in people.mentions(people.read(text), everything=True) if m.ruled_out]
    if "why" in case:
        assert any(case["why"] in reason for reason in why)


def test_later_mentions_of_a_person_get_no_second_note(people: Annotator) -> None:
    text = "Kim Jong Un came. Kim spoke. Kim Jong Un left."
    assert spans(people, text, notes="first") == [(0, 11)]


# -- overlaps -------------------------------------------------------------------------------------


def rule(*phrases: str, note: str = "n", **more: Any) -> dict[str, Any]:
    return {"phrases": list(phrases), "notes": [note], **more}


@pytest.mark.parametrize(
    ("rules", "text"),
    [
        # The longest goes first, and what it leaves no room for goes.
        ({"a": rule("luxury goods"), "b": rule("luxury goods ban")}, "a [[luxury goods ban|n]] x"),
        ({"b": rule("luxury goods"), "a": rule("goods ban", note="m")}, "a [[luxury goods|n]] ban x"),
        ({"a": rule("luxury goods"), "b": rule("goods bans now", note="m")}, "a luxury [[goods bans now|m]] x"),
        # What stands inside stays if it says something else.
        ({"a": rule("luxury goods"), "b": rule("luxury goods ban", note="m")}, "a [[[[luxury goods|n]] ban|m]] x"),
        ({"a": rule("arms for Kim"), "b": rule("Kim", note="m")}, "[[arms for [[Kim|m]]|n]] x"),
        ({"a": rule("arms for Kim"), "b": rule("Kim")}, "[[arms for Kim|n]] x"),
        ({"a": {**rule("arms for Kim"), "notes": ["n", "m"]}, "b": rule("Kim", note="m")}, "[[arms for Kim|n,m]] x"),
        # The same words: the more specific; of two notes that say the same, the first id's.
        ({"b": rule("arms"), "a": rule("arms", note="m")}, "[[arms|m]] x"),
        ({"b": rule("arms for Kim"), "a": rule("arms /1 Kim", note="m")}, "[[arms for Kim|n]] x"),
        # Equally long, overlapping: the first id.
        ({"a": rule("bb cc"), "b": rule("aa bb", note="m")}, "x aa [[bb cc|n]] x"),
        ({"b": rule("bb cc"), "a": rule("aa bb", note="m")}, "x [[aa bb|m]] cc x"),
        # Touching is not overlapping.
        ({"a": rule("aa bb"), "b": rule("cc dd", note="m")}, "[[aa bb|n]] [[cc dd|m]] x"),
        ({"a": rule("aa bb"), "b": rule("cc dd", note="m")}, "[[aa bb|n]]-[[cc dd|m]] x"),
        # One rule never overlaps itself.
        ({"a": rule("aa /3 bb")}, "aa [[aa x bb|n]] bb"),
    ],
)
def test_overlap(rules: dict[str, Any], text: str, tmp_path: Path) -> None:
    """Marks may be nested here, so they are taken out from the inside."""
    plain, wanted = nested(text)
    made = annotator(tmp_path, rules)
    if "aa /3 bb" in str(rules):
        (one,) = spans(made, plain)
        assert plain[slice(*one)] in {"aa x bb", "aa aa x bb", "aa aa x bb bb", "aa x bb bb"}
        return
    assert noted(made, plain) == wanted


OTHERS = {
    "n": "S/RES/1 (1946) decides.",
    "m": "S/RES/1 (1946) urges.",
    "k": "S/RES/1 (1946) notes.",
    "same": "S/RES/1 (1946) urges.",
}
AT_WAR = {"regimes": {"g": {"context": "war", "default": True, "jurisdiction": "un", "answers": {"a": ["n"]}}},
          "contexts": {"war": {"group": "party", "cues": ["war"]}}}  # fmt: skip


@pytest.mark.parametrize(
    ("rules", "text"),
    [
        # Both notes are given, in the order of the rules' ids.
        ({"b": rule("arms"), "a": rule("arms", note="m")}, "[[[[arms|n]]|m]] x"),
        ({"a": rule("ban~ arms"), "b": rule("[the] (banned|barred) arms", note="m")}, "[[[[banned arms|m]]|n]] x"),
        ({"a": rule("arms"), "b": rule("arms", note="m"), "c": rule("arms", note="k")}, "[[[[[[arms|k]]|m]]|n]] x"),
        ({"a": rule("arms", kind="instrument"), "b": rule("arms", note="m")}, "[[[[arms|m]]|n]] x"),
        ({"a": rule("arms"), "b": rule("arms", note="m", kind="instrument")}, "[[[[arms|m]]|n]] x"),
        # What is part of both is given once.
        ({"a": rule("arms"), "b": {**rule("arms"), "notes": ["n", "m"]}}, "[[[[arms|m]]|n]] x"),
        ({"b": rule("arms"), "a": {**rule("arms"), "notes": ["n", "m"]}}, "[[arms|n,m]] x"),
        ({"a": rule("arms"), "b": rule("arms")}, "[[arms|n]] x"),
        # Never two notes that say the same, whatever their ids.
        ({"a": rule("arms", note="m"), "b": rule("arms", note="same")}, "[[arms|m]] x"),
        # How many words a pattern is worth nobody could guess.
        ({"a": rule("arms to Kim"), "b": {"pattern": "arms to Kim", "anchors": ["arms"], "notes": ["m"]}},
         "[[[[arms to Kim|m]]|n]] x"),
        ({"a": rule("arms"), "b": {"pattern": "arms", "anchors": ["arms"], "notes": ["m"]}}, "[[[[arms|m]]|n]] x"),
        ({"a": rule("new arms to Kim"), "b": {"pattern": "new arms to kim", "anchors": ["new"], "notes": ["m"]}},
         "[[[[new arms to Kim|m]]|n]] x"),
        # The more specific alone: words before gaps, notes of its own before those of a regime, and who says so.
        ({"a": rule("arms /1 Kim"), "b": rule("arms for Kim", note="m")}, "[[arms for Kim|m]] x"),
        ({"a": {"phrases": ["arms"], "notes": "by-regime"}, "b": rule("arms", note="m")}, "war: [[arms|m]] x"),
        ({"a": rule("arms"), "b": rule("arms", note="m", **{"goes-before": ["t.a"]})}, "[[arms|m]] x"),
        ({"a": rule("arms", **{"goes-before": ["t.b"]}), "b": rule("arms", note="m")}, "[[arms|n]] x"),
        ({"a": rule("arms for"), "b": rule("arms /1 for", note="m", **{"goes-before": ["t.a"]})}, "[[arms for|m]] x"),
        # Not the same words: the longest, then the first id, as before.
        ({"a": rule("bb cc"), "b": rule("aa bb", note="m")}, "x aa [[bb cc|n]] x"),
    ],
)  # fmt: skip
def test_two_rules_on_the_same_words(rules: dict[str, Any], text: str, tmp_path: Path) -> None:
    plain, wanted = nested(text)
    at_war = AT_WAR if any(data["notes"] == "by-regime" for data in rules.values()) else {}
    made = annotator(tmp_path, rules, notes=OTHERS, **at_war)
    assert sorted(noted(made, plain)) == sorted(wanted)
    order = [one.rule for one in made.annotate(plain, as_of=DAY, notes="every").annotations]
    assert order == sorted(order)


def test_both_notes_on_the_same_words_come_back_out(tmp_path: Path) -> None:
    made = annotator(tmp_path, {"a": rule("arms"), "b": rule("arms", note="m")}, notes=OTHERS)
    for text, format_ in (("The arms.\n", "text"), ("The *arms*.\n", "markdown"), ("<p>The <b>arms</b>.</p>", "html")):
        result = made.annotate(text, format=format_, as_of=DAY)
        assert [note.id for one in result.annotations for note in one.notes] == ["t.n", "t.m"]
        assert strip(result.render_bytes()) == text.encode()


def nested(text: str) -> tuple[str, list[tuple[int, int, str]]]:
    plain = ""
    opened: list[int] = []
    wanted = []
    position = 0
    while position < len(text):
        if text.startswith("[[", position):
            opened.append(len(plain))
            position += 2
        elif text[position] == "|":
            end = text.index("]]", position)
            wanted.append((opened.pop(), len(plain), text[position + 1 : end]))
            position = end + 2
        else:
            plain += text[position]
            position += 1
    return plain, sorted(wanted)


def test_the_order_of_files_and_of_rules_does_not_count(tmp_path: Path) -> None:
    texts = [
        "small arms trade",
        "arms",
        "small arms",
        "arms trade ban",
        "trade ban",
        "arms /2 ban",
        "small arms",
        "arms",
    ]
    rules = {f"r{n}": {"kind": "term", "phrases": [text], "notes": [f"n{n % 3}"]} for n, text in enumerate(texts)}
    contexts = {"north": {"group": "party", "cues": ["north"]}, "south": {"group": "party", "cues": ["south", "north"]}}
    measures = {"m": {"kind": "measure", "phrases": ["embargo on {target}", "embargo"], "notes": "by-regime"}}
    regimes = {
        name: {"context": name, "default": True, "answers": {"t.m": [f"t.{name}-{n}" for n in (2, 1)]}}
        for name in contexts
    }
    whole = definitions({**rules, **measures}, contexts=contexts, regimes=regimes)
    text = "The small arms trade ban and arms, small arms and a trade ban; embargo on north, embargo. South embargo."
    chance = random.Random(5)
    outcomes = set()
    for number in range(6):
        folder = tmp_path / str(number)
        folder.mkdir()
        parts = [{"rules": {name: rule}} for name, rule in whole["rules"].items()] + [
            {kind: {name: item}} for kind in ("notes", "contexts", "regimes") for name, item in whole[kind].items()
        ]
        chance.shuffle(parts)
        for place, part in enumerate(parts):
            head = {key: whole[key] for key in ("annotator", "covers", "namespace", "defaults")}
            references = {"references": whole["references"]} if place == 0 else {}
            write(folder, {**head, **references, **part}, f"{chance.randrange(10**9):09}.yaml")
        one = Annotator(rules=folder, default_rules=False, cache=False)
        made = one.annotate(text, as_of=DAY, notes="every")
        outcomes.add(repr((made.annotations, one.mentions(made.document, everything=True))))
    assert len(outcomes) == 1
    assert len(made.annotations) > 4


# -- patterns -------------------------------------------------------------------------------------


def pattern(text: str, *anchors: str, **more: Any) -> dict[str, Any]:
    return {"kind": "instrument", "pattern": text, "anchors": list(anchors), **more}


def fields(made: Annotator, text: str) -> list[dict[str, str]]:
    return [dict(one.fields) for one in made.annotate(text, as_of=DAY, notes="every").annotations]


@pytest.mark.parametrize(
    ("regex", "anchor", "text"),
    [
        (
            r"resolution (?:no\. )?\d{3,4}",
            "resolution",
            "The [[Resolution 1718]] and [[resolution No. 2397]] and resolution 12.",
        ),
        (r"(?-i:Resolution) \d+", "resolution", "The [[Resolution 1718]] and resolution 1718."),
        (r"resolution \d+", "resolution", "The [[resolution\u00a0 1718]], [[resolution\t1718]]; resolution-1718."),
        (
            r"resolution \d+",
            "resolution",
            "The men spoke of the old and often praised [[resolution\n1718]] of the men of that year.",
        ),
        (r"resolution \d\d\d\d", "resolution", "The resolution 17180 and [[resolution 1718]]."),
        (r"resolution \d+", "resolution", "The preresolution 1718 and resolutions 1718."),
        (r'"resolution" - \d+', "resolution", "The \u201cresolution\u201d \u2013 1718."),
        (r'resolution" - \d+', "resolution", "The \u201c[[resolution\u201d \u2013 1718]]."),
        (r"r[ée]solution \d+", "résolution", "La [[résolution 1718]] et la [[resolution 1718]]."),
        (r"resolution[ ]?\d+", "resolution", "The [[resolution 1718]] and resolution1718."),
        (
            r"resolution( \(\d+\))?",
            "resolution",
            "The [[resolution]] and [[resolution (1718)]] and [[resolution]] (x).",
        ),
    ],
)
def test_pattern(regex: str, anchor: str, text: str, tmp_path: Path) -> None:
    plain, wanted = marked(text)
    made = annotator(tmp_path, {"r": pattern(regex, anchor)})
    assert spans(made, plain) == [(start, end) for start, end, _ in wanted]


def test_pattern_does_not_leave_its_paragraph(tmp_path: Path) -> None:
    made = annotator(tmp_path, {"r": pattern(r"resolution\s+\d+", "resolution")})
    assert (
        spans(made, "They all spoke of the old resolution\n\n1718 men came to hear what they had to say of it.") == []
    )


ACTS = "code,short,year,title\nA-1,B-1,1990,On tea\nA-2,B-1,1991,On salt\nB-1,B-2,,On fish\n"


@pytest.fixture
def acts(tmp_path: Path) -> Annotator:
    """Return rules over a table whose key is not the first field of the pattern."""
    (tmp_path / "acts.csv").write_text(ACTS, encoding="utf-8")
    tables = {"acts": {"file": "acts.csv", "key": "code", "source": "x", "licence": "y"}}
    regex = r"(?P<kind>act|law) (?P<code>[A-Z]-\d)(?: \((?P<year>\d{4})\))?"
    rules = {"r": pattern(regex, "act", "law", table="acts", match=["year"])}
    notes = {"n": {"text": "Act {code}[ of {year}]: {title}.", "table": "acts"}}
    return annotator(tmp_path, rules, tables=tables, notes=notes)


def texts_of(made: Annotator, text: str, **options: Any) -> list[str]:
    return [n.text for a in made.annotate(text, as_of=DAY, **options).annotations for n in a.notes]


def test_table_gives_fields_by_its_own_key(acts: Annotator) -> None:
    assert texts_of(acts, "See act A-1 and law B-1.") == ["Act A-1 of 1990: On tea.", "Act B-1: On fish."]
    assert fields(acts, "See act a-2.")[0]["title"] == "On salt"


def test_each_row_is_a_note_of_its_own(acts: Annotator) -> None:
    assert texts_of(acts, "See act A-1, act A-2, act A-1 (1990) and law A-2.") == [
        "Act A-1 of 1990: On tea.",
        "Act A-2 of 1991: On salt.",
    ]


def test_no_row_no_mention(acts: Annotator) -> None:
    assert texts_of(acts, "See act A-3.") == []
    assert "no row" in reasons(acts, "See act A-3.", "r")[0]


def test_a_field_that_contradicts_the_row(acts: Annotator) -> None:
    assert texts_of(acts, "See act A-1 (1991).") == []
    assert "1990" in reasons(acts, "See act A-1 (1991).", "r")[0]
    assert texts_of(acts, "See act A-1 (1990).") == ["Act A-1 of 1990: On tea."]


def test_what_the_row_leaves_open_is_not_taken_from_the_article(acts: Annotator) -> None:
    assert texts_of(acts, "See act B-1 (1991).") == ["Act B-1: On fish."]


NAMES = """code,names,land
A-1,Tea Act; Salt (Herb) Act; tea/salt rules,un
B-1,Fish law of the north; 12B Order,eu
"""


@pytest.fixture
def named(tmp_path: Path) -> Annotator:
    """Return a rule that takes its phrases from a column of its table."""
    (tmp_path / "acts.csv").write_text(NAMES, encoding="utf-8")
    tables = {"acts": {"file": "acts.csv", "key": "code", "source": "x", "licence": "y"}}
    rules = {"r": {"kind": "instrument", "named": ["names"], "table": "acts"}}
    return annotator(tmp_path, rules, tables=tables, notes={"n": {"text": "Act {code}.", "table": "acts"}})


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("The [[Tea Act]] and the [[TEA ACT]], but no tea act.", "A-1 A-1"),
        ("The [[Salt (Herb) Act]]; the Salt Herb Act; the [[Tea\nAct]].", "A-1 A-1"),
        ("The [[tea/salt rules]] and the [[Tea/Salt Rules]].", "A-1 A-1"),
        ("The [[Fish law of the north]] and the [[12B Order]], but no 12b Order.", "B-1 B-1"),
    ],
)
def test_names_of_a_table(named: Annotator, text: str, rows: str) -> None:
    plain, places = marked(text)
    assert spans(named, plain) == [(start, end) for start, end, _ in places]
    assert [f["code"] for f in fields(named, plain)] == rows.split()
    assert all("names" not in f for f in fields(named, plain))


def test_two_rows_of_one_name_are_refused(tmp_path: Path) -> None:
    (tmp_path / "acts.csv").write_text("code,names\nA,Tea Act\nB,Salt Act; TEA  ACT\n", encoding="utf-8")
    tables = {"acts": {"file": "acts.csv", "key": "code", "source": "x", "licence": "y"}}
    with pytest.raises(RuleErrors, match=r"two rows for 'TEA {2}ACT'"):
        annotator(tmp_path, {"r": {"kind": "instrument", "named": ["names"], "table": "acts"}}, tables=tables)
    with pytest.raises(RuleErrors, match="has no column 'titles'"):
        annotator(tmp_path, {"r": {"kind": "instrument", "named": ["titles"], "table": "acts"}}, tables=tables)


@pytest.fixture
def full_and_short(tmp_path: Path) -> Annotator:
    """Return rules of which the second needs a context, or the first in the same article."""
    (tmp_path / "acts.csv").write_text("code,year\n1,1990\n2,1991\n", encoding="utf-8")
    tables = {"acts": {"file": "acts.csv", "key": "code", "source": "x", "licence": "y"}}
    rules = {
        "full": pattern(r"act (?P<code>\d) of (?P<year>\d{4})", "act", table="acts", match=["year"]),
        "short": pattern(r"act (?P<code>\d)", "act", table="acts", repeats=["t.full"], needs=[{"context": "court"}],
                         forbids=[{"before": ["no"]}]),
    }  # fmt: skip
    return annotator(tmp_path, rules, tables=tables, contexts={"court": {"cues": ["court"]}})


@pytest.mark.parametrize(
    "text",
    [
        "See act 1.",
        "See [[act 1]] of the court.",
        "See [[act 1 of 1990]]. Then [[act 1]] and act 2.",
        "See [[act 1]]. Then [[act 1 of 1990]], and no act 1.",
        "See act 1 of 1991. Then act 1.",
    ],
)
def test_what_is_cited_in_full_may_be_repeated_without_its_context(full_and_short: Annotator, text: str) -> None:
    plain, places = marked(text)
    assert spans(full_and_short, plain) == [(start, end) for start, end, _ in places]


def test_a_repeat_stays_in_its_article(full_and_short: Annotator) -> None:
    assert "needs" in reasons(full_and_short, "See act 2 of 1991. Then act 1.", "short")[1]


LIST = r"acts? (?P<code>\d{1,4})(?: \((?P<year>\d{4})\))?"


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("See acts 7, 8 and 1990.", "7 8 1990"),
        ("See act 7, 1990.", "7 1990"),
        ("See act 8, 1990.", "8"),
        ("See act 8, 1990 (1991).", "8 1990"),
    ],
)
def test_a_year_behind_a_number_is_no_item(tmp_path: Path, text: str, codes: str) -> None:
    (tmp_path / "acts.csv").write_text("code,year\n7,1989\n8,1990\n1990,1991\n", encoding="utf-8")
    tables = {"acts": {"file": "acts.csv", "key": "code", "source": "x", "licence": "y"}}
    items = r"(?P<code>\d{1,4})(?: \((?P<year>\d{4})\))?"
    rules = {"r": pattern(LIST, "act[s]", table="acts", match=["year"], items=items)}
    made = annotator(tmp_path, rules, tables=tables)
    assert [f["code"] for f in fields(made, text)] == codes.split()


BACK = {
    "act": pattern(r"act (?P<n>[A-Z])(?P<d> decree| letter)?", "act"),
    "that": {"kind": "instrument", "phrases": ["that act"], "notes": "antecedent", "refers": ["t.act"]},
    "two": {"kind": "instrument", "phrases": ["the (latter|former)"], "notes": "antecedent", "refers": ["t.act"],
            "near": "of two"},
    "ibid": {"kind": "instrument", "phrases": ["ibid"], "notes": "antecedent", "refers": ["t.act"],
             "near": "same place"},
    "decree": {"kind": "instrument", "phrases": ["that decree"], "notes": "antecedent", "refers": ["t.act"],
               "agrees": "d"},
    "name": {"kind": "instrument", "coined": True, "refers": ["t.act"], "notes": "antecedent"},
    "an-act": {"kind": "instrument", "phrases": ["an act"], "decoy": True, "notes": "none", "refers": ["t.act"]},
    "a-bill": {"kind": "instrument", "phrases": ["a bill"], "decoy": True, "notes": "none", "refers": ["t.name"]},
}  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "It is [[act A|A]]. They quote [[that act|A]].",
        "It is [[act A|A]]. It is an act of war. They quote that act.",
        "It is [[act A|A]]. It is a bill. They quote [[that act|A]].",
        "It is [[act A|A]] and [[act B|B]]. [[The latter|B]] holds, [[the former|A]] fell.",
        "It is [[act A|A]] and [[act B|B]] of Smith and Jones. The latter fell.",
        "It is [[act A|A]], then [[act B|B]]. The latter fell.",
        "It is [[act A|A]]. [[Ibid|A]]." + " So it went on." * 40 + " Ibid.",
        "It is [[act A decree|A]] and later [[act B letter|B]]. Then [[that decree|A]].",
        "It is [[act A decree|A]] and later [[act B|B]]. Then that decree.",
        'It is [[act A|A]] ("the Tea Act"). The [[Tea Act|A]] stands; tea acts do not, nor the xTea Act.',
        'It is [[act A|A]] ("TA") and [[act B|B]] ("TB"). The [[TB|B]] and the [[TA|A]] stand.',
        'It is [[act A|A]] ("the Tea Act") and [[act B|B]] ("the Tea Act"). The Tea Act stands.',
        'It is [[act A|A]] ("so they say"). So they say it, so they say.',
    ],
)
def test_back_references(tmp_path: Path, text: str) -> None:
    made = annotator(tmp_path, BACK, notes={"n": {"text": "Act {n}."}})
    plain, places = marked(text)
    result = made.annotate(plain, as_of=DAY, notes="every")
    assert [(a.start, a.end, a.fields["n"]) for a in result.annotations] == places


def test_an_instrument_that_is_ruled_out_stops_a_back_reference(tmp_path: Path) -> None:
    """Also in a text that holds no cue of the context that the instrument needs."""
    rules = {
        "one": {"kind": "instrument", "phrases": ["act one"]},
        "two": {"kind": "instrument", "phrases": ["act two"], "needs": [{"context": "court"}]},
        "back": {"kind": "instrument", "phrases": ["that act"], "notes": "antecedent", "refers": ["t.*"]},
    }
    made = annotator(tmp_path, rules, contexts={"court": {"cues": ["court"]}})
    assert found(made, "It is act one. They quote that act.") == ["act one", "that act"]
    assert found(made, "It is act one. It is act two. They quote that act.") == ["act one"]
    assert found(made, "It is act one. Then act two of the court. They quote that act.") == [
        "act one",
        "act two",
        "that act",
    ]


# -- places that take no mention -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("format", "text"),
    [
        ("text", "See https://example.org/arms-embargo and [[arms embargo]]."),
        ("text", "Write to arms-embargo@example.org of the [[arms embargo]]."),
        ("markdown", "The `arms embargo` and the [[arms embargo]]."),
        ("markdown", "The [here](https://example.org/arms%20embargo) and the [[arms embargo]]."),
        ("markdown", "```\narms embargo\n```\n\nThe [[arms embargo]].\n"),
        ("markdown", "---\ntitle: arms embargo\n---\n\nThe [[arms embargo]].\n"),
        ("markdown", "The *[[arms embargo]]* and **[[arms embargo]]**."),
        ("markdown", "# The [[arms embargo]]\n\n- an [[arms embargo]]\n\n> an [[arms embargo]]\n"),
    ],
)
def test_protected_places(format: str, text: str, tmp_path: Path) -> None:
    plain, wanted = marked(text)
    made = annotator(tmp_path, {"r": ["arms embargo"]})
    result = made.annotate(plain, format=format, as_of=DAY, notes="every")
    places = result.document.places
    found = [(one.start, one.end) for one in result.annotations]
    if places is not None:
        found = [(places.before(start), places.after(end)) for start, end in found]
    assert found == [(start, end) for start, end, _ in wanted]


# -- tokens -----------------------------------------------------------------------------------------


TOKENS = {
    "r": {
        "kind": "term",
        "tokens": [[{"LOWER": "heavy"}, {"IS_PUNCT": True, "OP": "?"}, {"LOWER": {"IN": ["arms", "guns"]}}]],
    }
}


@pytest.mark.parametrize(
    "text",
    [
        "The [[heavy arms]] and [[Heavy, guns]] and heavy cars.",
        "The \u201co\ufb03cial\u201d [[heavy arms]] of \u200bo\ufb03cial [[heavy guns]].",
        "The \ud800 and \udc00 [[heavy arms]] \ud83d.",
        "The \0 [[heavy arms]].",
        "A heavy\n\narms dealer of the town came to the fair, and people were glad of it.",
    ],
)
def test_tokens(text: str, tmp_path: Path) -> None:
    plain, wanted = marked(text)
    assert spans(annotator(tmp_path, TOKENS), plain) == [(start, end) for start, end, _ in wanted]


def test_tokens_in_a_very_long_paragraph(tmp_path: Path) -> None:
    text = "heavy arms " + "and so on " * 110_000
    assert spans(annotator(tmp_path, TOKENS), text) == [(0, 10)]


def test_tokens_with_a_pipeline_of_ones_own(tmp_path: Path) -> None:
    import spacy

    path = write(tmp_path, definitions(TOKENS))
    own = spacy.blank("de")
    made = Annotator(rules=path, default_rules=False, cache=False, model=own)
    assert found(made, "The heavy arms.") == ["heavy arms"]
    missing = Annotator(rules=path, default_rules=False, cache=False, model="no_such_model_at_all")
    assert found(missing, "No such thing.") == []
    with pytest.raises(MissingExtraError, match="no_such_model_at_all"):
        found(missing, "The heavy arms.")


@pytest.mark.parametrize(
    ("text", "loaded"), [("The heavy arms.", "True"), ("The heavy cars.", "False"), ("Arms.", "True")]
)
def test_spacy_is_imported_only_where_a_token_rule_could_fire(text: str, loaded: str, tmp_path: Path) -> None:
    path = write(tmp_path, definitions({"r": TOKENS["r"] | {"anchors": ["arms", "guns"]}}))
    Annotator(rules=path, default_rules=False).annotate(text, as_of=DAY)
    script = (
        "import sys; from annotator import Annotator\n"
        f"Annotator(rules=[{str(path)!r}], default_rules=False).annotate({text!r}, as_of={DAY!r})\n"
        "print('spacy' in sys.modules)"
    )
    root = Path(__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout.strip() == loaded
