"""The index of names against what else finds many names: one run, ratios first.

Usage: python benchmarks/names.py [FOLDER] [--sizes 500,10000,100000,1000000] [--most-ruler N] [--rounds N]

Names are made of syllables, always the same ones, and are no person's. Each contestant looks for them in the
same two texts: news as it is, and the same news with a name put into every sentence. What does not fit into the
memory of an ordinary machine (an EntityRuler of a million names takes 8 GB) is left out from ``--most-…`` on.
"""

from __future__ import annotations

import argparse
import random
import re
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpora import FEW, folder, texts
from timing import ratio, shown, side_by_side, table

from annotator.folding import Folded
from annotator.lists import import_files
from annotator.lists.entries import Entry, Name
from annotator.lists.names.build import build
from annotator.lists.names.index import NameIndex

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
        """Return what tells these entries from others."""
        return f"invented {len(self.names)}"

    def entries(self, *, removed: bool = True) -> Iterator[tuple[int, Entry]]:  # as stores have it
        """Yield an entry for each name."""
        for number, name in enumerate(self.names, 1):
            first, last = name.split()
            listed = Name(name, parts=(("given", first), ("family", last)))
            yield number, Entry("un", str(number), "un", "person", (listed,), listed_on="2020-01-01")


def opened(path: str) -> tuple[float, float]:
    """Return the milliseconds that opening takes (the best of some), and the megabytes that it adds."""
    code = (
        "import sys, time, gc, os\n"
        "from annotator.lists.names.index import NameIndex\n"
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
        tuple(
            map(
                float,
                subprocess.run(
                    [sys.executable, "-c", code, path], check=True, capture_output=True, text=True
                ).stdout.split(),
            )
        )
        for _ in range(5)
    ]
    return min(run[0] for run in runs), min(run[1] for run in runs)


def stored(names: Sequence[str], folder_: str) -> str:
    """Return the path of a store with these names, made as importing makes one."""
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
    line = [
        sys.executable,
        "-m",
        "annotator",
        "annotate",
        "--no-config",
        "--as-of",
        AS_OF,
        "--lists",
        store,
        str(article),
    ]
    subprocess.run(line, check=True, capture_output=True)  # makes the index, and the cache of rules
    took = []
    for _ in range(5):
        start = time.perf_counter()
        subprocess.run(line, check=True, capture_output=True)
        took.append(time.perf_counter() - start)
    return min(took)


def contestants(names: Sequence[str], index: NameIndex, most: dict[str, int]) -> dict[str, Callable[[str], object]]:
    """Return what finds the names in one text, by the name of the contestant."""
    import daachorse  # not on every machine

    machine = daachorse.DoubleArrayAhoCorasick(sorted({f" {name.lower()} ".encode() for name in names}))
    made: dict[str, Callable[[str], object]] = {
        "index of names": partial(search, index),
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
            from flashtext import KeywordProcessor  # not installed with the others
        except ImportError:
            print("flashtext is not installed; left out")
        else:
            processor = KeywordProcessor()
            for name in names:
                processor.add_keyword(name)
            made["flashtext"] = processor.extract_keywords
    return made


def measured(names: Sequence[str], path: str, news: Sequence[str], most: dict[str, int], rounds: int) -> None:
    """Build an index of some names, and print what it and the others take."""
    start = time.perf_counter()
    index = build(Names(names), path, f"invented {len(names)}")
    built = time.perf_counter() - start
    milliseconds, megabytes = opened(path)
    print(
        f"\n{len(names):,} names: built in {built:.1f} s, {index.size / 1e6:.1f} MB; opened in {milliseconds:.1f} ms, "
        f"{megabytes:.1f} MB of memory more ({megabytes * 1e6 / index.size:.2f} of its size)"
    )
    made = contestants(names, index, most)
    rows = []
    for label, documents in (("as it is", news), ("full of names", full(news, names))):
        jobs = [partial(each_of, find, documents) for find in made.values()]
        for job in jobs:
            job(0)
        times = side_by_side(jobs, rounds)
        length = sum(len(text.encode()) for text in documents)
        others = [shown(ratio(one, times[0])) for one in times[1:]]
        rows.append([label, shown(length / min(times[0]) / 1e6), *others])
    print(table(["text", "index, MB/s", *(f"{name}, times as long" for name in list(made)[1:])], rows), flush=True)
    index.close()


def each_of(find: Callable[[str], object], documents: Sequence[str], _round: int) -> None:
    """Look through some documents."""
    for text in documents:
        find(text)


def full(news: Sequence[str], names: Sequence[str]) -> list[str]:
    """Return news with a name put before every sentence."""
    chance = random.Random(len(names))
    return [re.sub(r"(?<=\. )(?=[A-Z])", lambda _: f"{chance.choice(names)} said so. ", text) for text in news]


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?")
    parser.add_argument("--sizes", default="500,10000,100000,1000000")
    parser.add_argument("--most-phrase", type=int, default=100_000)
    parser.add_argument("--most-ruler", type=int, default=10_000)
    parser.add_argument("--most-flashtext", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--kilobytes", type=int, default=300)
    parser.add_argument("--command", action="store_true", help="also time the command with stores of so many names")
    given = parser.parse_args()
    most = {"phrase": given.most_phrase, "ruler": given.most_ruler, "flashtext": given.most_flashtext}
    news: list[str] = []
    for text in texts(folder(given.folder), FEW):
        news.append(text)
        if sum(map(len, news)) > given.kilobytes * 1000:
            break
    sizes = [int(size) for size in given.sizes.split(",")]
    with tempfile.TemporaryDirectory() as place:
        for size in sizes:
            measured(invented(size), str(Path(place) / f"{size}.names"), news, most, given.rounds)
            if given.command:
                took = command(stored(invented(size), place), full(news[:3], invented(size))[0][:4000], place)
                print(f"one article through the command with {size:,} names: {took:.2f} s", flush=True)
        # Side by side, since the machine's speed an hour ago tells nothing.
        indexes = [NameIndex(str(Path(place) / f"{size}.names")) for size in sizes]
        jobs = [partial(each_of, partial(search, index), news) for index in indexes]
        for job in jobs:
            job(0)
        times = side_by_side(jobs, 3 * given.rounds)
        line = ", ".join(f"{size:,}: {ratio(one, times[0]):.2f}" for size, one in zip(sizes, times, strict=True))
        print(f"\ntime of the index on text as it is, against {sizes[0]:,} names: {line}")
        for index in indexes:
            index.close()


def search(index: NameIndex, text: str) -> object:
    """Look for the names of an index in one text."""
    return index.find(Folded(text))


if __name__ == "__main__":
    main()
