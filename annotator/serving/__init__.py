"""A page to paste articles into, and the same as an interface over HTTP: what ``annotator serve`` runs.

The page and the interface are one application (`_app`), guarded from outside (`_guard`): hosts, origins, sizes, times.
The work is done by processes of its own (`_pool`, `_work`), which are killed where an article takes too long. Nothing
of what is sent is kept once it is answered, and nothing of it is ever logged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._lazy import lazily

if TYPE_CHECKING:
    from ._app import create_app
    from ._guard import Policy, loopback
    from ._pool import Pool
    from ._running import serve

__all__ = ["Policy", "Pool", "create_app", "loopback", "serve"]

__getattr__ = lazily(
    __name__,
    {"Policy": "_guard", "Pool": "_pool", "create_app": "_app", "loopback": "_guard", "serve": "_running"},
)
