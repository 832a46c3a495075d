"""SARIF 2.1.0, so that editors and code hosts show notes in place, claims as warnings.

Follows the OASIS standard (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html).
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from .. import _published
from .._version import __version__
from . import wording
from .places import Lines, address, digests, media_type

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..model import Annotation, Document, Note, Run

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_FINGERPRINT = "mentionAndNote/v1"
_DRIVER: dict[str, Any] = {"name": "annotator", "version": __version__}


def render(document: Document, annotations: Sequence[Annotation], run: Run) -> bytes:
    """Return a log of one run, in ASCII: a result for each note at each mention.

    Lines and columns count from 1, offsets from 0, all in code points of the decoded source. A result is known
    again by its fingerprint, made of file, rule, note and words, while lines move around it. Where there are pages,
    lines and columns are those of the page, without offsets, and the location says which page.
    """
    source, _ = digests(document)
    uri = address(document)
    location: dict[str, Any] = {"uri": uri}
    if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", uri):
        location["uriBaseId"] = "%SRCROOT%"
    artifact: dict[str, Any] = {
        "location": location,
        "length": len(document.source),
        "roles": ["analysisTarget"],
        "hashes": {"sha-256": source},
        "properties": {"asOf": run.as_of, "asOfFrom": run.as_of_from, "rulebook": run.digest},
    }
    if run.decisions:
        artifact["properties"]["decisions"] = run.decisions
    if media_type(document):
        artifact["mimeType"] = media_type(document)
    if document.encoding == "utf-8":
        artifact["encoding"] = "UTF-8"
    lines = Lines(document)
    rules: dict[str, dict[str, Any]] = {}
    indexes: dict[str, int] = {}
    seen: dict[tuple[str, ...], int] = {}
    results: list[dict[str, Any]] = []
    for annotation in annotations:
        rule = annotation.rule
        if rule not in rules:
            indexes[rule] = len(rules)
            rules[rule] = _rule(annotation)
        region = _region(annotation, lines)
        page = _page(annotation, lines)
        for note in annotation.notes:
            key = (uri, rule, note.id, wording.one_line(annotation.text))
            seen[key] = seen.get(key, 0) + 1
            results.append(
                {
                    "ruleId": rule,
                    "ruleIndex": indexes[rule],
                    "level": _level(annotation),
                    "message": {"text": _message(note)},
                    "locations": [
                        {"physicalLocation": {"artifactLocation": {**location, "index": 0}, "region": region}, **page}
                    ],
                    "partialFingerprints": {_FINGERPRINT: _fingerprint((*key, str(seen[key])))},
                    "properties": _properties(annotation, note),
                }
            )
    return _log({**_DRIVER, "rules": list(rules.values())}, [artifact], results)


def join(outputs: Sequence[bytes]) -> bytes:
    """Return one log of one run, with all artifacts, all results, and each rule once; of no outputs, an empty one."""
    rules: dict[str, dict[str, Any]] = {}
    indexes: dict[str, int] = {}
    artifacts: list[dict[str, Any]] = []
    results: list[dict[str, Any]] = []
    driver: dict[str, Any] = _DRIVER
    for output in outputs:
        run = json.loads(output)["runs"][0]
        driver = run["tool"]["driver"]
        for rule in driver["rules"]:
            if rule["id"] not in rules:
                indexes[rule["id"]] = len(rules)
                rules[rule["id"]] = rule
        for result in run["results"]:
            result["ruleIndex"] = indexes[result["ruleId"]]
            for location in result["locations"]:
                location["physicalLocation"]["artifactLocation"]["index"] += len(artifacts)
            results.append(result)
        artifacts += run["artifacts"]
    return _log({**driver, "rules": list(rules.values())}, artifacts, results)


def _log(driver: dict[str, Any], artifacts: list[dict[str, Any]], results: list[dict[str, Any]]) -> bytes:
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "newlineSequences": ["\r\n", "\r", "\n"],
        "artifacts": artifacts,
        "results": results,
    }
    return (json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1) + "\n").encode("ascii")


def _rule(annotation: Annotation) -> dict[str, Any]:
    what = "A claim that the sources do not bear out" if annotation.kind == "claim" else "A reference to sanctions law"
    return {
        "id": annotation.rule,
        "shortDescription": {"text": f"{what} ({annotation.kind})"},
        "help": {"text": f"About this rule: {_published.command(annotation.rule)}"},
        "defaultConfiguration": {"level": _level(annotation)},
        "properties": {"tags": [annotation.kind]},
    }


def _level(annotation: Annotation) -> str:
    return "warning" if annotation.grade == "contradicted" else "note"


def _region(annotation: Annotation, lines: Lines) -> dict[str, Any]:
    start, end = lines.span(annotation)
    line, column = lines.at(start)
    last, after = lines.behind(start, end)
    snippet = {"text": annotation.text}
    begun = {"startLine": line, "startColumn": column}
    if lines.page(start):  # an offset and a line of a page would not be of one count
        here = lines.page(start) == lines.page(max(end - 1, start)) and (last, after) > (line, column)
        return {**begun, **({"endLine": last, "endColumn": after} if here else {}), "snippet": snippet}
    ended = {"endLine": last, "endColumn": after, "charOffset": start, "charLength": end - start}
    return {**begun, **ended, "snippet": snippet}


def _page(annotation: Annotation, lines: Lines) -> dict[str, Any]:
    """Return what a location says of the page that it is on, where there are pages."""
    start, _ = lines.span(annotation)
    page = lines.page(start)
    if not page:
        return {}
    name = f"page {page}, line {lines.at(start)[0]}"
    logical = {"name": name, "fullyQualifiedName": name, "kind": "page"}
    return {"logicalLocations": [logical], "message": {"text": name}}


def _message(note: Note) -> str:
    first, below = wording.lines(note)
    return _plain("\n".join((first, *below)))


def _plain(words: str) -> str:
    r"""Write words so that no reader takes part of them for a link or a placeholder (3.11.5, 3.11.6).

    >>> _plain("see [1] and {0}")
    'see \\[1\\] and {{0}}'
    """
    return re.sub(r"([\\\[\]])", r"\\\1", words).replace("{", "{{").replace("}", "}}")


def _properties(annotation: Annotation, note: Note) -> dict[str, Any]:
    return {
        "note": note.id,
        "kind": annotation.kind,
        **({"grade": annotation.grade} if annotation.grade else {}),
        "jurisdiction": note.jurisdiction,
        "status": note.status,
        "checked": note.checked,
        "inForce": {"from": note.from_date, "until": note.until},
        "sources": [
            {"instrument": source.instrument, "pinpoint": source.pinpoint, "url": source.url} for source in note.sources
        ],
        "later": list(note.later),
        "full": note.full or note.text,
    }


def _fingerprint(key: tuple[str, ...]) -> str:
    from hashlib import sha256  # slow to import

    return sha256("\0".join(key).encode("utf-8", "surrogatepass")).hexdigest()[:32]
