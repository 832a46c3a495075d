"""What html5lib, an independent parser, says that a page shows: the oracle for our reader and writer."""

from __future__ import annotations

import warnings
from typing import Any

_HTML = "{http://www.w3.org/1999/xhtml}"
_UNSEEN = frozenset(
    "head script style template select datalist object applet canvas audio video rt rp frameset noscript noembed"
    " noframes iframe textarea title".split()
)


def parsed(markup: str) -> Any:
    """Return the tree of a page, as a browser with scripts makes it."""
    import html5lib

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return html5lib.HTMLParser(html5lib.getTreeBuilder("etree")).parse(markup, scripting=True)


def _is_ours(element: Any) -> bool:
    return (element.tag == f"{_HTML}sup" and element.get("class", "").startswith("sr-note")) or (
        element.tag == f"{_HTML}section" and element.get("class") == "sr-note-list"
    )


def shown(markup: str, *, ours: bool = False) -> str:
    """Return the letters that a page shows, without white space; with ``ours`` without what we put in."""
    letters: list[str] = []
    # Each entry is an element to enter or the text behind one; nothing recurses.
    todo: list[Any] = [parsed(markup)]
    while todo:
        one = todo.pop()
        if isinstance(one, str):
            letters.append(one)
            continue
        if not isinstance(one.tag, str) or not one.tag.startswith(_HTML):
            continue
        if one.tag.removeprefix(_HTML) in _UNSEEN or one.get("hidden") is not None:
            continue
        if one.tag == f"{_HTML}dialog" and one.get("open") is None:
            continue
        if ours and _is_ours(one):
            continue
        for child in reversed(one):
            if child.tail:
                todo.append(child.tail)
            todo.append(child)
        if one.text:
            todo.append(one.text)
    return bare("".join(letters))


def bare(text: str) -> str:
    """Return a text without white space and letters that are not seen."""
    return "".join(char for char in text if char not in " \t\n\f\r\0\xad\u200b\u2060\ufeff")
