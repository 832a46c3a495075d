"""Reading sentences: who does what to whom, and whether it is asserted.

Words of a sentence become tokens (``tokenizer``, ``tagging``), tokens noun and verb groups (``chunks``), both at once
where the compiled core serves (``cutting``). These hang together in clauses (``clauses``), and roles are read off
them (``roles``). Of most sentences their words tell that there is nothing to read (``prefilter``). What the words mean
comes from vocabularies of the rules (``lexicon``); only the closed words of grammar stand in code (``words``).
Nothing here knows of law, notes or documents.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .clauses import Sentence
from .cutting import cut
from .roles import Reader

if TYPE_CHECKING:
    from .lexicon import Lexicon

__all__ = ["read"]

_LONGEST = 2500


def read(plain: bytes, start: int, end: int, lexicon: Lexicon) -> Reader | None:
    """Read one sentence of a folded text (``Folded.plain``), ``None`` for one that is too long to be read.

    ``start`` and ``end`` are offsets in ``plain``, and so are those of the statements.
    """
    if end - start > _LONGEST:
        return None
    found = cut(plain, start, end, lexicon)
    return Reader(Sentence(*found), lexicon) if found is not None else None
