"""What is found in all stories."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tracker.application.look_up import SHOWN, look_up
from tracker.domain.words import plain
from tracker.entrypoints.web.room import NOW, Room

_DETAILED = 10
"""Stories of which it is shown what was found; of the others it is only said that something was."""


def routes(room: Room) -> list[Route]:
    """Return the route."""

    def search(request: Request) -> Response:
        text = request.query_params.get("q", "").strip()
        found = look_up(room.views(), text)
        return room.page(
            request,
            "search.html",
            text=text,
            words=plain(text).split(),
            found=found[:_DETAILED],
            others=found[_DETAILED:],
            shown=SHOWN,
            moments=NOW,
        )

    return [Route("/search", search)]
