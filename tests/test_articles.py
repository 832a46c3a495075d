"""What holds most of a page's prose is the article, whatever it is called, hidden by or wrapped in; the rest is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from annotator import Annotator
from annotator.reading import read
from annotator.reading.html.elements import CLASS_FIRST, CLASS_WHOLE, CLASS_WORDS

if TYPE_CHECKING:
    from conftest import Command

WHO = ("The harbour master", "A deputy minister", "The port's own union", "One of the pilots", "A customs officer")
DID = ("told the inquiry", "wrote in a letter to the council", "said on the second day of the hearing")
WHAT = ("that the tanker had left without papers", "that no one had asked who owned the cargo")
ENDS = ("and that the log of that night was never found", "which three of the crew had seen as well")


def sentence(number: int) -> str:
    """Return a sentence of the article; each has a number of its own."""
    rest = " ".join(part[(number // 2) % len(part)] for part in (DID, WHAT, ENDS))
    return f"{WHO[number % len(WHO)]} {rest}, as page {number} of the file shows."


def paragraphs(count: int, start: int = 100) -> list[str]:
    """Return paragraphs of an article, two sentences each."""
    return [f"{sentence(start + 2 * at)} {sentence(start + 2 * at + 1)}" for at in range(count)]


STORY = paragraphs(12)
BODY = "".join(f"<p>{one}</p>\n" for one in STORY)


def marked(story: list[str]) -> str:
    """Return paragraphs as markup."""
    return "".join(f"<p>{one}</p>" for one in story)


NAV = "<ul class=menu><li><a href=/a>Home</a><li><a href=/b>World</a><li><a href=/c>Money and markets</a></ul>"
TEASERS = "".join(
    f"<div class=card><h3><a href=/{at}>Council of village {at} argues over its new bridge</a></h3>"
    f"<p>The bridge of village {at} costs twice what was planned, and nobody knows who will pay for it.</p></div>"
    for at in range(6)
)
FOOT = "<footer><p>The Daily Example is printed by the Example Press of Example Town, part of nothing.</p></footer>"


def page(article: str, *, head: str = "", before: str = "", after: str = "") -> str:
    """Return a page of a newspaper around an article."""
    return (
        f"<!doctype html><html><head><title>Harbour log</title>{head}</head><body>{NAV}{before}"
        f"<h1>The log of the harbour is missing</h1>{article}<div class=river>{TEASERS}</div>{after}{FOOT}"
        "</body></html>"
    )


def live(markup: str) -> str:
    """Return what of a page may carry notes."""
    document = read(markup, format="html")
    layout = document.layout
    letters = list(document.text)
    for span in layout.protected:
        letters[span.start : span.end] = " " * (span.end - span.start)
    text = "".join(letters)
    return "\n".join(" ".join(text[one.start : one.end].split()) for one in layout.blocks if one.kind != "furniture")


def share(markup: str, story: list[str] | None = None) -> float:
    """Return the share of the article's paragraphs that may carry notes."""
    text = live(markup)
    expected = STORY if story is None else story
    return sum(one in text for one in expected) / len(expected)


def holds(markup: str, story: list[str] | None = None) -> None:
    """Hold a page to its article: all of it is read, and nothing of what stands around it."""
    text = live(markup)
    assert share(markup, story) == 1
    for other in ("village 3 costs", "Example Press", "Money and markets"):
        assert other not in text, other


WORDS = sorted(CLASS_WORDS | CLASS_FIRST | CLASS_WHOLE)
SHAPES = {
    "siblings": lambda word: "".join(
        f'<section class="{word}">{marked(STORY[at : at + 3])}</section>' for at in range(0, 12, 3)
    ),
    "numbered siblings": lambda word: "".join(
        f'<div id="{word}_part_{at}"><p>{STORY[at]}</p><p>{STORY[at + 1]}</p></div>' for at in range(0, 12, 2)
    ),
    "paragraphs": lambda word: "".join(f'<p class="{word}">{one}</p>' for one in STORY),
    "an article": lambda word: f'<article class="{word}">{BODY}</article>',
    "a wrapper": lambda word: f'<div class="Section--{word}"><div>{BODY}</div></div>',
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("word", WORDS)
def test_no_word_silences_an_article(word: str, shape: str) -> None:
    holds(page(SHAPES[shape](word)))


@pytest.mark.parametrize(
    "name", ["nav", "aside", "footer", "header", "menu", "form", "figure", "details", "amp-sidebar"]
)
def test_no_element_silences_an_article(name: str) -> None:
    opened = " open" if name == "details" else ""
    assert share(page(f"<{name}{opened}>{BODY}</{name}>")) == 1
    parts = "".join(f"<{name}{opened}>{marked(STORY[at : at + 4])}</{name}>" for at in (0, 4, 8))
    assert share(page(parts)) == 1


@pytest.mark.parametrize(
    "role", "complementary banner contentinfo navigation dialog search toolbar document feed".split()
)
def test_no_role_silences_an_article(role: str) -> None:
    holds(page(f"<div role={role}>{BODY}</div>"))


def test_parts_that_each_look_like_other_furniture() -> None:
    words = ("widget", "promo-box", "Ads", "sponsored")
    holds(
        page(
            "".join(f"<div class='{word}'>{marked(STORY[at * 3 : at * 3 + 3])}</div>" for at, word in enumerate(words))
        )
    )


VEILS = {
    "display": "<div id=app style='display:none'>{}</div>",
    "visibility": "<div style='color: red; visibility: hidden !important'>{}</div>",
    "hidden": "<main hidden>{}</main>",
    "screen readers only": "<div class='sr-only'>{}</div>",
    "nested": "<div hidden><div style='display:none'>{}</div></div>",
    "aria-hidden": "<div class=page aria-hidden=true>{}</div>",
    "noscript": "<noscript><div class=story>{}</div></noscript>",
    "noscript beside a message": "<div id=root>Loading</div><noscript>{}</noscript>",
    "template": "<story-body><template shadowrootmode=open><div>{}</div></template></story-body>",
    "dialog": "<dialog>{}</dialog>",
    "an unclosed del": "<p><del>old</p>{}",
    "an unclosed s": "<p><s>old</p>{}",
    "typewriter": "<tt>{}</tt>",
    "samp": "<samp>{}</samp>",
}


@pytest.mark.parametrize("veil", VEILS)
def test_what_is_veiled_until_a_script_runs(veil: str) -> None:
    holds(page(VEILS[veil].format(BODY)))


@pytest.mark.parametrize("veil", ["display", "hidden", "template", "noscript", "dialog", "visibility"])
def test_what_is_hidden_beside_an_article_stays_hidden(veil: str) -> None:
    terms = "".join(
        f"<p>Clause {at} of the terms says that the reader agrees to whatever clause {at + 1} says.</p>"
        for at in range(20)
    )
    markup = page(f"<div>{BODY}</div>", after=VEILS[veil].format(terms))
    holds(markup)
    assert "Clause" not in read(markup, format="html").text


def test_what_is_hidden_beside_teasers_is_shown() -> None:
    """A page may show nothing but what leads elsewhere until a script runs."""
    teasers = TEASERS.replace("Council", "Parish")
    for veil in ("display", "hidden", "noscript"):
        holds(page(VEILS[veil].format(marked(STORY[:5])), after=f"<div class=more>{teasers}</div>"), STORY[:5])


def test_pages_of_an_article_that_a_script_turns() -> None:
    pages = "".join(
        f"<div class=page{' style=display:none' if at else ''}>{marked(STORY[at : at + 2])}</div>"
        for at in range(0, 12, 2)
    )
    holds(page(pages))


def test_an_article_in_pre() -> None:
    lines = []
    for one in STORY:
        words, line = one.split(), ""
        for word in words:
            if len(line) + len(word) > 66:
                lines.append(line)
                line = ""
            line = f"{line} {word}".strip()
        lines += [line, ""]
    text = "\n".join(lines)
    for markup in (
        f"<html><head><title>[Record Volume 1]</title></head><body><pre>\n[Page 12]\n\n{text}</pre></body></html>",
        f"<html><body><pre style='white-space: pre-wrap'>{text}</pre></body></html>",
        page(f"<pre>{text}</pre>"),
        f"<body><a href=/>Home</a><pre>{text[: len(text) // 2]}</pre><hr><pre>{text[len(text) // 2 :]}</pre></body>",
    ):
        assert share(markup) >= 0.9
    document = read(f"<html><body><pre>{text}</pre></body></html>", format="html")
    assert len([block for block in document.layout.blocks if block.kind == "paragraph"]) == len(STORY)


def test_code_in_pre_takes_no_notes() -> None:
    code = "\n".join(f"if (list[{at}] > 0) {{ sum += list[{at}]; }} // add number {at} to it." for at in range(60))
    assert "list[3]" not in live(page(f"<div>{BODY}</div><pre>{code}</pre>"))
    assert "list[3]" not in live(f"<html><body><pre>{code}</pre></body></html>")


@pytest.mark.parametrize(
    "layout",
    [
        "<table width=100%><tr><td width=120>{nav}</td><td>{text}</td></tr></table>",
        "<table><tr><td><table><tr><td><font size=2>{text}</font></td></tr></table></td><td>{nav}</td></tr></table>",
        "<center><table><tr><td><div align=left>{text}</div></table></center>",
        "<div>{text}</div>",
        "<font face=arial>{text}</font>",
        "<span>{text}</span>",
        "<blockquote>{text}</blockquote>",
    ],
)
def test_old_pages(layout: str) -> None:
    for text in ("<br><br>".join(STORY), "<br>\n<br>\n".join(STORY), "<p>".join(STORY), BODY):
        holds(page(layout.format(text=text, nav=NAV)))


def test_furniture_around_most_of_an_article() -> None:
    """Some of the article stands outside of the parts that look like furniture."""
    for word in ("Section--Ads", "promo", "widget-3"):
        parts = "".join(f"<section class={word}>{marked(STORY[at : at + 3])}</section>" for at in (3, 6, 9))
        holds(page(f"<div>{marked(STORY[:3])}{parts}</div>"))


def test_an_article_inside_a_link() -> None:
    """A name for a place that is never closed, or one link around it all."""
    assert share(page(f"<a name=top><div>{BODY}</div>")) == 1
    assert share(f"<!doctype html><body>{NAV}<a href=/story><div>{BODY}</div></a></body>") == 1


def test_what_leads_on_from_the_headline() -> None:
    """A lead in a header of its own, or beside the article's element, is the article's."""
    lead = "What the captain of the tanker told nobody for nine years, and what his log would have said about it."
    title = "<h1>The log of the harbour is missing</h1>"
    for top in (f"<header>{title}<p>{lead}</p></header>", f"<div>{title}</div><div><p>{lead}</p></div>"):
        for name in ("article", "div class=story", "div"):
            markup = page("").replace(title, f"{top}<{name}>{BODY}</{name.split()[0]}>")
            assert lead in live(markup)
            holds(markup)


def test_elements_that_nobody_knows() -> None:
    holds(page(f"<app-root><story-view><story-text>{BODY}</story-text></story-view></app-root>"))
    holds(page(f"<app-modal><div>{BODY}</div></app-modal>"))
    parts = "".join(f"<story-part class=widget><p>{one}</p></story-part>" for one in STORY)
    holds(page(f"<story-view>{parts}</story-view>"))


def test_a_page_for_phones() -> None:
    ads = (
        "<amp-ad width=300><p>Buy two of our fine boats now, and get the third one for the price of four.</p></amp-ad>"
    )
    text = BODY.replace("</p>\n", f"</p>\n{ads}", 3)
    markup = page(
        f"<main><amp-story-body>{text}</amp-story-body></main><amp-consent layout=nodisplay>"
        "<p>We ask you to agree to all of it, at once and for ever.</p></amp-consent>"
    )
    holds(markup)
    assert "fine boats" not in live(markup)


def wall(count: int) -> str:
    """Return a box that asks for consent at length."""
    return "".join(
        f"<p>We and our {at} partners store data on your device, as you have surely always wanted us to.</p>"
        for at in range(count)
    )


@pytest.mark.parametrize("word", ["modal", "overlay", "popup", "cookie-wall", "lightbox"])
def test_a_box_over_the_page(word: str) -> None:
    box = f"<div class='{word}' role=dialog>{wall(3)}</div>"
    holds(page(f"<div class=stream>{BODY}</div>", before=box))
    holds(page(f"<div class='{word}'><div class=stream>{BODY}</div></div>"))
    holds(page(f"<div class='{word}'>{box}<div class=stream>{BODY}</div></div>"))
    assert "partners store" not in live(page(f"<div class='{word}'>{box}<div class=stream>{BODY}</div></div>"))


@pytest.mark.parametrize("word", ["comments", "cookie-consent", "gdpr", "disqus_thread", "reflist", "footnotes"])
def test_long_talk_around_a_short_article(word: str) -> None:
    """What readers say and what they are asked to accept may be longer than the article."""
    short = STORY[:3]
    text = marked(short)
    markup = page(f"<article>{text}</article>", after=f"<div id={word}>{wall(40)}</div>")
    holds(markup, short)
    assert "partners store" not in live(markup)


@pytest.mark.parametrize("word", ["related", "sidebar", "most-read", "recommended", "promo", "newsletter"])
def test_boxes_beside_a_short_article(word: str) -> None:
    short = STORY[:5]
    text = marked(short)
    box = "".join(
        f"<div class=item><a href=/{at}>Bridge {at}</a>"
        f"<p>The bridge {at} costs twice what was planned, and nobody in the valley knows who will pay.</p></div>"
        for at in range(12)
    )
    markup = page(f"<div>{text}</div>", after=f"<div class={word}>{box}</div>")
    holds(markup, short)
    assert "costs twice" not in live(markup)


def test_a_stream_of_teasers_beside_the_article() -> None:
    """Teasers hold more words than the article, and no name says what they are."""
    short = STORY[:5]
    text = marked(short)
    stream = "".join(
        f"<li><h3><a href=/{at}>Council of village {at} argues again over a bridge</a></h3><p>{sentence(at)}</p></li>"
        for at in range(30)
    )
    markup = page(f"<div class=c1>{text}</div><ul class=c2>{stream}</ul>")
    holds(markup, short)
    assert sentence(7) not in live(markup)


def test_a_digest_is_an_article() -> None:
    """Linked headlines with a few words each are what some articles are made of."""
    items = "".join(
        f"<h2><a href=/{at}>Seven things to know about bridge {at}</a></h2><p>{one}</p>" for at, one in enumerate(STORY)
    )
    assert share(page(f"<article><p>{sentence(1)}</p><p>{sentence(2)}</p>{items}</article>")) == 1


def test_live_blogs() -> None:
    """The posts of a live blog are the article, though each is short and its headline a link to itself."""
    for name, link in (("div class=post", "#post-{}"), ("article", "/live/1#block-{}"), ("section", "?at=3#{}")):
        posts = "".join(
            f"<{name}><time>1{at % 10}:05</time>"
            f"<h2><a href='{link.format(at)}'>What page {at} of the file shows us</a></h2>"
            f"<p>{one}</p></{name.split()[0]}>"
            for at, one in enumerate(STORY[5:])
        )
        holds(page(f"<div class=live><div class=summary>{marked(STORY[:5])}</div>{posts}</div>"))


def test_an_article_in_two_halves() -> None:
    first, second = marked(STORY[:8]), marked(STORY[8:])
    for gap in ("<div class=ad>Buy boats</div>", "<figure><figcaption>A boat</figcaption></figure>"):
        for opened in ("div class=story-part", "section", "div class='body-1'", "article"):
            name = opened.split()[0]
            holds(page(f"<{opened}>{first}</{name}>{gap}<{opened}>{second}</{name}>"))


def test_a_box_heads_only_itself() -> None:
    """After a box of links in the middle, the article goes on, however short its sections are."""
    parts = [f"<h2>What page {at} shows</h2><p>{STORY[at]}</p><p>{STORY[at + 1]}</p>" for at in range(0, 12, 2)]
    for head in ("Related articles", "Comments", "More stories", "Read more", "Most read"):
        box = f"<div><h3>{head}</h3><p>The bridge costs twice what was planned, it is said.</p></div>"
        markup = page(f"<div>{''.join(parts[:2])}{box}{''.join(parts[2:])}</div>")
        assert share(markup) == 1, head
        assert "costs twice" not in live(markup), head


# -- when most is set aside all the same -------------------------------------------------------------------


COMMENTED = page(
    f"<article>{marked([*STORY[:4], 'He sold widgets. The UN bans luxury goods for North Korea.'])}</article>",
    after=f"<section id=comments>{wall(40)}</section>",
)


def test_most_of_a_page_set_aside_is_said() -> None:
    result = Annotator().annotate(COMMENTED, format="html", as_of="2024-06-20")
    (said,) = result.warnings
    assert "% of the text" in said
    assert "comments" in said
    assert Annotator().annotate(page(BODY), format="html", as_of="2024-06-20").warnings == ()
    assert read(page(BODY), format="html").warnings == ()


def test_the_command_says_it_in_one_line(here, desk_run: Command) -> None:
    (here / "talk.html").write_text(COMMENTED, encoding="utf-8")
    (here / "plain.html").write_text(page(f"{BODY}<p>He sold widgets.</p>"), encoding="utf-8")
    done = desk_run("annotate", "talk.html", "-o", "out.html", "--as-of", "2024-01-01")
    assert done.exit_code == 0
    assert done.stderr.splitlines()[1] == "annotator: 1 note, no checks. Law as of 1 January 2024 (given)."
    assert done.stderr.count("\n") == 2
    assert "talk.html" in done.stderr
    assert "comments" in done.stderr
    done = desk_run("annotate", "plain.html", "-o", "out2.html", "--as-of", "2024-01-01")
    assert done.stderr == "annotator: 1 note, no checks. Law as of 1 January 2024 (given).\n"
