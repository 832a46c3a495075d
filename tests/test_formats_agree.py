"""One article as text, Markdown and HTML: the same mentions in each, and each comes back as it was."""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING

from annotator import Annotator, strip

if TYPE_CHECKING:
    from pathlib import Path

    from annotator import Result

_SPECIAL = re.compile(r"([\\`*_\[\]<>#&])")


def pages_of(title: str, text: str) -> dict[str, str]:
    """Return an article in each format, with markup inside its sentences."""
    found = [" ".join(part.split()) for part in re.split(r"\n\s*\n", text)]
    parts = [part for part in found if part]
    escaped = [html.escape(part).replace(" and ", " <b>and</b> ").replace(" of ", " of&nbsp;", 1) for part in parts]
    body = "".join(f"<p>{part}</p>\n" for part in escaped)
    marked = [
        _SPECIAL.sub(r"\\\1", part).replace(" and ", " **and** ").replace(" of ", " of&#32;", 1) for part in parts
    ]
    return {
        "text": "\n\n".join([title, *parts]) + "\n",
        "markdown": "\n\n".join(["# " + _SPECIAL.sub(r"\\\1", title), *marked]) + "\n",
        "html": f"<!doctype html><nav>Home</nav><main><h1>{html.escape(title)}</h1>{body}</main><footer>x</footer>",
    }


def said(result: Result) -> list[tuple[str, str]]:
    """Return what is annotated, by rule and words."""
    return [(one.rule, " ".join(one.text.split())) for one in result.annotations]


def test_the_same_mentions_in_every_format(outside: Path) -> None:
    """Real articles say the same in every format."""
    made = Annotator()
    count = 0
    lines: list[str] = []
    for name in ("us-government-2021-2022", "wikinews-2019-2020"):
        lines += (outside / "news" / f"{name}.jsonl").read_text("utf-8").splitlines()[::16]
    for line in lines:
        article = json.loads(line)
        written = pages_of(article["title"], article["text"])
        plain = said(made.annotate(written["text"], as_of="2022-06-01", format="text"))
        count += len(plain)
        for fmt in ("markdown", "html"):
            result = made.annotate(written[fmt], as_of="2022-06-01", format=fmt)
            assert said(result) == plain, article["id"]
            assert result.unplaced == ()
            out = result.render()
            assert strip(out) == written[fmt]
            assert made.annotate(out, as_of="2022-06-01", format=fmt).render() == out
    assert count > 10
