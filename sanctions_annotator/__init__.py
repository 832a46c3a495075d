"""The package by the name of its distribution; it tells when another ``annotator`` stands in the way.

``import sanctions_annotator`` gives what ``import annotator`` does. The scripts start here: the distribution called
``annotator`` on PyPI has nothing to do with this one, but its package has the same name, so that where both are
installed either may be found.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import ModuleType

    from annotator import *  # noqa: F403
    from annotator import __version__ as __version__

__all__ = ["main"]

_DISTRIBUTION = "sanctions-annotator"
_SHADOWED = 7  # ExitCode.MISSING_EXTRA, which may not be there to be imported


def _annotator() -> ModuleType:
    """Return our package. Raises ``ImportError`` that says what is wrong and what to do where it is not ours."""
    try:
        import annotator
    except Exception as error:
        if not _is_foreign(_place()):
            raise
        raise ImportError(_message(_place())) from error
    if getattr(annotator, "__distribution__", "") != _DISTRIBUTION:
        raise ImportError(_message(getattr(annotator, "__file__", None) or ""), name="annotator")
    return annotator


def _place() -> str:
    """Return the file that ``import annotator`` finds, empty where it finds none."""
    from importlib.util import find_spec

    try:
        spec = find_spec("annotator")
    except (ImportError, ValueError):
        return ""
    return (spec.origin or "") if spec is not None else ""


def _is_foreign(place: str) -> bool:
    """Tell whether a file is not our package's first one, without running it."""
    try:
        with open(place, "rb") as file:
            return f'__distribution__ = "{_DISTRIBUTION}"'.encode() not in file.read(100_000)
    except OSError:
        return True


def _message(place: str) -> str:
    again = f"pip install --force-reinstall --no-deps {_DISTRIBUTION}"
    if not place:
        return f"the package annotator of {_DISTRIBUTION} is not there, or not whole; install it again: {again}"
    return (
        f"another package named annotator stands in the way of {_DISTRIBUTION}: {place}; "
        f"put the two into environments of their own, or: pip uninstall annotator, then {again}"
    )


def main() -> None:
    """Run the command line and exit; the entry point of the installed scripts."""
    try:
        _annotator()
    except ImportError as error:
        if error.name not in {None, "annotator"}:
            raise
        sys.stderr.write(f"annotator: {error}\n")
        sys.exit(_SHADOWED)
    from annotator.cli import main as run

    run()


def __getattr__(name: str) -> Any:
    """Return a public name of the package."""
    if name.startswith("__") and name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(_annotator(), name)


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted({*_annotator().__all__, *__all__})
