"""The list of stories, which is where a reader arrives."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tracker.application.report import heads, report
from tracker.entrypoints.web.room import Room


def routes(room: Room) -> list[Route]:
    """Return the route."""

    def stories(request: Request) -> Response:
        views, now = room.views(), room.app.clock()
        found = [report(views, room.app.feeds, head["id"], now=now) for head in heads(views)]
        return room.page(request, "stories.html", stories=found)

    return [Route("/", stories)]
