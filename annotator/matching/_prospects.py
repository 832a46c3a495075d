"""What rules out a name on lists before anything near it is weighed: bounds of the evidence, from cheap searches.

Most names found in news are a ship's or a company's that is an ordinary word, or a common name of people. What
`_evidence.weigh` could give them at most is told without other places of the name and what its neighbours are. A bound
is never lower than what is weighed, so what is ruled out here would be there too; what is not is weighed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..lists.names.forms import IDENTIFIER, SPOKEN
from . import _weights as w
from ._evidence import Sum, Told, lacking, score
from ._facts import meant_at, places_of
from ._near import Article, Spot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ..folding import Folded
    from ..lists.names.index import Found
    from ..lists.opened import Lists
    from ._facts import Facts, Form, Meant

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
    return any(_could(spot, meant.facts(form.key), one, form, lists, threshold) for form in meant.forms)


def _could(spot: Spot, facts: Facts, one: Found, form: Form, lists: int, threshold: float) -> bool:
    """Tell whether an entry could be meant, at a place where no words of listings stand."""
    person, vessel = form.person, form.vessel
    if form.kind == IDENTIFIER:
        return True
    if vessel and not (spot.ship or spot.shipping):
        return False
    single = spot.single(one, form.kind, person=person, starts=False)
    first = single and not person and form.kind == SPOKEN and lists > 1
    most = _of_name(spot, one, form, single=single, first=first)
    most.bits += w.of_lists(lists)
    # What takes more to tell counts as if it were there, and is looked for only if that would be enough.
    rest = w.COUNTRY_BESIDE.bits + w.LISTING[False].bits + (0.0 if person else w.LEGAL_FORM.bits)
    more = (w.BIRTH.bits if facts.births else 0.0) + (w.POSITIONS.bits if facts.positions.every else 0.0)
    if score(most.bits + rest + more) < threshold - _TINY:
        return False
    if facts.births and (spot.born or spot.ages):
        most.take(w.BIRTH)
    if spot.says(facts.positions):
        most.take(w.POSITIONS)
    if score(most.bits + rest) < threshold - _TINY:
        return False
    cue = spot.says(facts.cues)
    far = cue or spot.article.says(facts.cues)
    if facts.cues.every:
        most.take(w.COUNTRY_BESIDE if cue else w.COUNTRY if far else w.NO_COUNTRY)
    if spot.article.listing:
        most.take(w.LISTING[False])
    legal = not person and spot.legal
    if legal:
        most.take(w.LEGAL_FORM)
    told = Told(
        single=single, cue=cue, far=far, any_land=False, listing=False, legal=legal, ship=vessel and spot.ship,
        shipping=vessel and spot.shipping, first=first,
    )  # fmt: skip
    return score(most.bits) >= threshold - _TINY and not lacking(most, form, one, spot, facts, told)


def _of_name(spot: Spot, one: Found, form: Form, *, single: bool, first: bool) -> Sum:
    """Return the evidence of the name itself, and of what it may be called."""
    person = form.person
    most = Sum(w.of_name(one.bits, form.kind, person=person))
    if form.weak:
        most.take(w.WEAK_ALIAS)
    if single:
        most.take(w.SINGLE)
        if not person and spot.capitals:
            most.take(w.ACRONYM)
    if form.more:
        most.take(w.MORE_INITIALS)
    if first:
        most.take(w.FIRST_NAME)
    if not person:
        most.take(w.CALLED_SHIP if form.vessel else w.FLYING)  # or called a company
    return most
