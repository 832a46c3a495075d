"""Time things side by side and show how many times faster one is than the others."""

from __future__ import annotations

import gc
import statistics
import time
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def seconds(job: Callable[[], object]) -> float:
    """Return how long one run of a job takes; the collector of garbage does not run meanwhile."""
    gc.collect()
    gc.disable()
    try:
        start = time.perf_counter()
        job()
        return time.perf_counter() - start
    finally:
        gc.enable()


def side_by_side(jobs: Sequence[Callable[[int], object]], rounds: int) -> list[list[float]]:
    """Return the seconds of each job in each round.

    A round runs every job once, with its number, so that what slows the machine down meets all of them;
    each round begins with another job.
    """
    times: list[list[float]] = [[0.0] * rounds for _ in jobs]
    for number in range(rounds):
        for step in range(len(jobs)):
            which = (number + step) % len(jobs)
            job = jobs[which]
            times[which][number] = seconds(partial(job, number))
    return times


def ratio(slow: Sequence[float], fast: Sequence[float]) -> float:
    """Return the median over the rounds of how many times longer one took than the other."""
    return statistics.median(a / b for a, b in zip(slow, fast, strict=True))


def shown(value: float) -> str:
    """Return a ratio or a speed with three digits that matter.

    >>> shown(123.4), shown(12.34), shown(0.01234)
    ('123', '12.3', '0.0123')
    """
    text = f"{value:#.3g}" if abs(value) < 100 else f"{value:,.0f}"  # three digits
    return text.rstrip(".")


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return rows as a Markdown table: the first column to the left, the others to the right."""
    widths = [max(len(row[column]) for row in (header, *rows)) for column in range(len(header))]

    def line(cells: Sequence[str]) -> str:
        padded = [c.ljust(w) if n == 0 else c.rjust(w) for n, (c, w) in enumerate(zip(cells, widths, strict=True))]
        return f"| {' | '.join(padded)} |"

    rule = [("-" * w if n == 0 else "-" * (w - 1) + ":") for n, w in enumerate(widths)]
    return "\n".join([line(header), line(rule), *map(line, rows)])
