"""Hold the pack's listings of persons and bodies against the lists that ship, and print where they differ.

    python tools/compare_pack_and_lists.py

A listing and an entry are held together by name, so a line is a question, not an answer: another day of listing, an
authority that the pack says does not list somebody whom its list has, or one that lists nobody of that name any more.
Exits with 1 when there are any.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from annotator.lists import shipped
from annotator.lists.opened import seen_so
from annotator.lists.standing import ENDED, stands
from annotator.rulebook import load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotator.lists import Entry, Store


def main() -> int:
    """Compare, and print."""
    book = load()
    store = shipped.searchable(shipped.manifest())
    newest = {one.jurisdiction: one.date for one in store.lists() if one.id != "us-nonsdn"}
    found = 0
    for identifier in book.note_ids:
        data = book.note(identifier)
        if data.get("listing"):
            for line in differences(data, _entries(store, data["name"]), newest):
                sys.stdout.write(f"{identifier}: {line}\n")
                found += 1
    return 1 if found else 0


def _entries(store: Store, name: str) -> list[Entry]:
    """Return the entries that have a name of exactly these words, one for each authority where only one does."""
    by: dict[str, list[Entry]] = {}
    for key, entry in store.find(name):
        if entry.list != "us-nonsdn" and _is_named(entry, name):
            by.setdefault(entry.jurisdiction, []).append(seen_so(entry, store.sightings(key)))
    return [entries[0] for entries in by.values() if len(entries) == 1]


def _is_named(entry: Entry, name: str) -> bool:
    words = sorted(name.casefold().split())
    return any(sorted(one.text.casefold().split()) == words for one in entry.names)


def differences(data: dict[str, Any], entries: list[Entry], newest: dict[str, str]) -> Iterator[str]:
    """Yield how a listing of the pack differs from entries of the same name."""
    listed = {entry.jurisdiction: entry for entry in entries}
    for one in data["entries"]:
        entry = listed.get(one["by"])
        if entry is None:
            continue
        now = stands(entry, newest[one["by"]])
        where = f"{entry.list} {entry.reference}"
        if not one.get("listed", True):
            if now.state != ENDED:
                yield f"said not to be listed by {one['by']}, and on its list: {where}"
        elif one.get("from") and entry.listed_on and one["from"] != entry.listed_on:
            yield f"{one['by']} since {one['from']}, by the list since {entry.listed_on}: {where}"
        elif now.state == ENDED and not one.get("until"):
            yield f"{one['by']} with no end, and no longer on its list: {where}"


if __name__ == "__main__":
    sys.exit(main())
