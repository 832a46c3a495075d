"""OFAC's lists as sets of CSV files without headers: entries, aliases, addresses and comments.

``sdn.csv`` and ``cons_prim.csv`` hold entries, ``alt.csv`` aliases, ``add.csv`` addresses; the comments files
hold what does not fit into the first's remarks. Source of the layout: OFAC's "Specifications for the delimited
and fixed-field formats", https://ofac.treasury.gov/media/29976/download.
"""

from __future__ import annotations

import csv
from collections import Counter
from typing import TYPE_CHECKING

from ..._lazy import regex
from ...errors import InputError
from ..entries import ALIAS, FORMER, PRIMARY, STRONG, WEAK, Entry, Name
from ._entries import make_name, names_once
from ._ofac import PAGE, basis_of, default_list, identifier_of, remark_dates, spoken
from ._text import clean, unique

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._entries import Snapshot
    from ._files import Source

TYPES = {"individual": "person", "-0-": "organisation", "entity": "organisation", "vessel": "vessel"}
TYPES["aircraft"] = "aircraft"
_ALIASES = {"aka": ALIAS, "fka": FORMER, "nka": ALIAS}
# The number of columns of each of the files.
_ENTRIES, _ALTERNATES, _ADDRESSES, _COMMENTS = 12, 5, 6, 2
PARTS = {_ENTRIES: "entries", _ALTERNATES: "aliases", _ADDRESSES: "addresses", _COMMENTS: "comments"}
_PROGRAMMES = regex(r"\]\s*\[")
_LONGEST_PROGRAMME = 40
_QUOTED = regex(r"(?:(alt\. )?(a\.k\.a\.|f\.k\.a\.|n\.k\.a\.))\s+'(.*)'$")
_MOST_STRAYS = 0.05


def part_of(rows: list[list[str]]) -> str:
    """Return which of the files rows are from: ``entries``, ``aliases``, ``addresses``, ``comments``, else empty."""
    rows = [row for row in rows if row and row != ["\x1a"]]
    if not rows or any(not row[0].strip().isdecimal() for row in rows):
        return ""
    widths = Counter(map(len, rows)).most_common(1)[0][0]
    part = PARTS.get(widths, "")
    fitting = sum(len(row) == widths and _fits(row, part) for row in rows) if part else 0
    # Most rows must look right; each that does not is an error with its line when it is read.
    return part if fitting * 2 > len(rows) else ""


def _fits(row: list[str], part: str) -> bool:
    if part == "entries":
        return row[2].strip().lower() in TYPES or not _null(row[2])
    return row[1].strip().isdecimal() == (part != "comments")


def read(snapshot: Snapshot) -> Iterator[Entry]:
    """Yield the entries of a set of files; fill in what they say of themselves."""
    files = snapshot.parts
    aliases = _aliases(files["aliases"]) if "aliases" in files else {}
    countries = _countries(files["addresses"]) if "addresses" in files else {}
    comments = _comments(files["comments"]) if "comments" in files else {}
    if "aliases" not in files:
        snapshot.warnings.append(f"{files['entries'].label}: no file of aliases (alt.csv) with it")
    programmes: Counter[str] = Counter()
    known: set[str] = set()
    total = 0
    for line, row in _rows(files["entries"], _ENTRIES):
        place = f"{files['entries'].label}:{line}"
        entry = _entry(row, aliases, countries, comments, place)
        known.add(entry.reference)
        programmes.update(entry.programmes)
        total += 1
        yield entry
    _check_programmes(files["entries"], programmes, total)
    for part, held in (("aliases", aliases), ("addresses", countries), ("comments", comments)):
        strays = [reference for reference in held if reference not in known]
        if strays and len(strays) > _MOST_STRAYS * len(held):
            raise InputError(
                f"{files[part].label}: {len(strays)} of {len(held)} entries named in it are not in "
                f"{files['entries'].label}; are the files of one day, and whole?"
            )
        if strays:
            snapshot.warnings.append(
                f"{files[part].label}: entry {strays[0]} is not in {files['entries'].label}; left out"
                + (f", as are {len(strays) - 1} more" if len(strays) > 1 else "")
            )
    snapshot.list_id = default_list(programmes, total)


def _null(text: str) -> str:
    text = clean(text)
    return "" if text == "-0-" else text


def _rows(source: Source, width: int) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a file with their lines. Raises ``InputError`` for what is not of this width."""
    reader = csv.reader(source.lines(legacy="cp1252"), strict=True)
    try:
        for row in reader:
            if not row or row == ["\x1a"]:  # the files end with the sign of an old system
                continue
            if len(row) != width or not row[0].strip().isdecimal():
                what = (
                    f"{len(row)} columns, not {width}" if len(row) != width else f"no number first but {row[0][:20]!r}"
                )
                raise InputError(f"{source.label}:{reader.line_num}: {what}; is the file damaged or cut short?")
            yield reader.line_num, row
    except csv.Error as error:
        raise InputError(f"{source.label}:{reader.line_num}: not sound CSV: {error}") from None


def _aliases(source: Source) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for line, row in _rows(source, _ALTERNATES):
        kind = _null(row[2]).lower().replace(".", "")
        if kind not in _ALIASES:
            raise InputError(f"{source.label}:{line}: {row[2][:20]!r} is no kind of alias; are columns swapped?")
        found.setdefault(row[0].strip(), []).append((kind, _null(row[3])))
    return found


def _countries(source: Source) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for _, row in _rows(source, _ADDRESSES):
        found.setdefault(row[0].strip(), []).append(_null(row[4]))
    return found


def _comments(source: Source) -> dict[str, str]:
    return {row[0].strip(): row[1] for _, row in _rows(source, _COMMENTS) if _null(row[1])}


def _entry(
    row: list[str],
    aliases: dict[str, list[tuple[str, str]]],
    countries: dict[str, list[str]],
    comments: dict[str, str],
    place: str,
) -> Entry:
    reference, name, kind = row[0].strip(), _null(row[1]), _null(row[2]).lower() or "-0-"
    if kind not in TYPES or not name:
        what = f"{row[2][:20]!r} is no type of entry" if name else "no name"
        raise InputError(f"{place}: {what}; are columns swapped?")
    programmes = _PROGRAMMES.split(_null(row[3]))
    if too_long := next((one for one in programmes if len(one) > _LONGEST_PROGRAMME), ""):
        raise InputError(f"{place}: {too_long[:20]!r}… is no programme; are columns swapped?")
    person = TYPES[kind] == "person"
    # Remarks go on in the comments wherever they were cut off, within a word or before a blank.
    whole = row[11] + comments[reference] if reference in comments and _null(row[11]) else row[11]
    remarks = _null(whole).removesuffix(".").split("; ")
    names: list[Name | None] = [make_name(*_split(name, PRIMARY, "", person=person), place=place)]
    # Where a number stands twice the aliases go to the first.
    for alias, text in aliases.get(reference, ()):
        names.append(make_name(*_split(text, _ALIASES[alias], STRONG, person=person), place=place))
    if reference in aliases:
        aliases[reference] = []
    identifiers = [("call-sign", _null(row[5]))] if _null(row[5]) else []
    nationalities, births, basis = [], [], []
    for remark in remarks:
        if quoted := _QUOTED.match(remark):
            role = FORMER if quoted[2] == "f.k.a." else ALIAS
            names.append(make_name(*_split(quoted[3], role, WEAK, person=person), place=place))
        elif remark.startswith(("nationality ", "citizen ", "alt. nationality ", "alt. citizen ")):
            nationalities.append(clean(remark.removeprefix("alt. ").partition(" ")[2]))
        elif remark.removeprefix("alt. ").startswith("DOB "):
            births.extend(remark_dates(remark.removeprefix("alt. ")[4:]))
        elif found := identifier_of(remark):
            identifiers.append(found)
        elif law := basis_of(remark):
            basis.append(law)
    positions = [_null(row[4])]
    return Entry(
        "",
        reference,
        "us",
        TYPES[kind],
        names_once(names),
        programmes=unique(programmes),
        legal_basis=unique(basis),
        positions=unique(positions),
        births=unique(births),
        nationalities=unique(nationalities),
        countries=unique([*countries.get(reference, ()), _null(row[9])]),
        identifiers=tuple(dict.fromkeys(identifiers)),
        url=PAGE.format(reference),
    )


def _split(text: str, role: str, quality: str, *, person: bool) -> tuple[str, str, str, tuple[tuple[str, str], ...]]:
    words, parts = spoken(text) if person else (text, ())
    return words, role, quality, parts


def _check_programmes(source: Source, programmes: Counter[str], total: int) -> None:
    """Find columns swapped that look alike: names differ from row to row, programmes do not."""
    enough = 20
    if total >= enough and len(programmes) * 2 > total:
        raise InputError(f"{source.label}: the fourth column does not hold programmes; are columns swapped?")
