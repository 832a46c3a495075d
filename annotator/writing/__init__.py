"""Writing: from a document and its annotations to the same bytes with notes, or to a file beside it, and back.

Writing only inserts. `render` puts a marker behind each mention and one block of notes into the article;
`strip` takes them out again and gives back the bytes that went in. This layer knows nothing of rules.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import MisfitError, UsageError
from ..reading import format_of, read
from .seal import OPENING, WORDS
from .views import holds_opening

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..model import Annotation, Document, Note, Timeline
    from .stripping import Layer

__all__ = ["DETAILS", "FORMATS", "OPENING", "OUTPUTS", "READ_ONLY", "WORDS", "Output", "gives_back", "is_annotated",
           "join", "json_schema", "layer_of", "read_bare", "render", "strip"]  # fmt: skip


class Output(NamedTuple):
    """One way to write annotations.

    ``module`` in this folder has ``render(document, annotations, run) -> bytes``. ``keeps`` are the formats of
    articles that come back with notes in them; none for a file beside the article, whose name ends in
    ``suffix``. ``styles`` are the ways to write it, the usual one first. ``codec`` is the encoding of a
    file beside the article, empty when it is not text. ``lines`` is true where an output is one line, so that
    those of several articles may follow each other in one file; ``joins`` where the module has
    ``join(outputs) -> bytes``, which makes one file of those of several articles; ``timed`` where lines of time are
    drawn.
    """

    module: str
    keeps: tuple[str, ...] = ()
    suffix: str = ""
    styles: tuple[str, ...] = ()
    codec: str = ""
    lines: bool = False
    joins: bool = False
    timed: bool = False


# A new output is one module and one line here.
OUTPUTS: dict[str, Output] = {
    "text": Output("text", keeps=("text", "markdown")),
    "markdown": Output("markdown", keeps=("markdown", "text"), styles=("footnotes", "inline", "notes")),
    "html": Output("html", keeps=("html",), styles=("plain", "styled")),
    "docx": Output("docx", keeps=("docx",), styles=("comments", "footnotes")),
    "json": Output("sidecar", suffix=".json", codec="ascii", lines=True),
    "report": Output("report", suffix=".html", styles=("page", "fragment"), codec="utf-8", timed=True),
    "webannotation": Output("webannotation", suffix=".jsonld", codec="ascii", lines=True),
    "brat": Output("brat", suffix=".ann", codec="utf-8"),
    "plain": Output("plain", suffix=".txt", codec="utf-8"),
    "docbin": Output("docbin", suffix=".spacy", joins=True),
    "csv": Output("table", suffix=".csv", codec="utf-8", styles=("plain", "excel"), joins=True),
    "sarif": Output("sarif", suffix=".sarif", codec="ascii", joins=True),
}
FORMATS = tuple(OUTPUTS)
DETAILS = ("brief", "full")
# Formats that are read and not written, and what a file of each is called.
READ_ONLY = {"pdf": "a PDF", "mail": "an e-mail", "odt": "an OpenDocument text"}
_ARCHIVE = b"PK\3\4"
_FIRST_NAME = 30  # where the name of an archive's first file stands


def render(
    document: Document,
    annotations: Sequence[Annotation],
    *,
    format: str,
    as_of: str,
    as_of_from: str,
    digest: str,
    sources: Sequence[str] = (),
    style: str = "",
    policy: str = "",
    detail: str = "brief",
    unplaced: list[Annotation] | None = None,
    decisions: str = "",
    timelines: Mapping[Note, Timeline] | None = None,
) -> bytes:
    """Return the document with its notes, in its own encoding; or what goes beside it.

    ``format`` is one of `FORMATS` and ``style`` one of its styles, the usual one when empty. ``as_of`` is the date
    that the notes were chosen for and ``as_of_from`` says in a few words where it came from; ``digest`` names the
    rulebook, ``decisions`` the decisions, and ``sources`` the files that they were made of. ``policy`` is how places
    were chosen, for what the output says of itself; ``detail`` is ``brief`` or ``full``, for outputs that people
    read. Without annotations the article comes back as it was, byte for byte. Raises `UsageError` for a format or
    style that does not exist or does not fit the article's format. ``unplaced`` is filled with the annotations for
    which there is no safe place: they are not in what is returned. ``timelines`` are the lines of time of notes, for an
    output that draws them (`Output.timed`).

    A document that holds notes of an earlier run is taken as it stands: `strip` it first.
    """
    output = OUTPUTS.get(format)
    if output is None and format == document.format in READ_ONLY:
        raise MisfitError(unwritten(document.format, document.path))
    if output is None:
        raise UsageError(f"unknown output format {format!r}; use one of: {', '.join(FORMATS)}")
    if output.keeps and document.format not in output.keeps:
        fitting = [name for name, other in OUTPUTS.items() if not other.keeps or document.format in other.keeps]
        raise MisfitError(
            f"{document.path or 'the article'} is {document.format} and cannot be written as {format}; "
            f"use one of: {', '.join(fitting)}"
        )
    if detail not in DETAILS:
        raise UsageError(f"detail is one of {', '.join(DETAILS)}, not {detail!r}")
    if style and style not in output.styles:
        known = f"use one of: {', '.join(output.styles)}" if output.styles else "it has one style only"
        elsewhere = output.keeps and any(style in other.styles for other in OUTPUTS.values())
        raise (MisfitError if elsewhere else UsageError)(f"{format} output knows no style {style!r}; {known}")
    if output.keeps and not any(annotation.notes for annotation in annotations):
        return document.source
    from ..model import Run

    left = [] if unplaced is None else unplaced
    run = Run(as_of, as_of_from, digest, tuple(sources), style, policy, detail, left, decisions, timelines or {})
    data: bytes = import_module(f".{output.module}", __name__).render(document, annotations, run)
    return data


def unwritten(format: str, path: str | None = None) -> str:
    """Say in a line that no notes can be put into a format that is only read."""
    beside = ", ".join(name for name, output in OUTPUTS.items() if not output.keeps)
    return (
        f"{path or 'the article'} is {READ_ONLY[format]}, which is read but not written; "
        f"use --output with one of: {beside}"
    )


def gives_back(document: Document, format: str, style: str, detail: str) -> bool:
    """Tell whether `render` without annotations gives the article back whatever its date, and raises nothing.

    Not so with Word documents, whose date may be in a part that is damaged.
    """
    output = OUTPUTS.get(format)
    return (
        output is not None
        and document.format in output.keeps
        and bool(document.encoding)
        and detail in DETAILS
        and (not style or style in output.styles)
    )


def join(format: str, outputs: Sequence[bytes]) -> bytes:
    """Return one file made of the outputs of several articles.

    Raises `UsageError` for a format of which there is one file for each article.
    """
    output = OUTPUTS.get(format)
    if output is None or not (output.lines or output.joins):
        raise UsageError(f"{format} output has one file for each article")
    if output.lines:
        return b"".join(each + b"\n" for each in outputs)
    data: bytes = import_module(f".{output.module}", __name__).join(outputs)
    return data


def strip(source: bytes, *, edited: bool = False) -> bytes:
    """Return the bytes that were there before `render` put notes in; without notes, the bytes as given.

    Raises `EditedError` when the notes are there but the text was changed since, so that what is left
    without them is not what was annotated. ``edited`` takes them out all the same. Raises `MisfitError` for formats
    that are read and not written.
    """
    stripped = _without_notes(source, edited=edited)
    # A Word file was opened to see whether there are notes in it; only the type at its head tells of OpenDocument.
    word = source.startswith(_ARCHIVE) and not source.startswith(b"mimetype", _FIRST_NAME)
    found = READ_ONLY.get(format_of(None, source)) if stripped is source and not word else None
    if found:
        raise MisfitError(f"{found} is read but not written: there are no notes of ours in it to take out or renew")
    return stripped


def _without_notes(source: bytes, *, edited: bool = False) -> bytes:
    """Return a source without notes of ours, itself where there are none; raises as `strip` does."""
    if source.startswith(_ARCHIVE):
        from . import docx  # brings in the parser

        return docx.strip(source, edited=edited)
    if not holds_opening(source):
        return source
    from .stripping import strip as strip_notes  # brings in re

    return strip_notes(source, edited=edited)


def read_bare(
    source: bytes | str, *, format: str | None = None, path: str | None = None, encoding: str | None = None
) -> Document:
    """Read an article as `annotator.reading.read` does, but without the notes that an earlier run put in.

    Raises what `strip` and reading raise. A Word document is opened once for both, and parts of it that are not
    needed yet (its styles) are looked at only when they are.
    """
    if isinstance(source, str) or not source.startswith(_ARCHIVE):
        format = format or format_of(path, source)
    if format in READ_ONLY:
        return read(source, format=format, path=path, encoding=encoding)
    if isinstance(source, str):
        if OPENING in source or "\0" in source:
            data = source.encode("utf-8", "surrogatepass")
            rest = _without_notes(data)
            source = source if rest is data else rest.decode("utf-8", "surrogatepass")
    elif source.startswith(_ARCHIVE) and format in (None, "docx"):
        from . import docx  # brings in the parser

        document = docx.read_bare(source, path)
        if document is not None:
            return document
    else:
        source = _without_notes(source)
    return read(source, format=format, path=path, encoding=encoding)


def is_annotated(source: bytes) -> bool:
    """Tell whether `strip` would take notes out and give back exactly what was annotated.

    Text that only looks like it (a block copied from elsewhere, notes that were edited) is not annotated
    in this sense; `strip` tells the cases apart by raising `EditedError`.
    """
    if not holds_opening(source):
        return False
    if source.startswith(_ARCHIVE):
        from . import docx  # brings in the parser

        return docx.exact(source) is not None
    from .stripping import original_of  # brings in re

    return original_of(source) is not None


def layer_of(source: bytes) -> Layer | None:
    """Return the newest notes of ours in a source and what their seal says, ``None`` where there are none.

    Raises `EditedError` where they are there, but the text was changed since.
    """
    if strip(source) == source:
        return None
    from .stripping import layer_of as layer  # brings in re

    return layer(source)


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of the JSON output, version 1."""
    from .sidecar import schema

    return schema()
