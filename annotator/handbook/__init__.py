"""The handbook: a page on each rule, regime, measure, list and error, made from the rules themselves.

``annotator help`` prints its pages, and the site of the documentation has them all.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ..lists.entries import LISTS_IN_ORDER
from ..lists.sources import SOURCES
from ..rulebook import pack_folder
from ..writing.wording import issuer, one_line
from . import errors
from .page import Code, Item, Line, Link, Marked, Page, Part, Section, Url, spelt
from .provisions import Provisions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ..rulebook import _collect

__all__ = ["KINDS", "Handbook", "Page", "errors"]

KINDS = ("rule", "regime", "measure", "list", "error")

_ORDER = ("un", "eu", "us", "uk")  # of authorities; others follow by their codes
_RULE_KINDS = {
    "measure": "words for a measure",
    "regime": "words for a regime as a whole",
    "instrument": "a citation of an instrument",
    "person": "a person",
    "entity": "a listed group, company or ship",
    "body": "a body of an authority",
    "committee": "a committee or panel",
    "event": "an event",
    "term": "a term",
    "claim": "a claim that is checked",
}
_WORDS = ("phrases", "names", "short")
_MOST_CUES = 12
_LISTED = "lists."


class Handbook:
    """Pages on definitions, by kind and name."""

    def __init__(self, definitions: _collect.Definitions) -> None:
        self.definitions = definitions
        self._provisions = Provisions(definitions)
        self._pack = pack_folder().as_posix()
        self._answers: dict[str, dict[str, list[str]]] = {}  # by rule, then by regime
        for regime in definitions["regimes"].values():
            for rule, notes in regime.data["answers"].items():
                self._answers.setdefault(rule, {})[regime.id] = notes
        self._rules_of: dict[str, list[str]] = {}  # by note: the rules that lead to it
        for rule in definitions["rules"]:
            for note in self._notes_of(rule):
                self._rules_of.setdefault(note, []).append(rule)
        self._measures: dict[str, list[str]] = {}  # by measure: the notes on it
        for item in definitions["notes"].values():
            versions = (item.data, *item.data.get("versions", ()))
            for measure in dict.fromkeys(one["measure"] for one in versions if "measure" in one):
                self._measures.setdefault(measure, []).append(item.id)

    # -- names -----------------------------------------------------------------------------------

    def names(self, kind: str) -> list[str]:
        """Return the names of all pages of a kind, sorted."""
        known: dict[str, Iterable[str]] = {
            "rule": self.definitions["rules"],
            "regime": self.definitions["regimes"],
            "measure": self._measures,
            "list": [f"{_LISTED}{one}" for one in LISTS_IN_ORDER],
            "error": errors.names(),
        }
        return sorted(known[kind])

    def find(self, name: str) -> list[Page]:
        """Return the pages of a name: of a rule, a regime, a measure, a list, an entry of one, or an error."""
        if name.startswith(_LISTED):
            name = name.partition(":")[0]
        error = errors.find(name)
        pages = [self.page(kind, name) for kind in KINDS if kind != "error" and name in self.names(kind)]
        return [*pages, *([error] if error is not None else [])]

    def similar(self, name: str) -> list[str]:
        """Return names that may be meant by one that is none: those that end in it, the rules of a note, near ones."""
        if name in self._rules_of:
            return self._rules_of[name][:3]
        from difflib import get_close_matches

        known = [one for kind in KINDS for one in self.names(kind)]
        wanted = name.lower()
        ends = sorted((one for one in known if one.lower() == wanted or one.endswith(f".{wanted}")), key=_rank)
        return (ends or get_close_matches(wanted, known, 3))[:3]

    def page(self, kind: str, name: str) -> Page:
        """Return a page. Raises ``KeyError`` where there is none."""
        if kind == "error":
            found = errors.find(name)
            if found is None:
                raise KeyError(name)
            return found
        if kind == "list":
            return self._list(name)
        if kind == "measure":
            return self._measure(name, self._measures[name])
        item = self.definitions["rules" if kind == "rule" else "regimes"][name]
        return self._rule(item) if kind == "rule" else self._regime(item)

    # -- pages -----------------------------------------------------------------------------------

    def _rule(self, item: _collect.Item) -> Page:
        data = item.data
        lines = [spelt(one_line(data["about"]))] if data.get("about") else []
        sections = [*self._examples(data), *self._found(data), *self._conditions(data)]
        if data["notes"] == "by-regime":
            sections.append(self._by_regime(item.id))
        else:
            points = [self._provisions.point(note) for note in self._notes_of(item.id)]
            head = "What a check says" if data["kind"] == "claim" else "What a note says"
            sections += [Section(head, (), tuple(points))] if points else [Section(head, (_no_note(data),))]
        sections.append(self._further(item))
        title = f"rule on {_RULE_KINDS.get(data['kind'], data['kind'])}"
        return Page("rule", item.id, title, tuple(lines), tuple(sections), own=not item.file.shipped)

    def _regime(self, item: _collect.Item) -> Page:
        data = item.data
        authorities = ", ".join(issuer(one) for one in data["jurisdiction"].split(","))
        lines: list[Line] = [
            (f"Law of: {authorities}",),
            ("On: ", Code(data["context"]), *self._cues(data["context"])),
            ("Answers where the text names no authority: ", _default(data.get("default", False))),
        ]
        if data["tied"]:
            tied = _listed(Link("rule", one) for one in data["tied"])
            lines.append(("Only where the party is tied to the words: ", *tied))
        rules: dict[str, list[str]] = {}
        for rule, notes in data["answers"].items():
            for note in notes:
                rules.setdefault(note, []).append(rule)
        points = [
            self._provisions.point(
                note, ("Given for: ", *_listed(Link("rule", one) for one in asked)), *self._measured(note)
            )
            for note, asked in rules.items()
        ]
        sections = [Section("What a note says", (), tuple(points)), *self._examples(data), self._further(item)]
        title = f"regime of {authorities}"
        return Page("regime", item.id, title, tuple(lines), tuple(sections), own=not item.file.shipped)

    def _measure(self, name: str, notes: Sequence[str]) -> Page:
        sections = []
        grouped: dict[str, list[str]] = {}
        for note in notes:
            for code in self._provisions.whose(note)[:1] or ("",):
                grouped.setdefault(code, []).append(note)
        for code in sorted(grouped, key=_rank):
            points = []
            for note in grouped[code]:
                rules = self._rules_of.get(note, [])
                more = [("Given for: ", *_listed(Link("rule", one) for one in rules))] if rules else []
                regimes = dict.fromkeys(
                    r for answers in self._answers.values() for r, n in answers.items() if note in n
                )
                more += [("In regime: ", *_listed(Link("regime", one) for one in regimes))] if regimes else []
                points.append(self._provisions.point(note, *more))
            sections.append(Section(issuer(code) if code else "Of no authority named", (), tuple(points)))
        lines: list[Line] = [("What held on a day: ", Code(f'annotator lookup "{name.replace("-", " ")} COUNTRY"'))]
        own = not any(self.definitions["notes"][note].file.shipped for note in notes)
        return Page("measure", name, "measure, by whose law it is", tuple(lines), tuple(sections), own=own)

    def _list(self, name: str) -> Page:
        origin = next((one for one in SOURCES if one.id == name.removeprefix(_LISTED)), None)
        what = (
            "Names on this list are noted in articles that speak of sanctions. That a name agrees does not say who is "
        )
        lines: list[Line] = [(f"{what}meant: the note says what was compared.",)]
        sections = [
            Section(
                "Look further",
                (
                    ("An entry: ", Code("annotator lists show NAME-OR-REFERENCE")),
                    ("Which copy is used, and of when: ", Code("annotator lists status")),
                    ("Without the lists: ", Code("--no-lists")),
                ),
            )
        ]
        if origin is not None:
            sections.insert(0, Section("Published at", ((f"{origin.title}: ", Url(origin.page)),)))
        return Page("list", name, "names on a sanctions list", tuple(lines), tuple(sections))

    # -- parts -----------------------------------------------------------------------------------

    def _notes_of(self, rule: str) -> list[str]:
        """Return the notes that a rule leads to, its own or those of regimes."""
        data = self.definitions["rules"][rule].data
        if isinstance(data["notes"], list):
            return list(dict.fromkeys(one["note"] for one in data["notes"]))
        if data["notes"] == "by-regime":
            return list(dict.fromkeys(one for notes in self._answered(rule).values() for one in notes))
        return []

    def _answered(self, rule: str) -> dict[str, list[str]]:
        """Return the notes of a rule by regime; those of the rule that it is like where it has none itself."""
        like = self.definitions["rules"][rule].data.get("like", "")
        return self._answers.get(rule) or self._answers.get(like, {})

    def _by_regime(self, rule: str) -> Section:
        points = [
            Item((Link("regime", regime),), tuple(self._provisions.brief(note) for note in notes))
            for regime, notes in sorted(self._answered(rule).items(), key=lambda one: _rank(one[0]))
        ]
        lines: list[Line] = [
            ("Whose law answers, and on whom, is decided by what the sentence says; the note is that of the regime.",)
        ]
        data = self.definitions["rules"][rule].data
        for key, what in (("like", "It is answered as "), ("otherwise", "Where a regime has no answer to it, as ")):
            if key in data:
                lines.append((what, Link("rule", data[key]), "."))
        measures = {m for regime in self._answered(rule).values() for note in regime for m in self._names_measure(note)}
        if measures:
            lines.append(("Measures: ", *_listed(Link("measure", one) for one in sorted(measures))))
        return Section("What a note says", tuple(lines), tuple(points))

    def _names_measure(self, note: str) -> list[str]:
        return [measure for measure, notes in self._measures.items() if note in notes]

    def _measured(self, note: str) -> list[Line]:
        return [("Measure: ", Link("measure", one)) for one in self._names_measure(note)]

    def _cues(self, context: str) -> Line:
        item = self.definitions["contexts"].get(context)
        if item is None:
            return ()
        cues = item.data["cues"]
        more = f" and {len(cues) - _MOST_CUES} more" if len(cues) > _MOST_CUES else ""
        return (" (", *_listed(Code(str(cue)) for cue in cues[:_MOST_CUES]), f"{more})")

    def _examples(self, data: dict[str, Any]) -> Iterator[Section]:
        examples = data.get("examples", {})
        for key, head in (("match", "Examples"), ("near", "What it leaves alone")):
            points = tuple(Item(_example(one)) for one in examples.get(key, ()))
            if points:
                yield Section(head, (), points)

    def _found(self, data: dict[str, Any]) -> Iterator[Section]:
        points = [Item((Code(str(phrase)),)) for key in _WORDS for phrase in data.get(key, ())]
        if points:
            yield Section("Words that it finds", (), tuple(points))
        anchors = data.get("anchors", ())
        if anchors and ("pattern" in data or "tokens" in data):
            kind = "A pattern" if "pattern" in data else "Patterns of tokens"
            yield Section(
                "Where it looks", ((f"{kind}, tried at the words ", *_listed(Code(str(one)) for one in anchors), "."),)
            )

    def _conditions(self, data: dict[str, Any]) -> Iterator[Section]:
        for key, head in (("needs", "What it needs"), ("forbids", "What rules it out")):
            points = tuple(Item(_condition(one)) for one in data.get(key, ()))
            if points:
                yield Section(head, (), points)

    def _further(self, item: _collect.Item) -> Section:
        name, line, _ = item.place()
        where = f"pack:{name[len(self._pack) + 1 :]}" if name.startswith(f"{self._pack}/") else name
        return Section(
            "Look further",
            (
                ("As it is written: ", Code(f"annotator rules show {item.id}"), f" ({where}:{line})"),
                ("Why it found or left out something in an article: ", Code("annotator explain FILE")),
            ),
        )


def _rank(name: str) -> tuple[int, str]:
    """Order codes of authorities, and ids that begin with one."""
    code = name.partition(".")[0]
    return (_ORDER.index(code) if code in _ORDER else len(_ORDER), name)


def _no_note(data: dict[str, Any]) -> Line:
    if data["notes"] == "antecedent":
        return ("The note is that of what the words refer back to, where that is certain.",)
    return ("It gives no note of its own; other rules lean on it.",)


def _default(default: Any) -> str:
    if isinstance(default, list):
        spans = (" ".join(f"{key} {day}" for key, day in span.items()) for span in default)
        return f"{'; '.join(spans)}."
    return "yes." if default else "no."


def _example(example: Any) -> Line:
    """Return an example with the mentions marked, and of when it is."""
    data = example if isinstance(example, dict) else {"text": example}
    parts = re.split(r"\[\[(.*?)\]\]", one_line(str(data["text"])))
    line = tuple(Marked(part) if number % 2 else part for number, part in enumerate(parts) if part)
    more = [f"as of {data['as_of']}"] if "as_of" in data else []
    more += ["found, and given no note"] if data.get("notes") == [] else []
    return (*line, f" ({'; '.join(more)})") if more else line


def _condition(condition: dict[str, Any]) -> Line:
    """Return a condition in words where it asks for a context, else as it is written."""
    if set(condition) <= {"context", "within"}:
        names = condition["context"]
        named = [names] if isinstance(names, str) else names
        return ("words of ", *_listed((Code(one) for one in named), " or "), *_within(condition))
    for key in ("before", "after"):
        if set(condition) <= {key, "within"}:
            return (f"{key} it: ", *_listed((Code(str(one)) for one in condition[key]), " or "), *_within(condition))
    return (Code(_written(condition)),)


def _within(condition: dict[str, Any]) -> Line:
    return (f", within: {condition['within']}",) if "within" in condition else ()


def _written(value: Any) -> str:
    """Return a condition on one line, as a rule file has it."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_written(one)}' for key, one in value.items())}}}"
    return f"[{', '.join(map(_written, value))}]" if isinstance(value, list) else str(value)


def _listed(parts: Iterable[Part], joint: str = ", ") -> Line:
    line: list[Part] = []
    for part in parts:
        line += [joint, part] if line else [part]
    return tuple(line)
