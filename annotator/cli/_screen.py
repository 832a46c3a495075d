"""What a person sees: messages on standard error, results on standard output, colour on a terminal only."""

from __future__ import annotations

import errno
import os
import re
import sys

from ..errors import OutputError, UsageError

_STYLES = {"red": "31;1", "green": "32", "yellow": "33", "blue": "34;1", "dim": "2", "bold": "1"}
_LOOK_AT = 4096
_WIDEST = 78  # of a line that shows progress
COLOURS = ("auto", "always", "never")


# Compiled where they are first needed. What may stand in a line that is said are our own colours; everything else that
# could steer a terminal is escaped.
_OURS = "(\x1b\\[(?:" + "|".join(("0", *_STYLES.values())) + ")m)"
# Control characters but tab and line feed, marks of direction, what is not seen, and halves of characters.
STEERING = (
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)


def plain(text: str) -> str:
    r"""Return text that fits on one line of a terminal and cannot steer it.

    >>> plain("a\nb\x1b[2Jc")
    'a\\nb\\x1b[2Jc'
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _escaped(char) for char in text)


def _escaped(char: str) -> str:
    return char.encode("unicode_escape", "surrogatepass").decode("ascii")


class StreamError(OutputError):
    """Standard output cannot be written: the end of the run, not of one article."""


class Screen:
    """The two output streams of one run, and how much goes to them.

    Results go to standard output; everything else is a message and goes to standard error: errors
    always, warnings unless ``quiet``, progress only if ``verbose``. ``debug`` asks for tracebacks.
    """

    __slots__ = ("_shown", "color", "debug", "quiet", "verbose")

    def __init__(self) -> None:
        self.color = "auto"
        self.debug = False
        self.quiet = False
        self.verbose = False
        self._shown = False  # a line of progress stands on the terminal

    def error(self, message: str) -> None:
        """Say what went wrong, in one line."""
        self._message("error", "red", message)

    def warn(self, message: str) -> None:
        """Say what may be wrong, unless the run is quiet."""
        if not self.quiet:
            self._message("warning", "yellow", message)

    def hint(self, message: str) -> None:
        """Say something helpful, unless the run is quiet."""
        if not self.quiet:
            self._message("", "", message)

    def inform(self, message: str) -> None:
        """Say what was done, if the run is verbose."""
        if self.verbose:
            self._message("", "", message)

    def progress(self, message: str) -> None:
        """Show how far a long step has come, on a terminal only: one line that the next takes the place of.

        An empty one takes it away, and so does whatever else is said.
        """
        if not message and not self._shown:
            return
        if self.quiet or sys.stderr is None or not _is_terminal(sys.stderr):
            return
        try:
            sys.stderr.write(f"\r{plain(message)[:_WIDEST]}\x1b[K")
            sys.stderr.flush()
        except (OSError, ValueError):
            return
        self._shown = bool(message)

    def trace(self, text: str) -> None:
        """Show a traceback, line by line, without what could steer a terminal: it holds names from outside."""
        if sys.stderr is not None:
            self.progress("")
            lines = "\n".join(plain(line) for line in text.splitlines())
            sys.stderr.write(f"{lines}\n")

    def _message(self, kind: str, style: str, message: str) -> None:
        stream = sys.stderr
        if stream is None:  # started without one, as under pythonw
            return
        # An error needs no word for it: it is what the command says when it says anything.
        label = f"{kind}: " if kind == "warning" else ""
        self.progress("")
        if style and self.colours(stream):
            text = f"\x1b[{_STYLES[style]}mannotator:\x1b[0m {label}{plain(message)}\n"
        else:
            text = f"annotator: {label}{plain(message)}\n"
        try:
            stream.write(text)
            stream.flush()
        except (OSError, ValueError):  # nobody is listening
            return

    def colours(self, stream: object) -> bool:
        """Tell whether a stream is to be coloured: asked for, or a terminal that can and may."""
        if self.color != "auto":
            return self.color == "always"
        if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
            return False
        return _is_terminal(stream)

    def paint(self, text: str, style: str) -> str:
        """Return text in a style for standard output, plain where it is not coloured."""
        text = plain(text)
        return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if self.colours(sys.stdout) else text

    def say(self, text: str) -> None:
        """Write a line for people to standard output; what could steer a terminal is escaped, but for our own colours.

        Line ends in it are kept, so names and text from outside go through ``plain`` first.
        """
        parts = re.split(_OURS, text) if self.colours(sys.stdout) else [text]
        parts[::2] = [re.sub(STEERING, lambda hit: _escaped(hit.group()), part) for part in parts[::2]]
        text = "".join(parts)
        encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
        self.write(f"{text}\n".encode(encoding, "backslashreplace"))

    def write(self, data: bytes) -> None:
        """Write bytes to standard output as they are.

        Raises ``StreamError`` and ``BrokenPipeError``, and ``UsageError`` for what a terminal cannot show.
        """
        if sys.stdout is None:
            raise StreamError("standard output is closed")
        self.progress("")
        if b"\0" in data[:_LOOK_AT] and _is_terminal(sys.stdout):
            raise UsageError("the result is not text that a terminal could show; write it to a file with -o FILE")
        try:
            sys.stdout.flush()
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            if os.name == "nt" and error.errno == errno.EINVAL:  # what Windows says of a closed pipe
                raise BrokenPipeError from None
            drop_output()
            raise StreamError(f"cannot write to standard output: {error.strerror or error}") from None
        except ValueError:
            raise StreamError("standard output is closed") from None


def _is_terminal(stream: object) -> bool:
    is_terminal = getattr(stream, "isatty", None)
    return bool(is_terminal and is_terminal())


def drop_output() -> None:
    """Let what is still buffered for standard output go nowhere, so that ending does not fail again."""
    try:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
        os.close(null)
    except (OSError, ValueError, AttributeError):
        return
