"""The mark of what somebody has read; it moves when they say so, and only as far as they were shown."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tracker.application.look import last_look, looked
from tracker.application.news import Look
from tracker.application.report import head_of
from tracker.entrypoints.times import moment_of
from tracker.entrypoints.web.room import Room, visitor_of
from tracker.entrypoints.web.writing import Form, number, see, writing


def routes(room: Room) -> list[Route]:
    """Return the route."""

    def mark(request: Request, form: Form) -> Response:
        story, reader = request.path_params["story"], visitor_of(request).name or ""
        head = head_of(room.views(), story)
        position = min(number(form, "position"), head["position"])
        at = min(moment_of(form.get("at", "")), room.app.clock())
        earlier = last_look(room.app.views, story, reader)
        if earlier is None or earlier.position <= position:
            looked(room.app.views, story, reader, Look(position, at))
        return see(f"/story/{quote(story, safe='')}")

    return [Route("/story/{story}/looked", writing(room, "/story/{story}", mark), methods=["POST"])]
