"""Weigh long texts: the most memory above that of the idle process, as a multiple of the text's bytes.

    python benchmarks/memory.py FOLDER --megabytes 24

Each text is made of articles one behind the other, and annotated and rendered in a process of its own that has
annotated a sentence before. Prints the multiple, the processor seconds, and how many notes there were. On Linux only.
"""

from __future__ import annotations

import argparse
import gc
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import corpora
import timing
from command import ORDINARY

from annotator import Annotator

AS_OF = "2024-06-20"
FIRST = "The UN bans luxury goods for North Korea. Oleg Tinkov."
KINDS = {"no mention": (), "news": corpora.FEW, "government releases": corpora.FULL}


def text_of(kind: str, folder: Path, size: int) -> str:
    """Return a text of about so many bytes, of articles over and over."""
    texts = corpora.texts(folder, KINDS[kind]) if KINDS[kind] else [ORDINARY]
    parts: list[str] = []
    length = 0
    while length < size:
        parts.append(texts[len(parts) % len(texts)])
        length += len(parts[-1].encode())
    return "\n\n".join(parts)


def held() -> int:
    """Return the bytes of memory that this process has now."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def weigh(kind: str, folder: Path, size: int) -> None:
    """Print the multiple, the seconds and the notes of one text."""
    text = text_of(kind, folder, size)
    length = len(text.encode())
    annotator = Annotator()
    annotator.annotate(FIRST, as_of=AS_OF).render_bytes()
    gc.collect()
    idle, start = held(), time.process_time()
    result = annotator.annotate(text, as_of=AS_OF, format="text")
    result.render_bytes()
    seconds = time.process_time() - start
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print((most - idle) / length, seconds, len(result.annotations))


def main() -> None:
    """Weigh each kind of text and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", help="folder of news (default: see corpora.py)")
    parser.add_argument("--megabytes", type=float, default=24, metavar="N")
    parser.add_argument("--only", choices=KINDS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    folder = corpora.folder(options.folder)
    if options.only:
        weigh(options.only, folder, int(options.megabytes * 1e6))
        return
    rows = []
    for kind in KINDS:
        line = [sys.executable, __file__, str(folder), "--megabytes", str(options.megabytes), "--only", kind]
        times, seconds, notes = subprocess.run(line, capture_output=True, text=True, check=True).stdout.split()
        rows.append([kind, timing.shown(float(times)), timing.shown(float(seconds)), notes])
    print(f"Texts of {options.megabytes:g} MB\n")
    print(timing.table(["", "times the text, above idle", "processor seconds", "notes"], rows))


if __name__ == "__main__":
    main()
