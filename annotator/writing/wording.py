"""How a note reads: its text, its sources, and what is known of its force, in plain lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..model import Note

# Over the notes, in every format.
TITLE = "Notes on sanctions law"

_ISSUERS = {
    "un": "UN",
    "eu": "EU",
    "us": "US",
    "uk": "UK",
    "ca": "Canada",
    "ch": "Switzerland",
    "au": "Australia",
    "nz": "New Zealand",
    "jp": "Japan",
    "kr": "Republic of Korea",
    "no": "Norway",
    "ua": "Ukraine",
    "int": "Between States, outside the UN",
}
_STATUS = {"partly": "Partly verified", "unverified": "Not verified"}

# What an encoding most often lacks, in ASCII; letters with accents lose them instead.
_ASCII = {
    "‘": "'", "’": "'", "‚": "'", "‛": "'", "“": '"', "”": '"', "„": '"', "′": "'", "″": '"', "«": '"', "»": '"',
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-", "…": "...", "•": "*", "·": "*",
    "\xa0": " ", "\u2009": " ", "\u202f": " ", "\u200b": "", "\u00ad": "", "\ufeff": "",
    "§": "s. ", "¶": "para. ", "№": "No. ", "°": " deg", "×": "x", "€": "EUR ", "£": "GBP ", "™": "(TM)", "®": "(R)",
    "©": "(c)", "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D",
    "ł": "l", "Ł": "L", "ı": "i", "þ": "th", "Þ": "Th", "ð": "d", "Ð": "D",
}  # fmt: skip


def _same(words: str) -> str:
    return words


def issuer(code: str) -> str:
    """Return what a jurisdiction is called.

    >>> issuer("ch"), issuer("xx")
    ('Switzerland', 'XX')
    """
    return _ISSUERS.get(code, code.upper())


def one_line(words: str) -> str:
    """Return the words with single blanks between them, on one line."""
    return " ".join(words.split())


def lines(
    note: Note, *, escape: Callable[[str], str] = _same, link: Callable[[str], str] = _same
) -> tuple[str, list[str]]:
    """Return a note's text, and the lines under it; ``escape`` and ``link`` fit words and links to a format."""
    below: list[str] = []
    sources = [
        ", ".join(
            part
            for part in (
                escape(one_line(source.instrument)),
                "" if source.pinpoint == "whole" else escape(one_line(source.pinpoint)),
                link(one_line(source.url)) if source.url.strip() else "",
            )
            if part
        )
        for source in note.sources
    ]
    if sources:
        below.append(f"{'Source' if len(sources) == 1 else 'Sources'}: {'; '.join(sources)}")
    below.append(escape(". ".join(_facts(note)) + "."))
    below.extend(escape(f"Since then: {one_line(change)}") for change in note.later)
    return escape(one_line(note.text)), below


def _facts(note: Note) -> list[str]:
    """Say whose note it is, when it holds, how far it was verified and when it was last checked."""
    facts = [", ".join(issuer(one) for one in one_line(note.jurisdiction).split(","))]
    if note.from_date and note.until:
        facts.append(f"Holds from {note.from_date} until {note.until}")
    elif note.from_date:
        facts.append(f"Holds from {note.from_date}")
    elif note.until:
        facts.append(f"Holds until {note.until}")
    if note.status != "verified":
        facts.append(_STATUS.get(note.status, one_line(note.status)))
    facts.append(f"Checked {note.checked}")
    return [fact for fact in facts if fact]


def fitted(words: str, encoding: str) -> str:
    """Write in ASCII what the encoding does not hold.

    >>> fitted("the Council’s § 3, café — Кипр", "iso8859-1")
    "the Council's § 3, café - ????"
    """
    try:
        words.encode(encoding)
    except UnicodeEncodeError:
        return "".join(_fitted(char, encoding) for char in words)
    return words


def _fitted(char: str, encoding: str) -> str:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        from unicodedata import normalize

        bare = "".join(part for part in normalize("NFKD", char).replace("⁄", "/") if part.isascii())
        return _ASCII.get(char) or bare or ("" if char in _ASCII else "?")
    return char
