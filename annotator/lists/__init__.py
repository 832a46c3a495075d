"""Lists: official sanctions lists as published, kept with their history, and an index of the names on them.

The room knows nothing of documents.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .comparing import Change, Comparison, compare_dates, compare_files
    from .entries import Entry, Name
    from .importing import ImportReport, import_files
    from .store import ListStatus, Store

__all__ = [
    "Change",
    "Comparison",
    "Entry",
    "ImportReport",
    "ListStatus",
    "Name",
    "Store",
    "compare_dates",
    "compare_files",
    "import_files",
]

_PLACES = {
    **dict.fromkeys(("Change", "Comparison", "compare_dates", "compare_files"), "comparing"),
    **dict.fromkeys(("Entry", "Name"), "entries"),
    **dict.fromkeys(("ImportReport", "import_files"), "importing"),
    **dict.fromkeys(("ListStatus", "Store"), "store"),
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: SQLite is not on the way of a run without lists."""
    place = _PLACES.get(name)
    if place is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415

    value = getattr(import_module(f".{place}", __name__), name)
    globals()[name] = value
    return value
