"""How well names on sanctions lists are found: recall in government news, false notes in ordinary news.

Usage: python benchmarks/accuracy/listed.py [FOLDER] [--half development|held-out] [--thresholds 0.5,0.7,0.9] [--misses]

FOLDER (or ``ANNOTATOR_DATA``, or a folder beside the project) holds ``lists/`` and ``news/``. The lists of the UN,
the US (January 2022), the UK and Canada go into a store; the rules of the pack are left out, so that only the
lists speak. ``listed-names.csv`` says which listed persons and bodies government news names, by document:
facts, put together by hand from releases that tell of designations, with a search by words that has nothing in
common with the program. ``listed-ordinary.csv`` says which names found in ordinary news are right; whatever
else is found there is a false note. News is split into two halves by the hash of its id. The program was tuned
on the development half only.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
import tempfile
from collections import defaultdict
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))

from corpora import FEW, FULL, folder

from annotator import Annotator
from annotator.lists import import_files

HERE = Path(__file__).parent
LISTS = (
    ["un/un_consolidated_2026-02-27.xml"],
    ["ofac/2022-01_sdn.csv", "ofac/2022-01_alt.csv", "ofac/2022-01_add.csv"],
    ["uk/ConList_2025-04-10.csv.gz"],
    ["canada/canada_sema_2025.xml"],
)
HALVES = ("development", "held-out")


def half_of(identifier: str) -> str:
    """Return the half that a document belongs to."""
    return HALVES[sha256(identifier.encode()).digest()[0] % 2]


def documents(news: Path, names: tuple[str, ...], half: str) -> list[tuple[str, str]]:
    """Return the ids and texts of one half."""
    records = [json.loads(line) for name in names for line in (news / name).open(encoding="utf-8")]
    return [(record["id"], record["text"]) for record in records if half_of(record["id"]) == half]


def read(name: str) -> dict[str, list[str]]:
    """Return names by document."""
    found: dict[str, list[str]] = defaultdict(list)
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["document"]].append(row["name"])
    return found


def recall(
    annotator: Annotator, docs: list[tuple[str, str]], gold: dict[str, list[str]], *, misses: bool
) -> tuple[int, int]:
    """Return how many of the names are found, and how many there are."""
    hit = every = 0
    for identifier, text in docs:
        if identifier not in gold:
            continue
        document = annotator.read(text)
        spans = [(m.start, m.end) for m in annotator.mentions(document)]
        for name in gold[identifier]:
            pattern = r"(?<!\w)" + r"\s+".join(map(re.escape, name.split())) + r"(?!\w)"
            places = [found.span() for found in re.finditer(pattern, document.text)]
            if not places:
                continue
            every += 1
            found_it = any(start < b and a < end for a, b in places for start, end in spans)
            hit += found_it
            if misses and not found_it:
                print(f"missed: {name} in {identifier}")
    return hit, every


def noise(
    annotator: Annotator, docs: list[tuple[str, str]], right: dict[str, list[str]], *, misses: bool
) -> tuple[int, int, int]:
    """Return the notes on names in ordinary news, the false ones among them, and the number of words."""
    notes = false = words = 0
    for identifier, text in docs:
        words += len(text.split())
        result = annotator.annotate(text, as_of="2022-08-31")
        for annotation in result.annotations:
            said = " ".join(annotation.text.split())
            notes += 1
            if said not in right.get(identifier, ()):
                false += 1
                if misses:
                    print(f"false: {said} ({annotation.rule}, {annotation.fields['score']}) in {identifier}")
    return notes, false, words


def main() -> None:
    """Measure what is asked for, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?")
    parser.add_argument("--half", choices=HALVES)
    parser.add_argument("--thresholds", default="0.5,0.7,0.9")
    parser.add_argument("--misses", action="store_true")
    given = parser.parse_args()
    news = folder(given.folder)
    gold, right = read("listed-names.csv"), read("listed-ordinary.csv")
    with tempfile.TemporaryDirectory() as place:
        store = Path(place) / "lists.db"
        for files in LISTS:
            import_files([news.parent / "lists" / name for name in files], store)
        print("| half | threshold | recall | notes in ordinary news | false | false in 10,000 words | precision |")
        print("| --- | --: | --: | --: | --: | --: | --: |")
        for half in [given.half] if given.half else HALVES:
            full, few = documents(news, FULL, half), documents(news, FEW, half)
            for threshold in map(float, given.thresholds.split(",")):
                annotator = Annotator(default_rules=False, lists=store, name_threshold=threshold)
                hit, every = recall(annotator, full, gold, misses=given.misses)
                notes, false, words = noise(annotator, few, right, misses=given.misses)
                print(
                    f"| {half} | {threshold:g} | {hit / every:.3f} ({hit} of {every}) | {notes} | {false} | "
                    f"{false * 10_000 / words:.2f} | {1 - false / max(notes, 1):.2f} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
