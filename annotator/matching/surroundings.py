"""The sentences around places in a document, cut where matching cuts them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..folding import Folded
from ._cuelist import Cues
from ._page import Page

if TYPE_CHECKING:
    from ..model import Document
    from ..rulebook import Rulebook


class Surroundings:
    """Where the sentences of a document are; offsets are code points of its text."""

    def __init__(self, document: Document, rulebook: Rulebook) -> None:
        self._page = Page(document, rulebook, Folded(document.text), lambda *_: Cues.of(()), lambda _: None)

    def sentence(self, start: int, end: int) -> tuple[int, int]:
        """Return where the sentence, or the sentences, begin and end that a stretch of the text stands in.

        A sentence that goes on in the next block is taken whole. Where the stretch stands in no block it is itself.
        """
        page = self._page
        low, high = page.folded.from_text(start), page.folded.from_text(end)
        first, last = page.block_at(low), page.block_at(max(high - 1, low))
        if first < 0 or last < 0:
            return start, end
        begin, _ = page.reach(first, low)
        _, stop = page.reach(last, max(high - 1, low))
        return min(page.to_text(begin), start), max(page.end_in_text(stop), end)

    def heading(self, start: int) -> str:
        """Return the first heading of the article that a place stands in, on one line; empty where it has none."""
        page = self._page
        number = max(page.article_at(start), 0)
        found = (one for one in page.blocks if one.article == number and one.kind == "heading")
        head = next(found, None)
        return " ".join(page.document.text[head.start : head.end].split()) if head is not None else ""
