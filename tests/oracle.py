"""A naive matcher to hold the first pass against, and texts to hold it against with.

It takes the forms of a rulebook as they were parsed, and looks word by word where all words of one stand in order,
with at most so many others between them as its gaps allow. It knows nothing of anchors, tables, contexts and gates.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from annotator.folding import Folded
    from annotator.rulebook import Form, FormTable

_WORD, _GAP, _SLOT = 0, 1, 2
_FIGURES = b"0123456789"
# What every phrase takes for a blank: white space in a line, or one line break.
_WHITE = re.compile(r"[ \t\u00a0]*(?:\r?\n)?[ \t\u00a0]*")
_FEW = 4  # separators of any kind between two words


class Found(NamedTuple):
    """Where a form stands: its number, and start and end in the plain view of the word for each of its elements."""

    number: int
    words: tuple[tuple[int, int], ...]


class Oracle:
    """The forms of a table without slots, by the first word of each."""

    def __init__(self, table: FormTable, count: int) -> None:
        self.forms = [table.form(number) for number in range(count)]
        self._by_first: dict[bytes, list[int]] = {}
        for number, form in enumerate(self.forms):
            if all(element[0] != _SLOT for element in form.elements):
                for word in form.elements[0][1]:
                    self._by_first.setdefault(word, []).append(number)

    def places(self, folded: Folded, *, exactly: bool) -> Iterator[Found]:
        """Yield where forms stand; ``exactly`` looks at capitals too, and at what stands between words."""
        fold = folded.folded
        tokens = [(hit.start() - 1, hit.end() - 1) for hit in re.finditer(rb"[^ ]+", fold)]
        words = [fold[start + 1 : end + 1] for start, end in tokens]
        reading = _Reading(folded, tokens, words, exactly=exactly)
        for at, word in enumerate(words):
            for key in dict.fromkeys((word, word.rstrip(_FIGURES))):
                for number in self._by_first.get(key, ()):
                    placed = reading.placed(self.forms[number], 0, at)
                    if placed is not None:
                        yield Found(number, tuple(tokens[index] if index >= 0 else (-1, -1) for index in placed))


def near(folded: Folded, words: tuple[tuple[int, int], ...]) -> bool:
    """Tell whether words stand so near each other that they must be found: further apart they may be."""
    for (_, start), (end, _) in itertools.pairwise(words):
        if start >= 0 <= end and end - start > _FEW and not _WHITE.fullmatch(folded.text_at(start, end)):
            return False
    return True


def has_signs(form: Form) -> bool:
    """Tell whether a form has signs, which the naive matcher does not know."""
    return any(element[0] == _WORD and (element[2] or element[3]) for element in form.elements)


class _Reading:
    def __init__(self, folded: Folded, tokens: list[tuple[int, int]], words: list[bytes], *, exactly: bool) -> None:
        self.folded = folded
        self.tokens = tokens
        self.words = words
        self.exactly = exactly

    def placed(self, form: Form, element: int, at: int) -> tuple[int, ...] | None:
        """Return at which words a form's elements stand from one on, -1 for a gap; ``None`` if they do not."""
        if element == len(form.elements):
            return ()
        here = form.elements[element]
        if here[0] == _GAP:
            for skipped in range(here[1] + 1):
                rest = self.placed(form, element + 1, at + skipped)
                if rest is not None:
                    return (-1, *rest)
            return None
        if at >= len(self.words) or not self.is_word(here, at):
            return None
        if element and form.elements[element - 1][0] == _WORD and not self.is_joint(at):
            return None
        rest = self.placed(form, element + 1, at + 1)
        return None if rest is None else (at, *rest)

    def is_word(self, element: tuple[Any, ...], at: int) -> bool:
        """Tell whether a word stands for an element."""
        word = self.words[at]
        if word not in element[1]:
            return False
        wanted = element[1][word]
        if wanted is None or not self.exactly:
            return True
        start, end = self.tokens[at]
        case, exact = wanted
        plain = self.folded.plain
        return plain[start : start + 1].isupper() if case == "c" else bool(plain[start:end] == exact)

    def is_joint(self, at: int) -> bool:
        """Tell whether what stands before a word may stand between two of a phrase."""
        start, end = self.tokens[at - 1][1], self.tokens[at][0]
        if not self.exactly:
            return True
        raw = self.folded.plain[start:end]
        between = raw.strip(b' "')
        return not between or (between == b"-" and not raw[:1] == raw[-1:] == b" ")


# -- texts ---------------------------------------------------------------------------------------------------------

PARTED = [
    " ", "  ", "\n", "\n\n", "\r\n", "-", " - ", "' ", "'s ", "\u2019 ", '"', ' "', ", ", ". ", "    ", "    \t ",
    "     ", "\u00a0" * 5, "  \n  ", "\n \n \n", "\u200b ", "\u00ad", "\u0301 ", "\x85", "\u2028", "\x00", " \x07 ",
    "\x1b[31m ", "\x9b1m", "\ud800", "\u044f", " \u044f ", "% ", "++ ", " & ", "/", " (", "7 ", "_", "\u2026 ",
    " \ufb01 ", "\U0001f600 ", "\uff0d",
]  # fmt: skip


@st.composite
def phrases(draw: st.DrawFn, forms: list[Form], cues: list[Form]) -> str:
    """Return a phrase of a form: words of it, now and then in other capitals and parted by odd signs."""
    form = forms[draw(st.integers(0, len(forms) - 1))]
    choice = draw(st.integers(0, 1 << 16))
    odd = draw(st.integers(0, 2)) == 0  # most phrases are written as usual
    pieces: list[str] = []
    for element in form.elements:
        if element[0] == _GAP:
            pieces += ["so"] * (choice % (element[1] + 2))
            continue
        if element[0] == _SLOT:
            pieces += [_written(one, choice) for one in cues[choice % len(cues)].elements]
            continue
        pieces.append(element[2].decode("latin-1").lstrip() + _written(element, choice) + element[3].decode("latin-1"))
    if not odd:
        return " ".join(pieces)
    ways: list[Callable[[str], str]] = [str, str, str.lower, str.upper, str.title]
    pieces = [draw(st.sampled_from(ways))(piece) for piece in pieces]
    text = pieces[0]
    for piece in pieces[1:]:
        text += draw(st.sampled_from(PARTED)) + piece
    return text


def _written(element: tuple[Any, ...], choice: int) -> str:
    words = sorted(element[1])
    word = words[choice % len(words)]
    figure = "23" if type(element[1]) is not dict else ""  # digits are joined to it
    wanted = None if figure else element[1][word]
    spelt: str = word.decode("latin-1") if wanted is None else wanted[1].decode("latin-1")
    return spelt + figure


def texts(forms: list[Form], cues: list[Form]) -> st.SearchStrategy[str]:
    """Return texts of phrases and cues, with anything at all between them."""
    piece = st.one_of(
        phrases(forms, cues),
        phrases(cues, cues),
        st.sampled_from(["the", "The UN", "said on", "is not", "Unscr2397", "x9", "1718 (2006)", "resolution", "U.S."]),
        st.text(max_size=8),
        st.text(st.characters(codec=None, categories=["Cc", "Cs", "Cf", "Mn", "Zs", "Lo", "Po"]), max_size=4),
    )
    parted = st.sampled_from([" ", " ", " ", " ", ". ", *PARTED])
    return st.lists(st.tuples(piece, parted), min_size=1, max_size=7).map(lambda parts: "".join(map("".join, parts)))
