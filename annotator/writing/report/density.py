"""How much of each note is shown before it is unfolded, so that the notes stay near the article they stand beside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import timeline as times

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...model import Annotation, Document, Run
    from .article import Numbered

# What the style sheet makes of them on a wide screen, in pixels and letters.
_ARTICLE_LINE, _ARTICLE_LETTERS = 30, 66
_CARD_LINE, _CARD_LETTERS, _CARD_FRAME = 20, 44, 38
_PICTURE_GAP = 4
_MOST_LINES = 3
_SHARE = 1.4  # of the article's height that the notes may have together; the report promises 1.5


def density(document: Document, annotations: Sequence[Annotation], numbered: Numbered, run: Run) -> str:
    """Return the name of what fits: lines of time too (``full``), sentences only (``dense``), or their first lines.

    ``tight`` are notes of one line. It is a guess from the lengths of texts, the same for the same article.
    """
    blocks = document.layout.blocks
    shown = sum(
        -(-(one.end - one.start) // _ARTICLE_LETTERS) * _ARTICLE_LINE for one in blocks if one.kind != "furniture"
    )
    sentences = pictures = frames = 0
    for checks in (True, False):
        for one in numbered.cards(annotations, run.timelines, checks=checks):
            lines = min(-(-len(one.note.text) // _CARD_LETTERS), _MOST_LINES)
            sentences += lines * _CARD_LINE
            frames += _CARD_FRAME
            if one.timeline is not None:
                pictures += times.height(one.timeline) + _PICTURE_GAP
    if frames + sentences + pictures <= shown * _SHARE:
        return "full"
    return "dense" if frames + sentences <= shown * _SHARE else "tight"
