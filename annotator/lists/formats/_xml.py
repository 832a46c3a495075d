"""XML read as a stream, element by element, in bounded memory, with nothing in it that could be expanded.

Expat, which comes with Python, reads it. What is dangerous in XML (entities, external ones, attribute
defaults) needs a document type declaration, and no list has one: a file with one is refused before its
first element. So nothing is ever fetched or expanded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from xml.etree.ElementTree import Element, ParseError, XMLPullParser
from xml.parsers import expat

from ...errors import InputError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from ._files import Source

_DEEPEST = 100
_LARGEST = 64 << 20


class _RootSeenError(Exception):
    """Ends the look at a file's beginning."""


def root_of(source: Source) -> tuple[str, str, Mapping[str, str]]:
    """Return the name, name space and attributes of the outermost element. Raises ``InputError``."""
    parser = expat.ParserCreate(namespace_separator="}")
    found: list[tuple[str, dict[str, str]]] = []

    def element(name: str, attributes: dict[str, str]) -> None:
        found.append((name, attributes))
        raise _RootSeenError

    def declaration(*_: object) -> None:
        raise InputError(
            f"{source.label}:{parser.CurrentLineNumber}: has a document type declaration, which no list has; not read"
        )

    parser.StartElementHandler = element
    parser.StartDoctypeDeclHandler = declaration
    try:
        read = 0
        for piece in source.pieces():
            read += len(piece)
            if read > _LARGEST:
                raise InputError(f"{source.label}: no element within {_LARGEST >> 20} MB")
            parser.Parse(piece)
        parser.Parse(b"", True)
    except _RootSeenError:
        space, _, name = found[0][0].rpartition("}")
        return name, space, found[0][1]
    except (LookupError, ValueError):  # from the codec that the file asks for
        raise InputError(f"{source.label}:1: in an encoding that is not known") from None
    except expat.ExpatError as error:
        raise InputError(_fault(source, expat.ErrorString(error.code), error.lineno, error.offset)) from None
    raise InputError(f"{source.label}: no XML")


def records(source: Source, names: Collection[str]) -> Iterator[Element]:
    """Yield the elements of the given names, each complete, in their order; what is not within one is skipped.

    Names of elements come without name spaces. Call `root_of` first: it refuses what is dangerous.
    Raises ``InputError`` with line and column for what is not well formed.
    """
    parser: XMLPullParser[Element] = XMLPullParser(("start", "end"))
    stack: list[Element] = []
    inside = 0
    held = 0
    try:
        for piece in source.pieces():
            parser.feed(piece)
            held += len(piece)
            for event, element in cast("Iterator[tuple[str, Element]]", parser.read_events()):
                if event == "start":
                    _check_depth(source, stack)
                    stack.append(element)
                    tag = element.tag
                    element.tag = tag = tag[tag.rfind("}") + 1 :]
                    inside += tag in names
                    continue
                stack.pop()
                if element.tag in names:
                    inside -= 1
                    if not inside:
                        yield element
                if not inside:
                    held = 0
                    element.clear()
                    if stack:
                        stack[-1].remove(element)
            if held > _LARGEST:
                raise InputError(f"{source.label}: a single entry of more than {_LARGEST >> 20} MB")
        parser.close()
    except (LookupError, ValueError):
        raise InputError(f"{source.label}:1: in an encoding that is not known") from None
    except ParseError as error:
        line, column = error.position
        raise InputError(_fault(source, expat.ErrorString(error.code), line, column)) from None


def _check_depth(source: Source, stack: list[Element]) -> None:
    if len(stack) >= _DEEPEST:
        raise InputError(f"{source.label}: elements within each other more than {_DEEPEST} deep; no list is so")


def _fault(source: Source, what: str, line: int, column: int) -> str:
    what = what.removeprefix("not well-formed ").strip("()")
    return f"{source.label}:{line}:{column + 1}: not well-formed XML: {what}"
