"""The cues of contexts in a document, and a document laid out so that it finds them when they are asked for."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from ..core import settled
from ..folding import Folded
from ..model import Block, Document, Layout
from ._cuelist import Cue, Cues
from ._forms import stands, trials
from ._hits import Hits
from ._page import Page

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from ..core import CueRows
    from ..rulebook import Rulebook

_NONE = Cues.of(())
_STRETCH = 16  # of so many bits of an offset cues are sorted together


def lay_out(document: Document, rulebook: Rulebook, folded: Folded, hits: Hits | None = None) -> Page:
    """Return a document laid out for matching; ``hits`` are what the first pass found, where it has run already."""
    first = hits
    every: dict[str, Cues] | None = None

    def found() -> Hits:
        nonlocal first
        first = first or Hits(rulebook, folded)
        return first

    def cues(page: Page, peers: str) -> Cues:
        nonlocal every
        rows = found().cue_rows()
        if rows is None:
            return Cues.of(find_cues(page, found(), rulebook.peers.get(peers, ())))
        if every is None:
            every = all_cues(page, rows)
        return every.get(peers, _NONE)

    return Page(
        document,
        rulebook,
        folded,
        cues,
        lambda context: found().cue_starts(context),
        hits.readers if hits is not None else None,
    )


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


def all_cues(page: Page, rows: CueRows) -> dict[str, Cues]:
    """Return what `find_cues` does, for all contexts: by the name of their peers, those that have any."""
    rulebook, table = page.rulebook, page.rulebook.cues
    blocks = array("I", page.block_starts), array("I", page.block_ends)
    certain, others = rows.placed(*blocks, bytes(map(page.live, range(len(page.blocks)))))
    found = array("I", certain)
    for start, end, literal, number, anchor, block in others:
        (trial,) = trials(page, table, (start, end, literal, [(number, anchor, 0, 0)]), block)
        span = stands(page, trial)
        if span is not None:
            found.extend((span[0], span[1], trial.form.owner))
    for cue in _in_scripts(page):
        found.extend(cue)
    protected = array("I", page.protected_starts), array("I", page.protected_ends)
    names = tuple(rulebook.peers)
    return {names[peers]: Cues(*each) for peers, *each in settled(found, rulebook.peer_numbers, *protected)}


def find_cues(page: Page, hits: Hits, contexts: Collection[int]) -> Iterator[Cue]:
    """Yield the cues of contexts in live, unprotected text, longest first where they overlap, in order.

    ``contexts`` are all that may take a place from one another, which those of other groups do not.
    """
    return _standing(page, _in_order(_found(page, hits, contexts)))


def _found(page: Page, hits: Hits, contexts: Collection[int]) -> Iterator[tuple[int, int, int]]:
    """Yield start, end and context of the cues of contexts in live text."""
    table = page.rulebook.cues
    places: dict[tuple[int, int, int], int] = {}
    low = high = 0
    block, live = -1, False
    for context in contexts:
        for start, end, literal in hits.cues_of(context):
            if not low <= start < high:
                block = page.block_at(start)
                live = page.live(block)
                low, high = (page.block_starts[block], page.block_ends[block]) if live else (0, 0)
            if live:
                places[start, end, literal] = block
    for (start, end, literal), block in places.items():
        for trial in trials(page, table, (start, end, literal, None), block):
            span = stands(page, trial) if trial.form.owner in contexts else None
            if span is not None:
                yield span[0], span[1], trial.form.owner
    for cue in _in_scripts(page):
        if cue[2] in contexts:
            yield cue


def _in_scripts(page: Page) -> Iterator[tuple[int, int, int]]:
    """Yield start, end and context of the cues in other scripts in live text."""
    for one in page.script_hits(page.rulebook.cues.scripts):
        start, end = page.folded.from_text(one.start), page.folded.from_text(one.end)
        if page.live(page.block_at(start)):
            yield start, end, one.owner


def _in_order(cues: Iterable[tuple[int, int, int]]) -> Iterator[tuple[int, int, int]]:
    """Yield cues by start, then end (the last first), then context: sorted a stretch at a time, to save memory."""
    stretches: dict[int, array[int]] = {}
    for cue in cues:
        kept = stretches.get(cue[0] >> _STRETCH)
        if kept is None:
            kept = stretches[cue[0] >> _STRETCH] = array("I")
        kept.extend(cue)
    for number in sorted(stretches):
        each = iter(stretches.pop(number))
        yield from sorted(zip(each, each, each, strict=True), key=_order)


def _order(cue: tuple[int, int, int]) -> tuple[int, int, int]:
    return cue[0], -cue[1], cue[2]


def _standing(page: Page, cues: Iterable[tuple[int, int, int]]) -> Iterator[Cue]:
    """Yield the cues of a group that stand, the longest where they overlap: "South Sudan" is no cue of Sudan.

    None stands in protected text.
    """
    first, last, what = -1, -1, -1
    for start, end, context in cues:
        if end <= last and (start != first or end != last or context == what):
            continue
        if page.protected_starts and page.is_protected(start, end):
            continue
        yield Cue(start, end, context)
        first, last, what = start, end, context
