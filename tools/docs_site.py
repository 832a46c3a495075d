"""The hook of mkdocs: puts what is not in ``docs/`` onto the site, and nothing of it into the working tree.

That is a page for each rule, regime, measure, list and error, made from the rule pack by ``annotator.handbook``; the
README, which is the first page; and what else at the root of the project people read.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.structure.files import File

from annotator import _published
from annotator.handbook import KINDS, Handbook
from annotator.handbook.writing import escaped, markdown
from annotator.rulebook import read_definitions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

    from annotator.handbook.page import Link

ROOT = Path(__file__).parent.parent
# What stands elsewhere in the project, and the page of the site that it becomes.
ELSEWHERE = {
    "README.md": "index.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "rules/data/README.md": "data.md",
    "annotator/lists/snapshot/README.md": "lists-shipped.md",
    "annotator/batch/schema/batch-1.json": "schemas/batch-1.json",
}
HEADS = {
    "rule": "All rules",
    "regime": "All regimes",
    "measure": "All measures",
    "list": "All lists",
    "error": "All errors",
}
_LINK = re.compile(r"(?<=\]\()(?!\w+:|#)([^)#\s]+)(?=[)#])")


def on_config(config: MkDocsConfig) -> None:
    """Take the address of the site from the one place that says it."""
    config.site_url = _published.ADDRESS


def on_files(files: Files, config: MkDocsConfig) -> None:
    """Add the pages."""
    for origin, page in ELSEWHERE.items():
        files.append(File.generated(config, page, content=moved(origin, page)))
    for name, content in reference():
        files.append(File.generated(config, name, content=content))


def on_page_markdown(markdown: str, **about: object) -> str:
    """Lead the links of pages in ``docs/`` to what stands elsewhere in the project to its page."""
    page = str(getattr(getattr(about["page"], "file", None), "src_uri", ""))
    if page in ELSEWHERE.values() or page.startswith("reference/"):
        return markdown
    return _led(markdown, f"docs/{page}", page)


def moved(origin: str, page: str) -> str:
    """Return a file of the project as a page of the site, its links led to where they are there."""
    text = (ROOT / origin).read_text(encoding="utf-8")
    return _led(text, origin, page) if page.endswith(".md") else text


def _led(text: str, origin: str, page: str) -> str:
    def place(hit: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(origin), hit[1]))
        there = ELSEWHERE.get(target) or target.removeprefix("docs/")
        return posixpath.relpath(there, posixpath.dirname(page) or ".")

    return _LINK.sub(place, text)


def reference() -> Iterator[tuple[str, str]]:
    """Yield the name and the Markdown of each page made from the rules, and of an index for each kind."""
    definitions = read_definitions()
    definitions.raise_faults()
    book = Handbook(definitions)

    def address(link: Link) -> str:
        return f"../{_published.FOLDERS[link.kind]}/{link.name}.md"

    for kind in KINDS:
        folder = f"reference/{_published.FOLDERS[kind]}"
        points = []
        for name in book.names(kind):
            page = book.page(kind, name)
            yield f"{folder}/{name}.md", markdown(page, address)
            points.append(f"- [{escaped(name)}]({name}.md): {escaped(page.title)}")
        yield f"{folder}/index.md", f"# {HEADS[kind]}\n\n" + "\n".join(points) + "\n"
