"""Where this documentation is published, and how a message names the page on a rule or an error."""

from __future__ import annotations

# The address of the site with a slash at its end; empty while it is published nowhere, and then nothing links to it.
# mkdocs takes it from here too. Messages name the command, which knows rules of a user's own as well.
ADDRESS = ""

FOLDERS = {"rule": "rules", "regime": "regimes", "measure": "measures", "list": "lists", "error": "errors"}
_LISTED = "lists."


def subject(rule: str) -> str:
    """Return the name of the page on a rule; entries of one list share a page.

    >>> subject("measure.luxury-goods"), subject("lists.un:TSi.001")
    ('measure.luxury-goods', 'lists.un')
    """
    return rule.partition(":")[0] if rule.startswith(_LISTED) else rule


def command(name: str) -> str:
    """Return the command that tells about a rule, a regime, a measure or an error.

    >>> command("lists.un:TSi.001")
    'annotator help lists.un'
    """
    return f"annotator help {subject(name)}"


def page(kind: str, name: str) -> str:
    """Return the address of a page of the site, empty where it is not published; ``kind`` is a key of ``FOLDERS``."""
    return f"{ADDRESS}reference/{FOLDERS[kind]}/{name}.html" if ADDRESS else ""
