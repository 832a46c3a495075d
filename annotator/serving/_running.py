"""The server in this process: the socket, Uvicorn, and what it says of itself."""

from __future__ import annotations

import gc
import logging
import socket
from typing import TYPE_CHECKING

from ..errors import MissingExtraError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..api import Annotator
    from ..config import Settings
    from ._guard import Policy

_CONNECTIONS = 2048
_GRACE = 3  # seconds in which what is being answered may end


class _Handler(logging.Handler):
    """Passes on the first line of a message, and no traceback: it may hold some of a text."""

    def __init__(self, say: Callable[[str], None]) -> None:
        super().__init__(logging.WARNING)
        self.say = say

    def emit(self, record: logging.LogRecord) -> None:
        """Say what a library says."""
        if record.exc_info and isinstance(record.exc_info[1], (TimeoutError, ConnectionError)):
            return  # the client does not take its answer; there is nobody to tell
        self.say(str(record.msg).splitlines()[0] if record.exc_info or not record.args else record.getMessage())


def _silence(say: Callable[[str], None]) -> None:
    """Let nothing through of what libraries log, but that the server itself has a fault."""
    logging.getLogger().handlers = [logging.NullHandler()]  # what reads forms logs some of what it reads
    for name in ("uvicorn.error", "asyncio"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [_Handler(say)], False
        logger.setLevel(logging.WARNING)


def check_installed() -> None:
    """Raise ``MissingExtraError`` where what a server needs is not installed."""
    try:
        import fastapi
        import python_multipart
        import uvicorn
    except ImportError as error:
        raise MissingExtraError(
            f"serve needs {(error.name or 'a library').partition('.')[0]}; install it with: "
            'pip install "sanctions-annotator[serve]"'
        ) from None
    del fastapi, python_multipart, uvicorn


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens. Raises ``UsageError`` that says why it cannot."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):
        raise UsageError(f"--host {host}: no such address on this machine") from None
    family, kind, protocol, _, address = min(found, key=lambda one: one[0] != socket.AF_INET)
    made = socket.socket(family, kind, protocol)
    try:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # on Windows another program could take the port over
            made.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
        made.listen(_CONNECTIONS)
    except OSError as error:
        made.close()
        reason = (error.strerror or str(error)).lower()
        raise UsageError(
            f"cannot listen at {host}, port {port}: {reason}; --port names another, 0 takes a free one"
        ) from None
    return made


def serve(
    sock: socket.socket,
    settings: Settings,
    annotator: Annotator,
    policy: Policy,
    *,
    workers: int,
    seconds: float,
    say: Callable[[str], None],
    log: Callable[[str], None] | None,
    begun: Callable[[], None],
) -> None:
    """Serve at a socket until the process is told to end; ``begun`` is called when it can be asked.

    The other arguments are those of `Pool` and `create_app`. Raises ``AnnotatorError`` where it cannot begin.
    """
    from ._pool import Pool

    pool = Pool(settings, workers=workers, seconds=seconds, say=say)
    pool.start(annotator)  # first of all, as long as there are no threads
    try:
        import uvicorn

        from ._app import create_app
        from ._connection import connections

        _silence(say)
        app = create_app(annotator, pool, policy, say=say, log=log)
        gc.freeze()
        gc.set_threshold(2000, 10, 10)  # a command seldom collects; this one goes on for days
        begun()
        config = uvicorn.Config(
            app,
            http=connections(policy.seconds),
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            limit_concurrency=_CONNECTIONS,
            timeout_keep_alive=5,
            timeout_graceful_shutdown=_GRACE,
        )
        uvicorn.Server(config).run(sockets=[sock])
    finally:
        pool.stop()
