"""The page of ``annotator serve`` in Chromium: paste, drop, keys, zoom, a phone, the dark, paper, and nothing loaded.

Where there is no Chromium these are skipped, or fail, as in ``test_report``.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from docxmaking import package, paragraph, text
from test_report import browser, unavailable
from test_serve import served

from annotator import strip

pytest.importorskip("fastapi")

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

__all__ = ["browser"]

ARTICLE = "He sold widgets and gadgets.\n\nHe said nobody forbids them.\n"
TOKEN = "correct-horse-battery"
DROP = """([name, data]) => {
    const held = new DataTransfer();
    held.items.add(new File([Uint8Array.from(atob(data), one => one.charCodeAt(0))], name));
    for (const kind of ["dragenter", "dragover", "drop"]) {
        document.body.dispatchEvent(new DragEvent(kind, {dataTransfer: held, bubbles: true, cancelable: true}));
    }
}"""
PASTE = """words => {
    const held = new DataTransfer();
    held.setData("text/plain", words);
    const box = document.getElementById("text");
    box.focus();
    const event = new ClipboardEvent("paste", {clipboardData: held, bubbles: true, cancelable: true});
    if (box.dispatchEvent(event)) document.execCommand("insertText", false, words);
}"""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def address(browser: Any, desk: Path) -> Iterator[str]:
    """Return where the command serves."""
    with served(desk=desk) as (found, _):
        yield found


@pytest.fixture
def visit(browser: Any) -> Iterator[Callable[..., Any]]:
    """Return a function that opens the page; afterwards there must have been no error, and no request elsewhere."""
    contexts: list[Any] = []
    faults: list[str] = []

    def opened(address: str, width: int = 1280, height: int = 900, **settings: Any) -> Any:
        context = browser.new_context(viewport={"width": width, "height": height}, **settings)
        contexts.append(context)
        tab = context.new_page()
        tab.on("console", lambda message: faults.append(message.text))
        tab.on("pageerror", lambda error: faults.append(str(error)))
        tab.on("dialog", lambda dialog: faults.append(dialog.message))
        own = address.partition("#")[0]
        tab.on("request", lambda asked: asked.url.startswith((own, "blob:")) or faults.append(asked.url))
        tab.goto(address)
        return tab

    yield opened
    for context in contexts:
        context.close()
    assert [one for one in faults if "401 (" not in one and "422 (" not in one] == []


def ready(tab: Any) -> None:
    """Wait until the page knows what there is to choose from."""
    tab.locator("#jurisdictions input").first.wait_for(state="attached")


def told(tab: Any, words: str = "Law as of") -> str:
    """Wait until the page tells something, and return all of it."""
    found = tab.locator("#status", has_text=words)
    found.wait_for()
    return str(found.text_content())


def report(tab: Any) -> Any:
    return tab.frame_locator("#result iframe")


def test_a_pasted_article_is_read_at_once(visit, address: str) -> None:
    tab = visit(address)
    ready(tab)
    tab.evaluate(PASTE, ARTICLE)
    assert told(tab).startswith("2 notes, 1 check. Law as of")
    assert report(tab).locator("article mark").count() == 3
    assert "gives no date" in tab.locator("#warnings").text_content()
    assert tab.evaluate("document.activeElement.id") == "text"
    # The frame is as high as what is in it: nothing scrolls but the page.
    heights = tab.evaluate("""() => {
        const frame = document.querySelector("iframe");
        return [frame.clientHeight, frame.contentDocument.body.getBoundingClientRect().height];
    }""")
    assert heights[1] <= heights[0] <= heights[1] + 60
    # The script of the report runs under the page's policy, and its style holds.
    report(tab).locator(".filter .tools").wait_for(state="attached")
    assert report(tab).locator("mark").first.evaluate("one => getComputedStyle(one).textDecorationLine") == "underline"


def test_what_is_changed_is_made_anew(visit, address: str) -> None:
    tab = visit(address)
    ready(tab)
    tab.evaluate(PASTE, ARTICLE)
    told(tab)
    tab.locator("#as_of").fill("2015-01-01")
    told(tab, "1 January 2015")
    report(tab).get_by_text("Since then").first.wait_for()
    tab.locator("#whose summary").click()
    tab.get_by_role("checkbox", name="EU").check()
    told(tab, "1 note")
    assert tab.locator("#whose-shown").text_content() == "EU"
    tab.locator("#detail").select_option("full")
    told(tab, "1 note")


@pytest.mark.parametrize("name", ["story.md", "story.docx", "story.html"])
def test_a_dropped_file_is_read_and_saved_with_its_notes(visit, address: str, name: str, tmp_path: Path) -> None:
    from base64 import b64encode

    sources = {
        "story.md": b"# Shop\n\nHe sold *widgets*.\n",
        "story.html": b"<!doctype html><title>t</title><p>He sold <b>widgets</b>.</p><script>top.pwned=1</script>",
        "story.docx": package(paragraph(text("He sold widgets to them."))),
    }
    tab = visit(address)
    ready(tab)
    tab.evaluate(DROP, [name, b64encode(sources[name]).decode()])
    assert told(tab).startswith("1 note.")
    assert name in tab.locator("#chosen-name").text_content()
    with tab.expect_download() as saved:
        tab.locator("#save-own").click()
    assert saved.value.suggested_filename == name.replace(".", "-noted.")
    path = tmp_path / "saved"
    saved.value.save_as(path)
    assert path.read_bytes() != sources[name]
    assert strip(path.read_bytes()) == sources[name]
    tab.locator("#save-as").select_option("json")
    with tab.expect_download() as saved:
        tab.locator("#save").click()
    saved.value.save_as(path)
    assert json.loads(path.read_bytes())["document"]["path"] == name
    tab.locator("#save-as").select_option("report")
    with tab.expect_download() as saved:
        tab.locator("#save").click()
    assert saved.value.suggested_filename == "story-report.html"
    assert tab.evaluate("window.pwned") is None
    tab.locator("#chosen-remove").click()
    assert tab.locator("#text").is_visible()
    assert tab.evaluate("document.activeElement.id") == "text"


def test_all_of_it_is_done_with_keys_alone(visit, address: str) -> None:
    tab = visit(address)
    ready(tab)
    order = []
    for _ in range(9):
        tab.keyboard.press("Tab")
        order.append(
            tab.evaluate(
                "document.activeElement.id || document.activeElement.className || document.activeElement.tagName"
            )
        )
    assert order == ["skip", "words", "BUTTON", "text", "file", "as_of", "as_of", "as_of", "as_of"]
    tab.locator("#text").focus()
    tab.keyboard.insert_text(ARTICLE)
    tab.keyboard.press("Control+Enter")
    told(tab)
    tab.locator("#result-title:focus").wait_for()
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.id") == "save-own"
    for _ in range(4):
        tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.tagName") == "IFRAME"
    tab.keyboard.press("j")
    assert report(tab).locator(".ref:focus").count() == 1
    tab.locator("#words").focus()
    tab.keyboard.insert_text("widgets")
    tab.keyboard.press("Enter")
    tab.locator("#answer-title:focus").wait_for()
    tab.keyboard.press("Escape")
    assert tab.locator("#answer").is_hidden()
    assert tab.evaluate("document.activeElement.id") == "words"


def test_words_are_looked_up(visit, address: str) -> None:
    tab = visit(address)
    ready(tab)
    tab.locator("#as_of").fill("2015-01-01")
    tab.locator("#words").fill("widgets")
    tab.keyboard.press("Enter")
    tab.locator("#answer-title", has_text="Looked up: widgets").wait_for()
    shown = tab.locator("#answer").text_content()
    assert "Act 12 Art. 1 forbids widgets." in shown
    assert "Since then: " in shown
    assert tab.locator("#answer tr.day").text_content().startswith("2015-01-01")
    links = tab.locator("#answer a").evaluate_all("all => all.map(one => [one.href, one.target, one.rel])")
    assert links
    assert {tuple(one) for one in links} == {("https://example.org/act", "_blank", "noopener noreferrer")}
    tab.locator("#words").fill("<img src=x onerror=window.pwned=1>")
    tab.keyboard.press("Enter")
    tab.locator("#answer-title", has_text="<img").wait_for()
    assert tab.evaluate("window.pwned") is None


def test_what_goes_wrong_is_said(visit, address: str) -> None:
    from base64 import b64encode

    tab = visit(address)
    ready(tab)
    tab.locator("#go").click()
    tab.locator("#error", has_text="There is no article yet").wait_for()
    assert tab.evaluate("document.activeElement.id") == "error"
    tab.evaluate(DROP, ["story.docx", b64encode(b"PK\3\4broken").decode()])
    tab.locator("#error", has_text="story.docx").wait_for()
    assert tab.locator("#status").text_content() == ""
    tab.locator("#chosen-remove").click()
    tab.locator("#text").fill("Nothing of that kind.")
    tab.locator("#go").click()
    assert told(tab).startswith("No mention of sanctions law was found.")
    assert tab.locator("#error").text_content() == ""


def test_a_token_is_asked_for_and_stays_in_the_tab(visit, browser: Any, desk: Path) -> None:
    with served("--host", "127.0.0.1", desk=desk, ANNOTATOR_TOKEN=TOKEN) as (found, _):
        tab = visit(found)
        tab.locator("#token:focus").wait_for()
        tab.keyboard.insert_text("wrong")
        tab.keyboard.press("Enter")
        tab.locator("#token[aria-invalid=true]").wait_for()
        tab.locator("#token").fill(TOKEN)
        tab.keyboard.press("Enter")
        ready(tab)
        assert tab.locator("#token-form").is_hidden()
        tab.evaluate(PASTE, ARTICLE)
        told(tab)
        tab = visit(f"{found}#token={TOKEN}")
        ready(tab)
        assert tab.url == found


def test_without_script_the_article_is_read_all_the_same(visit, address: str) -> None:
    tab = visit(address, java_script_enabled=False)
    tab.locator("#text").fill(ARTICLE)
    tab.locator("#as_of").fill("2015-01-01")
    tab.locator("#go").click()
    tab.locator("article mark").first.wait_for()
    assert tab.locator("article mark").count() == 3
    assert tab.get_by_text("1 January 2015").first.is_visible()
    assert tab.locator("article mark").first.evaluate("one => getComputedStyle(one).textDecorationLine") == "underline"


@pytest.mark.parametrize(("width", "height"), [(320, 640), (390, 844), (640, 450)])
def test_nothing_sticks_out(visit, address: str, width: int, height: int) -> None:
    """640 by 450 is a window of 1280 by 900 at 200 %."""
    tab = visit(address, width, height)
    ready(tab)
    assert tab.evaluate(SIDEWAYS) == 0
    tab.locator("#whose summary").click()
    tab.evaluate(PASTE, f"{ARTICLE}\n{'x' * 300} https://example.org/{'y' * 300}\n")
    told(tab)
    tab.locator("#words").fill("widgets")
    tab.keyboard.press("Enter")
    tab.locator("#answer-title:focus").wait_for()
    assert tab.evaluate(SIDEWAYS) == 0
    for box in tab.locator("button:visible, input:visible, select:visible, textarea:visible").all():
        place = box.bounding_box()
        assert place["x"] >= -1  # what only a screen reader finds is a point
        assert place["x"] + place["width"] <= width + 0.5


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_no_fault_of_accessibility(visit, address: str, width: int, scheme: str) -> None:
    try:
        from axe_playwright_python.sync_playwright import Axe
    except ImportError:
        unavailable("tests of accessibility need axe-playwright-python")
    tab = visit(address, width, color_scheme=scheme, reduced_motion="reduce", bypass_csp=True)
    ready(tab)
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}

    def faults() -> list[Any]:
        found = Axe().run(tab, options=options).response
        assert len(found["passes"]) > 20
        return [(one["id"], [node["target"] for node in one["nodes"]]) for one in found["violations"]]

    assert faults() == []
    tab.locator("#go").click()
    tab.locator("#error", has_text="no article").wait_for()
    assert faults() == []
    tab.locator("#whose summary").click()
    tab.evaluate(PASTE, ARTICLE)
    told(tab)
    tab.locator("#words").fill("widgets")
    tab.keyboard.press("Enter")
    tab.locator("#answer-title:focus").wait_for()
    assert faults() == []


def test_the_dark_is_dark(visit, address: str) -> None:
    def light(tab: Any) -> list[float]:
        colours = """() => [document.body, document.querySelector("iframe").contentDocument.body].map(one =>
            getComputedStyle(one).backgroundColor.match(/[0-9]+/g).slice(0, 3).reduce((sum, part) => sum + +part, 0))"""
        found: list[float] = tab.evaluate(colours)
        return found

    for scheme in ("light", "dark"):
        tab = visit(address, color_scheme=scheme)
        ready(tab)
        tab.evaluate(PASTE, ARTICLE)
        told(tab)
        assert all((one > 600) == (scheme == "light") for one in light(tab))


def test_on_paper_there_is_the_report_whole(visit, address: str) -> None:
    tab = visit(address)
    ready(tab)
    words = "\n\n".join(f"Paragraph {number}: he sold widgets." for number in range(60))
    tab.evaluate(PASTE, words)
    told(tab)
    # As the browser does it, but held while it is looked at.
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    tab.emulate_media(media="print")
    shown = tab.evaluate("document.body.innerText")
    assert "Paragraph 0:" in shown
    assert "Paragraph 59:" in shown
    assert "Law as of" in shown
    assert "Look up" not in shown
    assert tab.locator("iframe").count() == 0
    assert tab.locator("article mark").first.evaluate("one => getComputedStyle(one).textDecorationLine") == "underline"
    tab.evaluate("dispatchEvent(new Event('afterprint'))")
    tab.emulate_media(media="screen")
    report(tab).locator("article mark").first.wait_for()
    assert tab.locator("#text").input_value() == words
    assert tab.evaluate("getComputedStyle(document.querySelector('h1')).fontSize") == "20px"
    data = tab.pdf(format="A4")
    assert data.count(b"/Type /Page\n") + data.count(b"/Type /Page ") >= 2 or b"/Count" in data
    report(tab).locator("article mark").first.wait_for()
