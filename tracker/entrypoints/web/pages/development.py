"""A development at its permanent address: what was said, what it was compared with, what it did, and the record."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tracker.application.development import Elsewhere, development
from tracker.application.report import head_of
from tracker.domain.actors import shown
from tracker.entrypoints.web.missing import Link, missing
from tracker.entrypoints.web.room import Moments, Room, moments_of, position_of, segment
from tracker.projections.rows import ordinal
from tracker.rendering.belief import belief
from tracker.rendering.json_report import dumps


def routes(room: Room) -> list[Route]:
    """Return the route."""

    def page(request: Request) -> Response:
        story, position, moments = request.path_params["story"], position_of(request), moments_of(request)
        views = room.views_of(story, moments)
        head = head_of(views, story)
        try:
            found = development(room.app.log, views, room.app.archive, story, position)
        except Elsewhere as error:
            return _elsewhere(room, request, story, moments, error)
        return room.page(
            request, "development.html", story=story, title=head["title"], path=_path(story, position), moments=moments,
            found=found, record=dumps(room.app.describe(found.recorded)), actor=shown(found.told.actor), belief=belief,
        )  # fmt: skip

    return [Route("/story/{story}/development/{position:int}", page)]


def _elsewhere(room: Room, request: Request, story: str, moments: Moments, error: Elsewhere) -> Response:
    position = position_of(request)
    to_story = Link(f"/story/{segment(story)}", "All developments of this story")
    if error.story:
        there = Link(_path(error.story, position), "See it there")
        return missing(room, request, _sentence(str(error)), there, to_story)
    if moments.query and room.views().load("timeline", [(story, ordinal(position))]):
        words = f"The event at position {position} was not known yet at that moment."
        return missing(room, request, words, Link(_path(story, position), "See it as it stands now"), to_story)
    return missing(room, request, _sentence(str(error)), to_story)


def _path(story: str, position: int) -> str:
    return f"/story/{segment(story)}/development/{position}"


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."
