"""The frozen values that pass from layer to layer: document, mention, note, annotation.

All offsets are code points of ``Document.text`` unless a name says bytes; spans are half-open.
The names follow the W3C Web Annotation model: an annotation has a target (a span of the
document) and bodies (notes).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


class Span(NamedTuple):
    """A half-open range of code points, ``start`` included, ``end`` not."""

    start: int
    end: int


class Block(NamedTuple):
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
    All tuples are sorted and their spans do not overlap. ``warnings`` say in one line each what of the layout may
    be wrong.
    """

    blocks: tuple[Block, ...]
    protected: tuple[Span, ...] = ()
    atomic: tuple[Span, ...] = ()
    tail: int = 0
    warnings: tuple[str, ...] = ()


class SourceMap:
    """Where each code point of a text stands in the decoded source (the markup).

    The text is cut into runs, given by three sequences of one length: where each run begins in the text,
    where it begins in the markup, and how long it is there. A run as long in the markup as in the text
    stands there letter by letter; any other run stands for a piece of markup as a whole (``&nbsp;``), or,
    when its length there is 0, for nothing (the line ends between two blocks). Runs are in order, the first
    begins the text, none is empty in the text, and none overlaps in the markup. All offsets are code points.
    """

    __slots__ = ("_ends", "_lengths", "_starts", "_text")

    def __init__(self, text: Sequence[int], starts: Sequence[int], lengths: Sequence[int], size: int) -> None:
        """Take the runs; ``size`` is the length of the text."""
        self._text = text
        self._starts = starts
        self._lengths = lengths
        self._ends = size

    def before(self, at: int) -> int:
        """Return where the code point at a place of the text begins in the markup."""
        if not self._text:
            return 0
        index = max(bisect_right(self._text, at) - 1, 0)
        inside = at - self._text[index]
        if not inside or self._verbatim(index):
            return self._starts[index] + inside
        return self._starts[index] + (self._lengths[index] if at >= self._stop(index) else 0)

    def after(self, at: int) -> int:
        """Return where the code point before a place of the text ends in the markup: where a marker goes."""
        if at <= 0 or not self._text:
            return self.before(0)
        index = max(bisect_left(self._text, at) - 1, 0)
        if self._verbatim(index):
            return self._starts[index] + at - self._text[index]
        return self._starts[index] + self._lengths[index]

    def _stop(self, index: int) -> int:
        return self._text[index + 1] if index + 1 < len(self._text) else self._ends

    def _verbatim(self, index: int) -> bool:
        return self._stop(index) - self._text[index] == self._lengths[index]


class Pages:
    """Where the printed lines of a document of pages begin in its text.

    Made of a sequence of lines in the order of the text: the offset of each, in code points, the number of its page and
    its number there, both from 1. Lines are counted in reading order; those that are said on each page have the number
    0, since nobody counts them.
    """

    __slots__ = ("_lines", "_starts")

    def __init__(self, lines: Sequence[tuple[int, int, int]]) -> None:
        """Take the lines."""
        self._lines = lines
        self._starts = [start for start, _, _ in lines]

    def at(self, place: int) -> tuple[int, int, int]:
        """Return the page, the line and the column (from 1) of an offset of the text."""
        index = max(bisect_right(self._starts, place) - 1, 0)
        if not self._lines:
            return 1, 1, place + 1
        start, page, line = self._lines[index]
        return page, line, place - start + 1

    def find(self, page: int, line: int) -> int | None:
        """Return where a line of a page begins in the text, ``None`` for one that there is not."""
        return next((start for start, *where in self._lines if where == [page, line]), None)

    def line(self, place: int) -> tuple[int, int | None]:
        """Return where the line at an offset of the text begins, and where the next does; ``None`` for the last."""
        index = max(bisect_right(self._starts, place) - 1, 0)
        start = self._starts[index] if self._starts else 0
        return start, self._starts[index + 1] if index + 1 < len(self._starts) else None


@dataclass(frozen=True, slots=True)
class Dated:
    """The date of an article, as the article itself gives it.

    ``date`` is an ISO date, ``None`` when there is none or several that disagree; ``origin`` says in a few
    words where it was found, or why there is none.
    """

    date: str | None = None
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """What an output says about the run that made it.

    ``as_of`` is the date that notes were chosen for and ``as_of_from`` where it came from; ``digest`` names
    the rulebook and ``sources`` its files. ``style`` is how a format places notes, where it knows several
    ways; empty for its usual one. ``policy`` is how places were chosen (``best``, ``first`` …), ``detail`` how much of
    a note is shown: ``brief`` or ``full``. ``unplaced`` is where a writer puts the annotations for which the article
    has no safe place. ``decisions`` is the digest of the decisions, empty where there are none. ``timelines`` are the
    lines of time of notes, for outputs that draw them.
    """

    as_of: str
    as_of_from: str
    digest: str
    sources: tuple[str, ...] = ()
    style: str = ""
    policy: str = ""
    detail: str = "brief"
    unplaced: list[Annotation] = field(default_factory=list, compare=False)
    decisions: str = ""
    timelines: Mapping[Note, Timeline] = field(default_factory=dict, compare=False)


class Document:
    """One article as read: its exact bytes, the text a reader sees, and the way back.

    ``text`` is what a reader sees. ``markup`` is the decoded source: the text itself, unless the format
    hides things (HTML), and then ``places`` leads from the text to it. For formats that are encoded text,
    ``source`` is always ``bom + markup.encode(encoding, errors)``. ``errors`` is ``surrogateescape`` where
    lone surrogates stand for bytes that the encoding cannot decode, and ``surrogatepass`` where they are
    themselves: in UTF-16 and UTF-32, and in a document that was given as a string. ``inner`` is what a
    format's reader leaves for its writer, and nobody else's business. A ``source`` of ``None`` is what the markup
    makes, worked out when first asked for. Where ``later`` is given ``text`` is from a quick look, good enough to see
    that nothing is in it; ``later`` reads in full and gives the text, ``places`` and ``inner``. ``pages`` tells the
    page and the line of a place, where the format has pages. ``parted`` tells that no block goes over an empty line,
    and ``seen`` is set where words were seen that may be a mention, but for what stands beside them.
    """

    __slots__ = (
        "_dated", "_dated_of", "_inner", "_later", "_layout", "_layout_of", "_places", "_source", "bom", "encoding",
        "errors", "format", "markup", "newline", "pages", "parted", "path", "seen", "text",
    )  # fmt: skip

    def __init__(
        self,
        *,
        source: bytes | None,
        text: str,
        format: str,
        encoding: str,
        bom: bytes,
        newline: str,
        path: str | None,
        layout_of: Callable[[str], Layout],
        errors: str = "surrogateescape",
        markup: str | None = None,
        places: SourceMap | None = None,
        dated_of: Callable[[], Dated] | None = None,
        inner: Any = None,
        later: Callable[[], tuple[str, SourceMap | None, Any]] | None = None,
        pages: Pages | None = None,
        parted: bool = False,
    ) -> None:
        self._source = source
        self.text = text
        self.markup = text if markup is None else markup
        self._places = places
        self.format = format
        self.encoding = encoding
        self.errors = errors
        self.bom = bom
        self.newline = newline
        self.path = path
        self._inner = inner
        self._later = later
        self.pages = pages
        self.parted = parted
        self.seen = False
        self._layout_of = layout_of
        self._layout: Layout | None = None
        self._dated_of = dated_of
        self._dated: Dated | None = None

    @property
    def source(self) -> bytes:
        """The exact bytes of the article; of one that was given as a string, its UTF-8."""
        if self._source is None:
            self._source = self.bom + self.encode(self.markup)
        return self._source

    @property
    def places(self) -> SourceMap | None:
        """The way from the text to the markup, where they differ."""
        self.settle()
        return self._places

    @property
    def inner(self) -> Any:
        """What the format's reader leaves for its writer."""
        self.settle()
        return self._inner

    def settle(self) -> None:
        """Read in full what was only looked at; offsets count from then on."""
        later = self._later
        if later is not None:
            self.text, self._places, self._inner = later()
            self._later = None

    @property
    def layout(self) -> Layout:
        """The layout, worked out when first asked for: most documents hold no mention at all."""
        if self._layout is None:
            self.settle()
            self._layout = self._layout_of(self.text)
        return self._layout

    @property
    def laid_out(self) -> bool:
        """Whether anything was found that may be a mention: the layout was worked out, or it needed not be."""
        return self.seen or self._layout is not None

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader of the result should know of how the document was read, one line each."""
        return self.layout.warnings

    @property
    def dated(self) -> Dated:
        """The article's own date, looked for when first asked for."""
        if self._dated is None:
            self._dated = self._dated_of() if self._dated_of is not None else Dated()
        return self._dated

    def encode(self, text: str) -> bytes:
        """Return ``text`` in the document's encoding, without byte-order mark."""
        return text.encode(self.encoding, self.errors)

    def __repr__(self) -> str:
        """Return a short form for debugging."""
        return f"Document({self.path or '<memory>'!r}, {self.format}, {len(self.text)} code points)"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a note's content can be read: instrument, pinpoint (paragraph, annex, article), link.

    ``short`` is how the note's sentence cites the instrument, empty where that is its name.
    """

    instrument: str
    pinpoint: str
    url: str
    short: str = ""

    @property
    def cited(self) -> str:
        """The instrument with the pinpoint, where there is one."""
        return f"{self.instrument}, {self.pinpoint}" if self.pinpoint else self.instrument


@dataclass(frozen=True, slots=True)
class Note:
    """One reference note in the version that holds on the as-of date.

    ``until`` is the first day on which the note no longer holds; ``from_date``/``until`` are ISO
    dates or ``None`` when not known or open. ``later`` says what changed after the as-of date.
    ``status`` is ``verified``, ``partly`` or ``unverified``. ``verb`` is the legal verb of the
    source ("decides", "calls upon"), empty when it is not a resolution. ``full`` is what there is to say beyond
    ``text``, empty where that is all. ``since`` is the day from which something of the kind has held without a break,
    in whatever version, and ``began`` the first source of that time. ``absent`` tells of a person or body that is on
    none of the lists looked at, and was not yet. ``entries`` are the ids of the entries of lists that it tells of.
    ``changed`` is what of ``later`` the answer of today hangs on, in one line; ``None`` where the last of them says it.
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
    full: str = ""
    since: str | None = None
    began: Source | None = None
    absent: bool = False
    entries: tuple[str, ...] = ()
    changed: str | None = None

    @property
    def is_group(self) -> bool:
        """Whether it is one note for several authorities, of a bloc."""
        return "+" in self.id


@dataclass(frozen=True, slots=True)
class Step:
    """One change on a line of time: what changed on a day, by whom, and what tells of it.

    ``date`` is an ISO date, as exact as it is known; ``until`` the later of two days between which it happened, where
    only that is known, else empty. ``by`` is the jurisdiction.
    """

    date: str
    until: str
    by: str
    what: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """A time in which what a note tells of held by the law of a jurisdiction.

    ``end`` is the first day after; where ``ended`` is false it held at least until then, which is the day to which it
    was checked. ``start`` is empty where it is not known since when it held.
    """

    by: str
    start: str
    end: str
    ended: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """What changed of what a note tells of, in order, and when it held; nothing later than it was checked."""

    steps: tuple[Step, ...]
    spans: tuple[Held, ...]


# Why a mention is of a law: its sentence names no authority, and that one binds everybody.
NOBODY_NAMED = "nobody is named"


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in the text that a rule accepted or ruled out, and why.

    ``note_ids`` are the notes that the mention calls for, before dates and policy.
    ``why`` lists the evidence in order; ``ruled_out`` is empty for an accepted mention, else the
    reason. ``rank`` says how outright the mention speaks of the law, from 0 to 5, ``rank_from`` why, and ``clause``
    where its clause has its verb; -1 and empty where nobody asked for them. ``reads`` is what the sentence says there,
    in words, where what was ruled out was asked for too.
    """

    start: int
    end: int
    rule: str
    kind: str
    fields: Mapping[str, str]
    note_ids: tuple[str, ...]
    why: tuple[str, ...]
    ruled_out: str = ""
    rank: int = -1
    rank_from: str = ""
    clause: int = -1
    reads: str = ""


@dataclass(frozen=True, slots=True)
class Annotation:
    """Notes on a span: the W3C target (``start``, ``end``) with its bodies (``notes``).

    ``grade`` tells of a claim how far it is wrong, ``contradicted`` or ``imprecise``; it is empty for all else.
    """

    start: int
    end: int
    text: str
    rule: str
    kind: str
    fields: Mapping[str, str]
    why: tuple[str, ...]
    notes: tuple[Note, ...] = field(default=())
    grade: str = ""
