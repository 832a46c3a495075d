"""How a note reads: its text, its sources, and what is known of its force, in plain lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._dates import spoken
from .._lazy import regex

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterable, Sequence

    from ..model import Note, Run, Source

# Over the notes, in every format.
TITLE = "Notes on sanctions law"
CHECK = "Check:"  # the first word of a check

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
# Lines beside notes that are not what a note says: the one over them, and the links of instruments.
# Full names that say what the short ones do: what comes behind the number of an order is known from its link.
_SPELT_OUT = regex(
    r"Executive Order \d|(?:Council )?(?:Implementing )?(?:Regulation|Decision) (?:\([A-Z]+\) )?(?:No )?\d"
)
NO_NOTE = regex(r"(?:\d+ (?:note|check)s?(?:, )?){1,2}\. Law as of |Sources?: ")
# Where a date was found, as reading names it, and how a reader is told. What is quoted stays as it is.
_ORIGINS = regex(
    r'\bthe (?:date)?line "[^"]*"|'
    r"(?P<own>JSON-LD datePublished|\bdatePublished\b|\bmeta [\w:.-]+)"
    r'|(?P<marked><time>(?: of publication)?|\bthe mark "[^"]*")|(?P<file>\bfront matter: [\w-]+)'
    r"|(?P<made>the document's properties: created)"
)
_PLAIN_ORIGINS = {
    "own": "the page's own date",
    "marked": "a date marked on the page",
    "file": "the date at the head of the file",
    "made": "the day on which the document was made",
}
_IN_BRACKETS = regex(r"\[([^][]*)\]")
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
    note: Note, *, full: bool = False, escape: Callable[[str], str] = _same, link: Callable[[str], str] = _same
) -> tuple[str, list[str]]:
    """Return a note's text, and the lines under it; ``escape`` and ``link`` fit words and links to a format.

    In ``full`` these are all there is to say, the sources with their links, how far the note was verified and when,
    and all that changed since; else only what changed last.
    """
    below: list[str] = []
    if full:
        if note.full and one_line(note.full) != one_line(note.text):
            below.append(escape(one_line(note.full)))
        sources = [", ".join(_source(source, escape, link)) for source in note.sources]
        if sources:
            below.append(sources_line(sources))
        below.append(escape(". ".join(_facts(note)) + "."))
    later = note.later if full else note.later[-1:] if note.changed is None else (note.changed,)
    below.extend(escape(f"Since then: {one_line(change)}") for change in later)
    return escape(one_line(note.text)), below


def sources_line(sources: Sequence[str]) -> str:
    """Return the line that names sources, of which there is one at least."""
    return f"{'Source' if len(sources) == 1 else 'Sources'}: {'; '.join(sources)}"


def _source(source: Source, escape: Callable[[str], str], link: Callable[[str], str]) -> list[str]:
    parts = [
        escape(one_line(source.instrument)),
        escape(one_line(source.pinpoint)),
        link(address(source.url)) if source.url.strip() else "",
    ]
    return [part for part in parts if part]


def instruments(
    notes: Iterable[Note], *, escape: Callable[[str], str] = _same, link: Callable[[str], str] = _same
) -> list[str]:
    """Return the instruments that notes rest on, each once with its link, in order: for the end of an output."""
    seen: dict[str, tuple[str, str]] = {}
    for note in notes:
        cited = "; ".join(_IN_BRACKETS.findall(note.text))
        for source in note.sources:
            short, name = one_line(source.short), one_line(source.instrument)
            if cited and (short or name) not in cited:
                continue
            seen.setdefault(short or name, (_named(short, name), address(source.url)))
    return [f"{escape(named)}, {link(url)}" if url else escape(named) for named, url in seen.values()]


def _named(short: str, name: str) -> str:
    """Return an instrument by its short name and what its full one tells besides: a title, but no number again.

    >>> _named("E.O. 13894", "Executive Order 13894, Blocking Property")
    'E.O. 13894'
    >>> _named("Reg. (EU) 36/2012", "Council Regulation (EU) No 36/2012")
    'Reg. (EU) 36/2012'
    >>> _named("SI 2019/855", "Russia (Sanctions) (EU Exit) Regulations 2019 (SI 2019/855)")
    'SI 2019/855: Russia (Sanctions) (EU Exit) Regulations 2019'
    """
    name = name.removesuffix(f" ({short})")
    return f"{short}: {name}" if short and short != name and not _SPELT_OUT.match(name) else short or name


def address(url: str) -> str:
    """Return a link on one line, its brackets percent-encoded: they would end a link in much software.

    >>> address("https://undocs.org/S/RES/1718(2006)")
    'https://undocs.org/S/RES/1718%282006%29'
    """
    return one_line(url).replace("(", "%28").replace(")", "%29").replace("[", "%5B").replace("]", "%5D")


def head(notes: int, checks: int, run: Run) -> str:
    """Return the line over the notes: how many, and of when the law is.

    >>> from annotator.model import Run
    >>> head(9, 1, Run("2024-06-20", "date of the article", ""))
    '9 notes, 1 check. Law as of 20 June 2024 (date of the article).'
    """
    found = [f"{notes} note{'' if notes == 1 else 's'}"] if notes else []
    found += [f"{checks} check{'' if checks == 1 else 's'}"] if checks else []
    origin = f" ({origin_of(run.as_of_from)})" if run.as_of_from.strip() else ""
    return f"{', '.join(found)}. Law as of {one_line(spoken(run.as_of))}{origin}."


def origin_of(as_of_from: str) -> str:
    """Return where the date of the law comes from, in words that need no knowledge of how pages are made.

    >>> origin_of("JSON-LD datePublished"), origin_of("given")
    ("the page's own date", 'given')
    >>> origin_of("today; the page gives 2022-11-03 (meta date) and 2022-11-04 (<time>)")
    "today; the page gives 2022-11-03 (the page's own date) and 2022-11-04 (a date marked on the page)"
    """
    return _ORIGINS.sub(_plainly, one_line(as_of_from))


def _plainly(found: re.Match[str]) -> str:
    return next((_PLAIN_ORIGINS[name] for name, words in found.groupdict().items() if words), found[0])


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
