"""The sentence of a note, made of its data: what is forbidden or required, who is bound, since when."""

from __future__ import annotations

from typing import Any

from .._dates import spoken

# The keys that say what a note is about; one of them, or a sentence of its own (``says``), makes a structured note.
NORMS = ("forbids", "requires", "urges", "allows")
DATA = (*NORMS, "says")


def sentence(data: dict[str, Any]) -> str:
    """Return the sentence of a version of a note, without its sources.

    ``data`` holds one of ``forbids``, ``requires``, ``urges``, ``allows`` (a verb phrase whose subject is ``bound``) or
    ``says`` (a sentence of its own), and if wanted ``except`` (what is left out of it), ``renewed`` (the last renewal
    known: ``until``), ``also`` (a further sentence), ``verb`` and ``from``. ``dated: false`` keeps the first day out.

    >>> sentence({"forbids": "supply luxury goods to North Korea", "bound": "UN members", "from": "2006-10-14"})
    'UN members may not supply luxury goods to North Korea. In force since 14 October 2006.'
    >>> sentence({"requires": "send North Korean workers home", "bound": "UN members", "except": "refugees"})
    'UN members must send North Korean workers home, except refugees.'
    """
    kind = next((key for key in NORMS if key in data), "")
    if not kind:
        main = _plain(data["says"])
    else:
        bound = _plain(data.get("bound", ""))
        phrase = _plain(data[kind])
        if kind == "urges":
            verb = _plain(data.get("verb", "calls upon"))
            author = _plain(data.get("author", "the Council"))
            main = f"{author} {verb} {bound} to {phrase}"
        else:
            modal = {"forbids": "may not", "requires": "must", "allows": "may"}[kind]
            main = f"{bound} {modal} {phrase}"
    excepted = _plain(data.get("except", ""))
    if excepted:
        joined = (
            excepted
            if excepted.split()[0].lower() in {"unless", "but", "except", "save", "without"}
            else f"except {excepted}"
        )
        main = f"{main.rstrip('.')}, {joined}"
    parts = [_ended(main[:1].upper() + main[1:])]
    if data.get("also"):
        parts.append(_ended(_plain(data["also"])))
    until = (data.get("renewed") or {}).get("until")
    start = data.get("from")
    since = spoken(start) if start and data.get("dated", bool(kind)) else ""
    if since and until:
        parts.append(f"In force since {since}, last renewal known: to {spoken(until)}.")
    elif since:
        parts.append(f"In force since {since}.")
    elif until:
        parts.append(f"Last renewal known: to {spoken(until)}.")
    return " ".join(parts)


def _plain(text: str) -> str:
    return " ".join(str(text).split())


def _ended(text: str) -> str:
    return text if text.endswith((".", "?", "!", ".”", '."', ".]")) else f"{text}."
