"""Notes of an older run made anew: taken out, put in again, and what changed told apart by its reason."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from . import writing
from .api import options_of

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Sequence

    from .api import Annotator, Result
    from .config import Options

_ALIKE = 0.4  # so much of their words have two versions of one note in common

FACTS, DATE, RULE, WORDING, DECIDED = "new facts", "new date", "new rule", "new wording", "new decision"
REASONS = (FACTS, DATE, RULE, WORDING, DECIDED)


class Change(NamedTuple):
    """One note that is not as it was.

    ``what`` is ``new``, ``changed`` or ``gone``; ``why`` one of `REASONS`; ``before`` and ``after`` are the
    note's first line then and now, empty where there was or is none.
    """

    what: str
    why: str
    before: str
    after: str


class Update(NamedTuple):
    """An article with its notes made anew: the result, its bytes, and what changed, in the order of the notes."""

    result: Result
    data: bytes
    changes: tuple[Change, ...]


def update(
    annotator: Annotator,
    source: bytes,
    *,
    as_of: str | datetime.date | None = None,
    notes: str = "best",
    jurisdictions: Iterable[str] = (),
    format: str | None = None,
    path: str | None = None,
    encoding: str | None = None,
    options: Options | None = None,
    detail: str = "brief",
) -> Update | None:
    """Annotate an annotated article anew; ``None`` where it holds no notes of ours.

    The as-of date and where it came from stay those of the older run, unless ``as_of`` is given; so does the way
    in which notes are placed. Which notes there were is read from the article itself, and two versions of a note
    are known as such by what they say. ``detail`` is that of `Result.render`. ``options`` hold all of these but
    ``path`` and ``detail`` at once, as in ``annotate``. Raises what that does, and ``EditedError`` for an article that
    was changed since.
    """
    layer = writing.layer_of(source)
    if layer is None:
        return None
    if options is None:
        options = options_of(as_of, notes, jurisdictions, format, encoding)
    given = options

    def made(day: str | None) -> Result:
        return annotator.annotate(layer.original, path=path, options=replace(given, as_of=day))

    def written(one: Result) -> bytes:
        return one.render_bytes(layer.format, style=layer.style, detail=detail)

    result = made(given.as_of if given.as_of is not None else layer.as_of or None)
    if given.as_of is None and layer.as_of:
        result = replace(result, as_of=layer.as_of, as_of_from=layer.as_of_from)
    data = written(result)
    now = writing.layer_of(data)
    after = now.notes if now is not None else []
    same_rules = result.rulebook.digest.startswith(layer.digest) and bool(layer.digest)
    same_decisions = (annotator.decisions.digest[:16] if annotator.decisions is not None else "") == layer.decisions
    same_day = result.as_of == layer.as_of
    between = after
    if not (same_rules and same_decisions) and not same_day:
        # What the new rules say on the old day tells what the rules changed from what the day did.
        halfway = writing.layer_of(written(made(layer.as_of)))
        between = halfway.notes if halfway is not None else []
    # Where rules and decisions have changed, what came of it is put down to the rules.
    by = FACTS if not same_rules else "" if same_decisions else DECIDED
    return Update(result, data, _changes(layer.notes, between, after, same_day=same_day, by=by))


def _changes(
    before: Sequence[tuple[str, ...]],
    between: Sequence[tuple[str, ...]],
    after: Sequence[tuple[str, ...]],
    *,
    same_day: bool,
    by: str,
) -> tuple[Change, ...]:
    old = [note for note in before if note not in set(after)]
    new = [note for note in after if note not in set(before)]
    changes: list[tuple[int, Change]] = []

    def why(note: tuple[str, ...], *, there: bool, by_rules: str) -> str:
        by_rules = DECIDED if by == DECIDED else by_rules
        if not by and same_day:
            return WORDING
        if not by:
            return DATE
        if same_day:
            return by_rules
        return by_rules if (note in between) == there else DATE

    for note in new:
        pair = max(old, key=lambda other: _alike(other, note), default=None)
        place = after.index(note)
        if pair is not None and _alike(pair, note) >= _ALIKE:
            old.remove(pair)
            changes.append((place, Change("changed", why(note, there=True, by_rules=FACTS), pair[0], note[0])))
        else:
            changes.append((place, Change("new", why(note, there=True, by_rules=RULE), "", note[0])))
    changes += [
        (len(after), Change("gone", why(note, there=False, by_rules=RULE), note[0], "")) for note in old if note
    ]
    return tuple(change for _, change in sorted(changes, key=lambda each: each[0]))


def _alike(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """Return how much of their words two notes have in common, from 0 to 1: by their text, or with the source.

    What came since is no part of it. Two that name different subjects before a colon, as persons, are not the same.
    """
    subject, other_subject = one[0].partition(": ")[0], other[0].partition(": ")[0]
    if subject != one[0] and other_subject != other[0] and not _words(subject) & _words(other_subject):
        return 0.0
    return max(_shared(one[:1], other[:1]), _shared(one[:2], other[:2]))


def _shared(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    words, others = _words(" ".join(one)), _words(" ".join(other))
    return len(words & others) / max(len(words | others), 1)


def _words(text: str) -> set[str]:
    return {word.strip(".,;:[]") for word in text.split()}
