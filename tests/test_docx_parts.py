"""Parts of Word documents: found by their relationships wherever they lie, taken in, chosen among, and opened once."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import docx
import pytest
from docxmaking import HEAD, MAIN, SPACES, W, archive, document, links, names, package, paragraph, part, text, types

from annotator import Annotator, strip
from annotator.errors import EditedError, InputError
from annotator.reading import format_of, read
from annotator.reading.package import Package
from annotator.writing import is_annotated

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Command

WIDGETS = paragraph(text("He sold widgets and gadgets."))
THEIRS = f'<w:{{0}}s xmlns:w="{W}"><w:{{0}} w:id="4" w:author="Ann">{paragraph(text("Mine."))}</w:{{0}}></w:{{0}}s>'
NOTE = "application/vnd.openxmlformats-officedocument.wordprocessingml.{}+xml"
STYLES = (
    f'{HEAD}<w:styles xmlns:w="{W}"><w:style w:styleId="H"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:styleId="c" w:type="character"><w:name w:val="annotation reference"/></w:style></w:styles>'
)


@pytest.fixture(scope="module")
def desk_annotator(tmp_path_factory: pytest.TempPathFactory) -> Annotator:
    from conftest import DESK

    path = tmp_path_factory.mktemp("rules") / "desk.yaml"
    path.write_text(DESK, encoding="utf-8")
    return Annotator(path, default_rules=False)


def placed(main: str, target: str, notes: tuple[tuple[str, str, str], ...] = (), *, rels: str = "") -> bytes:
    """Return a document whose main part has a name, and is led to by a target.

    ``notes`` are kinds of parts with the name of each and the target that leads to it.
    """
    folder, _, base = main.rpartition("/")
    overrides = "".join(f'<Override PartName="/{name}" ContentType="{NOTE.format(kind)}"/>' for kind, name, _ in notes)
    content: dict[str, str | bytes] = {
        "[Content_Types].xml": types(MAIN, main, overrides),
        "_rels/.rels": links(("officeDocument", target)),
        main: document(WIDGETS + paragraph(text("Ships"), looks='<w:pStyle w:val="H"/>')),
    }
    if notes:
        where = rels or "/".join(filter(None, (folder, "_rels", f"{base}.rels")))
        content[where] = links(*((kind, leads) for kind, _, leads in notes))
    for kind, name, _ in notes:
        content[name] = STYLES if kind == "styles" else THEIRS.format(kind[:-1])
    return archive(content)


PLACES = {
    "at the root": placed("document.xml", "document.xml"),
    "at the root, absolute": placed("main.xml", "/main.xml", (("styles", "looks.xml", "/looks.xml"),)),
    "in another folder": placed(
        "text/body.xml",
        "text/body.xml",
        (("styles", "looks/a.xml", "../looks/a.xml"), ("comments", "n/c.xml", "/n/c.xml")),
    ),
    "deep": placed("a/b/c/d.xml", "/a/b/c/d.xml", (("footnotes", "a/x/f.xml", "../../x/f.xml"),)),
    "with dots": placed(
        "a/d.xml", "./b/../a/d.xml", (("styles", "a/s.xml", "./s.xml"), ("comments", "c.xml", "../c.xml"))
    ),
    "in other letters": placed(
        "Parts/Document.XML", "/parts/DOCUMENT.xml", (("comments", "PARTS/Notes.xml", "notes.XML"),),
        rels="Parts/_RELS/document.xml.RELS",
    ),
    "percent-encoded": placed(
        "my%20text/a%C3%A9.xml", "my%20text/a%c3%a9.xml", (("styles", "my%20text/s%20t.xml", "s%20t.xml"),)
    ),
    "percent-encoded in one place": placed(
        "my text/é.xml", "my%20text/%C3%A9.xml", (("comments", "my text/c d.xml", "c%20d.xml"),)
    ),
    "not encoded where it leads": placed(
        "my%20text/b.xml", "/my text/b.xml", (("footnotes", "my%20text/f.xml", "f.xml"),)
    ),
    "under the names of others": placed(
        "xl/workbook.xml", "xl/workbook.xml", (("comments", "ppt/c.xml", "../ppt/c.xml"),)
    ),
}  # fmt: skip


@pytest.mark.parametrize("style", ["comments", "footnotes"])
@pytest.mark.parametrize("name", PLACES)
def test_parts_may_lie_anywhere(desk_annotator: Annotator, name: str, style: str) -> None:
    source = PLACES[name]
    assert format_of("story.bin", source) == "docx"
    result = desk_annotator.annotate(source, as_of="2024-06-20", path="story")
    assert result.document.text == "He sold widgets and gadgets.\n\nShips"
    if b"styles" in b"".join(part(source, each) for each in names(source) if each.lower().endswith(".rels")):
        assert [block.kind for block in result.document.layout.blocks] == ["paragraph", "heading"]
    out = result.render_bytes(style=style)
    assert out != source
    assert is_annotated(out)
    assert strip(out) == source
    again = desk_annotator.annotate(out, as_of="2024-06-20")
    assert again.document.source == source
    assert again.render_bytes(style=style) == out
    for each in names(out):
        if each.lower().endswith((".xml", ".rels")):
            ET.fromstring(part(out, each))
    found = Package(out)
    notes = found.linked(found.main(), style)
    assert found.type_of(notes) == NOTE.format(style)
    assert b"Act 12 Art. 1 forbids widgets and nuts." in found.read(notes)
    assert (b"Mine." in found.read(notes)) == bool(Package(source).linked(Package(source).main(), style))


@pytest.mark.parametrize("style", ["comments", "footnotes"])
@pytest.mark.parametrize("name", PLACES)
def test_what_was_edited_is_seen_wherever_parts_lie(desk_annotator: Annotator, name: str, style: str) -> None:
    out = desk_annotator.annotate(PLACES[name], as_of="2024-06-20").render_bytes(style=style)
    changed = archive({each: part(out, each) for each in names(out) if not each.startswith("annotator/")})
    with pytest.raises(EditedError):
        strip(changed)
    with pytest.raises(EditedError):
        desk_annotator.annotate(changed, as_of="2024-06-20")
    bare = strip(changed, edited=True)
    assert read(bare).text == read(PLACES[name]).text
    assert strip(bare) == bare


def test_the_command_on_a_document_with_parts_elsewhere(here: Path, desk_run: Command, run: Command) -> None:
    """Version 0.1 gave back the noted document for the original, and refused to annotate it again."""
    (here / "a.docx").write_bytes(PLACES["in another folder"])
    for _ in range(2):
        assert desk_run("annotate", "a.docx", "--in-place", "--as-of", "2024-06-20").exit_code == 0
    assert (here / "a.docx").read_bytes() != PLACES["in another folder"]
    assert run("strip", "a.docx", "--in-place").exit_code == 0
    assert (here / "a.docx").read_bytes() == PLACES["in another folder"]


def test_relationships_of_others_lead_to_nothing_of_ours(desk_annotator: Annotator) -> None:
    """A type that ends in the same word is another type; a part of the usual name that nothing leads to is none."""
    rels = links(("comments", "x.xml"), base="http://example.org/types").replace("rId1", "rId9")
    parts: dict[str, str | bytes] = {
        "word/_rels/document.xml.rels": rels, "word/x.xml": "<x/>", "word/comments.xml": THEIRS.format("comment"),
    }  # fmt: skip
    source = package(WIDGETS, parts)
    out = desk_annotator.annotate(source, as_of="2024-06-20").render_bytes()
    assert part(out, "word/x.xml") == b"<x/>"
    assert part(out, "word/comments.xml") == THEIRS.format("comment").encode()
    assert b"Act 12" in part(out, "word/comments2.xml")
    assert strip(out) == source


def test_other_packages_are_told_by_their_types() -> None:
    for main, what in (
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml", "an Excel workbook"),
        ("application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml", "a PowerPoint presentation"),
        ("application/vnd.ms-visio.drawing.main+xml", "a Visio drawing"),
    ):
        source = archive(
            {
                "[Content_Types].xml": types(main, "word/document.xml"),
                "_rels/.rels": links(("officeDocument", "word/document.xml")),
                "word/document.xml": "<a/>",
            }
        )
        with pytest.raises(InputError, match=what):
            read(source, path="a.docx")
        assert format_of("a", source) == "text"
        assert strip(source) == source


# What is chosen of several versions


def alternative(*choices: tuple[str, str], fallback: str = "", more: str = "") -> str:
    """Return versions of some content, each with what it requires."""
    last = f"<mc:Fallback>{fallback}</mc:Fallback>" if fallback else ""
    rows = "".join(f'<mc:Choice Requires="{requires}">{inside}</mc:Choice>' for requires, inside in choices)
    return f"<mc:AlternateContent {more}>{rows}{last}</mc:AlternateContent>"


SOME, ELSE, LAST = (paragraph(text(words)) for words in ("some", "else", "last"))
KNOWN = 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
ODD = 'xmlns:z="urn:nobody-knows" xmlns:y="http://example.org/y"'


@pytest.mark.parametrize(
    ("body", "seen"),
    [
        (alternative(("w14", SOME), more=KNOWN), "some"),
        (alternative(("z", SOME), more=ODD), ""),
        (alternative(("z", SOME), fallback=LAST, more=ODD), "last"),
        (alternative(("z", SOME), ("w14", ELSE), fallback=LAST, more=f"{ODD} {KNOWN}"), "else"),
        (alternative(("w14", SOME), ("z", ELSE), fallback=LAST, more=f"{ODD} {KNOWN}"), "some"),
        (alternative(("w14 z", SOME), fallback=LAST, more=f"{ODD} {KNOWN}"), "last"),
        (alternative(("wps", SOME), fallback=LAST), "some"),  # a prefix that nobody declared, but everybody means
        (alternative(("q", SOME), fallback=LAST), "last"),
        (alternative(("z", SOME), fallback=alternative(("y", ELSE), fallback=LAST), more=ODD), "last"),
        (paragraph(text("a"), alternative(("z", text("b")), more=ODD), text("c")), "ac"),
        (paragraph(f"<w:r>{alternative(('z', '<w:t>b</w:t>'), fallback='<w:t>c</w:t>', more=ODD)}</w:r>"), "c"),
    ],
)
def test_a_version_that_nobody_knows_is_not_shown(body: str, seen: str) -> None:
    """As Word: the first version of which all is known, else the last resort, else nothing."""
    assert read(package(body)).text == seen


@pytest.mark.parametrize(
    ("more", "seen"),
    [
        (f'{ODD} mc:Ignorable="z"', "before\n\nbehind"),
        (f'{ODD} mc:Ignorable="y z"', "before\n\nbehind"),
        (f'{ODD} mc:Ignorable="z" mc:ProcessContent="z:wrap"', "before\n\nin\n\nbehind"),
        (f'{ODD} mc:Ignorable="z" mc:ProcessContent="z:*"', "before\n\nin\n\nbehind"),
        (f'{ODD} mc:Ignorable="z" mc:ProcessContent="y:wrap"', "before\n\nbehind"),
        (f'{ODD} mc:Ignorable="y"', "before\n\nin\n\nbehind"),  # Word would not open it
        ('xmlns:z="http://schemas.microsoft.com/office/word/2099/new" mc:Ignorable="z"', "before\n\nin\n\nbehind"),
    ],
)
def test_what_may_be_ignored_is_not_shown(more: str, seen: str) -> None:
    body = f"{paragraph(text('before'))}<z:wrap>{paragraph(text('in'))}</z:wrap>{paragraph(text('behind'))}"
    assert read(package(document(body, f"{SPACES} {more}"))).text == seen


# What is taken in


def taking(kind: str, name: str, content: str | bytes, *, target: str = "", around: str = "@") -> bytes:
    """Return a document that takes in another file of a content type."""
    before, behind = paragraph(text("He sold nothing and more.")), paragraph(text("Behind."))
    chunk = f'{before}<w:altChunk r:id="rId1"/>{behind}'
    return package(
        around.replace("@", chunk),
        {
            "[Content_Types].xml": types(more=f'<Override PartName="/word/{name}" ContentType="{kind}"/>'),
            "word/_rels/document.xml.rels": links(("aFChunk", target or name)),
            f"word/{name}": content,
        },
    )


PAGE = (
    "<!doctype html><html><body><h1>On widgets</h1><p>He <b>sold</b> wid<i>gets</i> &amp; more.</p><nav>gadgets</nav>"
    "</body></html>"
)
MAIL = (
    "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\nContent-Type: text/html; "
    "charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>He sold=20widgets =E2=80=94 so.</p>\r\n"
    "--x--\r\n"
)
READ = {
    "page": (taking("text/html", "a.htm", PAGE), "On widgets\n\nHe sold widgets & more."),
    "xhtml": (taking("application/xhtml+xml", "a.xhtml", PAGE), "On widgets\n\nHe sold widgets & more."),
    "page in another encoding": (
        taking("text/html", "a.html", "<meta charset=windows-1251><p>Нефть</p>".encode("cp1251")), "Нефть"
    ),
    "page by its name alone": (
        taking("application/octet-stream", "a.html", "<p>He sold widgets.</p>"), "He sold widgets."
    ),
    "plain text": (taking("text/plain", "a.txt", "He sold widgets.\r\n\r\nSo."), "He sold widgets.\n\nSo."),
    "web archive": (taking("message/rfc822", "a.mht", MAIL), "He sold widgets — so."),
    "document": (
        taking(MAIN, "a.docx", package(WIDGETS + paragraph(text("Twice.")))), "He sold widgets and gadgets.\n\nTwice."
    ),
    "absolute": (taking("text/html", "a.htm", PAGE, target="/word/a.htm"), "On widgets\n\nHe sold widgets & more."),
    "document in a document": (taking(MAIN, "a.docx", taking("text/html", "b.htm", "<p>Deep.</p>")),
                               "He sold nothing and more.\n\nDeep.\n\nBehind."),
    "in a cell": (
        taking("text/html", "a.htm", PAGE, around="<w:tbl><w:tr><w:tc>@</w:tc></w:tr></w:tbl>"),
        "On widgets\n\nHe sold widgets & more.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", READ)
def test_what_is_taken_in_is_read(desk_annotator: Annotator, name: str) -> None:
    source, words = READ[name]
    result = desk_annotator.annotate(source, as_of="2024-06-20", notes="every")
    assert result.document.text == f"He sold nothing and more.\n\n{words}\n\nBehind."
    assert result.warnings == ()
    for style in ("comments", "footnotes"):
        out = result.render_bytes(style=style)
        assert strip(out) == source
        assert (out != source) == bool(result.annotations)
        if style == "comments" and result.annotations:
            around = rb'(<w:commentRangeStart w:id="[0-9]+"/>)+<w:altChunk r:id="rId1"/>(<w:commentRangeEnd [^>]*/>)+'
            assert re.search(around, part(out))
        assert part(out, next(each for each in names(source) if each.startswith("word/a."))) == part(
            source, next(each for each in names(source) if each.startswith("word/a."))
        )


def test_a_page_that_is_taken_in_is_laid_out_as_one() -> None:
    made = read(READ["page"][0])
    kinds = {made.text[block.start : block.end]: block.kind for block in made.layout.blocks}
    assert kinds["On widgets"] == "heading"
    code = read(taking("text/html", "a.htm", "<p>Use <code>widgets</code> so.</p>"))
    assert [code.text[span.start : span.end].strip() for span in code.layout.protected] == ["widgets"]


UNREAD = {
    "rich text": (taking("application/rtf", "a.rtf", "{\\rtf1 widgets}"), "word/a.rtf"),
    "not there": (taking("text/html", "a.htm", PAGE, target="b.htm"), "word/b.htm"),
    "damaged": (taking(MAIN, "a.docx", package(WIDGETS)[:-30]), "word/a.docx"),
    "binary": (taking("text/plain", "a.txt", bytes(range(256)) * 9), "word/a.txt"),
    "no relationship": (package(f'{WIDGETS}<w:altChunk r:id="rId7"/>'), "another file"),
    "a part of a master document": (
        package(
            f'{WIDGETS}<w:subDoc r:id="rId1"/>',
            {
                "word/_rels/document.xml.rels": links(("subDocument", "one.docx")).replace(
                    "/>", ' TargetMode="External"/>'
                )
            },
        ),
        "another file",
    ),
    "in itself for ever": (None, "word/a.docx"),
}  # fmt: skip


@pytest.mark.parametrize("name", UNREAD)
def test_what_is_not_read_is_said(desk_annotator: Annotator, name: str, here: Path, desk_run: Command) -> None:
    source, what = UNREAD[name]
    if source is None:
        source = package(WIDGETS)
        for _ in range(5):
            source = taking(MAIN, "a.docx", source)
    result = desk_annotator.annotate(source, as_of="2024-06-20")
    if name != "in itself for ever":
        assert len(result.warnings) == 1
        assert f"takes in {what}, which is not read" in result.warnings[0]
        (here / "a.docx").write_bytes(source)
        done = desk_run("annotate", "a.docx", "-o", "b.docx")
        assert done.exit_code == 0
        assert f"a.docx: takes in {what}, which is not read" in done.stderr
    assert strip(result.render_bytes()) == source


def test_a_warning_needs_no_mention(desk_annotator: Annotator) -> None:
    source = UNREAD["rich text"][0]
    assert source is not None
    result = desk_annotator.annotate(source, as_of="2024-06-20")
    assert not result.annotations
    assert len(result.warnings) == 1
    assert result.render_bytes() == source


# Opened once


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that fills with what is opened: archives, and parts that are unpacked."""
    found: list[str] = []
    make, unpack = Package.__init__, Package._unpacked

    def counted(self: Package, *given: object) -> None:
        found.append("archive")
        make(self, *given)  # type: ignore[arg-type]

    def unpacked(self: Package, entry: object) -> bytes:
        found.append(entry.name)  # type: ignore[attr-defined]
        return unpack(self, entry)  # type: ignore[arg-type]

    monkeypatch.setattr(Package, "__init__", counted)
    monkeypatch.setattr(Package, "_unpacked", unpacked)
    return found


@pytest.mark.parametrize("path", [None, "story.docx"])
def test_a_document_is_opened_once(desk_annotator: Annotator, opened: list[str], path: str | None) -> None:
    parts: dict[str, str | bytes] = {
        "word/styles.xml": STYLES,
        "word/comments.xml": THEIRS.format("comment"),
        "word/_rels/document.xml.rels": links(("styles", "styles.xml"), ("comments", "comments.xml")),
    }
    plain = package(paragraph(text("Nothing."), looks='<w:pStyle w:val="H"/>'), parts)
    desk_annotator.annotate(plain, as_of="2024-06-20", path=path).render_bytes()
    assert opened.count("archive") == 1
    assert len(opened) == len(set(opened))
    assert "word/styles.xml" not in opened  # which may be a hundred times as long as the text
    opened.clear()
    noted = package(paragraph(text("He sold widgets."), looks='<w:pStyle w:val="H"/>'), parts)
    out = desk_annotator.annotate(noted, as_of="2024-06-20", path=path).render_bytes()
    assert opened.count("archive") == 1
    assert len(opened) == len(set(opened))
    opened.clear()
    assert strip(out) == noted
    assert opened.count("archive") == 1
    opened.clear()
    assert strip(plain) == plain
    assert opened.count("archive") == 1
    assert "word/document.xml" not in opened


def test_who_reads_only_is_told_of_all_that_is_damaged(desk_annotator: Annotator) -> None:
    rels: dict[str, str | bytes] = {"word/_rels/document.xml.rels": links(("styles", "styles.xml"))}
    broken = package(WIDGETS, {**rels, "word/styles.xml": "<a>"})
    with pytest.raises(InputError, match="well-formed"):
        read(broken)
    with pytest.raises(InputError, match="well-formed"):
        desk_annotator.annotate(broken, as_of="2024-06-20").render_bytes()
    odd = package(document(WIDGETS).replace("<w:body>", '<w:body><w:bookmarkStart w:id="1" w:id="1"/>'))
    with pytest.raises(InputError, match="well-formed"):
        read(odd)
    with pytest.raises(InputError, match="well-formed"):
        desk_annotator.annotate(odd, as_of="2024-06-20").render_bytes()


OFFICE = shutil.which("soffice") or shutil.which("libreoffice")


@pytest.mark.slow
@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed; its writer is enough")
def test_libreoffice_and_a_library_open_them(desk_annotator: Annotator, tmp_path: Path) -> None:
    sources = {**PLACES, **{name: source for name, (source, _) in READ.items()}}
    for number, source in enumerate(sources.values()):
        for style in ("comments", "footnotes"):
            out = desk_annotator.annotate(source, as_of="2024-06-20").render_bytes(style=style)
            (tmp_path / f"{number}.{style}.docx").write_bytes(out)
            if source in PLACES.values() and number < 5:  # the library takes names as they are written
                docx.Document(io.BytesIO(out))
    command = [str(OFFICE), f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to"]
    command += ["fodt", "--outdir", str(tmp_path / "out"), *map(str, sorted(tmp_path.glob("*.docx")))]
    subprocess.run(command, check=True, capture_output=True, timeout=600)
    for number, name in enumerate(sources):
        if name.startswith(("in other letters", "percent", "not encoded")):
            continue  # it goes by names as they are written, too
        for style, mark in (("comments", "<office:annotation "), ("footnotes", "<text:note ")):
            shown = (tmp_path / "out" / f"{number}.{style}.fodt").read_text("utf-8")
            noted = (tmp_path / f"{number}.{style}.docx").read_bytes() != sources[name]
            assert (mark in shown) == noted, (name, style)
            assert "He sold" in shown
