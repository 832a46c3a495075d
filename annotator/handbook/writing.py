"""A page of the handbook as lines for a terminal, and as Markdown for the site."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .. import _published
from .._lazy import regex
from ..writing.wording import address, one_line
from .page import Code, Link, Marked, Page, Url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .page import Line, Part

    # What an address of another page is, as seen from this one.
    Address = Callable[[Link], str]

_SIGNS = regex(r"([\\`*_{}\[\]()<>#+!|~^=&$:-])")


def heads(page: Page) -> frozenset[str]:
    """Return the lines of a page in a terminal that are heads."""
    return frozenset({title(page), *(section.head for section in page.sections)})


def title(page: Page) -> str:
    """Return the first line of a page."""
    return f"{page.name}: {page.title}"


def text(page: Page) -> Iterator[str]:
    """Yield the lines of a page for a terminal, without line ends."""
    yield title(page)
    for line in page.lines:
        yield _plain(line)
    for section in page.sections:
        yield ""
        yield section.head
        for line in section.lines:
            yield f"  {_plain(line)}"
        for item in section.items:
            yield f"  - {_plain(item.line)}"
            for line in item.under:
                yield f"    {_plain(line)}"
    where = "" if page.own else _published.page(page.kind, page.name)
    if where:
        yield ""
        yield f"On the web: {where}"


def _plain(line: Line) -> str:
    return one_line("".join(map(_plain_part, line)))


def _plain_part(part: Part) -> str:
    match part:
        case Code(words):
            return words
        case Marked(words):
            return f"[[{words}]]"
        case Link(_, name):
            return name
        case Url(where):
            return address(where)
    return part


def markdown(page: Page, link: Address) -> str:
    """Return a page as Markdown; ``link`` tells the address of another page."""
    made = [f"# {escaped(page.name)}", f"_{escaped(page.title)}_"]
    made += [_marked(line, link) for line in page.lines]
    for section in page.sections:
        made.append(f"## {escaped(section.head)}")
        made += [_marked(line, link) for line in section.lines]
        points = []
        for item in section.items:
            points.append(f"- {_marked(item.line, link)}")
            # Each in a paragraph of its own, four blanks in: that is how Python-Markdown knows what belongs to a point.
            points += [f"\n    {_marked(line, link)}" for line in item.under]
            points += [""] if item.under else []
        if points:
            made.append("\n".join(points).rstrip())
    if page.kind != "error":
        made.append(f"In a terminal: `{_published.command(page.name)}`.")
    return "\n\n".join(made) + "\n"


def _marked(line: Line, link: Address) -> str:
    return one_line("".join(_marked_part(part, link) for part in line))


def _marked_part(part: Part, link: Address) -> str:
    match part:
        case Code(words):
            ticks = "`" * (1 + max(map(len, re.findall("`+", words)), default=0))
            return f"{ticks}{words}{ticks}" if ticks == "`" else f"{ticks} {words} {ticks}"
        case Marked(words):
            return f"**{escaped(words)}**"
        case Link(_, name):
            return f"[{escaped(name)}]({link(part)})"
        case Url(where):
            return f"<{address(where)}>"
    return escaped(part)


def escaped(words: str) -> str:
    r"""Write words so that no sign in them is Markdown's.

    >>> escaped("a_b <c> [1]")
    'a\\_b &lt;c&gt; \\[1\\]'
    """
    return _SIGNS.sub(lambda hit: _ENTITIES.get(hit[1]) or f"\\{hit[1]}", words)


_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;", "|": "&#124;", "~": "&#126;", "^": "&#94;", "=": "=", "$": "$",
             ":": ":", "-": "-"}  # fmt: skip
