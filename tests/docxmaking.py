"""Word documents for tests, made by hand so that every byte of them is known."""

from __future__ import annotations

import io
import zipfile

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_R = "http://purl.oclc.org/ooxml/officeDocument/relationships"
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
M = "http://schemas.openxmlformats.org/officeDocument/2006/math"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SPACES = f'xmlns:w="{W}" xmlns:mc="{MC}" xmlns:r="{R}" xmlns:wp="{WP}" xmlns:m="{M}"'
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def types(main: str = MAIN, part: str = "word/document.xml", more: str = "") -> str:
    """Return the list of content types."""
    return (
        f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{part}" ContentType="{main}"/>{more}</Types>'
    )


def links(*targets: tuple[str, str], base: str = R) -> str:
    """Return relationships, given by the last word of their type and their target."""
    rows = "".join(
        f'<Relationship Id="rId{number}" Type="{base}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{rows}</Relationships>'


def document(body: str, spaces: str = SPACES) -> str:
    """Return the document part around a body."""
    return f"{HEAD}<w:document {spaces}><w:body>{body}<w:sectPr/></w:body></w:document>"


def package(
    body: str | bytes,
    parts: dict[str, str | bytes] | None = None,
    *,
    compression: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """Return a document with a body (or, if it begins like one, a whole part); ``parts`` are more, or other ones."""
    whole = body if isinstance(body, bytes) or body.startswith("<?xml") else document(body)
    content: dict[str, str | bytes] = {
        "[Content_Types].xml": types(),
        "_rels/.rels": links(("officeDocument", "word/document.xml")),
        "word/document.xml": whole,
        **(parts or {}),
    }
    return archive(content, compression=compression)


def archive(content: dict[str, str | bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return an archive of files, with a date that does not change."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as file:
        for name, data in content.items():
            info = zipfile.ZipInfo(name, (2024, 6, 12, 10, 0, 0))
            info.compress_type = compression
            file.writestr(info, data)
    return made.getvalue()


def part(data: bytes, name: str = "word/document.xml") -> bytes:
    """Return the content of one part."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return file.read(name)


def names(data: bytes) -> list[str]:
    """Return the names of the files in an archive."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        assert file.testzip() is None
        return file.namelist()


def text(words: str, look: str = "") -> str:
    """Return a run."""
    looks = f"<w:rPr>{look}</w:rPr>" if look else ""
    return f'<w:r>{looks}<w:t xml:space="preserve">{words}</w:t></w:r>'


def paragraph(*runs: str, looks: str = "") -> str:
    """Return a paragraph."""
    return f"<w:p>{f'<w:pPr>{looks}</w:pPr>' if looks else ''}{''.join(runs)}</w:p>"


def box(*paragraphs: str) -> str:
    """Return a run with a text box, with the copy that old programs read."""
    inside = f"<w:txbxContent>{''.join(paragraphs)}</w:txbxContent>"
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor><wps:txbx xmlns:wps="urn:wps">'
        f"{inside}</wps:txbx></wp:anchor></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict>{inside}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def field(code: str, *result: str) -> str:
    """Return a field with its code and its result."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {code} </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{"".join(result)}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
