"""What can be asked for."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tracker.application.report import report
from tracker.entrypoints.web.api.answers import ROOT
from tracker.entrypoints.web.room import Room, moments_of
from tracker.rendering.json_report import status_json


def routes(room: Room) -> list[Route]:
    """Return the routes."""

    def story(request: Request) -> Response:
        moments, name = moments_of(request), request.path_params["story"]
        feeds = room.app.feeds if moments.as_of is None else None
        view = report(
            room.views_of(name, moments), feeds, name, as_of=moments.as_of, valid_at=moments.valid_at,
            now=room.app.clock(),
        )  # fmt: skip
        return Response(status_json(view), media_type="application/json")

    return [Route(f"{ROOT}/stories/{{story}}", story)]
