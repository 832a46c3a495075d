"""How well Security Council citations are read, form by form, against oracles and beside two peers.

Run from the project's root::

    python benchmarks/accuracy/citations.py [--data FOLDER] [--show]

The texts are not part of the project: ``FOLDER``, or ``ANNOTATOR_DATA``, or ``../shared`` holds them
(``unsc/texts``, ``unsc/resolutions.csv``, ``unsc/citation-edges.csv``, ``news``). The oracles are plain regular
expressions of Python's own engine over the whole text, with no part of the rule pack in them:

- *number (year)*: every number from 1 to 9999 with a year in brackets that is a resolution of that year in
  ``unsc/resolutions.csv``, symbols and page headers included, whatever stands before it;
- *number of date* and *bare number*: behind the word "resolution(s)", lists included, unless another body is
  named right before; a bare number must be that of a resolution;
- government releases and news: a list of all citations, read by hand (``releases.csv``: file, line, number, how
  often). A mention that is not in the list is a mistake.

The edges that others made by machine are compared with those found here; they hold known mistakes, so the
differences are listed with ``--show`` and not counted as ours.

eyecite and CiteURL are run on the same texts in the same run where they are installed.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import yaml

from annotator.matching import match
from annotator.reading import read
from annotator.rulebook import load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from annotator.model import Document, Mention
    from annotator.rulebook import Rulebook

HERE = Path(__file__).parent
ROOT = HERE.parent.parent

_BRACKETED = re.compile(
    r"(?<![\d/.-])(\d{1,4})\s*\(\s*((?:19|20)\d\d)\s*\)|S/RES/(\d{1,4})\.?\s*\(\s*((?:19|20)\d\d)\s*\)"
)
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATE = rf"of\s+\d{{1,2}}\s+(?:{_MONTHS})\s+(\d{{4}})"
_LISTED = re.compile(
    rf"(?<!Assembly )(?<!Rights Council )\b(?:resolutions?|UNSCRs?)\s+\d{{3,4}}(?:\s+{_DATE})?"
    rf"(?:(?:,\s*|,?\s+and\s+|\s+or\s+)\d{{3,4}}(?:\s+{_DATE})?(?!\s*\(\s*[\dIVXL]))*(?!\d|\s*\(\s*[\dIVXL]|\s*/)",
    re.IGNORECASE,
)
_ITEM = re.compile(rf"\b(\d{{3,4}})\b(?:\s+{_DATE})?(?!\s*\(\s*[\dIVXL])")
FORMS = ("number (year)", "number of date", "bare number")


class Cite(NamedTuple):
    """A citation that an oracle or the annotator found: where its number stands, and which it is."""

    start: int
    number: str
    form: str


class Score:
    """Counts of what was found, missed and wrong."""

    def __init__(self) -> None:
        self.right = self.missed = self.wrong = 0

    def line(self, name: str) -> str:
        """Return a line for people."""
        recall = self.right / (self.right + self.missed) if self.right + self.missed else 1.0
        precision = self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0
        counts = f"{self.right + self.missed:>7}{self.right:>8}{self.missed:>8}{self.wrong:>7}"
        return f"{name:<28}{counts}{precision:>11.4f}{recall:>9.4f}"


def years(data: Path) -> dict[str, str]:
    """Return the year of each resolution by number."""
    with (data / "unsc" / "resolutions.csv").open(encoding="utf-8", newline="") as file:
        return {row["res_no"].lstrip("0"): row["year"] for row in csv.DictReader(file)}


def oracle(text: str, year_of: dict[str, str]) -> list[Cite]:
    """Return the citations of a UN text by regular expressions."""
    found: dict[int, Cite] = {}
    for hit in _BRACKETED.finditer(text):
        group = 1 if hit[1] else 3
        if year_of.get(hit[group].lstrip("0")) == hit[group + 1]:
            found[hit.start(group)] = Cite(hit.start(group), hit[group].lstrip("0"), FORMS[0])
    for listed in _LISTED.finditer(text):
        for hit in _ITEM.finditer(text, listed.start(), listed.end()):
            year = year_of.get(hit[1])
            if year is None or (hit[2] and hit[2] != year) or hit.start() in found:
                continue
            found[hit.start()] = Cite(hit.start(), hit[1], FORMS[1] if hit[2] else FORMS[2])
    return sorted(found.values())


def resolutions(document: Document, book: Rulebook) -> list[Mention]:
    """Return the mentions of numbered resolutions."""
    return [m for m in match(document, book) if m.rule.startswith("un.resolution.") and m.fields.get("number")]


def form_of(text: str) -> str:
    """Return the form of a mention by its words."""
    if re.search(r"\d\s*\(\s*\d{4}\s*\)", text):
        return FORMS[0]
    return FORMS[1] if re.search(rf"\s{_DATE}", text) else FORMS[2]


def compare(cites: list[Cite], mentions: list[Mention], text: str, scores: dict[str, Score]) -> Iterator[str]:
    """Count a text's citations and mentions; yield what differs."""
    used: set[int] = set()
    for cite in cites:
        hit = next(
            (n for n, m in enumerate(mentions) if m.start <= cite.start < m.end and m.fields["number"] == cite.number),
            -1,
        )
        if hit >= 0:
            scores[cite.form].right += 1
            used.add(hit)
        else:
            scores[cite.form].missed += 1
            yield f"missed  {around(text, cite.start, cite.start + 20)}"
    for n, mention in enumerate(mentions):
        if n not in used and not any(mention.start <= c.start < mention.end for c in cites):
            scores[form_of(text[mention.start : mention.end])].wrong += 1
            yield f"extra   {around(text, mention.start, mention.end)}"


def around(text: str, start: int, end: int) -> str:
    """Return a stretch of text with its surroundings, in one line."""
    return " ".join(f"{text[max(0, start - 50) : start]}[{text[start:end]}]{text[end : end + 20]}".split())


def un_texts(data: Path, book: Rulebook, *, show: bool) -> list[str]:
    """Print the figures for the UN texts; return the texts."""
    year_of = years(data)
    scores = {form: Score() for form in FORMS}
    ours: set[tuple[str, str]] = set()
    texts = []
    for path in sorted((data / "unsc" / "texts").glob("*.txt")):
        document = read(path.read_bytes(), format="text")
        text = document.text
        texts.append(text)
        mentions = resolutions(document, book)
        source = path.name.split("(")[0].rsplit("-", 1)[1]
        ours |= {(source, m.fields["number"]) for m in mentions if m.fields["number"] != source}
        for difference in compare(oracle(text, year_of), mentions, text, scores):
            if show:
                print(f"{path.name}: {difference}")
    print(f"\nUN resolutions, {len(texts)} texts, {sum(map(len, texts)) / 1e6:.2f} million characters")
    header()
    for form in FORMS:
        print(scores[form].line(form))
    with (data / "unsc" / "citation-edges.csv").open(encoding="utf-8", newline="") as file:
        edges = {(row["source"], row["target"]) for row in csv.DictReader(file)}
    sources = {path.name.split("(")[0].rsplit("-", 1)[1] for path in (data / "unsc" / "texts").glob("*.txt")}
    edges = {edge for edge in edges if edge[0] in sources}
    print(
        f"edges made by others: {len(edges)}; found here too: {len(edges & ours)}; "
        f"not found here: {len(edges - ours)}; only here: {len(ours - edges)}"
    )
    if show:
        print("not found here:", *sorted(edges - ours))
    return texts


def header() -> None:
    """Print the heads of the columns."""
    print(f"{'form':<28}{'in text':>7}{'found':>8}{'missed':>8}{'wrong':>7}{'precision':>11}{'recall':>9}")


def releases(data: Path, book: Rulebook, *, show: bool) -> list[str]:
    """Print the figures for government releases and news; return the texts."""
    with (HERE / "releases.csv").open(encoding="utf-8", newline="") as file:
        listed = {(r["file"], int(r["line"]), r["number"]): int(r["times"]) for r in csv.DictReader(file)}
    score = Score()
    texts = []
    for path in sorted((data / "news").glob("*.jsonl")):
        for line, record in enumerate(path.read_text(encoding="utf-8").splitlines()):
            text = json.loads(record)["text"]
            texts.append(text)
            document = read(text, format="text")
            found = Counter(m.fields["number"] for m in resolutions(document, book))
            wanted = Counter({n: times for (f, ln, n), times in listed.items() if f == path.stem and ln == line})
            score.right += (found & wanted).total()
            score.missed += (wanted - found).total()
            score.wrong += (found - wanted).total()
            if show and found != wanted:
                print(f"{path.stem} {line}: missed {dict(wanted - found)}, wrong {dict(found - wanted)}")
    print(f"\nGovernment releases and news, {len(texts)} articles, {sum(map(len, texts)) / 1e6:.2f} million characters")
    header()
    print(score.line("all forms"))
    return texts


def cases(book: Rulebook) -> None:
    """Print the figures for the sentences in tests/cases/citations-un.yaml."""
    groups = yaml.safe_load((ROOT / "tests" / "cases" / "citations-un.yaml").read_text(encoding="utf-8"))
    print("\nSentences of our own, by form (tests/cases/citations-un.yaml)")
    header()
    for name, sentences in groups.items():
        score = Score()
        for sentence in sentences:
            document = read(sentence["text"], format="text")
            found = Counter(m.fields["number"] for m in resolutions(document, book))
            wanted = Counter(str(cite).split()[0] for cite in sentence["finds"] if str(cite)[:1].isdigit())
            score.right += (found & wanted).total()
            score.missed += (wanted - found).total()
            score.wrong += (found - wanted).total()
        print(score.line(name))


def peers(texts: list[str], book: Rulebook, year_of: dict[str, str]) -> None:
    """Print what this and two other finders of citations find in the same texts, and how fast."""
    print(
        f"\nBeside others, the same {len(texts)} texts, {sum(len(t.encode()) for t in texts) / 1e6:.2f} MB, "
        "one run each after warming up"
    )
    print(f"{'':<28}{'all citations':>14}{'UN resolutions':>16}{'seconds':>9}{'MB/s':>8}")
    gold = [{cite.start for cite in oracle(text, year_of)} for text in texts]
    for name, make in (("annotator", _annotator), ("eyecite", _eyecite), ("CiteURL", _citeurl)):
        try:
            find = make(book)
        except ImportError:
            print(f"{name:<28}not installed")
            continue
        find(texts[0])
        start = time.perf_counter()
        spans = [find(text) for text in texts]
        seconds = time.perf_counter() - start
        hits = sum(
            sum(any(a <= at < b for a, b in mine) for at in places) for mine, places in zip(spans, gold, strict=True)
        )
        size = sum(len(text.encode()) for text in texts) / 1e6
        print(f"{name:<28}{sum(map(len, spans)):>14}{hits:>16}{seconds:>9.2f}{size / seconds:>8.2f}")


Spans = list[tuple[int, int]]


def _annotator(book: Rulebook) -> Callable[[str], Spans]:
    def find(text: str) -> Spans:
        return [(m.start, m.end) for m in match(read(text, format="text"), book) if m.kind == "instrument"]

    return find


def _eyecite(_: Rulebook) -> Callable[[str], Spans]:
    from eyecite import get_citations  # type: ignore[import-not-found]

    return lambda text: [cite.span() for cite in get_citations(text)]


def _citeurl(_: Rulebook) -> Callable[[str], Spans]:
    from citeurl import Citator  # type: ignore[import-not-found]

    citator = Citator()
    return lambda text: [cite.span for cite in citator.list_cites(text)]


def main() -> None:
    """Run all measurements."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("ANNOTATOR_DATA") or ROOT / "../shared"))
    parser.add_argument("--show", action="store_true", help="list what was missed and what is extra")
    options = parser.parse_args()
    book = load()
    cases(book)
    if not (options.data / "unsc").is_dir():
        raise SystemExit(f"no folder {options.data}/unsc: name the data with --data or ANNOTATOR_DATA")
    texts = un_texts(options.data, book, show=options.show)
    news = releases(options.data, book, show=options.show)
    peers(texts + news, book, years(options.data))


if __name__ == "__main__":
    main()
