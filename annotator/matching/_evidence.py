"""What speaks for and against an entry of a list where a name of it stands, in bits, and the score made of it.

``docs/names.md`` has the table of evidence, ``_weights`` the bits.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from .._lazy import regex
from ..lists.names.forms import BARE, CORE, IDENTIFIER, INITIAL, KINDS, PATRONYMIC, SCRIPT, SHORT, SPOKEN
from ..lists.names.rarity import borne, other_things, widely_known
from ..lists.names.spelling import classmates, normal, tokens
from . import _weights as w
from ._words import KIN_OF, either, phrases

if TYPE_CHECKING:
    from ..lists.names.index import Found
    from ..lists.opened import Key
    from ._around import Around
    from ._facts import Facts, Form, Known
    from ._near import Spot

_BITS_TO_DOUBLE_THE_ODDS = 3.0
# Forms of which another must stand in the article, or more than the name must agree.
_LESS = frozenset({SHORT, INITIAL, CORE})
_SEVERAL = 3  # lists that name somebody of whom all have heard
_OF_BODY, _OF_KNOWN_BODY = 15, 13  # bits of a body's name that hardly two bear, or two that all have heard of
_OF_ONE, _OF_ONE_BODY = 40, 26  # bits of a person's, a body's name that one alone bears
_SURE, _UNSURE = 0.99, 0.1
_IMO_REACH = 24
_OF_DIPLOMATS = regex(either("position of a diplomat").decode(), re.IGNORECASE)
_OF_SPORT = regex(either("position in sport").decode(), re.IGNORECASE)
_AUTHORITIES = phrases("authorities")
_LACKING = "needs more than the name: no country, position, birth or word of listing near it"


class Judged(NamedTuple):
    """What is held for and against an entry at a place.

    ``against`` is why it cannot be meant, whatever the score. ``strong`` tells of evidence of identity beyond
    the name, ``plain`` that the form is neither a weak alias nor a single word nor shortened, ``listing`` of words of
    sanctions beside it, ``first`` that the words are the first name that the list has, ``said_so`` that the sentence
    says whose list it is, ``inferred`` that the entry is meant only because another one is.
    """

    known: Known
    score: float
    bits: float
    why: tuple[str, ...]
    against: str
    strong: bool = False
    plain: bool = False
    listing: bool = False
    first: bool = False
    said_so: bool = False
    inferred: bool = False

    @property
    def key(self) -> Key:
        """The key of the entry."""
        return self.known.key


class Sum:
    """Evidence added up: its bits, and how much of it is more than the name."""

    __slots__ = ("bits", "strong", "support")

    def __init__(self, bits: float) -> None:
        self.bits = bits
        self.support = self.strong = 0

    def take(self, weight: w.Weight) -> None:
        """Add a piece of evidence."""
        self.bits += weight.bits
        self.support += weight.support
        self.strong += weight.strong


class _Scale(Sum):
    """Evidence with the reasons."""

    __slots__ = ("why",)

    def __init__(self, bits: float, why: str) -> None:
        super().__init__(bits)
        self.why = [why]

    def add(self, weight: w.Weight, why: str) -> None:
        self.take(weight)
        self.why.append(f"{why} {weight.bits:+g}")


class Told(NamedTuple):
    """What is known of a place that decides whether something is lacking, whatever the score.

    ``single`` is whether the name is but one word of one, ``cue`` whether the entry's country stands beside it, ``far``
    whether it stands anywhere in the article, ``any_land`` whether any does; ``full`` whether the article names the
    entry in full, ``first`` whether the word is its first name on several lists, ``clipped`` whether the words are the
    inner ones of a longer name.
    """

    single: bool
    cue: bool
    far: bool
    any_land: bool
    listing: bool
    legal: bool
    ship: bool
    shipping: bool
    first: bool
    full: bool = False
    clipped: bool = False


def weigh(
    known: Known, facts: Facts, one: Found, form: Form, around: Around, lists: int, year: int
) -> Judged:  # fmt: skip
    """Return an entry with the score that it gets at a place.

    ``lists`` is the number of lists that have the name, ``year`` the one from which ages are told, 0 if none.
    """
    kind, person, weak = form.kind, form.person, form.weak
    if kind == IDENTIFIER:
        return _identified(known, around)
    single = around.single(one, kind, person=person, starts=around.sentence_start)
    full = known.key in around.named
    less = kind in _LESS or weak or single
    said = " ".join(around.solid if single else around.words)
    thing = not person and (said in other_things() or (single and kind == BARE and borne(said)))
    scale = _Scale(w.of_name(one.bits, kind, person=person), f"name tells {one.bits} bits ({KINDS[kind]})")
    _weigh_name(scale, around, facts, person=person, weak=weak, single=single, full=full)
    if form.more:
        scale.add(*_more(around, known))
    if person:
        _weigh_bearer(scale, around, facts, year, short=kind == SHORT)
    elif single and around.here.sport:
        scale.add(w.SPORT_BESIDE_BODY, "words of sport beside it")
    if single and not person and kind != SCRIPT and not around.acronym:
        _weigh_word(scale, said, known)
    named = single and not person and kind == SPOKEN and _is_first_name(said, known)
    first = named and lists > 1 and not thing
    if first:
        scale.add(w.FIRST_NAME, "its first name, on several lists")
    if full and less:
        scale.add(w.NAMED_IN_FULL, "named in full in the article")
    said_so = known.entry.jurisdiction in around.listed_by
    if said_so:
        scale.add(w.SAID_SO, "listed by the same authority, the sentence says")
    cue, far = _weigh_article(scale, around, facts, year, person=person)
    _weigh_type(scale, around, known, form)
    ship = form.vessel and around.ship
    so_called = around.body_of_law or around.quoted or around.acronym or full or ship
    if thing and not so_called and (single or facts.codes.isdisjoint(around.land)):
        scale.add(w.OTHER_THING if single else w.OTHER_THINGS, "the name of something else")
    if lists > 1:
        scale.add(w.Weight(w.of_lists(lists)), f"on {lists} lists")
    clipped = person and kind == SHORT and _lacks_first(around, known)
    told = Told(
        single=single, cue=cue, far=far, any_land=not far and bool(facts.cues.every) and around.any_land,
        listing=around.listing, legal=around.body_of_law, ship=ship, shipping=around.shipping, first=first, full=full,
        clipped=clipped,
    )  # fmt: skip
    # A name that hardly two bear, of the entry's country, in an article on sanctions.
    here = far or (form.vessel and around.shipping)
    here = here or (around.listing and any(map(around.has, _AUTHORITIES.get(known.entry.jurisdiction, ()))))
    strong = scale.strong > 0 or (here and (around.listing or around.article.listing))
    # Whom several lists name is somebody, and an article on sanctions on his country means him.
    well_known = cue and lists >= _SEVERAL
    all_know = well_known or (person and far and around.article.listing and lists > _SEVERAL)
    rare = (w.COMMON if all_know else w.DISTINCT) if person else (_OF_KNOWN_BODY if well_known else _OF_BODY)
    # A full name with a patronymic, say, in an article on sanctions.
    strong = strong or (one.bits >= (_OF_ONE if person else _OF_ONE_BODY) and around.article.listing)
    found = score(scale.bits)
    return Judged(
        known,
        found,
        scale.bits,
        (*scale.why, f"score {found:.2f}"),
        lacking(scale, form, one, around, facts, told),
        strong=not around.part[0]
        and (kind not in _LESS or (said_so and kind == SHORT and not clipped))
        and (
            (strong and one.bits >= rare and not (single and (person or not well_known)))
            or (first and strong and well_known)
            or (said_so and not (single and person))
        ),
        plain=not less,
        listing=around.listing,
        first=named,
        said_so=said_so,
    )


def _weigh_name(
    scale: _Scale, around: Around, facts: Facts, *, person: bool, weak: bool, single: bool, full: bool
) -> None:
    """Weigh how the name is written and what stands right beside it."""
    if weak:
        scale.add(w.WEAK_ALIAS, "weak alias")
    if single:
        scale.add(w.SINGLE, "single word")
        if around.sentence_start:
            scale.add(w.AT_START, "its capital proves nothing")
        if around.acronym and not person:
            scale.add(w.ACRONYM, "written as an acronym")
    part, why = around.part
    if part:
        scale.add(w.Weight(-part), why)
    if around.spelt_out and not full:
        scale.add(w.SPELT_OUT, "an acronym of what stands before it")
    if person and around.sender is not None and not any(f" {cue} " in around.sender for cue in facts.cues.every):
        scale.add(w.ENVOY, "an envoy sent there by others")
    if around.cited:
        scale.add(w.CITED, "part of a citation")
    if not person and around.land:
        if not facts.codes:
            scale.add(w.PERHAPS_OTHER_LAND, f"perhaps of another country: {', '.join(sorted(around.land))}")
        elif facts.codes.isdisjoint(around.land):
            scale.add(w.OTHER_LAND, f"of another country: {', '.join(sorted(around.land))}")
    if person and around.nasab and not facts.nasab:
        scale.add(w.NASAB, "bin or ibn, which the entry does not have")


def _weigh_article(scale: _Scale, around: Around, facts: Facts, year: int, *, person: bool) -> tuple[bool, bool]:
    """Weigh what the article says; tell whether the entry's country stands beside the name, and in the article."""
    cue = next(around.those_of(facts.cues), "")
    far = bool(cue) or around.article.says(facts.cues)
    if cue:
        scale.add(w.COUNTRY_BESIDE, f"{cue} beside it")
    elif far:
        scale.add(w.COUNTRY, "its country in the article")
    elif facts.cues.every and around.any_land:
        scale.add(w.OTHER_COUNTRIES, "its country nowhere in the article")
    elif facts.cues.every:
        scale.add(w.NO_COUNTRY, "no country in the article")
    if around.listing:
        scale.add(w.LISTING_BESIDE, "words of listing beside it")
    elif around.article.listing:
        scale.add(w.LISTING[person], "words of listing in the article")
    said = list(around.those_of(facts.positions))
    if said:
        scale.add(w.positions(len(said)), f"position: {', '.join(said[:3])}")
    birth = facts.birth(around.born, around.ages, year) if facts.births else 0
    if birth > 0:
        scale.add(w.BIRTH, "birth or age agrees")
    elif birth < 0:
        scale.add(w.OTHER_BIRTH, "another birth")
    return bool(cue), far


def _more(around: Around, known: Known) -> tuple[w.Weight, str]:
    """Weigh an initial or a patronymic in the text that the form of the entry's name does not have."""
    fathers = {normal(word) for word in around.words if PATRONYMIC.search(word)}
    if fathers and known.fathers and fathers.isdisjoint(known.fathers):
        return w.OTHER_FATHER, "another patronymic"
    return w.MORE_INITIALS, "an initial or a patronymic that the list does not have"


def _weigh_word(scale: _Scale, said: str, known: Known) -> None:
    """Weigh the single word that names a body: as the list spells it, and no word that news has for other things."""
    if said not in known.words and not classmates(said):
        scale.add(w.OTHER_SPELLING, "another spelling of a single word")
    if widely_known(said) and normal(said) not in known.first:
        scale.add(w.COMMON_WORD, "a common word, and not its first name")


def _is_first_name(said: str, known: Known) -> bool:
    """Tell whether a word is the first name that a list has for an entry, and nothing else."""
    return bool(said) and normal(said) == known.first_alone and not borne(said)


def _weigh_bearer(scale: _Scale, around: Around, facts: Facts, year: int, *, short: bool) -> None:
    """Weigh what is told of a person right beside the name: a calling, a people, a time, who wrote the article."""
    beside, here = around.beside, around.here
    if here.byline:
        scale.add(w.BYLINE, "who wrote it")
    if here.thing:
        scale.add(w.PART_OF_THING, f"the name of a {here.thing}")
    if facts.too_long_ago(here.past, dead=beside.dead):
        scale.add(w.LONG_AGO, f"told of {here.past}")
    elif beside.dead and not around.listing:
        scale.add(w.DEAD, "dead")
    if facts.is_of_another_age(here.age, year):
        scale.add(w.OTHER_AGE, f"of another age: {here.age}")
    if beside.lands and facts.codes and facts.codes.isdisjoint(beside.lands):
        weight = w.PERHAPS_OTHER_PEOPLE if facts.of_programme or around.listing else w.OTHER_PEOPLE
        scale.add(weight, f"called by another country: {', '.join(sorted(beside.lands))}")
        if beside.diplomat:
            scale.add(w.DIPLOMAT_OF_OTHERS, "a diplomat of another country")
    elif beside.diplomat and not beside.lands and not _OF_DIPLOMATS.search(facts.said):
        scale.add(w.DIPLOMAT, "a diplomat")
    if short and beside.office and beside.office not in facts.said:
        scale.add(w.OTHER_OFFICE, f"another office: {beside.office}")
    if short and KIN_OF.search(around.before):
        scale.add(w.OF_KIN, "named for his or her kin, of whom the sentence is")
    if around.listing:
        return
    others = [(group, word) for group, word in beside.callings if word not in facts.does]
    if others and len(others) == len(beside.callings):
        group, word = others[0]
        scale.add(w.OTHER_CALLING.get(group, w.ANY_OTHER_CALLING), f"another calling: {word}")
    elif here.sport and not _OF_SPORT.search(facts.said):
        scale.add(w.SPORT, "words of sport beside it")


def _weigh_type(scale: _Scale, around: Around, known: Known, form: Form) -> None:
    """Weigh the words that go with companies, ships and aircraft."""
    if around.body_of_law:
        scale.add(w.LEGAL_FORM, "legal form")
    if form.vessel:
        if around.ship:
            scale.add(w.CALLED_SHIP, "called a ship")
        elif around.shipping and (around.quoted or around.listing or around.before.endswith((b"the ", b"The "))):
            scale.add(w.SHIPPING, "words of shipping beside it")
        else:
            scale.add(w.NO_SHIP, "nothing calls it a ship")
    elif known.entry.type == "aircraft":
        if around.flying:
            scale.add(w.FLYING, "words of flying beside it")
        else:
            scale.add(w.NO_AIRCRAFT, "no word of flying beside it")
    elif not form.person and around.body:
        scale.add(w.CALLED_BODY, "called a company or body")


def lacking(evidence: Sum, form: Form, one: Found, spot: Spot, facts: Facts, told: Told) -> str:
    """Return what is lacking for the entry to be meant whatever the score, empty if nothing is."""
    support, kind, person, single = evidence.support, form.kind, form.person, told.single
    if form.weak or single or kind == INITIAL:
        needed = w.NEEDED[person] if form.weak else w.NEEDED_BY_ONE_WORD[person]
        if support < needed:
            return _LACKING
    if form.vessel and not (told.ship or told.full or told.shipping):
        return "a ship: needs words of shipping beside it"
    if single and not person and not (told.cue or told.listing or told.legal or told.full or told.ship):
        if kind == BARE or spot.letters <= w.SHORT_ACRONYM:
            return "a single word: needs its country or words of listing beside it"
        if facts.cues.every and not told.far and (told.any_land or support < 1) and not told.first:
            return "a single word, and its country nowhere in the article"
    if person and single and not evidence.strong and not told.full:
        return "one name of a person: needs a position, a birth, or the full name in the article"
    if kind == CORE and not (told.listing or told.full or told.legal):
        return "shortened: needs words of listing beside it, or the full name in the article"
    if not person and not one.names and not told.cue and kind != SCRIPT:
        there = not facts.cues.every or not told.any_land or told.far
        if not ((told.listing or told.legal) and there and (one.bits >= w.SPECIFIC or told.legal)):
            return "ordinary words, and its country not beside them"
    if kind == SHORT and (not support or (told.clipped and not evidence.strong and not told.full)):
        return _LACKING
    if person and one.bits < w.COMMON and not evidence.strong and support < w.BOTH:
        return "a common name: needs a position, a birth, or both its country and words of listing"
    if person and one.bits < w.DISTINCT and not support:
        return _LACKING
    return ""


def _lacks_first(around: Around, known: Known) -> bool:
    """Tell whether a text does not begin, nor end, with the first word of any name: "Swe Win" is not Myo Swe Win."""
    said = around.words
    return bool(said) and known.beginnings.isdisjoint((normal(said[0]), normal(said[-1])))


def _identified(known: Known, around: Around) -> Judged:
    """Weigh a number or address that only one thing has."""
    for label, value in known.entry.identifiers:
        if value != around.text:
            continue
        if label.startswith("crypto"):
            return Judged(known, _SURE, 20.0, (f"address {label.partition(':')[2]}",), "", strong=True)
        if label == "imo":
            named = any(around.has(" ".join(tokens(name.text))) for name in known.entry.names)
            if named or b"IMO" in around.before[-_IMO_REACH:]:
                return Judged(known, _SURE, 20.0, ("IMO number",), "", strong=True)
            return Judged(known, _UNSURE, -10.0, ("IMO number",), "a number that nothing calls an IMO number")
    return Judged(known, 0.0, -20.0, (), "an address in other letters")


def score(bits: float) -> float:
    """Return evidence in bits as a number between 0 and 1, 0.5 for none."""
    odds: float = 2.0 ** (max(-60.0, min(60.0, bits)) / _BITS_TO_DOUBLE_THE_ODDS)
    return odds / (1.0 + odds)
