"""Whose law a mention is about: the author that the statement names, and whom the measure is on.

An author that the statement names decides; one of whom the rules hold no law is answered with nothing. Where nobody is
named, the Council's measures answer, which bind everybody, unless somebody else acts in the paragraph. A State's law is
never taken for want of another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ..model import NOBODY_NAMED
from ._saying import cannot_say, has_roles
from ._statements import Statements

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..rulebook import Rulebook
    from ..statements.statement import Statement
    from ._page import Page
    from ._verdicts import Candidate

PARTY, AUTHORITY = "party", "authority"
UN = "un"
_MOST_KEPT = 4096  # rules and days of which it is remembered what answers by default


class Law(NamedTuple):
    """The answer: jurisdictions where an author is ``named``, targets (contexts of parties) in order of preference.

    ``silent`` says why there is no answer at all; ``on`` names the target for people, ``bloc`` is a collective author.
    """

    named: bool
    jurisdictions: frozenset[str]
    targets: tuple[tuple[int, ...], ...]
    why: tuple[str, ...]
    silent: str = ""
    on: str = ""
    as_of: str | None = None
    person: bool = False
    bloc: str = ""


def _answers_by_default(answer: list[Any], day: str) -> bool:
    """Tell whether a regime answers on a day where no author is named: always, never, or from one day until another."""
    windows = answer[2]
    if UN not in answer[3]:
        return False
    if isinstance(windows, bool):
        return windows
    return any((not start or start <= day) and (not end or day < end) for start, end in windows)


class Whose:
    """Answers for one page."""

    def __init__(self, page: Page, rulebook: Rulebook, as_of: str | None, voice: str = "") -> None:
        self.page = page
        self.rulebook = rulebook
        self.as_of = as_of
        self.voice = voice
        self._statements: Statements | None = None

    @property
    def statements(self) -> Statements:
        """The statements of the page, read as they are asked for."""
        if self._statements is None:
            self._statements = Statements(self.page, self.rulebook.lexicon, self.voice)
        return self._statements

    def statement(self, candidate: Candidate) -> Statement | None:
        """Return the statement that a candidate makes or stands in."""
        return self.statements.at(candidate.start, candidate.end, candidate.block)

    def says(self, candidate: Candidate, wanted: dict[str, Any]) -> bool:
        """Tell whether the statement of a candidate has the roles that a condition asks for.

        What its own sentence rules out is found out without reading others.
        """
        statements = self.statements
        here = (candidate.start, candidate.end, candidate.block)
        if not statements.is_known(candidate.start, candidate.end):
            if "act" in wanted and not statements.may_act(*here, wanted["act"]):
                return False
            own = statements.own(*here)
            if cannot_say(wanted, own, lambda own: statements.may_carry_target(own, candidate.block, candidate.start)):
                return False
        return has_roles(wanted, statements.at(*here))

    def statement_over(self, candidate: Candidate) -> Statement | None:
        """Return the statement of the sentence of which a candidate is the target: "froze the assets of IT workers"."""
        reader = self.statements.reader(candidate.block, candidate.start)
        for other in reader.all() if reader is not None else ():
            if any(start < candidate.end and end > candidate.start for start, end in other.spots):
                return other
        return None

    def may_be_named(self, candidate: Candidate) -> bool:
        """Tell whether the sentence of a candidate can name an author: reading it all is the dearest thing there is."""
        if not self.rulebook.lexicon.actors:
            return False
        reader = self.statements.reader(candidate.block, candidate.start)
        return reader is not None and reader.may_name_author()

    def law(self, candidate: Candidate, answers: Sequence[list[Any]]) -> Law:
        """Return whose law a candidate is about, and on whom it is."""
        page = self.page
        statement = self.statement(candidate)
        targets: list[tuple[int, ...]] = []
        slots = tuple(
            dict.fromkeys(
                c for c in candidate.slots if page.context_groups[c] == PARTY and not page.context_attached[c]
            )
        )
        on = ""
        if slots:
            targets.append(slots)
            on = ", ".join(page.context_labels[c] for c in slots)
        elif statement is not None and (statement.target.actors or statement.themes):
            targets += [self._on(statement), self._parties(statement.themes)]
            on = ", ".join(self._label(a) for a in statement.target.actors or statement.themes)
            if (statement.target.actors and not any(targets)) or targets == [(-1,), ()]:
                targets = [(-1,)]  # on somebody of whom the rules hold nothing
        why: list[str] = []
        if statement is not None and statement.target.actors:
            why.append(f"on {on} ({statement.target.how})")
        actors = statement.authority.actors if statement is not None else ()
        how = statement.authority.how if statement is not None else ""
        asked = [c for c in candidate.slots if page.context_groups[c] == AUTHORITY]
        if not actors and asked:
            jurisdictions = frozenset(j for c in asked for j in page.context_jurisdictions[c])
            why.append(f"by {', '.join(page.context_labels[c] for c in asked)} (named in the phrase)")
            return Law(True, jurisdictions, tuple(targets), tuple(why), on=on, as_of=self.as_of)
        if actors:
            jurisdictions = frozenset(self.jurisdictions(actors, targets, answers))
            why.append(f"by {', '.join(self._label(a) for a in actors)} ({how})")
            if statement is not None and not statement.existing and statement.status == "hypothetical":
                return Law(True, jurisdictions, (), tuple(why), silent="a measure that does not stand yet")
            if not jurisdictions and any(self.rulebook.lexicon.actors[a].stands_for for a in actors):
                actors = ()
            elif all(jurisdictions.isdisjoint(a[3]) for a in answers):
                names = ", ".join(self._label(a) for a in actors)
                return Law(
                    True, jurisdictions, tuple(targets), tuple(why), silent=f"by {names}, whose law no rule holds here"
                )
            else:
                person = statement is not None and statement.named
                known = self.rulebook.lexicon.actors
                bloc = next((a for a in actors if a in known and known[a].members and not known[a].stands_for), "")
                return Law(
                    True, jurisdictions, tuple(targets), tuple(why), on=on, as_of=self.as_of, person=person, bloc=bloc
                )
        if how == "another":
            return Law(False, frozenset(), (), tuple(why), silent="by somebody of whom no rule holds law")
        if statement is not None and not statement.existing:
            return Law(False, frozenset(), (), tuple(why), silent="a measure that does not stand yet")
        others = self.others(candidate, statement)
        if others:
            return Law(
                False,
                frozenset(),
                (),
                tuple(why),
                silent=f"{NOBODY_NAMED}, and {', '.join(sorted(others))} acts in the paragraph",
            )
        why.append(NOBODY_NAMED)
        return Law(False, frozenset({UN}), tuple(targets), tuple(why), on=on, as_of=self.as_of)

    def by_default(self, rule: str, answers: Sequence[list[Any]]) -> list[list[Any]]:
        """Return those of the answers to a rule that hold where no author is named."""
        known = self.rulebook.by_default
        found = known.get((rule, self.as_of))
        if found is None:
            if len(known) >= _MOST_KEPT:
                known.clear()
            day = self.as_of or "9999"
            found = known[rule, self.as_of] = [a for a in answers if _answers_by_default(a, day)]
        return found

    def jurisdictions(
        self, actors: Iterable[str], targets: Sequence[tuple[int, ...]], answers: Sequence[list[Any]]
    ) -> list[str]:
        """Return the jurisdictions of actors: a bloc's are its members' on the date, a member State's its bloc's."""
        known = self.rulebook.lexicon.actors
        result: list[str] = []
        for actor in actors:
            data = known.get(actor)
            if data is None:
                continue
            if data.stands_for:
                parties = {c for group in targets for c in group}
                if any(known[data.stands_for].jurisdiction in a[3] and a[0] in parties for a in answers):
                    result.append(known[data.stands_for].jurisdiction)
            elif data.members:
                day = self.as_of or ""
                result += [
                    known[member].jurisdiction
                    for member, start, end in data.members
                    if member in known and (not start or not day or start <= day) and (not end or not day or day < end)
                ]
            elif data.member_of:
                result.append(known[data.member_of].jurisdiction)
            else:
                result.append(data.jurisdiction or actor)
        return list(dict.fromkeys(result))

    def others(self, candidate: Candidate, statement: Statement | None) -> frozenset[str]:
        """Return who but the Council acts in a candidate's paragraph on its target, or on none that is known."""
        mine = set(statement.target.actors) if statement is not None else set()
        found: set[str] = set()
        for other in self.statements.in_paragraph(candidate.block, candidate.start):
            if not other.authority.actors or (mine and other.target.actors and not mine & set(other.target.actors)):
                continue
            if statement is not None and other.start == statement.start:
                continue
            jurisdictions = self.jurisdictions(other.authority.actors, (), ())
            if jurisdictions and UN not in jurisdictions:
                found.update(self._label(a) for a in other.authority.actors)
        return frozenset(found)

    def _label(self, actor: str) -> str:
        data = self.rulebook.lexicon.actors.get(actor)
        return data.label if data is not None else actor

    def _on(self, statement: Statement) -> tuple[int, ...]:
        """Return the contexts of the regimes that are on a statement's target: those whose cues stand there."""
        page = self.page
        found: list[int] = []
        elsewhere = False
        for start, end in statement.target.places:
            cues = [c for c in page.group_between(PARTY, max(0, start - 60), end) if c.start <= start and c.end >= end]
            longest = max((c.end - c.start for c in cues), default=0)
            for cue in cues:
                if cue.end - cue.start == longest and not page.context_attached[cue.context]:
                    found.append(cue.context)
                elsewhere = elsewhere or page.context_attached[cue.context]
        if found:
            return tuple(dict.fromkeys(found))
        return self._parties(statement.target.actors) or ((-1,) if elsewhere else ())

    def _parties(self, actors: Iterable[str]) -> tuple[int, ...]:
        """Return the contexts of the regimes that are on actors."""
        known = self.rulebook.lexicon.actors
        result: list[int] = []
        for actor in actors:
            data = known.get(actor)
            while data is not None and not data.parties and data.part_of:
                data = known.get(data.part_of)
            if data is not None:
                result += [c for c in data.parties if c >= 0]
        return tuple(dict.fromkeys(result))
