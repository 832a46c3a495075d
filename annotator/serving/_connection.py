"""A connection that is given up where its other end neither asks in time nor takes its answer.

Uvicorn closes a connection that lies idle between two requests, but waits without end for a header that never ends,
and keeps an answer that nobody reads for as long as the other end stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    import asyncio


class Connection(H11Protocol):
    """Uvicorn's connection, looked at once in a while: ``seconds`` for a header to come, and for an answer to move."""

    seconds = 30.0
    _watch: asyncio.TimerHandle | None = None
    _waiting_since = 0.0
    _moved_at = 0.0
    _left = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to watch."""
        super().connection_made(transport)
        self._waiting_since = self._moved_at = self.loop.time()
        self._look_later()

    def connection_lost(self, exc: Exception | None) -> None:
        """Watch no more."""
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """Give the next header its time, from now on."""
        self._waiting_since = self.loop.time()
        super().on_response_complete()

    def _look_later(self) -> None:
        self._watch = self.loop.call_later(self.seconds / 4, self._look)

    def _look(self) -> None:
        now = self.loop.time()
        left = self.transport.get_write_buffer_size()
        if not left or left != self._left:
            self._moved_at = now
        self._left = left
        is_late = not left and self.conn.their_state is h11.IDLE and now - self._waiting_since >= self.seconds
        if is_late or (left and now - self._moved_at >= self.seconds):
            self.transport.abort()
        else:
            self._look_later()


def connections(seconds: float) -> type[Connection]:
    """Return what Uvicorn makes of each connection, given up after so many seconds without a move."""
    return type("TimedConnection", (Connection,), {"seconds": seconds})
