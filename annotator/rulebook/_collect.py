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
from . import _pieces, _yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ._parsed import Parsed

CONDITIONS = ("needs", "forbids")
_CONDITIONS = ("context", "nearest", "topic", "before", "after", "statement", "any")
PATTERNS = ("pattern", "items", "joined", "leads", "trails")
KINDS = (
    "references", "notes", "listings", "contexts", "sets", "vocabulary", "patterns", "tables", "actors", "lexicon",
    "ranks", "regimes", "rules",
)  # fmt: skip
# What can say that it is meant to stand in for a definition of the pack.
OVERRIDING = ("references", "notes", "listings", "contexts", "sets", "tables", "regimes", "rules")
_SINGULAR = {"references": "reference", "notes": "note", "listings": "listing", "contexts": "context",
             "sets": "set of contexts", "vocabulary": "vocabulary entry", "patterns": "pattern piece",
             "tables": "table", "actors": "actor", "lexicon": "lexicon entry", "ranks": "rank", "regimes": "regime",
             "rules": "rule"}  # fmt: skip


class RuleFile(NamedTuple):
    """One rule file as parsed. ``shipped`` tells files of the pack from a user's."""

    name: str
    data: dict[str, Any]
    places: _yaml.Later
    shipped: bool


class Item(NamedTuple):
    """One definition: its full id, its data with qualified ids, and where it stands.

    ``overrides`` names the file of the pack's definition that it stands in for, ``meant`` tells whether it says so.
    """

    id: str
    data: Any
    file: RuleFile
    path: tuple[str | int, ...]
    overrides: str = ""
    meant: bool = False

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
    """All definitions by kind and id, the faults found on the way, and the sets that each rule names."""

    def __init__(self) -> None:
        self.named_sets: dict[str, set[str]] = {}
        self.files: list[RuleFile] = []
        self.faults: list[RuleError] = []
        self.items: dict[str, dict[str, Item]] = {kind: {} for kind in KINDS}

    def __getitem__(self, kind: str) -> dict[str, Item]:
        return self.items[kind]

    def raise_faults(self) -> None:
        """Raise ``RuleErrors`` if anything is wrong."""
        if self.faults:
            raise RuleErrors(self.faults)


def find_files(paths: Iterable[str | Path]) -> list[Path]:
    """Return the rule files under ``paths``: files as given, folders searched for ``*.yaml``, ``*.yml``.

    Files of a folder come in order of their names whatever the file system says. Raises ``RuleError``
    for a path that does not exist or a folder without rule files.
    """
    found: list[Path] = []
    for path in map(Path, paths):
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


def read_files(groups: Sequence[tuple[Sequence[str], bool]], known: Parsed | None = None) -> list[RuleFile]:
    """Parse and check rule files; ``groups`` are (paths, shipped). Raises ``RuleErrors`` with all faults.

    What ``known`` holds is not parsed and checked again; what it does not is put there.
    """
    files: list[RuleFile] = []
    faults: list[RuleError] = []
    for paths, shipped in groups:
        for path in find_files(paths):
            name = path.as_posix()
            try:
                content = _yaml.read_bytes(path)
                data = None if known is None else known.get(content)
                if data is None:
                    data, wrong = _checked(_yaml.decoded(content, path), name)
                    faults += wrong
                    if wrong:
                        continue
                    if known is not None:
                        known.put(content, data)
            except RuleError as error:
                faults.append(error)
                continue
            files.append(RuleFile(name, data, _yaml.Later(content, name), shipped))
    if faults:
        raise RuleErrors(faults)
    return files


def _checked(text: str, name: str) -> tuple[dict[str, Any], list[RuleError]]:
    """Return the data of a rule file, and what is wrong with it. Raises ``RuleError`` for what is no YAML."""
    from . import _schema

    try:
        data = _yaml.plain_data(text)
    except _yaml.OddError:
        data = _yaml.parse(text, name)[0]
    if not isinstance(data, dict):
        message = "a rule file is keys with values; see docs/rules.md"
        return {}, [RuleError(message, path=name, line=1, column=1)]
    if _schema.is_sound(data):
        return data, []
    return data, _schema.check(data, _yaml.parse(text, name)[1], name)


def qualify(identifier: str, namespace: str) -> str:
    """Return an id written in full: one without a dot gets its file's namespace in front."""
    return identifier if "." in identifier else f"{namespace}.{identifier}"


def _ids(value: Any, namespace: str) -> list[str]:
    return [qualify(one, namespace) for one in ([value] if isinstance(value, str) else value)]


def _condition(condition: dict[str, Any], namespace: str) -> dict[str, Any]:
    new = dict(condition)
    if "context" in new:
        new["context"] = _ids(new["context"], namespace)
    if "any" in new:
        new["any"] = [_condition(one, namespace) for one in new["any"]]
    if "nearest" in new:
        new["nearest"] = {group: _ids(ids, namespace) for group, ids in new["nearest"].items()}
    return new


def _with_conditions(holder: dict[str, Any], namespace: str) -> dict[str, Any]:
    """Return what may carry conditions, a rule or one of its notes, with the ids in them in full."""
    conditions = {key: [_condition(one, namespace) for one in holder[key]] for key in CONDITIONS if key in holder}
    return {**holder, **conditions}


def _full_note(data: dict[str, Any], namespace: str, defaults: dict[str, Any]) -> dict[str, Any]:
    new = {**{k: v for k, v in defaults.items() if k not in data}, **data}
    for holder in [new, *new.get("versions", [])]:
        if "sources" in holder:
            holder["sources"] = [{**s, "ref": qualify(s["ref"], namespace)} for s in holder["sources"]]
        if "renewed" in holder:
            holder["renewed"] = {**holder["renewed"], "by": qualify(holder["renewed"]["by"], namespace)}
    for key in ("table", "otherwise"):
        if key in new:
            new[key] = qualify(new[key], namespace)
    return new


def _full_listing(data: dict[str, Any], namespace: str, defaults: dict[str, Any]) -> dict[str, Any]:
    entries = [{**entry, "ref": qualify(entry["ref"], namespace)} if "ref" in entry else entry
               for entry in data["entries"]]  # fmt: skip
    wanted = {k: v for k, v in defaults.items() if k in {"status", "checked"} and k not in data}
    return {**wanted, **data, "entries": entries}


def _full_context(data: dict[str, Any], namespace: str, _defaults: dict[str, Any]) -> dict[str, Any]:
    return {**data, "sets": _ids(data["sets"], namespace)} if "sets" in data else data


def _full_set(data: dict[str, Any], namespace: str, _defaults: dict[str, Any]) -> dict[str, Any]:
    return {**data, "contexts": _ids(data.get("contexts", []), namespace)}


def _full_regime(data: dict[str, Any], namespace: str, defaults: dict[str, Any]) -> dict[str, Any]:
    return {
        **data,
        "context": qualify(data["context"], namespace),
        "jurisdiction": data.get("jurisdiction", defaults.get("jurisdiction", "")),
        "tied": _ids(data.get("tied", []), namespace),
        "answers": {qualify(rule, namespace): _ids(notes, namespace) for rule, notes in data["answers"].items()},
    }


def _full_rule(data: dict[str, Any], namespace: str, _defaults: dict[str, Any]) -> dict[str, Any]:
    new = _with_conditions(data, namespace)
    if isinstance(new["notes"], list):
        notes = [{"note": note} if isinstance(note, str) else note for note in new["notes"]]
        new["notes"] = [
            {**_with_conditions(note, namespace), "note": qualify(note["note"], namespace)} for note in notes
        ]
    for key in ("table", "pinpoints", "like", "otherwise"):
        if key in new:
            new[key] = qualify(new[key], namespace)
    for key in PATTERNS:
        if key in new:
            new[key] = _pieces.rename(new[key], lambda name: qualify(name, namespace))
    return new


def _full_piece(data: str | list[str], namespace: str, _defaults: dict[str, Any]) -> str | list[str]:
    texts = [data] if isinstance(data, str) else data
    new = [_pieces.rename(text, lambda name: qualify(name, namespace)) for text in texts]
    return new[0] if isinstance(data, str) else new


# How each kind is written out: ids in full, the file's defaults filled in. The others hold no ids.
_FULL: dict[str, Callable[[Any, str, dict[str, Any]], Any]] = {
    "notes": _full_note, "listings": _full_listing, "regimes": _full_regime, "rules": _full_rule,
    "patterns": _full_piece, "contexts": _full_context, "sets": _full_set,
}  # fmt: skip


def collect(files: Sequence[RuleFile]) -> Definitions:
    """Put the files together. Faults (ids defined twice, ids that lead nowhere) are kept, not raised."""
    definitions = Definitions()
    definitions.files = list(files)
    for file in files:
        namespace = file.data["namespace"]
        defaults = file.data.get("defaults", {})
        for kind in KINDS:
            for short, data in (file.data.get(kind) or {}).items():
                identifier = qualify(short, namespace)
                full = _FULL[kind](data, namespace, defaults) if kind in _FULL else data
                meant = isinstance(full, dict) and full.get("overrides") is True
                if isinstance(full, dict) and "overrides" in full:
                    full = {key: value for key, value in full.items() if key != "overrides"}
                item = Item(identifier, full, file, (kind, short), meant=meant)
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
    _Resolver(definitions).run()
    _put_in_sets(definitions)
    return definitions


def members(definitions: Definitions) -> dict[str, list[str]]:
    """Return, for each set of contexts, the contexts in it: those that it lists, then those that add themselves."""
    found = {identifier: dict.fromkeys(item.data["contexts"]) for identifier, item in definitions["sets"].items()}
    for identifier in sorted(definitions["contexts"]):
        for one in definitions["contexts"][identifier].data.get("sets", ()):
            found.get(one, {}).setdefault(identifier)
    return {identifier: list(contexts) for identifier, contexts in found.items()}


def _put_in_sets(definitions: Definitions) -> None:
    """Write the contexts of a set in its place, in every condition that names it."""
    known = members(definitions)
    if not known:
        return

    named: set[str] = set()

    def spelt(ids: list[str]) -> list[str]:
        named.update(known.keys() & set(ids))
        return list(dict.fromkeys(context for one in ids for context in known.get(one, [one])))

    def condition(old: dict[str, Any]) -> dict[str, Any]:
        new = dict(old)
        if "context" in new:
            new["context"] = spelt(new["context"])
        if "nearest" in new:
            new["nearest"] = {group: spelt(ids) for group, ids in new["nearest"].items()}
        if "any" in new:
            new["any"] = [condition(one) for one in new["any"]]
        return new

    def holder(data: dict[str, Any]) -> dict[str, Any]:
        return {**data, **{key: [condition(one) for one in data[key]] for key in CONDITIONS if key in data}}

    for identifier, item in definitions["rules"].items():
        named.clear()
        data = holder(item.data)
        if isinstance(data["notes"], list):
            data["notes"] = [holder(note) for note in data["notes"]]
        if named:
            definitions.named_sets[identifier] = set(named)
            definitions["rules"][identifier] = item._replace(data=data)


def accidents(definitions: Definitions) -> list[RuleError]:
    """Return what stands in for a definition of the pack without saying so, in order of place.

    Only of the kinds that can say so. Of what says so and stands in for nothing too, where the pack is there.
    """
    found: list[RuleError] = []
    pack = any(file.shipped and file.data.get("rules") for file in definitions.files)
    for kind in OVERRIDING:
        for item in definitions[kind].values():
            name = f"{_SINGULAR[kind]} {item.id!r}"
            if item.overrides and not item.meant:
                message = f"{name} stands in for that of the pack; rename it, or say overrides: true if that is meant"
                found.append(item.fault(message))
            elif item.meant and not item.overrides and pack and not item.file.shipped:
                found.append(item.fault(f"{name} overrides nothing: the pack has none of this id", "overrides"))
    found.sort(key=lambda fault: (fault.path, fault.line, fault.column))
    return found


def missing(definitions: Definitions, kinds: tuple[str, ...], identifier: str) -> str:
    """Return the message for an id that none of the kinds defines, with the one that was perhaps meant."""
    known = [one for kind in kinds for one in definitions[kind]]
    close = difflib.get_close_matches(identifier, known, 1)
    hint = f"did you mean {close[0]!r}?" if close else "define it or correct the id"
    return f"no {' or '.join(_SINGULAR[kind] for kind in kinds)} {identifier!r}; {hint}"


class _Resolver:
    """Checks that every id that is used is defined; what is not becomes a fault."""

    def __init__(self, definitions: Definitions) -> None:
        self.definitions = definitions
        self.faults = definitions.faults
        self.groups = {item.data.get("group") for item in definitions["contexts"].values()}

    def run(self) -> None:
        """Check all definitions; faults come in order of place."""
        for kind, check in (
            ("notes", self.note), ("listings", self.listing), ("contexts", self.context), ("sets", self.context_set),
            ("actors", self.actor), ("lexicon", self.word), ("regimes", self.regime),
            ("rules", self.rule),
        ):  # fmt: skip
            for item in self.definitions[kind].values():
                check(item)
        self.faults.sort(key=lambda fault: (fault.path, fault.line, fault.column))

    def need(self, item: Item, kinds: tuple[str, ...], identifier: str, *path: str | int) -> None:
        if not any(identifier in self.definitions[kind] for kind in kinds):
            self.faults.append(item.fault(missing(self.definitions, kinds, identifier), *path))

    def need_where_given(self, item: Item, **kinds: str) -> None:
        """Check the ids that an item gives under single keys; ``kinds`` says of what kind each is."""
        for key, kind in kinds.items():
            if key in item.data:
                self.need(item, (kind,), item.data[key], key)

    def note(self, item: Item) -> None:
        self.sources(item, item.data)
        for index, version in enumerate(item.data.get("versions", ())):
            self.sources(item, version, "versions", index)
        self.need_where_given(item, table="tables", otherwise="notes")

    def sources(self, item: Item, holder: dict[str, Any], *path: str | int) -> None:
        for index, source in enumerate(holder.get("sources", ())):
            self.need(item, ("references",), source["ref"], *path, "sources", index, "ref")
        if "renewed" in holder:
            self.need(item, ("references",), holder["renewed"]["by"], *path, "renewed", "by")

    def listing(self, item: Item) -> None:
        for index, entry in enumerate(item.data["entries"]):
            if "ref" in entry:
                self.need(item, ("references",), entry["ref"], "entries", index, "ref")

    def context(self, item: Item) -> None:
        for index, one in enumerate(item.data.get("sets", ())):
            self.need(item, ("sets",), one, "sets", index)

    def context_set(self, item: Item) -> None:
        if item.id in self.definitions["contexts"]:
            self.faults.append(item.fault(f"a context is called {item.id!r} too; rename the set"))
        for index, context in enumerate(item.data["contexts"]):
            self.need(item, ("contexts",), context, "contexts", index)

    def actor(self, item: Item) -> None:
        known = {identifier.rsplit(".", 1)[-1] for identifier in self.definitions["actors"]}
        others = [(key, item.data[key]) for key in ("member-of", "part-of", "stands-for") if key in item.data]
        others += [("members", member["actor"]) for member in item.data.get("members", ())]
        for key, other in others:
            if other not in known:
                self.faults.append(item.fault(f"no actor {other!r}; define it or correct the id", key))

    def word(self, item: Item) -> None:
        known = {identifier.rsplit(".", 1)[-1] for identifier in self.definitions["actors"]}
        if item.data.get("actor", "") not in {*known, ""}:
            self.faults.append(item.fault(f"no actor {item.data['actor']!r}; define it or correct the id", "actor"))

    def regime(self, item: Item) -> None:
        self.need_where_given(item, context="contexts")
        written = item.file.data["regimes"][item.path[1]]["answers"]
        for rule, notes in item.data["answers"].items():
            short = rule if rule in written else rule.rsplit(".", 1)[-1]
            self.need(item, ("rules",), rule, "answers", short)
            for index, note in enumerate(notes):
                self.need(item, ("notes", "listings"), note, "answers", short, index)

    def rule(self, item: Item) -> None:
        if isinstance(item.data["notes"], list):
            for index, note in enumerate(item.data["notes"]):
                self.need(item, ("notes", "listings"), note["note"], "notes", index)
                self.conditions(item, note, "notes", index)
        self.conditions(item, item.data)
        self.need_where_given(item, table="tables", pinpoints="notes", like="rules", otherwise="rules")

    def conditions(self, item: Item, holder: dict[str, Any], *path: str | int) -> None:
        for key in CONDITIONS:
            for index, condition in enumerate(holder.get(key, ())):
                self.condition(item, condition, *path, key, index)

    def condition(self, item: Item, condition: dict[str, Any], *path: str | int) -> None:
        for context in condition.get("context", ()):
            self.need(item, ("contexts", "sets"), context, *path, "context")
        for group, ids in condition.get("nearest", {}).items():
            if group not in self.groups:
                self.faults.append(item.fault(f"no context has group {group!r}", *path, "nearest"))
            for context in ids:
                self.need(item, ("contexts", "sets"), context, *path, "nearest", group)
        for group in condition.get("topic", {}):
            if group not in self.groups:
                self.faults.append(item.fault(f"no context has group {group!r}", *path, "topic"))
            if "table" not in item.data:
                self.faults.append(
                    item.fault("topic looks at the row that the rule found; give it a table", *path, "topic")
                )
        if "side" in condition and "nearest" not in condition:
            self.faults.append(item.fault("side goes with nearest", *path, "side"))
        for index, one in enumerate(condition.get("any", ())):
            self.condition(item, one, *path, "any", index)
        if sum(key in condition for key in _CONDITIONS) != 1:
            self.faults.append(item.fault(f"a condition has exactly one of {', '.join(_CONDITIONS)}", *path))
        known = {identifier.rsplit(".", 1)[-1] for identifier in self.definitions["actors"]}
        for role in ("by", "target"):
            actors = condition.get("statement", {}).get(role, ())
            for actor in actors if isinstance(actors, list) else ():
                if actor not in known:
                    self.faults.append(
                        item.fault(f"no actor {actor!r}; define it or correct the id", *path, "statement")
                    )


def uses_verb(text: str, verb: str) -> bool:
    """Tell whether a note's text uses the legal verb of its source ("decides", "call upon" …)."""
    stems = [word.lower().rstrip("es")[:5] for word in re.findall(r"[A-Za-z]+", verb)]
    return any(stem in text.lower() for stem in stems)


def table_path(item: Item) -> Path:
    """Return the path of a table's file: beside its rule file, never above that folder."""
    return Path(item.file.name).parent / str(item.data["file"])
