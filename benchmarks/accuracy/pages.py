"""How much of real pages is read as the article, and whether their dates are found.

python benchmarks/accuracy/pages.py [FOLDER] [--half 0|1] [--list]

``FOLDER``, or ``pages`` in the folder that ``ANNOTATOR_DATA`` names, or ``../shared/pages``, holds pages, each packed
with gzip or not, in either or both of two parts:

- ``content/NAME.source.html`` with ``NAME.expected.html``, the article alone: what is read as the article (all that
  is not furniture, and what of it may carry notes) is compared with the words expected;
- ``dates/truth.tsv`` with the columns ``file`` and ``date``, and the pages beside it: a date is right when it is the
  one of the table, wrong when it is another.

A page is sizeable when 1,500 letters or more are expected of it. Its text is right when what may carry notes is
0.8 to 1.25 times as long as expected. *text* is the same page saved as plain text: the lines of its visible text,
without what the markup says of them. ``--half`` takes every other page only, to work on one half and measure on the
other.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import os
import re
import statistics
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from annotator.reading import read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotator.model import Document

_SIZEABLE = 1500
_LOW, _HIGH = 0.8, 1.25
_WORD = re.compile(r"\w+")


class Compared(NamedTuple):
    """What was read of a page beside what was expected: letters, and how many of the words are the same."""

    letters: int
    expected: int
    found: int  # words that both have
    words: int
    words_expected: int

    @property
    def ratio(self) -> float:
        """How many times as long as expected it is."""
        return self.letters / self.expected if self.expected else 1.0

    @property
    def recall(self) -> float:
        """The share of the words expected that were read."""
        return self.found / self.words_expected if self.words_expected else 1.0

    @property
    def precision(self) -> float:
        """The share of the words read that were expected."""
        return self.found / self.words if self.words else 1.0


def opened(path: Path) -> bytes:
    """Return what a file holds, unpacked."""
    data = path.read_bytes()
    return gzip.decompress(data) if path.suffix == ".gz" else data


def named(folder: Path, name: str) -> Path:
    """Return the path of a file that may be packed."""
    packed = folder / f"{name}.gz"
    return packed if packed.exists() else folder / name


def article(document: Document) -> str:
    """Return what of a document may carry notes: its blocks without furniture, and without protected stretches."""
    parts = []
    protected = iter([*document.layout.protected])
    span = next(protected, None)
    for block in document.layout.blocks:
        if block.kind == "furniture":
            continue
        at = block.start
        while span is not None and span.end <= at:
            span = next(protected, None)
        while span is not None and span.start < block.end:
            parts.append(document.text[at : max(span.start, at)])
            at = max(at, span.end)
            if at >= block.end:
                break
            span = next(protected, None)
        parts.append(document.text[at : block.end])
        parts.append("\n")
    return "".join(parts)


def compared(text: str, expected: str) -> Compared:
    """Compare what was read with what was expected."""
    ours, theirs = Counter(_WORD.findall(text)), Counter(_WORD.findall(expected))
    return Compared(
        sum(map(len, text.split())),
        sum(map(len, expected.split())),
        (ours & theirs).total(),
        ours.total(),
        theirs.total(),
    )


def halved(names: list[str], half: int | None) -> list[str]:
    """Return every other name, beginning with the first or the second."""
    return names if half is None else names[half::2]


def contents(folder: Path, half: int | None) -> Iterator[tuple[str, Compared, Compared]]:
    """Give for each page what was read of it as HTML, and of its visible text alone."""
    names = sorted({path.name.partition(".source.html")[0] for path in folder.glob("*.source.html*")})
    for name in halved(names, half):
        document = read(opened(named(folder, f"{name}.source.html")), format="html")
        expected = read(opened(named(folder, f"{name}.expected.html")), format="html").text
        saved = read(document.text, format="text")
        yield name, compared(article(document), expected), compared(article(saved), expected)


def dates(folder: Path, half: int | None) -> Iterator[tuple[str, str, str | None, str]]:
    """Give for each page its true date, the one read, and where that stands."""
    with (folder / "truth.tsv").open(encoding="utf-8", newline="") as file:
        truth = {row["file"]: row["date"] for row in csv.DictReader(file, delimiter="\t")}
    for name in halved(sorted(truth), half):
        dated = read(opened(folder / name), format="html").dated
        yield name, truth[name], dated.date, dated.origin


def tell_contents(label: str, results: list[tuple[str, Compared]], *, listed: bool) -> None:
    """Print the figures of one way of reading the pages."""
    sizeable = [(name, one) for name, one in results if one.expected >= _SIZEABLE]
    right = [(name, one) for name, one in sizeable if _LOW <= one.ratio <= _HIGH]
    lost = [name for name, one in results if one.recall < 0.5]
    if listed:
        for name, one in sorted(results, key=lambda each: each[1].ratio):
            size = "" if one.expected >= _SIZEABLE else "  (small)"
            print(f"  {one.ratio:6.2f}  recall {one.recall:.2f}  precision {one.precision:.2f}  {name}{size}")
    if sizeable:
        print(
            f"{label}: {len(right)} of {len(sizeable)} sizeable pages ({len(right) / len(sizeable):.3f})"
            f" within {_LOW}-{_HIGH} of the text expected; of all {len(results)}, {len(lost)} under half of the words;"
            f" mean recall {statistics.fmean(one.recall for _, one in results):.3f},"
            f" precision {statistics.fmean(one.precision for _, one in results):.3f}"
        )


def tell_dates(results: list[tuple[str, str, str | None, str]], *, listed: bool) -> None:
    """Print the figures of the dates."""
    right = sum(found == true for _, true, found, _ in results)
    wrong = sum(found not in (true, None) for _, true, found, _ in results)
    if listed:
        for name, true, found, origin in results:
            if found != true:
                print(f"  {'none ' if found is None else 'wrong'}  {name}  true {true}  read {found}  {origin}")
    print(
        f"dates: of {len(results)} pages {right} right ({right / len(results):.3f}),"
        f" {wrong} wrong ({wrong / len(results):.3f}), {len(results) - right - wrong} without"
    )


def main() -> None:
    """Measure both parts, where they are there."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--half", type=int, choices=(0, 1))
    parser.add_argument("--list", action="store_true", help="print every page, or every date that is not right")
    options = parser.parse_args()
    folder = options.folder or Path(os.environ.get("ANNOTATOR_DATA", ROOT.parent / "shared")) / "pages"
    if (folder / "content").is_dir():
        results = list(contents(folder / "content", options.half))
        tell_contents("HTML", [(name, page) for name, page, _ in results], listed=options.list)
        tell_contents("text", [(name, saved) for name, _, saved in results], listed=options.list)
    if (folder / "dates" / "truth.tsv").is_file():
        tell_dates(list(dates(folder / "dates", options.half)), listed=options.list)


if __name__ == "__main__":
    main()
