"""A spaCy pipeline component that finds mentions of sanctions law and attaches their notes.

>>> import spacy
>>> nlp = spacy.blank("en")
>>> component = nlp.add_pipe("sanctions_annotator", config={"as_of": "2024-06-20"})
>>> doc = nlp("The UN bans luxury goods for North Korea.")
>>> [(span.text, span.label_, span.id_) for span in doc.spans["sanctions"]]
[('bans luxury goods', 'measure', 'measure.luxury-goods')]
>>> doc.spans["sanctions"][0]._.sanctions[0]["id"]
'un.dprk.luxury-goods'

The component is found by its entry point; importing this module registers it as well. Offsets, spans and
notes are plain data in the ``Doc``, so they survive ``to_bytes``, ``DocBin`` and ``n_process``.
"""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spacy.language import Language
from spacy.util import registry

from annotator import reading
from annotator.api import Annotator
from annotator.writing.docbin import KEY as _KEY
from annotator.writing.docbin import attach, register

if TYPE_CHECKING:
    from collections.abc import Iterable

    from spacy.tokens import Doc

__all__ = ["COLORS", "FACTORY", "SanctionsAnnotator", "make"]

FACTORY = "sanctions_annotator"
_FILE = "sanctions_annotator.json"
# For displacy, by kind of rule. PERSON and EVENT keep the colours that spaCy gives to entities of these names.
COLORS = {
    "MEASURE": "#ffd8a8",
    "REGIME": "#ffe8a1",
    "INSTRUMENT": "#a5d8ff",
    "BODY": "#c3fae8",
    "COMMITTEE": "#d0bfff",
    "TERM": "#d8f5a2",
    "CLAIM": "#ffa8a8",
}
registry.displacy_colors.register(FACTORY, func=COLORS)


register(_KEY)


class _Before:
    """The pipes that stand before a component, as a pipeline for its token rules."""

    def __init__(self, nlp: Language, component: SanctionsAnnotator) -> None:
        self._nlp = nlp
        self._component = component

    def __getattr__(self, name: str) -> Any:
        """Be the pipeline in all else: its vocabulary, its limits."""
        return getattr(self._nlp, name)

    def __call__(self, text: str) -> Doc:
        doc = self._nlp.make_doc(text)
        for _, pipe in self._nlp.pipeline:
            if pipe is self._component:
                break
            doc = pipe(doc)
        return doc


class SanctionsAnnotator:
    """Sets ``doc.spans[spans_key]`` and the notes on its spans; leaves all else in the ``Doc`` as it is.

    Each span is labelled with the rule's kind; ``id_`` and ``kb_id_`` are the rule's id. Its notes are
    ``span._.<spans_key>``: a list of dictionaries of plain data, the notes of the JSON output with
    ``rule``, ``fields``, ``why``, ``start`` and ``end`` (the exact code points of the mention, whose span
    may be wider where tokens do not fit it) added. The group's ``attrs`` hold ``as_of``, ``as_of_from``,
    ``rulebook``, the digest of the rules, and ``policy``, how places were chosen.

    A date in ``doc._.<spans_key>_as_of`` goes before the component's own ``as_of``.
    """

    def __init__(self, nlp: Language, name: str = FACTORY, **settings: Any) -> None:
        """Load the rules. ``settings`` are those of `make`. Raises ``RuleErrors`` and ``UsageError``."""
        self.name = name
        self._nlp = nlp
        self._start(settings)

    def _start(self, settings: dict[str, Any]) -> None:
        self.settings = {**DEFAULTS, **settings}
        register(self.settings["spans_key"])
        self.annotator = Annotator(
            self.settings["rules"],
            default_rules=self.settings["default_rules"],
            only=self.settings["only"],
            skip=self.settings["skip"],
            lists=self.settings["lists"],
            names=self.settings["names"],
            name_threshold=self.settings["name_threshold"],
            decisions=self.settings["decisions"],
            model=_Before(self._nlp, self),
        )
        self.annotator.annotate(  # refuse them now
            "",
            as_of=self.settings["as_of"],
            notes=self.settings["notes"],
            jurisdictions=self.settings["jurisdictions"],
        )

    def __call__(self, doc: Doc) -> Doc:
        """Annotate one ``Doc``; its text may be empty, its tokenizer any."""
        key = self.settings["spans_key"]
        result = self.annotator.annotate(
            reading.read(doc.text, format="text"),
            as_of=doc._.get(f"{key}_as_of") or self.settings["as_of"],
            notes=self.settings["notes"],
            jurisdictions=self.settings["jurisdictions"],
        )
        attrs = {
            "as_of": result.as_of,
            "as_of_from": result.as_of_from,
            "rulebook": result.rulebook.digest,
            "policy": result.policy,
        }
        attach(doc, result.to_dict()["annotations"] if result.annotations else (), key, attrs)
        return doc

    # -- saving ---------------------------------------------------------------------------------

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:  # spaCy passes it
        """Return the settings and the digest of rules and lists; these themselves stay in their files."""
        return json.dumps({"settings": self.settings, "digest": self.annotator.digest}).encode()

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> SanctionsAnnotator:
        """Take the settings of ``to_bytes``. Warns when the rules or lists are no longer the same."""
        saved = json.loads(data)
        if saved["settings"] != self.settings:
            self._start(saved["settings"])
        digest = self.annotator.digest
        if saved["digest"] != digest:
            what = "rules or lists" if self.settings["lists"] else "rules"
            message = (
                f"the sanctions {what} have changed since the pipeline was saved ({saved['digest']} then,"
                f" {digest} now): mentions and notes may differ"
            )
            warnings.warn(message, UserWarning, stacklevel=2)
        return self

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Save into a folder what ``to_bytes`` returns."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _FILE).write_bytes(self.to_bytes(exclude=exclude))

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> SanctionsAnnotator:
        """Take what ``to_disk`` saved, as ``from_bytes`` does."""
        return self.from_bytes((Path(path) / _FILE).read_bytes(), exclude=exclude)

    def __getstate__(self) -> dict[str, Any]:
        """Leave the compiled rules out: where processes are spawned, each loads them from the cache."""
        return {"name": self.name, "_nlp": self._nlp, "settings": self.settings}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Load the rules again."""
        self.name = state["name"]
        self._nlp = state["_nlp"]
        self._start(state["settings"])


DEFAULTS: dict[str, Any] = {
    "rules": [],
    "default_rules": True,
    "as_of": None,
    "notes": "best",
    "jurisdictions": [],
    "only": [],
    "skip": [],
    "lists": [],
    "names": "auto",
    "name_threshold": None,
    "decisions": None,
    "spans_key": _KEY,
}


@Language.factory(FACTORY, default_config=DEFAULTS, assigns=["doc.spans", f"span._.{_KEY}"])
def make(  # noqa: PLR0917 - spaCy passes each setting by its name
    nlp: Language,
    name: str,
    rules: str | list[str],
    default_rules: bool,  # noqa: FBT001 - as above
    as_of: str | None,
    notes: str,
    jurisdictions: list[str],
    only: list[str],
    skip: list[str],
    lists: str | list[str],
    names: str,
    name_threshold: float | None,
    decisions: str | None,
    spans_key: str,
) -> SanctionsAnnotator:
    """Make the component; spaCy calls this for ``nlp.add_pipe("sanctions_annotator", config={…})``.

    ``rules`` are files or folders of rules, added to the shipped pack unless ``default_rules`` is false;
    ``as_of`` is a date (``YYYY-MM-DD``), today when left out; ``notes`` is ``best`` (each note where
    the text speaks of the law most outright), ``first``, ``paragraph`` or ``every`` (each mention gets its notes);
    ``jurisdictions`` keeps notes of these only; ``only`` and ``skip`` are globs of rule ids; ``lists`` are stores of
    sanctions lists (made by ``annotator lists import``) whose names are looked for beside those of the lists that ship
    (``none`` among them leaves these out), in articles that ``names`` says (``auto``, ``always``, ``never``), taken
    from the score ``name_threshold`` on, a number between 0 and 1, 0.5 when left out; ``decisions`` is a file of
    an analyst's decisions; ``spans_key`` names the span
    group and the custom attribute.
    """
    return SanctionsAnnotator(
        nlp,
        name,
        rules=rules,
        default_rules=default_rules,
        as_of=as_of,
        notes=notes,
        jurisdictions=jurisdictions,
        only=only,
        skip=skip,
        lists=lists,
        names=names,
        name_threshold=name_threshold,
        decisions=decisions,
        spans_key=spans_key,
    )
