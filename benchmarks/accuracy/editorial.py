"""What an editor would have to print: how many marks and notes, how many words, whose law, and nothing twice.

python benchmarks/accuracy/editorial.py [FOLDER] [--releases 100] [--notes best] [--sheet FILE --outputs 20]

``FOLDER``, or the folder that ``ANNOTATOR_DATA`` names, or ``../shared``, holds ``dev/passages`` and ``articles`` (text
files) and ``news/us-government-2021-2022.jsonl`` (a ``text`` in each line), of which ``--releases`` are drawn by
``--seed``. For each kind of text it prints

- marks and notes for 100 words of article, and words of notes (without the references in brackets) for each word;
- notes of an authority that the article never names (by the names and adjectives of the rules' actors);
- notes given twice at one place, places with more than two notes, and sentences of notes of more than 35 words.

``--sheet`` draws ``--outputs`` whole outputs by the same seed and writes a line for each note, without the article's
text, to be judged by somebody else: useful, needless, wrong or repeated. The outputs go beside it.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import re
import sys
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from annotator import Annotator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotator.api import Result
    from annotator.model import Note

_MOST_WORDS = 35
_MOST_NOTES = 2
_BRACKETS = re.compile(r"\s*\[[^][]*\]")


class Figures(NamedTuple):
    """The sums over some articles."""

    articles: int = 0
    words: int = 0
    marks: int = 0
    notes: int = 0
    note_words: int = 0
    strangers: int = 0
    repeats: int = 0
    crowded: int = 0
    long: int = 0

    def and_of(self, other: Figures) -> Figures:
        """Return the sums of both."""
        return Figures(*(a + b for a, b in zip(self, other, strict=True)))


def texts_of(folder: Path, releases: int, seed: int) -> Iterator[tuple[str, str, str, str | None]]:
    """Yield the kind, name, text and date of each article."""
    labelled = folder / "dev" / "dev.jsonl"
    rows = [json.loads(line) for line in labelled.read_text(encoding="utf-8").splitlines()]
    days = {row["passage_file"]: row["as_of"] for row in rows}
    for kind, place in (("passages", folder / "dev" / "passages"), ("articles", folder / "articles")):
        for path in sorted(place.glob("*.txt")):
            yield kind, path.name, path.read_text(encoding="utf-8"), days.get(path.name)
    lines = (folder / "news" / "us-government-2021-2022.jsonl").read_text(encoding="utf-8").splitlines()
    for number in sorted(random.Random(seed).sample(range(len(lines)), min(releases, len(lines)))):
        row = json.loads(lines[number])
        yield "releases", f"release {number}", row["text"], parsedate_to_datetime(row["date"]).date().isoformat()


def named_in(annotator: Annotator, text: str) -> set[str]:
    """Return the jurisdictions of all actors that a text names anywhere."""
    lexicon = annotator.rulebook.lexicon
    words = {word.lower() for word in re.findall(r"[\w.&-]+", text)}
    found: set[str] = set()
    for word in words:
        for entry in lexicon.entries(word.rstrip(".")) or lexicon.entries(word):
            actor = lexicon.actors.get(entry.value)
            if actor is None or (entry.rest and " ".join((word, *entry.rest)) not in " ".join(text.lower().split())):
                continue
            found |= {actor.jurisdiction, *(lexicon.actors[m].jurisdiction for m, *_ in actor.members)}
    return found


def words_of(note: Note) -> list[str]:
    """Return the words of a note without its references."""
    return _BRACKETS.sub("", note.text).split()


def measure(annotator: Annotator, text: str, result: Result) -> Figures:
    """Return the figures of one article."""
    known = named_in(annotator, text)
    different: dict[str, Note] = {}
    repeats = crowded = strangers = 0
    for annotation in result.annotations:
        said = [note.text for note in annotation.notes]
        repeats += len(said) - len(set(said))
        crowded += len(said) > _MOST_NOTES
        different |= {note.text: note for note in annotation.notes}
        if annotation.kind in {"measure", "regime"}:
            strangers += sum(not set(note.jurisdiction.split(",")) & known for note in annotation.notes)
    return Figures(
        1,
        len(text.split()),
        len({annotation.end for annotation in result.annotations}),
        len(different),
        sum(len(words_of(note)) for note in different.values()),
        strangers,
        repeats,
        crowded,
        sum(len(words_of(note)) > _MOST_WORDS for note in different.values() if not note.is_group),
    )


def shown(kind: str, sums: Figures) -> str:
    """Return a line of the table."""
    words = max(sums.words, 1)
    ratios = f"{sums.marks / words:6.2%} {sums.notes / words:6.2%} {sums.note_words / words:6.2f}".replace("%", "")
    faults = f"{sums.strangers:9} {sums.repeats:7} {sums.crowded:7} {sums.long:5}"
    return f"{kind:9} {sums.articles:4} {sums.words:7} {ratios} {faults}"


def write_sheet(place: Path, drawn: list[tuple[str, str, Result]]) -> None:
    """Write the sheet and the outputs that it is about."""
    with place.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("output", "article", "mark", "note", "judgement"))
        for number, (_, name, result) in enumerate(drawn, 1):
            place.with_name(f"{place.stem}-{number:02}.txt").write_bytes(result.render_bytes("text"))
            marks = [(a.kind, note.id) for a in result.annotations for note in a.notes]
            rows.writerows((number, name, mark, f"{kind}: {note}", "") for mark, (kind, note) in enumerate(marks, 1))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Measure what an editor would have to print.")
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--releases", type=int, default=100)
    parser.add_argument("--seed", type=int, default=12)
    parser.add_argument("--notes", default="best")
    parser.add_argument("--sheet", type=Path)
    parser.add_argument("--outputs", type=int, default=20)
    options = parser.parse_args()
    folder = options.folder or Path(os.environ.get("ANNOTATOR_DATA", ROOT.parent / "shared"))
    annotator = Annotator()
    sums: dict[str, Figures] = {}
    results: list[tuple[str, str, Result]] = []
    for kind, name, text, day in texts_of(folder, options.releases, options.seed):
        result = annotator.annotate(text, notes=options.notes, as_of=day)
        sums[kind] = sums.get(kind, Figures()).and_of(measure(annotator, text, result))
        results.append((kind, name, result))
    print("kind      texts  words marks/ notes/ words/ authority repeats over   over")
    print("                        100    100   word  not named         two    35 words")
    for kind, figures in sums.items():
        print(shown(kind, figures))
    if options.sheet:
        noted = [each for each in results if each[2].annotations]
        write_sheet(options.sheet, random.Random(options.seed).sample(noted, min(options.outputs, len(noted))))


if __name__ == "__main__":
    main()
