"""``annotator help`` and the site: a page on each rule, regime, measure, list and error, from the rules themselves."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pytest

from annotator import _published, errors
from annotator.errors import AnnotatorError, ExitCode
from annotator.handbook import KINDS, Handbook
from annotator.handbook import errors as told
from annotator.handbook.writing import markdown, text
from annotator.rulebook import read_definitions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from click.testing import Result

    Run = Callable[..., Result]

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def book() -> Handbook:
    return Handbook(read_definitions())


def subclasses(one: type) -> Iterator[type]:
    yield one
    for below in one.__subclasses__():
        if below.__module__ == errors.__name__:
            yield from subclasses(below)


# -- the command -----------------------------------------------------------------------------------


def test_every_page_can_be_written_and_asked_for_by_its_name(book: Handbook) -> None:
    for kind in KINDS:
        names = book.names(kind)
        assert len(names) == len(set(map(str.lower, names)))  # files of pages, on any system
        for name in names:
            page = book.page(kind, name)
            assert page in book.find(name)
            lines = list(text(page))
            assert lines[0].startswith(f"{name}: ")
            assert not [line for line in lines if "\n" in line]
            assert markdown(page, lambda link: f"{link.kind}/{link.name}").startswith("# ")


def test_pages_lead_only_to_pages(book: Handbook) -> None:
    names = {kind: set(book.names(kind)) for kind in KINDS}
    led = []

    for kind in KINDS:
        for name in names[kind]:
            markdown(book.page(kind, name), lambda link: led.append(link) or "")
    assert len(led) > len(names["rule"])
    assert not [link for link in led if link.name not in names[link.kind]]


def test_a_rule_is_told_with_what_its_notes_say(run: Run) -> None:
    shown = run("help", "measure.luxury-goods")
    assert shown.exit_code == 0
    assert "[[luxury goods]]" in shown.stdout
    assert "un.dprk" in shown.stdout
    assert "verified, checked " in shown.stdout
    assert "[S/RES/1718 (2006) para. 8(a)(iii)" in shown.stdout


def test_a_measure_is_told_by_whose_law_it_is(run: Run) -> None:
    shown = run("help", "luxury-goods").stdout.splitlines()
    heads = [line for line in shown if line and not line.startswith(" ")]
    assert heads[0].startswith("luxury-goods: ")
    assert heads[2:5] == ["UN", "EU", "US"]
    assert any("https://undocs.org/S/RES/1718%282006%29" in line for line in shown)


def test_a_regime_says_when_it_answers(run: Run) -> None:
    shown = run("help", "un.iran").stdout
    assert "Law of: UN" in shown
    assert "from 2025-09-28" in shown


@pytest.mark.parametrize("name", ["3", "BAD_RULES", "bad_rules"])
def test_an_exit_code_is_told_by_name_and_number(run: Run, name: str) -> None:
    shown = run("help", name)
    assert shown.exit_code == 0
    assert shown.stdout.startswith("BAD_RULES: exit code 3\n")
    assert "RuleErrors" in shown.stdout


def test_every_exit_code_and_every_exception_has_its_page() -> None:
    for code in ExitCode:
        assert told.find(code.name) == told.find(str(int(code)))
        assert told.find(code.name) is not None
    for exception in subclasses(AnnotatorError):
        assert told.find(exception.__name__) is not None, exception


def test_the_table_of_exit_codes_says_what_the_pages_say() -> None:
    page = (ROOT / "docs" / "exit-codes.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| \d+ \| `(\w+)` \| (.+) \|$", page, re.MULTILINE))
    assert rows == {code.name: about.when for code, about in told.CODES.items()}


def test_every_finding_of_lint_has_its_page(run: Run, here: Path) -> None:
    """Codes are read off the source, since no one file could show all of them."""
    codes = set()
    for path in (ROOT / "annotator" / "checking").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            arguments = node.args if isinstance(node, ast.Call) else []
            values = [one.value for one in arguments if isinstance(one, ast.Constant)]
            for level, code in pairwise(values):
                if level in {"error", "warning"} and isinstance(code, str):
                    codes.add(code)
    assert "overlap" in codes
    for code in codes:
        assert told.find(code) is not None, code


def test_an_entry_of_a_list_has_the_page_of_its_list(run: Run) -> None:
    assert run("help", "lists.un:TSi.001").stdout.startswith("lists.un: ")


def test_what_is_unknown_is_refused_with_what_may_be_meant(run: Run) -> None:
    for name, meant in (("luxury-good", "luxury-goods"), ("un.dprk.coal", "measure.coal"), ("iran", "un.iran")):
        shown = run("help", name)
        assert shown.exit_code == ExitCode.USAGE
        assert meant in shown.stderr
        assert len(shown.stderr.splitlines()) == 1


def test_without_a_name_and_of_commands_it_is_their_help(run: Run) -> None:
    assert run("help").stdout == run("--help").stdout
    assert run("help", "rules", "lint").stdout == run("rules", "lint", "--help").stdout


def test_an_error_is_told_where_rules_do_not_load(run: Run, here: Path) -> None:
    (here / "bad.yaml").write_text("rules: [", encoding="utf-8")
    assert run("help", "RuleError", "--rules", "bad.yaml").exit_code == 0
    refused = run("help", "measure.coal", "--rules", "bad.yaml")
    assert refused.exit_code == ExitCode.BAD_RULES
    assert len(refused.stderr.splitlines()) == 1


OWN = """\
annotator: 1
covers: Rules of an author
namespace: my
defaults: {jurisdiction: un, status: verified, checked: 2026-01-02}
references:
  act: {instrument: Act 1, date: 2020-01-01, url: "https://example.org/act"}
notes:
  certain: {text: Act 1 bans red kites., sources: [{ref: act, at: Art. 1}]}
  doubtful: {text: Act 1 bans blue kites., sources: [{ref: act, at: Art. 2}], status: unverified, checked: 2026-01-03}
  mixed: {says: Act 1 bans green kites, sources: [{ref: act, at: Art. 3}], field-status: {says: unverified}}
rules:
  kites:
    kind: term
    phrases: ["kite[s]"]
    notes: [certain, doubtful, mixed]
    examples: {match: ["[[Kites]] fly."], near: ["Cats."]}
"""


def test_what_is_not_verified_is_told_as_that(run: Run, here: Path) -> None:
    (here / "own.yaml").write_text(OWN, encoding="utf-8")
    shown = run("help", "my.kites", "--rules", "own.yaml", "--no-default-rules").stdout
    said = [line for line in shown.splitlines() if "kites. " in line or "kites.”" in line or "kites. [" in line]
    assert len(said) == 3, shown
    for line in said:
        if "red" in line:
            assert line.strip() == "Act 1 bans red kites. (verified, checked 2026-01-02)"
        else:
            assert line.strip().startswith("not verified, checked 2026-01-0")


# -- messages --------------------------------------------------------------------------------------


def test_messages_name_the_page(desk_run: Run, run: Run, here: Path) -> None:
    (here / "a.txt").write_bytes(b"He said nobody forbids them: widgets.\n")
    assert "annotator help desk.boast" in desk_run("check", "a.txt").stderr
    assert "annotator help" not in desk_run("check", "-q", "a.txt").stderr
    assert "annotator help desk.widgets" in desk_run("check", "a.txt", "--output-format", "full").stdout
    assert "annotator help desk.boast" in desk_run("explain", "a.txt").stderr
    (here / "own.yaml").write_text(OWN.replace("[certain, ", "["), encoding="utf-8")
    assert "annotator help unused" in run("rules", "lint", "own.yaml", "--no-default-rules").stderr


def test_sarif_names_the_page_of_each_rule(desk_run: Run, here: Path) -> None:
    (here / "a.txt").write_bytes(b"He sold widgets.\n")
    log = json.loads(desk_run("check", "a.txt", "--fail-on", "none", "--output-format", "sarif").stdout)
    [rule] = log["runs"][0]["tool"]["driver"]["rules"]
    assert rule["help"]["text"].endswith("annotator help desk.widgets")


def test_pages_link_to_the_site_where_there_is_one(run: Run, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "http" not in run("help", "3").stdout
    monkeypatch.setattr(_published, "ADDRESS", "https://docs.example.org/annotator/")
    assert "https://docs.example.org/annotator/reference/errors/BAD_RULES.html" in run("help", "3").stdout
    assert "https://docs.example.org/annotator/reference/rules/measure.coal.html" in run("help", "measure.coal").stdout
    own = run("help", "desk.widgets", "--rules", desk, "--no-default-rules").stdout
    assert "docs.example.org" not in own  # the site knows nothing of a user's own


# -- the site --------------------------------------------------------------------------------------


class Seen(HTMLParser):
    """The anchors of a page, where it leads to, and what a browser would fetch for it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.anchors |= {one for one in (given.get("id"), given.get("name")) if one}
        if tag == "a" and given.get("href"):
            self.links.append(given["href"] or "")
        elif tag in {"script", "img", "iframe", "source"}:
            self.fetched.append(given.get("src") or "")
        elif tag == "link" and given.get("rel") not in {"canonical", "prev", "next", "alternate", "edit"}:
            self.fetched.append(given.get("href") or "")


@pytest.mark.slow
def test_the_site_is_whole(book: Handbook, tmp_path: Path) -> None:
    pytest.importorskip("material", reason="needs the extra docs")
    site = tmp_path / "site"
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))}
    build = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(site)]
    done = subprocess.run(
        build, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=400, check=False,
        env={**environ, "NO_MKDOCS_2_WARNING": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    pages = {path.relative_to(site).as_posix(): Seen(path.read_text(encoding="utf-8")) for path in site.rglob("*.html")}
    for kind in KINDS:
        for name in book.names(kind):
            assert f"reference/{_published.FOLDERS[kind]}/{name}.html" in pages
    for page in sorted((ROOT / "docs").glob("*.md")):
        assert f"{page.stem}.html" in pages
    for name, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or name == "404.html":
                continue
            target = os.path.normpath(os.path.join(os.path.dirname(name), unquote(parts.path))) if parts.path else name
            target = Path(target).as_posix()
            target = f"{target}/index.html".removeprefix("./") if (site / target).is_dir() else target
            assert target in pages or (site / target).is_file(), f"{name}: {link}"
            if parts.fragment and target in pages:
                assert unquote(parts.fragment) in pages[target].anchors | {"__skip"}, f"{name}: {link}"
        assert not [one for one in page.fetched if urlsplit(one).netloc], name
    index = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))
    found = {one["location"] for one in index["docs"] if "luxury goods be supplied" in one["text"]}
    assert "reference/measures/luxury-goods.html#un" in found
