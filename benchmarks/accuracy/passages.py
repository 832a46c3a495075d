"""What of short news passages is noted that an editor wants noted, and what is noted besides.

python benchmarks/accuracy/passages.py [--show]

The passages (``passages.yaml``) are our own, with labels. Every mention counts (``notes="every"``). A label is found
when an annotation that overlaps it holds a note whose id begins as the label asks; an annotation that answers no label
is needless.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import NamedTuple

import yaml

from annotator import Annotator

# The lots of passages by the letters that their ids begin with.
LOTS = {
    "p": "first lot",
    "q": "second lot",
    "r": "third lot",
    "ua": "first lot on UN measures",
    "ub": "second lot on UN measures",
    "uc": "third lot on UN measures",
    "ud": "fourth lot on UN measures",
    "w": "measures of States and the EU",
    "x": "measures of States and the EU, second lot",
}
_MARK = re.compile(r"\[\[(.*?)\|([^\]|]*)\]\]", re.DOTALL)


class Label(NamedTuple):
    """A stretch of text that is to be noted, and how the ids of the notes may begin."""

    start: int
    end: int
    ids: tuple[str, ...]
    required: bool


def labelled(text: str) -> tuple[str, list[Label]]:
    """Return a text without its marks, and the labels."""
    plain, last = "", 0
    labels = []
    for hit in _MARK.finditer(text):
        plain += text[last : hit.start()]
        ids = tuple(one for one in hit[2].lstrip("? ").strip().split("/") if one)
        labels.append(Label(len(plain), len(plain) + len(hit[1]), ids, not hit[2].startswith("?")))
        plain += hit[1]
        last = hit.end()
    return plain + text[last:], labels


def main() -> None:
    """Print precision and recall, and with ``--show`` what was missed and what is needless."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--show", action="store_true")
    show = parser.parse_args().show
    annotator = Annotator()
    passages = yaml.safe_load((Path(__file__).parent / "passages.yaml").read_text(encoding="utf-8"))
    for part, what in LOTS.items():
        found = missed = welcome = needless = 0
        for passage in passages:
            if not passage["id"].startswith(part):
                continue
            text, labels = labelled(passage["text"].strip())
            result = annotator.annotate(text, as_of=str(passage["as_of"]), notes="every")
            answered = set()
            for one in result.annotations:
                mine = [
                    number
                    for number, label in enumerate(labels)
                    if one.start < label.end
                    and label.start < one.end
                    and (not label.ids or any(note.id.startswith(label.ids) for note in one.notes))
                ]
                answered.update(mine)
                if not mine:
                    needless += 1
                    if show:
                        print(f"{passage['id']}: needless: {one.text!r} ({one.rule})")
            for number, label in enumerate(labels):
                if not label.required:
                    welcome += number in answered
                elif number in answered:
                    found += 1
                else:
                    missed += 1
                    if show:
                        print(f"{passage['id']}: missed: {text[label.start : label.end]!r}")
        precision, recall = (found + welcome) / (found + welcome + needless), found / (found + missed)
        counts = f"found {found}, missed {missed}, needless {needless}"
        print(f"{what}: {counts}, precision {precision:.3f}, recall {recall:.3f}")


if __name__ == "__main__":
    main()
