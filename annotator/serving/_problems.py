"""Errors as answers: ``application/problem+json`` (RFC 9457), one line for people in ``detail``."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

MEDIA = "application/problem+json"

# What each error of the interface means, as its description says it.
MEANINGS = {
    400: "The request cannot be read: broken JSON, a broken form, or headers that contradict each other.",
    401: "The token is missing or wrong; it goes into the header Authorization: Bearer TOKEN.",
    403: "The request comes from a page of another origin.",
    405: "The address knows no such method.",
    408: "The request took too long to arrive.",
    409: "The article holds notes of an earlier run and was edited since, so they cannot be taken out exactly.",
    413: "The request, or what unfolds from it, is larger than this server takes.",
    415: "The request is of a media type, or the article of a format, that this server does not read.",
    421: "The host that was asked for is not this server.",
    422: "A value is missing or wrong, or the article cannot be read, or not be written as what was asked for.",
    500: "A fault of the server itself.",
    503: "Too much is waiting already, or the work was cut off; try again in a while.",
    504: "The article takes longer than this server works on one.",
}
_AGAIN = b"5"  # seconds after which a client may try again


def title_of(status: int) -> str:
    """Return what a status is called."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"


def problem(status: int, detail: str, errors: list[dict[str, str]] | None = None) -> bytes:
    """Return the body; ``errors`` name values that are wrong, each by its ``where`` and ``what``."""
    body: dict[str, Any] = {"type": "about:blank", "title": title_of(status), "status": status, "detail": detail}
    if errors:
        body["errors"] = errors
    return json.dumps(body).encode("ascii")


def headers_of(status: int) -> dict[str, str]:
    """Return the headers that belong to an error."""
    if status == 503:
        return {"retry-after": _AGAIN.decode()}
    return {"www-authenticate": 'Bearer realm="annotator"'} if status == 401 else {}


SCHEMA: dict[str, Any] = {
    "type": "object",
    "title": "Problem",
    "description": "An error, as RFC 9457 has it.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "description": "One line: what is wrong, and what to do."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["where", "what"],
                "properties": {"where": {"type": "string"}, "what": {"type": "string"}},
                "additionalProperties": False,
            },
        },
    },
    "additionalProperties": False,
}
