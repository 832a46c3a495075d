"""What files need that no library does alike on all systems."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from .errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable


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


def read_file(path: str, hint: Callable[[str], str] = lambda _: "") -> bytes:
    """Return all bytes of a file. Raises ``InputError`` that names it and says what is wrong.

    ``hint`` returns what else is to be said of a name of which there is no file.
    """
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        raise InputError(f"{path}: no such file{hint(path)}") from None
    except (OSError, ValueError, MemoryError) as error:
        raise unreadable(path, error) from None


def unreadable(path: str, error: Exception) -> InputError:
    """Return what a file or stream that could not be read is refused with."""
    if isinstance(error, MemoryError):
        return InputError(f"{path}: too large for this machine's memory")
    if isinstance(error, IsADirectoryError) or os.path.isdir(path):  # Windows calls a folder forbidden
        return InputError(f"{path}: is a folder; name the files in it")
    return InputError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}")
