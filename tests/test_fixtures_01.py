"""Articles that version 0.1 annotated: every later version gives the original back, and makes their notes anew."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT

from annotator import Annotator, config, strip
from annotator.lists import import_files
from annotator.updating import update
from annotator.writing import OUTPUTS, layer_of

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Command

FOLDER = ROOT / "tests" / "fixtures-0.1"
ARTICLES = {path.name: path for path in sorted((FOLDER / "articles").iterdir())}
ANNOTATED = sorted((FOLDER / "annotated").iterdir())
# What version 0.1 could write into an article of each kind, as the files' names say it.
OUTPUTS_01 = {
    ".txt": {"text", "markdown-footnotes", "markdown-inline", "markdown-notes"},
    ".md": {"text", "markdown-footnotes", "markdown-inline", "markdown-notes"},
    ".html": {"html-plain", "html-styled"},
    ".docx": {"docx-comments", "docx-footnotes"},
}


def article_of(path: Path) -> tuple[Path, str, str]:
    """Return the article that a file was made of, and the output and the style that it was made with."""
    stem, made, suffix = path.name.split(".")
    output, _, style = made.partition("-")
    return ARTICLES[f"{stem}.{suffix}"], output, style


# The keys of its configuration file.
KEYS_01 = {
    "rules", "default-rules", "only", "skip", "as-of", "notes", "jurisdiction", "model", "encoding", "cache", "lists",
    "name-threshold",
}  # fmt: skip


every = pytest.mark.parametrize("path", ANNOTATED, ids=lambda path: path.name)


@pytest.fixture(scope="module")
def annotator() -> Annotator:
    """Return an annotator with the rules as they are today."""
    return Annotator()


def test_every_output_of_every_article_is_there() -> None:
    there: dict[str, set[str]] = {name: set() for name in ARTICLES}
    for path in ANNOTATED:
        article, output, style = article_of(path)
        there[article.name].add(f"{output}-{style}".rstrip("-"))
    assert there == {name: OUTPUTS_01[path.suffix] for name, path in ARTICLES.items()}
    assert all(output.partition("-")[0] in OUTPUTS for outputs in OUTPUTS_01.values() for output in outputs)


@every
def test_the_original_comes_back(path: Path) -> None:
    original = article_of(path)[0].read_bytes()
    annotated = path.read_bytes()
    assert annotated != original
    assert strip(annotated) == original
    assert strip(original) == original


@every
def test_the_seal_is_read(path: Path) -> None:
    article, output, style = article_of(path)
    layer = layer_of(path.read_bytes())
    assert layer is not None
    assert layer.original == article.read_bytes()
    assert (layer.format, layer.style or style) == (output, style)
    assert layer.as_of
    assert layer.as_of_from
    assert layer.digest
    assert all(note[0] for note in layer.notes)
    assert layer.notes


@every
def test_notes_are_made_anew(path: Path, annotator: Annotator) -> None:
    old = path.read_bytes()
    before = layer_of(old)
    found = update(annotator, old, path=path.name)
    assert found is not None
    assert before is not None
    assert strip(found.data) == article_of(path)[0].read_bytes()
    after = layer_of(found.data)
    assert after is not None, "the article has a citation, so there is always something to say"
    assert (after.format, after.style) == (before.format, before.style)
    assert (after.as_of, after.as_of_from) == (before.as_of, before.as_of_from)
    again = update(annotator, found.data, path=path.name)
    assert again is not None
    assert (again.data, again.changes) == (found.data, ())


def test_the_commands(here: Path, run: Command) -> None:
    for path in ANNOTATED:
        (here / path.name).write_bytes(path.read_bytes())
    names = [path.name for path in ANNOTATED]
    for command in ("update", "strip"):
        done = run(command, *names, "--in-place")
        assert done.exit_code == 0, done.output
    assert [(here / name).read_bytes() for name in names] == [article_of(path)[0].read_bytes() for path in ANNOTATED]


def test_git_leaves_their_bytes_alone() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("not a checkout")
    paths = [path.relative_to(ROOT).as_posix() for path in (*ARTICLES.values(), *ANNOTATED)]
    done = subprocess.run(
        ["git", "check-attr", "text", "--", *paths], cwd=ROOT, capture_output=True, text=True, check=True
    )
    lines = done.stdout.splitlines()
    assert len(lines) == len(paths)
    assert all(line.endswith(": unset") for line in lines)


# -- the configuration ------------------------------------------------------------------------------

CONFIGURATION = FOLDER / "configuration"
ARTICLE = "He sold widgets and gadgets, then nuts. The widget ban on Ruritania stands. More widgets.\n"


def test_a_configuration_is_read_with_every_key(tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    shutil.copytree(CONFIGURATION, folder)
    loaded = config.load(str(folder / "annotator.toml"))
    assert {key.replace("_", "-") for key in loaded} == KEYS_01
    assert loaded == {
        "rules": (str(folder / "rules"), str(folder / "more.yaml")),
        "default_rules": False,
        "only": ("desk.*",),
        "skip": ("desk.gadgets",),
        "as_of": "2024-06-20",
        "notes": "every",
        "jurisdiction": ("un", "eu"),
        "model": "en_core_web_sm",
        "encoding": "utf-8",
        "cache": False,
        "lists": (str(folder / "lists.db"),),
        "name_threshold": 0.6,
    }
    config.Settings(**loaded)


def test_a_configuration_chooses_what_it_chose(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Command) -> None:
    folder = tmp_path / "desk"
    shutil.copytree(CONFIGURATION, folder)
    monkeypatch.chdir(folder)
    import_files([ROOT / "tests" / "lists" / "un.xml"], "lists.db")
    done = run("annotate", "--output", "json", stdin=ARTICLE.encode())
    assert done.exit_code == 0, done.stderr
    record = json.loads(done.stdout)
    # As version 0.1.0 itself answered.
    assert [(one["rule"], one["text"], [note["id"] for note in one["notes"]]) for one in record["annotations"]] == [
        ("desk.widgets", "widgets", ["desk.widgets"]),
        ("desk.more.nuts", "nuts", ["desk.more.nuts"]),
        ("desk.ban", "widget ban", ["desk.widgets"]),
        ("desk.widgets", "widgets", ["desk.widgets"]),
    ]
    assert (record["document"]["as_of"], record["document"]["as_of_from"]) == ("2024-06-20", "given")


def test_the_changelog_tells_of_every_key_that_is_new() -> None:
    """A new key has a default, and a line that says what holds without it."""
    since, _, _ = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").partition("\n## 0.1.0\n")
    assert [key for key in config.KEYS if key not in KEYS_01 and f"`{key}`" not in since] == []
