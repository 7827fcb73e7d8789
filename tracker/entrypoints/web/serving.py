"""The site of `tracker serve`: pages for people, the same as JSON for programs, put together."""

from collections.abc import Callable, Mapping
from http import HTTPStatus

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tracker.bootstrap import App
from tracker.config import address
from tracker.entrypoints.web import api
from tracker.entrypoints.web.access import Visitors
from tracker.entrypoints.web.arrived import Arrived
from tracker.entrypoints.web.names import names, public_name
from tracker.entrypoints.web.pages import (
    claim,
    development,
    entry,
    export,
    health,
    live,
    looked,
    ready,
    review,
    search,
    sign_in,
    stories,
    story,
)
from tracker.entrypoints.web.room import STATIC, Room
from tracker.entrypoints.web.server import is_here
from tracker.errors import NotFound, Overtaken, TrackerError, UsageError

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "private, no-cache",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
_PAGES = (ready, sign_in, stories, story, claim, entry, development, search, health, export, review, looked, live)
"""Modules with `routes(room)`."""


def serving(app: App) -> Starlette:
    """Return the site. Raises ConfigError for a token that cannot be used."""
    room = Room(app)
    site = Starlette(
        routes=[
            *(route for page in _PAGES for route in page.routes(room)),
            *api.routes(room),
            Route("/static/{digest}/{name}", _static),
        ],
        middleware=[
            Middleware(TrustedHostMiddleware, allowed_hosts=_hosts(app), www_redirect=False),
            Middleware(_Headers),
            Middleware(Visitors, room.access),
            Middleware(Arrived, app.clock),
        ],
        exception_handlers=dict.fromkeys((TrackerError, HTTPException, Exception), _refused(room)),
    )
    site.state.at_end = room.at_end
    return site


def _static(request: Request) -> Response:
    names = {file.name for file in STATIC.iterdir()}
    name = request.path_params["name"]
    if name not in names:
        raise NotFound("no such file")
    return FileResponse(STATIC / name, headers={"Cache-Control": "public, max-age=31536000, immutable"})


def _refused(room: Room) -> Callable[[Request, Exception], Response]:
    """Return what answers where a page could not be made: in words, to people as a page, to programs as JSON."""

    def answer(request: Request, error: Exception) -> Response:
        status, words, headers = _told(error)
        if request.url.path.startswith(api.ROOT):
            refused = api.problem(status, words)
        else:
            refused = room.page(request, "refused.html", status, title=HTTPStatus(status).phrase, words=words)
        refused.headers.update({**_HEADERS, **headers})
        return refused

    return answer


def _told(error: Exception) -> tuple[int, str, Mapping[str, str]]:
    """Return status, words and headers for an error; what nobody foresaw is told in the log alone."""
    match error:
        case HTTPException():
            return error.status_code, error.detail, error.headers or {}
        case NotFound():
            return HTTPStatus.NOT_FOUND, str(error), {}
        case UsageError():
            return HTTPStatus.BAD_REQUEST, str(error), {}
        case Overtaken():
            return HTTPStatus.CONFLICT, str(error), {}
        case TrackerError():
            return HTTPStatus.SERVICE_UNAVAILABLE, str(error), {"Retry-After": "10"}
        case _:
            return HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong here; the log says what.", {}


class _Headers:
    """Adds what every answer bears; an answer may set any of them otherwise."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, sending)


def _hosts(app: App) -> list[str]:
    """Return the names under which the site may be asked: any, where it listens to all and none is set as its own."""
    serve = app.settings.serve
    is_named = public_name(serve.url) is not None or is_here(address(serve.listen)[0])
    return names(serve.listen, serve.url) if is_named else ["*"]
