"""PDFs written by hand, for what no library would write: object by object, with the table of where they stand."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
SENTENCE = "The UN bans luxury goods for North Korea."


def pdf(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """Return a file of these objects, numbered from 1; the first is the catalogue."""
    out = b"%PDF-1.7\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    tail = b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, trailer, len(out))
    return out + head + table + tail


def stream(data: bytes, extra: bytes = b"", *, packed: bool = False) -> bytes:
    """Return a stream, packed or not."""
    if packed:
        data, extra = zlib.compress(data, 9), extra + b"/Filter/FlateDecode"
    return b"<</Length %d%s>>stream\n" % (len(data), extra) + data + b"\nendstream"


def shown(words: str = SENTENCE, left: int = 72, up: int = 700, size: int = 12) -> bytes:
    """Return the content that shows words at a place."""
    return b"BT /F %d Tf 1 0 0 1 %d %d Tm (%s) Tj ET\n" % (size, left, up, words.encode("latin-1"))


def one(
    content: bytes, *more: bytes, resources: bytes = b"<</Font<</F 4 0 R>>>>", page: bytes = b"", catalog: bytes = b""
) -> bytes:
    """Return a document of one page; the objects from 6 on are ``more``."""
    return pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R" + catalog + b">>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 5 0 R/Resources " + resources + page + b">>",
            FONT,
            content,
            *more,
        ]
    )


def pages(*contents: bytes, info: bytes = b"") -> bytes:
    """Return a document of several pages with these contents, and with what its information says."""
    count = len(contents)
    kids = b" ".join(b"%d 0 R" % (4 + 2 * number) for number in range(count))
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count), FONT]
    for number, content in enumerate(contents):
        entry = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F 3 0 R>>>>/Contents %d 0 R>>"
        objects += [entry % (5 + 2 * number), stream(content)]
    if info:
        objects.append(b"<<" + info + b">>")
    return pdf(objects, b"/Info %d 0 R" % len(objects) if info else b"")
