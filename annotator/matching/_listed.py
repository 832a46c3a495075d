"""Names of sanctions lists in a document: which of the forms found are taken for an entry, and why.

A name alone proves nothing: each form found gets a score, from how much the name tells (length and rarity of
its words), how it stands there (capitals, part of a longer name) and what the article says near it (country,
position, birth, words of listing). ``docs/names.md`` describes the score; it is set up as bits of evidence.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from ..lists.forms import BARE, CORE, IDENTIFIER, INITIAL, KINDS, SCRIPT, SHORT, SPOKEN, SWAPPED
from ..lists.places import countries, cues_of
from ..lists.rarity import frequencies
from ..lists.spelling import HONORIFICS, LEGAL_FORMS, PARTICLES, normal, tokens
from ..lists.index import PERSON, VESSEL, WEAK
from ..lists.opened import Key, identifier
from ..model import Mention
from ._names import TITLES
from ._page import Page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ..folding import Folded
    from ..lists.entries import Entry
    from ..lists.index import Found
    from ..lists.opened import Lists
    from ..model import Document
    from ..rulebook import Rulebook

THRESHOLD = 0.5
CERTAIN = 0.9
_NEED = {True: 23.0, False: 15.0}  # bits that a person's, a body's name needs to stand alone at even odds
_BITS_A_HALVING = 3.0
_DISCOUNT = {SHORT: 7.0, INITIAL: 8.0, CORE: 2.0, SCRIPT: -6.0, BARE: 0.0, SWAPPED: 0.0, SPOKEN: 0.0}
_MOST_ENTRIES = 24
_REACH = 400
_DISTINCT = 22  # a person's name of fewer bits is common
_WORD = re.compile(rb"[A-Za-z0-9]+(?:'[A-Za-z0-9]+)*")
_SMALL = frozenset("of the and for in on to a an or by with from de la du des et und der die das y e".split())
_LIST_WORDS = re.compile(
    rb"\b(?:sanction(?:s|ed|ing)?|designat(?:e|es|ed|ing|ion|ions)|blacklist(?:s|ed|ing)?|OFAC|SDN|Specially Designated"
    rb"|asset freezes?|freez(?:e|es|ing)|froze|frozen|blocked|travel bans?|Treasury|Executive Order|E\.O\.|watchlist"
    rb"|sanctions list|delist(?:ed|ing)?|terrorist (?:organi[sz]ation|group)s?|Magnitsky)\b"
)
_VESSEL_WORDS = re.compile(
    rb"\b(?:vessels?|ships?|tankers?|freighters?|cargo|yachts?|IMO|flag(?:ged)?|M/?V|M/?T|bulk carrier|sail(?:ed|ing)?)\b"
)
_CRAFT_WORDS = re.compile(rb"\b(?:aircraft|airplanes?|planes?|jets?|tail number|Boeing|Airbus|helicopters?)\b")
_AGE = re.compile(rb"\b(?:aged? (\d\d)|(\d\d)[- ]years?[- ]old)\b|, (\d\d),")
_BORN = re.compile(rb"\bborn\b[^.;]{0,40}?\b(1[89]\d\d|20[01]\d)\b")
_YEAR = re.compile(r"\b(1[89]\d\d|20[01]\d)\b")
_STOP = frozenset(
    "former deputy head member chief director general minister president chairman chairwoman commander officer leader"
    " state first national committee department board council office of the and for in republic federation russian"
    " iranian syrian russia iran syria since until with military security ministry affairs senior secretary".split()
)


class _Judged(NamedTuple):
    """What is held for and against an entry at a place."""

    key: Key
    entry: Entry
    score: float
    bits: float
    why: tuple[str, ...]
    against: str
    strong: bool  # evidence of identity beyond the name
    plain: bool = False  # neither a weak alias nor a single word


class _Candidate(NamedTuple):
    """A place with the entries that it may name, best first."""

    start: int
    end: int
    block: int
    judged: tuple[_Judged, ...]
    ruled_out: str
    person: bool
    family: str


def find_listed(  # noqa: PLR0913 - what one run was given
    document: Document,
    rulebook: Rulebook,
    folded: Folded,
    lists: Lists,
    mentions: Sequence[Mention],
    *,
    threshold: float = THRESHOLD,
    as_of: str | None = None,
    everything: bool = False,
    selected: Callable[[str], bool] | None = None,
) -> list[Mention]:
    """Return the mentions of entries of ``lists``; ``mentions`` are those of the rules, which go before.

    ``threshold`` is the least score, between 0 and 1. ``as_of`` is the day from which ages are told. With
    ``everything`` also what was ruled out. ``selected`` keeps entries by id.
    """
    found = lists.find(folded)
    if not found:
        return []
    return _Listed(document, rulebook, folded, lists, threshold, as_of, selected).run(found, mentions, everything)


class _Listed:
    def __init__(  # noqa: PLR0913
        self,
        document: Document,
        rulebook: Rulebook,
        folded: Folded,
        lists: Lists,
        threshold: float,
        as_of: str | None,
        selected: Callable[[str], bool] | None,
    ) -> None:
        self.page = Page(document, rulebook, folded)
        self.rulebook = rulebook
        self.lists = lists
        self.threshold = threshold
        self.year = int(as_of[:4]) if as_of else 0
        self.selected = selected
        self._articles: dict[int, tuple[int, int]] = {}
        self._words: dict[int, set[str]] = {}
        self._spoken: dict[tuple[int, tuple[str, ...]], bool] = {}
        self._listing: dict[int, bool] = {}
        self._facts: dict[Key, _Facts] = {}
        self.named: dict[int, set[Key]] = {}

    def run(
        self, found: Sequence[tuple[int, Found]], mentions: Sequence[Mention], everything: bool  # noqa: FBT001
    ) -> list[Mention]:
        """Return the mentions, in order of place."""
        judged = [(place, self.judge(place)) for place in _places(found)]
        # What is named in full once supports an acronym or a weak alias of it in the same article.
        for one in (one for _, one in judged if one is not None and not one.ruled_out and one.judged[0].plain):
            self.named.setdefault(self.page.blocks[one.block].article, set()).update(each.key for each in one.judged)
        candidates = []
        for place, one in judged:
            if one is not None and one.ruled_out and any(
                each.key in self.named.get(self.page.blocks[one.block].article, ()) for each in one.judged
            ):
                again = self.judge(place)
                candidates.append(one if again is None else again)
            elif one is not None:
                candidates.append(one)
        accepted = self.settled([one for one in candidates if not one.ruled_out], candidates)
        accepted, beaten = self.beside(accepted, mentions)
        short = self.short_names(accepted, candidates, mentions)
        result = [self.mention(one) for one in [*accepted, *short]]
        if everything:
            kept = {(one.start, one.end) for one in accepted}
            result += [self.mention(one) for one in beaten]
            result += [self.mention(one) for one in candidates if one.ruled_out and (one.start, one.end) not in kept]
        result.sort(key=lambda mention: (mention.start, mention.end, mention.rule))
        return result

    # -- one place ------------------------------------------------------------------------------

    def judge(self, place: list[tuple[int, Found]]) -> _Candidate | None:
        """Weigh the entries that one stretch of text may name."""
        page = self.page
        one = place[0][1]
        start, end = one.start, one.end
        block = page.block_at(start)
        if block < 0:
            return None
        entries = self.entries(place)
        if not entries:
            return None
        person = any(flags & PERSON for _, _, flags in entries)
        kinds = {kind for _, kind, _ in entries}
        reason = ""
        if not page.live(block):
            reason = "in site furniture (navigation, tags, related posts, credits)"
        elif end > page.block_ends[page.run_of(block)[1]]:
            reason = "runs over the end of the paragraph"
        elif page.protected_starts and page.is_protected(start, end):
            reason = "in code, a link target or other protected text"
        elif kinds.isdisjoint({IDENTIFIER, SCRIPT}) and not self.capitals(start, end):
            reason = "not written with capitals, as a name is"
        judged: list[_Judged] = []
        if not reason:
            around = self.surroundings(start, end, block, person=person)
            judged = [self.weigh(key, kind, flags, one, around, kinds) for key, kind, flags in entries]
            judged.sort(key=lambda each: (bool(each.against), -each.bits, each.entry.list, each.key))
            best = judged[0]
            if best.against:
                reason = best.against
            elif best.score < self.threshold:
                reason = f"score {best.score:.2f}, below the threshold of {self.threshold:g}"
            else:
                judged = [
                    each
                    for each in judged
                    if not each.against and each.score >= self.threshold and each.bits > best.bits - _TIE
                ]
        else:
            judged = [
                _Judged(key, self.lists.entry(key), 0.0, 0.0, (), reason, strong=False) for key, _, _ in entries[:1]
            ]
        family = self.family(start, end, kinds) if person else ""
        return _Candidate(start, end, block, tuple(judged), reason, person, family)

    def entries(self, place: list[tuple[int, Found]]) -> list[tuple[Key, int, int]]:
        """Return the entries of the forms at a place that take part, each once, the better forms first."""
        best: dict[Key, tuple[int, int]] = {}
        for store, one in place:
            for number, kind, flags in one.entries:
                key = Key(store, number)
                rank = (flags & WEAK, kind)
                if key not in best or rank < (best[key][1] & WEAK, best[key][0]):
                    best[key] = (kind, flags)
        ranked = sorted(best.items(), key=lambda item: (item[1][1] & WEAK, item[1][0], item[0]))
        result = []
        for key, (kind, flags) in ranked:
            if self.selected is None or self.selected(identifier(self.lists.entry(key))):
                result.append((key, kind, flags))
                if len(result) >= _MOST_ENTRIES:
                    break
        return result

    def capitals(self, start: int, end: int) -> bool:
        """Tell whether every word that has to be is written with a capital."""
        for hit in _WORD.finditer(self.page.plain, start, end):
            word = hit.group().decode("ascii")
            low = word.lower()
            if word[0].islower() and low not in PARTICLES and low not in _SMALL and low not in LEGAL_FORMS:
                # The second half of a name with a hyphen may be small: "Yong-chol", "Al-qaida".
                if self.page.plain[hit.start() - 1 : hit.start()] == b"-" and hit.start() > start:
                    continue
                return False
        return True

    def family(self, start: int, end: int, kinds: set[int]) -> str:
        """Return the word by which an article goes on to speak of a person."""
        words = [hit.group().decode("ascii") for hit in _WORD.finditer(self.page.plain, start, end)]
        solid = [word.removesuffix("'s") for word in words if word.lower() not in PARTICLES]
        if len(solid) < 2 or not kinds.isdisjoint({IDENTIFIER, SCRIPT}):  # noqa: PLR2004
            return ""
        return solid[0] if SPOKEN not in kinds and SWAPPED in kinds else solid[-1]

    # -- evidence -------------------------------------------------------------------------------

    def surroundings(self, start: int, end: int, block: int, *, person: bool) -> _Around:
        """Return what stands near a place, looked at once for all entries."""
        page = self.page
        low, high = page.reach(block, start)
        low, high = max(low, start - _REACH), min(max(high, end), end + _REACH)
        article = page.blocks[block].article
        near = page.plain[low:high]
        words = " " + " ".join(page.fold[low + 1 : high + 1].decode("latin-1").split()) + " "
        against, why = self.longer_name(start, end, block, person=person)
        legal = not person and self.legal_form(start, end)
        first = page.sentence(block, start)[0]
        shouted = near.isupper()
        lone_capital = shouted or not _WORD.search(page.plain, first, start)
        acronym = not shouted and page.plain[start:end].isupper() and end - start > _SHORTEST_ACRONYM
        return _Around(
            article=article,
            near=near,
            words=words,
            before=page.plain[max(low, start - 60) : start],
            after=page.plain[end : min(high, end + 60)],
            listing=bool(_LIST_WORDS.search(near)),
            listing_far=self.speaks_of_lists(article),
            part=against,
            part_why=why,
            legal=legal,
            sentence_start=lone_capital and not acronym,
            acronym=acronym,
            land=self.land(start, end),
            spelt_out=acronym and self.spelt_out(start, end),
            nasab=bool(_NASAB.search(page.plain, start, end)),
        )

    def longer_name(self, start: int, end: int, block: int, *, person: bool) -> tuple[float, str]:
        """Return what it counts against a name that capitalised neighbours make it part of a longer one."""
        page = self.page
        plain = page.plain
        lost, why = 0.0, ""
        if plain[end : end + 1] in {b" ", b"-"}:
            hit = _WORD.match(plain, end + 1)
            if hit is not None:
                word = hit.group().decode("ascii").removesuffix("'s")
                low = word.lower()
                follows = plain[hit.end() : hit.end() + 2]
                if word[0].isupper() and (low in PARTICLES or (low not in _AFTER and not (person and _ordinary(low)))):
                    lost, why = (14.0 if person else 8.0), f"goes on with {word}"
                elif low == "of" and not person and follows[:1] == b" " and plain[hit.end() + 1 : hit.end() + 2].isupper():
                    lost, why = 5.0, "goes on with of"
                elif plain[end : end + 1] == b"-" and word[0].islower():
                    lost, why = 6.0, f"goes on with -{word}"
        if start > 1 and plain[start - 1 : start] in {b" ", b"-"}:
            before = page.fold[max(0, start - 40) + 1 : start].split(b" ")[-1].decode("latin-1")
            at = start - 1 - len(before)
            sentence = page.sentence(block, start)[0]
            if before and before != "s" and plain[at : at + 1].isupper() and not plain[at : start - 1].isdigit():
                titled = before.encode() in TITLES or before in HONORIFICS or before in _BEFORE
                if person and not titled and not (_ordinary(before) or at == sentence and before in _SMALL):
                    lost, why = lost + 10.0, f"{why}; " * bool(why) + f"stands behind {before.capitalize()}"
                elif not person and not titled and at > sentence and before not in _BESIDE_BODIES and not _place(before):
                    lost, why = lost + 8.0, f"{why}; " * bool(why) + f"stands behind {before.capitalize()}"
        return lost, why

    def spelt_out(self, start: int, end: int) -> bool:
        """Tell whether an acronym in brackets stands behind words with its initials."""
        plain = self.page.plain
        if plain[start - 1 : start] != b"(":
            return False
        letters = plain[start:end].decode("latin-1").lower()
        words = [hit.group().decode("ascii") for hit in _WORD.finditer(plain, max(0, start - 120), start)]
        initials = "".join(word[0].lower() for word in words if word[0].isupper())
        return initials.endswith(letters)

    def land(self, start: int, end: int) -> str:
        """Return the country, or the word for its people, right before a name or behind an "of" after it."""
        plain, fold = self.page.plain, self.page.fold
        before = [word for word in fold[max(0, start - 40) + 1 : start + 1].decode("latin-1").split() if word != "s"]
        if plain[start - 1 : start] == b" " and before and normal(before[-1]) in countries():
            return before[-1]
        after = fold[end + 1 : end + 40].decode("latin-1").split()
        if plain[end : end + 4] == b" of " and len(after) > 1:
            for word in after[1:3]:
                if normal(word) in countries():
                    return word
        return ""

    def legal_form(self, start: int, end: int) -> bool:
        """Tell whether a company's legal form stands within a name or right beside it."""
        plain = self.page.plain
        stretch = plain[max(0, start - 12) : start].split()[-1:] + plain[end : end + 14].replace(b",", b" ").split()[:1]
        stretch += plain[start:end].split()
        return any(word.strip(b".,()\"'").decode("latin-1").lower() in _LEGAL for word in stretch)

    def speaks_of_lists(self, article: int) -> bool:
        """Tell whether an article has words of sanctions anywhere."""
        found = self._listing.get(article)
        if found is None:
            low, high = self.article(article)
            found = self._listing[article] = bool(_LIST_WORDS.search(self.page.plain, low, high))
        return found

    def article(self, number: int) -> tuple[int, int]:
        """Return where an article starts and ends."""
        if not self._articles:
            for index, block in enumerate(self.page.blocks):
                low, high = self._articles.get(block.article, (self.page.block_starts[index], 0))
                self._articles[block.article] = (low, max(high, self.page.block_ends[index]))
        return self._articles[number]

    def says(self, article: int, cues: tuple[str, ...]) -> bool:
        """Tell whether an article has any of these words anywhere."""
        found = self._spoken.get((article, cues))
        if found is None:
            words = self._words.get(article)
            low, high = self.article(article)
            fold = self.page.fold
            if words is None:
                words = self._words[article] = set()
                at = low
                while at < high:  # in pieces, since a list of all words takes many times the text
                    stop = fold.find(b" ", min(at + (1 << 20), high + 1)) + 1 or len(fold)
                    words.update(fold[at + 1 : min(stop, high + 1)].decode("latin-1").split())
                    at = stop
            found = any(
                cue in words if " " not in cue else fold.find(f" {cue} ".encode(), low, high + 2) >= 0 for cue in cues
            )
            self._spoken[article, cues] = found
        return found

    def facts(self, key: Key) -> _Facts:
        """Return what an entry says that a text may say too."""
        found = self._facts.get(key)
        if found is None:
            found = self._facts[key] = _Facts(self.lists.entry(key))
        return found

    def weigh(  # noqa: PLR0912, PLR0913, C901 - one branch for each kind of evidence
        self, key: Key, kind: int, flags: int, one: Found, around: _Around, kinds: set[int]
    ) -> _Judged:
        """Return an entry with the score that it gets at a place."""
        entry, facts = self.lists.entry(key), self.facts(key)
        if kind == IDENTIFIER:
            return self.identified(key, entry, one, around)
        person = bool(flags & PERSON)
        total = one.bits - _DISCOUNT.get(kind, 0.0) - _NEED[person]
        why = [f"name tells {one.bits} bits ({KINDS[kind]})"]
        support = strong = 0

        def held(bits: float, what: str) -> None:
            nonlocal total
            total += bits
            why.append(f"{what} {bits:+g}")

        single = one.words == 1 or (person and one.names < 2)  # noqa: PLR2004
        if flags & WEAK:
            held(-6, "weak alias")
        if single:
            held(-2, "single word")
            if around.sentence_start:
                held(-2, "its capital proves nothing")
        if single and around.acronym and not person:
            held(4, "written as an acronym")
        full = key in self.named.get(around.article, ())
        if around.part:
            held(-around.part, around.part_why)
        if around.spelt_out and not full:
            held(-10, "an acronym of what stands before it")
        if not person and around.land and around.land not in facts.cues:
            held(-12, f"of another country: {around.land}")
        if person and around.nasab and not facts.nasab:
            held(-10, "bin or ibn, which the entry does not have")
        if full and (single or flags & WEAK or kind in _LESS):
            held(9, "named in full in the article")
            support += 3
        cue = next((word for word in facts.cues if f" {word} " in around.words), "")
        if cue:
            held(5, f"{cue} beside it")
            support += 2
        elif facts.cues and self.says(around.article, facts.cues):
            held(3, "its country in the article")
            support += 1
        elif facts.cues:
            held(-5, "its country nowhere in the article")
        if around.listing:
            held(5, "words of listing beside it")
            support += 2
        elif around.listing_far:
            held(2, "words of listing in the article")
            support += 1
        said = [word for word in facts.positions if f" {word} " in around.words]
        if said:
            held(min(6, 3 * len(said)), f"position: {', '.join(said[:3])}")
            support += 1
            strong += 1
        birth = facts.birth(around.near, self.year)
        if birth > 0:
            held(8, "birth or age agrees")
            strong += 2
            support += 2
        elif birth < 0:
            held(-15, "birth or age differs")
        if around.legal:
            held(5, "legal form")
            support += 1
        if flags & VESSEL:
            if _VESSEL_WORDS.search(around.near):
                held(6, "words of shipping beside it")
                support += 1
            else:
                held(-15, "no word of shipping beside it")
        elif entry.type == "aircraft":
            held(6 if _CRAFT_WORDS.search(around.near) else -15, "words of aircraft")
        others = len({self.lists.entry(Key(key.store, number)).list for number, _, _ in one.entries[:_MOST_ENTRIES]})
        if others > 1:
            held(min(4, 2 * (others - 1)), f"on {others} lists")
        score = _score(total)
        why.append(f"score {score:.2f}")
        against = ""
        lacking = "needs more than the name: no country, position, birth or word of listing near it"
        if (flags & WEAK or single or kind == INITIAL) and support < (3 if person else 2 if flags & WEAK else 1):
            against = lacking
        elif person and single and not strong and not full:
            against = "one name of a person: needs a position, a birth, or the full name in the article"
        elif kind == CORE and not (around.listing or full or around.legal):
            against = "shortened: needs words of listing beside it, or the full name in the article"
        elif not person and not one.names and not cue and kind != SCRIPT and not (
            around.listing and one.bits >= _SPECIFIC and (not facts.cues or self.says(around.article, facts.cues))
        ):
            against = "ordinary words, and its country not beside them"
        elif kind == SHORT and not support:
            against = lacking
        elif person and one.bits < _COMMON and not strong and support < 4:  # noqa: PLR2004
            against = "a common name: needs a position, a birth, or both its country and words of listing"
        elif person and one.bits < _DISTINCT and not support:
            against = lacking
        if cue and around.listing:
            strong += 1
        return _Judged(
            key,
            entry,
            score,
            total,
            tuple(why),
            against,
            strong=strong > 0 and not single and not around.part and kind not in _LESS and one.bits >= _DISTINCT,
            plain=not single and not flags & WEAK and kind not in _LESS,
        )

    def identified(self, key: Key, entry: Entry, one: Found, around: _Around) -> _Judged:
        """Weigh a number or address that only one thing has."""
        text = self.page.plain[one.start : one.end].decode("latin-1")
        for label, value in entry.identifiers:
            if label.startswith("crypto") and value == text:
                return _Judged(key, entry, 0.99, 20.0, (f"address {label.partition(':')[2]}", "score 0.99"), "", strong=True)
            if label == "imo" and value == text:
                if b"IMO" in around.before[-24:] or any(
                    f" {' '.join(tokens(name.text))} " in around.words for name in entry.names
                ):
                    return _Judged(key, entry, 0.99, 20.0, ("IMO number", "score 0.99"), "", strong=True)
                return _Judged(key, entry, 0.1, -10.0, ("IMO number",), "a number that nothing calls an IMO number", strong=False)
        return _Judged(key, entry, 0.0, -20.0, (), "an address in other letters", strong=False)

    # -- all together ---------------------------------------------------------------------------

    @staticmethod
    def settled(accepted: list[_Candidate], candidates: list[_Candidate]) -> list[_Candidate]:
        """Return candidates of which none overlaps another: the longer wins, then the better, then the first.

        A longer name that was ruled out as not written like one takes no place.
        """
        del candidates
        taken: list[_Candidate] = []
        spans: list[tuple[int, int]] = []
        for one in sorted(accepted, key=lambda c: (c.start - c.end, -c.judged[0].bits, c.start)):
            index = bisect_left(spans, (one.end, -1))
            if index and spans[index - 1][1] > one.start:
                continue
            spans.insert(index, (one.start, one.end))
            taken.append(one)
        taken.sort(key=lambda c: c.start)
        return taken

    def beside(
        self, accepted: list[_Candidate], mentions: Sequence[Mention]
    ) -> tuple[list[_Candidate], list[_Candidate]]:
        """Return the candidates that the rules' mentions leave, and those that they do not.

        Where a rule's listing stands, entries of authorities that it knows of fall away; inside any other
        mention of a rule a name is part of something else.
        """
        own = [m for m in mentions if not m.ruled_out and m.kind != "claim"]
        own.sort(key=lambda m: m.start)
        starts = [m.start for m in own]
        longest = max((m.end - m.start for m in own), default=0)
        left: list[_Candidate] = []
        beaten: list[_Candidate] = []
        known: dict[int, frozenset[str]] = {}
        to_text = self.page.to_text
        for one in accepted:
            start, end = to_text(one.start), to_text(one.end)
            rivals = own[bisect_left(starts, start - longest) : bisect_left(starts, end)]
            reason = ""
            for rival in rivals:
                if rival.end <= start:
                    continue
                listed = known.get(id(rival))
                if listed is None:
                    listed = known[id(rival)] = self.listed_by(rival)
                if listed:
                    others = tuple(each for each in one.judged if each.entry.jurisdiction not in listed)
                    if not others:
                        reason = f"the rules' own listing {rival.rule} says it"
                        break
                    one = one._replace(judged=others)  # noqa: PLW2901
                elif rival.start <= start and end <= rival.end and rival.end - rival.start > end - start:
                    reason = f"part of a mention of {rival.rule}"
                    break
            if reason:
                beaten.append(one._replace(ruled_out=reason))
            else:
                left.append(one)
        return left, beaten

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
        people: dict[tuple[int, str], list[_Candidate]] = {}
        for one in accepted:
            if one.person and one.family and len(one.family) > 2 and not _ordinary(one.family.lower()):  # noqa: PLR2004
                people.setdefault((self.page.blocks[one.block].article, one.family), []).append(one)
        if not people:
            return []
        spans = sorted({(c.start, c.end) for c in candidates if c.end - c.start > len(c.family)})
        spans += [(self.page.folded.from_text(m.start), self.page.folded.from_text(m.end)) for m in mentions]
        spans.sort()
        reach = max((end - start for start, end in spans), default=0)
        names = sorted({family.encode() for _, family in people}, key=len, reverse=True)
        pattern = re.compile(rb"(?<![A-Za-z0-9'-])(?:" + b"|".join(map(re.escape, names)) + rb")(?![A-Za-z0-9-])")
        result = []
        for hit in pattern.finditer(self.page.plain, accepted[0].end):
            block = self.page.block_at(hit.start())
            if not self.page.live(block):
                continue
            same = people.get((self.page.blocks[block].article, hit.group().decode("ascii")))
            if not same or same[0].end > hit.start():
                continue
            if len({one.judged[0].key for one in same}) > 1:
                continue
            near = spans[bisect_left(spans, (hit.start() - reach, -1)) : bisect_left(spans, (hit.end(), -1))]
            if any(end > hit.start() for _, end in near):
                continue
            if self.page.protected_starts and self.page.is_protected(hit.start(), hit.end()):
                continue
            if self.longer_name(hit.start(), hit.end(), block, person=True)[0]:
                continue
            full = same[0]
            judged = tuple(
                each._replace(why=(*each.why, "short for the name that stands before it")) for each in full.judged
            )
            result.append(_Candidate(hit.start(), hit.end(), block, judged, "", person=True, family=full.family))
        return result

    def mention(self, one: _Candidate) -> Mention:
        """Return the mention of a candidate."""
        best = one.judged[0]
        to_text = self.page.to_text
        ids = tuple(dict.fromkeys(identifier(each.entry) for each in one.judged))
        same_list = len({each.entry.reference for each in one.judged if each.entry.list == best.entry.list}) > 1
        certain = best.strong and best.score >= CERTAIN and not same_list
        fields = {
            "name": best.entry.names[0].text,
            "match": "certain" if certain else "name",
            "score": f"{best.score:.2f}",
        }
        why = list(best.why)
        if len(ids) > 1:
            why.append(f"fits {len(ids)} entries: {', '.join(ids[:6])}" + (" …" if len(ids) > 6 else ""))  # noqa: PLR2004
        return Mention(
            to_text(one.start),
            to_text(one.end),
            ids[0],
            "listing",
            fields,
            ids,
            tuple(why),
            one.ruled_out,
        )


_TIE = 6.0
_COMMON = 17  # bits of a person's name that many bear
_SPECIFIC = 12  # bits of a body's name of ordinary words that still is no office of any country
_SHORTEST_ACRONYM = 2
_LESS = frozenset({SHORT, INITIAL, CORE})
_NASAB = re.compile(rb"\b(?:bin|ibn|ben|bint)\b", re.IGNORECASE)
_AFTER = LEGAL_FORMS | HONORIFICS | {"jr", "sr", "ii", "iii", "in", "on", "of", "and"}
_BESIDE_BODIES = LEGAL_FORMS | {"bank", "group", "company", "counter", "defeat", "anti", "terrorist", "organization"}
_LEGAL = LEGAL_FORMS - {"as", "co", "ab", "sa", "ag", "ad", "too", "sti", "company", "general", "major"}
_BEFORE = frozenset(
    "ceo president founder owner oligarch chairman foreign financier operative spokesman spokesperson member"
    " commander judge lawmaker senator deputy mr the a an".split()
)


class _Around(NamedTuple):
    """What stands near a place."""

    article: int
    near: bytes
    words: str
    before: bytes
    after: bytes
    listing: bool
    listing_far: bool
    part: float
    part_why: str
    legal: bool
    sentence_start: bool
    acronym: bool
    land: str
    spelt_out: bool
    nasab: bool


class _Facts:
    """What an entry says that a text may say too."""

    __slots__ = ("births", "cues", "nasab", "positions")

    def __init__(self, entry: Entry) -> None:
        own = {word for name in entry.names for word in tokens(name.text)}
        self.nasab = not own.isdisjoint({"bin", "ibn", "ben", "bint", "abin", "ould"})
        cues: dict[str, None] = {}
        for place in (*entry.countries, *entry.nationalities):
            cues |= dict.fromkeys(cues_of(place))
        for programme in entry.programmes:
            for part in (programme, *re.split(r"[^A-Za-z ]+", programme)):
                cues |= dict.fromkeys(cues_of(part))
        # A word of the name itself is no evidence for it.
        self.cues = tuple(cue.replace("'", " ") for cue in cues if cue not in own)
        words: dict[str, None] = {}
        for position in entry.positions:
            words |= dict.fromkeys(word for word in tokens(position) if len(word) > 4 and word not in _STOP)  # noqa: PLR2004
        self.positions = tuple(word.replace("'", " ") for word in words if word not in own)[:40]
        self.births = frozenset(int(year) for birth in entry.births for year in _YEAR.findall(birth))

    def birth(self, near: bytes, year: int) -> int:
        """Return 1 where a text says a birth or age that fits, -1 where it says only others, else 0."""
        if not self.births:
            return 0
        said = [int(born) for born in _BORN.findall(near)]
        if said:
            return 1 if any(abs(one - own) <= 1 for one in said for own in self.births) else -1
        if year:
            ages = [int(next(filter(None, groups))) for groups in _AGE.findall(near)]
            if any(-1 <= year - age - own <= 1 for age in ages for own in self.births):
                return 1
        return 0


def _score(bits: float) -> float:
    """Return evidence in bits as a number between 0 and 1."""
    return 1 / (1 + 2 ** (-max(-60.0, min(60.0, bits)) / _BITS_A_HALVING))


def _ordinary(word: str) -> bool:
    found = frequencies().get(word)
    return found is not None and found[1]


def _place(word: str) -> bool:
    return bool(cues_of(word)) or word in {"russian", "iranian", "syrian", "chinese", "belarusian", "cuban", "s", "the"}


def _places(found: Iterable[tuple[int, Found]]) -> Iterable[list[tuple[int, Found]]]:
    """Yield together what was found of the same stretch of text."""
    spans: dict[tuple[int, int], list[tuple[int, Found]]] = {}
    for pair in found:
        spans.setdefault((pair[1].start, pair[1].end), []).append(pair)
    for span in sorted(spans):
        yield sorted(spans[span], key=lambda pair: -pair[1].bits)
