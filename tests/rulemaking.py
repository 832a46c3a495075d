"""Rule files and marked texts for tests: the shortest way from a phrase to an annotator."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from annotator import Annotator

DAY = "2024-06-20"
CASES = Path(__file__).parent / "cases"

_REFERENCE = {"instrument": "S/RES/1 (1946)", "url": "https://example.org/1", "date": "1946-01-25"}
_MARK = re.compile(r"\[\[(.*?)(?:\|([^\]|]*))?\]\]", re.DOTALL)


def cases(name: str) -> list[dict[str, Any]]:
    """Return a table of cases."""
    found: list[dict[str, Any]] = yaml.safe_load((CASES / f"{name}.yaml").read_text(encoding="utf-8"))
    return found


def note(text: str = "S/RES/1 (1946) para. 1 decides.", **more: Any) -> dict[str, Any]:
    """Return a note with a source."""
    return {"text": text, "sources": [{"ref": "ref", "at": "para. 1"}], **more}


def definitions(rules: dict[str, Any], **sections: dict[str, Any]) -> dict[str, Any]:
    """Return a whole rule file: a list of phrases is a rule; notes that are used and not given are made up."""
    data: dict[str, Any] = {
        "annotator": 1,
        "covers": "tests",
        "namespace": "t",
        "defaults": {"jurisdiction": "un", "status": "verified", "checked": "2026-01-01"},
        **{kind: dict(items) for kind, items in sections.items()},
        "rules": {
            name: {"kind": "term", "notes": ["n"], **({"phrases": rule} if isinstance(rule, list) else rule)}
            for name, rule in rules.items()
        },
    }
    data["references"] = {"ref": _REFERENCE, **data.get("references", {})}
    notes = data.setdefault("notes", {})
    used = [one for rule in data["rules"].values() if isinstance(rule["notes"], list) for one in rule["notes"]]
    used += [one for regime in data.get("regimes", {}).values() for ids in regime["answers"].values() for one in ids]
    for one in used:
        name = one if isinstance(one, str) else one["note"]
        if name not in data.get("listings", {}):
            notes.setdefault(name, note())
    for name, given in notes.items():
        if isinstance(given, str):
            notes[name] = note(given)
        elif "versions" not in given:
            notes[name] = note(**given)
        else:
            given.setdefault("sources", note()["sources"])
    return data


def write(folder: Path, data: dict[str, Any] | str, name: str = "rules.yaml") -> Path:
    """Write a rule file."""
    path = folder / name
    if not isinstance(data, str):
        data = yaml.safe_dump(data, sort_keys=False, allow_unicode=True)
    path.write_bytes(data.encode())
    return path


def annotator(folder: Path, rules: dict[str, Any], **sections: dict[str, Any]) -> Annotator:
    """Return an annotator with these rules alone."""
    return Annotator(rules=write(folder, definitions(rules, **sections)), default_rules=False, cache=False)


def marked(text: str) -> tuple[str, list[tuple[int, int, str]]]:
    """Take the marks ``[[words]]`` or ``[[words|what]]`` out of a text; return it with (start, end, what)."""
    plain = ""
    spans = []
    last = 0
    for hit in _MARK.finditer(text):
        plain += text[last : hit.start()]
        spans.append((len(plain), len(plain) + len(hit[1]), hit[2] or ""))
        plain += hit[1]
        last = hit.end()
    return plain + text[last:], spans


def spans(made: Annotator, text: str | bytes, **options: Any) -> list[tuple[int, int]]:
    """Return where a text is annotated, every mention, in order."""
    result = made.annotate(text, **{"as_of": DAY, "notes": "every", **options})
    return [(one.start, one.end) for one in result.annotations]


def found(made: Annotator, text: str, **options: Any) -> list[str]:
    """Return the words that are annotated, every mention, in order."""
    return [text[start:end] for start, end in spans(made, text, **options)]


def noted(made: Annotator, text: str, **options: Any) -> list[tuple[int, int, str]]:
    """Return each annotation with its notes' ids, joined by commas and without the tests' namespace."""
    result = made.annotate(text, **{"as_of": DAY, "notes": "every", **options})
    return [(one.start, one.end, ",".join(n.id.removeprefix("t.") for n in one.notes)) for one in result.annotations]


def reasons(made: Annotator, text: str, rule: str) -> list[str]:
    """Return why mentions of a rule were ruled out, in order; an accepted one gives an empty string."""
    document = made.read(text)
    return [m.ruled_out for m in made.mentions(document, everything=True) if m.rule == f"t.{rule}"]
