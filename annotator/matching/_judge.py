"""Verdicts on candidates: whether one is a mention where it stands, and which notes it has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._lazy import regex
from ..folding import fold_key, name_key
from ._conditions import holds
from ._regimes import decide
from ._saying import has_roles
from ._verdicts import Candidate, Verdict
from ._whose import UN, Law, Whose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ..rulebook import Rulebook
    from ..statements.statement import Statement
    from ._page import Page

_MOST_PARTS = 6
_IN_ANNEX = "pin_annex"  # the field of paragraphs of an annex
# How an author is named so that the measure is his.
_NAMED = frozenset({"subject", "by", "modifier", "of", "relative clause", "its", "compound"})
# What may be said for certain. Everything else is somebody's wish, doubt or denial, or of another time.
ASSERTED = frozenset({"asserted"})
_NAMES = regex(r"\{([a-z_0-9]+)\}")


def _spelt(fields: dict[str, str]) -> dict[str, str]:
    """Return fields with pinpoints in normal form."""
    from ._pinpoints import pins

    return {name: ", ".join(pins(value)) if name.startswith("pin") else value for name, value in fields.items()}


def keys_of(rule: dict[str, Any], fields: dict[str, str]) -> Iterator[str]:
    """Yield the keys that a rule's templates make of the fields, leaving out those with a field missing."""
    for template in rule["key"]:
        names = _NAMES.findall(template)
        if all(fields.get(name) for name in names):
            yield fold_key(_NAMES.sub(lambda hit: fields[hit.group(1)], template))


class Judge:
    """Judges candidates of one document by the rules of a rulebook that take part."""

    def __init__(
        self,
        page: Page,
        rulebook: Rulebook,
        selected: Callable[[str], bool] | None,
        as_of: str | None = None,
        voice: str = "",
        *,
        everything: bool = True,
    ) -> None:
        """Take the page; unless ``everything`` is told, what is ruled out may have another reason than the first."""
        self.page = page
        self.everything = everything
        self.whose = Whose(page, rulebook, as_of, voice)
        self.rulebook = rulebook
        self.selected = selected
        self.on: dict[int, bool] = {}

    def enabled(self, rule: int) -> bool:
        """Tell whether a rule takes part in this run."""
        if self.selected is None:
            return True
        found = self.on.get(rule)
        if found is None:
            found = self.on[rule] = self.selected(self.rulebook.rule_ids[rule])
        return found

    def judge(self, candidate: Candidate, *, alone: bool = False) -> Verdict:
        """Check a candidate's place and conditions and settle its notes; ``alone``: without what it ``needs``."""
        rule = self.rulebook.rule(candidate.rule)
        reason = self.misplaced(candidate)
        if not reason and "table" in rule:
            candidate, reason = self._look_up(candidate, rule)
        why: list[str] = []
        if not reason:
            judged = candidate if candidate.head < 0 else candidate._replace(start=candidate.head)
            reason = self.holds({"forbids": rule.get("forbids", ())} if alone else rule, judged, why)
        if reason:
            return Verdict(candidate, (), tuple(why), reason)
        if rule["kind"] == "claim" and rule.get("asserted") == "yes":
            statement = self.whose.statement(candidate)
            if statement is None or statement.status not in ASSERTED:
                status = "not read" if statement is None else statement.status
                return Verdict(candidate, (), tuple(why), f"the sentence does not assert it: {status}")
        if rule["kind"] == "claim" and self.page.is_quoted(candidate.block, candidate.start):
            candidate = candidate._replace(fields={**candidate.fields, "quoted": "in quoted speech"})
        if rule["kind"] == "claim" and "check" not in rule:
            candidate = self._with_country(candidate)
        notes = rule["notes"]
        if notes == "by-regime":
            return self._by_regime(rule, candidate, why)
        if isinstance(notes, str):
            return Verdict(candidate, ("antecedent",) if notes == "antecedent" else (), tuple(why), "")
        verdict = self._by_conditions(rule, candidate, why)
        return self._of_author(verdict) if rule["kind"] in {"measure", "regime"} and verdict.notes else verdict

    def _with_country(self, candidate: Candidate) -> Candidate:
        """Return a candidate with the name of the one target that its sentence speaks of, for the note's words."""
        statement = self.whose.statement(candidate)
        if "country" in candidate.fields or statement is None or len(statement.target.actors) != 1:
            return candidate
        actor = self.rulebook.lexicon.actors.get(statement.target.actors[0])
        if actor is None:
            return candidate
        return candidate._replace(fields={**candidate.fields, "country": actor.label})

    def holds(
        self, holder: dict[str, Any], candidate: Candidate, why: list[str], statement: Statement | None = None
    ) -> str:
        """Return why the conditions of a rule or note fail at a candidate, empty if they hold.

        ``statement`` is what the sentence says of the candidate where that is known already.
        """
        if statement is not None:
            known = statement
            return holds(self.page, holder, candidate, why, lambda _, wanted: has_roles(wanted, known))
        return holds(self.page, holder, candidate, why, self.whose.says, in_order=self.everything)

    @staticmethod
    def ruled_out(candidate: Candidate, reason: str) -> Verdict:
        """Return the verdict on a candidate that cannot be a mention."""
        return Verdict(candidate, (), (), reason)

    def misplaced(self, candidate: Candidate) -> str:
        """Return why no mention may stand where a candidate stands, empty if one may."""
        return self.page.misplaced(candidate.start, candidate.end, candidate.block)

    def _look_up(self, candidate: Candidate, rule: dict[str, Any]) -> tuple[Candidate, str]:
        """Return a candidate with the fields of its row, or why there is no such row."""
        table, fields = rule["table"], candidate.fields
        if candidate.role == "p" and "named" in rule and "pattern" not in rule:
            start = candidate.start if candidate.head < 0 else candidate.head
            end = candidate.end if candidate.tail < 0 else candidate.tail
            keys = [name_key(self.page.plain[start:end].decode("latin-1"))]
        else:
            keys = list(keys_of(rule, fields))
        row = next((row for row in (self.rulebook.row(table, key) for key in keys) if row), None)
        if row is None:
            return candidate, f"no row in table {table} for {' or '.join(map(repr, keys)) or 'nothing'}"
        for name in rule.get("match", ()):
            if name in fields and row.get(name) and fold_key(fields[name]) != fold_key(row[name]):
                marked = candidate._replace(fields={**fields, "differs": name})
                return marked, f"the text says {name} {fields[name]}, the table {row[name]}"
        # What the row leaves open stays open: a note says nothing on the word of the article alone.
        own = {name: value for name, value in fields.items() if name not in row}
        return candidate._replace(fields={**own, **{k: v for k, v in row.items() if v}}), ""

    def _by_conditions(self, rule: dict[str, Any], candidate: Candidate, why: list[str]) -> Verdict:
        """Settle the notes of a rule that names its own: those whose conditions hold, or of the paragraphs named."""
        fields = candidate.fields
        chosen: list[str] = []
        for identifier, conditions in rule["notes"]:
            evidence: list[str] = []
            if not conditions or not self.holds(conditions, candidate, evidence):
                chosen.append(self._with_row(identifier, rule, fields))
                why += evidence
        if "pinpoints" in rule and any(name.startswith("pin") for name in fields):
            candidate = candidate._replace(fields=_spelt(fields))
            exact = self.pinpointed(rule, candidate.fields)
            if exact:
                chosen = exact
                why.append(f"paragraph: {', '.join(note.rsplit('/', 1)[1] for note in exact)}")
        return Verdict(candidate, tuple(chosen), tuple(why), "" if chosen else "no note's conditions hold")

    def _of_author(self, verdict: Verdict) -> Verdict:
        """Take from a measure's notes those of another law than that of the author whom the sentence names."""
        if not self.whose.may_be_named(verdict.candidate):
            return verdict
        statement = self.whose.statement(verdict.candidate)
        if statement is None or not statement.authority.actors:
            statement = self.whose.statement_over(verdict.candidate)
        if statement is None or statement.authority.how not in _NAMED:
            return verdict
        actors = statement.authority.actors
        if any(self.rulebook.lexicon.actors[a].stands_for for a in actors if a in self.rulebook.lexicon.actors):
            return verdict
        laws = set(self.whose.jurisdictions(actors, (), ()))
        kept = tuple(
            note
            for note in verdict.notes
            if laws & set(self.rulebook.note(note.partition("/")[0])["jurisdiction"].split(","))
        )
        if kept == verdict.notes:
            return verdict
        said = f"by {', '.join(actors)} ({statement.authority.how})"
        return verdict._replace(
            notes=kept, why=(*verdict.why, said), ruled_out="" if kept else f"{said}, not of that law"
        )

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
        from ._pinpoints import pins

        identifier = rule["pinpoints"]
        table = self.rulebook.note(identifier)["table"]
        number = fields[rule["column"]] if "table" in rule else fields.get("number", "")
        own = {name: value for name, value in fields.items() if name.startswith("pin") and name != _IN_ANNEX}
        named = [pin for value in own.values() for pin in pins(value)]
        annex = " ".join(fields.get("annex", "").lower().split())
        named += [f"{annex}/{pin}" for pin in pins(fields.get(_IN_ANNEX, ""))]
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

    def _by_regime(self, rule: dict[str, Any], candidate: Candidate, why: list[str]) -> Verdict:
        answers = self.rulebook.answers(rule["id"])[0]
        wider = self.rulebook.answers(rule["otherwise"])[0] if "otherwise" in rule else []
        law = self.whose.law(candidate, [*answers, *wider])
        why += law.why
        if law.silent:
            return Verdict(candidate, (), tuple(why), law.silent)
        if not law.named:
            return self._answered(rule, candidate, why, law, self.whose.by_default(rule["id"], answers))
        if law.bloc:
            candidate = candidate._replace(fields={**candidate.fields, "bloc": law.bloc})
        usable = [a for a in answers if not law.jurisdictions.isdisjoint(a[3])]
        if together := _of_all(usable, law):
            found = self._answered(rule, candidate, why, law, together)
            if not found.ruled_out:
                return found
        found = self._answered(rule, candidate, why, law, usable)
        if found.ruled_out and any(law.targets):
            others = [a for a in wider if not law.jurisdictions.isdisjoint(a[3])]
            found = self._answered(rule, candidate, why, law, others) if others else found
        return found

    def _answered(
        self, rule: dict[str, Any], candidate: Candidate, why: list[str], law: Law, usable: list[list[Any]]
    ) -> Verdict:
        """Settle the notes of a mention among the regimes that may answer: by its target, else by what stands near."""
        page = self.page
        if not usable:
            return Verdict(candidate, (), tuple(why), f"no regime answers {rule['id']}")
        contexts: tuple[int, ...] = ()
        evidence: list[str] = []
        for targets in law.targets:
            contexts = tuple(c for c in targets if any(a[0] == c for a in usable))
            if contexts:
                break
        if not contexts and any(law.targets):
            return Verdict(candidate, (), tuple(why), f"no regime on {law.on} answers {rule['id']}")
        if not contexts:
            able = frozenset(a[0] for a in usable)
            loose = frozenset(a[0] for a in usable if not a[5])
            decision = decide(page, candidate, able, loose, near=law.person)
            if not decision.contexts:
                return Verdict(candidate, (), tuple(why), decision.why)
            contexts = decision.contexts
            evidence.append(decision.why)
        evidence.append(f"party: {', '.join(page.context_labels[c] for c in contexts)}")
        notes = dict.fromkeys(
            note for context in contexts for answer in usable if answer[0] == context for note in answer[4]
        )
        if not notes:
            return Verdict(candidate, (), tuple(why), f"no regime on it answers {rule['id']}")
        return Verdict(candidate, tuple(notes), (*why, *evidence), "")


def _of_all(answers: list[list[Any]], law: Law) -> list[list[Any]]:
    """Return the answers on parties on whom each author has sanctions: "the sanctions of the US and the UN".

    Only where the UN is among several: its regimes are few, those of the others nearly the same.
    """
    if law.bloc or UN not in law.jurisdictions or len(law.jurisdictions) == 1:
        return []
    authors: dict[int, set[str]] = {}
    for answer in answers:
        authors.setdefault(answer[0], set()).update(answer[3])
    return [answer for answer in answers if authors[answer[0]] >= law.jurisdictions]
