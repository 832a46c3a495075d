"""Names of sanctions lists in a document: which of the forms found are taken for an entry, and why.

A name alone proves nothing: each form found gets a score, from how much the name tells (length and rarity of
its words), how it stands there (capitals, part of a longer name) and what the article says near it (country,
position, birth, words of listing). ``docs/names.md`` describes the score; it is set up as bits of evidence.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import replace
from functools import partial
from itertools import accumulate, islice
from string import ascii_letters, digits
from typing import TYPE_CHECKING, NamedTuple

from ..lists.entries import shown_name
from ..lists.names import legal
from ..lists.names.forms import IDENTIFIER, SCRIPT, SPOKEN, SWAPPED
from ..lists.names.index import PERSON
from ..lists.names.places import country_words, lands
from ..lists.names.rarity import frequencies
from ..lists.names.spelling import HONORIFICS, PARTICLES, tokens
from ..lists.opened import identifier
from ..model import Mention
from ._against import beside, beside_all
from ._evidence import THRESHOLD, Around, Judged, births_in, calls_a_ship, speaks_of_lists, speaks_of_ships, weigh
from ._names import TITLES
from ._prospects import REACH, Prospects, Spot, alike, entries_of, facts_of, places_of
from ._repeats import Repeats, Sought, find_all
from ._words import either, words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..decisions import Decision, Ruling
    from ..lists.entries import Entry
    from ..lists.names.index import Found
    from ..lists.opened import Key, Lists
    from ._evidence import Facts
    from ._prospects import Place
    from ._statements import Statements

ALSO = "also"
CERTAIN = 0.9
_NOBODY: frozenset[Key] = frozenset()
_QUOTES = frozenset((b'"', b"'"))
_HOPELESS = "nothing near it could make enough of the name"
_SMALL_LETTERS = "not written with capitals, as a name is"
_DECIDED = 1000.0  # bits of what is decided: more than any evidence
_TIE = 6.0
_APART = 15.0  # so far behind something speaks against it: another patronymic, another birth
_ACRONYM_BEHIND = re.compile(r"\s*\([A-Z]{2,6}\)\s*$")
# Behind a name and a hyphen: who is behind a thing.
_BOUND = frozenset(
    "affiliated aligned allied backed based built chaired connected controlled era financed founded funded headed led "
    "linked made operated owned run sponsored supported tied".split()
)
_TITLE = re.compile(rb"(?: (?:of|for|the|and|[A-Z][\w'-]*))* ")  # between an office and who holds it
_LISTS = frozenset({"sanction", "freeze", "ban", "put", "impose", "list"})  # what an authority does to whom it lists
_RARE, _RARE_BODY = 22, 13  # bits of a name that hardly two persons, two bodies on lists bear
_SHORTEST_ACRONYM = 2
_SHARED = 2  # names that two entries have in common where they are of one man
_MOST_TRIES = 30
_WIDE = 400
_WORD = re.compile(rb"[A-Za-z0-9]+(?:'[A-Za-z0-9]+)*")
# What a family name that stands alone does not stand behind, and not before.
_WITHIN_AFTER = frozenset(bytes((byte,)) for byte in b"-" + digits.encode() + ascii_letters.encode())
_WITHIN_BEFORE = _WITHIN_AFTER | {b"'"}
# Behind the name of a collection of laws: "50 U.S.C. 1622", where a number stands before it too.
_CITED = re.compile(rb"\.? (?:\W{0,3}|App\. |sec\. )\d")
_NASAB = re.compile(rb"\b(?:bin|ibn|ben|bint)\b", re.IGNORECASE)
_LAST_WORD = re.compile(rb"([A-Za-z]+(?:'[A-Za-z]+)*)[ -]$")
_TICKER = re.compile(rb"\.%b\b(?!\.[A-Z])" % either("exchange"))
_STOPPED_TEXT = re.compile(rb"\.[A-Za-z]$")
_OF_NAMES = words_of("of names")
_SMALL = words_of("small words in names")
_AFTER = HONORIFICS | {"jr", "sr", "ii", "iii", "in", "on", "of", "and"}
_BESIDE_BODIES = words_of("beside a body")
_BEFORE = words_of("beside a person")


class _Candidate(NamedTuple):
    """A place with the entries that it may name, best first."""

    start: int
    end: int
    block: int
    judged: tuple[Judged, ...]
    ruled_out: str
    person: bool
    family: str
    decided: Decision | None = None


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

    A rule's mention with a listing has a field (`ALSO`) with the ids of entries of other lists on the same words.

    ``threshold`` is the least score, between 0 and 1. ``as_of`` is the day from which ages are told. With
    ``everything`` also what was ruled out. ``selected`` keeps entries by id. ``speaking`` are the articles (by number)
    in which names are noted, all where it is ``None``. ``ruling`` is what an analyst has decided for the document.
    """
    made = _Listed(statements, lists, threshold, as_of, selected)
    made.speaking = speaking
    made.ruling = ruling
    made.everything = everything
    listed = made.run(found, mentions, everything)
    filled = [replace(one, fields={**one.fields, **more}) if (more := made.filled(one)) else one for one in mentions]
    return sorted([*filled, *listed], key=lambda one: (one.start, one.end, one.rule))


class _Listed:
    def __init__(
        self,
        statements: Statements,
        lists: Lists,
        threshold: float,
        as_of: str | None,
        selected: Callable[[str], bool] | None,
    ) -> None:
        self.statements = statements
        self.page = statements.page
        self.rulebook = self.page.rulebook
        self.lists = lists
        self.threshold = threshold
        self.year = int(as_of[:4]) if as_of else 0
        self.selected = selected
        self.speaking: frozenset[int] | None = None
        self.ruling: Ruling | None = None
        self.refused: dict[tuple[int, int], Decision] = {}  # at places where other entries are left
        self._articles: dict[int, tuple[int, int]] = {}
        self._places: list[Place] = []
        self._repeats: dict[int, Repeats] = {}
        self._spoken: dict[tuple[int, str], bool] = {}
        self._prospects: dict[int, Prospects] = {}
        self.everything = False
        self._lands: dict[int, bool] = {}
        self._longer: dict[tuple[int, bytes], Counter[str]] = {}
        self._bearers: dict[tuple[int, bytes], list[tuple[int, str, str]]] = {}
        self.named: dict[int, set[Key]] = {}
        # For each article and set of entries: what was accepted, and how often nothing was.
        self.accepted: dict[tuple[int, tuple[tuple[Key, int, int], ...]], tuple[Judged, ...]] = {}
        self.tries: dict[tuple[int, tuple[tuple[Key, int, int], ...]], int] = {}
        # What rules' listings are filled up from in an article, by their rule; and where they are meant again.
        self.also: dict[tuple[int, str], tuple[str, ...]] = {}
        self.again: list[tuple[_Candidate, Mention]] = []

    def run(
        self,
        found: Sequence[tuple[int, Found]],
        mentions: Sequence[Mention],
        everything: bool,  # noqa: FBT001
    ) -> list[Mention]:
        """Return the mentions, in order of place."""
        candidates = self.of_others(self.candidates(found))
        if self.ruling is not None and self.ruling.names:
            candidates = self.with_decided(candidates)
        accepted = _settled([one for one in candidates if not one.ruled_out])
        accepted, beaten = self.beside(accepted, mentions)
        short = self.short_names(accepted, candidates, mentions)
        result = [self.mention(one) for one in self.together([*accepted, *short])]
        if everything:
            kept = {(one.start, one.end) for one in accepted}
            result += [self.mention(one) for one in beaten]
            result += [self.mention(one) for one in candidates if one.ruled_out and (one.start, one.end) not in kept]
        for one, rule in self.again:
            start, end = self.page.to_text(one.start), self.page.end_in_text(one.end)
            why = (*one.judged[0].why, f"named by {rule.rule} in the article")
            fields = {**rule.fields, **self.filled(rule)}
            result.append(replace(rule, start=start, end=end, fields=fields, why=why))
        result.sort(key=lambda mention: (mention.start, mention.end, mention.rule))
        return result

    def candidates(self, found: Sequence[tuple[int, Found]]) -> list[_Candidate]:
        """Return what stands at each place, accepted or ruled out, in order."""
        self._places = places_of(found)
        judged = [(place, one) for place in self._places if (one := self.judge(place)) is not None]
        # What is named in full once supports an acronym or a weak alias of it in the same article.
        for _, one in judged:
            if not one.ruled_out and one.judged[0].plain:
                named = self.named.setdefault(self.page.blocks[one.block].article, set())
                named.update(each.key for each in one.judged)
        self.tries.clear()
        result = []
        for place, one in judged:
            named = self.named.get(self.page.blocks[one.block].article, set())
            again = one.ruled_out and any(each.key in named for each in one.judged)
            result.append((self.judge(place) or one) if again else one)
        return result

    def of_others(self, candidates: list[_Candidate]) -> list[_Candidate]:
        """Rule out single words that are the family name of somebody whom the article has named by more."""
        result = []
        for one in candidates:
            words = _WORD.findall(self.page.plain, one.start, one.end)
            word = words[-1] if words and all(_latin(each).lower() in PARTICLES for each in words[:-1]) else b""
            if not one.ruled_out and word.isalpha() and not word.isupper() and (name := self.bearer(one, word)):
                one = one._replace(ruled_out=f"the family name of {name}")  # noqa: PLW2901 - as ruled out
            if not one.ruled_out and one.person and len(words) > 1 and (longer := self.longer(one)):
                one = one._replace(ruled_out=f"short for {longer}")  # noqa: PLW2901 - as ruled out
            result.append(one)
        return result

    def longer(self, one: _Candidate) -> str:
        """Return the name that an article has more than once, begins with that of a person and is another, if any.

        "Kim Jong", where all else is on Kim Jong Un, is not the Kim Jong of a list.
        """
        article = self.page.blocks[one.block].article
        plain = self.page.plain
        words = plain[one.start : one.end]
        found = self._longer.get((article, words))
        if found is None:
            spans = self.repeats(article).longer(words)
            found = self._longer[article, words] = Counter(_latin(plain[slice(*span)]) for span in spans)
        if not found:
            return ""
        own = {tuple(tokens(name.text)) for each in one.judged for name in each.entry.names}
        if any(tuple(tokens(name)) in own for name in found):
            return ""
        return next((name for name, times in found.items() if times > 1), "")

    def bearer(self, one: _Candidate, word: bytes) -> str:
        """Return the name of two words or more that ends with a word and stands before it, empty if there is none."""
        article = self.page.blocks[one.block].article
        found = self._bearers.get((article, word))
        if found is None:
            plain = self.page.plain
            named = (
                (at, _latin(plain[at:stop]).lower(), _latin(plain[at:end]))
                for at, stop, end in self.repeats(article).ending(word)
            )
            found = self._bearers[article, word] = [
                (at, first, name) for at, first, name in named if not _no_given_name(first)
            ]
        if not found or found[0][0] > one.start:
            return ""
        own = self.facts(tuple(each.key for each in one.judged)).own
        return next((name for at, first, name in found if at < one.start and first not in own), "")

    # -- one place ------------------------------------------------------------------------------

    def judge(self, place: Place) -> _Candidate | None:
        """Weigh the entries that one stretch of text may name."""
        page = self.page
        one = place[0][1]
        start, end = one.start, one.end
        block = page.block_at(start)
        if block < 0:
            return None
        entries = entries_of(self.lists, place, self.selected)
        if not entries:
            return None
        refused: Decision | None = None
        if self.ruling:
            left, refused = self.allowed(entries, start, end)
            entries = left or entries
            if left and refused is not None:
                self.refused[start, end] = refused
                refused = None
        person = any(flags & PERSON for _, _, flags in entries)
        kinds = {kind for _, kind, _ in entries}
        reason = self.place_against(start, end, block)
        if refused is not None:
            reason = refused.said
        elif not reason and kinds.isdisjoint({IDENTIFIER, SCRIPT}) and not self.capitals(start, end):
            reason = _SMALL_LETTERS
        judged: tuple[Judged, ...] = ()
        if not reason:
            judged, reason = self.weighed(place, entries, start, end, block, person=person)
        if not judged:
            judged = (Judged(entries[0][0], self.lists.entry(entries[0][0]), 0.0, 0.0, (), reason),)
        if not person and not reason:
            end = legal.ends(self.page.plain, end)
        family = self.family(start, end, kinds) if person else ""
        return _Candidate(start, end, block, judged, reason, person, family)

    def place_against(self, start: int, end: int, block: int) -> str:
        """Return why nothing is noted at a place, whatever stands there; empty where something may be."""
        page = self.page
        if self.speaking is not None and page.blocks[block].article not in self.speaking and page.live(block):
            return "the article does not speak of sanctions (--names always)"
        return page.misplaced(start, end, block)

    # -- what is decided ------------------------------------------------------------------------

    def said_at(self, start: int, end: int) -> tuple[str, ...]:
        """Return the words at a place as decisions know them."""
        from ..decisions import words_of as decided_words

        return decided_words(self.page.document.text[self.page.to_text(start) : self.page.end_in_text(end)])

    def allowed(
        self, entries: list[tuple[Key, int, int]], start: int, end: int
    ) -> tuple[list[tuple[Key, int, int]], Decision | None]:
        """Return the entries that no decision refuses for the words at a place, and one of the decisions that do."""
        assert self.ruling is not None
        words = self.said_at(start, end)
        left = []
        refused: Decision | None = None
        for each in entries:
            name = identifier(self.lists.entry(each[0]))
            found = self.ruling.on(words, name)
            if found is None or name in (found.entries if found.kind == "always" else ()):
                left.append(each)
            else:
                self.ruling.use(found)
                refused = refused or found
        return left, refused

    def with_decided(self, candidates: list[_Candidate]) -> list[_Candidate]:
        """Return candidates with those that decisions name, which take the place of others on the same words."""
        assert self.ruling is not None
        decided: dict[tuple[int, int], _Candidate] = {}
        for _, name in self.ruling.names:
            for start, end in self.occurrences(name):
                made = self.decided(start, end, name)
                if made is not None:
                    decided.setdefault((start, end), made)
        others = [one for one in candidates if (one.start, one.end) not in decided]
        return sorted([*others, *decided.values()], key=lambda one: (one.start, one.end))

    def occurrences(self, name: str) -> list[tuple[int, int]]:
        """Return where a name of a decision stands, whatever its case, accents and hyphens, as offsets in ``plain``."""
        from ..decisions import words_of as decided_words

        words = decided_words(name)
        if all(word.isascii() for word in words):
            joined = rb"(?:[\s-]|\. ){1,4}".join(re.escape(word.encode()) for word in words)
            pattern = re.compile(rb"(?<![A-Za-z0-9])%b(?![A-Za-z0-9]|-[A-Z])" % joined, re.IGNORECASE)
            return [hit.span() for hit in pattern.finditer(self.page.plain)]
        spaced = r"\s+".join(map(re.escape, words[0].split()))
        letters = re.compile(rf"(?<!\w){spaced}(?!\w)", re.IGNORECASE)
        place = self.page.folded.from_text
        return [(place(hit.start()), place(hit.end())) for hit in letters.finditer(self.page.document.text)]

    def decided(self, start: int, end: int, said: str) -> _Candidate | None:
        """Return the candidate at a place of whose words it is decided who is always meant by them."""
        assert self.ruling is not None
        block = self.page.block_at(start)
        found = self.ruling.meant(self.said_at(start, end)) if block >= 0 else None
        if found is None:
            return None
        decision, names = found
        keys = [key for name in names if (key := self.lists.key_named(name)) is not None]
        if not keys:
            return None
        entries = {key: self.lists.entry(key) for key in keys}
        person = any(entry.type == "person" for entry in entries.values())
        reason = self.place_against(start, end, block)
        if not reason and said != said.lower() and said.isascii() and not self.capitals(start, end):
            reason = _SMALL_LETTERS
        spot = Spot(self.prospects(self.page.blocks[block].article), start, end)
        listing = not reason and self.surroundings(spot, block, person=person).listing
        judged = tuple(
            Judged(key, entry, 1.0, _DECIDED, (decision.said,), "", strong=True, plain=True, listing=listing)
            for key, entry in entries.items()
        )
        if not reason:
            self.ruling.use(decision)
        family = self.family(start, end, set()) if person else ""
        known = self.facts(tuple(keys)).own
        return _Candidate(
            start, end, block, judged, reason, person, family if family.lower() in known else "", decision
        )

    # -- one name -------------------------------------------------------------------------------

    def weighed(
        self,
        place: Place,
        entries: list[tuple[Key, int, int]],
        start: int,
        end: int,
        block: int,
        *,
        person: bool,
    ) -> tuple[tuple[Judged, ...], str]:
        """Return the entries that a name may mean, best first, and why none of them is meant, empty if one is."""
        group = (self.page.blocks[block].article, tuple(entries))
        before = self.accepted.get(group)
        number = any(kind == IDENTIFIER for _, kind, _ in entries)
        if before is not None and not number and not self.longer_name(start, end, block, person=person)[0]:
            # Whom an article has named once it means again by the same name.
            return before, ""
        tries = self.tries.get(group, 0)
        if tries >= _MOST_TRIES:
            return (), f"ruled out {tries} times before in this article"
        one = place[0][1]
        if one.comma and person and self.in_a_row(start):
            return (), "one of several names in a row"
        prospects = self.prospects(group[0])
        spot = Spot(prospects, start, end)
        keys = tuple(key for key, _, _ in entries)
        known = self.everything or not self.named.get(group[0], _NOBODY).isdisjoint(keys)
        if not known and not prospects.of(spot, place, entries):
            self.tries[group] = tries + 1
            return tuple(Judged(key, self.lists.entry(key), 0.0, 0.0, (), _HOPELESS) for key in keys), _HOPELESS
        around = self.surroundings(spot, block, person=person)
        lists, same = alike(self.lists, place, entries)
        judged = [
            weigh(key, self.lists.entry(key), self.facts(same[key]), one, kind, flags, around, lists)
            for key, kind, flags in entries
        ]
        judged.sort(key=lambda each: (bool(each.against), -each.bits, each.entry.list, each.key))
        best = judged[0]
        reason = best.against
        if not reason and best.score < self.threshold:
            reason = f"score {best.score:.2f}, below the threshold of {self.threshold:g}"
        if reason:
            self.tries[group] = tries + 1
            return tuple(judged), reason
        fitting = [
            each
            for each in judged
            if (not each.against and each.score >= self.threshold and each.bits > best.bits - _TIE)
            or each.key in same[best.key]
            or (
                each.entry.list != best.entry.list
                and each.bits > best.bits - _APART
                and (self.is_same(best.key, each.key, one.bits, person=person) or self.is_first_of_both(best, each))
            )
        ]
        # The body of that very name is meant, not another that is called so too: al-Qaida in Iraq.
        first = [each for each in fitting if each.first]
        found = self.accepted[group] = tuple(
            each for each in fitting if each.first or not first or any(self.is_same_body(one, each) for one in first)
        )
        return found, ""

    def prospects(self, article: int) -> Prospects:
        """Return what an article could say for the names in it at most."""
        found = self._prospects.get(article)
        if found is None:
            low, high = self.article(article)
            found = self._prospects[article] = Prospects(self.lists, self.page.folded, low, high, self.threshold)
        return found

    def is_same(self, key: Key, other: Key, bits: int, *, person: bool) -> bool:
        """Tell whether entries that have the same name are taken for one person or body.

        A list that gives no country, or another one, names the same person by a name that hardly two bear.
        """
        mine, theirs = self.lists.entry(key), self.lists.entry(other)
        if mine.type != theirs.type and "unknown" not in {mine.type, theirs.type}:
            return False
        known, said = self.facts((key,)), self.facts((other,))
        if known.births and said.births:
            return any(abs(one - two) <= 1 for one in known.births for two in said.births)
        shared = self.shared(mine, theirs) >= _SHARED
        if not person and known.codes and said.codes and known.codes.isdisjoint(said.codes):
            # Whose programme is about another country may be the same one by its names.
            return shared and (known.of_programme or said.of_programme)
        if not person and _lands_of(known) & _lands_of(said):
            return True
        return shared or bits >= (_RARE if person else _RARE_BODY)

    def is_first_of_both(self, best: Judged, other: Judged) -> bool:
        """Tell whether a word is the whole name of two bodies that no country parts, of which the text is certain."""
        if not (best.strong and best.first and other.first) or other.against:
            return False
        mine, theirs = self.facts((best.key,)).codes, self.facts((other.key,)).codes
        return not (mine and theirs and mine.isdisjoint(theirs))

    def is_same_body(self, one: Judged, other: Judged) -> bool:
        """Tell whether an entry of another list names the body of an entry too, by more than one name."""
        if one.entry.list == other.entry.list:
            return False
        lands = _lands_of(self.facts((one.key,))) & _lands_of(self.facts((other.key,)))
        return bool(lands) or self.shared(one.entry, other.entry) >= _SHARED

    def capitals(self, start: int, end: int) -> bool:
        """Tell whether every word that has to be is written with a capital."""
        for hit in _WORD.finditer(self.page.plain, start, end):
            word = hit.group().decode("ascii")
            low = word.lower()
            if word[0].islower() and low not in PARTICLES and low not in _SMALL and low not in legal.forms():
                # The second half of a name with a hyphen may be small: "Yong-chol", "Al-qaida".
                if self.page.plain[hit.start() - 1 : hit.start()] == b"-" and hit.start() > start:
                    continue
                return False
        return True

    def family(self, start: int, end: int, kinds: set[int]) -> str:
        """Return the word by which an article goes on to speak of a person."""
        words = [hit.group().decode("ascii") for hit in _WORD.finditer(self.page.plain, start, end)]
        solid = [word.removesuffix("'s") for word in words if word.lower() not in PARTICLES]
        if len(solid) < 2 or not kinds.isdisjoint({IDENTIFIER, SCRIPT}):
            return ""
        return solid[0] if SPOKEN not in kinds and SWAPPED in kinds else solid[-1]

    # -- evidence -------------------------------------------------------------------------------

    def is_named(self, start: int, end: int, spot: tuple[int, int]) -> bool:
        """Tell whether a name is that of a noun group, or stands at its end: "Minister of Ships of Cuba Lumensky"."""
        low, high = spot
        return (low < end and start < high) or _TITLE.fullmatch(self.page.plain, high, max(high, start)) is not None

    def listed_there(self, start: int, end: int, block: int) -> frozenset[str]:
        """Return the authorities of which the sentence says that they list the one who is named there."""
        reader = self.statements.reader(block, start) if self.rulebook.lexicon.actors else None
        found: set[str] = set()
        for said in reader.all() if reader is not None else ():
            if said.status != "asserted" or not said.existing or said.act not in _LISTS:
                continue
            if any(self.is_named(start, end, spot) for spot in said.spots):
                found.update(said.authority.actors)
        return frozenset(found)

    def surroundings(self, spot: Spot, block: int, *, person: bool) -> Around:
        """Return what stands near a place, each thing looked at once for all entries, when it is first asked for."""
        page = self.page
        plain, start, end = page.plain, spot.start, spot.end
        low, high = page.reach(block, start)
        low, high = max(low, start - REACH), min(max(high, end), end + REACH)
        article = page.blocks[block].article
        near = plain[low:high]
        before, after = plain[max(low, start - 160) : start], plain[end : end + 120]
        longer = self.longer_name(start, end, block, person=person)
        shouted = near.isupper()
        acronym = not shouted and plain[start:end].isupper() and end - start > _SHORTEST_ACRONYM
        around = Around(
            near=lambda: near,
            words=lambda: f" {' '.join(page.fold[low + 1 : high + 1].decode('latin-1').split())} ",
            bag=lambda: frozenset(around.words.split()),
            born=lambda: births_in(near)[0],
            ages=lambda: births_in(near)[1],
            before=lambda: before,
            text=lambda: spot.text,
            listing=lambda: spot.listing and speaks_of_lists(near, 0, len(near)),
            listed_by=lambda: self.listed_there(start, end, block) if around.listing else frozenset(),
            listing_far=lambda: self.prospects(article).listing,
            part=lambda: longer[0],
            part_why=lambda: longer[1],
            legal=lambda: not person and spot.legal,
            sentence_start=lambda: (
                not acronym and (shouted or not _WORD.search(plain, page.sentence(block, start)[0], start))
            ),
            acronym=lambda: acronym,
            land=lambda: self.land(start, end),
            spelt_out=lambda: acronym and self.spelt_out(start, end, article),
            cited=lambda: (
                _CITED.match(plain, end) is not None and plain[max(0, start - 3) : start].rstrip()[-1:].isdigit()
            ),
            nasab=lambda: _NASAB.search(plain, start, end) is not None,
            beside=lambda: (
                beside_all(page, start, end, block, self.repeats(article).of(plain[start:end]))
                if person
                else beside(page, start, end, block)
            ),
            any_land=lambda: self.names_lands(article),
            quoted=lambda: plain[start - 1 : start] in _QUOTES and plain[end : end + 1] in _QUOTES,
            after=lambda: after,
            named=lambda: self.named.get(article, _NOBODY),
            says=lambda: partial(self.says, article),
            year=lambda: self.year,
            shipping=lambda: spot.shipping and speaks_of_ships(near, 0, len(near)),
            ship=lambda: calls_a_ship(before, after),
        )
        return around

    def longer_name(self, start: int, end: int, block: int, *, person: bool) -> tuple[float, str]:
        """Return what it counts against a name that capitalised neighbours make it part of a longer one."""
        after, goes_on = self.goes_on(end if person else legal.ends(self.page.plain, end), person=person)
        before, stands = self.stands_behind(start, block, person=person)
        return after + before, "; ".join(filter(None, (goes_on, stands)))

    def goes_on(self, end: int, *, person: bool) -> tuple[float, str]:
        """Return what it counts against a name that it seems to go on, and how."""
        plain = self.page.plain
        joint = plain[end : end + 1]
        hit = _WORD.match(plain, end + 1) if joint in {b" ", b"-"} else None
        if _TICKER.match(plain, end) and not _STOPPED_TEXT.search(plain, max(0, end - 3), end):
            return 14.0, "a stock's sign"
        if hit is None:
            return 0.0, ""
        word = hit.group().decode("ascii").removesuffix("'s")
        low = word.lower()
        other = low in PARTICLES or (low not in _AFTER and not (person and _ordinary(low)))
        if low in PARTICLES and word[0].islower() and person:
            further = _WORD.match(plain, hit.end() + 1) if plain[hit.end() : hit.end() + 1] in {b" ", b"-"} else None
            if further is not None and further.group()[:1].isupper() and low in _OF_NAMES:
                return 14.0, f"goes on with {word} {further.group().decode('ascii')}"
        if joint == b"-" and word.isdigit():
            return 8.0, f"goes on with -{word}"
        if word[0].isupper() and other:
            return (14.0 if person else 8.0), f"goes on with {word}"
        follows = plain[hit.end() : hit.end() + 2]
        if low == "of" and not person and follows[:1] == b" " and follows[1:].isupper():
            return 5.0, "goes on with of"
        if joint == b"-" and low in _BOUND:
            return 0.0, ""
        if joint == b"-" and word[0].islower():
            # "Kim Jong-il", but "Kim-led".
            return (25.0 if person and not _ordinary(low) else 6.0), f"goes on with -{word}"
        return 0.0, ""

    def stands_behind(self, start: int, block: int, *, person: bool) -> tuple[float, str]:
        """Return what it counts against a name that a capitalised word stands before it, and which."""
        page = self.page
        plain = page.plain
        if start < 1 or plain[start - 1 : start] not in {b" ", b"-"}:
            return 0.0, ""
        before = page.fold[max(0, start - 40) + 1 : start].split(b" ")[-1].decode("latin-1")
        at = start - 1 - len(before)
        if person and before in _OF_NAMES and plain[at : at + 1].islower() and plain[at - 1 : at] in {b" ", b"-"}:
            name = _LAST_WORD.search(plain, max(0, at - 40), at)
            if name is not None and name.group(1)[:1].isupper() and name.group(1).lower() not in TITLES:
                return 16.0, f"stands behind {before}"
        if not before or before == "s" or before.isdigit() or not plain[at : at + 1].isupper():
            return 0.0, ""
        starts = at == page.sentence(block, start)[0]
        if before.encode("latin-1") in TITLES or before in HONORIFICS or before in _BEFORE or _place(before):
            return 0.0, ""
        if person and not _ordinary(before) and not (starts and before in _SMALL):
            return 10.0, f"stands behind {before.capitalize()}"
        if not person and not starts and before not in _BESIDE_BODIES:
            return 12.0, f"stands behind {before.capitalize()}"
        return 0.0, ""

    def spelt_out(self, start: int, end: int, article: int) -> bool:
        """Tell whether an article spells an acronym out: "Zarya Star Office (ZSO)", "the Zarya Star Office, or ZSO"."""
        plain = self.page.plain
        letters = plain[start:end]
        low = _latin(letters).lower()
        for at in islice(self.repeats(article).of(letters), _MOST_TRIES):
            if plain[at - 1 : at] == b"(" or plain[max(0, at - 5) : at] == b", or ":
                words = [_latin(hit.group()) for hit in _WORD.finditer(plain, max(0, at - 120), at)]
                initials = "".join(word[0].lower() for word in words if word[0].isupper())
                every = "".join(word[0].lower() for word in words)
                if initials.endswith(low) or every.endswith(low) or _hidden(low, initials[-len(low) - 2 :]):
                    return True
        return False

    def land(self, start: int, end: int) -> frozenset[str]:
        """Return the country whose name, or word for its people, stands right before a name or behind "of" after it."""
        plain = self.page.plain
        if plain[start - 1 : start] == b" ":
            words = tokens(_latin(plain[max(0, start - 40) : start - 1]))
            for size in (3, 2, 1):
                found = lands(" ".join(words[-size:])) if len(words) >= size else frozenset()
                if found and _ends_in_land(words[-size:]):
                    return found
        if plain[end : end + 4] == b" of ":
            return lands(" ".join(tokens(_latin(plain[end + 4 : end + 40]))[:3]))
        return frozenset()

    def article(self, number: int) -> tuple[int, int]:
        """Return where an article starts and ends."""
        if not self._articles:
            for index, block in enumerate(self.page.blocks):
                low, high = self._articles.get(block.article, (self.page.block_starts[index], 0))
                self._articles[block.article] = (low, max(high, self.page.block_ends[index]))
        return self._articles[number]

    def repeats(self, article: int) -> Repeats:
        """Return where the names of an article stand in it."""
        found = self._repeats.get(article)
        if found is None:
            low, high = self.article(article)
            found = self._repeats[article] = Repeats(self.page.plain, low, high, partial(self.sought, low, high))
        return found

    def sought(self, low: int, high: int) -> Sought:
        """Return what may be looked for of the names found in a stretch of the text."""
        plain = self.page.plain
        names: set[bytes] = set()
        words: set[bytes] = set()
        first, last = (bisect_left(self._places, offset, key=_start_of) for offset in (low, high))
        for place in self._places[first:last]:
            start, end = place[0][1].start, place[0][1].end
            kinds = {kind for _, one in place for _, kind, _ in one.entries}
            name = plain[start:end]
            if any(flags & PERSON for _, one in place for _, _, flags in one.entries):
                names.add(name)
                words.add(self.family(start, end, kinds).encode())
            elif name.isupper():
                names.add(name)
            said = _WORD.findall(name)
            if said and all(_latin(each).lower() in PARTICLES for each in said[:-1]):
                words.add(said[-1])
        return Sought(names, words)

    def says(self, article: int, cues: tuple[str, ...]) -> bool:
        """Tell whether an article has any of these words anywhere."""
        words = self.prospects(article).words
        return any(cue in words if " " not in cue else self.has_phrase(article, cue) for cue in cues)

    def has_phrase(self, article: int, phrase: str) -> bool:
        """Tell whether an article has some words in a row."""
        found = self._spoken.get((article, phrase))
        if found is None:
            low, high = self.article(article)
            found = self.page.fold.find(f" {phrase} ".encode(), low, high + 2) >= 0
            self._spoken[article, phrase] = found
        return found

    def facts(self, keys: tuple[Key, ...]) -> Facts:
        """Return what entries on one person or body say that a text may say too."""
        return facts_of(self.lists, keys)

    def in_a_row(self, start: int) -> bool:
        """Tell whether a family name with a comma behind it is the end of a name: "Usama bin Ladin, Osama"."""
        plain = self.page.plain
        before = _LAST_WORD.search(plain, max(0, start - 40), start)
        if before is None:
            return False
        word = before.group(1)
        return (word[:1].isupper() and word.lower() not in TITLES) or word.decode("ascii").lower() in PARTICLES

    def names_lands(self, article: int) -> bool:
        """Tell whether an article speaks of any country."""
        found = self._lands.get(article)
        if found is None:
            found = self._lands[article] = not self.prospects(article).words.isdisjoint(country_words())
        return found

    # -- all together ---------------------------------------------------------------------------

    def beside(
        self, accepted: list[_Candidate], mentions: Sequence[Mention]
    ) -> tuple[list[_Candidate], list[_Candidate]]:
        """Return the candidates that the rules' mentions leave, and those that they do not.

        Where a rule's listing stands, entries of authorities that it knows of fall away; inside any other
        mention of a rule a name is part of something else.
        """
        own = [m for m in mentions if not m.ruled_out and m.kind != "claim"]
        own.sort(key=lambda m: m.start)
        # What spans a page is looked at each time, so that all others need a short look only.
        wide = [m for m in own if m.end - m.start > _WIDE]
        own = [m for m in own if m.end - m.start <= _WIDE]
        starts = [m.start for m in own]
        left: list[_Candidate] = []
        beaten: list[_Candidate] = []
        of_rules: dict[tuple[int, Key], Mention] = {}
        to_text = self.page.to_text
        for one in accepted:
            start, end = to_text(one.start), self.page.end_in_text(one.end)
            rivals = wide[:_MOST_TRIES] + own[bisect_left(starts, start - _WIDE) : bisect_left(starts, end)]
            reason = ""
            for rival in rivals:
                if rival.end <= start or rival.start >= end:
                    continue
                listed = self.listed_by(rival)
                if listed:
                    self.fill_up(rival, one, listed)
                    article = self.page.blocks[one.block].article
                    of_rules |= {(article, each.key): rival for each in one.judged}
                    reason = f"the rules' own listing {rival.rule} says it"
                    break
                inside = rival.start <= start and end <= rival.end and rival.end - rival.start > end - start
                if inside and one.decided is None:
                    reason = f"part of a mention of {rival.rule}"
                    break
            if reason:
                beaten.append(one._replace(ruled_out=reason))
            else:
                left.append(one)
        free = []
        for one in left:
            # Whom a rule's listing names elsewhere in the article the same note is on.
            rule = of_rules.get((self.page.blocks[one.block].article, one.judged[0].key))
            if rule is None:
                free.append(one)
            else:
                self.again.append((one, rule))
        return free, beaten

    def filled(self, rival: Mention) -> dict[str, str]:
        """Return the field that names the entries from which a rule's listing is filled up."""
        if not self.also:
            return {}
        block = self.page.block_at(self.page.folded.from_text(rival.start))
        ids = self.also.get((self.page.blocks[block].article, rival.rule)) if block >= 0 else None
        return {ALSO: "|".join(ids)} if ids else {}

    def fill_up(self, rival: Mention, one: _Candidate, listed: frozenset[str]) -> None:
        """Keep for a rule's mention the entries of authorities that its listing says nothing of, where each is one."""
        by_list: dict[str, list[Judged]] = {}
        for each in one.judged:
            if each.entry.jurisdiction not in listed:
                by_list.setdefault(each.entry.list, []).append(each)
        found = [
            identifier(ones[0].entry)
            for ones in by_list.values()
            if all(self.are_one(ones[0], other) for other in ones[1:])
        ]
        if found:
            self.also.setdefault((self.page.blocks[one.block].article, rival.rule), tuple(found))

    def together(self, accepted: list[_Candidate]) -> list[_Candidate]:
        """Return candidates that are judged by all that an article says: who is certain once is so everywhere in it."""
        certain: dict[tuple[int, Key], _Candidate] = {}
        for one in accepted:
            if self.is_certain(one):
                for each in one.judged:
                    certain.setdefault((self.page.blocks[one.block].article, each.key), one)
        result = []
        for one in accepted:
            first = certain.get((self.page.blocks[one.block].article, one.judged[0].key))
            if first is not None and self.ruling:
                first = first._replace(judged=self.not_refused(first.judged, one))
            if first is None or not first.judged or self.is_certain(one):
                result.append(one)
            else:
                best = one.judged[0]
                judged = tuple(
                    each._replace(why=(*best.why, "certain elsewhere in the article")) for each in first.judged
                )
                result.append(one._replace(judged=judged))
        return result

    def not_refused(self, judged: tuple[Judged, ...], one: _Candidate) -> tuple[Judged, ...]:
        """Return those of some entries that no decision refuses for the words of a candidate."""
        kept, _ = self.allowed([(each.key, 0, 0) for each in judged], one.start, one.end)
        keys = {key for key, _, _ in kept}
        return tuple(each for each in judged if each.key in keys)

    def is_certain(self, one: _Candidate) -> bool:
        """Tell whether more than the name agrees, and one person or body alone is meant."""
        return any(each.strong and each.score >= CERTAIN for each in one.judged) and not self.differ(one.judged)

    def listed_by(self, mention: Mention) -> frozenset[str]:
        """Return the authorities that list the person or body of a rule's mention, as the rules know."""
        found: set[str] = set()
        for name in mention.note_ids:
            data = self.rulebook.note(name.partition("/")[0])
            found.update(entry["by"] for entry in data.get("entries", ()) if entry.get("listed", True))
        return frozenset(found)

    def short_names(
        self, accepted: list[_Candidate], candidates: list[_Candidate], mentions: Sequence[Mention]
    ) -> list[_Candidate]:
        """Return the places where an article goes on to speak of an accepted person by the family name."""
        people: dict[tuple[int, str], _Candidate] = {}
        bearers: dict[tuple[int, str], set[Key]] = {}
        for one in accepted:
            if one.person and one.family and len(one.family) > 2 and not _ordinary(one.family.lower()):
                name = (self.page.blocks[one.block].article, one.family)
                people.setdefault(name, one)
                bearers.setdefault(name, set()).add(one.judged[0].key)
        if not people:
            return []
        spans = [(c.start, c.end) for c in candidates if c.end - c.start > len(c.family)]
        spans += [(self.page.folded.from_text(m.start), self.page.folded.from_text(m.end)) for m in mentions]
        spans.sort()
        starts = [start for start, _ in spans]
        furthest = list(accumulate((end for _, end in spans), max))
        plain = self.page.plain
        result = []
        for start, end in _standing({family.encode() for _, family in people}, plain, accepted[0].end):
            block = self.page.block_at(start)
            if not self.page.live(block):
                continue
            name = (self.page.blocks[block].article, _latin(plain[start:end]))
            full = people.get(name)
            if full is None or full.end > start or len(bearers[name]) > 1:
                continue
            if self.bearer(full._replace(start=start, end=end), plain[start:end]):
                continue
            before = bisect_left(starts, end)
            if before and furthest[before - 1] > start:
                continue
            if self.page.protected_starts and self.page.is_protected(start, end):
                continue
            if self.longer_name(start, end, block, person=True)[0]:
                continue
            judged = tuple(
                each._replace(why=(*each.why, "short for the name that stands before it")) for each in full.judged
            )
            result.append(_Candidate(start, end, block, judged, "", person=True, family=full.family))
        return result

    def differ(self, judged: Sequence[Judged]) -> bool:
        """Tell whether one list has several persons or bodies of a name; twice the same one counts as one."""
        by_list: dict[str, list[Judged]] = {}
        for each in judged:
            by_list.setdefault(each.entry.list, []).append(each)
        return any(not self.are_one(first, other) for first, *others in by_list.values() for other in others)

    def are_one(self, first: Judged, other: Judged) -> bool:
        """Tell whether two entries of one list are of one person or body, listed twice."""
        mine, theirs = self.facts((first.key,)).births, self.facts((other.key,)).births
        if mine and theirs:
            return any(abs(one - two) <= 1 for one in mine for two in theirs)
        # Two men may bear one name; hardly two aliases.
        if first.entry.type == "person":
            return self.shared(first.entry, other.entry) >= _SHARED
        if self.shared(first.entry, other.entry):
            return True
        # A list has a body once for each programme at most, in whatever form; under one there are two of them.
        parted = set(first.entry.programmes).isdisjoint(other.entry.programmes)
        return parted and not _bodies(first.entry).isdisjoint(_bodies(other.entry))

    def shared(self, one: Entry, other: Entry) -> int:
        """Return how many names two entries have in common, accents, case and signs aside."""
        names = {tuple(tokens(name.text)) for name in one.names}
        return len(names.intersection(tuple(tokens(name.text)) for name in other.names) - {()})

    def mention(self, one: _Candidate) -> Mention:
        """Return the mention of a candidate."""
        best = one.judged[0]
        to_text = self.page.to_text
        ids = tuple(dict.fromkeys(identifier(each.entry) for each in one.judged))
        certain = self.is_certain(one)
        fields = {
            "name": shown_name(
                [each.entry for each in one.judged], self.page.document.text[to_text(one.start) : to_text(one.end)]
            ),
            "match": "certain" if certain else "name",
            "score": f"{best.score:.2f}",
        }
        if best.listing:
            fields["listing"] = "beside"
        if self.differ(one.judged):
            fields["several"] = "yes"
        if one.decided is not None:
            fields["decision"] = f"{one.decided.kind}; {one.decided.by}, {one.decided.date}"
        why = list(best.why)
        if len(ids) > 1:
            why.append(f"fits {len(ids)} entries: {', '.join(ids[:6])}" + (" …" if len(ids) > 6 else ""))
        if (one.start, one.end) in self.refused:
            why.append(f"of another entry: {self.refused[one.start, one.end].said}")
        return Mention(
            to_text(one.start),
            self.page.end_in_text(one.end),
            ids[0],
            "listing",
            fields,
            ids,
            tuple(why),
            one.ruled_out,
        )


def _lands_of(facts: Facts) -> frozenset[str]:
    """Return the countries that an entry itself gives: its programme may be about another."""
    return frozenset() if facts.of_programme else facts.codes


def _bodies(entry: Entry) -> set[tuple[str, ...]]:
    """Return the names of a body without its legal form, and without the acronym that a list puts behind it."""
    return {tuple(legal.bare(tokens(_ACRONYM_BEHIND.sub("", name.text)))) for name in entry.names}


def _start_of(place: Place) -> int:
    return place[0][1].start


def _standing(names: set[bytes], plain: bytes, low: int) -> list[tuple[int, int]]:
    """Return where names stand in a text from an offset on, as words of their own, the longest where several do."""
    found: dict[int, int] = {}
    for start, end, _ in find_all(list(names), plain, low, len(plain)):
        if plain[start - 1 : start] not in _WITHIN_BEFORE and plain[end : end + 1] not in _WITHIN_AFTER:
            found[start] = max(end, found.get(start, 0))
    return sorted(found.items())


def _settled(accepted: list[_Candidate]) -> list[_Candidate]:
    """Return candidates of which none overlaps another: the longer wins, then the better, then the first."""
    taken: list[_Candidate] = []
    spans: list[tuple[int, int]] = []
    for one in sorted(accepted, key=lambda c: (c.start - c.end, -c.judged[0].bits, c.start)):
        index = bisect_left(spans, (one.end, -1))
        if index and spans[index - 1][1] > one.start:
            continue
        spans.insert(index, (one.start, one.end))
        taken.append(one)
    return sorted(taken, key=lambda c: c.start)


def _latin(text: bytes) -> str:
    return text.decode("latin-1")


def _no_given_name(word: str) -> bool:
    """Tell whether a word before a family name is a title, a place or any other that is no name of a person."""
    if word.encode() in TITLES or word in HONORIFICS or word in _BEFORE or word in PARTICLES or word in _SMALL:
        return True
    return _ordinary(word) or _place(word)


def _hidden(letters: str, initials: str) -> bool:
    """Tell whether letters stand among initials in their order: "HTS" of "Hay'at Tahrir Al-Sham"."""
    left = iter(initials)
    return len(letters) > _SHORTEST_ACRONYM and all(letter in left for letter in letters)


def _ordinary(word: str) -> bool:
    found = frequencies().get(word)
    return found is not None and found[1]


def _ends_in_land(words: list[str]) -> bool:
    """Tell whether the last of some words is one of a country's name, or of the word for its people."""
    return bool(lands(" ".join(words))) and lands(" ".join(words[:-1])) != lands(" ".join(words))


def _place(word: str) -> bool:
    return bool(lands(word)) or word in {"s", "the"}
