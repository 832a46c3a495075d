"""What one entry of a sanctions list says, in one form for all lists.

Dates are ISO dates, as exact as the list gives them: ``2022-03-24``, ``2022-03`` or ``2022``. Texts are
as the list has them, with runs of white space made one blank and control characters left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

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


_SMALL = frozenset("a and de for in of on the to".split())
_LONG = 5  # letters from which a word in capitals is hardly an abbreviation


def _spelt(name: str, said: str) -> str:
    """Return a name in capitals as ``said`` spells its words; as it is where an abbreviation may be among the rest."""
    known = {word.strip(",.()").lower(): word.strip(",.()") for word in said.split()}
    parts = name.split()
    words: list[str] = []
    for word in parts:
        bare = word.strip(",.()")
        low = bare.lower()
        if low in known:
            words.append(word.replace(bare, known[low]))
        elif low in _SMALL and words:
            words.append(low)
        elif len(bare) >= _LONG and bare.isalpha():
            words.append(word.replace(bare, bare.capitalize()))
        elif known and len(bare) < _LONG and (word.endswith(".") or word == parts[-1]):
            words.append(word.replace(bare, bare.capitalize()) if word.endswith(".") else word)  # "Co.", "JSC"
        else:
            return name
    return " ".join(words) if known else name


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
        return _spelt(name, said) if name.isupper() else name
    return " ".join(
        "-".join(part.capitalize() if part.isupper() and len(part) > 2 else part for part in word.split("-"))
        for word in name.split()
    )
