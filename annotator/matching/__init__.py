"""Find the mentions of a rulebook's rules in a document, each with its evidence.

One pass of the automaton over the folded text tells where any rule could fire; all that costs more
(phrase forms, patterns, context, spaCy) runs around those places only.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from ..core import FOLDED, stems_of
from ..folding import Folded, usual
from ._gate import PATTERN_REACH
from ._hits import Hits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ..core import Tries
    from ..decisions import Ruling
    from ..lists.opened import Lists
    from ..model import Document, Mention
    from ..rulebook import Rulebook
    from ._statements import Statements

__all__ = ["match", "quiet"]

_PIECE = 1 << 18  # code points of a long text that are asked at once
_MOST_AT_ONCE = 1 << 20  # code points of a text that is folded twice without need if it is not quiet


def match(
    document: Document,
    rulebook: Rulebook,
    *,
    everything: bool = False,
    selected: Callable[[str], bool] | None = None,
    model: Any = None,
    lists: Lists | None = None,
    names: str = "always",
    name_threshold: float | None = None,
    as_of: str | None = None,
    ranks: bool = False,
    voice: str = "",
    ruling: Ruling | None = None,
) -> list[Mention]:
    """Return the mentions in a document, ordered by start, then end.

    With ``everything`` also what was ruled out (``Mention.ruled_out`` says why). ``selected`` keeps
    rules by id. ``model`` is a spaCy pipeline for token rules, else a blank one is made when a token
    rule could fire. Offsets are code points of ``document.text``. Raises ``MissingExtraError`` when a
    token rule needs spaCy and it is not installed.

    ``lists`` are opened stores of sanctions lists, whose entries are looked for too, under ids such as
    ``lists.uk:RUS0738``; ``names`` says in which articles (``auto``: in those that speak of sanctions, ``always`` or
    ``never``), ``name_threshold`` is the least score of a name, ``as_of`` (an ISO date) the day
    from which ages are told. ``ranks`` works out of each accepted mention how outright it speaks of the law. ``voice``
    is the actor who says "we" in the document. ``ruling`` is what an analyst has decided for it.
    """
    document.settle()
    folded = Folded(document.text)
    hits = Hits(rulebook, folded, everything=everything, parted=document.text if document.parted else None)
    if hits.seen:
        document.seen = True
    mentions, statements = _of_rules(
        document,
        rulebook,
        folded,
        hits,
        everything=everything,
        selected=selected,
        model=model,
        as_of=as_of,
        ranks=ranks,
        voice=voice,
    )
    if ruling:
        mentions = ruling.over(mentions, document.text, everything=everything)
    if not lists or names == "never":
        return mentions
    speaking: frozenset[int] | None = None
    if names == "auto":
        from ._speaking import may_speak, speaking_articles, words_of_talk

        speaking = frozenset()
        talks = words_of_talk(folded, hits)
        if may_speak(folded, talks, mentions):
            statements = statements or _laid_out(document, rulebook, folded)
            speaking = speaking_articles(statements, talks, mentions)
        if not speaking and not everything:
            return mentions
    found = lists.find(folded)
    if not found and not (ruling and ruling.names):
        return mentions
    from ._prospects import none_is_meant

    if (
        statements is None
        and not (everything or ruling)
        and none_is_meant(lists, found, folded, _threshold(name_threshold), selected)
    ):
        return mentions
    from ._listed import find_listed

    return find_listed(
        statements or _laid_out(document, rulebook, folded),
        lists,
        found,
        mentions,
        threshold=_threshold(name_threshold),
        as_of=as_of,
        everything=everything,
        selected=selected,
        speaking=speaking,
        ruling=ruling,
    )


def quiet(
    text: str,
    rulebook: Rulebook,
    *,
    names: str,
    without: str = "",
    lists: Lists | None = None,
    name_threshold: float | None = None,
    selected: Callable[[str], bool] | None = None,
    parted: bool = False,
) -> bool:
    """Tell, at the speed of reading, that a text has no mention; false where that is not plain at once.

    ``names`` says in which articles names on lists are looked for, ``never`` where there are no lists. A text that is
    quiet has no NUL, nor ``without``: two words in a row, folded. For names in all articles ``lists`` are needed;
    ``name_threshold`` and ``selected`` are those of `match`. ``parted`` says that no mention goes over an empty line,
    so that a long text may be asked piece by piece.
    """
    if rulebook.core is None or (names == "always" and lists is None):
        return False
    if len(text) > _MOST_AT_ONCE:
        return (
            parted
            and names != "always"
            and all(
                len(piece) <= _MOST_AT_ONCE and _has_none(piece, rulebook, names=names, without=without, part=True)
                for piece in _pieces(text)
            )
        )
    if not _has_none(text, rulebook, names=names, without=without):
        return False
    if names != "always" or lists is None:
        return True
    named = lists.search(text)
    if not named:
        return named is not None
    from ._prospects import none_is_meant

    return none_is_meant(lists, named, Folded(text), _threshold(name_threshold), selected)


def _pieces(text: str) -> Iterator[str]:
    """Yield a long text in pieces of many paragraphs; longer ones where there is no empty line."""
    at = 0
    while at < len(text):
        stop = text.find("\n\n", at + _PIECE)
        yield text[at : stop if stop >= 0 else len(text)]
        at = stop + 1 if stop >= 0 else len(text)


def _has_none(text: str, rulebook: Rulebook, *, names: str, without: str, part: bool = False) -> bool:
    """Tell that a text, or part of one, has no mention of a rule, nor talk of sanctions where that counts."""
    core: Any = rulebook.core
    stems = _stems_of_talk() if names == "auto" else b""
    found: bool | Tries | None = core.quiet(text, stems, _stems_of(without), rulebook.scripts, part)
    if found is None and not _may_be_in_scripts(text, rulebook):
        found = core.quiet(usual(text, FOLDED), stems, _stems_of(without), False, part)
    if not found:
        return False
    if not isinstance(found, bool):
        plain = found.plain
        if any(rulebook.pattern(rule).match(plain, at, at + PATTERN_REACH) for rule, at in found.places):
            return False
        if found.talks:
            from ._speaking import is_talk

            return not is_talk(plain, found.talks)
    return True


def _may_be_in_scripts(text: str, rulebook: Rulebook) -> bool:
    """Tell whether a phrase of a rule, or a cue, may stand in a text in letters of other scripts."""
    if not rulebook.scripts:
        return False
    from ._scripts import scripts_of

    tables = (rulebook.triggers.scripts, rulebook.cues.scripts)
    return any(scripts_of(entries).may_find(text) for entries in tables if entries)


@cache
def _stems_of(words: str) -> bytes:
    return stems_of([words]) if words else b""


@cache
def _stems_of_talk() -> bytes:
    from ._speaking import stems  # texts are asked for talk where there are lists only

    return stems()


def _threshold(given: float | None) -> float:
    """Return the least score of a name."""
    from ._weights import THRESHOLD

    return THRESHOLD if given is None else given


def _of_rules(
    document: Document,
    rulebook: Rulebook,
    folded: Folded,
    hits: Hits,
    *,
    everything: bool,
    selected: Callable[[str], bool] | None,
    model: Any,
    as_of: str | None,
    ranks: bool,
    voice: str,
) -> tuple[list[Mention], Statements | None]:
    """Return the mentions of the rulebook's rules, and the statements of the document if it was laid out for them."""
    if not hits.places and not (folded.letters and rulebook.triggers.scripts):
        return [], None
    from ._find import Finder  # most documents end above

    finder = Finder(
        document,
        rulebook,
        folded,
        selected=selected,
        model=model,
        hits=hits,
        as_of=as_of,
        ranks=ranks,
        voice=voice,
        everything=everything,
    )
    return finder.find(), finder.judge.whose.statements


def _laid_out(document: Document, rulebook: Rulebook, folded: Folded) -> Statements:
    from ._cues import lay_out  # most documents need none
    from ._statements import Statements

    return Statements(lay_out(document, rulebook, folded), rulebook.lexicon)
