"""Of whom something is said: the subject of a sentence, words set behind a name, and who "he" is.

Rules of thumb on the order of words. They say nothing where a sentence is built in another way: what is
said of somebody else must never be put down to the one who merely stands near.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._page import Page
    from ._verdicts import Verdict

# Words that stand before a name as part of it: "the Russian banker Oleg Tinkov".
_TITLES = frozenset(
    b"mr mrs ms dr sir lord president premier prime minister foreign defence defense leader dictator ruler chairman"
    b" russian russia korean korea north s the a founder banker businessman billionaire tycoon oligarch magnate aide"
    b" kremlin spokesman spokesperson first deputy former supreme bank lender company firm agency maker carmaker state"
    b" news online un u.n un's united nations security council sanctions 1718".split()
)
# Words before a subject: what opens a clause, or says that somebody says it.
_OPENING = frozenset(
    b"that because when while although though since but so whereas said says say reported reports and yet as"
    b" insisted claimed claims wrote noted".split()
)
# Words that begin what may stand before the subject and its comma: "In Moscow, Kim Jong Un is ...".
_LEADING = frozenset(
    b"in on at after before during since for meanwhile however yet still earlier later now today last this under"
    b" despite with like as when while although though once among by from over to unlike but and besides also".split()
)
_RELATIVE = frozenset({b"who", b"which", b"himself", b"herself", b"itself"})
_FINITE = frozenset(b"is was are were has have had remains remain".split())
_APPOSED = 12  # words between the two commas of "Oleg Tinkov, a Russian banker, is ..."
_CLAUSE = 300  # code points looked at before a name
_LONGEST_SENTENCE = 800
_OTHER_SUBJECTS = 5  # sentences looked back from a pronoun
_PARENTHESIS = 200  # code points between a pronoun and what is said of it
_SAID = re.compile(
    rb"(?:[^;:.!?]*?[ ,](?:and|but)(?:, [^,;:]{1,90},)?)? (?:is|was|are|were|has been|have been|remains|remain)"
    rb"(?: (?:already|also|still|now|currently|himself|herself|itself|both))?(?: (?:on|a|the))* ?",
    re.IGNORECASE,
)
_NAMELIKE = re.compile(rb"[A-Z][A-Za-z\xff'.-]*")
_NO_NAMES = frozenset(
    b"monday tuesday wednesday thursday friday saturday sunday january february march april may june july august"
    b" september october november december mr mrs ms i he she it they the a an but and in on at".split()
)


def is_subject(page: Page, block: int, start: int) -> bool:
    """Tell whether a name at ``start`` opens its sentence or a clause of it, titles and the like left aside."""
    opening = page.sentence(block, start)[0]
    low = max(opening, start - _CLAUSE)
    before = page.plain[low:start].rstrip()
    words = page.fold[low + 1 : start + 1].split()
    while words and words[-1] in _TITLES:
        words.pop()
        before = before[: max(before.rfind(b" "), 0)].rstrip()
    if not words or not before.strip(b"\"'([ "):
        return low == opening
    if before.endswith((b":", b";", b'"', b" -", b"--")):
        return True
    if before.endswith(b","):
        return low == opening and words[0] in _LEADING
    return words[-1] in _OPENING


def said_of(page: Page, first: Verdict, second: Verdict) -> list[bytes] | None:
    """Return the words between a name and what is said of it, ``None`` where it may be said of another.

    Said of the name is what follows it in a relative clause or as a participle, and what follows the
    subject of a clause; what two commas set in between ("Oleg Tinkov, a Russian banker, is") is left out.
    """
    left, right = first.candidate.end, second.candidate.start
    gap = page.plain[left:right]
    words = page.words_between(left, right)
    if gap.startswith((b"'", b"-")):
        return None
    if words[:1] and words[0] in _RELATIVE:
        return words
    if gap.lstrip().startswith(b","):
        last = gap.rindex(b",")
        if not gap[:last].strip(b", "):
            # "The friend of the banker, Oleg Tinkov, is": the name itself is what the commas set in.
            return None if words[:1] and words[0] in _FINITE else words
        if len(page.words_between(left, left + last)) > _APPOSED:
            return None
        words = page.words_between(left + last, right)
        if words[:1] and words[0] in _RELATIVE:
            return words
    return words if is_subject(page, first.candidate.block, first.candidate.start) else None


def opening_pronoun(page: Page, block: int, offset: int, pronouns: Sequence[str]) -> tuple[int, str] | None:
    """Return the pronoun that opens the sentence of ``offset``, with its offset, ``None`` where another word does."""
    low = page.sentence(block, offset)[0]
    opening = page.plain[low : low + 20].lstrip(b"\"'([ ")
    low = page.plain.index(opening, low) if opening else low
    for pronoun in pronouns:
        if page.fold[low + 1 : low + len(pronoun) + 2].decode("latin-1") == f"{pronoun} ":
            return low, pronoun
    return None


def antecedent(page: Page, block: int, start: int, pronoun: str, known: Sequence[Verdict]) -> Verdict | None:
    """Return the one whom a pronoun at the head of a sentence means, ``None`` where another may be meant.

    ``known`` are the accepted mentions of persons and bodies in the article, in order of place. The
    sentence before must name one of them only, as its subject, and hold no other name; sentences that begin
    with the same pronoun and hold no name at all are passed over.
    """
    here = page.sentence(block, start)[0]
    for _ in range(_OTHER_SUBJECTS):
        found = _sentence_before(page, block, here)
        if found is None:
            return None
        block, here, end = found
        if end - here > _LONGEST_SENTENCE:
            return None
        first = bisect_left(known, here, key=lambda v: v.candidate.start)
        inside = known[first : bisect_left(known, end, key=lambda v: v.candidate.start)]
        if _other_names(page, here, end, inside):
            return None
        if inside:
            one = len({v.candidate.rule for v in inside}) == 1
            return inside[0] if one and is_subject(page, block, inside[0].candidate.start) else None
        if page.fold[here + 1 : here + len(pronoun) + 2].decode("latin-1") != f"{pronoun} ":
            return None
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
