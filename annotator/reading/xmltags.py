"""The tags of an XML part, one by one and with their places, and what their prefixes mean.

One pattern finds them all: in XML that is well-formed there is nothing else that begins with ``<``. It is several
times as fast as a parser that calls back at every tag, since runs of text whose insides matter to nobody are found
whole. What it cannot be sure of it leaves to the parser, which alone decides what is well-formed.
"""

from __future__ import annotations

import re
from functools import cache

from .._lazy import regex

# What stands in a tag behind its name; "/" is left out so that the end of an empty element is seen.
_REST = rb"""(?:\s[^<>"'/]*(?:(?:"[^<"]*"|'[^<']*')[^<>"'/]*)*)?"""
_SHORT = rb"""
    <@rREST>(?:<@rPr>((?:<[^<>]*/>)*)</@rPr>)?()<@tREST>([^<]*)</@t></@r>       # 1-3: a run of one text
    |<@p(REST)(/?)>(?:<@pPr>([^<]*(?:<(?!/?@pPr[\s/>]|!|\?)[^<]*)*)</@pPr>)?    # 4-6: a paragraph begins
    |<@tREST>([^<]*)</@t>                                                       # 7: a text of a run
    |"""
_LONG = rb"""
    <(/?)([^\s<>/!?"'=]+)(REST)\s*(/?)>                                         # 8-11: any tag
    |<(?:!--.*?--|!\[CDATA\[(.*?)\]\]|\?.*?\?)>                                 # 12: what is no tag
    |<                                                                          # something else
    """
# The last group that always takes part tells them apart; of a paragraph the last two may.
RUN, PARAGRAPH, TEXT, TAG, CHARACTERS = 3, (5, 6), 7, 11, 12
_ATTRIBUTE = regex(rb"""([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_REFERENCE = regex(r"&([^;&]*);")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_XML = "http://www.w3.org/XML/1998/namespace"


@cache
def pattern(prefix: bytes | None) -> re.Pattern[bytes]:
    """Return the pattern of tags; with a prefix (and its colon) one that finds whole runs of that prefix too."""
    short = b"" if prefix is None else _SHORT.replace(b"@", re.escape(prefix))
    if prefix is None:  # the numbers of groups stay the same
        short = rb"(?!)()()()()()()()|"
    return re.compile((short + _LONG).replace(b"REST", _REST), re.VERBOSE | re.DOTALL)


def attributes(rest: bytes) -> list[tuple[bytes, str]]:
    r"""Return the attributes of a tag by what stands behind its name.

    >>> attributes(b' w:val="a &amp; b" x=\'1\'')
    [(b'w:val', 'a & b'), (b'x', '1')]
    """
    return [
        (found[1], unescaped((found[2] if found[2] is not None else found[3]).decode()))
        for found in _ATTRIBUTE.finditer(rest)
    ]


def unescaped(words: str) -> str:
    """Return words with what their references stand for. Raises `ValueError` for one that stands for nothing.

    >>> unescaped("&#8217;s &amp; &#x41;")
    '’s & A'
    """
    return _REFERENCE.sub(_character, words) if "&" in words else words


def _character(found: re.Match[str]) -> str:
    name = found[1]
    if name.startswith("#"):
        digits = name[1:]
        number = int(digits) if digits.isdecimal() else int(f"0{digits}", 16)
        if 0xD800 <= number < 0xE000 or (number < 0x20 and number not in (9, 10, 13)):
            raise ValueError(name)
        return chr(number)
    if name not in _NAMED:
        raise ValueError(name)
    return _NAMED[name]


class Spaces:
    """What prefixes mean, here and now.

    ``meant`` is the namespace of each prefix. ``steady`` are the prefixes of the root that mean the same throughout,
    as far as has been read.
    """

    __slots__ = ("_outer", "meant", "steady")

    def __init__(self) -> None:
        self.meant: dict[bytes, str] = {b"xml": _XML}
        self.steady: dict[bytes, str] = {}
        self._outer: list[tuple[int, dict[bytes, str]]] = []

    def declare(self, rest: bytes, depth: int) -> bool:
        """Take the declarations of a tag that opens at a depth; return whether there are any."""
        found = {
            name[6:] if name.startswith(b"xmlns:") else b"": value
            for name, value in attributes(rest)
            if name == b"xmlns" or name.startswith(b"xmlns:")
        }
        if not found:
            return False
        self._outer.append((depth, self.meant))
        self.meant = {**self.meant, **found}
        if depth == 1:
            self.steady = found
        else:
            for prefix, space in found.items():
                if self.steady.get(prefix) != space:
                    self.steady.pop(prefix, None)
        return True

    def close(self, depth: int) -> bool:
        """Forget what was declared at a depth; return whether anything was."""
        if not self._outer or self._outer[-1][0] != depth:
            return False
        self.meant = self._outer.pop()[1]
        return True

    def split(self, name: bytes) -> tuple[str, str]:
        """Return the namespace of an element's name and the rest. Raises `ValueError` for an unknown prefix."""
        prefix, _, rest = name.rpartition(b":")
        space = self.meant.get(prefix)
        if space is None:
            if prefix:
                raise ValueError(name)
            space = ""
        return space, rest.decode()

    def value(self, rest: bytes, wanted: bytes, space: str) -> str:
        """Return the value of the attribute of a name in a namespace; empty where there is none."""
        for name, value in attributes(rest):
            prefix, _, local = name.rpartition(b":")
            if local == wanted and prefix and self.meant.get(prefix) == space:
                return value
        return ""
