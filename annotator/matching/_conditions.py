"""Check a rule's ``needs`` and ``forbids`` at a place."""

from __future__ import annotations

from bisect import bisect_left
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ..rulebook import Form
from ._cues import topics
from ._forms import Place as Start
from ._forms import run
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
    asked: tuple[list[_Condition], list[_Condition], int] | None = holder.get("asked")
    if asked is None:  # kept with the rule
        conditions = [
            *(_ready(condition, needed=True) for condition in holder.get("needs", ())),
            *(_ready(condition, needed=False) for condition in holder.get("forbids", ())),
        ]
        cheapest = sorted(conditions, key=lambda condition: condition.reads)
        asked = holder["asked"] = conditions, cheapest, len(holder.get("needs", ()))
    conditions, cheapest, count = asked
    place = _Place(page, candidate, says)
    found: dict[_Condition, Any] = {}
    reason = ""
    for condition in conditions if in_order else cheapest:
        answer = condition.ask(condition.data, place)
        if condition.needed and not answer:
            reason = condition.refusal
            break
        if answer and not condition.needed:
            reason = f"forbidden: {condition.say(condition.data, place, answer)}"
            break
        found[condition] = answer
    if in_order or not reason:
        why += [one.say(one.data, place, found[one]) for one in conditions[:count] if one in found]
    return reason


class _Place:
    """Where conditions are asked: a candidate on its page, with the stretches of text around it that were asked for."""

    __slots__ = ("_stretches", "candidate", "page", "says")

    def __init__(self, page: Page, candidate: Candidate, says: Callable[[Candidate, dict[str, Any]], bool]) -> None:
        self.page = page
        self.candidate = candidate
        self.says = says
        self._stretches: dict[int | str, tuple[int, int]] = {}

    def stretch(self, within: int | str) -> tuple[int, int]:
        """Return the stretch of text that a distance covers around the candidate."""
        found = self._stretches.get(within)
        if found is None:
            block, start = self.candidate.block, self.candidate.start
            found = self._near(within) if isinstance(within, int) else self.page.range(within, block, start)
            self._stretches[within] = found
        return found

    def _near(self, within: int) -> tuple[int, int]:
        low, high = self.stretch("paragraph")
        tokens = self.page.tokens(self.candidate.block)
        first = bisect_left(tokens.starts, self.candidate.start) - within
        last = bisect_left(tokens.starts, self.candidate.end) + within - 1
        start = tokens.starts[first] if first >= 0 else low
        end = tokens.ends[last] if last < len(tokens.ends) else high
        return start, end


class _Condition:
    """A condition made ready.

    ``ask`` takes its data and a place, and returns what it finds, something false where it does not hold; ``say`` takes
    what was found, too, and returns it in words.
    """

    __slots__ = ("_refusal", "ask", "data", "needed", "reads", "say")

    def __init__(
        self,
        data: dict[str, Any],
        ask: Callable[[dict[str, Any], _Place], Any],
        say: Callable[[dict[str, Any], _Place, Any], str],
        *,
        needed: bool,
        reads: bool = False,
    ) -> None:
        """Take a condition; ``reads`` tells that it asks what a sentence says."""
        self.data = data
        self.ask = ask
        self.say = say
        self.needed = needed
        self.reads = reads
        self._refusal = ""

    @property
    def refusal(self) -> str:
        """What is told where it is needed and does not hold."""
        self._refusal = self._refusal or f"needs {_describe(self.data)}"
        return self._refusal


def _ready(condition: dict[str, Any], *, needed: bool) -> _Condition:
    """Return a condition made ready; it is ``needed`` or forbidden."""
    if "any" in condition:
        parts = [_ready(one, needed=needed) for one in condition["any"]]

        def ask(_: dict[str, Any], place: _Place) -> tuple[_Condition, Any] | None:
            return next(((one, found) for one in parts if (found := one.ask(one.data, place))), None)

        return _Condition(condition, ask, _say_part, needed=needed, reads=any(one.reads for one in parts))
    if "statement" in condition:
        return _Condition(condition, _is_said, _say_statement, needed=needed, reads=True)
    if "nearest" in condition:
        return _Condition(condition, _nearest, _say_nearest, needed=needed)
    if "topic" in condition:
        return _Condition(condition, _topic, _say_cue, needed=needed)
    if "context" in condition:
        return _Condition(condition, _context, _say_cue, needed=needed)
    return _Condition(condition, _beside, _say_word, needed=needed)


def _say_part(_: dict[str, Any], place: _Place, found: tuple[_Condition, Any]) -> str:
    return found[0].say(found[0].data, place, found[1])


def _is_said(condition: dict[str, Any], place: _Place) -> bool:
    return place.says(place.candidate, condition["statement"])


def _say_statement(condition: dict[str, Any], _: _Place, __: bool) -> str:  # noqa: FBT001 - what was found
    shown = "; ".join(
        f"{role} {values if isinstance(values, (str, bool)) else ' or '.join(values)}"
        for role, values in condition["statement"].items()
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
    side = _side(condition)
    words = [*condition[side], *(text for text, _ in condition.get("signed", ()))]
    shown = ", ".join(words[:4]) + (" …" if len(words) > 4 else "")
    return f"one of ({shown}) {side} it {where}"


def _topic(condition: dict[str, Any], place: _Place) -> Cue | None:
    contexts = topics(place.page, condition["topic"], place.candidate.fields.get(condition["column"], ""))
    return place.page.context_in(contexts, *place.stretch(condition["within"]))


def _context(condition: dict[str, Any], place: _Place) -> Cue | None:
    return place.page.context_in(condition["context"], *place.stretch(condition["within"]))


def _say_cue(condition: dict[str, Any], place: _Place, cue: Cue) -> str:
    page, within = place.page, condition["within"]
    where = f"within {within} words" if isinstance(within, int) else f"in the {within}"
    return f"{page.context_names[cue.context]} {where} ({page.plain[cue.start : cue.end].decode('latin-1')!r})"


def _nearest(condition: dict[str, Any], place: _Place) -> Cue | None:
    """Look outwards from the mention for the nearest cue of a group."""
    page, candidate, group = place.page, place.candidate, condition["nearest"]
    low, high = place.stretch(condition["within"])
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
        return None
    return next(iter(best.values()))


def _say_nearest(condition: dict[str, Any], place: _Place, cue: Cue) -> str:
    return f"nearest {condition['nearest']}: {_say_cue(condition, place, cue)}"


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


def _beside(condition: dict[str, Any], place: _Place) -> str:
    """Look for one of the words (folded spellings) before or after the mention, near and in its stretch of text.

    Returns it as it is shown, empty where there is none.
    """
    candidate = place.candidate
    low, high = place.stretch(condition["stretch"])
    word = word_beside(condition, place.page.fold, low, high, candidate.start, candidate.end)
    return repr(word) if word else _signed_beside(condition, place) if "signed" in condition else ""


def _say_word(condition: dict[str, Any], _: _Place, word: str) -> str:
    return f"{word} {_side(condition)} it"


def _side(condition: dict[str, Any]) -> str:
    return "before" if "before" in condition else "after"


def _signed_beside(condition: dict[str, Any], place: _Place) -> str:
    """Look for one of the words that have signs ("U.S.", "supp.") before or after the mention, in its paragraph."""
    page, candidate, side = place.page, place.candidate, _side(condition)
    tokens = page.tokens(candidate.block)
    low, high = place.stretch("paragraph")
    at = bisect_left(tokens.starts, candidate.start if side == "before" else candidate.end)
    for _, record in condition["signed"]:
        form = _form(record)
        farthest = condition["within"] + (len(form.elements) - 1 if side == "before" else 0)
        span = range(max(0, at - farthest), at) if side == "before" else range(at, at + farthest)
        first = form.elements[0][1]
        for index in span:
            if index >= len(tokens.starts):
                break
            if page.fold[tokens.starts[index] + 1 : tokens.ends[index] + 1] not in first:
                continue
            found = run(Start(page, candidate.block, tokens.starts[index]), form, 0)
            if found is None or found[0] < low or found[1] > (candidate.start if side == "before" else high):
                continue
            return repr(page.plain[found[0] : found[1]].decode("latin-1"))
    return ""


@lru_cache(maxsize=256)
def _form(record: str) -> Form:
    return Form(record.encode())
