"""Many documents at once: read from files, annotated by several processes, written in order, and resumable.

`run` is what ``annotator batch`` calls. A document goes in as an item (``_reading``), becomes a record
(``_records``) in some worker (``_workers``), and goes into the output (``_writing``) by way of a journal that
survives being killed (``_journal``).
"""

from __future__ import annotations

import datetime
import hashlib
import json
import os
from functools import partial
from typing import TYPE_CHECKING, Any

from .._version import __version__
from ..errors import UsageError
from ..rulebook import load
from ..rulebook._store import cache_folder
from ..writing import OUTPUTS
from ._hits import HitColumns, hits_for
from ._journal import Journal
from ._reading import Reader
from ._records import FIELDS, NULL_TEXTS, ROWS, Columns, Record, Work, check_output, check_style, embedded
from ._workers import Chunk, Done, Workers, digest_of, fork_early
from ._writing import Tree, container_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from .._processes import Process
    from ..api import Annotator
    from ..config import Settings
    from ._records import Item
    from ._writing import Container

__all__ = [
    "CHUNK",
    "FIELDS",
    "NULL_TEXTS",
    "ROWS",
    "Columns",
    "Plan",
    "Record",
    "Summary",
    "check_rows",
    "check_same",
    "describe",
    "digest_of",
    "options_of",
    "processors",
    "records_schema",
    "run",
    "work_of",
]

CHUNK = 500
# A chunk ends early where its documents are large: small in the beginning, so that several workers have something to
# do with little input; later larger, in proportion to what there was before, so that no more time than needed goes into
# handing them on. The work that a document makes beside that for each of its bytes counts as some more of them.
_CHUNK_LEAST, _CHUNK_MOST, _CHUNK_PART = 64 << 10, 512 << 10, 64
_DOCUMENT = 1 << 10
_LISTED = 1000
_VERSION = 3  # of the manifest, and of where chunks end


class Plan:
    """What a run is to do: from where, to where, and how. Attributes are the options of ``annotator batch``.

    ``as_of`` and whatever else decides the notes is in ``settings``; ``output_format`` is one of
    `annotator.writing.FORMATS`, ``workers`` how many processes do the work (0: this one). With
    ``strict`` a document is an error where a note finds no safe place in it; ``null_text``, one of `NULL_TEXTS`, says
    what a null is where a text should be.
    """

    def __init__(
        self,
        inputs: Sequence[str],
        output: str,
        settings: Settings,
        *,
        output_format: str | None = None,
        style: str = "",
        input_format: str | None = None,
        columns: Columns | None = None,
        workers: int | None = None,
        chunk: int = CHUNK,
        resume: bool = False,
        overwrite: bool = False,
        strict: bool = False,
        null_text: str = NULL_TEXTS[0],
        rows: str = ROWS[0],
    ) -> None:
        self.inputs = [os.path.normpath(path) for path in inputs]
        self.output = output
        self.settings = settings
        self.output_format = output_format
        self.style = style
        self.input_format = input_format
        self.columns = columns or Columns()
        self.workers = processors() if workers is None else workers
        self.chunk = chunk
        self.resume = resume
        self.overwrite = overwrite
        self.strict = strict
        self.null_text = null_text
        self.rows = rows


class Summary:
    """Where a run stands: counts of all that is done, and of what this process has done of it.

    ``size`` is the bytes of the documents done, ``position`` how far the input has been read, of ``total`` bytes.
    ``unplaced`` counts annotations that found no safe place in their document. ``worst`` is the highest exit code of a
    document; ``before`` counts what an earlier run had done already. ``remarks`` are what the user should know of the
    output, a line each.
    """

    def __init__(self, total: int, skipped: int, links: int = 0) -> None:
        self.total = total
        self.skipped = skipped
        self.links = links
        self.position = 0
        self.documents = self.failed = self.annotations = 0
        self.claims = self.imprecise = self.unplaced = self.size = self.worst = 0
        self.before = 0
        self.size_before = 0
        self.faults: list[str] = []
        self.remarks: list[str] = []
        self.complete_before = False


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "process_cpu_count"):
        return os.process_cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run(
    plan: Plan,
    digest: str,
    progress: Callable[[Summary], None] = lambda _: None,
    annotator: Annotator | None = None,
) -> Summary:
    """Do a run, or what is left of it, and return how it went.

    ``digest`` is that of rules and lists (`digest_of`); ``progress`` is called after each chunk; ``annotator``, where
    there is one with the plan's settings already, saves making it again. Raises
    ``AnnotatorError``: for inputs that are not there or have no such column, for an output that is, for a disk that
    is full. Then, and when the process is killed, what is done is kept beside the output, and ``plan.resume`` goes
    on from there.
    """
    check_style(plan.output_format, plan.style)
    check_rows(plan)
    journal = Journal(plan.output)
    resuming = journal.check(resume=plan.resume, overwrite=plan.overwrite)
    if plan.resume and not resuming and journal.taken:
        journal.sweep()
        summary = Summary(0, 0)
        summary.complete_before = True
        return summary
    if annotator is not None and annotator.lists is not None:
        annotator.lists.prepare()  # once, and not by each worker
    early = fork_early(plan.workers, annotator) if annotator is not None and _threads_ahead(plan) else []
    try:
        return _run(plan, digest, progress, annotator, early, journal, resuming=resuming)
    finally:
        for process in early:  # ended long ago where all went well
            process.end(kill=True)


def _threads_ahead(plan: Plan) -> bool:
    """Tell whether a library is going to start threads, after which no process can be forked: pyarrow does."""
    return any(path.lower().endswith((".parquet", ".pq")) for path in (*plan.inputs, plan.output))


def _run(
    plan: Plan,
    digest: str,
    progress: Callable[[Summary], None],
    annotator: Annotator | None,
    early: list[Process],
    journal: Journal,
    *,
    resuming: bool,
) -> Summary:
    container = _container(plan)
    reader = Reader(plan.inputs, plan.columns, encoding=plan.settings.encoding, output=journal.output)
    if isinstance(container, Tree):
        _check_tree(reader, container, journal.output)
    elif os.path.isdir(plan.output) and os.listdir(plan.output):
        raise UsageError(f"{plan.output} is a folder that is not empty; name a file")
    elif os.path.exists(plan.output):
        there = os.stat(plan.output)
        if any(os.path.samestat(os.stat(source.path), there) for source in reader.sources):
            raise UsageError(f"{plan.output} is the input itself; write elsewhere")
    if isinstance(container, HitColumns) and plan.columns.keep:
        container = HitColumns(plan.columns.keep, reader.types(plan.columns.keep))
    manifest = describe(reader, digest, options_of(plan, container.name), overwrite=plan.overwrite)
    journal.lock()
    workers: Workers | None = None
    try:
        if resuming:
            _go_on(journal, manifest)
        else:
            journal.begin(manifest, container.head())
        work = work_of(plan, manifest, reader.columns)
        summary = Summary(reader.size, reader.skipped, reader.links)
        _count(summary, journal)
        summary.before, summary.size_before = summary.documents, summary.size
        if not journal.complete:
            cache = partial(_cache, plan, journal)
            workers = Workers(plan.workers, work, container, cache, annotator=annotator, processes=early)
            for chunk, done in workers.outcomes(_chunks(reader, plan.chunk, summary.documents)):
                journal.add(done.data, _counts(done))
                summary.position = chunk.position
                summary.faults += done.faults
                _count(summary, journal)
                progress(summary)
            workers.stop()
            workers = None
        journal.finish(_maker(container, reader))
        summary.remarks = container.remarks
        return summary
    finally:
        if workers is not None:
            workers.stop(kill=True)
        journal.abandon()


def _container(plan: Plan) -> Container:
    """Return the container of a plan's output. Raises ``UsageError``, ``MissingExtraError``."""
    if plan.rows == "hits":
        return hits_for(plan.output, plan.columns.keep)
    output = OUTPUTS.get(plan.output_format or "")
    suffix = output.suffix if output is not None else ""
    found = container_for(plan.output, embed=embedded(plan.output_format), suffix=suffix)
    if not isinstance(found, Tree):
        check_output(plan.output_format)
    return found


def check_rows(plan: Plan) -> None:
    """Raise ``UsageError`` where a table of hits is asked for with what it cannot have, or only it may have."""
    if plan.rows != "hits":
        for option, given in (("--keep", plan.columns.keep), ("--title-column", plan.columns.title)):
            if given:
                raise UsageError(f"{option} is for a table of hits; add --rows hits")
        return
    for option, one in (("--output", plan.output_format), ("--style", plan.style), ("--strict", plan.strict)):
        if one:
            raise UsageError(
                f"{option} is about the articles with their notes, which --rows hits does not write; leave it out"
            )
    twice = [name for name in plan.columns.keep if plan.columns.keep.count(name) > 1]
    if twice:
        raise UsageError(f"--keep: {twice[0]!r} is named twice; name it once")


def _check_tree(reader: Reader, container: Tree, output: str) -> None:
    """Raise ``UsageError`` where the inputs cannot become files of a folder."""
    taken: dict[str, str] = {}
    for source in reader.sources:
        if source.kind != "file":
            raise UsageError(
                f"{source.path}: its documents have no names for files in {output}; write .jsonl, .csv or .parquet"
            )
        place = source.place + container.suffix
        if place in taken:
            raise UsageError(f"{taken[place]} and {source.path} would both become {place}; write them to two folders")
        taken[place] = source.path
    if os.path.isdir(output):
        inputs = {os.path.realpath(source.path): source.path for source in reader.sources}
        for place, path in taken.items():
            spoilt = inputs.get(os.path.realpath(os.path.join(output, place)))
            if spoilt is not None:
                raise UsageError(f"{path} would be written over {spoilt}, an input; write to another folder")


def work_of(plan: Plan, manifest: dict[str, Any], columns: Columns) -> Work:
    """Return what the workers are told of a run: its plan, and the day and the rules that its manifest holds."""
    return Work(
        settings=plan.settings,
        today=manifest["today"],
        output=plan.output_format,
        style=plan.style,
        input_format=plan.input_format,
        columns=columns,
        digest=manifest["rules"],
        strict=plan.strict,
        null_text=plan.null_text,
        rows=plan.rows,
    )


def options_of(plan: Plan, container: str) -> dict[str, Any]:
    """Return the options of a run into a kind of container, as they are kept.

    What the rules' digest stands for, and what does not change the output, is left out.
    """
    settings = plan.settings
    names = [
        name for name in settings.__slots__ if name not in {"rules", "default_rules", "lists", "cache", "decisions"}
    ]
    return {
        **{name.replace("_", "-"): _plain(getattr(settings, name)) for name in names},
        "output": plan.output_format,
        "style": plan.style,
        "format": plan.input_format,
        "text-column": plan.columns.text,
        "id-column": plan.columns.id,
        "date-column": plan.columns.date,
        "chunk": plan.chunk,
        "container": container,
        "strict": plan.strict,
        "null-text": plan.null_text,
        "rows": plan.rows,
        "title-column": plan.columns.title,
        "keep": list(plan.columns.keep),
    }


def describe(reader: Reader, digest: str, options: dict[str, Any], *, overwrite: bool) -> dict[str, Any]:
    """Return what a run is, as it is kept for the one that may have to go on with it."""
    state = reader.state
    return {
        "version": _VERSION,
        "annotator": __version__,
        "today": datetime.date.today().isoformat(),
        "overwrite": overwrite,
        "rules": digest,
        "options": options,
        "inputs": {
            "count": len(state),
            "digest": hashlib.sha256(json.dumps(state).encode("utf-8", "surrogatepass")).hexdigest(),
            "files": state[:_LISTED],
        },
    }


def _plain(value: Any) -> Any:
    if isinstance(value, (tuple, list)):
        return [_plain(one) for one in value]
    return value if value is None or isinstance(value, (str, int, bool)) else str(value)


def check_same(was: dict[str, Any], now: dict[str, Any]) -> None:
    """Raise ``UsageError`` where an unfinished run was another one than this would be."""
    over = "; --overwrite starts anew"
    if was.get("version") != _VERSION or was.get("annotator") != now["annotator"]:
        raise UsageError(f"--resume: the run was begun by another version, annotator {was.get('annotator')}{over}")
    if was["rules"] != now["rules"]:
        before, after = was["rules"].split(), now["rules"].split()
        what = "lists" if before[:1] == after[:1] else "rules"
        if [one for one in before if ":" not in one] == [one for one in after if ":" not in one]:
            what = "decisions"
        raise UsageError(f"--resume: the {what} have changed, from {was['rules']} to {now['rules']}{over}")
    for name in {**was["options"], **now["options"]}:
        before, after = was["options"].get(name), now["options"].get(name)
        if before != after:
            raise UsageError(f"--resume: {name} was {json.dumps(before)} and is now {json.dumps(after)}{over}")
    if was["inputs"]["digest"] != now["inputs"]["digest"]:
        raise UsageError(f"--resume: {_difference(was['inputs'], now['inputs'])}{over}")


def _go_on(journal: Journal, manifest: dict[str, Any]) -> None:
    """Take up an unfinished run. Raises ``UsageError`` where it was another one than this would be."""
    was = journal.manifest()
    check_same(was, manifest)
    if not was["overwrite"] and journal.taken and os.path.exists(journal.path("data")):
        raise UsageError(f"--resume: {journal.output} has come to be meanwhile; --overwrite starts anew")
    manifest["today"] = was["today"]
    journal.resume()


def _difference(was: dict[str, Any], now: dict[str, Any]) -> str:
    for before, after in zip(was["files"], now["files"], strict=False):
        if before != after:
            return f"the input has changed: {before[0]}"
    return f"the input has changed: {was['count']} files, now {now['count']}"


def _cache(plan: Plan, journal: Journal) -> str | None:
    """Return a folder where the workers find the compiled rules when there is to be no cache; else ``None``."""
    if plan.workers == 0 or (plan.settings.cache and cache_folder() is not None):
        return None
    folder = journal.path("cache")
    before = {name: os.environ.pop(name, None) for name in ("ANNOTATOR_CACHE_DIR", "ANNOTATOR_NO_CACHE")}
    os.environ["ANNOTATOR_CACHE_DIR"] = folder
    try:
        load(plan.settings.rules, default_rules=plan.settings.default_rules)
    finally:
        del os.environ["ANNOTATOR_CACHE_DIR"]
        os.environ.update({name: value for name, value in before.items() if value is not None})
    return folder


def _chunks(reader: Reader, most: int, skip: int) -> Iterator[Chunk]:
    """Yield the documents in chunks, without those that hold the first ``skip``.

    Where a chunk ends, the documents alone decide, from the first of them on; ``skip`` are those of whole chunks.
    """
    number = count = work = size = before = 0
    items: list[Item] = []
    for item in reader.items():
        count += 1
        work += (item.size or len(item.data)) + _DOCUMENT
        if skip:
            skip -= 1
        else:
            items.append(item)
            size += len(item.data)
        if count >= most or work >= min(max(before // _CHUNK_PART, _CHUNK_LEAST), _CHUNK_MOST):
            if items:
                yield Chunk(number, tuple(items), reader.consumed, size)
            number, before, items = number + 1, before + work, []
            count = work = size = 0
    if items:
        yield Chunk(number, tuple(items), reader.consumed, size)


def _counts(done: Done) -> dict[str, int]:
    return {
        "documents": done.documents,
        "failed": done.failed,
        "annotations": done.annotations,
        "claims": done.claims,
        "imprecise": done.imprecise,
        "unplaced": done.unplaced,
        "size": done.size,
        "worst": done.worst,
    }


def _count(summary: Summary, journal: Journal) -> None:
    for name in ("documents", "failed", "annotations", "claims", "imprecise", "unplaced", "size", "worst"):
        setattr(summary, name, journal.counts[name])


def _maker(container: Container, reader: Reader) -> Callable[[str, str], None]:
    if not isinstance(container, Tree):
        return container.finish
    places = iter([source.place for source in reader.sources])
    return lambda data, final: container.lay_out(data, final, places)


def records_schema() -> dict[str, Any]:
    """Return the JSON Schema of a record, version 1."""
    from pathlib import Path

    text = (Path(__file__).parent / "schema" / "batch-1.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found
