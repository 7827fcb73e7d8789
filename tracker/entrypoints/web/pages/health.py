"""How feeds and deliveries fare. Addresses and what servers answered are for those who may write."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tracker.application.faring import faring
from tracker.entrypoints.web.room import NOW, Room


def routes(room: Room) -> list[Route]:
    """Return the route."""

    def health(request: Request) -> Response:
        app = room.app
        fares = faring(app.feeds, room.views(), app.outbox, app.clock())
        return room.page(request, "health.html", fares=fares, moments=NOW)

    return [Route("/health", health)]
