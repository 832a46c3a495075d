"""Chunks of documents out to worker processes, their records back in order, whatever becomes of a worker.

A worker has one chunk at work and one at hand. Where it dies, what it was at is cut up and done again, one document at
a time, by whoever is free; what it had at hand goes to another. A worker that was not forked opens the compiled rules
from the cache when its first chunk comes.
"""

from __future__ import annotations

import os
from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from .._processes import Process, can_fork, ready
from ..errors import AnnotatorError, ExitCode, RuleError
from ._records import Item, Record, Work, killed_record, make_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from ..api import Annotator
    from ._writing import Container

_QUEUED = 2  # chunks that a worker has: one at work, one at hand
# What may be read, for each worker, before the first of it is written: so many chunks in any case, and more of them as
# long as they and the finished ones that wait for their turn are no more than so many bytes.
_AHEAD = 4
_AHEAD_MOST = 256
_AHEAD_BYTES = 8 << 20
_STARTS = 5  # workers in a row that may die before they have done anything
_ALONE = 3  # how often a document may kill a worker by itself
_MOST = 30 if os.name == "nt" else 10_000  # workers: Windows waits for 63 things at most, and each counts twice


class Chunk(NamedTuple):
    """Some documents that go to a worker together; ``position`` is how much input was read by then.

    ``size`` is what they take in memory until their records are written.
    """

    number: int
    items: tuple[Item, ...]
    position: int
    size: int = 0


@dataclass(slots=True)
class Done:
    """What came of a chunk: the bytes for the output, and the counts for the summary."""

    data: bytes
    documents: int
    failed: int
    annotations: int
    claims: int
    imprecise: int
    unplaced: int
    size: int
    worst: int
    faults: list[str]


_FAULTS_TOLD = 10


def done(records: list[Record], container: Container) -> Done:
    """Return the outcome of a chunk from its records."""
    failed = [record for record in records if record.code]
    return Done(
        container.encode(records),
        len(records),
        len(failed),
        sum(record.annotations for record in records),
        sum(record.claims for record in records),
        sum(record.imprecise for record in records),
        sum(record.unplaced for record in records),
        sum(record.size for record in records),
        max((record.code for record in failed), default=0),
        [fault_of(record) for record in failed[:_FAULTS_TOLD]],
    )


def fault_of(record: Record) -> str:
    """Return what a person is told of a document that failed: its place and what is wrong."""
    place = record.source if record.row is None else f"{record.source}:{record.row}"
    message = record.error or ""
    return message if message.startswith((f"{record.source}:", f"{record.source} ")) else f"{place}: {message}"


def annotator_for(work: Work) -> Annotator:
    """Return an annotator with the run's settings."""
    from ..api import Annotator

    made = Annotator.of(work.settings)
    if work.digest is not None and digest_of(made) != work.digest:
        raise RuleError("the rules, lists or decisions were changed while the batch ran; start it again")
    return made


def digest_of(annotator: Annotator) -> str:
    """Return what names the rules, lists and decisions of an annotator by their content."""
    lists = annotator.lists
    decided = (f"decisions:{annotator.decisions.digest[:16]}",) if annotator.decisions is not None else ()
    listed = (digest[:16] for digest in lists.digests) if lists else ()
    return " ".join((annotator.rulebook.digest, *listed, *decided))


@dataclass(slots=True)
class _Job:
    """What a worker is told once: what it is to make of documents, and where it finds the compiled rules."""

    work: Work
    container: Container
    cache: str | None = None


@dataclass(slots=True)
class _Task:
    """Some documents that a worker has: those of a chunk, or one of them, by its ``place``, where somebody died."""

    number: int
    items: tuple[Item, ...]
    place: int | None = None
    deaths: int = 0


_HELLO = "hello"


def _serve(tasks: Any, results: Any, annotator: Annotator | None) -> None:
    """Be a worker: take tasks, give back their records, until nobody is there to ask for more."""
    import pickle
    import threading
    from queue import SimpleQueue

    inbox: SimpleQueue[bytes] = SimpleQueue()

    def take_in() -> None:
        # What is at hand is taken in while the work goes on, so that the run need not wait to get rid of it.
        try:
            while True:
                inbox.put(tasks.recv_bytes())
        except EOFError:  # the run has ended, or was killed and can tell nobody
            os._exit(0)
        finally:
            os._exit(1)

    threading.Thread(target=take_in, daemon=True).start()
    try:
        results.send(_HELLO)
        job: _Job = pickle.loads(inbox.get())  # noqa: S301 - from our own run
        if job.cache is not None:
            os.environ["ANNOTATOR_CACHE_DIR"] = job.cache
            os.environ.pop("ANNOTATOR_NO_CACHE", None)
            job.work = replace(job.work, settings=replace(job.work.settings, cache=True))
        maker = _Maker(annotator, job)
        while True:
            results.send(maker.answer(pickle.loads(inbox.get())))  # noqa: S301 - as above
    except (MemoryError, OSError):
        # The first is like being killed for it: the run has it done again, one document at a time. The second
        # means that the run is gone.
        os._exit(1)


class _Maker:
    """What makes records in a worker; its annotator is made when the first task comes, where there is none."""

    def __init__(self, annotator: Annotator | None, job: _Job) -> None:
        self.annotator = annotator
        self.job = job

    def answer(self, task: _Task) -> Done | list[Record] | tuple[str, int]:
        """Return the records of a task, or why there can be none at all and the exit code. Raises ``MemoryError``."""
        try:
            if self.annotator is None:
                self.annotator = annotator_for(self.job.work)
            records = make_all(self.annotator, task.items, self.job.work)
            return done(records, self.job.container) if task.place is None else records
        except AnnotatorError as error:
            return str(error), int(error.exit_code)
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 - a fault of ours is to be told, and not taken for a death
            what = " ".join(f"{type(error).__name__}: {error}".split())
            return f"internal error: {what}; please report it", int(ExitCode.INTERNAL)


class WorkersError(AnnotatorError):
    """The workers cannot do their work at all."""

    def __init__(self, message: str, code: int = ExitCode.INTERNAL) -> None:
        super().__init__(message)
        self.exit_code = ExitCode(code)


class _Worker:
    """One worker process and the tasks that it has."""

    def __init__(self, process: Process | None = None) -> None:
        self.queue: deque[_Task] = deque()
        self.process = process
        self.began = False  # it got as far as saying so
        self.told = False  # what its job is

    def start(self, annotator: Annotator | None, *, fork: bool) -> Process:
        """Return the process, made where there is none. Raises ``WorkersError``."""
        if self.process is None:
            try:
                self.process = Process(_serve, annotator, fork=fork)
            except OSError as error:
                what = error.strerror or error
                raise WorkersError(f"no worker process can be started: {what}; give fewer with --workers") from None
            self.began = self.told = False
        return self.process

    def end(self, *, kill: bool = False) -> None:
        """End the process: when it has done what it is at, or at once."""
        process, self.process = self.process, None
        if process is not None:
            process.end(kill=kill)


def fork_early(count: int, annotator: Annotator) -> list[Process]:
    """Return processes for `Workers`, forked now, or none: later there may be threads, and it would be too late.

    Raises ``WorkersError``.
    """
    made: list[_Worker] = []
    try:
        while len(made) < count and can_fork():
            made.append(_Worker())
            made[-1].start(inheritable(annotator), fork=True)
    except BaseException:
        for worker in made:
            worker.end(kill=True)
        raise
    return [worker.process for worker in made if worker.process is not None]


def inheritable(annotator: Annotator | None) -> Annotator | None:
    """Return an annotator that a fork may go on with; with lists that are open it may not, as SQLite forbids it."""
    return annotator if annotator is not None and (annotator.lists is None or annotator.lists.untouched) else None


class Workers:
    """So many worker processes; none where the work is done in this one.

    ``cache`` names a folder with the compiled rules for workers that cannot have them from this process.
    ``annotator`` has the run's settings. ``processes`` are from `fork_early`; ``fork`` may be forbidden.
    """

    def __init__(
        self,
        count: int,
        work: Work,
        container: Container,
        cache: Callable[[], str | None] = lambda: None,
        *,
        annotator: Annotator | None = None,
        processes: Sequence[Process] = (),
        fork: bool = True,
    ) -> None:
        self.job = _Job(work, container)
        self.annotator = annotator
        self.workers = [_Worker(process) for process in processes]
        self.workers += [_Worker() for _ in range(min(count, _MOST) - len(processes))]
        self.failed_starts = 0
        self._cache = cache
        self._fork = fork
        self._again: deque[_Task] = deque()
        self._chunks: dict[int, Chunk] = {}  # those that are read and not yet yielded
        self._ready: dict[int, Done] = {}  # those of them that are done
        self._pieces: dict[int, dict[int, Record]] = {}  # those that are done one document at a time
        self._held = 0
        self._exhausted = False

    def stop(self, *, kill: bool = False) -> None:
        """End all worker processes."""
        for worker in self.workers:  # told all at once, and only then is waited for any of them
            if worker.process is not None:
                worker.process.tell(kill=kill)
        while self.workers:
            self.workers.pop().end(kill=kill)

    def outcomes(self, chunks: Iterable[Chunk]) -> Iterator[tuple[Chunk, Done]]:
        """Yield each chunk with what came of it, in order. Raises ``WorkersError``."""
        if not self.workers:
            yield from self._here(chunks)
            return
        source = iter(chunks)
        while True:
            self._feed(source)
            following = next(iter(self._chunks), None)
            if following is None:
                return
            if following in self._ready:
                outcome = self._ready.pop(following)
                self._held -= len(outcome.data)
                yield self._chunks.pop(following), outcome
                continue
            busy = {worker.process: worker for worker in self.workers if worker.process is not None and worker.queue}
            assert busy, "chunks are neither done nor at work"
            for process in ready(busy):
                self._listen(busy[process])

    def _here(self, chunks: Iterable[Chunk]) -> Iterator[tuple[Chunk, Done]]:
        if self.annotator is None:
            self.annotator = annotator_for(self.job.work)
        for chunk in chunks:
            yield chunk, done(make_all(self.annotator, chunk.items, self.job.work), self.job.container)

    # -- out -------------------------------------------------------------------------------------

    def _feed(self, source: Iterator[Chunk]) -> None:
        """Give the workers as much as they may have."""
        while True:
            worker = min(self.workers, key=lambda one: len(one.queue))
            if len(worker.queue) >= _QUEUED or any(_last_try(task) for one in self.workers for task in one.queue):
                return
            if self._again:
                if _last_try(self._again[0]) and any(one.queue for one in self.workers):
                    return
                self._give(worker, self._again.popleft())
                continue
            if self._exhausted or not self._room():
                return
            chunk = next(source, None)
            if chunk is None:
                self._exhausted = True
                return
            self._chunks[chunk.number] = chunk
            self._held += chunk.size
            self._give(worker, _Task(chunk.number, chunk.items))

    def _room(self) -> bool:
        """Tell whether one more chunk may be read."""
        count = len(self.workers)
        waiting = len(self._chunks)
        return waiting < _AHEAD * count or (waiting < _AHEAD_MOST * count and self._held < _AHEAD_BYTES * count)

    def _give(self, worker: _Worker, task: _Task) -> None:
        annotator = inheritable(self.annotator)
        process = worker.start(annotator, fork=self._fork)
        worker.queue.append(task)
        try:
            if not worker.told:
                if self.job.cache is None and not (process.forked and annotator is not None):
                    self.job.cache = self._cache()
                process.send(self.job)
                worker.told = True
            process.send(task)
        except OSError:  # dead already; the one who listens to it will see to that
            pass

    # -- back ------------------------------------------------------------------------------------

    def _listen(self, worker: _Worker) -> None:
        """Take in what a worker says, or that it is dead. Raises ``WorkersError``."""
        process = worker.process
        assert process is not None
        try:
            answer = process.receive()
        except (EOFError, OSError):
            self._bury(worker)
            return
        if answer == _HELLO:
            worker.began = True
            return
        if isinstance(answer, tuple):
            raise WorkersError(*answer)
        self.failed_starts = 0
        task = worker.queue.popleft()
        if isinstance(answer, Done):
            self._settle(task.number, answer)
        else:
            self._gather(task, answer[0])

    def _bury(self, worker: _Worker) -> None:
        """Go on where a worker died. Raises ``WorkersError`` where one after the other dies before it has begun."""
        tasks = list(worker.queue)
        worker.queue.clear()
        worker.end(kill=True)
        self.failed_starts = 0 if worker.began else self.failed_starts + 1
        if self.failed_starts >= _STARTS:
            raise WorkersError("worker processes end as soon as they start; try --workers 0 to work without them")
        blamed = tasks.pop(0) if worker.began and tasks else None
        self._again.extendleft(reversed(tasks))
        if blamed is None:
            return
        if blamed.place is None:
            self._pieces[blamed.number] = {}
            pieces = [_Task(blamed.number, (item,), place) for place, item in enumerate(blamed.items)]
            self._again.extendleft(reversed(pieces))
            return
        blamed.deaths += 1
        if blamed.deaths < _ALONE:
            self._again.appendleft(blamed)
        else:
            self._gather(blamed, killed_record(blamed.items[0]))

    def _gather(self, task: _Task, record: Record) -> None:
        """Keep the record of a document that was done by itself, and see whether its chunk is complete."""
        records = self._pieces[task.number]
        records[task.place or 0] = record
        if len(records) == len(self._chunks[task.number].items):
            del self._pieces[task.number]
            self._settle(task.number, done([records[place] for place in sorted(records)], self.job.container))

    def _settle(self, number: int, outcome: Done) -> None:
        chunk = self._chunks[number]
        self._chunks[number] = chunk._replace(items=())  # nobody will need them again
        self._held += len(outcome.data) - chunk.size
        self._ready[number] = outcome


def _last_try(task: _Task) -> bool:
    """Tell whether a document has one try left: it then has the machine, and its memory, to itself."""
    return task.deaths == _ALONE - 1
