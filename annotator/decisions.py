"""An analyst's decisions: who is not meant by a name, who always is, what is to be ignored in a document.

They are kept in a YAML file of their own (``docs/decisions.md``), each with who decided, when and why. Matching asks
them by document, by the words of a mention and by the entry of a list, or the rule, that found it.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ._lazy import regex
from .errors import RuleError, RuleErrors
from .lists.names.spelling import tokens
from .rulebook._yaml import KEY, parse
from .rulebook._yaml import read as read_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .model import Document, Mention
    from .rulebook._yaml import Places

__all__ = ["Decision", "Decisions", "Ruling", "read"]

VERSION = 1
HEAD = "annotator-decisions"
NOT, ALWAYS, IGNORE = "not", "always", "ignore"
_SAID = {NOT: "not this one", ALWAYS: "always this one", IGNORE: "ignored in this document"}
_LISTED = "lists."
_TEXTS = ("by", "why")
_LISTS = ("name", "entry", "document")
_KEYS = ("decision", *_LISTS, "by", "date", "why")
_DIGEST = regex(r"sha256:[0-9a-f]{64}\Z")
_LATIN = 0x24F  # the last letter of Latin Extended-B


def words_of(text: str) -> tuple[str, ...]:
    """Return what two spellings of a name have in common where they are one to a decision.

    Case, accents, hyphens and white space do not count; the order of the words does.

    >>> words_of("KIM  Yong-chól") == words_of("Kim Yong Chol")
    True
    """
    if not any(char.isalpha() and ord(char) > _LATIN for char in text):
        found = tuple(tokens(text))
        if found:
            return found
    return (" ".join(text.casefold().split()),)


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision.

    ``kind`` is ``not``, ``always`` or ``ignore``. ``names``, ``entries`` (ids of entries of lists, or of rules) and
    ``documents`` (ids, paths or digests) are what it is about; empty for any. ``by``, ``date`` (ISO) and ``why`` say
    who decided, when and why. ``path``, ``line`` and ``column`` are where it stands.
    """

    kind: str
    names: tuple[str, ...]
    entries: tuple[str, ...]
    documents: tuple[str, ...]
    by: str
    date: str
    why: str
    path: str = ""
    line: int = 0
    column: int = 0

    @property
    def said(self) -> str:
        """What it says, by whom, when and why, in one line."""
        return f"decision of {self.by}, {self.date}: {_SAID[self.kind]}; {self.why}"

    @property
    def place(self) -> str:
        """Where it stands: ``file:line:column``."""
        return f"{self.path}:{self.line}:{self.column}"

    @property
    def about(self) -> str:
        """What it is about, in one line."""
        parts = [", ".join(f"“{name}”" for name in self.names), ", ".join(self.entries), ", ".join(self.documents)]
        return "; ".join(filter(None, parts))


class Decisions:
    """The decisions of a file, in its order. ``digest`` names them by content, whatever their order and comments."""

    def __init__(self, decisions: Sequence[Decision], path: str = "") -> None:
        self.all = tuple(decisions)
        self.path = path
        content = sorted([one.kind, *map(list, _scope(one)), one.by, one.date, one.why] for one in self.all)
        self.digest = hashlib.sha256(json.dumps(content).encode()).hexdigest()
        self._everywhere = _Index(one for one in self.all if not one.documents)
        # What holds somewhere only: by the name as it is given, and by the last part of it as a path.
        self._named: dict[str, list[Decision]] = {}
        self._of_files: dict[str, list[tuple[str, Decision]]] = {}
        for one in self.all:
            for name in one.documents:
                self._named.setdefault(name, []).append(one)
                path = _plain_path(name)
                self._of_files.setdefault(path.rpartition("/")[2], []).append((f"/{path}", one))
        self._hashed = any(name.startswith("sha256:") for name in self._named)

    def __len__(self) -> int:
        return len(self.all)

    @property
    def source(self) -> str:
        """The file with its digest, for the record of a run."""
        return f"{self.path.replace(os.sep, '/')}#{self.digest[:16]}"

    @property
    def entries(self) -> dict[str, Decision]:
        """The entries that are decided on, each with the first decision."""
        found: dict[str, Decision] = {}
        for one in self.all:
            for entry in one.entries:
                found.setdefault(entry, one)
        return found

    def of(self, document: Document, id: str | None = None) -> Ruling:
        """Return what is decided for a document; ``id`` is what its collection calls it."""
        found = list(self._named.get(id or "", ()))
        if self._hashed:
            found += self._named.get(f"sha256:{hashlib.sha256(document.source).hexdigest()}", ())
        if document.path and self._of_files:
            path = f"/{_plain_path(document.path)}"
            found += (one for end, one in self._of_files.get(path.rpartition("/")[2], ()) if path.endswith(end))
        return Ruling(sorted(dict.fromkeys(found), key=lambda one: (one.line, one.column)), self._everywhere)


def _plain_path(name: str) -> str:
    return os.path.normpath(name).replace("\\", "/").lstrip("/")


def _scope(one: Decision) -> tuple[tuple[str, ...], ...]:
    return tuple(sorted(one.names)), tuple(sorted(one.entries)), tuple(sorted(one.documents))


class _Index:
    """Decisions of one rank, by the entries and by the words that they are about."""

    def __init__(self, decisions: Iterable[Decision]) -> None:
        self.all = tuple(decisions)
        self.by_entry: dict[str, list[Decision]] = {}
        self.by_words: dict[tuple[str, ...], list[Decision]] = {}
        self.names = tuple((one, name) for one in self.all if one.kind == ALWAYS for name in one.names)
        for one in self.all:
            for entry in one.entries:
                self.by_entry.setdefault(entry, []).append(one)
            if not one.entries or one.kind == ALWAYS:
                for name in one.names:
                    self.by_words.setdefault(words_of(name), []).append(one)


class Ruling:
    """What is decided for one document, and which of the decisions have taken effect (``used``).

    What names the document goes before what holds everywhere, and ``ignore`` before all.
    """

    def __init__(self, here: Sequence[Decision], everywhere: _Index) -> None:
        ignored = _Index(one for one in here if one.kind == IGNORE)
        bound = _Index(one for one in here if one.kind != IGNORE)
        self._ranks = (ignored, bound, everywhere)
        self.names = (*bound.names, *everywhere.names)
        self._used: dict[Decision, None] = {}

    def __bool__(self) -> bool:
        return any(rank.all for rank in self._ranks)

    @property
    def used(self) -> tuple[Decision, ...]:
        """The decisions that have taken effect in the document, in the order of the file."""
        return tuple(sorted(self._used, key=lambda one: (one.line, one.column)))

    def use(self, decision: Decision) -> None:
        """Note that a decision has taken effect."""
        self._used[decision] = None

    def on(self, words: tuple[str, ...], entry: str) -> Decision | None:
        """Return the decision on an entry of a list, or a rule, that some words were taken for.

        That is one that refuses it; or one that says who else is always meant by the words, or that it is this one.
        """
        for rank in self._ranks:
            for one in rank.by_entry.get(entry, ()):
                if one.kind != ALWAYS and (not one.names or words in map(words_of, one.names)):
                    return one
            for one in rank.by_words.get(words, ()):
                if one.kind != ALWAYS or entry.startswith(_LISTED):
                    return one
        return None

    def meant(self, words: tuple[str, ...]) -> tuple[Decision, tuple[str, ...]] | None:
        """Return the decision on who is always meant by some words, and the entries that no other one refuses."""
        for rank in self._ranks:
            for one in rank.by_words.get(words, ()):
                left = tuple(entry for entry in one.entries if self.on(words, entry) is one)
                return (one, left) if one.kind == ALWAYS and left else None
        return None

    def over(self, mentions: Iterable[Mention], text: str, *, everything: bool) -> list[Mention]:
        """Return mentions of rules without those that are refused; with ``everything`` these too, ruled out."""
        result = []
        for mention in mentions:
            found = None
            if not mention.ruled_out:
                found = self.on(words_of(text[mention.start : mention.end]), mention.rule)
            if found is None or found.kind == ALWAYS:
                result.append(mention)
                continue
            self.use(found)
            if everything:
                result.append(replace(mention, ruled_out=found.said))
        return result


# -- reading -------------------------------------------------------------------------------------------


def read(path: str | os.PathLike[str]) -> Decisions:
    """Return the decisions in a file. Raises ``RuleErrors``, each fault with file, line and column."""
    name = os.fsdecode(os.fspath(path))
    try:
        data, places = parse(read_text(Path(name)), name)
    except RuleError as error:
        raise RuleErrors([error]) from None
    return _Reader(name, places).decisions(data)


def read_or_take(given: object) -> Decisions:
    """Return decisions that were read already, or read those in a file. Raises ``TypeError`` for anything else."""
    if isinstance(given, Decisions):
        return given
    if isinstance(given, (str, os.PathLike)):
        return read(given)
    raise TypeError(f"decisions are a path, or what annotator.decisions.read returns, not {type(given).__name__}")


class _Reader:
    """Turns the plain data of a file into decisions, and gathers what is wrong with it."""

    def __init__(self, path: str, places: Places) -> None:
        self.path = path
        self.places = places
        self.errors: list[RuleError] = []

    def wrong(self, where: tuple[Any, ...], message: str) -> None:
        """Keep a fault, with the place of what is wrong, or of the nearest that is around it."""
        while where and where not in self.places:
            where = where[:-1]
        line, column = self.places.get(where, (1, 1))
        self.errors.append(RuleError(message, path=self.path, line=line, column=column))

    def decisions(self, data: Any) -> Decisions:
        """Return the decisions. Raises ``RuleErrors``."""
        found = []
        if not isinstance(data, dict):
            self.wrong((), f"a file of decisions begins with the line {HEAD}: {VERSION}")
        elif data.get(HEAD) != VERSION:
            said = f"not {data[HEAD]!r}" if HEAD in data else "and it is missing"
            self.wrong((HEAD,), f"the first line must be {HEAD}: {VERSION}, {said}")
        else:
            self.known(data, (), (HEAD, "decisions"))
            every = data.get("decisions")
            if every is not None and not isinstance(every, list):
                self.wrong(("decisions",), "'decisions' must be a list; begin each with a dash")
            for number, one in enumerate(every if isinstance(every, list) else ()):
                made = self.decision(one, ("decisions", number))
                if made is not None:
                    found.append(made)
        if not self.errors:
            self.against(found)
        if self.errors:
            raise RuleErrors(sorted(self.errors, key=lambda error: (error.line, error.column)))
        return Decisions(found, self.path)

    def known(self, data: dict[str, Any], where: tuple[Any, ...], keys: Sequence[str]) -> None:
        """Find keys that there are not."""
        from difflib import get_close_matches

        for key in data:
            if key not in keys:
                close = get_close_matches(key, keys, 1)
                hint = f"did you mean {close[0]!r}?" if close else f"known here: {', '.join(keys)}"
                self.wrong((KEY, *where, key), f"unknown key {key!r}; {hint}")

    def decision(self, data: Any, where: tuple[Any, ...]) -> Decision | None:
        """Return a decision; ``None`` where something is wrong with it."""
        faults = len(self.errors)
        if not isinstance(data, dict):
            self.wrong(where, "a decision has keys with values, such as decision: not")
            return None
        self.known(data, where, _KEYS)
        kind = data.get("decision")
        if kind not in _SAID:
            said = f"not {kind!r}" if "decision" in data else "and is missing"
            self.wrong((*where, "decision"), f"'decision' is one of {', '.join(_SAID)}, {said}")
        texts = {key: self.text(data, key, where) for key in _TEXTS}
        lists = {key: self.texts(data, key, where) for key in _LISTS}
        day = self.day(data, where)
        if len(self.errors) > faults:
            return None
        self.complete(str(kind), lists, where)
        if len(self.errors) > faults:
            return None
        line, column = self.places[where]
        place = (self.path, line, column)
        return Decision(
            str(kind), lists["name"], lists["entry"], lists["document"], texts["by"], day, texts["why"], *place
        )

    def text(self, data: dict[str, Any], key: str, where: tuple[Any, ...]) -> str:
        value = data.get(key)
        if key not in data:
            self.wrong(where, f"the decision lacks {key!r}; say {'who decided' if key == 'by' else 'why'}")
        elif not isinstance(value, str) or not value.strip():
            self.wrong((*where, key), f"{key!r} must be text; put it in quotes")
        else:
            return " ".join(value.split())
        return ""

    def texts(self, data: dict[str, Any], key: str, where: tuple[Any, ...]) -> tuple[str, ...]:
        """Return one text, or a list of them."""
        if key not in data:
            return ()
        value = data[key]
        several = isinstance(value, list)
        found: dict[str, None] = {}
        for number, one in enumerate(value if several else [value]):
            place = (*where, key, number) if several else (*where, key)
            if isinstance(one, bool) or not isinstance(one, str) or not one.strip():
                self.wrong(place, f"{key!r} must be text, or a list of texts; put it in quotes")
            elif one.strip() in found:
                self.wrong(place, f"{one.strip()!r} stands twice; remove one of them")
            elif key == "document" and one.strip().startswith("sha256:") and not _DIGEST.match(one.strip()):
                self.wrong(place, f"{one.strip()!r} is no digest: sha256: and 64 digits of 0-9 and a-f")
            else:
                found[one.strip()] = None
        if several and not value:
            self.wrong((*where, key), f"{key!r} is empty; fill it in or remove it")
        return tuple(found)

    def day(self, data: dict[str, Any], where: tuple[Any, ...]) -> str:
        value = data.get("date")
        if "date" not in data:
            self.wrong(where, "the decision lacks 'date'; say when it was made, as YYYY-MM-DD")
            return ""
        try:
            if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
                return datetime.date.fromisoformat(value).isoformat()
        except ValueError:
            pass
        self.wrong((*where, "date"), f"{value!r} is no day; write it as YYYY-MM-DD")
        return ""

    def complete(self, kind: str, lists: dict[str, tuple[str, ...]], where: tuple[Any, ...]) -> None:
        """Find what a decision of its kind lacks."""
        names, entries = lists["name"], lists["entry"]
        if kind == ALWAYS:
            if not names or not entries:
                lacks = "'name'" if not names else "'entry'"
                self.wrong(where, f"'always' lacks {lacks}: it says by which name which entry is meant")
            for number, entry in enumerate(entries):
                if not entry.startswith(_LISTED):
                    place = (*where, "entry", number) if (*where, "entry", number) in self.places else (*where, "entry")
                    self.wrong(place, f"{entry!r} is no entry of a list (lists.LIST:REFERENCE), as 'always' needs")
        elif not names and not entries:
            self.wrong(where, f"{kind!r} lacks 'name' or 'entry': it says what is not to be noted")
        if kind == IGNORE and not lists["document"]:
            self.wrong(where, "'ignore' lacks 'document': it says where; for all documents use 'not'")

    def against(self, found: Sequence[Decision]) -> None:
        """Find decisions that stand twice, or that another one contradicts."""
        twice: dict[tuple[Any, ...], Decision] = {}
        for one in found:
            key = (one.kind, tuple(sorted(map(words_of, one.names))), *_scope(one)[1:])
            first = twice.setdefault(key, one)
            if first is not one:
                self.contrary(one, f"stands in line {first.line} already; remove one of them")
        by_words: dict[tuple[str, ...], list[Decision]] = {}
        by_entry: dict[str, list[Decision]] = {}
        for one in found:
            if one.kind == NOT:
                for name in one.names:
                    by_words.setdefault(words_of(name), []).append(one)
                for entry in one.entries if not one.names else ():
                    by_entry.setdefault(entry, []).append(one)
        meant: dict[tuple[str, ...], list[Decision]] = {}
        for one in found:
            if one.kind != ALWAYS:
                continue
            rivals = [other for entry in one.entries for other in by_entry.get(entry, ())]
            for words in dict.fromkeys(map(words_of, one.names)):
                rivals += [
                    other
                    for other in by_words.get(words, ())
                    if not other.entries or not set(other.entries).isdisjoint(one.entries)
                ]
                for other in meant.setdefault(words, []):
                    if _together(one, other) and set(one.entries) != set(other.entries):
                        self.contrary(one, f"line {other.line} says that the name is another entry; name all in one")
                meant[words].append(one)
            for other in dict.fromkeys(rivals):
                if _together(one, other):
                    late, early = (one, other) if one.line > other.line else (other, one)
                    self.contrary(late, f"contradicts line {early.line}: 'not' and 'always' of one name; remove one")

    def contrary(self, one: Decision, message: str) -> None:
        self.errors.append(RuleError(message, path=self.path, line=one.line, column=one.column))


def _together(one: Decision, other: Decision) -> bool:
    """Tell whether two decisions may hold for one document with the same right."""
    if bool(one.documents) != bool(other.documents):
        return False  # what names the document goes before
    return not one.documents or not set(one.documents).isdisjoint(other.documents)
