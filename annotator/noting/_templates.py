"""Fields in note texts: ``{name}``, ``{name:date}``, and ``[…]`` left out when a field in it is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._dates import spoken

if TYPE_CHECKING:
    from collections.abc import Mapping


def fill(text: str, fields: Mapping[str, str]) -> str:
    """Put fields into a text. A missing field outside brackets becomes nothing.

    Text without braces comes back unchanged, brackets and all. Brackets do not nest.

    >>> fill("Resolution {n}[ of {d:date}][: {s}].", {"n": "2397", "d": "2017-12-22"})
    'Resolution 2397 of 22 December 2017.'
    """
    if "{" not in text:
        return text
    result: list[str] = []
    group: list[str] | None = None
    complete = True
    position = 0
    while position < len(text):
        char = text[position]
        piece = char
        if char == "{":
            end = text.find("}", position)
            if end > 0:
                name, _, form = text[position + 1 : end].partition(":")
                value = fields.get(name, "")
                complete = complete and bool(value)
                piece = spoken(value) if form == "date" else value
                position = end
        elif (
            char == "["
            and group is None
            and "]" in text[position:]
            and "{" in text[position : text.index("]", position)]
        ):
            group, complete = [], True
            position += 1
            continue
        elif char == "]" and group is not None:
            if complete:
                result += group
            group = None
            position += 1
            continue
        (result if group is None else group).append(piece)
        position += 1
    return "".join(result + (group or []))
