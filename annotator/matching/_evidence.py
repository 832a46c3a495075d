"""What speaks for and against an entry of a list where a name of it stands, in bits, and the score made of it.

``docs/names.md`` has the table of evidence. Bits are set by hand and by what the development half of the news
showed (``benchmarks/accuracy/listed.py``); they are no probabilities, only put in order by them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from ..lists.names.forms import BARE, CORE, IDENTIFIER, INITIAL, KINDS, PATRONYMIC, SCRIPT, SHORT, SPOKEN
from ..lists.names.index import MORE, PERSON, VESSEL, WEAK, unparted
from ..lists.names.places import code_cues, cues_of, lands
from ..lists.names.rarity import borne, other_things, widely_known
from ..lists.names.spelling import PARTICLES, classmates, normal, tokens
from ._words import either, lines, phrases, words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from collections.abc import Set as AbstractSet

    from ..lists.entries import Entry
    from ..lists.names.index import Found
    from ..lists.opened import Key
    from ._against import Beside

THRESHOLD = 0.5  # the least score of a name that is noted
NEED = {True: 23.0, False: 15.0}  # bits that a person's, a body's name needs to stand alone at even odds
_BITS_TO_DOUBLE_THE_ODDS = 3.0
DISCOUNT = {SHORT: 7.0, INITIAL: 8.0, CORE: 2.0, SCRIPT: -6.0}
# Forms of which another must stand in the article, or more than the name must agree.
_LESS = frozenset({SHORT, INITIAL, CORE})
COMMON, DISTINCT = 17, 22  # bits below which many bear a person's name, or some do
_SEVERAL = 3  # lists that name somebody of whom all have heard
_OF_BODY, _OF_KNOWN_BODY = 15, 13  # bits of a body's name that hardly two bear, or two that all have heard of
_OF_ONE = 40  # bits of a person's name that one alone bears
_SPECIFIC = 9  # bits of a body's name of ordinary words that still is no office of any country
BOTH = 4  # support of both a country and words of listing right beside the name
_SAID_SO = 10.0
_SURE, _UNSURE = 0.99, 0.1

_LIST_WORDS = re.compile(rb"\b%b\b" % either("of lists"))
_LIST_LETTERS, _SHIP_LETTERS = (tuple(map(str.encode, lines(f"letters of {of}"))) for of in ("lists", "ships"))
_SHIPPING = re.compile(rb"\b%b\b" % either("of ships"))
_SHIP = either("ship")
_SHIP_BEFORE = re.compile(rb"\b%b(?: named| called| the|,)? [\"']?$" % _SHIP)
_SHIP_AFTER = re.compile(rb"[\"']?,? (?:\(IMO|(?:an?|the) (?:[\w-]+ ){0,3}?%b\b)" % _SHIP)
_BODY = either("body")
_BODY_BEFORE = re.compile(
    rb"(?:\b%b(?: named| called|,)?|\bspokes(?:man|woman|person|people) (?:for|of)|\b(?:shares|stake|owner|head"
    rb"|director|CEO|chairman|founder|subsidiary|customers?) (?:in|of|at)|\b[Cc]ontracts? (?:went|was awarded) to)"
    rb" (?:the )?[\"']?$" % _BODY
)
_BODY_AFTER = re.compile(rb"[\"']?(?:,| is| was) an? (?:[\w'-]+ ){0,5}?%b\b" % _BODY)
_FLYING = re.compile(rb"\b%b\b" % either("of aircraft"))
_AGE = re.compile(rb"\b(?:aged? (\d\d)|(\d\d)[- ]years?[- ]old)\b|, (\d\d),")
_BORN = re.compile(rb"\bborn\b[^.;]{0,40}?\b(1[89]\d\d|20[01]\d)\b")
_ENVOY = re.compile(
    rb"\b(?i:%b)s?\b[^.;:!?\n]{0,40}? (?:for|to)"
    rb"(?: (?:the|of|and|on|[A-Z][\w.'-]*)){0,8},? $" % either("envoy")
)
_SENDER = 30  # how far before an envoy's title the country stands that sent him
STOPPED = re.compile(r"[A-Za-z](?:\.[A-Za-z])+\.?")
_YEAR = re.compile(r"\b(1[89]\d\d|20[01]\d)\b")
_ANY_YEAR = re.compile(r"\b(?:18|19|20)\d\d\b")
_BRACKETS = re.compile(r"[\[(]([^\[\]()]+)[\])]")
_LISTS_BEGAN, _LISTS_GREW = 1990, 2015
_IMO_REACH = 24
_LONG_AGO = 40  # years before the listing in which nobody listed did much yet
_YOUNGEST, _OF_AGE, _YEARS_OFF = 12, 18, 3
_AGAINST_CALLING = {"press": 8.0, "learning": 11.0}
_OF_DIPLOMATS = re.compile(either("position of a diplomat").decode(), re.IGNORECASE)
_OF_SPORT = re.compile(either("position in sport").decode(), re.IGNORECASE)
SHORT_ACRONYM = 3
_TWO = 2
_LONG_WORD, _MOST_POSITIONS = 5, 40
_NASAB = words_of("of a father")
_AUTHORITIES = phrases("authorities")
_STOP = words_of("of all positions")


def may_speak_of_lists(plain: bytes, start: int, end: int) -> bool:
    """Tell whether a stretch of text may have words of sanctions or listings: what is cheap to find out."""
    return any(plain.find(letters, start, end) >= 0 for letters in _LIST_LETTERS)


def speaks_of_lists(plain: bytes, start: int, end: int) -> bool:
    """Tell whether a stretch of text has words of sanctions or listings."""
    return may_speak_of_lists(plain, start, end) and _LIST_WORDS.search(plain, start, end) is not None


def may_speak_of_ships(plain: bytes, start: int, end: int) -> bool:
    """Tell whether a stretch of text may have words of ships: what is cheap to find out."""
    return any(plain.find(letters, start, end) >= 0 for letters in _SHIP_LETTERS)


def speaks_of_ships(plain: bytes, start: int, end: int) -> bool:
    """Tell whether a stretch of text has words of ships."""
    return may_speak_of_ships(plain, start, end) and _SHIPPING.search(plain, start, end) is not None


def calls_a_ship(before: bytes, after: bytes) -> bool:
    """Tell whether what stands before a name, or behind it, calls it a ship."""
    return bool(_SHIP_BEFORE.search(before) or _SHIP_AFTER.match(after))


def births_in(near: bytes) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the years of birth and the ages that a stretch of text speaks of."""
    ages = tuple(int(next(filter(None, groups))) for groups in _AGE.findall(near))
    return tuple(map(int, _BORN.findall(near))), ages


def years_of(entry: Entry) -> frozenset[str]:
    """Return the years of birth that an entry tells."""
    return frozenset(year for birth in entry.births for year in _ANY_YEAR.findall(birth))


class Around:
    """What stands near a place; see ``_listed`` for how it is found out.

    ``words`` are the folded words near it, ``bag`` the same as a set, ``near`` the plain text, ``born`` and ``ages``
    the years of birth and the ages in it. ``listed_by`` are the authorities of which the sentence says that they list
    the one who is named. ``part`` is what it counts against a name
    that it goes on, ``part_why`` how. ``named`` are the entries that the article names in full. ``says`` tells
    whether the article has any of some words anywhere. ``year`` is the one from which ages are told, 0 if none.
    ``shipping`` and ``ship`` tell whether words of ships stand near it, and whether it is called one.
    """

    near: bytes
    words: str
    bag: frozenset[str]
    born: tuple[int, ...]
    ages: tuple[int, ...]
    before: bytes
    text: str
    listing: bool
    listed_by: frozenset[str]
    listing_far: bool
    part: float
    part_why: str
    legal: bool
    sentence_start: bool
    acronym: bool
    spelt_out: bool
    cited: bool
    nasab: bool
    land: frozenset[str]
    named: AbstractSet[Key]
    beside: Beside
    any_land: bool
    quoted: bool
    after: bytes
    says: Callable[[tuple[str, ...]], bool]
    year: int
    shipping: bool
    ship: bool

    def __init__(self, **told: Callable[[], Any]) -> None:
        """``told`` tells what each attribute is, and is asked when that is first looked at."""
        self._told = told

    def __getattr__(self, name: str) -> Any:
        """Find out what has not been looked at yet."""
        told = self._told.get(name)
        if told is None:
            raise AttributeError(name)
        found = self.__dict__[name] = told()
        return found

    def has(self, word: str) -> bool:
        """Tell whether a word, or words, stand near the place."""
        return word in self.bag if " " not in word else f" {word} " in self.words


class Judged(NamedTuple):
    """What is held for and against an entry at a place.

    ``against`` is why it cannot be meant, whatever the score. ``strong`` tells of evidence of identity beyond
    the name, ``plain`` that the form is neither a weak alias nor a single word nor shortened, ``listing`` of words of
    sanctions beside it, ``first`` that the words are the first name that the list has.
    """

    key: Key
    entry: Entry
    score: float
    bits: float
    why: tuple[str, ...]
    against: str
    strong: bool = False
    plain: bool = False
    listing: bool = False
    first: bool = False


class Sought(NamedTuple):
    """Words that are looked for, rows of several of them, and all of those words."""

    words: frozenset[str]
    rows: tuple[tuple[str, ...], ...]
    every: frozenset[str]

    def among(self, words: frozenset[str] | set[str]) -> bool:
        """Tell whether any of the words is among others, or all of any row."""
        return not self.words.isdisjoint(words) or any(words.issuperset(row) for row in self.rows)


def _sought(phrases_: Iterable[str]) -> Sought:
    rows = [tuple(phrase.split()) for phrase in phrases_]
    several = tuple(row for row in rows if len(row) > 1)
    return Sought(
        frozenset(row[0] for row in rows if len(row) == 1), several, frozenset(one for row in rows for one in row)
    )


class Facts:
    """What an entry, or the entries of several lists on one person or body, say that a text may say too."""

    __slots__ = (
        "births",
        "codes",
        "cues",
        "cues_sought",
        "does",
        "listed",
        "nasab",
        "of_programme",
        "own",
        "positions",
        "positions_sought",
        "said",
    )

    def __init__(self, entries: Sequence[Entry]) -> None:
        texts = [_BRACKETS.sub(" ", name.text) for entry in entries for name in entry.names]
        self.own = own = frozenset(word for text in texts for word in tokens(text))
        self.nasab = not own.isdisjoint(_NASAB)
        cues: dict[str, None] = {}
        codes: set[str] = set()
        ruled: set[str] = set()
        for entry in entries:
            named = [*entry.countries, *entry.nationalities]
            named += [hit for name in entry.names for hit in _BRACKETS.findall(name.text)]
            for place in named:
                cues |= dict.fromkeys(cues_of(place))
                codes |= lands(place)
            for programme in entry.programmes:
                for part in (programme, *re.split(r"[^A-Za-z ]+", programme)):
                    cues |= dict.fromkeys(cues_of(part))
                    ruled |= lands(" ".join(cues_of(part)[:1]))
        if "ua" in ruled:  # what is done to Ukraine is listed under its name, and those who do it are Russians
            ruled.add("ru")
            cues |= dict.fromkeys(code_cues("ru"))
        self.codes = frozenset(codes or ruled)
        self.of_programme = not codes
        # A word of the name itself is no evidence for it.
        self.cues = tuple(cue.replace("'", " ") for cue in cues if cue not in own)
        positions = [position for entry in entries for position in entry.positions]
        self.said = " ".join(positions).lower()
        self.does = frozenset(word for position in positions for word in tokens(position))
        words = dict.fromkeys(
            word
            for position in positions
            for word in tokens(position)
            if len(word) >= _LONG_WORD and word not in _STOP and word not in own
        )
        self.positions = tuple(word.replace("'", " ") for word in words)[:_MOST_POSITIONS]
        self.cues_sought, self.positions_sought = _sought(self.cues), _sought(self.positions)
        self.births = frozenset(
            int(year) for entry in entries for birth in entry.births for year in _YEAR.findall(birth)
        )
        self.listed = min((int(entry.listed_on[:4]) for entry in entries if entry.listed_on), default=0)

    def birth(self, around: Around) -> int:
        """Return 1 where a text says a birth or age that fits, -1 where it says another birth, else 0."""
        if not self.births:
            return 0
        if around.born:
            return 1 if any(abs(one - own) <= 1 for one in around.born for own in self.births) else -1
        # Of another age somebody else near the name may be, so that tells nothing.
        year = around.year
        return int(bool(year) and any(-1 <= year - age - own <= 1 for age in around.ages for own in self.births))

    def is_of_another_age(self, age: int, year: int) -> bool:
        """Tell whether an age that stands right behind a name cannot be meant; a child of whom no birth is known."""
        if age < 0 or not year:
            return False
        if not self.births:
            return age < _OF_AGE
        return not any(abs(year - age - own) <= _YEARS_OFF for own in self.births)

    def too_long_ago(self, year: int, *, dead: bool) -> bool:
        """Tell whether what is told of a year, a death perhaps, was before anybody meant could do it."""
        if not year:
            return False
        if self.births and year < min(self.births) + (0 if dead else _YOUNGEST):
            return True
        if dead and year < (self.listed or _LISTS_BEGAN) - 1:
            return True
        return not self.births and year < (self.listed or _LISTS_GREW) - _LONG_AGO


class _Scale:
    """Adds up evidence: bits, reasons, and how much of it is more than the name."""

    __slots__ = ("bits", "strong", "support", "why")

    def __init__(self, bits: float, why: str) -> None:
        self.bits = bits
        self.why = [why]
        self.support = 0
        self.strong = 0

    def add(self, bits: float, why: str, *, support: int = 0, strong: int = 0) -> None:
        self.bits += bits
        self.why.append(f"{why} {bits:+g}")
        self.support += support
        self.strong += strong


def weigh(  # noqa: PLR0917 - an entry, its form, and where it stands
    key: Key, entry: Entry, facts: Facts, one: Found, kind: int, flags: int, around: Around, lists: int
) -> Judged:
    """Return an entry with the score that it gets at a place; ``lists`` is the number of lists that have the name."""
    if kind == IDENTIFIER:
        return _identified(key, entry, around)
    person = bool(flags & PERSON)
    # Of two words of a person one must be a name; an acronym with full stops ("V.T.B.") is one word of a body.
    solid = [word for word in tokens(around.text) if word not in PARTICLES]
    single = (
        one.words == 1
        or len(solid) == 1
        or (_is_one_name(one, around) if person else bool(STOPPED.fullmatch(around.text)))
    )
    if kind == SCRIPT and unparted(around.text):
        single = False
    full = key in around.named
    less = kind in _LESS or bool(flags & WEAK) or single
    said = " ".join(solid if single else tokens(around.text))
    thing = not person and (said in other_things() or (single and kind == BARE and borne(said)))
    scale = _Scale(one.bits - DISCOUNT.get(kind, 0.0) - NEED[person], f"name tells {one.bits} bits ({KINDS[kind]})")
    _weigh_name(scale, around, facts, person=person, single=single, weak=bool(flags & WEAK), full=full)
    if flags & MORE:
        scale.add(*_more(around, entry))
    if person:
        _weigh_bearer(scale, around, facts, short=kind == SHORT)
    elif single and around.beside.sport:
        scale.add(-8, "words of sport beside it")
    if single and not person and kind != SCRIPT and not around.acronym:
        _weigh_word(scale, said, entry)
    named = single and not person and kind == SPOKEN and _is_first_name(said, entry)
    first = named and lists > 1 and not thing
    if first:
        scale.add(4, "its first name, on several lists", support=1)
    if full and less:
        scale.add(9, "named in full in the article", support=3)
    said_so = entry.jurisdiction in around.listed_by
    if said_so:
        scale.add(_SAID_SO, "listed by the same authority, the sentence says", support=4, strong=1)
    cue = _weigh_article(scale, around, facts, person=person)
    _weigh_type(scale, around, entry, flags, person=person)
    ship = bool(flags & VESSEL) and around.ship
    own = not single and not facts.codes.isdisjoint(around.land)
    if thing and not (around.legal or around.quoted or around.acronym or full or ship or own):
        scale.add(-12 if single else -20, "the name of something else")
    if lists > 1:
        scale.add(min(4, 2 * (lists - 1)), f"on {lists} lists")
    found = score(scale.bits)
    clipped = person and kind == SHORT and _lacks_first(around, entry)
    against = _lacks(
        scale,
        around,
        facts,
        one,
        kind,
        person=person,
        single=single,
        weak=bool(flags & WEAK),
        full=full,
        cue=bool(cue),
        ship=ship,
        vessel=bool(flags & VESSEL),
        first=first,
        clipped=clipped,
    )
    # A name that hardly two bear, of the entry's country, in an article on sanctions.
    here = bool(cue) or bool(facts.cues and around.says(facts.cues))
    here = here or bool(flags & VESSEL and around.shipping)
    here = here or (around.listing and any(around.has(word) for word in _AUTHORITIES.get(entry.jurisdiction, ())))
    strong = scale.strong > 0 or (here and (around.listing or around.listing_far))
    # Whom several lists name is somebody, and an article on sanctions on his country means him.
    known = bool(cue) and lists >= _SEVERAL
    rare = (COMMON if known else DISTINCT) if person else (_OF_KNOWN_BODY if known else _OF_BODY)
    # A full name with a patronymic, say, right beside words of listing.
    strong = strong or (person and one.bits >= _OF_ONE and around.listing)
    return Judged(
        key,
        entry,
        found,
        scale.bits,
        (*scale.why, f"score {found:.2f}"),
        against,
        strong=not around.part
        and (kind not in _LESS or (said_so and kind == SHORT and not clipped))
        and (
            (strong and one.bits >= rare and not (single and (person or not known)))
            or (first and strong and known)
            or (said_so and not (single and person))
        ),
        plain=not less,
        listing=around.listing,
        first=named,
    )


def _is_one_name(one: Found, around: Around) -> bool:
    """Tell whether a person's words are but one name: an ordinary word may be one, where it stands in a sentence."""
    return one.names < 1 or (one.names < _TWO and around.sentence_start)


def _weigh_name(
    scale: _Scale, around: Around, facts: Facts, *, person: bool, single: bool, weak: bool, full: bool
) -> None:
    """Weigh how the name is written and what stands right beside it."""
    if weak:
        scale.add(-6, "weak alias")
    if single:
        scale.add(-2, "single word")
        if around.sentence_start:
            scale.add(-2, "its capital proves nothing")
        if around.acronym and not person:
            scale.add(4, "written as an acronym")
    if around.part:
        scale.add(-around.part, around.part_why)
    if around.spelt_out and not full:
        scale.add(-10, "an acronym of what stands before it")
    if person and _sent_there(around, facts):
        scale.add(-10, "an envoy sent there by others")
    if around.cited:
        scale.add(-15, "part of a citation")
    if not person and around.land and facts.codes and facts.codes.isdisjoint(around.land):
        scale.add(-12, f"of another country: {', '.join(sorted(around.land))}")
    elif not person and around.land and not facts.codes:
        scale.add(-8, f"perhaps of another country: {', '.join(sorted(around.land))}")
    if person and around.nasab and not facts.nasab:
        scale.add(-10, "bin or ibn, which the entry does not have")


def _sent_there(around: Around, facts: Facts) -> bool:
    """Tell whether a title before a name is that of an envoy "to" somewhere, and not one of the entry's country."""
    envoy = _ENVOY.search(around.before)
    if envoy is None:
        return False
    sender = around.before[max(0, envoy.start() - _SENDER) : envoy.start()].decode("latin-1")
    words = f" {' '.join(tokens(sender))} ".replace("'s ", " ")
    return not any(f" {cue} " in words for cue in facts.cues)


def _weigh_article(scale: _Scale, around: Around, facts: Facts, *, person: bool) -> str:
    """Weigh what the article says; return the word for the entry's country beside the name, empty if there is none."""
    cue = next(filter(around.has, facts.cues), "")
    if cue:
        scale.add(5, f"{cue} beside it", support=2)
    elif facts.cues and around.says(facts.cues):
        scale.add(3, "its country in the article", support=1)
    elif facts.cues:
        scale.add(
            *((-5, "its country nowhere in the article") if around.any_land else (-1, "no country in the article"))
        )
    if around.listing:
        scale.add(5, "words of listing beside it", support=2)
    elif around.listing_far:
        scale.add(2 if person else 4, "words of listing in the article", support=1)
    said = [word for word in facts.positions if around.has(word)]
    if said:
        scale.add(min(6, 3 * len(said)), f"position: {', '.join(said[:3])}", support=1, strong=1)
    birth = facts.birth(around)
    if birth > 0:
        scale.add(8, "birth or age agrees", support=2, strong=2)
    elif birth < 0:
        scale.add(-15, "another birth")
    return cue


def _more(around: Around, entry: Entry) -> tuple[float, str]:
    """Weigh an initial or a patronymic in the text that the form of the entry's name does not have."""
    said = tokens(around.text)
    fathers = {normal(word) for word in said if PATRONYMIC.search(word)}
    own = {normal(word) for name in entry.names for word in tokens(name.text) if PATRONYMIC.search(word)}
    if fathers and own and fathers.isdisjoint(own):
        return -20, "another patronymic"
    return -3, "an initial or a patronymic that the list does not have"


def _weigh_word(scale: _Scale, said: str, entry: Entry) -> None:
    """Weigh the single word that names a body: as the list spells it, and no word that news has for other things."""
    rows = [tokens(name.text) for name in entry.names]
    if not any(said in row or said == "".join(row) for row in rows) and not classmates(said):
        scale.add(-8, "another spelling of a single word")
    if widely_known(said) and normal(said) not in map(normal, rows[0]):
        scale.add(-6, "a common word, and not its first name")


def _is_first_name(said: str, entry: Entry) -> bool:
    """Tell whether a word is the first name that a list has for an entry, and nothing else."""
    first = [word for word in tokens(entry.names[0].text) if word not in PARTICLES and word != "the"]
    return [normal(said)] == list(map(normal, first)) and not borne(said)


def _weigh_bearer(scale: _Scale, around: Around, facts: Facts, *, short: bool) -> None:
    """Weigh what is told of a person right beside the name: a calling, a people, a time, who wrote the article."""
    beside = around.beside
    if beside.byline:
        scale.add(-25, "who wrote it")
    if beside.thing:
        scale.add(-14, f"the name of a {beside.thing}")
    if facts.too_long_ago(beside.past, dead=beside.dead):
        scale.add(-15, f"told of {beside.past}")
    elif beside.dead and not around.listing:
        scale.add(-3, "dead")
    if facts.is_of_another_age(beside.age, around.year):
        scale.add(-14, f"of another age: {beside.age}")
    if beside.lands and facts.codes and facts.codes.isdisjoint(beside.lands):
        weight = 4.0 if facts.of_programme or around.listing else 11.0
        scale.add(-weight, f"called by another country: {', '.join(sorted(beside.lands))}")
        if beside.diplomat:
            scale.add(-10, "a diplomat of another country")
    elif beside.diplomat and not beside.lands and not _OF_DIPLOMATS.search(facts.said):
        scale.add(-6, "a diplomat")
    if short and beside.office and beside.office not in facts.said:
        scale.add(-9, f"another office: {beside.office}")
    if around.listing:
        return
    others = [(group, word) for group, word in beside.callings if word not in facts.does]
    if others and len(others) == len(beside.callings):
        group, word = others[0]
        scale.add(-_AGAINST_CALLING.get(group, 14.0), f"another calling: {word}")
    elif beside.sport and not _OF_SPORT.search(facts.said):
        scale.add(-9, "words of sport beside it")


def _weigh_type(scale: _Scale, around: Around, entry: Entry, flags: int, *, person: bool) -> None:
    """Weigh the words that go with companies, ships and aircraft."""
    if around.legal:
        scale.add(5, "legal form", support=1)
    if flags & VESSEL:
        if around.ship:
            scale.add(10, "called a ship", support=2)
        elif around.shipping and (around.quoted or around.listing or around.before.endswith((b"the ", b"The "))):
            scale.add(6, "words of shipping beside it", support=1)
        else:
            scale.add(-15, "nothing calls it a ship")
    elif entry.type == "aircraft":
        if _FLYING.search(around.near):
            scale.add(6, "words of flying beside it", support=1)
        else:
            scale.add(-15, "no word of flying beside it")
    elif not person and (_BODY_BEFORE.search(around.before) or _BODY_AFTER.match(around.after)):
        scale.add(3, "called a company or body", support=1)


def _lacks(
    scale: _Scale,
    around: Around,
    facts: Facts,
    one: Found,
    kind: int,
    *,
    person: bool,
    single: bool,
    weak: bool,
    full: bool,
    cue: bool,
    ship: bool,
    vessel: bool,
    first: bool,
    clipped: bool,
) -> str:
    """Return what is lacking for the entry to be meant whatever the score, empty if nothing is."""
    lacking = "needs more than the name: no country, position, birth or word of listing near it"
    needed = 3 if person else 2 if weak else 1
    if (weak or single or kind == INITIAL) and scale.support < needed:
        return lacking
    if vessel and not (ship or full or around.shipping):
        return "a ship: needs words of shipping beside it"
    if single and not person and not (cue or around.listing or around.legal or full or ship):
        if kind == BARE or sum(map(str.isalpha, around.text)) <= SHORT_ACRONYM:
            return "a single word: needs its country or words of listing beside it"
        if facts.cues and not around.says(facts.cues) and (around.any_land or scale.support < 1) and not first:
            return "a single word, and its country nowhere in the article"
    if person and single and not scale.strong and not full:
        return "one name of a person: needs a position, a birth, or the full name in the article"
    if kind == CORE and not (around.listing or full or around.legal):
        return "shortened: needs words of listing beside it, or the full name in the article"
    if not person and not one.names and not cue and kind != SCRIPT:
        there = not facts.cues or not around.any_land or around.says(facts.cues)
        if not ((around.listing or around.legal) and there and (one.bits >= _SPECIFIC or around.legal or cue)):
            return "ordinary words, and its country not beside them"
    if kind == SHORT and (not scale.support or (clipped and not scale.strong and not full)):
        return lacking
    if person and one.bits < COMMON and not scale.strong and scale.support < BOTH:
        return "a common name: needs a position, a birth, or both its country and words of listing"
    if person and one.bits < DISTINCT and not scale.support:
        return lacking
    return ""


def _lacks_first(around: Around, entry: Entry) -> bool:
    """Tell whether a text does not begin, nor end, with the first word of any name: "Swe Win" is not Myo Swe Win."""
    said = [normal(word) for word in tokens(around.text)]
    firsts = {normal(words[0]) for name in entry.names if (words := tokens(name.text))}
    return bool(said) and firsts.isdisjoint({said[0], said[-1]})


def _identified(key: Key, entry: Entry, around: Around) -> Judged:
    """Weigh a number or address that only one thing has."""
    for label, value in entry.identifiers:
        if value != around.text:
            continue
        if label.startswith("crypto"):
            return Judged(key, entry, _SURE, 20.0, (f"address {label.partition(':')[2]}",), "", strong=True)
        if label == "imo":
            named = any(around.has(" ".join(tokens(name.text))) for name in entry.names)
            if named or b"IMO" in around.before[-_IMO_REACH:]:
                return Judged(key, entry, _SURE, 20.0, ("IMO number",), "", strong=True)
            return Judged(key, entry, _UNSURE, -10.0, ("IMO number",), "a number that nothing calls an IMO number")
    return Judged(key, entry, 0.0, -20.0, (), "an address in other letters")


def score(bits: float) -> float:
    """Return evidence in bits as a number between 0 and 1, 0.5 for none."""
    odds: float = 2.0 ** (max(-60.0, min(60.0, bits)) / _BITS_TO_DOUBLE_THE_ODDS)
    return odds / (1.0 + odds)
