"""Make the table of how common words are as names: annotator/lists/names/data/frequencies.txt.

Usage: python tools/make_frequency_table.py NEWS.jsonl... CENSUS... SDN.csv ALT.csv > frequencies.txt

NEWS are JSON Lines with ``id`` and ``text``; only the development half of them is read (see
``benchmarks/accuracy/listed.py``), so that what is measured on the other half is not known here. CENSUS are
the name files of the United States census of 1990 (``dist.all.last``, ``dist.female.first``,
``dist.male.first``: name, per cent, and two more columns), which are in the public domain. SDN and ALT are OFAC's
list of names as CSV (public domain too): they tell which names are common where the census does not look.

A row is a word, its information as a capitalised word or name in bits (the least of all sources), ``c`` where
it also is an ordinary word that is written small, and ``n`` where it is a common given or family name in the census.
"""

from __future__ import annotations

import csv
import json
import math
import re
import sys
from collections import Counter
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from annotator.folding import plain_phrase
from annotator.lists.names.spelling import tokens

WORD = re.compile(r"[A-Za-z0-9]+(?:'[A-Za-z0-9]+)*")
MOST_BITS = 15
COMMON = 3
LISTED = 8
BORNE_BITS = 13


def main(paths: list[str]) -> None:
    """Count, and print the table."""
    capital: Counter[str] = Counter()
    small: Counter[str] = Counter()
    listed: Counter[str] = Counter()
    bits: dict[str, float] = {}
    for path in map(Path, paths):
        if path.suffix == ".jsonl":
            for line in path.read_text(encoding="utf-8").splitlines():
                record = json.loads(line)
                if sha256(record["id"].encode()).digest()[0] % 2:
                    continue
                count(re.sub(r"<[^>]*>", " ", record["text"]), capital, small)
        elif path.suffix == ".csv":
            listed_names(path, listed)
        else:
            for line in path.read_text(encoding="ascii").splitlines():
                name, share = line.split()[:2]
                if float(share) > 0:
                    information = -math.log2(float(share) / 100)
                    bits[name.lower()] = min(information, bits.get(name.lower(), 99))
    everyone = sum(listed.values())
    for word, number in listed.items():
        if number >= LISTED:
            bits[word] = min(math.log2(everyone / number), bits.get(word, 99))
    borne = {word for word, value in bits.items() if value <= BORNE_BITS}
    total = sum(capital.values())
    for word, number in capital.items():
        if number > 1:
            bits[word] = min(math.log2(total / number), bits.get(word, 99))
    rows = {word: round(value) for word, value in bits.items() if value < MOST_BITS + 0.5}
    common = {word for word, number in small.items() if number >= COMMON and number * 50 > capital[word]}
    for word in sorted(rows.keys() | common):
        flags = [flag for flag, words in (("c", common), ("n", borne)) if word in words]
        print(word, rows.get(word, MOST_BITS + 1), *flags)


def listed_names(path: Path, counts: Counter[str]) -> None:
    """Count the words of persons' names, which the list writes with the family name and a comma first."""
    with path.open(encoding="latin-1", newline="") as file:
        for row in csv.reader(file):
            name = next((cell for cell in row[1:4] if re.fullmatch(r"[^,]{2,40}, [^,]{2,60}", cell)), "")
            if name and not re.search(r"(?i)\b(?:co|ltd|inc|llc|s\.a|company|limited)\b", name):
                counts.update(set(tokens(name)))


def count(text: str, capital: Counter[str], small: Counter[str]) -> None:
    """Count the words of a text, capitalised ones only where no sentence starts."""
    plain = plain_phrase(text).decode("latin-1")
    end, before = 0, ""
    for hit in WORD.finditer(plain):
        word = hit.group().removesuffix("'s")
        between = plain[end : hit.start()]
        starts = not before or "\n" in between or any(char in '.!?:"' for char in between)
        if word[0].islower():
            small[word.lower()] += 1
        elif not starts and not word[0].isdigit():
            capital[word.lower()] += 1
        end, before = hit.end(), word


if __name__ == "__main__":
    main(sys.argv[1:])
