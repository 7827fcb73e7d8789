"""The list of stories, which is where a reader arrives."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tracker.application.overview import overview
from tracker.entrypoints.web.room import Room, visitor_of


def routes(room: Room) -> list[Route]:
    """Return the route."""

    def stories(request: Request) -> Response:
        found = overview(room.views(), room.app.feeds, room.app.clock(), room.look_of(visitor_of(request)))
        return room.page(
            request,
            "stories.html",
            followed=[one for one in found if not one.closed],
            closed=[one for one in found if one.closed],
        )

    return [Route("/", stories)]
