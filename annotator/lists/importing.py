"""Snapshots of lists put into a store: read, compared with what is there, and fitted into the history by date.

A snapshot is one file, or files that belong together. Each is all or nothing: it is read to its end into a
table of its own, and only then, in one transaction, becomes part of the store.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

from .._lazy import regex
from ..errors import AnnotatorError, InputError, OutputError, UsageError
from .formats._entries import Snapshot, names_once
from .formats._files import open_sources
from .formats._text import fold_name, iso_date
from .formats.recognise import together
from .store import Store, body_of, chained, dump, entry_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from .entries import Entry
    from .formats._files import Source
    from .formats.recognise import Files

# The lists, with their titles and who keeps them.
LISTS = {
    "un": ("UN Security Council Consolidated List", "un"),
    "us-sdn": ("OFAC Specially Designated Nationals and Blocked Persons List", "us"),
    "us-nonsdn": ("OFAC Consolidated Non-SDN List", "us"),
    "us-csl": ("US Consolidated Screening List", "us"),
    "uk": ("UK Sanctions List", "uk"),
    "eu": ("EU consolidated list of financial sanctions", "eu"),
    "ch": ("SECO consolidated list of sanctions", "ch"),
    "ca": ("Canadian Consolidated Autonomous Sanctions List", "ca"),
    "opensanctions": ("OpenSanctions", ""),
}
# A snapshot that lacks more than this share of what the one before had is taken for a damaged file.
_MOST_GONE = 0.4
_FEW = 10
_LONGEST_REFERENCE = 200
_MOST_NAMELESS = 0.05
_HELD_ROWS = 20_000
_EACH = 500  # entries after which progress is told
_DATE_IN_NAME = regex(r"(?<!\d)((?:19|20)\d\d)[-_.]?(0[1-9]|1[0-2])(?:[-_.]?(0[1-9]|[12]\d|3[01]))?(?!\d)")


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What came of one snapshot of one list.

    ``state`` is ``imported``, or ``known`` for one that the store had already. ``added``, ``changed`` and
    ``removed`` count entries against the snapshot before it. ``date_from`` tells where the date is from:
    ``file``, ``option``, ``name``, ``listings`` (the newest date of a listing) or ``modified`` (the file's).
    """

    list: str
    files: tuple[str, ...]
    format: str
    date: str
    date_from: str
    entries: int
    added: int = 0
    changed: int = 0
    removed: int = 0
    state: str = "imported"
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Wishes:
    """What the caller wants of the files of a run."""

    date: str | None
    own_date: bool
    list_id: str | None
    allow_fewer: bool
    progress: Callable[[str, int], None] | None = None


def import_files(
    paths: Sequence[str | os.PathLike[str]],
    into: str | os.PathLike[str],
    *,
    date: str | None = None,
    list_id: str | None = None,
    allow_fewer: bool = False,
    own_date: bool = True,
    failed: Callable[[str, AnnotatorError], None] | None = None,
    progress: Callable[[str, int], None] | None = None,
) -> list[ImportReport]:
    """Import snapshots of lists into a store, which is made where there is none; return what came of each.

    ``date`` is the date of files that say none themselves; without ``own_date`` of all of them. ``list_id`` is
    the id of the list where the file is not to say it. A snapshot that has lost a great part of its list is
    refused unless ``allow_fewer``.
    Each snapshot is all or nothing; when one fails, those before it stay. ``failed`` is called with the name
    and the error of each that fails, and the others are then still done; without it the first error is raised.
    ``progress`` is called now and then with the name of the file that is read and the entries read of it so far.

    Raises ``InputError`` for a file that is no sound list, or no store; ``OutputError`` where the store
    cannot be written; ``UsageError`` for a wrong date or list.
    """
    if date is not None and iso_date(date) != date:
        raise UsageError(f"{date!r} is no date; write YYYY-MM-DD")
    if list_id is not None and list_id not in LISTS:
        raise UsageError(f"no list {list_id!r}; one of {', '.join(LISTS)}")
    into = os.fspath(into)
    check_target(into)

    @contextmanager
    def failing(name: str) -> Iterator[None]:
        try:
            yield
        except UsageError:
            raise
        except AnnotatorError as error:
            if failed is None:
                raise
            failed(name, error)

    sources: dict[str, Source] = {}
    for path in dict.fromkeys(os.fspath(one) for one in paths):
        with failing(path):
            sources |= {source.label: source for source in open_sources(path)}
    wishes = _Wishes(date, own_date, list_id, allow_fewer, progress)
    reports: list[ImportReport] = []
    for files in together(sources.values(), failing):
        with failing(files.sources[0].label):
            reports.extend(_import(files, into, wishes))
    return reports


def check_target(path: str) -> None:
    """Make sure that a store is there, or can be made. Raises ``InputError`` and ``OutputError``."""
    if os.path.exists(path):
        Store.open(path, create=True).close()
        return
    folder = os.path.dirname(os.path.abspath(path))
    if not os.path.isdir(folder):
        raise OutputError(f"{path}: there is no folder {folder}")
    if not os.access(folder, os.W_OK):
        raise OutputError(f"{path}: cannot be made: no permission to write in {folder}")


def _import(files: Files, into: str, wishes: _Wishes) -> list[ImportReport]:
    if os.path.exists(into) and (known := _known(files, into)):
        return known
    staging = sqlite3.connect("", isolation_level=None)
    try:
        snapshot = Snapshot(files.parts, files.format)
        with _staging_faults(files):
            _stage(staging, snapshot, wishes)
        day, day_from = _date_of(snapshot, wishes.date, own_date=wishes.own_date)
        with Store.open(into, create=True) as store, store.faults():
            return _Merge(store, staging, snapshot, files, (day, day_from), allow_fewer=wishes.allow_fewer).run()
    finally:
        staging.close()


def _known(files: Files, into: str) -> list[ImportReport]:
    """Return reports of a snapshot that the store has already; none where it has not."""
    with Store.open(into, create=True) as store, store.faults():
        try:
            rows = store.connection.execute(
                "SELECT list, date, date_from, entries FROM snapshot WHERE digest = ? ORDER BY list", (files.digest,)
            ).fetchall()
        except sqlite3.OperationalError:
            if store.connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                raise
            return []
    names = tuple(source.label for source in files.sources)
    return [
        ImportReport(list_, names, files.format, date, date_from, entries, state="known")
        for list_, date, date_from, entries in rows
    ]


@contextmanager
def _staging_faults(files: Files) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        raise OutputError(
            f"{files.sources[0].label}: no room for reading it in the temporary folder: {error}"
        ) from None


def _stage(staging: sqlite3.Connection, snapshot: Snapshot, wishes: _Wishes) -> None:
    """Read a snapshot into a table of its own. Raises ``InputError``."""
    list_id = wishes.list_id
    staging.execute("PRAGMA synchronous = OFF")
    staging.execute("PRAGMA journal_mode = OFF")
    staging.execute(
        "CREATE TABLE incoming (position INTEGER PRIMARY KEY, list TEXT, reference TEXT, other TEXT,"
        " jurisdiction TEXT, body TEXT, UNIQUE (list, reference))"
    )
    module = import_module(f".formats.{snapshot.format}", __package__)
    merges: bool = getattr(module, "MERGES", False)
    label = snapshot.label
    twice = 0
    insert = "INSERT OR IGNORE INTO incoming (list, reference, other, jurisdiction, body) VALUES (?, ?, ?, ?, ?)"
    staging.execute("BEGIN")
    entries = module.read(snapshot)
    for number, entry in enumerate(_gathered(entries) if merges else entries, 1):
        if wishes.progress is not None and not number % _EACH:
            wishes.progress(label, number)
        _check(entry, label)
        row = (entry.list, entry.reference, _other(entry), entry.jurisdiction, body_of(entry))
        if not staging.execute(insert, row).rowcount:
            twice += _stage_again(staging, entry, snapshot, label, merges=merges)
    staging.execute("COMMIT")
    if twice:
        snapshot.warnings.append(f"{label}: {twice} entries stand more than once, each taken as one")
    (total,) = staging.execute("SELECT count(*) FROM incoming").fetchone()
    if not total:
        raise InputError(f"{label}: no entries in it; a list without any is taken for a damaged file")
    if snapshot.expected is not None and snapshot.expected != total + twice:
        snapshot.warnings.append(f"{label}: {total} entries in it, and it says that it has {snapshot.expected}")
    _drop_nameless(staging, snapshot, total)
    if list_id is not None:
        own = snapshot.list_id
        if own and own != list_id and LISTS[own][1] != LISTS[list_id][1]:
            # Notes would cite the wrong authority.
            raise InputError(f"{label}: this is list {own!r}, as its format tells; it cannot be taken for {list_id!r}")
        staging.execute("UPDATE incoming SET list = ?", (list_id,))
    else:
        staging.execute("UPDATE incoming SET list = ? WHERE list = ''", (snapshot.list_id,))


def _drop_nameless(staging: sqlite3.Connection, snapshot: Snapshot, total: int) -> None:
    """Leave out entries without a name. Raises ``InputError`` where there are many, since then names are misread."""
    nameless = [row[0] for row in staging.execute(f"SELECT reference FROM incoming {_NAMELESS} ORDER BY position")]  # noqa: S608
    if not nameless:
        return
    if len(nameless) > _MOST_NAMELESS * total:
        raise InputError(f"{snapshot.label}: entry {nameless[0]} has no name" + _and_others(len(nameless) - 1))
    staging.execute(f"DELETE FROM incoming {_NAMELESS}")  # noqa: S608 - a constant
    snapshot.warnings.append(
        f"{snapshot.label}: entry {nameless[0]} has no name{_and_others(len(nameless) - 1)}; left out"
    )


_NAMELESS = """WHERE body LIKE '%"names":[]%'"""


def _and_others(count: int) -> str:
    return f", nor have {count} others" if count else ""


def _gathered(entries: Iterator[Entry]) -> Iterator[Entry]:
    """Put rows of one entry together as far as they are near each other; the rest `_stage_again` does."""
    held: dict[str, list[Entry]] = {}
    count = 0
    for entry in entries:
        held.setdefault(entry.reference, []).append(entry)
        count += 1
        if count == _HELD_ROWS:
            yield from map(merged, held.values())
            held.clear()
            count = 0
    yield from map(merged, held.values())


def _check(entry: Entry, label: str) -> None:
    """Refuse an entry that cannot be one. Raises ``InputError``."""
    if not entry.reference:
        name = f"{entry.names[0].text[:40]!r}" if entry.names else "without a name"
        raise InputError(f"{label}: an entry has no reference: {name}")
    if len(entry.reference) > _LONGEST_REFERENCE:
        raise InputError(f"{label}: a reference of {len(entry.reference):,} characters: {entry.reference[:40]!r}…")


def _other(entry: Entry) -> str:
    """Return the number that an entry had before its list got references, or has beside them."""
    return next((value for kind, value in entry.identifiers if kind in {"ofsi", "eu-logical-id"}), "")


def _stage_again(staging: sqlite3.Connection, entry: Entry, snapshot: Snapshot, label: str, *, merges: bool) -> int:
    """Put in an entry whose reference has been there before; return 1 if that is worth a word.

    Rows of one entry are put together. The same entry twice is one. Two different ones under one
    reference are a mistake of the list: both are kept, the later one with a number behind its reference.
    """
    query = "SELECT body FROM incoming WHERE list = ? AND reference = ?"
    update = "UPDATE incoming SET body = ?, other = ? WHERE list = ? AND reference = ?"
    reference = entry.reference
    for number in range(2, 100):
        row = staging.execute(query, (entry.list, reference)).fetchone()
        if row is None:
            staging.execute(
                "INSERT INTO incoming (list, reference, other, jurisdiction, body) VALUES (?, ?, '', ?, ?)",
                (entry.list, reference, entry.jurisdiction, body_of(entry)),
            )
            snapshot.warnings.append(
                f"{label}: reference {entry.reference} stands twice, for different entries; "
                f"{entry.names[0].text[:60] if entry.names else '?'!r} is kept as {reference}"
            )
            return 0
        before = entry_of(entry.list, entry.reference, entry.jurisdiction, row[0])
        if merges or (before.type == entry.type and before.names[:1] == entry.names[:1]):
            both = merged((before, entry))
            staging.execute(update, (body_of(both), _other(both), entry.list, reference))
            return int(not merges)
        reference = f"{entry.reference}#{number}"
    raise InputError(f"{label}: reference {entry.reference} stands more than {number} times, for different entries")


def merged(entries: Sequence[Entry]) -> Entry:
    """Return one entry that says what several rows of it say; where they differ, the first that says it is right."""
    first = entries[0]
    if len(entries) == 1:
        return first
    changes: dict[str, Any] = {
        name: tuple(dict.fromkeys(value for entry in entries for value in getattr(entry, name)))
        for name in ("programmes", "legal_basis", "positions", "births", "nationalities", "countries", "identifiers")
    }
    changes |= {
        name: next((value for entry in entries if (value := getattr(entry, name))), getattr(first, name))
        for name in ("listed_on", "removed_on", "url")
    }
    return replace(
        first,
        type=next((entry.type for entry in entries if entry.type != "unknown"), first.type),
        names=names_once(name for entry in entries for name in entry.names),
        amended_on=max((entry.amended_on for entry in entries if entry.amended_on), default=None),
        **changes,
    )


def _date_of(snapshot: Snapshot, date: str | None, *, own_date: bool) -> tuple[str, str]:
    """Return the date of a snapshot and where it is from."""
    if snapshot.date and own_date:
        if date not in {None, snapshot.date}:
            snapshot.warnings.append(
                f"{snapshot.label}: says its date itself, {snapshot.date}; not taken for of {date}"
            )
        return snapshot.date, "file"
    if date is not None:
        return date, "option"
    sources = list(snapshot.parts.values())
    for source in sources:
        for text in (source.name, source.label):
            if found := _DATE_IN_NAME.search(os.path.basename(text)):
                day = "-".join(filter(None, found.groups()))
                snapshot.warnings.append(
                    f"{source.label}: says no date; taken from its name: {day} (--date gives another)"
                )
                return day, "name"
    label = snapshot.label
    if snapshot.newest:
        snapshot.warnings.append(
            f"{label}: says no date; taken from its newest listing: {snapshot.newest} (--date gives another)"
        )
        return snapshot.newest, "listings"
    day = min(source.modified for source in sources)
    snapshot.warnings.append(f"{label}: says no date; taken from the file's: {day} (--date gives another)")
    return day, "modified"


class _Merge:
    """Makes a snapshot that has been read a part of a store, in one transaction."""

    def __init__(
        self,
        store: Store,
        staging: sqlite3.Connection,
        snapshot: Snapshot,
        files: Files,
        date: tuple[str, str],
        *,
        allow_fewer: bool,
    ) -> None:
        self.store = store
        self.staging = staging
        self.snapshot = snapshot
        self.files = files
        self.date, self.date_from = date
        self.allow_fewer = allow_fewer
        self.names = tuple(source.label for source in files.sources)

    def run(self) -> list[ImportReport]:
        """Put in the entries of each list that the snapshot is of; return what came of it."""
        execute = self.store.connection.execute
        execute("PRAGMA temp_store = FILE")
        execute("PRAGMA foreign_keys = OFF")
        execute("BEGIN IMMEDIATE")
        try:
            self.store.check(create=True)
            self.store.create()
            lists = [row[0] for row in self.staging.execute("SELECT DISTINCT list FROM incoming ORDER BY list")]
            reports = [self._list(list_) for list_ in lists]
            execute("COMMIT")
        except BaseException:
            if self.store.connection.in_transaction:
                execute("ROLLBACK")
            raise
        return reports

    def _list(self, list_: str) -> ImportReport:
        execute = self.store.connection.execute
        title, jurisdiction = LISTS[list_]
        execute("INSERT OR IGNORE INTO list VALUES (?, ?, ?, 0, 0)", (list_, title, jurisdiction))
        total = self._fetch(list_)
        report = ImportReport(
            list_,
            self.names,
            self.files.format,
            self.date,
            self.date_from,
            total,
            warnings=tuple(self.snapshot.warnings),
        )
        row = execute("SELECT date FROM snapshot WHERE list = ? AND digest = ?", (list_, self.files.digest)).fetchone()
        if row:  # another run was faster
            return replace(report, date=row[0], state="known")
        files = [{"name": one.name, "size": one.size, "sha256": one.digest} for one in self.files.sources]
        number = execute(
            "INSERT INTO snapshot (list, date, date_from, format, digest, files, entries, partial)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                list_,
                self.date,
                self.date_from,
                self.files.format,
                self.files.digest,
                json.dumps(files, ensure_ascii=False),
                total,
                self._partial(list_),
            ),
        ).lastrowid
        assert number is not None
        self._match(list_, number)
        counts = self._compare(list_)
        self._check_fewer(list_, counts)
        self._fit(list_, number)
        self._update(number)
        self._count(list_)
        digest = chained(self.store.digest(), list_, self.date, self.files.digest)
        execute("UPDATE meta SET value = ? WHERE name = 'digest'", (digest,))
        return replace(report, added=counts["added"], changed=counts["changed"], removed=counts["removed"])

    def _partial(self, list_: str) -> bool:
        return self.snapshot.partial or list_ in self.snapshot.partly

    def _fetch(self, list_: str) -> int:
        """Bring what was read of a list into a temporary table of the store's connection."""
        execute = self.store.connection.execute
        for table in ("incoming", "prev", "delta", "open", "old"):
            execute(f"DROP TABLE IF EXISTS temp.{table}")
        execute(
            "CREATE TEMP TABLE incoming (position INTEGER PRIMARY KEY, reference TEXT UNIQUE, other TEXT,"
            " jurisdiction TEXT, body TEXT, key INTEGER)"
        )
        rows = self.staging.execute(
            "SELECT position, reference, other, jurisdiction, body FROM incoming WHERE list = ? ORDER BY position",
            (list_,),
        )
        return self.store.connection.executemany(
            "INSERT INTO temp.incoming (position, reference, other, jurisdiction, body) VALUES (?, ?, ?, ?, ?)", rows
        ).rowcount

    def _match(self, list_: str, number: int) -> None:
        """Find the key of each entry that the store has; make entries of the others."""
        execute = self.store.connection.execute
        execute(
            "UPDATE temp.incoming SET key = (SELECT e.key FROM entry e"
            " WHERE e.list = ? AND e.reference = incoming.reference)",
            (list_,),
        )
        # Lists have changed their references. An older number that the new one names is the same entry.
        later = execute(
            "SELECT i.position, e.key, i.reference, i.other FROM temp.incoming i"
            " JOIN entry e ON e.list = ? AND e.reference = i.other WHERE i.key IS NULL AND i.other <> '' ORDER BY 1",
            (list_,),
        ).fetchall()
        earlier = execute(
            "SELECT i.position, min(e.key), NULL, NULL FROM temp.incoming i"
            " JOIN entry e ON e.list = ? AND e.other = i.reference AND e.other <> ''"
            " WHERE i.key IS NULL GROUP BY i.position ORDER BY 1",
            (list_,),
        ).fetchall()
        used = (
            {row[0] for row in execute("SELECT key FROM temp.incoming WHERE key IS NOT NULL")}
            if later or earlier
            else set()
        )
        for position, key, reference, other in (*later, *earlier):
            if key in used:
                continue
            used.add(key)
            execute("UPDATE temp.incoming SET key = ? WHERE position = ?", (key, position))
            if reference:
                execute("UPDATE entry SET reference = ?, other = ? WHERE key = ?", (reference, other, key))
        execute(
            "INSERT INTO entry (list, reference, other, jurisdiction, body, first, seen)"
            " SELECT ?, reference, other, jurisdiction, body, ?, ? FROM temp.incoming WHERE key IS NULL"
            " ORDER BY position",
            (list_, number, number),
        )
        execute(
            "UPDATE temp.incoming SET key = (SELECT e.key FROM entry e"
            " WHERE e.list = ? AND e.reference = incoming.reference) WHERE key IS NULL",
            (list_,),
        )
        execute("CREATE UNIQUE INDEX temp.incoming_key ON incoming (key)")

    def _compare(self, list_: str) -> Counter[str]:
        """Find what the snapshot changes against the one before it; return how many of each."""
        execute = self.store.connection.execute
        execute("CREATE TEMP TABLE prev (entry INTEGER PRIMARY KEY, body TEXT)")
        execute(
            "INSERT INTO temp.prev SELECT e.key, (SELECT v.body FROM version v WHERE v.entry = e.key AND v.date <= ?"
            " ORDER BY v.date DESC, v.snapshot DESC LIMIT 1) FROM entry e WHERE e.list = ?",
            (self.date, list_),
        )
        execute("CREATE TEMP TABLE delta (entry INTEGER PRIMARY KEY, body TEXT, kind TEXT)")
        execute(
            "INSERT INTO temp.delta SELECT i.key, i.body,"
            " CASE WHEN p.body IS NULL THEN 'added' WHEN p.body <> i.body THEN 'changed' ELSE 'same' END"
            " FROM temp.incoming i JOIN temp.prev p ON p.entry = i.key"
            # What a file of a part of a list holds is written down even if unchanged: it was seen then.
            " WHERE p.body IS NOT i.body OR ?",
            (self._partial(list_),),
        )
        if not self._partial(list_):
            execute(
                "INSERT INTO temp.delta SELECT p.entry, NULL, 'removed' FROM temp.prev p WHERE p.body IS NOT NULL"
                " AND NOT EXISTS (SELECT 1 FROM temp.incoming i WHERE i.key = p.entry)"
            )
        return Counter(dict(execute("SELECT kind, count(*) FROM temp.delta GROUP BY kind").fetchall()))

    def _check_fewer(self, list_: str, counts: Counter[str]) -> None:
        (before,) = self.store.connection.execute("SELECT count(*) FROM temp.prev WHERE body IS NOT NULL").fetchone()
        if not self.allow_fewer and before >= _FEW and counts["removed"] > _MOST_GONE * before:
            raise InputError(
                f"{self.snapshot.label}: {counts['removed']} of the {before} entries that list {list_!r} had before "
                f"{self.date} are not in it; is it whole? if so: --allow-fewer"
            )

    def _fit(self, list_: str, number: int) -> None:
        """Write down what changed, so that snapshots of later dates that are there already keep what they say."""
        execute = self.store.connection.execute
        following = execute(
            "SELECT id, date, partial FROM snapshot WHERE list = ? AND date > ? ORDER BY date, id", (list_, self.date)
        ).fetchall()
        execute("CREATE TEMP TABLE open AS SELECT entry FROM temp.delta")
        for later, date, partial in following:
            if not partial:
                execute(
                    "INSERT INTO version SELECT o.entry, ?, ?, p.body FROM temp.open o JOIN temp.prev p USING (entry)"
                    " WHERE NOT EXISTS"
                    " (SELECT 1 FROM version v WHERE v.entry = o.entry AND v.date = ? AND v.snapshot = ?)",
                    (date, later, date, later),
                )
                # A snapshot that says the same as the new one before it has nothing to say any more.
                execute(
                    "DELETE FROM version WHERE snapshot = ? AND EXISTS (SELECT 1 FROM temp.delta d"
                    " JOIN temp.open USING (entry) WHERE d.entry = version.entry AND d.body IS version.body)",
                    (later,),
                )
                break
            execute("DELETE FROM temp.open WHERE entry IN (SELECT entry FROM version WHERE snapshot = ?)", (later,))
        execute("INSERT INTO version SELECT entry, ?, ?, body FROM temp.delta ORDER BY entry", (self.date, number))

    def _update(self, number: int) -> None:
        """Bring entries whose history changed up to date, and the names by which they are found."""
        execute = self.store.connection.execute
        execute(
            "CREATE TEMP TABLE old AS SELECT e.key, CASE WHEN e.first = ? THEN NULL ELSE e.body END AS body"
            " FROM temp.delta d JOIN entry e ON e.key = d.entry",
            (number,),
        )
        newest = "ORDER BY v.date DESC, v.snapshot DESC LIMIT 1"
        held = "SELECT {} FROM version v WHERE v.entry = entry.key AND v.body IS NOT NULL"
        execute(
            "UPDATE entry SET"  # noqa: S608 - put together of constants
            f" body = coalesce(({held.format('v.body')} {newest}), body),"
            f" seen = coalesce(({held.format('v.snapshot')} {newest}), seen),"
            f" first = coalesce(({held.format('v.snapshot')} ORDER BY v.date, v.snapshot LIMIT 1), first),"
            " gone = (SELECT CASE WHEN v.body IS NULL THEN v.snapshot END FROM version v"
            f" WHERE v.entry = entry.key {newest})"
            " WHERE key IN (SELECT entry FROM temp.delta)"
        )
        self._keep_listing_dates()
        rows = self.store.connection.execute(
            "SELECT o.key, o.body, e.body FROM temp.old o JOIN entry e ON e.key = o.key WHERE o.body IS NOT e.body"
        )
        for key, before, now in rows:
            old = _folded(before) if before else set()
            new = _folded(now)
            for folded in old - new:
                execute("DELETE FROM name WHERE folded = ? AND entry = ?", (folded, key))
            self.store.connection.executemany(
                "INSERT OR IGNORE INTO name VALUES (?, ?)", [(folded, key) for folded in sorted(new - old)]
            )

    def _count(self, list_: str) -> None:
        """Note how many entries the list holds now, and how many it held or says are removed."""
        self.store.connection.execute(
            "UPDATE list SET removed = (SELECT count(*) FROM entry e WHERE e.list = list.id"
            " AND (e.gone IS NOT NULL OR e.body LIKE '%\"removed_on\":%')),"
            " entries = (SELECT count(*) FROM entry e WHERE e.list = list.id AND e.gone IS NULL"
            " AND e.body NOT LIKE '%\"removed_on\":%') WHERE id = ?",
            (list_,),
        )

    def _keep_listing_dates(self) -> None:
        """Take the day of listing from another snapshot where the newest is in a format that does not give it.

        OFAC's simple formats do not, its others do. The latest snapshot that gives a day is believed.
        """
        execute = self.store.connection.execute
        dated = "LIKE '%\"listed_on\":%'"
        rows = execute(
            "SELECT e.key, e.body, (SELECT v.body FROM version v WHERE v.entry = e.key AND v.body"  # noqa: S608 - put together of constants
            f" {dated} ORDER BY v.date DESC, v.snapshot DESC LIMIT 1) AS dated"
            f" FROM temp.delta d JOIN entry e ON e.key = d.entry WHERE e.body NOT {dated} AND dated IS NOT NULL"
        ).fetchall()
        for key, body, other in rows:
            data = json.loads(body)
            data["listed_on"] = json.loads(other)["listed_on"]
            execute("UPDATE entry SET body = ? WHERE key = ?", (dump(data), key))


def _folded(body: str) -> set[str]:
    return {folded for name in json.loads(body)["names"] if (folded := fold_name(name[0]))}
