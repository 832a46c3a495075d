"""The page to read: safe whatever the article says, complete without script, and usable in a real browser.

Tests in a browser need Chromium and the packages of the ``dev`` extra. Where there is none they are skipped;
with ``ANNOTATOR_REQUIRE_BROWSER=1`` that is a failure. ``ANNOTATOR_BROWSER`` names another browser's program.
"""

from __future__ import annotations

import os
import re
import shutil
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
import rulemaking
from hypothesis import given
from hypothesis import strategies as st

from annotator import Annotator
from annotator.model import Annotation, Block, Document, Held, Layout, Note, Source, Step, Timeline
from annotator.reading import read
from annotator.writing import render, report
from annotator.writing.wording import origin_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from conftest import Command

RUN: dict[str, Any] = {"as_of": "2024-06-20", "as_of_from": "given", "digest": "0123456789abcdef" * 4}
ATTACKS = (
    "<script>window.pwned=1</script>",
    "</script><script>window.pwned=1</script>",
    "</style><script>window.pwned=1</script>",
    "<img src=x onerror=window.pwned=1>",
    '" onfocus="window.pwned=1" autofocus="',
    "' onmouseover='window.pwned=1",
    "--><svg/onload=window.pwned=1><!--",
    "</article></main><h1>forged</h1>",
    "<base href=//evil.example><link rel=stylesheet href=//evil.example/x.css>",
    "&lt;script&gt; &#60; &amp",
    "]]><![CDATA[<b>",
    "\0\x01\x1b[31m\x7f\x85\ufffe\ud800\udfff",
    "\u202e\u2066gnp.exe",
    "`${window.pwned=1}`",
    "{{7*7}}",
)
WHY = ("test.port in the sentence ('the port')", "party: none")
VOID = {"meta", "input", "br", "img", "link"}


def note(number: int, **changes: Any) -> Note:
    """Return a note; jurisdiction, status and kind go round."""
    values: dict[str, Any] = {
        "id": f"test.note-{number}",
        "text": f"Measure {number}: Act {number} Art. 1 decides that States must prevent the supply of such goods, "
        "save for what the committee has approved in advance.",
        "sources": (
            Source(f"Act {number}", "Art. 1", f"https://example.org/act/{number}"),
            Source("Law 7", "", "https://example.org/law"),
        ),
        "from_date": "2016-03-02",
        "until": None,
        "jurisdiction": ("un", "eu,uk", "us")[number % 3],
        "status": ("verified", "partly", "unverified")[number % 3],
        "checked": "2026-01-02",
        "verb": "decides",
        "later": ("Since 2025-01-01 nuts are covered as well.",) if number % 5 == 0 else (),
        **changes,
    }
    return Note(**values)


def article(count: int, *, each: int = 1, filler: int = 1) -> tuple[Document, list[Annotation]]:
    """Return an article with so many notes, and their annotations: a heading, paragraphs, a list, furniture."""
    paragraphs = ["Council widens the ban"]
    for number in range(0, count, each):
        sentence = "The ship was seen again near the port, and nobody would say what it had carried. " * filler
        paragraphs.append(f"{sentence}They sold widgets{number} all the same.")
    paragraphs += ["- first widgetsA", "- second widgetsB", "مبيعات محظورة في الميناء", "Share this story"]
    text = "\n\n".join(paragraphs) + "\n"
    blocks = []
    at = 0
    for one in paragraphs:
        start = text.index(one, at)
        at = start + len(one)
        kind = "item" if one.startswith("- ") else "heading" if start == 0 else "paragraph"
        blocks.append(Block(start, at, "furniture" if one.startswith("Share") else kind, 0, 0))
    document = Document(
        source=text.encode(), text=text, format="text", encoding="utf-8", bom=b"", newline="\n", path="story.txt",
        layout_of=lambda _: Layout(tuple(blocks)),
    )  # fmt: skip
    kinds = ("measure", "claim", "person", "instrument", "body", "regime")
    annotations = []
    for index, found in enumerate(re.finditer(r"widgets[0-9]+", text)):
        notes = tuple(note(number) for number in range(index * each, min(index * each + each, count)))
        kind = kinds[index % len(kinds)]
        annotations.append(Annotation(*found.span(), found[0], f"test.{kind}", kind, {}, WHY, notes))
    return document, annotations


def page_of(document: Document, annotations: list[Annotation], **settings: Any) -> str:
    """Return the page."""
    return render(document, annotations, format="report", **RUN, **settings).decode()


def checks_of(annotations: list[Annotation]) -> int:
    """Return how many of the notes are checks of claims."""
    return sum(len(one.notes) for one in annotations if one.kind == "claim")


class Tree(HTMLParser):
    """What a page is made of; fails where tags are not nested as they should be."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.shown: list[str] | None = None
        self.away = 0
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        assert len(found) == len(attrs), f"an attribute twice on {tag}"
        self.tags.append((tag, found))
        if tag in VOID:
            return
        self.open.append(tag)
        if "text" in (found.get("class") or "").split():
            self.shown = []
            self.depth = len(self.open)
        if found.get("class") == "refs":
            self.away = len(self.open)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        if self.away and len(self.open) < self.away:
            self.away = 0
        if self.shown is not None and len(self.open) < self.depth:
            self.texts.append("".join(self.shown))
            self.shown = None

    def handle_data(self, data: str) -> None:
        if self.shown is not None and not self.away:
            self.shown.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")


def visible(text: str) -> str:
    """Return text without white space and without what cannot be shown, in whatever way it was replaced."""
    return re.sub(
        "[\0-\x1f\x7f-\x9f\u2400-\u2421\ud800-\udfff\ufdd0-\ufdef\ufffd\ufffe\uffff]", "", "".join(text.split())
    )


# -- without a browser ------------------------------------------------------------------------------


def test_nothing_is_loaded_and_only_its_own_style_and_script_may_run() -> None:
    page = page_of(*article(6))
    tree = Tree(page)
    policy = next(attrs["content"] or "" for tag, attrs in tree.tags if attrs.get("http-equiv"))
    assert policy.startswith("default-src 'none';")
    for name in ("style", "script"):
        content = re.findall(rf"<{name}>(.*?)</{name}>", page, re.DOTALL)
        assert len(content) == 1
        digest = b64encode(sha256(content[0].encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy
        assert "@import" not in content[0]
        assert "url(" not in content[0]
    for tag, attrs in tree.tags:
        assert tag not in {"link", "img", "iframe", "object", "base"}
        assert not {"src", "srcset", "style", "ping", "background"} & set(attrs)
        assert not [name for name in attrs if name.startswith("on")]
    assert "unsafe" not in policy


def test_same_page_each_time() -> None:
    assert page_of(*article(12)) == page_of(*article(12))
    assert "\r" not in page_of(*article(1))


def test_every_note_says_where_it_is_from() -> None:
    document, annotations = article(6)
    page = page_of(document, annotations)
    tree = Tree(page)
    cards = [attrs for _, attrs in tree.tags if "card" in (attrs.get("class") or "").split()]
    assert [card["id"] for card in cards] == ["nc1", *(f"n{number}" for number in range(1, 6))]
    links = {attrs.get("href") for tag, attrs in tree.tags if tag == "a"}
    for number in range(6):
        assert f"https://example.org/act/{number}" in links
    ids = [attrs["id"] for _, attrs in tree.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in links if link and link.startswith("#")} <= set(ids)
    for words in (
        "20 June 2024",
        "given",
        "2 March 2016",
        "Partly verified",
        "Not verified",
        RUN["digest"],
        "story.txt",
    ):
        assert words in page
    assert page.index("Changed since") < page.index('id="nc1"') < page.index('id="article"')
    assert page.count("Since 2025-01-01 nuts") == 2  # once for each of two notes


def test_nothing_is_said_twice() -> None:
    document, annotations = article(6)
    page = page_of(document, annotations)
    for number in range(6):
        assert page.count(f"Measure {number}: Act") == 1
    assert "test.port" not in page
    assert "test.port" in page_of(document, annotations, detail="full")
    cited = note(0, text="No nuts may be sold. [Act 0 Art. 1; Law 7]")
    page = page_of(document, [Annotation(0, 7, "Council", "r", "measure", {}, (), (cited,))])
    card = page[page.index('id="n1"') : page.index("</article>")]
    assert re.findall(r'<a class="out" href="([^"]+)"', card) == [
        "https://example.org/act/0",
        "https://example.org/law",
    ]
    assert "Sources" not in card


def test_a_note_called_for_twice_is_shown_once() -> None:
    document, annotations = article(6)
    same = [
        Annotation(*("measure" if name == "kind" else getattr(one, name) for name in FIELDS), notes=(note(0),))
        for one in annotations
    ]
    tree = Tree(page_of(document, same))
    assert sum("card" in (attrs.get("class") or "").split() for _, attrs in tree.tags) == 1
    refs = [attrs for _, attrs in tree.tags if attrs.get("class") == "ref"]
    assert [ref["href"] for ref in refs] == ["#n1"] * 6


FIELDS = ("start", "end", "text", "rule", "kind", "fields", "why")


def test_no_mention_is_said() -> None:
    document = read("Nothing here.", format="text")
    page = page_of(document, [])
    assert "No mention of sanctions law was found." in page
    assert "<form" not in page
    Tree(page)
    Tree(page_of(read("", format="text"), []))


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_from_article_or_rule_becomes_markup(attack: str) -> None:
    document = read(f"Some {attack} here.\n\nMore {attack}.", format="text", path=f"a/{attack}.txt")
    start = document.text.index("More ") + 5
    bad = note(
        1, id=attack, text=attack, sources=(Source(attack, attack, attack), Source(attack, "", f"https://x/{attack}")),
        jurisdiction=f"un,{attack}", status=attack, checked=attack, verb=attack, later=(attack,), from_date=attack,
    )  # fmt: skip
    where = Annotation(start, start + len(attack), attack, attack, "claim", {}, (attack,), (bad,))
    out = render(document, [where], format="report", as_of="2024-06-20", as_of_from=attack, digest=attack)
    harmless = {(tag, frozenset(attrs)) for tag, attrs in Tree(page_of(*article(6))).tags}
    harmless.add(("span", frozenset()))  # an address that is no link
    assert {(tag, frozenset(attrs)) for tag, attrs in Tree(out.decode()).tags} <= harmless


def test_only_addresses_of_the_web_are_links() -> None:
    document = read("goods", format="text")
    urls = [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "file:///etc/passwd",
        "https://a b",
        "ftp://x/y",
    ]
    bad = note(1, sources=tuple(Source("Act", "", url) for url in urls))
    page = page_of(document, [Annotation(0, 5, "goods", "r", "term", {}, (), (bad,))])
    out = [attrs["href"] for tag, attrs in Tree(page).tags if tag == "a" and attrs.get("class") == "out"]
    assert out == []


texts = st.text(st.one_of(st.characters(), st.sampled_from("ab <&>\"' \r\n\t\0\ud800\u202e\u0301")), max_size=80)


@given(
    texts,
    st.lists(st.tuples(st.integers(0, 80), st.integers(1, 30)), max_size=8),
    st.sampled_from(["text", "markdown"]),
)
def test_the_article_is_all_there(text: str, spans: list[tuple[int, int]], fmt: str) -> None:
    document = read(text, format=fmt)
    text = document.text
    annotations = [
        Annotation(
            start, min(start + size, len(text)), text[start : start + size], "r", "term", {}, (), (note(number),)
        )
        for number, (start, size) in enumerate(sorted(spans))
        if start < len(text)
    ]
    tree = Tree(page_of(document, annotations))
    assert visible("".join(tree.texts)) == visible(text)
    cards = [attrs["id"] for _, attrs in tree.tags if "card" in (attrs.get("class") or "").split()]
    assert cards == [f"n{number}" for number in range(1, len(annotations) + 1)]


def test_marks_of_overlapping_mentions() -> None:
    document = read("one two three four", format="text")
    spans = [(0, 18), (4, 13), (8, 18), (4, 7)]
    annotations = [
        Annotation(start, end, document.text[start:end], "r", kind, {}, (), (note(number),))
        for number, ((start, end), kind) in enumerate(zip(spans, ("measure", "person", "claim", "term"), strict=True))
    ]
    page = page_of(document, annotations)
    body = page[page.index('<p class="text"') : page.index("</p>", page.index('<p class="text"'))]
    marks = re.findall(r'<mark class="([^"]+)" data-n="([^"]+)">([^<]+)</mark>', body)
    assert [(shown, set(numbers.split())) for _, numbers, shown in marks] == [
        ("one ", {"3"}),
        ("two", {"1", "2", "3"}),
        (" ", {"2", "3"}),
        ("three", {"2", "3", "c1"}),
        (" four", {"3", "c1"}),
    ]
    assert all("k-claim" in name for name, _, shown in marks if "four" in shown or "three" in shown)


def test_size_grows_with_the_article_and_the_notes() -> None:
    small, large = (len(page_of(*article(count))) for count in (400, 800))
    assert large < 2.1 * small
    text = "x" * 2000
    sizes = []
    for count in (200, 400):
        document = read(text, format="text")
        nested = [Annotation(at, 2000 - at, text[at:-at], "r", "term", {}, (), (note(1),)) for at in range(1, count)]
        sizes.append(len(page_of(document, nested)))
    assert sizes[1] < 2.1 * sizes[0]


def test_command_writes_the_page(here, desk_run: Command) -> None:
    (here / "story.md").write_text(
        "# Shops\n\nThey sold *widgets*; nobody forbids them.\n\n- gadgets\n", encoding="utf-8"
    )
    options = ("--output", "report", "--as-of", "2015-01-01")
    done = desk_run("annotate", "-q", "story.md", *options, "-o", "report.html")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "")
    page = (here / "report.html").read_bytes().decode()
    assert "Changed since" in page
    assert 'id="checks"' in page
    Tree(page)
    assert desk_run("annotate", "story.md", "story.md", *options).exit_code == 2


def test_a_web_page_is_shown_as_read(here, desk_run: Command) -> None:
    source = (
        "<!doctype html><title>Site</title><meta property='article:published_time' content='2015-01-01'>"
        "<nav><a href='/'>Home of widgets</a></nav><article><h1>Shops &amp; <i>more</i></h1>"
        "<p>They sold wid<b>gets</b>&nbsp;&lt;b&gt;.</p><ul><li>gad<wbr>gets</li></ul>"
        "<script>document.write('widgets')</script><p>Nobody forbids gadgets.</p></article>"
    )
    (here / "story.html").write_text(source, encoding="utf-8")
    page = desk_run("annotate", "story.html", "--output", "report").stdout
    tree = Tree(page)
    assert "<title>Notes on Shops &amp; more</title>" in page
    assert "the page&#x27;s own date" in page
    assert "1 January 2015" in page
    assert "document.write" not in page
    assert (
        " ".join(tree.texts).split()[-9:]
        == "Shops & more They sold widgets <b>. gadgets Nobody forbids gadgets.".split()[-9:]
    )
    assert len(re.findall("<mark", page)) == 2


# -- in a browser -----------------------------------------------------------------------------------

FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
WIDTHS = (320, 640, 1023, 1024, 1280, 1920)


def unavailable(reason: str) -> None:
    """Skip the tests that need a browser, or fail where one is required."""
    if os.environ.get("ANNOTATOR_REQUIRE_BROWSER") == "1":
        pytest.fail(f"{reason}; ANNOTATOR_REQUIRE_BROWSER=1 asks for it")
    pytest.skip(reason)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Return Chromium, started without a window."""
    names = (os.environ.get("ANNOTATOR_BROWSER"), "chromium", "chromium-browser", "google-chrome")
    program = next((found for name in names if name and (found := shutil.which(name))), None)
    if program is None:
        unavailable("no Chromium found for tests of the page in a browser")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        unavailable("tests of the page in a browser need playwright")
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=program, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def visit(browser: Any, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Return a function that opens a page; afterwards there must have been no error and no request."""
    contexts: list[Any] = []
    faults: list[str] = []

    def opened(page: str, width: int = 1280, **settings: Any) -> Any:
        path = tmp_path / f"page-{len(contexts)}.html"
        path.write_bytes(page.encode())
        context = browser.new_context(viewport={"width": width, "height": 900}, **settings)
        contexts.append(context)
        tab = context.new_page()
        tab.on("console", lambda message: faults.append(message.text))
        tab.on("pageerror", lambda error: faults.append(str(error)))
        tab.on("dialog", lambda dialog: faults.append(dialog.message))
        tab.on("request", lambda request: request.url == path.as_uri() or faults.append(request.url))
        tab.goto(path.as_uri())
        return tab

    yield opened
    for context in contexts:
        context.close()
    assert faults == []


def boxes(tab: Any, what: str = "article .card") -> list[dict[str, float]]:
    """Return the rectangles of all such elements that are shown, by their upper edges."""
    script = """what => [...document.querySelectorAll(what)].filter(one => one.checkVisibility()).map(one => {
        const box = one.getBoundingClientRect();
        return {left: box.left, right: box.right, top: box.top + scrollY, bottom: box.bottom + scrollY};
    })"""
    found: list[dict[str, float]] = tab.evaluate(script, what)
    return sorted(found, key=lambda box: box["top"])


def settle(tab: Any) -> None:
    """Wait until what moves has come to rest."""
    tab.evaluate("() => Promise.all(document.getAnimations().map(one => one.finished))")


def assert_apart(tab: Any) -> None:
    """Check that no card lies over another, nor over the text."""
    settle(tab)
    cards = boxes(tab)
    for above, below in pairwise(cards):
        assert above["bottom"] <= below["top"] + 0.5
    lines = boxes(tab, ".text")
    beside = max((box["right"] for box in lines), default=0)
    if cards and cards[0]["left"] < beside:
        everything = sorted([*cards, *lines], key=lambda box: box["top"])
        for above, below in pairwise(everything):
            assert above["bottom"] <= below["top"] + 0.5


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize("width", WIDTHS)
def test_cards_do_not_overlap_and_nothing_sticks_out(visit, width: int, *, script: bool) -> None:
    document, annotations = article(24, each=3)
    notes = 24 - checks_of(annotations)
    tab = visit(page_of(document, annotations), width, java_script_enabled=script)
    if not script:
        assert tab.locator("article .card:visible").count() == notes
        assert tab.locator(".tools:visible").count() == 0
        for text in tab.locator(".row:has(.card)").all():
            places = [one.bounding_box() for one in text.locator(".card").all()]
            for above, below in pairwise(places):
                assert above["y"] + above["height"] <= below["y"]
            around = text.bounding_box()
            assert max(one["x"] + one["width"] for one in places) <= min(width, around["x"] + around["width"] + 1)
        return
    assert len(boxes(tab)) == notes
    assert_apart(tab)
    assert tab.evaluate("document.scrollingElement.scrollWidth") <= width
    beside = boxes(tab)[0]["left"] > boxes(tab, ".text")[0]["right"] - 1
    assert beside == (width >= 1024)


def test_zoomed_to_twice_the_size_it_is_one_column(visit) -> None:
    tab = visit(page_of(*article(12)), 640, device_scale_factor=2)
    assert tab.evaluate("document.scrollingElement.scrollWidth") <= 640
    assert_apart(tab)
    tab.set_viewport_size({"width": 1280, "height": 900})
    tab.wait_for_selector(".beside")
    assert_apart(tab)
    tab.set_viewport_size({"width": 640, "height": 900})
    tab.wait_for_selector("article:not(.beside)")
    assert_apart(tab)


def test_letters_made_larger_and_notes_unfolded(visit) -> None:
    tab = visit(page_of(*article(12)))
    before = boxes(tab)[-1]["bottom"]
    tab.evaluate("""() => Object.assign(document.documentElement.style,
        {letterSpacing: '.12em', wordSpacing: '.16em', fontSize: '20px'})""")
    tab.wait_for_timeout(200)
    assert_apart(tab)
    assert boxes(tab)[-1]["bottom"] > before
    for summary in tab.locator(".more > summary").all():
        summary.click()
    tab.wait_for_timeout(200)
    assert_apart(tab)
    assert tab.get_by_text("“the port” in the sentence").first.is_visible()


def test_300_notes(visit) -> None:
    document, annotations = article(300, each=2)
    notes = 300 - checks_of(annotations)
    tab = visit(page_of(document, annotations))
    assert len(boxes(tab)) == notes
    assert_apart(tab)
    ref = tab.locator("article .ref:not([data-n^=c])").nth(200)
    number = ref.get_attribute("data-n")
    ref.focus()
    assert_apart(tab)
    assert "on" in tab.locator(f"#n{number}").get_attribute("class").split()
    gap = tab.evaluate(
        """number => document.getElementById("n" + number).getBoundingClientRect().top
        - document.querySelector(`.ref[data-n="${number}"]`).getBoundingClientRect().top""",
        number,
    )
    assert abs(gap) < 60
    tab.locator(".filters summary").click()
    tab.locator("input[name=s][value=verified]").uncheck()
    assert 0 < len(boxes(tab)) < notes
    assert_apart(tab)


def test_an_article_of_a_megabyte(visit) -> None:
    document, annotations = article(300, filler=40)
    assert len(document.text) > 950_000
    tab = visit(page_of(document, annotations))
    assert len(boxes(tab)) == 300 - checks_of(annotations)
    assert_apart(tab)


def test_hover_and_focus_show_pairs(visit) -> None:
    tab = visit(page_of(*article(6)))
    tab.locator("mark").nth(2).hover()
    assert "on" in tab.locator("#n2").get_attribute("class").split()
    tab.locator("#n4 .says").hover()
    assert "on" not in tab.locator("#n2").get_attribute("class").split()
    assert "on" in tab.locator("mark").nth(4).get_attribute("class").split()
    tab.mouse.move(5, 5)
    assert tab.locator(".on").count() == 0
    tab.locator(".ref").nth(1).focus()
    assert "on" in tab.locator("#nc1").get_attribute("class").split()
    assert tab.locator(".card.on").count() == 1


def active(tab: Any) -> str:
    """Return what has the focus: its id, or its number."""
    found: str = tab.evaluate("document.activeElement.id || document.activeElement.dataset.n || ''")
    return found


def test_keys(visit) -> None:
    tab = visit(page_of(*article(6)))
    for key, wanted in (("j", "1"), ("j", "c1"), ("j", "2"), ("k", "c1")):
        tab.keyboard.press(key)
        assert active(tab) == wanted
    tab.keyboard.press("Enter")
    assert active(tab) == "nc1"
    assert tab.locator("#nc1 .more").get_attribute("open") is not None
    tab.keyboard.press("Escape")
    assert active(tab) == "c1"
    tab.keyboard.press("Escape")
    assert active(tab) == ""
    tab.keyboard.press("j")
    assert active(tab) == "2"
    tab.locator(".filters summary").click()
    tab.locator(".keys").uncheck()
    tab.keyboard.press("j")
    assert "keys" in tab.evaluate("document.activeElement.className")
    tab.locator("#n3 .back").click()
    assert active(tab) == "3"
    tab.locator("#nc1 .back").click()
    assert active(tab) == "c1"
    tab.locator(".changes a").first.click()
    assert active(tab) == "n1"
    tab.locator("mark").nth(5).click()
    assert active(tab) == "n5"


def test_tab_reaches_mentions_in_order(visit) -> None:
    tab = visit(page_of(*article(6)))
    tab.locator("#article").focus()
    seen = []
    for _ in range(60):
        tab.keyboard.press("Tab")
        if tab.evaluate("document.activeElement.className") in {"ref", "ref on"}:
            seen.append(active(tab))
    assert seen[:6] == ["1", "c1", "2", "3", "4", "5"]


def test_without_script_links_lead_to_notes_and_back(visit) -> None:
    tab = visit(page_of(*article(6)), java_script_enabled=False)
    tab.locator(".ref").nth(3).click()
    assert tab.url.endswith("#n3")
    tab.locator("#n3 .back").click()
    assert tab.url.endswith("#m4")
    tab.locator("#n1 .more > summary").click()
    assert tab.locator("#n1 .facts").is_visible()
    assert tab.locator("input:visible").count() == 0


def test_filter(visit) -> None:
    tab = visit(page_of(*article(12)))
    tab.locator(".filters summary").click()
    shown = tab.locator(".shown")
    assert shown.text_content() == "12 of 12 shown"
    tab.locator("input[name=j][value=eu]").uncheck()
    assert shown.text_content() == "12 of 12 shown"  # those of the EU are also the UK's
    tab.locator("input[name=j][value=uk]").uncheck()
    assert shown.text_content() == "8 of 12 shown"
    assert tab.locator(".ref:visible").count() == 8
    assert tab.locator("mark.off").count() == 4
    tab.locator("input[name=s][value=unverified]").uncheck()
    assert shown.text_content() == "4 of 12 shown"
    tab.locator("input[name=k][value=measure]").uncheck()
    assert shown.text_content() == "2 of 12 shown"
    assert tab.locator(".checks .card:visible").count() == 0
    tab.keyboard.press("j")
    assert active(tab) == "3"
    assert_apart(tab)
    tab.get_by_role("button", name="Show all").click()
    tab.wait_for_function("document.querySelectorAll('.card[hidden]').length === 0")
    assert shown.text_content() == "12 of 12 shown"
    assert tab.locator(".checks .card:visible").count() == 2
    assert_apart(tab)


def test_print_shows_all_notes_and_addresses(visit) -> None:
    document, annotations = article(30)
    tab = visit(page_of(document, annotations, timelines=lines_of(annotations)), 400)
    tab.locator(".filters summary").click()
    tab.locator("input[name=s][value=verified]").uncheck()
    tab.emulate_media(media="print")
    assert tab.locator(".card").count() == 30
    whole = """() => [...document.querySelectorAll('.card')].every(one =>
        one.checkVisibility({contentVisibilityAuto: true})
        && one.querySelector('.says').scrollHeight <= one.querySelector('.says').clientHeight + 1
        && one.querySelector('.facts').getBoundingClientRect().height > 0)"""
    assert tab.evaluate(whole)
    assert tab.locator(".line:visible").count() == tab.locator(".line").count() > 0
    address = "getComputedStyle(document.querySelector('#n2 .out'), '::after').content"
    assert "https://example.org/act/2" in tab.evaluate(address) or "attr(href)" in tab.evaluate(address)
    assert tab.locator(".tools:visible, .skip:visible").count() == 0
    everything = sorted([*boxes(tab), *boxes(tab, ".text")], key=lambda box: box["top"])
    for above, below in pairwise(everything):
        assert above["bottom"] <= below["top"] + 0.5
    tab.emulate_media(media="screen")
    data = tab.pdf(format="A4")
    assert data.startswith(b"%PDF-")
    assert data.count(b"/Type /Page\n") > 1
    assert tab.locator(".more[open]").count() == 0  # as it was before


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_print_is_dark_on_white(visit, scheme: str) -> None:
    tab = visit(page_of(*article(3)), color_scheme=scheme)
    tab.emulate_media(media="print", color_scheme=scheme)
    assert tab.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_dark_and_light(visit) -> None:
    def background(scheme: str) -> int:
        tab = visit(page_of(*article(3)), color_scheme=scheme)
        return int(re.findall("[0-9]+", tab.evaluate("getComputedStyle(document.body).backgroundColor"))[0])

    assert background("dark") < 64
    assert background("light") > 192


def test_colours_forced_and_motion_reduced(visit) -> None:
    tab = visit(page_of(*article(6)), forced_colors="active", reduced_motion="reduce")
    style = "getComputedStyle(document.querySelectorAll('mark')[{}]).textDecorationStyle"
    assert [tab.evaluate(style.format(index)) for index in range(5)] == ["solid", "wavy", "dotted", "dashed", "double"]
    tab.locator(".ref").nth(4).focus()
    assert tab.evaluate("document.getAnimations().length") == 0
    assert tab.evaluate("getComputedStyle(document.querySelector('#n4')).outlineStyle") == "solid"


def test_right_to_left(visit) -> None:
    tab = visit(page_of(*article(3)))
    directions = tab.evaluate("[...document.querySelectorAll('.text')].map(one => getComputedStyle(one).direction)")
    assert directions.count("rtl") == 1


def test_furniture_is_folded_away(visit) -> None:
    tab = visit(page_of(*article(3)))
    assert not tab.get_by_text("Share this story").is_visible()
    tab.locator(".furniture summary").click()
    assert tab.get_by_text("Share this story").is_visible()


def test_hostile_article(visit) -> None:
    text = "\n\n".join(f"{attack} widgets" for attack in ATTACKS)
    document = read(text, format="text", path="<img src=x onerror=window.pwned=1>")
    annotations = [
        Annotation(
            *found.span(), found[0], attack, "claim", {}, (attack,),
            (note(number, text=attack, id=attack, sources=(Source(attack, attack, "https://example.org/"),)),),
        )
        for number, (found, attack) in enumerate(zip(re.finditer(r"\S+ widgets", text), ATTACKS, strict=True))
    ]  # fmt: skip
    tab = visit(page_of(document, annotations))
    assert tab.evaluate("window.pwned") is None
    assert tab.locator("article h1, img, svg, base, link").count() == 0
    assert tab.locator(".card").count() == len(ATTACKS)
    for index in range(len(ATTACKS)):
        tab.locator(".ref").nth(index).focus()
    assert tab.evaluate("window.pwned") is None


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_no_fault_of_accessibility(visit, width: int, scheme: str) -> None:
    document, annotations = article(6, filler=5)
    page = page_of(document, annotations, timelines=lines_of(annotations))
    tab = visit(page, width, color_scheme=scheme, reduced_motion="reduce")
    tab.locator(".filters summary").click()
    tab.locator("#n2 .more > summary").click()
    tab.locator(".ref").nth(2).focus()
    assert tab.locator("#n2 .dates").is_visible()
    assert tab.locator("#n3 .line").is_visible()
    assert faults_of(tab) == []


def faults_of(tab: Any) -> list[Any]:
    """Return what axe finds wrong."""
    try:
        from axe_playwright_python.sync_playwright import Axe
    except ImportError:
        unavailable("tests of accessibility need axe-playwright-python")
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    found = Axe().run(tab, options=options).response
    assert len(found["passes"]) > 20
    return [(one["id"], [node["target"] for node in one["nodes"]]) for one in found["violations"]]


# -- the first screen, and how long the notes are ------------------------------------------------------

STORY = """# Ferry firm settles over parts

The yard at Larvik will pay a fine for engine parts that reached a Russian buyer, prosecutors said on Tuesday.
Its managers had been told twice that the UK sanctions on Alisher Usmanov stood, and went on all the same.

A second shipment, the file says, was meant for Pyongyang. UN sanctions prohibit the supply of luxury goods to
North Korea. The Panel of Experts on North Korea had asked about the yard in two of its reports before it was
wound up, and nobody there had answered its letters.

Lawyers for the yard said that nobody had looked at the papers for months. The parts lay in a shed by the water,
next to three lifeboats and a piano that the town band had left there, and were sold by a man who has since
moved.

The arms embargo on South Sudan was extended by the Security Council, but that, they said, was another matter.
The yard builds ferries, has forty-one workers and has never sold anything that could float and shoot at the
same time.

Oleg Tinkov, who once asked for a tender there, was not a customer in the end. "He liked the piano," a foreman
said. The fine is to be paid by June; the parts, rusting by now, are still in a container on the quay and belong
to nobody. The luxury-goods ban, the yard had written to its bank, is under Resolution 2397.
"""


@pytest.fixture(scope="module")
def story() -> Any:
    """Return the result for a text like an article of a newspaper."""
    return Annotator(lists=True).annotate(STORY, as_of="2024-06-20", format="markdown")


def test_the_article_begins_on_the_first_screen(visit, story) -> None:
    for page in (story.render("report"), Annotator().annotate(STORY, as_of="today").render("report")):
        tab = visit(page, 1280)
        first = boxes(tab, "article p.text")[0]
        assert first["bottom"] <= 900
        assert first["top"] < 500
    document, annotations = article(72)  # with twelve checks
    tab = visit(page_of(document, annotations), 1280)
    assert boxes(tab, "article p.text")[0]["bottom"] <= 900


@pytest.mark.parametrize("width", [390, 1280])
def test_notes_are_no_longer_than_the_article_and_a_half(visit, story, width: int) -> None:
    assert len(story.annotations) >= 5
    tab = visit(story.render("report"), width)
    high = (
        "what => [...document.querySelectorAll(what)].reduce((sum, one) => sum + one.getBoundingClientRect().height, 0)"
    )
    assert tab.locator(".card").count() >= 5
    assert tab.locator(".line:visible").count() >= 2
    assert tab.evaluate(high, ".card") <= 1.5 * tab.evaluate(high, "article .text")
    lines = """() => [...document.querySelectorAll('.card .says')].map(one =>
        one.getBoundingClientRect().height / parseFloat(getComputedStyle(one).lineHeight))"""
    assert max(tab.evaluate(lines)) < 3.2


def test_dense_articles_show_less_of_each_note(visit) -> None:
    document, annotations = article(24, each=3)
    tab = visit(page_of(document, annotations, timelines=lines_of(annotations)))
    assert tab.locator(".line:visible").count() == 0
    tab.locator("#n1 .more > summary").click()
    assert tab.locator("#n1 .line").is_visible()


def test_a_note_is_unfolded_by_keyboard_and_pointer(visit) -> None:
    tab = visit(page_of(*article(3)))
    says = tab.locator("#n1 .says")
    folded = says.bounding_box()["height"]
    tab.locator("#n1 .more > summary").focus()
    tab.keyboard.press("Enter")
    assert says.bounding_box()["height"] > folded
    tab.keyboard.press("Enter")
    assert says.bounding_box()["height"] == folded
    says.click()
    assert says.bounding_box()["height"] > folded


@pytest.mark.parametrize("output", ["report", "html", "html styled"])
def test_nothing_sticks_out_of_a_phone(visit, output: str) -> None:
    address = "https://example.org/" + "a" * 90 + "/consolidated_list_of_persons_and_groups?" + "b" * 80
    source = (
        "<!doctype html><meta name=viewport content='width=device-width'><title>x</title>"
        "<article><h1>Widgets</h1><p>They sold widgets to the north and the south of the island.</p></article>"
    )
    document = read(source, format="html")
    start = document.text.index("widgets to")
    act = "Act" * 40 if output == "report" else "Regulation of the Council of the island on widgets"
    long = note(1, text=f"Nobody may. [{act}]", sources=(Source(act, "", address),))
    found = [Annotation(start, start + 7, "widgets", "r", "measure", {}, (), (long,))]
    name, _, style = output.partition(" ")
    settings = {"style": style} if style else {}
    for detail in ("brief", "full"):
        made = render(document, found, format=name, detail=detail, **RUN, **settings).decode()
        tab = visit(made, 390)
        if name == "report":
            tab.locator("#n1 .more > summary").click()
        words = long.text if name == "report" else address
        assert visible(words) in visible(tab.locator("body").text_content())
        assert tab.evaluate("document.scrollingElement.scrollWidth") <= 390


# -- lines of time ------------------------------------------------------------------------------------


def line(number: int) -> Timeline:
    """Return a line of time of two authorities."""
    act = Source(f"Act {number}", "Art. 1", "https://example.org/act")
    return Timeline(
        (
            Step("2014-03-17", "", "eu", "listed", (act,)),
            Step("2016-05-01", "2016-06", "us", "listed", (act, Source("Law 7", "", ""))),
            Step("2025-02-03", "", "eu", "taken off the list", ()),
        ),
        (Held("eu", "2014-03-17", "2025-02-03", ended=True), Held("us", "2016-05-01", "2026-01-02", ended=False)),
    )


def lines_of(annotations: list[Annotation]) -> dict[Note, Timeline]:
    """Return a line of time for each note."""
    return {each: line(number) for number, each in enumerate(each for one in annotations for each in one.notes)}


def test_a_line_of_time_is_told_in_words_and_in_a_table() -> None:
    document, annotations = article(1, filler=20)
    page = page_of(document, annotations, timelines=lines_of(annotations))
    tree = Tree(page)
    [picture] = [attrs for tag, attrs in tree.tags if tag == "svg"]
    assert picture["role"] == "img"
    ids = {attrs.get("id") for _, attrs in tree.tags}
    assert set((picture["aria-labelledby"] or "").split()) <= ids
    told = re.findall("<desc[^>]*>(.*?)</desc>", page)[0]
    for words in ("17 March 2014", "3 February 2025", "1 May 2016", "checked to 2 January 2026", "20 June 2024"):
        assert words in told
    table = page[page.index("<table") : page.index("</table>")]
    assert (
        re.sub("<[^>]*>", " ", table).split()
        == (
            "Dates Day Whose What 17 March 2014 EU listed [Act 0 Art. 1] between 1 May 2016 and June 2016 US listed "
            "[Law 7] 3 February 2025 EU taken off the list"
        ).split()
    )
    for tag, attrs in tree.tags:
        assert "style" not in attrs, tag
    assert page == page_of(document, annotations, timelines=lines_of(annotations))


def test_no_line_where_there_is_one_date_to_show() -> None:
    document, annotations = article(1)
    one = Timeline(
        (Step("2014-03-17", "", "eu", "listed", ()),), (Held("eu", "2014-03-17", "2026-01-02", ended=False),)
    )
    page = page_of(document, annotations, timelines={annotations[0].notes[0]: one})
    assert "<svg" not in page
    assert "<table" not in page


dates = st.one_of(st.dates().map(str), st.sampled_from(["2014", "2014-03", "", "soon", "<b>", "2014-13-45", "0000"]))
steps = st.builds(
    Step, dates, st.sampled_from(["", "2020-01-01"]), st.sampled_from(["eu", "us", "eu,uk", "<i>"]), texts, st.just(())
)
spans = st.builds(Held, st.sampled_from(["eu", "us", "<i>"]), dates, dates, st.booleans())


@given(st.lists(steps, max_size=5), st.lists(spans, max_size=4), st.dates().map(str))
def test_any_line_of_time_gives_a_sound_page(changes: list[Step], held: list[Held], as_of: str) -> None:
    document, annotations = article(1)
    timelines = {annotations[0].notes[0]: Timeline(tuple(changes), tuple(held))}
    settings = {**RUN, "as_of": as_of}
    page = render(document, annotations, format="report", timelines=timelines, **settings).decode()
    Tree(page)
    for drawn in re.findall(r'<path class="(?:held|later|steps|ends|day|years)[^"]*" d="([^"]*)"', page):
        for number in re.findall(r"[MH]([0-9.-]+)", drawn):
            assert -0.5 <= float(number) <= 320.5


def test_lines_of_time_are_those_of_lookup(story) -> None:
    """One history tells both; and none is later than it was verified."""
    page = story.render("report")
    told = Annotator().lookup("Panel of Experts on North Korea", as_of="2024-06-20")
    shown = re.sub("<[^>]*>", "", page)
    assert len(told.timeline) > 5
    for event in told.timeline:
        assert event.sources[0].status != "unverified"
        assert event.what[:40] in shown


def test_nothing_unverified_and_nothing_later_than_it_was_verified(tmp_path: Path) -> None:
    def version(start: str, until: str | None, text: str, **more: str) -> dict[str, Any]:
        ended = {"until": until} if until else {}
        return {"text": text, "from": start, **ended, "change": f"change of {start[:4]}", **more}

    ban = [
        version("2001-01-01", "2005-01-01", "S/RES/1 (1946) para. 1 bans some nuts."),
        version("2005-01-01", "2031-01-01", "S/RES/1 (1946) para. 1 bans nuts."),
        version("2031-01-01", None, "S/RES/1 (1946) para. 1 bans all."),
    ]
    doubtful = [{**ban[0]}, {**ban[1], "status": "unverified"}, {**ban[2]}]
    people = {
        "smith": {
            "name": "Jo Smith", "type": "person", "about": "trader", "checked": "2026-01-01",
            "entries": [
                {"by": "un", "ref": "ref", "measures": "asset freeze", "from": "2003-03-03", "until": "2007-07-07"},
                {"by": "eu", "ref": "ref", "measures": "asset freeze", "from": "2004-04-04", "status": "unverified"},
                {"by": "uk", "ref": "ref", "measures": "asset freeze", "from": "2009-09-09"},
            ],
        }
    }  # fmt: skip
    rules = {
        "nuts": {"kind": "measure", "phrases": ["nuts"], "notes": ["ban"]},
        "bolts": {"kind": "measure", "phrases": ["bolts"], "notes": ["doubtful"]},
        "smith": {"kind": "person", "phrases": ["Jo Smith"], "notes": ["smith"]},
    }
    made = rulemaking.annotator(
        tmp_path, rules, notes={"ban": {"versions": ban}, "doubtful": {"versions": doubtful}}, listings=people
    )

    def drawn(words: str, **options: Any) -> str:
        page = made.annotate(f"They sold {words} there.", as_of="2024-06-20", notes="first", **options).render("report")
        return "".join(re.findall("<svg.*?</svg>|<table.*?</table>", page, re.DOTALL))

    told = drawn("nuts")
    assert "change of 2005" in told
    assert "2031" not in told
    assert "from 1 January 2001, checked to 1 January 2026" in told  # it was checked then
    assert drawn("bolts") == ""
    told = drawn("Jo Smith")
    assert "UN: from 3 March 2003, over on 7 July 2007." in told
    assert "UK: from 9 September 2009, checked to 1 January 2026." in told
    assert "EU" not in told
    assert drawn("Jo Smith", jurisdictions="uk") == ""  # one date
    assert "UK" not in drawn("Jo Smith", jurisdictions="un")


def test_who_is_only_named_alike_has_no_line() -> None:
    made = Annotator(lists=True).annotate(
        "The US sanctions on Roman Abramovich stand, and Kim Yong Chol was listed by the UN.", as_of="2024-06-20"
    )
    alike = [each for one in made.annotations for each in one.notes if each.text.startswith("May be")]
    page = made.render("report")
    assert alike
    number = re.findall(r'id="n(\d+)"[^>]*>\n[^\n]*\n<p class="says" dir="auto">May be', page)
    assert number
    assert f'id="t-{number[0]}"' not in page


# -- the view by itself -------------------------------------------------------------------------------


def test_a_fragment_works_in_a_page_with_a_strict_policy(visit, story) -> None:
    fragment = story.render("report", style="fragment")
    Tree(fragment)
    assert "<script" not in fragment
    assert "<style" not in fragment
    assert " style=" not in fragment
    assert fragment in story.render("report")
    style, code = report.stylesheet(), report.script()
    digests = ("'sha256-" + b64encode(sha256(one.encode()).digest()).decode() + "'" for one in (style, code))
    policy = "default-src 'none'; style-src {}; script-src {}".format(*digests)
    page = (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        f"<title>x</title><style>{style}</style><body><main>{fragment}</main><script>{code}</script></body></html>"
    )
    tab = visit(page)
    assert_apart(tab)
    tab.keyboard.press("j")
    assert active(tab) == tab.locator(".ref").first.get_attribute("data-n")
    tab.keyboard.press("Escape")
    # One that comes later is set going by hand, and stopped.
    tab.evaluate("""() => { const report = document.querySelector(".report"); const next = report.cloneNode(true);
        report.replaceWith(next); globalThis.stop_ = annotatorReport(next); }""")
    tab.locator(".ref").last.focus()
    assert tab.locator(".card.on").count() == 1
    tab.evaluate("stop_()")


def test_dates_are_told_in_plain_words() -> None:
    assert origin_of("JSON-LD datePublished") == "the page's own date"
    assert origin_of("meta article:published_time") == "the page's own date"
    assert origin_of("<time>") == "a date marked on the page"
    assert origin_of("front matter: date") == "the date at the head of the file"
    assert origin_of('the line "Published: 12 June 2024"') == 'the line "Published: 12 June 2024"'
    assert origin_of('the line "Published: the mark of datePublished"').endswith('the mark of datePublished"')
    told = origin_of("today; the page gives 2022-11-03 (JSON-LD datePublished) and 2022-11-04 (<time> of publication)")
    assert not re.search("JSON|datePublished|<time>", told)
