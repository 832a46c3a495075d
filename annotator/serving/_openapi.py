"""The description of the interface in OpenAPI 3.1, made of what the requests and the answers are checked by."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from .._version import __version__
from ..lookup.record import schema as lookup_schema
from ..writing import json_schema
from ._problems import MEANINGS, MEDIA, SCHEMA
from ._work import media_types

if TYPE_CHECKING:
    from ._asking import Asking

_SCHEMAS = "#/components/schemas/"
_ALWAYS = (403, 413, 421, 503)
_BODY = (400, 408, 415, 422, 500, 504)


def _problems(*statuses: int, token: bool) -> dict[str, Any]:
    wanted = sorted({*statuses, *_ALWAYS, *([401] if token else [])})
    return {str(one): {"$ref": f"#/components/responses/{one}"} for one in wanted}


def _response(status: int) -> dict[str, Any]:
    made: dict[str, Any] = {
        "description": MEANINGS[status],
        "content": {MEDIA: {"schema": {"$ref": f"{_SCHEMAS}Problem"}}},
    }
    if status == 503:
        made["headers"] = {"Retry-After": {"description": "Seconds.", "schema": {"type": "string"}}}
    if status == 401:
        made["headers"] = {"WWW-Authenticate": {"required": True, "schema": {"type": "string"}}}
    return made


def _form_of(article: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a form for an article: its fields, and the file in place of the text."""
    fields = {name: _shown(one) for name, one in article["properties"].items()}
    day = fields["as_of"]
    kind = {name: day.pop(name) for name in ("type", "format", "pattern") if name in day}
    fields["as_of"] = {**day, "anyOf": [kind, {"const": ""}]}
    # Bytes of any kind: what OpenAPI 3.1 has no type for.
    fields["file"] = {"contentMediaType": "application/octet-stream", "description": "The article, as a file."}
    return {
        "type": "object",
        "title": f"{article['title']}Form",
        "properties": fields,
        "anyOf": [{"required": ["text"]}, {"required": ["file"]}],
        "description": "Text or file, not both; jurisdictions may be repeated.",
        "additionalProperties": False,
    }


def _shown(field: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a field as a form has it, where nothing can be null."""
    for choice in field.get("anyOf", ()):
        if choice.get("type") != "null":
            return {**{key: one for key, one in field.items() if key not in {"anyOf", "default"}}, **choice}
    return field


def _global(name: str, schema: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Put a schema among the components, its own definitions beside it."""
    words = json.dumps(schema)
    for part in schema.get("$defs", ()):
        words = words.replace(f'"#/$defs/{part}"', f'"{_SCHEMAS}{name}.{part}"')
    moved = json.loads(words)
    moved.pop("$schema", None)
    for part, one in moved.pop("$defs", {}).items():
        schemas[f"{name}.{part}"] = one
    schemas[name] = moved


TOLD: dict[str, Any] = {
    "type": "object",
    "title": "Told",
    "description": "What should be known beside an output.",
    "required": ["format", "as_of", "as_of_from", "mentions", "notes", "checks", "outputs", "warnings"],
    "properties": {
        "format": {"type": "string", "description": "The format that the article was read as."},
        "as_of": {"type": "string", "format": "date", "description": "The day whose law is told."},
        "as_of_from": {"type": "string", "description": "Where that day comes from."},
        "mentions": {"type": "integer", "minimum": 0},
        "notes": {"type": "integer", "minimum": 0, "description": "How many different notes there are."},
        "checks": {"type": "integer", "minimum": 0, "description": "How many different checks of claims there are."},
        "outputs": {"type": "array", "items": {"type": "string"}, "description": "What the article may be written as."},
        "warnings": {"type": "array", "items": {"type": "string"}, "description": "How the article was read."},
    },
    "additionalProperties": False,
}  # fmt: skip
_ABOUT: dict[str, Any] = {
    "type": "object",
    "required": ["version", "rules", "size", "seconds", "formats", "outputs", "jurisdictions", "details"],
    "properties": {
        "version": {"type": "string"},
        "rules": {"type": "string", "description": "What names the rules and lists by their content."},
        "size": {"type": "integer", "description": "How many bytes a request may have."},
        "seconds": {"type": "number", "description": "How long the work on one article may take."},
        "formats": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "suffixes"],
                "properties": {
                    "name": {"type": "string"},
                    "suffixes": {"type": "array", "items": {"type": "string"}},
                },
            },
        },
        "outputs": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "keeps", "styles", "suffix"],
                "properties": {
                    "name": {"type": "string"},
                    "keeps": {"type": "boolean", "description": "Whether it is the article itself with notes."},
                    "styles": {"type": "array", "items": {"type": "string"}},
                    "suffix": {"type": "string"},
                },
            },
        },
        "jurisdictions": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["code", "name"],
                "properties": {"code": {"type": "string"}, "name": {"type": "string"}},
            },
        },
        "details": {"type": "array", "items": {"type": "string"}},
    },
}


def document(asking: Asking, *, token: bool) -> dict[str, Any]:
    """Return the description; with ``token`` the interface asks for one."""
    schemas: dict[str, Any] = {"Problem": SCHEMA, "Told": TOLD, "About": _ABOUT}
    for model in (asking.article, asking.checked, asking.question):
        found = model.model_json_schema(ref_template=f"{_SCHEMAS}{{model}}")
        schemas[model.__name__] = found
        if "text" in found["properties"]:
            schemas[f"{model.__name__}Form"] = _form_of(found)
    _global("Annotations", json_schema(), schemas)
    _global("Lookup", lookup_schema(), schemas)
    schemas["Findings"] = {"type": "array", "items": {"type": "object"}, "title": "Findings"}

    def ref(name: str) -> dict[str, str]:
        return {"$ref": f"{_SCHEMAS}{name}"}

    told = {
        "Annotator-Told": {
            "required": True,
            "description": "JSON, in ASCII: how much was found, of when the law is, and warnings.",
            "content": {"application/json": {"schema": ref("Told")}},
        }
    }
    outputs: dict[str, Any] = {one: {} for one in media_types()}
    outputs["application/json"] = {"schema": ref("Annotations")}

    def body(name: str) -> dict[str, Any]:
        return {
            "required": True,
            "content": {
                "application/json": {"schema": ref(name)},
                "multipart/form-data": {
                    "schema": ref(f"{name}Form"),
                    "encoding": {"jurisdictions": {"style": "form", "explode": True}},
                },
            },
        }

    return {
        "openapi": "3.1.0",
        "info": {
            "title": "annotator",
            "version": __version__,
            "summary": "Correct, cited reference notes on sanctions law for news articles.",
            "description": "Nothing that is sent is kept once it is answered, and nothing is sent anywhere else.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "paths": {
            "/api/about": {
                "get": {
                    "operationId": "about",
                    "summary": "What this server reads and writes, and its limits.",
                    "responses": {
                        "200": {"description": "That.", "content": {"application/json": {"schema": ref("About")}}},
                        **_problems(token=token),
                    },
                }
            },
            "/api/annotate": {
                "post": {
                    "operationId": "annotate",
                    "summary": "Put notes into an article, or make what goes beside it.",
                    "description": "The answer is what `annotator annotate` writes, byte for byte.",
                    "requestBody": body("Article"),
                    "responses": {
                        "200": {"description": "The output asked for.", "headers": told, "content": outputs},
                        **_problems(*_BODY, 409, token=token),
                    },
                }
            },
            "/api/check": {
                "post": {
                    "operationId": "check",
                    "summary": "Check an article: a finding for each note at each mention, as linters print them.",
                    "description": "The answer is what `annotator check --output-format json` prints.",
                    "requestBody": body("CheckedArticle"),
                    "responses": {
                        "200": {
                            "description": "The findings.",
                            "headers": told,
                            "content": {"application/json": {"schema": ref("Findings")}},
                        },
                        **_problems(*_BODY, 409, token=token),
                    },
                }
            },
            "/api/lookup": {
                "post": {
                    "operationId": "lookup",
                    "summary": "Look up a name, a measure, a citation, a programme's tag or a ship's IMO number.",
                    "description": "The answer is what `annotator lookup --output json` prints.",
                    "requestBody": {"required": True, "content": {"application/json": {"schema": ref("Question")}}},
                    "responses": {
                        "200": {
                            "description": "The answer; `found` tells whether there is one.",
                            "content": {"application/json": {"schema": ref("Lookup")}},
                        },
                        **_problems(*_BODY, token=token),
                    },
                }
            },
        },
        "components": {
            "schemas": schemas,
            "responses": {str(status): _response(status) for status in MEANINGS},
            **({"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}} if token else {}),
        },
        **({"security": [{"token": []}]} if token else {}),
    }
