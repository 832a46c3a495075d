"""Names of persons and bodies: full names, later short mentions of the same one, and near-names of others."""

from __future__ import annotations

from collections import deque
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ._judge import Judge
    from ._verdicts import Candidate, Verdict

_NEAREST = 6  # names that could cover a place: the last that begin before it
# Capitalised words that may stand before a surname without being part of a name.
TITLES = frozenset(
    b"mr mrs ms miss dr president premier minister leader chairman dictator comrade marshal general colonel admiral"
    b" king secretary ambassador director chief mayor governor senator russian korean north south ukrainian belarusian"
    b" soviet foreign defense defence prime deputy supreme kremlin moscow pyongyang the and but when while if as then"
    b" for after before although however both says said sir lord oligarch banker businessman billionaire tycoon"
    b" monday tuesday wednesday thursday friday saturday sunday january february march april may june july august"
    b" september october november december".split()
)


def settle_names(judge: Judge, candidates: Iterable[Candidate]) -> Iterator[Candidate | Verdict]:
    """Resolve the roles of names among candidates in order of place.

    Full names stand unless a near-name of another covers them. A short form stands only after a full
    name in the same article, when no other entity claims it, no near-name came in between, and no
    capitalised neighbour makes it part of another name.
    """
    return _Settling(judge).run(candidates)


class _Settling:
    """The names of one document, and what has been settled of them so far."""

    def __init__(self, judge: Judge) -> None:
        self.judge = judge
        # The last full names, those that others have near ours by our rule, and whose rules claim the same short form.
        self.full: deque[Candidate] = deque(maxlen=_NEAREST)
        self.others: dict[int, deque[Candidate]] = {}
        self.claimed: dict[tuple[int, int], set[int]] = {}
        # For each rule and article: where its full name was accepted last, and where a near-name stood last.
        self.seen: dict[tuple[int, int], int] = {}
        self.barred: dict[tuple[int, int], int] = {}

    def run(self, candidates: Iterable[Candidate]) -> Iterator[Candidate | Verdict]:
        """Go through the candidates in order of place; near-names fall away, and what is not a name stays."""
        for _, together in groupby(candidates, key=lambda c: c.start):
            here = list(together)
            self.claimed.clear()
            for c in here:
                self.take_in(c)
            for c in here:
                if c.role == "n":
                    yield self.full_name(c)
                elif c.role == "s":
                    # A part of a full name is no mention of its own.
                    if not any(n.start <= c.start and c.end <= n.end for n in self.full):
                        yield self.short_name(c)
                elif c.role == "p":
                    yield c
                elif c.block >= 0:
                    self.barred[c.rule, self.article(c)] = c.start

    def take_in(self, c: Candidate) -> None:
        """Take notice of a name among those that begin at one place."""
        if c.role == "n":
            self.full.append(c)
        elif c.role == "x":
            self.others.setdefault(c.rule, deque(maxlen=_NEAREST)).append(c)
        elif c.role == "s":
            self.claimed.setdefault((c.start, c.end), set()).add(c.rule)

    def article(self, c: Candidate) -> int:
        return self.judge.page.blocks[c.block].article

    def of_another(self, c: Candidate) -> bool:
        """Tell whether a near-name of another covers a name."""
        return any(c.end <= x.end for x in self.others.get(c.rule, ()))

    def full_name(self, c: Candidate) -> Verdict:
        if self.of_another(c):
            return self.judge.ruled_out(c, "part of the name of another")
        verdict = self.judge.judge(c)
        if not verdict.ruled_out:
            self.seen[c.rule, self.article(c)] = c.start
        return verdict

    def short_name(self, c: Candidate) -> Verdict:
        reason = self.why_not(c)
        if reason:
            return self.judge.ruled_out(c, reason)
        verdict = self.judge.judge(c)
        if not verdict.ruled_out:
            verdict = verdict._replace(why=(*verdict.why, "short for the name that stands before it"))
            self.seen[c.rule, self.article(c)] = c.start
        return verdict

    def why_not(self, c: Candidate) -> str:
        """Return why a short form cannot be taken for the rule's name, empty if it can."""
        article = self.article(c)
        if self.of_another(c):
            return "part of the name of another"
        if (c.rule, article) not in self.seen:
            return "a part of a name, and the full name has not stood before it in this article"
        rivals = [r for r in self.claimed[c.start, c.end] if r != c.rule and (r, article) in self.seen]
        if rivals:
            return f"may as well be {', '.join(self.judge.rulebook.rule_ids[r] for r in sorted(rivals))}"
        if self.barred.get((c.rule, article), -1) > self.seen[c.rule, article]:
            return "another person of that name stands nearer"
        return "part of a longer name" if _is_part(self.judge, c) else ""


def _is_part(judge: Judge, c: Candidate) -> bool:
    """Tell whether a capitalised neighbour, one blank away, makes a longer name of a short form."""
    page = judge.page
    plain = page.plain
    if plain[c.end : c.end + 1] in {b" ", b"-"}:
        after = page.fold[c.end + 2 : c.end + 40].split(b" ", 1)[0]
        start = c.end + 1
        if after and plain[start : start + 1].isupper() and after not in TITLES:
            return True
    if c.start > 1 and plain[c.start - 1 : c.start] in {b" ", b"-"}:
        before = page.fold[max(0, c.start - 40) + 1 : c.start].split(b" ")[-1]
        start = c.start - 1 - len(before)
        sentence = page.sentence(c.block, c.start)[0]
        if before and plain[start : start + 1].isupper() and before not in TITLES and start > sentence:
            return not plain[start : c.start - 1].isdigit()
    return False
