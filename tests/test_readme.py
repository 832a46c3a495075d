"""What the README shows works as shown: each command, the library in five lines, the rule."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from docx import Document

from annotator import checking, strip
from annotator.cli._app import app

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


SET_UP = [line for block in blocks("sh") for line in block.splitlines() if "venv" in line]
COMMANDS = [line for block in blocks("sh") for line in block.splitlines() if line.startswith("annotator ")]
COMMANDS += re.findall(r"`(annotator [^`]+)`", README)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files that the README's commands speak of."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    article = (ROOT / "examples" / "limousine.txt").read_bytes()
    (tmp_path / "article.txt").write_bytes(article)
    (tmp_path / "story.md").write_bytes((ROOT / "examples" / "coal-at-sea.md").read_bytes())
    (tmp_path / "page.html").write_bytes((ROOT / "examples" / "crane.html").read_bytes())
    word = Document()
    word.add_paragraph(article.decode("utf-8"))
    word.save(str(tmp_path / "draft.docx"))
    result = CliRunner().invoke(app, ["annotate", str(tmp_path / "article.txt"), "-o", str(tmp_path / "annotated.txt")])
    assert result.exit_code == 0, result.output
    (tmp_path / "desk.yaml").write_text(blocks("yaml")[0], encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("line", COMMANDS)
def test_each_command_runs(line: str, desk: Path) -> None:
    words = shlex.split(line.split("#", 1)[0])[1:]
    expanded: list[str] = []
    for word in words:
        found = sorted(path.name for path in desk.glob(word)) if "*" in word else []
        expanded += found or [word]
    result = CliRunner().invoke(app, expanded)
    assert result.exit_code == 0, result.output


def test_the_set_up_commands_do_what_they_say(desk: Path) -> None:
    annotate, tests = SET_UP
    command = annotate.rsplit("&&", 1)[1].split()
    assert command[0] == ".venv/bin/annotator"
    result = CliRunner().invoke(app, command[1:])
    assert result.exit_code == 0
    assert "[1]" in result.output
    assert '".[dev]"' in tests
    assert tests.endswith("-m pytest")


def test_the_library_in_five_lines() -> None:
    code = blocks("python")[0]
    assert len([line for line in code.splitlines() if line.strip()]) <= 5
    space: dict[str, object] = {}
    exec(code, space)  # the README's own lines
    result = space["result"]
    assert strip(str(result)) == "The UN bans luxury goods for North Korea."


def test_the_rule_is_a_rule() -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "desk.yaml"
        path.write_text(blocks("yaml")[0], encoding="utf-8")
        assert len(blocks("yaml")[0].splitlines()) <= 10
        assert checking.lint([path], default_rules=False) == []
        report = checking.test([path], default_rules=False)
        assert report.failures == []
        assert report.covered == report.rules == 1


def test_before_and_after_are_real(desk: Path) -> None:
    before = blocks("text")[0]
    (desk / "before.txt").write_text(before, encoding="utf-8")
    result = CliRunner().invoke(app, ["annotate", "before.txt", "--as-of", "2024-06-20"])
    assert result.exit_code == 0
    for line in blocks("text")[1].splitlines():
        if line != "…":
            assert line.rstrip(" …") in result.output, line


def test_examples_of_own_rules() -> None:
    path = ROOT / "examples" / "rules" / "own.yaml"
    assert checking.lint([path], default_rules=False) == []
    assert checking.test([path], default_rules=False).failures == []
