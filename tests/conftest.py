"""What several tests share: running the command, rules to run it with, a cache of the tests' own."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from click.testing import Result

ROOT = Path(__file__).parent.parent

# How long an example takes tells how busy the machine is.
settings.register_profile("annotator", deadline=None)
settings.load_profile("annotator")

# Every rule that the command's tests need, and nothing that changes with the shipped pack.
DESK = """\
annotator: 1
covers: Rules for tests
namespace: desk
defaults: {jurisdiction: un, status: verified, checked: 2026-01-02}
references:
  act: {instrument: Act 12, date: 2001-01-01, url: "https://example.org/act"}
  law: {instrument: Law 7, date: 2002-02-02, url: "https://example.org/law"}
notes:
  widgets:
    verb: forbids
    versions:
      - {from: 2010-01-01, until: 2020-01-01, text: Act 12 Art. 1 forbids widgets., sources: [{ref: act, at: Art. 1}]}
      - {from: 2020-01-01, change: nuts as well, text: Act 12 Art. 1 forbids widgets and nuts.,
         sources: [{ref: act, at: Art. 1}]}
  gadgets: {text: Law 7 Art. 2 restricts gadgets., jurisdiction: eu, sources: [{ref: law, at: Art. 2}]}
  boast: {text: "Source check: Act 12 Art. 1 forbids widgets.", sources: [{ref: act, at: Art. 1}]}
contexts:
  toys: {cues: ["toy[s]"]}
rules:
  widgets:
    kind: measure
    phrases: ["widget[s]"]
    forbids: [{context: toys, within: sentence}]
    notes: [widgets]
    examples: {match: ["He sold [[widgets]]."], near: ["He sold toy widgets."]}
  gadgets:
    kind: measure
    phrases: ["gadget[s]"]
    notes: [gadgets]
    examples: {match: ["He sold [[gadgets]]."], near: ["He sold things."]}
  boast:
    kind: claim
    phrases: ["nobody forbids them"]
    notes: [boast]
    examples: {match: ["It said [[nobody forbids them]]."], near: ["Nobody forbids it."]}
"""


class Command(Protocol):
    """Runs the command in this process."""

    def __call__(self, *arguments: object, stdin: bytes = b"") -> Result:
        """Return what came of a command line."""


class Process(Protocol):
    """Runs the command in a process of its own."""

    def __call__(
        self, *arguments: object, stdin: bytes = b"", cwd: Path | None = None, **environ: str
    ) -> subprocess.CompletedProcess[bytes]:
        """Return what came of a command line."""


def pytest_configure(config: pytest.Config) -> None:
    """Keep the tests, and the processes that they start, away from the user's own cache and settings."""
    if "ANNOTATOR_CACHE_DIR" not in os.environ:
        folder = tempfile.mkdtemp(prefix="annotator-tests-")
        os.environ["ANNOTATOR_CACHE_DIR"] = folder
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    for name in ("ANNOTATOR_NO_CACHE", "NO_COLOR"):
        os.environ.pop(name, None)
    # The rules are tested by themselves; tests of the lists that ship ask for these.
    os.environ["ANNOTATOR_LISTS"] = "none"
    if sys.platform == "linux":
        # What a killed process leaves behind becomes ours (PR_SET_CHILD_SUBREAPER), so that it can be told of its test.
        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)


def _children() -> set[int]:
    """Return the processes that this one has started and that still run, as far as the system tells (Linux)."""
    found: set[int] = set()
    for task in Path("/proc/self/task").glob("*/children"):
        try:
            found.update(map(int, task.read_text().split()))
        except OSError:  # the thread is gone
            continue
    return {pid for pid in found if _runs(pid)}


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(") ")[2]
        # Started by `multiprocessing` for all the tests together, and ends with them.
        return state[:1] not in {"Z", "X"} and b"resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    """Note which processes there are when a test begins; those of wider fixtures are among them."""
    item.stash[_BEFORE] = _children()
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None]:
    """Fail a test that leaves a process behind: it would take time, or more, from those that follow."""
    result = yield
    before = item.stash.get(_BEFORE, None)
    if before is None or "cluster" in getattr(item, "fixturenames", ()):
        return result  # a cluster starts a worker anew that a test has killed; it ends with its module
    until = time.monotonic() + 5  # what is ending may
    while left := _children() - before:
        if time.monotonic() > until:
            for pid in left:
                os.kill(pid, signal.SIGKILL)
            pytest.fail(f"left {len(left)} processes behind")
        time.sleep(0.02)
    return result


_BEFORE = pytest.StashKey[set[int]]()


@pytest.fixture(scope="session")
def outside() -> Path:
    """Return the folder of data that is not part of the project: ``ANNOTATOR_DATA``, or one beside it.

    Where it is missing the test is skipped; under continuous integration that is a failure.
    """
    folder = Path(os.environ.get("ANNOTATOR_DATA") or ROOT / "../shared")
    if folder.is_dir():
        return folder.resolve()
    reason = f"data from outside the project: no folder {folder}; ANNOTATOR_DATA names another"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder that is the working folder, so that no configuration is found."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a rule file of three simple rules."""
    path = tmp_path_factory.mktemp("rules") / "desk.yaml"
    path.write_text(DESK, encoding="utf-8")
    return path


@pytest.fixture
def run() -> Command:
    """Return a function that runs the command in this process."""
    from click.testing import CliRunner

    from annotator.cli._app import app

    def invoke(*arguments: object, stdin: bytes = b"") -> Result:
        return CliRunner().invoke(app, [str(one) for one in arguments], input=stdin)

    return invoke


@pytest.fixture
def desk_run(run: Command, desk: Path) -> Command:
    """Return a function that runs a subcommand with the desk's rules alone."""

    def invoke(*arguments: object, stdin: bytes = b"") -> Result:
        return run(*arguments, "--rules", desk, "--no-default-rules", stdin=stdin)

    return invoke


@pytest.fixture
def batch(desk_run: Command) -> Callable[..., Result]:
    """Return a function that runs a batch in this process, without workers, and expects an exit code."""

    def start(*arguments: object, code: int = 0) -> Result:
        done = desk_run("batch", *arguments, "--as-of", "2021-05-06", "--workers", 0)
        assert done.exit_code == code, done.stderr
        assert "Traceback" not in done.stderr
        return done

    return start


@pytest.fixture
def process() -> Process:
    """Return a function that runs the command in a process of its own."""

    def start(
        *arguments: object, stdin: bytes = b"", cwd: Path | None = None, **environ: str
    ) -> subprocess.CompletedProcess[bytes]:
        python = [sys.executable, "-m", "annotator"]
        path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
        return subprocess.run(
            [*python, *map(str, arguments)],
            input=stdin,
            capture_output=True,
            cwd=cwd,
            env={**os.environ, "PYTHONPATH": path, **environ},
            timeout=120,
            check=False,
        )

    return start
