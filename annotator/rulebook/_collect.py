"""Gather rule files into one set of definitions: ids qualified, overrides settled, references resolved.

What is defined is held as ``Item``s by kind and id, each with its place, so that every later message
(compiling, linting) can name file, line and column.
"""

from __future__ import annotations

import difflib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import RuleError, RuleErrors
from . import _yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

KINDS = ("references", "notes", "listings", "contexts", "vocabulary", "tables", "regimes", "rules")
_SINGULAR = {"references": "reference", "notes": "note", "listings": "listing", "contexts": "context",
             "vocabulary": "vocabulary entry", "tables": "table", "regimes": "regime", "rules": "rule"}  # fmt: skip


class RuleFile(NamedTuple):
    """One rule file as parsed. ``shipped`` tells files of the pack from a user's."""

    name: str
    data: dict[str, Any]
    places: _yaml.Places
    shipped: bool


class Item(NamedTuple):
    """One definition: its full id, its data with qualified ids, and where it stands."""

    id: str
    data: Any
    file: RuleFile
    path: tuple[str | int, ...]
    overrides: str = ""

    def place(self, *more: str | int) -> tuple[str, int, int]:
        """Return file, line and column of the definition or of a part of it."""
        path = (*self.path, *more)
        while path and path not in self.file.places:
            path = path[:-1]
        line, column = self.file.places.get(path, (1, 1))
        return self.file.name, line, column

    def fault(self, message: str, *more: str | int) -> RuleError:
        """Return a ``RuleError`` at the definition or a part of it."""
        name, line, column = self.place(*more)
        return RuleError(message, path=name, line=line, column=column)


class Definitions:
    """All definitions by kind and id, and the faults found on the way."""

    def __init__(self) -> None:
        self.files: list[RuleFile] = []
        self.faults: list[RuleError] = []
        self.items: dict[str, dict[str, Item]] = {kind: {} for kind in KINDS}

    def __getitem__(self, kind: str) -> dict[str, Item]:
        return self.items[kind]

    def raise_faults(self) -> None:
        """Raise ``RuleErrors`` if anything is wrong."""
        if self.faults:
            raise RuleErrors(self.faults)


def find_files(paths: Iterable[Path]) -> list[Path]:
    """Return the rule files under ``paths``: files as given, folders searched for ``*.yaml``, ``*.yml``.

    Files of a folder come in order of their names whatever the file system says. Raises ``RuleError``
    for a path that does not exist or a folder without rule files.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(
                (p for p in path.rglob("*") if p.suffix in {".yaml", ".yml"} and p.is_file()),
                key=lambda p: p.relative_to(path).as_posix(),
            )
            if not inside:
                raise RuleError("the folder holds no .yaml file", path=str(path))
            found += inside
        elif path.exists():
            found.append(path)
        else:
            raise RuleError("no such file or folder; check --rules and the configuration", path=str(path))
    return found


def read_files(groups: Sequence[tuple[Sequence[Path], bool]]) -> list[RuleFile]:
    """Parse and check rule files; ``groups`` are (paths, shipped). Raises ``RuleErrors`` with all faults."""
    from . import _schema  # noqa: PLC0415

    files: list[RuleFile] = []
    faults: list[RuleError] = []
    for paths, shipped in groups:
        for path in find_files(paths):
            name = path.as_posix()
            try:
                data, places = _yaml.parse(_yaml.read(path), name)
            except RuleError as error:
                faults.append(error)
                continue
            if not isinstance(data, dict):
                faults.append(
                    RuleError("a rule file is keys with values; see docs/rules.md", path=name, line=1, column=1)
                )
                continue
            wrong = _schema.check(data, places, name)
            faults += wrong
            if not wrong:
                files.append(RuleFile(name, data, places, shipped))
    if faults:
        raise RuleErrors(faults)
    return files


def _qualify(identifier: str, namespace: str) -> str:
    return identifier if "." in identifier else f"{namespace}.{identifier}"


def _ids(value: Any, namespace: str) -> list[str]:
    return [_qualify(one, namespace) for one in ([value] if isinstance(value, str) else value)]


def _conditions(conditions: list[dict[str, Any]], namespace: str) -> list[dict[str, Any]]:
    result = []
    for condition in conditions:
        new = dict(condition)
        if "context" in new:
            new["context"] = _ids(new["context"], namespace)
        if "nearest" in new:
            new["nearest"] = {group: _ids(ids, namespace) for group, ids in new["nearest"].items()}
        result.append(new)
    return result


def _qualified(kind: str, data: Any, namespace: str, defaults: dict[str, Any]) -> Any:
    """Return a definition with every id in it written in full and the file's defaults filled in."""
    if kind == "notes":
        new = {**{k: v for k, v in defaults.items() if k not in data}, **data}
        for holder in [new, *new.get("versions", [])]:
            if "sources" in holder:
                holder["sources"] = [{**s, "ref": _qualify(s["ref"], namespace)} for s in holder["sources"]]
        if "table" in new:
            new["table"] = _qualify(new["table"], namespace)
        if "otherwise" in new:
            new["otherwise"] = _qualify(new["otherwise"], namespace)
        return new
    if kind == "listings":
        new = {**{k: v for k, v in defaults.items() if k in {"status", "checked"} and k not in data}, **data}
        new["entries"] = [
            {**entry, "ref": _qualify(entry["ref"], namespace)} if "ref" in entry else entry for entry in new["entries"]
        ]
        return new
    if kind == "regimes":
        return {
            **data,
            "context": _qualify(data["context"], namespace),
            "jurisdiction": data.get("jurisdiction", defaults.get("jurisdiction", "")),
            "tied": _ids(data.get("tied", []), namespace),
            "answers": {_qualify(rule, namespace): _ids(notes, namespace) for rule, notes in data["answers"].items()},
        }
    if kind == "rules":
        new = dict(data)
        if isinstance(new["notes"], list):
            notes = []
            for note in new["notes"]:
                one = {"note": note} if isinstance(note, str) else dict(note)
                one["note"] = _qualify(one["note"], namespace)
                for key in ("needs", "forbids"):
                    if key in one:
                        one[key] = _conditions(one[key], namespace)
                notes.append(one)
            new["notes"] = notes
        for key in ("needs", "forbids"):
            if key in new:
                new[key] = _conditions(new[key], namespace)
        for key in ("table", "pinpoints"):
            if key in new:
                new[key] = _qualify(new[key], namespace)
        return new
    return data


def collect(files: Sequence[RuleFile]) -> Definitions:
    """Put the files together. Faults (ids defined twice, ids that lead nowhere) are kept, not raised."""
    definitions = Definitions()
    definitions.files = list(files)
    for file in files:
        namespace = file.data["namespace"]
        defaults = file.data.get("defaults", {})
        for kind in KINDS:
            for short, data in (file.data.get(kind) or {}).items():
                identifier = _qualify(short, namespace)
                item = Item(identifier, _qualified(kind, data, namespace, defaults), file, (kind, short))
                before = definitions[kind].get(identifier)
                if before is not None:
                    if before.file.shipped and not file.shipped:
                        item = item._replace(overrides=before.file.name)
                    else:
                        where = "{}:{}".format(*before.place()[:2])
                        definitions.faults.append(
                            item.fault(f"{_SINGULAR[kind]} {identifier!r} is defined already in {where}; rename one")
                        )
                        continue
                definitions[kind][identifier] = item
    _resolve(definitions)
    return definitions


def _missing(definitions: Definitions, kinds: tuple[str, ...], identifier: str) -> str:
    known = [one for kind in kinds for one in definitions[kind]]
    close = difflib.get_close_matches(identifier, known, 1)
    hint = f"did you mean {close[0]!r}?" if close else "define it or correct the id"
    return f"no {' or '.join(_SINGULAR[kind] for kind in kinds)} {identifier!r}; {hint}"


def _resolve(definitions: Definitions) -> None:
    """Check that every id that is used is defined."""
    faults = definitions.faults

    def need(item: Item, kinds: tuple[str, ...], identifier: str, *path: str | int) -> None:
        if not any(identifier in definitions[kind] for kind in kinds):
            faults.append(item.fault(_missing(definitions, kinds, identifier), *path))

    def conditions(item: Item, holder: dict[str, Any], *path: str | int) -> None:
        groups = {c.data.get("group") for c in definitions["contexts"].values()}
        for key in ("needs", "forbids"):
            for index, condition in enumerate(holder.get(key, ())):
                for context in condition.get("context", ()):
                    need(item, ("contexts",), context, *path, key, index, "context")
                for group, ids in condition.get("nearest", {}).items():
                    if group not in groups:
                        faults.append(item.fault(f"no context has group {group!r}", *path, key, index, "nearest"))
                    for context in ids:
                        need(item, ("contexts",), context, *path, key, index, "nearest", group)
                if sum(k in condition for k in ("context", "nearest", "before", "after")) != 1:
                    faults.append(
                        item.fault("a condition has exactly one of context, nearest, before, after", *path, key, index)
                    )

    for item in definitions["notes"].values():
        for path, holder in [
            ((), item.data),
            *((("versions", i), v) for i, v in enumerate(item.data.get("versions", ()))),
        ]:
            for index, source in enumerate(holder.get("sources", ())):
                need(item, ("references",), source["ref"], *path, "sources", index, "ref")
        if "table" in item.data:
            need(item, ("tables",), item.data["table"], "table")
        if "otherwise" in item.data:
            need(item, ("notes",), item.data["otherwise"], "otherwise")
    for item in definitions["listings"].values():
        for index, entry in enumerate(item.data["entries"]):
            if "ref" in entry:
                need(item, ("references",), entry["ref"], "entries", index, "ref")
    for item in definitions["regimes"].values():
        need(item, ("contexts",), item.data["context"], "context")
        for rule, notes in item.data["answers"].items():
            short = rule if rule in item.file.data["regimes"][item.path[1]]["answers"] else rule.rsplit(".", 1)[-1]
            need(item, ("rules",), rule, "answers", short)
            for index, note in enumerate(notes):
                need(item, ("notes", "listings"), note, "answers", short, index)
    for item in definitions["rules"].values():
        if isinstance(item.data["notes"], list):
            for index, note in enumerate(item.data["notes"]):
                need(item, ("notes", "listings"), note["note"], "notes", index)
                conditions(item, note, "notes", index)
        conditions(item, item.data)
        if "table" in item.data:
            need(item, ("tables",), item.data["table"], "table")
        if "pinpoints" in item.data:
            need(item, ("notes",), item.data["pinpoints"], "pinpoints")
    faults.sort(key=lambda fault: (fault.path, fault.line, fault.column))


def uses_verb(text: str, verb: str) -> bool:
    """Tell whether a note's text uses the legal verb of its source ("decides", "call upon" …)."""
    stems = [word.lower().rstrip("es")[:5] for word in re.findall(r"[A-Za-z]+", verb)]
    return any(stem in text.lower() for stem in stems)


def table_path(item: Item) -> Path:
    """Return the path of a table's file: beside its rule file, never above that folder."""
    return Path(item.file.name).parent / str(item.data["file"])
