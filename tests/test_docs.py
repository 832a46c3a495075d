"""Every code block of the documentation works as it stands there.

The blocks of a page run in order, in one temporary folder that holds the files of which the pages speak, and Python
blocks share their names. What a block is tells its language:

- ``sh``: commands, each of which ends with exit code 0; those of ``annotator`` run in this process;
- ``console``: the same behind ``$``, with what they print on either stream; ``...`` stands for what is not shown;
- ``python``: run; ``yaml``: rules, loaded, and their examples run, if any; ``toml``, ``json``, ``csv``: read.

An HTML comment right before a block says more of it: ``not run: WHY``; ``file: NAME`` (written for those behind it);
``output`` (what the Python block before it prints); ``with:`` and rules that the block needs beside it. A block that
is none of these fails. A library for such tests (Sybil, pytest-examples) reads Python and little else, and here most
blocks are commands and rules; Markdown itself is read by markdown-it, which the project needs anyway.
"""

from __future__ import annotations

import ast
import contextlib
import csv
import gzip
import importlib
import io
import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from docx import Document
from markdown_it import MarkdownIt

from annotator import checking, config, decisions, rulebook, strip
from annotator.lists import import_files

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

    Run = Callable[..., Result]

ROOT = Path(__file__).parent.parent
LISTS = Path(__file__).parent / "lists"
PAGES = [*sorted(ROOT.glob("docs/*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
MARKERS = ("not run", "file", "output", "with")
RUNS = ("sh", "console", "python", "yaml", "toml", "json", "csv")


@dataclass(frozen=True)
class Block:
    """A code block: its page and first line, its language, what it holds, and the comment before it."""

    page: str
    line: int
    language: str
    code: str
    marker: str = ""
    about: str = ""

    @property
    def place(self) -> str:
        return f"{self.page}:{self.line}"


def blocks_of(page: Path) -> list[Block]:
    """Return the code blocks of a page, those in lists and quotations as well, each with the comment before it."""
    tokens = MarkdownIt().parse(page.read_text(encoding="utf-8"))
    found = []
    for number, token in enumerate(tokens):
        if token.type not in {"fence", "code_block"}:
            continue
        before = tokens[number - 1] if number else None
        comment = re.fullmatch(r"<!--(.*?)-->\s*", before.content, re.DOTALL) if before is not None else None
        words = comment.group(1).strip() if comment and before and before.type == "html_block" else ""
        marker, _, about = words.partition(":")
        if marker.strip() not in MARKERS:
            marker = about = ""
        assert token.map is not None
        name = page.relative_to(ROOT).as_posix()
        found.append(
            Block(name, token.map[0] + 1, token.info.strip(), token.content, marker.strip(), about.strip("\n"))
        )
    return found


BLOCKS = {page.relative_to(ROOT).as_posix(): blocks_of(page) for page in PAGES}


def furnish(folder: Path) -> None:
    """Put into a folder the files that the pages' commands speak of."""
    article = (ROOT / "examples" / "limousine.txt").read_text(encoding="utf-8")
    story = (ROOT / "examples" / "coal-at-sea.md").read_text(encoding="utf-8")
    for path in ("articles", "corpus", "desk-rules"):
        (folder / path).mkdir()
    shutil.copytree(ROOT / "examples", folder / "examples")
    for name in ("article.txt", "articles/one.txt"):
        (folder / name).write_text(article, encoding="utf-8", newline="\n")
    for name in ("story.md", "articles/two.md"):
        (folder / name).write_text(story, encoding="utf-8", newline="\n")
    for name in ("page.html", "story.html"):
        shutil.copy(ROOT / "examples" / "crane.html", folder / name)
    shutil.copy(ROOT / "examples" / "rules" / "own.yaml", folder / "desk-rules")
    decided = next(b.code for b in blocks_of(ROOT / "docs" / "decisions.md") if "annotator-decisions:" in b.code)
    (folder / "decisions.yaml").write_text(decided, encoding="utf-8")
    rows = [("url", "desk", "text"), ("https://example.org/one", "world", article)]
    with (folder / "news.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    word = Document()
    word.add_paragraph(article)
    word.save(str(folder / "draft.docx"))
    news = "".join(
        f"{json.dumps({'id': str(number), 'published': f'2024-06-{number:02}', 'text': text})}\n"
        for number, text in enumerate([article, story, "Nothing of note."], 1)
    ).encode()
    (folder / "news.jsonl").write_bytes(news)
    (folder / "news.jsonl.gz").write_bytes(gzip.compress(news))
    for name, source in (
        ("sdn.csv", "ofac_sdn.csv"), ("alt.csv", "ofac_alt.csv"), ("add.csv", "ofac_add.csv"), ("un.xml", "un.xml"),
        ("ConList.csv", "uk_conlist.csv"), ("consolidated.xml", "un.xml"), ("old.xml", "un.xml"), ("new.xml", "un.xml"),
    ):  # fmt: skip
        shutil.copy(LISTS / source, folder / name)


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of lists, for the pages that do not import any."""
    path = tmp_path_factory.mktemp("lists") / "lists.db"
    import_files([LISTS / "un.xml"], path)
    for day in ("2022-01-05", "2022-05-30"):
        import_files([LISTS / "ofac_sdn.csv"], path, date=day)
    return path


def parquet(folder: Path) -> None:
    """Put the articles there as Parquet, and a web archive's text, where the libraries for them are installed."""
    arrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet as files

    rows = [json.loads(line) for line in (folder / "news.jsonl").read_text(encoding="utf-8").splitlines()]
    files.write_table(arrow.Table.from_pylist(rows), folder / "news.parquet")
    archive = pytest.importorskip("warcio.warcwriter")
    with (folder / "crawl.warc.wet.gz").open("wb") as stream:
        writer = archive.WARCWriter(stream, gzip=True)
        record = writer.create_warc_record(
            "https://example.org/one",
            "conversion",
            payload=io.BytesIO(rows[0]["text"].encode()),
            warc_content_type="text/plain",
        )
        writer.write_record(record)
        record.raw_stream.close()


def fits(shown: str, printed: str) -> bool:
    """Tell whether what was printed is what is shown, in which ``...`` stands for anything, as a line for any lines.

    >>> fits("a ... c\\n...\\nz", "a b c\\nd\\ne\\nz"), fits("a\\nz", "a\\nb\\nz")
    (True, False)
    """
    lines = [line.rstrip() for line in shown.strip("\n").splitlines()]
    pattern = "".join(
        r"(?:.*\n)*?" if line == "..." else ".*?".join(map(re.escape, line.split("..."))) + r"[ \t]*\n"
        for line in lines
    )
    return re.fullmatch(pattern, printed.strip("\n") + "\n") is not None


class Page:
    """Runs the blocks of a page in order, in the working folder."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.names: dict[str, Any] = {"__name__": "page"}
        self.printed = ""

    def try_out(self, block: Block) -> None:
        """Run a block. Raises ``AssertionError``, and what Python code raises."""
        if block.marker == "not run":
            self.look_at(block)
        elif block.marker == "file":
            Path(block.about.strip()).write_text(block.code, encoding="utf-8", newline="\n")
        elif block.marker == "output":
            assert fits(block.code, self.printed), f"it prints\n{self.printed}"
        else:
            assert block.language in RUNS, f"a block of {block.language or 'no language'}; see the head of this test"
            getattr(self, block.language)(block)

    def look_at(self, block: Block) -> None:
        """Look at a block that cannot run here: a reason is given, and what it names of this project is there."""
        assert len(block.about.split()) > 1, "say why it is not run"
        for script in re.findall(r"\bpython (\w[\w/.-]*\.py)\b", block.code):
            assert (ROOT / script).is_file(), script
        if block.language == "yaml":
            yaml.safe_load(block.code)
        if block.language == "python":
            for node in ast.walk(ast.parse(block.code)):
                if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "annotator":
                    module = importlib.import_module(node.module or "")
                    for name in node.names:
                        assert hasattr(module, name.name), name.name

    def command(self, line: str) -> str:
        """Run a command line and return what it prints; one of ours without a shell."""
        if not line.startswith("annotator ") or re.search(r" [|<>] ", line):
            shell = shutil.which("sh")
            if shell is None:
                return ""  # no such shell on this system
            done = subprocess.run([shell, "-c", line], capture_output=True, text=True, check=False, timeout=60)
            assert done.returncode == 0, f"{line}\n{done.stderr}"
            return done.stdout + done.stderr
        words = []
        for word in shlex.split(line, comments=True)[1:]:
            found = sorted(path.name for path in Path().glob(word)) if word.startswith("*.") else []
            words += found or [word]
        if words[0] == "batch":
            words += ["--workers", "0"]  # in this process: others are tried elsewhere
        result = self.run(*words)
        assert result.exception is None or isinstance(result.exception, SystemExit), f"{line}\n{result.exception!r}"
        self.code = result.exit_code
        return str(result.output)

    def sh(self, block: Block) -> None:
        for line in filter(None, block.code.replace("\\\n", " ").splitlines()):
            self.code = 0
            printed = self.command(line)
            assert self.code == 0, f"{line}\nexit code {self.code}: {printed}"

    def console(self, block: Block) -> None:
        parts = re.split(r"^\$ (.*)\n", block.code, flags=re.MULTILINE)
        assert not parts[0].strip(), "begin with $ and a command"
        for line, shown in zip(parts[1::2], parts[2::2], strict=True):
            printed = self.command(line)
            assert fits(shown, printed), f"{line}\nprints\n{printed}"

    def python(self, block: Block) -> None:
        code = compile("\n" * block.line + block.code, block.page, "exec")  # with this file's own annotations
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(code, self.names)
        self.printed = out.getvalue()

    def yaml(self, block: Block) -> None:
        files = [Path("block.yaml")]
        if block.code.startswith("annotator-decisions:"):
            files[0].write_text(block.code, encoding="utf-8")
            assert decisions.read(files[0])
            return
        files[0].write_text(whole(block.code), encoding="utf-8")
        if block.marker == "with":
            files.append(Path("beside.yaml"))
            files[1].write_text(whole(block.about), encoding="utf-8")
            Path("data").mkdir(exist_ok=True)
            shutil.copy(ROOT / "rules" / "data" / "unsc-resolutions.csv", "data")
        rulebook.load(files, default_rules=False, cache=False)
        definitions = yaml.safe_load(block.code)
        kinds = ("rules", "regimes", "contexts")
        if any("examples" in one for kind in kinds for one in definitions.get(kind, {}).values()):
            report = checking.test(files, default_rules=False)
            assert report.examples
            assert report.failures == []

    def toml(self, block: Block) -> None:
        Path("pyproject.toml").write_text(block.code, encoding="utf-8")
        if "annotator" in tomllib.loads(block.code).get("tool", {}):
            assert config.load("pyproject.toml")

    def json(self, block: Block) -> None:
        json.loads(block.code)

    def csv(self, block: Block) -> None:
        rows = list(csv.reader(io.StringIO(block.code), strict=True))
        assert len(rows) > 1
        assert {len(row) for row in rows} == {len(rows[0])}


def whole(rules: str) -> str:
    """Return rules as a file: with the head that a file has where they leave these out."""
    head = "annotator: 1\n" if not re.search(r"^annotator:", rules, re.MULTILINE) else ""
    for line in ("covers: an example", "namespace: example"):
        key = line.partition(":")[0]
        head += f"{line}\n" if not re.search(rf"^{key}:", rules, re.MULTILINE) else ""
    return head + rules


@pytest.fixture
def folder(here: Path, store: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with the files of which the pages speak; the lists that ship are there."""
    monkeypatch.delenv("ANNOTATOR_LISTS", raising=False)
    furnish(here)
    shutil.copy(store, here)
    return here


@pytest.mark.parametrize("name", [name for name, blocks in BLOCKS.items() if blocks])
def test_the_blocks_of_a_page_work(name: str, folder: Path, run: Run) -> None:
    blocks = BLOCKS[name]
    if any("parquet" in one.code or "warc" in one.code for one in blocks if one.marker != "not run"):
        parquet(folder)
    page = Page(run)
    faults = []
    for block in blocks:
        try:
            page.try_out(block)
        except Exception as error:  # noqa: BLE001 - the other blocks are tried whatever befell this one
            faults.append(f"{block.place}: {type(error).__name__}: {error}")
    assert not faults, "\n\n".join(faults)


def test_what_is_not_run_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    """List the blocks that do not run; commands of ours all do."""
    blocks = [block for page in BLOCKS.values() for block in page]
    idle = [block for block in blocks if block.marker == "not run"]
    said = [f"{len(blocks) - len(idle)} of {len(blocks)} blocks of the documentation run; not run are:"]
    said += [f"  {block.place}: {block.about.strip()}" for block in idle]
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(said) + "\n")
    assert not [block.place for block in idle if re.search(r"^(\$ )?annotator ", block.code, re.MULTILINE)]


def test_no_comment_before_a_block_is_misspelt() -> None:
    for page in PAGES:
        for words in re.findall(
            r"<!--\s*([^:\n]*).*?-->\s*^[ ]*```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL
        ):
            assert words.strip().removesuffix("--").strip() in MARKERS, f"{page.name}: {words}"


README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("line", re.findall(r"`(annotator [^`]+)`", README))
def test_each_command_within_the_text_of_the_readme_runs(line: str, folder: Path, run: Run) -> None:
    (folder / "desk.yaml").write_text(next(b.code for b in BLOCKS["README.md"] if b.language == "yaml"), "utf-8")
    words = shlex.split(line)[1:]
    ends = ["--help"] if words[0] in {"serve", "mcp"} else []  # by themselves these go on until they are ended
    assert run(*words, *ends).exit_code == 0


def test_the_set_up_commands_do_what_they_say(folder: Path, run: Run) -> None:
    annotate, tests = (block.code.strip() for block in BLOCKS["README.md"] if "venv" in block.code)
    command = annotate.rsplit("&&", 1)[1].split()
    assert command[0] == ".venv/bin/annotator"
    result = run(*command[1:])
    assert result.exit_code == 0
    assert "[1]" in result.output
    assert '".[dev]"' in tests
    assert tests.endswith("-m pytest")


def test_the_library_in_five_lines_gives_back_the_text() -> None:
    code = next(block.code for block in BLOCKS["README.md"] if block.language == "python")
    assert len([line for line in code.splitlines() if line.strip()]) <= 5
    space: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(code, space)  # the README's own lines
    assert strip(str(space["result"])) == "The UN bans luxury goods for North Korea."


def test_the_rules_that_the_readme_and_the_examples_show_are_without_fault(folder: Path) -> None:
    shown = next(block.code for block in BLOCKS["README.md"] if block.language == "yaml")
    assert len(shown.splitlines()) <= 10
    Path("shown.yaml").write_text(shown, encoding="utf-8")
    for path in (Path("shown.yaml"), ROOT / "examples" / "rules" / "own.yaml"):
        assert checking.lint([path], default_rules=False) == []
        report = checking.test([path], default_rules=False)
        assert report.failures == []
        assert report.covered == report.rules
