"""What the formats of the UK's lists share: names, references, dates."""

from __future__ import annotations

import re

from ..._lazy import regex
from ..entries import ALIAS, FORMER, PRIMARY, STRONG, WEAK, Name
from ._entries import make_name
from ._text import clean, iso_date

PAGE = "https://www.gov.uk/government/publications/the-uk-sanctions-list"
TYPES = {"individual": "person", "entity": "organisation", "ship": "vessel"}
_NUMBERED = regex(r"\(\d{1,2}\)")
_REFERENCE = regex(r"\(UK Sanctions List Ref\): ?([A-Z]{3}\d+)")
_UN_REFERENCE = regex(r"\(UN Ref\): ?([A-Za-z]{3}\.\d+)")
_IMO = regex(r"\bIMO(?: number)?\)?: ?(\d{7})\b", re.IGNORECASE)


def role_of(kind: str) -> str:
    """Return the role that a type of name stands for.

    >>> role_of("Primary Name"), role_of("Primary name variation"), role_of("AKA"), role_of("FKA")
    ('primary', 'alias', 'alias', 'former')
    """
    kind = clean(kind).lower()
    if kind in {"primary name", "prime alias", "primary"}:
        return PRIMARY
    return FORMER if kind in {"fka", "formerly known as"} else ALIAS


def quality_of(strength: str) -> str:
    """Return the quality that the strength of an alias stands for, empty where the list gives none."""
    strength = clean(strength).lower()
    return STRONG if strength.startswith("good") else WEAK if strength.startswith("low") else ""


def name_of(numbered: list[str], title: str, role: str, quality: str, place: str) -> Name | None:
    """Return a name from its six fields, of which the last holds the family name, or the whole one."""
    texts = [clean(text) for text in numbered]
    given = [text for text in texts[:5] if text]
    kinds = ["given", *["middle"] * 4, "family"]
    parts = [(kind, text) for kind, text in zip(kinds, texts, strict=True) if text] if given else []
    if title:
        parts.append(("title", title))
    return make_name(" ".join([*given, texts[5]]), role, quality, parts, place=place)


def several(text: str) -> list[str]:
    """Return what a field says that numbers its values.

    >>> several("(1) Germany. (2) Morocco"), several("Syria")
    (['Germany', 'Morocco'], ['Syria'])
    """
    if "(1)" not in text:
        return [clean(text)]
    return [kept for one in _NUMBERED.split(text) if (kept := clean(one).rstrip("."))]


def births_of(text: str) -> list[str]:
    """Return the dates of birth in a field."""
    return [date for date in map(iso_date, several(text)) if date]


def references_in(remarks: str) -> tuple[str, list[tuple[str, str]]]:
    """Return the reference on the UK Sanctions List that remarks give, and the identifiers."""
    found = _REFERENCE.search(remarks)
    identifiers = [("un-reference", one) for one in _UN_REFERENCE.findall(remarks)]
    identifiers += [("imo", one) for one in _IMO.findall(remarks)]
    return (found[1] if found else ""), identifiers
