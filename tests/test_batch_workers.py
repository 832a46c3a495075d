"""The workers of a batch: killed, told to stop, starved and shared; nothing is lost by it and nothing hangs."""

from __future__ import annotations

import gzip
import importlib.util
import json
import os
import signal
import sys
import threading
from functools import partial
from typing import TYPE_CHECKING

import psutil
import pytest
from batchrunning import asleep, committed, ended, finish, lines, start, watch, workers_of
from conftest import ROOT

from annotator import Annotator
from annotator._processes import can_fork
from annotator.batch import CHUNK, Columns, _chunks
from annotator.batch._reading import Reader
from annotator.batch._records import Item, Work
from annotator.batch._workers import Chunk, Workers
from annotator.batch._writing import Lines, container_for
from annotator.config import Settings

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")

DAY = "2021-05-06"
STOPPED = ["annotator: stopped; what is done is kept, --resume goes on from there", "annotator: interrupted"]
# A run as where processes cannot be forked, so that each worker is a new interpreter.
SPAWNED = """\
import annotator._processes as processes
processes.can_fork = lambda: False
if __name__ == "__main__":
    from annotator.cli import main
    main()
"""


@pytest.fixture
def command(desk):
    """Return a command line that runs a batch in a process of its own, with workers."""

    def line(*arguments, workers=2, program=("-m", "annotator")):
        options = ["--rules", desk, "--no-default-rules", "--as-of", DAY, "--workers", workers, "--chunk", 5]
        return [sys.executable, *program, "batch", *map(str, (*arguments, *options))]

    return line


@pytest.fixture(params=["forked", "spawned"])
def either(command, request):
    """Return a command line of a batch whose workers are made in one way, and in the other."""
    return partial(command, program=("-m", "annotator") if request.param == "forked" else ("-c", SPAWNED))


@pytest.fixture
def slow(here) -> Path:
    """An input that takes long enough to be stopped at."""
    story = "He sold widgets to Ruritania, and gadgets. Nothing else happened today. " * 40
    path = here / "in.jsonl"
    path.write_bytes(lines({"id": f"d{number}", "text": f"{number} {story}"} for number in range(240)))
    return path


@pytest.fixture
def large(here) -> Path:
    """A folder with an article of 10 MB, whose record fills a pipe many times over, between smaller ones."""
    folder = here / "in"
    folder.mkdir()
    (folder / "a.txt").write_text("He sold widgets.\n" * 9, encoding="utf-8")
    (folder / "b.txt").write_text("Nothing else happened today, they said in Ruritania.\n" * 200_000, encoding="utf-8")
    for name in "cdef":
        (folder / f"{name}.txt").write_text(f"He sold gadgets, said {name}.\n" * 9, encoding="utf-8")
    return folder


def in_the_middle_of_a_result(process) -> psutil.Process:
    """Let a run stand still, so that a worker can get rid of no more of its large record, and return that worker."""
    stuck: list[psutil.Process] = []

    def has_read() -> bool:
        for worker in workers_of(process):
            try:
                if worker.io_counters().read_chars > 10_000_000:
                    process.send_signal(signal.SIGSTOP)
                    stuck.append(worker)
                    return True
            except psutil.Error:
                continue
        return False

    assert watch(process, has_read)
    while not asleep(stuck[0]):
        pass
    return stuck[0]


on_linux = pytest.mark.skipif(sys.platform != "linux", reason="needs to know what a process has read")


# -- killed ----------------------------------------------------------------------------------------


@on_linux
def test_a_worker_killed_in_the_middle_of_a_large_result_costs_nothing(here, large, either):
    finish(either(large, "-o", here / "whole.jsonl", workers=0))
    process = start(either(large, "-o", here / "out.jsonl"))
    in_the_middle_of_a_result(process).kill()
    process.send_signal(signal.SIGCONT)
    assert "6 documents, 0 failed" in ended(process)
    assert (here / "out.jsonl").stat().st_size > 10_000_000
    assert (here / "out.jsonl").read_bytes() == (here / "whole.jsonl").read_bytes()


def test_killed_workers_cost_nothing(here, slow, command):
    finish(command(slow, "-o", here / "whole.jsonl", workers=0))
    process = start(command(slow, "-o", here / "out.jsonl"))
    kills = 0

    def kill() -> bool:
        nonlocal kills
        if committed(here / "out.jsonl.partial") > 12 * kills:
            for worker in workers_of(process)[: 1 + kills % 2]:  # one, then both of them
                worker.kill()
            kills += 1
        return kills == 4

    watch(process, kill)
    ended(process)
    assert kills >= 2
    assert (here / "out.jsonl").read_bytes() == (here / "whole.jsonl").read_bytes()


class _Bomb:
    """Kills whoever unpacks it."""

    def __reduce__(self):
        return os._exit, (9,)

    def __len__(self):
        return 1


@pytest.mark.parametrize("fork", [True, False])
def test_a_document_that_kills_its_worker_is_an_error_record_and_no_other_is(desk, tmp_path, fork):
    items = [Item("in", number, "text", f"widgets {number}") for number in range(40)]
    for number in (17, 18, 39):
        items[number] = Item("in", number, "text", _Bomb())
    settings = Settings(rules=(str(desk),), default_rules=False, as_of=DAY)
    container = container_for(str(tmp_path / "out.jsonl"), embed=False, suffix="")
    engine = Annotator([desk], default_rules=False)
    workers = Workers(2, Work(settings, DAY), container, annotator=engine, fork=fork)
    try:
        chunks = [Chunk(number, tuple(items[5 * number : 5 * number + 5]), 0) for number in range(8)]
        outcomes = list(workers.outcomes(chunks))
    finally:
        workers.stop()
    assert [chunk.number for chunk, _ in outcomes] == list(range(8))
    records = [json.loads(line) for _, done in outcomes for line in done.data.splitlines()]
    assert [record["row"] for record in records] == list(range(40))
    assert [record["row"] for record in records if record["status"] == "error"] == [17, 18, 39]
    assert "killed" in records[17]["error"]


class _Starved(Lines):
    """Has no memory for more than one record, save in the run itself."""

    run = os.getpid()

    def encode(self, records):
        if len(records) > 1 and os.getpid() != self.run:
            raise MemoryError
        return super().encode(records)


@pytest.mark.skipif(sys.platform != "linux", reason="forks on Linux only")
def test_a_worker_that_has_no_memory_for_its_records_costs_nothing(desk):
    settings = Settings(rules=(str(desk),), default_rules=False, as_of=DAY)
    chunks = [Chunk(0, tuple(Item("in", number, "text", f"widgets {number}") for number in range(9)), 0)]
    workers = Workers(2, Work(settings, DAY), _Starved(embed=False), annotator=Annotator([desk], default_rules=False))
    try:
        [(_, outcome)] = workers.outcomes(chunks)
    finally:
        workers.stop()
    assert (outcome.documents, outcome.failed, outcome.annotations) == (9, 0, 9)
    assert [json.loads(line)["row"] for line in outcome.data.splitlines()] == list(range(9))


def test_workers_that_never_begin_end_the_run_with_one_line(here, slow, command):
    broken = SPAWNED.replace("if __name__", "if __name__ == '__mp_main__':\n    import os; os._exit(3)\nif __name__")
    (here / "broken.py").write_text(broken, encoding="utf-8")
    told = finish(command(slow, "-o", here / "out.jsonl", program=[str(here / "broken.py")]), 70)
    assert "--workers 0" in told
    assert told.count("\n") == 1


# -- told to stop ----------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["SIGINT", "SIGTERM", "SIGINT to all", "SIGTERM to all", "SIGINT twice"])
def test_a_run_that_is_told_to_stop_says_how_to_go_on(here, slow, command, how):
    line = command(slow, "-o", here / "out.jsonl")
    process = start(line, start_new_session=True)
    assert watch(process, lambda: committed(here / "out.jsonl.partial") > 0)
    workers = workers_of(process)
    number = signal.Signals[how.split()[0]]
    if how.endswith("all"):
        os.killpg(process.pid, number)
    else:
        process.send_signal(number)
        if how.endswith("twice"):
            process.send_signal(number)
    assert ended(process, 130).splitlines() == STOPPED
    assert not psutil.wait_procs(workers, timeout=10)[1]
    finish([*line, "--resume"])
    assert (here / "out.jsonl").read_bytes().count(b"\n") == 240


@on_linux
def test_a_run_ends_while_a_worker_is_in_the_middle_of_a_large_result(here, large, either):
    process = start(either(large, "-o", here / "out.jsonl"))
    worker = in_the_middle_of_a_result(process)
    process.send_signal(signal.SIGTERM)
    process.send_signal(signal.SIGCONT)
    assert ended(process, 130).splitlines() == STOPPED
    assert not psutil.wait_procs([worker], timeout=10)[1]


@on_linux
def test_a_run_that_is_killed_in_the_middle_of_a_large_result_leaves_no_worker(here, large, command):
    process = start(command(large, "-o", here / "out.jsonl"))
    in_the_middle_of_a_result(process)
    workers = workers_of(process)
    process.kill()
    ended(process, -signal.SIGKILL)
    assert not psutil.wait_procs(workers, timeout=30)[1]


def test_where_ctrl_c_is_ignored_from_the_start_it_stays_so_and_sigterm_works(here, slow, command):
    line = command(slow, "-o", here / "out.jsonl")
    process = start(line, sigint=signal.SIG_IGN)
    assert watch(process, lambda: committed(here / "out.jsonl.partial") > 0)
    process.send_signal(signal.SIGINT)
    more = committed(here / "out.jsonl.partial") + 4
    assert watch(process, lambda: committed(here / "out.jsonl.partial") > more)
    process.send_signal(signal.SIGTERM)
    assert ended(process, 130).splitlines() == STOPPED
    finish([*line, "--resume"])
    assert (here / "out.jsonl").read_bytes().count(b"\n") == 240


def test_ctrl_c_while_workers_start_shows_no_traceback(here, slow, either):
    for _ in range(3):
        process = start(either(slow, "-o", here / "out.jsonl", "--overwrite", workers=3), start_new_session=True)
        if watch(process, lambda process=process: bool(workers_of(process))):
            os.killpg(process.pid, signal.SIGINT)
        assert ended(process, 130).splitlines() == STOPPED


@pytest.mark.slow
@pytest.mark.parametrize("spawn", [False, True])
def test_no_stop_hangs_while_the_machine_is_busy(spawn):
    """``benchmarks/stopping.py`` does the same 200 times."""
    spec = importlib.util.spec_from_file_location("stopping", ROOT / "benchmarks" / "stopping.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    endings, _, _ = module.trial(8, load=3, workers=3, seed=7, spawn=spawn, show=False)
    assert set(endings) <= {"stopped", "done before"}, endings


# -- something to do for each ----------------------------------------------------------------------


def test_small_inputs_give_every_worker_something_to_do(here):
    (here / "in.jsonl").write_bytes(lines({"text": f"{number} " + "No news today. " * 240} for number in range(1400)))
    [*chunks] = _chunks(Reader(["in.jsonl"], Columns()), CHUNK, 0)
    sizes = [chunk.size for chunk in chunks]
    assert sum(sizes) > 5_000_000
    assert max(sizes) < sum(sizes) / 50


def test_large_inputs_are_cut_into_larger_chunks(here, monkeypatch):
    (here / "in.jsonl").write_bytes(lines([{"text": "x" * 20_000}]) * 3000)
    [*chunks] = _chunks(Reader(["in.jsonl"], Columns()), CHUNK, 0)
    assert chunks[0].size < 100_000
    assert 500_000 < chunks[-2].size < 1_000_000
    # Whoever goes on with a run cuts the same chunks.
    done = sum(len(chunk.items) for chunk in chunks[:70])
    rest = list(_chunks(Reader(["in.jsonl"], Columns()), CHUNK, done))
    assert [chunk[:3] for chunk in rest] == [chunk[:3] for chunk in chunks[70:]]


def test_compressed_output_is_the_same_for_any_number_of_workers_and_after_a_stop(here, slow, command):
    for workers in (0, 1, 3):
        finish(command(slow, "-o", here / f"{workers}.jsonl.gz", workers=workers))
    line = command(slow, "-o", here / "stopped.jsonl.gz")
    process = start(line)
    watch(process, lambda: committed(here / "stopped.jsonl.gz.partial") > 9)
    process.kill()
    process.communicate()
    finish([*line, "--resume"])
    whole = (here / "0.jsonl.gz").read_bytes()
    assert len(gzip.decompress(whole).splitlines()) == 240
    assert all((here / f"{name}.jsonl.gz").read_bytes() == whole for name in (1, 3, "stopped"))


def test_no_more_is_read_ahead_than_memory_allows(desk, tmp_path):
    """While the first chunk is at work the others are not all taken in, nor kept when they are done."""
    taken = 0
    text = "x" * 400_000

    def chunks():
        nonlocal taken
        for number in range(150):
            taken += 1
            items = [Item("in", number, "text", text)] * (1 if number else 10)
            yield Chunk(number, tuple(items), 0, len(items) * len(text))

    work = Work(Settings(rules=(str(desk),), default_rules=False, as_of=DAY), DAY)
    container = container_for(str(tmp_path / "out.jsonl"), embed=False, suffix="")
    workers = Workers(2, work, container, annotator=Annotator([desk], default_rules=False))
    try:
        for number, (chunk, _) in enumerate(workers.outcomes(chunks())):
            assert chunk.number == number
            assert taken - number < 60
    finally:
        workers.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="forks on Linux only")
def test_a_process_with_threads_is_not_forked():
    leave = threading.Event()
    thread = threading.Thread(target=leave.wait)
    thread.start()
    try:
        assert not can_fork()
    finally:
        leave.set()
        thread.join()
