"""PDF in: reading order, paragraphs, furniture, hyphens, pages and lines in every output, hostile files."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import sys
import zlib
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdfmaking import FONT, SENTENCE, one, pages, pdf, shown, stream

from annotator import Annotator, strip
from annotator.errors import InputError, MisfitError, MissingExtraError
from annotator.reading import read
from annotator.reading.pdf import reader
from annotator.updating import update
from annotator.writing.findings import concise, findings, github

if TYPE_CHECKING:
    from pathlib import Path

    from annotator.model import Document

pytest.importorskip("pypdfium2")

TITLE = "Council weighs new measures against the North"
BODY = [
    (
        "Diplomats said on Friday that the ban on sending luxury goods to North Korea was adopted under "
        "Resolution 2397, and that a state-owned trading house had found ways around it for years with the "
        "help of friends abroad."
    ),
    (
        "The panel of experts, whose mandate has since ended, described how ships carried coal and iron ore "
        "out of the country at night, and how refined petroleum came back on the same ships without any "
        "notice to the committee."
    ),
    (
        "A spokesman for the committee would not say whether the asset freeze on the bank had been lifted. "
        "Officials in the capital, he added, were of the opinion that the sanctions imposed by the Security "
        "Council remained in force and that member States should go on inspecting cargo on their territory, "
        "as they had promised to do."
    ),
    (
        "Under paragraph 7 of Resolution 2397 the export of vehicles to North Korea is banned as well. Nobody "
        "at the mission would confirm that arms-related materials had been found aboard the vessel that was "
        "searched in the harbour."
    ),
]
AS_OF = "2024-06-20"


def article() -> str:
    return "\n\n".join([TITLE, *BODY]) + "\n"


def noted(source: str | bytes, path: str) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return what is noted in an article, whatever dashes and quotes its format has."""
    result = annotator().annotate(source, as_of=AS_OF, path=path)
    return [(one.rule, " ".join(one.text.split()), tuple(note.id for note in one.notes)) for one in result.annotations]


def annotator(kept: list[Annotator] = []) -> Annotator:  # noqa: B006 - one for all tests here
    if not kept:
        kept.append(Annotator(lists=False))
    return kept[0]


def texts(document: Document, *kinds: str) -> list[str]:
    blocks = document.layout.blocks
    return [document.text[one.start : one.end] for one in blocks if not kinds or one.kind in kinds]


def page_of(lines: list[str], left: int = 72, up: int = 700, step: int = 14) -> bytes:
    return b"".join(shown(line, left, up - step * at) for at, line in enumerate(lines))


# -- libraries and programs that make PDFs ------------------------------------------------------------------


def with_reportlab(*, columns: int) -> bytes:
    from reportlab.lib.pagesizes import A5
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph

    styles = getSampleStyleSheet()
    styles["BodyText"].alignment = 4
    width, height = A5

    def decorate(canvas: Any, document: Any) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.drawString(40, height - 30, "The Daily Wire")
        canvas.drawCentredString(width / 2, 20, f"Page {document.page}")

    out = io.BytesIO()
    document = BaseDocTemplate(out, pagesize=A5, invariant=1)
    each = (width - 80) / columns
    frames = [Frame(40 + each * at, 380, each - 12 * (columns > 1), height - 430) for at in range(columns)]
    document.addPageTemplates(PageTemplate(frames=frames, onPage=decorate))
    document.build([Paragraph(TITLE, styles["Title"]), *(Paragraph(words, styles["BodyText"]) for words in BODY)])
    return out.getvalue()


def with_fpdf() -> bytes:
    from fpdf import FPDF

    document = FPDF(format=(150, 120))
    document.add_page()
    document.set_font("helvetica", style="B", size=16)
    document.multi_cell(0, 8, TITLE)
    document.ln(4)
    document.set_font("times", size=11)
    for words in BODY:
        document.multi_cell(0, 5, words)
        document.ln(3)
    return bytes(document.output())


@pytest.mark.parametrize("made", ["reportlab", "reportlab-columns", "fpdf"])
def test_a_pdf_gives_the_notes_of_its_source(made: str) -> None:
    source = with_fpdf() if made == "fpdf" else with_reportlab(columns=1 + made.endswith("columns"))
    document = read(source)
    assert texts(document, "heading", "paragraph") == [TITLE, *BODY]
    assert noted(source, "a.pdf") == noted(article(), "a.txt")
    assert document.pages is not None
    assert document.pages.at(document.text.index("Nobody at the mission"))[0] > 1


STYLE = "@page {size: A5} body {columns: 2; text-align: justify; hyphens: auto} h1 {column-span: all}"
PAGE = f"<!doctype html><html lang='en'><title>{TITLE}</title><style>{STYLE}</style><h1>{TITLE}</h1>" + "".join(
    f"<p>{words}</p>" for words in BODY
)


@pytest.mark.slow
@pytest.mark.parametrize("program", ["soffice", "chromium"])
def test_a_printed_page_gives_the_notes_of_its_source(program: str, tmp_path: Path) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    page = tmp_path / "page.html"
    page.write_text(PAGE, encoding="utf-8")
    profile = tmp_path / "profile"
    if program == "soffice":
        options = [
            "--headless",
            f"-env:UserInstallation={profile.as_uri()}",
            "--convert-to",
            "pdf:writer_web_pdf_Export",
        ]
        command = [*options, "--outdir", str(tmp_path), str(page)]
    else:
        options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={profile}"]
        command = [*options, f"--print-to-pdf={tmp_path / 'page.pdf'}", page.as_uri()]
    subprocess.run([program, *command], capture_output=True, timeout=300, check=True)
    source = (tmp_path / "page.pdf").read_bytes()
    assert noted(source, "page.pdf") == noted(article(), "a.txt")
    assert [words for words in BODY if words in texts(read(source), "paragraph")] == BODY


# -- the text -----------------------------------------------------------------------------------------------


def test_columns_are_read_one_after_the_other_whatever_order_they_are_drawn_in() -> None:
    left = [f"left column line {number} goes on and on" for number in range(8)]
    right = [f"right column line {number} goes on and on" for number in range(8)]
    rows = b"".join(
        shown(one, 60, 640 - 14 * at) + shown(other, 320, 640 - 14 * at)
        for at, (one, other) in enumerate(zip(left, right, strict=True))
    )
    document = read(pages(shown("A headline over both of the columns below", 150, 700, 20) + rows))
    heading, *rest = texts(document)
    assert heading == "A headline over both of the columns below"
    assert " ".join(rest) == " ".join([*left, *right])


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_page_that_is_turned_is_read_as_it_is_shown(turn: int) -> None:
    turned = {0: "1 0 0 1 0 0", 90: "0 1 -1 0 612 0", 180: "-1 0 0 -1 612 792", 270: "0 -1 1 0 0 792"}[turn]
    lines = ["The Council bans the sale of luxury goods to", "the North, and sanctions the firms of the state."]
    content = f"q {turned} cm\n".encode() + page_of(lines, 100, 500) + b"Q"
    source = one(stream(content), page=b"/Rotate %d" % turn)
    assert read(source).text == " ".join(lines)


@pytest.mark.parametrize(
    ("before", "behind", "word"),
    [
        ("the Council imposed sanc-", "tions on them", "sanctions"),
        ("found arms-", "related materials", "arms-related"),
        ("a State-", "owned bank of the North", "State-owned"),
        ("a summit of the EU-", "led group of States", "EU-led"),
        ("in the years 2016-", "2017 all of that changed", "2016-2017"),
        ("the Russo-", "Ukrainian border", "Russo-Ukrainian"),
        ("the leader Kim Jong-", "un and his sister", "Jong-un"),
        ("a people-to-", "people exchange", "people-to-people"),
        ("what they said \x96", "and what they did", "said – and"),
    ],
)
def test_a_word_that_is_parted_at_the_end_of_a_line_is_put_together(before: str, behind: str, word: str) -> None:
    objects = one(stream(page_of([f"It was told that {before}", f"{behind}, as was said at the meeting there."])))
    encoded = objects.replace(b"/BaseFont/Helvetica", b"/BaseFont/Helvetica/Encoding/WinAnsiEncoding")
    # The table of places is wrong now by some bytes, which readers of PDF put up with.
    assert word in read(encoded).text


def test_a_hyphen_that_the_document_has_elsewhere_stays() -> None:
    lines = ["The dual-purpose goods were seized in port.", "It said that dual-purpose goods and other dual-",
             "purpose things were found there by chance."]  # fmt: skip
    assert "other dual-purpose things" in read(pages(page_of(lines))).text


def test_what_stands_on_each_page_is_furniture_and_parts_no_paragraph() -> None:
    def page(number: int, lines: list[str]) -> bytes:
        head = shown("The Daily Wire, 3 May 2024", 72, 770, 8) + shown(f"Page {number} of 3", 280, 20, 8)
        return head + page_of(lines)

    first = [
        "Officials said that the ban on luxury goods for the",
        "North was still in force, and that the committee had",
    ]
    second = [
        "heard of many cases in which it had been broken by",
        "traders in other States of the region and beyond it.",
    ]
    third = [
        "A last paragraph stands on a page of its own, there",
        "to be read with the others and to say no more at all.",
    ]
    document = read(pages(page(1, first), page(2, second), page(3, third)))
    assert texts(document, "paragraph") == [" ".join(first + second), " ".join(third)]
    assert len(texts(document, "furniture")) == 6
    assert document.dated.date is None
    assert document.pages is not None
    assert document.pages.at(document.text.index("heard of"))[:2] == (2, 1)


def test_a_number_of_a_page_alone_is_furniture_and_a_year_in_the_text_is_not() -> None:
    source = pages(page_of(["It was in the year of the summit that all began:", "2016"]) + shown("7", 300, 30, 9))
    document = read(source)
    assert texts(document, "furniture") == ["7"]
    assert document.text.endswith("began: 2016") or "2016" in texts(document, "paragraph")


def test_ligatures_are_taken_apart() -> None:
    cmap = stream(
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /A def "
        b"1 begincodespacerange <00> <ff> endcodespacerange 1 beginbfchar <41> <FB01> endbfchar endcmap end end"
    )
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>>"
    source = one(stream(shown("of Acial words")), cmap).replace(FONT, font)
    assert "ficial words" in read(source).text


def test_words_off_the_page_are_not_read() -> None:
    source = one(stream(shown() + shown("nobody sees this", 72, 2000) + shown("nor this one", 5000, 700)))
    assert read(source).text == SENTENCE


def test_the_date_is_that_of_the_text_then_of_the_information_and_never_that_of_printing() -> None:
    made = b"/CreationDate(D:20240620101500+09'00')"
    assert read(pages(shown(), info=made)).dated.date == "2024-06-20"
    assert read(pages(shown(), info=made + b"/ModDate(D:20240701000000Z)")).dated.date is None
    assert read(pages(shown(), info=made + b"/Producer(Skia/PDF m120)")).dated.date is None
    assert read(pages(shown(), info=b"/CreationDate(D:99990620101500)")).dated.date is None
    dated = pages(page_of(["GENEVA, 3 May 2024 - The Council met."]), info=made)
    assert read(dated).dated.date == "2024-05-03"


# -- outputs ------------------------------------------------------------------------------------------------

TWO = pages(
    page_of(["The first page says nothing of it at all, and nothing"]), page_of(["Nothing here.", "", SENTENCE])
)


def test_each_output_that_has_places_tells_page_and_line() -> None:
    result = annotator().annotate(TWO, as_of=AS_OF, path="two.pdf")
    assert [one.text for one in result.annotations] == ["bans luxury goods"]
    data = result.to_dict()["annotations"][0]
    assert data["printed"] == {"page": 2, "line": 2}
    assert result.document.text[data["start"] : data["end"]] == "bans luxury goods"
    [row] = csv.DictReader(io.StringIO(result.render("csv")))
    assert (row["page"], row["line"], row["column"]) == ("2", "2", "8")
    [found] = json.loads(result.render("sarif"))["runs"][0]["results"]
    [location] = found["locations"]
    assert location["message"]["text"] == "page 2, line 2"
    assert location["physicalLocation"]["region"] == {
        "startLine": 2, "startColumn": 8, "endLine": 2, "endColumn": 25, "snippet": {"text": "bans luxury goods"},
    }  # fmt: skip
    assert "Page 2, line 2" in result.render("report")
    [item] = json.loads(result.render("webannotation"))["first"]["items"]
    assert "page=2" in [selector.get("value") for selector in item["target"]["selector"]]
    [finding] = findings(result.document, result.annotations, "two.pdf", AS_OF, "given")
    assert concise(finding, str, lambda words, _: words).startswith("two.pdf:2/2:8: note [")
    assert "page 2, line 2: " in github(finding, str)
    assert (finding.page, finding.line, finding.end_page, finding.end_line, finding.end_column) == (2, 2, 2, 2, 25)
    assert finding.shown == SENTENCE


def test_an_article_without_pages_says_nothing_of_them() -> None:
    result = annotator().annotate(SENTENCE, as_of=AS_OF)
    assert "printed" not in result.to_dict()["annotations"][0]
    [finding] = findings(result.document, result.annotations, "a.txt", AS_OF, "given")
    assert (finding.page, finding.place) == (0, "1")


@pytest.mark.parametrize("source", [one(stream(shown())), one(stream(shown("Nothing to note.")))])
def test_no_notes_go_into_a_pdf_and_none_come_out(source: bytes) -> None:
    result = annotator().annotate(source, as_of=AS_OF, path="a.pdf")
    for format in (None, "text", "html", "docx"):
        with pytest.raises(MisfitError, match=r"^a\.pdf is (a PDF|pdf)[^\n]*$"):
            result.render_bytes(format)
    with pytest.raises(MisfitError, match="PDF"):
        str(result)
    with pytest.raises(MisfitError, match="a PDF is read but not written"):
        strip(source)
    with pytest.raises(MisfitError, match="a PDF is read but not written"):
        update(annotator(), source)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "annotator", *arguments], capture_output=True, text=True, encoding="utf-8", check=False
    )


def test_the_command_reads_pdfs_and_refuses_to_write_them_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "two.pdf"
    file.write_bytes(TWO)
    done = run("check", str(file), "--as-of", AS_OF, "--fail-on", "none", "--output-format", "full")
    assert done.returncode == 0
    assert f"{file}:2/2:8: note [" in done.stdout
    assert f"2/2 | {SENTENCE}" in done.stdout
    done = run("annotate", "--in-place", str(file))
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "is a PDF, which is read but not written" in done.stderr
    assert file.read_bytes() == TWO
    done = run("explain", str(file), "--at", "2/2:10")
    assert "2/2:8 [" in done.stdout
    for command in ("strip", "update"):
        done = run(command, str(file))
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


# -- what cannot be read ------------------------------------------------------------------------------------


def refused(source: bytes) -> str:
    with pytest.raises(InputError) as told:
        read(source, path="a.pdf")
    line = str(told.value)
    assert line.startswith("a.pdf ")
    assert "\n" not in line
    return line


def test_a_pdf_without_text_is_said_to_be_scanned_or_empty() -> None:
    image = stream(
        b"\x80" * 64, b"/Type/XObject/Subtype/Image/Width 8/Height 8/ColorSpace/DeviceGray/BitsPerComponent 8"
    )
    scan = one(stream(b"q 600 0 0 780 0 0 cm /I Do Q"), image, resources=b"<</XObject<</I 6 0 R>>>>")
    assert "scanned" in refused(scan)
    assert "holds no text (1 page)" in refused(one(stream(b"")))


def test_a_page_that_is_scanned_among_others_is_named() -> None:
    image = b"BI /W 4 /H 4 /CS /G /BPC 8 ID " + b"\x80" * 16 + b" EI"
    document = read(pages(shown(), b"q 600 0 0 780 0 0 cm " + image + b" Q"))
    assert document.warnings == ("page 2 holds images and no text (scanned?); not read",)


def test_a_pdf_with_a_password_is_refused() -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    def locked(user: str) -> bytes:
        out = io.BytesIO()
        canvas = Canvas(out, encrypt=StandardEncryption(user, ownerPassword="owner", canPrint=0, canCopy=0))
        canvas.drawString(72, 700, SENTENCE)
        canvas.save()
        return out.getvalue()

    assert "protected by a password" in refused(locked("secret"))
    assert read(locked("")).text == SENTENCE  # one that only asks not to be printed can be read


@pytest.mark.parametrize("cut", [9, 40, 300])
def test_a_damaged_pdf_is_refused_in_a_line(cut: int) -> None:
    refused(one(stream(shown()))[:cut])
    refused(b"%PDF-1.7\n" + bytes(range(256)) * 20)


def test_a_pdf_whose_table_is_damaged_is_read_all_the_same() -> None:
    assert read(one(stream(shown())).replace(b"0000000", b"9999999")).text == SENTENCE


def test_what_is_no_pdf_is_named_for_what_it_is() -> None:
    with pytest.raises(InputError, match="is text, not a PDF"):
        read("Oil caps hold.", format="pdf")
    with pytest.raises(InputError, match="leave its format out, or say pdf"):
        read(one(stream(shown())), format="text")


def test_without_the_library_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(MissingExtraError, match=r"pip install 'sanctions-annotator\[pdf\]'"):
        read(one(stream(shown())))


# -- hostile files ------------------------------------------------------------------------------------------


def forms(depth: int) -> bytes:
    """Return a page that draws a form ten times, which draws the next ten times, and so on."""
    kept = []
    for level in range(depth):
        last = level == depth - 1
        inner = b"" if last else b"/XObject<</X %d 0 R>>" % (7 + level)
        head = b"/Type/XObject/Subtype/Form/BBox[0 0 612 792]/Resources<</Font<</F 4 0 R>>" + inner + b">>"
        kept.append(stream(shown() if last else b"/X Do " * 10, head))
    return one(stream(b"/X Do " * 10), *kept, resources=b"<</XObject<</X 6 0 R>>>>")


def test_hostile_forms_that_multiply_end_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "SECONDS", 1)  # their memory is used up after three or more
    assert "seconds to read" in refused(forms(12))


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not bound the memory of a process")
def test_hostile_forms_that_multiply_end_at_the_bound_of_memory() -> None:
    assert "needs more memory" in refused(forms(12))


def test_hostile_forms_that_draw_themselves_are_read_once() -> None:
    head = b"/Type/XObject/Subtype/Form/BBox[0 0 612 792]/Resources<</Font<</F 4 0 R>>/XObject<</X 6 0 R>>>>"
    source = one(stream(b"/X Do"), stream(shown() + b"/X Do", head), resources=b"<</XObject<</X 6 0 R>>>>")
    assert read(source).text == SENTENCE


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not bound the memory of a process")
def test_hostile_streams_that_unpack_without_end_take_no_memory() -> None:
    bomb = zlib.compress(zlib.compress(b"    " * (1 << 27), 9), 9)
    source = one(stream(bomb, b"/Filter[/FlateDecode/FlateDecode]"))
    try:
        read(source)
    except InputError as error:
        assert "\n" not in str(error)  # noqa: PT017 - or it was read, and holds nothing


def test_hostile_page_trees_in_a_circle_and_counts_that_lie_are_refused() -> None:
    source = pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[2 0 R 3 0 R]/Count 1000000>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 5 0 R>>",
            FONT,
            stream(shown()),
        ]
    )
    assert "1000000 pages" in refused(source)


def test_hostile_pages_of_a_million_characters_are_refused() -> None:
    words = b"BT /F 1 Tf 72 700 Td " + b"(aaaaaaaaaa bbbbbbbbb) Tj 0 -1 Td " * 55_000 + b"ET"
    assert "more text" in refused(one(stream(words, packed=True)))


def test_hostile_scripts_files_and_addresses_are_neither_run_nor_opened(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("a secret on the disk")
    outside = b"<</Length 0/F<</Type/Filespec/F(%s)>>>>stream\n\nendstream" % str(secret).encode()
    source = one(
        stream(shown()),
        outside,
        page=b"/AA<</O<</S/URI/URI(http://127.0.0.1:9/)>>>>/Annots[<</Subtype/FileAttachment/FS 6 0 R>>]",
        catalog=b"/OpenAction<</S/JavaScript/JS(this.submitForm\\('http://127.0.0.1:9/'\\))>>/AA<</WC<</S/Launch/F(x)>>>>",
    ).replace(b"/Contents 5 0 R", b"/Contents[5 0 R 6 0 R]")
    assert read(source).text == SENTENCE


@pytest.mark.slow
def test_hostile_documents_of_ten_thousand_pages_are_read_and_longer_ones_refused() -> None:
    def book(count: int) -> bytes:
        kids = b" ".join(b"%d 0 R" % (6 + number) for number in range(count))
        entry = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F 3 0 R>>>>/Contents %d 0 R>>"
        tree = b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count)
        leaves = [entry % 4] * (count - 1) + [entry % 5]
        blank, last = stream(shown("Nothing is said here.")), stream(shown())
        return pdf([b"<</Type/Catalog/Pages 2 0 R>>", tree, FONT, blank, last, *leaves])

    result = annotator().annotate(book(10_000), as_of=AS_OF)
    assert [one["printed"] for one in result.to_dict()["annotations"]] == [{"page": 10_000, "line": 1}]
    assert "10001 pages" in refused(book(10_001))


@given(st.data())
@settings(max_examples=15, deadline=None)
def test_hostile_changes_of_bytes_are_read_or_refused_in_a_line(data: st.DataObject) -> None:
    source = bytearray(TWO)
    for _ in range(data.draw(st.integers(1, 40))):
        source[data.draw(st.integers(9, len(source) - 1))] = data.draw(st.integers(0, 255))
    try:
        document = read(bytes(source), format="pdf")
    except InputError as error:
        assert "\n" not in str(error)  # noqa: PT017 - either will do
        return
    for block in document.layout.blocks:
        assert 0 <= block.start < block.end <= len(document.text)


def test_letters_of_no_size_are_read() -> None:
    assert read(one(stream(b"0.0001 0 0 0.0001 72 700 cm " + shown(SENTENCE, 0, 0)))).layout.blocks
