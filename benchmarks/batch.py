"""Weigh many documents: one process against several, `batch` against a bare loop, and a Dask cluster.

    python benchmarks/batch.py FOLDER

Every contestant annotates the same articles, read from JSON Lines or Parquet, in a process of its own; the rules
are compiled before. Prints how long each takes against `batch` with one worker (medians of rounds in turn), the
processor time and the most memory of one process, and what a billion articles come to.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import corpora
import timing

from annotator import Annotator

# Starts a command from a process that is small itself: a child begins with its parent's memory in the books.
LAUNCHER = """\
import os, sys, time
start = time.perf_counter()
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(child, 0)
print(time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss)
sys.exit(os.waitstatus_to_exitcode(status))
"""
LOOP = """\
import json, sys
from annotator import Annotator
annotate = Annotator().annotate
with open(sys.argv[1], encoding="utf-8") as source, open(sys.argv[2], "wb") as out:
    for line in source:
        out.write(annotate(json.loads(line)["text"], as_of="2024-06-20").render_bytes("json") + b"\\n")
"""
READ = """\
import json, sys
with open(sys.argv[1], encoding="utf-8") as source, open(sys.argv[2], "wb") as out:
    for line in source:
        out.write(json.dumps(json.loads(line)).encode() + b"\\n")
"""
DASK = """\
import sys, time
from distributed import Client, LocalCluster
from annotator.distributed import annotate_parquet
if __name__ == "__main__":
    workers = int(sys.argv[3])
    with LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None, silence_logs=50) as cluster:
        with Client(cluster) as client:
            options = {"output_format": "json", "as_of": "2024-06-20", "rows": 500}
            start = time.perf_counter()
            annotate_parquet(client, sys.argv[1], sys.argv[2], overwrite=True, **options)
            print(time.perf_counter() - start)
"""


def articles(folder: Path, count: int, *, full: bool) -> list[dict[str, str]]:
    """Return so many articles, those of the folder over and over, each with an id of its own."""
    texts = corpora.texts(folder, corpora.FULL if full else corpora.FEW)
    return [{"id": str(number), "text": texts[number % len(texts)]} for number in range(count)]


def run(line: list[str]) -> tuple[float, float, float, str]:
    """Run a command; return its seconds, processor seconds, megabytes at most, and what it printed."""
    done = subprocess.run([sys.executable, "-c", LAUNCHER, *line], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    *said, last = done.stdout.splitlines()
    seconds, processor, kilobytes = map(float, last.split())
    return seconds, processor, kilobytes / 1000, "\n".join(said)


def main() -> None:
    """Run the comparison and print its tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", help="folder of news (default: see corpora.py)")
    parser.add_argument("--articles", type=int, default=12_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--full", action="store_true", help="take the articles that are full of mentions")
    arguments = parser.parse_args()
    Annotator()  # compiles the rules, if need be
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        rows = articles(corpora.folder(arguments.folder), arguments.articles, full=arguments.full)
        size = sum(len(row["text"].encode()) for row in rows)
        lines, parquet = write(rows, work)
        script = work / "on_dask.py"
        script.write_text(DASK)
        batch = [
            sys.executable,
            "-m",
            "annotator",
            "batch",
            "-q",
            "--overwrite",
            "--as-of",
            "2024-06-20",
            "--no-config",
        ]
        options = [str(lines), "-o", str(work / "out.jsonl"), "--output", "json"]
        jobs = {
            "batch, 1 worker": [*batch, *options, "--workers", "1"],
            "batch, 2 workers": [*batch, *options, "--workers", "2"],
            "batch, in one process (--workers 0)": [*batch, *options, "--workers", "0"],
            "a bare loop over `annotate`": [sys.executable, "-c", LOOP, str(lines), str(work / "loop")],
            "batch, 2 workers, Parquet to Parquet": [
                *batch, str(parquet), "-o", str(work / "out.parquet"), "--output", "json", "--workers", "2",
            ],
            "Dask, 2 workers, Parquet to Parquet, with start-up": [
                sys.executable, str(script), str(parquet), str(work / "dask.parquet"), "2",
            ],
            "reading and writing the lines": [sys.executable, "-c", READ, str(lines), str(work / "read")],
        }  # fmt: skip
        found: dict[str, list[tuple[float, float, float, str]]] = {job: [] for job in jobs}
        for _ in range(arguments.rounds):
            for job, line in jobs.items():
                found[job].append(run(line))
        same = (work / "out.parquet").read_bytes() == (work / "dask.parquet").read_bytes()
    report(found, len(rows), size, same=same)


def write(rows: list[dict[str, str]], work: Path) -> tuple[Path, Path]:
    """Write articles as JSON Lines and as Parquet."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    lines, parquet = work / "in.jsonl", work / "in.parquet"
    lines.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    pq.write_table(pa.Table.from_pylist(rows), parquet, row_group_size=500)
    return lines, parquet


def report(found: dict[str, list[tuple[float, float, float, str]]], count: int, size: int, *, same: bool) -> None:
    """Print the tables."""
    base = [one[0] for one in found["batch, 1 worker"]]
    rows = []
    for name, runs in found.items():
        processor = statistics.median(one[1] for one in runs)
        rows.append(
            [
                name,
                timing.shown(timing.ratio([one[0] for one in runs], base)),
                timing.shown(1e3 * processor / count),
                timing.shown(max(one[2] for one in runs)),
            ]
        )
    print(
        f"{count:,} articles, {size / 1e6:.1f} MB; Dask's Parquet is {'the same' if same else 'ANOTHER'} as batch's\n"
    )
    print(timing.table(["", "time, to batch with 1 worker", "processor ms/article", "MB, largest process"], rows))
    each = statistics.median(one[1] for one in found["batch, 2 workers"]) / count
    hours, text = each * 1e9 / 3600, 1e9 * size / count / 1e12
    print(f"\nA billion such articles: {hours:,.0f} processor hours, {text:.1f} TB of text")


if __name__ == "__main__":
    main()
