"""A server of the Model Context Protocol: tools for assistants that draft or check articles, over standard streams.

Built on the protocol's own Python SDK, in the low form: what tools take is told as JSON Schema and checked here, so
that every fault is one line for the assistant to read, and nothing of a text is in it, in a log or anywhere else. No
tool reads a file or asks a network; an article is what the call brings.
"""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from ._version import __version__
from .errors import AnnotatorError, MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mcp.server import Server, ServerRequestContext
    from mcp_types import CallToolRequestParams, CallToolResult, ListToolsResult, PaginatedRequestParams

    from .api import Annotator, Result
    from .config import Settings

MOST_LETTERS = 200_000  # of an article: some 30,000 words
MOST_WORDS = 400  # characters that are looked up
MOST_HITS = 200  # that explain tells of
_MOST_PLACES = 20  # jurisdictions in one call

INSTRUCTIONS = """\
Sanctions law for articles, as of the article's date, with the instrument, the paragraph and a link. Answers come \
from checked rules and from official sanctions lists, never from a model; what is not in them is not answered, which \
proves nothing. Use lookup for a question (a name, a measure, a citation), check for a draft, annotate for notes to \
print, explain for why. A name on a list is no proof that the same person is meant. This is reference material, not \
legal advice."""

_AS_OF = {
    "type": "string",
    "pattern": r"^(today|\d{4}-\d{2}-\d{2})$",
    "description": "The day of which the law is, YYYY-MM-DD or today. Left out: the article's own date where it gives "
    "one, else today.",
}
_JURISDICTIONS = {
    "type": "array",
    "maxItems": _MOST_PLACES,
    "items": {"type": "string", "pattern": "^[A-Za-z]{2,8}$"},
    "description": "Keep what is of these only: un, eu, us, uk, ca, ch …",
}
_TEXT = {
    "type": "string",
    "minLength": 1,
    "maxLength": MOST_LETTERS,
    "description": "The article itself, not a path or a link.",
}
_FORMAT = {"enum": ["text", "markdown", "html"], "default": "text", "description": "What the article is written in."}
_ARTICLE: dict[str, Any] = {"text": _TEXT, "format": _FORMAT, "as_of": _AS_OF, "jurisdictions": _JURISDICTIONS}
_DAY = {
    "as_of": {"type": "string", "description": "The day of which the law is."},
    "as_of_from": {"type": "string", "description": "Where that day came from."},
}


class _Told(NamedTuple):
    """What a tool answers: words to read, and the same as data."""

    words: str
    data: dict[str, Any]


class _Tool(NamedTuple):
    """A tool: what it is for, what it takes, what it gives, and what does it."""

    title: str
    about: str
    takes: dict[str, Any]
    gives: Callable[[], dict[str, Any]]
    run: Callable[[Annotator, Settings, Mapping[str, Any]], _Told]


def _made(annotator: Annotator, settings: Settings, given: Mapping[str, Any]) -> Result:
    options = settings.options(given.get("format", "text"))
    if "as_of" in given:
        options = replace(options, as_of=given["as_of"])
    if given.get("jurisdictions"):
        options = replace(options, jurisdictions=_places(given, ()))
    return annotator.annotate(given["text"], options=options)


def _annotate(annotator: Annotator, settings: Settings, given: Mapping[str, Any]) -> _Told:
    result = _made(annotator, settings, given)
    return _Told(result.render(detail=given.get("detail", settings.detail)), result.to_dict())


def _check(annotator: Annotator, settings: Settings, given: Mapping[str, Any]) -> _Told:
    from .writing import findings

    result = _made(annotator, settings, given)
    found = findings.findings(result.document, result.annotations, "-", result.as_of, result.as_of_from)
    found.sort(key=lambda one: one.key)
    checks = [one for one in found if one.level == "check"]
    shown = found if given.get("notes", True) else checks
    rows = json.loads(findings.as_json(shown))
    for row in rows:
        del row["path"], row["as_of"], row["as_of_from"]
    lines = [f"{one.line}:{one.column}: {one.level} [{one.annotation.rule}] {one.what}" for one in shown]
    head = f"{len(checks)} checks, {len(found) - len(checks)} notes. Law as of {result.as_of} ({result.as_of_from})."
    data = {"as_of": result.as_of, "as_of_from": result.as_of_from, "checks": len(checks),
            "notes": len(found) - len(checks), "findings": rows}  # fmt: skip
    return _Told("\n".join([head, *lines]), data)


def _places(given: Mapping[str, Any], otherwise: tuple[str, ...]) -> tuple[str, ...]:
    """Return the jurisdictions that a call names, else those of the settings."""
    return tuple(one.lower() for one in given.get("jurisdictions") or otherwise)


def _lookup(annotator: Annotator, settings: Settings, given: Mapping[str, Any]) -> _Told:
    from .lookup.record import record
    from .lookup.text import lines

    places = _places(given, settings.jurisdiction)
    annotator.check_jurisdictions(places)
    found = annotator.lookup(given["words"], as_of=given.get("as_of", settings.as_of), jurisdictions=places)
    return _Told("\n".join(lines(found)), json.loads(json.dumps(record(found))))


def _explain(annotator: Annotator, settings: Settings, given: Mapping[str, Any]) -> _Told:
    from .api import day_of
    from .cli.explain import records

    document = annotator.read(given["text"], format=given.get("format", "text"))
    day, day_from = day_of(given.get("as_of", settings.as_of), document)
    if given.get("jurisdictions"):
        settings = replace(settings, jurisdiction=_places(given, ()))
        annotator.check_jurisdictions(settings.jurisdiction)
    hits = records(annotator, settings, document, day, everything=given.get("everything", False))
    words = given.get("at")
    if words:
        hits = [hit for hit in hits if words.lower() in hit["text"].lower() or hit["text"].lower() in words.lower()]
    shown = hits[:MOST_HITS]
    said = [_said(hit) for hit in shown]
    head = f"{len(hits)} hits, {sum(hit['accepted'] for hit in hits)} accepted, as of {day} ({day_from})."
    data = {"as_of": day, "as_of_from": day_from, "hits": shown, "left_out": len(hits) - len(shown)}
    return _Told("\n".join([head, *said]), json.loads(json.dumps(data)))


def _said(hit: dict[str, Any]) -> str:
    """Say in lines what a hit is and why."""
    verdict = "accepted" if hit["accepted"] else f"ruled out: {hit['ruled_out']}"
    lines = [f"{hit['start']}-{hit['end']} {' '.join(hit['text'].split())!r} {hit['rule']}: {verdict}"]
    lines += [f"  because {reason}" for reason in hit["why"]]
    lines += [f"  note {note['id']}" + (f": {note['left_out']}" if note["left_out"] else "") for note in hit["notes"]]
    lines += [f"  no answer of {regime['id']}: {regime['why']}" for regime in hit["regimes"]]
    return "\n".join(lines)


def _annotations_schema() -> dict[str, Any]:
    from .writing import json_schema

    return json_schema()


def _lookup_schema() -> dict[str, Any]:
    from .lookup.record import schema

    return schema()


def _object(required: list[str], **properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "required": required, "properties": properties}


def _findings_schema() -> dict[str, Any]:
    number = {"type": "integer", "minimum": 0}
    finding = {
        "type": "object",
        "required": ["line", "column", "level", "rule", "text", "message", "note"],
        "properties": {
            "line": {**number, "description": "From 1; so is the column."},
            "column": number,
            "level": {"enum": ["check", "note"], "description": "check: the article may have it wrong."},
            "grade": {"type": ["string", "null"], "description": "Of a check: contradicted or imprecise."},
            "rule": {"type": "string"},
            "text": {"type": "string", "description": "The words of the article."},
            "message": {"type": "string"},
            "note": {"type": "object", "description": "The note as in the output of annotate, with its sources."},
        },
    }
    return _object(
        ["as_of", "as_of_from", "checks", "notes", "findings"], **_DAY, checks=number, notes=number,
        findings={"type": "array", "items": finding},
    )  # fmt: skip


def _hits_schema() -> dict[str, Any]:
    hit = {"type": "object", "required": ["start", "end", "text", "rule", "accepted", "ruled_out", "why", "notes"]}
    return _object(
        ["as_of", "as_of_from", "hits", "left_out"], **_DAY, hits={"type": "array", "items": hit},
        left_out={"type": "integer", "minimum": 0, "description": f"Hits beyond the first {MOST_HITS}."},
    )  # fmt: skip


TOOLS = {
    "annotate": _Tool(
        "Annotate an article",
        "Put reference notes on sanctions law into an article: what each measure is, which paragraph of which "
        "instrument holds it, since when, with a link, as the law stood on the day; and checks of what the article has "
        "wrong. The words of the article stay as they are; notes are only put in.",
        _object(["text"], **_ARTICLE, detail={"enum": ["brief", "full"], "description": "How much the notes say."}),
        _annotations_schema,
        _annotate,
    ),
    "check": _Tool(
        "Check an article",
        "Find what an article has wrong about sanctions law (an instrument, a date, a list, an amount, what has "
        "ended), with line and column, and what there is to note. No check does not mean that all of it is right.",
        _object(
            ["text"],
            **_ARTICLE,
            notes={"type": "boolean", "default": True, "description": "With notes, or checks alone."},
        ),
        _findings_schema,
        _check,
    ),
    "lookup": _Tool(
        "Look something up",
        'Look up a name ("Kim Yong-chol"), a measure with its country ("luxury goods to North Korea"), a citation '
        '("S/RES/2397 para. 7", "E.O. 14024"), a programme\'s tag or a ship\'s IMO number: what held on the day, since '
        "when, what changed.",
        _object(
            ["words"],
            words={"type": "string", "minLength": 1, "maxLength": MOST_WORDS, "description": "What to look up."},
            as_of={**_AS_OF, "description": "The day asked for, YYYY-MM-DD or today; today when left out."},
            jurisdictions=_JURISDICTIONS,
        ),
        _lookup_schema,
        _lookup,
    ),
    "explain": _Tool(
        "Explain the notes of an article",
        "Say of the places in an article which rule found something, on what evidence, and why a note is given or not.",
        _object(
            ["text"],
            **_ARTICLE,
            at={"type": "string", "minLength": 1, "maxLength": MOST_WORDS, "description": "Only hits on these words."},
            everything={"type": "boolean", "default": False, "description": "Every hit that was ruled out too."},
        ),
        _hits_schema,
        _explain,
    ),
}  # fmt: skip


def server(annotator: Annotator, settings: Settings) -> Server[Any]:
    """Return the server with its tools. Raises ``MissingExtraError`` where the SDK is not installed.

    ``settings`` are what a call does not say otherwise. A call that asks for what cannot be is answered with an error
    of the tool in one line.
    """
    try:
        import anyio.to_thread
        from mcp.server import Server
        from mcp_types import CallToolResult, ListToolsResult, TextContent, Tool, ToolAnnotations
    except ImportError:
        raise MissingExtraError(
            'annotator mcp needs the SDK of the protocol; install it with: pip install "sanctions-annotator[mcp]"'
        ) from None
    _say_nothing()
    hints = {"read_only_hint": True, "destructive_hint": False, "idempotent_hint": True, "open_world_hint": False}
    # One call at a time: each takes a processor, and assistants seldom send two.
    turns = anyio.CapacityLimiter(1)

    async def listed(_: ServerRequestContext[Any], __: PaginatedRequestParams | None) -> ListToolsResult:
        tools = [
            Tool(
                name=name,
                title=tool.title,
                description=tool.about,
                input_schema=tool.takes,
                output_schema=tool.gives(),
                annotations=ToolAnnotations(title=tool.title, **hints),
            )
            for name, tool in TOOLS.items()
        ]
        return ListToolsResult(tools=tools)

    async def called(_: ServerRequestContext[Any], params: CallToolRequestParams) -> CallToolResult:
        work = partial(_answer, annotator, settings, params.name, params.arguments or {})
        told = await anyio.to_thread.run_sync(work, limiter=turns)
        if isinstance(told, str):
            return CallToolResult(content=[TextContent(type="text", text=told)], is_error=True)
        return CallToolResult(content=[TextContent(type="text", text=told.words)], structured_content=told.data)

    return Server(
        "annotator",
        version=__version__,
        title="Sanctions law for articles",
        instructions=INSTRUCTIONS,
        on_list_tools=listed,
        on_call_tool=called,
    )


def _answer(annotator: Annotator, settings: Settings, name: str, given: Mapping[str, Any]) -> _Told | str:
    """Return what a tool answers, or in one line what is wrong with the call."""
    tool = TOOLS.get(name)
    if tool is None:
        return f"there is no tool of this name; there are {', '.join(TOOLS)}"
    fault = _fault(tool.takes, given)
    if fault:
        return fault
    try:
        return tool.run(annotator, settings, given)
    except AnnotatorError as error:
        return " ".join(str(error).split())
    except Exception as error:  # noqa: BLE001 - no words of the article may go where an unforeseen error would take them
        return f"internal error: {type(error).__name__}; please report it"


def _fault(schema: Mapping[str, Any], given: Mapping[str, Any]) -> str:
    """Say in a line what is wrong with the arguments of a call, without what they hold; empty where nothing is."""
    from jsonschema import Draft202012Validator

    error = next(iter(Draft202012Validator(schema).iter_errors(given)), None)
    if error is None:
        return ""
    where = str(error.absolute_path[0]) if error.absolute_path else ""
    known = schema["properties"]
    if error.validator == "required":
        return f"{', '.join(one for one in schema['required'] if one not in given)} is missing"
    if error.validator == "additionalProperties":
        return f"there is an argument that the tool does not know; it takes {', '.join(known)}"
    if error.validator == "maxLength":
        return f"{where}: more than {error.validator_value:,} characters; send a shorter text, or its parts one by one"
    said = {
        "type": f"must be {error.validator_value}",
        "enum": f"must be one of {', '.join(map(str, error.validator_value))}" if error.validator == "enum" else "",
        "pattern": "must be YYYY-MM-DD or today" if where == "as_of" else "must be short names such as un, eu, us",
        "minLength": "must not be empty",
        "maxItems": f"must be {error.validator_value} at most",
    }
    return f"{where}: {said.get(str(error.validator), 'is not what the tool takes')}"


def _say_nothing() -> None:
    """Keep the SDK's log to itself: what it says of a message that it cannot read may hold the message."""
    log = logging.getLogger("mcp")
    log.addHandler(logging.NullHandler())
    log.propagate = False
    log.setLevel(logging.CRITICAL + 1)


def serve(annotator: Annotator, settings: Settings) -> None:
    """Answer on standard input and output until the client closes them. Raises ``MissingExtraError``."""
    made = server(annotator, settings)
    import anyio
    from mcp.server.stdio import stdio_server

    async def answer() -> None:
        async with stdio_server() as (read, write):
            await made.run(read, write, made.create_initialization_options())

    anyio.run(answer)
