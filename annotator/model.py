"""The frozen values that pass from room to room: document, mention, note, annotation.

All offsets are code points of ``Document.text`` unless a name says bytes; spans are half-open.
The names follow the W3C Web Annotation model: an annotation has a target (a span of the
document) and bodies (notes).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of code points, ``start`` included, ``end`` not."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading or list item of a document.

    ``kind`` is ``paragraph``, ``heading``, ``item`` or ``furniture`` (navigation, tags, related
    posts, credits: gives no notes and lends no context). ``article`` numbers the articles of a
    file that holds several; ``section`` numbers the stretches between headings, over the whole
    file. Blocks are in order and do not overlap; white space between them belongs to none.
    """

    start: int
    end: int
    kind: str
    article: int
    section: int


@dataclass(frozen=True, slots=True)
class Layout:
    """How a document is built.

    ``protected`` spans (code, link targets, raw markup, front matter, notes of ours) hold no
    mention and take no marker. ``atomic`` spans (a link with its text) may hold mentions, but a
    marker goes after their end. ``tail`` is the offset at which a block of notes may be put.
    All tuples are sorted and their spans do not overlap.
    """

    blocks: tuple[Block, ...]
    protected: tuple[Span, ...] = ()
    atomic: tuple[Span, ...] = ()
    tail: int = 0


class Document:
    """One article as read: its exact bytes, the text a reader sees, and the way back.

    ``text`` is made of verbatim slices of the decoded source, and ``source`` is always
    ``bom + text.encode(encoding, errors)``. ``errors`` is ``surrogateescape`` where lone surrogates
    stand for bytes that the encoding cannot decode, and ``surrogatepass`` where they are themselves:
    in UTF-16 and UTF-32, and in a document that was given as a string.
    """

    __slots__ = ("_layout", "_layout_of", "bom", "encoding", "errors", "format", "newline", "path", "source", "text")

    def __init__(  # noqa: PLR0913 - one for each part of a document
        self,
        *,
        source: bytes,
        text: str,
        format: str,  # noqa: A002 - the field's own name, in the JSON too
        encoding: str,
        bom: bytes,
        newline: str,
        path: str | None,
        layout_of: Callable[[str], Layout],
        errors: str = "surrogateescape",
    ) -> None:
        self.source = source
        self.text = text
        self.format = format
        self.encoding = encoding
        self.errors = errors
        self.bom = bom
        self.newline = newline
        self.path = path
        self._layout_of = layout_of
        self._layout: Layout | None = None

    @property
    def layout(self) -> Layout:
        """The layout, worked out when first asked for: most documents hold no mention at all."""
        if self._layout is None:
            self._layout = self._layout_of(self.text)
        return self._layout

    def encode(self, text: str) -> bytes:
        """Return ``text`` in the document's encoding, without byte-order mark."""
        return text.encode(self.encoding, self.errors)

    def __repr__(self) -> str:
        """Return a short form for debugging."""
        return f"Document({self.path or '<memory>'!r}, {self.format}, {len(self.text)} code points)"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a note's content can be read: instrument, pinpoint (paragraph, annex, article), link."""

    instrument: str
    pinpoint: str
    url: str


@dataclass(frozen=True, slots=True)
class Note:
    """One reference note in the version that holds on the as-of date.

    ``until`` is the first day on which the note no longer holds; ``from_date``/``until`` are ISO
    dates or ``None`` when not known or open. ``later`` says what changed after the as-of date.
    ``status`` is ``verified``, ``partly`` or ``unverified``. ``verb`` is the legal verb of the
    source ("decides", "calls upon"), empty when it is not a resolution.
    """

    id: str
    text: str
    sources: tuple[Source, ...]
    from_date: str | None
    until: str | None
    jurisdiction: str
    status: str
    checked: str
    verb: str = ""
    later: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in the text that a rule accepted or ruled out, and why.

    ``note_ids`` are the notes that the mention calls for, before dates and policy.
    ``why`` lists the evidence in order; ``ruled_out`` is empty for an accepted mention, else the
    reason. ``entity`` groups mentions of one person or body.
    """

    start: int
    end: int
    rule: str
    kind: str
    fields: Mapping[str, str]
    note_ids: tuple[str, ...]
    why: tuple[str, ...]
    ruled_out: str = ""
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Annotation:
    """Notes on a span: the W3C target (``start``, ``end``) with its bodies (``notes``)."""

    start: int
    end: int
    text: str
    rule: str
    kind: str
    fields: Mapping[str, str]
    why: tuple[str, ...]
    notes: tuple[Note, ...] = field(default=())
