"""What one entry of a sanctions list says, in one form for all lists.

Dates are ISO dates, as exact as the list gives them: ``2022-03-24``, ``2022-03`` or ``2022``. Texts are
as the list has them, with runs of white space made one blank and control characters left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PRIMARY, ALIAS, FORMER = "primary", "alias", "former"
STRONG, WEAK = "strong", "weak"
TYPES = ("person", "organisation", "vessel", "aircraft", "crypto", "unknown")


@dataclass(frozen=True, slots=True)
class Name:
    """One name of an entry.

    ``text`` is in the order in which the name is spoken where the list tells its parts apart, else as
    listed. ``role`` is ``primary``, ``alias`` or ``former``; ``quality`` is ``strong``, ``weak`` or empty
    when the list does not say. ``script`` is an ISO 15924 code (``Latn``, ``Cyrl``, ``Hang`` …).
    ``parts`` are its parts where the list tells them apart: pairs of a kind (``given``, ``family``,
    ``middle``, ``patronymic``, ``title``, ``whole``) and the words.
    """

    text: str
    role: str = PRIMARY
    quality: str = ""
    script: str = ""
    parts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of one list, as the newest snapshot that holds it says.

    ``list`` is the list's id (``un``, ``us-sdn``, ``us-nonsdn``, ``us-csl``, ``uk``, ``eu``, ``ch``, ``ca``, or
    ``opensanctions``), ``reference`` the entry's own number on it, ``jurisdiction`` who lists it (``un``,
    ``us`` …). ``type`` is one of `TYPES`. ``removed_on`` is the day of removal where it is known; an entry
    that a later snapshot no longer holds was removed after ``last_seen`` and not later than
    ``missing_from``, the dates of two snapshots. ``identifiers`` are pairs such as ``("imo", "9187629")``
    or ``("crypto:XBT", "12Qtd…")``. ``sightings`` are the dates of copies with whether they hold the entry, of each run
    of equal ones the first and the last; a store gives them only when asked (`Store.sightings`).
    """

    list: str
    reference: str
    jurisdiction: str
    type: str
    names: tuple[Name, ...]
    programmes: tuple[str, ...] = ()
    legal_basis: tuple[str, ...] = ()
    listed_on: str | None = None
    amended_on: str | None = None
    removed_on: str | None = None
    first_seen: str | None = None
    last_seen: str | None = None
    missing_from: str | None = None
    positions: tuple[str, ...] = ()
    births: tuple[str, ...] = ()
    nationalities: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()
    url: str = ""
    sightings: tuple[tuple[str, bool], ...] = ()


# Whose entries name somebody first; those that write names in English go before others.
LISTS_IN_ORDER = ("un", "us-sdn", "eu", "uk", "ca", "ch", "us-nonsdn", "opensanctions")
_NAMED_BY = ("us-sdn", "uk", "un", "ca", "us-nonsdn", "ch", "opensanctions", "eu")


_SMALL = frozenset("and by de for in of on the to".split())
_LONG = 5  # letters from which a word in capitals is hardly an abbreviation
_SHORT = 3  # letters of which a common word may as well be an abbreviation
_VOWEL = re.compile("[aeiouy]")
_SPEAKABLE = re.compile("(?:[^aeiou][aeiou]){2}|(?:[aeiou][^aeiou]){2}")
_ROMAN = frozenset({"II", "III", "IV"})
_PARTS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def _spelt(name: str, said: str, others: Iterable[str] = ()) -> str:
    """Return a name in capitals as ``said`` or names like it spell its words; what may be an abbreviation stays."""
    known: dict[str, str] = {}
    for word in () if said.isupper() else _PARTS.findall(said):
        known.setdefault(word.lower(), word)
    for other in others:
        for word in _PARTS.findall(other):
            if not word.isupper():
                known.setdefault(word.lower(), word)
    long = len(_PARTS.findall(name)) > 2

    def spell(found: re.Match[str]) -> str:
        word, low = found[0], found[0].lower()
        if low in _SMALL and found.start():
            return low
        if len(word) == 1 or name[: found.start()].endswith("("):
            return word
        if low in known:
            return known[low]
        shortened = name[found.end() : found.end() + 1] == "."  # "Ltda."
        return word.capitalize() if shortened or _is_word(low, long=long) else word

    spelt = _PARTS.sub(spell, name)
    return spelt[:1].upper() + spelt[1:]


def _is_word(word: str, *, long: bool) -> bool:
    """Tell whether a word in capitals, in a ``long`` name perhaps, is no abbreviation, as far as it shows."""
    from .names.places import country_words
    from .names.rarity import frequency  # few names are in capitals

    if len(word) > _LONG or (long and len(word) == _LONG):
        return _VOWEL.search(word) is not None
    if len(word) > _SHORT and (word in country_words() or (long and _SPEAKABLE.fullmatch(word))):
        return True
    seen = frequency(word)
    return seen is not None and (seen.common or (seen.borne and len(word) > _SHORT))


def _as_said(entries: Sequence[Entry], name: str, said: str) -> str:
    """Return the name of a body that has most of the words that were ``said``, where ``name`` has none of them."""
    words = set(_words(said))
    if not words or said.isupper() or not words.isdisjoint(_words(name)):
        return name
    others = [
        one.text
        for entry in entries
        if entry.list != "eu"  # has names in all its languages
        for one in entry.names
        if one.script in {"Latn", ""} and one.quality != WEAK
    ]
    shared = [(len(words.intersection(_words(other))), not other.isupper(), other) for other in others]
    most = max(shared, key=lambda one: one[:2], default=(0, False, name))
    return most[2] if most[0] else name


def _words(name: str) -> list[str]:
    return [
        word for word in _PARTS.findall(name.lower().replace("’", "'")) if word not in _SMALL and len(word) > _SHORT
    ]


def shown_name(entries: Sequence[Entry], said: str = "") -> str:
    """Return the name by which a note calls whom entries name: an entry's own, in Latin letters, not shouted.

    Where a list has names in many languages, it is the one nearest to what was ``said``. A body's name in capitals is
    spelt as it was said, as far as that shows how.

    >>> shown_name([Entry("uk", "RUS0269", "uk", "person", (Name("Oleg Vladimirovich DERIPASKA", script="Latn"),))])
    'Oleg Vladimirovich Deripaska'
    """
    entry = min(entries, key=lambda one: _NAMED_BY.index(one.list) if one.list in _NAMED_BY else len(_NAMED_BY))
    names = [name.text for name in entry.names if name.script in {"Latn", ""}] or [entry.names[0].text]
    name = names[0]
    if entry.list == "eu":
        names = [one for one in names if " " in one] or names
        words = set(said.lower().split())
        name = max(names, key=lambda one: (len(words & set(one.lower().split())), one.isascii()))
    if entry.type != "person":
        name = _as_said(entries, name, said)
        return _spelt(name, said, [one.text for other in entries for one in other.names]) if name.isupper() else name
    return " ".join(
        "-".join(
            part.capitalize() if part.isupper() and len(part) > 1 and part not in _ROMAN else part
            for part in word.split("-")
        )
        for word in name.split()
    )
