"""The page that says that something is not there, and where to go from here."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from tracker.entrypoints.web.room import Room


@dataclass(frozen=True, slots=True)
class Link:
    """A way from a page: a path of the site, and its words."""

    path: str
    words: str


def missing(room: Room, request: Request, words: str, *links: Link) -> Response:
    """Return the page, as an answer 404."""
    return room.page(request, "missing.html", 404, words=words, links=links)
