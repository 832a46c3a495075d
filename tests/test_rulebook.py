"""Rule files: what is refused and where it is said to be wrong, what lint doubts, overriding, and the cache."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, ClassVar

import jsonschema
import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from rulemaking import DAY, annotator, cases, definitions, found, note, spans, write

from annotator import Annotator, RuleError, RuleErrors, checking, rulebook
from annotator.rulebook import _store, _yaml
from annotator.rulebook._sound import checker

HEAD = "annotator: 1\ncovers: tests\nnamespace: t\n"
ROOT = Path(__file__).parent.parent


def load(*paths: Path, **options: Any) -> Annotator:
    return Annotator(rules=paths, **{"default_rules": False, "cache": False, **options})


def faults(path: Path) -> list[RuleError]:
    """Return the faults that loading a file raises."""
    with pytest.raises(RuleError) as caught:
        load(path)
    return list(getattr(caught.value, "errors", [caught.value]))


def one_line(error: RuleError, path: Path) -> None:
    text = str(error)
    assert "\n" not in text
    assert len(text) < 600
    assert text.startswith(f"{path.as_posix()}:{error.line}:{error.column}: ")


@pytest.mark.parametrize("case", cases("refused"), ids=lambda case: case["about"])
def test_refused_with_its_place(case: dict[str, Any], tmp_path: Path) -> None:
    text = case["file"] if "file" in case else HEAD + case["body"]
    before, mark, after = text.partition("«")
    path = write(tmp_path, before + after)
    raised = faults(path)
    for error in raised:
        one_line(error, path)
    said = [error for error in raised if all(words in str(error) for words in case["says"])]
    assert len(said) == 1, [str(error) for error in raised]
    place = (before.count("\n") + 1, len(before) - before.rfind("\n")) if mark else (1, 1)
    assert (said[0].line, said[0].column) == place, str(said[0])
    # Lint says the same, and does not raise.
    findings = checking.lint([path], default_rules=False)
    assert [(one.line, one.column, one.message) for one in findings] == [(e.line, e.column, e.message) for e in raised]
    assert {(one.path, one.level, one.code) for one in findings} == {(path.as_posix(), "error", "invalid")}


@pytest.mark.parametrize(
    ("data", "place", "says"),
    [
        (b"covers: \xff\xfe\n", (1, 9), "UTF-8"),
        (HEAD.encode() + "notes: {n: {text: Präsident}}".encode("cp1252"), (4, 21), "UTF-8"),
        (HEAD.encode("utf-16"), (1, 1), "UTF-8"),
        (HEAD.encode() + b"notes:\n  n: {text: a\0b}\n", (5, 14), "control character"),
        (HEAD.encode() + b"# a\x07b\n", (4, 4), "control character"),
        (b"\0" * 100, (1, 1), "control character"),
    ],
    ids=["bytes", "cp1252", "UTF-16", "NUL", "bell", "NULs only"],
)
def test_bytes_that_are_no_text(data: bytes, place: tuple[int, int], says: str, tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_bytes(data)
    (error,) = faults(path)
    one_line(error, path)
    assert says in str(error)
    assert (error.line, error.column) == place


def test_several_faults_are_told_at_once_and_in_order(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        HEAD + "notes:\n  n: {text: a, statut: b}\n  m: {text: 1}\nrules:\n  r: {kind: x, notes: [n], phrases: [a]}\n",
    )
    assert [error.line for error in faults(path)] == [5, 6, 8]


def test_faults_of_several_files_are_told_at_once(tmp_path: Path) -> None:
    one = write(tmp_path, HEAD + "rulez: {}\n", "one.yaml")
    two = write(tmp_path, "\t", "two.yaml")
    with pytest.raises(RuleErrors) as caught:
        load(one, two)
    assert [error.path for error in caught.value.errors] == [one.as_posix(), two.as_posix()]


def test_byte_order_mark_and_line_ends_are_no_fault(tmp_path: Path) -> None:
    data = definitions({"r": ["arms"]})
    text = yaml.safe_dump(data, sort_keys=False).replace("\n", "\r\n")
    path = tmp_path / "rules.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert spans(load(path), "The arms.") == [(4, 8)]


def test_words_that_yaml_makes_something_else_of_stay_words(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        HEAD
        + "references: {ref: {instrument: x, url: 'https://x.org', date: 2006-10-14}}\n"
        + "notes: {n: {text: No, from: 2006-10-14, sources: [{ref: ref, at: 1.5}]}}\n"
        + "rules: {r: {kind: term, phrases: [no, yes, on, 1.5 tons, 2006-10-14], notes: [n]}}\n",
    )
    made = load(path)
    assert found(made, "Yes, no and on 2006-10-14.") == ["Yes", "no", "on", "2006-10-14"]
    note_of = made.annotate("no", as_of=DAY).annotations[0].notes[0]
    assert (note_of.text, note_of.sources[0].pinpoint, note_of.from_date) == ("No", "1.5", "2006-10-14")


# -- hostile files ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        "rules: " + "[" * 10_000 + "]" * 10_000,
        "rules: " + "{a: " * 10_000 + "}" * 10_000,
        "rules:\n" + "".join(" " * n + "a:\n" for n in range(1, 1000)),
        "rules:\n" + "".join(" " * n + "-\n" for n in range(1, 1000)),
        "rules: " + "{? " * 10_000,
        "rules: " + "- " * 10_000,
    ],
    ids=["lists", "keys", "lines of keys", "lines of lists", "keys of keys", "dashes"],
)
def test_deep_nesting_is_refused(body: str, tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + body)
    one_line(faults(path)[0], path)


@pytest.mark.parametrize(
    "body",
    [
        "notes: {n: {text: " + "a" * 1_000_000 + "}}",
        "notes: {n: {text: '" + "a " * 500_000 + "'}}",
        "notes: {'" + "a" * 1_000_000 + "': {text: a}}",
        "notes: {n: {text: a, from: '" + "1" * 1_000_000 + "'}}",
        "notes: {n: {text: a, from: " + "1" * 1_000_000 + "}}",
        "references: {r: {instrument: a, url: 'https://" + "a/" * 500_000 + " '}}",
        "rules: {r: {kind: term, notes: [n], phrases: ['" + "a|" * 100_000 + "a']}}",
        "rules: {r: {kind: term, notes: [n], phrases: ['(" + "a b|" * 90 + "c) (" + "d e|" * 90 + "f)']}}",
        "rules: {r: {kind: term, notes: [n], anchors: [a], pattern: '" + "(a|b)" * 100_000 + "'}}",
        "notes: {n: {" + ", ".join(f"k{n}: 1" for n in range(20_000)) + "}}",
        "namespace2: " + "x" * 1_000_000,
        "x" * 1_000_000,
        "# " + "x" * 1_000_000 + "\nrulez: 1",
    ],
    ids=[
        "a note", "words", "a key", "a date", "a number", "a link", "100,000 alternatives", "their product",
        "a pattern", "20,000 keys", "a value of an unknown key", "one word", "a comment",
    ],
)  # fmt: skip
def test_a_million_characters_are_refused_in_one_line(body: str, tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + body)
    for error in faults(path)[:5]:
        one_line(error, path)


def test_aliases_do_not_multiply(tmp_path: Path) -> None:
    bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
    for one, other in zip("abcdefgh", "bcdefghi", strict=True):
        bomb += f"{other}: &{other} [{', '.join([f'*{one}'] * 10)}]\n"
    path = write(tmp_path, bomb)
    (error,) = faults(path)
    assert (error.line, "anchors" in error.message) == (1, True)


def test_many_rules_load(tmp_path: Path) -> None:
    rules: dict[str, Any] = {f"r{n}": [f"word{n} (goods|items)"] for n in range(2000)}
    made = annotator(tmp_path, rules)
    assert found(made, "He has word7 goods and word1999 items and word2000 goods.") == ["word7 goods", "word1999 items"]


# -- paths --------------------------------------------------------------------------------------------


def test_path_that_does_not_exist(tmp_path: Path) -> None:
    (error,) = faults(tmp_path / "gone.yaml")
    assert "gone.yaml" in str(error)
    assert "no such file" in str(error)


def test_folder_without_rules(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("x")
    (error,) = faults(tmp_path)
    assert "no .yaml file" in str(error)


def test_folder_is_read_in_order_of_names(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    write(tmp_path, definitions({"b": ["bombs"]}) | {"namespace": "two"}, "b.yaml")
    write(inner, definitions({"a": ["arms"]}) | {"namespace": "one"}, "a.yml")
    (tmp_path / "read.me").write_text("not: [a rule file")
    made = load(tmp_path)
    assert found(made, "The arms and bombs.") == ["arms", "bombs"]
    assert [Path(one).name for one in made.rulebook.sources] == ["b.yaml", "a.yml"]


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    folder = tmp_path / "rules.yaml"
    folder.mkdir()
    (folder / "inner.yaml").mkdir()
    (error,) = faults(folder)
    assert "no .yaml file" in str(error)


# -- overriding -----------------------------------------------------------------------------------------


def test_id_twice_in_one_set_of_files_is_refused(tmp_path: Path) -> None:
    one = write(tmp_path, definitions({"r": ["arms"]}, notes={"other": note()}), "one.yaml")
    two = write(tmp_path, definitions({"s": ["cars"], "r": ["bombs"]}), "two.yaml")
    with pytest.raises(RuleErrors) as caught:
        load(one, two)
    messages = [str(error) for error in caught.value.errors]
    assert all(message.startswith(two.as_posix()) for message in messages)
    (mine,) = [message for message in messages if "rule 't.r'" in message]
    assert "is defined already in" in mine
    assert "one.yaml:" in mine
    assert "rename" in mine


def test_a_user_overrides_the_pack_by_id(tmp_path: Path) -> None:
    text = "The Security Council adopted Resolution 2397 on North Korea."
    shipped = Annotator(cache=False).annotate(text, as_of=DAY)
    rule = shipped.annotations[0].rule
    namespace, _, name = rule.rpartition(".")
    mine = definitions({name: ["zyzzyva"]}) | {"namespace": namespace}
    path = write(tmp_path, mine)
    made = Annotator(rules=path, cache=False)
    assert rule not in [one.rule for one in made.annotate(text, as_of=DAY).annotations]
    assert [one.rule for one in made.annotate("A zyzzyva here.", as_of=DAY).annotations] == [rule]


def test_a_user_adds_to_the_pack_and_uses_its_notes(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        HEAD + "rules: {r: {kind: term, phrases: [zyzzyva], notes: [un.dprk.luxury-goods]}}\n",
    )
    made = Annotator(rules=path, cache=False)
    (one,) = made.annotate("A zyzzyva here.", as_of=DAY).annotations
    assert [n.id for n in one.notes] == ["un.dprk.luxury-goods"]
    assert one.rule == "t.r"


def test_only_and_skip(tmp_path: Path) -> None:
    path = write(tmp_path, definitions({"a.one": ["arms"], "a.two": ["bombs"], "b.one": ["cars"]}))
    text = "The arms, bombs and cars."

    def words(**options: Any) -> list[str]:
        return found(load(path, **options), text)

    assert words() == ["arms", "bombs", "cars"]
    assert words(only=["a.*"]) == ["arms", "bombs"]
    assert words(skip=["a.*"]) == ["cars"]
    assert words(only=["*.one"], skip=["b.*"]) == ["arms"]
    assert words(only=["a.one", "b.one"]) == ["arms", "cars"]
    assert words(only=["nothing"]) == []


def test_default_rules_may_be_left_out_altogether() -> None:
    assert Annotator(default_rules=False, cache=False).annotate("North Korea arms embargo", as_of=DAY).annotations == ()


class PlainLoader(yaml.SafeLoader):
    """Reads YAML as an editor does that knows no dates."""

    yaml_implicit_resolvers: ClassVar = {
        first: [pair for pair in pairs if pair[0].rsplit(":", 1)[1] in {"int", "bool", "null"}]
        for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


# -- the schema -------------------------------------------------------------------------------------------


def test_the_shipped_schema_is_a_schema_and_takes_the_pack() -> None:
    schema = json.loads((ROOT / "annotator/rulebook/schema/rules-1.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for path in (ROOT / "rules").rglob("*.yaml"):
        validator.validate(yaml.load(path.read_text(encoding="utf-8"), Loader=PlainLoader))


def places_in(data: Any) -> list[tuple[Any, Any]]:
    """Return the containers of data with the keys of what they hold."""
    keys = data.keys() if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ()
    return [place for key in keys for place in ((data, key), *places_in(data[key]))]


@pytest.mark.parametrize("seed", range(4))
def test_the_quick_check_agrees_with_the_validator(seed: int) -> None:
    """Rule data with something replaced, added or taken away is sound to the one if it is to the other."""
    chance = random.Random(seed)
    schema = rulebook.rules_schema()
    quick = checker(schema, {"date": lambda value: not isinstance(value, str) or "02-30" not in value})
    validator = jsonschema.Draft202012Validator(schema)
    path = sorted((ROOT / "rules").rglob("*.yaml"), key=lambda path: path.stat().st_size)[3 * seed]
    whole = yaml.load(path.read_text(encoding="utf-8"), Loader=PlainLoader)
    told = {True: 0, False: 0}
    for _ in range(40):
        data = json.loads(json.dumps(whole))
        holder, key = chance.choice(places_in(data))
        kind = chance.randrange(4)
        if kind == 0:
            del holder[key]
        elif kind == 1 and isinstance(holder, dict):
            holder[chance.choice(["phrases", "x y", "kind", "until"])] = holder[key]
        else:
            holder[key] = chance.choice([None, True, 3, "", "word", "2024-01-31", [], ["a"], {}, {"a": "b"}])
        sound = validator.is_valid(data)
        told[sound] += 1
        assert quick(data) is sound, (kind, key)
    assert all(told.values())


# -- lint ---------------------------------------------------------------------------------------------------


LINT = """\
defaults: {jurisdiction: un, status: verified, checked: 2026-01-02}
references: {ref: {instrument: S/RES/1, url: 'https://x.org', date: 1946-01-25}}
notes: {n: {text: S/RES/1 is first., jurisdiction: un, status: verified, checked: 2026-05-31, SRC}}
rules: {z: {kind: term, notes: [n], phrases: [zzz], examples: {match: ['[[zzz]]'], near: [y]}}}
"""


def spelt_out(case: dict[str, Any]) -> str:
    """Return a case's file: its sections put into those of a sound one."""
    body = case["body"]
    for section in LINT.strip().split("\n"):
        name, _, content = section.partition(": {")
        if name == "defaults" and "defaults" in case:
            continue
        if f"{name}: {{" in body:
            body = body.replace(f"{name}: {{", f"{name}: {{{content.rstrip('}') + '}' * (content.count('}') - 1)}, ", 1)
        else:
            body += section + "\n"
    body = re.sub(r"WORDS(\d+)", lambda hit: " ".join(["word"] * int(hit[1])), body)
    return HEAD + body.replace("SRC", "sources: [{ref: ref, at: para. 1}]")


@pytest.mark.parametrize("case", cases("lint"), ids=lambda case: case["about"])
def test_lint(case: dict[str, Any], tmp_path: Path) -> None:
    before, mark, after = spelt_out(case).partition("«")
    path = write(tmp_path, before + after)
    findings = checking.lint([path], default_rules=False, today="2026-06-01", max_age=case.get("max_age"))
    mine = [one for one in findings if one.code == case["code"]]
    if not mark:
        assert mine == []
        return
    assert len(mine) == 1, findings
    (one,) = mine
    assert (one.line, one.column) == (before.count("\n") + 1, len(before) - before.rfind("\n"))
    assert one.level == case["level"]
    assert one.path == path.as_posix()
    for words in case.get("says", []):
        assert str(words) in one.message
    assert "\n" not in one.message


def test_lint_finds_nothing_in_a_good_file(tmp_path: Path) -> None:
    data = definitions({"r": {"phrases": ["arms"], "examples": {"match": ["The [[arms]]."], "near": ["The cars."]}}})
    assert checking.lint([write(tmp_path, data)], default_rules=False, today="2026-06-01", max_age=365) == []


# -- examples -------------------------------------------------------------------------------------------------


def run_examples(folder: Path, rule: dict[str, Any], **sections: Any) -> checking.Report:
    return checking.test([write(folder, definitions({"r": rule}, **sections))], default_rules=False, today=DAY)


@pytest.mark.parametrize(
    ("examples", "says"),
    [
        ({"match": ["The [[arms]]."], "near": ["The cars."]}, []),
        ({"match": ["The [[arms]] and [[ARMS]]."]}, []),
        ({"match": ["The [[cars]]."]}, ["does not match 'cars'"]),
        ({"match": ["The [[arms]] and arms."]}, ["also matches 'arms'"]),
        ({"match": ["The [[the arms]]."]}, ["found 'arms' instead", "also matches"]),
        ({"match": ["The arms."]}, ["mark the mention"]),
        ({"near": ["The arms."]}, ["matches 'arms'"]),
        ({"near": ["The [[arms]]."]}, ["nothing to mark"]),
        ({"match": [{"text": "The [[arms]].", "notes": ["n"]}]}, []),
        ({"match": [{"text": "The [[arms]].", "notes": ["m"]}]}, ["chooses t.n, not t.m"]),
        ({"match": [{"text": "The [[arms]].", "notes": []}]}, ["chooses t.n, not none"]),
        ({"match": [{"text": "The [[arms]].", "notes": [], "as_of": "2019-12-31"}]}, []),
        ({"match": [{"text": "The [[arms]].", "notes": ["n"], "as_of": "2020-01-01"}]}, []),
    ],
)
def test_examples_prove_or_fail(examples: dict[str, Any], says: list[str], tmp_path: Path) -> None:
    notes = {"n": note(**{"from": "2020-01-01"})}
    report = run_examples(tmp_path, {"phrases": ["arms"], "examples": examples}, notes=notes)
    assert len(report.failures) == len(says)
    for failure, words in zip(report.failures, says, strict=True):
        assert words in failure.message
        assert failure.rule == "t.r"
        line = (tmp_path / "rules.yaml").read_text().split("\n")[failure.line - 1]
        assert "arms" in line or "cars" in line
    assert report.rules == 1
    assert report.examples == sum(map(len, examples.values()))
    assert report.covered == (len(examples) == 2)


# -- the cache -----------------------------------------------------------------------------------------------


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("ANNOTATOR_CACHE_DIR", str(folder))
    monkeypatch.delenv("ANNOTATOR_NO_CACHE", raising=False)
    return folder


def cached(folder: Path) -> list[Path]:
    return sorted(folder.glob("rules-*")) if folder.exists() else []


def test_cache_gives_the_same_and_parses_no_yaml(cache: Path, tmp_path: Path) -> None:
    path = write(tmp_path, definitions({"r": ["arms /2 cars"]}))
    text = "The arms and cars."
    fresh = load(path).annotate(text, as_of=DAY)
    assert cached(cache) == []
    first = load(path, cache=True).annotate(text, as_of=DAY)
    assert len(cached(cache)) == 1
    script = (
        "import sys; from annotator import Annotator\n"
        f"made = Annotator(rules=[{str(path)!r}], default_rules=False)\n"
        f"result = made.annotate({text!r}, as_of={DAY!r})\n"
        "assert 'yaml' not in sys.modules and 'jsonschema' not in sys.modules\n"
        "print([(a.start, a.end) for a in result.annotations])"
    )
    out = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert out.stdout.strip() == "[(4, 17)]"
    assert fresh.annotations == first.annotations == load(path, cache=True).annotate(text, as_of=DAY).annotations
    assert len(cached(cache)) == 1


def test_cache_follows_the_rules(cache: Path, tmp_path: Path) -> None:
    path = write(tmp_path, definitions({"r": ["arms"]}))
    assert found(load(path, cache=True), "The arms and cars.") == ["arms"]
    write(tmp_path, definitions({"r": ["cars"]}))
    assert found(load(path, cache=True), "The arms and cars.") == ["cars"]


@pytest.mark.parametrize("place", ["table.csv", "data/table.csv", "data/deep/table.csv"])
@pytest.mark.parametrize("whole_folder", [False, True])
def test_cache_follows_the_tables(place: str, *, whole_folder: bool, cache: Path, tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    table = folder / place
    table.parent.mkdir(parents=True)
    rule = {"pattern": "act (?P<number>[0-9]+)", "anchors": ["act"], "table": "acts"}
    tables = {"acts": {"file": place, "key": "number", "source": "x", "licence": "y"}}
    data = definitions({"r": rule}, tables=tables, notes={"n": note("Act {number}: {title}.", table="acts")})
    path = write(folder, data)
    for title in ("one", "two"):
        table.write_text(f"number,title\n12,{title}\n", encoding="utf-8")
        result = load(folder if whole_folder else path, cache=True).annotate("See act 12.", as_of=DAY)
        assert [n.text for a in result.annotations for n in a.notes] == [f"Act 12: {title}."]


def test_damaged_cache_is_made_anew_silently(cache: Path, tmp_path: Path) -> None:
    path = write(tmp_path, definitions({"r": ["arms"]}))
    load(path, cache=True)
    (stored,) = cached(cache)
    sound = stored.read_bytes()
    for size in (0, 1, 20, len(sound) // 2, len(sound) - 1):
        stored.write_bytes(sound[:size])
        assert found(load(path, cache=True), "The arms.") == ["arms"]
    for place in range(0, len(sound), max(1, len(sound) // 40)):
        stored.write_bytes(sound[:place] + bytes([sound[place] ^ 0x55]) + sound[place + 1 :])
        assert found(load(path, cache=True), "The arms.") == ["arms"]
    assert stored.read_bytes() == sound


def test_cache_that_cannot_be_written_is_done_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "a-file"
    blocked.write_text("x")
    monkeypatch.setenv("ANNOTATOR_CACHE_DIR", str(blocked / "cache"))
    path = write(tmp_path, definitions({"r": ["arms"]}))
    assert found(load(path, cache=True), "The arms.") == ["arms"]


def test_cache_can_be_turned_off(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, definitions({"r": ["arms"]}))
    load(path, cache=False)
    monkeypatch.setenv("ANNOTATOR_NO_CACHE", "1")
    load(path, cache=True)
    assert not cache.exists()


def test_cache_does_not_grow_without_end(cache: Path, tmp_path: Path) -> None:
    for n in range(30):
        load(write(tmp_path, definitions({"r": [f"arms{n}"]})), cache=True)
    assert 1 <= len(cached(cache)) <= 25
    assert len([*cache.iterdir()]) <= 25


def several(folder: Path, **words: str) -> Path:
    """Write a folder of rule files, one for each phrase, with what they share."""
    folder.mkdir(exist_ok=True)
    shared = definitions({"shared": ["shared {kinds}"]}, vocabulary={"kinds": ["(ban|embargo)"]})
    (folder / "shared.yaml").write_text(yaml.safe_dump(shared), encoding="utf-8")
    for name, phrase in words.items():
        rule = {"kind": "term", "phrases": [phrase], "notes": ["n"]}
        data = {"annotator": 1, "covers": "tests", "namespace": "t", "rules": {name: rule}}
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(data), encoding="utf-8")
    return folder


def test_only_what_changed_is_parsed_again(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = several(tmp_path / "rules", one="arms /2 {kinds}", two="oil [and gas] {kinds}")
    text = "An arms and oil embargo, an oil ban, a shared ban, coal."
    assert found(load(folder, cache=True), text) == ["arms and oil embargo", "oil ban", "shared ban"]
    read: list[str] = []
    plain = _yaml.plain_data
    monkeypatch.setattr(_yaml, "plain_data", lambda text: read.append(text) or plain(text))
    several(folder, two="coal")
    assert found(load(folder, cache=True), text) == ["arms and oil embargo", "shared ban", "coal"]
    assert [text for text in read if "coal" not in text] == []
    assert len(read) == 1


def test_what_is_shared_counts_for_files_that_did_not_change(cache: Path, tmp_path: Path) -> None:
    folder = several(tmp_path / "rules", one="arms {kinds}")
    text = "An arms ban, an arms embargo, an arms freeze."
    assert found(load(folder, cache=True), text) == ["arms ban", "arms embargo"]
    shared = definitions({"shared": ["shared {kinds}"]}, vocabulary={"kinds": ["(ban|freeze)"]})
    (folder / "shared.yaml").write_text(yaml.safe_dump(shared), encoding="utf-8")
    assert found(load(folder, cache=True), text) == ["arms ban", "arms freeze"]


def test_a_fault_is_told_of_files_known_and_new(cache: Path, tmp_path: Path) -> None:
    folder = several(tmp_path / "rules", one="arms {kinds}", two="oil {kinds}")
    load(folder, cache=True)
    (folder / "shared.yaml").write_text(yaml.safe_dump(definitions({"shared": ["shared"]})), encoding="utf-8")
    told = []
    for options in ({"cache": False}, {"cache": True}, {"cache": True}):
        with pytest.raises(RuleErrors) as caught:
            load(folder, **options)
        told.append([(Path(one.path).name, one.line, one.column, one.message) for one in caught.value.errors])
    assert told[0] == told[1] == told[2]
    assert [name for name, *_ in told[0]] == ["one.yaml", "two.yaml"]


def test_damage_to_what_is_known_of_files_is_no_fault(cache: Path, tmp_path: Path) -> None:
    folder = several(tmp_path / "rules", one="arms {kinds}")
    load(folder, cache=True)
    (known,) = cache.glob("files-*")
    sound = known.read_bytes()
    pieces = [sound[:size] for size in (0, 1, 20, len(sound) // 2, len(sound) - 1)]
    pieces += [
        sound[:at] + bytes([sound[at] ^ 0x55]) + sound[at + 1 :] for at in range(0, len(sound), len(sound) // 20)
    ]
    for damaged in pieces:
        for one in cached(cache):
            one.unlink()
        known.write_bytes(damaged)
        assert found(load(folder, cache=True), "The arms ban.") == ["arms ban"]
        assert known.read_bytes() == sound
    for one in cached(cache):
        one.unlink()
    # Sound as a file, but not of rules.
    names = _store.Sections(sound).names
    for content in (b"[]", b"{", b""):
        for one in cached(cache):
            one.unlink()
        known.write_bytes(_store.pack(dict.fromkeys(names, content)))
        assert found(load(folder, cache=True), "The arms ban.") == ["arms ban"]


def test_what_is_known_of_files_by_another_version_is_left_aside(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = several(tmp_path / "rules", one="arms {kinds}")
    for version in ("90.1", "90.2", "90.3", "90.4"):
        monkeypatch.setattr("annotator.rulebook.__version__", version)
        assert found(load(folder, cache=True), "The arms ban.") == ["arms ban"]
        assert 1 <= len([*cache.glob("files-*")]) <= 2


def test_processes_that_write_at_once_lose_nothing(cache: Path, tmp_path: Path) -> None:
    folder = several(tmp_path / "rules", one="arms {kinds}")
    script = (
        "import sys; from annotator import Annotator\n"
        f"made = Annotator(rules=[{str(folder)!r}], default_rules=False)\n"
        f"print(len(made.annotate('The arms ban.', as_of={DAY!r}).annotations))"
    )
    several_at_once = [
        subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=ROOT) for _ in range(4)
    ]
    assert [one.communicate()[0].strip() for one in several_at_once] == [b"1"] * 4
    assert found(load(folder, cache=True), "The arms ban.") == ["arms ban"]
    assert {path.name.partition("-")[0] for path in cache.iterdir()} == {"rules", "files"}


# Pieces of YAML of all kinds; together they may be sound or not.
_PIECES = (
    """a: |b: |- |  |N|N  |x|'q'|"r"|[|]|{|}|, |&n |*n|!t |! |---N|? |1|-7|null|true|~|#c|é|\t|...N|a|:|\x07|>|%"""
)
YAML = st.lists(st.sampled_from(_PIECES.replace("N", "\n").split("|")), max_size=14).map("".join)


@given(YAML)
@example("a: 1\na: 2\n")
@example("a: {b: [1, no, 'true', null]}\nb: ! x\n")
def test_plain_data_is_what_the_whole_parser_gives(text: str) -> None:
    try:
        data = _yaml.plain_data(text)
    except _yaml.OddError:
        return
    assert _yaml.parse(text, "x.yaml")[0] == data


def test_digest_names_the_content(tmp_path: Path) -> None:
    one = load(write(tmp_path, definitions({"r": ["arms"]}))).rulebook.digest
    assert load(write(tmp_path, definitions({"r": ["arms"]}))).rulebook.digest == one
    path = tmp_path / "rules.yaml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert load(path).rulebook.digest == one
    assert load(write(tmp_path, definitions({"r": ["cars"]}))).rulebook.digest != one
    assert len(one) == 16
    assert int(one, 16) >= 0


def test_the_order_of_folders_entries_does_not_count(tmp_path: Path) -> None:
    digests = set()
    for order in ("abc", "cab"):
        folder = tmp_path / order
        folder.mkdir()
        for name in order:
            write(folder, definitions({name: [f"word{name}"]}) | {"namespace": name}, f"{name}.yaml")
            os.utime(folder / f"{name}.yaml", (1, 1))
        digests.add(load(folder).rulebook.digest)
    assert len(digests) == 1
