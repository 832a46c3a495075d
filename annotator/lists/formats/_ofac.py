"""What OFAC's formats share: which list a file is, names in spoken order, what remarks say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._lazy import regex
from ..entries import PRIMARY, STRONG
from ._text import clean, iso_date

if TYPE_CHECKING:
    from collections import Counter

SDN, NON_SDN = "us-sdn", "us-nonsdn"
TITLES = {SDN: "OFAC SDN List", NON_SDN: "OFAC Consolidated Non-SDN List"}
PAGE = "https://sanctionssearch.ofac.treas.gov/Details.aspx?id={}"

# Programmes of lists other than the SDN List; a few SDN entries bear one as well.
# Source: https://ofac.treasury.gov/consolidated-sanctions-list-non-sdn-lists, checked against files of 2020 and 2026.
_NON_SDN_PROGRAMMES = (
    "NS-PLC",
    "NS-MBS",
    "NS-CAPTA",
    "CMIC-",
    "FSE-",
    "561-",
    "13599",
    "BPI-",
    "SSI",
    "UKRAINE-EO13662",
)
_SHARE = 0.3
_SUFFIXES = {"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"}


def default_list(programmes: Counter[str], total: int) -> str:
    """Return which list a file is that does not say so: by the programmes of its entries."""
    others = sum(count for name, count in programmes.items() if name.startswith(_NON_SDN_PROGRAMMES))
    return NON_SDN if total and others > _SHARE * total else SDN


def spoken(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return a person's name that is listed family name first in spoken order, and its parts.

    >>> spoken("DELOS REYES, Feliciano Semborio, Jr.")[0], spoken("SANTOSO")
    ('Feliciano Semborio DELOS REYES, Jr.', ('SANTOSO', ()))
    """
    family, comma, given = text.partition(", ")
    if not comma:
        return text, ()
    given, _, suffix = given.rpartition(", ") if given.lower().rpartition(", ")[2] in _SUFFIXES else (given, "", "")
    words = f"{given} {family}" + (f", {suffix}" if suffix else "")
    return words, (("given", given), ("family", family))


_IDENTIFIERS = (
    (regex(r"Digital Currency Address - (\w+) (\w+)"), "crypto"),
    (regex(r"(?:Vessel Registration Identification|Vessel Registration Number) IMO (\d{7})\b"), "imo"),
    (regex(r"MMSI (\d{9})\b"), "mmsi"),
    (regex(r"Aircraft Tail Number (\S+)"), "tail-number"),
    (regex(r"Aircraft Manufacturer's Serial Number \(MSN\) (\S+)"), "msn"),
    (regex(r"Passport (.+?)(?: \(| issued| expires|$)"), "passport"),
    (
        regex(r"(?:National ID No\.|Cedula No\.|C\.U\.I\.P\.|D\.N\.I\.|Identification Number) (.+?)(?: \(|$)"),
        "national-id",
    ),
    (regex(r"(?:Tax ID No\.|NIT #|RUC #|R\.F\.C\.|V\.A\.T\. Number) (.+?)(?: \(|$)"), "tax-id"),
    (
        regex(r"(?:Registration Number|Registration ID|Company Number|Commercial Registry Number) (.+?)(?: \(|$)"),
        "registration",
    ),
    (regex(r"(?:SWIFT/BIC) (\S+)"), "bic"),
)


def identifier_of(remark: str) -> tuple[str, str] | None:
    """Return the identifier that a remark or a kind with its number gives, ``None`` where it gives none.

    >>> identifier_of("alt. Digital Currency Address - XBT 1Kuf2Rd8mDyAViwBozGTNYnvWL8uYFrkVo")
    ('crypto:XBT', '1Kuf2Rd8mDyAViwBozGTNYnvWL8uYFrkVo')
    >>> identifier_of("Vessel Registration Identification IMO 7406784")
    ('imo', '7406784')
    """
    remark = remark.removeprefix("alt. ").removesuffix(".")
    for pattern, kind in _IDENTIFIERS:
        if found := pattern.match(remark):
            return (f"crypto:{found[1]}", found[2]) if kind == "crypto" else (kind, clean(found[1]))
    return None


def basis_of(remark: str) -> str:
    """Return the law that a remark names as such, empty where it names none.

    >>> basis_of("Executive Order 13662 Directive Determination - Subject to Directive 1")
    'Executive Order 13662 Directive Determination - Subject to Directive 1'
    """
    remark = remark.removeprefix("alt. ")
    return remark if remark.startswith(("Executive Order ", "CAATSA Section ", "CMIC ", "Pursuant to ")) else ""


def remark_dates(text: str) -> list[str]:
    """Return the dates that a text gives, ISO; a range as ``1960/1962``, about a year as the year.

    >>> remark_dates("circa 1960"), remark_dates("1957 to 1960"), remark_dates("22 Mar 1949")
    (['1960'], ['1957/1960'], ['1949-03-22'])
    """
    text = clean(text).removeprefix("circa ").removeprefix("Circa ")
    first, to, last = text.partition(" to ")
    dates = [iso_date(first), iso_date(last.removeprefix("circa ")) if to else None]
    found = [date for date in dates if date]
    return ["/".join(found)] if found else []


_PART_KINDS = {
    "first name": "given",
    "middle name": "middle",
    "last name": "family",
    "patronymic": "patronymic",
    "matronymic": "patronymic",
    "maiden name": "maiden",
}
_SPOKEN_ORDER = ("given", "middle", "patronymic", "maiden", "family", "whole")


def part_kinds(name: str) -> str:
    """Return our word for OFAC's kind of a part of a name; ``whole`` for names without parts."""
    return _PART_KINDS.get(name.lower(), "whole")


def put_together(values: list[tuple[str, str]]) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return a name from its parts, in spoken order, and the parts where there are several.

    >>> put_together([("family", "HANIYA"), ("given", "Ismail")])
    ('Ismail HANIYA', (('given', 'Ismail'), ('family', 'HANIYA')))
    """
    kept = sorted(((kind, text) for kind, text in values if text), key=lambda part: _SPOKEN_ORDER.index(part[0]))
    return " ".join(text for _, text in kept), tuple(kept) if len(kept) > 1 else ()


def listed_quality(role: str) -> str:
    """Return the quality of a name that OFAC does not call weak."""
    return "" if role == PRIMARY else STRONG
