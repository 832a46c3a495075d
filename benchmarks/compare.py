"""Compare this engine's speed with spaCy's rulers, a bare automaton and reading bytes, side by side.

    python benchmarks/compare.py [FOLDER OF THE NEWS]

Prints how many times longer each takes than the engine, on texts without a mention, on ordinary news, on policy texts
and on paragraphs full of mentions: medians of rounds, each on a slice of text that none of them has met before.
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

from annotator import Annotator, core

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
    print(f"{core.named()} core, Python {platform.python_version()}, one thread")
    texts = corpora_of(place, annotator, options.mentions)
    with tempfile.TemporaryDirectory() as temporary:
        jobs, about = make_jobs(annotator, options.added, Path(temporary))
        print(about)
        columns: list[list[str]] = []
        for name, corpus in texts.items():
            parts = corpora.slices(corpus, options.rounds + 1, options.size)
            bytes_ = statistics.mean(corpora.size_of(part) for part in parts[1:])
            count = sum(map(len, parts[1:]))
            found = sum(
                len(annotator.annotate(text, as_of=contenders.AS_OF, notes="every", format="text").annotations)
                for part in parts[1:]
                for text in part
            )
            times = run(list(jobs.values()), parts)
            own = statistics.median(
                corpora.size_of(part) / seconds for part, seconds in zip(parts[1:], times[0], strict=True)
            )
            print(
                f"{name}: {count} texts, {bytes_ * options.rounds / 1e3:,.0f} KB, {found} mentions;"
                f" this engine here and now {timing.shown(own / 1e6)} MB/s"
            )
            columns.append([relative(times, number) for number in range(len(jobs))])
    header = ["times as long as this engine", *texts]
    print()
    print(timing.table(header, [[name, *(column[n] for column in columns)] for n, name in enumerate(jobs)]))


def corpora_of(place: Path, annotator: Annotator, least: int) -> dict[str, list[str]]:
    """Return the texts that the columns are about: of which nothing can come, ordinary news, policy, and dense ones."""
    ordinary = corpora.texts(place, corpora.FEW)
    policy = corpora.texts(place, corpora.FULL)
    quiet = [
        text
        for text in ordinary
        if not annotator.annotate(text, as_of=contenders.AS_OF, notes="every", format="text").document.laid_out
    ]
    return {
        "no mention": quiet,
        "ordinary": ordinary,
        "policy": policy,
        "full": corpora.full_paragraphs(policy, annotator, least, as_of=contenders.AS_OF),
    }


def make_jobs(annotator: Annotator, added: int, folder: Path) -> tuple[dict[str, Job], str]:
    """Return the jobs by name, this engine first, and a line on what they look for."""
    patterns, used, left = contenders.literals()
    phrases = contenders.invented(added)
    few = dict.fromkeys(contenders.invented(500), "invented")
    contenders.write_rules(folder / "invented.yaml", phrases)
    larger = Annotator(folder / "invented.yaml", cache=False)
    jobs: dict[str, Job] = {
        "this engine, pack and lists": contenders.engine(annotator),
        "… without lists": contenders.engine(Annotator(lists=False)),
        "… names on lists in every text": contenders.engine(Annotator(names="always")),
        f"… pack + {added:,} phrases": contenders.engine(larger),
        "… interpreted core": contenders.engine(contenders.interpreted()),
        "spaCy EntityRuler, 500 phrases": contenders.entity_ruler(few),
        "spaCy EntityRuler, the pack's literals": contenders.entity_ruler(patterns),
        "spaCy PhraseMatcher, 500 phrases": contenders.phrase_matcher(few),
        "the core alone, text folded before": contenders.core_alone(annotator),
        "bare automaton, text folded before": contenders.bare_automaton(annotator),
        "reading the bytes": contenders.reading_bytes(folder),
    }
    if annotator.rulebook.core is None:
        del jobs["the core alone, text folded before"]
    about = (
        f"rules {annotator.rulebook.digest}: {len(annotator.rulebook.rule_ids)} rules; {len(patterns):,} literals"
        f" of {used:,} phrase forms for spaCy, {left:,} open forms left out"
    )
    return jobs, about


def run(jobs: Sequence[Job], parts: Sequence[Sequence[str]]) -> list[list[float]]:
    """Return the seconds of each job on each part but the first, which warms up."""
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
    return timing.side_by_side(by_number, len(parts) - 1)


def relative(times: list[list[float]], number: int) -> str:
    """Return how many times longer a job took than the engine."""
    return timing.shown(timing.ratio(times[number], times[0]))


if __name__ == "__main__":
    main()
