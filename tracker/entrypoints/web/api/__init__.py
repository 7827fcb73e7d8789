"""The same documents as `--format json` and `--json` print, over HTTP, under `/api/v1`."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from tracker.entrypoints.web.api.answers import ROOT, answer, is_known, problem, tag, unchanged
from tracker.entrypoints.web.api.openapi import ORDERS, QUESTIONS, openapi
from tracker.entrypoints.web.room import Room

__all__ = ["ROOT", "problem", "routes"]


def routes(room: Room) -> list[Route]:
    """Return the routes."""
    asked, ordered = (one.route(room) for one in QUESTIONS), (one.route(room) for one in ORDERS)
    described = Route(f"{ROOT}/openapi.json", _openapi, name="getOpenApi")
    return [*asked, *ordered, described, *(Route(root, _to_openapi) for root in (ROOT, f"{ROOT}/"))]


def _to_openapi(request: Request) -> Response:
    return RedirectResponse(request.url_for("getOpenApi").path, HTTPStatus.SEE_OTHER)


def _openapi(request: Request) -> Response:
    headers = {"ETag": tag(request, openapi())}
    return unchanged(headers) if is_known(request, headers["ETag"]) else answer(request, openapi(), headers)
