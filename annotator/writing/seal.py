"""The seal of a block of notes: one line that says when and how it was made, and of which text.

The same line serves people and `strip`: it names the as-of date, the rulebook, the style of the markers
and the digest of the bytes that were annotated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._lazy import regex

if TYPE_CHECKING:
    from ..model import Run

OPENING = "Notes by annotator, as of "
WORDS = "by annotator"  # two words of it in a row, folded

_LONGEST = 80
SEAL = OPENING + r"[^\r\n]{0,250}; marks (?P<marks>[^\r\n;]{3,60}); original sha256 (?P<original>[0-9a-f]{16})"


def seal(source: bytes, run: Run, *, marks: str) -> str:
    """Return the seal for a source; ``marks`` is the first marker of the style.

    >>> from annotator.model import Run
    >>> seal(b"", Run("2024-06-20", "given", "5f3c"), marks="[1]")
    'Notes by annotator, as of 2024-06-20 (given); rules 5f3c; marks [1]; original sha256 e3b0c44298fc1c14'
    """
    origin = f" ({plain(run.as_of_from)})" if plain(run.as_of_from) else ""
    decided = f"; decisions {plain(run.decisions)[:16]}" if run.decisions else ""
    return (
        f"{OPENING}{plain(run.as_of)}{origin}; rules {plain(run.digest)[:16]}{decided}; marks {marks}; "
        f"original sha256 {fingerprint(source)}"
    )


def fingerprint(source: bytes) -> str:
    """Return the first sixteen hexadecimal digits of the SHA-256 of the bytes."""
    from hashlib import sha256  # slow to import

    return sha256(source).hexdigest()[:16]


def plain(words: str) -> str:
    """Reduce words to what can stand in a seal: ASCII, no line ends, nothing that closes a comment."""
    kept = "".join(char if char.isascii() and (char.isalnum() or char in " .,:/_'+()-") else " " for char in words)
    line = " ".join(kept.split())
    while "--" in line:
        line = line.replace("--", "-")
    return line[:_LONGEST]


_PARTS = regex(
    rf"{OPENING}(?P<as_of>[0-9-]*)(?: \((?P<origin>[^;\r\n]*)\))?; rules (?P<digest>[^;\r\n]*)"
    r"(?:; decisions (?P<decisions>[^;\r\n]*))?; marks "
)


def unsealed(line: str) -> tuple[str, str, str, str]:
    """Return what a seal says: the as-of date, where it came from, and the digests of rulebook and decisions, cut.

    >>> unsealed("Notes by annotator, as of 2024-06-20 (given); rules 5f3c; marks [1]; …")
    ('2024-06-20', 'given', '5f3c', '')
    """
    found = _PARTS.search(line)
    return (found["as_of"], found["origin"] or "", found["digest"], found["decisions"] or "") if found else ("",) * 4
