"""Patterns of rules on a regular-expression engine that is linear in the text (RE2).

A pattern sees bytes: ASCII as ``annotator.folding`` makes it. Curly quotes and dashes in the pattern
are made straight too; a blank in it stands for any run of white space with at most one line break.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from .._lazy import regex

if TYPE_CHECKING:
    from collections.abc import Iterable

# What stands between the items of a list, where a rule does not say: "1718, 1874 and 2397", "1718-1874".
JOINED = r"(?: ?[,;] ?(?:and |or |as well as )?| (?:and|or|&|to|through) | ?[-/&] ?)"


_BLANKS_IN_A_ROW = 4
_MOST_REACH = 200  # characters in which nearly any text has a digit
_TOO_MANY = 1 << 20
# A blank, or what keeps one from being loose: a backslash before it, a character class around it.
_BLANK = regex(rb"(\\.|\[(?:\\.|[^\]\\])*)| ", re.DOTALL)
_ANY = "\0"  # as a character with which a match begins
_MOST_BEGINNINGS = 200
_SHORTEST = 3  # shorter runs of letters stand everywhere


class PatternError(ValueError):
    """A pattern that the engine refuses."""


def _loose_blanks(pattern: bytes) -> bytes:
    """Let each blank outside a character class stand for a run of blanks."""
    return _BLANK.sub(lambda hit: hit[1] or b"(?: +)", pattern)


class Pattern:
    """A compiled pattern; ``fields`` are the names of its groups.

    A field may be given in several places, told apart by a last digit: ``year``, ``year2`` are both
    ``year``, and the first that takes part counts. Where the field ``else`` takes part the pattern does not
    match: that is how a pattern says what must not follow.
    """

    __slots__ = ("_made", "_names", "fields")

    def __init__(self, made: Any) -> None:
        self._made = made
        self._names = [
            (name.decode().rstrip("0123456789"), number)
            for name, number in sorted(made.groupindex.items(), key=lambda pair: pair[0])
        ]
        self.fields = tuple(dict.fromkeys(name for name, _ in self._names))

    def match(self, plain: bytes, start: int, limit: int) -> tuple[int, dict[str, str]] | None:
        """Match at ``start``, not beyond ``limit``; return the end and the fields that took part."""
        hit = self._made.match(plain, start, limit)
        fields = None if hit is None else self._fields(hit)
        return None if fields is None else (hit.end(), fields)

    def begins(self, plain: bytes, start: int, limit: int) -> bool:
        """Tell whether the pattern matches, be it with what must not follow."""
        return self._made.match(plain, start, limit) is not None

    def match_before(self, plain: bytes, low: int, end: int) -> tuple[int, dict[str, str]] | None:
        """Match what ends right at ``end`` and begins at ``low`` or later, at a word; return its start and fields."""
        low = max(0, low - 1)
        hit = self._made.search(plain[low:end])
        fields = None if hit is None else self._fields(hit)
        return None if fields is None else (low + hit.start(1), fields)

    def _fields(self, hit: Any) -> dict[str, str] | None:
        fields: dict[str, str] = {}
        for name, number in self._names:
            value = hit.group(number)
            if value is not None and name not in fields and name != "whole":
                fields[name] = value.decode("latin-1")
        return None if "else" in fields else fields


def prepare(pattern: str) -> str:
    """Return a rule's pattern as ``compile_pattern`` takes it: in ASCII, blanks loosened."""
    from ..folding import plain_phrase

    return _loose_blanks(plain_phrase(pattern)).decode("latin-1")


def compile_pattern(pattern: str, *, at_end: bool = False, empty: bool = False) -> Pattern:
    """Compile a prepared pattern, with ``at_end`` for ``match_before``. Raises ``PatternError`` saying why.

    One that matches nothing at all is refused, unless it may be ``empty`` as a piece of others.

    Look-around and back-references do not exist in this engine: they are what makes others slow.
    """
    import re2

    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = 8 << 20
    try:
        loose = pattern.encode("latin-1")
        made = re2.compile(rb"(?:^|[^0-9A-Za-z])(?P<whole>%b)\z" % loose if at_end else loose, options=options)
    except (re2.error, OverflowError) as error:
        reason = error.args[0] if error.args else error
        if isinstance(reason, bytes):
            reason = reason.decode("utf-8", "replace")
        message = str(reason)
        if any(sign in pattern for sign in ("(?=", "(?!", "(?<=", "(?<!")):
            message += "; look-around does not exist here: use needs and forbids"
        raise PatternError(message) from None
    if not empty and made.match(b""):
        raise PatternError("the pattern matches nothing at all; make some part of it required")
    return Pattern(made)


def required(pattern: str, anchors: Iterable[str] = ()) -> list[str]:
    r"""Return runs of letters and digits of which each match of a pattern holds at least one, empty if none are known.

    What stands in each of ``anchors``, folded, says nothing new and is passed over.

    >>> required(r"(?:uk )?russia \(sanctions\) regulations(?: 20\d\d)?", ["russia"])
    ['regulations']
    >>> required(r"(?:articles?|art\.) \d+ of (?:decision|regulation)")
    ['decision', 'regulation']
    """
    parsed = _parsed(pattern)
    if parsed is None:
        return []
    known = list(anchors)
    sets = [
        runs
        for runs in _required(parsed)
        if not known or not all(any(run in anchor for run in runs) for anchor in known)
    ]
    return sorted(max(sets, key=lambda runs: min(map(len, runs)) - 0.2 * len(runs), default=()))


def _required(items: Any) -> list[frozenset[str]]:
    """Return sets of runs of each of which a parsed pattern asks for one."""
    found: list[frozenset[str]] = []
    run = ""
    for name, argument in [*((str(item[0]), item[1]) for item in items), ("END", None)]:
        if name == "LITERAL" and chr(argument).isascii() and chr(argument).isalnum():
            run += chr(argument).lower()
            continue
        if len(run) >= _SHORTEST:
            found.append(frozenset([run]))
        run = ""
        if name == "SUBPATTERN":
            found += _required(argument[-1])
        elif name == "BRANCH":
            ways = [_required(way) for way in argument[1]]
            if all(ways):
                best = [max(way, key=lambda runs: min(map(len, runs))) for way in ways]
                found.append(frozenset().union(*best))
        elif name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"} and argument[0] > 0:
            found += _required(argument[2])
    return found


def digit_within(pattern: str) -> int:
    r"""Return how many characters of each match of a pattern hold a digit, 0 where that is not known or is many.

    A blank counts for as many as a text may have in a row without being squeezed.

    >>> digit_within(r"parts? \d{3}"), digit_within(r"parts? [a-z]+ \d{3}"), digit_within(r"part(?: 1)?")
    (10, 0, 0)
    """
    parsed = _parsed(pattern)
    reach = None if parsed is None else _to_digit(parsed)[0]
    return reach if reach is not None and reach <= _MOST_REACH else 0


def beginnings(pattern: str) -> list[str]:
    r"""Return the two characters, in lower case, with which each match of a pattern begins, none if that is not known.

    NUL as the second of them stands for any, and for the end of the match.

    >>> beginnings(r"(?:sections?|s\.) \d+"), beginnings(r"[ab]c?"), beginnings(r"\w+ act")
    (['s.', 'se'], ['a\x00', 'ac', 'b\x00', 'bc'], [])
    """
    parsed = _parsed(pattern)
    found = {_ANY} if parsed is None else _begin(parsed)
    if len(found) > _MOST_BEGINNINGS or any(begin[:1] in {"", _ANY} for begin in found):
        return []
    return sorted({(begin + _ANY)[:2] for begin in found})


def _begin(items: Any) -> set[str]:
    """Return the first two characters of what parsed pieces match; fewer where it may end, or any may follow."""
    found = {""}
    for item in items:
        further = {begin for begin in found if len(begin) < 2 and not begin.endswith(_ANY)}
        if not further or len(found) > _MOST_BEGINNINGS:
            break
        ways = _begin_of(str(item[0]), item[1])
        found = (found - further) | {(begin + way)[:2] for begin in further for way in ways}
    return found


def _begin_of(name: str, argument: Any) -> set[str]:
    if name == "AT":
        return {""}
    if name == "LITERAL":
        return {chr(argument).lower() if argument < 128 else _ANY}
    if name == "IN" and all(str(one[0]) == "LITERAL" for one in argument):
        return {way for _, code in argument for way in _begin_of("LITERAL", code)}
    if name == "SUBPATTERN":
        return _begin(argument[-1])
    if name == "BRANCH":
        return {way for each in argument[1] for way in _begin(each)}
    if name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
        again = argument[1] > 1  # after one that is short the next begins
        ways = {way + _ANY if again and len(way) < 2 else way for way in _begin(argument[2])}
        return ways if argument[0] > 0 else ways | {""}
    return {_ANY}


@lru_cache(maxsize=512)  # three questions are asked of each
def _parsed(pattern: str) -> Any:
    """Return a pattern as Python parses it, ``None`` for what RE2 takes and Python does not."""
    import warnings
    from re import _parser  # type: ignore[attr-defined]

    from ..folding import plain_phrase

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _parser.parse(plain_phrase(pattern).decode("latin-1"))
    except (_parser.error, OverflowError, RecursionError):
        return None


def _to_digit(items: Any) -> tuple[int | None, int]:
    """Return within how many characters each match has a digit, ``None`` if it need not, and how long it may be."""
    length = 0
    for item in items:
        name, argument = str(item[0]), item[1]
        found: int | None = None
        width = 0
        if name == "LITERAL":
            width = _BLANKS_IN_A_ROW if chr(argument) == " " else 1
            found = 1 if chr(argument).isascii() and chr(argument).isdigit() else None
        elif name == "IN":
            width = 1
            found = 1 if all(_is_digits(*one) for one in argument) else None
        elif name in {"ANY", "NOT_LITERAL"}:
            width = 1
        elif name == "SUBPATTERN":
            found, width = _to_digit(argument[-1])
        elif name == "BRANCH":
            ways = [_to_digit(way) for way in argument[1]]
            width = max(way[1] for way in ways)
            reaches = [way[0] for way in ways]
            found = None if None in reaches else max(filter(None, reaches))
        elif name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
            found, width = _to_digit(argument[2])
            found = found if argument[0] > 0 else None
            width = min(width * int(argument[1]), _TOO_MANY)
        elif name != "AT":
            return None, _TOO_MANY
        if found is not None:
            return length + found, length + width
        length = min(length + width, _TOO_MANY)
    return None, length


def _is_digits(name: Any, argument: Any) -> bool:
    """Tell whether a member of a character class is made of digits only."""
    if str(name) == "CATEGORY":
        return str(argument) == "CATEGORY_DIGIT"
    if str(name) == "RANGE":
        return bool(ord("0") <= argument[0] and argument[1] <= ord("9"))
    return str(name) == "LITERAL" and bool(ord("0") <= argument <= ord("9"))
