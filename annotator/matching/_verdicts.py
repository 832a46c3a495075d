"""What passes between the steps of matching: candidates, and what became of them."""

from __future__ import annotations

from typing import NamedTuple


class Candidate(NamedTuple):
    """A form or pattern that fits at a place, before conditions."""

    start: int
    end: int
    rule: int
    role: str
    slots: tuple[int, ...]
    weight: int
    fields: dict[str, str]
    block: int
    head: int = -1  # where the conditions look from: the first item of a list, behind what leads to it
    tail: int = -1  # where a name from a table ends, before what trails it


class Verdict(NamedTuple):
    """What became of a candidate."""

    candidate: Candidate
    notes: tuple[str, ...]
    why: tuple[str, ...]
    ruled_out: str
