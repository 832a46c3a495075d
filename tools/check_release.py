"""Tell whether the project may be released: version, changelog, tag and addresses fit together.

    python tools/check_release.py [--tag vX.Y.Z]

Each thing that is wrong is a line on standard error, and the exit code is then 1. Only the standard library is used, so
that it runs before anything is installed.
"""

from __future__ import annotations

import argparse
import re
import sys
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).parent.parent
# Names that lead nowhere (RFC 2606), or to examples.
NOWHERE = (".invalid", ".example", ".test", ".localhost", "example.com", "example.net", "example.org")
WANTED = ("Homepage", "Documentation", "Source", "Issues", "Changelog")


def faults(root: Path = ROOT, tag: str = "") -> list[str]:
    """Return what is wrong with a release of the project in a folder, in order of its files."""
    found = []
    version = re.search(r'__version__ = "([^"]+)"', (root / "annotator" / "_version.py").read_text(encoding="utf-8"))
    said = version[1] if version else ""
    if not re.fullmatch(r"\d+\.\d+\.\d+((a|b|rc)\d+)?", said):
        found.append(f"annotator/_version.py: {said!r} is no version such as 1.2.3 or 1.2.3rc1")
    if tag and tag != f"v{said}":
        found.append(f"annotator/_version.py: the tag {tag} is not v{said}")
    changelog = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    top = re.search(r"^## (\S+)(?: - (\d{4}-\d{2}-\d{2}))?$", changelog, re.MULTILINE)
    if top is None or top[1] != said:
        found.append(f"CHANGELOG.md: the first section is {top[1] if top else 'none'!r}, not {said!r}")
    elif not top[2]:
        found.append(f"CHANGELOG.md: give the section the day of the release: ## {said} - YYYY-MM-DD")
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    urls = project.get("urls", {})
    found += [f"pyproject.toml: project.urls has no {name}" for name in WANTED if name not in urls]
    for name, url in urls.items():
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.scheme != "https" or not host or host.endswith(NOWHERE):
            found.append(f"pyproject.toml: project.urls.{name} leads nowhere ({url}); set the real address")
    return found


def main() -> int:
    """Say what is wrong; return the exit code."""
    parser = argparse.ArgumentParser(description="Tell whether the project may be released.")
    parser.add_argument("--tag", default="", help="the tag of the release, vX.Y.Z")
    found = faults(tag=parser.parse_args().tag)
    for fault in found:
        sys.stderr.write(f"{fault}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
