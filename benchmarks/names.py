"""The index of names against what else finds many names: one run, ratios first.

Usage: python benchmarks/names.py [FOLDER] [--sizes 500,10000,100000,1000000] [--most-ruler N] [--rounds N]

Names are made of syllables, always the same ones, and are no person's. Each contestant looks for them in the
same two texts: news as it is, and the same news with a name put into every sentence. What does not fit into the
memory of an ordinary machine (an EntityRuler of a million names takes 8 GB) is left out from ``--most-…`` on.
"""

from __future__ import annotations

import argparse
import gc
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpora import FEW, folder, texts
from timing import ratio, shown, side_by_side, table

from annotator.folding import Folded
from annotator.lists._build import build
from annotator.lists.entries import Entry, Name
from annotator.lists.index import NameIndex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

AS_OF = "2024-06-20"


def parts(chance: random.Random, count: int, lengths: Sequence[int]) -> list[str]:
    """Return words that look like parts of names."""
    syllables = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "or", "ik")]
    found: dict[str, None] = {}
    while len(found) < count:
        found["".join(chance.choice(syllables) for _ in range(chance.choice(lengths))).capitalize()] = None
    return list(found)


def invented(count: int) -> list[str]:
    """Return so many different names of two words, always the same ones."""
    chance = random.Random(1718)
    given, family = parts(chance, 4_000, (2, 2, 3)), parts(chance, 60_000, (3, 3, 4))
    found: dict[str, None] = {}
    while len(found) < count:
        found[f"{chance.choice(given)} {chance.choice(family)}"] = None
    return list(found)


class Names:
    """Entries with one invented name each, as an index is made from."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = names

    def digest(self) -> str:
        return f"invented {len(self.names)}"

    def entries(self, *, removed: bool = True) -> Iterator[tuple[int, Entry]]:  # noqa: ARG002
        for number, name in enumerate(self.names, 1):
            first, last = name.split()
            listed = Name(name, parts=(("given", first), ("family", last)))
            yield number, Entry("un", str(number), "un", "person", (listed,), listed_on="2020-01-01")


def resident() -> int:
    """Return the memory of this process in bytes; 0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, AttributeError):
        return 0


def opened(path: str) -> tuple[float, float]:
    """Return the milliseconds that opening takes (the best of some), and the megabytes that it adds."""
    code = (
        "import sys, time, gc, os\n"
        "from annotator.lists.index import NameIndex\n"
        "from annotator.folding import Folded\n"
        "import daachorse\n"
        "rss = lambda: int(open('/proc/self/statm').read().split()[1]) * os.sysconf('SC_PAGE_SIZE')\n"
        "before = rss() if os.path.exists('/proc/self/statm') else 0\n"
        "start = time.perf_counter(); index = NameIndex(sys.argv[1]); took = time.perf_counter() - start\n"
        "index.find(Folded('Nobody Known met Someone Else.'))\n"
        "after = rss() if before else 0\n"
        "print(took * 1000, (after - before) / 1e6)\n"
    )
    runs = [
        tuple(map(float, subprocess.run([sys.executable, "-c", code, path], check=True, capture_output=True, text=True).stdout.split()))
        for _ in range(5)
    ]
    return min(run[0] for run in runs), min(run[1] for run in runs)


def stored(names: Sequence[str], folder_: str) -> str:
    """Return the path of a store with these names, made as importing makes one."""
    from annotator.lists import import_files

    path = Path(folder_) / "names.xml"
    with path.open("w", encoding="utf-8") as file:
        file.write('<CONSOLIDATED_LIST dateGenerated="2024-01-01T00:00:00"><INDIVIDUALS>')
        for number, name in enumerate(names, 1):
            first, last = name.split()
            file.write(
                f"<INDIVIDUAL><DATAID>{number}</DATAID><VERSIONNUM>1</VERSIONNUM><FIRST_NAME>{first}</FIRST_NAME>"
                f"<SECOND_NAME>{last}</SECOND_NAME><UN_LIST_TYPE>Test</UN_LIST_TYPE>"
                f"<REFERENCE_NUMBER>TSi.{number}</REFERENCE_NUMBER><LISTED_ON>2020-01-01</LISTED_ON></INDIVIDUAL>"
            )
        file.write("</INDIVIDUALS><ENTITIES></ENTITIES></CONSOLIDATED_LIST>")
    store = str(Path(folder_) / "lists.db")
    import_files([str(path)], store)
    return store


def command(store: str, text: str, folder_: str) -> float:
    """Return the seconds of one article through the command with the lists of a store (the best of some)."""
    article = Path(folder_) / "article.txt"
    article.write_text(text, encoding="utf-8")
    line = [sys.executable, "-m", "annotator", "annotate", "--no-config", "--as-of", AS_OF, "--lists", store, str(article)]
    subprocess.run(line, check=True, capture_output=True)  # makes the index, and the cache of rules
    took = []
    for _ in range(5):
        start = time.perf_counter()
        subprocess.run(line, check=True, capture_output=True)
        took.append(time.perf_counter() - start)
    return min(took)


def contestants(names: Sequence[str], index: NameIndex, most: dict[str, int]) -> dict[str, Callable[[str], object]]:
    """Return what finds the names in one text, by the name of the contestant."""
    import daachorse

    machine = daachorse.DoubleArrayAhoCorasick(sorted({f" {name.lower()} ".encode() for name in names}))
    made: dict[str, Callable[[str], object]] = {
        "index of names": lambda text: index.find(Folded(text)),
        "bare automaton": lambda text: machine.find_overlapping(Folded(text).folded),
    }
    if len(names) <= most["phrase"]:
        import spacy
        from spacy.matcher import PhraseMatcher

        plain = spacy.blank("en")
        matcher = PhraseMatcher(plain.vocab, attr="LOWER")
        matcher.add("LISTED", list(plain.tokenizer.pipe(names)))
        made["PhraseMatcher"] = lambda text: matcher(plain(text))
    if len(names) <= most["ruler"]:
        import spacy

        ruled = spacy.blank("en")
        ruler: Any = ruled.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
        ruler.add_patterns([{"label": "LISTED", "pattern": name} for name in names])
        made["EntityRuler"] = ruled
    if len(names) <= most["flashtext"]:
        try:
            from flashtext import KeywordProcessor
        except ImportError:
            print("flashtext is not installed; left out")
        else:
            processor = KeywordProcessor()
            for name in names:
                processor.add_keyword(name)
            made["flashtext"] = processor.extract_keywords
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?")
    parser.add_argument("--sizes", default="500,10000,100000,1000000")
    parser.add_argument("--most-phrase", type=int, default=100_000)
    parser.add_argument("--most-ruler", type=int, default=10_000)
    parser.add_argument("--most-flashtext", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--kilobytes", type=int, default=300)
    parser.add_argument("--store", action="store_true", help="also time the command on a store of so many names")
    given = parser.parse_args()
    most = {"phrase": given.most_phrase, "ruler": given.most_ruler, "flashtext": given.most_flashtext}
    news: list[str] = []
    for text in texts(folder(given.folder), FEW):
        news.append(text)
        if sum(map(len, news)) > given.kilobytes * 1000:
            break
    speed: dict[str, dict[int, list[float]]] = {}
    for size in map(int, given.sizes.split(",")):
        names = invented(size)
        chance = random.Random(size)
        full = [re.sub(r"(?<=\. )(?=[A-Z])", lambda _: f"{chance.choice(names)} said so. ", text) for text in news]
        with tempfile.TemporaryDirectory() as place:
            start = time.perf_counter()
            index = build(Names(names), str(Path(place) / "names"), f"invented {size}")
            built = time.perf_counter() - start
            milliseconds, megabytes = opened(str(Path(place) / "names"))
            print(
                f"\n{size:,} names: built in {built:.1f} s, {index.size / 1e6:.1f} MB; opened in {milliseconds:.1f} ms, "
                f"{megabytes:.1f} MB of memory more ({megabytes * 1e6 / index.size:.2f} of its size)"
            )
            if given.store:
                took = command(stored(names, place), full[0][:4000], place)
                print(f"one article through the command: {took:.2f} s")
            made = contestants(names, index, most)
            rows = []
            for label, documents in (("as it is", news), ("full of names", full)):
                jobs = [lambda _, find=find, documents=documents: [find(text) for text in documents] for find in made.values()]
                for job in jobs:
                    job(0)
                times = side_by_side(jobs, given.rounds)
                speed.setdefault(label, {})[size] = times[0]
                length = sum(len(text.encode()) for text in documents)
                rows.append([label, shown(length / min(times[0]) / 1e6), *(shown(ratio(t, times[0])) for t in times[1:])])
            print(table(["text", "index, MB/s", *(f"{name}, times as long" for name in list(made)[1:])], rows))
            index.close()
            del made, jobs
            gc.collect()
    for label, by_size in speed.items():
        first = next(iter(by_size))
        line = ", ".join(f"{size:,}: {min(times) / min(by_size[first]):.2f}" for size, times in by_size.items())
        print(f"\ntime of the index on text {label}, against {first:,} names: {line}")


if __name__ == "__main__":
    main()
