"""How much each piece of evidence for a name on a list weighs, in bits: one table for what is weighed and for bounds.

``docs/names.md`` describes them. Bits are set by hand and by what the development half of the news showed
(``benchmarks/accuracy/listed.py``); they are no probabilities, only put in order by them.
"""

from __future__ import annotations

from typing import NamedTuple

from ..lists.names.forms import CORE, INITIAL, SCRIPT, SHORT


class Weight(NamedTuple):
    """What a piece of evidence counts: its bits, and how much of it is more than the name.

    ``support`` is of any kind, ``strong`` of identity: a birth, a position.
    """

    bits: float
    support: int = 0
    strong: int = 0


THRESHOLD = 0.5  # the least score of a name that is noted
NEED = {True: 23.0, False: 15.0}  # bits that a person's, a body's name needs to stand alone at even odds
DISCOUNT = {SHORT: 7.0, INITIAL: 8.0, CORE: 2.0, SCRIPT: -6.0}
COMMON, DISTINCT = 17, 22  # bits below which many bear a person's name, or some do
SPECIFIC = 9  # bits of a body's name of ordinary words that still is no office of any country
SHORT_ACRONYM = 3
BOTH = 4  # support of both a country and words of listing right beside the name
NEEDED = {True: 3, False: 2}  # support that a weak alias needs, of a person or a body
NEEDED_BY_ONE_WORD = {True: 3, False: 1}

# The name itself.
WEAK_ALIAS = Weight(-6)
SINGLE = Weight(-2)
AT_START = Weight(-2)
ACRONYM = Weight(4)
SPELT_OUT = Weight(-10)
ENVOY = Weight(-10)
CITED = Weight(-15)
OTHER_LAND, PERHAPS_OTHER_LAND = Weight(-12), Weight(-8)
NASAB = Weight(-10)
MORE_INITIALS, OTHER_FATHER = Weight(-3), Weight(-20)
OTHER_SPELLING, COMMON_WORD = Weight(-8), Weight(-6)
OTHER_THING, OTHER_THINGS = Weight(-12), Weight(-20)  # a word, several words
FIRST_NAME = Weight(4, 1)
NAMED_IN_FULL = Weight(9, 3)
SAID_SO = Weight(10, 4, 1)
EACH_LIST, MOST_LISTS = 2, 4  # bits of each list but the first, and at most

# What the article says.
COUNTRY_BESIDE, COUNTRY = Weight(5, 2), Weight(3, 1)
OTHER_COUNTRIES, NO_COUNTRY = Weight(-5), Weight(-1)
LISTING_BESIDE = Weight(5, 2)
LISTING = {True: Weight(2, 1), False: Weight(4, 1)}
EACH_POSITION, POSITIONS = 3, Weight(6, 1, 1)  # bits of each word, and of all at most
BIRTH, OTHER_BIRTH = Weight(8, 2, 2), Weight(-15)
LEGAL_FORM = Weight(5, 1)
CALLED_SHIP, SHIPPING, NO_SHIP = Weight(10, 2), Weight(6, 1), Weight(-15)
FLYING, NO_AIRCRAFT = Weight(6, 1), Weight(-15)
CALLED_BODY = Weight(3, 1)

# What is told of a person right beside the name.
BYLINE = Weight(-25)
PART_OF_THING = Weight(-14)
LONG_AGO = Weight(-15)
DEAD = Weight(-3)
OTHER_AGE = Weight(-14)
OTHER_PEOPLE, PERHAPS_OTHER_PEOPLE = Weight(-11), Weight(-4)
DIPLOMAT_OF_OTHERS, DIPLOMAT = Weight(-10), Weight(-6)
OTHER_OFFICE, OF_KIN = Weight(-9), Weight(-9)
OTHER_CALLING = {"press": Weight(-8), "learning": Weight(-11)}
ANY_OTHER_CALLING = Weight(-14)
SPORT, SPORT_BESIDE_BODY = Weight(-9), Weight(-8)


def of_name(bits: int, kind: int, *, person: bool) -> float:
    """Return the bits of a name in a form of a kind, over those that it needs to stand alone."""
    return bits - DISCOUNT.get(kind, 0.0) - NEED[person]


def of_lists(number: int) -> float:
    """Return the bits of a name that so many lists have."""
    return min(MOST_LISTS, EACH_LIST * (number - 1))


def positions(number: int) -> Weight:
    """Return the weight of so many words of a position."""
    return POSITIONS._replace(bits=min(POSITIONS.bits, EACH_POSITION * number))
