"""The cues of contexts in a document, and a document laid out so that it finds them when they are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..folding import Folded
from ..model import Block, Document, Layout
from ._forms import stands, trials
from ._hits import ANY_FORM, Hits
from ._page import Cue, Page

if TYPE_CHECKING:
    from collections.abc import Collection

    from ..rulebook import Rulebook


def lay_out(document: Document, rulebook: Rulebook, folded: Folded, hits: Hits | None = None) -> Page:
    """Return a document laid out for matching; ``hits`` are what the first pass found, where it has run already."""
    first = hits

    def cues(page: Page, contexts: Collection[int]) -> list[Cue]:
        nonlocal first
        first = first or Hits(rulebook, folded)
        return find_cues(page, first, contexts)

    return Page(document, rulebook, folded, cues)


def topics(page: Page, group: str, text: str) -> list[int]:
    """Return the contexts of a group that words from elsewhere, a row of a table, hold cues of."""
    known = page.rulebook.topics
    found = known.get((group, text))
    if found is None:
        layout = Layout((Block(0, len(text), "paragraph", 0, 0),), tail=len(text))
        document = Document(
            source=b"", text=text, format="text", encoding="utf-8", bom=b"", newline="\n", path=None,
            layout_of=lambda _: layout,
        )  # fmt: skip
        other = lay_out(document, page.rulebook, Folded(text))
        found = known[group, text] = sorted({cue.context for cue in other.group(group)})
    return found


def find_cues(page: Page, hits: Hits, contexts: Collection[int]) -> list[Cue]:
    """Return the cues of contexts in live, unprotected text, longest first where they overlap, in order.

    ``contexts`` are all that may take a place from one another, which those of other groups do not.
    """
    table = page.rulebook.cues
    found: list[tuple[int, int, int]] = []  # start, end with its sign turned, context: in the order in which they count
    rest: dict[tuple[int, int, int], int] = {}
    low = high = 0
    block, live = -1, False
    for context in contexts:
        for start, end, literal, number, anchor in hits.cues_of(context):
            if not low <= start < high:
                block = page.block_at(start)
                live = page.live(block)
                low, high = (page.block_starts[block], page.block_ends[block]) if live else (0, 0)
            if not live:
                continue
            if number == ANY_FORM:
                rest[start, end, literal] = block
            elif number < 0:
                found.append((start, 2 - end, context))
            else:
                trial = next(trials(page, table, (start, end, literal, [(number, anchor, False)]), block))
                span = stands(page, trial)
                if span is not None:
                    found.append((span[0], -span[1], context))
    for (start, end, literal), block in rest.items():
        for trial in trials(page, table, (start, end, literal, None), block):
            span = stands(page, trial) if trial.form.owner in contexts else None
            if span is not None:
                found.append((span[0], -span[1], trial.form.owner))
    for one in page.script_hits(table.scripts):
        if one.owner in contexts:
            start, end = page.folded.from_text(one.start), page.folded.from_text(one.end)
            if page.live(page.block_at(start)):
                found.append((start, -end, one.owner))
    found.sort()
    return _standing(page, found)


def _standing(page: Page, cues: list[tuple[int, int, int]]) -> list[Cue]:
    """Return the cues of a group that stand, the longest where they overlap: "South Sudan" is no cue of Sudan.

    None stands in protected text.
    """
    kept: list[Cue] = []
    first, last, what = -1, -1, -1
    for start, turned, context in cues:
        end = -turned
        if end <= last and (start != first or end != last or context == what):
            continue
        if page.protected_starts and page.is_protected(start, end):
            continue
        kept.append(Cue(start, end, context))
        first, last, what = start, end, context
    return kept
