"""Where the time of the library call goes, stage by stage, and what formats cost.

    python benchmarks/stages.py [FOLDER OF THE NEWS]

Prints the share of each stage in annotating and rendering texts without a mention, ordinary news and policy texts, with
the compiled core and without; then how many times as long as plain text the same articles without a mention take
as Markdown, HTML and Word documents. Watching the stages takes time itself, the more the shorter they are: read shares.
"""

from __future__ import annotations

import argparse
import io
import sys
import time
from functools import wraps
from importlib import import_module
from typing import TYPE_CHECKING, Any

import contenders
import corpora
import timing

from annotator import Annotator, core

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# What is told apart: a name, and where the functions are.
STAGES = (
    ("reading", "annotator.writing", "read_bare"),
    ("is it quiet", "annotator.matching", "quiet"),
    ("fold", "annotator.matching", "Folded"),
    ("scan and gate", "annotator.matching", "Hits"),
    ("layout", "annotator.matching._page:Page", "__init__"),
    ("cues, by the core", "annotator.matching._cues", "all_cues"),
    ("reading sentences", "annotator.matching._statements", "read"),
    ("verdicts", "annotator.matching._judge:Judge", "judge"),
    ("claims", "annotator.matching._find", "find_claims"),
    ("talk of sanctions", "annotator.matching._speaking", "may_speak"),
    ("talk of sanctions", "annotator.matching._speaking", "speaking_articles"),
    ("names on lists", "annotator.lists.opened:Lists", "find"),
    ("names judged", "annotator.matching._listed", "find_listed"),
    ("notes", "annotator.noting", "note"),
    ("rendering", "annotator.api:Result", "render_bytes"),
)


class Watch:
    """Adds up the time of each stage without that of the stages inside it."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.inside: list[float] = []

    def over(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that is timed as a stage."""

        @wraps(function, updated=())
        def timed(*arguments: Any, **named: Any) -> Any:
            self.inside.append(0.0)
            start = time.perf_counter()
            try:
                return function(*arguments, **named)
            finally:
                took = time.perf_counter() - start
                self.seconds[name] = self.seconds.get(name, 0.0) + took - self.inside.pop()
                if self.inside:
                    self.inside[-1] += took

        return timed

    def set_up(self) -> None:
        """Put the watch on all stages."""
        for name, place, attribute in STAGES:
            module, _, owner = place.partition(":")
            holder = import_module(module)
            holder = getattr(holder, owner) if owner else holder
            setattr(holder, attribute, self.over(name, getattr(holder, attribute)))


def shares(watch: Watch, annotator: Annotator, texts: Sequence[str]) -> dict[str, float]:
    """Return the share of each stage, and of the rest, in the whole job over texts."""
    job = contenders.engine(annotator)
    job(texts[:10])
    watch.seconds.clear()
    start = time.perf_counter()
    job(texts)
    whole = time.perf_counter() - start
    found = {name: watch.seconds.get(name, 0.0) / whole for name in dict.fromkeys(stage[0] for stage in STAGES)}
    return {**found, "the rest": 1 - sum(found.values())}


def as_formats(text: str) -> dict[str, tuple[str, str | bytes]]:
    """Return an article as each format: its name, and the source."""
    from html import escape

    import docx

    paragraphs = [part for part in text.split("\n") if part.strip()]
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph("".join(c if c.isprintable() else " " for c in paragraph))
    word = io.BytesIO()
    document.save(word)
    body = "\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    page = f"<!DOCTYPE html>\n<html><head><title>News</title></head><body><article>\n{body}\n</article></body></html>\n"
    return {
        "text": ("text", "\n\n".join(paragraphs)),
        "Markdown": ("markdown", "\n\n".join(paragraphs)),
        "HTML": ("html", page),
        "Word": ("docx", word.getvalue()),
    }


def formats(annotator: Annotator, texts: Sequence[str], rounds: int) -> str:
    """Return how many times as long as plain text the same articles take in each format."""
    made = [as_formats(text) for text in texts]

    def job(name: str) -> Callable[[int], object]:
        return lambda _: [
            annotator.annotate(each[name][1], as_of=contenders.AS_OF, format=each[name][0]).render_bytes()
            for each in made
        ]

    names = list(made[0])
    times = timing.side_by_side([job(name) for name in names], rounds)
    return ", ".join(
        f"{name} {timing.shown(timing.ratio(one, times[0]))}" for name, one in zip(names, times, strict=True)
    )


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", help="holds the news; else ANNOTATOR_DATA, else beside the project")
    parser.add_argument("--texts", type=int, default=150, metavar="N", help="of each kind")
    options = parser.parse_args()
    place = corpora.folder(options.folder)
    annotator = Annotator()
    ordinary = corpora.texts(place, corpora.FEW)[: 3 * options.texts]
    quiet = [t for t in ordinary if not annotator.annotate(t, as_of=contenders.AS_OF).document.laid_out]
    kinds = {"no mention": quiet[: options.texts], "ordinary": ordinary[: options.texts]}
    kinds["policy"] = corpora.texts(place, corpora.FULL)[: options.texts // 5]
    print(f"{core.named()} core; times as long as plain text: {formats(annotator, kinds['no mention'][:60], 7)}\n")
    watch = Watch()
    watch.set_up()
    engines = {"": annotator}
    if core.scan is not None:
        engines[", interpreted"] = contenders.interpreted()
    columns = {
        f"{kind}{how}": shares(watch, engine, texts) for kind, texts in kinds.items() for how, engine in engines.items()
    }
    rows = [
        [stage, *(f"{100 * column[stage]:.1f}" for column in columns.values())]
        for stage in next(iter(columns.values()))
    ]
    print(timing.table(["share of a stage, %", *columns], rows))


if __name__ == "__main__":
    sys.exit(main())
