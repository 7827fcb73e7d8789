"""The same documents as `--format json` and `--json` print, over HTTP, under `/api/v1`."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tracker.entrypoints.web.api.answers import ROOT, answer, is_known, problem, tag, unchanged
from tracker.entrypoints.web.api.openapi import ORDERS, QUESTIONS, openapi
from tracker.entrypoints.web.room import Room

__all__ = ["ROOT", "problem", "routes"]


def routes(room: Room) -> list[Route]:
    """Return the routes."""
    asked, ordered = (one.route(room) for one in QUESTIONS), (one.route(room) for one in ORDERS)
    return [*asked, *ordered, Route(f"{ROOT}/openapi.json", _openapi, name="getOpenApi")]


def _openapi(request: Request) -> Response:
    headers = {"ETag": tag(request, openapi())}
    return unchanged(headers) if is_known(request, headers["ETag"]) else answer(request, openapi(), headers)
