"""The compiled rulebook as a file, and the cache of such files.

Layout: a magic line, a JSON directory (section name to offset and length), the sections, and a CRC-32
of all before it. Nothing in it is executable; a file that does not check is made anew.

The cache is named by what goes in (rule files, tables, version of this program), so it is never stale;
it is written aside and moved into place, so concurrent runs cannot see half a file; where it cannot be
written the program does without.
"""

from __future__ import annotations

import json
import mmap
import os
import sys
import zlib
from contextlib import suppress

MAGIC = b"annotator rulebook 1\n"
_PIECE = 1 << 20
_ASIDE = ".new-"
_LEFT_BEHIND = 3600.0  # seconds after which nobody is still writing a file


def pack(sections: dict[str, bytes]) -> bytes:
    """Put sections into one file."""
    directory: dict[str, list[int]] = {}
    offset = 0
    for name, data in sections.items():
        directory[name] = [offset, len(data)]
        offset += len(data) + -len(data) % 8
    head = json.dumps(directory, separators=(",", ":")).encode()
    head += b" " * (-(len(MAGIC) + 8 + len(head)) % 8)
    parts = [MAGIC, b"%08d" % len(head), head]
    for data in sections.values():
        parts += (data, bytes(-len(data) % 8))
    checksum = 0
    for part in parts:
        checksum = zlib.crc32(part, checksum)
    return b"".join([*parts, b"%08x" % checksum])


class Sections:
    """A packed file opened for reading; sections are slices made when asked for.

    A file of the cache is mapped into memory, so that all processes that have it open share one copy of it, and of
    what nobody asks for there is none at all.
    """

    __slots__ = ("_base", "_data", "_directory", "_view", "path", "sum")

    def __init__(self, data: bytes | mmap.mmap, path: str | None = None) -> None:
        """Open packed bytes. Raises ``ValueError`` when they are damaged or not ours.

        ``path`` is the file of which ``data`` is a mapping; such a one has been checked already.
        """
        if len(data) < len(MAGIC) + 16 or data[: len(MAGIC)] != MAGIC:
            raise ValueError("not a compiled rulebook")
        self.path = path
        self.sum = bytes(data[-8:])
        if path is None and b"%08x" % zlib.crc32(memoryview(data)[:-8]) != self.sum:
            raise ValueError("damaged")
        start = len(MAGIC) + 8
        length = int(data[len(MAGIC) : start])
        self._directory: dict[str, list[int]] = json.loads(data[start : start + length])
        self._base = start + length
        self._data = data
        self._view = memoryview(data)

    @classmethod
    def mapped(cls, path: str) -> Sections:
        """Open a packed file. Raises ``OSError``, and ``ValueError`` as above."""
        with open(path, "rb") as file:
            _check(file.fileno())
            # Nothing of a file that is no good may stay mapped: Windows could not replace it.
            return cls(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), path)

    @property
    def content(self) -> bytes:
        """The whole file."""
        return bytes(self._view)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the sections."""
        return tuple(self._directory)

    def __contains__(self, name: str) -> bool:
        return name in self._directory

    def __getitem__(self, name: str) -> bytes:
        offset, length = self._directory[name]
        return self._data[self._base + offset : self._base + offset + length]

    def view(self, name: str) -> memoryview:
        """Return a section without copying it; it begins at a multiple of eight bytes."""
        offset, length = self._directory[name]
        return self._view[self._base + offset : self._base + offset + length]

    def slice(self, name: str, start: int, end: int) -> bytes:
        """Return part of a section without copying the rest."""
        offset = self._base + self._directory[name][0]
        return self._data[offset + start : offset + end]


def _check(descriptor: int) -> None:
    """Check the checksum of a file, piece by piece, without having it in memory. Raises ``OSError``, ``ValueError``."""
    left = os.fstat(descriptor).st_size - 8
    found = 0
    while left > 0:
        piece = os.read(descriptor, min(_PIECE, left))
        if not piece:
            raise ValueError("cut short")
        found = zlib.crc32(piece, found)
        left -= len(piece)
    if left < 0 or b"%08x" % found != os.read(descriptor, 9):
        raise ValueError("damaged")


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


def cache_read(name: str) -> Sections | None:
    """Return what the cache holds under a name, if that is sound."""
    folder = cache_folder()
    if folder is None:
        return None
    try:
        return Sections.mapped(os.path.join(folder, f"{name}.bin"))
    except (OSError, ValueError):
        return None


def cache_write(name: str, data: bytes, keep: int = 20) -> None:
    """Put packed bytes into the cache; failing to is no error. Old files of the kind beyond ``keep`` go.

    The kind is what stands before the first hyphen of a name.
    """
    folder = cache_folder()
    if folder is None:
        return
    import tempfile

    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=folder, prefix=_ASIDE)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            os.replace(temporary, os.path.join(folder, f"{name}.bin"))
        except OSError:
            os.unlink(temporary)
            return
        _tidy(folder, name.partition("-")[0] + "-", keep)
    except OSError:
        return


def _tidy(folder: str, kind: str, keep: int) -> None:
    """Remove old files of a kind, and what writers left behind that were killed."""
    entries = [(e.stat().st_mtime, e) for e in os.scandir(folder) if e.name.startswith((kind, _ASIDE))]
    entries.sort(key=lambda pair: pair[0], reverse=True)
    old = [entry for _, entry in entries if entry.name.startswith(kind)][keep:]
    newest = entries[0][0] if entries else 0.0
    for entry in (*old, *(e for time, e in entries if e.name.startswith(_ASIDE) and time < newest - _LEFT_BEHIND)):
        with suppress(OSError):  # Windows keeps one that another run has mapped; a later run takes it away
            os.unlink(entry.path)
