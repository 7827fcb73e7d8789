"""What somebody asks for: parameters as they were declared, the past they mean, and whether they have the token."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from starlette.exceptions import HTTPException
from starlette.requests import Request

from tracker.application.report import head_of
from tracker.bootstrap import App
from tracker.entrypoints.web.access import named
from tracker.entrypoints.web.api.cursor import cursor_after, key_of
from tracker.entrypoints.web.api.parameters import CURSOR, LIMIT, USUAL, Parameter
from tracker.entrypoints.web.room import Moments, Room
from tracker.errors import UsageError
from tracker.ports.views import ViewReader

READER = "Tracker-Reader"
"""Names who reads or says something: percent-encoded UTF-8, as names go beyond what a header may hold."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question. `values` holds the parameters that were given, read; `after`: the key after which a page begins."""

    room: Room
    request: Request
    values: Mapping[str, Any]
    after: str = ""

    @property
    def app(self) -> App:
        """The tracker that is asked."""
        return self.room.app

    @property
    def story(self) -> str:
        """The story in the path."""
        return str(self.values["story"])

    @property
    def limit(self) -> int:
        """How many items a page has at most."""
        return int(self.values.get(LIMIT.name, USUAL))

    @property
    def moments(self) -> Moments:
        """The past that is meant; a moment that has not come is now, as it is on the page."""
        return Moments(self._come("as_of"), self._come("valid_at"))

    def _come(self, name: str) -> datetime | None:
        moment: datetime | None = self.values.get(name)
        return None if moment is None or moment > self.app.clock() else moment

    def views(self) -> ViewReader:
        """Return the views of the story in that past. Raises NotFound."""
        views = self.room.views_of(self.story, self.moments)
        head_of(views, self.story)
        return views

    def trusted(self) -> bool:
        """Tell whether the token came with it. Raises HTTPException for a wrong one."""
        if "authorization" not in self.request.headers or not self.room.access.writable:
            return False
        self.room.access.bearer(self.request)
        return True

    def reader(self) -> str:
        """Return who reads, by the name that they give themselves. Raises UsageError for none."""
        said = unquote(self.request.headers.get(READER, ""), errors="replace")
        if not said.strip():
            raise UsageError(f"Say who you are in the header {READER}, percent-encoded: it is kept with what you say.")
        return named(said)

    def cursor(self, after: str) -> str:
        """Return where to go on after a key of this list."""
        return cursor_after(after, _scope(self.request))


def asked(room: Room, request: Request, parameters: Iterable[Parameter]) -> Asked:
    """Read a question: what it must not say twice or wrongly raises UsageError, what nobody declared is left alone."""
    values = {one.name: one.read(text) for one in parameters if (text := _text(request, one)) is not None}
    cursor = values.get(CURSOR.name)
    return Asked(room, request, values, key_of(cursor, _scope(request)) if cursor else "")


def refuse_strangers_to(what: str) -> HTTPException:
    """Return the refusal of what only those who have the token may see."""
    words = f"To {what}, send the token: Authorization: Bearer TOKEN"
    return HTTPException(HTTPStatus.UNAUTHORIZED, words, {"WWW-Authenticate": "Bearer"})


def _text(request: Request, one: Parameter) -> str | None:
    if one.where == "path":
        return str(request.path_params[one.name])
    given = request.query_params.getlist(one.name)
    if len(given) > 1:
        raise UsageError(f"{one.name} is given {len(given)} times")
    if given == [""]:
        raise UsageError(f"{one.name} is empty; leave it out")
    return given[0] if given else None


def _scope(request: Request) -> str:
    """Return which list is asked for: its address with all that narrows it."""
    narrowing = sorted(item for item in request.query_params.multi_items() if item[0] not in _PAGING)
    return repr((request.url.path, narrowing))


_PAGING = frozenset((LIMIT.name, CURSOR.name))
