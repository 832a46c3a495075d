"""What files need that no library does alike on all systems."""

from __future__ import annotations

import os


def sync_folder(path: str) -> None:
    """Make a change of names in a folder last; where folders cannot be synced it lasts as well as it can."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:
        return  # Windows, which opens no folders
    try:
        os.fsync(handle)
    except OSError:
        pass  # some file systems know no such thing
    finally:
        os.close(handle)
