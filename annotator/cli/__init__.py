"""The ``annotator`` command.

Only what every run needs is imported here; each command's own module is imported when it is called.
"""

from __future__ import annotations

__all__ = ["main"]


def main() -> None:
    """Run the command line and exit; the entry point of the installed script.

    A run is short, so it starts and ends light: the garbage collector waits until there is much of it,
    and the process ends without taking its memory apart object by object. Each is a tenth of a run.
    """
    import gc  # `import annotator.cli` stays free of all this
    import os
    import sys

    gc.set_threshold(200_000, 50, 50)
    try:
        if "batch" in sys.argv:  # it may be told to stop at any time, and has something to put in order then
            from ._stopping import listen

            listen()
        from ._app import app

        code = app.main(standalone_mode=False)
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (OSError, ValueError, AttributeError):  # closed, and what there was to say has been said
                continue
    except KeyboardInterrupt:  # so early that the command has not begun, or when it was over
        code = 130
    os._exit(code)
