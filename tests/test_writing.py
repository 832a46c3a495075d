"""Writing: what notes look like in each format, where markers go, and taking notes out again."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from markdown_it import MarkdownIt
from rulemaking import annotator, cases

from annotator import strip as annotator_strip
from annotator.errors import EditedError, OutputError, UsageError
from annotator.model import Annotation, Document, Note, Source
from annotator.reading import read
from annotator.writing import FORMATS, is_annotated, json_schema, render, strip
from annotator.writing.markdown import escaped
from annotator.writing.wording import fitted

if TYPE_CHECKING:
    from pathlib import Path

    from markdown_it.rules_inline import StateInline

SEALED: dict[str, Any] = {"as_of": "2024-06-20", "as_of_from": "given", "digest": "0123456789abcdef" * 4}

LUXURY = Note(
    id="un.dprk.luxury-goods",
    text="Luxury goods: S/RES/1718 (2006) para. 8(a)(iii) decides that States must prevent their supply to the DPRK.",
    sources=(Source("S/RES/1718 (2006)", "para. 8(a)(iii)", "https://undocs.org/S/RES/1718(2006)"),),
    from_date="2006-10-14",
    until=None,
    jurisdiction="un",
    status="verified",
    checked="2026-11-15",
    verb="decides",
)
PERSON = Note(
    id="test.person",
    text="A. Sample was listed by the United Kingdom.",
    sources=(Source("SI 2019/855", "TST0001", "https://example.org/a b"), Source("Act", "", "")),
    from_date="2022-03-24",
    until="2023-07-20",
    jurisdiction="uk",
    status="partly",
    checked="2026-11-15",
    later=("On 20 July 2023 the entry was removed.",),
)


def annotate(text: str | bytes, *wanted: tuple[str, Note], fmt: str = "text") -> tuple[Document, list[Annotation]]:
    """Return a document and an annotation for each occurrence of the words."""
    document = read(text, format=fmt)
    return document, [
        Annotation(found.start(), found.end(), found[0], "test.rule", "term", {}, ("because",), (note,))
        for words, note in wanted
        for found in re.finditer(re.escape(words), document.text)
    ]


def written(text: str | bytes, *wanted: tuple[str, Note], fmt: str = "text") -> str:
    """Return the text with notes, after seeing that they come out again."""
    document, annotations = annotate(text, *wanted, fmt=fmt)
    out = render(document, annotations, format=fmt, **SEALED)
    assert strip(out) == document.source
    return (document.bom + out[len(document.bom) :]).decode(document.encoding, document.errors)


# -- text -------------------------------------------------------------------------------------------


def test_text_as_a_whole() -> None:
    """The whole of a small example, as a reader gets it."""
    source = "He sent luxury goods to A. Sample.\n"
    assert written(source, ("luxury goods", LUXURY), ("A. Sample", PERSON)) == (
        "He sent luxury goods[1] to A. Sample[2].\n"
        "\n"
        "\n"
        "Notes on sanctions law\n"
        "2 notes. Law as of 20 June 2024 (given).\n"
        f"[1] {LUXURY.text}\n"
        "[2] A. Sample was listed by the United Kingdom.\n"
        "    Since then: On 20 July 2023 the entry was removed.\n"
        "Sources\n"
        "S/RES/1718 (2006), https://undocs.org/S/RES/1718%282006%29\n"
        "SI 2019/855, https://example.org/a b\n"
        "Act\n"
        "\n"
        "Notes by annotator, as of 2024-06-20 (given); rules 0123456789abcdef; marks [1]; "
        f"original sha256 {sha256(source.encode()).hexdigest()[:16]}\n"
    )


def test_text_in_full() -> None:
    """In full each note has its sources, when it holds and how far it was verified."""
    document, annotations = annotate("goods of A. Sample", ("goods", LUXURY), ("A. Sample", PERSON))
    out = render(document, annotations, format="text", detail="full", **SEALED)
    assert strip(out) == document.source
    assert (
        "Notes on sanctions law\n"
        "2 notes. Law as of 20 June 2024 (given).\n"
        f"[1] {LUXURY.text}\n"
        "    Source: S/RES/1718 (2006), para. 8(a)(iii), https://undocs.org/S/RES/1718%282006%29\n"
        "    UN. Holds from 2006-10-14. Checked 2026-11-15.\n"
        "[2] A. Sample was listed by the United Kingdom.\n"
        "    Sources: SI 2019/855, TST0001, https://example.org/a b; Act\n"
        "    UK. Holds from 2022-03-24 until 2023-07-20. Partly verified. Checked 2026-11-15.\n"
        "    Since then: On 20 July 2023 the entry was removed.\n"
        "\n"
        "Notes by annotator"
    ) in out.decode()


@pytest.mark.parametrize("fmt", ["text", "markdown"])
def test_checks_are_apart(fmt: str) -> None:
    """A check has a mark of its own, stands above the notes and is counted apart."""
    document, annotations = annotate("goods were banned in 2005", ("goods", LUXURY), ("banned", PERSON), fmt=fmt)
    annotations[1] = replace(annotations[1], kind="claim", grade="contradicted")
    out = render(document, annotations, format=fmt, **SEALED)
    assert strip(out) == document.source
    text = out.decode()
    note, check = ("[1]", "[check 1]") if fmt == "text" else ("[^sr1]", "[^sr-check1]")
    assert text.startswith(f"goods{note} were banned{check} in 2005")
    assert "1 note, 1 check. Law as of 20 June 2024 (given)." in text
    assert text.index(PERSON.text) < text.index("para. 8(a)(iii)")


def test_same_note_same_number() -> None:
    """A note has one number, in the order of the text; several notes stand side by side."""
    document, annotations = annotate("b a b", ("a", PERSON), ("b", LUXURY), ("a", LUXURY))
    out = render(document, annotations, format="text", **SEALED).decode()
    assert out.startswith("b[1] a[2][1] b[1]\n\nNotes")


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("goods", "[1]"),
        ("goods as in [12]", "[n1]"),
        ("goods [1] [n4]", "[note 1]"),
        ("goods [1] [n1] [note 3] {2} {n1}", "[n-1-1]"),
        ("goods [1] [n1] [note 1] {1} {n1} [n-1-5] [n-3-1]", "[n-2-1]"),
    ],
)
def test_style_that_the_text_does_not_use(text: str, mark: str) -> None:
    """Markers never look like anything in the text."""
    assert written(text, ("goods", LUXURY)).startswith(f"goods{mark}")


def test_line_ends_and_encoding_are_kept() -> None:
    """The block uses the document's own line end, and letters that its encoding holds."""
    out = written("Luxe\r\nand goods\r\n", ("goods", LUXURY))
    assert "\n" not in out.replace("\r\n", "")
    note = Note("x", "The Council’s — “list” №\xa05: café, Łódź, 漢", (), None, None, "eu", "unverified", "2026-11-15")
    document, annotations = annotate("un café très chic".encode("cp1252"), ("café", note))
    assert document.encoding == "cp1252"
    out = render(document, annotations, format="text", **SEALED).decode("cp1252")
    assert "The Council’s — “list” No.  5: café, Lódz, ?" in out
    assert fitted("“a” – b… é § ½", "ascii") == '"a" - b... e s.  1/2'


def test_markers_stay_out_of_addresses() -> None:
    """A marker that would fall inside an address goes behind it."""
    assert written("at http://x.yz/goods/list now", ("goods", LUXURY)).startswith("at http://x.yz/goods/list[1] now")


def test_letters_stay_whole() -> None:
    """A marker does not part a letter from its accent, nor the halves of a line end."""
    assert written("caffe\u0301 noir", ("caffe", LUXURY)).startswith("caffe\u0301[1] noir")
    assert written("goods\r\nx", ("goods\r", LUXURY)).startswith("goods\r\n[1]x")


def test_wide_encodings() -> None:
    """UTF-16 and UTF-32 are written and stripped, with and without byte-order marks."""
    for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32"):
        source = "Oil and luxury goods.".encode(encoding)
        document = read(source)
        annotations = [Annotation(8, 20, "luxury goods", "r", "k", {}, (), (LUXURY,))]
        for fmt in ("text", "markdown"):
            out = render(document, annotations, format=fmt, **SEALED)
            assert out.decode(encoding).startswith("Oil and luxury goods[")
            assert strip(out) == source


def test_seal_is_one_plain_line() -> None:
    """Whatever the caller says, the seal is one line of ASCII that closes nothing."""
    document, annotations = annotate("goods", ("goods", LUXURY))
    for origin in ("", "the article’s\ndate --> line; marks [9]; original sha256", "x" * 500):
        for fmt in ("text", "markdown"):
            out = render(document, annotations, format=fmt, as_of="2024-06-20", as_of_from=origin, digest="-->")
            assert strip(out) == b"goods"


# -- stripping --------------------------------------------------------------------------------------


@pytest.mark.parametrize("fmt", ["text", "markdown"])
def test_edited_text_is_refused_in_one_line(fmt: str) -> None:
    """Notes in a text that was changed are not taken out unless one says so."""
    document, annotations = annotate("Luxury goods were sent.\n\nSo it goes.\n", ("goods", LUXURY), fmt=fmt)
    out = render(document, annotations, format=fmt, **SEALED)
    for changed, rest in (
        (out.replace(b"were sent", b"are sent"), b"Luxury goods are sent.\n\nSo it goes.\n"),
        (out + b"\nPS: one more line.\n", b"Luxury goods were sent.\n\nSo it goes.\n\nPS: one more line.\n"),
        (b"New title\n\n" + out, b"New title\n\nLuxury goods were sent.\n\nSo it goes.\n"),
        (out.replace(b"\n", b"\r\n"), b"Luxury goods were sent.\r\n\r\nSo it goes.\r\n"),
        (out.rstrip(b"\n"), b"Luxury goods were sent.\n\nSo it goes.\n"),
    ):
        assert not is_annotated(changed)
        if changed == out.rstrip(b"\n") and strip(changed, edited=True) == document.source:
            continue
        with pytest.raises(EditedError) as caught:
            strip(changed)
        assert "\n" not in str(caught.value)
        assert strip(changed, edited=True) == rest


def test_text_without_notes_is_left_alone() -> None:
    """What has no notes of ours comes back as it is, whatever it says."""
    for source in (
        b"",
        b"[1]\n\nNotes on sanctions law\n[1] x\n",
        b"Notes by annotator, as of",
        b"\xff\xfe\x00",
        b"\0",
    ):
        assert strip(source) == source
        assert strip(source, edited=True) == source
        assert not is_annotated(source)


def test_copies_of_blocks() -> None:
    """An article that quotes a block of ours is annotated and stripped like any other."""
    document, annotations = annotate("Luxury goods.", ("goods", LUXURY))
    block = render(document, annotations, format="text", **SEALED).decode()
    for text in (f"See the goods:\n\n{block}\nas shown.", f"goods\n\n{block}", f"goods{block}{block}"):
        out = written(text, ("See the goods", LUXURY), ("goods", PERSON))
        assert out.startswith(text[:4])
        with pytest.raises(EditedError):
            strip(text.encode())


def test_layers() -> None:
    """Each strip takes off one layer, also where formats differ."""
    document, annotations = annotate("Luxury goods.\n\n```\nopen", ("goods", LUXURY), fmt="markdown")
    one = render(document, annotations, format="markdown", **SEALED)
    again, more = annotate(one, ("Luxury", PERSON), fmt="text")
    two = render(again, more, format="text", **SEALED)
    last, most = annotate(two, ("goods", PERSON), fmt="markdown")
    three = render(last, most, format="markdown", **SEALED)
    assert [strip(three), strip(two), strip(one)] == [two, one, document.source]
    assert is_annotated(three)


# -- Markdown ---------------------------------------------------------------------------------------


def test_markdown_as_a_whole() -> None:
    """The whole of a small example."""
    source = "# The *goods*\n"
    assert written(source, ("goods", PERSON), fmt="markdown") == (
        "# The *goods*[^sr1]\n"
        "\n"
        "\n"
        "<!-- Notes by annotator, as of 2024-06-20 (given); rules 0123456789abcdef; marks [^sr1]; "
        f"original sha256 {sha256(source.encode()).hexdigest()[:16]} -->\n"
        "\n"
        "*1 note. Law as of 20 June 2024 (given).*\n"
        "\n"
        "[^sr1]: A. Sample was listed by the United Kingdom.\n"
        "\n"
        "    Since then: On 20 July 2023 the entry was removed.\n"
        "\n"
        "*Sources:* SI 2019/855, <https://example.org/a%20b>; Act\n"
        "\n"
        "<!-- End of notes [^sr1] -->\n"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the goods.", "the goods[^sr1]."),
        ("[the goods](http://x.yz) go", "[the goods](http://x.yz)[^sr1] go"),
        ("![goods](x.png) go", "![goods](x.png)[^sr1] go"),
        ("[goods][r] go\n\n[r]: x", "[goods][r]<!--sr-->[^sr1] go\n\n[r]: x"),
        ("[goods] go\n\n[goods]: x", "[goods]<!--sr-->[^sr1] go"),
        ("[some goods] go", "[some goods[^sr1]] go"),
        ("[[goods]] go", "[[goods]]<!--sr-->[^sr1] go"),
        ("goods(many) go", "goods[^sr1]<!--sr-->(many) go"),
        ("<!-- x --> goods(many) go", "<!-- x --> goods(many)"),
        ("**goods** go", "**goods**[^sr1] go"),
        ("**goods**x go", "**goods**x[^sr1] go"),
        ("*(goods)* go", "*(goods[^sr1])* go"),
        ("goods_x_y go", "goods_x_y[^sr1] go"),
        ("`goods` go", "`goods`[^sr1] go"),
        ("<a href='x'>goods</a> go", "<a href='x'>goods</a>[^sr1] go"),
        ("see http://x.yz/goods go", "see http://x.yz/goods[^sr1] go"),
        ("| goods | b |\n|---|---|\n| c | d |", "| goods[^sr1] | b |\n|---|---|\n| c | d |"),
        ("- goods\n- x", "- goods[^sr1]\n- x"),
        ("goods\n=====\n", "goods[^sr1]\n=====\n"),
        ("> goods\n> go", "> goods[^sr1]\n> go"),
    ],
)
def test_markdown_places(text: str, expected: str) -> None:
    """Markers go where Markdown stays what it was."""
    document, annotations = annotate(text, ("goods", LUXURY), fmt="markdown")
    out = render(document, annotations[:1], format="markdown", **SEALED)
    assert strip(out) == document.source
    assert out.decode().startswith(expected)


def test_markdown_label_that_the_text_does_not_use() -> None:
    """Footnote labels never occur in the text."""
    assert written("goods [^sr1]", ("goods", LUXURY), fmt="markdown").startswith("goods[^sr2n1] [^sr1]")
    assert written("goods sr7n <!--sr", ("goods", LUXURY), fmt="markdown").startswith("goods[^sr8n1] sr7n")
    document, annotations = annotate("goods [^sr1] sr" + "9" * 50 + "n", ("goods", LUXURY), fmt="markdown")
    with pytest.raises(OutputError, match="label"):
        render(document, annotations, format="markdown", **SEALED)


def test_markdown_notes_before_an_open_block() -> None:
    """Where the text ends inside code, the notes stand before it, and are notes."""
    out = written("goods\n\n```\ncode\n", ("goods", LUXURY), fmt="markdown")
    assert out.endswith("<!-- End of notes [^sr1] -->\n```\ncode\n")


def test_markdown_escapes() -> None:
    """Notes are shown as they are written, and nothing in them is markup."""
    words = "1. A *b* _c_ [d](e) <f> `g` # h | i ~j~ &amp; \\ k!"
    assert MarkdownIt("commonmark").render(escaped(words)) == (
        "<p>1. A *b* _c_ [d](e) &lt;f&gt; `g` # h | i ~j~ &amp;amp; \\ k!</p>\n"
    )
    for words in ("- x", "+ x", "# x", "> x", "1) x", "=== x", ": x", "--- x"):
        assert MarkdownIt("commonmark").render(escaped(words)).startswith("<p>")


def _footnotes() -> MarkdownIt:
    """Return a parser that shows footnote references of ours as one character."""

    def reference(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's own form
        found = re.compile(r"\[\^sr(?:\d+n)?\d+\]").match(state.src, state.pos)
        if not found:
            return False
        if not silent:
            state.push("html_inline", "", 0).content = "\ue000"
        state.pos = found.end()
        return True

    parser = MarkdownIt("commonmark").enable("table")
    parser.inline.ruler.before("link", "ours", reference)
    return parser


def _shown(parser: MarkdownIt, text: str) -> str:
    """Return the HTML of an annotated text without its block of notes."""
    html = parser.render(text)
    start = html.index("<!-- Notes by annotator")
    end = html.index("-->", html.index("<!-- End of notes")) + 3
    return re.sub(r"<!--sr-->|<\?sr\?>", "", html[:start] + html[end:])


SAMPLES = [
    "# A *heading* of [links](x) #\n\nText **strong**ly said, _so_ it goes; `code` and ![pictures](y 'z').\n",
    "Setext `head`\n===\n\n> quoted *text\n> goes* on\n> - with a list\n>   in it\n\n***bold** both* end\n",
    "1. one\n2. two *three*four\n\n   more [text][ref] and [ref] here\n\n[ref]: http://x.yz 'title'\n",
    "| a | *b* |\n|---|:-:|\n| c `x\\|y` d | [e](f) |\n\nafter\n",
    "word<b>bold</b>word &amp; more\\*text\\* end\\\nnext  \nline\n",
    "~~~\ncode\n~~~\n\n    indented\n\n<div>html</div>\n\nlast [one] (two), (a)[b]\n\n- x\n- y\n\n```\nopen",
    'a*b*c **d***e* _f_g __h__ i*j k*l ((m)) "n" *o*: **p**; **q**\u2014r\n',
]


def _seen(parser: MarkdownIt, out: str, style: str) -> str:
    """Return the rendering with each marker of ours as one character."""
    if style == "footnotes":
        return _shown(parser, out)
    if style == "notes":
        body = parser.render(re.sub(r"(?s)<!-- Notes by.*?<!-- End of notes \[\^sr1\] -->", "", out))
        body = re.sub(r'<a href="#sr-note-1">\[1\]</a>', "\ue000", body)
        return re.sub(r"<!--sr-->|<\?sr\?>", "", body)
    body = parser.render(re.sub(r"(?s)<!-- Notes by.*?<!-- End of notes \[\^sr1\] -->", "", out))
    return re.sub(r"(?:<!--sr-->|<\?sr\?>) \[.*?\](?:<!--/sr-->|<\?/sr\?>)", "\ue000", body)


def _check_markdown(text: str, style: str = "footnotes", most: int = 1000) -> int:
    """Put a marker behind each word in turn: the HTML stays the same but for the marker."""
    parser = _footnotes()
    before = parser.render(text)
    document = read(text, format="markdown")
    count = 0
    for word in re.finditer(r"[^\W_]+", document.text):
        if any(span.start < word.end() and word.start() < span.end for span in document.layout.protected):
            continue
        annotation = Annotation(word.start(), word.end(), word[0], "r", "k", {}, (), (LUXURY,))
        out = render(document, [annotation], format="markdown", style=style, **SEALED)
        assert strip(out) == document.source
        shown = _seen(parser, out.decode(), style)
        assert shown.count("\ue000") == 1, (text, word)
        assert re.sub(r"\s+", "", shown.replace("\ue000", "")) == re.sub(r"\s+", "", before), (text, word)
        count += 1
        if count == most:
            break
    return count


STYLES = ["footnotes", "inline", "notes"]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("text", SAMPLES)
def test_markdown_means_the_same(text: str, style: str) -> None:
    """A marker behind any word leaves the rest of the page as it was."""
    assert _check_markdown(text, style) > 2


@pytest.mark.parametrize("style", STYLES)
def test_markdown_means_the_same_over_the_specification(outside: Path, style: str) -> None:
    """The same over all examples of the CommonMark specification."""
    quirks = {570}  # markdown-it itself reads this shortcut reference in two ways
    examples = json.loads((outside / "peers" / "commonmark-spec.json").read_text("utf-8"))
    most = 1000 if style == "footnotes" else 2
    counts = [_check_markdown(each["markdown"], style, most) for each in examples if each["example"] not in quirks]
    assert sum(counts) > (1000 if style == "footnotes" else 500)


# -- JSON -------------------------------------------------------------------------------------------


def test_json_follows_its_schema() -> None:
    """The object is complete, in order, on one line, and follows the shipped schema."""
    document, annotations = annotate("luxury goods\ud800", ("goods", LUXURY), ("\ud800", PERSON))
    out = render(document, annotations, format="json", sources=["rules/a.yaml"], **SEALED)
    assert b"\n" not in out
    assert out.isascii()
    found = json.loads(out)
    jsonschema.Draft202012Validator.check_schema(json_schema())
    jsonschema.validate(found, json_schema())
    assert list(found) == ["version", "document", "notes", "checks", "rulebook", "annotations"]
    assert (found["notes"], found["checks"]) == (2, 0)
    assert found["rulebook"] == {"digest": SEALED["digest"], "sources": ["rules/a.yaml"]}
    assert found["document"]["path"] is None
    first = found["annotations"][0]
    assert (first["start"], first["end"], first["text"], first["why"]) == (7, 12, "goods", ["because"])
    assert first["notes"][0]["in_force"] == {"from": "2006-10-14", "until": None}
    assert first["notes"][0]["full"] == LUXURY.text
    assert found["annotations"][1]["text"] == "\ud800"
    assert render(document, annotations, format="json", sources=["rules/a.yaml"], **SEALED) == out


def test_formats() -> None:
    """Unknown formats are refused; no annotations mean no change, and an empty list in JSON."""
    document, annotations = annotate("goods", ("goods", LUXURY))
    with pytest.raises(UsageError, match="use one of: text, markdown, "):
        render(document, annotations, format="word", **SEALED)
    assert FORMATS[:2] == ("text", "markdown")
    assert json.loads(render(document, [], format="json", **SEALED))["annotations"] == []


WORDS = ["foo", "bar", "baz", "title", "link", "text", "heading", "code", "emphasis", "aaa", "hello", "a", "b", "c"]


@pytest.mark.parametrize("style", STYLES)
def test_rules_over_the_specification(outside: Path, tmp_path: Path, style: str) -> None:
    """Rules that hit common words of the examples damage none of them: what is rendered is what was."""
    made = annotator(tmp_path, {f"r{number}": [word] for number, word in enumerate(WORDS)})
    parser = _footnotes()
    examples = json.loads((outside / "peers" / "commonmark-spec.json").read_text("utf-8"))
    hit = 0
    for each in examples:
        source = each["markdown"]
        result = made.annotate(source, format="markdown", as_of="2024-06-20", notes="every")
        out = result.render(style=style)
        assert annotator_strip(out) == source
        assert made.annotate(out, format="markdown", as_of="2024-06-20", notes="every").render(style=style) == out
        if result.annotations and each["example"] != 570:  # markdown-it reads that reference in two ways
            hit += 1
            shown = _seen(parser, re.sub(r"\[\^sr[0-9]+\]", "[^sr1]", out) if style == "footnotes" else out, style)
            shown = re.sub(r'<a href="#sr-note-[0-9]+">\[[0-9]+\]</a>|\ue000', "", shown)
            assert re.sub(r"\s+", "", shown) == re.sub(r"\s+", "", parser.render(source)), each["example"]
    assert hit > 350


@pytest.mark.parametrize("case", cases("markdown"), ids=lambda case: case["name"])
def test_markdown_mentions(case: dict[str, Any], tmp_path: Path) -> None:
    """Mentions run across what is no text, and markers stand where they change nothing else."""
    made = annotator(tmp_path, {"goods": ["luxury goods"], "resolution": ["Resolution 2397"], "coal": ["coal"]})
    result = made.annotate(case["text"], format="markdown", as_of="2024-06-20", notes="every")
    assert [one.text for one in result.annotations] == case["found"]
    places = result.document.places
    for one in result.annotations:
        start, end = (places.before(one.start), places.after(one.end)) if places else (one.start, one.end)
        assert result.document.markup[start:end].split()[0].lstrip("*_~“[<>b")[:3] == one.text[:3]
    out = result.render()
    assert annotator_strip(out) == case["text"]
    if "written" in case:
        assert case["written"] in out.replace("[^sr1]", "@")
