"""The index of names: which forms of which entries stand in a folded text, from a memory-mapped file.

Three steps, each cheaper by far than the next, and each run only where the one before it found something:

1. Words that a name could begin with are looked for: with a capital or a digit, particles, long rows of letters.
2. A filter of bits tells whether the normal forms of the first one or two begin any form.
3. The words that follow are brought to their normal forms and looked up in a hash table on disk.

The file stands beside the store (``lists.db.names``), is keyed by the store's content and by the program's
version, and is made anew when it is stale or its checksum is wrong: written aside and moved into place, so that two at
once are safe. What a few snapshots changed since goes into a small index of its own (``lists.db.names.more``), whose
entries count in place of those of the same keys. Nothing in either can be executed.
"""

from __future__ import annotations

import json
import mmap
import os
import re
import struct
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol
from zlib import crc32

from ... import automaton, folding
from ..._version import __version__
from ...folding import UNKNOWN_LETTER
from . import legal
from .forms import CORE, INITIAL, MOST_WORDS, PATRONYMIC, SCRIPT, SHORT, SPOKEN, SWAPPED
from .scripts import Phrases
from .spelling import PARTICLES, SERVANTS, Row, normal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ...folding import Folded
    from ..entries import Entry

MAGIC = b"annotator names 3\n"
MORE_NAMES = ".more"
HEAD, _PIECE = 4096, 1 << 20
_REACH = 600  # how far behind its first word a name may end
_WORD = re.compile(rb"[A-Za-z0-9]+(?:'[A-Za-z0-9]+)*")
_PARTICLE = b"|".join(sorted((word.encode() for word in PARTICLES - {"as", "at", "an"}), key=len, reverse=True))
# A name begins with a capital or a digit, a particle or a long row of letters and digits.
_FIRST = re.compile(
    rb"(?<![A-Za-z0-9'\xff])(?:[A-Z0-9][A-Za-z0-9]*(?:'[A-Za-z0-9]+)*|(?:%b)(?=[ -]+[A-Z])|[a-z][A-Za-z0-9]{19,})"
    % _PARTICLE
)
# What may stand between two words of a name; a comma only behind a family name that comes first, or in a body's name.
_JOINT = re.compile(rb"\.? *(?:[\"'] *)?|[\"'] *|-| *& *|/|: ")
_COMMA = re.compile(rb" {0,2}, *(?:[\"'] *)?")
_NO_PARTICLES = frozenset({b"As ", b"At ", b"An ", b"as ", b"at ", b"an "})
# Two words that may be one in a list: Ghorban-Ali, Nur al-Din.
_MAY_BE_ONE = re.compile(rb"-[A-Za-z]|[ -]+(?:al|ad|ed|ud|el|ul)[ -]", re.IGNORECASE)
_LAST_CAPITAL, _HYPHEN = ord("Z"), ord("-")
_MOST_KNOWN = 1 << 16
_MOST_READINGS = 3
# Words within names that are written small, and legal forms that may be.
_SMALL = (
    frozenset("of the and for in on to a an or by with from la et und der die das e i y s".split())
    | PARTICLES
    | legal.forms()
)
_UNKNOWN = bytes([UNKNOWN_LETTER])
_STOPPED = 4  # the longest word that a full stop may shorten within a name
WEAK, PERSON, VESSEL, MORE = 1, 2, 4, 8


class Found(NamedTuple):
    """A form found in a text.

    ``start`` and ``end`` are offsets in ``Folded.plain``; ``entries`` are the keys of the entries that have it,
    with the kind of the form and its flags (``WEAK``, ``PERSON``, ``VESSEL``; ``MORE`` where the text has an initial
    or a patronymic that the form does not have). ``bits`` is the information in
    its words, ``names`` how many of them are no ordinary words, ``words`` how many there are, ``comma`` whether
    one stands in it.
    """

    start: int
    end: int
    entries: tuple[tuple[int, int, int], ...]
    bits: int
    names: int
    words: int
    comma: bool


class StoreLike(Protocol):
    """What an index is made from."""

    def digest(self) -> str:
        """Return what changes whenever the content does."""
        ...

    def entry(self, key: int) -> Entry:
        """Return the entry of a key."""
        ...

    def mark(self) -> int:
        """Return a number by which `changed` tells what came after."""
        ...

    def changed(self, mark: int, digest: str) -> list[int] | None:
        """Return the keys of what changed after a mark, ``None`` where that cannot be told."""
        ...

    def entries(self, *, removed: bool = True) -> Iterable[tuple[int, Entry]]:
        """Yield every entry with its key."""
        ...


def _slot(key: bytes, size: int) -> int:
    return crc32(key) & (size - 1)


def checksum(data: Any) -> int:
    """Return the checksum of what stands behind the head of an index, in pieces."""
    found = 0
    view = memoryview(data)
    try:
        for start in range(HEAD, len(view), _PIECE):
            found = crc32(view[start : start + _PIECE], found)
    finally:
        view.release()
    return found


def begins(key: bytes) -> Iterator[bytes]:
    """Yield what the filter holds of a form's key: one word, or the first of several and the first two."""
    first, _, rest = key.partition(b" ")
    if not rest:
        yield first
        return
    yield first + b" "
    yield first + b" " + rest.partition(b" ")[0] + b" "


class NameIndex:
    """An opened index. Immutable; safe to share between threads, and between processes that open it themselves."""

    def __init__(self, path: str) -> None:
        """Map the file. Raises ``ValueError`` when it is not an index of this version, or cut short."""
        with open(path, "rb") as file:
            head = file.read(HEAD)
            start, _, text = head.rstrip(b"\0").partition(b"\n{")
            if not start.startswith(MAGIC) or start[len(MAGIC) :] != b"%08x" % crc32(b"{" + text):
                raise ValueError("not an index of names, or damaged")
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            try:
                self.head: dict[str, Any] = json.loads(b"{" + text)
                self._sections: dict[str, list[int]] = self.head["sections"]
                if self.head["size"] != len(self._map):
                    raise ValueError("cut short")
                if checksum(self._map) != self.head["sum"]:
                    raise ValueError("damaged")
            except (KeyError, TypeError, UnicodeDecodeError) as error:
                raise ValueError("damaged") from error
        try:
            self.version: str = self.head["version"]
            self.digest: str = self.head["digest"]
            self._has_scripts = bool(self.head["scripts"])
            self._pair_size: int = self.head["pairs"]
            self._buckets: int = self.head["buckets"]
        except (KeyError, TypeError, UnicodeDecodeError, struct.error) as error:
            raise ValueError("damaged") from error
        self._pairs = self._sections["pairs"][0]
        self._offsets = self._sections["offsets"][0]
        self._records = self._sections["records"][0]
        self._scripts: Any = None
        self._known: dict[bytes, bool] = {}
        self.size = len(self._map)

    def _section(self, name: str) -> bytes:
        start, length = self._sections[name]
        return self._map[start : start + length]

    # -- lookup ---------------------------------------------------------------------------------

    def lookup(self, key: bytes) -> tuple[int, int, tuple[tuple[int, int, int], ...]] | None:
        """Return the bits, the number of names and the entries of a form's key, if the table has it."""
        data = self._map
        where = self._offsets + 8 * _slot(key, self._buckets)
        start, end = struct.unpack_from("<II", data, where)
        start += self._records
        end += self._records
        while start < end:
            size, length, bits, names, number = struct.unpack_from("<HBBBH", data, start)
            begin = start + 7
            if length == len(key) and data[begin : begin + length] == key:
                begin += length
                return bits, names, tuple(struct.iter_unpack("<IBB", data[begin : begin + 6 * number]))
            start += size
        return None

    def _holds(self, words: bytes) -> bool:
        """Tell whether the filter has what `begins` yields for some form."""
        bit = _slot(words, self._pair_size)
        return bool(self._map[self._pairs + (bit >> 3)] >> (bit & 7) & 1)

    # -- search ---------------------------------------------------------------------------------

    def find(self, folded: Folded) -> list[Found]:
        """Return the forms that stand in a text, in order of place; checks on words only.

        Linear in the text: at each place a bounded stretch is looked at.
        """
        plain = folded.plain
        found: list[Found] = []
        known = self._known
        for hit in _FIRST.finditer(plain):
            word = hit.group()
            able = known.get(word)
            if able is None:
                if len(known) >= _MOST_KNOWN:
                    known.clear()
                able = known[word] = self._may_begin(word.decode("ascii").lower())
            if able or _MAY_BE_ONE.match(plain, hit.end()):
                found += self._at(plain, hit.start())
        if folded.letters and self._has_scripts:
            found += self._in_scripts(folded)
            found.sort(key=lambda one: (one.start, -one.end))
        return found

    def _may_begin(self, word: str) -> bool:
        """Tell whether some form may begin with a word, or with what it makes together with the next."""
        word = word.removesuffix("'s")
        if len(word) == 1 or word in PARTICLES or word in SERVANTS:
            return True
        key = normal(word).encode()
        return self._holds(key) or self._holds(key + b" ")

    def _at(self, plain: bytes, start: int) -> Iterator[Found]:
        """Yield the forms that start at an offset of ``plain``, the shortest first."""
        readings = [Row(person=True), Row(person=False)]
        more: Row | None = None
        words, end, commas = 0, start, 0
        last = b""
        if plain[start : start + 3] in _NO_PARTICLES:
            return
        for hit in _WORD.finditer(plain, start, start + _REACH):
            hyphen = False
            if words:
                between = plain[end : hit.start()]
                hyphen = between == b"-"
                if _COMMA.fullmatch(between):
                    commas += 1
                elif not _JOINT.fullmatch(between) or (between[:1] == b"." and len(last) > _STOPPED):
                    break
            last = hit.group()
            if plain[hit.end() : hit.end() + 1] == _UNKNOWN:
                break  # a word that goes on in letters of another script is another word
            word = last.decode("ascii").lower()
            if last[0] > _LAST_CAPITAL and words and word not in _SMALL and plain[hit.start() - 1] != _HYPHEN:
                break  # the words of a name are written with capitals
            words += 1
            end = hit.end()
            if word.endswith("'s") and len(word) > 2:
                owner = [row.copy() for row in readings]
                changed = [row.add(word[:-2]) for row in owner]
                yield from self._looked_up(owner, changed, start, end - 2, words, commas)
            if more is not None:
                changed_more = more.add(word) if not _left_out(word) else False
            elif words > 1 and _left_out(word) and readings[0].words:
                more, changed_more = readings[0].copy(), False
            if hyphen and len(readings) < _MOST_READINGS and readings[0].words and word not in PARTICLES:
                readings.append(readings[0].joined(word))
                changed = [row.add(word) for row in readings[:-1]] + [True]
            else:
                changed = [row.add(word) for row in readings]
            yield from self._looked_up(readings, changed, start, end, words, commas)
            if more is not None and changed_more:
                for one in self._looked_up([more], [True], start, end, words, commas):
                    people = (each for each in one.entries if each[2] & PERSON and each[1] <= SWAPPED)
                    entries = tuple((key, kind, flags | MORE) for key, kind, flags in people)
                    if entries:
                        yield one._replace(entries=entries)
            if len(readings[1].words) >= MOST_WORDS + 4:
                break
            if not any(self._goes_on(row) for row in (*readings, *(() if more is None else (more,)))):
                break

    def _goes_on(self, row: Row) -> bool:
        """Tell whether some form may begin with the words of a row; two of them may still grow together."""
        words = row.words
        if len(words) < 2:
            return True
        if not self._holds(f"{words[0]} ".encode()):
            return False
        return len(words) == 2 or self._holds(f"{words[0]} {words[1]} ".encode())

    def _looked_up(
        self, rows: list[Row], changed: list[bool], start: int, end: int, words: int, commas: int
    ) -> Iterator[Found]:
        """Yield what the table has of some readings of the same words, each key once."""
        seen: set[str] = set()
        for row, new in zip(rows, changed, strict=True):
            if not new or not row.words:
                continue
            key = " ".join(row.words)
            if key in seen or (len(row.words) > 1 and not self._goes_on(row)):
                continue
            seen.add(key)
            found = self.lookup(key.encode())
            if found is None:
                continue
            entries = _fitting(found[2], commas=commas)
            if row.person and len(rows) > 1 and rows[1].words != row.words:
                entries = tuple(one for one in entries if one[2] & PERSON)
            if entries:
                yield Found(start, end, entries, found[0], found[1], words, commas > 0)

    def superseded(self) -> list[int]:
        """Return the keys of the entries that count in place of those of the index below."""
        return [key for (key,) in struct.iter_unpack("<I", self._section("superseded"))]

    def counts(self) -> bytes:
        """Return how often the words of all names stood there when the index was made; see `Rarity`."""
        return self._section("counts")

    # -- other scripts --------------------------------------------------------------------------

    def _in_scripts(self, folded: Folded) -> Iterator[Found]:
        if self._scripts is None:
            self._scripts = Phrases(self._section("scripts"))
        for start, end, phrase in self._scripts.find(folded.text):
            row = self.lookup(b"\0" + phrase.encode())
            if row is not None:
                yield Found(
                    folded.from_text(start), folded.from_text(end), row[2], row[0], row[1], len(phrase.split()), False
                )

    def close(self) -> None:
        """Let go of the file."""
        self._map.close()


def unparted(text: str) -> bool:
    """Tell whether a text is in a script that does not part words by blanks: one word may be a whole name."""
    return any(low <= ord(char) <= high for char in text[:1] for low, high in automaton.UNPARTED)


def _left_out(word: str) -> bool:
    """Tell whether a word is an initial or a patronymic, with which a text may be more exact than a list."""
    return len(word) == 1 or bool(PATRONYMIC.search(word))


def _fitting(entries: tuple[tuple[int, int, int], ...], *, commas: int) -> tuple[tuple[int, int, int], ...]:
    """Return the entries whose form may stand as it does: a person's with a comma only behind a family name."""
    if not commas:
        return entries
    return tuple(one for one in entries if (one[1] == SWAPPED and commas == 1 if one[2] & PERSON else one[1] == SPOKEN))


# What a form is worth less than its words, by its kind.
DISCOUNT = {SHORT: 3, INITIAL: 8, CORE: 2, SWAPPED: 0, SCRIPT: 0}


class Layered:
    """An index with a small one over it that holds what was changed since."""

    def __init__(self, base: NameIndex, more: NameIndex) -> None:
        self.base, self.more = base, more
        self.digest, self.version, self.head = more.digest, more.version, base.head
        self.size = base.size + more.size
        self._gone = frozenset(more.superseded())

    def find(self, folded: Folded) -> list[Found]:
        """Return the forms that stand in a text, in order of place; see `NameIndex.find`."""
        found = []
        for one in self.base.find(folded):
            entries = tuple(each for each in one.entries if each[0] not in self._gone)
            if entries:
                found.append(one if len(entries) == len(one.entries) else one._replace(entries=entries))
        newer = self.more.find(folded)
        return sorted((*found, *newer), key=lambda one: (one.start, one.end)) if newer else found

    def close(self) -> None:
        """Let go of the files."""
        self.base.close()
        self.more.close()


def sound(path: str) -> NameIndex | None:
    """Return the index at a path if it is there, sound, and made by this version, of whatever content."""
    try:
        index = NameIndex(path)
    except (OSError, ValueError):
        return None
    if index.version == stamp():
        return index
    index.close()
    return None


def fresh(path: str, digest: str) -> NameIndex | Layered | None:
    """Return the index at a path if it is there, sound, and made of this content by this version."""
    index = sound(path)
    if index is None or index.digest == digest:
        return index
    more = sound(path + MORE_NAMES)
    if more is not None and more.digest == digest and more.head.get("base") == index.digest:
        return Layered(index, more)
    for one in (index, more):
        if one is not None:
            one.close()
    return None


def stamp() -> str:
    """Return what tells the makers of two indexes apart: the version, and the code and tables that make one.

    These are this folder's, and the modules by which texts are folded and automata packed.
    """
    here = os.path.dirname(os.path.abspath(__file__))
    sources = [str(automaton.__file__), str(folding.__file__)]
    for folder in (here, os.path.join(here, "data")):
        names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
        # Byte code comes and goes.
        sources += [os.path.join(folder, name) for name in names if name.endswith((".py", ".txt"))]
    digest = 0
    for source in sources:
        try:
            with open(source, "rb") as file:
                data = file.read().replace(b"\r\n", b"\n")
        except OSError:
            continue
        digest = crc32(data, crc32(os.path.basename(source).encode(), digest))
    return f"{__version__} {digest:08x} {automaton.named()}"
