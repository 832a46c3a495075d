"""Lint: what is wrong or doubtful in rule files, told without running their examples."""

from __future__ import annotations

import datetime
import itertools
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from .. import rulebook
from .._lazy import regex
from ..errors import RuleError, RuleErrors
from ..matching import match
from ..matching._regimes import PARTY
from ..rulebook import _pieces
from ..rulebook._collect import CONDITIONS, PATTERNS, accidents, members, qualify, table_path
from ..rulebook._compile import Compiler, merged_version
from ..rulebook._sentences import DATA
from .examples import document_of
from .notes import doubts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from ..rulebook import Rulebook
    from ..rulebook._collect import Definitions, Item

_MOST_SPELLINGS = 500
_NOTATION = frozenset("()[]{}|/~\\")
_NAMED = regex(r"(?<!\\)\{([^}]*)\}")
_FIELD = regex(r"\{([a-z_]+)(?::date)?\}")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong (``error``) or doubtful (``warning``) in a rule file; lines and columns from 1."""

    path: str
    line: int
    column: int
    level: str
    code: str
    message: str


def lint(
    paths: Iterable[str | Path] = (),
    *,
    default_rules: bool = True,
    max_age: int | None = None,
    today: str | None = None,
) -> list[Finding]:
    """Return what is wrong or doubtful in the rule files, in order of place.

    ``max_age`` (days) also reports notes and listings checked longer ago than that, counted back from
    ``today`` (an ISO date).
    """
    paths = list(paths)
    try:
        definitions = rulebook.read_definitions(paths, default_rules=default_rules)
        if not definitions.faults:
            Compiler(definitions).compile()
    except RuleErrors as errors:
        return [_of_fault(fault) for fault in errors.errors]
    except RuleError as error:
        return [_of_fault(error)]
    if definitions.faults:
        return [_of_fault(fault) for fault in definitions.faults]
    findings = list(_Linter(definitions, paths, default_rules=default_rules, max_age=max_age, today=today).run())
    findings.sort(key=lambda f: (f.path, f.line, f.column, f.code))
    return findings


def _of_fault(fault: RuleError) -> Finding:
    return Finding(fault.path, fault.line, fault.column, "error", "invalid", fault.message)


class _Linter:
    """Looks through definitions that load; each method yields what it finds of one kind."""

    def __init__(
        self,
        definitions: Definitions,
        paths: Sequence[str | Path],
        *,
        default_rules: bool,
        max_age: int | None,
        today: str | None,
    ) -> None:
        self.definitions = definitions
        self.paths = paths
        self.default_rules = default_rules
        day = datetime.date.fromisoformat(today) if today else datetime.date.today()
        self.today = day.isoformat()
        self.oldest = (day - datetime.timedelta(days=max_age)).isoformat() if max_age is not None else ""

    def run(self) -> Iterator[Finding]:
        """Yield all findings."""
        for kind, look in (
            ("references", self.reference), ("notes", self.note), ("listings", self.listing), ("rules", self.rule),
        ):  # fmt: skip
            for item in self.definitions[kind].values():
                yield from look(item)
        for fault in accidents(self.definitions):
            yield Finding(fault.path, fault.line, fault.column, "warning", "overrides", fault.message)
        yield from self.regimes()
        yield from self.unused()
        yield from self.same_words()
        yield from self.dead_phrases()

    def finding(self, item: Item, level: str, code: str, message: str, *path: str | int) -> Finding:
        name, line, column = item.place(*path)
        return Finding(name, line, column, level, code, message)

    def reference(self, item: Item) -> Iterator[Finding]:
        if "date" not in item.data and "{" not in item.data["instrument"]:
            yield self.finding(item, "warning", "no-date", f"reference {item.id!r} has no date of the instrument")

    def note(self, item: Item) -> Iterator[Finding]:
        data = item.data
        versions = data.get("versions")
        if not versions:
            yield from self.version(item, data, data)
            return
        previous: dict[str, Any] = {}
        for index, version in enumerate(versions):
            path = ("versions", index)
            merged = merged_version(data, version)
            yield from self.version(item, version, merged, *path)
            yield from self.succession(item, index, previous, version, merged, *path)
            previous = merged

    def succession(  # a version, the one before it, and where it stands
        self,
        item: Item,
        index: int,
        previous: dict[str, Any],
        version: dict[str, Any],
        merged: dict[str, Any],
        *path: str | int,
    ) -> Iterator[Finding]:
        """Look at how a version follows the one before it: no overlap, no hole that nobody declared."""
        if not index:
            return
        if item.data.get("table") and version.get("ended"):
            # For rows whose time is over: the table has the days.
            return
        start, end = merged.get("from") or "", previous.get("until")
        if end is None or start < end:
            message = f"version {index + 1} of {item.id!r} overlaps the one before it; give that one an until"
            yield self.finding(item, "error", "overlap", message, *path)
        elif start > end and not previous.get("gap"):
            message = f"nothing holds for {item.id!r} between {end} and {start}; mend it, or say gap: true before it"
            yield self.finding(item, "error", "hole", message, *path)
        if not version.get("change"):
            message = f"version {index + 1} of {item.id!r} does not say what it changed; add change"
            yield self.finding(item, "warning", "no-change", message, *path)

    def version(
        self, item: Item, version: dict[str, Any], merged: dict[str, Any], *path: str | int
    ) -> Iterator[Finding]:
        """Look at one version of a note; ``merged`` has what it shares with the others."""
        for doubt in doubts(item, merged, version, self.definitions, self.today):
            where = (*path, doubt.key) if doubt.key else path
            yield self.finding(item, doubt.level, doubt.code, doubt.message, *where)
        fields = set(_FIELD.findall(" ".join(str(merged.get(key, "")) for key in (*DATA, "text", "also", "except"))))
        if fields and merged.get("table"):
            table = self.definitions["tables"][merged["table"]]
            for name in sorted(fields - self.columns(table)):
                yield self.finding(item, "error", "field", f"table {table.id!r} has no column {name!r}", *path, "text")
        yield from self.dates(item, merged, *path, "until")
        yield from self.age(item, merged.get("checked"), *path)

    def dates(self, item: Item, holder: dict[str, Any], *path: str | int) -> Iterator[Finding]:
        start, end = holder.get("from"), holder.get("until")
        if start and end and start >= end:
            yield self.finding(item, "error", "dates", f"from {start} is not before until {end}", *path)

    def columns(self, table: Item) -> set[str]:
        with open(table_path(table), encoding="utf-8-sig", newline="") as file:
            return set(file.readline().strip().split(","))

    def age(self, item: Item, checked: str | None, *path: str | int) -> Iterator[Finding]:
        if self.oldest and checked and checked < self.oldest:
            yield self.finding(item, "warning", "stale", f"{item.id!r} was last checked on {checked}", *path, "checked")

    def listing(self, item: Item) -> Iterator[Finding]:
        for index, entry in enumerate(item.data["entries"]):
            if entry.get("listed", True) and "ref" not in entry:
                yield self.finding(
                    item, "error", "no-source", f"entry {index + 1} of {item.id!r} has no ref", "entries", index
                )
            yield from self.dates(item, entry, "entries", index)
        yield from self.age(item, item.data.get("checked"))

    def rule(self, item: Item) -> Iterator[Finding]:
        examples = item.data.get("examples", {})
        level = "error" if item.file.shipped else "warning"
        for kind, what in (("match", "an example that must match"), ("near", "a near miss")):
            if not examples.get(kind):
                yield self.finding(item, level, "no-example", f"rule {item.id!r} lacks {what}")
        if "short" in item.data and "names" not in item.data:
            yield self.finding(item, "error", "short", f"rule {item.id!r} has short names but no names", "short")

    def regimes(self) -> Iterator[Finding]:
        answered: set[str] = set()
        sets = members(self.definitions)
        for item in self.definitions["regimes"].values():
            for rule in item.data["answers"]:
                answered |= {rule, *(i for i, r in self.definitions["rules"].items() if r.data.get("like") == rule)}
                target = self.definitions["rules"].get(rule)
                if target is not None and target.data["notes"] != "by-regime":
                    yield self.finding(
                        item,
                        "error",
                        "answers",
                        f"rule {rule!r} has notes of its own; it does not ask the regime",
                        "answers",
                    )
            for rule in item.data["tied"]:
                if rule not in item.data["answers"]:
                    yield self.finding(item, "error", "tied", f"{rule!r} is tied but not answered", "tied")
            if not item.file.shipped:
                yield from self.closed(item, sets)
        for item in self.definitions["rules"].values():
            if item.data["notes"] == "by-regime" and item.id not in answered:
                yield self.finding(item, "warning", "unanswered", f"no regime answers rule {item.id!r}")

    def closed(self, item: Item, sets: dict[str, list[str]]) -> Iterator[Finding]:
        """Yield the answers of a regime to rules that look for other parties than its own."""
        contexts, own = self.definitions["contexts"], item.data["context"]
        if contexts[own].data.get("group") != PARTY:
            return
        for rule in item.data["answers"]:
            target = self.definitions["rules"].get(rule)
            for condition in target.data.get("needs", ()) if target is not None else ():
                ids = condition.get("context") or condition.get("nearest", {}).get(PARTY, ())
                parties = [i for i in ids if contexts[i].data.get("group") == PARTY]
                if not parties or len(parties) < len(ids) or own in parties:
                    continue
                through = [
                    one for one in sorted(self.definitions.named_sets.get(rule, ())) if set(sets[one]) <= set(parties)
                ]
                mend = f"say sets: [{', '.join(through)}] in context {own!r}" if through else f"{own!r} is none of them"
                message = f"{rule!r} is answered only where one of {len(parties)} parties stands near: {mend}"
                yield self.finding(item, "warning", "closed", message, "answers", rule)

    def unused(self) -> Iterator[Finding]:
        """Yield references, notes, listings, vocabulary, pieces, tables, contexts and sets that nothing leads to."""
        used = _Uses(self.definitions).ids
        for kind in ("references", "notes", "listings", "vocabulary", "patterns", "tables", "contexts", "sets"):
            for item in self.definitions[kind].values():
                # The contexts of a group compete with each other, named by a rule or not.
                grouped = kind == "contexts" and item.data.get("group")
                if item.id not in used[kind] and not grouped:
                    yield self.finding(item, "warning", "unused", f"{item.id!r} is used nowhere")

    def same_words(self) -> Iterator[Finding]:
        """Yield rules of a user's that name their notes themselves for words that others are answered for by regime.

        Of two rules on the same words both notes are given, but not here: see ``Finder._as_good``.
        """
        compiler = Compiler(self.definitions)
        asking: dict[str, tuple[Item, str, int]] = {}
        naming: list[tuple[str, Item, str, int]] = []
        for item in self.definitions["rules"].values():
            if item.data["kind"] == "claim" or item.data["notes"] in ("none", "antecedent"):
                continue
            by_regime = item.data["notes"] == "by-regime"
            for key in ("phrases", "names"):
                for index, phrase in enumerate(item.data.get(key, ())):
                    for form in compiler.parse(item, phrase, key, index):
                        for text in _written_out(form):
                            if by_regime:
                                asking.setdefault(text, (item, key, index))
                            else:
                                naming.append((text, item, key, index))
        told: set[tuple[str, str]] = set()
        for text, item, key, index in naming:
            other = asking.get(text, (item, key, index))[0]
            pair = (item.id, other.id)
            goes_before = any(fnmatchcase(other.id, glob) for glob in item.data.get("goes-before", ()))
            if other is item or pair in told or goes_before or (item.file.shipped and other.file.shipped):
                continue
            told.add(pair)
            name, line, column = other.place(*asking[text][1:])
            message = (
                f"{text!r} stands in {other.id!r} too ({name}:{line}:{column}), which the regime answers: where both "
                f"find the same words only the notes of {item.id!r} are given; if that is meant, say "
                f"goes-before: [{other.id}]"
            )
            yield self.finding(item, "warning", "same-words", message, key, index)

    def dead_phrases(self) -> Iterator[Finding]:
        """Yield phrases of which no reading is found in a text made of its own words."""
        compiler = Compiler(self.definitions)
        book = rulebook.load(self.paths, default_rules=self.default_rules)
        samples = self.samples(compiler)
        for item in self.definitions["rules"].values():
            for key in ("phrases", "names"):
                for index, phrase in enumerate(item.data.get(key, ())):
                    forms = compiler.parse(item, phrase, key, index)
                    # A phrase without notation is its own text; of others a few readings are written out.
                    plain = not _NOTATION.intersection(phrase)
                    texts = [phrase] if plain else [_spell(form, samples) for form in forms[:20]]
                    if forms and not any(_found(book, item.id, text) for text in texts):
                        message = f"phrase {phrase!r} can never match: no text with its words does"
                        yield self.finding(item, "warning", "never", message, key, index)

    def samples(self, compiler: Compiler) -> dict[str, str]:
        """Return a cue of each context, and of each group under ``*group``."""
        samples: dict[str, str] = {}
        for item in self.definitions["contexts"].values():
            parsed = (compiler.parse(item, cue, "cues", slots=False) for cue in item.data["cues"])
            forms = next(filter(None, parsed), None)
            if forms:
                samples.setdefault(item.id, _spell(forms[0], {}))
                samples.setdefault("*" + item.data.get("group", ""), samples[item.id])
        return samples


class _Uses:
    """The ids that any definition names, by kind."""

    def __init__(self, definitions: Definitions) -> None:
        self.definitions = definitions
        bodies: set[str] = set()  # a note and a listing are named alike
        self.ids: dict[str, set[str]] = {
            **{kind: set() for kind in ("references", "vocabulary", "patterns", "tables", "contexts")},
            "sets": set().union(*definitions.named_sets.values()),
            "notes": bodies,
            "listings": bodies,
        }
        self.ids["tables"].add(rulebook.LIST_ACTS)  # notes on names of lists are put together from it
        for item in definitions["rules"].values():
            self.rule(item)
        for item in definitions["regimes"].values():
            self.ids["contexts"].add(item.data["context"])
            bodies.update(note for notes in item.data["answers"].values() for note in notes)
        for item in definitions["notes"].values():
            self.ids["tables"].add(item.data.get("table", ""))
            for version in [item.data, *item.data.get("versions", ())]:
                self.ids["references"].update(source["ref"] for source in version.get("sources", ()))
                self.ids["references"].add((version.get("renewed") or {}).get("by", ""))
        for item in definitions["listings"].values():
            self.ids["references"].update(entry["ref"] for entry in item.data["entries"] if "ref" in entry)
        for item in definitions["vocabulary"].values():
            self.phrases(item, item.data)
        for item in definitions["contexts"].values():
            self.phrases(item, item.data["cues"])
        for item in definitions["patterns"].values():
            self.pieces([item.data] if isinstance(item.data, str) else item.data)

    def rule(self, item: Item) -> None:
        data = item.data
        if isinstance(data["notes"], list):
            for note in data["notes"]:
                self.ids["notes"].add(note["note"])
                self.conditions(item, note)
        self.ids["notes"].add(data.get("pinpoints", ""))
        self.ids["tables"].add(data.get("table", ""))
        self.conditions(item, data)
        for key in ("between", "not-between", "only"):
            self.phrases(item, data.get("pair", {}).get(key, ()))
        for key in ("phrases", "names", "short", "not", "anchors"):
            self.phrases(item, data.get(key, ()))
        self.pieces([data[key] for key in PATTERNS if key in data])

    def pieces(self, patterns: Iterable[str]) -> None:
        """Take up the pieces that patterns use."""
        for pattern in patterns:
            self.ids["patterns"].update(_pieces.used(pattern))

    def conditions(self, item: Item, holder: dict[str, Any]) -> None:
        for key in CONDITIONS:
            for condition in holder.get(key, ()):
                self.condition(item, condition)

    def condition(self, item: Item, condition: dict[str, Any]) -> None:
        self.ids["contexts"].update(condition.get("context", ()))
        for ids in condition.get("nearest", {}).values():
            self.ids["contexts"].update(ids)
        for side in ("before", "after"):
            self.phrases(item, condition.get(side, ()))
        for one in condition.get("any", ()):
            self.condition(item, one)

    def phrases(self, item: Item, phrases: Iterable[str]) -> None:
        """Take up the vocabulary and the contexts that phrases name in braces."""
        namespace = item.file.data["namespace"]
        for phrase in phrases:
            for name in _NAMED.findall(phrase):
                if name.startswith(("act:", "word:")):
                    continue
                kind = "contexts" if name.startswith("context:") else "vocabulary"
                self.ids[kind].add(qualify(name.removeprefix("context:"), namespace))


def _written_out(form: Any) -> Iterator[str]:
    """Yield the folded spellings, with their signs, of a form of words only."""
    from ..rulebook._phrases import Word, script_texts, written

    if all(isinstance(element, Word) for element in form) and script_texts(form) is None:
        for words in itertools.islice(itertools.product(*(element.words for element in form)), _MOST_SPELLINGS):
            yield written(form, [word.decode("latin-1") for word in words])


def _spell(form: Any, samples: dict[str, str]) -> str:
    """Write out a form with its first spellings."""
    from ..rulebook._phrases import Slot, Word, script_texts, written

    texts = script_texts(form)
    if texts:
        return texts[0]
    words = [
        element.exact[0].decode("latin-1")
        if isinstance(element, Word)
        else samples.get(element.context, "")
        if isinstance(element, Slot)
        else ""
        for element in form
    ]
    return written(form, words)


def _found(book: Rulebook, rule: str, text: str) -> bool:
    """Tell whether a rule matches the whole of a text, from its first letter to its last."""
    letters = [place for place, character in enumerate(text) if character.isalnum()]
    mentions = match(document_of(f"{text} x"), book, everything=True)
    return any(m.rule == rule and m.start <= letters[0] and m.end > letters[-1] for m in mentions)
