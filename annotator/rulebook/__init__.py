"""The rulebook: rule files checked, compiled once, cached by content, and read without parsing YAML."""

from __future__ import annotations

import json
import os
import re
import sys
from array import array
from bisect import bisect_left
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from .. import automaton, core
from .._version import __version__
from ..core.signs import ANCHORS, edges_of, plain_signs
from ..folding import fold_key, squeeze
from . import _store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from ..automaton import Hit
    from ..core.signs import Edges
    from ..folding import Folded
    from ..statements.lexicon import Lexicon
    from ._collect import Definitions
    from .patterns import Pattern

__all__ = ["LIST_ACTS", "FormTable", "Rulebook", "load", "pack_folder", "read_definitions", "rules_schema"]

LIST_ACTS = "list.acts"  # the table that leads from a programme of a list to its act
_TOKEN, _GAP, _SLOT = 0, 1, 2
_DIGITS = b"0123456789"


# How regimes answer a rule: [context, regime, default, jurisdictions, notes, tied] of each; those that answer
# by default; the contexts of all; the contexts of those that need not be tied to the mention.
Answers = tuple[list[list[Any]], list[list[Any]], frozenset[int], frozenset[int]]


class _Numbered(dict[bytes, tuple[str, bytes] | None]):
    """The words of an element to which digits are joined: found by the word with its digits, not without."""

    def __contains__(self, key: object) -> bool:
        return isinstance(key, bytes) and key[-1:].isdigit() and super().__contains__(key.rstrip(_DIGITS))

    def __getitem__(self, key: bytes) -> tuple[str, bytes] | None:
        word = key.rstrip(_DIGITS)
        wanted = super().__getitem__(word)
        return None if wanted is None else (wanted[0], wanted[1] + key[len(word) :])

    def get(self, key: bytes, default: Any = None) -> Any:
        return self[key] if key in self else default  # noqa: SIM401 - this is what get is made of


class Form:
    """A phrase form ready to run: its owner (rule or context number), role, elements and anchor.

    Elements are tuples: ``(0, words, sep, after)`` where ``words`` maps a folded word to ``None`` or to
    (case, exact spelling); ``(1, most)`` for a gap; ``(2, context)`` for a slot. ``edges`` are, by element, what
    must stand before and behind it; ``odd`` are the signs beyond ASCII, which the plain view does not tell apart.
    ``weight`` is the number of elements without the gaps.
    """

    __slots__ = ("_stretches", "edges", "elements", "odd", "owner", "role", "single", "weight")

    def __init__(self, record: bytes) -> None:
        self.owner, self.role, encoded = json.loads(record)
        elements: list[tuple[Any, ...]] = []
        for element in encoded:
            if element[0] == _TOKEN:
                words: dict[bytes, tuple[str, bytes] | None] = {w.encode("latin-1"): None for w in element[1]}
                for word, (case, exact) in element[2].items():
                    words[word.encode("latin-1")] = (case, exact.encode("latin-1"))
                if len(element) > 5:  # digits are joined to the word
                    words = _Numbered(words)
                elements.append((_TOKEN, words, plain_signs(element[3]), plain_signs(element[4])))
            else:
                elements.append(tuple(element))
        self._stretches: dict[int, tuple[int, int]] = {}
        self.elements = tuple(elements)
        signs = "".join(element[3] + element[4] for element in encoded if element[0] == _TOKEN)
        self.odd = () if signs.isascii() else tuple(sign for sign in signs if not sign.isascii())
        self.edges: Edges = edges_of(elements) if signs and self.role not in ANCHORS else {}
        self.weight = sum(1 for element in elements if element[0] != _GAP)
        # A form of one word in any case needs no check beyond the automaton's hit.
        self.single = len(elements) == 1 and not any(elements[0][1].values()) and not self.edges

    def stretch(self, element: int) -> tuple[int, int]:
        """Return the stretch of words, up to a gap or slot, that an element belongs to: first, and behind the last."""
        found = self._stretches.get(element)
        if found is None:
            first, behind = element, element + 1
            while first > 0 and self.elements[first - 1][0] == _TOKEN:
                first -= 1
            while behind < len(self.elements) and self.elements[behind][0] == _TOKEN:
                behind += 1
            found = self._stretches[element] = (first, behind)
        return found


class FormTable:
    """The forms of one kind: where the automaton serves, a hit leads to those whose other words stand there too."""

    __slots__ = (
        "_blob",
        "_exact",
        "_forms",
        "_glued",
        "_indexes",
        "_interpreted",
        "_lengths",
        "_machine",
        "_name",
        "_offsets",
        "_owners",
        "_sections",
        "scripts",
    )

    def __init__(self, sections: _store.Sections, name: str) -> None:
        self._name = name
        self._machine: automaton.Automaton | None = None
        self._interpreted: _store.Sections | None = None
        self.scripts: bytes = sections[f"{name}.scripts"]
        self._sections = sections
        self._lengths = sections[f"{name}.lengths"]
        self._glued = frozenset(hit.start() for hit in re.finditer(rb"\0", self._lengths))
        self._blob = f"{name}.forms.blob"
        self._offsets = sections.view(f"{name}.forms.offsets").cast("I")
        self._forms: dict[int, Form] = {}
        self._indexes: dict[int, dict[str, dict[str, list[int]]]] = {}
        self._owners: dict[int, tuple[int, ...]] = {}
        self._exact: dict[int, tuple[list[Form], bool]] = {}

    @property
    def machine(self) -> automaton.Automaton:
        """The automaton, loaded when first asked for: the compiled core does without."""
        if self._machine is None:
            self._machine = automaton.load(self._by_literals()[f"{self._name}.automaton"])
        return self._machine

    def _by_literals(self) -> _store.Sections:
        """Return what holds the automaton and what its hits lead to: made here where the compiled core was to serve."""
        if self._interpreted is None:
            self._interpreted = self._sections
            if f"{self._name}.automaton" not in self._sections:
                from ._anchors import completed

                self._interpreted = completed(self._sections, self._name)
        return self._interpreted

    def hits(self, folded: Folded) -> list[Hit]:
        """Return (start, end, literal) of each literal in a folded text, ``end`` behind its closing blank."""
        values = self._by_literals().view(f"{self._name}.values").cast("I")
        if not folded.wide:
            return self._whole(
                folded.folded, [(start, end, values[value]) for start, end, value in self.machine.hits(folded.folded)]
            )
        narrow, shift = squeeze(folded.folded)
        back = shift.back
        found = self._whole(narrow, [(start, end, values[value]) for start, end, value in self.machine.hits(narrow)])
        return [(back(start + 1) - 1, back(end - 2) + 2, value) for start, end, value in found]

    def _whole(self, fold: bytes, hits: list[Hit]) -> list[Hit]:
        """Return hits with those of words that digits are joined to widened to all the digits, if no more follows."""
        if self._glued.isdisjoint([hit[2] for hit in hits]):
            return hits
        found: list[Hit] = []
        for hit in hits:
            if hit[2] in self._glued:
                end = fold.index(b" ", hit[1])
                if fold[hit[1] - 1 : end].isdigit():
                    found.append((hit[0], end + 1, hit[2]))
            else:
                found.append(hit)
        return found

    def owners(self, literal: int) -> tuple[int, ...]:
        """Return the rules (or contexts) that have a form under a literal."""
        found = self._owners.get(literal)
        if found is None:
            found = self._owners[literal] = tuple(array("I", self._record("owners", literal)))
        return found

    def index(self, literal: int) -> dict[str, dict[str, list[int]]]:
        """Return a literal's forms by the one more word that each needs (see ``_anchors``)."""
        found = self._indexes.get(literal)
        if found is None:
            found = self._indexes[literal] = json.loads(self._record("index", literal))
        return found

    def exact(self, literal: int) -> tuple[list[Form], bool]:
        """Return the forms that are no more than the literal's words, and whether there are others."""
        found = self._exact.get(literal)
        if found is None:
            index = self.index(literal)
            forms = [self.form(number) for number in index["f"].get("", [])[::2]]
            mine = [form for form in forms if len(form.elements) == self.length(literal)]
            others = len(mine) < len(forms) or bool(index["n"] or index["p"] or index["s"])
            found = self._exact[literal] = (mine, others)
        return found

    def anchors_only(self, literal: int) -> bool:
        """Tell whether all forms of a literal are anchors of patterns."""
        tables = self.index(literal)
        numbers = {n for where in "fnps" for pairs in tables[where].values() for n in pairs[::2]}
        return all(self.form(number).role == "a" for number in numbers)

    def length(self, literal: int) -> int:
        """Return of how many words a literal is: one or two."""
        return self._lengths[literal] or 1

    def _record(self, kind: str, literal: int) -> bytes:
        sections = self._by_literals()
        start, end = sections.view(f"{self._name}.{kind}.offsets").cast("I")[literal : literal + 2]
        return sections.slice(f"{self._name}.{kind}.blob", start, end)

    def candidates(
        self, literal: int, before: str, after: str, words: Callable[[], set[str]]
    ) -> list[tuple[Form, int]]:
        """Return the forms to try where a literal was hit, with the element that it is, in order of forms.

        ``before`` and ``after`` are the folded words beside the hit, ``words`` gives those of its sentence.
        """
        index = self.index(literal)
        found: list[int] = []
        for table, word in ((index["f"], ""), (index["n"], after), (index["p"], before)):
            if word in table:
                found += table[word]
        anywhere = index["s"]
        if anywhere:
            present = words()
            for word in anywhere if len(anywhere) <= len(present) else present:
                if word in present and word in anywhere:
                    found += anywhere[word]
        # One form may come up by several of its words.
        return [(self.form(number), at) for number, at in sorted(set(zip(found[::2], found[1::2], strict=True)))]

    def form(self, number: int) -> Form:
        """Return a form by number, decoded when first asked for."""
        form = self._forms.get(number)
        if form is None:
            start, end = self._offsets[number], self._offsets[number + 1]
            form = self._forms[number] = Form(self._sections.slice(self._blob, start, end))
        return form


class Rulebook:
    """A compiled, immutable set of rules, notes, contexts and tables; safe to share between threads.

    ``digest`` names the content (16 hex digits of a SHA-256); ``sources`` are the rule files.
    """

    def __init__(
        self, sections: _store.Sections, digest: str, sources: Sequence[str], *, compiled: bool = True
    ) -> None:
        """Take what was compiled; without ``compiled`` the core's tables are left aside. Raises ``ValueError``."""
        able = compiled and core.scan is not None and "core" in sections
        self.core = core.Tables(sections.view("core")) if able else None
        self._sections = sections
        self.digest = digest
        self.sources = tuple(sources)
        self.triggers = FormTable(sections, "triggers")
        # Whether letters of other scripts may make a mention, or a cue that one needs.
        self.scripts = bool(self.triggers.scripts or sections["cues.scripts"])
        if self.core is None:
            self.triggers.machine  # noqa: B018 - what this machine cannot load is found out here
        self._cues: FormTable | None = None
        self._head: dict[str, Any] | None = None
        self._lexicon: Lexicon | None = None
        self._leans: dict[int, bool] = {}
        self._needed: dict[int, tuple[bytes, ...] | None] = {}
        self._slots: dict[str, frozenset[int]] = {}
        self._musts: list[list[bytes]] | None = None
        self._peers: dict[str, tuple[int, ...]] | None = None
        self._peer_names: dict[str, str] | None = None
        self._peer_numbers: array[int] | None = None
        self._contexts: tuple[list[str], list[str], list[bool], list[list[str]], list[str]] | None = None
        self._rules: dict[int, dict[str, Any]] = {}
        self._notes: dict[str, dict[str, Any]] = {}
        self._note_numbers: dict[str, int] | None = None
        self._jurisdictions: frozenset[str] | None = None
        self._tables: dict[str, dict[str, int]] = {}
        self._answers: dict[str, Answers] = {}
        self._patterns: dict[tuple[int, str], Pattern] = {}
        self._compiled: dict[tuple[str, bool], Pattern] = {}
        self.ranked: dict[frozenset[str], tuple[int, str]] = {}  # values of the table of ranks that were worked out
        # What ``matching`` has found out of rows of the tables, and of answers to rules on a day.
        self.topics: dict[tuple[str, str], list[int]] = {}
        self.by_default: dict[tuple[str, str | None], list[list[Any]]] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel as the compiled file, so that another process need not have the rule files.

        A process that is being started on this machine is told where that file is; any other gets its content.
        """
        sections = self._sections
        if sections.path is not None and _starting_here() and os.path.exists(sections.path):
            return _opened_at, (os.path.abspath(sections.path), sections.sum, self.digest, self.sources)
        return _opened, (sections.content, self.digest, self.sources)

    @property
    def cues(self) -> FormTable:
        """The automaton of context cues, loaded when a first mention is found."""
        if self._cues is None:
            self._cues = FormTable(self._sections, "cues")
        return self._cues

    @property
    def lexicon(self) -> Lexicon:
        """The words by which sentences are read, opened when a first one is."""
        if self._lexicon is None:
            from ..statements.lexicon import Lexicon

            self._lexicon = Lexicon(self._sections["lexicon"])
        return self._lexicon

    @property
    def head(self) -> dict[str, Any]:
        """Ids and small tables: rules, notes, contexts, answers by regime."""
        if self._head is None:
            self._head = json.loads(self._sections["head"])
        return self._head

    @property
    def gates(self) -> list[list[list[int]]]:
        """For each rule, sets of contexts of each of which a document must hold a cue."""
        found: list[list[list[int]]] = self.head["gates"]
        return found

    @property
    def contexts(self) -> tuple[list[str], list[str], list[bool], list[list[str]], list[str]]:
        """Names, groups, whether they must be attached, jurisdictions and labels of the contexts, by number."""
        if self._contexts is None:
            rows = self.head["contexts"]
            self._contexts = (
                [row[0] for row in rows],
                [row[1] for row in rows],
                [row[2] for row in rows],
                [row[3] for row in rows],
                [row[4] for row in rows],
            )
        return self._contexts

    @property
    def peers(self) -> dict[str, tuple[int, ...]]:
        """The contexts that share a group, by its name; of those without one each by its own."""
        if self._peers is None:
            found: dict[str, list[int]] = {}
            for number, (name, group, *_) in enumerate(self.head["contexts"]):
                found.setdefault(group or name, []).append(number)
            self._peers = {name: tuple(numbers) for name, numbers in found.items()}
        return self._peers

    @property
    def peer_numbers(self) -> array[int]:
        """Of each context, the number of its `peers` in their order."""
        if self._peer_numbers is None:
            number_of = {context: n for n, each in enumerate(self.peers.values()) for context in each}
            self._peer_numbers = array("I", [number_of[context] for context in range(len(number_of))])
        return self._peer_numbers

    def peers_of(self, context: str) -> str:
        """Return under which name of `peers` a context is, itself by name."""
        if self._peer_names is None:
            self._peer_names = {row[0]: row[1] or row[0] for row in self.head["contexts"]}
        return self._peer_names[context]

    @property
    def musts(self) -> list[list[bytes]]:
        """For each rule, runs of letters of which a match of its pattern holds one; any if there are none."""
        if self._musts is None:
            self._musts = [[run.encode() for run in runs] for runs in self.head["musts"]]
        return self._musts

    def needed(self, literal: int) -> tuple[bytes, ...] | None:
        """Return runs of letters of which one must stand by a literal that only anchors patterns, or ``None``."""
        found = self._needed.get(literal, ())
        if found == ():
            musts = [self.musts[owner] for owner in self.triggers.owners(literal)]
            known = all(musts) and self.triggers.anchors_only(literal)
            found = tuple({run for runs in musts for run in runs}) if known else None
            self._needed[literal] = found
        return found

    def lacks(self, rule: int, fold: bytes, start: int, reach: int) -> bool:
        """Tell whether the folded text behind an anchor certainly holds no match of a rule's pattern."""
        musts = self.musts[rule]
        if not musts:
            return False
        text = fold[start + 1 : start + 1 + reach]
        return not any(run in text for run in musts)

    def leans(self, rule: int, role: str) -> bool:
        """Tell whether what a rule finds counts only beside another mention: a surname, a back-reference, a decoy."""
        if role in "sx":
            return True
        found = self._leans.get(rule)
        if found is None:
            data = self.rule(rule)
            found = self._leans[rule] = data["notes"] == "antecedent" or bool(data.get("decoy"))
        return found

    def contexts_of(self, slot: str) -> frozenset[int]:
        """Return the contexts that a slot of a phrase takes."""
        found = self._slots.get(slot)
        if found is None:
            index = 1 if slot.startswith("*") else 0
            contexts = enumerate(self.head["contexts"])
            found = self._slots[slot] = frozenset(n for n, context in contexts if context[index] == slot[index:])
        return found

    @property
    def rule_ids(self) -> list[str]:
        """All rule ids in order; a rule's number is its index."""
        found: list[str] = self.head["rules"]
        return found

    @property
    def note_ids(self) -> list[str]:
        """All ids of notes and listings in order."""
        found: list[str] = self.head["notes"]
        return found

    def _record(self, name: str, number: int) -> Any:
        offsets = array("I")
        offsets.frombytes(self._sections.slice(f"{name}.offsets", 4 * number, 4 * number + 8))
        return json.loads(self._sections.slice(f"{name}.blob", offsets[0], offsets[1]))

    def rule(self, number: int) -> dict[str, Any]:
        """Return a compiled rule by number, decoded when first asked for."""
        found = self._rules.get(number)
        if found is None:
            found = self._rules[number] = self._record("rules", number)
        return found

    def rule_named(self, identifier: str) -> dict[str, Any]:
        """Return a compiled rule by id. Raises ``KeyError``."""
        number = bisect_left(self.rule_ids, identifier)
        if number >= len(self.rule_ids) or self.rule_ids[number] != identifier:
            raise KeyError(identifier)
        return self.rule(number)

    def note(self, identifier: str) -> dict[str, Any]:
        """Return a note or listing by id. Raises ``KeyError``."""
        found = self._notes.get(identifier)
        if found is None:
            if self._note_numbers is None:
                self._note_numbers = {name: number for number, name in enumerate(self.note_ids)}
            found = self._notes[identifier] = self._record("notes", self._note_numbers[identifier])
        return found

    @property
    def jurisdictions(self) -> frozenset[str]:
        """Whose law the notes and listings are of."""
        if self._jurisdictions is None:
            known: set[str] = set()
            for identifier in self.note_ids:
                note = self.note(identifier)
                known.update(note.get("jurisdiction", "").split(","))
                known.update(entry["by"] for entry in note.get("entries", ()))
            self._jurisdictions = frozenset(known - {""})
        return self._jurisdictions

    def _keys(self, table: str) -> dict[str, int]:
        keys = self._tables.get(table)
        if keys is None:
            try:
                text = self._sections[f"table:{table}.keys"].decode()
            except KeyError:  # the rules have no such table
                return self._tables.setdefault(table, {})
            keys = self._tables[table] = {key: number for number, key in enumerate(text.split("\n"))}
        return keys

    def row(self, table: str, key: str) -> dict[str, str] | None:
        """Return a table's row by key, ``None`` when there is none."""
        number = self._keys(table).get(fold_key(key))
        if number is None:
            return None
        row: dict[str, str] = self._record(f"table:{table}", number)
        return row

    def find_row(self, table: str, key: str) -> dict[str, str] | None:
        """Return a row as `row` does; ``None`` too where these rules have no such table."""
        return self.row(table, key) if f"table:{table}.keys" in self._sections else None

    def keys_below(self, table: str, start: str) -> list[str]:
        """Return the keys of a table that begin with ``start``, in the table's order."""
        start = fold_key(start)
        return [key for key in self._keys(table) if key.startswith(start)]

    def answers(self, rule: str) -> Answers:
        """Return how the regimes answer a rule: all of them, those that answer by default, and their contexts."""
        found = self._answers.get(rule)
        if found is None:
            every = self.head["answers"].get(rule, [])
            found = self._answers[rule] = (
                every,
                [answer for answer in every if answer[2]],
                frozenset(answer[0] for answer in every),
                frozenset(answer[0] for answer in every if not answer[5]),
            )
        return found

    def pattern(self, number: int, part: str = "pattern") -> Pattern:
        """Return the compiled pattern of a rule that has one, or ``items``, ``joined``, ``leads``, ``trails`` of it."""
        found = self._patterns.get((number, part))
        if found is None:
            from .patterns import JOINED, compile_pattern, prepare

            text = self.rule(number).get(part) or prepare(JOINED)
            # Rules that are alike share their patterns: compiled once, and what one found the next need not look for.
            key = (text, part == "leads")
            found = self._compiled.get(key)
            if found is None:
                found = self._compiled[key] = compile_pattern(text, at_end=part == "leads", empty=True)
            self._patterns[number, part] = found
        return found


def _opened(content: bytes, digest: str, sources: Sequence[str]) -> Rulebook:
    sections = _store.Sections(content)
    try:
        return Rulebook(sections, digest, sources)
    except ValueError:  # the tables are those of another version of the core
        return Rulebook(sections, digest, sources, compiled=False)


def _opened_at(path: str, checksum: bytes, digest: str, sources: Sequence[str]) -> Rulebook:
    sections = _store.Sections.mapped(path)
    if sections.sum != checksum:
        raise ValueError(f"{path}: the compiled rules are others than when this process was started")
    return Rulebook(sections, digest, sources)


def _starting_here() -> bool:
    """Tell whether what is being pickled goes to a process that multiprocessing starts on this machine."""
    context = sys.modules.get("multiprocessing.context")
    return context is not None and context.get_spawning_popen() is not None


def _pack() -> str:
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    inside = os.path.join(here, "rules")
    return inside if os.path.isdir(inside) else os.path.join(os.path.dirname(here), "rules")


def pack_folder() -> Path:
    """Return the folder of the shipped rule pack: inside an installed package, else beside a checkout's."""
    from pathlib import Path  # annotating does without, and starts sooner

    return Path(_pack())


def _content_key(groups: Sequence[tuple[Sequence[str], bool]]) -> tuple[str, list[str]]:
    """Digest all that goes into a rulebook: rule files and tables by content, and this program's version.

    Line ends do not count, so that a checkout has the same digest on every system. The names returned
    are those of the rule files: of the pack relative to its folder, of others as given.
    """
    import hashlib

    from ._files import listing

    digest = hashlib.sha256(f"{__version__} rules 1\n".encode())
    names: list[str] = []
    for paths, shipped in groups:
        if any(not listing([path]) for path in paths):
            digest.update(b"an empty folder\n")  # a fault, and never what is cached for no folder at all
        for path, name, given in ((*pair, _named(one, *pair)) for one in paths for pair in listing([one])):
            try:
                with open(path, "rb") as file:
                    data = file.read()
            except OSError:
                data = b""
            if b"\r" in data:
                data = data.replace(b"\r\n", b"\n")
            digest.update(f"{shipped} {name} {len(data)}\n".encode())
            digest.update(data)
            if name.endswith((".yaml", ".yml")):
                names.append(f"pack:{name}" if shipped else given)
    return digest.hexdigest()[:16], names


def _named(given: str, path: str, name: str) -> str:
    """Return what a record calls a rule file: of a package by the package's name, else by its path as given."""
    return f"{given.asked}/{name}" if isinstance(given, _OfPackage) else path.replace(os.sep, "/")


def _code_stamp() -> str:
    """Return what tells two states of this package's compiler apart in a checkout under work."""
    here = os.path.dirname(os.path.abspath(__file__))
    folders = (here, os.path.join(os.path.dirname(here), "core"))
    entries = (entry for folder in folders for entry in os.scandir(folder))
    sources = (entry for entry in entries if entry.name.endswith(".py"))  # byte code comes and goes
    return f"{max((entry.stat().st_mtime_ns for entry in sources), default=0):x}"


def _schema_stamp() -> str:
    """Return what tells the schema that rule files are checked against from others, and this version from others."""
    import hashlib

    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "schema", "rules-1.json")
    with open(path, "rb") as file:
        return hashlib.sha256(f"{__version__}\n".encode() + file.read()).hexdigest()[:16]


@contextmanager
def _no_collection() -> Iterator[None]:
    """Keep the collector of garbage away while rules are made: it would find none in all that it looks through."""
    import gc

    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def load(paths: Sequence[str | Path] = (), *, default_rules: bool = True, cache: bool = True) -> Rulebook:
    """Load the shipped pack (unless ``default_rules`` is false) and the rule files or folders ``paths``.

    ``package:NAME`` among them means the rules of an installed package (see ``_packages``). A later definition of an
    id overrides the pack's. Compiled rulebooks are cached by content (see ``_store.cache_folder``) unless ``cache``
    is false. Raises ``RuleErrors`` naming file, line and column.
    """
    groups = _groups(paths, default_rules=default_rules)
    key, names = _content_key(groups)
    if not default_rules:
        names = [name for name in names if not name.startswith("pack:")]
    stamp = _code_stamp()
    cached_as = f"rules-{key}-{stamp}-{core.named()}"
    sections = _store.cache_read(cached_as) if cache else None
    if sections is not None:
        try:
            return Rulebook(sections, key, names)
        except (ValueError, KeyError):
            sections = None  # Windows cannot replace a file that is still mapped
    from ._collect import collect, read_files
    from ._compile import compile_definitions

    known = None
    if cache:
        from ._parsed import Parsed

        known = Parsed(f"{_schema_stamp()}-{stamp}")
    with _no_collection():
        data = compile_definitions(collect(read_files(groups, known)), known)
    if cache:
        _store.cache_write(cached_as, data)
    if known is not None:
        known.save()
    return Rulebook(_store.Sections(data), key, names)


def _groups(paths: Sequence[str | Path], *, default_rules: bool) -> list[tuple[list[str], bool]]:
    # The words of the language are read whatever the rules are: without them no sentence is.
    groups: list[tuple[list[str], bool]] = [([_pack() if default_rules else os.path.join(_pack(), "language")], True)]
    if paths:
        groups.append(([_found(os.fspath(path)) for path in paths], False))
    return groups


class _OfPackage(str):
    """The folder of a package's rules, with the name that it was asked for by."""

    __slots__ = ("asked",)
    asked: str


def _found(path: str) -> str:
    """Return a path of rules as given, or the folder that ``package:NAME`` means. Raises ``UsageError``."""
    from ._packages import folder_of, is_package

    if not is_package(path):
        return path
    folder = _OfPackage(folder_of(path))
    folder.asked = path
    return folder


def read_definitions(paths: Sequence[str | Path] = (), *, default_rules: bool = True) -> Definitions:
    """Read rule files without compiling them, for listing and linting. Raises ``RuleErrors``."""
    from ._collect import collect, read_files

    with _no_collection():
        return collect(read_files(_groups(paths, default_rules=default_rules)))


def rules_schema() -> dict[str, Any]:
    """Return the JSON Schema of rule files: what the loader checks them against, and editors can too."""
    from . import _schema  # imports what only checking needs

    return _schema.rules_schema()
