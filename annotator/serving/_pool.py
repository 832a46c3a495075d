"""Worker processes and the queue before them: so many tasks at once, so long for each, and no more waiting than fits.

Each worker has a thread here that hands it tasks and waits for their answers. A worker that is over its time, or dies,
is killed and a new one takes its place; its task is answered with an error, and the others go on. Processes, since
nothing else in Python can be stopped in the middle of its work, and since not all that reads files is safe in threads.
"""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections import deque
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from .._processes import Process
from ..errors import AnnotatorError, ExitCode
from ._work import READY, Answer, Article, Fault, Question, serve

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..api import Annotator
    from ..config import Settings

    Task = Article | Question

SECONDS = 30.0
PATIENCE = 120.0
WAITING = 1000
_STARTING = 600.0  # seconds in which a worker must be ready; the first ever compiles rules and the index of names
_PAUSE = 0.25


class PoolError(AnnotatorError):
    """The workers cannot do their work at all."""

    def __init__(self, message: str, code: int = ExitCode.INTERNAL) -> None:
        super().__init__(message)
        self.exit_code = ExitCode(code)


class Pool:
    """Some worker processes with the settings of a run.

    ``seconds`` is how long one task may take, ``patience`` how long one may wait for its turn, ``waiting`` how many
    may. ``say`` is told, in one line each and without a word of any article, what went wrong here. Between `start` and
    `stop` `do` may be called from any number of coroutines.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        workers: int = 2,
        seconds: float = SECONDS,
        patience: float = PATIENCE,
        waiting: int = WAITING,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.settings = settings
        self.seconds = seconds
        self.patience = patience
        self.waiting = waiting
        self.say = say
        self._changed = threading.Condition()
        self._queue: deque[tuple[Task, Future[Answer | Fault]]] = deque()
        self._stopping = False
        self._workers = [_Worker() for _ in range(workers)]
        self._threads: list[threading.Thread] = []

    def start(self, annotator: Annotator | None = None) -> None:
        """Start the workers, with an annotator of the same settings where there is one, and wait for the first.

        Raises ``PoolError`` where they cannot work with the settings.
        """
        inherited = (
            annotator if annotator is not None and (annotator.lists is None or annotator.lists.untouched) else None
        )
        try:
            for worker in self._workers:  # before there are threads, so that they may be forked
                worker.begin(self.settings, inherited)
            self._workers[0].wait(_STARTING)
        except (AnnotatorError, OSError, EOFError) as error:
            self.stop()
            if isinstance(error, AnnotatorError):
                raise
            raise PoolError(f"no worker could be started: {error or type(error).__name__}") from None
        except BaseException:
            self.stop()
            raise
        self._threads = [threading.Thread(target=self._tend, args=(one,), daemon=True) for one in self._workers]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End the workers; what waits is answered with an error."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        for worker in self._workers:
            worker.tell()
        for thread in self._threads:
            thread.join(5.0)
        for worker in self._workers:
            worker.end()
        while self._queue:
            self._queue.popleft()[1].cancel()

    @property
    def pids(self) -> list[int]:
        """The process ids of the workers that are there."""
        return [one.process.pid for one in self._workers if one.process is not None]

    async def do(self, task: Task, gone: Callable[[], Any] | None = None) -> Answer | Fault:
        """Return what a task comes to.

        ``gone`` returns an awaitable that is done when nobody waits for the answer any more; a task that has not been
        begun is dropped then.
        """
        future: Future[Answer | Fault] = Future()
        with self._changed:
            if self._stopping:
                return Fault(503, "the server is about to end")
            if len(self._queue) >= self.waiting:
                return Fault(503, f"{self.waiting} articles are waiting already; try again in a while")
            self._queue.append((task, future))
            self._changed.notify()
        answer = asyncio.wrap_future(future)
        left = asyncio.ensure_future(gone()) if gone is not None else None
        try:
            await asyncio.wait(
                {answer, left} if left is not None else {answer},
                timeout=self.patience, return_when=asyncio.FIRST_COMPLETED,
            )  # fmt: skip
            if not answer.done() and self._drop(future):
                return Fault(
                    503, f"the articles before this one took more than {self.patience:g} s; try again in a while"
                )
            return await answer
        except asyncio.CancelledError:
            if not future.cancelled():
                self._drop(future)
                raise
            return Fault(503, "the server is about to end")
        finally:
            if left is not None:
                left.cancel()

    def _drop(self, future: Future[Answer | Fault]) -> bool:
        """Take a task out of the queue; tell whether it was still there."""
        with self._changed:
            for index, (_, other) in enumerate(self._queue):
                if other is future:
                    del self._queue[index]
                    return True
        return False

    def _next(self) -> tuple[Task, Future[Answer | Fault]] | None:
        with self._changed:
            while not self._queue and not self._stopping:
                self._changed.wait()
            return None if self._stopping else self._queue.popleft()

    def _tend(self, worker: _Worker) -> None:
        """Give a worker one task after the other."""
        while not self._stopping:
            try:
                if worker.process is None:
                    worker.begin(self.settings, None)
                worker.wait(_STARTING)
            except (AnnotatorError, OSError, EOFError) as error:
                if not self._stopping:
                    self.say(f"a worker could not be started: {error or type(error).__name__}")
                    worker.end()
                    time.sleep(_PAUSE)
                continue
            given = self._next()
            if given is None:
                return
            task, future = given
            if not future.set_running_or_notify_cancel():
                continue
            answer = self._done(worker, task)
            if isinstance(answer, Fault) and answer.report:
                self.say(f"internal error: {answer.report}; please report it")
            del task, given  # nothing of it is kept while the worker waits for the next
            future.set_result(answer)
            del answer, future

    def _done(self, worker: _Worker, task: Task) -> Answer | Fault:
        """Have a worker do a task; whatever comes, there is an answer, and a worker that is no use is ended."""
        try:
            answer, swollen = worker.do(task, self.seconds)
        except TimeoutError:
            worker.end()
            self.say(f"a text took more than {self.seconds:g} s; its worker was ended")
            return Fault(504, f"this text takes more than {self.seconds:g} s; send a part of it, or use the command")
        except (EOFError, OSError):
            worker.end()
            if not self._stopping:
                self.say("a worker ended in the middle of its work; another takes its place")
            return Fault(503, "the work on this text ended before it was done; it may need more memory than there is")
        except Exception as error:  # noqa: BLE001 - its thread has to go on, or there would be a worker less
            worker.end()
            return Fault(500, f"internal error ({type(error).__name__}); please report it", type(error).__name__)
        if swollen:
            worker.end()
        return answer


class _Worker:
    """A worker process, if there is one."""

    def __init__(self) -> None:
        self.process: Process | None = None
        self.ready = False

    def begin(self, settings: Settings, annotator: Annotator | None) -> None:
        """Start the process. Raises ``OSError``."""
        self.ready = False
        self.process = Process(serve, annotator)
        self.process.send(settings)

    def wait(self, seconds: float) -> None:
        """Wait until it is ready. Raises ``OSError``, ``EOFError``, and the ``AnnotatorError`` that keeps it."""
        if not self.ready:
            said = self._hear(seconds)
            if isinstance(said, tuple):
                raise PoolError(*said)
            self.ready = said == READY

    def do(self, task: Task, seconds: float) -> tuple[Answer | Fault, bool]:
        """Return what a task comes to, and whether the process holds so much by now that a new one is due.

        Raises ``TimeoutError``, ``OSError``, ``EOFError``.
        """
        assert self.process is not None
        self.process.send(task)
        answer: tuple[Answer | Fault, bool] = self._hear(seconds)
        return answer

    def _hear(self, seconds: float) -> Any:
        from multiprocessing.connection import wait

        process = self.process
        if process is None:
            raise EOFError
        if not wait(process.signs, seconds):
            raise TimeoutError
        return process.receive()

    def tell(self) -> None:
        """Kill the process, without waiting for its end; `end` has still to be called."""
        if self.process is not None:
            self.process.tell(kill=True)

    def end(self) -> None:
        """Kill the process."""
        process, self.process = self.process, None
        if process is not None:
            process.end(kill=True, patience=5.0)


def processors() -> int:
    """Return how many workers a server has of itself: one for each processor, up to eight."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(count, 8))
