"""The table of hits: the same rows in every container, of the right types, and never a formula."""

from __future__ import annotations

import csv
import datetime
import io
import json
import os
import sys
from typing import TYPE_CHECKING, Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from batchrunning import committed, ended, finish, lines, start, watch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator import Annotator
from annotator.batch import _hits

if TYPE_CHECKING:
    from pathlib import Path

DAY = "2021-05-06"
SUFFIXES = (".csv", ".xlsx", ".parquet", ".jsonl", ".csv.gz")
SPACED = {"links"}


def table(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a table as a program reads them."""
    if path.suffix == ".parquet":
        return pq.read_table(path).to_pylist()
    if path.suffix == ".xlsx":
        names, *rows = openpyxl.load_workbook(path).active.iter_rows(values_only=True)
        return [dict(zip(names, row, strict=True)) for row in rows]
    if path.suffix == ".gz":
        import gzip

        data = gzip.decompress(path.read_bytes())
    else:
        data = path.read_bytes()
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in data.splitlines()]
    rows = csv.DictReader(io.StringIO(data.decode(), newline=""))
    return [{name: cell.removeprefix("'") for name, cell in row.items()} for row in rows]


def shown(name: str, value: Any) -> str:
    """Return a value as text, the same from every container."""
    if isinstance(value, list):
        return (" " if name in SPACED else "; ").join(value)
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value)


def documents() -> list[dict[str, Any]]:
    return [
        {"id": "a", "title": "On widgets", "text": "He sold widgets.\nAnd gadgets, “too”. Nothing else.", "desk": "=x"},
        {"id": "b", "title": "", "text": "Nothing.", "desk": "y"},
        {"id": "c", "title": None, "text": None, "desk": None},
        {"id": "d", "title": "Wrong", "text": 5, "desk": "z"},
        {"id": "e", "title": "-1", "text": "They said that nobody forbids them. Widgets!", "desk": "ü"},
    ]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_table_holds_what_the_library_says(here, batch, desk, suffix) -> None:
    (here / "in.jsonl").write_bytes(lines(documents()))
    batch("in.jsonl", "-o", f"hits{suffix}", "--rows", "hits", "--keep", "desk", code=4)
    rows = table(here / f"hits{suffix}")
    library = Annotator(desk, default_rules=False)
    expected: list[dict[str, Any]] = []
    for number, one in enumerate(documents(), 1):
        if isinstance(one["text"], str):
            result = library.annotate(one["text"], as_of=DAY)
            about = {"id": one["id"], "title": one["title"], "as_of": DAY, "as_of_from": "given", "row": number}
            more = {"source": "in.jsonl", "code": 0, "desk": one["desk"]}
            expected += [{**about, **row, **more} for row in result.rows()]
        elif one["text"] is not None:
            fault = {"error": "field 'text' is no text", "code": 4, "row": number, "source": "in.jsonl"}
            expected.append({"id": one["id"], "title": one["title"], **fault, "desk": one["desk"]})
    assert len(expected) == 5
    assert list(rows[0]) == _hits.names_of(["desk"])
    for row, wanted in zip(rows, expected, strict=True):
        assert {name: shown(name, value) for name, value in row.items()} == {
            name: shown(name, wanted.get(name)) for name in row
        }
    assert rows[1]["sentence"] == "And gadgets, “too”."


def test_types_are_those_of_a_spreadsheet(here, batch) -> None:
    day, when = datetime.date(2024, 2, 29), datetime.datetime.fromisoformat("2024-05-06T07:08:09")
    kept = {
        "d": day,
        "t": when,
        "n": 7,
        "f": 2.5,
        "ok": True,
        "big": 2**60,
        "old": datetime.date(1850, 1, 1),
        "s": "007",
    }
    pq.write_table(pa.Table.from_pylist([{"text": "widgets", "published": day, **kept}]), here / "in.parquet")
    options = ("--rows", "hits", "--date-column", "published", "--keep", "d,t,n,f,ok", "--keep", "big,old,s")
    for suffix in ("xlsx", "parquet"):
        batch("in.parquet", "-o", f"hits.{suffix}", *options)
    sheet = openpyxl.load_workbook(here / "hits.xlsx").active
    names = [cell.value for cell in sheet[1]]
    cells = dict(zip(names, sheet[2], strict=True))
    assert {name: (cells[name].data_type, cells[name].value) for name in kept} == {
        "d": ("d", datetime.datetime.fromisoformat("2024-02-29")),
        "t": ("d", when),
        "n": ("n", 7),
        "f": ("n", 2.5),
        "ok": ("b", True),
        "big": ("s", str(2**60)),
        "old": ("s", "1850-01-01"),
        "s": ("s", "007"),
    }
    assert (cells["as_of"].data_type, cells["start"].data_type, cells["start"].value) == ("d", "n", 0)
    assert cells["date"].value == datetime.datetime.fromisoformat("2024-02-29")
    assert cells["from"].value == datetime.datetime.fromisoformat("2020-01-01")
    assert cells["link"].hyperlink.target == "https://example.org/act"
    [row] = table(here / "hits.parquet")
    assert {name: row[name] for name in kept} == kept
    assert row["date"] == day
    assert row["links"] == ["https://example.org/act"]


HOSTILE = st.text(
    st.sampled_from("=+-@|%\t\r\n '\"\0\x01\x1b\ud800\ufffe_x0041,;:/=HYPERLINK(1)htps.été😀"), max_size=30
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=HOSTILE, head=st.sampled_from(["", "=", "+", "-", "@", " =", "＝", "https://", "file://", "'"]))
def test_no_cell_is_ever_a_formula(here, batch, words, head) -> None:
    hostile = head + words
    document = {"id": hostile or "x", "title": hostile, "text": "He sold widgets.", "own": hostile}
    (here / "in.jsonl").write_bytes(lines([document]))
    for suffix in ("xlsx", "csv"):
        batch("in.jsonl", "-o", f"hits.{suffix}", "--rows", "hits", "--keep", "own", "--overwrite")
    for row in openpyxl.load_workbook(here / "hits.xlsx").active.iter_rows():
        for cell in row:
            assert cell.data_type != "f"
            assert cell.hyperlink is None or cell.hyperlink.target == "https://example.org/act"
    [row] = csv.DictReader(io.StringIO((here / "hits.csv").read_bytes().decode(), newline=""))
    told = hostile.replace("\ud800", "\ufffd")
    for name, was in (("id", told or "x"), ("title", told), ("own", told)):
        cell = row[name]
        assert cell.removeprefix("'") == was if cell.startswith("'") else cell == was
        assert not cell.lstrip(' \t\r\n"').startswith(("=", "+", "@", "＝")), cell


def test_what_a_sheet_cannot_hold_is_said_and_goes_on(here, batch, monkeypatch) -> None:
    monkeypatch.setattr(_hits, "_MOST_ROWS", 3)
    monkeypatch.setattr(_hits, "_LONGEST_CELL", 60)
    monkeypatch.setattr(_hits, "_MOST_LINKS", 1)
    rows = [{"text": "widgets", "own": own} for own in ("short", "😀" * 40, "c", "d", "e")]
    (here / "in.jsonl").write_bytes(lines(rows))
    said = batch("in.jsonl", "-o", "hits.xlsx", "--rows", "hits", "--keep", "own").stderr
    assert "hits.xlsx: more hits than the 3 rows of a sheet: they go on in 2 more\n" in said
    assert "1 cell cut at the 60 characters" in said
    assert "2 addresses are text, not links" in said
    book = openpyxl.load_workbook(here / "hits.xlsx")
    assert book.sheetnames == ["hits", "hits 2", "hits 3"]
    own = [[cell.value for cell in next(c for c in sheet.iter_cols() if c[0].value == "own")[1:]] for sheet in book]
    assert own == [["short", "😀" * 29 + "…"], ["c", "d"], ["e"]]


def test_columns_of_ones_own_never_hide_those_of_the_table(here, batch) -> None:
    (here / "in.csv").write_text("id;text;title;input_title;note\n1;widgets;T;I;N\n", encoding="utf-8")
    batch("in.csv", "-o", "hits.csv", "--rows", "hits", "--keep", "title, input_title", "--keep", "note")
    [row] = table(here / "hits.csv")
    assert (row["title"], row["input_title"], row["input_input_title"], row["input_note"]) == ("T", "T", "I", "N")
    assert row["note"] == "desk.widgets"


def test_the_title_and_the_date_are_the_articles_own(here, batch) -> None:
    (here / "in").mkdir()
    (here / "in" / "a.html").write_text(
        '<html><head><meta property="article:published_time" content="2015-03-04T05:06:07Z"></head>'
        "<body><h1>All  about <b>widgets</b></h1><p>He sold gadgets there, it is said.</p></body></html>"
    )
    (here / "in" / "b.txt").write_text("He sold gadgets.")
    batch("in", "-o", "hits.jsonl", "--rows", "hits")
    rows = table(here / "hits.jsonl")
    assert {(row["id"], row["title"], row["date"], row["as_of"], row["row"]) for row in rows} == {
        ("in/a.html", "All about widgets", "2015-03-04", DAY, None),
        ("in/b.txt", None, None, DAY, None),
    }


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("-o", "hits", "--rows", "hits"), "makes one table"),
        (("-o", "hits.txt", "--rows", "hits"), "makes one table"),
        (("-o", "hits.xlsx.gz", "--rows", "hits"), "makes one table"),
        (("-o", "hits.xlsx"), "add --rows hits"),
        (("-o", "hits.csv", "--keep", "id"), "--keep is for a table of hits"),
        (("-o", "hits.csv", "--title-column", "id"), "--title-column is for a table of hits"),
        (("-o", "hits.csv", "--rows", "hits", "--keep", "nosuch"), "no column 'nosuch' (--keep)"),
        (("-o", "hits.csv", "--rows", "hits", "--title-column", "nosuch"), "(--title-column)"),
        (("-o", "hits.csv", "--rows", "hits", "--keep", "id,id"), "named twice"),
        (("-o", "hits.csv", "--rows", "hits", "--output", "json"), "leave it out"),
        (("-o", "hits.csv", "--rows", "hits", "--style", "excel"), "leave it out"),
        (("-o", "hits.csv", "--rows", "hits", "--strict"), "leave it out"),
        (("-o", "hits.csv", "--rows", "hits", "--scheduler", "tcp://127.0.0.1:1"), "leave out --scheduler"),
        (("-o", "hits.csv", "--rows", "rows"), "unknown choice 'rows'"),
        (("-o", "notes.csv", "--output", "csv"), "a table within a cell"),
        (("-o", "notes.jsonl", "--output", "csv"), "a table within a cell"),
    ],
)
def test_what_makes_no_table_is_refused_in_one_line(here, batch, options, said) -> None:
    (here / "in.jsonl").write_bytes(lines([{"id": "a", "text": "widgets"}]))
    done = batch("in.jsonl", *options, code=2)
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert [path.name for path in here.iterdir()] == ["in.jsonl"]


def test_an_article_has_no_columns_to_keep(here, batch) -> None:
    (here / "a.txt").write_text("widgets")
    assert (
        "a.txt: is an article and has no columns"
        in batch("a.txt", "-o", "hits.csv", "--rows", "hits", "--keep", "id", code=2).stderr
    )


def test_the_library_for_workbooks_is_named_where_it_is_missing(here, batch, monkeypatch) -> None:
    (here / "in.jsonl").write_bytes(lines([{"text": "widgets"}]))
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    done = batch("in.jsonl", "-o", "hits.xlsx", "--rows", "hits", code=7)
    assert 'pip install "sanctions-annotator[xlsx]"' in done.stderr


@pytest.mark.parametrize("suffix", [".xlsx", ".parquet", ".csv"])
def test_killed_and_resumed_by_workers_it_ends_with_the_same_bytes(here, desk, suffix) -> None:
    rows = [{"id": n, "text": f"{n} " + "He sold widgets. And gadgets. " * (n % 7), "own": n} for n in range(300)]
    (here / "in.jsonl").write_bytes(lines(rows))

    def line(name: str, workers: int, *more: str) -> list[str]:
        options = ("--rows", "hits", "--keep", "own", "--notes", "every", "--as-of", DAY, "--chunk", "7", *more)
        rules = ("--rules", str(desk), "--no-default-rules", "--workers", str(workers))
        return [sys.executable, "-m", "annotator", "batch", "in.jsonl", "-o", f"{name}{suffix}", *options, *rules]

    finish(line("whole", 0))
    run = start(line("out", 2, "--resume"))
    if watch(run, lambda: committed(here / f"out{suffix}.partial") >= 1):
        run.kill()
    run.communicate()
    said = (
        ended(start(line("out", 2, "--resume", "--keep", "text")), 2)
        if (here / f"out{suffix}.partial").exists()
        else ""
    )
    assert not said or "--resume: keep was" in said
    finish(line("out", 2, "--resume"))
    assert (here / f"out{suffix}").read_bytes() == (here / f"whole{suffix}").read_bytes()


@pytest.mark.parametrize("command", ["annotate", "check", "explain"])
def test_a_file_of_many_articles_is_for_batch(here, run, command) -> None:
    pq.write_table(pa.Table.from_pylist([{"text": "widgets"}]), here / "in.parquet")
    os.rename(here / "in.parquet", here / "renamed.txt")
    (here / "in.csv").write_text("id,text\n1,widgets\n")
    (here / "in.jsonl.gz").write_bytes(b"\x1f\x8b")
    (here / "notes.json").write_bytes(lines([{"text": "widgets"}, {"text": "gadgets"}]))
    for name, kind in (
        ("renamed.txt", "Parquet"),
        ("in.csv", "CSV"),
        ("in.jsonl.gz", "JSON Lines"),
        ("notes.json", "JSON Lines"),
    ):
        done = run(command, name)
        assert done.exit_code == 2
        assert f"{name} is {kind}, which holds many articles" in done.stderr
        assert f"annotator batch {name} -o notes.jsonl" in done.stderr
        assert done.stderr.count("\n") == 1
    done = run(command, stdin=b'{"text": "widgets"}\n')
    assert "standard input is JSON Lines" in done.stderr


def test_a_format_that_is_given_makes_one_article_of_any_file(here, desk_run) -> None:
    (here / "in.csv").write_text("id,text\n1,widgets\n")
    (here / "ok.txt").write_text("widgets")
    done = desk_run("annotate", "in.csv", "--format", "text", "--as-of", DAY)
    assert done.exit_code == 0
    assert "widgets[1]" in done.stdout
    done = desk_run("annotate", "in.csv", "ok.txt", "-o", "out/")
    assert done.exit_code == 2
    assert (here / "out" / "ok.txt").exists()
