"""An entry: what it says, what it said before, where it was seen, and what came of it in a story."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tracker.application.dossier import entry_story
from tracker.application.report import head_of
from tracker.entrypoints.web.room import Room, moments_of, segment
from tracker.rendering.belief import belief


def routes(room: Room) -> list[Route]:
    """Return the route."""

    def entry(request: Request) -> Response:
        story, name, moments = request.path_params["story"], request.path_params["entry"], moments_of(request)
        views = room.views_of(story, moments)
        found = entry_story(room.app.archive, views, story, name, moments.as_of)
        title, path = head_of(views, story)["title"], f"/story/{segment(story)}/entry/{segment(name)}"
        return room.page(
            request, "entry.html", story=story, title=title, path=path, moments=moments, found=found, belief=belief
        )

    return [Route("/story/{story}/entry/{entry}", entry)]
