"""Find the mentions of a rulebook's rules in a document, each with its evidence.

One pass of the automaton over the folded text tells where any rule could fire; all that costs more
(phrase forms, patterns, context, spaCy) runs around those places only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..folding import Folded
from ._gate import Gate

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..model import Document, Mention
    from ..rulebook import Rulebook

__all__ = ["match"]


def match(
    document: Document,
    rulebook: Rulebook,
    *,
    everything: bool = False,
    selected: Callable[[str], bool] | None = None,
    model: Any = None,
) -> list[Mention]:
    """Return the mentions in a document, ordered by start, then end.

    With ``everything`` also what was ruled out (``Mention.ruled_out`` says why). ``selected`` keeps
    rules by id. ``model`` is a spaCy pipeline for token rules, else a blank one is made when a token
    rule could fire. Offsets are code points of ``document.text``. Raises ``MissingExtraError`` when a
    token rule needs spaCy and it is not installed.
    """
    folded = Folded(document.text)
    table = rulebook.triggers
    hits = table.hits(folded)
    scripts = folded.letters and bool(table.scripts)
    if not hits and not scripts:
        return []
    cue_hits = None
    able = None
    if not everything:
        gate = Gate(rulebook, folded, hits)
        hits, able, cue_hits = gate.hits, gate.able, gate.cue_hits
        if not hits and not scripts:
            return []
    from ._find import Finder  # noqa: PLC0415 - most documents end above

    finder = Finder(document, rulebook, folded, selected=selected, model=model, able=able, cue_hits=cue_hits)
    return finder.find(hits, everything=everything)
