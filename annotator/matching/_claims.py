"""Claims that a sentence makes of a mention: that a measure stands or was lifted, who listed whom, what it rests on.

A rule with ``of`` looks at each accepted mention of other rules and at the statement that it stands in, or, ``as`` a
target, at each statement that is on it. Whether the claim is true the noting layer finds out.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Any

from .._lazy import regex
from ._judge import ASSERTED
from ._pronouns import antecedent, opening_pronoun
from ._saying import has_role
from ._verdicts import Candidate, Verdict
from ._words import either

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ..statements.statement import Statement
    from ._judge import Judge
    from ._page import Page

_PLAIN = frozenset({"by", "target", "act", "measure", "tense"})
_MOST = 400  # accepted mentions of one document that claims are looked for on
_SENTENCES_AHEAD = 3
_AMOUNT = r"\d[\d,.]*(?: million| thousand)?|(?:one|two|three|four|five|six|eight|ten) million|half a million"
_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december"
    "|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec"
)
# A day, month or year: "22 December 2017", "December 22, 2017", "December 2017", "2017".
_DATE = (
    rf"(?<![\d/-])(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?=(?:{_MONTHS})\b))?(?:(?P<month>{_MONTHS})\b\.? )?"
    r"(?:(?P<day_us>\d{1,2})(?:st|nd|rd|th)?, )?(?P<year>(?:19[4-9]|20\d)\d)\b(?![/-]\d)"
)
DATE = regex(_DATE, re.IGNORECASE)
_ANY_DATE = re.sub(r"\?P<\w+>", "?:", _DATE)
# Behind these a year belongs to the title of the instrument.
_TITLE = regex(r"(?:regulations|act|order|rules) $", re.IGNORECASE)
_BEHIND = regex(
    rf"\s?\((?:of |adopted (?:on |in )?|signed (?:on |in )?|made (?:on |in )?)?{_ANY_DATE}\)|,? of {_ANY_DATE}",
    re.IGNORECASE,
)
# How the next sentence begins where it takes back what one has said.
_CORRECTION = regex(
    rb"[\s\"']*(?:(?:But|In fact|In truth|Actually),? )?"
    rb"(?:(?:[Ii]t|[Tt]hat|[Tt]his|[Tt]hey|[Hh]e|[Ss]he)(?: is| are| was| were|'s)"
    rb"(?: not|n't)?(?:(?<=t)[.:;,!]| %b\b|(?<=t) (?:true|so|the case)\b)"
    rb"|(?:Not so|Not true|Wrong|False|Untrue)\b)" % either("untrue")
)
# What a test or launch stands behind where it is the occasion of a measure, and not what is banned.
_TEST = regex(rb"[\w -]*\b%b\b" % either("test of a weapon"))
_OCCASION = regex(rb"\b%b(?: [\w.-]+(?:'s?)?){0,5} ?$" % either("occasion"))
# A quotation that is said to be of a year.
_SAID_IN = regex(rb"\b%b\b[^.;]{0,60}\b(?:in|back in|on) (?:[\w,]+ ){0,3}(?:19|20)\d\d\b" % either("said"))
# Part of what an authority does: that the rest has ended makes it no less true.
_REMAINDER = regex(rb"\b%b (?:[\w.-]+ )?$" % either("one of several"))
_BEFORE = regex(rf"\b(?:the|its|a|an|their|this|that|'s) {_ANY_DATE} $", re.IGNORECASE)


def find_claims(judge: Judge, kept: list[Verdict]) -> list[Verdict]:
    """Return a verdict for each claim that a rule with ``of`` finds in what is said of accepted mentions."""
    page = judge.page
    numbers = [n for n in judge.rulebook.head["of"] if judge.enabled(n)]
    if not numbers:
        return []
    standing = [v for v in kept if not v.ruled_out]
    if not standing and not any("differs" in v.candidate.fields for v in kept):
        return []  # nothing is said of anything
    accepted = [v for v in standing if v.notes]
    present = frozenset(v.candidate.rule for v in kept)
    result: list[Verdict] = []
    told: set[tuple[int, int, int]] = set()
    for number in numbers:
        rule = judge.rulebook.rule(number)
        of = present.intersection(rule["of"])
        if not of and "pronouns" not in rule:
            continue
        if rule.get("as") == "dated":
            cited = _with_misdated(judge, of, kept)[:_MOST]
            starts = sorted({v.candidate.start for v in cited})
            for verdict in cited:
                result += _dated(judge, number, verdict, starts)
            continue
        if rule.get("as") in _SAID:
            for verdict in [v for v in accepted if v.candidate.rule in of][:_MOST]:
                result += _SAID[rule["as"]](judge, number, verdict)
            continue
        named = _named(rule, standing)
        if not named and ("put-down-to" in rule or "done-by" in rule):
            continue
        for verdict in [v for v in accepted if v.candidate.rule in of][:_MOST] if rule.get("as") != "pronoun" else ():
            if "put-down-to" in rule and _is_occasion(page, verdict.candidate):
                continue
            result += [
                found
                for statement in _statements(judge, verdict, rule.get("as", "measure"))
                if (found := _claim(judge, number, verdict, statement, named)) is not None
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


def by_pronoun(
    judge: Judge, pronouns: dict[str, list[int]], accepted: list[Verdict]
) -> Iterator[tuple[Verdict, Verdict]]:
    """Yield who is meant by a pronoun at the head of a sentence, and the verdict set in the pronoun's place."""
    page, rules = judge.page, judge.rulebook
    present = {v.candidate.rule for v in accepted}
    if all(map(present.isdisjoint, pronouns.values())):
        return
    known = sorted(
        (v for v in accepted if rules.rule(v.candidate.rule)["kind"] in {"person", "entity", "body"}),
        key=lambda v: v.candidate.start,
    )
    seen: set[int] = set()
    folded = {f"{word} ".encode("latin-1", "replace"): word for word in pronouns}
    for verdict in known[:_MOST]:
        for block, low in _sentences_behind(page, verdict.candidate):
            found = opening_pronoun(page, low, folded) if low not in seen else None
            if found is None:
                continue
            seen.add(low)
            start, word = found
            if present.isdisjoint(pronouns[word]):
                continue
            meant = antecedent(page, judge.whose.statements, (block, start), word, known, pronouns[word])
            if meant is not None:
                there = meant.candidate._replace(start=start, end=start + len(word), block=block)
                yield meant, meant._replace(candidate=there)


def _by_pronoun(judge: Judge, number: int, accepted: list[Verdict]) -> Iterator[Verdict]:
    """Yield what is said of somebody by a pronoun at the head of a sentence: "He is subject to UK sanctions"."""
    page, rule = judge.page, judge.rulebook.rule(number)
    named = _named(rule, accepted)
    for meant, stand_in in by_pronoun(judge, rule["pronouns"], accepted):
        here = stand_in.candidate
        reader = judge.whose.statements.reader(here.block, here.start)
        for statement in reader.all() if reader is not None else ():
            if any(a <= here.start < b for a, b in statement.spots):
                claim = _claim(judge, number, stand_in, statement, named)
                if claim is not None:
                    words = page.plain[meant.candidate.start : meant.candidate.end].decode("latin-1")
                    said = page.plain[here.start : here.end].decode("latin-1")
                    yield claim._replace(why=(*claim.why, f"{said} refers back to {words!r}"))
                    break


def _sentences_behind(page: Page, candidate: Candidate) -> Iterator[tuple[int, int]]:
    """Yield block and start of the sentences behind a mention, as far as a pronoun may refer back to it."""
    starts = [(candidate.block, low) for low in page.sentences(candidate.block) if low > candidate.start]
    for following in range(candidate.block + 1, len(page.blocks)):
        if len(starts) >= _SENTENCES_AHEAD:
            break
        starts += [(following, low) for low in page.sentences(following)[:1]]
    yield from starts[:_SENTENCES_AHEAD]


def _statements(judge: Judge, verdict: Verdict, role: str) -> Iterator[Statement]:
    """Yield the statements that say something of a mention: the one that it makes, or those that are on it."""
    here = verdict.candidate
    if role == "measure":
        found = judge.whose.statement(here)
        if found is not None:
            yield found
            reader = judge.whose.statements.reader(here.block, here.start)
            yield from reader.relative(found) if reader is not None and found.group >= 0 else ()
        return
    reader = judge.whose.statements.reader(here.block, here.start)
    if role == "instrument":
        for statement in reader.binding() if reader is not None else ():
            low, high = statement.instrument
            if low < here.end and here.start < high:
                yield statement
        return
    for statement in reader.all() if reader is not None else ():
        # "Kim Jong Un's regime is under sanctions" says nothing of him.
        if any(start <= here.start and here.end == end for start, end in statement.spots):
            yield statement


def _claim(judge: Judge, number: int, verdict: Verdict, statement: Statement, named: list[Verdict]) -> Verdict | None:
    """Return the verdict on a claim, ``None`` where the sentence does not make it.

    ``named`` are the instruments that a measure may be put down to.
    """
    page, rules = judge.page, judge.rulebook
    rule, here = rules.rule(number), verdict.candidate
    if not _may_be_claimed(rule, statement):
        return None
    instrument = None
    if named:
        find = _doer if "done-by" in rule else _instrument
        instrument = find(judge, here, statement, named)
    if instrument is None and ("put-down-to" in rule or "done-by" in rule):
        return None
    if statement.status not in ASSERTED and rule.get("asserted") != "any":
        return None
    if not judge.whose.statements.is_whole(here.block, here.start):
        return None  # in a window of a long sentence, what stands beyond it may take all back
    if _is_corrected(page, here) or _is_said_long_ago(page, here):
        return None
    if rule.get("check", {}).get("relation") == "ended" and _REMAINDER.search(
        page.plain, max(0, here.start - 40), here.start
    ):
        return None
    start, end = min(here.start, statement.start), max(here.end, statement.end)
    word, who, act = "", "", statement.act
    reader = judge.whose.statements.reader(here.block, here.start)
    if statement.verb >= 0 and reader is not None:
        low, high = reader.clause_span(statement)
        who = page.plain[slice(*reader.subject_span(statement))].decode("latin-1")
        word = " ".join(page.plain[slice(*reader.span(statement.verb))].decode("latin-1").split())
        start, end = min(start, low), max(end, high)
    if instrument is not None:
        start, end = min(start, instrument.candidate.start), max(end, instrument.candidate.end)
        act = (reader is not None and reader.act_by(statement, instrument.candidate.start)) or act
    fields = {
        **{f"first_{k}": v for k, v in here.fields.items()},
        "first": page.plain[here.start : here.end].decode("latin-1"),
        "first_rule": rules.rule_ids[here.rule],
        "first_notes": "\n".join(verdict.notes),
        "by": " ".join(judge.whose.jurisdictions(statement.authority.actors, (), ())),
        "act": act,
        "word": word,
        "who": who,
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
            "second_notes": "\n".join(instrument.notes),
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
    return Verdict(
        candidate, notes, (*why, f"said of {rules.rule_ids[here.rule]}: {statement.act}, {statement.status}"), ""
    )


def _is_corrected(page: Page, here: Candidate) -> bool:
    """Tell whether the sentence behind that of a mention takes back what is said: "It is not: the Council ended it"."""
    stop = page.sentence(here.block, here.start)[1]
    return _CORRECTION.match(page.plain, stop, min(stop + 80, page.block_ends[here.block])) is not None


def _is_said_long_ago(page: Page, here: Candidate) -> bool:
    """Tell whether a mention is quoted from a year that is told: what was true then is not what is law now.

    Who said it when stands in its own sentence, or in the next of the block.
    """
    if not page.is_quoted(here.block, here.start):
        return False
    own = page.sentence(here.block, here.start)
    following = [page.sentence(here.block, own[1])] if own[1] < page.block_ends[here.block] else []
    return any(_SAID_IN.search(page.plain, *sentence) is not None for sentence in (own, *following))


def _is_occasion(page: Page, here: Candidate) -> bool:
    """Tell whether a mention is a test or a launch that a measure answers: "banned textiles after a nuclear test"."""
    low = page.sentence(here.block, here.start)[0]
    return bool(
        _TEST.match(page.plain, here.start, here.end + 40)
        and _OCCASION.search(page.plain, max(low, here.start - 60), here.start)
    )


def _may_be_claimed(rule: dict[str, Any], statement: Statement) -> bool:
    """Tell whether a statement does what a rule needs, as far as that is known of it without working out its manner."""
    return all(
        has_role(role, values, statement)
        for condition in rule.get("needs", ())
        for role, values in condition.get("statement", {}).items()
        if role in _PLAIN
    )


def _amount(judge: Judge, number: int, verdict: Verdict) -> Iterator[Verdict]:
    """Yield the one amount that the sentence gives as the limit of a mention, in one of the rule's units."""
    page, here = judge.page, verdict.candidate
    rule = judge.rulebook.rule(number)
    low, high = page.sentence(here.block, here.start)
    reader = judge.whose.statements.reader(here.block, here.start)
    if reader is None:
        return
    units = "|".join(rule["units"])
    pattern = re.compile(
        rf"(?P<amount>{_AMOUNT}) (?P<unit>{units})\b(?! (?:a|per|each) (?:day|month|week)\b)", re.IGNORECASE
    )
    hits = list(pattern.finditer(page.plain[low:high].decode("latin-1")))
    limits = [hit for hit in hits if reader.limits(low + hit.start(), low + hit.end())]
    if len(limits) != 1 or len({hit["amount"] for hit in hits if hit["unit"] == limits[0]["unit"]}) != 1:
        return
    start, end = low + limits[0].start(), low + limits[0].end()
    statement = judge.whose.statements.at(start, end, here.block)
    tense = statement.tense if statement is not None else ""
    fields = {
        "first": page.plain[here.start : here.end].decode("latin-1"),
        "first_rule": judge.rulebook.rule_ids[here.rule],
        "first_notes": "\n".join(verdict.notes),
        "amount": limits[0]["amount"],
        "unit": limits[0]["unit"],
        "tense": tense,
    }
    if page.is_quoted(here.block, here.start):
        fields["quoted"] = "in quoted speech"
    candidate = Candidate(min(start, here.start), max(end, here.end), number, "p", (), 2, fields, here.block)
    why: list[str] = []
    if not judge.holds(rule, candidate, why, statement):
        yield Verdict(candidate, tuple(note for note, _ in rule["notes"]), tuple(why), "")


def _with_misdated(judge: Judge, of: frozenset[int], kept: list[Verdict]) -> list[Verdict]:
    """Return the accepted mentions of rules, and those that only a year which is not the table's rules out."""
    only_words = {n for n in of if judge.rulebook.rule(n)["notes"] == "none"}
    result = [
        v for v in kept if v.candidate.rule in of and not v.ruled_out and (v.notes or v.candidate.rule in only_words)
    ]
    taken = [(v.candidate.start, v.candidate.end) for v in result]
    again = [v.candidate for v in kept if v.candidate.rule in of and "differs" in v.candidate.fields]
    for candidate in sorted(again, key=lambda c: (c.start - c.end, c.start)):
        if any(candidate.start < end and start < candidate.end for start, end in taken):
            continue
        ignored = {"differs", candidate.fields["differs"]}
        fields = {name: value for name, value in candidate.fields.items() if name not in ignored}
        verdict = judge.judge(candidate._replace(fields=fields))
        if not verdict.ruled_out and verdict.notes:
            result.append(verdict)
            taken.append((candidate.start, candidate.end))
    return result


def _dated(judge: Judge, number: int, verdict: Verdict, starts: list[int]) -> Iterator[Verdict]:
    """Yield what the text says of the day on which an instrument was made: beside it, or with a verb.

    ``starts`` is where instruments are cited; a date behind one that is cited in the words of another is not its.
    """
    page, here = judge.page, verdict.candidate
    low, high = page.sentence(here.block, here.start)
    text = page.plain[low:high].decode("latin-1")
    start, end = here.start - low, here.end - low
    first, last, how = here.start, here.end, "on"
    own = here.fields.get("number", "")
    other = next(iter(starts[bisect_right(starts, here.start) :]), here.end) - low
    inside = (
        hit
        for hit in DATE.finditer(text[start : min(end, other)])
        # What is no date: the year of a title, and the number of the instrument itself.
        if not _TITLE.search(text[start : start + hit.start()]) and hit.group() != own
    )
    said = next(inside, None)
    if said is None and (behind := _BEHIND.match(text, end)):
        said, last = DATE.search(behind.group()), low + behind.end()
    if said is None and (before := _BEFORE.search(text[:start])):
        said, first = DATE.search(before.group()), low + before.start()
    if said is None:
        reader = judge.whose.statements.reader(here.block, here.start)
        found = reader.dating(here.start, here.end) if reader is not None else None
        if found is None:
            return
        said, how = DATE.search(text[found.start - low : found.end - low]), found.how
        first, last = min(first, found.first), max(last, found.last)
    if said is None:
        return
    fields = {
        "first": page.plain[here.start : here.end].decode("latin-1"),
        "first_rule": judge.rulebook.rule_ids[here.rule],
        "first_notes": "\n".join(verdict.notes),
        "how": how,
        **({"number": own} if not verdict.notes else {}),
        **{f"said_{part.removesuffix('_us')}": value for part, value in said.groupdict().items() if value},
    }
    if page.is_quoted(here.block, here.start):
        fields["quoted"] = "in quoted speech"
    candidate = Candidate(first, last, number, "p", (), 2, fields, here.block)
    rule = judge.rulebook.rule(number)
    why: list[str] = []
    if not judge.holds(rule, candidate, why):
        notes = tuple(note for note, _ in rule["notes"])
        yield Verdict(candidate, notes, (*why, f"{how} {said.group()}"), "")


def _begun(judge: Judge, number: int, verdict: Verdict) -> Iterator[Verdict]:
    """Yield what the text says of the day on which a measure was imposed."""
    page, here = judge.page, verdict.candidate
    statement = judge.whose.statement(here)
    reader = judge.whose.statements.reader(here.block, here.start)
    found = reader.began(statement) if reader is not None and statement is not None and statement.group >= 0 else None
    said = DATE.search(page.plain[found.start : found.end].decode("latin-1")) if found is not None else None
    if found is None or said is None or found.how != "on":
        return
    claim = _claim(judge, number, verdict, statement, []) if statement is not None else None
    if claim is not None:
        fields = {
            **claim.candidate.fields,
            **{f"said_{part.removesuffix('_us')}": value for part, value in said.groupdict().items() if value},
        }
        start, end = min(here.start, found.first), max(here.end, found.last)
        yield claim._replace(candidate=claim.candidate._replace(start=start, end=end, fields=fields))


def _called(judge: Judge, number: int, verdict: Verdict) -> Iterator[Verdict]:
    """Yield whose a body, an instrument or a list is said to be in other words right behind it."""
    page, here = judge.page, verdict.candidate
    reader = judge.whose.statements.reader(here.block, here.start)
    actors, end = reader.called(here.start, here.end) if reader is not None else ((), -1)
    if not actors:
        return
    fields = {
        **{f"first_{k}": v for k, v in here.fields.items()},
        "first": page.plain[here.start : here.end].decode("latin-1"),
        "first_rule": judge.rulebook.rule_ids[here.rule],
        "first_notes": "\n".join(verdict.notes),
        "by": " ".join(judge.whose.jurisdictions(actors, (), ())),
        "who": page.plain[here.end : end].decode("latin-1"),
    }
    if page.is_quoted(here.block, here.start):
        fields["quoted"] = "in quoted speech"
    candidate = Candidate(here.start, end, number, "p", (), 2, fields, here.block)
    rule, why = judge.rulebook.rule(number), list[str]()
    if not judge.holds(rule, candidate, why):
        yield Verdict(candidate, tuple(note for note, _ in rule["notes"]), (*why, f"said to be of {actors[0]}"), "")


def _named(rule: dict[str, Any], accepted: list[Verdict]) -> list[Verdict]:
    """Return the accepted mentions to which a rule says that measures may be put down, or that may do what is done."""
    wanted = rule.get("put-down-to") or rule.get("done-by", ())
    return [v for v in accepted if v.candidate.rule in wanted] if wanted else []


def _instrument(judge: Judge, here: Candidate, statement: Statement, named: list[Verdict]) -> Verdict | None:
    """Return the first mention, of some, of the instrument that a statement names in the sentence of a candidate."""
    low, high = judge.page.sentence(here.block, here.start)
    inside = [v for v in named if v.candidate.start < high and low < v.candidate.end]
    if not inside:
        return None
    start, end = statement.instrument
    if start < 0:
        return None
    return next((v for v in inside if v.candidate.start < end and start < v.candidate.end), None)


def _doer(judge: Judge, here: Candidate, statement: Statement, named: list[Verdict]) -> Verdict | None:
    """Return the first mention, of some, that stands in the subject of a statement."""
    reader = judge.whose.statements.reader(here.block, here.start)
    low, high = reader.subject_span(statement) if reader is not None else (0, 0)
    return next((v for v in named if v.candidate.start < high and low < v.candidate.end), None)


# What a sentence says of a mention beside who does what: by a rule's ``as``.
_SAID: dict[str, Callable[[Judge, int, Verdict], Iterator[Verdict]]] = {
    "amount": _amount,
    "begun": _begun,
    "called": _called,
}
