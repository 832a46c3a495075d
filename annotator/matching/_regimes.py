"""Decide which regime a measure is spoken of: the text around the mention, from near to far.

Only parties (countries, groups) whose regimes have an answer for the rule compete, so that a bystander
does not take a mention away; countries under no regime compete only where a preposition ties them to it.
Every decision says why; a tie says so and gives nothing.
"""

from __future__ import annotations

from itertools import islice, takewhile
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ._cuelist import Cue
    from ._page import Page
    from ._verdicts import Candidate

PARTY = "party"
_PREPOSITIONS = frozenset(b"on against to for from in of with targeting into towards toward upon over".split())
_JOINING = frozenset(b"and or the a an both as well".split())
_ON = frozenset({b"on", b"against"})  # "police acted under the EU asset freeze on Russian businessmen"
_BEARING = frozenset(b"under faces face faced facing subject".split())
_SUBJECT_REACH = 6
_SECTION_REACH = 120
_TIED_AHEAD = 6
_TIED_BEHIND = 2
# Measures named in one breath with the one that a party is under: "Turkey faces an asset freeze and a visa ban".
_ALSO = frozenset(b"and or a an asset assets freeze freezes travel visa entry ban bans".split())


class Decision(NamedTuple):
    """The contexts that a mention is about, and why; empty contexts mean that nothing was decided."""

    contexts: tuple[int, ...]
    why: str


def _joined(page: Page, left: Cue, right: Cue) -> bool:
    """Tell whether two cues are joined by "and", "or", a comma or a dash."""
    if right.start - left.end > 24:  # longer than any joining words
        return False
    between = page.plain[left.end : right.start]
    words = page.fold[left.end + 1 : right.start + 1].split()
    if b"." in between and not between.endswith(b" "):
        return False
    return all(word in _JOINING or word == b"s" for word in words) and (
        bool(words) or b"," in between or b"-" in between or b"/" in between
    )


def _chain(page: Page, cues: Sequence[Cue], index: int) -> list[Cue]:
    """Return the cue at ``index`` with those joined to it on its right."""
    chain = [cues[index]]
    while index + 1 < len(cues) and _joined(page, cues[index], cues[index + 1]):
        index += 1
        chain.append(cues[index])
    return chain


def _chain_back(page: Page, cues: Sequence[Cue], index: int) -> list[Cue]:
    """Return the cue at ``index`` with those joined to it on its left, from right to left."""
    chain = [cues[index]]
    while index > 0 and _joined(page, cues[index - 1], cues[index]):
        index -= 1
        chain.append(cues[index])
    return chain


def _tied_after(page: Page, cues: Sequence[Cue], end: int, sentence_end: int) -> list[Cue]:
    """Return the cues that a preposition right after the mention ties to it."""
    for index, cue in enumerate(cues):
        if cue.start < end:
            continue
        if cue.start >= sentence_end:
            return []
        words = page.words_between(end, cue.start)
        if len(words) > _TIED_AHEAD:
            return []
        if any(stop in page.plain[end : cue.start] for stop in (b",", b";", b":", b"(")):
            return []
        place = next((n for n, word in enumerate(words) if word in _PREPOSITIONS), -1)
        # "sanctions imposed against X", "embargo on arms for X"; but not "sanctions for sending arms to X".
        near = len(words) - place - 1 <= (1 if place >= 0 and words[place] == b"for" else 4)
        if 0 <= place <= 2 and near:
            return _chain(page, cues, index)
        return []
    return []


def _tied_before(page: Page, cues: Sequence[Cue], start: int, sentence_start: int) -> list[Cue]:
    """Return the cues right before the mention: "Iran's arms embargo", "North Korean coal"."""
    for index in range(len(cues) - 1, -1, -1):
        cue = cues[index]
        if cue.end > start or cue.start < sentence_start:
            continue
        words = [word for word in page.words_between(cue.end, start) if word != b"s"]
        if len(words) > _TIED_BEHIND or any(stop in page.plain[cue.end : start] for stop in (b",", b";", b":", b")")):
            return []
        if words and (
            words[0] in _PREPOSITIONS or words[0] in {b"and", b"or", b"has", b"is", b"was", b"said", b"says"}
        ):
            return []
        return _chain_back(page, cues, index)
    return []


def _subject(page: Page, cues: Sequence[Cue], start: int) -> Cue | None:
    """Return the party that the mention is said of: "Turkey is already under EU sanctions"."""
    for cue in reversed(cues):
        if cue.end > start:
            continue
        words = page.words_between(cue.end, start)
        if len(words) > 2 * _SUBJECT_REACH or sum(word not in _ALSO for word in words) > _SUBJECT_REACH:
            return None
        if page.context_attached[cue.context] and page.fold[max(0, cue.start - 8) + 1 : cue.start + 1].endswith(
            b" in "
        ):
            continue  # where it was done: "a yacht seized in Fiji under US sanctions"
        if _BEARING.intersection(words):
            return cue
    return None


def _distinct(cues: Sequence[Cue]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(cue.context for cue in cues))


def _nearest(page: Page, cues: Sequence[Cue], candidate: Candidate, where: str) -> Decision:
    """Choose among cues by the number of words between; joined cues are equally near."""
    start, end = candidate.start, candidate.end
    best: list[Cue] = []
    least = -1
    for index, cue in enumerate(cues):
        if cue.end <= start:
            distance = len(page.words_between(cue.end, start))
        elif cue.start >= end:
            distance = len(page.words_between(end, cue.start))
        else:
            distance = 0
        if least < 0 or distance < least:
            best, least = [cue], distance
        elif distance == least or (index and cues[index - 1] in best and _joined(page, cues[index - 1], cue)):
            best.append(cue)
    if best:
        best += _chain_back(page, cues, cues.index(best[0]))[1:]
    contexts = _distinct(best)
    if len(contexts) > 1:
        names = " and ".join(page.context_labels[c] for c in contexts)
        return Decision((), f"tie between {names} ({where})")
    return Decision(contexts, f"nearest party: {page.context_labels[contexts[0]]} ({where})")


_NEAR = 60
_ENOUGH = 3  # cues on each side: a choice and a tie


def decide(
    page: Page, candidate: Candidate, able: frozenset[int], loose: frozenset[int], *, near: bool = False
) -> Decision:
    """Decide which parties a mention is about; ``near``: by its own sentence only, since it is on somebody named there.

    ``able`` are the contexts whose regimes answer its rule; ``loose`` those of them that need not be tied
    to the mention.
    """
    parties = [c for c in candidate.slots if page.context_groups[c] == PARTY]
    if parties:
        return Decision(tuple(dict.fromkeys(parties)), "named in the phrase")
    decision = _in_sentence(page, candidate, able, loose)
    for look in () if near else (_in_paragraph, _in_section, _in_headline):
        if decision is None:
            decision = look(page, candidate, loose)
    return decision or Decision((), "no party that this measure is known for stands near")


def _in_sentence(page: Page, candidate: Candidate, able: frozenset[int], loose: frozenset[int]) -> Decision | None:
    """Decide by the mention's own sentence: what it names, whom it is said of, what is tied to it, what is nearest."""
    start, end = candidate.start, candidate.end
    sentence_start, sentence_end = page.sentence(candidate.block, start)
    # A very long sentence is looked at near the mention only, so that many mentions stay linear.
    around = [c for c in page.group_around(PARTY, sentence_start, sentence_end, start, _NEAR) if page.names_party(c)]
    if len(around) > _NEAR:
        around.sort(key=lambda c: abs(c.start - start))
        around = sorted(around[:_NEAR])
    inside = [c for c in around if c.start >= start and c.end <= end and not page.context_attached[c.context]]
    if inside:
        return Decision(_distinct(inside), "named in the mention")
    tied = _tied_after(page, around, end, sentence_end)
    subject = _subject(page, around, start)
    on = page.words_between(end, min(end + 40, sentence_end))[:1]
    if subject is not None and not (on and on[0] in _ON and any(not page.context_attached[c.context] for c in tied)):
        return _under_regimes(page, [subject], "said of it")
    if tied:
        return _under_regimes(page, tied, "tied by a preposition")
    tied = [c for c in _tied_before(page, around, start, sentence_start) if not page.context_attached[c.context]]
    if any(c.context in able for c in tied):
        return Decision(_distinct(tied), "right before the mention")
    near = [c for c in around if c.context in loose]
    return _nearest(page, near, candidate, "sentence") if near else None


def _under_regimes(page: Page, cues: Sequence[Cue], why: str) -> Decision:
    """Decide for those parties that are under a regime; a mention of others only is about no regime here."""
    under = [c for c in cues if not page.context_attached[c.context]]
    return (
        Decision(_distinct(under), why)
        if under
        else Decision((), f"about {_text(page, cues[0])}, which is under no regime here")
    )


def _in_paragraph(page: Page, candidate: Candidate, loose: frozenset[int]) -> Decision | None:
    """Decide by the nearest party in the paragraph; one that is about another party decides for none."""
    paragraph = page.range("paragraph", candidate.block, candidate.start)
    cues = _window(page, *paragraph, candidate.start, loose)
    if cues:
        return _nearest(page, cues, candidate, "paragraph")
    # Beyond the paragraph a party is only a guess: it must stand near, and the paragraph be about no other
    # that is under a regime. Countries under none are in every paragraph of the news.
    around = page.group_around(PARTY, *paragraph, candidate.start, _NEAR)
    other = next((c for c in around if page.names_party(c) and not page.context_attached[c.context]), None)
    return None if other is None else Decision((), f"the paragraph is about {_text(page, other)}")


def _in_section(page: Page, candidate: Candidate, loose: frozenset[int]) -> Decision | None:
    """Decide by the heading of the section, if it names one party, else by the nearest party not too far away."""
    block, start, end = candidate.block, candidate.start, candidate.end
    found = _in_heading(page, "section", candidate, loose)
    if len(found) == 1:
        return Decision(found, "named in the heading")
    cues = [
        c
        for c in _window(page, *page.range("section", block, start), start, loose)
        if len(page.words_between(c.end, start)) <= _SECTION_REACH
        and len(page.words_between(end, c.start)) <= _SECTION_REACH
    ]
    return _nearest(page, cues, candidate, "section") if cues else None


def _in_headline(page: Page, candidate: Candidate, loose: frozenset[int]) -> Decision | None:
    """Decide by the headline of the article, if it names one party."""
    found = _in_heading(page, "article", candidate, loose)
    if len(found) > 1:
        return Decision((), "tie in the headline")
    return Decision(found, "named in the headline") if found else None


def _in_heading(page: Page, level: str, candidate: Candidate, loose: frozenset[int]) -> tuple[int, ...]:
    """Return the parties that the heading of a mention's section or article names."""
    span = page.heading(level, candidate.block, candidate.start)
    return (
        ()
        if span is None
        else _distinct([c for c in page.group_around(PARTY, *span, span[0], _NEAR) if c.context in loose])
    )


def _text(page: Page, cue: Cue) -> str:
    return page.plain[cue.start : cue.end].decode("latin-1")


def _window(page: Page, low: int, high: int, offset: int, loose: frozenset[int]) -> list[Cue]:
    """Return the nearest cues of loose contexts on both sides of ``offset`` within a stretch, in order."""
    group = page.group(PARTY)
    index = page.group_index(PARTY, offset)
    before = (group[n] for n in range(index - 1, max(-1, index - 1 - _NEAR), -1))
    after = (group[n] for n in range(index, min(len(group), index + _NEAR)))

    def first(cues: Iterator[Cue]) -> list[Cue]:
        return list(islice((c for c in cues if c.context in loose and page.names_party(c)), _ENOUGH))

    left = first(takewhile(lambda cue: cue.start >= low, before))
    right = first(takewhile(lambda cue: cue.start < high, after))
    return [*reversed(left), *right]
