"""Places of a text with the entries of lists that their words may name."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..lists.entries import shown_name
from ..lists.names.forms import IDENTIFIER, SCRIPT, SPOKEN, SWAPPED
from ..lists.names.spelling import PARTICLES
from ..lists.opened import identifier
from ..model import Mention
from ._facts import SHARED
from ._neighbours import WORD, latin

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from ..decisions import Decision
    from ..lists.opened import Key
    from ._evidence import Judged
    from ._facts import Known
    from ._page import Page

_CERTAIN, _CERTAIN_IN_FULL = 0.9, 0.8  # the least score of who is certain, by a shortened name and by a full one
_NO_WORDS = frozenset({IDENTIFIER, SCRIPT})
_MOST_SHOWN = 6


class Candidate(NamedTuple):
    """A place with the entries that it may name, best first.

    Of what is ruled out ``judged`` is empty where nobody asks for reasons, ``keys`` has the entries. ``family`` is the
    word by which the article goes on to speak of a person, ``refused`` what is decided of other entries there.
    """

    start: int
    end: int
    block: int
    keys: tuple[Key, ...]
    judged: tuple[Judged, ...]
    ruled_out: str
    person: bool
    family: str
    decided: Decision | None = None
    refused: Decision | None = None


def family(plain: bytes, start: int, end: int, kinds: Collection[int]) -> str:
    """Return the word by which an article goes on to speak of a person; ``kinds`` are those of the forms found."""
    words = map(latin, WORD.findall(plain, start, end))
    solid = [word.removesuffix("'s") for word in words if word.lower() not in PARTICLES]
    if len(solid) < 2 or not _NO_WORDS.isdisjoint(kinds):
        return ""
    return solid[0] if SPOKEN not in kinds and SWAPPED in kinds else solid[-1]


_OF_ONE_MAN = 3  # words of a name that two entries of one list share who are one man under two programmes


def last_alone(plain: bytes, start: int, end: int) -> tuple[bytes, int]:
    """Return the last word of a name if all before it are particles, else none; and how many words there are."""
    words = WORD.findall(plain, start, end)
    alone = words and all(latin(word).lower() in PARTICLES for word in words[:-1])
    return (words[-1] if alone else b""), len(words)


def are_one(first: Known, other: Known) -> bool:
    """Tell whether two entries of one list are of one person or body, listed twice."""
    if first.births and other.births:
        return first.is_of_age_of(other)
    # A list has somebody once for each programme at most, in whatever form; under one there are two of them.
    parted = set(first.entry.programmes).isdisjoint(other.entry.programmes)
    if first.entry.type == "person":
        # Two men may bear one name of two words; hardly one of three, or two aliases.
        longest = max(map(len, first.names & other.names), default=0)
        return first.shares(other) >= SHARED or (parted and longest >= _OF_ONE_MAN)
    if first.shares(other):
        return True
    return parted and not first.bodies.isdisjoint(other.bodies)


def differ(judged: Sequence[Judged]) -> bool:
    """Tell whether one list has several persons or bodies of a name; twice the same one counts as one."""
    by_list: dict[str, list[Known]] = {}
    for each in judged:
        by_list.setdefault(each.known.entry.list, []).append(each.known)
    return any(not are_one(first, other) for first, *others in by_list.values() for other in others)


def is_certain(judged: Sequence[Judged]) -> bool:
    """Tell whether more than the name agrees, and one person or body alone is meant."""
    return not differ(judged) and any(
        each.strong and each.score >= (_CERTAIN_IN_FULL if each.plain else _CERTAIN) for each in judged
    )


def mention_of(one: Candidate, page: Page, lead: str = "", *, said: bool = False) -> Mention:
    """Return the mention of a candidate.

    ``lead`` is the authority whose law its article speaks of, empty if none; ``said`` whether the article says that
    this authority has listed the one who is meant.
    """
    best = one.judged[0]
    start, end = page.to_text(one.start), page.end_in_text(one.end)
    several = differ(one.judged)
    told = said and best.plain and best.listing and best.score >= _CERTAIN_IN_FULL
    certain = not several and (told or is_certain(one.judged))
    entries = [each.known.entry for each in one.judged if certain or not each.inferred]
    ids = tuple(dict.fromkeys(map(identifier, entries)))
    fields = {
        "name": shown_name(entries, page.document.text[start:end]),
        "match": "certain" if certain else "name",
        "score": f"{best.score:.2f}",
    }
    if said or best.listing:
        fields["listing"] = "said" if said else "beside"
    if several:
        fields["several"] = "yes"
    if lead:
        fields["lead"] = lead
    if one.decided is not None:
        fields["decision"] = f"{one.decided.kind}; {one.decided.by}, {one.decided.date}"
    why = list(best.why)
    if len(ids) > 1:
        more = " …" if len(ids) > _MOST_SHOWN else ""
        why.append(f"fits {len(ids)} entries: {', '.join(ids[:_MOST_SHOWN])}{more}")
    if one.refused is not None:
        why.append(f"of another entry: {one.refused.said}")
    return Mention(start, end, ids[0], "listing", fields, ids, tuple(why), one.ruled_out)
