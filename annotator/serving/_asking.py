"""What a request may ask for: the fields of an article and of a question, checked, and turned into work.

The values that are allowed come from the layers and from the rules and lists that the server has, so that a new format,
output or jurisdiction is known here as soon as it is known there.
"""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, create_model
from pydantic_core import from_json

from .._lazy import regex
from ..config import Options
from ..lookup import MOST_LETTERS
from ..noting import POLICIES
from ..reading import FORMATS
from ..writing import DETAILS, OUTPUTS
from ._work import FINDINGS, Article, Question

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_NAME = 255
_MOST_FIELDS = 50
_FOLDERS = regex(r"[\\/]")
_PATTERN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_DAY = regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


class Refused(Exception):  # noqa: N818 - an answer, not a fault
    """A request asks for what there is not: the status, one line, and each value that is wrong."""

    def __init__(self, status: int, detail: str, errors: list[dict[str, str]] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = errors


def _day(given: str) -> str:
    try:
        if _DAY.fullmatch(given):
            return datetime.date.fromisoformat(given).isoformat()
    except ValueError:
        pass
    raise ValueError("not a day; write it as YYYY-MM-DD")


def _words(given: str) -> str:
    if not any(char.isalnum() for char in given):
        raise ValueError("nothing to look up; write a name, a measure, a citation, a programme's tag or an IMO number")
    return given


_Day = Annotated[str, AfterValidator(_day), Field(json_schema_extra={"format": "date"}, pattern=_PATTERN)]


def _described(kind: Any, default: Any, description: str, **more: Any) -> tuple[Any, Any]:
    return (kind, Field(default, description=description, **more))


class Asking:
    """The models of requests for one server.

    ``jurisdictions`` and ``voices`` are those that its rules and lists know.
    """

    def __init__(self, jurisdictions: Sequence[str], voices: Sequence[str]) -> None:
        strict = ConfigDict(extra="forbid", strict=True)
        whose = Literal[tuple(jurisdictions)] if jurisdictions else str
        styles = tuple(dict.fromkeys(style for one in OUTPUTS.values() for style in one.styles))
        as_of = _described(
            _Day | None,
            None,
            "The day whose law is told; left out, the article's own date where it gives one, else today.",
        )
        of = _described(list[whose], [], "Keep the notes of these only; all when empty.", max_length=100)  # type: ignore[valid-type]
        reading: dict[str, Any] = {
            "as_of": as_of,
            "jurisdictions": of,
            "notes": _described(
                Literal[POLICIES], POLICIES[0], "Where notes stand: at their best place, or otherwise."
            ),
            "format": _described(
                Literal[FORMATS] | None, None, "Read the article as this; told by content and name when left out."
            ),
            "voice": _described(
                (Literal[tuple(voices)] if voices else str) | None,
                None,
                'Whose "we" and "our" it is; nobody\'s when left out.',
            ),
        }
        writing: dict[str, Any] = {
            "output": _described(
                Literal[tuple(OUTPUTS)], "json", "What to make: the article with notes, or what goes beside it."
            ),
            "style": _described(
                Literal[styles] | None, None, "Place notes in this way, where the output knows several."
            ),
            "detail": _described(Literal[DETAILS], DETAILS[0], "How much the notes say, in outputs that people read."),
        }
        name = _described(
            str | None, None, "The name of the article's file, which helps to tell its format.", max_length=_MOST_NAME
        )
        text = _described(str, ..., "The article.")
        self.article: type[BaseModel] = create_model(
            "Article", __config__=strict, text=text, name=name, **writing, **reading
        )
        self.checked: type[BaseModel] = create_model(
            "CheckedArticle", __config__=strict, text=text, name=name, **reading
        )
        self.question: type[BaseModel] = create_model(
            "Question",
            __config__=strict,
            words=(
                Annotated[str, AfterValidator(_words)],
                Field(
                    ..., description="A name, a measure, a citation, a programme's tag or an IMO number.",
                    min_length=1, max_length=MOST_LETTERS,
                ),
            ),
            as_of=_described(_Day | None, None, "The day as of which it is answered; today when left out."),
            jurisdictions=of,
        )  # fmt: skip

    # -- articles ------------------------------------------------------------------------------------

    def article_of(self, body: bytes) -> Article:
        """Return the work that a JSON body asks for. Raises `Refused`."""
        return _work(_checked(self.article, body), output=None)

    def checked_of(self, body: bytes) -> Article:
        """Return the work that a JSON body asks for where an article is to be checked. Raises `Refused`."""
        return _work(_checked(self.checked, body), output=FINDINGS)

    def article_in(self, form: list[tuple[str, str | tuple[str, bytes]]], *, check: bool = False) -> Article:
        """Return the work that a form asks for: the article is its field ``text`` or its file ``file``.

        Raises `Refused`.
        """
        given: dict[str, Any] = {}
        file: tuple[str, bytes] | None = None
        for name, value in form:
            if isinstance(value, tuple):
                # What a browser sends for a field of which no file was chosen.
                if name != "file" and any(value):
                    raise _wrong(name, "not a field for a file; send the article as file")
                file = value if any(value) else file
            elif name == "file" and not value:
                continue
            elif name == "file":
                raise _wrong("file", "a file without a name; send it with one, or the words as text")
            elif name == "jurisdictions":
                given.setdefault(name, []).extend(one.strip() for one in value.split(",") if one.strip())
            elif name in given:
                raise _wrong(name, "given more than once")
            elif value or name != "as_of":  # a field for a day that was left empty is sent all the same
                given[name] = value
        if file is not None:
            if given.pop("text", ""):
                raise _wrong("file", "given beside text; send one of them")
            given["text"] = ""
            given.setdefault("name", file[0][-_MOST_NAME:] or None)
        elif "text" not in given:
            raise _wrong("text", "missing; send the article as text or as file")
        model = self.checked if check else self.article
        work = _work(_checked(model, given), output=FINDINGS if check else None)
        return work if file is None else _with(work, file[1])

    def question_of(self, body: bytes) -> Question:
        """Return the question that a JSON body asks. Raises `Refused`."""
        asked: Any = _checked(self.question, body)
        return Question(asked.words, asked.as_of, tuple(dict.fromkeys(asked.jurisdictions)))


def _with(work: Article, source: bytes) -> Article:
    from dataclasses import replace

    return replace(work, source=source)


def _work(asked: Any, *, output: str | None) -> Article:
    # No folder of somebody's own is of interest here, and none is to stand in what is made.
    name = _FOLDERS.split(asked.name)[-1] if asked.name else None
    options = Options(
        as_of=asked.as_of,
        notes=asked.notes,
        jurisdictions=tuple(dict.fromkeys(asked.jurisdictions)),
        format=asked.format,
        voice=asked.voice,
    )
    if output is not None:
        return Article(asked.text, output, name or None, options=options)
    return Article(asked.text, asked.output, name or None, asked.style or "", asked.detail, options)


def _checked(model: type[BaseModel], given: bytes | dict[str, Any]) -> BaseModel:
    if isinstance(given, bytes) and _has_more_fields(given, _MOST_FIELDS):
        # Each would be told of, which takes time and memory.
        what = f"has more than {_MOST_FIELDS} fields"
        raise Refused(422, f"the body {what}", [{"where": "", "what": what}])
    try:
        return model.model_validate_json(given) if isinstance(given, bytes) else model.model_validate(given)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
    if found[0]["type"] == "json_invalid":
        raise Refused(400, "the body is not JSON in UTF-8")
    errors = [{"where": _where(one["loc"]), "what": _what(one)} for one in found[:10]]
    first = errors[0]
    raise Refused(422, f"{first['where'] or 'the body'}: {first['what']}", errors)


def _has_more_fields(body: bytes, most: int) -> bool:
    """Tell whether a body is a JSON object of more than so many fields; what is no JSON is told of elsewhere."""
    try:
        parsed = from_json(body, cache_strings="none")
    except ValueError:
        return False
    return isinstance(parsed, dict) and len(parsed) > most


def _where(place: tuple[int | str, ...]) -> str:
    # The name of a field that there is not comes from outside.
    return ".".join(one if one.isidentifier() or one.isdecimal() else "a field" for one in map(str, place))[:80]


def _what(error: Any) -> str:
    words = str(error["msg"]).removeprefix("Value error, ")
    words = {"extra_forbidden": "no such field", "missing": "missing"}.get(error["type"], words)
    return words if error["type"] == "value_error" else words[:1].lower() + words[1:]


def _wrong(where: str, what: str) -> Refused:
    name = where[:40] if where.isidentifier() else "a field"
    return Refused(422, f"{name}: {what}", [{"where": name, "what": what}])
