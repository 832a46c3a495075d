"""How outright a mention speaks of the law, by the table of ranks in the rules: where a mark goes rests on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .._lazy import regex
from ._words import KIN_OF, either

if TYPE_CHECKING:
    from ..rulebook import Rulebook
    from ._judge import Judge
    from ._verdicts import Verdict

_NAMES = frozenset({"person", "entity", "body"})
# Statuses of what the sentence itself leaves open or wishes for.
_UNASSERTED = frozenset({"hypothetical", "wished", "question", "false"})
# What a clause says, not what merely stands in it ("despite sanctions").
_SAID = frozenset({"subject", "object", "bearer", "verb"})
# "Putin's war chest", but "Putin's assets"; "the children of President Putin", "Putin's adult children".
_OWNS = regex(rb"'s? (?!%b\b)[a-z]" % either("of a listed person"))
_HIS_KIN = regex(rb"'s? (?:[a-z]+ )?%b\b" % either("kin"))
_BEFORE = 60


class Rank(NamedTuple):
    """A rank with its reasons, and where the clause of the measure that it names has its verb (offset), -1 for none."""

    rank: int
    why: str
    clause: int


def rank(judge: Judge, verdict: Verdict, *, alone: bool = False) -> Rank:
    """Return the rank of an accepted mention; for one that is ``alone`` its sentence is not read."""
    if not judge.rulebook.head["ranks"]:
        return Rank(0, "", -1)
    here = verdict.candidate
    kind = judge.rulebook.rule(here.rule)["kind"]
    statement = None if alone else judge.whose.statement(here)
    has = {"citation" if kind == "instrument" else "name" if kind in _NAMES else "term" if kind == "term" else ""}
    clause = -1
    if kind == "person" and not alone:
        reader = judge.whose.statements.reader(here.block, here.start)
        if reader is not None and reader.all():
            has.add("beside")
    if kind == "person":
        has |= _of_his(judge.page.plain, here.start, here.end)
    if statement is not None:
        if statement.measure and here.start <= statement.start and statement.end <= here.end:
            clause = judge.whose.statements.clause_start(here.block, here.start, statement)
        if statement.measure or statement.act in {"sanction", "freeze", "ban", "delist"}:
            has.add("measure")
        if statement.authority.actors:
            has.add("authority")
        if statement.target.actors or statement.named or statement.spots:
            has.add("target")
        if statement.instrument[0] >= 0:
            has.add("instrument")
        if statement.status in _UNASSERTED:
            has.add("unasserted")
        elif statement.status == "asserted" and statement.role in _SAID:
            has.add("asserted")
    if judge.page.blocks[here.block].kind == "heading":
        has.add("headline")
    if judge.page.is_quoted(here.block, here.start):
        has.add("quotation")
    return Rank(*_valued(judge.rulebook, frozenset(has)), clause)


def _of_his(plain: bytes, start: int, end: int) -> set[str]:
    """Tell whether a name only says whose something is that no listing is on, or whose family somebody is."""
    found = {"owner"} if _OWNS.match(plain, end) else set()
    kin = KIN_OF.search(plain, max(0, start - _BEFORE), start) or _HIS_KIN.match(plain, end)
    return found | {"kin"} if kin else found


def _valued(rulebook: Rulebook, has: frozenset[str]) -> tuple[int, str]:
    """Return the value that the table of ranks gives to something that has all of this, and why."""
    found = rulebook.ranked.get(has)
    if found is not None:
        return found
    value = 0
    why: list[str] = []
    for entry in rulebook.head["ranks"]:
        if not has.issuperset(entry["has"]):
            continue
        if "is" in entry and not why:
            value = entry["is"]
            why.append(entry["about"])
        elif "less" in entry:
            value -= entry["less"]
            why.append(entry["about"])
    found = rulebook.ranked[has] = max(value, 0), ", ".join(why)
    return found
