"""Make an index of names: in bounded memory, aside, and moved into place when it is whole.

Two passes over the entries. The first counts words, to know how rare each is; the second makes forms. Forms
go to partitions on disk by the hash of their keys and are sorted there one partition at a time.
"""

from __future__ import annotations

import errno
import io
import json
import mmap
import os
import shutil
import stat
import struct
import sys
import tempfile
import time
from array import array
from collections import Counter
from typing import IO, TYPE_CHECKING, Any
from zlib import crc32

from ..._files import sync_folder
from ..entries import WEAK as WEAK_QUALITY
from . import legal
from .forms import BARE, CORE, IDENTIFIER, SCRIPT, SPOKEN, Form, forms, script_form, table_key
from .index import (
    HEAD,
    MAGIC,
    MORE_NAMES,
    PERSON,
    SPELLING,
    VESSEL,
    WEAK,
    Growing,
    Layered,
    NameIndex,
    begins,
    checksum,
    fresh,
    sound,
    stamp,
    unparted,
    vocabulary,
)
from .places import countries
from .rarity import MOST_BITS, Rarity, ordinary, widely_known
from .scripts import pack
from .spelling import HONORIFICS, tokens

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..entries import Entry, Name
    from .index import StoreLike

_WORST = (9, 9)
_MOST_NAMES = 1 << 17  # whose forms are kept while an index is made
_MOST_MORE = 8  # what a small index may hold of the entries: one in so many
_PARTITIONS = 64
_MOST_WORDS = 200_000  # that are counted before they go to the table of fixed size
_MOST_ENTRIES = 400  # of one form: nobody can tell more apart
_IDENTIFIERS = ("imo", "crypto")
_ALIGN = 64
_BITS_OF_A_LETTER, _BITS_OF_A_SYLLABLE = 3, 7
_TOLD = 500  # entries after which progress is told
_LEFT_BEHIND = 3600.0  # seconds after which what a builder wrote aside is nobody's
_LEAST, _LEAST_OF_ONE_NAME, _LEAST_OF_WORDS = 9, 14, 5


def build(
    store: StoreLike, path: str, digest: str, progress: Callable[[int], None] | None = None
) -> NameIndex | Layered:
    """Make the index of a store at ``path`` and open it; of what few snapshots changed a small one beside it.

    ``progress`` is called now and then with the entries that are in it so far.

    Where the folder cannot be written, or the disk is full, the index goes to the cache's folder. Raises ``OSError``
    when it can be written nowhere.
    """
    from ...rulebook._store import cache_folder

    folder = cache_folder()
    elsewhere = folder and os.path.join(folder, f"names-{crc32(f'{digest} {stamp()}'.encode()):08x}.bin")
    if elsewhere and os.path.exists(elsewhere) and (found := fresh(elsewhere, digest)):
        return found
    mode = _mode_of(path.removesuffix(".names"))
    try:
        more = _build_more(store, path, digest, mode, progress)
        return more or _build_in(store, path, digest, mode, progress=progress)
    except OSError as error:
        if error.errno not in {errno.EROFS, errno.ENOSPC, errno.EACCES, errno.EPERM}:
            raise
        if folder is None or elsewhere is None:
            raise OSError(error.errno, f"{error.strerror}; nor is there a cache folder") from None
    os.makedirs(folder, mode=0o700, exist_ok=True)
    return _build_in(store, elsewhere, digest, None, progress=progress)


def in_memory(store: StoreLike, digest: str) -> NameIndex:
    """Make the index of a store where nothing can be written."""
    file = io.BytesIO()
    _Builder(store, digest, None, None, []).write(file)
    return NameIndex(file.getvalue())


def _mode_of(store_path: str) -> int | None:
    """Return who may read and write a store: whoever reads it is to read its index too."""
    try:
        return stat.S_IMODE(os.stat(store_path).st_mode)
    except OSError:
        return None


def _build_more(
    store: StoreLike, path: str, digest: str, mode: int | None, progress: Callable[[int], None] | None
) -> Layered | None:
    """Make a small index of what changed since that at ``path`` was made; ``None`` where that must be made anew."""
    base = sound(path)
    if base is None:
        return None
    mark = base.head["mark"]
    keys = store.changed(mark, base.digest) if mark and isinstance(store, Growing) else None
    if keys is None or len(keys) * _MOST_MORE > base.head["entries"]:
        base.close()
        return None
    more = _build_in(store, path + MORE_NAMES, digest, mode, base=base, keys=keys, progress=progress)
    return Layered(base, more)


def _build_in(
    store: StoreLike,
    path: str,
    digest: str,
    mode: int | None,
    *,
    base: NameIndex | None = None,
    keys: list[int] | None = None,
    progress: Callable[[int], None] | None = None,
) -> NameIndex:
    folder, name = os.path.split(os.path.abspath(path))
    prefix = f".{name}.new-"
    _sweep(folder, prefix)
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=prefix)
    try:
        with os.fdopen(handle, "wb") as file, tempfile.TemporaryDirectory(dir=folder, prefix=prefix) as parts:
            builder = _Builder(store, digest, parts, base, keys or [])
            builder.progress = progress
            builder.write(file)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            os.chmod(temporary, mode)
        try:
            os.replace(temporary, path)
            sync_folder(folder)
        except PermissionError:
            # Windows: another process has the old one mapped, or just put the same new one there.
            found = sound(path)
            if found is None or found.digest != digest:
                raise
            return found
    finally:
        if os.path.exists(temporary):
            os.unlink(temporary)
    return NameIndex(path)


def _sweep(folder: str, prefix: str) -> None:
    """Take away what builders left that were killed; one that is still at work has written within the hour."""
    try:
        left = [entry for entry in os.scandir(folder) if entry.name.startswith(prefix)]
    except OSError:
        return
    for entry in left:
        try:
            if time.time() - entry.stat(follow_symlinks=False).st_mtime < _LEFT_BEHIND:
                continue
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path, ignore_errors=True)
            else:
                os.unlink(entry.path)
        except OSError:
            continue


def _tells(form: Form, table: str, bits: int, names: int, *, person: bool) -> bool:
    """Tell whether a form could be noted at all: no ordinary word, given name or country, and not too little."""
    if form.kind == IDENTIFIER:
        return True
    words = table.split(" ")
    if not person and form.kind in {SPOKEN, BARE} and len(words) > 1 and bits >= _LEAST_OF_WORDS:
        return table not in countries()
    if table in countries() or all(word.isdigit() for word in words):
        return False
    if len(words) == 1:
        if words[0] in legal.forms() or words[0] in HONORIFICS:
            return False
        if form.kind == CORE and widely_known(form.words[0]):
            return False
        least = _LEAST_OF_ONE_NAME if person or form.kind == CORE else _LEAST
        return names > 0 and bits >= least and words[0] not in ordinary()
    if form.kind == CORE and (not names or all(widely_known(word) for word in form.words)):
        return False
    return bits >= _LEAST


class _Builder:
    def __init__(
        self, store: StoreLike, digest: str, folder: str | None, base: NameIndex | None, keys: list[int]
    ) -> None:
        self.store = store
        self.digest = digest
        self.base = base
        self.keys = keys
        self.progress: Callable[[int], None] | None = None
        self.rarity = Rarity() if base is None else Rarity.of(base.counts())
        self.parts: list[IO[bytes]] = [
            io.BytesIO() if folder is None else open(os.path.join(folder, str(number)), "w+b")  # noqa: SIM115 - closed at the end of write
            for number in range(_PARTITIONS)
        ]
        self.pairs = bytearray(1 << (21 if base is None else 16))
        self.pair_mask = 8 * len(self.pairs) - 1
        self.known: dict[tuple[str, str, bool], list[tuple[bytes, int, int, int]]] = {}
        self.scripts: set[str] = set()
        self.count = 0
        self.entries = 0
        self.names = 0
        self.dropped = 0

    def write(self, file: IO[bytes]) -> None:
        """Write the whole index into a file."""
        if self.base is None:
            words: Counter[str] = Counter()
            for _, entry in self.store.entries():
                for name in entry.names:
                    words.update(tokens(name.text)[:16])
                if len(words) > _MOST_WORDS:
                    self.rarity.count(words)
                    words.clear()
            self.rarity.count(words)
            for key, entry in self.store.entries():
                self.entries += 1
                self.add(key, entry)
        else:
            assert isinstance(self.store, Growing)
            for key in self.keys:
                self.entries += 1
                self.add(key, self.store.entry(key))
        try:
            self.finish(file)
        finally:
            for part in self.parts:
                part.close()

    def add(self, key: int, entry: Entry) -> None:
        """Take in the forms of one entry."""
        if self.progress is not None and not self.entries % _TOLD:
            self.progress(self.entries)
        kind = (PERSON if entry.type == "person" else 0) | (VESSEL if entry.type == "vessel" else 0)
        seen: dict[bytes, tuple[int, int]] = {}
        for name in entry.names:
            self.names += 1
            flags = kind | (WEAK if name.quality == WEAK_QUALITY else 0)
            weak = flags & WEAK
            for table, form, bits, names in self.told(entry, name):
                # Unless the entry has a form with the same key that is as good.
                if seen.get(table, _WORST) > (weak, form):
                    seen[table] = (weak, form)
                    self.row(table, key, form, flags, bits, names)
            script = script_form(name)
            if script:
                self.scripts.add(script)
                # A syllable or an ideograph tells more than a letter.
                worth = _BITS_OF_A_SYLLABLE if unparted(script) else _BITS_OF_A_LETTER
                bits = min(MOST_BITS, worth * sum(char.isalpha() for char in script))
                self.row(b"\0" + script.encode(), key, SCRIPT, flags, bits, len(script.split()))
        for label, value in entry.identifiers:
            word = value.strip().lower()
            if label.split(":")[0] in _IDENTIFIERS and word.isascii() and word.isalnum() and len(word) > 5:
                table = word.encode()
                self.begin(table)
                self.row(table, key, IDENTIFIER, kind, 60, 1)

    def told(self, entry: Entry, name: Name) -> list[tuple[bytes, int, int, int]]:
        """Return the forms of a name that tell something: key, kind, bits, and how many of its words are names.

        Several lists name the same people: what was worked out for a name is kept for the next entry that has it.
        """
        person = entry.type == "person"
        one = (name.text.lower(), str(name.parts).lower() if name.parts else "", person)
        found = self.known.get(one)
        if found is not None:
            return found
        if len(self.known) >= _MOST_NAMES:
            self.known.clear()
        best: dict[str, tuple[int, int, int]] = {}
        for form in forms(entry, name):
            table = table_key(form.words, person=person)
            if table in best and best[table][0] <= form.kind:
                continue
            bits, names = self.rarity.form(form.words, person=person)
            if _tells(form, table, bits, names, person=person):
                best[table] = (form.kind, bits, names)
            else:
                self.dropped += 1
        found = self.known[one] = [(table.encode()[:255], *told) for table, told in best.items()]
        for key, *_ in found:
            self.begin(key)
        return found

    def begin(self, table: bytes) -> None:
        """Put what a key begins with into the filter."""
        for begin in begins(table):
            bit = crc32(begin) & self.pair_mask
            self.pairs[bit >> 3] |= 1 << (bit & 7)

    def row(self, table: bytes, key: int, kind: int, flags: int, bits: int, names: int) -> None:
        """Put one row into its partition."""
        table = table[:255]
        number = crc32(table)
        self.parts[number % _PARTITIONS].write(
            struct.pack("<IBIBBBB", number, len(table), key, kind, flags, bits, min(names, 255)) + table
        )
        self.count += 1

    def finish(self, file: IO[bytes]) -> None:
        """Sort the partitions into the table, and write all sections with their directory."""
        buckets = 1 << max(8, (self.count // 2).bit_length())
        file.write(b"\0" * HEAD)
        sections: dict[str, list[int]] = {}

        def section(name: str, data: bytes) -> None:
            sections[name] = [file.tell(), len(data)]
            file.write(data)
            file.write(b"\0" * (-file.tell() % _ALIGN))

        for name, data in zip(SPELLING, vocabulary(), strict=True):
            section(name, data)
        section("pairs", bytes(self.pairs))
        scripts = pack(sorted(self.scripts))
        section("scripts", scripts)
        # The bucket of a key is the low bits of its hash; a partition holds whole buckets, so records are
        # written partition by partition, and where each bucket starts is noted.
        offsets = array("I", bytes(8 * buckets))
        start = file.tell()
        position = 0
        rows = 0
        for part in self.parts:
            for bucket, records in _sorted(part, buckets):
                rows += len(records)
                data = b"".join(records)
                offsets[2 * bucket] = position
                position += len(data)
                offsets[2 * bucket + 1] = position
                file.write(data)
        sections["records"] = [start, position]
        file.write(b"\0" * (-file.tell() % _ALIGN))
        section("offsets", _little(offsets))
        section("counts", self.rarity.packed() if self.base is None else b"")
        section("superseded", _little(array("I", self.keys)))
        size = file.tell()
        file.flush()
        if isinstance(file, io.BytesIO):
            total = checksum(file.getvalue())
        else:
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as whole:
                total = checksum(whole)
        head: dict[str, Any] = {
            "version": stamp(), "digest": self.digest, "sections": sections, "size": size, "sum": total,
            "pairs": self.pair_mask + 1, "buckets": buckets, "scripts": len(self.scripts) if scripts else 0,
            "entries": self.entries, "names": self.names, "forms": rows, "dropped": self.dropped,
            "mark": self.store.mark() if self.base is None and isinstance(self.store, Growing) else 0,
            "base": self.base.digest if self.base else "",
        }  # fmt: skip
        text = json.dumps(head).encode()
        start_of_file = MAGIC + b"%08x\n" % crc32(text) + text
        if len(start_of_file) > HEAD:
            raise ValueError("a digest of a store is a short text")
        file.seek(0)
        file.write(start_of_file)


def _little(numbers: array[int]) -> bytes:
    """Return numbers as an index holds them, the lowest byte first; they are used up."""
    if sys.byteorder != "little":
        numbers.byteswap()
    return numbers.tobytes()


def _sorted(part: IO[bytes], buckets: int) -> list[tuple[int, list[bytes]]]:
    """Return a partition's records by bucket: one record for each key, with its entries in order."""
    part.seek(0)
    data = part.read()
    size = struct.calcsize("<IBIBBBB")
    keys: dict[bytes, list[tuple[int, int, int, int, int, int]]] = {}
    at = 0
    while at < len(data):
        number, length, key, kind, flags, bits, names = struct.unpack_from("<IBIBBBB", data, at)
        at += size
        keys.setdefault(data[at : at + length], []).append((key, kind, flags, bits, names, number))
        at += length
    grouped: dict[int, list[bytes]] = {}
    for table in sorted(keys):
        best: dict[int, tuple[int, int]] = {}
        bits, names, number = MOST_BITS, 0, 0
        for key, kind, flags, one, two, number in keys[table]:  # noqa: B007 - the same for all rows of a key
            rank = (flags & WEAK, kind)
            if key not in best or rank < (best[key][1] & WEAK, best[key][0]):
                best[key] = (kind, flags)
            bits, names = min(bits, one), max(names, two)
        rows = [(key, *best[key]) for key in sorted(best)][:_MOST_ENTRIES]
        body = table + b"".join(struct.pack("<IBB", *row) for row in rows)
        record = struct.pack("<HBBBH", 7 + len(body), len(table), bits, names, len(rows)) + body
        grouped.setdefault(number & (buckets - 1), []).append(record)
    return sorted(grouped.items())
