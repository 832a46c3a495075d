"""Run the command with ``python -m sanctions_annotator``."""

from __future__ import annotations

from . import main

if __name__ == "__main__":
    main()
