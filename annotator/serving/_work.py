"""What a worker does: annotate an article, or look something up, and hand back what goes into the answer.

It knows nothing of HTTP but the number that an error is answered with. What can be read and written is what the tables
of the layers `reading` and `writing` hold.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .. import writing
from .._lazy import regex
from ..config import Options
from ..errors import AnnotatorError, EditedError, InputError, MissingExtraError, UsageError

if TYPE_CHECKING:
    from ..api import Annotator, Result

READY = "ready"
FINDINGS = "findings"  # an output beside those of `writing`: what ``annotator check --output-format json`` prints

# What the outputs are called in HTTP; one that is not here is bytes and no more.
_TYPES = {
    "text": "text/plain",
    "markdown": "text/markdown",
    "html": "text/html",
    "report": "text/html",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "json": "application/json",
    "webannotation": "application/ld+json",
    "brat": "text/plain",
    "plain": "text/plain",
    "csv": "text/csv",
    "sarif": "application/sarif+json",
}
_ENDINGS = {"text": ".txt", "markdown": ".md", "html": ".html", "docx": ".docx"}
_MOST_WARNINGS = 5
_LONGEST = 240  # of a warning, and of a word from outside
_LONGEST_NAME = 100
_NO_NAME = regex(r"[<>:\"/\\|?*]+")
_MEMORY = 4 << 30  # bytes of address space of a worker, where the system can bound it
_SWOLLEN = 384 << 20  # bytes that a worker may have grown by, and still go on


@dataclass(frozen=True, slots=True)
class Article:
    """An article to annotate: its text or its bytes, the name of its file, and what is to be made of it.

    ``output`` is one of `annotator.writing.FORMATS`, or ``findings``; ``options`` are as for `Annotator.annotate`.
    """

    source: str | bytes
    output: str
    name: str | None = None
    style: str = ""
    detail: str = "brief"
    options: Options = field(default_factory=Options)


@dataclass(frozen=True, slots=True)
class Question:
    """Words to look up, as of a day (today when ``None``), by the law of some jurisdictions (all when empty)."""

    words: str
    as_of: str | None = None
    jurisdictions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of it: the content with its media type, the name of a file for it, and what is to be told beside it."""

    content: bytes
    media: str
    name: str = ""
    told: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """Why there is no answer: the HTTP status, one line for people, and for our own faults what is to be reported."""

    status: int
    detail: str
    report: str = ""


def media_types() -> tuple[str, ...]:
    """Return the media types that answers about articles may be of."""
    return tuple(dict.fromkeys([*(_TYPES.get(name, _BYTES) for name in writing.FORMATS), "application/json"]))


_BYTES = "application/octet-stream"


def serve(tasks: Any, results: Any, annotator: Annotator | None) -> None:
    """Be a worker: take tasks and give back answers, until nobody is there to ask for more.

    The first thing that comes is the settings, for a worker that has no annotator. It says when it is ready, or why it
    cannot be.
    """
    import threading
    from queue import SimpleQueue

    inbox: SimpleQueue[Any] = SimpleQueue()

    def take_in() -> None:
        # A server that was killed can tell nobody; a worker in the middle of an article ends with it.
        try:
            while True:
                inbox.put(tasks.recv())
        except (EOFError, OSError):
            os._exit(0)
        finally:
            os._exit(1)

    threading.Thread(target=take_in, daemon=True).start()
    try:
        _bound_memory()
        settings = inbox.get()
        try:
            if annotator is None:
                from ..api import Annotator

                annotator = Annotator.of(settings)
            warm(annotator)
        except AnnotatorError as error:
            results.send((str(error), int(error.exit_code)))
            os._exit(1)
        gc.freeze()
        gc.set_threshold(20_000, 10, 10)  # a batch seldom collects, and ends; this goes on for days
        results.send(READY)
        begun = _memory()
        while True:
            given = answer(annotator, inbox.get())
            # What a large article took is seldom given back to the system.
            results.send((given, _memory() - begun > _SWOLLEN))
            del given
    except (MemoryError, OSError):  # the second means that the server is gone
        os._exit(1)


def warm(annotator: Annotator) -> None:
    """Open what the first article would open: rules and lists with their index."""
    from ..noting import POLICIES

    result = annotator.annotate(
        "# Sanctions\n\nThe UN Security Council banned luxury goods for North Korea under resolution 1718 (2006).",
        as_of="2024-06-20", notes=POLICIES[0], format="markdown",
    )  # fmt: skip
    result.render_bytes("report")
    if annotator.lists is not None:
        annotator.lists.open()


def answer(annotator: Annotator, task: Article | Question) -> Answer | Fault:
    """Return what a task comes to. Nothing is raised but what ends the process."""
    try:
        return _looked_up(annotator, task) if isinstance(task, Question) else _annotated(annotator, task)
    except AnnotatorError as error:
        return Fault(_status(error), _line(str(error)))
    except MemoryError:
        return Fault(413, "the article takes more memory than one may have here; send a smaller one, or a part of it")
    except Exception as error:  # noqa: BLE001 - a fault of ours is answered as one, and the worker goes on
        # Its words may hold some of the article, and those are nobody's business but the sender's.
        return Fault(500, f"internal error ({type(error).__name__}); please report it", _where(error))


def _status(error: AnnotatorError) -> int:
    if isinstance(error, EditedError):
        return 409
    if isinstance(error, MissingExtraError):
        return 415
    return 422 if isinstance(error, (InputError, UsageError)) else 500


def _looked_up(annotator: Annotator, task: Question) -> Answer:
    from ..lookup.record import record

    found = annotator.lookup(task.words, as_of=task.as_of, jurisdictions=task.jurisdictions)
    return Answer(json.dumps(record(found)).encode("ascii"), "application/json")


def _annotated(annotator: Annotator, task: Article) -> Answer:
    result = annotator.annotate(task.source, path=task.name, options=task.options)
    media = _TYPES.get(task.output, _BYTES)
    if task.output == FINDINGS:
        content, media = _findings(result, task.name or "article"), "application/json"
    else:
        content = result.render_bytes(task.output, style=task.style, detail=task.detail)
    output = writing.OUTPUTS.get(task.output)
    codec = "utf-8" if output is None or not output.keeps else result.document.encoding
    if media.startswith("text/") and codec:
        media = f"{media}; charset={codec}"
    return Answer(content, media, _file_name(task.name, task.output), _told(result, task.options))


def _findings(result: Result, name: str) -> bytes:
    from ..writing.findings import as_json, findings

    found = findings(result.document, result.annotations, name, result.as_of, result.as_of_from)
    return as_json(found).encode("ascii")


def _told(result: Result, options: Options) -> dict[str, Any]:
    """Return what should be known beside an output: how much was found, of when the law is, and what may be wrong."""
    checks = {note for one in result.checks for note in one.notes}
    notes = {note for one in result.annotations if one.kind != "claim" for note in one.notes}
    warnings = list(result.warnings)
    if result.annotations and result.as_of_from.startswith("today") and options.as_of is None:
        warnings.append(
            f"the article gives no date, so the law is that of today, {result.as_of}; another day may be given"
        )
    if result.unplaced:
        from ..api import unplaced_words

        warnings.append(f"{unplaced_words(result)}; they were left out")
    fmt = result.document.format
    return {
        "format": fmt,
        "as_of": result.as_of,
        "as_of_from": _line(result.as_of_from),
        "mentions": sum(bool(one.notes) for one in result.annotations),
        "notes": len(notes),
        "checks": len(checks),
        "outputs": [name for name, one in writing.OUTPUTS.items() if not one.keeps or fmt in one.keeps],
        "warnings": [_line(one) for one in warnings[:_MOST_WARNINGS]],
    }


def _file_name(name: str | None, output: str) -> str:
    """Return the name of a file for an output of an article.

    >>> _file_name("story.docx", "docx"), _file_name(None, "json"), _file_name("page.html", "report")
    ('story-noted.docx', 'article.json', 'page-report.html')
    """
    plain = "".join(char if char.isprintable() else " " for char in name or "")
    stem, ending = os.path.splitext(_NO_NAME.sub(" ", plain).strip(" ."))
    stem = stem[:_LONGEST_NAME].strip(" .") or "article"
    made = writing.OUTPUTS.get(output)
    if made is None:
        return f"{stem}-{output}.json"
    if made.keeps:
        return f"{stem}-noted{ending[:_LONGEST_NAME] if name and ending else _ENDINGS.get(output, '')}"
    return f"{stem}-report{made.suffix}" if output == "report" else f"{stem}{made.suffix}"


def _line(words: str) -> str:
    """Return words on one line, whole characters only, and not too many."""
    line = " ".join(words.encode("utf-8", "replace").decode().split())
    line = "".join(char if char.isprintable() else "\ufffd" for char in line)
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def _where(error: Exception) -> str:
    """Return the kind of an error and the place in our own code, without its words."""
    from traceback import extract_tb

    places = [one for one in extract_tb(error.__traceback__) if "annotator" in one.filename]
    place = f" at {os.path.basename(places[-1].filename)}:{places[-1].lineno}" if places else ""
    return f"{type(error).__name__}{place}"


def _memory() -> int:
    """Return the most bytes that this process has held; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:  # Windows
        return 0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most << 10


def _bound_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    try:
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        most = _MEMORY if hard == resource.RLIM_INFINITY else min(_MEMORY, hard)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    except (OSError, ValueError):  # a system that bounds no such thing
        return
