"""The phrase notation: parse a phrase of a rule into the flat forms that the matcher runs.

A form is a tuple of elements: ``Word`` (one word, one of several spellings), ``Gap`` (up to n words)
and ``Slot`` (a cue of a context). Alternatives of single words stay one ``Word``; longer alternatives
and optional parts multiply forms. ``docs/rules.md`` describes the notation for its users.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, NamedTuple, cast

from .._lazy import regex
from ..folding import UNKNOWN_LETTER, fold_phrase, plain_phrase
from ._inflect import inflect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

MAX_FORMS = 2000
MAX_GAP = 20
MAX_GAPS = 4
MAX_DEPTH = 12
DIGITS = "{digits}"
_ENDS = frozenset(["", " ", "\t", "\n", "|", ")", "]"])
# Characters that mean nothing but themselves: in an item, in a group that is joined to a word; those that part words.
_LETTERS = regex(r"[^ \t\n|()\[\]{}/~\\]+")
_ENDINGS = {")": regex(r"[^)(\[{/~ |\\]+"), "]": regex(r"[^\](\[{/~ |\\]+")}
_BLANKS = regex(r"[ \t\n]*")
_BLANK = regex(r"[ \t\n]")
_BRACKETS = regex(r"\\.|[()\[\]]", re.DOTALL)
_WORDS = regex(rb"[^ ]+")
# An item that means the same wherever it stands: a word, perhaps with an ending; a group of words.
_SIMPLE = regex(
    r"(?:[A-Za-z0-9]+(?:\[[A-Za-z0-9|]*\]|\([A-Za-z0-9|]*\))?~?|[(\[][A-Za-z0-9]+(?:\|[A-Za-z0-9]+){0,99}[)\]])"
    r"(?=[ \t\n|)\]]|\Z)"
)


class PhraseError(ValueError):
    """A phrase is not well formed; ``column`` counts characters of the phrase from 0."""

    def __init__(self, message: str, column: int = 0) -> None:
        super().__init__(message)
        self.column = column


class Word(NamedTuple):
    """One word: folded spellings with the case that each needs, and the signs before and behind it.

    ``cases[i]`` belongs to ``words[i]``: empty for any case, ``c`` for a capital first letter, ``u``
    for exactly the spelling in ``exact[i]``. ``sep`` are the signs between this word and the one before it,
    empty for white space or a hyphen, with a blank in front where they are glued to this word alone (`.NET`);
    ``after`` the signs glued behind it (`C++`), with a blank in front where they stand alone (`5 %`).
    ``at`` is where in the phrase it stands, for messages, where it has signs that may be refused. With ``figure``
    digits are joined to it (`UNSCR2397`).
    """

    words: tuple[bytes, ...]
    cases: tuple[str, ...]
    exact: tuple[bytes, ...]
    sep: str = ""
    after: str = ""
    at: int = 0
    figure: bool = False

    @property
    def bare(self) -> bool:
        """Whether it has no signs of its own, and no figure."""
        return not (self.sep or self.after or self.figure)


class Gap(NamedTuple):
    """Up to ``most`` words within the sentence."""

    most: int


class Slot(NamedTuple):
    """A cue of context ``context``, or of any context of a group when it is ``*group``."""

    context: str


class Sign(NamedTuple):
    """Signs that stand alone between blanks, while a phrase is read: they go to the word before or behind them."""

    text: str
    at: int


Element = Word | Gap | Slot
Form = tuple[Element, ...]
_Read = tuple[Element | Sign, ...]  # a form while its phrase is read


def _case(word: str) -> str:
    if word.islower():
        return ""
    letters = [c for c in word if c.isalpha()]
    if not any(c.isupper() for c in letters):
        return ""
    if len(letters) > 1 and all(c.isupper() for c in letters):
        return "u"
    if letters[0].isupper() and word[:1].isalpha() and not any(c.isupper() for c in letters[1:]):
        return "c"
    return "c" if letters[0].isupper() and word[:1].isalpha() else "u"


def _tokens(text: str) -> list[Word]:
    """Split one written word at its signs, whose places are counted from its start; none where it holds signs only."""
    if text.isascii() and text.isalnum():
        return [Word((text.lower().encode(),), (_case(text),), (text.encode(),))]
    plain = plain_phrase(text)
    folded = fold_phrase(text)
    same = len(plain) == len(text)

    def signs(start: int, end: int) -> str:
        # Folding makes one sign of all that ASCII lacks: which it is, the phrase itself says.
        folded = plain[start:end].decode("latin-1")
        return "".join(
            text[start + n] if sign == "~" and same else sign for n, sign in enumerate(folded) if sign != " "
        )

    spans = [hit.span() for hit in _WORDS.finditer(folded)]
    parts: list[Word] = []
    last = 0
    for start, end in spans:
        exact = plain[start:end]
        if UNKNOWN_LETTER in folded[start:end] and same:
            # Folding keeps nothing of other scripts: such a word is looked for as it is written.
            exact = text[start:end].encode()
        before = signs(last, start)
        if parts:
            before = before.strip("-")
        elif before:
            before = f" {before}"
        parts.append(Word((folded[start:end],), (_case(exact.decode("latin-1")),), (exact,), before))
        last = end
    if parts:
        after = signs(last, len(plain))
        parts[-1] = parts[-1]._replace(after=after, at=last if after else 0)
    return parts


class Known:
    """What phrases were read before, so that what comes again is read once: for the phrases of one set of rules.

    Each element is kept once, so that forms are told apart by which elements they are of.
    """

    def __init__(self) -> None:
        self._elements: dict[Element | Sign, Element | Sign] = {}
        self._words: dict[str, list[Word]] = {}
        self._lists: dict[int, tuple[list[Form], list[_Read], bool, bool]] = {}
        self.items: dict[str, list[_Read]] = {}
        self.literals: dict[str, list[_Read]] = {}
        self.scripts: set[int] = set()  # the ids of elements with letters of other scripts

    def form(self, elements: Iterable[Element | Sign]) -> _Read:
        """Return a form of the elements that are kept."""
        found = []
        for element in elements:
            kept = self._elements.get(element)
            if kept is None:
                kept = self._elements[element] = element
                if isinstance(element, Word) and UNKNOWN_LETTER in b"".join(element.words):
                    self.scripts.add(id(element))
            found.append(kept)
        return tuple(found)

    def tokens(self, text: str, at: int) -> list[Word]:
        """Return what `_tokens` does for a word that is written at a place in its phrase."""
        found = self._words.get(text)
        if found is None:
            found = self._words[text] = _tokens(text)
        if found and (found[0].sep or found[-1].after):
            first = found[0]._replace(at=at if found[0].sep else 0)
            found = [first, *found[1:]]
            last = found[-1]
            if last.after:
                found[-1] = last._replace(at=at + self._words[text][-1].at)
        return [*found]

    def looked_up(self, forms: list[Form]) -> tuple[list[_Read], bool, bool]:
        """Return forms of vocabulary with the elements that are kept, and whether they hold gaps, and signs."""
        known = self._lists.get(id(forms))
        if known is None:
            kept = [self.form(form) for form in forms]
            every = {id(element): element for form in kept for element in form}.values()
            gaps = any(isinstance(element, Gap) for element in every)
            signs = any(isinstance(element, Word) and not element.bare for element in every)
            known = (forms, kept, gaps, signs)
            if len(forms) > 1:
                self._lists[id(forms)] = known
        return known[1:]


class _Parser:
    def __init__(self, text: str, lookup: Callable[[str], list[Form]], known: Known) -> None:
        self.text = text
        self.pos = 0
        self.lookup = lookup
        self.known = known
        self.depth = 0
        # Whether the phrase has gaps, and signs.
        self.gaps = self.signs = False

    def fail(self, message: str) -> PhraseError:
        return PhraseError(message, self.pos)

    def peek(self) -> str:
        return self.text[self.pos] if self.pos < len(self.text) else ""

    def alternatives(self, close: str) -> list[_Read]:
        forms = self.sequence(close)
        while self.peek() == "|":
            self.pos += 1
            forms = forms + self.sequence(close)
            self.check(len(forms))
        return forms

    def check(self, ways: int) -> None:
        if ways > MAX_FORMS:
            raise self.fail(f"more than {MAX_FORMS} ways to read this phrase; split it into several")

    def sequence(self, close: str) -> list[_Read]:
        forms: list[_Read] = [()]
        while True:
            self.pos = self.run(_BLANKS)
            char = self.peek()
            if char in {"", close, "|"}:
                return forms
            if char in ")]":
                raise self.fail(f"{char} without its opening bracket")
            new = self.simple() or self.item()
            self.check(len(forms) * len(new))
            forms = [form + more for form in forms for more in new] if forms != [()] else new

    def simple(self) -> list[_Read]:
        """Read an item that was read before, or may be again; none where it is of another kind."""
        hit = _SIMPLE.match(self.text, self.pos)
        if hit is None or self.depth >= MAX_DEPTH:
            return []
        found = self.known.items.get(hit[0])
        if found is None:
            found = self.known.items[hit[0]] = self.item()
        self.pos = hit.end()
        return found

    def literal(self, word: str) -> list[_Read]:
        """Read a word in which nothing is notation."""
        found = self.known.literals.get(word)
        if found is None:
            found = self.known.literals[word] = self.finish([(word, None)], 0, tilde=False)
        self.signs = True
        return found

    def run(self, pattern: re.Pattern[str]) -> int:
        """Return where a run of characters that begins here ends."""
        hit = pattern.match(self.text, self.pos)
        return self.pos if hit is None else hit.end()

    def item(self) -> list[_Read]:  # noqa: C901, PLR0912 - one branch for each sign of the notation
        """Read one item: a gap, or a run of letters, groups and options without blanks between."""
        if self.peek() == "/":
            return self.gap()
        # Each way to read the item is text (to be split into words at the end) or a finished form.
        ways: list[tuple[str, _Read | None]] = [("", None)]
        tilde = False
        first = True
        start = self.pos
        while True:
            char = self.peek()
            if not char or char in " \t\n|)]":
                break
            if char == "{":
                if self.text.startswith(DIGITS, self.pos) and not first:
                    self.pos += len(DIGITS)
                    if self.peek() not in _ENDS or tilde:
                        raise self.fail(f"put a blank after {DIGITS}, and no ~ before it")
                    return self.finish(ways, start, tilde=False, figure=True)
                if not first:
                    raise self.fail("put a blank before {…}")
                return self.reference()
            if char == "}":
                raise self.fail("} without {; write \\} for the character")
            if char == "/":
                raise self.fail("put a blank before a gap; write \\/ for the character")
            if char in "([":
                ways = self.group(ways, char)
            elif char == "~":
                self.pos += 1
                tilde = True
            else:
                end = self.pos + 1
                if char == "\\":
                    self.pos += 1
                    end += 1
                    char = self.peek()
                    if not char:
                        raise self.fail("a backslash at the end; write \\\\ for the character")
                elif not tilde:
                    end = self.run(_LETTERS)
                    char = self.text[self.pos : end]
                if tilde and not char.isalnum():
                    raise self.fail(f"~ belongs right after a word; put a blank before {char}")
                self.pos = end
                ways = [(text + char, form) for text, form in ways]
            first = False
        return self.finish(ways, start, tilde=tilde)

    def group(self, ways: list[tuple[str, _Read | None]], char: str) -> list[tuple[str, _Read | None]]:
        """Read ``(…)`` or ``[…]``, joined to the word before it or standing alone."""
        opened = self.pos
        self.pos += 1
        close = ")" if char == "(" else "]"
        joined = any(text for text, _ in ways) or not self.stands_alone(opened, close)
        if joined:
            endings = self.endings(close)
            if char == "[":
                endings = ["", *endings]
            result: list[tuple[str, _Read | None]] = []
            for text, form in ways:
                if form is not None:
                    raise self.fail("a group of words cannot be joined to a word; put a blank between")
                result += [(text + ending, None) for ending in endings]
            if len(result) > MAX_FORMS:
                raise self.fail(f"more than {MAX_FORMS} ways to read this word; split it")
            return result
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.fail(f"brackets nested more than {MAX_DEPTH} deep")
        forms = self.alternatives(close)
        if self.peek() != close:
            raise self.fail(f"{char} without {close}")
        self.depth -= 1
        self.pos += 1
        return [("", form) for form in (([(), *forms]) if char == "[" else forms)]

    def stands_alone(self, opened: int, close: str) -> bool:
        """Tell whether a group is followed by a blank or an end, so that it holds whole words."""
        depth = 0
        for hit in _BRACKETS.finditer(self.text, opened):
            char = hit.group()
            if char in "([":
                depth += 1
            elif char in ")]":
                depth -= 1
                if depth == 0:
                    return self.text[hit.end() : hit.end() + 1] in _ENDS
        self.pos = opened
        raise self.fail(f"{self.text[opened]} without {close}")

    def endings(self, close: str) -> list[str]:
        """Read the alternatives of a group joined to a word: plain letters only."""
        result = [""]
        while True:
            char = self.peek()
            if not char:
                raise self.fail(f"{close} is missing")
            if char == close:
                self.pos += 1
                return result
            if char in "([{/~ ":
                raise self.fail("only letters and | may stand in a group that is joined to a word")
            if char == "|":
                result.append("")
            elif char == "\\":
                self.pos += 1
                result[-1] += self.peek()
            else:
                end = self.run(_ENDINGS[close])
                result[-1] += self.text[self.pos : end]
                self.pos = end
                continue
            self.pos += 1

    def reference(self) -> list[_Read]:
        end = self.text.find("}", self.pos)
        if end < 0:
            raise self.fail("{ without }")
        name = self.text[self.pos + 1 : end].strip()
        forms, gaps, signs = self.known.looked_up(self.lookup(name))
        self.gaps |= gaps
        self.signs |= signs
        self.pos = end + 1
        if self.peek() not in _ENDS:
            raise self.fail("put a blank after {…}")
        return forms

    def gap(self) -> list[_Read]:
        self.pos += 1
        digits = ""
        while self.peek().isdigit():
            digits += self.peek()
            self.pos += 1
        if not digits or not 1 <= int(digits) <= MAX_GAP:
            raise self.fail(f"a gap is /1 to /{MAX_GAP}; write \\/ for the character")
        self.gaps = True
        return [self.known.form([Gap(int(digits))])]

    def finish(
        self, ways: list[tuple[str, _Read | None]], start: int, *, tilde: bool, figure: bool = False
    ) -> list[_Read]:
        """Return the forms of an item that began at ``start``, single words together."""
        forms: list[_Read] = []
        singles: list[Word] = []
        for text, form in ways:
            if form is not None:
                if tilde:
                    raise self.fail("~ belongs right after a word")
                if len(form) == 1 and isinstance(form[0], Word) and form[0].bare:
                    singles.append(form[0])
                else:
                    forms.append(form)
                continue
            if not text:
                forms.append(())
                continue
            for spelling in inflect(text) if tilde else (text,):
                if not (spelling.isascii() and spelling.isalnum()) and b'"' in plain_phrase(spelling):
                    what = "quotation marks are passed over, so that none is looked for; take them out"
                    raise PhraseError(what, start)
                parts = self.known.tokens(spelling, start)
                if figure:
                    if not parts or parts[-1].after or not parts[-1].words[0].isalpha():
                        raise PhraseError(f"{DIGITS} belongs right behind the letters of a word", start)
                    parts[-1] = parts[-1]._replace(figure=True)
                if not parts:
                    forms.append(self.known.form([Sign(spelling, start)]) if plain_phrase(spelling).strip() else ())
                elif len(parts) == 1 and parts[0].bare:
                    singles.append(parts[0])
                    continue
                else:
                    forms.append(self.known.form(parts))
                self.signs = True
        return [*forms, *map(self.known.form, together(singles))]

    def finished(self, forms: list[_Read]) -> list[Form]:
        """Return the forms of a whole phrase, each once. Raises ``PhraseError`` for one that cannot be looked for."""
        if self.gaps:
            forms = [self.known.form(_join_gaps(form)) for form in forms]
        if len(forms) > 1:
            forms = list({tuple(map(id, form)): form for form in forms}.values())
        result: list[Form] = []
        for form in forms:
            if not any(isinstance(element, Word) for element in form):
                raise PhraseError("at least one word must not be optional")
            if self.gaps:
                if isinstance(form[0], Gap) or isinstance(form[-1], Gap):
                    raise PhraseError("a phrase cannot begin or end with a gap")
                if sum(isinstance(element, Gap) for element in form) > MAX_GAPS:
                    raise PhraseError(f"more than {MAX_GAPS} gaps in one phrase")
            signed = self.signs and any(
                isinstance(each, Sign) or (isinstance(each, Word) and not each.bare) for each in form
            )
            if signed:
                form = self.known.form(_without_hyphens(_join_signs(form)))  # noqa: PLW2901 - the same, joined
            result.append(cast("Form", form))
        return result


def together(singles: Iterable[Word]) -> list[Form]:
    """Return single words as one element with all their spellings, none where there are none."""
    singles = list(singles)
    if len(singles) == 1 and len(singles[0].words) == 1 and not singles[0].at:
        return [(singles[0],)]
    seen = dict.fromkeys(each for word in singles for each in zip(word.words, word.cases, word.exact, strict=True))
    if not seen:
        return []
    return [(Word(tuple(w for w, _, _ in seen), tuple(c for _, c, _ in seen), tuple(e for _, _, e in seen)),)]


def parse(text: str, lookup: Callable[[str], list[Form]], known: Known | None = None) -> list[Form]:
    """Parse one phrase into its forms.

    ``lookup`` gives the forms of ``{name}``: a vocabulary entry's, or a ``Slot``; ``known`` is handed on from phrase to
    phrase of one set of rules. Raises ``PhraseError`` with the column (0-based) when the phrase is not well formed, has
    no word that is not optional, begins or ends with a gap, has a sign that could not be looked for, or could be read
    in too many ways.
    """
    parser = _Parser(text, lookup, Known() if known is None else known)
    forms = parser.alternatives("")
    if parser.pos < len(text):
        raise parser.fail(f"{text[parser.pos]} without its opening bracket")
    return parser.finished(forms)


def parse_literal(text: str, known: Known) -> list[Form]:
    """Return what `parse` does for text in which nothing is notation; the columns of its errors mean nothing."""
    parser = _Parser("", _no_names, known)
    forms: list[_Read] = [()]
    for word in _BLANK.split(text):
        if word:
            new = parser.literal(word)
            forms = [form + more for form in forms for more in new]
    return parser.finished(forms)


def _no_names(name: str) -> list[Form]:
    raise PhraseError(f"no vocabulary here: {name}")


def _join_signs(form: _Read) -> Form:
    """Give signs that stand alone to the word before them, else to the one behind them."""
    joined: list[Element] = []
    waiting: Sign | None = None
    for element in form:
        last = joined[-1] if joined else None
        if isinstance(element, Sign):
            if waiting is None and isinstance(last, Word):
                after = f"{last.after}{element.text}" if last.after else f" {element.text}"
                joined[-1] = last._replace(after=after, at=element.at)
            else:
                waiting = element if waiting is None else Sign(waiting.text + element.text, waiting.at)
            continue
        if waiting is not None:
            if not isinstance(element, Word):
                break
            # What stands alone may be glued to the word in the text, so that it counts as a sign between two.
            joined.append(element._replace(sep=f"{waiting.text}{element.sep.lstrip()}", at=waiting.at))
            waiting = None
            continue
        joined.append(element)
    if waiting is not None:
        raise PhraseError(f"the sign {waiting.text} stands beside no word, so that it cannot be looked for", waiting.at)
    return tuple(joined)


def _without_hyphens(form: Form) -> Form:
    """Take hyphens away at the borders of words, where they stand for a blank; refuse them at a phrase's edge."""
    result: list[Element] = []
    for index, element in enumerate(form):
        if not isinstance(element, Word) or element.bare:
            result.append(element)
            continue
        sep, after = element.sep, element.after
        first = index == 0 or isinstance(form[index - 1], Gap)
        last = index + 1 == len(form) or isinstance(form[index + 1], Gap)
        if (first and sep.endswith("-")) or (last and after.endswith("-")):
            what = "a hyphen may stand for a blank, so that at the edge none is looked for; take it out"
            raise PhraseError(what, element.at)
        if sep.startswith(" "):
            sep = "" if sep == " -" else sep.rstrip("-")
        if not after.startswith(" "):
            after = after.rstrip("-")
        result.append(element._replace(sep=sep, after=after))
    return tuple(result)


def _join_gaps(form: _Read) -> _Read:
    if sum(isinstance(element, Gap) for element in form) < 2:
        return form
    joined: list[Element | Sign] = []
    for element in form:
        if isinstance(element, Gap) and joined and isinstance(joined[-1], Gap):
            joined[-1] = Gap(min(MAX_GAP, joined[-1].most + element.most))
        else:
            joined.append(element)
    return tuple(joined)


def script_texts(form: Form) -> list[str] | None:
    """Return a form's spellings as text if it holds letters of other scripts, else ``None``.

    Raises ``PhraseError`` for such a form with gaps or slots: those work on folded words.
    """
    if not any(isinstance(e, Word) and UNKNOWN_LETTER in b"".join(e.words) for e in form):
        return None
    if not all(isinstance(e, Word) for e in form):
        raise PhraseError("a phrase in another script takes plain words only, without gaps, {target} or contexts")
    words = [[x.decode() for x in e.exact] for e in form if isinstance(e, Word)]
    return [written(form, choice) for choice in itertools.islice(itertools.product(*words), MAX_FORMS)]


def written(form: Form, words: Iterable[str]) -> str:
    """Write words of a form out, one for each of its elements, with the form's signs; an empty one is left out."""
    text = ""
    after = ""
    for element, word in zip(form, words, strict=True):
        sep = element.sep if isinstance(element, Word) else ""
        blank = " " if text and word and (not sep or sep.startswith(" ")) else ""
        figure = "1" if isinstance(element, Word) and element.figure else ""
        text += f"{after}{blank}{sep.lstrip()}{word}{figure}"
        after = element.after if isinstance(element, Word) else ""
    return text + after


def spellings(form: Form, most: int = MAX_FORMS) -> list[bytes] | None:
    """Return every folded spelling of a form of words only, or ``None`` if there are more than ``most``."""
    count = 1
    for element in form:
        if not isinstance(element, Word) or element.figure:
            return None
        count *= len(element.words)
    if count > most:
        return None
    return [b" ".join(words) for words in itertools.product(*(e.words for e in form if isinstance(e, Word)))]
