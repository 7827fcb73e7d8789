"""The worker's site: what is asked of it by monitors, and by readers who follow a link of a mail.

A request under another host's name than those that lead here is refused, so that no page in a browser on this machine
can be made to read it (DNS rebinding).
"""

from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from tracker.config import Web, address
from tracker.entrypoints.running import Running

_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
_EARLY = frozenset(("/livez", "/readyz"))


def site(running: Running, web: Web) -> Starlette:
    """Return the site of a worker."""
    return Starlette(
        routes=[Route("/livez", _livez)],
        middleware=[
            Middleware(TrustedHostMiddleware, allowed_hosts=_hosts(web), www_redirect=False),
            Middleware(_OnceReady, running),
        ],
    )


def _livez(request: Request) -> PlainTextResponse:
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
    host, _ = address(web.listen or "localhost:0")
    if host != "localhost" and not ip_address(host).is_loopback:
        return ["*"]
    public = urlsplit(web.public_url).hostname if web.public_url else None
    return [*_LOOPBACK, host, *([public] if public else [])]
