"""What helps authors of rules: brackets without quotes, examples of regimes and contexts, overriding, skeletons."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from conftest import DESK
from rulemaking import annotator, definitions, write

from annotator import RuleErrors, rulebook
from annotator.checking import lint, test
from annotator.errors import ExitCode
from annotator.rulebook._collect import accidents

if TYPE_CHECKING:
    from conftest import Command

test.__test__ = False  # type: ignore[attr-defined]
PACK = Path(__file__).parent.parent / "rules"


# -- brackets without quotes -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("phrases: [north korea[n][ns], DPRK]", 26),
        ("phrases: [[the] north, x]", 15),
        ("phrases: [{arms} ban]", 15),
        ("phrases: [luxury {arms}, b]", 22),
        ("phrases: [the] asset freeze[s]", 14),
        ("about: [the] asset freeze[s]", 12),
        ("about: {arms} ban", 12),
        ("examples: {match: [He sold [[widgets]].]}", 32),
    ],
)
def test_brackets_without_quotes_are_explained(tmp_path: Path, line: str, column: int) -> None:
    text = f"annotator: 1\ncovers: x\nnamespace: t\nrules:\n  r:\n    {line}\n"
    with pytest.raises(RuleErrors) as caught:
        annotator_of(write(tmp_path, text))
    [fault] = caught.value.errors
    assert (fault.line, fault.column) == (6, column)
    assert "put all of them in quotes" in fault.message
    assert "\n" not in fault.message


def test_brackets_that_make_a_list_are_explained(tmp_path: Path) -> None:
    data = DESK.replace('phrases: ["widget[s]"]', "phrases:\n      - [the]\n      - {arms}\n      - ok")
    with pytest.raises(RuleErrors) as caught:
        annotator_of(write(tmp_path, data))
    assert len(caught.value.errors) == 2
    for fault in caught.value.errors:
        assert "must be text, not" in fault.message
        assert "put text that holds them in quotes" in fault.message


@pytest.mark.parametrize("line", ["phrases: [a, b", "phrases: ['a' b]", "phrases: a: b", "about: ]"])
def test_other_faults_are_no_matter_of_brackets(tmp_path: Path, line: str) -> None:
    text = f"annotator: 1\ncovers: x\nnamespace: t\nrules:\n  r:\n    {line}\n  s: {{}}\n"
    with pytest.raises(RuleErrors) as caught:
        annotator_of(write(tmp_path, text))
    assert "in quotes, as in" not in str(caught.value)


def annotator_of(path: Path) -> Any:
    """Return an annotator with one file of rules."""
    from annotator import Annotator

    return Annotator(rules=path, default_rules=False, cache=False, lists=False)


# -- examples of regimes and contexts --------------------------------------------------------------


def with_regime(tmp_path: Path, regime: dict[str, Any], context: dict[str, Any]) -> Path:
    """Write rules with a measure, a regime that answers it, and a context, each with these examples."""
    data = definitions(
        {"ban": {"kind": "measure", "phrases": ["trade ban"], "notes": "by-regime",
                 "examples": {"match": ["A [[trade ban]] on Ruritania."], "near": ["Trade."]}}},
        contexts={"ruritania": {"group": "party", "cues": ["ruritania[n]"], "examples": context}},
        regimes={"un.ruritania": {"context": "ruritania", "default": True, "answers": {"ban": ["n"]},
                                  "jurisdiction": "un", "examples": regime}},
    )  # fmt: skip
    return write(tmp_path, data)


def test_examples_of_regimes_and_contexts_are_run(tmp_path: Path) -> None:
    path = with_regime(
        tmp_path,
        {"match": [{"text": "The [[trade ban]] on Ruritania.", "notes": ["n"]}], "near": ["The trade ban on Iran."]},
        {"match": ["[[Ruritanian]] wine."], "near": ["Rural wine."]},
    )
    report = test([path], default_rules=False)
    assert report.failures == []
    assert (report.examples, report.rules, report.regimes, report.contexts) == (6, 1, 1, 1)


@pytest.mark.parametrize(
    ("regime", "context", "message"),
    [
        ({"match": ["The [[trade ban]] on nobody."]}, {}, "does not answer 'trade ban' (no party that this measure"),
        ({"near": ["The trade ban on Ruritania."]}, {}, "answers 'trade ban' (t.ban)"),
        ({"match": ["[[Trade]], and a trade ban on Ruritania."]}, {}, "also answers 'trade ban'"),
        ({"match": [{"text": "A [[trade ban]] on Ruritania.", "notes": []}]}, {}, "chooses t.n, not none"),
        ({"match": ["A trade ban."]}, {}, "mark the mention with [[ and ]]"),
        ({}, {"match": ["[[Rural]] wine."]}, "no cue is 'Rural'"),
        ({}, {"match": ["The [[Ruritanian wine]]."]}, "no cue is 'Ruritanian wine'; found 'Ruritanian' instead"),
        ({}, {"near": ["Ruritanian wine."]}, "a cue is 'Ruritanian'"),
        ({}, {"near": ["[[Ruritanian]] wine."]}, "a near miss has nothing to mark"),
        ({}, {"match": [{"text": "[[Ruritania]].", "notes": ["n"]}]}, "a context has no notes"),
    ],
)
def test_examples_of_regimes_and_contexts_that_fail(
    tmp_path: Path, regime: dict[str, Any], context: dict[str, Any], message: str
) -> None:
    report = test([with_regime(tmp_path, regime, context)], default_rules=False)
    assert any(message in one.message for one in report.failures), report.failures
    assert all(one.line > 1 for one in report.failures)


# -- a country's own file ---------------------------------------------------------------------------


def shown(folder: Path, heading: str) -> Path:
    """Write the first rules that docs/rules.md shows under a heading."""
    page = (PACK.parent / "docs" / "rules.md").read_text(encoding="utf-8")
    found = re.search(rf"## {heading}\n.*?```yaml\n(.*?)```", page, re.DOTALL)
    assert found is not None
    return write(folder, found[1])


def country_file(folder: Path) -> Path:
    """Write the country's file of docs/rules.md."""
    return shown(folder, "A country's own file")


def test_a_country_adds_itself_to_measures_of_the_pack(tmp_path: Path, run: Command) -> None:
    path = country_file(tmp_path)
    done = run("rules", "test", "--rules", path)
    assert done.exit_code == 0
    assert done.stdout.startswith("your files: 7 examples of 0 rules, 1 regime and 1 context, 0 failed\n")


# The pack's measures, without its regimes and tables: what a country adds itself to, quick to look through.
MEASURES = [PACK / "contexts.yaml", PACK / "measures.yaml"]


def test_the_set_of_the_documentation(tmp_path: Path) -> None:
    path = shown(tmp_path, "Sets of contexts")
    report = test([*MEASURES, path], default_rules=False)
    assert [one.message for one in report.failures if one.path == path.as_posix()] == []
    assert "desk.patrol" in rulebook.load([*MEASURES, path], default_rules=False, cache=False).rule_ids


def test_a_country_outside_the_sets_is_told_by_lint(tmp_path: Path) -> None:
    path = country_file(tmp_path)

    def told() -> list[tuple[str, str]]:
        found = lint([*MEASURES, path], default_rules=False)
        return [(one.code, one.message) for one in found if one.path == path.as_posix()]

    assert told() == []
    path.write_text(re.sub(r"\n    sets: .*", "", path.read_text(encoding="utf-8")), encoding="utf-8")
    found = told()
    assert [code for code, _ in found] == ["closed", "closed"]
    assert "'measure.sanctions-bare' is answered only where" in found[0][1]
    assert found[0][1].endswith("say sets: [measure.sanctioned] in context 'my.ruritania.ruritania'")
    failed = test([*MEASURES, path], default_rules=False).failures
    assert [one.message.split(" (")[0] for one in failed if one.path == path.as_posix()] == [
        "does not answer 'iron ore'"
    ]


@pytest.mark.parametrize("where", ["needs", "forbids", "nearest", "any", "note"])
def test_a_set_stands_wherever_a_context_may(tmp_path: Path, where: str) -> None:
    condition: dict[str, Any] = {"context": "coasts", "within": "sentence"}
    rule: dict[str, Any] = {"kind": "term", "phrases": ["the ship"], "notes": ["n"]}
    if where == "nearest":
        condition = {"nearest": {"party": "coasts"}, "within": "sentence"}
    elif where == "any":
        condition = {"any": [condition, {"before": ["grey"]}]}
    if where == "note":
        rule["notes"] = [{"note": "n", "needs": [condition]}]
    else:
        rule["forbids" if where == "forbids" else "needs"] = [condition]
    data = definitions(
        {"ship": rule},
        sets={"coasts": {"about": "Countries with a coast.", "contexts": "sylvania"}},
        contexts={name: {"group": "party", "cues": [name.title()]} for name in ("sylvania", "strelsau", "atlantis")},
    )
    data["contexts"]["strelsau"]["sets"] = "coasts"
    noting = annotator_of(write(tmp_path, data))
    found = [
        bool(noting.annotate(f"In {name} the ship sank.", as_of="2024-06-20").annotations)
        for name in ("Sylvania", "Strelsau", "Atlantis")
    ]
    assert found == [where != "forbids", where != "forbids", where == "forbids"]


@pytest.mark.parametrize(
    ("sets", "own", "message"),
    [
        ({}, {"sets": "coasts"}, "no set of contexts 't.coasts'"),
        ({"coasts": {"about": "x", "contexts": ["nowhere"]}}, {}, "no context 't.nowhere'"),
        ({"a": {"about": "x"}}, {}, "a context is called 't.a' too; rename the set"),
        ({"coasts": {"contexts": ["a"]}}, {}, "about"),
    ],
)
def test_sets_that_lead_nowhere(tmp_path: Path, sets: dict[str, Any], own: dict[str, Any], message: str) -> None:
    data = definitions({"r": ["x"]}, sets=sets, contexts={"a": {"group": "party", "cues": ["A"], **own}})
    with pytest.raises(RuleErrors, match=re.escape(message)):
        annotator_of(write(tmp_path, data))


def test_a_set_that_nothing_names_is_unused(tmp_path: Path) -> None:
    data = definitions({"r": ["x"]}, sets={"coasts": {"about": "x"}})
    assert "'t.coasts' is used nowhere" in [one.message for one in lint([write(tmp_path, data)], default_rules=False)]


# -- the author's own file and the pack ------------------------------------------------------------


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pack of a few rules in place of the shipped one, one of whose examples fails."""
    folder = tmp_path / "pack"
    shutil.copytree(PACK / "language", folder / "language")
    (folder / "a.yaml").write_text(DESK.replace("He sold things.", "He sold gadgets."), encoding="utf-8")
    monkeypatch.setattr(rulebook, "_pack", lambda: str(folder))


MINE = """\
annotator: 1
covers: mine
namespace: desk
references:
  own: {instrument: Own Act, date: 2001-01-01, url: "https://example.org/own"}
notes:
  own: {text: Own Act s. 1 forbids., jurisdiction: un, status: verified, sources: [{ref: own, at: s. 1}]}
rules:
  widgets:
    kind: measure
    phrases: [thing]
    notes: [own]
    examples: {match: ["[[nothing]]"], near: ["x"]}
"""


def test_the_own_file_comes_first(here, run: Command, pack: None) -> None:
    (here / "z.yaml").write_text(MINE)
    result = run("rules", "test", "z.yaml", "--no-config")
    assert result.exit_code == ExitCode.BAD_RULES
    lines = result.stdout.splitlines()
    assert lines[0].startswith("z.yaml:13:")
    assert lines[1] == "your files: 2 examples of 1 rule, 1 failed"
    assert "desk.gadgets: matches 'gadgets'" in lines[2]
    assert len(lines) == 4
    [warning] = [line for line in result.stderr.splitlines() if "stands in for" in line]
    assert re.fullmatch(r"annotator: warning: z\.yaml:9:3: rule 'desk\.widgets' stands in for that .*", warning)


def test_overriding_is_a_warning_unless_it_is_meant(tmp_path: Path, pack: None) -> None:
    def found(text: str) -> list[tuple[int, str]]:
        faults = accidents(rulebook.read_definitions([write(tmp_path, text)]))
        return [(one.line, "warning") for one in faults]

    assert [(one.line, one.level) for one in lint([write(tmp_path, MINE)]) if one.code == "overrides"] == found(MINE)
    assert found(MINE) == [(9, "warning")]
    assert found(MINE.replace("    kind: measure", "    overrides: true\n    kind: measure")) == []
    assert found(MINE.replace("    kind: measure", "    overrides: false\n    kind: measure")) == [(9, "warning")]
    misspelt = MINE.replace("widgets:", "wigdets:").replace(
        "    kind: measure", "    overrides: true\n    kind: measure"
    )
    assert found(misspelt) == [(10, "warning")]
    with_context = MINE + 'contexts:\n  toys: {cues: ["toy[s]"]}\n'
    assert found(with_context) == [(9, "warning"), (15, "warning")]


def test_that_it_is_meant_is_no_part_of_the_rule(tmp_path: Path) -> None:
    made = annotator(tmp_path, {"r": {"phrases": ["thing"], "overrides": True}})
    assert made.annotate("A thing.").annotations
    assert "overrides" not in made.rulebook.rule_named("t.r")


# -- skeletons -------------------------------------------------------------------------------------

EMBARGO = """\
annotator: 1
covers: a rule of the pack
namespace: measure
rules:
  arms-embargo: {kind: measure, phrases: [arms embargo], notes: by-regime,
                 examples: {match: ["An [[arms embargo]]."], near: [Arms.]}}
"""


@pytest.mark.parametrize("kind", ["regime", "rule", "measure"])
def test_a_skeleton_passes_as_it_is_and_filled_in(here, run: Command, pack: None, kind: str) -> None:
    (here / "embargo.yaml").write_text(EMBARGO)
    shown = run("rules", "new", kind)
    assert shown.exit_code == 0
    assert run("rules", "new", kind, "-o", "mine.yaml").exit_code == 0
    assert (here / "mine.yaml").read_text() == shown.stdout
    filled = shown.stdout.replace("uritania", "amnaria").replace("Strelsau", "Zorbia").replace("Act 1", "Act 77")
    filled = filled.replace("wine", "beer").replace("unverified", "verified")
    (here / "filled.yaml").write_text(filled)
    others = ["embargo.yaml"] if kind == "regime" else []  # of the pack's rules the regime answers one
    for name in ("mine.yaml", "filled.yaml"):
        linted = run("rules", "lint", "--no-default-rules", "--strict", *others, name)
        assert (linted.exit_code, linted.stdout) == (0, "")
        tested = run("rules", "test", "--no-default-rules", *others, name, "--only", "my.*")
        assert tested.exit_code == 0, tested.stdout
        assert "0 failed" in tested.stdout


def test_a_skeleton_writes_over_nothing(here, run: Command) -> None:
    (here / "mine.yaml").write_text("kept")
    for target, code in (
        ("mine.yaml", ExitCode.CANNOT_WRITE),
        ("no/where.yaml", ExitCode.CANNOT_WRITE),
        (".", ExitCode.CANNOT_WRITE),
    ):
        result = run("rules", "new", "rule", "-o", target)
        assert (result.exit_code, result.stderr.count("\n")) == (code, 1)
    assert (here / "mine.yaml").read_text() == "kept"
    wrong = run("rules", "new", "rul")
    assert wrong.exit_code == ExitCode.USAGE
    assert "did you mean rule" in wrong.stderr


# -- explain ---------------------------------------------------------------------------------------


def test_explain_is_short_and_says_why_no_regime_answered(here, run: Command) -> None:
    both = {"un": ("un.r", False), "us": ("us.r", False)}
    data = definitions(
        {
            "ban": {"kind": "measure", "phrases": ["trade ban"], "notes": "by-regime"},
            "deed": {"phrases": ["ban"], "needs": [{"context": "deed", "within": "sentence"}]},
        },
        contexts={"ruritania": {"group": "party", "cues": ["ruritania[n]"]}, "deed": {"cues": ["deed"]}},
        regimes={
            name: {"context": "ruritania", "answers": {"ban": ["n"]}, "jurisdiction": whose, "default": default}
            for whose, (name, default) in both.items()
        },
    )
    write(here, data)
    (here / "a.txt").write_text("The trade ban on Ruritania is old.")
    options = ("explain", "a.txt", "--rules", "rules.yaml", "--no-default-rules", "--no-lists", "--no-config")
    short = run(*options)
    assert "ruled out: t.ban" in short.stdout
    assert "no answer of un.r: the text names no authority here, and default: true is missing" in short.stdout
    assert "no answer of us.r: the text names no authority here, and theirs must be named" in short.stdout
    assert "t.deed" not in short.stdout
    assert "1 hits that were ruled out are not shown; see them with --all" in short.stderr
    assert "t.deed" in run(*options, "--all").stdout
    assert "t.deed" in run(*options, "--at", "11").stdout
