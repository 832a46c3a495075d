"""Make rules/data/un-paragraphs.csv, the table of what single paragraphs of sanctions resolutions do.

Takes the source files and writes the table::

    python tools/make_paragraph_table.py MEASURES.yaml MORE.yaml tools/paragraph-more*.yaml -o OUT.csv

MEASURES.yaml, MORE.yaml
    Lists of ``id``, ``instrument``, ``para``, ``verb``, ``from``, ``until``, ``url`` and ``status`` (V, P or K). Of
    two entries with one id the later file's counts. ``paragraph-more….yaml`` are ours: entries that the
    others lack.

The source gives paragraph, verb, dates and status; the clauses are ours and stand in ``paragraph-
clauses.txt``, each after its entry's id. ``verb | clause`` overrides the verb: where the source gives two, and
where nobody read it in the text; then it is a word that says no more than is known (requires, forbids, extends).
An entry without a clause, or of status K, or whose number is only remembered, is left out. A range of paragraphs
gives one row, which says that the block as a whole does it, found under each of its numbers (``aliases``); a
paragraph with an entry of its own keeps its own. ``says`` is the clause as a sentence, without its full stop.

``until`` in the table is the first day on which the paragraph no longer holds; the sources give the last day of
a mandate, but the day on which something replaced the measure. ``again`` is the day since which a paragraph that
had ended applies again (Iran, under 2231 para. 12).
"""

from __future__ import annotations

import argparse
import csv
import datetime
import re
from pathlib import Path

import yaml

MOST_WORDS = 30
COLUMNS = (
    "pinpoint", "aliases", "number", "year", "para", "verb", "does", "says", "from", "until", "again", "status", "url",
)  # fmt: skip

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
     f"moves of missiles, long-range drones and their technology to or from Iran {_BINDING}",
     "2016-01-16", "2023-10-18"),
    ("2231/annex b/5", "5 of annex B", _MAKES, f"supplies of heavy arms to Iran {_BINDING}",
     "2016-01-16", "2020-10-18"),
    ("2231/annex b/6(b)", "6(b) of annex B", _MAKES, f"supplies of arms from Iran {_BINDING}",
     "2016-01-16", "2020-10-18"),
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
_AGAIN = re.compile(r"re-applied (\d{4}-\d\d-\d\d)")
_SHALL = re.compile(r"\b(shall|must) not\b|\bshall\b")


def clauses() -> dict[str, str]:
    """Return the clauses by entry."""
    return dict(line.split(": ", 1) for line in CLAUSES.read_text(encoding="utf-8").splitlines() if line)


def worded(entry: dict[str, str], clause: str) -> tuple[str, str]:
    """Return verb and clause; ``verb | clause`` overrides the verb of the entry."""
    verb, bar, rest = clause.partition(" | ")
    return (verb, rest) if bar else (entry["verb"], clause)


def sentence(verb: str, does: str) -> str:
    """Return what a paragraph comes to as a sentence: without "decides that", with the verbs that only ask or urge.

    >>> sentence("decides", "that States shall freeze the assets of those listed")
    'States must freeze the assets of those listed'
    >>> sentence("calls upon", "States to inspect cargo")
    'The Council calls upon States to inspect cargo'
    >>> sentence("requires", "States to report catches")
    'States must report catches'
    >>> sentence("decides", "to set up the 1718 Committee")
    'The Council sets up the 1718 Committee'
    """
    verb = verb.removeprefix("as a block ")
    hit = re.match(r"(.+?) (not to|to) (.*)", does)
    who, no, what = (hit[1], "not " if hit[2] == "not to" else "", hit[3]) if hit else ("", "", "")
    if verb in {"decides", "decides further", "holds", "obliges"} and does.startswith("that "):
        text = does.removeprefix("that ")
    elif verb in {"decides", "decides further"} and does.startswith("to "):
        first, _, rest = does.removeprefix("to ").partition(" ")
        text = f"the Council {first}{'es' if first.endswith(('s', 'sh', 'ch')) else 's'} {rest}"
    elif verb == "requires" and who:
        text = f"{who} must {no}{what}"
    elif verb == "forbids" and who:
        text = f"{who} may not {what}"
    elif verb in {"authorizes", "allows"} and who:
        text = f"{who} may {no}{what}"
    else:
        text = f"the Council {verb} {does}"
    text = _SHALL.sub(lambda found: "may not" if found[1] else "must", text)
    text = text.replace(", and that ", ", and ")
    return f"{text[:1].upper()}{text[1:]}"


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
        "says": sentence(verb, does),
        "from": entry["from"],
        "until": first_day_after(str(entry["until"] or "")),
        "again": (_AGAIN.findall(str(entry["until"] or "")) or [""])[0],
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
        says = sentence(verb, does)
        given = (pinpoint, "", number, "2015", para, verb, does, says, start, until, "", "verified", url)
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
