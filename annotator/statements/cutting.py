"""Cut a sentence into tokens and chunks: by the compiled core where it is built, else in Python.

The grammar stands in ``tokenizer``, ``tagging`` and ``chunks``, and again in ``core/sentences.c``; the sets of words
that it asks for stand there only, and the core is told of them here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .. import core
from . import chunks, tagging, tokenizer
from . import words as w
from .lexicon import entries_of
from .tokens import Tokens

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from .chunks import Cut
    from .lexicon import Lexicon

# By the names that the core has for them.
_SETS: dict[str, Collection[str]] = {
    "closed": tokenizer.CLOSED, "neighbours": tokenizer.BY_NEIGHBOURS, "opener": tokenizer.OPENERS,
    "month": w.MONTHS - {"may"}, "title": [title[:-1] for title in tokenizer.TITLES],
    "calendar": (w.MONTHS | w.DAYS) - {"may"}, "number_sign": tokenizer.NUMBER_SIGNS, "no_sign": tokenizer.NO_SIGNS,
    "maker": tokenizer.MAKERS, "before_may": tokenizer.BEFORE_MAY, "hyphen": ["-"], "opening": ["("], "closing": [")"],
    "joins_numbers": tokenizer.JOINS_NUMBERS, "may": ["may"], "apostrophe": ["'"],
    "that": ["that"], "because": ["because"], "of": ["of"], "subject": ["subject"], "to": ["to"], "no": ["no"],
    "whose": ["whose"],
    "calls": ["calls"], "called": tagging.CALLED, "takes_to": tagging.TAKES_TO, "plural": tagging.PLURAL,
    "pointing": tagging.POINTING, "describing": tagging.DESCRIBING, "standing": tagging.STANDING,
    "behind_participle": tagging.BEHIND_PARTICIPLE, "cleft": tagging.CLEFT, "saying": tagging.SAYINGS,
    "few": chunks.FEW, "prefix": chunks.PREFIXES, "done": chunks.DONE, "lone": chunks.LONE, "by": ["by"],
}  # fmt: skip


_VALUES: dict[str, Collection[str]] = {"either": w.EITHER, "transitive": chunks.TRANSITIVE, "expire": ["expire"]}


def tokenize(plain: bytes, start: int, end: int, lexicon: Lexicon) -> Tokens:
    """Cut a stretch of plain text into tokens; what may be a verb or a noun is settled by its neighbours."""
    vocabulary = _vocabulary(lexicon)
    if vocabulary is None:
        return tokenizer.tokenize(plain, start, end, lexicon)
    return Tokens(*vocabulary.read(plain, start, end, False)[0])


def cut(plain: bytes, start: int, end: int, lexicon: Lexicon) -> tuple[Tokens, Cut] | None:
    """Return the tokens of a sentence and its chunks, ``None`` where it has too many words to be read as one."""
    vocabulary = _vocabulary(lexicon)
    if vocabulary is None:
        tokens = tokenizer.tokenize(plain, start, end, lexicon)
        return (tokens, chunks.cut(tokens)) if len(tokens) <= tokenizer.MOST_TOKENS else None
    found, pieces = vocabulary.read(plain, start, end, True)
    return (Tokens(*found), pieces) if pieces is not None else None


def _vocabulary(lexicon: Lexicon) -> Any:
    """Return what reads sentences in the compiled core by the words of a lexicon, ``None`` where it is not built."""
    if lexicon.compiled is False:
        lexicon.compiled = _compiled(lexicon)
    return lexicon.compiled


def _compiled(lexicon: Lexicon) -> Any:
    sentences = core.built("sentences")
    if sentences is None or sentences.tags.split() != w.NAMES:
        return None
    marks, values = _bits(sentences.marks, _SETS), _bits(sentences.values, _VALUES)
    return sentences.Vocabulary(lexicon.rows, entries_of, tokenizer.grammar, marks, values)


def _bits(names: str, sets: Mapping[str, Collection[str]]) -> dict[str, int]:
    """Return of each word a number with the bits of the sets that it is in, in the order of their names."""
    found: dict[str, int] = {}
    for n, name in enumerate(names.split()):
        for word in sets[name]:
            found[word] = found.get(word, 0) | 1 << n
    return found
