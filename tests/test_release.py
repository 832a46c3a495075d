"""What goes with a release: the two script names, another package of our name, and what must be set before."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING

import pytest
import yaml
from conftest import ROOT

import annotator
import sanctions_annotator

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


# -- the package by the name of its distribution ---------------------------------------------------


def test_it_is_the_same_package() -> None:
    assert {
        name for name in annotator.__all__ if getattr(sanctions_annotator, name) is not getattr(annotator, name)
    } == set()
    assert set(annotator.__all__) <= set(dir(sanctions_annotator))
    assert sanctions_annotator.__version__ == annotator.__version__
    with pytest.raises(AttributeError, match="nothing_such"):
        sanctions_annotator.nothing_such


def start(folder: Path, code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python code with the packages of a folder found before the project's."""
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join((str(folder), str(ROOT)))}
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environ, cwd=folder)


def test_both_scripts_start_there(tmp_path: Path) -> None:
    assert set(PROJECT["scripts"].values()) == {"sanctions_annotator:main"}
    assert set(PROJECT["scripts"]) == {"annotator", "sanctions-annotator"}
    done = start(tmp_path, "import sanctions_annotator; sanctions_annotator.main()", "--version")
    assert (done.returncode, done.stdout.split(), done.stderr) == (0, ["annotator", annotator.__version__], "")


FOREIGN = {
    "a package that needs what is not there": ("annotator/__init__.py", "import nothing_of_this_name\n"),
    "a package": ("annotator/__init__.py", "es = object()\n"),
    "a module": ("annotator.py", "print\n"),
    "one that is broken": ("annotator/__init__.py", "def (\n"),
}


@pytest.mark.parametrize("kind", FOREIGN)
def test_another_package_of_the_name_is_told(tmp_path: Path, kind: str) -> None:
    name, text = FOREIGN[kind]
    place = tmp_path / name
    place.parent.mkdir(exist_ok=True)
    place.write_text(text, encoding="utf-8")
    done = start(tmp_path, "import sanctions_annotator; sanctions_annotator.main()", "--version")
    assert done.returncode == annotator.ExitCode.MISSING_EXTRA
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("annotator: another package named annotator stands in the way of sanctions-annotator: ")
    assert str(place) in line
    assert "pip uninstall annotator" in line
    asked = start(
        tmp_path, "import sanctions_annotator\ntry: sanctions_annotator.strip\nexcept ImportError as e: print(e)"
    )
    assert (asked.returncode, asked.stdout) == (0, line.removeprefix("annotator: ") + "\n")


def test_our_own_fault_is_not_put_down_to_others(tmp_path: Path) -> None:
    """Where our package is found and what it needs is not, that is what is said."""
    (tmp_path / "annotator").mkdir()
    (tmp_path / "annotator" / "__init__.py").write_text(
        'import nothing_of_this_name\n__distribution__ = "sanctions-annotator"\n', encoding="utf-8"
    )
    done = start(tmp_path, "import sanctions_annotator; sanctions_annotator.main()")
    assert "No module named 'nothing_of_this_name'" in done.stderr
    assert "another package" not in done.stderr


# -- what must be set before -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def checker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("check_release", ROOT / "tools" / "check_release.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def project(folder: Path, version: str = "1.2.3", top: str = "1.2.3 - 2026-12-01", host: str = "news.org") -> Path:
    """Write what the check of a release looks at."""
    (folder / "annotator").mkdir()
    (folder / "annotator" / "_version.py").write_text(f'__version__ = "{version}"\n', encoding="utf-8")
    (folder / "CHANGELOG.md").write_text(f"# Changes\n\n## {top}\n\n- x\n\n## 0.1.0\n", encoding="utf-8")
    names = ("Homepage", "Documentation", "Source", "Issues", "Changelog")
    urls = "".join(f'{name} = "https://{host}/{name}"\n' for name in names)
    (folder / "pyproject.toml").write_text(f"[project]\nname = 'x'\n[project.urls]\n{urls}", encoding="utf-8")
    return folder


def test_a_release_that_fits(checker: ModuleType, tmp_path: Path) -> None:
    assert checker.faults(project(tmp_path), "v1.2.3") == []


@pytest.mark.parametrize(
    ("wrong", "tag", "told"),
    [
        ({"version": "1.2"}, "", "'1.2' is no version"),
        ({}, "v1.2.4", "the tag v1.2.4 is not v1.2.3"),
        ({"top": "Unreleased"}, "", "the first section is 'Unreleased', not '1.2.3'"),
        ({"top": "1.2.3"}, "", "give the section the day of the release: ## 1.2.3 - YYYY-MM-DD"),
        ({"host": "sanctions-annotator.invalid"}, "", "project.urls.Source leads nowhere"),
        ({"host": "example.org"}, "", "project.urls.Issues leads nowhere"),
    ],
)
def test_what_keeps_a_release_back(
    checker: ModuleType, tmp_path: Path, wrong: dict[str, str], tag: str, told: str
) -> None:
    assert any(told in fault for fault in checker.faults(project(tmp_path, **wrong), tag))


def test_addresses_lead_somewhere_or_are_known_not_to(checker: ModuleType) -> None:
    """No address is made up: each is a real one, or of a name that is kept for nobody."""
    hosts = {url.split("/")[2] for url in PROJECT["urls"].values()}
    assert set(checker.WANTED) <= set(PROJECT["urls"])
    assert len(hosts) == 1 or not any(host.endswith(".invalid") for host in hosts)
    assert all(url.startswith("https://") for url in PROJECT["urls"].values())


def test_the_changelog_begins_with_the_version() -> None:
    lines = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()
    first = next(line for line in lines if line.startswith("## "))
    assert first.removeprefix("## ").split(" - ")[0] == annotator.__version__


def test_ci_runs_what_the_classifiers_name() -> None:
    """Three systems, and each Python that the project says it works with."""
    jobs = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))["jobs"]
    matrix = jobs["test"]["strategy"]["matrix"]
    said = [one.rpartition(" :: ")[2] for one in PROJECT["classifiers"] if ":: Python :: 3." in one]
    assert matrix["python"] == said
    assert len(said) == 4
    assert {one.split("-")[0] for one in matrix["os"]} == {"ubuntu", "macos", "windows"}


def test_the_image_has_a_user_and_what_it_is_built_of() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert users
    assert all(user.split(":")[0] not in {"root", "0"} for user in users)
    let = [
        line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line.startswith("!")
    ]
    built = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"]
    assert set(built["wheel"]["only-include"]) <= set(let)
    assert all((ROOT / name).exists() for name in let)
