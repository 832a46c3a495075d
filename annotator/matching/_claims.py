"""Claims that a sentence makes of a mention: that a measure stands or was lifted, who listed whom, what it rests on.

A rule with ``of`` looks at each accepted mention of other rules and at the statement that it stands in, or, ``as`` a
target, at each statement that is on it. Whether the claim is true the noting layer finds out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._judge import ASSERTED
from ._subjects import antecedent, opening_pronoun
from ._verdicts import Candidate, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..statements.roles import Statement
    from ._judge import Judge
    from ._page import Page

_MOST = 400  # accepted mentions of one document that claims are looked for on
_SENTENCES_AHEAD = 3


def find_claims(judge: Judge, kept: list[Verdict]) -> list[Verdict]:
    """Return a verdict for each claim that a rule with ``of`` finds in what is said of accepted mentions."""
    numbers = [n for n in judge.rulebook.head["of"] if judge.enabled(n)]
    if not numbers:
        return []
    accepted = [v for v in kept if not v.ruled_out and v.notes]
    result: list[Verdict] = []
    told: set[tuple[int, int, int]] = set()
    for number in numbers:
        rule = judge.rulebook.rule(number)
        of = frozenset(rule["of"])
        for verdict in [v for v in accepted if v.candidate.rule in of][:_MOST] if rule.get("as") != "pronoun" else ():
            result += [
                found
                for statement in _statements(judge, verdict, rule.get("as", "measure"))
                if (found := _claim(judge, number, verdict, statement, accepted)) is not None
            ]
        if "pronouns" in rule:
            result += _by_pronoun(judge, number, accepted)
    unique: list[Verdict] = []
    for verdict in result:
        key = (verdict.candidate.start, verdict.candidate.end, verdict.candidate.rule)
        if key not in told:
            told.add(key)
            unique.append(verdict)
    return unique


def _by_pronoun(judge: Judge, number: int, accepted: list[Verdict]) -> Iterator[Verdict]:
    """Yield what is said of somebody by a pronoun at the head of a sentence: "He is subject to UK sanctions"."""
    page, rules = judge.page, judge.rulebook
    pronouns: dict[str, list[int]] = rules.rule(number)["pronouns"]
    known = sorted(
        (v for v in accepted if rules.rule(v.candidate.rule)["kind"] in {"person", "body"}),
        key=lambda v: v.candidate.start,
    )
    seen: set[int] = set()
    for verdict in known[:_MOST]:
        for block, low in _sentences_behind(page, verdict.candidate):
            found = opening_pronoun(page, block, low, list(pronouns)) if low not in seen else None
            if found is None:
                continue
            seen.add(low)
            start, word = found
            meant = antecedent(page, block, start, word, known)
            reader = judge.whose.statements.reader(block, start)
            if meant is None or reader is None or meant.candidate.rule not in pronouns[word]:
                continue
            there = meant.candidate._replace(start=start, end=start + len(word), block=block)
            for statement in reader.all():
                if any(a <= start < b for a, b in statement.spots):
                    claim = _claim(judge, number, meant._replace(candidate=there), statement, accepted)
                    if claim is not None:
                        words = page.plain[meant.candidate.start : meant.candidate.end].decode("latin-1")
                        yield claim._replace(why=(*claim.why, f"{word} refers back to {words!r}"))
                        break


def _sentences_behind(page: Page, candidate: Candidate) -> Iterator[tuple[int, int]]:
    """Yield block and start of the sentences behind a mention, as far as a pronoun may refer back to it."""
    starts = [(candidate.block, low) for low in page.sentences(candidate.block) if low > candidate.start]
    following = candidate.block + 1
    if following < len(page.blocks) and len(starts) < _SENTENCES_AHEAD:
        starts += [(following, low) for low in page.sentences(following)[:1]]
    yield from starts[:_SENTENCES_AHEAD]


def _statements(judge: Judge, verdict: Verdict, role: str) -> Iterator[Statement]:
    """Yield the statements that say something of a mention: the one that it makes, or those that are on it."""
    here = verdict.candidate
    if role == "measure":
        found = judge.whose.statement(here)
        if found is not None:
            yield found
        return
    reader = judge.whose.statements.reader(here.block, here.start)
    for statement in reader.all() if reader is not None else ():
        # "Kim Jong Un's regime is under sanctions" says nothing of him.
        if any(start <= here.start and here.end == end for start, end in statement.spots):
            yield statement


def _claim(
    judge: Judge, number: int, verdict: Verdict, statement: Statement, accepted: list[Verdict]
) -> Verdict | None:
    """Return the verdict on a claim, ``None`` where the sentence does not make it."""
    page, rules = judge.page, judge.rulebook
    rule, here = rules.rule(number), verdict.candidate
    if statement.status not in ASSERTED and rule.get("asserted") != "any":
        return None
    instrument = _instrument(judge, rule, statement, accepted)
    if "put-down-to" in rule and instrument is None:
        return None
    start, end = min(here.start, statement.start), max(here.end, statement.end)
    if statement.verb >= 0:
        reader = judge.whose.statements.reader(here.block, here.start)
        if reader is not None:
            low, high = reader.clause_span(statement)
            start, end = min(start, low), max(end, high)
    if instrument is not None:
        start, end = min(start, instrument.candidate.start), max(end, instrument.candidate.end)
    fields = {
        **{f"first_{k}": v for k, v in here.fields.items()},
        "first": page.plain[here.start : here.end].decode("latin-1"),
        "first_rule": rules.rule_ids[here.rule],
        "first_notes": " ".join(verdict.notes),
        "by": " ".join(judge.whose.jurisdictions(statement.authority.actors, (), ())),
        "act": statement.act,
        "tense": statement.tense,
        "role": statement.role,
        "said_by": statement.said,
    }
    if instrument is not None:
        mine = instrument.candidate
        fields |= {f"second_{k}": v for k, v in mine.fields.items()}
        fields |= {
            "second": page.plain[mine.start : mine.end].decode("latin-1"),
            "second_rule": rules.rule_ids[mine.rule],
            "second_notes": " ".join(instrument.notes),
        }
    candidate = Candidate(start, end, number, "p", (), 2, fields, here.block)
    why: list[str] = []
    reason = judge.holds(rule, candidate, why, statement)
    if reason:
        return None
    if page.is_quoted(here.block, here.start):
        candidate = candidate._replace(fields={**fields, "quoted": "in quoted speech"})
    notes = tuple(note for note, _ in rule["notes"]) if isinstance(rule["notes"], list) else ()
    if isinstance(rule["notes"], str) and rule["notes"] == "antecedent":
        notes = verdict.notes
    return Verdict(candidate, notes, (*why, f"said of {rules.rule_ids[here.rule]}: {statement.act}, {statement.status}"), "")


def _instrument(judge: Judge, rule: dict[str, object], statement: Statement, accepted: list[Verdict]) -> Verdict | None:
    """Return the accepted mention of the instrument that a statement names, of the rules that may."""
    start, end = statement.instrument
    if start < 0 or "put-down-to" not in rule:
        return None
    wanted = rule["put-down-to"]
    assert isinstance(wanted, list)
    return next(
        (v for v in accepted if v.candidate.rule in wanted and v.candidate.start < end and start < v.candidate.end), None
    )
