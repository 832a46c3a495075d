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

import io
import json
import mmap
import os
import re
import struct
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias, runtime_checkable
from zlib import crc32

from ... import _vocabulary, automaton, core, folding
from ..._lazy import regex
from ..._version import __version__
from ...folding import UNKNOWN_LETTER
from . import legal
from .forms import MOST_WORDS, PATRONYMIC, SPOKEN, SWAPPED
from .scripts import Phrases
from .spelling import FAITHS, PARTICLES, SERVANTS, Row, normal, representatives

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ...folding import Folded
    from ..entries import Entry

MAGIC = b"annotator names 4\n"
MORE_NAMES = ".more"
HEAD, _PIECE = 4096, 1 << 20
_REACH = 600  # how far behind its first word a name may end
_WORD = regex(rb"[A-Za-z0-9]+(?:'[A-Za-z0-9]+)*")
_PARTICLE = "|".join(sorted(PARTICLES - {"as", "at", "an"}, key=lambda word: (-len(word), word))).encode()
# A name begins with a capital or a digit, a particle or a long row of letters and digits.
_FIRST = regex(
    rb"(?<![A-Za-z0-9'\xff])(?:[A-Z0-9][A-Za-z0-9]*(?:'[A-Za-z0-9]+)*|(?:%b)(?=[ -]+[A-Z])|[a-z][A-Za-z0-9]{19,})"
    % _PARTICLE
)
# What may stand between two words of a name; a comma only behind a family name that comes first, or in a body's name.
_JOINT = regex(rb"\.? *(?:[\"'] *)?|[\"'] *|-[\"']?| *& *|/|: ")
_COMMA = regex(rb" {0,2}, *(?:[\"'] *)?")
_NO_PARTICLES = frozenset({b"As ", b"At ", b"An ", b"as ", b"at ", b"an "})
# Two words that may be one in a list: Ghorban-Ali, Nur al-Din.
_MAY_BE_ONE = regex(rb"-[A-Za-z]|[ -]+(?:al|ad|ed|ud|el|ul)[ -]", re.IGNORECASE)
_LAST_CAPITAL, _HYPHEN = ord("Z"), ord("-")
_MOST_KNOWN = 1 << 16
# Two words, or three, with what parts them and what stands right behind.
_WINDOWS = tuple(
    regex(rb"(?:%b[^A-Za-z0-9]{1,12}){%d}%b.{2}" % (_WORD.pattern, more, _WORD.pattern), re.DOTALL) for more in (1, 2)
)
_LONGEST_WINDOW = 96
# A word, and behind blanks the next.
_ALONE = regex(rb"((?:[A-Za-z0-9]+(?:'[A-Za-z0-9]+)*)) +([A-Za-z0-9]+(?:'[A-Za-z0-9]+)*)(?![A-Za-z0-9'\xff])")
_CAPITALS = frozenset(bytes([byte]) for byte in range(_LAST_CAPITAL + 1))
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


_Entries: TypeAlias = "tuple[tuple[int, int, int], ...]"  # key, kind of the form, flags
_EVERY, _PEOPLE, _MORE = range(3)  # which entries of a form count, as the compiled core has it
_HIT = struct.Struct("=IIIHBB")
SPELLING = ("words", "folds", "plains")  # the sections of `vocabulary`
_FOLDED = 0x2200  # code points below, those of Latin scripts and their signs, are spelt by a table


def vocabulary() -> tuple[bytes, bytes, bytes]:
    """Return what the compiled core spells words by, as an index holds it: words and what is told of each by itself,
    and the tables by which characters are folded and spelt.
    """
    stands = representatives()
    words = {*stands, *PARTICLES, *SERVANTS, *FAITHS, *_SMALL}
    rows = []
    for word in sorted(words):
        told = (word in PARTICLES, word in SERVANTS, word in FAITHS, word in _SMALL, word in stands)
        flags = sum(1 << bit for bit, so in enumerate(told) if so)
        rows.append(pack_word(word.encode(), flags, stands.get(word, "").encode()))
    folded, spelt = folding.tables(_FOLDED)
    # What is left out moves all that follows, which is more than the core spells out.
    return b"".join(rows), folded.replace(b"\2", b"\1"), spelt


def pack_word(word: bytes, flags: int, stands: bytes) -> bytes:
    """Return a word of the vocabulary as the compiled core reads it; see ``core/names.c``."""
    return bytes((len(word), flags, len(stands))) + word + stands


class _Told(NamedTuple):
    """What a record of an index tells of a form that stands in a certain way."""

    entries: _Entries
    bits: int
    names: int


# Stands for what cannot be told by a few words alone.
_FARTHER = (Found(-1, -1, (), 0, 0, 0, comma=False),)


class StoreLike(Protocol):
    """What an index is made from."""

    def digest(self) -> str:
        """Return what changes whenever the content does."""
        ...

    def entries(self, *, removed: bool = True) -> Iterable[tuple[int, Entry]]:
        """Yield every entry with its key."""
        ...


@runtime_checkable
class Growing(StoreLike, Protocol):
    """What can tell what has changed in it, so that not all of an index has to be made anew."""

    def entry(self, key: int) -> Entry:
        """Return the entry of a key."""
        ...

    def mark(self) -> int:
        """Return a number by which `changed` tells what came after."""
        ...

    def changed(self, mark: int, digest: str) -> list[int] | None:
        """Return the keys of what changed after a mark, ``None`` where that cannot be told."""
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


class _Readings:
    """The ways to read a row of words: as a person's name and as a body's, with two words as one, without initials."""

    __slots__ = ("more", "rows")

    def __init__(self) -> None:
        self.rows = [Row(person=True), Row(person=False)]
        self.more: Row | None = (
            None  # without initials and patronymics, with which a text may be more exact than a list
        )

    def copy(self) -> _Readings:
        """Return the same readings, to go on in another way."""
        other = _Readings()
        other.rows = [row.copy() for row in self.rows]
        other.more = self.more.copy() if self.more else None
        return other

    def all(self) -> list[Row]:
        """Return all readings."""
        return [*self.rows, self.more] if self.more else self.rows

    def add(self, word: str, *, hyphen: bool = False) -> list[Row]:
        """Take in the next word; return the readings that have a new key."""
        more: list[Row] = []
        solid = self.rows[0]
        if not _left_out(word):
            if self.more is not None and self.more.add(word):
                more.append(self.more)
        elif self.more is None and solid.words:
            self.more = solid.copy()
        joined = None
        if hyphen and len(self.rows) < _MOST_READINGS and solid.words and word not in PARTICLES:
            joined = solid.joined(word)
        changed = [row for row in self.rows if row.add(word)]
        if joined is not None:
            self.rows.append(joined)
            changed.append(joined)
        return changed + more


class NameIndex:
    """An opened index. Immutable; safe to share between threads, and between processes that open it themselves."""

    def __init__(self, path: str | bytes) -> None:
        """Map the file, or take its bytes. Raises ``ValueError`` when it is no index of this version, or cut short."""
        with io.BytesIO(path) if isinstance(path, bytes) else open(path, "rb") as file:
            head = file.read(HEAD)
            start, _, text = head.rstrip(b"\0").partition(b"\n{")
            if not start.startswith(MAGIC) or start[len(MAGIC) :] != b"%08x" % crc32(b"{" + text):
                raise ValueError("not an index of names, or damaged")
            self._map: mmap.mmap | bytes = (
                path if isinstance(path, bytes) else mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            )
            try:
                self.head: dict[str, Any] = json.loads(b"{" + text)
                self._sections: dict[str, list[int]] = self.head["sections"]
                if self.head["size"] != len(self._map):
                    raise ValueError("cut short")
                if checksum(self._map) != self.head["sum"]:
                    raise ValueError("damaged")
            except (KeyError, TypeError, UnicodeDecodeError) as error:
                raise ValueError("damaged") from error
        self.size = len(self._map)
        try:
            self.version: str = self.head["version"]
            self.digest: str = self.head["digest"]
            self._has_scripts = bool(self.head["scripts"])
            self._pair_size: int = self.head["pairs"]
            self._buckets: int = self.head["buckets"]
            self._pairs = self._start("pairs", self._pair_size // 8)
            self._offsets = self._start("offsets", 8 * self._buckets)
            self._records = self._start("records", 0)
            if any(size < 8 or size & (size - 1) for size in (self._pair_size, self._buckets)):
                raise ValueError("damaged")
            self._core = self._for_core() if core.names is not None else None
        except (KeyError, TypeError, UnicodeDecodeError, OverflowError, struct.error) as error:
            raise ValueError("damaged") from error
        self._scripts: Any = None
        self._known: dict[bytes, bool] = {}
        self._seen: dict[bytes, tuple[Found, ...]] = {}
        self._told: dict[tuple[int, int, int], _Told] = {}

    def _start(self, name: str, least: int) -> int:
        """Return where a section starts. Raises ``ValueError`` where it is shorter, or not all within the file."""
        start, length = self._sections[name]
        if start < 0 or length < least or start + length > self.size:
            raise ValueError("damaged")
        return start

    def _for_core(self) -> Any:
        size = self._sections["records"][1]
        speller = core.names.Speller(*map(self._section, SPELLING))
        return core.names.Index(
            speller, self._map, self._pairs, self._pair_size, self._offsets, self._buckets, self._records, size
        )

    def _section(self, name: str) -> bytes:
        start = self._start(name, 0)
        length = self._sections[name][1]
        return self._map[start : start + length]

    # -- lookup ---------------------------------------------------------------------------------

    def lookup(self, key: bytes) -> tuple[int, int, tuple[tuple[int, int, int], ...]] | None:
        """Return the bits, the number of names and the entries of a form's key, if the table has it."""
        data = self._map
        where = self._offsets + 8 * _slot(key, self._buckets)
        start, end = struct.unpack_from("<II", data, where)
        if end > self._sections["records"][1]:
            return None
        start += self._records
        end += self._records
        while start + 7 <= end:
            size, length, bits, names, number = struct.unpack_from("<HBBBH", data, start)
            if not 7 + length + 6 * number <= size <= end - start:
                return None  # damaged; it might not go on
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
        plain, compiled = folded.plain, self._core  # which may be let go of meanwhile
        found = self._found(plain) if compiled is None else self._read(compiled.find(plain))
        if folded.letters and self._has_scripts:
            found += self._in_scripts(folded)
            found.sort(key=lambda one: (one.start, -one.end))
        return found

    def search(self, text: str) -> list[Found] | None:
        """Return what `find` does, at the speed of reading; ``None`` where it takes more to tell."""
        compiled = self._core
        hits = compiled.search(text) if compiled is not None else None
        return None if hits is None else self._read(hits)

    def _read(self, hits: bytes) -> list[Found]:
        """Return the forms that the compiled core has found."""
        found: list[Found] = []
        for start, end, record, words, commas, which in _HIT.iter_unpack(hits):
            told = self._told.get((record, commas, which))
            if told is None:
                if len(self._told) >= _MOST_KNOWN:
                    self._told.clear()
                told = self._told[record, commas, which] = self._entries_at(record, commas, which)
            if told.entries:
                found.append(Found(start, end, told.entries, told.bits, told.names, words, commas > 0))
        return found

    def _entries_at(self, record: int, commas: int, which: int) -> _Told:
        """Return what a record has for a form that stands with so many commas, and of which some entries count."""
        _, length, bits, names, number = struct.unpack_from("<HBBBH", self._map, self._records + record)
        begin = self._records + record + 7 + length
        every = tuple(struct.iter_unpack("<IBB", self._map[begin : begin + 6 * number]))
        return _Told(_counted(every, commas, which), bits, names)

    def _found(self, plain: bytes) -> list[Found]:
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
                found += self._once(plain, hit.start())
        return found

    def _may_begin(self, word: str) -> bool:
        """Tell whether some form may begin with a word, or with what it makes together with the next."""
        if len(word) > _REACH:
            return False
        word = word.removesuffix("'s")
        if len(word) == 1 or word in PARTICLES or word in SERVANTS:
            return True
        key = normal(word).encode()
        return self._holds(key) or self._holds(key + b" ")

    def _once(self, plain: bytes, start: int) -> list[Found]:
        """Return the forms that start at an offset of ``plain``; of words that stood elsewhere what was found there.

        What two or three words and what stands right behind them tell is kept, unless more was looked at.
        """
        seen = self._seen
        first = _ALONE.match(plain, start)
        if first is not None and first[2][:1] not in _CAPITALS and first[2].lower().decode("ascii") not in _SMALL:
            # A word that stands alone is asked for by itself.
            alone = seen.get(first[1])
            if alone is None:
                alone = self._keep(first[1], self._at(plain, start)[0], start)
            return [one._replace(start=start, end=start + one.end) for one in alone]
        for window in _WINDOWS:
            hit = window.match(plain, start)
            if hit is None or hit.end() - start > _LONGEST_WINDOW:
                break
            words = hit.group()
            found = seen.get(words)
            if found is None:
                made, looked_at = self._at(plain, start)
                if looked_at <= hit.end():
                    self._keep(words, made, start)
                else:
                    seen[words] = _FARTHER
                return made
            if found is not _FARTHER:
                return [one._replace(start=start, end=start + one.end) for one in found]
        return self._at(plain, start)[0]

    def _keep(self, words: bytes, made: list[Found], start: int) -> tuple[Found, ...]:
        if len(self._seen) >= _MOST_KNOWN:
            self._seen.clear()
        kept = tuple(one._replace(start=0, end=one.end - start) for one in made)
        self._seen[words] = kept
        return kept

    def _at(self, plain: bytes, start: int) -> tuple[list[Found], int]:
        """Return the forms that start at an offset of ``plain``, the shortest first, and how far was looked."""
        found: list[Found] = []
        if plain[start : start + 3] in _NO_PARTICLES:
            return found, start + 3
        read = _Readings()
        end, commas, last = start, 0, b""
        farthest = start + _REACH
        for words, hit in enumerate(_WORD.finditer(plain, start, start + _REACH), 1):
            looked_at = hit.end() + 2  # a word goes on behind an apostrophe
            between = plain[end : hit.start()]
            if words > 1 and _COMMA.fullmatch(between):
                commas += 1
            elif words > 1 and not _joins(between, last):
                farthest = looked_at
                break
            last = hit.group()
            word = last.decode("ascii").lower()
            if plain[hit.end() : hit.end() + 1] == _UNKNOWN:
                farthest = looked_at
                break  # a word that goes on in letters of another script is another word
            if last[0] > _LAST_CAPITAL and words > 1 and word not in _SMALL and plain[hit.start() - 1] != _HYPHEN:
                farthest = looked_at
                break  # the words of a name are written with capitals
            end = hit.end()
            if word.endswith("'s") and len(word) > 2:
                owner = read.copy()
                found += self._looked_up(owner, owner.add(word[:-2]), start, end - 2, words, commas)
            changed = read.add(word, hyphen=words > 1 and between == b"-")
            found += self._looked_up(read, changed, start, end, words, commas)
            if len(read.rows[1].words) >= MOST_WORDS + 4 or not any(map(self._goes_on, read.all())):
                farthest = looked_at
                break
        return found, farthest

    def _goes_on(self, row: Row) -> bool:
        """Tell whether some form may begin with the words of a row; two of them may still grow together."""
        words = row.words
        if len(words) < 2:
            return True
        if not self._holds(f"{words[0]} ".encode()):
            return False
        return len(words) == 2 or self._holds(f"{words[0]} {words[1]} ".encode())

    def _looked_up(
        self, read: _Readings, changed: list[Row], start: int, end: int, words: int, commas: int
    ) -> Iterator[Found]:
        """Yield what the table has of those readings of the same words that have changed, each key once."""
        seen: set[str] = set()
        for row in changed:
            key = " ".join(row.words)
            if not key or key in seen or not self._goes_on(row):
                continue
            seen.add(key)
            found = self.lookup(key.encode())
            if found is None:
                continue
            bodies = row.person and read.rows[1].words != row.words
            entries = _counted(found[2], commas, _MORE if row is read.more else _PEOPLE if bodies else _EVERY)
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
        self._core = None
        if not isinstance(self._map, bytes):
            # Where a thread still looks through it, it is let go when that is done.
            with suppress(BufferError):
                self._map.close()


def unparted(text: str) -> bool:
    """Tell whether a text is in a script that does not part words by blanks: one word may be a whole name."""
    return any(low <= ord(char) <= high for char in text[:1] for low, high in automaton.UNPARTED)


def _joins(between: bytes, last: bytes) -> bool:
    """Tell whether what stands between two words keeps them together; a full stop only behind a short one."""
    return bool(_JOINT.fullmatch(between)) and (between[:1] != b"." or len(last) <= _STOPPED)


def _left_out(word: str) -> bool:
    """Tell whether a word is an initial or a patronymic, with which a text may be more exact than a list."""
    return len(word) == 1 or bool(PATRONYMIC.search(word))


def _counted(entries: _Entries, commas: int, which: int) -> _Entries:
    """Return the entries whose form may stand as it does: a person's with a comma only behind a family name.

    ``which`` says which of them count: all, people, or people of whom the text says more than the list.
    """
    if commas:
        entries = tuple(
            one for one in entries if (one[1] == SWAPPED and commas == 1 if one[2] & PERSON else one[1] == SPOKEN)
        )
    if which == _PEOPLE:
        return tuple(one for one in entries if one[2] & PERSON)
    if which == _MORE:
        people = (one for one in entries if one[2] & PERSON and one[1] <= SWAPPED)
        return tuple((number, kind, flags | MORE) for number, kind, flags in people)
    return entries


class Layered:
    """An index with a small one over it that holds what was changed since."""

    def __init__(self, base: NameIndex, more: NameIndex) -> None:
        self.base, self.more = base, more
        self.digest, self.version, self.head = more.digest, more.version, base.head
        self.size = base.size + more.size
        self._gone = frozenset(more.superseded())

    def find(self, folded: Folded) -> list[Found]:
        """Return the forms that stand in a text, in order of place; see `NameIndex.find`."""
        return self._together(self.base.find(folded), self.more.find(folded))

    def search(self, text: str) -> list[Found] | None:
        """Return what `find` does, or ``None``; see `NameIndex.search`."""
        below, newer = self.base.search(text), self.more.search(text)
        return None if below is None or newer is None else self._together(below, newer)

    def _together(self, below: list[Found], newer: list[Found]) -> list[Found]:
        found = []
        for one in below:
            entries = tuple(each for each in one.entries if each[0] not in self._gone)
            if entries:
                found.append(one if len(entries) == len(one.entries) else one._replace(entries=entries))
        return sorted((*found, *newer), key=lambda one: (one.start, one.end)) if newer else found

    def lookup(self, key: bytes) -> tuple[int, int, tuple[tuple[int, int, int], ...]] | None:
        """Return what the table has of a form's key; see `NameIndex.lookup`."""
        old, new = self.base.lookup(key), self.more.lookup(key)
        kept = tuple(one for one in old[2] if one[0] not in self._gone) if old else ()
        if not kept:
            return new
        assert old is not None
        return (old[0], old[1], kept + (new[2] if new else ()))

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

    These are this folder's, and the modules by which texts are folded, automata packed and tables read.
    """
    here = os.path.dirname(os.path.abspath(__file__))
    sources = [str(module.__file__) for module in (automaton, folding, _vocabulary)]
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
