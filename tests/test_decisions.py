"""An analyst's decisions: honoured wherever articles are annotated, by document, entry and name; read strictly."""

from __future__ import annotations

import hashlib
import json
import pickle
import random
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import yaml
from batchrunning import lines
from hypothesis import given, settings
from hypothesis import strategies as st
from test_names import put

from annotator import Annotator, strip
from annotator.decisions import read, words_of
from annotator.errors import RuleErrors
from annotator.updating import update
from annotator.writing import json_schema

if TYPE_CHECKING:
    from pathlib import Path

DAY = "2024-06-20"
PEOPLE = [
    {"ref": "TSi.001", "first": "Gavril", "second": "Orestovich", "third": "Lumensky", "nationality": "Russia"},
    {"ref": "TSi.002", "first": "Gavril", "second": "Petrovich", "third": "Lumensky", "nationality": "Russia"},
    {"ref": "TSi.003", "first": "Oruk", "second": "Zhelvak", "nationality": "North Korea"},
]
FIRST, SECOND, THIRD = (f"lists.un:{one['ref']}" for one in PEOPLE)
TEXT = (
    "The Treasury sanctioned Gavril Lumensky of Russia. North Korea's Oruk Zhelvak was sanctioned too. He sold widgets."
)
BASE = {"by": "A. Analyst", "date": "2026-03-01", "why": "He paints."}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return put(tmp_path_factory.mktemp("decided"), PEOPLE)


def write(path: Path, *decisions: dict[str, Any]) -> Path:
    data = {"annotator-decisions": 1, "decisions": [{**BASE, **one} for one in decisions]}
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


@pytest.fixture
def decided(tmp_path: Path, store: Path, desk: Path):
    """Return a function that makes an annotator with some decisions."""

    def make(*decisions: dict[str, Any], **more: Any) -> Annotator:
        path = write(tmp_path / "decisions.yaml", *decisions) if decisions else None
        options = {"names": "always", "lists": ["none", str(store)], **more}
        return Annotator(desk, default_rules=False, decisions=path, **options)

    return make


def hits(annotator: Annotator, text: str = TEXT, **more: Any) -> dict[str, set[str]]:
    """Return the entries or rules of each mention, by its words."""
    result = annotator.annotate(text, as_of=DAY, notes="every", **more)
    return {row["text"]: set(row["entries"]) or {row["rule"]} for row in result.rows()}


# -- what they do ----------------------------------------------------------------------------------


def test_without_decisions_all_is_noted(decided) -> None:
    assert hits(decided()) == {
        "Gavril Lumensky": {FIRST, SECOND},
        "Oruk Zhelvak": {THIRD},
        "widgets": {"desk.widgets"},
    }


@pytest.mark.parametrize(
    "name", ["Gavril Lumensky", "GAVRIL LUMENSKY", "gavril  lúmensky", ["Other", "Gavril-Lumensky"]]
)
def test_not_this_man(decided, name) -> None:
    made = decided({"decision": "not", "name": name, "entry": FIRST})
    assert hits(made)["Gavril Lumensky"] == {SECOND}
    made = decided({"decision": "not", "name": name, "entry": [FIRST, SECOND]})
    assert "Gavril Lumensky" not in hits(made)
    assert "Oruk Zhelvak" in hits(made)
    assert "Lumensky" not in hits(made, "Gavril Lumensky of Russia was sanctioned. Later Lumensky left.")
    assert hits(made, "Gavril Orestovich Lumensky of Russia was sanctioned.") == {"Gavril Orestovich Lumensky": {FIRST}}


def test_not_by_name_or_by_entry_alone(decided) -> None:
    assert set(hits(decided({"decision": "not", "name": "Oruk Zhelvak"}))) == {"Gavril Lumensky", "widgets"}
    assert set(hits(decided({"decision": "not", "entry": THIRD}))) == {"Gavril Lumensky", "widgets"}
    assert set(hits(decided({"decision": "not", "entry": "desk.widgets"}))) == {"Gavril Lumensky", "Oruk Zhelvak"}
    assert set(hits(decided({"decision": "not", "name": "Widgets"}))) == {"Gavril Lumensky", "Oruk Zhelvak"}


def test_always_this_one(decided) -> None:
    result = decided({"decision": "always", "name": "Gavril Lumensky", "entry": FIRST}).annotate(TEXT, as_of=DAY)
    row = next(row for row in result.rows() if row["text"] == "Gavril Lumensky")
    assert (row["entries"], row["score"]) == ([FIRST], 1.0)
    assert row["why"][0] == "decision of A. Analyst, 2026-03-01: always this one; He paints."
    assert not row["note_text"].startswith("May be")
    assert [one.kind for one in result.decided] == ["always"]


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("Uncle Gavril", "At noon Uncle Gavril sailed.", "Uncle Gavril"),
        ("Uncle Gavril", "At noon UNCLE\nGAVRIL sailed.", "UNCLE\nGAVRIL"),
        ("Uncle Gavril", "At noon Uncle Gavril's ship sailed.", "Uncle Gavril"),
        ("Дядя Гаврил", "At noon дядя  Гаврил sailed.", "дядя  Гаврил"),
        ("Łumenski Øre", "At noon Lumenski Ore sailed.", "Lumenski Ore"),
    ],
)
def test_always_by_a_name_that_the_list_does_not_have(decided, name, text, words) -> None:
    assert hits(decided({"decision": "always", "name": name, "entry": FIRST}), text) == {words: {FIRST}}


@pytest.mark.parametrize("text", ["uncle gavril sailed.", "Uncle Gavrilo sailed.", "The Uncle Gavril-Petrov company."])
def test_always_is_no_part_of_another_name(decided, text) -> None:
    assert hits(decided({"decision": "always", "name": "Uncle Gavril", "entry": FIRST}), text) == {}


def test_always_says_who_is_meant_and_not_where_names_are_noted(decided) -> None:
    made = decided({"decision": "always", "name": "Uncle Gavril", "entry": FIRST}, names="auto")
    assert hits(made, "Uncle Gavril sailed home.") == {}
    made = decided({"decision": "always", "name": "Uncle Gavril", "entry": FIRST}, names="never")
    assert hits(made, "Uncle Gavril was sanctioned.") == {}


def test_ignored_in_a_document(decided) -> None:
    ignored = {"decision": "ignore", "entry": THIRD, "document": "news/story.txt"}
    made = decided(ignored, {**ignored, "entry": "desk.widgets", "document": ["doc 7", "b"]})
    assert "Oruk Zhelvak" not in hits(made, path="news/story.txt")
    assert "Oruk Zhelvak" not in hits(made, path="/srv/./news/story.txt")
    assert "Oruk Zhelvak" in hits(made, path="oldnews/story.txt")
    assert "Oruk Zhelvak" in hits(made, path="story.txt")
    assert "Oruk Zhelvak" in hits(made)
    assert "widgets" not in hits(made, id="doc 7")
    assert "widgets" in hits(made, id="doc 77")
    pairs = dict(made.batch([("a", TEXT), ("b", TEXT)]))
    assert [len(pairs[key].decided) for key in "ab"] == [0, 1]


def test_ignored_by_what_the_document_holds(decided) -> None:
    digest = f"sha256:{hashlib.sha256(TEXT.encode()).hexdigest()}"
    made = decided({"decision": "ignore", "name": "widgets", "document": digest})
    assert "widgets" not in hits(made)
    assert "widgets" in hits(made, TEXT + " ")


def test_what_names_the_document_goes_before(decided) -> None:
    name = {"name": "Oruk Zhelvak"}
    never = {"decision": "not", **name, "entry": THIRD}
    here = {"decision": "always", **name, "entry": THIRD, "document": "here"}
    made = decided(never, here)
    assert "Oruk Zhelvak" not in hits(made)
    assert hits(made, id="here")["Oruk Zhelvak"] == {THIRD}
    ignored = {"decision": "ignore", **name, "document": "here"}
    assert "Oruk Zhelvak" not in hits(decided(never, here, ignored), id="here")
    made = decided({"decision": "always", **name, "entry": [FIRST, THIRD]}, {**ignored, "entry": THIRD})
    assert hits(made)["Oruk Zhelvak"] == {FIRST, THIRD}
    assert hits(made, id="here")["Oruk Zhelvak"] == {FIRST}


_SOME = [
    {"decision": "not", "name": "Gavril Lumensky", "entry": SECOND},
    {"decision": "always", "name": "Oruk Zhelvak", "entry": FIRST},
    {"decision": "ignore", "entry": "desk.widgets", "document": "d"},
    {"decision": "always", "name": "He sold", "entry": THIRD, "document": "d"},
]


@settings(max_examples=20)
@given(order=st.permutations(range(4)), which=st.sampled_from(["d", "e"]))
def test_the_order_of_the_file_does_not_matter(tmp_path_factory, store, desk, order, which) -> None:
    folder = tmp_path_factory.getbasetemp()
    made = [
        Annotator(
            desk,
            default_rules=False,
            names="always",
            lists=["none", str(store)],
            decisions=write(folder / f"order-{number}.yaml", *(_SOME[place] for place in places)),
        )
        for number, places in enumerate((range(4), order))
    ]
    assert made[0].decisions.digest == made[1].decisions.digest
    assert made[0].digest == made[1].digest
    assert hits(made[0], id=which) == hits(made[1], id=which)


def test_decisions_are_a_path_or_were_read(decided, tmp_path, desk) -> None:
    path = write(tmp_path / "taken.yaml", {"decision": "not", "name": "widgets"})
    taken = Annotator(desk, default_rules=False, lists=False, decisions=read(path))
    assert hits(taken) == hits(Annotator(desk, default_rules=False, lists=False, decisions=str(path))) == {}
    with pytest.raises(TypeError, match="decisions are a path"):
        Annotator(desk, default_rules=False, decisions=[path])


def test_an_annotator_with_decisions_travels(decided) -> None:
    made = decided(*_SOME)
    assert hits(pickle.loads(pickle.dumps(made)), id="d") == hits(made, id="d")


# -- the command -----------------------------------------------------------------------------------


@pytest.fixture
def command(here, desk_run, store):
    """Return a function that runs a command with the store and a file of decisions."""
    write(
        here / "decisions.yaml",
        {"decision": "not", "name": "Gavril Lumensky"},
        {"decision": "ignore", "entry": "desk.widgets", "document": ["a", "in.txt"]},
        {"decision": "always", "name": "Nobody", "entry": FIRST},
    )
    (here / "in.txt").write_text(TEXT, encoding="utf-8")

    def call(*arguments: object, code: int = 0, file: str = "decisions.yaml"):
        stores = ("--no-lists", "--lists", store, "--names", "always", "--as-of", DAY)
        done = desk_run(*arguments, *stores, "--decisions", file)
        assert done.exit_code == code, done.stderr
        return done

    return call


def test_every_command_honours_them(here, command) -> None:
    done = command("annotate", "in.txt")
    assert "Oruk Zhelvak[1]" in done.stdout
    assert "Lumensky[" not in done.stdout
    assert "widgets[" not in done.stdout
    assert "2 decisions took effect." in done.stderr
    assert strip(done.stdout) == TEXT
    assert command("check", "in.txt").stdout.count("\n") == 1
    (here / "in.jsonl").write_bytes(lines([{"id": "a", "text": TEXT}, {"id": "b", "text": TEXT}]))
    command("batch", "in.jsonl", "-o", "hits.jsonl", "--rows", "hits", "--workers", 2)
    rows = [json.loads(line) for line in (here / "hits.jsonl").read_bytes().splitlines()]
    assert [(row["id"], row["text"]) for row in rows] == [
        ("a", "Oruk Zhelvak"),
        ("b", "Oruk Zhelvak"),
        ("b", "widgets"),
    ]


def test_explain_shows_them(command) -> None:
    done = command("explain", "in.txt")
    refused = "decision of A. Analyst, 2026-03-01: not this one; He paints."
    assert f"ruled out: {FIRST} (listing): {refused}" in done.stdout
    assert "ruled out: desk.widgets (measure): decision of A. Analyst" in done.stdout
    assert "2 of 3 took effect here" in done.stdout
    assert "decisions.yaml:3:3: took effect" in done.stdout
    assert "met nothing" not in done.stdout
    assert "met nothing here: “Nobody”" in command("explain", "in.txt", "--all").stdout
    told = json.loads(command("explain", "in.txt", "--json").stdout)["decisions"]
    assert [one["used"] for one in told["decisions"]] == [True, True, False]


def test_outputs_name_them_and_update_tells_what_they_changed(here, command, decided) -> None:
    plain = decided().annotate(TEXT, as_of=DAY)
    assert "decisions" not in plain.to_dict()
    assert "; decisions" not in str(plain)
    made = decided({"decision": "not", "name": "Oruk Zhelvak"})
    result = made.annotate(TEXT, as_of=DAY)
    told = result.to_dict()
    jsonschema.validate(told, json_schema())
    assert told["decisions"] == {"digest": made.decisions.digest}
    assert told["rulebook"]["sources"][-1].endswith(f"decisions.yaml#{made.decisions.digest[:16]}")
    assert f"; decisions {made.decisions.digest[:16]}; marks" in str(result)
    for before, after, what in ((plain, made, "gone"), (result, decided(), "new")):
        found = update(after, before.render_bytes())
        assert [(one.what, one.why) for one in found.changes] == [(what, "new decision")]
        assert found.data == after.annotate(TEXT, as_of=DAY).render_bytes()
        assert strip(found.data) == TEXT.encode()
    assert update(made, result.render_bytes()).changes == ()
    (here / "noted.txt").write_bytes(plain.render_bytes())
    assert "gone (new decision)" in command("update", "noted.txt").stderr


def test_a_batch_goes_on_with_the_same_decisions_only(here, command, monkeypatch) -> None:
    from annotator.batch._journal import Journal

    (here / "in.jsonl").write_bytes(lines([{"text": TEXT}] * 4))
    line = ("batch", "in.jsonl", "-o", "out.jsonl", "--workers", 0, "--chunk", 1, "--resume")
    add = Journal.add

    def once(self, data, counts):
        if self.counts["chunks"]:
            raise OSError(28, "No space left on device")
        add(self, data, counts)

    with monkeypatch.context() as patched:
        patched.setattr(Journal, "add", once)
        command(*line, code=5)
    write(here / "other.yaml", {"decision": "not", "name": "Oruk Zhelvak"})
    assert "--resume: the decisions have changed" in command(*line, code=2, file="other.yaml").stderr
    command(*line)


def test_a_decision_that_can_take_no_effect_is_told(here, command) -> None:
    decisions = [{"decision": "not", "entry": f"lists.un:gone{number}"} for number in range(6)]
    write(
        here / "idle.yaml", *decisions, {"decision": "not", "entry": "desk.nuts"}, {"decision": "not", "entry": FIRST}
    )
    told = command("annotate", "in.txt", file="idle.yaml").stderr
    assert "idle.yaml:3:3: lists.un:gone0: no list has such an entry, so this takes no effect" in told
    assert told.count("takes no effect") == 5
    assert "and 2 more such" in told
    assert "desk.nuts: no rule has such an id" not in told
    assert FIRST not in told


def test_the_configuration_names_them_from_its_own_folder(here, run, desk, store) -> None:
    (here / "deep").mkdir()
    write(here / "decisions.yaml", {"decision": "not", "name": "Oruk Zhelvak"})
    settings_of = f"rules = '{desk}'\ndefault-rules = false\nlists = ['none', '{store}']\nnames = 'always'\n"
    (here / "annotator.toml").write_text(settings_of + "decisions = 'decisions.yaml'\n", encoding="utf-8")
    (here / "deep" / "in.txt").write_text(TEXT, encoding="utf-8")
    done = run("annotate", "deep/in.txt", "--as-of", DAY)
    assert "1 decision took effect." in done.stderr
    assert run("lookup", "Oruk Zhelvak", "--as-of", DAY).exit_code == 0


# -- reading ---------------------------------------------------------------------------------------

HEAD = "annotator-decisions: 1\ndecisions:\n"
GOOD = "  - decision: not\n    name: A\n    by: B\n    date: 2026-03-01\n    why: C\n"


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("", "1:1", "begins with the line annotator-decisions: 1"),
        ("- a\n", "1:1", "begins with the line annotator-decisions: 1"),
        ("decisions: []\n", "1:1", "the first line must be annotator-decisions: 1, and it is missing"),
        ("annotator-decisions: 2\n", "1:22", "must be annotator-decisions: 1, not 2"),
        (HEAD + GOOD + "other: 1\n", "8:1", "unknown key 'other'"),
        ("annotator-decisions: 1\ndecisions: a\n", "2:12", "must be a list"),
        (HEAD + "  - not\n", "3:5", "keys with values"),
        (HEAD + GOOD.replace("name:", "nmae:"), "4:5", "unknown key 'nmae'; did you mean 'name'?"),
        (HEAD + GOOD.replace("not", "never"), "3:15", "'decision' is one of not, always, ignore, not 'never'"),
        (HEAD + GOOD.replace("    by: B\n", ""), "3:5", "lacks 'by'; say who decided"),
        (HEAD + GOOD.replace("    why: C\n", ""), "3:5", "lacks 'why'; say why"),
        (HEAD + GOOD.replace("    date: 2026-03-01\n", ""), "3:5", "lacks 'date'"),
        (HEAD + GOOD.replace("2026-03-01", "2026-02-30"), "6:11", "'2026-02-30' is no day"),
        (HEAD + GOOD.replace("2026-03-01", "1 March 2026"), "6:11", "write it as YYYY-MM-DD"),
        (HEAD + GOOD.replace("by: B", "by: ''"), "5:5", "'by' must be text"),
        (HEAD + GOOD.replace("name: A", "name: 7"), "4:11", "'name' must be text"),
        (HEAD + GOOD.replace("name: A", "name: true"), "4:11", "'name' must be text"),
        (HEAD + GOOD.replace("name: A", "name: [A, A]"), "4:15", "'A' stands twice"),
        (HEAD + GOOD.replace("name: A", "name: []"), "4:5", "'name' is empty"),
        (HEAD + GOOD.replace("name: A", "document: d"), "3:5", "lacks 'name' or 'entry'"),
        (HEAD + GOOD.replace("not", "ignore"), "3:5", "'ignore' lacks 'document'"),
        (HEAD + GOOD.replace("not", "always"), "3:5", "'always' lacks 'entry'"),
        (HEAD + GOOD.replace("not", "always").replace("by:", "entry: desk.x\n    by:"), "5:12", "no entry of a list"),
        (HEAD + GOOD.replace("by:", "document: sha256:12\n    by:"), "5:15", "is no digest"),
        (HEAD + GOOD + GOOD, "8:5", "stands in line 3 already"),
        (HEAD + GOOD + GOOD.replace("name: A", "name: á"), "8:5", "stands in line 3 already"),
        (
            HEAD + GOOD + GOOD.replace("not", "always").replace("by:", "entry: lists.un:1\n    by:"),
            "8:5",
            "contradicts line 3",
        ),
        (
            HEAD + "".join(GOOD.replace("not", "always").replace("by:", f"entry: lists.un:{n}\n    by:") for n in "12"),
            "9:5",
            "line 3 says that the name is another entry",
        ),
        (HEAD + GOOD.replace("by: B", "by: B\n    by: D"), "6:5", "key 'by' stands twice"),
        (HEAD + GOOD.replace("why: C", "why: C: D"), "7:11", "put text with a colon in quotes"),
        (HEAD + GOOD.replace("name: A", "name: &a A"), "4:11", "anchors and aliases"),
        (HEAD + GOOD + "---\na: 1\n", "8:1", "one YAML document"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(here, desk_run, text, place, said) -> None:
    (here / "d.yaml").write_text(text, encoding="utf-8")
    done = desk_run("annotate", "--decisions", "d.yaml", stdin=b"widgets")
    assert done.exit_code == 3
    assert done.stderr.startswith(f"annotator: d.yaml:{place}: "), done.stderr
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_all_faults_are_told_at_once(here) -> None:
    (here / "d.yaml").write_text(
        HEAD + GOOD.replace("not", "never") + GOOD.replace("by: B", "bye: B"), encoding="utf-8"
    )
    with pytest.raises(RuleErrors) as caught:
        read(here / "d.yaml")
    assert [(one.line, one.column) for one in caught.value.errors] == [(3, 15), (8, 5), (10, 5)]


@pytest.mark.parametrize(
    ("data", "said"), [(None, "cannot be read"), (b"a: \xff", "not UTF-8 text"), (b"\0", "control")]
)
def test_a_file_that_cannot_be_read(here, desk_run, data, said) -> None:
    if data is not None:
        (here / "d.yaml").write_bytes(data)
    done = desk_run("check", "--decisions", "d.yaml", stdin=b"widgets")
    assert done.exit_code == 3
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_mark_and_other_line_ends_do_not_matter(here) -> None:
    (here / "a.yaml").write_bytes((HEAD + GOOD).encode())
    (here / "b.yaml").write_bytes(b"\xef\xbb\xbf" + ("# remark\n" + HEAD + GOOD).replace("\n", "\r\n").encode())
    assert read(here / "a.yaml").digest == read(str(here / "b.yaml")).digest
    (here / "c.yaml").write_text("annotator-decisions: 1\n")
    assert len(read(here / "c.yaml")) == 0


@given(st.text(max_size=20), st.integers(0, 3))
def test_names_are_the_same_whatever_their_case_and_white_space(name, seed) -> None:
    chance = random.Random(seed)
    other = "".join(char if char != " " else chance.choice(["  ", "\n", "\t"]) for char in name)
    assert words_of(other) == words_of(name)
    if name.isascii():
        assert words_of(other.upper()) == words_of(name)
