"""What a story's exports are written from: nothing that the log does not say, so that the same log gives the same."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from tracker.application.browse import browse
from tracker.application.report import report
from tracker.domain.announced import Announced, announced
from tracker.domain.events import Recorded, story_stream
from tracker.domain.valid_time import valid_by
from tracker.ports.log import EventLog
from tracker.ports.views import ViewReader
from tracker.projections.rows import stamp
from tracker.rendering.formats import Form, Material
from tracker.rendering.view import StatusView


def material(
    log: EventLog,
    views: ViewReader,
    story: str,
    form: Form,
    *,
    describe: Callable[[Recorded], Mapping[str, Any]],
    site: str | None,
    as_of: datetime | None = None,
    valid_at: datetime | None = None,
    before: int | None = None,
) -> Material:
    """Return what a form is written from. `views` are those of the moments that are asked for.

    The log is read no further than the views have been folded, whatever is appended meanwhile. `describe` gives an
    event as JSON-ready values. `before`: of a form of the latest developments, those before a position. Raises
    NotFound for a story that the views do not hold.
    """
    view = report(views, None, story, as_of=as_of, valid_at=valid_at, whole=form.most is None)
    named = {"as_of": as_of and stamp(as_of), "valid_at": valid_at and stamp(valid_at), "before": before}
    query = {name: str(value) for name, value in named.items() if value is not None}
    filled = Material(view, _announced(log, view), map(describe, _events(log, view)), site, query)
    if form.most is None:
        return filled
    last = view.head.position + 1
    stretch = browse(views, story, before=min(before or last, last), most=form.most)
    latest = replace(view, developments=tuple(reversed(stretch.developments)))
    return replace(filled, view=latest, older=stretch.older)


def _events(log: EventLog, view: StatusView) -> Iterator[Recorded]:
    events = log.read(stream=story_stream(view.id), upto=view.head.position)
    yield from events if view.valid_at is None else valid_by(events, view.valid_at)


def _announced(log: EventLog, view: StatusView) -> Iterator[Announced]:
    known = {claim.id for claim in view.claims}
    yield from (one for one in announced(_events(log, view)) if one.claim in known)
