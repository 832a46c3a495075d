"""A worker process and the two pipes to it, made so that it can be killed at any moment and nobody waits for it.

Each end of a pipe is open in one process alone: as soon as a process is gone, whoever reads from it, or writes to it,
is told so by the system, in the middle of a message too. There is no thread and no lock between the run and a worker
that a death could leave in a bad state.

On Linux a worker is forked, as long as the run has no second thread (which a fork would leave half-done in the
child): it has the loaded rules at once, which on small inputs is most of what a second worker can save. Elsewhere,
and for a run with threads, it is a new interpreter (`multiprocessing`'s ``spawn``): forks are unsafe on macOS and
unknown on Windows.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import contextmanager
from multiprocessing.connection import Pipe, wait
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

__all__ = ["Process", "can_fork", "ready"]

_TASKS = "/proc/self/task"  # one entry for each thread, also those that Python knows nothing of
_STOPS = [signal.SIGINT, signal.SIGTERM]


def can_fork() -> bool:
    """Tell whether a child may be forked now: on Linux, from a process of one thread."""
    try:
        return sys.platform == "linux" and len(os.listdir(_TASKS)) == 1
    except OSError:
        return False


def ready(processes: Iterable[Process]) -> list[Process]:
    """Wait until at least one of some processes has said something or has died, and return those that did."""
    signs = {sign: process for process in processes for sign in process.signs}
    return list({id(signs[sign]): signs[sign] for sign in wait(list(signs))}.values())


class Process:
    """A process that calls ``serve`` with the pipe that its tasks come from and the one for its results.

    ``serve`` must be a function that can be imported. ``inherited`` is its third argument where the process is
    forked; where it is not it gets ``None``. Raises ``OSError`` where no process can be made.
    """

    def __init__(self, serve: Callable[[Any, Any, Any], None], inherited: Any = None, *, fork: bool = True) -> None:
        tasks: Connection
        results: Connection
        their_tasks, tasks = Pipe(duplex=False)
        results, their_results = Pipe(duplex=False)
        for pipe in (tasks, results):
            _widen(pipe)
        self.tasks = tasks
        self.results = results
        self._pid = 0
        self._spawned: BaseProcess | None = None
        try:
            if fork and can_fork():
                self._fork(serve, their_tasks, their_results, inherited)
            else:
                self._spawn(serve, their_tasks, their_results)
        except BaseException:
            self.end(kill=True, patience=1.0)
            raise
        finally:
            # Only the worker may hold them, or nobody would learn of its death.
            their_tasks.close()
            their_results.close()

    def _fork(self, serve: Callable[[Any, Any, Any], None], tasks: Any, results: Any, inherited: Any) -> None:
        with _held_back() as mask:
            self._pid = os.fork()
            if self._pid == 0:
                try:
                    _let_go({tasks.fileno(), results.fileno()})
                    _be_a_worker(mask)
                    serve(tasks, results, inherited)
                finally:
                    # Nothing of the run is to be tidied up here: its files and its folder are the parent's.
                    os._exit(1)

    def _spawn(self, serve: Callable[[Any, Any, Any], None], tasks: Any, results: Any) -> None:
        from multiprocessing import get_context

        if os.name == "posix":
            # Started by the first process otherwise, and then it lets the signals through that are held back.
            from multiprocessing import resource_tracker

            resource_tracker.ensure_running()
        process = get_context("spawn").Process(target=_spawned, args=(serve, tasks, results), daemon=True)
        with _held_back():
            process.start()
            self._spawned = process

    def send(self, what: Any) -> None:
        """Hand something over. Raises ``OSError`` where the process is gone."""
        self.tasks.send(what)

    @property
    def signs(self) -> list[Any]:
        """What there is to wait for: that the process says something, or is gone.

        The pipe tells both. But on Windows our own end of it is open until a new process has begun to read its own.
        """
        return [self.results] if self._spawned is None else [self.results, self._spawned.sentinel]

    def receive(self) -> Any:
        """Return what the process says next. Raises ``EOFError`` or ``OSError`` where it died before it had said it."""
        if self._spawned is not None and not self.results.poll() and wait([self._spawned.sentinel], 0):
            raise EOFError
        return self.results.recv()

    @property
    def pid(self) -> int:
        """The number of the process; 0 where it is gone."""
        return self._pid or (self._spawned.pid if self._spawned is not None else 0) or 0

    @property
    def forked(self) -> bool:
        """Whether the process has what this one had in memory."""
        return self._spawned is None

    def end(self, *, kill: bool = False, patience: float = 5.0) -> None:
        """End the process: when it has done what it is at, or at once; at once too where that takes too long."""
        self.tell(kill=kill)
        if not self._gone(patience):
            self.tell(kill=True)
            self._gone(1.0)  # nobody waits for one that hangs in the system itself
        self.results.close()

    def tell(self, *, kill: bool) -> None:
        """Let the process end, or kill it; `end` has still to be called."""
        try:
            if kill and self._pid:
                os.kill(self._pid, signal.SIGKILL)
            elif kill and self._spawned is not None:
                self._spawned.kill()
        except OSError:  # gone already
            pass
        self.tasks.close()

    def _gone(self, patience: float) -> bool:
        """Wait for the end of the process, so long at most, and tell whether it has come."""
        if self._spawned is not None:
            self._spawned.join(patience)
            return self._spawned.exitcode is not None
        until = time.monotonic() + patience
        pause = 0.0005
        while self._pid:
            try:
                if os.waitpid(self._pid, os.WNOHANG)[0]:
                    self._pid = 0
            except ChildProcessError:  # somebody else has taken note of its end
                self._pid = 0
            if self._pid and time.monotonic() > until:
                return False
            if self._pid:
                time.sleep(pause)
                pause = min(2 * pause, 0.05)
        return True


def _widen(pipe: Connection) -> None:
    """Let a pipe hold most chunks as a whole, where the system allows that, so that whoever writes need not wait."""
    if sys.platform == "linux":
        import fcntl

        try:
            fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, 256 << 10)
        except OSError:  # the user has many of them already
            pass


@contextmanager
def _held_back() -> Iterator[set[Any]]:
    """Hold back Ctrl-C and SIGTERM: between a child's start and the note of it nothing may come.

    The child begins with both held back too, so that neither can hit it before it has said what they mean to it.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield set()
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)
    try:
        yield before
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _be_a_worker(mask: Iterable[Any] = ()) -> None:
    """Say what signals mean to a worker: Ctrl-C reaches all processes of a terminal, and the run alone decides."""
    import gc

    gc.set_threshold(200_000, 50, 50)
    gc.freeze()  # what came from the parent stays shared with it
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.set_wakeup_fd(-1)
        signal.pthread_sigmask(signal.SIG_SETMASK, set(mask) - set(_STOPS))


def _let_go(keep: set[int]) -> None:
    """Give up what a fork has inherited: the run's files, its lock, and its ends of the pipes to other workers.

    Each descriptor gets ``/dev/null`` instead of being closed: objects that hold its number are still about, and
    must not close another file that has come by the same number.
    """
    nothing = os.open(os.devnull, os.O_RDWR)
    for name in os.listdir("/proc/self/fd"):
        number = int(name)
        if number > 2 and number not in keep and number != nothing:
            try:
                os.fstat(number)
            except OSError:  # the one with which the folder itself was read
                continue
            os.dup2(nothing, number)
    if 0 not in keep:  # as it may be where a run began without standard input
        os.dup2(nothing, 0)


def _spawned(serve: Callable[[Any, Any, Any], None], tasks: Any, results: Any) -> None:
    _be_a_worker()
    serve(tasks, results, None)
