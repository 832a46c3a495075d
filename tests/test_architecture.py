"""Imports go one way: a layer imports the foundation modules and layers before it, never a later one."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import subprocess
import sys
import types
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from annotator import errors

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).parent.parent / "annotator"
FOUNDATION = {"model", "errors", "folding", "automaton", "core", "_dates", "_files", "_lazy", "_processes",
              "_published", "_version", "_vocabulary"}  # fmt: skip
LAYERS = ["reading", "statements", "rulebook", "lists", "decisions", "matching", "noting", "writing"]
# What stands on top of the layers may use all of them.
TOP = {"api", "arrow", "batch", "checking", "config", "cli", "distributed", "handbook", "lookup", "mcp", "serving",
       "spacy", "tabulating", "updating", "__init__", "__main__"}  # fmt: skip


def imports(path: Path) -> set[str]:
    """Return the parts of the package that a module imports, wherever in it."""
    found: set[str] = set()
    depth = len(path.relative_to(ROOT).parts)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            names = (node.module or "").split(".")
            if node.level == depth:
                found |= {names[0]} if names[0] else {alias.name for alias in node.names}
            elif node.level == 0 and names[0] == "annotator":
                found |= {names[1]} if len(names) > 1 else {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("annotator.")}
    return found


MODULES = sorted(path for path in ROOT.rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_imports_go_one_way(path: Path) -> None:
    part = path.relative_to(ROOT).parts[0].removesuffix(".py")
    wanted = imports(path) - {part, "__version__"}
    if part in FOUNDATION:
        assert wanted <= FOUNDATION
    elif part in LAYERS:
        assert wanted <= FOUNDATION | set(LAYERS[: LAYERS.index(part)])
    else:
        assert part in TOP, f"{part} stands in no layer; say where it belongs in docs/architecture.md"
        assert wanted <= FOUNDATION | set(LAYERS) | TOP


def name_of(path: Path) -> str:
    """Return the name by which a module is imported."""
    return ".".join([ROOT.name, *path.relative_to(ROOT).with_suffix("").parts]).removesuffix(".__init__")


def modules_imported(path: Path, names: set[str]) -> set[str]:
    """Return the package's modules that one imports, as it loads, later, or for the type checker only."""
    found: set[str] = set()
    package = [ROOT.name, *path.parent.relative_to(ROOT).parts]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) + 1 - node.level] if node.level else []
            origin = ".".join([*base, *filter(None, [node.module])])
            inside = (f"{origin}.{alias.name}" for alias in node.names)
            found |= {name if name in names else origin for name in inside}
    return (found & names) - {name_of(path)}


def test_no_circle_of_imports() -> None:
    """No module leads back to itself, lazy and typing-only imports counted."""
    names = {name_of(path) for path in MODULES}
    left = {name_of(path): modules_imported(path, names) for path in MODULES}
    assert any("annotator.matching._find" in wanted for wanted in left.values())  # imports are seen at all
    # Take away, again and again, what imports nothing that is left: what cannot be taken leads to a circle.
    while free := {name for name, wanted in left.items() if not wanted & left.keys()}:
        left = {name: wanted for name, wanted in left.items() if name not in free}
    # And what nothing left imports only leads there.
    while ends := left.keys() - set().union(*left.values()):
        left = {name: wanted for name, wanted in left.items() if name not in ends}
    assert not left, {name: sorted(wanted & left.keys()) for name, wanted in left.items()}


DOCUMENT = (ROOT.parent / "docs" / "architecture.md").read_text(encoding="utf-8")
[INTERFACES] = re.findall(r"^## Interfaces.*?^```python\n(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL)
# Each part begins with a comment: the layer, and the exceptions that it raises.
PARTS = re.findall(r"^# (\w+)(?:; raises ([^\n]*))?\n(.*?)(?=^# |\Z)", INTERFACES, re.MULTILINE | re.DOTALL)


def signatures(holder: Any, names: Iterable[str]) -> dict[str, inspect.Signature]:
    """Return the signatures of functions, and of what makes a class."""
    found = {name: getattr(holder, name) for name in names}
    return {name: inspect.signature(one.__init__ if inspect.isclass(one) else one) for name, one in found.items()}


@pytest.mark.parametrize(("layer", "raised", "stubs"), PARTS, ids=[part[0] for part in PARTS])
def test_the_interfaces_are_as_written(layer: str, raised: str, stubs: str) -> None:
    written: dict[str, Any] = {}
    exec(f"from __future__ import annotations\n{stubs}", written)
    names = [name for name in written if name not in {"__builtins__", "annotations"}]
    assert names
    module = importlib.import_module(f"annotator.{layer}")
    assert signatures(types.SimpleNamespace(**written), names) == signatures(module, names)
    for name in filter(None, raised.split(", ")):
        assert issubclass(getattr(errors, name), errors.AnnotatorError)


def test_every_layer_has_its_interface_written() -> None:
    assert {layer for layer, _, _ in PARTS} == set(LAYERS) - {"lists"}


def test_the_modules_that_are_named_are_there() -> None:
    named = re.findall(r"`(?:annotator/)?([a-z_/]+(?:\.py|/))`", DOCUMENT)
    assert "lists/names/" in named
    for name in named:
        assert (ROOT.parent / name).exists() or list(ROOT.glob(f"**/{name}")), name


def test_writing_knows_no_rules_and_matching_no_formats() -> None:
    for path in (ROOT / "writing").glob("*.py"):
        assert not imports(path) & {"rulebook", "matching", "noting"}, path
    for path in (ROOT / "matching").glob("*.py"):
        assert "reading" not in imports(path), path


def test_importing_the_package_costs_next_to_nothing() -> None:
    code = (
        "import sys, annotator; heavy = {'spacy', 'yaml', 'numpy', 'click', 're2', 'jsonschema', 'markdown_it'}"
        " & set(sys.modules); sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_each_file_says_what_it_is_for(path: Path) -> None:
    documentation = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert documentation, path
    assert len(documentation.splitlines()[0]) <= 120, path
