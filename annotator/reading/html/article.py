"""Which blocks of a page are the article, and which only stand around it.

What holds most of the prose is the article, whatever it is called. Names, roles and classes say what looks like
furniture; how much running text stands where decides whether they are believed. The steps, each linear in the number
of blocks and nodes:

1. lists of teasers (a linked headline and a sentence or two, over and over) are no prose;
2. elements that look like furniture are set aside, outermost first; while that leaves less than half of the prose,
   the elements of one name or class that hold most of it are taken back;
3. the element that is the article is looked for: one marked as such, one named so, the page's main part;
4. what stands outside of it goes, but for the headline and what leads from there to the article;
5. what is nothing but links goes.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from ..._lazy import regex
from ..structure import HEADING, ITEM, PROSE, ROW
from .elements import ARTICLE_WORDS, LAST_WORDS, ROLES_FURNITURE
from .nodes import ARTICLE, CLASSED, HOLDER, MAIN, NAMED, Judged, words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from .nodes import Block, Node
    from .visible import Visible

_HALF = 0.5
_LINKED_SHARE = 0.9
_LINKS_IN_A_ROW = 3
_TITLE_WORDS = 4
_TITLES = ("h1",)
# A teaser has so few paragraphs, so short on average; a list has so many teasers, and hardly any prose beside them.
_TEASER_PARAGRAPHS = 2
_TEASER_LENGTH = 350
_TEASERS = 3
_TEASERS_REST = 0.4
# So much prose in so many paragraphs is an article by itself; so little is none.
_ENOUGH = 500
_PARAGRAPHS = 3
_FEW = 250
# Furniture is taken back where it holds so many times what is left, once there is anything left.
_TIMES = 3
_TIMES_BARE = 1.5  # what is furniture by its class only, and has many paragraphs but no linked headlines
_ROUNDS = 8
_PART = 0.1  # less than this share of the page is no part of an article in parts
_LINKED_MOST = 0.3
_GAIN = 0.15  # an element around the article's may add so much to it: a lead, captions
_BESIDE = 0.3  # with so much beside it in elements of its kind, an element is one of several
_CORE = 0.9  # an element without a name is the article where it holds nearly all
_LEVELS = 4  # paragraphs may stand so deep in an element and still count as side by side
_LEAST_SHARE = 0.15
_MORE = 1.3  # the article's text goes before an element around it that holds so many times as much
_TO_PLACE = regex(r"(?i)<a\b[^>]{0,300}?\bhref\s*=\s*[\"']?[^\"'\s>]{0,300}#")
_ARTICLE_TYPES = ("Article", "BlogPosting")


class _Counted(NamedTuple):
    """Sums up to each block, so that those of any node take constant time."""

    prose: list[int]
    paragraphs: list[int]
    letters: list[int]
    linked: list[int]
    headlines: list[int]  # blocks that are links of several words

    def of(self, sums: Sequence[int], node: Node) -> int:
        return sums[node.last] - sums[node.first]


def _summed(values: Iterable[int]) -> list[int]:
    return list(accumulate(values, initial=0))


def judge(text: str, seen: Visible) -> Judged:
    """Judge the blocks of a page."""
    page = _judged(text, seen)
    _link_lists(seen.blocks, page.prose, page.aside)
    return Judged(page.aside, page.main, page.articles(), page.prose, page.word(), page.boxes())


def running(seen: Visible) -> int:
    """Return how much running text a page shows that is not furniture, nor teasers."""
    return _judged(seen.text, seen).running()


def _judged(text: str, seen: Visible) -> _Page:
    page = _Page(text, seen)
    page.teasers()
    page.furniture()
    page.choose()
    page.outside()
    return page


class _Page:
    """One page while it is judged."""

    def __init__(self, text: str, seen: Visible) -> None:
        self.text = text
        self.blocks = seen.blocks
        self.nodes = seen.nodes
        self.aside = [False] * len(self.blocks)
        self.prose = [block.prose for block in self.blocks]
        if sum(self.prose) < _FEW:  # all of the page may stand inside one link
            self.prose = [block.prose or _linked_prose(block) for block in self.blocks]
        self.seen = seen
        self.links = [block.linked >= (block.end - block.start) * _LINKED_SHARE for block in self.blocks]
        self.sums = self.counted()
        self.cover = [-1] * len(self.nodes)  # the outermost furniture that a node stands in
        self.main: Node | None = None
        self.sizes: dict[tuple[str, str], int] = {}  # of what was set aside as furniture

    def counted(self) -> _Counted:
        blocks = self.blocks
        return _Counted(
            _summed(self.prose),
            _summed(map(bool, self.prose)),
            _summed(block.end - block.start for block in blocks),
            _summed(block.linked for block in blocks),
            _summed(link and self.is_headline(block) for block, link in zip(blocks, self.links, strict=True)),
        )

    def is_headline(self, block: Block) -> bool:
        """Tell whether a link has as many words as a headline, and leads elsewhere than to a place of the page."""
        if self.words(block) < _TITLE_WORDS:
            return False
        at = self.seen.links.get(block.start)
        return at is None or _TO_PLACE.match(self.seen.markup, at) is None

    def words(self, block: Block) -> int:
        return self.text.count(" ", block.start, block.end) + 1

    def total(self) -> int:
        return self.sums.prose[-1]

    # -- teasers ----------------------------------------------------------------------------------

    def teasers(self) -> None:
        """Set aside lists of linked headlines with a sentence or two, where there is an article beside them."""
        sums, nodes = self.sums, self.nodes
        if sums.headlines[-1] < _TEASERS:
            return
        count, size = [0] * len(nodes), [0] * len(nodes)
        for at in self.cards():
            count[at], size[at] = 1, sums.of(sums.prose, nodes[at])
        for at in range(len(nodes) - 1, -1, -1):  # parents stand before their children
            parent = nodes[at].parent
            if parent >= 0:
                count[parent] += count[at]
                size[parent] += size[at]
        hosts = self.hosts()
        found: list[Node] = []
        taken = [False] * len(nodes)
        for at, node in enumerate(nodes):
            taken[at] = node.parent >= 0 and taken[node.parent]
            if taken[at] or count[at] < _TEASERS or size[at] > count[at] * _TEASER_LENGTH:
                continue
            rest = sums.of(sums.prose, node) - size[at]
            if rest < _ENOUGH and rest <= size[at] * _TEASERS_REST and not self.is_digest(at, hosts):
                taken[at] = True
                found.append(node)
        rest = self.total() - sum(sums.of(sums.prose, node) for node in found)
        paragraphs = sums.paragraphs[-1] - sum(sums.of(sums.paragraphs, node) for node in found)
        if not found or rest < _ENOUGH or paragraphs < _PARAGRAPHS:
            return
        prose = self.prose.copy()
        for node in found:
            prose[node.first : node.last] = [0] * (node.last - node.first)
        if max(self.densities(prose)) >= _ENOUGH:  # the rest is one text, not odds and ends
            self.prose = prose
            for node in found:
                self.aside[node.first : node.last] = [True] * (node.last - node.first)
            self.sums = self.counted()

    def cards(self) -> list[int]:
        """Return the outermost elements that hold a linked headline and no more than a teaser's paragraphs."""
        sums = self.sums
        inside: list[bool] = []
        found = []
        for at, node in enumerate(self.nodes):
            inside.append(node.parent >= 0 and inside[node.parent])
            paragraphs = sums.of(sums.paragraphs, node)
            if not inside[at] and 0 < paragraphs <= _TEASER_PARAGRAPHS and sums.of(sums.headlines, node) > 0:
                inside[at] = True
                found.append(at)
        return found

    def running(self) -> int:
        """Return how much prose was not set aside and is no teaser's either."""
        prose = [0 if out else size for size, out in zip(self.prose, self.aside, strict=True)]
        for at in self.cards():
            node = self.nodes[at]
            prose[node.first : node.last] = [0] * (node.last - node.first)
        return sum(prose)

    def hosts(self) -> list[int]:
        """Return of each element the innermost one that is marked as an article and holds it, itself perhaps."""
        found: list[int] = []
        for at, node in enumerate(self.nodes):
            is_host = node.kind == ARTICLE or _is_body(node)
            found.append(at if is_host else found[node.parent] if node.parent >= 0 else -1)
        return found

    def is_digest(self, at: int, hosts: Sequence[int]) -> bool:
        """Tell whether a list of items with linked headlines is itself what an article is made of."""
        host = hosts[at]
        prose = self.sums.prose
        return host >= 0 and self.sums.of(prose, self.nodes[at]) * 2 > self.sums.of(prose, self.nodes[host])

    # -- furniture --------------------------------------------------------------------------------

    def furniture(self) -> None:
        """Set aside what looks like furniture, and take back what holds most of the prose after all."""
        released: set[tuple[str, str]] = set()
        for _ in range(_ROUNDS):
            groups, sizes = self.groups(released)
            kept = self.total() - sum(sizes.values())
            if kept >= self.total() * _HALF:
                break
            order = sorted(groups, key=lambda key: -sizes[key])
            back = next((key for key in order if self.is_article(key, groups[key], sizes[key], kept)), None)
            if back is None:
                break
            released.add(back)
        if kept < self.total() * _HALF:
            released = self.together() or released
        self.sizes = self.groups(released)[1]
        for node in self.covered(released):
            self.put_aside(node)

    def word(self) -> str:
        """Return the word that set most of what is set aside aside, if there is one."""
        out = sum(size for size, out in zip(self.prose, self.aside, strict=True) if out)
        most = max(self.sizes, key=lambda key: self.sizes[key], default=("", ""))
        return most[0] if self.sizes.get(most, 0) * 2 > out else ""

    def put_aside(self, node: Node) -> None:
        """Set an element aside, but for the headline that may stand in a banner or header.

        Behind the headline, what a header says leads on to the article.
        """
        banner = node.kind == CLASSED or node.name == "header"
        titled = False
        for at in range(node.first, node.last):
            title = banner and self.is_title(self.blocks[at])
            titled = titled or (title and node.name == "header")
            self.aside[at] = not title and not (titled and self.prose[at])

    def together(self) -> set[tuple[str, str]]:
        """Return the names and classes of parts of an article that all look like furniture, each in its own way."""
        groups, sizes = self.groups(set())
        kept = self.total() - sum(sizes.values())
        parts = {
            key
            for key in groups
            if key[0] not in LAST_WORDS and sizes[key] >= self.total() * _PART and self.is_text(groups[key])
        }
        size = sum(sizes[key] for key in parts)
        return parts if size > kept * (_TIMES if kept >= _FEW else 1) else set()

    def groups(
        self, released: set[tuple[str, str]]
    ) -> tuple[dict[tuple[str, str], list[Node]], dict[tuple[str, str], int]]:
        """Return the outermost elements that look like furniture, by word and name, and the prose of each group."""
        groups: dict[tuple[str, str], list[Node]] = {}
        for node in self.covered(released):
            if self.sums.of(self.sums.prose, node):
                groups.setdefault((node.word, node.name), []).append(node)
        return groups, {
            key: sum(self.sums.of(self.sums.prose, node) for node in group) for key, group in groups.items()
        }

    def covered(self, released: set[tuple[str, str]]) -> list[Node]:
        """Return the outermost elements that look like furniture, and note what stands in them."""
        outer = []
        for at, node in enumerate(self.nodes):
            self.cover[at] = self.cover[node.parent] if node.parent >= 0 else -1
            if self.cover[at] < 0 and node.kind in (NAMED, CLASSED) and (node.word, node.name) not in released:
                self.cover[at] = at
                outer.append(node)
        return outer

    def is_article(self, key: tuple[str, str], group: Sequence[Node], size: int, kept: int) -> bool:
        """Tell whether elements that look like furniture hold the article: more prose than all else, and few links."""
        sums = self.sums
        if key[0] in LAST_WORDS and kept >= _FEW:
            return False
        if size <= kept * self.times(key[0], group, kept):
            return False
        if any(sums.of(sums.prose, node) > self.total() * _HALF for node in group):
            return True  # around the page as a whole: whatever else stands in it
        return self.is_text(group)

    def times(self, word: str, group: Sequence[Node], kept: int) -> float:
        """Return how many times as much as what is left something must hold to be the article."""
        if kept < _FEW:
            return 1
        sums = self.sums
        bare = not any(sums.of(sums.headlines, node) for node in group)
        paragraphs = sum(sums.of(sums.paragraphs, node) for node in group)
        if bare and word not in ROLES_FURNITURE and group[0].kind == CLASSED and paragraphs >= _PARAGRAPHS * 2:
            return _TIMES_BARE
        return _TIMES

    def is_text(self, group: Sequence[Node]) -> bool:
        """Tell whether there are few links in some elements, and few headlines that lead elsewhere."""
        sums = self.sums
        letters = sum(sums.of(sums.letters, node) for node in group)
        linked = sum(sums.of(sums.linked, node) for node in group)
        headlines = sum(sums.of(sums.headlines, node) for node in group)
        paragraphs = sum(sums.of(sums.paragraphs, node) for node in group)
        return linked <= letters * _LINKED_MOST and headlines * 2 <= paragraphs

    def is_title(self, block: Block) -> bool:
        return block.name in _TITLES and self.words(block) >= _TITLE_WORDS

    # -- the article --------------------------------------------------------------------------------

    def choose(self) -> None:
        """Find the element that is the article."""
        self.kept = _summed(0 if out else size for size, out in zip(self.prose, self.aside, strict=True))
        self.whole = self.kept[-1]
        if not self.whole:
            return
        live = [node for at, node in enumerate(self.nodes) if self.cover[at] < 0 and self.size(node)]
        half = [node for node in live if self.size(node) >= self.whole * _HALF]
        scores = self.densities([0 if out else size for size, out in zip(self.prose, self.aside, strict=True)])
        dense = max(range(-1, len(self.nodes)), key=scores.__getitem__)
        self.main = (
            self.marked(live, half)
            or self.named(live, half)
            or self.around(dense, live, is_named)
            or self.fullest(half, MAIN)
            or self.core(half)
        )
        body = self.around(dense, live, _is_body)
        if body is not None and (self.main is None or self.size(self.main) > self.size(body) * _MORE):
            self.main = body

    def size(self, node: Node) -> int:
        return self.kept[node.last] - self.kept[node.first]

    def fullest(self, nodes: Iterable[Node], kind: int) -> Node | None:
        """Return the one of a kind that holds most, of several that hold the same the innermost."""
        found = [node for node in nodes if node.kind == kind]
        return max(found, key=lambda node: (self.size(node), node.first - node.last), default=None)

    def marked(self, live: Sequence[Node], half: Sequence[Node]) -> Node | None:
        """Return the article element that holds most, unless it stands beside others like it."""
        best = self.fullest(half, ARTICLE)
        if best is None:
            return None
        return None if self.beside(best, live, lambda node: node.kind == ARTICLE) else best

    def beside(self, best: Node, live: Sequence[Node], is_one: Callable[[Node], bool]) -> bool:
        """Tell whether much of the article, or another one, stands in elements like this one beside it."""
        size = last = 0
        paragraphs = self.sums.paragraphs
        for node in live:
            if node.first < last or not (node.last <= best.first or node.first >= best.last):
                continue
            if self.sums.of(paragraphs, node) >= _PARAGRAPHS and is_one(node):
                last = node.last
                size += self.size(node)
        return size >= self.size(best) * _BESIDE

    def named(self, live: Sequence[Node], half: Sequence[Node]) -> Node | None:
        """Return the element whose class, id or property says that it is the article: not one part of several."""
        found = [node for node in half if node.kind == HOLDER and is_named(node)]
        if not found:
            return None
        best = min(found, key=lambda node: (self.size(node), node.first - node.last))
        for node in sorted(found, key=self.size):
            if self.size(node) <= self.size(best) * (1 + _GAIN):
                best = node
        return None if self.beside(best, live, is_named) else best

    def densities(self, prose: Sequence[int]) -> list[float]:
        """Say of each element, and last of the page, how much prose stands in it side by side.

        What stands some levels down counts less.
        """
        scores = [0.0] * (len(self.nodes) + 1)
        for block, letters in zip(self.blocks, prose, strict=True):
            size, node = float(letters), block.node
            for _ in range(_LEVELS):
                if not size:
                    break
                scores[node] += size  # -1 is the page
                if node < 0:
                    break
                size /= 2
                node = self.nodes[node].parent
        return scores

    def around(self, at: int, live: Sequence[Node], is_one: Callable[[Node], bool]) -> Node | None:
        """Return the element around another one that says that it is the article, if no other says so with reason.

        It may hold less than half of the prose where the rest is scattered, a sentence here and two there.
        """
        while at >= 0 and not is_one(self.nodes[at]):
            at = self.nodes[at].parent
        if at < 0 or self.cover[at] >= 0:
            return None
        best = self.nodes[at]
        size = self.size(best)
        paragraphs = self.sums.paragraphs
        if size < max(_ENOUGH, self.whole * _LEAST_SHARE) or self.sums.of(paragraphs, best) < _PARAGRAPHS:
            return None
        return None if self.beside(best, live, is_one) else best

    def core(self, half: Sequence[Node]) -> Node | None:
        """Return the smallest element that holds nearly all."""
        found = [node for node in half if self.size(node) >= self.whole * _CORE]
        return min(found, key=lambda node: (self.size(node), node.last - node.first), default=None)

    def articles(self) -> frozenset[int]:
        """Return where the articles of a page begin that holds several side by side."""
        first: list[int] = []
        last = 0
        for node in self.nodes:
            if node.kind == ARTICLE and node.first >= last and self.kept[node.last] > self.kept[node.first]:
                first.append(node.first)
                last = node.last
        return frozenset(first if len(first) > 1 else ())

    def boxes(self) -> list[int]:
        """Say of each block where the smallest element ends that it stands in with others, or the page.

        An element that has prose before the block is no box that the block heads.
        """
        ends = []
        size = len(self.blocks)
        prose = self.sums.prose
        outer: list[Node] = []  # of each node the innermost one from it on out that holds more than one block
        for node in self.nodes:
            outer.append(node if node.last - node.first > 1 or node.parent < 0 else outer[node.parent])
        for at, block in enumerate(self.blocks):
            box = outer[block.node] if block.node >= 0 else None
            heads = box is not None and prose[at] - prose[box.first] < _FEW
            ends.append(box.last if box is not None and heads else size)
        return ends

    def outside(self) -> None:
        """Set aside what stands outside of the article, but for the headline and what leads on from there."""
        if self.main is None:
            return
        lead = max((at for at in range(self.main.first) if self.is_title(self.blocks[at])), default=self.main.first)
        for at, block in enumerate(self.blocks):
            if self.main.first <= at < self.main.last or self.is_title(block):
                continue
            if not (lead < at < self.main.first and self.prose[at]):
                self.aside[at] = True


def _is_body(node: Node) -> bool:
    """Tell whether an element says that it is the text of the article and nothing else."""
    item = node.given.get("itemprop")
    return item is not None and "articlebody" in item.lower()


def is_named(node: Node) -> bool:
    """Tell whether an element says that it is an article."""
    given = node.given
    if node.kind == ARTICLE:
        return True
    if node.kind != HOLDER:
        return False
    if _is_body(node) or given.get("itemtype", "").endswith(_ARTICLE_TYPES):
        return True
    for token in f"{given.get('class', '')} {given.get('id', '')}".split():
        words = words_of(token)
        if words[0] in ARTICLE_WORDS or words[-1] in ARTICLE_WORDS:
            return True
    return False


def _linked_prose(block: Block) -> int:
    """Return how much text a paragraph inside a link is."""
    length = block.end - block.start
    return length if length >= PROSE and block.kind != HEADING else 0


def _link_lists(blocks: Sequence[Block], prose: Sequence[int], aside: list[bool]) -> None:
    """Put aside what is nothing but links, several in a row."""
    run: list[int] = []
    for index in range(len(blocks) + 1):
        if index < len(blocks):
            block = blocks[index]
            if block.linked >= (block.end - block.start) * _LINKED_SHARE and not prose[index]:
                run.append(index)
                continue
        items = sum(blocks[at].kind in (ITEM, ROW) for at in run)
        if len(run) >= _LINKS_IN_A_ROW or items > 1:
            for at in run:
                if blocks[at].name not in _TITLES:
                    aside[at] = True
        run.clear()
