"""Words as the page shows them: escaped, printable, with dates and names written out."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from ..._dates import spoken
from ..._lazy import regex
from ..places import sound
from ..wording import one_line

if TYPE_CHECKING:
    from ...model import Note, Source

_HIDDEN = regex("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_DATE = regex(r"[0-9]{4}-(?:0[1-9]|1[0-2])-[0-3][0-9]")
_LONGEST_NAME = 80
_FOLLOWED = regex(r"https?://[^\s<>\"'`\\{}|^\[\]]+", re.IGNORECASE)
_KINDS = {"claim": "check", "listing": "name on a list", "regime": "sanctions regime"}
STATUSES = {
    "verified": ("\u2713", "Verified"),
    "partly": ("\u25d0", "Partly verified"),
    "unverified": ("\u25cb", "Not verified"),
}


def safe(words: str) -> str:
    r"""Return words escaped for text and attributes; control characters are shown as pictures of themselves.

    >>> safe("<b>\x00\x85&")
    '&lt;b&gt;␀�&amp;'
    """
    return escape(_HIDDEN.sub(_picture, sound(words)))


def _picture(found: re.Match[str]) -> str:
    code = ord(found[0])
    return chr(0x2400 + code) if code < 0x20 else "\u2421" if code == 0x7F else "\ufffd"


def line(words: str) -> str:
    """Return words as one line, safe."""
    return safe(one_line(words))


def named(words: str) -> str:
    """Return the beginning of words as a name for what is about them, safe: screen readers say it whole.

    >>> named("luxury  goods"), named("x" * 100)[-3:]
    ('luxury goods', 'xx…')
    """
    name = one_line(words[: 4 * _LONGEST_NAME])
    return safe(name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…")


def date(iso: str) -> str:
    """Return an ISO date as an element that says it in words; anything else as it is, safe.

    >>> date("2024-06-20")
    '<time datetime="2024-06-20">20 June 2024</time>'
    """
    return f'<time datetime="{iso}">{spoken(iso)}</time>' if _DATE.fullmatch(iso) else line(iso)


def source(one: Source) -> str:
    """Return a source as a link where its address is one of the web, else as text."""
    words = one_line(one.cited)
    url = one_line(one.url)
    return link(url, words) or (f"{safe(words)} <span>{safe(url)}</span>" if url else safe(words))


def link(url: str, words: str) -> str:
    """Return words as a link to an address of the web; empty for any other address, and for no words."""
    url = one_line(url)
    if not words or not _FOLLOWED.fullmatch(url):
        return ""
    return f'<a class="out" href="{safe(url)}" rel="noopener noreferrer">{safe(words)}</a>'


def kind(name: str) -> str:
    """Return what a kind of mention is called where people read it.

    >>> kind("claim"), kind("measure")
    ('check', 'measure')
    """
    return _KINDS.get(name, name)


def force(note: Note) -> str:
    """Say from when until when a note says what it says; empty when that is not known."""
    if note.from_date and note.until:
        return f"In this form from {date(note.from_date)} until {date(note.until)}"
    if note.from_date:
        return f"In this form since {date(note.from_date)}"
    return f"In this form until {date(note.until)}" if note.until else ""


def jurisdictions(note: Note) -> list[str]:
    """Return the codes of the jurisdictions that a note is of, each once."""
    return list(dict.fromkeys(one.strip() for one in one_line(note.jurisdiction).split(",") if one.strip()))


def css_name(kind: str) -> str:
    """Return a kind as part of the name of a class."""
    return re.sub(r"[^a-z0-9-]", "-", kind.lower())
