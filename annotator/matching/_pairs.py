"""Claims of two mentions in one sentence with words between them, as rules with ``pair`` ask for.

Rules with ``of`` say the same of statements and read the sentence; this is for what stands in no statement.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Any

from ._claims import by_pronoun
from ._verdicts import Candidate, Verdict

if TYPE_CHECKING:
    from ._judge import Judge

_VERB = 3  # words of the second mention among which its verb may stand
_NEXT = 8  # mentions looked at behind the first


def find_pairs(judge: Judge, kept: list[Verdict]) -> list[Verdict]:
    """Return a verdict for each pair of accepted mentions in one sentence that a ``pair`` rule asks for."""
    numbers = [n for n in judge.rulebook.head["pairs"] if judge.enabled(n)]
    if not numbers:
        return []
    accepted = sorted((v for v in kept if not v.ruled_out), key=lambda v: (v.candidate.start, v.candidate.end))
    starts = [v.candidate.start for v in accepted]
    result: list[Verdict] = []
    for number in numbers:
        pair = judge.rulebook.rule(number)["pair"]
        leading, wanted = frozenset(pair["first"]), frozenset(pair["second"])
        for first in accepted:
            if first.candidate.rule in leading:
                index = bisect_left(starts, first.candidate.end)
                second = _second(judge, first, accepted[index : index + _NEXT], leading, wanted)
                link = None if second is None else _between(judge, first, second, pair)
                if second is not None and link is not None:
                    result.append(_claim(judge, number, first, second, link))
        if pair["pronouns"]:
            for meant, stand_in in by_pronoun(judge, pair["pronouns"], accepted):
                index = bisect_left(starts, stand_in.candidate.end)
                second = _second(judge, stand_in, accepted[index : index + _NEXT], frozenset(), wanted)
                if second is not None:
                    verdict = _claim(judge, number, stand_in, second, "")
                    result.append(verdict._replace(notes=meant.notes) if verdict.notes == ("antecedent",) else verdict)
    return result


def _second(
    judge: Judge, first: Verdict, following: list[Verdict], leading: frozenset[int], wanted: frozenset[int]
) -> Verdict | None:
    """Return the mention that makes a pair with ``first``: the next wanted one in its sentence."""
    end = judge.page.sentence(first.candidate.block, first.candidate.start)[1]
    for other in following:
        if other.candidate.start >= end or other.candidate.rule in leading:
            return None
        if other.candidate.rule in wanted and other.candidate.end > first.candidate.end:
            return other
    return None


def _between(judge: Judge, first: Verdict, second: Verdict, pair: dict[str, Any]) -> str | None:
    """Return which of a pair's words stands between two mentions, ``None`` where the words do not fit."""
    page, here = judge.page, first.candidate
    if pair["said-of"]:
        reader = judge.whose.statements.reader(here.block, here.start)
        if reader is None or not reader.is_subject(here.start, here.end):
            return None
    words = [word.decode("latin-1") for word in page.words_between(here.end, second.candidate.start)]
    if len(words) > pair["most"] or (pair["only"] and not set(pair["only"]).issuperset(words)):
        return None
    text = f" {' '.join(words)} "
    if any(f" {word} " in text for word in pair["not-between"]):
        return None
    if not pair["between"]:
        return ""
    found = next((word for word in pair["between"] if f" {word} " in text), None)
    if found is None:
        # "Resolution 2397 [bars luxury goods]": the verb may be part of the mention.
        there = second.candidate
        mention = [word.decode("latin-1") for word in page.words_between(there.start, there.end)]
        if not set(pair["not-between"]).intersection(mention):
            return next((word for word in pair["between"] if word in mention[:_VERB]), None)
    return found


def _claim(judge: Judge, number: int, first: Verdict, second: Verdict, link: str) -> Verdict:
    """Return the verdict on the claim that two mentions make together, with the fields of both."""
    page, ids = judge.page, judge.rulebook.rule_ids
    mine, theirs = first.candidate, second.candidate
    fields = {f"first_{k}": v for k, v in mine.fields.items()}
    fields |= {f"second_{k}": v for k, v in theirs.fields.items()}
    fields |= {
        "first": page.plain[mine.start : mine.end].decode("latin-1"),
        "second": page.plain[theirs.start : theirs.end].decode("latin-1"),
        "between": link,
        "words": b" ".join(page.words_between(mine.end, theirs.start)).decode("latin-1"),
        "first_rule": ids[mine.rule],
        "second_rule": ids[theirs.rule],
        "first_notes": "\n".join(first.notes),
        "second_notes": "\n".join(second.notes),
    }
    verdict = judge.judge(Candidate(mine.start, theirs.end, number, "p", (), 2, fields, mine.block))
    if verdict.ruled_out:
        return verdict
    return verdict._replace(why=(*verdict.why, f"{ids[mine.rule]} and {ids[theirs.rule]} in one sentence"))
