"""From pieces of text on a page to its lines in reading order: columns one after the other, headings before them.

Pieces that stand side by side are one line unless the gap between them goes on above and below, as that between two
columns does. Lines that stand under each other are blocks, and blocks are put in order by two rules (T. M. Breuel,
"High performance document layout analysis", 2003): of two that share a stretch of the page's width the upper one
comes first; of two side by side the left one does, unless something as wide as both stands between them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from unicodedata import bidirectional

from ..._lazy import regex

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_PIECES = 20_000
_MOST_BLOCKS = 200
_FAR = 12  # rows that are looked at above and below a gap
_VERY_WIDE, _WIDEST = 6.0, 12.0  # of a line's height: few gaps within a line are so wide, and none
_BEHIND_MARK = 5.0  # but the one behind the number or bullet of an item
_GUTTER = 0.6
_ENOUGH = 4  # rows with a gap at the same place
_UNDER = 1.3
_ALIKE = 1.35
_MARK = regex(r"[•◦▪‣●○■□–—*·-]|\(?(?:[0-9]{1,3}|[A-Za-z]|[ivxIVX]{1,5})[.)]{1,2}|[0-9]{1,2}")


class Piece:
    """Words that stand in a line; edges in points, y upwards.

    ``number`` counts the pieces of a page in the order of its content. ``follows`` tells that PDFium takes this piece
    for one line with the one before, ``broken`` that a hyphen at its end was taken off.
    """

    __slots__ = ("bottom", "broken", "follows", "font", "left", "number", "right", "text", "top")

    def __init__(
        self, text: str, left: float, bottom: float, right: float, top: float, number: int, font: str = ""
    ) -> None:
        self.text = text
        self.left = left
        self.bottom = bottom
        self.right = right
        self.top = top
        self.number = number
        self.font = font
        self.broken = False
        self.follows = False

    def copy(self) -> Piece:
        """Return a piece like this."""
        made = Piece(self.text, self.left, self.bottom, self.right, self.top, self.number, self.font)
        made.broken = self.broken
        return made

    @property
    def height(self) -> float:
        """The height of the line, never nothing."""
        return max(self.top - self.bottom, 0.1)

    def takes(self, word: str, box: tuple[float, float, float, float], gap: float, shift: float) -> bool:
        """Tell whether a word goes on here: on the same line, and not far behind what there is, nor over it."""
        left, bottom, right, top = box
        height = max(self.height, top - bottom)
        if min(self.top, top) - max(self.bottom, bottom) < min(self.height, top - bottom) * (1 - shift):
            return False
        if not word.isascii() and bidirectional(word[0]) in {"R", "AL"}:  # which run from right to left
            return left - self.right <= gap * height and self.left - right <= gap * height
        return -height < left - self.right <= gap * height

    def add(self, word: str, box: tuple[float, float, float, float], font: str) -> None:
        """Take in the next word."""
        self.text = f"{self.text} {word}"
        self.left, self.right = min(self.left, box[0]), max(self.right, box[2])
        if box[3] - box[1] > self.height:  # a raised number does not make the line higher
            self.bottom, self.top = box[1], box[3]
        if font != self.font:
            self.font = ""

    def join(self, other: Piece) -> None:
        """Take in the piece to the right."""
        self.add(other.text, (other.left, other.bottom, other.right, other.top), other.font)
        self.broken = other.broken
        self.number = min(self.number, other.number)


class Line(NamedTuple):
    """A line of a page: its text, its edges, the number of its block, its font where that is the same throughout."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    block: int
    font: str
    broken: bool


def ordered(pieces: list[Piece]) -> list[Line]:
    """Return the lines of a page in reading order."""
    lines = _lines(pieces) if len(pieces) <= _MOST_PIECES else pieces
    blocks = _blocks(lines)
    return [
        Line(one.text, one.left, one.bottom, one.right, one.top, number, one.font, one.broken)
        for number, block in enumerate(_in_order(blocks))
        for one in block
    ]


# -- lines ------------------------------------------------------------------------------------------------


def _lines(pieces: list[Piece]) -> list[Piece]:
    """Join pieces that stand in a line."""
    rows = _rows(pieces)
    found: list[Piece] = []
    for at, row in enumerate(rows):
        parted = [bool(index) and _parts(rows, at, row[index - 1], row[index]) for index in range(len(row))]
        for index, piece in enumerate(row):
            if index and not parted[index]:
                found[-1].join(piece)
            else:
                # What is joined is a piece of its own: the rows are still looked at.
                found.append(piece.copy())
    return found


def _rows(pieces: list[Piece]) -> list[list[Piece]]:
    """Return the pieces that share a line of the page, from left to right, row by row from the top."""
    rows: list[list[Piece]] = []
    middle = height = 0.0
    for piece in sorted(pieces, key=lambda one: (-(one.top + one.bottom), one.left)):
        here = (piece.top + piece.bottom) / 2
        if rows and abs(middle - here) < 0.35 * min(height, piece.height):
            rows[-1].append(piece)
        else:
            rows.append([piece])
            middle, height = here, piece.height
    for row in rows:
        row.sort(key=lambda one: (one.left, one.number))
    return rows


def _parts(rows: Sequence[Sequence[Piece]], at: int, one: Piece, other: Piece) -> bool:
    """Tell whether a gap in a row parts two lines.

    It does where the content of the page goes on elsewhere before it comes to what is behind the gap; and where it is
    very wide, or goes on above and below as that between two columns does, which gaps between words do not.
    """
    gap, low = other.left - one.right, min(one.height, other.height)
    if gap <= _GUTTER * low:
        return False
    if _MARK.fullmatch(one.text) and gap < _BEHIND_MARK * low:
        return False
    if not other.follows or other.number != one.number + 1 or gap > _WIDEST * low:
        return True
    rows_free = 1 + _free(rows, at, -1, one, other) + _free(rows, at, 1, one, other)
    return rows_free >= (_ENOUGH - 1 if gap > _VERY_WIDE * low else _ENOUGH)


def _free(rows: Sequence[Sequence[Piece]], at: int, step: int, one: Piece, other: Piece) -> int:
    """Count the next rows, up or down, in which nothing stands in a gap and something on both sides of it."""
    start, end, low = one.right, other.left, min(one.height, other.height)
    count = 0
    for index in range(at + step, at + step * _FAR, step):
        if not 0 <= index < len(rows) or count >= _ENOUGH:
            break
        left = right = False
        for piece in rows[index]:
            middle = (start + end) / 2
            if piece.right <= end and (piece.left + piece.right) / 2 <= middle:
                start, left = max(start, piece.right), True
            elif piece.left >= start and (piece.left + piece.right) / 2 > middle:
                end, right = min(end, piece.left), True
            else:
                return count
            if end - start < _GUTTER * low:
                return count
        count += left and right
    return count


# -- blocks -----------------------------------------------------------------------------------------------


class Block(list[Piece]):
    """Lines under each other."""

    __slots__ = ("bottom", "left", "number", "right", "top")

    def close(self) -> None:
        """Work out the edges."""
        self.left = min(one.left for one in self)
        self.right = max(one.right for one in self)
        self.bottom = min(one.bottom for one in self)
        self.top = max(one.top for one in self)
        self.number = min(one.number for one in self)


def _share(one: Piece | Block, other: Piece | Block) -> bool:
    """Tell whether two share a good part of the page's width."""
    common = min(one.right, other.right) - max(one.left, other.left)
    return common > 0.25 * min(one.right - one.left, other.right - other.left) or common > 20


def _hangs(line: Piece, other: Piece) -> bool:
    """Tell whether a short last line stands right under a first one that is indented farther than that is long."""
    near = line.bottom - other.top < 0.6 * line.height and line.left - other.right < 3 * line.height
    return near and 0 < line.left - other.left < 4 * line.height


def _blocks(lines: Sequence[Piece]) -> list[Block]:
    """Put lines together that stand under each other with nothing else beside."""
    if len(lines) > _MOST_PIECES:
        whole = Block(lines)
        whole.close()
        return [whole]
    order = sorted(lines, key=lambda one: (-one.top, one.left))
    under = [_under(order, index) for index in range(len(order))]
    above: dict[int, list[int]] = {}
    for index, found in enumerate(under):
        for each in found:
            above.setdefault(each, []).append(index)
    blocks: list[Block] = []
    block_of: dict[int, Block] = {}
    for index, line in enumerate(order):
        over = above.get(index, [])
        if len(over) > 1:  # what stands farther above has something between
            lowest = min(order[each].bottom for each in over)
            over = [each for each in over if order[each].bottom < lowest + 0.6 * line.height]
        block: Block | None = None
        if len(over) == 1 and under[over[0]] == [index]:
            other = order[over[0]]
            gap = other.bottom - line.top
            ratio = max(other.height, line.height) / min(other.height, line.height)
            if gap <= _UNDER * min(other.height, line.height) and ratio <= _ALIKE:
                block = block_of[over[0]]
        if block is None:
            block = Block()
            blocks.append(block)
        block.append(line)
        block_of[index] = block
    for each_block in blocks:
        each_block.close()
    return blocks


def _under(order: Sequence[Piece], index: int) -> list[int]:
    """Return the lines that stand right under one: the next that shares its width, and what is beside that."""
    line = order[index]
    found: list[int] = []
    nearest = 0.0
    for at in range(index + 1, min(index + 400, len(order))):
        other = order[at]
        if found and other.top < nearest - 0.6 * order[found[0]].height:
            break
        if line.top - other.top > 6 * line.height and not found:
            break
        if other.top > line.bottom + 0.5 * line.height or not (_share(line, other) or _hangs(line, other)):
            continue
        if not found:
            nearest = other.top
        found.append(at)
    return found


def _in_order(blocks: list[Block]) -> list[Block]:
    """Return blocks in the order in which they are read."""
    if len(blocks) > _MOST_BLOCKS:
        return sorted(blocks, key=lambda one: one.number)
    if len(blocks) < 2:
        return blocks
    blocks = sorted(blocks, key=lambda one: (-one.top, one.left))
    size = len(blocks)
    before: list[set[int]] = [set() for _ in range(size)]
    for here in range(size):
        for there in range(here + 1, size):
            one, other = blocks[here], blocks[there]
            if _share(one, other):
                low, high = (there, here) if one.top >= other.top else (here, there)
                before[low].add(high)
                continue
            left, right = (here, there) if one.left + one.right <= other.left + other.right else (there, here)
            if not _between(blocks, blocks[left], blocks[right]):
                before[right].add(left)
    done: list[int] = []
    rest = list(range(size))
    while rest:
        taken = set(done)
        free = [each for each in rest if before[each] <= taken]
        # In a circle, which overlapping blocks may make, the upper one goes first.
        chosen = free[0] if free else rest[0]
        rest.remove(chosen)
        done.append(chosen)
    return [blocks[each] for each in done]


def _between(blocks: Sequence[Block], left: Block, right: Block) -> bool:
    """Tell whether a block as wide as both stands between two that are side by side, or one above the other."""
    if left.top >= right.bottom and right.top >= left.bottom:
        return False
    high, low = (left.bottom, right.top) if left.bottom >= right.top else (right.bottom, left.top)
    for one in blocks:
        if one is left or one is right or one.top > high + 1 or one.bottom < low - 1:
            continue
        if min(one.right, left.right) > max(one.left, left.left) and min(one.right, right.right) > max(
            one.left, right.left
        ):
            return True
    return False
