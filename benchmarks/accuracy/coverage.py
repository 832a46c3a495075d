"""List the UN measures of a fact file on which no note of the rule pack rests.

python benchmarks/accuracy/coverage.py --data FOLDER

The file (``facts/measures.yaml`` in the folder) lists measures with instrument, paragraph and status: V verified,
P partly. A measure is covered when a version of a note cites its paragraph, or one that it is part of. Paragraphs
that only the table of paragraphs knows are told when a text names them, and nowhere else.
"""

from __future__ import annotations

import argparse
import os
import re
from pathlib import Path

import yaml

from annotator import rulebook
from annotator.matching._pinpoints import pins

_PLAIN = re.compile(r"\d+(?:\([a-z0-9]+\))*")


def cited() -> dict[str, set[str]]:
    """Return for each resolution the paragraphs that notes cite; an empty one for notes that cite the whole."""
    book = rulebook.load()
    found: dict[str, set[str]] = {}
    for identifier in book.note_ids:
        for version in book.note(identifier).get("versions", ()):
            for instrument, pinpoint, _ in version["sources"]:
                found.setdefault(instrument, set()).update(pins(pinpoint) or [""])
    return found


def covered(paragraph: str, known: set[str]) -> bool:
    """Tell whether one of the paragraphs is this one, holds it, or is part of it."""
    named = pins(paragraph) or _PLAIN.findall(paragraph)
    return any(mine == theirs or mine.startswith(f"{theirs}(") or theirs.startswith(f"{mine}(")
               for mine in named for theirs in known if theirs)  # fmt: skip


def main() -> None:
    """Print what is not covered."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default=os.environ.get("ANNOTATOR_DATA", "../shared"))
    folder = Path(parser.parse_args().data)
    measures = yaml.safe_load((folder / "facts" / "measures.yaml").read_text(encoding="utf-8"))
    notes = cited()
    book = rulebook.load()
    counted = missing = 0
    for measure in measures:
        if measure["status"] not in {"V", "P"}:
            continue
        counted += 1
        paragraph = str(measure["para"])
        if covered(paragraph, notes.get(measure["instrument"], set())):
            continue
        missing += 1
        number = re.findall(r"\d+", measure["instrument"])[0]
        in_table = book.row("un.resolution.paragraphs", f"{number}/{paragraph}") is not None
        where = "table only" if in_table else "nowhere"
        print(f"{measure['status']} {measure['instrument']} para. {paragraph} ({where}): {measure['measure']}")
    print(f"{counted} measures, {counted - missing} with a note")


if __name__ == "__main__":
    main()
