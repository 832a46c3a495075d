"""Choose the notes for mentions: the version in force on the as-of date, by jurisdiction and policy."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from typing import TYPE_CHECKING

from .._dates import spoken
from ..model import Annotation
from ._history import Change, History, befell, history

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from typing import Any

    from ..lists.opened import Lists
    from ..model import Document, Mention, Note, Source, Timeline
    from ..rulebook import Rulebook
    from ._best import Wanted

__all__ = ["POLICIES", "Change", "History", "Notes", "befell", "citation", "history", "note", "timelines"]

POLICIES = ("best", "first", "paragraph", "every")
LISTED = "lists."
_NAMES = frozenset({"person", "entity", "body", "listing"})
_MOST_KEPT = 1 << 13  # notes that are remembered
ALSO = "also"  # the field of a mention that names entries of lists on whom a listing of the rules is on


class Notes:
    """Resolves note ids to notes as of one date; remembers what it has resolved.

    ``as_of`` is an ISO date; ``jurisdictions`` keeps notes (and entries of listings) of these only, all
    when empty. ``lists`` are opened stores of sanctions lists, for the ids of their entries.
    """

    def __init__(
        self, rulebook: Rulebook, as_of: str, jurisdictions: Collection[str] = (), lists: Lists | None = None
    ) -> None:
        self.rulebook = rulebook
        self.lists = lists
        self.as_of = as_of
        self.jurisdictions = frozenset(jurisdictions)
        self._known: dict[tuple[str | None, ...], tuple[Note | None]] = {}

    def claim(self, mention: Mention) -> Mapping[str, str] | None:
        """Return the fields for a mention's notes; ``None`` for a claim that is right or cannot be judged."""
        if mention.kind != "claim":
            return mention.fields
        check = self.rulebook.rule_named(mention.rule).get("check")
        if check is None:
            return mention.fields
        from . import _checks

        found = _checks.run(check, mention.fields, self.rulebook, self.as_of)
        return None if found is None else {**mention.fields, **found}

    def grade(self, mention: Mention, fields: Mapping[str, str]) -> str:
        """Return how far a claim is wrong: ``contradicted`` or ``imprecise``."""
        return fields.get("grade") or self.rulebook.rule_named(mention.rule).get("grade") or "contradicted"

    def get(self, identifier: str, fields: Mapping[str, str]) -> Note | None:
        """Return the note in force on the date, ``None`` if there is none or the filter leaves it out.

        ``id/key`` is a note over a table, about the row of that key; ``fields`` fill in the rest.
        """
        if self.lists is not None and identifier.startswith(LISTED):
            return self.listed((identifier,), fields)
        base, _, row_key = identifier.partition("/")
        data = self.rulebook.note(base)
        if data.get("listing"):
            also = fields.get(ALSO, "")
            return self._once((identifier, also), lambda: self._listing(identifier, data, also))
        told = str(sorted(fields.items())) if data.get("fields") or data["table"] else ""
        found = self._once((identifier, told), lambda: self._of_row(identifier, data, row_key, fields))
        if found is None and data.get("otherwise"):
            start = row_key.rpartition("/")[0] or row_key
            return self.get(f"{data['otherwise']}/{start}" if start else data["otherwise"], fields)
        return found

    def _once(self, told: tuple[str | None, ...], make: Callable[[], Note | None]) -> Note | None:
        """Return a note that is made once; ``told`` is all that it hangs on."""
        kept = self._known.get(told)
        if kept is None:
            if len(self._known) >= _MOST_KEPT:
                self._known.clear()
            kept = self._known[told] = (make(),)
        return kept[0]

    def _listing(self, identifier: str, data: dict[str, Any], also: str) -> Note | None:
        """Return the note of a listing of the rules; ``also`` names the entries of lists that it may tell of too."""
        from . import _bodies

        whole = self._with_lists(data, also) if also else data
        return _bodies.listing(identifier, whole, self.as_of, self.jurisdictions)

    def _with_lists(self, data: dict[str, Any], also: str) -> dict[str, Any]:
        """Return a listing of the rules with what entries of lists say of other authorities."""
        from . import _listed

        if self.lists is None:
            return data
        entries = [entry for entry in map(self.lists.named, also.split("|")) if entry is not None]
        more = _listed.beside(entries, data, self.lists, self.rulebook, self.as_of)
        if not more:
            return data
        # What was not found in one copy a list may hold on this date all the same.
        added = {entry["by"] for entry in more}
        kept = [one for one in data["entries"] if one.get("listed", True) or one["by"] not in added]
        return {**data, "entries": [*kept, *more]}

    def _of_row(self, identifier: str, data: dict[str, Any], row_key: str, fields: Mapping[str, str]) -> Note | None:
        """Return a note; one over a table with its row of the date, the rows after it being what came since."""
        from . import _bodies

        row = self.rulebook.row(data["table"], row_key) if row_key and data.get("table") else None
        if row is None:
            return _bodies.note(identifier, data, fields, self.as_of, self.jurisdictions)
        later: list[str] = []
        while row is not None:
            merged = {**{k: v for k, v in fields.items() if k not in row}, **{k: v for k, v in row.items() if v}}
            found = _bodies.note(identifier, data, merged, self.as_of, self.jurisdictions)
            if found is not None:
                return replace(found, later=(*found.later, *later), changed=None) if later else found
            if row.get("from", "") > self.as_of and row.get("change"):
                later.insert(0, f"{spoken(row['from'])}: {row['change']}")
            row = self.rulebook.row(data["table"], row["earlier"]) if row.get("earlier") else None
        return None

    def of(self, mention: Mention, fields: Mapping[str, str]) -> list[Note]:
        """Return the notes of a mention in their order, each once."""
        chosen: list[Note] = []
        identifiers = mention.note_ids
        if self.lists is not None and mention.rule.startswith(LISTED):
            together = self.listed(identifiers, fields)
            return [] if together is None else [together]
        for identifier in identifiers:
            found = self.get(identifier, fields)
            if found is not None and all(found.id != one.id for one in chosen):
                chosen.append(found)
        return chosen

    def listed(self, identifiers: Sequence[str], fields: Mapping[str, str]) -> Note | None:
        """Return one note on the entries of lists that a mention matches, ``None`` where there is nothing to say."""
        from . import _listed

        return self._once((*identifiers, *map(fields.get, _listed.FIELDS)), lambda: self._of_lists(identifiers, fields))

    def _of_lists(self, identifiers: Sequence[str], fields: Mapping[str, str]) -> Note | None:
        from . import _listed

        assert self.lists is not None
        entries = [entry for entry in map(self.lists.named, identifiers) if entry is not None]
        if not entries:
            return None
        return _listed.note(entries, fields, self.lists, self.rulebook, self.as_of, self.jurisdictions)


def note(
    document: Document,
    mentions: Sequence[Mention],
    notes: Notes,
    *,
    policy: str = "best",
) -> list[Annotation]:
    """Return the annotations for accepted mentions, in their order.

    ``policy`` is ``best`` (each note where the article speaks of the law most outright), ``first`` (each note once in
    the document), ``paragraph`` (once in each block) or ``every``. A mention left with no note gives no annotation.
    Two mentions of the same words give two, of which the second has only notes that say something else. For ``best``
    the mentions need their ranks.
    """
    if policy == "best":
        return _at_best(document, mentions, notes)
    seen: set[tuple[str, int]] = set()
    result: list[Annotation] = []
    blocks = document.layout.blocks if policy == "paragraph" and mentions else ()
    block = 0
    said: set[tuple[str, tuple[Source, ...]]] = set()  # by the notes on the same words
    words = (-1, -1)
    for mention in mentions:
        while block + 1 < len(blocks) and blocks[block].end <= mention.start:
            block += 1
        fields = notes.claim(mention)
        if fields is None:
            continue
        if (mention.start, mention.end) != words:
            words = (mention.start, mention.end)
            said.clear()
        if policy != "every" and mention.rule.startswith(LISTED) and mention.note_ids:
            # All entries that one name matches are told in one note; told once, they are not told again.
            if all((name, block) in seen for name in mention.note_ids):
                continue
            told = {(name, block) for name in mention.note_ids}
        else:
            told = set()
        # Two rules may have found the same words: never two notes that say the same.
        chosen = [one for one in notes.of(mention, fields) if (one.text, one.sources) not in said]
        if policy != "every":
            chosen = [one for one in chosen if (one.id, block) not in seen]
            seen.update(((one.id, block) for one in chosen), told)
        said.update((one.text, one.sources) for one in chosen)
        if chosen:
            result.append(_annotation(document, mention, fields, chosen, notes))
    return result


def _at_best(document: Document, mentions: Sequence[Mention], notes: Notes) -> list[Annotation]:
    """Return the checks, each once, and the reference notes at their best places."""
    from ._best import Wanted, best, in_talk, of_its_author, of_its_programme, without_its_orders
    from ._blocs import together

    result: list[Annotation] = []
    wanted: list[Wanted] = []
    told: set[str] = set()
    for mention in mentions:
        fields = notes.claim(mention)
        chosen = notes.of(mention, fields) if fields is not None else []
        if fields is None or not chosen:
            continue
        if mention.kind == "claim":
            # What else the rule gives is said where the article speaks of it.
            if chosen[0].text not in told:
                told.add(chosen[0].text)
                result.append(_annotation(document, mention, fields, chosen[:1], notes))
            continue
        if "bloc" in fields:
            chosen = together(fields["bloc"], chosen)
        if chosen:
            wanted.append(Wanted(mention, fields, tuple(chosen)))
    wanted = [one for one in wanted if not _is_checked(one, result)]
    wanted = without_its_orders(of_its_author(of_its_programme(wanted, document)), mentions)
    wanted = _once_each(wanted)
    if wanted and not result:
        wanted = in_talk(wanted, document.layout.blocks, document.text)
    names = sorted((one.mention.start, one.mention.end) for one in wanted if one.mention.kind in _NAMES)
    for one, end, shown in best(wanted, document.layout.blocks if wanted else ()):
        end = _behind_name(names, end)  # noqa: PLW2901 - a mark within a name is behind it
        marked = one.mention if end == one.mention.end else replace(one.mention, end=end)
        result.append(_annotation(document, marked, one.fields, shown, notes))
    return sorted(result, key=lambda one: (one.start, one.end, one.kind == "claim"))


def _behind_name(names: Sequence[tuple[int, int]], end: int) -> int:
    """Return where a mark stands that would stand at an offset: "sanctions on IRGC" may end within a longer name."""
    index = bisect_left(names, (end, -1)) - 1
    return max(end, names[index][1]) if index >= 0 else end


def _once_each(wanted: Sequence[Wanted]) -> list[Wanted]:
    """Return what is wanted, with one note for those of lists that tell of the same entry.

    A short form of a name may fit more lists than the full one, or be less certain: the surest note stands for all. A
    note on several of one name is on nobody else's entry.
    """
    sure: dict[str, Note] = {}
    told = [note for one in wanted for note in one.notes if _is_of_one(note)]
    for note in sorted(told, key=lambda one: one.status != "verified"):
        first = next((sure[name] for name in note.entries if name in sure), note)
        for name in note.entries:
            sure.setdefault(name, first)
    return [
        one._replace(notes=tuple(sure[note.entries[0]] if _is_of_one(note) else note for note in one.notes))
        for one in wanted
    ]


def _is_of_one(note: Note) -> bool:
    """Tell whether a note tells of entries of lists, of each list one at most."""
    lists = [name.partition(":")[0] for name in note.entries]
    return bool(lists) and len(lists) == len(set(lists))


def _is_checked(one: Wanted, checks: Sequence[Annotation]) -> bool:
    """Tell whether a check around an instrument says what it is: its own note would say it again."""
    here = one.mention
    if here.kind != "instrument":
        return False
    names = {source.instrument.partition(" (")[0] for note in one.notes for source in note.sources[:1]}
    return any(
        check.start <= here.start and here.end <= check.end and any(name in check.notes[0].text for name in names)
        for check in checks
    )


def _annotation(
    document: Document, mention: Mention, fields: Mapping[str, str], chosen: Sequence[Note], notes: Notes
) -> Annotation:
    return Annotation(
        mention.start,
        mention.end,
        document.text[mention.start : mention.end],
        mention.rule,
        mention.kind,
        fields,
        mention.why,
        tuple(chosen),
        notes.grade(mention, fields) if mention.kind == "claim" else "",
    )


def timelines(annotations: Sequence[Annotation], book: Rulebook, lists: Lists | None = None) -> dict[Note, Timeline]:
    """Return the lines of time of the notes of annotations, of those that have more than one date to show."""
    from ._timeline import of_annotations

    return of_annotations(annotations, book, lists)


def citation(data: Mapping[str, Any], row: Mapping[str, str]) -> str:
    """Return how a note over a table cites the instrument of a row."""
    from ._templates import fill

    return fill(data["versions"][0]["sources"][0][0], row)
