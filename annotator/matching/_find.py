"""From automaton hits to mentions: forms and patterns give candidates, then come verdicts, names and overlaps."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import Counter, deque
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

from ..model import Mention
from ._claims import find_claims
from ._cues import lay_out
from ._forms import stands, trials, with_signs
from ._gate import PATTERN_REACH
from ._judge import Judge, keys_of
from ._names import settle_names
from ._pairs import find_pairs
from ._ranks import rank
from ._relations import settle_references, settle_repeats
from ._verdicts import Candidate, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ..folding import Folded
    from ..model import Document
    from ..rulebook import Form, Rulebook
    from ..rulebook.patterns import Pattern
    from ._forms import Trial
    from ._hits import Hits
    from ._hits import Place as Hit
    from ._tokens import TokenMatcher

    # Candidates by start, end, rule and role.
    Fits = dict[tuple[int, int, int, str], Candidate]

_LEAD_REACH = 160
_LONGEST_WORD = 4096  # bytes; behind a longer one, or so many blanks, candidates are kept a little longer
_MOST_REMEMBERED = 10_000
Fitting = tuple[int, int, tuple[int, ...]]


def _joined(verdicts: list[Verdict]) -> list[Verdict]:
    """Make one of overlapping names of one entity: "North Korean leader Kim" and "Kim Jong Un"."""
    result: list[Verdict] = []
    last: dict[int, int] = {}
    for verdict in sorted(verdicts, key=lambda v: (v.candidate.start, -v.candidate.end)):
        mine = verdict.candidate
        if mine.role in "ns" and not verdict.ruled_out:
            index = last.get(mine.rule, -1)
            if index >= 0 and mine.start < result[index].candidate.end:
                theirs = result[index].candidate
                wider = theirs._replace(end=max(theirs.end, mine.end), weight=max(theirs.weight, mine.weight))
                result[index] = result[index]._replace(candidate=wider)
                continue
            last[mine.rule] = len(result)
        result.append(verdict)
    return result


def _key(candidate: Candidate) -> tuple[int, int, int, str]:
    return candidate.start, candidate.end, candidate.rule, candidate.role


def _given(found: Fits, scripts: deque[Candidate], since: int) -> Iterator[Candidate]:
    """Take what begins before an offset away, and yield it in order of place."""
    while scripts and scripts[0].start < since:
        found.setdefault(_key(scripts[0]), scripts.popleft())
    given = sorted((c for c in found.values() if c.start < since), key=lambda c: (c.start, -c.end, c.rule, c.role))
    for candidate in given:
        del found[_key(candidate)]
        yield candidate


_OF_NAMES = frozenset({"person", "entity"})  # kinds of which the words are one name


class Finder:
    """Finds the mentions of one document."""

    def __init__(
        self,
        document: Document,
        rulebook: Rulebook,
        folded: Folded,
        *,
        selected: Callable[[str], bool] | None,
        model: Any,
        hits: Hits,
        as_of: str | None = None,
        ranks: bool = False,
        voice: str = "",
        everything: bool = False,
    ) -> None:
        self.rulebook = rulebook
        self.everything = everything
        self.ranks = ranks
        self.hits = hits
        self.page = lay_out(document, rulebook, folded, hits)
        self.judge = Judge(self.page, rulebook, selected, as_of, voice, everything=everything)
        self.able = hits.able
        self.model = model
        self.read_to: dict[int, int] = {}
        self.form_leans: dict[int, bool] = {}  # by number
        self.token_blocks: dict[int, dict[int, None]] = {}
        self._matcher: TokenMatcher | None = None
        # What a pattern found at a place, since rules that are alike share patterns.
        self.matched: dict[tuple[Pattern, int, int], tuple[int, dict[str, str]] | None] = {}

    # -- candidates -----------------------------------------------------------------------------

    def candidates(self) -> Iterator[Candidate]:
        """Yield what fits at the hits, without duplicates, in order of place.

        What cannot be joined by anything more is given away, so that a long text need not have all of it at once.
        """
        page = self.page
        found: Fits = {}
        tried: set[tuple[int, int]] = set()
        leaning: list[Trial] = []
        later: list[tuple[Hit, int]] = []  # the same, where the forms are known
        scripts = deque(sorted(self.script_candidates(), key=lambda c: c.start))
        given = 0  # all that begins before it
        for block, hits in groupby(self.hits.places, key=lambda hit: page.block_at(hit[0])):
            if block < 0:
                continue
            each = list(hits)
            if found or scripts:
                since = self._since(each[0][0])
                if since > given:
                    given = since
                    yield from _given(found, scripts, since)
                    self._let_go(tried, since)
            for hit in each:
                self._at_hit(hit, block, found, tried, leaning, later)
            for candidate in self.token_candidates():
                found.setdefault(_key(candidate), candidate)
            # Without anything to lean on nothing that leans counts.
            if found or scripts or given or self.everything:
                for hit, where in later:
                    leaning += trials(page, self.rulebook.triggers, hit, where)
                for trial in leaning:
                    if self.wanted(trial.form.owner):
                        self._try(trial, found, tried)
                leaning.clear()
                later.clear()
                self.token_blocks.clear()
        yield from _given(found, scripts, len(page.fold))

    def _at_hit(
        self,
        hit: Hit,
        block: int,
        found: Fits,
        tried: set[tuple[int, int]],
        leaning: list[Trial],
        later: list[tuple[Hit, int]],
    ) -> None:
        """Try what needs no other mention at a hit of a block, and put aside what leans on one."""
        start, end, literal, fits = hit
        own = fits
        if fits is not None:
            own = [fit for fit in fits if not self._leans(fit[0])]
            if len(own) < len(fits):
                later.append(((start, end, literal, [fit for fit in fits if self._leans(fit[0])]), block))
            if not own:
                return
        for trial in trials(self.page, self.rulebook.triggers, (start, end, literal, own), block):
            if not self.wanted(trial.form.owner):
                continue
            if fits is None and self.rulebook.leans(trial.form.owner, trial.form.role):
                leaning.append(trial)
            else:
                self._try(trial, found, tried)

    def _leans(self, number: int) -> bool:
        """Tell of a form whether what it finds counts only beside another mention."""
        found = self.form_leans.get(number)
        if found is None:
            form = self.rulebook.triggers.form(number)
            found = self.form_leans[number] = self.rulebook.leans(form.owner, form.role)
        return found

    def _since(self, start: int) -> int:
        """Return the offset before which nothing begins that is found at a hit, or at one of those behind it.

        A phrase may begin in any block of its run. Of hits that end together one may begin a word earlier.
        """
        page = self.page
        low = max(0, start + 1 - _LONGEST_WORD)
        before = page.fold[low : start + 1].rstrip()
        at = low + before.rfind(b" ") if b" " in before else 0
        block = bisect_right(page.block_starts, at) - 1
        return page.block_starts[page.run_of(block)[0]] if block >= 0 else 0

    def _let_go(self, tried: set[tuple[int, int]], since: int) -> None:
        """Forget what was looked at before an offset, where that has become much."""
        if len(self.matched) > _MOST_REMEMBERED:
            self.matched.clear()
        if len(tried) > _MOST_REMEMBERED:
            tried -= {one for one in tried if one[1] < since}

    def _try(self, trial: Trial, found: Fits, tried: set[tuple[int, int]]) -> None:
        """Add what a form gives where it is tried, unless the same was found with more words."""
        span = stands(self.page, trial)
        for candidate in self.made(trial.form, span, trial.block, tried) if span is not None else ():
            key = _key(candidate)
            known = found.get(key)
            if known is None or known.weight < candidate.weight:
                found[key] = candidate

    def wanted(self, rule: int) -> bool:
        """Tell whether a rule takes part and the gate left it."""
        return (self.able is None or rule in self.able) and self.judge.enabled(rule)

    def made(self, form: Form, span: Fitting, block: int, tried: set[tuple[int, int]]) -> list[Candidate]:
        """Return the candidates that a form makes which fits: itself, or what its pattern finds there."""
        rule, role = form.owner, form.role
        if role == "t":
            self.token_blocks.setdefault(rule, {})[block] = None
            return []
        if role == "a":
            if (rule, span[0]) in tried:
                return []
            tried.add((rule, span[0]))
            return self.try_pattern(rule, span[0], block)
        start, end = span[:2]
        if form.edges:
            start, end = with_signs(self.page, form, start, end)
            if start < self.page.block_starts[self.page.run_of(block)[0]]:
                return []  # the sign is the markup's
        found = Candidate(start, end, rule, role, span[2], form.weight, {}, block)
        if role == "p" and "named" in self.rulebook.rule(rule):
            limit = min(self.page.block_ends[self.page.run_of(block)[1]], end + PATTERN_REACH)
            found = self._with_lead(self._with_trail(found, limit))
        return [found]

    def try_pattern(self, rule: int, start: int, block: int) -> list[Candidate]:
        """Run a rule's pattern at an anchor; with ``items`` also on the list that follows it."""
        page = self.page
        if self.rulebook.lacks(rule, page.fold, start, PATTERN_REACH):
            return []
        end_of_block = page.block_ends[page.run_of(block)[1]]
        pattern = self.rulebook.pattern(rule)
        first = self._fit(rule, pattern, start, min(end_of_block, start + PATTERN_REACH), block)
        if first is None:
            return []
        found = [self._with_lead(first)]
        # A list is read once: an anchor within one that was read gives its own mention only.
        if "items" in self.rulebook.rule(rule) and first.end > self.read_to.get(rule, 0):
            found += self._rest_of_list(first, start)
            self.read_to[rule] = found[-1].end
        return found

    def _match(self, pattern: Pattern, start: int, limit: int) -> tuple[int, dict[str, str]] | None:
        key = (pattern, start, limit)
        if key not in self.matched:
            self.matched[key] = pattern.match(self.page.plain, start, limit)
        return self.matched[key]

    def _with_lead(self, candidate: Candidate) -> Candidate:
        """Return a candidate with what stands right before it and belongs to it, by its rule's ``leads``."""
        if "leads" not in self.rulebook.rule(candidate.rule):
            return candidate
        page, start = self.page, candidate.start
        low = max(page.block_starts[page.run_of(candidate.block)[0]], start - _LEAD_REACH)
        lead = self.rulebook.pattern(candidate.rule, "leads").match_before(page.plain, low, start)
        if lead is None:
            return candidate
        return candidate._replace(start=lead[0], fields={**lead[1], **candidate.fields}, head=start)

    def _with_trail(self, candidate: Candidate, limit: int) -> Candidate:
        """Return a candidate with what stands right behind it and belongs to it, by its rule's ``trails``."""
        if "trails" not in self.rulebook.rule(candidate.rule):
            return candidate
        trail = self._match(self.rulebook.pattern(candidate.rule, "trails"), candidate.end, limit)
        if trail is None:
            return candidate
        return candidate._replace(end=trail[0], fields={**trail[1], **candidate.fields}, tail=candidate.end)

    def _rest_of_list(self, first: Candidate, head: int) -> Iterator[Candidate]:
        """Yield the items that stand behind the first of a list, each behind a joint."""
        page, rule, block = self.page, first.rule, first.block
        items = self.rulebook.pattern(rule, "items")
        joined = self.rulebook.pattern(rule, "joined")
        named = self.rulebook.pattern(rule).fields
        carried = {
            k: v for k, v in first.fields.items() if k in named and k not in items.fields and not k.startswith("pin")
        }
        place, previous = first.end, first
        while True:
            limit = min(page.block_ends[page.run_of(block)[1]], place + PATTERN_REACH)
            joint = self._match(joined, place, limit)
            following = self._fit(rule, items, joint[0], limit, block) if joint else None
            if joint is None or following is None:
                return
            if page.plain[place : joint[0]].strip() == b"," and self._is_date(rule, previous, following):
                return
            previous = following
            yield following._replace(fields={**carried, **following.fields}, head=head)
            place = following.end

    def _is_date(self, number: int, before: Candidate, item: Candidate) -> bool:
        """Tell whether a bare item only repeats what the row of the item before it says: "resolution 1718, 2006"."""
        rule = self.rulebook.rule(number)
        asked = [name for name in rule.get("match", ()) if name not in item.fields]
        if not asked or "table" not in rule:
            return False
        keys = list(keys_of(rule, before.fields))
        row = next((row for row in (self.rulebook.row(rule["table"], key) for key in keys) if row), None)
        return row is not None and any(item.fields.get(rule["column"]) == row.get(name) for name in asked)

    def _fit(self, rule: int, pattern: Pattern, start: int, limit: int, block: int) -> Candidate | None:
        page = self.page
        hit = self._match(pattern, start, limit)
        if hit is None:
            return None
        found = self._with_trail(Candidate(start, hit[0], rule, "p", (), 3, hit[1], block), limit)
        text = page.plain[start : found.end]
        end = start + len(text.rstrip())
        if end <= start or (page.plain[end - 1 : end].isalnum() and page.plain[end : end + 1].isalnum()):
            return None
        return found._replace(end=end, tail=-1)

    def script_candidates(self) -> list[Candidate]:
        """Return phrases in other scripts, if the text holds letters of such."""
        page = self.page
        result = []
        for hit in page.script_hits(self.rulebook.triggers.scripts):
            start, end = page.folded.from_text(hit.start), page.folded.from_text(hit.end)
            block = page.block_at(start)
            if block >= 0 and self.judge.enabled(hit.owner):
                result.append(Candidate(start, end, hit.owner, hit.role, (), 2, {}, block))
        return result

    def token_candidates(self) -> list[Candidate]:
        """Run the token rules whose anchors were seen, on those blocks only."""
        if not self.token_blocks:
            return []
        if self._matcher is None:
            from ._tokens import TokenMatcher  # imports spaCy

            self._matcher = TokenMatcher(self.model)
        page = self.page
        result = []
        for rule, blocks in self.token_blocks.items():
            patterns = self.rulebook.rule(rule)["tokens"]
            for block in blocks:
                where = page.blocks[block]
                text = page.document.text[where.start : where.end]
                for start, end in self._matcher.find(rule, patterns, text):
                    place = page.folded.from_text
                    result.append(
                        Candidate(place(where.start + start), place(where.start + end), rule, "p", (), 2, {}, block)
                    )
        self.token_blocks.clear()
        return result

    # -- all together ---------------------------------------------------------------------------

    def find(self) -> list[Mention]:
        """Return the mentions, and with ``everything`` what was ruled out."""
        verdicts: list[Verdict] = []
        for entry in settle_names(self.judge, self.candidates()):
            verdict = entry if isinstance(entry, Verdict) else self.judge.judge(entry)
            if self.everything or self._counts(verdict):
                verdicts.append(verdict)
        self.page.place = None  # which holds the page, and would keep it until circles are looked for
        if not verdicts:
            return []
        verdicts = settle_references(self.judge, settle_repeats(self.judge, verdicts))
        # Claims, and the words that only claims rest on ("UN-sanctioned"), take no place from other mentions.
        # Nor do decoys, which only tell that something was seen. Words of one rule settle among themselves.
        claims: list[Verdict] = []
        words: dict[int, list[Verdict]] = {}
        decoys: list[Verdict] = []
        others: list[Verdict] = []
        for verdict in _joined(verdicts):
            rule = self.rulebook.rule(verdict.candidate.rule)
            if rule["kind"] == "claim" and rule["notes"] == "none":
                words.setdefault(verdict.candidate.rule, []).append(verdict)
            else:
                (claims if rule["kind"] == "claim" else decoys if rule.get("decoy") else others).append(verdict)
        kept = self._settle_overlaps(others) + self._settle_overlaps(claims) + decoys
        for group in words.values():
            kept += self._settle_overlaps(group)
        kept += find_pairs(self.judge, kept)
        kept += find_claims(self.judge, kept)
        kept = [v for v in kept if self.everything or (v.notes and not v.ruled_out)]
        calling = Counter(n for v in kept for n in v.notes) if self.ranks else Counter[str]()
        mentions = [self._mention(v, calling) for v in kept]
        if self.everything:
            mentions = [replace(m, reads=self._reads(v)) for m, v in zip(mentions, kept, strict=True)]
        mentions.sort(key=lambda m: (m.start, m.end, m.rule))
        return mentions

    def _counts(self, verdict: Verdict) -> bool:
        """Tell whether a verdict has anything to say to others: one that rules out mostly does not."""
        if not verdict.ruled_out:
            return True
        rule = self.rulebook.rule(verdict.candidate.rule)
        return (
            rule["kind"] == "instrument"
            or bool(rule.get("decoy"))
            or "repeats" in rule
            or "differs" in verdict.candidate.fields
        )

    def _settle_overlaps(self, verdicts: list[Verdict]) -> list[Verdict]:
        """Longest wins, then more specific; what says something else may stand inside, or on the same words."""
        accepted = self._to_ends_of_names([v for v in verdicts if not v.ruled_out])
        accepted.sort(
            key=lambda v: (
                v.candidate.start - v.candidate.end,
                not self.rulebook.rule(v.candidate.rule).get("goes-before"),
                -v.candidate.weight,
                self.rulebook.rule(v.candidate.rule)["notes"] == "by-regime",
                v.candidate.rule,
                v.candidate.start,
            )
        )
        result = [v for v in verdicts if v.ruled_out]
        taken: list[Verdict] = []
        starts: list[tuple[int, int]] = []
        longest = max((v.candidate.end - v.candidate.start for v in accepted), default=0)
        for verdict in accepted:
            mine = verdict.candidate
            low = bisect_left(starts, (mine.start - longest, -1))
            high = bisect_left(starts, (mine.end, -1))
            rival = next((taken[n] for _, n in starts[low:high] if self._beaten(verdict, taken[n])), None)
            if rival is None:
                insort(starts, (mine.start, len(taken)))
                taken.append(verdict)
            else:
                name = self.rulebook.rule_ids[rival.candidate.rule]
                result.append(verdict._replace(ruled_out=f"overlaps a mention that goes before it: {name}"))
        return result + taken

    def _to_ends_of_names(self, verdicts: list[Verdict]) -> list[Verdict]:
        """Widen what ends inside a citation or a name to its end.

        "The Committee established by resolution 1718" + "(2006)", "sanctions on the IRGC" + "-Quds Force".
        """
        rules = [self.rulebook.rule(v.candidate.rule) for v in verdicts]
        cites = ["table" in rule or rule["kind"] in _OF_NAMES for rule in rules]
        spans = sorted((v.candidate.start, v.candidate.end) for v, cite in zip(verdicts, cites, strict=True) if cite)
        result = []
        for verdict, cite in zip(verdicts, cites, strict=True):
            mine = verdict.candidate
            index = -1 if cite else bisect_left(spans, (mine.end, -1)) - 1
            if index >= 0 and mine.start < spans[index][0] and mine.end < spans[index][1]:
                result.append(verdict._replace(candidate=mine._replace(end=spans[index][1])))
            else:
                result.append(verdict)
        return result

    def _beaten(self, verdict: Verdict, other: Verdict) -> bool:
        """Tell whether a mention that goes first leaves no room for this one."""
        mine, theirs = verdict.candidate, other.candidate
        if mine.start >= theirs.end or theirs.start >= mine.end:
            return False
        other_rule = mine.rule != theirs.rule
        if mine.start == theirs.start and mine.end == theirs.end:
            says_more = other_rule and not set(verdict.notes) <= set(other.notes)
            return not (says_more and self._as_good(mine, theirs))
        if self.rulebook.rule(theirs.rule)["kind"] == "instrument" != self.rulebook.rule(mine.rule)["kind"]:
            # "Sanctions" within the title of an act is part of a name.
            return True
        inside = mine.start >= theirs.start and mine.end <= theirs.end and not self._same_row(mine, theirs)
        return not (inside and other_rule and set(verdict.notes).isdisjoint(other.notes))

    def _same_row(self, mine: Candidate, theirs: Candidate) -> bool:
        """Tell whether two mentions cite the same row of one table, so that one within the other says nothing else."""
        rule, other = self.rulebook.rule(mine.rule), self.rulebook.rule(theirs.rule)
        if "table" not in rule or rule["table"] != other.get("table"):
            return False
        row = mine.fields.get(rule["column"])
        return row is not None and row == theirs.fields.get(other["column"])

    def _as_good(self, mine: Candidate, theirs: Candidate) -> bool:
        """Tell whether of two mentions of the same words both stand, and not only the one that goes first.

        Where a rule names the notes itself, none are added by regime; a phrase goes before one with gaps; and a rule
        may say before which others it goes.
        """
        rule, first = self.rulebook.rule(mine.rule), self.rulebook.rule(theirs.rule)
        if mine.rule in first.get("goes-before", ()) or (rule["notes"] == "by-regime") != (
            first["notes"] == "by-regime"
        ):
            return False
        return mine.weight >= theirs.weight or any("pattern" in one or "tokens" in one for one in (rule, first))

    def _reads(self, verdict: Verdict) -> str:
        statement = self.judge.whose.statement(verdict.candidate)
        return statement.in_words() if statement is not None else ""

    def _mention(self, verdict: Verdict, calling: Mapping[str, int]) -> Mention:
        """Return a verdict as a mention; ``calling`` has how many mentions call for each note, for ranks."""
        candidate = verdict.candidate
        rule = self.rulebook.rule(candidate.rule)
        ranked = None
        if self.ranks and verdict.notes and not verdict.ruled_out:
            # Where no other mention asks for the note, nothing hangs on what the sentence says.
            alone = rule["kind"] not in {"measure", "regime"} and all(calling[n] == 1 for n in verdict.notes)
            ranked = rank(self.judge, verdict, alone=alone)
        return Mention(
            self.page.to_text(candidate.start),
            self.page.end_in_text(candidate.end),
            rule["id"],
            rule["kind"],
            candidate.fields,
            verdict.notes,
            verdict.why,
            verdict.ruled_out,
            -1 if ranked is None else ranked.rank,
            "" if ranked is None else ranked.why,
            -1 if ranked is None or ranked.clause < 0 else self.page.to_text(ranked.clause),
        )
