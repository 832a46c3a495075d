"""Turn definitions into the compiled rulebook: one file of sections that loads without parsing YAML.

Each form of each phrase is found by its anchor (see ``_anchors``): the automaton looks for anchors only, and
the matcher checks the rest of the form around a hit. So white space and punctuation inside a phrase never
concern the automaton.
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
from bisect import bisect_left
from fnmatch import translate
from functools import cache
from typing import TYPE_CHECKING, Any

from .. import core
from .._lazy import regex
from ..core.tables import Marks, build
from ..errors import RuleError
from ..folding import fold_key, name_key
from . import _collect, _pieces, _yaml
from ._anchors import FormsBuilder, blob, encode_form
from ._findings import Findings
from ._lexicon import compile_lexicon, verb_forms
from ._phrases import (
    MAX_DEPTH,
    Form,
    PhraseError,
    Slot,
    Word,
    parse,
    parse_literal,
    script_texts,
    spellings,
    together,
    written,
)
from ._sentences import DATA, sentence
from ._store import pack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._collect import Definitions, Item
    from ._parsed import Parsed

_RENEWAL = regex(r"[^;]*\brenewed\b[^;]*")
_NOTATION = regex(r"[()\[\]{}|/~\\]")
_FIELD = regex(r"\{([a-z_0-9]+)\}")
# How far a look for words before or after a mention goes in a stretch without end, so that it stays linear.
_MOST_WORDS = {"sentence": 200, "paragraph": 1000, "section": 2000, "article": 2000}
_SOUND = "piece"  # stands for a pattern whose fault has been noted
ROLES = {"phrases": "p", "names": "n", "short": "s", "not": "x", "anchors": "a"}


class Compiler:
    """Compiles definitions; faults are gathered in ``definitions.faults``."""

    def __init__(self, definitions: Definitions, parsed: Parsed | None = None) -> None:
        self.definitions = definitions
        self.rules = sorted(definitions["rules"])
        # For each rule by number, the contexts that the slots of each of its forms need.
        self.slots: dict[int, list[frozenset[int]]] = {}
        self.contexts = sorted(definitions["contexts"])
        self.context_number = {identifier: number for number, identifier in enumerate(self.contexts)}
        self.groups = {c.data.get("group") for c in definitions["contexts"].values() if c.data.get("group")}
        self.vocabulary: dict[str, list[Form]] = {}
        self.open_vocabulary: list[str] = []
        self.broken_pieces: set[str] = set()
        self._rows: dict[str, list[dict[str, str]] | None] = {}
        self.findings = Findings(definitions, parsed)
        # What was worked out already: contexts of slots, pieces put in, patterns spelt out, fields of patterns.
        self._taken: dict[str, frozenset[int]] = {}
        self._put_in: dict[str, tuple[str, int]] = {}
        self._spelt: dict[tuple[str, str], str] = {}
        self._fields: dict[tuple[str, bool], tuple[str, ...]] = {}
        self._matching: dict[tuple[str, ...], list[int]] = {}

    def parse(self, item: Item, text: str, *path: str | int, slots: bool = True) -> list[Form]:
        """Parse one phrase; faults get file, line and the column inside the phrase where that is plain."""
        # Pieces of vocabulary are looked up in the file's namespace; what is found wrong must be said at each place.
        key = (text, item.file.data["namespace"], slots)
        found = self.findings.forms(key)
        if found is not None:
            return found

        def lookup(name: str) -> list[Form]:
            found = self.named(item, name)
            if not slots and any(not isinstance(e, Word) for form in found for e in form):
                raise PhraseError("a cue or condition takes plain words only, without {target}, contexts or gaps")
            return found

        try:
            forms = parse(text, lookup, self.findings.known)
            for form in forms:
                if not self.findings.known.scripts.isdisjoint(map(id, form)):
                    script_texts(form)
            if not slots and any(not isinstance(e, Word) for form in forms for e in form):
                raise PhraseError("a cue or condition takes plain words only, without gaps")
        except PhraseError as error:
            fault = item.fault(f"phrase {text!r}, character {error.column + 1}: {error}", *path)
            if not any(f.message == fault.message and f.line == fault.line for f in self.definitions.faults):
                self.definitions.faults.append(fault)
            return []
        if not self.open_vocabulary:  # else what is nested too deep, or in itself, might go unseen
            self.findings.keep(key, forms)
        return forms

    def parse_literal(self, item: Item, text: str, *path: str | int) -> list[Form]:
        """Return the forms of words as they are printed; faults as those of the phrase that says the same."""
        key = (text, "", True)  # no namespace is empty
        forms = self.findings.forms(key)
        if forms is None:
            spelt = _searchable(text)
            try:
                forms = parse_literal(spelt, self.findings.known)
            except PhraseError:
                return self.parse(item, _NOTATION.sub(r"\\\g<0>", spelt), *path)
            self.findings.keep(key, forms)
        return forms

    def named(self, item: Item, name: str) -> list[Form]:
        """Return the forms of ``{name}``. Raises ``PhraseError`` where nothing has that name."""
        if name == "target":
            return [(Slot("*party"),)]
        if name.startswith(("act:", "word:")):
            return self.lexical(item, name)
        if not name.startswith("context:"):
            return self.words(item, name)
        context = _collect.qualify(name.removeprefix("context:"), item.file.data["namespace"])
        if context not in self.context_number:
            raise PhraseError(_collect.missing(self.definitions, ("contexts",), context))
        return [(Slot(context),)]

    def lexical(self, item: Item, name: str) -> list[Form]:
        """Return the forms of ``{act:ban}`` (all forms of its verbs) or ``{word:embargo}`` (its nouns)."""
        found = self.vocabulary.get(name)
        if found is not None:
            return found
        kind, _, short = name.partition(":")
        entry = next((e for i, e in self.definitions["lexicon"].items() if i.split(".", 1)[-1] == short), None)
        if entry is None or not entry.data.get("verbs" if kind == "act" else "nouns"):
            raise PhraseError(f"no lexicon entry {short!r} with {'verbs' if kind == 'act' else 'nouns'}")
        forms: list[Form] = []
        if kind == "act":
            words = [form for form, _ in verb_forms(entry.data["verbs"])]
            single = dict.fromkeys(word[0] for word in words if len(word) == 1)
            folded = tuple(word.replace("-", "").encode("latin-1") for word in single if "-" not in word)
            forms.append((Word(folded, ("",) * len(folded), folded),))
        else:
            for index, phrase in enumerate(entry.data["nouns"]):
                forms += self.parse(entry, phrase, "nouns", index, slots=False)
        self.vocabulary[name] = forms
        return forms

    def words(self, item: Item, name: str) -> list[Form]:
        """Return the forms of a vocabulary entry. Raises ``PhraseError`` where there is none or it holds itself."""
        identifier = _collect.qualify(name, item.file.data["namespace"])
        if identifier in self.vocabulary:
            return self.vocabulary[identifier]
        entry = self.definitions["vocabulary"].get(identifier)
        if entry is None:
            raise PhraseError(_collect.missing(self.definitions, ("vocabulary",), identifier))
        if identifier in self.open_vocabulary:
            raise PhraseError(f"vocabulary entry {identifier!r} refers to itself")
        if len(self.open_vocabulary) >= MAX_DEPTH:
            raise PhraseError(f"vocabulary nested more than {MAX_DEPTH} deep")
        self.open_vocabulary.append(identifier)
        forms: list[Form] = []
        for index, phrase in enumerate(entry.data):
            forms += self.parse(entry, phrase, index)
        self.open_vocabulary.pop()
        # Single words become one element, so that they do not multiply the forms of every phrase.
        singles = [f[0] for f in forms if len(f) == 1 and isinstance(f[0], Word) and f[0].bare]
        rest = [f for f in forms if not (len(f) == 1 and isinstance(f[0], Word) and f[0].bare)]
        rest += together(singles)
        self.vocabulary[identifier] = rest
        return rest

    def plain_words(self, item: Item, phrases: list[str], *path: str | int) -> tuple[list[str], list[tuple[str, str]]]:
        """Return the folded spellings of condition phrases, and of forms with signs how they read and the record."""
        result: list[str] = []
        signed: dict[str, str] = {}
        for index, phrase in enumerate(phrases):
            for form in self.parse(item, phrase, *path, index, slots=False):
                if any(isinstance(e, Word) and (e.sep + e.after).strip("' ") for e in form):
                    loose = [e._replace(cases=("",) * len(e.cases)) for e in form if isinstance(e, Word)]
                    record = json.dumps([0, "c", encode_form(tuple(loose))], separators=(",", ":"))
                    signed[record] = written(form, [e.exact[0].decode("latin-1") for e in loose])
                    continue
                found = spellings(form)
                if found is None:
                    self.fault(item, f"too many ways to read {phrase!r}; split it", *path, index)
                else:
                    result += [one.decode("latin-1") for one in found]
        return list(dict.fromkeys(result)), [(text, record) for record, text in signed.items()]

    def pair_words(self, item: Item, key: str) -> list[str]:
        """Return the folded spellings of words between a pair, which are looked at without their signs."""
        words, signed = self.plain_words(item, item.data["pair"].get(key, []), "pair", key)
        if signed:
            self.fault(item, f"{key}: words between a pair are looked at without signs; take them out", "pair", key)
        return words

    def conditions(self, item: Item, holder: dict[str, Any], *path: str | int) -> dict[str, Any]:
        """Return the compiled conditions of a rule or of one of its notes."""
        result: dict[str, Any] = {}
        for key in _collect.CONDITIONS:
            compiled = [
                self.condition(item, condition, *path, key, index)
                for index, condition in enumerate(holder.get(key, ()))
            ]
            if compiled:
                result[key] = compiled
        return result

    def condition(self, item: Item, condition: dict[str, Any], *path: str | int) -> dict[str, Any]:
        """Return one condition with contexts as numbers, words folded, and the distance as words or a stretch."""
        if "any" in condition:
            return {"any": [self.condition(item, one, *path, "any", n) for n, one in enumerate(condition["any"])]}
        if "statement" in condition:
            return {"statement": condition["statement"], "within": "sentence"}
        default = "1 words" if "before" in condition or "after" in condition else "paragraph"
        within = condition.get("within", default)
        distance = int(within.split()[0]) if within[0].isdigit() else within
        if "context" in condition:
            ids = condition["context"]
            return {"context": self.numbers(ids), "names": ids, "within": distance}
        if "nearest" in condition:
            group, ids = next(iter(condition["nearest"].items()))
            found = {"nearest": group, "context": self.numbers(ids), "names": ids, "within": distance}
            return {**found, "side": condition["side"]} if "side" in condition else found
        if "topic" in condition:
            group, column = next(iter(condition["topic"].items()))
            return {"topic": group, "column": column, "within": distance}
        side = "before" if "before" in condition else "after"
        words, signed = self.plain_words(item, condition[side], *path, side)
        longest = max((word.count(" ") + 1 for word in words), default=1)
        new = {side: words, "longest": longest, "within": distance, "stretch": "paragraph"}
        if signed:
            new["signed"] = signed
        if isinstance(distance, str):
            new.update(stretch=distance, within=_MOST_WORDS[distance])
        return new

    def numbers(self, contexts: list[str]) -> list[int]:
        """Return the numbers of contexts, -1 for one that is not defined."""
        return [self.context_number.get(context, -1) for context in contexts]

    def compile_contexts(self, forms: FormsBuilder) -> list[list[Any]]:
        """Return [id, group, attached, jurisdictions, label] of each context; its cues go to ``forms``."""
        table = []
        for number, identifier in enumerate(self.contexts):
            item = self.definitions["contexts"][identifier]
            for index, cue in enumerate(item.data["cues"]):
                for form in self.parse(item, cue, "cues", index, slots=False):
                    forms.add(number, "c", form)
            jurisdiction = item.data.get("jurisdiction", [])
            table.append(
                [
                    identifier,
                    item.data.get("group", ""),
                    bool(item.data.get("attached")),
                    [jurisdiction] if isinstance(jurisdiction, str) else jurisdiction,
                    item.data.get("label", identifier.rsplit(".", 1)[-1].replace("-", " ")),
                ]
            )
        return table

    def compile_rule(self, number: int, item: Item, forms: FormsBuilder) -> dict[str, Any]:
        """Return a rule as matching wants it; its phrases go to ``forms``."""
        data = item.data
        self.add_phrases(number, item, forms)
        rule: dict[str, Any] = {
            "id": item.id,
            "kind": data["kind"],
            "notes": self.rule_notes(item),
            **self.conditions(item, data),
        }
        for key in (
            "table",
            "match",
            "check",
            "defines",
            "decoy",
            "named",
            "near",
            "agrees",
            "otherwise",
            "as",
            "units",
            "grade",
            "asserted",
        ):
            if key in data:
                rule[key] = data[key]
        for key in ("refers", "repeats", "goes-before", "of", "put-down-to", "done-by"):
            if key in data:
                rule[key] = self.matching_rules(data[key])
        if "pronouns" in data:
            rule["pronouns"] = {word: self.matching_rules(globs) for word, globs in data["pronouns"].items()}
        if "pair" in data:
            rule["pair"] = self.pair(item)
        if any(key in data for key in _collect.PATTERNS):
            rule |= self.patterns(item)
        if "table" in data and data["table"] in self.definitions["tables"]:
            column = self.definitions["tables"][data["table"]].data["key"]
            rule["column"], rule["key"] = column, _keys(data) or [f"{{{column}}}"]
        if "tokens" in data:
            rule["tokens"] = data["tokens"]
            self.check_tokens(item)
            if "anchors" not in data:
                self.token_anchors(number, item, forms)
        return rule

    def add_phrases(self, number: int, item: Item, forms: FormsBuilder) -> None:
        """Add a rule's phrases, names and anchors to the forms that the automaton looks for."""
        for key, role in ROLES.items():
            anchoring = key == "anchors"
            for index, phrase in enumerate(item.data.get(key, ())):
                for form in self.parse(item, phrase, key, index, slots=not anchoring):
                    forms.add(number, "t" if anchoring and "tokens" in item.data else role, form)
                    self.slots.setdefault(number, []).append(self.slot_contexts(form))
        for name in self.names_in_table(item):
            for form in self.parse_literal(item, name, "named"):
                forms.add(number, "p", form)
                self.slots.setdefault(number, []).append(frozenset())

    def names_in_table(self, item: Item) -> list[str]:
        """Return the names that the columns ``named`` of a rule's table hold."""
        columns: list[str] = item.data.get("named", [])
        table = self.definitions["tables"].get(item.data.get("table", ""))
        rows = None if table is None or not columns else self.rows(table)
        if table is None or rows is None:
            return []
        for column in (name for named in columns for name in _FIELD.findall(named) or [named]):
            if rows and column not in rows[0]:
                self.fault(item, f"table {table.id!r} has no column {column!r}", "named")
        return list(dict.fromkeys(name for row in rows for name in _names_of(row, columns)))

    def rule_notes(self, item: Item) -> str | list[list[Any]]:
        """Return a rule's notes: a word such as ``by-regime``, else [id, conditions] of each."""
        notes = item.data["notes"]
        if isinstance(notes, str):
            return notes
        return [[note["note"], self.conditions(item, note, "notes", index)] for index, note in enumerate(notes)]

    def pair(self, item: Item) -> dict[str, Any]:
        """Return which two rules a claim is made of, and which words may stand between them."""
        pair = item.data["pair"]
        return {
            "first": self.matching_rules(pair.get("first", [])),
            "second": self.matching_rules(pair["second"]),
            "most": pair.get("most", 12),
            "said-of": pair.get("said-of", False),
            "pronouns": {word: self.matching_rules(globs) for word, globs in pair.get("pronouns", {}).items()},
            **{key: self.pair_words(item, key) for key in ("between", "only", "not-between")},
        }

    def patterns(self, item: Item) -> dict[str, Any]:
        """Return a rule's pattern, prepared, and what goes with it."""
        from .patterns import prepare

        data = item.data
        found: dict[str, Any] = {}
        for key in _collect.PATTERNS:
            if key in data:
                found[key] = prepare(self.spelt(item, key))
                self.check_pattern(item, key)
        if "pinpoints" in data:
            found["pinpoints"] = data["pinpoints"]
        return found

    def spelt(self, item: Item, part: str) -> str:
        """Return a rule's pattern, or a part of it, with the named pieces put in."""
        found = self._spelt.get((item.id, part))
        if found is None:
            found = self._spelt[item.id, part] = self._spell(item, part)
        return found

    def _spell(self, item: Item, part: str) -> str:
        try:
            return _pieces.expand(item.data[part], self.piece, self._put_in)
        except _pieces.PieceError as error:
            fault = item.fault(f"{part}: {error}", part)
            if all(str(fault) != str(known) for known in self.definitions.faults):
                self.definitions.faults.append(fault)
            return _SOUND

    def piece(self, name: str) -> str | list[str]:
        """Return the pattern piece of a name. Raises ``PieceError`` where there is none."""
        found = self.definitions["patterns"].get(name)
        if found is None:
            raise _pieces.PieceError(_collect.missing(self.definitions, ("patterns",), name))
        data: str | list[str] = found.data
        return _SOUND if name in self.broken_pieces else data

    def check_pieces(self) -> None:
        """Find the faults of pattern pieces, used or not, each once and where it is written."""
        checked: set[str] = set()
        for name in self.definitions["patterns"]:
            self.check_piece(name, checked, 0)
        if self.broken_pieces:
            self._put_in.clear()  # what rests on a broken one was put in as it is written

    def check_piece(self, name: str, checked: set[str], depth: int) -> None:
        """Check a piece after those that it uses, so that a fault is not told again of what rests on it."""
        from .patterns import PatternError, prepare

        item = self.definitions["patterns"].get(name)
        if item is None or name in checked or depth > _pieces.MAX_DEPTH:
            return
        checked.add(name)
        texts = [item.data] if isinstance(item.data, str) else item.data
        for index, text in enumerate(texts):
            try:
                for other in _pieces.used(text):
                    self.check_piece(other, checked, depth + 1)
                spelt = prepare(_pieces.expand(text, self.piece, self._put_in))
                self.findings.other(_fields_of_piece, spelt)
            except (_pieces.PieceError, PatternError) as error:
                self.broken_pieces.add(name)
                self._put_in.clear()
                self.fault(item, f"pattern piece {name!r}: {error}", *(() if isinstance(item.data, str) else (index,)))

    def matching_rules(self, globs: list[str]) -> list[int]:
        """Return the numbers of the rules whose ids fit one of the globs."""
        key = tuple(globs)
        found = self._matching.get(key)
        if found is None:
            fits = re.compile("|".join(map(translate, globs)) if globs else "(?!)").match
            found = self._matching[key] = [number for number, rule in enumerate(self.rules) if fits(rule)]
        return found

    def check_pattern(self, item: Item, part: str) -> None:
        """Find faults of a pattern: one that the engine refuses, or that lacks a field that is asked of it."""
        from .patterns import PatternError

        data = item.data
        spelt = self.spelt(item, part)
        if spelt is _SOUND:
            return
        key = (spelt, part == "leads")
        fields = self._fields.get(key)
        if fields is None:
            try:
                fields = self._fields[key] = tuple(self.findings.other(_fields_of, *key))
            except PatternError as error:
                self.fault(item, f"{part}: {error}", part)
                return
        if part in {"joined", "leads", "trails"}:
            return
        wanted = set(data.get("match", ())) if part == "pattern" else set()
        table = self.definitions["tables"].get(data.get("table", ""))
        if table is not None and "key" not in data:
            wanted.add(table.data["key"])
        for name in sorted(wanted.difference(fields)):
            self.fault(item, f"the {part} has no field (?P<{name}>…)", part)
        if part == "pattern":
            named = {name for key in _keys(data) for name in _FIELD.findall(key)}
            for name in sorted(named.difference(fields)):
                self.fault(item, f"the pattern has no field (?P<{name}>…)", "key")

    def fault(self, item: Item, message: str, *path: str | int) -> None:
        """Keep a fault at a definition or a part of it."""
        self.definitions.faults.append(item.fault(message, *path))

    def check_tokens(self, item: Item) -> None:
        """Let spaCy say whether it takes a rule's token patterns; without spaCy they are taken on trust.

        ``REGEX`` is refused: spaCy gives it to Python's engine, which can take time without bound.
        """
        for index, pattern in enumerate(item.data["tokens"]):
            if _names_regex(pattern):
                self.fault(
                    item,
                    "REGEX in a token pattern could run without end; use IN, or a rule with pattern",
                    "tokens",
                    index,
                )
        try:
            from spacy.matcher import Matcher
            from spacy.vocab import Vocab
        except ImportError:
            return
        for index, pattern in enumerate(item.data["tokens"]):
            try:
                Matcher(Vocab()).add("rule", [pattern])
            except Exception as error:  # noqa: BLE001 - spaCy raises several kinds of its own
                lines = [line.lstrip("- ") for line in str(error).splitlines() if line.startswith("- ")]
                reason = (lines or str(error).splitlines())[0].replace("[pattern -> ", "[token ")
                self.definitions.faults.append(
                    item.fault(f"spaCy takes no such token pattern: {reason}", "tokens", index)
                )

    def token_anchors(self, number: int, item: Item, forms: FormsBuilder) -> None:
        """Work out the words without which a token pattern cannot match."""
        for index, pattern in enumerate(item.data["tokens"]):
            options = [words for token in pattern for words in _required_words(token)]
            options = [o for o in options if o and all(any(c.isalnum() for c in v) for v in o)]
            if not options:
                self.fault(item, "no word in this token pattern to look for first; add anchors", "tokens", index)
                continue
            for value in max(options, key=lambda o: min(len(v) for v in o)):
                for form in self.parse_literal(item, value.lower(), "tokens", index):
                    forms.add(number, "t", form)

    def compile_regimes(self) -> dict[str, Any]:
        """Return, for each rule answered by regime, its answers in order of regimes' ids.

        An answer is [context, regime, default, jurisdictions, notes, tied].
        """
        answers: dict[str, list[list[Any]]] = {}
        for identifier in sorted(self.definitions["regimes"]):
            item = self.definitions["regimes"][identifier]
            for rule, notes in item.data["answers"].items():
                answers.setdefault(rule, []).append(
                    [
                        self.context_number.get(item.data["context"], -1),
                        identifier,
                        _windows(item.data.get("default", False)),
                        [j for j in item.data["jurisdiction"].split(",") if j],
                        notes,
                        rule in item.data["tied"],
                    ]
                )
        for identifier, item in self.definitions["rules"].items():
            if "otherwise" in item.data:
                # Parties of the wider rule compete as well, so that the gate lets them through.
                answers.setdefault(identifier, [])
            if "like" in item.data:
                answers[identifier] = answers.get(item.data["like"], [])
        return answers

    def slot_contexts(self, form: Form) -> frozenset[int]:
        """Return the contexts of which a form needs a cue for its slots; empty when it has none."""
        found: frozenset[int] = frozenset()
        for name in [element.context for element in form if isinstance(element, Slot)]:
            if name not in self._taken:
                self._taken[name] = frozenset(
                    number
                    for number, context in enumerate(self.contexts)
                    if context == name or "*" + self.definitions["contexts"][context].data.get("group", "") == name
                )
            found |= self._taken[name]
        return found

    def stops(self, rule: str) -> bool:
        """Tell whether a mention of the rule stops back-references even where it is ruled out."""
        data = self.definitions["rules"][rule].data
        return data["kind"] == "instrument" or bool(data.get("decoy"))

    def musts(self, rule: str) -> list[str]:
        """Return the runs of letters of which a match of the rule's pattern holds one."""
        from .patterns import required

        item = self.definitions["rules"][rule]
        if "pattern" not in item.data:
            return []
        forms = [f for n, p in enumerate(item.data.get("anchors", ())) for f in self.parse(item, p, "anchors", n)]
        words = [b" ".join(w for e in form if isinstance(e, Word) for w in e.words).decode("latin-1") for form in forms]
        spelt = self.spelt(item, "pattern")
        runs: list[str] = self.findings.other(required, spelt, words)
        return runs

    def digit_within(self, rule: str) -> int:
        """Return within how many characters each match of the rule's pattern has a digit, 0 if it need not."""
        from .patterns import digit_within

        item = self.definitions["rules"][rule]
        if "pattern" not in item.data:
            return 0
        spelt = self.spelt(item, "pattern")
        within: int = self.findings.other(digit_within, spelt)
        return within

    def beginnings(self, rule: str) -> list[str]:
        """Return the two characters with which each match of the rule's pattern begins, none if that is not known."""
        from .patterns import beginnings

        item = self.definitions["rules"][rule]
        if "pattern" not in item.data:
            return []
        spelt = self.spelt(item, "pattern")
        found: list[str] = self.findings.other(beginnings, spelt)
        return found

    def gate(self, rule: str, answers: dict[str, list[list[Any]]]) -> list[list[int]]:
        """Return the sets of contexts of each of which a document must hold a cue for the rule to fire."""
        data = self.definitions["rules"][rule].data
        sets = []
        for condition in () if "repeats" in data else data.get("needs", ()):
            ids = condition.get("context") or next(iter(condition.get("nearest", {}).values()), None)
            if ids:
                sets.append(sorted(self.context_number.get(i, -1) for i in ids))
            if "topic" in condition:
                group = next(iter(condition["topic"]))
                contexts = self.definitions["contexts"]
                sets.append([n for n, name in enumerate(self.contexts) if contexts[name].data.get("group") == group])
        if data["notes"] == "by-regime":
            wider = answers.get(data.get("otherwise", ""), [])
            sets.append(sorted({answer[0] for answer in (*answers.get(rule, []), *wider)}))
        slots = self.slots.get(bisect_left(self.rules, rule), [])
        if slots and all(slots) and "tokens" not in data:
            sets.append(sorted(frozenset().union(*slots)))
        return sets

    def source(self, source: dict[str, Any]) -> list[str]:
        """Return instrument, pinpoint and link of one of a note's sources."""
        reference = self.definitions["references"].get(source["ref"])
        if reference is None:
            return ["", "", "", ""]
        pinpoint = "" if source["at"] == "whole" else source["at"]
        data = reference.data
        return [data["instrument"], pinpoint, source.get("url", data["url"]), data.get("short", "")]

    def compile_note(self, item: Item) -> dict[str, Any]:
        """Return a note with each of its versions complete."""
        data = item.data
        versions = []
        for version in data.get("versions", [data]):
            merged = merged_version(data, version)
            made = any(key in merged for key in DATA)
            text = sentence(merged) if made else " ".join(merged["text"].split())
            # A version that only says what ended does not carry the verb of the others.
            if "verb" in merged and "verb" not in version and not made and not _collect.uses_verb(text, merged["verb"]):
                del merged["verb"]
            versions.append(
                {
                    "text": text,
                    "cites": made,
                    "full": " ".join(merged.get("full", "").split()),
                    "data": {k: merged[k] for k in ("measure", "target", "bound", "except") if k in merged},
                    "fields": merged.get("field-status", {}),
                    "verb": merged.get("verb", ""),
                    "sources": [self.source(source) for source in merged.get("sources", ())],
                    "from": merged.get("from"),
                    "until": merged.get("until"),
                    "status": merged.get("status", "unverified"),
                    "checked": merged.get("checked", ""),
                    "change": version.get("change", ""),
                    "ended": bool(version.get("ended")),
                    "eased": bool(version.get("eased")),
                    "renewal": "renewed" in version and _RENEWAL.fullmatch(version.get("change", "")) is not None,
                }
            )
        return {
            "jurisdiction": data.get("jurisdiction", ""),
            "table": data.get("table", ""),
            "otherwise": data.get("otherwise", ""),
            "versions": versions,
            # Whether what it says, or what it cites, hangs on the fields of the mention.
            "fields": any(
                "{" in part
                for version in versions
                for part in (version["text"], version["full"], version["change"], *itertools.chain(*version["sources"]))
            ),
        }

    def compile_listing(self, item: Item) -> dict[str, Any]:
        """Return a listing with what its entries take from the references."""
        entries = []
        for entry in item.data["entries"]:
            new = dict(entry)
            if "ref" in entry:
                reference = self.definitions["references"].get(entry["ref"])
                if reference is not None:
                    new["instrument"] = reference.data["instrument"]
                    new["short"] = reference.data.get("short", reference.data["instrument"])
                    new.setdefault("url", reference.data["url"])
            entries.append(new)
        return {**item.data, "entries": entries, "listing": True}

    def rows(self, item: Item) -> list[dict[str, str]] | None:
        """Return a table's rows as its file has them, ``None`` where it cannot be read."""
        if item.id not in self._rows:
            found: list[dict[str, str]] | None = None
            path = _collect.table_path(item)
            try:
                reader = csv.DictReader(io.StringIO(_yaml.read(path), newline=""))
                found = [{k: (v or "").strip() for k, v in row.items() if k} for row in reader]
            except (RuleError, csv.Error) as error:
                self.fault(item, f"table {path.as_posix()}: {getattr(error, 'message', error)}", "file")
            self._rows[item.id] = found
        return self._rows[item.id]

    def compile_table(self, item: Item) -> dict[str, dict[str, str]]:
        """Return a table's rows by key: aliases too, and the names by which rules find them.

        Rows of one key that follow each other in time point back: ``earlier`` is the key of the row before.
        """
        rows = self.rows(item)
        if rows is None:
            return {}
        key = item.data["key"]
        if not rows or key not in rows[0]:
            self.fault(item, f"the table has no column {key!r}", "key")
            return {}
        also = item.data.get("also", {})
        for column in set(also.values()) - set(rows[0]):
            self.fault(item, f"the table has no column {column!r}", "also")
            return {}
        named = {c for r in self.definitions["rules"].values() if r.data.get("table") == item.id
                 for c in r.data.get("named", ())}  # fmt: skip
        table: dict[str, dict[str, str]] = {}
        for row in rows:
            kept = {k: v for k, v in row.items() if k != "aliases" and not k.startswith("names")}
            kept |= {name: row[column] for name, column in also.items() if row[column]}
            keys = {fold_key(name): name for name in (row[key], *_names_of(row, ["aliases"]))}
            keys |= {name_key(name): name for name in _names_of(row, sorted(named))}
            for folded, name in keys.items():
                before = table.get(folded)
                if before is not None:
                    ended = before.get("until") or "9999"
                    if ended > kept.get("from", ""):
                        self.fault(item, f"the table has two rows for {name!r} at one time", "file")
                    kept["earlier"] = f"{folded}@{ended}"
                    table[kept["earlier"]] = before
                table[folded] = kept
        return table

    def core(self, triggers: FormsBuilder, cues: FormsBuilder, head: dict[str, Any]) -> dict[str, bytes]:
        """Return the sections that the compiled core goes by."""
        contexts = head["contexts"]
        decoys = [n for n, i in enumerate(self.rules) if self.definitions["rules"][i].data.get("decoy")]

        @cache
        def slot(name: str) -> list[int]:
            index = 1 if name.startswith("*") else 0
            return [number for number, context in enumerate(contexts) if context[index] == name[index:]]

        marks = Marks(
            gates=head["gates"],
            stops=frozenset(head["stops"]),
            backward=frozenset(head["backward"]),
            leans=frozenset(head["backward"]).union(decoys),
            musts=head["musts"],
            digits=[self.digit_within(rule) for rule in self.rules],
            beginnings=[self.beginnings(rule) for rule in self.rules],
        )
        made = build(triggers.forms(), cues.forms(), marks, contexts=len(contexts), slot=slot)
        return dict(zip(("core", "triggers.lengths", "cues.lengths"), made, strict=True))

    def compile(self) -> dict[str, bytes]:
        """Return the sections of the compiled rulebook. Raises ``RuleErrors`` with all faults."""
        cues = FormsBuilder()
        contexts = self.compile_contexts(cues)
        triggers = FormsBuilder(cues.longest)
        rules = self.rules
        self.check_pieces()
        records = [
            json.dumps(self.compile_rule(number, self.definitions["rules"][identifier], triggers)).encode()
            for number, identifier in enumerate(rules)
        ]
        notes = {i: self.compile_note(item) for i, item in self.definitions["notes"].items()}
        listings = {i: self.compile_listing(item) for i, item in self.definitions["listings"].items()}
        both = set(notes) & set(listings)
        for identifier in sorted(both):
            self.fault(
                self.definitions["listings"][identifier], f"{identifier!r} is a note already; rename the listing"
            )
        bodies = {**notes, **listings}
        names = sorted(bodies)
        tables = {i: self.compile_table(item) for i, item in self.definitions["tables"].items()}
        lexicon = compile_lexicon(self.definitions, self.contexts, self.parse)
        self.definitions.faults.sort(key=lambda fault: (fault.path, fault.line, fault.column))
        self.definitions.raise_faults()
        answers = self.compile_regimes()
        titles = {
            "rules": rules,
            "notes": names,
            "contexts": contexts,
            "answers": answers,
            "gates": [self.gate(i, answers) for i in rules],
            "backward": [n for n, i in enumerate(rules) if self.definitions["rules"][i].data["notes"] == "antecedent"],
            "stops": [n for n, i in enumerate(rules) if self.stops(i)],
            "musts": [self.musts(i) for i in rules],
            "coined": [n for n, i in enumerate(rules) if "coined" in self.definitions["rules"][i].data],
            "pairs": [n for n, i in enumerate(rules) if "pair" in self.definitions["rules"][i].data],
            "ranks": [{"has": [], **item.data} for item in self.definitions["ranks"].values()],
            "of": [n for n, i in enumerate(rules) if "of" in self.definitions["rules"][i].data],
        }
        # A machine without the core makes what it goes by of the forms, should it be sent this (``FormTable``).
        looked_for = (
            {**cues.interpreted("cues"), **triggers.interpreted("triggers")}
            if core.scan is None
            else self.core(triggers, cues, titles)
        )
        return {
            "head": json.dumps(titles, separators=(",", ":")).encode(),
            **blob("rules", records),
            **blob(
                "notes",
                [json.dumps(bodies[name], separators=(",", ":"), ensure_ascii=False).encode() for name in names],
            ),
            **cues.sections("cues"),
            **triggers.sections("triggers"),
            **looked_for,
            **_tables(tables),
            "lexicon": lexicon,
        }


def merged_version(data: dict[str, Any], version: dict[str, Any]) -> dict[str, Any]:
    """Return a version of a note with what it shares with the others; a norm of its own takes the place of theirs."""
    shared = {k: v for k, v in data.items() if k != "versions"}
    if any(key in version for key in (*DATA, "text")):
        shared = {k: v for k, v in shared.items() if k not in (*DATA, "text", "also", "except", "full")}
    return {**shared, **version}


def _fields_of_piece(pattern: str) -> tuple[str, ...]:
    from .patterns import compile_pattern

    return compile_pattern(pattern, empty=True).fields


def _fields_of(pattern: str, at_end: bool) -> tuple[str, ...]:  # noqa: FBT001 - told apart by its place
    from .patterns import compile_pattern, prepare

    return compile_pattern(prepare(pattern), at_end=at_end).fields


def _windows(default: Any) -> bool | list[list[str]]:
    """Return when a regime answers by default: always, never, or from one day until before another."""
    if isinstance(default, bool):
        return default
    return [[one.get("from") or "", one.get("until") or ""] for one in default]


def _tables(tables: dict[str, dict[str, dict[str, str]]]) -> dict[str, bytes]:
    """Return the sections of tables: the keys of each, and its rows as records of their own."""
    sections: dict[str, bytes] = {}
    for identifier, rows in tables.items():
        sections[f"table:{identifier}.keys"] = "\n".join(rows).encode()
        records = [json.dumps(row, separators=(",", ":"), ensure_ascii=False).encode() for row in rows.values()]
        sections |= blob(f"table:{identifier}", records)
    return sections


def _keys(data: dict[str, Any]) -> list[str]:
    """Return the templates of which a rule makes the key of a row, none where the table's own key is meant."""
    keys: str | list[str] = data.get("key", [])
    return [keys] if isinstance(keys, str) else keys


def _names_of(row: dict[str, str], columns: list[str]) -> list[str]:
    """Return the names in columns of a row, semicolons part several; a template makes one of several columns."""
    names: list[str] = []
    for column in columns:
        if "{" not in column:
            names += [name for name in map(str.strip, row.get(column, "").split(";")) if name]
        elif all(row.get(field) for field in _FIELD.findall(column)):
            names.append(_FIELD.sub(lambda hit: row[hit[1]], column))
    return names


def _required_words(token: dict[str, Any]) -> Iterator[list[str]]:
    """Yield the sets of words of which a token pattern's token must be one."""
    if token.get("OP") in {"?", "*", "!", "{0}"}:
        return
    for key in ("LOWER", "ORTH", "TEXT"):
        value = token.get(key)
        if isinstance(value, str):
            yield [value]
        elif isinstance(value, dict) and isinstance(value.get("IN"), list):
            yield [v for v in value["IN"] if isinstance(v, str)]


def _searchable(text: str) -> str:
    """Return words as they are printed without what a phrase could not look for."""
    from ..folding import plain_phrase

    if text.isascii():
        spelt = text.replace('"', " ")
    else:
        spelt = "".join(" " if char == '"' or plain_phrase(char) == b'"' else char for char in text)
    return spelt.strip(" -")


def compile_definitions(definitions: Definitions, parsed: Parsed | None = None) -> bytes:
    """Compile definitions to the bytes of a rulebook file. Raises ``RuleErrors`` with all faults.

    ``parsed`` is where what is found out of phrases and patterns is kept for the next run.
    """
    definitions.raise_faults()
    compiler = Compiler(definitions, parsed)
    sections = compiler.compile()
    compiler.findings.save()
    return pack(sections)


def _names_regex(part: Any) -> bool:
    """Tell whether any key in a token pattern asks for a regular expression."""
    if isinstance(part, dict):
        return any(str(key).upper() == "REGEX" or _names_regex(value) for key, value in part.items())
    return isinstance(part, list) and any(map(_names_regex, part))
