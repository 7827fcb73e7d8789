"""A story: what is new, known, disputed and open, and its developments, the newest first."""

from collections.abc import Sequence
from datetime import UTC, date
from itertools import groupby
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from tracker.application.browse import FURTHEST, Stretch, Wanted, browse
from tracker.application.report import head_of, report
from tracker.application.wording import worded
from tracker.domain.words import plain
from tracker.entrypoints.web.filters import choices, query_of, wanted_of
from tracker.entrypoints.web.room import Room, moments_of, number_of, visitor_of
from tracker.entrypoints.web.scale import Scale, scale_of
from tracker.ports.views import ViewReader
from tracker.rendering.view import Change, StatusView

EXPORTS = {
    "html": "One page", "md": "Markdown", "json": "JSON", "csv": "Spreadsheet (CSV)", "jsonl": "Events (JSONL)",
    "atom": "Feed (Atom)", "ics": "Calendar", "timeline.json": "TimelineJS", "jsonld": "JSON-LD",
}  # fmt: skip


def routes(room: Room) -> list[Route]:
    """Return the route."""

    def story(request: Request) -> Response:
        name = request.path_params["story"]
        scale = scale_of(head_of(room.views(), name))
        plainer = _plainer(request, scale)
        return RedirectResponse(plainer, 303) if plainer else _page(room, request, name, scale)

    return [Route("/story/{story}", story)]


def days_of(developments: Sequence[Change]) -> list[tuple[date, list[Change]]]:
    """Return developments by the day, in UTC, on which we saw them; their order stays."""
    return [(day, list(told)) for day, told in groupby(developments, lambda told: told.seen.astimezone(UTC).date())]


def _page(room: Room, request: Request, name: str, scale: Scale) -> Response:
    moments, wanted = moments_of(request), wanted_of(request)
    views = room.views_of(name, moments)
    view = _report(room, request, views, name)
    stretch = _stretch(views, name, wanted, request)
    developments = worded(views, name, stretch.developments)
    return room.page(
        request,
        "story.html",
        view=view,
        claims={claim.id: claim for claim in view.claims},
        fresh={told.position for told in view.news},
        stretch=stretch,
        days=days_of(developments),
        moments=moments,
        scale=scale,
        at=scale.nearest(moments.as_of),
        choices=choices(view),
        filters=query_of(wanted),
        words=plain(wanted.words or "").split(),
        furthest=FURTHEST,
        exports=EXPORTS,
    )


def _report(room: Room, request: Request, views: ViewReader, name: str) -> StatusView:
    moments = moments_of(request)
    return report(
        views,
        room.app.feeds if moments.as_of is None else None,
        name,
        as_of=moments.as_of,
        valid_at=moments.valid_at,
        since=None if moments.query else room.look_of(visitor_of(request))(name),
        now=room.app.clock(),
    )


def _stretch(views: ViewReader, story: str, wanted: Wanted, request: Request) -> Stretch:
    """Return the stretch that the address asks for; what comes before the newest end is shown as that end."""
    before, after = number_of(request, "before"), number_of(request, "after")
    if before is None and after is not None:
        stretch = browse(views, story, wanted, after=after)
        if stretch.newer is not None:
            return stretch
    return browse(views, story, wanted, before=before)


def _plainer(request: Request, scale: Scale) -> str | None:
    """Return the address that is meant, where a form sent its empty fields or the minute of the slider; else None."""
    asked = request.query_params
    kept = {name: value for name, value in asked.items() if value and name != "minute"}
    if minute := number_of(request, "minute"):
        kept.pop("as_of", None)
        kept |= scale.as_of(minute)
    if kept == dict(asked):
        return None
    return f"{request.url.path}?{urlencode(kept)}" if kept else request.url.path
