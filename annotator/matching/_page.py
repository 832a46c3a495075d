"""One document laid out for matching: folded text, blocks, words, sentences and context cues.

Everything is worked out when first asked for, since most documents hold no mention. Offsets here are
those of ``Folded.plain``; ``Page.to_text`` leads to code points of the document.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from itertools import accumulate, compress
from operator import add
from typing import TYPE_CHECKING, Any, NamedTuple

from .._lazy import regex
from ..automaton import pieces
from ..folding import without_unseen
from ._cuelist import Cue, Cues
from ._scripts import ScriptHit, scripts_of
from ._sentences import sentence_starts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ..folding import Folded
    from ..model import Document
    from ..rulebook import Rulebook
    from ..statements.roles import Reader

_QUOTE = regex(rb'"')
# After a cue and a hyphen, or in "made in Russia": where a thing comes from, or who is behind a group.
_MADE = frozenset(
    b"made built produced manufactured assembled designed style based backed supported supplied"
    b" language speaking".split()
)


_FLOWING = frozenset({"paragraph", "heading"})
_ENDING = frozenset({b".", b"!", b"?", b":", b";", b""})
_LONGEST_RUN = 8
_PAGE_DIGITS = 3  # of the number of a page that stands in a line of its own
_LONGEST_CUE = 60
_PIECE = 1 << 14  # bytes whose words are looked for together
_MOST_KEPT = 250_000  # words whose places are remembered
_MOST_BLOCKS = 10_000  # blocks of which it is remembered where their sentences begin, and where their text goes on


class Tokens(NamedTuple):
    """The words of a block: start and end offsets in ``plain``."""

    starts: array[int]
    ends: array[int]


class Page:
    """A document under matching."""

    def __init__(
        self,
        document: Document,
        rulebook: Rulebook,
        folded: Folded,
        find_cues: Callable[[Page, str], Cues],
        cue_starts: Callable[[int], Sequence[int] | None],
        readers: Mapping[tuple[int, int], Reader] | None = None,
    ) -> None:
        """Lay out a document; ``find_cues`` is called with it when cues are first asked for, as `cues` is asked.

        ``cue_starts`` tells where words of cues of a context start (`Hits.cue_starts`); ``readers`` are those of
        sentences that were read already, by their start and end.
        """
        self._cue_starts = cue_starts
        self.readers = readers or {}
        self.document = document
        self.rulebook = rulebook
        self.folded = folded
        self.fold = folded.folded
        self._find_cues = find_cues
        self.plain = folded.plain
        layout = document.layout
        place = folded.from_text
        self.blocks = layout.blocks
        self.block_starts = [place(block.start) for block in layout.blocks]
        self.block_ends = [place(block.end) for block in layout.blocks]
        self.protected_starts = [place(span.start) for span in layout.protected]
        self.protected_ends = [place(span.end) for span in layout.protected]
        self._tokens: dict[tuple[int, int], Tokens] = {}
        self._kept = 0
        self.place: Any = None  # where forms were tried last; see ``_forms``
        self._runs: dict[int, tuple[int, int]] = {}
        self._sentences: dict[int, list[int]] = {}
        self._quotes: dict[int, list[int]] = {}
        self._words: dict[tuple[int, int], set[str]] = {}
        self._cues: dict[str, Cues] = {}
        self._near: Cues | None = None
        # By the identity of a list of contexts, which is kept with it: those that may have cues here, and where.
        self._present: dict[int, tuple[list[int], list[tuple[int, Sequence[int]]]]] = {}
        self._groups: dict[str, Cues] = {}
        self._script_hits: dict[bytes, list[ScriptHit]] = {}
        self._ranges: dict[tuple[str, int], tuple[int, int]] = {}
        self._headings: dict[tuple[str, int], tuple[int, int] | None] = {}
        (
            self.context_names,
            self.context_groups,
            self.context_attached,
            self.context_jurisdictions,
            self.context_labels,
        ) = rulebook.contexts

    # -- layout ---------------------------------------------------------------------------------

    def block_at(self, offset: int) -> int:
        """Return the index of the block that holds ``offset``, -1 if none does."""
        index = bisect_right(self.block_starts, offset) - 1
        return index if index >= 0 and offset < self.block_ends[index] else -1

    def article_at(self, offset: int) -> int:
        """Return the number of the article that holds an offset in the text, -1 where no block does."""
        block = self.block_at(self.folded.from_text(offset))
        return self.blocks[block].article if block >= 0 else -1

    def live(self, block: int) -> bool:
        """Tell whether a block may give notes and lend context."""
        return block >= 0 and self.blocks[block].kind != "furniture"

    def is_protected(self, start: int, end: int) -> bool:
        """Tell whether a span touches a protected one."""
        index = bisect_left(self.protected_ends, start + 1)
        return index < len(self.protected_starts) and self.protected_starts[index] < end

    def run_of(self, block: int) -> tuple[int, int]:
        """Return the first and last block of the run that a phrase may cross.

        Blocks parted by one line break only, the first not ending a sentence, may be one sentence that
        someone wrapped: the reader tells headings and short lines from wrapping by rules of thumb, and a
        phrase that stands on both sides of the break is better evidence.
        """
        found = self._runs.get(block)
        if found is None:
            first = last = block
            while first > 0 and last - first < _LONGEST_RUN and self._goes_on(first - 1):
                first -= 1
            while last + 1 < len(self.blocks) and last - first < _LONGEST_RUN and self._goes_on(last):
                last += 1
            if len(self._runs) >= _MOST_BLOCKS:
                self._runs.clear()
            found = self._runs[block] = (first, last)
        return found

    def _goes_on(self, block: int) -> bool:
        """Tell whether the text of a block may go on in the next."""
        between = self.document.text[self.blocks[block].end : self.blocks[block + 1].start]
        if between == "\n\n" or not self._flows(block) or not self._flows(block + 1):
            return False
        return (
            between.count("\n") + between.count("\r") - between.count("\r\n") == 1
            and self.plain[self.block_ends[block] - 1 : self.block_ends[block]] not in _ENDING
        )

    def _flows(self, block: int) -> bool:
        """Tell whether a block is running text, or the number of a page that stands within it."""
        kind = self.blocks[block].kind
        if kind in _FLOWING:
            return True
        start, end = self.block_starts[block], self.block_ends[block]
        return kind == "furniture" and end - start <= _PAGE_DIGITS and self.plain[start:end].isdigit()

    def tokens(self, block: int) -> Tokens:
        """Return the words of a block, and of those that its text may run on from or into."""
        first, last = self.run_of(block)
        found = self._tokens.get((first, last))
        if found is None:
            # One blank stands before ``fold``; nothing but words and blanks is in it.
            at, stop = self.block_starts[first], self.block_ends[last]
            starts, ends = array("I"), array("I")  # a tenth of what lists of numbers take
            while at < stop:
                cut = self.fold.find(b" ", at + _PIECE, stop + 1) - 1
                end = stop if cut < 0 else cut
                lengths = [*map(len, self.fold[at + 1 : end + 1].split(b" "))]
                begins = array("I", compress(accumulate(map((1).__add__, lengths), initial=at), lengths))
                starts += begins
                ends.extend(map(add, begins, compress(lengths, lengths)))
                at = end + 1
            self._kept += len(starts)
            if self._kept > _MOST_KEPT:
                # A very long document: what is needed again is worked out again.
                self._tokens.clear()
                self._words.clear()
                self._kept = len(starts)
            found = self._tokens[first, last] = Tokens(starts, ends)
        return found

    def reach(self, block: int, offset: int) -> tuple[int, int]:
        """Return the sentence that holds ``offset``, with what it may run on from or into."""
        start, end = self.sentence(block, offset)
        first, last = self.run_of(block)
        here = block
        while here > first and start == self.block_starts[here]:
            here -= 1
            start = self.sentences(here)[-1]
        here = block
        while here < last and end == self.block_ends[here]:
            here += 1
            end = self.sentence(here, self.block_starts[here])[1]
        return start, end

    def sentences(self, block: int) -> list[int]:
        """Return the offsets at which a block's sentences start, the block's start first."""
        found = self._sentences.get(block)
        if found is None:
            start, end = self.block_starts[block], self.block_ends[block]
            found = sentence_starts(self.plain, self.fold, start, end)
            if len(self._sentences) >= _MOST_BLOCKS:
                self._sentences.clear()
                self._quotes.clear()
            self._sentences[block] = found
        return found

    def quotes(self, block: int) -> list[int]:
        """Return where a block's quotation marks stand."""
        found = self._quotes.get(block)
        if found is None:
            start, end = self.block_starts[block], self.block_ends[block]
            found = self._quotes[block] = [hit.start() for hit in _QUOTE.finditer(self.plain, start, end)]
        return found

    def is_quoted(self, block: int, start: int) -> bool:
        """Tell whether a place stands inside quotation marks of its paragraph."""
        return bisect_left(self.quotes(block), start) % 2 == 1

    def sentence(self, block: int, offset: int) -> tuple[int, int]:
        """Return start and end of the sentence that holds ``offset``."""
        starts = self.sentences(block)
        index = max(0, bisect_right(starts, offset) - 1)
        end = starts[index + 1] if index + 1 < len(starts) else self.block_ends[block]
        return starts[index], end

    def sentence_words(self, start: int, end: int) -> set[str]:
        """Return the folded words of a sentence."""
        found = self._words.get((start, end))
        if found is None:
            found = self._words[start, end] = set(self.fold[start + 1 : end + 1].decode("latin-1").split())
        return found

    def range(self, level: str, block: int, offset: int) -> tuple[int, int]:
        """Return the stretch of text that ``level`` means around a place: sentence to article."""
        if level == "sentence":
            return self.sentence(block, offset)
        if level == "paragraph":
            return self.block_starts[block], self.block_ends[block]
        key = (level, self.blocks[block].section if level == "section" else self.blocks[block].article)
        found = self._ranges.get(key)
        if found is None:
            number = key[1]

            def same(index: int) -> bool:
                other = self.blocks[index]
                return (other.section if level == "section" else other.article) == number

            first = last = block
            while first > 0 and same(first - 1):
                first -= 1
            while last + 1 < len(self.blocks) and same(last + 1):
                last += 1
            found = self._ranges[key] = (self.block_starts[first], self.block_ends[last])
        return found

    def heading(self, level: str, block: int, offset: int) -> tuple[int, int] | None:
        """Return the span of the heading of a place's section, or of its article's headline."""
        number = self.blocks[block].section if level == "section" else self.blocks[block].article
        key = (level, number)
        if key not in self._headings:
            self._headings[key] = self._find_heading(level, *self.range(level, block, offset))
        return self._headings[key]

    def _find_heading(self, level: str, start: int, end: int) -> tuple[int, int] | None:
        index = bisect_left(self.block_starts, start)
        while index < len(self.blocks) and self.block_starts[index] < end:
            if self.blocks[index].kind == "heading":
                return self.block_starts[index], self.block_ends[index]
            if level == "section" and self.blocks[index].kind != "furniture":
                return None
            index += 1
        return None

    def misplaced(self, start: int, end: int, block: int) -> str:
        """Return why no mention may stand at a place, empty if one may."""
        if not self.live(block):
            return "in site furniture (navigation, tags, related posts, credits)"
        if end > self.block_ends[self.run_of(block)[1]]:
            return "runs over the end of the paragraph"
        if self.protected_starts and self.is_protected(start, end):
            return "in code, a link target or other protected text"
        return ""

    def to_text(self, offset: int) -> int:
        """Return the code-point offset in the document for an offset in ``plain``."""
        return self.folded.to_text(offset)

    def end_in_text(self, offset: int) -> int:
        """Return the code-point offset in the document where what ends at an offset in ``plain`` ends."""
        return self.folded.end_in_text(offset)

    def words_between(self, left: int, right: int) -> list[bytes]:
        """Return the folded words between two offsets (a long way is cut short)."""
        return self.fold[left + 1 : min(right, left + 4000) + 1].split()

    # -- contexts -------------------------------------------------------------------------------

    def cues(self, peers: str) -> Cues:
        """Return the cues in live, unprotected text of those contexts that may take a place from one another.

        ``peers`` is their group, or the name of a context without one. They are in order, the longest first.
        """
        found = self._cues.get(peers)
        if found is None:
            found = self._cues[peers] = self._find_cues(self, peers)
            self.place = None
        return found

    def cues_at(self, slot: str, offset: int, *, end: bool = False) -> list[Cue]:
        """Return the cues that a slot may take which start at an offset, or end there, the longest first."""
        group = slot.startswith("*")
        peers = slot[1:] if group else self.rulebook.peers_of(slot)
        cues = self.cues(peers)
        found = cues.ending(offset) if end else cues.starting(offset)
        if not found:
            return found
        if group:
            return [cue for cue in found if self.context_groups[cue.context] == peers and self.names_party(cue)]
        return [cue for cue in found if self.context_names[cue.context] == slot]

    def script_hits(self, entries: bytes) -> list[ScriptHit]:
        """Return where phrases in other scripts stand; ``entries`` are those of a form table."""
        if not entries or not self.folded.letters:
            return []
        found = self._script_hits.get(entries)
        if found is not None:
            return found
        scripts, text = scripts_of(entries), self.document.text
        found = self._script_hits[entries] = []
        for low, high, first, last in pieces(len(text)):
            part, shift = without_unseen(text[low:high])
            for hit in scripts.find(part):
                start, end = (hit.start, hit.end) if shift is None else (shift.back(hit.start), shift.end(hit.end))
                if first <= low + start < last:
                    found.append(hit._replace(start=low + start, end=low + end))
        return found

    def names_party(self, cue: Cue) -> bool:
        """Tell whether a cue names a party to the matter: not "Russian-made", "made in Russia", "Iranian-backed"."""
        if self.plain[cue.end : cue.end + 1] == b"-":
            return self.fold[cue.end + 2 : cue.end + 16].split(b" ", 1)[0] not in _MADE
        before = self.fold[max(0, cue.start - 20) + 1 : cue.start + 1].split()
        return not (before[-1:] == [b"in"] and before[-2:-1] and before[-2] in _MADE)

    def group(self, name: str) -> Cues:
        """Return the cues of a group's contexts, in order."""
        found = self._groups.get(name)
        if found is None:
            contexts = frozenset(n for n, group in enumerate(self.context_groups) if group == name)
            found = self._groups[name] = self.cues(name).of_contexts(contexts)
        return found

    def group_between(self, name: str, start: int, end: int) -> list[Cue]:
        """Return the cues of a group that start in a stretch of text."""
        cues = self.group(name)
        return cues[bisect_left(cues.starts, start) : bisect_left(cues.starts, end)]

    def group_around(self, name: str, start: int, end: int, offset: int, most: int) -> list[Cue]:
        """Return the cues of a group that start in a stretch of text, at most ``most`` on either side of ``offset``."""
        cues = self.group(name)
        middle = bisect_left(cues.starts, offset)
        low, high = max(0, middle - most), min(len(cues), middle + most)
        return cues[bisect_left(cues.starts, start, low, high) : bisect_left(cues.starts, end, low, high)]

    def group_index(self, name: str, offset: int) -> int:
        """Return the index in ``group(name)`` of the first cue that starts at ``offset`` or later."""
        return bisect_left(self.group(name).starts, offset)

    def cues_near(self, offset: int) -> list[Cue]:
        """Return the cues that start a little before ``offset`` or at it."""
        if self._near is None:
            self._near = Cues.merged(map(self.cues, self.rulebook.peers))
        starts = self._near.starts
        return self._near[bisect_left(starts, offset - _LONGEST_CUE) : bisect_right(starts, offset)]

    def context_in(self, contexts: list[int], start: int, end: int) -> Cue | None:
        """Return a cue of one of ``contexts`` that stands in a stretch of text, if there is one."""
        present = self._present.get(id(contexts))
        if present is None or present[0] is not contexts:
            seen = [(one, self._cue_starts(one)) for one in contexts]
            may = [(one, self._spans(one)[0] if starts is None else starts) for one, starts in seen]
            present = self._present[id(contexts)] = contexts, [one for one in may if one[1]]
        for context, starts in present[1]:
            index = bisect_left(starts, start)
            if index == len(starts) or starts[index] >= end:
                continue  # most end here, and their cues need not be found
            starts, ends = self._spans(context)  # noqa: PLW2901 - of those that stand
            index = bisect_left(starts, start)
            if index < len(starts) and ends[index] <= end:
                return Cue(starts[index], ends[index], context)
        return None

    def _spans(self, context: int) -> tuple[Sequence[int], Sequence[int]]:
        """Return where the cues of a context start and end."""
        return self.cues(self.context_groups[context] or self.context_names[context]).of_context(context)
