"""What each exit code, each exception and each finding of ``rules lint`` means, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .. import errors
from ..errors import AnnotatorError, ExitCode
from .page import Item, Line, Link, Page, Section, spelt

if TYPE_CHECKING:
    from collections.abc import Iterator


class Told(NamedTuple):
    """When something happens, and what to do."""

    when: str
    remedy: str


# The first of each is what the table in docs/exit-codes.md says; a test compares them.
CODES = {
    ExitCode.OK: Told("Done.", "Nothing."),
    ExitCode.FINDINGS: Told(
        "Done, and something was found that the run was told to fail on: `--fail-on` (which `check` has by itself), "
        "`rules lint --strict`, `lists status --strict`. Or `lookup` found nothing.",
        "Read what was found. `--fail-on none` ends with 0 whatever is found.",
    ),
    ExitCode.USAGE: Told(
        "An option, an argument or the configuration file is wrong, or `check --since` names no revision; nothing was "
        "read or written. Or an article is of a format that the output or style asked for does not take, or that is "
        "only read, or the file holds many articles and is for `batch`; the others are done. Or `serve` cannot listen "
        "where it is told to, or would be reached by others without a token.",
        "The message names the option, and often what may be meant; `annotator COMMAND --help` has them all.",
    ),
    ExitCode.BAD_RULES: Told(
        "A rule file or a file of decisions is wrong (file, line and column are named), or rules fail their own checks "
        "or examples.",
        "Mend the line that is named; `annotator rules lint FILE` and `annotator rules test FILE` tell what is left.",
    ),
    ExitCode.BAD_INPUT: Told(
        "An article is missing, unreadable, binary, or in an encoding that cannot be told; a PDF or mail is locked, "
        "damaged, without text, or too much to read; `check --diff` is given no unified diff; a sanctions list is "
        "damaged or in no known format, or a store of lists is none.",
        "Name the right file. `--format` and `--encoding` say outright what a file is where its bytes leave it open.",
    ),
    ExitCode.CANNOT_WRITE: Told(
        "The result cannot be written: no space, no permission, a folder in the way, a reader that has gone, another "
        "run writing to the same store of lists. The old file is left as it was.",
        "Make room, or name another file with `-o`.",
    ),
    ExitCode.EDITED: Told(
        "An annotated text was changed since, so its notes cannot be taken out exactly; see `strip --edited`.",
        "`annotator strip --edited FILE` takes the notes out and keeps the changes; then annotate anew.",
    ),
    ExitCode.MISSING_EXTRA: Told(
        "A rule, a file format, a cluster, `serve` or `mcp` needs a library, a rule a spaCy model, or `check --since` "
        "git, that is not installed; or another package named `annotator` stands in the way of this one.",
        "Install what the message names.",
    ),
    ExitCode.INTERNAL: Told(
        "A fault of the program itself; please report it. `--debug` shows the traceback.",
        "Report it with the traceback that `--debug` shows, and if you may, the article.",
    ),
    ExitCode.INTERRUPTED: Told(
        "Stopped with Ctrl-C; `batch` also with SIGTERM.",
        "Run it again. `batch` goes on where it stopped.",
    ),
}

EXCEPTIONS: dict[type[AnnotatorError], Told] = {
    AnnotatorError: Told(
        "The base of all errors that are meant for people. Its message is one line that says what is wrong and what to "
        "do; `exit_code` is what the command would end with.",
        "Catch it where all faults of the library are to be handled alike.",
    ),
    errors.UsageError: Told(
        "An option or argument is wrong: a date that is none, a jurisdiction that no note is of, an output that does "
        "not exist.",
        "Correct the argument that the message names.",
    ),
    errors.MisfitError: Told(
        "An article is of a format that the output or style asked for does not take.",
        "Ask for an output that takes it, or for a file beside the article (`--output json`).",
    ),
    errors.ConfigError: Told(
        "The configuration file is wrong: an unknown key, or a value of the wrong kind.",
        "Mend the key that is named, or run with `--no-config`.",
    ),
    errors.RuleError: Told(
        "A rule file is wrong. The message begins with its file, line and column (`path`, `line`, `column`; from 1, 0 "
        "where the place is not known).",
        "Mend the line; text that holds square or curly brackets stands in quotes. `annotator rules lint FILE` looks "
        "for more.",
    ),
    errors.RuleErrors: Told(
        "Several rule errors at once; `errors` holds them in file order.",
        "Mend them one by one; `annotator rules lint FILE` shows what is left.",
    ),
    errors.InputError: Told(
        "An article cannot be read: missing, binary, wrongly encoded, of no known format. Or a list or a store of "
        "lists is none.",
        "Name the right file, or say what it is with `--format` and `--encoding`.",
    ),
    errors.OutputError: Told(
        "The result cannot be written. The old file is left as it was.",
        "Make room, or write to another place.",
    ),
    errors.UnplacedError: Told(
        "A note has no safe place in the article, and `--strict` asks for all of them.",
        "Leave out `--strict`: then the note is left out with a warning. Or take a file beside the article, in which "
        "every note has a place.",
    ),
    errors.EditedError: Told(
        "The text carries notes of an earlier run but was edited since, so they cannot be removed exactly.",
        "`annotator strip --edited FILE` takes the notes out and keeps the changes.",
    ),
    errors.MissingExtraError: Told(
        "A library or a spaCy model is needed that is not installed.",
        "Install what the message names.",
    ),
}

LINT = {
    "invalid": ("error", Told("The file does not load.", "Mend the line that is named; the message says how.")),
    "overrides": ("warning", Told(
        "A definition stands in for one of the pack without saying so, or says so and stands in for none.",
        "Say `overrides: true` where it is meant, else choose another id.")),
    "closed": ("warning", Told(
        "A regime answers a rule that looks only for other parties than its own, so the answer is never given.",
        "Let the regime's context join the set that the message names: `sets: [...]`.")),
    "no-date": ("warning", Told("A reference has no date of the instrument.", "Add `date`.")),
    "overlap": ("error", Told("Two versions of a note hold at once.", "Give the earlier one an `until`.")),
    "hole": ("error", Told(
        "Between two versions of a note nothing holds.", "Mend the dates, or say `gap: true` before it.")),
    "no-change": ("warning", Told("A version does not say what it changed.", "Add `change`, a few words.")),
    "field": ("error", Told("A note over a table asks for a column that the table has not.", "Correct the name.")),
    "dates": ("error", Told("`from` is not before `until`.", "Correct one of them; `until` is the first day after.")),
    "stale": ("warning", Told(
        "A note was last checked longer ago than `--max-age` allows.",
        "Read its sources again and set `checked` to the day.")),
    "no-source": ("error", Told("A note, or an entry of a listing, has no source.", "Add one with `ref` and `at`.")),
    "no-pinpoint": ("error", Told(
        "A source does not say where in the instrument.", "Add `at`; `at: whole` where the whole is meant.")),
    "no-jurisdiction": ("warning", Told("A note does not say whose law it is.", "Add `jurisdiction`.")),
    "no-status": ("error", Told(
        "A note does not say how far it was verified.", "Add `status`: `verified`, `partly` or `unverified`.")),
    "no-checked": ("warning", Told("A note does not say when it was checked.", "Add `checked`, a day.")),
    "norms": ("error", Told(
        "A note has more than one of `forbids`, `requires`, `urges`, `allows` and `says`.", "Keep one.")),
    "bound": ("error", Told("A note does not say who is bound.", "Add `bound`.")),
    "long": ("warning", Told("A note has more words than a reader takes in.", "Shorten it; `full` may say more.")),
    "uncertain": ("error", Told(
        "What is not certain stands in a sentence.", "Leave it out, or say it in `status`, `checked` or `renewed`.")),
    "verb": ("error", Told(
        "A note does not use the verb that it gives, or one that nobody read in the text.",
        "Use the text's own verb, or leave it out.")),
    "run-out": ("warning", Told(
        "The last renewal known has run out.", "Look for another; set `renewed`, or `checked` where none is.")),
    "date-disagrees": ("error", Told(
        "A sentence says a day that no field of its data holds.", "Correct it, or add it to `about`.")),
    "instrument-disagrees": ("error", Told(
        "A sentence names an instrument that is none of its sources.", "Add the source.")),
    "authority-disagrees": ("warning", Told(
        "A sentence names an authority, and the note is of another's law.", "Correct one of them.")),
    "no-instrument": ("warning", Told("A note does not name its instrument.", "Name it in the text.")),
    "no-example": ("warning", Told(
        "A rule lacks an example that must match, or a near miss. In the shipped pack this is an error.",
        "Add `examples` with `match` and `near`.")),
    "short": ("error", Told("A rule has short names but no full ones.", "Add `names`.")),
    "answers": ("error", Told(
        "A regime answers a rule that has notes of its own and does not ask.",
        "Give the rule `notes: by-regime`, or take the answer away.")),
    "tied": ("error", Told("A regime ties an answer that it does not give.", "Add it, or take it out of `tied`.")),
    "unanswered": ("warning", Told("No regime answers a rule that asks.", "Add it to `answers` of a regime.")),
    "unused": ("warning", Told("Nothing leads to a definition.", "Use it, or take it out.")),
    "same-words": ("warning", Told(
        "A rule with notes of its own has words that another asks the regime for; only its own notes are given.",
        "Where that is meant say `goes-before`, else take the words out.")),
    "never": ("warning", Told("A phrase can never match.", "Correct it; `annotator explain` shows what a text gives.")),
}  # fmt: skip


def names() -> Iterator[str]:
    """Yield the names of all pages on errors."""
    yield from (code.name for code in CODES)
    yield from (one.__name__ for one in EXCEPTIONS)
    yield from LINT


def find(words: str) -> Page | None:
    """Return the page on an exit code (by name or number), an exception, a finding of lint; in any case."""
    wanted = words.lower()
    for code in CODES:
        if wanted in {code.name.lower(), str(int(code))}:
            return _code(code)
    for exception in EXCEPTIONS:
        if wanted == exception.__name__.lower():
            return _exception(exception)
    return _lint(wanted) if wanted in LINT else None


def _sections(told: Told, *more: Section) -> tuple[Section, ...]:
    return (Section("When", (spelt(told.when),)), Section("What to do", (spelt(told.remedy),)), *more)


def _code(code: ExitCode) -> Page:
    raised = [Item((Link("error", one.__name__),)) for one in EXCEPTIONS if one.exit_code == code]
    more = [Section("Exceptions of the library", (), tuple(raised))] if raised else []
    return Page("error", code.name, f"exit code {int(code)}", (), _sections(CODES[code], *more))


def _exception(exception: type[AnnotatorError]) -> Page:
    base = exception.__mro__[1]
    lines: list[Line] = [("Exit code: ", Link("error", exception.exit_code.name), f" ({int(exception.exit_code)})")]
    if issubclass(base, AnnotatorError):
        lines.append(("A kind of: ", Link("error", base.__name__)))
    what = f"exception of the library, {exception.__module__}"
    return Page("error", exception.__name__, what, tuple(lines), _sections(EXCEPTIONS[exception]))


def _lint(code: str) -> Page:
    level, told = LINT[code]
    return Page("error", code, f"{level} of annotator rules lint", (), _sections(told))
