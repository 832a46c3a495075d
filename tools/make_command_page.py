"""Write ``docs/command.md`` from the command's own help, so that the two cannot differ.

Run it as ``python tools/make_command_page.py`` after a change to an option; a test compares the page.
"""

from __future__ import annotations

from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING

import click

from annotator.cli._app import app

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = Path(__file__).parent.parent / "docs" / "command.md"

HEAD = """\
# The command

Made by `tools/make_command_page.py` from the command's own help; change the options, not this page.

`annotator COMMAND --help` says the same. Settings that hold for every run can stand in a file:
`annotator.toml`, or the table `[tool.annotator]` of a `pyproject.toml`, whichever is nearest upwards from
the working folder. Its keys are the options named here without their dashes (`rules`, `default-rules`,
`only`, `skip`, `as-of`, `notes`, `detail`, `voice`, `jurisdiction`, `model`, `encoding`, `cache`,
`lists`, `names`, `name-threshold`); paths in it are relative
to the file, and an option on the command line wins over it.

```toml
[tool.annotator]
rules = ["desk-rules"]
jurisdiction = ["un", "eu"]
notes = "paragraph"
```

`ANNOTATOR_CACHE_DIR` names another folder for compiled rules, `ANNOTATOR_NO_CACHE=1` does without them,
and `NO_COLOR=1` turns colour off. How a run ends is told by its exit code: [exit-codes.md](exit-codes.md).
"""


def _text(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _section(command: click.Command, context: click.Context) -> Iterator[str]:
    yield f"\n## {context.command_path}"
    for paragraph in (command.help or "").split("\n\n"):
        yield "\n" + "\n".join(wrap(" ".join(paragraph.split()), 110))
    if isinstance(command, click.Group):
        return
    usage = " ".join(command.collect_usage_pieces(context))
    yield f"\n`{context.command_path} {usage}`\n"
    yield "| option | what it does |\n| --- | --- |"
    for parameter in command.get_params(context):
        record = None if isinstance(parameter, click.Argument) else parameter.get_help_record(context)
        if record is not None:
            names, what = record
            yield f"| `{_text(names)}` | {_text(what)} |"


def _walk(command: click.Command, context: click.Context) -> Iterator[str]:
    yield from _section(command, context)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            if below is not None:
                settings = below.context_settings
                yield from _walk(below, click.Context(below, info_name=name, parent=context, **settings))


def page() -> str:
    """Return the page's text."""
    return HEAD + "\n".join(_walk(app, click.Context(app, info_name="annotator"))) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
