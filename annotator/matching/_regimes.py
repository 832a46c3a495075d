"""Decide which regime a measure is spoken of: the text around the mention, from near to far.

Only parties (countries, groups) whose regimes have an answer for the rule compete, so that a bystander
does not take a mention away; countries under no regime compete only where a preposition ties them to it.
Every decision says why; a tie says so and gives nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._page import Cue, Page

PARTY = "party"
AUTHORITY = "authority"
_PREPOSITIONS = frozenset(b"on against to for from in of with targeting into towards toward upon over".split())
_JOINING = frozenset(b"and or the a an both as well".split())
_BY = frozenset(b"of by from under".split())
_BEARING = frozenset(b"under faces face faced facing subject".split())
_SUBJECT_REACH = 6
_SECTION_REACH = 120
_TIED_AHEAD = 6
_TIED_BEHIND = 2
_AUTHORITY_AHEAD = 4
_AUTHORITY_BEHIND = 3
# What may stand between an authority and a measure of its own: "UN Security Council's tough new arms embargo".
_OWN = frozenset(
    b"s led imposed backed approved mandated new further additional latest existing current own economic financial"
    b" targeted sweeping tough strict international unilateral autonomous trade sectoral individual council security"
    b" treasury department government wide comprehensive first second third fresh more any all its long standing the"
    b" so called restrictive crippling harsh severe unprecedented coordinated joint".split()
)


class Decision(NamedTuple):
    """The contexts that a mention is about, and why; empty contexts mean that nothing was decided."""

    contexts: tuple[int, ...]
    why: str


def _joined(page: Page, left: Cue, right: Cue) -> bool:
    """Tell whether two cues are joined by "and", "or", a comma or a dash."""
    if right.start - left.end > 24:  # noqa: PLR2004 - longer than any joining words
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
        if 0 <= place <= 2 and near:  # noqa: PLR2004
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
        chain = [cue]
        while index > 0 and _joined(page, cues[index - 1], cues[index]):
            index -= 1
            chain.append(cues[index])
        return chain
    return []


def _subject(page: Page, cues: Sequence[Cue], start: int) -> Cue | None:
    """Return the party that the mention is said of: "Turkey is already under EU sanctions"."""
    before = [c for c in cues if c.end <= start]
    if not before:
        return None
    words = page.words_between(before[-1].end, start)
    return before[-1] if len(words) <= _SUBJECT_REACH and _BEARING.intersection(words) else None


def _distinct(cues: Sequence[Cue]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(cue.context for cue in cues))


def _nearest(page: Page, cues: Sequence[Cue], start: int, end: int) -> Decision:
    """Choose among cues by the number of words between; joined cues are equally near."""
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
    first = cues.index(best[0]) if best else 0
    while best and first > 0 and _joined(page, cues[first - 1], cues[first]):
        first -= 1
        best.append(cues[first])
    contexts = _distinct(best)
    if len(contexts) > 1:
        names = " and ".join(page.context_labels[c] for c in contexts)
        return Decision((), f"tie between {names}")
    return Decision(contexts, f"nearest party: {page.context_labels[contexts[0]]}" if contexts else "")


_NEAR = 60


def decide(
    page: Page,
    block: int,
    start: int,
    end: int,
    slots: Sequence[int],
    able: frozenset[int],
    loose: frozenset[int],
) -> Decision:
    """Decide which parties the mention at ``start``–``end`` is about.

    ``slots`` are contexts that the phrase itself named; ``able`` the contexts whose regimes answer this
    rule; ``loose`` those of them that need not be tied to the mention.
    """
    parties = [c for c in slots if page.context_groups[c] == PARTY]
    if parties:
        return Decision(tuple(dict.fromkeys(parties)), "named in the phrase")
    sentence_start, sentence_end = page.sentence(block, start)
    # A very long sentence is looked at near the mention only, so that many mentions stay linear.
    around = [c for c in page.group_around(PARTY, sentence_start, sentence_end, start, _NEAR) if page.names_party(c)]
    if len(around) > _NEAR:
        around.sort(key=lambda c: abs(c.start - start))
        around = sorted(around[:_NEAR])
    inside = [c for c in around if c.start >= start and c.end <= end and not page.context_attached[c.context]]
    if inside:
        return Decision(_distinct(inside), "named in the mention")
    subject = _subject(page, around, start)
    if subject is not None:
        if page.context_attached[subject.context]:
            return Decision(
                (), f"about {page.plain[subject.start : subject.end].decode('latin-1')}, which is under no regime here"
            )
        return Decision((subject.context,), "said of it")
    tied = _tied_after(page, around, end, sentence_end)
    if tied:
        if all(page.context_attached[c.context] for c in tied):
            return Decision(
                (), f"about {page.plain[tied[0].start : tied[0].end].decode('latin-1')}, which is under no regime here"
            )
        return Decision(_distinct([c for c in tied if not page.context_attached[c.context]]), "tied by a preposition")
    tied = [c for c in _tied_before(page, around, start, sentence_start) if not page.context_attached[c.context]]
    if tied and any(c.context in able for c in tied):
        return Decision(_distinct(tied), "right before the mention")
    near = [c for c in around if c.context in loose]
    if near:
        decision = _nearest(page, near, start, end)
        return decision._replace(why=f"{decision.why} (sentence)")
    paragraph = page.range("paragraph", block, start)
    cues = _window(page, *paragraph, start, loose)
    if cues:
        decision = _nearest(page, cues, start, end)
        return decision._replace(why=f"{decision.why} (paragraph)")
    # Beyond the paragraph a party is only a guess: it must stand near, and the paragraph be about no other.
    other = next((c for c in page.group_around(PARTY, *paragraph, start, _NEAR) if page.names_party(c)), None)
    if other is not None:
        return Decision((), f"the paragraph is about {page.plain[other.start : other.end].decode('latin-1')}")
    span = page.heading("section", block, start)
    if span is not None:
        found = [c for c in page.group_between(PARTY, *span) if c.context in loose]
        if len(_distinct(found)) == 1:
            return Decision(_distinct(found), "named in the heading")
    cues = _window(page, *page.range("section", block, start), start, loose)
    cues = [c for c in cues if len(page.words_between(c.end, start)) <= _SECTION_REACH
            and len(page.words_between(end, c.start)) <= _SECTION_REACH]  # fmt: skip
    if cues:
        decision = _nearest(page, cues, start, end)
        return decision._replace(why=f"{decision.why} (section)")
    span = page.heading("article", block, start)
    if span is not None:
        found = [c for c in page.group_between(PARTY, *span) if c.context in loose]
        if len(_distinct(found)) > 1:
            return Decision((), "tie in the headline")
        if found:
            return Decision(_distinct(found), "named in the headline")
    return Decision((), "no party that this measure is known for stands near")


def _window(page: Page, low: int, high: int, offset: int, loose: frozenset[int]) -> list[Cue]:
    """Return the nearest cues of loose contexts on both sides of ``offset`` within a stretch, in order."""
    group = page.group(PARTY)
    index = page.group_index(PARTY, offset)
    left: list[Cue] = []
    for position in range(index - 1, max(-1, index - 1 - _NEAR), -1):
        cue = group[position]
        if cue.start < low:
            break
        if cue.context in loose and page.names_party(cue):
            left.append(cue)
            if len(left) == 3:  # noqa: PLR2004 - enough for a choice and a tie
                break
    right: list[Cue] = []
    for position in range(index, min(len(group), index + _NEAR)):
        cue = group[position]
        if cue.start >= high:
            break
        if cue.context in loose and page.names_party(cue):
            right.append(cue)
            if len(right) == 3:  # noqa: PLR2004
                break
    return [*reversed(left), *right]


def authorities(page: Page, block: int, start: int, end: int, slots: Sequence[int]) -> tuple[list[int], list[str]]:
    """Return the authority contexts right beside a mention, and the jurisdictions that they ask for."""
    sentence_start, sentence_end = page.sentence(block, start)
    low = max(sentence_start, start - 200)
    high = min(sentence_end, end + 200)
    cues = page.group_between(AUTHORITY, low, high)
    found = [c for c in slots if page.context_groups[c] == AUTHORITY]
    found += [c.context for c in cues if c.start >= start and c.end <= end]
    if not found:
        for index in range(len(cues) - 1, -1, -1):
            cue = cues[index]
            if cue.end > start:
                continue
            words = page.words_between(cue.end, start)
            between = page.plain[cue.end : start]
            if (
                len(words) <= _AUTHORITY_BEHIND
                and _OWN.issuperset(words)
                and not any(s in between for s in (b",", b";", b":"))
            ):
                found.append(cue.context)
                while index > 0 and _joined(page, cues[index - 1], cues[index]):
                    index -= 1
                    found.append(cues[index].context)
            break
        for index, cue in enumerate(cues):
            if cue.start < end:
                continue
            words = page.words_between(end, cue.start)
            if (
                len(words) <= _AUTHORITY_AHEAD
                and any(word in _BY for word in words[:2])
                and b"," not in page.plain[end : cue.start]
            ):
                found += [c.context for c in _chain(page, cues, index)]
            break
    contexts = list(dict.fromkeys(found))
    jurisdictions = list(dict.fromkeys(j for c in contexts for j in page.context_jurisdictions[c]))
    return contexts, jurisdictions
