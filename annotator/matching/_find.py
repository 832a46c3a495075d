"""From automaton hits to mentions: forms, patterns, conditions, regimes, names and overlaps."""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from typing import TYPE_CHECKING, Any

from ..folding import fold_key, name_key
from ..model import Mention
from ._conditions import holds
from ._forms import Place, fits_exactly, forms_at, run
from ._gate import PATTERN_REACH
from ._page import Page
from ._regimes import authorities, decide
from ._relations import quoted
from ._verdicts import Candidate, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ..automaton import Hit
    from ..folding import Folded
    from ..model import Document
    from ..rulebook import Form, FormTable, Rulebook
    from ..rulebook.patterns import Pattern

_LEAD_REACH = 160
_MOST_PARTS = 6
Fitting = tuple[int, int, tuple[int, ...]]
_NAMES = re.compile(r"\{([a-z_0-9]+)\}")


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


def _spelt(fields: dict[str, str]) -> dict[str, str]:
    """Return fields with pinpoints in normal form."""
    from ._pinpoints import pins  # noqa: PLC0415

    return {name: ", ".join(pins(value)) if name.startswith("pin") else value for name, value in fields.items()}


class Finder:
    """Finds the mentions of one document."""

    def __init__(  # noqa: PLR0913 - what one run was given, and what its gate has found
        self,
        document: Document,
        rulebook: Rulebook,
        folded: Folded,
        *,
        selected: Callable[[str], bool] | None,
        model: Any,
        able: frozenset[int] | None = None,
        cue_hits: list[Hit] | None = None,
    ) -> None:
        self.rulebook = rulebook
        self.page = Page(document, rulebook, folded, cue_hits)
        self.able = able
        self.selected = selected
        self.model = model
        self.on: dict[int, bool] = {}
        self.read_to: dict[int, int] = {}
        self.token_blocks: dict[int, dict[int, None]] = {}

    # -- candidates -----------------------------------------------------------------------------

    def enabled(self, rule: int) -> bool:
        """Tell whether a rule takes part in this run."""
        if self.selected is None:
            return True
        found = self.on.get(rule)
        if found is None:
            found = self.on[rule] = self.selected(self.rulebook.rule_ids[rule])
        return found

    def candidates(self, hits: Sequence[Hit]) -> list[Candidate]:
        """Return what fits at the hits, without duplicates, in order of place."""
        page, table = self.page, self.rulebook.triggers
        found: dict[tuple[int, int, int, str], Candidate] = {}
        tried: set[tuple[int, int]] = set()
        for start, end, literal in hits:
            block = page.block_at(start)
            if block < 0:
                continue
            for form, span in self.fitting(table, start, end, literal, block):
                for candidate in self.made(form, span, block, tried):
                    key = (candidate.start, candidate.end, candidate.rule, candidate.role)
                    known = found.get(key)
                    if known is None or known.weight < candidate.weight:
                        found[key] = candidate
        for candidate in self.script_candidates():
            found.setdefault((candidate.start, candidate.end, candidate.rule, candidate.role), candidate)
        for candidate in self.token_candidates():
            found.setdefault((candidate.start, candidate.end, candidate.rule, candidate.role), candidate)
        return sorted(found.values(), key=lambda c: (c.start, -c.end, c.rule, c.role))

    def fitting(
        self, table: FormTable, start: int, end: int, literal: int, block: int
    ) -> Iterator[tuple[Form, Fitting]]:
        """Yield the forms of rules that may fire that fit where a literal was hit, with span and slots."""
        page = self.page
        exact, others = table.exact(literal)
        for form in exact:
            if self.wanted(form.owner) and fits_exactly(page, start, end - 2, form):
                yield form, (start, end - 2, ())
        if not others:
            return
        place = Place(page, block, start)
        for form, anchor in forms_at(place, table, literal):
            if form in exact or not self.wanted(form.owner):
                continue
            span = run(place, form, anchor)
            if span is not None:
                yield form, span

    def wanted(self, rule: int) -> bool:
        """Tell whether a rule takes part and the gate left it."""
        return (self.able is None or rule in self.able) and self.enabled(rule)

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
        weight = sum(1 for element in form.elements if element[0] != 1)
        return [Candidate(span[0], span[1], rule, role, span[2], weight, {}, block)]

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
        found = [first]
        if "leads" in self.rulebook.rule(rule):
            low = max(page.block_starts[block], start - _LEAD_REACH)
            lead = self.rulebook.pattern(rule, "leads").match_before(page.plain, low, start)
            if lead is not None:
                found[0] = first._replace(start=lead[0], fields={**lead[1], **first.fields}, head=start)
        # A list is read once: an anchor within one that was read gives its own mention only.
        if "items" in self.rulebook.rule(rule) and first.end > self.read_to.get(rule, 0):
            found += self._rest_of_list(first, start)
            self.read_to[rule] = found[-1].end
        return found

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
            joint = joined.match(page.plain, place, limit)
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
        keys = list(self._keys(rule, before.fields))
        row = next((row for row in (self.rulebook.row(rule["table"], key) for key in keys) if row), None)
        return row is not None and any(item.fields.get(rule["column"]) == row.get(name) for name in asked)

    def _fit(self, rule: int, pattern: Pattern, start: int, limit: int, block: int) -> Candidate | None:
        page = self.page
        hit = pattern.match(page.plain, start, limit)
        if hit is None:
            return None
        end, fields = hit
        if "trails" in self.rulebook.rule(rule):
            trail = self.rulebook.pattern(rule, "trails").match(page.plain, end, limit)
            if trail is not None:
                end, fields = trail[0], {**trail[1], **fields}
        text = page.plain[start:end]
        end = start + len(text.rstrip())
        if end <= start or (page.plain[end - 1 : end].isalnum() and page.plain[end : end + 1].isalnum()):
            return None
        return Candidate(start, end, rule, "p", (), 3, fields, block)

    def script_candidates(self) -> list[Candidate]:
        """Return phrases in other scripts, if the text holds letters of such."""
        page = self.page
        result = []
        for hit in page.script_hits(self.rulebook.triggers.scripts):
            start, end = page.folded.from_text(hit.start), page.folded.from_text(hit.end)
            block = page.block_at(start)
            if block >= 0 and self.enabled(hit.owner):
                result.append(Candidate(start, end, hit.owner, hit.role, (), 2, {}, block))
        return result

    def token_candidates(self) -> list[Candidate]:
        """Run the token rules whose anchors were seen, on those blocks only."""
        if not self.token_blocks:
            return []
        from ._tokens import TokenMatcher  # noqa: PLC0415 - imports spaCy

        page = self.page
        matcher = TokenMatcher(self.model)
        result = []
        for rule, blocks in self.token_blocks.items():
            patterns = self.rulebook.rule(rule)["tokens"]
            for block in blocks:
                where = page.blocks[block]
                text = page.document.text[where.start : where.end]
                for start, end in matcher.find(rule, patterns, text):
                    place = page.folded.from_text
                    result.append(
                        Candidate(place(where.start + start), place(where.start + end), rule, "p", (), 2, {}, block)
                    )
        return result

    # -- verdicts -------------------------------------------------------------------------------

    def judge(self, candidate: Candidate, *, alone: bool = False) -> Verdict:
        """Check a candidate's place and conditions and settle its notes; ``alone``: without what it ``needs``."""
        rule = self.rulebook.rule(candidate.rule)
        reason = self.misplaced(candidate)
        if not reason and "table" in rule:
            candidate, reason = self._look_up(candidate, rule)
        why: list[str] = []
        if not reason:
            judged = candidate if candidate.head < 0 else candidate._replace(start=candidate.head)
            reason = holds(self.page, {"forbids": rule.get("forbids", ())} if alone else rule, judged, why)
        if reason:
            return Verdict(candidate, (), tuple(why), reason)
        if rule["kind"] == "claim" and quoted(self.page, candidate.block, candidate.start):
            candidate = candidate._replace(fields={**candidate.fields, "quoted": "in quoted speech"})
        notes = rule["notes"]
        if notes == "by-regime":
            return self._by_regime(rule, candidate, why)
        if isinstance(notes, str):
            return Verdict(candidate, ("antecedent",) if notes == "antecedent" else (), tuple(why), "")
        return self._by_conditions(rule, candidate, why)

    @staticmethod
    def ruled_out(candidate: Candidate, reason: str) -> Verdict:
        """Return the verdict on a candidate that cannot be a mention."""
        return Verdict(candidate, (), (), reason)

    def misplaced(self, candidate: Candidate) -> str:
        """Return why no mention may stand where a candidate stands, empty if one may."""
        page = self.page
        if not page.live(candidate.block):
            return "in site furniture (navigation, tags, related posts, credits)"
        if candidate.end > page.block_ends[page.run_of(candidate.block)[1]]:
            return "runs over the end of the paragraph"
        if page.protected_starts and page.is_protected(candidate.start, candidate.end):
            return "in code, a link target or other protected text"
        return ""

    def _look_up(self, candidate: Candidate, rule: dict[str, Any]) -> tuple[Candidate, str]:
        """Return a candidate with the fields of its row, or why there is no such row."""
        table, fields = rule["table"], candidate.fields
        if candidate.role == "p" and "named" in rule and "pattern" not in rule:
            keys = [name_key(self.page.plain[candidate.start : candidate.end].decode("latin-1"))]
        else:
            keys = list(self._keys(rule, fields))
        row = next((row for row in (self.rulebook.row(table, key) for key in keys) if row), None)
        if row is None:
            return candidate, f"no row in table {table} for {' or '.join(map(repr, keys)) or 'nothing'}"
        for name in rule.get("match", ()):
            if name in fields and row.get(name) and fold_key(fields[name]) != fold_key(row[name]):
                return candidate, f"the text says {name} {fields[name]}, the table {row[name]}"
        # What the row leaves open stays open: a note says nothing on the word of the article alone.
        own = {name: value for name, value in fields.items() if name not in row}
        return candidate._replace(fields={**own, **{k: v for k, v in row.items() if v}}), ""

    def _by_conditions(self, rule: dict[str, Any], candidate: Candidate, why: list[str]) -> Verdict:
        """Settle the notes of a rule that names its own: those whose conditions hold, or of the paragraphs named."""
        fields = candidate.fields
        chosen: list[str] = []
        for identifier, conditions in rule["notes"]:
            evidence: list[str] = []
            if not conditions or not holds(self.page, conditions, candidate, evidence):
                chosen.append(self._with_row(identifier, rule, fields))
                why += evidence
        if "pinpoints" in rule and any(name.startswith("pin") for name in fields):
            candidate = candidate._replace(fields=_spelt(fields))
            exact = self.pinpointed(rule, candidate.fields)
            if exact:
                chosen = exact
                why.append(f"paragraph: {', '.join(note.rsplit('/', 1)[1] for note in exact)}")
        return Verdict(candidate, tuple(chosen), tuple(why), "" if chosen else "no note's conditions hold")

    def plain_notes(self, verdict: Verdict) -> tuple[str, ...]:
        """Return the notes of an accepted mention without those on the paragraphs that it names."""
        rule = self.rulebook.rule(verdict.candidate.rule)
        if "pinpoints" not in rule or isinstance(rule["notes"], str):
            return verdict.notes
        fields = verdict.candidate.fields
        return tuple(self._with_row(note, rule, fields) for note, conditions in rule["notes"] if not conditions)

    def _with_row(self, identifier: str, rule: dict[str, Any], fields: dict[str, str]) -> str:
        """Return a note's id; of a note over the rule's table, with the key of the row that it is about."""
        note = self.rulebook.note(identifier)
        if note.get("table") and note["table"] == rule.get("table"):
            return f"{identifier}/{fields[rule['column']]}"
        return identifier

    def pinpointed(self, rule: dict[str, Any], fields: dict[str, str]) -> list[str]:
        """Return the notes on the paragraphs that the text names, as far as the table knows them.

        A paragraph without a row of its own is answered by its parts, else by what it is part of.
        """
        from ._pinpoints import pins  # noqa: PLC0415

        identifier = rule["pinpoints"]
        table = self.rulebook.note(identifier)["table"]
        number = fields[rule["column"]] if "table" in rule else fields.get("number", "")
        named = [pin for name, value in fields.items() if name.startswith("pin") for pin in pins(value)]
        keys: list[str] = []
        for pin in named:
            key = fold_key(f"{number}/{pin}")
            row = self.rulebook.row(table, key)
            if row is not None:
                # Paragraphs that do a thing together share a row, which is told once.
                keys.append(row.get("pinpoint") or key)
                continue
            parts = self.rulebook.keys_below(table, f"{key}(")
            if parts:
                keys += parts[:_MOST_PARTS]
                continue
            while "(" in key:
                key = key[: key.rindex("(")]
                if self.rulebook.row(table, key) is not None:
                    keys.append(key)
                    break
        return [f"{identifier}/{key}" for key in dict.fromkeys(keys)][:_MOST_PARTS]

    @staticmethod
    def _keys(rule: dict[str, Any], fields: dict[str, str]) -> Iterator[str]:
        """Yield the keys that a rule's templates make of the fields, leaving out those with a field missing."""
        for template in rule["key"]:
            names = _NAMES.findall(template)
            if all(fields.get(name) for name in names):
                yield fold_key(_NAMES.sub(lambda hit: fields[hit.group(1)], template))

    def _by_regime(self, rule: dict[str, Any], candidate: Candidate, why: list[str]) -> Verdict:
        page = self.page
        answers, usable, able, loose = self.rulebook.answers(rule["id"])
        asked, jurisdictions = authorities(page, candidate)
        if asked:
            # Where no authority is named, parties whose regimes answer only when asked compete all the same.
            usable = [a for a in answers if set(a[3]) & set(jurisdictions)]
            able = frozenset(a[0] for a in usable)
            loose = frozenset(a[0] for a in usable if not a[5])
            names = ", ".join(page.context_labels[c] for c in asked)
            why.append(f"authority: {names}")
            if not usable:
                return Verdict(candidate, (), tuple(why), f"no regime of {names} answers {rule['id']}")
        decision = decide(page, candidate, able, loose)
        if not decision.contexts:
            return Verdict(candidate, (), tuple(why), decision.why)
        names = ", ".join(page.context_labels[c] for c in decision.contexts)
        why.append(f"party: {names}; {decision.why}")
        notes = dict.fromkeys(
            note for context in decision.contexts for answer in usable if answer[0] == context for note in answer[4]
        )
        if not notes:
            return Verdict(candidate, (), tuple(why), f"no regime on {names} answers {rule['id']}")
        return Verdict(candidate, tuple(notes), tuple(why), "")

    # -- all together ---------------------------------------------------------------------------

    def find(self, hits: Sequence[Hit], *, everything: bool) -> list[Mention]:
        """Return the mentions, and with ``everything`` what was ruled out."""
        from ._names import settle_names  # noqa: PLC0415
        from ._relations import find_pairs, settle_references, settle_repeats  # noqa: PLC0415

        named = settle_names(self, self.candidates(hits))
        verdicts = [entry if isinstance(entry, Verdict) else self.judge(entry) for entry in named]
        verdicts = settle_references(self, settle_repeats(self, verdicts))
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
        kept += find_pairs(self, kept)
        mentions = [self._mention(v) for v in kept if everything or (v.notes and not v.ruled_out)]
        mentions.sort(key=lambda m: (m.start, m.end, m.rule))
        return mentions

    def _settle_overlaps(self, verdicts: list[Verdict]) -> list[Verdict]:
        """Longest wins, then more specific, then order of ids; what says something else may stand inside."""
        accepted = self._to_ends_of_citations([v for v in verdicts if not v.ruled_out])
        accepted.sort(
            key=lambda v: (
                v.candidate.start - v.candidate.end,
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

    def _to_ends_of_citations(self, verdicts: list[Verdict]) -> list[Verdict]:
        """Widen what ends inside a citation to its end: "the Committee established by resolution 1718" + "(2006)"."""
        cites = ["table" in self.rulebook.rule(v.candidate.rule) for v in verdicts]
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
        if self.rulebook.rule(theirs.rule)["kind"] == "instrument" != self.rulebook.rule(mine.rule)["kind"]:
            # "Sanctions" within the title of an act is part of a name.
            return True
        inside = mine.start >= theirs.start and mine.end <= theirs.end
        same = mine.start == theirs.start and mine.end == theirs.end
        says_else = mine.rule != theirs.rule and not set(verdict.notes) & set(other.notes)
        return not (inside and not same and says_else)

    def _mention(self, verdict: Verdict) -> Mention:
        candidate = verdict.candidate
        rule = self.rulebook.rule(candidate.rule)
        to_text = self.page.to_text
        return Mention(
            to_text(candidate.start),
            to_text(candidate.end),
            rule["id"],
            rule["kind"],
            candidate.fields,
            verdict.notes,
            verdict.why,
            verdict.ruled_out,
        )
