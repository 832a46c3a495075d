"""How runs end: with an exit code of `ExitCode`, and one line on standard error for what went wrong.

A traceback is shown only on ``--debug``.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from .. import _published
from ..errors import AnnotatorError, ExitCode, MisfitError, RuleErrors, UsageError
from ._files import label
from ._screen import Screen, StreamError, drop_output

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_MOST_RULE_ERRORS = 20
_FIRST, _EVERY = 1.0, 0.2  # seconds until progress is shown, and between two times


def run(app: click.Command, arguments: list[str]) -> int:
    """Run a command line; return its exit code after saying what went wrong."""
    screen = Screen()
    screen.debug = "--debug" in arguments
    try:
        code = _invoke(app, arguments, screen)
        screen.write(b"")  # what click itself has written, such as help, may fail only here
    except BrokenPipeError:
        # The reader of our output has had enough, as `head` has: nothing to say, but it was not all.
        drop_output()
        return ExitCode.CANNOT_WRITE
    except (KeyboardInterrupt, click.Abort):
        screen.error("interrupted")
        return ExitCode.INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last stop: no traceback ever reaches a user unasked
        return report(screen, error)
    return code


def _invoke(app: click.Command, arguments: list[str], screen: Screen) -> int:
    try:
        with app.make_context("annotator", list(arguments), obj=screen) as context:
            code = app.invoke(context)
    except click.exceptions.Exit as early:
        return early.exit_code
    return code if isinstance(code, int) else ExitCode.OK


def each(screen: Screen, names: Iterable[str], work: Callable[[str], None]) -> int:
    """Do some work for each input; return the worst exit code, the highest.

    What fails for one input is said with its name, and the others are still done. A wrong option, or
    standard output that takes no more, ends the run. With several inputs a terminal shows how far the work is.
    """
    worst = 0
    every = tuple(names)
    steps = _Steps(screen, len(every))
    for number, name in enumerate(every):
        steps.show(number)
        try:
            work(name)
        except MisfitError as error:
            worst = max(worst, report(screen, error, about=label(name)))
        except (UsageError, StreamError, BrokenPipeError, click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:  # noqa: BLE001 - the other inputs are to be done whatever befell this one
            worst = max(worst, report(screen, error, about=label(name)))
    screen.progress("")
    return worst


class _Steps:
    """How far a run over several inputs has come: a line on a terminal, once the run has taken a second."""

    def __init__(self, screen: Screen, total: int) -> None:
        self.screen = screen
        self.total = total
        self.began = self.said = time.monotonic()

    def show(self, done: int) -> None:
        """Show how many are done, and how long the others will take at this rate."""
        now = time.monotonic()
        if self.total < 2 or now - self.began < _FIRST or now - self.said < _EVERY:
            return
        self.said = now
        left = int((now - self.began) * (self.total - done) / done) if done else 0
        clock = f", about {left // 60}:{left % 60:02} left" if done else ""
        self.screen.progress(f"{done:,} of {self.total:,} files ({done / self.total:.0%}){clock}")


def report(screen: Screen, error: Exception, *, about: str = "") -> int:
    """Say in a line what an error was, and return the exit code it stands for.

    ``about`` is the name of the input it happened with, put in front where the message does not say it.
    """
    debug = screen.debug
    if debug:
        from traceback import format_exception

        screen.trace("".join(format_exception(error)))
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return ExitCode.USAGE
    if isinstance(error, click.ClickException):
        screen.error(_usage(error))
        return ExitCode.USAGE
    if isinstance(error, RuleErrors):
        for one in error.errors[:_MOST_RULE_ERRORS]:
            screen.error(str(one))
        if len(error.errors) > _MOST_RULE_ERRORS:
            more = f"and {len(error.errors) - _MOST_RULE_ERRORS} more faults in the rules"
            screen.error(f"{more}; about such faults: {_published.command('RuleError')}")
        return error.exit_code
    if isinstance(error, AnnotatorError):
        message = str(error)
        screen.error(message if about in message else f"{about}: {message}")
        return error.exit_code
    if isinstance(error, OSError) and error.filename is None and not about:
        # Files are opened by name: this was click writing its help.
        drop_output()
        screen.error(f"cannot write to standard output: {error.strerror or error}")
        return ExitCode.CANNOT_WRITE
    where = f"{about}: " if about else ""
    if isinstance(error, MemoryError):
        screen.error(f"{where}not enough memory")
    else:
        what = " ".join(f"{type(error).__name__}: {error}".split())
        hint = "" if debug else "; --debug shows the traceback"
        screen.error(f"{where}internal error: {what}; please report it{hint}")
    return ExitCode.INTERNAL


def _usage(error: click.ClickException) -> str:
    """Put what is wrong with a command line into one line, with the way to the help."""
    if isinstance(error, click.BadParameter) and not isinstance(error, click.MissingParameter):
        options = error.param.opts if error.param else []
        where = f"{max(options, key=len)}: " if options and options[0].startswith("-") else ""
        message = f"{where}{error.message}"
    elif isinstance(error, click.NoSuchOption):
        close = error.possibilities or []
        message = f"no option {error.option_name}" + (f"; did you mean {close[0]}?" if close else "")
    else:
        message = " ".join(error.format_message().split())
        message = message[:1].lower() + message[1:]
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "annotator"
    return f"{message.rstrip('.?')}; see: {path} --help"
