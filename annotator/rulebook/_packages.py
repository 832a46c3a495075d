"""Rules that installed packages bring: found by the name of their entry point, and only when asked for by it.

A package says in its metadata where its folder of rules is, ``NAME = "package:folder"`` in the group
``annotator.rules``. Nothing of the package is imported or run: its rules are files.
"""

from __future__ import annotations

import os

from ..errors import UsageError

GROUP = "annotator.rules"
PREFIX = "package:"


def is_package(path: str) -> bool:
    """Tell whether what stands for a path of rules names those of a package.

    >>> is_package("package:acme"), is_package("rules.yaml"), is_package("./package:acme")
    (True, False, False)
    """
    return path.startswith(PREFIX)


def folder_of(path: str) -> str:
    """Return the folder of rules that ``package:NAME`` means.

    Raises ``UsageError`` where no installed package, or more than one, has rules of the name, or where the folder that
    it names is not there.
    """
    from importlib.metadata import entry_points  # slow to import

    name = path.removeprefix(PREFIX)
    found = {(point.value, point.dist.name if point.dist else ""): point for point in entry_points(group=GROUP)
             if point.name == name}  # fmt: skip
    if not found:
        known = sorted({point.name for point in entry_points(group=GROUP)})
        installed = f"installed: {', '.join(known)}" if known else "none is installed that has rules"
        raise UsageError(f"{path}: no installed package has rules of the name {name!r}; {installed}")
    if len(found) > 1:
        packages = " and ".join(sorted(package or value for value, package in found))
        raise UsageError(f"{path}: {packages} have rules of this name; uninstall one, or give the folder's path")
    [((value, package), point)] = found.items()
    for folder in _folders(f"{point.module}.{point.attr}".strip(".")):
        if os.path.isdir(folder):
            return folder
    raise UsageError(f"{path}: the package {package} names {value}, which is no folder; install it anew")


def _folders(dotted: str) -> list[str]:
    """Return the folders that a dotted name may mean, without importing anything of the package."""
    from importlib.machinery import PathFinder
    from importlib.util import find_spec

    top, *rest = dotted.split(".")
    try:
        spec = find_spec(top) if top else None
    except (ImportError, ValueError):
        # Imported without a specification, as what is run is.
        spec = PathFinder.find_spec(top)
    if spec is None or spec.submodule_search_locations is None:
        return []
    return [os.path.join(location, *rest) for location in spec.submodule_search_locations]
