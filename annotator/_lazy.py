"""What is made when it is first used: public names of a package, and properties."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Generic, TypeVar

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
