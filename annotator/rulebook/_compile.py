"""Turn definitions into the compiled rulebook: one file of sections that loads without parsing YAML.

Anchoring: each form of each phrase is found by one of its words, the rarest by a simple guess; the
automaton looks for those words only, and the matcher checks the rest of the form around a hit. So
white space and punctuation inside a phrase never concern the automaton.
"""

from __future__ import annotations

import csv
import io
import json
import re
from array import array
from typing import TYPE_CHECKING, Any

from .. import automaton
from ..errors import RuleError
from ..folding import fold_key
from . import _collect, _yaml
from ._phrases import Form, Gap, PhraseError, Slot, Word, parse, script_texts, spellings
from ._store import pack
from ._words import COMMON

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._collect import Definitions, Item

_NEIGHBOUR = 6.0  # how much rarer a word further off must be to be looked for first
ROLES = {"phrases": "p", "names": "n", "short": "s", "not": "x", "anchors": "a"}


def _rarity(word: bytes) -> float:
    text = word.decode("latin-1")
    return 0.05 * len(text) if text in COMMON or len(text) == 1 else float(min(len(text), 12))


def anchor_of(form: Form) -> int:
    """Return the index of the element that the automaton looks for: the word that is rarest at its worst."""
    best, best_score = -1, -1.0
    for index, element in enumerate(form):
        if isinstance(element, Word):
            score = min(map(_rarity, element.words)) - 0.01 * len(element.words)
            if score > best_score:
                best, best_score = index, score
    return best


def encode_form(form: Form) -> list[list[Any]]:
    """Return a form as JSON data: words as 0, gaps as 1, slots as 2."""
    encoded: list[list[Any]] = []
    for element in form:
        if isinstance(element, Word):
            exact = {
                w.decode("latin-1"): [c, e.decode("latin-1")]
                for w, c, e in zip(element.words, element.cases, element.exact, strict=True)
                if c
            }
            any_case = [w.decode("latin-1") for w, c in zip(element.words, element.cases, strict=True) if not c]
            encoded.append([0, any_case, {w: p for w, p in exact.items() if w not in any_case}, element.sep, element.after])
        elif isinstance(element, Gap):
            encoded.append([1, element.most])
        else:
            encoded.append([2, element.context])
    return encoded


class _Forms:
    """Collects forms and the literals that lead to them."""

    def __init__(self) -> None:
        self.literals: dict[bytes, list[tuple[int, int]]] = {}
        self.records: list[bytes] = []
        self.forms: list[Form] = []
        self.scripts: list[list[Any]] = []

    def add(self, owner: int, role: str, form: Form) -> None:
        texts = script_texts(form)
        if texts is not None:
            self.scripts += [[text, owner, role] for text in texts]
            return
        number = len(self.records)
        self.forms.append(form)
        self.records.append(json.dumps([owner, role, encode_form(form)], separators=(",", ":")).encode())
        index = anchor_of(form)
        element = form[index]
        assert isinstance(element, Word)  # noqa: S101 - a form has a word
        before = form[index - 1] if index else None
        if isinstance(before, Word) and len(element.sep) == 1 and all(word.isdigit() for word in element.words):
            # Numbers are common: where a sign ties one to the word before it ("S/2024"), look for both.
            for first in dict.fromkeys(before.words):
                for word in dict.fromkeys(element.words):
                    self.literals.setdefault(b"%b %b" % (first, word), []).append((number, index - 1))
            return
        for word in dict.fromkeys(element.words):
            self.literals.setdefault(word, []).append((number, index))

    def sections(self, name: str) -> dict[str, bytes]:
        words = sorted(self.literals)
        machine = automaton.build([b" %b " % word for word in words])
        return {
            f"{name}.automaton": machine.serialize(),
            f"{name}.scripts": json.dumps(self.scripts, separators=(",", ":")).encode() if self.scripts else b"",
            **_blob(f"{name}.forms", self.records),
            **_blob(f"{name}.index", [self.index(word) for word in words]),
        }

    def index(self, word: bytes) -> bytes:
        """Return, for a literal, its forms sorted by one more word that each needs: where, word, forms.

        ``f`` forms need no other word, ``n`` need the word right behind the literal, ``p`` right before it,
        ``s`` somewhere in the sentence.
        """
        table: dict[str, dict[str, list[int]]] = {"f": {}, "n": {}, "p": {}, "s": {}}
        for number, index in self.literals[word]:
            where, needed = _second_word(self.forms[number], index)
            for other in needed or (b"",):
                table[where].setdefault(other.decode("latin-1"), []).extend((number, index))
        return json.dumps(table, separators=(",", ":")).encode()


def _second_word(form: Form, anchor: int) -> tuple[str, tuple[bytes, ...]]:
    """Return which other word of a form to look for before trying it: the rarest, neighbours first."""
    best: tuple[str, tuple[bytes, ...]] = ("f", ())
    most = -1.0
    for index, element in enumerate(form):
        if index == anchor or not isinstance(element, Word):
            continue
        where = {1: "n", -1: "p"}.get(index - anchor, "s")
        score = min(map(_rarity, element.words)) + (0 if where == "s" else _NEIGHBOUR) - 0.05 * len(element.words)
        if score > most:
            best, most = (where, tuple(dict.fromkeys(element.words))), score
    return best


def _blob(name: str, records: list[bytes]) -> dict[str, bytes]:
    at = array("I", [0])
    total = 0
    for record in records:
        total += len(record)
        at.append(total)
    return {f"{name}.blob": b"".join(records), f"{name}.offsets": at.tobytes()}


class Compiler:
    """Compiles definitions; faults are gathered in ``definitions.faults``."""

    def __init__(self, definitions: Definitions) -> None:
        self.definitions = definitions
        self.contexts = sorted(definitions["contexts"])
        self.context_number = {identifier: number for number, identifier in enumerate(self.contexts)}
        self.groups = {c.data.get("group") for c in definitions["contexts"].values() if c.data.get("group")}
        self.vocabulary: dict[str, list[Form]] = {}
        self.open_vocabulary: list[str] = []

    def parse(self, item: Item, text: str, *path: str | int, slots: bool = True) -> list[Form]:
        """Parse one phrase; faults get file, line and the column inside the phrase where that is plain."""

        def lookup(name: str) -> list[Form]:
            if name == "target":
                found = [(Slot("*party"),)]
            elif name.startswith("context:"):
                context = _collect._qualify(name[8:], item.file.data["namespace"])
                if context not in self.context_number:
                    raise PhraseError(_collect._missing(self.definitions, ("contexts",), context))
                found = [(Slot(context),)]
            else:
                found = self.words(item, name)
            if not slots and any(not isinstance(e, Word) for form in found for e in form):
                raise PhraseError("a cue or condition takes plain words only, without {target}, contexts or gaps")
            return found

        try:
            forms = parse(text, lookup)
            for form in forms:
                script_texts(form)
            if not slots and any(not isinstance(e, Word) for form in forms for e in form):
                raise PhraseError("a cue or condition takes plain words only, without gaps")
        except PhraseError as error:
            fault = item.fault(f"phrase {text!r}, character {error.column + 1}: {error}", *path)
            if not any(f.message == fault.message and f.line == fault.line for f in self.definitions.faults):
                self.definitions.faults.append(fault)
            return []
        return forms

    def words(self, item: Item, name: str) -> list[Form]:
        identifier = _collect._qualify(name, item.file.data["namespace"])
        if identifier in self.vocabulary:
            return self.vocabulary[identifier]
        entry = self.definitions["vocabulary"].get(identifier)
        if entry is None:
            raise PhraseError(_collect._missing(self.definitions, ("vocabulary",), identifier))
        if identifier in self.open_vocabulary:
            raise PhraseError(f"vocabulary entry {identifier!r} refers to itself")
        self.open_vocabulary.append(identifier)
        forms: list[Form] = []
        for index, phrase in enumerate(entry.data):
            forms += self.parse(entry, phrase, index)
        self.open_vocabulary.pop()
        # Single words become one element, so that they do not multiply the forms of every phrase.
        singles = [f[0] for f in forms if len(f) == 1 and isinstance(f[0], Word) and not f[0].after]
        rest = [f for f in forms if not (len(f) == 1 and isinstance(f[0], Word) and not f[0].after)]
        if singles:
            merged = dict.fromkeys(w for word in singles for w in zip(word.words, word.cases, word.exact, strict=True))
            rest.append((Word(tuple(w for w, _, _ in merged), tuple(c for _, c, _ in merged), tuple(e for _, _, e in merged)),))
        self.vocabulary[identifier] = rest
        return rest

    def plain_words(self, item: Item, phrases: list[str], *path: str | int) -> list[str]:
        """Return the folded spellings of condition phrases."""
        result: list[str] = []
        for index, phrase in enumerate(phrases):
            for form in self.parse(item, phrase, *path, index, slots=False):
                found = spellings(form)
                if found is None:
                    self.definitions.faults.append(item.fault(f"too many ways to read {phrase!r}; split it", *path, index))
                else:
                    result += [one.decode("latin-1") for one in found]
        return list(dict.fromkeys(result))

    def conditions(self, item: Item, holder: dict[str, Any], *path: str | int) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key in ("needs", "forbids"):
            compiled = []
            for index, condition in enumerate(holder.get(key, ())):
                default = "1 words" if "before" in condition or "after" in condition else "paragraph"
                within = condition.get("within", default)
                distance = int(within.split()[0]) if within[0].isdigit() else within
                if "context" in condition:
                    new: dict[str, Any] = {"context": [self.context_number.get(c, -1) for c in condition["context"]]}
                    new["names"] = condition["context"]
                elif "nearest" in condition:
                    group, ids = next(iter(condition["nearest"].items()))
                    new = {"nearest": group, "context": [self.context_number.get(c, -1) for c in ids], "names": ids}
                else:
                    side = "before" if "before" in condition else "after"
                    new = {side: self.plain_words(item, condition[side], *path, key, index, side)}
                    if not isinstance(distance, int):
                        distance = {"sentence": 200, "paragraph": 1000}.get(distance, 2000)
                compiled.append({**new, "within": distance})
            if compiled:
                result[key] = compiled
        return result

    def compile_contexts(self, forms: _Forms) -> list[list[Any]]:
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

    def compile_rule(self, number: int, item: Item, forms: _Forms) -> dict[str, Any]:
        data = item.data
        for key, role in ROLES.items():
            for index, phrase in enumerate(data.get(key, ())):
                if key == "anchors" and "tokens" in data:
                    role = "t"  # noqa: PLW2901
                for form in self.parse(item, phrase, key, index, slots=key not in {"anchors"}):
                    forms.add(number, role, form)
        rule: dict[str, Any] = {
            "id": item.id,
            "kind": data["kind"],
            "notes": data["notes"] if isinstance(data["notes"], str) else [],
            **self.conditions(item, data),
        }
        if isinstance(data["notes"], list):
            rule["notes"] = [
                [note["note"], self.conditions(item, note, "notes", index)] for index, note in enumerate(data["notes"])
            ]
        for key in ("table", "match", "check", "refers", "defines", "decoy"):
            if key in data:
                rule[key] = data[key]
        if "pair" in data:
            pair = data["pair"]
            rule["pair"] = {
                "first": pair["first"],
                "second": pair["second"],
                "most": pair.get("most", 12),
                "between": self.plain_words(item, pair.get("between", []), "pair", "between"),
                "only": self.plain_words(item, pair.get("only", []), "pair", "only"),
                "not-between": self.plain_words(item, pair.get("not-between", []), "pair", "not-between"),
            }
        if "pattern" in data:
            rule["pattern"] = data["pattern"]
            self.check_pattern(item, data, "pattern")
            for key in ("items", "joined", "leads", "trails"):
                if key in data:
                    rule[key] = data[key]
                    self.check_pattern(item, data, key)
            if "pinpoints" in data:
                rule["pinpoints"] = data["pinpoints"]
        if "table" in data and data["table"] in self.definitions["tables"]:
            column = self.definitions["tables"][data["table"]].data["key"]
            key = data.get("key", f"{{{column}}}")
            rule["column"], rule["key"] = column, [key] if isinstance(key, str) else key
        if "tokens" in data:
            rule["tokens"] = data["tokens"]
            if "anchors" not in data:
                self.token_anchors(number, item, forms)
        return rule

    def check_pattern(self, item: Item, data: dict[str, Any], part: str) -> None:
        from .patterns import PatternError, compile_pattern  # noqa: PLC0415

        try:
            pattern = compile_pattern(data[part], at_end=part == "leads")
        except PatternError as error:
            self.definitions.faults.append(item.fault(f"{part}: {error}", part))
            return
        if part in {"joined", "leads", "trails"}:
            return
        names = set(pattern.fields)
        wanted = set(data.get("match", ())) if part == "pattern" else set()
        if "table" in data:
            table = self.definitions["tables"].get(data["table"])
            if table is not None and "key" not in data:
                wanted.add(table.data["key"])
        for name in sorted(wanted - names):
            self.definitions.faults.append(item.fault(f"the {part} has no field (?P<{name}>…)", part))
        keys = [data["key"]] if isinstance(data.get("key"), str) else data.get("key", ())
        if part == "pattern":
            for name in sorted({n for key in keys for n in re.findall(r"\{([a-z_0-9]+)\}", key)} - names):
                self.definitions.faults.append(item.fault(f"the pattern has no field (?P<{name}>…)", "key"))

    def token_anchors(self, number: int, item: Item, forms: _Forms) -> None:
        """Work out the words without which a token pattern cannot match."""
        for index, pattern in enumerate(item.data["tokens"]):
            options: list[list[str]] = []
            for token in pattern:
                if token.get("OP") in {"?", "*", "!", "{0}"}:
                    continue
                for key in ("LOWER", "ORTH", "TEXT"):
                    value = token.get(key)
                    if isinstance(value, str):
                        options.append([value])
                    elif isinstance(value, dict) and isinstance(value.get("IN"), list):
                        options.append([v for v in value["IN"] if isinstance(v, str)])
            options = [o for o in options if o and all(any(c.isalnum() for c in v) for v in o)]
            if not options:
                self.definitions.faults.append(
                    item.fault("no word in this token pattern to look for first; add anchors", "tokens", index)
                )
                continue
            best = max(options, key=lambda o: min(len(v) for v in o))
            for value in best:
                for form in self.parse(item, _literal(value.lower()), "tokens", index):
                    forms.add(number, "t", form)

    def compile_regimes(self) -> dict[str, Any]:
        """Return, for each rule answered by regime, [context, regime, default, jurisdictions, notes, tied] in order of ids."""
        answers: dict[str, list[list[Any]]] = {}
        for identifier in sorted(self.definitions["regimes"]):
            item = self.definitions["regimes"][identifier]
            for rule, notes in item.data["answers"].items():
                answers.setdefault(rule, []).append(
                    [
                        self.context_number.get(item.data["context"], -1),
                        identifier,
                        bool(item.data.get("default")),
                        [j for j in item.data["jurisdiction"].split(",") if j],
                        notes,
                        rule in item.data["tied"],
                    ]
                )
        return answers

    def source(self, source: dict[str, Any]) -> list[str]:
        reference = self.definitions["references"].get(source["ref"])
        if reference is None:
            return ["", "", ""]
        pinpoint = "" if source["at"] == "whole" else source["at"]
        return [reference.data["instrument"], pinpoint, source.get("url", reference.data["url"])]

    def compile_note(self, item: Item) -> dict[str, Any]:
        data = item.data
        versions = []
        for version in data.get("versions", [data]):
            merged = {**{k: v for k, v in data.items() if k != "versions"}, **version}
            # A version that only says what ended does not carry the verb of the others.
            if "verb" in merged and "verb" not in version and not _collect.uses_verb(merged["text"], merged["verb"]):
                del merged["verb"]
            versions.append(
                {
                    "text": " ".join(merged["text"].split()),
                    "verb": merged.get("verb", ""),
                    "sources": [self.source(source) for source in merged.get("sources", ())],
                    "from": merged.get("from"),
                    "until": merged.get("until"),
                    "status": merged.get("status", "unverified"),
                    "checked": merged.get("checked", ""),
                    "change": version.get("change", ""),
                    "ended": bool(version.get("ended")),
                }
            )
        return {
            "jurisdiction": data.get("jurisdiction", ""),
            "table": data.get("table", ""),
            "otherwise": data.get("otherwise", ""),
            "versions": versions,
            "fields": any("{" in version["text"] for version in versions),
        }

    def compile_listing(self, item: Item) -> dict[str, Any]:
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

    def compile_table(self, item: Item) -> dict[str, dict[str, str]]:
        path = _collect.table_path(item)
        try:
            text = _yaml.read(path)
            reader = csv.DictReader(io.StringIO(text, newline=""))
            rows = [{k: (v or "").strip() for k, v in row.items() if k} for row in reader]
        except (RuleError, csv.Error) as error:
            self.definitions.faults.append(item.fault(f"table {path.as_posix()}: {getattr(error, 'message', error)}", "file"))
            return {}
        key = item.data["key"]
        if not rows or key not in rows[0]:
            self.definitions.faults.append(item.fault(f"the table has no column {key!r}", "key"))
            return {}
        table: dict[str, dict[str, str]] = {}
        for row in rows:
            for name in (row[key], *filter(None, map(str.strip, row.pop("aliases", "").split(";")))):
                folded = fold_key(name)
                if folded in table:
                    self.definitions.faults.append(item.fault(f"the table has two rows for {name!r}", "file"))
                table[folded] = row
        return table

    def compile(self) -> dict[str, bytes]:
        """Return the sections of the compiled rulebook. Raises ``RuleErrors`` with all faults."""
        cues, triggers = _Forms(), _Forms()
        contexts = self.compile_contexts(cues)
        rules = sorted(self.definitions["rules"])
        records = [
            json.dumps(self.compile_rule(number, self.definitions["rules"][identifier], triggers)).encode()
            for number, identifier in enumerate(rules)
        ]
        notes = {i: self.compile_note(item) for i, item in self.definitions["notes"].items()}
        listings = {i: self.compile_listing(item) for i, item in self.definitions["listings"].items()}
        both = set(notes) & set(listings)
        for identifier in sorted(both):
            self.definitions.faults.append(
                self.definitions["listings"][identifier].fault(f"{identifier!r} is a note already; rename the listing")
            )
        bodies = {**notes, **listings}
        names = sorted(bodies)
        tables = {i: self.compile_table(item) for i, item in self.definitions["tables"].items()}
        self.definitions.faults.sort(key=lambda fault: (fault.path, fault.line, fault.column))
        self.definitions.raise_faults()
        titles = {
            "rules": rules,
            "notes": names,
            "contexts": contexts,
            "answers": self.compile_regimes(),
            "pairs": [n for n, i in enumerate(rules) if "pair" in self.definitions["rules"][i].data],
            "titles_words": sorted(_titles(self.vocabulary, self)),
        }
        return {
            "head": json.dumps(titles, separators=(",", ":")).encode(),
            **_blob("rules", records),
            **_blob("notes", [json.dumps(bodies[name], separators=(",", ":"), ensure_ascii=False).encode() for name in names]),
            **cues.sections("cues"),
            **triggers.sections("triggers"),
            **{f"table:{i}": json.dumps(t, separators=(",", ":"), ensure_ascii=False).encode() for i, t in tables.items()},
        }


def _titles(vocabulary: dict[str, list[Form]], compiler: Compiler) -> set[str]:
    """Return the words of vocabulary entry ``words.titles``: what may stand before a surname."""
    if "words.titles" not in compiler.definitions["vocabulary"]:
        return set()
    forms = compiler.words(compiler.definitions["vocabulary"]["words.titles"], "words.titles")
    return {w.decode("latin-1") for form in forms for e in form if isinstance(e, Word) for w in e.words}


def _literal(text: str) -> str:
    return "".join("\\" + c if c in "()[]{}|/~\\" else c for c in text)


def compile_definitions(definitions: Definitions) -> bytes:
    """Compile definitions to the bytes of a rulebook file. Raises ``RuleErrors`` with all faults."""
    definitions.raise_faults()
    return pack(Compiler(definitions).compile())
