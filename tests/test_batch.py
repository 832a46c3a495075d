"""Batches: every container in and out, the same bytes however the work was cut, and whatever was killed."""

from __future__ import annotations

import base64
import csv
import gzip
import io
import json
import os
import pickle
import random
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import jsonschema
import psutil
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from batchrunning import committed, ended, finish, lines, start, watch, workers_of
from conftest import ROOT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator import Annotator, strip
from annotator.batch import CHUNK, FIELDS, records_schema
from annotator.batch._writing import zstd
from annotator.writing import OUTPUTS

if TYPE_CHECKING:
    from pathlib import Path

DAY = "2021-05-06"
# What documents hold: mentions, none, other scripts, line ends, nothing.
TEXTS = [
    "He sold widgets to Ruritania. They said that nobody forbids them.\n",
    "Nothing happened today.\n",
    "“Gadgets”, said Müller – naïve.\r\nШирокие widgets 小部件.\r\n",
    "",
    "- widgets, gadgets\n- widgets\n",
    "A line of text about nothing at all. " * 20,
]
# A table has no place within a field.
OF_TEXT = [name for name, output in OUTPUTS.items() if name != "csv" and (not output.keeps or "text" in output.keeps)]
OBJECTS = [name for name, output in OUTPUTS.items() if output.lines]
CONTAINERS = (".jsonl", ".jsonl.gz", ".jsonl.zst", ".csv", ".csv.gz", ".csv.zst", ".parquet")


def documents(count: int) -> list[dict[str, str]]:
    """Return so many documents, each another one."""
    return [
        {"id": f"d{number}", "date": f"20{number % 24:02}-03-04", "text": f"{TEXTS[number % len(TEXTS)]}{number}\n"}
        for number in range(count)
    ]


def write(path: Path, rows: list[dict[str, str]]) -> Path:
    """Write documents into a container, told by its name, with libraries that are not ours to test."""
    name = path.name.removesuffix(".gz").removesuffix(".zst")
    if name.endswith(".parquet"):
        pq.write_table(pa.Table.from_pylist(rows), path, row_group_size=7)
        return path
    if name.endswith(".jsonl"):
        data = lines(rows)
    else:
        text = io.StringIO(newline="")
        table = csv.DictWriter(text, ["id", "date", "text"])
        table.writeheader()
        table.writerows(rows)
        data = text.getvalue().encode()
    if path.name.endswith(".gz"):
        data = gzip.compress(data)
    elif path.name.endswith(".zst"):
        data = zstd().compress(data)
    path.write_bytes(data)
    return path


def read(path: Path) -> list[dict]:
    """Read records from a container, each field as JSON has it."""
    data = b"" if path.name.endswith(".parquet") else path.read_bytes()
    if path.name.endswith(".gz"):
        data = gzip.decompress(data)
    elif path.name.endswith(".zst"):
        data = zstd().decompress(data)
    if path.name.endswith(".parquet"):
        return pq.read_table(path).to_pylist()
    if ".jsonl" in path.name:
        return [json.loads(line) for line in data.splitlines()]
    csv.field_size_limit(1 << 30)
    rows = list(csv.DictReader(io.StringIO(data.decode(), newline="")))
    for row in rows:
        for name, value in row.items():
            row[name] = value.removeprefix("'") or None
            if name in {"row", "annotations", "code"}:
                row[name] = int(value) if value else None
        if row["status"] == "ok":
            row["output"] = row["output"] or ""
    return rows


@pytest.fixture
def command(desk):
    """Return a command line that runs a batch in a process of its own, with workers."""

    def line(*arguments, workers=2):
        options = ["--rules", desk, "--no-default-rules", "--as-of", DAY, "--workers", workers, "--chunk", 5]
        return [sys.executable, "-m", "annotator", "batch", *map(str, (*arguments, *options))]

    return line


# -- containers ------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", CONTAINERS)
def test_every_container_can_be_read(here, batch, suffix):
    rows = documents(20)
    batch(write(here / f"in{suffix}", rows), "-o", "out.jsonl", "--date-column", "date")
    records = read(here / "out.jsonl")
    assert [record["id"] for record in records] == [row["id"] for row in rows]
    assert [record["as_of"] for record in records] == [row["date"] for row in rows]
    assert [record["row"] for record in records] == list(range(1, 21))
    for record, row in zip(records, rows, strict=True):
        assert record["source"].endswith(f"in{suffix}")
        expected = EXPECTED.annotate(row["text"], as_of=row["date"])
        assert (record["output"], record["annotations"]) == (str(expected), len(expected.annotations))


@pytest.fixture(autouse=True, scope="module")
def _expected(desk):
    """Annotate one document as the batch should."""
    global EXPECTED  # noqa: PLW0603 - what the tests compare with
    EXPECTED = Annotator([desk], default_rules=False)


EXPECTED: Annotator


@pytest.mark.parametrize(
    ("suffix", "output"),
    [
        (suffix, output)
        for suffix in CONTAINERS
        for output in OF_TEXT
        if suffix == ".parquet" or output in {"text", "json"}
    ],
)
def test_every_container_can_be_written_and_holds_the_same(here, batch, suffix, output):
    write(here / "in.jsonl", documents(12))
    batch("in.jsonl", "-o", "out.jsonl", "--output", output)
    batch("in.jsonl", "-o", f"other{suffix}", "--output", output)
    records, others = read(here / "out.jsonl"), read(here / f"other{suffix}")
    for record in records:
        jsonschema.validate(record, records_schema())
        assert tuple(record) == FIELDS
    if output in OBJECTS and ".jsonl" not in suffix:
        others = [{**other, "output": json.loads(other["output"])} for other in others]
    assert others == records


def test_an_output_is_what_annotate_gives(here, batch, desk_run):
    (here / "story.md").write_text("# Widgets\n\nHe sold widgets.\n")
    for output in (None, *OF_TEXT):
        options = ("--output", output) if output else ()
        alone = desk_run("annotate", "story.md", "--as-of", DAY, *options)
        batch("story.md", "-o", f"{output}.jsonl", *options)
        [record] = read(here / f"{output}.jsonl")
        if output in OBJECTS:
            assert record["output"] == json.loads(alone.stdout)
        elif record["encoding"] == "base64":
            assert base64.b64decode(record["output"]) == alone.stdout_bytes
        else:
            assert record["output"].encode(record["encoding"]) == alone.stdout_bytes


def test_a_folder_is_mirrored_byte_for_byte(here, batch, desk_run):
    stories = {
        "a.txt": TEXTS[0].encode(),
        "deep/er/b.md": b"# Widgets\r\n\r\nwidgets\r\n",
        "deep/c": TEXTS[2].encode("utf-16"),
        "deep/stray.txt": TEXTS[0].encode() + b"\xff\n" + "Ärger über Öl.\n".encode() * 9,
    }
    for name, data in stories.items():
        (here / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (here / "in" / name).write_bytes(data)
    (here / "in" / "photo.jpg").write_bytes(b"\xff\xd8")
    (here / "in" / ".hidden.txt").write_bytes(b"widgets")
    (here / "in" / "broken.txt").write_bytes(b"\x00\x01\x02\x03" * 100)
    done = batch("in", "-o", "out", code=4)
    assert "in/broken.txt" in done.stderr
    assert "1 files left out" in done.stderr
    written = {path.relative_to(here / "out").as_posix() for path in (here / "out").rglob("*") if path.is_file()}
    assert written == {*stories, "annotator-records.jsonl"}
    for name in stories:
        alone = desk_run("annotate", f"in/{name}", "--as-of", DAY)
        assert (here / "out" / name).read_bytes() == alone.stdout_bytes
    records = read(here / "out" / "annotator-records.jsonl")
    assert [record["source"] for record in records] == [
        "in/a.txt", "in/broken.txt", "in/deep/c", "in/deep/er/b.md", "in/deep/stray.txt",
    ]  # fmt: skip
    assert [record["status"] for record in records] == ["ok", "error", "ok", "ok", "ok"]


def test_a_folder_of_tables_goes_into_one_file(here, batch):
    (here / "in").mkdir()
    write(here / "in" / "b.parquet", documents(3))
    write(here / "in" / "a.jsonl.gz", documents(2))
    (here / "in" / "c.txt").write_text("widgets")
    batch("in", "-o", "out.jsonl")
    assert [(record["source"], record["id"]) for record in read(here / "out.jsonl")] == [
        ("in/a.jsonl.gz", "d0"), ("in/a.jsonl.gz", "d1"), ("in/b.parquet", "d0"), ("in/b.parquet", "d1"),
        ("in/b.parquet", "d2"), ("in/c.txt", "in/c.txt"),
    ]  # fmt: skip


def archive(path: Path, *, gz: bool) -> None:
    """Write a web archive of five records and a note about itself, as ISO 28500 has it."""
    pages = [
        ("warcinfo", "application/warc-fields", b"software: test\r\n"),
        ("conversion", "text/plain", "He sold widgets in Köln.\n".encode()),
        ("response", "text/plain; charset=ISO-8859-1", "Widgets für Köln.\n".encode("latin-1")),
        ("response", "image/png", b"\x89PNG"),
        ("response 404", "text/plain", b"widgets\n"),
        ("response", "text/html; charset=utf-8", b"<!DOCTYPE html><title>x</title><p>He sold widgets.</p>"),
        ("conversion", "text/plain", b"gadgets " * 2000),
    ]
    with path.open("wb") as file:
        for number, (what, of, content) in enumerate(pages):
            kind, _, status = what.partition(" ")
            media, body = of, content
            if kind == "response":
                body = f"HTTP/1.1 {status or 200} X\r\nContent-Type: {of}\r\n\r\n".encode() + content
                media = "application/http; msgtype=response"
            head = (
                f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: http://example.org/{kind}\r\n"
                f"WARC-Date: 2021-05-06T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:{number}>\r\n"
                f"Content-Type: {media}\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            record = head.encode() + body + b"\r\n\r\n"
            file.write(gzip.compress(record) if gz else record)


@pytest.mark.parametrize("suffix", [".warc", ".warc.gz", ".warc.wet.zst"])
def test_web_archives_give_their_pages(here, batch, suffix):
    path = here / f"in{suffix}"
    archive(path, gz=suffix.endswith("gz"))
    if suffix.endswith("zst"):
        path.write_bytes(zstd().compress(path.read_bytes()))
    batch(path, "-o", "out.jsonl", "--id-column", "WARC-Target-URI", "--date-column", "WARC-Date")
    records = read(here / "out.jsonl")
    assert [record["id"].rsplit("/")[-1] for record in records] == ["conversion", "response", "response", "conversion"]
    assert [record["row"] for record in records] == [2, 3, 6, 7]
    assert {record["as_of"] for record in records} == {"2021-05-06"}
    assert "Widgets[1] für Köln" in records[1]["output"]
    assert records[2]["output"].startswith("<!DOCTYPE html><title>x</title><p>He sold widgets<")


@pytest.mark.parametrize("suffix", [".warc", ".warc.gz"])
def test_an_archive_that_is_cut_short_says_so(here, batch, suffix):
    archive(here / "whole.warc", gz=suffix.endswith("gz"))
    data = (here / "whole.warc").read_bytes()
    (here / f"in{suffix}").write_bytes(data[:-60])
    done = batch(f"in{suffix}", "-o", "out.jsonl", code=4)
    records = read(here / "out.jsonl")
    assert [record["status"] for record in records] == ["ok", "ok", "ok", "error"]
    assert "cut short" in done.stderr


# -- columns, rows, and what is wrong with them ----------------------------------------------------


def test_columns_are_found_by_their_names(here, batch):
    (here / "in.jsonl").write_bytes(lines([{"title": "x", "body": "widgets", "key": 7}]))
    batch("in.jsonl", "-o", "out.jsonl", "--id-column", "key")
    [record] = read(here / "out.jsonl")
    assert (record["id"], record["annotations"]) == ("7", 1)
    (here / "in.csv").write_text("key;text\n7;widgets, gadgets\n")
    batch("in.csv", "-o", "csv.jsonl")
    [record] = read(here / "csv.jsonl")
    assert (record["id"], record["annotations"]) == ("in.csv:1", 2)


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".parquet"])
def test_a_column_that_is_not_there_ends_the_run_with_the_names_of_those_that_are(here, batch, suffix):
    write(here / f"in{suffix}", documents(3))
    for option in ("--text-column", "--id-column", "--date-column"):
        done = batch(f"in{suffix}", "-o", "out.jsonl", option, "nosuch", code=2)
        assert done.stderr.count("\n") == 1
        assert "nosuch" in done.stderr
        assert "id, date, text" in done.stderr
    assert not list(here.glob("out*"))


def test_a_line_that_is_no_document_becomes_an_error_record(here, batch):
    wrong = [
        b'{"id": 1, "text": "widgets"}', b"", b"{broken", b"[1]", b'{"id": "x"}', b'{"text": 5}', b'{"text": [null]}',
        b'{"text": "\xff"}', b"[" * 100_000, b'{"text": "gadgets"}',
    ]  # fmt: skip
    (here / "in.jsonl").write_bytes(b"\xef\xbb\xbf" + b"\n".join(wrong))
    done = batch("in.jsonl", "-o", "out.jsonl", code=4)
    records = read(here / "out.jsonl")
    assert [record["row"] for record in records] == [1, 3, 4, 5, 6, 7, 8, 9, 10]
    assert [record["status"] for record in records] == ["ok", *["error"] * 7, "ok"]
    assert records[3]["id"] == "x"
    assert all(record["code"] == 4 for record in records[1:-1])
    assert "annotator: in.jsonl:3: not JSON" in done.stderr
    assert "9 documents, 7 failed, 2 annotations" in done.stderr


def test_a_row_with_too_few_cells_or_bytes_in_no_encoding(here, batch):
    (here / "in.csv").write_bytes(b'id,text\n1,widgets\n2\n3,"wid\ngets"\n4,caf\xe9 na\xefve r\xe9sum\xe9 widgets\n')
    batch("in.csv", "-o", "out.jsonl", code=4)
    records = read(here / "out.jsonl")
    assert [(record["id"], record["status"]) for record in records] == [
        ("1", "ok"), ("in.csv:2", "error"), ("3", "ok"), ("4", "ok"),
    ]  # fmt: skip
    assert "café naïve résumé widgets[1]" in records[3]["output"]


def test_a_date_decides_and_one_that_is_none_gives_no_notes(here, batch):
    dates = ["2012-02-03", "2012-02-03T10:00:00Z", "Fri, 03 Feb 2012 19:03:32 +0000", "", None, "soon", "2012-13-01"]
    (here / "in.jsonl").write_bytes(lines([{"text": "widgets", "when": date} for date in dates]))
    batch("in.jsonl", "-o", "out.jsonl", "--date-column", "when", code=4)
    records = read(here / "out.jsonl")
    assert [record["as_of"] for record in records] == [*["2012-02-03"] * 3, DAY, DAY, None, None]
    assert "soon" in records[5]["error"]


def test_overlong_documents_are_not_held(here, batch, monkeypatch):
    for module in ("_reading", "_records"):
        monkeypatch.setattr(f"annotator.batch.{module}.LONGEST", 2000)
    (here / "in.jsonl").write_bytes(lines([{"text": "widgets"}, {"text": "w" * 5000}, {"text": "gadgets"}]))
    (here / "in.txt").write_bytes(b"w" * 5000)
    batch("in.jsonl", "in.txt", "-o", "out.jsonl", code=4)
    assert [record["status"] for record in read(here / "out.jsonl")] == ["ok", "error", "ok", "error"]
    (here / "in.csv").write_bytes(b"id,text\n1,widgets\n2," + b"w" * 5000 + b"\n3,gadgets\n")
    batch("in.csv", "-o", "csv.jsonl", code=4)
    records = read(here / "csv.jsonl")
    assert [record["status"] for record in records] == ["ok", "error"]
    assert "the rest of the file was not read" in records[1]["error"]


@pytest.mark.parametrize("suffix", [".jsonl.gz", ".jsonl.zst", ".csv.gz", ".csv.zst"])
@pytest.mark.parametrize("fault", ["cut", "changed"])
def test_damaged_files_give_what_came_before_and_say_where(here, batch, suffix, fault):
    path = write(
        here / f"in{suffix}", [{**one, "text": random.Random(one["id"]).randbytes(900).hex()} for one in documents(300)]
    )
    data = bytearray(path.read_bytes())
    if fault == "cut":
        del data[-20_000:]
    else:
        data[-20_000:-19_000] = bytes(1000)
    path.write_bytes(data)
    done = batch(path, "-o", "out.jsonl", code=4)
    records = read(here / "out.jsonl")
    if fault == "cut":  # what was changed may look like documents until it is found out
        assert [record["status"] for record in records[:-1]] == ["ok"] * (len(records) - 1)
        assert done.stderr.count("\n") == 2
    assert len(records) > 100
    assert records[-1]["status"] == "error"
    assert "what came before this place was read" in records[-1]["error"]


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("in.parquet", b"PAR1 not", 4),
        ("in.jsonl.gz", b"not gzip", 4),
        ("in.csv", b"", 4),
        ("in.jsonl", b'[{"text": "widgets"}]', 4),
        ("in.warc.gz", b"WARC/1.0\r\nno", 4),
        ("in.warc", b"hello\r\n", 4),
        ("in.jsonl", None, 4),
    ],
)
def test_an_input_that_is_none_of_its_kind_is_one_line(here, batch, name, data, code):
    if data is not None:
        (here / name).write_bytes(data)
    done = batch(name, "-o", "out.jsonl", code=code)
    faults = [line for line in done.stderr.splitlines() if "documents" not in line]
    assert len(faults) == 1
    assert name in faults[0]


def test_files_without_documents_are_no_fault(here, batch):
    (here / "a.jsonl").write_bytes(b"")
    (here / "b.csv").write_bytes(b"id,text\n")
    pq.write_table(pa.table({"text": pa.array([], pa.string())}), here / "c.parquet")
    for suffix in CONTAINERS:
        batch("a.jsonl", "b.csv", "c.parquet", "-o", f"out{suffix}")
        assert read(here / f"out{suffix}") == []


def test_cells_that_a_spreadsheet_would_run_are_made_harmless(here, batch):
    texts = ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "'=1", "\n=1", "plain"]
    (here / "in.jsonl").write_bytes(lines([{"id": text, "text": text} for text in texts]))
    batch("in.jsonl", "-o", "out.csv")
    rows = list(csv.DictReader(io.StringIO((here / "out.csv").read_bytes().decode(), newline="")))
    for text, row in zip(texts, rows, strict=True):
        assert row["output"] == row["id"] == (text if text == "plain" else f"'{text}")


def test_half_characters_stand_in_json_lines_only(here, batch):
    (here / "in.jsonl").write_bytes(b'{"text": "half \\ud800 widgets"}\n')
    batch("in.jsonl", "-o", "out.jsonl")
    assert "half \ud800 widgets[1]" in read(here / "out.jsonl")[0]["output"]
    batch("in.jsonl", "-o", "out.csv")
    assert read(here / "out.csv")[0]["status"] == "error"
    batch("in.jsonl", "-o", "out.parquet")
    assert "write JSON Lines" in read(here / "out.parquet")[0]["error"]


def test_fail_on_and_options_that_cannot_be(here, batch):
    write(here / "in.jsonl", documents(6))
    batch("in.jsonl", "-o", "out.jsonl", "--fail-on", "any", code=1)
    batch("in.jsonl", "-o", "out.jsonl", code=2)
    batch("in.jsonl", "-o", "out.jsonl", "--overwrite")
    batch("in.jsonl", "-o", "in.jsonl", "--overwrite", code=2)
    batch("in.jsonl", "-o", "folder/", code=2)
    batch("in.jsonl", "-o", "out.xlsx", code=2)
    batch("in.jsonl", "-o", "out.parquet.gz", code=2)
    batch("in.jsonl", "-o", "nosuch/out.jsonl", code=5)
    batch("-", "-o", "other.jsonl", code=2)
    batch("in.jsonl", "-o", "other.jsonl", "--style", "nosuch", code=2)
    batch("in.jsonl", "-o", "other.jsonl", "--output", "json", "--style", "plain", code=2)
    batch("in.jsonl", "-o", "other.jsonl", "--resume", "--overwrite", code=2)
    assert sorted(path.name for path in here.iterdir()) == ["in.jsonl", "out.jsonl"]


def test_what_is_missing_is_named_with_the_way_to_install_it(here, batch, desk_run, monkeypatch):
    write(here / "in.jsonl", documents(1))
    for module, output in (("pyarrow", "out.parquet"), ("backports.zstd", "out.jsonl.zst")):
        with monkeypatch.context() as patched:
            patched.setitem(sys.modules, module, None)
            patched.setitem(sys.modules, "compression.zstd", None)
            patched.setitem(sys.modules, "backports", None)
            done = batch("in.jsonl", "-o", output, code=7)
            assert 'pip install "sanctions-annotator[batch]"' in done.stderr
    monkeypatch.setitem(sys.modules, "distributed", None)
    done = desk_run("batch", "in.jsonl", "-o", "out.parquet", "--scheduler", "tcp://127.0.0.1:1")
    assert done.exit_code == 7
    assert 'pip install "sanctions-annotator[dask]"' in done.stderr


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(
        st.one_of(st.text(), st.lists(st.sampled_from([*TEXTS, '"', ",", "\r", "\0", "=", "'"])).map("".join))
    ),
    chunk=st.integers(1, 5),
    way=st.tuples(st.sampled_from([".jsonl", ".csv", ".parquet"]), st.sampled_from([".jsonl.gz", ".csv", ".parquet"])),
)
def test_whatever_the_documents_hold_their_records_say_what_annotate_says(here, batch, texts, chunk, way):
    rows = [{"id": f"d{number}", "date": DAY, "text": text} for number, text in enumerate(texts)]
    source, target = here / f"in{way[0]}", here / f"out{way[1]}"
    write(source, rows or [{"id": "none", "date": DAY, "text": "widgets"}])
    batch(source, "-o", target, "--overwrite", "--chunk", chunk, "--date-column", "date")
    records = read(target)
    if rows:
        assert [record["id"] for record in records] == [row["id"] for row in rows]
        expected = [str(EXPECTED.annotate(text, as_of=DAY)) for text in texts]
        assert [record["output"] for record in records] == expected
        assert [strip(record["output"]) for record in records] == texts


# -- the same whoever does the work ----------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".jsonl", ".parquet", ".csv.gz"])
def test_the_number_of_workers_does_not_show(here, batch, command, suffix):
    write(here / "in.jsonl", documents(83))
    batch("in.jsonl", "-o", f"0{suffix}", "--chunk", 5)
    for workers in (1, 3) if suffix == ".jsonl" else (2,):
        finish(command(here / "in.jsonl", "-o", here / f"{workers}{suffix}", workers=workers))
        left = (here / f"{workers}{suffix}").read_bytes().replace(str(here).encode() + b"/", b"")
        if suffix == ".jsonl":
            assert left == (here / f"0{suffix}").read_bytes()
        else:
            mine = [{**record, "source": "in.jsonl"} for record in read(here / f"{workers}{suffix}")]
            assert mine == read(here / f"0{suffix}")


@pytest.fixture
def lists(here) -> Path:
    """A store of one listed person, who does not exist."""
    from annotator.lists import import_files

    columns = "id,schema,name,aliases,birth_date,countries,addresses,identifiers,sanctions,phones,emails,program_ids"
    row = ("q1", "Person", "Ottokar Vanderblijm", "", "1961-02-03", "ru", "", "", "The Examples Regulations", *[""] * 3)
    ends = ("UK FCDO Sanctions List", *["2020-01-01T00:00:00"] * 3)
    text = io.StringIO(newline="")
    csv.writer(text).writerows(
        [(*columns.split(","), "dataset", "first_seen", "last_seen", "last_change"), (*row, *ends)]
    )
    (here / "targets.simple.csv").write_bytes(text.getvalue().encode())
    import_files([here / "targets.simple.csv"], here / "lists.db")
    return here / "lists.db"


def test_workers_look_for_the_names_of_lists_too(here, lists, command, desk):
    texts = ["Ottokar Vanderblijm, a Russian banker under sanctions, sold widgets.", "Nobody did."] * 8
    (here / "in.jsonl").write_bytes(lines({"text": text} for text in texts))
    finish(command(here / "in.jsonl", "-o", here / "out.jsonl", "--lists", lists))
    engine = Annotator([desk], default_rules=False, lists=lists)
    expected = [str(engine.annotate(text, as_of=DAY)) for text in texts]
    assert "Vanderblijm" in expected[0].partition("Notes on sanctions law")[2]
    assert [record["output"] for record in read(here / "out.jsonl")] == expected
    there = pickle.loads(pickle.dumps(engine))
    assert [str(there.annotate(text, as_of=DAY)) for text in texts] == expected


# -- killed, and resumed ---------------------------------------------------------------------------


@pytest.fixture
def slow(here) -> Path:
    """An input that takes long enough to be killed at."""
    return write(here / "in.jsonl", [{"id": f"d{n}", "text": f"{n} " + TEXTS[n % 6] * 60} for n in range(400)])


def test_killed_at_any_moment_and_resumed_it_ends_with_the_same_bytes(here, slow, command):
    finish(command(slow, "-o", here / "whole.jsonl", workers=1))
    line = command(slow, "-o", here / "out.jsonl")
    chance = random.Random(5)
    kills = 0
    orphans: list[psutil.Process] = []
    aims = iter(sorted(chance.sample(range(70), 5)))
    for _ in range(40):
        process = start([*line, "--resume"])
        aim = next(aims, None)
        if not watch(process, lambda aim=aim: aim is not None and committed(here / "out.jsonl.partial") >= aim):
            ended(process)
            break
        assert not (here / "out.jsonl").exists()
        orphans += workers_of(process)
        process.kill()
        process.communicate()
        kills += 1
    assert kills >= 3
    assert (here / "out.jsonl").read_bytes() == (here / "whole.jsonl").read_bytes()
    assert not (here / "out.jsonl.partial").exists()
    assert not psutil.wait_procs(orphans, timeout=10)[1], "workers must end with the run"
    assert "nothing to resume" in finish([*line, "--resume"])


# Runs a batch over and over in a child that kills itself before or after its n-th call of what touches the disk,
# for every n there is, and then resumes it.
KILLER = """
import os, shutil, signal, sys
import annotator.batch, annotator.cli.batch, annotator.matching, annotator.noting, annotator.api, jsonschema, click
from annotator.cli._app import app
if "parquet" in sys.argv[1]:
    import pyarrow.compute, pyarrow.parquet
output, arguments = sys.argv[1], sys.argv[2:]
whole = None

def child(at, more):
    pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os.dup2(os.open(output + ".err", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
    left = [at]
    def deadly(call):
        def wrapped(*args, **options):
            for moment in (0, 1):
                if left[0] == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                left[0] -= 1
                if not moment:
                    result = call(*args, **options)
            return result
        return wrapped
    for name in ("fsync", "replace", "unlink", "truncate", "rmdir", "makedirs"):
        setattr(os, name, deadly(getattr(os, name)))
    os._exit(app.main([*arguments, "-o", output, *more], standalone_mode=False))

def content():
    if os.path.isdir(output):
        paths = sorted(os.path.join(folder, name) for folder, _, names in os.walk(output) for name in names)
        return [(path, open(path, "rb").read()) for path in paths]
    return open(output, "rb").read()

def clear():
    for path in (output, output + ".partial"):
        shutil.rmtree(path) if os.path.isdir(path) else os.path.exists(path) and os.unlink(path)

assert child(-1, []) == 0
whole = content()
at = 0
while True:
    clear()
    first = child(at, [])
    if first == 0:
        break
    assert first == -signal.SIGKILL, first
    second = child(at // 2, ["--resume"]) if at % 4 == 0 else 0  # again, somewhere else
    assert second in (0, -signal.SIGKILL), (at, second)
    assert child(-1, ["--resume"]) == 0, (at, open(output + ".err").read())
    assert content() == whole, at
    assert not os.path.exists(output + ".partial"), at
    at += 1
print(at)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the test forks")
@pytest.mark.parametrize("output", ["out.jsonl", "out.parquet", "out"])
def test_no_call_that_touches_the_disk_is_a_bad_moment_to_be_killed(here, desk, output):
    if output == "out":
        (here / "in").mkdir()
        for number in range(4):
            (here / "in" / f"{number}.txt").write_text(TEXTS[number], encoding="utf-8")
    else:
        write(here / "in.jsonl", documents(4))
    name = "in" if output == "out" else "in.jsonl"
    options = [
        "batch",
        name,
        "--rules",
        str(desk),
        "--no-default-rules",
        "--as-of",
        DAY,
        "--workers",
        "0",
        "--chunk",
        "2",
    ]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", KILLER, output, *options],
        capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 12


@pytest.fixture
def stopped(here, desk_run, monkeypatch):
    """A run of which one chunk is done."""
    from annotator.batch._journal import Journal

    write(here / "in.jsonl", documents(20))
    add = Journal.add

    def once(self, data, counts):
        if self.counts["chunks"]:
            raise OSError(28, "No space left on device")
        add(self, data, counts)

    with monkeypatch.context() as patched:
        patched.setattr(Journal, "add", once)
        desk_run("batch", "in.jsonl", "-o", "out.jsonl", "--workers", 0, "--chunk", 6, "--as-of", DAY)
    assert committed(here / "out.jsonl.partial") == 1
    return here


def test_notes_without_a_place_are_told(here, batch):
    """What is left out of a document is counted aloud; --strict makes its record an error, and writes nothing."""
    (here / "pages").mkdir()
    (here / "pages" / "broken.html").write_text("<p>He sold gadgets.</p><p><a href=x>He sold widgets", encoding="utf-8")
    (here / "pages" / "sound.html").write_text("<p>He sold widgets.</p>", encoding="utf-8")
    said = "warning: 1 annotation left out, having no safe place in broken markup; --strict makes"
    assert said in batch("pages", "-o", "out").stderr
    assert "gadgets<sup" in (here / "out" / "broken.html").read_text("utf-8")
    done = batch("pages", "-o", "strict", "--strict", code=5)
    assert "pages/broken.html: no safe place for the notes on “widgets”" in done.stderr
    assert "left out" not in done.stderr
    assert sorted(path.name for path in (here / "strict").iterdir()) == ["annotator-records.jsonl", "sound.html"]
    broken, sound = read(here / "strict" / "annotator-records.jsonl")
    assert (broken["status"], broken["code"], sound["status"]) == ("error", 5, "ok")
    # The text of a column may be a page too; sidecars have a place for all notes.
    (here / "in.jsonl").write_bytes(lines([{"text": "<p><a href=x>He sold widgets"}]))
    assert said in batch("in.jsonl", "-o", "out.jsonl", "--format", "html").stderr
    batch("in.jsonl", "-o", "json.jsonl", "--format", "html", "--output", "json", "--strict")


def test_a_fault_names_its_document_once(here, batch):
    (here / "pages").mkdir()
    (here / "pages" / "bad.docx").write_bytes(b"PKjunk")
    assert batch("pages", "-o", "out", code=4).stderr.count("bad.docx") == 1


def test_a_run_is_not_resumed_with_other_lists(here, lists, batch, monkeypatch):
    from annotator.batch._journal import Journal
    from annotator.lists import import_files

    (here / "in.jsonl").write_bytes(lines([{"text": "He sold gadgets."}] * 9))
    full = Journal.add
    monkeypatch.setattr(Journal, "add", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    batch("in.jsonl", "-o", "out.jsonl", "--lists", lists, code=5)
    monkeypatch.setattr(Journal, "add", full)
    other = (here / "targets.simple.csv").read_bytes().replace(b"Ottokar", b"Otto").replace(b"2020-01", b"2020-02")
    (here / "targets.simple.csv").write_bytes(other)
    import_files([here / "targets.simple.csv"], lists)
    done = batch("in.jsonl", "-o", "out.jsonl", "--lists", lists, "--resume", code=2)
    assert "--resume: the lists have changed, from" in done.stderr


def test_only_the_same_run_is_resumed(stopped, run, desk, batch):
    done = batch("in.jsonl", "-o", "out.jsonl", code=2)
    assert "--resume goes on with it" in done.stderr
    done = batch("in.jsonl", "-o", "out.jsonl", "--resume", "--chunk", 7, code=2)
    assert "chunk was 6 and is now 7" in done.stderr
    done = batch("in.jsonl", "-o", "out.jsonl", "--resume", "--chunk", 6, "--notes", "every", code=2)
    assert 'notes was "best" and is now "every"' in done.stderr
    other = ("batch", "in.jsonl", "-o", "out.jsonl", "--resume", "--chunk", 6, "--as-of", DAY, "--workers", 0)
    done = run(*other, "--rules", desk)
    assert (done.exit_code, "the rules have changed" in done.stderr) == (2, True)
    before = (stopped / "in.jsonl").read_bytes()
    (stopped / "in.jsonl").write_bytes(before.replace(b"sold", b"sent"))
    done = batch("in.jsonl", "-o", "out.jsonl", "--resume", "--chunk", 6, code=2)
    assert "the input has changed: in.jsonl" in done.stderr
    assert committed(stopped / "out.jsonl.partial") == 1
    batch("in.jsonl", "-o", "out.jsonl", "--overwrite")
    assert len(read(stopped / "out.jsonl")) == 20


def test_a_resumed_run_counts_what_was_done_before(stopped, batch):
    done = batch("in.jsonl", "-o", "out.jsonl", "--resume", "--chunk", 6)
    assert "20 documents (6 before)" in done.stderr
    batch("in.jsonl", "-o", "whole.jsonl", "--chunk", 6)
    assert (stopped / "out.jsonl").read_bytes() == (stopped / "whole.jsonl").read_bytes()


def test_a_run_that_goes_on_after_midnight_ends_the_same(here, desk_run, stopped_at_midnight):
    done = desk_run("batch", "in.jsonl", "-o", "out.jsonl", "--workers", 0, "--chunk", 6, "--resume")
    assert done.exit_code == 0, done.stderr
    assert {record["as_of"] for record in read(here / "out.jsonl")} == {"2019-12-31"}
    assert {record["as_of_from"] for record in read(here / "out.jsonl")} == {"today"}


@pytest.fixture
def stopped_at_midnight(here, desk_run, monkeypatch):
    """A run that was begun on another day, of which nothing is done."""
    from annotator.batch._journal import Journal

    write(here / "in.jsonl", documents(20))
    with monkeypatch.context() as patched:
        patched.setattr(Journal, "add", lambda *_: 1 / 0)
        desk_run("batch", "in.jsonl", "-o", "out.jsonl", "--workers", 0, "--chunk", 6)
    path = here / "out.jsonl.partial" / "manifest.json"
    manifest = json.loads(path.read_text())
    path.write_text(json.dumps({**manifest, "today": "2019-12-31"}))


def test_two_runs_do_not_share_an_output(here, slow, command):
    first = start(command(slow, "-o", here / "out.jsonl"))
    watch(first, lambda: committed(here / "out.jsonl.partial") > 0)
    said = finish([*command(slow, "-o", here / "out.jsonl"), "--resume"], code=5)
    assert "another run is at work" in said
    ended(first)
    assert len(read(here / "out.jsonl")) == 400


@pytest.mark.skipif(os.name == "nt", reason="Windows has no limit for the size of files")
@pytest.mark.parametrize("suffix", [".jsonl", ".parquet"])
def test_a_full_disk_is_exit_code_5_and_the_run_can_go_on(here, command, suffix):
    import resource

    rows = [{"id": str(n), "text": random.Random(n).randbytes(400).hex()} for n in range(300)]
    write(here / "in.jsonl", rows)
    line = command(here / "in.jsonl", "-o", here / f"out{suffix}", workers=1)

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    full = start(line, preexec_fn=limit)
    said = ended(full, 5)
    assert said.count("\n") == 1
    assert "--resume goes on" in said
    assert not (here / f"out{suffix}").exists()
    assert committed(here / f"out{suffix}.partial") > 3
    finish([*line, "--resume"])
    assert [record["id"] for record in read(here / f"out{suffix}")] == [str(n) for n in range(300)]


@pytest.mark.skipif(not hasattr(os, "wait4"), reason="needs the most memory that a process has held")
def test_memory_does_not_grow_with_the_input(here, command):
    def most(megabytes):
        path = here / f"{megabytes}.jsonl"
        line = json.dumps({"text": "The council met on Monday and spoke of the bridge. " * 400}).encode() + b"\n"
        path.write_bytes(line * (megabytes * 1_000_000 // len(line)))
        arguments = command(path, "-o", here / f"{megabytes}.out.jsonl", workers=1)
        arguments[arguments.index("--chunk") + 1] = str(CHUNK)
        process = start(arguments)
        _, status, usage = os.wait4(process.pid, 0)
        process.stdout.close(), process.stderr.close()
        assert os.waitstatus_to_exitcode(status) == 0
        process.returncode = 0
        return usage.ru_maxrss

    assert most(96) < 1.3 * most(24)


def test_progress_is_a_bar_on_a_terminal_and_lines_elsewhere(here, slow, command):
    pty = pytest.importorskip("pty")
    read_end, write_end = pty.openpty()
    line = command(slow, "-o", here / "out.jsonl")
    process = subprocess.Popen(line, stderr=write_end, env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm"})
    os.close(write_end)
    said = b""
    while True:
        try:
            more = os.read(read_end, 65536)
        except OSError:
            break
        if not more:
            break
        said += more
    assert process.wait(60) == 0
    assert b"MB/s" in said
    assert b"100%" in said
    assert b"\r" in said
