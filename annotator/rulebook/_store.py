"""The compiled rulebook as a file, and the cache of such files.

Layout: a magic line, a JSON directory (section name to offset and length), the sections, and a CRC-32
of all before it. Nothing in it is executable; a file that does not check is made anew.

The cache is keyed by what goes in (rule files, tables, version of this program), so it is never stale;
it is written aside and moved into place, so concurrent runs cannot see half a file; where it cannot be
written the program does without.
"""

from __future__ import annotations

import json
import os
import sys
import zlib

MAGIC = b"annotator rulebook 1\n"


def pack(sections: dict[str, bytes]) -> bytes:
    """Put sections into one file."""
    directory: dict[str, list[int]] = {}
    offset = 0
    for name, data in sections.items():
        directory[name] = [offset, len(data)]
        offset += len(data) + -len(data) % 8
    head = json.dumps(directory, separators=(",", ":")).encode()
    head += b" " * (-(len(MAGIC) + 8 + len(head)) % 8)
    body = b"".join(data + b"\0" * (-len(data) % 8) for data in sections.values())
    content = MAGIC + b"%08d" % len(head) + head + body
    return content + b"%08x" % zlib.crc32(content)


class Sections:
    """A packed file opened for reading; sections are slices made when asked for."""

    __slots__ = ("_base", "_data", "_directory")

    def __init__(self, data: bytes) -> None:
        """Open packed bytes. Raises ``ValueError`` when they are damaged or not ours."""
        if not data.startswith(MAGIC) or len(data) < len(MAGIC) + 16:
            raise ValueError("not a compiled rulebook")
        if b"%08x" % zlib.crc32(memoryview(data)[:-8]) != data[-8:]:
            raise ValueError("damaged")
        start = len(MAGIC) + 8
        length = int(data[len(MAGIC) : start])
        self._directory: dict[str, list[int]] = json.loads(data[start : start + length])
        self._base = start + length
        self._data = data

    @property
    def content(self) -> bytes:
        """The whole file."""
        return self._data

    def __contains__(self, name: str) -> bool:
        return name in self._directory

    def __getitem__(self, name: str) -> bytes:
        offset, length = self._directory[name]
        return self._data[self._base + offset : self._base + offset + length]

    def slice(self, name: str, start: int, end: int) -> bytes:
        """Return part of a section without copying the rest."""
        offset = self._base + self._directory[name][0]
        return self._data[offset + start : offset + end]


def cache_folder() -> str | None:
    """Return the folder for cached rulebooks, or ``None`` when caching is off.

    ``ANNOTATOR_NO_CACHE`` turns it off, ``ANNOTATOR_CACHE_DIR`` names another folder; else the usual
    place of the system (written out here since the library for it costs a fifth of a whole run).
    """
    environ = os.environ
    if environ.get("ANNOTATOR_NO_CACHE"):
        return None
    if environ.get("ANNOTATOR_CACHE_DIR"):
        return environ["ANNOTATOR_CACHE_DIR"]
    home = os.path.expanduser("~")
    if sys.platform == "win32":
        base = environ.get("LOCALAPPDATA") or os.path.join(home, "AppData", "Local")
        return os.path.join(base, "annotator", "Cache")
    if sys.platform == "darwin":
        return os.path.join(home, "Library", "Caches", "annotator")
    return os.path.join(environ.get("XDG_CACHE_HOME") or os.path.join(home, ".cache"), "annotator")


def cache_read(key: str) -> Sections | None:
    """Return the cached rulebook for ``key`` if there is a sound one."""
    folder = cache_folder()
    if folder is None:
        return None
    try:
        with open(os.path.join(folder, f"rules-{key}.bin"), "rb") as file:
            return Sections(file.read())
    except (OSError, ValueError):
        return None


def cache_write(key: str, data: bytes, keep: int = 20) -> None:
    """Put a compiled rulebook into the cache; failing to is no error. Old files beyond ``keep`` go."""
    folder = cache_folder()
    if folder is None:
        return
    import tempfile

    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=folder, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            os.replace(temporary, os.path.join(folder, f"rules-{key}.bin"))
        except OSError:
            os.unlink(temporary)
            return
        entries = [e for e in os.scandir(folder) if e.name.startswith("rules-")]
        entries.sort(key=lambda e: e.stat().st_mtime, reverse=True)
        for entry in entries[keep:]:
            os.unlink(entry.path)
    except OSError:
        return
