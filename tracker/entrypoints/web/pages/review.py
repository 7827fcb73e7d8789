"""What waits for a person, and what they say of it: confirm, reject, or say what it really does to its claim."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tracker.application.queue import Case, case, queue
from tracker.entrypoints.web import reviewing
from tracker.entrypoints.web.room import NOW, Room, number_of, position_of, segment, visitor_of
from tracker.entrypoints.web.writing import Form, number, see, writing
from tracker.errors import Overtaken
from tracker.ports.views import ViewReader
from tracker.projections.developments import Developments

_MOST = 20
_PLACE = ("before", "next")
"""Of a form: where the queue began on its page, and where it goes on."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A finding of which somebody has just said something, with what is told of that; `refused`: nothing was done."""

    case: Case
    words: str
    refused: bool = False


def routes(room: Room) -> list[Route]:
    """Return the routes."""

    def listed(request: Request) -> Response:
        views, done = room.views(), number_of(request, "done")
        settled = _settled(room, views, done, visitor_of(request).name) if done else None
        return _page(room, request, number_of(request, "before"), settled)

    def one(request: Request) -> Response:
        found = case(room.app.log, room.views(), position_of(request))
        return see(f"/story/{segment(found.story)}/development/{found.told.position}#review")

    def say(request: Request, form: Form) -> Response:
        before, place = (number(form, name) for name in _PLACE)
        case(room.app.log, room.views(), position_of(request))
        try:
            recorded = reviewing.say(room, request, form)
        except Overtaken as error:
            found = case(room.app.log, room.views(), position_of(request))
            return _page(room, request, before or None, Settled(found, reviewing.refused(error), refused=True), 409)
        query = {"before": before, "done": recorded.position}
        where = urlencode({name: value for name, value in query.items() if value})
        return see(f"/review?{where}#{f'finding-{place}' if place else 'done'}")

    return [
        Route("/review", listed),
        Route("/review/{position}", one),
        Route("/review/{position}", writing(room, "/review", say), methods=["POST"]),
    ]


def _page(room: Room, request: Request, before: int | None, settled: Settled | None, status: int = 200) -> Response:
    views = room.views()
    seen = views.checkpoint(Developments.name)
    found = queue(views, before=before, most=_MOST)
    return room.page(
        request,
        "review.html",
        status,
        queue=found,
        doubts=reviewing.doubts(room, found.cases),
        following=_following([one.told.position for one in found.cases]),
        before=before,
        seen=seen,
        settled=settled,
        moments=NOW,
    )


def _following(positions: Sequence[int]) -> dict[int | None, int]:
    """Return where to go on after each finding, and where to begin (None): the last leads back, the only one to 0."""
    after = [*positions[1:], *positions[-2:-1], 0]
    return {None: positions[0] if positions else 0, **dict(zip(positions, after, strict=False))}


def _settled(room: Room, views: ViewReader, done: int, reader: str | None) -> Settled | None:
    """Return what was said by the review at a position, None where there is none."""
    told = reviewing.told(room, done, reader)
    return Settled(case(room.app.log, views, told[0]), told[1]) if told else None
