"""Word documents: what is text, where notes go, what is refused, and the command on such files."""

from __future__ import annotations

import io
import re
import shutil
import struct
import subprocess
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import docx
import pytest
from docxmaking import (
    HEAD,
    MAIN,
    SPACES,
    STRICT,
    STRICT_R,
    R,
    W,
    archive,
    box,
    document,
    field,
    links,
    names,
    package,
    paragraph,
    part,
    text,
    types,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator import Annotator, strip
from annotator.errors import AnnotatorError, EditedError, InputError, OutputError, UsageError
from annotator.reading import format_of, read
from annotator.writing import FORMATS, OUTPUTS, is_annotated, layer_of

if TYPE_CHECKING:
    from conftest import Command

WIDGETS = paragraph(text("He sold "), text("wid", "<w:b/>"), text("gets", "<w:i/>"), text(" and gadgets."))
COMMENTS = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"


@pytest.fixture(scope="module")
def desk_annotator(tmp_path_factory: pytest.TempPathFactory) -> Annotator:
    from conftest import DESK

    path = tmp_path_factory.mktemp("rules") / "desk.yaml"
    path.write_text(DESK, encoding="utf-8")
    return Annotator(path, default_rules=False)


def annotated(annotator: Annotator, source: bytes, style: str = "") -> bytes:
    """Return the document with its notes, after holding it to what must be true of every one."""
    result = annotator.annotate(source, as_of="2024-06-20")
    out = result.render_bytes(style=style)
    assert out != source
    assert strip(out) == source
    assert annotator.annotate(out, as_of="2024-06-20").render_bytes(style=style) == out
    before = {name: part(source, name) for name in names(source)}
    for name, content in before.items():
        if not name.endswith((".rels", "[Content_Types].xml", "document.xml", "comments.xml", "footnotes.xml")):
            assert part(out, name) == content
    for name in names(out):
        if name.endswith((".xml", ".rels")):
            ET.fromstring(part(out, name))
    return out


def ranges(content: bytes) -> list[str]:
    """Return the text that each comment of a document part stands on, in the order of their numbers."""
    found: dict[str, str] = {}
    opened: set[str] = set()
    for element in ET.fromstring(content).iter():
        kind, number = element.tag.rpartition("}")[2], element.get(f"{{{W}}}id", "")
        if kind == "commentRangeStart":
            opened.add(number)
            found[number] = ""
        elif kind == "commentRangeEnd":
            opened.discard(number)
        elif kind == "t":
            for each in opened:
                found[each] += element.text or ""
    return [found[number] for number in sorted(found, key=int)]


# What is text


@pytest.mark.parametrize(
    ("body", "seen"),
    [
        (paragraph(text("a"), text("b", "<w:b/>")), "ab"),
        (paragraph(text("a")) + paragraph() + paragraph(text("b")), "a\n\nb"),
        (
            paragraph(
                "<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:noBreakHyphen/><w:softHyphen/></w:r>"
            ),
            "a\tb\nc\u2011",
        ),
        (
            paragraph(
                '<w:ins w:id="1">' + text("new") + "</w:ins>",
                '<w:del w:id="2"><w:r><w:delText>old</w:delText></w:r></w:del>',
            ),
            "new",
        ),
        (paragraph("<w:moveFrom>" + text("from") + "</w:moveFrom><w:moveTo>" + text("to") + "</w:moveTo>"), "to"),
        (paragraph("<w:hyperlink>" + text("link") + "</w:hyperlink>", text("s")), "links"),
        (paragraph(field("HYPERLINK x", text("shown")), text(".")), "shown."),
        (paragraph(field("IF", field("PAGE", text("1")), text("2"))), "12"),
        (
            paragraph(
                '<w:r><w:fldChar w:fldCharType="begin"/></w:r>',
                text("code"),
                '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
                text("after"),
            ),
            "after",
        ),
        (paragraph('<w:fldSimple w:instr="PAGE">' + text("7") + "</w:fldSimple>"), "7"),
        (paragraph(text("gone", "<w:vanish/>"), text("here", '<w:vanish w:val="0"/>')), "here"),
        (
            paragraph(text("out"), box(paragraph(text("in")), paragraph(text("too"))), text("side")),
            "outside\n\nin\n\ntoo",
        ),
        (
            "<w:tbl><w:tr><w:tc>"
            + paragraph(text("a"))
            + "</w:tc><w:tc>"
            + paragraph(text("b"))
            + "</w:tc></w:tr></w:tbl>",
            "a\n\nb",
        ),
        ("<w:sdt><w:sdtContent>" + paragraph(text("a")) + "</w:sdtContent></w:sdt>", "a"),
        (paragraph("<w:r><w:t>a&amp;b &#8217;</w:t></w:r>"), "a&b ’"),
        (paragraph("<w:r><w:t>two\r\nlines</w:t></w:r>"), "two lines"),
        (paragraph("<w:r><w:rPr><w:rtl/></w:rPr><w:t>العقوبات</w:t></w:r>"), "العقوبات"),
        (paragraph("<w:r><w:drawing><wp:inline/></w:drawing></w:r>", text("b")), "\ufffcb"),
        (paragraph("<m:oMath><m:r><m:t>x</m:t></m:r></m:oMath>", text("b")), "\ufffcb"),
        (
            paragraph(
                "<w:r><w:ruby><w:rt>"
                + text("kana")
                + "</w:rt><w:rubyBase>"
                + text("base")
                + "</w:rubyBase></w:ruby></w:r>"
            ),
            "base",
        ),
        (paragraph("<w:r><w:footnoteReference w:id='2'/></w:r>", text("b")), "b"),
        (paragraph("<w:r><w:sym w:font='Symbol' w:char='F0B7'/><w:sym w:char='00E9'/></w:r>"), "\ufffcé"),
    ],
)
def test_the_text_is_what_a_person_sees(body: str, seen: str) -> None:
    assert read(package(body)).text == seen


def test_layout() -> None:
    styles = (
        f'{HEAD}<w:styles xmlns:w="{W}">'
        '<w:style w:styleId="H"><w:name w:val="My heading"/><w:basedOn w:val="berschrift2"/></w:style>'
        '<w:style w:styleId="berschrift2"><w:name w:val="heading 2"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>'
        '<w:style w:styleId="L"><w:name w:val="List Bullet"/></w:style>'
        '<w:style w:styleId="T1"><w:name w:val="toc 1"/></w:style>'
        '<w:style w:styleId="X"><w:name w:val="x"/><w:basedOn w:val="Y"/></w:style>'
        '<w:style w:styleId="Y"><w:name w:val="y"/><w:basedOn w:val="X"/></w:style></w:styles>'
    )
    body = "".join(
        paragraph(text(words), looks=looks)
        for words, looks in (
            ("Ships ", '<w:pStyle w:val="H"/>'),
            ("On ships 3", '<w:pStyle w:val="T1"/>'),
            ("They sail on the sea and carry what is asked of them.", '<w:pStyle w:val="X"/>'),
            ("one", '<w:pStyle w:val="L"/>'),
            ("two", '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'),
            ("Ports", '<w:outlineLvl w:val="0"/>'),
        )
    )
    parts = {"word/styles.xml": styles, "word/_rels/document.xml.rels": links(("styles", "styles.xml"))}
    made = read(package(body, parts))
    blocks = [(made.text[block.start : block.end], block.kind, block.section) for block in made.layout.blocks]
    assert blocks == [
        ("Ships", "heading", 0),
        ("On ships 3", "item", 0),
        ("They sail on the sea and carry what is asked of them.", "paragraph", 0),
        ("one", "item", 0),
        ("two", "item", 0),
        ("Ports", "heading", 1),
    ]
    assert [made.text[span.start : span.end] for span in made.layout.protected] == ["On ships 3"]


def test_line_breaks_in_a_row_part_blocks() -> None:
    made = read(
        package(paragraph(text("one"), "<w:r><w:br/><w:br/></w:r>", text("two"), "<w:r><w:br/></w:r>", text("three")))
    )
    assert [made.text[block.start : block.end] for block in made.layout.blocks] == ["one", "two\nthree"]


@pytest.mark.parametrize(
    ("created", "words", "date", "origin"),
    [
        ("2022-11-03T10:00:00Z", "Ships waited.", "2022-11-03", "the document's properties: created"),
        (
            "2022-11-03T10:00:00Z",
            "SEOUL, June 12, 2024 — Ships.",
            "2024-06-12",
            'the dateline "SEOUL, June 12, 2024 —"',
        ),
        ("2013-12-23T23:15:00Z", "Ships waited.", None, ""),
        ("soon", "Ships waited.", None, ""),
    ],
)
def test_dates(created: str, words: str, date: str | None, origin: str) -> None:
    core = (
        f'{HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        f'xmlns:dcterms="http://purl.org/dc/terms/"><dcterms:created>{created}</dcterms:created>'
        "<dcterms:modified>2023-01-01T00:00:00Z</dcterms:modified></cp:coreProperties>"
    )
    root = (
        f'{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="a" Type="{R}/officeDocument" Target="word/document.xml"/>'
        '<Relationship Id="b" Target="/docProps/core.xml" '
        'Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"/></Relationships>'
    )
    found = read(package(paragraph(text(words)), {"docProps/core.xml": core, "_rels/.rels": root})).dated
    assert (found.date, found.origin) == (date, origin)


def test_a_document_is_known_by_its_content() -> None:
    source = package(WIDGETS)
    assert format_of("story.txt", source) == "docx"
    assert read(source, path="story.md").format == "docx"
    moved = package(
        b"",
        {
            "_rels/.rels": links(("officeDocument", "/word/a%20b.xml")),
            "word/a b.xml": document(WIDGETS),
            "[Content_Types].xml": types(part="word/a%20b.xml"),
        },
    )
    assert read(moved).text == "He sold widgets and gadgets."


# Where notes go


def test_struck_words_take_no_notes(desk_annotator: Annotator) -> None:
    struck = paragraph(
        text("They sold "), text("widgets", "<w:strike/>"), text(" and "), text("gadgets", "<w:dstrike/>")
    )
    out = annotated(desk_annotator, package(struck + WIDGETS), "comments")
    assert ranges(part(out)) == ["widgets", "gadgets"]
    assert part(out).index(b"commentRangeStart") > part(out).index(b"<w:dstrike/>")
    kept = paragraph(text("They sold "), text("widgets", '<w:strike w:val="0"/>'), text(" so."))
    assert ranges(part(annotated(desk_annotator, package(kept), "comments"))) == ["widgets"]


@pytest.mark.parametrize("style", ["comments", "footnotes"])
def test_notes(desk_annotator: Annotator, style: str) -> None:
    out = annotated(desk_annotator, package(WIDGETS), style)
    content = part(out, f"word/{style}.xml").decode()
    assert "Act 12 Art. 1 forbids widgets and nuts." in content
    assert "2 notes. Law as of 20 June 2024 (given)." in content
    assert content.count("Source: Act 12, ") == 1
    assert 'HYPERLINK "https://example.org/act"' in content
    assert "Checked 2026-01-02." not in content
    assert "Notes by annotator, as of 2024-06-20 (given); rules " in content
    if style == "comments":
        assert ranges(part(out)) == ["widgets", "gadgets"]
        found = list(docx.Document(io.BytesIO(out)).comments)
        assert [(each.author, each.initials, each.timestamp.isoformat()) for each in found] == [
            ("annotator", "ann", "2024-06-20T00:00:00+00:00")
        ] * 2
    else:
        assert part(out).count(b"footnoteReference") == 2


def comments_of(source: bytes) -> list[tuple[str, str]]:
    """Return the initials and the words of each comment."""
    found = docx.Document(io.BytesIO(source)).comments
    return [(each.initials, "\n".join(one.text for one in each.paragraphs)) for each in found]


def test_a_comment_on_a_check_says_so_and_has_its_own_initials(desk_annotator: Annotator) -> None:
    source = package(paragraph(text("He said nobody forbids them: widgets.")))
    out = annotated(desk_annotator, source, "comments")
    (check, said), (note, more) = comments_of(out)
    assert (check, note) == ("chk", "ann")
    assert said.startswith("Check: Source check: Act 12 Art. 1 forbids widgets.")
    assert more.startswith("Act 12 Art. 1 forbids widgets and nuts.")
    bare = strip(_saved(out), edited=True)
    assert (b"comment" in part(bare), comments_of(bare)) == (False, [])


def test_a_check_that_says_so_does_not_say_it_twice(desk_annotator: Annotator) -> None:
    result = desk_annotator.annotate(package(paragraph(text("nobody forbids them"))), as_of="2024-06-20")
    [claim] = result.annotations
    said = replace(claim, notes=(replace(claim.notes[0], text="Check: it does."),))
    [(initials, words)] = comments_of(replace(result, annotations=(said,)).render_bytes())
    assert (initials, words.count("Check:")) == ("chk", 1)


def test_one_comment_stands_for_one_mention(desk_annotator: Annotator) -> None:
    result = desk_annotator.annotate(package(WIDGETS), as_of="2024-06-20")
    widgets, gadgets = result.annotations
    both = replace(widgets, notes=(*widgets.notes, *gadgets.notes))
    claim = replace(widgets, kind="claim", grade="contradicted", notes=(replace(widgets.notes[0], id="x", text="No."),))
    made = replace(result, annotations=(both, widgets, claim, gadgets))
    out = made.render_bytes()
    assert strip(out) == result.document.source
    assert [initials for initials, _ in comments_of(out)] == ["ann", "chk", "ann"]
    assert [ranges(part(out)).count(one) for one in ("widgets", "gadgets")] == [2, 1]
    words = comments_of(out)[0][1]
    assert words.count("Act 12 Art. 1 forbids widgets and nuts.") == 1
    assert "\n\nLaw 7 Art. 2 restricts gadgets." in words
    layer = layer_of(out)  # what `update` compares: each note by itself
    assert layer is not None
    assert [note[0] for note in layer.notes] == [
        "Act 12 Art. 1 forbids widgets and nuts.", "Law 7 Art. 2 restricts gadgets.", "Check: No.",
    ]  # fmt: skip


def test_a_run_keeps_its_looks_on_both_sides(desk_annotator: Annotator) -> None:
    look = '<w:rPr><w:b/><w:color w:val="FF0000"/></w:rPr>'
    out = annotated(desk_annotator, package(f"<w:p><w:r w:rsidR='1'>{look}<w:t>two widgets here</w:t></w:r></w:p>"))
    assert part(out).count(look.encode()) == 3
    assert part(out).count(b"<w:r w:rsidR='1'>") == 3


@pytest.mark.parametrize(
    ("body", "range_", "behind"),
    [
        (
            paragraph("<w:hyperlink>" + text("two widgets here") + "</w:hyperlink>", text(".")),
            "widgets",
            b"</w:hyperlink>",
        ),
        (paragraph('<w:ins w:id="1">' + text("two widgets here") + "</w:ins>", text(".")), "widgets", b"</w:ins>"),
        (paragraph(field("HYPERLINK x", text("two widgets here")), text(".")), "widgets", b'"end"/></w:r>'),
        (
            paragraph(
                "<w:sdt><w:sdtPr><w:text/></w:sdtPr><w:sdtContent>" + text("two widgets") + "</w:sdtContent></w:sdt>"
            ),
            "two widgets",
            b"</w:sdt>",
        ),
        (
            paragraph(text("out "), box(paragraph(text("two widgets here"))), text("side")),
            None,
            b"</mc:AlternateContent></w:r>",
        ),
        (
            paragraph(text("wid"), '<w:del w:id="1"><w:r><w:delText>s</w:delText></w:r></w:del>', text("gets.")),
            "widgets",
            b"gets</w:t></w:r>",
        ),
    ],
)
def test_a_reference_stands_behind_what_its_mention_is_in(
    desk_annotator: Annotator, body: str, range_: str | None, behind: bytes
) -> None:
    out = part(annotated(desk_annotator, package(body)))
    if range_ is not None:
        assert ranges(out) == [range_]
    before = out[: out.index(b"<w:r><w:commentReference")]
    assert re.sub(rb"<w:commentRangeEnd [^>]*/>", b"", before).endswith(behind)
    notes = part(annotated(desk_annotator, package(body), "footnotes"))
    assert notes[: notes.index(b'<w:r><w:rPr><w:vertAlign w:val="superscript"/>')].endswith(behind)


def test_a_text_box_is_left_alone(desk_annotator: Annotator) -> None:
    body = paragraph(text("out "), box(paragraph(text("two widgets here"))))
    assert box(paragraph(text("two widgets here"))).encode() in part(annotated(desk_annotator, package(body)))


def test_deleted_text_gives_no_note(desk_annotator: Annotator) -> None:
    source = package(paragraph('<w:del w:id="1"><w:r><w:delText>widgets</w:delText></w:r></w:del>', text("none")))
    assert desk_annotator.annotate(source, as_of="2024-06-20").render_bytes() == source


@pytest.mark.parametrize("style", ["comments", "footnotes"])
def test_notes_of_others_stay(desk_annotator: Annotator, style: str) -> None:
    kind = {"comments": "comment", "footnotes": "footnote"}[style]
    theirs = f'<x:{kind} x:id="41" x:author="annotator"><x:p><x:r><x:t>Mine.</x:t></x:r></x:p></x:{kind}>'
    parts: dict[str, str | bytes] = {
        f"word/{style}.xml": f'<x:{style} xmlns:x="{W}">{theirs}</x:{style}>',
        "word/_rels/document.xml.rels": links((style, f"{style}.xml")),
        "[Content_Types].xml": types(
            more=f'<Override PartName="/word/{style}.xml" ContentType="{COMMENTS.replace("comments", style)}"/>'
        ),
    }
    out = annotated(desk_annotator, package(WIDGETS, parts), style)
    content = part(out, f"word/{style}.xml")
    assert content.startswith(f'<x:{style} xmlns:x="{W}">{theirs}'.encode())
    ours = [element.get(f"{{{W}}}id") for element in ET.fromstring(content)]
    assert ours == ["41", "42", "43"]
    assert part(out, "word/_rels/document.xml.rels") == parts["word/_rels/document.xml.rels"].encode()  # type: ignore[union-attr]
    assert part(out, "[Content_Types].xml").count(f"word/{style}.xml".encode()) == 1
    bare = part(strip(_saved(out), edited=True), f"word/{style}.xml")
    assert bare == f'<x:{style} xmlns:x="{W}">{theirs}</x:{style}>'.encode()


def test_footnotes_are_kept_in_the_order_of_their_references(desk_annotator: Annotator) -> None:
    """Where they and their numbers are not, some programs show one in the place of another."""

    def reference(number: int) -> str:
        return f'<w:r><w:footnoteReference w:id="{number}"/></w:r>'

    theirs = "".join(
        f'<w:footnote w:id="{number}">{paragraph(text(f"Own {number}"))}</w:footnote>' for number in (7, 3)
    )
    body = paragraph(text("gadgets"), reference(7), text(" widgets "), reference(3)) + paragraph(text("gadgets"))
    parts: dict[str, str | bytes] = {
        "word/footnotes.xml": f'<w:footnotes xmlns:w="{W}">{theirs}</w:footnotes>',
        "word/_rels/document.xml.rels": links(("footnotes", "footnotes.xml")),
    }
    source = package(body, parts)
    result = desk_annotator.annotate(source, as_of="2024-06-20", notes="every")
    out = result.render_bytes(style="footnotes")
    number = f"{{{W}}}id"
    shown = [each.get(number) for each in ET.fromstring(part(out)).iter(f"{{{W}}}footnoteReference")]
    notes = list(ET.fromstring(part(out, "word/footnotes.xml")))
    assert [each.get(number) for each in notes] == shown
    assert shown == sorted(shown, key=int)
    assert ["".join(each.itertext())[:5] for each in notes] == [" Law ", "Own 7", " Act ", "Own 3", " Law "]
    assert strip(out) == source


def _saved(data: bytes) -> bytes:
    """Return a document as another program saves it: packed anew, without parts that nothing leads to."""
    return archive({name: part(data, name) for name in names(data) if not name.startswith("annotator/")})


def test_an_empty_part_for_comments(desk_annotator: Annotator) -> None:
    parts: dict[str, str | bytes] = {
        "word/comments.xml": f'<w:comments xmlns:w="{W}"/>',
        "word/_rels/document.xml.rels": links(("comments", "comments.xml")),
        "[Content_Types].xml": types(more=f'<Override PartName="/word/comments.xml" ContentType="{COMMENTS}"/>'),
    }
    assert ranges(part(annotated(desk_annotator, package(WIDGETS, parts)))) == ["widgets", "gadgets"]


def test_headers_footnotes_and_comments_give_no_notes(desk_annotator: Annotator) -> None:
    header = f'<w:hdr xmlns:w="{W}">{WIDGETS}</w:hdr>'
    parts: dict[str, str | bytes] = {
        "word/header1.xml": header,
        "word/footnotes.xml": f'<w:footnotes xmlns:w="{W}"><w:footnote w:id="2">{WIDGETS}</w:footnote></w:footnotes>',
        "word/_rels/document.xml.rels": links(("header", "header1.xml"), ("footnotes", "footnotes.xml")),
    }
    source = package(paragraph(text("nothing")), parts)
    assert desk_annotator.annotate(source, as_of="2024-06-20").render_bytes() == source


STRANGE = {
    "strict": package(
        document(WIDGETS, f'xmlns:w="{STRICT}"'),
        {"_rels/.rels": links(("officeDocument", "word/document.xml"), base=STRICT_R)},
    ),
    "other prefix": package(document(WIDGETS, SPACES).replace("w:", "word:").replace("xmlns:w=", "xmlns:word=")),
    "no prefix": package(f'{HEAD}<document xmlns="{W}"><body><p><r><t>Old widgets.</t></r></p></body></document>'),
    "prefix for a part only": package(
        f'{HEAD}<w:document xmlns:w="{W}"><w:body><w:p xmlns:w="{W}"><v:r xmlns:v="{W}"><v:t>Old widgets.</v:t></v:r>'
        '<x:y xmlns:x="urn:x" xmlns:w="urn:w"/></w:p></w:body></w:document>'
    ),
    "utf-16": package(document(WIDGETS).replace("UTF-8", "UTF-16").encode("utf-16")),
    "utf-16, big": package(b"\xfe\xff" + document(WIDGETS).replace("UTF-8", "UTF-16").encode("utf-16-be")),
    "byte-order mark": package(b"\xef\xbb\xbf" + document(WIDGETS).encode()),
    "not packed": package(WIDGETS, compression=zipfile.ZIP_STORED),
    "macros": package(
        WIDGETS,
        {
            "[Content_Types].xml": types("application/vnd.ms-word.document.macroEnabled.main+xml"),
            "word/vbaProject.bin": b"\xd0\xcf\x11\xe0 macros",
        },
    ),
    "template": package(WIDGETS, {"[Content_Types].xml": types(MAIN.replace("document.main", "template.main"))}),
    "no links of its own": package(WIDGETS),
    "types with a prefix": package(
        WIDGETS,
        {
            "[Content_Types].xml": types()
            .replace("<", "<t:")
            .replace("<t:/", "</t:")
            .replace("<t:?", "<?")
            .replace("xmlns=", "xmlns:t=")
        },
    ),
    "a name that is taken": package(WIDGETS, {"word/comments.xml": "<nothing/>", "word/footnotes.xml": "<nothing/>"}),
}


@pytest.mark.parametrize("style", ["comments", "footnotes"])
@pytest.mark.parametrize("name", STRANGE)
def test_strange_documents(desk_annotator: Annotator, name: str, style: str) -> None:
    out = annotated(desk_annotator, STRANGE[name], style)
    root = ET.fromstring(part(out))
    space = root.tag.partition("}")[0] + "}"
    marks = [element for element in root.iter() if element.tag.endswith(("commentRangeStart", "footnoteReference"))]
    assert marks
    assert all(mark.tag.startswith(space) and mark.get(f"{space}id") for mark in marks)
    leads = part(out, "word/_rels/document.xml.rels").decode()
    assert re.findall(r'Type="([^"]*)"', leads) == [f"{STRICT_R if name == 'strict' else R}/{style}"]
    if name not in ("strict", "macros", "template", "prefix for a part only", "no prefix"):
        docx.Document(io.BytesIO(out))


def test_archives_of_all_sorts_come_back(desk_annotator: Annotator) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        file.comment = b"kept"
        for name in ("[Content_Types].xml", "_rels/.rels", "word/document.xml"):
            with file.open(name, "w", force_zip64=True) as entry:
                entry.write(part(package(WIDGETS), name))
        file.writestr("word/media/é.bin", bytes(range(256)) * 99)
        file.mkdir("word/media/empty")
    stream = _Unseekable()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:  # sizes stand behind each file
        for name in ("word/document.xml", "[Content_Types].xml", "_rels/.rels"):
            file.writestr(name, part(package(WIDGETS), name))
    for source in (made.getvalue(), stream.getvalue()):
        out = annotated(desk_annotator, source)
        with zipfile.ZipFile(io.BytesIO(out)) as after, zipfile.ZipFile(io.BytesIO(source)) as before:
            assert after.comment == before.comment
            kept = [entry.filename for entry in before.infolist()]
            assert [entry.filename for entry in after.infolist()][: len(kept)] == kept
            assert [entry.date_time for entry in after.infolist()][: len(kept)] == [
                entry.date_time for entry in before.infolist()
            ]


def test_an_archive_with_a_large_ending(desk_annotator: Annotator) -> None:
    at = BASE.rindex(b"PK\x05\x06")
    count, size, start = struct.unpack_from("<HLL", BASE, at + 10)
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, start)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, at, 1)
    full = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    for ending in (BASE[at:], full):
        source = BASE[:at] + record + locator + ending
        assert names(source) == names(BASE)
        annotated(desk_annotator, source)


class _Unseekable(io.BytesIO):
    def seekable(self) -> bool:
        return False

    def seek(self, *_: int) -> int:
        raise io.UnsupportedOperation

    def tell(self) -> int:
        raise io.UnsupportedOperation


def test_a_signed_document_is_read_and_not_written(desk_annotator: Annotator) -> None:
    root = links(("officeDocument", "word/document.xml"), ("origin", "_xmlsignatures/origin.sigs"))
    source = package(WIDGETS, {"_rels/.rels": root, "_xmlsignatures/origin.sigs": b""})
    result = desk_annotator.annotate(source, as_of="2024-06-20")
    assert len(result.to_dict()["annotations"]) == 2
    with pytest.raises(OutputError, match="digitally signed"):
        result.render_bytes()


# After an edit


@pytest.mark.parametrize("style", ["comments", "footnotes"])
def test_an_edited_document(desk_annotator: Annotator, style: str) -> None:
    out = annotated(desk_annotator, package(WIDGETS), style)
    saved = _saved(out).replace(b"", b"")
    changed = archive({name: part(saved, name).replace(b"He sold", b"She sold") for name in names(saved)})
    assert not is_annotated(changed)
    with pytest.raises(EditedError, match="--edited"):
        strip(changed)
    bare = strip(changed, edited=True)
    assert read(bare).text == "She sold widgets and gadgets."
    assert b"comment" not in part(bare)
    assert b"footnote" not in part(bare)
    assert strip(bare) == bare
    assert b"Act 12" not in part(bare, f"word/{style}.xml")


def test_a_change_behind_our_back_is_seen(desk_annotator: Annotator) -> None:
    out = annotated(desk_annotator, package(WIDGETS, compression=zipfile.ZIP_STORED))
    grown = io.BytesIO(out)
    with zipfile.ZipFile(grown, "a") as file:
        file.writestr("word/more.xml", "<a/>")
    with pytest.raises(EditedError):
        strip(grown.getvalue())
    assert "annotator/undo.bin" not in names(strip(grown.getvalue(), edited=True))


def test_answers_to_our_comments_stay(desk_annotator: Annotator) -> None:
    out = annotated(desk_annotator, package(WIDGETS))
    files = {name: part(out, name) for name in names(out) if not name.startswith("annotator/")}
    w14 = "http://schemas.microsoft.com/office/word/2010/wordml"
    answer = (
        f'<w:comment w:id="9" w:author="Ann"><w:p xmlns:w14="{w14}" w14:paraId="0000000B"><w:r>'
        "<w:t>Why?</w:t></w:r></w:p>"
        "</w:comment></w:comments>"
    )
    comments = files["word/comments.xml"].decode().replace("</w:comments>", answer)
    first = f'<w:p xmlns:w14="{w14}" w14:paraId="0000000A">'
    files["word/comments.xml"] = comments.replace("<w:p>", first, 1).encode()
    files["word/commentsExtended.xml"] = (
        b'<w15:commentsEx xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml">'
        b'<w15:commentEx w15:paraId="0000000A" w15:done="0"/>'
        b'<w15:commentEx w15:paraId="0000000B" w15:paraIdParent="0000000A" w15:done="0"/></w15:commentsEx>'
    )
    rels = files["word/_rels/document.xml.rels"].decode()
    more = '<Relationship Id="x" Type="urn:x/commentsExtended" Target="commentsExtended.xml"/></Relationships>'
    files["word/_rels/document.xml.rels"] = rels.replace("</Relationships>", more).encode()
    bare = strip(archive(dict(files)), edited=True)
    assert [each.get(f"{{{W}}}author") for each in ET.fromstring(part(bare, "word/comments.xml"))] == ["Ann"]
    assert part(bare, "word/commentsExtended.xml").count(b"0000000A") == 0
    assert part(bare, "word/commentsExtended.xml").count(b"0000000B") == 1


# What is refused


def _bomb() -> bytes:
    return package(document(paragraph(text("a" * (1 << 26)))))


def _overlapping() -> bytes:
    data = bytearray(package(WIDGETS))
    records = [found.start() for found in re.finditer(b"PK\x01\x02", data)]
    data[records[2] + 42 : records[2] + 46] = data[records[1] + 42 : records[1] + 46]
    return bytes(data)


def _covering() -> bytes:
    """Return an archive in which the first file's packed bytes reach into the second."""
    data = bytearray(package(WIDGETS, {"a.bin": b"x" * 50, "b.bin": b"y" * 50}, compression=zipfile.ZIP_STORED))
    record = next(
        found.start() for found in re.finditer(b"PK\x01\x02", data) if data[found.start() + 46 :][:5] == b"a.bin"
    )
    data[record + 20 : record + 28] = struct.pack("<2L", 90, 90)
    return bytes(data)


def _lying(*, by: int) -> bytes:
    data = bytearray(package(WIDGETS))
    record = [found.start() for found in re.finditer(b"PK\x01\x02", data)][2]
    size = struct.unpack_from("<L", data, record + 24)[0]
    struct.pack_into("<L", data, record + 24, size + by)
    return bytes(data)


def _twice() -> bytes:
    made = io.BytesIO(package(WIDGETS))
    with zipfile.ZipFile(made, "a") as file, pytest.warns(UserWarning, match="Duplicate name"):
        file.writestr("word/document.xml", document(paragraph(text("other"))))
    return made.getvalue()


def _ole(stream: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + stream.encode("utf-16-le") + b"\0" * 600


def _locked() -> bytes:
    data = bytearray(package(WIDGETS))
    for found in re.finditer(b"PK\x01\x02", bytes(data)):
        data[found.start() + 8] |= 1
    return bytes(data)


ENTITIES = (
    '<!DOCTYPE w:document [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
)
EXTERNAL = '<!DOCTYPE w:document [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
REFUSED = {
    "cut short": (package(WIDGETS)[:-30], "cut short"),
    "half": (package(WIDGETS)[: len(package(WIDGETS)) // 2], "cut short"),
    "empty": (b"", "is empty"),
    "text": (b"Oil caps hold.", "is text, not a Word document"),
    "html": (b"\n<!DOCTYPE html><html><p>Oil</p></html>", "web page"),
    "rtf": (b"{\\rtf1 Oil}", "RTF"),
    "pdf": (b"%PDF-1.7\n", "a PDF"),
    "old word": (_ole("WordDocument"), "an old Word document"),
    "password": (_ole("EncryptedPackage"), "password"),
    "locked archive": (_locked(), "password"),
    "odt": (
        archive({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"}),
        "OpenDocument text",
    ),
    "xlsx": (
        archive(
            {
                "[Content_Types].xml": types(SHEET, "xl/workbook.xml"),
                "xl/workbook.xml": "<a/>",
                "_rels/.rels": links(("officeDocument", "xl/workbook.xml")),
            }
        ),
        "an Excel workbook",
    ),
    "zip": (archive({"a.txt": "hello"}), "a ZIP archive"),
    "no document": (archive({"[Content_Types].xml": types(), "_rels/.rels": links(), "word/x.xml": ""}), "which part"),
    "document missing": (
        archive(
            {
                "[Content_Types].xml": types(),
                "_rels/.rels": links(("officeDocument", "word/document.xml")),
                "word/x.xml": "",
            }
        ),
        "is missing",
    ),
    "link out": (
        package(
            WIDGETS,
            {
                "_rels/.rels": links(("officeDocument", "word/document.xml")).replace(
                    'Target="', 'TargetMode="External" Target="http://example.org/'
                )
            },
        ),
        "which part",
    ),
    "not well-formed": (package(document("<w:p>")), "not well-formed"),
    "another root": (package(f"{HEAD}<html/>"), "not the markup"),
    "entities": (package(document(WIDGETS).replace(HEAD, HEAD + ENTITIES)), "document type"),
    "entities in types": (
        package(WIDGETS, {"[Content_Types].xml": types().replace(HEAD, HEAD + ENTITIES)}),
        "document type",
    ),
    "external entity": (package(document(WIDGETS).replace(HEAD, HEAD + EXTERNAL)), "document type"),
    "deep": (package(paragraph("<w:smartTag>" * 10_000 + text("a") + "</w:smartTag>" * 10_000)), "deep"),
    "deep styles": (
        package(
            WIDGETS,
            {
                "word/_rels/document.xml.rels": links(("styles", "styles.xml")),
                "word/styles.xml": "<a>" * 10_000 + "</a>" * 10_000,
            },
        ),
        "deep",
    ),
    "encoding": (package(document(WIDGETS).replace("UTF-8", "windows-1252")), "windows-1252"),
    "lying encoding": (package(document(WIDGETS).encode("utf-16-le")[:-1]), "UTF-16"),
    "bytes that are no UTF-8": (package(document(WIDGETS).encode().replace(b"sold", b"s\xffld")), "not well-formed"),
    "bomb": (_bomb(), "too much"),
    "overlapping": (_overlapping(), "another name|harm"),
    "covering": (_covering(), "harm"),
    "larger than it says": (_lying(by=-5), "not the"),
    "smaller than it says": (_lying(by=5), "not the"),
    "twice": (_twice(), "two files named"),
    "way out": (package(WIDGETS, {"../../evil.txt": "x"}), "leads out"),
    "absolute": (package(WIDGETS, {"/etc/evil.txt": "x"}), "leads out"),
    "windows path": (package(WIDGETS, {"C:\\evil.txt": "x"}), "leads out"),
    "name of two lines": (
        archive({"[Content_Types].xml": types(), "word/a\nb": "x", "word/A\nb": "y"}),
        "two files named",
    ),
    "case": (package(WIDGETS, {"WORD/document.xml": "x"}), "two files named"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_bad_input_is_refused_in_a_line(name: str) -> None:
    source, message = REFUSED[name]
    with pytest.raises(InputError, match=message) as caught:
        read(source, path="story.docx")
    assert str(caught.value).startswith("story.docx")
    assert "\n" not in str(caught.value)


def test_bad_input_without_a_name_is_refused_too() -> None:
    for source, _ in REFUSED.values():
        if source.startswith(b"PK"):
            with pytest.raises(InputError):
                read(source)
            assert strip(source) == source


def test_a_packed_flood_is_refused() -> None:
    flood = package(WIDGETS, {f"word/media/{number}.bin": b"\0" * (1 << 25) for number in range(12)})
    with pytest.raises(InputError, match="built to do harm"):
        read(flood)


BASE = package(WIDGETS)


@settings(max_examples=400)
@given(
    st.lists(st.tuples(st.integers(0, len(BASE) - 1), st.integers(0, 255)), min_size=1, max_size=8), st.integers(0, 80)
)
def test_damage_is_an_error_for_people_or_none(places: list[tuple[int, int]], cut: int) -> None:
    data = bytearray(BASE)
    for at, value in places:
        data[at] = value
    source = bytes(data[: len(data) - cut] if cut < 40 else data)
    try:
        read(source, path="story.docx").layout
    except AnnotatorError:
        pass
    assert strip(source) == source


XML = [
    "<w:p>",
    "</w:p>",
    "<w:r>",
    "</w:r>",
    "<w:t>",
    "</w:t>",
    "widgets",
    " ",
    "<w:rPr>",
    "</w:rPr>",
    "<w:br/>",
    "&amp;",
    "<w:txbxContent>",
    "</w:txbxContent>",
    "<mc:AlternateContent>",
    "</mc:AlternateContent>",
    "<mc:Choice>",
    "</mc:Choice>",
    "<w:hyperlink>",
    "</w:hyperlink>",
    "<w:del>",
    "</w:del>",
    "<w:sdt>",
    "</w:sdt>",
    '<w:fldChar w:fldCharType="begin"/>',
    '<w:fldChar w:fldCharType="separate"/>',
    '<w:fldChar w:fldCharType="end"/>',
    "<w:vanish/>",
    "<m:oMath>",
    "</m:oMath>",
    "<w:tbl>",
    "</w:tbl>",
    "<wp:inline>",
    "</wp:inline>",
]


@settings(max_examples=400)
@given(st.lists(st.sampled_from(XML), max_size=30))
def test_elements_in_any_order_do_no_harm(desk_annotator: Annotator, pieces: list[str]) -> None:
    opened: list[str] = []
    parts: list[str] = []
    for piece in pieces:  # whatever is left open is closed, so that it is well-formed
        if piece.startswith("</"):
            if piece[2:-1] not in opened:
                continue
            while opened[-1] != piece[2:-1]:
                parts.append(f"</{opened.pop()}>")
            opened.pop()
        elif piece.startswith("<") and not piece.endswith("/>"):
            opened.append(piece[1:-1])
        parts.append(piece)
    parts += [f"</{name}>" for name in reversed(opened)]
    source = package("".join(parts))
    try:
        out = desk_annotator.annotate(source, as_of="2024-06-20").render_bytes()
    except OutputError:
        return
    assert strip(out) == source


def test_long_documents_take_time_in_proportion() -> None:
    few, many = (package("".join(paragraph(text(f"Number {at}")) for at in range(count))) for count in (500, 4000))
    assert _events(many) < _events(few) * 12


def _events(source: bytes) -> int:
    """Return how many lines of our code it takes to read a document."""
    import sys

    count = 0

    def trace(*_: object) -> object:
        nonlocal count
        count += 1
        return trace

    sys.settrace(trace)  # type: ignore[arg-type]
    try:
        read(source).layout
    finally:
        sys.settrace(None)
    return count


# The command


def test_the_command(desk_run: Command, run: Command, here: Path) -> None:
    (here / "a.docx").write_bytes(BASE)
    (here / "bad.docx").write_bytes(b"%PDF-1.7")
    assert desk_run("annotate", "a.docx", "-o", "b.docx", "--as-of", "2024-06-20").exit_code == 0
    assert ranges(part((here / "b.docx").read_bytes())) == ["widgets", "gadgets"]
    assert run("strip", "b.docx", "-o", "c.docx").exit_code == 0
    assert (here / "c.docx").read_bytes() == BASE
    done = desk_run("annotate", "bad.docx", "a.docx", "--as-of", "2024-06-20", "--in-place", "--style", "footnotes")
    assert done.exit_code == 4
    assert done.stderr.splitlines() == [
        "annotator: bad.docx is a PDF, not a Word document (DOCX): save it as DOCX, or name it for what it is",
        "annotator: 2 notes, no checks. Law as of 20 June 2024 (given).",
    ]
    assert (here / "bad.docx").read_bytes() == b"%PDF-1.7"
    assert b"footnoteReference" in part((here / "a.docx").read_bytes())
    assert run("strip", "--in-place", "a.docx").exit_code == 0
    assert (here / "a.docx").read_bytes() == BASE


def test_json_counts_in_the_text_that_is_seen(desk_run: Command, here: Path) -> None:
    import json

    (here / "a.docx").write_bytes(BASE)
    found = json.loads(desk_run("annotate", "a.docx", "--output", "json").stdout)
    assert [(one["start"], one["end"], one["text"]) for one in found["annotations"]] == [
        (8, 15, "widgets"),
        (20, 27, "gadgets"),
    ]
    assert found["document"]["format"] == "docx"
    refused = desk_run("annotate", "a.docx", "--output", "markdown")
    assert refused.exit_code == 2
    assert "cannot be written as markdown" in refused.stderr
    forced = desk_run("annotate", "a.docx", "--format", "html")
    assert forced.exit_code == 4
    assert forced.stderr == "annotator: a.docx is a Word document, not text: leave its format out, or say docx\n"


def test_documents_are_no_strings(desk_annotator: Annotator) -> None:
    result = desk_annotator.annotate(BASE, as_of="2024-06-20")
    with pytest.raises(UsageError, match="render_bytes"):
        result.render()
    with pytest.raises(InputError, match="is text, not a Word document"):
        read("He sold widgets.", format="docx")
    for name in FORMATS:
        if not OUTPUTS[name].keeps:
            assert result.render_bytes(name)


def test_documents_go_through_pipes(desk_run: Command, run: Command) -> None:
    out = desk_run("annotate", "--as-of", "2024-06-20", stdin=BASE).stdout_bytes
    assert ranges(part(out)) == ["widgets", "gadgets"]
    assert run("strip", stdin=out).stdout_bytes == BASE


def test_a_terminal_is_not_sent_an_archive(monkeypatch: pytest.MonkeyPatch) -> None:
    from annotator.cli._screen import Screen

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdout", Terminal())
    with pytest.raises(UsageError, match="-o FILE"):
        Screen().write(BASE)


# Documents of other programs


def test_a_document_of_python_docx(desk_annotator: Annotator) -> None:
    made = docx.Document()
    made.add_heading("On widgets", 1)
    made.sections[0].header.paragraphs[0].text = "widgets in a header"
    table = made.add_table(1, 2)
    table.cell(0, 1).text = "gadgets"
    last = made.add_paragraph("None. ", style="List Bullet")
    last.add_run("Wid").bold = True
    last.add_run("gets?")
    file = io.BytesIO()
    made.save(file)
    for style in ("comments", "footnotes"):
        result = desk_annotator.annotate(file.getvalue(), as_of="2024-06-20", notes="every")
        assert [one.text for one in result.annotations] == ["widgets", "gadgets", "Widgets"]
        out = annotated(desk_annotator, file.getvalue(), style)
        shown = docx.Document(io.BytesIO(out))
        assert [each.text for each in shown.paragraphs] == ["On widgets", "None. Widgets?"]
        assert shown.tables[0].cell(0, 1).text == "gadgets"


# What LibreOffice cannot open as it is; macros and templates it would open, under other names.
UNKNOWN = {"macros", "template", "types with a prefix"}
OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
needs_office = pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed; its writer is enough")


def _converted(folder: Path, data: bytes, to: str, name: str = "a.docx") -> bytes:
    (folder / name).write_bytes(data)
    out = folder / "out"
    profile = (folder / "profile").as_uri()
    subprocess.run(
        [
            str(OFFICE),
            f"-env:UserInstallation={profile}",
            "--headless",
            "--convert-to",
            to,
            "--outdir",
            out,
            folder / name,
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return (out / f"{Path(name).stem}.{to.partition(':')[0]}").read_bytes()


@pytest.mark.slow
@needs_office
@pytest.mark.parametrize("style", ["comments", "footnotes"])
def test_a_document_of_libreoffice(desk_annotator: Annotator, tmp_path: Path, style: str) -> None:
    page = (
        "<html><body><h1>On gadgets</h1><p>He <b>sold wid</b><i>gets</i> to <a href='https://example.org'>gadgets</a>.</p>"
        "<table><tr><td>widgets</td></tr></table><ul><li>widgets</li></ul></body></html>"
    )
    odt = _converted(tmp_path, page.encode(), "odt:writer8", "a.html")
    source = _converted(tmp_path, odt, "docx:MS Word 2007 XML", "a.odt")
    out = annotated(desk_annotator, source, style)
    again = _converted(tmp_path, out, "docx:MS Word 2007 XML")
    with pytest.raises(EditedError):
        strip(again)
    bare = strip(again, edited=True)
    assert read(bare).text == read(source).text
    assert b"Act 12" not in part(bare, f"word/{style}.xml")
    odt = _converted(tmp_path, out, "odt:writer8")
    content = part(odt, "content.xml")
    assert content.count(b"<office:annotation " if style == "comments" else b"<text:note ") == 2
    assert b"Act 12 Art. 1 forbids widgets and nuts." in content


RICH = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
 xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
 xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.2"
 office:mimetype="application/vnd.oasis.opendocument.text"><office:body><office:text>
<text:tracked-changes><text:changed-region text:id="c1"><text:insertion><office:change-info><dc:creator>Ann</dc:creator>
<dc:date>2024-06-12T10:00:00</dc:date></office:change-info></text:insertion></text:changed-region>
<text:changed-region text:id="c2"><text:deletion><office:change-info><dc:creator>Ann</dc:creator>
<dc:date>2024-06-12T10:00:00</dc:date></office:change-info><text:p>old gadgets </text:p></text:deletion>
</text:changed-region></text:tracked-changes><text:h text:outline-level="1">On trade</text:h>
<text:p>He sold <text:change-start text:change-id="c1"/>new wid<text:change-end text:change-id="c1"/>gets<text:note
 text:id="f1" text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body><text:p>Own footnote
</text:p></text:note-body></text:note> and <text:change text:change-id="c2"/><text:a xlink:href="https://example.org">a
 link to gadgets here</text:a>. <office:annotation office:name="a1"><dc:creator>Bob</dc:creator>
<dc:date>2024-06-12T10:00:00</dc:date><text:p>Own comment</text:p></office:annotation>Commented
 widgets<office:annotation-end
 office:name="a1"/>. <draw:frame text:anchor-type="char" svg:width="4cm" draw:z-index="0"><draw:text-box
 fo:min-height="1cm"><text:p>Boxed gadgets here</text:p></draw:text-box></draw:frame>End.</text:p>
<text:p>Page <text:page-number>1</text:page-number> of widgets.</text:p></office:text></office:body>
</office:document>"""


@pytest.mark.slow
@needs_office
def test_a_rich_document_of_libreoffice(desk_annotator: Annotator, tmp_path: Path) -> None:
    source = _converted(tmp_path, RICH.encode(), "docx:MS Word 2007 XML", "a.fodt")
    assert read(source).text == (
        "On trade\n\nHe sold new widgets and a link to gadgets here. Commented widgets. End.\n\n"
        "Boxed gadgets here\n\nPage 1 of widgets."
    )
    for style in ("comments", "footnotes"):
        result = desk_annotator.annotate(source, as_of="2024-06-20", notes="every")
        assert [one.text for one in result.annotations] == ["widgets", "gadgets", "widgets", "gadgets", "widgets"]
        out = result.render_bytes(style=style)
        assert strip(out) == source
        shown = ET.fromstring(part(_converted(tmp_path, out, "odt:writer8"), "content.xml"))
        names_ = {"t": "urn:oasis:names:tc:opendocument:xmlns:text:1.0", "o": shown.tag[1:].partition("}")[0]}
        kind = "o:annotation" if style == "comments" else "t:note"
        notes = ["".join(each.itertext()) for each in shown.iterfind(f".//{kind}", names_)]
        others = sum("Own" in each for each in notes)
        assert (others, len(notes)) == (1, 6)
        assert len(shown.findall(".//t:changed-region", names_)) == 2
        if style == "footnotes":
            said = ["Act 12", "Own", "Law 7", "Act 12", "Law 7", "Act 12"]
            assert all(words in each for words, each in zip(said, notes, strict=True)), notes


@pytest.mark.slow
@needs_office
@pytest.mark.parametrize("name", sorted(set(STRANGE) - UNKNOWN))
def test_libreoffice_opens_strange_documents(desk_annotator: Annotator, tmp_path: Path, name: str) -> None:
    for style, mark in (("comments", b"<office:annotation "), ("footnotes", b"<text:note ")):
        out = annotated(desk_annotator, STRANGE[name], style)
        assert mark in part(_converted(tmp_path, out, "odt:writer8"), "content.xml")
