"""Lists opened for a run: the user's stores and the copy that ships, their indexes together, entries by key and id.

Where two stores have a list, the newest copy says who is listed now; what older ones hold is kept as the entry's
sightings, and a date of listing that any of them publishes counts.
"""

from __future__ import annotations

import os
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ..folding import Folded
    from .entries import Entry
    from .names.index import Found, Layered, NameIndex, StoreLike
    from .store import ListStatus, Store

PREFIX = "lists."
STALE = 90  # days after which a copy of a list is old for an article
_SHIPPED = "lists that ship with the program"
_MOST_KEPT = 1 << 13  # entries, and things made of them, that were asked for last; up to twice as many are kept
# Names of lists for notes; the store's own titles serve for others.
_TITLES = {
    "un": "UN Security Council Consolidated List",
    "us-sdn": "OFAC SDN List",
    "us-nonsdn": "OFAC Consolidated (non-SDN) List",
    "uk": "UK Sanctions List",
    "eu": "EU consolidated list",
    "ch": "SECO sanctions list",
    "ca": "Canadian SEMA list",
}


def open_index(
    store_path: str, digest: str, store: StoreLike, progress: Callable[[int], None] | None = None
) -> NameIndex | Layered:
    """Return the index of a store, made anew where there is no fresh one.

    ``store`` is asked for its entries only when the index has to be made, and ``progress`` is then called now and then
    with how many are in it so far. Raises ``OSError`` when it can be
    written neither beside the store nor into the cache.
    """
    from .names.index import fresh

    path = f"{store_path}.names"
    found = fresh(path, digest)
    if found is not None:
        return found
    from .names.build import build

    return build(store, path, digest, progress)


def identifier(entry: Entry) -> str:
    """Return the id by which rules and notes know an entry: ``lists.uk:RUS0738``."""
    return f"{PREFIX}{entry.list}:{entry.reference}"


_Asked = TypeVar("_Asked")
_Answer = TypeVar("_Answer")


class _Kept(Generic[_Asked, _Answer]):
    """Answers that were given last: what was not asked for while as many others were is let go.

    Threads may share it: at worst something is asked for again.
    """

    __slots__ = ("_before", "_now")

    def __init__(self) -> None:
        self._now: dict[_Asked, _Answer] = {}
        self._before: dict[_Asked, _Answer] = {}

    def get(self, asked: _Asked) -> _Answer | None:
        found = self._now.get(asked)
        if found is None:
            found = self._before.get(asked)
            if found is not None:
                self.put(asked, found)
        return found

    def put(self, asked: _Asked, answer: _Answer) -> None:
        if len(self._now) >= _MOST_KEPT:
            self._before, self._now = self._now, {}
        self._now[asked] = answer


class Key(NamedTuple):
    """An entry of an opened store: the number of the store, and the entry's key in it."""

    store: int
    entry: int


class Lists:
    """The lists of a run. Safe to share between threads.

    ``say`` is called with one line where something is made that takes seconds.
    """

    def __init__(
        self,
        paths: Iterable[str | os.PathLike[str]] = (),
        *,
        shipped: bool = False,
        say: Callable[[str], None] | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> None:
        """Open stores and their indexes; an index that is missing or stale is made first.

        With ``shipped`` the copy of the lists that ships with the program counts as the last store; it is opened,
        and made ready at the very first time, when something is first looked for. ``progress`` is called while an index
        is made, with the entries that are in it so far.
        Raises ``InputError`` for what is no store, ``OutputError`` where the index can be put nowhere.
        """
        self.paths = tuple(os.fspath(path) for path in paths)
        self.say = say
        self._stores: list[Store] = []
        self._indexes: list[NameIndex | Layered] = []
        self.digests: list[str] = []
        for path in self.paths:
            self._open_own(path, progress)
        self._manifest: dict[str, Any] | None = None
        self._waiting = shipped
        self._lock = Lock()
        if shipped:
            from .shipped import digest_of, manifest

            self._manifest = manifest()
            self.digests.append(digest_of(self._manifest))
        self._entries: _Kept[Key, Entry] = _Kept()
        self._keys: dict[str, Key] = {}
        self._made: _Kept[tuple[Any, ...], Any] = _Kept()
        self._owners: _Kept[Key, Key] = _Kept()
        self._status: dict[str, ListStatus] | None = None

    def _open_own(self, path: str, progress: Callable[[int], None] | None) -> None:
        from ..errors import OutputError
        from .store import Store  # SQLite, only where stores are used

        store = Store.open(path)
        self._stores.append(store)
        digest = store.digest()
        self.digests.append(digest)
        try:
            self._indexes.append(open_index(path, digest, store, progress))
        except OSError as error:
            raise OutputError(f"{path}.names: cannot be written: {error.strerror or error}") from None

    def __bool__(self) -> bool:
        return bool(self._stores) or self._manifest is not None

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel as the stores' paths, to be opened where another process finds the same stores."""
        places = tuple(map(os.path.abspath, self.paths))
        return _reopened, (self.paths, places, self.digests, self._manifest is not None)

    @property
    def untouched(self) -> bool:
        """Whether nothing is open, so that a fork of this process may go on with these lists."""
        return not self._stores

    def prepare(self) -> None:
        """Make the store and the index of the copy that ships, where they are not there yet, and leave them closed."""
        if self._waiting and self._manifest is not None:
            from .shipped import opened

            store, index = opened(self._manifest, self.say)
            index.close()
            store.close()

    def open(self) -> None:
        """Open the copy that ships, if it counts and is not open yet."""
        with self._lock:
            if not self._waiting or self._manifest is None:
                return
            from .shipped import opened

            store, index = opened(self._manifest, self.say)
            self._stores.append(store)
            self._indexes.append(index)
            self._waiting = False

    def find(self, folded: Folded) -> list[tuple[int, Found]]:
        """Return the forms found in a text, in order of place, each with the number of its store."""
        if self._waiting:
            self.open()
        return self._mended(self._find, folded)

    def search(self, text: str) -> list[tuple[int, Found]] | None:
        """Return what `find` does, at the speed of reading; ``None`` where it takes more to tell."""
        if self._waiting:
            self.open()
        found = [index.search(text) for index in self._indexes]
        return None if None in found else self._in_order([one for one in found if one is not None])

    def _find(self, folded: Folded) -> list[tuple[int, Found]]:
        return self._in_order([index.find(folded) for index in self._indexes])

    @staticmethod
    def _in_order(found: list[list[Found]]) -> list[tuple[int, Found]]:
        pairs = [(number, one) for number, ones in enumerate(found) for one in ones]
        if len(found) > 1:
            pairs.sort(key=lambda pair: (pair[1].start, pair[1].end, pair[0]))
        return pairs

    def worked_out(self, what: tuple[Any, ...], make: Callable[[], _Answer]) -> _Answer:
        """Return what is made of entries once for all texts; ``what`` tells it from other things."""
        found: _Answer | None = self._made.get(what)
        if found is None:
            found = make()
            self._made.put(what, found)
        return found

    def owner(self, key: Key) -> Key:
        """Return the key of the same entry in the store whose copy of its list is the newest that holds it."""
        if len(self._stores) < 2:
            return key
        found = self._owners.get(key)
        if found is None:
            entry = self._stores[key.store].entry(key.entry)
            found = self._holders(entry.list, entry.reference)[0]
            self._owners.put(key, found)
        return found

    def entry(self, key: Key) -> Entry:
        """Return the entry of a key, with what all stores know of it."""
        found = self._entries.get(key)
        if found is None:
            found = self._mended(self._whole, key)
            self._entries.put(key, found)
            self._keys[identifier(found)] = key
        return found

    def _mended(self, ask: Callable[[_Asked], _Answer], asked: _Asked) -> _Answer:
        """Return an answer; where the copy that ships was damaged in the cache since then, make it anew first."""
        from ..errors import InputError

        try:
            return ask(asked)
        except InputError:
            if self._manifest is None or self._waiting:
                raise
            from .shipped import opened, throw_away

            with self._lock:
                self._stores.pop().close()
                self._indexes.pop().close()
                throw_away(self._manifest)
                store, index = opened(self._manifest, self.say)
                self._stores.append(store)
                self._indexes.append(index)
            return ask(asked)

    def _holders(self, list_: str, reference: str) -> list[Key]:
        """Return where an entry is, the store with the newest copy of the list first."""
        found = [
            (max((date for date, held in store.sightings(number) if held), default=""), -place, Key(place, number))
            for place, store in enumerate(self._stores)
            if (number := store.key_of(list_, reference)) is not None
        ]
        return [key for *_, key in sorted(found, reverse=True)]

    def _whole(self, key: Key) -> Entry:
        """Return an entry with its sightings in all stores."""
        entry = self._stores[key.store].entry(key.entry)
        sightings = dict(self._stores[key.store].sightings(key.entry))
        listed_on = entry.listed_on
        for place, store in enumerate(self._stores):
            if place == key.store:
                continue
            number = store.key_of(entry.list, entry.reference)
            if number is not None:
                listed_on = listed_on or store.entry(number).listed_on
                told = store.sightings(number)
            else:
                told = store.without(entry.list)
            for date, held in told:
                # Of one day the copy that holds it counts: the other may be older by hours.
                sightings[date] = sightings.get(date, False) or held
        return seen_so(replace(entry, listed_on=listed_on), sightings.items())

    def named(self, name: str) -> Entry | None:
        """Return the entry of an id that `entry` has given before, else looked up in the stores."""
        key = self._keys.get(name)
        if key is not None:
            return self.entry(key)
        if self._waiting:
            self.open()
        list_, _, reference = name.removeprefix(PREFIX).partition(":")
        holders = self._holders(list_, reference)
        return self.entry(holders[0]) if holders else None

    def key_named(self, name: str) -> Key | None:
        """Return the key of the entry of an id, where there is one."""
        entry = self.named(name)
        return None if entry is None else self._keys.get(name)

    def absent(self, names: Iterable[str]) -> list[str]:
        """Return those ids that no entry has. These lists themselves are not opened for it."""
        wanted = list(names)
        if not wanted:
            return []
        other = Lists(self.paths, shipped=self._manifest is not None, say=self.say)
        try:
            return [name for name in wanted if other.named(name) is None]
        finally:
            for opened in (*other._indexes, *other._stores):
                opened.close()

    def asked(self, text: str) -> list[Entry]:
        """Return the entries that a name means, in all spellings and orders of its words, each once."""
        return self._mended(self._asked, text)

    def _asked(self, text: str) -> list[Entry]:
        return self._whole_of(self._keys_of((text,)))

    def bearers(self, names: Iterable[str]) -> set[Key]:
        """Return the keys of the entries of which some names are, each in the store with its list's newest copy."""
        return self._mended(self._bearers, tuple(names))

    def _bearers(self, names: tuple[str, ...]) -> set[Key]:
        return {self.owner(key) for key in self._keys_of(names)}

    def _keys_of(self, names: tuple[str, ...]) -> Iterator[Key]:
        from .looking import spelt

        self.open()
        for place, index in enumerate(self._indexes):
            for name in names:
                for number in spelt(index, name):
                    yield Key(place, number)

    def numbered(self, number: str) -> list[Entry]:
        """Return the entries that have a number: as their reference, or as the IMO number of a ship."""
        return self._mended(self._numbered, number)

    def _numbered(self, number: str) -> list[Entry]:
        self.open()
        return self._whole_of(
            Key(place, key) for place, store in enumerate(self._stores) for key in store.numbered(number)
        )

    def _whole_of(self, keys: Iterable[Key]) -> list[Entry]:
        """Return the entries of keys, each once, from the store with the newest copy of its list."""
        entries = (self.entry(self.owner(key)) for key in keys)
        return list({identifier(entry): entry for entry in entries}.values())

    def near(self, text: str) -> list[tuple[str, list[Entry]]]:
        """Return names that are near to some words, with their entries: those with the words among others, then those
        that differ in little.
        """
        from .looking import near_in

        self.open()
        found: dict[str, dict[str, Entry]] = {}
        for store in self._searchable():
            for name, entries in near_in(store, text):
                found.setdefault(name, {}).update((identifier(entry), entry) for entry in entries)
        return [(name, list(entries.values())) for name, entries in found.items()]

    def _searchable(self) -> Iterable[Store]:
        """Yield the stores as they are searched by name; the copy that ships has its names put in first."""
        yield from self._stores[: len(self.paths)]
        if self._manifest is not None:
            from .shipped import searchable

            with searchable(self._manifest, self.say) as store:
                yield store

    def status(self, list_: str) -> ListStatus | None:
        """Return what is known of a list: its title and the date of its newest snapshot."""
        return self._statuses().get(list_)

    def _statuses(self) -> dict[str, ListStatus]:
        if self._status is None:
            from .shipped import statuses

            every = [status for store in self._stores[: len(self.paths)] for status in store.lists()]
            every += statuses(self._manifest) if self._manifest is not None else []
            found: dict[str, ListStatus] = {}
            for status in every:
                other = found.get(status.id)
                if other is None or (not status.partial, status.date) > (not other.partial, other.date):
                    found[status.id] = status
            self._status = found
        return self._status

    def older(self, lists: Iterable[str], as_of: str) -> dict[str, str]:
        """Return those of some lists whose newest copy is more than `STALE` days older than a date, with its date."""
        from .store import age_in_days

        found = {list_: status.date for list_ in lists if (status := self.status(list_)) is not None}
        return {list_: date for list_, date in found.items() if age_in_days(date, as_of) > STALE}

    def title(self, list_: str) -> str:
        """Return the name of a list for a note."""
        status = self.status(list_)
        return _TITLES.get(list_) or (status.title if status else "") or list_

    def jurisdictions(self) -> frozenset[str]:
        """Return whose lists these are."""
        return frozenset(status.jurisdiction for status in self._statuses().values())

    def sources(self) -> list[str]:
        """Return the stores with their digests, for the record of a run."""
        names = [path.replace(os.sep, "/") for path in self.paths]
        if self._manifest is not None:
            names.append(_SHIPPED)
        return [f"{name}#{digest[:16]}" for name, digest in zip(names, self.digests, strict=True)]


def seen_so(entry: Entry, sightings: Iterable[tuple[str, bool]]) -> Entry:
    """Return an entry with its sightings, of which only the first and last of each run are kept."""
    ordered = sorted(sightings)
    kept = tuple(
        one
        for n, one in enumerate(ordered)
        if n in {0, len(ordered) - 1} or ordered[n - 1][1] != one[1] or ordered[n + 1][1] != one[1]
    )
    held = [date for date, there in kept if there]
    last = held[-1] if held else None
    return replace(
        entry,
        sightings=kept,
        first_seen=held[0] if held else entry.first_seen,
        last_seen=last or entry.last_seen,
        missing_from=next((date for date, there in kept if last and date > last and not there), None),
    )


def _reopened(paths: tuple[str, ...], places: tuple[str, ...], digests: list[str], shipped: bool) -> Lists:  # noqa: FBT001
    from ..errors import InputError

    made = Lists(places, shipped=shipped)
    made.paths = paths
    for path, before, now in zip((*places, _SHIPPED), digests, made.digests, strict=False):
        if before != now:
            raise InputError(f"{path}: the store is another one here, or was changed since the run began")
    return made
