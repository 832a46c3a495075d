"""What compiling found out of phrases and patterns: after a change to a rule only what is new is worked out."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from ._phrases import Gap, Known, Slot, Word

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._collect import Definitions
    from ._parsed import Parsed
    from ._phrases import Element, Form

_MOST_FORMS = 200_000  # more are not kept: reading them would take what parsing takes
_PHRASE = tuple[str, str, bool]


class Findings:
    """Forms of phrases, fields of patterns and the like, each under all that it rests on.

    ``parsed`` is where they are kept between runs, ``None`` for nowhere. Those that no rule asked for are let go.
    """

    def __init__(self, definitions: Definitions, parsed: Parsed | None) -> None:
        self.known = Known()
        self._parsed = parsed
        self._forms: dict[_PHRASE, list[Form]] = {}
        self._others: dict[str, Any] = {}
        self._old_forms: dict[_PHRASE, list[list[int]]] = {}
        self._old_others: dict[str, Any] = {}
        self._elements: list[Element] = []
        self._name = ""
        self._new = False
        if parsed is not None:
            self._name = f"phrases-{_basis(definitions)}"
            self._read(parsed.section(self._name))

    def _read(self, data: Any) -> None:
        if data is not None:
            self._elements = [_element(one) for one in data["elements"]]
            self._old_forms = {(text, namespace, slots): forms for text, namespace, slots, forms in data["phrases"]}
            self._old_others = data["others"]

    def forms(self, key: _PHRASE) -> list[Form] | None:
        """Return the forms of a phrase in a namespace, with slots or without, ``None`` where they are not known."""
        found = self._forms.get(key)
        if found is None:
            old = self._old_forms.get(key)
            if old is not None:
                found = [self.known.form([self._elements[n] for n in form]) for form in old]  # type: ignore[misc]
                self._forms[key] = found
        return found

    def keep(self, key: _PHRASE, forms: list[Form]) -> None:
        """Keep the forms of a phrase that is sound."""
        self._forms[key] = forms
        self._new = True

    def other(self, find: Callable[..., Any], *basis: Any) -> Any:
        """Return what ``find`` gives for its arguments, plain data as they are; what it raises is not kept."""
        key = json.dumps([find.__name__, *basis])
        if key not in self._others:
            if key in self._old_others:
                self._others[key] = self._old_others[key]
            else:
                self._others[key] = find(*basis)
                self._new = True
        return self._others[key]

    def save(self) -> None:
        """Keep what was found for the next run. To be called when all rules are sound."""
        if self._parsed is None or not self._new or sum(map(len, self._forms.values())) > _MOST_FORMS:
            return
        numbers: dict[int, int] = {}
        elements: list[Element] = []
        phrases = []
        for (text, namespace, slots), forms in self._forms.items():
            rows = []
            for form in forms:
                for element in form:
                    if id(element) not in numbers:
                        numbers[id(element)] = len(elements)
                        elements.append(element)
                rows.append([numbers[id(element)] for element in form])
            phrases.append([text, namespace, slots, rows])
        data = {"elements": list(map(_data, elements)), "phrases": phrases, "others": self._others}
        self._parsed.put_section(self._name, data)


def _basis(definitions: Definitions) -> str:
    """Return a digest of what the forms of phrases rest on beside the phrase: vocabulary, acts, names of contexts."""
    vocabulary = {name: [item.data, item.file.data["namespace"]] for name, item in definitions["vocabulary"].items()}
    lexicon = {name: [item.data, item.file.data["namespace"]] for name, item in definitions["lexicon"].items()}
    text = json.dumps([list(vocabulary.items()), list(lexicon.items()), sorted(definitions["contexts"])])
    return hashlib.sha256(text.encode()).hexdigest()


def _data(element: Element) -> list[Any]:
    if isinstance(element, Gap):
        return [element.most]
    if isinstance(element, Slot):
        return [element.context]
    words, exact = ([one.decode("latin-1") for one in each] for each in (element.words, element.exact))
    return [words, element.cases, exact, element.sep, element.after, element.at, element.figure]


def _element(data: list[Any]) -> Element:
    if len(data) == 1:
        return Gap(data[0]) if isinstance(data[0], int) else Slot(data[0])
    words, exact = (tuple([one.encode("latin-1") for one in each]) for each in (data[0], data[2]))
    return Word(words, tuple(data[1]), exact, *data[3:])
