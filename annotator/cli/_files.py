"""Bytes in, bytes out: reading inputs whole, and putting outputs into place without half-written files."""

from __future__ import annotations

import os
import stat
import sys
from typing import TYPE_CHECKING

from .._files import read_file, unreadable
from ..errors import InputError, MisfitError, OutputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._screen import Screen

STDIN = "-"
_LOOK_AT_MOST = 2000


def label(name: str) -> str:
    """Return what messages call an input."""
    return "standard input" if name == STDIN else name


def read(name: str, screen: Screen) -> bytes:
    """Return all bytes of a file, or of standard input for ``-``. Raises ``InputError``."""
    if name != STDIN:
        return read_file(name, _similar)
    if sys.stdin is None:
        raise InputError("standard input is closed; name a file")
    try:
        if sys.stdin.isatty():
            screen.hint("reading the article from the terminal; end it with Ctrl-D (Ctrl-Z on Windows)")
        return sys.stdin.buffer.read()
    except (OSError, ValueError, MemoryError) as error:
        raise unreadable(label(name), error) from None


def article(name: str, screen: Screen, format: str | None = None) -> bytes:
    """Return what `read` does, of an article. Raises ``MisfitError`` too, for a file that holds many of them.

    Where the format is given it is taken for one.
    """
    data = read(name, screen)
    kind = None if format else _container(name, data)
    if kind is not None:
        file = name if name != STDIN else "FILE"
        way = f"annotator batch {file} -o notes.jsonl"
        raise MisfitError(f"{label(name)} is {kind}, which holds many articles; annotate them with: {way}")
    return data


# What holds many articles, by the ending of its name: `batch` reads them.
_CONTAINERS = {
    ".jsonl": "JSON Lines", ".ndjson": "JSON Lines", ".csv": "CSV", ".tsv": "CSV", ".parquet": "Parquet",
    ".pq": "Parquet",
}  # fmt: skip


def _container(name: str, data: bytes) -> str | None:
    """Return what a file is that holds many articles; ``None`` for one that is an article."""
    if data.startswith(b"PAR1"):
        return "Parquet"
    stem, ending = os.path.splitext(name.lower())
    if ending in {".gz", ".zst"}:
        ending = os.path.splitext(stem)[1]
    if ending in _CONTAINERS:
        return _CONTAINERS[ending]
    return "JSON Lines" if data.startswith(b'{"') and _is_object(data) else None


def _is_object(data: bytes) -> bool:
    """Tell whether the first line is an object of JSON by itself."""
    import json  # for what begins like one

    try:
        return isinstance(json.loads(data.split(b"\n", 1)[0]), dict)
    except (ValueError, RecursionError):
        return False


def _similar(name: str) -> str:
    """Return a hint at a file of a name like this one in the same folder."""
    from difflib import get_close_matches
    from itertools import islice

    folder, base = os.path.split(name)
    try:
        with os.scandir(folder or ".") as entries:
            names = [entry.name for entry in islice(entries, _LOOK_AT_MOST)]
    except OSError:
        return f"; there is no folder {folder}" if folder else ""
    close = get_close_matches(base, names, 1, 0.75)
    return f"; did you mean {os.path.join(folder, close[0])}?" if close else ""


def write(path: str, data: bytes) -> None:
    """Put ``data`` into a file: all of it, or none if that fails; an existing file keeps its mode.

    It is written aside in the same folder and then moved into place. A symbolic link stays one, and what
    it leads to is replaced. What is no ordinary file (a pipe, a device) is written to as it is. Raises
    ``OutputError``.
    """
    target = os.path.realpath(path)
    try:
        try:
            status: os.stat_result | None = os.stat(target)
        except FileNotFoundError:
            status = None
        if status is not None and stat.S_ISDIR(status.st_mode):
            raise OutputError(f"{path}: is a folder; name a file")
        if status is not None and not stat.S_ISREG(status.st_mode):
            with open(target, "wb", buffering=0) as file:
                _write_all(file.fileno(), data)
            return
        if status is not None and not os.access(target, os.W_OK):
            raise OutputError(f"{path}: is write-protected")
        _replace(target, data, status)
    except FileNotFoundError:
        where = f"is a link to {target}, and " if os.path.islink(path) else ""
        folder = os.path.dirname(target if where else path) or "."
        raise OutputError(f"{path}: {where}there is no folder {folder}") from None
    except (OSError, ValueError) as error:
        raise OutputError(f"{path}: cannot be written: {getattr(error, 'strerror', None) or error}") from None


def _write_all(handle: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(handle, rest) :]


def _replace(target: str, data: bytes, status: os.stat_result | None) -> None:
    handle, aside = _open_aside(os.path.dirname(target))
    try:
        try:
            _write_all(handle, data)
            os.fsync(handle)
        finally:
            os.close(handle)
        if status is not None:
            _take_over(aside, status)
        os.replace(aside, target)
    except BaseException:
        try:
            os.unlink(aside)
        except OSError:
            pass
        raise


def _open_aside(folder: str) -> tuple[int, str]:
    """Make a new file in a folder that no other run can hold, and return its descriptor and path."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
    number = 0
    while True:
        path = os.path.join(folder, f".annotator-{os.getpid()}-{number}.tmp")
        try:
            return os.open(path, flags, 0o666), path
        except FileExistsError:
            number += 1


def _take_over(path: str, status: os.stat_result) -> None:
    """Give a file another's owner, as far as we may, and mode."""
    if hasattr(os, "chown"):
        try:
            os.chown(path, status.st_uid, status.st_gid)
        except OSError:
            pass
    os.chmod(path, stat.S_IMODE(status.st_mode))


class Targets:
    """Where the result of each input goes: standard output, one file, a folder, or the input itself."""

    __slots__ = ("_folder", "_in_place", "_made", "_output", "_suffix")

    def __init__(
        self, names: Sequence[str], output: str | None, *, in_place: bool, suffix: str = "", lines: bool = False
    ) -> None:
        """Take what was asked for. ``suffix`` is put after names in a folder; ``lines`` is true where the
        results of several inputs may follow each other. Raises ``UsageError`` for what cannot be done.
        """
        self._output = output
        self._in_place = in_place
        self._suffix = suffix
        self._made = False
        separators = tuple(filter(None, (os.sep, os.altsep)))
        self._folder = output is not None and (output.endswith(separators) or os.path.isdir(output))
        if names.count(STDIN) > 1:
            raise UsageError("standard input (-) can be read only once")
        if in_place and output is not None:
            raise UsageError("--in-place and --output-file exclude each other")
        if in_place and STDIN in names:
            raise UsageError("--in-place needs files, not standard input")
        if len(names) > 1 and not in_place and not self._folder and not lines:
            if output is None:
                raise UsageError("several files: say where the results go with -o FOLDER or --in-place")
            if os.path.exists(output):
                raise UsageError(f"several files: -o names a folder, and {output} is none")
            self._folder = True
        if self._folder:
            self._check_folder(names)
        elif output is not None:
            for name in names:
                self._check_not_input(name, output)

    def _check_folder(self, names: Sequence[str]) -> None:
        taken: dict[str, str] = {}
        for name in names:
            if name == STDIN:
                raise UsageError(f"standard input has no name for a file in {self._output}; name the file with -o")
            place = self.of(name) or ""
            if place in taken:
                raise UsageError(f"{taken[place]} and {name} would both become {place}; write them to two folders")
            taken[place] = name
            self._check_not_input(name, place)

    @staticmethod
    def _check_not_input(name: str, place: str) -> None:
        try:
            same = name != STDIN and os.path.samefile(name, place)
        except (OSError, ValueError):
            same = False
        if same and os.path.isfile(place):
            raise UsageError(f"{place} is the input itself; to replace it use --in-place")

    def of(self, name: str) -> str | None:
        """Return the path that an input's result goes to, ``None`` for standard output."""
        if self._in_place:
            return name
        if self._folder and self._output is not None:
            return os.path.join(self._output, os.path.basename(name) + self._suffix)
        return self._output

    @property
    def together(self) -> bool:
        """Whether the results of all inputs go to one place."""
        return not self._in_place and not self._folder

    def write(self, name: str, data: bytes) -> str:
        """Write an input's result to its file and return the path. Raises ``OutputError``."""
        path = self.of(name) or ""
        if self._folder and not self._made and self._output is not None:
            try:
                os.makedirs(self._output, exist_ok=True)
            except OSError as error:
                raise OutputError(f"{self._output}: cannot be made: {error.strerror or error}") from None
            self._made = True
        write(path, data)
        return path
