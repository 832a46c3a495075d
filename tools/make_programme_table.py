"""Hold the tables of programmes against the metadata that they come from, and refresh what comes from it.

    python tools/make_programme_table.py FOLDER [--write]

The folder holds one YAML file for each programme, as OpenSanctions publishes them (MIT): ``key``, ``title``, ``url``.
Titles and addresses come from there; names, issuers and which programmes are in the table at all are chosen by hand.
Without ``--write`` the differences are printed and nothing is changed. Exits with 1 when a row has no programme.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
from pathlib import Path

import yaml

DATA = Path(__file__).resolve().parent.parent / "rules" / "data"
TABLES = ("programmes.csv", "us-programmes.csv")
# Titles that are shortened or mended by hand.
OWN_TITLES = {"UA-SA1644"}


def main() -> int:
    """Compare, print, and with --write change the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true", help="change the tables")
    options = parser.parse_args()
    known = {}
    for path in sorted(options.folder.glob("*.yml")):
        programme = yaml.safe_load(path.read_text(encoding="utf-8"))
        known[programme["key"]] = {"title": programme["title"].strip(), "url": programme["url"]}
    missing = [key for name in TABLES for key in _refresh(DATA / name, known, write=options.write)]
    sys.stderr.writelines(f"{key}: not among the programmes\n" for key in missing)
    return 1 if missing else 0


def _refresh(table: Path, known: dict[str, dict[str, str]], *, write: bool) -> list[str]:
    """Print how a table differs, write it anew if asked to; return the keys that the metadata does not have."""
    with open(table, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    missing = [row["key"] for row in rows if row["key"] not in known]
    for row in rows:
        for column, value in known.get(row["key"], {}).items():
            if row[column] != value and not (column == "title" and row["key"] in OWN_TITLES):
                sys.stdout.write(f"{row['key']}: {column}: {row[column]!r} -> {value!r}\n")
                row[column] = value
    if write:
        out = io.StringIO()
        writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        table.write_text(out.getvalue(), encoding="utf-8", newline="\n")
    return missing


if __name__ == "__main__":
    sys.exit(main())
