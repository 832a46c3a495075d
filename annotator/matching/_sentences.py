"""Where the sentences of a block begin."""

from __future__ import annotations

from .._lazy import regex

# A sentence ends at . ! ? (with closing quotes or brackets) before white space and a capital, digit or
# opening quote. Possessive quantifiers and the look-behind keep this linear on runs of stops; that it looks back from
# behind the first stop lets stops be looked for as such.
_STOP = regex(rb"[.!?](?<![.!?][.!?])[.!?]*+[\"')\]]*+\s++(?=[\"'(\[]*+[A-Z0-9\xff])")
_ABBREVIATIONS = frozenset(
    b"mr mrs ms dr prof gen lt col capt sgt sen rep gov hon st no nos res para paras art arts sec secs ch pt vol fig"
    b" eg ie cf vs etc al inc ltd co corp jr sr op reg regs dec jan feb mar apr jun jul aug sep sept oct nov ca"
    b" approx est dept univ messrs supp supplement annex".split()
)
_STOPPED = 12  # bytes before a full stop in which its word is looked for


def sentence_starts(plain: bytes, fold: bytes, start: int, end: int) -> list[int]:
    """Return the offsets in ``Folded.plain`` at which the sentences of a block start, its own start first.

    ``fold`` is ``Folded.folded``.
    """
    found = [start]
    for hit in _STOP.finditer(plain, start, end):
        stop = hit.start()
        if plain[stop] == 46 and _is_abbreviation(fold, stop, start):  # a full stop
            continue
        found.append(hit.end())
    return found


def _is_abbreviation(fold: bytes, stop: int, start: int) -> bool:
    word = fold[max(start, stop - _STOPPED) + 1 : stop + 1].split(b" ")[-1]
    return word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha())
