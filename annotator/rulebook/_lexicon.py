"""Compile actors and vocabularies of the language into the table that sentences are read by."""

from __future__ import annotations

import itertools
import json
import re
from typing import TYPE_CHECKING, Any

from ._inflect import inflect
from ._phrases import Word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ._collect import Definitions, Item
    from ._phrases import Form

    Parse = Callable[..., list[Form]]

_KEYS = {"names": "name", "adjectives": "adjective", "peoples": "people", "seats": "seat", "organs": "organ",
         "offices": "office", "leaders": "leader"}  # fmt: skip
_MOST_SPELLINGS = 2000
_JOINING = frozenset(".'/&+")

_FORMS = {True: "numbered", "slashed": "slashed"}


def compile_lexicon(definitions: Definitions, contexts: Sequence[str], parse: Parse) -> bytes:
    """Return the section ``lexicon`` of a compiled rulebook.

    ``contexts`` are the ids of contexts by number; ``parse`` gives the forms of a phrase and keeps its faults.
    """
    table: dict[str, list[list[Any]]] = {}
    known: dict[tuple[str, tuple[str, ...], str], list[Any]] = {}

    def add(words: tuple[str, ...], tag: str, value: str, case: int, form: str) -> None:
        # The first definition of a verb's form or of a noun counts; a word may be a verb and a noun.
        group = "verb" if tag == "verb" else f"noun {form}"
        key = (words[0], words[1:], group)
        found = known.get(key)
        if found is None:
            known[key] = new = [list(words[1:]), tag, value, case, form]
            table.setdefault(words[0], []).append(new)
        elif found[1:3] == [tag, value]:
            found[3] = min(found[3], case)

    actors: dict[str, list[Any]] = {}
    parties = _parties(definitions, contexts, parse)
    for identifier, item in definitions["actors"].items():
        data, short = item.data, identifier.rsplit(".", 1)[-1]
        for key, form in _KEYS.items():
            for words, case in _spelt(parse, item, key):
                add(words, "actor", short, case, form)
        actors[short] = [
            data.get("label") or _label(data, short),
            data.get("jurisdiction", ""),
            data.get("member-of", ""),
            data.get("part-of", ""),
            data.get("stands-for", ""),
            [[one["actor"], one.get("from") or "", one.get("until") or ""] for one in data.get("members", ())],
            sorted({n for words, _ in _spelt(parse, item, "names") for n in parties.get(_folded(words), ())}),
        ]
    for identifier, item in definitions["lexicon"].items():
        data, short = item.data, identifier.rsplit(".", 1)[-1]
        for words, form in verb_forms(data.get("verbs", ())):
            add(words, "verb", short, 0, form)
        value = data.get("actor", "") if data["is"] == "instrument" else short
        for words, case in _spelt(parse, item, "nouns"):
            add(words, data["is"], value, case, _FORMS.get(data.get("numbered"), ""))
    numbered = set(_FORMS.values()) - {""}
    for entries in table.values():
        # A word with a number goes before the same word without one.
        entries.sort(key=lambda entry: (-len(entry[0]), entry[4] not in numbered))
    return json.dumps({"words": table, "actors": actors}, separators=(",", ":"), ensure_ascii=False).encode()


def _parties(definitions: Definitions, contexts: Sequence[str], parse: Parse) -> dict[str, set[int]]:
    """Return the contexts of parties that regimes are on by each of their cues: an actor so named is that party."""
    found: dict[str, set[int]] = {}
    for number, identifier in enumerate(contexts):
        item = definitions["contexts"][identifier]
        if item.data.get("group") == "party" and not item.data.get("attached"):
            for words, _ in _spelt(parse, item, "cues"):
                found.setdefault(_folded(words), set()).add(number)
    return found


def _folded(words: tuple[str, ...]) -> str:
    return " ".join(words).replace(".", " ").replace("-", " ")


def _label(data: dict[str, Any], short: str) -> str:
    """Return the first name of an actor, the notation left out."""
    written = (data.get("names") or data.get("adjectives") or [short])[0]
    return str(re.sub(r"\[[^]]*\]", "", written).split("|")[0]).strip("() ")


def _spelt(parse: Parse, item: Item, key: str) -> Iterator[tuple[tuple[str, ...], int]]:
    """Yield the words of each spelling of the phrases under a key, lower-case, with the capitals that they need."""
    for index, phrase in enumerate(item.data.get(key, ())):
        for form in parse(item, phrase, key, index, slots=False):
            yield from _of_form(form)


def _of_form(form: Form) -> Iterator[tuple[tuple[str, ...], int]]:
    elements = [element for element in form if isinstance(element, Word)]
    choices = [list(zip(e.exact, e.cases, strict=True)) for e in elements]
    for chosen in itertools.islice(itertools.product(*choices), _MOST_SPELLINGS):
        words: list[str] = []
        case = 0
        for n, (element, (exact, needed)) in enumerate(zip(elements, chosen, strict=True)):
            word = exact.decode("latin-1").lower()
            if words and element.sep == "'" and word == "s":
                words.append("'s")
            elif words and element.sep and element.sep in _JOINING:
                words[-1] += element.sep + word
            else:
                words.append(word)
            if element.after == ".":
                words[-1] += "."
            if n == 0:
                case = 2 if needed == "u" else 1 if needed else 0
        if words:
            yield tuple(words), case


def verb_forms(written: list[str]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the forms of verbs, with what each is: base, third person (s), past (d), participle (n), -ing (g)."""
    for verb in written:
        stem, *irregular = verb.split("/")
        base, *particle = stem.split()
        if irregular:
            past, participle = irregular[0], irregular[-1]
        else:
            past = participle = ""
        forms: dict[str, str] = {base: "b"}
        for other in inflect(base)[1:]:
            if other.endswith("ing"):
                kind = "g"
            elif other.endswith("s") and other not in {past, participle}:
                kind = "s"
            else:
                kind = "" if irregular else "dn"
            if kind:
                forms[other] = kind
        if irregular:
            forms[past] = forms.get(past, "") + "d"
            forms[participle] = forms.get(participle, "") + "n"
        for form, kind in forms.items():
            yield (form, *particle), kind
