"""``annotator check``: findings as linters print them, on changed lines only where asked, and in a repository."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import docx
import pytest
import yaml
from conftest import ROOT
from test_sidecars import sarif_of

from annotator.errors import ExitCode

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result
    from conftest import Command

DATED = ("--as-of", "2021-05-06")
SAYS = "Act 12 Art. 1 forbids widgets and nuts."
SOFT = """\
annotator: 1
covers: A claim that is true in part
namespace: soft
defaults: {jurisdiction: un, status: verified, checked: 2026-01-02}
references:
  act: {instrument: Act 12, date: 2001-01-01, url: "https://example.org/act"}
notes:
  all: {text: "Check: the article says all. Act 12 Art. 1 says most, 90 %.", sources: [{ref: act, at: Art. 1}]}
rules:
  all:
    kind: claim
    grade: imprecise
    phrases: ["all of them are banned"]
    notes: [all]
    examples: {match: ["He said [[all of them are banned]]."], near: ["Some are banned."]}
"""


@pytest.fixture
def check(here: Path, desk_run: Command) -> Command:
    """Return a function that checks with the desk's rules and one of an imprecise claim, as of a date."""
    (here / "soft.yaml").write_text(SOFT, encoding="utf-8")

    def invoke(*arguments: object, stdin: bytes = b"") -> Result:
        return desk_run("check", *arguments, *DATED, "--rules", here / "soft.yaml", stdin=stdin)

    return invoke


def git(*arguments: str, cwd: Path | None = None) -> str:
    """Run git without anybody's settings; return what it prints."""
    environ = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    environ |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    who = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org", "-c", "init.defaultBranch=main")
    done = subprocess.run(["git", *who, *arguments], cwd=cwd, env=environ, capture_output=True, text=True, check=True)
    return done.stdout


def commit(what: str) -> None:
    """Commit all that is in the working folder."""
    git("add", "-A")
    git("commit", "-qm", what)


@pytest.fixture
def repository(here: Path) -> Path:
    """A repository with an article of three lines, the first of which has a finding."""
    if shutil.which("git") is None and not os.environ.get("CI"):
        pytest.skip("git is not installed")
    git("init", "-q")
    (here / "story.txt").write_bytes(b"He sold widgets.\n\nNothing happened.\n")
    commit("first")
    return here


def places(result: Result) -> list[str]:
    """Return where findings stand, as the lines say."""
    return [":".join(line.split(":")[:3]) for line in result.stdout.splitlines()]


NOTED = {
    "a.txt": b"Widgets: nobody forbids them, and gadgets.\n",
    "b.md": b"# News\n\n*Widgets*: nobody forbids them,\nand gadgets, `x`.\n\nMore.\n",
    "c.html": b"<!doctype html>\n<title>News</title>\n<p>Widgets: nobody forbids them,\nand &amp; gadgets.\n<p>More.\n",
    "mark.txt": "\ufeff“Widgets”: nobody forbids them\r\n, gadgets.\r\n".encode(),
    "wide.txt": "Widgets: nobody forbids them, and gadgets.\n".encode("utf-16"),
}


# -- what is printed -------------------------------------------------------------------------------


def test_a_line_for_each_finding_in_order(here, check: Command):
    (here / "b.txt").write_bytes(b"Gadgets.\n")
    (here / "a.txt").write_bytes(b"First.\r\nHe said nobody forbids them: widgets.\r\n")
    done = check("b.txt", "a.txt", "b.txt")
    assert done.stdout.splitlines() == [
        "a.txt:2:9: check [desk.boast] Source check: Act 12 Art. 1 forbids widgets.",
        f"a.txt:2:30: note [desk.widgets] {SAYS}",
        "b.txt:1:1: note [desk.gadgets] Law 7 Art. 2 restricts gadgets.",
    ]
    assert done.exit_code == ExitCode.FINDINGS
    assert done.stderr.splitlines() == [
        "annotator: 2 files: 2 notes, 1 check. Law as of 6 May 2021 (given).",
        "annotator: --fail-on claims: 1 claim contradicted: a.txt:2:9 “nobody forbids them”",
        "annotator: about a rule: annotator help desk.boast",
    ]
    assert (here / "b.txt").read_bytes() == b"Gadgets.\n"


def test_without_names_it_reads_standard_input_and_can_be_quiet(here, check: Command):
    done = check("-q", stdin=b"He sold widgets.")
    assert (done.exit_code, done.stdout, done.stderr) == (0, f"-:1:9: note [desk.widgets] {SAYS}\n", "")
    assert check("-q", stdin=b"Nothing.").stdout == ""


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("\ufeffÄrger: widgets".encode(), "1:8"),
        ("Ärger\r\rwidgets".encode("utf-16"), "3:1"),
        ("“é” 😀 widgets".encode(), "1:7"),
    ],
    ids=["mark", "utf-16", "astral"],
)
def test_places_are_those_of_an_editor(here, check: Command, source, place):
    (here / "a.txt").write_bytes(source)
    assert places(check("a.txt")) == [f"a.txt:{place}"]


def test_places_are_those_of_the_source_in_html(here, check: Command):
    (here / "a.html").write_bytes(b"<!doctype html>\n<p>A &amp; B:\n<b>wid</b>gets &amp; more")
    [one] = json.loads(check("a.html", "--output-format", "json").stdout)
    assert (one["line"], one["column"], one["end_line"], one["end_column"]) == (3, 4, 3, 15)
    assert one["text"] == "widgets"


@pytest.mark.parametrize(
    ("fail_on", "codes"),
    [(None, (0, 0, 1)), ("claims", (0, 0, 1)), ("imprecise", (0, 1, 1)), ("any", (1, 1, 1)), ("none", (0, 0, 0))],
)
def test_fail_on(here, check: Command, fail_on, codes):
    options = () if fail_on is None else ("--fail-on", fail_on)
    sources = (b"He sold widgets.", b"So all of them are banned.", b"He said nobody forbids them.")
    assert tuple(check(*options, stdin=source).exit_code for source in sources) == codes
    assert check(*options, stdin=b"Nothing.").exit_code == 0


def test_what_cannot_be_read_goes_before_and_the_others_are_done(here, check: Command):
    (here / "a.txt").write_bytes(b"He said nobody forbids them.")
    (here / "folder").mkdir()
    done = check("nowhere.txt", "folder", "a.txt")
    assert done.exit_code == ExitCode.BAD_INPUT
    assert places(done) == ["a.txt:1:9"]
    assert "annotator: folder: is a folder; name the files in it" in done.stderr.splitlines()
    for format, nothing in (("json", []), ("sarif", {"results": []})):
        done = check("nowhere.txt", "--output-format", format)
        assert done.exit_code == ExitCode.BAD_INPUT
        found = json.loads(done.stdout)
        assert (found if format == "json" else {"results": found["runs"][0]["results"]}) == nothing


def test_full_marks_the_mention(here, check: Command):
    (here / "a.txt").write_bytes("\t漢字 widgets\n".encode())
    lines = check("a.txt", "--output-format", "full").stdout.splitlines()
    assert lines[0] == f"a.txt:1:5: note [desk.widgets] {SAYS}"
    assert lines[2] == "1 |  漢字 widgets"
    assert lines[3] == "  |       ^^^^^^^"  # each of the two letters is two wide
    assert "  = Source: Act 12, https://example.org/act" in lines
    assert "Checked 2026-01-02" not in "".join(lines)
    assert "Checked 2026-01-02" in check("a.txt", "--output-format", "full", "--detail", "full").stdout


@pytest.mark.parametrize("before", [0, 500])
def test_full_cuts_long_lines(here, check: Command, before):
    shown = check("--output-format", "full", stdin=b"a" * before + b" widgets " + b"b" * 500).stdout.splitlines()
    assert len(shown[2]) < 110
    start = shown[3].index("^")
    assert shown[2][start : start + 7] == "widgets"
    assert shown[2].endswith("…")
    assert ("| …" in shown[2]) == bool(before)


def test_github_commands_are_escaped(here, check: Command):
    name = "a,b%:c.txt" if os.name == "posix" else "a,b%c.txt"
    (here / name).write_bytes(b"So all of them are banned.\nHe said nobody forbids\nthem. Widgets.\n")
    done = check(name, "--output-format", "github")
    soft = "the article says all. Act 12 Art. 1 says most, 90 %25."
    shown = name.replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
    assert done.stdout.splitlines() == [
        f"::warning file={shown},line=1,col=4,endLine=1,endColumn=26,title=check [soft.all]::{soft}",
        f"::error file={shown},line=2,col=9,title=check [desk.boast]::Source check: Act 12 Art. 1 forbids widgets.",
        f"::notice file={shown},line=3,col=7,endLine=3,endColumn=14,title=note [desk.widgets]::{SAYS}",
    ]


def test_json_has_the_documented_keys(here, check: Command):
    found = json.loads(check("--output-format", "json", stdin=b"All of them are banned, widgets too.").stdout)
    page = (ROOT / "docs" / "check.md").read_text(encoding="utf-8")
    table = page.partition("| key | value |")[2].partition("\n\n")[0]
    keys = [key for row in table.splitlines()[2:] for key in re.findall(r"`(\w+)`", row.split("|")[1])]
    assert [list(one) for one in found] == [keys, keys]
    assert [(one["level"], one["grade"], one["path"]) for one in found] == [
        ("check", "imprecise", "-"),
        ("note", "", "-"),
    ]
    assert found[0]["message"] == "the article says all. Act 12 Art. 1 says most, 90 %."
    assert found[1]["note"]["sources"][0]["instrument"] == "Act 12"
    assert check("--output-format", "json", stdin=b"Nothing.").stdout == "[]\n"


def test_sarif_is_one_log_of_all_files(here, check: Command):
    for name in ("b.txt", "a.txt"):
        (here / name).write_bytes(b"He sold widgets.")
    run = sarif_of(check("b.txt", "a.txt", "--output-format", "sarif").stdout_bytes)
    where = [one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in run["results"]]
    assert where == ["a.txt", "b.txt"]
    assert len(run["tool"]["driver"]["rules"]) == 1


def test_what_steers_a_terminal_is_escaped(here, check: Command):
    source = "\x1b[2J widgets \u202e".encode()
    for format in ("concise", "full", "github"):
        assert not set("\x1b\u202e") & set(check("--output-format", format, stdin=source).stdout), format


def test_an_article_with_notes_is_looked_at_without_them(here, check: Command, desk_run: Command):
    for name, source in NOTED.items():
        (here / name).write_bytes(source)
        (here / f"noted-{name}").write_bytes(desk_run("annotate", name, *DATED).stdout_bytes)
        done = check(f"noted-{name}", "--output-format", "json")
        assert "warning" not in done.stderr
        lines = (
            (here / f"noted-{name}").read_bytes().decode("utf-16" if name == "wide.txt" else "utf-8-sig").split("\n")
        )
        found = json.loads(done.stdout)
        assert [one["rule"] for one in found] == ["desk.widgets", "desk.boast", "desk.gadgets"]
        for one in found:
            shown = lines[one["line"] - 1][one["column"] - 1 :]
            assert shown.startswith(one["text"]), name
            assert one["end_column"] == one["column"] + len(one["text"]), name


def test_of_a_word_document_with_notes_places_are_those_without(here, check: Command, desk_run: Command):
    made = docx.Document()
    made.add_paragraph("He sold widgets.")
    made.save(str(here / "a.docx"))
    assert desk_run("annotate", "a.docx", "--in-place", *DATED).exit_code == 0
    done = check("a.docx")
    assert places(done) == ["a.docx:1:9"]
    assert "warning: a.docx: has notes already" in done.stderr


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--output-format", "jsn"], "--output-format: unknown output format 'jsn'; did you mean json;"),
        (["--fail-on", "all"], "--fail-on: unknown choice 'all'"),
        (["--since", "HEAD", "--diff", "x"], "--since and --diff exclude each other"),
        (["--since", "HEAD"], "--since: standard input has no lines that changed; name the articles"),
        (["--diff", "-"], "--diff: standard input has no lines that changed; name the articles"),
    ],
)
def test_wrong_options_are_refused_in_one_line(here, check: Command, options, message):
    done = check(*options, stdin=b"widgets")
    assert (done.exit_code, done.stdout) == (ExitCode.USAGE, "")
    assert done.stderr.startswith(f"annotator: {message}")
    assert done.stderr.count("\n") == 1


# -- changed lines -----------------------------------------------------------------------------------


def test_since_keeps_changed_lines(repository: Path, check: Command):
    assert places(check("story.txt", "--since", "HEAD")) == []
    (repository / "story.txt").write_bytes(b"He sold widgets.\n\nNobody: nobody forbids them.\n")
    done = check("story.txt", "--since", "HEAD")
    assert (places(done), done.exit_code) == (["story.txt:3:9"], ExitCode.FINDINGS)
    assert len(places(check("story.txt"))) == 2
    commit("second")
    assert places(check("story.txt", "--since", "HEAD")) == []
    assert places(check("story.txt", "--since", "HEAD~1")) == ["story.txt:3:9"]
    run = sarif_of(check("story.txt", "--since", "HEAD~1", "--output-format", "sarif").stdout_bytes)
    assert [one["ruleId"] for one in run["results"]] == ["desk.boast"]


def test_since_counts_a_mention_that_runs_over_a_changed_line(repository: Path, check: Command):
    (repository / "story.txt").write_bytes(b"He said that nobody\nforbid them.\n")
    commit("second")
    (repository / "story.txt").write_bytes(b"He said that nobody\nforbids them.\n")
    assert places(check("story.txt", "--since", "HEAD")) == ["story.txt:1:14"]


def test_since_in_a_folder_below_with_names_that_git_quotes(repository: Path, check: Command, monkeypatch):
    folder = repository / "news"
    folder.mkdir()
    (folder / 'ä "b" c.txt').write_bytes(b"Nothing.\n")
    commit("second")
    git("config", "diff.noprefix", "true")
    git("config", "diff.external", "false")
    git("config", "color.ui", "always")
    (folder / 'ä "b" c.txt').write_bytes(b"Nothing.\nWidgets.\n")
    (folder / "new.txt").write_bytes(b"Widgets.\n")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("GIT_DIR", "nowhere")  # as a hook of git's may have it
    done = check('ä "b" c.txt', "new.txt", "../story.txt", "--since", "HEAD")
    assert places(done) == ["new.txt:1:1", 'ä "b" c.txt:2:1']


def test_since_a_branch_counts_from_where_the_history_parted(repository: Path, check: Command):
    git("checkout", "-qb", "side")
    git("mv", "story.txt", "moved.txt")
    (repository / "new.txt").write_bytes(b"Gadgets.\n")
    commit("moved")
    git("checkout", "-q", "main")
    (repository / "story.txt").write_bytes(b"Widgets.\n\nNothing happened.\n")
    commit("on main")
    git("checkout", "-q", "side")
    assert places(check("moved.txt", "new.txt", "--since", "main")) == ["new.txt:1:1"]


def test_since_takes_what_git_calls_binary_as_a_whole(repository: Path, check: Command):
    (repository / "wide.txt").write_bytes("Widgets.\n".encode("utf-16"))
    commit("second")
    assert places(check("wide.txt", "--since", "HEAD")) == []
    (repository / "wide.txt").write_bytes("Widgets.\nMore.\n".encode("utf-16"))
    assert places(check("wide.txt", "--since", "HEAD")) == ["wide.txt:1:1"]


@pytest.mark.parametrize(
    ("revision", "message"),
    [
        ("nowhere", "no such revision in "),
        ("--output=x", "no such revision in "),
        ("", "no such revision in "),
        ("HEAD:story.txt", "no such revision in "),
        ("HEAD..HEAD", "name one revision, not a range"),
    ],
)
def test_since_refuses_what_is_no_revision(repository: Path, check: Command, revision, message):
    done = check("story.txt", f"--since={revision}")
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (ExitCode.USAGE, "", 1)
    assert message in done.stderr
    assert sorted(path.name for path in repository.iterdir()) == [".git", "soft.yaml", "story.txt"]


def test_since_where_there_is_no_git_or_no_repository(repository: Path, check: Command, monkeypatch, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside")
    (outside / "a.txt").write_bytes(b"Widgets.")
    done = check(outside / "a.txt", "--since", "HEAD")
    assert (done.exit_code, done.stderr.count("\n")) == (ExitCode.USAGE, 1)
    assert "is in no git repository" in done.stderr
    monkeypatch.setenv("PATH", str(outside))
    done = check("story.txt", "--since", "HEAD")
    assert (done.exit_code, done.stderr.count("\n")) == (ExitCode.MISSING_EXTRA, 1)
    assert "git cannot be run: it is not installed" in done.stderr


def test_git_fetches_nothing(repository: Path, check: Command, tmp_path_factory, monkeypatch):
    """A clone without old content would have git fetch what it needs."""
    (repository / "story.txt").write_bytes(b"Widgets.\n")
    commit("second")
    git("config", "uploadpack.allowFilter", "true")
    clone = tmp_path_factory.mktemp("clone")
    git("clone", "-q", "--filter=blob:none", repository.as_uri(), str(clone))
    monkeypatch.chdir(clone)
    packs = sorted((clone / ".git" / "objects").rglob("*"))
    done = check("story.txt", "--since", "HEAD~1")
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (ExitCode.USAGE, "", 1)
    assert sorted((clone / ".git" / "objects").rglob("*")) == packs


def test_git_runs_nothing_that_the_repository_names(repository: Path, check: Command):
    for key in ("diff.external", "core.fsmonitor", "diff.spy.textconv", "core.pager"):
        git("config", key, "touch spied; false")
    (repository / ".gitattributes").write_text("*.txt diff=spy\n")
    (repository / "story.txt").write_bytes(b"Widgets.\n")
    assert places(check("story.txt", "--since", "HEAD")) == ["story.txt:1:1"]
    assert not (repository / "spied").exists()


DIFFS = {
    "git": "diff --git a/story.txt b/story.txt\nindex 1..2 100644\n--- a/story.txt\n+++ b/story.txt\n"
    "@@ -2,2 +2,2 @@ widgets\n \n-+++ b/x\n+He said nobody forbids them.\n",
    "no prefix, date": "--- old.txt\t2021-01-01\n+++ story.txt\t2021-01-02\n@@ -3 +3 @@\n-x\n+y\n",
    "carriage returns": "--- a/story.txt\r\n+++ b/story.txt\r\n@@ -3 +3 @@\r\n-x\r\n+y\r\n",
    "text before": "From\n---\n--- i/story.txt\n+++ w/story.txt\n@@ -0,0 +3 @@\n+y\n\\ No newline at end of file\n",
    "binary": "diff --git a/story.txt b/story.txt\nindex 1..2\nBinary files a/story.txt and b/story.txt differ\n",
    "of another": "--- a/other.txt\n+++ b/other.txt\n@@ -1,3 +1,3 @@\n-a\n+b\n c\n d\n",
    "only moved": "diff --git a/x.txt b/story.txt\nsimilarity index 100%\nrename from x.txt\nrename to story.txt\n",
    "empty": "",
}


@pytest.mark.parametrize("name", DIFFS)
def test_diff_keeps_changed_lines(here, check: Command, name):
    (here / "story.txt").write_bytes(b"Widgets.\n\nHe said nobody forbids them.\n")
    (here / "x.diff").write_bytes(DIFFS[name].encode())
    wanted = {
        "binary": ["story.txt:1:1", "story.txt:3:9"],
        "of another": [], "only moved": [], "empty": [],
    }.get(name, ["story.txt:3:9"])  # fmt: skip
    assert places(check("story.txt", "--diff", "x.diff")) == wanted
    assert places(check("story.txt", "--diff", "-", stdin=DIFFS[name].encode("utf-16"))) == wanted


@pytest.mark.parametrize(
    ("diff", "message"),
    [
        (b"widgets\n", "no unified diff"),
        (b"*** a.txt\n--- b.txt\n***************\n*** 1 ****\n", "no unified diff"),
        (b"--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n a\n", "line 3: a hunk that ends early"),
        (b"--- a/x\n+++ b/x\n@@ -a +b @@\n", "line 3: a hunk without its numbers"),
        (b"diff --cc x\n--- a/x\n+++ b/x\n@@@ -1,2 -1,2 +1,2 @@@\n", "line 4: a diff of a merge"),
    ],
)
def test_diff_refuses_what_is_none(here, check: Command, diff, message):
    (here / "a.txt").write_bytes(b"Widgets.")
    (here / "x.diff").write_bytes(diff)
    done = check("a.txt", "--diff", "x.diff")
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (ExitCode.BAD_INPUT, "", 1)
    assert done.stderr.startswith(f"annotator: --diff x.diff: {message}")
    missing = check("a.txt", "--diff", "nowhere.diff")
    assert (missing.exit_code, missing.stderr) == (ExitCode.BAD_INPUT, "annotator: nowhere.diff: no such file\n")


def test_diff_of_git_from_the_root_read_in_a_folder_below(repository: Path, check: Command, monkeypatch):
    (repository / "news").mkdir()
    for path in ("story.txt", "news/story.txt", "news/ü.txt"):
        (repository / path).write_bytes(b"Widgets.\n")
    git("add", "-N", ".")
    diff = git("diff", "--", "news/ü.txt", "story.txt").encode()
    monkeypatch.chdir(repository / "news")
    assert places(check("story.txt", "ü.txt", "../story.txt", "--diff", "-", stdin=diff)) == [
        "../story.txt:1:1",
        "ü.txt:1:1",
    ]


# -- in a repository -----------------------------------------------------------------------------------


@pytest.fixture
def path_of_command(tmp_path_factory: pytest.TempPathFactory, desk: Path, monkeypatch) -> None:
    """Let ``annotator`` be the command with the desk's rules."""
    if os.name != "posix":
        pytest.skip("a script for sh")
    folder = tmp_path_factory.mktemp("bin")
    config = folder / "annotator.toml"
    config.write_text(f'rules = ["{desk}"]\ndefault-rules = false\nas-of = "2021-05-06"\n', encoding="utf-8")
    script = folder / "annotator"
    script.write_text(
        f'#!/bin/sh\ncommand=$1; shift\nexec "{sys.executable}" -m annotator $command --config "{config}" "$@"\n'
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


def test_the_hook_in_a_sample_repository(repository: Path, path_of_command, tmp_path_factory):
    """With pre-commit itself where it is installed; else its entry is run on the files that it would name."""
    [hook] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert hook["language"] == "python"
    (repository / "story.txt").write_bytes(b"He sold widgets.\n\nHe said nobody forbids them.\n")
    (repository / "code.py").write_bytes(b"# nobody forbids them\n")
    tool = shutil.which("pre-commit")
    if tool is not None:
        # The command is there already: no environment is made for it.
        local = {"repos": [{"repo": "local", "hooks": [{**hook, "language": "system", "args": ["--since", "HEAD"]}]}]}
        (repository / ".pre-commit-config.yaml").write_text(yaml.safe_dump(local), encoding="utf-8")
    git("add", "-A")
    if tool is not None:
        home = str(tmp_path_factory.mktemp("pre-commit"))
        command, environ = [tool, "run"], {**os.environ, "PRE_COMMIT_HOME": home}
    else:
        staged = git("diff", "--cached", "--name-only", "-z").split("\0")[:-1]
        named = [name for name in staged if re.search(hook["files"], name)]
        command, environ = [*hook["entry"].split(), "--since", "HEAD", *named], dict(os.environ)
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    found = [line for line in done.stdout.splitlines() if re.match(r"[\w.]+:\d+:\d+: ", line)]
    assert found == ["story.txt:3:9: check [desk.boast] Source check: Act 12 Art. 1 forbids widgets."]
    (repository / "story.txt").write_bytes(b"He sold widgets.\n\nHe said things.\n")
    git("add", "-A")
    assert subprocess.run(command, env=environ, capture_output=True, check=False).returncode == 0


def test_the_step_of_the_action_in_a_sample_repository(repository: Path, path_of_command):
    page = (ROOT / "docs" / "check.md").read_text(encoding="utf-8")
    blocks = [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)]
    [hook] = [block["repos"][0]["hooks"][0] for block in blocks if "repos" in block]
    assert hook["id"] == yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))[0]["id"]
    [steps] = [block["jobs"]["check"]["steps"] for block in blocks if "jobs" in block]
    base = git("rev-parse", "HEAD").strip()
    (repository / "story.txt").write_bytes(b"He sold widgets.\n\nHe said nobody forbids them.\n")
    commit("second")
    command = ["bash", "-eo", "pipefail", "-c", steps[-1]["run"]]
    done = subprocess.run(command, env={**os.environ, "BASE": base}, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert done.stdout.startswith("::error file=story.txt,line=3,col=9,")
    assert done.stdout.count("\n") == 1
    base = git("rev-parse", "HEAD").strip()
    assert subprocess.run(command, env={**os.environ, "BASE": base}, capture_output=True, check=False).returncode == 0
