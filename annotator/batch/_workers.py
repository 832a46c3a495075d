"""Worker processes: chunks of documents out, their records back in order, whatever becomes of a worker.

Each worker is a pool of one, so that it is known whose chunk it was when a worker dies. Processes are spawned,
which works alike on all systems. A worker opens the compiled rules from the cache when its first chunk comes.
"""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from typing import TYPE_CHECKING, NamedTuple

from ..errors import AnnotatorError, ExitCode, RuleError
from ._records import Item, Record, Work, killed_record, make_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..api import Annotator
    from ._writing import Container

_QUEUED = 2  # chunks that a worker has: one at work, one at hand
_AHEAD = 4  # chunks for each worker that may be read before the first of them is written
_STARTS = 5  # workers in a row that may die before they have done anything
_ALONE = 2  # how often a document may kill a worker by itself


class Chunk(NamedTuple):
    """Some documents that go to a worker together; ``position`` is how much input was read by then."""

    number: int
    items: tuple[Item, ...]
    position: int


@dataclass(slots=True)
class Done:
    """What came of a chunk: the bytes for the output, and the counts for the summary."""

    data: bytes
    documents: int
    failed: int
    annotations: int
    claims: int
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
        raise RuleError("the rules or lists were changed while the batch ran; start it again")
    return made


def digest_of(annotator: Annotator) -> str:
    """Return what names the rules and lists of an annotator by their content."""
    lists = annotator.lists
    return " ".join((annotator.rulebook.digest, *((digest[:16] for digest in lists.digests) if lists else ())))


# What a worker keeps between chunks.
_annotator: Annotator | None = None


def _start(cache: str | None) -> None:
    import gc
    import signal
    import threading

    # Ctrl-C reaches all processes of a terminal; the run itself decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(200_000, 50, 50)
    if cache is not None:
        os.environ["ANNOTATOR_CACHE_DIR"] = cache
        os.environ.pop("ANNOTATOR_NO_CACHE", None)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this process when the run is gone: killed, it can tell nobody."""
    from multiprocessing import parent_process

    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _hello() -> None:
    """Be there."""


def _records(items: tuple[Item, ...], work: Work) -> list[Record] | tuple[str, int]:
    """Return the records of some documents, or why there can be none at all and the exit code."""
    global _annotator  # noqa: PLW0603 - one for the process, as its name says
    try:
        if _annotator is None:
            _annotator = annotator_for(work)
    except AnnotatorError as error:
        return str(error), int(error.exit_code)
    return make_all(_annotator, items, work)


def _chunk(items: tuple[Item, ...], work: Work, container: Container) -> Done | tuple[str, int]:
    records = _records(items, work)
    return records if isinstance(records, tuple) else done(records, container)


class WorkersError(AnnotatorError):
    """The workers cannot do their work at all."""

    def __init__(self, message: str, code: int = ExitCode.INTERNAL) -> None:
        super().__init__(message)
        self.exit_code = ExitCode(code)


class _Worker:
    """One worker process and the chunks that it has."""

    def __init__(self, cache: str | None) -> None:
        self.cache = cache
        self.queue: deque[tuple[Chunk, Future[Done | tuple[str, int]]]] = deque()
        self._pool: ProcessPoolExecutor | None = None
        self.hello: Future[None] = Future()

    @property
    def pool(self) -> ProcessPoolExecutor:
        """The process, started when it first gets something to do."""
        if self._pool is None:
            self._pool = ProcessPoolExecutor(1, get_context("spawn"), initializer=_start, initargs=(self.cache,))
            self.hello = self._pool.submit(_hello)
        return self._pool

    def stop(self, *, kill: bool = False) -> None:
        """End the process: when it has done what it is at, or at once."""
        if self._pool is None:
            return
        if kill:
            for process in list((self._pool._processes or {}).values()):  # noqa: SLF001 - no other way
                process.kill()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._pool = None

    @property
    def began(self) -> bool:
        """Whether the process got as far as its first task."""
        return self.hello.done() and not self.hello.cancelled() and self.hello.exception() is None


class Workers:
    """So many worker processes; none where the work is done in this one."""

    def __init__(self, count: int, work: Work, container: Container, cache: str | None = None) -> None:
        self.work = work
        self.container = container
        self.failed_starts = 0
        self.annotator: Annotator | None = None
        self.workers = [_Worker(cache) for _ in range(count)]

    def stop(self, *, kill: bool = False) -> None:
        """End all worker processes."""
        while self.workers:
            self.workers.pop().stop(kill=kill)

    def outcomes(self, chunks: Iterable[Chunk]) -> Iterator[tuple[Chunk, Done]]:
        """Yield each chunk with what came of it, in order. Raises ``WorkersError``."""
        if not self.workers:
            yield from self._here(chunks)
            return
        source = iter(chunks)
        ready: dict[int, tuple[Chunk, Done]] = {}
        following = None
        taken = 0  # chunks that are neither waiting to be read nor yielded
        exhausted = False
        while True:
            while not exhausted and taken < _AHEAD * len(self.workers):
                worker = min(self.workers, key=lambda one: len(one.queue))
                if len(worker.queue) >= _QUEUED:
                    break
                chunk = next(source, None)
                if chunk is None:
                    exhausted = True
                    break
                following = chunk.number if following is None else following
                self._submit(worker, chunk)
                taken += 1
            while following in ready:
                yield ready.pop(following)
                following += 1
                taken -= 1
            if exhausted and not taken:
                return
            busy = [worker for worker in self.workers if worker.queue]
            if taken < _AHEAD * len(self.workers) and not exhausted and len(busy) < len(self.workers):
                continue
            if not busy:
                continue
            wait([worker.queue[0][1] for worker in busy], return_when=FIRST_COMPLETED)
            for worker in busy:
                for chunk, outcome in self._finished(worker):
                    ready[chunk.number] = (chunk, outcome)

    def _submit(self, worker: _Worker, chunk: Chunk) -> None:
        try:
            future = worker.pool.submit(_chunk, chunk.items, self.work, self.container)
        except BrokenProcessPool as error:  # dead already; the one who waits for this will see to it
            future = Future()
            future.set_exception(error)
        worker.queue.append((chunk, future))

    def _finished(self, worker: _Worker) -> Iterator[tuple[Chunk, Done]]:
        while worker.queue and worker.queue[0][1].done():
            chunk, future = worker.queue[0]
            try:
                outcome = future.result()
            except BrokenProcessPool:
                yield from self._recover(worker)
                continue
            worker.queue.popleft()
            self.failed_starts = 0
            yield chunk, _checked(outcome)

    def _recover(self, worker: _Worker) -> Iterator[tuple[Chunk, Done]]:
        """Go on where a worker died: the chunk it was at is done one document at a time, the others again."""
        chunks = [chunk for chunk, _ in worker.queue]
        worker.queue.clear()
        if self._blameless(worker):
            for chunk in chunks:
                self._submit(worker, chunk)
            return
        records = [self._alone(worker, item) for item in chunks[0].items]
        for chunk in chunks[1:]:
            self._submit(worker, chunk)
        yield chunks[0], done(records, self.container)

    def _blameless(self, worker: _Worker) -> bool:
        """Let another worker start, and tell whether the one that died had not even begun."""
        began = worker.began
        self.failed_starts = 0 if began else self.failed_starts + 1
        if self.failed_starts >= _STARTS:
            raise WorkersError("worker processes end as soon as they start; try --workers 0 to work without them")
        worker.stop()
        return not began

    def _alone(self, worker: _Worker, item: Item) -> Record:
        deaths = 0
        while True:
            try:
                records = worker.pool.submit(_records, (item,), self.work).result()
            except BrokenProcessPool:
                if not self._blameless(worker):
                    deaths += 1
                if deaths < _ALONE:
                    continue
                return killed_record(item)
            if isinstance(records, tuple):
                raise WorkersError(*records)
            return records[0]

    def _here(self, chunks: Iterable[Chunk]) -> Iterator[tuple[Chunk, Done]]:
        if self.annotator is None:
            self.annotator = annotator_for(self.work)
        for chunk in chunks:
            yield chunk, done(make_all(self.annotator, chunk.items, self.work), self.container)


def _checked(outcome: Done | tuple[str, int]) -> Done:
    if isinstance(outcome, tuple):
        raise WorkersError(*outcome)
    return outcome
