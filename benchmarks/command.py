"""Compare one article through the command with a script that imports spaCy, and weigh a large text.

    python benchmarks/command.py

Prints how many times longer the script takes than ``annotator annotate`` with its rules cached (medians
of runs in turn), and the most memory that the command holds on a text of 100 MB.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import contenders
import timing

from annotator import Annotator

if TYPE_CHECKING:
    from collections.abc import Sequence

HERE = Path(__file__).resolve().parent
LAUNCHER = """\
import os, sys, time
null = os.open(os.devnull, os.O_WRONLY)
start = time.perf_counter()
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, null, 1)])
_, status, usage = os.wait4(child, 0)
print(time.perf_counter() - start, usage.ru_maxrss)
sys.exit(os.waitstatus_to_exitcode(status))
"""
ARTICLE = """\
Limousine seen in Pyongyang again

State television in North Korea showed Kim Jong Un stepping out of a foreign limousine on Tuesday. The UN bans
the sale of luxury goods to North Korea, and Security Council Resolution 2397 tightened the limits on oil.

Kim Jong Un received the car from Vladimir Putin, two diplomats said. Such a gift would breach the UN arms
embargo's companion ban on luxury goods, and Resolution 1718, which Russia voted for, they said.

The United States and the European Union have listed Kim Jong Un and froze his assets. Weather in the capital was
mild; the parade went on for three hours, and shops near the river stayed open until late in the evening.
"""
ORDINARY = (
    "The council of the small town met on Monday to talk about the new bridge, the school roof and the price of bread. "
    "Nobody spoke for long. The mayor thanked the fire brigade and said that the river had kept within its banks.\n\n"
)


def main() -> None:
    """Run both comparisons and print their tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=9, metavar="N")
    parser.add_argument("--megabytes", type=int, default=100, metavar="N", help="of the large text; 0 leaves it out")
    parser.add_argument("--imports", action="store_true", help="also show what the command imports, and how long")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        # Byte code is kept, as where a program is installed, but not in this checkout.
        environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environ |= {"ANNOTATOR_CACHE_DIR": str(folder / "cache"), "PYTHONPYCACHEPREFIX": str(folder / "code")}
        article = folder / "article.txt"
        article.write_text(ARTICLE, encoding="utf-8")
        command = [sys.executable, "-m", "annotator", "annotate", "--as-of", contenders.AS_OF]
        one_article([*command, str(article)], environ, folder, article, options.runs)
        if options.imports:
            imports([*command, str(article)], environ)
        if options.megabytes:
            large_text(command, environ, folder, options.megabytes)


def one_article(command: list[str], environ: dict[str, str], folder: Path, article: Path, runs: int) -> None:
    """Time the command and the script in turn and print the ratios."""
    literals, _, _ = contenders.literals()
    annotator = Annotator()
    lines = [json.dumps({"label": "SANCTIONS", "pattern": text, "id": rule}) for text, rule in literals.items()]
    (folder / "patterns.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "none.jsonl").touch()
    notes = {rule: f"A note on {rule}." for rule in annotator.rulebook.rule_ids}
    (folder / "notes.json").write_text(json.dumps(notes), encoding="utf-8")
    script = [sys.executable, str(HERE / "with_spacy.py")]
    rest = [str(folder / "notes.json"), str(article)]
    contestants = {
        "annotator annotate, rules cached": command,
        f"script with spaCy, EntityRuler, {len(literals):,} literals": [*script, str(folder / "patterns.jsonl"), *rest],
        "script with spaCy, EntityRuler, no literals": [*script, str(folder / "none.jsonl"), *rest],
        "Python that does nothing": [sys.executable, "-c", "pass"],
    }
    for contestant in contestants.values():
        for _ in range(2):  # byte code is written, then rules are compiled
            wall_and_memory(contestant, environ)
    walls: list[list[float]] = [[] for _ in contestants]
    for number in range(runs):
        order = [(number + step) % len(contestants) for step in range(len(contestants))]
        for which in order:
            walls[which].append(wall_and_memory(list(contestants.values())[which], environ)[0])
    print(f"One article of {article.stat().st_size:,} bytes; rules {annotator.rulebook.digest}; {runs} runs of each\n")
    rows = [
        [name, timing.shown(timing.ratio(walls[n], walls[0])), f"{statistics.median(walls[n]):.3f}"]
        for n, name in enumerate(contestants)
    ]
    print(timing.table(["", "times as long as the command", "seconds here and now"], rows))


def imports(command: Sequence[str], environ: dict[str, str]) -> None:
    """Print the modules that take the command longest to import, by themselves."""
    timed = [command[0], "-X", "importtime", *command[1:]]
    run = subprocess.run(timed, env=environ, capture_output=True, text=True, check=True)
    found = []
    for line in run.stderr.splitlines():
        own, _, name = line.removeprefix("import time:").rpartition("|")
        if own.partition("|")[0].strip().isdigit():
            found.append((int(own.partition("|")[0]), name.strip()))
    found.sort(reverse=True)
    print(f"\n{len(found)} modules, {sum(own for own, _ in found) / 1e3:.0f} ms; the longest by themselves:")
    print("\n".join(f"{own / 1e3:8.1f} ms  {name}" for own, name in found[:20]))


def large_text(command: list[str], environ: dict[str, str], folder: Path, megabytes: int) -> None:
    """Print the memory that the command takes for large texts, with and without mentions, and for a small one."""
    size = megabytes * 1_000_000
    with_mentions = ORDINARY * 40 + ARTICLE + "\n\n"
    rows = []
    for name, chapter, length in (
        ("small text", with_mentions, len(with_mentions)),
        (f"{megabytes} MB without mentions", ORDINARY, size),
        (f"{megabytes} MB, one article to ten KB", with_mentions, size),
    ):
        path = folder / "text.txt"
        path.write_text((chapter * (length // len(chapter) + 1))[:length], encoding="utf-8")
        wall, memory = wall_and_memory([*command, "-o", str(folder / "out.txt"), str(path)], environ)
        rows.append([name, f"{memory / 1e6:,.0f}", f"{memory / length:,.1f}", f"{wall:.1f}"])
    print()
    print(timing.table(["", "most memory, MB", "times the text", "seconds here and now"], rows))


def wall_and_memory(command: Sequence[str], environ: dict[str, str]) -> tuple[float, int]:
    """Run a command; return the seconds that it took and the most bytes that it held."""
    # A child begins with its parent's mark of memory, so a small process stands between this one and the command.
    launcher = [sys.executable, "-S", "-E", "-c", LAUNCHER, *command]
    run = subprocess.run(launcher, env=environ, capture_output=True, text=True, check=False)
    if run.returncode:
        raise SystemExit(f"{' '.join(command)} failed: {run.stderr.strip()[-2000:]}")
    wall, memory = run.stdout.split()
    return float(wall), int(memory) * (1 if platform.system() == "Darwin" else 1024)


if __name__ == "__main__":
    main()
