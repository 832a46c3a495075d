"""The laws of writing for Word documents: only insert, change nothing that is seen, give back every byte."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET

import docx
import pytest
from docxmaking import W, box, field, package, paragraph, part
from hypothesis import example, given, settings
from hypothesis import strategies as st
from notemaking import SEALED, bent

from annotator.model import Annotation, Document, Note, Source
from annotator.reading import read
from annotator.writing import is_annotated, render, strip

STYLES = ("comments", "footnotes")
Q = f"{{{W}}}"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def note(number: int) -> Note:
    """Return a note with everything in it that could trouble XML."""
    return Note(
        id=f"test.note-{number}",
        text=f"Note {number}: the Council’s text ]]> *says* <so> & \x01\ud800 \"q\" 'a'",
        sources=(
            Source(f"S/RES/{number} (2006)", "para. 8(a)", f'https://example.org/"{number}"?a=1&b=<2>\\'),
            Source("Act", "", "javascript:alert(1)"),
        ),
        from_date="2006-10-14",
        until=None,
        jurisdiction="un",
        status="partly",
        checked="2026-11-15",
        later=("In 2016 it was widened.",),
    )


def annotations(document: Document, places: list[tuple[int, int, int]]) -> list[Annotation]:
    """Return annotations at places that are bent to the length of the text."""
    return bent(document, places, note)


def seen(content: bytes) -> list[tuple[object, ...]]:
    """Return all that a document part says, char by char with its properties, without notes and how runs are cut.

    White space at the edges of a text that does not ask to keep it is not said, as in Word.
    """
    found: list[tuple[object, ...]] = []

    def go(element: ET.Element) -> None:
        for child in element:
            tag = child.tag
            if tag in (f"{Q}commentRangeStart", f"{Q}commentRangeEnd"):
                continue
            if tag == f"{Q}r":
                go_run(child)
            else:
                found.append(("open", tag, sorted(child.items()), (child.text or "").strip()))
                go(child)
                found.append(("close", tag))

    def go_run(run: ET.Element) -> None:
        properties = run.find(f"{Q}rPr")
        look = (sorted(run.items()), ET.tostring(properties) if properties is not None else b"")
        for child in run:
            if child.tag in (f"{Q}rPr", f"{Q}commentReference", f"{Q}footnoteReference"):
                continue
            if child.tag == f"{Q}t":
                words = child.text or ""
                words = words if child.get(SPACE) == "preserve" else words.strip(" \t\r\n")
                found.extend(("char", look, char) for char in words)
            else:
                found.append(("open", look, child.tag, sorted(child.items())))
                go(child)
                found.append(("close", child.tag))

    go(ET.fromstring(content))
    return found


def only_inserted(before: bytes, after: bytes) -> bool:
    """Tell whether all bytes are still there, in their order."""
    rest = iter(after)
    return all(byte in rest for byte in before)


def marks_in_order(content: bytes) -> None:
    """See that each comment has its range and then its reference, where such may stand."""
    root = ET.fromstring(content)
    parents = {child: above for above in root.iter() for child in above}
    order: dict[str, list[str]] = {}
    for element in root.iter():
        above = parents.get(element, root)
        kind = element.tag.removeprefix(Q)
        if kind in ("commentRangeStart", "commentRangeEnd", "commentReference", "footnoteReference"):
            order.setdefault(element.attrib[f"{Q}id"], []).append(kind)
            allowed = {"p", "hyperlink", "ins", "smartTag", "fldSimple", "sdtContent", "customXml"}
            if kind.endswith("Reference"):
                assert above.tag == f"{Q}r"
                allowed = {"p"}
                above = parents[above]
            assert above.tag.removeprefix(Q) in allowed
        if kind == "r":
            for child in element:
                assert child.tag != f"{Q}r"
            assert all(child.tag != f"{Q}rPr" for child in list(element)[1:])
    for kinds in order.values():
        assert kinds in (["commentRangeStart", "commentRangeEnd", "commentReference"], ["footnoteReference"])


def check(source: bytes, places: list[tuple[int, int, int]], style: str) -> None:
    """Hold one document to all laws."""
    document = read(source)
    assert document.format == "docx"
    for block in document.layout.blocks:
        assert document.text[block.start : block.end].strip()
    chosen = annotations(document, places)
    if not document.text:
        return
    out = render(document, chosen, format="docx", style=style, **SEALED)
    before, after = part(source), part(out)
    assert only_inserted(before, after)
    assert seen(before) == seen(after)
    marks_in_order(after)
    assert read(out).text == document.text
    assert strip(out) == source
    assert strip(out, edited=True) == source
    assert is_annotated(out)
    assert not is_annotated(source)
    assert strip(source) == source
    assert render(document, chosen, format="docx", style=style, **SEALED) == out
    shown, plain = docx.Document(io.BytesIO(out)), docx.Document(io.BytesIO(source))
    if not any(mark in before for mark in (b"<!--", b"<?p", b"<![CDATA[")):  # these the library reads in its own way
        assert [each.text for each in shown.paragraphs] == [each.text for each in plain.paragraphs]
    if style == "comments":
        assert len(list(shown.comments)) == len({(one.start, one.end, one.kind == "claim") for one in chosen})
        assert all(each.author == "annotator" for each in shown.comments)


words = st.one_of(
    st.sampled_from(
        ["a", " ", "  ", "luxury", " goods", "é", "’", "😀", "金", "\n", "\t", "&amp;", "&#8217;", "&lt;", "&#x20;",
         "<![CDATA[x<&y]]>", "<![CDATA[ ]]>", "<!-- c -->", "<?p i?>", "\r\n", "&#13;"]
    ),
    st.text(st.characters(min_codepoint=97, max_codepoint=122), max_size=4),
)  # fmt: skip
texts = st.builds(
    lambda parts, keep: f"<w:t{keep}>{''.join(parts)}</w:t>",
    st.lists(words, max_size=4),
    st.sampled_from(["", ' xml:space="preserve"', ' xml:space="default"']),
)
others = st.sampled_from(
    ["<w:tab/>", "<w:br/>", "<w:noBreakHyphen/>", "<w:softHyphen/>", "<w:t/>", "<w:lastRenderedPageBreak/>",
     '<w:sym w:font="X" w:char="00E9"/>', "<w:br></w:br>", "<w:drawing><wp:inline/></w:drawing>", "<w:t></w:t>",
     "<w:cr />"]
)  # fmt: skip
looks = st.sampled_from(
    ["", "", "<w:rPr/>", "<w:rPr><w:b/></w:rPr>", '<w:rPr><w:i w:val="1"/><w:lang w:val=">"/></w:rPr>',
     "<w:rPr><w:vanish/></w:rPr>"]
)  # fmt: skip
runs = st.builds(
    lambda look, content, tag: f"<w:r{tag}>{look}{''.join(content)}</w:r>",
    looks,
    st.lists(st.one_of(texts, texts, others), max_size=3),
    st.sampled_from(["", ' w:rsidR="00AA"', "\n"]),
)
rows = st.lists(runs, max_size=3).map("".join)
boxes = rows.map(lambda inside: box(paragraph(inside), paragraph(inside)))
wrapped = st.builds(
    lambda around, inside: around.replace("@", inside),
    st.sampled_from(
        ["<w:hyperlink>@</w:hyperlink>", '<w:ins w:id="7" w:author="x">@</w:ins>', '<w:del w:id="8">@</w:del>',
         "<w:sdt><w:sdtContent>@</w:sdtContent></w:sdt>", "<w:smartTag>@</w:smartTag>",
         "<w:sdt><w:sdtPr><w:text/></w:sdtPr><w:sdtContent>@</w:sdtContent></w:sdt>",
         '<w:fldSimple w:instr="PAGE">@</w:fldSimple>', "<w:moveFrom>@</w:moveFrom>", field("HYPERLINK x", "@"),
         '<mc:AlternateContent><mc:Choice Requires="x">@</mc:Choice><mc:Fallback>@</mc:Fallback></mc:AlternateContent>',
         "<m:oMath>@</m:oMath>", "<w:r><w:ruby><w:rt>@</w:rt><w:rubyBase>@</w:rubyBase></w:ruby></w:r>",
         '<w:hyperlink><w:ins w:id="9">@</w:ins></w:hyperlink>', '<w:bookmarkStart w:id="1" w:name="b"/>@',
         '<w:proofErr w:type="spellStart"/>@', "<w:r><w:fldChar w:fldCharType='begin'/></w:r>@"]
    ),
    rows,
)  # fmt: skip
bodies = st.lists(
    st.lists(st.one_of(runs, runs, wrapped, boxes), max_size=4).map(lambda inside: paragraph(*inside)),
    min_size=1,
    max_size=3,
).map("".join)
places = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400), st.integers(1, 5)), min_size=1, max_size=5)
MANY = settings(max_examples=300)


@MANY
@given(bodies, places, st.sampled_from(STYLES))
@example("<w:p><w:r><w:t> a b </w:t></w:r></w:p>", [(1, 2, 1), (2, 3, 2)], "comments")
@example("<w:p><w:r><w:t>a </w:t></w:r></w:p>", [(0, 1, 1)], "comments")
@example("<w:p><w:r><w:t>a  b</w:t></w:r></w:p>", [(0, 2, 1), (2, 4, 1)], "comments")
@example("<w:p><w:r><w:t>  a  </w:t></w:r></w:p>", [(1, 4, 1)], "comments")
@example("<w:p><w:r><w:t>a \r\n</w:t></w:r></w:p>", [(0, 1, 1)], "comments")
@example("<w:p><w:r><w:t>a \r\n</w:t></w:r></w:p>", [(1, 3, 1)], "footnotes")
@example("<w:p><w:r><w:t>\t a</w:t><w:t>\n</w:t></w:r></w:p>", [(1, 2, 1), (3, 4, 1)], "comments")
@example(paragraph(box(paragraph("<w:r><w:t>in</w:t></w:r>")), "<w:r><w:t>out</w:t></w:r>"), [(0, 9, 1)], "comments")
def test_documents_come_back(body: str, where: list[tuple[int, int, int]], style: str) -> None:
    check(package(body), where, style)


@pytest.mark.parametrize("style", STYLES)
def test_every_place_of_a_text(style: str) -> None:
    body = paragraph(
        "<w:r><w:rPr><w:b/></w:rPr><w:t> Lux</w:t><w:tab/><w:t>ury &amp;  <![CDATA[go od]]>s </w:t></w:r>",
        "<w:hyperlink><w:r><w:t>li nk</w:t></w:r></w:hyperlink><w:r><w:br/><w:t>’é😀</w:t></w:r>",
    )
    source = package(body)
    size = len(read(source).text)
    for start in range(size):
        for end in range(start + 1, size + 1):
            check(source, [(start, end, 1)], style)
