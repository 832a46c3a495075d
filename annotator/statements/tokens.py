"""A sentence as tokens: words and signs, each with what it is; entries of several words are one token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import words as w

if TYPE_CHECKING:
    from .lexicon import Entry


class Tokens:
    """The tokens of one sentence, in parallel lists.

    ``starts`` and ``ends`` are offsets in the page's plain text, ``words`` lower-case, ``tags`` what each is
    (``words``), ``values`` the actor, act, measure … it stands for, ``forms`` how (see ``lexicon.Entry``), ``others``
    the other entry of a word that may be a verb or a noun.
    """

    __slots__ = ("ends", "forms", "others", "starts", "tags", "values", "words")

    def __init__(
        self,
        starts: list[int],
        ends: list[int],
        words: list[str],
        tags: list[int],
        values: list[str],
        forms: list[str],
        others: list[Entry | None],
    ) -> None:
        self.starts = starts
        self.ends = ends
        self.words = words
        self.tags = tags
        self.values = values
        self.forms = forms
        self.others = others

    def __len__(self) -> int:
        return len(self.starts)

    def show(self) -> str:
        """Return the tokens with their tags, for explanations and tests."""
        return " ".join(
            f"{word}/{w.NAMES[tag]}{':' + value if value else ''}{'.' + form if form else ''}"
            for word, tag, value, form in zip(self.words, self.tags, self.values, self.forms, strict=True)
        )
