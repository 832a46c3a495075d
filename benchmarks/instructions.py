"""Annotate texts so many times over, for a tool that counts the instructions of the processor.

    valgrind --tool=cachegrind --cache-sim=no --cachegrind-out-file=/dev/null python benchmarks/instructions.py few 2

The count of two times less that of one time is what the texts take once a process has met them. Set PYTHONHASHSEED.
"""

from __future__ import annotations

import argparse
import gc

import contenders
import corpora

from annotator import Annotator

TEXTS = {"few": (corpora.FEW, 100), "policy": (corpora.FULL, 10)}


def main() -> None:
    """Annotate the first texts of a corpus."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("which", choices=TEXTS, help="ordinary news, or government releases")
    parser.add_argument("times", type=int)
    parser.add_argument("folder", nargs="?", help="holds the news; else ANNOTATOR_DATA, else beside the project")
    options = parser.parse_args()
    corpus, count = TEXTS[options.which]
    texts = corpora.texts(corpora.folder(options.folder), corpus)[:count]
    job = contenders.engine(Annotator())
    gc.disable()
    for _ in range(options.times):
        job(texts)


if __name__ == "__main__":
    main()
