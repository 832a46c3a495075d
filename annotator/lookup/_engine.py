"""What answers a lookup: the parts of an annotator that it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..lists.opened import Lists
    from ..model import Mention
    from ..noting import Notes
    from ..rulebook import Rulebook


class Engine(NamedTuple):
    """What answers: the rules, the lists if any, the notes of the day, and how a text is read.

    ``read`` returns the mentions in a text as of the day, with names on lists where its second argument is true;
    ``undated`` those of the rules whatever the day, which may be of law that has ended or is to come. ``selected``
    keeps rules and entries by their ids.
    """

    rulebook: Rulebook
    lists: Lists | None
    notes: Notes
    read: Callable[[str, bool], list[Mention]]
    undated: Callable[[str], list[Mention]]
    selected: Callable[[str], bool]
