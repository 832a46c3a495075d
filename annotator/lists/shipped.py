"""The copy of the official lists that ships with the program, made into a store at first use.

``snapshot/`` beside this module holds it as one packed text, with a manifest that tells of which days it is;
its README describes the format. The store, and the index of names beside it, go into the cache's folder, and into
memory where that cannot be written.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from ..errors import InputError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator

    from .names.index import Layered, NameIndex
    from .store import ListStatus, Store

HEAD = "annotator lists 1"
LISTS_FILE = "lists.txt.xz"
MANIFEST = "manifest.json"
FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "snapshot")
NAME = "the lists that ship with the program"
_VERSION = 1
_HELD, _GONE = "1", "0"
_SOMETHING = "{}"


def manifest() -> dict[str, Any]:
    """Return what the manifest says: ``digest`` names the content, ``lists`` tell of each list and its newest copy.

    Raises ``InputError`` where the snapshot is missing from the installation.
    """
    path = os.path.join(FOLDER, MANIFEST)
    try:
        with open(path, "rb") as file:
            found: dict[str, Any] = json.loads(file.read())
        if found["version"] != _VERSION:
            raise InputError(f"{path}: made for another version of this program; install it again, or use --no-lists")
        if not os.path.exists(os.path.join(FOLDER, LISTS_FILE)):
            raise FileNotFoundError
    except FileNotFoundError:
        raise InputError(
            f"{FOLDER}: {NAME} are missing from this installation; install it again, or use --no-lists"
        ) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path}: cannot be read ({error}); install the program again, or use --no-lists") from None
    return found


def statuses(known: dict[str, Any] | None = None) -> list[ListStatus]:
    """Return the lists of the snapshot, in the order of their ids."""
    from .store import ListStatus

    return [
        ListStatus(**{**one, "files": tuple(one["files"])}) for one in (manifest() if known is None else known)["lists"]
    ]


def digest_of(known: dict[str, Any]) -> str:
    """Return the digest of the store that the snapshot is made into."""
    return f"{known['digest']}"


def store_path(known: dict[str, Any]) -> str | None:
    """Return where the store is kept, ``None`` where there is no cache."""
    from ..rulebook._store import cache_folder
    from .store import VERSION

    folder = cache_folder()
    return folder and os.path.join(folder, f"lists-{VERSION}-{known['digest'][:16]}.db")


def opened(known: dict[str, Any], say: Callable[[str], None] | None = None) -> tuple[Store, NameIndex | Layered]:
    """Return the snapshot as a store with its index, both made where they are not there yet; ``say`` tells of that."""
    from .names.index import fresh

    digest = digest_of(known)
    path = store_path(known)
    store = open_store(known)
    index = fresh(f"{path}.names", digest) if path and store is not None else None
    if store is not None and index is not None:
        return store, index
    if say is not None:
        say("making the index of the official lists; this takes some seconds, once")
    from .names.build import build, in_memory

    store = make_store(known) if store is None else store
    if path is not None and store.path == path:
        try:
            return store, build(store, f"{path}.names", digest)
        except OSError:
            pass
    return store, in_memory(store, digest)


def searchable(known: dict[str, Any], say: Callable[[str], None] | None = None) -> Store:
    """Return the snapshot as a store in which entries are found by name too, which no article needs."""
    from .formats._text import fold_name
    from .store import Store

    store = open_store(known)
    if store is None:
        if say is not None:
            say("making a store of the official lists; this takes some seconds, once")
        store = make_store(known)
    if store.connection.execute("SELECT 1 FROM name LIMIT 1").fetchone() is None:
        rows = {
            (folded, key) for key, entry in store.entries() for name in entry.names if (folded := fold_name(name.text))
        }
        if store.path == store_path(known):
            store.close()
            store = Store.open(store.path, readonly=False)
        store.connection.execute("BEGIN")
        store.connection.executemany("INSERT OR IGNORE INTO name VALUES (?, ?)", sorted(rows))
        store.connection.execute("COMMIT")
    return store


def open_store(known: dict[str, Any]) -> Store | None:
    """Return the store that is kept in the cache, ``None`` where there is none that is whole."""
    from ..errors import AnnotatorError
    from .store import Store

    path = store_path(known)
    if path is None or not os.path.exists(path):
        return None
    try:
        store = Store.open(path)
    except AnnotatorError:
        return None
    try:
        if store.digest() == digest_of(known):
            return store
    except AnnotatorError:
        pass
    store.close()
    return None


def throw_away(known: dict[str, Any]) -> None:
    """Take the store and its index out of the cache, so that they are made anew."""
    path = store_path(known)
    for name in (path, f"{path}.names"):
        if path is not None and name is not None and os.path.exists(name):
            os.unlink(name)


def make_store(known: dict[str, Any]) -> Store:
    """Return the snapshot as a store: kept in the cache where that can be written, else in memory.

    Raises ``InputError`` where the snapshot is damaged.
    """
    import sqlite3
    import tempfile

    from .store import Store

    text = _text(known)
    path = store_path(known)
    if path is not None:
        temporary = ""
        try:
            folder = os.path.dirname(path)
            os.makedirs(folder, mode=0o700, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=folder, prefix=".lists-new-")
            os.close(handle)
            _write(temporary, text, known)
            _flush(temporary)
            os.replace(temporary, path)
            return Store.open(path)
        except (OSError, sqlite3.OperationalError):
            if (found := open_store(known)) is not None:  # another run was faster
                return found
        finally:
            if temporary and os.path.exists(temporary):
                os.unlink(temporary)
    return Store(f"{NAME} (in memory)", _write(":memory:", text, known))


def _flush(path: str) -> None:
    with open(path, "rb+") as file:
        os.fsync(file.fileno())


def _text(known: dict[str, Any]) -> str:
    import lzma
    from hashlib import sha256

    path = os.path.join(FOLDER, LISTS_FILE)
    try:
        with open(path, "rb") as file:
            data = lzma.decompress(file.read())
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from None
    except (lzma.LZMAError, EOFError):
        data = b""
    if sha256(data).hexdigest() != known["digest"]:
        raise InputError(f"{path}: {NAME} are damaged; install the program again, or use --no-lists")
    return data.decode("utf-8")


def _write(path: str, text: str, known: dict[str, Any]) -> sqlite3.Connection:
    """Make a store of the text; return the connection to it, closed unless it is in memory."""
    import sqlite3

    from .store import Store

    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        store = Store(path, connection)
        store.create()
        _fill(connection, text)
        for one in known["lists"]:
            connection.execute(
                "UPDATE list SET entries = ?, removed = ? WHERE id = ?", (one["entries"], one["removed"], one["id"])
            )
        connection.execute("UPDATE meta SET value = ? WHERE name = 'digest'", (digest_of(known),))
        connection.execute("COMMIT")
    except BaseException:
        connection.close()
        raise
    if path != ":memory:":
        connection.close()
    return connection


def _fill(connection: sqlite3.Connection, text: str) -> None:
    """Put lists, copies and entries into an empty store."""
    list_, jurisdiction = "", ""
    copies: list[tuple[int, str]] = []
    number = key = 0
    entries: list[tuple[Any, ...]] = []
    versions: list[tuple[Any, ...]] = []
    lines = iter(text.splitlines())
    if next(lines, "") != HEAD:
        raise InputError(f"{FOLDER}: {NAME} are in another format; install the program again, or use --no-lists")
    for line in lines:
        kind, _, rest = line.partition("\t")
        if kind == "list":
            list_, title, jurisdiction = rest.split("\t")
            connection.execute("INSERT INTO list VALUES (?, ?, ?, 0, 0)", (list_, title, jurisdiction))
            copies = []
        elif kind == "copy":
            day, day_from, format_, digest, count, partial, names = rest.split("\t")
            number += 1
            copies.append((number, day))
            files = json.dumps([{"name": name} for name in json.loads(names)])
            row = (number, list_, day, day_from, format_, digest, files, int(count), int(partial))
            connection.execute("INSERT INTO snapshot VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        else:
            other, held, body = rest.split("\t", 2)
            key += 1
            told = list(_told(held, copies))
            holding = [n for n, _, there in told if there]
            first, seen = holding[0], holding[-1]
            gone = None if told[-1][2] else told[-1][0]
            entries.append((key, list_, kind, other, jurisdiction, body, first, seen, gone))
            # Whether a copy holds it is all that the snapshot knows of older ones.
            versions += [(key, day, n, _SOMETHING if there else None) for n, day, there in told]
    connection.executemany("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", entries)
    connection.executemany("INSERT INTO version VALUES (?, ?, ?, ?)", versions)


def _told(held: str, copies: list[tuple[int, str]]) -> Iterator[tuple[int, str, bool]]:
    """Yield the copies that tell something new of an entry: number, date, and whether they hold it."""
    before = _GONE
    for (number, day), one in zip(copies, held, strict=True):
        if one in {_HELD, _GONE} and one != before:
            yield number, day, one == _HELD
            before = one
