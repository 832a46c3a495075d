"""The best place for each note, as a reader would ask for it: the policy ``best``.

Every note goes to the mention that speaks of the law most outright (its rank), of equals to the first. Measures of one
clause share a mark. No place has more than two notes, and no article says the same twice.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from .._lazy import regex
from ..model import NOBODY_NAMED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..model import Block, Document, Mention, Note, Source

MOST = 2  # notes at one place
_OUTRIGHT = 4  # the rank from which a mention in another section is marked again
_STRETCH = 100  # code points from the first to the end of the last measure that one mark stands for
_LONGEST = 400  # code points of the words of a measure, at most
_IN_MIND = 1  # the rank of words that only bring a measure to mind
_NAMED = frozenset({"person", "entity", "body"})
_ONLY_NAMED = 2  # the rank of a name in a sentence that says nothing of measures
_TALK = 120
_SHARING = frozenset({"measure", "regime"})
_WORD = regex(r"\S+")
_NAME = regex(r"\b[A-Z][a-z]")
_WORLD = "world"
_REGIME = "regime"
_LAW = frozenset({"instrument", "measure", _REGIME})
_UN = "un"


class Wanted(NamedTuple):
    """A mention, what fills its templates, and the notes that it calls for, in order."""

    mention: Mention
    fields: Mapping[str, str]
    notes: tuple[Note, ...]


def in_talk(wanted: Sequence[Wanted], blocks: Sequence[Block], text: str) -> list[Wanted]:
    """Return what is left when persons and bodies go whom the article only names, far from any talk of the law.

    Where the whole article is on the law, a note in `_TALK` words, nobody is far from it.
    """
    law = [one for one in wanted if one.mention.kind not in _NAMED]
    if not law or not blocks or not _has_more_words(text, len(law) * _TALK):
        return list(wanted)
    places = _blocks_of(wanted, blocks)
    near = {places[n] + step for n, one in enumerate(wanted) if one.mention.kind not in _NAMED for step in (-1, 0, 1)}
    return [
        one
        for n, one in enumerate(wanted)
        if one.mention.kind not in _NAMED or one.mention.rank > _ONLY_NAMED or places[n] in near
    ]


def of_its_programme(wanted: Sequence[Wanted], document: Document) -> list[Wanted]:
    """Return what is left when the regime of a country goes where a paragraph says that another programme is used.

    "Sanctions on a minister of Cuba … pursuant to Executive Order 13818" are none of the embargo on Cuba. An order of
    that kind has the `scope` "world" in the table of orders.
    """
    if not any(one.fields.get("scope") == _WORLD for one in wanted):
        return list(wanted)
    blocks = document.layout.blocks
    places = _blocks_of(wanted, blocks)
    cited: dict[int, list[Wanted]] = {}
    for place, one in zip(places, wanted, strict=True):
        if one.fields.get("scope") == _WORLD:
            cited.setdefault(place, []).append(one)
    return [
        one
        for place, one in zip(places, wanted, strict=True)
        if not _is_of_another(one, cited.get(place, ()), document)
    ]


def _is_of_another(one: Wanted, orders: Sequence[Wanted], document: Document) -> bool:
    """Tell whether words that name no country have notes on a regime to which none of the orders belongs."""
    if (
        not orders
        or one.mention.kind != "regime"
        or _NAME.search(document.text, one.mention.start + 1, one.mention.end)
    ):
        return False
    acts = {_instrument(source) for note in one.notes for source in note.sources}
    used = [
        (order.notes[0].jurisdiction, _instrument(source)) for order in orders for source in order.notes[0].sources[:1]
    ]
    return all(note.jurisdiction == whose and act not in acts for note in one.notes for whose, act in used)


def of_its_author(wanted: Sequence[Wanted]) -> list[Wanted]:
    """Return what is left when the UN's law goes from words that name no author, in an article on one State's law.

    "We run a risk if sanctions do not remain in effect", a President writes who continues his orders.
    """
    law = [one for one in wanted if one.mention.kind in _LAW and NOBODY_NAMED not in one.mention.why]
    makers = {note.jurisdiction for one in law for note in one.notes}
    if len(makers) != 1 or _UN in makers or not any(one.mention.kind == "instrument" for one in law):
        return list(wanted)
    return [
        one
        for one in wanted
        if one.mention.kind != _REGIME
        or NOBODY_NAMED not in one.mention.why
        or any(note.jurisdiction != _UN for note in one.notes)
    ]


def without_its_orders(wanted: Sequence[Wanted], mentions: Sequence[Mention]) -> list[Wanted]:
    """Return what is left when a regime goes where the order is named that its measures rest on: the order says it.

    It goes from words that are put down to an order with a note on what it does, and from all of an article where such
    an order is the first that it cites, or where it cites none of those that are named on its country or subject.
    """
    orders = {
        name: note
        for one in wanted
        if one.mention.kind == "instrument" and one.fields.get("does")
        for name, note in zip(one.mention.note_ids, one.notes, strict=False)
    }
    if not orders:
        return list(wanted)
    put_down = [
        (one.start, one.end, one.fields["first_rule"], orders[name].jurisdiction)
        for one in mentions
        if one.kind == "claim" and (name := one.fields.get("second_notes", "")) in orders
    ]
    named = {_instrument(source) for note in orders.values() for source in note.sources[:1]}
    about = [(note.jurisdiction, f"{note.text} {note.sources[0].instrument}".lower()) for note in orders.values()]
    return [
        one
        for one in wanted
        if one.mention.kind != _REGIME
        or any(note.is_group for note in one.notes)
        or not (
            _is_said_by_orders(one, put_down, named) or all(_rests_on_others(note, about, named) for note in one.notes)
        )
    ]


def _rests_on_others(note: Note, orders: Sequence[tuple[str, str]], named: set[str]) -> bool:
    """Tell whether a regime's note cites none of the orders that are named, of which one is on the same subject.

    That is so where what an order says or is called has the country or subject that the note's id has.
    """
    if any(_instrument(source) in named for source in note.sources):
        return False
    subject = note.id.split(".")[1:2]
    return any(whose == note.jurisdiction and subject and subject[0] in said for whose, said in orders)


def _is_said_by_orders(one: Wanted, put_down: Sequence[tuple[int, int, str, str]], named: set[str]) -> bool:
    mention = one.mention
    if all(_instrument(note.sources[0]) in named for note in one.notes if note.sources):
        return True
    return any(
        start <= mention.start and mention.end <= end and mention.rule == rule
        for start, end, rule, whose in put_down
        if all(note.jurisdiction == whose for note in one.notes)
    )


def _instrument(source: Source) -> str:
    """Return the name of a source's instrument without its title."""
    return source.instrument.partition(",")[0]


def _has_more_words(text: str, number: int) -> bool:
    return next(islice(_WORD.finditer(text), number, None), None) is not None


def best(wanted: Sequence[Wanted], blocks: Sequence[Block]) -> list[tuple[Wanted, int, list[Note]]]:
    """Return the mentions that are marked, where what is marked ends, and the notes, in order of place.

    ``wanted`` are in order of place. A note is known by its text: two ids that say the same are one. So is an id that
    says more in one article of a file than in another, by the lists that name somebody there.
    """
    first: dict[str, Note] = {}
    wanted = [one._replace(notes=tuple(first.setdefault(note.id, note) for note in one.notes)) for one in wanted]
    sections = _sections(wanted, blocks)
    in_heading = [bool(blocks) and blocks[n].kind == "heading" for n in _blocks_of(wanted, blocks)]
    calling: dict[str, list[int]] = {}
    notes: dict[str, Note] = {}
    for index, one in enumerate(wanted):
        for note in one.notes:
            notes.setdefault(note.text, note)
            calling.setdefault(note.text, []).append(index)
    shown: dict[object, _Mark] = {}
    told: set[str] = set()
    general = {
        text
        for text, those in calling.items()
        if not notes[text].is_group and all(wanted[n].mention.kind == _REGIME for n in those)
    }
    measures = _measures(wanted if general else ())
    highest = {text: max(wanted[n].mention.rank for n in those) for text, those in calling.items()}
    order = sorted(calling, key=lambda text: (text in general, -highest[text], calling[text][0]))
    for text in order:
        if text in general and all(in_heading[n] for n in calling[text]) and _has_parts(notes[text], told, notes):
            continue
        places = sorted(calling[text], key=lambda n: (-wanted[n].mention.rank, n))
        if text in general:
            # "Sanctions that bar luxury goods" are answered by the note on luxury goods.
            places = [n for n in places if not measures.answer(wanted, n)] or places
        for index in places:
            if _is_told(wanted[index], text, told):
                continue  # words that bring this measure alone to mind may follow
            if _is_needless(wanted[index], text):
                break
            if _put(shown, wanted, index, notes[text]):
                told.add(text)
                others = [n for n in calling[text] if not measures.answer(wanted, n)]
                _again(shown, wanted, sections, others, index, notes[text])
                break
    result = [_placed(wanted, mark) for mark in shown.values()]
    return sorted(result, key=lambda each: (each[0].mention.start, each[1]))


def _has_parts(regime: Note, told: set[str], notes: Mapping[str, Note]) -> bool:
    """Tell whether measures of a regime are told already, so that a headline need not tell of it as a whole."""
    start = regime.id.rpartition(".")[0] + "."
    return any(notes[text].id.startswith(start) for text in told)


class _Mark(NamedTuple):
    """The mentions (indices) that share a mark, and their notes."""

    mentions: list[int]
    notes: list[Note]


def _placed(wanted: Sequence[Wanted], mark: _Mark) -> tuple[Wanted, int, list[Note]]:
    """Return a mark's first mention, and where what it is about ends: two of one clause are one stretch."""
    one = wanted[min(mark.mentions)]
    first, last = one.mention, wanted[max(mark.mentions)].mention
    end = last.end if last.end - first.start <= _STRETCH else first.end
    return one, max(first.end, end), mark.notes


def _is_told(one: Wanted, text: str, told: set[str]) -> bool:
    """Tell whether words that only bring measures to mind have another of them told already."""
    return one.mention.rank <= _IN_MIND and any(note.text in told for note in one.notes if note.text != text)


def _is_needless(one: Wanted, text: str) -> bool:
    """Tell whether nobody asks for a note.

    No reader asks whether somebody is listed whom the article only names, or only in what others say of him, or only
    to speak of something else ("Putin's war chest").
    """
    if one.mention.kind == "person" and not one.mention.rank:
        return True
    return one.mention.rank < _OUTRIGHT and any(note.absent for note in one.notes if note.text == text)


class _Measures(NamedTuple):
    """Whose measures are named more closely than by their regime: in each clause, and by the words from an offset."""

    clauses: dict[object, set[str]]
    starts: list[int]
    words: list[tuple[int, set[str]]]  # where they end, and whose

    def answer(self, wanted: Sequence[Wanted], index: int) -> bool:
        """Tell whether words on a regime stand in a clause, or among words, on a measure of the same authority."""
        one = wanted[index]
        if one.mention.kind != _REGIME:
            return False
        makers = {note.jurisdiction for note in one.notes}
        if makers & self.clauses.get(_place(wanted, index), set()):
            return True
        low, high = (bisect_left(self.starts, at) for at in (one.mention.start - _LONGEST, one.mention.end))
        return any(end > one.mention.start and makers & whose for end, whose in self.words[low:high])


def _measures(wanted: Sequence[Wanted]) -> _Measures:
    found = _Measures({}, [], [])
    for index, one in enumerate(wanted):
        if one.mention.kind == "measure":
            makers = {note.jurisdiction for note in one.notes}
            found.clauses.setdefault(_place(wanted, index), set()).update(makers)
            found.starts.append(one.mention.start)
            found.words.append((one.mention.end, makers))
    return found


def _place(wanted: Sequence[Wanted], index: int) -> object:
    """Return what shares a mark with a mention: measures of one clause; all else stands by itself."""
    mention = wanted[index].mention
    if mention.kind in _SHARING and mention.clause >= 0:
        return ("clause", mention.clause)
    return ("mention", mention.start, mention.end)


def _put(shown: dict[object, _Mark], wanted: Sequence[Wanted], index: int, note: Note) -> bool:
    """Put a note at a mention's place, if there is room for it there."""
    place = _place(wanted, index)
    mark = shown.get(place)
    if mark is None and note.is_group and _is_part(shown, wanted, index):
        return True
    if mark is None:
        shown[place] = _Mark([index], [note])
        return True
    if note.is_group and any(one.is_group for one in mark.notes):
        return True  # "Western sanctions, including asset freezes": one note for the group
    if len(mark.notes) < MOST:
        mark.notes.append(note)
        mark.mentions.append(index)
        return True
    if wanted[index].mention.kind == _REGIME:
        return False
    # A third measure of one clause has a mark where it is named.
    mention, first = wanted[index].mention, wanted[min(mark.mentions)].mention
    place = ("mention", mention.start, mention.end)
    if place in shown or mention.start <= first.end:
        return False
    shown[place] = _Mark([index], [note])
    return True


def _is_part(shown: Mapping[object, _Mark], wanted: Sequence[Wanted], index: int) -> bool:
    """Tell whether a collective author has a note right before: "Western sanctions that include travel bans"."""
    here = wanted[index].mention.start
    before = index - 1
    while before >= 0 and here - wanted[before].mention.start < _STRETCH:
        mark = shown.get(_place(wanted, before))
        if mark is not None and any(note.is_group for note in mark.notes):
            return True
        before -= 1
    return False


def _again(
    shown: dict[object, _Mark],
    wanted: Sequence[Wanted],
    sections: Sequence[int],
    calling: Sequence[int],
    index: int,
    note: Note,
) -> None:
    """Mark an outright mention in each other section too, with the same note."""
    seen = {sections[index]}
    for other in calling:
        if sections[other] not in seen and wanted[other].mention.rank >= _OUTRIGHT:
            seen.add(sections[other])
            _put(shown, wanted, other, note)


def _sections(wanted: Sequence[Wanted], blocks: Sequence[Block]) -> list[int]:
    """Return the section that each mention stands in."""
    return [blocks[n].section if blocks else 0 for n in _blocks_of(wanted, blocks)]


def _blocks_of(wanted: Sequence[Wanted], blocks: Sequence[Block]) -> list[int]:
    """Return the index of the block that each mention stands in."""
    result: list[int] = []
    block = 0
    for one in wanted:
        while block + 1 < len(blocks) and blocks[block].end <= one.mention.start:
            block += 1
        result.append(block)
    return result
