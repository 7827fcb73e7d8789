"""A story: what is new, known, disputed and open, and its developments, the newest first."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tracker.application.browse import Wanted, browse
from tracker.application.report import report
from tracker.entrypoints.web.room import Room, moments_of, number_of


def routes(room: Room) -> list[Route]:
    """Return the route."""

    def story(request: Request) -> Response:
        moments, name = moments_of(request), request.path_params["story"]
        views = room.views_of(name, moments)
        feeds = room.app.feeds if moments.as_of is None else None
        view = report(views, feeds, name, as_of=moments.as_of, valid_at=moments.valid_at, now=room.app.clock())
        stretch = browse(views, name, wanted_of(request), before=number_of(request, "before"))
        return room.page(request, "story.html", view=view, stretch=stretch, moments=moments)

    return [Route("/story/{story}", story)]


def wanted_of(request: Request) -> Wanted:
    """Return which developments the address asks for."""
    asked = request.query_params
    names = {"kind": "kind", "claim": "claim", "source": "source", "standing": "standing", "words": "q"}
    return Wanted(**{field: asked.get(name) or None for field, name in names.items()})
