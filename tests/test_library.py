"""The library: files, batches, rows, notebooks, what is refused, and rules that packages bring."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from conftest import DESK

import annotator
from annotator import Annotator, InputError, UsageError
from annotator.config import Options
from annotator.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conftest import Command

TEXT = "He sold gadgets, and gadgets."


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Annotator:
    path = tmp_path_factory.mktemp("rules") / "desk.yaml"
    path.write_text(DESK, encoding="utf-8")
    return Annotator(rules=path, default_rules=False, lists=False, cache=False)


# -- files -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [str, Path])
def test_a_file_is_annotated_and_left_as_it_is(desk: Annotator, tmp_path: Path, make: Callable[[Path], Any]) -> None:
    path = tmp_path / "article.html"
    path.write_bytes(f"<p>{TEXT}</p>".encode())
    result = desk.annotate_file(make(path), notes="every")
    assert (result.document.format, result.document.path) == ("html", str(path))
    assert [one.text for one in result.annotations] == ["gadgets", "gadgets"]
    assert path.read_bytes() == f"<p>{TEXT}</p>".encode()
    assert annotator.strip(result.render_bytes()) == path.read_bytes()


def test_a_file_that_cannot_be_read(desk: Annotator, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        desk.annotate_file(tmp_path / "nowhere.txt")
    with pytest.raises(InputError, match="is a folder"):
        desk.annotate_file(tmp_path)
    with pytest.raises(InputError, match="cannot be read"):
        desk.annotate_file("a\0b")
    with pytest.raises(UsageError, match="notes is one of"):
        desk.annotate_file(tmp_path / "nowhere.txt", notes="all")  # options are looked at first


def test_the_path_may_be_of_any_kind(desk: Annotator) -> None:
    assert desk.annotate("<p>x</p>", path=Path("a.html")).document.path == "a.html"


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda a: a.annotate(Path("x")), "for a file use annotate_file"),
        (lambda a: a.read(Path("x")), "for a file use annotate_file"),
        (lambda a: a.annotate(None), "an article is text or bytes, not NoneType"),
        (lambda a: a.annotate(["x"]), "an article is text or bytes, not list"),
        (lambda a: a.annotate("x", path=5), "a path is text or os.PathLike, not int"),
        (lambda a: a.annotate("x", as_of=5), "as_of is a date"),
        (lambda a: a.annotate_file(b"x"), "a path is text or os.PathLike, not bytes"),
        (lambda a: a.annotate_file(5), "a path is text or os.PathLike, not int"),
        (lambda a: a.batch("x"), "for one use annotate"),
        (lambda a: a.batch(Path("x")), "for one use annotate"),
        (lambda a: list(a.batch([("a", "b", "c")])), r"a pair is \(id, article\)"),
        (lambda _: annotator.strip(Path("x")), "an article is text or bytes, not a path"),
        (lambda _: Annotator(rules=5), "rules is a path or several, not int"),  # type: ignore[arg-type]
        (lambda _: Annotator(rules=[b"x"]), "rules are paths"),  # type: ignore[list-item]
        (lambda _: Annotator(lists=5, default_rules=False), "lists is a path or several, not int"),  # type: ignore[arg-type]
    ],
)
def test_what_is_meant_otherwise_is_refused_with_what_to_do(
    desk: Annotator, call: Callable[[Any], object], words: str
) -> None:
    with pytest.raises(TypeError, match=words) as caught:
        call(desk)
    assert "\n" not in str(caught.value)


def test_an_unknown_jurisdiction_is_refused(desk: Annotator) -> None:
    assert desk.jurisdictions == {"un", "eu"}
    with pytest.raises(UsageError, match="no note is of 'uno'; the rules know eu, un"):
        desk.annotate(TEXT, jurisdictions=["un", "uno"])
    assert desk.annotate(TEXT, jurisdictions="EU, un").annotations


def test_jurisdictions_of_lists_are_known_too(tmp_path: Path) -> None:
    rules = tmp_path / "desk.yaml"
    rules.write_text(DESK, encoding="utf-8")
    made = Annotator(rules=rules, default_rules=False, lists=True)
    assert made.jurisdictions >= {"un", "eu", "uk", "us"}
    with pytest.raises(UsageError, match=r"the rules and lists know .*uk"):
        made.annotate(TEXT, jurisdictions=["xy"])


# -- results ---------------------------------------------------------------------------------------


def test_rows_say_what_the_annotations_say(desk: Annotator) -> None:
    result = desk.annotate("Widgets and gadgets.", as_of="2015-01-01")
    rows = result.rows()
    assert [(row["start"], row["end"], row["text"], row["note"]) for row in rows] == [
        (0, 7, "Widgets", "desk.widgets"),
        (12, 19, "gadgets", "desk.gadgets"),
    ]
    assert rows[0] == {
        "sentence": "Widgets and gadgets.",
        "text": "Widgets",
        "start": 0,
        "end": 7,
        "rule": "desk.widgets",
        "kind": "measure",
        "grade": "",
        "note": "desk.widgets",
        "note_text": result.annotations[0].notes[0].text,
        "full": result.annotations[0].notes[0].full or result.annotations[0].notes[0].text,
        "entries": [],
        "lists": [],
        "references": [],
        "programmes": [],
        "score": None,
        "why": list(result.annotations[0].why),
        "link": "https://example.org/act",
        "sources": ["Act 12, Art. 1"],
        "links": ["https://example.org/act"],
        "jurisdiction": "un",
        "status": "verified",
        "checked": "2026-01-02",
        "from": "2010-01-01",
        "until": "2020-01-01",
    }
    assert desk.annotate("Nothing.").rows() == []


def test_checks_are_the_claims(desk: Annotator) -> None:
    result = desk.annotate("Widgets and gadgets.", as_of="2015-01-01")
    assert result.checks == ()
    assert "#ffd0c8" not in result._repr_html_()
    claim = replace(result.annotations[1], kind="claim", grade="contradicted")
    checked = replace(result, annotations=(result.annotations[0], claim))
    assert checked.checks == (claim,)
    assert [row["grade"] for row in checked.rows()] == ["", "contradicted"]
    assert "#ffd0c8" in checked._repr_html_()


class Seen(HTMLParser):
    """What a browser makes of a piece of HTML: its elements, whether they close, its attributes and text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.tags.add(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_notebook_shows_marks_and_notes_and_runs_nothing(desk: Annotator) -> None:
    hostile = '<script>alert(1)</script> & "gadgets" <img src=x onerror=y> widgets \ud800'
    seen = Seen(desk.annotate(hostile, as_of="2015-01-01")._repr_html_())
    assert not seen.open
    assert seen.tags == {"div", "mark", "sup", "ol", "li", "small", "a"}
    assert {name for name, _ in seen.attributes} == {"style", "href", "rel"}
    assert all((value or "").startswith("https://") for name, value in seen.attributes if name == "href")
    assert '<script>alert(1)</script> & "gadgets1" <img src=x onerror=y> widgets2 \ufffd' in seen.text
    assert "2 annotations, as of 2015-01-01" in seen.text


def test_a_link_that_runs_something_is_no_link(tmp_path: Path) -> None:
    from annotator.model import Annotation, Note, Source
    from annotator.tabulating import html

    note = Note("n", "N & <b>", (Source("I", "", "javascript:x"),), None, None, "un", "verified", "")
    nested = [Annotation(0, 9, "", "r", "term", {}, (), (note,)), Annotation(4, 6, "", "r", "claim", {}, (), (note,))]
    seen = Seen(html("one two three", nested, "2020-01-01"))
    assert "a" not in seen.tags
    assert "one tw1o t1hree" in seen.text
    assert "N & <b>" in seen.text


def test_a_notebook_shows_the_beginning_of_a_very_long_article(desk: Annotator) -> None:
    shown = desk.annotate("widgets. " + "word " * 10_000 + "gadgets.")._repr_html_()
    assert len(shown) < 25_000
    assert "2 annotations" in shown
    assert "1 behind what is shown" in shown
    assert Seen(desk.annotate("Nothing.")._repr_html_()).text.startswith("Nothing.")


# -- batches ---------------------------------------------------------------------------------------


def test_a_batch_keeps_the_order_and_takes_one_at_a_time(desk: Annotator) -> None:
    taken = 0

    def articles() -> Iterator[str | bytes]:
        nonlocal taken
        for article in (TEXT, b"widgets", ""):
            taken += 1
            yield article

    results = desk.batch(articles(), options=Options(notes="every"))
    assert taken == 0
    assert [one.text for one in next(results).annotations] == ["gadgets", "gadgets"]
    assert taken == 1
    assert [[one.text for one in result.annotations] for result in results] == [["widgets"], []]


def test_a_batch_of_pairs_keeps_the_ids(desk: Annotator) -> None:
    found = list(desk.batch({7: TEXT, None: "x"}.items()))
    assert [(name, len(result.annotations)) for name, result in found] == [(7, 1), (None, 0)]


def test_a_batch_says_which_article_it_could_not_read(desk: Annotator) -> None:
    results = desk.batch([("a", "x"), ("b", b"\x89PNG\r\n\x1a\n\0\0")])
    next(results)
    with pytest.raises(InputError) as caught:
        next(results)
    assert caught.value.__notes__ == ["in item 2 of the batch, 'b'"]
    with pytest.raises(UsageError, match="no note is of"):
        desk.batch([], options=Options(jurisdictions=("uno",)))


# -- rules of packages -----------------------------------------------------------------------------


def install(folder: Path, name: str = "acme", value: str = "acme_rules:rules", package: str = "acme_rules") -> None:
    """Install a package with rules, as pip would; importing it would fail."""
    rules = folder / package / "rules"
    rules.mkdir(parents=True)
    (folder / package / "__init__.py").write_text("raise RuntimeError('imported')\n", encoding="utf-8")
    (rules / "desk.yaml").write_text(DESK, encoding="utf-8")
    info = folder / f"{package}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(f"[annotator.rules]\n{name} = {value}\n", encoding="utf-8")


def test_rules_of_a_package_by_name_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    alone = Annotator(default_rules=False, lists=False)
    assert not alone.annotate(TEXT).annotations  # never by itself
    made = Annotator(rules=["package:acme"], default_rules=False, lists=False)
    assert made.annotate(TEXT).annotations
    assert "acme_rules" not in sys.modules
    assert "package:acme/desk.yaml" in made.rulebook.sources
    with pytest.raises(UsageError, match="no installed package has rules of the name 'acne'; installed: acme"):
        Annotator(rules="package:acne", default_rules=False)


def test_a_package_that_names_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path / "a", value="acme_rules:laws")
    install(tmp_path / "b", name="lost", value="nowhere.rules", package="lost")
    monkeypatch.syspath_prepend(str(tmp_path / "a"))
    monkeypatch.syspath_prepend(str(tmp_path / "b"))
    for name in ("acme", "lost"):
        with pytest.raises(UsageError, match="which is no folder"):
            Annotator(rules=f"package:{name}", default_rules=False)


def test_two_packages_of_one_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path)
    install(tmp_path, value="other:rules", package="other")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(UsageError, match="acme_rules and other have rules of this name"):
        Annotator(rules="package:acme", default_rules=False)


def test_the_command_takes_rules_of_a_package(here, run: Command, tmp_path: Path, monkeypatch) -> None:
    install(tmp_path / "site")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    (here / "annotator.toml").write_text('rules = ["package:acme"]\ndefault-rules = false\n')
    assert "3 rules covered" in run("rules", "test").stdout
    assert run("rules", "lint", "--no-config", "--no-default-rules", "package:acme").exit_code == ExitCode.OK
    wrong = run("rules", "lint", "--rules", "package:none", "--no-config")
    assert wrong.exit_code == ExitCode.USAGE
    assert re.fullmatch(r"annotator: package:none: no installed package .*\n", wrong.stderr)


def test_the_colours_of_displacy_are_found_by_the_entry_point(tmp_path: Path) -> None:
    info = tmp_path / "sanctions_annotator_test-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: sanctions-annotator-test\nVersion: 1.0\n")
    project = (Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8")
    section = re.search(r'spacy_displacy_colors\]\nsanctions_annotator = "(.*)"\n', project)
    assert section
    (info / "entry_points.txt").write_text(f"[spacy_displacy_colors]\ndemo = {section[1]}\n", encoding="utf-8")
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import spacy; from spacy import displacy;"
        "doc = spacy.blank('en')('They ban it'); doc.spans['s'] = [spacy.tokens.Span(doc, 1, 2, label='measure')];"
        "print(displacy.render(doc, style='span', options={'spans_key': 's'}, jupyter=False))"
    )
    run = [sys.executable, "-c", code, str(tmp_path)]
    done = subprocess.run(run, capture_output=True, text=True, check=False, env={**os.environ})
    assert done.returncode == 0, done.stderr
    assert "#ffd8a8" in done.stdout
