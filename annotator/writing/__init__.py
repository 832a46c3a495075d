"""Writing: from a document and its annotations to the same bytes with notes, or to JSON, and back.

Writing only inserts. `render` puts a marker behind each mention and one block of notes into the text;
`strip` takes them out again and gives back the bytes that went in. The room knows nothing of rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import UsageError
from .views import holds_opening

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..model import Annotation, Document

__all__ = ["FORMATS", "is_annotated", "json_schema", "render", "strip"]

FORMATS = ("text", "markdown", "json")


def render(  # noqa: PLR0913 - the contract between the rooms
    document: Document,
    annotations: Sequence[Annotation],
    *,
    format: str,  # noqa: A002 - the same word as on the command line and in the JSON
    as_of: str,
    as_of_from: str,
    digest: str,
    sources: Sequence[str] = (),
) -> bytes:
    """Return the document with its notes, in its own encoding; or the JSON object, in ASCII.

    ``format`` is one of `FORMATS`. ``as_of`` is the date that the notes were chosen for and
    ``as_of_from`` says in a word or two where it came from; ``digest`` names the rulebook and ``sources``
    the files that it was made of. Without annotations the text comes back as it was, byte for byte.

    A document that holds notes of an earlier run is taken as it stands: `strip` it first.
    """
    if format == "text":
        from . import text as writer  # noqa: PLC0415 - one format a run
    elif format == "markdown":
        from . import markdown as writer  # type: ignore[no-redef]  # noqa: PLC0415
    elif format == "json":
        from . import sidecar  # noqa: PLC0415

        return sidecar.render(document, annotations, as_of=as_of, as_of_from=as_of_from, digest=digest, sources=sources)
    else:
        message = f"unknown output format {format!r}; use one of: {', '.join(FORMATS)}"
        raise UsageError(message)
    if not any(annotation.notes for annotation in annotations):
        return document.source
    return writer.render(document, annotations, as_of=as_of, as_of_from=as_of_from, digest=digest)


def strip(source: bytes, *, edited: bool = False) -> bytes:
    """Return the bytes that were there before `render` put notes in; without notes, the bytes as given.

    Raises `EditedError` when the notes are there but the text was changed since, so that what is left
    without them is not what was annotated. ``edited`` takes them out all the same.
    """
    if not holds_opening(source):
        return source
    from .stripping import strip as strip_notes  # noqa: PLC0415 - brings in re

    return strip_notes(source, edited=edited)


def is_annotated(source: bytes) -> bool:
    """Tell whether `strip` would take notes out and give back exactly what was annotated.

    Text that only looks like it (a block copied from elsewhere, notes that were edited) is not annotated
    in this sense; `strip` tells the cases apart by raising `EditedError`.
    """
    if not holds_opening(source):
        return False
    from .stripping import original_of  # noqa: PLC0415 - brings in re

    return original_of(source) is not None


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of the JSON output, version 1."""
    from .sidecar import schema  # noqa: PLC0415

    return schema()
