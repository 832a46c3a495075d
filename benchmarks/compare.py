"""Compare this engine's speed with spaCy's rulers, a bare automaton and reading bytes, side by side.

    python benchmarks/compare.py [FOLDER OF THE NEWS]

Prints how many times longer each takes than the engine, on ordinary news and on paragraphs full of
mentions: medians of rounds, each on a slice of text that none of them has met before, and once more on the
same slice ("again": spaCy has its words in memory then).
"""

from __future__ import annotations

import argparse
import gc
import platform
import statistics
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import contenders
import corpora
import timing

from annotator import Annotator

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Job = Callable[[Sequence[str]], object]


def main() -> None:
    """Run the comparison and print its table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", help="holds the news; else ANNOTATOR_DATA, else beside the project")
    parser.add_argument("--rounds", type=int, default=15, metavar="N")
    parser.add_argument("--size", type=int, default=20_000, metavar="BYTES", help="of the slice of a round")
    parser.add_argument("--mentions", type=int, default=2, metavar="N", help="a full paragraph has at least these")
    parser.add_argument("--added", type=int, default=10_000, metavar="N", help="phrases added to the pack")
    options = parser.parse_args()
    place = corpora.folder(options.folder)
    annotator = Annotator()
    few = corpora.texts(place, corpora.FEW)
    documents = corpora.texts(place, corpora.FULL)
    full = corpora.full_paragraphs(documents, annotator, options.mentions, as_of=contenders.AS_OF)
    with tempfile.TemporaryDirectory() as temporary:
        jobs, about = make_jobs(annotator, options.added, Path(temporary))
        print(about)
        columns: list[list[tuple[str, str]]] = []
        speeds = []
        for name, corpus in (("few mentions", few), ("full of mentions", full)):
            parts = corpora.slices(corpus, options.rounds + 1, options.size)
            bytes_ = statistics.mean(corpora.size_of(part) for part in parts[1:])
            count = sum(map(len, parts[1:]))
            found = sum(
                len(annotator.annotate(text, as_of=contenders.AS_OF, notes="every", format="text").annotations)
                for part in parts[1:]
                for text in part
            )
            print(f"{name}: {count} texts, {bytes_ * options.rounds / 1e3:,.0f} KB, {found} mentions")
            first, again = run(list(jobs.values()), parts)
            columns.append([(relative(first, n, list(jobs)), relative(again, n, list(jobs))) for n in range(len(jobs))])
            own = statistics.median(
                corpora.size_of(part) / seconds for part, seconds in zip(parts[1:], first[0], strict=True)
            )
            speeds.append(f"{name} {timing.shown(own / 1e6)} MB/s")
    header = ["times as long as this engine", "few", "again", "full", "again"]
    rows = [[name, *columns[0][n], *columns[1][n]] for n, name in enumerate(jobs)]
    print()
    print(timing.table(header, rows))
    print(f"\nThis engine, here and now: {', '.join(speeds)}. One thread, Python {platform.python_version()}.")


def make_jobs(annotator: Annotator, added: int, folder: Path) -> tuple[dict[str, Job], str]:
    """Return the jobs by name, this engine first, and a line on what they look for."""
    patterns, used, left = contenders.literals()
    phrases = contenders.invented(added)
    contenders.write_rules(folder / "invented.yaml", phrases)
    more = {**patterns, **dict.fromkeys(phrases, "invented")}
    larger = Annotator(folder / "invented.yaml", cache=False)
    plus = f"+ {added:,}"
    jobs: dict[str, Job] = {
        "this engine, default pack": contenders.engine(annotator),
        f"this engine, pack {plus} phrases": contenders.engine(larger),
        "spaCy EntityRuler, same literals": contenders.entity_ruler(patterns),
        f"spaCy EntityRuler, literals {plus} ¹": contenders.entity_ruler(more),
        "spaCy PhraseMatcher, same literals": contenders.phrase_matcher(patterns),
        f"spaCy PhraseMatcher, literals {plus} ¹": contenders.phrase_matcher(more),
        "bare automaton, text folded before": contenders.bare_automaton(annotator),
        "reading the bytes": contenders.reading_bytes(folder),
    }
    about = (
        f"rules {annotator.rulebook.digest}: {len(annotator.rulebook.rule_ids)} rules; {len(patterns):,} literals"
        f" of {used:,} phrase forms for spaCy, {left:,} open forms left out\n¹ compared with the engine {plus}"
    )
    return jobs, about


def run(jobs: Sequence[Job], parts: Sequence[Sequence[str]]) -> tuple[list[list[float]], list[list[float]]]:
    """Return the seconds of each job on each part but the first, which warms up, for the first and the second time."""
    for job in jobs:
        prepare = getattr(job, "prepare", None)
        if prepare is not None:
            for part in parts:
                prepare(part)
        job(parts[0])
    gc.freeze()  # what the rulers are made of is not looked through again before each run
    by_number: list[Callable[[int], object]] = [
        lambda number, job=job: job(parts[number + 1])  # type: ignore[misc]
        for job in jobs
    ]
    rounds = len(parts) - 1
    return timing.side_by_side(by_number, rounds), timing.side_by_side(by_number, rounds)


def relative(times: list[list[float]], number: int, names: list[str]) -> str:
    """Return how many times longer a job took than the engine with the same rules."""
    return timing.shown(timing.ratio(times[number], times[1 if names[number].endswith("¹") else 0]))


if __name__ == "__main__":
    main()
