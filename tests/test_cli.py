"""The command as a person meets it: what goes in and out, what is said, and how it ends."""

from __future__ import annotations

import errno
import io
import json
import os
import re
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conftest import DESK, ROOT

from annotator import __version__, core, errors, rulebook
from annotator.cli._endings import each
from annotator.cli._screen import Screen
from annotator.errors import ExitCode

if TYPE_CHECKING:
    from click.testing import Result
    from conftest import Command, Process

DATED = ("--as-of", "2021-05-06")  # else a warning says that the law is that of today
PLAIN = b"He sold widgets to Ruritania. They said that nobody forbids them.\n"
BARE = b"Nothing happened today.\n"


def in_one_line(result: Result) -> str:
    """Return what a failed run said, having checked that it is one line and no traceback."""
    said = result.stderr
    assert said.startswith("annotator: "), said
    assert said.count("\n") == 1, said
    assert "Traceback" not in said
    return said


# -- annotate: bytes in, bytes out -----------------------------------------------------------------


def test_text_gets_markers_and_notes(here, desk_run: Command):
    (here / "story.txt").write_bytes(PLAIN)
    result = desk_run("annotate", "story.txt", "--as-of", "2021-05-06")
    assert result.exit_code == 0
    assert result.stdout.startswith("He sold widgets[1] to Ruritania. They said that nobody forbids them[check 1].\n")
    assert "1 note, 1 check. Law as of 6 May 2021 (given)." in result.stdout
    assert "Act 12 Art. 1 forbids widgets and nuts." in result.stdout
    assert "as of 2021-05-06" in result.stdout
    assert result.stderr == "annotator: 1 note, 1 check. Law as of 6 May 2021 (given).\n"


@pytest.mark.parametrize("names", [(), ("-",)])
def test_standard_input_is_the_article_without_names(here, desk_run: Command, names):
    result = desk_run("annotate", *names, stdin=PLAIN)
    assert result.exit_code == 0
    assert b"widgets[1]" in result.stdout_bytes


def test_text_without_mentions_comes_back_as_it_was(here, desk_run: Command):
    assert desk_run("annotate", stdin=BARE).stdout_bytes == BARE
    assert desk_run("annotate", stdin=b"").stdout_bytes == b""


ODD_INPUTS = {
    "CRLF": PLAIN.replace(b"\n", b"\r\n"),
    "CR": PLAIN.replace(b"\n", b"\r"),
    "no end of line": PLAIN.rstrip(),
    "BOM": b"\xef\xbb\xbf" + PLAIN,
    "UTF-16": PLAIN.decode().encode("utf-16"),
    "cp1252": "“Widgets”, said Müller in a café – naïve, he’s told.\n".encode("cp1252"),
    "stray byte": PLAIN + "Ärger über Öl und Übermut in Österreich.\n".encode() * 5 + b"\xff\n",
    "NUL": PLAIN + b"a\0b\n",
    "control characters": PLAIN + b"\x1b[31mred\x1b[0m\x0c\x0b\n",
    "long line": b"word " * 40_000 + PLAIN,
}


@pytest.mark.parametrize("source", ODD_INPUTS.values(), ids=ODD_INPUTS)
def test_every_byte_survives_and_strip_gives_it_back(process: Process, here, desk, source):
    given = process("annotate", "-q", "--rules", desk, "--no-default-rules", stdin=source, cwd=here)
    assert (given.returncode, given.stderr) == (0, b"")
    assert given.stdout != source
    back = process("strip", stdin=given.stdout, cwd=here)
    assert (back.returncode, back.stdout) == (0, source)


def test_annotating_twice_changes_nothing(here, desk_run: Command):
    once = desk_run("annotate", stdin=PLAIN).stdout_bytes
    assert desk_run("annotate", stdin=once).stdout_bytes == once


def test_output_file(here, desk_run: Command):
    (here / "story.txt").write_bytes(PLAIN)
    result = desk_run("annotate", "story.txt", "-o", "out.txt")
    assert (result.exit_code, result.stdout_bytes) == (0, b"")
    assert (here / "out.txt").read_bytes().startswith(b"He sold widgets[1]")
    assert (here / "story.txt").read_bytes() == PLAIN
    assert sorted(path.name for path in here.iterdir()) == ["out.txt", "story.txt"]


def test_new_file_has_the_mode_that_the_umask_gives(here, desk_run: Command):
    before = os.umask(0o027)
    try:
        assert desk_run("annotate", "-o", "out.txt", stdin=PLAIN).exit_code == 0
    finally:
        os.umask(before)
    if os.name == "posix":
        assert stat.S_IMODE((here / "out.txt").stat().st_mode) == 0o640


def test_format_by_name_and_by_option(here, desk_run: Command):
    source = b"He sold `widgets`.\n"
    for name in ("story.md", "story.txt"):
        (here / name).write_bytes(source)
    assert desk_run("annotate", "story.md").stdout_bytes == source
    assert b"widgets[1]" in desk_run("annotate", "story.txt").stdout_bytes
    assert desk_run("annotate", "story.txt", "--format", "markdown").stdout_bytes == source


def test_output_format(here, desk_run: Command):
    result = desk_run("annotate", "--output", "markdown", stdin=PLAIN)
    assert result.exit_code == 0
    assert b"widgets[^" in result.stdout_bytes


@pytest.mark.parametrize(
    ("option", "count"), [("first", 2), ("paragraph", 3), ("every", 4)], ids=["first", "paragraph", "every"]
)
def test_notes_policy(here, desk_run: Command, option, count):
    source = b"He sold widgets and gadgets and widgets.\n\nThey like widgets.\n"
    result = desk_run("annotate", "--output", "json", "--notes", option, stdin=source)
    assert len(json.loads(result.stdout)["annotations"]) == count


def test_as_of_chooses_the_version_in_force(here, desk_run: Command):
    def text(day: str) -> list[str]:
        found = json.loads(desk_run("annotate", "--output", "json", "--as-of", day, stdin=b"widgets").stdout)
        assert (found["document"]["as_of"], found["document"]["as_of_from"]) == (day, "given")
        return [note["text"] for one in found["annotations"] for note in one["notes"]]

    assert text("2009-12-31") == []
    assert text("2010-01-01") == ["Act 12 Art. 1 forbids widgets."]
    assert text("2020-01-01") == ["Act 12 Art. 1 forbids widgets and nuts."]


@pytest.mark.parametrize(
    ("names", "rules"), [(["eu"], {"desk.gadgets"}), (["UN, eu"], {"desk.widgets", "desk.gadgets"})]
)
def test_jurisdiction(here, desk_run: Command, names, rules):
    options = [part for name in names for part in ("--jurisdiction", name)]
    result = desk_run("annotate", "--output", "json", *options, stdin=b"widgets and gadgets")
    assert {one["rule"] for one in json.loads(result.stdout)["annotations"]} == rules


def test_only_and_skip(here, desk_run: Command):
    def rules(*options: str) -> set[str]:
        result = desk_run("annotate", "--output", "json", *options, stdin=PLAIN + b"gadgets")
        return {one["rule"] for one in json.loads(result.stdout)["annotations"]}

    assert rules("--only", "desk.w*") == {"desk.widgets"}
    assert rules("--only", "desk.w*", "--only", "desk.g*") == {"desk.widgets", "desk.gadgets"}
    assert rules("--skip", "*.widgets", "--skip", "*.boast") == {"desk.gadgets"}


def test_encoding_is_taken_as_given(here, desk_run: Command):
    source = "Она продала widgets.".encode("cp1251")
    result = desk_run("annotate", "--output", "json", "--encoding", "cp1251", stdin=source)
    [annotation] = json.loads(result.stdout)["annotations"]
    assert (annotation["start"], annotation["end"]) == (12, 19)
    back = desk_run("annotate", "--encoding", "cp1251", stdin=source).stdout_bytes
    assert back.startswith(source.replace(b"widgets", b"widgets[1]"))


def test_rules_may_be_repeated_and_be_folders(here, run: Command, desk):
    more = here / "more"
    more.mkdir()
    (more / "nuts.yaml").write_text(
        "annotator: 1\ncovers: Nuts\nnamespace: nuts\n"
        "rules:\n  nuts: {kind: term, phrases: [nuts], notes: [desk.gadgets]}\n"
    )
    result = run(
        "annotate",
        "--no-default-rules",
        "--rules",
        desk,
        "--rules",
        more,
        "--output",
        "json",
        stdin=b"nuts and widgets",
    )
    assert {one["rule"] for one in json.loads(result.stdout)["annotations"]} == {"nuts.nuts", "desk.widgets"}


@pytest.mark.parametrize(
    ("source", "option", "code"),
    [
        (PLAIN, "claims", ExitCode.FINDINGS),
        (PLAIN, "any", ExitCode.FINDINGS),
        (b"He sold widgets.", "claims", ExitCode.OK),
        (b"He sold widgets.", "any", ExitCode.FINDINGS),
        (BARE, "any", ExitCode.OK),
    ],
)
def test_fail_on(here, desk_run: Command, source, option, code):
    result = desk_run("annotate", "--fail-on", option, stdin=source)
    assert result.exit_code == code
    assert ("--fail-on" in result.stderr) == bool(code)
    if code:  # what was found, and where
        count = 2 if (source, option) == (PLAIN, "any") else 1
        what = "mention" if option == "any" else "claim"
        assert f"--fail-on {option}: {count} {what}" in result.stderr
        assert f"standard input:1:{9 if option == 'any' else 46} “" in result.stderr
    assert result.stdout_bytes.startswith(source[:7])
    assert desk_run("annotate", "-q", "--fail-on", option, stdin=source).stderr == ""


# -- annotate: in place ----------------------------------------------------------------------------


def test_in_place_keeps_mode_and_name(here, run: Command, desk_run: Command):
    path = here / "story.txt"
    path.write_bytes(PLAIN)
    path.chmod(0o604)
    assert desk_run("annotate", "--in-place", "story.txt").exit_code == 0
    assert b"widgets[1]" in path.read_bytes()
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o604
    assert run("strip", "--in-place", "story.txt").exit_code == 0
    assert path.read_bytes() == PLAIN
    assert [one.name for one in here.iterdir()] == ["story.txt"]


def test_in_place_leaves_alone_what_does_not_change(here, run: Command, desk_run: Command):
    path = here / "story.txt"
    path.write_bytes(BARE)
    before = path.stat()
    assert desk_run("annotate", "--in-place", "story.txt").exit_code == 0
    assert run("strip", "--in-place", "story.txt").exit_code == 0
    after = path.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="needs symbolic links")
def test_in_place_writes_through_a_link(here, desk_run: Command):
    (here / "real").mkdir()
    (here / "real" / "story.txt").write_bytes(PLAIN)
    (here / "link.txt").symlink_to(here / "real" / "story.txt")
    assert desk_run("annotate", "--in-place", "link.txt").exit_code == 0
    assert (here / "link.txt").is_symlink()
    assert b"widgets[1]" in (here / "real" / "story.txt").read_bytes()


@pytest.mark.parametrize("step", ["write", "fsync", "replace", "open"])
def test_failed_write_leaves_the_file_as_it_was(here, desk_run: Command, desk, monkeypatch, step):
    path = here / "story.txt"
    path.write_bytes(PLAIN)
    assert desk_run("annotate", stdin=PLAIN).exit_code == 0  # the rules are in the cache now
    real = getattr(os, step)

    def full(first: object, *rest: object, **more: object) -> object:
        if step == "open" and not str(first).endswith(".tmp"):
            return real(first, *rest, **more)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, step, full)
    result = desk_run("annotate", *DATED, "--in-place", "story.txt")
    monkeypatch.undo()
    assert result.exit_code == ExitCode.CANNOT_WRITE
    assert "story.txt: cannot be written: No space left" in in_one_line(result)
    assert path.read_bytes() == PLAIN
    assert [one.name for one in here.iterdir()] == ["story.txt"]


def test_refusals_to_write(here, desk_run: Command):
    (here / "story.txt").write_bytes(PLAIN)
    (here / "folder").mkdir()
    (here / "folder" / "story.txt").mkdir()
    for arguments, code, message in [
        (["story.txt", "-o", "story.txt"], 2, "is the input itself; to replace it use --in-place"),
        (["story.txt", "-o", "./"], 2, "is the input itself"),
        (["story.txt", "-o", "folder"], 5, "is a folder"),
        (["story.txt", "-o", "nowhere/out.txt"], 5, "there is no folder nowhere"),
        (["story.txt", "--in-place", "-o", "out.txt"], 2, "exclude each other"),
        (["--in-place"], 2, "not standard input"),
        (["--in-place", "story.txt", "--output", "json"], 2, "--in-place keeps articles"),
        (["-", "-"], 2, "only once"),
        (["-o", "folder"], 2, "standard input has no name"),
    ]:
        result = desk_run("annotate", *DATED, *arguments, stdin=PLAIN)
        assert (result.exit_code, arguments) == (code, arguments)
        assert message in in_one_line(result)
    assert (here / "story.txt").read_bytes() == PLAIN


def test_write_protected_file_is_left_alone(here, desk_run: Command, monkeypatch):
    path = here / "story.txt"
    path.write_bytes(PLAIN)
    path.chmod(0o444)
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write all the same
    result = desk_run("annotate", *DATED, "--in-place", "story.txt")
    assert result.exit_code == ExitCode.CANNOT_WRITE
    assert "story.txt: is write-protected" in in_one_line(result)
    assert path.read_bytes() == PLAIN


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("arguments", [["annotate"], ["annotate", "-o", "/dev/full"], ["rules", "schema"], ["--help"]])
def test_full_device(process: Process, here, arguments):
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "annotator", *arguments],
            input=PLAIN,
            stdout=full,
            stderr=subprocess.PIPE,
            cwd=here,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            check=False,
        )
    assert done.returncode == ExitCode.CANNOT_WRITE
    assert done.stderr.count(b"\n") == 1
    assert b"No space left" in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="needs pipes with names")
def test_pipe_with_a_name_is_written_to_and_stays(here, process: Process, desk):
    os.mkfifo(here / "pipe")
    with subprocess.Popen(["cat", "pipe"], cwd=here, stdout=subprocess.PIPE) as reader:
        done = process("annotate", "--no-default-rules", "--rules", desk, "-o", "pipe", stdin=PLAIN, cwd=here)
        assert done.returncode == 0
        assert b"widgets[1]" in reader.communicate()[0]
    assert stat.S_ISFIFO((here / "pipe").stat().st_mode)


# -- several articles ------------------------------------------------------------------------------


@pytest.fixture
def three(here):
    """Three articles, the second of which is no text."""
    (here / "a.txt").write_bytes(PLAIN)
    (here / "b.txt").write_bytes(b"%PDF-1.7\n\0\0\0\xff\xfe\x01")
    (here / "c.txt").write_bytes(b"She sold gadgets.\n")
    return here


def test_an_article_of_another_format_does_not_stop_the_others(here, desk_run: Command):
    for name, text in (("one.html", b"<!doctype html><p>He sold widgets."), ("two.txt", PLAIN), ("none.txt", None)):
        if text is not None:
            (here / name).write_bytes(text)
    done = desk_run("annotate", "one.html", "two.txt", "none.txt", *DATED, "--output", "text", "-o", "out/")
    assert done.exit_code == ExitCode.BAD_INPUT
    assert [line.split(" ")[1] for line in done.stderr.splitlines()] == ["one.html", "none.txt:", "1"]
    assert b"widgets[1]" in (here / "out" / "two.txt").read_bytes()
    done = desk_run("annotate", "two.txt", "one.html", *DATED, "--style", "styled", "-o", "styled/")
    assert done.exit_code == ExitCode.USAGE
    assert done.stderr.splitlines()[0].startswith("annotator: two.txt: text output knows no style")
    assert b"<style>" in (here / "styled" / "one.html").read_bytes()


def test_several_texts_need_a_place_each(three, desk_run: Command):
    result = desk_run("annotate", "a.txt", "c.txt")
    assert result.exit_code == ExitCode.USAGE
    assert "-o FOLDER or --in-place" in in_one_line(result)
    result = desk_run("annotate", "a.txt", "c.txt", "-o", "b.txt")
    assert result.exit_code == ExitCode.USAGE
    assert "-o names a folder" in in_one_line(result)


@pytest.mark.parametrize("how", [["--in-place"], ["-o", "out"], ["-o", "deep/out/"]])
def test_one_bad_article_does_not_stop_the_others(three, desk_run: Command, how):
    result = desk_run("annotate", "a.txt", "b.txt", "missing.txt", "c.txt", *DATED, *how)
    assert result.exit_code == ExitCode.BAD_INPUT
    bad, missing, said = result.stderr.splitlines()
    assert bad.startswith("annotator: b.txt")
    assert missing.startswith("annotator: missing.txt: no such file")
    assert said == "annotator: 2 files: 2 notes, 1 check. Law as of 6 May 2021 (given)."
    folder = three if how == ["--in-place"] else three / how[1]
    assert b"widgets[1]" in (folder / "a.txt").read_bytes()
    assert b"gadgets[1]" in (folder / "c.txt").read_bytes()
    if how != ["--in-place"]:
        assert sorted(one.name for one in folder.iterdir()) == ["a.txt", "c.txt"]


def test_json_lines_follow_the_schema(three, desk_run: Command):
    import jsonschema

    from annotator.writing import json_schema

    result = desk_run("annotate", "a.txt", "b.txt", "c.txt", "--output", "json")
    assert result.exit_code == ExitCode.BAD_INPUT
    lines = result.stdout_bytes.splitlines()
    assert [json.loads(line)["document"]["path"] for line in lines] == ["a.txt", "c.txt"]
    for line in lines:
        jsonschema.Draft202012Validator(json_schema()).validate(json.loads(line))
    assert result.stdout_bytes.isascii()
    assert result.stdout_bytes.endswith(b"}\n")


def test_json_lines_to_a_file_and_to_a_folder(three, desk_run: Command):
    assert desk_run("annotate", "a.txt", "c.txt", "--output", "json", "-o", "all.jsonl").exit_code == 0
    assert len((three / "all.jsonl").read_bytes().splitlines()) == 2
    assert desk_run("annotate", "a.txt", "c.txt", "--output", "json", "-o", "out/").exit_code == 0
    assert sorted(one.name for one in (three / "out").iterdir()) == ["a.txt.json", "c.txt.json"]


def test_two_articles_of_one_name_do_not_overwrite_each_other(here, desk_run: Command):
    for folder in ("x", "y"):
        (here / folder).mkdir()
        (here / folder / "story.txt").write_bytes(PLAIN)
    result = desk_run("annotate", "x/story.txt", "y/story.txt", "-o", "out")
    assert result.exit_code == ExitCode.USAGE
    assert "would both become" in in_one_line(result)
    assert not (here / "out").exists()


def test_inner_fault_with_one_article_does_not_stop_the_others(three, desk_run: Command, monkeypatch):
    from annotator.api import Annotator

    real = Annotator.annotate

    def annotate(self, source, **options):
        if source == PLAIN:
            raise RuntimeError("boom\nand more")
        return real(self, source, **options)

    monkeypatch.setattr(Annotator, "annotate", annotate)
    result = desk_run("annotate", "a.txt", "c.txt", *DATED, "--in-place")
    assert result.exit_code == ExitCode.INTERNAL
    fault, said = result.stderr.splitlines()
    assert "a.txt: internal error: RuntimeError: boom and more" in fault
    assert said == "annotator: 1 note, no checks. Law as of 6 May 2021 (given)."
    assert b"gadgets[1]" in (three / "c.txt").read_bytes()
    assert (three / "a.txt").read_bytes() == PLAIN


# -- strip -----------------------------------------------------------------------------------------


def test_strip_of_edited_text(here, desk_run: Command, run: Command):
    given = desk_run("annotate", stdin=PLAIN).stdout_bytes
    changed = given.replace(b"Ruritania", b"Borduria")
    (here / "story.txt").write_bytes(changed)
    result = run("strip", "story.txt")
    assert result.exit_code == ExitCode.EDITED
    assert result.stdout_bytes == b""
    assert "--edited" in in_one_line(result)
    result = run("strip", "--edited", "story.txt")
    assert (result.exit_code, result.stdout_bytes) == (0, PLAIN.replace(b"Ruritania", b"Borduria"))


def test_strip_of_several(here, desk_run: Command, run: Command):
    (here / "a.txt").write_bytes(PLAIN)
    (here / "b.txt").write_bytes(BARE)
    assert desk_run("annotate", "a.txt", "b.txt", "-o", "out").exit_code == 0
    result = run("strip", "-v", "out/a.txt", "out/b.txt", "-o", "back")
    assert result.exit_code == 0
    assert (here / "back" / "a.txt").read_bytes() == PLAIN
    assert (here / "back" / "b.txt").read_bytes() == BARE
    assert "out/a.txt: notes taken out" in result.stderr
    assert "out/b.txt: no notes of ours" in result.stderr
    assert run("strip", "out/a.txt", "out/b.txt").exit_code == ExitCode.USAGE
    assert run("strip", "nowhere.txt").exit_code == ExitCode.BAD_INPUT


# -- explain ---------------------------------------------------------------------------------------

TOLD = b"He sold gadgets and widgets.\nShe sold toy widgets. Widgets!\n"


def test_explain_says_all_in_order(here, desk_run: Command):
    result = desk_run("explain", "--as-of", "2015-01-01", stdin=TOLD)
    assert result.exit_code == 0
    heads = re.findall(r"^\d+:\d+ \[.*", result.stdout, re.MULTILINE)
    assert heads == ["1:9 [8-15] gadgets", "1:21 [20-27] widgets", "2:14 [42-49] widgets", "2:23 [51-58] Widgets"]
    assert "accepted: desk.gadgets (measure)" in result.stdout
    assert "ruled out: desk.widgets (measure): forbidden: " in result.stdout
    assert "note desk.widgets: from 2010-01-01 until 2020-01-01; un, verified" in result.stdout
    assert "no note desk.widgets: given at a better place or with its statement already (--notes best)" in result.stdout
    assert "4 hits, 3 accepted, as of 2015-01-01 (given)" in result.stdout


def test_explain_says_why_a_note_is_left_out(here, desk_run: Command):
    def fates(*options: str) -> dict[str, str | None]:
        result = desk_run("explain", "--json", *options, stdin=TOLD)
        return {note["id"]: note["left_out"] for hit in json.loads(result.stdout)["hits"] for note in hit["notes"][:1]}

    assert "no version is in force on 2000-01-01" in (fates("--as-of", "2000-01-01")["desk.widgets"] or "")
    assert "which --jurisdiction leaves out" in (fates("--jurisdiction", "eu")["desk.widgets"] or "")
    assert fates("--notes", "every")["desk.widgets"] is None


def test_explain_json(here, desk_run: Command):
    (here / "story.txt").write_bytes(TOLD)
    found = json.loads(desk_run("explain", "--json", "story.txt").stdout)
    assert found["document"]["path"] == "story.txt"
    first = found["hits"][0]
    assert (first["start"], first["end"], first["text"], first["rule"]) == (8, 15, "gadgets", "desk.gadgets")
    assert first["accepted"]
    assert first["notes"][0]["given"]
    assert [hit["accepted"] for hit in found["hits"]] == [True, True, False, True]


@pytest.mark.parametrize(("place", "count"), [("8", 1), ("14", 1), ("15", 0), ("2:14", 1), ("2:13", 0)])
def test_explain_at_a_place(here, desk_run: Command, place, count):
    result = desk_run("explain", "--at", place, stdin=TOLD)
    assert result.exit_code == 0
    assert f": {count} hits" in result.stdout


@pytest.mark.parametrize("place", ["x", "1:2:3", "", "-1", "5000", "9:1", "0:1", "1:0", "1:5000"])
def test_explain_at_no_place(here, desk_run: Command, place):
    result = desk_run("explain", f"--at={place}", stdin=TOLD)
    assert result.exit_code == ExitCode.USAGE
    assert "--at" in in_one_line(result)


def test_explain_cannot_steer_the_terminal(here, desk_run: Command):
    result = desk_run("explain", stdin="widgets\u202e widgets".encode() + b"\x1b[2J widgets")
    assert result.exit_code == 0
    assert "\x1b" not in result.stdout
    assert "\u202e" not in result.stdout


STEERED = "a\x1b[2J\x1b[5m\x1b]0;t\x07\u202eb\u200b\x9b1m\nc"  # clears the screen, sets a title, turns the line around


def steers(text: str) -> set[str]:
    """Return what in a text could steer a terminal, but for the command's own colours."""
    bare = re.sub(r"\x1b\[(?:0|1|2|31;1|32|33|34;1)m", "", text)
    return {char for char in bare if not char.isprintable() and char not in "\n\t"}


@pytest.mark.skipif(os.name == "nt", reason="no such file names there")
@pytest.mark.parametrize("colour", ["never", "always"])
def test_no_file_name_steers_the_terminal(here, desk, run: Command, colour):
    """Names of articles, rule files, folders, stores and outputs, on both streams, found or not."""
    article, rules, folder = here / f"{STEERED}.txt", here / f"{STEERED}.yaml", here / f"{STEERED}.d"
    article.write_text("He sold widgets.\n")
    rules.write_text(DESK.replace('url: "https://example.org/law"', 'url: "https://example.org/law", short: L'))
    folder.mkdir()
    (folder / "x.yaml").write_text(DESK.replace("notes: [gadgets]", "notes: [gadgetz]"))
    plain = ("--rules", desk, "--no-default-rules", "--color", colour)
    mine = ("--rules", rules, "--no-default-rules", "--color", colour)
    for arguments in (
        ("explain", article, *plain),
        ("explain", f"{article}.none", *plain),
        ("explain", article, "--debug", *mine),
        ("explain", article, "--at", STEERED, *plain),
        ("annotate", folder, *plain),
        ("annotate", article, "-v", "-o", here / f"{STEERED}.out", *plain),
        ("annotate", f"--{STEERED}"),
        ("strip", article),
        ("strip", f"{article}.none", "--debug"),
        ("update", article, *plain),
        ("rules", "list", *mine),
        ("rules", "show", "desk.widgets", *mine),
        ("rules", "show", STEERED, *mine),
        ("rules", "test", *mine),
        ("rules", "lint", *mine, "--max-age", "0"),
        ("rules", "lint", folder, *plain),
        ("batch", folder, "-o", here / f"{STEERED}.jsonl", *plain),
        ("batch", f"{folder}.none", "-o", here / "o", *plain),
        ("lists", "status", "--lists", here / STEERED),
        ("lists", "import", article, "--lists", here / "s.db"),
        (STEERED,),
    ):
        result = run(*arguments)
        assert not steers(result.stdout), arguments
        assert not steers(result.stderr), arguments
        assert result.stderr or result.stdout or arguments[0] in {"annotate", "strip"}, arguments


def test_no_words_of_an_article_steer_the_terminal(here, desk_run: Command):
    text = f"He sold widgets\u202e and {STEERED}gadgets\x1b[0m.\n"
    for arguments in (
        ("explain",),
        ("explain", "--json"),
        ("explain", "--color", "always"),
        ("annotate", "--output", "csv"),
    ):
        result = desk_run(*arguments, stdin=text.encode())
        assert result.exit_code == 0, arguments
        if arguments[0] == "explain":
            assert not steers(result.stdout), arguments


def test_explain_with_a_terminal_that_has_few_characters(here, process: Process, desk):
    source = "Он продал widgets – nobody forbids them".encode()
    done = process(
        "explain", "--no-default-rules", "--rules", desk, stdin=source, cwd=here, PYTHONIOENCODING="ascii:strict"
    )
    assert done.returncode == 0
    assert done.stderr.split() == b"annotator: about a rule: annotator help desk.widgets".split()


def test_explain_of_text_without_hits(here, desk_run: Command):
    result = desk_run("explain", stdin=BARE)
    assert result.exit_code == 0
    assert "no rule looks for any words" in result.stderr


# -- rules -----------------------------------------------------------------------------------------


def test_rules_test_counts(here, desk_run: Command):
    result = desk_run("rules", "test")
    assert result.exit_code == 0
    assert result.stdout == "6 examples of 3 rules, 0 failed; 3 rules covered (100 %)\n"
    assert "2 examples of 1 rule," in desk_run("rules", "test", "--only", "desk.w*").stdout
    assert desk_run("rules", "test", "--only", "none").exit_code == ExitCode.USAGE


def test_rules_test_names_the_place_of_a_failure(here, run: Command):
    (here / "bad.yaml").write_text(DESK.replace("He sold things.", "He sold gadgets."))
    result = run("rules", "test", "--no-default-rules", "bad.yaml")
    assert result.exit_code == ExitCode.BAD_RULES
    assert re.match(r"bad\.yaml:\d+:\d+: desk\.gadgets: matches 'gadgets'", result.stdout)


def test_rules_lint(here, run: Command):
    (here / "fine.yaml").write_text(DESK)
    result = run("rules", "lint", "--no-default-rules", "fine.yaml")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "0 errors, 0 warnings" in result.stderr
    aged = run("rules", "lint", "--no-default-rules", "fine.yaml", "--max-age", "0")
    assert aged.exit_code == 0
    assert re.match(r"fine\.yaml:\d+:\d+: warning: .*\[stale\]", aged.stdout)
    assert run("rules", "lint", "--no-default-rules", "fine.yaml", "--max-age", "0", "--strict").exit_code == 1
    assert run("rules", "lint", "--no-default-rules", "fine.yaml", "--max-age", "-1").exit_code == 2
    (here / "bad.yaml").write_text(DESK.replace("notes: [gadgets]", "notes: [gadgetz]"))
    result = run("rules", "lint", "--no-default-rules", "bad.yaml")
    assert result.exit_code == ExitCode.BAD_RULES
    assert re.match(r"bad\.yaml:\d+:\d+: error: no note or listing 'desk\.gadgetz'; did you mean", result.stdout)


def test_rules_list(here, desk_run: Command, desk):
    rows = json.loads(desk_run("rules", "list", "--json").stdout)
    assert [row["id"] for row in rows] == ["desk.boast", "desk.gadgets", "desk.widgets"]
    assert rows[1]["kind"] == "measure"
    assert rows[1]["jurisdiction"] == ["eu"]
    assert rows[1]["status"] == "verified"
    assert Path(rows[1]["file"]).name == "desk.yaml"
    assert DESK.splitlines()[rows[1]["line"] - 1] == "  gadgets:"
    plain = desk_run("rules", "list").stdout.splitlines()
    assert len(plain) == 3
    assert plain[1].split()[:4] == ["desk.gadgets", "measure", "eu", "verified"]
    assert len(desk_run("rules", "list", "--only", "*.w*").stdout.splitlines()) == 1
    assert len(desk_run("rules", "list", "--type", "notes").stdout.splitlines()) == 3


def test_rules_list_says_what_overrides_the_pack(here, run: Command):
    shipped = json.loads(run("rules", "list", "--type", "notes", "--json").stdout)
    name = shipped[0]["id"]
    (here / "mine.yaml").write_text(
        "annotator: 1\ncovers: Ours\nnamespace: mine\n"
        "references: {act: {instrument: Act 12, date: 2001-01-01, url: 'https://example.org/act'}}\n"
        f"notes:\n  {name}: {{text: Act 12 says so., jurisdiction: un, status: verified, checked: 2026-01-01, "
        "sources: [{ref: act, at: Art. 1}]}\n"
    )
    rows = json.loads(run("rules", "list", "--rules", "mine.yaml", "--type", "notes", "--json").stdout)
    [row] = [row for row in rows if row["id"] == name]
    assert row["file"] == "mine.yaml"
    assert row["overrides"] == shipped[0]["file"]
    assert row["overrides"].startswith("pack:")
    plain = run("rules", "list", "--rules", "mine.yaml", "--type", "notes").stdout
    assert f"overrides {shipped[0]['file']}" in plain


def test_rules_show(here, desk_run: Command):
    rule = desk_run("rules", "show", "desk.gadgets").stdout
    for part in (
        "rule desk.gadgets",
        "note desk.gadgets",
        "He sold [[gadgets]].",
        "Law 7, Art. 2, 2002-02-02, https://example.org/law",
        "used by rule desk.gadgets",
    ):
        assert part in rule
    context = desk_run("rules", "show", "desk.toys").stdout
    assert "context desk.toys" in context
    assert "used by rule desk.widgets" in context
    [record] = json.loads(desk_run("rules", "show", "--json", "desk.toys").stdout)
    assert record["definition"]["cues"] == ["toy[s]"]
    wrong = desk_run("rules", "show", "gadgets")
    assert wrong.exit_code == ExitCode.USAGE
    assert "did you mean desk.gadgets?" in in_one_line(wrong)


def test_rules_show_of_everything_shipped(here, run: Command, monkeypatch: pytest.MonkeyPatch):
    """No definition of the pack is of a form that cannot be shown."""
    from annotator.cli._catalogue import TYPES

    read = rulebook.read_definitions()  # once, and not by each command
    monkeypatch.setattr(rulebook, "read_definitions", lambda *_, **__: read)
    for kind in TYPES:
        rows = json.loads(run("rules", "list", "--type", kind, "--json").stdout)
        assert rows, kind
        for row in rows[:: max(1, len(rows) // 3)]:
            result = run("rules", "show", row["id"])
            assert (result.exit_code, row["id"] in result.stdout) == (0, True)


def test_rules_schema_is_the_loader_s_own(here, run: Command):
    from annotator.rulebook._schema import rules_schema

    assert json.loads(run("rules", "schema").stdout) == rules_schema()


# -- wrong rules -----------------------------------------------------------------------------------

WRONG_RULES = {
    "tab": ("rules:\n\twidgets: {}\n", "tab"),
    "key twice": (DESK + "rules: {}\n", "stands twice"),
    "anchor": (DESK.replace("notes: [gadgets]", "notes: &x [gadgets]"), "anchors"),
    "anchor bomb": (
        "a: &a [x, x]\n"
        + "".join(f"{chr(98 + i)}: &{chr(98 + i)} [*{chr(97 + i)}, *{chr(97 + i)}]\n" for i in range(20)),
        "anchors",
    ),
    "tag": (DESK.replace("kind: claim", "kind: !!python/object:os.system claim"), "tags such as"),
    "unknown key": (DESK.replace("kind: claim", "kinds: claim"), "did you mean 'kind'"),
    "wrong type": (DESK.replace("notes: [boast]", "notes: 7"), "notes"),
    "missing note": (DESK.replace("notes: [boast]", "notes: [boost]"), "did you mean 'desk.boast'"),
    "missing key": (DESK.replace("namespace: desk\n", ""), "namespace"),
    "look-ahead": (
        DESK.replace('phrases: ["gadget[s]"]', "pattern: 'gadgets(?=x)'\n    anchors: [gadgets]"),
        "look-around does not exist here",
    ),
    "not YAML": (DESK + "  : [\n", ""),
    "two documents": (DESK + "---\na: 1\n", "one YAML document"),
    "a list": ("- a\n- b\n", "keys with values"),
    "nothing": ("", "keys with values"),
    "control character": (DESK + "# \x01\n", "control character"),
    "deep": ("a: " + "[" * 5000 + "\n", ""),
    "open phrase": (DESK.replace('"gadget[s]"', '"(gadget"'), ""),
    "other version": (DESK.replace("annotator: 1", "annotator: 2"), ""),
}


@pytest.mark.parametrize(("text", "message"), WRONG_RULES.values(), ids=WRONG_RULES)
def test_wrong_rules_are_refused_with_their_place(here, run: Command, text, message):
    (here / "bad.yaml").write_text(text, encoding="utf-8")
    result = run("annotate", "--no-default-rules", "--rules", "bad.yaml", stdin=PLAIN)
    assert result.exit_code == ExitCode.BAD_RULES
    assert result.stdout == ""
    lines = result.stderr.splitlines()
    assert 1 <= len(lines) <= 21
    assert all(line.startswith("annotator: ") for line in lines)
    assert re.match(r"annotator: bad\.yaml:[1-9]\d*:[1-9]\d*: \S", lines[0]), lines[0]
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    assert "internal error" not in result.stderr


def test_rules_that_are_not_text_or_not_there(here, run: Command):
    (here / "latin.yaml").write_bytes(DESK.encode() + b"# caf\xe9\n")
    (here / "folder").mkdir()
    for name, message in [
        ("latin.yaml", "latin.yaml:44:6: not UTF-8 text"),
        ("nowhere.yaml", "nowhere.yaml: no such file or folder"),
        ("folder", "folder: the folder holds no .yaml file"),
    ]:
        result = run("annotate", "--no-default-rules", "--rules", name, stdin=PLAIN)
        assert result.exit_code == ExitCode.BAD_RULES
        said = in_one_line(result)
        assert re.sub(r":\d+:", ":44:", message, count=1) in re.sub(r":\d+:", ":44:", said, count=1)


def test_many_faults_are_cut_short(here, run: Command):
    rules = "".join(f"  r{number}: {{kind: term, phrases: [x], notes: [none-{number}]}}\n" for number in range(50))
    (here / "bad.yaml").write_text(f"annotator: 1\ncovers: Faults\nnamespace: x\nrules:\n{rules}")
    result = run("annotate", "--no-default-rules", "--rules", "bad.yaml", stdin=PLAIN)
    assert result.exit_code == ExitCode.BAD_RULES
    assert len(result.stderr.splitlines()) == 21
    assert "30 more" in result.stderr


def test_pattern_that_would_backtrack_runs_in_linear_time(here, run: Command):
    (here / "slow.yaml").write_text(
        DESK.replace('phrases: ["gadget[s]"]', "pattern: 'gadgets (a+)+$'\n    anchors: [gadgets]").replace(
            'match: ["He sold [[gadgets]]."]', 'match: ["He sold [[gadgets aaa]]"]'
        )
    )
    begun = time.perf_counter()
    result = run("annotate", "--no-default-rules", "--rules", "slow.yaml", stdin=b"gadgets " + b"a" * 50_000 + b"!\n")
    assert result.exit_code == 0
    assert time.perf_counter() - begun < 20


# -- wrong articles --------------------------------------------------------------------------------


def test_wrong_articles(here, desk_run: Command):
    (here / "story.txt").write_bytes(PLAIN)
    (here / "page.pdf").write_bytes(b"%PDF-1.7\n\0\0\xff")
    (here / "folder").mkdir()
    for name, message in [
        ("stroy.txt", "stroy.txt: no such file; did you mean story.txt?"),
        ("nowhere/story.txt", "there is no folder nowhere"),
        ("folder", "is a folder; name the files in it"),
        ("page.pdf", "PDF"),
        ("bad\0name", "cannot be read"),
    ]:
        result = desk_run("annotate", name)
        assert result.exit_code == ExitCode.BAD_INPUT, name
        assert message in in_one_line(result)
        assert result.stdout_bytes == b""


def test_name_with_a_line_break_stays_in_one_line(here, desk_run: Command):
    assert "no\\nsuch\\x1b[2J.txt" in in_one_line(desk_run("annotate", "no\nsuch\x1b[2J.txt"))


def test_unreadable_article(here, desk_run: Command, monkeypatch):
    from annotator import _files

    def refuse(name: str, mode: str) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), name)

    (here / "story.txt").write_bytes(PLAIN)
    monkeypatch.setattr(_files, "open", refuse, raising=False)  # root may read all the same
    result = desk_run("annotate", "story.txt")
    assert result.exit_code == ExitCode.BAD_INPUT
    assert "story.txt: cannot be read: Permission denied" in in_one_line(result)


@pytest.mark.skipif(os.name != "posix", reason="needs terminals")
def test_terminal_is_told_that_it_is_read(here, desk):
    import pty

    master, slave = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "annotator", "annotate", "--no-default-rules", "--rules", str(desk)],
        stdin=slave,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=here,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as child:
        assert child.stderr
        assert b"reading the article from the terminal" in child.stderr.readline()
        os.write(master, b"widgets\n\x04")
        assert child.communicate(timeout=30)[0].startswith(b"widgets[1]\n")
    os.close(slave)
    os.close(master)


# -- wrong command lines ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["anotate"], "no command 'anotate'; did you mean annotate"),
        (["xyzzy"], "no command 'xyzzy'; one of annotate, check, batch, update, strip"),
        (["story.txt"], "did you mean: annotator annotate story.txt"),
        (["annotate", "--jurisdictoin", "un"], "no option --jurisdictoin; did you mean --jurisdiction"),
        (["annotate", "--output", "jsno"], "--output: unknown output format 'jsno'; did you mean json"),
        (["annotate", "--output", "out.txt"], "-o names the file to write to"),
        (["annotate", "--format", "rtf"], "--format: unknown format 'rtf'; one of text, markdown, html"),
        (["annotate", "--notes", "evry"], "did you mean every"),
        (["annotate", "--fail-on", "claim"], "did you mean claims"),
        (["annotate", "--color", "yes"], "one of auto, always, never"),
        (["annotate", "--as-of", "20 June 2024"], "did you mean 2024-06-20"),
        (["annotate", "--as-of", "2024-6-2"], "did you mean 2024-06-02"),
        (["annotate", "--as-of", "2024-02-30"], "there is no day 2024-02-30"),
        (["annotate", "--as-of", "soon"], "'soon' is not a date; write it as YYYY-MM-DD"),
        (["annotate", "--as-of"], "--as-of"),
        (["annotate", "--jurisdiction", "uno"], "no note is of 'uno'; the rules know eu, un"),
        (["annotate", "--jurisdiction", " , "], "names no jurisdiction"),
        (["annotate", "--only", "desk.wigdets"], "did you mean desk.widgets"),
        (["annotate", "--encoding", "utf-99"], "utf-99"),
        (["annotate", "--config", "a.toml", "--no-config"], "exclude each other"),
        (["explain", "a.txt", "b.txt"], "b.txt"),
        (["rules", "lnt"], "lnt"),
        (["rules", "list", "--type", "rule"], "did you mean rules"),
        (["rules", "show"], "ID"),
        (["completion", "powershell"], "one of bash, zsh, fish"),
        (["--wrong"], "--wrong"),
    ],
    ids=" ".join,
)
def test_wrong_command_lines(here, run: Command, desk, arguments, message):
    (here / "story.txt").write_bytes(PLAIN)
    more = ["--rules", desk, "--no-default-rules"] if arguments[0] in {"annotate", "explain"} else []
    result = run(*arguments[:1], *more, *arguments[1:], stdin=PLAIN)
    assert result.exit_code == ExitCode.USAGE
    assert message in in_one_line(result)
    assert result.stdout == ""


def test_skip_that_fits_nothing_is_a_warning(here, desk_run: Command):
    result = desk_run("annotate", *DATED, "--skip", "nothing.*", stdin=PLAIN)
    assert result.exit_code == 0
    assert "warning: --skip nothing.*: no rule has such an id" in result.stderr.splitlines()[0]
    assert desk_run("annotate", "-q", "--skip", "nothing.*", stdin=PLAIN).stderr == ""


def test_a_date_that_is_only_todays_is_a_warning(here, desk_run: Command):
    result = desk_run("annotate", stdin=PLAIN)
    assert result.exit_code == 0
    said, counted = result.stderr.splitlines()
    assert said.startswith("annotator: warning: standard input: the article gives no date, so the law is that of today")
    assert re.fullmatch(r"annotator: 1 note, 1 check\. Law as of \d+ \w+ \d{4} \(today.*\)\.", counted)
    assert desk_run("annotate", "-q", stdin=PLAIN).stderr == ""
    assert desk_run("annotate", stdin=BARE).stderr == "annotator: no notes, no checks.\n"
    assert "warning" not in desk_run("annotate", *DATED, stdin=PLAIN).stderr
    assert "warning" not in desk_run("annotate", "--as-of", "today", stdin=PLAIN).stderr


def test_the_last_line_tells_the_dates_of_several_articles(here, desk_run: Command):
    (here / "a.txt").write_bytes(b"GENEVA, 3 March 2021 (Desk) - He sold widgets.\n")
    (here / "b.md").write_bytes(b"---\ndate: 2015-06-07\n---\n\nHe sold widgets and gadgets.\n")
    (here / "c.txt").write_bytes(BARE)
    result = desk_run("annotate", "a.txt", "b.md", "c.txt", "--output", "json")
    [said] = result.stderr.splitlines()
    assert said.startswith("annotator: 3 files: 3 notes, no checks. Law as of 7 June 2015 (")
    assert "; 3 March 2021 (" in said
    assert len(result.stdout.splitlines()) == 3


def test_today_is_a_date(here, desk_run: Command):
    result = desk_run("annotate", "--output", "json", "--as-of", "today", stdin=PLAIN)
    assert json.loads(result.stdout)["document"]["as_of_from"] == "today"


# -- how runs end ----------------------------------------------------------------------------------


def test_inner_fault_is_one_line(here, desk_run: Command, monkeypatch):
    from annotator.api import Annotator

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(Annotator, "mentions", fail)
    result = desk_run("explain", stdin=PLAIN)
    assert result.exit_code == ExitCode.INTERNAL
    said = in_one_line(result)
    assert "internal error: RuntimeError: boom; please report it; --debug shows the traceback" in said
    shown = desk_run("explain", "--debug", stdin=PLAIN)
    assert shown.exit_code == ExitCode.INTERNAL
    assert "Traceback (most recent call last)" in shown.stderr


def test_every_exception_ends_with_its_own_code(here, desk_run: Command, monkeypatch):
    from annotator.api import Annotator

    kinds = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, errors.AnnotatorError)]
    assert len(kinds) >= 9
    for kind in kinds:
        error = kind([errors.RuleError("boom")]) if kind is errors.RuleErrors else kind("boom")

        def fail(*_: object, error: Exception = error, **__: object) -> None:
            raise error

        monkeypatch.setattr(Annotator, "annotate", fail)
        result = desk_run("annotate", stdin=PLAIN)
        assert result.exit_code == kind.exit_code
        assert "boom" in in_one_line(result)


def test_interruption(here, desk_run: Command, monkeypatch):
    from annotator.api import Annotator

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Annotator, "annotate", interrupted)
    (here / "story.txt").write_bytes(PLAIN)
    result = desk_run("annotate", "--in-place", "story.txt")
    assert result.exit_code == ExitCode.INTERRUPTED
    assert in_one_line(result) == "annotator: interrupted\n"
    assert (here / "story.txt").read_bytes() == PLAIN


@pytest.mark.skipif(os.name != "posix", reason="needs signals")
def test_interruption_while_waiting_for_input(here):
    with subprocess.Popen(
        [sys.executable, "-m", "annotator", "annotate", "-v"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=here,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        # Where the tests themselves ignore Ctrl-C (behind `&` in a script), it must not.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no lock is held there
    ) as child:
        assert child.stderr
        assert b"rules" in child.stderr.readline()  # it has loaded them and reads now
        child.send_signal(signal.SIGINT)
        _, said = child.communicate(timeout=30)
    assert child.returncode == ExitCode.INTERRUPTED
    assert said == b"annotator: interrupted\n"


@pytest.mark.skipif(os.name != "posix", reason="needs pipes")
@pytest.mark.parametrize("arguments", [["annotate"], ["rules", "list"], ["--help"]])
def test_reader_that_has_gone(here, arguments):
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "annotator", *arguments],
        input=PLAIN,
        stdout=write,
        stderr=subprocess.PIPE,
        cwd=here,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    os.close(write)
    assert done.returncode == ExitCode.CANNOT_WRITE
    assert done.stderr == b""


@pytest.mark.skipif(os.name != "posix", reason="needs a shell")
@pytest.mark.parametrize(("redirection", "code"), [("<&-", 4), (">&-", 5), ("2>&-", 0)])
def test_closed_streams(here, redirection, code):
    (here / "story.txt").write_bytes(PLAIN)
    file = "" if redirection == "<&-" else "story.txt"
    done = subprocess.run(
        ["sh", "-c", f'"$0" -m annotator annotate {file} {redirection}', sys.executable],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        cwd=here,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert done.returncode == code
    assert b"Traceback" not in done.stderr


# -- help, version, completion, documentation ------------------------------------------------------


def test_version(here, run: Command, process: Process):
    assert run("--version").stdout == f"annotator {__version__}\n"
    assert process("--version", cwd=here).stdout.decode().split() == ["annotator", __version__]
    for arguments in (["--version", "-v"], ["-v", "--version"]):
        assert run(*arguments).stdout.splitlines()[1] == f"core: {core.named()}"
    told = process("--version", "-v", cwd=here, ANNOTATOR_INTERPRETED="1").stdout.decode()
    assert "core: interpreted\nautomaton: " in told


def test_help(here, run: Command):
    for arguments in ([], ["annotate"], ["strip"], ["explain"], ["rules"], ["rules", "lint"], ["completion"]):
        for option in ("-h", "--help"):
            result = run(*arguments, option)
            assert result.exit_code == 0
            assert result.stdout.startswith("Usage: annotator")
    assert run().exit_code == ExitCode.USAGE
    assert "Commands:" in run().stderr


def test_every_option_has_help():
    import click

    from annotator.cli._app import app

    def walk(command: click.Command) -> None:
        context = click.Context(command)
        assert command.help
        for parameter in command.params:
            if not isinstance(parameter, click.Argument):
                assert getattr(parameter, "help", None), f"{command.name} {parameter.opts}"
        if isinstance(command, click.Group):
            for name in command.list_commands(context):
                below = command.get_command(context, name)
                assert below is not None
                walk(below)

    walk(app)


@pytest.mark.parametrize(
    ("shell", "sign"),
    [("bash", "_ANNOTATOR_COMPLETE=bash_complete"), ("zsh", "#compdef annotator"), ("fish", "complete ")],
)
def test_completion_script(here, run: Command, shell, sign):
    result = run("completion", shell)
    assert result.exit_code == 0
    assert sign in result.stdout


def test_completion_of_options_and_values(here, process: Process):
    def offered(words: str) -> str:
        count = str(len(words.split(" ")) - 1)
        environ = {"_ANNOTATOR_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": count}
        return process(cwd=here, **environ).stdout.decode()

    assert "plain,annotate" in offered("annotator ann")
    assert "plain,--jurisdiction" in offered("annotator annotate --jur")
    assert "plain,markdown" in offered("annotator annotate --output mark")


def test_table_of_exit_codes_is_the_enumeration():
    page = (ROOT / "docs" / "exit-codes.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| `(\w+)` \| .+ \|$", page, re.MULTILINE)
    assert [(int(code), name) for code, name in rows] == [(int(code), code.name) for code in ExitCode]


def test_page_of_the_command_is_its_help():
    from runpy import run_path

    maker = run_path(str(ROOT / "tools" / "make_command_page.py"))
    assert maker["PAGE"].read_text(encoding="utf-8") == maker["page"](), "run python tools/make_command_page.py"


# -- messages --------------------------------------------------------------------------------------


def test_verbose_says_what_was_done(here, desk_run: Command):
    (here / "story.txt").write_bytes(PLAIN)
    result = desk_run("annotate", "-v", "story.txt", "-o", "out.txt", "--as-of", "2021-01-01")
    assert (
        "annotator: story.txt -> out.txt: text, utf-8; 2 annotations, 2 notes as of 2021-01-01 (given)" in result.stderr
    )
    assert "rules" in result.stderr
    assert result.stdout == ""


def test_colour_is_for_messages_only(here, desk_run: Command):
    result = desk_run("annotate", "--color", "always", "nowhere.txt")
    assert "\x1b[31;1mannotator:\x1b[0m nowhere.txt" in result.stderr
    assert "\x1b" not in desk_run("annotate", "nowhere.txt").stderr
    assert b"\x1b" not in desk_run("annotate", "--color", "always", stdin=PLAIN).stdout_bytes
    assert "\x1b" in desk_run("explain", "--color", "always", stdin=PLAIN).stdout
    assert "\x1b" not in desk_run("explain", "--color", "never", stdin=PLAIN).stdout


# -- the cache, and what a run imports -------------------------------------------------------------

HEAVY = {"yaml", "spacy", "numpy", "jsonschema", "markdown_it", "importlib.metadata", "tomllib", "charset_normalizer"}
LOADED = "import sys; from annotator.cli._app import app; app.main({}, standalone_mode=False); print(*sys.modules)"


def modules_of(code: str, here: Path) -> set[str]:
    """Return the modules that are loaded when some code has run; the code prints them last."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        cwd=here,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
    )
    return set(done.stdout.decode().splitlines()[-1].split())


def test_run_with_cached_rules_imports_nothing_heavy(here):
    article = b"Kim Jong Un sent luxury cars to Pyongyang, against UN Security Council resolution 2397 (2017).\n"
    (here / "story.txt").write_bytes(article)
    code = LOADED.format(["annotate", "story.txt", "-o", "out.txt"])
    modules_of(code, here)
    loaded = modules_of(code, here)
    assert b"Notes on sanctions law" in (here / "out.txt").read_bytes()
    assert not loaded & HEAVY


def test_import_and_version_are_light(here):
    loaded = modules_of("import sys, annotator, annotator.cli; print(*sys.modules)", here)
    assert not loaded & {*HEAVY, "click", "annotator.api"}
    loaded = modules_of(LOADED.format(["--version"]), here)
    assert not loaded & {*HEAVY, "annotator.api", "annotator.rulebook"}


def test_cache_can_be_off_broken_or_nowhere(here, process: Process, desk):
    def annotate(*options: str, **environ: str) -> bytes:
        arguments = ["annotate", "-q", *DATED, "--no-default-rules", "--rules", desk, *options]
        done = process(*arguments, stdin=PLAIN, cwd=here, **environ)
        assert (done.returncode, done.stderr) == (0, b"")
        return done.stdout

    folder = here / "cache"
    place = {"ANNOTATOR_CACHE_DIR": str(folder)}
    expected = annotate("--no-cache", **place)
    assert not folder.exists()
    assert annotate(**place, ANNOTATOR_NO_CACHE="1") == expected
    assert not folder.exists()
    assert annotate(**place) == expected
    # What was parsed of each file, and what was compiled of all.
    sound = {path: path.read_bytes() for path in folder.iterdir()}
    assert sorted(path.name.partition("-")[0] for path in sound) == ["files", "rules"]
    for breaks in (
        lambda _: b"",
        lambda _: b"x",
        lambda data: data[:-1],
        lambda data: data[:1000],
        lambda data: data[:500] + b"\xff" + data[501:],
        lambda data: data + b"\n",
    ):
        for path, data in sound.items():
            path.write_bytes(breaks(data))
        assert annotate(**place) == expected
        assert {path: path.read_bytes() for path in folder.iterdir()} == sound
    (here / "file").write_bytes(b"")
    assert annotate(ANNOTATOR_CACHE_DIR=str(here / "file")) == expected
    assert annotate(ANNOTATOR_CACHE_DIR=str(here / "file" / "below")) == expected
    assert annotate(ANNOTATOR_CACHE_DIR="/proc/none") == expected


def test_runs_at_once_with_an_empty_cache(here, desk):
    (here / "story.txt").write_bytes(PLAIN)
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "ANNOTATOR_CACHE_DIR": str(here / "cache")}
    command = [sys.executable, "-m", "annotator", "annotate", "-q", "story.txt", *DATED]
    command += ["--no-default-rules", "--rules", str(desk)]
    children = [
        subprocess.Popen(command, cwd=here, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(4)
    ]
    ends = [(child.communicate(timeout=120), child.returncode) for child in children]
    assert len({out for (out, _), _ in ends}) == 1
    assert all((said, code) == (b"", 0) for (_, said), code in ends)
    assert sorted(path.name.partition("-")[0] for path in (here / "cache").iterdir()) == ["files", "rules"]


# -- progress --------------------------------------------------------------------------------------


class _Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        return True

    def shows(self) -> list[str]:
        """Return the lines as a person sees them in the end."""
        return [line.rsplit("\r", 1)[-1].replace("\x1b[K", "") for line in self.getvalue().split("\n")]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> _Terminal:
    from annotator.cli import _endings

    monkeypatch.setattr(_endings, "_FIRST", 0.0)
    monkeypatch.setattr(_endings, "_EVERY", 0.0)
    return _Terminal()


def test_a_terminal_shows_how_far_many_articles_are(terminal: _Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", terminal)
    screen = Screen()
    screen.color = "never"
    said: list[str] = []

    def work(name: str) -> None:
        said.append(terminal.shows()[-1])
        if name == "b":
            screen.warn("b is odd")

    assert each(screen, "abcd", work) == 0
    assert [line.partition(" files")[0] for line in said] == ["0 of 4", "1 of 4", "2 of 4", "3 of 4"]
    assert "left" in said[3]
    assert terminal.shows() == ["annotator: warning: b is odd", ""]


@pytest.mark.parametrize("how", ["quiet", "one", "no terminal", "soon over"])
def test_progress_is_shown_where_somebody_wants_it(
    terminal: _Terminal, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    from annotator.cli import _endings

    monkeypatch.setattr(sys, "stderr", terminal)
    screen = Screen()
    screen.quiet = how == "quiet"
    if how == "no terminal":
        monkeypatch.setattr(_Terminal, "isatty", lambda _: False)
    if how == "soon over":
        monkeypatch.setattr(_endings, "_FIRST", 1000.0)
    assert each(screen, "a" if how == "one" else "abc", lambda _: None) == 0
    assert terminal.getvalue() == ""
