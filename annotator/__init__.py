"""Put correct, cited reference notes on sanctions law into news articles.

>>> import annotator
>>> annotator.strip("Nothing to strip.")
'Nothing to strip.'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._version import __version__
from .errors import (
    AnnotatorError,
    ConfigError,
    EditedError,
    ExitCode,
    InputError,
    MissingExtraError,
    OutputError,
    RuleError,
    RuleErrors,
    UnplacedError,
    UsageError,
)

if TYPE_CHECKING:
    from .api import Annotator, Result, strip
    from .model import Annotation, Document, Mention, Note, Source

__all__ = [
    "Annotation",
    "Annotator",
    "AnnotatorError",
    "ConfigError",
    "Document",
    "EditedError",
    "ExitCode",
    "InputError",
    "Mention",
    "MissingExtraError",
    "Note",
    "OutputError",
    "Result",
    "RuleError",
    "RuleErrors",
    "Source",
    "UnplacedError",
    "UsageError",
    "__version__",
    "strip",
]

_PLACES = {
    **dict.fromkeys(("Annotator", "Result", "strip"), "api"),
    **dict.fromkeys(("Annotation", "Document", "Mention", "Note", "Source"), "model"),
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that ``import annotator`` costs next to nothing."""
    place = _PLACES.get(name)
    if place is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415

    value = getattr(import_module(f".{place}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted(__all__)
