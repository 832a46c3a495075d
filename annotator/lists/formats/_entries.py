"""What all readers of formats share: what is known of a snapshot, and names put together."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ...errors import InputError
from ..entries import ALIAS, PRIMARY, Name
from ._text import clean, script_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ._files import Source

LONGEST_NAME = 4000


@dataclass(slots=True)
class Snapshot:
    """What a file, or a set of files that belong together, says about itself.

    ``list_id`` is the id of the list of entries that name none themselves. ``date`` is the file's own date;
    ``newest`` the newest date of a listing in it, which is not later. A ``partial`` file does not hold all
    entries of its list, and none of those in ``partly``. ``expected`` is the number of entries that
    the file says it has. ``warnings`` are faults that did not hinder.
    """

    parts: dict[str, Source]
    format: str
    list_id: str = ""
    date: str | None = None
    newest: str = ""
    partial: bool = False
    partly: set[str] = field(default_factory=set)
    expected: int | None = None
    warnings: list[str] = field(default_factory=list)

    @property
    def source(self) -> Source:
        """Return the file of a format of one file."""
        return self.parts[""]

    @property
    def label(self) -> str:
        """Return what messages call the snapshot: its only file, or that of the entries."""
        return (self.parts.get("") or self.parts["entries"]).label

    def note_date(self, date: str | None) -> None:
        """Take note of the date of a listing."""
        if date and date > self.newest:
            self.newest = date


def make_name(
    text: str, role: str = PRIMARY, quality: str = "", parts: Iterable[tuple[str, str]] = (), *, place: str
) -> Name | None:
    """Return a name with its script, ``None`` for one without letters or digits.

    Raises ``InputError`` for one that is too long to be one; ``place`` is where it stands.
    """
    text = clean(text)
    if len(text) > LONGEST_NAME:
        raise InputError(f"{place}: a name of {len(text):,} characters; no name is longer than {LONGEST_NAME:,}")
    if not any(map(str.isalnum, text)):
        return None
    kept = tuple((kind, words) for kind, words in ((kind, clean(words)) for kind, words in parts) if words)
    return Name(text, role, quality, script_of(text), kept)


def names_once(names: Iterable[Name | None]) -> tuple[Name, ...]:
    """Return the names, each text once; the first of equal ones stays, the primary name before all."""
    found: dict[str, Name] = {}
    for name in names:
        if name is None:
            continue
        before = found.get(name.text)
        if before is None or (before.role != PRIMARY and name.role == PRIMARY):
            found[name.text] = name
    # One name is the primary one, even where a list gives several rows the word, or it is in several scripts.
    primary = [name for name in found.values() if name.role == PRIMARY]
    chosen = next((name for name in primary if name.script == "Latn"), primary[0] if primary else None)
    others = [name for name in found.values() if name is not chosen]
    others = [replace(name, role=ALIAS) if name.role == PRIMARY else name for name in others]
    return (chosen, *others) if chosen else tuple(others)
