"""The cues of contexts in a document, and a document laid out so that it finds them when they are asked for."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from ..folding import Folded
from ..model import Block, Document, Layout
from ._cuelist import Cue
from ._forms import stands, trials
from ._hits import Hits
from ._page import Page

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..rulebook import Rulebook

_STRETCH = 16  # of so many bits of an offset cues are sorted together


def lay_out(document: Document, rulebook: Rulebook, folded: Folded, hits: Hits | None = None) -> Page:
    """Return a document laid out for matching; ``hits`` are what the first pass found, where it has run already."""
    return Page(document, rulebook, folded, lambda page: find_cues(page, hits))


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


def find_cues(page: Page, hits: Hits | None = None) -> Iterator[Cue]:
    """Yield the cues in live, unprotected text, longest first where they overlap, in order."""
    return _standing(page, _in_order(_found(page, hits or Hits(page.rulebook, page.folded))))


def _found(page: Page, hits: Hits) -> Iterator[tuple[int, int, int]]:
    """Yield start, end and context of the cues in live text, nearly in order."""
    table = page.rulebook.cues
    certain, places = hits.cues()
    for start, end, context in certain:
        if page.live(page.block_at(start)):
            yield start, end, context
    for hit in places:
        block = page.block_at(hit[0])
        if page.live(block):
            for trial in trials(page, table, hit, block):
                span = stands(page, trial)
                if span is not None:
                    yield span[0], span[1], trial.form.owner
    for one in page.script_hits(table.scripts):
        start, end = page.folded.from_text(one.start), page.folded.from_text(one.end)
        if page.live(page.block_at(start)):
            yield start, end, one.owner


def _in_order(cues: Iterable[tuple[int, int, int]]) -> Iterator[Cue]:
    """Yield cues by start, then end (the last first), then context: sorted a stretch at a time, to save memory."""
    stretches: dict[int, array[int]] = {}
    for cue in cues:
        kept = stretches.get(cue[0] >> _STRETCH)
        if kept is None:
            kept = stretches[cue[0] >> _STRETCH] = array("I")
        kept.extend(cue)
    for number in sorted(stretches):
        each = iter(stretches.pop(number))
        yield from sorted(map(Cue, each, each, each), key=lambda cue: (cue.start, -cue.end, cue.context))


def _standing(page: Page, cues: Iterable[Cue]) -> Iterator[Cue]:
    """Yield the cues that stand: "South Sudan" is no cue of Sudan.

    Within a group the longest wins, across groups each stands; none stands in protected text.
    """
    tops: dict[str, Cue] = {}
    for cue in cues:
        group = page.context_groups[cue.context] or page.context_names[cue.context]
        top = tops.get(group)
        if top is not None and cue.end <= top.end:
            same = cue.start == top.start and cue.end == top.end and cue.context != top.context
            if not same:
                continue
        if page.protected_starts and page.is_protected(cue.start, cue.end):
            continue
        yield cue
        tops[group] = cue
