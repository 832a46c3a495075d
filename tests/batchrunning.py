"""Running batches in processes of their own: starting and watching them, and their inputs and outputs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from typing import TYPE_CHECKING

import psutil
from conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PATIENCE = 100.0  # seconds after which a run counts as hanging


def lines(values) -> bytes:
    """Return values as JSON Lines."""
    return b"".join(json.dumps(value).encode() + b"\n" for value in values)


def start(line, *, sigint=signal.SIG_DFL, **options) -> subprocess.Popen:
    """Start a run. It takes Ctrl-C as it does in a terminal, even where the tests themselves ignore it (nohup)."""
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), os.environ.get("PYTHONPATH", "")))}
    before = options.pop("preexec_fn", lambda: None)

    def prepare():
        signal.signal(signal.SIGINT, sigint)
        before()

    if os.name != "nt":
        options["preexec_fn"] = prepare
    return subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environ, **options)


def ended(process: subprocess.Popen, code: int = 0) -> str:
    """Wait for the end of a run and return its messages; one that hangs is ended, and fails the test."""
    try:
        told = process.communicate(timeout=PATIENCE)[1].decode()
    except subprocess.TimeoutExpired:
        for worker in workers_of(process):
            worker.kill()
        process.kill()
        process.communicate()
        raise
    assert process.returncode == code, told
    return told


def finish(line, code=0) -> str:
    """Do a run and return its messages."""
    return ended(start(line), code)


def watch(process: subprocess.Popen, condition: Callable[[], bool]) -> bool:
    """Wait until a condition holds or a run has ended, and tell whether it still goes on."""
    until = time.monotonic() + PATIENCE
    while process.poll() is None and not condition():
        assert time.monotonic() < until, "a run hangs"
        time.sleep(0.002)
    return process.poll() is None


def committed(folder: Path) -> int:
    """Return how many chunks an unfinished run has done."""
    try:
        return max(0, (folder / "log").read_bytes().count(b"\n") - 1)
    except OSError:
        return 0


def workers_of(process: subprocess.Popen) -> list[psutil.Process]:
    """Return the worker processes of a run."""
    found = []
    try:
        for child in psutil.Process(process.pid).children(recursive=True):
            try:
                if "resource_tracker" not in " ".join(child.cmdline()):
                    found.append(child)
            except psutil.Error:
                continue
    except psutil.Error:
        pass
    return found


def asleep(process: psutil.Process) -> bool:
    """Tell whether a process waits for something: it has not worked for a while."""
    before = process.cpu_times()
    time.sleep(0.25)
    return process.cpu_times() == before and process.status() == psutil.STATUS_SLEEPING
