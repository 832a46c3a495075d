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
from hypothesis import given
from hypothesis import strategies as st

from annotator.model import Annotation, Block, Document, Layout, Note, Source
from annotator.reading import read
from annotator.writing import render

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
        annotations.append(Annotation(*found.span(), found[0], f"test.{kind}", kind, {}, ("a cue nearby",), notes))
    return document, annotations


def page_of(document: Document, annotations: list[Annotation]) -> str:
    """Return the page."""
    return render(document, annotations, format="report", **RUN).decode()


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
    assert [card["id"] for card in cards] == [f"n{number}" for number in range(1, 7)]
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
    assert page.index("Claims to check") < page.index("Changed since") < page.index('id="article"')
    assert "Since 2025-01-01 nuts" in page


def test_a_note_called_for_twice_is_shown_once() -> None:
    document, annotations = article(6)
    same = [Annotation(*(getattr(one, name) for name in FIELDS), notes=(note(0),)) for one in annotations]
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
        ("three", {"2", "3", "4"}),
        (" four", {"3", "4"}),
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
    assert "Claims to check" in page
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
    assert '<h1 dir="auto">Shops &amp; more</h1>' in page
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


def boxes(tab: Any, what: str = ".card") -> list[dict[str, float]]:
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
    tab = visit(page_of(*article(24, each=3)), width, java_script_enabled=script)
    if not script:
        assert tab.locator(".card:visible").count() == 24
        assert tab.locator(".tools:visible").count() == 0
        for text in tab.locator(".row:has(.card)").all():
            places = [one.bounding_box() for one in text.locator(".card").all()]
            for above, below in pairwise(places):
                assert above["y"] + above["height"] <= below["y"]
            around = text.bounding_box()
            assert max(one["x"] + one["width"] for one in places) <= min(width, around["x"] + around["width"] + 1)
        return
    assert len(boxes(tab)) == 24
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
    for index in range(12):
        tab.locator(".why summary").nth(index).click()
    tab.wait_for_timeout(200)
    assert_apart(tab)
    assert tab.get_by_text("a cue nearby").first.is_visible()


def test_300_notes(visit) -> None:
    tab = visit(page_of(*article(300, each=2)))
    assert len(boxes(tab)) == 300
    assert_apart(tab)
    tab.locator(".ref").nth(200).focus()
    assert_apart(tab)
    card = tab.locator("#n201")
    assert "on" in card.get_attribute("class").split()
    gap = tab.evaluate("""() => document.querySelector('#n201').getBoundingClientRect().top
        - document.querySelector('.ref[data-n="201"]').getBoundingClientRect().top""")
    assert abs(gap) < 60
    tab.locator("input[name=s][value=verified]").uncheck()
    assert len(boxes(tab)) == 200
    assert_apart(tab)


def test_an_article_of_a_megabyte(visit) -> None:
    document, annotations = article(300, filler=40)
    assert len(document.text) > 950_000
    tab = visit(page_of(document, annotations))
    assert len(boxes(tab)) == 300
    assert_apart(tab)


def test_hover_and_focus_show_pairs(visit) -> None:
    tab = visit(page_of(*article(6)))
    tab.locator("mark").nth(2).hover()
    assert "on" in tab.locator("#n3").get_attribute("class").split()
    tab.locator("#n5 .says").hover()
    assert "on" not in tab.locator("#n3").get_attribute("class").split()
    assert "on" in tab.locator("mark").nth(4).get_attribute("class").split()
    tab.mouse.move(5, 5)
    assert tab.locator(".on").count() == 0
    tab.locator(".ref").nth(1).focus()
    assert "on" in tab.locator("#n2").get_attribute("class").split()
    assert tab.locator(".card.on").count() == 1


def active(tab: Any) -> str:
    """Return what has the focus: its id, or its number."""
    found: str = tab.evaluate("document.activeElement.id || document.activeElement.dataset.n || ''")
    return found


def test_keys(visit) -> None:
    tab = visit(page_of(*article(6)))
    for key, wanted in (("j", "1"), ("j", "2"), ("j", "3"), ("k", "2")):
        tab.keyboard.press(key)
        assert active(tab) == wanted
    tab.keyboard.press("Enter")
    assert active(tab) == "n2"
    tab.keyboard.press("Escape")
    assert active(tab) == "2"
    tab.keyboard.press("Escape")
    assert active(tab) == ""
    tab.keyboard.press("j")
    assert active(tab) == "3"
    tab.locator(".keys").uncheck()
    tab.keyboard.press("j")
    assert "keys" in tab.evaluate("document.activeElement.className")
    tab.locator("#n4 .back").click()
    assert active(tab) == "4"
    tab.locator(".claims a").first.click()
    assert active(tab) == "2"
    tab.locator(".changes a").first.click()
    assert active(tab) == "n1"
    tab.locator("mark").nth(5).click()
    assert active(tab) == "n6"


def test_tab_reaches_mentions_in_order(visit) -> None:
    tab = visit(page_of(*article(6)))
    tab.locator(".keys").focus()
    seen = []
    for _ in range(60):
        tab.keyboard.press("Tab")
        if tab.evaluate("document.activeElement.className") in {"ref", "ref on"}:
            seen.append(active(tab))
    assert seen[:6] == ["1", "2", "3", "4", "5", "6"]


def test_without_script_links_lead_to_notes_and_back(visit) -> None:
    tab = visit(page_of(*article(6)), java_script_enabled=False)
    tab.locator(".ref").nth(3).click()
    assert tab.url.endswith("#n4")
    tab.locator("#n4 .back").click()
    assert tab.url.endswith("#m4")
    assert tab.locator("input:visible").count() == 0


def test_filter(visit) -> None:
    tab = visit(page_of(*article(12)))
    shown = tab.locator(".shown")
    assert shown.text_content() == "12 of 12 notes shown"
    tab.locator("input[name=j][value=eu]").uncheck()
    assert shown.text_content() == "12 of 12 notes shown"  # those of the EU are also the UK's
    tab.locator("input[name=j][value=uk]").uncheck()
    assert shown.text_content() == "8 of 12 notes shown"
    assert tab.locator(".ref:visible").count() == 8
    assert tab.locator("mark.off").count() == 4
    tab.locator("input[name=s][value=unverified]").uncheck()
    assert shown.text_content() == "4 of 12 notes shown"
    tab.locator("input[name=k][value=measure]").uncheck()
    assert shown.text_content() == "2 of 12 notes shown"
    assert tab.locator(".claims li:visible").count() == 0
    tab.keyboard.press("j")
    assert active(tab) == "4"
    assert_apart(tab)
    tab.get_by_role("button", name="Show all").click()
    tab.wait_for_function("document.querySelectorAll('.card[hidden]').length === 0")
    assert shown.text_content() == "12 of 12 notes shown"
    assert tab.locator(".claims li:visible").count() == 2
    assert_apart(tab)


def test_print_shows_all_notes_and_addresses(visit) -> None:
    tab = visit(page_of(*article(12)))
    tab.locator("input[name=s][value=verified]").uncheck()
    tab.emulate_media(media="print")
    assert tab.locator(".card:visible").count() == 12
    address = "getComputedStyle(document.querySelector('#n2 .out'), '::after').content"
    assert "https://example.org/act/1" in tab.evaluate(address) or "attr(href)" in tab.evaluate(address)
    assert tab.locator(".tools:visible, .skip:visible").count() == 0
    tab.emulate_media(media="screen")
    data = tab.pdf(format="A4")
    assert data.startswith(b"%PDF-")
    assert data.count(b"/Type /Page\n") > 1


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
    assert tab.evaluate("getComputedStyle(document.querySelector('#n5')).outlineStyle") == "solid"


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
    try:
        from axe_playwright_python.sync_playwright import Axe
    except ImportError:
        unavailable("tests of accessibility need axe-playwright-python")
    tab = visit(page_of(*article(6)), width, color_scheme=scheme, reduced_motion="reduce")
    tab.locator(".ref").nth(1).focus()
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    found = Axe().run(tab, options=options).response
    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found["violations"]] == []
    assert len(found["passes"]) > 20
