"""The JSON Schema of rule files, and its findings as messages for people."""

from __future__ import annotations

import difflib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import RuleError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._yaml import Places

SCHEMA_FILE = Path(__file__).parent / "schema" / "rules-1.json"


def rules_schema() -> dict[str, Any]:
    """Return the JSON Schema of rule files, the one that the loader itself uses."""
    result: dict[str, Any] = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    return result


def _leaves(error: Any) -> Iterator[Any]:
    """Of an alternative that failed, give the branch that came nearest."""
    if not error.context:
        yield error
        return
    groups: dict[Any, list[Any]] = {}
    for sub in error.context:
        groups.setdefault(sub.schema_path[0], []).append(sub)

    # The branch whose type is right says most; a wrong type alone says least.
    def wrong_type(branch: list[Any]) -> tuple[bool, int]:
        return (any(e.validator in {"type", "const"} and not e.relative_path for e in branch), len(branch))

    best = min(groups.values(), key=wrong_type)
    if wrong_type(best)[0] or (error.validator == "oneOf" and not best):
        yield error
        return
    for sub in best:
        yield from _leaves(sub)


_TYPES = {"string": "text", "array": "a list", "object": "keys with values", "integer": "a whole number",
          "boolean": "true or false", "null": "nothing"}  # fmt: skip


def _message(error: Any) -> tuple[str, tuple[str | int, ...]]:
    path = tuple(error.absolute_path)
    validator, value, instance = error.validator, error.validator_value, error.instance
    where = f"{path[-1]!r}" if path and isinstance(path[-1], str) else "this item" if path else "the file"
    if validator == "additionalProperties":
        known = sorted(error.schema.get("properties", {}))
        unknown = sorted(key for key in instance if key not in error.schema.get("properties", {}))
        key = unknown[0] if unknown else "?"
        close = difflib.get_close_matches(key, known, 1)
        hint = f"did you mean {close[0]!r}?" if close else f"known here: {', '.join(known)}"
        return f"unknown key {key!r}; {hint}", (*path, key)
    if validator == "required":
        missing = [key for key in value if key not in instance]
        return f"{where} lacks {missing[0]!r}; add it", path
    if validator == "type":
        wanted = value if isinstance(value, str) else value[0]
        return f"{where} must be {_TYPES.get(wanted, wanted)}, not {_show(instance)}", path
    if validator in {"enum", "const"}:
        options = value if isinstance(value, list) else [value]
        return f"{where} must be one of {', '.join(map(str, options))}, not {_show(instance)}", path
    if validator == "pattern":
        meant = error.schema.get("description") or {
            "id": "an id: lower-case words joined by - and .",
        }.get("id" if "maxLength" in error.schema else "", f"of the form {value}")
        if "https" in str(value):
            meant = "a link that starts with http:// or https://"
        return f"{_show(instance)} is not {meant}", path
    if validator == "propertyNames" or (error.parent is not None and error.parent.validator == "propertyNames"):
        return f"{_show(instance)} is not an id: lower-case words joined by - and .", (*path, str(instance))
    if validator in {"minItems", "minLength", "minProperties"}:
        return f"{where} is empty; fill it in or remove it", path
    if validator in {"maxLength", "maxItems"}:
        return f"{where} is too long (at most {value})", path
    if validator == "oneOf":
        return f"{where} needs exactly one of {_wanted(value)}", path
    if validator == "anyOf":
        return f"{where} needs one of {_wanted(value)}", path
    return str(error.message).split("\n")[0][:200], path


def _wanted(branches: list[dict[str, Any]]) -> str:
    names = [" with ".join(branch["required"]) for branch in branches if "required" in branch]
    return ", ".join(names) if names else "the forms in the schema (annotator rules schema)"


def _show(value: Any) -> str:
    text = repr(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + "..."  # noqa: PLR2004


def check(data: Any, places: Places, name: str) -> list[RuleError]:
    """Check parsed rule data against the schema; return its faults in file order."""
    import jsonschema  # noqa: PLC0415 - only when YAML is parsed at all

    validator = jsonschema.Draft202012Validator(rules_schema())
    faults: list[RuleError] = []
    seen: set[tuple[int, int, str]] = set()
    for top in validator.iter_errors(data):
        for error in _leaves(top):
            message, path = _message(error)
            line, column = _place(places, path)
            if (line, column, message) not in seen:
                seen.add((line, column, message))
                faults.append(RuleError(message, path=name, line=line, column=column))
    faults.sort(key=lambda fault: (fault.line, fault.column))
    return faults


def _place(places: Places, path: tuple[str | int, ...]) -> tuple[int, int]:
    while path and path not in places:
        path = path[:-1]
    return places.get(path, (1, 1))
