"""Stores of lists opened for a run: their indexes together, and entries by key and by id."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

from .names.index import fresh

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..folding import Folded
    from .entries import Entry
    from .names.index import Found, Layered, NameIndex, StoreLike
    from .store import ListStatus, Store

PREFIX = "lists."
_MOST_KEPT = 4096
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


def open_index(store_path: str, digest: str, store: StoreLike) -> NameIndex | Layered:
    """Return the index of a store, made anew where there is no fresh one.

    ``store`` is asked for its entries only when the index has to be made. Raises ``OSError`` when it can be
    written neither beside the store nor into the cache.
    """
    path = f"{store_path}.names"
    found = fresh(path, digest)
    if found is not None:
        return found
    from .names.build import build

    return build(store, path, digest)


def identifier(entry: Entry) -> str:
    """Return the id by which rules and notes know an entry: ``lists.uk:RUS0738``."""
    return f"{PREFIX}{entry.list}:{entry.reference}"


class Key(NamedTuple):
    """An entry of an opened store: the number of the store, and the entry's key in it."""

    store: int
    entry: int


class Lists:
    """The lists of a run. Safe to share between threads."""

    def __init__(self, paths: Iterable[str | os.PathLike[str]]) -> None:
        """Open stores and their indexes; an index that is missing or stale is made first.

        Raises ``InputError`` for what is no store, ``OutputError`` where the index can be put nowhere.
        """
        from ..errors import OutputError
        from .store import Store  # SQLite, only where lists are used

        self.paths = tuple(os.fspath(path) for path in paths)
        self._stores: list[Store] = []
        self._indexes: list[NameIndex | Layered] = []
        self.digests: list[str] = []
        for path in self.paths:
            store = Store.open(path)
            self._stores.append(store)
            digest = store.digest()
            self.digests.append(digest)
            try:
                self._indexes.append(open_index(path, digest, store))
            except OSError as error:
                raise OutputError(f"{path}.names: cannot be written: {error.strerror or error}") from None
        self._entries: dict[Key, Entry] = {}
        self._keys: dict[str, Key] = {}
        self._status: dict[str, ListStatus] | None = None

    def __bool__(self) -> bool:
        return bool(self._stores)

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel as the stores' paths, to be opened where another process finds the same stores."""
        return _reopened, (self.paths, tuple(map(os.path.abspath, self.paths)), self.digests)

    def find(self, folded: Folded) -> list[tuple[int, Found]]:
        """Return the forms found in a text, in order of place, each with the number of its store."""
        found = [(number, one) for number, index in enumerate(self._indexes) for one in index.find(folded)]
        if len(self._indexes) > 1:
            found.sort(key=lambda pair: (pair[1].start, pair[1].end, pair[0]))
        return found

    def entry(self, key: Key) -> Entry:
        """Return the entry of a key."""
        found = self._entries.get(key)
        if found is None:
            if len(self._entries) >= _MOST_KEPT:
                self._entries.clear()
            found = self._entries[key] = self._stores[key.store].entry(key.entry)
            self._keys[identifier(found)] = key
        return found

    def named(self, name: str) -> Entry | None:
        """Return the entry of an id that `entry` has given before, else looked up in the stores."""
        key = self._keys.get(name)
        if key is not None:
            return self.entry(key)
        list_, _, reference = name.removeprefix(PREFIX).partition(":")
        for number, store in enumerate(self._stores):
            for key_number, entry in store.find(reference):
                if entry.list == list_ and entry.reference == reference:
                    self._keys[name] = Key(number, key_number)
                    return entry
        return None

    def status(self, list_: str) -> ListStatus | None:
        """Return what is known of a list: its title and the date of its newest snapshot."""
        if self._status is None:
            self._status = {status.id: status for store in self._stores for status in store.lists()}
        return self._status.get(list_)

    def title(self, list_: str) -> str:
        """Return the name of a list for a note."""
        status = self.status(list_)
        return _TITLES.get(list_) or (status.title if status else "") or list_

    def jurisdictions(self) -> frozenset[str]:
        """Return whose lists these are."""
        self.status("")
        assert self._status is not None
        return frozenset(status.jurisdiction for status in self._status.values())

    def sources(self) -> list[str]:
        """Return the stores with their digests, for the record of a run."""
        return [
            f"{path.replace(os.sep, '/')}#{digest[:16]}" for path, digest in zip(self.paths, self.digests, strict=True)
        ]


def _reopened(paths: tuple[str, ...], places: tuple[str, ...], digests: list[str]) -> Lists:
    from ..errors import InputError

    made = Lists(places)
    made.paths = paths
    for path, before, now in zip(places, digests, made.digests, strict=True):
        if before != now:
            raise InputError(f"{path}: the store is another one here, or was changed since the run began")
    return made
