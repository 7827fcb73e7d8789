"""The worker's site: what is asked of it by monitors, and by readers who follow a link of a mail.

A request under another host's name than those that lead here is refused, so that no page in a browser on this machine
can be made to read it (DNS rebinding).
"""

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from tracker.config import Web, address
from tracker.entrypoints.metrics import Metrics
from tracker.entrypoints.pulse import Pulse
from tracker.entrypoints.running import Running
from tracker.entrypoints.web import unsubscribe
from tracker.entrypoints.web.health import readiness
from tracker.entrypoints.web.names import names
from tracker.entrypoints.web.server import is_here

_EARLY = frozenset(("/livez", "/readyz"))
_PATIENCE = 2.0
"""Seconds for which the database is waited for; without its answer only what was counted is told."""


def site(running: Running, web: Web, pulse: Pulse, metrics: Metrics) -> Starlette:
    """Return the site of a worker. Raises ConfigError for a key of links that cannot be used."""

    async def readyz(request: Request) -> JSONResponse:
        del request
        ready, told = readiness(running, pulse)
        return JSONResponse(told, 200 if ready else 503)

    def counts(request: Request) -> Response:
        del request
        text = metrics.text(pulse.fresh(_PATIENCE), running.app.clock())
        return Response(text, media_type=CONTENT_TYPE_LATEST)

    return Starlette(
        routes=[
            Route("/livez", _livez),
            Route("/readyz", readyz),
            Route("/metrics", counts),
            *unsubscribe.routes(lambda: running.app),
        ],
        middleware=[
            Middleware(TrustedHostMiddleware, allowed_hosts=_hosts(web), www_redirect=False),
            Middleware(_OnceReady, running),
        ],
    )


async def _livez(request: Request) -> PlainTextResponse:
    del request
    return PlainTextResponse("ok\n")


class _OnceReady:
    """Refuses what needs the database while the worker starts."""

    def __init__(self, app: ASGIApp, running: Running) -> None:
        self._app = app
        self._running = running

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        early = self._running.room is None and scope["path"] not in _EARLY
        answer: ASGIApp = PlainTextResponse("starting\n", 503) if early else self._app
        await answer(scope, receive, send)


def _hosts(web: Web) -> list[str]:
    """Return the names under which the site may be asked: any, where it listens to more than this machine."""
    listen = web.listen or "localhost:0"
    return names(listen, web.public_url) if is_here(address(listen)[0]) else ["*"]
