"""Read a YAML rule file into plain data, with the place of every key and value.

Stricter than YAML: no anchors, aliases, tags or duplicate keys, and only ``null``, ``true``, ``false``
and whole numbers are anything but text (so ``no`` is a word and a date stays as written). Built from
the parser's events with a stack of its own, so that no nesting can exhaust Python's.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .._lazy import regex
from ..errors import RuleError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import yaml

Places = dict[tuple[str | int, ...], tuple[int, int]]

# Before a path it means the key itself, where a place without it is that of a key's value.
KEY = "\0key"
# What to do about the bracket of a phrase that YAML takes for one of its own.
QUOTING = (
    "begins a list or mapping of YAML here; where it belongs to the words, put all of them in quotes, "
    'as in "[the] asset freeze[s]"'
)
MAX_BYTES = 64_000_000
MAX_DEPTH = 40
_INTEGER = regex(r"[-+]?[0-9]{1,18}\Z")
_CONSTANTS: dict[str, bool | None] = {"": None, "~": None, "null": None, "true": True, "false": False}


class OddError(ValueError):
    """A text has something that `parse` must look at."""


def _scalar(event: Any) -> Any:
    value = event.value
    if not event.style:  # the C parser says "", the Python one None
        if value in _CONSTANTS:
            return _CONSTANTS[value]
        if _INTEGER.match(value):
            return int(value)
    return value


class _Builder:
    """Turns parser events into data; ``places`` gets line and column (from 1) of each path."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.places: Places = {}
        self.root: Any = None
        self.documents = 0
        # Each open collection: (container, path, pending key).
        self.stack: list[tuple[Any, tuple[str | int, ...], list[str]]] = []

    def fail(self, event: Any, message: str) -> RuleError:
        mark = event.start_mark
        return RuleError(message, path=self.name, line=mark.line + 1, column=mark.column + 1)

    def take(self, event: Any) -> None:
        """Take the parser's next event. Raises ``RuleError`` for what rule files do not have."""
        kind = type(event).__name__
        if kind == "DocumentStartEvent":
            self.documents += 1
            if self.documents > 1:
                raise self.fail(event, "a file holds one YAML document; remove the --- line")
        elif kind == "AliasEvent" or getattr(event, "anchor", None) is not None:
            raise self.fail(event, "anchors and aliases (& and *) are not allowed; write it out or put text in quotes")
        elif (tag := getattr(event, "tag", None)) not in {None, "!"}:
            raise self.fail(event, f"tags such as {tag} are not allowed; put text in quotes")
        elif kind == "ScalarEvent":
            self.scalar(event)
        elif kind == "MappingStartEvent":
            self.open(event, {})
        elif kind == "SequenceStartEvent":
            self.open(event, [])
        elif kind in {"MappingEndEvent", "SequenceEndEvent"}:
            self.stack.pop()

    def path_for_value(self) -> tuple[str | int, ...]:
        if not self.stack:
            return ()
        container, path, pending = self.stack[-1]
        return (*path, len(container)) if isinstance(container, list) else (*path, pending[0])

    def add(self, value: Any) -> None:
        if not self.stack:
            self.root = value
            return
        container, _, pending = self.stack[-1]
        if isinstance(container, list):
            container.append(value)
        else:
            container[pending.pop()] = value

    def is_key(self) -> bool:
        return bool(self.stack) and isinstance(self.stack[-1][0], dict) and not self.stack[-1][2]

    def key(self, event: Any) -> None:
        container, path, pending = self.stack[-1]
        key = event.value
        if key in container:
            first = self.places[(*path, key)][0]
            raise self.fail(event, f"key {key!r} stands twice (first in line {first}); remove one of them")
        place = (event.start_mark.line + 1, event.start_mark.column + 1)
        self.places[(*path, key)] = self.places[(KEY, *path, key)] = place
        pending.append(key)

    def scalar(self, event: Any) -> None:
        if self.is_key():
            self.key(event)
            return
        path = self.path_for_value()
        place = (event.start_mark.line + 1, event.start_mark.column + 1)
        # A mapping's value keeps the place of its key where it is empty.
        if event.value or path not in self.places:
            self.places[path] = place
        self.add(_scalar(event))

    def open(self, event: Any, container: Any) -> None:
        if self.is_key():
            raise self.fail(
                event,
                'a key must be a plain word, not a list or mapping; put it in quotes, as in "[the] asset freeze[s]"',
            )
        if len(self.stack) >= MAX_DEPTH:
            raise self.fail(event, f"nested deeper than {MAX_DEPTH} levels; write it flatter")
        path = self.path_for_value()
        self.places.setdefault(path, (event.start_mark.line + 1, event.start_mark.column + 1))
        self.add(container)
        self.stack.append((container, path, []))


class Later:
    """The places of a rule file, found when a first one is asked for: few are, since most files have no fault."""

    __slots__ = ("_data", "_found", "_name")

    def __init__(self, data: bytes, name: str) -> None:
        self._data = data
        self._name = name
        self._found: Places | None = None

    @property
    def _places(self) -> Places:
        if self._found is None:
            self._found = parse(self._data.decode("utf-8-sig"), self._name)[1]
        return self._found

    def __contains__(self, path: object) -> bool:
        return path in self._places

    def get(self, path: tuple[str | int, ...], default: tuple[int, int]) -> tuple[int, int]:
        """Return line and column of a path, counted from 1."""
        return self._places.get(path, default)


def plain_data(text: str) -> Any:  # noqa: C901, PLR0912, PLR0915 - one branch for each kind of event
    """Return the data of a text that has nothing unusual, many times faster than `parse`. Raises ``OddError``."""
    import yaml

    scalar, mapping, sequence = yaml.ScalarEvent, yaml.MappingStartEvent, yaml.SequenceStartEvent
    ends = (yaml.MappingEndEvent, yaml.SequenceEndEvent)
    # The open collections around the innermost, each with the key that waits for its value.
    stack: list[tuple[Any, str | None]] = []
    container: Any = None
    key: str | None = None
    root: Any = None
    documents = 0
    try:
        events: Iterator[Any] = yaml.parse(text, Loader=_loader())
        for event in events:
            kind = event.__class__
            if kind is scalar:
                if event.anchor is not None or event.tag not in {None, "!"}:
                    raise OddError
                if key is None and container.__class__ is dict:
                    key = event.value
                    if key in container:
                        raise OddError
                    continue
                value = _scalar(event)
            elif kind is mapping or kind is sequence:
                if event.anchor is not None or event.tag not in {None, "!"} or len(stack) >= MAX_DEPTH:
                    raise OddError
                if key is None and container.__class__ is dict:
                    raise OddError
                value = {} if kind is mapping else []
            elif kind in ends:
                container, key = stack.pop()
                continue
            elif kind is yaml.DocumentStartEvent:
                documents += 1
                if documents > 1:
                    raise OddError
                continue
            elif kind is yaml.AliasEvent:
                raise OddError
            else:
                continue
            if container is None:
                root = value
            elif key is None:
                container.append(value)
            else:
                container[key] = value
                key = None
            if kind is not scalar:
                stack.append((container, key))
                container, key = value, None
    except (yaml.YAMLError, UnicodeError, ValueError) as error:
        raise OddError from error
    return root


def _loader() -> Any:
    import yaml

    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _character(text: str, mark: Any) -> str:
    """Return the character that a fault was found at."""
    return _line(text, mark)[mark.column : mark.column + 1]


def _unprintable(text: str) -> tuple[int, int]:
    """Return line and column of the first character that YAML takes for no text."""
    import yaml

    hit = yaml.reader.Reader.NON_PRINTABLE.search(text)
    at = hit.start() if hit else 0
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def parse(text: str, name: str) -> tuple[Any, Places]:
    """Parse YAML ``text``; ``name`` is the file's name for messages. Raises ``RuleError``."""
    import yaml

    builder = _Builder(name)
    try:
        for event in yaml.parse(text, Loader=_loader()):
            builder.take(event)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line, column = (mark.line + 1, mark.column + 1) if mark else _unprintable(text)
        bracket = _bracket(error, text, mark)
        if bracket is not None:
            message = f"{_line(text, mark)[bracket]} {QUOTING}"
            raise RuleError(message, path=name, line=line, column=bracket + 1) from None
        raise RuleError(_problem(error, text, mark), path=name, line=line, column=column) from None
    except (UnicodeError, ValueError) as error:
        raise RuleError(f"not YAML: {error}", path=name, line=1, column=1) from None
    return builder.root, builder.places


def _bracket(error: yaml.YAMLError, text: str, mark: Any) -> int | None:
    """Return where in the line of a fault the bracket stands that text without quotes was most likely meant to hold.

    That is where the parser stops at a bracket, or at words behind one that it closed.
    """
    problem = str(getattr(error, "problem", None) or "")
    if mark is None or "expected" not in problem:
        return None
    line = _line(text, mark)
    if line[mark.column : mark.column + 1] in set("[{]}"):
        return int(mark.column) if line[mark.column] in "[{" else None
    before = line[: mark.column].rstrip()
    if not before.endswith(("]", "}")):
        return None
    depth = 0
    for place in range(len(before) - 1, -1, -1):
        depth += (before[place] in "]}") - (before[place] in "[{")
        if not depth:
            return place
    return None


def _line(text: str, mark: Any) -> str:
    """Return the line of a mark, lines being YAML's; an empty one for the end of a text without a line end."""
    lines = re.split("\r\n|[\n\r\x85\u2028\u2029]", text)
    return lines[mark.line] if mark.line < len(lines) else ""


def _problem(error: yaml.YAMLError, text: str, mark: Any) -> str:
    """Return what the parser found wrong, with what to do where that is plain."""
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "not YAML")
    if "\\t" in problem or (mark and _character(text, mark) == "\t"):
        return "a tab stands where YAML wants blanks; indent with blanks"
    if "mapping values are not allowed" in problem:
        return "a colon stands where none may; put text with a colon in quotes"
    if "special characters" in problem or "control characters" in problem:
        return "a control character stands in the file; remove it"
    return f"not YAML: {problem}"


def read(path: Path) -> str:
    """Return the text of a rule file. Raises ``RuleError`` when it cannot be read or is not UTF-8."""
    return decoded(read_bytes(path), path)


def read_bytes(path: Path) -> bytes:
    """Return what a rule file holds. Raises ``RuleError`` when it cannot be read or is too large."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise RuleError(f"cannot be read: {error.strerror or error}", path=str(path)) from None
    if len(data) > MAX_BYTES:
        raise RuleError(f"larger than {MAX_BYTES // 1_000_000} MB; split it", path=str(path))
    return data


def decoded(data: bytes, path: Path) -> str:
    """Return the text of what a file holds. Raises ``RuleError`` when it is not UTF-8."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        raise RuleError("not UTF-8 text; save the file as UTF-8", path=str(path), line=line, column=column) from None
