"""Stop `annotator batch` over and over while the machine is busy, and see that it ends, and goes on, every time.

    python benchmarks/stopping.py --runs 200

Each run is stopped in one of several ways at a moment of chance: by Ctrl-C, by SIGTERM, both also for all processes
of the run at once, twice in a row, with a worker that is killed just before, or while the run itself stands still, so
that its workers are in the middle of large results. The next run goes on with ``--resume`` where it was stopped;
whenever one gets to the end, its output is compared with that of a run that nobody has disturbed. Prints what came of
it; exits with 1 where a run did not end, left a process behind, showed a traceback, ended with another code than 130
(or 0, where it was done by then), or ended in other bytes. On Unix only.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WAYS = (
    "SIGINT",
    "SIGTERM",
    "SIGINT to all",
    "SIGTERM to all",
    "SIGINT twice",
    "worker killed, SIGTERM",
    "standing still",
)
UNDISTURBED = 600.0
PATIENCE = 60.0  # seconds from the signal on after which a run counts as hanging
BURN = "while True:\n    sum(range(10_000))\n"
SENTENCES = (
    "The UN bans luxury goods for North Korea. ",
    "Resolution 1718 (2006) forbids the export of luxury goods to the DPRK. ",
    "Nothing of note happened on the way to the market, said the baker. ",
)


def write_input(path: Path, chance: random.Random) -> None:
    """Write documents of all sizes; some give records of megabytes, far more than a pipe holds."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(100):
            length = int(300 * 10 ** chance.uniform(0, 1.5)) if number % 20 else 3_000_000
            sentence = SENTENCES[2] if length > 10_000 else chance.choice(SENTENCES)
            file.write(json.dumps({"id": number, "text": sentence * (length // len(sentence) + 1)}) + "\n")


# As on systems where processes cannot be forked.
SPAWNED = """\
import annotator._processes as processes
processes.can_fork = lambda: False
if __name__ == "__main__":
    from annotator.cli import main
    main()
"""


def command(source: Path, output: Path, workers: int, *more: str, spawn: bool = False) -> list[str]:
    """Return the command line of a run."""
    program = ["-c", SPAWNED] if spawn else ["-m", "annotator"]
    line = [sys.executable, *program, "batch", str(source), "-o", str(output), "--as-of", "2024-06-20"]
    return [*line, "--notes", "every", "--chunk", "4", "--workers", str(workers), *more]


def begin(line: list[str]) -> subprocess.Popen[bytes]:
    """Start a run, as the leader of a group of its own."""
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))}
    # Where this script ignores Ctrl-C, as behind `&` in a shell's script, the run must not.
    return subprocess.Popen(
        line,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=environ,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - there is one thread
    )


def children(process: subprocess.Popen[bytes]) -> list[int]:
    """Return the ids of a run's processes but the first; the dead of whom nobody has taken note are none."""
    asked = ["ps", "-o", "pid=,stat=", "-g", str(process.pid)]
    found = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.splitlines()
    running = [int(line.split()[0]) for line in found if "Z" not in line.split()[1]]
    return [one for one in running if one != process.pid]


def send(number: int, to: int, *, group: bool = False) -> None:
    """Send a signal; whoever it is for may have gone."""
    try:
        (os.killpg if group else os.kill)(to, number)
    except ProcessLookupError:
        pass


def stop(process: subprocess.Popen[bytes], way: str, chance: random.Random) -> None:
    """Tell a run to stop, in one of the `WAYS`."""
    number = signal.SIGINT if way.startswith("SIGINT") else signal.SIGTERM
    if way == "standing still":
        send(signal.SIGSTOP, process.pid)
        time.sleep(chance.uniform(0.05, 1.5))
        send(number, process.pid)
        send(signal.SIGCONT, process.pid)
        return
    if way.startswith("worker killed"):
        for one in children(process)[:1]:
            send(signal.SIGKILL, one)
        time.sleep(chance.choice((0, 0, 0.01, 0.2)))
    send(number, process.pid, group=way.endswith("to all"))
    if way.endswith("twice"):
        time.sleep(chance.uniform(0, 0.05))
        send(number, process.pid)


def one_run(line: list[str], way: str, delay: float, chance: random.Random) -> tuple[str, float]:
    """Start a run, stop it after so many seconds, and return what came of it and how long it took to end."""
    process = begin(line)
    try:
        try:
            process.wait(delay)
        except subprocess.TimeoutExpired:
            stop(process, way, chance)
        told = time.monotonic()
        try:
            said = process.communicate(timeout=PATIENCE)[1].decode()
        except subprocess.TimeoutExpired:
            return "HANGS", PATIENCE
        took = time.monotonic() - told
        while left := children(process):
            if time.monotonic() > told + PATIENCE:
                send(signal.SIGKILL, process.pid, group=True)
                return f"LEAVES {len(left)} processes", took
            time.sleep(0.02)
    finally:
        if process.poll() is None:
            send(signal.SIGKILL, process.pid, group=True)
            process.communicate()
    if "Traceback" in said:
        return "TRACEBACK: " + said, took
    if process.returncode not in {0, 130}:
        return f"EXIT CODE {process.returncode}: {said.strip()}", took
    return "done before" if process.returncode == 0 else "stopped", took


def trial(
    runs: int, *, load: int, workers: int, seed: int, within: float = 5.0, spawn: bool = False, show: bool = True
) -> tuple[Counter[str], list[float], int]:
    """Stop so many runs; return how all ended, how long each took to, and how many outputs were compared."""
    chance = random.Random(seed)
    endings: Counter[str] = Counter()
    times: list[float] = []
    compared = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source, output, whole = folder / "in.jsonl", folder / "out.jsonl", folder / "whole.jsonl"
        write_input(source, chance)
        start = time.monotonic()
        subprocess.run(command(source, whole, workers, "-q"), check=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
        length = time.monotonic() - start
        burners = [subprocess.Popen([sys.executable, "-c", BURN]) for _ in range(load)]
        try:
            while endings.total() - endings["done before"] < runs:
                way = chance.choice(WAYS)
                delay = 0.5 + chance.uniform(0, 1) * min(length, within)
                if endings.total() % 10 == 9:  # nobody stops it, so that there is something to compare
                    delay = UNDISTURBED
                ending, took = one_run(command(source, output, workers, "--resume", spawn=spawn), way, delay, chance)
                if ending == "done before":
                    compared += 1
                    ending = ending if output.read_bytes() == whole.read_bytes() else "OTHER BYTES"
                    output.unlink()
                else:
                    times.append(took)
                endings[ending] += 1
                if show:
                    print(f"{endings.total()}: {way} after {delay:.2f} s: {ending}, {took:.2f} s", flush=True)
        finally:
            for burner in burners:
                burner.kill()
                burner.wait()
    return endings, times, compared


def main() -> int:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=200, help="how many of them to stop (200)")
    parser.add_argument("--load", type=int, default=4, help="how many processes do nothing but keep it busy (4)")
    parser.add_argument("--workers", type=int, default=3, help="worker processes of a run (3)")
    parser.add_argument("--within", type=float, default=5.0, help="stop each in so many seconds at most (5)")
    parser.add_argument("--seed", type=int, default=1, help="of what chance decides (1)")
    parser.add_argument("--spawn", action="store_true", help="start workers as where none can be forked")
    given = parser.parse_args()
    how = {
        "load": given.load,
        "workers": given.workers,
        "seed": given.seed,
        "within": given.within,
        "spawn": given.spawn,
    }
    endings, times, compared = trial(given.runs, **how)
    print(f"\n{endings.total()} runs, {given.workers} workers, {given.load} busy processes beside them")
    for ending, count in endings.most_common():
        print(f"{count:5} {ending}")
    times.sort()
    print(f"seconds from the signal to the end: median {times[len(times) // 2]:.2f}, longest {times[-1]:.2f}")
    print(f"{compared} outputs compared, {endings['OTHER BYTES']} differ; {endings['HANGS']} runs hang")
    return int(set(endings) - {"stopped", "done before"} != set())


if __name__ == "__main__":
    sys.exit(main())
