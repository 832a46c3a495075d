"""Send many articles at once to ``annotator serve``, round after round, and see whether it errs or grows.

    python benchmarks/serving.py FOLDER

Starts the command with the shipped rules and lists, sends ``--at-once`` articles at the same moment from as many
connections, so many ``--rounds``, and prints for each round the answers that were no success, articles a second, how
long the median and the slowest answer took, and the memory that the server holds, and its largest worker.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from itertools import cycle, islice
from pathlib import Path
from threading import Barrier
from typing import TYPE_CHECKING, Any

import corpora
import psutil

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).resolve().parent.parent
_LEAST, _MOST = 1000, 20_000  # characters of an article


@contextlib.contextmanager
def started(*options: str) -> Iterator[tuple[str, int, psutil.Process]]:
    """Start the command and end it; give its host, its port and its process."""
    command = [sys.executable, "-m", "annotator", "serve", "--port", "0", "--no-config", *options]
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    process = subprocess.Popen(command, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": path})
    assert process.stderr is not None
    try:
        head = ""
        while not (found := re.search(r"http://([0-9.]+):([0-9]+)/", head)):
            line = process.stderr.readline().decode()
            if not line:
                raise SystemExit(head)
            head += line
        yield found[1], int(found[2]), psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait()
        process.stderr.close()


def send(host: str, port: int, texts: Sequence[str], output: str) -> tuple[list[tuple[int, float]], float]:
    """Send all texts at the same moment; return the status and the seconds of each answer, and those of all."""
    barrier = Barrier(len(texts) + 1)

    def one(text: str) -> tuple[int, float]:
        body = json.dumps({"text": text, "output": output}).encode()
        connection = HTTPConnection(host, port, timeout=600)
        barrier.wait()
        begun = time.perf_counter()
        try:
            connection.request("POST", "/api/annotate", body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            answer.read()
            return answer.status, time.perf_counter() - begun
        except OSError:
            return 0, time.perf_counter() - begun
        finally:
            connection.close()

    with ThreadPoolExecutor(len(texts)) as threads:
        asked = [threads.submit(one, text) for text in texts]
        barrier.wait()
        begun = time.perf_counter()
        answers = [each.result() for each in asked]
        return answers, time.perf_counter() - begun


def memory(process: psutil.Process) -> tuple[float, float]:
    """Return the megabytes that a server holds, and the worker that holds the most."""
    workers = [one.memory_info().rss for one in process.children(recursive=True)]
    return process.memory_info().rss / (1 << 20), max(workers) / (1 << 20)


def measured(texts: Sequence[str], rounds: int, options: Sequence[str], output: str = "report") -> list[dict[str, Any]]:
    """Return what each round came to."""
    rows = []
    with started(*options) as (host, port, process):
        for number in range(rounds):
            answers, seconds = send(host, port, texts, output)
            took = sorted(each for _, each in answers)
            server, worker = memory(process)
            rows.append(
                {
                    "round": number + 1,
                    "errors": sum(status != 200 for status, _ in answers),
                    "rate": len(texts) / seconds,
                    "median": statistics.median(took),
                    "slowest": took[-1],
                    "server": server,
                    "worker": worker,
                }
            )
    return rows


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", help="folder of the news (see benchmarks/README.md)")
    parser.add_argument("--at-once", type=int, default=200, help="articles sent at the same moment (200)")
    parser.add_argument("--rounds", type=int, default=10, help="how often (10)")
    parser.add_argument("--workers", type=int, default=2, help="workers of the server (2)")
    options = parser.parse_args()
    news = corpora.texts(corpora.folder(options.folder), (*corpora.FEW, *corpora.FULL))
    fitting = [text for text in news if _LEAST <= len(text) <= _MOST]
    step = max(1, len(fitting) // options.at_once)
    texts = list(islice(cycle(fitting[::step]), options.at_once))
    print(
        f"{len(texts)} articles at once, {sum(map(len, texts)) / len(texts) / 1000:.1f} thousand characters each; "
        f"{options.workers} workers; Python {platform.python_version()}, {os.cpu_count()} processors"
    )
    print("| round | errors | articles a second | median s | slowest s | server MB | worker MB |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for row in measured(texts, options.rounds, ["--workers", str(options.workers)]):
        print(
            f"| {row['round']} | {row['errors']} | {row['rate']:.1f} | {row['median']:.1f} | {row['slowest']:.1f} "
            f"| {row['server']:.0f} | {row['worker']:.0f} |"
        )


if __name__ == "__main__":
    main()
