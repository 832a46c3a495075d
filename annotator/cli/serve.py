"""``annotator serve``: a page to paste articles into, and the same as an interface over HTTP, on this machine."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from ..errors import ExitCode, UsageError
from ._options import FILE_NAME, HELP, engine, screen, talking, with_engine

if TYPE_CHECKING:
    from ..config import Settings
    from ..serving import Policy

_TOKEN = "ANNOTATOR_TOKEN"  # noqa: S105 - the name of a variable
_LEAST = 16  # characters of a token


@click.command("serve", context_settings=HELP, short_help="Serve a page to paste articles into, and an API.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Listen at this address; others need a token.")
@click.option(
    "--port", default=8321, show_default=True, type=click.IntRange(0, 65535), help="Listen at this port; 0: a free one."
)
@click.option("--open", "opens", is_flag=True, help="Open the page in the browser.")
@click.option(
    "--token-file",
    metavar="FILE",
    type=FILE_NAME,
    help=f"Ask each request for the token in FILE; {_TOKEN} in the environment says it too.",
)
@click.option(
    "--allow-host",
    multiple=True,
    metavar="NAME",
    help="Answer to this name too, as behind a proxy; repeatable.",
)
@click.option(
    "--workers", type=click.IntRange(1, 64), help="Work on so many articles at once; one a processor when left out."
)
@click.option(
    "--max-size",
    default=16,
    show_default=True,
    type=click.IntRange(1, 512),
    help="Take requests of so many MB at most.",
)
@click.option(
    "--time-limit",
    default=30,
    show_default=True,
    type=click.IntRange(1, 3600),
    help="Work for so many seconds on one article at most.",
)
@with_engine
@talking
def command(
    settings: Settings,
    host: str,
    port: int,
    token_file: str | None,
    allow_host: tuple[str, ...],
    *,
    workers: int | None,
    max_size: int,
    time_limit: int,
    opens: bool,
) -> int:
    """Serve a page where articles are pasted or dropped and read with their notes, and the same as an HTTP API.

    The page is at http://127.0.0.1:8321/ and needs no account. Nothing that is sent is kept or logged, and nothing is
    sent anywhere else. Another address than this machine's own needs a token (--token-file). Ctrl-C ends it. See
    docs/serve.md.
    """
    from ..serving._running import check_installed, listen

    check_installed()
    token = _token(token_file)
    policy = _policy(host, token, allow_host, max_size)
    sock = listen(host, port)
    try:
        _serve(settings, sock, policy, workers, time_limit, opens=opens)
    finally:
        sock.close()
    return ExitCode.OK


def _serve(settings: Settings, sock: object, policy: Policy, workers: int | None, seconds: int, *, opens: bool) -> None:
    import socket

    from ..serving import serve
    from ..serving._pool import processors
    from ._stopping import Stopping

    assert isinstance(sock, socket.socket)
    said = screen()
    address = _address(sock)

    def begun() -> None:
        said.hint(f"the page is at {address}; Ctrl-C ends it")
        if opens:
            import webbrowser
            from urllib.parse import quote

            webbrowser.open(f"{address}#token={quote(policy.token, safe='')}" if policy.token else address)

    try:
        with Stopping():
            annotator = engine(settings)
            if annotator.lists is not None:
                annotator.lists.prepare()
            serve(
                sock, settings, annotator, policy, workers=workers or processors(), seconds=float(seconds),
                say=said.warn, log=said.inform if said.verbose else None, begun=begun,
            )  # fmt: skip
    except KeyboardInterrupt:  # how a server ends
        said.inform("ended")


def _address(sock: object) -> str:
    name, port = sock.getsockname()[:2]  # type: ignore[attr-defined]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(name, f"[{name}]" if ":" in name else name)  # noqa: S104
    return f"http://{shown}:{port}/"


def _policy(host: str, token: str | None, names: tuple[str, ...], size: int) -> Policy:
    from ..serving import Policy, loopback

    local = loopback(host)
    if not local and token is None:
        raise UsageError(
            f"--host {host} can be reached from other machines, so it needs a token: --token-file FILE, "
            f"with {_LEAST} characters or more in FILE"
        )
    hosts = tuple(name.lower().rstrip(".") for name in names)
    for name in hosts:
        if not name or "/" in name or name.rpartition(":")[2].isdecimal():
            raise UsageError(f"--allow-host {name}: write the name alone, such as notes.example.org")
    own = () if local else (host.lower(),)
    return Policy(hosts=(*own, *hosts), addresses=not local, token=token, size=size << 20)


def _token(path: str | None) -> str | None:
    """Return the token of a file, else of the environment. Raises ``UsageError``, ``InputError``."""
    where, token = _TOKEN, os.environ.get(_TOKEN, "")
    if path is not None:
        from ._files import read

        where = path
        token = read(path, screen()).decode("utf-8-sig", "replace").strip()
    elif not token:
        return None
    if len(token) < _LEAST or not token.isascii() or not token.isprintable() or " " in token:
        raise UsageError(f"{where}: a token is {_LEAST} or more letters, digits and signs in ASCII, without blanks")
    return token
