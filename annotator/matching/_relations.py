"""Mentions that rest on other mentions: back-references ("that resolution") and short names in brackets."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, Any, NamedTuple

from .._lazy import regex
from ._verdicts import Candidate, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._judge import Judge
    from ._page import Page

_FAR = 120  # words between a back-reference and what it refers to
_VERB = 2  # words at the head of a mention that may be its verb
_NEAR = 40  # the same for "ibid.", "the latter" and "the former"
_LOOK_BACK = 60  # instruments looked at before a bare "the resolution"
_MOST_COINED = 40  # short names of one document that are followed up, and how often each
_MOST_REPEATED = 500
_COINED = regex(
    r"""\s?\(\s?(?:(?:or|hereinafter|hereafter|henceforth|also known as|known as|referred to as|as),?\s)*
    (?:the\s)?(?P<quote>["'])(?:the\s)?(?P<name>[A-Z0-9][A-Za-z0-9'/&.() -]{1,60}?)[,.]?(?P=quote)\s?\)""",
    re.VERBOSE | re.IGNORECASE,
)
_KINDS = frozenset(
    "act acts decision law order orders ordinance regulation regulations resolution resolutions rules".split()
)


class _Before(NamedTuple):
    """What back-references of one kind may refer to: mentions in order of place, and where they start.

    ``unknown`` tells where instruments start that were seen but not recognised.
    """

    mentions: list[Verdict]
    starts: list[int]
    unknown: list[int]


def settle_references(judge: Judge, verdicts: list[Verdict]) -> list[Verdict]:
    """Give back-references the notes of what they refer to, where that is certain.

    It is certain when, of the kind referred to, the last mention in the article stands near, is the only
    one in its sentence (or the reference says "the latter"), and no instrument that was seen but not
    recognised stands in between. Short names that brackets behind an instrument give it are found as well.
    """
    rules = judge.rulebook
    verdicts = verdicts + _coined(judge, verdicts)
    if not any(v.notes == ("antecedent",) for v in verdicts):
        return verdicts
    ordered = sorted(verdicts, key=lambda v: (v.candidate.start, -v.candidate.end))
    accepted = [
        v for v in ordered if not v.ruled_out and v.notes and v.notes != ("antecedent",) and not _is_decoy(judge, v)
    ]
    unknown = _unrecognised(judge, ordered, accepted)
    result: list[Verdict] = []
    by_kind: dict[tuple[tuple[int, ...], str, str], _Before] = {}
    reached = 0
    for verdict in ordered:
        if verdict.notes != ("antecedent",):
            result.append(verdict)
            continue
        rule = rules.rule(verdict.candidate.rule)
        field = rule.get("agrees", "")
        noun = (
            judge.page.fold[verdict.candidate.start + 1 : verdict.candidate.end + 1].split()[-1].decode("latin-1")
            if field
            else ""
        )
        kind = (tuple(rule["refers"]), field, noun)
        if kind not in by_kind:
            by_kind[kind] = _before(judge, *kind, accepted, unknown)
        settled = _resolve(judge, verdict, rule, by_kind[kind])
        if not settled.ruled_out and verdict.candidate.end <= reached:
            settled = settled._replace(notes=(), ruled_out="part of a longer reference")
        if not settled.ruled_out:
            reached = max(reached, verdict.candidate.end)
        result.append(settled)
    return result


def _before(
    judge: Judge, kind: tuple[int, ...], field: str, noun: str, accepted: list[Verdict], unknown: list[Verdict]
) -> _Before:
    """Return what references to rules of one kind may mean; of mentions at one place the longest counts."""
    rules, wanted = judge.rulebook, set(kind)
    mine: list[Verdict] = []
    doubtful: list[int] = []
    for verdict in accepted:
        here = verdict.candidate
        if here.rule not in wanted or (mine and here.start < mine[-1].candidate.end):
            continue
        said = here.fields.get(field, "") + judge.page.plain[here.start : here.end].decode("latin-1")
        if field and noun not in said.lower():
            # Where nothing tells of what kind it is, it may be the one that is meant.
            doubtful += [here.start] if field not in here.fields else []
            continue
        mine.append(verdict)
    stops = [
        v.candidate.start
        for v in unknown
        if not wanted.isdisjoint(rules.rule(v.candidate.rule).get("refers", kind) if _is_decoy(judge, v) else kind)
    ]
    return _Before(mine, [v.candidate.start for v in mine], sorted(stops + doubtful))


def _coined(judge: Judge, verdicts: list[Verdict]) -> list[Verdict]:
    """Return the later places of short names that brackets give an instrument: resolution 1718 ("the DPRK Resolution").

    A name given to two instruments of one article is nobody's. "The Resolution" and the like, one word of the
    kind, is left to the rules that look for it.
    """
    rules, page = judge.rulebook, judge.page
    number = next((n for n in rules.head["coined"] if judge.enabled(n)), -1)
    if number < 0:
        return []
    kinds = set(rules.rule(number)["refers"])
    named: dict[tuple[int, bytes], list[tuple[Verdict, int]]] = {}
    givers_by_end: dict[int, Verdict] = {}
    # Of several rules at one place the one counts that goes before the others.
    for verdict in sorted(verdicts, key=lambda v: (v.candidate.start, -v.candidate.weight, v.candidate.rule)):
        if not verdict.ruled_out and verdict.notes and verdict.candidate.rule in kinds:
            givers_by_end.setdefault(verdict.candidate.end, verdict)
    for verdict in givers_by_end.values():
        here = verdict.candidate
        if len(named) >= _MOST_COINED:
            break
        hit = _COINED.match(page.plain[here.end : here.end + 120].decode("latin-1"))
        name = hit["name"].rstrip() if hit else ""
        words = name.lower().split()
        if hit and (name.isupper() or (len(words) > 1 and not _KINDS.isdisjoint(words))):
            key = (page.blocks[here.block].article, name.encode("latin-1"))
            named.setdefault(key, []).append((verdict, here.end + hit.end()))
    found: list[Verdict] = []
    for (article, name), givers in named.items():
        if len({(v.notes, frozenset(_of_whole(v).items())) for v, _ in givers}) == 1:
            found += _places(judge, number, article, name, *givers[0])
    return found


def _of_whole(verdict: Verdict) -> dict[str, str]:
    """Return the fields of a mention without those on parts of the instrument."""
    return {k: v for k, v in verdict.candidate.fields.items() if not k.startswith("pin")}


def _places(judge: Judge, number: int, article: int, name: bytes, giver: Verdict, start: int) -> Iterator[Verdict]:
    """Yield the places of a short name behind ``start``, in the article, with the notes of what it stands for."""
    page = judge.page
    fields = _of_whole(giver)
    said = page.plain[giver.candidate.start : giver.candidate.end].decode("latin-1")
    for _ in range(_MOST_REPEATED):
        start = page.plain.find(name, start)
        block = page.block_at(start) if start >= 0 else -1
        if start < 0 or (block >= 0 and page.blocks[block].article != article):
            return
        end = start + len(name)
        whole = not page.plain[start - 1 : start].isalnum() and not page.plain[end : end + 1].isalnum()
        if block >= 0 and whole:
            place = Candidate(start, end, number, "p", (), 1, fields, block)
            why = f"short name given to {said!r}"
            notes = judge.plain_notes(giver)
            yield Verdict(place, notes, (why,), judge.misplaced(place))
        start = end


def settle_repeats(judge: Judge, verdicts: list[Verdict]) -> list[Verdict]:
    """Accept what lacks only its context where the article cites the same row of the table in full.

    "Resolution 2397" may be anybody's; in an article that has "resolution 2397 (2017)" it is the same one.
    """
    rules = judge.rulebook
    lacking = [
        n
        for n, v in enumerate(verdicts)
        if v.ruled_out.startswith("needs ") and "repeats" in rules.rule(v.candidate.rule)
    ]
    if not lacking:
        return verdicts
    blocks = judge.page.blocks
    cited = {
        (
            v.candidate.rule,
            blocks[v.candidate.block].article,
            v.candidate.fields.get(rules.rule(v.candidate.rule)["column"]),
        )
        for v in verdicts
        if not v.ruled_out and "table" in rules.rule(v.candidate.rule)
    }
    result = list(verdicts)
    for n in lacking:
        here = verdicts[n].candidate
        rule = rules.rule(here.rule)
        key = (blocks[here.block].article, here.fields.get(rule["column"]))
        if any((other, *key) in cited for other in rule["repeats"]):
            settled = judge.judge(here, alone=True)
            result[n] = settled._replace(why=(*settled.why, "cited in full elsewhere in this article"))
    return result


def _unrecognised(judge: Judge, verdicts: list[Verdict], accepted: list[Verdict]) -> list[Verdict]:
    """Return the instruments that were seen but not recognised."""
    rules = judge.rulebook
    spans = sorted((v.candidate.start, v.candidate.end) for v in accepted)
    return [
        v
        for v in verdicts
        if (_is_decoy(judge, v) or (v.ruled_out and rules.rule(v.candidate.rule)["kind"] == "instrument"))
        and rules.rule(v.candidate.rule)["notes"] != "antecedent"
        and not _covered(spans, v.candidate.start, v.candidate.end)
    ]


def _is_decoy(judge: Judge, verdict: Verdict) -> bool:
    return bool(judge.rulebook.rule(verdict.candidate.rule).get("decoy"))


def _covered(spans: list[tuple[int, int]], start: int, end: int) -> bool:
    """Tell whether a recognised mention overlaps a span."""
    index = bisect_left(spans, (start, -1))
    near = spans[max(0, index - 4) : index + 1]
    return any(a < end and start < b for a, b in near)


def _resolve(judge: Judge, verdict: Verdict, rule: dict[str, Any], before: _Before) -> Verdict:
    """Answer one back-reference, or say why it is not certain."""
    page, here = judge.page, verdict.candidate
    article = page.blocks[here.block].article
    index = bisect_left(before.starts, here.start) - 1

    def fail(reason: str) -> Verdict:
        return verdict._replace(notes=(), ruled_out=reason)

    if index < 0 or page.blocks[before.mentions[index].candidate.block].article != article:
        return fail("refers back, but nothing of that kind stands before it in this article")
    last = before.mentions[index]
    looked_at = before.mentions[max(0, index - _LOOK_BACK) : index + 1]
    if rule.get("defines"):
        term = page.plain[here.start : here.end].decode("latin-1")
        if b"(" in page.plain[max(0, here.start - 14) : here.start].rsplit(b")", 1)[-1]:
            return fail("stands in the brackets that give the short name")
        defined = _defined(page, looked_at, term.rpartition(" of ")[2], article)
        if defined is not None:
            return _answer(judge, verdict, rule, defined)
    between = page.words_between(last.candidate.end, here.start)
    if len(between) > (_NEAR if "near" in rule else _FAR):
        return fail("refers back, but what it could mean stands too far away")
    if bisect_left(before.unknown, here.end) > bisect_left(before.unknown, last.candidate.start):
        return fail("refers back, but an instrument that was not recognised stands in between")
    words = page.fold[here.start + 1 : here.end + 1].split()
    if rule.get("near") == "of two":
        picked = _of_two(page, before.mentions[max(0, index - 2) : index + 1], between, first=b"former" in words)
        return (
            fail("refers back to one of two, but not two stand side by side")
            if picked is None
            else _answer(judge, verdict, rule, picked)
        )
    sentence = page.sentence(last.candidate.block, last.candidate.start)
    same = [v for v in before.mentions[max(0, index - 8) : index + 1] if v.candidate.start >= sentence[0]]
    if len({v.notes for v in same}) > 1 and b"latter" not in words and "near" not in rule:
        return fail("refers back, but several instruments stand in that sentence")
    in_article = {judge.plain_notes(v) for v in looked_at if page.blocks[v.candidate.block].article == article}
    if rule.get("defines") and len(in_article) > 1:
        return fail(
            "refers back, but several instruments of that kind stand before it and none was given this short name"
        )
    return _answer(judge, verdict, rule, last)


_JOINTS = frozenset(
    b"and or the of its no nos resolution resolutions regulation order executive council eu cfsp".split()
)


def _of_two(page: Page, last: list[Verdict], after: list[bytes], *, first: bool) -> Verdict | None:
    """Return the first or second of two instruments that are joined by "and" alone, if no others come between."""
    if len(last) < 2 or b"and" in after or b"or" in after:  # two of them
        return None

    def joined(one: Verdict, other: Verdict) -> bool:
        return _JOINTS.issuperset(page.words_between(one.candidate.end, other.candidate.start))

    if not joined(last[-2], last[-1]) or any(joined(one, last[-2]) for one in last[:-2]):
        return None
    return last[-2] if first else last[-1]


def _answer(judge: Judge, verdict: Verdict, rule: dict[str, Any], last: Verdict) -> Verdict:
    """Give a back-reference the notes of what it refers to, or of the paragraph of it that is named."""
    page, here = judge.page, verdict.candidate
    text = page.plain[last.candidate.start : last.candidate.end].decode("latin-1")
    again = rule.get("near") == "same place" and not any(name.startswith("pin") for name in here.fields)
    fields = {k: v for k, v in last.candidate.fields.items() if again or not k.startswith("pin")} | here.fields
    notes = last.notes if again else judge.plain_notes(last)
    named = judge.rulebook.rule(last.candidate.rule)
    if "pinpoints" in named and not again:
        notes = tuple(judge.pinpointed(named, fields)) or notes
    return verdict._replace(
        candidate=here._replace(fields=fields), notes=notes, why=(*verdict.why, f"refers back to {text!r}")
    )


def _defined(page: Page, before: list[Verdict], term: str, article: int) -> Verdict | None:
    """Return the instrument behind which brackets give this short name: resolution 1718 (2006) ("the Resolution")."""
    bare = term[4:] if term[:4].lower() == "the " else term
    for verdict in reversed(before):
        here = verdict.candidate
        if page.blocks[here.block].article != article:
            return None
        after = page.plain[here.end : here.end + 80].decode("latin-1")
        if after.lstrip().startswith("(") and bare in after.split(")", 1)[0]:
            return verdict
    return None
