"""What an analyst has decided of names: which entries are never meant by some words, and which always are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..decisions import words_of as decided_words
from ..lists.opened import identifier

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..decisions import Decision, Ruling
    from ..lists.opened import Key, Lists
    from ._page import Page


class Decided:
    """The decisions for one document, with its text."""

    def __init__(self, ruling: Ruling, page: Page, lists: Lists) -> None:
        self.ruling = ruling
        self._page = page
        self._lists = lists

    def _words(self, start: int, end: int) -> tuple[str, ...]:
        """Return the words at a place as decisions know them."""
        page = self._page
        return decided_words(page.document.text[page.to_text(start) : page.end_in_text(end)])

    def allowed(self, keys: Iterable[Key], start: int, end: int) -> tuple[frozenset[Key], Decision | None]:
        """Return the entries that no decision refuses for the words at a place, and one of the decisions that do."""
        words = self._words(start, end)
        left = []
        refused: Decision | None = None
        for key in keys:
            name = identifier(self._lists.entry(key))
            found = self.ruling.on(words, name)
            if found is None or name in (found.entries if found.kind == "always" else ()):
                left.append(key)
            else:
                self.ruling.use(found)
                refused = refused or found
        return frozenset(left), refused

    def places(self) -> Iterable[tuple[int, int, str]]:
        """Yield where names of decisions stand: start, end, the name."""
        for _, name in self.ruling.names:
            for start, end in self._occurrences(name):
                yield start, end, name

    def meant(self, start: int, end: int) -> tuple[Decision, list[Key]] | None:
        """Return the decision that says who is always meant by the words at a place, and the entries."""
        found = self.ruling.meant(self._words(start, end))
        if found is None:
            return None
        decision, names = found
        keys = dict.fromkeys(key for name in names if (key := self._lists.key_named(name)) is not None)
        return (decision, list(keys)) if keys else None

    def _occurrences(self, name: str) -> list[tuple[int, int]]:
        """Return where a name of a decision stands, whatever its case, accents and hyphens, as offsets in ``plain``."""
        words = decided_words(name)
        if all(word.isascii() for word in words):
            joined = rb"(?:[\s-]|\. ){1,4}".join(re.escape(word.encode()) for word in words)
            pattern = re.compile(rb"(?<![A-Za-z0-9])%b(?![A-Za-z0-9]|-[A-Z])" % joined, re.IGNORECASE)
            return [hit.span() for hit in pattern.finditer(self._page.plain)]
        spaced = r"\s+".join(map(re.escape, words[0].split()))
        letters = re.compile(rf"(?<!\w){spaced}(?!\w)", re.IGNORECASE)
        place = self._page.folded.from_text
        return [(place(hit.start()), place(hit.end())) for hit in letters.finditer(self._page.document.text)]
