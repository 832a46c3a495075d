"""The text of a plain document part of Word: what most articles need of it, since they hold no mention.

It goes through the same tags as the full reader (``annotator.reading.docx``) and keeps only the words. Whatever is
more than paragraphs, runs, tables, links and controls (fields, hidden or deleted text, drawings, other namespaces,
anything out of order) it leaves to that reader.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from .._lazy import regex
from .package import DEEPEST
from .xmltags import PARAGRAPH, RUN, TAG, TEXT, Spaces, pattern, unescaped

if TYPE_CHECKING:
    import re

TRANSITIONAL = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
BLANK = " \t\n\r\f\v\xa0\ufeff\u200b\u3000\ufffc"
APART = "\n\n"

_PREFIX = b"w:"
_PASSED, _RUN, _BREAK, _TAB, _READ, _SKIPPED, _EMPTY, _LEFT = range(8)
# What elements are to the text. Those that are not named here and that the full reader knows are left to it.
_CODES = {
    **dict.fromkeys(
        "body p pPr numPr rPr hyperlink ins moveTo fldSimple smartTag customXml dir bdo sdt sdtPr docPartObj text date"
        " dropDownList comboBox checkbox picture citation equation dataBinding bibliography tbl tr tc sectPr".split(),
        _PASSED,
    ),
    **dict.fromkeys(
        "pStyle outlineLvl numId strike dstrike commentReference commentRangeStart commentRangeEnd"
        " footnoteReference".split(),
        _READ,
    ),
    **dict.fromkeys("sdtEndPr tblPr tblGrid trPr tcPr".split(), _SKIPPED),
    **dict.fromkeys(
        "document del moveFrom instrText delText delInstrText rt rubyPr altChunk subDoc vanish sym fldChar object ptab"
        " cr noBreakHyphen".split(),
        _LEFT,
    ),
    "r": _RUN,
    "br": _BREAK,
    "tab": _TAB,
    "t": _EMPTY,
}
_KNOWN = {_PREFIX + name.encode(): code for name, code in _CODES.items()}
_LOCAL = regex(rb"w:[A-Za-z][A-Za-z0-9]*")
_LINE_ENDS = regex("\r\n?|\n")
_ROOT = b"w:document"
_LONGEST_ROOT = 10_000


def plain_text(content: bytes) -> str | None:
    """Return the text of a document part (in UTF-8); ``None`` where only the full reader can tell it."""
    tags = pattern(_PREFIX)
    begun = _begun(content)
    if begun < 0 or content.find(b"xmlns", begun) >= 0 or content.find(b":Ignorable", begun) >= 0:
        return None
    try:
        return _read(content, tags, begun)
    except (ValueError, OverflowError):  # letters and references that are none
        return None


def _begun(content: bytes) -> int:
    """Return where the root's start tag ends, -1 where it is not the usual one."""
    for found in pattern(_PREFIX).finditer(content):
        if found.lastindex == TAG:
            rest = found[10]
            usual = found[9] == _ROOT and not found[8] and not found[11] and len(rest) < _LONGEST_ROOT and _usual(rest)
            return found.end() if usual else -1
        if found.lastindex is not None or found[0] == b"<":
            return -1
    return -1


@lru_cache(64)
def _usual(rest: bytes) -> bool:
    """Tell whether the root's attributes can be read, and let the usual prefix mean the markup of Word."""
    spaces = Spaces()
    try:
        spaces.declare(rest, 1)
    except (ValueError, OverflowError):
        return False
    return spaces.meant.get(_PREFIX[:-1]) in (TRANSITIONAL, STRICT) and (b":Ignorable" not in rest or _plain(rest))


def _plain(rest: bytes) -> bool:
    """Tell whether attributes can be read whatever is in them."""
    return rest.isascii() and b"&" not in rest


def _words(data: bytes) -> str:
    words = data.decode()
    if "\n" in words or "\r" in words:
        words = _LINE_ENDS.sub(" ", words)  # as Word shows them
    if "&" in words:
        words = unescaped(words).replace("\n", " ")
    return words


def _read(content: bytes, tags: re.Pattern[bytes], at: int) -> str | None:  # noqa: C901, PLR0912, PLR0915 - one pass
    """Go through the tags behind the root's. Raises `ValueError` where the full reader would."""
    done: list[str] = []
    chunks: list[str] | None = None  # of the open paragraph
    stack = [_ROOT]
    codes = dict(_KNOWN)
    running = False
    skipped = 0  # how deep the element is that hides what is in it
    for found in tags.finditer(content, at):
        which = found.lastindex
        if which == TAG:
            name = found[9]
            if found[8]:
                if stack.pop() != name:
                    return None
                if name == b"w:r":
                    running = False
                elif name == b"w:p" and chunks is not None:
                    text = "".join(chunks)
                    if text.strip(BLANK):
                        done.append(text)
                    chunks = None
                elif skipped > len(stack):
                    skipped = 0
                if not stack:
                    rest = content[found.end() :]
                    return None if rest.strip() else APART.join(done)
                continue
            code = codes.get(name)
            if code is None:
                if not _LOCAL.fullmatch(name):
                    return None
                code = codes[name] = _PASSED
            empty = found[11] == b"/"
            if code != _PASSED:
                if code == _RUN:
                    if running or chunks is None or skipped:
                        return None
                    running = not empty
                elif code in (_BREAK, _TAB):
                    if stack[-1] == b"w:r":
                        if chunks is None or not empty:
                            return None
                        chunks.append("\n" if code == _BREAK else "\t")
                elif code == _READ:
                    if not _plain(found[10]):
                        return None
                elif code == _SKIPPED:
                    skipped = skipped or (0 if empty else len(stack) + 1)
                elif code == _LEFT or not empty:
                    return None
            elif name == b"w:p":
                return None  # one that the pattern of paragraphs has not found
            if not empty:
                stack.append(name)
                if len(stack) >= DEEPEST:
                    return None
        elif which == RUN:
            looks = found[1]
            if chunks is None or running or skipped or (looks and (b"vanish" in looks or not _readable(looks))):
                return None
            chunks.append(_words(found[RUN]))
        elif which == TEXT:
            if not running or chunks is None or stack[-1] != b"w:r":
                return None
            chunks.append(_words(found[TEXT]))
        elif which in PARAGRAPH:
            if chunks is not None or skipped or running or len(stack) + 1 >= DEEPEST:
                return None
            if not found[5]:
                chunks = []
                stack.append(b"w:p")
        else:
            return None
    return None


def _readable(looks: bytes) -> bool:
    """Tell whether the properties of a run can be read, where the full reader would read them."""
    return b"trike" not in looks or _plain(looks)
