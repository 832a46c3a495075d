"""Names of sanctions lists in a document: which of the forms found are taken for an entry, and why.

A name alone proves nothing: each form found gets a score, from how much the name tells (length and rarity of
its words), how it stands there (capitals, part of a longer name) and what the article says near it (country,
position, birth, words of listing). ``docs/names.md`` describes the score; it is set up as bits of evidence.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from ..lists.names import legal
from ..lists.names.forms import IDENTIFIER, SCRIPT
from ..lists.names.index import PERSON
from ..lists.opened import identifier
from ._around import LISTING_ACTS, Around, Named
from ._candidates import Candidate, family, last_alone, mention_of
from ._evidence import Judged, weigh
from ._facts import SHARED, counterparts, forms_at, known, meant_at, places_of
from ._neighbours import MOST_TRIES, capitals, in_a_row, longer_name
from ._prospects import may_be_meant
from ._repeats import Repeats, Sought
from ._settling import BesideRules, OtherPeople, by_all_that_is_said, joined, short_names, without_overlaps
from ._weights import SAID_SO, THRESHOLD

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..decisions import Decision, Ruling
    from ..lists.names.index import Found
    from ..lists.opened import Key, Lists
    from ..model import Mention
    from ..statements.statement import Statement
    from ._decided import Decided
    from ._facts import Form, Known, Meant, Place
    from ._statements import Statements

_HOPELESS = "nothing near it could make enough of the name"
_SAME_BODY = "the body of that entry by several of its names"
_SMALL_LETTERS = "not written with capitals, as a name is"
_DECIDED = 1000.0  # bits of what is decided: more than any evidence
_NOW, _TODAY = frozenset({"present", "future"}), b"oday"
_REACH = 120  # bytes around a statement in which "today" tells when it was made
_MOST_OF_LAW = 2 / 3  # of the law that an article speaks of, for one authority to be the one that it is about
_LAWS = frozenset({"un", "us", "eu", "uk", "ca", "ch"})  # with which the ids of notes on them begin
_TIE = 6.0
_APART = 15.0  # so far behind something speaks against it: another patronymic, another birth
_RARE, _RARE_BODY = 22, 13  # bits of a name that hardly two persons, two bodies on lists bear
_WITHOUT_CAPITALS = frozenset({IDENTIFIER, SCRIPT})


def find_listed(
    statements: Statements,
    lists: Lists,
    found: Sequence[tuple[int, Found]],
    mentions: Sequence[Mention],
    *,
    threshold: float = THRESHOLD,
    as_of: str | None = None,
    everything: bool = False,
    selected: Callable[[str], bool] | None = None,
    speaking: frozenset[int] | None = None,
    ruling: Ruling | None = None,
) -> list[Mention]:
    """Return ``mentions``, which are those of the rules and go before, with those of entries of ``lists``.

    ``found`` is what `Lists.find` found in the text of their page.

    A rule's mention with a listing has a field (`_settling.ALSO`) with the ids of entries of other lists on the same
    words.

    ``threshold`` is the least score, between 0 and 1. ``as_of`` is the day from which ages are told. With
    ``everything`` also what was ruled out. ``selected`` keeps entries by id. ``speaking`` are the articles (by number)
    in which names are noted, all where it is ``None``. ``ruling`` is what an analyst has decided for the document.
    """
    page = statements.page
    places = places_of(found)
    decided: Decided | None = None
    if ruling:
        from ._decided import Decided  # few documents have decisions

        decided = Decided(ruling, page, lists)
    names = _Names(statements, lists, places, threshold, as_of, selected, speaking, decided, everything)
    candidates = names.candidates()
    others = OtherPeople(page, lambda number: names.article(number).repeats)
    candidates = [one if one.ruled_out else others.ruled_out(one) for one in candidates]
    if decided is not None:
        candidates = names.with_decided(candidates, decided)
    rules = BesideRules(page, mentions)
    alone = list(joined(without_overlaps(one for one in candidates if not one.ruled_out), page.plain))
    accepted, beaten = rules.settle([one for one in alone if not one.ruled_out])
    beaten += [one for one in alone if one.ruled_out]
    short = short_names(page, accepted, candidates, mentions, others)
    listed = by_all_that_is_said(page, [*accepted, *short], decided)
    if everything:
        kept = {(one.start, one.end) for one in accepted}
        listed += beaten
        listed += [one for one in candidates if one.ruled_out and (one.start, one.end) not in kept]
    spoken_of = _SpokenOf(statements, mentions, listed)
    result = [spoken_of.mention(one) for one in listed]
    result += rules.again()
    result.sort(key=lambda one: (one.start, one.end, one.rule))
    return sorted([*map(rules.filled, mentions), *result], key=lambda one: (one.start, one.end, one.rule))


class _SpokenOf:
    """The authority whose law each article speaks of, and those whom it says that another one has listed."""

    def __init__(self, statements: Statements, mentions: Sequence[Mention], listed: Sequence[Candidate]) -> None:
        self._statements = statements
        self._page = page = statements.page
        self._announcing: dict[tuple[int, str], bool] = {}
        said = [(one, each) for one in listed for each in one.judged if each.said_so]
        self._said = {(page.blocks[one.block].article, each.key, each.known.entry.jurisdiction) for one, each in said}
        # In a row the sentence says it of each: "is sanctioning X, a minister; Y, a general".
        self._in_rows = {(page.sentence(one.block, one.start), each.known.entry.jurisdiction) for one, each in said}
        self._laws: dict[int, Counter[str]] = {}
        for mention in mentions if listed else ():
            article = page.article_at(mention.start)
            if article >= 0 and not mention.ruled_out and mention.kind != "claim":
                laws = {name.partition(".")[0] for name in mention.note_ids} & _LAWS
                if len(laws) == 1:  # of several, for a group of States say, none is the one spoken of
                    self._laws.setdefault(article, Counter()).update(laws)

    def mention(self, one: Candidate) -> Mention:
        """Return the mention of a candidate."""
        article = self._page.blocks[one.block].article
        by = [law for each in one.judged if (article, each.key, law := each.known.entry.jurisdiction) in self._said]
        if not by and self._in_rows and one.judged[0].listing:
            row = self._page.sentence(one.block, one.start)
            by = [law for each in one.judged if (row, law := each.known.entry.jurisdiction) in self._in_rows]
        lead = by[0] if by else self._lead(article)
        said = bool(by) or (bool(lead) and one.judged[0].plain and self._announces(article, lead))
        return mention_of(one, self._page, lead, said=said)

    def _announces(self, article: int, lead: str) -> bool:
        """Tell whether an article announces listings of an authority: "Today the United States is sanctioning".

        Whom it names in full it lists, or has listed.
        """
        found = self._announcing.get((article, lead))
        if found is None:
            found = self._announcing[article, lead] = any(
                lead in statement.authority.actors
                and statement.act in LISTING_ACTS
                and statement.status == "asserted"
                and statement.existing
                and (statement.tense in _NOW or self._is_of_today(statement))
                for statement in self._statements.of_article(article)
            )
        return found

    def _is_of_today(self, statement: Statement) -> bool:
        low = max(0, statement.start - _REACH)
        return self._page.plain.find(_TODAY, low, statement.end + _REACH) >= 0

    def _lead(self, article: int) -> str:
        laws = self._laws.get(article)
        if not laws:
            return ""
        law, most = laws.most_common(1)[0]
        return law if most > laws.total() * _MOST_OF_LAW else ""


class _Names:
    """The names found in one document, judged place by place."""

    def __init__(  # noqa: PLR0917 - a text, lists, what was found, and what is asked
        self,
        statements: Statements,
        lists: Lists,
        places: Sequence[Place],
        threshold: float,
        as_of: str | None,
        selected: Callable[[str], bool] | None,
        speaking: frozenset[int] | None,
        decided: Decided | None,
        everything: bool,  # noqa: FBT001
    ) -> None:
        self.statements = statements
        self.page = statements.page
        self.lists = lists
        self.places = places
        self.threshold = threshold
        self.year = int(as_of[:4]) if as_of else 0
        self.selected = selected
        self.speaking = speaking
        self.decided = decided
        self.everything = everything
        # The entries of each name, kept for all places of it.
        self._meant: dict[tuple[object, ...], Meant] = {}
        self._spans: dict[int, tuple[int, int]] = {}
        self._articles: dict[int, Named] = {}
        # For each article and set of entries: what was accepted, and how often nothing was.
        self._accepted: dict[tuple[int, tuple[Form, ...]], tuple[Judged, ...]] = {}
        self._tries: dict[tuple[int, tuple[Form, ...]], int] = {}

    def candidates(self) -> list[Candidate]:
        """Return what stands at each place, accepted or ruled out, in order."""
        judged = [(place, one) for place in self.places if (one := self._judge(place)) is not None]
        # What is named in full once supports an acronym or a weak alias of it in the same article.
        for _, one in judged:
            if not one.ruled_out and one.judged[0].plain:
                self._article_at(one.block).named.update(each.key for each in one.judged)
        self._tries.clear()
        return [
            (self._judge(place) or one)
            if one.ruled_out and not self._article_at(one.block).named.isdisjoint(one.keys)
            else one
            for place, one in judged
        ]

    def with_decided(self, candidates: list[Candidate], decided: Decided) -> list[Candidate]:
        """Return candidates with those that decisions name, which take the place of others on the same words."""
        made: dict[tuple[int, int], Candidate] = {}
        for start, end, said in decided.places():
            one = self._decided(start, end, said, decided)
            if one is not None:
                made.setdefault((start, end), one)
        if not made:
            return candidates
        others = []
        for one in candidates:
            if (one.start, one.end) in made:
                made[one.start, one.end] = made[one.start, one.end]._replace(refused=one.refused)
            else:
                others.append(one)
        return sorted([*others, *made.values()], key=lambda one: (one.start, one.end))

    # -- one place ------------------------------------------------------------------------------

    def _judge(self, place: Place) -> Candidate | None:
        """Weigh the entries that one stretch of text may name."""
        page = self.page
        one = place[0][1]
        start, end = one.start, one.end
        block = page.block_at(start)
        if block < 0:
            return None
        forms = forms_at(place)
        meant = self._meant.get(forms)
        if meant is None:
            meant = self._meant[forms] = meant_at(self.lists, place, self.selected)
        if not meant.forms:
            return None
        refused: Decision | None = None
        reason = ""
        if self.decided is not None:
            left, refused = self.decided.allowed(meant.keys, start, end)
            if left:
                meant = meant.only(left) if refused is not None else meant
            elif refused is not None:
                reason, refused = refused.said, None
        person = meant.person
        if not reason:
            reason = self._place_against(start, end, block)
        if not reason and _WITHOUT_CAPITALS.isdisjoint(meant.kinds) and not capitals(page.plain, start, end):
            reason = _SMALL_LETTERS
        judged: tuple[Judged, ...] = ()
        keys = meant.keys[:1]
        if not reason:
            judged, reason, keys = self._weighed(meant, one, block)
        if self.everything and not judged:
            judged = (Judged(known(self.lists, keys[0]), 0.0, 0.0, (), reason),)
        if reason:
            return Candidate(start, end, block, keys, judged, reason, person, "", refused=refused)
        name = family(page.plain, start, end, meant.kinds) if person else ""
        last = end if person else legal.ends(page.plain, end)
        return Candidate(start, last, block, keys, judged, "", person, name, refused=refused if last == end else None)

    def _place_against(self, start: int, end: int, block: int) -> str:
        """Return why nothing is noted at a place, whatever stands there; empty where something may be."""
        page = self.page
        if self.speaking is not None and page.blocks[block].article not in self.speaking and page.live(block):
            return "the article does not speak of sanctions (--names always)"
        return page.misplaced(start, end, block)

    def _weighed(self, meant: Meant, one: Found, block: int) -> tuple[tuple[Judged, ...], str, tuple[Key, ...]]:
        """Return the entries that a name may mean, best first, and why none of them is meant, empty if one is.

        With them the keys of those that are meant if the article names one of them in full.
        """
        start, end, person = one.start, one.end, meant.person
        group = (self.page.blocks[block].article, meant.forms)
        before = self._accepted.get(group)
        if before is not None and not meant.number and not longer_name(self.page, start, end, block, person=person)[0]:
            # Whom an article has named once it means again by the same name.
            return before, "", meant.keys
        tries = self._tries.get(group, 0)
        if tries >= MOST_TRIES:
            return (), f"ruled out {tries} times before in this article", meant.keys[:1]
        if one.comma and person and in_a_row(self.page.plain, start):
            return (), "one of several names in a row", meant.keys[:1]
        article = self._article_at(block)
        around = Around(self.statements, article, start, end, block, person=person)
        asked = self.everything or not article.named.isdisjoint(meant.keys)
        if not asked and not may_be_meant(meant, one, around, self.threshold):
            self._tries[group] = tries + 1
            return (), _HOPELESS, meant.keys
        judged = [
            weigh(meant.known[form.key], meant.facts(form.key), one, form, around, meant.lists, self.year)
            for form in meant.forms
        ]
        judged.sort(key=lambda each: (bool(each.against), -each.bits, each.known.entry.list, each.key))
        best = judged[0]
        reason = best.against
        if not reason and best.score < self.threshold:
            reason = f"score {best.score:.2f}, below the threshold of {self.threshold:g}"
        if reason:
            self._tries[group] = tries + 1
            return tuple(judged), reason, meant.keys
        found = self._accepted[group] = self._everywhere(self._fitting(judged, meant, one.bits))
        return found, "", meant.keys

    def _everywhere(self, fitting: tuple[Judged, ...]) -> tuple[Judged, ...]:
        """Return the entries that fit, with those on the same body on lists that do not have it by that name."""
        best = fitting[0]
        if best.known.entry.type != "organisation":
            return fitting
        lists = {each.known.entry.list for each in fitting}
        more = [known(self.lists, key) for key in counterparts(self.lists, best.known)]
        return (
            *fitting,
            *(
                best._replace(known=one, why=(_SAME_BODY,), plain=False, first=False, said_so=False, inferred=True)
                for one in more
                if one.entry.list not in lists and (self.selected is None or self.selected(identifier(one.entry)))
            ),
        )

    def _fitting(self, judged: list[Judged], meant: Meant, bits: int) -> tuple[Judged, ...]:
        """Return the best of some entries, with those that are meant as well: that fit, or are about the same."""
        best = judged[0]
        fitting = [
            each
            for each in judged
            if (not each.against and each.score >= self.threshold and each.bits > best.bits - _TIE)
            or each.key in meant.same[best.key]
            or (
                each.known.entry.list != best.known.entry.list
                and each.bits > best.bits - _APART - (SAID_SO.bits if best.said_so and not each.said_so else 0)
                and (_is_same(best.known, each.known, bits, person=meant.person) or _are_first(best, each))
            )
        ]
        # The body of that very name is meant, not another that is called so too: al-Qaida in Iraq.
        first = [each for each in fitting if each.first]
        if not first:
            return tuple(fitting)
        return tuple(
            each for each in fitting if each.first or any(_is_same_body(one.known, each.known) for one in first)
        )

    def _decided(self, start: int, end: int, said: str, decided: Decided) -> Candidate | None:
        """Return the candidate at a place of whose words it is decided who is always meant by them."""
        page = self.page
        block = page.block_at(start)
        found = decided.meant(start, end) if block >= 0 else None
        if found is None:
            return None
        decision, keys = found
        entries = [known(self.lists, key) for key in keys]
        person = any(one.entry.type == "person" for one in entries)
        reason = self._place_against(start, end, block)
        if not reason and said != said.lower() and said.isascii() and not capitals(page.plain, start, end):
            reason = _SMALL_LETTERS
        listing = (
            not reason and Around(self.statements, self._article_at(block), start, end, block, person=person).listing
        )
        judged = tuple(
            Judged(one, 1.0, _DECIDED, (decision.said,), "", strong=True, plain=True, listing=listing)
            for one in entries
        )
        if not reason:
            decided.ruling.use(decision)
        name = family(page.plain, start, end, ()) if person else ""
        if not any(name.lower() in one.own for one in entries):
            name = ""
        return Candidate(start, end, block, tuple(keys), judged, reason, person, name, decision)

    # -- its article ----------------------------------------------------------------------------

    def _article_at(self, block: int) -> Named:
        return self.article(self.page.blocks[block].article)

    def article(self, number: int) -> Named:
        """Return an article with what it says of names."""
        found = self._articles.get(number)
        if found is None:
            if not self._spans:
                for index, block in enumerate(self.page.blocks):
                    low, high = self._spans.get(block.article, (self.page.block_starts[index], 0))
                    self._spans[block.article] = (low, max(high, self.page.block_ends[index]))
            low, high = self._spans[number]
            repeats = Repeats(self.page.plain, low, high, partial(self._sought, low, high))
            found = self._articles[number] = Named(self.page.folded, low, high, repeats)
        return found

    def _sought(self, low: int, high: int) -> Sought:
        """Return what may be looked for of the names found in a stretch of the text."""
        plain = self.page.plain
        names: set[bytes] = set()
        words: set[bytes] = set()
        first, last = (bisect_left(self.places, offset, key=_start_of) for offset in (low, high))
        for place in self.places[first:last]:
            start, end = place[0][1].start, place[0][1].end
            kinds = {kind for _, one in place for _, kind, _ in one.entries}
            name = plain[start:end]
            if any(flags & PERSON for _, one in place for _, _, flags in one.entries):
                names.add(name)
                words.add(family(plain, start, end, kinds).encode())
            elif name.isupper():
                names.add(name)
            words.add(last_alone(plain, start, end)[0])
        return Sought(names, words)


def _start_of(place: Place) -> int:
    return place[0][1].start


def _is_same(mine: Known, theirs: Known, bits: int, *, person: bool) -> bool:
    """Tell whether entries that have the same name are taken for one person or body.

    A list that gives no country, or another one, names the same person by a name that hardly two bear.
    """
    if mine.entry.type != theirs.entry.type and "unknown" not in {mine.entry.type, theirs.entry.type}:
        return False
    if mine.births and theirs.births:
        return mine.is_of_age_of(theirs)
    shared = mine.shares(theirs) >= SHARED
    if not person and mine.lands and theirs.lands and mine.lands.isdisjoint(theirs.lands):
        # Whose programme is about another country may be the same one by its names.
        return shared and not (mine.own_lands and theirs.own_lands)
    return (
        shared
        or not (person or mine.own_lands.isdisjoint(theirs.own_lands))
        or bits >= (_RARE if person else _RARE_BODY)
    )


def _are_first(best: Judged, other: Judged) -> bool:
    """Tell whether a word is the whole name of two bodies that no country parts, of which the text is certain."""
    if not (best.strong and best.first and other.first) or other.against:
        return False
    mine, theirs = best.known.lands, other.known.lands
    return not (mine and theirs and mine.isdisjoint(theirs))


def _is_same_body(one: Known, other: Known) -> bool:
    """Tell whether an entry of another list names the body of an entry too: of its country, or by more than a name."""
    if one.entry.list == other.entry.list:
        return False
    return not one.own_lands.isdisjoint(other.own_lands) or one.shares(other) >= SHARED
