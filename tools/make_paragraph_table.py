"""Make rules/data/un-paragraphs.csv, the table of what single paragraphs of sanctions resolutions do.

Takes the source files and writes the table::

    python tools/make_paragraph_table.py MEASURES.yaml MORE.yaml tools/paragraph-more.yaml -o OUT.csv

MEASURES.yaml, MORE.yaml
    Lists of ``id``, ``instrument``, ``para``, ``verb``, ``from``, ``until``, ``url`` and ``status`` (V, P or K). Of
    two entries with one id the later file's counts. ``paragraph-more.yaml`` is ours: entries that the others lack.

The source gives paragraph, verb, dates and status; the clauses are ours and stand in ``paragraph-
clauses.txt``, each after its entry's id. ``verb | clause`` overrides the verb: where the source gives two, and
where nobody read it in the text; then it is a word that says no more than is known (requires, forbids, extends).
An entry without a clause, or of status K, or whose number is only remembered, is left out. A range of paragraphs
gives one row, which says that the block as a whole does it, found under each of its numbers (``aliases``); a
paragraph with an entry of its own keeps its own. ``until`` in the table is the first day on which the paragraph no
longer holds; the sources give the last day of a mandate, but the day on which something replaced the measure.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import re
from pathlib import Path

import yaml

MOST_WORDS = 30
COLUMNS = ("pinpoint", "aliases", "number", "year", "para", "verb", "does", "from", "until", "status", "url")

CLAUSES = Path(__file__).with_name("paragraph-clauses.txt")

# Paragraphs of several parts that news cites whole: what their rows, all verified, come to.
WHOLE = {
    "1718/8": (
        "DPRK.1718.8aiii",
        "decides | on the core measures: bans on heavy arms, weapons items and luxury goods, asset freeze, travel ban",
    ),
    "2397/11": (
        "DPRK.2397.ins",
        "requires | States to bar insurance of ships that they believe took part in prohibited activity",
    ),
    "2397/12": (
        "DPRK.2397.ins",
        "requires | States to strike from their registers ships that they believe took part in prohibited activity",
    ),
}

# Paragraphs of annex B of 2231, found under ``number/annex/paragraph``, and the paragraph by which most of them bind;
# the source has them as a block: key, paragraph as notes print it, verb, clause, dates.
_MAKES, _BINDING = "makes", "depend on the Council's approval (binding by para. 7(b))"
ANNEXES = (
    ("2231/7(b)", "7(b)", "decides", "that States shall comply with paras 1, 2, 4, 5 and 6(a) to (f) of annex B",
     "2016-01-16", "2025-09-28"),
    ("2231/annex b/3", "3 of annex B", "calls upon",
     "Iran not to work on ballistic missiles designed to carry nuclear weapons", "2016-01-16", "2023-10-18"),
    ("2231/annex b/4", "4 of annex B", _MAKES,
     f"moves of missiles, long-range drones and their technology to or from Iran {_BINDING}", "2016-01-16", "2023-10-18"),
    ("2231/annex b/5", "5 of annex B", _MAKES, f"supplies of heavy arms to Iran {_BINDING}", "2016-01-16", "2020-10-18"),
    ("2231/annex b/6(b)", "6(b) of annex B", _MAKES, f"supplies of arms from Iran {_BINDING}", "2016-01-16", "2020-10-18"),
    ("2231/annex b/6(c)", "6(c) of annex B", "obliges",
     "States, by para. 7(b), to freeze the assets of those on the 2231 list", "2016-01-16", "2023-10-18"),
    ("2231/annex b/6(e)", "6(e) of annex B", "obliges", "States, by para. 7(b), not to let in those on the 2231 list",
     "2016-01-16", "2020-10-18"),
)  # fmt: skip

_SYMBOL = re.compile(r"S/RES/(\d+) \((\d{4})\)")
_PARA = re.compile(r"(\d+)(?:-(\d+))?((?:\([a-z]+\))*)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
# The day of ``until`` is the last of a mandate or of a measure that was set to run until then.
_LAST_DAY = re.compile(r"\d{4}-\d\d-\d\d(?:$| in the text| \(last renewal| \(S/RES/2016)")
_NUMBER_UNSURE = re.compile(r"paragraph number (?:stays )?P\b", re.IGNORECASE)
_STATUS = {"V": "verified", "P": "partly"}


def clauses() -> dict[str, str]:
    """Return the clauses by entry."""
    return dict(line.split(": ", 1) for line in CLAUSES.read_text(encoding="utf-8").splitlines() if line)


def worded(entry: dict[str, str], clause: str) -> tuple[str, str]:
    """Return verb and clause; ``verb | clause`` overrides the verb of the entry."""
    verb, bar, rest = clause.partition(" | ")
    return (verb, rest) if bar else (entry["verb"], clause)


def row_of(entry: dict[str, str], clause: str, para: str | None = None) -> dict[str, str]:
    """Return the row of an entry; ``aliases`` holds all the numbers of a range."""
    symbol = _SYMBOL.match(entry["instrument"])
    named = str(entry["para"]) if para is None else para
    place = _PARA.match(named)
    if symbol is None or place is None:
        raise SystemExit(f"{entry['id']}: {entry['instrument']} {entry['para']} cannot be read")
    first, last, _ = place.groups()
    verb, does = worded(entry, clause)
    if last:
        verb = f"as a block {verb}"
    if len(does.split()) > MOST_WORDS or "/" in verb:
        raise SystemExit(f"{entry['id']}: too long, or two verbs: {verb} {does}")
    # A number that follows from a pattern alone was not read anywhere.
    unsure = "by pattern" in named or _NUMBER_UNSURE.search(entry.get("note") or "")
    status = "partly" if unsure else _STATUS[entry["status"]]
    numbers = range(int(first), int(last) + 1) if last else ()
    return {
        "pinpoint": f"{symbol[1]}/{place.group()}",
        "aliases": ";".join(f"{symbol[1]}/{number}" for number in numbers),
        "number": symbol[1],
        "year": symbol[2],
        "para": place.group(),
        "verb": verb,
        "does": does,
        "from": entry["from"],
        "until": first_day_after(str(entry["until"] or "")),
        "status": status,
        "url": entry["url"],
    }


def first_day_after(until: str) -> str:
    """Return the first day on which something no longer holds.

    >>> first_day_after("2024-04-30 (last renewal: S/RES/2680 (2023))")
    '2024-05-01'
    >>> first_day_after("2017-08-05 (replaced by S/RES/2371 para. 8)")
    '2017-08-05'
    """
    day = _DAY.match(until)
    if day is None:
        return ""
    if _LAST_DAY.match(until):
        return (datetime.date.fromisoformat(day.group()) + datetime.timedelta(days=1)).isoformat()
    return day.group()


def make(entries: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return all rows in order of number and paragraph."""
    known = clauses()
    by_id = {entry["id"]: entry for entry in entries}  # of two with one id, the later
    entries = list(by_id.values())
    unknown = sorted({*known, *(source for source, _ in WHOLE.values())} - set(by_id))
    if unknown:
        raise SystemExit(f"no such entries: {', '.join(unknown)}")
    found: dict[str, dict[str, str]] = {}
    for entry in entries:
        if entry["id"] not in known or entry["status"] not in _STATUS or "from memory" in str(entry["para"]):
            continue
        row = row_of(entry, known[entry["id"]])
        if row["pinpoint"] in found:
            raise SystemExit(f"two entries for {row['pinpoint']}")
        found[row["pinpoint"]] = row
    for pinpoint, (source, clause) in WHOLE.items():
        found[pinpoint] = row_of(by_id[source], clause, pinpoint.split("/")[1])
    for pinpoint, para, verb, does, start, until in ANNEXES:
        number, url = pinpoint.split("/")[0], "https://undocs.org/S/RES/2231(2015)"
        given = (pinpoint, "", number, "2015", para, verb, does, start, until, "verified", url)
        found[pinpoint] = dict(zip(COLUMNS, given, strict=True))
    for row in found.values():
        row["aliases"] = ";".join(name for name in row["aliases"].split(";") if name not in found)

    def order(row: dict[str, str]) -> tuple[int, int, str]:
        return int(row["number"]), int(re.match(r"\d+", row["para"])[0]), row["para"]  # type: ignore[index]

    return sorted(found.values(), key=order)


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description="Make the table of paragraphs of sanctions resolutions.")
    parser.add_argument("measures", type=Path, nargs="+")
    parser.add_argument("-o", "--output", type=Path, required=True)
    options = parser.parse_args()
    rows = make([entry for path in options.measures for entry in yaml.safe_load(path.read_text(encoding="utf-8"))])
    with options.output.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{len(rows)} paragraphs")


if __name__ == "__main__":
    main()
