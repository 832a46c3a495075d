"""Notes of an older run made anew: taken out, put in again, and what changed told apart by its reason."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from . import writing
from ._lazy import regex
from .api import options_of
from .lists.opened import PREFIX

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Mapping, Sequence

    from .api import Annotator, Result
    from .config import Options
    from .lists.opened import Lists

_ALIKE = 0.4  # so much of their words have two versions of one note in common

FACTS, DATE, RULE, WORDING, DECIDED = "new facts", "new date", "new rule", "new wording", "new decision"
LISTED, RELISTED, DELISTED, COPY = (
    "list entry added",
    "list entry changed",
    "list entry removed",
    "newer copy of a list",
)
REASONS = (
    DELISTED,
    LISTED,
    RELISTED,
    FACTS,
    RULE,
    DECIDED,
    DATE,
    WORDING,
    COPY,
)  # as a digest has them: what weighs most first

# What notes on entries of lists say of their end, and of the day of the copy that they rest on.
_OFF = regex(r"taken off|\buntil \d|no longer")
_COPY = regex(r"as of (?:the copy|copies) of [^;.\]]*|not known, since the copies used here are old \([^)]*\)\.?")
_BY_LIST = regex(
    r"(?P<name>[^:]+): (?:also )?(?:under|on|taken off|not yet under|added to) .*(?:sanctions|list)\b"
    r"|May be (?P<maybe>.+?), on "
)


class Change(NamedTuple):
    """One note that is not as it was.

    ``what`` is ``new``, ``changed`` or ``gone``; ``why`` one of `REASONS`; ``before`` and ``after`` are the
    note's first line then and now, empty where there was or is none. ``note`` is the id of the note that stands there
    now, empty where it is gone.
    """

    what: str
    why: str
    before: str
    after: str
    note: str = ""


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
    if not same_day:
        # What rules and lists of today say on the old day tells what they changed from what the day did.
        halfway = writing.layer_of(written(made(layer.as_of)))
        between = halfway.notes if halfway is not None else []
    ids = {note.text: note.id for annotation in result.annotations for note in annotation.notes}
    # Where rules and decisions have changed, what came of it is put down to the rules.
    decided = same_rules and not same_decisions
    comparing = _Comparing(
        layer.notes, between, after, ids, result.lists, same_day=same_day, same_rules=same_rules, decided=decided
    )
    return Update(result, data, comparing.changes())


class _Comparing:
    """The notes of an article then and now, and in between: what rules and lists of today say on the old day."""

    def __init__(
        self,
        before: Sequence[tuple[str, ...]],
        between: Sequence[tuple[str, ...]],
        after: Sequence[tuple[str, ...]],
        ids: Mapping[str, str],
        lists: Lists | None,
        *,
        same_day: bool,
        same_rules: bool,
        decided: bool,
    ) -> None:
        self.before = before
        self.between = between
        self.after = after
        self.ids = ids
        self.lists = lists
        self.same_day = same_day
        self.same_rules = same_rules
        self.decided = decided

    def changes(self) -> tuple[Change, ...]:
        """Return what is not as it was, in the order of the notes, what is gone last."""
        old = [note for note in self.before if note and note not in set(self.after)]
        new = [note for note in self.after if note not in set(self.before)]
        found: list[tuple[int, Change]] = []
        for note in new:
            pair = max(old, key=lambda other: _alike(other, note), default=None)
            place, identifier = self.after.index(note), self.identifier(note)
            if pair is not None and _alike(pair, note) >= _ALIKE:
                old.remove(pair)
                why = self.why_changed(pair, note, identifier)
                found.append((place, Change("changed", why, pair[0], note[0], identifier)))
            else:
                found.append((place, Change("new", self.why_new(note, identifier), "", note[0], identifier)))
        found += [(len(self.after), Change("gone", self.why_gone(note), note[0], "")) for note in old]
        return tuple(change for _, change in sorted(found, key=lambda each: each[0]))

    def identifier(self, note: tuple[str, ...]) -> str:
        """Return the id of a note as an article shows it, empty where that cannot be told."""
        if note[0] in self.ids:
            return self.ids[note[0]]
        return next((identifier for text, identifier in self.ids.items() if text and note[0].startswith(text)), "")

    def why_changed(self, before: tuple[str, ...], after: tuple[str, ...], identifier: str) -> str:
        """Tell why a note says something else than it did."""
        if identifier.startswith(PREFIX):
            if _words(_COPY.sub("", " ".join(before))) == _words(_COPY.sub("", " ".join(after))):
                return COPY
            off = _OFF.search(" ".join(after)) and not _OFF.search(" ".join(before))
            return DELISTED if off else RELISTED
        return self.otherwise(FACTS, by_date=after not in self.between)

    def why_new(self, note: tuple[str, ...], identifier: str) -> str:
        """Tell why a note is there that was not. Rules that are the same let a name through that lists have now."""
        certain = self.same_rules and not self.decided
        if identifier.startswith(PREFIX) and (certain or note not in self.between):
            return LISTED
        return self.otherwise(RULE, by_date=note not in self.between)

    def why_gone(self, note: tuple[str, ...]) -> str:
        """Tell why a note is no longer there. With other rules a list accounts for it where it has no such name."""
        named = _BY_LIST.match(note[0])
        certain = self.same_rules and not self.decided
        if named and note not in self.between and (certain or not self.has(named["name"] or named["maybe"])):
            return DELISTED
        return self.otherwise(RULE, by_date=note in self.between)

    def has(self, name: str) -> bool:
        """Tell whether the lists of today have an entry of a name."""
        return self.lists is not None and bool(self.lists.asked(name))

    def otherwise(self, by_rules: str, *, by_date: bool) -> str:
        """Tell rules, date and mere wording apart, of a note that no list accounts for."""
        if self.decided:
            by_rules = DECIDED
        unchanged = self.same_rules and not self.decided
        if self.same_day:
            return WORDING if unchanged else by_rules
        return DATE if unchanged or by_date else by_rules


def digest(changes: Iterable[tuple[str, Change]]) -> list[tuple[Change, list[str]]]:
    """Put the changes of many articles together: each once, with the names of the articles that it is in.

    ``changes`` are names of articles, each with a change in it. What weighs most comes first (see `REASONS`), what is
    in more articles goes before what is in fewer.
    """
    articles: dict[Change, dict[str, None]] = {}
    for name, change in changes:
        articles.setdefault(change, {})[name] = None
    together = [(change, list(names)) for change, names in articles.items()]
    together.sort(key=lambda one: (REASONS.index(one[0].why), -len(one[1]), one[0].what, one[0].after or one[0].before))
    return together


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
    return {word.strip(".,;:[]") for word in text.split()} - {""}
