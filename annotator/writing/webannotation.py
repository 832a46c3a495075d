"""W3C Web Annotation beside the article: one collection of annotations as JSON-LD.

Follows the Web Annotation Data Model (https://www.w3.org/TR/annotation-model/).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from .._version import __version__
from . import wording
from .places import media_type, name_of, sound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..model import Annotation, Document, Run

_AROUND = 32
_MOST_AROUND = 1024
_UNSEEN = 128
_ENOUGH = 1 << 29


def render(document: Document, annotations: Sequence[Annotation], run: Run) -> bytes:
    """Return one JSON-LD object on one line, in ASCII: an AnnotationCollection with its only page in it.

    The target of each annotation has two selectors, each of which alone leads to the mention in the text: a
    position in code points, and a quotation with as much around it as makes it unique, as far as that goes.
    The source is named by its content, which is valid wherever the file lies, and labelled with its path as given.
    Names of annotations are made of the article's content, the rule and the place, and so always the same.
    """
    text = document.text
    about = name_of(document)
    kind = media_type(document)
    source = {"id": about, "type": "Text"}
    if kind:
        source["format"] = kind
    if document.path:
        source["label"] = sound(document.path)
    quotes = _Quotes(text)
    items = []
    for number, annotation in enumerate(annotations, 1):
        items.append(
            {
                "id": _name(about, f"{number}/{annotation.rule}/{annotation.start}-{annotation.end}"),
                "type": "Annotation",
                "motivation": "assessing" if annotation.kind == "claim" else "commenting",
                "generator": {"type": "Software", "name": f"sanctions-annotator {__version__}"},
                "body": list(_bodies(annotation)),
                "target": {
                    "source": source,
                    "selector": [
                        {
                            "type": "TextQuoteSelector",
                            "exact": text[annotation.start : annotation.end],
                            **quotes.around(annotation.start, annotation.end),
                        },
                        {"type": "TextPositionSelector", "start": annotation.start, "end": annotation.end},
                        *_pages(document, annotation),
                    ],
                },
            }
        )
    origin = f" ({run.as_of_from})" if run.as_of_from else ""
    origin += f", placed: {run.policy}" if run.policy else ""
    collection: dict[str, Any] = {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": _name(about, "collection"),
        "type": "AnnotationCollection",
        "label": f"Notes on sanctions law as of {run.as_of}{origin}; rules {run.digest[:16]}",
        "total": len(items),
    }
    if items:
        collection["first"] = {
            "id": _name(about, "page"),
            "type": "AnnotationPage",
            "partOf": collection["id"],
            "startIndex": 0,
            "items": items,
        }
    return json.dumps(collection).encode("ascii")


def _pages(document: Document, annotation: Annotation) -> list[dict[str, str]]:
    """Return the selector of the page that a mention begins on (RFC 3778), where there are pages."""
    if document.pages is None:
        return []
    page = document.pages.at(annotation.start)[0]
    return [{"type": "FragmentSelector", "conformsTo": "http://tools.ietf.org/rfc/rfc3778", "value": f"page={page}"}]


def _bodies(annotation: Annotation) -> Any:
    purpose = "assessing" if annotation.kind == "claim" else "commenting"
    for note in annotation.notes:
        first, below = wording.lines(note)
        yield {
            "type": "TextualBody",
            # There is no list of sources for a whole article here, so each note names its own.
            "value": "\n".join((first, *below, *wording.instruments([note]))),
            "format": "text/plain",
            "language": "en",
            "purpose": purpose,
        }
    yield {"type": "TextualBody", "value": annotation.kind, "format": "text/plain", "purpose": "tagging"}


class _Quotes:
    """What to quote around mentions so that each quotation is found at one place only.

    To see that, the text is looked through; that stops when it has cost enough, so that a long text with
    many mentions takes no longer than its length warrants. From then on the surroundings are longer instead.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._left = _ENOUGH

    def around(self, start: int, end: int) -> dict[str, str]:
        """Return the prefix and the suffix for a mention."""
        text = self._text
        size = _AROUND
        while size < _MOST_AROUND:
            if self._left <= 0:
                size = max(size, _UNSEEN)
                break
            first = max(start - size, 0)
            quoted = text[first : end + size]
            self._left -= len(text)
            if text.find(quoted) == first and text.find(quoted, first + 1) < 0:
                break
            size *= 2
        return {"prefix": text[max(start - size, 0) : start], "suffix": text[end : end + size]}


def _name(about: str, part: str) -> str:
    from uuid import NAMESPACE_URL, uuid5  # slow to import

    return uuid5(NAMESPACE_URL, f"{about}#{part}").urn
