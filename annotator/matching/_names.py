"""Names of persons and bodies: full names, later short mentions of the same one, and near-names of others."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._find import Candidate, Finder, Verdict

# Capitalised words that may stand before a surname without being part of a name.
_TITLES = frozenset(
    b"mr mrs ms miss dr president premier minister leader chairman dictator comrade marshal general colonel admiral"
    b" king secretary ambassador director chief mayor governor senator russian korean north south ukrainian belarusian"
    b" soviet foreign defense defence prime deputy supreme kremlin moscow pyongyang the and but when while if as then"
    b" for after before although however both says said sir lord oligarch banker businessman billionaire tycoon".split()
)


def settle_names(finder: Finder, candidates: list[Candidate]) -> list[Candidate | Verdict]:
    """Resolve the roles of names.

    Full names stand unless a near-name of another covers them. A short form stands only after a full
    name in the same article, when no other entity claims it, no near-name came in between, and no
    capitalised neighbour makes it part of another name.
    """
    from ._find import Verdict  # noqa: PLC0415

    if not any(c.role in "nsx" for c in candidates):
        return list(candidates)
    page = finder.page
    others: dict[int, list[Candidate]] = {}
    for c in candidates:
        if c.role == "x":
            others.setdefault(c.rule, []).append(c)
    full = [c for c in candidates if c.role == "n"]
    result: list[Candidate | Verdict] = []
    claimed: dict[tuple[int, int], set[int]] = {}
    for c in candidates:
        if c.role == "s":
            claimed.setdefault((c.start, c.end), set()).add(c.rule)
    # For each article: where each rule's full name was accepted, and where near-names stand.
    seen: dict[tuple[int, int], int] = {}
    barred: dict[tuple[int, int], int] = {}
    for c in candidates:
        if c.role == "x":
            if c.block >= 0:
                barred[c.rule, page.blocks[c.block].article] = c.start
            continue
        if c.role == "p":
            result.append(c)
            continue
        covering = next((x for x in _around(others.get(c.rule, []), c.start) if c.end <= x.end), None)
        article = page.blocks[c.block].article
        if c.role == "n":
            if covering is not None:
                result.append(Verdict(c, (), (), "part of the name of another"))
                continue
            verdict = finder.judge(c)
            result.append(verdict)
            if not verdict.ruled_out:
                seen[c.rule, article] = c.start
            continue
        if any(n.start <= c.start and c.end <= n.end for n in _around(full, c.start)):
            continue
        reason = ""
        if covering is not None:
            reason = "part of the name of another"
        elif (c.rule, article) not in seen:
            reason = "a part of a name, and the full name has not stood before it in this article"
        else:
            rivals = [r for r in claimed[c.start, c.end] if r != c.rule and (r, article) in seen]
            if rivals:
                names = ", ".join(finder.rulebook.rule_ids[r] for r in sorted(rivals))
                reason = f"may as well be {names}"
            elif barred.get((c.rule, article), -1) > seen[c.rule, article]:
                reason = "another person of that name stands nearer"
            elif _is_part(finder, c):
                reason = "part of a longer name"
        if reason:
            result.append(Verdict(c, (), (), reason))
        else:
            verdict = finder.judge(c)
            if not verdict.ruled_out:
                verdict = verdict._replace(why=(*verdict.why, "short for the name that stands before it"))
                seen[c.rule, article] = c.start
            result.append(verdict)
    return result


def _around(names: list[Candidate], offset: int) -> list[Candidate]:
    """Return the names that could cover an offset; ``names`` are in order of start."""
    index = bisect_right(names, offset, key=lambda c: c.start)
    return names[max(0, index - 6) : index]


def _is_part(finder: Finder, c: Candidate) -> bool:
    """Tell whether a capitalised neighbour, one blank away, makes a longer name of a short form."""
    page = finder.page
    plain = page.plain
    if plain[c.end : c.end + 1] in {b" ", b"-"}:
        after = page.fold[c.end + 2 : c.end + 40].split(b" ", 1)[0]
        start = c.end + 1
        if after and plain[start : start + 1].isupper() and after not in _TITLES:
            return True
    if c.start > 1 and plain[c.start - 1 : c.start] in {b" ", b"-"}:
        before = page.fold[max(0, c.start - 40) + 1 : c.start].split(b" ")[-1]
        start = c.start - 1 - len(before)
        sentence = page.sentence(c.block, c.start)[0]
        if before and plain[start : start + 1].isupper() and before not in _TITLES and start > sentence:
            return not plain[start : c.start - 1].isdigit()
    return False
