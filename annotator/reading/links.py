"""What the parts of a package are, and where they lead: what every Office file has to say before it can be read.

`types_in` and `links_in` read these as all programs write them, with a pattern, at many times the speed of a parser;
whatever is written in another way they leave to the parser.
"""

from __future__ import annotations

import posixpath
import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

from .._lazy import regex

TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
# Relationships that Office defines, whichever edition of the standard a file follows. Others may end in the same word.
_OFFICE = (
    "http://schemas.openxmlformats.org/officedocument/2006/relationships/",
    "http://schemas.openxmlformats.org/package/2006/relationships/",
    "http://purl.oclc.org/ooxml/officedocument/relationships/",
    "http://schemas.microsoft.com/office/",
)
_HEAD = (
    r"""(?:<\?xml version=(?:"1\.0"|'1\.0') encoding=(?:"[Uu][Tt][Ff]-8"|'[Uu][Tt][Ff]-8')"""
    r"""(?: standalone=(?:"yes"|'yes'|"no"|'no'))?[ \t\r\n]{0,4}\?>[ \t\r\n]{0,4})?+"""
)
_BETWEEN = r"[ \t\r\n]*+"
_VALUE = r'"([ !#-%\'-;=?-~]*+)"'  # ASCII, and nothing in it that stands for something else
_TYPE = rf"<(?:Default Extension={_VALUE}|Override PartName={_VALUE}) ContentType={_VALUE} ?/>"
_LINK = rf"<Relationship Id={_VALUE} Type={_VALUE} Target={_VALUE}(?: TargetMode={_VALUE})?+ ?/>"
_ALL_TYPES = regex(
    rf'{_HEAD}<Types xmlns="{re.escape(TYPES)}">(?:{_BETWEEN}{_TYPE})*+{_BETWEEN}</Types>{_BETWEEN}'.encode()
)
_OPENED = rf'{_HEAD}<Relationships xmlns="{re.escape(LINKS)}">'
_ALL_LINKS = regex(rf"{_OPENED}(?:{_BETWEEN}{_LINK})*+{_BETWEEN}</Relationships>{_BETWEEN}".encode())
_EACH_TYPE, _EACH_LINK = regex(_TYPE), regex(_LINK)
_LONGEST = 200  # longer addresses are not kept


class Link(NamedTuple):
    """One relationship of a part: its id, its kind, and the part that it leads to, empty where that is outside.

    The kind is the last word of the type where Office defines it (``comments``), else the whole type.
    """

    id: str
    kind: str
    target: str


def types_in(content: bytes) -> tuple[dict[str, str], dict[str, str]] | None:
    """Return the types of parts and of endings that a part of types names; ``None`` where a parser has to tell."""
    if not _ALL_TYPES.fullmatch(content):
        return None
    parts: dict[str, str] = {}
    endings: dict[str, str] = {}
    for ending, part, kind in _EACH_TYPE.findall(content.decode("ascii")):
        if part:
            parts[unquote(part).lower()] = kind.lower()
        else:
            endings[ending.lower()] = kind.lower()
    return parts, endings


def links_in(content: bytes) -> list[tuple[str, str, str, str]] | None:
    """Return the id, type, target and mode of the links in a part of them; ``None`` where a parser has to tell."""
    return _EACH_LINK.findall(content.decode("ascii")) if _ALL_LINKS.fullmatch(content) else None


def link_of(folder: str, name: str, relationship: str, target: str, mode: str) -> Link:
    """Return a link of a part in a folder; without a mode it is one inside."""
    inside = (mode or "Internal").lower() != "external"
    if len(relationship) + len(target) > _LONGEST:
        return Link(name, _kind(relationship), _target(folder, target) if inside else "")
    return Link(name, _known_kind(relationship), _known_target(folder, target) if inside else "")


def _kind(relationship: str) -> str:
    """Return the last word of a relationship's type where Office defines it, else the whole of it.

    >>> _kind("http://purl.oclc.org/ooxml/officeDocument/relationships/comments"), _kind("urn:x/comments")
    ('comments', 'urn:x/comments')
    """
    return relationship.rpartition("/")[2] if relationship.lower().startswith(_OFFICE) else relationship


def _target(folder: str, target: str) -> str:
    """Return the part that a relationship leads to, by its full name; empty where that is outside."""
    path = unquote(target.partition("#")[0])
    if "\\" in path or "\0" in path:
        return ""
    return posixpath.normpath(posixpath.join("/", folder, path)).lstrip("/")


_known_kind, _known_target = lru_cache(256)(_kind), lru_cache(1024)(_target)
