"""From pieces of text to blocks: what is heading, prose or furniture, and where an article ends.

Both formats cut their text into pieces in their own way; what the pieces are is judged here once.
The rules are about the look of a page and go piece by piece, so that they take linear time:

- a short line that does not end a sentence, standing before prose, is a heading;
- a line of the furniture vocabulary is furniture, and so are the headlines in a box of links;
- after "Comments" or "Related articles" everything is furniture, until another article begins;
- another article begins at a line that a site puts before each story, after a line that ends one (a
  copyright line, "Previous Post Next Post"), at a page break or a rule between two stretches of prose.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from ..model import Block, Span
from . import furniture

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PLAIN, ITEM, ROW, HEADING, RULE, LINE = "", "item", "row", "heading", "rule", "line"
PREFORMATTED = "preformatted"  # to be cut into lines and paragraphs as plain text is

_HEADING_LONGEST = 90
_HEADING_WORDS = 12
_TITLE_LONGEST = 160
_TITLE_WORDS = 26
PROSE = 100  # a piece of so many characters is prose, however it ends
_SENTENCE_WORDS = 5
_KICKER_LONGEST = 40
_KICKER_WORDS = 4
_ENOUGH = 200  # characters of prose before "Comments" is taken for the end of an article
_RESUME = 4  # so many paragraphs in a row after a box of links are an article again
_RESUME_LENGTH = 160  # and two of so many characters after headlines in it
_FIRST_LENGTH = 150  # where hardly any article was yet (so much), one of so many begins it
_BEGUN = 400
_MENU_LONGEST = 40
_MENU_BODY = 15  # even if it ends as a sentence does: "U.S."
_MENU_LINES = 6
_MENU_HITS = 4
_MENU_TIMES = 4  # one line of so many names a part of a site
_TITLE_LINES = 3  # a title, who wrote it, and when
_HEADS_ON_TOP = 4
_LONG_LIST = 8
_HEADS_PARTED = 3
_BYLINE_LONGEST = 120
_BYLINE_WORDS = 16
_BY = ("By ", "BY ", "by ")
_DATE_LONGEST = 48
_MANY = 200_000
_LEAST_OUT = 1000  # so little text set aside is nothing to speak of
# Who speaks, in a transcript.
_TURN = r"(?:Q|[A-Z][A-Z. ]{2,40}):?(?:\s*\([A-Z][a-z. ]+\))?(?:(?<=:)|\s{2})"
_DEGREES = r"[-–−]?[0-9]{1,3}(?:[.,][0-9])? ?°? ?[CF]|[-–−]?[0-9]{1,3} ?°"
_CLOSERS = "\"'”’»)]"

# What a piece looks like, before it is known where it stands.
_BODY, _SHORT, _ITEM, _ROW, _HEAD, _RULE, _LINE = range(7)
_FURNITURE = 7  # and above: plus the index in _ROLES
_ROLES = (furniture.SINGLE, furniture.CREDIT, furniture.END, furniture.TOP, furniture.LINKS, furniture.REST)
_SINGLE, _CREDIT, _END, _TOP, _LINKS, _REST = (_FURNITURE + index for index in range(len(_ROLES)))
_GIVEN = {ITEM: _ITEM, ROW: _ROW, HEADING: _HEAD, RULE: _RULE, LINE: _LINE}


class Pieces:
    """Stretches of the text in order, each with what its format already says about it.

    ``kinds`` holds `PLAIN` where the format says nothing, `ITEM`, `ROW` (of a table), `HEADING`, `RULE`
    (a line that only divides) or `LINE` (the underlining of a heading). ``breaks`` holds the indexes of
    pieces that a page break stands before. ``limits`` says of a piece up to which other one a box goes that it may
    head, where the format tells.
    """

    __slots__ = ("breaks", "ends", "kinds", "levels", "limits", "marked", "starts")

    def __init__(self, *, marked: bool = False) -> None:
        """Start empty; ``marked`` says that the format marks headings itself, so that none are guessed."""
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.kinds: list[str] = []
        self.levels: dict[int, int] = {}
        self.breaks: set[int] = set()
        self.limits: dict[int, int] = {}
        self.marked = marked

    def add(self, start: int, end: int, kind: str = PLAIN) -> None:
        """Add the next piece."""
        self.starts.append(start)
        self.ends.append(end)
        self.kinds.append(kind)


def blocks_of(text: str, pieces: Pieces) -> tuple[Block, ...]:
    """Judge the pieces and return them as blocks."""
    looks: list[int] = []
    begins = furniture.begins
    for start, end, kind in zip(pieces.starts, pieces.ends, pieces.kinds, strict=True):
        if not kind and end - start > _TITLE_LONGEST and not begins(text[start : start + furniture.HEAD]):
            looks.append(_BODY)
        else:
            looks.append(_look(text[start:end] if end - start <= furniture.LONGEST else "", kind))
    return _Judge(text, pieces, looks).blocks()


def _look(line: str, kind: str) -> int:
    """Say what a piece looks like by itself."""
    if kind in (RULE, LINE):
        return _GIVEN[kind]
    if kind != ROW and line:
        role = furniture.role_of(line)
        if role is not None:
            return _FURNITURE + _ROLES.index(role)
        if line[:3] in _BY and is_byline(line):
            return _SINGLE
        if len(line) <= _DATE_LONGEST and ("20" in line or "19" in line) and _is_date(line):
            return _SINGLE
    if kind:
        return _GIVEN[kind]
    return _BODY if not line or is_sentence(line) or len(line) > _TITLE_LONGEST else _SHORT


def _is_date(line: str) -> bool:
    """Tell whether a line is a date, in any of the languages that dates are known in."""
    if not re.search(r"(?:19|20)[0-9]{2}", line):
        return False
    from .dates import days_in, is_bare  # few lines hold a year and little else

    days = days_in(line)
    return len(days) == 1 and is_bare(line, days[0])


def is_sentence(line: str) -> bool:
    """Tell whether a line ends as a sentence or a clause does, and so is no heading.

    >>> is_sentence("He said no."), is_sentence('"We are here."'), is_sentence("What comes next?")
    (True, True, False)
    """
    bare = line.rstrip().rstrip(_CLOSERS).rstrip()
    if not bare:
        return False
    last = bare[-1]
    if last in ".!?…" and bare != line.rstrip():
        return True
    if last in ".,;:!" or (last in "—–" and line[0] not in "-—–"):
        return True
    spoken = line[0].isupper() and (":" in line or "\xa0" in line or "  " in line)
    return spoken and re.match(_TURN, line) is not None


def _words(line: str) -> int:
    return line.count(" ") + 1


class _Judge:
    """One pass over the pieces of one document."""

    def __init__(self, text: str, pieces: Pieces, looks: list[int]) -> None:
        self.text = text
        self.pieces = pieces
        self.looks = looks
        self.size = len(looks)
        self.article = 0
        self.section = 0
        self.prose = 0  # characters of running text in this article so far
        self.fresh = True  # nothing but furniture in this article so far
        self.ended = False  # a line that ends an article was seen
        self.mode = 0  # `_LINKS`: in a box of links, `_REST`: behind the article
        self.until = 0  # where the box ends

    def line(self, at: int) -> str:
        return self.text[self.pieces.starts[at] : self.pieces.ends[at]]

    def length(self, at: int) -> int:
        return self.pieces.ends[at] - self.pieces.starts[at]

    def is_prose(self, at: int) -> bool:
        """Tell a paragraph of running text from a caption or another short line."""
        if self.looks[at] != _BODY:
            return False
        return self.length(at) >= PROSE or _words(self.line(at)) >= _SENTENCE_WORDS

    def blocks(self) -> tuple[Block, ...]:
        """Give each piece its kind, and the numbers of its article and section."""
        starts, ends, looks = self.pieces.starts, self.pieces.ends, self.looks
        if not self.pieces.marked:
            self.menus()
        self.lists()
        kickers = self.kickers()
        for at in kickers:
            looks[at] = _SINGLE
        cuts = self.breaks() | self.rules() | kickers
        made: list[Block] = []
        for at, look in enumerate(looks):
            if at in cuts or ((self.ended or look == _TOP) and self.begins(at)):
                self.new_article()
            if self.mode and at >= self.until:
                self.mode = 0
            if look >= _FURNITURE:
                self.enter(look, self.pieces.limits.get(at, self.size))
                kind = "furniture"
            elif look >= _RULE or (self.mode and not self.resumes(at)):
                kind = "furniture"
            else:
                self.mode = 0
                kind = self.kind(at)
                if kind == "heading" and made:
                    self.section += 1
                self.fresh = False
            made.append(Block(starts[at], ends[at], kind, self.article, self.section))
        return tuple(made)

    def new_article(self) -> None:
        """Begin another article, if there was anything in this one."""
        if not self.fresh:
            self.article += 1
            self.section += 1
            self.prose = 0
            self.fresh = True
        self.mode = 0
        self.ended = False

    def begins(self, at: int) -> bool:
        """Tell whether another article begins here: behind the end of one, or at the top of a page."""
        look = self.looks[at]
        if look == _TOP:
            return self.prose > 0 and self.prose_follows(at + 1)
        return look < _RULE and not self.mode and self.starts_article(at)

    def enter(self, look: int, until: int) -> None:
        """Take notice of a line of furniture that tells what follows, up to another piece."""
        if look == _END:
            self.ended = self.ended or self.prose > 0
        elif look == _REST and self.prose >= _ENOUGH:
            self.mode, self.until = _REST, until
        elif look in (_LINKS, _REST) and self.mode != _REST:
            self.mode, self.until = _LINKS, until

    def kind(self, at: int) -> str:
        """Say what a piece of the article itself is."""
        look = self.looks[at]
        if look == _BODY:
            self.prose += self.length(at)
            return "heading" if self.fresh and self.repeated(at) else "paragraph"
        if look == _ITEM:
            return "item"
        if look == _HEAD or (look == _SHORT and self.heads(at)):
            return "heading"
        return "paragraph"

    def next_text(self, at: int) -> int:
        """Return the next piece from here on that is neither furniture nor underlining."""
        looks = self.looks
        while at < self.size and (looks[at] == _SINGLE or looks[at] == _CREDIT or looks[at] in (_LINE, _LINKS)):
            at += 1
        return at

    def heads(self, at: int) -> bool:
        """Tell whether a short line is a heading: it stands before longer prose, or before a heading that does."""
        if self.pieces.marked:
            return False
        first = self.fresh or not self.prose  # the title stands under the number of a meeting, a rubric
        length = self.length(at)
        words = _words(self.line(at))
        if at + 1 < self.size and self.looks[at + 1] == _LINE:
            return True
        if first:
            if length > _TITLE_LONGEST or words > _TITLE_WORDS:
                return False
        elif length > _HEADING_LONGEST or words > _HEADING_WORDS:
            return False
        for _ in range(3 if first else 2):
            at = self.next_text(at + 1)
            if at >= self.size:
                return False
            if self.looks[at] == _BODY:
                return self.length(at) > length or self.length(at) >= PROSE
            if self.looks[at] == _HEAD:
                return True
            if self.looks[at] != _SHORT:
                return self.looks[at] == _ITEM and words <= _HEADING_WORDS
        return False

    def repeated(self, at: int) -> bool:
        """Tell whether a first line is said again right after: a title that is written as a sentence."""
        if self.pieces.marked or self.length(at) > _TITLE_LONGEST:
            return False
        after = self.next_text(at + 1)
        if after >= self.size or self.length(after) > _TITLE_LONGEST + 20:
            return False
        return furniture.normal(self.line(at)) == furniture.normal(self.line(after))

    def starts_article(self, at: int) -> bool:
        """Tell whether prose, or a heading with prose under it, stands here."""
        for ahead in range(at, min(at + 4, self.size)):
            look = self.looks[ahead]
            if look == _BODY:
                return self.length(ahead) >= PROSE
            if look >= _FURNITURE and look not in (_SINGLE, _CREDIT):
                return False
        return False

    def prose_follows(self, at: int) -> bool:
        """Tell whether prose comes within the next twenty pieces."""
        return any(
            self.looks[ahead] == _BODY and self.length(ahead) >= PROSE for ahead in range(at, min(at + 20, self.size))
        )

    def resumes(self, at: int) -> bool:
        """Tell whether the article goes on here: paragraphs in a row, with no headlines between them."""
        if self.mode == _REST and self.looks[at] != _BODY:
            return False
        if self.mode == _LINKS and self.prose < _BEGUN and self.leads_in(at):
            return True
        if self.fresh and self.looks[at] == _SHORT:  # behind a menu: the title
            at = self.next_text(at + 1)
        if self.mode == _LINKS and self.pieces.marked and at < self.size and self.looks[at] == _HEAD:
            return True
        stop = at + (2 if self.mode == _LINKS else _RESUME)
        if stop > self.size or not all(self.is_prose(ahead) for ahead in range(at, stop)):
            return False
        return self.mode == _REST or sum(self.length(ahead) for ahead in range(at, stop)) >= _RESUME_LENGTH

    def menus(self) -> None:
        """Mark menus: runs of short lines, several of which name parts of a site."""
        run = 0
        pieces = zip(self.pieces.starts, self.pieces.ends, self.looks, strict=True)
        for at, (start, end, look) in enumerate(pieces):
            if end - start <= _MENU_BODY or (look != _BODY and end - start <= _MENU_LONGEST):
                run += 1
                continue
            if run >= _MENU_LINES:
                self.menu(at - run, at)
            run = 0
        if run >= _MENU_LINES:
            self.menu(self.size - run, self.size)

    def menu(self, at: int, end: int) -> None:
        """Mark a run of short lines, if it is a menu; the last lines before prose may be a title and who wrote it."""
        looks = self.looks
        hits = [each for each in range(at, end) if furniture.in_menu(self.line(each))]
        others = sum(looks[each] == _SINGLE for each in range(at, end))
        if len(hits) < _MENU_HITS or (len(hits) + others) * _MENU_TIMES < end - at:
            return
        stop = end if end == self.size else max(hits[-1] + 1, end - _TITLE_LINES)
        for each in range(at, stop):
            if looks[each] in (_SHORT, _ITEM, _BODY):
                looks[each] = _SINGLE

    def leads_in(self, at: int) -> bool:
        """Tell whether a first paragraph stands here, or a headline and what goes with it, and then that."""
        for _ in range(_TITLE_LINES):
            if at >= self.size or self.looks[at] not in (_BODY, _SHORT):
                return False
            if self.looks[at] == _BODY and self.length(at) >= _FIRST_LENGTH:
                return True
            at = self.next_text(at + 1)
        return False

    def lists(self) -> None:
        """Mark lists of headlines as links: three or more lines in a row with no prose of their own.

        Lines of furniture between them, such as the time of each, do not part a list.
        """
        if self.pieces.marked:
            return
        looks = self.looks
        at = 0
        seen = False  # some prose came before
        while at < self.size:
            if at and looks[at] == _SHORT and looks[at - 1] == _SINGLE and re.fullmatch(_DEGREES, self.line(at - 1)):
                looks[at] = _SINGLE  # the place that the weather is of
            if looks[at] not in (_SHORT, _ITEM):
                seen = seen or self.is_prose(at)
                at += 1
                continue
            run = [at]
            end = at + 1
            between = 0
            while end < self.size and (looks[end] == looks[at] or looks[end] == _SINGLE):
                if looks[end] == looks[at]:
                    run.append(end)
                else:
                    between += 1
                end += 1
            end = run[-1] + 1
            self.list_of(run, last=end == self.size, seen=seen, parted=between >= len(run) // 2 > 0)
            at = end

    def list_of(self, run: list[int], *, last: bool, seen: bool, parted: bool) -> None:
        """Mark one list; ``seen`` says that prose came before, ``parted`` that furniture stands between its lines."""
        looks = self.looks
        if run[0] and self.line(run[0] - 1).endswith(":"):
            return  # it was announced: a list of the article's own
        if looks[run[0]] == _ITEM:
            heads = [each for each in run if _is_headline(self.line(each))]
            if len(heads) > 1:
                for each in heads:
                    looks[each] = _SINGLE
            return
        if not seen:  # at the top a title stands last, with what goes with it
            heads = run[: -_TITLE_LINES if not last else len(run)]
            enough = len(heads) >= (_HEADS_PARTED if parted else _HEADS_ON_TOP)
        else:
            heads = run if last else run[:-1]  # the last one may head the prose that follows
            enough = len(run) > (1 if last else 2)
        if enough and _are_headlines([self.line(each) for each in heads]):
            for each in heads:
                looks[each] = _SINGLE

    def kickers(self) -> frozenset[int]:
        """Find the line that a site puts before each of several stories."""
        if self.size > _MANY or self.pieces.marked:
            return frozenset()
        places: dict[str, list[int]] = {}
        first = self.next_text(0)
        for at in range(self.size):
            if self.looks[at] == _SHORT and self.length(at) <= _KICKER_LONGEST:
                line = self.line(at)
                if _words(line) <= _KICKER_WORDS and not line.endswith("?"):
                    places.setdefault(line.casefold(), []).append(at)
        found: frozenset[int] = frozenset()
        for spots in places.values():
            if len(spots) < 2:  # it has to repeat
                continue
            after_end = all(self.ends_before(at) for at in spots[1:])
            placed = spots[0] == first or self.ends_before(spots[0])
            if placed and (after_end or self.stories(spots)) and self.prose_after_each(spots):
                found |= frozenset(spots)
        return found

    def ends_before(self, at: int) -> bool:
        """Tell whether the piece before is a line that ends an article."""
        while at > 0 and self.looks[at - 1] in (_SINGLE, _CREDIT, _RULE):
            at -= 1
        return at > 0 and self.looks[at - 1] == _END

    def stories(self, spots: Sequence[int]) -> bool:
        """Tell whether whole stories, not the turns of a conversation, stand between the places."""
        return all(
            sum(self.is_prose(at) for at in range(start, stop)) > 1
            and (stop == self.size or self.looks[start + 1] == _SHORT)
            for start, stop in zip(spots, [*spots[1:], self.size], strict=True)
        )

    def prose_after_each(self, spots: Sequence[int]) -> bool:
        return all(
            any(self.looks[at] == _BODY and self.length(at) >= PROSE for at in range(start, stop))
            for start, stop in zip(spots, [*spots[1:], self.size], strict=True)
        )

    def breaks(self) -> set[int]:
        """Return the page breaks that part articles: none, if some of them cut through a sentence."""
        cuts: set[int] = set()
        for at in sorted(self.pieces.breaks):
            if at == 0 or at >= self.size:
                continue
            before, after = self.line(at - 1), self.line(at)
            if before.strip(" -–—").isdigit() or after.strip(" -–—").isdigit():
                return set()  # a page number: the pages of one paper
            if self.looks[at - 1] == _BODY and not is_sentence(before):
                return set()
            if self.looks[at] == _BODY and after[:1].islower():
                return set()
            cuts.add(at)
        return cuts

    def rules(self) -> set[int]:
        """Return the pieces behind a dividing line that has paragraphs of prose on both sides."""
        spots = [at for at in range(self.size) if self.looks[at] == _RULE]
        if not spots:
            return set()
        prose = [
            sum(self.is_prose(at) for at in range(start + 1, stop)) for start, stop in pairwise([-1, *spots, self.size])
        ]
        cuts: set[int] = set()
        for index, at in enumerate(spots):
            after = self.next_text(at + 1)
            if after >= self.size:
                continue
            headed = self.looks[after] in (_SHORT, _HEAD)
            need = 2 if headed or (not self.pieces.marked and self.line(at)[0] in "-=_") else 3
            if self.pieces.marked and not headed:
                continue
            if prose[index] >= need and prose[index + 1] >= need:
                cuts.add(at + 1)
        return cuts


def is_byline(line: str) -> bool:
    """Tell whether a line says who wrote the article, and nothing else.

    >>> is_byline("By Jane Roe and John Doe in Geneva"), is_byline("By 2020, exports fell to nothing")
    (True, False)
    """
    if line[:3] not in _BY or len(line) > _BYLINE_LONGEST or is_sentence(line):
        return False
    words = line[3:].replace(",", " ").replace("|", " ").split()
    small = [word for word in words if not word[0].isupper() and not word[0].isdigit()]
    return bool(words) and words[0][0].isupper() and len(words) <= _BYLINE_WORDS and len(small) * 3 <= len(words)


def _are_headlines(lines: list[str]) -> bool:
    """Tell whether lines in a row are headlines: some words each, few questions, no addresses.

    >>> _are_headlines(["Bread gets dearer in the valley", "Rain at last for the farmers", "Port takes in three ships"])
    True
    >>> _are_headlines(["Asset freeze", "Travel ban", "Arms embargo"])
    False
    """
    if len(lines) < 3 and not all(map(_is_headline, lines)):  # two may be anything
        return False
    counts = [_words(line) for line in lines]
    if len(lines) >= _LONG_LIST:  # in a long list some have a line of a word or two over them
        counts = sorted(counts)[len(lines) // 5 :]
    return (
        min(counts) > _SENTENCE_WORDS - 2
        and sum(counts) > _SENTENCE_WORDS * len(lines)
        and sum(line.endswith("?") for line in lines) * 3 <= len(lines)
        and sum("@" in line or "://" in line or "(" in line or line.count(",") > 1 for line in lines)
        <= (len(lines) // 5 if len(lines) >= _LONG_LIST else 0)
    )


def _is_headline(line: str) -> bool:
    """Tell whether a list item is a headline: five words or more, most with a capital.

    >>> _is_headline("• Minister Opens New Port In The North"), _is_headline("• a ban on oil and coal for the port")
    (True, False)
    """
    if "(" in line or line.count(",") > 1 or line[-1] in ";,":
        return False
    words = [word for word in line.split() if word[:1].isalpha()]
    long = [word for word in words if len(word) > 3]  # the small words of a title stay small
    capitals = sum(word[0].isupper() for word in long)
    return len(words) >= _SENTENCE_WORDS and len(long) > 1 and capitals >= 0.75 * len(long)


def warnings_of(kept: int, out: int, word: str = "") -> tuple[str, ...]:
    """Say it where most of the running text was set aside; ``word`` is what set most of it aside, if that has a name.

    >>> warnings_of(1000, 3000, "comments")
    ('75 % of the text was taken for what stands around the article (most of it for “comments”); it takes no notes',)
    >>> warnings_of(3000, 2000)
    ()
    """
    if out <= max(kept, _LEAST_OUT):
        return ()
    why = f" (most of it for “{word}”)" if word else ""
    share = out * 100 // (kept + out)
    return (f"{share} % of the text was taken for what stands around the article{why}; it takes no notes",)


def spans_of(pairs: Iterable[tuple[int, int]]) -> tuple[Span, ...]:
    """Put spans in order and join those that overlap."""
    joined: list[tuple[int, int]] = []
    for low, high in sorted(pairs):
        if joined and low < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(high, joined[-1][1]))
        elif low < high:
            joined.append((low, high))
    return tuple(Span(low, high) for low, high in joined)
