"""Settings from a file: which file holds, what may stand in it, and what wins."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from conftest import DESK

from annotator import config
from annotator.errors import ConfigError, ExitCode

if TYPE_CHECKING:
    from conftest import Command

SOURCE = b"He sold widgets and gadgets. He said nobody forbids them.\n"


@pytest.fixture
def desk_here(here):
    """The desk's rules in the working folder."""
    (here / "desk.yaml").write_text(DESK, encoding="utf-8")
    return here


def annotate(run: Command, *options: object) -> dict:
    """Annotate the source and return the JSON object."""
    result = run("annotate", "--output", "json", *options, stdin=SOURCE)
    assert result.exit_code == 0, result.stderr
    found: dict = json.loads(result.stdout)
    return found


def rules_of(found: dict) -> list[str]:
    return [one["rule"] for one in found["annotations"]]


BASE = 'rules = "desk.yaml"\ndefault-rules = false\n'
ALL = ["desk.widgets", "desk.gadgets", "desk.boast"]


def test_without_a_file_the_defaults_hold(desk_here, run: Command):
    assert annotate(run, "--rules", "desk.yaml", "--no-default-rules")["rulebook"]["sources"] == ["desk.yaml"]


@pytest.mark.parametrize(
    ("settings", "rules"),
    [
        ("", ALL),
        ('only = "desk.w*"', ["desk.widgets"]),
        ('skip = ["desk.w*", "*.boast"]', ["desk.gadgets"]),
        ('jurisdiction = ["EU"]', ["desk.gadgets"]),
        ('jurisdiction = "un,eu"', ALL),
        ("as-of = 2005-01-01", ["desk.gadgets", "desk.boast"]),
        ('as-of = "2005-01-01"', ["desk.gadgets", "desk.boast"]),
        ('as-of = "today"', ALL),
        ("cache = false", ALL),
        ('encoding = "utf-8"', ALL),
        ('notes = "every"', ALL),
        ('model = "en_core_web_sm"', ALL),
    ],
)
def test_keys(desk_here, run: Command, settings, rules):
    (desk_here / "annotator.toml").write_text(BASE + settings)
    assert rules_of(annotate(run)) == rules


def test_table_in_pyproject(desk_here, run: Command):
    table = "".join(f"{line}\n" for line in BASE.splitlines())
    (desk_here / "pyproject.toml").write_text(f"[project]\nname = 'x'\n[tool.annotator]\n{table}only = 'desk.b*'\n")
    assert rules_of(annotate(run)) == ["desk.boast"]


@pytest.mark.parametrize(
    "text",
    ["[tool.annotator]\n", '[ tool . "annotator" ]\n', "tool.annotator.cache = true\n", "[tool]\nannotator = {}\n"],
)
def test_every_way_to_write_the_table_is_found(here, text):
    (here / "pyproject.toml").write_text(text)
    assert config.find(str(here)) == str(here / "pyproject.toml")


def test_nearest_file_holds_and_annotator_toml_goes_first(here, run: Command, monkeypatch):
    deep = here / "a" / "b"
    deep.mkdir(parents=True)
    assert config.find(str(deep)) is None or not config.find(str(deep)).startswith(str(here))
    (here / "pyproject.toml").write_text("[tool.annotator]\n")
    assert config.find(str(deep)) == str(here / "pyproject.toml")
    (here / "annotator.toml").write_text("")
    assert config.find(str(deep)) == str(here / "annotator.toml")
    (here / "a" / "pyproject.toml").write_text("[project]\nname = 'annotator'\n")
    assert config.find(str(deep)) == str(here / "annotator.toml")
    (here / "a" / "pyproject.toml").write_text("[tool.annotator]\n")
    assert config.find(str(deep)) == str(here / "a" / "pyproject.toml")
    (here / "a" / "pyproject.toml").write_text("[tool.other]\nwords = 'tool.annotator'\n")
    assert config.find(str(deep)) == str(here / "annotator.toml")


def test_broken_pyproject_of_others_is_passed_over_and_ours_is_not(here, run: Command):
    path = here / "pyproject.toml"
    path.write_text("[project\nname = 'annotator'\n")
    assert config.find(str(here)) != str(path)
    path.write_text("[tool.annotator]\nrules = \n")
    result = run("annotate", stdin=SOURCE)
    assert result.exit_code == ExitCode.USAGE
    assert "pyproject.toml: not TOML: " in result.stderr
    assert "line 2" in result.stderr


def test_paths_are_relative_to_the_file(here, run: Command, monkeypatch):
    (here / "rules").mkdir()
    (here / "rules" / "desk.yaml").write_text(DESK)
    (here / "annotator.toml").write_text('rules = ["rules/desk.yaml"]\ndefault-rules = false\n')
    (here / "deep").mkdir()
    monkeypatch.chdir(here / "deep")
    assert rules_of(annotate(run)) == ALL
    assert config.load(str(here / "annotator.toml"))["rules"] == (str(here / "rules" / "desk.yaml"),)


def test_model_with_a_slash_is_a_path_and_a_name_is_not(here):
    path = here / "annotator.toml"
    path.write_text('model = "models/mine"')
    assert config.load(str(path))["model"] == str(here / "models" / "mine")
    path.write_text('model = "en_core_web_sm"')
    assert config.load(str(path))["model"] == "en_core_web_sm"


def test_command_line_wins(desk_here, run: Command):
    (desk_here / "annotator.toml").write_text(
        BASE + 'only = "desk.w*"\nas-of = 2005-01-01\njurisdiction = "un"\nnotes = "first"\n'
    )
    assert rules_of(annotate(run)) == []
    found = annotate(run, "--only", "desk.g*", "--as-of", "2024-01-01", "--jurisdiction", "eu")
    assert rules_of(found) == ["desk.gadgets"]
    assert found["document"]["as_of"] == "2024-01-01"
    assert len(annotate(run, "--only", "*", "--default-rules")["rulebook"]["sources"]) > 1
    assert annotate(run, "--as-of", "today")["document"]["as_of_from"] == "today"


def test_config_and_no_config(desk_here, run: Command):
    (desk_here / "annotator.toml").write_text(BASE + 'only = "desk.w*"')
    (desk_here / "other.toml").write_text(BASE + 'only = "desk.g*"')
    assert rules_of(annotate(run, "--config", "other.toml")) == ["desk.gadgets"]
    assert rules_of(annotate(run, "--no-config", "--rules", "desk.yaml", "--no-default-rules")) == ALL
    assert "settings from" in run("annotate", "-v", stdin=SOURCE).stderr


def test_strip_and_schema_need_no_settings(here, run: Command):
    (here / "annotator.toml").write_text("wrong = 1\n")
    assert run("strip", stdin=SOURCE).stdout_bytes == SOURCE
    assert run("rules", "schema").exit_code == 0
    assert run("rules", "list").exit_code == ExitCode.USAGE


WRONG = [
    ("ruels = 'x'", "unknown key 'ruels'; did you mean 'rules'?"),
    ("default_rules = true", "unknown key 'default_rules'; did you mean 'default-rules'?"),
    ("xyzzy = 1", "unknown key 'xyzzy'; known keys: as-of, cache, decisions, default-rules"),
    ("rules = 1", "'rules': must be text or a list of texts, not 1"),
    ("rules = ['a', 1]", "'rules': must be text or a list of texts, not ['a', 1]"),
    ("only = ['']", "'only': must be text or a list of texts"),
    ("default-rules = 'no'", "'default-rules': must be true or false, not 'no'"),
    ("cache = 0", "'cache': must be true or false, not 0"),
    ("as-of = 20240620", "'as-of': must be text in quotes, not 20240620"),
    ("as-of = 'June'", "'as-of': 'June' is not a date; write it as YYYY-MM-DD"),
    ("as-of = '20 June 2024'", "did you mean 2024-06-20?"),
    ("notes = 'all'", "'notes': must be one of best, first, paragraph, every, not 'all'"),
    ("encoding = true", "'encoding': must be text in quotes, not true"),
    ("model = ' '", "'model': must be text in quotes"),
    ("jurisdiction = {}", "'jurisdiction': must be text or a list of texts, not {}"),
    ("rules = [", "not TOML: "),
    ("[tool.annotator]\ncache = true", "remove the [tool.annotator] line"),
]


@pytest.mark.parametrize(("text", "message"), WRONG, ids=[text for text, _ in WRONG])
def test_wrong_settings_are_named_with_file_and_key(here, run: Command, text, message):
    path = here / "annotator.toml"
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        config.load(str(path))
    assert str(caught.value).startswith(f"{path}: ")
    assert message in str(caught.value)
    result = run("annotate", stdin=SOURCE)
    assert result.exit_code == ExitCode.USAGE
    assert result.stderr == f"annotator: {caught.value}\n"


def test_wrong_files(here, run: Command):
    (here / "latin.toml").write_bytes(b"rules = 'caf\xe9'")
    (here / "pyproject.toml").write_text("[project]\n")
    (here / "folder").mkdir()
    for name, message in [
        ("nowhere.toml", "no such file; check --config"),
        ("latin.toml", "not UTF-8 text"),
        ("folder", "cannot be read"),
        ("pyproject.toml", "has no table [tool.annotator]"),
    ]:
        result = run("annotate", "--config", name, stdin=SOURCE)
        assert result.exit_code == ExitCode.USAGE
        assert result.stderr.startswith(f"annotator: {name}: {message}")


def test_tool_annotator_that_is_no_table(here, run: Command):
    (here / "pyproject.toml").write_text("[tool]\nannotator = 1\n")
    result = run("annotate", stdin=SOURCE)
    assert result.exit_code == ExitCode.USAGE
    assert "'tool.annotator' must be a table" in result.stderr


def test_keys_are_the_settings_and_the_options(run: Command):
    names = {key.replace("-", "_") for key in config.KEYS}
    assert names == set(config.Settings.__slots__)
    said = run("annotate", "--help").stdout
    for key in config.KEYS:
        assert f"--{key}" in said


def test_dates():
    assert config.date_of(" 2024-02-29 ") == "2024-02-29"
    assert config.date_of("Today") == "today"
    for wrong in ("", "2023-02-29", "20240620", "01/02/2024", "2024-W01-1", "٢٠٢٤-٠٦-٢٠", "0000-01-01"):
        with pytest.raises(config.UsageError):
            config.date_of(wrong)
