"""How much has come to a story since its page was loaded, told while the reader reads on."""

from collections.abc import Mapping

from msgspec.json import encode
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tracker.application.fresh import fresh
from tracker.application.report import head_of
from tracker.entrypoints.web.room import Room, number_of
from tracker.entrypoints.web.streams import News, Place, Streams


def routes(room: Room) -> list[Route]:
    """Return the route; the streams end with the room."""
    streams = Streams(_Watch(room).look)
    room.at_end.append(streams.close)

    def since(request: Request) -> int:
        """Return since when things are new: the address says it, or the browser that was cut off, else now."""
        head_of(room.views(), request.path_params["story"])
        last = request.headers.get("last-event-id", "")
        seen = int(last) if last.isascii() and last.isdigit() and len(last) < 19 else None  # noqa: PLR2004
        return number_of(request, "after") or seen or room.app.log.head()

    async def live(request: Request) -> Response:
        after = await run_in_threadpool(since, request)
        if request.method == "HEAD":
            return Response(media_type="text/event-stream")
        return streams.follow((request.path_params["story"], after))

    return [Route("/story/{story}/live", live)]


class _Watch:
    """Looks at the log, and at the views only where it has grown or somebody new waits. For one thread at a time."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._head = 0
        self._told: Mapping[Place, News] = {}

    def look(self, waited: Mapping[str, frozenset[int]]) -> Mapping[Place, News]:
        """Return what is to be told at each story and position. Raises StoreError."""
        head = self._room.app.log.head()
        held = self._told if head == self._head else {}
        told: dict[Place, News] = {}
        for story, positions in waited.items():
            places = {(story, after) for after in positions}
            known = {place: held[place] for place in places if place in held}
            told |= known if len(known) == len(places) else self._read(story, positions, head)
        self._head, self._told = head, told
        return told

    def _read(self, story: str, positions: frozenset[int], head: int) -> dict[Place, News]:
        found = fresh(self._room.views(), story, positions)
        return {(story, after): News(head, encode(one).decode()) for after, one in found.items()}
