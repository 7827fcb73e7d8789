"""A development at its permanent address: what was said, what it was compared with, what it did, and the record."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tracker.application.development import Elsewhere, development
from tracker.application.report import head_of
from tracker.domain.actors import shown
from tracker.domain.events import finding_of
from tracker.entrypoints.web import reviewing
from tracker.entrypoints.web.missing import Link, missing
from tracker.entrypoints.web.room import (
    NOW,
    Moments,
    Room,
    moments_of,
    number_of,
    position_of,
    segment,
    visitor_of,
)
from tracker.entrypoints.web.writing import Form, see, writing
from tracker.errors import Overtaken
from tracker.projections.developments import Developments
from tracker.projections.rows import ordinal
from tracker.rendering.belief import belief
from tracker.rendering.json_report import dumps

_PATH = "/story/{story}/development/{position}"


def routes(room: Room) -> list[Route]:
    """Return the routes."""

    def page(request: Request) -> Response:
        done = number_of(request, "done")
        told = reviewing.told(room, done, visitor_of(request).name) if done else None
        return _page(room, request, told[1] if told and told[0] == position_of(request) else "")

    def say(request: Request, form: Form) -> Response:
        story, position = request.path_params["story"], position_of(request)
        development(room.app.log, room.views(), room.app.archive, story, position)
        try:
            recorded = reviewing.say(room, request, form)
        except Overtaken as error:
            return _page(room, request, reviewing.refused(error), 409)
        return see(f"{_path(story, position)}?done={recorded.position}#review")

    back = _PATH.replace(":int", "")
    return [Route(_PATH, page), Route(_PATH, writing(room, back, say), methods=["POST"])]


def _page(room: Room, request: Request, said: str, status: int = 200) -> Response:
    """Return the page of a development; `said`: what is told of the review that was just made, if any was."""
    story, position, moments = request.path_params["story"], position_of(request), moments_of(request)
    seen = room.views().checkpoint(Developments.name)
    views = room.views_of(story, moments)
    head = head_of(views, story)
    try:
        found = development(room.app.log, views, room.app.archive, story, position)
    except Elsewhere as error:
        return _elsewhere(room, request, story, moments, error)
    finding = finding_of(found.recorded.event)
    return room.page(
        request, "development.html", status, story=story, title=head["title"], path=_path(story, position),
        moments=moments, found=found, record=dumps(room.app.describe(found.recorded)), actor=shown(found.told.actor),
        belief=belief, finding=finding if moments == NOW else None, seen=seen, said=said,
        doubt=reviewing.doubt_of(found.recorded, head["language"]),
    )  # fmt: skip


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
