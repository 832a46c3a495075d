"""From bytes to text and back, exactly: byte-order marks, UTF-8, and the encodings of older pages.

What is decoded here always comes back the same: an encoding is used only if the text, encoded again,
is the input byte for byte. Bytes that UTF-8 has no place for are kept as lone surrogates.
"""

from __future__ import annotations

import codecs

from ..errors import InputError, UsageError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE = ("utf-16", "utf-32")

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAGIC = (
    (b"%PDF-", "a PDF"),
    (_ZIP, "a ZIP archive or an Office document"),
    (_OLE, "an old Office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"\x1f\x8b\x08", "a gzip file"),
    (b"BZh91AY&SY", "a bzip2 file"),
    (b"\xfd7zXZ\x00", "an xz file"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard file"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"OggS\x00", "a sound file"),
    (b"wOFF", "a font"),
    (b"wOF2", "a font"),
)
_KNOWN = tuple(magic for magic, _ in _MAGIC)

# The streams of an old Office file that tell what it is.
_STREAMS = tuple(
    (name.encode("utf-16-le"), what)
    for name, what in (
        ("EncryptedPackage", "an Office document protected by a password"),
        ("WordDocument", "an old Word document (DOC)"),
        ("Workbook", "an old Excel workbook (XLS)"),
        ("PowerPoint Document", "an old PowerPoint presentation (PPT)"),
    )
)
_HEAD = 1000
_WORD, _PDF, _ODT = "a Word document", "a PDF", "an OpenDocument text (ODT)"
_FORMAT_OF = {_WORD: "docx", _PDF: "pdf", _ODT: "odt"}

_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b\x08")) + b"\x7f"
_FEW = 8  # so many stray control characters are a slip, not a sign of binary data
_NUL_SHARE = 0.005
_CONTROL_SHARE = 0.05
_SAMPLE = 1 << 18
_DETECT = 1 << 16
_FOREIGN_SHARE = 0.3
_LATIN_SHARE = 0.25
_PLAUSIBLE = 0.9
_WORDS_OF_ONE = "àáéèêíìóòôúÀÁÉÈÊÍÓÔ"  # such as French "à"

# Codecs whose output depends on what was written before, or that are no encodings of text at all.
_UNUSABLE = frozenset(
    {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem", "utf-7", "hz"}
)


def decode(source: bytes, *, path: str | None = None, encoding: str | None = None) -> tuple[str, str, str, bytes]:
    r"""Return the text, its encoding, the error handler that brings it back, and the byte-order mark.

    >>> decode(b"caf\xc3\xa9")
    ('café', 'utf-8', 'surrogateescape', b'')
    >>> decode(b"\xef\xbb\xbfone")
    ('one', 'utf-8', 'surrogateescape', b'\xef\xbb\xbf')
    """
    asked = usable(encoding) if encoding else None
    for bom, codec in _BOMS:
        if source.startswith(bom):
            found = _try(source[len(bom) :], codec)
            if found is not None:
                return found, codec, errors_for(codec), bom
    _refuse_known_binary(source, path)
    if asked is not None:
        return _as_asked(source, asked, path)
    try:
        text = source.decode("utf-8")
    except UnicodeDecodeError:
        text, codec = _unmarked_wide(source) or _legacy(source, path)
        return text, codec, errors_for(codec), b""
    if b"\0" in source or _controls(source) > _FEW:
        wide = _unmarked_wide(source)
        if wide is not None:
            return wide[0], wide[1], errors_for(wide[1]), b""
        _refuse_binary(source, path)
    return text, "utf-8", "surrogateescape", b""


def errors_for(encoding: str) -> str:
    """Return the error handler that makes this encoding keep what it cannot decode.

    UTF-16 and UTF-32 hold lone surrogates as such; in the others they stand for stray bytes.
    """
    return "surrogatepass" if encoding.startswith(_WIDE) else "surrogateescape"


def usable(encoding: str) -> str:
    """Return the plain name of an encoding that documents can be in, or raise `UsageError`.

    ASCII must look like ASCII in it, or it must be UTF-16 or UTF-32: notes are put in as they stand.
    """
    try:
        info = codecs.lookup(encoding)
    except (LookupError, ValueError):
        message = f"unknown encoding {encoding!r}; try utf-8, cp1252, cp1251 or another that Python knows"
        raise UsageError(message) from None
    name = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le", "ascii": "utf-8"}.get(
        info.name, info.name
    )
    if name.startswith(_WIDE):
        return name
    probe = "Notes [1] {1} <a&b> (1); 0123456789"
    if name not in _UNUSABLE and not name.startswith("iso2022"):
        try:
            if probe.encode(name) == probe.encode("ascii"):
                return name
        except (LookupError, UnicodeError, TypeError):
            pass
    message = f"the encoding {encoding!r} cannot be used: plain ASCII does not stand as such in it; convert to utf-8"
    raise UsageError(message)


def _try(body: bytes, codec: str) -> str | None:
    """Decode exactly, or return ``None``."""
    errors = errors_for(codec)
    try:
        text = body.decode(codec, errors)
        return text if text.encode(codec, errors) == body else None
    except UnicodeError:
        return None


def _as_asked(source: bytes, codec: str, path: str | None) -> tuple[str, str, str, bytes]:
    """Decode in the encoding that was asked for; a codec that does not come back exactly gives way."""
    errors = errors_for(codec)
    try:
        text = source.decode(codec, errors if codec == "utf-8" or _single(codec) else "strict")
    except UnicodeDecodeError as error:
        hint = "leave the encoding out to have it found"
        message = f"{path or 'input'}: not {codec}: byte {error.start} does not fit; {hint}"
        raise InputError(message) from None
    try:
        exact = codec == "utf-8" or text.encode(codec, errors) == source
    except UnicodeError:
        exact = False
    if not exact:
        return source.decode("latin-1"), "iso8859-1", "surrogateescape", b""
    return text, codec, errors, b""


def _single(codec: str) -> bool:
    """Tell whether the encoding gives each byte its own character."""
    return len(bytes(range(128, 256)).decode(codec, "replace")) == 128


def _legacy(source: bytes, path: str | None) -> tuple[str, str]:
    """Decode bytes that are not UTF-8: damaged UTF-8, cp1252, or what the detector is sure of."""
    _refuse_binary(source, path)
    escaped = source.decode("utf-8", "surrogateescape")
    sample = source[:_DETECT]
    if len(sample) < len(source):  # the cut may have split a character
        sample = sample[: sample.rfind(b" ") + 1] or sample
    high = len(sample.translate(None, bytes(range(128))))
    if not high:  # all that is strange comes later
        return escaped, "utf-8"
    strays = sum(1 for char in sample.decode("utf-8", "surrogateescape") if "\udc80" <= char <= "\udcff")
    if high - strays > strays:
        return escaped, "utf-8"
    western = _western(source, sample, high)
    if western is not None:
        return western, "cp1252"
    found = _detected(source, sample)
    if found is not None:
        return found
    if high <= len(sample) * _FOREIGN_SHARE:
        return escaped, "utf-8"
    message = f"{path or 'input'}: neither UTF-8 nor in an encoding that can be told; name its encoding, or convert it"
    raise InputError(message)


def _western(source: bytes, sample: bytes, high: int) -> str | None:
    """Decode as cp1252 where all bytes fit and the result reads like Western text."""
    if high > len(sample) * _LATIN_SHARE:
        return None
    text = _strict(source, "cp1252")
    if text is None:
        return None
    part = text[: len(sample)]
    good = 0
    for at, char in enumerate(part):
        if char < "\x80":
            continue
        before = part[at - 1] if at else " "
        after = part[at + 1] if at + 1 < len(part) else " "
        if char in "‘’“”–—…€£§°·•«»©®™½¼¾¡¿ªº\xa0\xad":
            good += 1
        elif char.isalpha():
            if not (before.isalpha() or after.isalpha()):
                good += char in _WORDS_OF_ONE
            elif char.isupper():
                good += (after.islower() and not before.isupper()) or (before.isupper() and not after.islower())
            else:
                good += not before.isdigit()
    return text if good >= high * _PLAUSIBLE else None


def _detected(source: bytes, sample: bytes) -> tuple[str, str] | None:
    """Ask charset-normalizer, and believe it only when it is sure."""
    from charset_normalizer import from_bytes  # slow to import and seldom needed

    best = from_bytes(sample).best()
    if best is None or best.chaos > 0.1 or best.coherence < 0.3:  # its own scales, from 0 to 1
        return None
    try:
        codec = usable(best.encoding)
    except UsageError:
        return None
    text = _strict(source, codec)
    return None if text is None else (text, codec)


def _strict(source: bytes, codec: str) -> str | None:
    """Decode without a single stray byte, and exactly, or return ``None``."""
    try:
        text = source.decode(codec)
        return text if text.encode(codec) == source else None
    except UnicodeError:
        return None


def _controls(source: bytes) -> int:
    """Count control characters that text has no use for, in the first part of the source."""
    sample = source[:_SAMPLE]
    return len(sample) - len(sample.translate(None, _CONTROLS))


def _unmarked_wide(source: bytes) -> tuple[str, str] | None:
    """Decode UTF-16 that has no byte-order mark."""
    codec = None if len(source) % 2 else unmarked(source[:_SAMPLE])
    text = None if codec is None else _strict(source, codec)
    return None if codec is None or text is None or "\0" in text else (text, codec)


def unmarked(sample: bytes) -> str | None:
    """Recognise UTF-16 without a byte-order mark by its zero bytes, all on one side."""
    half = len(sample) // 2
    if half < 2:  # two characters at least
        return None
    first, second = sample[::2].count(0), sample[1::2].count(0)
    if second > half * 0.6 and first < half * 0.02:
        return "utf-16-le"
    if first > half * 0.6 and second < half * 0.02:
        return "utf-16-be"
    return None


def marked(sample: bytes) -> tuple[bytes, str] | None:
    r"""Return the byte-order mark that a text begins with, and the encoding that it stands for.

    >>> marked(b"\xff\xfeo\x00")
    (b'\xff\xfe', 'utf-16-le')
    """
    return next((pair for pair in _BOMS if sample.startswith(pair[0])), None)


def newline_of(text: str) -> str:
    r"""Return the line end that the text uses most, ``\n`` when it has none.

    >>> newline_of("one\r\ntwo\r\nthree\n")
    '\r\n'
    """
    if "\r" not in text:
        return "\n"
    both = text.count("\r\n")
    feeds = text.count("\n") - both
    returns = text.count("\r") - both
    if both >= feeds and both >= returns:
        return "\r\n"
    return "\n" if feeds >= returns else "\r"


def what_is(source: bytes) -> str | None:
    """Say in a few words what sort of file the first bytes tell; ``None`` for what may be text.

    >>> what_is(b"%PDF-1.7"), what_is(b"Oil caps hold.")
    ('a PDF', None)
    """
    for magic, what in _MAGIC:
        if source.startswith(magic):
            if magic == _ZIP:
                return _what_package(source) or what
            return next((finer for stream, finer in _STREAMS if stream in source), what) if magic == _OLE else what
    head = source[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype html", b"<html")) or (head.startswith(b"<") and b"<html" in head):
        return "a web page (HTML)"
    if head.startswith(b"mime-version:"):
        return "a web archive (MHTML)"
    if head.startswith(b"<?xml"):
        return "an XML file"
    return None if source else "empty"


def _what_package(source: bytes) -> str | None:
    """Say what a ZIP archive holds; ``None`` where that cannot be told."""
    from .package import Package

    try:
        package = Package(source)
        return _WORD if package.is_word() else package.kind()
    except InputError:
        return None


def _refuse_known_binary(source: bytes, path: str | None) -> None:
    """Raise `InputError` for a file whose first bytes say what it is."""
    if source.startswith(_KNOWN):
        what = what_is(source)
        known = _FORMAT_OF.get(what or "")
        todo = f"leave its format out, or say {known}" if known else "save it as DOCX, text or Markdown first"
        message = f"{path or 'input'} is {what}, not text: {todo}"
        raise InputError(message)


def _refuse_binary(source: bytes, path: str | None) -> None:
    """Raise `InputError` for what has too many control characters to be text."""
    nuls = source.count(0)
    controls = _controls(source)
    size = min(len(source), _SAMPLE)
    if (nuls > _FEW and nuls > len(source) * _NUL_SHARE) or (controls > _FEW and controls > size * _CONTROL_SHARE):
        message = f"{path or 'input'} is binary data, not text: it is full of control characters"
        raise InputError(message)
