"""What files need that no library does alike on all systems."""

from __future__ import annotations

import os

from .errors import InputError


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


def read_file(path: str) -> bytes:
    """Return all bytes of a file. Raises ``InputError`` that names it and says what is wrong."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        raise InputError(f"{path}: no such file") from None
    except (OSError, ValueError) as error:
        if os.path.isdir(path):  # Windows calls a folder forbidden
            raise InputError(f"{path}: is a folder; name the files in it") from None
        raise InputError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from None
