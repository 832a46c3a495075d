"""HTML: what is read, where it stands, what notes do to a page, and that they come off again."""

from __future__ import annotations

import re
from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pages import bare, parsed, shown
from rulemaking import annotator, cases

from annotator import strip
from annotator.errors import InputError
from annotator.model import Annotation, Document, Note, Source
from annotator.reading import format_of, read
from annotator.reading.html.tags import Tokens
from annotator.writing import is_annotated, render

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Command

SEALED: dict[str, Any] = {"as_of": "2024-06-20", "as_of_from": "given", "digest": "0123456789abcdef" * 4}
MANY = settings(max_examples=200)


def note(number: int = 1, text: str = "") -> Note:
    """Return a note that would break a page that does not escape it."""
    return Note(
        id=f"test.note-{number}",
        text=text or f'Note {number}: the Council’s </section> <script>alert(1)</script> & "so" --> ]]>',
        sources=(Source(f"S/RES/{number} <b>", "para. 8", f'https://example.org/{number}?a=1&b="c"'),
                 Source("Bad", "", "javascript:alert(1)")),
        from_date="2006-10-14", until=None, jurisdiction="un", status="partly", checked="2026-11-15",
    )  # fmt: skip


def annotations(document: Document, places: list[tuple[int, int, int]]) -> list[Annotation]:
    """Return annotations at places that are bent to the length of the text."""
    made = []
    for low, high, number in places:
        start, end = sorted((low % (len(document.text) + 1), high % (len(document.text) + 1)))
        kind = "claim" if number % 2 else "term"
        made.append(Annotation(start, end, document.text[start:end], "test.rule", kind, {}, (), (note(number),)))
    return made


words = st.sampled_from(
    ["Coal", " and ", "oil", "\n", "  ", "ban", "café", "“x”", "a < b", "AT&T", "3 > 2", "漢", "\r\n", "\t"]
)
references = st.sampled_from(
    [
        "&amp;",
        "&nbsp;",
        "&#8217;",
        "&#x2019",
        "&copy",
        "&notit;",
        "&not",
        "&#0;",
        "&#128;",
        "&#x110000;",
        "&bogus;",
        "&",
        "&#",
        "&#x",
        "&shy;",
        "&NotEqualTilde;",
        "&lt;b&gt;",
        "&ampx",
    ],
)
TAGS = (
    "p div span b i a em strong ul ol li h1 h2 article section aside nav main header footer blockquote br hr img wbr"
    " pre code button label font sub u small dl dt dd form center address figure details summary x-y nobr"
).split()
attributes = st.sampled_from(
    ["", " id=x", " class='a b'", ' title="<p>"', " hidden", " a=b/c", " =x", ' x="', " /", " a='>'", "\n\tq = 'r'"]
)
odd = st.sampled_from(
    [
        "<!-- c -->",
        "<!-->",
        "<!--->",
        "<!-- x --!>",
        "<!doctype html>",
        "<?php x ?>",
        "</>",
        "</ p>",
        "<![CDATA[x]]>",
        "<",
        "<1",
        "</",
        "<script>a<b</script>",
        "<script><!--<script></script>--></script>",
        "<style>p{}</style>",
        "<textarea><p></textarea>",
        "<title>t</title>",
        "<svg><circle/><title><p>x</title></svg>",
        "<svg><p>",
        "<math><mi>x</mi></math>",
        "<select><option>o</select>",
        "<noscript><p>n</noscript>",
        "<iframe>f</iframe>",
        "<xmp><b></xmp>",
        "</body>",
        "</html>",
        "<body>",
        "<html lang=fr>",
        "<head>",
        "</br>",
        "<image>",
        "<svg><![CDATA[<p>]]></svg>",
        "<!--",
        "<a <b>",
        "<object>o</object>",
    ],
)
tables = st.sampled_from(
    ["<table>", "<tr>", "<td>", "</td>", "</tr>", "</table>", "<th>", "<tbody>", "<caption>", "</caption>"]
)


@st.composite
def tags(draw: st.DrawFn) -> str:
    """Return a start or end tag."""
    name = draw(st.sampled_from(TAGS))
    if draw(st.booleans()):
        return f"</{name}>"
    return f"<{draw(st.sampled_from([name, name.upper()]))}{draw(attributes)}>"


soup = st.lists(st.one_of(words, words, words, references, tags(), tags(), tags(), odd), max_size=25).map("".join)
# A browser hides what stands in a hidden element, but not the cells that it moves out of one: we hide those too.
soup_with_tables = st.lists(st.one_of(words, words, tags(), tables), max_size=25).map(
    lambda parts: "".join(parts).replace(" hidden", "")
)
places = st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 4000), st.integers(1, 5)), min_size=1, max_size=5)


def text_by_the_map(document: Document) -> None:
    """Hold the map: each letter stands where it says, or for a piece of markup as a whole."""
    where = document.places
    assert where is not None
    last = 0
    for at, char in enumerate(document.text):
        low, high = where.before(at), where.after(at + 1)
        assert last <= low <= high <= len(document.markup)
        last = low
        piece = document.markup[low:high]
        assert not piece or piece[0] in ("&", "<") or piece == char or not piece.strip(), (piece, char)


# -- reading --------------------------------------------------------------------------------------------


@MANY
@given(soup)
@example("<p>a<b>b<p>c</b>d")
@example("<a>x<a>y</a>z")
@example("<button><p>a</button>b")
@example("<svg><foreignObject><p>x</p></foreignObject></svg>y")
@example("<nobr hidden><nobr>Coal")
@example("<nobr hidden>a<p><nobr>b</nobr>c")
def test_the_text_is_what_another_parser_shows(markup: str) -> None:
    """The letters read are those of the tree that html5lib builds."""
    document = read(markup, format="html")
    assert document.source == markup.encode("utf-8", "surrogatepass")
    assert bare(document.text) == shown(markup)
    text_by_the_map(document)


@MANY
@given(soup_with_tables)
def test_tables_show_the_same_letters(markup: str) -> None:
    """With tables, whose stray text a browser moves, the letters are the same, in whatever order."""
    document = read(markup, format="html")
    assert Counter(bare(document.text)) == Counter(shown(markup))
    text_by_the_map(document)


@MANY
@given(st.text(max_size=80))
def test_tokens_tile_the_source(markup: str) -> None:
    """Tokens follow each other without a gap, from the first letter to the last."""
    at = 0
    for _, start, end, *_ in Tokens(markup):
        assert start == at
        assert end > start
        at = end
    assert at == len(markup)


@pytest.mark.parametrize("case", cases("html"), ids=lambda case: case["name"])
def test_mentions(case: dict[str, Any], tmp_path: Path) -> None:
    """Mentions are found across what a person does not see, and nowhere else; the marker stands where it should."""
    made = annotator(tmp_path, {"goods": ["luxury goods"], "resolution": ["Resolution 2397"], "coal": ["coal"]})
    result = made.annotate(case["html"], format="html", as_of="2024-06-20", notes="every")
    assert [one.text for one in result.annotations] == case["found"]
    out = result.render()
    assert strip(out) == case["html"]
    if case.get("written"):
        plain = out[: out.index("<!-- Notes by")] + out[out.index("<!-- End of notes html sr -->") :]
        for piece in case.get("written", ()):
            assert piece in plain.replace(MARK, "*").replace(MARK2, "*").replace(MARK3, "*"), plain
    assert [one.text for one in result.unplaced] == case.get("unplaced", [])
    assert shown(out, ours=True) == shown(case["html"])


def _mark(reference: int) -> str:
    link = f'<a id="sr-ref-1-{reference}" href="#sr-note-1" role="doc-noteref" aria-label="Note 1">[1]</a>'
    return f'<sup class="sr-note">{link}</sup>'


MARK, MARK2, MARK3 = _mark(1), _mark(2), _mark(3)


# -- writing --------------------------------------------------------------------------------------------


def hold(document: Document, chosen: list[Annotation], style: str = "") -> None:
    """Hold a page to the laws of writing."""
    unplaced: list[Annotation] = []
    out = render(document, chosen, format="html", style=style, unplaced=unplaced, **SEALED)
    text = out[len(document.bom) :].decode(document.encoding, document.errors)
    assert document.bom + document.encode(text) == out
    rest = iter(text)
    assert all(char in rest for char in document.markup)  # in order, nothing lost
    assert strip(out) == document.source
    assert (out == document.source) == (len(unplaced) == len(chosen))
    assert is_annotated(out) == (out != document.source)
    if out != document.source:
        assert strip(out, edited=True) == document.source
    assert render(document, chosen, format="html", style=style, **SEALED) == out
    assert shown(text, ours=True) == shown(document.markup)


@MANY
@given(soup, places)
@example("<plaintext>x", [(0, 1, 1)])
@example("<a href=x>open", [(2, 3, 1)])
@example("<table><a><tr><td>x</table>y", [(0, 1, 1)])
def test_pages_come_back(markup: str, where: list[tuple[int, int, int]]) -> None:
    """Whatever the page, notes only go in, come off again, and change nothing else that is seen."""
    document = read(markup, format="html")
    hold(document, annotations(document, where))


@MANY
@given(soup_with_tables, places)
def test_tables_come_back(markup: str, where: list[tuple[int, int, int]]) -> None:
    """Notes in and around tables leave the text in its place."""
    document = read(markup, format="html")
    hold(document, annotations(document, where), "styled")


@MANY
@given(soup, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252", "shift_jis", "gb18030"]), places)
def test_encodings_come_back(markup: str, encoding: str, where: list[tuple[int, int, int]]) -> None:
    """A page in any encoding stays in it; what notes need beyond it is written as references."""
    source = markup.encode(encoding, "ignore")
    try:
        document = read(source, format="html", encoding=encoding)
    except InputError:
        return
    assert document.source == source == document.bom + document.encode(document.markup)
    hold(document, annotations(document, where))


@MANY
@given(soup, places, places)
def test_layers_come_off_one_by_one(
    markup: str, first: list[tuple[int, int, int]], second: list[tuple[int, int, int]]
) -> None:
    """A page with notes of ours in it is a page like any other, and each layer comes off alone."""
    document = read(markup, format="html")
    once = render(document, annotations(document, first), format="html", **SEALED)
    again = read(once, format="html")
    twice = render(again, annotations(again, second), format="html", **SEALED)
    assert strip(twice) == once or twice == once
    assert strip(strip(twice)) == document.source or twice == once


def test_a_page_as_a_whole() -> None:
    """The whole of a small example, as a browser gets it."""
    document = read("<p>No oil.</p>", format="html")
    one = note(text="A <b>\x00\x01 & “note” \ud800.")
    out = render(document, [Annotation(3, 6, "oil", "r", "claim", {}, (), (one,))], format="html", **SEALED).decode()
    assert out == (
        '<p>No oil<sup class="sr-note sr-note-claim"><a id="sr-ref-c1-1" href="#sr-note-c1" role="doc-noteref"'
        ' aria-label="Check 1">[check 1]</a></sup>.</p>\n'
        "<!-- Notes by annotator, as of 2024-06-20 (given); rules 0123456789abcdef; marks html sr;"
        f" original sha256 {sha256(document.source).hexdigest()[:16]} -->\n"
        '<section id="sr-list" class="sr-note-list" role="doc-endnotes" aria-label="Notes on sanctions law" lang="en"'
        ' dir="ltr">\n<h2 class="sr-note-title">Notes on sanctions law</h2>\n'
        "<p>1 check. Law as of 20 June 2024 (given).</p>\n<ul>\n"
        '<li id="sr-note-c1" class="sr-note-item"><p><strong class="sr-note-kind">Check 1</strong>'
        " A &lt;b&gt;   &amp; “note” &#65533;.</p>\n"
        '<p><a href="#sr-ref-c1-1" role="doc-backlink" class="sr-note-back" aria-label="Back to mention of check 1">'
        "↩</a></p></li>\n</ul>\n<p>Sources</p>\n<ul>\n"
        '<li>S/RES/1 &lt;b&gt;, <a href="https://example.org/1?a=1&amp;b=&quot;c&quot;"'
        ' rel="external nofollow">https://example.org/1?a=1&amp;b=<wbr>&quot;c&quot;</a></li>\n'
        "<li>Bad, javascript:alert%281%29</li>\n</ul>\n</section>\n<!-- End of notes html sr -->\n"
    )


def test_ids_never_meet_those_of_the_page() -> None:
    """Labels are later than any that the page has; every link leads to one id, and there and back."""
    for markup in ('<p id="sr-note-1">oil</p>', "<p id=sr7-ref-1-1>oil <a href='#sr9'>x</a></p>", "<p>oil and oil</p>"):
        document = read(markup, format="html")
        chosen = [
            Annotation(0, 3, "oil", "r", "term", {}, (), (note(), note(2))),
            Annotation(4, 4, "", "r", "term", {}, (), (note(),)),
        ]
        out = render(document, chosen, format="html", **SEALED).decode()
        tree = parsed(out)
        ids = [each.get("id") for each in tree.iter() if each.get("id")]
        assert len(ids) == len(set(ids))
        links = [each.get("href")[1:] for each in tree.iter() if (each.get("role") or "").startswith("doc-")
                 and each.get("href")]  # fmt: skip
        assert links
        assert set(links) <= set(ids)


@pytest.mark.parametrize(
    ("markup", "place"),
    [
        ("<article><p>{}</p>|</article><footer>f</footer>", "article"),
        ("<body><p>{}</p>|</body></html>\n", "body"),
        ("<p>{}</p>|", "fragment"),
        ("<p>{}</p>|<table><tr><td>open", "open table"),
        ("<p>{}</p>|<script>open", "open script"),
        ("<p>{}</p>|<!-- open", "open comment"),
        ("<p>{}</p>|<a href=x>open", "open link"),
        ("<p>{}</p>|<h2>open", "open heading"),
        ("<main><p>{}</p>|</main><div>x</div>", "main"),
        ("<article><p>{}</p><button>x</article>|", "button left open"),
        ("<div><p>{}</p></div>|<svg><g>", "open svg"),
    ],
)
def test_where_the_notes_go(markup: str, place: str) -> None:
    """Notes go to the end of the article, or of the page, and never into what is left open."""
    words = "The oil was sold abroad for years, which is a sentence as long as those of articles."
    source = markup.replace("|", "").format(words)
    document = read(source, format="html")
    start = document.text.index("oil")
    out = render(document, [Annotation(start, start + 3, "oil", "r", "k", {}, (), (note(),))], format="html", **SEALED)
    before, _, after = markup.partition("|")
    cut = out.decode().index("\n<!-- Notes by")
    assert strip_marks(out.decode()[:cut]) == before.format(words), place
    assert out.decode().endswith(f"<!-- End of notes html sr -->\n{after}")


def strip_marks(text: str) -> str:
    """Return a text without markers of ours."""
    return re.sub('<sup class="sr-note">.*?</sup>', "", text)


# -- format, encoding, date -----------------------------------------------------------------------------


def test_what_is_a_page() -> None:
    """A page is known by its beginning, whatever its name; what merely holds a tag is text."""
    for head in (
        "<!doctype html>",
        "<!DOCTYPE\nHTML PUBLIC 'x'>",
        "<html lang=en>",
        "<!-- saved --> <html>",
        "<?xml version='1.0'?>\n<html>",
    ):
        for source in (
            head,
            f"\ufeff\r\n {head}",
            f"{head}x".encode(),
            f"\ufeff{head}".encode(),
            head.encode("utf-16"),
        ):
            assert format_of("story.txt", source) == "html", source
    for source in (
        "A <b>tag</b>.",
        "<b>x</b>",
        "<htmlx>",
        "",
        "<",
        "<!-- <html>",
        "<!doctype svg>",
        "# <!doctype html>",
    ):
        assert format_of("story.txt", source) == "text", source
        assert format_of("story.txt", source.encode()) == "text", source
    assert format_of("story.HTM", b"<b>x") == format_of("a.xhtml", b"") == "html"


@pytest.mark.parametrize(
    ("head", "encoding", "said"),
    [
        ("<meta charset=windows-1251>", "cp1251", "cp1251"),
        ("<meta http-equiv=Content-Type content='text/html; charset=Shift_JIS'>", "cp932", "cp932"),
        ("<?xml version='1.0' encoding='iso-8859-2'?>", "iso8859-2", "iso8859-2"),
        ("<meta charset=iso-8859-1>", "cp1252", "cp1252"),
        ("<meta charset=iso-8859-1>", "utf-8", "utf-8"),  # it lies
        ("<meta charset=utf-8>", "cp1252", "cp1252"),  # it lies
        ("<meta charset=bogus>", "utf-8", "utf-8"),
        ("<meta charset=utf-16>", "utf-8", "utf-8"),
    ],
)
def test_encodings_that_pages_name(head: str, encoding: str, said: str) -> None:
    """The encoding that a page names is believed where it can be right."""
    words = {"cp1251": "Нефть и уголь", "cp932": "石炭と石油", "iso8859-2": "Łódź węgiel"}.get(
        encoding, "café “très” naïve"
    )
    before, after = (head, "") if head.startswith("<?xml") else ("", head)
    source = f"{before}<!doctype html>{after}<p>{words}</p>".encode(encoding)
    document = read(source)
    assert (document.encoding, document.text) == (said, words)


@pytest.mark.parametrize("case", cases("html-dates"), ids=lambda case: case["html"][:60])
def test_the_date_of_a_page(case: dict[str, Any]) -> None:
    """The date is the one the page was published on, by its own word, unless it contradicts itself."""
    dated = read(f"<!doctype html>{case['html']}").dated
    assert dated.date == case["date"]
    assert case["origin"] in dated.origin
    assert bool(dated.origin) == bool(case["origin"] or case["date"])


# -- the command, and hostile pages ---------------------------------------------------------------------


def test_notes_without_a_place_are_told(here: Path, desk_run: Command) -> None:
    """A note that finds no safe place is never lost in silence; --strict makes it an error, and writes nothing."""
    (here / "broken.html").write_text("<p>He sold gadgets.</p><p><a href=x>He sold widgets", encoding="utf-8")
    (here / "sound.html").write_text("<p>He sold widgets.</p>", encoding="utf-8")
    done = desk_run("annotate", "broken.html", "-o", "out.html", "--as-of", "2024-06-20")
    assert done.exit_code == 0
    assert done.stderr.splitlines()[1:] == ["annotator: 1 note, no checks. Law as of 20 June 2024 (given)."]
    assert "broken.html: no safe place for the notes on “widgets”" in done.stderr
    assert "gadgets<sup" in (here / "out.html").read_text("utf-8")
    done = desk_run("annotate", "--strict", "broken.html", "sound.html", "-o", "out")
    assert done.exit_code == 5
    assert "“widgets”" in done.stderr
    assert sorted(path.name for path in (here / "out").iterdir()) == ["sound.html"]


@pytest.mark.parametrize("depth", [50_000])
@pytest.mark.parametrize(
    "unit",
    [
        "<div>",
        "<b>",
        "<a href=x>",
        "<table><tr><td>",
        "<svg><g>",
        "<ul><li>",
        "<span></p>",
        "<button>",
        "<select>",
        "<h1>",
        "<template>",
        "<article>x",
        "<div class=related>",
        "<div hidden>It was hidden until a script ran, as is said.",
        "<noscript>",
        "<span class=date>",
        "<nav><h3><a href=x>Coal is dear again</a></h3>",
        "<font color=x>",
        "<math><mi>",
        "<svg><title>",
        "&",
        "&#",
        "<!--",
        "</",
        "<p a='",
    ],
)
def test_deep_nesting(unit: str, depth: int) -> None:
    """Fifty thousand open elements are read, and the words behind them kept, without a deep stack."""
    document = read(f"<p>Oil was sold.</p>{unit * depth}", format="html")
    assert document.text.startswith("Oil was sold.")
    assert document.layout.blocks
    hold_light(document)


def hold_light(document: Document) -> None:
    """Hold a page too large for the other parser to the laws that need none."""
    out = render(document, [Annotation(0, 3, "Oil", "r", "k", {}, (), (note(),))], format="html", **SEALED)
    assert out != document.source
    assert strip(out) == document.source


@pytest.mark.slow
def test_a_page_of_fifteen_megabytes() -> None:
    """A page of any size is read in one go, every letter in its place."""
    unit = "<p>The <b>Council</b> said &amp; did <a href='x'>things</a> in the\n year 2020.</p>\n"
    document = read(f"<p>Oil was sold.</p>{unit * (15_000_000 // len(unit))}", format="html")
    assert document.text.endswith("The Council said & did things in the year 2020.")
    assert document.places is not None
    last = document.markup.rindex("2020")
    assert document.places.before(len(document.text) - 5) == last
    hold_light(document)
