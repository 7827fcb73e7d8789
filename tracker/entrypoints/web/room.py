"""What every page is made with: the app, its views level with the log, the templates, and who asks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from tracker.application.look import last_look
from tracker.application.news import Look
from tracker.application.project import catch_up
from tracker.application.retry import retried
from tracker.application.then import views_at
from tracker.bootstrap import App
from tracker.entrypoints.times import moment_of
from tracker.entrypoints.web.access import NOBODY, Access, Visitor
from tracker.entrypoints.web.marking import dated, marked
from tracker.entrypoints.web.numbers import GREATEST, whole_number
from tracker.errors import NotFound, UsageError
from tracker.ports.views import ViewReader
from tracker.projections import ALL
from tracker.projections.rows import stamp
from tracker.rendering import phrases, plain, reading

STATIC = Path(__file__).parent / "static"
_KEPT = 8
"""Views of the past that are kept folded: a reader goes to and fro between a few."""


@dataclass(frozen=True, slots=True)
class Moments:
    """Of which past a page speaks: what had been seen by `as_of` and said by `valid_at`, each None for no limit."""

    as_of: datetime | None = None
    valid_at: datetime | None = None

    @property
    def query(self) -> dict[str, str]:
        """The moments as the query of an address, so that links stay in the same past."""
        named = {"as_of": self.as_of, "valid_at": self.valid_at}
        return {name: stamp(when) for name, when in named.items() if when is not None}


NOW = Moments()


class Room:
    """Shared by all requests, which come in several threads."""

    def __init__(self, app: App) -> None:
        """Bring the database to the newest schema where need be. Raises StoreError, DatabaseTooNew, ConfigError."""
        self.app = app
        # The parts of an app are made on first use; here they are, before several threads could be the first.
        self._parts = (app.log, app.views, app.archive, app.outbox, app.feeds, app.pages)
        self.access = Access(app.settings.serve, app.clock)
        self.at_end: list[Callable[[], None]] = []
        """What is to be called in the server's loop when it is about to stop."""
        self._turn = Lock()
        self._level = -1
        self._past = lru_cache(maxsize=_KEPT)(self._fold)
        self._templates = Environment(
            loader=PackageLoader("tracker.entrypoints.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self._templates.filters |= {
            "line": plain.line, "moment": plain.moment, "minute": plain.minute, "stamp": stamp, "quoted": plain.quoted,
            "source_name": plain.source_name, "web_address": plain.web_address, "segment": segment, "at": _at,
            "marked": marked, "dated": dated, "day": _day,
        }  # fmt: skip
        self._templates.globals |= {
            "phrases": phrases, "reading": reading, "static": static_address, "writable": self.access.writable,
        }  # fmt: skip

    def views(self) -> ViewReader:
        """Return the live views, level with the log.

        One request folds what has come, the others wait for it; where nothing has come, none asks for more than that.
        """
        if self.app.log.head() != self._level:
            with self._turn:
                head = self.app.log.head()
                if head != self._level:
                    _catch_up(self.app.log, self.app.views, ALL)
                    self._level = head
        return self.app.views

    def views_of(self, story: str, moments: Moments) -> ViewReader:
        """Return the views of a story at some moments. Raises NotFound."""
        live = self.views()
        if moments == NOW:
            return live
        return self._past(story, moments, self.app.log.head())

    def _fold(self, story: str, moments: Moments, head: int) -> ViewReader:
        del head  # part of the key: what is erased later must be gone from the past, too
        return views_at(self.app.log, self.app.views, story, as_of=moments.as_of, valid_at=moments.valid_at)

    def look_of(self, visitor: Visitor) -> Callable[[str], Look | None]:
        """Return what tells how far a visitor had read in a story, when they last said so."""
        name = visitor.name
        return lambda story: last_look(self.app.views, story, name) if name else None

    def page(self, request: Request, template: str, status: int = 200, **said: Any) -> HTMLResponse:
        """Return a page made from a template; it also knows the `request` and the `visitor`."""
        made = self._templates.get_template(template).render(request=request, visitor=visitor_of(request), **said)
        return HTMLResponse(made, status)


_catch_up = retried(catch_up)
"""A worker that runs beside us folds the same events: whoever is first, both go on."""


def visitor_of(request: Request) -> Visitor:
    """Return who asks."""
    found: Visitor = getattr(request.state, "visitor", NOBODY)
    return found


def moments_of(request: Request) -> Moments:
    """Return which past the address asks for. Raises UsageError."""
    asked = request.query_params
    return Moments(
        *(moment_of(text, end_of_day=True) if (text := asked.get(name)) else None for name in ("as_of", "valid_at"))
    )


def number_of(request: Request, name: str) -> int | None:
    """Return a positive number from the query of the address, None where it has none. Raises UsageError."""
    text = request.query_params.get(name)
    if not text:
        return None
    number = whole_number(text)
    if number is None:
        raise UsageError(f"{name} is a number from 1 to {GREATEST}, not {plain.line(text, 40)}")
    return number


def position_of(request: Request) -> int:
    """Return the position in the path. Raises NotFound for one that no log can hold."""
    text = request.path_params["position"]
    position = whole_number(text)
    if position is None:
        raise NotFound(f"no event at position {plain.line(text, 40)}")
    return position


@lru_cache
def static_address(name: str) -> str:
    """Return the address of a file that ships with the page; a changed file has another, so it may be kept for ever."""
    digest = sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{digest}/{name}"


def segment(text: str) -> str:
    """Return text as part of a path."""
    return quote(text, safe="", errors="replace")


def _day(day: date) -> str:
    """Return a day as a heading says it."""
    return f"{day:%A}, {day.day} {day:%B %Y}"


def _at(path: str, moments: Moments, **more: object) -> str:
    """Return an address in the same past as the page that links to it; what is None or empty is left out."""
    query = {**moments.query, **{name: value for name, value in more.items() if value}}
    return f"{path}?{urlencode(query)}" if query else path
