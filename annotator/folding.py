"""Fold text for matching so that one code point becomes one byte and offsets survive.

Two views of a text are made. ``folded`` is what the automaton scans: lower-case ASCII letters and
digits, ``0xFF`` for a letter of another script, a blank for all else, with one blank added on both
sides. ``plain`` is what patterns and checks see: ASCII with the case kept, quotes and dashes
straight, accents dropped. Both have the same length (but for the two blanks), so an offset in one is
an offset in the other, and in nearly all texts it is the code-point offset in the text too. Only
where characters were dropped (soft hyphens, combining accents) or spelt out (ligatures, sharp s) does
a sparse map lead back.

One byte for each code point, and the cheap cases tried first, is what makes the engine fast;
``benchmarks/`` measures it.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING

from ._lazy import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

UNKNOWN_LETTER = 0xFF
# Control characters that stand for an unknown letter, a question mark and a sign on the way through Latin-1.
_STANDING = _LETTER, _MARK, _OTHER = "\x80", "\x81", "\x82"

_ALNUM = b"abcdefghijklmnopqrstuvwxyz0123456789"
_ASCII = bytes(range(128))


def _fold_table() -> bytes:
    table = bytearray(b" " * 256)
    for byte in _ALNUM:
        table[byte] = byte
    for byte in range(ord("A"), ord("Z") + 1):
        table[byte] = byte + 32
    table[UNKNOWN_LETTER] = UNKNOWN_LETTER
    return bytes(table)


FOLD = _fold_table()

# Straight forms for punctuation that compatibility decomposition leaves alone; all one code point.
_PUNCTUATION = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc\u02b9\u0060\u00b4\u055a\uff07", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\uff02", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u00b7\ufe58\ufe63\uff0d", "-"),
    **dict.fromkeys("\u0085\u2028\u2029", "\n"),
    # Marks that hang on a word and are no part of it: of footnotes, of trade.
    **dict.fromkeys("\u00b9\u00b2\u00b3\u2070\u2074\u2075\u2076\u2077\u2078\u2079\u00a9\u00ae\u2122\u2120", " "),
    "\u2026": ".",
    "\u00a7": "#",
    "\u00b6": "#",
}
_LETTERS = {
    "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "đ": "d",
    "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ł": "l", "Ł": "L", "ı": "i", "ħ": "h", "Ħ": "H",
}  # fmt: skip

# In UTF-8, text whose only bytes beyond ASCII are these holds nothing but curly quotes, dashes,
# ellipses and no-break spaces: lead bytes become blanks and continuation bytes vanish.
_EASY = b"\xe2\x80\x98\x99\x9c\x9d\x93\x94\xa6\xc2\xa0"
_CIRCLED = b"\xe2\x93"  # with bytes of the easy ones these make circled letters
_CONTINUATION = bytes(range(0x80, 0xC0))
_LINE_ENDS = (0x85, 0x2028, 0x2029)
_FOLD_UTF8 = bytes(32 if byte >= 0x80 else FOLD[byte] for byte in range(256))
_BLANKS = bytes(32 if byte in b"\t\r\x0b\x0c\x1c\x1d\x1e\x1f" else byte for byte in range(256))
_COMMA = regex(r"(?<=\d),(?=\d)")
# Any other sign: no letter, no blank, and no stop that could end a sentence.
_SIGN = "~"
_MANY_KNOWN = 65536
_PIECE = 1 << 20  # code points of a long text that are folded at once: folding takes several copies
_WITHIN_WORD = regex(r"[a-z](?=[a-z])")  # where neither side has to do with how the other is folded
# Control characters that are no white space. Beside a blank they are blanks too; between two words they are a sign, as
# good as any other: nobody can tell what they stood for.
_CONTROLS = bytes([*range(9), *range(14, 28), 127])
_CONTROL_RUN = rb"[%b]+" % re.escape(_CONTROLS)
# What terminals are told by: colours, links, titles. It has no width, so words go on across it; where the cursor is
# moved a blank is left. Each sequence is bounded and stops at the next, so that looking for them stays linear.
_ESCAPES = (
    "\x1b\\[[0-?]{0,64}[ -/]{0,8}(?P<moves>[ABCDEFGHSTdf`])?(?(moves)|[@-~])"
    "|\x1b[\\]PX^_][^\x07\x1b\n]{0,2048}(?:\x07|\x1b\\\\)"
    "|\x1b(?:[()*+][0-9A-Z]|#[0-9]|[=>]|[78](?![0-9]))"
    # A colour whose first character was lost on the way: in one byte, in the notation of a listing or of a program.
    "|(?:\x9b|\\^\\[\\[|\\\\(?:x1[bB]|033|e|u001[bB])\\[)[0-9;]{1,32}[mK]"
)
_ESCAPING = ("\x1b", "\x9b", "^[[", "\\x1", "\\033", "\\e[", "\\u001")
# Characters that are not seen, though Unicode does not count them as formatting: selectors of a variant, fillers.
_UNSEEN = ((0xFE00, 0xFE10), (0xE0100, 0xE01F0), (0x180B, 0x1810), (0x115F, 0x1161), (0x17B4, 0x17B6),
           (0x3164, 0x3165), (0xFFA0, 0xFFA1))  # fmt: skip
_JOINERS = "\u200c\u200d"
_COMBINING = ((0x300, 0x370), (0x1AB0, 0x1B00), (0x1DC0, 0x1E00), (0x20D0, 0x2100), (0xFE20, 0xFE30))

_USUAL_LETTER = "\u0436"  # of another script

_known: dict[str, str] = {}


def _fold_character(character: str) -> str:
    """Return the ASCII form of one non-ASCII code point: one letter, several, or none at all."""
    known = _known.get(character)
    if known is not None:
        return known
    import unicodedata  # only texts with unusual characters pay for it

    code = ord(character)
    if character in _PUNCTUATION:
        result = _PUNCTUATION[character]
    elif character in _LETTERS:
        result = _LETTERS[character]
    elif unicodedata.category(character) == "Cf" or any(low <= code < high for low, high in _COMBINING + _UNSEEN):
        result = ""
    else:
        base = "".join(part for part in unicodedata.normalize("NFKD", character) if not unicodedata.combining(part))
        if base.isspace():
            result = " "
        elif base and base.isascii():
            result = base
        elif character.isalnum() or unicodedata.category(character)[0] in "LM":
            result = "\xff"
        else:
            result = " " if unicodedata.category(character) == "Cc" else _SIGN
    if len(_known) < _MANY_KNOWN:  # a bound for hostile input, nothing more
        _known[character] = result
    return result


@cache
def _tables(left: str) -> tuple[bytes, bytes]:
    """Return the tables that fold Latin-1 bytes and that spell them in ASCII, where that takes one character.

    ``left`` is which of ``_STANDING`` a question mark stands for: what was left to the codec.
    """
    forms = [_fold_character(chr(code)) for code in range(128, 256)]
    table = bytearray(_BLANKS[:128]) + bytearray(ord(f) if len(f) == 1 else code for code, f in enumerate(forms, 128))
    for standing, meant in zip(_STANDING, (UNKNOWN_LETTER, ord("?"), ord(_SIGN)), strict=True):
        table[ord(standing)] = meant
        if standing == left:
            table[ord("?")] = meant
    return bytes(table.translate(FOLD)), bytes(table)


def tables(most: int) -> tuple[bytes, bytes]:
    """Return to what bytes each code point below ``most`` is folded and spelt, 1 where that takes more than a table.

    What has no width is folded to 2: it is left out.
    Those that may begin an escape sequence, control characters, and other ends of lines than LF are of this kind.
    """
    forms = [chr(code) if code < 128 else _fold_character(chr(code)) for code in range(most)]
    folded = bytearray(1 if len(form) != 1 else FOLD[min(ord(form), 255)] for form in forms)
    spelt = bytearray(1 if len(form) != 1 else _BLANKS[min(ord(form), 255)] for form in forms)
    for code, form in enumerate(forms):
        if not form:
            folded[code] = 2
    for code in (*_CONTROLS, *(ord(sign[0]) for sign in _ESCAPING), *_LINE_ENDS):
        folded[code] = 1
    return bytes(folded), bytes(spelt)


def usual(text: str, most: int) -> str:
    """Return a text that is folded and spelt as the one given, with other characters for those that take more than
    `tables` of ``most`` code points; those of escape sequences, and control characters, are left.
    """
    beyond = text.encode("utf-8", "surrogatepass").translate(None, _ASCII)
    for character in set(beyond.decode("utf-8", "surrogatepass")):
        form = _fold_character(character)
        if len(form) != 1 or ord(character) >= most or ord(character) in _LINE_ENDS:
            text = text.replace(character, _USUAL_LETTER if form == "\xff" else form)
    return text


class Shift:
    """A sparse map from offsets after an edit back to offsets before it.

    ``after[i]`` is the first offset behind edit ``i``, ``before[i]`` the offset that it came from.
    """

    __slots__ = ("after", "before")

    def __init__(self, after: Sequence[int], before: Sequence[int]) -> None:
        self.after = after
        self.before = before

    def back(self, offset: int) -> int:
        """Return the offset before the edit for one after it."""
        index = bisect_right(self.after, offset) - 1
        moved = offset if index < 0 else self.before[index] + offset - self.after[index]
        return min(moved, self.before[index + 1]) if index + 1 < len(self.before) else moved

    def end(self, offset: int) -> int:
        """Return the offset before the edit where what ends at ``offset`` ends, without what was dropped behind it."""
        index = bisect_left(self.after, offset) - 1
        moved = offset if index < 0 else self.before[index] + offset - self.after[index]
        return min(moved, self.before[index + 1]) if index + 1 < len(self.after) else moved

    def forth(self, offset: int) -> int:
        """Return the offset after the edit for one before it (the nearest not behind it)."""
        index = bisect_right(self.before, offset) - 1
        moved = offset if index < 0 else self.after[index] + offset - self.before[index]
        return min(moved, self.after[index + 1]) if index + 1 < len(self.after) else moved


def _edit_characters(text: str, odd: list[str], *, escapes: bool) -> tuple[str, Shift]:
    """Replace the code points ``odd`` by forms of another length, and escape sequences, with the way back."""
    pieces: list[str] = []
    after: list[int] = []
    before: list[int] = []
    done = 0
    length = 0
    single = "[" + re.escape("".join(odd)) + "]" if odd else ""
    pattern = "|".join(part for part in (_ESCAPES if escapes else "", single) if part)
    for hit in re.finditer(pattern, text):
        piece = text[done : hit.start()]
        found = hit.group()
        new = _fold_character(found) if len(found) == 1 else " " if hit["moves"] else ""
        pieces += (piece, new)
        length += len(piece) + len(new)
        done = hit.end()
        after.append(length)
        before.append(done)
    pieces.append(text[done:])
    return "".join(pieces), Shift(after, before)


def _control_signs(hit: re.Match[bytes]) -> bytes:
    """Return what a run of control characters is to a pattern: blanks beside a blank, signs between two words."""
    start, end = hit.span()
    beside = hit.string[start - 1 : start] if start else b""
    loose = {beside, hit.string[end : end + 1]} & {b" ", b"\n", b""}
    return (b" " if loose else _SIGN.encode()) * (end - start)


def without_unseen(text: str, *, joiners: bool = False) -> tuple[str, Shift | None]:
    """Return a text without what has no width (escape sequences, marks of direction), with the way back.

    With ``joiners`` those that change how letters look stay.
    """
    escapes = any(sign in text for sign in _ESCAPING)
    signs = sorted({char for char in text if not char.isascii() and not char.isprintable()})
    odd = [char for char in signs if not _fold_character(char) and not (joiners and char in _JOINERS)]
    return _edit_characters(text, odd, escapes=escapes) if odd or escapes else (text, None)


class Folded:
    """A text folded for matching; see the module's docstring.

    ``folded`` has one blank more on both sides than ``plain``: byte ``i`` of ``plain`` is byte
    ``i + 1`` of ``folded``. ``letters`` tells whether letters of other scripts occur. ``shift`` is the way back from
    offsets in both to those of the text, where they differ.
    """

    __slots__ = ("_cut", "_latin", "_plain", "_seen", "_text", "_wide", "folded", "letters", "shift")
    folded: bytes

    def __init__(self, text: str, *, whole: bool = False) -> None:
        """Fold a text; a long one piece by piece, unless it is to be folded as a ``whole``."""
        self._text = text
        self._seen = text  # without escape sequences
        self._plain: bytes | None = None
        self._wide: bool | None = None
        self._latin: tuple[bytes, str] | None = None
        self.shift: Shift | None = None
        self.letters = False
        escapes = any(sign in text for sign in _ESCAPING)
        # One with escape sequences, which may go on, is not cut.
        self._cut = len(text) > _PIECE and not escapes and not whole
        if self._cut:
            self._fold_pieces()
        else:
            self._fold(escapes=escapes)

    def _pieces(self) -> Iterator[Folded]:
        """Yield a long text folded in pieces, which end within words of ASCII letters."""
        at = 0
        while at < len(self._text):
            within = _WITHIN_WORD.search(self._text, at + _PIECE // 2)
            stop = within.end() if within is not None else len(self._text)
            yield Folded(self._text[at:stop], whole=True)
            at = stop

    def _fold_pieces(self) -> None:
        """Fold a long text piece by piece, with one way back for all."""
        after, before = array("I"), array("I")
        length = done = 0
        together = BytesIO()  # which gives its bytes away without a copy
        together.write(b" ")
        for piece in self._pieces():
            if piece.shift is not None:
                after.extend(length + place for place in piece.shift.after)
                before.extend(done + place for place in piece.shift.before)
            length += together.write(memoryview(piece.folded)[1:-1])
            done += len(piece.text)
        together.write(b" ")
        self.folded = together.getvalue()
        self.shift = Shift(after, before) if after else None
        self.letters = b"\xff" in self.folded

    def _fold(self, *, escapes: bool) -> None:
        """Fold the text; ``escapes`` tells that escape sequences may stand in it."""
        text = self._text
        if text.isascii():
            if escapes:
                text, self.shift = _edit_characters(text, [], escapes=True)
                self._seen = text
            self.folded = b" %b " % text.encode().translate(FOLD)
            return
        raw = text.encode("utf-8", "surrogatepass")
        rest = raw.translate(None, _ASCII)
        if escapes or rest.translate(None, _EASY) or _CIRCLED in rest:
            latin, left = self._to_latin(rest)
            self.folded = b" %b " % latin.translate(_tables(left)[0])
            self.letters = b"\xff" in self.folded
        else:
            self.folded = b" %b " % raw.translate(_FOLD_UTF8, _CONTINUATION)

    def _to_latin(self, rest: bytes) -> tuple[bytes, str]:
        """Return the text with one byte for each character, to be spelt by a table, and which table.

        ``rest`` is the UTF-8 of what is beyond ASCII. Passes over the text cost most, so characters of Latin-1
        are left to the table, and the codec makes "?" of the commoner sort of the others: of signs, or of
        unknown letters where these are of many kinds. Real question marks are out of its way.
        """
        text = self._text
        forms = {character: _fold_character(character) for character in set(rest.decode("utf-8", "surrogatepass"))}
        odd = sorted(character for character, form in forms.items() if len(form) != 1)
        escapes = any(sign in text for sign in _ESCAPING)
        if odd or escapes:
            text, self.shift = _edit_characters(text, odd, escapes=escapes)
        beyond = [(c, form) for c, form in forms.items() if ord(c) > UNKNOWN_LETTER and len(form) == 1]
        letters = [character for character, form in beyond if form == "\xff"]
        signs = [character for character, form in beyond if form == _SIGN]
        many = len(letters) > len(signs) + 1
        for character in _STANDING:
            if character in forms:
                text = text.replace(character, " ")
        if letters or signs:
            text = text.replace("?", _MARK)
        for character in signs if many else letters:
            text = text.replace(character, _OTHER if many else _LETTER)
        for character, form in beyond:
            if form not in {"\xff", _SIGN}:
                text = text.replace(character, form)
        left = (_LETTER if many else _OTHER) if letters or signs else _MARK
        self._latin = text.encode("latin-1", "replace"), left
        return self._latin

    @property
    def text(self) -> str:
        """The text that was folded."""
        return self._text

    @property
    def wide(self) -> bool:
        """Whether five separators or more stand in a row that may be no more than white space in a line.

        Blank lines make such runs in most texts; they part phrases, and do not count.
        """
        if self._wide is None:
            text = self._text
            self._wide = b"     " in self.folded and (
                ("  " in text and ("   " in text or "  \n  " in text or "\r" in text))
                or "\t" in text
                or "\u00a0" in text
            )
        return self._wide

    @property
    def plain(self) -> bytes:
        """The text as ASCII with its case kept, made when first asked for."""
        if self._plain is None:
            if self._cut:
                together = BytesIO()
                for piece in self._pieces():
                    together.write(piece.spelt())
                self._plain = together.getvalue()
            else:
                self._plain = self.spelt()
            self._latin = None
        return self._plain

    def spelt(self) -> bytes:
        """Return the text as ASCII with its case kept, made anew."""
        if self._seen.isascii():
            plain = self._seen.encode().translate(_BLANKS)
        else:
            rest = self._text.encode("utf-8", "surrogatepass").translate(None, _ASCII)
            latin, left = self._latin or self._to_latin(rest)
            plain = latin.translate(_tables(left)[1])
        if len(plain) != len(plain.translate(None, _CONTROLS)):
            plain = re.sub(_CONTROL_RUN, _control_signs, plain)
        # One line break is a blank to a pattern; a blank line stays a wall.
        if b"\n" in plain:
            plain = plain.replace(b"\n\n", b"\x01\x01").replace(b"\n", b" ").replace(b"\x01", b"\n")
        return plain

    def text_at(self, start: int, end: int) -> str:
        """Return the text itself between two offsets in ``plain``, without what was dropped behind it."""
        return self._text[self.to_text(start) : self.end_in_text(end)]

    def to_text(self, offset: int) -> int:
        """Return the code-point offset in the text for an offset in ``plain``."""
        return offset if self.shift is None else self.shift.back(offset)

    def end_in_text(self, offset: int) -> int:
        """Return the code-point offset in the text where what ends at an offset in ``plain`` ends.

        Marks that hang on its last letter belong to it, other things that are not seen do not.
        """
        if self.shift is None:
            return offset
        end, most = self.shift.end(offset), self.shift.back(offset)
        while end < most and _hangs(self._text[end]):
            end += 1
        return end

    def from_text(self, offset: int) -> int:
        """Return the offset in ``plain`` for a code-point offset in the text."""
        return offset if self.shift is None else self.shift.forth(offset)


def _hangs(character: str) -> bool:
    """Tell whether a character changes how the one before it looks: an accent, a selector, a joiner."""
    import unicodedata

    return character in _JOINERS or unicodedata.category(character)[0] == "M"


def squeeze(folded: bytes) -> tuple[bytes, Shift]:
    """Shorten runs of five blanks or more to four; return the bytes and the way back."""
    after: list[int] = []
    before: list[int] = []
    cut = 0
    for hit in re.finditer(rb" {5,}", folded):
        start, end = hit.span()
        cut += end - start - 4
        after.append(end - cut)
        before.append(end)
    return re.sub(rb" {5,}", b"    ", folded), Shift(after, before)


def fold_phrase(text: str) -> bytes:
    """Fold a phrase of a rule the way texts are folded, without the blanks around it."""
    return text.encode().translate(FOLD) if _is_simple(text) else Folded(text).folded[1:-1]


def fold_key(text: str) -> str:
    """Return the form in which keys of tables meet: case, blanks, leading zeros, commas within numbers do not count.

    >>> fold_key("13,810"), fold_key("Russia  (Sanctions)")
    ('13810', 'russia (sanctions)')
    """
    if not text.isascii():
        text = plain_phrase(text).decode("latin-1")
    key = _COMMA.sub("", " ".join(text.lower().split()))
    return key.lstrip("0") or key


def name_key(text: str) -> str:
    """Return the key under which a table's row is found by a name of it in a text: words only, whatever parts them.

    >>> name_key("Ukraine-/Russia-related  Sanctions")
    '=ukraine russia related sanctions'
    """
    return "=" + " ".join(fold_phrase(text).decode("latin-1").split())


def plain_phrase(text: str) -> bytes:
    """Return the plain view of a phrase: ASCII, case kept."""
    return text.encode() if _is_simple(text) else Folded(text).plain


def _is_simple(text: str) -> bool:
    """Tell that a phrase is ASCII as it is printed, without what could begin an escape sequence."""
    return text.isascii() and text.isprintable() and "\\" not in text and "^" not in text
