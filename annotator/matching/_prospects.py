"""What rules out a name on lists before anything near it is weighed: bounds of the evidence, from cheap searches.

Most names found in news are a ship's or a company's that is an ordinary word, or a common name of people. What
`_evidence.weigh` could give them at most is told without other places of the name and what its neighbours are. A bound
is never lower than what is weighed, so what is ruled out here would be there too; what is not is weighed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..lists.names.forms import IDENTIFIER, SPOKEN
from ..lists.names.index import MORE
from . import _weights as w
from ._evidence import Form, Sum, Told, lacking, score
from ._facts import meant_at, places_of
from ._near import Article, Spot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ..folding import Folded
    from ..lists.names.index import Found
    from ..lists.opened import Lists
    from ._facts import Facts, Meant

_MOST_PLACES = 60  # of which it is told before a text is laid out
_TINY = 1e-9


def none_is_meant(
    lists: Lists,
    found: Iterable[tuple[int, Found]],
    folded: Folded,
    threshold: float,
    selected: Callable[[str], bool] | None,
) -> bool:
    """Tell that none of the names found in a text can be meant; false where it takes more to tell."""
    places = places_of(found)
    if len(places) > _MOST_PLACES:
        return False
    article = Article(folded, 0, len(folded.plain))
    for place in places:
        one = place[0][1]
        meant = meant_at(lists, place, selected)
        if meant.forms and may_be_meant(meant, one, Spot.wide(article, one.start, one.end), threshold):
            return False
    return True


def may_be_meant(meant: Meant, one: Found, spot: Spot, threshold: float) -> bool:
    """Tell whether any of some entries could be meant at a place whose words no other place names in full.

    ``threshold`` is the least score of a name.
    """
    if meant.ships and not (spot.shipping or spot.ship):  # told without opening the entries
        return False
    if spot.listing:  # where sanctions are spoken of little is ruled out
        return True
    lists = meant.lists
    return any(_could(spot, meant.facts(key), one, kind, flags, lists, threshold) for key, kind, flags in meant.forms)


def _could(spot: Spot, facts: Facts, one: Found, kind: int, flags: int, lists: int, threshold: float) -> bool:
    """Tell whether an entry could be meant, at a place where no words of listings stand."""
    if kind == IDENTIFIER:
        return True
    form = Form.at(one, kind, flags, spot, starts=False)
    if form.vessel and not (spot.ship or spot.shipping):
        return False
    person, article = form.person, spot.article
    least = form.bits(one) + w.of_lists(lists)
    cue = spot.says(facts.cues)
    first = form.single and not person and kind == SPOKEN and lists > 1
    own = [
        (form.weak, w.WEAK_ALIAS),
        (form.single, w.SINGLE),
        (form.single and not person and spot.capitals, w.ACRONYM),
        (bool(flags & MORE), w.MORE_INITIALS),
        (first, w.FIRST_NAME),
        (cue, w.COUNTRY_BESIDE),
        (form.vessel, w.CALLED_SHIP),
        (not person and not form.vessel, w.FLYING),  # or called a company
    ]

    def enough(*, far: bool, listing: bool, born: bool, posted: bool, legal: bool) -> bool:
        most = Sum(least)
        for there, weight in (
            *own,
            (far and not cue, w.COUNTRY),
            (not far and bool(facts.cues.every), w.NO_COUNTRY),
            (listing, w.LISTING[False]),
            (born, w.BIRTH),
            (posted, w.POSITIONS),
            (legal, w.LEGAL_FORM),
        ):
            if there:
                most.take(weight)
        told = Told(
            cue=cue, far=far, any_land=False, listing=False, legal=legal, ship=form.vessel and spot.ship,
            shipping=spot.shipping, first=first,
        )  # fmt: skip
        return score(most.bits) >= threshold - _TINY and not lacking(most, form, one, spot, facts, told)

    # What takes more to tell counts as if it were there, and is looked for only if that would be enough.
    born, posted, legal = bool(facts.births), bool(facts.positions.every), not person
    if not enough(far=bool(facts.cues.every), listing=True, born=born, posted=posted, legal=legal):
        return False
    return enough(
        far=cue or article.says(facts.cues),
        listing=article.listing,
        born=born and bool(spot.born or spot.ages),
        posted=spot.says(facts.positions),
        legal=legal and spot.legal,
    )
