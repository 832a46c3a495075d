"""Every exception of the project, each with the exit code that it carries.

The table in ``docs/exit-codes.md`` is made from this module and checked by a test.
"""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of the ``annotator`` command."""

    OK = 0
    FINDINGS = 1
    USAGE = 2
    BAD_RULES = 3
    BAD_INPUT = 4
    CANNOT_WRITE = 5
    EDITED = 6
    MISSING_EXTRA = 7
    INTERNAL = 70
    INTERRUPTED = 130


class AnnotatorError(Exception):
    """Base of all errors that are meant for people: one line, no traceback.

    ``exit_code`` is what the command exits with when the error ends it.
    """

    exit_code = ExitCode.INTERNAL


class UsageError(AnnotatorError):
    """An option or argument is wrong."""

    exit_code = ExitCode.USAGE


class MisfitError(UsageError):
    """An article's format does not fit the output or style asked for; others may."""


class ConfigError(UsageError):
    """The configuration file is wrong."""


class RuleError(AnnotatorError):
    """A rule file is wrong.

    Formats itself as ``file:line:column: what is wrong; what to do``. Lines and
    columns count from 1; both are 0 when the place is not known.
    """

    exit_code = ExitCode.BAD_RULES

    def __init__(self, message: str, *, path: str = "", line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.line = line
        self.column = column

    def __str__(self) -> str:
        """Return the one-line form."""
        if self.line:
            return f"{self.path}:{self.line}:{self.column}: {self.message}"
        return f"{self.path}: {self.message}" if self.path else self.message


class RuleErrors(RuleError):  # noqa: N818 - several errors, and public under this name
    """Several rule errors at once; ``errors`` holds them in file order."""

    def __init__(self, errors: list[RuleError]) -> None:
        first = errors[0]
        super().__init__(first.message, path=first.path, line=first.line, column=first.column)
        self.errors = tuple(errors)

    def __str__(self) -> str:
        """Return one line for each error."""
        return "\n".join(str(error) for error in self.errors)


class InputError(AnnotatorError):
    """An article cannot be read: missing, binary, wrongly encoded, unknown format."""

    exit_code = ExitCode.BAD_INPUT


class OutputError(AnnotatorError):
    """The result cannot be written."""

    exit_code = ExitCode.CANNOT_WRITE


class UnplacedError(OutputError):
    """A note has no safe place in the article, and ``--strict`` asks for all of them."""


class EditedError(AnnotatorError):
    """The text carries notes of an earlier run but was edited since, so they cannot be removed exactly."""

    exit_code = ExitCode.EDITED


class MissingExtraError(AnnotatorError):
    """A library or a spaCy model is needed that is not installed."""

    exit_code = ExitCode.MISSING_EXTRA
