"""Texts of lists made clean, dates made ISO, scripts told, names folded for comparing."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right

from ..._lazy import regex

# Control characters go, and so do marks that only steer the direction of writing. The joiners U+200C and
# U+200D stay: Persian and Indian spellings need them.
_BLANKS = (0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x85)
_RANGES = (
    (0, 0x20),
    (0x7F, 0xA0),
    (0xAD, 0xAE),
    (0x200E, 0x2010),
    (0x202A, 0x202F),
    (0x2060, 0x2065),
    (0x2066, 0x206A),
    (0xD800, 0xE000),  # halves of pairs, which JSON can write but no file can hold
    (0xFEFF, 0xFF00),
    (0xFFF9, 0xFFFC),
)
_STEERING = {code: " " if code in _BLANKS else None for start, end in _RANGES for code in range(start, end)}


def clean(text: str | None) -> str:
    r"""Return a text with runs of white space as one blank and without control and direction characters.

    >>> clean("  KIM\u200f  Yong\nChol\x07 ")
    'KIM Yong Chol'
    """
    if not text:
        return ""
    if not text.isascii() or not text.isprintable():
        text = text.translate(_STEERING)
    return " ".join(text.split())


def unique(texts: list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """Return the texts that are not empty, each once, in their order."""
    return tuple(dict.fromkeys(text for text in texts if text))


# Where blocks of letters begin, by script; what lies between is of the script before it. Only scripts that
# lists are known to use have a name; source: Unicode's Blocks.txt and Scripts.txt.
_SCRIPTS = (
    (0x0041, "Latn"),
    (0x0370, "Grek"),
    (0x0400, "Cyrl"),
    (0x0530, "Armn"),
    (0x0590, "Hebr"),
    (0x0600, "Arab"),
    (0x0700, ""),
    (0x0750, "Arab"),
    (0x0780, ""),
    (0x08A0, "Arab"),
    (0x0900, "Deva"),
    (0x0980, "Beng"),
    (0x0A00, ""),
    (0x0B80, "Taml"),
    (0x0C00, ""),
    (0x0E00, "Thai"),
    (0x0E80, "Laoo"),
    (0x0F00, ""),
    (0x1000, "Mymr"),
    (0x10A0, "Geor"),
    (0x1100, "Hang"),
    (0x1200, "Ethi"),
    (0x13A0, ""),
    (0x1780, "Khmr"),
    (0x1800, ""),
    (0x1C80, "Cyrl"),
    (0x1C90, "Geor"),
    (0x1CC0, ""),
    (0x1D00, "Latn"),
    (0x1F00, "Grek"),
    (0x2000, ""),
    (0x2C60, "Latn"),
    (0x2C80, ""),
    (0x2D00, "Geor"),
    (0x2D30, ""),
    (0x2DE0, "Cyrl"),
    (0x2E00, ""),
    (0x3040, "Hira"),
    (0x30A0, "Kana"),
    (0x3100, ""),
    (0x3130, "Hang"),
    (0x3190, ""),
    (0x3400, "Hani"),
    (0xA000, ""),
    (0xA640, "Cyrl"),
    (0xA6A0, ""),
    (0xA720, "Latn"),
    (0xA800, ""),
    (0xAC00, "Hang"),
    (0xD7B0, ""),
    (0xF900, "Hani"),
    (0xFB00, "Latn"),
    (0xFB13, "Armn"),
    (0xFB1D, "Hebr"),
    (0xFB50, "Arab"),
    (0xFE00, ""),
    (0xFE70, "Arab"),
    (0xFF00, "Latn"),
    (0xFF66, "Kana"),
    (0xFFA0, "Hang"),
    (0x10000, ""),
    (0x20000, "Hani"),
    (0x32000, ""),
)
_STARTS = [start for start, _ in _SCRIPTS]


def script_of(text: str) -> str:
    """Return the ISO 15924 code of the script that most letters of a text are in; empty without letters.

    >>> script_of("KIM Yong Chol"), script_of("김영철"), script_of("Олег Тиньков"), script_of("12-3")
    ('Latn', 'Hang', 'Cyrl', '')
    """
    if text.isascii():
        return "Latn" if any(map(str.isalpha, text)) else ""
    counts: dict[str, int] = {}
    for character in text:
        if character.isalpha():
            script = _SCRIPTS[bisect_right(_STARTS, ord(character)) - 1][1] if character >= "A" else ""
            counts[script] = counts.get(script, 0) + 1
    return max(counts, key=lambda script: counts[script]) if counts else ""


def fold_name(text: str) -> str:
    """Return the words of a name for comparing: no case, no accents, no punctuation, words in one order.

    >>> fold_name("KIM, Yong-Chól") == fold_name("Yong Chol Kim")
    True
    """
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    text = text.casefold().replace("'", "").replace("\N{RIGHT SINGLE QUOTATION MARK}", "")
    return " ".join(sorted(_BETWEEN_WORDS.sub(" ", text).split()))


_BETWEEN_WORDS = regex(r"[\W_]+")


_MONTH_NAMES = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_MONTHS = {short: number for number, name in enumerate(_MONTH_NAMES, 1) for short in (name, name[:3])}
_MONTHS["sept"] = 9
_FIRST_YEAR = 1000
_ISO = regex(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?![\d/.])")
_WRITTEN = regex(r"(?:(\d{1,2})[ -])?([A-Za-z]{3,9})\.?[ -](\d{4})")
_NUMBERS = regex(r"([\ddD]{1,2})[/.]([\dmM]{1,2})[/.](\d{4})")


def iso_date(text: str | None, *, month_first: bool = False) -> str | None:
    """Return an ISO date as exact as the text gives it, or ``None`` where the text holds no date.

    ``month_first`` is for the American order of numbers.

    >>> iso_date("2022-03-24T10:00:00Z"), iso_date("24/03/2022"), iso_date("01/08/2026", month_first=True)
    ('2022-03-24', '2022-03-24', '2026-01-08')
    >>> iso_date("dd/mm/1945"), iso_date("00/00/1961"), iso_date("09 May 1961"), iso_date("Mar 1960")
    ('1945', '1961', '1961-05-09', '1960-03')
    >>> iso_date("29/02/2024"), iso_date("31/02/2024"), iso_date("2024-13-01")
    ('2024-02-29', '2024-02', None)
    """
    text = clean(text)
    if not text:
        return None
    if found := _ISO.match(text):
        return day_of(found[1], found[2], found[3])
    if found := _NUMBERS.match(text):
        day, month = (found[2], found[1]) if month_first else (found[1], found[2])
        return day_of(found[3], month, day)
    if (found := _WRITTEN.match(text)) and found[2].lower() in _MONTHS:
        return day_of(found[3], str(_MONTHS[found[2].lower()]), found[1])
    return None


def number_of(text: str | None) -> int:
    """Return the number that a text is; 0 for what is none, or longer than any number in a list.

    >>> number_of(" 1962 "), number_of("MM"), number_of("9" * 5000)
    (1962, 0, 0)
    """
    text = clean(text)
    return int(text) if text.isdecimal() and len(text) <= _MOST_DIGITS else 0


_MOST_DIGITS = 9


def day_of(year: str | None, month: str | None, day: str | None) -> str | None:
    """Return the ISO date of a year and, where they are known, a month and a day.

    >>> day_of("1962", "3", "9"), day_of("1962", "3", None), day_of("1962", "", "9"), day_of("", "3", "9")
    ('1962-03-09', '1962-03', '1962', None)
    """
    numbers = [number_of(part) for part in (year, month, day)]
    most = (9999, 12, 31)
    if numbers[0] < _FIRST_YEAR or any(number > limit for number, limit in zip(numbers, most, strict=True)):
        return None
    if not numbers[1]:
        return f"{numbers[0]:04d}"
    # A day that its month does not have is a slip; the month may be right.
    known = 0 < numbers[2] <= _days_of(numbers[0], numbers[1])
    return f"{numbers[0]:04d}-{numbers[1]:02d}" + (f"-{numbers[2]:02d}" if known else "")


def _days_of(year: int, month: int) -> int:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if month == _FEBRUARY and leap else _DAYS[month - 1]


_FEBRUARY = 2
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
