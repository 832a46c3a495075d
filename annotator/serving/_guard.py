"""What stands before the application: who may ask, how much, how long, and the headers that every answer has.

A browser lets any page send requests to this machine. So the host asked for must be one of this server's names (a page
that has its own name resolved to this address is refused), and what comes from a page of another origin is too.
"""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from .._lazy import regex
from ._problems import MEDIA, headers_of, problem
from ._work import _where

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    Scope = MutableMapping[str, Any]
    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    App = Callable[[Scope, Receive, Send], Awaitable[None]]

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
_HOST = regex(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::[0-9]{1,5})?")
_SAFE = {"GET", "HEAD", "OPTIONS"}
_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-robots-tag": "noindex",
}
# A body that is too large by no more than this is read to its end, so that a client gets to see why it is refused.
_DRAINED = 4


class _Refusal(Exception):  # noqa: N818 - an answer, not a fault
    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Who may ask, and how much.

    ``hosts`` are names that the server goes by beside those of this machine; ``addresses`` tells whether it may be
    asked for by any address in figures. ``token`` is what each request to the interface has to bring, ``None`` for
    nothing. ``size`` is of one request in bytes, ``held`` of all that are at work or waiting. ``seconds`` is how long
    a request may take to come in, and an answer to go out.
    """

    hosts: tuple[str, ...] = ()
    addresses: bool = False
    token: str | None = None
    size: int = 16 << 20
    held: int = 256 << 20
    seconds: float = 30.0

    def knows(self, host: str) -> bool:
        """Tell whether a host is this server, whatever the port.

        >>> Policy().knows("127.0.0.1:8000"), Policy().knows("attacker.example")
        (True, False)
        """
        found = _HOST.fullmatch(host.lower())
        if found is None:
            return False
        name = found[1].removesuffix(".")
        if name in LOOPBACK or name in self.hosts:
            return True
        return self.addresses and _address(name) is not None


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return None


def loopback(host: str) -> bool:
    """Tell whether what listens at a host is reached from this machine alone.

    >>> loopback("127.0.0.1"), loopback("localhost"), loopback("0.0.0.0")
    (True, True, False)
    """
    found = _address(host)
    return host.lower() == "localhost" if found is None else found.is_loopback


class Guard:
    """The application with all that around it.

    ``say`` is told of faults of our own, ``log`` the method, the path and the status of each answer, and how long it
    took; neither of them anything that was sent. ``paths`` are the paths that may be logged.
    """

    def __init__(
        self,
        app: App,
        policy: Policy,
        *,
        say: Callable[[str], None] = lambda _: None,
        log: Callable[[str], None] | None = None,
        paths: frozenset[str] = frozenset(),
    ) -> None:
        self.app = app
        self.policy = policy
        self.say = say
        self.log = log
        self.paths = paths
        self.held = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await _Exchange(self, scope, receive, send).run()
        else:  # a web socket, which is closed before it is accepted
            await send({"type": "websocket.close", "code": 1008})


class _Exchange:
    """One request and its answer."""

    def __init__(self, guard: Guard, scope: Scope, receive: Receive, send: Send) -> None:
        self.guard = guard
        self.policy = guard.policy
        self.scope = scope
        self._receive = receive
        self._send = send
        self.status = 0
        self.held = 0
        self.body: bytes | None = b""
        self.headers: dict[str, list[str]] = {}
        for name, value in scope["headers"]:
            self.headers.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))

    async def run(self) -> None:
        """Check the request, hand it on, and see to it that there is an answer."""
        begun = time.monotonic()
        try:
            self._check()
            await self._take_in()
            await self.guard.app(self.scope, self.receive, self.send)
        except _Refusal as refusal:
            await self._refuse(refusal.status, refusal.detail)
        except TimeoutError:  # nobody takes the answer
            self.status = self.status or 408
            raise
        except Exception as error:  # noqa: BLE001 - the last stop; what it says may hold some of a text
            self.guard.say(f"internal error: {_where(error)}; please report it")
            if self.status:
                raise ConnectionAbortedError from None
            await self._refuse(500, f"internal error ({type(error).__name__}); please report it")
        finally:
            self.guard.held -= self.held
            self._log(time.monotonic() - begun)

    def _log(self, seconds: float) -> None:
        if self.guard.log is not None:
            path = self.scope["path"]
            shown = path if path in self.guard.paths else "another path"
            method = self.scope["method"] if self.scope["method"].isalpha() else "?"
            self.guard.log(f"{method[:10]} {shown} {self.status} {seconds * 1000:.0f} ms")

    # -- who asks ------------------------------------------------------------------------------------

    def _check(self) -> None:
        hosts = self.headers.get("host", [])
        if len(hosts) != 1 or not self.policy.knows(hosts[0]):
            raise _Refusal(421, "this server does not go by the name that was asked for; --allow-host adds a name")
        path = self.scope["path"]
        if self.scope["method"] not in _SAFE or path.startswith("/api"):
            self._check_origin(hosts[0])
        if self.policy.token is not None and (self.scope["method"] not in _SAFE or path.startswith("/api")):
            self._check_token(self.policy.token)

    def _check_origin(self, host: str) -> None:
        origins = self.headers.get("origin", [])
        site = self.headers.get("sec-fetch-site", ["same-origin"])
        own = all(_netloc(one) == host.lower() for one in origins if _is_url(one))
        if len(origins) > 1 or not own or any(not _is_url(one) for one in origins) or site[0] not in _OWN_SITES:
            raise _Refusal(403, "this request comes from a page of another origin")

    def _check_token(self, token: str) -> None:
        given = self.headers.get("authorization", [])
        scheme, _, value = given[0].partition(" ") if len(given) == 1 else ("", "", "")
        # Both are bytes of one length in the end, and compared in a time that tells nothing.
        if scheme.lower() != "bearer" or not hmac.compare_digest(_bytes(value.strip()), _bytes(token)):
            raise _Refusal(401, "the token is missing or wrong; send it as: Authorization: Bearer TOKEN")

    # -- what is sent --------------------------------------------------------------------------------

    async def _take_in(self) -> None:
        """Read the body whole, as far as it is not too large, and not too slowly."""
        stated = self._stated_size()
        if stated > self.policy.size * _DRAINED:
            raise self._too_large()
        parts: list[bytes] = []
        size = 0
        try:
            async with asyncio.timeout(self.policy.seconds):
                while True:
                    message = await self._receive()
                    if message["type"] != "http.request":
                        raise _Refusal(400, "the request broke off")
                    part = message.get("body", b"")
                    size += len(part)
                    if size <= self.policy.size:
                        self._hold(size)
                        parts.append(part)
                    else:
                        parts.clear()
                    if size > self.policy.size * _DRAINED:
                        raise self._too_large()
                    if not message.get("more_body", False):
                        break
        except TimeoutError:
            raise _Refusal(408, f"the request took more than {self.policy.seconds:g} s to arrive") from None
        if size > self.policy.size:
            raise self._too_large()
        self.body = b"".join(parts)

    def _too_large(self) -> _Refusal:
        return _Refusal(413, f"the request is larger than the {shown_size(self.policy.size)} that this server takes")

    def _stated_size(self) -> int:
        stated = self.headers.get("content-length", ["0"])
        if len(stated) != 1 or not stated[0].isascii() or not stated[0].isdigit() or len(stated[0]) > 18:
            raise _Refusal(400, "the header Content-Length is wrong")
        return int(stated[0])

    def _hold(self, size: int) -> None:
        """Count so many bytes as held by this request."""
        more = size - self.held
        if more <= 0:
            return
        if self.guard.held + more > self.policy.held:
            raise _Refusal(503, "too much is waiting already; try again in a while")
        self.guard.held += more
        self.held = size

    async def receive(self) -> Message:
        """Hand the body on, once; after it only that the client is gone."""
        if self.body is not None:
            body, self.body = self.body, None
            return {"type": "http.request", "body": body, "more_body": False}
        while True:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                return message

    # -- what is answered ----------------------------------------------------------------------------

    async def send(self, message: Message) -> None:
        """Send a part of the answer, with the headers that all have."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            have = {name.lower() for name, _ in message.get("headers", [])}
            more = [(name.encode(), value.encode()) for name, value in _HEADERS.items() if name.encode() not in have]
            message = {**message, "headers": [*message.get("headers", []), *more]}
        async with asyncio.timeout(self.policy.seconds):
            await self._send(message)

    async def _refuse(self, status: int, detail: str) -> None:
        body = problem(status, detail)
        headers = {"content-type": MEDIA, "content-length": str(len(body)), **headers_of(status)}
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        await self.send({"type": "http.response.start", "status": status, "headers": raw})
        await self.send({"type": "http.response.body", "body": b"" if self.scope["method"] == "HEAD" else body})


_OWN_SITES = ("same-origin", "none")


def _netloc(origin: str) -> str:
    """Return the host and port of an origin, empty where it is none."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def _is_url(origin: str) -> bool:
    return origin.startswith(("http://", "https://"))


def _bytes(text: str) -> bytes:
    from hashlib import sha256

    return sha256(text.encode("utf-8", "surrogatepass")).digest()


def shown_size(size: int) -> str:
    """Return a number of bytes for people.

    >>> shown_size(16 << 20), shown_size(1500)
    ('16 MB', '1.5 kB')
    """
    return f"{size / (1 << 20):g} MB" if size >= 1 << 20 else f"{size / 1000:g} kB"
