"""Which files a rulebook is made of, found without parsing any: the cheap side of ``_collect.find_files``."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_KINDS = (".yaml", ".yml", ".csv")


def _walk(folder: str, prefix: str) -> Iterator[tuple[str, str]]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if entry.is_dir():
            yield from _walk(entry.path, f"{prefix}{entry.name}/")
        elif entry.name.endswith(_KINDS):
            yield entry.path, f"{prefix}{entry.name}"


def listing(paths: Iterable[str | os.PathLike[str]]) -> list[tuple[str, str]]:
    """Return (path, name for the digest) of each rule file and table under ``paths``, in order of names.

    For a single rule file the tables beside it (its folder's ``data``) count too.
    """
    found: list[tuple[str, str]] = []
    for path in paths:
        text = os.fspath(path)
        if os.path.isdir(text):
            found += sorted(_walk(text, ""), key=lambda pair: pair[1])
        else:
            found.append((text, os.path.basename(text)))
            folder = os.path.dirname(text) or "."
            found += [pair for pair in _walk(os.path.join(folder, "data"), "data/") if pair[1].endswith(".csv")]
            found += (
                [
                    (entry.path, entry.name)
                    for entry in sorted(os.scandir(folder), key=lambda e: e.name)
                    if entry.name.endswith(".csv")
                ]
                if os.path.isdir(folder)
                else []
            )
    return found
