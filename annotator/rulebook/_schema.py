"""The JSON Schema of rule files, and its findings as messages for people."""

from __future__ import annotations

import datetime
import difflib
import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import RuleError
from ._sound import checker
from ._yaml import KEY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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
        return (any(e.validator in _WHOLE and not e.relative_path for e in branch), len(branch))

    if all(sub.validator == "required" and not sub.relative_path for sub in error.context):
        yield error  # "one of these keys": none of the branches is nearer than the others
        return
    best = min(groups.values(), key=wrong_type)
    if wrong_type(best)[0] or (error.validator == "oneOf" and not best):
        yield error
        return
    for sub in best:
        yield from _leaves(sub)


_TRAP = (
    '; [ ] and { } make lists and mappings in YAML: put text that holds them in quotes, as in "[the] asset freeze[s]"'
)
_WHOLE = frozenset({"type", "const", "enum"})
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
        return f"unknown key {key!r}; {hint}", (KEY, *path, key)
    if validator == "required":
        missing = [key for key in value if key not in instance]
        return f"{where} lacks {missing[0]!r}; add it", path
    if validator == "type":
        wanted = value if isinstance(value, str) else value[0]
        trap = _TRAP if wanted == "string" and isinstance(instance, (list, dict)) else ""
        return f"{where} must be {_TYPES.get(wanted, wanted)}, not {_show(instance)}{trap}", path
    if validator in {"enum", "const"}:
        options = value if isinstance(value, list) else [value]
        return f"{where} must be one of {', '.join(map(str, options))}, not {_show(instance)}", path
    if "propertyNames" in list(error.absolute_schema_path)[-3:]:
        return f"{_show(instance)} is not an id: lower-case words joined by - and .", (KEY, *path, str(instance))
    if validator == "format":
        return f"{_show(instance)} is no day of the calendar; correct it", path
    if validator == "pattern":
        meant = error.schema.get("description") or {
            "id": "an id: lower-case words joined by - and .",
        }.get("id" if "maxLength" in error.schema else "", f"of the form {value}")
        if "https" in str(value):
            meant = "a link that starts with https://"
        return f"{_show(instance)} is not {meant}", path
    if validator in {"minItems", "minLength", "minProperties"}:
        return f"{where} is empty; fill it in or remove it", path
    if validator in {"maxLength", "maxItems"}:
        return f"{where} is too long (at most {value})", path
    if validator == "oneOf":
        return f"{where} needs exactly one of {_wanted(value)}", path
    if validator == "anyOf":
        meant = " or ".join(dict.fromkeys(filter(None, map(_meant, error.context))))
        if meant:
            trap = _TRAP if meant.startswith("text") and isinstance(instance, list) else ""
            return f"{where} must be {meant}, not {_show(instance)}{trap}", path
        return f"{where} needs one of {_wanted(value)}", path
    return str(error.message).split("\n")[0][:200], path


def _wanted(branches: list[dict[str, Any]]) -> str:
    names = [" with ".join(branch["required"]) for branch in branches if "required" in branch]
    return ", ".join(names) if names else "the forms in the schema (annotator rules schema)"


def _meant(error: Any) -> str:
    """Say what a branch wanted where the type alone was wrong."""
    if error.validator not in _WHOLE or error.relative_path:
        return ""
    if error.validator == "type":
        return str(error.schema.get("description") or _TYPES.get(error.validator_value, ""))
    options = error.validator_value if isinstance(error.validator_value, list) else [error.validator_value]
    return " or ".join(map(repr, options))


def _show(value: Any) -> str:
    text = repr(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + "..."


def _is_day(value: object) -> bool:
    """Tell whether what looks like a date is one: not 30 February. What does not, the pattern finds."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        try:
            datetime.date.fromisoformat(value)
        except ValueError:
            return False
    return True


def _pattern(_validator: Any, pattern: str, instance: Any, _schema: Any) -> Iterator[Any]:
    """Check a pattern as editors do: to them ``$`` is the very end, not before a last line break."""
    import jsonschema

    if isinstance(instance, str) and not re.search(re.sub(r"\$$", r"\\Z", pattern), instance):
        yield jsonschema.ValidationError(f"{instance!r} does not match {pattern!r}")


@cache
def _quick() -> Callable[[Any], bool]:
    return checker(rules_schema(), {"date": _is_day})


def is_sound(data: Any) -> bool:
    """Tell whether parsed rule data fits the schema."""
    return _quick()(data)


def check(data: Any, places: Places, name: str) -> list[RuleError]:
    """Check parsed rule data against the schema; return its faults in file order."""
    import jsonschema  # only when something is wrong

    checker = jsonschema.FormatChecker(formats=())
    checker.checks("date")(_is_day)
    extend: Any = jsonschema.validators.extend
    strict = extend(jsonschema.Draft202012Validator, {"pattern": _pattern})
    validator = strict(rules_schema(), format_checker=checker)
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
