"""An Office package: a ZIP archive of XML parts, read without trusting it.

Only the archive's directory is read at first, and each part when it is asked for. Whatever could hide
something or could exhaust the machine (overlapping entries, sizes that lie, document types with their
entities, nesting without end) is refused with `InputError`. Links out of the package are never followed.
"""

from __future__ import annotations

import posixpath
import struct
import zlib
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote
from xml.parsers import expat

from .._lazy import regex
from ..errors import InputError
from .links import LINKS, TYPES, Link, link_of, links_in, types_in

if TYPE_CHECKING:
    from collections.abc import Callable

_END = struct.Struct("<4s4H2LH")
_RECORD = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_LOCATOR = struct.Struct("<4sLQL")
_END64 = struct.Struct("<4sQ2H2L4Q")
_END_MARK, _RECORD_MARK, LOCAL_MARK = b"PK\5\6", b"PK\1\2", b"PK\3\4"
_FULL16, _FULL32 = 0xFFFF, 0xFFFFFFFF
_ENCRYPTED, _DESCRIBED, _UTF8 = 0x1, 0x8, 0x800
STORED, DEFLATED = 0, 8

_MOST_ENTRIES = 20_000
_LARGEST_PART = 1 << 28  # no article comes near a quarter of a gigabyte
_LARGEST_TOTAL = 1 << 32
_SMALL = 1 << 24  # below this no ratio is suspicious
_RATIO = 150  # the markup of Word packs a good deal less than this
DEEPEST = 1000
_DECLARED = regex(rb"""<\?xml[^>]{0,80}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_ENCODINGS = ("utf-8", "utf8", "us-ascii", "ascii")

TYPES_PART = "[Content_Types].xml"
_MAIN_TYPES = (
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
    "application/vnd.ms-word.document.macroenabled.main+xml",
    "application/vnd.ms-word.template.macroenabledtemplate.main+xml",
)
# By the type of the main part in other formats, or by what an entry named "mimetype" says.
_OTHERS = (
    ("spreadsheetml", "an Excel workbook"),
    ("ms-excel", "an Excel workbook"),
    ("presentationml", "a PowerPoint presentation"),
    ("ms-powerpoint", "a PowerPoint presentation"),
    ("ms-visio", "a Visio drawing"),
)
_ARCHIVE = "a ZIP archive"
_MIMETYPES = (
    (b"application/vnd.oasis.opendocument.text", "an OpenDocument text (ODT)"),
    (b"application/vnd.oasis.opendocument.spreadsheet", "an OpenDocument spreadsheet (ODS)"),
    (b"application/vnd.oasis.opendocument", "an OpenDocument file"),
    (b"application/epub+zip", "an EPUB book"),
)


class Entry(NamedTuple):
    """One file of the archive, by its record in the directory.

    ``start`` and ``end`` are where its local record stands in the archive, ``data`` where its packed bytes
    begin; ``record`` is its record in the directory, as it stands there. All are offsets in bytes.
    """

    name: str
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    start: int
    data: int
    end: int
    record: bytes


class Package:
    """A package in memory.

    ``entries`` are in the order of the directory, ``directory`` is where that begins, and ``comment`` what
    the archive closes with. Raises `InputError` for what is damaged, locked or built to do harm.
    """

    __slots__ = (
        "_by_name", "_content", "_links", "_types", "_unquoted", "comment", "directory", "entries", "path", "source",
    )  # fmt: skip

    def __init__(self, source: bytes, path: str | None = None) -> None:
        self.source = source
        self.path = path
        self._content: dict[str, bytes] = {}
        self._links: dict[str, list[Link]] = {}
        self._types: tuple[dict[str, str], dict[str, str]] | None = None
        self._unquoted: dict[str, Entry] | None = None
        count, size, self.directory, self.comment = self._ending()
        self.entries = self._records(count, size)
        self._by_name: dict[str, Entry] = {}
        for entry in self.entries:
            if self._by_name.setdefault(entry.name.lower(), entry) is not entry:
                raise self.fault(f"holds two files named {entry.name}")
        self._weigh()

    def fault(self, what: str) -> InputError:
        """Return the error that says what is wrong with this package, in a line whatever names are in it."""
        line = what if what.isprintable() else what.encode("unicode_escape").decode("ascii")
        return InputError(f"{self.path or 'input'} {line}")

    def damaged(self, what: str) -> InputError:
        """Return the error for a package that is not whole."""
        return self.fault(f"is damaged: {what}; open it in Word or LibreOffice and save it again")

    def too_deep(self, name: str) -> InputError:
        """Return the error for a part whose elements nest without end."""
        return self.fault(f"nests elements more than {DEEPEST} deep in {name}: no Office program would read it")

    def find(self, name: str) -> Entry | None:
        """Return the entry of a part; names that differ only in case or in percent-encoding are the same."""
        found = self._by_name.get(name.lower())
        if found is None:
            if self._unquoted is None:
                self._unquoted = {unquote(each): entry for each, entry in self._by_name.items() if "%" in each}
            plain = unquote(name).lower()
            found = self._by_name.get(plain) or self._unquoted.get(plain)
        return found

    def read(self, name: str) -> bytes:
        """Return a part's content. Raises `InputError` where it is missing or does not fit its record."""
        entry = self.find(name)
        if entry is None:
            raise self.damaged(f"its part {name} is missing")
        found = self._content.get(entry.name)
        if found is None:
            found = self._content[entry.name] = self._unpacked(entry)
        return found

    def text(self, name: str) -> tuple[bytes, str]:
        """Return an XML part as UTF-8, and the encoding it is in: ``utf-8``, ``utf-16-le`` or ``utf-16-be``.

        A byte-order mark is kept as the character that it is.
        """
        content = self.read(name)
        head = content[:4]
        codec = "utf-8"
        if head.startswith(b"\xff\xfe") or head[:2] == b"<\0":
            codec = "utf-16-le"
        elif head.startswith(b"\xfe\xff") or head[:2] == b"\0<":
            codec = "utf-16-be"
        if codec != "utf-8":
            try:
                return content.decode(codec).encode("utf-8"), codec
            except UnicodeError:
                raise self.damaged(f"{name} is not the UTF-16 that it begins as") from None
        declared = _DECLARED.match(content[content.startswith(b"\xef\xbb\xbf") and 3 :][:200])
        if declared and declared[1].decode("ascii").lower() not in _ENCODINGS:
            encoding = declared[1].decode("ascii")
            raise self.damaged(f"{name} says that it is in {encoding}, and parts are in UTF-8 or UTF-16")
        return content, codec

    def types(self) -> tuple[dict[str, str], dict[str, str]]:
        """Return the content types, of parts by name and of the rest by the ending of the name, in small letters."""
        if self._types is None:
            self._types = types_in(self.text(TYPES_PART)[0]) or self._walked_types()
        return self._types

    def _walked_types(self) -> tuple[dict[str, str], dict[str, str]]:
        parts: dict[str, str] = {}
        endings: dict[str, str] = {}

        def start(name: str, values: dict[str, str]) -> None:
            if name == f"{TYPES} Override":
                parts[unquote(values.get("PartName", "")).lower()] = values.get("ContentType", "").lower()
            elif name == f"{TYPES} Default":
                endings[values.get("Extension", "").lower()] = values.get("ContentType", "").lower()

        walk(self, TYPES_PART, start)
        return parts, endings

    def type_of(self, name: str) -> str:
        """Return the content type of a part, empty where there is none."""
        parts, endings = self.types()
        return parts.get(f"/{unquote(name)}".lower()) or endings.get(posixpath.splitext(name)[1][1:].lower(), "")

    def links(self, name: str = "") -> list[Link]:
        """Return where a part leads to inside the package; where the package itself does, without a name."""
        if name in self._links:
            return self._links[name]
        found: list[Link] = []
        where = links_part(name)
        if self.find(where) is not None:
            plain = links_in(self.text(where)[0])
            folder = posixpath.dirname(name)
            found = [link_of(folder, *each) for each in plain] if plain is not None else self._walked_links(name, where)
        self._links[name] = found
        return found

    def _walked_links(self, name: str, where: str) -> list[Link]:
        found: list[Link] = []
        folder = posixpath.dirname(name)

        def start(tag: str, values: dict[str, str]) -> None:
            if tag == f"{LINKS} Relationship":
                ident, kind, target = (values.get(each, "") for each in ("Id", "Type", "Target"))
                found.append(link_of(folder, ident, kind, target, values.get("TargetMode", "")))

        walk(self, where, start)
        return found

    def linked(self, name: str, kind: str) -> str:
        """Return the part of a kind that a part leads to first, whether it is there or not; empty for none."""
        return next((link.target for link in self.links(name) if link.kind == kind and link.target), "")

    def main(self) -> str:
        """Return the name of the part that holds the document of a Word file.

        Raises `InputError` that says what the package is, where it is something else.
        """
        if self.find(TYPES_PART) is None:
            raise self.fault(f"is {self.kind()}, not a Word document: save it as DOCX")
        target = self.linked("", "officeDocument")
        if not target and self.kind() == _ARCHIVE:
            raise self.damaged("it does not say which part is the document")
        if self.type_of(target) not in _MAIN_TYPES:
            raise self.fault(f"is {self.kind()}, not a Word document: save it as DOCX")
        return self._entry(target).name

    def kind(self) -> str:
        """Say in a few words what sort of package this is."""
        entry = self.find("mimetype")
        if entry is not None and entry.size < 200:  # a name of a type and no more
            content = self.read("mimetype")
            for start, what in _MIMETYPES:
                if content.startswith(start):
                    return what
        if self.find(TYPES_PART) is not None:
            main = self.type_of(self.linked("", "officeDocument"))
            types = main or " ".join(each for each in self.types()[0].values() if each.endswith(".main+xml"))
            for word, what in _OTHERS:
                if word in types:
                    return what
        return _ARCHIVE

    def is_word(self) -> bool:
        """Tell whether the package is a Word document; where its parts are damaged, whether it is one all the same."""
        if self.find(TYPES_PART) is None:
            return False
        try:
            target = self.linked("", "officeDocument")
            if target:
                return self.type_of(target) in _MAIN_TYPES
            parts, endings = self.types()
        except InputError:
            return True  # what is wrong with it is said by who reads it
        return any(main in types.values() for types in (parts, endings) for main in _MAIN_TYPES)

    def _entry(self, name: str) -> Entry:
        entry = self.find(name)
        if entry is None:
            raise self.damaged(f"its part {name} is missing")
        return entry

    def _ending(self) -> tuple[int, int, int, bytes]:
        """Return the number of entries, the size and the place of the directory, and the archive's comment."""
        source = self.source
        at = source.rfind(_END_MARK, max(0, len(source) - _END.size - _FULL16))
        if at < 0 or at + _END.size > len(source):
            raise self.damaged("it is cut short, its directory is missing")
        _, disk, first, here, count, size, start, comment = _END.unpack_from(source, at)
        stop = at
        where = at - _LOCATOR.size
        if where >= 0 and source.startswith(b"PK\6\7", where):  # some write one even where none is needed
            stop = _LOCATOR.unpack_from(source, where)[2]
            if stop + _END64.size > len(source) or not source.startswith(b"PK\6\6", stop):
                raise self.damaged("its directory is not where it should be")
            _, _, _, _, disk, first, here, count, size, start = _END64.unpack_from(source, stop)
        if disk or first or here != count:
            raise self.damaged("it is one of several parts of an archive")
        if start + size != stop:
            raise self.damaged("its directory is not where it should be")
        if count > _MOST_ENTRIES:
            raise self.fault(f"holds {count} files, more than any article needs")
        return count, size, start, source[at + _END.size : at + _END.size + comment]

    def _records(self, count: int, size: int) -> list[Entry]:
        found: list[Entry] = []
        at, stop = self.directory, self.directory + size
        for _ in range(count):
            if at + _RECORD.size > stop or not self.source.startswith(_RECORD_MARK, at):
                raise self.damaged("its directory is not in order")
            fields = _RECORD.unpack_from(self.source, at)
            length = _RECORD.size + fields[10] + fields[11] + fields[12]
            if at + length > stop:
                raise self.damaged("its directory is not in order")
            found.append(self._read_record(self.source[at : at + length], fields))
            at += length
        if at != stop:
            raise self.damaged("its directory is not in order")
        return self._ends(found)

    def _read_record(self, record: bytes, fields: tuple[Any, ...]) -> Entry:
        _, _, _, flags, method, _, _, crc, packed, size, named, extra = fields[:12]
        start = fields[16]
        raw = record[_RECORD.size : _RECORD.size + named]
        try:
            name = raw.decode("ascii" if raw.isascii() else "utf-8" if flags & _UTF8 else "cp437")
        except UnicodeDecodeError:
            raise self.damaged("the name of a file in it cannot be read") from None
        if (
            "\0" in name
            or "\\" in name
            or name.startswith("/")
            or (".." in name and ".." in name.split("/"))
            or ":" in name
        ):
            raise self.fault(f"holds a file with a name that leads out of it: {name!r}")
        if _FULL32 in (packed, size, start):
            values = _wide(record[_RECORD.size + named : _RECORD.size + named + extra])
            try:
                size = values.pop(0) if size == _FULL32 else size
                packed = values.pop(0) if packed == _FULL32 else packed
                start = values.pop(0) if start == _FULL32 else start
            except IndexError:
                raise self.damaged(f"the size of {name} is missing") from None
        if flags & _ENCRYPTED:
            raise self.fault("is protected by a password: save it without one")
        if start + _LOCAL.size > self.directory or not self.source.startswith(LOCAL_MARK, start):
            raise self.damaged(f"{name} is not where it should be")
        local = _LOCAL.unpack_from(self.source, start)
        data = start + _LOCAL.size + local[9] + local[10]
        if self.source[start + _LOCAL.size : start + _LOCAL.size + local[9]] != raw:
            raise self.damaged(f"its directory has another name for {name}")
        if data + packed > self.directory:
            raise self.damaged(f"{name} is cut short")
        return Entry(name, flags, method, crc, packed, size, start, data, data + packed, record)

    def _ends(self, entries: list[Entry]) -> list[Entry]:
        """Let each entry end behind what describes it, and see that none lies over another."""
        order = sorted(range(len(entries)), key=lambda index: entries[index].start)
        for here, after in zip(order, [*order[1:], None], strict=True):
            entry = entries[here]
            limit = self.directory if after is None else entries[after].start
            if entry.end > limit:
                raise self.fault(f"is built to do harm: {entry.name} lies over another file")
            if entry.flags & _DESCRIBED and limit - entry.end in (12, 16, 20, 24):
                entries[here] = entry._replace(end=limit)
        return entries

    def _weigh(self) -> None:
        """Refuse what would fill the memory or the disk of whoever unpacks it."""
        total = sum(entry.size for entry in self.entries)
        if total > _LARGEST_TOTAL or (total > _LARGEST_PART and total > len(self.source) * _RATIO):
            raise self.fault(f"would unpack to {total} bytes from {len(self.source)}: it is built to do harm")

    def _unpacked(self, entry: Entry) -> bytes:
        if entry.size > _LARGEST_PART or (entry.size > _SMALL and entry.size > entry.packed * _RATIO):
            raise self.fault(
                f"would unpack {entry.name} to {entry.size} bytes from {entry.packed}: too much to be an article"
            )
        packed = memoryview(self.source)[entry.data : entry.data + entry.packed]
        if entry.method == STORED:
            content = bytes(packed)
        elif entry.method == DEFLATED:
            unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
            try:
                content = unpacker.decompress(packed, entry.size + 1)
                content += unpacker.decompress(unpacker.unconsumed_tail, 1)
            except zlib.error:
                raise self.damaged(f"{entry.name} cannot be unpacked") from None
            if not unpacker.eof:
                raise self.damaged(f"{entry.name} has not the size that it should have")
        else:
            raise self.damaged(f"{entry.name} is packed in a way that Office does not use")
        if len(content) != entry.size or zlib.crc32(content) != entry.crc:
            raise self.damaged(f"{entry.name} has not the content that it should have")
        return content


def links_part(name: str) -> str:
    """Return the name of the part that holds another's relationships.

    >>> links_part("word/document.xml"), links_part("")
    ('word/_rels/document.xml.rels', '_rels/.rels')
    """
    folder, base = posixpath.split(name)
    return posixpath.join(folder, "_rels", f"{base}.rels")


def _wide(extra: bytes) -> list[int]:
    """Return the numbers of an entry's ZIP64 field."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == 1:
            body = extra[at + 4 : at + 4 + length]
            return [int.from_bytes(body[place : place + 8], "little") for place in range(0, len(body) - 7, 8)]
        at += 4 + length
    return []


def check(package: Package, name: str, content: bytes) -> None:
    """Raise `InputError` where a part's content is not well-formed XML, or declares a document type."""
    run(parser_for(package, name), package, name, content)


def walk(package: Package, name: str, start: Callable[[str, dict[str, str]], None]) -> None:
    """Go through an XML part; ``start`` takes each element's name (namespace, blank, name) and its attributes."""
    content, _ = package.text(name)
    parser = parser_for(package, name)
    depth = 0

    def begin(tag: str, values: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise package.too_deep(name)
        start(tag, values)

    def end(_tag: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    run(parser, package, name, content)


def parser_for(package: Package, name: str) -> Any:
    """Return a parser for UTF-8 that knows namespaces and refuses document types; who uses it counts how deep it is."""
    parser = expat.ParserCreate("utf-8", " ")
    parser.buffer_text = False

    def refuse(*_: object) -> None:
        raise package.fault(f"declares a document type in {name}, as no Office file may: it could hide entities")

    parser.StartDoctypeDeclHandler = refuse
    return parser


def run(parser: Any, package: Package, name: str, content: bytes) -> None:
    """Parse a part's content to its end; raise `InputError` where it is not well-formed."""
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        place = f"line {error.lineno}, column {error.offset + 1}"
        raise package.damaged(f"{name} is not well-formed XML ({expat.ErrorString(error.code)}, {place})") from None
    except ValueError:  # an XML declaration that expat cannot make sense of
        raise package.damaged(f"{name} is not well-formed XML") from None
