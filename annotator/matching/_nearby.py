"""What can be told of the conditions of a rule from the words around a place, before the document is laid out."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ..folding import Folded
    from ..rulebook import Form, Rulebook
    from ..statements.roles import Reader
    from ..statements.statement import Statement

_WORD = 40  # characters looked at for each word; words of rules are shorter
_EMPTY_LINE = "\n\n"
_WORDS, _SLOT = 0, 2  # kinds of elements of a form
_MOST_READ = 64  # sentences of a text that are read for it to end here
_NEAR = frozenset({"sentence", "paragraph"})
# What may part a line, or not count at its edges; see ``reading.text``.
_GLUED = ("opyright", "eserved", "ext Post")
_UNSEEN = "\ufeff\u200b"


class _Place(NamedTuple):
    """Where words of a phrase stand, offsets of ``Folded.plain``.

    ``whole`` tells that these are all of it, ``one`` that all of it stands in one sentence.
    """

    start: int
    end: int
    whole: bool
    one: bool


def word_beside(condition: dict[str, Any], fold: bytes, low: int, high: int, start: int, end: int) -> str:
    """Return the first of a condition's words that stands before or behind a place, empty if none does.

    ``fold`` is ``Folded.folded``, the rest are offsets of ``Folded.plain``: ``low`` and ``high`` are as far as is
    looked, ``start`` and ``end`` those of the place.
    """
    within: int = condition["within"]
    longest: int = condition["longest"]
    reach = _WORD * (within + longest)
    most = within + longest - 1
    before = "before" in condition
    if before:
        near = fold[max(low, start - reach) + 1 : start + 1].rsplit(None, most)[-most:]
        last = len(near)
    else:
        near = fold[end + 1 : min(high, end + reach) + 1].split(None, most)[:most]
        last = min(within, len(near))
    begun = _by_beginning(condition)
    best = -1
    for at in range(last):
        for place, words in begun.get(near[at], ()):
            # Of more words than one the nearest must stand within reach.
            count = len(words)
            if near[at : at + count] != words or (before and at + count + within <= len(near)):
                continue
            if not 0 <= best < place:
                best = place
    return "" if best < 0 else str(condition["before" if before else "after"][best])


def _by_beginning(condition: dict[str, Any]) -> dict[bytes, list[tuple[int, list[bytes]]]]:
    """Return a condition's words, each with its place in their list, by the first of them; kept with it."""
    found: dict[bytes, list[tuple[int, list[bytes]]]] | None = condition.get("by beginning")
    if found is None:
        found = {}
        for place, text in enumerate(condition["before" if "before" in condition else "after"]):
            words = text.encode("latin-1", "replace").split(b" ")
            found.setdefault(words[0], []).append((place, words))
        condition["by beginning"] = found
    return found


class Sieve:
    """Tells of phrases that stand in a text whether their rules certainly do not hold there."""

    __slots__ = (
        "_folded",
        "_paragraph",
        "_parted",
        "_rulebook",
        "_starts",
        "_starts_of",
        "_text",
        "_words",
        "readers",
    )

    def __init__(
        self,
        rulebook: Rulebook,
        folded: Folded,
        parted: str | None,
        starts_of: Callable[[int], Sequence[int] | None],
    ) -> None:
        """Take a folded text; ``parted`` is the text itself where no paragraph of it goes over an empty line.

        ``starts_of`` tells where words of cues of a context start, as `Hits.cue_starts` does.
        """
        self._rulebook = rulebook
        self._folded = folded
        self._text = "" if parted is None else parted
        self._parted = parted is not None
        self._starts_of = starts_of
        # Where the paragraph that was looked at last begins and ends in the text, none so far; and where its sentences
        # begin and the last of them ends, none where it is not plainly one block.
        self._paragraph = (0, -1)
        self._starts: list[int] | None = None
        self._words: tuple[tuple[int, int], frozenset[bytes]] = ((0, 0), frozenset())  # of the last sentence
        # The sentences that were read, by where they start and end.
        self.readers: dict[tuple[int, int], Reader] = {}

    def refuses(self, form: Form, start: int, end: int, *, whole: bool) -> bool:
        """Tell whether the rule of a form of which words stand between two offsets needs what certainly is not there.

        ``whole`` tells that these are all words of the form.
        """
        rule = self._rulebook.rule(form.owner)
        if form.role not in "pn" or "named" in rule:
            return False  # more may belong to the mention than the form
        # What stands before the first word of a phrase with signs is its own, and may begin a sentence before.
        near = _Place(start, end, whole and not form.edges, not form.edges)
        needs = rule.get("needs", ())
        return (
            any(self._fails(condition, near) for condition in needs if "statement" not in condition)
            or (near.one and not whole and self._lacks_part(form, near))
            or any(self._fails(condition, near) for condition in needs if "statement" in condition)
        )

    def _lacks_part(self, form: Form, near: _Place) -> bool:
        """Tell whether words or cues that a form is made of certainly do not stand in its sentence."""
        where = self._sentence_of(near)
        if where is None:
            return False
        if self._words[0] != where:
            self._words = where, frozenset(self._folded.folded[where[0] + 1 : where[1] + 1].split())
        words = self._words[1]
        for kind, wanted, *_ in form.elements:
            if kind == _WORDS and type(wanted) is dict and words.isdisjoint(wanted):
                return True
            if kind == _SLOT:
                contexts = self._rulebook.contexts_of(wanted)
                if self._has_no_cue(contexts, where[0] - 2 * _WORD, where[1]):
                    return True
        return False

    def _fails(self, condition: dict[str, Any], near: _Place) -> bool:
        if "any" in condition:
            return all(self._fails(one, near) for one in condition["any"])
        if "statement" in condition:
            return near.whole and self._is_not_said(condition["statement"], near)
        if "topic" in condition:
            return False
        if "context" not in condition:
            fold, start, end = self._folded.folded, near.start, near.end
            return (
                near.whole and "signed" not in condition and not word_beside(condition, fold, 0, len(fold), start, end)
            )
        within = condition["within"]
        if not self._parted or not (isinstance(within, int) or within in _NEAR):
            return False
        first, last = (within == "sentence" and near.one and self._sentence_of(near)) or self._paragraph_of(near)
        return self._has_no_cue(condition["context"], first, last)

    def _has_no_cue(self, contexts: Iterable[int], first: int, last: int) -> bool:
        """Tell whether certainly no cue of some contexts starts between two offsets."""
        for context in contexts:
            starts = self._starts_of(context)
            if starts is None:
                return False
            index = bisect_left(starts, first)
            if index < len(starts) and starts[index] < last:
                return False
        return True

    def _paragraph_of(self, near: _Place) -> tuple[int, int]:
        """Return where the paragraph begins and ends that holds a place, with the empty lines around it."""
        folded, text = self._folded, self._text
        begin, stop = folded.to_text(near.start), folded.end_in_text(near.end)
        low, high = self._paragraph
        if not (low + len(_EMPTY_LINE) <= begin and stop <= high):
            low, high = text.rfind(_EMPTY_LINE, 0, begin), text.find(_EMPTY_LINE, stop)
            high = len(text) if high < 0 else high
            self._paragraph, self._starts = (max(0, low), high), None
        return folded.from_text(max(0, low)), folded.from_text(high)

    def _sentence_of(self, near: _Place) -> tuple[int, int] | None:
        """Return where the sentence begins and ends that holds a place, ``None`` unless its paragraph is one line."""
        if not self._parted:
            return None
        self._paragraph_of(near)
        if self._starts is None:
            self._starts = self._sentences(*self._paragraph)
        index = bisect_right(self._starts, near.start)
        return (self._starts[index - 1], self._starts[index]) if 0 < index < len(self._starts) else None

    def _sentences(self, low: int, high: int) -> list[int]:
        """Return where the sentences of a paragraph begin, and the last ends; none unless it is plainly one block."""
        from ._sentences import sentence_starts  # most texts end before

        text, folded = self._text, self._folded
        line = text[low:high].strip()
        if (
            len(line.splitlines()) != 1
            or line[0] in _UNSEEN
            or line[-1] in _UNSEEN
            or any(one in line for one in _GLUED)
        ):
            return []
        start = text.index(line, low)
        first, last = folded.from_text(start), folded.from_text(start + len(line))
        return [*sentence_starts(folded.plain, folded.folded, first, last), last]

    def _is_not_said(self, wanted: dict[str, Any], near: _Place) -> bool:
        """Tell whether the sentence of a place certainly does not say what a condition asks for."""
        where = self._sentence_of(near)
        if where is None or len(self.readers) == _MOST_READ:
            return False
        from ..statements import read  # most texts end before
        from ._saying import cannot_say, may_carry

        reader = self.readers.get(where)
        if reader is None:
            reader = read(self._folded.plain, *where, self._rulebook.lexicon)
            if reader is None:
                return False  # it is read in parts
            self.readers[where] = reader

        def carries_target(own: Statement) -> bool:
            return self._may_be_item() or may_carry(own, reader)

        return cannot_say(wanted, reader.at(near.start, near.end), carries_target)

    def _may_be_item(self) -> bool:
        """Tell whether the paragraph that was looked at last may be an item of a list: it does not begin as a word."""
        low, high = self._paragraph
        line = self._text[low:high].lstrip()
        return not line[:1].isalpha() or line[1:2] == ")"
