"""What a run has done so far, kept so that it can be killed at any moment and go on from there.

Beside the output stands a folder, ``OUTPUT.partial``:

``manifest.json``  what the run is: its inputs, its settings, the rules' digest, the day on which it began
``data``           the bytes of all chunks that are done, one behind the other
``log``            one line for each of them, written when its bytes are safely on the disk; several chunks share
                   the wait for the disk, and after a kill those that still waited for it are done again
``final``          the finished output, moved into place as the last step
``lock``           held by the run that is at work

What the log does not vouch for is cut off and done again. The output's own name appears when all is done.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import time
from typing import TYPE_CHECKING, Any

from .._files import sync_folder
from ..errors import OutputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

# Chunks share a wait for the disk for so many seconds, or bytes.
_SECONDS, _BYTES = 0.25, 16 << 20
COUNTS = ("chunks", "documents", "failed", "annotations", "claims", "imprecise", "unplaced", "size", "worst")


class Journal:
    """The working folder of one run. ``counts`` are those of all chunks that are done; their bytes end at ``end``."""

    def __init__(self, output: str) -> None:
        """Name the folder; nothing is touched yet."""
        self.output = output.rstrip("/\\") or output
        self.folder = f"{self.output}.partial"
        self.counts = dict.fromkeys(COUNTS, 0)
        self.complete = False
        self.end = 0
        self._data: Any = None
        self._log: Any = None
        self._lock: Any = None
        self._lines: list[bytes] = []  # for the log, of chunks that are not yet safely on the disk
        self._waiting = 0
        self._safe = 0.0

    def path(self, name: str) -> str:
        """Return the path of a file in the folder."""
        return os.path.join(self.folder, name)

    @property
    def exists(self) -> bool:
        """Whether an unfinished run has left its folder."""
        return os.path.exists(self.path("manifest.json"))

    # -- beginning -------------------------------------------------------------------------------

    def manifest(self) -> dict[str, Any]:
        """Return what the unfinished run was. Raises ``OutputError``."""
        try:
            with open(self.path("manifest.json"), encoding="utf-8") as file:
                found: dict[str, Any] = json.load(file)
            return found
        except (OSError, ValueError) as error:
            raise OutputError(
                f"{self.path('manifest.json')}: cannot be read: {error}; --overwrite starts anew"
            ) from None

    def check(self, *, resume: bool, overwrite: bool) -> bool:
        """Tell whether there is a run to resume.

        Raises ``UsageError`` where neither option allows to go on, ``OutputError`` where the output has no place.
        """
        if resume and overwrite:
            raise UsageError("--resume and --overwrite exclude each other")
        _check_place(self.output)
        if self.exists:
            if not resume and not overwrite:
                raise UsageError(
                    f"{self.folder} holds an unfinished run; --resume goes on with it, --overwrite starts anew"
                )
            return resume
        if not overwrite and not resume and self.taken:
            raise UsageError(f"{self.output} is there already; --overwrite replaces it")
        return False

    @property
    def taken(self) -> bool:
        """Whether there is something under the output's name; an empty folder is nothing."""
        try:
            with os.scandir(self.output) as entries:
                return next(entries, None) is not None
        except NotADirectoryError:
            return True
        except FileNotFoundError:
            return False
        except OSError:
            return os.path.lexists(self.output)

    def lock(self) -> None:
        """Make sure that no other run is at the same output. Raises ``OutputError``."""
        try:
            os.makedirs(self.folder, exist_ok=True)
            self._lock = open(self.path("lock"), "a+b")  # noqa: SIM115 - held until the run ends
        except OSError as error:
            raise OutputError(f"{self.folder}: cannot be made: {error.strerror or error}") from None
        try:
            _lock(self._lock.fileno())
        except OSError:
            self._lock.close()
            self._lock = None
            raise OutputError(f"{self.output}: another run is at work on it") from None

    def sweep(self) -> None:
        """Remove what a run has left that was stopped as its last act. Raises ``OutputError``."""
        if os.path.exists(self.folder):
            self.lock()
            self.abandon()

    def begin(self, manifest: dict[str, Any], head: bytes) -> None:
        """Begin anew. Raises ``OutputError``."""
        try:
            for name in ("manifest.json", "log", "data", "final.tmp", "final", "cache"):
                _remove(self.path(name))
            self._open("wb")
            self._write(self._data, head)
            self.end = len(head)
            self._note()
            self._commit()
            _put(self.path("manifest.json"), json.dumps(manifest, indent=1).encode())
            sync_folder(self.folder)
        except OSError as error:
            raise self.failure(error) from None

    def resume(self) -> None:
        """Go on where the last run was stopped. Raises ``OutputError``."""
        try:
            with open(self.path("log"), "rb") as file:
                log = file.read()
            good = 0
            last: dict[str, Any] | None = None
            for line in log.splitlines(keepends=True):
                try:
                    entry = json.loads(line) if line.endswith(b"\n") else None
                except ValueError:
                    entry = None
                if not isinstance(entry, dict):
                    break
                last = entry
                good += len(line)
            if last is None:
                raise OutputError(f"{self.path('log')}: is damaged; --overwrite starts anew")
            self.counts = {name: last[name] for name in COUNTS}
            self.complete = bool(last["complete"])
            self.end = last["end"]
            if self.complete:
                return
            if os.path.getsize(self.path("data")) < self.end:
                raise OutputError(f"{self.path('data')}: is cut short; --overwrite starts anew")
            os.truncate(self.path("log"), good)
            os.truncate(self.path("data"), self.end)
            self._open("ab")
        except OSError as error:
            raise self.failure(error) from None

    def _open(self, mode: str) -> None:
        # Without buffers of our own nothing that has failed is tried again when a file is closed.
        self._data = open(self.path("data"), mode, buffering=0)  # noqa: SIM115 - held until the run ends
        self._log = open(self.path("log"), mode, buffering=0)  # noqa: SIM115 - as above

    # -- going on --------------------------------------------------------------------------------

    def add(self, data: bytes, counts: dict[str, int]) -> None:
        """Keep the bytes of one more chunk; ``counts`` is added up, of ``worst`` the highest counts.

        Raises ``OutputError``; then the chunk counts as not done.
        """
        try:
            self._write(self._data, data)
            self.end += len(data)
            for name, value in counts.items():
                self.counts[name] = max(self.counts[name], value) if name == "worst" else self.counts[name] + value
            self.counts["chunks"] += 1
            self._note()
            self._waiting += len(data)
            if self._waiting >= _BYTES or time.monotonic() - self._safe >= _SECONDS:
                self._commit()
        except OSError as error:
            raise self.failure(error) from None

    def _note(self, *, complete: bool = False) -> None:
        self._lines.append(json.dumps({**self.counts, "end": self.end, "complete": complete}).encode() + b"\n")

    def _commit(self) -> None:
        """Have what was written on the disk for good, and only then vouch for it."""
        if self._lines and self._data is not None:
            self._sync(self._data)
            self._write(self._log, b"".join(self._lines))
            self._sync(self._log)
        self._lines.clear()
        self._waiting = 0
        self._safe = time.monotonic()

    @staticmethod
    def _write(file: Any, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[file.write(rest) :]

    @staticmethod
    def _sync(file: Any) -> None:
        os.fsync(file.fileno())

    def failure(self, error: OSError) -> OutputError:
        """Return the error for people when the disk does not take what is written."""
        what = error.strerror or str(error)
        return OutputError(
            f"{self.folder}: cannot be written: {what}; what is done is kept, --resume goes on from there"
        )

    # -- ending ----------------------------------------------------------------------------------

    def finish(self, make: Callable[[str, str], None]) -> None:
        """Put the output into place and remove the folder; ``make`` makes the one of ``data``.

        Every step can be the last one before a kill, and is not done twice. Raises ``OutputError``.
        """
        try:
            if not self.complete:
                self._note(complete=True)
                self._commit()
                self.complete = True
            self.close()
            data, final = self.path("data"), self.path("final")
            if not os.path.exists(final) and os.path.exists(data):
                make(data, final)
            _remove(data)
            if os.path.exists(final):
                _place(final, self.output)
                sync_folder(os.path.dirname(os.path.abspath(self.output)))
            # Without it there is no run to resume, so whatever else is left does no harm.
            os.unlink(self.path("manifest.json"))
            self.unlock()
            shutil.rmtree(self.folder, ignore_errors=True)
        except OSError as error:
            raise self.failure(error) from None

    def close(self) -> None:
        """Close the files."""
        for file in (self._data, self._log):
            if file is not None:
                try:
                    file.close()
                except OSError:  # what did not reach the disk is not vouched for
                    pass
        self._data = self._log = None

    def unlock(self) -> None:
        """Let another run go on."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def abandon(self) -> None:
        """Stop here, with all that is done; remove the folder if nothing was begun in it."""
        try:
            self._commit()
        except OSError:  # then the last of it has to be done again
            pass
        self.close()
        self.unlock()
        if not self.exists:
            shutil.rmtree(self.folder, ignore_errors=True)


def _put(path: str, data: bytes) -> None:
    aside = f"{path}.tmp"
    with open(aside, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(aside, path)


def _remove(path: str) -> None:
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    elif os.path.lexists(path):
        os.unlink(path)


def _check_place(output: str) -> None:
    """Raise ``OutputError`` where an output could not be put into place when it is done."""
    if os.path.islink(output):
        try:
            real = os.path.realpath(output, strict=True)
        except FileNotFoundError:
            real = os.path.realpath(output)
            if not os.path.isdir(os.path.dirname(real)):
                where = f"{output}: is a link to {real}, and there is no folder {os.path.dirname(real)}"
                raise OutputError(f"{where}; make it, or remove the link") from None
        except OSError as error:
            raise OutputError(f"{output}: is a link that leads nowhere: {error.strerror}; remove it") from None
    above = os.path.dirname(output)
    if above and not os.path.isdir(above):
        raise OutputError(f"{output}: there is no folder {above}")
    if os.path.exists(output) and not os.path.isfile(output) and not os.path.isdir(output):
        raise OutputError(f"{output}: is neither a file nor a folder; name one of them")


def _move(path: str, to: str) -> None:
    """Move a file over another, which may be on another disk where a link leads there."""
    try:
        os.replace(path, to)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        aside = f"{to}.annotator.tmp"
        with open(path, "rb") as source, open(aside, "wb") as copy:
            shutil.copyfileobj(source, copy, 1 << 20)
            copy.flush()
            os.fsync(copy.fileno())
        os.replace(aside, to)
        os.unlink(path)


def _place(final: str, output: str) -> None:
    """Move the finished output into place: a file over the old one, a folder's files one by one into it."""
    output = os.path.realpath(output)  # a link stays one
    if not os.path.isdir(final):
        if os.path.isdir(output):
            os.rmdir(output)
        _move(final, output)
        return
    if not os.path.lexists(output) or (os.path.isdir(output) and not os.listdir(output)):
        if os.path.isdir(output):
            os.rmdir(output)
        try:
            os.replace(final, output)
            return
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
    if not os.path.isdir(output):
        os.unlink(output)
    for folder, _, names in os.walk(final):
        there = os.path.join(output, os.path.relpath(folder, final))
        os.makedirs(there, exist_ok=True)
        for name in names:
            _move(os.path.join(folder, name), os.path.join(there, name))


def _lock(handle: int) -> None:
    """Lock a file for this process, until it closes it or ends. Raises ``OSError`` when another has it."""
    if os.name == "nt":
        import msvcrt  # there is none elsewhere

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined, unused-ignore]
    else:
        import fcntl  # nor this there

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
