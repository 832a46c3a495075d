"""The cues of contexts in a document, and a document laid out so that it finds them when they are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..folding import Folded
from ..model import Block, Document, Layout
from ._forms import stands, trials
from ._hits import Hits
from ._page import Cue, Page

if TYPE_CHECKING:
    from ..rulebook import Rulebook


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


def find_cues(page: Page, hits: Hits | None = None) -> list[Cue]:
    """Return the cues in live, unprotected text, longest first where they overlap, in order."""
    table = page.rulebook.cues
    found: list[Cue] = []
    certain, places = (hits or Hits(page.rulebook, page.folded)).cues()
    found += [Cue(*cue) for cue in certain if page.live(page.block_at(cue[0]))]
    for hit in places:
        block = page.block_at(hit[0])
        if page.live(block):
            tried = ((stands(page, trial), trial.form.owner) for trial in trials(page, table, hit, block))
            found += [Cue(span[0], span[1], owner) for span, owner in tried if span is not None]
    for one in page.script_hits(table.scripts):
        start, end = page.folded.from_text(one.start), page.folded.from_text(one.end)
        if page.live(page.block_at(start)):
            found.append(Cue(start, end, one.owner))
    found.sort(key=lambda cue: (cue.start, -cue.end, cue.context))
    return _standing(page, found)


def _standing(page: Page, cues: list[Cue]) -> list[Cue]:
    """Return the cues that stand: "South Sudan" is no cue of Sudan.

    Within a group the longest wins, across groups each stands; none stands in protected text.
    """
    kept: list[Cue] = []
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
        kept.append(cue)
        tops[group] = cue
    return kept
