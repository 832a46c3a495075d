"""Ctrl-C and SIGTERM: the first of them ends a run as an exception does, those that follow wait until it has ended."""

from __future__ import annotations

import signal
from typing import Any, Self

__all__ = ["Stopping", "listen"]

_asked = False


def _stop(*_: object) -> None:
    """Ask the run to end. What comes while it puts things in order cannot make that go faster, only spoil it."""
    global _asked  # noqa: PLW0603 - signals are for the process as a whole
    if not _asked:
        _asked = True
        raise KeyboardInterrupt


def _listen() -> list[tuple[signal.Signals, Any]]:
    before: list[tuple[signal.Signals, Any]] = []
    try:
        if signal.getsignal(signal.SIGINT) not in {signal.SIG_IGN, None}:  # who has it ignored, as a shell has it
            before.append((signal.SIGINT, signal.signal(signal.SIGINT, _stop)))  # behind `&`, goes on ignoring it
        before.append((signal.SIGTERM, signal.signal(signal.SIGTERM, _stop)))
    except ValueError:  # not the main thread, to which alone signals come
        pass
    return before


def listen() -> None:
    """Take Ctrl-C and SIGTERM from now on until the process ends."""
    _listen()


class Stopping:
    """Within this context Ctrl-C and SIGTERM raise ``KeyboardInterrupt``, once.

    `check` raises it where the first time came to nothing: Python drops what is raised in some places, such as a
    finalizer.
    """

    def __enter__(self) -> Self:
        """Begin to listen."""
        self._before = _listen()
        return self

    def __exit__(self, *_: object) -> None:
        """Leave signals as they were."""
        global _asked  # noqa: PLW0603 - as above
        for number, handler in self._before:
            if handler is not None:  # one that is not Python's cannot be put back
                signal.signal(number, handler)
        if all(handler is not _stop for _, handler in self._before):  # else the process itself is ending
            _asked = False

    @staticmethod
    def check() -> None:
        """Raise ``KeyboardInterrupt`` where the run has been asked to end."""
        if _asked:
            raise KeyboardInterrupt
