"""Hold the tables of national instruments against files of facts, and refresh what comes from them.

    python tools/make_instrument_tables.py facts.yaml [more-facts.yaml ...] [--write]

A file of facts has a list ``instruments``: id, issuer, kind, citation, short_title, signed, url and
``verification`` (V seen in the text, P partly, K from memory alone). Of an instrument in several files the last
one counts, except for what it leaves empty. What an instrument does, and when it ended, is worded by hand in the
tables; citations, days, status and addresses come from the facts. Without ``--write`` the differences are
printed and nothing is changed. Exits with 1 when an instrument known to V or P has no row, a row has no
instrument, or a row says more than the facts do.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).resolve().parent.parent / "rules" / "data"
STATUS = {"V": "verified", "P": "partly"}
REGISTER = "https://www.federalregister.gov/"
# The page of all orders, where the facts know no page of the order itself.
ORDERS = REGISTER + "presidential-documents/executive-orders"
UK = "https://www.legislation.gov.uk/"
# Instruments read, or compared with newer sources, since the facts were written down: the table knows more of them.
READ_SINCE = {
    *(f"us.eo.{number}" for number in (13936, 14066, 14068, 14404)),
    *(f"us.31cfr.{part}" for part in (515, 546, 547, 552, 553, 579)),
}
# Rows whose number and title were read elsewhere (the electronic Code of Federal Regulations; an ending order).
READ_ELSEWHERE = {
    *("13695", "14175", "15/730", "15/734.4", "15/734.9", "15/744.6", "15/744.23", "22/120", "22/126.1"),
    *(f"31/{part}" for part in (501, 526, 535, 536, 537, 538, 541, 543, 562, 566, 583, 584, 594, 596, 597, 598, 599)),
}

Fact = dict[str, Any]
Row = dict[str, str]


def _number(fact: Fact) -> str:
    return str(fact["id"]).split(".", 2)[2]


def _day(fact: Fact) -> str:
    """Return the day, unless it is general knowledge only."""
    return "" if "signed" in fact.get("from_memory", ()) else str(fact.get("signed") or "")


def _order(fact: Fact) -> tuple[str, Row]:
    columns = {"from": _day(fact)}
    if fact["url"] != ORDERS:
        columns["path"] = fact["url"].removeprefix(REGISTER)
    return _number(fact), columns


def _code(fact: Fact) -> tuple[str, Row]:
    title = str(fact["id"]).split(".")[1].removesuffix("cfr")
    return f"{title}/{_number(fact).replace('.supp', '/supp')}", {"url": fact["url"]}


def _uk(fact: Fact) -> tuple[str, Row]:
    return _number(fact).replace(".", "/"), {"path": fact["url"].removeprefix(UK)}


def _canada(fact: Fact) -> tuple[str, Row]:
    return _number(fact), {"title": fact["short_title"], "url": fact["url"]}


TABLES = [
    ("us-executive-orders.csv", "number", "us", {"executive-order"}, _order),
    ("us-cfr.csv", "cite", "us", {"cfr-part", "cfr-section"}, _code),
    ("uk-instruments.csv", "number", "uk", {"statutory-instrument"}, _uk),
    ("ca-regulations.csv", "number", "ca", {"regulation"}, _canada),
]


def _merged(files: list[Path]) -> list[Fact]:
    """Return the facts of several files, one for each instrument; a correction changes the day alone."""
    facts: dict[str, Fact] = {}
    for file in files:
        for fact in yaml.safe_load(file.read_text(encoding="utf-8"))["instruments"]:
            known = facts.setdefault(fact["id"], fact)
            if known is fact or fact["verification"] not in STATUS:
                continue
            if fact["kind"] == "correction":
                known["signed"] = fact.get("signed") or known.get("signed")
                continue
            known |= {name: value for name, value in fact.items() if value}
            known["from_memory"] = fact.get("from_memory", ())
    return list(facts.values())


def _known(facts: list[Fact], issuer: str, kinds: set[str], read: Any) -> dict[str, Row]:
    """Return what the facts say, by key of the table."""
    known = {}
    for fact in facts:
        if fact["issuer"] == issuer and fact["kind"] in kinds and fact["verification"] in STATUS:
            key, columns = read(fact)
            known[key] = {} if fact["id"] in READ_SINCE else {**columns, "status": STATUS[fact["verification"]]}
    return known


def _compare(name: str, key: str, known: dict[str, Row]) -> tuple[list[Row], list[str]]:
    """Print how a table differs from the facts; return its rows made new, and what is wrong."""
    with open(DATA / name, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    wrong = [f"{name}: {row[key]}: not in the facts" for row in rows if row[key] not in known.keys() | READ_ELSEWHERE]
    wrong += [f"{name}: {missing}: missing" for missing in sorted(set(known) - {row[key] for row in rows})]
    for row in rows:
        for column, value in known.get(row[key], {}).items():
            if column not in row or not value or row[column] == value:
                continue
            if (column, row[column]) == ("status", "verified"):
                wrong.append(f"{name}: {row[key]}: said to be verified; the facts say {value}")
            sys.stdout.write(f"{name}: {row[key]}: {column}: {row[column]!r} -> {value!r}\n")
            row[column] = value
    return rows, wrong


def main() -> int:
    """Compare, print, and with --write change the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("facts", type=Path, nargs="+")
    parser.add_argument("--write", action="store_true", help="change the tables")
    options = parser.parse_args()
    facts = _merged(options.facts)
    wrong: list[str] = []
    for name, key, issuer, kinds, read in TABLES:
        rows, faults = _compare(name, key, _known(facts, issuer, kinds, read))
        wrong += faults
        if options.write:
            out = io.StringIO()
            writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
            (DATA / name).write_text(out.getvalue(), encoding="utf-8", newline="\n")
    sys.stderr.writelines(f"{line}\n" for line in wrong)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
