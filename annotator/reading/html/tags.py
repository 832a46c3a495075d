"""HTML cut into tags, comments and text, each with its offsets in the source.

This follows the tokenizer of the WHATWG HTML standard (section 13.2.5) as far as it decides where a token
begins and ends. Every character is looked at a bounded number of times, whatever the source holds.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from ..._lazy import regex

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

TEXT, START, END, OTHER, RAW, UNCLOSED = range(6)

_WS = "\t\n\f\r "
_ATTRIBUTE = (
    rf"[{_WS}/]*+(?P<name>[^{_WS}/>][^{_WS}/>=]*+)"
    rf"(?:[{_WS}]*+=[{_WS}]*+(?:\"(?P<double>[^\"]*+)(?:\"|\Z)|'(?P<single>[^']*+)(?:'|\Z)"
    rf"|(?P<bare>[^{_WS}>\"'][^{_WS}>]*+))?+)?+"
)
TAG = regex(rf"<(/?)([A-Za-z][^{_WS}/>]*+)((?:{re.sub(r'[?]P<[a-z]+>', '?:', _ATTRIBUTE)})*+)([{_WS}/]*+)>")
_OPENS = regex("/?[A-Za-z]")
_ATTRIBUTES = regex(_ATTRIBUTE)
_COMMENT_END = regex(r"--!?>")
_SCRIPT = regex(rf"<!(?=--)|-->|<(/?)script(?=[{_WS}/>])", re.IGNORECASE)

# Elements whose content holds no tags.
_RAW_NAMES = frozenset({"title", "textarea", "style", "xmp", "iframe", "noembed", "noframes", "noscript"})


class Tokens:
    """The tokens of a source, in order; together they tile it.

    Each is a tuple of its kind, start, end, the name in lower case (tags only), and where its attributes begin
    and end. ``RAW`` is the content of an element such as ``script``; ``UNCLOSED`` is a construct that the end
    of the source cuts off, and always last. ``foreign`` is for the reader of the tokens to set, before it takes
    the next one: whether the place is inside SVG or MathML, where raw elements do not exist and CDATA does.
    ``parsed`` are places where the content of a ``noscript`` element begins that is to be cut into tokens too.
    """

    __slots__ = ("foreign", "markup", "parsed")

    def __init__(self, markup: str, parsed: Container[int] = ()) -> None:
        """Take the source."""
        self.markup = markup
        self.foreign = False
        self.parsed = parsed

    def __iter__(self) -> Iterator[tuple[int, int, int, str, int, int]]:
        """Give the tokens."""
        markup = self.markup
        size = len(markup)
        find, match = markup.find, TAG.match
        at = begun = 0  # text runs from `begun`
        while True:
            at = find("<", at)
            if at < 0:
                break
            head = markup[at + 1 : at + 3]
            if _OPENS.match(head):
                found = match(markup, at)
                if begun < at:
                    yield TEXT, begun, at, "", 0, 0
                if found is None:
                    yield UNCLOSED, at, size, "", 0, 0
                    return
                end = found.end()
                name = found[2].lower()
                yield (END if found[1] else START), at, end, name, found.start(3), found.end(4)
                at = begun = end
                if (
                    not found[1]
                    and (name in _RAW_NAMES or name in ("script", "plaintext"))
                    and not self.foreign
                    and not (name == "noscript" and at in self.parsed)
                ):
                    end = self._raw_end(name, at)
                    if end < 0:
                        yield (RAW if name == "plaintext" else UNCLOSED), at, size, name, 0, 0
                        return
                    if at < end:
                        yield RAW, at, end, name, 0, 0
                    at = begun = end
                continue
            if head[:1] not in ("!", "/", "?") or not head:
                at += 1
                continue
            if head == "/":  # at the very end of the source
                break
            if begun < at:
                yield TEXT, begun, at, "", 0, 0
            end = self._other_end(at)
            if end < 0:
                yield UNCLOSED, at, size, "", 0, 0
                return
            yield OTHER, at, end, "", 0, 0
            at = begun = end
        if begun < size:
            yield TEXT, begun, size, "", 0, 0

    def _other_end(self, at: int) -> int:
        """Return where a comment, a doctype or the like ends; -1 where it does not."""
        markup = self.markup
        if markup.startswith("<!--", at):
            if markup.startswith((">", "->"), at + 4):
                return markup.index(">", at + 4) + 1
            found = _COMMENT_END.search(markup, at + 4)
            return found.end() if found else -1
        if self.foreign and markup.startswith("<![CDATA[", at):
            end = markup.find("]]>", at + 9)
            return end + 3 if end >= 0 else -1
        return markup.find(">", at + 2) + 1 or -1

    def _raw_end(self, name: str, at: int) -> int:
        """Return where the content of a raw element ends; -1 where it does not."""
        if name == "plaintext":
            return -1
        if name != "script":
            found = _closer(name).search(self.markup, at)
            return found.start() if found else -1
        state = 0  # as in the standard: 1 is "escaped", 2 is "double escaped"
        while True:
            found = _SCRIPT.search(self.markup, at)
            if found is None:
                return -1
            word = found[0]
            at = found.end()
            if word == "<!":
                state = state or 1
            elif word == "-->":
                state = 0
            elif not found[1]:
                state = 2 if state else 0
            elif state == 2:
                state = 1
            else:
                return found.start()


@cache
def _closer(name: str) -> re.Pattern[str]:
    return re.compile(rf"</{name}(?=[{_WS}/>])", re.IGNORECASE)


def attributes(markup: str, start: int, end: int) -> dict[str, str]:
    """Return the attributes between two places of a tag, values as they stand; the first of a name counts.

    >>> attributes("id=a CLASS='b c' hidden", 0, 23)
    {'id': 'a', 'class': 'b c', 'hidden': ''}
    """
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTES.findall(markup, start, end):
        found.setdefault(name.lower(), double or single or bare)
    return found
