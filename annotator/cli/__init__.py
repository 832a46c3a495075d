"""The ``annotator`` command.

Only what every run needs is imported here; each command's own module is imported when it is called.
"""

from __future__ import annotations

__all__ = ["main"]


def main() -> None:
    """Run the command line and exit; the entry point of the installed script."""
    from ._app import app  # noqa: PLC0415 - `import annotator.cli` stays free of click

    app.main()
