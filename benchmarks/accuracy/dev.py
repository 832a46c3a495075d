"""The labelled development sets, scored by the script that comes with them, beside the figures of version 0.1.

python benchmarks/accuracy/dev.py [SET …] [--folder FOLDER] [--show]

``FOLDER``, in which ``dev/score.py`` lies, is the one of ``ANNOTATOR_DATA`` when left out, else ``../shared``. The sets
are passages, claims, attribution, coverage, names, namesakes and legal-forms; ``--show`` lists what fails.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# Version 0.1 on the same sets, by the same script.
BEFORE = {
    "passages": "required R=0.592, wrong=0.063, false=2",
    "claims": "false accusations 27/116, missed 26/43",
    "attribution": "right 39/61, not asked for 44/111",
    "coverage": "right 36/110, wrong 14",
    "names": "with context 0.813, bare 0.667",
    "namesakes": "noted 0.412",
    "legal-forms": "found 0.667",
}


def main() -> None:
    """Print a line for each set, and what it was."""
    parser = argparse.ArgumentParser(description="Score the development sets.")
    parser.add_argument("sets", nargs="*")
    parser.add_argument("--folder", type=Path, default=Path(os.environ.get("ANNOTATOR_DATA", ROOT.parent / "shared")))
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    command = [sys.executable, str(options.folder / "dev" / "score.py"), *options.sets]
    command += ["--show"] if options.show else []
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    told = subprocess.run(command, env=environment, capture_output=True, text=True, encoding="utf-8", check=True)
    for line in told.stdout.splitlines():
        print(line)
        name = line.partition(":")[0]
        if name in BEFORE:
            print(f"{'':{len(name)}}  0.1: {BEFORE[name]}")


if __name__ == "__main__":
    main()
