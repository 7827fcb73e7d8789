"""What waits for a person, and what they say of it: confirm, reject, or say what it really does to its claim."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tracker.application.queue import Case, case, queue
from tracker.application.review import Said, review
from tracker.domain.actors import person, shown
from tracker.domain.claims import Relation
from tracker.domain.events import FindingReviewed
from tracker.entrypoints.web.room import NOW, Room, number_of, position_of, visitor_of
from tracker.entrypoints.web.writing import Form, number, see, writing
from tracker.errors import Overtaken, UsageError
from tracker.ports.views import ViewReader
from tracker.projections.developments import Developments

_MOST = 20
_SAID: dict[str, tuple[Said, Relation | None]] = {
    "confirm": ("confirmed", None),
    "reject": ("rejected", None),
    "corroborates": ("relabelled", Relation.CORROBORATES),
    "updates": ("relabelled", Relation.UPDATES),
    "denies": ("relabelled", Relation.DENIES),
}
"""What the buttons say."""
_PLACE = ("seen", "before", "next")
"""Of a form: the log up to where its page had looked, where the queue began there, and where it goes on."""


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

    def say(request: Request, form: Form) -> Response:
        position, seen, before, place = position_of(request), *(number(form, name) for name in _PLACE)
        if (button := form.get("said", "")) not in _SAID:
            raise UsageError("The form does not tell what the finding is.")
        (said, relation), actor = _SAID[button], person(visitor_of(request).name or "")
        try:
            recorded = review(room.app, position, said, actor, relation, seen=seen)
        except Overtaken as error:
            settled = Settled(case(room.app.log, room.views(), position), f"Not recorded: {error}.", refused=True)
            return _page(room, request, before or None, settled, 409)
        query = {"before": before, "done": recorded.position}
        where = urlencode({name: value for name, value in query.items() if value})
        return see(f"/review?{where}#{f'finding-{place}' if place else 'done'}")

    return [
        Route("/review", listed),
        Route("/review/{position:int}", writing(room, "/review", say), methods=["POST"]),
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


def _settled(room: Room, views: ViewReader, position: int, reader: str | None) -> Settled | None:
    """Return what was said by the review at a position, None where there is none."""
    recorded = next(iter(room.app.log.read(after=position - 1, upto=position)), None)
    if recorded is None or not isinstance(recorded.event, FindingReviewed):
        return None
    event = recorded.event
    said = f"{event.verdict}{f' as {event.relation}' if event.relation else ''}"
    if reader is not None and recorded.actor == person(reader):
        told = f"The finding at position {event.position} is {said}."
    else:
        told = f"The finding at position {event.position} was already {said} by {shown(recorded.actor)}."
    return Settled(case(room.app.log, views, event.position), told)
