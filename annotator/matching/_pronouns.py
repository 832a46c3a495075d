"""Who "he", "she" or "the company" at the head of a sentence is.

Where the sentences before leave it open, nobody is meant: what is said of somebody else must never be put down to the
one who merely stands near.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from .._lazy import regex

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from ._page import Page
    from ._statements import Statements
    from ._verdicts import Verdict

_LONGEST_SENTENCE = 800
_OTHER_SUBJECTS = 5  # sentences looked back from a pronoun
_NAMELIKE = regex(rb"[A-Z][A-Za-z\xff'.-]*")
_NO_NAMES = frozenset(
    b"monday tuesday wednesday thursday friday saturday sunday january february march april may june july august"
    b" september october november december mr mrs ms i he she it they the a an but and in on at".split()
)


def opening_pronoun(page: Page, low: int, pronouns: dict[bytes, str]) -> tuple[int, str] | None:
    """Return the pronoun that opens the sentence that begins at ``low``, with its offset, ``None`` for another word.

    ``pronouns`` are pronouns by their folded letters and the blank behind them.
    """
    opening = page.plain[low : low + 20].lstrip(b"\"'([ ")
    low = page.plain.index(opening, low) if opening else low
    for folded, pronoun in pronouns.items():
        if page.fold.startswith(folded, low + 1):
            return low, pronoun
    return None


def antecedent(
    page: Page,
    statements: Statements,
    place: tuple[int, int],
    pronoun: str,
    known: Sequence[Verdict],
    wanted: Collection[int],
) -> Verdict | None:
    """Return the one whom a pronoun at the head of a sentence means, ``None`` where another may be meant.

    ``place`` is block and start of the pronoun. ``known`` are the accepted mentions of persons and bodies in the
    article, in order of place, ``wanted`` the rules of those who may be meant. The sentence before must name one of
    them only, as its subject, and hold no other name; sentences that begin with the same pronoun and hold no name at
    all are passed over.
    """
    block, here = place[0], page.sentence(*place)[0]
    passed: list[tuple[int, int]] = []
    for _ in range(_OTHER_SUBJECTS):
        found = _sentence_before(page, block, here)
        if found is None:
            return None
        block, here, end = found
        if end - here > _LONGEST_SENTENCE:
            return None
        first = bisect_left(known, here, key=lambda v: v.candidate.start)
        inside = known[first : bisect_left(known, end, key=lambda v: v.candidate.start)]
        if inside:
            named = inside[0].candidate
            if named.rule not in wanted or any(v.candidate.rule != named.rule for v in inside):
                return None
            reader = statements.reader(block, here)
            if reader is None or not reader.is_subject(named.start, named.end):
                return None
            # Last, since for this all cues of the document are found.
            others = _other_names(page, here, end, inside) or any(_other_names(page, *each, ()) for each in passed)
            return None if others else inside[0]
        if page.fold[here + 1 : here + len(pronoun) + 2].decode("latin-1") != f"{pronoun} ":
            return None
        passed.append((here, end))
    return None


def _sentence_before(page: Page, block: int, start: int) -> tuple[int, int, int] | None:
    """Return block, start and end of the sentence before, in the same paragraph or the one before it."""
    if start > page.block_starts[block]:
        low, end = page.sentence(block, start - 1)
        return block, low, min(end, start)
    previous = block - 1
    while previous >= 0 and page.blocks[previous].kind == "furniture":
        previous -= 1
    if previous < 0 or page.blocks[previous].kind != "paragraph":
        return None
    if page.blocks[previous].article != page.blocks[block].article:
        return None
    end = page.block_ends[previous]
    return previous, page.sentence(previous, end - 1)[0], end


def _other_names(page: Page, low: int, end: int, inside: Sequence[Verdict]) -> bool:
    """Tell whether a stretch of text holds a capitalised word that may be a name, other than the mentions given.

    The first word does not count, nor do countries, authorities and other cues of a context.
    """
    first = True
    for hit in _NAMELIKE.finditer(page.plain, low, end):
        place, stop = hit.span()
        opening = first and not page.plain[low:place].strip(b"\"'([ ")
        first = False
        if opening and not _NAMELIKE.match(page.plain, stop + 1):
            continue
        if any(v.candidate.start <= place < v.candidate.end for v in inside):
            continue
        word = page.fold[place + 1 : stop + 1].split()
        if not word or word[0] in _NO_NAMES:
            continue
        if not any(cue.start <= place < cue.end for cue in page.cues_near(place)):
            return True
    return False
