"""Names on lists settled with each other: overlaps, mentions of rules on the same words, shorter names."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING

from ..lists.names.spelling import tokens
from ..lists.opened import identifier
from ._candidates import Candidate, are_one, is_certain, last_alone
from ._neighbours import MOST_TRIES, latin, longer_name, no_given_name, ordinary
from ._repeats import find_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from ..lists.opened import Key
    from ..model import Mention
    from ._decided import Decided
    from ._evidence import Judged
    from ._page import Page
    from ._repeats import Repeats

ALSO = "also"
_WIDE = 400
_BETWEEN = frozenset({b" ", b"-", b" - "})  # two parts of one name
_FEW = 8  # names that are looked for one by one
# What a family name that stands alone does not stand behind, and not before.
_WITHIN_AFTER = frozenset(b"-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
_WITHIN_BEFORE = _WITHIN_AFTER | {ord("'")}


def without_overlaps(accepted: Iterable[Candidate]) -> list[Candidate]:
    """Return candidates of which none overlaps another: the longer wins, then the better, then the first."""
    taken: list[Candidate] = []
    spans: list[tuple[int, int]] = []
    for one in sorted(accepted, key=lambda c: (c.start - c.end, -c.judged[0].bits, c.start)):
        index = bisect_left(spans, (one.end, -1))
        if index and spans[index - 1][1] > one.start:
            continue
        spans.insert(index, (one.start, one.end))
        taken.append(one)
    return sorted(taken, key=lambda c: c.start)


def joined(accepted: Iterable[Candidate], plain: bytes) -> Iterator[Candidate]:
    """Yield candidates in order, those of bodies that are one name made one: "Revolutionary Guard Corps-Quds Force".

    They are if the entry of the second has all words of the first in its names. The first is yielded too, ruled out.
    """
    last: Candidate | None = None
    for one in accepted:
        here = one
        if last is not None and _goes_on(last, here, plain):
            yield last._replace(ruled_out=f"part of the name {latin(plain[last.start : here.end])}")
            here = here._replace(start=last.start)
        elif last is not None:
            yield last
        last = here
    if last is not None:
        yield last


def _goes_on(one: Candidate, other: Candidate, plain: bytes) -> bool:
    """Tell whether two bodies' names that stand side by side are one name, that of the second."""
    if one.person or other.person or one.decided or other.decided or plain[one.end : other.start] not in _BETWEEN:
        return False
    words = set(tokens(latin(plain[one.start : one.end])))
    return any(words <= each.known.words for each in other.judged)


class OtherPeople:
    """Words of an article that are part of the name of somebody else."""

    def __init__(self, page: Page, repeats: Callable[[int], Repeats]) -> None:
        """``repeats`` tells by the number of an article where its names stand in it."""
        self._page = page
        self._repeats = repeats
        self._longer: dict[tuple[int, bytes], Counter[str]] = {}
        self._bearers: dict[tuple[int, bytes], list[tuple[int, str, str]]] = {}

    def ruled_out(self, one: Candidate) -> Candidate:
        """Return a candidate, ruled out if it is a short name of somebody whom the article has named by more."""
        plain = self._page.plain
        word, count = last_alone(plain, one.start, one.end)
        reason = ""
        if word.isalpha() and not word.isupper() and (name := self.bearer(one, one.start, word)):
            reason = f"the family name of {name}"
        elif one.person and count > 1 and (longer := self._goes_on(one)):
            reason = f"short for {longer}"
        return one._replace(ruled_out=reason) if reason else one

    def _goes_on(self, one: Candidate) -> str:
        """Return the name that an article has more than once, begins with that of a person and is another, if any.

        "Kim Jong", where all else is on Kim Jong Un, is not the Kim Jong of a list.
        """
        article, plain = self._page.blocks[one.block].article, self._page.plain
        words = plain[one.start : one.end]
        found = self._longer.get((article, words))
        if found is None:
            spans = self._repeats(article).longer(words)
            found = self._longer[article, words] = Counter(latin(plain[slice(*span)]) for span in spans)
        if not found:
            return ""
        rows = [tuple(tokens(name)) for name in found]
        if any(row in each.known.names for each in one.judged for row in rows):
            return ""
        return next((name for name, times in found.items() if times > 1), "")

    def bearer(self, one: Candidate, start: int, word: bytes) -> str:
        """Return the name of two words or more that ends with a word and stands before it, empty if there is none.

        ``one`` is whom the word is taken for, at ``start``.
        """
        article, plain = self._page.blocks[one.block].article, self._page.plain
        found = self._bearers.get((article, word))
        if found is None:
            named = (
                (at, latin(plain[at:stop]).lower(), latin(plain[at:end]))
                for at, stop, end in self._repeats(article).ending(word)
            )
            found = self._bearers[article, word] = [
                (at, first, name) for at, first, name in named if not no_given_name(first)
            ]
        if not found or found[0][0] > start:
            return ""
        return next(
            (
                name
                for at, first, name in found
                if at < start and not any(first in each.known.own for each in one.judged)
            ),
            "",
        )


class BesideRules:
    """Names on lists beside the mentions of rules."""

    def __init__(self, page: Page, mentions: Sequence[Mention]) -> None:
        self._page = page
        own = [m for m in mentions if not m.ruled_out and m.kind != "claim"]
        own.sort(key=lambda m: m.start)
        # What spans a page is looked at each time, so that all others need a short look only.
        self._wide = [m for m in own if m.end - m.start > _WIDE][:MOST_TRIES]
        self._own = [m for m in own if m.end - m.start <= _WIDE]
        self._starts = [m.start for m in self._own]
        self._of_rules: dict[tuple[int, Key], Mention] = {}
        # What rules' listings are filled up from in an article, by their rule; and where they are meant again.
        self._also: dict[tuple[int, str], tuple[str, ...]] = {}
        self._again: list[tuple[Candidate, Mention]] = []

    def settle(self, accepted: Iterable[Candidate]) -> tuple[list[Candidate], list[Candidate]]:
        """Return the candidates that the rules' mentions leave, and those that they do not.

        Where a rule's listing stands, entries of authorities that it knows of fall away; inside any other
        mention of a rule a name is part of something else.
        """
        left: list[Candidate] = []
        beaten: list[Candidate] = []
        for one in accepted:
            reason = self._against(one)
            if reason:
                beaten.append(one._replace(ruled_out=reason))
            else:
                left.append(one)
        free = []
        for one in left:
            # Whom a rule's listing names elsewhere in the article the same note is on.
            rule = self._of_rules.get((self._page.blocks[one.block].article, one.judged[0].key))
            if rule is None:
                free.append(one)
            else:
                self._again.append((one, rule))
        return free, beaten

    def _against(self, one: Candidate) -> str:
        """Return which mention of a rule takes the place of a name, and keep what its listing does not say."""
        start, end = self._page.to_text(one.start), self._page.end_in_text(one.end)
        near = self._own[bisect_left(self._starts, start - _WIDE) : bisect_left(self._starts, end)]
        for rival in (*self._wide, *near):
            if rival.end <= start or rival.start >= end:
                continue
            listed = self._listed_by(rival)
            if listed:
                self._fill_up(rival, one, listed)
                article = self._page.blocks[one.block].article
                for each in one.judged:
                    self._of_rules[article, each.key] = rival
                return f"the rules' own listing {rival.rule} says it"
            inside = rival.start <= start and end <= rival.end and rival.end - rival.start > end - start
            if inside and one.decided is None:
                return f"part of a mention of {rival.rule}"
        return ""

    def _listed_by(self, mention: Mention) -> frozenset[str]:
        """Return the authorities that list the person or body of a rule's mention, as the rules know."""
        found: set[str] = set()
        for name in mention.note_ids:
            data = self._page.rulebook.note(name.partition("/")[0])
            found.update(entry["by"] for entry in data.get("entries", ()) if entry.get("listed", True))
        return frozenset(found)

    def _fill_up(self, rival: Mention, one: Candidate, listed: frozenset[str]) -> None:
        """Keep for a rule's mention the entries of authorities that its listing says nothing of, where each is one."""
        by_list: dict[str, list[Judged]] = {}
        for each in one.judged:
            if each.known.entry.jurisdiction not in listed:
                by_list.setdefault(each.known.entry.list, []).append(each)
        found = [
            identifier(ones[0].known.entry)
            for ones in by_list.values()
            if all(are_one(ones[0].known, other.known) for other in ones[1:])
        ]
        if found:
            self._also.setdefault((self._page.blocks[one.block].article, rival.rule), tuple(found))

    def again(self) -> list[Mention]:
        """Return the mentions of rules' listings where names of whom they name stand elsewhere in the article."""
        result = []
        for one, rule in self._again:
            start, end = self._page.to_text(one.start), self._page.end_in_text(one.end)
            why = (*one.judged[0].why, f"named by {rule.rule} in the article")
            result.append(replace(self.filled(rule), start=start, end=end, why=why))
        return result

    def filled(self, mention: Mention) -> Mention:
        """Return a rule's mention with the field that names the entries from which its listing is filled up."""
        if not self._also:
            return mention
        ids = self._also.get((self._page.article_at(mention.start), mention.rule))
        return replace(mention, fields={**mention.fields, ALSO: "|".join(ids)}) if ids else mention


def by_all_that_is_said(page: Page, accepted: Sequence[Candidate], decided: Decided | None) -> list[Candidate]:
    """Return candidates that are judged by all that an article says: who is certain once is so everywhere in it."""
    certain: dict[tuple[int, Key], Candidate] = {}
    sure = [is_certain(one.judged) for one in accepted]
    for one, is_sure in zip(accepted, sure, strict=True):
        if is_sure:
            for each in one.judged:
                certain.setdefault((page.blocks[one.block].article, each.key), one)
    result = []
    for one, is_sure in zip(accepted, sure, strict=True):
        first = certain.get((page.blocks[one.block].article, one.judged[0].key))
        if first is None or is_sure:
            result.append(one)
            continue
        judged = first.judged
        if decided is not None:
            kept, _ = decided.allowed([each.key for each in judged], one.start, one.end)
            judged = tuple(each for each in judged if each.key in kept)
        why = (*one.judged[0].why, "certain elsewhere in the article")
        result.append(one._replace(judged=tuple(each._replace(why=why) for each in judged) or one.judged))
    return result


def short_names(
    page: Page,
    accepted: Sequence[Candidate],
    candidates: Iterable[Candidate],
    mentions: Iterable[Mention],
    others: OtherPeople,
) -> list[Candidate]:
    """Return the places where an article goes on to speak of an accepted person by the family name."""
    people: dict[tuple[int, str], Candidate] = {}
    bearers: dict[tuple[int, str], set[Key]] = {}
    for one in accepted:
        if one.person and len(one.family) > 2 and not ordinary(one.family.lower()):
            name = (page.blocks[one.block].article, one.family)
            people.setdefault(name, one)
            bearers.setdefault(name, set()).add(one.judged[0].key)
    if not people:
        return []
    spans = [(c.start, c.end) for c in candidates]
    spans += [(page.folded.from_text(m.start), page.folded.from_text(m.end)) for m in mentions]
    spans.sort()
    starts = [start for start, _ in spans]
    furthest = list(accumulate((end for _, end in spans), max))
    plain = page.plain
    result = []
    for start, end in _standing({family.encode() for _, family in people}, plain, accepted[0].end):
        block = page.block_at(start)
        if not page.live(block):
            continue
        name = (page.blocks[block].article, latin(plain[start:end]))
        full = people.get(name)
        if full is None or full.end > start or len(bearers[name]) > 1:
            continue
        if others.bearer(full, start, plain[start:end]):
            continue
        before = bisect_left(starts, end)
        if before and furthest[before - 1] > start:
            continue
        if page.protected_starts and page.is_protected(start, end):
            continue
        if longer_name(page, start, end, block, person=True)[0]:
            continue
        judged = tuple(
            each._replace(why=(*each.why, "short for the name that stands before it")) for each in full.judged
        )
        result.append(Candidate(start, end, block, full.keys, judged, "", person=True, family=full.family))
    return result


def _standing(names: set[bytes], plain: bytes, low: int) -> list[tuple[int, int]]:
    """Return where names stand in a text from an offset on, as words of their own, the longest where several do."""
    found: dict[int, int] = {}
    few = len(names) <= _FEW
    for start, end in _one_by_one(names, plain, low) if few else _together(names, plain, low):
        if start and plain[start - 1] in _WITHIN_BEFORE:
            continue
        if end == len(plain) or plain[end] not in _WITHIN_AFTER:
            found[start] = max(end, found.get(start, 0))
    return sorted(found.items())


def _one_by_one(names: Iterable[bytes], plain: bytes, low: int) -> Iterator[tuple[int, int]]:
    for name in names:
        at = plain.find(name, low)
        while at >= 0:
            yield at, at + len(name)
            at = plain.find(name, at + 1)


def _together(names: Iterable[bytes], plain: bytes, low: int) -> Iterator[tuple[int, int]]:
    return ((start, end) for start, end, _ in find_all(list(names), plain, low, len(plain)))
