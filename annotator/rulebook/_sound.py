"""A quick check of data against a JSON Schema: it says only whether all is well.

The schema becomes a function of plain Python, many times faster than a general validator. What it does not call well
goes to the validator that finds the faults (``_schema``), whose word counts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Test = Callable[[Any], bool]

_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str, "array": list, "object": dict, "integer": int, "number": (int, float), "boolean": bool,
    "null": type(None),
}  # fmt: skip
_SAYS_NOTHING = frozenset({"$schema", "$id", "$defs", "title", "description"})
_OF_OBJECTS = frozenset({"required", "properties", "additionalProperties", "propertyNames", "minProperties",
                         "maxProperties"})  # fmt: skip
_OF_LISTS = frozenset({"items", "minItems", "maxItems"})
_OF_TEXT = frozenset({"pattern", "minLength", "maxLength", "format"})
_OF_NUMBERS = frozenset({"minimum", "maximum"})
_OF_ALL = frozenset({"type", "enum", "const", "$ref", "anyOf", "oneOf"})


class UnknownKeywordError(ValueError):
    """The schema has a keyword that this check does not know."""


def checker(schema: dict[str, Any], formats: dict[str, Test]) -> Test:
    """Return what tells whether data fits a schema, exactly for text, whole numbers, truth values, lists and mappings.

    Raises ``UnknownKeywordError`` for a schema with more than it knows.
    """
    return _Maker(schema, formats).test(schema)


class _Maker:
    def __init__(self, root: dict[str, Any], formats: dict[str, Test]) -> None:
        self.root = root
        self.formats = formats
        self.references: dict[str, list[Test]] = {}

    def test(self, schema: Any) -> Test:
        if isinstance(schema, bool):
            return _yes if schema else _no
        unknown = schema.keys() - _SAYS_NOTHING - _OF_OBJECTS - _OF_LISTS - _OF_TEXT - _OF_NUMBERS - _OF_ALL
        if unknown:
            raise UnknownKeywordError(min(unknown))
        tests = [self.keyword(key, schema[key]) for key in ("type", "enum", "const", "$ref") if key in schema]
        for keys, kind, make in (
            (_OF_TEXT, str, self.text), (_OF_NUMBERS, int, _number), (_OF_LISTS, list, self.items),
            (_OF_OBJECTS, dict, self.object),
        ):  # fmt: skip
            if keys & schema.keys():
                tests.append(_where(kind, make(schema), certain=_TYPES.get(str(schema.get("type"))) is kind))
        tests += [self.keyword(key, schema[key]) for key in ("anyOf", "oneOf") if key in schema]
        return _every(tests)

    def keyword(self, key: str, value: Any) -> Test:
        if key == "type":
            return _any_of([_is_a(name) for name in ([value] if isinstance(value, str) else value)])
        if key in {"enum", "const"}:
            options = {(type(one), one) for one in (value if key == "enum" else [value])}
            plain = (str, int, bool, type(None))
            return lambda data: isinstance(data, plain) and (type(data), data) in options
        if key == "$ref":
            return self.reference(value)
        branches = [self.test(one) for one in value]
        return _any_of(branches) if key == "anyOf" else lambda data: sum(test(data) for test in branches) == 1

    def reference(self, path: str) -> Test:
        """Return the test of a definition, made once; one that uses itself is looked up when it is needed."""
        if not path.startswith("#/$defs/"):
            raise UnknownKeywordError(path)
        made = self.references.get(path)
        if made is None:
            made = self.references[path] = []
            made.append(self.test(self.root["$defs"][path.removeprefix("#/$defs/")]))
        return made[0] if made else lambda data: made[0](data)  # noqa: PLW0108 - not made yet

    def text(self, schema: dict[str, Any]) -> Test:
        least, most = schema.get("minLength", 0), schema.get("maxLength")
        tests: list[Test] = []
        if least or most is not None:
            tests.append(lambda data: least <= len(data) and (most is None or len(data) <= most))
        if "pattern" in schema:
            found = re.compile(re.sub(r"\$$", r"\\Z", schema["pattern"])).search
            tests.append(lambda data: found(data) is not None)
        if "format" in schema and schema["format"] in self.formats:
            tests.append(self.formats[schema["format"]])
        return _every(tests)

    def items(self, schema: dict[str, Any]) -> Test:
        least, most = schema.get("minItems", 0), schema.get("maxItems")
        each = self.test(schema.get("items", True))
        return lambda data: least <= len(data) and (most is None or len(data) <= most) and all(map(each, data))

    def object(self, schema: dict[str, Any]) -> Test:
        least, most = schema.get("minProperties", 0), schema.get("maxProperties")
        required = frozenset(schema.get("required", ()))
        known = {key: self.test(one) for key, one in schema.get("properties", {}).items()}.get
        other = self.test(schema.get("additionalProperties", True))
        named = self.test(schema["propertyNames"]) if "propertyNames" in schema else None

        def test(data: dict[str, Any]) -> bool:
            if len(data) < least or (most is not None and len(data) > most) or not required <= data.keys():
                return False
            for key, value in data.items():
                if not known(key, other)(value):
                    return False
            return named is None or all(map(named, data))

        return test


def _yes(_data: Any) -> bool:
    return True


def _no(_data: Any) -> bool:
    return False


def _is_a(name: str) -> Test:
    kind = _TYPES[name]
    if name in {"integer", "number"}:
        return lambda data: isinstance(data, kind) and not isinstance(data, bool)
    return lambda data: isinstance(data, kind)


def _number(schema: dict[str, Any]) -> Test:
    least, most = schema.get("minimum"), schema.get("maximum")
    return lambda data: isinstance(data, bool) or ((least is None or least <= data) and (most is None or data <= most))


def _where(kind: type, test: Test, *, certain: bool) -> Test:
    """Return a test that holds for data of one kind only; of ``certain`` data no other kind comes so far."""
    return test if certain else lambda data: not isinstance(data, kind) or test(data)


def _every(tests: list[Test]) -> Test:
    if not tests:
        return _yes
    if len(tests) == 1:
        return tests[0]
    if len(tests) == 2:
        first, second = tests
        return lambda data: first(data) and second(data)
    return lambda data: all(test(data) for test in tests)


def _any_of(tests: list[Test]) -> Test:
    if len(tests) == 1:
        return tests[0]
    return lambda data: any(test(data) for test in tests)
