"""Rule files as they were parsed and checked before, so that of many only those that changed are read as YAML.

One file of the cache, laid out as compiled rulebooks are (``_store``): a section for each rule file, named by the
digest of its content, that holds its data as JSON, and one for what compiling found out (``_findings``). Its name has
the state of the schema and of the program in it, so that what others vouched for is never looked at.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from . import _store

_MOST = 32_000_000  # bytes of files that these rules do not have, kept for other rules


class Parsed:
    """What the cache holds of rule files, and what is to be put there."""

    def __init__(self, stamp: str) -> None:
        self._name = f"files-{stamp}"
        self._known = _store.cache_read(self._name)
        self._used: dict[str, bytes] = {}
        self._new = False

    def get(self, content: bytes) -> dict[str, Any] | None:
        """Return the data of a sound rule file with this content, ``None`` where it is not known."""
        return self.section(hashlib.sha256(content).hexdigest())

    def put(self, content: bytes, data: dict[str, Any]) -> None:
        """Keep the data of a rule file that was found sound."""
        self.put_section(hashlib.sha256(content).hexdigest(), data)

    def section(self, name: str) -> dict[str, Any] | None:
        """Return what is kept under a name, ``None`` where there is nothing."""
        if self._known is None or name not in self._known:
            return None
        text = self._known[name]
        try:
            data = json.loads(text)
        except ValueError:
            return None
        if not isinstance(data, dict):
            return None
        self._used[name] = text
        return data

    def put_section(self, name: str, data: dict[str, Any]) -> None:
        """Keep data under a name."""
        self._used[name] = json.dumps(data, separators=(",", ":")).encode()
        self._new = True

    def save(self) -> None:
        """Write what is new to the cache, with what other rules may need, the last used first."""
        if not self._new:
            return
        kept = dict(self._used)
        left = _MOST
        if self._known is not None:
            for name in self._known.names:
                content = self._known[name]
                if name not in kept and len(content) <= left:
                    kept[name] = content
                    left -= len(content)
        self._known = None  # Windows cannot replace a file that is mapped
        _store.cache_write(self._name, _store.pack(kept), keep=2)
