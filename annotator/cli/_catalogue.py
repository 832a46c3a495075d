"""What the loaded rules hold, as plain records for ``rules list`` and ``rules show``."""

from __future__ import annotations

import os
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from ..rulebook import pack_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ..rulebook._collect import Definitions, Item

TYPES = ("rules", "notes", "listings", "regimes", "contexts", "references", "vocabulary", "patterns", "tables")
_ONE = {
    **{kind: kind.removesuffix("s") for kind in TYPES},
    "patterns": "pattern piece",
}
_STATUSES = ("verified", "partly", "unverified")


def short_path(path: str) -> str:
    """Return a path as short as it is still right from the working folder."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive
        return path
    return path if relative.startswith("..") else relative


class Catalogue:
    """Definitions by type and id, with what they lead to and what leads to them."""

    def __init__(self, definitions: Definitions) -> None:
        self.definitions = definitions
        self.pack = pack_folder().as_posix()
        self.answers: dict[str, dict[str, list[str]]] = {}
        for regime in definitions["regimes"].values():
            for rule, notes in regime.data["answers"].items():
                self.answers.setdefault(rule, {})[regime.id] = notes

    # -- lists -----------------------------------------------------------------------------------

    def rows(self, kind: str, only: Sequence[str], skip: Sequence[str]) -> Iterator[dict[str, Any]]:
        """Yield a record for each definition of a type, by id."""
        for identifier, item in sorted(self.definitions[kind].items()):
            if only and not any(fnmatchcase(identifier, glob) for glob in only):
                continue
            if any(fnmatchcase(identifier, glob) for glob in skip):
                continue
            notes = self.note_items(item, kind)
            yield {
                "id": identifier,
                "kind": item.data.get("kind", _ONE[kind]) if kind == "rules" else _ONE[kind],
                "jurisdiction": sorted({name for note in notes for name in _jurisdictions(note)}),
                "status": _worst(_statuses(notes)),
                **self.place(item),
            }

    def place(self, item: Item) -> dict[str, Any]:
        """Return where a definition stands and what it overrides."""
        name, line, column = item.place()
        return {
            "file": self.file(name),
            "line": line,
            "column": column,
            "overrides": self.file(item.overrides) if item.overrides else None,
        }

    def file(self, name: str) -> str:
        """Return a rule file's name: within the pack as ``pack:…``, else as short as can be."""
        if name.startswith(f"{self.pack}/"):
            return f"pack:{name[len(self.pack) + 1 :]}"
        return short_path(name)

    def note_items(self, item: Item, kind: str) -> list[Item]:
        """Return the notes and listings that a definition leads to: itself, a rule's, a regime's."""
        if kind in {"notes", "listings"}:
            return [item]
        if kind == "rules":
            if isinstance(item.data["notes"], list):
                return self.bodies(note["note"] for note in item.data["notes"])
            return self.bodies(i for notes in self.answers.get(item.id, {}).values() for i in notes)
        if kind == "regimes":
            return self.bodies(i for notes in item.data["answers"].values() for i in notes)
        return []

    def bodies(self, identifiers: Iterable[str]) -> list[Item]:
        """Return notes and listings by id, each once."""
        both = (self.definitions["notes"], self.definitions["listings"])
        return [kind[i] for i in dict.fromkeys(identifiers) for kind in both if i in kind]

    # -- one definition --------------------------------------------------------------------------

    def find(self, identifier: str) -> list[dict[str, Any]]:
        """Return a full record of each definition that has this id."""
        return [
            self.full(kind, self.definitions[kind][identifier])
            for kind in TYPES
            if identifier in self.definitions[kind]
        ]

    def similar(self, identifier: str) -> list[str]:
        """Return ids that may be meant by one that does not exist."""
        from difflib import get_close_matches

        known = sorted({i for kind in TYPES for i in self.definitions[kind]})
        ends = [i for i in known if i.endswith(f".{identifier}")]
        return (ends or get_close_matches(identifier, known, 3))[:3]

    def full(self, kind: str, item: Item) -> dict[str, Any]:
        """Return everything about a definition."""
        record: dict[str, Any] = {"type": _ONE[kind], "id": item.id, **self.place(item), "definition": item.data}
        if kind == "rules":
            record["answers"] = self.answers.get(item.id) if item.data["notes"] == "by-regime" else None
        if kind in {"rules", "regimes"}:
            record["notes"] = [self.note(one) for one in self.note_items(item, kind)]
        if kind in {"notes", "listings"}:
            record["sources"] = self.note(item)["sources"]
        record["used_by"] = self.users(kind, item.id)
        return record

    def note(self, item: Item) -> dict[str, Any]:
        """Return a note or listing with its sources written out, one entry for each version."""
        versions = item.data.get("versions") or [item.data]
        return {
            "id": item.id,
            "texts": [version["text"] for version in versions if "text" in version] or [item.data.get("name", "")],
            "jurisdiction": sorted(set(_jurisdictions(item))),
            "status": _worst(_statuses([item])),
            "checked": item.data.get("checked"),
            "sources": list(self.sources(item, versions)),
        }

    def sources(self, item: Item, versions: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Yield the sources of a note or listing: instrument, pinpoint, date, link."""
        seen: list[dict[str, Any]] = []
        entries = [source for version in versions for source in version.get("sources", ())] or item.data.get(
            "sources", ()
        )
        for source in (*entries, *item.data.get("entries", ())):
            reference = self.definitions["references"].get(source.get("ref", ""))
            if reference is None:
                continue
            one = {
                "instrument": reference.data["instrument"],
                "pinpoint": source.get("at", ""),
                "date": reference.data.get("date"),
                "url": source.get("url", reference.data["url"]),
            }
            if one not in seen:
                seen.append(one)
                yield one

    def users(self, kind: str, identifier: str) -> list[str]:
        """Return the ids of what refers to a definition, as far as ids alone tell."""
        found: set[str] = set()
        for other in TYPES:
            for item in self.definitions[other].values():
                if item.id == identifier and other == kind:
                    continue
                if _mentions(item.data, identifier):
                    found.add(f"{_ONE[other]} {item.id}")
        return sorted(found)


def _mentions(data: Any, identifier: str) -> bool:
    if isinstance(data, str):
        return data == identifier or f"{{{identifier}}}" in data or f"{{context:{identifier}}}" in data
    if isinstance(data, dict):
        return any(_mentions(key, identifier) or _mentions(value, identifier) for key, value in data.items())
    if isinstance(data, list):
        return any(_mentions(value, identifier) for value in data)
    return False


def _jurisdictions(item: Item) -> Iterator[str]:
    if "entries" in item.data:
        yield from (entry["by"] for entry in item.data["entries"])
    yield from filter(None, str(item.data.get("jurisdiction", "")).split(","))


def _statuses(items: Iterable[Item]) -> Iterator[str]:
    for item in items:
        for part in (item.data, *item.data.get("versions", ()), *item.data.get("entries", ())):
            if part.get("status"):
                yield part["status"]


def _worst(statuses: Iterable[str]) -> str | None:
    known = [status for status in statuses if status in _STATUSES]
    return max(known, key=_STATUSES.index) if known else None
