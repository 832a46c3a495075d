"""Hold the tables of EU acts, articles and packages against files of facts.

    python tools/make_eu_tables.py instruments.yaml eu-russia.yaml

Both files have a list ``instruments``: id, issuer, kind, citation, signed or from, url, ``verification`` (V seen in the
text, P partly, K from memory alone) and, in the second, ``certainty`` with a code for each field. What an act does is
worded by hand in the tables; this prints where they differ from the facts, and exits with 1 where something known to V
or P has no row, a row says more than the facts do, rows of one key overlap, or a row is too long for a note.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).resolve().parent.parent / "rules" / "data"
EUR_LEX = "https://eur-lex.europa.eu/eli/"
ACTS = {"council-regulation", "council-decision", "common-position"}
KNOWN = {"V", "P"}
MOST_WORDS = 35
# Articles that were looked up since the facts were written down: in a note of the Council or a page of a law firm on
# the package that brought them (3a and 5j: 15 March 2022; 3j: 8 April 2022).
READ_SINCE = {"3a", "3j", "5j"}

Fact = dict[str, Any]
Row = dict[str, str]


def rows_of(name: str) -> list[Row]:
    """Return the rows of a table."""
    with open(DATA / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def overlaps(name: str, key: str, rows: list[Row]) -> list[str]:
    """Return where rows of one key hold at one time."""
    wrong = []
    last: dict[str, Row] = {}
    for row in rows:
        before = last.get(row[key])
        if before is not None and (not before["until"] or before["until"] > row["from"]):
            wrong.append(f"{name}: {row[key]}: two rows at one time")
        last[row[key]] = row
    return wrong


def acts(facts: list[Fact]) -> list[str]:
    """Return what is wrong in the table of acts."""
    rows = rows_of("eu-acts.csv")
    wrong = overlaps("eu-acts.csv", "number", rows)
    by_number = {row["number"]: row for row in reversed(rows)}
    for fact in facts:
        if fact["issuer"] != "eu" or fact["kind"] not in ACTS or fact["verification"] not in KNOWN:
            continue
        number = fact["citation"].removesuffix("/CFSP").rsplit(" ", 1)[1]
        row = by_number.get(number)
        if row is None:
            wrong.append(f"eu-acts.csv: {number}: missing")
            continue
        day = "" if "signed" in (fact.get("from_memory") or ()) else str(fact.get("signed") or "")
        wanted = {"citation": fact["citation"], "path": fact["url"].removeprefix(EUR_LEX)} | (
            {"adopted": day} if day else {}
        )
        for column, value in wanted.items():
            if row[column] != value:
                wrong.append(f"eu-acts.csv: {number}: {column}: {row[column]!r}, the facts say {value!r}")
    wrong += [f"eu-acts.csv: {row['number']}: too long" for row in rows if len(row["does"].split()) > MOST_WORDS]
    return wrong


def articles(facts: list[Fact]) -> list[str]:
    """Return what is wrong in the table of articles."""
    rows = rows_of("eu-articles.csv")
    wrong = overlaps("eu-articles.csv", "pinpoint", rows)
    first = {row["pinpoint"]: row for row in reversed(rows)}
    for fact in facts:
        if fact["kind"] != "article":
            continue
        article = fact["id"].rsplit(".", 1)[1]
        row, effect = first.get(f"833/2014/{article}"), fact["certainty"]["effect"]
        if effect in KNOWN and row is None:
            wrong.append(f"eu-articles.csv: {article}: missing")
        elif effect not in KNOWN and row is not None and article not in READ_SINCE:
            wrong.append(f"eu-articles.csv: {article}: known from memory alone")
        elif row is not None and fact["certainty"]["dates"] == "V" and row["from"] > str(fact["from"]):
            wrong.append(f"eu-articles.csv: {article}: from {row['from']}, the facts say {fact['from']}")
    wrong += [f"eu-articles.csv: {row['pinpoint']}: too long" for row in rows if len(row["does"].split()) > MOST_WORDS]
    return wrong


def packages(facts: list[Fact]) -> list[str]:
    """Return what is wrong in the table of packages."""
    rows = {row["number"]: row for row in rows_of("eu-packages.csv")}
    wrong = []
    for fact in facts:
        if fact["kind"] != "package" or not re.fullmatch(r"eu\.package\.\d+", fact["id"]):
            continue
        row = rows.get(str(fact["number"]))
        if row is None:
            wrong.append(f"eu-packages.csv: {fact['number']}: missing")
        elif row["adopted"] != str(fact["from"]):
            wrong.append(f"eu-packages.csv: {fact['number']}: {row['adopted']}, the facts say {fact['from']}")
        else:
            numbers = re.findall(r"\d{4}/\d+", row["acts"])
            wrong += [
                f"eu-packages.csv: {row['number']}: {n} is not in the facts" for n in numbers if n not in str(fact)
            ]
    return wrong


def main() -> int:
    """Compare and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("instruments", type=Path)
    parser.add_argument("russia", type=Path)
    options = parser.parse_args()
    first, second = (
        yaml.safe_load(path.read_text(encoding="utf-8"))["instruments"]
        for path in (options.instruments, options.russia)
    )
    wrong = acts(first) + articles(second) + packages(second)
    sys.stderr.writelines(f"{line}\n" for line in wrong)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
