"""A batch on a Dask cluster: Parquet in, Parquet out, the same records as ``annotator batch``.

Each row group, or a few small ones, is a task that writes a part; what a task was at when its worker died is
done again by another, and a part is there whole or not at all. The compiled rules travel to each worker once,
so the workers need the package and the files, but no rules. Needs the extra ``dask``.
"""

from __future__ import annotations

import os
from importlib import import_module
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import uuid4

from .api import Annotator
from .arrow import check_names, settings_of
from .batch import Plan, Summary, check_same, describe, digest_of, options_of, work_of
from .batch._extras import missing, pyarrow
from .batch._journal import Journal
from .batch._reading import Reader, group_items, parquet_file
from .batch._records import NULL_TEXTS, Columns, Record, killed_record, make, make_all
from .batch._writing import arrow_batch, arrow_schema, write_parquet
from .errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .batch._records import Item, Work

__all__ = ["annotate_parquet"]

_ROWS = 2_000
_AHEAD = 4  # tasks for each thread of the cluster that are with the scheduler at once
_PATIENCE = 10  # seconds until a cluster must have answered


class _Task(NamedTuple):
    """Some row groups of one file, and the part that their records go into."""

    path: str
    name: str
    groups: tuple[int, ...]
    first: int
    part: str


def annotate_parquet(
    client: Any,
    inputs: str | Iterable[str],
    output: str,
    *,
    text_column: str | None = None,
    id_column: str | None = None,
    date_column: str | None = None,
    output_format: str | None = None,
    style: str = "",
    as_of: str | None = None,
    notes: str = "best",
    jurisdictions: Iterable[str] = (),
    detail: str = "brief",
    voice: str | None = None,
    format: str | None = None,
    null_text: str = NULL_TEXTS[0],
    rows: int = _ROWS,
    resume: bool = False,
    overwrite: bool = False,
    annotator: Annotator | None = None,
    **rules: Any,
) -> dict[str, int]:
    """Annotate the articles of Parquet files on the cluster of a ``distributed.Client``.

    ``inputs`` are Parquet files, or folders of them, under paths that all workers share, as is ``output``: a
    file that ends in ``.parquet``, or else a folder of parts. ``rows`` is how many rows a task has at least,
    where row groups are smaller. The other keywords are those of `annotator.arrow.annotate_batches`; ``resume``
    and ``overwrite`` those of ``annotator batch``. Returns counts: ``documents``, ``failed`` ones, ``annotations``, and
    the ``worst`` exit code that stands for a failure.

    Raises ``UsageError``, ``InputError``, ``OutputError``, ``RuleErrors``, ``MissingExtraError``.
    """
    check_names(output_format, style, format, null_text)
    plan = Plan(
        [inputs] if isinstance(inputs, str) else list(inputs),
        output,
        settings_of(as_of, notes, jurisdictions, detail=detail, voice=voice),
        output_format=output_format,
        style=style,
        input_format=format,
        columns=Columns(text_column, id_column, date_column),
        resume=resume,
        overwrite=overwrite,
        null_text=null_text,
    )
    return _do(client, plan, annotator or Annotator(**rules), rows)


def _do(client: Any, plan: Plan, engine: Annotator, rows: int = _ROWS) -> dict[str, int]:
    """Do a plan on a cluster, ``rows`` a task at least, and count. Raises as `annotate_parquet`."""
    journal = Journal(plan.output)
    resuming = journal.check(resume=plan.resume, overwrite=plan.overwrite)
    if plan.resume and not resuming and journal.taken:
        journal.sweep()
        return _counted(journal.output)
    reader = Reader(plan.inputs, plan.columns, encoding=plan.settings.encoding, output=journal.output)
    for source in reader.sources:
        if source.kind != "parquet":
            raise UsageError(f"{source.path}: not a Parquet file; a cluster reads nothing else")
    options = {**options_of(plan, "parts"), "rows": rows}
    manifest = describe(reader, digest_of(engine), options, overwrite=plan.overwrite)
    journal.lock()
    try:
        if resuming:
            was = journal.manifest()
            check_same(was, manifest)
            manifest["today"] = was["today"]
            journal.resume()
        else:
            journal.begin(manifest, b"")
        work = work_of(plan, manifest, reader.columns)
        parts = journal.path("parts")
        tasks = list(_tasks(reader, parts, rows))
        if not journal.complete:
            os.makedirs(parts, exist_ok=True)
            _work_off(client, engine, [task for task in tasks if not os.path.exists(task.part)], work)
        single = journal.output.lower().endswith((".parquet", ".pq"))
        journal.finish(lambda _, final: _put_together([task.part for task in tasks], parts, final, single=single))
    except OSError as error:
        raise journal.failure(error) from None
    finally:
        journal.abandon()
    return _counted(journal.output)


def run(address: str, plan: Plan, engine: Annotator) -> Summary:
    """Do what ``annotator batch`` is asked to do on the cluster at an address. Raises as `annotate_parquet`."""
    dask = _dask()
    try:
        client = dask.Client(address, timeout=_PATIENCE)
    except (OSError, ValueError) as error:
        what = " ".join(str(error).split()) or type(error).__name__
        raise UsageError(f"--scheduler {address}: no cluster answers there: {what}") from None
    with client:
        counts = _do(client, plan, engine)
    summary = Summary(0, 0)
    for name, value in counts.items():
        setattr(summary, name, value)
    return summary


def _tasks(reader: Reader, folder: str, rows: int) -> Iterator[_Task]:
    """Yield the tasks in order: row groups of one file, as many as it takes to reach ``rows``."""
    number = 0
    for source in reader.sources:
        with parquet_file(source.path) as file:
            sizes = [file.metadata.row_group(group).num_rows for group in range(file.num_row_groups)]
        first, groups, count = 1, [], 0
        for group, size in enumerate(sizes):
            groups.append(group)
            count += size
            if count >= rows or group == len(sizes) - 1:
                part = os.path.join(folder, f"part-{number:06}.parquet")
                yield _Task(os.path.abspath(source.path), source.name, tuple(groups), first, os.path.abspath(part))
                number, first, groups, count = number + 1, first + count, [], 0


def _items(task: _Task, columns: Columns) -> Iterator[list[Item]]:
    row = task.first
    with parquet_file(task.path) as file:
        chosen = columns.among(list(file.schema_arrow.names), task.name)
        for group in task.groups:
            yield from group_items(file, group, chosen, task.name, row)
            row += file.metadata.row_group(group).num_rows


# What a worker process keeps for the runs that it takes part in.
_engines: dict[str, tuple[Annotator, Work]] = {}


def _keep(key: str, content: tuple[Annotator, Work]) -> None:
    _engines[key] = content


def _drop(key: str) -> None:
    _engines.pop(key, None)


def _part(task: _Task, key: str) -> None:
    """Do a task: write its part aside, and move it into place."""
    engine, work = _engines[key]
    _write(task.part, (arrow_batch(make_all(engine, items, work)) for items in _items(task, work.columns)))


def _write(path: str, batches: Iterable[Any]) -> None:
    aside = f"{path}.{os.getpid()}.tmp"
    try:
        with open(aside, "wb") as file:
            write_parquet(batches, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, path)
    except BaseException:
        if os.path.exists(aside):
            os.unlink(aside)
        raise


def _record(task: _Task, number: int, key: str) -> Record:
    """Do one document of a task."""
    engine, work = _engines[key]
    every = (item for items in _items(task, work.columns) for item in items)
    return make(engine, next(islice(every, number, None)), work)


def _dask() -> Any:
    """Return Dask Distributed. Raises ``MissingExtraError``."""
    try:
        return import_module("distributed")
    except ImportError:
        raise missing("Dask clusters", "distributed", "dask") from None


def _work_off(client: Any, engine: Annotator, tasks: Sequence[_Task], work: Work) -> None:
    """Have the cluster do tasks, a bounded number at a time. Raises what a task raises."""
    dask = _dask()
    killed = dask.scheduler.KilledWorker

    class Engine(dask.WorkerPlugin):  # type: ignore[misc, name-defined, unused-ignore]
        """Brings the rules to a worker, also to one that joins later."""

        def __init__(self) -> None:
            self.name = f"annotator-{uuid4()}"
            self.content = (engine, work)

        def setup(self, worker: Any) -> None:  # Dask's own signature
            """Unpack them."""
            _keep(self.name, self.content)

        def teardown(self, worker: Any) -> None:
            """Let go of them."""
            _drop(self.name)

    plugin = Engine()
    client.register_plugin(plugin)
    try:
        waiting = iter(tasks)
        ahead = _AHEAD * max(1, sum(client.nthreads().values()))
        running = {client.submit(_part, task, plugin.name, pure=False): task for task in islice(waiting, ahead)}
        done = dask.as_completed(list(running))
        for future in done:
            task = running.pop(future)
            try:
                future.result()
            except killed:
                _one_by_one(client, task, plugin.name, work, killed)
            following = next(waiting, None)
            if following is not None:
                another = client.submit(_part, following, plugin.name, pure=False)
                running[another] = following
                done.add(another)
    finally:
        client.unregister_worker_plugin(plugin.name)


def _one_by_one(client: Any, task: _Task, key: str, work: Work, killed: type[Exception]) -> None:
    """Do a task that kills its workers document by document, and those that do it become error records."""
    records: list[Record] = []
    for items in _items(task, work.columns):
        for item in items:
            try:
                records.append(client.submit(_record, task, len(records), key, pure=False).result())
            except killed:
                records.append(killed_record(item))
    _write(task.part, [arrow_batch(records)])


def _put_together(parts: Sequence[str], folder: str, final: str, *, single: bool) -> None:
    """Make the output of all parts: one file, or the folder itself."""
    if not single:
        os.replace(folder, final)
        return
    aside = f"{final}.tmp"
    with open(aside, "wb") as out:
        write_parquet(_batches(parts), out)
        out.flush()
        os.fsync(out.fileno())
    os.replace(aside, final)


def _batches(parts: Iterable[str]) -> Iterator[Any]:
    schema = arrow_schema()
    for part in parts:
        with parquet_file(part) as file:
            for batch in file.iter_batches(batch_size=256):
                yield batch.cast(schema)


def _counted(output: str) -> dict[str, int]:
    """Return how many documents an output holds, how many failed, the worst exit code, and the annotations."""
    pyarrow()
    from pyarrow import compute

    names = [os.path.join(output, name) for name in os.listdir(output)] if os.path.isdir(output) else [output]
    counts = {"documents": 0, "failed": 0, "annotations": 0, "worst": 0}
    for name in names:
        with parquet_file(name) as file:
            for batch in file.iter_batches(columns=["annotations", "code"]):
                counts["documents"] += batch.num_rows
                counts["failed"] += compute.sum(compute.greater(batch.column("code"), 0)).as_py() or 0
                counts["worst"] = max(counts["worst"], compute.max(batch.column("code")).as_py() or 0)
                counts["annotations"] += compute.sum(batch.column("annotations")).as_py() or 0
    return counts
