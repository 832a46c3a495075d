"""How words are read: by the rules themselves, alone or in a neutral sentence around them.

Most rules find what somebody looks up in the words as they stand. A measure is often named by its goods alone
("luxury goods to North Korea"), where an article would have said that they are banned; and an article of a regulation
without the regulation. Then the words are put into a *carrier*, a sentence that says no more than what the question
takes for granted, and the same rules read that. What they find must lie in the words.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from .._lazy import regex
from ..folding import Folded
from ..noting import citation
from ..statements import words as w
from ..statements.cutting import tokenize

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ..model import Mention
    from ..rulebook import Rulebook

    Read = Callable[[str], list[Mention]]
    Gives = Callable[[Mention, str], bool]

# Tried in this order, to the first that gives something. Nobody acts in them and nobody is meant by them, so the rules
# give what they give where an article names no author: the Council's measures, and no State's.
NEUTRAL = ("Ban on {}.", "The ban on the {} is in force.", "Sanctions ban {}.")
# Tried for each authority, where the words name no author and neither they nor the neutral carriers give anything:
# each may have a measure of its own, and the answer names each. The Council's were asked for by the neutral ones.
BY_AUTHORITY = ("The {by} ban on {}.", "The {by} ban on imports of {}.")
# Who is meant by a number alone ("Regulation 833/2014"); instruments only.
UNDER_AUTHORITY = "The {by} acted under {}."
# Rules on persons ask for talk of sanctions near a name; who looks one up here takes that for granted.
OF_NAME = "Sanctions on {}."
_COUNCIL = "un"
_INSTRUMENT = "instrument"
_MOST_ACTS = 6  # acts with a paragraph or article of one number, of which all are asked for
_PASSED_OVER = frozenset({"claim"})
# What the grammar knows, or a rule's context, is no word that an answer passes over.
_TELLING = frozenset({w.NOUN, w.NAME, w.ADJECTIVE, w.GOODS, w.THING, w.INSTRUMENT, w.BODY, w.NUMBER})
_NAMES = frozenset({w.NAME})


class Reading(NamedTuple):
    """Mentions in the words, and the sentence that they were read in, empty where the words stood alone.

    ``start`` is where the words begin in that sentence.
    """

    mentions: list[Mention]
    sentence: str = ""
    start: int = 0

    def spans(self, size: int) -> list[tuple[int, int]]:
        """Return the spans of the mentions in the words, which have a size."""
        return [(max(one.start - self.start, 0), min(one.end - self.start, size)) for one in self.mentions]


def alone(words: str, read: Read, gives: Gives) -> Reading:
    """Return what the rules find in the words as they stand."""
    return Reading([one for one in _called_for(read(words)) if gives(one, "")])


def named(words: str, read: Read, gives: Gives) -> Reading:
    """Return whom the rules find where the words are a name and no more: mentions of all of the words."""
    found = _within(words, OF_NAME, read, gives)
    end = found.start + len(words)
    return found._replace(mentions=[one for one in found.mentions if one.start <= found.start and end <= one.end])


def carried(words: str, book: Rulebook, read: Read, undated: Read, gives: Gives) -> list[Reading]:
    """Return what the rules find in the words within carriers; ``gives`` tells whether a mention leads to a note.

    ``read`` reads as of the day, ``undated`` whatever the day, so that what has ended, or is to come, is found too.
    ``gives`` is called with the jurisdiction of which the note must be, empty for any. A name of its own beside what
    was found rules it out: it may be what was asked for.
    """
    acts = [one for forms in _of_acts(words, book) if (one := _first(words, forms, read, gives))]
    if acts:
        return acts
    neutral = _first(words, NEUTRAL, read, gives) or _first(words, NEUTRAL, undated, gives)
    if neutral is not None:
        return [neutral] if _is_whole(words, neutral, book) else []
    if _names_an_author(words, book):
        return []
    readings = []
    for label, jurisdiction in _authorities(book):

        def cites(one: Mention, _: str, whose: str = jurisdiction) -> bool:
            return one.kind == _INSTRUMENT and gives(one, whose)

        def is_own(one: Mention, _: str, whose: str = jurisdiction) -> bool:
            return gives(one, whose)

        found = _first(words, [UNDER_AUTHORITY.replace("{by}", label)], read, cites)
        if found is None and jurisdiction != _COUNCIL:
            found = _first(words, [form.replace("{by}", label) for form in BY_AUTHORITY], read, is_own)
        if found is not None and _is_whole(words, found, book):
            readings.append(found)
    return readings


def turned(words: str, book: Rulebook) -> list[str]:
    """Return "goods from a country" with the country as an adjective before them; nothing where they are not so put.

    The rules know many measures by such words only ("a ban on Russian steel").
    """
    goods, origin, party = words.rpartition(" from ")
    if not origin or not goods.strip():
        return []
    folded = Folded(party)
    tokens = tokenize(folded.plain, 0, len(folded.plain), book.lexicon)
    if list(tokens.tags) != [w.ACTOR]:
        return []
    return [f"{adjective} {goods}" for adjective in book.lexicon.adjectives(tokens.values[0])]


_ITEMS = regex(r"(?P<items>.+?)(?P<rest> (?:from|to|on|against|in|into|for|of) [^,]+)", re.DOTALL)
_JOINT = regex(r",? (?:and|or) |, ?")
_MOST_ITEMS = 4


def parted(words: str) -> list[tuple[str, str]]:
    """Return each of several goods with what stands behind them all, and the words without the others.

    >>> parted("gold and tea from Russia")
    [('gold', 'gold from Russia'), ('tea', 'tea from Russia')]
    """
    found = _ITEMS.fullmatch(words)
    items = [item.strip() for item in _JOINT.split(found["items"])] if found else []
    if found is None or not 2 <= len(items) <= _MOST_ITEMS or not all(items):
        return []
    return [(item, item + found["rest"]) for item in items]


def party_in(words: str, book: Rulebook) -> str:
    """Return the party that regimes are on and that the words name, empty where it is none, or several."""
    folded = Folded(words)
    tokens = tokenize(folded.plain, 0, len(folded.plain), book.lexicon)
    actors = [book.lexicon.actors.get(v) for t, v in zip(tokens.tags, tokens.values, strict=True) if t == w.ACTOR]
    labels = dict.fromkeys(one.label for one in actors if one is not None and one.parties)
    return next(iter(labels)) if len(labels) == 1 else ""


def acts_with(words: str, book: Rulebook) -> list[str]:
    """Return the instruments that have a paragraph or article that the words name, as the rules' tables cite them.

    Where the words name no instrument, these are what they may be of.
    """
    pins = {word.strip(".,;:").lower() for word in words.split() if any(char.isdigit() for char in word)}
    found: dict[str, None] = {}
    for identifier in book.note_ids if pins else ():
        data = book.note(identifier)
        if not data.get("table") or not data.get("otherwise"):
            continue
        for key in book.keys_below(data["table"], ""):
            row = book.row(data["table"], key) if key.rpartition("/")[2] in pins else None
            if row is not None:
                found.setdefault(citation(data, row))
    return list(found)


def _of_acts(words: str, book: Rulebook) -> Iterator[tuple[str, str]]:
    """Yield the carriers with each act that has a paragraph or article of that number, where they are few."""
    acts = acts_with(words, book)
    if len(acts) <= _MOST_ACTS:
        for act in acts:
            yield f"{{}} of {act}.", f"{act}, {{}}."


def _first(words: str, carriers: Iterable[str], read: Read, gives: Gives) -> Reading | None:
    """Return what is found in the first carrier in which something is."""
    return next((one for carrier in carriers if (one := _within(words, carrier, read, gives)).mentions), None)


def _is_whole(words: str, reading: Reading, book: Rulebook) -> bool:
    """Tell whether no name stands in the words beside what was found: it may be what was asked for."""
    return not unread(words, book, reading.spans(len(words)), names=True)


def _called_for(mentions: Iterable[Mention]) -> list[Mention]:
    return [one for one in mentions if one.note_ids and one.kind not in _PASSED_OVER]


def _within(words: str, carrier: str, read: Read, gives: Gives) -> Reading:
    """Return what is found in the words within a carrier, and not in the carrier alone."""
    start = carrier.index("{}")
    sentence = carrier.replace("{}", words)
    end = start + len(words)
    found = [
        one
        for one in _called_for(read(sentence))
        if one.start < end and one.end > start and (one.kind != "regime" or one.start >= start)
        if gives(one, "")
    ]
    return Reading(found, sentence, start)


def _names_an_author(words: str, book: Rulebook) -> bool:
    """Tell whether the words name an actor whose measure may be asked for, and not only one on whom it may be."""
    folded = Folded(words)
    tokens = tokenize(folded.plain, 0, len(folded.plain), book.lexicon)
    found = zip(tokens.tags, tokens.values, strict=True)
    named = [(n, actor) for n, (tag, v) in enumerate(found) if tag == w.ACTOR and (actor := book.lexicon.actors.get(v))]
    # Of two one may be whom the other's measure is on: "Turkish ban on oil to Russia".
    if len(named) != 1:
        return bool(named)
    [(place, actor)] = named
    return not actor.parties and (not place or any(actor.id == code for _, code in _authorities(book)))


def _authorities(book: Rulebook) -> list[tuple[str, str]]:
    """Return the authorities of which the rules have notes, as sentences name them, with their jurisdictions."""
    # Members of a bloc apply its law; the bloc itself is asked.
    return [
        (actor.label, actor.jurisdiction)
        for actor in book.lexicon.actors.values()
        if actor.jurisdiction in book.jurisdictions and actor.id == actor.jurisdiction
    ]


def unread(words: str, book: Rulebook, spans: Iterable[tuple[int, int]], *, names: bool = False) -> list[str]:
    """Return the telling words that lie in none of some spans of the words and name no actor; only ``names``, if so."""
    folded = Folded(words)
    covered = [(folded.from_text(start), folded.from_text(end)) for start, end in spans]
    tokens = tokenize(folded.plain, 0, len(folded.plain), book.lexicon)
    tags = _NAMES if names else _TELLING
    found: dict[str, None] = {}
    for start, end, tag in zip(tokens.starts, tokens.ends, tokens.tags, strict=True):
        if tag in tags and not any(a < end and start < b for a, b in covered):
            found[folded.text_at(start, end)] = None
    return list(found)


def other_parties(words: str, book: Rulebook, notes: Iterable[str]) -> list[str]:
    """Return those of several parties named on whom none of some notes is."""
    folded = Folded(words)
    tokens = tokenize(folded.plain, 0, len(folded.plain), book.lexicon)
    actors = [book.lexicon.actors.get(v) for t, v in zip(tokens.tags, tokens.values, strict=True) if t == w.ACTOR]
    parties = {actor.id: actor.label for actor in actors if actor is not None and actor.parties}
    versions = [one for note in notes for one in book.note(note.partition("/")[0]).get("versions", ())]
    targets = {version["data"].get("target", "") for version in versions}
    return [label for name, label in parties.items() if name not in targets] if targets & parties.keys() else []
