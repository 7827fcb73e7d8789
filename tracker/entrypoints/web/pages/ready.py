"""Whether the page can be shown, for whoever watches over its process: a container, a proxy."""

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route

from tracker.entrypoints.web.room import Room
from tracker.errors import TrackerError


def routes(room: Room) -> list[Route]:
    """Return the routes; they have the names and answers of the worker's, so that one command asks both."""

    def readyz(request: Request) -> JSONResponse:
        del request
        try:
            room.app.log.head()
        except TrackerError:
            return _told(ok=False)
        return _told(ok=True)

    return [Route("/livez", _livez), Route("/readyz", readyz)]


async def _livez(request: Request) -> PlainTextResponse:
    del request
    return PlainTextResponse("ok\n")


def _told(*, ok: bool) -> JSONResponse:
    return JSONResponse({"ready": ok, "parts": {"database": {"ok": ok}}}, 200 if ok else 503)
