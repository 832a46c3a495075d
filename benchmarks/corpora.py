"""The news that the benchmarks run on: ordinary text, and paragraphs full of mentions."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from annotator import reading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annotator import Annotator

FEW = ("us-government-ordinary.jsonl", "wikinews-2019-2020.jsonl")
FULL = ("us-government-2021-2022.jsonl",)


def folder(given: str | None) -> Path:
    """Return the folder that holds the news: the one given, named by ``ANNOTATOR_DATA``, or beside the project."""
    if given or os.environ.get("ANNOTATOR_DATA"):
        places = [Path(given or os.environ["ANNOTATOR_DATA"])]
    else:
        places = sorted(Path(__file__).resolve().parents[2].iterdir())
    for place in places:
        for found in (place, place / "news"):
            if (found / FEW[0]).is_file():
                return found
    raise SystemExit(
        f"no news found: give the folder that holds {FEW[0]}, or name it in ANNOTATOR_DATA (see benchmarks/README.md)"
    )


def texts(place: Path, names: Sequence[str]) -> list[str]:
    """Return the texts of JSON Lines files, in order."""
    found: list[str] = []
    for name in names:
        with (place / name).open(encoding="utf-8") as lines:
            found += [text for line in lines if (text := json.loads(line)["text"]).strip()]
    return found


def full_paragraphs(documents: Sequence[str], annotator: Annotator, least: int, *, as_of: str) -> list[str]:
    """Return the paragraphs in which, standing alone, at least so many mentions get a note."""
    found: list[str] = []
    for text in documents:
        for block in reading.read(text, format="text").layout.blocks:
            paragraph = text[block.start : block.end]
            result = annotator.annotate(paragraph, as_of=as_of, notes="every", format="text")
            if len(result.annotations) >= least:
                found.append(paragraph)
    return list(dict.fromkeys(found))


def slices(documents: Sequence[str], count: int, size: int) -> list[list[str]]:
    """Return ``count`` slices of about ``size`` bytes each, no document twice, long and short ones mixed."""
    parts: list[list[str]] = [list(documents[number::count]) for number in range(count)]
    result: list[list[str]] = []
    for part in parts:
        taken: list[str] = []
        total = 0
        for text in part:
            if taken and total + len(text) > size:
                continue
            taken.append(text)
            total += len(text)
        result.append(taken)
    return result


def size_of(documents: Sequence[str]) -> int:
    """Return the size of texts in UTF-8."""
    return sum(len(text.encode("utf-8", "surrogatepass")) for text in documents)
