"""What the sentences of a page say, read when a rule asks, and what is carried over from one sentence to the next.

Carried over is only what is certain: within a paragraph by a word that refers back ("it", "the bloc", "the measures",
"its"), from the lead-in of a list, and from a headline on the same target. Anything else stays unknown.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from ..statements import read
from ..statements.prefilter import may_state
from ..statements.roles import Reader
from ..statements.statement import Role, Statement
from ..statements.words import COMMON
from ._saying import REFERRING, may_carry, means_country, names_author_alone, only_one_meant

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..statements.lexicon import Lexicon
    from ._page import Page

_SENTENCES_LOOKED = 40
_SOLE = "the article's only author"
_SHORT_ARTICLE = 6000  # bytes
_OFTEN = 2  # statements of one author on one country, before all of an article is taken for theirs
_SENTENCES_BACK = 6
_WINDOW = 1200  # bytes of a sentence too long to be read as one
_ENOUGH_WORDS = 40
# Sentences, and statements with theirs, that stay read: an article has fewer, and a book need not fit in memory.
_KEPT = 1024

_Key = TypeVar("_Key")
_Read = TypeVar("_Read")


class Statements:
    """The statements of one page. Offsets are those of ``page.plain``."""

    def __init__(self, page: Page, lexicon: Lexicon, voice: str = "") -> None:
        self.page = page
        self.lexicon = lexicon
        self.voice = voice  # the actor who says "we"
        self._readers: dict[int, Reader | None] = {}
        self._windows: dict[int, Reader | None] = {}
        self._edges: dict[int, list[int]] = {}
        self._foreign: dict[int, bool] = {}
        self._by_sentence: dict[int, list[Statement]] = {}
        self._last: tuple[tuple[int, int], Reader | None] = (-1, -1), None
        self._kept: dict[tuple[int, int], Statement | None] = {}
        self._sole: dict[int, tuple[str, str] | None] = {}  # by article
        self._before_lists: dict[int, int] = {}  # of each item, the block before its list

    def at(self, start: int, end: int, block: int) -> Statement | None:
        """Return the statement that a mention makes or stands in, with what is carried over; ``None`` if none."""
        key = (start, end)
        if key not in self._kept:
            _keep(self._kept, key, self._at(start, end, block))
        return self._kept[key]

    def is_known(self, start: int, end: int) -> bool:
        """Tell whether the statement of a mention was read with what is carried over."""
        return (start, end) in self._kept

    def may_act(self, start: int, end: int, block: int, acts: Sequence[str]) -> bool:
        """Tell whether the statement that a mention makes or stands in may say one of some acts."""
        reader = self.reader(block, start)
        return reader is not None and reader.may_act(start, end, acts)

    def own(self, start: int, end: int, block: int) -> Statement | None:
        """Return the statement that a mention makes or stands in by its own sentence, ``None`` if none."""
        reader = self.reader(block, start)
        return reader.at(start, end) if reader is not None else None

    def may_carry_target(self, own: Statement, block: int, start: int) -> bool:
        """Tell whether a target may be carried over to a statement whose own sentence names none."""
        if self.page.blocks[block].kind == "item":
            return True
        reader = self.reader(block, start)
        if reader is not None and may_carry(own, reader):
            return True
        return not own.authority.actors and self._sole_author(self.page.blocks[block].article) is not None

    def _at(self, start: int, end: int, block: int) -> Statement | None:
        reader = self.reader(block, start)
        found = reader.at(start, end) if reader is not None else None
        if reader is None or found is None:
            return None
        if not found.authority.actors and found.authority.how != "another":
            found = found._replace(authority=self._carried(found, block, start))
        if not found.target.actors and found.authority.how != "another":
            target = self._carried_target(found, reader, block, start)
            if target.actors:
                found = found._replace(target=target, named=False)
        return found

    def reader(self, block: int, offset: int) -> Reader | None:
        """Return the reader of the sentence that holds an offset, ``None`` for one that is too long to be read."""
        at, found = self._last  # the same is asked again and again
        if at != (block, offset):
            found = self._reader(block, offset)
            self._last = (block, offset), found
        return found

    def _reader(self, block: int, offset: int) -> Reader | None:
        start, end = self.page.sentence(block, offset)
        if start in self._edges:
            return self._in_window(start, end, offset)
        if start not in self._readers:
            found = None
            if not self._is_foreign(block):
                known = self.page.readers.get((start, end))
                # A reader remembers what it was asked first, so that of the sentence is a new one.
                found = (
                    read(self.page.plain, start, end, self.lexicon) if known is None else Reader(known.s, self.lexicon)
                )
                if found is None:
                    return self._in_window(start, end, offset)
            _keep(self._readers, start, found)
        return self._readers[start]

    def _in_window(self, start: int, end: int, offset: int) -> Reader | None:
        """Return the reader of the part of a long sentence that holds an offset; no role crosses its edges."""
        if start not in self._edges:
            edges = [start]
            while edges[-1] + _WINDOW < end:
                low, high = edges[-1] + _WINDOW // 2, edges[-1] + _WINDOW
                cuts = (self.page.plain.rfind(mark, low, high) for mark in (b";", b",", b" "))
                edges.append(next((cut + 1 for cut in cuts if cut >= 0), high))
            self._edges[start] = edges
        edges = self._edges[start]
        n = max(bisect_right(edges, offset) - 1, 0)
        edge, last = edges[n], edges[n + 1] if n + 1 < len(edges) else end
        if edge not in self._windows:
            _keep(self._windows, edge, read(self.page.plain, edge, last, self.lexicon))
        return self._windows[edge]

    def is_whole(self, block: int, offset: int) -> bool:
        """Tell whether the sentence that holds an offset, which was read before, was short enough to be read whole."""
        return self.page.sentence(block, offset)[0] not in self._edges

    def _is_foreign(self, block: int) -> bool:
        """Tell whether a block is hardly in English, by the words that no English text does without."""
        found = self._foreign.get(block)
        if found is None:
            words = self.page.plain[self.page.block_starts[block] : self.page.block_ends[block]].lower().split()
            common = sum(map(COMMON.__contains__, words))
            found = self._foreign[block] = len(words) >= _ENOUGH_WORDS and common * 10 < len(words)
        return found

    def clause_start(self, block: int, offset: int, statement: Statement) -> int:
        """Return where the verb of a statement's clause begins, the sentence's start where there is none."""
        reader = self.reader(block, offset)
        if reader is None or statement.verb < 0:
            return self.page.sentence(block, offset)[0]
        return reader.span(statement.verb)[0]

    def before(self, block: int, offset: int) -> Iterator[Reader]:
        """Yield the readers of the sentences before one in its paragraph, from near to far."""
        for start in self._starts_before(block, offset):
            reader = self.reader(block, start)
            if reader is not None:
                yield reader

    def _starts_before(self, block: int, offset: int) -> list[int]:
        """Return where the sentences before one in its paragraph start, from near to far."""
        starts = self.page.sentences(block)
        index = max(0, bisect_right(starts, offset) - 1)
        return starts[max(0, index - _SENTENCES_BACK) : index][::-1]

    def in_paragraph(self, block: int, offset: int) -> Iterator[Statement]:
        """Yield the statements of a paragraph, as far as its sentences near an offset say them themselves."""
        starts = self.page.sentences(block)
        index = max(0, bisect_right(starts, offset) - 1)
        for at in starts[max(0, index - _SENTENCES_BACK) : index + _SENTENCES_BACK]:
            yield from self._said(block, at)

    def of_article(self, article: int) -> Iterator[Statement]:
        """Yield the statements of an article's first sentences, as these say them themselves."""
        left = _SENTENCES_LOOKED
        for number in self._blocks.get(article, ()):
            starts = self.page.sentences(number)[:left]
            left -= len(starts)
            for start in starts:
                yield from self._said(number, start)
            if left <= 0:
                return

    @cached_property
    def _blocks(self) -> dict[int, list[int]]:
        """The numbers of the blocks of each article."""
        found: dict[int, list[int]] = {}
        for number, block in enumerate(self.page.blocks):
            found.setdefault(block.article, []).append(number)
        return found

    def _said(self, block: int, start: int) -> list[Statement]:
        """Return the statements of the sentence that begins at an offset; one without a word for them is not read."""
        found = self._by_sentence.get(start)
        if found is None:
            may = may_state(self.page.plain, *self.page.sentence(block, start), self.lexicon)
            reader = self.reader(block, start) if may else None
            found = reader.all() if reader is not None else []
            _keep(self._by_sentence, start, found)
        return found

    # -- carrying over --------------------------------------------------------------------------------

    def _carried(self, statement: Statement, block: int, start: int) -> Role:
        """Return the author that is carried over to a statement that names none."""
        refers = statement.refers
        if refers == "we":
            return Role((self.voice,), "voice") if self.voice else Role((), "another")
        if refers in {"bloc", "union"}:
            others = any(
                self._speaks_of(block, start, bloc) for bloc in ("ecowas", "african-union", "arab-league", "opec")
            )
            return Role() if others else Role(("eu",), refers)
        if refers:
            for reader in self._with_own(block, start):
                found = self._author_in(reader, statement, refers)
                if found is not None:
                    return Role(found, refers)
        return self._from_sentence(statement, block, start) or self._from_around(statement, block, start) or Role()

    def _from_sentence(self, statement: Statement, block: int, start: int) -> Role | None:
        """Return the one author that the sentence names elsewhere, on no other target."""
        if statement.status == "hypothetical" and statement.act == "impose" and not statement.presupposed:
            return None  # "had it been adopted, it would have imposed": not who did something else
        own = set(statement.target.actors)
        reader = self.reader(block, start)
        said = [x for x in reader.all() if x.authority.actors] if reader is not None else []
        if len({x.authority.actors for x in said}) != 1 or (
            own and not own & {a for x in said for a in x.target.actors}
        ):
            return None
        return Role(said[0].authority.actors, "same sentence")

    def _from_around(self, statement: Statement, block: int, start: int) -> Role | None:
        """Return the author of the lead-in of a list, of measures on the same target before, or of the headline."""
        own = set(statement.target.actors)
        lead = self._lead_in(block)
        for other in reversed(lead.all()) if lead is not None else ():
            if other.authority.actors:
                return Role(other.authority.actors, "lead-in")
        if not statement.existing:
            return None  # what somebody refuses or wants is not theirs who did the like before
        for at in self._starts_before(block, start) if own else ():
            for other in reversed(self._said(block, at)):
                if other.authority.actors and own & set(other.target.actors):
                    return Role(other.authority.actors, "same target")
        headline = self._headline(block, start) if own or statement.refers == "the measures" else None
        if headline is not None:
            said = [other for other in self._said(*headline) if other.authority.actors]
            if len(said) == 1 and (not own or not said[0].target.actors or own & set(said[0].target.actors)):
                return Role(said[0].authority.actors, "headline")
        sole = self._sole_author(self.page.blocks[block].article)
        if sole is not None and own <= {sole[1]} and self._names_no_other(block, start, sole):
            return Role((sole[0],), _SOLE)
        return None

    def _names_no_other(self, block: int, start: int, sole: tuple[str, str]) -> bool:
        """Tell whether a sentence names no actor but the author and the country of all measures in its article."""
        reader = self.reader(block, start)
        return reader is not None and all(
            actor in sole for n, chunk in enumerate(reader.s.chunks) if chunk.actors for actor in reader.actors_in(n)
        )

    def _sole_author(self, article: int) -> tuple[str, str] | None:
        """Return the one author, and one country, of all measures of which a short article's sentences tell both."""
        if article not in self._sole:
            self._sole[article] = self._look_for_sole(article)
        return self._sole[article]

    def _look_for_sole(self, article: int) -> tuple[str, str] | None:
        page = self.page
        blocks = self._blocks.get(article)
        if not blocks or page.block_ends[blocks[-1]] - page.block_starts[blocks[0]] > _SHORT_ARTICLE:
            return None
        pairs: set[tuple[str, str]] = set()
        authors: set[str] = set()
        told = 0
        for said in self.of_article(article):
            own = [a for a in said.authority.actors if self._makes_law(a)]
            authors.update(own)
            if own and said.target.actors and said.measure and said.existing:
                told += 1
                pairs.update((a, b) for a in own for b in said.target.actors if b not in own)
            if len(authors) > 1 or len(pairs) > 1:
                return None
        return next(iter(pairs)) if told >= _OFTEN and pairs else None

    def _with_own(self, block: int, start: int) -> Iterator[Reader]:
        reader = self.reader(block, start)
        if reader is not None:
            yield reader
        yield from self.before(block, start)

    def _author_in(self, reader: Reader, statement: Statement, refers: str) -> tuple[str, ...] | None:
        """Return the author in a sentence whom a word may mean: empty if that is open, ``None`` if there is nobody."""
        s = reader.s
        own = set(statement.target.actors)
        earlier = [
            x
            for x in reader.all()
            if x.start < statement.start or not (s.t.starts[0] <= statement.start <= s.t.ends[-1])
        ]
        if refers in {"the measures", "its", "law"}:
            authors = [
                x
                for x in earlier
                if x.authority.actors and not (own and x.target.actors and not own & set(x.target.actors))
                if refers != "law" or all(map(self._makes_law, x.authority.actors))
            ]
            if authors:
                return authors[-1].authority.actors
            if refers == "the measures":
                return None
        actors: list[str] = []
        for verb in s.finite:
            for subject in s.subjects(verb):
                at = s.t.starts[s.chunks[subject].first]
                if at >= statement.start and s.t.starts[0] <= statement.start <= s.t.ends[-1]:
                    continue
                actor = reader.acts_for(subject)
                if actor and reader.makes(actor):
                    actors.append(actor)
        if not actors:
            authors = [x for x in earlier if x.authority.actors]
            return authors[-1].authority.actors if authors and refers in {"it", "they", "its"} else None
        return (actors[-1],) if len(set(actors)) == 1 or refers != "they" else None

    def _makes_law(self, actor: str) -> bool:
        """Tell whether an actor has a law of its own: not "the world"."""
        data = self.lexicon.actors.get(actor)
        return data is not None and bool(data.jurisdiction)

    def _carried_target(self, statement: Statement, reader: Reader, block: int, start: int) -> Role:
        """Return the target that is carried over: "the country", "its", the same measures as before."""
        if statement.authority.how == _SOLE:
            sole = self._sole_author(self.page.blocks[block].article)
            return Role((sole[1],), _SOLE) if sole is not None else Role()
        if statement.refers not in REFERRING and not means_country(statement, reader):
            lead = self._lead_in(block)
            if lead is not None:
                for other in reversed(lead.all()):
                    if other.target.actors:
                        return other.target._replace(how="lead-in")
                named = [
                    a
                    for c in range(len(lead.s.chunks))
                    for a in lead.actors_in(c)
                    if lead.s.chunks[c].actors and not lead.makes(a)
                ]
                if len(set(named)) == 1:
                    return Role((named[0],), "lead-in")
                return Role()
            if names_author_alone(statement, reader):
                return self._only_target(reader, block, start)
            meant = only_one_meant(statement, reader)
            return Role((meant,), "same sentence") if meant else Role()
        for other in reversed([x for x in reader.all() if x.start < statement.start]):
            if other.target.actors:
                return other.target._replace(how="same")
        for at in self._starts_before(block, start):
            for other in reversed(self._said(block, at)):
                if other.target.actors and not set(other.target.actors) & set(statement.authority.actors):
                    return other.target._replace(how="carried over")
        return Role()

    def _only_target(self, reader: Reader, block: int, start: int) -> Role:
        """Return the target of the measures that the sentences before one in its paragraph speak of, if it is one."""
        found = {
            actor
            for at in self._starts_before(block, start)
            for other in self._said(block, at)
            if other.measure
            for actor in other.target.actors
            if not reader.makes(actor)
        }
        return Role(tuple(found), "spoken of before") if len(found) == 1 else Role()

    def _lead_in(self, block: int) -> Reader | None:
        """Return the reader of the sentence that leads into a list, for an item of it."""
        page = self.page
        if page.blocks[block].kind != "item":
            return None
        n = block
        while n >= 0 and page.blocks[n].kind == "item" and n not in self._before_lists:
            n -= 1
        before = self._before_lists.get(n, n)
        self._before_lists.update(dict.fromkeys(range(n + 1, block + 1), before))
        n = before
        if n < 0 or page.blocks[n].article != page.blocks[block].article:
            return None
        end = page.block_ends[n]
        if page.blocks[n].kind != "heading" and page.plain[end - 1 : end] != b":":
            return None
        return self.reader(n, page.sentences(n)[-1])

    def _headline(self, block: int, start: int) -> tuple[int, int] | None:
        """Return block and start of the headline of an article, ``None`` for itself."""
        span = self.page.heading("article", block, start)
        if span is None:
            return None
        head = self.page.block_at(span[0])
        return (head, span[0]) if 0 <= head != block else None

    def _speaks_of(self, block: int, start: int, actor: str) -> bool:
        """Tell whether the paragraph or the headline names an actor."""
        for reader in self._with_own(block, start):
            if actor in (reader.t.values[n] for c in reader.s.chunks for n in c.actors):
                return True
        place = self._headline(block, start)
        headline = self.reader(*place) if place is not None else None
        return headline is not None and actor in (headline.t.values[n] for c in headline.s.chunks for n in c.actors)


def _keep(kept: dict[_Key, _Read], at: _Key, found: _Read) -> None:
    """Keep what was read, and let go of what was read first where there is enough."""
    if len(kept) >= _KEPT:
        del kept[next(iter(kept))]
    kept[at] = found
