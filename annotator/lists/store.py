"""The store of lists: one SQLite file with every entry, and what each snapshot added, changed or removed.

Its schema is described in ``docs/lists.md``.
"""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Self

from ..errors import InputError, OutputError
from .entries import Entry, Name
from .formats._text import fold_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Goes into the store's digest: the same file read by a better reader is not the same content.
_READERS = "1"
APPLICATION = 0x414E4C53  # "ANLS"
VERSION = 1
# How long a run waits for another that writes.
_PATIENCE = 30.0

_SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE list (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    jurisdiction TEXT NOT NULL,
    entries INTEGER NOT NULL,
    removed INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE snapshot (
    id INTEGER PRIMARY KEY,
    list TEXT NOT NULL REFERENCES list,
    date TEXT NOT NULL,
    date_from TEXT NOT NULL,
    format TEXT NOT NULL,
    digest TEXT NOT NULL,
    files TEXT NOT NULL,
    entries INTEGER NOT NULL,
    partial INTEGER NOT NULL,
    UNIQUE (list, digest)
);
CREATE INDEX snapshot_order ON snapshot (list, date, id);
CREATE TABLE entry (
    key INTEGER PRIMARY KEY,
    list TEXT NOT NULL REFERENCES list,
    reference TEXT NOT NULL,
    other TEXT NOT NULL,
    jurisdiction TEXT NOT NULL,
    body TEXT NOT NULL,
    first INTEGER NOT NULL REFERENCES snapshot,
    seen INTEGER NOT NULL REFERENCES snapshot,
    gone INTEGER REFERENCES snapshot,
    UNIQUE (list, reference)
);
CREATE INDEX entry_reference ON entry (reference COLLATE NOCASE);
CREATE INDEX entry_other ON entry (list, other) WHERE other <> '';
CREATE TABLE version (
    entry INTEGER NOT NULL REFERENCES entry,
    date TEXT NOT NULL,
    snapshot INTEGER NOT NULL REFERENCES snapshot,
    body TEXT,
    PRIMARY KEY (entry, date, snapshot)
) WITHOUT ROWID;
CREATE INDEX version_snapshot ON version (snapshot);
CREATE TABLE name (
    folded TEXT NOT NULL,
    entry INTEGER NOT NULL REFERENCES entry,
    PRIMARY KEY (folded, entry)
) WITHOUT ROWID;
"""

# Fields of an entry that its body holds; the others are columns, or follow from the history.
_TEXTS = ("type", "listed_on", "amended_on", "removed_on", "url")
_TUPLES = ("programmes", "legal_basis", "positions", "births", "nationalities", "countries")


@dataclass(frozen=True, slots=True)
class ListStatus:
    """One list of a store.

    ``date`` is the date of its newest snapshot that holds the whole list (``partial`` where there is none and it
    is of a part), ``date_from`` where that is from (``file``, ``option``,
    ``name``, ``listings``, ``modified``), ``entries`` the number of entries that it holds now, ``removed`` of
    those that it held before. ``digest`` is the SHA-256 of the newest snapshot's files, ``files`` are their
    names. ``oldest`` is the date of the oldest snapshot, ``snapshots`` their number. ``revision`` changes
    with every import into the list.
    """

    id: str
    title: str
    jurisdiction: str
    date: str
    entries: int
    digest: str
    files: tuple[str, ...]
    date_from: str = "file"
    format: str = ""
    removed: int = 0
    oldest: str = ""
    snapshots: int = 0
    revision: str = ""
    partial: bool = False


def chained(digest: str, list_: str, date: str, files: str) -> str:
    """Return the digest of a store after a snapshot is put in: of the digest before, the list, its date and files."""
    return sha256(f"{digest}\n{list_}\n{date}\n{files}\n{_READERS}".encode()).hexdigest()


def body_of(entry: Entry) -> str:
    """Return what a snapshot says of an entry as JSON, always in the same words for the same entry."""
    body: dict[str, Any] = {name: value for name in _TEXTS if (value := getattr(entry, name))}
    body["names"] = [
        [name.text, name.role, name.quality, name.script, *([list(map(list, name.parts))] if name.parts else ())]
        for name in entry.names
    ]
    body |= {name: list(value) for name in _TUPLES if (value := getattr(entry, name))}
    if entry.identifiers:
        body["identifiers"] = [list(pair) for pair in entry.identifiers]
    return dump(body)


def dump(body: dict[str, Any]) -> str:
    """Return the JSON of a body: no blanks, its keys in an order of their own."""
    return _ENCODER.encode(body)


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def entry_of(
    list_: str,
    reference: str,
    jurisdiction: str,
    body: str,
    *,
    first_seen: str | None = None,
    last_seen: str | None = None,
    missing_from: str | None = None,
) -> Entry:
    """Return the entry that a body of `body_of` tells of."""
    data = json.loads(body)
    return Entry(
        list_,
        reference,
        jurisdiction,
        data["type"],
        tuple(map(_name, data["names"])),
        programmes=tuple(data.get("programmes", ())),
        legal_basis=tuple(data.get("legal_basis", ())),
        listed_on=data.get("listed_on"),
        amended_on=data.get("amended_on"),
        removed_on=data.get("removed_on"),
        first_seen=first_seen,
        last_seen=last_seen,
        missing_from=missing_from,
        positions=tuple(data.get("positions", ())),
        births=tuple(data.get("births", ())),
        nationalities=tuple(data.get("nationalities", ())),
        countries=tuple(data.get("countries", ())),
        identifiers=tuple((kind, value) for kind, value in data.get("identifiers", ())),
        url=data.get("url", ""),
    )


def _name(data: list[Any]) -> Name:
    parts = tuple((kind, words) for kind, words in data[4]) if len(data) > _PLAIN else ()
    return Name(data[0], data[1], data[2], data[3], parts)


# Names without parts have this many fields.
_PLAIN = 4


class Store:
    """One store of lists. Use it as a context manager, or close it.

    All methods raise ``InputError`` where the file turns out to be damaged.
    """

    def __init__(self, path: str, connection: sqlite3.Connection) -> None:
        """Use `open` instead."""
        self.path = path
        self.connection = connection

    @classmethod
    def open(cls, path: str | os.PathLike[str], *, create: bool = False, readonly: bool = True) -> Store:
        """Open a store; with ``create`` one that is not there is made when something is first put into it.

        ``readonly`` does not write, whatever happens; it is off with ``create``. Raises ``InputError`` for a
        file that is missing, no store, or of a newer version, and ``OutputError`` for one that cannot be
        written.
        """
        path = os.fspath(path)
        readonly = readonly and not create
        if os.path.isdir(path):
            raise InputError(f"{path}: is a folder, not a store of lists")
        if not create and not os.path.exists(path):
            raise InputError(
                f"{path}: no such store of lists; make one with: annotator lists import FILE --into {path}"
            )
        # After a run that was killed SQLite has to put the file right before anyone can read it.
        broken_off = readonly and os.path.exists(f"{path}-journal") and os.access(path, os.W_OK)
        mode = "ro" if readonly and not broken_off else "rwc" if create else "rw"
        if not readonly and os.path.exists(path) and not os.access(path, os.W_OK):
            raise OutputError(f"{path}: cannot be written: no permission")
        try:
            connection = sqlite3.connect(
                f"file:{_in_address(os.path.abspath(path))}?mode={mode}",
                uri=True,
                timeout=_PATIENCE,
                isolation_level=None,
                check_same_thread=False,
            )
        except sqlite3.Error as error:
            raise OutputError(f"{path}: cannot be opened: {error}") from None
        store = cls(path, connection)
        try:
            with store.faults():
                if readonly:
                    connection.execute("PRAGMA query_only = ON")
                store.check(create=create)
        except BaseException:
            connection.close()
            raise
        return store

    def check(self, *, create: bool) -> None:
        """Make sure that this is a store that can be read. Raises ``InputError``."""
        execute = self.connection.execute
        # In one transaction, since another run may be making the store just now.
        own = not self.connection.in_transaction
        if own:
            execute("BEGIN")
        (tables,) = execute("SELECT count(*) FROM sqlite_master").fetchone()
        (application,) = execute("PRAGMA application_id").fetchone()
        (version,) = execute("PRAGMA user_version").fetchone()
        if own:
            execute("COMMIT")
        if application != APPLICATION and (tables or not create):
            raise InputError(
                f"{self.path}: not a store of lists" if tables else f"{self.path}: an empty file, no store"
            )
        if version > VERSION:
            raise InputError(
                f"{self.path}: made by a newer version of this program (store version {version}, known up to {VERSION})"
            )

    @contextmanager
    def faults(self) -> Iterator[None]:
        """Turn what SQLite complains of into our own errors."""
        try:
            yield
        except sqlite3.OperationalError as error:
            raise _fault(self.path, error) from None
        except sqlite3.DatabaseError as error:
            raise InputError(f"{self.path}: not a store of lists, or damaged: {error}") from None

    def create(self) -> None:
        """Lay out an empty store where there is none yet; within a transaction."""
        (tables,) = self.connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if tables:
            return
        for statement in _SCHEMA.split(";"):
            if statement.strip():
                self.connection.execute(statement)
        self.connection.execute(f"PRAGMA application_id = {APPLICATION}")
        self.connection.execute(f"PRAGMA user_version = {VERSION}")
        self.connection.execute("INSERT INTO meta VALUES ('digest', ?)", (sha256(b"").hexdigest(),))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self.connection.close()

    def digest(self) -> str:
        """Return a text that changes whenever the content does; the same imports in the same order give the same."""
        with self.faults():
            row = self.connection.execute("SELECT value FROM meta WHERE name = 'digest'").fetchone()
        return str(row[0]) if row else ""

    def mark(self) -> int:
        """Return the number of the newest snapshot, by which `changed` tells what came after it."""
        with self.faults():
            return int(self.connection.execute("SELECT coalesce(max(id), 0) FROM snapshot").fetchone()[0])

    def changed(self, mark: int, digest: str) -> list[int] | None:
        """Return the keys of entries that snapshots after a mark added, changed or removed.

        ``digest`` is that of the store at the mark; ``None`` where this store does not come of that one.
        """
        with self.faults():
            rows = self.connection.execute(
                "SELECT list, date, digest FROM snapshot WHERE id > ? ORDER BY id", (mark,)
            ).fetchall()
            for list_, date, files in rows:
                digest = chained(digest, list_, date, files)
            if digest != self.digest():
                return None
            query = "SELECT DISTINCT entry FROM version WHERE snapshot > ? ORDER BY entry"
            return [row[0] for row in self.connection.execute(query, (mark,))]

    def lists(self) -> list[ListStatus]:
        """Return the lists, in the order of their ids."""
        with self.faults():
            rows = self.connection.execute(
                "SELECT id, title, jurisdiction, entries, removed FROM list ORDER BY id"
            ).fetchall()
            return [self._status(*row) for row in rows]

    def _status(self, list_: str, title: str, jurisdiction: str, entries: int, removed: int) -> ListStatus:
        snapshots = self.connection.execute(
            "SELECT date, date_from, digest, files, format, partial FROM snapshot WHERE list = ? ORDER BY date, id",
            (list_,),
        ).fetchall()
        newest = next((one for one in reversed(snapshots) if not one[5]), snapshots[-1])
        date, date_from, digest, files, format_, partial = newest
        return ListStatus(
            list_,
            title,
            jurisdiction,
            date,
            entries,
            digest,
            tuple(file["name"] for file in json.loads(files)),
            date_from,
            format_,
            removed,
            snapshots[0][0],
            len(snapshots),
            sha256("\n".join(f"{one[2]} {one[0]}" for one in snapshots).encode()).hexdigest(),
            bool(partial),
        )

    def entries(self, *, removed: bool = True, list: str | None = None) -> Iterator[tuple[int, Entry]]:
        """Yield the entries with their keys, in the order of the keys, as the newest snapshot that has them says.

        A key is for good: it stays with its entry whatever is imported. ``removed`` includes entries that
        newer snapshots no longer hold; ``list`` names one list.
        """
        where = ("" if removed else " AND gone IS NULL") + ("" if list is None else " AND list = ?")
        yield from self._entries(f"1{where} ORDER BY key", () if list is None else (list,))

    def entry(self, key: int) -> Entry:
        """Return the entry of a key. Raises ``KeyError``."""
        for _, entry in self._entries("key = ?", (key,)):
            return entry
        raise KeyError(key)

    def key_of(self, list_: str, reference: str) -> int | None:
        """Return the key of the entry that has a reference on a list, if there is one."""
        with self.faults():
            row = self.connection.execute(
                "SELECT key FROM entry WHERE list = ? AND reference = ?", (list_, reference)
            ).fetchone()
        return row[0] if row else None

    def numbered(self, number: str) -> list[int]:
        """Return the keys of the entries that have a number: as their reference, or as the IMO number of a ship."""
        number = " ".join(number.split())
        # As it stands in a body (`dump`): a search of all bodies takes a tenth of a second.
        pair = dump({"": ["imo", number]}).removeprefix('{"":').removesuffix("}")
        with self.faults():
            query = "SELECT key FROM entry WHERE reference = ? COLLATE NOCASE OR instr(body, ?) ORDER BY key"
            return [row[0] for row in self.connection.execute(query, (number, pair))]

    def sightings(self, key: int) -> list[tuple[str, bool]]:
        """Return the dates of the copies that tell of an entry, in order, with whether they hold it.

        A copy of a part of a list tells only of what it holds.
        """
        with self.faults():
            rows = self.connection.execute(
                "SELECT s.date, s.partial, v.entry IS NOT NULL, v.body IS NOT NULL FROM entry e"
                " JOIN snapshot s ON s.list = e.list LEFT JOIN version v ON v.entry = e.key AND v.snapshot = s.id"
                " WHERE e.key = ? ORDER BY s.date, s.id",
                (key,),
            ).fetchall()
        found: dict[str, bool] = {}
        held = False
        for date, partial, told, there in rows:
            held = bool(there) if told else held
            if told or not partial:
                found[date] = held
        return list(found.items())

    def without(self, list_: str) -> list[tuple[str, bool]]:
        """Return the sightings of what no copy of a list holds: the dates of the first and the last whole one."""
        with self.faults():
            first, last = self.connection.execute(
                "SELECT min(date), max(date) FROM snapshot WHERE list = ? AND NOT partial", (list_,)
            ).fetchone()
        return [(date, False) for date in dict.fromkeys((first, last)) if date]

    def find(self, text: str, *, most: int = 100) -> list[tuple[int, Entry]]:
        """Return entries by their reference, else by a name: of the same words, else of these words among others.

        Case, accents, punctuation and the order of words do not count. At most ``most`` are returned.
        """
        text = " ".join(text.split())
        if found := list(self._entries("reference = ? COLLATE NOCASE ORDER BY key LIMIT ?", (text, most))):
            return found
        folded = fold_name(text)
        if not folded:
            return []
        same = "key IN (SELECT entry FROM name WHERE folded = ?) ORDER BY key LIMIT ?"
        if found := list(self._entries(same, (folded, most))):
            return found
        words = sorted(folded.split(), key=len)[-8:]
        test = " AND ".join(["(' ' || folded || ' ') LIKE ?"] * len(words))
        among = f"key IN (SELECT entry FROM name WHERE {test}) ORDER BY key LIMIT ?"  # noqa: S608 - made of constants
        parameters = (*(f"% {word} %" for word in words), most)
        return list(self._entries(among, parameters))

    def names(self) -> Iterator[str]:
        """Yield all names as they are folded for `find`, in order."""
        with self.faults():
            for (folded,) in self.connection.execute("SELECT DISTINCT folded FROM name ORDER BY folded"):
                yield folded

    def history(self, key: int) -> list[tuple[str, str]]:
        """Return what befell an entry: pairs of the date of a snapshot and ``added``, ``changed`` or ``removed``."""
        with self.faults():
            rows = self.connection.execute(
                "SELECT date, body FROM version WHERE entry = ? ORDER BY date, snapshot", (key,)
            ).fetchall()
        found: list[tuple[str, str]] = []
        before: str | None = None
        for date, body in rows:
            if body != before:
                found.append((date, "added" if before is None else "removed" if body is None else "changed"))
            before = body
        return found

    def _entries(self, where: str, parameters: Sequence[object]) -> Iterator[tuple[int, Entry]]:
        with self.faults():
            dates = self._dates()
            query = "SELECT key, list, reference, jurisdiction, body, first, seen, gone FROM entry WHERE "
            cursor = self.connection.execute(query + where, parameters)
            for key, list_, reference, jurisdiction, body, first, seen, gone in cursor:
                # A file of a part of a list may have told of it later than the last whole one.
                last_seen = max(dates[gone][1] if gone else dates[list_][0], dates[seen][0])
                yield (
                    key,
                    entry_of(
                        list_,
                        reference,
                        jurisdiction,
                        body,
                        first_seen=dates[first][0],
                        last_seen=last_seen,
                        missing_from=dates[gone][0] if gone else None,
                    ),
                )

    def _dates(self) -> dict[int | str, tuple[str, str]]:
        """Return for each snapshot its date and that of the one before it, and for each list the newest date.

        Files that hold a part of a list do not count: what they do not hold may be there all the same.
        """
        found: dict[int | str, tuple[str, str]] = {}
        before: dict[str, str] = {}
        query = "SELECT id, list, date, partial FROM snapshot ORDER BY list, date, id"
        for number, list_, date, partial in self.connection.execute(query):
            found[number] = (date, before.get(list_, date))
            if not partial or list_ not in before:
                before[list_] = date
        return found | {list_: (date, date) for list_, date in before.items()}


def _in_address(path: str) -> str:
    """Return a path as it stands in an address that SQLite takes (https://www.sqlite.org/uri.html)."""
    if os.name == "nt":
        from urllib.request import pathname2url  # slow to import, and elsewhere no more than this:

        return pathname2url(path)
    return path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def age_in_days(date: str, as_of: str) -> int:
    """Return how many days lie between two ISO dates; of a month or a year its last day counts.

    >>> age_in_days("2022-01-30", "2022-02-02"), age_in_days("2022-01", "2022-02-02")
    (3, 2)
    """
    from calendar import monthrange
    from datetime import date as day

    year, month, number = ([int(part) for part in date.split("-")] + [0, 0])[:3]
    month = month or 12
    return (day.fromisoformat(as_of) - day(year, month, number or monthrange(year, month)[1])).days


def _fault(path: str, error: sqlite3.OperationalError) -> InputError | OutputError:
    """Return our own error for one of SQLite's."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return OutputError(f"{path}: another run is writing to it; try again when that is done")
    if code == sqlite3.SQLITE_FULL:
        return OutputError(f"{path}: no space left on the disk; nothing was changed")
    if code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}:
        return OutputError(f"{path}: cannot be written: {error}")
    if code == sqlite3.SQLITE_IOERR:
        return OutputError(f"{path}: cannot be read or written ({error}); nothing was changed")
    return InputError(f"{path}: not a store of lists, or damaged: {error}")
