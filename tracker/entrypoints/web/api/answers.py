"""What the answers of the API have in common: how they are written, tagged and refused."""

from collections.abc import Mapping
from hashlib import sha256
from http import HTTPStatus
from typing import Annotated, Any, TypedDict

from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response

from tracker import __version__
from tracker.rendering.json_report import dumps

ROOT = "/api/v1"
JSON, PROBLEM = "application/json", "application/problem+json"


class Problem(TypedDict):
    """What went wrong, as RFC 9457 has it."""

    title: str
    status: Annotated[int, Meta(ge=400, le=599)]
    detail: str


def problem(status: int, words: str) -> Response:
    """Return what went wrong, as RFC 9457 has it."""
    told: Problem = {"title": HTTPStatus(status).phrase, "status": status, "detail": words}
    return Response(f"{dumps(told)}\n", status, media_type=PROBLEM)


def tag(request: Request, *rests_on: object) -> str:
    """Return a strong entity tag for an answer: of what was asked, of what it rests on, and of the program.

    Who may see more asks for another answer: whether a token came is part of what it rests on.
    """
    asked = (request.url.path, sorted(request.query_params.multi_items()))
    return f'"{sha256(repr((__version__, asked, rests_on)).encode("utf-8", "replace")).hexdigest()[:32]}"'


def is_known(request: Request, entity: str) -> bool:
    """Tell whether who asks has the answer of an entity tag already."""
    named = {one.strip().removeprefix("W/") for one in request.headers.get("If-None-Match", "").split(",")}
    return bool(named & {entity, "*"})


def unchanged(headers: Mapping[str, str]) -> Response:
    """Return that an answer is the same still."""
    return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)


def answer(request: Request, document: Any, headers: Mapping[str, str]) -> Response:
    """Return a document; to HEAD only what would be said of it."""
    made = Response(f"{dumps(document)}\n", media_type=JSON, headers=headers)
    if request.method == "HEAD":
        made.body = b""
    return made
