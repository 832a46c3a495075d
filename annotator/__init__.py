"""Put correct, cited reference notes on sanctions law into news articles.

>>> import annotator
>>> annotator.strip("Nothing to strip.")
'Nothing to strip.'
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._lazy import lazily
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

# By which `sanctions_annotator` tells this package from others of its name.
__distribution__ = "sanctions-annotator"

_PLACES = {
    **dict.fromkeys(("Annotator", "Result", "strip"), "api"),
    **dict.fromkeys(("Annotation", "Document", "Mention", "Note", "Source"), "model"),
}

# So that ``import annotator`` costs next to nothing.
__getattr__ = lazily(__name__, _PLACES)


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted(__all__)
