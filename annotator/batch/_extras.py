"""Libraries that only some batches need, imported when they do, and the error that says how to get one."""

from __future__ import annotations

from typing import Any

from ..errors import MissingExtraError


def missing(what: str, library: str, extra: str = "batch") -> MissingExtraError:
    """Return the error that says what to install."""
    return MissingExtraError(f'{what} need {library}; install it with: pip install "sanctions-annotator[{extra}]"')


def zstd() -> Any:
    """Return the module for Zstandard. Raises ``MissingExtraError``."""
    try:
        from compression import zstd as module  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        try:
            from backports import zstd as module
        except ImportError:
            raise missing("Zstandard files (.zst)", "backports.zstd") from None
    return module


def brotli() -> Any:
    """Return the module for Brotli. Raises ``MissingExtraError``."""
    try:
        import brotli as module
    except ImportError:
        raise missing("pages in Brotli", "brotli") from None
    return module


def pyarrow() -> Any:
    """Return pyarrow. Raises ``MissingExtraError``."""
    try:
        import pyarrow
    except ImportError:
        raise missing("Parquet and Arrow", "pyarrow") from None
    return pyarrow


def xlsxwriter() -> Any:
    """Return XlsxWriter. Raises ``MissingExtraError``."""
    try:
        import xlsxwriter as module
    except ImportError:
        raise missing("Workbooks (.xlsx)", "XlsxWriter", "xlsx") from None
    return module
