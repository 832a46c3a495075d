"""Files of lists opened within bounds: plain, gzip and zip, read in pieces, never whole.

A file is read twice: once for its digest and encoding, once by its parser.
"""

from __future__ import annotations

import codecs
import gzip
import hashlib
import io
import os
import zipfile
import zlib
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, cast

from ...errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PIECE = 1 << 18
_HEAD = 1 << 16
_MOST_BYTES = 8 << 30
# What a packed file may grow to: lists shrink to a tenth, bombs to a thousandth.
_MOST_GROWTH = 200
_FREE_BYTES = 32 << 20
_MOST_MEMBERS = 100
_LONGEST_LINE = 16 << 20
_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
_PACK_ERRORS = (zlib.error, zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError)
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True, slots=True)
class Source:
    """One file of a list, unpacked.

    ``label`` is what messages call it: its path, and for a member of a zip file its name after ``!``.
    ``name`` is its file name alone, ``head`` its first 64 KB, ``digest`` the SHA-256 of its unpacked bytes.
    ``encoding`` is ``utf-8-sig`` or ``utf-16``, or empty where the bytes are neither; then ``bad_line`` is the
    line of the first byte that is not UTF-8. ``modified`` is the day on which the file was last changed.
    """

    label: str
    name: str
    size: int
    digest: str
    head: bytes
    encoding: str
    bad_line: int
    modified: str
    opener: Callable[[], IO[bytes]]
    packed: int

    def pieces(self) -> Iterator[bytes]:
        """Yield the unpacked bytes in pieces. Raises ``InputError``."""
        return _pieces(self.label, self.opener, self.packed)

    def lines(self, *, legacy: str = "") -> Iterator[str]:
        """Yield the lines of a text file with their ends. Raises ``InputError``.

        ``legacy`` is the encoding of older editions of the format, taken where the bytes are not UTF-8.
        """
        encoding = self.encoding or legacy
        if not encoding:
            raise InputError(f"{self.label}:{self.bad_line}: not UTF-8, in which this format is written")
        decoder = codecs.getincrementaldecoder(encoding)("strict")
        rest: list[str] = []
        held = count = 0
        try:
            for piece in self.pieces():
                for line in io.StringIO(decoder.decode(piece), newline=""):
                    rest.append(line)
                    held += len(line)
                    if line.endswith("\n"):
                        count += 1
                        if "\0" in line:
                            raise InputError(f"{self.label}:{count}: a NUL character; no text, or damaged")
                        yield "".join(rest)
                        rest, held = [], 0
                    elif held > _LONGEST_LINE:
                        raise InputError(f"{self.label}:{count + 1}: a line of more than {_LONGEST_LINE >> 20} MB")
            rest.append(decoder.decode(b"", final=True))
        except UnicodeDecodeError as error:
            raise InputError(f"{self.label}:{count + 1}: not {encoding}: {error.reason}") from None
        if last := "".join(rest):
            yield last


def open_sources(path: str) -> list[Source]:
    """Return the files in a file: itself, or what is packed in it. Raises ``InputError``."""
    start = _start(path)
    if start.startswith(_ZIP):
        return _members(path)
    name = os.path.basename(path)
    if start.startswith(_GZIP):
        name = name.removesuffix(".gz")
        return [_survey(path, name, lambda: cast("IO[bytes]", gzip.open(path, "rb")), os.path.getsize(path), path)]
    return [_survey(path, name, lambda: open(path, "rb"), 0, path)]


def _start(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(4)
    except FileNotFoundError:
        raise InputError(f"{path}: no such file") from None
    except (OSError, ValueError) as error:
        if os.path.isdir(path):
            raise InputError(f"{path}: is a folder; name the files in it") from None
        raise InputError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from None


def _members(path: str) -> list[Source]:
    found = []
    try:
        with zipfile.ZipFile(path) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
    except (*_PACK_ERRORS, OSError) as error:
        raise InputError(f"{path}: not a sound zip file: {error}") from None
    if len(members) > _MOST_MEMBERS:
        raise InputError(f"{path}: {len(members)} files in one zip file; at most {_MOST_MEMBERS} are read")
    for member in members:
        if member.flag_bits & 1:
            raise InputError(f"{path}!{member.filename}: is encrypted; unpack it first")

        def opener(name: str = member.filename) -> IO[bytes]:
            # The archive is closed when its only member in use is.
            archive = zipfile.ZipFile(path)
            try:
                return archive.open(name)
            finally:
                archive.close()

        name = os.path.basename(member.filename)
        source = _survey(f"{path}!{member.filename}", name, opener, max(member.compress_size, 1), path)
        if source.head.startswith((_ZIP, _GZIP)):
            raise InputError(f"{source.label}: is packed a second time; unpack it first")
        found.append(source)
    return found


def _pieces(label: str, opener: Callable[[], IO[bytes]], packed: int) -> Iterator[bytes]:
    total = 0
    try:
        with opener() as stream:
            while piece := stream.read(_PIECE):
                total += len(piece)
                if total > _MOST_BYTES:
                    raise InputError(f"{label}: larger than {_MOST_BYTES >> 30} GB")
                if packed and total > _FREE_BYTES and total > packed * _MOST_GROWTH:
                    raise InputError(f"{label}: grows to more than {_MOST_GROWTH} times its packed size; not read on")
                yield piece
    except _PACK_ERRORS as error:
        raise InputError(f"{label}: packed data is damaged or cut short: {error}") from None
    except OSError as error:
        raise InputError(f"{label}: cannot be read: {error.strerror or error}") from None


def _survey(label: str, name: str, opener: Callable[[], IO[bytes]], packed: int, path: str) -> Source:
    from datetime import UTC, datetime  # the command line starts without it

    digest = hashlib.sha256()
    head = b""
    size = 0
    lines = 1
    bad_line = 0
    decoder = codecs.getincrementaldecoder("utf-8")()
    for piece in _pieces(label, opener, packed):
        digest.update(piece)
        size += len(piece)
        if len(head) < _HEAD:
            head += piece[: _HEAD - len(head)]
        if not bad_line:
            try:
                decoder.decode(piece)
                lines += piece.count(b"\n")
            except UnicodeDecodeError as error:
                bad_line = lines + error.object.count(b"\n", 0, error.start)
    if not bad_line:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            bad_line = lines
    encoding = next((known for mark, known in _BOMS if head.startswith(mark)), "")
    if encoding != "utf-16":
        encoding = "" if bad_line else "utf-8-sig"
    modified = datetime.fromtimestamp(os.path.getmtime(path), UTC).date().isoformat()
    return Source(label, name, size, digest.hexdigest(), head, encoding, bad_line, modified, opener, packed)
