"""What batches are given: pages as servers sent them, files of other systems, nulls, links; read, or told why not."""

from __future__ import annotations

import bz2
import codecs
import gzip
import json
import lzma
import os
import sys
import zlib
from typing import TYPE_CHECKING

import brotli
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from batchrunning import lines

from annotator.arrow import annotate_batches
from annotator.batch._extras import zstd
from annotator.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

DAY = "2021-05-06"


@pytest.fixture
def batch(batch):
    """Run a batch in this process, without workers; return its messages."""
    return lambda *arguments, **expected: batch(*arguments, **expected).stderr


def records_of(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


# -- pages -----------------------------------------------------------------------------------------

PAGE = "<!DOCTYPE html><title>x</title><p>He sold widgets in Köln.</p>".encode()
NOTED = "He sold widgets<sup"


def raw(data: bytes) -> bytes:
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    return squeeze.compress(data) + squeeze.flush()


def compressed(data: bytes) -> bytes:
    """Return something like what `compress` makes: its mark, and bytes that mean nothing without it."""
    return b"\x1f\x9d\x90" + bytes((7 * byte + 91) % 256 for byte in data)


def chunked(data: bytes, size: int = 20) -> bytes:
    parts = [data[at : at + size] for at in range(0, len(data), size)]
    return b"".join(f"{len(part):x};x=y\r\n".encode() + part + b"\r\n" for part in parts) + b"0\r\nTrailer: x\r\n\r\n"


def archive(path: Path, pages: list[tuple[str, bytes]], media: str = "text/html; charset=utf-8") -> Path:
    """Write a web archive of pages with these header lines and bodies."""
    with path.open("wb") as file:
        for number, (fields, content) in enumerate(pages):
            more = "".join(f"{field}\r\n" for field in fields.split("\n") if field)
            body = f"HTTP/1.1 200 OK\r\nContent-Type: {media}\r\n{more}\r\n".encode() + content
            file.write(
                b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://example.org/\r\n"
                b"WARC-Date: 2021-05-06T00:00:00Z\r\n"
                + f"WARC-Record-ID: <urn:uuid:{number}>\r\nContent-Type: application/http; msgtype=response\r\n"
                f"Content-Length: {len(body)}\r\n\r\n".encode()
                + body
                + b"\r\n\r\n"
            )
    return path


CODED = {
    "": PAGE,
    "Content-Encoding: br": brotli.compress(PAGE),
    "Content-Encoding: BR": brotli.compress(PAGE),
    "Content-Encoding: zstd": zstd().compress(PAGE),
    "content-encoding: gzip": gzip.compress(PAGE),
    "Content-Encoding: x-gzip": gzip.compress(PAGE),
    "Content-Encoding: gzip;q=1.0": gzip.compress(PAGE),
    "Content-Encoding: gzip, gzip": gzip.compress(gzip.compress(PAGE)),
    "Content-Encoding: gzip\nContent-Encoding: br": brotli.compress(gzip.compress(PAGE)),
    "Content-Encoding: br, zstd, gzip": gzip.compress(zstd().compress(brotli.compress(PAGE))),
    "Content-Encoding: deflate": zlib.compress(PAGE),
    "Content-Encoding: Deflate": raw(PAGE),
    "Content-Encoding: identity": PAGE,
    "Content-Encoding: identity, gzip": gzip.compress(PAGE),
    "Content-Encoding: none": PAGE,
    "Content-Encoding: utf-8": PAGE,
    "Content-Encoding: bzip2": bz2.compress(PAGE),
    "Content-Encoding: x-xz": lzma.compress(PAGE),
    "Content-Encoding: lzma": lzma.compress(PAGE, lzma.FORMAT_ALONE),
    "Transfer-Encoding: chunked": chunked(PAGE),
    "Transfer-Encoding: Chunked\nContent-Encoding: br": chunked(brotli.compress(PAGE)),
    "Transfer-Encoding: gzip, chunked": chunked(gzip.compress(PAGE)),
    # Two members, as some servers send, and what browsers leave out behind them.
    "Content-Encoding: gzip ": gzip.compress(PAGE[:20]) + gzip.compress(PAGE[20:]) + b"\0\0junk",
    # What crawlers and servers get wrong: a page that is decoded already, compressed twice, or as something else.
    "Content-Encoding: gzip\nX: decoded": PAGE,
    "Content-Encoding: br\nX: decoded": PAGE,
    "Content-Encoding: zstd\nX: decoded": PAGE,
    "Content-Encoding: deflate\nX: decoded": PAGE,
    "Content-Encoding: compress\nX: decoded": PAGE,
    "Transfer-Encoding: chunked\nX: decoded": PAGE,
    "Content-Encoding: gzip\nX: twice": gzip.compress(gzip.compress(PAGE)),
    "Content-Encoding: br\nX: gzip": gzip.compress(PAGE),
    "Content-Encoding: gzip\nX: zstd": zstd().compress(PAGE),
    "Content-Encoding: deflate\nX: gzip": gzip.compress(PAGE),
    "X: gzip": gzip.compress(PAGE),
    "Content-Encoding: whatever\nX: gzip": gzip.compress(PAGE),
}


def test_pages_are_annotated_whatever_a_server_did_to_them(here, batch):
    batch(archive(here / "in.warc", list(CODED.items())), "-o", "out.jsonl")
    found = records_of(here / "out.jsonl")
    assert len(found) == len(CODED)
    for fields, record in zip(CODED, found, strict=True):
        assert (record["status"], record["annotations"]) == ("ok", 1), fields
        assert NOTED in record["output"], fields
        assert "Köln" in record["output"], fields


WRONG = {
    "Content-Encoding: compress": (compressed(PAGE), "content encoding 'compress' cannot be undone"),
    "Content-Encoding: x-compress": (compressed(PAGE), "'x-compress'"),
    "Content-Encoding: dcb": (b"\xff\x44\x43\x42" + brotli.compress(PAGE), "'dcb'"),
    "Content-Encoding: dcz": (b"\x5e\x2a\x4d\x18\x20\0\0\0" + zstd().compress(PAGE), "'dcz'"),
    "Content-Encoding: aes128gcm": (os.urandom(300), "'aes128gcm'"),
    "Content-Encoding: br": (brotli.compress(PAGE)[:-9], "damaged Brotli data (cut short)"),
    "Content-Encoding: gzip": (gzip.compress(PAGE)[:-9], "damaged gzip data (cut short)"),
    "Content-Encoding: zstd": (zstd().compress(PAGE)[:-9], "damaged Zstandard data (cut short)"),
    "Content-Encoding: deflate": (zlib.compress(PAGE)[:-9], "damaged deflate data (cut short)"),
    "Content-Encoding: br\nX: other": (compressed(PAGE), "damaged Brotli data"),
    "Content-Encoding: br\nX: junk": (bytes(range(256)), "damaged Brotli data"),
    "Content-Encoding: br, gzip": (gzip.compress(compressed(PAGE)), "damaged Brotli data"),
    "Content-Encoding: gzip, br": (brotli.compress(compressed(PAGE)), "damaged gzip data"),
    "Content-Encoding: gzip\nTransfer-Encoding: chunked": (
        chunked(gzip.compress(PAGE)).replace(b"\r\n14;", b"\r\nzz;"),
        "damaged chunked data",
    ),
    "X: Brotli, but nobody says so": (brotli.compress(PAGE * 9), "binary data"),
    "Content-Encoding: identity": (brotli.compress(PAGE * 9), "binary data"),
}


@pytest.mark.parametrize("charset", ["", "; charset=iso-8859-1", "; charset=utf-8"])
def test_pages_that_cannot_be_decoded_are_errors_and_never_rubbish(here, batch, charset):
    pages = [(fields, content) for fields, (content, _) in WRONG.items()]
    told = batch(archive(here / "in.warc", pages, f"text/html{charset}"), "-o", "out.jsonl", code=4)
    for (fields, (_, words)), record in zip(WRONG.items(), records_of(here / "out.jsonl"), strict=True):
        assert record["status"] == "error", fields
        if charset:
            assert words in record["error"], fields
        assert "\n" not in record["error"]
    assert "in.warc:1: " in told


def test_pages_in_legacy_encodings_and_in_utf_16_are_still_read(here, batch):
    text = "<p>He sold widgets, said Müller – naïvely.</p>" * 3
    for charset in ("iso-8859-15", "windows-1252", "utf-16", "utf-16-le"):
        data = text.replace("–", "-").encode(charset)
        pages = [("", data), ("Content-Encoding: br", brotli.compress(data)), ("Content-Encoding: gzip", data)]
        batch(archive(here / "in.warc", pages, f"text/html; charset={charset}"), "-o", f"{charset}.jsonl")
        for record in records_of(here / f"{charset}.jsonl"):
            assert (record["status"], record["annotations"]) == ("ok", 1)


def test_a_small_page_that_unpacks_to_gigabytes_is_never_held(here, batch, monkeypatch):
    monkeypatch.setattr("annotator.batch._records.LONGEST", 5 << 20)
    huge = b"<p>" + b"a" * (9 << 20)
    made = {"br": brotli.compress, "gzip": gzip.compress, "zstd": zstd().compress, "deflate": zlib.compress}
    made |= {"bzip2": bz2.compress, "xz": lzma.compress}
    pages = [(f"Content-Encoding: {name}", make(huge)) for name, make in made.items()]
    batch(archive(here / "in.warc", pages), "-o", "out.jsonl", code=4)
    for record in records_of(here / "out.jsonl"):
        assert "longer than 5 MB" in record["error"]


@pytest.mark.parametrize(("module", "name"), [("brotli", "br"), ("backports.zstd", "zstd")])
def test_a_library_that_is_missing_for_a_page_is_named(here, batch, monkeypatch, module, name):
    content = {"br": brotli.compress, "zstd": zstd().compress}[name](PAGE)
    archive(here / "in.warc", [(f"Content-Encoding: {name}", content), ("Content-Encoding: br", PAGE)])
    for missing in (module, "backports", "compression.zstd"):
        monkeypatch.setitem(sys.modules, missing, None)
    told = batch(here / "in.warc", "-o", "out.jsonl", code=7)
    first, second = records_of(here / "out.jsonl")
    assert (first["status"], first["code"], second["status"]) == ("error", 7, "ok")
    assert 'pip install "sanctions-annotator[batch]"' in first["error"]
    assert "in.warc:1: " in told


# -- encodings -------------------------------------------------------------------------------------

WIDE = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
}
TABLE = 'id;text\r\n1;He sold widgets – in Köln.\r\n2;"gadgets\r\nand 小部件"\r\n'
TEXTS = ["He sold widgets – in Köln.", "gadgets\r\nand 小部件"]


@pytest.mark.parametrize("name", ["in.csv", "in.csv.gz", "in.jsonl", "in.jsonl.gz"])
@pytest.mark.parametrize("encoding", [*WIDE, "unmarked utf-16-le", "unmarked utf-16-be"])
@pytest.mark.parametrize("options", [(), ("--encoding", "utf-8")])
def test_tables_with_a_byte_order_mark_are_read_in_the_encoding_that_it_says(here, batch, name, encoding, options):
    text = TABLE
    if "jsonl" in name:
        rows = [{"id": str(number), "text": text} for number, text in enumerate(TEXTS, 1)]
        text = "".join(json.dumps(row, ensure_ascii=False) + "\r\n" for row in rows)
    data = WIDE.get(encoding, b"") + text.encode(encoding.split()[-1])
    (here / name).write_bytes(gzip.compress(data) if name.endswith("gz") else data)
    batch(name, "-o", "out.jsonl", *options)
    found = records_of(here / "out.jsonl")
    assert [(record["id"], record["status"], record["annotations"]) for record in found] == [
        ("1", "ok", 1), ("2", "ok", 1),
    ]  # fmt: skip
    assert "widgets[1] – in Köln" in found[0]["output"]
    assert "小部件" in found[1]["output"]


@pytest.mark.parametrize("name", ["in.csv", "in.jsonl"])
def test_utf_16_that_is_cut_short_gives_what_came_before(here, batch, name):
    row = "He sold widgets.\r\n" if name == "in.csv" else '{"text": "He sold widgets."}\r\n'
    text = ("text\r\n" if name == "in.csv" else "") + row * 5
    (here / name).write_bytes(codecs.BOM_UTF16_LE + text.encode("utf-16-le") + b"x")
    told = batch(name, "-o", "out.jsonl", code=4)
    assert [record["status"] for record in records_of(here / "out.jsonl")] == ["ok"] * 5 + ["error"]
    assert "not utf-16" in told


def test_what_is_no_encoding_is_one_line(here, batch):
    (here / "in.csv").write_text("text\nwidgets\n")
    for name in ("nosuch", "rot13"):
        assert batch("in.csv", "-o", "out.jsonl", "--encoding", name, code=2).count("\n") == 1


# -- nulls -----------------------------------------------------------------------------------------


@pytest.fixture(params=["in.jsonl", "in.parquet", "in.jsonl as pandas writes it", "in.parquet of nothing else"])
def nulls(here, request) -> str:
    """A file whose second text is a null."""
    name, _, remark = request.param.partition(" ")
    texts = [None, None, None] if "nothing" in remark else ["He sold widgets.", None, "gadgets"]
    if name == "in.parquet":
        pq.write_table(pa.table({"id": ["a", "b", "c"], "text": texts}), here / name)
    else:
        if remark:
            texts[1] = float("nan")
        (here / name).write_bytes(lines({"id": key, "text": text} for key, text in zip("abc", texts, strict=True)))
    return name


def test_a_null_is_an_empty_article(here, batch, nulls):
    batch(nulls, "-o", "out.jsonl")
    record = records_of(here / "out.jsonl")[1]
    assert (record["id"], record["status"], record["output"], record["annotations"]) == ("b", "ok", "", 0)


def test_a_null_is_an_error_where_that_is_asked_for(here, batch, nulls):
    told = batch(nulls, "-o", "out.jsonl", "--null-text", "error", code=4)
    record = records_of(here / "out.jsonl")[1]
    assert (record["id"], record["status"], record["code"]) == ("b", "error", 4)
    assert "'text' is null" in told
    assert f"{nulls}:2" in told


def test_nulls_in_other_places_are_no_texts(here, batch):
    values = [{"id": 1}, {"id": 2, "text": [None]}, {"id": 3, "text": {"text": None}}, {"id": None, "text": "widgets"}]
    (here / "in.jsonl").write_bytes(lines([*values, {"text": "x", "date": None}]) + b"null\n")
    batch("in.jsonl", "-o", "out.jsonl", "--text-column", "text", "--date-column", "date", code=4)
    found = records_of(here / "out.jsonl")
    assert [record["status"] for record in found] == ["error", "error", "error", "ok", "ok", "error"]
    assert found[3]["id"] == "in.jsonl:4"
    pq.write_table(pa.table({"text": pa.array([["a", None], None])}), here / "in.parquet")
    batch("in.parquet", "-o", "parquet.jsonl", code=4)
    assert [record["status"] for record in records_of(here / "parquet.jsonl")] == ["error", "ok"]


def test_arrow_takes_nulls_either_way(desk):
    table = pa.record_batch({"text": ["widgets", None]})
    options = {"rules": [desk], "default_rules": False, "as_of": DAY}
    [found] = annotate_batches([table], **options)
    assert found.column("status").to_pylist() == ["ok", "ok"]
    [found] = annotate_batches([table], null_text="error", **options)
    assert found.column("status").to_pylist() == ["ok", "error"]
    with pytest.raises(UsageError, match="null_text is one of empty, error"):
        annotate_batches([table], null_text="nothing", **options)


def test_a_run_is_not_resumed_with_nulls_taken_otherwise(here, batch, monkeypatch):
    from annotator.batch._journal import Journal

    (here / "in.jsonl").write_bytes(lines([{"text": None}]))
    with monkeypatch.context() as patched:
        patched.setattr(Journal, "add", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        batch("in.jsonl", "-o", "out.jsonl", code=5)
    told = batch("in.jsonl", "-o", "out.jsonl", "--resume", "--null-text", "error", code=2)
    assert 'null-text was "empty" and is now "error"' in told


# -- faults of JSON --------------------------------------------------------------------------------


def test_faults_of_json_are_said_in_good_order(here, batch):
    wrong = [
        b'{"text": "wid\tgets"}', b'{"text": "widgets', b"{broken", b'{"text": "a" "b"}', b'{"text": "\\x"}',
        b'{"text": "\\u12"}', b'{"text": tru}', b'{"text": "a"} b', b'{"text": "a",}', b"[1", b'{"text" "a"}', b"nul",
        b'{"text": "a", "n": ' + b"9" * 5000 + b"}",
    ]  # fmt: skip
    (here / "in.jsonl").write_bytes(b'{"text": "widgets"}\n' + b"\n".join(wrong))
    batch("in.jsonl", "-o", "out.jsonl", code=4)
    _, *found = records_of(here / "out.jsonl")
    assert [record["status"] for record in found] == ["error"] * len(wrong)
    for record in found:
        assert "at at" not in record["error"]
        assert ": at" not in record["error"]
    assert found[0]["error"] == "not JSON: Invalid control character at column 14"
    assert found[1]["error"] == "not JSON: Unterminated string starting at column 10"
    assert "digits" in found[-1]["error"]
    assert "sys." not in found[-1]["error"]


# -- links, and places to write to -----------------------------------------------------------------

links = pytest.mark.skipif(os.name == "nt", reason="links need a right of their own on Windows")


@links
def test_links_that_lead_out_of_a_folder_are_not_followed(here, batch):
    (here / "outside" / "deep").mkdir(parents=True)
    (here / "outside" / "secret.txt").write_text("widgets")
    (here / "outside" / "deep" / "secret.jsonl").write_bytes(lines([{"text": "widgets"}]))
    folder = here / "in"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.txt").write_text("He sold widgets.")
    (folder / "inside.txt").symlink_to("a.txt")
    (folder / "sub" / "up.txt").symlink_to("../a.txt")
    (folder / "out.txt").symlink_to("../outside/secret.txt")
    (folder / "twice.txt").symlink_to("out.txt")
    (folder / "absolute.txt").symlink_to(here / "outside" / "secret.txt")
    (folder / "folder").symlink_to("../outside", target_is_directory=True)
    (folder / "back").symlink_to(".", target_is_directory=True)
    (folder / "sub" / "above").symlink_to("../..", target_is_directory=True)
    (folder / "gone.txt").symlink_to("nowhere.txt")
    (folder / "loop.txt").symlink_to("pool.txt")
    (folder / "pool.txt").symlink_to("loop.txt")
    told = batch("in", "-o", "out.jsonl")
    assert [record["source"] for record in records_of(here / "out.jsonl")] == [
        "in/a.txt", "in/inside.txt", "in/sub/up.txt",
    ]  # fmt: skip
    assert "8 symbolic links left out, leading out of the folder or to no file" in told
    # What is named is read, whatever it is.
    (here / "link").symlink_to("outside", target_is_directory=True)
    batch("link", "in/out.txt", "-o", "named.jsonl")
    assert [record["source"] for record in records_of(here / "named.jsonl")] == [
        "link/deep/secret.jsonl", "link/secret.txt", "in/out.txt",
    ]  # fmt: skip


@links
def test_inputs_that_are_broken_links_say_so(here, batch):
    (here / "gone.jsonl").symlink_to("nowhere.jsonl")
    assert f"is a link to {here / 'nowhere.jsonl'}, which is not there" in batch("gone.jsonl", "-o", "o.csv", code=4)
    (here / "loop.jsonl").symlink_to("loop.jsonl")
    told = batch("loop.jsonl", "-o", "o.csv", code=4)
    assert "Errno" not in told
    assert told.count("loop.jsonl") == 1


@pytest.fixture
def story(here) -> Path:
    """An article, and a table of one."""
    (here / "in.jsonl").write_bytes(lines([{"text": "He sold widgets."}]))
    (here / "in.txt").write_text("He sold widgets.")
    return here


@links
def test_output_to_a_link_that_leads_nowhere_says_what_is_wrong_before_any_work(story, batch, desk_run):
    (story / "out.jsonl").symlink_to("nodir/out.jsonl")
    for more in ((), ("--overwrite",), ("--resume",)):
        told = batch("in.jsonl", "-o", "out.jsonl", *more, code=5)
        assert told.count("\n") == 1
        assert f"out.jsonl: is a link to {story / 'nodir' / 'out.jsonl'}, and there is no folder" in told
    done = desk_run("annotate", "in.txt", "-o", "out.jsonl")
    assert done.exit_code == 5
    assert f"there is no folder {story / 'nodir'}" in done.stderr
    (story / "folder").symlink_to("nodir/folder")
    assert "there is no folder" in batch("in.txt", "-o", "folder", code=5)
    (story / "loop.jsonl").symlink_to("loop.jsonl")
    assert "is a link that leads nowhere" in batch("in.jsonl", "-o", "loop.jsonl", "--overwrite", code=5)
    assert not list(story.glob("*.partial"))


@links
def test_output_through_a_link_goes_where_it_leads(story, batch):
    (story / "there").mkdir()
    (story / "out.jsonl").symlink_to("there/made.jsonl")
    batch("in.jsonl", "-o", "out.jsonl")
    assert (story / "out.jsonl").is_symlink()
    assert len(records_of(story / "there" / "made.jsonl")) == 1
    batch("in.jsonl", "-o", "out.jsonl", "--overwrite")
    assert (story / "out.jsonl").is_symlink()
    (story / "folder").symlink_to("there/folder", target_is_directory=True)
    batch("in.txt", "-o", "folder")
    assert (story / "folder").is_symlink()
    assert "widgets[1]" in (story / "there" / "folder" / "in.txt").read_text("utf-8")


@links
def test_output_through_a_link_to_another_disk(story, batch, monkeypatch):
    import errno

    (story / "there").mkdir()
    (story / "out.jsonl").symlink_to("there/made.jsonl")
    replace = os.replace

    def within_one_disk(path, to):
        if (os.sep + "there" + os.sep in str(path)) != (os.sep + "there" + os.sep in str(to)):
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        replace(path, to)

    monkeypatch.setattr(os, "replace", within_one_disk)
    batch("in.jsonl", "-o", "out.jsonl")
    assert len(records_of(story / "there" / "made.jsonl")) == 1
    assert [path.name for path in (story / "there").iterdir()] == ["made.jsonl"]


def test_output_that_has_no_place_is_told_before_any_work(story, batch):
    (story / "full.jsonl").mkdir()
    (story / "full.jsonl" / "x").write_text("x")
    assert "is a folder" in batch("in.jsonl", "-o", "full.jsonl", "--overwrite", code=2)
    assert "there is no folder nosuch" in batch("in.jsonl", "-o", "nosuch/out.jsonl", code=5)
    assert "there is no folder nosuch" in batch("in.txt", "-o", "nosuch/out/", code=5)
    assert "there is no folder in.txt" in batch("in.jsonl", "-o", "in.txt/out.jsonl", code=5)
    if os.name != "nt":
        os.mkfifo(story / "pipe.jsonl")
        assert "is neither a file nor a folder" in batch("in.jsonl", "-o", "pipe.jsonl", "--overwrite", code=5)
    assert not list(story.glob("**/*.partial"))


def test_no_input_is_written_over(story, batch):
    before = (story / "in.jsonl").read_bytes()
    assert "is the input itself" in batch("in.jsonl", "-o", "in.jsonl", "--overwrite", code=2)
    if os.name != "nt":
        os.link(story / "in.jsonl", story / "same.jsonl")
        (story / "link.jsonl").symlink_to("in.jsonl")
        for name in ("same.jsonl", "link.jsonl"):
            assert "is the input itself" in batch("in.jsonl", "-o", name, "--overwrite", code=2)
    assert (story / "in.jsonl").read_bytes() == before
    (story / "pages").mkdir()
    (story / "pages" / "a.txt").write_text("He sold widgets.")
    for output in ("pages", "pages/", "./pages/../pages"):
        told = batch("pages", "-o", output, "--overwrite", code=2)
        assert "would be written over" in told
    assert (story / "pages" / "a.txt").read_text() == "He sold widgets."
    batch("pages", "-o", "pages/noted")
    batch("pages", "-o", "pages/noted", "--overwrite")
    assert len(records_of(story / "pages" / "noted" / "annotator-records.jsonl")) == 1


def test_streams_that_read_little_at_a_time_are_read_all_the_same(here, batch, monkeypatch):
    """Where a mark, a line or a character is cut by the end of what was read at once, nothing is lost."""
    from annotator.batch import _reading

    rows = [{"id": str(n), "text": f"He sold widgets – {n}."} for n in range(30)]
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (here / "in.jsonl").write_bytes(codecs.BOM_UTF16_BE + text.encode("utf-16-be"))

    class Slow(_reading._Counted):
        def readinto(self, buffer):
            return super().readinto(memoryview(buffer)[:3])

    monkeypatch.setattr(_reading, "_Counted", Slow)
    batch("in.jsonl", "-o", "out.jsonl")
    assert [record["id"] for record in records_of(here / "out.jsonl")] == [row["id"] for row in rows]
