"""An Office package with some parts changed or added, all else copied as it is; and the way back to the original.

Unchanged entries keep their packed bytes. What is not in the new archive any more (the packed bytes of changed
parts, the old directory) is kept in one part of ours, `UNDO`, so that `original_of` gives back the very file.
Word drops that part when it saves the document, so nothing of an older text stays hidden in an edited one.
"""

from __future__ import annotations

import json
import struct
import zlib
from typing import TYPE_CHECKING, NamedTuple

from ..errors import InputError, OutputError
from ..reading.package import DEFLATED, STORED, Package
from .seal import OPENING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from ..reading.package import Entry

UNDO = "annotator/undo.bin"

_RECORD = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_END = struct.Struct("<4s4H2LH")
_DESCRIBED = 0x8
_VERSION = 20
_NO_DATE = 0x21  # 1 January 1980, the first day that the format knows
_LIMIT = 0xFFFFFFFF
_WIDE_FIELD = 1
_LEVEL = 6
_HEAD = 1 << 20


class _Packed(NamedTuple):
    method: int
    crc: int
    size: int
    data: bytes


def repacked(
    package: Package,
    changed: Mapping[str, bytes],
    added: Sequence[tuple[str, bytes]],
    seal: str = "",
    dropped: Collection[str] = (),
) -> bytes:
    """Return the archive with new content for the entries in ``changed``, and with the entries ``added`` behind.

    With a ``seal`` the way back is added too; ``dropped`` entries are left out. Raises `OutputError` where
    the result would be larger than such an archive can be.
    """
    source = package.source
    parts: list[bytes | memoryview] = []
    steps: list[tuple[int, int]] = []
    kept: list[bytes] = []
    records: dict[str, bytes] = {}
    shifts: list[tuple[int, int]] = [(0, 0)]  # from where on entries have moved, and by how much
    here = last = 0
    view = memoryview(source)
    for entry in sorted(package.entries, key=lambda each: each.start):
        if entry.name not in changed and entry.name not in dropped:
            continue
        steps += [(here, entry.start - last), (-1, entry.end - entry.start)]
        kept.append(source[entry.start : entry.end])
        parts.append(view[last : entry.start])
        here += entry.start - last
        if entry.name in changed:
            packed = _packed(changed[entry.name])
            local = _local_of(entry, packed)
            parts += [local, packed.data]
            records[entry.name] = _record_of(entry, here, packed)
            here += len(local) + len(packed.data)
        last = entry.end
        shifts.append((entry.end, here - entry.end))
    steps += [(here, package.directory - last), (-1, len(source) - package.directory)]
    kept.append(source[package.directory :])
    parts.append(view[last : package.directory])
    here += package.directory - last
    directory = _moved(package, records, shifts, dropped)
    if seal:
        added = [*added, (UNDO, b"")]
    for name, content in added:
        packed = _packed(content)
        if name == UNDO:
            packed = _stored(_undo(seal, source, b"".join(parts), steps, kept))
        local, record = _new(name, here, packed)
        parts += [local, packed.data]
        directory.append(record)
        here += len(local) + len(packed.data)
    size = sum(map(len, directory))
    if here + size >= _LIMIT:
        raise OutputError(f"{package.path or 'the document'} with notes would be too large for a Word file")
    count = len(directory)
    ending = _END.pack(b"PK\5\6", 0, 0, count, count, size, here, len(package.comment))
    return b"".join([*parts, *directory, ending, package.comment])


def original_of(package: Package) -> bytes | None:
    """Return the archive that `repacked` was given, if this one is exactly what it made; else ``None``."""
    entry = package.find(UNDO)
    if entry is None or entry.method != STORED or entry.end != package.directory:
        return None
    source = package.source
    content = package.read(UNDO)
    line, _, rest = content.partition(b"\n")
    head, _, kept = rest.partition(b"\n")
    if not line.startswith(OPENING.encode()) or len(head) > _HEAD:
        return None
    try:
        said = json.loads(head)
        original, made, steps = said["original"], said["made"], [(int(at), int(size)) for at, size in said["steps"]]
    except (ValueError, KeyError, TypeError):
        return None
    if _digest(source[: entry.start]) != made:
        return None
    parts: list[bytes] = []
    place = done = 0
    for at, size in steps:
        if at < 0:
            parts.append(kept[place : place + size])
            place += max(size, 0)
        elif at < done or size < 0:  # nothing twice, so that it cannot grow without end
            return None
        else:
            parts.append(source[at : at + size])
            done = at + size
    found = b"".join(parts)
    return found if _digest(found) == original else None


def _undo(seal: str, source: bytes, made: bytes, steps: list[tuple[int, int]], kept: list[bytes]) -> bytes:
    head = {"original": _digest(source), "made": _digest(made), "steps": [step for step in steps if step[1]]}
    return b"".join([seal.encode(), b"\n", json.dumps(head).encode(), b"\n", *kept])


def _digest(data: bytes) -> str:
    from hashlib import sha256  # slow to import

    return sha256(data).hexdigest()


def _packed(content: bytes) -> _Packed:
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return _Packed(DEFLATED, zlib.crc32(content), len(content), packer.compress(content) + packer.flush())


def _stored(content: bytes) -> _Packed:
    return _Packed(STORED, zlib.crc32(content), len(content), content)


def _local_of(entry: Entry, packed: _Packed) -> bytes:
    """Return the header of a changed entry: its name, date and flags stay."""
    fields = _RECORD.unpack_from(entry.record)
    name = entry.record[_RECORD.size : _RECORD.size + fields[10]]
    head = (b"PK\3\4", _VERSION, entry.flags & ~_DESCRIBED, packed.method, fields[5], fields[6])
    return _LOCAL.pack(*head, packed.crc, len(packed.data), packed.size, len(name), 0) + name


def _record_of(entry: Entry, start: int, packed: _Packed | None = None) -> bytes:
    """Return an entry's record in the directory for a new place, and for new content where there is any."""
    (mark, made, needed, flags, method, time, date, crc, _, _, named, extra, remark, disk, inner, outer, _) = (
        _RECORD.unpack_from(entry.record)
    )
    name = entry.record[_RECORD.size : _RECORD.size + named]
    fields = _narrow(entry.record[_RECORD.size + named : _RECORD.size + named + extra])
    rest = entry.record[_RECORD.size + named + extra :]
    size, length = entry.size, entry.packed
    if packed is not None:
        flags, method, crc, size, length = flags & ~_DESCRIBED, packed.method, packed.crc, packed.size, len(packed.data)
    if max(size, length, start) >= _LIMIT:
        raise OutputError("the document with notes would be too large for a Word file")
    head = _RECORD.pack(
        mark, made, needed, flags, method, time, date, crc, length, size, named, len(fields), remark, disk, inner,
        outer, start,
    )  # fmt: skip
    return head + name + fields + rest


def _narrow(extra: bytes) -> bytes:
    """Return the extra fields of a record without the one for large sizes, which then stand in the record itself."""
    kept = b""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind != _WIDE_FIELD:
            kept += extra[at : at + 4 + length]
        at += 4 + length
    return kept + extra[at:]


def _moved(
    package: Package, records: dict[str, bytes], shifts: list[tuple[int, int]], dropped: Collection[str]
) -> list[bytes]:
    """Return the directory's records with the places that entries have now."""
    from bisect import bisect_right

    starts = [start for start, _ in shifts]
    found: list[bytes] = []
    for entry in package.entries:
        if entry.name in records:
            found.append(records[entry.name])
        elif entry.name not in dropped:
            shift = shifts[bisect_right(starts, entry.start) - 1][1]
            found.append(_record_of(entry, entry.start + shift))
    return found


def _new(name: str, start: int, packed: _Packed) -> tuple[bytes, bytes]:
    """Return the header and the record of an entry that is ours."""
    raw = name.encode("utf-8")
    flags = 0 if name.isascii() else 0x800
    size = len(packed.data)
    if start >= _LIMIT or packed.size >= _LIMIT:
        raise OutputError("the document with notes would be too large for a Word file")
    local = _LOCAL.pack(
        b"PK\3\4", _VERSION, flags, packed.method, 0, _NO_DATE, packed.crc, size, packed.size, len(raw), 0
    )
    record = _RECORD.pack(
        b"PK\1\2", _VERSION, _VERSION, flags, packed.method, 0, _NO_DATE, packed.crc, size, packed.size, len(raw),
        0, 0, 0, 0, 0, start,
    )  # fmt: skip
    return local + raw, record + raw


def package_of(source: bytes, path: str | None = None) -> Package | None:
    """Return the package in some bytes; ``None`` where there is none that can be read."""
    try:
        return Package(source, path)
    except InputError:
        return None
