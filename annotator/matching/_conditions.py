"""Check a rule's ``needs`` and ``forbids`` at a place."""

from __future__ import annotations

from bisect import bisect_left
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ..rulebook import Form
from ._cues import topics
from ._forms import Place, run
from ._nearby import word_beside
from ._words import words_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._cuelist import Cue
    from ._page import Page
    from ._verdicts import Candidate

_NEXT = 3  # cues looked at on either side of a mention
_TIED = 6  # words between a mention and the name of who made it
_CLOSE = 8  # words between a mention and a name behind it that may be meant all the same
_ARTICLES = {word.encode() for word in words_of("articles")}
_TIES = {word.encode() for word in words_of("ties")}
_MADE_BY = {word.encode() for word in words_of("made by")}


def holds(
    page: Page,
    holder: dict[str, Any],
    candidate: Candidate,
    why: list[str],
    says: Callable[[Candidate, dict[str, Any]], bool],
    *,
    in_order: bool = True,
) -> str:
    """Return why the conditions of ``holder`` fail, empty if they all hold; evidence is added to ``why``.

    ``says`` tells whether the statement at a candidate has the roles that a condition asks for. Unless they are looked
    at ``in_order``, those on statements, which cost most, come last, and of several that fail another may be told.
    """
    needs, forbids = holder.get("needs", ()), holder.get("forbids", ())
    known: dict[int, str] = {}

    def met(condition: dict[str, Any]) -> str:
        if id(condition) not in known:
            known[id(condition)] = _met(page, condition, candidate, says)
        return known[id(condition)]

    if not in_order:
        for condition in needs:
            if not _reads(condition) and not met(condition):
                return f"needs {_describe(condition)}"
        for condition in forbids:
            if not _reads(condition) and met(condition):
                return f"forbidden: {met(condition)}"
    for condition in needs:
        if not met(condition):
            return f"needs {_describe(condition)}"
        why.append(met(condition))
    for condition in forbids:
        if met(condition):
            return f"forbidden: {met(condition)}"
    return ""


def _reads(condition: dict[str, Any]) -> bool:
    """Tell whether a condition asks what a sentence says."""
    return "statement" in condition or ("any" in condition and any(map(_reads, condition["any"])))


def _met(
    page: Page, condition: dict[str, Any], candidate: Candidate, says: Callable[[Candidate, dict[str, Any]], bool]
) -> str:
    """Return how a condition holds, empty if it does not."""
    if "any" in condition:
        return next(filter(None, (_met(page, one, candidate, says) for one in condition["any"])), "")
    if "statement" in condition:
        wanted = condition["statement"]
        return _as_said(wanted) if says(candidate, wanted) else ""
    return _check(page, condition, candidate)


def _as_said(wanted: dict[str, Any]) -> str:
    shown = "; ".join(
        f"{role} {values if isinstance(values, (str, bool)) else ' or '.join(values)}"
        for role, values in wanted.items()
    )
    return f"the sentence says so ({shown})"


def _describe(condition: dict[str, Any]) -> str:
    if "any" in condition:
        return " or ".join(_describe(one) for one in condition["any"])
    if "statement" in condition:
        roles = (
            f"{k} {v if isinstance(v, (str, bool)) else ' or '.join(v)}" for k, v in condition["statement"].items()
        )
        return f"a statement with {', '.join(roles)}"
    within = condition["within"]
    if condition.get("stretch", "paragraph") != "paragraph":
        within = condition["stretch"]
    where = f"within {within} words" if isinstance(within, int) else f"in the {within}"
    if "nearest" in condition:
        return f"the nearest {condition['nearest']} to be {' or '.join(condition['names'])} {where}"
    if "topic" in condition:
        return f"a {condition['topic']} that its row is on {where}"
    if "context" in condition:
        return f"{' or '.join(condition['names'])} {where}"
    side = "before" if "before" in condition else "after"
    words = [*condition[side], *(text for text, _ in condition.get("signed", ()))]
    shown = ", ".join(words[:4]) + (" …" if len(words) > 4 else "")
    return f"one of ({shown}) {side} it {where}"


def _check(page: Page, condition: dict[str, Any], candidate: Candidate) -> str:
    if "nearest" in condition:
        return _nearest(page, condition, candidate)
    if "topic" in condition:
        contexts = topics(page, condition["topic"], candidate.fields.get(condition["column"], ""))
        return _context(page, {**condition, "context": contexts}, candidate)
    if "context" in condition:
        return _context(page, condition, candidate)
    side = "before" if "before" in condition else "after"
    return _beside(page, condition, side, candidate)


def _stretch(page: Page, within: int | str, candidate: Candidate) -> tuple[int, int]:
    """Return the stretch of text that a distance covers around a candidate."""
    if isinstance(within, str):
        return page.range(within, candidate.block, candidate.start)
    low, high = page.range("paragraph", candidate.block, candidate.start)
    tokens = page.tokens(candidate.block)
    first = bisect_left(tokens.starts, candidate.start) - within
    last = bisect_left(tokens.starts, candidate.end) + within - 1
    start = tokens.starts[first] if first >= 0 else low
    end = tokens.ends[last] if last < len(tokens.ends) else high
    return start, end


def _context(page: Page, condition: dict[str, Any], candidate: Candidate) -> str:
    start, end = _stretch(page, condition["within"], candidate)
    cue = page.context_in(condition["context"], start, end)
    return "" if cue is None else _say(page, cue, condition["within"])


def _say(page: Page, cue: Cue, within: int | str) -> str:
    where = f"within {within} words" if isinstance(within, int) else f"in the {within}"
    return f"{page.context_names[cue.context]} {where} ({page.plain[cue.start : cue.end].decode('latin-1')!r})"


def _nearest(page: Page, condition: dict[str, Any], candidate: Candidate) -> str:
    """Look outwards from the mention for the nearest cue of a group."""
    group = condition["nearest"]
    low, high = _stretch(page, condition["within"], candidate)
    right = page.group_index(group, candidate.start)
    found: list[tuple[int, Cue]] = []
    # Two contexts may share a cue, so more than the next one on either side is looked at.
    for cue in page.group(group)[max(0, right - _NEXT) : right + _NEXT]:
        if not low <= cue.start < high:
            continue
        if cue.start < candidate.start:
            distance = max(0, candidate.start - cue.end)
        else:  # a cue inside the mention is nearer than any other
            distance = cue.start - candidate.end if cue.start >= candidate.end else -1
        found.append((distance, cue))
    if "side" in condition:
        found = _preferred(page, found, candidate)
    least = min((distance for distance, _ in found), default=0)
    best = {cue.context: cue for distance, cue in found if distance == least}
    if len(best) != 1 or not best.keys() <= set(condition["context"]):
        return ""
    return f"nearest {group}: {_say(page, next(iter(best.values())), condition['within'])}"


def _preferred(page: Page, found: list[tuple[int, Cue]], candidate: Candidate) -> list[tuple[int, Cue]]:
    """Leave the cues out that stand behind a mention where one stands before it.

    But not one that the words between tie to it ("Resolution 1540 of the House", "passed by the Senate"), nor one that
    stands close behind where the one before it stands in another paragraph.
    """
    behind = [(distance, cue) for distance, cue in found if cue.start >= candidate.end]
    tied = [each for each in behind if _is_tied(page.words_between(candidate.end, each[1].start))]
    if tied:
        return tied
    before = [each for each in found if each not in behind]
    low = page.range("paragraph", candidate.block, candidate.start)[0]
    if any(cue.start >= low for _, cue in before):
        return before
    end = page.sentence(candidate.block, candidate.start)[1]
    close = [
        each
        for each in behind
        if each[1].start < end and len(page.words_between(candidate.end, each[1].start)) <= _CLOSE
    ]
    return close or before or behind


def _is_tied(words: list[bytes]) -> bool:
    """Tell whether words between a mention and a name behind it say that it is of that name's making."""
    while words and words[-1] in _ARTICLES:
        words = words[:-1]
    return bool(words) and len(words) <= _TIED and words[-1] in _TIES and _MADE_BY.issuperset(words[:-1])


def _beside(page: Page, condition: dict[str, Any], side: str, candidate: Candidate) -> str:
    """Look for one of the words (folded spellings) before or after the mention, near and in its stretch of text."""
    low, high = page.range(condition["stretch"], candidate.block, candidate.start)
    word = word_beside(condition, page.fold, low, high, candidate.start, candidate.end)
    if word:
        return f"{word!r} {side} it"
    return _signed_beside(page, condition, side, candidate) if "signed" in condition else ""


def _signed_beside(page: Page, condition: dict[str, Any], side: str, candidate: Candidate) -> str:
    """Look for one of the words that have signs ("U.S.", "supp.") before or after the mention, in its paragraph."""
    tokens = page.tokens(candidate.block)
    low, high = page.range("paragraph", candidate.block, candidate.start)
    place = bisect_left(tokens.starts, candidate.start if side == "before" else candidate.end)
    for _, record in condition["signed"]:
        form = _form(record)
        farthest = condition["within"] + (len(form.elements) - 1 if side == "before" else 0)
        span = range(max(0, place - farthest), place) if side == "before" else range(place, place + farthest)
        first = form.elements[0][1]
        for index in span:
            if index >= len(tokens.starts):
                break
            if page.fold[tokens.starts[index] + 1 : tokens.ends[index] + 1] not in first:
                continue
            found = run(Place(page, candidate.block, tokens.starts[index]), form, 0)
            if found is None or found[0] < low or found[1] > (candidate.start if side == "before" else high):
                continue
            return f"{page.plain[found[0] : found[1]].decode('latin-1')!r} {side} it"
    return ""


@lru_cache(maxsize=256)
def _form(record: str) -> Form:
    return Form(record.encode())
