"""Whether a text is in another language than English, by its small words and its letters.

Rules read English only, so a reader should be told why nothing is found. It is said only where there is evidence of
another language: many of its small words and few English ones, or mostly letters that English does not have. A list
of names has neither, and a short text too little.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._lazy import regex
from .._vocabulary import data_file, word_sets

if TYPE_CHECKING:
    from collections.abc import Iterator

_SAMPLE = 6000  # characters, in three parts, of a longer text
_LEAST_WORDS = 40
_LEAST_LETTERS = 120
_ENGLISH = "English"
_WORDS = data_file(__file__, "language.txt")
_FEW = 0.1  # so many words of a text in English are small ones at least, even among menus and names
_MANY = 0.17
_TIMES = 2.5  # so much oftener are those of the language that a text is in
_DIFFERENT = 8
_FOREIGN = 0.6
_WORD = regex(r"[^\W\d_]+")
_LATIN_END = 0x250
# By where their letters stand in Unicode.
_SCRIPTS = (
    (0x370, 0x400, "Greek"), (0x400, 0x530, "Cyrillic"), (0x530, 0x590, "Armenian"), (0x590, 0x600, "Hebrew"),
    (0x600, 0x780, "Arabic"), (0x900, 0x980, "Devanagari"), (0x980, 0xA00, "Bengali"), (0xE00, 0xE80, "Thai"),
    (0x10A0, 0x1100, "Georgian"), (0x1100, 0x1200, "Korean"), (0x3040, 0x3100, "Japanese"), (0x3400, 0xA000, "Chinese"),
    (0xAC00, 0xD7B0, "Korean"), (0xF900, 0xFB00, "Chinese"),
)  # fmt: skip


def other_language(text: str) -> str:
    """Return what a text is in, in a word or three, where that is not English; empty where it is, or cannot be told.

    >>> other_language("The Council bans luxury goods. " * 20), other_language("Luxusgüter für Nordkorea")
    ('', '')
    >>> other_language("Der Rat hat die Ausfuhr von Gold in das Land verboten, und er ist nicht bei uns. " * 5)
    'German'
    """
    sample = " ".join(_parts(text))
    the = sample.count(" the ")
    if the * 300 > len(sample) and (the + sample.count(" of ") + sample.count(" and ")) * 120 > len(sample):
        return ""  # as nearly all are, so that the words need not be read
    if not sample.isascii():
        found = _script(sample)
        if found:
            return found
    words = [word.lower() for word in _WORD.findall(sample)]
    if len(words) < _LEAST_WORDS:
        return ""
    small = word_sets(_WORDS)
    english = sum(word in small[_ENGLISH] for word in words)
    if english > _FEW * len(words):
        return ""
    counts = {name: sum(word in known for word in words) for name, known in small.items() if name != _ENGLISH}
    best = max(counts, key=lambda name: counts[name])
    if len(small[best].intersection(words)) < _DIFFERENT:
        return ""  # names of persons and places have a few, over and over
    return best if counts[best] > max(_MANY * len(words), _TIMES * english) else ""


def warnings_of(text: str) -> tuple[str, ...]:
    """Return the line that says so, if there is anything to say.

    >>> warnings_of("Совет Безопасности запретил поставки предметов роскоши. " * 5)
    ('the text seems to be in Cyrillic script, not in English; the rules read English only, so most is missed',)
    """
    found = other_language(text)
    if not found:
        return ()
    named = f"in {found}" if " " in found else found
    return (f"the text seems to be {named}, not in English; the rules read English only, so most is missed",)


def _parts(text: str) -> Iterator[str]:
    """Give the beginning, the middle and the end of a text, the whole of a short one."""
    if len(text) <= _SAMPLE:
        yield text
        return
    size = _SAMPLE // 3
    for at in (0, (len(text) - size) // 2, len(text) - size):
        yield text[at : at + size]


def _script(sample: str) -> str:
    """Return the script that most letters of a text are in, where that is not the Latin one."""
    foreign = [ord(char) for char in sample if ord(char) >= 0x370 and char.isalpha()]
    latin = sum(char.isalpha() for char in sample) - len(foreign)
    # A sign of Chinese or a syllable of Korean says as much as some letters.
    if len(foreign) < _LEAST_LETTERS // (3 if foreign and max(foreign) >= 0x3040 else 1):
        return ""
    if len(foreign) < _FOREIGN * (latin + len(foreign)):
        return ""
    counts: dict[str, int] = {}
    for code in foreign:
        name = next((name for low, high, name in _SCRIPTS if low <= code < high), "")
        if name:
            counts[name] = counts.get(name, 0) + 1
    if not counts:
        return ""
    best = max(counts, key=lambda name: counts[name])
    if best == "Chinese" and counts.get("Japanese", 0) * 5 > counts[best]:
        best = "Japanese"
    return best if best in {"Chinese", "Japanese", "Korean", "Greek", "Hebrew", "Thai"} else f"{best} script"
