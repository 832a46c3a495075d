"""The application: the page's files, and the interface over HTTP."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser

from .._lazy import regex
from .._version import __version__
from ..reading import FORMATS
from ..reading.formats import named
from ..writing import DETAILS, OUTPUTS
from ..writing.wording import issuer
from . import _openapi
from ._asking import Asking, Refused
from ._guard import Guard, Policy
from ._problems import MEDIA, headers_of, problem, title_of
from ._work import Answer, Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.datastructures import UploadFile
    from starlette.types import ASGIApp

    from ..api import Annotator
    from ._pool import Pool, Task

_PAGE = {
    "/": ("index.html", "text/html; charset=utf-8"),
    "/page.css": ("page.css", "text/css; charset=utf-8"),
    "/page.js": ("page.js", "text/javascript; charset=utf-8"),
    "/icon.svg": ("icon.svg", "image/svg+xml"),
}
PATHS = frozenset({*_PAGE, "/api/about", "/api/annotate", "/api/check", "/api/lookup", "/api/openapi.json"})
_FIRST = ("un", "eu", "us", "uk")  # of jurisdictions, in the order in which people expect them
_NOBODY = "xx"  # whose notes are of no jurisdiction
_MOST_FIELDS = 200
_POLICY = regex(r'http-equiv="Content-Security-Policy" content="([^"]*)"')


def create_app(
    annotator: Annotator,
    pool: Pool,
    policy: Policy | None = None,
    *,
    say: Callable[[str], None] = lambda _: None,
    log: Callable[[str], None] | None = None,
) -> ASGIApp:
    """Return the application, with its guard.

    ``annotator`` tells what there is to choose from; the work is done by ``pool``, which has to be started, with the
    same settings. ``say`` and ``log`` are those of `Guard`.
    """
    policy = policy or Policy()
    asking = Asking(sorted(annotator.jurisdictions), sorted(annotator.rulebook.lexicon.actors))
    # The program's own pages of documentation load their parts from elsewhere.
    app = FastAPI(title="annotator", version=__version__, docs_url=None, redoc_url=None, openapi_url=None)
    app.router.redirect_slashes = False
    _Page(app, annotator)
    _Interface(app, asking, pool, _about(annotator, pool, policy), token=policy.token is not None)
    _errors(app)
    return Guard(app, policy, say=say, log=log, paths=PATHS)


def _about(annotator: Annotator, pool: Pool, policy: Policy) -> dict[str, Any]:
    def order(code: str) -> tuple[int, str]:
        return (_FIRST.index(code) if code in _FIRST else len(_FIRST), issuer(code).lower())

    codes = sorted(annotator.jurisdictions - {_NOBODY}, key=order)
    return {
        "version": __version__,
        "rules": annotator.digest,
        "size": policy.size,
        "seconds": pool.seconds,
        "formats": [{"name": name, "suffixes": list(named(name).suffixes)} for name in FORMATS],
        "outputs": [
            {"name": name, "keeps": bool(one.keeps), "styles": list(one.styles), "suffix": one.suffix}
            for name, one in OUTPUTS.items()
        ],
        "jurisdictions": [{"code": code, "name": issuer(code)} for code in codes],
        "details": list(DETAILS),
    }


class _Page:
    """The files of the page."""

    def __init__(self, app: FastAPI, annotator: Annotator) -> None:
        policy = page_policy(report_policy(annotator))
        folder = files(__package__) / "page"
        for path, (name, media) in _PAGE.items():
            content = (folder / name).read_bytes()
            # With no referrer at all a browser sends no origin of a form either.
            headers = {"content-security-policy": policy, "referrer-policy": "same-origin"} if path == "/" else {}
            app.add_api_route(path, self._shown(content, media, headers), methods=["GET", "HEAD"])

    @staticmethod
    def _shown(content: bytes, media: str, headers: dict[str, str]) -> Callable[[], Any]:
        async def show() -> Response:
            return Response(content, media_type=media, headers=headers)

        return show


def report_policy(annotator: Annotator) -> str:
    """Return the content security policy that a report states for itself."""
    page = annotator.annotate("", format="text").render("report")
    found = _POLICY.search(page)
    return found[1].replace("&#x27;", "'").replace("&#39;", "'") if found else "default-src 'none'"


def page_policy(report: str) -> str:
    """Return the content security policy of the page.

    The report stands in a frame of the page that has the page's policy beside its own, so what the report's own policy
    allows (its style and its script, each by its digest) the page's has to allow as well.
    """
    own = {"script-src": "'self'", "style-src": "'self'"}
    for part in report.split(";"):
        name, _, value = part.strip().partition(" ")
        if name in own:
            own[name] = f"{own[name]} {value}"
    allowed = "; ".join(f"{name} {value}" for name, value in own.items())
    return (
        f"default-src 'none'; {allowed}; connect-src 'self'; img-src 'self'; frame-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )


class _Interface:
    """The addresses under ``/api``."""

    def __init__(self, app: FastAPI, asking: Asking, pool: Pool, about: dict[str, Any], *, token: bool) -> None:
        self.asking = asking
        self.pool = pool
        self._about = _json(about)
        self._described = _json(_openapi.document(asking, token=token))
        app.add_api_route("/api/about", self.about, methods=["GET"])
        app.add_api_route("/api/openapi.json", self.described, methods=["GET"])
        app.add_api_route("/api/annotate", self.annotate, methods=["POST"])
        app.add_api_route("/api/check", self.check, methods=["POST"])
        app.add_api_route("/api/lookup", self.lookup, methods=["POST"])

    async def about(self) -> Response:
        """Tell what there is."""
        return Response(self._about, media_type="application/json")

    async def described(self) -> Response:
        """Give the description of the interface."""
        return Response(self._described, media_type="application/json")

    async def annotate(self, request: Request) -> Response:
        """Annotate an article."""
        return await self._done(request, check=False)

    async def check(self, request: Request) -> Response:
        """Check an article."""
        return await self._done(request, check=True)

    async def lookup(self, request: Request) -> Response:
        """Look something up."""
        if _kind(request) != "application/json":
            raise Refused(415, "send the question as application/json")
        return await self._answer(request, self.asking.question_of(await request.body()))

    async def _done(self, request: Request, *, check: bool) -> Response:
        kind = _kind(request)
        if kind == "application/json":
            body = await request.body()
            task = self.asking.checked_of(body) if check else self.asking.article_of(body)
        elif kind == "multipart/form-data":
            task = self.asking.article_in(await _form(request), check=check)
        else:
            raise Refused(415, "send the article as application/json, or as a form (multipart/form-data)")
        return await self._answer(request, task)

    async def _answer(self, request: Request, task: Task) -> Response:
        answer = await self.pool.do(task, request.receive)
        if isinstance(answer, Fault):
            raise Refused(answer.status, answer.detail)
        return Response(answer.content, headers=_headers(answer, getattr(task, "output", "")))


def _headers(answer: Answer, output: str) -> dict[str, str]:
    headers = {"content-type": answer.media}
    if answer.told is not None:
        headers["annotator-told"] = json.dumps(answer.told)
    if output == "report":
        found = _POLICY.search(answer.content[:10_000].decode("utf-8", "replace"))
        if found:
            own = found[1].replace("&#x27;", "'").replace("&#39;", "'")
            headers["content-security-policy"] = f"{own}; frame-ancestors 'none'"
    elif answer.name:
        # Somebody's page must never be shown as one of ours.
        ascii_name = answer.name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
        exact = quote(answer.name.encode("utf-8", "replace"), safe="")
        headers["content-disposition"] = f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{exact}"
    return headers


def _kind(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


class _Parts(MultiPartParser):
    """The parts of a form, which stay in memory: nothing of an article is to get on a disk."""

    spool_max_size = 0  # what a spooled file takes for: never


async def _form(request: Request) -> list[tuple[str, str | tuple[str, bytes]]]:
    """Return the fields of a form, a file as its name and its bytes. Raises `Refused`."""
    body = await request.body()

    async def stream() -> Any:
        yield body
        yield b""

    try:
        parser = _Parts(request.headers, stream(), max_files=2, max_fields=_MOST_FIELDS, max_part_size=len(body) + 1)
        form = await parser.parse()
    except MultiPartException as error:
        raise Refused(400, f"the form cannot be read: {_first_line(error.message)}") from None
    except (ValueError, LookupError, UnicodeError):
        raise Refused(400, "the form cannot be read") from None
    fields: list[tuple[str, str | tuple[str, bytes]]] = []
    for name, value in form.multi_items():
        fields.append((name, value if isinstance(value, str) else await _file(value)))
    await form.close()
    return fields


async def _file(upload: UploadFile) -> tuple[str, bytes]:
    return (upload.filename or "", await upload.read())


def _first_line(words: str) -> str:
    return " ".join(words.split())[:200].rstrip(".")


def _json(value: Any) -> bytes:
    return json.dumps(value).encode("ascii")


def _errors(app: FastAPI) -> None:
    def answered(status: int, detail: str, errors: Any = None, headers: Any = None) -> Response:
        return Response(
            problem(status, detail, errors), status, headers={**(headers or {}), **headers_of(status)}, media_type=MEDIA
        )

    async def refused(_: Request, error: Exception) -> Response:
        assert isinstance(error, Refused)
        return answered(error.status, error.detail, error.errors)

    async def other(_: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        words = {404: "there is no such address here; see docs/serve.md", 405: "this address knows no such method"}
        return answered(
            error.status_code, words.get(error.status_code, title_of(error.status_code)), headers=error.headers
        )

    app.add_exception_handler(Refused, refused)
    app.add_exception_handler(HTTPException, other)
