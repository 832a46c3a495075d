"""A spaCy ``DocBin`` beside the article: its text in tokens, mentions as spans, notes on the spans.

The same spans are set by the pipeline component, ``annotator.spacy``. spaCy is imported when it is used.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from .places import sound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc

    from ..model import Annotation, Document, Run

KEY = "sanctions"
_OF_MENTION = ("rule", "start", "end", "fields", "why")


def render(document: Document, annotations: Sequence[Annotation], run: Run) -> bytes:
    """Return the bytes of a ``DocBin`` with one ``Doc``, made by the tokenizer of a blank English pipeline.

    ``doc.spans["sanctions"]`` holds the mentions and ``span._.sanctions`` their notes, as `attach` says;
    ``doc.user_data["sanctions_path"]`` is the path of the article. Where the text has a lone surrogate there is
    U+FFFD.
    """
    from spacy import blank  # slow to import, and for this output only
    from spacy.tokens import DocBin

    from .sidecar import render as to_json

    found = json.loads(to_json(document, annotations, run))
    doc = blank("en").tokenizer(sound(document.text))
    register(KEY)
    attrs = {"as_of": run.as_of, "as_of_from": run.as_of_from, "rulebook": run.digest, "policy": run.policy}
    attach(doc, found["annotations"], KEY, attrs)
    doc.user_data[f"{KEY}_path"] = None if document.path is None else sound(document.path)
    data: bytes = DocBin(store_user_data=True, docs=[doc]).to_bytes()
    return data


def join(outputs: Sequence[bytes]) -> bytes:
    """Return one ``DocBin`` with the documents of all, in order."""
    from spacy.tokens import DocBin

    whole = DocBin(store_user_data=True).from_bytes(outputs[0])
    for output in outputs[1:]:
        whole.merge(DocBin(store_user_data=True).from_bytes(output))
    data: bytes = whole.to_bytes()
    return data


def register(key: str) -> None:
    """Make ``span._.<key>`` and ``doc._.<key>_as_of`` known to spaCy; once made, they are left alone."""
    from spacy.tokens import Doc, Span

    if not Span.has_extension(key):
        Span.set_extension(key, default=None)
    if not Doc.has_extension(f"{key}_as_of"):
        Doc.set_extension(f"{key}_as_of", default=None)


def attach(doc: Doc, annotations: Sequence[dict[str, Any]], key: str, attrs: dict[str, Any]) -> None:
    """Set ``doc.spans[key]`` and the notes on its spans.

    ``annotations`` are those of the JSON output, whose offsets count in ``doc.text``. Each span is labelled with
    the kind; ``id_`` and ``kb_id_`` are the rule's id. Its notes are ``span._.<key>``: the notes of the JSON
    output with ``rule``, ``fields``, ``why``, ``start`` and ``end`` (the exact code points of the mention, whose
    span may be wider where tokens do not fit it) added. ``attrs`` are those of the group.
    """
    from spacy.tokens import SpanGroup

    spans = []
    notes: dict[tuple[int, int], list[dict[str, Any]]] = {}
    for found in annotations:
        rule = found["rule"]
        span = doc.char_span(
            found["start"], found["end"], label=found["kind"], kb_id=rule, span_id=rule, alignment_mode="expand"
        )
        if span is None:  # no token there at all: nothing to hang a note on
            continue
        spans.append(span)
        mention = {name: found[name] for name in _OF_MENTION}
        # Two mentions inside one token share a span's place, and so its notes.
        notes.setdefault((span.start, span.end), []).extend({**note, **mention} for note in found["notes"])
    for span in spans:
        span._.set(key, notes[span.start, span.end])
    doc.spans[key] = SpanGroup(doc, name=key, attrs=attrs, spans=spans)
