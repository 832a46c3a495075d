"""What a run has found, for the line that it ends with, and for ``--fail-on``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._files import label
from ._options import screen

if TYPE_CHECKING:
    from collections.abc import Collection

    from ..api import Result
    from ..config import Options
    from ..model import Annotation

_SHOWN = 3  # dates, or mentions, that one line names
_WORDS = 40


class Tally:
    """Notes and checks of the articles of one run, the dates that they are as of, and what the run is to fail on."""

    def __init__(self, fail_on: str | None, *, each: bool = False) -> None:
        """Count a note once in an article, or with ``each`` at each mention."""
        self.fail_on = fail_on
        self.each = each
        self.files = 0
        self.notes = 0
        self.checks = 0
        self.found = 0
        self.decided = 0
        self._dates: dict[tuple[str, str], None] = {}
        self._named: list[str] = []

    def add(self, name: str, result: Result, options: Options, unplaced: Collection[Annotation] = ()) -> None:
        """Count an article; ``unplaced`` are annotations that its output has no place for."""
        self.files += 1
        self.decided += len(result.decided)
        left = set(map(id, unplaced))
        for check in (False, True):
            given = [
                note
                for one in result.annotations
                if (one.kind == "claim") == check and id(one) not in left
                for note in one.notes
            ]
            count = len(given) if self.each else len(set(given))
            self.checks += count if check else 0
            self.notes += 0 if check else count
        # An article without anything that may be a mention is not looked through for its date.
        if options.as_of is not None or result.document.laid_out:
            self._dates[result.as_of, result.as_of_from] = None
        wrong = [one for one in result.annotations if self._fails(one)]
        self.found += len(wrong)
        for one in wrong[: _SHOWN - len(self._named)]:
            self._named.append(f"{_place(name, result, one)} “{_short(one.text)}”")

    def _fails(self, annotation: Annotation) -> bool:
        return (
            self.fail_on == "any"
            or (self.fail_on in {"claims", "imprecise"} and annotation.grade == "contradicted")
            or (self.fail_on == "imprecise" and bool(annotation.grade))
        )

    def say(self) -> None:
        """Say how much was found and of when the law is, in one line."""
        if not self.files:
            return
        from .._dates import spoken

        where = f"{self.files:,} files: " if self.files > 1 else ""
        line = f"{where}{_counted(self.notes, 'note')}, {_counted(self.checks, 'check')}."
        dates = [f"{spoken(day)} ({origin})" for day, origin in sorted(self._dates)]
        if dates:
            more = f"; and {len(dates) - _SHOWN:,} more" if len(dates) > _SHOWN else ""
            line += f" Law as of {'; '.join(dates[:_SHOWN])}{more}."
        if self.decided:
            line += f" {_counted(self.decided, 'decision')} took effect."
        screen().hint(line)

    def say_failed(self) -> None:
        """Say in one line what was found of that on which the run is to fail."""
        what = {"claims": "claim", "imprecise": "claim", "any": "mention"}[self.fail_on or "any"]
        how = {"claims": " contradicted", "imprecise": " contradicted or imprecise", "any": " annotated"}
        more = f" and {self.found - len(self._named):,} more" if self.found > len(self._named) else ""
        screen().hint(
            f"--fail-on {self.fail_on}: {_counted(self.found, what)}{how[self.fail_on or 'any']}: "
            f"{', '.join(self._named)}{more}"
        )


def _counted(count: int, what: str) -> str:
    return f"{count or 'no'} {what}{'' if count == 1 else 's'}"


def _place(name: str, result: Result, annotation: Annotation) -> str:
    from ..writing.places import Lines

    lines = Lines(result.document)
    start = lines.span(annotation)[0]
    line, column = lines.at(start)
    page = lines.page(start)
    return f"{label(name)}:{f'{page}/' if page else ''}{line}:{column}"


def _short(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= _WORDS else f"{words[: _WORDS - 1]}…"
