"""The server: what it answers, whom, how much it takes, and what becomes of an article that takes too long."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import pytest
from conftest import ROOT
from docxmaking import package, paragraph, text

from annotator import Annotator, strip
from annotator.config import NO_LISTS, Settings
from annotator.serving import Policy, Pool, create_app
from annotator.serving._app import page_policy
from annotator.writing import OUTPUTS

pytest.importorskip("fastapi")
from starlette.testclient import TestClient

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from conftest import Command

ARTICLE = "He sold widgets and gadgets.\n\nHe said nobody forbids them.\n"
TOKEN = "correct-horse-battery"
LONG = "He sold widgets to them. " * 250_000
DAY = "2024-06-20"


@pytest.fixture(scope="module")
def wanted(desk: Path) -> Settings:
    return Settings(rules=(str(desk),), default_rules=False, lists=(NO_LISTS,))


@pytest.fixture(scope="module")
def annotator(wanted: Settings) -> Annotator:
    return Annotator.of(wanted)


@pytest.fixture(scope="module")
def pool(wanted: Settings, annotator: Annotator) -> Iterator[Pool]:
    made = Pool(wanted, workers=2, seconds=60)
    made.start(annotator)
    yield made
    made.stop()


@pytest.fixture
def client(annotator: Annotator, pool: Pool) -> TestClient:
    return client_of(annotator, pool)


def client_of(annotator: Annotator, pool: Pool, *, log: Any = None, **policy: Any) -> TestClient:
    application = create_app(annotator, pool, Policy(**policy), log=log)
    return TestClient(application, base_url="http://127.0.0.1:8321", raise_server_exceptions=False)


def problem(answer: Any, status: int) -> str:
    """Return the one line of an error, which is as RFC 9457 has it."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert (told["type"], told["status"]) == ("about:blank", status)
    assert told["title"]
    assert told["detail"]
    assert "\n" not in told["detail"]
    return str(told["detail"])


# -- articles ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("output", [name for name, one in OUTPUTS.items() if not one.keeps or "text" in one.keeps])
def test_the_answer_is_what_the_library_makes(client: TestClient, annotator: Annotator, output: str) -> None:
    answer = client.post("/api/annotate", json={"text": ARTICLE, "output": output, "as_of": DAY, "name": "story.txt"})
    assert answer.status_code == 200
    result = annotator.annotate(ARTICLE, as_of=DAY, path="story.txt")
    assert answer.content == result.render_bytes(output)
    told = json.loads(answer.headers["annotator-told"])
    assert (told["format"], told["as_of"], told["as_of_from"]) == ("text", DAY, "given")
    assert (told["mentions"], told["notes"], told["checks"]) == (3, 2, 1)
    assert output in told["outputs"]


def test_a_text_comes_back_with_its_notes_and_they_come_out_again(client: TestClient) -> None:
    answer = client.post("/api/annotate", json={"text": ARTICLE, "output": "text"})
    assert answer.content != ARTICLE.encode()
    assert strip(answer.content) == ARTICLE.encode()
    again = client.post("/api/annotate", json={"text": answer.text, "output": "text"})
    assert again.content == answer.content
    edited = client.post("/api/annotate", json={"text": answer.text.replace("He sold", "She sold"), "output": "text"})
    problem(edited, 409)


FILES = {
    "story.txt": (ARTICLE.encode("utf-16"), "text"),
    "story.md": (b"# Shop\n\nHe sold *widgets*.\n", "markdown"),
    "story.html": (b"<!doctype html><title>t</title><p>He sold <b>widgets</b> to them.</p>", "html"),
    "story.docx": (package(paragraph(text("He sold widgets to them."))), "docx"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_comes_back_with_its_notes(client: TestClient, name: str) -> None:
    source, fmt = FILES[name]
    form = {"output": fmt, "jurisdictions": "un", "as_of": DAY}
    answer = client.post("/api/annotate", files={"file": (f"C:\\mine\\{name}", source)}, data=form)
    assert answer.status_code == 200, answer.text
    assert answer.content != source
    assert strip(answer.content) == source
    stem, _, ending = name.partition(".")
    assert f"filename*=UTF-8''{stem}-noted.{ending}" in answer.headers["content-disposition"]
    told = client.post("/api/annotate", files={"file": (name, source)}, data={"output": "json"}).json()
    assert (told["document"]["path"], told["document"]["format"]) == (name, fmt)


def test_what_is_chosen_counts(client: TestClient) -> None:
    def notes(**more: Any) -> list[str]:
        told = client.post("/api/annotate", json={"text": ARTICLE, **more}).json()
        return [note["text"] for one in told["annotations"] if one["kind"] != "claim" for note in one["notes"]]

    assert notes(as_of="2015-01-01") == ["Act 12 Art. 1 forbids widgets.", "Law 7 Art. 2 restricts gadgets."]
    assert notes(as_of=DAY, jurisdictions=["un"]) == ["Act 12 Art. 1 forbids widgets and nuts."]
    assert notes(as_of=DAY, jurisdictions=["eu", "eu"]) == ["Law 7 Art. 2 restricts gadgets."]
    twice = "Widgets here.\n\nWidgets there.\n"
    assert len(client.post("/api/annotate", json={"text": twice, "notes": "every"}).json()["annotations"]) == 2
    brief, full = (
        client.post("/api/annotate", json={"text": ARTICLE, "output": "text", "detail": detail}).text
        for detail in ("brief", "full")
    )
    assert len(full) > len(brief)


def test_what_should_be_known_is_told(client: TestClient) -> None:
    answer = client.post("/api/annotate", json={"text": ARTICLE})
    told = json.loads(answer.headers["annotator-told"])
    assert any("gives no date" in one for one in told["warnings"])
    dated = client.post("/api/annotate", json={"text": ARTICLE, "as_of": DAY})
    assert json.loads(dated.headers["annotator-told"])["warnings"] == []


def test_findings_are_those_of_the_command(client: TestClient, desk_run: Command, here: Path) -> None:
    (here / "story.txt").write_text(ARTICLE, encoding="utf-8")
    answer = client.post("/api/check", json={"text": ARTICLE, "name": "story.txt", "as_of": DAY})
    done = desk_run("check", "story.txt", "--as-of", DAY, "--output-format", "json", "--fail-on", "none")
    assert done.exit_code == 0, done.stderr
    assert answer.json() == json.loads(done.stdout)
    assert len(answer.json()) == 3


def test_words_are_looked_up(client: TestClient, annotator: Annotator) -> None:
    from annotator.lookup.record import record

    answer = client.post("/api/lookup", json={"words": "widgets", "as_of": DAY})
    assert answer.json() == json.loads(json.dumps(record(annotator.lookup("widgets", as_of=DAY))))
    assert answer.json()["found"]
    nothing = client.post("/api/lookup", json={"words": "umbrellas"})
    assert nothing.status_code == 200
    assert not nothing.json()["found"]


def test_a_form_of_a_browser_without_script_gets_the_report(client: TestClient) -> None:
    form = {"text": ARTICLE, "output": "report", "detail": "brief", "as_of": ""}
    answer = client.post("/api/annotate", data=form, files={"file": ("", b"")})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "content-disposition" not in answer.headers
    policy = answer.headers["content-security-policy"]
    assert "sha256-" in policy
    assert "unsafe" not in policy
    assert "widgets" in answer.text


# -- what is refused --------------------------------------------------------------------------------

JSON = {"content-type": "application/json"}
FORM = {"content-type": "multipart/form-data; boundary=x"}


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        ({"json": {}}, 422, "text"),
        ({"json": {"text": 7}}, 422, "text"),
        ({"json": {"text": "a", "jurisdiction": ["un"]}}, 422, "no such field"),
        ({"json": {"text": "a", "jurisdictions": ["mars"]}}, 422, "jurisdictions"),
        ({"json": {"text": "a", "as_of": "20240620"}}, 422, "as_of"),
        ({"json": {"text": "a", "as_of": "2024-02-30"}}, 422, "not a day"),
        ({"json": {"text": "a", "output": "pptx"}}, 422, "output"),
        ({"json": {"text": "a", "output": "docx"}}, 422, "cannot be written"),
        ({"json": {"text": "a", "format": "docx"}}, 422, "not a Word document"),
        ({"json": {"text": "a", "output": "json", "style": "excel"}}, 422, "style"),
        ({"content": b"{", "headers": JSON}, 400, "JSON"),
        ({"content": b'{"text": "\xff"}', "headers": JSON}, 400, "JSON"),
        ({"content": b"[" * 100_000, "headers": JSON}, 400, "JSON"),
        ({"content": b"a", "headers": {"content-type": "text/plain"}}, 415, "application/json"),
        ({"content": b"a"}, 415, "application/json"),
        ({"content": b"--x\r\n", "headers": {"content-type": "multipart/form-data"}}, 400, "boundary"),
        ({"content": b"--x\r\nnonsense", "headers": FORM}, 422, "missing"),
        ({"content": b"nonsense", "headers": FORM}, 400, "form"),
        ({"data": {"text": "a"}, "files": {"file": ("a.txt", b"b")}}, 422, "beside text"),
        ({"data": {"output": "json"}, "files": {"other": ("a.txt", b"b")}}, 422, "other"),
        ({"files": {"file": ("a.docx", b"PK\x03\x04broken")}}, 422, "a.docx"),
        ({"files": {"file": ("a.txt", bytes(range(256)) * 9)}}, 422, "a.txt"),
        ({"files": [("text", (None, "a")), ("text", (None, "b"))]}, 422, "more than once"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(client: TestClient, sent: dict[str, Any], status: int, words: str) -> None:
    assert words in problem(client.post("/api/annotate", **sent), status)


def test_what_is_wrong_with_a_question_is_said_in_one_line(client: TestClient) -> None:
    for body in ({"words": ""}, {"words": "..."}, {"words": "x" * 401}, {"words": "a", "as_of": "today"}, {}):
        problem(client.post("/api/lookup", json=body), 422)
    problem(client.post("/api/lookup", data={"words": "a"}), 415)
    problem(client.get("/api/lookup"), 405)
    problem(client.get("/api/nothing"), 404)
    problem(client.post("/"), 405)


@pytest.mark.parametrize(
    "host", ["attacker.example", "127.0.0.1.attacker.example", "localhost@attacker.example", "", "10.0.0.7", "a b"]
)
def test_a_host_that_is_not_this_server_is_refused(client: TestClient, host: str) -> None:
    for path in ("/", "/page.js", "/api/about"):
        problem(client.get(path, headers={"host": host}), 421)


@pytest.mark.parametrize("host", ["localhost:8321", "LOCALHOST", "127.0.0.1", "[::1]:8321", "notes.example.org"])
def test_a_host_that_is_this_server_is_not(annotator: Annotator, pool: Pool, host: str) -> None:
    client = client_of(annotator, pool, hosts=("notes.example.org",))
    assert client.get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://attacker.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "http://localhost:8321"},
        {"origin": "http://127.0.0.1:8321.attacker.example"},
        {"origin": "file://"},
        {"origin": "http://[x"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_a_page_of_another_origin_is_refused(client: TestClient, headers: dict[str, str]) -> None:
    problem(client.post("/api/annotate", json={"text": "a"}, headers=headers), 403)
    problem(client.get("/api/about", headers=headers), 403)
    assert client.options("/api/annotate", headers=headers).status_code == 403
    assert "access-control-allow-origin" not in client.get("/", headers=headers).headers


def test_a_body_of_very_many_fields_is_refused(client: TestClient) -> None:
    problem(client.post("/api/annotate", json={"text": "a", **{str(n): 1 for n in range(100_000)}}), 422)


def test_our_own_page_is_not(client: TestClient) -> None:
    headers = {"origin": "http://127.0.0.1:8321", "sec-fetch-site": "same-origin"}
    assert client.post("/api/annotate", json={"text": "a"}, headers=headers).status_code == 200
    proxied = {"host": "localhost", "origin": "https://localhost"}
    assert client.post("/api/annotate", json={"text": "a"}, headers=proxied).status_code == 200


def test_a_token_is_asked_for(annotator: Annotator, pool: Pool) -> None:
    client = client_of(annotator, pool, token=TOKEN)
    for headers in (
        {},
        {"authorization": "Bearer wrong"},
        {"authorization": TOKEN},
        {"authorization": f"Basic {TOKEN}"},
    ):
        for path in ("/api/annotate", "/api/about", "/api/openapi.json", "/api/nothing"):
            answer = client.get(path, headers=headers)
            problem(answer, 401)
            assert answer.headers["www-authenticate"].startswith("Bearer")
        problem(client.post("/nothing", content=b"x" * 100, headers=headers), 401)
    good = {"authorization": f"Bearer {TOKEN}"}
    assert client.post("/api/annotate", json={"text": "a"}, headers=good).status_code == 200
    assert client.get("/").status_code == 200  # the page itself, which asks for it


def test_a_request_that_is_too_large_is_refused(annotator: Annotator, pool: Pool) -> None:
    client = client_of(annotator, pool, size=1000)
    assert client.post("/api/annotate", json={"text": "a" * 900}).status_code == 200
    for size in (1001, 3000, 100_000):
        assert "1 kB" in problem(client.post("/api/annotate", json={"text": "a" * size}), 413)
        chunks = iter([b"a" * 100] * (size // 100 + 1))
        problem(client.post("/api/annotate", content=chunks, headers=JSON), 413)
    crowded = client_of(annotator, pool, held=500)
    answer = crowded.post("/api/annotate", json={"text": "a" * 900})
    problem(answer, 503)
    assert answer.headers["retry-after"]
    for _ in range(3):  # what was counted is given back
        assert crowded.post("/api/annotate", json={"text": "a" * 400}).status_code == 200


@pytest.mark.parametrize("length", ["-1", "1e3", "١٢", "9" * 30])
def test_a_wrong_length_is_refused(annotator: Annotator, pool: Pool, length: str) -> None:
    """The server in front takes care of these; the guard does not rely on it."""
    headers = [(b"host", b"localhost"), (b"content-length", length.encode())]
    assert asyncio.run(bare(create_app(annotator, pool), headers, [])) == 400


def test_a_request_that_does_not_come_to_an_end_is_given_up(annotator: Annotator, pool: Pool) -> None:
    application = create_app(annotator, pool, Policy(seconds=0.2))
    headers = [(b"host", b"localhost"), (b"content-type", b"application/json")]
    part = {"type": "http.request", "body": b"{", "more_body": True}
    assert asyncio.run(bare(application, headers, [part])) == 408


@contextmanager
def listening(application: Any, seconds: float) -> Iterator[int]:
    """Serve an application in a thread, on connections that are given up after so many seconds; give the port."""
    import uvicorn

    from annotator.serving._connection import connections

    config = uvicorn.Config(application, http=connections(seconds), ws="none", lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        sock.listen()
        thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]})
        thread.start()
        try:
            yield sock.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join()


async def large(scope: Any, receive: Any, send: Any) -> None:
    """Answer with more than a connection holds back."""
    del scope, receive
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": bytes(20_000_000)})


@pytest.mark.parametrize("begun", [b"", b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "])
def test_a_header_that_does_not_come_to_an_end_is_given_up(begun: bytes) -> None:
    with listening(large, 0.2) as port, socket.create_connection(("127.0.0.1", port), timeout=20) as client:
        client.sendall(begun)
        with suppress(ConnectionError):
            assert client.recv(1) == b""


def test_an_answer_that_nobody_takes_is_given_up_and_one_that_is_taken_slowly_is_not() -> None:
    asked = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    for waits, whole in ((2.0, False), (0.0, True)):
        with listening(large, 0.4) as port, socket.create_connection(("127.0.0.1", port), timeout=20) as client:
            client.sendall(asked)
            time.sleep(waits)
            taken = 0
            with suppress(ConnectionError):
                while part := client.recv(1 << 20):
                    taken += len(part)
                    time.sleep(0.02)
            assert (taken > 20_000_000) == whole


async def bare(application: Any, headers: Any, parts: list[Any]) -> int:
    """Send a request by hand, that never ends, and return the status of the answer."""
    sent: list[Any] = []

    async def receive() -> Any:
        if not parts:
            await asyncio.sleep(60)
        return parts.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/api/annotate", "headers": headers, "query_string": b"",
             "raw_path": b"/api/annotate", "http_version": "1.1", "scheme": "http", "root_path": ""}  # fmt: skip
    await application(scope, receive, send)
    return int(sent[0]["status"])


def test_every_answer_has_its_headers(client: TestClient) -> None:
    answers = [
        client.get("/"),
        client.get("/page.css"),
        client.get("/api/about"),
        client.post("/api/annotate", json={"text": ARTICLE, "output": "html"}),
        client.post("/api/annotate", json={"text": "<!doctype html><script>alert(1)</script>", "output": "html"}),
        client.get("/", headers={"host": "attacker.example"}),
    ]
    for answer in answers:
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] in {"no-referrer", "same-origin"}
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert "*" not in policy
    # A page of somebody's own is never shown as one of this server.
    assert answers[4].headers["content-disposition"].startswith("attachment")
    assert "sandbox" in answers[4].headers["content-security-policy"]


def test_the_page_loads_nothing_from_elsewhere(client: TestClient) -> None:
    page = client.get("/").text
    assert re.findall(r'(?:src|href)="([^"]+)"', page) == ["/icon.svg", "/page.css", "/page.js", "#article-form"]
    assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=", page)
    for path in ("/page.css", "/page.js"):
        text = client.get(path).text
        assert "url(" not in text
        assert "@import" not in text
        assert set(re.findall(r"https?://[^\s\"'`]+", text)) == set()
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert client.get(path).status_code == 404


def test_the_policy_of_the_page_allows_what_the_report_allows_and_no_more() -> None:
    found = page_policy("default-src 'none'; style-src 'sha256-A'; script-src 'sha256-B'; img-src *; base-uri 'none'")
    parts = dict(part.strip().split(" ", 1) for part in found.split(";"))
    assert (parts["style-src"], parts["script-src"]) == ("'self' 'sha256-A'", "'self' 'sha256-B'")
    assert "*" not in found


def test_what_there_is_to_choose_from_is_told(client: TestClient, annotator: Annotator) -> None:
    from annotator.reading import FORMATS

    about = client.get("/api/about").json()
    assert [one["name"] for one in about["formats"]] == list(FORMATS)
    assert [one["name"] for one in about["outputs"]] == list(OUTPUTS)
    assert {one["code"] for one in about["jurisdictions"]} == annotator.jurisdictions


def test_nothing_of_an_article_gets_on_a_disk(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a file was made")

    for name in ("TemporaryFile", "NamedTemporaryFile", "mkstemp"):
        monkeypatch.setattr(tempfile, name, refuse)
    answer = client.post(
        "/api/annotate", files={"file": ("a.txt", b"Nothing of it. " * 150_000)}, data={"output": "plain"}
    )
    assert answer.status_code == 200


# -- work that goes wrong ---------------------------------------------------------------------------


@contextmanager
def pooled(settings: Settings, **more: Any) -> Iterator[tuple[Pool, list[str]]]:
    said: list[str] = []
    made = Pool(settings, say=said.append, **more)
    made.start()
    try:
        yield made, said
    finally:
        made.stop()


def test_a_text_that_takes_too_long_is_answered_and_the_next_is_not_kept(
    wanted: Settings, annotator: Annotator
) -> None:
    with pooled(wanted, workers=1, seconds=3) as (pool, said):
        client = client_of(annotator, pool)
        before = pool.pids
        assert "more than 3 s" in problem(client.post("/api/annotate", json={"text": LONG}), 504)
        assert client.post("/api/annotate", json={"text": ARTICLE}).status_code == 200
        assert pool.pids != before
        assert said
        assert not any("widgets" in one for one in said)


def test_a_worker_that_is_killed_is_replaced(wanted: Settings, annotator: Annotator) -> None:
    async def kill(pool: Pool, client: Callable[[], Any]) -> Any:
        asked = asyncio.ensure_future(asyncio.to_thread(client))
        await asyncio.sleep(0.5)
        os.kill(pool.pids[0], getattr(signal, "SIGKILL", signal.SIGTERM))
        return await asked

    with pooled(wanted, workers=1) as (pool, _):
        client = client_of(annotator, pool)
        answer = asyncio.run(kill(pool, lambda: client.post("/api/annotate", json={"text": LONG})))
        problem(answer, 503)
        assert client.post("/api/annotate", json={"text": ARTICLE}).status_code == 200


def test_no_more_wait_than_fit(wanted: Settings, annotator: Annotator) -> None:
    async def ask(client: TestClient) -> list[Any]:
        ask_one = lambda: client.post("/api/annotate", json={"text": ARTICLE})  # noqa: E731
        slow = asyncio.ensure_future(
            asyncio.to_thread(lambda: client.post("/api/annotate", json={"text": LONG[:400_000]}))
        )
        await asyncio.sleep(0.3)
        answers = await asyncio.gather(*(asyncio.to_thread(ask_one) for _ in range(4)))
        return [*answers, await slow]

    with pooled(wanted, workers=1, waiting=2, seconds=60) as (pool, _):
        answers = asyncio.run(ask(client_of(annotator, pool)))
        assert sorted(one.status_code for one in answers) == [200, 200, 200, 503, 503]
    with pooled(wanted, workers=1, patience=0.2, seconds=60) as (pool, _):
        answers = asyncio.run(ask(client_of(annotator, pool)))
        assert [one.status_code for one in answers] == [503, 503, 503, 503, 200]


def test_who_no_longer_waits_leaves_the_worker_to_others(wanted: Settings) -> None:
    from annotator.serving._work import Answer, Article

    async def ask(pool: Pool) -> Any:
        given_up = [asyncio.ensure_future(pool.do(Article(LONG[:20_000], "json"))) for _ in range(3)]
        await asyncio.sleep(0.2)
        for one in given_up:
            one.cancel()
        return await pool.do(Article(ARTICLE, "json"))

    with pooled(wanted, workers=1) as (pool, said):
        assert isinstance(asyncio.run(ask(pool)), Answer)
        assert said == []


def test_a_fault_of_our_own_tells_nothing_of_the_article(
    wanted: Settings, annotator: Annotator, monkeypatch: pytest.MonkeyPatch
) -> None:
    from annotator.serving import _work

    def broken(*_: Any, **__: Any) -> None:
        raise KeyError("the secret of the article")

    monkeypatch.setattr(Annotator, "annotate", broken)
    found = _work.answer(annotator, _work.Article("the secret of the article", "json"))
    assert isinstance(found, _work.Fault)
    assert found.status == 500
    assert "secret" not in found.detail + found.report
    assert "KeyError" in found.report


# -- the command ------------------------------------------------------------------------------------


def test_a_host_that_others_reach_needs_a_token(run: Command, monkeypatch: pytest.MonkeyPatch, here: Path) -> None:
    monkeypatch.delenv("ANNOTATOR_TOKEN", raising=False)
    done = run("serve", "--host", "0.0.0.0")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "--token-file" in done.stderr
    assert done.stderr.count("\n") == 1
    (here / "token").write_text("short\n", encoding="utf-8")
    done = run("serve", "--host", "0.0.0.0", "--token-file", "token")
    assert (done.exit_code, done.stderr.count("\n")) == (2, 1)
    assert "16" in done.stderr
    assert run("serve", "--token-file", "none").exit_code == 4
    assert run("serve", "--allow-host", "http://a.example/").exit_code == 2
    assert run("serve", "--host", "no.such.host.invalid", "--port", 0).exit_code == 2


def test_a_port_that_is_taken_is_said(run: Command) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = run("serve", "--port", taken.getsockname()[1])
    assert (done.exit_code, done.stderr.count("\n")) == (2, 1)
    assert "--port" in done.stderr


def test_without_the_extra_it_says_what_to_install(run: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fastapi", None)
    done = run("serve")
    assert done.exit_code == 7
    assert "sanctions-annotator[serve]" in done.stderr


@contextmanager
def served(*options: object, desk: Path, **environ: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Run the command with the desk's rules; give the page's address, and the process."""
    command = [sys.executable, "-m", "annotator", "serve", "--port", "0", "--workers", "1", "--no-config", "--no-lists",
               "--rules", str(desk), "--no-default-rules", *map(str, options)]  # fmt: skip
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    process = subprocess.Popen(command, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": path, **environ})
    assert process.stderr is not None
    try:
        head = b""
        while b"the page is at" not in head:
            line = process.stderr.readline()
            assert line, head
            head += line
        yield re.findall(r"http://\S+/", head.decode())[-1], process
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_the_command_serves_until_it_is_told_to_end_and_logs_no_word(desk: Path) -> None:
    import urllib.error
    import urllib.request

    secret = "Xyzzyplugh"
    form = (
        f'--b\r\nContent-Disposition: form-data; name="file"; filename="{secret}.txt"\r\n\r\nwidgets {secret}\r\n'
        f'--b\r\nContent-Disposition: form-data; name="{secret}"\r\n\r\n{secret}\r\n--b--\r\n'
    )
    requests = [
        ("api/annotate", json.dumps({"text": f"{secret} sold widgets."}).encode(), "application/json"),
        ("api/annotate", f'{{"{secret}": "{secret}"}}'.encode(), "application/json"),
        ("api/annotate", form.encode(), "multipart/form-data; boundary=b"),
        ("api/annotate", f"--b\r\n{secret}\r\x00".encode(), "multipart/form-data; boundary=b"),
        ("api/lookup", json.dumps({"words": secret}).encode(), "application/json"),
        (f"{secret}?{secret}", secret.encode(), secret),
    ]
    refused: list[int] = []
    with served("-v", desk=desk) as (address, process):
        assert address.startswith("http://127.0.0.1:")
        for path, body, kind in requests:
            request = urllib.request.Request(f"{address}{path}", body, {"Content-Type": kind})
            try:
                urllib.request.urlopen(request, timeout=30).read()
            except urllib.error.HTTPError as error:
                refused.append(error.code)
                error.close()
        with socket.create_connection(("127.0.0.1", int(address.rstrip("/").rpartition(":")[2]))) as raw:
            raw.sendall(f"{secret} nonsense {secret}\r\n\r\n".encode())
            raw.recv(1000)
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        said = process.stderr.read().decode() if process.stderr else ""
        assert process.wait(20) == 0
    assert refused == [422, 422, 400, 404]
    assert said.count("POST /api/annotate") == 4
    assert secret not in said
    assert "Traceback" not in said


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_a_server_that_is_killed_leaves_no_worker(desk: Path) -> None:
    import psutil

    with served(desk=desk) as (_, process):
        workers = psutil.Process(process.pid).children(recursive=True)
        assert workers
        process.kill()
        process.wait()
    gone, left = psutil.wait_procs(workers, timeout=10)
    assert gone
    assert left == []


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_sigterm_ends_it_in_order(desk: Path) -> None:
    with served(desk=desk) as (_, process):
        process.terminate()
        assert process.wait(20) == 0


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_two_hundred_at_once_and_the_memory_stays(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    import serving

    texts = [f"He sold widgets to them on day {number}. " * 20 for number in range(200)]
    options = ["--workers", "2", "--rules", str(desk), "--no-default-rules", "--no-lists"]
    rows = serving.measured(texts, 12, options)
    assert [row["errors"] for row in rows] == [0] * 12
    half = rows[5]
    assert rows[-1]["server"] < half["server"] + 8
    assert rows[-1]["worker"] < half["worker"] + 8
