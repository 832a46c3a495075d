"""Content controls of Word, at every level and of every kind: where marks go, and what LibreOffice makes of it."""

from __future__ import annotations

import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from itertools import product
from typing import TYPE_CHECKING

import pytest
from docxmaking import MC, SPACES, W, box, document, package, paragraph, part, text
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator import Annotator, strip
from annotator.reading import read

if TYPE_CHECKING:
    from pathlib import Path

Q = f"{{{W}}}"
W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
W15 = "http://schemas.microsoft.com/office/word/2012/wordml"
DATE = (
    '<w:date w:fullDate="2024-06-20T00:00:00Z"><w:dateFormat w:val="d MMMM yyyy"/><w:lid w:val="en-GB"/>'
    '<w:storeMappedDataAs w:val="dateTime"/><w:calendar w:val="gregorian"/></w:date>'
)
BOUND = '<w:dataBinding w:xpath="/a" w:storeItemID="{00000000-0000-0000-0000-000000000001}"/>'
PLAIN = {
    "text": "<w:text/>",
    "bound text": f"{BOUND}<w:text/>",
    "bound rich text": BOUND,
    "bound rich text, newer": f'<w15:dataBinding xmlns:w15="{W15}" w:xpath="/a" w:storeItemID="{{0}}"/>',
    "date": DATE,
    "list": '<w:dropDownList><w:listItem w:displayText="a" w:value="1"/></w:dropDownList>',
    "box to fill": '<w:comboBox><w:listItem w:displayText="a" w:value="1"/></w:comboBox>',
    "checkbox": f'<w14:checkbox xmlns:w14="{W14}"><w14:checked w14:val="1"/></w14:checkbox>',
    "picture": "<w:picture/>",
    "citation": "<w:citation/>",
}
RICH = {
    "rich": "<w:richText/>",
    "nothing said": '<w:id w:val="123"/>',
    "named": '<w:alias w:val="Title"/><w:tag w:val="t"/><w:placeholder><w:docPart w:val="D"/></w:placeholder>',
    "Google": '<w:tag w:val="goog_rdk_0"/>',
    "Google with a number": '<w:id w:val="-123"/><w:tag w:val="goog_rdk_1"/>',
    "group": "<w:group/>",
    "building block": '<w:docPartObj><w:docPartGallery w:val="Cover Pages"/></w:docPartObj>',
    "repeated": f'<w15:repeatingSection xmlns:w15="{W15}"/>',
}
KINDS = {**PLAIN, **RICH}


def control(kind: str, inside: str) -> str:
    """Return a content control around something."""
    return f"<w:sdt><w:sdtPr>{KINDS[kind]}</w:sdtPr><w:sdtContent>{inside}</w:sdtContent></w:sdt>"


def cell(inside: str) -> str:
    """Return a cell of a table."""
    return f'<w:tc><w:tcPr><w:tcW w:w="4000" w:type="dxa"/></w:tcPr>{inside}</w:tc>'


def table(*rows: str) -> str:
    """Return a table with two columns."""
    grid = '<w:tblGrid><w:gridCol w:w="4000"/><w:gridCol w:w="4000"/></w:tblGrid>'
    return f"<w:tbl><w:tblPr/>{grid}{''.join(rows)}</w:tbl>"


def row(*cells: str) -> str:
    """Return a row of a table."""
    return f"<w:tr>{''.join(cells)}</w:tr>"


CHOICE = f'<mc:AlternateContent xmlns:w14="{W14}"><mc:Choice Requires="w14">{{}}</mc:Choice></mc:AlternateContent>'
BEFORE, BEHIND, OTHER = (paragraph(text(words)) for words in ("Before it.", "Behind it.", "Other."))


def levels(kind: str, runs: str) -> dict[str, str]:
    """Return a body for each place that a control around some runs can have."""
    inner = control(kind, paragraph(runs))
    return {
        "runs": paragraph(text("Say "), control(kind, runs), text(" so.")),
        "block": BEFORE + inner + BEHIND,
        "block, first": inner + BEHIND,
        "block, last": BEFORE + inner,
        "block, alone": inner,
        "block, before an empty paragraph": inner + "<w:p/>" + BEHIND,
        "block in a cell": table(row(cell(inner), cell(OTHER))) + BEHIND,
        "block in the last cell": BEFORE + table(row(cell(OTHER), cell(inner))),
        "several paragraphs": BEFORE + control(kind, paragraph(runs) + OTHER) + BEHIND,
        "second of several": BEFORE + control(kind, OTHER + paragraph(runs)) + BEHIND,
        "cell": table(row(control(kind, cell(paragraph(runs))), cell(OTHER))) + BEHIND,
        "last cell": table(row(cell(OTHER), control(kind, cell(paragraph(runs))))) + BEHIND,
        "row": table(row(cell(OTHER), cell(OTHER)), control(kind, row(cell(paragraph(runs)), cell(OTHER)))) + BEHIND,
        "nested": BEFORE + control("rich", control(kind, paragraph(runs))) + BEHIND,
        "around a control": BEFORE + control(kind, paragraph(text("a "), control("text", runs))) + BEHIND,
        "several in a row": inner + inner + control(kind, OTHER) + BEHIND,
        "with a text box": BEFORE + control(kind, paragraph(text("out "), box(paragraph(runs)))) + BEHIND,
    }


LEVELS = tuple(levels("text", ""))
RUNS = text("He sold "), text("widgets", "<w:b/>"), text(" and gadgets to him.")
MARKS = {f"{Q}{name}" for name in ("commentRangeStart", "commentRangeEnd", "commentReference", "footnoteReference")}


@pytest.fixture(scope="module")
def desk_annotator(tmp_path_factory: pytest.TempPathFactory) -> Annotator:
    from conftest import DESK

    path = tmp_path_factory.mktemp("rules") / "desk.yaml"
    path.write_text(DESK, encoding="utf-8")
    return Annotator(path, default_rules=False)


def noted(annotator: Annotator, source: bytes, style: str) -> bytes:
    """Return a document with its notes, after holding it to what must be true whatever its controls."""
    result = annotator.annotate(source, as_of="2024-06-20", notes="every")
    out = result.render_bytes(style=style)
    if not result.annotations:
        assert out == source
        return out
    assert not result.unplaced
    assert strip(out) == source
    assert read(out).text == result.document.text
    root = ET.fromstring(part(out))
    for each in root.iter(f"{Q}sdt"):
        properties = each.find(f"{Q}sdtPr")
        if properties is not None and any(ET.tostring(one).startswith(_heads()) for one in properties):
            assert not [mark for mark in each.iter() if mark.tag in MARKS]
    for each in root.iter(f"{{{MC}}}AlternateContent"):
        assert not [mark for mark in each.iter() if mark.tag in MARKS]
    kinds: dict[str, list[str]] = {}
    for mark in root.iter():
        if mark.tag in MARKS:
            kinds.setdefault(mark.attrib[f"{Q}id"], []).append(mark.tag.removeprefix(Q))
    above = {child: each for each in root.iter() for child in each}
    for mark in root.iter():
        if mark.tag in (f"{Q}commentReference", f"{Q}footnoteReference"):
            assert above[above[mark]].tag == f"{Q}p"
    whole = (
        ["commentRangeStart", "commentRangeEnd", "commentReference"] if style == "comments" else ["footnoteReference"]
    )
    assert set(map(tuple, kinds.values())) == {tuple(whole)}
    assert len(kinds) == len(result.annotations)
    return out


def _heads() -> tuple[bytes, ...]:
    names = ("text", "dataBinding", "date", "dropDownList", "comboBox", "checkbox", "picture", "citation")
    return tuple(f"<ns{number}:{name}".encode() for name in names for number in range(3))


@pytest.mark.parametrize("style", ["comments", "footnotes"])
@pytest.mark.parametrize("kind", KINDS)
def test_marks_stay_out_of_plain_values(desk_annotator: Annotator, kind: str, style: str) -> None:
    for body in levels(kind, "".join(RUNS)).values():
        noted(desk_annotator, package(body), style)


def ranges(content: bytes) -> list[str]:
    """Return the letters within each comment's range, in order."""
    found: dict[str, str] = {}
    opened: set[str] = set()
    for each in ET.fromstring(content).iter():
        number = each.get(f"{Q}id", "")
        if each.tag == f"{Q}commentRangeStart":
            opened.add(number)
            found[number] = ""
        elif each.tag == f"{Q}commentRangeEnd":
            opened.discard(number)
        elif each.tag == f"{Q}t":
            for one in opened:
                found[one] += each.text or ""
    return list(found.values())


@pytest.mark.parametrize("level", ["block", "cell", "row", "block, first", "several in a row"])
def test_a_comment_is_on_the_whole_of_a_plain_value(desk_annotator: Annotator, level: str) -> None:
    out = part(noted(desk_annotator, package(levels("date", text("He sold widgets."))[level]), "comments"))
    assert ranges(out)[0].startswith("He sold widgets.")
    assert re.search(rb'<w:commentRangeStart w:id="0"/><w:sdt>', out)
    assert re.search(rb'</w:sdt><w:commentRangeEnd w:id="0"/>', out)


@pytest.mark.parametrize("level", ["runs", "block", "several paragraphs", "cell", "last cell", "row", "nested"])
def test_a_comment_in_a_rich_control_is_on_its_words(desk_annotator: Annotator, level: str) -> None:
    out = part(noted(desk_annotator, package(levels("Google", "".join(RUNS))[level]), "comments"))
    assert set(ranges(out)) == {"widgets", "gadgets"}


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (BEFORE + control("text", paragraph(text("widgets"))) + BEHIND, '<w:p>@<w:r><w:t xml:space="preserve">Behind'),
        (control("text", paragraph(text("widgets"))) + "<w:p/>" + BEHIND, "<w:p>@</w:p>"),
        (control("text", paragraph(text("widgets"))) + '<w:p w:rsidR="1"/>', '<w:p w:rsidR="1">@</w:p>'),
        (
            control("text", paragraph(text("widgets"))) + paragraph(text("x"), looks='<w:pStyle w:val="a"/>'),
            '<w:pPr><w:pStyle w:val="a"/></w:pPr>@<w:r>',
        ),
        (BEFORE + control("text", paragraph(text("widgets"))), "Before it.</w:t></w:r>@</w:p>"),
        (control("text", paragraph(text("widgets"))), "<w:p>@</w:p><w:sectPr/></w:body>"),
        (
            control("text", paragraph(text("widgets"))) + control("date", OTHER) + BEHIND,
            '<w:p>@<w:r><w:t xml:space="preserve">Behind',
        ),
        (control("rich", paragraph(text("widgets")) + OTHER) + BEHIND, '<w:p>@<w:r><w:t xml:space="preserve">Other.'),
        (
            CHOICE.format(paragraph(text("widgets"))) + BEHIND,
            '<w:p>@<w:r><w:t xml:space="preserve">Behind',
        ),
    ],
)
@pytest.mark.parametrize("style", ["comments", "footnotes"])
def test_where_a_reference_goes(desk_annotator: Annotator, body: str, where: str, style: str) -> None:
    out = part(noted(desk_annotator, package(body), style)).decode()
    run = r"<w:r>(?:<w:rPr>(?:(?!</w:rPr>).)*</w:rPr>)?<w:(?:comment|footnote)Reference w:id=\"[0-9]+\"/></w:r>"
    marks = r"(?:<w:commentRange(?:Start|End) w:id=\"0\"/>)*"
    assert re.search(re.escape(where).replace("@", marks + run), out), out


def test_a_number_stays_in_the_row(desk_annotator: Annotator) -> None:
    last = BEFORE + table(row(cell(OTHER), cell(control("text", paragraph(text("widgets")))))) + BEHIND
    notes = part(noted(desk_annotator, package(last), "footnotes"))
    assert notes.index(b"Other.") < notes.index(b"footnoteReference") < notes.index(b"widgets")
    comments = part(noted(desk_annotator, package(last), "comments"))
    assert comments.index(b"widgets") < comments.index(b"commentReference") < comments.index(b"Behind")


def test_a_field_is_no_place_for_a_reference(desk_annotator: Annotator) -> None:
    """A table of contents is made anew by Word, and what was put into it would be gone."""
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    field = paragraph(begin, text("one 1")) + paragraph(text("two 2")) + paragraph(text("three 3"), end)
    out = part(noted(desk_annotator, package(field + control("text", paragraph(text("widgets"))) + field), "comments"))
    assert b'<w:p><w:r><w:commentReference w:id="0"/></w:r><w:r><w:fldChar w:fldCharType="begin"/>' in out


BLOCKS = st.deferred(
    lambda: st.one_of(
        st.sampled_from([OTHER, "<w:p/>", '<w:p w:rsidR="1"/>', paragraph(*RUNS), paragraph(text("widgets"))]),
        st.sampled_from(sorted(KINDS)).flatmap(
            lambda kind: st.one_of(
                st.lists(BLOCKS, min_size=1, max_size=2).map(lambda inner: control(kind, "".join(inner))),
                st.just(paragraph(text("a "), control(kind, text("widgets")), text(" z"))),
                st.just(control(kind, paragraph(text("gadgets")))),
                st.lists(BLOCKS, min_size=1, max_size=2).map(
                    lambda inner: table(row(control(kind, cell("".join(inner) + "<w:p/>")), cell(OTHER)))
                ),
                st.lists(BLOCKS, min_size=1, max_size=2).map(
                    lambda inner: table(control(kind, row(cell("".join(inner) + "<w:p/>"), cell(OTHER))))
                ),
            )
        ),
        st.just(paragraph(text("out "), box(paragraph(text("widgets"))))),
    )
)


@settings(max_examples=200)
@given(st.lists(BLOCKS, min_size=1, max_size=4), st.sampled_from(["comments", "footnotes"]))
def test_controls_in_any_order(desk_annotator: Annotator, blocks: list[str], style: str) -> None:
    noted(desk_annotator, package("".join(blocks)), style)


def test_nothing_is_lost_where_there_is_no_body(desk_annotator: Annotator) -> None:
    from annotator.errors import OutputError

    whole = document("").replace("<w:body>", "").replace("</w:body>", "").replace("<w:sectPr/>", "@")
    result = desk_annotator.annotate(
        package(whole.replace("@", control("text", paragraph(text("widgets"))))), as_of="2024-06-20"
    )
    with pytest.raises(OutputError, match="no paragraph"):
        result.render_bytes()
    assert SPACES in whole


OFFICE = shutil.which("soffice") or shutil.which("libreoffice")


@pytest.mark.slow
@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed; its writer is enough")
def test_libreoffice_shows_all_words(desk_annotator: Annotator, tmp_path: Path) -> None:
    """No word is lost in LibreOffice that was there without the notes, and every note is there."""
    made: dict[str, str] = {}
    for number, (kind, level) in enumerate(product(KINDS, LEVELS)):
        source = package(levels(kind, "".join(RUNS))[level])
        (tmp_path / f"{number}.bare.docx").write_bytes(source)
        for style in ("comments", "footnotes"):
            (tmp_path / f"{number}.{style}.docx").write_bytes(noted(desk_annotator, source, style))
        made[str(number)] = f"{kind}, {level}"
    files = sorted(tmp_path.glob("*.docx"))
    for start in range(0, len(files), 60):  # the program takes no more of them at once
        command = [str(OFFICE), f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless"]
        command += ["--convert-to", "fodt", "--outdir", str(tmp_path / "out"), *map(str, files[start : start + 60])]
        subprocess.run(command, check=True, capture_output=True, timeout=600)
    for number, name in made.items():
        bare, _ = _shown(tmp_path / "out" / f"{number}.bare.fodt")
        for style in ("comments", "footnotes"):
            words, notes = _shown(tmp_path / "out" / f"{number}.{style}.fodt")
            assert words == bare, f"{name}, {style}"
            assert len(notes) == part((tmp_path / f"{number}.{style}.docx").read_bytes()).count(b"Reference "), name


def _shown(path: Path) -> tuple[list[str], list[str]]:
    """Return the words of a document that LibreOffice has written, and its notes apart."""
    root = ET.fromstring(path.read_bytes())
    spaces = {
        "o": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
        "t": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    }
    body = root.find("o:body/o:text", spaces)
    assert body is not None
    notes: list[str] = []

    def words(element: ET.Element) -> str:
        tag = element.tag.rpartition("}")[2]
        if tag in ("annotation", "note"):
            notes.append("".join(element.itertext()))
            return element.tail or ""
        if tag in ("sequence-decls", "label"):
            return element.tail or ""
        space = " " if tag in ("p", "s", "tab", "line-break") else ""
        inner = (element.text or "") + "".join(map(words, element)) + space
        return inner + (element.tail or "")

    # What stands for a link where a control swallows it is no word of the document.
    shown = re.sub(r'HYPERLINK ""(?: \\l "[^"]*")?', "", words(body).replace("\r", " "))
    return shown.split(), notes
