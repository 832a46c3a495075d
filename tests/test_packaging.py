"""The wheel: what is in it, and that it works where nothing else of the project is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT

from annotator import __version__

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The project's wheel, built as pip builds it."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--wheel-dir", str(folder), str(ROOT)]
    done = subprocess.run(build, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    [found] = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    """A fresh environment that holds the wheel, and our own environment's libraries, but not the project."""
    folder = tmp_path_factory.mktemp("env")
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "-q", "--no-deps", "--no-index"]
    done = subprocess.run([*install, str(wheel)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    site = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    # A path file in a folder named by another is not read, so an editable install of ours stays out.
    libraries = dict.fromkeys((sysconfig.get_path("purelib"), sysconfig.get_path("platlib")))
    (Path(site) / "libraries.pth").write_text("\n".join(libraries) + "\n", encoding="utf-8")
    return python


@pytest.mark.slow
def test_wheel_holds_the_package_and_the_rules_and_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    info = f"sanctions_annotator-{__version__}.dist-info/"
    assert all(name.startswith(("annotator/", "sanctions_annotator/", info)) for name in names)
    alias = {path.relative_to(ROOT).as_posix() for path in (ROOT / "sanctions_annotator").iterdir() if path.is_file()}
    assert {name for name in names if name.startswith("sanctions_annotator/")} == alias
    sources = {path.relative_to(ROOT).as_posix() for path in (ROOT / "annotator").rglob("*") if path.is_file()}
    rules = {f"annotator/{path.relative_to(ROOT).as_posix()}" for path in (ROOT / "rules").rglob("*") if path.is_file()}
    assert {name for name in names if name.startswith("annotator/")} == {
        name for name in sources | rules if "__pycache__" not in name
    }
    for name in (
        "py.typed",
        "reading/furniture.txt",
        "matching/words.txt",
        "noting/words.txt",
        "rulebook/schema/rules-1.json",
        "writing/schema/annotations-1.json",
    ):
        assert f"annotator/{name}" in names
    assert "annotator/rules/data/README.md" in names  # where the tables come from goes with them
    assert f"{info}licenses/LICENSE" in names


@pytest.mark.slow
def test_installed_wheel_works_by_itself(installed, tmp_path):
    (tmp_path / "story.txt").write_bytes(b"UN Security Council resolution 2397 (2017) says so.\n")

    def run(*command: str) -> bytes:
        environ = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        done = subprocess.run([installed, *command], capture_output=True, cwd=tmp_path, env=environ, check=False)
        assert (done.returncode, done.stderr) == (0, b"")
        return done.stdout

    place = run("-I", "-c", "import annotator; print(annotator.__file__)").decode().strip()
    assert Path(place).is_relative_to(installed.parent.parent)
    alias = installed.parent / ("sanctions-annotator-script.py" if os.name == "nt" else "sanctions-annotator")
    assert run("-I", str(alias), "--version").split() == [b"annotator", __version__.encode()]
    assert run("-I", "-m", "sanctions_annotator", "--version").split() == [b"annotator", __version__.encode()]
    script = installed.parent / ("annotator-script.py" if os.name == "nt" else "annotator")
    assert run("-I", str(script), "--version").split() == [b"annotator", __version__.encode()]
    given = json.loads(
        run("-I", "-m", "annotator", "annotate", "-q", "--as-of", "2024-01-01", "--output", "json", "story.txt")
    )
    assert "2397 (2017)" in given["annotations"][0]["text"]
    assert all(source.startswith("pack:") for source in given["rulebook"]["sources"])
    (tmp_path / "out.txt").write_bytes(run("-I", str(script), "annotate", "-q", "--as-of", "2024-01-01", "story.txt"))
    assert run("-I", str(script), "strip", "out.txt") == (tmp_path / "story.txt").read_bytes()
    listed = json.loads(run("-I", "-m", "annotator", "rules", "list", "--json"))
    assert all(row["file"].startswith("pack:") for row in listed)
    run("-I", "-c", "from annotator.rulebook._schema import rules_schema; rules_schema()")
    run("-I", "-c", "from annotator.writing import json_schema; json_schema()")


@pytest.mark.slow
def test_installed_wheel_has_the_same_rulebook_as_the_checkout(installed, tmp_path):
    from annotator.rulebook import load

    code = "from annotator.rulebook import load; print(load().digest)"
    done = subprocess.run([installed, "-I", "-c", code], capture_output=True, text=True, cwd=tmp_path, check=True)
    assert done.stdout.strip() == load().digest


def test_version_is_said_once():
    assert "version" in PROJECT["dynamic"]
    assert "version" not in PROJECT


def test_every_dependency_says_why():
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    start = lines.index("dependencies = [") + 1
    body = lines[start : lines.index("]", start)]
    assert len(body) == 2 * len(PROJECT["dependencies"])
    for reason, dependency in zip(body[::2], body[1::2], strict=True):
        assert reason.strip().startswith("# ")
        assert dependency.strip().startswith('"')


def test_every_ignored_linter_rule_says_why():
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    start = lines.index("ignore = [") + 1
    for line in lines[start : lines.index("]", start)]:
        assert "#" in line, line


def test_everything_that_is_imported_is_a_dependency():
    """No library is used that is not asked for."""
    import ast

    known = {
        "click": "click", "yaml": "PyYAML", "jsonschema": "jsonschema", "re2": "google-re2", "daachorse": "daachorse",
        "ahocorasick_rs": "ahocorasick-rs", "markdown_it": "markdown-it-py", "charset_normalizer": "charset-normalizer",
        "spacy": "spacy",
    }  # fmt: skip
    named = {dependency.split(">")[0].split(";")[0].strip() for dependency in PROJECT["dependencies"]}
    assert named == set(known.values())
    # What extras bring; Python has `compression` from 3.14 on, and the backport stands in for it.
    extras = {
        "pyarrow": "pyarrow", "warcio": "warcio", "brotli": "brotli", "backports": "backports.zstd",
        "distributed": "distributed", "xlsxwriter": "XlsxWriter", "mcp": "mcp",
        "fastapi": "fastapi", "starlette": "starlette", "uvicorn": "uvicorn", "h11": "h11",
        "python_multipart": "python-multipart",
        "pydantic": "pydantic", "pypdfium2": "pypdfium2",
    }  # fmt: skip
    used = ("batch", "dask", "mcp", "pdf", "serve", "xlsx")
    asked = {one.split(">")[0] for name in used for one in PROJECT["optional-dependencies"][name]}
    assert asked == set(extras.values())
    # The SDK of the protocol brings its types as a package beside it, and what its server runs on.
    known |= {**extras, "compression": "", "mcp_types": "mcp", "pydantic_core": "pydantic", "anyio": "mcp"}
    for path in (ROOT / "annotator").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            modules = []
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                modules = [node.module]
            for module in modules:
                top = module.split(".")[0]
                assert top in {*sys.stdlib_module_names, "annotator", *known}, f"{path}: {module}"


def test_no_generated_files_in_the_repository():
    if not (ROOT / ".git").exists():
        pytest.skip("not a checkout")
    try:
        listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
            "\n"
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("git cannot be asked")
    bad = (".pyc", ".egg-info", ".whl", ".tmp", ".so")
    assert not [name for name in listed if name.endswith(bad) or "__pycache__" in name or "/dist/" in name]
