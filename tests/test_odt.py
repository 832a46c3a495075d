"""OpenDocument texts in: what of them is text, how it is laid out, and packages that are built to do harm."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from typing import TYPE_CHECKING

import pytest

from annotator import Annotator, strip
from annotator.errors import InputError, MisfitError
from annotator.reading import format_of, read
from annotator.updating import update

if TYPE_CHECKING:
    from pathlib import Path

SENTENCE = "The UN bans luxury goods for North Korea."
SPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in [("office", "office"), ("text", "text"), ("table", "table"), ("draw", "drawing"),
                        ("style", "style"), ("meta", "meta"), ("manifest", "manifest")]
) + ' xmlns:xlink="http://www.w3.org/1999/xlink"'  # fmt: skip
TYPE = "application/vnd.oasis.opendocument.text"


def odt(body: str, *, styles: str = "", meta: str = "", before: str = "", mimetype: str = TYPE, **more: str) -> bytes:
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<office:document-content {SPACES}>'
        f"<office:automatic-styles>{styles}</office:automatic-styles><office:body><office:text>{body}</office:text>"
        "</office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(zipfile.ZipInfo("mimetype"), mimetype)
        package.writestr("content.xml", content)
        if meta:
            package.writestr(
                "meta.xml", f"<office:document-meta {SPACES}><office:meta>{meta}</office:meta></office:document-meta>"
            )
        for name, data in more.items():
            package.writestr(name.replace("__", "/").replace("_", "."), data)
    return out.getvalue()


def p(words: str) -> str:
    return f"<text:p>{words}</text:p>"


def test_the_text_is_what_a_person_sees_of_the_body() -> None:
    body = (
        '<text:h text:outline-level="1">A  headline</text:h>'
        + p("One<text:s/>two<text:s text:c='3'/>three<text:tab/>four<text:line-break/>five <text:span>six</text:span>")
        + p("a  b\n c <text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>unseen</text:p>"
            "</text:note-body></text:note>d<office:annotation><text:p>unseen</text:p></office:annotation>e")
        + "<text:tracked-changes><text:changed-region><text:deletion><text:p>unseen</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes>"
        + '<text:section text:display="none"><text:p>unseen</text:p></text:section>'
        + p("before <draw:frame><draw:text-box><text:p>in a box</text:p></draw:text-box></draw:frame>behind")
    )  # fmt: skip
    assert read(odt(body)).text.split("\n\n") == [
        "A headline", "One two   three\tfour\nfive six", "a b c de", "before behind", "in a box",
    ]  # fmt: skip


def test_headings_items_rows_and_tables_of_contents_are_told() -> None:
    styles = '<style:style style:name="P1" style:parent-style-name="Title"/><style:style style:name="P2" style:parent-style-name="P2"/>'  # noqa: E501
    body = (
        f"<text:table-of-content><text:index-body>{p('Luxury goods 3')}</text:index-body></text:table-of-content>"
        '<text:p text:style-name="P1">The title</text:p>'
        '<text:p text:style-name="P2">A paragraph of the article.</text:p>'
        f"<text:list><text:list-item>{p('an item')}{p('goes on')}</text:list-item></text:list>"
        f"<table:table><table:table-row><table:table-cell>{p('cell')}</table:table-cell></table:table-row></table:table>"
        + p('See <text:a xlink:href="http://un.org/">this</text:a> and www.un.org.')
    )
    document = read(odt(body, styles=styles))
    kinds = {document.text[one.start : one.end]: one.kind for one in document.layout.blocks}
    assert kinds["The title"] == "heading"
    assert kinds["an item"] == "item"
    protected = [document.text[one.start : one.end] for one in document.layout.protected]
    assert protected == ["Luxury goods 3", "www.un.org"]
    assert [document.text[one.start : one.end] for one in document.layout.atomic] == ["this"]


def test_the_date_is_that_of_the_text_then_that_of_making() -> None:
    made = "<meta:creation-date>2024-06-20T10:00:00.123</meta:creation-date>"
    assert read(odt(p(SENTENCE), meta=made)).dated.date == "2024-06-20"
    assert read(odt(p("GENEVA, 3 May 2024 - The Council met."), meta=made)).dated.date == "2024-05-03"
    assert read(odt(p(SENTENCE), meta="<meta:creation-date>x</meta:creation-date>")).dated.date is None
    assert read(odt(p(SENTENCE), meta="<meta:creation-date>")).dated.date is None


def test_an_odt_is_known_by_its_content_and_each_output_beside_it_is_made() -> None:
    source = odt(p(SENTENCE))
    assert format_of("a.bin", source) == format_of("a.odt", b"x") == "odt"
    result = Annotator(lists=False).annotate(source, as_of="2024-06-20", path="a.odt")
    assert [one.text for one in result.annotations] == ["bans luxury goods"]
    for format in ("report", "json", "csv", "sarif", "webannotation", "brat", "plain"):
        assert result.render(format)
    with pytest.raises(MisfitError, match=r"^a\.odt is an OpenDocument text, which is read but not written"):
        result.render_bytes()
    with pytest.raises(MisfitError, match="read but not written"):
        strip(source)
    with pytest.raises(MisfitError, match="read but not written"):
        update(Annotator(lists=False), source)


@pytest.mark.slow
def test_what_libreoffice_saves_gives_the_notes_of_its_source(tmp_path: Path) -> None:
    if shutil.which("soffice") is None:
        pytest.skip("soffice is not installed")
    page = tmp_path / "page.html"
    page.write_text(f"<h1>On the ban</h1><p>{SENTENCE}</p><p>Under Resolution 2397 vehicles are banned.</p>")
    options = [f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--convert-to", "odt:writer8"]
    command = ["soffice", "--headless", *options, "--outdir", str(tmp_path), str(page)]
    subprocess.run(command, capture_output=True, timeout=300, check=True)
    of = Annotator(lists=False).annotate_file
    notes = [
        [one.notes for one in of(tmp_path / f"page.{end}", as_of="2024-06-20").annotations] for end in ("odt", "html")
    ]
    assert notes[0] == notes[1]
    assert notes[0]


# -- broken and hostile -------------------------------------------------------------------------------------


def refused(source: bytes) -> str:
    with pytest.raises(InputError) as told:
        read(source, path="a.odt")
    assert str(told.value).startswith("a.odt ")
    assert "\n" not in str(told.value)
    return str(told.value)


def test_what_is_no_odt_or_is_damaged_is_refused_in_a_line() -> None:
    assert "is text, not an OpenDocument text" in refused(b"Oil caps hold.")
    sheet = odt(p("x"), mimetype="application/vnd.oasis.opendocument.spreadsheet")
    assert "OpenDocument spreadsheet" in refused(sheet)
    source = odt(p(SENTENCE))
    refused(source[: len(source) // 2])
    refused(source.replace(b"content.xml", b"c0ntent.xml"))
    assert "not well-formed" in refused(odt("<text:p>"))


def test_an_odt_with_a_password_is_refused() -> None:
    entry = '<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry>'
    manifest = f"<manifest:manifest {SPACES}>{entry}</manifest:manifest>"
    assert "protected by a password" in refused(odt(p("x"), **{"META-INF__manifest_xml": manifest}))


def test_hostile_entities_and_document_types_are_refused() -> None:
    laughs = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    assert "document type" in refused(odt(p("&b;"), before=laughs))
    outside = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    assert "document type" in refused(odt(p("&x;"), before=outside))
    assert "document type" in refused(odt(p("x"), before='<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd">'))


def test_hostile_references_to_other_files_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("a secret on the disk")
    body = (
        f'<text:section><text:section-source xlink:href="{secret.as_uri()}"/></text:section>'
        f'<draw:frame><draw:object xlink:href="{secret.as_uri()}"/></draw:frame>'
        '<text:script xlink:href="http://127.0.0.1:9/x.js">alert(1)</text:script>' + p(SENTENCE)
    )
    assert read(odt(body)).text == SENTENCE


def test_hostile_nesting_and_blanks_without_end_are_bounded() -> None:
    deep = "<text:span>" * 5000 + "x" + "</text:span>" * 5000
    assert "nests elements" in refused(odt(p(deep)))
    assert len(read(odt(p("a<text:s text:c='999999999'/>b<text:s text:c='-5'/>c"))).text) < 200
    assert read(odt(p("a<text:s text:c='99999999999999999999'/>b"))).text == "a b"
    assert read(odt(p("a<text:s text:c='0'/>b"))).text == "ab"
    day = f"<meta:creation-date>{'&lt;' * 20_000}</meta:creation-date>"
    assert read(odt(p(SENTENCE), meta=day)).dated.date is None


def test_hostile_packages_that_unpack_without_end_are_refused() -> None:
    assert "too much to be an article" in refused(odt(p(" " * 40_000_000)))


def test_hostile_names_that_lead_out_of_the_package_are_refused() -> None:
    assert "leads out of it" in refused(odt(p("x"), **{"..__..__x_txt": "x"}))
