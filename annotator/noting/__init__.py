"""Choose the notes for mentions: the version in force on the as-of date, by jurisdiction and policy."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..model import Annotation
from ._dates import spoken

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from typing import Any

    from ..lists.opened import Lists
    from ..model import Document, Mention, Note
    from ..rulebook import Rulebook

__all__ = ["POLICIES", "Notes", "note"]

POLICIES = ("first", "paragraph", "every")
LISTED = "lists."


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
        self._known: dict[tuple[str, str], Note | None] = {}

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

    def get(self, identifier: str, fields: Mapping[str, str]) -> Note | None:
        """Return the note in force on the date, ``None`` if there is none or the filter leaves it out.

        ``id/key`` is a note over a table, about the row of that key; ``fields`` fill in the rest.
        """
        if self.lists is not None and identifier.startswith(LISTED):
            return self.listed((identifier,), fields)
        base, _, row_key = identifier.partition("/")
        data = self.rulebook.note(base)
        key = (
            identifier,
            str(sorted(fields.items())) if data.get("fields") and not (row_key and data["table"]) else "",
        )
        if key not in self._known:
            from . import _bodies

            if data.get("listing"):
                self._known[key] = _bodies.listing(identifier, data, self.as_of, self.jurisdictions)
            else:
                found = self._of_row(identifier, data, row_key, fields)
                if found is None and data.get("otherwise"):
                    start = row_key.rpartition("/")[0] or row_key
                    found = self.get(f"{data['otherwise']}/{start}" if start else data["otherwise"], fields)
                self._known[key] = found
        return self._known[key]

    def _of_row(self, identifier: str, data: Mapping[str, Any], row_key: str, fields: Mapping[str, str]) -> Note | None:
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
                return replace(found, later=(*found.later, *later)) if later else found
            if row.get("from", "") > self.as_of and row.get("change"):
                later.insert(0, f"{spoken(row['from'])}: {row['change']}")
            row = self.rulebook.row(data["table"], row["earlier"]) if row.get("earlier") else None
        return None

    def listed(self, identifiers: Sequence[str], fields: Mapping[str, str]) -> Note | None:
        """Return one note on the entries of lists that a mention matches, ``None`` where there is nothing to say."""
        from . import _listed

        assert self.lists is not None
        entries = [entry for entry in map(self.lists.named, identifiers) if entry is not None]
        return _listed.note(entries, fields, self.lists, self.as_of, self.jurisdictions) if entries else None


def note(
    document: Document,
    mentions: Sequence[Mention],
    notes: Notes,
    *,
    policy: str = "first",
) -> list[Annotation]:
    """Return annotations for accepted mentions, in their order.

    ``policy`` is ``first`` (each note once in the document), ``paragraph`` (once in each block) or
    ``every``. A mention left with no note gives no annotation.
    """
    seen: set[tuple[str, int]] = set()
    result: list[Annotation] = []
    blocks = document.layout.blocks if policy == "paragraph" and mentions else ()
    block = 0
    for mention in mentions:
        while block + 1 < len(blocks) and blocks[block].end <= mention.start:
            block += 1
        chosen: list[Note] = []
        fields = notes.claim(mention)
        if fields is None:
            continue
        identifiers = mention.note_ids
        if notes.lists is not None and mention.rule.startswith(LISTED):
            # All entries that one name matches are told in one note; told once, they are not told again.
            if policy != "every" and all((name, block) in seen for name in identifiers):
                continue
            together = notes.listed(identifiers, fields)
            if together is not None:
                seen.update((name, block) for name in identifiers)
                chosen.append(together)
            identifiers = ()
        for identifier in identifiers:
            found = notes.get(identifier, fields)
            if found is None:
                continue
            key = (found.id, block)
            if policy != "every":
                if key in seen:
                    continue
                seen.add(key)
            if all(found.id != one.id for one in chosen):
                chosen.append(found)
        if chosen:
            result.append(
                Annotation(
                    mention.start,
                    mention.end,
                    document.text[mention.start : mention.end],
                    mention.rule,
                    mention.kind,
                    fields,
                    mention.why,
                    tuple(chosen),
                )
            )
    return result
