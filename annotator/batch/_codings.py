"""What a server did to a page on its way, undone: the content and transfer codings of HTTP (RFC 9110 and 9112).

Headers in web archives are often wrong: crawlers keep them when they have long decoded the page, and servers compress
twice. So what a page begins with counts for more than what was said of it. What comes out is text, or an error; bytes
that are still compressed are never taken for text.
"""

from __future__ import annotations

import codecs
import zlib
from typing import TYPE_CHECKING, Any

from ..errors import InputError, MissingExtraError
from ._extras import brotli, zstd

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

CHUNKED = "chunked"
# Nothing was done, or something that is no coding: values that servers send for want of a better one.
_NOTHING = frozenset({"", "identity", "none", "null", "no", "off", "plain", "text", "7bit", "8bit", "binary"})
_NAMES = {
    "gzip": "gzip", "x-gzip": "gzip", "gz": "gzip", "deflate": "deflate", "x-deflate": "deflate", "zlib": "deflate",
    "br": "br", "brotli": "br", "x-br": "br", "zstd": "zstd", "x-zstd": "zstd", "bzip2": "bzip2", "x-bzip2": "bzip2",
    "bzip": "bzip2", "x-bzip": "bzip2", "bz2": "bzip2", "xz": "xz", "x-xz": "xz", "lzma": "xz", "x-lzma": "xz",
}  # fmt: skip
_MAGIC = (
    (b"\x1f\x8b\x08", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
)
_SPOKEN = {"br": "Brotli", "zstd": "Zstandard"}
_TIMES = 4  # how often something may be compressed that does not say so
_LINE = 256  # the most that the line before a chunk may be long

_CONTROLS = bytes(set(range(32)) - set(b"\b\t\n\v\f\r\x1b")) + b"\x7f"
_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_CONTROL_SHARE = 0.02


def codings_of(headers: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Return the codings that a response names, in the order in which they were put on.

    >>> codings_of([("Content-Encoding", "GZIP, br"), ("Vary", "x"), ("transfer-encoding", "chunked")])
    ('gzip', 'br', 'chunked')
    """
    found: list[str] = []
    fields = list(headers)
    for wanted in ("content-encoding", "transfer-encoding"):
        for name, value in fields:
            if name.strip().lower() == wanted:
                tokens = [token.partition(";")[0].strip(" \t\"'").lower() for token in value.split(",")]
                found += [token for token in tokens if token not in _NOTHING]
    return tuple(found)


def undone(data: bytes, codings: Sequence[str], most: int, encoding: str | None = None) -> bytes:
    """Return a page as it was before the codings, in the order in which they were put on, were put on.

    ``encoding`` is that of its text, where it is known. Raises ``InputError`` for what cannot be undone, is longer
    than ``most`` bytes then, or is no text; ``MissingExtraError`` where a library is missing for it.
    """
    for name in reversed(codings):
        if not data:
            return data
        data = _joined(data) if name == CHUNKED else _without(data, name, most, encoding)
    for _ in range(_TIMES):  # what nobody has said
        kind = _begins_as(data)
        if kind is None:
            break
        data = _DECODERS[kind](data, most)
    if _is_binary(data, encoding):
        raise InputError("is binary data, not text: it is full of control characters")
    return data


class _DamagedError(Exception):
    """Data is not what its name says."""


def _without(data: bytes, name: str, most: int, encoding: str | None) -> bytes:
    """Undo one coding, or another one that the data begins as; what is plain text already is left as it is."""
    kind = _NAMES.get(name)
    begins = _begins_as(data)
    fault = ""
    for one in dict.fromkeys((kind, begins) if kind in {"br", "deflate"} else (begins, kind)):
        if one is None:
            continue
        try:
            return _DECODERS[one](data, most)
        except _DamagedError as error:
            fault = fault or str(error)
        except MissingExtraError:
            if not _is_plain(data, encoding):
                raise
    if _is_plain(data, encoding):
        return data
    if kind is None:
        raise InputError(f"content encoding {name[:40]!r} cannot be undone; archive the page without it")
    raise InputError(f"damaged {_SPOKEN.get(kind, kind)} data ({fault}), as its content encoding is {name[:40]!r}")


def _begins_as(data: bytes) -> str | None:
    """Return the coding that the first bytes tell, if any."""
    for magic, kind in _MAGIC:
        if data.startswith(magic) and (kind != "bzip2" or data[4:10] in {b"1AY&SY", b"\x17rE8P\x90"}):
            return kind
    return None


def _is_plain(data: bytes, encoding: str | None) -> bool:
    """Tell whether data is text beyond doubt: Unicode without control characters, or markup in another encoding."""
    if data.startswith(_MARKS) or (_says_wide(encoding) and _is_wide(data)):
        return True
    if len(data.translate(None, _CONTROLS)) < len(data):
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return data.lstrip()[:1] == b"<"
    return True


def _is_binary(data: bytes, encoding: str | None) -> bool:
    if data.startswith(_MARKS) or _says_wide(encoding):
        return False
    controls = len(data) - len(data.translate(None, _CONTROLS))
    # A page may have strays, and one in UTF-16 that does not say so has a zero in every other byte.
    return controls > 1 and controls > len(data) * _CONTROL_SHARE and not _is_wide(data)


def _says_wide(encoding: str | None) -> bool:
    return encoding is not None and encoding.startswith(("utf-16", "utf-32"))


def _is_wide(data: bytes) -> bool:
    first, second = data[::2].count(0), data[1::2].count(0)
    most, least = max(first, second), min(first, second)
    return most > len(data) * 0.3 and least < len(data) * 0.01


# -- one coding each -------------------------------------------------------------------------------


def _too_long(most: int) -> InputError:
    return InputError(f"longer than {most >> 20} MB when decompressed; split it")


def _members(data: bytes, most: int, make: Callable[[], Any], *faults: type[Exception], several: bool = True) -> bytes:
    """Undo what may stand several times in a row; what follows the last of them is left out, as browsers do it."""
    found = bytearray()
    begin = data[:2]
    while True:
        decoder = make()
        try:
            found += decoder.decompress(data, most + 1 - len(found))
        except faults as error:
            what = " ".join(str(error).split())
            raise _DamagedError(what.partition(" while decompressing data: ")[2] or what) from None
        if len(found) > most:
            raise _too_long(most)
        if not decoder.eof:
            raise _DamagedError("cut short")
        data = decoder.unused_data
        if not several or not data.startswith(begin):
            return bytes(found)


def _gzip(data: bytes, most: int) -> bytes:
    return _members(data, most, lambda: zlib.decompressobj(31), zlib.error)


def _deflate(data: bytes, most: int) -> bytes:
    """Undo what the standard calls deflate, which is zlib's format, or what some servers take it for."""
    try:
        return _members(data, most, zlib.decompressobj, zlib.error, several=False)
    except _DamagedError as error:
        try:
            return _members(data, most, lambda: zlib.decompressobj(-15), zlib.error, several=False)
        except _DamagedError:
            raise error from None


def _zstd(data: bytes, most: int) -> bytes:
    module = zstd()
    return _members(data, most, module.ZstdDecompressor, module.ZstdError)


def _bzip2(data: bytes, most: int) -> bytes:
    import bz2  # seldom needed

    return _members(data, most, bz2.BZ2Decompressor, OSError, ValueError)


def _xz(data: bytes, most: int) -> bytes:
    import lzma  # seldom needed

    return _members(data, most, lambda: lzma.LZMADecompressor(memlimit=256 << 20), lzma.LZMAError)


def _brotli(data: bytes, most: int) -> bytes:
    module = brotli()
    decoder = module.Decompressor()
    found = bytearray()
    try:
        found += decoder.process(data, output_buffer_limit=most + 1)
        while len(found) <= most and not decoder.can_accept_more_data():
            more = decoder.process(b"", output_buffer_limit=most + 1 - len(found))
            found += more
            if not more:
                break
    except module.error as error:
        raise _DamagedError(" ".join(str(error).split())) from None
    if len(found) > most:
        raise _too_long(most)
    if not decoder.is_finished():
        raise _DamagedError("cut short")
    return bytes(found)


_DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gzip, "deflate": _deflate, "br": _brotli, "zstd": _zstd, "bzip2": _bzip2, "xz": _xz,
}  # fmt: skip


def _joined(data: bytes) -> bytes:
    """Undo the chunked coding; what is not in chunks, or no longer, is left as it is."""
    found = bytearray()
    at = 0
    while at < len(data):
        end = data.find(b"\r\n", at, at + _LINE)
        size = _size(data[at:end]) if end >= 0 else None
        after = end + 2 + (size or 0)
        if size is None or data[after : after + 2] not in {b"\r\n", b"\r", b""}:
            if not at:
                return data
            if size is None or size:
                raise InputError("damaged chunked data, as its transfer encoding is 'chunked'")
        if not size:  # the last one; fields may follow it
            break
        found += data[end + 2 : after]
        at = after + 2
    return bytes(found)


def _size(line: bytes) -> int | None:
    digits = line.partition(b";")[0].strip()
    if not digits or len(digits) > 15 or digits.translate(None, b"0123456789abcdefABCDEF"):
        return None
    return int(digits, 16)
