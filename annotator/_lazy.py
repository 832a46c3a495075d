"""What is made when it is first used: public names of a package, properties, regular expressions."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any, AnyStr, Generic, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_Made = TypeVar("_Made")


def lazily(package: str, places: Mapping[str, str]) -> Callable[[str], Any]:
    """Return a ``__getattr__`` for a package; ``places`` says in which of its modules each name stands."""

    def get(name: str) -> Any:
        place = places.get(name)
        if place is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        from importlib import import_module

        value = getattr(import_module(f".{place}", package), name)
        setattr(sys.modules[package], name, value)
        return value

    return get


class once(Generic[_Made]):  # noqa: N801 - written as a decorator is
    """A property that is worked out when it is first looked at, and kept.

    Unlike ``functools.cached_property`` it takes no lock: two threads that ask at once may both work it out.
    """

    def __init__(self, make: Callable[[Any], _Made]) -> None:
        self._make = make
        self.__doc__ = make.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, instance: Any, owner: type | None = None) -> _Made:
        found: _Made = self._make(instance)
        instance.__dict__[self._name] = found
        return found


_METHODS = ("match", "fullmatch", "search", "finditer", "findall", "split", "sub", "subn", "flags", "groups")


class _Compiled:
    """A regular expression as `regex` returns it: its methods are kept as attributes."""

    def __init__(self, source: str | bytes, flags: int) -> None:
        self.pattern = source
        self._flags = flags


class _Uncompiled(_Compiled):
    """The same as long as nobody has asked it anything."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        made = re.compile(self.pattern, self._flags)
        self.__dict__.update({method: getattr(made, method) for method in _METHODS})
        self.__class__ = _Compiled  # type: ignore[assignment]  # which looks nothing up on the way
        return getattr(made, name)


def regex(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return a regular expression that is compiled when it is first used; of most runs that is a few of them."""
    return cast("re.Pattern[AnyStr]", _Uncompiled(source, flags))
