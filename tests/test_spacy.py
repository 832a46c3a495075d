"""The spaCy component: any pipeline, any tokenizer, spans and notes that survive every way of saving."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
import warnings
from typing import TYPE_CHECKING, Any

import pytest
import spacy
from spacy.tokenizer import Tokenizer  # type: ignore[import-not-found,unused-ignore]
from spacy.tokens import Doc, DocBin, Span

import annotator.spacy as component
from annotator import Annotator, RuleErrors, UsageError
from annotator.errors import InputError
from annotator.lists import import_files
from annotator.writing.docbin import register

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from spacy.language import Language

TEXT = "The Council froze assets. Ferrum Bank and Resolution 9001 stand in the lead: quarzite ban."
RULES = """\
annotator: 1
covers: what the tests of the spaCy component need
namespace: demo
defaults: {jurisdiction: un, status: verified, checked: 2026-11-15}
references:
  act: {instrument: Demo Act, date: 2001-01-01, url: "https://example.org/act"}
notes:
  bank:
    text: The Demo Act s. 1 decides that Ferrum Bank is listed.
    sources: [{ref: act, at: s. 1}]
    from: 2001-01-01
  quarzite:
    jurisdiction: eu
    sources: [{ref: act, at: s. 2}]
    versions:
      - {text: The Demo Act s. 2 calls upon States to stop trade in quarzite., from: 2002-01-01, until: 2010-01-01}
      - {text: The Demo Act s. 2 decides that trade in quarzite must stop., from: 2010-01-01, change: now binding}
rules:
  bank:
    kind: body
    names: [Ferrum Bank]
    notes: [bank]
    examples: {match: ["[[Ferrum Bank]] fell."], near: ["ferrum bank"]}
  quarzite:
    kind: measure
    phrases: [quarzite ban, "(quarzite|kyanite)"]
    notes: [quarzite, bank]
    examples: {match: ["A [[quarzite ban]]."], near: ["A ban."]}
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """Return a rule file of our own, so that the shipped pack may change."""
    path = tmp_path / "demo.yaml"
    path.write_text(RULES, encoding="utf-8")
    return path


@pytest.fixture
def build(rules: Path) -> Callable[..., Language]:
    """Return a maker of blank pipelines with the component in them."""

    def make(language: str = "en", **config: object) -> Language:
        nlp = spacy.blank(language)
        settings = {
            "rules": [str(rules)],
            "default_rules": False,
            "as_of": "2024-06-20",
            "notes": "every",
            "names": "always",
            **config,
        }
        nlp.add_pipe("sanctions_annotator", config=settings)
        return nlp

    return make


def seen(doc: Doc) -> list[list[Any]]:
    """Return all that the component says of a ``Doc``, as JSON has it (``DocBin`` makes tuples of lists)."""
    spans = doc.spans["sanctions"]
    found = [(s.start_char, s.end_char, s.label_, s.id_, s.kb_id_, s._.sanctions) for s in spans]
    result: list[list[Any]] = json.loads(json.dumps(found))
    return result


def part(nlp: Language) -> component.SanctionsAnnotator:
    """Return the component of a pipeline."""
    found = nlp.get_pipe("sanctions_annotator")
    assert isinstance(found, component.SanctionsAnnotator)
    return found


def test_spans_carry_rule_kind_and_notes(build: Callable[..., Language]) -> None:
    doc = build()(TEXT)
    assert [(s.text, s.label_, s.id_, s.kb_id_) for s in doc.spans["sanctions"]] == [
        ("Ferrum Bank", "body", "demo.bank", "demo.bank"),
        ("quarzite ban", "measure", "demo.quarzite", "demo.quarzite"),
    ]
    notes = doc.spans["sanctions"][1]._.sanctions
    assert [note["id"] for note in notes] == ["demo.quarzite", "demo.bank"]
    assert notes[0]["text"] == "The Demo Act s. 2 decides that trade in quarzite must stop."
    source = {"instrument": "Demo Act", "short": "", "pinpoint": "s. 2", "url": "https://example.org/act"}
    assert notes[0]["sources"] == [source]
    assert TEXT[notes[0]["start"] : notes[0]["end"]] == "quarzite ban"
    assert notes[0]["rule"] == "demo.quarzite"
    assert doc[0:2]._.sanctions is None


def test_the_notes_are_those_of_the_library(build: Callable[..., Language], rules: Path) -> None:
    found = Annotator([rules], default_rules=False).annotate(TEXT, as_of="2024-06-20", notes="every").to_dict()
    doc = build()(TEXT)
    for annotation, span in zip(found["annotations"], doc.spans["sanctions"], strict=True):
        extra = {name: annotation[name] for name in ("rule", "start", "end", "fields", "why")}
        assert span._.sanctions == [{**note, **extra} for note in annotation["notes"]]


def test_group_says_as_of_when_and_by_which_rules(build: Callable[..., Language]) -> None:
    nlp = build()
    digest = part(nlp).annotator.rulebook.digest
    known = {"as_of": "2024-06-20", "as_of_from": "given", "rulebook": digest}
    assert nlp(TEXT).spans["sanctions"].attrs == {**known, "policy": "every"}
    assert build(notes="best")(TEXT).spans["sanctions"].attrs == {**known, "policy": "best"}
    assert build(as_of=None)(TEXT).spans["sanctions"].attrs["as_of_from"] == "today"


def test_the_date_decides(build: Callable[..., Language]) -> None:
    doc = build(as_of="2005-05-05")(TEXT)
    early = doc.spans["sanctions"][1]._.sanctions[0]
    assert "calls upon" in early["text"]
    assert early["later"] == ["1 January 2010: now binding"]
    nlp = build()
    doc = nlp.make_doc(TEXT)
    doc._.sanctions_as_of = "2005-05-05"
    assert "calls upon" in nlp(doc).spans["sanctions"][1]._.sanctions[0]["text"]
    assert doc.spans["sanctions"].attrs["as_of"] == "2005-05-05"


def test_settings(build: Callable[..., Language]) -> None:
    twice = "A quarzite ban. Another quarzite ban."
    assert len(build()(twice).spans["sanctions"]) == 2
    assert len(build(notes="first")(twice).spans["sanctions"]) == 1
    assert [span[3] for span in seen(build(only=["*.bank"])(TEXT))] == ["demo.bank"]
    assert [span[3] for span in seen(build(skip=["*.bank"])(TEXT))] == ["demo.quarzite"]
    assert [note["id"] for *_, notes in seen(build(jurisdictions=["eu"])(TEXT)) for note in notes] == ["demo.quarzite"]


def test_default_rules_are_the_shipped_pack() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("sanctions_annotator", config={"as_of": "2024-06-20"})
    doc = nlp("Kim Jong Un received luxury goods. The UN bans luxury goods for North Korea.")
    assert "un.dprk.luxury-goods" in {note["id"] for span in doc.spans["sanctions"] for note in span._.sanctions}


def test_wrong_settings_are_refused_at_once(build: Callable[..., Language], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not a date"):
        build(as_of="20 June")
    with pytest.raises(UsageError, match="notes is one of"):
        build(notes="all")
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("annotator: 1\nrulez: {}\n", encoding="utf-8")
    with pytest.raises(RuleErrors):
        build(rules=[str(wrong)])


@pytest.mark.parametrize("text", ["", " ", "\n\n\t", "No mention."])
def test_text_without_mentions(build: Callable[..., Language], text: str) -> None:
    doc = build()(text)
    assert list(doc.spans["sanctions"]) == []
    assert doc.text == text


@pytest.mark.parametrize("language", ["en", "de", "xx", "fr", "ru"])
def test_any_language_gives_the_same(build: Callable[..., Language], language: str) -> None:
    assert seen(build(language)(TEXT)) == seen(build()(TEXT))


def test_tokens_that_do_not_fit_widen_the_span(build: Callable[..., Language]) -> None:
    nlp = build()
    nlp.tokenizer = Tokenizer(nlp.vocab)  # blanks only
    doc = nlp("The “quarzite ban” and a quarzite/kyanite deal.")
    first, second, third = doc.spans["sanctions"]
    assert first.text == "“quarzite ban”"
    assert (first._.sanctions[0]["start"], first._.sanctions[0]["end"]) == (5, 17)
    # Two mentions in one token: each span is there, and the notes of both stand on that token.
    assert second.text == third.text == "quarzite/kyanite"
    starts = {note["start"] for note in second._.sanctions}
    assert len(starts) == 2
    assert second._.sanctions == third._.sanctions


def test_one_token_for_the_whole_text(build: Callable[..., Language]) -> None:
    nlp = build()
    nlp.tokenizer = lambda text: Doc(nlp.vocab, words=[text], spaces=[False])
    doc = nlp(TEXT)
    assert {span.text for span in doc.spans["sanctions"]} == {TEXT}
    assert {note["rule"] for note in doc.spans["sanctions"][0]._.sanctions} == {"demo.bank", "demo.quarzite"}


def test_offsets_beyond_ascii(build: Callable[..., Language]) -> None:
    text = "Ça\u00advá \U0001f6a2 ﬁne — Кремль: “quarzite\u00a0ban”."
    doc = build()(text)
    (span,) = doc.spans["sanctions"]
    note = span._.sanctions[0]
    assert text[note["start"] : note["end"]] == "quarzite\u00a0ban"


def test_several_components_under_keys_of_their_own(build: Callable[..., Language], rules: Path) -> None:
    nlp = build()
    settings = {"rules": str(rules), "default_rules": False, "as_of": "2005-05-05", "spans_key": "sanctions_2005"}
    nlp.add_pipe("sanctions_annotator", name="earlier", config=settings)
    doc = nlp(TEXT)
    now, then = doc.spans["sanctions"][1], doc.spans["sanctions_2005"][1]
    assert "decides" in now._.sanctions[0]["text"]
    assert "calls upon" in then._.sanctions_2005[0]["text"]


def test_other_annotation_is_left_alone(build: Callable[..., Language]) -> None:
    nlp = build()
    nlp.add_pipe("sentencizer", first=True)
    doc = nlp(TEXT)
    assert len(list(doc.sents)) == 2
    assert len(doc.ents) == 0
    assert list(doc.spans) == ["sanctions"]


# -- saving ------------------------------------------------------------------------------------------


def test_a_doc_keeps_everything_as_bytes(build: Callable[..., Language]) -> None:
    doc = build()(TEXT)
    again = Doc(spacy.blank("en").vocab).from_bytes(doc.to_bytes())
    assert seen(again) == seen(doc)
    assert again.spans["sanctions"].attrs == doc.spans["sanctions"].attrs


def test_doc_bin_keeps_everything(build: Callable[..., Language]) -> None:
    docs = [build()(text) for text in (TEXT, "Nothing.", TEXT * 2)]
    data = DocBin(docs=docs, store_user_data=True).to_bytes()
    again = list(DocBin(store_user_data=True).from_bytes(data).get_docs(spacy.blank("en").vocab))
    assert [seen(doc) for doc in again] == [seen(doc) for doc in docs]


def test_pickle_json_and_joined_docs(build: Callable[..., Language]) -> None:
    nlp = build()
    doc = nlp(TEXT)
    assert seen(pickle.loads(pickle.dumps(doc))) == seen(doc)
    data = json.loads(json.dumps(doc.to_json(underscore=["sanctions"])))
    assert [entry["value"] for entry in data["underscore_span"]["sanctions"]] == [span[-1] for span in seen(doc)]
    both = Doc.from_docs([doc, nlp(TEXT)])
    assert [span.id_ for span in both.spans["sanctions"]] == ["demo.bank", "demo.quarzite"] * 2
    assert all(span._.sanctions for span in both.spans["sanctions"])


def test_a_doc_is_read_where_the_rules_are_not(build: Callable[..., Language], tmp_path: Path) -> None:
    path = tmp_path / "docs.spacy"
    DocBin(docs=[build()(TEXT)], store_user_data=True).to_disk(path)
    code = (
        "import sys; from spacy.tokens import DocBin; from spacy.vocab import Vocab\n"
        "doc, = DocBin().from_disk(sys.argv[1]).get_docs(Vocab())\n"
        "assert 'annotator' not in sys.modules\n"
        "print([(s.text, s.id_, s.label_) for s in doc.spans['sanctions']])\n"
        "print(sorted(k[1:] for k in doc.user_data))\n"
    )
    run = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert "('quarzite ban', 'demo.quarzite', 'measure')" in run.stdout
    assert "('sanctions', 26, 37)" in run.stdout


@pytest.mark.filterwarnings("error")
def test_a_pipeline_is_saved_and_loaded(build: Callable[..., Language], tmp_path: Path) -> None:
    nlp = build(notes="first", only=["demo.*"])
    nlp.to_disk(tmp_path / "pipeline")
    again = spacy.load(tmp_path / "pipeline")
    assert seen(again(TEXT)) == seen(nlp(TEXT))
    assert part(again).settings == part(nlp).settings
    other = build().from_bytes(nlp.to_bytes())
    assert part(other).settings["notes"] == "first"


def test_changed_rules_are_told(build: Callable[..., Language], tmp_path: Path, rules: Path) -> None:
    nlp = build()
    nlp.to_disk(tmp_path / "pipeline")
    rules.write_text(RULES.replace("kyanite", "sillimanite"), encoding="utf-8")
    with pytest.warns(UserWarning, match="rules have changed since the pipeline was saved"):
        spacy.load(tmp_path / "pipeline")


def test_the_component_pickles_without_its_rules(build: Callable[..., Language]) -> None:
    nlp = build()
    again = pickle.loads(pickle.dumps(nlp))
    assert seen(again(TEXT)) == seen(nlp(TEXT))


# -- many texts --------------------------------------------------------------------------------------


def test_pipe_streams_in_order(build: Callable[..., Language]) -> None:
    nlp = build()
    taken = 0

    def texts() -> Iterator[tuple[str, int]]:
        nonlocal taken
        for number in range(100_000):
            taken += 1
            yield f"Text {number}: " + ("quarzite ban" if number % 3 else "nothing"), number

    for doc, number in nlp.pipe(texts(), as_tuples=True, batch_size=8):
        assert doc.text.startswith(f"Text {number}:")
        assert len(doc.spans["sanctions"]) == (1 if number % 3 else 0)
        if number == 50:
            break
    assert taken < 200


def test_pipe_with_two_processes(build: Callable[..., Language]) -> None:
    nlp = build()
    texts = [f"{number} {TEXT}" if number % 2 else f"{number}" for number in range(30)]
    docs = list(nlp.pipe(texts, n_process=2, batch_size=4))
    assert [seen(doc) for doc in docs] == [seen(nlp(text)) for text in texts]
    assert docs[1].spans["sanctions"].attrs["as_of"] == "2024-06-20"


def test_a_text_that_fails_goes_to_the_error_handler(build: Callable[..., Language]) -> None:
    nlp = build()
    failed: list[str] = []
    nlp.set_error_handler(  # spaCy's type says that a handler never returns
        lambda _name, _pipe, docs, _error: failed.extend(doc.text for doc in docs)  # type: ignore[arg-type,return-value]
    )
    bad = nlp.make_doc("bad")
    bad._.sanctions_as_of = "tomorrow"
    docs = list(nlp.pipe(["one", bad, "two"]))
    assert [doc.text for doc in docs] == ["one", "two"]
    assert failed == ["bad"]


# -- token rules -------------------------------------------------------------------------------------


def test_token_rules_see_the_pipes_before_the_component(tmp_path: Path) -> None:
    path = tmp_path / "tokens.yaml"
    head = RULES[: RULES.index("rules:\n")]
    path.write_text(
        head
        + "rules:\n  tagged:\n    kind: term\n    anchors: [freeze]\n    tokens: [[{LOWER: freeze, TAG: VERB}]]\n"
        + '    notes: [bank]\n    examples: {match: ["They [[freeze]] it."], near: ["A bank."]}\n',
        encoding="utf-8",
    )
    nlp = spacy.blank("en")
    ruler: Any = nlp.add_pipe("attribute_ruler")
    ruler.add([[{"LOWER": "they"}, {"LOWER": "freeze"}]], {"TAG": "VERB"}, index=1)
    nlp.add_pipe("sanctions_annotator", config={"rules": [str(path)], "default_rules": False})
    nlp.add_pipe("sentencizer")
    doc = nlp("They freeze assets. A freeze is no verb.")
    assert [(span.start_char, span.text) for span in doc.spans["sanctions"]] == [(5, "freeze")]


# -- registration ------------------------------------------------------------------------------------


def test_the_entry_point_alone_is_enough(tmp_path: Path) -> None:
    info = tmp_path / "sanctions_entry-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: sanctions-entry\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(
        "[spacy_factories]\nsanctions_annotator = annotator.spacy:make\n", encoding="utf-8"
    )
    code = (
        f"import sys; sys.path[:0] = {[str(tmp_path), *sys.path]!r}\n"
        "import spacy\n"
        "assert 'annotator' not in sys.modules\n"
        "nlp = spacy.blank('en'); nlp.add_pipe('sanctions_annotator')\n"
        "assert nlp.analyze_pipes()['summary']['sanctions_annotator']['assigns']\n"
        "print(nlp.pipe_names, spacy.__name__, sys.modules['annotator.spacy'].Language.__module__)\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["['sanctions_annotator']", "spacy", "spacy.language"]


def test_importing_the_package_does_not_import_spacy() -> None:
    code = "import sys, annotator, annotator.api; print([m for m in ('spacy', 'numpy', 'yaml') if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_importing_twice_keeps_the_extensions() -> None:
    before = Span.get_extension("sanctions")
    register("sanctions")
    assert Span.get_extension("sanctions") == before


# -- sanctions lists --------------------------------------------------------------------------------

LISTED = """\
<?xml version="1.0" encoding="UTF-8"?><CONSOLIDATED_LIST dateGenerated="{date}T00:00:00.000Z"><INDIVIDUALS>{people}
</INDIVIDUALS><ENTITIES/></CONSOLIDATED_LIST>"""
PERSON = """\
<INDIVIDUAL><DATAID>{number}</DATAID><FIRST_NAME>Gavril</FIRST_NAME><SECOND_NAME>{family}</SECOND_NAME>
<UN_LIST_TYPE>Test</UN_LIST_TYPE><REFERENCE_NUMBER>TSi.00{number}</REFERENCE_NUMBER><LISTED_ON>2020-02-03</LISTED_ON>
<NATIONALITY><VALUE>Russia</VALUE></NATIONALITY></INDIVIDUAL>"""
NEWS = "Russia said on Friday that Gavril Lumensky had been sanctioned. Ferrum Bank fell."


def put_list(folder: Path, date: str, *families: str) -> str:
    people = "".join(PERSON.format(number=number, family=family) for number, family in enumerate(families))
    file = folder / f"un-{date}.xml"
    file.write_text(LISTED.format(date=date, people=people), encoding="utf-8")
    import_files([file], folder / "lists.db")
    return str(folder / "lists.db")


def test_names_on_lists(build: Callable[..., Language], rules: Path, tmp_path: Path) -> None:
    store = put_list(tmp_path, "2024-06-01", "Lumensky")
    doc = build(lists=[store])(NEWS)
    spans = [(span.text, span.label_, span.id_) for span in doc.spans["sanctions"]]
    assert spans == [("Gavril Lumensky", "listing", "lists.un:TSi.000"), ("Ferrum Bank", "body", "demo.bank")]
    assert "since 3 February 2020" in doc.spans["sanctions"][0]._.sanctions[0]["text"]
    own = Annotator(rules, default_rules=False, lists=store, names="always").annotate(
        NEWS, as_of="2024-06-20", notes="every"
    )
    assert [note["id"] for span in doc.spans["sanctions"] for note in span._.sanctions] == [
        note.id for one in own.annotations for note in one.notes
    ]
    # One path alone, a threshold, and the choice of ids hold as everywhere.
    assert len(build(lists=store)(NEWS).spans["sanctions"]) == 2
    assert len(build(lists=store, name_threshold=1.0)(NEWS).spans["sanctions"]) == 1
    assert len(build(lists=store, skip=["lists.*"])(NEWS).spans["sanctions"]) == 1
    with pytest.raises(InputError):
        build(lists=str(tmp_path / "none.db"))


def test_lists_in_several_processes_and_saved(build: Callable[..., Language], tmp_path: Path) -> None:
    store = put_list(tmp_path, "2024-06-01", "Lumensky")
    nlp = build(lists=[store])
    docs = list(nlp.pipe([NEWS] * 6, n_process=2, batch_size=2))
    assert [len(doc.spans["sanctions"]) for doc in docs] == [2] * 6
    nlp.to_disk(tmp_path / "saved")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(spacy.load(tmp_path / "saved")(NEWS).spans["sanctions"]) == 2
    put_list(tmp_path, "2024-07-01", "Lumensky", "Orlensky")
    with pytest.warns(UserWarning, match="rules or lists have changed"):
        spacy.load(tmp_path / "saved")
