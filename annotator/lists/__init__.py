"""Lists: official sanctions lists as published, kept with their history, and an index of the names on them.

This layer knows nothing of documents.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._lazy import lazily

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

# SQLite is not on the way of a run without lists.
__getattr__ = lazily(__name__, _PLACES)
