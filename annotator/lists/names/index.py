"""The index of names: which forms of which entries stand in a folded text, from a memory-mapped file.

Three steps, each cheaper by far than the next, and each run only where the one before it found something:

1. An automaton looks for the beginnings of all forms (a few letters, cut so that a million names fit into
   some megabytes), in the text with runs of blanks shortened.
2. A filter of bits tells whether the first one, two or three whole words begin any form.
3. The words that follow are brought to their normal forms and looked up in a hash table on disk.

The file stands beside the store (``lists.db.names``), is keyed by the store's content and by the program's
version, and is made anew when it is stale: written aside and moved into place, so that two at once are safe.
Nothing in it can be executed.
"""

from __future__ import annotations

import io
import json
import mmap
import os
import re
import struct
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol
from zlib import crc32

from ... import automaton, folding
from ..._version import __version__
from ...folding import UNKNOWN_LETTER, Shift
from .forms import CORE, INITIAL, MOST_WORDS, SCRIPT, SHORT, SWAPPED
from .scripts import Phrases
from .spelling import FILLERS, LEGAL_FORMS, PARTICLES, normal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ...folding import Folded
    from ..entries import Entry

MAGIC = b"annotator names 1\n"
_HEAD = 4096
_PAIR_BITS = 1 << 24
_SMALL_PAIR_BITS = 1 << 18
_REACH = 600  # how far behind its first word a name may end
_WORD = re.compile(rb"[A-Za-z0-9]+(?:'[A-Za-z0-9]+)*")
_RUN = re.compile(rb" {2,}")
# What may stand between two words of a name, and what only between a family name and what follows it.
_JOINTS = frozenset({b" ", b"-", b". ", b".", b"  ", b' "', b'" ', b" '", b"' ", b" & ", b"&", b"/"})
_COMMAS = frozenset({b", ", b",", b",  "})
_FEW_WORDS = 120
_FILLERS = frozenset(word.encode() for word in FILLERS)
_CAPITALS = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
_LAST_CAPITAL, _HYPHEN = ord("Z"), ord("-")
# Words within names that are written small, and legal forms that may be.
_SMALL = (
    frozenset("of the and for in on to a an or by with from la et und der die das e i y s".split())
    | PARTICLES
    | LEGAL_FORMS
)
_UNKNOWN = bytes([UNKNOWN_LETTER])
_LONG = 20
_STOPPED = 4  # the longest word that a full stop may shorten within a name
WEAK, PERSON, VESSEL = 1, 2, 4
FLAG_OTHER = 8


class Found(NamedTuple):
    """A form found in a text.

    ``start`` and ``end`` are offsets in ``Folded.plain``; ``entries`` are the keys of the entries that have it,
    with the kind of the form and its flags (``WEAK``, ``PERSON``, ``VESSEL``). ``bits`` is the information in
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

    def entries(self, *, removed: bool = True) -> Iterable[tuple[int, Entry]]:
        """Yield every entry with its key."""
        ...


def _slot(key: bytes, size: int) -> int:
    return crc32(key) & (size - 1)


def narrow(folded: bytes) -> bytes:
    """Return a folded text with its runs of blanks shortened; `widen` leads back."""
    return folded.replace(b"   ", b" ").replace(b"  ", b" ")


def _shortened(length: int) -> int:
    length = length // 3 + length % 3
    return length // 2 + length % 2


def widen(folded: bytes) -> Shift:
    """Return the map from offsets in `narrow`'s text to those before."""
    after: list[int] = []
    before: list[int] = []
    cut = 0
    for hit in _RUN.finditer(folded):
        start, end = hit.span()
        cut += end - start - _shortened(end - start)
        after.append(end - cut)
        before.append(end)
    return Shift(after, before)


class NameIndex:
    """An opened index. Immutable; safe to share between threads, and between processes that open it themselves."""

    def __init__(self, path: str | bytes) -> None:
        """Map the file, or take its bytes. Raises ``ValueError`` when it is no index of this version, or cut short."""
        with io.BytesIO(path) if isinstance(path, bytes) else open(path, "rb") as file:
            head = file.read(_HEAD)
            if not head.startswith(MAGIC):
                raise ValueError("not an index of names")
            self._map: mmap.mmap | bytes = (
                path if isinstance(path, bytes) else mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            )
            try:
                self.head: dict[str, Any] = json.loads(head[len(MAGIC) :].rstrip(b"\0 "))
                self._sections: dict[str, list[int]] = self.head["sections"]
                if self.head["size"] != len(self._map) or self._map[-len(MAGIC) :] != MAGIC:
                    raise ValueError("cut short")
                # Read, not mapped: the library keeps its own copy, and these pages are needed no more.
                start, length = self._sections["automaton"]
                file.seek(start)
                self._machine = automaton.load(file.read(length), keep=False)
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

    def _begins(self, words: bytes) -> bool:
        """Tell whether some form may begin with these words."""
        bit = _slot(words, self._pair_size)
        return bool(self._map[self._pairs + (bit >> 3)] >> (bit & 7) & 1)

    # -- search ---------------------------------------------------------------------------------

    def find(self, folded: Folded) -> list[Found]:
        """Return the forms that stand in a text, in order of place; checks on words only.

        Linear in the text: at each place a bounded stretch is looked at.
        """
        text, squeezed = folded.folded, False
        if "\r" in folded.text or folded.wide:
            text = narrow(text)
            squeezed = len(text) != len(folded.folded)
        starts: list[int] = []
        last = -1
        for start, _, _ in self._machine.hits(text):
            # Hits come by their ends; the same start may come again, which costs no more than a look.
            if start == last:
                continue
            words = text[start + 1 : start + _FEW_WORDS].split(None, 3)
            if (
                self._begins(words[0])
                or (len(words) > 1 and self._begins(words[0] + b" " + words[1]))
                or (len(words) > 2 and words[1] in _FILLERS and self._begins(b" ".join(words[:3])))
            ):
                starts.append(start)
                last = start
        found: list[Found] = []
        if starts:
            shift = widen(folded.folded) if squeezed else None
            plain = folded.plain
            for start in sorted(set(starts)):
                begin = start if shift is None else shift.back(start + 1) - 1
                # A name begins with a capital or a digit, a particle or a long row of letters and digits.
                if plain[begin] in _CAPITALS or _may_be_small(plain[begin : begin + _FEW_WORDS]):
                    found += self._at(plain, begin)
        if folded.letters and self._has_scripts:
            found += self._in_scripts(folded)
            found.sort(key=lambda one: (one.start, -one.end))
        return found

    def _at(self, plain: bytes, start: int) -> Iterator[Found]:
        """Yield the forms that start at an offset of ``plain``, the shortest first."""
        everything: list[str] = []
        solid: list[str] = []
        end, comma = start, False
        for hit in _WORD.finditer(plain, start, start + _REACH):
            if everything:
                between = plain[end : hit.start()]
                if between in _COMMAS and not comma:
                    comma = True
                elif between not in _JOINTS or (between[:1] == b"." and len(everything[-1]) > _STOPPED):
                    break
            if plain[hit.end() : hit.end() + 1] == _UNKNOWN:
                break  # a word that goes on in letters of another script is another word
            raw = hit.group()
            word = raw.decode("ascii").lower()
            if raw[0] > _LAST_CAPITAL and everything and word not in _SMALL and plain[hit.start() - 1] != _HYPHEN:
                break  # the words of a name are written with capitals
            end = hit.end()
            owned = word.endswith("'s") and len(word) > 2
            if owned:
                word = word[:-2]
                end -= 2
            everything.append(word)
            particle = word in PARTICLES
            if not particle:
                solid.append(normal(word))
            # A person's particles are left out of its key, a body's words never are.
            keys = [] if particle else [" ".join(solid)]
            if len(solid) < len(everything):
                keys.append(" ".join(map(normal, everything)))
            for key in keys:
                row = self.lookup(key.encode())
                if row is not None:
                    entries = _fitting(row[2], comma=comma)
                    if entries:
                        yield Found(start, end, entries, row[0], row[1], len(everything), comma)
            if owned or len(everything) >= MOST_WORDS + 4 or len(solid) >= MOST_WORDS:
                break

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
        if not isinstance(self._map, bytes):
            self._map.close()


def unparted(text: str) -> bool:
    """Tell whether a text is in a script that does not part words by blanks: one word may be a whole name."""
    return any(low <= ord(char) <= high for char in text[:1] for low, high in automaton.UNPARTED)


def _may_be_small(text: bytes) -> bool:
    hit = _WORD.match(text)
    if hit is None:
        return False
    word = hit.group()
    return len(word) >= _LONG or (word.decode("ascii") in PARTICLES and text[hit.end() : hit.end() + 1] in b" -")


def _fitting(entries: tuple[tuple[int, int, int], ...], *, comma: bool) -> tuple[tuple[int, int, int], ...]:
    """Return the entries whose form may stand as it does: with a comma only a family name that comes first."""
    return tuple(one for one in entries if one[1] == SWAPPED) if comma else entries


# What a form is worth less than its words, by its kind.
DISCOUNT = {SHORT: 3, INITIAL: 8, CORE: 2, SWAPPED: 0, SCRIPT: 0}


def fresh(path: str, digest: str) -> NameIndex | None:
    """Return the index at a path if it is there, sound, and made of this content by this version."""
    try:
        index = NameIndex(path)
    except (OSError, ValueError):
        return None
    if index.digest == digest and index.version == stamp():
        return index
    index.close()
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
