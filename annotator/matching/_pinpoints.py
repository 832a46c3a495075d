"""Read lists of pinpoints: "8 (a) (iii)", "4 and 5", "9-15", "1 (b) to (d)"."""

from __future__ import annotations

import re

from .._lazy import regex

_PIECE = regex(
    r"""(\d{1,3}(?:[a-z]{1,3}(?:\d[a-z]?)?)?)(?![\w/]) | \(\s*([a-z]{1,4}|\d{1,2})\s*\) | (-|\bto\b|\bthrough\b)
    | (,?\s*\b(?:sub-?para(?:graph)?s?)\b) | (,|;|&|\band\b|\bor\b)""",
    re.IGNORECASE | re.VERBOSE,
)
_PART_OF = regex(r"((?:\(\s*(?:[a-z]{1,4}|\d{1,2})\s*\)[\s,]*(?:and|or|to)?\s*)+)of\b\D*(\d{1,3})\s*\Z", re.IGNORECASE)
_LETTERED = regex(r"(\d{1,3})([a-z])")
_MOST_IN_RANGE = 40
MOST_PINS = 60


def pins(text: str) -> list[str]:
    """Return the single pinpoints of a list, in normal form, ranges of whole paragraphs spelt out.

    At most ``MOST_PINS``. Linear in the text.

    >>> pins("8 (a) (iii) and 9")
    ['8(a)(iii)', '9']
    >>> pins("9-12")
    ['9', '10', '11', '12']
    >>> pins("8 (a) and (b)")
    ['8(a)', '8(b)']
    >>> pins("1 (a) (i) and (ii), (b) and 8 (h) or (i)")
    ['1(a)(i)', '1(a)(ii)', '1(b)', '8(h)', '8(i)']
    >>> pins("3m, 3n and 46Z9B")
    ['3m', '3n', '46z9b']
    >>> pins("3b through 3e")
    ['3b', '3c', '3d', '3e']
    >>> pins("8, subparagraph (a)"), pins("(a) and (b) of paragraph 8")
    (['8(a)'], ['8(a)', '8(b)'])
    """
    turned = _PART_OF.match(text.strip())
    if turned:
        text = f"{turned[2]} {turned[1]}"
    result: list[str] = []
    number = ""
    parts: list[str] = []
    ranging = False
    parted = False
    for hit in _PIECE.finditer(text):
        digits, letter, to, below, comma = hit.groups()
        if digits:
            if number:
                result.append(number + "".join(parts))
            digits = digits.lower().lstrip("0") or digits
            if ranging and not parts:
                result += _between(number, digits)
            number, parts, ranging, parted = digits, [], False, False
        elif letter:
            if not number:
                continue
            if parted:
                # "(b)" after "and" stands beside the last part of the same kind, not under it.
                result.append(number + "".join(parts))
                levels = [_kind(part, depth) for depth, part in enumerate(parts)]
                mine = [_kind(f"({letter})", depth) for depth in (1, 0)]
                parts = parts[: next((levels.index(kind) for kind in mine if kind in levels), 0)]
            parts.append(f"({letter.lower()})")
            ranging = parted = False
        elif below:
            parted = False
        elif to:
            ranging = parted = bool(number)
        elif comma:
            parted = bool(number)
        if len(result) >= MOST_PINS:
            break
    if number:
        result.append(number + "".join(parts))
    return list(dict.fromkeys(result))[:MOST_PINS]


def _between(first: str, last: str) -> list[str]:
    """Return the numbers between the ends of a range: 9 to 12, 3b to 3e."""
    if first.isdigit() and last.isdigit():
        return [str(n) for n in range(int(first) + 1, int(last))] if int(last) - int(first) <= _MOST_IN_RANGE else []
    one, other = _LETTERED.fullmatch(first), _LETTERED.fullmatch(last)
    if one is None or other is None or one[1] != other[1]:
        return []
    return [f"{one[1]}{chr(code)}" for code in range(ord(one[2]) + 1, ord(other[2]))]


def _kind(part: str, depth: int) -> str:
    """Tell numbers, Roman numbers and letters apart; a single i, v or x is Roman below the first level."""
    inner = part[1:-1].lower()
    if inner.isdigit():
        return "1"
    return "i" if (len(inner) > 1 or depth) and not set(inner) - set("ivx") else "a"
