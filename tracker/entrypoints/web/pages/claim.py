"""A claim: how it stands, who says so, and every finding on it, with charts of its values."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tracker.application.claim_history import claim_history
from tracker.application.report import head_of
from tracker.entrypoints.web.missing import Link, missing
from tracker.entrypoints.web.room import Room, moments_of, number_of, segment
from tracker.errors import NotFound
from tracker.rendering.measures import Figures


def routes(room: Room) -> list[Route]:
    """Return the route."""

    def claim(request: Request) -> Response:
        story, name = request.path_params["story"], request.path_params["claim"]
        moments, path = moments_of(request), f"/story/{segment(story)}/claim/{segment(name)}"
        views = room.views_of(story, moments)
        before = number_of(request, "before")
        try:
            history = claim_history(views, story, name, before=before)
        except NotFound:
            if moments.query and room.views().load("ledger", [(story, name)]):
                words = f"The claim {name} was not followed yet at that moment."
                return missing(room, request, words, Link(path, "As it stands now"))
            raise
        title = head_of(views, story)["title"]
        return room.page(
            request, "claim.html", story=story, title=title, path=path, moments=moments, history=history,
            paged=before is not None, amounts=[Figures().words(one) for one in history.claim.quantities],
        )  # fmt: skip

    return [Route("/story/{story}/claim/{claim:path}", claim)]
