"""Which format a file is in, told by what is in it, and which files belong together."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from ..._lazy import regex
from ...errors import InputError, UsageError
from . import _files
from ._csv import find_header, first_rows
from ._text import clean
from ._xml import root_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from contextlib import AbstractContextManager

    from ._files import Source

# Outermost elements of XML formats, and the module that reads each.
_ROOTS = {
    "CONSOLIDATED_LIST": "un",
    "sdnList": "ofac_sdn_xml",
    "Sanctions": "ofac_advanced",
    "sanctionsData": "ofac_enhanced",
    "Designations": "uk_xml",
    "export": "eu_xml",
    "swiss-sanctions-list": "seco",
    "data-set": "canada",
}

_WEB_PAGE = regex(rb"<(?:!doctype\s+html|html)\b", re.IGNORECASE)


def format_of(source: Source) -> tuple[str, str]:
    """Return the name of the format and what part of a set of files this one is, the latter mostly empty.

    Raises ``InputError`` for a file in no known format.
    """
    if not source.size:
        raise InputError(f"{source.label}: an empty file")
    start = source.head.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")
    if _WEB_PAGE.match(start):
        raise InputError(f"{source.label}: a web page (HTML), not a list; was the download refused?")
    if start.startswith(b"<"):
        return _xml(source), ""
    if start.startswith(b"{"):
        return _json(source), ""
    rows = first_rows(source)
    if found := _with_header(source, rows):
        return found, ""
    from . import ofac_csv

    if part := ofac_csv.part_of(rows):
        return "ofac_csv", part
    raise InputError(
        f"{source.label}: in no format of a sanctions list that is known here"
        + (f"; the first row is: {clean(', '.join(rows[0])[:80])}" if rows else "")
    )


def _with_header(source: Source, rows: list[list[str]]) -> str:
    """Return the format that a header among the first rows tells, empty where there is none."""
    from . import csl_csv, eu_csv, opensanctions, uk_csv

    if any(find_header(rows, layout.needed) is not None for layout in uk_csv.LAYOUTS):
        return "uk_csv"
    if find_header(rows, csl_csv.NEEDED) is not None:
        return "csl_csv"
    if find_header(rows, opensanctions.NEEDED) is not None:
        return "opensanctions"
    if eu_csv.shape_of(source) is not None:
        return "eu_csv"
    return ""


def _xml(source: Source) -> str:
    name, space, _ = root_of(source)
    found = _ROOTS.get(name)
    if found is None:
        where = f" of {space}" if space else ""
        raise InputError(
            f"{source.label}: XML, but of no known list: its outermost element is {name[:80]!r}{clean(where)[:120]}"
        )
    return found


def _json(source: Source) -> str:
    start = source.head.decode("utf-8", "replace").partition("\n")[0]
    if '"schema"' in start and '"properties"' in start:
        return "opensanctions"
    raise InputError(f"{source.label}: JSON, but of no known list: the first line is no FollowTheMoney entity")


_SIBLINGS = {
    "entries": regex(r"(sdn|prim)(?!.*(?:sdn|prim))", re.IGNORECASE),
    "aliases": regex(r"(alt)(?!.*alt)", re.IGNORECASE),
    "addresses": regex(r"(add)(?!.*add)", re.IGNORECASE),
    "comments": regex(r"((?:sdn_)?comments)(?!.*comments)", re.IGNORECASE),
}


@dataclass(frozen=True, slots=True)
class Files:
    """The files of one snapshot: their format, and each with the part that it is of the set."""

    format: str
    parts: dict[str, Source]

    @property
    def sources(self) -> tuple[Source, ...]:
        """Return the files in the order of their parts."""
        return tuple(self.parts[part] for part in sorted(self.parts))

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the one file, or one made of those of several."""
        digests = [source.digest for source in self.sources]
        return digests[0] if len(digests) == 1 else sha256("\n".join(digests).encode()).hexdigest()


def together(sources: Iterable[Source], failing: Callable[[str], AbstractContextManager[None]]) -> list[Files]:
    """Return the snapshots that files hold.

    Files of a set that were not named are looked for beside the one that was, by their usual names.
    ``InputError``, for a file in no known format and for one of a set without the others, is raised within
    ``failing`` of its file.
    """
    found: list[Files] = []
    sets: dict[str, dict[str, Source]] = {}
    for source in sources:
        with failing(source.label):
            format_, part = format_of(source)
            if not part:
                found.append(Files(format_, {"": source}))
                continue
            files = sets.setdefault(_stem(source, part), {})
            if part in files and files[part].digest != source.digest:
                raise UsageError(f"{files[part].label} and {source.label} are both {part}; import one after the other")
            files.setdefault(part, source)
    for files in _joined(list(sets.values())):
        first, one = next(iter(files.items()))
        with failing(one.label):
            _add_siblings(files)
            if "entries" not in files:
                raise InputError(f"{one.label}: {first} without their entries; name sdn.csv (cons_prim.csv) too")
            found.append(Files("ofac_csv", files))
    return found


def _joined(sets: list[dict[str, Source]]) -> list[dict[str, Source]]:
    """Put sets that only names keep apart together where there is just one of each part."""
    parts = [part for files in sets for part in files]
    if len(sets) > 1 and len(parts) == len(set(parts)):
        return [{part: source for files in sets for part, source in files.items()}]
    return sets


def _stem(source: Source, part: str) -> str:
    """Return what the names of files of one set have in common."""
    name = source.name.lower()
    return os.path.dirname(source.label) + "|" + _SIBLINGS[part].sub("*", name, count=1)


def _add_siblings(files: dict[str, Source]) -> None:
    part, source = next(iter(files.items()))
    part, source = ("entries", files["entries"]) if "entries" in files else (part, source)
    if "!" in source.label:  # in a zip file all that is there has been seen
        return
    folder = os.path.dirname(source.label)
    pattern = _SIBLINGS[part]
    name = os.path.basename(source.label)
    if not pattern.search(name):
        return
    try:
        there = {one.lower(): one for one in os.listdir(folder or ".")}
    except OSError:
        return
    usual = {"entries": ("sdn", "prim"), "aliases": ("alt",), "addresses": ("add",)}
    usual["comments"] = ("sdn_comments", "comments")
    for wanted, words in usual.items():
        for word in words if wanted not in files else ():
            sibling = there.get(pattern.sub(word, name, count=1).lower())
            if sibling is None:
                continue
            for one in _files.open_sources(os.path.join(folder, sibling)):
                if format_of(one) == ("ofac_csv", wanted):
                    files.setdefault(wanted, one)
