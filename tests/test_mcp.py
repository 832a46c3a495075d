"""The tools for assistants: asked by the SDK's own client, in memory and over the streams of a process."""

from __future__ import annotations

import logging
import os
import sys
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from conftest import ROOT

pytest.importorskip("mcp")

import anyio
from mcp import Client, StdioServerParameters

from annotator import Annotator, errors, strip
from annotator import mcp as tools
from annotator.config import Settings

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from conftest import Command
    from mcp_types import CallToolResult

DAY = "2024-06-20"
WRONG = "Diplomats said the ban on sending luxury goods to North Korea was adopted under Resolution 2397.\n"


@pytest.fixture(scope="module")
def annotator() -> Annotator:
    return Annotator(lists=False)


def talk(server: Any, what: Callable[[Client], Awaitable[Any]]) -> Any:
    """Connect the SDK's client to a server, do something with it, and return what comes of it."""

    async def both() -> Any:
        async with Client(server, read_timeout_seconds=120) as client:
            return await what(client)

    return anyio.run(both)


def call(annotator: Annotator, tool: str, settings: Settings | None = None, **given: Any) -> CallToolResult:
    return talk(tools.server(annotator, settings or Settings()), lambda client: client.call_tool(tool, given))


def data(answer: CallToolResult) -> dict[str, Any]:
    assert not answer.is_error, answer.content
    return answer.structured_content


def words(answer: CallToolResult) -> str:
    (block,) = answer.content
    return block.text


def test_the_tools_say_what_they_take_and_give(annotator: Annotator) -> None:
    listed = talk(tools.server(annotator, Settings()), lambda client: client.list_tools()).tools
    assert [one.name for one in listed] == ["annotate", "check", "lookup", "explain"]
    for one in listed:
        assert one.title
        assert one.description
        jsonschema.Draft202012Validator.check_schema(one.input_schema)
        jsonschema.Draft202012Validator.check_schema(one.output_schema)
        assert one.annotations.read_only_hint
        assert not one.annotations.open_world_hint
        for name, taken in one.input_schema["properties"].items():
            assert taken.get("description"), f"{one.name}: {name}"
            # Whatever may be long has an end.
            assert taken.get("type") != "string" or "maxLength" in taken or "pattern" in taken, f"{one.name}: {name}"
            assert taken.get("type") != "array" or "maxItems" in taken, f"{one.name}: {name}"


def test_annotate(annotator: Annotator) -> None:
    answer = call(annotator, "annotate", text=WRONG, as_of=DAY)
    own = annotator.annotate(WRONG, as_of=DAY, format="text")
    assert words(answer) == own.render()
    assert strip(words(answer)) == WRONG
    assert data(answer) == own.to_dict()
    full = call(annotator, "annotate", text=WRONG, as_of=DAY, detail="full", jurisdictions=["UN"])
    assert len(words(full)) > len(words(answer))


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_other_formats(annotator: Annotator, form: str) -> None:
    text = f"<p>{WRONG}</p>\n" if form == "html" else f"# News\n\n{WRONG}"
    answer = call(annotator, "annotate", text=text, as_of=DAY, format=form)
    assert strip(words(answer)) == text
    assert words(answer) != text
    assert data(answer)["document"]["format"] == form


def test_check(annotator: Annotator) -> None:
    answer = call(annotator, "check", text=f"First.\n{WRONG}", as_of=DAY)
    found = data(answer)
    assert (found["as_of"], found["as_of_from"], found["checks"]) == (DAY, "given", 1)
    (wrong,) = (one for one in found["findings"] if one["level"] == "check")
    assert (wrong["line"], wrong["grade"]) == (2, "contradicted")
    assert wrong["text"].endswith("Resolution 2397")
    assert f"2:{wrong['column']}: check [{wrong['rule']}] {wrong['message']}" in words(answer)
    alone = data(call(annotator, "check", text=WRONG, as_of=DAY, notes=False))
    assert [one["level"] for one in alone["findings"]] == ["check"]
    nothing = data(call(annotator, "check", text="Rain.", as_of=DAY))
    assert (nothing["checks"], nothing["notes"], nothing["findings"]) == (0, 0, [])


def test_lookup(annotator: Annotator) -> None:
    answer = call(annotator, "lookup", words="luxury goods to North Korea", as_of=DAY)
    assert [one["id"] for one in data(answer)["provisions"]] == ["un.dprk.luxury-goods"]
    assert "S/RES/1718 (2006)" in words(answer)
    nothing = call(annotator, "lookup", words="tea from Russia", as_of=DAY)
    assert data(nothing)["found"] is False
    assert "No rule here holds a measure on Russia" in words(nothing)


def test_explain(annotator: Annotator) -> None:
    answer = call(annotator, "explain", text=WRONG, as_of=DAY, at="Resolution 2397")
    hits = data(answer)["hits"]
    assert any(hit["rule"].startswith("claim.") and hit["accepted"] for hit in hits)
    assert all("2397" in hit["text"] for hit in hits)
    assert "because" in words(answer)
    few = data(call(annotator, "explain", text=WRONG, as_of=DAY))
    every = data(call(annotator, "explain", text=WRONG, as_of=DAY, everything=True))
    assert len(every["hits"]) > len(few["hits"])
    assert every["left_out"] == 0


def test_settings_hold_where_a_call_says_nothing(annotator: Annotator) -> None:
    settings = Settings(as_of="2001-01-01", jurisdiction=("eu",))
    assert data(call(annotator, "check", settings, text=WRONG))["as_of"] == "2001-01-01"
    assert data(call(annotator, "check", settings, text=WRONG, as_of=DAY))["notes"] == 0
    assert data(call(annotator, "check", settings, text=WRONG, as_of=DAY, jurisdictions=["un"]))["notes"] > 0


SECRET = "qzxv-not-to-be-told"


@pytest.mark.parametrize(
    ("tool", "given", "told"),
    [
        ("annotate", {}, "text is missing"),
        ("annotate", {"text": ""}, "text: must not be empty"),
        ("annotate", {"text": 5}, "text: must be string"),
        ("annotate", {"text": "x" * (tools.MOST_LETTERS + 1)}, "text: more than 200,000 characters"),
        ("annotate", {"text": SECRET, "as_of": "yesterday"}, "as_of: must be YYYY-MM-DD or today"),
        ("annotate", {"text": SECRET, "as_of": "2024-02-31"}, "'2024-02-31' is not a date"),
        ("annotate", {"text": SECRET, "format": "docx"}, "format: must be one of text, markdown, html"),
        ("annotate", {"text": SECRET, "path": "/etc/passwd"}, "there is an argument that the tool does not know"),
        ("check", {"text": SECRET, "jurisdictions": ["zz"]}, "no note is of 'zz'"),
        ("check", {"text": SECRET, "jurisdictions": ["un"] * 21}, "jurisdictions: must be 20 at most"),
        ("check", {"text": SECRET, "jurisdictions": ["u n"]}, "jurisdictions: must be short names"),
        ("lookup", {"words": "coal", "jurisdictions": ["zz"]}, "no note is of 'zz'"),
        ("lookup", {"words": "?!"}, "nothing to look up"),
        ("lookup", {"words": "x" * 401}, "words: more than 400 characters"),
        ("explain", {"text": SECRET, "jurisdictions": ["zz"]}, "no note is of 'zz'"),
        ("nothing", {}, "there is no tool of this name; there are annotate, check, lookup, explain"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(annotator: Annotator, tool: str, given: dict[str, Any], told: str) -> None:
    answer = call(annotator, tool, **given)
    assert answer.is_error
    assert told in words(answer)
    assert "\n" not in words(answer)
    assert SECRET not in words(answer)
    assert answer.structured_content is None


def test_nothing_of_a_text_is_in_an_unforeseen_error_or_a_log(
    annotator: Annotator, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capfd: Any
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(Annotator, "annotate", broken)
    with caplog.at_level(logging.DEBUG):
        answer = call(annotator, "check", text=SECRET)
        call(annotator, "check", text=5)
    assert words(answer) == "internal error: RuntimeError; please report it"
    assert SECRET not in caplog.text
    assert SECRET not in "".join(capfd.readouterr())


def test_calls_at_once_are_all_answered(annotator: Annotator) -> None:
    async def many(client: Client) -> list[str]:
        answers: dict[int, str] = {}

        async def one(number: int) -> None:
            text = f"{WRONG} Number {number}.\n"
            answers[number] = words(await client.call_tool("annotate", {"text": text, "as_of": DAY}))

        async with anyio.create_task_group() as group:
            for number in range(12):
                group.start_soon(one, number)
        return [answers[number] for number in range(12)]

    found = talk(tools.server(annotator, Settings()), many)
    assert [f"Number {number}." in text for number, text in enumerate(found)] == [True] * 12
    assert [strip(text) for text in found] == [f"{WRONG} Number {number}.\n" for number in range(12)]


def test_a_process_over_its_streams(tmp_path: Path) -> None:
    """A client starts the command as its configuration says, asks, and ends it; nothing but the protocol is printed."""
    environ = {"PYTHONPATH": str(ROOT), "ANNOTATOR_CACHE_DIR": os.environ.get("ANNOTATOR_CACHE_DIR", str(tmp_path))}
    parameters = StdioServerParameters(
        command=sys.executable,
        args=["-m", "annotator", "mcp", "--no-lists", "--as-of", DAY, "--no-config"],
        env={**os.environ, **environ},
        cwd=str(tmp_path),
    )

    async def ask(client: Client) -> tuple[Any, ...]:
        listed = await client.list_tools()
        checked = await client.call_tool("check", {"text": WRONG})
        refused = await client.call_tool("check", {"text": ""})
        looked = await client.call_tool("lookup", {"words": "S/RES/2397 para. 7"})
        return [one.name for one in listed.tools], checked, refused, looked

    names, checked, refused, looked = talk(parameters, ask)
    assert names == list(tools.TOOLS)
    assert data(checked)["checks"] == 1
    assert data(checked)["as_of"] == DAY
    assert refused.is_error
    assert data(looked)["found"] is True


def test_the_command_ends_with_its_input_and_says_what_is_missing(
    run: Command, process: Any, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = process("mcp", "--no-lists", "--no-config", cwd=here, stdin=b'not json\n{"half": \n')
    assert done.returncode == 0
    assert b"not json" not in done.stderr
    assert b"half" not in done.stderr
    monkeypatch.setitem(sys.modules, "mcp.server", None)
    told = run("mcp", "--no-lists", "--no-config")
    assert told.exit_code == errors.ExitCode.MISSING_EXTRA
    assert told.stderr.splitlines()[-1].endswith('install it with: pip install "sanctions-annotator[mcp]"')
    assert run("mcp", "--as-of", "x", "--no-config").exit_code == errors.ExitCode.USAGE
