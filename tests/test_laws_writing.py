"""The laws of writing, over arbitrary text and bytes: only insert, and give back every byte."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from notemaking import SEALED, bent

from annotator.errors import EditedError, InputError
from annotator.model import Annotation, Document, Note, Source
from annotator.reading import read
from annotator.writing import is_annotated, render, strip

FORMATS = ("text", "markdown")


def note(number: int) -> Note:
    """Return a note with everything in it that could trouble a format."""
    return Note(
        id=f"test.note-{number}",
        text=f"Note {number}: the Council’s text [1] *says* <so> — `x` [^sr1] & {{1}}\n\nNotes on sanctions law",
        sources=(
            Source(f"S/RES/{number} (2006)", "para. 8(a)(iii)", f"https://undocs.org/S/RES/{number}(2006)"),
            Source("Act § 3", "", ""),
        ),
        from_date="2006-10-14",
        until="2016-03-02" if number % 2 else None,
        jurisdiction="un",
        status="partly",
        checked="2026-11-15",
        later=("In 2016 it was widened.",) if number % 3 else (),
    )


def pasted(text: str, fmt: str) -> str:
    """Return a text that already carries notes of ours, to be pasted into others."""
    document = read(text, format=fmt)
    return render(document, annotations(document, [(0, 4, 1)]), format=fmt, **SEALED).decode("utf-8")


def annotations(document: Document, places: list[tuple[int, int, int]]) -> list[Annotation]:
    """Return annotations at places that are bent to the length of the text."""
    return bent(document, places, note)


OURS = [
    "[1]", "[n1]", "[note 1]", "{1}", "{n1}", "[n-1-1]", "[n-2-7]", "[", "]", "1]", "[1", "[^sr1]", "[^sr", "<!--sr-->",
    "sr2n", "[^sr2n1]", "<!-- End of notes [^sr1] -->", "Notes on sanctions law", "\n\nNotes on sanctions law\n",
    "Notes by annotator, as of 2024-06-20 (given); rules 0; marks [1]; original sha256 0123456789abcdef\n",
    "<!-- Notes by annotator, as of x; rules 0; marks [^sr1]; original sha256 0123456789abcdef -->",
    "<!-- Notes by annotator, as of x; rules 0; marks [^sr9n1]; original sha256 0123456789abcdef -->",
    pasted("An old story.", "text"), pasted("An old story.\n", "text"), pasted("An *old* story.\n", "markdown"),
    pasted(pasted("Two layers.", "text") + " ", "text"), pasted(pasted("Two layers.", "markdown") + "x", "markdown"),
]  # fmt: skip
MARKUP = [
    "```", "~~~\n", "`", "``", "# ", "\n---\n", "> ", "- ", "1. ", "| a | b |\n|---|---|\n", "[x](y)", "![x](y 'z')",
    "[x][y]", "[x]: y\n", "<b>", "<!--", "-->", "<div>\n", "<a href='x'>y</a>", "**", "_", "\\", "&amp;", "{{ x }}",
    "[^n]", "[^n]: m\n", "http://x.yz/a_(b)", "a@b.cd", "\t", "    ", "<http://x.y>", "---\nx: y\n---\n", "[[w]]",
]  # fmt: skip
ENDS = [
    "\n",
    "\r\n",
    "\r",
    "\n\n",
    "\r\n\r\n",
    "\r\r",
    "\f",
    "\x85",
    "\u2028",
    "\0",
    "\ufeff",
    "\u0301",
    "\u200d",
    "\xa0",
]

words = st.sampled_from([*OURS, *MARKUP, *ENDS, "Pyongyang", "luxury goods", " ", " ", ". ", "é", "’", "金正恩", "😀"])
texts = st.one_of(
    st.lists(st.one_of(words, st.text(max_size=5)), max_size=14).map("".join),
    st.text(st.characters(exclude_categories=()), max_size=60),  # with lone surrogates
)
places = st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 4000), st.integers(1, 5)), min_size=1, max_size=6)
formats = st.sampled_from(FORMATS)
encodings = st.sampled_from(
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32", "cp1252", "cp1251", "shift_jis", "gb18030", "big5"]
)

MANY = settings(max_examples=150)


def check(document: Document, chosen: list[Annotation], fmt: str) -> None:
    """Hold one document to all laws."""
    out = render(document, chosen, format=fmt, **SEALED)
    assert out != document.source
    assert strip(out) == document.source
    assert is_annotated(out)
    assert strip(out, edited=True) == document.source
    assert out.startswith(document.bom)
    again = render(document, chosen, format=fmt, **SEALED)
    assert again == out
    text = out[len(document.bom) :].decode(document.encoding, document.errors)
    assert document.bom + document.encode(text) == out
    rest = iter(text)
    assert all(char in rest for char in document.markup)  # in order, nothing lost


@MANY
@given(texts, places, formats, formats)
@example("x", [(0, 1, 1)], "text", "text")
@example("```\nx", [(5, 5, 1)], "markdown", "markdown")
@example("\r", [(0, 1, 1)], "text", "markdown")
@example("ab\r\ncd", [(3, 3, 1)], "text", "text")
@example("[" + "1]", [(1, 1, 1)], "text", "text")
@example("<!--", [(4, 4, 1)], "markdown", "markdown")
def test_strings_come_back(text: str, where: list[tuple[int, int, int]], fmt: str, read_as: str) -> None:
    """A string, whatever it holds, comes back from its annotated form."""
    document = read(text, format=read_as)
    assert document.encode(document.markup) == document.source
    check(document, annotations(document, where), fmt)


@MANY
@given(
    st.one_of(st.binary(max_size=80), texts.map(lambda text: text.encode("utf-8", "surrogatepass"))), places, formats
)
def test_bytes_come_back(source: bytes, where: list[tuple[int, int, int]], fmt: str) -> None:
    """Bytes are refused with a message, or come back."""
    try:
        document = read(source, format=fmt)
    except InputError as error:
        assert "\n" not in str(error)  # noqa: PT017 - refusing is one of the two right answers
        return
    assert document.source == source == document.bom + document.encode(document.markup)
    check(document, annotations(document, where), fmt)


@MANY
@given(texts, encodings, places, formats)
def test_encodings_come_back(text: str, encoding: str, where: list[tuple[int, int, int]], fmt: str) -> None:
    """A text in any encoding comes back in it, with its byte-order mark."""
    source = text.encode(encoding, "ignore")
    try:
        document = read(source, format=fmt, encoding=encoding)
    except InputError:
        return
    assert document.source == source == document.bom + document.encode(document.markup)
    check(document, annotations(document, where), fmt)


@MANY
@given(texts, places, places, formats, formats)
def test_layers_come_off_one_by_one(
    text: str, first: list[tuple[int, int, int]], second: list[tuple[int, int, int]], inner: str, outer: str
) -> None:
    """Notes on a text that has notes come off alone; stripping first makes the second run like the first."""
    document = read(text, format=inner)
    once = render(document, annotations(document, first), format=inner, **SEALED)
    twice_read = read(once, format=outer)
    twice = render(twice_read, annotations(twice_read, second), format=outer, **SEALED)
    assert strip(twice) == once
    assert strip(strip(twice)) == document.source
    try:
        back = read(strip(once), format=inner)
    except InputError:
        return  # as bytes, what is full of control characters is no text
    if back.markup == text:
        assert render(back, annotations(back, first), format=inner, **SEALED) == once


@MANY
@given(texts, formats)
def test_no_notes_no_change(text: str, fmt: str) -> None:
    """Without notes the output is the input."""
    document = read(text, format=fmt)
    assert render(document, [], format=fmt, **SEALED) == document.source
    empty = [Annotation(0, 0, "", "test.rule", "term", {}, ())]
    assert render(document, empty, format=fmt, **SEALED) == document.source


@MANY
@given(texts, places, formats)
def test_changed_line_ends(text: str, where: list[tuple[int, int, int]], fmt: str) -> None:
    """Notes come out of a text whose line ends an editor changed, once one says that it was edited."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n\n", "\n")
    if "annotator" in plain or "Notes on" in plain or "sr" in plain:
        return
    document = read(f"Story.\n{plain}", format=fmt)
    out = render(document, annotations(document, where), format=fmt, **SEALED)
    changed = out.replace(b"\n", b"\r\n")
    with pytest.raises(EditedError):
        strip(changed)
    assert not is_annotated(changed)
    assert strip(changed, edited=True) == document.source.replace(b"\n", b"\r\n")


@MANY
@given(texts)
def test_strip_never_breaks(text: str) -> None:
    """Stripping what has no notes of ours gives it back; what only looks like ours is left to the user."""
    source = text.encode("utf-8", "surrogatepass")
    try:
        rest = strip(source)
    except EditedError as error:
        assert "\n" not in str(error)  # noqa: PT017 - refusing is one of the right answers
        assert not is_annotated(source)
        strip(source, edited=True)
    else:
        assert (rest == source) is not is_annotated(source)
