"""What must stay untouched inside one Markdown paragraph: code, tags, link targets, entities.

The scanner follows the precedence of CommonMark: backslash escapes, then code spans, tags and autolinks,
then links. It needs no more than that, for emphasis is not protected. Where it cannot be sure it protects.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from markdown_it.common.html_re import HTML_TAG_RE
from markdown_it.common.utils import normalizeReference
from markdown_it.helpers import parseLinkDestination, parseLinkTitle

from ..._lazy import regex
from ..text import links_in

if TYPE_CHECKING:
    from collections.abc import Container

_ACTIVE = regex(r"[\\`<\[\]&{$]|!\[|~~")
_TICKS = regex(r"`+")
_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_AUTOLINK = regex(
    r"<(?:[A-Za-z][A-Za-z0-9+.-]{1,31}:[^<>\x00-\x20]*|[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w.-]{1,255})>", re.ASCII
)
_ENTITY = regex(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_TEMPLATE = regex(r"\{\{[^{}]{0,500}\}\}|\{%[^{}]{0,500}%\}|\{/\*[^{}]{0,500}\*/\}")
_BRACED = regex(r"\{[^{}]{1,500}\}")
_ATTRIBUTE = r"(?:[#.=][\w:.-]+|[\w:-]+=(?:\"[^\"]*\"|'[^']*'|[^\s\"'{}]+))"
_ATTRIBUTES = regex(rf"\{{:?\s*{_ATTRIBUTE}(?:\s+{_ATTRIBUTE})*\s*\}}")  # Pandoc, kramdown, markdown-it-attrs
_FORMULA = regex(r"\$(?=[^\s$])[^$\n]{1,300}(?<=[^\s\\])\$(?![0-9$])")
_TEX = regex(r"[\\^_{]")
_NOTE = regex(r"\[\^[^\]\[\s]{1,200}\](?![\[(])")
_NAME = regex(r"</?([A-Za-z][A-Za-z0-9-]*)")
# What Obsidian, Foam and others show in the place of its name: a picture, another note.
EMBED = regex(r"!\[\[(?:[^\]\n]|\](?!\])){1,500}\]\]")
_WIKI = regex(r"\[\[((?:[^\[\]\n|\\]|\\.){1,500}?)(?:\\?\|[^\[\]\n]{0,500})?\]\]")
_FILE = regex(
    r"\.(?:avif|bmp|gif|jpe?g|png|svg|tiff?|webp|3gp|flac|m4a|mkv|mov|mp3|mp4|ogg|ogv|wav|webm|pdf|canvas)\Z",
    re.IGNORECASE,
)
_CLOSERS = (("<!--", "-->"), ("<?", "?>"), ("<![CDATA[", "]]>"))
_RAW = frozenset({"code", "pre", "kbd", "samp", "var", "script", "style", "textarea", "math", "svg"})
_WHOLE = frozenset({"a", "button", "label", "sup", "sub"})
_LABEL_LONGEST = 999


class Zones:
    """The protected and atomic stretches of one paragraph, as pairs of offsets into it."""

    __slots__ = ("atomic", "protected")

    def __init__(self) -> None:
        """Start with none."""
        self.protected: list[tuple[int, int]] = []
        self.atomic: list[tuple[int, int]] = []


def scan(zone: str, references: Container[str] | None) -> Zones:
    """Find them. ``references`` are the labels that the document defines, ``None`` when that is not known.

    >>> found = scan("see `code` and [Kim](kim.html).", set())
    >>> found.protected, found.atomic
    ([(4, 10), (19, 30)], [(15, 30)])
    """
    found = Zones()
    if _ACTIVE.search(zone):
        _Scanner(zone, references, found).run()
    if "://" in zone or "www." in zone or "@" in zone or "WWW." in zone:
        found.protected.extend((link.start, link.end) for link in links_in(zone))
    return found


def attributes(zone: str, at: int) -> re.Match[str] | None:
    """Return the attributes in braces that stand at a place, as Pandoc, kramdown and others write them."""
    braced = _BRACED.match(zone, at)
    return _ATTRIBUTES.fullmatch(zone, *braced.span()) if braced else None


class _Scanner:
    def __init__(self, zone: str, references: Container[str] | None, found: Zones) -> None:
        self.zone = zone
        self.references = references
        self.found = found
        self.open: list[tuple[int, bool, bool]] = []  # where a bracket opens, whether an image, whether still able
        self.tags: dict[str, tuple[int, int]] = {}
        self.never: dict[str, int] = {}  # closers that are not found from here on
        self.ticks: dict[int, list[int]] | None = None
        self.struck = 0  # where what was struck out last ends

    def run(self) -> None:
        """Go through the zone once."""
        at = 0
        zone = self.zone
        while True:
            active = _ACTIVE.search(zone, at)
            if active is None:
                return
            at = active.start()
            char = zone[at]
            if char == "\\":
                at += 2 if zone[at + 1 : at + 2] in _PUNCTUATION else 1
            elif char == "`":
                at = self.code(at)
            elif char == "<":
                at = self.tag(at)
            elif char == "!":
                at = self.image(at)
            elif char == "[":
                note = _NOTE.match(zone, at)
                if note:
                    self.found.protected.append(note.span())
                    at = note.end()
                else:
                    self.open.append((at, False, True))
                    at += 1
            elif char == "]":
                at = self.close(at)
            elif char == "$":
                at = self.formula(at)
            elif char == "~":
                at = self.strike(at)
            else:
                known = _ENTITY.match(zone, at) if char == "&" else _TEMPLATE.match(zone, at) or attributes(zone, at)
                if known:
                    self.found.protected.append(known.span())
                    at = known.end()
                else:
                    at += 1

    def code(self, at: int) -> int:
        """Protect a code span: from a run of backticks to the next one of the same length."""
        if self.ticks is None:
            self.ticks = {}
            for run in _TICKS.finditer(self.zone):
                self.ticks.setdefault(run.end() - run.start(), []).append(run.start())
        size = 1
        while self.zone.startswith("`", at + size):
            size += 1
        # A run behind an escaped backtick is shorter than it looks to the list; look only further on.
        places = self.ticks.get(size, [])
        index = bisect_right(places, at + size - 1)
        if index == len(places):
            return at + size
        end = places[index] + size
        self.found.protected.append((at, end))
        return end

    def image(self, at: int) -> int:
        """Open an image; one that is embedded by its name is protected, and read on: it may be one of CommonMark."""
        embed = EMBED.match(self.zone, at)
        if embed:
            self.found.protected.append(embed.span())
        self.open.append((at, True, True))
        return at + 2

    def formula(self, at: int) -> int:
        """Protect a formula: between two dollar signs twice, or once where it is no money."""
        zone = self.zone
        if zone.startswith("$$", at):
            end = zone.find("$$", at + 2) if at < self.never.get("$$", len(zone)) else -1
            if end < 0:
                self.never["$$"] = min(at, self.never.get("$$", at))
                return at + 2
            self.found.protected.append((at, end + 2))
            return end + 2
        known = _FORMULA.match(zone, at)
        if known is None or not _TEX.search(known[0]):
            return at + 1
        self.found.protected.append(known.span())
        return known.end()

    def strike(self, at: int) -> int:
        """Protect what is struck out; what stands in it is read on."""
        zone = self.zone
        end = at
        while zone.startswith("~", end):
            end += 1
        if end - at == 2 and at >= self.struck and not zone[end : end + 1].isspace():  # ~~
            close = zone.find("~~", end) if at < self.never.get("~~", len(zone)) else -1
            if close < 0:
                self.never["~~"] = min(at, self.never.get("~~", at))
            elif close > end and not zone[close - 1].isspace():
                self.struck = close + 2
                self.found.protected.append((at, close + 2))
        return end

    def tag(self, at: int) -> int:
        """Protect an autolink, a tag, a comment and the like."""
        zone = self.zone
        link = _AUTOLINK.match(zone, at)
        if link:
            self.found.protected.append(link.span())
            return link.end()
        for opener, closer in _CLOSERS:
            if zone.startswith(opener, at):
                if at >= self.never.get(closer, len(zone)):
                    return at + 1
                if zone.find(closer, at + len(opener)) < 0:
                    self.never[closer] = at
                    if closer != "-->" or not zone.startswith(("<!-->", "<!--->"), at):
                        return at + 1
        if zone.startswith("<!", at) and zone[at + 2 : at + 3].isalpha():
            if at >= self.never.get(">", len(zone)):
                return at + 1
            if zone.find(">", at) < 0:
                self.never[">"] = at
                return at + 1
        matched = HTML_TAG_RE.match(zone, at)
        if not matched:
            return at + 1
        self.found.protected.append(matched.span())
        named = _NAME.match(zone, at)
        if named:
            self.element(named[1].lower(), matched)
        return matched.end()

    def element(self, name: str, tag: re.Match[str]) -> None:
        """Protect what stands between the tags of code, and keep a link between its tags whole."""
        if name not in _RAW and name not in _WHOLE:
            return
        if not tag[0].startswith("</"):
            self.tags.setdefault(name, tag.span())
        elif name in self.tags:
            start, _ = self.tags.pop(name)
            (self.found.protected if name in _RAW else self.found.atomic).append((start, tag.end()))

    def close(self, at: int) -> int:
        """Close a bracket: a link, an image, or only a bracket."""
        if not self.open:
            return at + 1
        start, image, able = self.open.pop()
        zone = self.zone
        inside = start + (2 if image else 1)
        if zone.startswith("]", at + 1) and start and zone[start - 1] == "[":  # [[a wiki link]]
            self.found.atomic.append((start - 1, at + 2))
            self.wiki(start - 1)
            return at + 1
        if not image and start and zone[start - 1] == "^":  # a footnote that stands in its place
            self.found.protected.append((start - 1, at + 1))
            return at + 1
        if not able:
            return at + 1
        end = self.target(inside, at)
        if end is None:
            return at + 1
        attached = attributes(zone, end)
        end = attached.end() if attached else end
        self.found.atomic.append((start, end))
        if end > at + 1:
            self.found.protected.append((at, end))
        if not image:  # links do not stand inside links
            self.open = [(where, picture, picture and can) for where, picture, can in self.open]
        return end

    def wiki(self, at: int) -> None:
        """Protect of a wiki link what is only a name: all of it where it leads to a file, else what it is not shown as.

        >>> scan("[[Kim.pdf]] [[Kim|the man]]", set()).protected
        [(0, 11), (14, 18)]
        """
        found = _WIKI.match(self.zone, at)
        if found is None:
            return
        if _FILE.search(found[1].partition("#")[0]):
            self.found.protected.append(found.span())
        elif found.end(1) + 2 < found.end():  # words to be shown stand behind
            self.found.protected.append((found.start(1), self.zone.index("|", found.end(1)) + 1))

    def target(self, inside: int, at: int) -> int | None:
        """Return where the link that closes its text here ends, ``None`` if it is no link."""
        zone = self.zone
        if zone.startswith("(", at + 1):
            end = self.inline_target(at + 2)
            if end is not None:
                return end
        if zone.startswith("[", at + 1):
            close = self.label_end(at + 2)
            if close is not None:
                label = zone[at + 2 : close] or zone[inside:at]
                if self.defined(label):
                    return close + 1
                if close > at + 2:
                    return None
        return at + 1 if self.defined(zone[inside:at]) else None

    def inline_target(self, at: int) -> int | None:
        """Return the end of ``(destination "title")``, of which the bracket was read."""
        zone = self.zone
        size = len(zone)
        at = self.blank(at)
        if at >= size:
            return None
        place = parseLinkDestination(zone, at, size)
        if place.ok:
            at = place.pos
            before = at
            at = self.blank(at)
            if at > before or before == at:
                title = parseLinkTitle(zone, at, size) if at > before else None
                if title is not None and title.ok:
                    at = self.blank(title.pos)
        return at + 1 if at < size and zone[at] == ")" else None

    def label_end(self, at: int) -> int | None:
        """Return where a link label closes."""
        zone = self.zone
        stop = min(len(zone), at + _LABEL_LONGEST)
        while at < stop:
            char = zone[at]
            if char == "]":
                return at
            if char == "[":
                return None
            at += 2 if char == "\\" else 1
        return None

    def blank(self, at: int) -> int:
        while at < len(self.zone) and self.zone[at] in " \t\n":
            at += 1
        return at

    def defined(self, label: str) -> bool:
        """Tell whether the document defines the label; when that is not known, take it that it does."""
        if len(label) > _LABEL_LONGEST or not label.strip():
            return False
        return self.references is None or normalizeReference(label) in self.references
